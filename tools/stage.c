/*
 * stage.c
 *	  The staging schema: made, remembered, taken up again, moved.
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
 * stage_move() is the only place where anything outside of these schemas is
 * touched: one transaction, at the end.
 */
#include "loader.h"

#include <stdio.h>
#include <stdlib.h>
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

#define MOVE_TRIES 3

static const char *
ident(Loader *loader, const char *name)
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
	loader->schema_ident = ident(loader, schema);
	loader->staging_ident = ident(loader, loader->staging);
	loader->state_ident = ident(loader, loader->state);
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

static bool
query_bool(Loader *loader, const char *sql, const char *param, bool *answer,
		   Failure *failure)
{
	char *value;

	if (!query_value(loader, sql, 1, &param, &value, failure))
		return false;
	*answer = value && value[0] == 't';
	return true;
}

static const char schema_exists_sql[] =
	"SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)";

static bool
take_lock(Loader *loader, Failure *failure)
{
	static const char sql[] = "SELECT pg_try_advisory_lock("
							  "hashtextextended('sqlite2pg ' || $1, 0))";
	bool got;

	for (int i = 0; i < LOCK_TRIES; i++)
	{
		if (!query_bool(loader, sql, loader->staging, &got, failure))
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
	if (!query_bool(loader, schema_exists_sql, loader->state, &ours, failure))
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

bool
stage_open(Loader *loader, Failure *failure)
{
	bool there;

	if (!make_names(loader, failure) || !take_lock(loader, failure))
		return false;
	if (!query_bool(loader, schema_exists_sql, loader->staging, &there,
					failure))
		return false;
	return !there || meet_leftover(loader, failure);
}

/* ------------------------------------------------------------------------
 * What is in the target already
 * ------------------------------------------------------------------------ */

static bool
refuse_existing(const LitePlanTable *table, const Loader *loader,
				Failure *failure)
{
	fail(failure, EXIT_TARGET, "table %s.%s exists", loader->schema_ident,
		 table->name);
	lite_error_hint(&failure->error,
					"Say what is to become of it: --if-exists=replace, "
					"append or skip; or choose another --schema.");
	return false;
}

bool
stage_survey(Loader *loader, Failure *failure)
{
	static const char sql[] =
		"SELECT c.relname FROM pg_class c "
		"JOIN pg_namespace n ON n.oid = c.relnamespace "
		"WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'f', 'v', 'm')";
	const Options *options = loader->options;
	const LitePlan *plan = loader->plan;
	PGresult *result;

	if (!query_bool(loader, schema_exists_sql, options->schema,
					&loader->target_exists, failure) ||
		!target_query(&loader->control, sql, 1, &options->schema, &result,
					  failure))
		return false;
	for (int i = 0; i < plan->ntables; i++)
	{
		TableRun *run = &loader->tables[i];

		for (int k = 0; k < PQntuples(result) && !run->exists; k++)
			run->exists =
				strcmp(plan->tables[i].name, PQgetvalue(result, k, 0)) == 0;
		if (run->exists && !options->data_only && !options->verify_only)
		{
			if (options->plan.if_exists == LITE_IF_EXISTS_SKIP)
			{
				run->skip = true;
				loader_finding(loader, LITE_SEVERITY_INFO, "skipped",
							   plan->tables[i].source->name, NULL,
							   "left as it is: the table exists");
			}
			else if (options->plan.if_exists == LITE_IF_EXISTS_ERROR)
			{
				PQclear(result);
				return refuse_existing(&plan->tables[i], loader, failure);
			}
		}
		if (!run->exists && (options->data_only || options->verify_only))
		{
			PQclear(result);
			fail(failure, options->data_only ? EXIT_TARGET : EXIT_VERIFICATION,
				 "there is no table %s.%s", loader->schema_ident,
				 plan->tables[i].name);
			lite_error_hint(&failure->error, "%s",
							options->data_only
								? "Make it with --schema-only, or load "
								  "without --data-only."
								: "Is --schema right? Options that change "
								  "names must be those of the load.");
			return false;
		}
	}
	PQclear(result);
	return true;
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

/* ------------------------------------------------------------------------
 * Units
 * ------------------------------------------------------------------------ */

static const char *
kind_letter(UnitKind kind)
{
	switch (kind)
	{
		case UNIT_ROWS:
			return "r";
		case UNIT_CHECK:
			return "c";
		case UNIT_STATEMENT:
			return "s";
	}
	return "?";
}

/* rows, the rows' sum, and each column's counts and sums, in hex words. */
static char *
digest_text(const LiteDigest *digest)
{
	sqlite3_str *str = sqlite3_str_new(NULL);

	sqlite3_str_appendf(str, "%llx %llx %llx", (sqlite3_uint64) digest->rows,
						(sqlite3_uint64) digest->row_sum.lo,
						(sqlite3_uint64) digest->row_sum.hi);
	for (int i = 0; i < digest->ncolumns; i++)
	{
		const LiteColumnDigest *c = &digest->columns[i];

		sqlite3_str_appendf(str, " %llx %llx %llx %llx %llx %llx",
							(sqlite3_uint64) c->values,
							(sqlite3_uint64) c->nulls,
							(sqlite3_uint64) c->exact.lo,
							(sqlite3_uint64) c->exact.hi,
							(sqlite3_uint64) c->canonical.lo,
							(sqlite3_uint64) c->canonical.hi);
	}
	return sqlite3_str_finish(str);
}

static uint64_t
next_word(const char **text)
{
	char *end;
	uint64_t word = strtoull(*text, &end, 16);

	*text = end;
	return word;
}

static bool
add_digest_text(LiteDigest *sum, const char *text)
{
	LiteDigest part;
	LiteColumnDigest *columns =
		calloc((size_t) sum->ncolumns + 1, sizeof(LiteColumnDigest));

	if (columns == NULL)
		return false;
	lite_digest_init(&part, columns, sum->ncolumns);
	part.rows = (int64_t) next_word(&text);
	part.row_sum.lo = next_word(&text);
	part.row_sum.hi = next_word(&text);
	for (int i = 0; i < sum->ncolumns; i++)
	{
		columns[i].values = (int64_t) next_word(&text);
		columns[i].nulls = (int64_t) next_word(&text);
		columns[i].exact.lo = next_word(&text);
		columns[i].exact.hi = next_word(&text);
		columns[i].canonical.lo = next_word(&text);
		columns[i].canonical.hi = next_word(&text);
	}
	lite_digest_add(sum, &part);
	free(columns);
	return true;
}

bool
stage_mark(Loader *loader, Target *target, const Unit *unit, int64_t rejected,
		   int64_t nulled, int64_t rows, const LiteDigest *digest,
		   const char *note, Failure *failure)
{
	char numbers[6][24];
	const char *params[9] = {kind_letter(unit->kind)};
	char *text = digest ? digest_text(digest) : NULL;
	char *sql = sqlite3_mprintf("INSERT INTO %s.unit VALUES "
								"($1, $2, $3, $4, $5, $6, $7, $8, $9)",
								loader->state_ident);
	int64_t values[6] = {unit->number, unit->lo, unit->hi,
						 rows,		   rejected, nulled};
	PGresult *result = NULL;
	bool ok;

	for (int i = 0; i < 6; i++)
	{
		sqlite3_snprintf(sizeof(numbers[i]), numbers[i], "%lld",
						 (sqlite3_int64) values[i]);
		params[i + 1] = numbers[i];
	}
	params[7] = text;
	params[8] = note;
	ok = sql != NULL && (digest == NULL || text != NULL);
	if (!ok)
		fail_memory(failure);
	else
		ok = target_query(target, sql, 9, params, &result, failure);
	PQclear(result);
	sqlite3_free(sql);
	sqlite3_free(text);
	return ok;
}

/* Row k of the answer is about this unit: take over what it says. */
static bool
take_over(Loader *loader, Unit *unit, const PGresult *result, int k,
		  Failure *failure)
{
	TableRun *run;

	unit->done = true;
	if (unit->kind == UNIT_STATEMENT)
	{
		if (!PQgetisnull(result, k, 7))
			loader_finding(loader, LITE_SEVERITY_WARNING, "statement", NULL,
						   NULL, "%s", PQgetvalue(result, k, 7));
		return true;
	}
	if (unit->lo != strtoll(PQgetvalue(result, k, 1), NULL, 10) ||
		unit->hi != strtoll(PQgetvalue(result, k, 2), NULL, 10))
		return fail(failure, EXIT_TARGET,
					"cannot resume: the units of the load have changed");
	run = &loader->tables[unit->table];
	pthread_mutex_lock(&loader->lock);
	run->rejected += strtoll(PQgetvalue(result, k, 4), NULL, 10);
	run->nulled += strtoll(PQgetvalue(result, k, 5), NULL, 10);
	if (!PQgetisnull(result, k, 6))
		unit->done = add_digest_text(&run->source, PQgetvalue(result, k, 6));
	else if (loader->options->verify)
		loader->undigested = true;
	pthread_mutex_unlock(&loader->lock);
	if (!unit->done)
		return fail_memory(failure);
	atomic_fetch_add(&run->rows, strtoll(PQgetvalue(result, k, 3), NULL, 10));
	return true;
}

static bool
read_units(Loader *loader, Target *target, Unit *units, int nunits,
		   Failure *failure)
{
	const char *kind = kind_letter(units[0].kind);
	char *sql = sqlite3_mprintf("SELECT number, lo, hi, read, rejected, "
								"nulled, digest, note FROM %s.unit "
								"WHERE kind = $1",
								loader->state_ident);
	PGresult *result;
	bool ok;

	if (sql == NULL)
		return fail_memory(failure);
	ok = target_query(target, sql, 1, &kind, &result, failure);
	sqlite3_free(sql);
	if (!ok)
		return false;
	for (int k = 0; ok && k < PQntuples(result); k++)
	{
		int number = atoi(PQgetvalue(result, k, 0));

		for (int i = 0; ok && i < nunits; i++)
		{
			if (units[i].number == number && !units[i].done)
				ok = take_over(loader, &units[i], result, k, failure);
		}
	}
	PQclear(result);
	return ok;
}

bool
stage_read_units(Loader *loader, Unit *units, int nunits, Failure *failure)
{
	if (!loader->left_behind || nunits == 0)
		return true;
	return read_units(loader, &loader->control, units, nunits, failure);
}

bool
stage_was_marked(Loader *loader, Target *target, Unit *unit, Failure *failure)
{
	unit->done = false;
	if (unit->kind == UNIT_CHECK)
		return true;
	return read_units(loader, target, unit, 1, failure);
}

/* ------------------------------------------------------------------------
 * The move
 * ------------------------------------------------------------------------ */

static bool
move_appended(Loader *loader, int i, Failure *failure)
{
	const LitePlanTable *table = &loader->plan->tables[i];
	sqlite3_str *columns = sqlite3_str_new(NULL);
	const char *name = ident(loader, table->name);
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
		column = ident(loader, table->columns[k].name);
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
	if (!ok && strcmp(failure->sqlstate, "2BP01") == 0)
		lite_error_hint(&failure->error,
						"Drop what depends on the tables first: the load "
						"will not do that for you.");
	return ok;
}

static bool
move_existing(Loader *loader, Failure *failure)
{
	if (loader->options->data_only ||
		loader->options->plan.if_exists == LITE_IF_EXISTS_APPEND)
		return append_existing(loader, failure);
	return drop_existing(loader, failure);
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
	if (!query_bool(loader, sql, loader->options->schema, &there, failure))
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
		!query_bool(loader, schema_exists_sql, loader->options->schema,
					&loader->target_exists, failure))
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
			!query_bool(loader, schema_exists_sql, loader->state, &there,
						&second))
			return false;
		if (!there)
		{
			loader->moved = true;
			return true;
		}
	}
	return false;
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
