/*
 * json.c
 *	  Is this text JSON that PostgreSQL's jsonb takes?
 *
 * One pass, no memory, no recursion: a state machine whose only stack is one
 * bit per level, object or array.  Strings, which are most of most documents,
 * are searched eight bytes at a time for whatever ends or interrupts them.
 *
 * Beyond RFC 8259, jsonb wants: no \u0000, surrogates in pairs, numbers that
 * numeric can hold, and a size that its offsets of 28 bits can address.
 */
#include "core/convert.h"

#include "core/utf8.h"

typedef struct Scanner
{
	const unsigned char *s;
	const unsigned char *end;
	bool has_nul;
	size_t jsonb_size;
} Scanner;

static inline bool
is_digit(unsigned char c)
{
	return (unsigned char) (c - '0') <= 9;
}

static inline void
skip_space(Scanner *scanner)
{
	const unsigned char *s = scanner->s;

	while (s < scanner->end &&
		   (*s == ' ' || *s == '\n' || *s == '\t' || *s == '\r'))
		s++;
	scanner->s = s;
}

/* Nonzero if some byte is '"', '\', below 0x20 or above 0x7F. */
static inline uint64_t
interrupts_string(uint64_t w)
{
	return (lite_has_zero(w ^ (LITE_ONES * '"')) |
			lite_has_zero(w ^ (LITE_ONES * '\\')) |
			((w - LITE_ONES * 0x20) & ~w & LITE_HIGHS) | (w & LITE_HIGHS));
}

/* Four hexadecimal digits at s; -1 if they are not. */
static int
hex4(const unsigned char *s)
{
	int value = 0;

	for (int k = 0; k < 4; k++)
	{
		int digit = s[k] - '0';
		int letter = (s[k] | 0x20) - 'a';

		if (digit >= 0 && digit <= 9)
			value = value * 16 + digit;
		else if (letter >= 0 && letter <= 5)
			value = value * 16 + letter + 10;
		else
			return -1;
	}
	return value;
}

/* The escape whose backslash was just passed. */
static bool
scan_escape(Scanner *scanner)
{
	const unsigned char *s = scanner->s;
	int unit;

	if (s == scanner->end)
		return false;
	switch (*s++)
	{
		case '"':
		case '\\':
		case '/':
		case 'b':
		case 'f':
		case 'n':
		case 'r':
		case 't':
			scanner->s = s;
			return true;
		case 'u':
			break;
		default:
			return false;
	}
	if (scanner->end - s < 4 || (unit = hex4(s)) < 0)
		return false;
	s += 4;
	if (unit == 0)
		scanner->has_nul = true;
	if (unit >= 0xDC00 && unit <= 0xDFFF)
		return false;
	if (unit >= 0xD800 && unit <= 0xDBFF)
	{
		if (scanner->end - s < 6 || s[0] != '\\' || s[1] != 'u' ||
			(unit = hex4(s + 2)) < 0xDC00 || unit > 0xDFFF)
			return false;
		s += 6;
	}
	scanner->s = s;
	return true;
}

/* A string whose opening quote was just passed. */
static bool
scan_string(Scanner *scanner)
{
	const unsigned char *start = scanner->s;
	const unsigned char *s = start;
	const unsigned char *end = scanner->end;

	for (;;)
	{
		int n;

		while (end - s >= 8 && interrupts_string(lite_load8(s)) == 0)
			s += 8;
		while (s < end && *s != '"' && *s != '\\' && *s >= 0x20 && *s < 0x80)
			s++;
		if (s == end)
			return false;
		if (*s == '"')
		{
			scanner->s = s + 1;
			scanner->jsonb_size += (size_t) (s - start) + 4;
			return true;
		}
		if (*s == '\\')
		{
			scanner->s = s + 1;
			if (!scan_escape(scanner))
				return false;
			s = scanner->s;
			continue;
		}
		n = *s < 0x20 ? 0 : lite_utf8_sequence(s, (size_t) (end - s));
		if (n == 0)
			return false;
		s += n;
	}
}

static bool
scan_number(Scanner *scanner)
{
	const unsigned char *start = scanner->s;
	const unsigned char *s = start;
	const unsigned char *end = scanner->end;
	bool exponent = false;
	LiteDecimal decimal;

	if (s < end && *s == '-')
		s++;
	if (s == end || !is_digit(*s))
		return false;
	if (*s == '0')
		s++;
	else
	{
		while (s < end && is_digit(*s))
			s++;
	}
	if (s < end && *s == '.')
	{
		s++;
		if (s == end || !is_digit(*s))
			return false;
		while (s < end && is_digit(*s))
			s++;
	}
	if (s < end && (*s | 0x20) == 'e')
	{
		exponent = true;
		s++;
		if (s < end && (*s == '+' || *s == '-'))
			s++;
		if (s == end || !is_digit(*s))
			return false;
		while (s < end && is_digit(*s))
			s++;
	}
	scanner->s = s;

	/* A header and its alignment, then two bytes for four digits. */
	scanner->jsonb_size += (size_t) (s - start) + 20;

	/* Short ones without exponent fit numeric whatever they say. */
	if (s - start < 1000 && !exponent)
		return true;
	return lite_decimal_read((const char *) start, (size_t) (s - start),
							 &decimal) &&
		   lite_decimal_fits_numeric(&decimal);
}

bool
lite_json_is_number(const char *s, size_t len)
{
	Scanner scanner;

	scanner.s = (const unsigned char *) s;
	scanner.end = scanner.s + len;
	scanner.jsonb_size = 0;
	return scan_number(&scanner) && scanner.s == scanner.end;
}

static bool
scan_word(Scanner *scanner, const char *word, size_t len)
{
	if ((size_t) (scanner->end - scanner->s) < len ||
		memcmp(scanner->s, word, len) != 0)
		return false;
	scanner->s += len;
	scanner->jsonb_size += 4;
	return true;
}

/* A value that is no container. */
static bool
scan_scalar(Scanner *scanner)
{
	switch (*scanner->s)
	{
		case '"':
			scanner->s++;
			return scan_string(scanner);
		case 't':
			return scan_word(scanner, "true", 4);
		case 'f':
			return scan_word(scanner, "false", 5);
		case 'n':
			return scan_word(scanner, "null", 4);
		default:
			return scan_number(scanner);
	}
}

/* A key and its colon. */
static bool
scan_key(Scanner *scanner)
{
	skip_space(scanner);
	if (scanner->s == scanner->end || *scanner->s != '"')
		return false;
	scanner->s++;
	if (!scan_string(scanner))
		return false;
	skip_space(scanner);
	if (scanner->s == scanner->end || *scanner->s != ':')
		return false;
	scanner->s++;
	return true;
}

/*
 * A whole value.  Going down: a container that is not empty is opened, and
 * the loop goes round for its first element.  Going up: after a value, close
 * what ends, or go round for the next element.
 */
static bool
scan_value(Scanner *scanner)
{
	uint64_t in_object[LITE_JSON_DEPTH / 64 + 1] = {0};
	int depth = 0;

	for (;;)
	{
		unsigned char c;

		skip_space(scanner);
		if (scanner->s == scanner->end)
			return false;
		c = *scanner->s;
		if (c == '{' || c == '[')
		{
			if (depth == LITE_JSON_DEPTH)
				return false;
			scanner->s++;
			scanner->jsonb_size += 12;
			if (c == '{')
				in_object[depth / 64] |= UINT64_C(1) << (depth % 64);
			else
				in_object[depth / 64] &= ~(UINT64_C(1) << (depth % 64));
			depth++;
			skip_space(scanner);
			if (scanner->s == scanner->end)
				return false;
			if (*scanner->s != (c == '{' ? '}' : ']'))
			{
				if (c == '{' && !scan_key(scanner))
					return false;
				continue;
			}
		}
		else if (!scan_scalar(scanner))
			return false;

		for (;;)
		{
			bool object;

			if (depth == 0)
				return true;
			skip_space(scanner);
			if (scanner->s == scanner->end)
				return false;
			c = *scanner->s++;
			object = (in_object[(depth - 1) / 64] >> ((depth - 1) % 64)) & 1;
			if (c == ',')
			{
				if (object && !scan_key(scanner))
					return false;
				break;
			}
			if (c != (object ? '}' : ']'))
				return false;
			depth--;
		}
	}
}

void
lite_json_scan(const char *s, size_t len, LiteJsonScan *result)
{
	Scanner scanner;
	unsigned char first;

	scanner.s = (const unsigned char *) s;
	scanner.end = scanner.s + len;
	scanner.has_nul = false;
	scanner.jsonb_size = 0;
	result->kind = LITE_JSON_INVALID;
	result->jsonb_size = 0;

	skip_space(&scanner);
	if (scanner.s == scanner.end)
		return;
	first = *scanner.s;
	if (!scan_value(&scanner))
		return;
	skip_space(&scanner);
	if (scanner.s != scanner.end)
		return;

	result->jsonb_size = scanner.jsonb_size;
	if (scanner.has_nul)
		result->kind = LITE_JSON_NUL;
	else if (first == '{')
		result->kind = LITE_JSON_OBJECT;
	else if (first == '[')
		result->kind = LITE_JSON_ARRAY;
	else if (first == 'n')
		result->kind = LITE_JSON_NULL;
	else
		result->kind = LITE_JSON_SCALAR;
}

LiteJsonKind
lite_json_kind(const char *s, size_t len)
{
	LiteJsonScan scan;

	lite_json_scan(s, len, &scan);
	if (scan.jsonb_size > LITE_JSONB_MAX)
		return LITE_JSON_INVALID;
	return scan.kind;
}
