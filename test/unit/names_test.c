/*
 * names_test.c
 *	  Names of a file as names of PostgreSQL: each once, each valid.
 */
#include "core/names.h"
#include "core/plan.h"
#include "tap.h"

static LiteArena *arena;

static const char *
ident(const char *name)
{
	sqlite3_str *str = sqlite3_str_new(NULL);

	lite_pg_ident(str, name);
	return lite_arena_finish(arena, str);
}

static const char *
literal(const char *text, size_t len)
{
	sqlite3_str *str = sqlite3_str_new(NULL);

	lite_pg_literal(str, text, len);
	return lite_arena_finish(arena, str);
}

static void
test_quoting(void)
{
	is_str(ident("abc_1"), "abc_1", "a safe name");
	is_str(ident("Abc"), "\"Abc\"", "upper case");
	is_str(ident("select"), "\"select\"", "a reserved word");
	is_str(ident("all"), "\"all\"", "the first word of the list");
	is_str(ident("xmltable"), "\"xmltable\"", "the last one");
	is_str(ident("user"), "\"user\"", "user");
	is_str(ident("name"), "name", "a word that is not reserved");
	is_str(ident("1a"), "\"1a\"", "a digit first");
	is_str(ident("a b"), "\"a b\"", "a space");
	is_str(ident("a\"b"), "\"a\"\"b\"", "a quote is doubled");
	is_str(ident("a\\b"), "\"a\\b\"", "a backslash is itself");
	is_str(ident("\xc3\xa9"), "\"\xc3\xa9\"", "a letter that is not ASCII");
	is_str(ident("a$b"), "\"a$b\"", "a dollar, as quote_ident has it");
	is_str(ident("\"; DROP TABLE x; --"), "\"\"\"; DROP TABLE x; --\"",
		   "a hostile name");

	is_str(literal("abc", 3), "'abc'", "a literal");
	is_str(literal("", 0), "''", "an empty one");
	is_str(literal("it's", 4), "'it''s'", "a quote is doubled");
	is_str(literal("'", 1), "''''", "a quote alone");
	is_str(literal("a\\'b", 4), "E'a\\\\''b'", "a backslash makes it E''");
	is_str(literal("\\", 1), "E'\\\\'", "a backslash alone");
}

static void
test_taking(void)
{
	LiteNames *names = lite_names_create(arena, false, true);
	char longer[201];
	char other[201];
	const char *first;
	const char *second;
	int changes;

	is_str(lite_names_take(names, "Name", &changes), "name", "folded");
	is_int(changes, LITE_NAME_FOLDED, "and said");
	is_str(lite_names_take(names, "name", &changes), "name_1",
		   "a name that is taken");
	is_int(changes, LITE_NAME_SUFFIXED, "and said");
	is_str(lite_names_take(names, "ctid", &changes), "ctid_1",
		   "a system column");
	is_int(changes, LITE_NAME_SYSTEM | LITE_NAME_SUFFIXED, "and said");
	is_str(lite_names_take(names, "oid", &changes), "oid",
		   "oid is no system column any more");
	is_int(changes, 0, "nothing to say");
	is_str(lite_names_take(names, "", &changes), "column", "no name");
	is_int(changes, LITE_NAME_EMPTY, "and said");
	is_str(lite_names_take(names, "a\xff\x62", &changes), "a_b", "not UTF-8");
	is_int(changes, LITE_NAME_ENCODING, "and said");
	is_str(lite_names_take(names, "\xc3\x89t\xc3\xa9", &changes),
		   "\xc3\x89t\xc3\xa9", "only ASCII is folded");

	memset(longer, 'x', 200);
	longer[200] = '\0';
	memcpy(other, longer, 201);
	other[199] = 'y';
	first = lite_names_take(names, longer, &changes);
	is_int(strlen(first), 63, "shortened to 63 bytes");
	is_int(changes, LITE_NAME_SHORTENED, "and said");
	second = lite_names_take(names, other, &changes);
	is_int(strlen(second), 63, "a second one too");
	ok(strcmp(first, second) != 0, "and they differ");

	/* 31 letters of two bytes and one of three: 65 bytes */
	for (int i = 0; i < 62; i += 2)
		memcpy(longer + i, "\xc3\xa9", 2);
	strcpy(longer + 62, "\xe2\x82\xac");
	first = lite_names_take(names, longer, &changes);
	is_int(strlen(first), 62, "cut between characters");
}

static void
test_many(void)
{
	LiteNames *names = lite_names_create(arena, false, false);
	const char *wanted[] = {"t", "T_1", "t_2"};
	const char **given;
	char base[100];
	bool same = false;
	const char *last = "";

	/* what is made up never takes a real name's place */
	given = lite_names_assign(names, wanted, 3, NULL);
	is_str(given[0], "t", "a real name");
	is_str(lite_names_take(names, "T", NULL), "t_3",
		   "a made-up name passes by those that are real");
	is_str(given[1], "t_1", "folded");

	memset(base, 'b', 99);
	base[99] = '\0';
	for (int i = 0; i < 20000; i++)
	{
		const char *name = lite_names_take(names, base, NULL);

		same = same || strcmp(name, last) == 0 || strlen(name) > 63;
		last = name;
	}
	ok(!same, "20,000 names that are one after 63 bytes");

	names = lite_names_create(arena, true, false);
	is_str(lite_names_take(names, "Foo", NULL), "Foo", "case is kept");
	is_str(lite_names_take(names, "foo", NULL), "foo", "and tells apart");
	is_str(lite_names_take(names, "ctid", NULL), "ctid",
		   "a table may be called so");
}

static void
test_making(void)
{
	char table[101];
	char column[101];
	const char *name;

	is_str(lite_names_make(arena, "t", "c", "fkey"), "t_c_fkey",
		   "of three parts");
	is_str(lite_names_make(arena, "t", NULL, "pkey"), "t_pkey", "of two");
	memset(table, 't', 100);
	memset(column, 'c', 100);
	table[100] = column[100] = '\0';
	name = lite_names_make(arena, table, column, "key");
	ok(strlen(name) <= 63, "cut to 63 bytes");
	ok(strstr(name, "_key") != NULL && strchr(name, 'c') != NULL,
	   "with something of each part");
	name = lite_names_make(arena, "short", column, "key");
	ok(strncmp(name, "short_c", 7) == 0 && strlen(name) == 63,
	   "the shorter part stays whole");
}

int
main(void)
{
	arena = lite_arena_create(0);
	test_quoting();
	test_taking();
	test_many();
	test_making();
	lite_arena_free(arena);
	return done_testing();
}
