/*
 * document.c
 *	  The document of a row: its columns as one JSON object.
 *
 * Written in the terms of the target types, so that a document says what the
 * same row says in columns: JSON nested as JSON and not as a string, numbers
 * as numbers with all their digits, times as ISO text, bytes as PostgreSQL
 * prints bytea.  What JSON has no word for (infinities) becomes a string.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/plan.h"

typedef struct Buffer
{
	char **data;
	size_t *capacity;
	size_t used;
	bool failed;
} Buffer;

static bool
reserve(Buffer *buf, size_t more)
{
	size_t wanted;
	char *grown;

	if (buf->failed || more > SIZE_MAX / 4 - buf->used)
	{
		buf->failed = true;
		return false;
	}
	if (buf->used + more <= *buf->capacity)
		return true;
	wanted = *buf->capacity * 2;
	if (wanted < buf->used + more)
		wanted = buf->used + more;
	if (wanted < 256)
		wanted = 256;
	grown = realloc(*buf->data, wanted);
	if (grown == NULL)
	{
		buf->failed = true;
		return false;
	}
	*buf->data = grown;
	*buf->capacity = wanted;
	return true;
}

static void
put(Buffer *buf, const char *s, size_t len)
{
	if (len == 0 || !reserve(buf, len))
		return;
	memcpy(*buf->data + buf->used, s, len);
	buf->used += len;
}

static void
put_char(Buffer *buf, char c)
{
	put(buf, &c, 1);
}

static const char hex_digits[] = "0123456789abcdef";

/* A JSON string of valid UTF-8. */
static void
put_string(Buffer *buf, const char *s, size_t len)
{
	size_t from = 0;

	put_char(buf, '"');
	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) s[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		put(buf, s + from, i - from);
		from = i + 1;
		switch (c)
		{
			case '\n':
				put(buf, "\\n", 2);
				break;
			case '\r':
				put(buf, "\\r", 2);
				break;
			case '\t':
				put(buf, "\\t", 2);
				break;
			case '"':
			case '\\':
				put_char(buf, '\\');
				put_char(buf, (char) c);
				break;
			default:
				put(buf, "\\u00", 4);
				put_char(buf, hex_digits[c >> 4]);
				put_char(buf, hex_digits[c & 15]);
				break;
		}
	}
	put(buf, s + from, len - from);
	put_char(buf, '"');
}

/* A name of the file, whose bytes may be anything. */
static void
put_name(Buffer *buf, const char *name)
{
	size_t len = strlen(name);
	bool has_nul;

	if (lite_utf8_valid(name, len, &has_nul))
		put_string(buf, name, len);
	else
	{
		char clipped[1024];

		lite_text_clip(clipped, sizeof(clipped), name, len);
		put_string(buf, clipped, strlen(clipped));
	}
}

static void
put_bytes(Buffer *buf, const char *s, size_t len)
{
	/* the text "\x00ff", whose backslash JSON escapes */
	put(buf, "\"\\\\x", 4);
	if (reserve(buf, len * 2))
	{
		for (size_t i = 0; i < len; i++)
		{
			unsigned char c = (unsigned char) s[i];

			(*buf->data)[buf->used++] = hex_digits[c >> 4];
			(*buf->data)[buf->used++] = hex_digits[c & 15];
		}
	}
	put_char(buf, '"');
}

static void
put_integer(Buffer *buf, int64_t i)
{
	char text[32];

	sqlite3_snprintf(sizeof(text), text, "%lld", (long long) i);
	put(buf, text, strlen(text));
}

static void
put_real(Buffer *buf, double r)
{
	char text[LITE_DOUBLE_TEXT];

	if (isnan(r))
		put(buf, "\"NaN\"", 5);
	else if (isinf(r))
		put(buf, r > 0 ? "\"Infinity\"" : "\"-Infinity\"", r > 0 ? 10 : 11);
	else
		put(buf, text, lite_double_text(r, text));
}

static void
put_uuid(Buffer *buf, const char *bytes)
{
	put_char(buf, '"');
	for (int i = 0; i < 16; i++)
	{
		unsigned char c = (unsigned char) bytes[i];

		if (i == 4 || i == 6 || i == 8 || i == 10)
			put_char(buf, '-');
		put_char(buf, hex_digits[c >> 4]);
		put_char(buf, hex_digits[c & 15]);
	}
	put_char(buf, '"');
}

/*
 * ISO text, made by the inverse conversion.  A moment gets its 'T' and, if it
 * has a zone, its 'Z': the form that JSON's readers expect.
 */
static LiteMisfit
put_time(Buffer *buf, LiteType type, const LiteScalar *scalar)
{
	LiteColumnType native = {type, 0, 0, LITE_FORMAT_NATIVE};
	LiteConverter converter;
	LiteValue value;
	LiteMisfit misfit;

	lite_converter_init(&converter, native);
	misfit = lite_convert_back(&converter, scalar, &value);
	if (misfit == LITE_FITS)
	{
		bool moment =
			type == LITE_TYPE_TIMESTAMP || type == LITE_TYPE_TIMESTAMPTZ;

		put_char(buf, '"');
		for (size_t i = 0; i < value.len; i++)
			put_char(buf,
					 moment && value.data[i] == ' ' ? 'T' : value.data[i]);
		if (type == LITE_TYPE_TIMESTAMPTZ)
			put_char(buf, 'Z');
		put_char(buf, '"');
	}
	lite_converter_free(&converter);
	return misfit;
}

static LiteMisfit
put_scalar(Buffer *buf, LiteType type, const LiteScalar *scalar)
{
	switch (type)
	{
		case LITE_TYPE_BOOL:
			put(buf, scalar->i ? "true" : "false", scalar->i ? 4 : 5);
			break;
		case LITE_TYPE_INT2:
		case LITE_TYPE_INT4:
		case LITE_TYPE_INT8:
			put_integer(buf, scalar->i);
			break;
		case LITE_TYPE_FLOAT8:
			put_real(buf, scalar->r);
			break;
		case LITE_TYPE_NUMERIC:
			if (scalar->data == NULL)
				put_integer(buf, scalar->i);
			else
				put(buf, scalar->data, scalar->len);
			break;
		case LITE_TYPE_TEXT:
		case LITE_TYPE_VARCHAR:
			put_string(buf, scalar->data, scalar->len);
			break;
		case LITE_TYPE_BYTEA:
			put_bytes(buf, scalar->data, scalar->len);
			break;
		case LITE_TYPE_DATE:
		case LITE_TYPE_TIME:
		case LITE_TYPE_TIMESTAMP:
		case LITE_TYPE_TIMESTAMPTZ:
			return put_time(buf, type, scalar);
		case LITE_TYPE_UUID:
			put_uuid(buf, scalar->data);
			break;
		case LITE_TYPE_JSON:
		case LITE_TYPE_JSONB:
			put(buf, scalar->data, scalar->len);
			break;
		case LITE_TYPE_NONE:
		case LITE_NTYPES:
			put(buf, "null", 4);
			break;
	}
	return LITE_FITS;
}

LiteMisfit
lite_document_text(const LiteDocumentField *fields, const LiteScalar *scalars,
				   const bool *nulls, int nfields, char **data,
				   size_t *capacity, size_t *result_len)
{
	Buffer buf = {.data = data, .capacity = capacity, .used = *result_len};
	size_t from = *result_len;
	LiteMisfit misfit = LITE_FITS;

	put_char(&buf, '{');
	for (int i = 0; i < nfields && misfit == LITE_FITS; i++)
	{
		if (i > 0)
			put(&buf, ", ", 2);
		put_name(&buf, fields[i].name);
		put(&buf, ": ", 2);
		if (nulls[i])
			put(&buf, "null", 4);
		else
			misfit = put_scalar(&buf, fields[i].type.type, &scalars[i]);
	}
	put_char(&buf, '}');
	if (buf.failed)
		return LITE_MISFIT_NOMEM;
	if (misfit != LITE_FITS)
		return misfit;
	/* jsonb_in takes what fits a varlena */
	if (buf.used - from > (size_t) 0x3fffffff)
		return LITE_MISFIT_LENGTH;
	*result_len = buf.used;
	return LITE_FITS;
}
