/*
 * timeconv.c
 *	  Dates and times: from the ways in which files encode them, and back.
 *
 *		ISO text -----> LiteMoment ----.
 *										`--> microseconds --> date, time,
 *		a number -- unit and origin --'		 since 2000		  timestamp[tz]
 *
 * The target type is applied last: a DATE takes only midnights, a TIME only
 * what is no date.
 *
 * Numbers.  Integers count exactly, and what they say below a microsecond is
 * a fraction that does not fit.  REALs are rounded to the nearest
 * microsecond.  Where a double lies closer to its neighbours than 0.1
 * microseconds, the microseconds must give the very same double back, or it
 * does not fit; where it does not (seconds since 1970 count in steps of 0.24
 * microseconds today), the two bits below a microsecond are what is left of a
 * clock's nanoseconds, and rounding them is all that a timestamp can do.
 * Julian days count in steps of 40 microseconds, so SQLite rounds them to
 * milliseconds, and so does this, unless only microseconds give the very same
 * double back.
 */
#include "core/convert.h"

#include <math.h>

/* PostgreSQL's MIN_TIMESTAMP and END_TIMESTAMP. */
#define TIMESTAMP_MIN INT64_C(-211813488000000000)
#define TIMESTAMP_END INT64_C(9223371331200000000)

/* Julian day of 2000-01-01 00:00, in milliseconds. */
#define JULIAN_EPOCH_MS INT64_C(211813444800000)
#define MS_PER_DAY INT64_C(86400000)

/*
 * AUTO: a number is what it would be as a moment of 1973..2099.  The windows
 * of seconds, ms, us and ns lie a factor 23 apart, and none reaches down to
 * the julian days.
 */
#define WINDOW_MIN INT64_C(94694400)   /* 1973-01-01 in seconds */
#define WINDOW_END INT64_C(4102444800) /* 2100-01-01 */

/* REAL julian days have SQLite's range; integral ones, which may be INTEGER
 * because of the column's affinity, only the window's. */
#define JULIAN_MIN 1721059.5 /* 0000-01-01 */
#define JULIAN_END 5373484.5 /* 10000-01-01 */
#define JULIAN_WINDOW_MIN 2441684
#define JULIAN_WINDOW_END 2488070

/* A unit: how many microseconds it has, or how many it takes for one. */
typedef struct Unit
{
	int64_t multiply;
	int64_t divide;
	int64_t origin_us; /* its zero, since 2000-01-01 */
} Unit;

/* 1601-01-01 and 2001-01-01 */
#define WEBKIT_EPOCH_US (INT64_C(-145731) * LITE_US_PER_DAY)
#define COCOA_EPOCH_US (INT64_C(366) * LITE_US_PER_DAY)

static const Unit units[LITE_NFORMATS] = {
	[LITE_FORMAT_UNIX_S] = {1000000, 1, -LITE_EPOCH_US},
	[LITE_FORMAT_UNIX_MS] = {1000, 1, -LITE_EPOCH_US},
	[LITE_FORMAT_UNIX_US] = {1, 1, -LITE_EPOCH_US},
	[LITE_FORMAT_UNIX_NS] = {1, 1000, -LITE_EPOCH_US},
	[LITE_FORMAT_WEBKIT] = {1, 1, WEBKIT_EPOCH_US},
	[LITE_FORMAT_COCOA] = {1000000, 1, COCOA_EPOCH_US},
};

/* Origin and range of what a number counts: a moment, or a time of day. */
typedef struct Span
{
	int64_t origin_us;
	int64_t min;
	int64_t end;
} Span;

/* ---- numbers into microseconds ---- */

static LiteMisfit
us_from_integer(const Unit *unit, Span span, int64_t i, int64_t *us)
{
	int64_t count;

	if (unit->divide > 1)
	{
		if (i % unit->divide != 0)
			return LITE_MISFIT_FRACTION;
		count = i / unit->divide;
	}
	else if (i > INT64_MAX / unit->multiply || i < INT64_MIN / unit->multiply)
		return LITE_MISFIT_RANGE;
	else
		count = i * unit->multiply;
	if ((span.origin_us > 0 && count > INT64_MAX - span.origin_us) ||
		(span.origin_us < 0 && count < INT64_MIN - span.origin_us))
		return LITE_MISFIT_RANGE;
	count += span.origin_us;
	if (count < span.min || count >= span.end)
		return LITE_MISFIT_RANGE;
	*us = count;
	return LITE_FITS;
}

/*
 * Microseconds since the unit's zero as a count of the unit.  Up to 2^53 the
 * division is exact but for its own rounding.
 */
static double
real_from_us(const Unit *unit, int64_t us)
{
	if (unit->divide > 1)
		return (double) us * (double) unit->divide;
	return (double) ((long double) us / (long double) unit->multiply);
}

static LiteMisfit
us_from_real(const Unit *unit, Span span, double r, int64_t *us)
{
	double whole;
	double count;
	int64_t result;

	if (isinf(r) || isnan(r))
		return LITE_MISFIT_NONFINITE;

	/* Whole and fraction apart: their sum in microseconds may have more bits
	 * than a double.  The bound keeps all of it within 64 bits. */
	if (fabs(r) >= 9.2e18 / (double) unit->multiply)
		return LITE_MISFIT_RANGE;
	if (unit->divide > 1)
	{
		if (r != floor(r))
			return LITE_MISFIT_FRACTION;
		return us_from_integer(unit, span, (int64_t) r, us);
	}
	whole = floor(r);
	count = rint((r - whole) * (double) unit->multiply);
	result = (int64_t) whole * unit->multiply + (int64_t) count;

	if (real_from_us(unit, result) != r)
	{
		double next = nextafter(fabs(r), INFINITY) - fabs(r);

		if (next * (double) unit->multiply < 0.1)
			return LITE_MISFIT_FRACTION;
	}
	if ((span.origin_us > 0 && result > INT64_MAX - span.origin_us) ||
		(span.origin_us < 0 && result < INT64_MIN - span.origin_us))
		return LITE_MISFIT_RANGE;
	result += span.origin_us;
	if (result < span.min || result >= span.end)
		return LITE_MISFIT_RANGE;
	*us = result;
	return LITE_FITS;
}

static double
julian_from_us(int64_t us)
{
	return (
		double) (((long double) us / 1000.0L + (long double) JULIAN_EPOCH_MS) /
				 (long double) MS_PER_DAY);
}

/* As SQLite has it: milliseconds as an integer, divided as doubles. */
static double
julian_from_ms(int64_t ms)
{
	return (double) (ms + JULIAN_EPOCH_MS) / (double) MS_PER_DAY;
}

static LiteMisfit
us_from_julian(double r, int64_t *us)
{
	double whole;
	int64_t ms;
	int64_t fine;

	if (isinf(r) || isnan(r))
		return LITE_MISFIT_NONFINITE;
	if (!(r >= 0.5 && r < 1e8))
		return LITE_MISFIT_RANGE;
	ms = (int64_t) (r * (double) MS_PER_DAY + 0.5) - JULIAN_EPOCH_MS;
	if (julian_from_ms(ms) == r)
	{
		*us = ms * 1000;
		return LITE_FITS;
	}
	whole = floor(r);
	fine = (int64_t) rint((r - whole) * (double) LITE_US_PER_DAY);
	*us = ((int64_t) whole * MS_PER_DAY - JULIAN_EPOCH_MS) * 1000 + fine;
	return julian_from_us(*us) == r ? LITE_FITS : LITE_MISFIT_FRACTION;
}

/* ---- which number is it? ---- */

static LiteFormat
guess_integer(int64_t i)
{
	int64_t size = 1;

	if (i >= JULIAN_WINDOW_MIN && i < JULIAN_WINDOW_END)
		return LITE_FORMAT_JULIAN;
	for (int format = LITE_FORMAT_UNIX_S; format <= LITE_FORMAT_UNIX_NS;
		 format++)
	{
		if (i >= WINDOW_MIN * size && i < WINDOW_END * size)
			return (LiteFormat) format;
		size *= 1000;
	}
	return LITE_FORMAT_AUTO;
}

static LiteFormat
guess_real(double r)
{
	if (r >= JULIAN_MIN && r < JULIAN_END)
		return LITE_FORMAT_JULIAN;
	if (r >= 0 && r < 9e18)
		return guess_integer((int64_t) floor(r));
	return LITE_FORMAT_AUTO;
}

static LiteMisfit
us_from_number(LiteFormat format, bool time_of_day, const LiteValue *in,
			   int64_t *us)
{
	const Unit *unit;
	Span span = {0, TIMESTAMP_MIN, TIMESTAMP_END};

	if (format == LITE_FORMAT_AUTO && !time_of_day)
	{
		if (in->cls == LITE_REAL && (isinf(in->r) || isnan(in->r)))
			return LITE_MISFIT_NONFINITE;
		format =
			in->cls == LITE_INTEGER ? guess_integer(in->i) : guess_real(in->r);
		if (format == LITE_FORMAT_AUTO)
			return LITE_MISFIT_RANGE;
	}
	if (format == LITE_FORMAT_JULIAN && !time_of_day)
		return us_from_julian(in->cls == LITE_INTEGER ? (double) in->i : in->r,
							  us);

	unit = &units[format];
	if (unit->multiply == 0)
		return LITE_MISFIT_CLASS;
	if (time_of_day)
	{
		/* counted from midnight, which is nowhere in the other origins */
		if (unit->origin_us != -LITE_EPOCH_US)
			return LITE_MISFIT_CLASS;
		span.min = 0;
		span.end = LITE_US_PER_DAY;
	}
	else
		span.origin_us = unit->origin_us;
	return in->cls == LITE_INTEGER ? us_from_integer(unit, span, in->i, us)
								   : us_from_real(unit, span, in->r, us);
}

/* A number written as text, in a column of numbers. */
static LiteMisfit
number_from_text(const LiteValue *in, LiteValue *number)
{
	LiteDecimal decimal;

	if (lite_parse_int64(in->data, in->len, &number->i))
	{
		number->cls = LITE_INTEGER;
		return LITE_FITS;
	}
	if (!lite_decimal_read(in->data, in->len, &decimal))
		return LITE_MISFIT_SYNTAX;
	if (!lite_decimal_double(&decimal, &number->r))
		return LITE_MISFIT_PRECISION;
	number->cls = LITE_REAL;
	return LITE_FITS;
}

/*
 * Everything that is no ISO text: numbers, and text in columns of numbers.
 */
static LiteMisfit
us_from_value(const LiteConverter *converter, const LiteValue *in, int64_t *us)
{
	LiteFormat format = converter->type.format;
	bool time_of_day = converter->type.type == LITE_TYPE_TIME;
	LiteValue number;
	LiteMisfit misfit;

	if (format == LITE_FORMAT_NATIVE || format == LITE_FORMAT_BLOB ||
		in->cls == LITE_BLOB)
		return LITE_MISFIT_CLASS;
	if (in->cls != LITE_TEXT)
		return us_from_number(format, time_of_day, in, us);
	misfit = number_from_text(in, &number);
	if (misfit != LITE_FITS)
		return misfit;
	return us_from_number(format, time_of_day, &number, us);
}

/* Is in a text that the format reads as ISO 8601? */
static inline bool
is_iso(const LiteConverter *converter, const LiteValue *in)
{
	return in->cls == LITE_TEXT &&
		   (converter->type.format == LITE_FORMAT_NATIVE ||
			converter->type.format == LITE_FORMAT_AUTO);
}

/* ---- the four types ---- */

static LiteMisfit
to_timestamp(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	LiteMoment moment;

	if (in->cls == LITE_TEXT && in->data == NULL)
		return LITE_MISFIT_NOMEM;
	if (!is_iso(converter, in))
		return us_from_value(converter, in, &out->i);
	if (!lite_parse_moment(in->data, in->len, &moment) || !moment.has_date)
		return LITE_MISFIT_SYNTAX;
	out->i = moment.us;
	return LITE_FITS;
}

static LiteMisfit
to_timestamptz(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	LiteMoment moment;

	if (in->cls == LITE_TEXT && in->data == NULL)
		return LITE_MISFIT_NOMEM;
	if (!is_iso(converter, in))
		return us_from_value(converter, in, &out->i);
	if (!lite_parse_moment(in->data, in->len, &moment) || !moment.has_date)
		return LITE_MISFIT_SYNTAX;
	out->i = moment.us;
	if (!moment.has_zone && converter->to_utc != NULL)
		out->i = converter->to_utc(converter->zone_arg, moment.us);
	return LITE_FITS;
}

static LiteMisfit
to_date(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	LiteMisfit misfit = to_timestamp(converter, in, out);

	if (misfit != LITE_FITS)
		return misfit;
	if (out->i % LITE_US_PER_DAY != 0)
		return LITE_MISFIT_FRACTION;
	out->i /= LITE_US_PER_DAY;
	return LITE_FITS;
}

/* A time with a zone says more than the type holds. */
static LiteMisfit
to_time(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	LiteMoment moment;

	if (in->cls == LITE_TEXT && in->data == NULL)
		return LITE_MISFIT_NOMEM;
	if (!is_iso(converter, in))
		return us_from_value(converter, in, &out->i);
	if (!lite_parse_moment(in->data, in->len, &moment) || moment.has_date ||
		moment.has_zone)
		return LITE_MISFIT_SYNTAX;
	out->i = moment.us;
	return LITE_FITS;
}

LiteConvertFunction
lite_time_converter(LiteColumnType type)
{
	switch (type.type)
	{
		case LITE_TYPE_DATE:
			return to_date;
		case LITE_TYPE_TIME:
			return to_time;
		case LITE_TYPE_TIMESTAMP:
			return to_timestamp;
		default:
			return to_timestamptz;
	}
}

/* ---- back ---- */

static void
number_back(LiteFormat format, bool time_of_day, int64_t us, LiteValue *out)
{
	const Unit *unit = &units[format];
	int64_t origin = time_of_day ? 0 : unit->origin_us;
	int64_t count;

	if (format == LITE_FORMAT_JULIAN)
	{
		out->cls = LITE_REAL;
		out->r =
			us % 1000 == 0 ? julian_from_ms(us / 1000) : julian_from_us(us);
		return;
	}
	/* The origins differ by less than a thousand years; a moment that far
	 * out of 64 bits is near PostgreSQL's own end of time. */
	if ((origin < 0 && us > INT64_MAX + origin) ||
		(unit->divide > 1 && (us - origin > INT64_MAX / unit->divide ||
							  us - origin < INT64_MIN / unit->divide)))
	{
		out->cls = LITE_REAL;
		out->r = ((double) us - (double) origin) * (double) unit->divide /
				 (double) unit->multiply;
		return;
	}
	count = us - origin;
	if (unit->divide > 1)
	{
		out->cls = LITE_INTEGER;
		out->i = count * unit->divide;
	}
	else if (count % unit->multiply == 0)
	{
		out->cls = LITE_INTEGER;
		out->i = count / unit->multiply;
	}
	else
	{
		out->cls = LITE_REAL;
		out->r = real_from_us(unit, count);
	}
}

/* PostgreSQL's own dates without end, which no file can have written. */
static const char *
endless(LiteType type, int64_t i)
{
	if (type == LITE_TYPE_TIME)
		return NULL;
	if (i == INT64_MIN || (type == LITE_TYPE_DATE && i == INT32_MIN))
		return "-infinity";
	if (i == INT64_MAX || (type == LITE_TYPE_DATE && i == INT32_MAX))
		return "infinity";
	return NULL;
}

LiteMisfit
lite_time_back(LiteConverter *converter, const LiteScalar *in, LiteValue *out)
{
	LiteType type = converter->type.type;
	LiteFormat format = converter->type.format;
	const char *word = endless(type, in->i);

	if (word != NULL)
	{
		out->cls = LITE_TEXT;
		out->data = word;
		out->len = strlen(word);
		return LITE_FITS;
	}
	if (units[format].multiply != 0 ||
		(format == LITE_FORMAT_JULIAN && type != LITE_TYPE_TIME))
	{
		int64_t us = in->i;

		/* Dates beyond the range of timestamps have no number. */
		if (type != LITE_TYPE_DATE || (us >= TIMESTAMP_MIN / LITE_US_PER_DAY &&
									   us < TIMESTAMP_END / LITE_US_PER_DAY))
		{
			if (type == LITE_TYPE_DATE)
				us *= LITE_US_PER_DAY;
			number_back(format, type == LITE_TYPE_TIME, us, out);
			return LITE_FITS;
		}
	}
	if (!lite_scratch_reserve(converter, LITE_MOMENT_TEXT))
		return LITE_MISFIT_NOMEM;
	out->cls = LITE_TEXT;
	out->data = converter->scratch;
	if (type == LITE_TYPE_DATE)
		out->len = lite_date_text(in->i, converter->scratch);
	else if (type == LITE_TYPE_TIME)
		out->len = lite_time_text(in->i, converter->scratch);
	else
	{
		out->len = lite_timestamp_text(in->i, converter->scratch);

		/* Where text without a zone is somewhere else, UTC must say so. */
		if (type == LITE_TYPE_TIMESTAMPTZ && converter->to_utc != NULL)
			converter->scratch[out->len++] = 'Z';
	}
	return LITE_FITS;
}
