/*
 * utf8.h
 *	  One character of UTF-8 at a time, for the files of the core that need
 *	  to look at text closely.
 *
 * Valid is what RFC 3629 and PostgreSQL's pg_utf8_islegal() call valid: no
 * overlong forms, no surrogates, nothing above U+10FFFF.
 */
#ifndef LITE_UTF8_H
#define LITE_UTF8_H

#include <stddef.h>

static inline int
lite_utf8_is_tail(unsigned char c)
{
	return (c & 0xC0) == 0x80;
}

/*
 * Bytes of the valid character that s (len bytes, at least one) starts with,
 * or 0 if it starts with none.  The ranges of the second byte are those of
 * the Unicode Standard's table 3-7.
 */
static inline int
lite_utf8_sequence(const unsigned char *s, size_t len)
{
	unsigned char c = s[0];

	if (c < 0x80)
		return 1;
	if (c < 0xC2)
		return 0;
	if (c < 0xE0)
		return len >= 2 && lite_utf8_is_tail(s[1]) ? 2 : 0;
	if (c < 0xF0)
	{
		if (len < 3 || !lite_utf8_is_tail(s[1]) || !lite_utf8_is_tail(s[2]))
			return 0;
		if ((c == 0xE0 && s[1] < 0xA0) || (c == 0xED && s[1] > 0x9F))
			return 0;
		return 3;
	}
	if (c < 0xF5)
	{
		if (len < 4 || !lite_utf8_is_tail(s[1]) || !lite_utf8_is_tail(s[2]) ||
			!lite_utf8_is_tail(s[3]))
			return 0;
		if ((c == 0xF0 && s[1] < 0x90) || (c == 0xF4 && s[1] > 0x8F))
			return 0;
		return 4;
	}
	return 0;
}

/* Writes code point cp (a valid one) to out (room for 4); returns its bytes. */
static inline int
lite_utf8_encode(unsigned cp, char *out)
{
	if (cp < 0x80)
	{
		out[0] = (char) cp;
		return 1;
	}
	if (cp < 0x800)
	{
		out[0] = (char) (0xC0 | (cp >> 6));
		out[1] = (char) (0x80 | (cp & 0x3F));
		return 2;
	}
	if (cp < 0x10000)
	{
		out[0] = (char) (0xE0 | (cp >> 12));
		out[1] = (char) (0x80 | ((cp >> 6) & 0x3F));
		out[2] = (char) (0x80 | (cp & 0x3F));
		return 3;
	}
	out[0] = (char) (0xF0 | (cp >> 18));
	out[1] = (char) (0x80 | ((cp >> 12) & 0x3F));
	out[2] = (char) (0x80 | ((cp >> 6) & 0x3F));
	out[3] = (char) (0x80 | (cp & 0x3F));
	return 4;
}

#endif /* LITE_UTF8_H */
