/*
 * infer_words.c
 *	  Evidence in words, with the override to paste; and names, defaults and
 *	  spellings that say something about a column.
 */
#include "core/infer_int.h"

/*
 * Do different spellings mean different moments?  In a zone with summer time
 * not even spelling alike helps: an hour of the year is skipped.
 */
bool
lite_infer_moments_distinct(const Inference *inf)
{
	return inf->p->moments_uniform &&
		   (inf->facts->time_zone == NULL ||
			inf->p->fits[LITE_FIT_MOMENT_ZONE] == inf->texts ||
			inf->p->fits[LITE_FIT_DATE] + inf->p->fits[LITE_FIT_TIME] ==
				inf->texts);
}

const char *
lite_infer_type_text(LiteArena *arena, LiteColumnType type)
{
	char buf[64];

	if (type.type == LITE_TYPE_TIMESTAMPTZ)
		return "timestamptz";
	if (type.type == LITE_TYPE_TIMESTAMP)
		return "timestamp";
	if (type.type == LITE_TYPE_TIME)
		return "time";
	return lite_arena_strdup(arena, lite_type_format(type, buf, sizeof(buf)));
}

/* Inside a JSON string that stands inside an SQL literal. */
static void
append_json_name(sqlite3_str *str, const char *name)
{
	for (const char *c = name; *c != '\0'; c++)
	{
		if (*c == '"' || *c == '\\')
			sqlite3_str_appendf(str, "\\%c", *c);
		else if (*c == '\'')
			sqlite3_str_appendall(str, "''");
		else if ((unsigned char) *c < 0x20)
			sqlite3_str_appendf(str, "\\u%04x", (unsigned char) *c);
		else
			sqlite3_str_append(str, c, 1);
	}
}

const char *
lite_override_text(LiteArena *arena, const char *table, const char *column,
				   LiteColumnType type)
{
	sqlite3_str *str = sqlite3_str_new(NULL);

	sqlite3_str_appendall(str, "types => '{\"");
	append_json_name(str, table);
	sqlite3_str_appendall(str, ".");
	append_json_name(str, column);
	sqlite3_str_appendf(str, "\":\"%s", lite_infer_type_text(arena, type));
	if (type.format != LITE_FORMAT_NATIVE && type.format != LITE_FORMAT_AUTO)
		sqlite3_str_appendf(str, " %s", lite_format_name(type.format));
	sqlite3_str_appendall(str, "\"}'");
	return lite_arena_finish(arena, str);
}

const char *
lite_values_text(LiteArena *arena, const LiteColumnProfile *p)
{
	static const char *const names[LITE_NCLASSES] = {[LITE_INTEGER] =
														 "integer",
													 [LITE_REAL] = "real",
													 [LITE_TEXT] = "text",
													 [LITE_BLOB] = "blob"};
	int64_t values = lite_profile_values(p);
	int classes = 0;
	const char *separator = ": ";
	sqlite3_str *str = sqlite3_str_new(NULL);

	for (int i = LITE_INTEGER; i <= LITE_BLOB; i++)
		classes += p->count[i] > 0;
	sqlite3_str_appendf(str, "%lld value%s", (long long) values,
						values == 1 ? "" : "s");
	for (int i = LITE_INTEGER; i <= LITE_BLOB; i++)
	{
		if (p->count[i] == 0)
			continue;
		sqlite3_str_appendall(str, separator);
		separator = ", ";
		if (classes == 1)
			sqlite3_str_appendf(str, "%s%s%s", values == 1 ? "" : "all ",
								names[i], values == 1 ? "" : "s");
		else
			sqlite3_str_appendf(str, "%lld %s%s", (long long) p->count[i],
								names[i], p->count[i] == 1 ? "" : "s");
		if (i == LITE_INTEGER && p->int_min == p->int_max)
			sqlite3_str_appendf(str, " %lld", (long long) p->int_min);
		else if (i == LITE_INTEGER)
			sqlite3_str_appendf(str, " from %lld to %lld",
								(long long) p->int_min,
								(long long) p->int_max);
	}
	return lite_arena_finish(arena, str);
}

void
lite_infer_suggest(Inference *inf, LiteColumnType type, const char *why)
{
	inf->d->suggested = type;
	inf->d->suggestion =
		lite_arena_printf(inf->arena, "%s; %s would make it %s", why,
						  lite_override_text(inf->arena,
											 inf->facts->table->name,
											 inf->facts->column->name, type),
						  lite_infer_type_text(inf->arena, type));
}

void
lite_infer_find(Inference *inf, LiteSeverity severity, const char *code,
				const char *finding, const char *advice)
{
	inf->d->severity = severity;
	inf->d->code = code;
	inf->d->finding = finding;
	inf->d->advice = advice;
}

/* "the first in row 17" */
const char *
lite_infer_first_row(Inference *inf, LiteFit fit)
{
	if (!inf->p->failed[fit])
		return "";
	return lite_arena_printf(inf->arena, ", the first one in row %lld",
							 (long long) inf->p->failed_row[fit]);
}

/* ------------------------------------------------------------------------
 * Names and texts that say something
 * ------------------------------------------------------------------------ */

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* is_active, isActive; not "island" or "issue". */
bool
lite_infer_is_boolean_name(const char *name)
{
	static const char *const verbs[] = {"is",	 "has",	  "can", "should",
										"was",	 "will",  "did", "does",
										"allow", "needs", "must"};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
	{
		size_t len = strlen(verbs[i]);

		if (sqlite3_strnicmp(name, verbs[i], (int) len) != 0)
			continue;
		if (name[len] == '_' && name[len + 1] != '\0')
			return true;
		if (is_upper(name[len]) && !is_upper(name[len - 1]))
			return true;
	}
	return false;
}

bool
lite_infer_ends_with(const char *name, const char *end)
{
	size_t len = strlen(name);
	size_t elen = strlen(end);

	return len >= elen && sqlite3_stricmp(name + len - elen, end) == 0;
}

/* created_at, createdAt, LastSeenTime, timestamp, mtime, date_added. */
bool
lite_infer_is_time_name(const char *name)
{
	static const char *const whole[] = {"date",	   "time",		"created",
										"updated", "modified",	"deleted",
										"expires", "timestamp", "ts",
										"mtime",   "ctime",		"atime"};
	static const char *const ends[] = {"_at",	 "_on",		 "_time",
									   "_date",	 "_ts",		 "timestamp",
									   "_utc",	 "_created", "_modified",
									   "_until", "_since"};

	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++)
	{
		if (sqlite3_stricmp(name, whole[i]) == 0)
			return true;
	}
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
	{
		if (lite_infer_ends_with(name, ends[i]))
			return true;
	}
	if (sqlite3_strnicmp(name, "date_", 5) == 0 ||
		sqlite3_strnicmp(name, "time_", 5) == 0)
		return true;
	/* camel case: a capital of its own */
	return (lite_infer_ends_with(name, "At") ||
			lite_infer_ends_with(name, "Time") ||
			lite_infer_ends_with(name, "Date")) &&
		   strlen(name) > 4 &&
		   (strcmp(name + strlen(name) - 2, "At") == 0 ||
			strcmp(name + strlen(name) - 4, "Time") == 0 ||
			strcmp(name + strlen(name) - 4, "Date") == 0);
}

/* Does the default make a number of the present time? */
bool
lite_infer_default_is_epoch(const char *text)
{
	return text != NULL && (sqlite3_strlike("%unixepoch%", text, 0) == 0 ||
							sqlite3_strlike("%julianday%", text, 0) == 0 ||
							strstr(text, "'%s'") != NULL);
}

/* 0, 1, '0', '1', (0), TRUE, FALSE */
bool
lite_infer_default_is_01(const char *text)
{
	if (text == NULL)
		return false;
	while (*text == '(' || *text == ' ' || *text == '\'')
		text++;
	if (sqlite3_strnicmp(text, "true", 4) == 0)
		text += 4;
	else if (sqlite3_strnicmp(text, "false", 5) == 0)
		text += 5;
	else if (*text == '0' || *text == '1')
		text++;
	else
		return false;
	while (*text == ')' || *text == ' ' || *text == '\'')
		text++;
	return *text == '\0';
}
