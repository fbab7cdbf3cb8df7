/*
 * options.c
 *	  The words and the JSON of a plan's options.
 *
 * The JSON is read by SQLite itself, in a database in memory of our own:
 * json_each() gives keys, types and values, and says where text is no JSON.
 */
#include <string.h>

#include "core/planner.h"
#include "core/search.h"
#include "core/stmt.h"

void
lite_plan_options_init(LitePlanOptions *options)
{
	memset(options, 0, sizeof(*options));
	options->infer = LITE_INFER_VALUES;
	options->on_error = LITE_ON_ERROR_STOP;
	options->if_exists = LITE_IF_EXISTS_ERROR;
}

bool
lite_infer_parse(const char *text, LiteInfer *result)
{
	if (sqlite3_stricmp(text, "declared") == 0)
		*result = LITE_INFER_DECLARED;
	else if (sqlite3_stricmp(text, "values") == 0)
		*result = LITE_INFER_VALUES;
	else if (sqlite3_stricmp(text, "eager") == 0)
		*result = LITE_INFER_EAGER;
	else
		return false;
	return true;
}

bool
lite_on_error_parse(const char *text, LiteOnError *result)
{
	if (sqlite3_stricmp(text, "stop") == 0)
		*result = LITE_ON_ERROR_STOP;
	else if (sqlite3_stricmp(text, "reject") == 0)
		*result = LITE_ON_ERROR_REJECT;
	else if (sqlite3_stricmp(text, "null") == 0)
		*result = LITE_ON_ERROR_NULL;
	else
		return false;
	return true;
}

bool
lite_if_exists_parse(const char *text, LiteIfExists *result)
{
	if (sqlite3_stricmp(text, "error") == 0)
		*result = LITE_IF_EXISTS_ERROR;
	else if (sqlite3_stricmp(text, "replace") == 0)
		*result = LITE_IF_EXISTS_REPLACE;
	else if (sqlite3_stricmp(text, "append") == 0)
		*result = LITE_IF_EXISTS_APPEND;
	else if (sqlite3_stricmp(text, "skip") == 0)
		*result = LITE_IF_EXISTS_SKIP;
	else
		return false;
	return true;
}

/* ------------------------------------------------------------------------
 * Names that are not there
 * ------------------------------------------------------------------------ */

static LiteStatus
no_such_table(LitePlanner *planner, const char *option, const char *name)
{
	LiteError *err = planner->err;
	char clipped[80];
	char list[LITE_DETAIL_SIZE - 64];
	size_t used = 0;

	lite_text_clip(clipped, sizeof(clipped), name, strlen(name));
	lite_error_set(err, LITE_INVALID, "option \"%s\": no table \"%s\"", option,
				   clipped);
	list[0] = '\0';
	for (int i = 0; i < planner->schema->ntables; i++)
	{
		const LiteTable *table = &planner->schema->tables[i];

		if (table->kind == LITE_KIND_SHADOW)
			continue;
		lite_text_clip(clipped, sizeof(clipped), table->name,
					   strlen(table->name));
		if (used + strlen(clipped) + 8 > sizeof(list))
		{
			strcpy(list + used, " ...");
			break;
		}
		sqlite3_snprintf((int) (sizeof(list) - used), list + used, "%s%s",
						 used > 0 ? ", " : "", clipped);
		used += strlen(list + used);
	}
	lite_error_hint(err, "The file has: %s.", list);
	return LITE_INVALID;
}

static LiteStatus
no_such_column(LitePlanner *planner, const char *option,
			   const LiteTable *table, const char *name)
{
	LiteError *err = planner->err;
	char clipped[80];
	char list[LITE_DETAIL_SIZE - 64];
	size_t used = 0;

	lite_text_clip(clipped, sizeof(clipped), name, strlen(name));
	lite_error_set(err, LITE_INVALID, "option \"%s\": no column \"%s\"",
				   option, clipped);
	list[0] = '\0';
	for (int i = 0; i < table->ncolumns; i++)
	{
		lite_text_clip(clipped, sizeof(clipped), table->columns[i].name,
					   strlen(table->columns[i].name));
		if (used + strlen(clipped) + 8 > sizeof(list))
		{
			strcpy(list + used, " ...");
			break;
		}
		sqlite3_snprintf((int) (sizeof(list) - used), list + used, "%s%s",
						 used > 0 ? ", " : "", clipped);
		used += strlen(list + used);
	}
	lite_text_clip(clipped, sizeof(clipped), table->name, strlen(table->name));
	lite_error_hint(err, "Table \"%s\" has: %s.", clipped, list);
	return LITE_INVALID;
}

LiteStatus
lite_options_names(LitePlanner *planner, const char *option, int n,
				   const char *const *names)
{
	for (int i = 0; i < n; i++)
	{
		if (strcmp(names[i], "*") == 0)
			continue;
		if (lite_schema_find(planner->schema, names[i]) == NULL)
			return no_such_table(planner, option, names[i]);
	}
	return LITE_OK;
}

/* ------------------------------------------------------------------------
 * JSON
 * ------------------------------------------------------------------------ */

/*
 * Opens "SELECT key, type, atom-or-text FROM json_each(json)" on *memory;
 * close both when done.  json must be an object (or, for lists, an array).
 */
static LiteStatus
open_json(LitePlanner *planner, const char *option, const char *json,
		  bool list, LiteDb **memory, LiteStmt **stmt)
{
	LiteValue value = {.cls = LITE_TEXT, .data = json, .len = strlen(json)};
	LiteJsonKind kind = lite_json_kind(json, strlen(json));
	LiteStatus status;

	if (kind != (list ? LITE_JSON_ARRAY : LITE_JSON_OBJECT))
	{
		char clipped[120];

		lite_error_set(planner->err, LITE_INVALID,
					   "option \"%s\" is not a JSON %s", option,
					   list ? "array" : "object");
		lite_error_detail(planner->err, "It is: %s",
						  lite_text_clip(clipped, sizeof(clipped), json,
										 strlen(json)));
		lite_error_hint(planner->err,
						strcmp(option, "types") == 0
							? "Write it as {\"table.column\": \"type\"}."
							: "Write it as {\"table\": {\"columns\": "
							  "[\"title:A\", \"body\"], \"config\": "
							  "\"english\"}}.");
		return LITE_INVALID;
	}
	status = lite_db_open_memory(memory, planner->err);
	if (status != LITE_OK)
		return status;
	status = lite_stmt_prepare(*memory,
							   "SELECT key, type, value FROM json_each(?1)",
							   stmt, planner->err);
	if (status == LITE_OK)
	{
		status = lite_stmt_bind(*stmt, 1, &value, planner->err);
		if (status == LITE_OK)
			return LITE_OK;
		lite_stmt_finalize(*stmt);
	}
	lite_db_close(*memory);
	return status;
}

/* ------------------------------------------------------------------------
 * types
 * ------------------------------------------------------------------------ */

/* "timestamptz", "timestamptz unix_ms" */
static LiteStatus
parse_type(LitePlanner *planner, const char *text, LiteColumnType *type)
{
	const char *space = strrchr(text, ' ');
	LiteFormat format;

	if (space != NULL && lite_format_parse(space + 1, &format))
	{
		char *head =
			lite_arena_strndup(planner->arena, text, (size_t) (space - text));

		if (head == NULL)
			return lite_error_nomem(planner->err);
		if (lite_type_parse(head, type, NULL) == LITE_OK)
		{
			type->format = format;
			return LITE_OK;
		}
	}
	type->format = LITE_NFORMATS; /* not said: by the values */
	{
		LiteColumnType parsed;
		LiteStatus status = lite_type_parse(text, &parsed, planner->err);

		if (status == LITE_OK)
		{
			*type = parsed;
			type->format = LITE_NFORMATS;
		}
		return status;
	}
}

/*
 * "bigint on_error null", "on_error reject": a policy of the column's own,
 * after the type or without one.  Returns the type's text, "" for none, and
 * *has; NULL if that is no policy.
 */
static const char *
split_policy(LitePlanner *planner, const char *text, LiteOnError *policy,
			 bool *has)
{
	static const char word[] = "on_error ";
	const char *at = strstr(text, word);
	size_t len;

	*has = (at != NULL && (at == text || at[-1] == ' '));
	if (!*has)
		return text;
	if (!lite_on_error_parse(at + strlen(word), policy))
		return NULL;
	len = (size_t) (at - text);
	while (len > 0 && text[len - 1] == ' ')
		len--;
	return lite_arena_strndup(planner->arena, text, len);
}

/*
 * Finds table and column in "table.column".  Both may have dots in them, so
 * every dot is tried.
 */
static LiteStatus
set_override(LitePlanner *planner, const char *key, const char *type_text)
{
	const LiteTable *table = NULL;
	const char *dot;
	LiteColumnType type;
	LiteOnError policy = LITE_ON_ERROR_STOP;
	bool has_policy;
	LiteStatus status;

	for (dot = strchr(key, '.'); dot != NULL; dot = strchr(dot + 1, '.'))
	{
		char *name =
			lite_arena_strndup(planner->arena, key, (size_t) (dot - key));
		const LiteTable *candidate;

		if (name == NULL)
			return lite_error_nomem(planner->err);
		candidate = lite_schema_find(planner->schema, name);
		if (candidate == NULL)
			continue;
		table = candidate;
		if (lite_table_find_column(table, dot + 1) >= 0 ||
			sqlite3_stricmp(dot + 1, "rowid") == 0)
			break;
	}
	if (table == NULL)
		return no_such_table(planner, "types", key);
	if (dot == NULL)
		return no_such_column(planner, "types", table,
							  key + strlen(table->name) + 1);

	type_text = split_policy(planner, type_text, &policy, &has_policy);
	if (type_text == NULL)
	{
		status =
			lite_error_set(planner->err, LITE_INVALID,
						   "option \"types\", \"%.80s\": invalid policy", key);
		lite_error_hint(planner->err, "A type may be followed by \"on_error "
									  "stop\", \"on_error reject\" or "
									  "\"on_error null\".");
		return status;
	}
	status = has_policy && type_text[0] == '\0'
				 ? LITE_OK
				 : parse_type(planner, type_text, &type);
	if (status != LITE_OK)
	{
		lite_error_context(planner->err, "option \"types\", \"%s\"", key);
		return status;
	}
	{
		LiteTableWork *work = lite_planner_work(planner, table);
		int column = lite_table_find_column(table, dot + 1);

		if (work == NULL)
			return LITE_OK; /* a table that is left out */
		if (column < 0)
		{
			if (table->rowid_name == NULL)
				return no_such_column(planner, "types", table, dot + 1);
			work->keep_rowid = true;
			return LITE_OK;
		}
		if (has_policy)
			work->on_error[column] = policy;
		if (type_text[0] == '\0')
			return LITE_OK;
		work->overridden[column] = true;
		work->override[column] = type;
	}
	return LITE_OK;
}

LiteStatus
lite_options_types(LitePlanner *planner)
{
	LiteDb *memory;
	LiteStmt *stmt;
	LiteStatus status;

	if (planner->options->types == NULL)
		return LITE_OK;
	status = open_json(planner, "types", planner->options->types, false,
					   &memory, &stmt);
	if (status != LITE_OK)
		return status;
	while ((status = lite_stmt_step(stmt, planner->err)) == LITE_ROW)
	{
		if (strcmp(lite_stmt_text(stmt, 1), "text") != 0)
		{
			status = lite_error_set(planner->err, LITE_INVALID,
									"option \"types\": the type of \"%.80s\" "
									"is not a string",
									lite_stmt_text(stmt, 0));
			break;
		}
		status = set_override(planner, lite_stmt_text(stmt, 0),
							  lite_stmt_text(stmt, 2));
		if (status != LITE_OK)
			break;
	}
	lite_stmt_finalize(stmt);
	lite_db_close(memory);
	return status == LITE_DONE ? LITE_OK : status;
}

/* ------------------------------------------------------------------------
 * search
 * ------------------------------------------------------------------------ */

/* "title", "title:A" */
static LiteStatus
add_search_column(LitePlanner *planner, const LiteTable *table,
				  LiteSearch *search, const char *text)
{
	int column = lite_table_find_column(table, text);
	const char *colon = strrchr(text, ':');
	char weight = 0;

	if (column < 0 && colon != NULL && colon[1] >= 'A' && colon[1] <= 'D' &&
		colon[2] == '\0')
	{
		char *name =
			lite_arena_strndup(planner->arena, text, (size_t) (colon - text));

		if (name == NULL)
			return lite_error_nomem(planner->err);
		column = lite_table_find_column(table, name);
		weight = colon[1];
	}
	if (column < 0)
		return no_such_column(planner, "search", table, text);
	search->columns[search->ncolumns] = column;
	search->weights[search->ncolumns] = weight;
	search->ncolumns++;
	return LITE_OK;
}

static LiteStatus
search_list(LitePlanner *planner, const LiteTable *table, LiteSearch *search,
			const char *json)
{
	LiteDb *memory;
	LiteStmt *stmt;
	LiteStatus status;

	search->ncolumns = 0;
	status = open_json(planner, "search", json, true, &memory, &stmt);
	if (status != LITE_OK)
		return status;
	while ((status = lite_stmt_step(stmt, planner->err)) == LITE_ROW)
	{
		/* a column twice is one column */
		if (search->ncolumns == table->ncolumns)
			continue;
		if (strcmp(lite_stmt_text(stmt, 1), "text") != 0)
			status = lite_error_set(planner->err, LITE_INVALID,
									"option \"search\": columns of \"%.80s\" "
									"are not all strings",
									table->name);
		else
			status = add_search_column(planner, table, search,
									   lite_stmt_text(stmt, 2));
		if (status != LITE_OK)
			break;
	}
	lite_stmt_finalize(stmt);
	lite_db_close(memory);
	return status == LITE_DONE ? LITE_OK : status;
}

static LiteStatus
search_object(LitePlanner *planner, const LiteTable *table, LiteSearch *search,
			  const char *json)
{
	LiteDb *memory;
	LiteStmt *stmt;
	LiteStatus status;

	status = open_json(planner, "search", json, false, &memory, &stmt);
	if (status != LITE_OK)
		return status;
	while ((status = lite_stmt_step(stmt, planner->err)) == LITE_ROW)
	{
		const char *key = lite_stmt_text(stmt, 0);
		const char *type = lite_stmt_text(stmt, 1);
		const char *text = lite_stmt_text(stmt, 2);

		status = LITE_OK;
		if (strcmp(key, "columns") == 0 && strcmp(type, "array") == 0)
			status = search_list(planner, table, search, text);
		else if (strcmp(key, "config") == 0 && strcmp(type, "text") == 0)
			search->config = lite_arena_strdup(planner->arena, text);
		else if (strcmp(key, "name") == 0 && strcmp(type, "text") == 0)
			search->name = lite_arena_strdup(planner->arena, text);
		else
		{
			status = lite_error_set(planner->err, LITE_INVALID,
									"option \"search\": \"%.80s\" of table "
									"\"%.80s\" is not understood",
									key, table->name);
			lite_error_hint(planner->err,
							"There are \"columns\" (an array of names), "
							"\"config\" and \"name\" (strings).");
		}
		if (status != LITE_OK)
			break;
	}
	lite_stmt_finalize(stmt);
	lite_db_close(memory);
	return status == LITE_DONE ? LITE_OK : status;
}

static LiteStatus
search_table(LitePlanner *planner, const char *name, const char *type,
			 const char *value)
{
	const LiteTable *table = lite_schema_find(planner->schema, name);
	LiteTableWork *work;
	LiteSearch search = {.config = LITE_SEARCH_CONFIG,
						 .name = LITE_SEARCH_NAME};
	LiteStatus status = LITE_OK;

	if (table == NULL)
		return no_such_table(planner, "search", name);
	work = lite_planner_work(planner, table);
	if (work == NULL || strcmp(type, "false") == 0)
		return LITE_OK;
	search.columns =
		lite_arena_newarray(planner->arena, int, table->ncolumns + 1);
	search.weights =
		lite_arena_newarray(planner->arena, char, table->ncolumns + 1);
	if (search.columns == NULL || search.weights == NULL)
		return lite_error_nomem(planner->err);
	search.ncolumns = -1; /* every text column */

	if (strcmp(type, "array") == 0)
		status = search_list(planner, table, &search, value);
	else if (strcmp(type, "object") == 0)
		status = search_object(planner, table, &search, value);
	else if (strcmp(type, "text") == 0)
		search.config = lite_arena_strdup(planner->arena, value);
	else if (strcmp(type, "true") != 0)
		status = lite_error_set(planner->err, LITE_INVALID,
								"option \"search\": the value of \"%.80s\" "
								"is not understood",
								name);
	if (status != LITE_OK)
		return status;
	return lite_search_add(planner, work, &search);
}

LiteStatus
lite_options_search(LitePlanner *planner)
{
	LiteDb *memory;
	LiteStmt *stmt;
	LiteStatus status;

	if (planner->options->search == NULL)
		return LITE_OK;
	status = open_json(planner, "search", planner->options->search, false,
					   &memory, &stmt);
	if (status != LITE_OK)
		return status;
	while ((status = lite_stmt_step(stmt, planner->err)) == LITE_ROW)
	{
		status =
			search_table(planner, lite_stmt_text(stmt, 0),
						 lite_stmt_text(stmt, 1), lite_stmt_text(stmt, 2));
		if (status != LITE_OK)
			break;
	}
	lite_stmt_finalize(stmt);
	lite_db_close(memory);
	return status == LITE_DONE ? LITE_OK : status;
}
