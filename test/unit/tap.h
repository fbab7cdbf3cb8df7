/*-------------------------------------------------------------------------
 * tap.h: a test program in one include.
 *
 * A unit test is a plain program: it calls the core, checks what came back,
 * and prints the Test Anything Protocol, which the runner counts.  One
 * program, one source file, so everything here is static and the counters
 * need no owner.
 *
 *		#include "tap.h"
 *
 *		int
 *		main(void)
 *		{
 *			is_int(lite_add(2, 2), 4, "two and two");
 *			return done_testing();
 *		}
 *
 * Every check takes a printf-like name, returns whether it passed, and
 * evaluates its arguments once.  A failed check says file, line, what it got
 * and what it expected, as TAP comments on standard output.  The plan line
 * comes last: a program that dies half-way prints none, and that is how the
 * runner knows.
 *-------------------------------------------------------------------------
 */
#ifndef TAP_H
#define TAP_H

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count = 0;
static int tap_failed = 0;

#if defined(__GNUC__)
#define TAP_PRINTF(f, a) __attribute__((format(printf, f, a), unused))
#define TAP_UNUSED __attribute__((unused))
#else
#define TAP_PRINTF(f, a)
#define TAP_UNUSED
#endif

static void tap_show(const char *label, const void *data,
					 size_t len) TAP_UNUSED;
static bool tap_ok(const char *file, int line, bool passed, const char *fmt,
				   ...) TAP_PRINTF(4, 5);
static bool tap_is_int(const char *file, int line, int64_t got,
					   int64_t expected, const char *fmt, ...)
	TAP_PRINTF(5, 6);
static bool tap_is_str(const char *file, int line, const char *got,
					   const char *expected, const char *fmt, ...)
	TAP_PRINTF(5, 6);
static bool tap_is_mem(const char *file, int line, const void *got,
					   size_t got_len, const void *expected,
					   size_t expected_len, const char *fmt, ...)
	TAP_PRINTF(7, 8);
static bool tap_is_dbl(const char *file, int line, double got, double expected,
					   const char *fmt, ...) TAP_PRINTF(5, 6);
static void tap_note(const char *fmt, ...) TAP_PRINTF(1, 2);
static void tap_skip(const char *fmt, ...) TAP_PRINTF(1, 2);
static int tap_done(void) TAP_UNUSED;

/*
 * ok(cond, name, ...): true passes.
 * is_int(got, expected, name, ...): any integers that fit in 64 bits.
 * is_str(got, expected, name, ...): NULL equals NULL only.
 * is_mem(got, got_len, expected, expected_len, name, ...): bytes, NULs too.
 * is_dbl(got, expected, name, ...): the same value; NaN equals NaN.
 * note(text, ...): a comment in the output.
 * skip(why, ...): one test that could not be run, with the reason.
 * done_testing(): the plan line; return its result from main.
 */
#define ok(cond, ...) tap_ok(__FILE__, __LINE__, (cond), __VA_ARGS__)
#define is_int(got, expected, ...)                                            \
	tap_is_int(__FILE__, __LINE__, (got), (expected), __VA_ARGS__)
#define is_str(got, expected, ...)                                            \
	tap_is_str(__FILE__, __LINE__, (got), (expected), __VA_ARGS__)
#define is_mem(got, got_len, expected, expected_len, ...)                     \
	tap_is_mem(__FILE__, __LINE__, (got), (got_len), (expected),              \
			   (expected_len), __VA_ARGS__)
#define is_dbl(got, expected, ...)                                            \
	tap_is_dbl(__FILE__, __LINE__, (got), (expected), __VA_ARGS__)
#define note(...) tap_note(__VA_ARGS__)
#define skip(...) tap_skip(__VA_ARGS__)
#define done_testing() tap_done()

/*
 * One result line.  A newline or '#' in a name would be read as the end of
 * the line or as a directive, so neither goes out as itself.
 */
static bool
tap_result(const char *file, int line, bool passed, const char *fmt,
		   va_list args)
{
	char name[512];

	vsnprintf(name, sizeof(name), fmt, args);
	for (char *c = name; *c != '\0'; c++)
	{
		if (*c == '\n' || *c == '\r')
			*c = ' ';
		else if (*c == '#')
			*c = '.';
	}

	tap_count++;
	printf("%sok %d - %s\n", passed ? "" : "not ", tap_count, name);
	if (!passed)
	{
		tap_failed++;
		printf("#   failed at %s:%d\n", file, line);
	}
	/* What was seen before a crash must not be lost in a buffer. */
	fflush(stdout);
	return passed;
}

/* Print bytes on one line: what is not printable ASCII as \xNN. */
static void
tap_show(const char *label, const void *data, size_t len)
{
	const unsigned char *p = (const unsigned char *) data;

	printf("#   %s", label);
	if (p == NULL)
	{
		printf("NULL\n");
		return;
	}
	printf("\"");
	for (size_t i = 0; i < len; i++)
	{
		if (p[i] >= 0x20 && p[i] < 0x7f && p[i] != '"' && p[i] != '\\')
			printf("%c", p[i]);
		else
			printf("\\x%02x", p[i]);
	}
	printf("\" (%zu bytes)\n", len);
}

static bool
tap_ok(const char *file, int line, bool passed, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	tap_result(file, line, passed, fmt, args);
	va_end(args);
	return passed;
}

static bool
tap_is_int(const char *file, int line, int64_t got, int64_t expected,
		   const char *fmt, ...)
{
	bool passed = got == expected;
	va_list args;

	va_start(args, fmt);
	tap_result(file, line, passed, fmt, args);
	va_end(args);
	if (!passed)
		printf("#        got: %" PRId64 "\n#   expected: %" PRId64 "\n", got,
			   expected);
	return passed;
}

static bool
tap_is_str(const char *file, int line, const char *got, const char *expected,
		   const char *fmt, ...)
{
	bool passed;
	va_list args;

	if (got == NULL || expected == NULL)
		passed = got == expected;
	else
		passed = strcmp(got, expected) == 0;

	va_start(args, fmt);
	tap_result(file, line, passed, fmt, args);
	va_end(args);
	if (!passed)
	{
		tap_show("     got: ", got, got ? strlen(got) : 0);
		tap_show("expected: ", expected, expected ? strlen(expected) : 0);
	}
	return passed;
}

static bool
tap_is_mem(const char *file, int line, const void *got, size_t got_len,
		   const void *expected, size_t expected_len, const char *fmt, ...)
{
	bool passed;
	va_list args;

	if (got == NULL || expected == NULL)
		passed = got == expected;
	else
		passed = got_len == expected_len &&
				 (got_len == 0 || memcmp(got, expected, got_len) == 0);

	va_start(args, fmt);
	tap_result(file, line, passed, fmt, args);
	va_end(args);
	if (!passed)
	{
		tap_show("     got: ", got, got_len);
		tap_show("expected: ", expected, expected_len);
	}
	return passed;
}

/*
 * Exact on purpose: the conversions under test promise exact results.  -0.0
 * and 0.0 are told apart for the same reason.
 */
static bool
tap_is_dbl(const char *file, int line, double got, double expected,
		   const char *fmt, ...)
{
	bool passed;
	va_list args;

	if (isnan(got) || isnan(expected))
		passed = isnan(got) && isnan(expected);
	else
		passed = got == expected && !signbit(got) == !signbit(expected);

	va_start(args, fmt);
	tap_result(file, line, passed, fmt, args);
	va_end(args);
	if (!passed)
		printf("#        got: %.17g\n#   expected: %.17g\n", got, expected);
	return passed;
}

static void
tap_note(const char *fmt, ...)
{
	va_list args;

	printf("# ");
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

static void
tap_skip(const char *fmt, ...)
{
	va_list args;

	tap_count++;
	printf("ok %d # SKIP ", tap_count);
	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	printf("\n");
}

/* No test at all is a failure too: it would look like success. */
static int
tap_done(void)
{
	printf("1..%d\n", tap_count);
	if (tap_failed > 0)
		printf("# %d of %d failed\n", tap_failed, tap_count);
	return tap_failed > 0 || tap_count == 0;
}

#endif /* TAP_H */
