/*
 * views_test.c
 *	  Views in the plan: their order, names and statements, and what is done
 *	  with those that are there already.
 */
#include "planfile.h"

/* Where in the plan a statement with this piece is; -1: nowhere. */
static int
position(PlanFile *file, const char *piece)
{
	LiteStatement *statement = plan_statement(file, piece);

	return statement != NULL ? (int) (statement - file->plan->statements) : -1;
}

/* Views that translate. */
static int
made(PlanFile *file)
{
	int n = 0;

	for (int i = 0; i < file->plan->nviews; i++)
		n += !file->plan->views[i].refused;
	return n;
}

static void
test_order(void)
{
	PlanFile file;
	LiteStatement *statement;

	plan_of(&file,
			"CREATE VIEW c AS SELECT b.x FROM b, b AS again, t;"
			"CREATE VIEW b AS SELECT x FROM a;"
			"CREATE VIEW a AS SELECT x FROM t WHERE y;"
			"CREATE TABLE t (x TEXT, y BOOLEAN);"
			"INSERT INTO t VALUES ('x', 1);"
			"CREATE VIEW no AS SELECT quote(x) FROM t;"
			"CREATE VIEW upon_no AS SELECT * FROM a, no;"
			"CREATE TRIGGER tr INSTEAD OF INSERT ON a BEGIN SELECT 1; END",
			NULL);
	is_int(made(&file), 3, "three translate");
	ok(position(&file, "CREATE VIEW app.a (x)") > 0 &&
		   position(&file, "CREATE VIEW app.a (x)") <
			   position(&file, "CREATE VIEW app.b (x)") &&
		   position(&file, "CREATE VIEW app.b (x)") <
			   position(&file, "CREATE VIEW app.c (x)"),
	   "each after what it reads, whatever the file's order");
	ok(position(&file, "FROM main.\"t\"") <
		   position(&file, "CREATE VIEW app.a (x)"),
	   "after the rows");
	statement = plan_statement(&file, "CREATE VIEW app.a (x)");
	ok(statement != NULL && statement->optional &&
		   statement->phase == LITE_PHASE_VIEW && statement->table == -1,
	   "optional, in a phase of their own");
	ok(plan_statement(&file, "DROP VIEW") == NULL, "nothing is dropped");
	has_finding(&file, "view", "a", "is written anew", "one is told");
	has_finding(&file, "view", "no", "quote(x) FROM t (The function",
				"what does not translate is a finding with the reason");
	has_finding(&file, "view", "upon_no", "\"no\", which is not carried",
				"and so is what reads it");
	has_finding(&file, "trigger", "a", "CREATE TRIGGER tr",
				"a trigger on a view is a finding");
	plan_end(&file);
}

static void
test_names(void)
{
	LitePlanOptions options;
	const char *sql =
		"CREATE TABLE t (A TEXT, \"b c\" INT); INSERT INTO t VALUES ('', 1);"
		"CREATE VIEW \"Mixed \"\"View\" AS SELECT A, A AS \"a:1\", \"b c\" AS"
		" \"user\", 1 + 1 FROM t;"
		"CREATE VIEW "
		"v123456789_123456789_123456789_123456789_123456789_123456789_"
		"123456789 AS SELECT 1 AS xmin";
	PlanFile file;

	plan_of(&file, sql, NULL);
	has_statement(&file,
				  "CREATE VIEW app.\"mixed \"\"view\" (a, \"a:1\", \"user\","
				  " \"1 + 1\") AS\nSELECT t.a, t.a, t.\"b c\", ",
				  "folded and quoted");
	has_statement(&file,
				  "CREATE VIEW app.v123456789_123456789_123456789_123456789_"
				  "123456789_123456789_12 (xmin_1)",
				  "shortened; no system column");
	has_finding(&file, "rename", NULL, "view becomes", "a finding");
	has_statement(&file, "COMMENT ON VIEW app.v123456789_", "and a comment");
	plan_end(&file);

	lite_plan_options_init(&options);
	options.keep_identifiers = true;
	plan_of(&file, sql, &options);
	has_statement(&file, "CREATE VIEW app.\"Mixed \"\"View\" (\"A\", \"a:1\"",
				  "or kept");
	plan_end(&file);
}

static bool
exists(void *arg, const char *schema, const char *name)
{
	(void) arg;
	return strcmp(schema, "app") == 0 &&
		   (name == NULL || strcmp(name, "v") == 0);
}

static void
test_exists(void)
{
	const char *sql = "CREATE TABLE t (x INT); INSERT INTO t VALUES (1);"
					  "CREATE VIEW w AS SELECT x FROM v;"
					  "CREATE VIEW v AS SELECT x FROM t;"
					  "CREATE VIEW no AS SELECT quote(x) AS q FROM t";
	LitePlanOptions options;
	PlanFile file;

	lite_plan_options_init(&options);
	options.exists = exists;
	plan_of(&file, sql, &options);
	ok(plan_finding(&file, "exists", "v", NULL)->severity ==
		   LITE_SEVERITY_ERROR,
	   "a view that exists is an error");
	plan_end(&file);

	options.if_exists = LITE_IF_EXISTS_REPLACE;
	plan_of(&file, sql, &options);
	has_statement(&file, "''app'' AND c.relname IN (''v'', ''w'', ''no'')",
				  "replace: the file's views");
	has_statement(&file,
				  "obj_description(c.oid, ''pg_class''), ''SQLite view: "
				  "''",
				  "if they are an import's");
	ok(position(&file, "DROP VIEW") < position(&file, "DROP TABLE"),
	   "before the tables");
	ok(plan_statement(&file, "CASCADE") == NULL, "and nothing else");
	plan_end(&file);

	for (int i = 0; i < 2; i++)
	{
		options.if_exists =
			i == 0 ? LITE_IF_EXISTS_APPEND : LITE_IF_EXISTS_SKIP;
		plan_of(&file, sql, &options);
		ok(plan_statement(&file, "CREATE VIEW app.v ") == NULL,
		   "append, skip: what is there is left alone");
		ok(plan_finding(&file, "exists", "v", "left alone")->severity ==
			   LITE_SEVERITY_INFO,
		   "and said");
		has_statement(&file, "CREATE VIEW app.w ", "what is not is made");
		plan_end(&file);
	}
}

static void
test_parts(void)
{
	const char *sql = "CREATE TABLE t (x INT); CREATE TABLE u (y INT);"
					  "CREATE VIEW v AS SELECT x FROM t;"
					  "CREATE VIEW w AS SELECT y FROM u";
	const char *only[] = {"t", "v", "w"};
	const char *without[] = {"v"};
	const char *documents[] = {"t"};
	LitePlanOptions options;
	PlanFile file;

	lite_plan_options_init(&options);
	options.ntables = 3;
	options.tables = only;
	plan_of(&file, sql, &options);
	has_statement(&file, "CREATE VIEW app.v ", "a view that was asked for");
	has_finding(&file, "view", "w", "\"u\", which is not carried over",
				"what it reads must come along");
	plan_end(&file);

	options.ntables = 0;
	options.nexclude = 1;
	options.exclude = without;
	plan_of(&file, sql, &options);
	ok(plan_statement(&file, "app.v") == NULL &&
		   plan_finding(&file, "view", "v", NULL) == NULL,
	   "what was excluded is not there");
	has_statement(&file, "CREATE VIEW app.w ", "the others are");
	plan_end(&file);

	options.nexclude = 0;
	options.ndocuments = 1;
	options.documents = documents;
	plan_of(&file, sql, &options);
	has_finding(&file, "view", "v", "becomes documents",
				"a document has no columns to read");
	plan_end(&file);
}

static void
test_hostile(void)
{
	PlanFile file;
	sqlite3_str *sql = sqlite3_str_new(NULL);
	char *text;

	plan_of(&file,
			"CREATE VIEW a AS SELECT * FROM b; CREATE VIEW b AS SELECT * FROM "
			"a; CREATE VIEW gone AS SELECT * FROM missing",
			NULL);
	is_int(made(&file), 0, "a circle, a table that is not there");
	has_finding(&file, "view", "a", NULL, "one is a finding");
	has_finding(&file, "view", "b", NULL, "and the other");
	has_finding(&file, "view", "gone", "no such table", "and the third");
	plan_end(&file);

	sqlite3_str_appendall(sql, "CREATE TABLE v0 (x);");
	for (int i = 1; i <= 300; i++)
		sqlite3_str_appendf(sql, "CREATE VIEW v%d AS SELECT x FROM v%d;", i,
							i - 1);
	text = sqlite3_str_finish(sql);
	plan_of(&file, text, NULL);
	is_int(made(&file), 300, "a long chain that is walked from its beginning");
	plan_end(&file);
	sqlite3_free(text);

	sql = sqlite3_str_new(NULL);
	for (int i = 300; i >= 1; i--)
		sqlite3_str_appendf(sql, "CREATE VIEW v%d AS SELECT x FROM v%d;", i,
							i - 1);
	sqlite3_str_appendall(sql, "CREATE TABLE v0 (x);");
	text = sqlite3_str_finish(sql);
	plan_of(&file, text, NULL);
	ok(made(&file) < 300 && made(&file) > 0, "from its end it is too deep");
	has_finding(&file, "view", "v300", NULL, "which is said");
	plan_end(&file);
	sqlite3_free(text);
}

int
main(void)
{
	files_init();
	test_order();
	test_names();
	test_exists();
	test_parts();
	test_hostile();
	return done_testing();
}
