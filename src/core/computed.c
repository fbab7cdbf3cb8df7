/*
 * computed.c
 *	  What a table computes: generated columns and defaults, where they
 *	  translate.
 *
 * A generated column that does not translate becomes a plain one with the
 * values that it has; a default that does not is a finding.
 */
#include <string.h>

#include "core/planner.h"

/*
 * Does the target compare otherwise than SQLite did?  Numbers that became
 * text do, text that became numbers, and columns of several classes.
 */
static bool
is_mixed(const LiteTableWork *work, int column)
{
	const LiteDecision *d = &work->decisions[column];
	const LiteColumnProfile *p;
	bool text =
		d->type.type == LITE_TYPE_TEXT || d->type.type == LITE_TYPE_VARCHAR;
	bool number =
		d->type.type == LITE_TYPE_INT2 || d->type.type == LITE_TYPE_INT4 ||
		d->type.type == LITE_TYPE_INT8 || d->type.type == LITE_TYPE_FLOAT8 ||
		d->type.type == LITE_TYPE_NUMERIC;

	/* agreed with a foreign key's other side against its own declaration */
	if (d->mixed || (d->rechecked && d->type.type != d->plain.type))
		return true;
	if (work->profile == NULL)
		return false;
	p = &work->profile->columns[column];
	return (text && p->count[LITE_INTEGER] + p->count[LITE_REAL] > 0) ||
		   (number && p->count[LITE_TEXT] > 0);
}

/* What an expression may name: the columns as they have become. */
void
lite_planner_scope(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;
	const LitePlanTable *target = &planner->plan->tables[work->index];
	int n = 0;

	for (int i = 0; i < table->ncolumns; i++)
	{
		LiteExprColumn *column;
		const LiteColumn *source = &table->columns[i];

		if (work->target_of[i] < 0)
			continue;
		column = &work->expr_columns[n++];
		column->name = source->name;
		column->target = target->columns[work->target_of[i]].name;
		column->type = work->decisions[i].type;
		column->affinity = source->affinity;
		column->collation =
			source->collation != NULL &&
					sqlite3_stricmp(source->collation, "BINARY") != 0
				? source->collation
				: NULL;
		column->not_null = target->columns[work->target_of[i]].not_null;
		column->generated = source->generated != LITE_GENERATED_NOT;
		column->mixed = is_mixed(work, i);
	}
	work->scope.table = table->name;
	work->scope.target = NULL;
	work->scope.ncolumns = n;
	work->scope.columns = work->expr_columns;
}

static bool
names_column(const LiteExpr *expr)
{
	if (expr->kind == LITE_EXPR_NAME)
		return true;
	for (int i = 0; i < expr->nargs; i++)
	{
		if (expr->args[i] != NULL && names_column(expr->args[i]))
			return true;
	}
	return false;
}

/*
 * Does it call a function with constants alone, as in upper('x')?  CREATE
 * TABLE computes such a call while it looks for what is not immutable, before
 * it knows the collations, and fails (PostgreSQL 15 to 17).
 */
static bool
calls_with_constants(const LiteExpr *expr)
{
	if (expr->kind == LITE_EXPR_FUNCTION && !names_column(expr))
		return true;
	for (int i = 0; i < expr->nargs; i++)
	{
		if (expr->args[i] != NULL && calls_with_constants(expr->args[i]))
			return true;
	}
	return false;
}

/*
 * The expression of a generated column, where it translates; where not the
 * column holds the values that SQLite computes.
 */
void
lite_planner_generated(LitePlanner *planner, LiteTableWork *work)
{
	LitePlanTable *target = &planner->plan->tables[work->index];
	const LiteTable *table = work->source;

	for (int i = 0, at = -1; i < table->ncolumns; i++)
	{
		LiteTranslation translation;
		LiteError err;
		LitePlanColumn *column;
		const LiteSqlColumn *sql;
		const LiteExpr *expr;

		if (work->target_of[i] < 0)
			continue;
		at++;
		if (table->columns[i].generated == LITE_GENERATED_NOT)
			continue;
		column = &target->columns[work->target_of[i]];
		sql = work->sql != NULL && work->sql_column[i] >= 0
				  ? &work->sql->columns[work->sql_column[i]]
				  : NULL;
		expr = sql != NULL ? sql->generated : NULL;
		lite_error_clear(&err);
		if (expr != NULL && calls_with_constants(expr))
			sqlite3_snprintf(sizeof(err.detail), err.detail,
							 "It calls a function with constants alone.");
		/* a key is loaded as it is, lest its values change */
		if (expr != NULL && !lite_planner_is_key(table, i) &&
			!work->document && !calls_with_constants(expr) &&
			lite_expr_translate(planner->arena, expr, &work->scope,
								LITE_EXPR_FOR_GENERATED,
								&work->expr_columns[at], &translation,
								&err) == LITE_OK)
		{
			column->source = LITE_SOURCE_GENERATED;
			column->generated_sql = translation.sql;
			lite_ddl_notes(planner, table, lite_find_column(planner, table, i),
						   "generated", &translation);
			if (table->columns[i].generated == LITE_GENERATED_VIRTUAL)
				lite_find(planner, LITE_SEVERITY_INFO, "generated",
						  table->name, lite_find_column(planner, table, i),
						  NULL, "VIRTUAL generated column becomes STORED");
			continue;
		}
		lite_find(
			planner, LITE_SEVERITY_WARNING, "generated", table->name,
			lite_find_column(planner, table, i),
			"compute it in the application, or in a trigger",
			"generated column becomes a plain column with the values it "
			"has now: %s (%s)",
			sql != NULL && sql->generated != NULL
				? lite_find_clip(planner,
								 lite_arena_strndup(
									 planner->arena,
									 table->sql + sql->generated_text.offset,
									 (size_t) sql->generated_text.length),
								 300)
				: "its expression is not known",
			err.detail[0] != '\0' ? err.detail : "not translated");
	}
}

void
lite_planner_defaults(LitePlanner *planner, LiteTableWork *work)
{
	LitePlanTable *target = &planner->plan->tables[work->index];
	const LiteTable *table = work->source;

	for (int i = 0, at = -1; i < table->ncolumns; i++)
	{
		const char *text = table->columns[i].default_sql;
		LiteTranslation translation;
		LiteError err;
		LitePlanColumn *column;
		LiteStatus status;

		if (work->target_of[i] < 0)
			continue;
		at++;
		column = &target->columns[work->target_of[i]];
		if (text == NULL || column->identity ||
			table->columns[i].generated != LITE_GENERATED_NOT)
			continue;
		lite_error_clear(&err);
		status = lite_default_translate(planner->arena, text,
										&work->expr_columns[at], &translation,
										&err);
		if (status == LITE_OK)
		{
			if (!translation.trivial)
				column->default_sql = translation.sql;
			lite_ddl_notes(planner, table, lite_find_column(planner, table, i),
						   "default", &translation);
			continue;
		}
		lite_find(planner, LITE_SEVERITY_WARNING, "default", table->name,
				  lite_find_column(planner, table, i),
				  lite_arena_printf(planner->arena,
									"ALTER TABLE %s ALTER COLUMN ... SET "
									"DEFAULT ...",
									target->qualified),
				  "default is not carried over: %s (%s)",
				  lite_find_clip(planner, text, 300),
				  err.detail[0] != '\0' ? err.detail : err.message);
	}
}
