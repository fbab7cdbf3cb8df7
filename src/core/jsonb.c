/*
 * jsonb.c
 *	  SQLite's binary JSONB <-> JSON text.
 *
 * The format is SQLite's "The SQLITE JSONB Format" (3.45).  An element is a
 * header and a payload.  The header's low nibble is the type, its high nibble
 * the size of the payload, or how many big-endian bytes behind it hold that
 * size; a container's payload is its elements, one after the other.
 *
 * Going through it needs no recursion, only where each open container ends.
 * The blob is hostile: a size may point anywhere, a number may hold a comma
 * or a bracket, text may hold a quote.  So every payload is checked to be what
 * its type says before it becomes part of a text.
 */
#include "core/convert.h"

#include <stdlib.h>

typedef enum Element
{
	ELEMENT_NULL,
	ELEMENT_TRUE,
	ELEMENT_FALSE,
	ELEMENT_INT,
	ELEMENT_INT5,
	ELEMENT_FLOAT,
	ELEMENT_FLOAT5,
	ELEMENT_TEXT,	 /* needs no escapes */
	ELEMENT_TEXTJ,	 /* with JSON's escapes */
	ELEMENT_TEXT5,	 /* with JSON5's */
	ELEMENT_TEXTRAW, /* anything, to be escaped */
	ELEMENT_ARRAY,
	ELEMENT_OBJECT
} Element;

/* ---- the growing text ---- */

typedef struct Buffer
{
	char **data;
	size_t *capacity;
	size_t len;
	bool failed;
} Buffer;

/* Room for n more bytes; NULL if there is none. */
static char *
reserve(Buffer *buffer, size_t n)
{
	size_t needed;

	if (buffer->failed || n > LITE_VALUE_MAX - buffer->len)
	{
		buffer->failed = true;
		return NULL;
	}
	needed = buffer->len + n;
	if (needed > *buffer->capacity)
	{
		size_t wanted = needed < 256 ? 512 : needed * 2;
		char *grown = realloc(*buffer->data, wanted);

		if (grown == NULL)
		{
			buffer->failed = true;
			return NULL;
		}
		*buffer->data = grown;
		*buffer->capacity = wanted;
	}
	return *buffer->data + buffer->len;
}

static void
append(Buffer *buffer, const void *s, size_t n)
{
	char *to = reserve(buffer, n);

	if (to == NULL)
		return;
	if (n > 0)
		memcpy(to, s, n);
	buffer->len += n;
}

static inline void
append_char(Buffer *buffer, char c)
{
	append(buffer, &c, 1);
}

/* \u00HH */
static void
append_escape(Buffer *buffer, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	char text[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};

	append(buffer, text, 6);
}

/* ---- reading elements ---- */

typedef struct Header
{
	int type;
	size_t start; /* of the payload, in the blob */
	size_t size;
} Header;

/* The element at "at", which must end by "end". */
static bool
read_header(const unsigned char *blob, size_t at, size_t end, Header *header)
{
	static const unsigned char extra[16] = {
		[12] = 1, [13] = 2, [14] = 4, [15] = 8};
	size_t size;
	size_t more;
	uint64_t wide = 0;

	if (at >= end)
		return false;
	header->type = blob[at] & 15;
	size = blob[at] >> 4;
	more = extra[size];
	at++;
	if (more > 0)
	{
		if (end - at < more)
			return false;
		for (size_t k = 0; k < more; k++)
			wide = wide << 8 | blob[at + k];
		at += more;
		if (wide > LITE_VALUE_MAX)
			return false;
		size = (size_t) wide;
	}
	if (size > end - at)
		return false;
	header->start = at;
	header->size = size;
	return true;
}

static bool
is_digits(const char *s, size_t n)
{
	for (size_t k = 0; k < n; k++)
	{
		if ((unsigned char) (s[k] - '0') > 9)
			return false;
	}
	return n > 0;
}

/* A sign and 0x with hexadecimal digits of 64 bits, or a plus and an integer. */
static bool
write_int5(Buffer *buffer, const char *s, size_t n)
{
	char digits[24];
	int used = 0;
	uint64_t value = 0;

	if (n > 0 && (*s == '-' || *s == '+'))
	{
		if (*s == '-')
			append_char(buffer, '-');
		s++;
		n--;
	}
	if (n < 3 || s[0] != '0' || (s[1] | 0x20) != 'x')
	{
		if (!is_digits(s, n) || !lite_json_is_number(s, n))
			return false;
		append(buffer, s, n);
		return true;
	}
	for (size_t k = 2; k < n; k++)
	{
		int digit = s[k] - '0';
		int letter = (s[k] | 0x20) - 'a';

		if ((digit < 0 || digit > 9) && (letter < 0 || letter > 5))
			return false;
		if (value >> 60 != 0)
			return false;
		value = value << 4 |
				(uint64_t) (digit >= 0 && digit <= 9 ? digit : letter + 10);
	}
	do
	{
		digits[used++] = (char) ('0' + value % 10);
		value /= 10;
	} while (value > 0);
	while (used > 0)
		append_char(buffer, digits[--used]);
	return true;
}

/* A number that may lack the digits on one side of its point. */
static bool
write_float5(Buffer *buffer, const char *s, size_t n)
{
	size_t start;

	if (n > 0 && *s == '+')
	{
		s++;
		n--;
	}
	start = buffer->len;
	for (size_t k = 0; k < n; k++)
	{
		bool point = s[k] == '.';

		if (point && (k == 0 || (unsigned char) (s[k - 1] - '0') > 9))
			append_char(buffer, '0');
		append_char(buffer, s[k]);
		if (point && (k + 1 == n || (unsigned char) (s[k + 1] - '0') > 9))
			append_char(buffer, '0');
	}
	return !buffer->failed &&
		   lite_json_is_number(*buffer->data + start, buffer->len - start);
}

/* Text with JSON's escapes or none: as it is, if it cannot end early. */
static bool
write_text(Buffer *buffer, const char *s, size_t n, bool escapes)
{
	for (size_t k = 0; k < n; k++)
	{
		unsigned char c = (unsigned char) s[k];

		if (c == '"' || c < 0x20)
			return false;
		if (c == '\\' && (!escapes || ++k == n))
			return false;
	}
	append(buffer, s, n);
	return true;
}

static void
write_raw_char(Buffer *buffer, char c)
{
	if (c == '"' || c == '\\')
		append_char(buffer, '\\');
	if ((unsigned char) c < 0x20)
		append_escape(buffer, (unsigned char) c);
	else
		append_char(buffer, c);
}

/*
 * One JSON5 escape at s (n bytes, the backslash among them).  Returns how
 * many bytes it takes, 0 if it is none.
 */
static size_t
write_escape5(Buffer *buffer, const char *s, size_t n)
{
	if (n < 2)
		return 0;
	switch (s[1])
	{
		case '\'':
			append_char(buffer, '\'');
			return 2;
		case 'v':
			append_escape(buffer, 0x0B);
			return 2;
		case '0':
			append_escape(buffer, 0);
			return 2;
		case 'x':
			if (n < 4)
				return 0;
			append(buffer, "\\u00", 4);
			append(buffer, s + 2, 2); /* digits, or the last check fails */
			return s[2] == '"' || s[3] == '"' ? 0 : 4;
		case '\r':
			return n > 2 && s[2] == '\n' ? 3 : 2;
		case '\n':
			return 2;
		case '\xE2':
			return n >= 4 && s[2] == '\x80' &&
						   (s[3] == '\xA8' || s[3] == '\xA9')
					   ? 4
					   : 0;
		default:
			if ((unsigned char) s[1] < 0x20)
				return 0;
			append(buffer, s, 2);
			return 2;
	}
}

static bool
write_text5(Buffer *buffer, const char *s, size_t n)
{
	while (n > 0)
	{
		size_t used = 1;

		if (*s == '\\')
			used = write_escape5(buffer, s, n);
		else
			write_raw_char(buffer, *s);
		if (used == 0)
			return false;
		s += used;
		n -= used;
	}
	return true;
}

static bool
write_string(Buffer *buffer, int type, const char *s, size_t n)
{
	bool good = true;

	append_char(buffer, '"');
	switch (type)
	{
		case ELEMENT_TEXT:
		case ELEMENT_TEXTJ:
			good = write_text(buffer, s, n, type == ELEMENT_TEXTJ);
			break;
		case ELEMENT_TEXT5:
			good = write_text5(buffer, s, n);
			break;
		default:
			for (size_t k = 0; k < n; k++)
				write_raw_char(buffer, s[k]);
			break;
	}
	append_char(buffer, '"');
	return good;
}

/* An element that is no container. */
static bool
write_scalar(Buffer *buffer, const unsigned char *blob, const Header *header)
{
	const char *s = (const char *) blob + header->start;
	size_t n = header->size;

	switch (header->type)
	{
		case ELEMENT_NULL:
			append(buffer, "null", 4);
			return n == 0;
		case ELEMENT_TRUE:
			append(buffer, "true", 4);
			return n == 0;
		case ELEMENT_FALSE:
			append(buffer, "false", 5);
			return n == 0;
		case ELEMENT_INT:
			append(buffer, s, n);
			return lite_json_is_number(s, n) &&
				   is_digits(*s == '-' ? s + 1 : s, *s == '-' ? n - 1 : n);
		case ELEMENT_FLOAT:
			append(buffer, s, n);
			return lite_json_is_number(s, n);
		case ELEMENT_INT5:
			return write_int5(buffer, s, n);
		case ELEMENT_FLOAT5:
			return write_float5(buffer, s, n);
		case ELEMENT_TEXT:
		case ELEMENT_TEXTJ:
		case ELEMENT_TEXT5:
		case ELEMENT_TEXTRAW:
			return write_string(buffer, header->type, s, n);
		default:
			return false;
	}
}

/* An open container. */
typedef struct Level
{
	size_t end; /* of its payload */
	bool object;
	bool key; /* the next element is a key */
	bool empty;
} Level;

/* What stands before the next element of a container. */
static bool
write_separator(Buffer *buffer, Level *level, int type)
{
	if (level->object && level->key &&
		(type < ELEMENT_TEXT || type > ELEMENT_TEXTRAW))
		return false;
	if (level->object && !level->key)
		append_char(buffer, ':');
	else if (!level->empty)
		append_char(buffer, ',');
	level->empty = false;
	level->key = !level->key;
	return true;
}

static bool
write_elements(Buffer *buffer, const unsigned char *blob, size_t len)
{
	Level levels[LITE_JSON_DEPTH];
	int depth = 0;
	size_t at = 0;

	for (;;)
	{
		size_t end = depth > 0 ? levels[depth - 1].end : len;
		Header header;

		if (buffer->failed || !read_header(blob, at, end, &header))
			return false;
		if (depth > 0 &&
			!write_separator(buffer, &levels[depth - 1], header.type))
			return false;
		if (header.type == ELEMENT_ARRAY || header.type == ELEMENT_OBJECT)
		{
			if (depth == LITE_JSON_DEPTH)
				return false;
			levels[depth].end = header.start + header.size;
			levels[depth].object = header.type == ELEMENT_OBJECT;
			levels[depth].key = true;
			levels[depth].empty = true;
			depth++;
			append_char(buffer, header.type == ELEMENT_OBJECT ? '{' : '[');
			at = header.start;
		}
		else
		{
			if (!write_scalar(buffer, blob, &header))
				return false;
			at = header.start + header.size;
		}
		while (depth > 0 && at == levels[depth - 1].end)
		{
			/* a key without a value */
			if (levels[depth - 1].object && !levels[depth - 1].key)
				return false;
			depth--;
			append_char(buffer, levels[depth].object ? '}' : ']');
		}
		if (depth == 0)
			return at == len;
	}
}

bool
lite_jsonb_write(const void *blob, size_t len, char **buf, size_t *capacity,
				 size_t *result_len)
{
	Buffer buffer = {buf, capacity, 0, false};

	if (len == 0 || !write_elements(&buffer, blob, len) || buffer.failed)
		return false;
	*result_len = buffer.len;
	return true;
}

bool
lite_jsonb_text(const void *blob, size_t len, char **buf, size_t *capacity,
				size_t *result_len)
{
	LiteJsonScan scan;

	if (!lite_jsonb_write(blob, len, buf, capacity, result_len))
		return false;
	lite_json_scan(*buf, *result_len, &scan);
	return scan.kind != LITE_JSON_INVALID;
}

/* ---- text to binary ---- */

static void
encode_scalar(Buffer *buffer, int type, const char *s, size_t n)
{
	unsigned char header[5];
	size_t used = 1;

	if (n <= 11)
		header[0] = (unsigned char) (n << 4 | (size_t) type);
	else if (n <= 0xFF)
	{
		header[0] = (unsigned char) (12 << 4 | type);
		header[1] = (unsigned char) n;
		used = 2;
	}
	else
	{
		header[0] = (unsigned char) (14 << 4 | type);
		for (int k = 0; k < 4; k++)
			header[1 + k] = (unsigned char) (n >> (24 - 8 * k));
		used = 5;
	}
	append(buffer, header, used);
	append(buffer, s, n);
}

/*
 * The token at s, which is JSON known to be valid: a string, number or word.
 * Returns its end.
 */
static const char *
encode_token(Buffer *buffer, const char *s, const char *end)
{
	const char *start = s;
	int type;

	switch (*s)
	{
		case '"':
			type = ELEMENT_TEXT;
			for (s++; s < end && *s != '"'; s++)
			{
				if (*s == '\\')
				{
					type = ELEMENT_TEXTJ;
					s++;
				}
			}
			encode_scalar(buffer, type, start + 1, (size_t) (s - start) - 1);
			return s + 1;
		case 'n':
			encode_scalar(buffer, ELEMENT_NULL, s, 0);
			return s + 4;
		case 't':
			encode_scalar(buffer, ELEMENT_TRUE, s, 0);
			return s + 4;
		case 'f':
			encode_scalar(buffer, ELEMENT_FALSE, s, 0);
			return s + 5;
		default:
			type = ELEMENT_INT;
			while (s < end && strchr("+-.eE0123456789", *s) != NULL)
			{
				if (*s == '.' || (*s | 0x20) == 'e')
					type = ELEMENT_FLOAT;
				s++;
			}
			encode_scalar(buffer, type, start, (size_t) (s - start));
			return s;
	}
}

/*
 * A container's header is written with room for four bytes of size, which the
 * format allows however small it turns out to be, and filled in at its end.
 */
bool
lite_jsonb_encode(const char *s, size_t len, char **buf, size_t *capacity,
				  size_t *result_len)
{
	Buffer buffer = {buf, capacity, 0, false};
	size_t starts[LITE_JSON_DEPTH];
	int depth = 0;
	const char *end = s + len;

	while (s < end && !buffer.failed)
	{
		unsigned char header[5] = {0};
		size_t size;

		switch (*s)
		{
			case ' ':
			case '\t':
			case '\n':
			case '\r':
			case ',':
			case ':':
				s++;
				break;
			case '{':
			case '[':
				if (depth == LITE_JSON_DEPTH)
					return false;
				header[0] =
					(unsigned char) (14 << 4 | (*s == '{' ? ELEMENT_OBJECT
														  : ELEMENT_ARRAY));
				append(&buffer, header, sizeof(header));
				starts[depth++] = buffer.len;
				s++;
				break;
			case '}':
			case ']':
				if (depth == 0)
					return false;
				size = buffer.len - starts[--depth];
				for (int k = 0; k < 4; k++)
					(*buf)[starts[depth] - 4 + (size_t) k] =
						(char) (size >> (24 - 8 * k));
				s++;
				break;
			default:
				s = encode_token(&buffer, s, end);
				break;
		}
	}
	*result_len = buffer.len;
	return !buffer.failed && depth == 0;
}
