/*
 * move.c
 *	  The one transaction in which everything becomes visible.
 *
 *	no target schema yet	the staging schema gets its name
 *	else, table by table	new: moved into it
 *							replace: the old one dropped, the new one moved
 *							append: rows inserted, the staging table dropped
 *							skip: was never loaded
 *
 * Readers wait for the moment of the renames (or inserts) at the most.  Plain
 * DROP, never CASCADE, for what is not ours; DROP SCHEMA without CASCADE for
 * the staging schema, so that nothing that was forgotten can be lost.
 */
#include "stage.h"

#include <string.h>

#define MOVE_TRIES 3

static bool
move_appended(Loader *loader, int i, Failure *failure)
{
	const LitePlanTable *table = &loader->plan->tables[i];
	sqlite3_str *columns = sqlite3_str_new(NULL);
	const char *name = stage_ident(loader, table->name);
	char *list;
	bool ok;

	for (int k = 0, n = 0; k < table->ncolumns; k++)
	{
		if (!plan_column_has_value(&table->columns[k]))
			continue;
		sqlite3_str_appendall(columns, n++ ? ", " : "");
		lite_pg_ident(columns, table->columns[k].name);
	}
	list = sqlite3_str_finish(columns);
	if (list == NULL || name == NULL)
	{
		sqlite3_free(list);
		return fail_memory(failure);
	}
	ok = target_runf(&loader->control, failure,
					 "INSERT INTO %s.%s (%s) SELECT %s FROM %s",
					 loader->schema_ident, name, list, list,
					 table->qualified) &&
		 target_runf(&loader->control, failure, "DROP TABLE %s CASCADE",
					 table->qualified);
	sqlite3_free(list);
	for (int k = 0; ok && k < table->ncolumns; k++)
	{
		const char *column;

		if (!table->columns[k].identity)
			continue;
		/* the sequence must not give out an id that has come in */
		column = stage_ident(loader, table->columns[k].name);
		if (column == NULL)
			return fail_memory(failure);
		ok = target_runf(
			&loader->control, failure,
			"SELECT setval(s, greatest(m, 1)) FROM (SELECT "
			"pg_get_serial_sequence(format('%%I.%%I', n.nspname, c.relname), "
			"a.attname) AS s, (SELECT max(%s) FROM %s.%s) AS m FROM "
			"pg_class c, pg_namespace n, pg_attribute a WHERE c.oid = "
			"a.attrelid AND n.oid = c.relnamespace AND a.attidentity <> '' "
			"AND c.oid = (SELECT t.tableoid FROM %s.%s t LIMIT 1)) x "
			"WHERE s IS NOT NULL AND m IS NOT NULL",
			column, loader->schema_ident, name, loader->schema_ident, name);
	}
	return ok;
}

/* Parents before children, so that immediate foreign keys hold; a cycle is
 * cut anywhere. */
static void
append_order(const Loader *loader, int i, bool *seen, int *order, int *n)
{
	const LiteTable *source = loader->plan->tables[i].source;

	if (seen[i])
		return;
	seen[i] = true;
	for (int f = 0; f < source->nforeign_keys; f++)
	{
		for (int k = 0; k < loader->plan->ntables; k++)
		{
			if (sqlite3_stricmp(source->foreign_keys[f].parent,
								loader->plan->tables[k].source->name) == 0)
				append_order(loader, k, seen, order, n);
		}
	}
	order[(*n)++] = i;
}

static bool
append_existing(Loader *loader, Failure *failure)
{
	int ntables = loader->plan->ntables;
	bool *seen = lite_arena_newarray(loader->arena, bool, ntables + 1);
	int *order = lite_arena_newarray(loader->arena, int, ntables + 1);
	int n = 0;

	if (lite_arena_failed(loader->arena))
		return fail_memory(failure);
	for (int i = 0; i < ntables; i++)
		append_order(loader, i, seen, order, &n);
	for (int k = 0; k < n; k++)
	{
		const TableRun *run = &loader->tables[order[k]];

		if (run->exists && !run->skip &&
			!move_appended(loader, order[k], failure))
			return false;
	}
	return true;
}

/*
 * Views of a former load, which a comment tells from others, under the names
 * of the file's views: in one statement, since views stand on views.
 */
static bool
drop_views(Loader *loader, Failure *failure)
{
	const LitePlan *plan = loader->plan;
	sqlite3_str *str = sqlite3_str_new(NULL);
	const char *names;
	char *sql;
	PGresult *result;
	bool ok;

	for (int i = 0; i < plan->nviews; i++)
	{
		sqlite3_str_appendall(str, i > 0 ? ", " : "");
		lite_pg_literal(str, plan->views[i].name, strlen(plan->views[i].name));
	}
	names = lite_arena_finish(loader->arena, str);
	if (plan->nviews == 0)
		return true;
	sql =
		names == NULL
			? NULL
			: lite_arena_printf(
				  loader->arena,
				  "SELECT 'DROP VIEW ' || string_agg(format('%%I.%%I', "
				  "n.nspname, c.relname), ', ') FROM pg_class c "
				  "JOIN pg_namespace n ON n.oid = c.relnamespace "
				  "WHERE n.nspname = $1 AND c.relkind = 'v' "
				  "AND c.relname IN (%s) AND starts_with("
				  "obj_description(c.oid, 'pg_class'), '" LITE_VIEW_MARK "')",
				  names);
	if (sql == NULL)
		return fail_memory(failure);
	if (!target_query(&loader->control, sql, 1, &loader->options->schema,
					  &result, failure))
		return false;
	ok = PQgetisnull(result, 0, 0) ||
		 target_run(&loader->control, PQgetvalue(result, 0, 0), failure);
	PQclear(result);
	return ok;
}

/*
 * In one statement, since foreign keys tie the tables to each other; without
 * CASCADE, since what else depends on them is not ours to drop.
 */
static bool
drop_existing(Loader *loader, Failure *failure)
{
	sqlite3_str *str = sqlite3_str_new(NULL);
	const char *separator = "DROP TABLE ";
	char *sql;
	bool ok;

	for (int i = 0; i < loader->plan->ntables; i++)
	{
		const TableRun *run = &loader->tables[i];

		if (!run->exists || run->skip)
			continue;
		sqlite3_str_appendf(str, "%s%s.", separator, loader->schema_ident);
		lite_pg_ident(str, loader->plan->tables[i].name);
		separator = ", ";
	}
	if (sqlite3_str_length(str) == 0)
	{
		sqlite3_free(sqlite3_str_finish(str));
		return true;
	}
	sql = sqlite3_str_finish(str);
	if (sql == NULL)
		return fail_memory(failure);
	ok = target_run(&loader->control, sql, failure);
	sqlite3_free(sql);
	return ok;
}

static bool
move_existing(Loader *loader, Failure *failure)
{
	bool ok;

	if (loader->options->data_only ||
		loader->options->plan.if_exists == LITE_IF_EXISTS_APPEND)
		return append_existing(loader, failure);
	ok = (loader->options->plan.if_exists != LITE_IF_EXISTS_REPLACE ||
		  drop_views(loader, failure)) &&
		 drop_existing(loader, failure);
	if (!ok && strcmp(failure->sqlstate, "2BP01") == 0)
		lite_error_hint(&failure->error,
						"Drop what depends on the tables first: the load "
						"will not do that for you.");
	return ok;
}

/*
 * Everything that is in the staging schema goes to the target's: whatever
 * the plan made there, without knowing what.  Indexes, constraints and
 * sequences of a column go with their table.
 */
static bool
move_objects(Loader *loader, Failure *failure)
{
	static const char sql[] =
		"SELECT format('ALTER %s %I.%I SET SCHEMA ', CASE c.relkind "
		"WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' "
		"WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' "
		"ELSE 'TABLE' END, n.nspname, c.relname) "
		"FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
		"WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') "
		"AND NOT (c.relkind = 'S' AND EXISTS (SELECT FROM pg_depend d "
		"WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid "
		"AND d.deptype IN ('a', 'i'))) "
		"UNION ALL "
		"SELECT format('ALTER ROUTINE %s SET SCHEMA ', "
		"p.oid::regprocedure) "
		"FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace "
		"WHERE n.nspname = $1";
	PGresult *result;
	bool ok = true;

	if (!target_query(&loader->control, sql, 1, &loader->staging, &result,
					  failure))
		return false;
	for (int i = 0; ok && i < PQntuples(result); i++)
		ok = target_runf(&loader->control, failure, "%s%s",
						 PQgetvalue(result, i, 0), loader->schema_ident);
	PQclear(result);
	/* RESTRICT: what we forgot to move must not be lost in silence */
	return ok && target_runf(&loader->control, failure, "DROP SCHEMA %s",
							 loader->staging_ident);
}

/*
 * Foreign keys and views of tables that are new, where others are skipped or
 * appended to: they may refer to tables of the target schema, so they are
 * made there, in the transaction of the move.
 */
static bool
make_late(Loader *loader, Failure *failure)
{
	const LitePlan *plan = loader->late;

	for (int i = 0; plan && i < plan->nstatements; i++)
	{
		const LiteStatement *s = &plan->statements[i];

		if (s->phase != LITE_PHASE_FOREIGN_KEY && s->phase != LITE_PHASE_VIEW)
			continue;
		ui_detail("%s", s->sql);
		if (!target_run(&loader->control, "SAVEPOINT late", failure))
			return false;
		if (!target_run(&loader->control, s->sql, failure))
		{
			if (!s->optional || failure->exit_code != EXIT_TARGET ||
				failure->transient)
				return false;
			loader_finding(loader, LITE_SEVERITY_WARNING, "statement",
						   s->table >= 0 ? plan->tables[s->table].source->name
										 : NULL,
						   s->object, "not done: %s: %s", s->object,
						   failure->error.message);
			memset(failure, 0, sizeof(*failure));
			if (!target_run(&loader->control, "ROLLBACK TO late", failure))
				return false;
			if (s->fallback &&
				!target_run(&loader->control, s->fallback, failure))
				return false;
		}
		if (!target_run(&loader->control, "RELEASE late", failure))
			return false;
	}
	return true;
}

/* Rejected rows stay where the tables are. */
static bool
move_rejects(Loader *loader, Failure *failure)
{
	static const char sql[] =
		"SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n "
		"ON n.oid = c.relnamespace WHERE n.nspname = $1 "
		"AND c.relname = 'sqlite2pg_rejects')";
	int64_t rejected = 0;
	bool there;

	for (int i = 0; i < loader->plan->ntables; i++)
		rejected += loader->tables[i].rejected + loader->tables[i].nulled;
	if (rejected == 0)
		return true;
	if (!stage_query_bool(loader, sql, loader->options->schema, &there,
						  failure))
		return false;
	if (there)
		return target_runf(&loader->control, failure,
						   "INSERT INTO %s.sqlite2pg_rejects "
						   "SELECT * FROM %s",
						   loader->schema_ident, loader->rejects_table);
	return target_runf(&loader->control, failure,
					   "ALTER TABLE %s RENAME TO sqlite2pg_rejects",
					   loader->rejects_table) &&
		   target_runf(&loader->control, failure,
					   "ALTER TABLE %s.sqlite2pg_rejects SET SCHEMA %s",
					   loader->state_ident, loader->schema_ident);
}

static bool
move_all(Loader *loader, Failure *failure)
{
	if (!target_run(&loader->control,
					"BEGIN; SET LOCAL synchronous_commit TO on", failure) ||
		!stage_query_bool(loader, stage_schema_exists_sql,
						  loader->options->schema, &loader->target_exists,
						  failure))
		return false;
	if (loader->target_exists)
	{
		if (!move_existing(loader, failure) ||
			!move_objects(loader, failure) || !make_late(loader, failure))
			return false;
	}
	else if (!target_runf(&loader->control, failure,
						  "ALTER SCHEMA %s RENAME TO %s",
						  loader->staging_ident, loader->schema_ident))
		return false;
	return move_rejects(loader, failure) &&
		   target_runf(&loader->control, failure, "DROP SCHEMA %s CASCADE",
					   loader->state_ident) &&
		   target_run(&loader->control, "COMMIT", failure);
}

/*
 * A connection that is lost during COMMIT leaves open what happened; the
 * state schema tells: it is gone if, and only if, the move was made.
 */
bool
stage_move(Loader *loader, Failure *failure)
{
	for (int i = 0; i < MOVE_TRIES; i++)
	{
		Failure second;
		bool there = true;

		if (stage_revive(loader, failure) && move_all(loader, failure))
		{
			loader->moved = true;
			return true;
		}
		target_rollback(&loader->control);
		if (!failure->transient || atomic_load(&interrupted))
			return false;
		memset(&second, 0, sizeof(second));
		if (!stage_revive(loader, &second) ||
			!stage_query_bool(loader, stage_schema_exists_sql, loader->state,
							  &there, &second))
			return false;
		if (!there)
		{
			loader->moved = true;
			return true;
		}
	}
	return false;
}
