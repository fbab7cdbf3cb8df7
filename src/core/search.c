/*
 * search.c
 *	  Search columns: generated tsvector columns, and their GIN indexes.
 *
 * A search column is
 *
 *		setweight(to_tsvector('config', coalesce(title, '')), 'A') || ...
 *
 * stored, so that PostgreSQL keeps it in step by itself: what an external
 * content FTS table needs triggers for.  Only functions that are immutable
 * may stand in it, so a column takes part if it is text, JSON or an integer.
 */
#include <string.h>

#include "core/planner.h"
#include "core/search.h"

LiteStatus
lite_search_add(LitePlanner *planner, LiteTableWork *work,
				const LiteSearch *search)
{
	work->searches =
		lite_arena_grow(planner->arena, work->searches, work->nsearches,
						&work->searches_capacity, sizeof(*work->searches));
	if (work->searches == NULL)
	{
		work->nsearches = 0;
		return lite_error_nomem(planner->err);
	}
	work->searches[work->nsearches++] = *search;
	return LITE_OK;
}

static bool
is_searchable(LiteType type)
{
	return type == LITE_TYPE_TEXT || type == LITE_TYPE_VARCHAR ||
		   type == LITE_TYPE_JSONB || type == LITE_TYPE_JSON ||
		   type == LITE_TYPE_INT2 || type == LITE_TYPE_INT4 ||
		   type == LITE_TYPE_INT8;
}

/* "every text column" */
static void
choose_text_columns(LiteTableWork *work, LiteSearch *search)
{
	search->ncolumns = 0;
	for (int i = 0; i < work->source->ncolumns; i++)
	{
		LiteType type = work->decisions[i].type.type;

		if (!work->source->columns[i].hidden &&
			(type == LITE_TYPE_TEXT || type == LITE_TYPE_VARCHAR))
			search->columns[search->ncolumns++] = i;
	}
	memset(search->weights, 0, (size_t) search->ncolumns);
}

/* A column's name as document.c writes it. */
static const char *
document_name(LitePlanner *planner, const char *name)
{
	char clipped[1024];
	bool has_nul;

	if (lite_utf8_valid(name, strlen(name), &has_nul))
		return name;
	return lite_arena_strdup(planner->arena,
							 lite_text_clip(clipped, sizeof(clipped), name,
											strlen(name)));
}

/* The text (or JSON) of one column as an argument of to_tsvector(). */
static void
append_content(LitePlanner *planner, sqlite3_str *str,
			   const LitePlanTable *target, const LiteTableWork *work,
			   int column, size_t cut)
{
	int at = work->target_of[column];
	LiteType type = work->decisions[column].type.type;
	bool json = type == LITE_TYPE_JSONB || type == LITE_TYPE_JSON;

	if (json && at >= 0)
	{
		/* to_tsvector(regconfig, jsonb): the strings in it */
		sqlite3_str_appendall(str, "coalesce(");
		lite_pg_ident(str, target->columns[at].name);
		sqlite3_str_appendf(str, ", 'null'::%s)", lite_type_name(type));
		return;
	}
	sqlite3_str_appendall(str, "coalesce(");
	if (cut > 0)
		sqlite3_str_appendall(str, "\"left\"(");
	if (at >= 0)
	{
		lite_pg_ident(str, target->columns[at].name);
		if (type != LITE_TYPE_TEXT && type != LITE_TYPE_VARCHAR)
			sqlite3_str_appendall(str, "::text");
	}
	else
	{
		/* inside the document */
		const char *name = work->source->columns[column].name;

		for (int i = 0; i < target->ncolumns; i++)
		{
			if (target->columns[i].source == LITE_SOURCE_DOCUMENT)
				lite_pg_ident(str, target->columns[i].name);
		}
		sqlite3_str_appendall(str, " ->> ");
		name = document_name(planner, name);
		lite_pg_literal(str, name, strlen(name));
	}
	if (cut > 0)
		sqlite3_str_appendf(str, ", %lld)", (long long) cut);
	sqlite3_str_appendall(str, ", '')");
}

/* Bytes of text that one row can have in these columns. */
static size_t
longest_row(const LiteTableWork *work, const LiteSearch *search)
{
	size_t total = 0;

	for (int i = 0; i < search->ncolumns && work->profile != NULL; i++)
		total += work->profile->columns[search->columns[i]].bytes_max;
	return total;
}

static char *
search_expression(LitePlanner *planner, LiteTableWork *work,
				  const LiteSearch *search, size_t cut, int *used)
{
	const LitePlanTable *target = &planner->plan->tables[work->index];
	sqlite3_str *str = sqlite3_str_new(NULL);

	*used = 0;
	for (int i = 0; i < search->ncolumns; i++)
	{
		int column = search->columns[i];
		int at = work->target_of[column];

		/* a generated column cannot refer to another */
		if (!is_searchable(work->decisions[column].type.type) ||
			(at < 0 && !work->document) ||
			(at >= 0 && target->columns[at].source == LITE_SOURCE_GENERATED))
		{
			lite_find(planner, LITE_SEVERITY_WARNING, "search",
					  work->source->name,
					  lite_find_column(planner, work->source, column), NULL,
					  "column is left out of the search column: %s",
					  at >= 0 && target->columns[at].source ==
									 LITE_SOURCE_GENERATED
						  ? "it is a generated column"
						  : "its type is not text");
			continue;
		}
		if ((*used)++ > 0)
			sqlite3_str_appendall(str, " || ");
		if (search->weights[i] != 0)
			sqlite3_str_appendall(str, "setweight(");
		sqlite3_str_appendall(str, "to_tsvector(");
		lite_pg_literal(str, search->config, strlen(search->config));
		sqlite3_str_appendall(str, "::regconfig, ");
		append_content(planner, str, target, work, column, cut);
		sqlite3_str_appendchar(str, 1, ')');
		if (search->weights[i] != 0)
			sqlite3_str_appendf(str, ", '%c')", search->weights[i]);
	}
	return lite_arena_finish(planner->arena, str);
}

static void
add_search_column(LitePlanner *planner, LiteTableWork *work,
				  LiteSearch *search)
{
	LitePlanTable *target = &planner->plan->tables[work->index];
	LitePlanColumn *column;
	size_t cut = 0;
	int used;
	int changes;
	char *expression;

	if (search->ncolumns < 0)
		choose_text_columns(work, search);
	if (longest_row(work, search) > LITE_SEARCH_BYTES)
	{
		/* in characters, of up to four bytes */
		cut = LITE_SEARCH_BYTES / 4 / (size_t) search->ncolumns;
		lite_find(planner, LITE_SEVERITY_WARNING, "search", work->source->name,
				  NULL, NULL,
				  "there are texts longer than a tsvector holds: only the "
				  "first %lld characters of a column can be searched",
				  (long long) cut);
	}
	expression = search_expression(planner, work, search, cut, &used);
	if (used == 0)
	{
		lite_find(planner, LITE_SEVERITY_WARNING, "search", work->source->name,
				  NULL, NULL,
				  "no column can be searched: there is no search column");
		return;
	}
	column = &target->columns[target->ncolumns];
	column->name = lite_names_take(work->columns, search->name, &changes);
	column->source = LITE_SOURCE_GENERATED;
	column->column = -1;
	column->type_sql = "tsvector";
	column->generated_sql = expression;
	column->evidence =
		search->origin != NULL &&
				sqlite3_stricmp(search->origin, work->source->name) == 0
			? "it is a full-text table"
		: search->origin != NULL
			? lite_arena_printf(planner->arena,
								"full-text table \"%s\" indexes this table",
								search->origin)
			: "asked for";
	target->ncolumns++;
	lite_find(planner, LITE_SEVERITY_INFO, "search", work->source->name,
			  column->name,
			  lite_arena_printf(planner->arena,
								"SELECT ... FROM %s WHERE %s @@ "
								"websearch_to_tsquery('%s', '...')",
								target->qualified, column->name,
								search->config),
			  "search column \"%s\" over %d column%s, configuration %s",
			  column->name, used, used == 1 ? "" : "s", search->config);
}

void
lite_search_columns(LitePlanner *planner, LiteTableWork *work)
{
	for (int i = 0; i < work->nsearches; i++)
		add_search_column(planner, work, &work->searches[i]);
}
