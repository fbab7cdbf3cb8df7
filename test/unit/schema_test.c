/*
 * schema_test.c
 *	  What is found in a file, odd names and broken objects included; and that
 *	  no damage to a file does harm to us.
 */
#include "tap.h"

#include "core/schema.h"
#include "core/stmt.h"
#include "files.h"

#include <sys/time.h>

static LiteError err;
static LiteArena *arena;

static LiteDb *
open_with(const char *path, const LiteDbOptions *options)
{
	LiteDb *db;

	lite_error_clear(&err);
	if (lite_db_open(path, options, &db, &err) != LITE_OK)
		return NULL;
	if (lite_db_begin(db, &err) != LITE_OK)
	{
		lite_db_close(db);
		return NULL;
	}
	return db;
}

/* Opens, and loads the schema into the arena of this file. */
static LiteSchema *
load(const char *path, LiteDb **db)
{
	const LiteDbOptions options = LITE_DB_OPTIONS_DEFAULT;
	LiteSchema *schema = NULL;

	lite_arena_free(arena);
	arena = lite_arena_create(0);
	*db = open_with(path, &options);
	if (*db == NULL || lite_schema_load(*db, arena, &schema, &err) != LITE_OK)
		note("%s; %s", err.message, err.detail);
	must(schema != NULL, "load the schema");
	return schema;
}

static LiteTable *
find(LiteSchema *schema, const char *name)
{
	LiteTable *table = lite_schema_find(schema, name);

	ok(table != NULL, "there is %s", name);
	must(table != NULL, name);
	return table;
}

/* ------------------------------------------------------------------------
 * Tables and columns
 * ------------------------------------------------------------------------ */

static void
test_columns(void)
{
	LiteDb *db;
	LiteSchema *s = load(
		file_make("columns.db",
				  "PRAGMA user_version = 7; PRAGMA application_id = 252006673;"
				  "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT,"
				  " a VARCHAR(20) NOT NULL DEFAULT 'x''y' COLLATE NOCASE,"
				  " b, c DECIMAL(10,2) DEFAULT (1+2), d TEXT COLLATE RTRIM,"
				  " e AS (a || 'v') VIRTUAL, f INT AS (id * 2) STORED);"
				  "INSERT INTO t (a) VALUES ('1'), ('2'), ('3');"
				  "DELETE FROM t WHERE id = 3;"
				  "CREATE VIEW v AS SELECT a, c FROM t;"),
		&db);
	LiteTable *t = find(s, "T");
	LiteTable *v = find(s, "v");
	int64_t count;

	is_int(s->ntables, 2, "sqlite_sequence is not listed");
	is_int(s->user_version, 7, "user_version");
	is_int(s->application_id, 252006673, "application_id");
	is_int(t->kind, LITE_KIND_TABLE, "kind");
	is_str(lite_kind_name(t->kind), "table", "its name");
	is_int(t->ncolumns, 7, "columns, generated ones too");
	is_int(t->rowid_alias, 0, "INTEGER PRIMARY KEY");
	is_str(t->rowid_name, "rowid", "rowid");
	ok(t->autoincrement, "AUTOINCREMENT");
	is_int(t->sequence, 3, "sqlite_sequence");
	is_int(t->npk, 1, "primary key");
	is_int(t->pk[0], 0, "is the first column");
	is_str(t->columns[1].declared, "VARCHAR(20)", "declared type");
	is_int(t->columns[1].affinity, LITE_AFFINITY_TEXT, "affinity");
	ok(t->columns[1].not_null, "NOT NULL");
	is_str(t->columns[1].default_sql, "'x''y'", "DEFAULT");
	is_str(t->columns[1].collation, "NOCASE", "COLLATE");
	is_str(t->columns[2].declared, "", "no type");
	ok(t->columns[2].default_sql == NULL, "no default");
	is_str(t->columns[2].collation, "BINARY", "no collation");
	is_str(t->columns[3].default_sql, "1+2", "an expression");
	is_str(t->columns[4].collation, "RTRIM", "RTRIM");
	is_int(t->columns[5].generated, LITE_GENERATED_VIRTUAL, "VIRTUAL");
	is_int(t->columns[6].generated, LITE_GENERATED_STORED, "STORED");
	is_int(lite_table_find_column(t, "ID"), 0, "find_column ignores case");
	is_int(lite_table_find_column(t, "nope"), -1, "find_column fails");
	is_int(v->kind, LITE_KIND_VIEW, "a view");
	is_int(v->ncolumns, 2, "its columns");
	is_str(v->columns[0].declared, "VARCHAR(20)", "their types");
	ok(v->rowid_name == NULL && v->unreadable == NULL, "no rowid");
	is_int(lite_table_count(db, t, &count, &err), LITE_OK, "count");
	is_int(count, 2, "rows");
	is_int(lite_table_count(db, v, &count, &err), LITE_OK, "count");
	is_int(count, 2, "rows of a view");
	lite_db_close(db);
}

static void
test_keys(void)
{
	LiteDb *db;
	LiteSchema *s = load(
		file_make("keys.db",
				  "CREATE TABLE a (x INTEGER PRIMARY KEY DESC, y);"
				  "CREATE TABLE b (x INT PRIMARY KEY, rowid, oid);"
				  "CREATE TABLE c (x, y, z, PRIMARY KEY (z, x)) WITHOUT ROWID;"
				  "CREATE TABLE d (x integer, _rowid_, rowid, oid,"
				  " PRIMARY KEY (x));"
				  "CREATE TABLE e (x ANY PRIMARY KEY, y ANY) STRICT;"
				  "CREATE TABLE f (x)"),
		&db);
	LiteTable *t = find(s, "a");

	is_int(t->rowid_alias, -1, "INTEGER PRIMARY KEY DESC is no rowid");
	t = find(s, "b");
	is_int(t->rowid_alias, -1, "INT PRIMARY KEY is no rowid");
	is_str(t->rowid_name, "_rowid_", "the name that is left");
	t = find(s, "c");
	ok(t->without_rowid && t->rowid_name == NULL, "WITHOUT ROWID");
	is_int(t->npk, 2, "two columns");
	ok(t->pk[0] == 2 && t->pk[1] == 0, "in the key's order");
	t = find(s, "d");
	is_int(t->rowid_alias, 0, "PRIMARY KEY (x)");
	ok(t->rowid_name == NULL, "no name is left");
	t = find(s, "e");
	ok(t->strict, "STRICT");
	is_int(t->columns[1].affinity, LITE_AFFINITY_BLOB, "ANY keeps values");
	is_int(find(s, "f")->npk, 0, "no key at all");
	lite_db_close(db);
}

static void
test_indexes(void)
{
	LiteDb *db;
	LiteSchema *s = load(
		file_make("indexes.db",
				  "CREATE TABLE t (a PRIMARY KEY, b UNIQUE, c);"
				  "CREATE INDEX i1 ON t (b DESC, c COLLATE NOCASE);"
				  "CREATE UNIQUE INDEX i2 ON t (lower(c)) WHERE c > 'x';"
				  "CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END;"),
		&db);
	LiteTable *t = find(s, "t");

	is_int(t->nindexes, 4, "indexes");
	is_int(t->indexes[0].origin, LITE_INDEX_PRIMARY, "the key first");
	is_int(t->indexes[1].origin, LITE_INDEX_UNIQUE, "then UNIQUE");
	ok(t->indexes[1].sql == NULL, "has no text");
	is_str(t->indexes[2].name, "i1", "then by creation");
	is_int(t->indexes[2].ncolumns, 2, "key columns only");
	is_int(t->indexes[2].columns[0].column, 1, "a column");
	ok(t->indexes[2].columns[0].descending, "DESC");
	is_str(t->indexes[2].columns[1].collation, "NOCASE", "COLLATE");
	ok(!t->indexes[2].partial && !t->indexes[2].has_expression, "plain");
	ok(t->indexes[3].unique && t->indexes[3].partial &&
		   t->indexes[3].has_expression,
	   "unique, partial, of an expression");
	is_int(t->indexes[3].columns[0].column, -2, "no column");
	ok(t->indexes[3].sql != NULL && strstr(t->indexes[3].sql, "WHERE c > 'x'"),
	   "its text");
	is_int(t->ntriggers, 1, "a trigger");
	is_str(t->triggers[0].name, "tr", "its name");
	lite_db_close(db);
}

static void
test_foreign_keys(void)
{
	LiteDb *db;
	LiteSchema *s = load(
		file_make("fks.db",
				  "CREATE TABLE c (x REFERENCES P ON DELETE CASCADE, y, z,"
				  " FOREIGN KEY (y, z) REFERENCES q ON UPDATE SET NULL,"
				  " FOREIGN KEY (z) REFERENCES nowhere,"
				  " FOREIGN KEY (y) REFERENCES p (other));"
				  "CREATE TABLE p (id INTEGER PRIMARY KEY, other UNIQUE);"
				  "CREATE TABLE q (a, b, PRIMARY KEY (b, a));"),
		&db);
	LiteTable *c = find(s, "c");
	LiteForeignKey *k = c->foreign_keys;

	is_int(c->nforeign_keys, 4, "keys");
	is_str(k[0].parent, "P", "the parent as written");
	is_str(k[0].parent_columns[0], "id", "its primary key");
	is_str(k[0].on_delete, "CASCADE", "ON DELETE");
	is_int(k[1].ncolumns, 2, "a composite key is one key");
	is_str(k[1].columns[1], "z", "its second column");
	is_str(k[1].parent_columns[0], "b", "in the order of the parent's key");
	is_str(k[1].on_update, "SET NULL", "ON UPDATE");
	ok(k[2].parent_columns[0] == NULL, "a parent that does not exist");
	is_str(k[3].parent_columns[0], "other", "named columns");
	lite_db_close(db);
}

static void
test_virtual(void)
{
	LiteDb *db;
	LiteSchema *s = load(
		file_make("virtual.db",
				  "CREATE VIRTUAL TABLE \"my \"\"fts\" USING fts5(a, b);"
				  "INSERT INTO \"my \"\"fts\" VALUES ('one', 'two');"
				  "CREATE VIRTUAL TABLE r USING /* x */ rtree(i, x0, x1);"
				  "CREATE TABLE f_data (x); CREATE TABLE \"my_thing\" (x)"),
		&db);
	LiteTable *t = find(s, "my \"fts");
	int64_t count;

	is_int(t->kind, LITE_KIND_VIRTUAL, "virtual");
	is_str(t->module, "fts5", "module");
	ok(t->unreadable == NULL, "readable");
	ok(t->columns[0].hidden == false && t->columns[2].hidden, "hidden");
	is_int(lite_table_count(db, t, &count, &err), LITE_OK, "count");
	is_int(count, 1, "its row");
	t = find(s, "my \"fts_data");
	is_int(t->kind, LITE_KIND_SHADOW, "shadow");
	is_str(t->owner, "my \"fts", "its owner");
	t = find(s, "r");
	is_str(t->module, "rtree", "module after a comment");
	ok(t->unreadable == NULL, "an R*Tree is readable, though read-only");
	is_int(find(s, "f_data")->kind, LITE_KIND_TABLE, "only named like one");
	is_int(find(s, "my_thing")->kind, LITE_KIND_TABLE, "nor this");
	lite_db_close(db);
}

/* ------------------------------------------------------------------------
 * Odd names
 * ------------------------------------------------------------------------ */

static void
test_odd_names(void)
{
	static const char *const names[] = {
		"",	   "''",	 "\"",		 "--",		 "%s%s%n", "a.b",
		"[x]", "`",		 ";",		 "/*",		 "\\",	   " ",
		"\n",  "select", "\xff\xfe", "\xc3\xa9", "main.t",
	};
	const int n = (int) (sizeof(names) / sizeof(names[0]));
	const char *path = file_path("odd.db");
	sqlite3 *plain = plain_open(path);
	char longest[401];
	LiteSchema *s;
	LiteDb *db;
	int good = 0;
	char *sql;
	int i;

	memset(longest, 'n', 400);
	longest[400] = '\0';
	for (i = 0; i <= n; i++)
	{
		const char *name = i < n ? names[i] : longest;

		sql = sqlite3_mprintf("CREATE TABLE \"%w\" (\"%w\" INTEGER PRIMARY "
							  "KEY, \"%w2\" UNIQUE REFERENCES \"%w\");"
							  "CREATE INDEX \"i%w\" ON \"%w\" (\"%w\" + 1);"
							  "INSERT INTO \"%w\" VALUES (1, 1);",
							  name, name, name, name, name, name, name, name);
		plain_exec(plain, sql);
		sqlite3_free(sql);
	}
	sqlite3_close(plain);

	s = load(path, &db);
	is_int(s->ntables, n + 1, "odd names");
	for (i = 0; i <= n; i++)
	{
		const char *name = i < n ? names[i] : longest;
		LiteTable *t = &s->tables[i];
		int64_t count = -1;

		if (strcmp(t->name, name) == 0 && t->unreadable == NULL &&
			t->ncolumns == 2 && strcmp(t->columns[0].name, name) == 0 &&
			t->rowid_alias == 0 && t->nindexes == 2 &&
			t->indexes[1].sql != NULL && t->nforeign_keys == 1 &&
			t->foreign_keys[0].parent_columns[0] != NULL &&
			lite_table_count(db, t, &count, &err) == LITE_OK && count == 1)
			good++;
		else
			note("not found whole: name %d (%d columns, %d indexes)", i,
				 t->ncolumns, t->nindexes);
	}
	is_int(good, n + 1, "each is found whole");
	lite_db_close(db);
}

static void
test_utf16(void)
{
	LiteDb *db;
	LiteSchema *s =
		load(file_make("utf16.db",
					   "PRAGMA encoding = 'UTF-16le';"
					   "CREATE TABLE \"t\xc3\xa9\" (\"\xf0\x9f\x98\x80\""
					   " TEXT DEFAULT '\xc3\xbc');"),
			 &db);
	LiteTable *t = find(s, "t\xc3\xa9");

	ok(s->utf16, "UTF-16");
	is_str(t->columns[0].name, "\xf0\x9f\x98\x80", "column");
	is_str(t->columns[0].default_sql, "'\xc3\xbc'", "default");
	lite_db_close(db);
}

static void
test_ident(void)
{
	sqlite3_str *str = sqlite3_str_new(NULL);
	char *text;

	lite_sql_ident(str, "a\"b");
	text = sqlite3_str_finish(str);
	is_str(text, "\"a\"\"b\"", "quoted");
	sqlite3_free(text);
}

/* ------------------------------------------------------------------------
 * Broken objects
 * ------------------------------------------------------------------------ */

/* Rewrites the schema itself, as no application should. */
static void
break_schema(const char *path, const char *sql)
{
	sqlite3 *plain = plain_open(path);

	plain_exec(plain, "PRAGMA writable_schema = ON");
	plain_exec(plain, sql);
	sqlite3_close(plain);
}

static void
test_unreadable(void)
{
	const char *path = file_make(
		"unreadable.db",
		"CREATE TABLE t (a); INSERT INTO t VALUES (1);"
		"CREATE VIEW v1 AS SELECT unknown_function(a) FROM t;"
		"CREATE VIEW v2 AS SELECT * FROM gone;"
		"CREATE VIEW v3 AS SELECT load_extension(a) FROM t;"
		"CREATE VIEW v4 AS SELECT a AS \"x\" FROM t WHERE a <> \"str\";"
		"CREATE VIEW v5 AS SELECT * FROM v5;"
		"CREATE TABLE u (a, b TEXT); CREATE TABLE gg (a, b);");
	int64_t count;
	LiteSchema *s;
	LiteDb *db;

	break_schema(path,
				 "INSERT INTO sqlite_schema VALUES ('table', 'x', 'x', 0, "
				 "'CREATE VIRTUAL TABLE x USING nomodule(a, b)');"
				 "INSERT INTO sqlite_schema VALUES ('table', 'x_data', "
				 "'x_data', 2, 'CREATE TABLE x_data (a)');"
				 "UPDATE sqlite_schema SET sql = 'CREATE TABLE gg (a, b AS "
				 "(gone_function(a)))' WHERE name = 'gg';"
				 "UPDATE sqlite_schema SET sql = 'CREATE TABLE u (a, b TEXT "
				 "COLLATE unicase)' WHERE name = 'u';");
	s = load(path, &db);
	ok(find(s, "v1")->unreadable != NULL &&
		   strstr(find(s, "v1")->unreadable, "unknown_function") != NULL,
	   "a view over an unknown function: %s", find(s, "v1")->unreadable);
	ok(find(s, "v2")->unreadable != NULL, "a view over nothing");
	ok(find(s, "v3")->unreadable != NULL, "a view that loads code");
	ok(find(s, "v4")->unreadable == NULL, "an old view");
	ok(find(s, "v5")->unreadable != NULL, "a view of itself");
	ok(find(s, "gg")->unreadable != NULL && find(s, "gg")->ncolumns == 2,
	   "a column generated by an unknown function: %s",
	   find(s, "gg")->unreadable);
	ok(find(s, "u")->unreadable == NULL, "an unknown collation");
	is_str(find(s, "u")->columns[1].collation, "unicase", "is named");
	ok(find(s, "x")->unreadable != NULL, "an unknown module");
	is_str(find(s, "x")->module, "nomodule", "is named");
	is_int(find(s, "x_data")->kind, LITE_KIND_TABLE,
		   "a table beside it is a table");
	ok(find(s, "t")->unreadable == NULL, "and a good table");
	is_int(lite_table_count(db, find(s, "t"), &count, &err), LITE_OK,
		   "is read");
	is_int(count, 1, "with its row");
	lite_db_close(db);
}

/*
 * One CREATE statement that SQLite cannot parse makes it refuse everything.
 */
static void
test_salvage(void)
{
	const char *path =
		file_make("salvage.db", "CREATE TABLE t (a); INSERT INTO t VALUES(1);"
								"CREATE TABLE bad (a);"
								"CREATE TABLE z (a INTEGER PRIMARY KEY)");
	uint64_t before;
	int64_t count;
	LiteSchema *s;
	LiteDb *db;

	break_schema(path, "UPDATE sqlite_schema SET sql = 'CREATE TABLE bad (a, "
					   "b' WHERE name = 'bad'");
	before = dir_digest(files_dir);
	s = load(path, &db);
	is_int(s->ntables, 3, "all are listed");
	ok(lite_db_schema_error(db) != NULL, "what SQLite says is kept");
	ok(find(s, "bad")->unreadable != NULL &&
		   strstr(find(s, "bad")->unreadable, "malformed") != NULL,
	   "the bad one: %s", find(s, "bad")->unreadable);
	ok(find(s, "t")->unreadable == NULL, "the good one");
	is_int(find(s, "z")->rowid_alias, 0, "and the one after it");
	is_int(lite_table_count(db, find(s, "t"), &count, &err), LITE_OK,
		   "is read");
	is_int(count, 1, "with its row");
	lite_db_close(db);
	ok(before == dir_digest(files_dir), "nothing changed");
}

static void
test_many(void)
{
	const char *path = file_path("many.db");
	sqlite3 *plain = plain_open(path);
	int64_t started;
	LiteSchema *s;
	LiteDb *db;
	int i;

	plain_exec(plain, "BEGIN");
	for (i = 0; i < 500; i++)
	{
		char sql[300];

		snprintf(sql, sizeof(sql),
				 "CREATE TABLE t%d (id INTEGER PRIMARY KEY, a TEXT NOT NULL,"
				 " b REFERENCES t%d, c, d, e, f, g, h);"
				 "CREATE INDEX i%d ON t%d (a, b);",
				 i, i / 2, i, i);
		plain_exec(plain, sql);
	}
	plain_exec(plain, "COMMIT");
	sqlite3_close(plain);
	started = clock_ms();
	s = load(path, &db);
	note("500 tables in %d ms", (int) (clock_ms() - started));
	is_int(s->ntables, 500, "500 tables");
	is_str(s->tables[499].foreign_keys[0].parent_columns[0], "id",
		   "the last one's key is resolved");
	lite_db_close(db);
}

static void
test_no_memory(void)
{
	const LiteDbOptions options = LITE_DB_OPTIONS_DEFAULT;
	LiteArena *tiny = lite_arena_create(20000);
	LiteSchema *s;
	LiteDb *db = open_with(file_path("many.db"), &options);

	is_int(lite_schema_load(db, tiny, &s, &err), LITE_NOMEM,
		   "an arena that is too small");
	lite_arena_free(tiny);
	lite_db_close(db);
}

/* ------------------------------------------------------------------------
 * Damage
 * ------------------------------------------------------------------------ */

static int64_t deadline;

static bool
too_late(void *arg)
{
	(void) arg;
	return clock_ms() > deadline;
}

static uint64_t seed = 42;

static uint32_t
random_number(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t) (seed >> 16);
}

static int statuses[LITE_INTERNAL + 1];

static void
scan(LiteDb *db, const LiteTable *table, int64_t most)
{
	LiteStmt *stmt;
	LiteStatus status;
	LiteValue value;
	int64_t count;
	size_t bytes = 0;
	int i;

	status = lite_stmt_preparef(db, &stmt, &err, "SELECT * FROM \"%w\"",
								table->name);
	if (status == LITE_OK)
	{
		stmt->max_rows = most;
		while ((status = lite_stmt_step(stmt, &err)) == LITE_ROW)
		{
			for (i = 0; i < stmt->ncolumns; i++)
			{
				lite_stmt_value(stmt, i, &value);
				if (value.cls == LITE_TEXT || value.cls == LITE_BLOB)
				{
					bytes += value.len;
					if (value.len > 0 && value.data != NULL)
						bytes += (unsigned char) value.data[value.len - 1];
				}
			}
		}
		lite_stmt_finalize(stmt);
	}
	statuses[status]++;
	statuses[lite_table_count(db, table, &count, &err)]++;
	(void) bytes;
}

/* Everything a reader does, on a file that is somehow broken. */
static void
read_all(const char *path)
{
	LiteDbOptions options = LITE_DB_OPTIONS_DEFAULT;
	LiteArena *own = lite_arena_create(0);
	LiteSchema *schema;
	LiteStatus status;
	LiteDb *db;
	int i;

	options.cancelled = too_late;
	options.busy_timeout_ms = 50;
	deadline = clock_ms() + 5000;
	lite_error_clear(&err);
	status = lite_db_open(path, &options, &db, &err);
	statuses[status]++;
	if (status == LITE_OK && lite_db_begin(db, &err) == LITE_OK)
	{
		int64_t most = lite_db_max_rows(db);

		status = lite_schema_load(db, own, &schema, &err);
		statuses[status]++;
		for (i = 0; status == LITE_OK && i < schema->ntables; i++)
			scan(db, &schema->tables[i], most);
		lite_db_end(db, &err);
	}
	lite_db_close(db);
	lite_arena_free(own);
}

static void
fuzz(const char *name, const char *suffix, int rounds)
{
	const char *path = file_path(name);
	const char *broken = file_path("broken.db");
	size_t len;
	size_t main_len;
	unsigned char *main_bytes = file_read(path, &main_len);
	unsigned char *bytes = file_read(beside(path, suffix), &len);
	unsigned char *copy = malloc(len);
	const struct timeval old[2] = {{1000000000, 0}, {1000000000, 0}};
	int round;

	must(copy != NULL && len > 0, "malloc");
	for (round = 0; round < rounds; round++)
	{
		int flips = 1 << (random_number() % 8);
		size_t keep = len;
		int i;

		memcpy(copy, bytes, len);
		for (i = 0; i < flips; i++)
		{
			size_t at = random_number() % len;

			/* headers of pages, and of the file, break more */
			if (random_number() % 3 == 0)
				at = at / 512 * 512 + random_number() % 16;
			if (at < 16 && *suffix == '\0')
				continue;
			if (at < len)
				copy[at] ^=
					(unsigned char) (random_number() % 4 ? random_number()
														 : 1u << (at % 8));
		}
		if (random_number() % 8 == 0)
			keep = random_number() % len;
		file_write(broken, main_bytes, main_len);
		file_write(beside(broken, suffix), copy, keep);
		/* not as of now: begin would wait for the clock to tick */
		must(utimes(broken, old) == 0 &&
				 utimes(beside(broken, suffix), old) == 0,
			 "utimes");
		read_all(broken);
	}
	free(main_bytes);
	free(bytes);
	free(copy);
	unlink(broken);
	unlink(beside(broken, suffix));
}

static const char fuzz_sql[] =
	"PRAGMA page_size = 512;"
	"CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c BLOB, d REAL);"
	"CREATE INDEX i ON t (b, d);"
	"CREATE TABLE w (k TEXT PRIMARY KEY, v) WITHOUT ROWID;"
	"CREATE TABLE g (a, b AS (a + 1) STORED, c REFERENCES t);"
	"CREATE VIEW x AS SELECT t.a, w.v FROM t JOIN w ON w.k = t.b;"
	"CREATE VIRTUAL TABLE f USING fts5(body);"
	"CREATE VIRTUAL TABLE f4 USING fts4(body);"
	"CREATE VIRTUAL TABLE r USING rtree(id, x0, x1);"
	"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
	"i < 60) INSERT INTO t SELECT i, 'key' || i, zeroblob(i * 30), i / 3.0 "
	"FROM n;"
	"INSERT INTO w SELECT b, a FROM t; INSERT INTO g (a) SELECT a FROM t;"
	"INSERT INTO f SELECT 'some words ' || a FROM t;"
	"INSERT INTO f4 SELECT 'some words ' || a FROM t;"
	"INSERT INTO r SELECT a, a, a + 1 FROM t;";

static void
test_fuzz(void)
{
	const char *rounds = getenv("LITE_FUZZ_ROUNDS");
	int n = rounds ? atoi(rounds) : 150;
	const char *path;
	sqlite3 *plain;
	int total = 0;
	int i;

	file_make("fuzz.db", fuzz_sql);
	fuzz("fuzz.db", "", n);

	/* the damage in a -wal */
	path = file_make("fuzzwal.db", "PRAGMA page_size = 512;"
								   "PRAGMA journal_mode = WAL");
	plain = plain_open(path);
	plain_exec(plain, "PRAGMA wal_autocheckpoint = 0");
	plain_exec(plain, fuzz_sql);
	file_copy(path, file_path("pair.db"));
	file_copy(beside(path, "-wal"), file_path("pair.db-wal"));
	sqlite3_close(plain);
	fuzz("pair.db", "-wal", n / 2);

	for (i = 0; i <= LITE_INTERNAL; i++)
	{
		total += statuses[i];
		if (statuses[i] > 0)
			note("status %d: %d times", i, statuses[i]);
	}
	ok(total > 3 * n, "%d damaged files were survived", n + n / 2);
	is_int(statuses[LITE_INTERRUPTED], 0, "none took 5 seconds");
	is_int(statuses[LITE_INTERNAL], 0, "none was our own fault");
	ok(statuses[LITE_CORRUPT] > 0, "damage was found");
}

/* A table with more rows than room for them. */
static void
test_count_loop(void)
{
	const char *path =
		file_make("deep.db", "PRAGMA page_size = 4096;"
							 "CREATE TABLE t (a); INSERT INTO t VALUES(1)");
	size_t had;
	size_t len = 4096 * 24;
	unsigned char *old = file_read(path, &had);
	unsigned char *bytes = calloc(1, len);
	int64_t count;
	LiteSchema *s;
	LiteDb *db;
	int page;
	int i;

	must(bytes != NULL, "calloc");
	memcpy(bytes, old, had);
	bytes[31] = 24;
	for (page = 2; page <= 17; page++)
	{
		unsigned char *p = bytes + 4096 * (size_t) (page - 1);

		memset(p, 0, 4096);
		p[0] = 5;
		p[3] = 1;
		p[4] = 44;
		p[5] = 2000 >> 8;
		p[6] = 2000 & 255;
		p[11] = (unsigned char) (page + 1);
		for (i = 0; i < 300; i++)
		{
			int at = 4000 - 6 * i;

			p[12 + 2 * i] = (unsigned char) (at >> 8);
			p[13 + 2 * i] = (unsigned char) at;
			p[at + 3] = (unsigned char) (page + 1);
			p[at + 4] = 1;
		}
	}
	memcpy(bytes + 4096 * 17, old + 4096, 4096);
	file_write(path, bytes, len);
	s = load(path, &db);
	is_int(lite_table_count(db, find(s, "t"), &count, &err), LITE_CORRUPT,
		   "counting pages that refer to each other in a circle ends");
	lite_db_close(db);
	free(bytes);
	free(old);
}

int
main(void)
{
	files_init();
	test_columns();
	test_keys();
	test_indexes();
	test_foreign_keys();
	test_virtual();
	test_odd_names();
	test_utf16();
	test_ident();
	test_unreadable();
	test_salvage();
	test_many();
	test_no_memory();
	test_count_loop();
	test_fuzz();
	lite_arena_free(arena);
	return done_testing();
}
