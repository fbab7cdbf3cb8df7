/*
 * arena.h
 *	  Memory that dies together.
 *
 * A schema, a profile and a plan are thousands of small objects that live and
 * die as one.  They are carved from an arena: no owner per string, one call
 * frees all.  An arena is not thread-safe and nothing in it is ever freed
 * alone.
 *
 * Failure is sticky: when malloc fails (or the limit is reached), the arena
 * is marked and returns NULL from then on; builders check
 * lite_arena_failed() once at their end, but must not dereference NULL on
 * the way.
 */
#ifndef LITE_ARENA_H
#define LITE_ARENA_H

#include <sqlite3.h>

#include "core/status.h"

typedef struct LiteArena LiteArena;

/* limit: bytes the arena may take from malloc; 0 is no limit.  NULL on OOM. */
extern LiteArena *lite_arena_create(size_t limit);
extern void lite_arena_free(LiteArena *arena);
extern bool lite_arena_failed(const LiteArena *arena);

/* Zeroed, aligned for any type.  NULL on failure. */
extern void *lite_arena_alloc(LiteArena *arena, size_t size);

/* n objects of size bytes; overflow counts as failure. */
extern void *lite_arena_array(LiteArena *arena, size_t n, size_t size);

/*
 * The growing array: "items" has room for *capacity objects, "count" of them
 * used; returns items (moved if it had to grow) with room for one more, NULL
 * on failure.
 */
extern void *lite_arena_grow(LiteArena *arena, void *items, int count,
							 int *capacity, size_t size);

extern char *lite_arena_strdup(LiteArena *arena, const char *s);
extern char *lite_arena_strndup(LiteArena *arena, const char *s, size_t len);

/* sqlite3_mprintf's formats (%q, %Q, %w, %lld ...). */
extern char *lite_arena_printf(LiteArena *arena, const char *fmt, ...);

/* Takes the text out of str (freeing str) into the arena. */
extern char *lite_arena_finish(LiteArena *arena, sqlite3_str *str);

#define lite_arena_new(arena, type)                                           \
	((type *) lite_arena_alloc((arena), sizeof(type)))
#define lite_arena_newarray(arena, type, n)                                   \
	((type *) lite_arena_array((arena), (n), sizeof(type)))

#endif /* LITE_ARENA_H */
