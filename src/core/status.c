/*
 * status.c
 *	  Filling a LiteError.
 *
 * Everything here works without memory of its own and cannot fail.  Text that
 * does not fit a slot is cut between characters and marked with "...": a
 * message cut inside a character would not be valid text for whoever prints
 * it.
 */
#include "core/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"

/*
 * Marks text that filled its buffer to the brim: back to the last whole
 * character that leaves room for the dots.
 */
static void
mark_cut(char *buf, size_t size)
{
	size_t end;

	if (size < 4)
		return;
	end = size - 4;
	while (end > 0 && lite_utf8_is_tail((unsigned char) buf[end]))
		end--;
	memcpy(buf + end, "...", 4);
}

static void fill(char *buf, size_t size, const char *fmt, va_list args)
	LITE_PRINTF(3, 0);

static void
fill(char *buf, size_t size, const char *fmt, va_list args)
{
	int needed = vsnprintf(buf, size, fmt, args);

	if (needed < 0)
		buf[0] = '\0';
	else if ((size_t) needed >= size)
		mark_cut(buf, size);
}

void
lite_error_clear(LiteError *err)
{
	if (err == NULL)
		return;
	err->status = LITE_OK;
	err->sqlite_code = 0;
	err->os_errno = 0;
	err->message[0] = '\0';
	err->detail[0] = '\0';
	err->hint[0] = '\0';
	err->context[0] = '\0';
}

LiteStatus
lite_error_set(LiteError *err, LiteStatus status, const char *fmt, ...)
{
	va_list args;

	if (err == NULL)
		return status;
	lite_error_clear(err);
	err->status = status;
	va_start(args, fmt);
	fill(err->message, sizeof(err->message), fmt, args);
	va_end(args);
	return status;
}

void
lite_error_detail(LiteError *err, const char *fmt, ...)
{
	va_list args;

	if (err == NULL)
		return;
	va_start(args, fmt);
	fill(err->detail, sizeof(err->detail), fmt, args);
	va_end(args);
}

void
lite_error_hint(LiteError *err, const char *fmt, ...)
{
	va_list args;

	if (err == NULL)
		return;
	va_start(args, fmt);
	fill(err->hint, sizeof(err->hint), fmt, args);
	va_end(args);
}

void
lite_error_context(LiteError *err, const char *fmt, ...)
{
	size_t used;
	va_list args;

	if (err == NULL)
		return;
	used = strlen(err->context);

	/* A line needs room for itself and the dots; a full slot stays as it is:
	 * the innermost lines, written first, say most. */
	if (used + 8 >= sizeof(err->context))
		return;
	if (used > 0)
		err->context[used++] = '\n';
	va_start(args, fmt);
	fill(err->context + used, sizeof(err->context) - used, fmt, args);
	va_end(args);
}

LiteStatus
lite_error_nomem(LiteError *err)
{
	return lite_error_set(err, LITE_NOMEM, "out of memory");
}

/*
 * Characters that a terminal or a log would act on instead of showing: the C0
 * and C1 controls, line and paragraph separators, and the controls of writing
 * direction, with which text can pretend to be other text.
 */
static bool
is_control(const unsigned char *s, int len)
{
	if (len == 1)
		return s[0] < 0x20 || s[0] == 0x7F;
	if (len == 2)
		return s[0] == 0xC2 && s[1] < 0xA0;
	if (len == 3 && s[0] == 0xE2)
		return (s[1] == 0x80 && s[2] >= 0xA8 && s[2] <= 0xAE) ||
			   (s[1] == 0x81 && s[2] >= 0xA6 && s[2] <= 0xA9);
	return false;
}

char *
lite_text_clip(char *buf, size_t size, const char *text, size_t len)
{
	static const char hex[] = "0123456789ABCDEF";
	const unsigned char *s = (const unsigned char *) text;
	size_t used = 0;
	size_t dots = 0; /* where the last piece ended that leaves room for dots */

	if (size == 0)
		return buf;
	while (len > 0)
	{
		char piece[16];
		size_t piece_len = 0;
		int n = lite_utf8_sequence(s, len);

		if (n == 0 || is_control(s, n))
		{
			n = n == 0 ? 1 : n;
			for (int k = 0; k < n; k++)
			{
				piece[piece_len++] = '\\';
				piece[piece_len++] = 'x';
				piece[piece_len++] = hex[s[k] >> 4];
				piece[piece_len++] = hex[s[k] & 15];
			}
		}
		else
		{
			memcpy(piece, s, (size_t) n);
			piece_len = (size_t) n;
		}
		if (used + piece_len > size - 1)
		{
			used = dots;
			for (int k = 0; k < 3 && used < size - 1; k++)
				buf[used++] = '.';
			break;
		}
		memcpy(buf + used, piece, piece_len);
		used += piece_len;
		if (used + 3 <= size - 1)
			dots = used;
		s += n;
		len -= (size_t) n;
	}
	buf[used] = '\0';
	return buf;
}
