/*
 * arena.c
 *	  Memory that dies together.
 *
 * Blocks in a singly linked list; the newest one is carved from its front.
 * Block sizes double up to a bound, so that a small arena stays small and a
 * large one asks malloc seldom.  An object too large for that gets a block of
 * its own, put *behind* the newest, so that the room left there is not lost.
 */
#include "core/arena.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_BLOCK ((size_t) 4096)
#define LARGEST_BLOCK ((size_t) 1 << 20)
#define ALIGNMENT ((size_t) 16)

typedef struct Block
{
	struct Block *next;
	size_t size; /* of data */
	size_t used;
	/* C99 has no max_align_t; malloc aligns the block, this its data */
	union
	{
		long double number;
		void *pointer;
		long long integer;
	} data[];
} Block;

struct LiteArena
{
	Block *blocks;
	size_t taken; /* from malloc, all blocks */
	size_t limit; /* 0: none */
	size_t next_size;
	bool failed;
};

LiteArena *
lite_arena_create(size_t limit)
{
	LiteArena *arena = calloc(1, sizeof(LiteArena));

	if (arena == NULL)
		return NULL;
	arena->limit = limit;
	arena->next_size = FIRST_BLOCK;
	return arena;
}

void
lite_arena_free(LiteArena *arena)
{
	if (arena == NULL)
		return;
	while (arena->blocks != NULL)
	{
		Block *next = arena->blocks->next;

		free(arena->blocks);
		arena->blocks = next;
	}
	free(arena);
}

bool
lite_arena_failed(const LiteArena *arena)
{
	return arena->failed;
}

static void *
fail(LiteArena *arena)
{
	arena->failed = true;
	return NULL;
}

/* A new block with room for size bytes, linked in; NULL on failure. */
static Block *
add_block(LiteArena *arena, size_t size)
{
	bool alone = size > LARGEST_BLOCK / 4;
	size_t room = alone || size > arena->next_size ? size : arena->next_size;
	size_t total;
	Block *block;

	if (room > SIZE_MAX - sizeof(Block))
		return fail(arena);
	total = room + sizeof(Block);
	if (arena->limit != 0 &&
		(total > arena->limit || arena->taken > arena->limit - total))
	{
		/* Near the limit, take no more than what is asked for. */
		room = size;
		total = room + sizeof(Block);
		if (total > arena->limit || arena->taken > arena->limit - total)
			return fail(arena);
	}
	block = malloc(total);
	if (block == NULL)
		return fail(arena);
	block->size = room;
	block->used = 0;
	arena->taken += total;
	if (alone && arena->blocks != NULL)
	{
		block->next = arena->blocks->next;
		arena->blocks->next = block;
	}
	else
	{
		block->next = arena->blocks;
		arena->blocks = block;
		if (arena->next_size < LARGEST_BLOCK)
			arena->next_size *= 2;
	}
	return block;
}

void *
lite_arena_alloc(LiteArena *arena, size_t size)
{
	Block *block = arena->blocks;
	void *result;

	if (arena->failed)
		return NULL;
	if (size > SIZE_MAX - ALIGNMENT - sizeof(Block))
		return fail(arena);

	/* Objects of size 0 still get an address of their own. */
	size = size == 0 ? ALIGNMENT : (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	if (block == NULL || block->size - block->used < size)
	{
		block = add_block(arena, size);
		if (block == NULL)
			return NULL;
	}
	result = (char *) block->data + block->used;
	block->used += size;
	memset(result, 0, size);
	return result;
}

void *
lite_arena_array(LiteArena *arena, size_t n, size_t size)
{
	if (size != 0 && n > SIZE_MAX / size)
		return fail(arena);
	return lite_arena_alloc(arena, n * size);
}

void *
lite_arena_grow(LiteArena *arena, void *items, int count, int *capacity,
				size_t size)
{
	int wanted;
	void *result;

	if (count < *capacity)
		return items;
	if (*capacity > INT32_MAX / 2)
		return fail(arena);
	wanted = *capacity < 4 ? 8 : *capacity * 2;
	result = lite_arena_array(arena, (size_t) wanted, size);
	if (result == NULL)
		return NULL;
	if (count > 0)
		memcpy(result, items, (size_t) count * size);
	*capacity = wanted;
	return result;
}

char *
lite_arena_strndup(LiteArena *arena, const char *s, size_t len)
{
	char *result;

	if (len == SIZE_MAX)
		return fail(arena);
	result = lite_arena_alloc(arena, len + 1);
	if (result != NULL && len > 0)
		memcpy(result, s, len);
	return result;
}

char *
lite_arena_strdup(LiteArena *arena, const char *s)
{
	return lite_arena_strndup(arena, s, strlen(s));
}

char *
lite_arena_printf(LiteArena *arena, const char *fmt, ...)
{
	va_list args;
	char *text;
	char *result;

	va_start(args, fmt);
	text = sqlite3_vmprintf(fmt, args);
	va_end(args);
	if (text == NULL)
		return fail(arena);
	result = lite_arena_strdup(arena, text);
	sqlite3_free(text);
	return result;
}

char *
lite_arena_finish(LiteArena *arena, sqlite3_str *str)
{
	bool broken = sqlite3_str_errcode(str) != SQLITE_OK;
	int len = sqlite3_str_length(str);
	char *text = sqlite3_str_finish(str);
	char *result;

	/* An empty sqlite3_str finishes as NULL in good health. */
	if (broken)
		result = fail(arena);
	else
		result = lite_arena_strndup(arena, text, (size_t) len);
	sqlite3_free(text);
	return result;
}
