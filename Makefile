# sqlite_fdw_lite: build with PGXS against any PostgreSQL from 15 on.
#
#   make            the extension
#   make check      everything that can be tested, in throwaway clusters
#   make demo       a real file, imported and read in place
#
# PG_CONFIG chooses the server to build for.

EXTENSION = sqlite_fdw_lite
MODULE_big = sqlite_fdw_lite
DATA = sqlite_fdw_lite--1.0.sql
PGFILEDESC = "sqlite_fdw_lite - SQLite files in PostgreSQL"

CORE_OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/core/*.c)))
OBJS = sqlite_fdw_lite.o $(CORE_OBJS) \
	$(patsubst %.c,%.o,$(sort $(wildcard src/pg/*.c src/fdw/*.c src/load/*.c)))

PG_CPPFLAGS = -I$(srcdir)/src
PG_CFLAGS = -Wundef
SHLIB_LINK = -lsqlite3

# The core is held to more than PGXS asks: it is plain C, so it can be.
$(CORE_OBJS): PG_CFLAGS += -Wextra

# JIT inlining has nothing to gain in code that calls a library per value, and
# bitcode doubles the time to build.
override with_llvm = no

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)
