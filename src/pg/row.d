src/pg/row.o: src/pg/row.c src/pg/compat.h src/pg/encoding.h \
  src/pg/report.h src/core/status.h src/pg/row.h src/pg/connection.h \
  src/core/db.h src/core/schema.h src/core/arena.h src/core/type.h \
  src/core/typelist.h src/core/stmt.h src/core/value.h src/pg/convert.h

src/pg/compat.h:

src/pg/encoding.h:

src/pg/report.h:

src/core/status.h:

src/pg/row.h:

src/pg/connection.h:

src/core/db.h:

src/core/schema.h:

src/core/arena.h:

src/core/type.h:

src/core/typelist.h:

src/core/stmt.h:

src/core/value.h:

src/pg/convert.h:
