/*
 * memory.c
 *	  The core's memory, tied to PostgreSQL's.
 */
#include "pg/compat.h"

#include "utils/memutils.h"

#include "pg/memory.h"

static void
free_arena(void *arg)
{
	lite_arena_free(arg);
}

/* The callback first: from its birth on, the arena has somebody to free it. */
LiteArena *
LiteArenaCreate(size_t limit)
{
	MemoryContextCallback *callback = palloc(sizeof(MemoryContextCallback));
	LiteArena *arena = lite_arena_create(limit);

	if (arena == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	callback->func = free_arena;
	callback->arg = arena;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, callback);
	return arena;
}
