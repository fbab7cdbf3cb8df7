/*
 * moment_test.c
 *	  Dates and times: text, numbers, and SQLite's own opinion of them.
 */
#include <math.h>
#include <sqlite3.h>

#include "tap.h"
#include "value_help.h"

#define DAY INT64_C(86400000000)
#define HOUR INT64_C(3600000000)
#define SECOND INT64_C(1000000)
#define UNIX_EPOCH INT64_C(-946684800000000)

static void
test_accepted(void)
{
	static const struct
	{
		const char *text;
		char parts[4]; /* d, t, z */
		int64_t us;
	} cases[] = {
		{"2000-01-01", "d", 0},
		{"2000-01-02", "d", DAY},
		{"1999-12-31", "d", -DAY},
		{"2000-03-01", "d", 60 * DAY},
		{"2001-01-01", "d", 366 * DAY},
		{"1970-01-01", "d", UNIX_EPOCH},
		{"0001-01-01", "d", -730119 * DAY},
		{"9999-12-31", "d", 2921939 * DAY},
		{"2024-02-29", "d", 8825 * DAY},
		{"1900-02-28", "d", -36466 * DAY},
		{"2000-01-01 00:00", "dt", 0},
		{"2000-01-01T01:00", "dt", HOUR},
		{"2000-01-01 00:00:01", "dt", SECOND},
		{"2000-01-01T00:00:01.5", "dt", 1500000},
		{"2000-01-01 00:00:00.123456", "dt", 123456},
		{"2000-01-01 00:00:00.123456000", "dt", 123456},
		{"2000-01-01 00:00:00.000001", "dt", 1},
		{"2000-01-01 23:59:59.999999", "dt", DAY - 1},
		{"2000-01-01T00:00:00Z", "dtz", 0},
		{"2000-01-01T00:00:00z", "dtz", 0},
		{"2000-01-01T00:00:00.250Z", "dtz", 250000},
		{"2000-01-01 00:00Z", "dtz", 0},
		{"2000-01-01 00:00:00 Z", "dtz", 0},
		{"2000-01-01T02:00:00+02:00", "dtz", 0},
		{"2000-01-01T02:00:00+0200", "dtz", 0},
		{"2000-01-01T02:00:00+02", "dtz", 0},
		{"2000-01-01 02:00:00 +02:00", "dtz", 0},
		{"1999-12-31T19:00:00-05:00", "dtz", 0},
		{"2000-01-01T05:45:00+05:45", "dtz", 0},
		{"12:34", "t", 12 * HOUR + 34 * 60 * SECOND},
		{"12:34:56", "t", 12 * HOUR + (34 * 60 + 56) * SECOND},
		{"12:34:56.7", "t", 12 * HOUR + (34 * 60 + 56) * SECOND + 700000},
		{"00:00Z", "tz", 0},
		{"01:00+02:00", "tz", 23 * HOUR},
		{"23:00-02:00", "tz", 1 * HOUR},
	};

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
	{
		LiteMoment moment;
		char parts[4] = "";
		char *p = parts;
		size_t len = strlen(cases[k].text);
		char *copy = exact_copy(cases[k].text, len);

		if (!ok(lite_parse_moment(copy, len, &moment), "'%s' is a moment",
				cases[k].text))
		{
			free(copy);
			continue;
		}
		if (moment.has_date)
			*p++ = 'd';
		if (moment.has_time)
			*p++ = 't';
		if (moment.has_zone)
			*p++ = 'z';
		is_str(parts, cases[k].parts, "parts of '%s'", cases[k].text);
		is_int(moment.us, cases[k].us, "microseconds of '%s'", cases[k].text);
		free(copy);
	}
}

static void
test_refused(void)
{
	static const char *const cases[] = {
		"",
		"2000",
		"2000-01",
		"2000-1-1",
		"2000-01-1",
		"2000/01/01",
		"20000101",
		"2000-00-01",
		"2000-13-01",
		"2000-01-00",
		"2000-01-32",
		"2023-02-29",
		"2023-02-30",
		"1900-02-29",
		"2023-04-31",
		"0000-01-01",
		"-2000-01-01",
		"12000-01-01",
		"2000-01-01 ",
		" 2000-01-01",
		"2000-01-01T",
		"2000-01-01 12",
		"2000-01-01 1:00",
		"2000-01-01 24:00",
		"2000-01-01 24:00:00",
		"2000-01-01 23:60",
		"2000-01-01 23:59:60",
		"2000-01-01 00:00:",
		"2000-01-01 00:00:0",
		"2000-01-01 00:00:00.",
		"2000-01-01 00:00:00,5",
		"2000-01-01 00:00:00.1234567",
		"2000-01-01 00:00:00.0000001",
		"2000-01-01  00:00",
		"2000-01-01t00:00",
		"2000-01-01Z",
		"2000-01-01+01:00",
		"2000-01-01 00:00:00 ",
		"2000-01-01 00:00:00ZZ",
		"2000-01-01 00:00:00+",
		"2000-01-01 00:00:00+1",
		"2000-01-01 00:00:00+1:00",
		"2000-01-01 00:00:00+15:00",
		"2000-01-01 00:00:00+01:60",
		"2000-01-01 00:00:00+01:0",
		"2000-01-01 00:00:00+01:00:00",
		"2000-01-01 00:00:00 CET",
		"2000-01-01 12:00 PM",
		"0001-01-01 00:00:00+01:00",
		"9999-12-31 23:59:59-01:00",
		"now",
		"infinity",
		"2460000.5",
		"2000:01:01",
		"\xD9\xA2\xD9\xA0\xD9\xA0\xD9\xA0-01-01",
	};

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
	{
		LiteMoment moment;
		size_t len = strlen(cases[k]);
		char *copy = exact_copy(cases[k], len);

		ok(!lite_parse_moment(copy, len, &moment), "'%s' is no moment",
		   cases[k]);
		free(copy);
	}
	{
		LiteMoment moment;

		ok(!lite_parse_moment("2000-01-01\0", 11, &moment),
		   "a NUL does not end it");
	}
}

/* What SQLite's julianday() counts, in milliseconds; NULL: INT64_MIN. */
static int64_t
ask_sqlite(sqlite3_stmt *stmt, const char *s, size_t len)
{
	int64_t result = INT64_MIN;

	sqlite3_bind_text(stmt, 1, s, (int) len, SQLITE_STATIC);
	if (sqlite3_step(stmt) == SQLITE_ROW &&
		sqlite3_column_type(stmt, 0) != SQLITE_NULL)
		result = llround(sqlite3_column_double(stmt, 0) * 86400000.0);
	sqlite3_reset(stmt);
	return result;
}

/*
 * Every text that we read, SQLite reads, and as the same moment to its
 * precision of a millisecond.  What it reads beyond that is a day that the
 * month has not, hour 24, the year 0, white space, a lone number or "now".
 */
static void
test_against_sqlite(void)
{
	sqlite3 *db;
	sqlite3_stmt *stmt;
	int both = 0;
	int refused = 0;
	int different = 0;
	int unknown = 0;

	sqlite3_open(":memory:", &db);
	sqlite3_prepare_v2(db, "SELECT julianday(?1)", -1, &stmt, NULL);
	for (int k = 0; k < 200000; k++)
	{
		char text[80];
		size_t len;
		int64_t theirs;
		LiteMoment moment;

		len = (size_t) snprintf(text, 64, "%04d-%02d-%02d%c%02d:%02d",
								(int) random_between(1, 9999),
								(int) random_between(1, 12),
								(int) random_between(1, 31),
								random64() % 2 ? ' ' : 'T',
								(int) random_between(0, 24),
								(int) random_between(0, 59));
		if (random64() % 4 != 0)
			len += (size_t) snprintf(text + len, 8, ":%02d",
									 (int) random_between(0, 60));
		if (random64() % 2 != 0)
			len += (size_t) snprintf(text + len, 10, ".%0*d",
									 (int) random_between(1, 3),
									 (int) random_between(0, 9));
		if (random64() % 3 == 0)
			len += (size_t) snprintf(text + len, 10, "%s%02d:%02d",
									 random64() % 2 ? "+" : " -",
									 (int) random_between(0, 14),
									 (int) random_between(0, 59));
		if (random64() % 3 == 0)
			len = mutate(text, len, sizeof(text), "0123456789-:. TZ+");

		theirs = ask_sqlite(stmt, text, len);
		if (!lite_parse_moment(text, len, &moment))
		{
			refused++;
			continue;
		}
		if (!moment.has_date)
			continue;
		both++;
		if (theirs == INT64_MIN)
		{
			/* +HHMM and +HH are not SQLite's, but everybody else's */
			if (moment.has_zone)
				continue;
			unknown++;
			note("'%.*s' is unknown to SQLite", (int) len, text);
		}
		else if (llabs(theirs - INT64_C(211813444800000) -
					   (int64_t) floor((double) moment.us / 1000.0 + 0.5)) > 1)
		{
			different++;
			note("'%.*s' is %lld to SQLite", (int) len, text,
				 (long long) theirs);
		}
	}
	ok(both > 100000 && refused > 10000, "%d texts read, %d refused", both,
	   refused);
	is_int(unknown, 0, "SQLite reads them too");
	is_int(different, 0, "and as the same moment");
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

static void
test_calendar(void)
{
	int wrong = 0;
	char text[64];

	/* every day of PostgreSQL's whole range would take too long */
	for (int64_t days = -2451545; days < 110000000; days += 997)
	{
		LiteCivil civil = lite_civil_from_days(days);
		LiteCivil next = lite_civil_from_days(days + 1);
		bool follows = next.day == civil.day + 1
						   ? next.month == civil.month
						   : next.day == 1 && civil.day >= 28;

		if (!follows || civil.month < 1 || civil.month > 12 || civil.day < 1)
			wrong++;
	}
	is_int(wrong, 0, "days follow each other");

	wrong = 0;
	for (int64_t days = -730119; days < 2921940; days++)
	{
		LiteMoment moment;
		size_t len = lite_date_text(days, text);

		if (!lite_parse_moment(text, len, &moment) || moment.us != days * DAY)
			wrong++;
	}
	is_int(wrong, 0, "every date of the years 1 to 9999 comes back");

	text[lite_date_text(-2451545, text)] = '\0';
	is_str(text, "-4713-11-24", "PostgreSQL's first day, as ISO counts years");
	text[lite_date_text(2921940, text)] = '\0';
	is_str(text, "+10000-01-01", "the first day of five digits");
	text[lite_timestamp_text(-1, text)] = '\0';
	is_str(text, "1999-12-31 23:59:59.999999", "just before the epoch");
	text[lite_timestamp_text(1500000, text)] = '\0';
	is_str(text, "2000-01-01 00:00:01.5", "no zeros behind a fraction");
}

/* ---- numbers ---- */

static LiteMisfit
convert(LiteType type, LiteFormat format, LiteValue value, int64_t *result)
{
	LiteConverter converter;
	LiteScalar scalar;
	LiteMisfit misfit;

	lite_converter_init(&converter, type_of(type, format));
	scalar.i = INT64_MIN;
	misfit = lite_convert(&converter, &value, &scalar);
	*result = scalar.i;
	lite_converter_free(&converter);
	return misfit;
}

#define NOON_2023 INT64_C(730728000000000) /* 2023-02-26 12:00:00 UTC */
#define NOON_UNIX INT64_C(1677412800)

static void
test_numbers(void)
{
	static const struct
	{
		const char *what;
		LiteFormat format;
		LiteClass cls;
		double r;
		int64_t i;
		LiteMisfit misfit;
		int64_t us;
	} cases[] = {
		{"seconds", LITE_FORMAT_UNIX_S, LITE_INTEGER, 0, NOON_UNIX, LITE_FITS,
		 NOON_2023},
		{"milliseconds", LITE_FORMAT_UNIX_MS, LITE_INTEGER, 0,
		 NOON_UNIX * 1000 + 5, LITE_FITS, NOON_2023 + 5000},
		{"microseconds", LITE_FORMAT_UNIX_US, LITE_INTEGER, 0,
		 NOON_UNIX * SECOND + 7, LITE_FITS, NOON_2023 + 7},
		{"nanoseconds", LITE_FORMAT_UNIX_NS, LITE_INTEGER, 0,
		 NOON_UNIX * 1000000000 + 7000, LITE_FITS, NOON_2023 + 7},
		{"half microseconds", LITE_FORMAT_UNIX_NS, LITE_INTEGER, 0,
		 NOON_UNIX * 1000000000 + 7500, LITE_MISFIT_FRACTION, 0},
		{"real seconds", LITE_FORMAT_UNIX_S, LITE_REAL, 1677412800.25, 0,
		 LITE_FITS, NOON_2023 + 250000},
		{"microseconds in real seconds", LITE_FORMAT_UNIX_S, LITE_REAL,
		 1677412800.123457, 0, LITE_FITS, NOON_2023 + 123457},
		{"a clock's nanoseconds in real seconds", LITE_FORMAT_UNIX_S,
		 LITE_REAL, 1677412800.1234567, 0, LITE_FITS, NOON_2023 + 123457},
		{"nanoseconds of 1970", LITE_FORMAT_UNIX_S, LITE_REAL, 1.0000005, 0,
		 LITE_MISFIT_FRACTION, 0},
		{"real milliseconds", LITE_FORMAT_UNIX_MS, LITE_REAL, 1677412800000.5,
		 0, LITE_FITS, NOON_2023 + 500},
		{"julian day", LITE_FORMAT_JULIAN, LITE_REAL, 2460002.0, 0, LITE_FITS,
		 NOON_2023},
		{"julian second", LITE_FORMAT_JULIAN, LITE_REAL, 2460002.000011574, 0,
		 LITE_FITS, NOON_2023 + SECOND},
		{"julian integer", LITE_FORMAT_JULIAN, LITE_INTEGER, 0, 2460002,
		 LITE_FITS, NOON_2023},
		{"1601", LITE_FORMAT_WEBKIT, LITE_INTEGER, 0,
		 INT64_C(13321886400000000), LITE_FITS, NOON_2023},
		{"2001", LITE_FORMAT_COCOA, LITE_INTEGER, 0, 699105600, LITE_FITS,
		 NOON_2023},
		{"2001 with a fraction", LITE_FORMAT_COCOA, LITE_REAL, 699105600.5, 0,
		 LITE_FITS, NOON_2023 + 500000},
		{"the epoch", LITE_FORMAT_UNIX_S, LITE_INTEGER, 0, 0, LITE_FITS,
		 UNIX_EPOCH},
		{"before it", LITE_FORMAT_UNIX_S, LITE_INTEGER, 0, -1, LITE_FITS,
		 UNIX_EPOCH - SECOND},
		{"beyond 64 bits", LITE_FORMAT_UNIX_S, LITE_INTEGER, 0, INT64_MAX,
		 LITE_MISFIT_RANGE, 0},
		{"below 64 bits", LITE_FORMAT_UNIX_S, LITE_INTEGER, 0, INT64_MIN,
		 LITE_MISFIT_RANGE, 0},
		{"the last microseconds", LITE_FORMAT_UNIX_US, LITE_INTEGER, 0,
		 INT64_MAX, LITE_FITS, INT64_MAX + UNIX_EPOCH},
		{"the first microseconds", LITE_FORMAT_UNIX_US, LITE_INTEGER, 0,
		 INT64_MIN, LITE_MISFIT_RANGE, 0},
		{"1601's last", LITE_FORMAT_WEBKIT, LITE_INTEGER, 0, INT64_MAX,
		 LITE_FITS, INT64_MAX - INT64_C(145731) * DAY},
		{"1601's first", LITE_FORMAT_WEBKIT, LITE_INTEGER, 0, INT64_MIN,
		 LITE_MISFIT_RANGE, 0},
		{"huge real", LITE_FORMAT_UNIX_S, LITE_REAL, 1e300, 0,
		 LITE_MISFIT_RANGE, 0},
		{"infinite", LITE_FORMAT_UNIX_S, LITE_REAL, INFINITY, 0,
		 LITE_MISFIT_NONFINITE, 0},
		{"infinite days", LITE_FORMAT_JULIAN, LITE_REAL, -INFINITY, 0,
		 LITE_MISFIT_NONFINITE, 0},
		{"julian too large", LITE_FORMAT_JULIAN, LITE_REAL, 1e17, 0,
		 LITE_MISFIT_RANGE, 0},
		{"julian negative", LITE_FORMAT_JULIAN, LITE_REAL, -1, 0,
		 LITE_MISFIT_RANGE, 0},
		{"a number for ISO text", LITE_FORMAT_NATIVE, LITE_INTEGER, 0,
		 NOON_UNIX, LITE_MISFIT_CLASS, 0},
		{"auto seconds", LITE_FORMAT_AUTO, LITE_INTEGER, 0, NOON_UNIX,
		 LITE_FITS, NOON_2023},
		{"auto real seconds", LITE_FORMAT_AUTO, LITE_REAL, 1677412800.5, 0,
		 LITE_FITS, NOON_2023 + 500000},
		{"auto milliseconds", LITE_FORMAT_AUTO, LITE_INTEGER, 0,
		 NOON_UNIX * 1000, LITE_FITS, NOON_2023},
		{"auto microseconds", LITE_FORMAT_AUTO, LITE_INTEGER, 0,
		 NOON_UNIX * SECOND, LITE_FITS, NOON_2023},
		{"auto nanoseconds", LITE_FORMAT_AUTO, LITE_INTEGER, 0,
		 NOON_UNIX * 1000000000, LITE_FITS, NOON_2023},
		{"auto julian", LITE_FORMAT_AUTO, LITE_REAL, 2460002.0, 0, LITE_FITS,
		 NOON_2023},
		{"auto julian, made an integer by affinity", LITE_FORMAT_AUTO,
		 LITE_INTEGER, 0, 2460002, LITE_FITS, NOON_2023},
		{"auto zero", LITE_FORMAT_AUTO, LITE_INTEGER, 0, 0, LITE_MISFIT_RANGE,
		 0},
		{"auto year", LITE_FORMAT_AUTO, LITE_INTEGER, 0, 2023,
		 LITE_MISFIT_RANGE, 0},
		{"auto YYYYMMDD", LITE_FORMAT_AUTO, LITE_INTEGER, 0, 20230226,
		 LITE_MISFIT_RANGE, 0},
		{"auto negative", LITE_FORMAT_AUTO, LITE_INTEGER, 0, -NOON_UNIX,
		 LITE_MISFIT_RANGE, 0},
		{"auto 1601", LITE_FORMAT_AUTO, LITE_INTEGER, 0,
		 INT64_C(13321886400000000), LITE_MISFIT_RANGE, 0},
		{"auto largest", LITE_FORMAT_AUTO, LITE_INTEGER, 0, INT64_MAX,
		 LITE_MISFIT_RANGE, 0},
		{"auto infinite", LITE_FORMAT_AUTO, LITE_REAL, INFINITY, 0,
		 LITE_MISFIT_NONFINITE, 0},
		{"auto 1e18 real", LITE_FORMAT_AUTO, LITE_REAL, 1677412800e9, 0,
		 LITE_FITS, NOON_2023},
	};

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
	{
		int64_t us;
		LiteValue value = cases[k].cls == LITE_REAL ? real_value(cases[k].r)
													: int_value(cases[k].i);
		LiteMisfit misfit =
			convert(LITE_TYPE_TIMESTAMPTZ, cases[k].format, value, &us);

		is_str(lite_misfit_name(misfit), lite_misfit_name(cases[k].misfit),
			   "%s", cases[k].what);
		if (misfit == LITE_FITS && cases[k].misfit == LITE_FITS)
			is_int(us, cases[k].us, "%s: the moment", cases[k].what);
	}
}

static void
test_types(void)
{
	static const struct
	{
		LiteType type;
		LiteFormat format;
		const char *text;
		LiteMisfit misfit;
		int64_t i;
	} cases[] = {
		{LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_NATIVE, "2000-01-02", LITE_FITS,
		 DAY},
		{LITE_TYPE_TIMESTAMP, LITE_FORMAT_NATIVE, "2000-01-01 00:00",
		 LITE_FITS, 0},
		{LITE_TYPE_TIMESTAMP, LITE_FORMAT_NATIVE, "2000-01-01 02:00+02:00",
		 LITE_FITS, 0},
		{LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_NATIVE, "12:00",
		 LITE_MISFIT_SYNTAX, 0},
		{LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_NATIVE, "", LITE_MISFIT_SYNTAX, 0},
		{LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_NATIVE, "1677412800",
		 LITE_MISFIT_SYNTAX, 0},
		{LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_UNIX_S, "1677412800", LITE_FITS,
		 NOON_2023},
		{LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_UNIX_S, "1677412800.5", LITE_FITS,
		 NOON_2023 + 500000},
		{LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_UNIX_S,
		 "1677412800.123456789012345", LITE_MISFIT_PRECISION, 0},
		{LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_UNIX_S, "yesterday",
		 LITE_MISFIT_SYNTAX, 0},
		{LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_UNIX_S, "2000-01-01",
		 LITE_MISFIT_SYNTAX, 0},
		{LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_AUTO, "2000-01-01T00:00:00Z",
		 LITE_FITS, 0},
		{LITE_TYPE_DATE, LITE_FORMAT_NATIVE, "2000-01-02", LITE_FITS, 1},
		{LITE_TYPE_DATE, LITE_FORMAT_NATIVE, "1999-12-31", LITE_FITS, -1},
		{LITE_TYPE_DATE, LITE_FORMAT_NATIVE, "1999-12-31 00:00:00", LITE_FITS,
		 -1},
		{LITE_TYPE_DATE, LITE_FORMAT_NATIVE, "1999-12-31T00:00:00Z", LITE_FITS,
		 -1},
		{LITE_TYPE_DATE, LITE_FORMAT_NATIVE, "1999-12-31 00:00:00.000001",
		 LITE_MISFIT_FRACTION, 0},
		{LITE_TYPE_DATE, LITE_FORMAT_NATIVE, "2000-01-01 12:00",
		 LITE_MISFIT_FRACTION, 0},
		{LITE_TYPE_DATE, LITE_FORMAT_NATIVE, "12:00", LITE_MISFIT_SYNTAX, 0},
		{LITE_TYPE_TIME, LITE_FORMAT_NATIVE, "12:00", LITE_FITS, 12 * HOUR},
		{LITE_TYPE_TIME, LITE_FORMAT_NATIVE, "23:59:59.999999", LITE_FITS,
		 DAY - 1},
		{LITE_TYPE_TIME, LITE_FORMAT_NATIVE, "24:00", LITE_MISFIT_SYNTAX, 0},
		{LITE_TYPE_TIME, LITE_FORMAT_NATIVE, "12:00Z", LITE_MISFIT_SYNTAX, 0},
		{LITE_TYPE_TIME, LITE_FORMAT_NATIVE, "2000-01-01 12:00",
		 LITE_MISFIT_SYNTAX, 0},
		{LITE_TYPE_TIME, LITE_FORMAT_UNIX_S, "43200", LITE_FITS, 12 * HOUR},
		{LITE_TYPE_TIME, LITE_FORMAT_UNIX_S, "86400", LITE_MISFIT_RANGE, 0},
		{LITE_TYPE_TIME, LITE_FORMAT_UNIX_S, "-1", LITE_MISFIT_RANGE, 0},
		{LITE_TYPE_TIME, LITE_FORMAT_JULIAN, "0.5", LITE_MISFIT_CLASS, 0},
		{LITE_TYPE_TIME, LITE_FORMAT_WEBKIT, "5", LITE_MISFIT_CLASS, 0},
	};
	int64_t i;

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
	{
		LiteMisfit misfit = convert(cases[k].type, cases[k].format,
									text_value(cases[k].text), &i);

		is_str(lite_misfit_name(misfit), lite_misfit_name(cases[k].misfit),
			   "'%s' as %s (%s)", cases[k].text, lite_type_name(cases[k].type),
			   lite_format_name(cases[k].format));
		if (misfit == LITE_FITS && cases[k].misfit == LITE_FITS)
			is_int(i, cases[k].i, "'%s': what it is", cases[k].text);
	}
	is_int(convert(LITE_TYPE_TIME, LITE_FORMAT_AUTO, int_value(43200), &i),
		   LITE_MISFIT_CLASS, "a number is no certain time of day");
	is_int(convert(LITE_TYPE_DATE, LITE_FORMAT_UNIX_S,
				   int_value(NOON_UNIX - 43200), &i),
		   LITE_FITS, "midnight in seconds is a date");
	is_int(i, 8457, "which is that day");
	is_int(convert(LITE_TYPE_DATE, LITE_FORMAT_UNIX_S, int_value(NOON_UNIX),
				   &i),
		   LITE_MISFIT_FRACTION, "noon is none");
	is_int(convert(LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_AUTO,
				   bytes_value(LITE_BLOB, "2000-01-01", 10), &i),
		   LITE_MISFIT_CLASS, "bytes are no time");
	is_int(convert(LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_NATIVE,
				   bytes_value(LITE_TEXT, NULL, 0), &i),
		   LITE_MISFIT_NOMEM, "text that memory ran out for");
}

static int64_t
two_hours_east(void *arg, int64_t local_us)
{
	(*(int *) arg)++;
	return local_us - 2 * HOUR;
}

static void
test_zone(void)
{
	LiteConverter converter;
	LiteScalar scalar;
	LiteValue value = text_value("2000-01-01 02:00");
	int calls = 0;

	lite_converter_init(&converter,
						type_of(LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_NATIVE));
	converter.to_utc = two_hours_east;
	converter.zone_arg = &calls;
	lite_convert(&converter, &value, &scalar);
	is_int(scalar.i, 0, "text without a zone goes through the zone");
	value = text_value("2000-01-01 02:00Z");
	lite_convert(&converter, &value, &scalar);
	is_int(scalar.i, 2 * HOUR, "text with one does not");
	is_int(calls, 1, "so it was asked once");
	lite_convert_back(&converter, &scalar, &value);
	is_mem(value.data, value.len, "2000-01-01 02:00:00Z", 20,
		   "text that goes back says that it is UTC");
	lite_converter_free(&converter);
}

/* ---- back ---- */

static void
test_back(void)
{
	static const LiteFormat formats[] = {
		LITE_FORMAT_NATIVE,	 LITE_FORMAT_AUTO,	  LITE_FORMAT_UNIX_S,
		LITE_FORMAT_UNIX_MS, LITE_FORMAT_UNIX_US, LITE_FORMAT_UNIX_NS,
		LITE_FORMAT_WEBKIT,	 LITE_FORMAT_COCOA,
	};
	static const LiteType types[] = {LITE_TYPE_DATE, LITE_TYPE_TIME,
									 LITE_TYPE_TIMESTAMP,
									 LITE_TYPE_TIMESTAMPTZ};

	for (size_t t = 0; t < 4; t++)
	{
		for (size_t f = 0; f < sizeof(formats) / sizeof(formats[0]); f++)
		{
			LiteConverter converter;
			int wrong = 0;

			if (types[t] == LITE_TYPE_TIME && f >= 6)
				continue; /* no time of day in these */
			lite_converter_init(&converter, type_of(types[t], formats[f]));
			for (int k = 0; k < 20000; k++)
			{
				LiteScalar in = {0, 0, NULL, 0};
				LiteScalar out = {0, 0, NULL, 0};
				LiteValue value;

				if (types[t] == LITE_TYPE_TIME)
					in.i = random_between(0, DAY - 1);
				else
					in.i = random_between(-130 * 365 * DAY, 100 * 365 * DAY);
				if (types[t] == LITE_TYPE_DATE)
					in.i /= DAY;
				if (k % 3 == 0 && types[t] != LITE_TYPE_DATE)
					in.i -= in.i % SECOND;
				if (lite_convert_back(&converter, &in, &value) != LITE_FITS ||
					lite_convert(&converter, &value, &out) != LITE_FITS ||
					in.i != out.i)
					wrong++;
			}
			is_int(wrong, 0, "%s in format %s comes back from the file",
				   lite_type_name(types[t]), lite_format_name(formats[f]));
			lite_converter_free(&converter);
		}
	}
}

/* What julianday() itself stores gives its own millisecond, and back the
 * very same double. */
static void
test_julian(void)
{
	sqlite3 *db;
	sqlite3_stmt *stmt;
	LiteConverter converter;
	int wrong = 0;
	int changed = 0;
	int rough = 0;

	sqlite3_open(":memory:", &db);
	sqlite3_prepare_v2(db, "SELECT julianday(?1)", -1, &stmt, NULL);
	lite_converter_init(&converter,
						type_of(LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_JULIAN));
	for (int k = 0; k < 50000; k++)
	{
		char text[64];
		int64_t us = random_between(-700000 * DAY, 2900000 * DAY);
		size_t len;
		LiteValue value;
		LiteValue back;
		LiteScalar scalar;

		us -= us % 1000;
		len = lite_timestamp_text(us, text);
		sqlite3_bind_text(stmt, 1, text, (int) len, SQLITE_STATIC);
		sqlite3_step(stmt);
		value = real_value(sqlite3_column_double(stmt, 0));
		sqlite3_reset(stmt);
		/* SQLite itself truncates some milliseconds on reading */
		if (lite_convert(&converter, &value, &scalar) != LITE_FITS ||
			llabs(scalar.i - us) > 1000 || scalar.i % 1000 != 0)
			wrong++;
		lite_convert_back(&converter, &scalar, &back);
		if (back.cls != LITE_REAL || back.r != value.r)
			changed++;

		/* finer than SQLite writes */
		value = real_value(value.r + 1e-8 * (double) (k % 7));
		if (lite_convert(&converter, &value, &scalar) != LITE_FITS ||
			lite_convert_back(&converter, &scalar, &back) != LITE_FITS ||
			back.r != value.r)
			rough++;
	}
	is_int(wrong, 0, "julian days of SQLite's are whole milliseconds");
	is_int(changed, 0, "and the same double comes back");
	is_int(rough, 0, "as it does for finer ones");
	lite_converter_free(&converter);
	sqlite3_finalize(stmt);
	sqlite3_close(db);
}

/* Doubles near today: what is accepted is within half a microsecond, and the
 * converter is stable on what it gives back. */
static void
test_real_epochs(void)
{
	LiteConverter converter;
	int refused = 0;
	int far = 0;
	int unstable = 0;

	lite_converter_init(&converter,
						type_of(LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_UNIX_S));
	for (int k = 0; k < 50000; k++)
	{
		double r =
			1e9 + (double) (random64() >> 11) / 9007199254740992.0 * 3e9;
		LiteValue value = real_value(r);
		LiteValue back;
		LiteScalar scalar;
		LiteScalar again;

		if (lite_convert(&converter, &value, &scalar) != LITE_FITS)
		{
			refused++;
			continue;
		}
		if (fabsl((long double) (scalar.i - UNIX_EPOCH) -
				  (long double) r * 1000000.0L) > 0.5001L)
			far++;
		lite_convert_back(&converter, &scalar, &back);
		if (lite_convert(&converter, &back, &again) != LITE_FITS ||
			again.i != scalar.i)
			unstable++;
	}
	is_int(refused, 0, "real seconds of a clock are timestamps");
	is_int(far, 0, "to the nearest microsecond");
	is_int(unstable, 0, "and those come back");
	lite_converter_free(&converter);
}

static void
test_endless(void)
{
	LiteConverter converter;
	LiteScalar scalar = {INT64_MAX, 0, NULL, 0};
	LiteValue value;

	lite_converter_init(&converter,
						type_of(LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_UNIX_S));
	lite_convert_back(&converter, &scalar, &value);
	is_mem(value.data, value.len, "infinity", 8,
		   "PostgreSQL's infinity is no number of seconds");
	for (int f = 0; f < LITE_NFORMATS; f++)
	{
		converter.type.format = (LiteFormat) f;
		for (int k = 0; k < 1000; k++)
		{
			scalar.i = (int64_t) random64();
			converter.type.type =
				k % 2 ? LITE_TYPE_TIMESTAMP : LITE_TYPE_TIMESTAMPTZ;
			lite_convert_back(&converter, &scalar, &value);
			scalar.i = (int32_t) random64();
			converter.type.type = LITE_TYPE_DATE;
			lite_convert_back(&converter, &scalar, &value);
		}
	}
	ok(true, "nothing PostgreSQL can hold overflows on its way back");
	lite_converter_free(&converter);
}

static void
test_mutations(void)
{
	char text[64];
	int accepted = 0;

	for (int k = 0; k < 300000; k++)
	{
		size_t len;
		char *copy;
		LiteMoment moment;

		strcpy(text, "2024-02-29T23:59:59.123456+05:30");
		len = strlen(text) - random64() % 16;
		for (int n = (int) (random64() % 4); n >= 0; n--)
			len = mutate(text, len, sizeof(text), "0123456789-:. TZ+");
		copy = exact_copy(text, len);
		if (lite_parse_moment(copy, len, &moment))
			accepted++;
		free(copy);
	}
	ok(accepted > 1000, "300000 mutated texts, %d of them times", accepted);
}

int
main(void)
{
	test_accepted();
	test_refused();
	test_calendar();
	test_against_sqlite();
	test_numbers();
	test_types();
	test_zone();
	test_back();
	test_julian();
	test_real_epochs();
	test_endless();
	test_mutations();
	return done_testing();
}
