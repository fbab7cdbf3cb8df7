/*
 * value_bench.c
 *	  What a conversion and a hash cost, next to SQLite's own work per value.
 *
 * Each line reads one column of a table in memory: first a plain loop of
 * sqlite3_step() and sqlite3_column_*(), then the same with the conversion,
 * then also with its digest.  The figures that matter are the ratios: what is
 * ours on top of what SQLite takes anyway.
 *
 *	cc -O2 -Isrc test/bench/value_bench.c src/core/ *.c -lsqlite3 -lm
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/digest.h"
#include "core/value.h"

#define ROWS 200000
#define ROUNDS 9

typedef struct Case
{
	const char *name;
	const char *expression; /* of n, the row's number */
	LiteColumnType type;
} Case;

static const Case cases[] = {
	{"bigint", "n * 7919", {LITE_TYPE_INT8, 0, 0, LITE_FORMAT_NATIVE}},
	{"boolean", "n % 2", {LITE_TYPE_BOOL, 0, 0, LITE_FORMAT_NATIVE}},
	{"double precision",
	 "n * 0.37",
	 {LITE_TYPE_FLOAT8, 0, 0, LITE_FORMAT_NATIVE}},
	{"numeric of integers",
	 "n * 7919",
	 {LITE_TYPE_NUMERIC, 0, 0, LITE_FORMAT_NATIVE}},
	{"numeric of prices",
	 "(n % 100000) / 100.0",
	 {LITE_TYPE_NUMERIC, 0, 0, LITE_FORMAT_NATIVE}},
	{"numeric of 17 digits",
	 "n / 7.0",
	 {LITE_TYPE_NUMERIC, 0, 0, LITE_FORMAT_NATIVE}},
	{"text of 10",
	 "printf('name%06d', n)",
	 {LITE_TYPE_TEXT, 0, 0, LITE_FORMAT_NATIVE}},
	{"text of 100",
	 "substr(replace(hex(zeroblob(50)), '0', 'x'), 1, 100)",
	 {LITE_TYPE_TEXT, 0, 0, LITE_FORMAT_NATIVE}},
	{"text of 1000",
	 "substr(replace(hex(zeroblob(500)), '0', 'x'), 1, 1000)",
	 {LITE_TYPE_TEXT, 0, 0, LITE_FORMAT_NATIVE}},
	{"text of 100 in Greek",
	 "substr(replace(hex(zeroblob(50)), '0', char(955)), 1, 50)",
	 {LITE_TYPE_TEXT, 0, 0, LITE_FORMAT_NATIVE}},
	{"bytea of 100",
	 "randomblob(100)",
	 {LITE_TYPE_BYTEA, 0, 0, LITE_FORMAT_NATIVE}},
	{"timestamptz of text",
	 "datetime(1700000000 + n, 'unixepoch')",
	 {LITE_TYPE_TIMESTAMPTZ, 0, 0, LITE_FORMAT_NATIVE}},
	{"... with ms and Z",
	 "strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000.25 + n, 'unixepoch')",
	 {LITE_TYPE_TIMESTAMPTZ, 0, 0, LITE_FORMAT_NATIVE}},
	{"... of seconds",
	 "1700000000 + n",
	 {LITE_TYPE_TIMESTAMPTZ, 0, 0, LITE_FORMAT_UNIX_S}},
	{"... of real seconds",
	 "1700000000.123456 + n",
	 {LITE_TYPE_TIMESTAMPTZ, 0, 0, LITE_FORMAT_UNIX_S}},
	{"... of julian days",
	 "julianday(1700000000 + n, 'unixepoch')",
	 {LITE_TYPE_TIMESTAMPTZ, 0, 0, LITE_FORMAT_JULIAN}},
	{"... guessed",
	 "1700000000 + n",
	 {LITE_TYPE_TIMESTAMPTZ, 0, 0, LITE_FORMAT_AUTO}},
	{"date",
	 "date(1700000000 + n * 60, 'unixepoch')",
	 {LITE_TYPE_DATE, 0, 0, LITE_FORMAT_NATIVE}},
	{"uuid of text",
	 "printf('%08x-9c0b-4ef8-bb6d-6bb9bd380a11', n)",
	 {LITE_TYPE_UUID, 0, 0, LITE_FORMAT_NATIVE}},
	{"jsonb of 60",
	 "printf('{\"id\":%d,\"name\":\"user %d\",\"tags\":[\"a\",\"b\"],"
	 "\"ok\":true}', n, n)",
	 {LITE_TYPE_JSONB, 0, 0, LITE_FORMAT_NATIVE}},
	{"jsonb of 1000",
	 "printf('{\"id\":%d,\"body\":\"%s\",\"n\":[1.5,2,3]}', n, "
	 "replace(hex(zeroblob(480)), '0', 'x'))",
	 {LITE_TYPE_JSONB, 0, 0, LITE_FORMAT_NATIVE}},
};

typedef enum Work
{
	WORK_READ,
	WORK_CONVERT,
	WORK_DIGEST
} Work;

static volatile int64_t sink;

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

static void
read_value(sqlite3_stmt *stmt, LiteValue *value)
{
	sqlite3_value *v = sqlite3_column_value(stmt, 0);

	switch (sqlite3_value_type(v))
	{
		case SQLITE_INTEGER:
			value->cls = LITE_INTEGER;
			value->i = sqlite3_value_int64(v);
			break;
		case SQLITE_FLOAT:
			value->cls = LITE_REAL;
			value->r = sqlite3_value_double(v);
			break;
		case SQLITE_TEXT:
			value->cls = LITE_TEXT;
			value->data = (const char *) sqlite3_value_text(v);
			value->len = (size_t) sqlite3_value_bytes(v);
			break;
		default:
			value->cls = LITE_BLOB;
			value->data = (const char *) sqlite3_value_blob(v);
			value->len = (size_t) sqlite3_value_bytes(v);
			break;
	}
}

/* Seconds of the best of some rounds. */
static double
measure(sqlite3_stmt *stmt, const Case *c, Work work)
{
	double best = 1e9;

	for (int round = 0; round < ROUNDS; round++)
	{
		LiteConverter converter;
		LiteColumnDigest column;
		LiteDigest digest;
		LiteValue value = {LITE_NULL, 0, 0, NULL, 0};
		LiteScalar scalar = {0, 0, NULL, 0};
		double start = now();

		lite_converter_init(&converter, c->type);
		lite_digest_init(&digest, &column, 1);
		while (sqlite3_step(stmt) == SQLITE_ROW)
		{
			read_value(stmt, &value);
			sink += value.i;
			if (work == WORK_READ)
				continue;
			if (lite_convert(&converter, &value, &scalar) != LITE_FITS)
			{
				fprintf(stderr, "%s: a value does not fit\n", c->name);
				exit(1);
			}
			sink += scalar.i;
			if (work == WORK_CONVERT)
				continue;
			lite_digest_row_begin(&digest);
			lite_digest_value(&digest, 0, c->type.type, &value, &scalar);
			lite_digest_row_end(&digest);
		}
		sqlite3_reset(stmt);
		lite_converter_free(&converter);
		if (now() - start < best)
			best = now() - start;
	}
	return best;
}

int
main(void)
{
	sqlite3 *db;

	sqlite3_open_v2(":memory:", &db,
					SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
						SQLITE_OPEN_NOMUTEX,
					NULL);
	printf("%-22s %10s %10s %10s %8s %8s\n", "", "read ns", "+ convert",
		   "+ digest", "ratio", "ratio");
	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
	{
		const Case *c = &cases[k];
		sqlite3_stmt *stmt;
		double plain;
		double convert;
		double digest;
		char *sql = sqlite3_mprintf(
			"DROP TABLE IF EXISTS t; CREATE TABLE t (a);"
			"WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s "
			"WHERE n < %d) INSERT INTO t SELECT %s FROM s",
			ROWS, c->expression);

		if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK ||
			sqlite3_prepare_v2(db, "SELECT a FROM t", -1, &stmt, NULL) !=
				SQLITE_OK)
		{
			fprintf(stderr, "%s\n", sqlite3_errmsg(db));
			return 1;
		}
		sqlite3_free(sql);
		plain = measure(stmt, c, WORK_READ);
		convert = measure(stmt, c, WORK_CONVERT);
		digest = measure(stmt, c, WORK_DIGEST);
		printf("%-22s %10.1f %10.1f %10.1f %8.2f %8.2f\n", c->name,
			   plain / ROWS * 1e9, (convert - plain) / ROWS * 1e9,
			   (digest - convert) / ROWS * 1e9, convert / plain,
			   digest / plain);
		sqlite3_finalize(stmt);
	}
	sqlite3_close(db);
	return 0;
}
