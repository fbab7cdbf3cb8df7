/*
 * profile_test.c
 *	  What is counted, what is known for certain, and what a sample sees.
 */
#include "planfile.h"

static LiteTableProfile *
profile(PlanFile *file, const char *table, int64_t sample)
{
	LiteProfileOptions options = {.sample = sample};
	LiteTableProfile *result = NULL;

	if (lite_profile_table(file->db, lite_schema_find(file->schema, table),
						   &options, file->arena, &result,
						   &file->err) != LITE_OK)
	{
		printf("Bail out! %s: %s\n", file->err.message, file->err.detail);
		exit(1);
	}
	return result;
}

static void
test_counts(void)
{
	PlanFile file;
	LiteTableProfile *p;
	LiteColumnProfile *c;

	plan_begin(&file,
			   "CREATE TABLE t (a, b TEXT);"
			   "INSERT INTO t VALUES (1, 'x'), (-7, 'h\xc3\xa9'), (2.5, ''),"
			   " (9e999, NULL), (3.0, 'h\xc3\xa9'), ('t', 'abc'),"
			   " (x'00ff', 'x' || char(0)), (NULL, CAST(x'ff' AS TEXT))");
	p = profile(&file, "t", 0);
	c = &p->columns[0];
	is_int(p->rows, 8, "rows");
	ok(p->whole && p->by_rowid, "all of them, told by rowid");
	is_int(c->count[LITE_INTEGER], 2, "integers");
	is_int(c->count[LITE_REAL], 3, "reals");
	is_int(c->count[LITE_TEXT], 1, "texts");
	is_int(c->count[LITE_BLOB], 1, "blobs");
	is_int(c->count[LITE_NULL], 1, "NULLs");
	is_int(c->int_min, -7, "the least integer");
	is_int(c->int_max, 1, "the greatest");
	is_dbl(c->real_min, 2.5, "the least real");
	is_dbl(c->real_max, 3.0, "the greatest that is finite");
	is_int(c->real_nonfinite, 1, "infinities");
	is_int(c->real_integral, 1, "reals without a fraction");
	is_int(lite_profile_values(c), 7, "values");
	c = &p->columns[1];
	is_int(c->text_max, 3, "the longest, in characters");
	is_int(c->bytes_max, 3, "and in bytes");
	is_int(c->text_empty, 1, "empty texts");
	is_int(c->text_nul, 1, "texts with a NUL");
	is_int(c->text_invalid, 1, "texts that are not UTF-8");
	ok(c->has_bad && c->bad_row == 7, "the first bad one is in row 7");
	is_str(c->examples[0], "x", "an example");
	is_str(c->examples[1], "h\xc3\xa9", "another");
	is_str(c->examples[2], "", "examples differ");
	plan_end(&file);
}

static void
test_fits(void)
{
	PlanFile file;
	LiteTableProfile *p;
	LiteColumnProfile *c;

	plan_begin(&file,
			   "CREATE TABLE t (id INTEGER PRIMARY KEY, j TEXT, m TEXT, u "
			   "TEXT);"
			   "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM "
			   "n WHERE i < 500)"
			   " INSERT INTO t SELECT i, CASE i WHEN 400 THEN 'no' ELSE "
			   "'{\"a\":' || i || '}' END,"
			   " datetime(1700000000 + i, 'unixepoch'), 'x' FROM n");
	p = profile(&file, "t", 0);
	c = &p->columns[1];
	ok(c->failed[LITE_FIT_JSON_CONTAINER], "one is no JSON");
	is_int(c->failed_row[LITE_FIT_JSON_CONTAINER], 400, "it is row 400");
	is_int(c->fits[LITE_FIT_JSON_CONTAINER], 499,
		   "the others are still counted");
	ok(!lite_profile_all(c, LITE_FIT_JSON_CONTAINER), "not all");
	ok(lite_profile_all(&p->columns[2], LITE_FIT_MOMENT), "all moments");
	ok(p->columns[2].moments_uniform, "spelled alike");
	ok(p->columns[3].fits[LITE_FIT_MOMENT] == 0, "no moments there");
	plan_end(&file);
}

static int
count_whole(PlanFile *file, const char *table, int64_t sample,
			LiteTableProfile **result)
{
	*result = profile(file, table, sample);
	return (*result)->whole;
}

static void
test_samples(void)
{
	PlanFile file;
	LiteTableProfile *p;

	plan_begin(
		&file,
		"CREATE TABLE t (id INTEGER PRIMARY KEY, x);"
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
		" WHERE i < 20000) INSERT INTO t SELECT i, i FROM n;"
		"CREATE TABLE w (k INT PRIMARY KEY) WITHOUT ROWID;"
		"INSERT INTO w SELECT id FROM t;"
		"CREATE TABLE e (x);"
		"CREATE TABLE s (id INTEGER PRIMARY KEY);"
		"INSERT INTO s VALUES (-9223372036854775808), (0),"
		" (9223372036854775807);"
		"CREATE TABLE v (x, y AS (x + 1))");

	ok(!count_whole(&file, "t", 1000, &p), "a sample is not the whole");
	ok(p->rows >= 1000 && p->rows <= 1100, "about as many rows as asked for");
	ok(p->columns[1].int_max - p->columns[1].int_min > 18000,
	   "spread over the table");
	ok(count_whole(&file, "t", 30000, &p) && p->rows == 20000,
	   "a sample of more than there is is the whole");
	ok(!count_whole(&file, "w", 1000, &p) && p->rows == 1000,
	   "WITHOUT ROWID: the first ones");
	ok(!p->by_rowid, "told by number");
	ok(count_whole(&file, "w", 20000, &p) && p->rows == 20000,
	   "exactly as many as there are");
	ok(count_whole(&file, "e", 10, &p) && p->rows == 0, "an empty table");
	ok(count_whole(&file, "s", 1, &p) && p->rows == 3,
	   "rowids over all 64 bits");
	ok(count_whole(&file, "v", 0, &p) && p->rows == 0, "generated columns");
	plan_end(&file);
}

int
main(void)
{
	files_init();
	test_counts();
	test_fits();
	test_samples();
	return done_testing();
}
