/*
 * moment.c
 *	  ISO 8601 text <-> days and microseconds.
 *
 * The calendar is the proleptic Gregorian one, as in both SQLite and
 * PostgreSQL.  Reading is on the hot path: the common forms have fixed widths,
 * so eight bytes are checked at once against a shape that says where digits
 * and where separators stand, and the numbers are then put together without
 * looking at the digits again.
 */
#include "core/convert.h"

/* Days from 0001-01-01 to 2000-01-01. */
#define DAYS_TO_2000 730119

#define US_PER_MINUTE INT64_C(60000000)

/* Days of the year before each month; the last entry closes December. */
static const short days_before[2][13] = {{0, 31, 59, 90, 120, 151, 181, 212,
										  243, 273, 304, 334, 365},
										 {0, 31, 60, 91, 121, 152, 182, 213,
										  244, 274, 305, 335, 366}};

/*
 * Eight bytes of text: the bytes themselves, '0' standing for any digit, and
 * for each byte what must be added to its difference from that to carry into
 * the high bit: 0x76 where 0..9 may stand, 0x7F where only 0 may.
 */

#define DIGIT "\x76"
#define EXACT "\x7F"

#define SHAPE_DATE "0000-00-", DIGIT DIGIT DIGIT DIGIT EXACT DIGIT DIGIT EXACT
#define SHAPE_TIME "00:00:00", DIGIT DIGIT EXACT DIGIT DIGIT EXACT DIGIT DIGIT

static inline bool
has_shape(const char *s, const char *bytes, const char *limits)
{
	uint64_t x = lite_load8(s) ^ lite_load8(bytes);

	return ((((x & ~LITE_HIGHS) + lite_load8(limits)) | x) & LITE_HIGHS) == 0;
}

static inline bool
is_digit(char c)
{
	return (unsigned char) (c - '0') <= 9;
}

static inline int
two_digits(const char *s)
{
	return (s[0] - '0') * 10 + (s[1] - '0');
}

/* "YYYY-MM-DD" at s, ten bytes. */
static inline bool
read_date(const char *s, int64_t *days)
{
	int year;
	int month;
	int day;
	int leap;
	int past;

	if (!has_shape(s, SHAPE_DATE) || !is_digit(s[8]) || !is_digit(s[9]))
		return false;
	year = two_digits(s) * 100 + two_digits(s + 2);
	month = two_digits(s + 5);
	day = two_digits(s + 8);
	if (year < 1 || month < 1 || month > 12 || day < 1)
		return false;
	leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (day > days_before[leap][month] - days_before[leap][month - 1])
		return false;
	past = year - 1;
	*days = past * 365 + past / 4 - past / 100 + past / 400 +
			days_before[leap][month - 1] + day - 1 - DAYS_TO_2000;
	return true;
}

/* Digits after a point, up to "end" or the first other byte: microseconds. */
static bool
read_fraction(const char **s, const char *end, int64_t *us)
{
	static const int power[7] = {1000000, 100000, 10000, 1000, 100, 10, 1};
	const char *p = *s;
	const char *digits = p;
	int value = 0;

	while (p < end && p - digits < 6 && is_digit(*p))
		value = value * 10 + (*p++ - '0');
	if (p == digits)
		return false;
	*us = (int64_t) value * power[p - digits];
	for (; p < end && is_digit(*p); p++)
	{
		if (*p != '0')
			return false;
	}
	*s = p;
	return true;
}

/* "HH:MM[:SS[.f*]]" from *s on; moves *s behind it. */
static inline bool
read_time(const char **s, const char *end, int64_t *us)
{
	const char *p = *s;
	int hour;
	int minute;
	int second = 0;
	int64_t fraction = 0;

	if (end - p >= 8 && has_shape(p, SHAPE_TIME))
	{
		second = two_digits(p + 6);
		*s = p + 8;
		if (*s < end && **s == '.')
		{
			(*s)++;
			if (!read_fraction(s, end, &fraction))
				return false;
		}
	}
	else if (end - p >= 5 && is_digit(p[0]) && is_digit(p[1]) && p[2] == ':' &&
			 is_digit(p[3]) && is_digit(p[4]))
		*s = p + 5;
	else
		return false;
	hour = two_digits(p);
	minute = two_digits(p + 3);
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	*us = ((int64_t) hour * 60 + minute) * US_PER_MINUTE +
		  (int64_t) second * LITE_US_PER_SECOND + fraction;
	return true;
}

/*
 * What is left after the time must be a zone: "Z", "+HH:MM", "+HHMM", "+HH".
 * Offsets up to 14:59, as in SQLite; none in use is larger than 14:00.
 */
static bool
read_zone(const char *s, const char *end, int64_t *offset_us)
{
	int hours;
	int minutes = 0;
	bool west;

	if (*s == ' ' && end - s > 1)
		s++;
	if (*s == 'Z' || *s == 'z')
	{
		*offset_us = 0;
		return end - s == 1;
	}
	if (*s != '+' && *s != '-')
		return false;
	west = *s++ == '-';
	if (end - s < 2 || !is_digit(s[0]) || !is_digit(s[1]))
		return false;
	hours = two_digits(s);
	s += 2;
	if (s < end)
	{
		if (*s == ':')
			s++;
		if (end - s != 2 || !is_digit(s[0]) || !is_digit(s[1]))
			return false;
		minutes = two_digits(s);
	}
	if (hours > 14 || minutes > 59)
		return false;
	*offset_us = ((int64_t) hours * 60 + minutes) * US_PER_MINUTE;
	if (west)
		*offset_us = -*offset_us;
	return true;
}

/* The first microsecond of year 1 and the first one after year 9999. */
#define MOMENT_MIN (INT64_C(-730119) * LITE_US_PER_DAY)
#define MOMENT_END (INT64_C(2921940) * LITE_US_PER_DAY)

bool
lite_parse_moment(const char *s, size_t len, LiteMoment *result)
{
	const char *end = s + len;
	int64_t days = 0;
	int64_t time = 0;
	int64_t offset;

	result->has_date = false;
	result->has_time = false;
	result->has_zone = false;
	if (len >= 10 && s[4] == '-')
	{
		if (!read_date(s, &days))
			return false;
		result->has_date = true;
		s += 10;
		if (s == end)
		{
			result->us = days * LITE_US_PER_DAY;
			return true;
		}
		if (*s != ' ' && *s != 'T')
			return false;
		s++;
	}
	if (!read_time(&s, end, &time))
		return false;
	result->has_time = true;
	result->us = days * LITE_US_PER_DAY + time;
	if (s == end)
		return true;

	if (!read_zone(s, end, &offset))
		return false;
	result->has_zone = true;
	result->us -= offset;
	if (result->has_date)
		return result->us >= MOMENT_MIN && result->us < MOMENT_END;

	/* A time of day goes round the clock. */
	if (result->us < 0)
		result->us += LITE_US_PER_DAY;
	else if (result->us >= LITE_US_PER_DAY)
		result->us -= LITE_US_PER_DAY;
	return true;
}

/*
 * Counted in cycles of 400 years (146097 days) from a year that begins with
 * March, so that the leap day is the last of its year.
 */
LiteCivil
lite_civil_from_days(int64_t days)
{
	LiteCivil result;
	int64_t shifted = days + DAYS_TO_2000 + 306; /* since 0000-03-01 */
	int64_t cycle = shifted / 146097;
	int64_t rest = shifted % 146097;
	int64_t century;
	int64_t four;
	int64_t year;
	int month;

	if (rest < 0)
	{
		rest += 146097;
		cycle--;
	}
	century = rest / 36524;
	if (century == 4) /* the last day of the cycle */
		century = 3;
	rest -= century * 36524;
	four = rest / 1461;
	rest -= four * 1461;
	year = rest / 365;
	if (year == 4) /* a leap day */
		year = 3;
	rest -= year * 365;

	/* Months from March on last 31,30,31,30,31 days, twice, and then 31, x:
	 * 153 days in five of them. */
	month = (int) ((rest * 5 + 2) / 153);
	result.day = (int) (rest - (153 * month + 2) / 5) + 1;
	result.month = month < 10 ? month + 3 : month - 9;
	result.year = cycle * 400 + century * 100 + four * 4 + year;
	if (result.month <= 2)
		result.year++;
	return result;
}

static size_t
put_two(char *buf, int value)
{
	buf[0] = (char) ('0' + value / 10);
	buf[1] = (char) ('0' + value % 10);
	return 2;
}

/*
 * Years beyond 0..9999 get ISO 8601's sign and as many digits as they need:
 * PostgreSQL has such dates, and although SQLite's functions do not read
 * them, a text that says what is meant beats one that says something else.
 */
size_t
lite_date_text(int64_t days, char *buf)
{
	LiteCivil civil = lite_civil_from_days(days);
	char digits[24];
	size_t n = 0;
	size_t used = 0;
	uint64_t year =
		civil.year < 0 ? (uint64_t) -civil.year : (uint64_t) civil.year;

	if (civil.year < 0)
		buf[used++] = '-';
	else if (civil.year > 9999)
		buf[used++] = '+';
	while (year > 0 || n < 4)
	{
		digits[n++] = (char) ('0' + year % 10);
		year /= 10;
	}
	while (n > 0)
		buf[used++] = digits[--n];
	buf[used++] = '-';
	used += put_two(buf + used, civil.month);
	buf[used++] = '-';
	used += put_two(buf + used, civil.day);
	return used;
}

size_t
lite_time_text(int64_t us, char *buf)
{
	int64_t seconds = us / LITE_US_PER_SECOND;
	int fraction = (int) (us % LITE_US_PER_SECOND);
	size_t used = 0;

	used += put_two(buf + used, (int) (seconds / 3600));
	buf[used++] = ':';
	used += put_two(buf + used, (int) (seconds / 60 % 60));
	buf[used++] = ':';
	used += put_two(buf + used, (int) (seconds % 60));
	if (fraction != 0)
	{
		buf[used++] = '.';
		for (int divisor = 100000; fraction != 0; divisor /= 10)
		{
			buf[used++] = (char) ('0' + fraction / divisor);
			fraction %= divisor;
		}
	}
	return used;
}

size_t
lite_timestamp_text(int64_t us, char *buf)
{
	int64_t days = us / LITE_US_PER_DAY;
	int64_t time = us % LITE_US_PER_DAY;
	size_t used;

	if (time < 0)
	{
		time += LITE_US_PER_DAY;
		days--;
	}
	used = lite_date_text(days, buf);
	buf[used++] = ' ';
	return used + lite_time_text(time, buf + used);
}
