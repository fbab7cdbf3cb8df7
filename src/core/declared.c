/*
 * declared.c
 *	  What a table's CREATE text says: its constraints parsed, columns of keys
 *	  and checks marked, columns on either side of a foreign key.
 *
 * All of it before any value is looked at; infer.c weighs it as evidence.
 */
#include <string.h>

#include "core/planner.h"

static bool
is_column_name(const LiteExpr *expr, const LiteTable *table, int *column)
{
	if (expr->kind != LITE_EXPR_NAME)
		return false;
	*column = lite_table_find_column(table, expr->text);
	return *column >= 0;
}

/* c IN (0, 1) */
static bool
is_boolean_in(const LiteExpr *expr, const LiteTable *table, int *column)
{
	bool seen[2] = {false, false};

	if (expr->kind != LITE_EXPR_IN || expr->negated || expr->nargs < 3 ||
		!is_column_name(expr->args[0], table, column))
		return false;
	for (int i = 1; i < expr->nargs; i++)
	{
		const LiteExpr *arg = expr->args[i];

		if (arg->kind != LITE_EXPR_INTEGER || arg->integer < 0 ||
			arg->integer > 1)
			return false;
		seen[arg->integer] = true;
	}
	return seen[0] && seen[1];
}

/* c = 0 OR c = 1 */
static bool
is_boolean_or(const LiteExpr *expr, const LiteTable *table, int *column)
{
	bool seen[2] = {false, false};
	int first = -1;

	if (expr->kind != LITE_EXPR_BINARY || expr->op != LITE_OP_OR)
		return false;
	for (int i = 0; i < 2; i++)
	{
		const LiteExpr *arg = expr->args[i];

		if (arg->kind != LITE_EXPR_BINARY || arg->op != LITE_OP_EQ ||
			!is_column_name(arg->args[0], table, column) ||
			arg->args[1]->kind != LITE_EXPR_INTEGER ||
			arg->args[1]->integer < 0 || arg->args[1]->integer > 1)
			return false;
		if (first >= 0 && first != *column)
			return false;
		first = *column;
		seen[arg->args[1]->integer] = true;
	}
	return seen[0] && seen[1];
}

static bool
is_integer(const LiteExpr *expr, int64_t value)
{
	return expr->kind == LITE_EXPR_INTEGER && expr->integer == value;
}

/* What a CHECK says of one column; AND says each of its sides. */
static void
mark_check(LiteTableWork *work, const LiteExpr *expr)
{
	int column;

	if (expr == NULL)
		return;
	if (expr->kind == LITE_EXPR_ROW && expr->nargs == 1)
		mark_check(work, expr->args[0]);
	else if (expr->kind == LITE_EXPR_BINARY && expr->op == LITE_OP_AND)
	{
		mark_check(work, expr->args[0]);
		mark_check(work, expr->args[1]);
	}
	else if (is_boolean_in(expr, work->source, &column) ||
			 is_boolean_or(expr, work->source, &column) ||
			 (expr->kind == LITE_EXPR_BETWEEN && !expr->negated &&
			  is_column_name(expr->args[0], work->source, &column) &&
			  is_integer(expr->args[1], 0) && is_integer(expr->args[2], 1)))
		work->check_boolean[column] = true;
	else if (expr->kind == LITE_EXPR_FUNCTION && expr->nargs == 1 &&
			 sqlite3_stricmp(expr->text, "json_valid") == 0 &&
			 is_column_name(expr->args[0], work->source, &column))
		work->check_json[column] = true;
}

static void
parse_sql(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;
	LiteError err;

	for (int i = 0; i < table->ncolumns; i++)
		work->sql_column[i] = -1;
	if (table->kind != LITE_KIND_TABLE || table->sql == NULL)
		return;
	lite_error_clear(&err);
	if (lite_sql_parse_table(planner->arena, table->sql, &work->sql, &err) !=
		LITE_OK)
	{
		work->sql = NULL;
		lite_find(planner, LITE_SEVERITY_WARNING, "unparsed", table->name,
				  NULL, NULL,
				  "the CREATE statement is not understood (%s): its CHECK "
				  "constraints, generated columns and constraint names are "
				  "not carried over",
				  err.detail[0] != '\0' ? err.detail : err.message);
		return;
	}
	/* the same order in both, but for columns that ALTER TABLE has moved */
	for (int i = 0; i < work->sql->ncolumns; i++)
	{
		int column =
			i < table->ncolumns &&
					sqlite3_stricmp(table->columns[i].name,
									work->sql->columns[i].name) == 0
				? i
				: lite_table_find_column(table, work->sql->columns[i].name);

		if (column >= 0)
			work->sql_column[column] = i;
	}
	for (int i = 0; i < work->sql->nconstraints; i++)
	{
		if (work->sql->constraints[i].kind == LITE_CONSTRAINT_CHECK)
			mark_check(work, work->sql->constraints[i].check);
	}
}

LiteStatus
lite_planner_declared(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;
	const LitePlanOptions *options = planner->options;
	LiteArena *arena = planner->arena;
	int n = table->ncolumns + 1;

	work->sql_column = lite_arena_newarray(arena, int, n);
	work->decisions = lite_arena_newarray(arena, LiteDecision, n);
	work->overridden = lite_arena_newarray(arena, bool, n);
	work->on_error = lite_arena_newarray(arena, LiteOnError, n);
	for (int i = 0; work->on_error != NULL && i < n; i++)
		work->on_error[i] = planner->options->on_error;
	work->override = lite_arena_newarray(arena, LiteColumnType, n);
	work->unique = lite_arena_newarray(arena, bool, n);
	work->key_family = lite_arena_newarray(arena, bool, n);
	work->check_boolean = lite_arena_newarray(arena, bool, n);
	work->check_json = lite_arena_newarray(arena, bool, n);
	work->target_of = lite_arena_newarray(arena, int, n);
	work->expr_columns = lite_arena_newarray(arena, LiteExprColumn, n);
	if (lite_arena_failed(arena))
		return lite_error_nomem(planner->err);

	work->document = lite_planner_lists(options->ndocuments,
										options->documents, table->name);
	work->fulltext = table->kind == LITE_KIND_VIRTUAL && lite_fts_is(table);
	if (work->fulltext ||
		(work->document && table->npk == 0 && table->rowid_name != NULL))
		work->keep_rowid = work->rowid_key = true;

	for (int i = 0; i < table->npk; i++)
		work->unique[table->pk[i]] = true;
	for (int i = 0; i < table->nindexes; i++)
	{
		const LiteIndex *index = &table->indexes[i];

		for (int k = 0; index->unique && k < index->ncolumns; k++)
		{
			if (index->columns[k].column >= 0)
				work->unique[index->columns[k].column] = true;
		}
	}
	parse_sql(planner, work);
	return lite_arena_failed(arena) ? lite_error_nomem(planner->err) : LITE_OK;
}

/* Columns on either side of a foreign key. */
void
lite_planner_families(LitePlanner *planner)
{
	for (int i = 0; i < planner->nworks; i++)
	{
		LiteTableWork *work = &planner->works[i];

		for (int k = 0; k < work->source->nforeign_keys; k++)
		{
			const LiteForeignKey *fk = &work->source->foreign_keys[k];
			const LiteTable *parent =
				lite_schema_find(planner->schema, fk->parent);
			LiteTableWork *other =
				parent != NULL ? lite_planner_work(planner, parent) : NULL;

			for (int c = 0; c < fk->ncolumns; c++)
			{
				int column =
					lite_table_find_column(work->source, fk->columns[c]);

				if (column >= 0)
					work->key_family[column] = true;
				if (other == NULL || fk->parent_columns[c] == NULL)
					continue;
				column = lite_table_find_column(parent, fk->parent_columns[c]);
				if (column >= 0)
					other->key_family[column] = true;
			}
		}
	}
}
