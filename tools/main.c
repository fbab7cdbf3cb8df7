/*
 * main.c
 *	  sqlite2pg: a SQLite file into any PostgreSQL, all or nothing, proven.
 *
 *		options -> open the file, one snapshot -> connect -> plan
 *			-> staging schema: tables -> rows -> read back, compare
 *			-> keys, indexes, checks, foreign keys, sequences, views
 *			-> one transaction that moves everything to its place
 *
 * Everything that can fail returns false and has filled a Failure; this file
 * alone turns that into lines on standard error and an exit status.  What is
 * left behind by a failure depends on whether going on can help: after a lost
 * connection or an interrupt the staging schema stays, for --resume; after a
 * value that does not fit it goes.
 */
#include "loader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A hostile file's plan may be large, but not without bound. */
#define PLAN_LIMIT ((size_t) 1 << 30)

/*
 * Times that a load takes itself up again, and the pause before.  Generous,
 * because each goes on with what those before it have loaded.
 */
#define LOAD_TRIES 8
#define AGAIN_DELAY_MS 500

bool
fail(Failure *failure, ExitCode code, const char *fmt, ...)
{
	char message[LITE_MESSAGE_SIZE];
	va_list args;

	va_start(args, fmt);
	vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	memset(failure, 0, sizeof(*failure));
	lite_error_set(&failure->error, LITE_INTERNAL, "%s", message);
	failure->exit_code = code;
	return false;
}

bool
fail_core(Failure *failure)
{
	failure->transient = false;
	failure->sqlstate[0] = '\0';
	failure->exit_code = EXIT_SOURCE;
	if (failure->error.status == LITE_INTERRUPTED)
		failure->exit_code = EXIT_INTERRUPTED;
	else if (failure->error.status == LITE_INVALID ||
			 failure->error.status == LITE_NOTFOUND)
		failure->exit_code = EXIT_USAGE;
	return false;
}

bool
fail_memory(Failure *failure)
{
	memset(failure, 0, sizeof(*failure));
	lite_error_nomem(&failure->error);
	failure->exit_code = EXIT_SOURCE;
	return false;
}

void
loader_finding(Loader *loader, LiteSeverity severity, const char *code,
			   const char *table, const char *object, const char *fmt, ...)
{
	RunFinding *finding = calloc(1, sizeof(RunFinding));
	RunFinding **last;
	va_list args;

	if (finding == NULL)
		return;
	finding->severity = severity;
	finding->code = code;
	finding->table = table;
	finding->object = object;
	va_start(args, fmt);
	vsnprintf(finding->text, sizeof(finding->text), fmt, args);
	va_end(args);
	pthread_mutex_lock(&loader->lock);
	for (last = &loader->findings; *last; last = &(*last)->next)
		;
	*last = finding;
	if (severity == LITE_SEVERITY_ERROR)
		loader->nlost++;
	pthread_mutex_unlock(&loader->lock);
}

static bool
open_source(Loader *loader, Failure *failure)
{
	if (!snapshot_open(loader, failure))
		return false;
	if (lite_db_fingerprint(loader->options->file, &loader->fingerprint,
							&failure->error) != LITE_OK ||
		lite_schema_load(loader->db, loader->arena, &loader->schema,
						 &failure->error) != LITE_OK)
		return fail_core(failure);
	return true;
}

static bool
make_table_runs(Loader *loader, Failure *failure)
{
	const LitePlan *plan = loader->plan;
	LiteArena *arena = loader->arena;

	loader->tables =
		lite_arena_newarray(arena, TableRun, (size_t) plan->ntables + 1);
	loader->view_exists =
		lite_arena_newarray(arena, bool, (size_t) plan->nviews + 1);
	loader->statement_seconds =
		lite_arena_newarray(arena, double, (size_t) plan->nstatements + 1);
	for (int i = 0; loader->tables && i < plan->ntables; i++)
	{
		TableRun *run = &loader->tables[i];
		size_t n;

		run->nvalues = plan_table_values(&plan->tables[i]);
		run->source_rows = -1;
		n = (size_t) run->nvalues;
		run->sums = lite_arena_newarray(arena, LiteColumnDigest, 2 * n + 1);
		if (run->sums == NULL)
			break;
		lite_digest_init(&run->source, run->sums, run->nvalues);
		lite_digest_init(&run->target, run->sums + n, run->nvalues);
	}
	return !lite_arena_failed(arena) || fail_memory(failure);
}

/* What the plan for the target schema asks: is there such a relation? */
static bool
exists_in_target(void *arg, const char *schema, const char *name)
{
	const Loader *loader = arg;

	(void) schema;
	for (int i = 0; name && i < loader->plan->ntables; i++)
	{
		if (strcmp(loader->plan->tables[i].name, name) == 0)
			return loader->tables[i].exists;
	}
	for (int i = 0; name && i < loader->plan->nviews; i++)
	{
		if (strcmp(loader->plan->views[i].name, name) == 0)
			return loader->view_exists[i];
	}
	return name == NULL;
}

/*
 * A second plan, for the target schema itself, is needed where some tables
 * are new and others stay: foreign keys from the first to the second, and
 * views over them.
 */
static bool
make_late_plan(Loader *loader, Failure *failure)
{
	LitePlanOptions options = loader->plan->options;
	bool fresh = false;
	bool stay = false;

	for (int i = 0; i < loader->plan->ntables; i++)
	{
		fresh = fresh || !loader->tables[i].exists;
		stay = stay || loader->tables[i].exists;
	}
	for (int i = 0; i < loader->plan->nviews; i++)
	{
		if (loader->plan->views[i].refused)
			continue;
		fresh = fresh || !loader->view_exists[i];
		stay = stay || loader->view_exists[i];
	}
	options.if_exists = loader->options->plan.if_exists;
	loader->keeps = stay && options.if_exists != LITE_IF_EXISTS_REPLACE;
	if (!fresh || !loader->keeps || loader->options->data_only)
		return true;
	options.schema = loader->options->schema;
	options.exists = exists_in_target;
	options.exists_arg = loader;
	if (lite_plan_build(loader->db, loader->schema, &options, loader->arena,
						&loader->late, &failure->error) != LITE_OK)
		return fail_core(failure);
	return true;
}

/* schema: where the statements are to put things. */
static bool
make_plan(Loader *loader, const char *schema, Failure *failure)
{
	LitePlanOptions options = loader->options->plan;
	double started = now_seconds();

	options.schema = schema;
	options.skip_rows = loader->options->schema_only;
	if (!loader->options->dry_run && !loader->options->sql)
		options.if_exists = LITE_IF_EXISTS_ERROR;
	if (!zone_open(options.time_zone, &options.to_utc, &options.zone_arg,
				   failure))
		return false;
	ui_detail("looking at the file");
	if (lite_plan_build(loader->db, loader->schema, &options, loader->arena,
						&loader->plan, &failure->error) != LITE_OK)
		return fail_core(failure);
	loader->plan_seconds += now_seconds() - started;
	if (loader->staging)
		ui_names(loader->staging, loader->options->schema);
	for (int i = 0; i < loader->plan->nfindings; i++)
		loader->nlost +=
			loader->plan->findings[i].severity == LITE_SEVERITY_ERROR;
	if (!loader->options->dry_run)
		ui_findings(loader->plan);
	return make_table_runs(loader, failure);
}

/* ------------------------------------------------------------------------
 * What can be asked for
 * ------------------------------------------------------------------------ */

static bool
dry_run(Loader *loader, Failure *failure)
{
	if (!make_plan(loader, loader->options->schema, failure))
		return false;
	ui_plan(loader->plan);
	return true;
}

static bool
write_script(Loader *loader, Failure *failure)
{
	return make_plan(loader, loader->options->schema, failure) &&
		   script_write(loader, failure);
}

static bool
verified(Loader *loader, Failure *failure)
{
	int differ = compare_digests(loader);

	if (differ == 0)
		return true;
	fail(failure, EXIT_VERIFICATION,
		 "%d of %d tables are not the same on both sides", differ,
		 loader->plan->ntables);
	for (int i = 0; i < loader->plan->ntables; i++)
	{
		if (!loader->tables[i].skip && !loader->tables[i].verified)
			lite_error_context(&failure->error, "table %s: %s",
							   loader->plan->tables[i].qualified,
							   loader->tables[i].detail);
	}
	return false;
}

static bool
verify_only(Loader *loader, Failure *failure)
{
	double started;

	if (!make_plan(loader, loader->options->schema, failure) ||
		!target_connect(&loader->control, loader->options->conninfo, false,
						failure) ||
		!stage_survey(loader, failure))
		return false;
	started = now_seconds();
	if (!jobs_verify(loader, true, failure) || !verified(loader, failure))
		return false;
	loader->verify_seconds = now_seconds() - started;
	return true;
}

/*
 * Rows in the file = rows loaded + rows rejected, verified or not.  SQLite's
 * own count is of the same snapshot, and made by another way than ours.
 */
static bool
counts_agree(Loader *loader, Failure *failure)
{
	for (int i = 0; i < loader->plan->ntables; i++)
	{
		TableRun *run = &loader->tables[i];
		int64_t rows = atomic_load(&run->rows);

		if (run->skip || run->source_rows < 0 ||
			run->source_rows == rows + run->rejected)
			continue;
		return fail(failure, EXIT_VERIFICATION,
					"table %s: the file has %lld rows, %lld were loaded and "
					"%lld rejected",
					loader->plan->tables[i].qualified,
					(long long) run->source_rows, (long long) rows,
					(long long) run->rejected);
	}
	return true;
}

static bool
build(Loader *loader, Failure *failure)
{
	const Options *options = loader->options;
	double started = now_seconds();

	if (!jobs_statements(loader, LITE_PHASE_TABLE, LITE_PHASE_TABLE, failure))
		return false;
	if (!options->schema_only &&
		(!jobs_load(loader, failure) || !counts_agree(loader, failure)))
		return false;
	/* the application may write again: its file is not needed any more */
	if (!loader->undigested)
		snapshot_close(loader);
	loader->load_seconds = now_seconds() - started;
	started = now_seconds();
	if (options->verify && !options->schema_only)
	{
		if (!jobs_verify(loader, loader->undigested, failure) ||
			!verified(loader, failure))
			return false;
	}
	loader->verify_seconds = now_seconds() - started;
	started = now_seconds();
	if (!options->data_only && !jobs_statements(loader, LITE_PHASE_INDEX,
												LITE_PHASE_ANALYZE, failure))
		return false;
	loader->index_seconds = now_seconds() - started;
	return true;
}

/* Is there a point in going on with what was loaded? */
static bool
worth_keeping(const Loader *loader, const Failure *failure)
{
	if (!loader->staged)
		return false;
	switch (failure->exit_code)
	{
		case EXIT_CONNECTION:
		case EXIT_INTERRUPTED:
		case EXIT_VERIFICATION:
			return true;
		case EXIT_TARGET:
			return failure->transient ||
				   strncmp(failure->sqlstate, "53", 2) == 0 ||
				   strncmp(failure->sqlstate, "57", 2) == 0;
		case EXIT_LOADED:
		case EXIT_USAGE:
		case EXIT_SOURCE:
		case EXIT_INCOMPLETE:
		case EXIT_MISFIT:
			break;
	}
	return false;
}

/* After a failure: keep the staging schema or drop it. */
static void
settle(Loader *loader, Failure *failure)
{
	Failure second;

	if (!loader->staged || loader->moved)
		return;
	if (worth_keeping(loader, failure))
	{
		if (failure->error.hint[0] == '\0')
			lite_error_hint(&failure->error,
							"What was loaded is kept in schema %s: go on "
							"with --resume, or begin anew with --restart.",
							loader->staging_ident);
		return;
	}
	memset(&second, 0, sizeof(second));
	if (!target_alive(&loader->control))
		target_connect(&loader->control, loader->options->conninfo, false,
					   &second);
	if (!stage_drop(loader, &second))
		lite_error_hint(&failure->error,
						"Schema %s was left behind (%s): remove it with "
						"--restart.",
						loader->staging_ident, second.error.message);
}

static bool
load_once(Loader *loader, Failure *failure)
{
	double started;

	/* a server that was there a moment ago is waited for */
	if (!target_connect(&loader->control, loader->options->conninfo,
						loader->connected, failure))
		return false;
	loader->connected = true;
	if (!stage_open(loader, failure) ||
		!make_plan(loader, loader->staging, failure) ||
		!stage_survey(loader, failure) || !make_late_plan(loader, failure) ||
		!stage_begin(loader, failure))
		return false;
	if (!build(loader, failure))
		return false;
	started = now_seconds();
	loader->stage = "moving";
	if (!stage_move(loader, failure))
		return false;
	loader->move_seconds = now_seconds() - started;
	return true;
}

/*
 * The connection went at a place where no unit of work could just be done
 * again: go on as --resume would, with what the staging schema holds.
 */
static bool
take_up_again(Loader *loader, Options *options, Failure *failure)
{
	ui_warning("%s; going on", failure->error.message);
	options->resume = true;
	options->restart = false;
	loader->staged = false;
	loader->left_behind = false;
	loader->undigested = false;
	loader->findings = NULL;
	loader->nlost = 0;
	target_close(&loader->control);
	sqlite3_sleep(AGAIN_DELAY_MS);
	memset(failure, 0, sizeof(*failure));
	/* the readers go when the rows are loaded */
	return loader->db != NULL || open_source(loader, failure);
}

static bool
load_insisting(Loader *loader, Options *options, Failure *failure)
{
	for (int i = 1;; i++)
	{
		if (load_once(loader, failure))
			return true;
		if (!loader->connected || loader->moved || !failure->transient ||
			i >= LOAD_TRIES || atomic_load(&interrupted))
			return false;
		if (!take_up_again(loader, options, failure))
			return false;
	}
}

/*
 * A type that was decided by a sample, and a value that surprises: the load
 * begins again, and looks at every value first, so that the outcome is what
 * it would have been without the sample.
 */
static bool
load(Loader *loader, Options *options, Failure *failure)
{
	bool ok = load_insisting(loader, options, failure);

	if (!ok && failure->exit_code == EXIT_MISFIT && options->plan.sample > 0)
	{
		ui_info("a value does not fit what the sample said (%s): looking at "
				"all values",
				failure->error.message);
		settle(loader, failure);
		target_close(&loader->control);
		memset(failure, 0, sizeof(*failure));
		options->plan.sample = 0;
		loader->nlost = 0;
		ok = load_insisting(loader, options, failure);
	}
	if (!ok)
		settle(loader, failure);
	return ok;
}

/* Loaded, but all of it? */
static ExitCode
completeness(const Loader *loader)
{
	if (loader->options->dry_run)
		return EXIT_LOADED;
	for (int i = 0; i < loader->plan->ntables; i++)
	{
		if (loader->tables[i].rejected > 0 || loader->tables[i].nulled > 0)
			return EXIT_INCOMPLETE;
	}
	if (loader->options->verify_only)
		return EXIT_LOADED; /* what was lost was said by the load */
	return loader->nlost > 0 ? EXIT_INCOMPLETE : EXIT_LOADED;
}

static ExitCode
run(Loader *loader, Options *options)
{
	Failure failure;
	Failure problem;
	ExitCode code = EXIT_LOADED;
	bool ok;

	memset(&failure, 0, sizeof(failure));
	ok = open_source(loader, &failure);
	if (ok && options->dry_run)
		ok = dry_run(loader, &failure);
	else if (ok && options->sql)
		ok = write_script(loader, &failure);
	else if (ok && options->verify_only)
		ok = verify_only(loader, &failure);
	else if (ok)
		ok = load(loader, options, &failure);

	if (!ok && atomic_load(&interrupted))
		failure.exit_code = EXIT_INTERRUPTED;
	code = ok ? completeness(loader) : failure.exit_code;
	if (ok && !options->dry_run)
		ui_summary(loader);
	if (!ok)
		ui_failure(&failure);
	for (int i = 0; i < options->nreports; i++)
	{
		memset(&problem, 0, sizeof(problem));
		if (!report_write(loader, options->reports[i], code,
						  ok ? NULL : &failure, &problem))
			ui_failure(&problem);
	}
	return code;
}

int
main(int argc, char **argv)
{
	Options options;
	Loader loader;
	ExitCode code;

	switch (options_parse(&options, argc, argv))
	{
		case OPTIONS_DONE:
			return EXIT_LOADED;
		case OPTIONS_WRONG:
			return EXIT_USAGE;
		case OPTIONS_RUN:
			break;
	}
	memset(&loader, 0, sizeof(loader));
	loader.options = &options;
	loader.stage = "starting";
	loader.started = now_seconds();
	pthread_mutex_init(&loader.lock, NULL);
	loader.arena = lite_arena_create(PLAN_LIMIT);
	if (loader.arena == NULL)
	{
		fputs("sqlite2pg: out of memory\n", stderr);
		return EXIT_SOURCE;
	}
	target_catch_signals();
	ui_begin(&options);
	code = run(&loader, &options);
	target_close(&loader.control);
	snapshot_close(&loader);
	lite_arena_free(loader.arena);
	return (int) code;
}
