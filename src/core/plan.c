/*
 * plan.c
 *	  The plan of an import.
 *
 *		choose_tables()		which tables of the file become tables
 *		prepare_work()		their CREATE text parsed, keys and checks marked
 *		options				overrides, search columns
 *		profile_tables()	every value seen, every column's type decided
 *		lite_families_unify()	foreign keys: one type on both sides
 *		check_values()		values that will not convert
 *		make_columns()		target columns, keys, and the SELECT of the rows
 *		lite_views_translate()	views over what the tables became
 *		lite_ddl_build()	statements
 *
 * The order of all this is the order of the file's schema, so that the same
 * file gives the same plan, statement by statement.
 */
#include <string.h>

#include "core/planner.h"
#include "core/search.h"
#include "core/stmt.h"

LiteTableWork *
lite_planner_work(LitePlanner *planner, const LiteTable *table)
{
	int at = planner->work_of[table - planner->schema->tables];

	return at >= 0 ? &planner->works[at] : NULL;
}

static bool
names_contain(int n, const char *const *names, const char *name)
{
	for (int i = 0; i < n; i++)
	{
		if (strcmp(names[i], "*") == 0 || sqlite3_stricmp(names[i], name) == 0)
			return true;
	}
	return false;
}

/* ------------------------------------------------------------------------
 * Which tables
 * ------------------------------------------------------------------------ */

static bool
is_wanted(const LitePlanner *planner, const LiteTable *table)
{
	const LitePlanOptions *options = planner->options;

	if (options->ntables > 0 &&
		!names_contain(options->ntables, options->tables, table->name))
		return false;
	return !names_contain(options->nexclude, options->exclude, table->name);
}

bool
lite_planner_wants(const LitePlanner *planner, const LiteTable *table)
{
	return is_wanted(planner, table);
}

static bool
is_rtree(const LiteTable *table)
{
	return table->module != NULL &&
		   (sqlite3_strnicmp(table->module, "rtree", 5) == 0 ||
			sqlite3_stricmp(table->module, "geopoly") == 0);
}

/* A virtual table: do its rows come along? */
static bool
choose_virtual(LitePlanner *planner, const LiteTable *table)
{
	const char *module = table->module != NULL ? table->module : "?";

	if (table->unreadable != NULL)
	{
		lite_find(planner, LITE_SEVERITY_WARNING, "virtual", table->name, NULL,
				  NULL,
				  "virtual table of module \"%s\" cannot be read (%s): it is "
				  "not carried over",
				  lite_find_clip(planner, module, 64),
				  lite_find_clip(planner, table->unreadable, 200));
		return false;
	}
	if (lite_fts_is(table))
		return lite_fts_standalone(planner, table);
	if (is_rtree(table))
	{
		lite_find(planner, LITE_SEVERITY_INFO, "virtual", table->name, NULL,
				  "CREATE INDEX ... USING gist over box() or range "
				  "expressions of its columns",
				  "R*Tree: its rows become a plain table, without a spatial "
				  "index");
		return true;
	}
	lite_find(planner, LITE_SEVERITY_WARNING, "virtual", table->name, NULL,
			  NULL, "virtual table of module \"%s\" is not carried over",
			  lite_find_clip(planner, module, 64));
	return false;
}

static bool
choose_table(LitePlanner *planner, const LiteTable *table)
{
	switch (table->kind)
	{
		case LITE_KIND_TABLE:
			if (table->unreadable == NULL)
				return true;
			lite_find(planner, LITE_SEVERITY_ERROR, "unreadable", table->name,
					  NULL, "exclude it, or repair the file with .recover",
					  "table cannot be read (%s): its rows are not carried "
					  "over",
					  lite_find_clip(planner, table->unreadable, 200));
			return false;
		case LITE_KIND_VIRTUAL:
			return choose_virtual(planner, table);
		case LITE_KIND_VIEW: /* lite_views_choose() */
		case LITE_KIND_SHADOW:
			return false;
	}
	return false;
}

/* One line for all of a virtual table's shadow tables. */
static void
find_shadows(LitePlanner *planner)
{
	const LiteSchema *schema = planner->schema;

	for (int i = 0; i < schema->ntables; i++)
	{
		const LiteTable *owner = &schema->tables[i];
		sqlite3_str *str;
		int n = 0;
		char *list;

		if (owner->kind != LITE_KIND_VIRTUAL || !is_wanted(planner, owner))
			continue;
		str = sqlite3_str_new(NULL);
		for (int k = 0; k < schema->ntables; k++)
		{
			const LiteTable *shadow = &schema->tables[k];

			if (shadow->kind != LITE_KIND_SHADOW || shadow->owner == NULL ||
				sqlite3_stricmp(shadow->owner, owner->name) != 0)
				continue;
			sqlite3_str_appendf(str, "%s%s", n++ > 0 ? ", " : "",
								shadow->name);
		}
		list = sqlite3_str_finish(str);
		if (n > 0)
			lite_find(planner, LITE_SEVERITY_INFO, "shadow", owner->name, NULL,
					  NULL, "its private storage is not copied as tables: %s",
					  lite_find_clip(planner, list, 400));
		sqlite3_free(list);
	}
}

static const char *
rename_reason(int changes)
{
	return changes & LITE_NAME_SYSTEM
			   ? ": PostgreSQL has a system column of its name"
		   : changes & LITE_NAME_EMPTY	   ? ": its name is empty"
		   : changes & LITE_NAME_ENCODING  ? ": its name is not valid UTF-8"
		   : changes & LITE_NAME_SHORTENED ? ": names have 63 bytes at the "
											 "most in PostgreSQL"
										   : ": the name is taken";
}

static LiteStatus
choose_tables(LitePlanner *planner)
{
	const LiteSchema *schema = planner->schema;
	LitePlan *plan = planner->plan;
	const char **wanted =
		lite_arena_newarray(planner->arena, const char *, schema->ntables + 1);
	int *changes =
		lite_arena_newarray(planner->arena, int, schema->ntables + 1);
	const char **names;
	int n = 0;

	planner->work_of =
		lite_arena_newarray(planner->arena, int, schema->ntables + 1);
	planner->works = lite_arena_newarray(planner->arena, LiteTableWork,
										 schema->ntables + 1);
	plan->tables = lite_arena_newarray(planner->arena, LitePlanTable,
									   schema->ntables + 1);
	if (wanted == NULL || changes == NULL || planner->work_of == NULL ||
		planner->works == NULL || plan->tables == NULL)
		return lite_error_nomem(planner->err);

	for (int i = 0; i < schema->ntables; i++)
	{
		const LiteTable *table = &schema->tables[i];

		planner->work_of[i] = -1;
		if (!is_wanted(planner, table) || !choose_table(planner, table))
			continue;
		planner->work_of[i] = n;
		planner->works[n].source = table;
		planner->works[n].index = n;
		plan->tables[n].source = table;
		wanted[n++] = table->name;
	}
	planner->nworks = plan->ntables = n;
	find_shadows(planner);

	planner->relations =
		lite_names_create(planner->arena, planner->options->keep_identifiers,
						  false);
	if (planner->relations == NULL)
		return lite_error_nomem(planner->err);
	names = lite_names_assign(planner->relations, wanted, n, changes);
	if (names == NULL)
		return lite_error_nomem(planner->err);
	for (int i = 0; i < n; i++)
	{
		LitePlanTable *table = &plan->tables[i];
		sqlite3_str *str = sqlite3_str_new(NULL);

		table->name = names[i];
		lite_pg_ident(str, plan->schema);
		sqlite3_str_appendchar(str, 1, '.');
		lite_pg_ident(str, table->name);
		table->qualified = lite_arena_finish(planner->arena, str);
		if (changes[i] & ~LITE_NAME_FOLDED)
			lite_find(planner, LITE_SEVERITY_WARNING, "rename",
					  table->source->name, NULL, NULL,
					  "table becomes \"%s\"%s", table->name,
					  rename_reason(changes[i]));
	}
	return lite_views_choose(planner);
}

/* ------------------------------------------------------------------------
 * What the CREATE text says
 * ------------------------------------------------------------------------ */

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

static LiteStatus
prepare_work(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;
	const LitePlanOptions *options = planner->options;
	LiteArena *arena = planner->arena;
	int n = table->ncolumns + 1;

	work->sql_column = lite_arena_newarray(arena, int, n);
	work->decisions = lite_arena_newarray(arena, LiteDecision, n);
	work->overridden = lite_arena_newarray(arena, bool, n);
	work->override = lite_arena_newarray(arena, LiteColumnType, n);
	work->unique = lite_arena_newarray(arena, bool, n);
	work->key_family = lite_arena_newarray(arena, bool, n);
	work->check_boolean = lite_arena_newarray(arena, bool, n);
	work->check_json = lite_arena_newarray(arena, bool, n);
	work->target_of = lite_arena_newarray(arena, int, n);
	work->expr_columns = lite_arena_newarray(arena, LiteExprColumn, n);
	if (lite_arena_failed(arena))
		return lite_error_nomem(planner->err);

	work->document =
		names_contain(options->ndocuments, options->documents, table->name);
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
static void
mark_families(LitePlanner *planner)
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

/* ------------------------------------------------------------------------
 * Profiles and types
 * ------------------------------------------------------------------------ */

static void
infer_table(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;

	for (int i = 0; i < table->ncolumns; i++)
	{
		LiteColumnFacts facts = {.table = table,
								 .column = &table->columns[i],
								 .table_profile = work->profile,
								 .infer = planner->options->infer};

		if (work->profile != NULL)
			facts.profile = &work->profile->columns[i];
		facts.rowid_alias = i == table->rowid_alias;
		facts.unique = work->unique[i];
		facts.key_family = work->key_family[i];
		facts.check_boolean = work->check_boolean[i];
		facts.check_json = work->check_json[i];
		facts.time_zone = planner->options->to_utc != NULL
							  ? planner->options->time_zone
							  : NULL;
		lite_infer_column(planner->arena, &facts, &work->decisions[i]);
	}
}

static LiteStatus
profile_table(LitePlanner *planner, LiteTableWork *work)
{
	LiteProfileOptions options = {.sample = planner->options->sample};
	LiteStatus status;

	options.times = planner->options->infer == LITE_INFER_EAGER;
	if (!planner->options->skip_rows)
	{
		status =
			lite_profile_table(planner->db, work->source, &options,
							   planner->arena, &work->profile, planner->err);
		if (status == LITE_SQL || status == LITE_UNSUPPORTED)
		{
			/* one table's trouble (a function that is not there, in a
			 * generated column): the others can be read all the same */
			work->profile = NULL;
			lite_find(planner, LITE_SEVERITY_ERROR, "unreadable",
					  work->source->name, NULL, "exclude it",
					  "its rows cannot be read: %s",
					  lite_find_clip(planner, planner->err->message, 200));
			lite_error_clear(planner->err);
		}
		else if (status != LITE_OK)
			return status;
	}
	planner->plan->tables[work->index].profile = work->profile;
	infer_table(planner, work);
	return lite_arena_failed(planner->arena) ? lite_error_nomem(planner->err)
											 : LITE_OK;
}

/* What the user has said overrules what the values say. */
static void
apply_overrides(LiteTableWork *work, LiteArena *arena)
{
	for (int i = 0; i < work->source->ncolumns; i++)
	{
		LiteDecision *d = &work->decisions[i];

		if (!work->overridden[i])
			continue;
		d->type = work->override[i];
		if (d->type.format == LITE_NFORMATS)
			d->type.format = lite_infer_format(work->profile != NULL
												   ? &work->profile->columns[i]
												   : NULL,
											   d->type.type);
		d->evidence = lite_arena_printf(arena, "asked for; %s", d->evidence);
		d->suggestion = NULL;
		d->code = NULL;
	}
}

/* ------------------------------------------------------------------------
 * Values that will not convert
 * ------------------------------------------------------------------------ */

static const char *
row_words(LitePlanner *planner, const LiteTableWork *work, int64_t row)
{
	return lite_arena_printf(planner->arena, "%s %lld",
							 work->profile != NULL && work->profile->by_rowid
								 ? "rowid"
								 : "row",
							 (long long) row);
}

static void
find_misfits(LitePlanner *planner, LiteTableWork *work, int column,
			 int64_t count, int64_t row, const char *what)
{
	const LitePlanOptions *options = planner->options;
	const LiteColumnProfile *p = &work->profile->columns[column];
	bool bytes = p->count[LITE_INTEGER] + p->count[LITE_REAL] == 0;
	const char *fate = options->on_error == LITE_ON_ERROR_STOP
						   ? "the import will stop there"
					   : options->on_error == LITE_ON_ERROR_NULL
						   ? "they become NULL"
						   : "their rows go to the rejects";

	lite_find(planner,
			  options->on_error == LITE_ON_ERROR_STOP ? LITE_SEVERITY_ERROR
													  : LITE_SEVERITY_WARNING,
			  "misfit", work->source->name,
			  lite_find_column(planner, work->source, column),
			  options->on_error != LITE_ON_ERROR_STOP ? NULL
			  : bytes
				  ? "on_error => 'reject' keeps such rows aside, on_error => "
					"'null' loads them without the value; a type of bytea "
					"keeps any bytes"
				  : "on_error => 'reject' keeps such rows aside, on_error => "
					"'null' loads them without the value",
			  "%lld value%s %s, the first in %s: %s", (long long) count,
			  count == 1 ? "" : "s", what, row_words(planner, work, row),
			  fate);
}

static LiteStatus
check_column(LitePlanner *planner, LiteTableWork *work, int column)
{
	const LiteColumnProfile *p = &work->profile->columns[column];
	const LiteDecision *d = &work->decisions[column];
	bool textual = d->type.type == LITE_TYPE_TEXT;
	int64_t misfits;
	int64_t row;
	LiteMisfit why;
	LiteStatus status;

	if (!work->overridden[column] && !d->rechecked)
	{
		/* decided by the profile: only text can fail, by its bytes */
		if (textual && p->has_bad)
			find_misfits(planner, work, column, p->text_nul + p->text_invalid,
						 p->bad_row,
						 p->text_invalid == 0 ? "with a NUL byte inside"
						 : p->text_nul == 0
							 ? "of invalid UTF-8"
							 : "of invalid UTF-8 or with a NUL byte inside");
		if (textual && p->count[LITE_BLOB] > p->fits[LITE_FIT_BLOB_TEXT])
			find_misfits(planner, work, column,
						 p->count[LITE_BLOB] - p->fits[LITE_FIT_BLOB_TEXT],
						 p->failed_row[LITE_FIT_BLOB_TEXT],
						 "stored as a blob that is no text, among other "
						 "values");
		return LITE_OK;
	}
	if (lite_profile_values(p) == 0)
		return LITE_OK;
	status = lite_profile_check(planner->db, work->source, column, d->type,
								&misfits, &row, &why, planner->err);
	if (status != LITE_OK)
		return status;
	if (misfits > 0)
	{
		char name[64];

		find_misfits(
			planner, work, column, misfits, row,
			lite_arena_printf(planner->arena, "do%s not fit type %s (%s)",
							  misfits == 1 ? "es" : "",
							  lite_type_format(d->type, name, sizeof(name)),
							  lite_misfit_name(why)));
	}
	return LITE_OK;
}

static LiteStatus
check_values(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;

	for (int i = 0; i < table->ncolumns; i++)
	{
		const LiteDecision *d = &work->decisions[i];
		LiteStatus status;

		if (table->columns[i].hidden)
			continue;
		if (d->code != NULL)
			lite_find(planner, d->severity, d->code, table->name,
					  lite_find_column(planner, table, i), d->advice, "%s",
					  d->finding);
		if (d->suggestion != NULL)
			lite_find(planner, LITE_SEVERITY_INFO, "suggestion", table->name,
					  lite_find_column(planner, table, i), NULL, "%s",
					  d->suggestion);
		if (work->profile == NULL)
			continue;
		status = check_column(planner, work, i);
		if (status != LITE_OK)
			return status;
	}
	return LITE_OK;
}

/* ------------------------------------------------------------------------
 * Target columns
 * ------------------------------------------------------------------------ */

static bool
column_has_null(const LiteTableWork *work, int column)
{
	return work->profile != NULL &&
		   work->profile->columns[column].count[LITE_NULL] > 0;
}

/*
 * Does a primary key column hold NULL?  SQLite lets it, in tables with a
 * rowid.  A sample cannot tell, so the file is asked (the key's index
 * answers at once).
 */
static LiteStatus
find_key_nulls(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;
	sqlite3_str *names = sqlite3_str_new(NULL);
	int n = 0;
	char *list;

	for (int i = 0; i < table->npk; i++)
	{
		int column = table->pk[i];
		bool has_null = column_has_null(work, column);

		if (column == table->rowid_alias || planner->options->skip_rows)
			continue;
		if (!has_null && work->profile != NULL && !work->profile->whole &&
			!table->without_rowid && !table->columns[column].not_null)
		{
			LiteStmt *stmt;
			LiteStatus status = lite_stmt_preparef(
				planner->db, &stmt, planner->err,
				"SELECT 1 FROM main.\"%w\" WHERE \"%w\" IS NULL LIMIT 1",
				table->name, table->columns[column].name);

			if (status == LITE_OK)
			{
				status = lite_stmt_step(stmt, planner->err);
				lite_stmt_finalize(stmt);
			}
			if (status != LITE_ROW && status != LITE_DONE)
			{
				sqlite3_free(sqlite3_str_finish(names));
				return status;
			}
			has_null = status == LITE_ROW;
		}
		if (has_null)
			sqlite3_str_appendf(names, "%s%s", n++ > 0 ? ", " : "",
								table->columns[column].name);
	}
	list = sqlite3_str_finish(names);
	if (n > 0)
	{
		work->key_has_null = true;
		lite_find(planner, LITE_SEVERITY_WARNING, "primary_key", table->name,
				  NULL, NULL,
				  "the primary key has NULLs (in %s), which PostgreSQL does "
				  "not allow: it becomes a UNIQUE constraint",
				  lite_find_clip(planner, list, 200));
	}
	sqlite3_free(list);
	return LITE_OK;
}

static bool
is_key_column(const LiteTable *table, int column)
{
	return table->columns[column].pk_position > 0;
}

/* The highest rowid, 0 for none. */
static LiteStatus
highest_rowid(LitePlanner *planner, const LiteTable *table, int64_t *result)
{
	LiteStmt *stmt;
	LiteStatus status;

	*result = 0;
	if (planner->options->skip_rows)
		return LITE_OK;
	status = lite_stmt_preparef(
		planner->db, &stmt, planner->err,
		"SELECT %s FROM main.\"%w\" ORDER BY %s DESC LIMIT 1",
		table->rowid_name, table->name, table->rowid_name);
	if (status != LITE_OK)
		return status;
	status = lite_stmt_step(stmt, planner->err);
	if (status == LITE_ROW)
		*result = lite_stmt_int64(stmt, 0);
	lite_stmt_finalize(stmt);
	return status == LITE_ROW || status == LITE_DONE ? LITE_OK : status;
}

static LiteStatus
set_identity(LitePlanner *planner, LiteTableWork *work, LitePlanColumn *column)
{
	const LiteTable *table = work->source;
	int64_t highest = 0;
	LiteStatus status = LITE_OK;

	column->identity = true;
	column->not_null = true;
	if (table->rowid_name != NULL)
		status = highest_rowid(planner, table, &highest);
	if (status != LITE_OK)
		return status;
	if (table->sequence > highest)
		highest = table->sequence;
	if (highest == INT64_MAX)
	{
		column->identity_next = INT64_MAX;
		lite_find(planner, LITE_SEVERITY_WARNING, "sequence", table->name,
				  column->name, NULL,
				  "the highest id there can be is in use: the identity column "
				  "cannot give new ones");
	}
	else
		column->identity_next = highest < 0 ? 1 : highest + 1;
	return LITE_OK;
}

/* Folded names in one line; other changes one by one. */
static void
find_renames(LitePlanner *planner, const LitePlanTable *target, int n,
			 const char *const *wanted, const char *const *names,
			 const int *changes)
{
	const LiteTable *table = target->source;
	bool table_folded = strcmp(target->name, table->name) != 0 &&
						sqlite3_stricmp(target->name, table->name) == 0;
	int folded = 0;

	for (int i = 0; i < n; i++)
	{
		if (changes[i] == LITE_NAME_FOLDED)
			folded++;
		else if (changes[i] != 0)
			lite_find(planner, LITE_SEVERITY_WARNING, "rename", table->name,
					  lite_arena_printf(planner->arena, "%s.%s", table->name,
										wanted[i]),
					  NULL, "column becomes \"%s\"%s", names[i],
					  rename_reason(changes[i]));
	}
	if (folded > 0 || table_folded)
		lite_find(planner, LITE_SEVERITY_INFO, "rename", table->name, NULL,
				  "identifiers => 'keep' keeps upper case",
				  "folded to lower case: %s%d column name%s",
				  table_folded ? "the table's name and " : "", folded,
				  folded == 1 ? "" : "s");
}

static void
fill_column(LitePlanner *planner, LiteTableWork *work, LitePlanColumn *column,
			int source)
{
	const LiteTable *table = work->source;
	const LiteDecision *d = &work->decisions[source];
	char buf[64];

	column->source = LITE_SOURCE_COLUMN;
	column->column = source;
	column->type = d->type;
	column->type_sql =
		lite_arena_strdup(planner->arena,
						  lite_type_format(d->type, buf, sizeof(buf)));
	column->evidence = d->evidence;
	column->suggestion = d->suggestion;
	if (work->profile != NULL)
		column->profile = &work->profile->columns[source];

	column->not_null = table->columns[source].not_null ||
					   (is_key_column(table, source) && !work->key_has_null);
	if (column->not_null && column_has_null(work, source))
	{
		column->not_null = false;
		if (!work->key_has_null || !is_key_column(table, source))
			lite_find(planner, LITE_SEVERITY_WARNING, "not_null", table->name,
					  lite_find_column(planner, table, source), NULL,
					  "declared NOT NULL, yet there are NULLs in it: the "
					  "column becomes nullable");
	}
}

static void
fill_rowid(LitePlanColumn *column)
{
	column->source = LITE_SOURCE_ROWID;
	column->column = -1;
	column->type.type = LITE_TYPE_INT8;
	column->type_sql = "bigint";
	column->not_null = true;
	column->evidence = "the rowid, kept";
}

static void
fill_document(LitePlanColumn *column)
{
	column->source = LITE_SOURCE_DOCUMENT;
	column->column = -1;
	column->type.type = LITE_TYPE_JSONB;
	column->type_sql = "jsonb";
	column->not_null = true;
	column->evidence = "the whole row";
}

/* Source columns of the target, in its order; -1 the rowid, -2 the document. */
static int
choose_columns(LiteTableWork *work, int *chosen)
{
	const LiteTable *table = work->source;
	int n = 0;

	if (work->keep_rowid)
		chosen[n++] = -1;
	for (int i = 0; i < table->ncolumns; i++)
	{
		if (table->columns[i].hidden ||
			(work->document && !is_key_column(table, i)))
			continue;
		chosen[n++] = i;
	}
	if (work->document)
		chosen[n++] = -2;
	return n;
}

static LiteStatus
make_columns(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;
	LitePlanTable *target = &planner->plan->tables[work->index];
	int room = table->ncolumns + 3 + work->nsearches;
	int *chosen = lite_arena_newarray(planner->arena, int, room);
	const char **wanted =
		lite_arena_newarray(planner->arena, const char *, room);
	int *changes = lite_arena_newarray(planner->arena, int, room);
	const char **names;
	LiteStatus status = find_key_nulls(planner, work);
	int n;

	if (status != LITE_OK)
		return status;
	target->columns =
		lite_arena_newarray(planner->arena, LitePlanColumn, room);
	work->columns =
		lite_names_create(planner->arena, planner->options->keep_identifiers,
						  true);
	work->constraints =
		lite_names_create(planner->arena, planner->options->keep_identifiers,
						  false);
	if (lite_arena_failed(planner->arena))
		return lite_error_nomem(planner->err);
	n = choose_columns(work, chosen);
	for (int i = 0; i < n; i++)
		wanted[i] = chosen[i] == -1	  ? table->rowid_name
					: chosen[i] == -2 ? "doc"
									  : table->columns[chosen[i]].name;
	names = lite_names_assign(work->columns, wanted, n, changes);
	if (names == NULL)
		return lite_error_nomem(planner->err);
	find_renames(planner, target, n, wanted, names, changes);

	for (int i = 0; i < table->ncolumns; i++)
		work->target_of[i] = -1;
	for (int i = 0; i < n; i++)
	{
		LitePlanColumn *column = &target->columns[i];

		column->name = names[i];
		if (chosen[i] == -1)
			fill_rowid(column);
		else if (chosen[i] == -2)
			fill_document(column);
		else
		{
			fill_column(planner, work, column, chosen[i]);
			work->target_of[chosen[i]] = i;
		}
		if ((chosen[i] >= 0 && chosen[i] == table->rowid_alias) ||
			(chosen[i] == -1 && work->rowid_key))
		{
			status = set_identity(planner, work, column);
			if (status != LITE_OK)
				return status;
		}
	}
	target->ncolumns = n;
	target->document = work->document;
	return lite_arena_failed(planner->arena) ? lite_error_nomem(planner->err)
											 : LITE_OK;
}

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
static void
make_scope(LitePlanner *planner, LiteTableWork *work)
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
static void
make_generated(LitePlanner *planner, LiteTableWork *work)
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
		if (expr != NULL && !is_key_column(table, i) && !work->document &&
			!calls_with_constants(expr) &&
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

static void
make_defaults(LitePlanner *planner, LiteTableWork *work)
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

/* ------------------------------------------------------------------------
 * Keys and the reading
 * ------------------------------------------------------------------------ */

static bool
set_key(LitePlanTable *target, const LiteTableWork *work, int n,
		const int *columns)
{
	for (int i = 0; i < n; i++)
	{
		int at = columns[i] >= 0 ? work->target_of[columns[i]] : -1;

		if (at < 0 || !target->columns[at].not_null ||
			target->columns[at].source == LITE_SOURCE_GENERATED)
			return false;
		target->key[i] = at;
	}
	target->nkey = n;
	return n > 0;
}

static LiteStatus
make_key(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;
	LitePlanTable *target = &planner->plan->tables[work->index];
	int *columns =
		lite_arena_newarray(planner->arena, int, table->ncolumns + 1);

	target->key =
		lite_arena_newarray(planner->arena, int, table->ncolumns + 2);
	if (columns == NULL || target->key == NULL)
		return lite_error_nomem(planner->err);
	if (work->keep_rowid)
	{
		target->key[0] = 0;
		target->nkey = 1;
		if (work->rowid_key)
			return LITE_OK;
	}
	if (table->npk > 0 && !work->key_has_null &&
		set_key(target, work, table->npk, table->pk))
		return LITE_OK;
	if (work->keep_rowid)
		return LITE_OK;
	for (int i = 0; i < table->nindexes; i++)
	{
		const LiteIndex *index = &table->indexes[i];

		if (!index->unique || index->partial || index->has_expression ||
			index->ncolumns > table->ncolumns)
			continue;
		for (int k = 0; k < index->ncolumns; k++)
			columns[k] = index->columns[k].column;
		if (set_key(target, work, index->ncolumns, columns))
			return LITE_OK;
	}
	target->nkey = 0;
	if (table->kind == LITE_KIND_TABLE && table->npk == 0)
		lite_find(
			planner, LITE_SEVERITY_INFO, "no_key", table->name, NULL,
			table->rowid_name != NULL
				? lite_override_text(planner->arena, table->name, "rowid",
									 (LiteColumnType){LITE_TYPE_INT8, 0, 0,
													  LITE_FORMAT_NATIVE})
				: NULL,
			"the table has no key that tells its rows apart");
	return LITE_OK;
}

static LiteStatus
make_select(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;
	LitePlanTable *target = &planner->plan->tables[work->index];
	sqlite3_str *str = sqlite3_str_new(NULL);
	const char *comma = "";
	int n = 0;

	sqlite3_str_appendall(str, "SELECT ");
	for (int i = 0; i < target->ncolumns; i++)
	{
		const LitePlanColumn *column = &target->columns[i];

		if (column->source != LITE_SOURCE_COLUMN &&
			column->source != LITE_SOURCE_ROWID)
			continue;
		sqlite3_str_appendall(str, comma);
		if (column->source == LITE_SOURCE_ROWID)
			sqlite3_str_appendall(str, table->rowid_name);
		else
			lite_sql_ident(str, table->columns[column->column].name);
		comma = ", ";
		n++;
	}
	if (work->document)
	{
		target->fields = lite_arena_newarray(planner->arena, LiteDocumentField,
											 table->ncolumns + 1);
		for (int i = 0; target->fields != NULL && i < table->ncolumns; i++)
		{
			LiteDocumentField *field;

			if (table->columns[i].hidden)
				continue;
			field = &target->fields[target->nfields++];
			field->name = table->columns[i].name;
			field->type = work->decisions[i].type;
			sqlite3_str_appendall(str, comma);
			lite_sql_ident(str, table->columns[i].name);
			comma = ", ";
			n++;
		}
	}
	if (!table->without_rowid && table->rowid_name != NULL)
	{
		sqlite3_str_appendf(str, "%s%s", comma, table->rowid_name);
		target->has_rowid = true;
		n++;
	}
	if (n == 0)
	{
		/* nothing but generated columns: the rows still count */
		sqlite3_str_appendall(str, "NULL");
		n = 1;
	}
	sqlite3_str_appendall(str, " FROM main.");
	lite_sql_ident(str, table->name);
	if (table->kind == LITE_KIND_TABLE)
		sqlite3_str_appendall(str, " NOT INDEXED");
	target->nread = n;
	target->select_sql = lite_arena_finish(planner->arena, str);
	return target->select_sql != NULL ? LITE_OK
									  : lite_error_nomem(planner->err);
}

/* What of a table is not a statement: triggers, collations, conflicts. */
static void
find_rest(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;

	for (int i = 0; i < table->ntriggers; i++)
	{
		const LiteTrigger *trigger = &table->triggers[i];
		const char *fts = NULL;

		for (int k = 0; k < work->nsearches && fts == NULL; k++)
		{
			const char *origin = work->searches[k].origin;
			char *pattern =
				origin != NULL ? sqlite3_mprintf("%%%s%%", origin) : NULL;

			if (pattern != NULL && trigger->sql != NULL &&
				sqlite3_strlike(pattern, trigger->sql, 0) == 0)
				fts = origin;
			sqlite3_free(pattern);
		}
		if (fts != NULL)
			lite_find(planner, LITE_SEVERITY_INFO, "trigger", table->name,
					  trigger->name, NULL,
					  "trigger kept full-text table \"%s\" in step; the "
					  "search column does that by itself",
					  fts);
		else
			lite_find(planner, LITE_SEVERITY_WARNING, "trigger", table->name,
					  trigger->name, "write it anew in PL/pgSQL",
					  "trigger is not carried over: %s",
					  lite_find_clip(planner, trigger->sql, 400));
	}
	for (int i = 0; i < table->ncolumns; i++)
	{
		const char *collation = table->columns[i].collation;

		if (collation == NULL || table->columns[i].hidden ||
			sqlite3_stricmp(collation, "BINARY") == 0)
			continue;
		lite_find(planner, LITE_SEVERITY_WARNING, "collation", table->name,
				  lite_find_column(planner, table, i),
				  sqlite3_stricmp(collation, "NOCASE") == 0
					  ? "compare lower(column), or use a nondeterministic "
						"collation or citext"
					  : NULL,
				  "COLLATE %s is not carried over: comparisons tell apart "
				  "what SQLite took for equal",
				  lite_find_clip(planner, collation, 64));
	}
	if (work->sql == NULL)
		return;
	for (int i = 0; i < work->sql->nconstraints; i++)
	{
		const LiteSqlConstraint *constraint = &work->sql->constraints[i];

		if (constraint->conflict == LITE_CONFLICT_IGNORE ||
			constraint->conflict == LITE_CONFLICT_REPLACE)
			lite_find(planner, LITE_SEVERITY_WARNING, "conflict", table->name,
					  constraint->name, "INSERT ... ON CONFLICT",
					  "ON CONFLICT %s of a constraint is not carried over: "
					  "PostgreSQL says it in the INSERT",
					  constraint->conflict == LITE_CONFLICT_IGNORE
						  ? "IGNORE"
						  : "REPLACE");
	}
}

static void
set_exists(LitePlanner *planner, LiteTableWork *work)
{
	LitePlanTable *target = &planner->plan->tables[work->index];
	const LitePlanOptions *options = planner->options;
	bool known = options->exists != NULL;
	bool exists =
		known && options->exists(options->exists_arg, planner->plan->schema,
								 target->name);

	switch (options->if_exists)
	{
		case LITE_IF_EXISTS_ERROR:
			if (exists)
				lite_find(planner, LITE_SEVERITY_ERROR, "exists",
						  work->source->name, target->name,
						  "if_exists => 'replace', 'append' or 'skip'",
						  "table %s exists already", target->qualified);
			return;
		case LITE_IF_EXISTS_REPLACE:
			return;
		case LITE_IF_EXISTS_APPEND:
			work->existing = exists || !known;
			return;
		case LITE_IF_EXISTS_SKIP:
			target->exists_skip = exists;
			if (exists)
				lite_find(planner, LITE_SEVERITY_INFO, "exists",
						  work->source->name, target->name, NULL,
						  "table %s exists already and is left alone",
						  target->qualified);
			return;
	}
}

/* ------------------------------------------------------------------------
 * The whole
 * ------------------------------------------------------------------------ */

static LiteStatus
check_options(LitePlanner *planner)
{
	const LitePlanOptions *options = planner->options;
	LiteStatus status;

	if (options->schema == NULL || options->schema[0] == '\0')
		return lite_error_set(planner->err, LITE_INVALID,
							  "no target schema is named");
	if (strlen(options->schema) > LITE_NAME_MAX)
		return lite_error_set(planner->err, LITE_INVALID,
							  "the name of the target schema is longer than "
							  "%d bytes",
							  LITE_NAME_MAX);
	status = lite_options_names(planner, "tables", options->ntables,
								options->tables);
	if (status == LITE_OK)
		status = lite_options_names(planner, "exclude", options->nexclude,
									options->exclude);
	if (status == LITE_OK)
		status = lite_options_names(planner, "documents", options->ndocuments,
									options->documents);
	return status;
}

typedef LiteStatus (*WorkFunction)(LitePlanner *planner, LiteTableWork *work);

static LiteStatus
for_each_work(LitePlanner *planner, WorkFunction function)
{
	LiteStatus status = LITE_OK;

	for (int i = 0; i < planner->nworks && status == LITE_OK; i++)
		status = function(planner, &planner->works[i]);
	return status;
}

static LiteStatus
finish_table(LitePlanner *planner, LiteTableWork *work)
{
	LiteStatus status;

	make_scope(planner, work);
	make_generated(planner, work);
	make_defaults(planner, work);
	lite_search_columns(planner, work);
	status = make_key(planner, work);
	if (status == LITE_OK)
		status = make_select(planner, work);
	find_rest(planner, work);
	set_exists(planner, work);
	return status;
}

static LiteStatus
build(LitePlanner *planner)
{
	LiteStatus status = check_options(planner);

	if (status == LITE_OK)
		status = choose_tables(planner);
	if (status == LITE_OK)
		status = for_each_work(planner, prepare_work);
	if (status == LITE_OK)
	{
		mark_families(planner);
		status = lite_options_types(planner);
	}
	if (status == LITE_OK)
		status = lite_options_search(planner);
	if (status == LITE_OK)
		status = lite_fts_searches(planner);
	if (status == LITE_OK)
		status = for_each_work(planner, profile_table);
	if (status == LITE_OK)
	{
		for (int i = 0; i < planner->nworks; i++)
			apply_overrides(&planner->works[i], planner->arena);
		lite_families_unify(planner);
		status = for_each_work(planner, check_values);
	}
	if (status == LITE_OK)
		status = for_each_work(planner, make_columns);
	if (status == LITE_OK)
		status = for_each_work(planner, finish_table);
	if (status == LITE_OK)
		status = lite_views_translate(planner);
	if (status == LITE_OK && planner->schema->user_version != 0)
		lite_find(planner, LITE_SEVERITY_INFO, "pragma", NULL, NULL, NULL,
				  "PRAGMA user_version is %d; PostgreSQL has no place for it",
				  planner->schema->user_version);
	if (status == LITE_OK)
		status = lite_ddl_build(planner);
	if (status == LITE_OK && lite_arena_failed(planner->arena))
		status = lite_error_nomem(planner->err);
	return status;
}

LiteStatus
lite_plan_build(LiteDb *db, const LiteSchema *schema,
				const LitePlanOptions *options, LiteArena *arena,
				LitePlan **result, LiteError *err)
{
	LitePlanner planner = {.db = db,
						   .schema = schema,
						   .options = options,
						   .arena = arena,
						   .err = err};
	LiteStatus status;

	lite_error_clear(err);
	planner.plan = lite_arena_new(arena, LitePlan);
	if (planner.plan == NULL)
		return lite_error_nomem(err);
	planner.plan->options = *options;
	planner.plan->source = schema;
	planner.plan->schema = options->schema;
	status = build(&planner);
	if (status == LITE_OK)
		*result = planner.plan;
	return status;
}
