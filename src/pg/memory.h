/*
 * memory.h
 *	  The core's memory, tied to PostgreSQL's.
 *
 * An arena is malloc'd; hung on a memory context it is freed with it, also
 * when an error throws past whoever made it.
 */
#ifndef LITE_MEMORY_H
#define LITE_MEMORY_H

#include "pg/compat.h"

#include "core/arena.h"

/* An arena that CurrentMemoryContext frees; throws out_of_memory.  limit as
 * for lite_arena_create(). */
extern LiteArena *LiteArenaCreate(size_t limit);

#endif /* LITE_MEMORY_H */
