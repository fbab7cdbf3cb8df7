/*
 * expr_test.c
 *	  SQLite expressions: parsed, translated, refused; and hostile ones.
 *
 * The texts here are exact, so that a change of what reaches PostgreSQL is
 * seen.  That they mean the same is another test's to show: see expr_diff.h,
 * whose script this program prints when called with --sql.
 */
#include "core/translate.h"
#include "core/token.h"

#include <stdlib.h>

#include "tap.h"
#include "expr_diff.h"

#define TYPE(t)                                                               \
	{                                                                         \
		t, 0, 0, LITE_FORMAT_NATIVE                                           \
	}

/* name, target, type, affinity, collation, not_null, generated, mixed */
static const LiteExprColumn columns[] = {
	{"id", "id", TYPE(LITE_TYPE_INT8), LITE_AFFINITY_INTEGER, NULL, true,
	 false, false},
	{"name", "name", TYPE(LITE_TYPE_TEXT), LITE_AFFINITY_TEXT, NULL, false,
	 false, false},
	{"email", "email", TYPE(LITE_TYPE_TEXT), LITE_AFFINITY_TEXT, "NOCASE",
	 false, false, false},
	{"is_done", "is_done", TYPE(LITE_TYPE_BOOL), LITE_AFFINITY_INTEGER, NULL,
	 false, false, false},
	{"words",
	 "words",
	 {LITE_TYPE_BOOL, 0, 0, LITE_FORMAT_AUTO},
	 LITE_AFFINITY_NUMERIC,
	 NULL,
	 false,
	 false,
	 false},
	{"deleted", "deleted", TYPE(LITE_TYPE_INT8), LITE_AFFINITY_INTEGER, NULL,
	 false, false, false},
	{"price",
	 "price",
	 {LITE_TYPE_NUMERIC, 10, 2, LITE_FORMAT_NATIVE},
	 LITE_AFFINITY_NUMERIC,
	 NULL,
	 false,
	 false,
	 false},
	{"qty", "qty", TYPE(LITE_TYPE_INT4), LITE_AFFINITY_INTEGER, NULL, false,
	 false, false},
	{"score", "score", TYPE(LITE_TYPE_FLOAT8), LITE_AFFINITY_REAL, NULL, false,
	 false, false},
	{"created", "Created \"At\"", TYPE(LITE_TYPE_TIMESTAMPTZ),
	 LITE_AFFINITY_TEXT, NULL, false, false, false},
	{"updated", "updated", TYPE(LITE_TYPE_TIMESTAMPTZ), LITE_AFFINITY_TEXT,
	 NULL, false, false, false},
	{"day", "day", TYPE(LITE_TYPE_DATE), LITE_AFFINITY_TEXT, NULL, false,
	 false, false},
	{"at_time", "at_time", TYPE(LITE_TYPE_TIME), LITE_AFFINITY_TEXT, NULL,
	 false, false, false},
	{"ts",
	 "ts",
	 {LITE_TYPE_TIMESTAMPTZ, 0, 0, LITE_FORMAT_UNIX_S},
	 LITE_AFFINITY_INTEGER,
	 NULL,
	 false,
	 false,
	 false},
	{"ms",
	 "ms",
	 {LITE_TYPE_TIMESTAMPTZ, 0, 0, LITE_FORMAT_UNIX_MS},
	 LITE_AFFINITY_INTEGER,
	 NULL,
	 false,
	 false,
	 false},
	{"tags", "tags", TYPE(LITE_TYPE_JSONB), LITE_AFFINITY_TEXT, NULL, true,
	 false, false},
	{"uid", "uid", TYPE(LITE_TYPE_UUID), LITE_AFFINITY_TEXT, NULL, true, false,
	 false},
	{"data", "data", TYPE(LITE_TYPE_BYTEA), LITE_AFFINITY_BLOB, NULL, false,
	 false, false},
	{"mix", "mix", TYPE(LITE_TYPE_TEXT), LITE_AFFINITY_INTEGER, NULL, false,
	 false, true},
	{"gen", "gen", TYPE(LITE_TYPE_TEXT), LITE_AFFINITY_TEXT, NULL, false, true,
	 false},
	{"numtext", "numtext", TYPE(LITE_TYPE_INT8), LITE_AFFINITY_TEXT, NULL,
	 false, false, false},
	{"select", "select", TYPE(LITE_TYPE_INT8), LITE_AFFINITY_INTEGER, NULL,
	 false, false, false},
	{"x\"; DROP TABLE t; --", "x\"; DROP TABLE t; --", TYPE(LITE_TYPE_INT8),
	 LITE_AFFINITY_INTEGER, NULL, false, false, false},
};

#undef TYPE

#define NCOLUMNS ((int) (sizeof(columns) / sizeof(columns[0])))

static const LiteExprScope scope = {.table = "t",
									.ncolumns = NCOLUMNS,
									.columns = columns};

static const LiteExprColumn *
column_named(const char *name)
{
	for (int i = 0; i < NCOLUMNS; i++)
		if (strcmp(columns[i].name, name) == 0)
			return &columns[i];
	return NULL;
}

/*
 * purpose: d(efault), c(heck), g(enerated), p(redicate), i(ndex), u(nique
 * index), v(iew).  result: the translation; after "!" part of the reason why
 * there is none; "-" before it: trivial, to be left out.
 */
typedef struct Case
{
	char purpose;
	const char *wanted;
	const char *sql;
	const char *result;
} Case;

static const Case cases[] = {
	{'d', "id", "1", "1"},
	{'d', "id", "'1'", "1"},
	{'d', "id", "'abc'", "!The value \"abc\" does not fit type bigint."},
	{'d', "id", "-1", "-1"},
	{'d', "id", "1+2", "3"},
	{'d', "id", "(1+2)*3", "9"},
	{'d', "id", "TRUE", "1"},
	{'d', "id", "NULL", "-NULL"},
	{'d', "id", "0x10", "16"},
	{'d', "id", "1.0", "1"},
	{'d', "id", "1.5", "!The value \"1.5\" does not fit type bigint."},
	{'d', "id", "-9223372036854775808", "'-9223372036854775808'::bigint"},
	{'d', "id", "9223372036854775808",
	 "!The value \"9.22337203685478e+18\" does not fit type bigint."},
	{'d', "name", "'it''s'", "'it''s'"},
	{'d', "name", "\"x\"", "'x'"},
	{'d', "name", "x", "'x'"},
	{'d', "name", "'a\\b'", "E'a\\\\b'"},
	{'d', "name", "CURRENT_TIMESTAMP",
	 "to_char((now() AT TIME ZONE 'UTC'), 'YYYY-MM-DD HH24:MI:SS')"},
	{'d', "name", "datetime('now')",
	 "to_char((now() AT TIME ZONE 'UTC'), 'YYYY-MM-DD HH24:MI:SS')"},
	{'d', "name", "5", "'5'"},
	{'d', "name", "1.5", "'1.5'"},
	{'d', "name", "strftime('%Y-%m-%dT%H:%M:%fZ','now')",
	 "to_char((now() AT TIME ZONE 'UTC'), "
	 "'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"},
	{'d', "name", "lower(hex(randomblob(16)))",
	 "encode(substr(sha256(uuid_send(gen_random_uuid()) || "
	 "uuid_send(gen_random_uuid())), 1, 16), 'hex')"},
	{'d', "name", "hex(randomblob(8))",
	 "upper(encode(substr(sha256(uuid_send(gen_random_uuid()) || "
	 "uuid_send(gen_random_uuid())), 1, 8), 'hex'))"},
	{'d', "name", "printf('%05d', 7)",
	 "!printf() has a part in its format that is not translated for its "
	 "argument."},
	{'d', "name", "''", "''"},
	{'d', "tags", "'[]'", "'[]'::jsonb"},
	{'d', "tags", "'{}'", "'{}'::jsonb"},
	{'d', "tags", "''", "!The value \"\" does not fit type jsonb."},
	{'d', "tags", "json_array()", "'[]'::jsonb"},
	{'d', "tags", "json_object('a',1,'b',NULL)",
	 "'{\"a\":1,\"b\":null}'::jsonb"},
	{'d', "tags", "json('{\"a\": 1}')", "('{\"a\": 1}'::jsonb)::jsonb"},
	{'d', "is_done", "0", "false"},
	{'d', "is_done", "TRUE", "true"},
	{'d', "is_done", "'1'", "true"},
	{'d', "is_done", "2", "!The value \"2\" does not fit type boolean."},
	{'d', "created", "CURRENT_TIMESTAMP", "now()"},
	{'d', "created", "datetime('now')", "now()"},
	{'d', "created", "datetime('now','localtime')",
	 "!The modifier 'localtime' depends on the time zone of the machine."},
	{'d', "created", "datetime('now','+7 days')",
	 "(((now() AT TIME ZONE 'UTC') + interval '7 days') AT TIME ZONE 'UTC')"},
	{'d', "created", "datetime('now','+1 month')",
	 "((date_trunc('month', (now() AT TIME ZONE 'UTC')) + interval '1 month' "
	 "+ ((now() AT TIME ZONE 'UTC') - date_trunc('month', (now() AT TIME ZONE "
	 "'UTC')))) AT TIME ZONE 'UTC')"},
	{'d', "created", "date('now')",
	 "(date_trunc('day', (now() AT TIME ZONE 'UTC')) AT TIME ZONE 'UTC')"},
	{'d', "created", "'2024-01-01 10:00:00'",
	 "'2024-01-01 10:00:00+00'::timestamptz"},
	{'d', "created", "'2024-01-01'", "'2024-01-01 00:00:00+00'::timestamptz"},
	{'d', "created", "unixepoch()", "now()"},
	{'d', "created", "strftime('%s','now')", "now()"},
	{'d', "created", "0",
	 "!The value \"0\" does not fit type timestamp with time zone."},
	{'d', "day", "CURRENT_DATE", "(now() AT TIME ZONE 'UTC')::date"},
	{'d', "day", "date('now','start of month')",
	 "date_trunc('month', (now() AT TIME ZONE 'UTC'))::date"},
	{'d', "day", "CURRENT_TIMESTAMP", "(now() AT TIME ZONE 'UTC')::date"},
	{'d', "ts", "unixepoch()", "now()"},
	{'d', "ts", "strftime('%s','now')", "now()"},
	{'d', "ts", "CAST(strftime('%s','now') AS INTEGER)", "now()"},
	{'d', "ts", "0", "'1970-01-01 00:00:00+00'::timestamptz"},
	{'d', "ts", "unixepoch() + 3600",
	 "to_timestamp((floor(extract(epoch from now()))::bigint + 3600))"},
	{'d', "id", "unixepoch()", "floor(extract(epoch from now()))::bigint"},
	{'d', "id", "strftime('%s','now')",
	 "floor(extract(epoch from now()))::bigint"},
	{'d', "id", "strftime('%s','now')*1000",
	 "(floor(extract(epoch from now()))::bigint * 1000)"},
	{'d', "id", "CAST((julianday('now') - 2440587.5)*86400000 AS INTEGER)",
	 "trunc((((extract(epoch from now()) / 86400.0 + 2440587.5)::double "
	 "precision - '2440587.5'::double precision) * 86400000::double "
	 "precision))::bigint"},
	{'d', "id", "CURRENT_TIMESTAMP",
	 "!Its value, of type text, is not certain to fit type bigint."},
	{'d', "score", "unixepoch()",
	 "(floor(extract(epoch from now()))::bigint)::double precision"},
	{'d', "score", "unixepoch('subsec')",
	 "extract(epoch from now())::double precision"},
	{'d', "score", "julianday('now')",
	 "(extract(epoch from now()) / 86400.0 + 2440587.5)::double precision"},
	{'d', "score", "(julianday('now') - 2440587.5)*86400.0",
	 "(((extract(epoch from now()) / 86400.0 + 2440587.5)::double precision - "
	 "'2440587.5'::double precision) * '86400'::double precision)"},
	{'d', "score", "1", "1"},
	{'d', "score", "'1.5'", "1.5"},
	{'d', "price", "0.10", "0.1"},
	{'d', "price", "9.99", "9.99"},
	{'d', "price", "'0'", "0"},
	{'d', "data", "X'00ff'", "E'\\\\x00ff'::bytea"},
	{'d', "data", "randomblob(16)",
	 "substr(sha256(uuid_send(gen_random_uuid()) || "
	 "uuid_send(gen_random_uuid())), 1, 16)"},
	{'d', "data", "zeroblob(4)",
	 "!The function zeroblob() is not translated."},
	{'d', "uid",
	 "lower(hex(randomblob(4))) || '-' || lower(hex(randomblob(2))) || '-4' "
	 "|| substr(lower(hex(randomblob(2))),2) || '-' || "
	 "substr('89ab',abs(random()) % 4 + 1, 1) || "
	 "substr(lower(hex(randomblob(2))),2) || '-' || lower(hex(randomblob(6)))",
	 "gen_random_uuid()"},
	{'d', "name",
	 "lower(hex(randomblob(4))) || '-' || substr('89ab',abs(random()) % 4 + "
	 "1, 1)",
	 "((encode(substr(sha256(uuid_send(gen_random_uuid()) || "
	 "uuid_send(gen_random_uuid())), 1, 4), 'hex') || '-') || substr('89ab', "
	 "((abs(((floor(random() * 4294967296)::bigint << 32) | floor(random() * "
	 "4294967296)::bigint)) % 4) + 1)::integer, 1))"},
	{'d', "id", "random()",
	 "((floor(random() * 4294967296)::bigint << 32) | floor(random() * "
	 "4294967296)::bigint)"},
	{'d', "id", "abs(random() % 100)",
	 "abs((((floor(random() * 4294967296)::bigint << 32) | floor(random() * "
	 "4294967296)::bigint) % 100))"},
	{'d', "id", "id+1", "!There is no column \"id\"."},
	{'d', "id", "(select 1)",
	 "!It has a subselect in it, which is not translated."},
	{'d', "name", "'a' || 'b'", "'ab'"},
	{'d', "name", "strftime('%Y','now')",
	 "to_char((now() AT TIME ZONE 'UTC'), 'YYYY')"},
	{'c', NULL, "is_done IN (0,1)", "-(is_done IN (false, true))"},
	{'c', NULL, "is_done = 0 OR is_done = 1", "-((NOT is_done) OR is_done)"},
	{'c', NULL, "is_done IN (0,1) AND qty > 0",
	 "((is_done IN (false, true)) AND (qty > 0))"},
	{'c', NULL, "qty > 0", "(qty > 0)"},
	{'c', NULL, "qty >= 0 AND qty <= 100", "((qty >= 0) AND (qty <= 100))"},
	{'c', NULL, "qty BETWEEN 1 AND 5", "((qty >= 1) AND (qty <= 5))"},
	{'c', NULL, "length(name) > 0", "(char_length(name) > 0)"},
	{'c', NULL, "length(trim(name)) > 0",
	 "(char_length(btrim(name, ' ')) > 0)"},
	{'c', NULL, "name <> ''", "(name <> '')"},
	{'c', NULL, "name IN ('a','b','c')", "(name IN ('a', 'b', 'c'))"},
	{'c', NULL, "name IN ('a')", "(name IN ('a'))"},
	{'c', NULL, "name NOT IN ('a','b')", "(NOT (name IN ('a', 'b')))"},
	{'c', NULL, "name LIKE '%@%'", "(name LIKE '%@%')"},
	{'c', NULL, "name LIKE 'abc%'", "(lower(name COLLATE \"C\") LIKE 'abc%')"},
	{'c', NULL, "name NOT LIKE 'a\\_b'",
	 "(NOT (lower(name COLLATE \"C\") LIKE E'a\\\\\\\\_b'))"},
	{'c', NULL, "name LIKE '10\\%%' ESCAPE '\\'", "(name LIKE E'10\\\\%%')"},
	{'c', NULL, "name GLOB '[0-9]*'", "(name ~ '^[0-9].*$')"},
	{'c', NULL, "name GLOB '*.txt'", "(name LIKE '%.txt')"},
	{'c', NULL, "name NOT GLOB '*[^0-9a-f]*'",
	 "(NOT (name ~ '^.*[^0-9a-f].*$'))"},
	{'c', NULL, "name GLOB '[]x]*'", "(name ~ E'^[\\\\]x].*$')"},
	{'c', NULL, "email = 'Foo@Bar'",
	 "(lower(email COLLATE \"C\") = 'foo@bar')"},
	{'c', NULL, "email IN ('A','b')",
	 "(lower(email COLLATE \"C\") IN ('a', 'b'))"},
	{'c', NULL, "email < 'x'", "(lower(email COLLATE \"C\") < 'x')"},
	{'c', NULL, "name < 'x'", "(name COLLATE \"C\" < 'x')"},
	{'c', NULL, "name = 5", "(name = '5')"},
	{'c', NULL, "name > 5", "(name COLLATE \"C\" > '5')"},
	{'c', NULL, "name = 1.5", "(name = '1.5')"},
	{'c', NULL, "qty = '5'", "(qty = 5)"},
	{'c', NULL, "qty = 'abc'", "nullif(qty IS NULL, true)"},
	{'c', NULL, "qty <> ''", "-nullif(qty IS NOT NULL, false)"},
	{'c', NULL, "typeof(qty) = 'integer'",
	 "((CASE WHEN qty IS NULL THEN 'null' ELSE 'integer' END) = 'integer')"},
	{'c', NULL, "typeof(id) = 'integer'", "-true"},
	{'c', NULL, "typeof(price) = 'integer'",
	 "!typeof() has an argument of a type that it is not translated for."},
	{'c', NULL, "typeof(qty) IN ('integer','null')",
	 "((CASE WHEN qty IS NULL THEN 'null' ELSE 'integer' END) IN ('integer', "
	 "'null'))"},
	{'c', NULL, "json_valid(tags)", "-true"},
	{'c', NULL, "json_valid(name)",
	 "!json_valid() of a column that has not become jsonb is not translated."},
	{'c', NULL, "json_type(tags) = 'array'", "(jsonb_typeof(tags) = 'array')"},
	{'c', NULL, "json_array_length(tags) > 0",
	 "((CASE jsonb_typeof(tags) WHEN 'array' THEN jsonb_array_length(tags) "
	 "ELSE nullif(tags IS NULL, true)::integer END) > 0)"},
	{'c', NULL, "tags <> ''", "-true"},
	{'c', NULL, "tags = '[]'", "(tags = '[]'::jsonb)"},
	{'c', NULL, "created > updated", "(\"Created \"\"At\"\"\" > updated)"},
	{'c', NULL, "updated >= created", "(updated >= \"Created \"\"At\"\"\")"},
	{'c', NULL, "created > '2020-01-01'",
	 "(\"Created \"\"At\"\"\" >= '2020-01-01 00:00:00+00'::timestamptz)"},
	{'c', NULL, "created = '2020-01-01'",
	 "nullif(\"Created \"\"At\"\"\" IS NULL, true)"},
	{'c', NULL, "created >= '2020-01-01 00:00:00'",
	 "(\"Created \"\"At\"\"\" >= '2020-01-01 00:00:00+00'::timestamptz)"},
	{'c', NULL, "day >= '2020-01-01'", "(day >= '2020-01-01'::date)"},
	{'c', NULL, "ts > 1000", "(ts > '1970-01-01 00:16:40+00'::timestamptz)"},
	{'c', NULL, "created = 5", "nullif(\"Created \"\"At\"\"\" IS NULL, true)"},
	{'c', NULL, "uid = '550e8400-e29b-41d4-a716-446655440000'",
	 "(uid = '550e8400-e29b-41d4-a716-446655440000'::uuid)"},
	{'c', NULL, "length(uid) = 36", "(char_length(uid::text) = 36)"},
	{'c', NULL, "price >= 0", "(price >= 0)"},
	{'c', NULL, "price * qty < 1000",
	 "((price::double precision * qty::bigint::double precision) < 1000)"},
	{'c', NULL, "price / 2 > 1",
	 "!Whether a division is one of integers depends on the values."},
	{'c', NULL, "qty / 2 > 1", "((qty::bigint / 2) > 1)"},
	{'c', NULL, "id / qty = 1", "((id / nullif(qty::bigint, 0)) = 1)"},
	{'c', NULL, "id % 2 = 0", "((id % 2) = 0)"},
	{'c', NULL, "score BETWEEN 0 AND 1", "((score >= 0) AND (score <= 1))"},
	{'c', NULL, "score / 2 > 1", "((score / 2::double precision) > 1)"},
	{'c', NULL, "score > 0.5", "(score > 0.5)"},
	{'c', NULL, "name || '-' || id <> ''",
	 "(((name || '-') || id::text) <> '')"},
	{'c', NULL, "(name IS NULL) <> (email IS NULL)",
	 "((name IS NULL) <> (email IS NULL))"},
	{'c', NULL, "(name IS NOT NULL) + (email IS NOT NULL) = 1",
	 "(((name IS NOT NULL)::integer::bigint + (email IS NOT "
	 "NULL)::integer::bigint) = 1)"},
	{'c', NULL, "name IS NOT NULL", "(name IS NOT NULL)"},
	{'c', NULL, "NOT (name IS NULL AND email IS NULL)",
	 "(NOT ((name IS NULL) AND (email IS NULL)))"},
	{'c', NULL, "coalesce(qty, 0) > 0", "(coalesce(qty::bigint, 0) > 0)"},
	{'c', NULL, "CASE WHEN qty > 0 THEN name IS NOT NULL ELSE 1 END",
	 "(CASE WHEN (qty > 0) THEN (name IS NOT NULL) ELSE true END)"},
	{'c', NULL, "is_done", "is_done"},
	{'c', NULL, "is_done = 1 OR created IS NOT NULL",
	 "(is_done OR (\"Created \"\"At\"\"\" IS NOT NULL))"},
	{'c', NULL,
	 "(is_done = 0 AND created IS NULL) OR (is_done = 1 AND created IS NOT "
	 "NULL)",
	 "(((NOT is_done) AND (\"Created \"\"At\"\"\" IS NULL)) OR (is_done AND "
	 "(\"Created \"\"At\"\"\" IS NOT NULL)))"},
	{'c', NULL, "max(qty, 1) > 0",
	 "((CASE WHEN qty::bigint IS NULL THEN NULL ELSE greatest(qty::bigint, 1) "
	 "END) > 0)"},
	{'c', NULL, "min(id, 1) > 0", "(least(id, 1) > 0)"},
	{'c', NULL, "substr(name, 1, 1) = 'a'", "(substr(name, 1, 1) = 'a')"},
	{'c', NULL, "substr(name, -3) = 'abc'",
	 "(substr(name, char_length(name) - 2) = 'abc')"},
	{'c', NULL, "substr(name, qty) = 'abc'",
	 "(substr(name, CASE WHEN qty::integer < 0 THEN char_length(name) + 1 + "
	 "qty::integer ELSE qty::integer END, 1000000000) = 'abc')"},
	{'c', NULL, "instr(name, '@') > 1", "(strpos(name, '@') > 1)"},
	{'c', NULL, "upper(name) = name", "(upper(name COLLATE \"C\") = name)"},
	{'c', NULL, "name = lower(name)", "(name = lower(name COLLATE \"C\"))"},
	{'c', NULL, "name REGEXP '^a'",
	 "!REGEXP is a function of the application."},
	{'c', NULL, "foo(name) = 1", "!The function foo() is not translated."},
	{'c', NULL, "mix = 1", "!It compares a column of mixed storage classes."},
	{'c', NULL, "mix IS NULL", "(mix IS NULL)"},
	{'c', NULL, "qty << 2 > 4", "((qty::bigint << 2) > 4)"},
	{'c', NULL, "qty & 3 = 1", "((qty::bigint & 3) = 1)"},
	{'c', NULL, "abs(qty) < 10", "(abs(qty::bigint) < 10)"},
	{'c', NULL, "round(price, 2) = price",
	 "(round(price, 2)::double precision = price)"},
	{'c', NULL, "round(score) = score",
	 "(trunc(score + CASE WHEN score < 0 THEN -0.5 ELSE 0.5 END) = score)"},
	{'c', NULL, "round(score, 2) = score",
	 "!round() of a double precision number to digits rounds in another way "
	 "in PostgreSQL."},
	{'c', NULL, "name COLLATE NOCASE = 'abc'",
	 "(lower(name COLLATE \"C\") = 'abc')"},
	{'c', NULL, "name = 'abc' COLLATE NOCASE",
	 "(lower(name COLLATE \"C\") = 'abc')"},
	{'c', NULL, "name COLLATE foo = 'abc'",
	 "!The collation foo is the application's own."},
	{'c', NULL, "name IS 'abc'", "(name IS NOT DISTINCT FROM 'abc')"},
	{'c', NULL, "is_done IS 1", "(is_done IS TRUE)"},
	{'c', NULL, "is_done IS NOT TRUE", "(is_done IS NOT TRUE)"},
	{'c', NULL, "qty IS TRUE", "((qty <> 0) IS TRUE)"},
	{'c', NULL, "\"nosuch\" = name", "(name = 'nosuch')"},
	{'c', NULL, "'a' = 'a'", "-true"},
	{'c', NULL, "1", "-true"},
	{'c', NULL, "0", "false"},
	{'c', NULL, "NULL", "-NULL::boolean"},
	{'c', NULL, "date(created) = '2020-01-01'",
	 "((lpad(extract(year from (\"Created \"\"At\"\"\" AT TIME ZONE "
	 "'UTC'))::bigint::text, 4, '0') || '-' || lpad(extract(month from "
	 "(\"Created \"\"At\"\"\" AT TIME ZONE 'UTC'))::bigint::text, 2, '0') || "
	 "'-' || lpad(extract(day from (\"Created \"\"At\"\"\" AT TIME ZONE "
	 "'UTC'))::bigint::text, 2, '0')) = '2020-01-01')"},
	{'c', NULL, "CURRENT_TIMESTAMP > created",
	 "!Its result changes with time or settings, which a check must not."},
	{'c', NULL, "json_extract(tags,'$.a') = 'x'",
	 "(nullif((tags -> 'a'), 'null'::jsonb) = '\"x\"'::jsonb)"},
	{'c', NULL, "json_extract(tags,'$.a') = 1",
	 "(nullif((tags -> 'a'), 'null'::jsonb) IN ('1'::jsonb, 'true'::jsonb))"},
	{'c', NULL, "json_extract(tags,'$.a.b[0]') IS NOT NULL",
	 "(nullif((tags #> ARRAY['a', 'b', '0']), 'null'::jsonb) IS NOT NULL)"},
	{'c', NULL, "tags ->> 'a' = 'x'",
	 "(nullif((tags -> 'a'), 'null'::jsonb) = '\"x\"'::jsonb)"},
	{'c', NULL, "tags -> 'a' IS NOT NULL", "((tags -> 'a') IS NOT NULL)"},
	{'c', NULL, "CAST(name AS INTEGER) > 5",
	 "((CASE WHEN name IS NOT NULL THEN coalesce(substring(name from E'^[ "
	 "\\\\t\\\\n\\\\v\\\\f\\\\r]*([-+]?[0-9]+)')::bigint, 0) END) > 5)"},
	{'c', NULL, "CAST(score AS INTEGER) = score",
	 "(trunc(score)::bigint = score)"},
	{'c', NULL, "CAST(qty AS TEXT) = '5'", "(qty::text = '5')"},
	{'c', NULL, "(qty, id) = (1, 2)", "!Row values are not translated."},
	{'c', NULL, "qty IN (SELECT 1)",
	 "!It has a subselect in it, which is not translated."},
	{'c', NULL, "qty = ?1",
	 "!It has a bind parameter in it, which is not translated."},
	{'c', NULL, "data = x'00'", "(data = E'\\\\x00'::bytea)"},
	{'c', NULL, "length(data) = 32", "(octet_length(data) = 32)"},
	{'c', NULL, "hex(data) = ''",
	 "!hex() of a value that may be NULL is not translated."},
	{'c', NULL, "x.qty = 1", "!There is no column \"qty\"."},
	{'c', NULL, "t.qty = 1", "(qty = 1)"},
	{'c', NULL, "name BETWEEN 'a' AND 'b'",
	 "((name COLLATE \"C\" >= 'a') AND (name COLLATE \"C\" <= 'b'))"},
	{'c', NULL, "qty > score", "(qty > score)"},
	{'c', NULL, "1 < qty", "(qty > 1)"},
	{'c', NULL, "nullif(qty, 0) > 1",
	 "((CASE WHEN (qty = 0) THEN NULL ELSE qty END) > 1)"},
	{'c', NULL, "iif(qty > 1, 'a', 'b') = 'a'",
	 "((CASE WHEN (qty > 1) THEN 'a' ELSE 'b' END) = 'a')"},
	{'p', NULL, "is_done = 0", "(NOT is_done)"},
	{'p', NULL, "is_done = 1", "is_done"},
	{'p', NULL, "deleted", "(deleted <> 0)"},
	{'p', NULL, "NOT deleted", "(NOT (deleted <> 0))"},
	{'p', NULL, "deleted = 0", "(deleted = 0)"},
	{'p', NULL, "deleted IS NULL", "(deleted IS NULL)"},
	{'p', NULL, "name = 'pending'", "(name = 'pending')"},
	{'p', NULL, "name IN ('pending','running')",
	 "(name IN ('pending', 'running'))"},
	{'p', NULL, "created IS NOT NULL", "(\"Created \"\"At\"\"\" IS NOT NULL)"},
	{'p', NULL, "json_extract(tags, '$.x') = 'y'",
	 "(nullif((tags -> 'x'), 'null'::jsonb) = '\"y\"'::jsonb)"},
	{'p', NULL, "is_done IN (0,1)", "(is_done IN (false, true))"},
	{'i', NULL, "lower(email)", "lower(email)"},
	{'u', NULL, "lower(email)", "lower(email COLLATE \"C\")"},
	{'i', NULL, "json_extract(tags, '$.user.id')",
	 "(tags #>> ARRAY['user', 'id'])"},
	{'u', NULL, "json_extract(tags, '$.user')",
	 "nullif((tags -> 'user'), 'null'::jsonb)"},
	{'i', NULL, "tags->>'user'", "(tags ->> 'user')"},
	{'i', NULL, "date(created)",
	 "(\"Created \"\"At\"\"\" AT TIME ZONE 'UTC')::date"},
	{'i', NULL, "strftime('%Y-%m', created)",
	 "(lpad(extract(year from (\"Created \"\"At\"\"\" AT TIME ZONE "
	 "'UTC'))::bigint::text, 4, '0') || '-' || lpad(extract(month from "
	 "(\"Created \"\"At\"\"\" AT TIME ZONE 'UTC'))::bigint::text, 2, '0'))"},
	{'i', NULL, "coalesce(name, email)",
	 "coalesce(name, (email COLLATE \"C\"))"},
	{'i', NULL, "name COLLATE NOCASE", "lower(name)"},
	{'i', NULL, "substr(name,1,10)", "substr(name, 1, 10)"},
	{'i', NULL, "unixepoch(created)",
	 "floor(extract(epoch from (\"Created \"\"At\"\"\" AT TIME ZONE "
	 "'UTC')))::bigint"},
	{'i', NULL, "date('now')",
	 "!PostgreSQL allows only immutable functions here."},
	{'g', "name", "json_extract(tags,'$.name')", "(tags ->> 'name')"},
	{'g', "qty", "json_extract(tags,'$.n')",
	 "(CASE (tags ->> 'n') WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE (tags "
	 "->> 'n')::bigint END)"},
	{'g', "is_done", "json_extract(tags,'$.b')", "(tags ->> 'b')::boolean"},
	{'g', "name", "name || ' ' || email",
	 "((name || ' ') || (email COLLATE \"C\"))"},
	{'g', "price", "price * qty",
	 "((price::double precision * qty::bigint::double "
	 "precision))::text::numeric"},
	{'g', "score", "score * 2", "(score * 2::double precision)"},
	{'g', "qty", "length(name)", "char_length(name)"},
	{'g', "day", "date(created)",
	 "(\"Created \"\"At\"\"\" AT TIME ZONE 'UTC')::date"},
	{'g', "name", "date(created)",
	 "(lpad(extract(year from (\"Created \"\"At\"\"\" AT TIME ZONE "
	 "'UTC'))::bigint::text, 4, '0') || '-' || lpad(extract(month from "
	 "(\"Created \"\"At\"\"\" AT TIME ZONE 'UTC'))::bigint::text, 2, '0') || "
	 "'-' || lpad(extract(day from (\"Created \"\"At\"\"\" AT TIME ZONE "
	 "'UTC'))::bigint::text, 2, '0'))"},
	{'g', "name", "strftime('%Y-%m', created)",
	 "(lpad(extract(year from (\"Created \"\"At\"\"\" AT TIME ZONE "
	 "'UTC'))::bigint::text, 4, '0') || '-' || lpad(extract(month from "
	 "(\"Created \"\"At\"\"\" AT TIME ZONE 'UTC'))::bigint::text, 2, '0'))"},
	{'g', "name", "lower(name)", "lower(name COLLATE \"C\")"},
	{'g', "id", "CAST(strftime('%Y', created) AS INTEGER)",
	 "extract(year from (\"Created \"\"At\"\"\" AT TIME ZONE 'UTC'))::bigint"},
	{'g', "created", "datetime(ts, 'unixepoch')",
	 "(date_trunc('second', (ts AT TIME ZONE 'UTC')) AT TIME ZONE 'UTC')"},
	{'g', "created", "datetime(id/1000, 'unixepoch')",
	 "(date_trunc('second', (to_timestamp((id / 1000)) AT TIME ZONE 'UTC')) "
	 "AT TIME ZONE 'UTC')"},
	{'g', "is_done", "qty > 5", "(qty > 5)"},
	{'g', "name", "printf('%s-%05d', name, qty)",
	 "('' || coalesce(name, '') || '-' || CASE WHEN coalesce(qty::bigint, 0) "
	 "< 0 THEN '-' ELSE '' END || lpad(abs(coalesce(qty::bigint, 0))::text, "
	 "greatest(5 - (coalesce(qty::bigint, 0) < 0)::integer, "
	 "char_length(abs(coalesce(qty::bigint, 0))::text)), '0'))"},
	{'g', "name", "printf('%.2f', price)",
	 "!printf() has a part in its format that is not translated for its "
	 "argument."},
	{'g', "id", "id + 1", "(id + 1)"},
	{'g', "name", "upper(substr(name,1,1)) || substr(name,2)",
	 "(upper(substr(name, 1, 1) COLLATE \"C\") || substr(name, 2))"},
	{'g', "score", "julianday(updated) - julianday(created)",
	 "((extract(epoch from (updated AT TIME ZONE 'UTC')) / 86400.0 + "
	 "2440587.5)::double precision - (extract(epoch from (\"Created "
	 "\"\"At\"\"\" AT TIME ZONE 'UTC')) / 86400.0 + 2440587.5)::double "
	 "precision)"},
	{'c', NULL, "json_type(tags) IN ('array','object')",
	 "(jsonb_typeof(tags) IN ('array', 'object'))"},
	{'c', NULL, "json_type(tags) <> 'integer'",
	 "((CASE jsonb_typeof(tags) WHEN 'string' THEN 'text' WHEN 'boolean' THEN "
	 "tags::text WHEN 'number' THEN CASE WHEN tags::text ~ '[.]' THEN 'real' "
	 "ELSE 'integer' END ELSE jsonb_typeof(tags) END) <> 'integer')"},
	{'u', NULL, "name COLLATE NOCASE", "lower(name COLLATE \"C\")"},
	{'i', NULL, "coalesce(name,email)",
	 "coalesce(name, (email COLLATE \"C\"))"},
	{'d', "score", "0.5", "0.5"},
	{'d', "ms", "unixepoch()*1000",
	 "to_timestamp((floor(extract(epoch from now()))::bigint * 1000) / "
	 "1000.0)"},
	{'d', "ms", "unixepoch()", "now()"},
	{'d', "ms", "CAST((julianday('now') - 2440587.5)*86400000 AS INTEGER)",
	 "to_timestamp(trunc((((extract(epoch from now()) / 86400.0 + "
	 "2440587.5)::double precision - '2440587.5'::double precision) * "
	 "86400000::double precision))::bigint / 1000.0)"},
	{'d', "at_time", "CURRENT_TIME",
	 "date_trunc('second', (now() AT TIME ZONE 'UTC'))::time"},
	{'d', "at_time", "'12:30'", "'12:30:00'::time"},
	{'d', "created", "'2024-13-45'",
	 "!The value \"2024-13-45\" does not fit type timestamp with time zone."},
	{'d', "created", "''",
	 "!The value \"\" does not fit type timestamp with time zone."},
	{'d', "created", "time('now')",
	 "!Its value, of type text, is not certain to fit type timestamp with "
	 "time zone."},
	{'d', "created", "strftime('%Y-%m-%dT%H:%M:%fZ','now')", "now()"},
	{'d', "created", "strftime('%d/%m','now')",
	 "!Its value, of type text, is not certain to fit type timestamp with "
	 "time zone."},
	{'d', "created", "datetime('now', 'utc')",
	 "!The modifier 'utc' depends on the time zone of the machine."},
	{'d', "created", "datetime('now', '+' || 1 || ' days')",
	 "!A date function has a modifier that is no constant text."},
	{'d', "created", "datetime(CURRENT_TIMESTAMP, '+1 day')",
	 "(((now() AT TIME ZONE 'UTC') + interval '1 day') AT TIME ZONE 'UTC')"},
	{'d', "created", "date('now', 'weekday 1')",
	 "(date_trunc('day', ((now() AT TIME ZONE 'UTC') + (1 - extract(dow from "
	 "(now() AT TIME ZONE 'UTC'))::integer + 7) % 7 * interval '1 day')) AT "
	 "TIME ZONE 'UTC')"},
	{'d', "id", "'x''; DROP TABLE t; --'",
	 "!The value \"x'; DROP TABLE t; --\" does not fit type bigint."},
	{'d', "name", "'x''; DROP TABLE t; --'", "'x''; DROP TABLE t; --'"},
	{'d', "name", "\"x\"\"; DROP TABLE t; --\"", "'x\"; DROP TABLE t; --'"},
	{'d', "name", "'\\''; DROP TABLE t; --'", "E'\\\\''; DROP TABLE t; --'"},
	{'d', "name", "NULL /* '; DROP TABLE t; -- */", "-NULL"},
	{'d', "name", "'a' -- '; DROP TABLE t", "'a'"},
	{'d', "name", "char(65)", "!The function char() is not translated."},
	{'d', "name", "current_user", "'current_user'"},
	{'d', "name", "[x y]", "'x y'"},
	{'d', "name", "`x`", "'x'"},
	{'d', "name", "1e400",
	 "!A number is beyond the range of double precision."},
	{'d', "name", "load_extension('x')",
	 "!The function load_extension() is not translated."},
	{'d', "name", "sqlite_version()",
	 "!The function sqlite_version() is not translated."},
	{'d', "name", "(SELECT group_concat(sql) FROM sqlite_schema)",
	 "!It has a subselect in it, which is not translated."},
	{'d', "name", "0x7fffffffffffffff", "'9223372036854775807'"},
	{'d', "id", "0xffffffffffffffff", "-1"},
	{'d', "id", "1=1", "1"},
	{'d', "id", "~5", "-6"},
	{'d', "id", "1<<40", "1099511627776"},
	{'d', "id", "2147483647+1", "2147483648"},
	{'d', "id", "9223372036854775807+1", "!It calculates beyond 64 bits."},
	{'d', "id", "1/0", "-NULL"},
	{'d', "id", "''", "!The value \"\" does not fit type bigint."},
	{'d', "id", "' 7 '", "7"},
	{'d', "id", "- 5", "-5"},
	{'d', "id", "+5", "5"},
	{'d', "id", "TRUE AND FALSE", "((true AND false))::integer"},
	{'d', "is_done", "FALSE", "false"},
	{'d', "is_done", "\"true\"",
	 "!The value \"true\" does not fit type boolean."},
	{'d', "is_done", "'true'",
	 "!The value \"true\" does not fit type boolean."},
	{'d', "is_done", "'t'", "!The value \"t\" does not fit type boolean."},
	{'d', "words", "'true'", "true"},
	{'d', "uid", "'550E8400-E29B-41D4-A716-446655440000'",
	 "'550e8400-e29b-41d4-a716-446655440000'::uuid"},
	{'d', "uid", "'x'", "!The value \"x\" does not fit type uuid."},
	{'d', "uid", "lower(hex(randomblob(16)))",
	 "(encode(substr(sha256(uuid_send(gen_random_uuid()) || "
	 "uuid_send(gen_random_uuid())), 1, 16), 'hex'))::uuid"},
	{'d', "data", "'abc'", "!The value \"abc\" does not fit type bytea."},
	{'d', "data", "NULL", "-NULL"},
	{'d', "price", "1e2", "100"},
	{'d', "price", "'12.50'", "12.5"},
	{'d', "price", "12345678901.5",
	 "!The value \"12345678901.5\" does not fit type numeric(10,2)."},
	{'d', "score", "1e999",
	 "!A number is beyond the range of double precision."},
	{'d', "score", "-0.0", "0"},
	{'d', "tags", "'{\"a\": \"\\u0000\"}'",
	 "!The value \"{\"a\": \"\\u0000\"}\" does not fit type jsonb."},
	{'d', "tags", "NULL", "-NULL"},
	{'d', "tags", "1", "'1'::jsonb"},
	{'c', NULL, "x.y.qty = 1", "!There is no column \"qty\"."},
	{'c', NULL, "words = 1",
	 "!It compares booleans that are written in several ways."},
	{'c', NULL, "words IN (0,1)",
	 "!It compares booleans that are written in several ways."},
	{'c', NULL, "numtext > 5",
	 "!It compares numbers that SQLite holds as text."},
	{'c', NULL, "\"select\" > 1", "(\"select\" > 1)"},
	{'c', NULL, "\"x\"\"; DROP TABLE t; --\" > 1",
	 "(\"x\"\"; DROP TABLE t; --\" > 1)"},
	{'c', NULL, "`x\"; DROP TABLE t; --` > 1",
	 "(\"x\"\"; DROP TABLE t; --\" > 1)"},
	{'c', NULL, "QTY > 1", "(qty > 1)"},
	{'c', NULL, "[qty] > 1", "(qty > 1)"},
	{'c', NULL, "qty IN ()", "false"},
	{'c', NULL, "qty NOT IN ()", "-true"},
	{'c', NULL, "qty IS DISTINCT FROM 5", "(qty IS DISTINCT FROM 5)"},
	{'c', NULL, "qty IS NOT DISTINCT FROM name",
	 "!It compares values of different types."},
	{'c', NULL, "EXISTS (SELECT 1)",
	 "!It has a subselect in it, which is not translated."},
	{'c', NULL, "count(*) > 1",
	 "!It has an aggregate in it, which is not translated."},
	{'c', NULL, "sum(qty) OVER (ORDER BY id) > 1",
	 "!It has a window function in it, which is not translated."},
	{'c', NULL, "sum(qty) FILTER (WHERE id > 1) > 1",
	 "!It has a window function in it, which is not translated."},
	{'c', NULL, "RAISE(ABORT, 'x')",
	 "!It has RAISE in it, which is not translated."},
	{'c', NULL, "name MATCH 'x'", "!MATCH is a function of the application."},
	{'c', NULL, "name LIKE email",
	 "!The pattern of LIKE or GLOB is no constant text."},
	{'c', NULL, "name LIKE 'abc\\' ESCAPE '\\'",
	 "!LIKE has a pattern that ends in its escape."},
	{'c', NULL, "name LIKE 'a' ESCAPE 'xx'",
	 "!LIKE has an escape that is not one ASCII character."},
	{'c', NULL, "name GLOB '[z-a]'",
	 "!GLOB has a set in its pattern that is not translated."},
	{'c', NULL, "name GLOB '[a'",
	 "!GLOB has a set in its pattern that is not translated."},
	{'c', NULL, "name < qty", "!It compares values of different types."},
	{'c', NULL, "day > created", "!It compares values of different types."},
	{'c', NULL, "data || 'x' = 'y'",
	 "!|| joins a value whose text form is another in PostgreSQL."},
	{'c', NULL, "score || '' = '0.5'",
	 "!|| joins a value whose text form is another in PostgreSQL."},
	{'c', NULL, "created || '' = ''",
	 "!|| joins a value whose text form is another in PostgreSQL."},
	{'c', NULL, "random() > 0",
	 "!Its result changes with time or settings, which a check must not."},
	{'c', NULL, "date('now') > day",
	 "!Its result changes with time or settings, which a check must not."},
	{'c', NULL, "substr(name, 1, qty) = 'a'",
	 "!substr() with a length that may be negative is not translated."},
	{'c', NULL, "tags > '[]'",
	 "!It compares the text of JSON in a way that is not translated."},
	{'c', NULL, "json_extract(tags, '$.a') > 5",
	 "!It compares a value out of JSON, whose type only the data tells."},
	{'c', NULL, "json_extract(tags, qty) = 1",
	 "!A JSON path is no constant text."},
	{'c', NULL, "json_extract(tags, '$[*]') = 1",
	 "!A JSON path is of a form that is not translated."},
	{'c', NULL, "json_extract(tags, '$.a', '$.b') = 1",
	 "!json_extract() has more than one path."},
	{'c', NULL, "json_extract(data, '$.a') = 1",
	 "!A JSON function reads a value that is not certain to be JSON."},
	{'c', NULL, "qty LIKE '1%'", "(qty::text LIKE '1%')"},
	{'c', NULL, "gen = 'x'", "(gen = 'x')"},
	{'g', "name", "gen || 'x'",
	 "!PostgreSQL's generated columns cannot refer to another generated "
	 "column (\"gen\")."},
	{'g', "name", "random()",
	 "!PostgreSQL allows only immutable functions here."},
	{'g', "name", "hex('abc')",
	 "!PostgreSQL allows only immutable functions here."},
	{'g', "name", "CURRENT_TIMESTAMP",
	 "!PostgreSQL allows only immutable functions here."},
	{'g', "created", "json_extract(tags, '$.created')",
	 "!Its value, of type json, is not certain to fit type timestamp with "
	 "time zone."},
	{'g', "tags", "json_extract(tags, '$.o')",
	 "nullif((tags -> 'o'), 'null'::jsonb)"},
	{'g', "qty", "name",
	 "!Its value, of type text, is not certain to fit type integer."},
	{'g', "qty", "score",
	 "!Its value, of type double precision, is not certain to fit type "
	 "integer."},
	{'g', "score", "name",
	 "!Its value, of type text, is not certain to fit type double precision."},
	{'g', "uid", "json_extract(tags, '$.id')", "(tags ->> 'id')::uuid"},
	{'g', "name", "tags",
	 "!Its value, of type jsonb, is not certain to fit type text."},
	{'g', "name", "score",
	 "!Its value, of type double precision, is not certain to fit type text."},
	{'p', NULL, "qty IN (1, 2, NULL)", "(qty IN (1, 2, NULL))"},
	{'p', NULL, "1", "-true"},
	{'p', NULL, "created > datetime('now', '-1 day')",
	 "!PostgreSQL allows only immutable functions here."},
	{'v', NULL, "created > datetime('now', '-1 day')",
	 "(\"Created \"\"At\"\"\" > (((now() AT TIME ZONE 'UTC') + interval '-1 "
	 "days') AT TIME ZONE 'UTC'))"},
	{'v', NULL, "ts < unixepoch()", "(ts < now())"},
	{'v', NULL, "ts < strftime('%s', 'now')", "(ts < now())"},
	{'v', NULL, "name", "name"},
	{'v', NULL, "name || 1", "(name || '1')"},
	{'c', NULL, "date(day) = day", "(day = day::timestamp::date)"},
	{'c', NULL, "day IS date(day)",
	 "(day IS NOT DISTINCT FROM day::timestamp::date)"},
	{'c', NULL, "datetime(created) IS NOT NULL",
	 "((\"Created \"\"At\"\"\" AT TIME ZONE 'UTC') IS NOT NULL)"},
	{'c', NULL, "created IS datetime(created)",
	 "(\"Created \"\"At\"\"\" IS NOT DISTINCT FROM (date_trunc('second', "
	 "(\"Created \"\"At\"\"\" AT TIME ZONE 'UTC')) AT TIME ZONE 'UTC'))"},
	{'c', NULL, "created = strftime('%Y-%m-%d %H:%M:%S', created)",
	 "(\"Created \"\"At\"\"\" = (date_trunc('second', (\"Created \"\"At\"\"\" "
	 "AT TIME ZONE 'UTC')) AT TIME ZONE 'UTC'))"},
	{'c', NULL, "(JSON_VALID(\"tags\") OR \"tags\" IS NULL)",
	 "-(true OR (tags IS NULL))"},
	{'c', NULL, "length(name) <= 255 AND name = trim(name)",
	 "((char_length(name) <= 255) AND (name = btrim(name, ' ')))"},
	{'c', NULL, "(qty IS NULL) = (price IS NULL)",
	 "((qty IS NULL) = (price IS NULL))"},
	{'c', NULL, "updated IS NULL OR updated >= created",
	 "((updated IS NULL) OR (updated >= \"Created \"\"At\"\"\"))"},
	{'c', NULL,
	 "name GLOB '[a-z][a-z0-9-]*' AND length(name) BETWEEN 1 AND 64",
	 "((name ~ E'^[a-z][a-z0-9\\\\-].*$') AND ((char_length(name) >= 1) AND "
	 "(char_length(name) <= 64)))"},
	{'c', NULL, "lower(name) = name", "(lower(name COLLATE \"C\") = name)"},
	{'c', NULL, "price = round(price, 2)",
	 "(price = round(price, 2)::double precision)"},
	{'c', NULL, "price * 100 = CAST(price * 100 AS INTEGER)",
	 "((price::double precision * 100::double precision) = "
	 "trunc((price::double precision * 100::double precision))::bigint)"},
	{'c', NULL, "is_done = 1 OR qty IS NOT NULL",
	 "(is_done OR (qty IS NOT NULL))"},
	{'c', NULL,
	 "(is_done AND qty IS NOT NULL) OR (NOT is_done AND qty IS NULL)",
	 "((is_done AND (qty IS NOT NULL)) OR ((NOT is_done) AND (qty IS NULL)))"},
	{'c', NULL, "qty != 0", "(qty <> 0)"},
	{'c', NULL, "qty == 1", "(qty = 1)"},
	{'c', NULL, "name IS NOT NULL OR email IS NOT NULL",
	 "((name IS NOT NULL) OR (email IS NOT NULL))"},
	{'c', NULL, "ts > 0 AND ts < 4102444800",
	 "((ts > '1970-01-01 00:00:00+00'::timestamptz) AND (ts < '2100-01-01 "
	 "00:00:00+00'::timestamptz))"},
	{'c', NULL, "length(data) = 16", "(octet_length(data) = 16)"},
	{'c', NULL, "typeof(data) = 'blob'",
	 "((CASE WHEN data IS NULL THEN 'null' ELSE 'blob' END) = 'blob')"},
	{'c', NULL, "typeof(qty) = 'integer' OR qty IS NULL",
	 "(((CASE WHEN qty IS NULL THEN 'null' ELSE 'integer' END) = 'integer') "
	 "OR (qty IS NULL))"},
	{'c', NULL, "abs(score) <= 1.0", "(abs(score) <= 1)"},
	{'c', NULL, "name LIKE '%_@_%._%'", "(name LIKE '%_@_%._%')"},
	{'c', NULL,
	 "json_type(tags) = 'object' AND json_extract(tags, '$.v') IS NOT NULL",
	 "((jsonb_typeof(tags) = 'object') AND (nullif((tags -> 'v'), "
	 "'null'::jsonb) IS NOT NULL))"},
	{'c', NULL, "instr(name, ' ') = 0", "(strpos(name, ' ') = 0)"},
	{'c', NULL, "substr(name, 1, 4) = 'http'",
	 "(substr(name, 1, 4) = 'http')"},
	{'c', NULL, "CASE is_done WHEN 1 THEN updated IS NOT NULL ELSE 1 END",
	 "(CASE WHEN is_done THEN (updated IS NOT NULL) ELSE true END)"},
	{'c', NULL, "ifnull(length(name), 0) + ifnull(length(email), 0) > 0",
	 "((coalesce(char_length(name)::bigint, 0) + coalesce(char_length((email "
	 "COLLATE \"C\"))::bigint, 0)) > 0)"},
	{'p', NULL, "is_done = 0 AND deleted IS NULL",
	 "((NOT is_done) AND (deleted IS NULL))"},
	{'p', NULL, "name != '' AND qty > 0", "((name <> '') AND (qty > 0))"},
	{'p', NULL, "json_extract(tags,'$.done') = 0",
	 "(nullif((tags -> 'done'), 'null'::jsonb) IN ('0'::jsonb, "
	 "'false'::jsonb))"},
	{'p', NULL, "json_extract(tags,'$.done') IS NOT 1",
	 "((nullif((tags -> 'done'), 'null'::jsonb) IN ('1'::jsonb, "
	 "'true'::jsonb)) IS NOT TRUE)"},
	{'p', NULL, "coalesce(deleted, 0) = 0", "(coalesce(deleted, 0) = 0)"},
	{'i', NULL, "json_extract(tags, '$.user_id')", "(tags ->> 'user_id')"},
	{'i', NULL, "name || email", "(name || (email COLLATE \"C\"))"},
	{'i', NULL, "CAST(json_extract(tags, '$.n') AS INTEGER)",
	 "(CASE (tags ->> 'n') WHEN 'true' THEN 1 WHEN 'false' THEN 0 ELSE (tags "
	 "->> 'n')::bigint END)"},
	{'i', NULL, "date(created, 'start of month')",
	 "date_trunc('month', (\"Created \"\"At\"\"\" AT TIME ZONE 'UTC'))::date"},
	{'i', NULL, "qty * price",
	 "(qty::bigint::double precision * price::double precision)"},
	{'i', NULL, "abs(qty)", "abs(qty::bigint)"},
	{'i', NULL, "length(name)", "char_length(name)"},
	{'i', NULL, "is_done = 0", "(NOT is_done)"},
	{'d', "id", "(strftime('%s','now') * 1000)",
	 "(floor(extract(epoch from now()))::bigint * 1000)"},
	{'d', "id", "(CAST(unixepoch('subsec') * 1000 AS INTEGER))",
	 "trunc((extract(epoch from now())::double precision * 1000::double "
	 "precision))::bigint"},
	{'d', "id", "(unixepoch('now','+30 days'))",
	 "floor(extract(epoch from ((now() AT TIME ZONE 'UTC') + interval '30 "
	 "days')))::bigint"},
	{'d', "id", "(round((julianday('now') - 2440587.5) * 86400.0))",
	 "(trunc((((extract(epoch from now()) / 86400.0 + 2440587.5)::double "
	 "precision - '2440587.5'::double precision) * '86400'::double precision) "
	 "+ CASE WHEN (((extract(epoch from now()) / 86400.0 + 2440587.5)::double "
	 "precision - '2440587.5'::double precision) * '86400'::double precision) "
	 "< 0 THEN -0.5 ELSE 0.5 END))::bigint"},
	{'d', "name", "(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
	 "to_char((now() AT TIME ZONE 'UTC'), 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"},
	{'d', "name", "(strftime('%Y-%m-%d %H:%M:%f', 'now'))",
	 "to_char((now() AT TIME ZONE 'UTC'), 'YYYY-MM-DD HH24:MI:SS.MS')"},
	{'d', "name", "(date('now'))",
	 "to_char((now() AT TIME ZONE 'UTC'), 'YYYY-MM-DD')"},
	{'d', "name", "(time('now'))",
	 "to_char((now() AT TIME ZONE 'UTC'), 'HH24:MI:SS')"},
	{'d', "name", "('user_' || lower(hex(randomblob(4))))",
	 "('user_' || encode(substr(sha256(uuid_send(gen_random_uuid()) || "
	 "uuid_send(gen_random_uuid())), 1, 4), 'hex'))"},
	{'d', "name", "(hex(randomblob(4)))",
	 "upper(encode(substr(sha256(uuid_send(gen_random_uuid()) || "
	 "uuid_send(gen_random_uuid())), 1, 4), 'hex'))"},
	{'d', "name", "(json('{}'))", "'{}'"},
	{'d', "name", "(json_array())", "'[]'"},
	{'d', "name", "(upper('abc'))", "upper('abc' COLLATE \"C\")"},
	{'d', "name", "(CURRENT_DATE || 'T00:00:00Z')",
	 "(to_char((now() AT TIME ZONE 'UTC'), 'YYYY-MM-DD') || 'T00:00:00Z')"},
	{'d', "created", "(strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))", "now()"},
	{'d', "created", "(unixepoch('now'))", "now()"},
	{'d', "created", "(julianday('now'))", "now()"},
	{'d', "day", "(date('now', '+1 year'))",
	 "(date_trunc('month', (now() AT TIME ZONE 'UTC')) + interval '1 year' + "
	 "((now() AT TIME ZONE 'UTC') - date_trunc('month', (now() AT TIME ZONE "
	 "'UTC'))))::date"},
	{'d', "tags", "(json_object('a', 1))", "'{\"a\":1}'::jsonb"},
	{'d', "tags", "(json('[]'))", "'[]'::jsonb"},
};

#define NCASES ((int) (sizeof(cases) / sizeof(cases[0])))

static LiteExprPurpose
purpose_of(char letter)
{
	switch (letter)
	{
		case 'c':
			return LITE_EXPR_FOR_CHECK;
		case 'g':
			return LITE_EXPR_FOR_GENERATED;
		case 'p':
			return LITE_EXPR_FOR_PREDICATE;
		case 'i':
			return LITE_EXPR_FOR_INDEX;
		case 'u':
			return LITE_EXPR_FOR_UNIQUE;
		case 'v':
			return LITE_EXPR_FOR_VIEW;
		default:
			return LITE_EXPR_FOR_DEFAULT;
	}
}

static LiteStatus
translate(LiteArena *arena, char purpose, const char *wanted, const char *sql,
		  LiteTranslation *out, LiteError *err)
{
	const LiteExprColumn *column = wanted ? column_named(wanted) : NULL;
	const LiteExpr *expr;
	LiteStatus status;

	lite_error_clear(err);
	if (purpose == 'd')
		return lite_default_translate(arena, sql, column, out, err);
	status = lite_expr_parse(arena, sql, &expr, err);
	if (status != LITE_OK)
		return status;
	return lite_expr_translate(arena, expr, &scope, purpose_of(purpose),
							   column, out, err);
}

static void
test_cases(void)
{
	for (int i = 0; i < NCASES; i++)
	{
		const Case *c = &cases[i];
		LiteArena *arena = lite_arena_create(0);
		LiteTranslation out;
		LiteError err;
		LiteStatus status =
			translate(arena, c->purpose, c->wanted, c->sql, &out, &err);

		if (status != LITE_OK)
			is_str(err.detail, c->result[0] == '!' ? c->result + 1 : c->result,
				   "%c: %s", c->purpose, c->sql);
		else
			is_str(lite_arena_printf(arena, "%s%s", out.trivial ? "-" : "",
									 out.sql),
				   c->result, "%c: %s", c->purpose, c->sql);
		lite_arena_free(arena);
	}
}

static void
test_notes(void)
{
	LiteArena *arena = lite_arena_create(0);
	LiteTranslation out;
	LiteError err;
	LiteSqlTerm term = {0};

	translate(arena, 'c', NULL, "created > updated AND updated > created",
			  &out, &err);
	is_int(out.nnotes, 1, "a note is given once");
	is_str(out.notes[0],
		   "SQLite compared these times as text; now they are compared as "
		   "times.",
		   "the note");
	translate(arena, 'd', "id", "7", &out, &err);
	ok(out.constant && out.type == LITE_TYPE_INT8 && out.nnotes == 0,
	   "a constant, typed, without notes");
	translate(arena, 'c', NULL, "qty > 1", &out, &err);
	ok(!out.constant && out.type == LITE_TYPE_BOOL, "a check is boolean");

	lite_expr_parse(arena, "name", &term.expr, &err);
	term.collation = "NOCASE";
	lite_term_translate(arena, &term, &scope, true, &out, &err);
	is_str(out.sql, "lower(name COLLATE \"C\")", "a unique NOCASE term");
	term.collation = "unicase";
	is_int(lite_term_translate(arena, &term, &scope, true, &out, &err),
		   LITE_UNSUPPORTED, "a term under an unknown collation");
	lite_arena_free(arena);
}

/* ------------------------------------------------------------------------
 * The parser
 * ------------------------------------------------------------------------ */

/* The tree in prefix form: "(+ 1 (* 2 3))". */
static void
show(sqlite3_str *str, const LiteExpr *e)
{
	static const char *const kinds[] = {"null", "int",	  "real",	 "string",
										"blob", "now",	  "name",	 "",
										"",		"",		  "between", "in",
										"case", "cast",	  "collate", "call",
										"row",	"refused"};
	static const char *const ops[] = {
		"",		  "date",	 "time",   "timestamp", "not", "+",	 "-",  "~",
		"isnull", "notnull", "or",	   "and",		"=",   "<>", "<",  "<=",
		">",	  ">=",		 "is",	   "isnot",		"&",   "|",	 "<<", ">>",
		"+",	  "-",		 "*",	   "/",			"%",   "||", "->", "->>",
		"like",	  "glob",	 "regexp", "match"};

	switch (e->kind)
	{
		case LITE_EXPR_NULL:
			sqlite3_str_appendall(str, "null");
			return;
		case LITE_EXPR_INTEGER:
			sqlite3_str_appendf(str, "%lld", (long long) e->integer);
			return;
		case LITE_EXPR_REAL:
			sqlite3_str_appendf(str, "%!g", e->real);
			return;
		case LITE_EXPR_STRING:
			sqlite3_str_appendf(str, "'%s'", e->text);
			return;
		case LITE_EXPR_NAME:
			if (e->qualifier)
				sqlite3_str_appendf(str, "%s.", e->qualifier);
			sqlite3_str_appendall(str, e->text);
			return;
		default:
			break;
	}
	sqlite3_str_appendf(str, "(%s%s%s", e->negated ? "not-" : "",
						kinds[e->kind], ops[e->op]);
	if (e->kind == LITE_EXPR_CAST || e->kind == LITE_EXPR_COLLATE ||
		e->kind == LITE_EXPR_FUNCTION || e->kind == LITE_EXPR_REFUSED)
		sqlite3_str_appendf(str, " %s", e->text);
	if (e->kind == LITE_EXPR_BLOB)
		sqlite3_str_appendf(str, " %d", (int) e->length);
	for (int i = 0; i < e->nargs; i++)
	{
		sqlite3_str_appendchar(str, 1, ' ');
		show(str, e->args[i]);
	}
	sqlite3_str_appendchar(str, 1, ')');
}

static void
parses(const char *sql, const char *expected)
{
	LiteArena *arena = lite_arena_create(0);
	const LiteExpr *expr;
	LiteError err;
	char *got;

	if (lite_expr_parse(arena, sql, &expr, &err) == LITE_OK)
	{
		sqlite3_str *str = sqlite3_str_new(NULL);

		show(str, expr);
		got = lite_arena_finish(arena, str);
	}
	else
		got = lite_arena_printf(arena, "!%s", err.detail);
	is_str(got, expected, "parse: %.60s", sql);
	lite_arena_free(arena);
}

static void
test_parser(void)
{
	parses("1+2*3", "(+ 1 (* 2 3))");
	parses("(1+2)*3", "(* (+ 1 2) 3)");
	parses("a or b and not c = d", "(or a (and b (not (= c d))))");
	parses("a = b < c & d + e * f || g collate h",
		   "(= a (< b (& c (+ d (* e (|| f (collate h g)))))))");
	parses("-a || b", "(|| (- a) b)");
	parses("- -1", "(- (- 1))");
	parses("~ - + a", "(~ (- (+ a)))");
	parses("not not a", "(not (not a))");
	parses("a = not b", "(= a (not b))");
	parses("a - b - c", "(- (- a b) c)");
	parses("a between b and c and d", "(and (between a b c) d)");
	parses("a not between 1 and 2 or b", "(or (not-between a 1 2) b)");
	parses("a between 1 and 2 = b", "(= (between a 1 2) b)");
	parses("a in (1, 2) = b", "(= (in a 1 2) b)");
	parses("a not in ()", "(not-in a)");
	parses("a in (select 1 from (select 2)) and b",
		   "(and (refused a subselect) b)");
	parses("a in tbl", "(refused a subselect)");
	parses("a like b escape c and d", "(and (like a b c) d)");
	parses("a not glob 'x' || y", "(not-glob a (|| 'x' y))");
	parses("a isnull notnull", "(notnull (isnull a))");
	parses("a is null", "(isnull a)");
	parses("a is not null and b not null", "(and (notnull a) (notnull b))");
	parses("a is not distinct from b", "(is a b)");
	parses("a is distinct from b", "(isnot a b)");
	parses("a is not b", "(isnot a b)");
	parses("case when a then b end", "(case a b)");
	parses("case x when a then b else c end", "(case x a b c)");
	parses("cast(a + 1 as varchar(10, 2))", "(cast varchar(10, 2) (+ a 1))");
	parses("cast(a as double precision)", "(cast double precision a)");
	parses("f(a, b) || g()", "(|| (call f a b) (call g))");
	parses("count(*)", "(call count)");
	parses("sum(x) filter (where x > 1) over (partition by y)",
		   "(refused a window function)");
	parses("row_number() over w", "(refused a window function)");
	parses("raise(ignore)", "(refused RAISE)");
	parses("exists (select 1)", "(refused a subselect)");
	parses("?1 + :a", "(+ (refused a bind parameter) (refused a bind "
					  "parameter))");
	parses("(a, b) = (1, 2)", "(= (row a b) (row 1 2))");
	parses("a -> 'b' ->> '$.c' || d", "(|| (->> (-> a 'b') '$.c') d)");
	parses("current_timestamp", "(nowtimestamp)");
	parses("\"a\"\"b\".[c d].`e`", "c d.e");
	parses("'it''s'", "'it's'");
	parses("x'00fF'", "(blob 2)");
	parses("X''", "(blob 0)");
	parses("0x1F", "31");
	parses("0xffffffffffffffff", "-1");
	parses("0x10000000000000000",
		   "!The hexadecimal number is beyond 64 bits, at byte 0, near "
		   "\"0x10000000000000000\".");
	parses("9223372036854775807", "9223372036854775807");
	parses("9223372036854775808", "9.22337e+18");
	parses("-9223372036854775808", "-9223372036854775808");
	parses("1e5 + .5 + 5. + 1.5E-3", "(+ (+ (+ 100000.0 0.5) 5.0) 0.0015)");
	parses("1 /* + 2 */ + -- x\n 3", "(+ 1 3)");
	parses("1 /* never closed", "1");
	parses("\xef\xbb\xbf 1", "1");
	parses("replace(key, desc, 'x')", "(call replace key desc 'x')");
	parses("left", "left");
	parses("\xc3\xa9t\xc3\xa9 + $x", "(+ \xc3\xa9t\xc3\xa9 (refused a bind "
									 "parameter))");

	parses("", "!An expression is missing, at the end of the text.");
	parses("1 +", "!An expression is missing, at the end of the text.");
	parses("1 2", "!The expression goes on unexpectedly, at byte 2, near "
				  "\"2\".");
	parses("1; drop table t", "!The expression goes on unexpectedly, at byte "
							  "1, near \"; drop table t\".");
	parses("'abc", "!This is no token of SQL, at byte 0, near \"'abc\".");
	parses("\"abc", "!This is no token of SQL, at byte 0, near \"\"abc\".");
	parses("[abc", "!This is no token of SQL, at byte 0, near \"[abc\".");
	parses("x'0'", "!This is no token of SQL, at byte 0, near \"x'0'\".");
	parses("x'0g'", "!This is no token of SQL, at byte 0, near \"x'0g'\".");
	parses("1_000", "!This is no token of SQL, at byte 0, near \"1_000\".");
	parses("12abc", "!This is no token of SQL, at byte 0, near \"12abc\".");
	parses("a ! b", "!The expression goes on unexpectedly, at byte 2, near "
					"\"! b\".");
	parses("(1", "!A parenthesis is not closed, at the end of the text.");
	parses("f(1", "!A function's parenthesis is not closed, at the end of the "
				  "text.");
	parses("case a end", "!CASE has no WHEN, at byte 7, near \"end\".");
	parses("a between 1", "!BETWEEN has no AND, at the end of the text.");
	parses("table", "!An expression is missing, at byte 0, near \"table\".");
	parses("(select (1)", "!A parenthesis is not closed, at the end of the "
						  "text.");
	parses("a.", "!A name is missing after the dot, at the end of the text.");
}

/* ------------------------------------------------------------------------
 * CREATE TABLE and CREATE INDEX
 * ------------------------------------------------------------------------ */

static const char big_table[] =
	"CREATE TABLE IF NOT EXISTS main.\"my table\" (\n"
	"  id INTEGER PRIMARY KEY AUTOINCREMENT,\n"
	"  [a b] VARCHAR(10, 2) NOT NULL ON CONFLICT REPLACE DEFAULT 'x' "
	"COLLATE nocase,\n"
	"  n INT DEFAULT -1 CHECK (n > 0) UNIQUE,\n"
	"  d DATETIME DEFAULT CURRENT_TIMESTAMP,\n"
	"  e DEFAULT (1 + 2) CONSTRAINT positive CHECK (e >= 0 /* ) */),\n"
	"  f UNSIGNED BIG INT DEFAULT TRUE, -- a comment, with a comma\n"
	"  g TEXT DEFAULT \"str\",\n"
	"  h TEXT GENERATED ALWAYS AS (g || '.') STORED,\n"
	"  i AS (n + 1),\n"
	"  j INTEGER CONSTRAINT fk REFERENCES p(x) ON DELETE CASCADE ON UPDATE "
	"SET NULL DEFERRABLE INITIALLY DEFERRED,\n"
	"  k REFERENCES q NOT DEFERRABLE,\n"
	"  CONSTRAINT u1 UNIQUE (n, d DESC) ON CONFLICT IGNORE,\n"
	"  CONSTRAINT c1 CHECK (n < 100) CHECK (length(g) > 0)\n"
	"  FOREIGN KEY (n, d) REFERENCES r (a, b) MATCH FULL ON DELETE RESTRICT\n"
	") STRICT, WITHOUT ROWID;";

static void
test_table(void)
{
	LiteArena *arena = lite_arena_create(0);
	LiteTableSql *t;
	LiteError err;
	const LiteSqlConstraint *c;

	is_int(lite_sql_parse_table(arena, big_table, &t, &err), LITE_OK,
		   "a table parses");
	is_str(t->name, "my table", "its name");
	is_int(t->ncolumns, 11, "columns");
	ok(t->strict && t->without_rowid && t->autoincrement, "options");
	is_str(t->columns[1].name, "a b", "a column's name");
	is_str(t->columns[1].declared, "VARCHAR(10, 2)", "its type");
	is_str(t->columns[1].collation, "nocase", "its collation");
	is_str(t->columns[1].default_expr->text, "x", "its default");
	is_int(t->columns[2].default_expr->kind, LITE_EXPR_UNARY, "-1");
	is_int(t->columns[3].default_expr->kind, LITE_EXPR_NOW, "a time");
	is_str(lite_arena_strndup(arena,
							  big_table + t->columns[4].default_text.offset,
							  t->columns[4].default_text.length),
		   "1 + 2", "a default's text");
	is_str(t->columns[4].declared, "", "no type");
	is_str(t->columns[5].declared, "UNSIGNED BIG INT", "a type of words");
	is_int(t->columns[5].default_expr->kind, LITE_EXPR_NAME, "TRUE");
	is_int(t->columns[6].default_expr->kind, LITE_EXPR_STRING, "\"str\"");
	ok(t->columns[7].generated != NULL && t->columns[7].stored, "stored");
	ok(t->columns[8].generated != NULL && !t->columns[8].stored, "virtual");
	is_str(lite_arena_strndup(arena,
							  big_table + t->columns[7].generated_text.offset,
							  t->columns[7].generated_text.length),
		   "g || '.'", "a generated column's text");

	is_int(t->nconstraints, 11, "constraints");
	c = t->constraints;
	ok(c[0].kind == LITE_CONSTRAINT_PRIMARY_KEY && c[0].column == 0 &&
		   c[0].autoincrement,
	   "primary key");
	ok(c[1].kind == LITE_CONSTRAINT_NOT_NULL &&
		   c[1].conflict == LITE_CONFLICT_REPLACE,
	   "not null on conflict replace");
	ok(c[2].kind == LITE_CONSTRAINT_CHECK && c[2].column == 2 &&
		   c[2].name == NULL,
	   "check of a column");
	ok(c[3].kind == LITE_CONSTRAINT_UNIQUE && c[3].column == 2, "unique");
	is_str(c[4].name, "positive", "a check's name");
	is_str(lite_arena_strndup(arena, big_table + c[4].text.offset,
							  c[4].text.length),
		   "e >= 0", "its text");
	ok(c[5].kind == LITE_CONSTRAINT_FOREIGN_KEY && c[5].deferrable &&
		   c[5].initially_deferred && c[5].column == 9 &&
		   c[5].nparent_columns == 1,
	   "a deferred foreign key");
	is_str(c[5].parent, "p", "its parent");
	ok(!c[6].deferrable && c[6].nparent_columns == 0, "not deferrable");
	ok(c[7].kind == LITE_CONSTRAINT_UNIQUE && c[7].nterms == 2 &&
		   c[7].terms[1].descending && c[7].column == -1 &&
		   c[7].conflict == LITE_CONFLICT_IGNORE,
	   "unique of the table");
	is_str(c[8].name, "c1", "a table's check");
	ok(c[9].kind == LITE_CONSTRAINT_CHECK && c[9].name == NULL,
	   "another, without a comma and a name");
	ok(c[10].kind == LITE_CONSTRAINT_FOREIGN_KEY && c[10].nterms == 2 &&
		   c[10].nparent_columns == 2,
	   "a foreign key of the table");
	lite_arena_free(arena);
}

static LiteStatus
table_status(const char *sql, char *detail)
{
	LiteArena *arena = lite_arena_create(0);
	LiteTableSql *t;
	LiteError err;
	LiteStatus status;

	lite_error_clear(&err);
	status = lite_sql_parse_table(arena, sql, &t, &err);
	ok((status == LITE_OK) == (t != NULL), "a result or an error: %.40s", sql);
	strcpy(detail, err.detail);
	lite_arena_free(arena);
	return status;
}

static void
test_tables(void)
{
	char detail[LITE_DETAIL_SIZE];

	is_int(table_status("CREATE TABLE '' (\"\")", detail), LITE_OK,
		   "no names");
	is_int(table_status("create temp table t(a,b,primary key(a,b))", detail),
		   LITE_OK, "no types");
	is_int(table_status("CREATE TABLE t(a CHECK (a IN (SELECT 1)), b)",
						detail),
		   LITE_OK, "what is refused is stepped over");
	is_int(table_status("CREATE TABLE t(a PRIMARY KEY DESC, CHECK(1))",
						detail),
		   LITE_OK, "a key that descends");
	is_int(table_status("CREATE TABLE \"--\"(\"a;b\" \"DROP TABLE\")", detail),
		   LITE_OK, "names that look like SQL");
	is_int(table_status("CREATE TABLE t(key text, replace int, if, match)",
						detail),
		   LITE_OK, "keywords as names");
	is_int(table_status("CREATE TABLE t(a) WITHOUT OIDS", detail),
		   LITE_UNSUPPORTED, "an unknown option");
	is_int(table_status("CREATE TABLE t AS SELECT 1", detail),
		   LITE_UNSUPPORTED, "AS SELECT");
	is_str(detail,
		   "The table's columns are missing, at byte 15, near \"AS "
		   "SELECT 1\".",
		   "with its position");
	is_int(table_status("CREATE VIRTUAL TABLE t USING fts5(a)", detail),
		   LITE_UNSUPPORTED, "a virtual table");
	is_int(table_status("CREATE TABLE t(a", detail), LITE_UNSUPPORTED,
		   "not closed");
	is_int(table_status("CREATE TABLE t(a); DROP TABLE t", detail),
		   LITE_UNSUPPORTED, "two statements");
	is_int(table_status("", detail), LITE_UNSUPPORTED, "nothing");
}

static void
test_index(void)
{
	static const char sql[] =
		"CREATE UNIQUE INDEX main.i ON \"t t\" (a, lower(b) COLLATE NOCASE "
		"DESC, c COLLATE \"unicase\" ASC) WHERE d = 0 AND e IS NULL";
	LiteArena *arena = lite_arena_create(0);
	LiteIndexSql *index;
	LiteError err;

	is_int(lite_sql_parse_index(arena, sql, &index, &err), LITE_OK,
		   "an index parses");
	ok(index->unique, "unique");
	is_str(index->name, "i", "its name");
	is_str(index->table, "t t", "its table");
	is_int(index->nterms, 3, "terms");
	ok(index->terms[0].expr->kind == LITE_EXPR_NAME &&
		   index->terms[0].collation == NULL,
	   "a column");
	ok(index->terms[1].expr->kind == LITE_EXPR_FUNCTION &&
		   index->terms[1].descending,
	   "an expression");
	is_str(index->terms[1].collation, "NOCASE", "its collation");
	is_str(lite_arena_strndup(arena, sql + index->term_text[1].offset,
							  index->term_text[1].length),
		   "lower(b) COLLATE NOCASE", "its text");
	is_str(index->terms[2].collation, "unicase", "a collation in quotes");
	is_str(lite_arena_strndup(arena, sql + index->where_text.offset,
							  index->where_text.length),
		   "d = 0 AND e IS NULL", "the predicate");
	is_int(lite_sql_parse_index(arena, "CREATE INDEX i ON t (a", &index, &err),
		   LITE_UNSUPPORTED, "not closed");
	ok(index == NULL, "no result");
	lite_arena_free(arena);
}

/* ------------------------------------------------------------------------
 * Views
 * ------------------------------------------------------------------------ */

static const LiteExprColumn other_columns[] = {
	{"id",
	 "id",
	 {LITE_TYPE_INT8, 0, 0, LITE_FORMAT_NATIVE},
	 LITE_AFFINITY_INTEGER,
	 NULL,
	 true,
	 false,
	 false},
	{"Label",
	 "label",
	 {LITE_TYPE_TEXT, 0, 0, LITE_FORMAT_NATIVE},
	 LITE_AFFINITY_TEXT,
	 NULL,
	 true,
	 false,
	 false},
};

static const LiteViewSource view_sources[] = {
	{"t", "app.t", NCOLUMNS, columns},
	{"Other", "app.other", 2, other_columns},
};

/* The whole as the plan would write it, or "!" and the reason. */
static const char *
view_text(LiteArena *arena, const char *sql)
{
	LiteView view;
	LiteError err;
	sqlite3_str *str;

	lite_error_clear(&err);
	if (lite_view_translate(arena, sql, view_sources, 2, &view, &err) !=
		LITE_OK)
		return lite_arena_printf(arena, "!%s", err.detail);
	str = sqlite3_str_new(NULL);
	for (int i = 0; i < view.ncolumns; i++)
		sqlite3_str_appendf(str, "%s%s", i > 0 ? ", " : "",
							view.columns[i].name);
	sqlite3_str_appendf(str, ": %s", view.distinct ? "DISTINCT " : "");
	for (int i = 0; i < view.ncolumns; i++)
		sqlite3_str_appendf(str, "%s%s", i > 0 ? ", " : "", view.sql[i]);
	sqlite3_str_appendf(str, " %s", view.body);
	return lite_arena_finish(arena, str);
}

static void
view_is(const char *select, const char *expected)
{
	LiteArena *arena = lite_arena_create(0);

	is_str(view_text(arena,
					 lite_arena_printf(arena, "CREATE VIEW v AS %s", select)),
		   expected, "view: %.60s", select);
	lite_arena_free(arena);
}

static void
test_views(void)
{
	LiteArena *arena = lite_arena_create(0);
	LiteView view;
	LiteError err;

	view_is("SELECT id, name AS n FROM t WHERE is_done = 0 ORDER BY name",
			"id, n: t.id, t.name FROM app.t AS t WHERE (NOT t.is_done) ORDER "
			"BY t.name COLLATE \"C\" NULLS FIRST");
	view_is("SELECT * FROM Other o JOIN \"Other\" AS \"P\" USING (id)",
			"id, Label, Label: t1.id, t1.label, t2.label FROM app.other AS t1 "
			"JOIN app.other AS t2 ON (t1.id = t2.id)");
	view_is("SELECT o.* FROM t, other o LEFT JOIN t x ON x.id = o.id",
			"id, Label: o.id, o.label FROM app.t AS t CROSS JOIN app.other AS "
			"o LEFT JOIN app.t AS x ON (x.id = o.id)");
	view_is(
		"SELECT count(*), sum(qty) FROM t GROUP BY day HAVING count(*) > 1",
		"count(*), sum(qty): count(*), sum(t.qty)::bigint FROM app.t AS t "
		"GROUP BY t.day HAVING (count(*) > 1)");
	view_is("SELECT label FROM other UNION ALL SELECT NULL LIMIT 5",
			"!It has a LIMIT over several SELECTs.");
	view_is("SELECT label FROM other UNION ALL SELECT NULL",
			"label: other.label FROM app.other AS other UNION ALL SELECT "
			"NULL::text");
	view_is("SELECT 1 UNION SELECT 'x'",
			"!A column has different types in its SELECTs.");
	view_is("SELECT 1, 2 UNION SELECT 1",
			"!Its SELECTs differ in the number of columns.");
	view_is("SELECT DISTINCT email FROM t",
			"!DISTINCT compares values that PostgreSQL compares in another "
			"way.");
	view_is("SELECT email FROM t GROUP BY email",
			"!GROUP BY compares values that PostgreSQL compares in another "
			"way.");
	view_is("SELECT id FROM t, other", "!A column's name is that of several.");
	view_is("SELECT x FROM missing",
			"!It reads \"missing\", which is not carried over.");
	view_is("SELECT * FROM (SELECT 1)",
			"!A table is missing, at byte 31, near \"(SELECT 1)\".");
	view_is("SELECT (SELECT 1)",
			"!It has a subselect in it, which is not translated.");
	view_is("SELECT sum(count(*)) FROM t",
			"!It has an aggregate in it, which is not translated.");
	view_is("SELECT id FROM t WHERE count(*) > 1",
			"!It has an aggregate in it, which is not translated.");
	view_is(
		"WITH x AS (SELECT 1) SELECT * FROM x",
		"!This is no plain SELECT, at byte 17, near \"WITH x AS (SELECT 1) "
		"SELECT * FROM x\".");
	view_is("SELECT id FROM t LIMIT -1", "!Its LIMIT is no plain number.");

	/* a view over a view */
	is_int(lite_view_translate(arena,
							   "CREATE VIEW v (a, b) AS SELECT id, qty > 1 "
							   "FROM t LEFT JOIN other USING (id)",
							   view_sources, 2, &view, &err),
		   LITE_OK, "a view with names");
	ok(view.ncolumns == 2 && view.columns[0].type.type == LITE_TYPE_INT8 &&
		   view.columns[0].not_null &&
		   view.columns[1].type.type == LITE_TYPE_BOOL,
	   "its columns' types");
	is_str(view.columns[1].name, "b", "its columns' names");
	lite_arena_free(arena);
}

/* ------------------------------------------------------------------------
 * Hostile texts
 * ------------------------------------------------------------------------ */

static char *
repeat(const char *unit, size_t n, const char *tail)
{
	size_t length = strlen(unit);
	char *text = malloc(length * n + strlen(tail) + 1);

	for (size_t i = 0; i < n; i++)
		memcpy(text + i * length, unit, length);
	strcpy(text + length * n, tail);
	return text;
}

/* Whatever it is, an answer: parsed as an expression, and as a table. */
static LiteStatus
survive(const char *unit, size_t n, const char *tail)
{
	char *text = repeat(unit, n, tail);
	char *table;
	LiteArena *arena = lite_arena_create(256 * 1024 * 1024);
	const LiteExpr *expr;
	LiteTableSql *t;
	LiteTranslation out;
	LiteView view;
	LiteError err;
	LiteStatus status = lite_expr_parse(arena, text, &expr, &err);

	if (status == LITE_OK)
		status = lite_expr_translate(arena, expr, &scope, LITE_EXPR_FOR_CHECK,
									 NULL, &out, &err);
	table = sqlite3_mprintf("CREATE TABLE t(a CHECK (%s))", text);
	(void) lite_sql_parse_table(arena, table, &t, &err);
	sqlite3_free(table);
	table = sqlite3_mprintf("CREATE VIEW v AS SELECT %s FROM t, t AS %s", text,
							text);
	(void) lite_view_translate(arena, table, view_sources, 2, &view, &err);
	sqlite3_free(table);
	lite_arena_free(arena);
	free(text);
	return status;
}

static void
test_hostile(void)
{
	static const char *const units[] = {
		"(",		  ")",
		"-",		  "- ",
		"NOT ",		  "~",
		"f(",		  "[",
		"'",		  "\"",
		"`",		  "x'",
		"/*",		  "--",
		"1+",		  "1+(",
		"a IN (",	  "CASE WHEN ",
		"CASE ",	  "a.",
		"a,",		  "1 ",
		"cast(",	  "a between ",
		"a like ",	  "(1,",
		"x'00'||",	  "''||",
		"(select",	  "exists(",
		"a collate ", "\\",
		"\x01",		  "\xff",
		";",		  "a OR b AND c = d < e & f + g * h || (",
		"1 IS NOT ",  "a -> ",
		"coalesce(",  "iif(qty, ",
		"0x",		  "1e",
		"$",		  "abs(-qty) + ",
		"name || ",	  "a NOTNULL "};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		for (int n = 1000; n <= 1000000; n *= 10)
			if (strlen(units[i]) * (size_t) n < 5000000)
				ok(survive(units[i], (size_t) n, "1") != LITE_INTERNAL,
				   "%d times %s", n,
				   units[i][0] == '\\'	? "backslash"
				   : units[i][0] == '#' ? "hash"
										: units[i]);

	is_int(survive("(", 400, "qty"), LITE_UNSUPPORTED, "not closed");
	is_int(survive("NOT ", 400, "qty"), LITE_OK, "400 levels are translated");
	is_int(survive("NOT ", 600, "qty"), LITE_UNSUPPORTED, "600 are not");
	is_int(survive("qty + ", 400, "1"), LITE_OK, "a chain of 400");
	is_int(survive("qty + ", 600, "1"), LITE_UNSUPPORTED, "a chain of 600");
	/* the divisor is written twice in each level */
	is_int(survive("substr(name, -2) || ", 100, "name = 'x'"), LITE_OK,
		   "templates side by side");
	is_int(survive("round(", 3, "score)))"), LITE_OK, "templates, nested");
	is_int(survive("round(", 40,
				   "score))))))))))))))))))))))))))))))))))))))))"),
		   LITE_UNSUPPORTED, "text that doubles with every level");
}

/* A list of 40,000 members is nothing bad, and is read in no time. */
static void
test_long_list(void)
{
	char *members = repeat("123,", 40000, "5)");
	char *text = sqlite3_mprintf("qty IN (%s", members);
	LiteArena *arena = lite_arena_create(0);
	LiteTranslation out;
	LiteError err;

	is_int(translate(arena, 'c', NULL, text, &out, &err), LITE_OK,
		   "a long list");
	lite_arena_free(arena);
	sqlite3_free(text);
	free(members);
}

/*
 * Texts of no meaning made of SQL's words, and sensible texts with bytes
 * changed: whatever comes, no crash, and what is translated holds no byte
 * that could end a literal, which the balance of its quotes shows.
 */
static uint64_t random_state = 88172645463325252ULL;

static unsigned
random_below(unsigned n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned) (random_state % n);
}

/* Outside of quotes nothing but what the translator writes there. */
static bool
is_closed(const char *sql)
{
	int depth = 0;

	for (const char *s = sql; *s != '\0'; s++)
	{
		if (*s == '\'' || *s == '"')
		{
			char quote = *s;
			bool escapes = quote == '\'' && s > sql && s[-1] == 'E';

			for (s++; *s != '\0'; s++)
			{
				if (escapes && *s == '\\')
					s++;
				else if (*s == '\\' && quote == '\'')
					return false; /* a backslash needs E'' */
				else if (*s == quote && s[1] == quote)
					s++;
				else if (*s == quote)
					break;
			}
			if (*s == '\0')
				return false;
		}
		else if (*s == '(')
			depth++;
		else if (*s == ')')
			depth--;
		else if (*s == ';' || (*s == '-' && s[1] == '-') ||
				 (*s == '/' && s[1] == '*') || *s == '$' || *s == '\\')
			return false;
		if (depth < 0)
			return false;
	}
	return depth == 0;
}

static int
try_random(const char *text, int *translated, int *views)
{
	static const char purposes[] = "cgpiuvd";
	LiteArena *arena = lite_arena_create(64 * 1024 * 1024);
	LiteTranslation out;
	LiteError err;
	LiteTableSql *t;
	LiteIndexSql *index;
	LiteView view;
	char purpose = purposes[random_below(7)];
	const char *wanted = NULL;
	int bad = 0;

	if (purpose == 'd' || purpose == 'g')
		wanted = columns[random_below(NCOLUMNS)].name;
	if (translate(arena, purpose, wanted, text, &out, &err) == LITE_OK)
	{
		(*translated)++;
		if (!is_closed(out.sql))
		{
			bad = 1;
			printf("# from: %s\n# came: %s\n", text, out.sql);
		}
	}
	(void) lite_sql_parse_table(arena, text, &t, &err);
	(void) lite_sql_parse_index(arena, text, &index, &err);
	if (lite_view_translate(arena, text, view_sources, 2, &view, &err) ==
		LITE_OK)
	{
		(*views)++;
		if (!is_closed(view.body))
		{
			bad = 1;
			printf("# from: %s\n# came: %s\n", text, view.body);
		}
		for (int i = 0; i < view.ncolumns; i++)
			bad |= !is_closed(view.sql[i]);
	}
	lite_arena_free(arena);
	return bad;
}

static void
random_words(char *text, size_t size)
{
	static const char *const words[] = {"qty",
										"name",
										"email",
										"is_done",
										"created",
										"ts",
										"tags",
										"data",
										"uid",
										"day",
										"score",
										"price",
										"\"select\"",
										"1",
										"0",
										"-5",
										"2.5",
										"'abc'",
										"'2024-01-01'",
										"'[]'",
										"x'00'",
										"NULL",
										"TRUE",
										"'\\'",
										"''''",
										"';--'",
										"\"a'b\"",
										"+",
										"-",
										"*",
										"/",
										"%",
										"||",
										"=",
										"<",
										">=",
										"<>",
										"AND",
										"OR",
										"NOT",
										"IS",
										"IN",
										"(",
										")",
										",",
										"LIKE",
										"GLOB",
										"BETWEEN",
										"ISNULL",
										"CASE",
										"WHEN",
										"THEN",
										"ELSE",
										"END",
										"COLLATE NOCASE",
										"coalesce(",
										"length(",
										"substr(",
										"lower(",
										"json_extract(",
										"'$.a'",
										"->>",
										"->",
										"date(",
										"'now'",
										"'+1 month'",
										"strftime('%Y-%m',",
										"unixepoch(",
										"CAST(",
										"AS INTEGER)",
										"AS TEXT)",
										"min(",
										"max(",
										"abs(",
										"round(",
										"typeof(",
										"iif(",
										"nullif(",
										"printf('%s-%d',",
										"CHECK",
										"CREATE TABLE t(a",
										"CREATE INDEX i ON t",
										"DEFAULT",
										"--",
										"/*",
										"*/",
										"&",
										"<<",
										"~",
										"hex(",
										"randomblob(4)",
										"instr(",
										"replace(",
										"trim(",
										"json_array_length(",
										"json_type("};
	int n = 1 + (int) random_below(20);
	size_t used = 0;

	text[0] = '\0';
	for (int i = 0; i < n; i++)
	{
		const char *word =
			words[random_below(sizeof(words) / sizeof(words[0]))];

		if (used + strlen(word) + 2 > size)
			break;
		used += (size_t) sprintf(text + used, "%s ", word);
	}
}

static void
mutate(char *text, size_t size)
{
	int n = 1 + (int) random_below(4);

	for (int i = 0; i < n; i++)
	{
		size_t length = strlen(text);
		size_t at = length ? random_below((unsigned) length) : 0;

		switch (random_below(4))
		{
			case 0: /* another byte */
				if (length > 0)
					text[at] = (char) (1 + random_below(255));
				break;
			case 1: /* one less */
				if (length > 0)
					memmove(text + at, text + at + 1, length - at);
				break;
			case 2: /* one more */
				if (length + 2 < size)
				{
					memmove(text + at + 1, text + at, length - at + 1);
					text[at] = "'\"\\();-/*$"[random_below(10)];
				}
				break;
			default: /* cut */
				text[at] = '\0';
				break;
		}
	}
}

static const char *const view_texts[] = {
	"CREATE VIEW v AS SELECT id, name AS n FROM t WHERE is_done = 0",
	"CREATE VIEW v AS SELECT * FROM other o JOIN other p USING (id)",
	"CREATE VIEW v AS SELECT o.*, 'it''s' FROM t, other o LEFT JOIN t \"X\" "
	"ON \"X\".id = o.id",
	"CREATE VIEW \"v v\" (a, b) AS SELECT count(*), sum(qty) FROM t GROUP BY "
	"day HAVING count(*) > 1 ORDER BY 2 DESC",
	"CREATE VIEW v AS SELECT label, 'a\\b' FROM other UNION ALL SELECT name, "
	"email FROM t UNION SELECT NULL, 'x'"};

static void
test_random(void)
{
	char text[4096];
	int bad = 0, translated = 0, views = 0;

	for (int i = 0; i < 60000; i++)
	{
		random_words(text, sizeof(text));
		bad += try_random(text, &translated, &views);
	}
	for (int i = 0; i < 60000; i++)
	{
		unsigned n = random_below(NCASES + NDIFF_CASES);
		const char *from =
			n < NCASES ? cases[n].sql : diff_cases[n - NCASES].sql;

		if (i % 4 == 0)
			from = view_texts[random_below(sizeof(view_texts) /
										   sizeof(view_texts[0]))];
		else if (i % 50 == 1)
			from = big_table;

		strncpy(text, from, sizeof(text) - 1);
		text[sizeof(text) - 1] = '\0';
		mutate(text, sizeof(text));
		bad += try_random(text, &translated, &views);
	}
	is_int(bad, 0, "nothing escapes from 120,000 random texts");
	ok(translated > 1000, "enough of them translate (%d)", translated);
	ok(views > 200, "and of the views (%d)", views);
}

int
main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "--sql") == 0)
		return diff_script(0, 0);
	if (argc > 3 && strcmp(argv[1], "--random") == 0)
		return diff_script(strtoull(argv[2], NULL, 10), atoi(argv[3]));
	test_parser();
	test_cases();
	test_notes();
	test_table();
	test_tables();
	test_index();
	test_views();
	test_hostile();
	test_long_list();
	test_random();
	return done_testing();
}
