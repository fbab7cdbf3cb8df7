src/pg/connection.o: src/pg/connection.c src/pg/compat.h \
  src/pg/connection.h src/core/db.h src/core/status.h src/core/schema.h \
  src/core/arena.h src/core/type.h src/core/typelist.h src/core/stmt.h \
  src/core/value.h src/pg/report.h

src/pg/compat.h:

src/pg/connection.h:

src/core/db.h:

src/core/status.h:

src/core/schema.h:

src/core/arena.h:

src/core/type.h:

src/core/typelist.h:

src/core/stmt.h:

src/core/value.h:

src/pg/report.h:
