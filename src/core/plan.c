/*
 * plan.c
 *	  The plan of an import.
 *
 *		choose.c		which tables of the file become tables
 *		declared.c		their CREATE text parsed, keys and checks marked
 *		options.c		overrides, search columns
 *		fts.c			search columns of full-text tables
 *		decide.c		every value seen, every column's type decided
 *		family.c		foreign keys: one type on both sides
 *		columns.c		target columns
 *		computed.c		generated columns and defaults
 *		here			keys, and the SELECT of the rows
 *		views.c			views over what the tables became
 *		ddl.c			statements
 *
 * The order of all this is the order of the file's schema, so that the same
 * file gives the same plan, statement by statement.
 */
#include <string.h>

#include "core/planner.h"

LiteTableWork *
lite_planner_work(LitePlanner *planner, const LiteTable *table)
{
	int at = planner->work_of[table - planner->schema->tables];

	return at >= 0 ? &planner->works[at] : NULL;
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
		LitePlanColumn *column = &target->columns[i];

		column->on_error = column->column >= 0 ? work->on_error[column->column]
											   : planner->options->on_error;
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
		target->field_on_error =
			lite_arena_newarray(planner->arena, LiteOnError,
								table->ncolumns + 1);
		if (target->field_on_error == NULL)
			target->fields = NULL;
		for (int i = 0; target->fields != NULL && i < table->ncolumns; i++)
		{
			LiteDocumentField *field;

			if (table->columns[i].hidden)
				continue;
			field = &target->fields[target->nfields++];
			field->name = table->columns[i].name;
			field->type = work->decisions[i].type;
			target->field_on_error[target->nfields - 1] = work->on_error[i];
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

	lite_planner_scope(planner, work);
	lite_planner_generated(planner, work);
	lite_planner_defaults(planner, work);
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
		status = lite_planner_choose(planner);
	if (status == LITE_OK)
		status = for_each_work(planner, lite_planner_declared);
	if (status == LITE_OK)
	{
		lite_planner_families(planner);
		status = lite_options_types(planner);
	}
	if (status == LITE_OK)
		status = lite_options_search(planner);
	if (status == LITE_OK)
		status = lite_fts_searches(planner);
	if (status == LITE_OK)
		status = for_each_work(planner, lite_planner_profile);
	if (status == LITE_OK)
	{
		for (int i = 0; i < planner->nworks; i++)
			lite_planner_override(&planner->works[i], planner->arena);
		lite_families_unify(planner);
		status = for_each_work(planner, lite_planner_check);
	}
	if (status == LITE_OK)
		status = for_each_work(planner, lite_planner_columns);
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
