/*
 * expr_diff.h
 *	  The same expressions in SQLite and, translated, in PostgreSQL.
 *
 * "expr_test --sql" evaluates every expression of the list below in SQLite,
 * over a table whose rows are made to hurt, and prints a script: the same
 * table in PostgreSQL, and for every expression a query that compares the
 * translation's results with SQLite's, row by row, and answers with a line of
 * TAP.  test/t/expressions.pl runs it.
 */
#ifndef EXPR_DIFF_H
#define EXPR_DIFF_H

#include <stdlib.h>

#define DIFF_ROWS 48

typedef struct DiffColumn
{
	LiteExprColumn column;
	const char *declared;
	const char *values[16]; /* SQLite literals; the unused are NULL */
} DiffColumn;

#define TYPE(t)                                                               \
	{                                                                         \
		t, 0, 0, LITE_FORMAT_NATIVE                                           \
	}
#define COLUMN(name, type, affinity)                                          \
	{                                                                         \
		name, name, type, affinity, NULL, false, false, false                 \
	}

static const DiffColumn diff_columns[] = {
	{{"id", "id", TYPE(LITE_TYPE_INT8), LITE_AFFINITY_INTEGER, NULL, true,
	  false, false},
	 "INTEGER PRIMARY KEY",
	 {NULL}},
	{COLUMN("name", TYPE(LITE_TYPE_TEXT), LITE_AFFINITY_TEXT),
	 "TEXT",
	 {"NULL", "''", "'abc'", "'ABC'", "'a_b'", "'a\\b'", "'10%'",
	  "'\xc3\x89t\xc3\xa9'", "'12'", "' 12abc'", "'  x '", "'foo@bar.com'",
	  "'abc '", "'-7'", "'a' || char(10) || 'b]^c'",
	  "'\xe2\x82\xac\xf0\x9f\x98\x80z'"}},
	{{"email", "email", TYPE(LITE_TYPE_TEXT), LITE_AFFINITY_TEXT, "NOCASE",
	  false, false, false},
	 "TEXT COLLATE NOCASE",
	 {"NULL", "'abc'", "'ABC'", "'Foo@Bar.com'", "''", "'\xc3\x89t\xc3\xa9'",
	  "'\xc3\xa9T\xc3\xa9'", "'abd'"}},
	{COLUMN("is_done", TYPE(LITE_TYPE_BOOL), LITE_AFFINITY_NUMERIC),
	 "BOOLEAN",
	 {"0", "1", "NULL"}},
	{{"flag", "flag", TYPE(LITE_TYPE_BOOL), LITE_AFFINITY_INTEGER, NULL, true,
	  false, false},
	 "INTEGER NOT NULL",
	 {"1", "0"}},
	{COLUMN("qty", TYPE(LITE_TYPE_INT4), LITE_AFFINITY_INTEGER),
	 "INTEGER",
	 {"0", "1", "-1", "5", "NULL", "2147483647", "-2147483648", "7", "-13",
	  "100", "3"}},
	{COLUMN("big", TYPE(LITE_TYPE_INT8), LITE_AFFINITY_INTEGER),
	 "BIGINT",
	 {"0", "4611686018427387904", "-3", "9007199254740993", "NULL", "2", "10",
	  "-9007199254740993"}},
	{{"price",
	  "price",
	  {LITE_TYPE_NUMERIC, 10, 2, LITE_FORMAT_NATIVE},
	  LITE_AFFINITY_NUMERIC,
	  NULL,
	  false,
	  false,
	  false},
	 "DECIMAL(10,2)",
	 {"0", "9.99", "-0.5", "100", "NULL", "19.95", "0.1", "1234.56"}},
	{COLUMN("score", TYPE(LITE_TYPE_FLOAT8), LITE_AFFINITY_REAL),
	 "REAL",
	 {"0.0", "0.5", "-0.5", "2.5", "1e10", "NULL", "3.14159", "-2.5", "0.1",
	  "1e-7", "1.0"}},
	{COLUMN("created", TYPE(LITE_TYPE_TIMESTAMPTZ), LITE_AFFINITY_TEXT),
	 "TEXT",
	 {"'2024-01-31 10:20:30'", "'2024-02-29 00:00:00'", "NULL",
	  "'2023-12-31 23:59:59'", "'2020-01-01 00:00:00'",
	  "'1969-07-20 20:17:40'"}},
	{COLUMN("updated", TYPE(LITE_TYPE_TIMESTAMPTZ), LITE_AFFINITY_NUMERIC),
	 "DATETIME",
	 {"'2024-01-31 10:20:30'", "'2024-03-01 12:00:00'", "NULL",
	  "'2020-01-01 00:00:01'"}},
	{COLUMN("day", TYPE(LITE_TYPE_DATE), LITE_AFFINITY_NUMERIC),
	 "DATE",
	 {"'2024-01-31'", "'2024-02-29'", "NULL", "'2020-01-01'", "'1999-12-31'"}},
	{{"ts",
	  "ts",
	  {LITE_TYPE_TIMESTAMPTZ, 0, 0, LITE_FORMAT_UNIX_S},
	  LITE_AFFINITY_INTEGER,
	  NULL,
	  false,
	  false,
	  false},
	 "INTEGER",
	 {"0", "1706696430", "NULL", "-14182940", "1709164800"}},
	{COLUMN("tags", TYPE(LITE_TYPE_JSONB), LITE_AFFINITY_TEXT),
	 "TEXT",
	 {"'[]'", "'{\"a\":\"x\",\"n\":5,\"t\":true}'", "'[1,2,3]'", "NULL",
	  "'{\"a\":null,\"n\":1,\"t\":false,\"o\":{\"p\":[10,20]}}'",
	  "'{\"a\":\"it''s\",\"n\":-2,\"t\":1}'", "'{\"a\":5,\"t\":0}'"}},
	{COLUMN("uid", TYPE(LITE_TYPE_UUID), LITE_AFFINITY_TEXT),
	 "TEXT",
	 {"'550e8400-e29b-41d4-a716-446655440000'", "NULL",
	  "'00000000-0000-4000-8000-000000000001'"}},
	{COLUMN("data", TYPE(LITE_TYPE_BYTEA), LITE_AFFINITY_BLOB),
	 "BLOB",
	 {"x''", "x'00ff'", "NULL", "x'616263'"}},
	/* wanted by generated columns only */
	{COLUMN("real_out", TYPE(LITE_TYPE_FLOAT8), LITE_AFFINITY_REAL),
	 "REAL",
	 {"NULL"}},
	{COLUMN("num_out", TYPE(LITE_TYPE_NUMERIC), LITE_AFFINITY_NUMERIC),
	 "NUMERIC",
	 {"NULL"}},
};

#undef TYPE
#undef COLUMN

#define NDIFF_COLUMNS ((int) (sizeof(diff_columns) / sizeof(diff_columns[0])))

/*
 * With "--random SEED COUNT": conditions put together at random, of which
 * those that are translated are compared.
 */

/* A condition, or the column that the value is generated for. */
typedef struct DiffCase
{
	const char *wanted; /* NULL: a condition */
	const char *sql;
} DiffCase;

static const DiffCase diff_cases[] = {
	/* logic and numbers as conditions */
	{NULL, "is_done"},
	{NULL, "NOT is_done"},
	{NULL, "flag"},
	{NULL, "qty"},
	{NULL, "NOT qty"},
	{NULL, "score"},
	{NULL, "price"},
	{NULL, "is_done = 0"},
	{NULL, "is_done = 1"},
	{NULL, "is_done <> 1"},
	{NULL, "is_done > 0"},
	{NULL, "is_done >= 0"},
	{NULL, "is_done < 1"},
	{NULL, "is_done <= 1"},
	{NULL, "is_done = 2"},
	{NULL, "is_done <> 2"},
	{NULL, "is_done < 5"},
	{NULL, "is_done IN (0,1)"},
	{NULL, "is_done IN (1)"},
	{NULL, "is_done IN (1, 2)"},
	{NULL, "is_done IN (1, NULL)"},
	{NULL, "is_done NOT IN (0)"},
	{NULL, "is_done = '1'"},
	{NULL, "is_done = 'true'"},
	{NULL, "is_done <> 'true'"},
	{NULL, "is_done = TRUE"},
	{NULL, "is_done IS TRUE"},
	{NULL, "is_done IS NOT TRUE"},
	{NULL, "is_done IS FALSE"},
	{NULL, "is_done IS 1"},
	{NULL, "is_done IS NOT 1"},
	{NULL, "is_done IS 0"},
	{NULL, "is_done IS 2"},
	{NULL, "is_done IS NOT 2"},
	{NULL, "is_done = flag"},
	{NULL, "is_done + flag = 1"},
	{NULL, "is_done = (qty > 0)"},
	{NULL, "(qty > 0) = is_done"},
	{NULL, "qty = is_done"},
	{NULL, "qty IS is_done"},
	{NULL, "is_done BETWEEN 0 AND 1"},
	{NULL, "qty IS TRUE"},
	{NULL, "qty IS NOT FALSE"},
	{NULL, "(name IS NULL) <> (email IS NULL)"},
	{NULL, "(name IS NOT NULL) + (email IS NOT NULL) >= 1"},
	{NULL, "is_done = 0 OR qty > 3 AND name IS NOT NULL"},
	{NULL, "NOT (is_done OR qty)"},
	{NULL, "NULL"},
	{NULL, "qty = NULL"},
	{NULL, "qty IS NULL"},
	{NULL, "qty NOTNULL AND name NOT NULL"},
	{NULL, "coalesce(is_done, 0)"},
	{NULL, "coalesce(is_done, 1) = 1"},
	{NULL, "CASE WHEN is_done THEN qty ELSE big END > 2"},
	{NULL, "CASE qty WHEN 5 THEN 1 WHEN 7 THEN 0 END"},
	{NULL, "CASE name WHEN 'abc' THEN 'x' ELSE 'y' END = 'x'"},
	{NULL, "CASE email WHEN 'ABC' THEN 1 ELSE 0 END"},
	{NULL, "iif(qty > 1, 'a', 'b') = 'a'"},

	/* numbers */
	{NULL, "qty > 0 AND qty <= 100"},
	{NULL, "qty BETWEEN -1 AND 5"},
	{NULL, "qty NOT BETWEEN -1 AND 5"},
	{NULL, "qty IN (1, 5, 7)"},
	{NULL, "qty NOT IN (1, 5, NULL)"},
	{NULL, "qty = '5'"},
	{NULL, "qty = ' 5 '"},
	{NULL, "qty = 'abc'"},
	{NULL, "qty <> 'abc'"},
	{NULL, "qty < 'abc'"},
	{NULL, "qty > 'abc'"},
	{NULL, "qty = 5.0"},
	{NULL, "qty > 4.5"},
	{NULL, "qty = '5.0'"},
	{NULL, "qty < x'00'"},
	{NULL, "big = 9007199254740993"},
	{NULL, "big > 9007199254740992.0"},
	{NULL, "qty < big"},
	{NULL, "qty > score"},
	{NULL, "price > score"},
	{NULL, "price = 9.99"},
	{NULL, "price >= 0.1"},
	{NULL, "score = 0.1"},
	{NULL, "score >= 0.5"},
	{NULL, "score = '0.5'"},
	{NULL, "5 < qty"},
	{NULL, "-5 < qty"},
	{NULL, "qty > - -1"},
	{NULL, "qty + 1 > 2147483647"},
	{NULL, "qty * qty > 100"},
	{NULL, "qty - qty = 0"},
	{NULL, "qty / 2 = 3"},
	{NULL, "qty / -2 = 6"},
	{NULL, "qty % 3 = -1"},
	{NULL, "qty % -3 = 1"},
	{NULL, "100 / qty > 10"},
	{NULL, "(100 / qty) IS NULL"},
	{NULL, "100 % qty = 0"},
	{NULL, "qty / 2.0 > 2.4"},
	{NULL, "score / 2 > 1"},
	{NULL, "score * qty > 1"},
	{NULL, "price * qty > 10"},
	{NULL, "price + 0.5 > 10"},
	{NULL, "price / 4.0 < 5"},
	{NULL, "qty & 3 = 1"},
	{NULL, "(qty | 8) = 13"},
	{NULL, "~qty = -6"},
	{NULL, "qty << 2 = 20"},
	{NULL, "qty >> 1 = -7"},
	{NULL, "qty + 2 * 3 = 11"},
	{NULL, "(qty + 2) * 3 = 21"},
	{NULL, "abs(qty) = 13"},
	{NULL, "abs(score) = 0.5"},
	{NULL, "abs(price) = 0.5"},
	{NULL, "round(score) = 3"},
	{NULL, "round(score) = -3"},
	{NULL, "round(qty) = 5"},
	{NULL, "max(qty, 3) = 3"},
	{NULL, "min(qty, big) = -3"},
	{NULL, "max(qty, big, 1) > 5"},
	{NULL, "min(name, 'abc') = 'ABC'"},
	{NULL, "nullif(qty, 5) IS NULL"},
	{NULL, "nullif(name, '') IS NULL"},
	{NULL, "ifnull(qty, -1) = -1"},
	{NULL, "coalesce(qty, big, 0) > 3"},
	{NULL, "coalesce(score, 0) < 1"},
	{NULL, "typeof(qty) = 'integer'"},
	{NULL, "typeof(name) = 'text'"},
	{NULL, "typeof(score) IN ('real', 'null')"},
	{NULL, "typeof(data) = 'blob'"},
	{NULL, "typeof(created) = 'text'"},
	{NULL, "CAST(score AS INTEGER) = 2"},
	{NULL, "CAST(score AS INTEGER) = -2"},
	{NULL, "CAST(name AS INTEGER) = 12"},
	{NULL, "CAST(name AS INTEGER) = 0"},
	{NULL, "CAST(name AS INTEGER) = -7"},
	{NULL, "CAST(qty AS TEXT) = '5'"},
	{NULL, "CAST(qty AS REAL) / 2 = 2.5"},
	{NULL, "CAST(is_done AS TEXT) = '1'"},
	{NULL, "+qty = '5'"},

	/* text */
	{NULL, "name = 'abc'"},
	{NULL, "name <> ''"},
	{NULL, "name < 'abc'"},
	{NULL, "name >= 'a'"},
	{NULL, "name > '\xc3\x89'"},
	{NULL, "name BETWEEN 'A' AND 'b'"},
	{NULL, "name IN ('abc', '', '12')"},
	{NULL, "name NOT IN ('abc', 'ABC')"},
	{NULL, "name = 12"},
	{NULL, "name > 11"},
	{NULL, "name IN (12, -7)"},
	{NULL, "name = 'abc' COLLATE NOCASE"},
	{NULL, "name COLLATE NOCASE IN ('ABC')"},
	{NULL, "name COLLATE RTRIM = 'abc'"},
	{NULL, "name COLLATE NOCASE < 'ABD'"},
	{NULL, "name COLLATE RTRIM < 'abc'"},
	{NULL, "email = 'ABC'"},
	{NULL, "email <> 'ABC'"},
	{NULL, "email IN ('aBc', 'foo@bar.COM')"},
	{NULL, "email < 'ABD'"},
	{NULL, "email = '\xc3\xa9t\xc3\xa9'"},
	{NULL, "email COLLATE BINARY = 'abc'"},
	{NULL, "email = name"},
	{NULL, "name = email"},
	{NULL, "email BETWEEN 'ABC' AND 'ABD'"},
	{NULL, "email IS 'ABC'"},
	{NULL, "coalesce(name, email) = 'abc'"},
	{NULL, "lower(name) = 'abc'"},
	{NULL, "upper(name) = 'ABC'"},
	{NULL, "lower(name) = name"},
	{NULL, "length(name) = 3"},
	{NULL, "length(qty) = 2"},
	{NULL, "length(data) = 2"},
	{NULL, "trim(name) = 'x'"},
	{NULL, "ltrim(name) = 'x '"},
	{NULL, "rtrim(name) = 'abc'"},
	{NULL, "trim(name, 'ac') = 'b'"},
	{NULL, "replace(name, 'b', 'xx') = 'axxc'"},
	{NULL, "instr(name, '@') > 1"},
	{NULL, "instr(name, '') = 1"},
	{NULL, "substr(name, 1, 1) = 'a'"},
	{NULL, "substr(name, 2) = 'bc'"},
	{NULL, "substr(name, 0, 2) = 'a'"},
	{NULL, "substr(name, -2) = 'bc'"},
	{NULL, "substr(name, -5, 3) = 'a'"},
	{NULL, "substr(name, -2, 1) = 'b'"},
	{NULL, "substr(name, instr(name, 'b') + 1) = 'c'"},
	{NULL, "name LIKE 'a%'"},
	{NULL, "name LIKE 'a_b'"},
	{NULL, "name LIKE '%@%'"},
	{NULL, "name LIKE 'a\\b'"},
	{NULL, "name LIKE '10\\%' ESCAPE '\\'"},
	{NULL, "name LIKE 'ax_b' ESCAPE 'x'"},
	{NULL, "name NOT LIKE '%b%'"},
	{NULL, "name LIKE '\xc3\xa9%'"},
	{NULL, "name LIKE '\xc3\x89T%'"},
	{NULL, "name LIKE '_'"},
	{NULL, "name LIKE '___'"},
	{NULL, "name LIKE 12"},
	{NULL, "qty LIKE '%1%'"},
	{NULL, "email LIKE 'a%'"},
	{NULL, "email LIKE '%@%'"},
	{NULL, "name GLOB 'a*'"},
	{NULL, "name GLOB 'a?b'"},
	{NULL, "name GLOB '*[0-9]*'"},
	{NULL, "name GLOB '[a-c]*'"},
	{NULL, "name GLOB '[^a-c]*'"},
	{NULL, "name NOT GLOB '*[^0-9]*'"},
	{NULL, "name GLOB '*[]]*'"},
	{NULL, "name GLOB '*[]^]^c'"},
	{NULL, "name GLOB '*%'"},
	{NULL, "name GLOB 'a[_]b'"},
	{NULL, "name GLOB '*[\xc3\x80-\xc3\x89]*'"},
	{NULL, "name || '-' || qty = 'abc-5'"},
	{NULL, "name || email IS NULL"},
	{NULL, "qty || '' = '5'"},
	{NULL, "\"abc\" = name"},
	{NULL, "name = 'a\\b'"},

	/* times */
	{NULL, "created = '2024-01-31 10:20:30'"},
	{NULL, "created <> '2024-01-31 10:20:30'"},
	{NULL, "created > '2024-01-31 10:20:30'"},
	{NULL, "created >= '2024-02-29'"},
	{NULL, "created > '2024-02-29'"},
	{NULL, "created < '2024-02-29'"},
	{NULL, "created <= '2024-02-29'"},
	{NULL, "created = '2024-02-29'"},
	{NULL, "created <> ''"},
	{NULL, "created = 5"},
	{NULL, "created BETWEEN '2023-01-01' AND '2024-01-31 10:20:30'"},
	{NULL, "created < updated"},
	{NULL, "updated > '2024'"},
	{NULL, "day = '2024-02-29'"},
	{NULL, "day >= '2020-01-01'"},
	{NULL, "day IN ('2024-01-31', '2020-01-01')"},
	{NULL, "ts > 1706696430"},
	{NULL, "ts = 0"},
	{NULL, "ts >= 1706696430.0"},
	{NULL, "ts < 'x'"},
	{NULL, "date(created) = '2024-01-31'"},
	{NULL, "strftime('%Y', created) = '2024'"},
	{NULL, "strftime('%s', created) = '1706696430'"},
	{NULL, "CAST(strftime('%m', created) AS INTEGER) = 1"},
	{NULL, "unixepoch(created) > 0"},
	{NULL, "unixepoch(created) = 1706696430"},
	{NULL, "julianday(created) > 2460000"},
	{NULL, "julianday(updated) - julianday(created) > 0.5"},
	{NULL, "date(created, '+1 month') = '2024-03-02'"},
	{NULL, "date(created, '+1 year') = '2025-03-01'"},
	{NULL, "date(created, '-1 month') = '2023-12-31'"},
	{NULL, "date(created, 'start of month', '+1 month', '-1 day') = "
		   "'2024-02-29'"},
	{NULL, "datetime(created, '+90 minutes') = '2024-01-31 11:50:30'"},
	{NULL, "date(created, 'weekday 0') = '2024-02-04'"},
	{NULL, "date(day) = '2024-02-29'"},
	{NULL, "date(day) = day"},
	{NULL, "datetime(created) IS NOT NULL"},
	{NULL, "created IS datetime(created)"},
	{NULL, "date(ts, 'unixepoch') = '2024-01-31'"},
	{NULL, "strftime('%w-%j', day) = '3-031'"},

	/* JSON, UUIDs, bytes */
	{NULL, "tags IS NULL OR json_valid(tags)"},
	{NULL, "json_type(tags) = 'array'"},
	{NULL, "json_type(tags) <> 'array'"},
	{NULL, "json_type(tags, '$.t') = 'true'"},
	{NULL, "json_type(tags, '$.n') = 'integer'"},
	{NULL, "json_type(tags, '$.a') IN ('text', 'null')"},
	{NULL, "json_array_length(tags) = 3"},
	{NULL, "json_array_length(tags) = 0"},
	{NULL, "json_array_length(tags, '$.o.p') = 2"},
	{NULL, "json_array_length(tags, '$.o.p') IS NULL"},
	{NULL, "json_extract(tags, '$.a') = 'x'"},
	{NULL, "json_extract(tags, '$.a') <> 'x'"},
	{NULL, "json_extract(tags, '$.a') = 'it''s'"},
	{NULL, "json_extract(tags, '$.a') = '5'"},
	{NULL, "json_extract(tags, '$.a') = 5"},
	{NULL, "json_extract(tags, '$.t') = 1"},
	{NULL, "json_extract(tags, '$.t') = 0"},
	{NULL, "json_extract(tags, '$.t') <> 1"},
	{NULL, "json_extract(tags, '$.t') IS 1"},
	{NULL, "json_extract(tags, '$.t') IS NOT 1"},
	{NULL, "json_extract(tags, '$.a') IS NULL"},
	{NULL, "json_extract(tags, '$.a') IS 'x'"},
	{NULL, "json_extract(tags, '$.o.p[1]') = 20"},
	{NULL, "json_extract(tags, '$.o.p[#-1]') = 20"},
	{NULL, "json_extract(tags, '$[0]') = 1"},
	{NULL, "tags ->> 'a' = 'x'"},
	{NULL, "tags ->> 0 = 1"},
	{NULL, "tags ->> '$.n' IN (5, -2)"},
	{NULL, "tags -> 'a' IS NULL"},
	{NULL, "tags = '[]'"},
	{NULL, "tags <> '[]'"},
	{NULL, "tags <> ''"},
	{NULL, "tags = ''"},
	{NULL, "uid = '550e8400-e29b-41d4-a716-446655440000'"},
	{NULL, "uid <> 'x'"},
	{NULL, "length(uid) = 36"},
	{NULL, "uid || '' = '550e8400-e29b-41d4-a716-446655440000'"},
	{NULL, "data = x'00ff'"},
	{NULL, "data > x'00'"},
	{NULL, "data = 'abc'"},
	{NULL, "substr(data, 1, 1) = x'00'"},

	/* values */
	{"name", "name || ' ' || qty"},
	{"name", "lower(name)"},
	{"name", "upper(name)"},
	{"name", "upper(substr(name, 1, 1)) || substr(name, 2)"},
	{"name", "substr(name, -3, 2)"},
	{"name", "substr(name, qty % 5)"},
	{"name", "trim(name) || '.'"},
	{"name", "coalesce(name, email, 'none')"},
	{"name", "qty"},
	{"name", "is_done"},
	{"name", "printf('%s-%05d', name, qty)"},
	{"name", "printf('%3d%%', qty)"},
	{"name", "format('%d/%s', big, email)"},
	{"name", "json_extract(tags, '$.a')"},
	{"name", "date(created)"},
	{"name", "datetime(created)"},
	{"name", "time(created)"},
	{"name", "strftime('%Y-%m', created)"},
	{"name", "strftime('%d.%m.%Y %H:%M', created)"},
	{"name", "date(created, '+1 month')"},
	{"name", "date(created, 'weekday 1')"},
	{"name", "datetime(ts, 'unixepoch')"},
	{"name", "CASE WHEN qty > 3 THEN 'many' WHEN qty > 0 THEN 'few' END"},
	{"name", "replace(name, '\\', '/')"},
	{"name", "typeof(qty)"},
	{"name", "min(name, email)"},
	{"qty", "length(name)"},
	{"qty", "qty > 5"},
	{"qty", "instr(name, 'b')"},
	{"big", "round(score * 10)"},
	{"qty", "json_extract(tags, '$.n')"},
	{"qty", "json_array_length(tags)"},
	{"qty", "json_extract(tags, '$.t')"},
	{"big", "qty * 1000000"},
	{"big", "qty * qty"},
	{"big", "~big"},
	{"big", "abs(qty)"},
	{"big", "unixepoch(created)"},
	{"big", "CAST(strftime('%Y', created) AS INTEGER)"},
	{"big", "CAST(name AS INTEGER)"},
	{"big", "big / qty"},
	{"big", "big % qty"},
	{"big", "max(qty, big)"},
	{"real_out", "score * 2"},
	{"real_out", "score / qty"},
	{"real_out", "qty"},
	{"real_out", "price"},
	{"real_out", "round(score)"},
	{"real_out", "julianday(created)"},
	{"real_out", "-score"},
	{"num_out", "price * qty"},
	{"num_out", "price + price"},
	{"num_out", "qty + 1"},
	{"is_done", "qty > 5"},
	{"is_done", "name IS NOT NULL"},
	{"is_done", "NOT is_done"},
	{"day", "date(created)"},
	{"day", "date(created, 'start of month')"},
	{"created", "datetime(created, '+1 day')"},
	{"created", "datetime(ts, 'unixepoch')"},
	{"ts", "unixepoch(created)"},
	{"data", "data"},
	{"uid", "uid"},
};

#define NDIFF_CASES ((int) (sizeof(diff_cases) / sizeof(diff_cases[0])))

static const DiffColumn *
diff_find(const char *name)
{
	for (int i = 0; i < NDIFF_COLUMNS; i++)
		if (strcmp(diff_columns[i].column.name, name) == 0)
			return &diff_columns[i];
	return NULL;
}

static void
diff_die(const char *what, const char *detail)
{
	printf("Bail out! %s: %s\n", what, detail);
	exit(1);
}

static const char *
diff_literal(LiteArena *arena, const char *sql, const LiteExprColumn *column)
{
	LiteTranslation out;
	LiteError err;

	if (lite_default_translate(arena, sql, column, &out, &err) != LITE_OK)
		diff_die(sql, err.detail);
	return out.sql;
}

/* The table in both, its rows the same. */
static void
diff_table(LiteArena *arena, sqlite3 *db)
{
	sqlite3_str *ddl = sqlite3_str_new(NULL);
	char *text;

	sqlite3_str_appendall(ddl, "CREATE TABLE t (");
	printf("CREATE TEMP TABLE t (");
	for (int i = 0; i < NDIFF_COLUMNS; i++)
	{
		char type[64];

		sqlite3_str_appendf(ddl, "%s%s %s", i > 0 ? ", " : "",
							diff_columns[i].column.name,
							diff_columns[i].declared);
		printf("%s%s %s", i > 0 ? ", " : "", diff_columns[i].column.target,
			   lite_type_format(diff_columns[i].column.type, type,
								sizeof(type)));
	}
	sqlite3_str_appendall(ddl, ")");
	printf(");\n");
	text = sqlite3_str_finish(ddl);
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		diff_die(text, sqlite3_errmsg(db));
	sqlite3_free(text);

	for (int row = 1; row <= DIFF_ROWS; row++)
	{
		sqlite3_str *insert = sqlite3_str_new(NULL);

		sqlite3_str_appendf(insert, "INSERT INTO t VALUES (%d", row);
		printf("INSERT INTO t VALUES (%d", row);
		for (int i = 1; i < NDIFF_COLUMNS; i++)
		{
			const char *const *values = diff_columns[i].values;
			const char *literal;
			sqlite3_stmt *stmt;
			char *sql;
			int n = 0;

			while (n < 16 && values[n] != NULL)
				n++;
			/* neighbouring columns of one length must not go in step */
			literal = values[(row + row / n * (i % 3) + i) % n];
			sqlite3_str_appendf(insert, ", %s", literal);
			sql = sqlite3_mprintf("SELECT quote(%s)", literal);
			sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
			sqlite3_step(stmt);
			printf(", %s",
				   diff_literal(arena,
								(const char *) sqlite3_column_text(stmt, 0),
								&diff_columns[i].column));
			sqlite3_finalize(stmt);
			sqlite3_free(sql);
		}
		sqlite3_str_appendall(insert, ")");
		printf(");\n");
		text = sqlite3_str_finish(insert);
		if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
			diff_die(text, sqlite3_errmsg(db));
		sqlite3_free(text);
	}
}

/* What SQLite says, row by row, as PostgreSQL constants. */
static char *
diff_expected(LiteArena *arena, sqlite3 *db, const DiffCase *c,
			  const DiffColumn *wanted)
{
	sqlite3_str *values = sqlite3_str_new(NULL);
	sqlite3_stmt *stmt;
	char *sql;

	if (wanted == NULL)
		sql = sqlite3_mprintf("SELECT id, CASE WHEN (%s) THEN 'true' WHEN NOT "
							  "(%s) THEN 'false' ELSE 'NULL' END FROM t "
							  "ORDER BY id",
							  c->sql, c->sql);
	else
	{
		sql = sqlite3_mprintf(
			"DROP TABLE IF EXISTS w; CREATE TABLE w (id INTEGER PRIMARY KEY, "
			"v %s); INSERT INTO w SELECT id, %s FROM t",
			wanted->declared, c->sql);
		if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
			diff_die(c->sql, sqlite3_errmsg(db));
		sqlite3_free(sql);
		sql = sqlite3_mprintf("SELECT id, quote(v) FROM w ORDER BY id");
	}
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		diff_die(c->sql, sqlite3_errmsg(db));
	while (sqlite3_step(stmt) == SQLITE_ROW)
	{
		const char *text = (const char *) sqlite3_column_text(stmt, 1);

		sqlite3_str_appendf(values, "%s(%d, %s)",
							sqlite3_str_length(values) > 0 ? ", " : "",
							sqlite3_column_int(stmt, 0),
							wanted == NULL
								? text
								: diff_literal(arena, text, &wanted->column));
	}
	sqlite3_finalize(stmt);
	sqlite3_free(sql);
	return sqlite3_str_finish(values);
}

/* false: not translated (in which case only "must" says so). */
static bool
diff_case(LiteArena *arena, sqlite3 *db, const LiteExprScope *scope,
		  const DiffCase *c, int n, bool must)
{
	const DiffColumn *wanted = c->wanted ? diff_find(c->wanted) : NULL;
	const LiteExpr *expr;
	LiteTranslation out;
	LiteError err;
	char type[64];
	char *expected;
	char *name = sqlite3_mprintf("%q", c->sql);

	for (char *s = name; *s != '\0'; s++)
		if (*s == '\\' || *s == '#')
			*s = ' ';
	lite_error_clear(&err);
	if (lite_expr_parse(arena, c->sql, &expr, &err) != LITE_OK ||
		lite_expr_translate(arena, expr, scope,
							wanted ? LITE_EXPR_FOR_GENERATED
								   : LITE_EXPR_FOR_PREDICATE,
							wanted ? &wanted->column : NULL, &out,
							&err) != LITE_OK)
	{
		if (!must)
		{
			sqlite3_free(name);
			return false;
		}
		printf("SELECT 'not ok %d - %s: is translated';\n", n + 1, name);
		printf("SELECT '# ' || $reason$%s$reason$;\n", err.detail);
		sqlite3_free(name);
		return true;
	}
	/* what is said to differ may */
	for (int i = 0; i < out.nnotes && !must; i++)
		if (strncmp(out.notes[i], "Integers are compared with reals", 32) == 0)
		{
			sqlite3_free(name);
			return false;
		}
	expected = diff_expected(arena, db, c, wanted);
	lite_type_format(wanted ? wanted->column.type
							: (LiteColumnType){LITE_TYPE_BOOL, 0, 0,
											   LITE_FORMAT_NATIVE},
					 type, sizeof(type));
	printf(
		"SELECT CASE WHEN bool_and(got IS NOT DISTINCT FROM want) THEN 'ok' "
		"ELSE 'not ok' END || ' %d - %s', string_agg(format("
		"E'\\n# row %%s: got %%s, SQLite has %%s', id, got, want), '') "
		"FILTER (WHERE got IS DISTINCT FROM want) FROM (SELECT id, "
		"(%s)::%s AS got, want::%s AS want FROM t JOIN (VALUES %s) AS "
		"w (w_id, want) ON w_id = id) AS x;\n",
		n + 1, name, out.sql, type, type, expected);
	sqlite3_free(expected);
	sqlite3_free(name);
	return true;
}

static uint64_t diff_state = 88172645463325252ULL;

static unsigned
diff_random(unsigned n)
{
	diff_state ^= diff_state << 13;
	diff_state ^= diff_state >> 7;
	diff_state ^= diff_state << 17;
	return (unsigned) (diff_state % n);
}

#define DIFF_PICK(list)                                                       \
	((list)[diff_random((unsigned) (sizeof(list) / sizeof((list)[0])))])

static void diff_number(sqlite3_str *str, int depth);
static void diff_text(sqlite3_str *str, int depth);
static void diff_condition(sqlite3_str *str, int depth);

static void
diff_call(sqlite3_str *str, const char *form, int depth)
{
	for (; *form != '\0'; form++)
		switch (*form)
		{
			case 'N':
				diff_number(str, depth - 1);
				break;
			case 'T':
				diff_text(str, depth - 1);
				break;
			case 'C':
				diff_condition(str, depth - 1);
				break;
			default:
				sqlite3_str_appendchar(str, 1, *form);
				break;
		}
}

static void
diff_number(sqlite3_str *str, int depth)
{
	static const char *const leaves[] = {"qty",		"big",	"price", "score",
										 "is_done", "flag", "id",	 "0",
										 "1",		"2",	"-3",	 "2.5",
										 "0.1",		"NULL", "100",	 "qty",
										 "'5'",		"ts",	"TRUE",	 "10"};
	static const char *const forms[] = {
		"(N + N)",
		"(N - N)",
		"(N * N)",
		"(N / N)",
		"(N % N)",
		"(- N)",
		"(N & N)",
		"(N | N)",
		"(~ N)",
		"(N << 2)",
		"(N >> 1)",
		"abs(N)",
		"length(T)",
		"instr(T, T)",
		"coalesce(N, N)",
		"ifnull(N, N)",
		"max(N, N)",
		"min(N, N)",
		"nullif(N, N)",
		"iif(C, N, N)",
		"(CASE WHEN C THEN N ELSE N END)",
		"(CASE N WHEN N THEN N END)",
		"round(N)",
		"cast(N as integer)",
		"cast(T as integer)",
		"cast(N as real)",
		"json_array_length(tags)",
		"unixepoch(created)",
		"(+ N)",
		"(C)",
		"(C + C)",
		"cast(strftime('%d', created, '+1 month') as integer)"};

	if (depth <= 0 || diff_random(4) == 0)
		sqlite3_str_appendall(str, DIFF_PICK(leaves));
	else
		diff_call(str, DIFF_PICK(forms), depth);
}

static void
diff_text(sqlite3_str *str, int depth)
{
	static const char *const leaves[] = {"name",		 "email",	"'abc'",
										 "''",			 "'a'",		"'ABC'",
										 "'12'",		 "NULL",	"name",
										 "email",		 "created", "day",
										 "'2024-01-31'", "uid",		"'b '",
										 "data",		 "tags"};
	static const char *const forms[] = {"(T || T)",
										"lower(T)",
										"upper(T)",
										"trim(T)",
										"substr(T, N)",
										"substr(T, 2)",
										"substr(T, -2, 1)",
										"replace(T, 'b', T)",
										"coalesce(T, T)",
										"iif(C, T, T)",
										"(CASE WHEN C THEN T ELSE T END)",
										"cast(N as text)",
										"(T COLLATE NOCASE)",
										"(T COLLATE BINARY)",
										"typeof(N)",
										"typeof(T)",
										"date(created)",
										"min(T, T)",
										"max(T, T)",
										"nullif(T, T)",
										"rtrim(T, 'c')",
										"printf('%s.%d', T, N)",
										"(N || T)"};

	if (depth <= 0 || diff_random(4) == 0)
		sqlite3_str_appendall(str, DIFF_PICK(leaves));
	else
		diff_call(str, DIFF_PICK(forms), depth);
}

static void
diff_condition(sqlite3_str *str, int depth)
{
	static const char *const leaves[] = {"is_done", "flag",			"qty",
										 "NULL",	"name IS NULL", "1",
										 "score"};
	static const char *const forms[] = {"(N = N)",
										"(N <> N)",
										"(N < N)",
										"(N >= N)",
										"(N IS N)",
										"(N IS NOT N)",
										"(N IN (N, N))",
										"(N NOT IN (N, N))",
										"(N BETWEEN N AND N)",
										"(T = T)",
										"(T <> T)",
										"(T < T)",
										"(T >= T)",
										"(T IS T)",
										"(T IN (T, T))",
										"(T NOT IN (T, T))",
										"(T BETWEEN T AND T)",
										"(T LIKE 'a%')",
										"(T LIKE '%B_')",
										"(T NOT LIKE '_%c')",
										"(T GLOB 'a*')",
										"(T GLOB '*[a-c]')",
										"(N = T)",
										"(T > N)",
										"(T = N)",
										"(C AND C)",
										"(C OR C)",
										"(NOT C)",
										"(C = C)",
										"(C IS TRUE)",
										"(C IS NOT FALSE)",
										"(N IS NULL)",
										"(T NOTNULL)",
										"(C = 1)",
										"(C <> 0)",
										"(C IN (0, 1))",
										"(N)",
										"(CASE WHEN C THEN C ELSE C END)",
										"(C > N)",
										"(C BETWEEN 0 AND 1)",
										"(json_extract(tags, '$.a') = T)",
										"(json_extract(tags, '$.t') = N)",
										"(tags ->> 'n' IN (N, N))",
										"(created < T)",
										"(updated >= created)",
										"(day > T)"};

	if (depth <= 0)
		sqlite3_str_appendall(str, DIFF_PICK(leaves));
	else
		diff_call(str, DIFF_PICK(forms), depth);
}

static int
diff_random_cases(LiteArena *arena, sqlite3 *db, const LiteExprScope *scope,
				  int count)
{
	int done = 0;

	for (int tries = 0; done < count && tries < count * 50; tries++)
	{
		sqlite3_str *str = sqlite3_str_new(NULL);
		DiffCase c = {NULL, NULL};
		sqlite3_stmt *stmt;
		char *sql;

		diff_condition(str, 1 + (int) diff_random(4));
		c.sql = lite_arena_finish(arena, str);
		sql = sqlite3_mprintf("SELECT %s FROM t", c.sql);
		if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
			diff_case(arena, db, scope, &c, done, false))
			done++;
		sqlite3_finalize(stmt);
		sqlite3_free(sql);
	}
	return done;
}

/* ------------------------------------------------------------------------
 * Views, over t and a second table u
 * ------------------------------------------------------------------------ */

static const char *const diff_views[] = {
	"CREATE VIEW v AS SELECT * FROM t",
	"CREATE VIEW v AS SELECT id, name, is_done FROM t WHERE is_done = 0",
	"CREATE VIEW v (a, b) AS SELECT qty + 1, upper(name) FROM t",
	"CREATE VIEW v AS SELECT t.id, u.label FROM t JOIN u ON u.t_id = t.id",
	"CREATE VIEW v AS SELECT t.id, u.label FROM t LEFT JOIN u ON u.t_id = "
	"t.id AND u.label <> 'b' WHERE t.qty > 0 OR u.label IS NULL",
	"CREATE VIEW v AS SELECT t.id, x.label, y.label AS other FROM t, u AS x "
	"JOIN u y ON y.t_id = x.t_id WHERE x.t_id = t.id",
	"CREATE VIEW v AS SELECT t.*, u.label FROM t CROSS JOIN u WHERE u.u_id < "
	"3",
	"CREATE VIEW v AS SELECT * FROM u JOIN u AS \"Other\" USING (u_id)",
	"CREATE VIEW v AS SELECT u_id, x.label FROM u LEFT JOIN u x USING (u_id, "
	"t_id)",
	/* the last digits of a sum of doubles depend on how they are added: SQLite
	 * compensates for what is rounded off from 3.43 on, PostgreSQL does not */
	"CREATE VIEW v AS SELECT count(*), count(name), sum(qty), avg(qty), "
	"min(name), max(created), CAST(total(score) * 100 AS INTEGER) FROM t",
	"CREATE VIEW v AS SELECT is_done, count(*) AS n, max(qty) AS most FROM t "
	"GROUP BY is_done HAVING count(*) > 3",
	"CREATE VIEW v AS SELECT qty % 3 AS k, sum(big), avg(score * 0 + qty), "
	"count(DISTINCT name) FROM t GROUP BY k",
	"CREATE VIEW v AS SELECT label, count(*) FROM u GROUP BY 1 ORDER BY 2 "
	"DESC",
	"CREATE VIEW v AS SELECT DISTINCT label FROM u ORDER BY label",
	"CREATE VIEW v AS SELECT id, name FROM t ORDER BY name, id DESC LIMIT 7 "
	"OFFSET 2",
	"CREATE VIEW v AS SELECT id FROM t ORDER BY qty DESC, id LIMIT 3, 9",
	"CREATE VIEW v AS SELECT id, email FROM t ORDER BY email DESC, id LIMIT 9",
	"CREATE VIEW v AS SELECT id, CASE WHEN qty > 3 THEN 'many' ELSE 'few' END "
	"AS how, date(created) AS d FROM t WHERE created IS NOT NULL",
	"CREATE VIEW v AS SELECT strftime('%Y-%m', created) AS month, count(*) AS "
	"n, sum(is_done) AS done FROM t GROUP BY month",
	"CREATE VIEW v AS SELECT id, json_extract(tags, '$.n') AS n FROM t WHERE "
	"json_extract(tags, '$.n') IS NOT NULL",
	"CREATE VIEW v AS SELECT u.label, t.name FROM u INNER JOIN t ON t.email = "
	"u.label",
	"CREATE VIEW v AS SELECT NULL AS none, 1 AS one, 'x' AS text, 2.5",
	"CREATE VIEW v AS SELECT id, name FROM t WHERE qty > 3 UNION ALL SELECT "
	"u_id, label FROM u",
	"CREATE VIEW v AS SELECT label, NULL AS n, 'u' FROM u UNION SELECT name, "
	"qty, 't' FROM t ORDER BY 1",
	"CREATE VIEW v AS SELECT name FROM t EXCEPT SELECT label FROM u",
	"CREATE VIEW v AS SELECT t_id FROM u INTERSECT SELECT id FROM t",
	"CREATE VIEW v AS SELECT NULL, NULL UNION ALL SELECT NULL, 5 UNION ALL "
	"SELECT created, qty FROM t",
	"CREATE VIEW v AS SELECT avg(price) > 5 AS dear, min(flag) FROM t",
};

#define NDIFF_VIEWS ((int) (sizeof(diff_views) / sizeof(diff_views[0])))

static const LiteExprColumn diff_u[] = {
	{"u_id",
	 "u_id",
	 {LITE_TYPE_INT8, 0, 0, LITE_FORMAT_NATIVE},
	 LITE_AFFINITY_INTEGER,
	 NULL,
	 true,
	 false,
	 false},
	{"t_id",
	 "t_id",
	 {LITE_TYPE_INT8, 0, 0, LITE_FORMAT_NATIVE},
	 LITE_AFFINITY_INTEGER,
	 NULL,
	 false,
	 false,
	 false},
	{"label",
	 "label",
	 {LITE_TYPE_TEXT, 0, 0, LITE_FORMAT_NATIVE},
	 LITE_AFFINITY_TEXT,
	 NULL,
	 false,
	 false,
	 false},
};

static void
diff_second_table(sqlite3 *db)
{
	static const char *const labels[] = {"'a'",	  "'b'", "NULL",
										 "'ABC'", "'a'", "'foo@bar.com'",
										 "'Z'"};

	printf("CREATE TEMP TABLE u (u_id bigint, t_id bigint, label text);\n");
	sqlite3_exec(db,
				 "CREATE TABLE u (u_id INTEGER PRIMARY KEY, t_id INTEGER, "
				 "label TEXT)",
				 NULL, NULL, NULL);
	for (int i = 1; i <= 20; i++)
	{
		char *sql = sqlite3_mprintf("INSERT INTO u VALUES (%d, %s, %s)", i,
									i % 6 == 0	 ? "NULL"
									: i % 2 == 0 ? "5"
									: i % 3 == 0 ? "1000"
												 : "12",
									labels[i % 7]);

		printf("%s;\n", sql);
		sqlite3_exec(db, sql, NULL, NULL, NULL);
		sqlite3_free(sql);
	}
}

/* The rows that SQLite's view has, as VALUES of the translated types. */
static char *
diff_view_rows(LiteArena *arena, sqlite3 *db, const LiteView *view)
{
	sqlite3_str *values = sqlite3_str_new(NULL);
	sqlite3_stmt *stmt;

	if (sqlite3_prepare_v2(db, "SELECT * FROM v", -1, &stmt, NULL) !=
		SQLITE_OK)
		diff_die("SELECT * FROM v", sqlite3_errmsg(db));
	if (sqlite3_column_count(stmt) != view->ncolumns)
		diff_die("columns of v", "their number");
	while (sqlite3_step(stmt) == SQLITE_ROW)
	{
		sqlite3_str_appendall(values,
							  sqlite3_str_length(values) > 0 ? ", (" : "(");
		for (int i = 0; i < view->ncolumns; i++)
		{
			LiteExprColumn column = view->columns[i];
			sqlite3_value *value = sqlite3_column_value(stmt, i);
			char *text;
			char type[64];
			sqlite3_stmt *quote;

			sqlite3_prepare_v2(db, "SELECT quote(?)", -1, &quote, NULL);
			sqlite3_bind_value(quote, 1, value);
			sqlite3_step(quote);
			text = sqlite3_mprintf("%s", sqlite3_column_text(quote, 0));
			sqlite3_finalize(quote);
			/* what was taken out of JSON is given as text */
			if (column.type.type == LITE_TYPE_TEXT)
				column.affinity = LITE_AFFINITY_TEXT;
			sqlite3_str_appendf(values, "%sCAST(%s AS %s)", i > 0 ? ", " : "",
								diff_literal(arena, text, &column),
								lite_type_format(column.type, type,
												 sizeof(type)));
			sqlite3_free(text);
		}
		sqlite3_str_appendchar(values, 1, ')');
	}
	sqlite3_finalize(stmt);
	return sqlite3_str_finish(values);
}

static void
diff_view(LiteArena *arena, sqlite3 *db, const LiteViewSource *sources, int n)
{
	const char *sql = diff_views[n - NDIFF_CASES];
	LiteView view;
	LiteError err;
	char *rows;

	lite_error_clear(&err);
	if (lite_view_translate(arena, sql, sources, 2, &view, &err) != LITE_OK)
	{
		char *name = sqlite3_mprintf("%q", sql);

		printf("SELECT 'not ok %d - %s: is translated';\n"
			   "SELECT '# ' || $reason$%s$reason$;\n",
			   n + 1, name, err.detail);
		sqlite3_free(name);
		return;
	}
	sqlite3_exec(db, "DROP VIEW IF EXISTS v", NULL, NULL, NULL);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		diff_die(sql, sqlite3_errmsg(db));
	rows = diff_view_rows(arena, db, &view);
	printf("CREATE TEMP VIEW v (");
	for (int i = 0; i < view.ncolumns; i++)
		printf("%sc%d", i > 0 ? ", " : "", i);
	printf(") AS SELECT %s", view.distinct ? "DISTINCT " : "");
	for (int i = 0; i < view.ncolumns; i++)
		printf("%s%s", i > 0 ? ", " : "", view.sql[i]);
	sql = sqlite3_mprintf("%q", sql);
	printf(" %s;\n"
		   "WITH w AS (VALUES %s), a AS (TABLE v EXCEPT ALL TABLE w), b AS "
		   "(TABLE w EXCEPT ALL TABLE v) SELECT CASE WHEN EXISTS (TABLE a) OR "
		   "EXISTS (TABLE b) THEN 'not ok' ELSE 'ok' END || ' %d - %s', "
		   "(SELECT string_agg(E'\\n# got ' || a::text, '') FROM a) || "
		   "(SELECT string_agg(E'\\n# SQLite has ' || b::text, '') FROM b);\n"
		   "DROP VIEW v;\n",
		   view.body, rows, n + 1, sql);
	sqlite3_free((void *) sql);
	sqlite3_free(rows);
}

static void
diff_all_views(LiteArena *arena, sqlite3 *db, const LiteExprColumn *columns)
{
	const LiteViewSource sources[2] = {{"t", "t", NDIFF_COLUMNS, columns},
									   {"u", "pg_temp.u", 3, diff_u}};

	diff_second_table(db);
	for (int n = 0; n < NDIFF_VIEWS; n++)
		diff_view(arena, db, sources, NDIFF_CASES + n);
}

/* seed 0: the list; else count random conditions */
static int
diff_script(uint64_t seed, int count)
{
	LiteArena *arena = lite_arena_create(0);
	LiteExprColumn *columns =
		lite_arena_newarray(arena, LiteExprColumn, NDIFF_COLUMNS);
	LiteExprScope scope = {.table = "t",
						   .ncolumns = NDIFF_COLUMNS,
						   .columns = columns};
	sqlite3 *db;

	for (int i = 0; i < NDIFF_COLUMNS; i++)
		columns[i] = diff_columns[i].column;
	if (sqlite3_open(":memory:", &db) != SQLITE_OK)
		diff_die("sqlite3_open", sqlite3_errmsg(db));
	printf("SET client_min_messages = error;\n");
	diff_table(arena, db);
	if (seed != 0)
	{
		diff_state ^= seed * 0x9e3779b97f4a7c15ULL;
		count = diff_random_cases(arena, db, &scope, count);
	}
	else
		for (count = 0; count < NDIFF_CASES; count++)
			diff_case(arena, db, &scope, &diff_cases[count], count, true);
	if (seed == 0)
	{
		diff_all_views(arena, db, columns);
		count += NDIFF_VIEWS;
	}
	printf("SELECT '1..%d';\n", count);
	sqlite3_close(db);
	lite_arena_free(arena);
	return 0;
}

#endif /* EXPR_DIFF_H */
