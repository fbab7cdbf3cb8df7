/*
 * foreign.c
 *	  Foreign keys, and the rows that violate them.
 *
 * SQLite checks foreign keys only when asked to (PRAGMA foreign_keys), so
 * files have orphans, and keys whose parent is not unique or not there.  Each
 * key is added NOT VALID, so that new rows are checked, and validated by a
 * statement of its own unless orphans are known.  A key that PostgreSQL
 * cannot have is a finding.
 *
 * Keys are added after all tables have theirs, so cycles and the order of
 * tables do not matter.
 */
#include <string.h>

#include "core/planner.h"
#include "core/stmt.h"

/* As many orphans are named. */
#define ORPHANS_SHOWN 3

typedef struct ForeignWork
{
	LiteTableWork *child;
	LiteTableWork *parent;
	const LiteForeignKey *fk;
	const LiteSqlConstraint *sql; /* NULL: not found */
	int *child_columns;			  /* of the source tables */
	int *parent_columns;
	char *words; /* "(a, b) REFERENCES p", for findings */
	const char *name;
} ForeignWork;

static bool
same_columns(const LiteTableWork *work, const LiteForeignKey *fk,
			 const LiteSqlConstraint *c)
{
	if (c->parent == NULL || sqlite3_stricmp(c->parent, fk->parent) != 0)
		return false;
	if (c->nterms == 0)
		return fk->ncolumns == 1 && c->column >= 0 &&
			   sqlite3_stricmp(work->sql->columns[c->column].name,
							   fk->columns[0]) == 0;
	if (c->nterms != fk->ncolumns)
		return false;
	for (int i = 0; i < c->nterms; i++)
	{
		if (c->terms[i].expr->text == NULL ||
			sqlite3_stricmp(c->terms[i].expr->text, fk->columns[i]) != 0)
			return false;
	}
	return true;
}

static const LiteSqlConstraint *
find_sql(const LiteTableWork *work, const LiteForeignKey *fk)
{
	for (int i = 0; work->sql != NULL && i < work->sql->nconstraints; i++)
	{
		const LiteSqlConstraint *c = &work->sql->constraints[i];

		if (c->kind == LITE_CONSTRAINT_FOREIGN_KEY &&
			same_columns(work, fk, c))
			return c;
	}
	return NULL;
}

static void
find_fk(LitePlanner *planner, const ForeignWork *fw, const char *why)
{
	lite_find(planner, LITE_SEVERITY_WARNING, "foreign_key",
			  fw->child->source->name, fw->sql != NULL ? fw->sql->name : NULL,
			  NULL, "foreign key %s is not carried over: %s",
			  lite_find_clip(planner, fw->words, 300), why);
}

static char *
fk_words(LitePlanner *planner, const LiteForeignKey *fk)
{
	sqlite3_str *str = sqlite3_str_new(NULL);

	for (int i = 0; i < fk->ncolumns; i++)
		sqlite3_str_appendf(str, "%s%s", i > 0 ? ", " : "(", fk->columns[i]);
	sqlite3_str_appendf(str, ") REFERENCES %s", fk->parent);
	return lite_arena_finish(planner->arena, str);
}

/* ------------------------------------------------------------------------
 * Can PostgreSQL have it?
 * ------------------------------------------------------------------------ */

/* The same set of columns, in any order, each once. */
static bool
covers(int n, const int *wanted, int m, const LiteIndexColumn *columns)
{
	if (n != m)
		return false;
	for (int i = 0; i < n; i++)
	{
		bool found = false;

		for (int k = 0; k < m && !found; k++)
			found = columns[k].column == wanted[i];
		if (!found)
			return false;
	}
	return true;
}

/* Do these columns become a primary key or a full unique index? */
static bool
is_unique_key(const LiteTableWork *work, int n, const int *columns)
{
	const LiteTable *table = work->source;

	if (n == 1 && columns[0] == table->rowid_alias)
		return true;
	if (n == table->npk && !work->rowid_key)
	{
		bool all = true;

		for (int i = 0; i < n; i++)
			all = all && table->columns[columns[i]].pk_position > 0;
		if (all)
			return true;
	}
	for (int i = 0; i < table->nindexes; i++)
	{
		const LiteIndex *index = &table->indexes[i];
		bool plain = true;

		if (!index->unique || index->partial || index->has_expression ||
			!covers(n, columns, index->ncolumns, index->columns))
			continue;
		for (int k = 0; k < index->ncolumns; k++)
		{
			const char *collation = index->columns[k].collation;

			if (collation != NULL &&
				sqlite3_stricmp(collation, "BINARY") != 0 &&
				work->decisions[index->columns[k].column].type.type ==
					LITE_TYPE_TEXT)
				plain = false; /* becomes an index on lower() */
		}
		if (plain)
			return true;
	}
	return false;
}

static bool
resolve_columns(LitePlanner *planner, ForeignWork *fw)
{
	const LiteForeignKey *fk = fw->fk;
	char child_type[64];
	char parent_type[64];

	for (int i = 0; i < fk->ncolumns; i++)
	{
		int child = lite_table_find_column(fw->child->source, fk->columns[i]);
		int parent = fk->parent_columns[i] != NULL
						 ? lite_table_find_column(fw->parent->source,
												  fk->parent_columns[i])
						 : -1;
		LiteColumnType a;
		LiteColumnType b;

		if (child < 0 || parent < 0)
		{
			find_fk(planner, fw, "the parent has no such column");
			return false;
		}
		if (fw->child->target_of[child] < 0 ||
			fw->parent->target_of[parent] < 0)
		{
			find_fk(planner, fw, "a column of it is inside a document");
			return false;
		}
		a = fw->child->decisions[child].type;
		b = fw->parent->decisions[parent].type;
		if (a.type != b.type)
		{
			find_fk(planner, fw,
					lite_arena_printf(planner->arena, "%s is %s and %s is %s",
									  fk->columns[i],
									  lite_type_format(a, child_type,
													   sizeof(child_type)),
									  fk->parent_columns[i],
									  lite_type_format(b, parent_type,
													   sizeof(parent_type))));
			return false;
		}
		fw->child_columns[i] = child;
		fw->parent_columns[i] = parent;
	}
	return true;
}

static bool
resolve(LitePlanner *planner, ForeignWork *fw)
{
	const LiteTable *parent =
		lite_schema_find(planner->schema, fw->fk->parent);
	int n = fw->fk->ncolumns;

	if (parent == NULL)
	{
		find_fk(planner, fw, "there is no such table in the file");
		return false;
	}
	fw->parent = lite_planner_work(planner, parent);
	if (fw->parent == NULL)
	{
		find_fk(planner, fw,
				parent->kind == LITE_KIND_VIEW ? "the parent is a view"
											   : "the parent is not imported");
		return false;
	}
	if (!resolve_columns(planner, fw))
		return false;
	if (!is_unique_key(fw->parent, n, fw->parent_columns))
	{
		find_fk(planner, fw,
				"the parent's columns are no primary key and have no unique "
				"index that PostgreSQL can use for it");
		return false;
	}
	return true;
}

/* ------------------------------------------------------------------------
 * Orphans
 * ------------------------------------------------------------------------ */

static char *
orphans_query(const ForeignWork *fw)
{
	const LiteTable *child = fw->child->source;
	const LiteTable *parent = fw->parent->source;
	sqlite3_str *str = sqlite3_str_new(NULL);

	sqlite3_str_appendall(str, "SELECT ");
	for (int i = 0; i < fw->fk->ncolumns; i++)
		sqlite3_str_appendf(str, "%sc.\"%w\"", i > 0 ? ", " : "",
							child->columns[fw->child_columns[i]].name);
	sqlite3_str_appendf(str, " FROM main.\"%w\" AS c WHERE ", child->name);
	for (int i = 0; i < fw->fk->ncolumns; i++)
		sqlite3_str_appendf(str, "c.\"%w\" IS NOT NULL AND ",
							child->columns[fw->child_columns[i]].name);
	/* the parent's column first: its collation is the one that counts */
	sqlite3_str_appendf(str,
						"NOT EXISTS (SELECT 1 FROM main.\"%w\" AS p WHERE ",
						parent->name);
	for (int i = 0; i < fw->fk->ncolumns; i++)
		sqlite3_str_appendf(str, "%sp.\"%w\" = c.\"%w\"", i > 0 ? " AND " : "",
							parent->columns[fw->parent_columns[i]].name,
							child->columns[fw->child_columns[i]].name);
	sqlite3_str_appendchar(str, 1, ')');
	return sqlite3_str_finish(str);
}

static void
append_value(sqlite3_str *str, LiteStmt *stmt, int column)
{
	LiteValue value = {.cls = LITE_NULL};
	char clipped[48];

	lite_stmt_value(stmt, column, &value);
	switch (value.cls)
	{
		case LITE_INTEGER:
			sqlite3_str_appendf(str, "%lld", (long long) value.i);
			break;
		case LITE_REAL:
			sqlite3_str_appendf(str, "%!.17g", value.r);
			break;
		case LITE_TEXT:
			sqlite3_str_appendf(str, "'%s'",
								lite_text_clip(clipped, sizeof(clipped),
											   value.data, value.len));
			break;
		case LITE_BLOB:
			sqlite3_str_appendf(str, "a blob of %lld bytes",
								(long long) value.len);
			break;
		case LITE_NULL:
		case LITE_NCLASSES:
			sqlite3_str_appendall(str, "NULL");
			break;
	}
}

/* How many, and the first few in words. */
static LiteStatus
count_orphans(LitePlanner *planner, const ForeignWork *fw, int64_t *count,
			  char **first)
{
	char *sql = orphans_query(fw);
	sqlite3_str *str;
	LiteStmt *stmt;
	LiteStatus status;

	*count = 0;
	*first = NULL;
	if (sql == NULL)
		return lite_error_nomem(planner->err);
	status = lite_stmt_prepare(planner->db, sql, &stmt, planner->err);
	sqlite3_free(sql);
	if (status != LITE_OK)
		return status;
	str = sqlite3_str_new(NULL);
	while ((status = lite_stmt_step(stmt, planner->err)) == LITE_ROW)
	{
		if (++*count > ORPHANS_SHOWN)
			continue;
		sqlite3_str_appendall(str, *count > 1 ? ", (" : "(");
		for (int i = 0; i < fw->fk->ncolumns; i++)
		{
			if (i > 0)
				sqlite3_str_appendall(str, ", ");
			append_value(str, stmt, i);
		}
		sqlite3_str_appendchar(str, 1, ')');
	}
	lite_stmt_finalize(stmt);
	*first = lite_arena_finish(planner->arena, str);
	return status == LITE_DONE ? LITE_OK : status;
}

/* ------------------------------------------------------------------------
 * Statements
 * ------------------------------------------------------------------------ */

static bool
is_action(const char *action)
{
	/* from a whitelist: the text is the file's */
	return action != NULL && (strcmp(action, "CASCADE") == 0 ||
							  strcmp(action, "RESTRICT") == 0 ||
							  strcmp(action, "SET NULL") == 0 ||
							  strcmp(action, "SET DEFAULT") == 0);
}

static void
append_columns(sqlite3_str *str, const LitePlanner *planner,
			   const LiteTableWork *work, int n, const int *columns)
{
	const LitePlanTable *table = &planner->plan->tables[work->index];

	sqlite3_str_appendall(str, "(");
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			sqlite3_str_appendall(str, ", ");
		lite_pg_ident(str, table->columns[work->target_of[columns[i]]].name);
	}
	sqlite3_str_appendall(str, ")");
}

static void
add_key(LitePlanner *planner, const ForeignWork *fw)
{
	const LitePlanTable *child = &planner->plan->tables[fw->child->index];
	const LitePlanTable *parent = &planner->plan->tables[fw->parent->index];
	const LiteForeignKey *fk = fw->fk;
	sqlite3_str *str = sqlite3_str_new(NULL);
	LiteStatement *statement;

	sqlite3_str_appendf(str, "ALTER TABLE %s ADD CONSTRAINT ",
						child->qualified);
	lite_pg_ident(str, fw->name);
	sqlite3_str_appendall(str, " FOREIGN KEY ");
	append_columns(str, planner, fw->child, fk->ncolumns, fw->child_columns);
	sqlite3_str_appendf(str, " REFERENCES %s ", parent->qualified);
	append_columns(str, planner, fw->parent, fk->ncolumns, fw->parent_columns);
	if (is_action(fk->on_update))
		sqlite3_str_appendf(str, " ON UPDATE %s", fk->on_update);
	if (is_action(fk->on_delete))
		sqlite3_str_appendf(str, " ON DELETE %s", fk->on_delete);
	if (fw->sql != NULL && fw->sql->deferrable)
		sqlite3_str_appendall(str, fw->sql->initially_deferred
									   ? " DEFERRABLE INITIALLY DEFERRED"
									   : " DEFERRABLE");
	sqlite3_str_appendall(str, " NOT VALID");
	statement = lite_ddl_add(planner, LITE_PHASE_FOREIGN_KEY, fw->child->index,
							 fw->name, str);
	/* what it refers to may be missing: an optional index, a table that was
	 * there before */
	if (statement != NULL)
		statement->optional = true;
}

static void
add_validation(LitePlanner *planner, const ForeignWork *fw)
{
	const LitePlanTable *child = &planner->plan->tables[fw->child->index];
	sqlite3_str *str = sqlite3_str_new(NULL);
	LiteStatement *statement;

	sqlite3_str_appendf(str, "ALTER TABLE %s VALIDATE CONSTRAINT ",
						child->qualified);
	lite_pg_ident(str, fw->name);
	statement = lite_ddl_add(planner, LITE_PHASE_FOREIGN_KEY, fw->child->index,
							 fw->name, str);
	if (statement != NULL)
		statement->optional = true;
}

static const char *
fk_name(LitePlanner *planner, ForeignWork *fw)
{
	const LitePlanTable *child = &planner->plan->tables[fw->child->index];
	const char *wanted = fw->sql != NULL ? fw->sql->name : NULL;
	int first = fw->child->target_of[fw->child_columns[0]];

	if (wanted == NULL)
		wanted = lite_names_make(planner->arena, child->name,
								 child->columns[first].name, "fkey");
	return wanted != NULL
			   ? lite_names_take(fw->child->constraints, wanted, NULL)
			   : NULL;
}

static LiteStatus
build_key(LitePlanner *planner, ForeignWork *fw)
{
	LiteStatus status;
	int64_t count = 0;
	char *first = NULL;
	bool look = planner->options->sample == 0 && !planner->options->skip_rows;

	if (!resolve(planner, fw))
		return LITE_OK;
	fw->name = fk_name(planner, fw);
	if (fw->name == NULL)
		return lite_error_nomem(planner->err);
	if (look)
	{
		status = count_orphans(planner, fw, &count, &first);
		if (status == LITE_SQL)
		{
			/* a collation that is not there: PostgreSQL will tell */
			lite_error_clear(planner->err);
			count = 0;
		}
		else if (status != LITE_OK)
			return status;
	}
	add_key(planner, fw);
	if (count == 0)
		add_validation(planner, fw);
	else
		lite_find(planner, LITE_SEVERITY_WARNING, "orphans",
				  fw->child->source->name, fw->name,
				  lite_arena_printf(
					  planner->arena,
					  "correct them, then ALTER TABLE %s VALIDATE CONSTRAINT "
					  "\"%w\"",
					  planner->plan->tables[fw->child->index].qualified,
					  fw->name),
				  "%lld row%s of foreign key %s %s no parent, the first: %s; "
				  "the key stays NOT VALID",
				  (long long) count, count == 1 ? "" : "s",
				  lite_find_clip(planner, fw->words, 200),
				  count == 1 ? "has" : "have", first != NULL ? first : "");
	return LITE_OK;
}

LiteStatus
lite_foreign_keys_build(LitePlanner *planner, LiteTableWork *work)
{
	LiteStatus status = LITE_OK;

	for (int i = 0; i < work->source->nforeign_keys && status == LITE_OK; i++)
	{
		const LiteForeignKey *fk = &work->source->foreign_keys[i];
		ForeignWork fw = {.child = work, .fk = fk};

		fw.sql = find_sql(work, fk);
		fw.words = fk_words(planner, fk);
		fw.child_columns =
			lite_arena_newarray(planner->arena, int, fk->ncolumns + 1);
		fw.parent_columns =
			lite_arena_newarray(planner->arena, int, fk->ncolumns + 1);
		if (lite_arena_failed(planner->arena))
			return lite_error_nomem(planner->err);
		status = build_key(planner, &fw);
	}
	return status;
}
