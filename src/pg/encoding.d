src/pg/encoding.o: src/pg/encoding.c src/pg/compat.h src/core/status.h \
  src/core/value.h src/core/type.h src/core/typelist.h src/pg/encoding.h

src/pg/compat.h:

src/core/status.h:

src/core/value.h:

src/core/type.h:

src/core/typelist.h:

src/pg/encoding.h:
