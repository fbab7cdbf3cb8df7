/*
 * plan_random_test.c
 *	  Properties of a plan that hold for every file.
 *
 * Random tables, of random declarations and values, under random options:
 *
 *	- every value of every column converts to the type it was given, unless
 *	  a finding says that some do not;
 *	- a column that is unique in SQLite is unique after the conversion, unless
 *	  its statement is marked as one that may fail;
 *	- the plan made from a sample as large as the table is the same plan;
 *	- made twice, it is the same, statement by statement.
 *
 * The generator is seeded, so a failure can be had again; its number is in
 * the name of the test.
 */
#include "core/digest.h"
#include "core/stmt.h"
#include "planfile.h"

#define ROUNDS 300
#define COLUMNS 6
#define ROWS 40

static uint64_t seed;

static uint32_t
next_random(void)
{
	/* xorshift64* */
	seed ^= seed >> 12;
	seed ^= seed << 25;
	seed ^= seed >> 27;
	return (uint32_t) ((seed * UINT64_C(2685821657736338717)) >> 32);
}

static int
below(int n)
{
	return (int) (next_random() % (uint32_t) n);
}

static const char *const declarations[] = {
	"",			  "INTEGER",  "INT",	 "SMALLINT",	 "TEXT",
	"VARCHAR(5)", "REAL",	  "NUMERIC", "DECIMAL(8,2)", "BLOB",
	"BOOLEAN",	  "DATETIME", "DATE",	 "TIME",		 "TIMESTAMP",
	"JSON",		  "UUID",	  "ANY",	 "STRING",		 "INTEGER_OR_TEXT"};

/* Pools of values; a column draws from one or two of them. */
static const char *const pools[][8] = {
	{"0", "1", "0", "1", "0", "1", "1", "0"},
	{"1", "2", "-3", "40000", "70000", "5", "6", "7"},
	{"9223372036854775807", "-9223372036854775808", "9007199254740993",
	 "5000000000", "0", "1", "-1", "12"},
	{"0.5", "2.0", "1e300", "-0.0", "123456789.123", "9e999", "-9e999",
	 "1e15"},
	{"'a'", "''", "'1'", "' 1'", "'1.0'", "'true'", "'no'", "'0'"},
	{"'{}'", "'[]'", "'{\"a\":1}'", "'{ \"a\":1}'", "'null'", "'[1,2]'",
	 "'{\"b\":\"x\"}'", "'{\"a\":1.0}'"},
	{"'{}'", "'{\"a\":\"\\u0000\"}'", "'nul'", "'\"s\"'", "'1e5'", "'[1e999]'",
	 "'{\"a\":NaN}'", "'[]'"},
	{"'2024-01-01 00:00:00'", "'2024-01-01T00:00:00Z'",
	 "'2024-01-01T00:00:00.000'", "'2024-01-01T02:00:00+02:00'",
	 "'2023-12-31 23:59:59.999999'", "'0001-01-01 00:00:00'",
	 "'9999-12-31 23:59:59'", "'2024-01-01 00:00'"},
	{"'2024-01-01'", "'2024-02-29'", "'1999-12-31'", "'10:00'", "'23:59:59'",
	 "'2023-02-29'", "'24:00'", "'2024-01-01 '"},
	{"1700000000", "1700000001", "1600000000", "1700000000.5",
	 "1700000000.123456", "1700000000000", "1700000000123",
	 "1700000000123456"},
	{"2460310.5", "2460311.25", "2460310.123456", "2460000", "2440587.5",
	 "0.5", "100.25", "2460311"},
	{"'6f1e1c5e-0a0a-4d3f-9a55-0c3f5a9d2b11'",
	 "'6F1E1C5E-0A0A-4D3F-9A55-0C3F5A9D2B11'",
	 "'0d9b6a4e-7a6b-4c55-8b1f-3f8f5a9d2b22'",
	 "'{0d9b6a4e-7a6b-4c55-8b1f-3f8f5a9d2b22}'",
	 "'0d9b6a4e7a6b4c558b1f3f8f5a9d2b22'",
	 "x'00112233445566778899aabbccddeeff'", "x'0011'",
	 "'00000000-0000-0000-0000-000000000000'"},
	{"x''", "x'00'", "x'6162'", "x'ff00ff'", "x'0b'", "x'7b7d'", "x'5b5d'",
	 "zeroblob(16)"},
	{"CAST(x'ff' AS TEXT)", "'a' || char(0)", "'h\xc3\xa9'", "char(128512)",
	 "CAST(x'c3' AS TEXT)", "CAST(x'eda080' AS TEXT)", "'fine'", "'ok'"},
	{"12.34", "0.1", "99999999.99", "1234567", "0.005", "1", "-3.1", "100"},
	{"'99999999999999999999'", "'123456789012345678901234567890.5'",
	 "'1e-400'", "'0x10'", "'+5'", "'-0'", "'1e400'", "'Infinity'"},
};

#define NPOOLS ((int) (sizeof(pools) / sizeof(pools[0])))

static const char *const names[] = {"is_a",	   "created_at", "n",
									"payload", "uuid",		 "ts"};

static char *
random_sql(void)
{
	sqlite3_str *str = sqlite3_str_new(NULL);
	int pool[COLUMNS][2];
	bool one_pool[COLUMNS];
	int rows = below(4) == 0 ? below(3) : below(ROWS);

	sqlite3_str_appendall(str, "CREATE TABLE t (");
	for (int i = 0; i < COLUMNS; i++)
	{
		sqlite3_str_appendf(
			str, "%s%s %s%s%s", i > 0 ? ", " : "", names[i],
			declarations[below(
				(int) (sizeof(declarations) / sizeof(declarations[0])))],
			below(4) == 0 ? " UNIQUE" : "", below(4) == 0 ? " DEFAULT 0" : "");
		pool[i][0] = below(NPOOLS);
		pool[i][1] = below(NPOOLS);
		one_pool[i] = below(3) > 0;
	}
	sqlite3_str_appendall(str, ");");
	for (int r = 0; r < rows; r++)
	{
		sqlite3_str_appendall(str, "INSERT OR IGNORE INTO t VALUES (");
		for (int i = 0; i < COLUMNS; i++)
		{
			const char *value =
				pools[pool[i][one_pool[i] ? 0 : below(2)]][below(8)];

			sqlite3_str_appendf(str, "%s%s", i > 0 ? ", " : "",
								below(8) == 0 ? "NULL" : value);
		}
		sqlite3_str_appendall(str, ");");
	}
	return sqlite3_str_finish(str);
}

static bool
is_excused(PlanFile *file, const char *column)
{
	for (int i = 0; i < file->plan->nfindings; i++)
	{
		LiteFinding *f = &file->plan->findings[i];

		if (strcmp(f->code, "misfit") == 0 && f->object != NULL &&
			strcmp(f->object + 2, column) == 0)
			return true;
	}
	return false;
}

/* Is there a key or index on this column alone that must not fail? */
static bool
must_be_unique(PlanFile *file, const char *column)
{
	char piece[64];
	LiteStatement *statement;

	snprintf(piece, sizeof(piece), "t_%s_key", column);
	statement = plan_statement(file, piece);
	return statement != NULL && !statement->optional;
}

static void
check_values(PlanFile *file, int round)
{
	LitePlanTable *table = &file->plan->tables[0];
	LiteConverter converters[COLUMNS];
	LiteHash seen[COLUMNS][ROWS];
	int nseen[COLUMNS] = {0};
	int bad = 0;
	int doubled = 0;
	LiteStmt *stmt;
	int ncolumns = 0;

	if (lite_stmt_prepare(file->db, table->select_sql, &stmt, &file->err) !=
		LITE_OK)
	{
		ok(false, "round %d: %s", round, file->err.message);
		return;
	}
	for (int i = 0; i < table->ncolumns; i++)
	{
		if (table->columns[i].source == LITE_SOURCE_COLUMN)
			lite_converter_init(&converters[ncolumns++],
								table->columns[i].type);
	}
	while (lite_stmt_step(stmt, &file->err) == LITE_ROW)
	{
		for (int i = 0; i < ncolumns; i++)
		{
			LiteValue value;
			LiteScalar scalar = {0, 0, NULL, 0};
			LiteMisfit misfit;
			LiteHash hash;

			lite_stmt_value(stmt, i, &value);
			if (value.cls == LITE_NULL)
				continue;
			misfit = lite_convert(&converters[i], &value, &scalar);
			if (misfit != LITE_FITS)
			{
				if (!is_excused(file, table->columns[i].name))
				{
					bad++;
					note("%s: %s (%s): %.*s", table->columns[i].name,
						 table->columns[i].type_sql, lite_misfit_name(misfit),
						 value.cls == LITE_TEXT ? (int) value.len : 0,
						 value.cls == LITE_TEXT ? value.data : "");
				}
				continue;
			}
			if (!must_be_unique(file, table->columns[i].name))
				continue;
			hash =
				lite_hash_canonical(table->columns[i].type.type, i, &scalar);
			for (int k = 0; k < nseen[i]; k++)
			{
				if (seen[i][k].lo == hash.lo && seen[i][k].hi == hash.hi)
				{
					doubled++;
					note("%s: %s is twice the same", table->columns[i].name,
						 table->columns[i].type_sql);
				}
			}
			if (nseen[i] < ROWS)
				seen[i][nseen[i]++] = hash;
		}
	}
	is_int(bad, 0, "round %d: every value converts", round);
	is_int(doubled, 0, "round %d: unique columns stay unique", round);
	for (int i = 0; i < ncolumns; i++)
		lite_converter_free(&converters[i]);
	lite_stmt_finalize(stmt);
}

static bool
same_plans(const LitePlan *a, const LitePlan *b)
{
	if (a->nstatements != b->nstatements || a->nfindings != b->nfindings)
		return false;
	for (int i = 0; i < a->nstatements; i++)
	{
		if (strcmp(a->statements[i].sql, b->statements[i].sql) != 0)
			return false;
	}
	for (int i = 0; i < a->nfindings; i++)
	{
		if (strcmp(a->findings[i].text, b->findings[i].text) != 0)
			return false;
	}
	return true;
}

static void
run_round(int round)
{
	LitePlanOptions options;
	PlanFile file;
	LitePlan *first;
	char *sql;

	seed = UINT64_C(88172645463325252) * (uint64_t) (round + 1) + 1;
	sql = random_sql();
	lite_plan_options_init(&options);
	options.infer = (LiteInfer) below(3);
	plan_of(&file, sql, &options);
	check_values(&file, round);
	first = file.plan;
	plan_make(&file, &options);
	ok(file.plan != NULL && same_plans(first, file.plan),
	   "round %d: the same plan again", round);
	options.sample = ROWS * 2;
	plan_make(&file, &options);
	ok(file.plan != NULL && same_plans(first, file.plan),
	   "round %d: the same plan from a sample of all", round);
	plan_end(&file);
	sqlite3_free(sql);
}

int
main(void)
{
	files_init();
	for (int i = 0; i < ROUNDS; i++)
		run_round(i);
	return done_testing();
}
