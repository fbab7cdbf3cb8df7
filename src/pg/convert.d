src/pg/convert.o: src/pg/convert.c src/pg/compat.h src/pg/convert.h \
  src/core/value.h src/core/type.h src/core/status.h src/core/typelist.h \
  src/pg/encoding.h

src/pg/compat.h:

src/pg/convert.h:

src/core/value.h:

src/core/type.h:

src/core/status.h:

src/core/typelist.h:

src/pg/encoding.h:
