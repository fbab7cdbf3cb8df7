/*
 * type_test.c
 *	  Declared types: their affinity, the type wished for, and the user's own.
 */
#include <sqlite3.h>

#include "tap.h"
#include "value_help.h"

static const char *
affinity_name(LiteAffinity affinity)
{
	static const char *const names[] = {"blob", "text", "numeric", "integer",
										"real"};

	return names[affinity];
}

static void
test_declared(void)
{
	static const struct
	{
		const char *declared;
		const char *affinity;
		const char *type;
		int precision;
		int scale;
	} cases[] = {
		{NULL, "blob", "text", 0, 0},
		{"", "blob", "text", 0, 0},
		{"INTEGER", "integer", "bigint", 0, 0},
		{"int", "integer", "bigint", 0, 0},
		{"BIGINT", "integer", "bigint", 0, 0},
		{"UNSIGNED BIG INT", "integer", "bigint", 0, 0},
		{"INT8", "integer", "bigint", 0, 0},
		{"INT(11)", "integer", "bigint", 0, 0},
		{"INT2", "integer", "smallint", 0, 0},
		{"smallint", "integer", "smallint", 0, 0},
		{"TINYINT", "integer", "smallint", 0, 0},
		{"TINYINT(1)", "integer", "boolean", 0, 0},
		{"TINYINT(4)", "integer", "smallint", 0, 0},
		{"MEDIUMINT", "integer", "integer", 0, 0},
		{"INT4", "integer", "integer", 0, 0},
		{"INTEGER_OR_TEXT", "integer", "bigint", 0, 0},
		{"POINT", "integer", "bigint", 0, 0},
		{"FLOATING POINT", "integer", "bigint", 0, 0},
		{"CHARINT", "integer", "bigint", 0, 0},
		{"TEXT", "text", "text", 0, 0},
		{"CLOB", "text", "text", 0, 0},
		{"VARCHAR(20)", "text", "text", 20, 0},
		{"varchar ( 20 )", "text", "text", 20, 0},
		{"CHARACTER VARYING(255)", "text", "text", 255, 0},
		{"NVARCHAR(100)", "text", "text", 100, 0},
		{"VARCHAR(max)", "text", "text", 0, 0},
		{"VARCHAR(99999999999)", "text", "text", 0, 0},
		{"VARCHAR(-1)", "text", "text", 0, 0},
		{"STRING", "numeric", "text", 0, 0},
		{"ANY", "numeric", "text", 0, 0},
		{"BLOB", "blob", "bytea", 0, 0},
		{"LONGBLOB", "blob", "bytea", 0, 0},
		{"VARBINARY(16)", "numeric", "bytea", 0, 0},
		{"BYTEA", "numeric", "bytea", 0, 0},
		{"REAL", "real", "double precision", 0, 0},
		{"DOUBLE", "real", "double precision", 0, 0},
		{"DOUBLE PRECISION", "real", "double precision", 0, 0},
		{"FLOAT", "real", "double precision", 0, 0},
		{"FLOAT(24)", "real", "double precision", 0, 0},
		{"BLOBREAL", "blob", "bytea", 0, 0},
		{"REALBLOB", "blob", "bytea", 0, 0},
		{"TEXTBLOB", "text", "text", 0, 0},
		{"NUMERIC", "numeric", "numeric", 0, 0},
		{"DECIMAL(10,2)", "numeric", "numeric", 10, 2},
		{"decimal( 10 , 2 )", "numeric", "numeric", 10, 2},
		{"NUMBER(7)", "numeric", "numeric", 7, 0},
		{"DECIMAL(2,10)", "numeric", "numeric", 0, 0},
		{"DECIMAL(10,-2)", "numeric", "numeric", 0, 0},
		{"DECIMAL(0)", "numeric", "numeric", 0, 0},
		{"DECIMAL(9999,2)", "numeric", "numeric", 0, 0},
		{"DECIMAL(1,2,3)", "numeric", "numeric", 0, 0},
		{"DECIMAL(10", "numeric", "numeric", 0, 0},
		{"BOOLEAN", "numeric", "boolean", 0, 0},
		{"bool", "numeric", "boolean", 0, 0},
		{"BIT", "numeric", "boolean", 0, 0},
		{"BIT(1)", "numeric", "boolean", 0, 0},
		{"BIT(8)", "numeric", "numeric", 0, 0},
		{"DATE", "numeric", "date", 0, 0},
		{"TIME", "numeric", "time without time zone", 0, 0},
		{"DATETIME", "numeric", "timestamp with time zone", 0, 0},
		{"datetime(6)", "numeric", "timestamp with time zone", 0, 0},
		{"TIMESTAMP", "numeric", "timestamp with time zone", 0, 0},
		{"timestamp (3) with time zone", "numeric", "timestamp with time zone",
		 0, 0},
		{"TIMESTAMP WITHOUT TIME ZONE", "numeric",
		 "timestamp without time zone", 0, 0},
		{"UUID", "numeric", "uuid", 0, 0},
		{"GUID", "numeric", "uuid", 0, 0},
		{"JSON", "numeric", "jsonb", 0, 0},
		{"JSONB", "numeric", "jsonb", 0, 0},
		{"GEOMETRY", "numeric", "numeric", 0, 0},
		{"((((", "numeric", "numeric", 0, 0},
		{")))", "numeric", "numeric", 0, 0},
		{"  DATE  ", "numeric", "date", 0, 0},
	};

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
	{
		const char *name = cases[k].declared ? cases[k].declared : "(null)";
		LiteColumnType type = lite_type_declared(cases[k].declared);

		is_str(affinity_name(lite_type_affinity(cases[k].declared)),
			   cases[k].affinity, "affinity of '%s'", name);
		is_str(lite_type_name(type.type), cases[k].type, "type of '%s'", name);
		ok(type.precision == cases[k].precision &&
			   type.scale == cases[k].scale,
		   "modifiers of '%s': %d, %d", name, type.precision, type.scale);
		is_int(type.format, LITE_FORMAT_NATIVE, "format of '%s'", name);
	}
}

/*
 * SQLite's own opinion of an affinity: what becomes of '1.0', x'31' and 1 in
 * such a column.
 */
static const char *
ask_sqlite(sqlite3 *db, const char *declared)
{
	static char result[64];
	char *sql = sqlite3_mprintf("DROP TABLE IF EXISTS t;"
								"CREATE TABLE t (a \"%w\");"
								"INSERT INTO t VALUES ('1.0'), (2);",
								declared);
	sqlite3_stmt *stmt;

	result[0] = '\0';
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK &&
		sqlite3_prepare_v2(db, "SELECT typeof(a) FROM t ORDER BY rowid", -1,
						   &stmt, NULL) == SQLITE_OK)
	{
		while (sqlite3_step(stmt) == SQLITE_ROW)
			strcat(result, (const char *) sqlite3_column_text(stmt, 0));
		sqlite3_finalize(stmt);
	}
	sqlite3_free(sql);
	return result;
}

static void
test_against_sqlite(void)
{
	static const char *const pieces[] = {"INT",	 "CHAR", "CLOB", "TEXT",
										 "BLOB", "REAL", "FLOA", "DOUB",
										 "X",	 " ",	 "IN",	 "T",
										 "CHA",	 "R",	 "b",	 "lob"};
	/* NUMERIC and INTEGER behave alike here */
	static const char *const becomes[] = {"textinteger", "texttext",
										  "integerinteger", "integerinteger",
										  "realreal"};
	sqlite3 *db;
	int wrong = 0;

	sqlite3_open(":memory:", &db);
	for (int k = 0; k < 3000; k++)
	{
		char declared[64] = "";

		for (int n = (int) (random64() % 4); n >= 0; n--)
			strcat(declared,
				   pieces[random64() % (sizeof(pieces) / sizeof(pieces[0]))]);
		if (declared[strspn(declared, " ")] == '\0')
			continue;
		if (strcmp(ask_sqlite(db, declared),
				   becomes[lite_type_affinity(declared)]) != 0)
		{
			wrong++;
			note("'%s' is %s here, SQLite makes it %s", declared,
				 affinity_name(lite_type_affinity(declared)),
				 ask_sqlite(db, declared));
		}
	}
	is_int(wrong, 0, "affinities are SQLite's");
	sqlite3_close(db);
}

static void
test_parse(void)
{
	static const struct
	{
		const char *text;
		const char *type; /* NULL: refused */
	} cases[] = {
		{"int8", "bigint"},
		{"BIGINT", "bigint"},
		{"int", "integer"},
		{"integer", "integer"},
		{"smallint", "smallint"},
		{"bool", "boolean"},
		{"float8", "double precision"},
		{"double  precision", "double precision"},
		{"numeric", "numeric"},
		{"numeric(10,2)", "numeric(10,2)"},
		{"NUMERIC ( 10 )", "numeric(10,0)"},
		{"decimal(1000,1000)", "numeric(1000,1000)"},
		{"text", "text"},
		{"varchar", "character varying"},
		{"varchar(20)", "character varying(20)"},
		{"character varying(20)", "character varying(20)"},
		{"bytea", "bytea"},
		{"date", "date"},
		{"time", "time without time zone"},
		{"timestamp", "timestamp without time zone"},
		{"timestamptz", "timestamp with time zone"},
		{" timestamp with time zone ", "timestamp with time zone"},
		{"uuid", "uuid"},
		{"json", "json"},
		{"Jsonb", "jsonb"},
		{"", NULL},
		{"real", NULL},
		{"float4", NULL},
		{"money", NULL},
		{"int[]", NULL},
		{"numeric(0,0)", NULL},
		{"numeric(1001)", NULL},
		{"numeric(2,3)", NULL},
		{"numeric(a)", NULL},
		{"numeric(1", NULL},
		{"numeric(1)(2)", NULL},
		{"varchar(0)", NULL},
		{"varchar(10485761)", NULL},
		{"timestamp(3)", NULL},
		{"int(11)", NULL},
		{"text; drop table t", NULL},
	};
	LiteError err;

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
	{
		LiteColumnType type;
		char name[64];
		LiteStatus status = lite_type_parse(cases[k].text, &type, &err);

		if (cases[k].type == NULL)
		{
			is_int(status, LITE_INVALID, "'%s' is refused", cases[k].text);
			ok(strstr(err.hint, "timestamptz") != NULL, "with a list");
			continue;
		}
		is_int(status, LITE_OK, "'%s' is a type", cases[k].text);
		is_str(lite_type_format(type, name, sizeof(name)), cases[k].type,
			   "this one");
	}
	{
		char huge[4000];
		LiteColumnType type;

		memset(huge, 'x', sizeof(huge) - 1);
		huge[sizeof(huge) - 1] = '\0';
		is_int(lite_type_parse(huge, &type, &err), LITE_INVALID,
			   "a very long name");
		type = lite_type_declared(huge);
		is_str(lite_type_name(type.type), "numeric", "declared, too");
		memcpy(huge + 3000, "INT", 3);
		type = lite_type_declared(huge);
		is_str(lite_type_name(type.type), "bigint",
			   "whose affinity is looked for to its end");
	}
}

static void
test_formats(void)
{
	LiteFormat format;

	for (int f = 0; f < LITE_NFORMATS; f++)
	{
		ok(lite_format_parse(lite_format_name((LiteFormat) f), &format) &&
			   format == (LiteFormat) f,
		   "format %s", lite_format_name((LiteFormat) f));
	}
	ok(lite_format_parse("UNIX_MS", &format) && format == LITE_FORMAT_UNIX_MS,
	   "in any case");
	ok(!lite_format_parse("", &format) && !lite_format_parse("uni", &format) &&
		   !lite_format_parse("unixx", &format),
	   "no others");
}

static void
test_mutations(void)
{
	char text[100];

	for (int k = 0; k < 100000; k++)
	{
		size_t len;
		LiteColumnType type;
		char *copy;

		strcpy(text, "timestamp (10,2) with time zone");
		len = strlen(text);
		for (int n = (int) (random64() % 6); n >= 0; n--)
			len = mutate(text, len, sizeof(text) - 1, "(),-+ 0123456789");
		text[len] = '\0';
		copy = exact_copy(text, strlen(text) + 1);
		type = lite_type_declared(copy);
		(void) type;
		lite_type_parse(copy, &type, NULL);
		free(copy);
	}
	ok(true, "100000 mutated declarations");
}

int
main(void)
{
	test_declared();
	test_against_sqlite();
	test_parse();
	test_formats();
	test_mutations();
	return done_testing();
}
