/*
 * decimal.c
 *	  Decimal numbers: text, digits, doubles.
 *
 * Nothing here depends on the locale: the C library's conversions are only
 * ever given and asked for digits with an exponent, never a decimal point.
 */
#include "core/convert.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define EXPONENT_MAX INT64_C(1000000000)

/* PostgreSQL's numeric: digits before the point (NUMERIC_WEIGHT_MAX + 1 words
 * of four), and after it (NUMERIC_DSCALE_MAX). */
#define NUMERIC_POINT_MAX 131072
#define NUMERIC_SCALE_MAX 16383

static inline bool
is_digit(char c)
{
	return (unsigned char) (c - '0') <= 9;
}

/* "[+-]digits" up to end; clamped. */
static bool
read_exponent(const char *s, const char *end, int64_t *result)
{
	bool negative = false;
	int64_t value = 0;

	if (s < end && (*s == '-' || *s == '+'))
		negative = *s++ == '-';
	if (s == end)
		return false;
	for (; s < end; s++)
	{
		if (!is_digit(*s))
			return false;
		if (value < EXPONENT_MAX)
			value = value * 10 + (*s - '0');
	}
	if (value > EXPONENT_MAX)
		value = EXPONENT_MAX;
	*result = negative ? -value : value;
	return true;
}

bool
lite_decimal_read(const char *s, size_t len, LiteDecimal *result)
{
	const char *end = s + len;
	const char *point = NULL; /* the '.', or where it would be */
	const char *first = NULL; /* the first digit that is not 0 */
	const char *last = NULL;  /* the last one */
	const char *start;
	int64_t exponent = 0;
	int64_t scale;
	size_t digits = 0;

	result->negative = false;
	if (s < end && (*s == '-' || *s == '+'))
		result->negative = *s++ == '-';
	for (start = s; s < end; s++)
	{
		if (is_digit(*s))
		{
			digits++;
			if (*s != '0')
			{
				if (first == NULL)
					first = s;
				last = s;
			}
		}
		else if (*s == '.' && point == NULL)
			point = s;
		else
			break;
	}
	if (digits == 0)
		return false;
	scale = point == NULL ? 0 : (int64_t) (s - point) - 1;
	if (point == NULL)
		point = s;
	if (s < end)
	{
		if ((*s | 0x20) != 'e' || !read_exponent(s + 1, end, &exponent))
			return false;
	}

	scale -= exponent;
	result->scale = scale > 0 ? scale : 0;
	if (first == NULL)
	{
		result->negative = false;
		result->first = start;
		result->ndigits = 0;
		result->point = 0;
		return true;
	}
	result->first = first;
	result->ndigits = (size_t) (last - first) + 1;
	if (first < point && point < last)
		result->ndigits--;
	result->point = (int64_t) (point - first) + exponent;
	if (point < first)
		result->point++; /* the point itself is no digit */
	return true;
}

bool
lite_decimal_fits_numeric(const LiteDecimal *decimal)
{
	return decimal->point <= NUMERIC_POINT_MAX &&
		   decimal->scale <= NUMERIC_SCALE_MAX;
}

size_t
lite_decimal_length(const LiteDecimal *decimal, int64_t scale)
{
	int64_t before =
		decimal->ndigits > 0 && decimal->point > 0 ? decimal->point : 1;

	return (size_t) (before + (decimal->negative ? 1 : 0) +
					 (scale > 0 ? scale + 1 : 0));
}

/*
 * The k-th significant digit stands at first + k, or one further behind the
 * point, if one lies between.
 */
size_t
lite_decimal_write(const LiteDecimal *decimal, int64_t scale, char *buf)
{
	const char *s = decimal->first;
	size_t left = decimal->ndigits;
	int64_t point = left > 0 ? decimal->point : 0;
	char *out = buf;

	if (decimal->negative)
		*out++ = '-';
	if (point <= 0)
		*out++ = '0';
	for (int64_t k = 0; k < point; k++)
	{
		if (left > 0 && *s == '.')
			s++;
		if (left > 0)
		{
			*out++ = *s++;
			left--;
		}
		else
			*out++ = '0';
	}
	if (scale > 0)
		*out++ = '.';
	for (int64_t k = 0; k < scale; k++)
	{
		if (left > 0 && *s == '.')
			s++;
		if (point < 0)
		{
			*out++ = '0';
			point++;
		}
		else if (left > 0)
		{
			*out++ = *s++;
			left--;
		}
		else
			*out++ = '0';
	}
	return (size_t) (out - buf);
}

size_t
lite_parse_decimal(const char *s, size_t len, char *buf, size_t size)
{
	LiteDecimal decimal;
	int64_t scale;

	if (!lite_decimal_read(s, len, &decimal))
		return 0;
	scale = lite_decimal_needs_scale(&decimal);
	if (lite_decimal_length(&decimal, scale) > size)
		return 0;
	return lite_decimal_write(&decimal, scale, buf);
}

/* ---- doubles ---- */

/*
 * digits * 10^(point - ndigits), as the C library rounds it: at most 20
 * digits, an exponent of at most four.
 */
static double
read_back(const char *digits, int ndigits, int point)
{
	char text[32];
	char reversed[8];
	int exponent = point - ndigits;
	int n = 0;
	char *s = text + ndigits;

	memcpy(text, digits, (size_t) ndigits);
	*s++ = 'e';
	if (exponent < 0)
	{
		*s++ = '-';
		exponent = -exponent;
	}
	do
	{
		reversed[n++] = (char) ('0' + exponent % 10);
		exponent /= 10;
	} while (exponent > 0);
	while (n > 0)
		*s++ = reversed[--n];
	*s = '\0';
	return strtod(text, NULL);
}

/* The nearest decimal of ndigits digits (all of them, zeros at the end too). */
static void
nearest_digits(double r, int ndigits, char *digits, int *point)
{
	char text[64];
	const char *s = text;
	int n = 0;

	snprintf(text, sizeof(text), "%.*e", ndigits - 1, r);
	for (; *s != 'e' && *s != '\0'; s++)
	{
		/* whatever is no digit is the locale's decimal point */
		if (is_digit(*s) && n < ndigits)
			digits[n++] = *s;
	}
	*point = atoi(*s == 'e' ? s + 1 : s) + 1;
}

static int
strip_zeros(const char *digits, int ndigits)
{
	while (ndigits > 1 && digits[ndigits - 1] == '0')
		ndigits--;
	return ndigits;
}

static int
write_digits(uint64_t value, char *digits)
{
	char reversed[24];
	int n = 0;

	while (value > 0)
	{
		reversed[n++] = (char) ('0' + value % 10);
		value /= 10;
	}
	for (int k = 0; k < n; k++)
		digits[k] = reversed[n - 1 - k];
	return n;
}

/*
 * Numbers that people write have few digits: m / 10^k with m < 10^15 and
 * k <= 22.  Both are exact doubles then, so their quotient is the very double
 * that reading the text would give, and if it equals r, the smallest such k
 * gives the shortest text: at most 15 digits, and no two such decimals are the
 * same double.
 */
static int
short_digits(double r, char *digits, int *point)
{
	static const double powers[] = {1e0,  1e1,	1e2,  1e3,	1e4,  1e5,
									1e6,  1e7,	1e8,  1e9,	1e10, 1e11,
									1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
									1e18, 1e19, 1e20, 1e21, 1e22};

	if (r >= 1e15)
		return 0;
	for (int k = 0; k <= 22; k++)
	{
		double scaled = r * powers[k];
		uint64_t m;
		int n;

		if (scaled >= 1e15)
			return 0;
		m = (uint64_t) (scaled + 0.5);
		if (m == 0 || (double) m / powers[k] != r)
			continue;
		n = write_digits(m, digits);
		*point = n - k;
		return strip_zeros(digits, n);
	}
	return 0;
}

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 Wide;

/* 10^(k - 7), for finding where the point stands. */
static const double magnitudes[] = {1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2,
									1e-1, 1e0,	1e1,  1e2,	1e3,  1e4,
									1e5,  1e6,	1e7,  1e8,	1e9,  1e10,
									1e11, 1e12, 1e13, 1e14, 1e15};

/*
 * The digits of a double in 1e-7 .. 1e15 that is not short, in integers.
 * r = m * 2^e, so r * 10^s = m * 5^s * 2^(e+s), and with s chosen for 17
 * digits before the point, m * 5^s has 109 bits at the most and the power of
 * two is negative.  In units of 2^(e+s) the next double lies 5^s away, so a
 * decimal reads back as r if it is no further than half of that (half of the
 * half, below a power of two); exactly there, if m is even.
 */
static int
wide_digits(double r, char *digits, int *point)
{
	int exponent;
	uint64_t m = (uint64_t) ldexp(frexp(r, &exponent), 53);
	int at = -7;
	uint64_t five;
	uint64_t whole;
	uint64_t tens;
	Wide product;
	Wide below;
	Wide above;
	bool nearer_up;
	int shift;
	int scale;

	while (at < 15 && r >= magnitudes[at + 8])
		at++;
	*point = at + 1;
	for (;;)
	{
		/* Powers of ten below one are not exact, so the first guess at the
		 * point may be wrong by one. */
		scale = 17 - *point;
		five = 1;
		for (int k = 0; k < scale; k++)
			five *= 5;
		product = (Wide) m * five;
		shift = 53 - exponent - scale;
		whole = (uint64_t) (product >> shift);
		if (whole >= UINT64_C(100000000000000000))
			++*point;
		else if (whole < UINT64_C(10000000000000000))
			--*point;
		else
			break;
	}

	tens = whole / 10 * 10;
	below = product - ((Wide) tens << shift);
	above = ((Wide) (tens + 10) << shift) - product;
	nearer_up = above < below || (above == below && tens / 10 % 2 != 0);
	for (int try = 0; try < 2; try++)
	{
		bool up = nearer_up == (try == 0);
		Wide distance = up ? above : below;

		distance *= !up && m == UINT64_C(1) << 52 ? 4 : 2;
		if (distance < five || (distance == five && m % 2 == 0))
		{
			int n = write_digits(up ? tens + 10 : tens, digits);

			*point += n - 17; /* 99...9 and one more */
			return strip_zeros(digits, n);
		}
	}

	below = product - ((Wide) whole << shift);
	above = ((Wide) (whole + 1) << shift) - product;
	if (above < below || (above == below && whole % 2 != 0))
		whole++;
	*point += write_digits(whole, digits) - 17;
	return strip_zeros(digits, 17);
}
#endif

/* One more in the last place; a carry out of the first makes it 10...0. */
static void
add_one(char *digits, int ndigits, int *point)
{
	int k = ndigits - 1;

	while (k >= 0 && digits[k] == '9')
		digits[k--] = '0';
	if (k >= 0)
		digits[k]++;
	else
	{
		digits[0] = '1';
		++*point;
	}
}

/*
 * For any double: the nearest decimal of "from" digits, of one more, and so
 * on, that reads back; 17 digits always do.  Below a power of two doubles lie
 * twice as dense, so there the nearest decimal may fail while its upper
 * neighbour reads back.
 */
static int
search_digits(double r, int from, char *digits, int *point)
{
	int exponent;
	bool uneven = frexp(r, &exponent) == 0.5;

	for (int n = from; n < 17; n++)
	{
		nearest_digits(r, n, digits, point);
		if (read_back(digits, n, *point) == r)
			return strip_zeros(digits, n);
		if (!uneven)
			continue;
		add_one(digits, n, point);
		if (read_back(digits, n, *point) == r)
			return strip_zeros(digits, n);
	}
	nearest_digits(r, 17, digits, point);
	return strip_zeros(digits, 17);
}

/*
 * Fewer than 16 digits are found by short_digits(), if there are no more than
 * that and the point is not far; subnormal numbers may have as few as one.
 */
int
lite_double_digits(double r, char *digits, int *point)
{
	int n = short_digits(r, digits, point);

	if (n > 0)
		return n;
	if (!(r >= 1e-7 && r < 1e15))
		return search_digits(r, r < DBL_MIN ? 1 : 15, digits, point);
#ifdef __SIZEOF_INT128__
	return wide_digits(r, digits, point);
#else
	return search_digits(r, 16, digits, point);
#endif
}

size_t
lite_double_text(double r, char *buf)
{
	char digits[24];
	LiteDecimal decimal;
	int point;

	if (r == 0)
	{
		buf[0] = '0';
		return 1;
	}
	decimal.negative = r < 0;
	decimal.first = digits;
	decimal.ndigits = (size_t) lite_double_digits(fabs(r), digits, &point);
	decimal.point = point;
	return lite_decimal_write(&decimal, lite_decimal_needs_scale(&decimal),
							  buf);
}

/*
 * Text keeps all its digits in a double if the double's shortest text is that
 * number again, or if it is the number rounded to 17 digits, which is how
 * "%.17g" prints.
 */
bool
lite_decimal_double(const LiteDecimal *decimal, double *result)
{
	char wanted[24];
	char digits[24];
	const char *s = decimal->first;
	int n = (int) decimal->ndigits;
	int point;
	double r;

	if (decimal->ndigits == 0)
	{
		*result = 0;
		return true;
	}
	if (decimal->ndigits > 17 || decimal->point > 400 || decimal->point < -400)
		return false;
	for (int k = 0; k < n; s++)
	{
		if (*s != '.')
			wanted[k++] = *s;
	}
	r = read_back(wanted, n, (int) decimal->point);
	if (r == 0 || isinf(r))
		return false;
	*result = decimal->negative ? -r : r;
	if (lite_double_digits(r, digits, &point) == n &&
		point == decimal->point && memcmp(digits, wanted, (size_t) n) == 0)
		return true;
	nearest_digits(r, 17, digits, &point);
	return strip_zeros(digits, 17) == n && point == decimal->point &&
		   memcmp(digits, wanted, (size_t) n) == 0;
}

/*
 * SQLite prints "%!.15g": at least one digit behind the point, an exponent
 * below 1e-4 and from 1e15 on.
 */
size_t
lite_real_text(double r, char *buf)
{
	char digits[24];
	int point;
	int n;
	char *out = buf;

	if (isinf(r))
	{
		strcpy(buf, r < 0 ? "-Inf" : "Inf");
		return strlen(buf);
	}
	if (r == 0)
	{
		strcpy(buf, "0.0");
		return 3;
	}
	if (r < 0)
		*out++ = '-';
	n = lite_double_digits(fabs(r), digits, &point);
	if (point > 15 || point < -3)
	{
		*out++ = digits[0];
		*out++ = '.';
		if (n == 1)
			*out++ = '0';
		memcpy(out, digits + 1, (size_t) n - 1);
		out += n - 1;
		out += snprintf(out, 8, "e%+03d", point - 1);
		return (size_t) (out - buf);
	}
	if (point <= 0)
		*out++ = '0';
	for (int k = 0; k < point; k++)
		*out++ = k < n ? digits[k] : '0';
	*out++ = '.';
	for (int k = point; k < 0; k++)
		*out++ = '0';
	if (n <= point)
		*out++ = '0';
	for (int k = point > 0 ? point : 0; k < n; k++)
		*out++ = digits[k];
	return (size_t) (out - buf);
}
