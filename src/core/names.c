/*
 * names.c
 *	  Names of a file as names of PostgreSQL.
 *
 * A namespace is a hash table of the names given so far.  Each entry
 * remembers the last suffix tried for its name, so that a thousand names that
 * become one after 63 bytes cost a thousand steps and not a million.
 */
#include <string.h>

#include "core/names.h"
#include "core/value.h"

typedef struct Entry
{
	struct Entry *next;
	const char *name;
	int suffix; /* the last one tried */
} Entry;

struct LiteNames
{
	LiteArena *arena;
	bool keep_case;
	bool columns;
	size_t nbuckets; /* a power of two */
	size_t count;
	Entry **buckets;
};

/*
 * heap.c's SysAtt[]: no column may have such a name.  (oid is free since
 * PostgreSQL 12.)
 */
static const char *const system_columns[] = {"ctid", "xmin", "cmin",
											 "xmax", "cmax", "tableoid"};

static uint32_t
hash_name(const char *name)
{
	uint32_t hash = 2166136261u; /* FNV-1a */

	for (; *name != '\0'; name++)
		hash = (hash ^ (unsigned char) *name) * 16777619u;
	return hash;
}

static Entry *
find_entry(const LiteNames *names, const char *name)
{
	Entry *entry = names->buckets[hash_name(name) & (names->nbuckets - 1)];

	while (entry != NULL && strcmp(entry->name, name) != 0)
		entry = entry->next;
	return entry;
}

static bool
grow_table(LiteNames *names)
{
	size_t nbuckets = names->nbuckets * 2;
	Entry **buckets = lite_arena_newarray(names->arena, Entry *, nbuckets);

	if (buckets == NULL)
		return false;
	for (size_t i = 0; i < names->nbuckets; i++)
	{
		for (Entry *entry = names->buckets[i], *next; entry; entry = next)
		{
			size_t at = hash_name(entry->name) & (nbuckets - 1);

			next = entry->next;
			entry->next = buckets[at];
			buckets[at] = entry;
		}
	}
	names->buckets = buckets;
	names->nbuckets = nbuckets;
	return true;
}

/* name must stay alive, and must not be there yet. */
static bool
add_entry(LiteNames *names, const char *name)
{
	Entry *entry = lite_arena_new(names->arena, Entry);
	size_t at;

	if (entry == NULL ||
		(names->count >= names->nbuckets && !grow_table(names)))
		return false;
	at = hash_name(name) & (names->nbuckets - 1);
	entry->name = name;
	entry->next = names->buckets[at];
	names->buckets[at] = entry;
	names->count++;
	return true;
}

LiteNames *
lite_names_create(LiteArena *arena, bool keep_case, bool columns)
{
	LiteNames *names = lite_arena_new(arena, LiteNames);

	if (names == NULL)
		return NULL;
	names->arena = arena;
	names->keep_case = keep_case;
	names->columns = columns;
	names->nbuckets = 64;
	names->buckets = lite_arena_newarray(arena, Entry *, names->nbuckets);
	if (names->buckets == NULL)
		return NULL;
	if (columns)
	{
		for (size_t i = 0;
			 i < sizeof(system_columns) / sizeof(system_columns[0]); i++)
		{
			if (!add_entry(names, system_columns[i]))
				return NULL;
		}
	}
	return names;
}

bool
lite_names_taken(const LiteNames *names, const char *name)
{
	return find_entry(names, name) != NULL;
}

/* The longest prefix of at most max bytes that does not cut a character. */
static size_t
prefix_length(const char *name, size_t len, size_t max)
{
	if (len <= max)
		return len;
	while (max > 0 && ((unsigned char) name[max] & 0xC0) == 0x80)
		max--;
	return max;
}

static bool
is_system_column(const char *name)
{
	for (size_t i = 0; i < sizeof(system_columns) / sizeof(system_columns[0]);
		 i++)
	{
		if (strcmp(system_columns[i], name) == 0)
			return true;
	}
	return false;
}

/*
 * The name by itself, before anybody else's is looked at.  A byte that is
 * part of no character becomes an underscore: the server would refuse it.
 */
static char *
normal_name(LiteNames *names, const char *wanted, int *changes)
{
	bool has_nul;
	size_t len = strlen(wanted);
	char *name;

	if (len == 0)
	{
		*changes |= LITE_NAME_EMPTY;
		wanted = names->columns ? "column" : "table";
		len = strlen(wanted);
	}
	name = lite_arena_strndup(names->arena, wanted, len);
	if (name == NULL)
		return NULL;
	if (!lite_utf8_valid(name, len, &has_nul))
	{
		*changes |= LITE_NAME_ENCODING;
		for (size_t i = 0, n; i < len; i += n)
		{
			for (n = 1; n <= 4 && i + n <= len; n++)
			{
				if (lite_utf8_valid(name + i, n, &has_nul))
					break;
			}
			if (n > 4 || i + n > len)
			{
				name[i] = '_';
				n = 1;
			}
		}
	}
	if (!names->keep_case)
	{
		for (char *c = name; *c != '\0'; c++)
		{
			if (*c >= 'A' && *c <= 'Z')
			{
				*c += 'a' - 'A';
				*changes |= LITE_NAME_FOLDED;
			}
		}
	}
	if (len > LITE_NAME_MAX)
	{
		*changes |= LITE_NAME_SHORTENED;
		name[prefix_length(name, len, LITE_NAME_MAX)] = '\0';
	}
	if (names->columns && is_system_column(name))
		*changes |= LITE_NAME_SYSTEM;
	return name;
}

/* A free name made of this one and a number. */
static const char *
suffixed_name(LiteNames *names, const char *name)
{
	Entry *taken = find_entry(names, name);
	size_t len = strlen(name);

	if (taken == NULL)
		return NULL;
	for (int n = taken->suffix + 1; n > 0; n++)
	{
		char suffix[16];
		char *candidate;
		size_t room;

		sqlite3_snprintf(sizeof(suffix), suffix, "_%d", n);
		room = LITE_NAME_MAX - strlen(suffix);
		candidate = lite_arena_printf(names->arena, "%.*s%s",
									  (int) prefix_length(name, len, room),
									  name, suffix);
		if (candidate == NULL)
			return NULL;
		taken->suffix = n;
		if (find_entry(names, candidate) == NULL)
			return candidate;
	}
	return NULL;
}

const char *
lite_names_take(LiteNames *names, const char *wanted, int *changes)
{
	int ignored = 0;
	const char *name;

	if (changes == NULL)
		changes = &ignored;
	*changes = 0;
	name = normal_name(names, wanted, changes);
	if (name != NULL && find_entry(names, name) != NULL)
	{
		*changes |= LITE_NAME_SUFFIXED;
		name = suffixed_name(names, name);
	}
	if (name == NULL || !add_entry(names, name))
		return NULL;
	return name;
}

const char **
lite_names_assign(LiteNames *names, const char *const *wanted, int n,
				  int *changes)
{
	const char **result = lite_arena_newarray(names->arena, const char *, n);
	int *bits = lite_arena_newarray(names->arena, int, n);

	if (n > 0 && (result == NULL || bits == NULL))
		return NULL;
	for (int i = 0; i < n; i++)
	{
		char *name = normal_name(names, wanted[i], &bits[i]);

		if (name == NULL)
			return NULL;
		if ((bits[i] & ~LITE_NAME_FOLDED) == 0 &&
			find_entry(names, name) == NULL)
		{
			if (!add_entry(names, name))
				return NULL;
			result[i] = name;
		}
	}
	for (int i = 0; i < n; i++)
	{
		if (result[i] == NULL)
			result[i] = lite_names_take(names, wanted[i], &bits[i]);
		if (result[i] == NULL)
			return NULL;
		if (changes != NULL)
			changes[i] = bits[i];
	}
	return result;
}

const char *
lite_names_make(LiteArena *arena, const char *table, const char *column,
				const char *label)
{
	size_t tlen = strlen(table);
	size_t clen = column != NULL ? strlen(column) : 0;
	size_t overhead = strlen(label) + 1 + (column != NULL ? 1 : 0);
	size_t room = overhead < LITE_NAME_MAX ? LITE_NAME_MAX - overhead : 0;

	if (tlen + clen > room)
	{
		size_t half = room / 2;

		/* the shorter one keeps all it has */
		if (tlen <= half)
			clen = room - tlen;
		else if (clen <= half)
			tlen = room - clen;
		else
		{
			tlen = half;
			clen = room - half;
		}
		tlen = prefix_length(table, strlen(table), tlen);
		if (column != NULL)
			clen = prefix_length(column, strlen(column), clen);
	}
	if (column == NULL)
		return lite_arena_printf(arena, "%.*s_%s", (int) tlen, table, label);
	return lite_arena_printf(arena, "%.*s_%.*s_%s", (int) tlen, table,
							 (int) clen, column, label);
}
