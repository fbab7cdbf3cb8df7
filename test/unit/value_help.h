/*
 * value_help.h
 *	  Making values and asking converters, in few words; and random numbers
 *	  that are the same in every run.
 */
#ifndef VALUE_HELP_H
#define VALUE_HELP_H

#include <stdlib.h>
#include <string.h>

#include "core/convert.h"
#include "core/digest.h"

#define UNUSED __attribute__((unused))

static UNUSED LiteValue
int_value(int64_t i)
{
	LiteValue v = {LITE_INTEGER, i, 0, NULL, 0};

	return v;
}

static UNUSED LiteValue
real_value(double r)
{
	LiteValue v = {LITE_REAL, 0, r, NULL, 0};

	return v;
}

static UNUSED LiteValue
bytes_value(LiteClass cls, const void *data, size_t len)
{
	LiteValue v = {cls, 0, 0, (const char *) data, len};

	return v;
}

static UNUSED LiteValue
text_value(const char *s)
{
	return bytes_value(LITE_TEXT, s, strlen(s));
}

static UNUSED LiteColumnType
type_of(LiteType type, LiteFormat format)
{
	LiteColumnType t = {type, 0, 0, format};

	return t;
}

/* splitmix64, by its published constants */
static uint64_t random_state = 20240229;

static UNUSED uint64_t
random64(void)
{
	uint64_t z = (random_state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static UNUSED int64_t
random_between(int64_t min, int64_t max)
{
	return min + (int64_t) (random64() % ((uint64_t) (max - min) + 1));
}

static UNUSED double
random_double(void)
{
	for (;;)
	{
		uint64_t bits = random64();
		double r;

		memcpy(&r, &bits, sizeof(r));
		if (r - r == 0) /* finite */
			return r;
	}
}

/*
 * One mutation of a text of len bytes in a buffer with room for size: a byte
 * changed, removed, doubled, or replaced by one of "likely".
 */
static UNUSED size_t
mutate(char *s, size_t len, size_t size, const char *likely)
{
	size_t at = len > 0 ? (size_t) (random64() % len) : 0;

	switch (random64() % 4)
	{
		case 0:
			if (len > 0)
				s[at] = (char) random64();
			break;
		case 1:
			if (len > 0)
			{
				memmove(s + at, s + at + 1, len - at - 1);
				len--;
			}
			break;
		case 2:
			if (len < size)
			{
				memmove(s + at + 1, s + at, len - at);
				s[at] = likely[random64() % strlen(likely)];
				len++;
			}
			break;
		default:
			if (len > 0)
				s[at] = likely[random64() % strlen(likely)];
			break;
	}
	return len;
}

/*
 * An exact copy on the heap, so that a sanitizer sees a read past its end.
 * Never NULL; the caller frees it.
 */
static UNUSED char *
exact_copy(const void *s, size_t len)
{
	char *copy = malloc(len > 0 ? len : 1);

	if (copy == NULL)
		abort();
	if (len > 0)
		memcpy(copy, s, len);
	return copy;
}

#endif /* VALUE_HELP_H */
