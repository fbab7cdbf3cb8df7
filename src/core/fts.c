/*
 * fts.c
 *	  Full-text tables: what they index, and where its text is.
 *
 * FTS3, FTS4 and FTS5 keep an index over text that is
 *
 *		in the table itself			it becomes a table of its own, with the
 *									rowid as its key and a search column
 *		in another table			(content='t') that table gets the search
 *									column; the FTS table itself goes
 *		nowhere						(content='') nothing can be carried over
 *
 * All of that is said in the arguments of CREATE VIRTUAL TABLE and nowhere
 * else.  They are read here as SQLite cuts them: at commas outside quotes and
 * parentheses ("The FTS5 Extension", section 4; "FTS3 and FTS4", section 6).
 */
#include <string.h>

#include "core/planner.h"
#include "core/search.h"

typedef struct FtsShape
{
	bool external;
	bool contentless;
	char *content; /* the table with the text */
	char *tokenize;
	int nunindexed;
	char **unindexed;
	int capacity;
} FtsShape;

bool
lite_fts_is(const LiteTable *table)
{
	return table->module != NULL &&
		   (sqlite3_stricmp(table->module, "fts5") == 0 ||
			sqlite3_stricmp(table->module, "fts4") == 0 ||
			sqlite3_stricmp(table->module, "fts3") == 0);
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The byte after the quoted piece that starts at s. */
static const char *
skip_quoted(const char *s)
{
	char end = *s == '[' ? ']' : *s;

	for (s++; *s != '\0'; s++)
	{
		if (*s != end)
			continue;
		if (s[1] != end || end == ']')
			return s + 1;
		s++;
	}
	return s;
}

static bool
is_quote(char c)
{
	return c == '\'' || c == '"' || c == '`' || c == '[';
}

/* The first parenthesis outside quotes: where the arguments start. */
static const char *
find_arguments(const char *sql)
{
	while (*sql != '\0')
	{
		if (is_quote(*sql))
			sql = skip_quoted(sql);
		else if (*sql == '(')
			return sql + 1;
		else
			sql++;
	}
	return NULL;
}

/* The argument at s: its end (a comma, the closing parenthesis, or NUL). */
static const char *
argument_end(const char *s)
{
	int depth = 0;

	while (*s != '\0')
	{
		if (is_quote(*s))
		{
			s = skip_quoted(s);
			continue;
		}
		if (*s == '(')
			depth++;
		else if (*s == ')' && depth-- == 0)
			return s;
		else if (*s == ',' && depth == 0)
			return s;
		s++;
	}
	return s;
}

/* The text without spaces around it and without its quotes. */
static char *
unquote(LiteArena *arena, const char *s, const char *end)
{
	char *result;
	char *out;
	char quote;

	while (s < end && is_space(*s))
		s++;
	while (end > s && is_space(end[-1]))
		end--;
	result = lite_arena_strndup(arena, s, (size_t) (end - s));
	if (result == NULL || !is_quote(*s) || end - s < 2)
		return result;
	quote = *s == '[' ? ']' : *s;
	out = result;
	for (s++, end--; s < end; s++)
	{
		*out++ = *s;
		if (*s == quote && s + 1 < end && s[1] == quote)
			s++;
	}
	*out = '\0';
	return result;
}

static void
add_unindexed(LiteArena *arena, FtsShape *shape, char *name)
{
	shape->unindexed =
		lite_arena_grow(arena, shape->unindexed, shape->nunindexed,
						&shape->capacity, sizeof(char *));
	if (shape->unindexed == NULL)
		shape->nunindexed = 0;
	else
		shape->unindexed[shape->nunindexed++] = name;
}

/* "key = value" sets an option; "name UNINDEXED" leaves a column out. */
static void
read_argument(LiteArena *arena, FtsShape *shape, const char *s,
			  const char *end)
{
	const char *equals = s;
	char *key;
	char *value;

	while (equals < end && *equals != '=')
		equals = is_quote(*equals) ? skip_quoted(equals) : equals + 1;
	if (equals >= end)
	{
		const char *word;

		while (end > s && is_space(end[-1]))
			end--;
		word = end;
		while (word > s && !is_space(word[-1]) && !is_quote(word[-1]))
			word--;
		if (end - word == 9 && sqlite3_strnicmp(word, "UNINDEXED", 9) == 0)
			add_unindexed(arena, shape, unquote(arena, s, word));
		return;
	}
	key = unquote(arena, s, equals);
	value = unquote(arena, equals + 1, end);
	if (key == NULL || value == NULL)
		return;
	if (sqlite3_stricmp(key, "content") == 0)
	{
		shape->contentless = *value == '\0';
		shape->external = !shape->contentless;
		shape->content = value;
	}
	else if (sqlite3_stricmp(key, "tokenize") == 0 ||
			 sqlite3_stricmp(key, "tokenizer") == 0)
		shape->tokenize = value;
	else if (sqlite3_stricmp(key, "notindexed") == 0)
		add_unindexed(arena, shape, value);
}

static FtsShape
read_shape(LiteArena *arena, const LiteTable *table)
{
	FtsShape shape = {0};
	const char *s = table->sql != NULL ? find_arguments(table->sql) : NULL;

	while (s != NULL)
	{
		const char *end = argument_end(s);

		/* FTS3 and FTS4 write "tokenize=porter" or "tokenize porter" */
		while (is_space(*s))
			s++;
		if (sqlite3_strnicmp(s, "tokenize", 8) == 0 && is_space(s[8]) &&
			memchr(s, '=', (size_t) (end - s)) == NULL)
			shape.tokenize = unquote(arena, s + 9, end);
		else
			read_argument(arena, &shape, s, end);
		s = *end == ',' ? end + 1 : NULL;
	}
	return shape;
}

/* Is the first word of the tokenizer, or its wrapper, this one? */
static bool
uses_tokenizer(const FtsShape *shape, const char *word)
{
	size_t len = strlen(word);
	const char *s = shape->tokenize;

	if (s == NULL)
		return false;
	while (is_space(*s) || *s == '\'' || *s == '"')
		s++;
	return sqlite3_strnicmp(s, word, (int) len) == 0;
}

/*
 * unicode61, FTS5's default and what its porter wraps, does unless it is told
 * remove_diacritics 0.
 */
static bool
folds_accents(const LiteTable *fts, const FtsShape *shape)
{
	if (shape->tokenize == NULL)
		return sqlite3_stricmp(fts->module, "fts5") == 0;
	if (uses_tokenizer(shape, "ascii") || uses_tokenizer(shape, "trigram") ||
		uses_tokenizer(shape, "simple") || uses_tokenizer(shape, "icu") ||
		sqlite3_strlike("%remove_diacritics%0%", shape->tokenize, 0) == 0)
		return false;
	return sqlite3_stricmp(fts->module, "fts5") == 0 ||
		   uses_tokenizer(shape, "unicode61");
}

static bool
is_unindexed(const FtsShape *shape, const char *column)
{
	for (int i = 0; i < shape->nunindexed; i++)
	{
		if (sqlite3_stricmp(shape->unindexed[i], column) == 0)
			return true;
	}
	return false;
}

bool
lite_fts_standalone(LitePlanner *planner, const LiteTable *table)
{
	FtsShape shape = read_shape(planner->arena, table);

	if (shape.contentless)
	{
		lite_find(planner, LITE_SEVERITY_WARNING, "fts", table->name, NULL,
				  "search => '{\"the table with the text\": ...}' indexes it "
				  "anew",
				  "contentless full-text table: its text is nowhere in the "
				  "file, so it is not carried over");
		return false;
	}
	return !shape.external;
}

static const char *
find_extension(LitePlanner *planner, const char *name)
{
	const LitePlanOptions *options = planner->options;

	return options->target != NULL
			   ? options->target(options->target_arg, LITE_TARGET_EXTENSION,
								 NULL, name)
			   : NULL;
}

static const char *const accent_names[] = {"sqlite_simple", "sqlite_english"};

/*
 * A configuration that takes letters with and without accents for the same,
 * as unicode61 does.  unaccent does not come with every server, and an
 * extension is not ours to install: without it, it is said how.
 */
static const char *
accent_config(LitePlanner *planner, const LiteTable *fts, bool english)
{
	const char *usual = english ? "english" : LITE_SEARCH_CONFIG;
	sqlite3_str *str;

	planner->unaccent = find_extension(planner, "unaccent");
	if (planner->unaccent == NULL)
	{
		lite_find(planner, LITE_SEVERITY_WARNING, "fts", fts->name, NULL,
				  "CREATE EXTENSION unaccent, before the import: it then "
				  "makes a configuration with it",
				  "the tokenizer takes letters with and without accents for "
				  "the same; configuration %s does not",
				  usual);
		return usual;
	}
	planner->accents[english] = true;
	str = sqlite3_str_new(NULL);
	lite_pg_ident(str, planner->plan->schema);
	sqlite3_str_appendf(str, ".%s", accent_names[english]);
	lite_find(planner, LITE_SEVERITY_INFO, "fts", fts->name, NULL, NULL,
			  "text search configuration \"%s\" takes letters with and "
			  "without accents for the same, as its tokenizer does",
			  accent_names[english]);
	return lite_arena_finish(planner->arena, str);
}

void
lite_fts_configurations(LitePlanner *planner)
{
	static const char *const copies[] = {"simple", "english"};
	static const char *const dictionaries[] = {"simple", "english_stem"};
	const LitePlanOptions *options = planner->options;

	for (int i = 0; i < 2; i++)
	{
		sqlite3_str *name;
		sqlite3_str *str;
		char *qualified;

		if (!planner->accents[i] ||
			options->target(options->target_arg, LITE_TARGET_CONFIGURATION,
							planner->plan->schema, accent_names[i]) != NULL)
			continue;
		name = sqlite3_str_new(NULL);
		lite_pg_ident(name, planner->plan->schema);
		sqlite3_str_appendf(name, ".%s", accent_names[i]);
		qualified = lite_arena_finish(planner->arena, name);
		if (qualified == NULL)
			return;
		str = sqlite3_str_new(NULL);
		sqlite3_str_appendf(str,
							"CREATE TEXT SEARCH CONFIGURATION %s (COPY = "
							"pg_catalog.%s)",
							qualified, copies[i]);
		lite_ddl_add(planner, LITE_PHASE_SCHEMA, -1, accent_names[i], str);
		str = sqlite3_str_new(NULL);
		sqlite3_str_appendf(str,
							"ALTER TEXT SEARCH CONFIGURATION %s ALTER MAPPING "
							"FOR hword, hword_part, word WITH ",
							qualified);
		lite_pg_ident(str, planner->unaccent);
		sqlite3_str_appendf(str, ".unaccent, pg_catalog.%s", dictionaries[i]);
		lite_ddl_add(planner, LITE_PHASE_SCHEMA, -1, accent_names[i], str);
	}
}

/*
 * The trigram tokenizer finds parts of words, which a tsvector cannot; an
 * index of pg_trgm does, for LIKE and ILIKE.  true: that is how it goes.
 */
static bool
add_trigram(LitePlanner *planner, const LiteTable *fts, LiteTableWork *work,
			const LiteSearch *search)
{
	const char *schema = find_extension(planner, "pg_trgm");

	if (schema == NULL || work->document || search->ncolumns == 0)
	{
		lite_find(planner, LITE_SEVERITY_WARNING, "fts", fts->name, NULL,
				  "CREATE EXTENSION pg_trgm, before the import: it then makes "
				  "an index with gin_trgm_ops",
				  "the trigram tokenizer finds parts of words; the search "
				  "column finds whole words");
		return false;
	}
	work->trigram = schema;
	work->ntrigrams = search->ncolumns;
	work->trigrams = search->columns;
	lite_find(planner, LITE_SEVERITY_INFO, "fts", fts->name, NULL,
			  "SELECT ... WHERE column ILIKE '%part%'",
			  "the trigram tokenizer finds parts of words: table \"%s\" gets "
			  "an index of pg_trgm in place of a search column",
			  work->source->name);
	return true;
}

/* The search column that an FTS table asks for, on the table with the text. */
static LiteStatus
add_search(LitePlanner *planner, const LiteTable *fts, const FtsShape *shape,
		   LiteTableWork *work)
{
	const LiteTable *base = work->source;
	LiteSearch search = {.name = LITE_SEARCH_NAME, .origin = fts->name};
	bool english;

	search.columns =
		lite_arena_newarray(planner->arena, int, fts->ncolumns + 1);
	search.weights =
		lite_arena_newarray(planner->arena, char, fts->ncolumns + 1);
	if (search.columns == NULL || search.weights == NULL)
		return lite_error_nomem(planner->err);
	for (int i = 0; i < fts->ncolumns; i++)
	{
		int column;

		if (fts->columns[i].hidden ||
			is_unindexed(shape, fts->columns[i].name))
			continue;
		column = lite_table_find_column(base, fts->columns[i].name);
		if (column >= 0)
			search.columns[search.ncolumns++] = column;
		else
			lite_find(planner, LITE_SEVERITY_WARNING, "fts", fts->name,
					  fts->columns[i].name, NULL,
					  "table \"%s\" has no such column: it is left out of the "
					  "search column",
					  base->name);
	}
	if (uses_tokenizer(shape, "trigram") &&
		add_trigram(planner, fts, work, &search))
		return LITE_OK;
	english = uses_tokenizer(shape, "porter");
	search.config = folds_accents(fts, shape)
						? accent_config(planner, fts, english)
					: english ? "english"
							  : LITE_SEARCH_CONFIG;
	return lite_search_add(planner, work, &search);
}

static LiteStatus
carry_fts(LitePlanner *planner, const LiteTable *fts)
{
	FtsShape shape = read_shape(planner->arena, fts);
	LiteTableWork *own = lite_planner_work(planner, fts);
	const LiteTable *base;
	LiteTableWork *work;

	if (own != NULL)
	{
		lite_find(planner, LITE_SEVERITY_INFO, "fts", fts->name, NULL, NULL,
				  "full-text table: its text is nowhere else, so it becomes a "
				  "table with a search column, keyed by its rowid");
		if (own->nsearches > 0)
			return LITE_OK; /* the user has said how */
		return add_search(planner, fts, &shape, own);
	}
	if (!shape.external)
		return LITE_OK;
	base = lite_schema_find(planner->schema, shape.content);
	work = base != NULL ? lite_planner_work(planner, base) : NULL;
	if (work == NULL && !lite_planner_wants(planner, fts))
		return LITE_OK;
	if (work == NULL)
	{
		lite_find(planner, LITE_SEVERITY_WARNING, "fts", fts->name, NULL, NULL,
				  "full-text index over \"%s\", which is %s: it is not "
				  "carried over",
				  lite_find_clip(planner, shape.content, 100),
				  base == NULL					 ? "not in the file"
				  : base->kind == LITE_KIND_VIEW ? "a view"
												 : "not imported");
		return LITE_OK;
	}
	lite_find(planner, LITE_SEVERITY_INFO, "fts", fts->name, NULL, NULL,
			  "full-text index over table \"%s\": that table gets a search "
			  "column",
			  base->name);
	for (int i = 0; i < work->nsearches; i++)
	{
		if (work->searches[i].origin == NULL)
			return LITE_OK; /* the user has said how */
	}
	return add_search(planner, fts, &shape, work);
}

LiteStatus
lite_fts_searches(LitePlanner *planner)
{
	const LiteSchema *schema = planner->schema;

	for (int i = 0; i < schema->ntables; i++)
	{
		const LiteTable *table = &schema->tables[i];
		LiteStatus status;

		if (table->kind != LITE_KIND_VIRTUAL || table->unreadable != NULL ||
			!lite_fts_is(table))
			continue;
		if (planner->options->ntables == 0 &&
			!lite_planner_wants(planner, table))
			continue; /* excluded */
		status = carry_fts(planner, table);
		if (status != LITE_OK)
			return status;
	}
	return LITE_OK;
}
