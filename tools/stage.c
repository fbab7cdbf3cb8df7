/*
 * stage.c
 *	  The staging schema: named, locked, made, met again, dropped.
 *
 * Two schemas of the target database belong to a load into schema "app":
 *
 *	app__sqlite2pg			the tables as they will be
 *	app__sqlite2pg_state	run: what is being loaded, by which plan
 *							unit: what has been done (see transfer.c)
 *							reject: rows that did not fit
 *
 * They are two so that nothing of ours can clash with a table of the file,
 * and so that the first can simply be renamed at the end.  Each line of
 * "unit" is written in the transaction that does what it says.  An advisory
 * lock, held as long as the program's first connection lives, keeps two loads
 * out of one staging schema.
 *
 * state.c writes and reads "unit"; move.c is the only place where anything
 * outside of these schemas is touched: one transaction, at the end.
 */
#include "stage.h"

#include <string.h>

/* Of NAMEDATALEN - 1 bytes, what the longest of our suffixes leaves. */
#define STAGING_SUFFIX "__sqlite2pg"
#define STATE_SUFFIX "__sqlite2pg_state"
#define MAX_IDENTIFIER 63
#define MAX_STEM (MAX_IDENTIFIER - (int) sizeof(STATE_SUFFIX) + 1)

/* A server notices that its client was killed when it next reads or writes:
 * the lock of a killed run is waited for this long. */
#define LOCK_TRIES 20
#define LOCK_DELAY_MS 250

const char *
stage_ident(Loader *loader, const char *name)
{
	sqlite3_str *str = sqlite3_str_new(NULL);

	lite_pg_ident(str, name);
	return lite_arena_finish(loader->arena, str);
}

static bool
make_names(Loader *loader, Failure *failure)
{
	const char *schema = loader->options->schema;
	const char *stem = schema;

	if (strlen(schema) > MAX_STEM)
	{
		LiteHash hash = lite_hash_bytes(schema, strlen(schema), 0);

		stem = lite_arena_printf(loader->arena, "sqlite_%016llx",
								 (sqlite3_uint64) hash.lo);
	}
	loader->staging =
		lite_arena_printf(loader->arena, "%s" STAGING_SUFFIX, stem);
	loader->state = lite_arena_printf(loader->arena, "%s" STATE_SUFFIX, stem);
	if (lite_arena_failed(loader->arena))
		return fail_memory(failure);
	loader->schema_ident = stage_ident(loader, schema);
	loader->staging_ident = stage_ident(loader, loader->staging);
	loader->state_ident = stage_ident(loader, loader->state);
	if (lite_arena_failed(loader->arena))
		return fail_memory(failure);
	loader->rejects_table =
		lite_arena_printf(loader->arena, "%s.reject", loader->state_ident);
	return loader->rejects_table || fail_memory(failure);
}

/* A query that yields one value, or none. */
static bool
query_value(Loader *loader, const char *sql, int nparams,
			const char *const *params, char **value, Failure *failure)
{
	PGresult *result;

	*value = NULL;
	if (!target_query(&loader->control, sql, nparams, params, &result,
					  failure))
		return false;
	if (PQntuples(result) > 0 && !PQgetisnull(result, 0, 0))
		*value = lite_arena_strdup(loader->arena, PQgetvalue(result, 0, 0));
	PQclear(result);
	return true;
}

bool
stage_query_bool(Loader *loader, const char *sql, const char *param,
				 bool *answer, Failure *failure)
{
	char *value;

	if (!query_value(loader, sql, 1, &param, &value, failure))
		return false;
	*answer = value && value[0] == 't';
	return true;
}

const char stage_schema_exists_sql[] =
	"SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)";

static bool
take_lock(Loader *loader, Failure *failure)
{
	static const char sql[] = "SELECT pg_try_advisory_lock("
							  "hashtextextended('sqlite2pg ' || $1, 0))";
	bool got;

	for (int i = 0; i < LOCK_TRIES; i++)
	{
		if (!stage_query_bool(loader, sql, loader->staging, &got, failure))
			return false;
		if (got)
			return true;
		sqlite3_sleep(LOCK_DELAY_MS);
	}
	fail(failure, EXIT_TARGET, "another sqlite2pg is loading into schema %s",
		 loader->schema_ident);
	lite_error_hint(&failure->error, "Wait for it to end, or end it: SELECT "
									 "pid FROM pg_stat_activity WHERE "
									 "application_name = 'sqlite2pg'.");
	return false;
}

/* A former run's schemas: whose, and what now? */
static bool
meet_leftover(Loader *loader, Failure *failure)
{
	const Options *options = loader->options;
	char *sql = lite_arena_printf(
		loader->arena,
		"SELECT format('%%s, since %%s', file, started) FROM %s.run",
		loader->state_ident);
	char *who = NULL;
	bool ours;

	if (sql == NULL)
		return fail_memory(failure);
	if (!stage_query_bool(loader, stage_schema_exists_sql, loader->state,
						  &ours, failure))
		return false;
	if (!ours)
	{
		fail(failure, EXIT_TARGET,
			 "schema %s exists, and is not of an interrupted load",
			 loader->staging_ident);
		lite_error_hint(&failure->error, "Drop or rename it.");
		return false;
	}
	if (!query_value(loader, sql, 0, NULL, &who, failure))
		return false;
	if (options->restart)
	{
		ui_detail("forgetting the load of %s", who ? who : "another file");
		return stage_drop(loader, failure);
	}
	loader->left_behind = true;
	if (options->resume)
		return true;
	fail(failure, EXIT_TARGET, "a load into schema %s was interrupted before",
		 loader->schema_ident);
	lite_error_detail(&failure->error,
					  "Schema %s holds what it had loaded (of %s).",
					  loader->staging_ident, who ? who : "another file");
	lite_error_hint(&failure->error, "Go on with it with --resume, or "
									 "forget it with --restart.");
	return false;
}

/* Before the file is looked at for an hour: may the role do this at all? */
static bool
check_rights(Loader *loader, Failure *failure)
{
	bool may;

	if (!stage_query_bool(loader,
						  "SELECT has_database_privilege(current_database(), "
						  "$1)",
						  "CREATE", &may, failure))
		return false;
	if (!may)
	{
		fail(failure, EXIT_TARGET,
			 "permission denied to create schemas in this database");
		lite_error_hint(&failure->error,
						"The load needs schemas of its own until it is "
						"done: GRANT CREATE ON DATABASE ... TO the role.");
		return false;
	}
	if (!stage_query_bool(loader,
						  "SELECT coalesce((SELECT has_schema_privilege(oid, "
						  "'CREATE') FROM pg_namespace WHERE nspname = $1), "
						  "true)",
						  loader->options->schema, &may, failure))
		return false;
	if (!may)
	{
		fail(failure, EXIT_TARGET, "permission denied for schema %s",
			 loader->schema_ident);
		lite_error_hint(&failure->error,
						"GRANT CREATE ON SCHEMA ... TO the role, or choose "
						"another --schema.");
	}
	return may;
}

bool
stage_open(Loader *loader, Failure *failure)
{
	bool there;

	if (!make_names(loader, failure) || !check_rights(loader, failure) ||
		!take_lock(loader, failure))
		return false;
	if (!stage_query_bool(loader, stage_schema_exists_sql, loader->staging,
						  &there, failure))
		return false;
	return !there || meet_leftover(loader, failure);
}

/* ------------------------------------------------------------------------
 * What is in the target already
 * ------------------------------------------------------------------------ */

static bool
refuse_existing(const char *kind, const char *name, const Loader *loader,
				Failure *failure)
{
	fail(failure, EXIT_TARGET, "%s %s.%s exists", kind, loader->schema_ident,
		 name);
	lite_error_hint(&failure->error,
					"Say what is to become of it: --if-exists=replace, "
					"append or skip; or choose another --schema.");
	return false;
}

/* A table of the plan, and the relation of its name in the target. */
static bool
meet_existing(Loader *loader, int i, bool owned, Failure *failure)
{
	const LitePlanTable *table = &loader->plan->tables[i];

	if (loader->options->data_only || loader->options->verify_only)
		return true;
	switch (loader->options->plan.if_exists)
	{
		case LITE_IF_EXISTS_ERROR:
			return refuse_existing("table", table->name, loader, failure);
		case LITE_IF_EXISTS_REPLACE:
			return owned || fail(failure, EXIT_TARGET,
								 "only the owner of table %s.%s can "
								 "replace it",
								 loader->schema_ident, table->name);
		case LITE_IF_EXISTS_APPEND:
			return true;
		case LITE_IF_EXISTS_SKIP:
			loader->tables[i].skip = true;
			loader_finding(loader, LITE_SEVERITY_INFO, "skipped",
						   table->source->name, NULL,
						   "left as it is: the table exists");
			return true;
	}
	return true;
}

/* Views of a former load, or what else has their names. */
static bool
survey_views(Loader *loader, const PGresult *there, Failure *failure)
{
	const Options *options = loader->options;
	const LitePlan *plan = loader->plan;

	for (int i = 0; i < plan->nviews; i++)
	{
		const LitePlanView *view = &plan->views[i];
		bool exists = false;

		for (int k = 0; k < PQntuples(there) && !exists; k++)
			exists = strcmp(view->name, PQgetvalue(there, k, 0)) == 0;
		loader->view_exists[i] = exists;
		if (!exists || view->refused || options->data_only ||
			options->verify_only)
			continue;
		if (options->plan.if_exists == LITE_IF_EXISTS_ERROR)
			return refuse_existing("view", view->name, loader, failure);
		if (options->plan.if_exists != LITE_IF_EXISTS_REPLACE)
			loader_finding(loader, LITE_SEVERITY_INFO, "skipped",
						   view->source->name, NULL,
						   "left as it is: the view exists");
	}
	return true;
}

static bool
meet_missing(Loader *loader, int i, Failure *failure)
{
	const Options *options = loader->options;

	if (!options->data_only && !options->verify_only)
		return true;
	fail(failure, options->data_only ? EXIT_TARGET : EXIT_VERIFICATION,
		 "there is no table %s.%s", loader->schema_ident,
		 loader->plan->tables[i].name);
	lite_error_hint(&failure->error, "%s",
					options->data_only
						? "Make it with --schema-only, or load without "
						  "--data-only."
						: "Is --schema right? Options that change names must "
						  "be those of the load.");
	return false;
}

bool
stage_survey(Loader *loader, Failure *failure)
{
	static const char sql[] =
		"SELECT c.relname, pg_has_role(c.relowner, 'USAGE') FROM pg_class c "
		"JOIN pg_namespace n ON n.oid = c.relnamespace "
		"WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'f', 'v', 'm')";
	const LitePlan *plan = loader->plan;
	PGresult *result;
	bool ok = true;

	if (loader->schema_ident == NULL)
		loader->schema_ident = stage_ident(loader, loader->options->schema);
	if (loader->schema_ident == NULL)
		return fail_memory(failure);
	if (!stage_query_bool(loader, stage_schema_exists_sql,
						  loader->options->schema, &loader->target_exists,
						  failure) ||
		!target_query(&loader->control, sql, 1, &loader->options->schema,
					  &result, failure))
		return false;
	for (int i = 0; ok && i < plan->ntables; i++)
	{
		int found = -1;

		for (int k = 0; k < PQntuples(result) && found < 0; k++)
		{
			if (strcmp(plan->tables[i].name, PQgetvalue(result, k, 0)) == 0)
				found = k;
		}
		loader->tables[i].exists = found >= 0;
		if (found >= 0)
			ok =
				meet_existing(loader, i,
							  PQgetvalue(result, found, 1)[0] == 't', failure);
		else
			ok = meet_missing(loader, i, failure);
	}
	ok = ok && survey_views(loader, result, failure);
	PQclear(result);
	return ok;
}

/* ------------------------------------------------------------------------
 * Beginning, or going on
 * ------------------------------------------------------------------------ */

static char *
fingerprint_text(Loader *loader)
{
	const LiteFingerprint *f = &loader->fingerprint;

	return lite_arena_printf(loader->arena, "%llu:%llu:%lld:%lld:%lld:%lld",
							 (sqlite3_uint64) f->device,
							 (sqlite3_uint64) f->inode,
							 (sqlite3_int64) f->size,
							 (sqlite3_int64) f->mtime_ns,
							 (sqlite3_int64) f->wal_size,
							 (sqlite3_int64) f->wal_mtime_ns);
}

/* Two runs with the same hash would do the same, unit by unit. */
static char *
plan_hash(Loader *loader)
{
	const LitePlan *plan = loader->plan;
	LiteHash hash = {(uint64_t) plan->options.on_error,
					 (uint64_t) plan->options.if_exists};
	char text[LITE_HASH_TEXT];

	for (int i = 0; i < plan->nstatements; i++)
	{
		const char *sql = plan->statements[i].sql;
		LiteHash next = lite_hash_bytes(sql, strlen(sql), hash.lo ^ hash.hi);

		hash.lo = hash.lo * 31 + next.lo;
		hash.hi = hash.hi * 31 + next.hi;
	}
	for (int i = 0; i < plan->ntables; i++)
	{
		for (int k = 0; k < plan->tables[i].ncolumns; k++)
		{
			const LitePlanColumn *column = &plan->tables[i].columns[k];

			hash.hi = hash.hi * 31 + (uint64_t) column->type.type;
			hash.lo = hash.lo * 31 + (uint64_t) column->type.format;
		}
	}
	return lite_arena_strdup(loader->arena, lite_hash_text(hash, text));
}

static bool
create_schemas(Loader *loader, Failure *failure)
{
	const char *params[] = {loader->options->file, loader->options->schema,
							fingerprint_text(loader), plan_hash(loader),
							LOADER_VERSION};
	const char *state = loader->state_ident;
	PGresult *result;
	char *insert = lite_arena_printf(
		loader->arena, "INSERT INTO %s.run VALUES ($1, $2, $3, $4, $5, now())",
		state);

	if (lite_arena_failed(loader->arena))
		return fail_memory(failure);
	if (!target_runf(&loader->control, failure,
					 "BEGIN; CREATE SCHEMA %s; CREATE SCHEMA %s; "
					 "CREATE TABLE %s.run (file text, target text, "
					 "fingerprint text, plan text, version text, "
					 "started timestamptz); "
					 "CREATE TABLE %s.unit (kind \"char\", number int, "
					 "PRIMARY KEY (kind, number), lo int8, hi int8, "
					 "read int8, rejected int8, nulled int8, digest text, "
					 "note text); "
					 "CREATE TABLE %s.reject (table_name text, row_key text, "
					 "column_name text, action text, reason text, "
					 "storage_class text, value bytea, row_data jsonb)",
					 loader->staging_ident, state, state, state, state) ||
		!target_query(&loader->control, insert, 5, params, &result, failure))
	{
		target_rollback(&loader->control);
		return false;
	}
	PQclear(result);
	if (!target_run(&loader->control, "COMMIT", failure))
		return false;
	loader->staged = true;
	return true;
}

static bool
check_same(Loader *loader, Failure *failure)
{
	const char *fingerprint = fingerprint_text(loader);
	const char *hash = plan_hash(loader);
	char *sql =
		lite_arena_printf(loader->arena,
						  "SELECT fingerprint, plan, version FROM %s.run",
						  loader->state_ident);
	const char *differs = NULL;
	PGresult *result;

	if (lite_arena_failed(loader->arena))
		return fail_memory(failure);
	if (!target_query(&loader->control, sql, 0, NULL, &result, failure))
		return false;
	if (PQntuples(result) != 1 ||
		strcmp(PQgetvalue(result, 0, 2), LOADER_VERSION) != 0)
		differs = "the program is another version than the one that began";
	else if (strcmp(PQgetvalue(result, 0, 0), fingerprint) != 0)
		differs = "the file has changed since the load began";
	else if (strcmp(PQgetvalue(result, 0, 1), hash) != 0)
		differs = "the plan is not that of the load that began";
	PQclear(result);
	if (differs == NULL)
	{
		loader->staged = true;
		return true;
	}
	fail(failure, EXIT_TARGET, "cannot resume: %s", differs);
	lite_error_hint(&failure->error, "Begin anew with --restart (or resume "
									 "with the same options and file).");
	return false;
}

bool
stage_revive(Loader *loader, Failure *failure)
{
	if (target_run(&loader->control, "SELECT 1", failure))
		return true;
	if (target_alive(&loader->control) || atomic_load(&interrupted))
		return false;
	return target_connect(&loader->control, loader->options->conninfo, true,
						  failure) &&
		   take_lock(loader, failure);
}

bool
stage_begin(Loader *loader, Failure *failure)
{
	if (loader->left_behind)
		return check_same(loader, failure);
	return create_schemas(loader, failure);
}

bool
stage_drop(Loader *loader, Failure *failure)
{
	loader->left_behind = false;
	loader->staged = false;
	return target_runf(&loader->control, failure,
					   "BEGIN; DROP SCHEMA IF EXISTS %s CASCADE; "
					   "DROP SCHEMA IF EXISTS %s CASCADE; COMMIT",
					   loader->staging_ident, loader->state_ident);
}
