src/pg/source.o: src/pg/source.c src/pg/compat.h src/pg/connection.h \
  src/core/db.h src/core/status.h src/core/schema.h src/core/arena.h \
  src/core/type.h src/core/typelist.h src/core/stmt.h src/core/value.h \
  src/pg/option.h

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

src/pg/option.h:
