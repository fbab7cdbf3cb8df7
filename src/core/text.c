/*
 * text.c
 *	  Text looked at byte by byte: UTF-8, uuids, booleans, integers.
 *
 * Most text in most files is ASCII, so the validator reads words of eight
 * bytes and asks one question of them: are all bytes in 1..127?  Only where
 * the answer is no does it look at characters.
 */
#include "core/convert.h"

#include "core/utf8.h"

/*
 * Zero if every byte is in 1..127.  Without high bits and zero bytes, the
 * subtraction borrows nothing and sets no high bit; the lowest zero byte
 * would.
 */
static inline uint64_t
not_plain(uint64_t w)
{
	return (w | (w - LITE_ONES)) & LITE_HIGHS;
}

/* Characters one by one, from where a word was not plain, for a while. */
static bool
valid_slowly(const unsigned char **s, const unsigned char *stop,
			 const unsigned char *end, bool *has_nul)
{
	const unsigned char *p = *s;

	while (p < stop)
	{
		int n;

		if (*p < 0x80)
		{
			*has_nul |= *p == 0;
			p++;
			continue;
		}
		/* most of the world's letters */
		if (*p >= 0xC2 && *p < 0xE0 && end - p >= 2 && lite_utf8_is_tail(p[1]))
		{
			p += 2;
			continue;
		}
		n = lite_utf8_sequence(p, (size_t) (end - p));
		if (n == 0)
			return false;
		p += n;
	}
	*s = p;
	return true;
}

bool
lite_utf8_valid(const char *s, size_t len, bool *has_nul)
{
	const unsigned char *p = (const unsigned char *) s;
	const unsigned char *end;

	*has_nul = false;
	if (len == 0)
		return true; /* s may be NULL: an empty blob */
	end = p + len;
	while (end - p >= 32)
	{
		uint64_t a = not_plain(lite_load8(p));
		uint64_t b = not_plain(lite_load8(p + 8));
		uint64_t c = not_plain(lite_load8(p + 16));
		uint64_t d = not_plain(lite_load8(p + 24));

		if ((a | b | c | d) == 0)
			p += 32;
		else if (!valid_slowly(&p, p + 32, end, has_nul))
			goto invalid;
	}
	while (end - p >= 8)
	{
		if (not_plain(lite_load8(p)) == 0)
			p += 8;
		else if (!valid_slowly(&p, p + 8, end, has_nul))
			goto invalid;
	}
	if (p == end)
		return true;

	/* The last few bytes once more with some before them, if those are
	 * there: a character that starts in front of the word makes it not
	 * plain, and is only looked at by the slow way, from p on. */
	if (len >= 8 && not_plain(lite_load8(end - 8)) == 0)
		return true;
	if (valid_slowly(&p, end, end, has_nul))
		return true;

invalid:
	*has_nul = memchr(s, 0, len) != NULL;
	return false;
}

/* Characters begin with every byte that is not 10xxxxxx. */
size_t
lite_utf8_length(const char *s, size_t len)
{
	size_t tails = 0;
	size_t k = 0;

	while (len - k >= 8)
	{
		uint64_t w = lite_load8(s + k);
		uint64_t t = (w >> 7) & ~(w >> 6) & LITE_ONES;

		tails += (size_t) ((t * LITE_ONES) >> 56);
		k += 8;
	}
	for (; k < len; k++)
		tails += (size_t) lite_utf8_is_tail((unsigned char) s[k]);
	return len - tails;
}

static bool
is_word(const char *s, size_t len, const char *word)
{
	for (size_t k = 0; k < len; k++)
	{
		if (word[k] == '\0' || (s[k] | 0x20) != word[k])
			return false;
	}
	return word[len] == '\0';
}

bool
lite_parse_bool(const char *s, size_t len, bool *result)
{
	static const char *const yes[] = {"t", "true", "y", "yes", "on"};
	static const char *const no[] = {"f", "false", "n", "no", "off"};

	if (len == 1 && (s[0] == '0' || s[0] == '1'))
	{
		*result = s[0] == '1';
		return true;
	}
	if (len > 5)
		return false;
	for (int k = 0; k < 5; k++)
	{
		if (is_word(s, len, yes[k]))
		{
			*result = true;
			return true;
		}
		if (is_word(s, len, no[k]))
		{
			*result = false;
			return true;
		}
	}
	return false;
}

/* Hexadecimal digits; 0x80 for what is none. */
#define N8 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80
#define N16 N8, N8
#define LETTERS 0x80, 10, 11, 12, 13, 14, 15, 0x80, N8
static const unsigned char hex_digits[256] = {
	N16, N16, N16,	0,	  1,	2,	  3,	4,	  5,	   6,	7,
	8,	 9,	  0x80, 0x80, 0x80, 0x80, 0x80, 0x80, LETTERS, N16, LETTERS,
	N16, N16, N16,	N16,  N16,	N16,  N16,	N16,  N16};
#undef N8
#undef N16
#undef LETTERS

/* 2 * n digits into n bytes; has the high bit set if one was no digit. */
static inline unsigned
read_hex(const unsigned char *p, int n, unsigned char *result)
{
	unsigned bad = 0;

	for (int k = 0; k < n; k++)
	{
		unsigned high = hex_digits[p[2 * k]];
		unsigned low = hex_digits[p[2 * k + 1]];

		bad |= high | low;
		result[k] = (unsigned char) (high << 4 | low);
	}
	return bad;
}

/*
 * As uuid_in(): hexadecimal digits, a hyphen allowed after any group of four,
 * braces around the whole.
 */
bool
lite_parse_uuid(const char *s, size_t len, unsigned char *result)
{
	const unsigned char *p = (const unsigned char *) s;
	const unsigned char *end = p + len;
	unsigned bad = 0;

	/* the form that nearly all of them have */
	if (len == 36 && p[8] == '-' && p[13] == '-' && p[18] == '-' &&
		p[23] == '-')
	{
		bad = read_hex(p, 4, result) | read_hex(p + 9, 2, result + 4) |
			  read_hex(p + 14, 2, result + 6) |
			  read_hex(p + 19, 2, result + 8) |
			  read_hex(p + 24, 6, result + 10);
		return (bad & 0x80) == 0;
	}
	if (len >= 2 && s[0] == '{')
	{
		if (s[len - 1] != '}')
			return false;
		p++;
		end--;
	}
	for (int k = 0; k < 16; k++)
	{
		if (end - p < 2)
			return false;
		bad |= read_hex(p, 1, result + k);
		p += 2;
		if ((k & 1) != 0 && k < 15 && p < end && *p == '-')
			p++;
	}
	return p == end && (bad & 0x80) == 0;
}

/*
 * A sign and digits, as int8in() has them, but without spaces around: text
 * with a space in it is not merely a number.
 */
bool
lite_parse_int64(const char *s, size_t len, int64_t *result)
{
	const char *end = s + len;
	bool negative = false;
	uint64_t value = 0;

	if (s < end && (*s == '-' || *s == '+'))
		negative = *s++ == '-';
	if (s == end)
		return false;
	while (end - s > 1 && *s == '0')
		s++;
	if (end - s > 19)
		return false;
	for (; s < end; s++)
	{
		unsigned digit = (unsigned char) *s - (unsigned) '0';

		if (digit > 9)
			return false;
		value = value * 10 + digit; /* 19 digits fit in 64 bits */
	}
	if (value > (uint64_t) INT64_MAX + (negative ? 1 : 0))
		return false;
	*result = negative ? (int64_t) (0 - value) : (int64_t) value;
	return true;
}
