/*
 * profile.c
 *	  What the values of a table's columns really are.
 *
 *		rows (all, or chunks spread over the rowids)
 *		  -> note_value(): counters, extremes, and the tests still open
 *		  -> finish_column(): what follows from the extremes
 *
 * Each column has a state with the set of tests that may still succeed.  A
 * test is closed when it has said no too often to be worth more than a
 * remark (CLOSE_AFTER): a suggestion wants to know that 99.9% of a column are
 * dates, nobody wants to know that 3% are.  "failed" is exact always.
 */
#include <math.h>
#include <string.h>

#include "core/profile.h"
#include "core/stmt.h"

/* A test is closed after this many refusals that outnumber a twentieth of
 * what it has accepted. */
#define CLOSE_AFTER 16

/* Chunks of a sample: many enough to see a table's ages, few enough that each
 * is a short walk along the b-tree and not one seek per row. */
#define SAMPLE_CHUNKS 64

/* Examples come from the first so many values, so that looking for distinct
 * ones costs nothing in a long table. */
#define EXAMPLE_VALUES 1000
#define EXAMPLE_SIZE 64

/* A double holds every integer up to here. */
#define DOUBLE_INTEGER_MAX (INT64_C(1) << 53)

/* Longest spelling of a moment that is compared for uniformity. */
#define SPELLING_SIZE 48

#define MAX_CONVERTERS 6

typedef struct ColumnState
{
	LiteColumnProfile *profile;
	int column;
	bool skip;
	bool want_scalars; /* JSON scalars: the declaration says JSON */
	bool closed[LITE_NFITS];
	int nconverters; /* tests that are the conversion itself */
	LiteConverter converters[MAX_CONVERTERS];
	LiteFit converter_fit[MAX_CONVERTERS];
	unsigned converter_classes[MAX_CONVERTERS];
	int nexamples;
	int64_t refused[LITE_NFITS];
	char spelling[SPELLING_SIZE];
	size_t spelling_len;
	size_t spelling_zone; /* from here on, bytes must be the same */
	bool uuid_lower;
	bool uuid_upper;
} ColumnState;

typedef struct Profiler
{
	LiteDb *db;
	const LiteTable *table;
	LiteArena *arena;
	LiteTableProfile *result;
	ColumnState *states;
	int nstates;
	int64_t row; /* rowid or number of the row being looked at */
} Profiler;

#define CLASS_BIT(cls) (1u << (cls))
#define CLASS_NUMBERS (CLASS_BIT(LITE_INTEGER) | CLASS_BIT(LITE_REAL))

/* ------------------------------------------------------------------------
 * One test's answer
 * ------------------------------------------------------------------------ */

static inline void
answer(Profiler *prof, ColumnState *state, LiteFit fit, bool fits)
{
	LiteColumnProfile *profile = state->profile;

	if (fits)
	{
		profile->fits[fit]++;
		return;
	}
	if (!profile->failed[fit])
	{
		profile->failed[fit] = true;
		profile->failed_row[fit] = prof->row;
	}
	state->refused[fit]++;
	if (state->refused[fit] >= CLOSE_AFTER &&
		state->refused[fit] > profile->fits[fit] / 20)
		state->closed[fit] = true;
}

/*
 * Most doubles in a DECIMAL(p,s) column are k / 10^s for an integer k of at
 * most 15 digits.  No two decimals of 15 digits are the same double, so the
 * double's shortest text is that quotient, and fits.  What is not found so is
 * left to the conversion, which has to work out the digits.
 */
static bool
is_short_decimal(LiteColumnType type, double r)
{
	static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4,
									1e5, 1e6, 1e7, 1e8, 1e9};
	double k;

	if (type.scale > 9 || type.precision > 15)
		return false;
	k = nearbyint(r * powers[type.scale]);
	if (!(fabs(k) < 1e15) || k / powers[type.scale] != r)
		return false;
	for (int i = type.precision; i > 0; i -= i > 9 ? 9 : i)
		k /= powers[i > 9 ? 9 : i];
	return fabs(k) < 1;
}

static void
run_converters(Profiler *prof, ColumnState *state, const LiteValue *value)
{
	for (int i = 0; i < state->nconverters; i++)
	{
		LiteFit fit = state->converter_fit[i];
		LiteScalar scalar;

		if (state->closed[fit] ||
			(state->converter_classes[i] & CLASS_BIT(value->cls)) == 0)
			continue;
		if (fit == LITE_FIT_NUMERIC_PS && value->cls == LITE_REAL &&
			is_short_decimal(state->converters[i].type, value->r))
		{
			answer(prof, state, fit, true);
			continue;
		}
		answer(prof, state, fit,
			   lite_convert(&state->converters[i], value, &scalar) ==
				   LITE_FITS);
	}
}

/* ------------------------------------------------------------------------
 * Values, by storage class
 * ------------------------------------------------------------------------ */

static void
note_example(Profiler *prof, ColumnState *state, const LiteValue *value)
{
	LiteColumnProfile *profile = state->profile;
	char clipped[EXAMPLE_SIZE];
	char number[LITE_DOUBLE_TEXT];

	switch (value->cls)
	{
		case LITE_INTEGER:
			sqlite3_snprintf(sizeof(clipped), clipped, "%lld",
							 (long long) value->i);
			break;
		case LITE_REAL:
			if (isfinite(value->r))
				lite_text_clip(clipped, sizeof(clipped), number,
							   lite_double_text(value->r, number));
			else
				sqlite3_snprintf(sizeof(clipped), clipped, "%s",
								 value->r > 0 ? "Infinity" : "-Infinity");
			break;
		case LITE_TEXT:
			lite_text_clip(clipped, sizeof(clipped), value->data, value->len);
			break;
		case LITE_BLOB:
		case LITE_NULL:
		case LITE_NCLASSES:
			return;
	}
	for (int i = 0; i < state->nexamples; i++)
	{
		if (strcmp(profile->examples[i], clipped) == 0)
			return;
	}
	profile->examples[state->nexamples] =
		lite_arena_strdup(prof->arena, clipped);
	if (profile->examples[state->nexamples] != NULL)
		state->nexamples++;
}

static void
note_integer(ColumnState *state, int64_t i)
{
	LiteColumnProfile *profile = state->profile;

	if (profile->count[LITE_INTEGER] == 1)
		profile->int_min = profile->int_max = i;
	else if (i < profile->int_min)
		profile->int_min = i;
	else if (i > profile->int_max)
		profile->int_max = i;
	if (i > DOUBLE_INTEGER_MAX || i < -DOUBLE_INTEGER_MAX)
	{
		if ((double) i >= 9223372036854775808.0 || (int64_t) (double) i != i)
			profile->int_beyond_double = true;
	}
}

static void
note_real(ColumnState *state, double r)
{
	LiteColumnProfile *profile = state->profile;

	if (!isfinite(r))
	{
		profile->real_nonfinite++;
		return;
	}
	if (profile->count[LITE_REAL] - profile->real_nonfinite == 1)
		profile->real_min = profile->real_max = r;
	else if (r < profile->real_min)
		profile->real_min = r;
	else if (r > profile->real_max)
		profile->real_max = r;
	if (r == floor(r))
		profile->real_integral++;
}

/*
 * Are two spellings of moments such that different bytes mean different
 * moments?  Yes if digits stand where digits stand and all the rest, with
 * everything from the zone on, is the same.
 */
static void
note_spelling(ColumnState *state, const char *s, size_t len)
{
	if (!state->profile->moments_uniform)
		return;
	if (state->spelling_len == 0)
	{
		if (len >= SPELLING_SIZE)
		{
			state->profile->moments_uniform = false;
			return;
		}
		memcpy(state->spelling, s, len);
		state->spelling_len = len;
		state->spelling_zone = len;
		/* a zone follows a time, so the dashes of the date come before */
		for (size_t i = 11; i < len; i++)
		{
			if (s[i] == '+' || s[i] == '-')
				state->spelling_zone = i;
		}
		return;
	}
	if (len != state->spelling_len)
	{
		state->profile->moments_uniform = false;
		return;
	}
	for (size_t i = 0; i < len; i++)
	{
		bool digit = state->spelling[i] >= '0' && state->spelling[i] <= '9';

		if (s[i] == state->spelling[i])
			continue;
		if (digit && s[i] >= '0' && s[i] <= '9' && i < state->spelling_zone)
			continue;
		state->profile->moments_uniform = false;
		return;
	}
}

static void
note_moment(Profiler *prof, ColumnState *state, const LiteValue *value)
{
	LiteMoment moment = {0};
	bool read = false;

	/* "12:34" to "2024-01-01 00:00:00.000000000 +00:00" */
	if (value->len >= 5 && value->len <= 64 && value->data[0] >= '0' &&
		value->data[0] <= '9')
		read = lite_parse_moment(value->data, value->len, &moment);
	if (read)
		note_spelling(state, value->data, value->len);
	answer(prof, state, LITE_FIT_DATE,
		   read && moment.has_date && !moment.has_time);
	answer(prof, state, LITE_FIT_TIME,
		   read && !moment.has_date && !moment.has_zone);
	answer(prof, state, LITE_FIT_MOMENT,
		   read && moment.has_date && moment.has_time);
	answer(prof, state, LITE_FIT_MOMENT_ZONE,
		   read && moment.has_date && moment.has_time && moment.has_zone);
}

static bool
is_canonical_uuid(ColumnState *state, const LiteValue *value)
{
	unsigned char bytes[16];
	const char *s = value->data;

	if (value->len != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' ||
		s[23] != '-' || !lite_parse_uuid(s, value->len, bytes))
		return false;
	for (size_t i = 0; i < value->len; i++)
	{
		if (s[i] >= 'a' && s[i] <= 'f')
			state->uuid_lower = true;
		else if (s[i] >= 'A' && s[i] <= 'F')
			state->uuid_upper = true;
	}
	return true;
}

/* Only text that starts as JSON does is worth a parser. */
static LiteJsonKind
json_kind(const LiteValue *value, bool scalars)
{
	size_t i = 0;

	while (i < value->len &&
		   (value->data[i] == ' ' || value->data[i] == '\n' ||
			value->data[i] == '\r' || value->data[i] == '\t'))
		i++;
	if (i == value->len)
		return LITE_JSON_INVALID;
	if (value->data[i] != '{' && value->data[i] != '[' && !scalars &&
		!(value->data[i] == 'n' && value->len - i >= 4 &&
		  memcmp(value->data + i, "null", 4) == 0))
		return LITE_JSON_INVALID;
	return lite_json_kind(value->data, value->len);
}

static void
note_json(Profiler *prof, ColumnState *state, const LiteValue *value)
{
	LiteJsonKind kind = json_kind(value, state->want_scalars);

	if (kind == LITE_JSON_NUL)
		state->profile->json_nul++;
	else if (kind == LITE_JSON_SCALAR)
		answer(prof, state, LITE_FIT_JSON_SCALAR, true);
	if (kind == LITE_JSON_NULL)
		answer(prof, state, LITE_FIT_JSON_NULL, true);
	else
		answer(prof, state, LITE_FIT_JSON_CONTAINER,
			   kind == LITE_JSON_ARRAY || kind == LITE_JSON_OBJECT);
}

/* Plain ASCII without a NUL, the common case, eight bytes at a time. */
static bool
is_plain_ascii(const char *s, size_t len)
{
	size_t i = 0;
	uint64_t all = 0;

	for (; i + 8 <= len; i += 8)
	{
		uint64_t word;

		memcpy(&word, s + i, 8);
		all |= word;
	}
	for (; i < len; i++)
		all |= (unsigned char) s[i];
	return (all & UINT64_C(0x8080808080808080)) == 0 &&
		   (len == 0 || memchr(s, 0, len) == NULL);
}

static void
note_text(Profiler *prof, ColumnState *state, const LiteValue *value)
{
	LiteColumnProfile *profile = state->profile;
	bool plain = is_plain_ascii(value->data, value->len);
	bool has_nul = false;
	bool valid = plain || lite_utf8_valid(value->data, value->len, &has_nul);
	size_t chars = value->len;

	if (value->len == 0)
		profile->text_empty++;
	if (value->len > profile->bytes_max)
		profile->bytes_max = value->len;
	if (value->len > profile->text_max)
	{
		if (!plain && valid)
			chars = lite_utf8_length(value->data, value->len);
		if (chars > profile->text_max)
			profile->text_max = chars;
	}
	if (!valid)
		profile->text_invalid++;
	else if (has_nul)
		profile->text_nul++;
	if ((!valid || has_nul) && !profile->has_bad)
	{
		profile->has_bad = true;
		profile->bad_row = prof->row;
	}
	answer(prof, state, LITE_FIT_TEXT, valid && !has_nul);

	/* a column of dates soon closes the question for dates with times */
	if (!state->closed[LITE_FIT_DATE] || !state->closed[LITE_FIT_TIME] ||
		!state->closed[LITE_FIT_MOMENT])
		note_moment(prof, state, value);
	if (!state->closed[LITE_FIT_UUID_TEXT])
		answer(prof, state, LITE_FIT_UUID_TEXT,
			   is_canonical_uuid(state, value));
	if (!state->closed[LITE_FIT_JSON_CONTAINER])
		note_json(prof, state, value);
	if (!state->closed[LITE_FIT_BOOL_WORD])
	{
		bool truth;

		answer(prof, state, LITE_FIT_BOOL_WORD,
			   lite_parse_bool(value->data, value->len, &truth));
	}
	if (!state->closed[LITE_FIT_INT_TEXT])
	{
		int64_t i;

		answer(prof, state, LITE_FIT_INT_TEXT,
			   lite_parse_int64(value->data, value->len, &i));
	}
	if (!state->closed[LITE_FIT_DECIMAL_TEXT])
	{
		char decimal[LITE_DOUBLE_TEXT];

		answer(prof, state, LITE_FIT_DECIMAL_TEXT,
			   lite_parse_decimal(value->data, value->len, decimal,
								  sizeof(decimal)) > 0);
	}
}

static void
note_blob(Profiler *prof, ColumnState *state, const LiteValue *value)
{
	LiteColumnProfile *profile = state->profile;
	bool has_nul = false;

	if (value->len > profile->bytes_max)
		profile->bytes_max = value->len;
	if (!state->closed[LITE_FIT_UUID_BLOB])
		answer(prof, state, LITE_FIT_UUID_BLOB, value->len == 16);
	if (!state->closed[LITE_FIT_BLOB_TEXT])
		answer(prof, state, LITE_FIT_BLOB_TEXT,
			   lite_utf8_valid(value->data, value->len, &has_nul) && !has_nul);
	if (!state->closed[LITE_FIT_JSON_BLOB])
	{
		LiteJsonKind kind =
			value->len > 0 ? json_kind(value, false) : LITE_JSON_INVALID;

		answer(prof, state, LITE_FIT_JSON_BLOB,
			   kind == LITE_JSON_OBJECT || kind == LITE_JSON_ARRAY ||
				   kind == LITE_JSON_NULL);
	}
	/* the low four bits of the first byte: 11 array, 12 object */
	if (value->len > 0 && (((unsigned char) value->data[0] & 0x0f) == 11 ||
						   ((unsigned char) value->data[0] & 0x0f) == 12))
	{
		profile->blob_containers++;
		profile->blob_container_bytes += (int64_t) value->len;
	}
}

static void
note_value(Profiler *prof, ColumnState *state, const LiteValue *value)
{
	LiteColumnProfile *profile = state->profile;

	profile->count[value->cls]++;
	switch (value->cls)
	{
		case LITE_NULL:
			return;
		case LITE_INTEGER:
			note_integer(state, value->i);
			break;
		case LITE_REAL:
			note_real(state, value->r);
			break;
		case LITE_TEXT:
			note_text(prof, state, value);
			break;
		case LITE_BLOB:
			note_blob(prof, state, value);
			break;
		case LITE_NCLASSES:
			return;
	}
	if (state->nconverters > 0)
		run_converters(prof, state, value);
	if (state->nexamples < LITE_PROFILE_EXAMPLES &&
		prof->result->rows < EXAMPLE_VALUES)
		note_example(prof, state, value);
}

/* ------------------------------------------------------------------------
 * Before and after the rows
 * ------------------------------------------------------------------------ */

static void
add_converter(ColumnState *state, LiteFit fit, LiteColumnType type,
			  LiteFormat format, unsigned classes)
{
	int i = state->nconverters++;

	type.format = format;
	lite_converter_init(&state->converters[i], type);
	state->converter_fit[i] = fit;
	state->converter_classes[i] = classes;
}

/* Which tests a declaration makes sense of. */
static void
begin_column(ColumnState *state, const LiteColumn *column, bool times)
{
	LiteColumnType type = lite_type_declared(column->declared);
	LiteColumnType moment = {LITE_TYPE_TIMESTAMPTZ, 0, 0, LITE_FORMAT_NATIVE};
	unsigned all = CLASS_NUMBERS | CLASS_BIT(LITE_TEXT) | CLASS_BIT(LITE_BLOB);
	bool timely = type.type == LITE_TYPE_DATE || type.type == LITE_TYPE_TIME ||
				  type.type == LITE_TYPE_TIMESTAMP ||
				  type.type == LITE_TYPE_TIMESTAMPTZ;

	state->profile->moments_uniform = true;

	switch (type.type)
	{
		case LITE_TYPE_BOOL:
			add_converter(state, LITE_FIT_AUTO, type, LITE_FORMAT_AUTO, all);
			break;
		case LITE_TYPE_NUMERIC:
			if (type.precision > 0)
				add_converter(state, LITE_FIT_NUMERIC_PS, type,
							  LITE_FORMAT_NATIVE, CLASS_NUMBERS);
			break;
		case LITE_TYPE_UUID:
			add_converter(state, LITE_FIT_AUTO, type, LITE_FORMAT_AUTO, all);
			break;
		case LITE_TYPE_JSON:
		case LITE_TYPE_JSONB:
			state->want_scalars = true;
			add_converter(state, LITE_FIT_AUTO, type, LITE_FORMAT_AUTO, all);
			add_converter(state, LITE_FIT_JSONB_BLOB, type, LITE_FORMAT_BLOB,
						  CLASS_BIT(LITE_BLOB));
			break;
		case LITE_TYPE_BYTEA:
			type.type = LITE_TYPE_JSONB;
			add_converter(state, LITE_FIT_JSONB_BLOB, type, LITE_FORMAT_BLOB,
						  CLASS_BIT(LITE_BLOB));
			break;
		case LITE_TYPE_DATE:
		case LITE_TYPE_TIME:
		case LITE_TYPE_TIMESTAMP:
		case LITE_TYPE_TIMESTAMPTZ:
			add_converter(state, LITE_FIT_AUTO, moment, LITE_FORMAT_AUTO, all);
			break;
		case LITE_TYPE_NONE:
		case LITE_TYPE_INT2:
		case LITE_TYPE_INT4:
		case LITE_TYPE_INT8:
		case LITE_TYPE_FLOAT8:
		case LITE_TYPE_TEXT:
		case LITE_TYPE_VARCHAR:
		case LITE_NTYPES:
			break;
	}
	if (timely || times)
	{
		/* integers convert if they are plausible; a REAL may have a fraction
		 * that a moment has not */
		add_converter(state, LITE_FIT_EPOCH_S, moment, LITE_FORMAT_UNIX_S,
					  CLASS_BIT(LITE_REAL));
		add_converter(state, LITE_FIT_EPOCH_MS, moment, LITE_FORMAT_UNIX_MS,
					  CLASS_BIT(LITE_REAL));
		add_converter(state, LITE_FIT_EPOCH_US, moment, LITE_FORMAT_UNIX_US,
					  CLASS_BIT(LITE_REAL));
		add_converter(state, LITE_FIT_EPOCH_JULIAN, moment, LITE_FORMAT_JULIAN,
					  CLASS_BIT(LITE_REAL));
	}
}

/* From 1990-01-01 to 2100-01-01, in seconds since 1970. */
#define PLAUSIBLE_FROM INT64_C(631152000)
#define PLAUSIBLE_TO INT64_C(4102444800)
#define SECONDS_1601_TO_1970 INT64_C(11644473600)
#define SECONDS_1970_TO_2001 INT64_C(978307200)

typedef struct NumberRange
{
	LiteFit fit;
	double from;
	double to;
} NumberRange;

static const NumberRange ranges[] = {
	{LITE_FIT_UNIX_S, PLAUSIBLE_FROM, PLAUSIBLE_TO},
	{LITE_FIT_UNIX_MS, PLAUSIBLE_FROM * 1e3, PLAUSIBLE_TO * 1e3},
	{LITE_FIT_UNIX_US, PLAUSIBLE_FROM * 1e6, PLAUSIBLE_TO * 1e6},
	{LITE_FIT_UNIX_NS, PLAUSIBLE_FROM * 1e9, PLAUSIBLE_TO * 1e9},
	/* 1990-01-01 and 2100-01-01 as julian days */
	{LITE_FIT_JULIAN, 2447892.5, 2488069.5},
	{LITE_FIT_WEBKIT, (PLAUSIBLE_FROM + SECONDS_1601_TO_1970) * 1e6,
	 (PLAUSIBLE_TO + SECONDS_1601_TO_1970) * 1e6},
	/* Apple's clock starts late, and so do its plausible values: 2004 on,
	 * lest small numbers look like times */
	{LITE_FIT_COCOA, 1e8, PLAUSIBLE_TO - SECONDS_1970_TO_2001},
	{LITE_FIT_BOOL_01, 0, 1},
	{LITE_FIT_INT2, INT16_MIN, INT16_MAX},
	{LITE_FIT_INT4, INT32_MIN, INT32_MAX},
};

static const struct
{
	LiteFit plausible;
	LiteFit converts;
} epochs[] = {{LITE_FIT_UNIX_S, LITE_FIT_EPOCH_S},
			  {LITE_FIT_UNIX_MS, LITE_FIT_EPOCH_MS},
			  {LITE_FIT_UNIX_US, LITE_FIT_EPOCH_US},
			  {LITE_FIT_JULIAN, LITE_FIT_EPOCH_JULIAN}};

/* What the extremes say about all numbers at once. */
static void
finish_column(ColumnState *state)
{
	LiteColumnProfile *profile = state->profile;
	int64_t integers = profile->count[LITE_INTEGER];
	int64_t reals = profile->count[LITE_REAL];

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
	{
		LiteFit fit = ranges[i].fit;
		bool timely = fit >= LITE_FIT_UNIX_S && fit <= LITE_FIT_COCOA;
		bool good = integers + reals > 0;

		if (integers > 0 && ((double) profile->int_min < ranges[i].from ||
							 (double) profile->int_max > ranges[i].to))
			good = false;
		if (reals > 0 && (!timely || profile->real_nonfinite > 0 ||
						  profile->real_min < ranges[i].from ||
						  profile->real_max > ranges[i].to))
			good = false;
		profile->failed[fit] = !good;
		profile->fits[fit] = good ? integers + reals : 0;
	}
	for (size_t i = 0; i < sizeof(epochs) / sizeof(epochs[0]); i++)
	{
		if (!profile->failed[epochs[i].plausible])
			profile->fits[epochs[i].converts] += integers;
	}
	if (profile->count[LITE_TEXT] == 0 ||
		profile->fits[LITE_FIT_DATE] + profile->fits[LITE_FIT_MOMENT] +
				profile->fits[LITE_FIT_TIME] <
			profile->count[LITE_TEXT])
		profile->moments_uniform = false;
	profile->uuids_uniform = !(state->uuid_lower && state->uuid_upper);
}

/* ------------------------------------------------------------------------
 * Rows
 * ------------------------------------------------------------------------ */

static LiteStatus
profile_rows(Profiler *prof, LiteStmt *stmt, int64_t limit, int64_t *seen,
			 LiteError *err)
{
	LiteTableProfile *result = prof->result;
	LiteStatus status;

	*seen = 0;
	while (limit < 0 || *seen < limit)
	{
		int at = 0;

		status = lite_stmt_step(stmt, err);
		if (status == LITE_DONE)
			return LITE_DONE;
		if (status != LITE_ROW)
			return status;
		(*seen)++;
		result->rows++;
		prof->row = result->by_rowid
						? lite_stmt_int64(stmt, stmt->ncolumns - 1)
						: result->rows;
		for (int i = 0; i < prof->nstates; i++)
		{
			ColumnState *state = &prof->states[i];
			LiteValue value;

			if (state->skip)
				continue;
			lite_stmt_value(stmt, at++, &value);
			if (value.cls == LITE_TEXT && value.data == NULL)
				return lite_error_nomem(err);
			note_value(prof, state, &value);
		}
	}
	return LITE_OK;
}

static char *
build_select(Profiler *prof, const char *tail)
{
	sqlite3_str *str = sqlite3_str_new(NULL);
	const char *comma = "";

	sqlite3_str_appendall(str, "SELECT ");
	for (int i = 0; i < prof->nstates; i++)
	{
		if (prof->states[i].skip)
			continue;
		sqlite3_str_appendall(str, comma);
		lite_sql_ident(str, prof->table->columns[i].name);
		comma = ", ";
	}
	if (prof->result->by_rowid)
		sqlite3_str_appendf(str, "%s%s", comma, prof->table->rowid_name);
	else if (*comma == '\0')
		sqlite3_str_appendall(str, "NULL");
	sqlite3_str_appendall(str, " FROM main.");
	lite_sql_ident(str, prof->table->name);
	if (prof->table->kind == LITE_KIND_TABLE)
		sqlite3_str_appendall(str, " NOT INDEXED");
	sqlite3_str_appendall(str, tail);
	return lite_arena_finish(prof->arena, str);
}

static LiteStatus
profile_whole(Profiler *prof, int64_t limit, LiteError *err)
{
	char *sql = build_select(prof, "");
	LiteStmt *stmt;
	LiteStatus status;
	int64_t seen;

	if (sql == NULL)
		return lite_error_nomem(err);
	status = lite_stmt_prepare(prof->db, sql, &stmt, err);
	if (status != LITE_OK)
		return status;
	status = profile_rows(prof, stmt, limit, &seen, err);
	if (status == LITE_OK)
	{
		/* the limit was reached: is there one more? */
		status = lite_stmt_step(stmt, err);
		if (status == LITE_ROW)
			prof->result->whole = false;
	}
	lite_stmt_finalize(stmt);
	return status == LITE_ROW || status == LITE_DONE ? LITE_OK : status;
}

/* The lowest and highest rowid; LITE_DONE if the table is empty. */
static LiteStatus
rowid_span(Profiler *prof, int64_t *low, int64_t *high, LiteError *err)
{
	for (int end = 0; end < 2; end++)
	{
		LiteStmt *stmt;
		LiteStatus status = lite_stmt_preparef(
			prof->db, &stmt, err,
			"SELECT %s FROM main.\"%w\" NOT INDEXED ORDER BY %s %s LIMIT 1",
			prof->table->rowid_name, prof->table->name,
			prof->table->rowid_name, end == 0 ? "ASC" : "DESC");

		if (status != LITE_OK)
			return status;
		status = lite_stmt_step(stmt, err);
		if (status == LITE_ROW)
			*(end == 0 ? low : high) = lite_stmt_int64(stmt, 0);
		lite_stmt_finalize(stmt);
		if (status != LITE_ROW)
			return status;
	}
	return LITE_OK;
}

/*
 * Chunks that start at equal distances of the rowid span.  Each reads its
 * share, or less if the next one's start comes first.
 */
static LiteStatus
profile_sample(Profiler *prof, int64_t sample, LiteError *err)
{
	const char *rowid = prof->table->rowid_name;
	int64_t low = 0;
	int64_t high = 0;
	uint64_t span;
	uint64_t step;
	int64_t share;
	char *tail;
	char *sql;
	LiteStmt *stmt;
	LiteStatus status = rowid_span(prof, &low, &high, err);

	if (status == LITE_DONE)
		return LITE_OK;
	if (status != LITE_OK)
		return status;
	span = (uint64_t) high - (uint64_t) low;
	if (span < (uint64_t) sample)
		return profile_whole(prof, -1, err);

	step = span / SAMPLE_CHUNKS + 1;
	share = sample / SAMPLE_CHUNKS + 1;
	tail = lite_arena_printf(prof->arena,
							 " WHERE %s BETWEEN ?1 AND ?2 ORDER BY %s", rowid,
							 rowid);
	sql = tail != NULL ? build_select(prof, tail) : NULL;
	if (sql == NULL)
		return lite_error_nomem(err);
	status = lite_stmt_prepare(prof->db, sql, &stmt, err);
	if (status != LITE_OK)
		return status;
	for (int i = 0; i < SAMPLE_CHUNKS; i++)
	{
		uint64_t offset = step * (uint64_t) i;
		uint64_t last = offset + step - 1;
		LiteValue from = {.cls = LITE_INTEGER};
		LiteValue to = {.cls = LITE_INTEGER};
		int64_t seen;

		if (offset > span)
			break;
		if (last > span || last < offset)
			last = span;
		from.i = (int64_t) ((uint64_t) low + offset);
		to.i = (int64_t) ((uint64_t) low + last);
		lite_stmt_reset(stmt);
		status = lite_stmt_bind(stmt, 1, &from, err);
		if (status == LITE_OK)
			status = lite_stmt_bind(stmt, 2, &to, err);
		if (status == LITE_OK)
			status = profile_rows(prof, stmt, share, &seen, err);
		if (status == LITE_OK)
		{
			status = lite_stmt_step(stmt, err);
			if (status == LITE_ROW)
				prof->result->whole = false;
		}
		if (status != LITE_ROW && status != LITE_DONE)
			break;
		status = LITE_OK;
	}
	lite_stmt_finalize(stmt);
	return status;
}

LiteStatus
lite_profile_table(LiteDb *db, const LiteTable *table,
				   const LiteProfileOptions *options, LiteArena *arena,
				   LiteTableProfile **result, LiteError *err)
{
	Profiler prof = {.db = db, .table = table, .arena = arena};
	LiteStatus status;

	prof.nstates = table->ncolumns;
	prof.result = lite_arena_new(arena, LiteTableProfile);
	prof.states = lite_arena_newarray(arena, ColumnState, table->ncolumns + 1);
	if (prof.result == NULL || prof.states == NULL)
		return lite_error_nomem(err);
	prof.result->columns =
		lite_arena_newarray(arena, LiteColumnProfile, table->ncolumns + 1);
	if (prof.result->columns == NULL)
		return lite_error_nomem(err);
	prof.result->whole = true;
	prof.result->by_rowid = !table->without_rowid &&
							table->rowid_name != NULL &&
							table->kind != LITE_KIND_VIEW;
	for (int i = 0; i < table->ncolumns; i++)
	{
		ColumnState *state = &prof.states[i];

		state->profile = &prof.result->columns[i];
		state->column = i;
		state->skip = table->columns[i].hidden ||
					  (options->columns != NULL && !options->columns[i]);
		begin_column(state, &table->columns[i], options->times);
	}

	if (options->sample <= 0)
		status = profile_whole(&prof, -1, err);
	else if (prof.result->by_rowid && table->kind == LITE_KIND_TABLE)
		status = profile_sample(&prof, options->sample, err);
	else
		status = profile_whole(&prof, options->sample, err);

	for (int i = 0; i < table->ncolumns; i++)
	{
		ColumnState *state = &prof.states[i];

		finish_column(state);
		for (int k = 0; k < state->nconverters; k++)
			lite_converter_free(&state->converters[k]);
	}
	if (status != LITE_OK)
	{
		lite_error_context(err, "profile of table \"%s\"", table->name);
		return status;
	}
	if (lite_arena_failed(arena))
		return lite_error_nomem(err);
	*result = prof.result;
	return LITE_OK;
}

LiteStatus
lite_profile_check(LiteDb *db, const LiteTable *table, int column,
				   LiteColumnType type, int64_t *misfits, int64_t *row,
				   LiteMisfit *why, LiteError *err)
{
	bool by_rowid = !table->without_rowid && table->rowid_name != NULL;
	LiteConverter converter;
	LiteStmt *stmt;
	LiteStatus status;
	int64_t number = 0;

	*misfits = 0;
	*row = 0;
	*why = LITE_FITS;
	status =
		lite_stmt_preparef(db, &stmt, err,
						   "SELECT \"%w\", %s FROM main.\"%w\"",
						   table->columns[column].name,
						   by_rowid ? table->rowid_name : "NULL", table->name);
	if (status != LITE_OK)
		return status;
	lite_converter_init(&converter, type);
	while ((status = lite_stmt_step(stmt, err)) == LITE_ROW)
	{
		LiteValue value;
		LiteScalar scalar;
		LiteMisfit misfit;

		number++;
		lite_stmt_value(stmt, 0, &value);
		if (value.cls == LITE_NULL)
			continue;
		misfit = lite_convert(&converter, &value, &scalar);
		if (misfit == LITE_FITS)
			continue;
		if ((*misfits)++ == 0)
		{
			*why = misfit;
			*row = by_rowid ? lite_stmt_int64(stmt, 1) : number;
		}
	}
	lite_converter_free(&converter);
	lite_stmt_finalize(stmt);
	return status == LITE_DONE ? LITE_OK : status;
}

int64_t
lite_profile_values(const LiteColumnProfile *column)
{
	return column->count[LITE_INTEGER] + column->count[LITE_REAL] +
		   column->count[LITE_TEXT] + column->count[LITE_BLOB];
}

bool
lite_profile_all(const LiteColumnProfile *column, LiteFit fit)
{
	int64_t values = lite_profile_values(column);

	return values > 0 && column->fits[fit] == values;
}
