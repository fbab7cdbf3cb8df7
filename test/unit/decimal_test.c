/*
 * decimal_test.c
 *	  Decimal text, and the shortest text of doubles.
 */
#include <float.h>
#include <locale.h>
#include <math.h>
#include <sqlite3.h>

#include "tap.h"
#include "value_help.h"

static void
test_parse(void)
{
	static const struct
	{
		const char *in;
		const char *out; /* NULL: no number */
	} cases[] = {
		{"0", "0"},
		{"-0", "0"},
		{"-0.000", "0"},
		{"+1", "1"},
		{"007", "7"},
		{"1.50", "1.5"},
		{".5", "0.5"},
		{"5.", "5"},
		{"-.5e1", "-5"},
		{"1e3", "1000"},
		{"12.5e-3", "0.0125"},
		{"100e-2", "1"},
		{"1.2345e2", "123.45"},
		{"9007199254740993", "9007199254740993"},
		{"0.00000", "0"},
		{"00.100", "0.1"},
		{"120300", "120300"},
		{"10.01e1", "100.1"},
		{"1E+2", "100"},
		{"", NULL},
		{".", NULL},
		{"-", NULL},
		{"e5", NULL},
		{"1e", NULL},
		{"1e+", NULL},
		{"1.2.3", NULL},
		{" 1", NULL},
		{"1 ", NULL},
		{"NaN", NULL},
		{"Infinity", NULL},
		{"0x10", NULL},
		{"1_000", NULL},
		{"1,5", NULL},
		{"--1", NULL},
	};
	char buf[128];

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
	{
		size_t n = lite_parse_decimal(cases[k].in, strlen(cases[k].in), buf,
									  sizeof(buf) - 1);

		buf[n] = '\0';
		is_str(n > 0 ? buf : NULL, cases[k].out, "decimal '%s'", cases[k].in);
	}
	is_int(lite_parse_decimal("1e1000", 6, buf, sizeof(buf)), 0,
		   "no room for a thousand digits");
	is_int(lite_parse_decimal("1e99999999999999999999", 22, buf, sizeof(buf)),
		   0, "nor for an exponent beyond all");
	is_int(lite_parse_decimal("1e-99999999999999999999", 23, buf, sizeof(buf)),
		   0, "nor for one below all");
	is_int(lite_parse_decimal("0e99999999999999999999", 22, buf, sizeof(buf)),
		   1, "but zero is zero");
}

static void
test_shortest(void)
{
	static const struct
	{
		double r;
		const char *out;
	} cases[] = {
		{0.0, "0"},
		{-0.0, "0"},
		{1.0, "1"},
		{-1.5, "-1.5"},
		{0.1, "0.1"},
		{0.1 + 0.2, "0.30000000000000004"},
		{123456789.123, "123456789.123"},
		{1.0 / 3.0, "0.3333333333333333"},
		{1e22, "10000000000000000000000"},
		{1e23, "100000000000000000000000"},
		{9007199254740991.0, "9007199254740991"},
		{9007199254740992.0, "9007199254740992"},
		{4611686018427387904.0, "4611686018427388000"},
		{0.0001, "0.0001"},
		{1e-7, "0.0000001"},
		{5.684341886080801e-14, "0.00000000000005684341886080801"},
		{2.2250738585072014e-308, NULL},
		{5e-324, NULL},
		{DBL_MAX, NULL},
	};
	char buf[LITE_DOUBLE_TEXT + 1];

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
	{
		size_t n = lite_double_text(cases[k].r, buf);

		buf[n] = '\0';
		if (cases[k].out != NULL)
			is_str(buf, cases[k].out, "shortest text of %.17g", cases[k].r);
		is_dbl(strtod(buf, NULL), cases[k].r == 0 ? 0 : cases[k].r,
			   "%.17g comes back", cases[k].r);
	}
	buf[lite_double_text(5e-324, buf)] = '\0';
	is_int((int64_t) strlen(buf), 326, "the smallest double has one digit");
	buf[lite_double_text(-DBL_MIN, buf)] = '\0';
	ok(strlen(buf) < LITE_DOUBLE_TEXT, "LITE_DOUBLE_TEXT suffices");
}

static int
significant(const char *s)
{
	int n = 0;
	int zeros = 0;

	for (; *s != '\0'; s++)
	{
		if (*s < '0' || *s > '9' || (*s == '0' && n == 0))
			continue;
		zeros = *s == '0' ? zeros + 1 : 0;
		n++;
	}
	return n - zeros;
}

/* No decimal with fewer digits reads back, by asking printf for each. */
static int
fewest_digits(double r)
{
	char text[64];
	char digits[40];

	for (int n = 1; n < 17; n++)
	{
		snprintf(text, sizeof(text), "%.*e", n - 1, r);
		if (strtod(text, NULL) == r)
		{
			snprintf(digits, sizeof(digits), "%.*s", (int) strcspn(text, "e"),
					 text);
			return significant(digits);
		}
	}
	return 17;
}

static void
test_random(void)
{
	int wrong = 0;
	int longer = 0;
	int unlike_sqlite = 0;
	int real_wrong = 0;
	char buf[LITE_DOUBLE_TEXT + 1];

	for (int k = 0; k < 60000; k++)
	{
		double r;
		char theirs[64];

		switch (k % 5)
		{
			case 0:
				r = random_double();
				break;
			case 1: /* prices, coordinates */
				r = (double) random_between(-1000000000000, 1000000000000) /
					(double) (k % 2 ? 100 : 1000000);
				break;
			case 2:
				r = (double) random_between(-99999, 99999) / 1e20;
				break;
			case 3: /* powers of two, where neighbours are uneven */
				r = ldexp(1.0, (int) random_between(-1074, 1023));
				break;
			default: /* subnormal */
				r = ldexp((double) random_between(1, 1 << 30), -1074);
				break;
		}
		buf[lite_double_text(r, buf)] = '\0';
		if (strtod(buf, NULL) != r)
			wrong++;
		if (r != 0 && significant(buf) > fewest_digits(r))
			longer++;

		buf[lite_real_text(r, buf)] = '\0';
		if (strtod(buf, NULL) != r)
			real_wrong++;
		/* SQLite's own arithmetic has no more than 15 digits to show, and
		 * errs in the last of them far from one. */
		sqlite3_snprintf(sizeof(theirs), theirs, "%!.15g", r);
		if (fabs(r) > 1e-15 && fabs(r) < 1e15 && strtod(theirs, NULL) == r &&
			strcmp(theirs, buf) != 0)
		{
			unlike_sqlite++;
			note("%.17g is %s, SQLite says %s", r, buf, theirs);
		}
	}
	is_int(wrong, 0, "60000 doubles come back from their text");
	is_int(longer, 0, "and none has a shorter text");
	is_int(real_wrong, 0, "they come back from their text in text columns");
	is_int(unlike_sqlite, 0, "which is SQLite's where that is exact");
}

/*
 * Doubles of 16 and 17 digits, against printf: as many digits as it needs to
 * read back, and the nearest of that length.
 */
static void
test_long_digits(void)
{
	int wrong = 0;

	for (int k = 0; k < 300000; k++)
	{
		char text[64];
		char digits[32];
		char expected[32];
		int point;
		int n;
		int e = 0;
		double r = ldexp((double) (random64() >> 11 | UINT64_C(1) << 52),
						 (int) random_between(-76, -4));

		if (k % 10 == 0) /* just around powers of ten and of two */
			r = nextafter(pow(10, (double) random_between(-7, 14)),
						  k % 20 ? 0 : 1e300);
		if (k % 10 == 1)
			r = ldexp(1, (int) random_between(-23, 49));
		if (r < 1e-7 || r >= 1e15)
			continue;
		n = lite_double_digits(r, digits, &point);
		if (n < 16)
			continue; /* short ones are tested above */
		for (int length = 16; length <= 17; length++)
		{
			int used = 0;

			snprintf(text, sizeof(text), "%.*e", length - 1, r);
			for (const char *s = text; *s != 'e'; s++)
				if (*s != '.')
					expected[used++] = *s;
			e = atoi(strchr(text, 'e') + 1);
			if (strtod(text, NULL) == r)
			{
				while (used > 1 && expected[used - 1] == '0')
					used--;
				expected[used] = '\0';
				break;
			}
		}
		digits[n] = '\0';
		if (strcmp(digits, expected) != 0 || point != e + 1)
		{
			/* of two neighbours of a power of two, printf's nearest may not
			 * read back while the other one does, and is shorter */
			snprintf(text, sizeof(text), "0.%se%d", digits, point);
			if (k % 10 == 1 && n == 16 && strtod(text, NULL) == r)
				continue;
			wrong++;
			note("%.17g gave %s, %d", r, digits, point);
		}
	}
	is_int(wrong, 0, "300000 doubles of 16 and 17 digits");
}

static void
test_real_text(void)
{
	static const struct
	{
		double r;
		const char *out;
	} cases[] = {
		{0.0, "0.0"},
		{1.0, "1.0"},
		{-2.5, "-2.5"},
		{1e14, "100000000000000.0"},
		{1e15, "1.0e+15"},
		{123456.0, "123456.0"},
		{0.0001, "0.0001"},
		{0.00001, "1.0e-05"},
		{1e100, "1.0e+100"},
		{0.1 + 0.2, "0.30000000000000004"},
		{INFINITY, "Inf"},
		{-INFINITY, "-Inf"},
		{9007199254740993.0, "9.007199254740992e+15"},
	};
	char buf[LITE_REAL_TEXT + 1];

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
	{
		buf[lite_real_text(cases[k].r, buf)] = '\0';
		is_str(buf, cases[k].out, "real %.17g as text", cases[k].r);
	}
}

/* A client may have set a locale with another decimal point. */
static void
test_locale(void)
{
	static const char *const names[] = {"de_DE.UTF-8", "de_DE.utf8", "fr_FR",
										"fr_FR.UTF-8", "ru_RU.UTF-8"};
	char buf[LITE_DOUBLE_TEXT + 1];
	bool found = false;

	for (size_t k = 0; k < sizeof(names) / sizeof(names[0]) && !found; k++)
		found = setlocale(LC_NUMERIC, names[k]) != NULL;
	if (!found)
	{
		skip("no locale with a decimal comma here");
		return;
	}
	buf[lite_double_text(0.1 + 0.2, buf)] = '\0';
	is_str(buf, "0.30000000000000004", "the locale's comma does not matter");
	setlocale(LC_NUMERIC, "C");
}

int
main(void)
{
	test_parse();
	test_shortest();
	test_real_text();
	test_long_digits();
	test_random();
	test_locale();
	return done_testing();
}
