# sqlite_fdw_lite: built with PGXS for any PostgreSQL from 15 on.
#
#   make                the extension
#   make install        into the PostgreSQL of PG_CONFIG
#   make demo           a real file, imported and read in place; DB=FILE: yours
#   make demo-stop      end the demo's server and remove its files
#   make check          everything that can be tested, in throwaway clusters
#   make check-KIND     one kind: unit, layers, regress, tap, asan
#   make fuzz-queries   random queries, foreign tables against native ones;
#                       SEED=n COUNT=n, FILE=n QUERY=n for one of them
#   make installcheck   the SQL tests against an installed extension
#   make format         clang-format over the C sources
#
# PG_CONFIG chooses the server to build for.

PG_CONFIG ?= pg_config
export PG_CONFIG

# Commands set up first, and then call make again for what they need: on a
# fresh machine there is no PGXS to include yet.
COMMANDS = setup check check-unit check-layers check-regress check-tap \
	check-asan fuzz-queries demo demo-stop format
ifneq ($(filter $(COMMANDS),$(MAKECMDGOALS)),)

.PHONY: $(MAKECMDGOALS)

setup:
	@tools/setup

check:
	@test/run

$(filter check-%,$(COMMANDS)): check-%:
	@test/run $*

fuzz-queries:
	@test/fuzz-queries $(or $(SEED),0) $(or $(COUNT),12000) $(FILE) $(QUERY)

# Through the environment, so that any file name arrives as it is.
demo: export DEMO_FILE := $(value DB)
demo:
	@tools/demo $${DEMO_FILE:+--file "$$DEMO_FILE"}

demo-stop:
	@tools/demo --stop

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

# Other goals beside a command, as in "make clean check".
$(filter-out $(COMMANDS),$(MAKECMDGOALS)):
	@$(MAKE) --no-print-directory $@

else

EXTENSION = sqlite_fdw_lite
MODULE_big = sqlite_fdw_lite
DATA = sqlite_fdw_lite--1.0.sql
PGFILEDESC = "sqlite_fdw_lite - SQLite files in PostgreSQL"

CORE_OBJS = $(patsubst %.c,%.o,$(sort $(wildcard src/core/*.c)))
OBJS = sqlite_fdw_lite.o $(CORE_OBJS) \
	$(patsubst %.c,%.o,$(sort $(wildcard src/pg/*.c src/fdw/*.c src/load/*.c)))

# -MMD: each object's list of headers goes beside it, as a .d file.  -isystem:
# warnings are for our code, not for the server's headers.
PG_CPPFLAGS = -I$(srcdir)/src -isystem $(includedir_server) -MMD -MP
# Hidden symbols: calls within the library are direct ones, and none of its
# names is in anybody's way.
PG_CFLAGS = -Wundef -fvisibility=hidden
SHLIB_LINK = -lsqlite3

# The core is held to more than PGXS asks: it is plain C, so it can be.
$(CORE_OBJS): override CFLAGS += -Wextra

# The loader: the very same core objects, and libpq.
SCRIPTS_built = sqlite2pg
TOOL_OBJS = $(patsubst %.c,%.o,$(sort $(wildcard tools/*.c)))

REGRESS = $(sort $(patsubst sql/%.sql,%,$(wildcard sql/*.sql)))
REGRESS_OPTS = --launcher=test/psql-filter
EXTRA_CLEAN = build tmp_check $(TOOL_OBJS) $(wildcard src/*/*.d tools/*.d *.d)

# JIT inlining has nothing to gain in code that calls a library per value, and
# bitcode doubles the time to build.
override with_llvm = no

PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

$(TOOL_OBJS): override CPPFLAGS += -isystem $(libpq_srcdir)
$(TOOL_OBJS): override CFLAGS += -Wextra

sqlite2pg: $(TOOL_OBJS) $(CORE_OBJS)
	$(CC) $(CFLAGS) $^ $(LDFLAGS) $(libpq) -lsqlite3 -lm -lpthread -o $@

install: install-man
uninstall: uninstall-man
.PHONY: install-man uninstall-man
install-man:
	$(MKDIR_P) '$(DESTDIR)$(mandir)/man1'
	$(INSTALL_DATA) $(srcdir)/doc/sqlite2pg.1 '$(DESTDIR)$(mandir)/man1/'
uninstall-man:
	rm -f '$(DESTDIR)$(mandir)/man1/sqlite2pg.1'

-include $(wildcard src/*/*.d tools/*.d *.d)

clean: stop-servers

.PHONY: stop-servers
stop-servers:
	@tools/cluster stop --remove
	@tools/demo --stop >/dev/null

installcheck: export FIXTURES = $(CURDIR)/build/fixtures
installcheck: fixtures

.PHONY: fixtures
fixtures:
	@tools/fixtures build/fixtures

# Unit tests: each a program of the core and one source file, no server.
UNIT = $(patsubst test/unit/%.c,build/unit/%,$(wildcard test/unit/*_test.c))
UNIT_CFLAGS = -std=gnu99 -D_GNU_SOURCE -Wall -Wextra -Wundef -Isrc \
	-Itest/unit -MMD -MP

.PHONY: unit
unit: $(UNIT)

build/unit/%: test/unit/%.c $(CORE_OBJS)
	@mkdir -p $(@D)
	$(CC) $(UNIT_CFLAGS) -g -O1 -o $@ $< $(CORE_OBJS) -lsqlite3 -lm

# The same, with the core too built to catch every bad access, leak and
# undefined operation.
ASAN = $(UNIT:build/unit/%=build/asan/%)
ASAN_OBJS = $(CORE_OBJS:src/core/%=build/asan/core/%)
ASAN_CFLAGS = $(UNIT_CFLAGS) -g -O1 -fno-omit-frame-pointer \
	-fsanitize=address,undefined -fno-sanitize-recover=all

.PHONY: asan
asan: $(ASAN)

build/asan/core/%.o: src/core/%.c
	@mkdir -p $(@D)
	$(CC) $(ASAN_CFLAGS) -c -o $@ $<

build/asan/%: test/unit/%.c $(ASAN_OBJS)
	@mkdir -p $(@D)
	$(CC) $(ASAN_CFLAGS) -o $@ $< $(ASAN_OBJS) -lsqlite3 -lm

-include $(wildcard build/*/*.d build/asan/core/*.d)

endif
