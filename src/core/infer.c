/*
 * infer.c
 *	  What type a column becomes, and why.
 *
 *		lite_infer_column
 *			-> by_declaration()		the type wished for, if all values fit it
 *			-> by_text_values()		TEXT that is JSON, a moment, a uuid
 *			-> by_integer_values()	INTEGER that is a boolean, an epoch
 *			-> by_classes()			what holds whatever is left
 *
 * Every promotion names its evidence in words.  A promotion that is only
 * likely becomes a suggestion (taken when infer is "eager").  doc/types.md
 * states the rules for users.
 */
#include <string.h>

#include "core/infer.h"

typedef struct Inference
{
	LiteArena *arena;
	const LiteColumnFacts *facts;
	const LiteColumnProfile *p; /* NULL when there are no values */
	int64_t values;
	int64_t integers;
	int64_t reals;
	int64_t texts;
	int64_t blobs;
	LiteColumnType declared;
	LiteDecision *d;
} Inference;

static LiteColumnType
make_type(LiteType type, LiteFormat format)
{
	LiteColumnType result = {type, 0, 0, format};

	return result;
}

/* ------------------------------------------------------------------------
 * Words
 * ------------------------------------------------------------------------ */

/*
 * Do different spellings mean different moments?  In a zone with summer time
 * not even spelling alike helps: an hour of the year is skipped.
 */
static bool
moments_distinct(const Inference *inf)
{
	return inf->p->moments_uniform &&
		   (inf->facts->time_zone == NULL ||
			inf->p->fits[LITE_FIT_MOMENT_ZONE] == inf->texts ||
			inf->p->fits[LITE_FIT_DATE] + inf->p->fits[LITE_FIT_TIME] ==
				inf->texts);
}

static const char *
type_text(LiteArena *arena, LiteColumnType type)
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
	sqlite3_str_appendf(str, "\":\"%s", type_text(arena, type));
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

#define set_evidence(inf, ...)                                                \
	((inf)->d->evidence = lite_arena_printf((inf)->arena, __VA_ARGS__))

static void
suggest(Inference *inf, LiteColumnType type, const char *why)
{
	inf->d->suggested = type;
	inf->d->suggestion =
		lite_arena_printf(inf->arena, "%s; %s would make it %s", why,
						  lite_override_text(inf->arena,
											 inf->facts->table->name,
											 inf->facts->column->name, type),
						  type_text(inf->arena, type));
}

static void
find(Inference *inf, LiteSeverity severity, const char *code,
	 const char *finding, const char *advice)
{
	inf->d->severity = severity;
	inf->d->code = code;
	inf->d->finding = finding;
	inf->d->advice = advice;
}

/* "the first in row 17" */
static const char *
first_row(Inference *inf, LiteFit fit)
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
static bool
is_boolean_name(const char *name)
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

static bool
ends_with(const char *name, const char *end)
{
	size_t len = strlen(name);
	size_t elen = strlen(end);

	return len >= elen && sqlite3_stricmp(name + len - elen, end) == 0;
}

/* created_at, createdAt, LastSeenTime, timestamp, mtime, date_added. */
static bool
is_time_name(const char *name)
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
		if (ends_with(name, ends[i]))
			return true;
	}
	if (sqlite3_strnicmp(name, "date_", 5) == 0 ||
		sqlite3_strnicmp(name, "time_", 5) == 0)
		return true;
	/* camel case: a capital of its own */
	return (ends_with(name, "At") || ends_with(name, "Time") ||
			ends_with(name, "Date")) &&
		   strlen(name) > 4 &&
		   (strcmp(name + strlen(name) - 2, "At") == 0 ||
			strcmp(name + strlen(name) - 4, "Time") == 0 ||
			strcmp(name + strlen(name) - 4, "Date") == 0);
}

/* Does the default make a number of the present time? */
static bool
default_is_epoch(const char *text)
{
	return text != NULL && (sqlite3_strlike("%unixepoch%", text, 0) == 0 ||
							sqlite3_strlike("%julianday%", text, 0) == 0 ||
							strstr(text, "'%s'") != NULL);
}

/* 0, 1, '0', '1', (0), TRUE, FALSE */
static bool
default_is_01(const char *text)
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

/* ------------------------------------------------------------------------
 * By storage classes alone
 * ------------------------------------------------------------------------ */

static LiteColumnType
number_type(const Inference *inf)
{
	if (inf->reals == 0)
		return make_type(LITE_TYPE_INT8, LITE_FORMAT_NATIVE);
	if (inf->p->real_nonfinite > 0)
		return make_type(inf->p->int_beyond_double ? LITE_TYPE_TEXT
												   : LITE_TYPE_FLOAT8,
						 LITE_FORMAT_NATIVE);
	return make_type(inf->p->int_beyond_double ? LITE_TYPE_NUMERIC
											   : LITE_TYPE_FLOAT8,
					 LITE_FORMAT_NATIVE);
}

/*
 * The type that holds every value as it is.  Text holds numbers (their
 * decimal form) and, in format AUTO, those blobs that are text; bytea holds
 * blobs and, in format AUTO, text.  A blob that is no text next to numbers is
 * held by nothing: text, and the blobs are reported.
 */
static LiteColumnType
class_type(const Inference *inf)
{
	bool numbers = inf->integers + inf->reals > 0;

	if (inf->values == 0)
		return make_type(LITE_TYPE_TEXT, LITE_FORMAT_NATIVE);
	if (inf->texts == 0 && inf->blobs == 0)
		return number_type(inf);
	if (inf->blobs == 0)
		return make_type(LITE_TYPE_TEXT, LITE_FORMAT_NATIVE);
	if (inf->texts == 0 && !numbers)
		return make_type(LITE_TYPE_BYTEA, LITE_FORMAT_NATIVE);
	if (numbers ||
		(inf->p->fits[LITE_FIT_BLOB_TEXT] == inf->blobs && !inf->p->has_bad))
		return make_type(LITE_TYPE_TEXT, LITE_FORMAT_AUTO);
	return make_type(LITE_TYPE_BYTEA, LITE_FORMAT_AUTO);
}

/* The values are not what the declaration says: keep them all, and tell. */
static void
by_classes(Inference *inf, const char *why)
{
	LiteDecision *d = inf->d;
	const char *declared = inf->facts->column->declared;

	d->type = class_type(inf);
	set_evidence(inf, "%s%s%s", lite_values_text(inf->arena, inf->p),
				 why != NULL ? "; " : "", why != NULL ? why : "");
	if (d->mixed)
		find(inf, LITE_SEVERITY_WARNING, "mixed",
			 lite_arena_printf(inf->arena,
							   "the column holds %s%s%s: it becomes %s, which "
							   "keeps them all",
							   lite_values_text(inf->arena, inf->p),
							   why != NULL ? "; " : "", why != NULL ? why : "",
							   type_text(inf->arena, d->type)),
			 NULL);
	else if (d->type.type != inf->declared.type && *declared != '\0')
		find(inf, LITE_SEVERITY_INFO, "type",
			 lite_arena_printf(
				 inf->arena, "declared %s, but %s: becomes %s", declared,
				 why != NULL ? why : lite_values_text(inf->arena, inf->p),
				 type_text(inf->arena, d->type)),
			 NULL);
}

/* ------------------------------------------------------------------------
 * Times
 * ------------------------------------------------------------------------ */

typedef struct Epoch
{
	LiteFit plausible;
	LiteFit converts; /* LITE_NFITS: not converted unless asked */
	LiteFormat format;
	const char *words;
} Epoch;

static const Epoch epochs[] = {
	{LITE_FIT_UNIX_S, LITE_FIT_EPOCH_S, LITE_FORMAT_UNIX_S,
	 "seconds since 1970"},
	{LITE_FIT_UNIX_MS, LITE_FIT_EPOCH_MS, LITE_FORMAT_UNIX_MS,
	 "milliseconds since 1970"},
	{LITE_FIT_UNIX_US, LITE_FIT_EPOCH_US, LITE_FORMAT_UNIX_US,
	 "microseconds since 1970"},
	{LITE_FIT_JULIAN, LITE_FIT_EPOCH_JULIAN, LITE_FORMAT_JULIAN,
	 "julian days"},
	{LITE_FIT_UNIX_NS, LITE_NFITS, LITE_FORMAT_UNIX_NS,
	 "nanoseconds since 1970"},
	{LITE_FIT_WEBKIT, LITE_NFITS, LITE_FORMAT_WEBKIT,
	 "microseconds since 1601"},
	{LITE_FIT_COCOA, LITE_NFITS, LITE_FORMAT_COCOA, "seconds since 2001"}};

#define NEPOCHS (sizeof(epochs) / sizeof(epochs[0]))

/*
 * 631152000 to 1000000000 are the seconds of 1990 to 2001 since 1970, and
 * those of 2021 to 2032 since 2001, Apple's epoch (Core Data writes such
 * numbers into columns declared TIMESTAMP).  A column with nothing later in it
 * may be either.
 */
#define AMBIGUOUS_SECONDS 1000000000

static const Epoch ambiguous_epoch = {
	LITE_FIT_COCOA, LITE_NFITS, LITE_FORMAT_COCOA,
	"seconds since 2001, as Apple counts them, or, if all are from before "
	"September 2001, seconds since 1970"};

static bool
is_ambiguous(const LiteColumnProfile *p)
{
	return lite_profile_all(p, LITE_FIT_UNIX_S) &&
		   lite_profile_all(p, LITE_FIT_COCOA) &&
		   (p->count[LITE_INTEGER] == 0 || p->int_max < AMBIGUOUS_SECONDS) &&
		   (p->count[LITE_REAL] == 0 || p->real_max < AMBIGUOUS_SECONDS);
}

/* What these numbers look like as times, or NULL. */
static const Epoch *
find_epoch(const LiteColumnProfile *p)
{
	if (is_ambiguous(p))
		return &ambiguous_epoch;
	for (size_t i = 0; i < NEPOCHS; i++)
	{
		if (lite_profile_all(p, epochs[i].plausible))
			return &epochs[i];
	}
	return NULL;
}

static void
suggest_times(Inference *inf, const Epoch *epoch)
{
	suggest(inf, make_type(LITE_TYPE_TIMESTAMPTZ, epoch->format),
			lite_arena_printf(inf->arena, "the numbers look like %s",
							  epoch->words));
	/* a reader can tell which epoch it is; not even the eager guess */
	if (epoch == &ambiguous_epoch)
		inf->d->suggested.type = LITE_TYPE_NONE;
}

/* A column declared to hold times that holds numbers only. */
static void
by_time_numbers(Inference *inf)
{
	const Epoch *epoch = find_epoch(inf->p);
	LiteColumnType type = make_type(LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_AUTO);
	/* two doubles may become one microsecond */
	bool distinct = !inf->facts->unique || inf->reals == 0;

	if (epoch != NULL)
		type.format = epoch->format;
	if (inf->declared.type == LITE_TYPE_TIME)
		epoch = NULL;
	else if (epoch != NULL && epoch->converts != LITE_NFITS && distinct &&
			 lite_profile_all(inf->p, epoch->converts))
	{
		inf->d->type = type;
		set_evidence(inf, "declared %s; %s, plausible as %s",
					 inf->facts->column->declared,
					 lite_values_text(inf->arena, inf->p), epoch->words);
		return;
	}
	else if (epoch == NULL && !inf->facts->unique &&
			 lite_profile_all(inf->p, LITE_FIT_AUTO))
	{
		inf->d->type = type;
		set_evidence(inf,
					 "declared %s; %s, each of them a time by its magnitude",
					 inf->facts->column->declared,
					 lite_values_text(inf->arena, inf->p));
		find(inf, LITE_SEVERITY_INFO, "mixed_times",
			 "the column mixes units of time (seconds, milliseconds, julian "
			 "days): each value is read by its magnitude",
			 NULL);
		return;
	}
	by_classes(inf, "numbers that are not times without doubt");
	if (epoch != NULL)
		suggest_times(inf, epoch);
}

static void
by_time(Inference *inf)
{
	const LiteColumnProfile *p = inf->p;
	int64_t dates = p->fits[LITE_FIT_DATE];
	int64_t times = p->fits[LITE_FIT_TIME];
	int64_t moments = p->fits[LITE_FIT_MOMENT];
	LiteType type = LITE_TYPE_NONE;
	const char *what = "";

	if (inf->texts == 0 && inf->blobs == 0)
	{
		by_time_numbers(inf);
		return;
	}
	if (inf->texts == inf->values)
	{
		if (inf->declared.type == LITE_TYPE_DATE && dates == inf->texts)
		{
			type = LITE_TYPE_DATE;
			what = "all dates";
		}
		else if (inf->declared.type == LITE_TYPE_TIME && times == inf->texts)
		{
			type = LITE_TYPE_TIME;
			what = "all times of day";
		}
		else if (dates + moments == inf->texts)
		{
			type = inf->declared.type == LITE_TYPE_TIMESTAMP &&
						   p->fits[LITE_FIT_MOMENT_ZONE] == 0
					   ? LITE_TYPE_TIMESTAMP
					   : LITE_TYPE_TIMESTAMPTZ;
			what = moments == inf->texts ? "all dates with time"
										 : "dates, with and without time";
		}
		if (type != LITE_TYPE_NONE && inf->facts->unique &&
			!moments_distinct(inf))
		{
			by_classes(inf, "times spelled in several ways in a unique "
							"column, which must stay as distinct as they are");
			return;
		}
		if (type != LITE_TYPE_NONE)
		{
			inf->d->type = make_type(type, LITE_FORMAT_NATIVE);
			set_evidence(inf, "declared %s; %s, %s",
						 inf->facts->column->declared,
						 lite_values_text(inf->arena, p), what);
			if (type == LITE_TYPE_TIMESTAMPTZ &&
				inf->declared.type == LITE_TYPE_DATE)
				find(inf, LITE_SEVERITY_INFO, "type",
					 "declared as a date, but values have a time: becomes "
					 "timestamptz",
					 NULL);
			return;
		}
	}
	else if (!inf->facts->unique && inf->blobs == 0 &&
			 inf->declared.type != LITE_TYPE_TIME &&
			 lite_profile_all(p, LITE_FIT_AUTO))
	{
		inf->d->type = make_type(LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_AUTO);
		set_evidence(inf,
					 "declared %s; %s, each of them a time (text by ISO 8601, "
					 "numbers by their magnitude)",
					 inf->facts->column->declared,
					 lite_values_text(inf->arena, p));
		find(inf, LITE_SEVERITY_INFO, "mixed_times",
			 "the column mixes ISO text and numbers: each value is read as "
			 "the time it stands for",
			 NULL);
		return;
	}
	by_classes(inf, lite_arena_printf(inf->arena,
									  "not every value is a date or time%s",
									  first_row(inf, p->failed[LITE_FIT_AUTO]
														 ? LITE_FIT_AUTO
														 : LITE_FIT_MOMENT)));
}

/* ------------------------------------------------------------------------
 * Text
 * ------------------------------------------------------------------------ */

/* At least 19 of 20, so that telling is worth a line. */
static bool
mostly(int64_t part, int64_t whole)
{
	return part > 0 && part >= whole - whole / 20;
}

static void
almost(Inference *inf, LiteFit fit, int64_t fitting, LiteColumnType type,
	   const char *what)
{
	int64_t others = inf->texts - fitting;

	inf->d->suggested = type;
	inf->d->suggestion = lite_arena_printf(
		inf->arena,
		"all but %lld of %lld values are %s%s; with these corrected, or with "
		"on_error => 'reject', %s would make it %s",
		(long long) others, (long long) inf->texts, what, first_row(inf, fit),
		lite_override_text(inf->arena, inf->facts->table->name,
						   inf->facts->column->name, type),
		type_text(inf->arena, type));
	/* never taken by infer => 'eager': it would reject values */
	inf->d->suggested.type = LITE_TYPE_NONE;
}

/* A jsonb has strings, arrays and objects of 256 MB at the most
 * (JENTRY_OFFLENMASK); below this no text can come to more. */
#define JSONB_BYTES ((size_t) 64 * 1024 * 1024)

/* JSON to its application, but not to jsonb: somebody has to know. */
static void
find_json_nul(Inference *inf)
{
	const LiteColumnProfile *p = inf->p;

	find(inf, LITE_SEVERITY_INFO, "json",
		 lite_arena_printf(inf->arena,
						   "JSON, but %lld value%s \\u0000 in it, which no "
						   "jsonb can%s: the column stays text",
						   (long long) p->json_nul,
						   p->json_nul == 1 ? " has" : "s have",
						   first_row(inf, LITE_FIT_JSON_CONTAINER)),
		 NULL);
}

/* TEXT that is JSON in every value. */
static bool
try_json(Inference *inf)
{
	const LiteColumnProfile *p = inf->p;
	int64_t containers = p->fits[LITE_FIT_JSON_CONTAINER];
	int64_t nulls = p->fits[LITE_FIT_JSON_NULL];
	LiteColumnType type = make_type(LITE_TYPE_JSONB, LITE_FORMAT_NATIVE);

	if (containers == 0 || p->bytes_max > JSONB_BYTES)
		return false;
	if (containers + nulls < inf->texts)
	{
		if (p->json_nul > 0 &&
			mostly(containers + nulls + p->json_nul, inf->texts))
			find_json_nul(inf);
		else if (mostly(containers + nulls, inf->texts))
			almost(inf, LITE_FIT_JSON_CONTAINER, containers + nulls, type,
				   "JSON objects or arrays");
		return false;
	}
	if (inf->facts->unique || inf->facts->key_family)
	{
		suggest(inf, type,
				"every value is a JSON object or array, but the column is "
				"part of a key, where two spellings are two values");
		inf->d->suggested.type = LITE_TYPE_NONE;
		return false;
	}
	inf->d->type = type;
	set_evidence(inf, "%s; each is a JSON object or array%s%s",
				 lite_values_text(inf->arena, p),
				 nulls > 0 ? " (or the literal null)" : "",
				 inf->facts->check_json ? ", and CHECK asks json_valid" : "");
	return true;
}

/* TEXT that is a date with time in every value. */
static bool
try_moments(Inference *inf)
{
	const LiteColumnProfile *p = inf->p;
	int64_t moments = p->fits[LITE_FIT_MOMENT];
	int64_t zones = p->fits[LITE_FIT_MOMENT_ZONE];
	LiteColumnType type = make_type(LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_NATIVE);

	if (moments == 0)
		return false;
	if (moments < inf->texts)
	{
		if (mostly(moments, inf->texts))
			almost(inf, LITE_FIT_MOMENT, moments, type, "dates with a time");
		return false;
	}
	if ((inf->facts->unique || inf->facts->key_family) &&
		!moments_distinct(inf))
	{
		suggest(inf, type,
				"every value is a date with time, but they are spelled in "
				"several ways and the column is part of a key");
		inf->d->suggested.type = LITE_TYPE_NONE;
		return false;
	}
	inf->d->type = type;
	set_evidence(inf, "%s; each is a date with time%s%s",
				 lite_values_text(inf->arena, p),
				 zones == inf->texts ? " and zone"
				 : zones > 0		 ? ", some with a zone, the rest in "
									 : ", without a zone: ",
				 zones == inf->texts			 ? ""
				 : inf->facts->time_zone != NULL ? inf->facts->time_zone
												 : "UTC");
	return true;
}

/*
 * .NET writes seven digits of a second, Go and Python's NumPy nine.  What
 * timestamptz would round stays text, but somebody should know why.
 */
static bool
is_fine_time(const char *text)
{
	int digits = 0;

	if (text == NULL || strlen(text) < 21 || text[4] != '-' ||
		text[7] != '-' || (text[10] != ' ' && text[10] != 'T') ||
		text[13] != ':' || text[16] != ':' || text[19] != '.')
		return false;
	while (text[20 + digits] >= '0' && text[20 + digits] <= '9')
		digits++;
	return digits > 6;
}

static void
suggest_text(Inference *inf)
{
	const LiteColumnProfile *p = inf->p;

	if (is_fine_time(p->examples[0]) && p->fits[LITE_FIT_DATE] == 0 &&
		p->fits[LITE_FIT_TIME] == 0)
	{
		inf->d->suggestion =
			"there are times with more than six digits of a second, which "
			"timestamptz would round; as text they stay exact";
		return;
	}

	if (p->fits[LITE_FIT_UUID_TEXT] == inf->texts &&
		(p->uuids_uniform || !inf->facts->unique))
		suggest(inf, make_type(LITE_TYPE_UUID, LITE_FORMAT_NATIVE),
				"every value is a UUID");
	else if (p->fits[LITE_FIT_DATE] == inf->texts &&
			 (moments_distinct(inf) || !inf->facts->unique))
		suggest(inf, make_type(LITE_TYPE_DATE, LITE_FORMAT_NATIVE),
				"every value is a date");
}

/* TEXT only: what else it may be. */
static void
by_text_values(Inference *inf)
{
	inf->d->type = make_type(LITE_TYPE_TEXT, LITE_FORMAT_NATIVE);
	set_evidence(inf, "%s", lite_values_text(inf->arena, inf->p));
	if (inf->facts->infer == LITE_INFER_DECLARED)
		return;
	if (try_json(inf) || try_moments(inf))
		return;
	if (inf->d->suggestion == NULL)
		suggest_text(inf);
}

/* ------------------------------------------------------------------------
 * Integers
 * ------------------------------------------------------------------------ */

static LiteType
integer_width(const Inference *inf)
{
	LiteType wished = inf->declared.type;

	if (wished == LITE_TYPE_INT2 && !inf->p->failed[LITE_FIT_INT2])
		return LITE_TYPE_INT2;
	if ((wished == LITE_TYPE_INT2 || wished == LITE_TYPE_INT4) &&
		!inf->p->failed[LITE_FIT_INT4])
		return LITE_TYPE_INT4;
	return LITE_TYPE_INT8;
}

static void
suggest_epoch(Inference *inf)
{
	const Epoch *epoch = find_epoch(inf->p);

	if (epoch == NULL || inf->facts->key_family || inf->facts->unique)
		return;
	if (is_time_name(inf->facts->column->name) ||
		default_is_epoch(inf->facts->column->default_sql))
		suggest_times(inf, epoch);
}

/*
 * Numbers that are all 0 or 1: a truth value, if more than the values says so.
 */
static bool
try_truth(Inference *inf)
{
	const LiteColumnFacts *facts = inf->facts;
	const LiteColumn *column = facts->column;
	bool by_default = default_is_01(column->default_sql);

	if (facts->key_family || !lite_profile_all(inf->p, LITE_FIT_BOOL_01))
		return false;
	if (facts->check_boolean)
		set_evidence(inf, "%s; CHECK allows 0 and 1 only",
					 lite_values_text(inf->arena, inf->p));
	else if (is_boolean_name(column->name) && !facts->unique &&
			 (column->not_null || by_default))
		set_evidence(inf, "%s; named like a truth value, %s",
					 lite_values_text(inf->arena, inf->p),
					 by_default ? "and its default is one" : "and NOT NULL");
	else
		return false;
	inf->d->type = make_type(LITE_TYPE_BOOL, LITE_FORMAT_NATIVE);
	return true;
}

static void
by_integer_values(Inference *inf)
{
	const LiteColumnFacts *facts = inf->facts;
	const LiteColumn *column = facts->column;
	bool truth = lite_profile_all(inf->p, LITE_FIT_BOOL_01);
	LiteColumnType boolean = make_type(LITE_TYPE_BOOL, LITE_FORMAT_NATIVE);

	inf->d->type = make_type(integer_width(inf), LITE_FORMAT_NATIVE);
	set_evidence(inf, "%s", lite_values_text(inf->arena, inf->p));
	if (inf->d->type.type != inf->declared.type &&
		(inf->declared.type == LITE_TYPE_INT2 ||
		 inf->declared.type == LITE_TYPE_INT4))
		find(inf, LITE_SEVERITY_INFO, "type",
			 lite_arena_printf(
				 inf->arena,
				 "declared %s, but values go from %lld to %lld: becomes %s",
				 column->declared, (long long) inf->p->int_min,
				 (long long) inf->p->int_max,
				 type_text(inf->arena, inf->d->type)),
			 NULL);
	if (facts->infer == LITE_INFER_DECLARED)
		return;
	if (truth && !facts->key_family)
	{
		if (try_truth(inf))
			return;
		/* a counter may have seen 0 and 1 only: not even the eager take it */
		if (!facts->unique && inf->p->int_min == 0 && inf->p->int_max == 1)
		{
			suggest(inf, boolean, "every value is 0 or 1");
			if (!is_boolean_name(column->name))
				inf->d->suggested.type = LITE_TYPE_NONE;
		}
		return;
	}
	suggest_epoch(inf);
}

/* ------------------------------------------------------------------------
 * By declaration
 * ------------------------------------------------------------------------ */

static void
by_boolean(Inference *inf)
{
	if (lite_profile_all(inf->p, LITE_FIT_BOOL_01))
	{
		inf->d->type = make_type(LITE_TYPE_BOOL, LITE_FORMAT_NATIVE);
		set_evidence(inf, "declared %s; %s", inf->facts->column->declared,
					 lite_values_text(inf->arena, inf->p));
	}
	else if (lite_profile_all(inf->p, LITE_FIT_AUTO) && !inf->facts->unique &&
			 !inf->facts->key_family)
	{
		inf->d->type = make_type(LITE_TYPE_BOOL, LITE_FORMAT_AUTO);
		set_evidence(inf, "declared %s; %s, each of them a truth value",
					 inf->facts->column->declared,
					 lite_values_text(inf->arena, inf->p));
	}
	else
		by_classes(inf, lite_arena_printf(inf->arena,
										  "not every value is a truth value%s",
										  first_row(inf, LITE_FIT_AUTO)));
}

static void
by_numeric(Inference *inf)
{
	LiteColumnType bare = make_type(LITE_TYPE_NUMERIC, LITE_FORMAT_NATIVE);
	bool numbers = inf->integers + inf->reals == inf->values;

	if (inf->texts > 0 && inf->blobs == 0 && !inf->facts->unique &&
		inf->p->fits[LITE_FIT_DECIMAL_TEXT] == inf->texts &&
		inf->p->real_nonfinite == 0)
	{
		/* more digits than a double has: SQLite kept them as text */
		inf->d->type = bare;
		set_evidence(inf, "declared %s; %s, all of them numbers",
					 inf->facts->column->declared,
					 lite_values_text(inf->arena, inf->p));
		return;
	}
	if (!numbers || inf->p->real_nonfinite > 0)
	{
		by_classes(inf, inf->p->real_nonfinite > 0 && numbers
							? "an infinity, which only a double holds"
							: NULL);
		return;
	}
	/* some ORMs have no BOOLEAN and write NUMERIC (GORM) */
	if (inf->declared.precision == 0 &&
		inf->facts->infer != LITE_INFER_DECLARED && try_truth(inf))
		return;
	if (inf->declared.precision == 0)
	{
		inf->d->type = bare;
		set_evidence(inf, "declared %s; %s", inf->facts->column->declared,
					 lite_values_text(inf->arena, inf->p));
	}
	else if (lite_profile_all(inf->p, LITE_FIT_NUMERIC_PS))
	{
		inf->d->type = inf->declared;
		set_evidence(inf, "declared %s; %s, all within it",
					 inf->facts->column->declared,
					 lite_values_text(inf->arena, inf->p));
	}
	else
	{
		inf->d->type = bare;
		set_evidence(inf, "declared %s; %s, with more digits than that",
					 inf->facts->column->declared,
					 lite_values_text(inf->arena, inf->p));
		find(inf, LITE_SEVERITY_INFO, "type",
			 lite_arena_printf(inf->arena,
							   "declared %s, but not every value keeps to "
							   "it%s: becomes numeric",
							   inf->facts->column->declared,
							   first_row(inf, LITE_FIT_NUMERIC_PS)),
			 NULL);
	}
}

static void
by_real(Inference *inf)
{
	if (inf->integers + inf->reals < inf->values)
	{
		by_classes(inf, NULL);
		return;
	}
	inf->d->type = number_type(inf);
	/* integers in a REAL column: a double all the same, while it is exact */
	if (inf->d->type.type == LITE_TYPE_INT8)
		inf->d->type.type =
			inf->p->int_beyond_double ? LITE_TYPE_NUMERIC : LITE_TYPE_FLOAT8;
	set_evidence(inf, "declared %s; %s", inf->facts->column->declared,
				 lite_values_text(inf->arena, inf->p));
	if (inf->facts->infer != LITE_INFER_DECLARED)
		suggest_epoch(inf);
}

static void
by_uuid(Inference *inf)
{
	const LiteColumnProfile *p = inf->p;
	bool unique = inf->facts->unique || inf->facts->key_family;
	LiteFormat format = LITE_FORMAT_NATIVE;
	bool good = false;

	if (p->fits[LITE_FIT_UUID_TEXT] == inf->values)
		good = !unique || p->uuids_uniform;
	else if (p->fits[LITE_FIT_UUID_BLOB] == inf->values)
	{
		good = true;
		format = LITE_FORMAT_BLOB;
	}
	else if (lite_profile_all(p, LITE_FIT_AUTO))
	{
		good = !unique;
		format = LITE_FORMAT_AUTO;
	}
	if (!good)
	{
		by_classes(inf,
				   unique && lite_profile_all(p, LITE_FIT_AUTO)
					   ? "UUIDs spelled in several ways in a key"
					   : lite_arena_printf(inf->arena,
										   "not every value is a UUID%s",
										   first_row(inf, LITE_FIT_AUTO)));
		return;
	}
	inf->d->type = make_type(LITE_TYPE_UUID, format);
	set_evidence(inf, "declared %s; %s, all UUIDs",
				 inf->facts->column->declared,
				 lite_values_text(inf->arena, p));
}

static void
by_json(Inference *inf)
{
	const LiteColumnProfile *p = inf->p;
	bool unique = inf->facts->unique || inf->facts->key_family;
	LiteFormat format = LITE_FORMAT_AUTO;

	if (p->fits[LITE_FIT_JSON_CONTAINER] + p->fits[LITE_FIT_JSON_NULL] ==
		inf->values)
		format = LITE_FORMAT_NATIVE;
	else if (p->fits[LITE_FIT_JSONB_BLOB] == inf->values)
		format = LITE_FORMAT_BLOB;
	else if (!lite_profile_all(p, LITE_FIT_AUTO))
	{
		by_classes(inf,
				   lite_arena_printf(inf->arena, "not every value is JSON%s%s",
									 p->json_nul > 0
										 ? " as jsonb has it (\\u0000)"
										 : "",
									 first_row(inf, LITE_FIT_AUTO)));
		return;
	}
	if (p->bytes_max > JSONB_BYTES)
	{
		by_classes(inf, "JSON too long for jsonb");
		return;
	}
	if (unique)
	{
		by_classes(inf, "JSON in a key, where two spellings are two values");
		return;
	}
	inf->d->type = make_type(LITE_TYPE_JSONB, format);
	set_evidence(inf, "declared %s; %s, all JSON",
				 inf->facts->column->declared,
				 lite_values_text(inf->arena, p));
}

/*
 * A BLOB column.  Every blob a JSONB array or object, and enough bytes of
 * them that it cannot be chance: JSONB.
 */
static void
by_bytea(Inference *inf)
{
	const LiteColumnProfile *p = inf->p;

	if (inf->blobs == inf->values && !inf->facts->unique &&
		!inf->facts->key_family && inf->facts->infer != LITE_INFER_DECLARED &&
		p->fits[LITE_FIT_JSONB_BLOB] == inf->blobs &&
		p->blob_container_bytes >= 16 && p->blob_containers == inf->blobs)
	{
		inf->d->type = make_type(LITE_TYPE_JSONB, LITE_FORMAT_BLOB);
		set_evidence(inf, "%s; each is an array or object in SQLite's JSONB",
					 lite_values_text(inf->arena, p));
		return;
	}
	by_classes(inf, NULL);
	if (inf->blobs == inf->values &&
		p->fits[LITE_FIT_UUID_BLOB] == inf->blobs &&
		(ends_with(inf->facts->column->name, "uuid") ||
		 ends_with(inf->facts->column->name, "guid")))
		suggest(inf, make_type(LITE_TYPE_UUID, LITE_FORMAT_BLOB),
				"every value has 16 bytes");
}

/* No declared type: the values alone. */
static void
by_values(Inference *inf)
{
	if (inf->texts == inf->values)
		by_text_values(inf);
	else if (inf->blobs == inf->values)
		by_bytea(inf);
	else if (inf->integers == inf->values)
		by_integer_values(inf);
	else
		by_classes(inf, NULL);
}

/* SQLite does not enforce VARCHAR(n), and what it let in stays. */
static void
find_long_text(Inference *inf)
{
	const LiteColumnProfile *p = inf->p;

	if (inf->declared.precision <= 0 ||
		p->text_max <= (size_t) inf->declared.precision ||
		inf->d->type.type != LITE_TYPE_TEXT || inf->d->code != NULL)
		return;
	find(inf, LITE_SEVERITY_INFO, "type",
		 lite_arena_printf(inf->arena,
						   "declared %s, but the longest value has %lld "
						   "characters: becomes text",
						   inf->facts->column->declared,
						   (long long) p->text_max),
		 NULL);
}

static void
by_declaration(Inference *inf)
{
	if (*inf->facts->column->declared == '\0' ||
		sqlite3_stricmp(inf->facts->column->declared, "ANY") == 0)
	{
		by_values(inf);
		return;
	}
	switch (inf->declared.type)
	{
		case LITE_TYPE_BOOL:
			by_boolean(inf);
			return;
		case LITE_TYPE_INT2:
		case LITE_TYPE_INT4:
		case LITE_TYPE_INT8:
			if (inf->integers == inf->values)
				by_integer_values(inf);
			else
				by_classes(inf, NULL);
			return;
		case LITE_TYPE_FLOAT8:
			by_real(inf);
			return;
		case LITE_TYPE_NUMERIC:
			by_numeric(inf);
			return;
		case LITE_TYPE_DATE:
		case LITE_TYPE_TIME:
		case LITE_TYPE_TIMESTAMP:
		case LITE_TYPE_TIMESTAMPTZ:
			by_time(inf);
			return;
		case LITE_TYPE_UUID:
			by_uuid(inf);
			return;
		case LITE_TYPE_JSON:
		case LITE_TYPE_JSONB:
			by_json(inf);
			return;
		case LITE_TYPE_BYTEA:
			by_bytea(inf);
			return;
		case LITE_TYPE_NONE:
		case LITE_TYPE_TEXT:
		case LITE_TYPE_VARCHAR:
		case LITE_NTYPES:
			break;
	}
	if (inf->texts == inf->values)
	{
		by_text_values(inf);
		find_long_text(inf);
	}
	else
		by_classes(inf, NULL);
}

/* Nothing but NULLs, or nothing at all, or not looked at. */
static void
without_values(Inference *inf)
{
	const LiteColumnFacts *facts = inf->facts;
	const char *seen =
		inf->facts->profile == NULL ? "values not looked at"
		: facts->table_profile != NULL && facts->table_profile->rows == 0
			? "no rows"
			: "NULL in every row";

	inf->d->type = inf->declared;
	inf->d->type.format = LITE_FORMAT_NATIVE;
	if (inf->d->type.type == LITE_TYPE_TEXT)
		inf->d->type.precision = 0;
	set_evidence(inf, "%s%s; %s",
				 *facts->column->declared != '\0' ? "declared "
												  : "no declared type",
				 facts->column->declared, seen);
	if (facts->infer == LITE_INFER_DECLARED)
		return;
	switch (inf->declared.type)
	{
		case LITE_TYPE_DATE:
		case LITE_TYPE_TIMESTAMP:
		case LITE_TYPE_TIMESTAMPTZ:
			if (!default_is_epoch(facts->column->default_sql))
				return;
			inf->d->type = make_type(LITE_TYPE_FLOAT8, LITE_FORMAT_NATIVE);
			if (sqlite3_strlike("%julian%", facts->column->default_sql, 0) !=
				0)
				inf->d->type.type = LITE_TYPE_INT8;
			set_evidence(inf, "declared %s; %s, but its default is a number",
						 facts->column->declared, seen);
			return;
		case LITE_TYPE_INT2:
		case LITE_TYPE_INT4:
		case LITE_TYPE_INT8:
			if (facts->check_boolean && !facts->key_family)
			{
				inf->d->type = make_type(LITE_TYPE_BOOL, LITE_FORMAT_NATIVE);
				set_evidence(inf, "declared %s; %s, CHECK allows 0 and 1 only",
							 facts->column->declared, seen);
			}
			return;
		case LITE_TYPE_TEXT:
			if (facts->check_json && !facts->unique && !facts->key_family)
			{
				inf->d->type = make_type(LITE_TYPE_JSONB, LITE_FORMAT_NATIVE);
				set_evidence(inf, "declared %s; %s, CHECK asks json_valid",
							 facts->column->declared, seen);
			}
			return;
		case LITE_TYPE_NONE:
		case LITE_TYPE_BOOL:
		case LITE_TYPE_FLOAT8:
		case LITE_TYPE_NUMERIC:
		case LITE_TYPE_VARCHAR:
		case LITE_TYPE_BYTEA:
		case LITE_TYPE_TIME:
		case LITE_TYPE_UUID:
		case LITE_TYPE_JSON:
		case LITE_TYPE_JSONB:
		case LITE_NTYPES:
			return;
	}
}

void
lite_infer_column(LiteArena *arena, const LiteColumnFacts *facts,
				  LiteDecision *d)
{
	Inference inf = {.arena = arena, .facts = facts, .d = d};

	memset(d, 0, sizeof(*d));
	inf.declared = lite_type_declared(facts->column->declared);
	if (facts->profile != NULL)
	{
		inf.p = facts->profile;
		inf.integers = inf.p->count[LITE_INTEGER];
		inf.reals = inf.p->count[LITE_REAL];
		inf.texts = inf.p->count[LITE_TEXT];
		inf.blobs = inf.p->count[LITE_BLOB];
		inf.values = lite_profile_values(inf.p);
	}
	d->mixed =
		(inf.integers + inf.reals > 0) + (inf.texts > 0) + (inf.blobs > 0) > 1;

	if (facts->rowid_alias)
	{
		d->type = make_type(LITE_TYPE_INT8, LITE_FORMAT_NATIVE);
		set_evidence(&inf, "INTEGER PRIMARY KEY");
	}
	else if (inf.values == 0)
		without_values(&inf);
	else
		by_declaration(&inf);

	if (inf.values == 0 || facts->rowid_alias)
		d->plain = d->type;
	else
	{
		d->plain = class_type(&inf);
		if (d->plain.type == LITE_TYPE_INT8 &&
			(inf.declared.type == LITE_TYPE_INT2 ||
			 inf.declared.type == LITE_TYPE_INT4))
			d->plain.type = integer_width(&inf);
		if (inf.declared.type == LITE_TYPE_NUMERIC &&
			d->type.type == LITE_TYPE_NUMERIC)
			d->plain = d->type;
	}
	if (facts->table_profile != NULL && !facts->table_profile->whole &&
		!facts->rowid_alias)
		set_evidence(&inf, "%s; seen in a sample of %lld rows", d->evidence,
					 (long long) facts->table_profile->rows);
	/* a lone suggestion is taken by the eager */
	if (facts->infer == LITE_INFER_EAGER &&
		d->suggested.type != LITE_TYPE_NONE)
	{
		d->type = d->suggested;
		d->evidence = lite_arena_printf(arena, "%s; %s", d->evidence,
										"suggested by its values, and infer "
										"is eager");
		d->suggestion = NULL;
		d->suggested.type = LITE_TYPE_NONE;
		d->code = NULL;
	}
}

/* ------------------------------------------------------------------------
 * What a user has asked for; families
 * ------------------------------------------------------------------------ */

LiteFormat
lite_infer_format(const LiteColumnProfile *p, LiteType type)
{
	int64_t values = p != NULL ? lite_profile_values(p) : 0;

	if (values == 0)
		return LITE_FORMAT_NATIVE;
	switch (type)
	{
		case LITE_TYPE_DATE:
		case LITE_TYPE_TIMESTAMP:
		case LITE_TYPE_TIMESTAMPTZ:
			if (p->count[LITE_TEXT] == values)
				return LITE_FORMAT_NATIVE;
			if (p->count[LITE_INTEGER] + p->count[LITE_REAL] == values)
			{
				const Epoch *epoch = find_epoch(p);

				/* asked for without a unit: the usual epoch */
				if (epoch == &ambiguous_epoch)
					return LITE_FORMAT_UNIX_S;
				if (epoch != NULL)
					return epoch->format;
			}
			return LITE_FORMAT_AUTO;
		case LITE_TYPE_BOOL:
			return p->count[LITE_INTEGER] == values ? LITE_FORMAT_NATIVE
													: LITE_FORMAT_AUTO;
		case LITE_TYPE_UUID:
		case LITE_TYPE_JSON:
		case LITE_TYPE_JSONB:
			if (p->count[LITE_TEXT] == values)
				return LITE_FORMAT_NATIVE;
			if (p->count[LITE_BLOB] == values &&
				(type == LITE_TYPE_UUID ||
				 p->fits[LITE_FIT_JSONB_BLOB] == values))
				return LITE_FORMAT_BLOB;
			return LITE_FORMAT_AUTO;
		case LITE_TYPE_NONE:
		case LITE_TYPE_INT2:
		case LITE_TYPE_INT4:
		case LITE_TYPE_INT8:
		case LITE_TYPE_FLOAT8:
		case LITE_TYPE_NUMERIC:
		case LITE_TYPE_TIME:
		case LITE_NTYPES:
			break;
		case LITE_TYPE_TEXT:
		case LITE_TYPE_VARCHAR:
			return p->count[LITE_BLOB] > 0 ? LITE_FORMAT_AUTO
										   : LITE_FORMAT_NATIVE;
		case LITE_TYPE_BYTEA:
			return p->count[LITE_TEXT] > 0 ? LITE_FORMAT_AUTO
										   : LITE_FORMAT_NATIVE;
	}
	return LITE_FORMAT_NATIVE;
}

static int
integer_rank(LiteType type)
{
	return type == LITE_TYPE_INT2	? 1
		   : type == LITE_TYPE_INT4 ? 2
		   : type == LITE_TYPE_INT8 ? 3
									: 0;
}

LiteColumnType
lite_type_join(LiteColumnType a, LiteColumnType b)
{
	int ra = integer_rank(a.type);
	int rb = integer_rank(b.type);

	if (a.type == b.type)
	{
		if (a.precision != b.precision || a.scale != b.scale)
			a.precision = a.scale = 0;
		if (a.format != b.format)
			a.format = LITE_FORMAT_AUTO;
		return a;
	}
	if (ra > 0 && rb > 0)
		return ra > rb ? a : b;
	if ((ra > 0 || a.type == LITE_TYPE_FLOAT8 ||
		 a.type == LITE_TYPE_NUMERIC) &&
		(rb > 0 || b.type == LITE_TYPE_FLOAT8 || b.type == LITE_TYPE_NUMERIC))
		return make_type(LITE_TYPE_NUMERIC, LITE_FORMAT_NATIVE);
	return make_type(LITE_TYPE_TEXT, LITE_FORMAT_NATIVE);
}
