/*
 * infer_time.c
 *	  Columns that hold times, or may.
 *
 * Declared as times: ISO text, or numbers that are plausible in one unit.
 * Numbers elsewhere are what they look like in a suggestion, and stay numbers:
 * an application that writes numbers goes on writing numbers.
 */
#include "core/infer_int.h"

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
	lite_infer_suggest(inf, make_type(LITE_TYPE_TIMESTAMPTZ, epoch->format),
					   lite_arena_printf(inf->arena,
										 "the numbers look like %s",
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
		lite_infer_find(
			inf, LITE_SEVERITY_INFO, "mixed_times",
			"the column mixes units of time (seconds, milliseconds, julian "
			"days): each value is read by its magnitude",
			NULL);
		return;
	}
	lite_infer_by_classes(inf, "numbers that are not times without doubt");
	if (epoch != NULL)
		suggest_times(inf, epoch);
}

void
lite_infer_by_time(Inference *inf)
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
			!lite_infer_moments_distinct(inf))
		{
			lite_infer_by_classes(
				inf, "times spelled in several ways in a unique "
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
				lite_infer_find(
					inf, LITE_SEVERITY_INFO, "type",
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
		lite_infer_find(
			inf, LITE_SEVERITY_INFO, "mixed_times",
			"the column mixes ISO text and numbers: each value is read as "
			"the time it stands for",
			NULL);
		return;
	}
	lite_infer_by_classes(
		inf,
		lite_arena_printf(inf->arena, "not every value is a date or time%s",
						  lite_infer_first_row(inf, p->failed[LITE_FIT_AUTO]
														? LITE_FIT_AUTO
														: LITE_FIT_MOMENT)));
}

void
lite_infer_suggest_epoch(Inference *inf)
{
	const Epoch *epoch = find_epoch(inf->p);

	if (epoch == NULL || inf->facts->key_family || inf->facts->unique)
		return;
	if (lite_infer_is_time_name(inf->facts->column->name) ||
		lite_infer_default_is_epoch(inf->facts->column->default_sql))
		suggest_times(inf, epoch);
}

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
