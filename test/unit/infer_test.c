/*
 * infer_test.c
 *	  One column, its declaration and its values: what does it become?
 *
 * Each case is a pattern of real applications.  The type in the plan, the
 * format its values are read by, and a word of the suggestion.
 */
#include "planfile.h"

typedef struct Case
{
	const char *what;
	const char *column; /* its definition; the first word is its name */
	const char *values; /* as in VALUES (...), "" for none */
	const char *type;	/* as DDL has it */
	LiteFormat format;
	const char *suggest; /* a piece of the suggestion; NULL: there is none */
} Case;

#define N LITE_FORMAT_NATIVE
#define AUTO LITE_FORMAT_AUTO
#define TSTZ "timestamp with time zone"
#define UUID1 "'6f1e1c5e-0a0a-4d3f-9a55-0c3f5a9d2b11'"
#define UUID2 "'0d9b6a4e-7a6b-4c55-8b1f-3f8f5a9d2b22'"

static const Case cases[] = {
	/* integers */
	{"integers", "c INTEGER", "(1), (-5), (NULL)", "bigint", N, NULL},
	{"integers beyond 32 bits", "c INT", "(5000000000)", "bigint", N, NULL},
	{"a smallint that fits", "c SMALLINT", "(1), (32767)", "smallint", N,
	 NULL},
	{"a smallint that does not", "c SMALLINT", "(32768)", "integer", N, NULL},
	{"a smallint that needs 64 bits", "c SMALLINT", "(5000000000)", "bigint",
	 N, NULL},
	{"unsigned big int", "c UNSIGNED BIG INT", "(7)", "bigint", N, NULL},
	{"integers and text", "c INTEGER", "(1), ('x')", "text", N, NULL},
	{"empty strings among integers", "c INTEGER", "(1), ('')", "text", N,
	 NULL},
	{"integers and fractions", "c INTEGER", "(1), (2.7)", "double precision",
	 N, NULL},
	{"fractions next to what no double holds", "c INTEGER",
	 "(9007199254740993), (2.5)", "numeric", N, NULL},
	{"type nobody knows, as in proj.db", "c INTEGER_OR_TEXT", "(1), ('a')",
	 "text", N, NULL},

	/* booleans */
	{"declared boolean", "c BOOLEAN", "(0), (1), (NULL)", "boolean", N, NULL},
	{"boolean in words", "c BOOLEAN", "('true'), ('f'), (1)", "boolean", AUTO,
	 NULL},
	{"a boolean that is 2", "c BOOLEAN", "(0), (2)", "bigint", N, NULL},
	{"is_archived INTEGER NOT NULL DEFAULT 0",
	 "is_archived INTEGER NOT NULL DEFAULT 0", "(0), (1)", "boolean", N, NULL},
	{"isActive, all of them 1", "isActive INTEGER DEFAULT '1'", "(1), (1)",
	 "boolean", N, NULL},
	{"issue is no is_", "issue INTEGER NOT NULL DEFAULT 0", "(0), (1)",
	 "bigint", N, "boolean"},
	{"is_x without a constraint", "is_x INTEGER", "(0), (1)", "bigint", N,
	 "boolean"},
	{"is_x that has been 2", "is_x INTEGER NOT NULL DEFAULT 0",
	 "(0), (1), (2)", "bigint", N, NULL},
	{"attempts that happen to be 0 and 1",
	 "attempts INTEGER NOT NULL DEFAULT 0", "(0), (1)", "bigint", N,
	 "boolean"},
	{"a counter that has only seen 1", "n INTEGER NOT NULL", "(1), (1)",
	 "bigint", N, NULL},
	{"CHECK (x IN (0, 1))", "x INTEGER CHECK (x IN (0, 1))", "(0), (1)",
	 "boolean", N, NULL},
	{"CHECK (x = 0 OR x = 1)", "x INTEGER CHECK (x = 0 OR x = 1)", "(0)",
	 "boolean", N, NULL},
	{"CHECK (x IN (0, 1)), no rows", "x INTEGER CHECK (x IN (0,1))", "",
	 "boolean", N, NULL},
	{"CHECK (x IN (0, 1, 2))", "x INTEGER CHECK (x IN (0, 1, 2))", "(0), (1)",
	 "bigint", N, "boolean"},
	{"tinyint(1)", "c TINYINT(1)", "(0), (1)", "boolean", N, NULL},

	/* numbers with fractions */
	{"real", "c REAL", "(1), (2.5)", "double precision", N, NULL},
	{"infinity in a real", "c REAL", "(1), (9e999)", "double precision", N,
	 NULL},
	{"text in a real", "c REAL", "(1), ('n/a')", "text", N, NULL},
	{"decimal(10,2)", "c DECIMAL(10,2)", "(10.5), (3), (0.1)", "numeric(10,2)",
	 N, NULL},
	{"decimal(10,2) that is finer", "c DECIMAL(10,2)", "(10.555)", "numeric",
	 N, NULL},
	{"decimal(4,2) that is larger", "c DECIMAL(4,2)", "(1000)", "numeric", N,
	 NULL},
	{"numeric beyond 2^53", "c NUMERIC", "(9007199254740993), (0.5)",
	 "numeric", N, NULL},
	{"infinity in a numeric", "c NUMERIC", "(1), (9e999)", "double precision",
	 N, NULL},
	{"price as REAL", "price REAL NOT NULL", "(19.99), (5.0)",
	 "double precision", N, NULL},

	/* text */
	{"text", "c TEXT", "('a'), ('')", "text", N, NULL},
	{"varchar, too long for itself", "c VARCHAR(3)", "('abcdef')", "text", N,
	 NULL},
	{"zip codes", "c TEXT", "('01234'), ('98765')", "text", N, NULL},
	{"an enum with CHECK", "status TEXT CHECK (status IN ('a','b'))", "('a')",
	 "text", N, NULL},
	{"base64", "c TEXT", "('AAEC')", "text", N, NULL},
	{"no declared type, mixed", "c", "(1), ('1'), (x'31')", "text", AUTO,
	 NULL},
	{"no declared type, integers", "c", "(1), (2)", "bigint", N, NULL},
	{"no declared type, nothing", "c", "", "text", N, NULL},

	/* JSON */
	{"tags TEXT DEFAULT '[]'", "tags TEXT DEFAULT '[]'",
	 "('[]'), ('[\"a\"]'), (NULL)", "jsonb", N, NULL},
	{"payload TEXT NOT NULL", "payload TEXT NOT NULL",
	 "('{\"a\": 1}'), (' {} ')", "jsonb", N, NULL},
	{"the literal null among objects", "c TEXT", "('{}'), ('null'), (NULL)",
	 "jsonb", N, NULL},
	{"the literal null alone", "c TEXT", "('null')", "text", N, NULL},
	{"scalars are no JSON", "c TEXT", "('1'), ('true')", "text", N, NULL},
	{"JSON but for one", "c TEXT", "('{}'), ('oops')", "text", N, NULL},
	{"JSON with \\u0000", "c TEXT", "('{\"a\":\"\\u0000\"}')", "text", N,
	 NULL},
	{"NaN is no JSON", "c TEXT", "('{\"a\":NaN}')", "text", N, NULL},
	{"declared JSON", "c JSON", "('{}'), ('\"s\"'), (1), (NULL)", "jsonb",
	 AUTO, NULL},
	{"declared JSON, broken", "c JSON", "('{}'), ('{')", "text", N, NULL},
	{"declared JSON, empty", "c JSON", "", "jsonb", N, NULL},
	{"CHECK (json_valid(c)), empty", "c TEXT CHECK (json_valid(c))", "",
	 "jsonb", N, NULL},
	{"JSON in a unique column", "c TEXT UNIQUE", "('{}'), ('{ }')", "text", N,
	 "key"},
	{"SQLite's JSONB", "c BLOB",
	 "(x'CB12C71061616161616161616161616161616161')", "jsonb",
	 LITE_FORMAT_BLOB, NULL},
	{"a short blob that happens to be JSONB", "c BLOB", "(x'0b'), (x'0c')",
	 "bytea", N, NULL},

	/* dates and times */
	{"DATETIME, ISO with a space", "c DATETIME",
	 "('2024-01-02 03:04:05'), ('2024-01-02 03:04:05.123')", TSTZ, N, NULL},
	{"DATETIME DEFAULT CURRENT_TIMESTAMP, empty",
	 "c DATETIME DEFAULT CURRENT_TIMESTAMP", "", TSTZ, N, NULL},
	{"DATETIME DEFAULT (unixepoch()), empty",
	 "c DATETIME DEFAULT (unixepoch())", "", "bigint", N, NULL},
	{"DATETIME of seconds", "c DATETIME", "(1700000000), (1600000000)", TSTZ,
	 LITE_FORMAT_UNIX_S, NULL},
	{"DATETIME of milliseconds", "c DATETIME", "(1700000000123)", TSTZ,
	 LITE_FORMAT_UNIX_MS, NULL},
	{"DATETIME of julian days", "c DATETIME", "(2460310.5), (2460311.25)",
	 TSTZ, LITE_FORMAT_JULIAN, NULL},
	{"DATETIME of everything", "c DATETIME",
	 "(1700000000), (1700000000123), ('2024-01-02T03:04:05Z'), (2460310.5)",
	 TSTZ, AUTO, NULL},
	{"DATETIME with a word in it", "c DATETIME",
	 "('2024-01-02 03:04:05'), ('soon')", "text", N, NULL},
	{"DATETIME of small numbers", "c DATETIME", "(0), (2024)", "bigint", N,
	 NULL},
	{"DATE", "c DATE", "('2024-01-02'), (NULL)", "date", N, NULL},
	{"DATE with times", "c DATE", "('2024-01-02'), ('2024-01-02 10:00:00')",
	 TSTZ, N, NULL},
	{"DATE that is none", "c DATE", "('2023-02-30')", "text", N, NULL},
	{"TIME", "c TIME", "('10:00'), ('10:00:01')", "time without time zone", N,
	 NULL},
	{"TEXT, every value a date with time", "created_at TEXT",
	 "('2024-01-02T03:04:05Z'), ('2024-01-02 03:04:05.123456')", TSTZ, N,
	 NULL},
	{"TEXT, all but one", "c TEXT", "('2024-01-02T03:04:05Z'), ('never')",
	 "text", N, NULL},
	{"TEXT of dates", "c TEXT", "('2024-01-02')", "text", N, "\"date\""},
	{"TEXT with nanoseconds", "c TEXT", "('2024-01-02T03:04:05.123456789Z')",
	 "text", N, "six digits"},
	{"epoch seconds as REAL DEFAULT (unixepoch())",
	 "created_at REAL DEFAULT (unixepoch())", "(1700000000), (1700000000.5)",
	 "double precision", N, "timestamptz unix"},
	{"epoch milliseconds by name", "updated_at INTEGER", "(1700000000123)",
	 "bigint", N, "timestamptz unix_ms"},
	{"Chrome's clock", "last_visit_time INTEGER", "(13345678901234567)",
	 "bigint", N, "timestamptz webkit"},
	{"plausible numbers without a name", "amount INTEGER", "(1700000000)",
	 "bigint", N, NULL},
	{"times spelled in two ways in a unique column", "c TEXT UNIQUE",
	 "('2024-01-01T00:00:00Z'), ('2024-01-01 00:00:00')", "text", N, "key"},
	{"times spelled in one way in a unique column", "c TEXT UNIQUE",
	 "('2024-01-01 00:00:00'), ('2024-01-02 00:00:00')", TSTZ, N, NULL},
	{"zones that differ in a unique column", "c TEXT UNIQUE",
	 "('2024-01-01T02:00:00+02:00'), ('2024-01-01T01:00:00+01:00')", "text", N,
	 "key"},
	{"DATETIME UNIQUE in two spellings", "c DATETIME UNIQUE",
	 "('2024-01-01T00:00:00Z'), ('2024-01-01 00:00:00')", "text", N, NULL},

	/* uuids, bytes */
	{"declared UUID", "c UUID", "(" UUID1 "), (" UUID2 ")", "uuid", N, NULL},
	{"UUID as 16 bytes", "c UUID", "(x'00112233445566778899aabbccddeeff')",
	 "uuid", LITE_FORMAT_BLOB, NULL},
	{"declared UUID, broken", "c UUID", "('x')", "text", N, NULL},
	{"UUIDs as TEXT", "c TEXT", "(" UUID1 "), (" UUID2 ")", "text", N,
	 "\"uuid\""},
	{"CHAR(36) PRIMARY KEY-like", "c CHAR(36) NOT NULL UNIQUE",
	 "(" UUID1 "), (" UUID2 ")", "text", N, "\"uuid\""},
	{"UUID UNIQUE in two cases", "c UUID UNIQUE",
	 "('6f1e1c5e-0a0a-4d3f-9a55-0c3f5a9d2b11'), "
	 "('6F1E1C5E-0A0A-4D3F-9A55-0C3F5A9D2B11')",
	 "text", N, NULL},
	{"blobs", "c BLOB", "(x'00ff'), (x'')", "bytea", N, NULL},
	{"text in a BLOB column", "c BLOB", "('abc')", "text", N, NULL},
	{"an embedding", "c BLOB", "(zeroblob(64))", "bytea", N, NULL},
	{"text and bytes that are text", "c TEXT", "('a'), (x'62')", "text", AUTO,
	 NULL},
	{"text and bytes that are not", "c TEXT", "('a'), (x'ff00')", "bytea",
	 AUTO, NULL},
	{"a hash", "c TEXT", "('d41d8cd98f00b204e9800998ecf8427e')", "text", N,
	 NULL},

	/* NULL everywhere: what is declared */
	{"NULLs, DATETIME", "c DATETIME", "(NULL)", TSTZ, N, NULL},
	{"NULLs, JSON", "c JSON", "(NULL)", "jsonb", N, NULL},
	{"NULLs, BOOLEAN", "c BOOLEAN", "(NULL)", "boolean", N, NULL},
	{"NULLs, UUID", "c UUID", "(NULL)", "uuid", N, NULL},
	{"NULLs, TEXT", "c TEXT", "(NULL)", "text", N, NULL},
	{"NULLs, VARCHAR(20)", "c VARCHAR(20)", "(NULL)", "text", N, NULL},
	{"NULLs, DECIMAL(10,2)", "c DECIMAL(10,2)", "(NULL)", "numeric(10,2)", N,
	 NULL},
	{"NULLs, BLOB", "c BLOB", "(NULL)", "bytea", N, NULL},
};

static LitePlanColumn *
second_column(PlanFile *file)
{
	return &file->plan->tables[0].columns[1];
}

/* The name is the first word of the definition. */
static char *
insert_sql(const Case *c)
{
	size_t len = strcspn(c->column, " ");

	if (c->values[0] == '\0')
		return sqlite3_mprintf("CREATE TABLE t (id INTEGER PRIMARY KEY, %s)",
							   c->column);
	return sqlite3_mprintf("CREATE TABLE t (id INTEGER PRIMARY KEY, %s);"
						   "INSERT INTO t (%.*s) VALUES %s",
						   c->column, (int) len, c->column, c->values);
}

static void
run_case(const Case *c)
{
	PlanFile file;
	char *sql = insert_sql(c);
	LitePlanColumn *column;

	plan_of(&file, sql, NULL);
	column = second_column(&file);
	if (!is_str(column->type_sql, c->type, "%s: %s", c->what, c->type))
		note("%s", column->evidence);
	is_int(column->type.format, c->format, "%s: format %s", c->what,
		   lite_format_name(c->format));
	if (c->suggest == NULL)
	{
		if (!ok(column->suggestion == NULL, "%s: no suggestion", c->what))
			note("%s", column->suggestion);
	}
	else if (!ok(column->suggestion != NULL &&
					 strstr(column->suggestion, c->suggest) != NULL,
				 "%s: suggests %s", c->what, c->suggest))
		note("%s", column->suggestion ? column->suggestion : "(none)");
	ok(column->evidence != NULL && column->evidence[0] != '\0',
	   "%s: has evidence", c->what);
	plan_end(&file);
	sqlite3_free(sql);
}

/* ------------------------------------------------------------------------
 * infer
 * ------------------------------------------------------------------------ */

static void
test_infer_modes(void)
{
	const char *sql =
		"CREATE TABLE t (id INTEGER PRIMARY KEY, j TEXT, m TEXT, u TEXT,"
		" e INTEGER, created_at INTEGER, d TEXT, n INTEGER NOT NULL DEFAULT 0,"
		" is_x INTEGER, dt DATETIME);"
		"INSERT INTO t (j, m, u, e, created_at, d, n, is_x, dt) VALUES ('{}',"
		" '2024-01-01 00:00:00', " UUID1 ", 5, 1700000000, '2024-01-01', 1, 1,"
		" 1700000000),"
		" ('[]', '2024-01-01 00:00:00', " UUID2 ", 6, 1700000001,"
		" '2024-01-02', 0, 0, 1700000001)";
	LitePlanOptions options;
	PlanFile file;

	lite_plan_options_init(&options);
	options.infer = LITE_INFER_DECLARED;
	plan_of(&file, sql, &options);
	is_str(plan_type(&file, "t", "j"), "text", "declared: JSON stays text");
	is_str(plan_type(&file, "t", "m"), "text", "declared: times stay text");
	is_str(plan_type(&file, "t", "dt"), TSTZ, "declared: DATETIME is one");
	plan_end(&file);

	options.infer = LITE_INFER_VALUES;
	plan_of(&file, sql, &options);
	is_str(plan_type(&file, "t", "j"), "jsonb", "values: JSON");
	is_str(plan_type(&file, "t", "m"), TSTZ, "values: times");
	is_str(plan_type(&file, "t", "u"), "text", "values: uuid is suggested");
	is_str(plan_type(&file, "t", "created_at"), "bigint",
		   "values: an epoch is suggested");
	plan_end(&file);

	options.infer = LITE_INFER_EAGER;
	plan_of(&file, sql, &options);
	is_str(plan_type(&file, "t", "u"), "uuid", "eager: uuid");
	is_str(plan_type(&file, "t", "created_at"), TSTZ, "eager: epoch");
	is_int(plan_column(&file, "t", "created_at")->type.format,
		   LITE_FORMAT_UNIX_S, "eager: in seconds");
	is_str(plan_type(&file, "t", "d"), "date", "eager: date");
	is_str(plan_type(&file, "t", "is_x"), "boolean", "eager: is_x");
	is_str(plan_type(&file, "t", "n"), "bigint",
		   "eager: a counter is no boolean");
	plan_end(&file);
}

/* ------------------------------------------------------------------------
 * Families
 * ------------------------------------------------------------------------ */

static void
test_families(void)
{
	LitePlanOptions options;
	PlanFile file;

	plan_of(&file,
			"CREATE TABLE p (code INTEGER_OR_TEXT PRIMARY KEY);"
			"CREATE TABLE c (id INTEGER PRIMARY KEY, code INTEGER_OR_TEXT"
			" REFERENCES p (code));"
			"CREATE TABLE g (code INTEGER_OR_TEXT REFERENCES p);"
			"INSERT INTO p VALUES (1), ('a');"
			"INSERT INTO c (code) VALUES (1)",
			NULL);
	is_str(plan_type(&file, "p", "code"), "text", "mixed parent");
	is_str(plan_type(&file, "c", "code"), "text",
		   "integers that refer to it follow");
	is_str(plan_type(&file, "g", "code"), "text",
		   "a column without values follows");
	has_finding(&file, "type", "c", "foreign keys tie", "and it is said");
	has_statement(&file, "FOREIGN KEY (code) REFERENCES app.p (code)",
				  "so the key can be made");
	plan_end(&file);

	plan_of(&file,
			"CREATE TABLE p (id INTEGER PRIMARY KEY);"
			"CREATE TABLE c (p TEXT REFERENCES p (id));"
			"INSERT INTO p VALUES (1), (2); INSERT INTO c VALUES ('1')",
			NULL);
	is_str(plan_type(&file, "c", "p"), "bigint",
		   "integers as text follow an INTEGER PRIMARY KEY");
	plan_end(&file);

	plan_of(&file,
			"CREATE TABLE p (id INTEGER PRIMARY KEY);"
			"CREATE TABLE c (p TEXT REFERENCES p (id));"
			"INSERT INTO p VALUES (1); INSERT INTO c VALUES ('1'), ('x')",
			NULL);
	is_str(plan_type(&file, "p", "id"), "bigint",
		   "an INTEGER PRIMARY KEY stays what it is");
	is_str(plan_type(&file, "c", "p"), "text", "words cannot follow");
	has_finding(&file, "foreign_key", "c", "p is text and id is bigint",
				"the key is a finding");
	plan_end(&file);

	/* one switch for the family */
	lite_plan_options_init(&options);
	options.types = "{\"u.id\":\"uuid\"}";
	plan_of(&file,
			"CREATE TABLE u (id TEXT PRIMARY KEY);"
			"CREATE TABLE m (u TEXT REFERENCES u (id), n TEXT);"
			"INSERT INTO u VALUES (" UUID1 "); INSERT INTO m VALUES (" UUID1
			", 'x')",
			&options);
	is_str(plan_type(&file, "u", "id"), "uuid", "asked for");
	is_str(plan_type(&file, "m", "u"), "uuid", "the child follows");
	is_str(plan_type(&file, "m", "n"), "text", "and nothing else");
	plan_end(&file);

	options.types = NULL;
	options.infer = LITE_INFER_EAGER;
	plan_of(&file,
			"CREATE TABLE u (id TEXT PRIMARY KEY);"
			"CREATE TABLE m (u TEXT REFERENCES u (id));"
			"INSERT INTO u VALUES (" UUID1 "); INSERT INTO m VALUES ('x')",
			&options);
	is_str(plan_type(&file, "u", "id"), "text",
		   "eager: not while a child is no uuid");
	plan_end(&file);

	/* a boolean is not made of a key */
	plan_of(&file,
			"CREATE TABLE p (id INTEGER PRIMARY KEY);"
			"CREATE TABLE c (is_of INTEGER NOT NULL DEFAULT 1 REFERENCES p);"
			"INSERT INTO p VALUES (0), (1); INSERT INTO c VALUES (0), (1)",
			NULL);
	is_str(plan_type(&file, "c", "is_of"), "bigint",
		   "a foreign key is no boolean");
	plan_end(&file);
}

/* ------------------------------------------------------------------------
 * Overrides
 * ------------------------------------------------------------------------ */

static void
test_overrides(void)
{
	const char *sql =
		"CREATE TABLE t (a TEXT, ms INTEGER, \"x.y\" INTEGER, w);"
		"CREATE TABLE \"t.x\" (y TEXT);"
		"INSERT INTO t VALUES ('1', 1700000000123, 0, 'yes'),"
		" ('x', 1700000000456, 1, 1)";
	LitePlanOptions options;
	PlanFile file;

	lite_plan_options_init(&options);
	options.types = "{\"t.a\":\"int8\",\"t.ms\":\"timestamptz\","
					"\"t.x.y\":\"boolean\",\"t.w\":\"bool\","
					"\"t.rowid\":\"bigint\"}";
	plan_of(&file, sql, &options);
	is_str(plan_type(&file, "t", "a"), "bigint",
		   "asked for, though it does "
		   "not fit");
	has_finding(&file, "misfit", "t", "rowid 2",
				"the value that does not fit is named");
	is_int(plan_finding(&file, "misfit", "t", NULL)->severity,
		   LITE_SEVERITY_ERROR, "an error, since the import will stop");
	is_int(plan_column(&file, "t", "ms")->type.format, LITE_FORMAT_UNIX_MS,
		   "the unit is seen in the values");
	is_str(plan_type(&file, "t", "x.y"), "boolean",
		   "a column with a dot in its name");
	is_int(plan_column(&file, "t", "w")->type.format, LITE_FORMAT_AUTO,
		   "words and numbers");
	ok(plan_column(&file, "t", "rowid") != NULL &&
		   plan_column(&file, "t", "rowid")->source == LITE_SOURCE_ROWID,
	   "the rowid is kept");
	is_str(plan_table(&file, "t")->select_sql,
		   "SELECT rowid, \"a\", \"ms\", \"x.y\", \"w\", rowid FROM "
		   "main.\"t\" NOT INDEXED",
		   "and read");
	plan_end(&file);

	options.types = "{\"t.ms\":\"timestamptz unix_us\"}";
	options.on_error = LITE_ON_ERROR_REJECT;
	plan_of(&file, sql, &options);
	is_int(plan_column(&file, "t", "ms")->type.format, LITE_FORMAT_UNIX_US,
		   "a format can be named");
	plan_end(&file);

	options.types = "{\"t.a\":\"int8\"}";
	plan_of(&file, sql, &options);
	is_int(plan_finding(&file, "misfit", "t", NULL)->severity,
		   LITE_SEVERITY_WARNING, "with on_error reject, a warning");
	plan_end(&file);

	plan_begin(&file, sql);
	options.types = "{\"t.nope\":\"int8\"}";
	plan_make(&file, &options);
	is_int(file.status, LITE_INVALID, "a column that is not there");
	ok(strstr(file.err.hint, "ms") != NULL, "the hint lists the columns");
	options.types = "{\"nope.a\":\"int8\"}";
	plan_make(&file, &options);
	is_int(file.status, LITE_INVALID, "a table that is not there");
	ok(strstr(file.err.hint, "t.x") != NULL, "the hint lists the tables");
	options.types = "{\"t.a\":\"money\"}";
	plan_make(&file, &options);
	is_int(file.status, LITE_INVALID, "a type that we have not");
	options.types = "[1]";
	plan_make(&file, &options);
	is_int(file.status, LITE_INVALID, "not an object");
	options.types = "{\"t.a\":";
	plan_make(&file, &options);
	is_int(file.status, LITE_INVALID, "not JSON");
	options.types = "{\"t.a\":5}";
	plan_make(&file, &options);
	is_int(file.status, LITE_INVALID, "not a string");
	plan_end(&file);
}

/* ------------------------------------------------------------------------
 * Values that no type holds
 * ------------------------------------------------------------------------ */

static void
test_bad_text(void)
{
	const char *sql = "CREATE TABLE t (c TEXT);"
					  "INSERT INTO t VALUES ('fine'), ('a' || char(0) || 'b'),"
					  " (CAST(x'ff41' AS TEXT))";
	LitePlanOptions options;
	LiteFinding *finding;
	PlanFile file;

	plan_of(&file, sql, NULL);
	is_str(plan_type(&file, "t", "c"), "text", "bad text stays text");
	finding = plan_finding(&file, "misfit", "t", NULL);
	ok(finding != NULL && strstr(finding->text, "2 values") != NULL &&
		   strstr(finding->text, "rowid 2") != NULL,
	   "both are counted, the first is named");
	is_int(finding->severity, LITE_SEVERITY_ERROR, "the import will stop");
	plan_end(&file);

	lite_plan_options_init(&options);
	options.on_error = LITE_ON_ERROR_NULL;
	plan_of(&file, sql, &options);
	finding = plan_finding(&file, "misfit", "t", "NULL");
	ok(finding != NULL && finding->severity == LITE_SEVERITY_WARNING,
	   "with on_error null, a warning");
	plan_end(&file);

	options.on_error = LITE_ON_ERROR_STOP;
	options.types = "{\"t.c\":\"bytea\"}";
	plan_of(&file, sql, &options);
	ok(plan_finding(&file, "misfit", "t", NULL) == NULL,
	   "bytea holds any text, as its bytes");
	plan_end(&file);
}

int
main(void)
{
	files_init();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		run_case(&cases[i]);
	test_infer_modes();
	test_families();
	test_overrides();
	test_bad_text();
	return done_testing();
}
