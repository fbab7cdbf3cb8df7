/*
 * status_test.c
 *	  Errors that fit their slots, clipped values, and arenas.
 */
#include "tap.h"
#include "value_help.h"

#include "core/arena.h"

static void
test_error(void)
{
	LiteError err;
	char longer[3000];
	bool nul;

	memset(&err, 0xAA, sizeof(err));
	is_int(lite_error_set(&err, LITE_MISSING, "file \"%s\" is %s", "x",
						  "missing"),
		   LITE_MISSING, "set returns the status");
	is_str(err.message, "file \"x\" is missing", "and formats");
	is_str(err.detail, "", "other slots are empty");
	is_str(err.hint, "", "the hint too");
	is_str(err.context, "", "and the context");
	is_int(err.sqlite_code, 0, "and the codes");

	lite_error_detail(&err, "one %d", 1);
	lite_error_detail(&err, "two");
	is_str(err.detail, "two", "a detail replaces the one before");
	lite_error_hint(&err, "hint");
	lite_error_context(&err, "line %d", 1);
	lite_error_context(&err, "line %d", 2);
	is_str(err.context, "line 1\nline 2", "context grows by lines");

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	lite_error_set(&err, LITE_SQL, "%s", longer);
	is_int((int64_t) strlen(err.message), LITE_MESSAGE_SIZE - 1,
		   "a long message fills its slot");
	is_str(err.message + LITE_MESSAGE_SIZE - 4, "...", "and says it was cut");

	for (int shift = 0; shift < 3; shift++)
	{
		for (size_t k = 0; k + 3 < sizeof(longer); k += 3)
			memcpy(longer + k, "\xE2\x82\xAC", 3);
		longer[sizeof(longer) - 3] = '\0';
		lite_error_set(&err, LITE_SQL, "%.*s%s", shift, "ab", longer);
		ok(lite_utf8_valid(err.message, strlen(err.message), &nul),
		   "never cut inside a character");
	}
	for (int k = 0; k < 500; k++)
		lite_error_context(&err, "level %d", k);
	ok(strlen(err.context) < LITE_DETAIL_SIZE &&
		   strncmp(err.context, "level 0\nlevel 1\n", 16) == 0,
	   "a full context keeps its innermost lines");

	is_int(lite_error_nomem(&err), LITE_NOMEM, "out of memory");
	is_int(lite_error_set(NULL, LITE_IO, "x"), LITE_IO, "NULL is fine");
	lite_error_detail(NULL, "x");
	lite_error_hint(NULL, "x");
	lite_error_context(NULL, "x");
	lite_error_clear(NULL);
}

static void
test_clip(void)
{
	static const struct
	{
		const char *text;
		size_t size;
		const char *clipped;
	} cases[] = {
		{"abc", 10, "abc"},
		{"", 10, ""},
		{"abcdefghij", 11, "abcdefghij"},
		{"abcdefghij", 10, "abcdef..."},
		{"a\nb\t", 20, "a\\x0Ab\\x09"},
		{"\x7F", 20, "\\x7F"},
		{"caf\xC3\xA9", 20, "caf\xC3\xA9"},
		{"caf\xE9", 20, "caf\\xE9"},
		{"\xC2\x9B", 20, "\\xC2\\x9B"},
		{"\xE2\x80\xAE", 20, "\\xE2\\x80\\xAE"},
		{"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 8, "\xC3\xA9\xC3\xA9..."},
		{"\n\n\n\n", 10, "\\x0A..."},
		{"abcdef", 4, "..."},
		{"abcdef", 3, ".."},
		{"abcdef", 1, ""},
		{"ab", 3, "ab"},
	};

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
	{
		char *buf = malloc(cases[k].size);

		is_str(lite_text_clip(buf, cases[k].size, cases[k].text,
							  strlen(cases[k].text)),
			   cases[k].clipped, "clip case %d", (int) k);
		free(buf);
	}
	{
		char buf[20];
		bool nul;
		int wrong = 0;

		is_str(lite_text_clip(buf, sizeof(buf), "a\0b", 3), "a\\x00b",
			   "a NUL is shown");
		for (int k = 0; k < 100000; k++)
		{
			char any[40];
			size_t len = random64() % sizeof(any);
			size_t size = random64() % sizeof(buf) + 1;

			for (size_t j = 0; j < len; j++)
				any[j] = (char) random64();
			lite_text_clip(buf, size, any, len);
			if (strlen(buf) >= size ||
				!lite_utf8_valid(buf, strlen(buf), &nul))
				wrong++;
		}
		is_int(wrong, 0, "any bytes in any room give valid text that fits");
	}
}

static void
test_arena(void)
{
	LiteArena *arena = lite_arena_create(0);
	int *items = NULL;
	int capacity = 0;
	int wrong = 0;
	char *first = lite_arena_strdup(arena, "first");
	sqlite3_str *str;

	for (int k = 0; k < 100000; k++)
	{
		items = lite_arena_grow(arena, items, k, &capacity, sizeof(int));
		items[k] = k;
	}
	for (int k = 0; k < 100000; k++)
		wrong += items[k] != k;
	is_int(wrong, 0, "an array that grows keeps its items");
	for (int k = 0; k < 2000; k++)
	{
		size_t size = random64() % 5000;
		unsigned char *p = lite_arena_alloc(arena, size);

		if (((uintptr_t) p & 15) != 0)
			wrong++;
		for (size_t j = 0; j < size; j++)
			wrong += p[j] != 0;
		memset(p, 0xFF, size);
	}
	is_int(wrong, 0, "memory is aligned and zeroed");
	ok(lite_arena_alloc(arena, 0) != lite_arena_alloc(arena, 0),
	   "nothing has an address too");
	is_str(first, "first", "what was there first is still there");
	is_str(lite_arena_strndup(arena, "abcdef", 3), "abc", "a part of a text");
	is_str(lite_arena_strndup(arena, NULL, 0), "", "no text");
	is_str(lite_arena_printf(arena, "%Q %w", "it's", "a\"b"), "'it''s' a\"\"b",
		   "SQLite's formats");
	str = sqlite3_str_new(NULL);
	sqlite3_str_appendf(str, "%d", 42);
	is_str(lite_arena_finish(arena, str), "42", "a sqlite3_str");
	is_str(lite_arena_finish(arena, sqlite3_str_new(NULL)), "",
		   "an empty one");
	ok(!lite_arena_failed(arena), "nothing has failed");

	ok(lite_arena_array(arena, SIZE_MAX / 2, 8) == NULL,
	   "an overflow is a failure");
	ok(lite_arena_failed(arena), "which is noted");
	ok(lite_arena_alloc(arena, 1) == NULL, "for good");
	ok(lite_arena_strdup(arena, "x") == NULL &&
		   lite_arena_printf(arena, "x") == NULL &&
		   lite_arena_finish(arena, sqlite3_str_new(NULL)) == NULL,
	   "whatever is asked");
	lite_arena_free(arena);
	lite_arena_free(NULL);
}

static void
test_limit(void)
{
	LiteArena *arena = lite_arena_create(100000);
	size_t taken = 0;

	while (lite_arena_alloc(arena, 1000) != NULL)
		taken += 1000;
	ok(taken > 60000 && taken <= 100000, "a limit of 100000 gave %zu bytes",
	   taken);
	ok(lite_arena_failed(arena), "and then failed");
	lite_arena_free(arena);

	arena = lite_arena_create(100);
	ok(lite_arena_alloc(arena, 16) != NULL, "a tiny limit still gives a bit");
	ok(lite_arena_alloc(arena, 200) == NULL, "but no more");
	lite_arena_free(arena);

	arena = lite_arena_create(0);
	ok(lite_arena_alloc(arena, SIZE_MAX) == NULL && lite_arena_failed(arena),
	   "more than there is");
	lite_arena_free(arena);
}

int
main(void)
{
	test_error();
	test_clip();
	test_arena();
	test_limit();
	return done_testing();
}
