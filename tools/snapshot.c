/*
 * snapshot.c
 *	  As many readers of the file as there are jobs, all on one state of it.
 *
 * The first reader also makes the plan, so all of them begin before it, at
 * the program's start, and stay until the rows are loaded.
 *
 * With a rollback journal they see one state in any case: nobody can commit
 * while the first one's SHARED lock is held ("File Locking And Concurrency In
 * SQLite Version 3").  In WAL mode writers go on, and the state is proven:
 * lite_db_snapshot() says which one each reader sees, and all begin again
 * until these are equal.  If the file is written so often that they never
 * are, it is read with one.
 */
#include "loader.h"

#include <string.h>

#define SNAPSHOT_TRIES 40

static bool
stop_asked(void *arg)
{
	(void) arg;
	return atomic_load(&interrupted);
}

static bool
begin(LiteDb *db, LiteSnapshot *id, Failure *failure)
{
	if (lite_db_in_snapshot(db) &&
		lite_db_end(db, &failure->error) != LITE_OK &&
		failure->error.status != LITE_CHANGED)
		return fail_core(failure);
	if (lite_db_begin(db, &failure->error) != LITE_OK ||
		lite_db_snapshot(db, id, &failure->error) != LITE_OK)
		return fail_core(failure);
	return true;
}

/* Begins all; *same: their states are one. */
static bool
begin_all(Loader *loader, bool *same, Failure *failure)
{
	LiteSnapshot first;
	LiteSnapshot id;

	memset(&first, 0, sizeof(first));
	memset(&id, 0, sizeof(id));
	*same = true;
	for (int i = 0; i < loader->nreaders; i++)
	{
		if (!begin(loader->readers[i], i == 0 ? &first : &id, failure))
			return false;
		if (i > 0 && memcmp(&first, &id, sizeof(id)) != 0)
			*same = false;
	}
	return true;
}

static bool
open_reader(Loader *loader, Failure *failure)
{
	const Options *options = loader->options;
	LiteDbOptions db_options = LITE_DB_OPTIONS_DEFAULT;
	LiteDb **reader = &loader->readers[loader->nreaders];

	db_options.busy_timeout_ms = options->busy_timeout_ms;
	db_options.cancelled = stop_asked;
	if (lite_db_open(options->file, &db_options, reader, &failure->error) !=
		LITE_OK)
		return fail_core(failure);
	loader->nreaders++;
	return true;
}

static void
close_readers(Loader *loader, int keep)
{
	while (loader->nreaders > keep)
		lite_db_close(loader->readers[--loader->nreaders]);
}

bool
snapshot_open(Loader *loader, Failure *failure)
{
	const Options *options = loader->options;
	int wanted = options->dry_run || options->sql ? 1 : options->jobs;
	bool same = false;

	loader->nreaders = 0;
	loader->readers =
		lite_arena_newarray(loader->arena, LiteDb *, (size_t) wanted);
	if (loader->readers == NULL)
		return fail_memory(failure);
	while (loader->nreaders < wanted)
	{
		if (!open_reader(loader, failure))
			return false;
	}
	for (int i = 0; i < SNAPSHOT_TRIES && !same; i++)
	{
		if (atomic_load(&interrupted))
			return fail(failure, EXIT_INTERRUPTED, "interrupted");
		if (!begin_all(loader, &same, failure))
			return false;
	}
	if (!same)
	{
		close_readers(loader, 1);
		ui_warning("the file is written all the time: reading it with one "
				   "job, so that all rows are of one state");
	}
	loader->db = loader->readers[0];
	ui_detail("%d readers of one state of the file", loader->nreaders);
	return true;
}

/* Could every row be trusted? */
bool
snapshot_check(Loader *loader, Failure *failure)
{
	for (int i = 0; i < loader->nreaders; i++)
	{
		if (lite_db_check(loader->readers[i], &failure->error) != LITE_OK)
			return fail_core(failure);
	}
	return true;
}

void
snapshot_close(Loader *loader)
{
	close_readers(loader, 0);
	loader->db = NULL;
}
