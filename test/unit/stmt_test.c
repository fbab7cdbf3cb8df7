/*
 * stmt_test.c
 *	  What a statement may do, what it gives back, and what it says when the
 *	  file is not what it should be.
 */
#include "tap.h"

#include "core/stmt.h"
#include "files.h"

static LiteError err;

static LiteDb *
open_db(const char *path)
{
	const LiteDbOptions options = LITE_DB_OPTIONS_DEFAULT;
	LiteDb *db;

	lite_error_clear(&err);
	if (lite_db_open(path, &options, &db, &err) != LITE_OK ||
		lite_db_begin(db, &err) != LITE_OK)
	{
		note("%s; %s", err.message, err.detail);
		lite_db_close(db);
		return NULL;
	}
	return db;
}

/* Runs to the end; the status, and in *rows how many rows came. */
static LiteStatus
run(LiteDb *db, const char *sql, int64_t *rows)
{
	LiteStmt *stmt;
	LiteStatus status;

	*rows = 0;
	lite_error_clear(&err);
	status = lite_stmt_prepare(db, sql, &stmt, &err);
	if (status != LITE_OK)
		return status;
	while ((status = lite_stmt_step(stmt, &err)) == LITE_ROW)
		++*rows;
	lite_stmt_finalize(stmt);
	return status;
}

static LiteStatus
try_run(LiteDb *db, const char *sql)
{
	int64_t rows;

	return run(db, sql, &rows);
}

static int64_t
get(LiteDb *db, const char *sql)
{
	int64_t result = -1;

	lite_error_clear(&err);
	if (lite_db_int64(db, sql, &result, &err) != LITE_OK)
	{
		note("%s; %s", err.message, err.detail);
		return -1;
	}
	return result;
}

/* ------------------------------------------------------------------------
 * Values
 * ------------------------------------------------------------------------ */

static void
test_values(void)
{
	LiteDb *db = open_db(file_make(
		"values.db",
		"CREATE TABLE t (a, b, c, d, e, f);"
		"INSERT INTO t VALUES (-9223372036854775808, 0.1, 'x' || char(0) || "
		"'y', x'00ff', NULL, x'')"));
	LiteStmt *stmt;
	LiteValue value;

	is_int(lite_stmt_prepare(db, "SELECT * FROM t", &stmt, &err), LITE_OK,
		   "prepare");
	is_int(stmt->ncolumns, 6, "columns");
	is_int(lite_stmt_step(stmt, &err), LITE_ROW, "a row");
	lite_stmt_value(stmt, 0, &value);
	ok(value.cls == LITE_INTEGER && value.i == INT64_MIN, "integer");
	lite_stmt_value(stmt, 1, &value);
	ok(value.cls == LITE_REAL && value.r == 0.1, "real");
	lite_stmt_value(stmt, 2, &value);
	ok(value.cls == LITE_TEXT && value.len == 3 &&
		   memcmp(value.data, "x\0y", 3) == 0,
	   "text with a NUL in it");
	lite_stmt_value(stmt, 3, &value);
	ok(value.cls == LITE_BLOB && value.len == 2, "blob");
	lite_stmt_value(stmt, 4, &value);
	ok(value.cls == LITE_NULL && lite_stmt_is_null(stmt, 4), "null");
	lite_stmt_value(stmt, 5, &value);
	ok(value.cls == LITE_BLOB && value.len == 0, "empty blob");
	is_int(lite_stmt_step(stmt, &err), LITE_DONE, "no more");
	lite_stmt_finalize(stmt);
	lite_db_close(db);
}

static void
test_bind(void)
{
	LiteDb *db = open_db(file_make("bind.db", "CREATE TABLE t (a)"));
	LiteValue values[] = {
		{LITE_NULL, 0, 0, NULL, 0},	  {LITE_INTEGER, 7, 0, NULL, 0},
		{LITE_REAL, 0, 1.5, NULL, 0}, {LITE_TEXT, 0, 0, "a\0b", 3},
		{LITE_BLOB, 0, 0, NULL, 0},	  {LITE_TEXT, 0, 0, NULL, 0},
	};
	static const char *const types[] = {"null", "integer", "real",
										"text", "blob",	   "text"};
	LiteStmt *stmt;
	size_t i;

	is_int(lite_stmt_prepare(db, "SELECT typeof(?1), length(CAST(?1 AS BLOB))",
							 &stmt, &err),
		   LITE_OK, "prepare");
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
	{
		is_int(lite_stmt_bind(stmt, 1, &values[i], &err), LITE_OK, "bind");
		is_int(lite_stmt_step(stmt, &err), LITE_ROW, "step");
		is_str(lite_stmt_text(stmt, 0), types[i], "comes back as %s",
			   types[i]);
		if (values[i].cls == LITE_TEXT)
			is_int(lite_stmt_int64(stmt, 1), (int64_t) values[i].len,
				   "as long as it was");
		lite_stmt_reset(stmt);
	}
	is_int(lite_stmt_bind(stmt, 2, &values[1], &err), LITE_INTERNAL,
		   "there is no second parameter");
	lite_stmt_finalize(stmt);
	lite_db_close(db);
}

static void
test_explain(void)
{
	LiteDb *db = open_db(
		file_make("explain.db",
				  "CREATE TABLE t (a PRIMARY KEY, b); CREATE TABLE u (a)"));
	char *plan;

	is_int(lite_stmt_explain(db, "SELECT * FROM t WHERE t.a = 1", &plan, &err),
		   LITE_OK, "explain");
	is_str(plan, "SEARCH t USING INDEX sqlite_autoindex_t_1 (a=?)", "a line");
	sqlite3_free(plan);
	is_int(lite_stmt_explain(db, "SELECT a FROM t UNION SELECT a FROM u",
							 &plan, &err),
		   LITE_OK, "explain");
	ok(plan != NULL && strstr(plan, "\n  LEFT") != NULL &&
		   strstr(plan, "\n    SCAN t") != NULL,
	   "a tree: %s", plan);
	sqlite3_free(plan);
	is_int(lite_stmt_explain(db, "SELECT * FROM nothing", &plan, &err),
		   LITE_SQL, "of nothing");
	ok(plan == NULL, "no plan");
	lite_db_close(db);
}

/* ------------------------------------------------------------------------
 * What may run
 * ------------------------------------------------------------------------ */

static void
test_refused(void)
{
	static const char *const refused[] = {
		"INSERT INTO t VALUES (1)",
		"UPDATE t SET a = 2",
		"DELETE FROM t",
		"DROP TABLE t",
		"CREATE TABLE u (a)",
		"CREATE TEMP TABLE u (a)",
		"CREATE VIEW v AS SELECT 1",
		"CREATE VIRTUAL TABLE f USING fts5(a)",
		"ALTER TABLE t RENAME TO u",
		"ATTACH '/tmp/x' AS x",
		"ATTACH ':memory:' AS x",
		"DETACH main",
		"VACUUM",
		"VACUUM INTO '/tmp/lite-vacuum'",
		"REINDEX",
		"ANALYZE",
		"BEGIN",
		"BEGIN IMMEDIATE",
		"COMMIT",
		"ROLLBACK",
		"SAVEPOINT s",
		"PRAGMA journal_mode = DELETE",
		"PRAGMA writable_schema = ON",
		"PRAGMA user_version = 5",
		"PRAGMA locking_mode = EXCLUSIVE",
		"PRAGMA temp_store_directory = '/'",
		"PRAGMA trusted_schema = ON",
		"PRAGMA query_only = OFF",
		"PRAGMA wal_checkpoint",
		"PRAGMA mmap_size = 1000000",
		"PRAGMA cache_size = 1000000",
		"PRAGMA optimize",
		"SELECT load_extension('/tmp/x.so')",
		"SELECT fts3_tokenizer('simple')",
		"SELECT * FROM pragma_wal_checkpoint",
		"SELECT 1; SELECT 2",
		"SELECT 1; DELETE FROM t",
		"SELECT 'unfinished",
		"",
		" -- nothing\n ; /* at all */ ",
		"SELECT no_such_function(1)",
		"SELECT a FROM no_such_table",
	};
	static const char *const allowed[] = {
		"SELECT 1;",
		"SELECT 1; -- and a comment",
		"SELECT 1 /* open",
		"SELECT * FROM t",
		"VALUES (1), (2)",
		"WITH RECURSIVE n (i) AS (VALUES (1), (2)) SELECT * FROM n",
		"EXPLAIN SELECT 1",
		"PRAGMA user_version",
		"PRAGMA table_info(t)",
		"PRAGMA quick_check",
		"SELECT * FROM pragma_table_list",
		"SELECT * FROM json_each('[1,2]')",
		"SELECT * FROM sqlite_schema",
	};
	uint64_t before;
	size_t i;
	LiteDb *db;

	file_make("may.db", "CREATE TABLE t (a); INSERT INTO t VALUES (1);"
						"CREATE INDEX i ON t (a)");
	before = dir_digest(files_dir);
	db = open_db(file_path("may.db"));
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
	{
		LiteStatus status = try_run(db, refused[i]);

		ok(status == LITE_SQL || status == LITE_READONLY, "refused: %s",
		   refused[i]);
		ok(err.message[0] != '\0' && err.detail[0] != '\0', "with words");
	}
	for (i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++)
		is_int(try_run(db, allowed[i]), LITE_DONE, "allowed: %s", allowed[i]);
	is_int(get(db, "SELECT count(*) FROM t"), 1, "still in the snapshot");
	is_int(lite_db_end(db, &err), LITE_OK, "end");
	lite_db_close(db);
	ok(before == dir_digest(files_dir), "nothing has changed");
}

static void
test_old_strings(void)
{
	LiteDb *db = open_db(file_make(
		"strings.db",
		"CREATE TABLE t (a, b); INSERT INTO t VALUES ('x', 1), ('y', 2);"
		"CREATE VIEW v AS SELECT * FROM t WHERE a = \"x\";"));

	is_int(try_run(db, "SELECT \"gone\" FROM t"), LITE_SQL,
		   "a column that is gone is no string");
	is_int(get(db, "SELECT count(*) FROM v"), 1,
		   "a view that writes strings in double quotes");
	is_int(try_run(db, "SELECT \"t\".\"gone\" FROM t"), LITE_SQL,
		   "a qualified column never is one");
	is_int(try_run(db, "SELECT \"v\".\"gone\" FROM v"), LITE_SQL,
		   "not in a view either");
	is_int(try_run(db, "SELECT \"t\".\"a\" FROM t"), LITE_DONE,
		   "a column that is there");
	lite_db_close(db);
}

/* ------------------------------------------------------------------------
 * Collations nobody knows
 * ------------------------------------------------------------------------ */

static int
backwards(void *arg, int len1, const void *a, int len2, const void *b)
{
	int n = len1 < len2 ? len1 : len2;
	int order = memcmp(b, a, (size_t) n);

	(void) arg;
	return order ? order : len2 - len1;
}

static void
test_collation(void)
{
	const char *path = file_path("unicase.db");
	sqlite3 *plain = plain_open(path);
	LiteDb *db;

	sqlite3_create_collation(plain, "unicase", SQLITE_UTF8, NULL, backwards);
	plain_exec(plain, "CREATE TABLE t (a TEXT COLLATE unicase, b);"
					  "CREATE INDEX i ON t (a);"
					  "CREATE TABLE k (a TEXT COLLATE unicase PRIMARY KEY) "
					  "WITHOUT ROWID;"
					  "INSERT INTO t VALUES ('a', 1), ('c', 2), ('b', 3);"
					  "INSERT INTO k VALUES ('a'), ('c'), ('b');");
	sqlite3_close(plain);

	db = open_db(path);
	is_int(get(db, "SELECT sum(b) FROM t"), 6, "its table is read");
	is_int(get(db, "SELECT count(*) FROM k"), 3,
		   "a table that is sorted by it, too");
	is_int(get(db, "SELECT b FROM t NOT INDEXED WHERE a = 'c' COLLATE BINARY"),
		   2, "a comparison by bytes");
	is_int(try_run(db, "SELECT b FROM t WHERE a = 'c'"), LITE_UNSUPPORTED,
		   "a comparison in it is no wrong answer");
	is_int(try_run(db, "SELECT b FROM t ORDER BY a || ''  COLLATE unicase"),
		   LITE_UNSUPPORTED, "nor is a sort");
	is_int(get(db, "SELECT sum(b) FROM t"), 6, "the handle goes on");
	ok(!lite_db_knows_collation(db, "unicase"), "it is not known");
	ok(lite_db_knows_collation(db, "nocase"), "NOCASE is");
	lite_db_close(db);
}

/* SQLite's own collations, in a file for which it has to convert. */
static void
test_own_collation(void)
{
	const char *path = file_make(
		"utf16_nocase.db",
		"PRAGMA encoding = 'UTF-16le';"
		"CREATE TABLE t (n INTEGER, a TEXT COLLATE NOCASE, PRIMARY KEY (n, a))"
		" WITHOUT ROWID;"
		"CREATE TABLE r (a TEXT COLLATE RTRIM);"
		"INSERT INTO t VALUES (1, 'a'), (1, 'B'), (1, 'c');"
		"INSERT INTO r VALUES ('x'), ('x  ')");
	LiteDb *db = open_db(path);

	is_int(get(db, "SELECT count(*) FROM t WHERE n < 3"), 3,
		   "UTF-16: a key with NOCASE in it is searched");
	is_int(get(db, "SELECT count(*) FROM t WHERE n = 1 AND a = 'b'"), 1,
		   "UTF-16: NOCASE compares as it should");
	is_int(get(db, "SELECT count(*) FROM r WHERE a = 'x '"), 2,
		   "UTF-16: RTRIM does");
	lite_db_close(db);
}

/* ------------------------------------------------------------------------
 * Loops and lies
 * ------------------------------------------------------------------------ */

static void
put4(unsigned char *p, uint32_t value)
{
	p[0] = (unsigned char) (value >> 24);
	p[1] = (unsigned char) (value >> 16);
	p[2] = (unsigned char) (value >> 8);
	p[3] = (unsigned char) value;
}

/*
 * Every child of the root is the same leaf, then the same interior page:
 * depth is bounded by SQLite, breadth by nothing.
 */
static void
test_page_loop(void)
{
	const char *path = file_make(
		"loop.db",
		"PRAGMA page_size = 512; CREATE TABLE t (a);"
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
		"WHERE i < 3000) INSERT INTO t SELECT printf('%020d', i) FROM n;");
	size_t len;
	unsigned char *bytes = file_read(path, &len);
	unsigned char *root = bytes + 512; /* page 2 */
	int cells = root[3] << 8 | root[4];
	LiteStmt *stmt;
	LiteStatus status;
	int64_t rows = 0;
	int64_t most;
	LiteDb *db;
	int i;

	must(root[0] == 5, "the root is an interior page");
	/* all children, and theirs, become one interior page of the tree */
	for (i = 0; i < cells; i++)
	{
		int at = root[12 + 2 * i] << 8 | root[13 + 2 * i];
		unsigned char *child =
			bytes + 512 * ((size_t) (root[at + 2] << 8 | root[at + 3]) - 1);
		int grandchildren = child[3] << 8 | child[4];
		int k;

		if (i == 0 && child[0] == 5)
		{
			/* the leaf of the first grandchild, again and again */
			int first = child[12] << 8 | child[13];

			for (k = 0; k < grandchildren; k++)
			{
				int cell = child[12 + 2 * k] << 8 | child[13 + 2 * k];

				memmove(child + cell, child + first, 4);
			}
		}
		if (i > 0)
		{
			int first = root[12] << 8 | root[13];

			memmove(root + at, root + first, 4);
		}
	}
	file_write(path, bytes, len);
	free(bytes);

	db = open_db(path);
	most = lite_db_max_rows(db);
	ok(most > 3000, "room for %d rows at the most", (int) most);
	is_int(lite_stmt_prepare(db, "SELECT a FROM t", &stmt, &err), LITE_OK,
		   "prepare");
	stmt->max_rows = most;
	while ((status = lite_stmt_step(stmt, &err)) == LITE_ROW)
		rows++;
	ok(status == LITE_DONE || status == LITE_CORRUPT,
	   "shared pages end, after %d rows", (int) rows);
	lite_stmt_finalize(stmt);
	lite_db_close(db);
}

/* An interior page whose children are all itself, at every depth but one. */
static void
test_deep_loop(void)
{
	const char *path =
		file_make("deep.db", "PRAGMA page_size = 4096;"
							 "CREATE TABLE t (a); INSERT INTO t VALUES(1)");
	size_t len = 4096 * 24;
	size_t had;
	unsigned char *old = file_read(path, &had);
	unsigned char *bytes = calloc(1, len);
	LiteStmt *stmt;
	LiteStatus status;
	int64_t most;
	int64_t n;
	LiteDb *db;
	int page;

	must(bytes != NULL, "calloc");
	memcpy(bytes, old, had);
	put4(bytes + 28, 24);
	/* pages 2 .. 17: 300 children each, all the next page; 18 is a leaf */
	for (page = 2; page <= 18; page++)
	{
		unsigned char *p = bytes + 4096 * (size_t) (page - 1);
		int i;

		if (page == 18)
		{
			memcpy(p, old + 4096, 4096);
			break;
		}
		memset(p, 0, 4096);
		p[0] = 5;
		p[3] = 300 >> 8;
		p[4] = 300 & 255;
		p[5] = 2000 >> 8;
		p[6] = 2000 & 255;
		put4(p + 8, (uint32_t) page + 1);
		for (i = 0; i < 300; i++)
		{
			int at = 4000 - 6 * i;

			p[12 + 2 * i] = (unsigned char) (at >> 8);
			p[13 + 2 * i] = (unsigned char) at;
			put4(p + at, (uint32_t) page + 1);
			p[at + 4] = 1;
		}
	}
	file_write(path, bytes, len);
	free(bytes);
	free(old);

	db = open_db(path);
	most = lite_db_max_rows(db);
	is_int(lite_stmt_prepare(db, "SELECT a FROM t", &stmt, &err), LITE_OK,
		   "prepare");
	stmt->max_rows = most;
	n = 0;
	while ((status = lite_stmt_step(stmt, &err)) == LITE_ROW)
		n++;
	is_int(status, LITE_CORRUPT, "300 to the 16th rows in 24 pages");
	ok(n <= most, "end after %d", (int) n);
	ok(strstr(err.detail, "circle") != NULL, "and are called what they are");
	lite_stmt_finalize(stmt);
	lite_db_close(db);
}

static void
test_too_many(void)
{
	LiteDb *db = open_db(file_make("limits.db", "CREATE TABLE t (a)"));
	char *sql = malloc(20000);
	int i;

	must(sql != NULL, "malloc");
	strcpy(sql, "SELECT 1");
	for (i = 0; i < 2000; i++)
		strcat(sql, " + 1");
	is_int(try_run(db, sql), LITE_SQL, "an expression too deep");
	strcpy(sql, "SELECT 1");
	for (i = 0; i < 1000; i++)
		strcat(sql, " UNION SELECT 1");
	is_int(try_run(db, sql), LITE_SQL, "too many parts of a compound");
	is_int(try_run(db, "SELECT zeroblob(2000000000)"), LITE_TOOBIG,
		   "a value too big");
	free(sql);
	lite_db_close(db);
}

static void
test_close_first(void)
{
	LiteDb *db = open_db(file_make("close.db", "CREATE TABLE t (a)"));
	LiteStmt *stmt;

	is_int(lite_stmt_prepare(db, "SELECT 1", &stmt, &err), LITE_OK, "prepare");
	is_int(lite_stmt_step(stmt, &err), LITE_ROW, "step");
	lite_db_close(db);
	is_int(lite_stmt_step(stmt, &err), LITE_INTERNAL,
		   "a statement whose handle is closed");
	lite_stmt_reset(stmt);
	lite_stmt_finalize(stmt);
	lite_stmt_finalize(NULL);
}

int
main(void)
{
	files_init();
	test_values();
	test_bind();
	test_explain();
	test_refused();
	test_old_strings();
	test_collation();
	test_own_collation();
	test_page_loop();
	test_deep_loop();
	test_too_many();
	test_close_first();
	return done_testing();
}
