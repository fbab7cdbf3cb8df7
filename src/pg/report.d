src/pg/report.o: src/pg/report.c src/pg/compat.h src/pg/encoding.h \
  src/pg/report.h src/core/status.h

src/pg/compat.h:

src/pg/encoding.h:

src/pg/report.h:

src/core/status.h:
