/*
 * jobs.c
 *	  Units of work, and the workers that do them.
 *
 * A unit is a table's rows, or a range of its rowids; a range of a table's
 * blocks to read back; or one statement.  Each worker is a thread with a
 * connection of its own, and where it reads the file a SQLite handle of its
 * own.  The main thread does no work meanwhile: it draws the progress line.
 *
 * Units are cut without regard to --jobs, so that a load can be resumed with
 * another number of them.
 */
#include "loader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Rows in a unit: a second's work or less, so that little is done twice. */
#define UNIT_ROWS_MIN 200000

/* Blocks in a unit of reading back: 128 MB. */
#define UNIT_BLOCKS 16384

#define UNIT_TRIES 5
#define RETRY_DELAY_MS 500

typedef struct Pool Pool;

typedef struct Worker
{
	pthread_t thread;
	bool started;
	Pool *pool;
	Target target;
	LiteDb *db; /* NULL: does not read the file */
} Worker;

struct Pool
{
	Loader *loader;
	Unit *units;
	int nunits;
	int next;
	int running;
	bool stop;
	bool failed;
	Failure failure;
	pthread_cond_t ended;
	int nworkers;
	int nallocated; /* nworkers may shrink */
	Worker *workers;
};

/* ------------------------------------------------------------------------
 * One unit
 * ------------------------------------------------------------------------ */

/*
 * The statement in a transaction with its line in the state table.  An
 * optional one that fails leaves a finding, and its fallback a chance.
 */
static bool
try_statement(Loader *loader, Target *target, Unit *unit, const char *sql,
			  const char *note, Failure *failure)
{
	if (target_run(target, "BEGIN", failure) &&
		(sql == NULL || target_run(target, sql, failure)) &&
		stage_mark(loader, target, unit, 0, 0, 0, NULL, note, failure) &&
		target_run(target, "COMMIT", failure))
		return true;
	target_rollback(target);
	return false;
}

bool
run_statement(Loader *loader, Target *target, Unit *unit, Failure *failure)
{
	const LiteStatement *s = &loader->plan->statements[unit->statement];
	const LitePlanTable *table =
		unit->table >= 0 ? &loader->plan->tables[unit->table] : NULL;
	double started = now_seconds();
	char note[500];
	bool fell_back = false;
	bool ok;

	ui_detail("%s", s->sql);
	ok = try_statement(loader, target, unit, s->sql, NULL, failure);
	if (!ok && s->optional && failure->exit_code == EXIT_TARGET &&
		!failure->transient)
	{
		sqlite3_snprintf(sizeof(note), note, "%s: %s%s%s", s->object,
						 failure->error.message,
						 failure->error.detail[0] ? ": " : "",
						 failure->error.detail);
		memset(failure, 0, sizeof(*failure));
		if (s->fallback)
		{
			ui_detail("%s", s->fallback);
			fell_back = ok = try_statement(loader, target, unit, s->fallback,
										   note, failure);
			memset(failure, 0, sizeof(*failure));
		}
		if (!ok)
			ok = try_statement(loader, target, unit, NULL, note, failure);
		if (ok)
			loader_finding(loader, LITE_SEVERITY_WARNING, "statement",
						   table ? table->source->name : NULL, s->object,
						   fell_back ? "not as planned (%s), did instead: %s"
									 : "not done: %s%s",
						   note, fell_back ? s->fallback : "");
	}
	if (ok)
	{
		pthread_mutex_lock(&loader->lock);
		loader->statement_seconds[unit->statement] = now_seconds() - started;
		if (unit->table >= 0)
			loader->tables[unit->table].index_seconds +=
				now_seconds() - started;
		pthread_mutex_unlock(&loader->lock);
	}
	return ok;
}

static bool
do_unit(Worker *worker, Unit *unit, Failure *failure)
{
	Loader *loader = worker->pool->loader;

	memset(failure, 0, sizeof(*failure));
	switch (unit->kind)
	{
		case UNIT_ROWS:
			if (worker->target.conn == NULL)
				return digest_unit(loader, worker->db, unit, failure);
			return transfer_unit(loader, &worker->target, worker->db, unit,
								 failure);
		case UNIT_CHECK:
			return readback_unit(loader, &worker->target, unit, failure);
		case UNIT_STATEMENT:
			return run_statement(loader, &worker->target, unit, failure);
	}
	return false;
}

/*
 * Does the unit, again and again while that may help.  A connection that was
 * lost during COMMIT may have done it: the state table knows.
 */
static bool
insist(Worker *worker, Unit *unit, Failure *failure)
{
	Pool *pool = worker->pool;
	Loader *loader = pool->loader;
	int delay = RETRY_DELAY_MS;

	for (int i = 0;; i++, delay *= 2)
	{
		Failure second;

		if (do_unit(worker, unit, failure))
			return true;
		if (!failure->transient || i + 1 >= UNIT_TRIES ||
			atomic_load(&interrupted) || pool->stop)
			return false;
		ui_warning("%s; trying again", failure->error.message);
		sqlite3_sleep(delay);
		if (target_alive(&worker->target))
			continue;
		memset(&second, 0, sizeof(second));
		if (!target_connect(&worker->target, loader->options->conninfo, true,
							&second) ||
			!stage_was_marked(loader, &worker->target, unit, &second))
		{
			*failure = second;
			return false;
		}
		if (unit->done)
			return true;
	}
}

/* ------------------------------------------------------------------------
 * The pool
 * ------------------------------------------------------------------------ */

static Unit *
take_unit(Pool *pool)
{
	Unit *unit = NULL;

	pthread_mutex_lock(&pool->loader->lock);
	while (!pool->stop && unit == NULL && pool->next < pool->nunits)
	{
		unit = &pool->units[pool->next++];
		if (unit->done)
			unit = NULL;
	}
	pthread_mutex_unlock(&pool->loader->lock);
	return unit;
}

static void *
work(void *arg)
{
	Worker *worker = arg;
	Pool *pool = worker->pool;
	Loader *loader = pool->loader;
	Failure failure;
	Unit *unit;

	while (!atomic_load(&interrupted) && (unit = take_unit(pool)) != NULL)
	{
		bool ok = insist(worker, unit, &failure);

		pthread_mutex_lock(&loader->lock);
		unit->done = ok;
		if (!ok)
		{
			/* the first failure is the cause, others may be its effect */
			if (!pool->failed)
				pool->failure = failure;
			pool->failed = true;
			pool->stop = true;
		}
		pthread_mutex_unlock(&loader->lock);
		if (!ok)
			break;
		atomic_fetch_add(&loader->units_done, 1);
	}
	pthread_mutex_lock(&loader->lock);
	pool->running--;
	pthread_cond_signal(&pool->ended);
	pthread_mutex_unlock(&loader->lock);
	return NULL;
}

/* Draws the progress line until the last worker has ended. */
static void
watch(Pool *pool)
{
	Loader *loader = pool->loader;

	pthread_mutex_lock(&loader->lock);
	while (pool->running > 0)
	{
		struct timespec until;

		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_sec++;
		if (pthread_cond_timedwait(&pool->ended, &loader->lock, &until) ==
			ETIMEDOUT)
		{
			pthread_mutex_unlock(&loader->lock);
			ui_progress(loader);
			pthread_mutex_lock(&loader->lock);
		}
	}
	pthread_mutex_unlock(&loader->lock);
	ui_progress_end();
}

static bool
start_workers(Pool *pool, Failure *failure)
{
	for (int i = 0; i < pool->nworkers; i++)
	{
		Worker *worker = &pool->workers[i];

		pthread_mutex_lock(&pool->loader->lock);
		pool->running++;
		pthread_mutex_unlock(&pool->loader->lock);
		if (pthread_create(&worker->thread, NULL, work, worker) == 0)
		{
			worker->started = true;
			continue;
		}
		pthread_mutex_lock(&pool->loader->lock);
		pool->running--;
		pool->stop = i == 0;
		pthread_mutex_unlock(&pool->loader->lock);
		if (i == 0)
			return fail(failure, EXIT_TARGET, "could not start a thread");
		break;
	}
	return true;
}

/* Connects the workers.  One is needed, more are welcome. */
static bool
connect_workers(Pool *pool, Failure *failure)
{
	for (int i = 0; i < pool->nworkers; i++)
	{
		if (target_connect(&pool->workers[i].target,
						   pool->loader->options->conninfo, true, failure))
			continue;
		if (i == 0 || atomic_load(&interrupted))
			return false;
		ui_warning("working with %d of %d connections: %s", i, pool->nworkers,
				   failure->error.message);
		target_close(&pool->workers[i].target);
		pool->nworkers = i;
	}
	return true;
}

static bool
pool_init(Pool *pool, Loader *loader, int jobs, Unit *units, int nunits,
		  Failure *failure)
{
	int left = 0;

	memset(pool, 0, sizeof(*pool));
	pool->loader = loader;
	pool->units = units;
	pool->nunits = nunits;
	pthread_cond_init(&pool->ended, NULL);
	for (int i = 0; i < nunits; i++)
		left += !units[i].done;
	pool->nworkers = jobs < left ? jobs : left;
	pool->nallocated = pool->nworkers;
	pool->workers = calloc((size_t) pool->nworkers + 1, sizeof(Worker));
	if (pool->workers == NULL)
	{
		pthread_cond_destroy(&pool->ended);
		return fail_memory(failure);
	}
	for (int i = 0; i < pool->nworkers; i++)
		pool->workers[i].pool = pool;
	loader->units_total = left;
	atomic_store(&loader->units_done, 0);
	return true;
}

static bool
pool_run(Pool *pool, Failure *failure)
{
	bool ok = true;

	pool->loader->stage_started = now_seconds();
	if (pool->nworkers > 0)
	{
		ok = start_workers(pool, failure);
		watch(pool);
	}
	for (int i = 0; i < pool->nworkers; i++)
	{
		if (pool->workers[i].started)
			pthread_join(pool->workers[i].thread, NULL);
	}
	if (pool->failed)
	{
		*failure = pool->failure;
		ok = false;
	}
	if (atomic_load(&interrupted))
		ok = fail(failure, EXIT_INTERRUPTED, "interrupted");
	return ok;
}

static void
pool_free(Pool *pool)
{
	for (int i = 0; i < pool->nallocated; i++)
	{
		target_close(&pool->workers[i].target);
	}
	free(pool->workers);
	pthread_cond_destroy(&pool->ended);
}

/* Hands out the readers; workers that have none are sent home. */
static void
take_readers(Pool *pool)
{
	Loader *loader = pool->loader;

	for (int i = 0; i < pool->nworkers && i < loader->nreaders; i++)
		pool->workers[i].db = loader->readers[i];
	if (pool->nworkers > loader->nreaders)
		pool->nworkers = loader->nreaders;
}

/* ------------------------------------------------------------------------
 * Units of rows
 * ------------------------------------------------------------------------ */

typedef struct UnitList
{
	Unit *units;
	int count;
	int capacity;
} UnitList;

static Unit *
add_unit(Loader *loader, UnitList *list, UnitKind kind, int table)
{
	Unit *unit;

	list->units = lite_arena_grow(loader->arena, list->units, list->count,
								  &list->capacity, sizeof(Unit));
	if (list->units == NULL)
		return NULL;
	unit = &list->units[list->count];
	memset(unit, 0, sizeof(*unit));
	unit->kind = kind;
	unit->number = list->count++;
	unit->table = table;
	unit->statement = -1;
	return unit;
}

/* The table's rows, and how they are spread over rowids. */
static bool
measure(Loader *loader, int i, int64_t *rows, int64_t *lo, int64_t *hi,
		Failure *failure)
{
	const LitePlanTable *table = &loader->plan->tables[i];
	LiteStmt *stmt;
	LiteStatus status;

	*rows = -1;
	if (table->source->kind != LITE_KIND_TABLE)
		return true;
	if (table->profile && table->profile->whole)
		*rows = table->profile->rows;
	else if (lite_table_count(loader->db, table->source, rows,
							  &failure->error) != LITE_OK)
		return fail_core(failure);
	if (table->source->rowid_name == NULL || *rows < 2 * UNIT_ROWS_MIN)
		return true;
	if (lite_stmt_preparef(loader->db, &stmt, &failure->error,
						   "SELECT (SELECT min(%s) FROM \"%w\"), "
						   "(SELECT max(%s) FROM \"%w\")",
						   table->source->rowid_name, table->source->name,
						   table->source->rowid_name,
						   table->source->name) != LITE_OK)
		return fail_core(failure);
	status = lite_stmt_step(stmt, &failure->error);
	if (status == LITE_ROW && !lite_stmt_is_null(stmt, 0))
	{
		*lo = lite_stmt_int64(stmt, 0);
		*hi = lite_stmt_int64(stmt, 1);
	}
	lite_stmt_finalize(stmt);
	return status == LITE_ROW || status == LITE_DONE || fail_core(failure);
}

/*
 * Ranges of equal width: rowids are dense in nearly every table, and where
 * they are not, an empty range costs one look at the index.
 */
static bool
add_row_units(Loader *loader, UnitList *list, int i, Failure *failure)
{
	TableRun *run = &loader->tables[i];
	int64_t lo = 0;
	int64_t hi = 0;
	int64_t rows;
	uint64_t parts = 1;
	uint64_t width;

	if (!measure(loader, i, &rows, &lo, &hi, failure))
		return false;
	run->source_rows = rows;
	if (rows > 0)
		loader->rows_expected += rows;
	if (hi > lo)
		parts = (uint64_t) rows / UNIT_ROWS_MIN;
	width = ((uint64_t) hi - (uint64_t) lo) / parts + 1;
	for (uint64_t p = 0; p < parts; p++)
	{
		Unit *unit = add_unit(loader, list, UNIT_ROWS, i);

		if (unit == NULL)
			return fail_memory(failure);
		run->units++;
		if (parts == 1)
			continue;
		unit->ranged = true;
		unit->lo = (int64_t) ((uint64_t) lo + p * width);
		unit->hi = p + 1 == parts
					   ? hi
					   : (int64_t) ((uint64_t) lo + (p + 1) * width - 1);
		if (unit->hi > hi || unit->hi < unit->lo)
			unit->hi = hi;
		if (unit->hi == hi)
			break;
	}
	return true;
}

static bool
make_row_units(Loader *loader, UnitList *list, Failure *failure)
{
	loader->rows_expected = 0;
	for (int i = 0; i < loader->plan->ntables; i++)
	{
		if (!loader->tables[i].skip &&
			!add_row_units(loader, list, i, failure))
			return false;
	}
	return true;
}

static int
bigger_first(const void *a, const void *b)
{
	const Unit *x = a;
	const Unit *y = b;

	if (x->ranged != y->ranged)
		return x->ranged ? -1 : 1;
	return x->number - y->number;
}

bool
jobs_load(Loader *loader, Failure *failure)
{
	UnitList list = {NULL, 0, 0};
	Pool pool;
	bool ok;

	loader->stage = "loading";
	atomic_store(&loader->rows_done, 0);
	if (!stage_revive(loader, failure) ||
		!make_row_units(loader, &list, failure) ||
		!stage_read_units(loader, list.units, list.count, failure))
		return false;
	if (loader->left_behind)
	{
		int done = 0;

		for (int i = 0; i < list.count; i++)
			done += list.units[i].done;
		ui_info("going on: %d of %d units of rows were loaded before", done,
				list.count);
	}
	loader->rows_resumed = 0;
	for (int i = 0; i < loader->plan->ntables; i++)
		loader->rows_resumed += atomic_load(&loader->tables[i].rows);
	atomic_store(&loader->rows_done, loader->rows_resumed);
	qsort(list.units, (size_t) list.count, sizeof(Unit), bigger_first);
	if (!pool_init(&pool, loader, loader->options->jobs, list.units,
				   list.count, failure))
		return false;
	take_readers(&pool);
	ok = connect_workers(&pool, failure) && pool_run(&pool, failure) &&
		 snapshot_check(loader, failure);
	pool_free(&pool);
	return ok;
}

/* ------------------------------------------------------------------------
 * Units of reading back
 * ------------------------------------------------------------------------ */

static bool
add_check_units(Loader *loader, UnitList *list, int i, Failure *failure)
{
	const char *qualified = loader->plan->tables[i].qualified;
	int64_t blocks = 0;
	PGresult *result;

	if (!target_query(&loader->control,
					  "SELECT pg_relation_size($1::regclass) / "
					  "current_setting('block_size')::int8 "
					  "FROM pg_class WHERE oid = $1::regclass "
					  "AND relkind = 'r'",
					  1, &qualified, &result, failure))
		return false;
	if (PQntuples(result) == 1)
		blocks = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	/* before PostgreSQL 14 each range would read the whole table */
	if (loader->options->jobs == 1 ||
		PQserverVersion(loader->control.conn) < 140000)
		blocks = 0;
	for (int64_t from = 0; from == 0 || from < blocks; from += UNIT_BLOCKS)
	{
		Unit *unit = add_unit(loader, list, UNIT_CHECK, i);

		if (unit == NULL)
			return fail_memory(failure);
		unit->ranged = blocks > UNIT_BLOCKS;
		unit->lo = from;
		/* the last one takes what may have come after we looked */
		unit->hi = from + UNIT_BLOCKS < blocks ? from + UNIT_BLOCKS - 1
											   : 0xfffffffeLL;
	}
	return true;
}

static bool
digest_source_again(Loader *loader, Failure *failure)
{
	UnitList list = {NULL, 0, 0};
	Pool pool;
	bool ok;

	loader->stage = "reading the file";
	for (int i = 0; i < loader->plan->ntables; i++)
	{
		TableRun *run = &loader->tables[i];

		lite_digest_init(&run->source, run->sums, run->nvalues);
		run->rejected = 0;
		run->nulled = 0;
		atomic_store(&run->rows, 0);
	}
	if (!make_row_units(loader, &list, failure) ||
		!pool_init(&pool, loader, loader->options->jobs, list.units,
				   list.count, failure))
		return false;
	take_readers(&pool);
	ok = pool_run(&pool, failure) && snapshot_check(loader, failure);
	pool_free(&pool);
	return ok;
}

bool
jobs_verify(Loader *loader, bool digest_source, Failure *failure)
{
	UnitList list = {NULL, 0, 0};
	Pool pool;
	bool ok;

	if (digest_source && !digest_source_again(loader, failure))
		return false;
	if (!loader->options->verify_only && !stage_revive(loader, failure))
		return false;
	loader->stage = "verifying";
	atomic_store(&loader->rows_done, 0);
	atomic_store(&loader->bytes_done, 0);
	loader->rows_resumed = 0;
	for (int i = 0; i < loader->plan->ntables; i++)
	{
		if (!loader->tables[i].skip && loader->tables[i].detail[0] == '\0' &&
			!add_check_units(loader, &list, i, failure))
			return false;
	}
	if (!pool_init(&pool, loader, loader->options->jobs, list.units,
				   list.count, failure))
		return false;
	ok = connect_workers(&pool, failure) && pool_run(&pool, failure);
	pool_free(&pool);
	return ok;
}

/* ------------------------------------------------------------------------
 * Units of statements
 * ------------------------------------------------------------------------ */

/* Has the statement a place in this load at all? */
static bool
statement_wanted(const Loader *loader, const LiteStatement *s)
{
	const TableRun *run = s->table >= 0 ? &loader->tables[s->table] : NULL;

	if (run && run->skip)
		return false;
	/* stage_move() will; a view that is there already is left alone */
	if ((loader->late && s->phase == LITE_PHASE_FOREIGN_KEY) ||
		(loader->keeps && s->phase == LITE_PHASE_VIEW))
		return false;
	/* rows to be appended need no keys of their own */
	if (run && run->exists && s->phase != LITE_PHASE_TABLE &&
		(loader->options->data_only ||
		 loader->options->plan.if_exists == LITE_IF_EXISTS_APPEND))
		return false;
	return true;
}

/* Those that may run side by side: each locks one table, and none needs
 * another of its phase to have run. */
static bool
runs_beside(const LiteStatement *s)
{
	return s->phase == LITE_PHASE_INDEX || s->phase == LITE_PHASE_ANALYZE ||
		   (s->phase == LITE_PHASE_FOREIGN_KEY &&
			strstr(s->sql, " VALIDATE CONSTRAINT ") != NULL);
}

static bool
run_phase(Loader *loader, LitePhase phase, bool beside, Failure *failure)
{
	UnitList list = {NULL, 0, 0};
	Pool pool;
	bool ok;

	for (int i = 0; i < loader->plan->nstatements; i++)
	{
		const LiteStatement *s = &loader->plan->statements[i];
		Unit *unit;

		if (s->phase != phase || runs_beside(s) != beside ||
			!statement_wanted(loader, s))
			continue;
		unit = add_unit(loader, &list, UNIT_STATEMENT, s->table);
		if (unit == NULL)
			return fail_memory(failure);
		unit->statement = i;
		unit->number = i;
	}
	if (list.count == 0)
		return true;
	if (!stage_revive(loader, failure) ||
		!stage_read_units(loader, list.units, list.count, failure))
		return false;
	if (!pool_init(&pool, loader, beside ? loader->options->jobs : 1,
				   list.units, list.count, failure))
		return false;
	ok = connect_workers(&pool, failure) && pool_run(&pool, failure);
	pool_free(&pool);
	return ok;
}

bool
jobs_statements(Loader *loader, LitePhase first, LitePhase last,
				Failure *failure)
{
	for (int phase = (int) first; phase <= (int) last; phase++)
	{
		loader->stage = lite_phase_name((LitePhase) phase);
		loader->rows_expected = 0;
		if (!run_phase(loader, (LitePhase) phase, false, failure) ||
			!run_phase(loader, (LitePhase) phase, true, failure))
			return false;
	}
	return true;
}
