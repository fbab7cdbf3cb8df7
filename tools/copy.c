/*
 * copy.c
 *	  Fields, rows and streams of COPY (FORMAT binary).
 *
 * Every field is a 32-bit length and the bytes that the type's receive
 * function reads, all in network order:
 *
 *	boolean				1 byte
 *	smallint .. bigint	2, 4, 8 bytes
 *	double precision	8 bytes, IEEE
 *	numeric				ndigits, weight, sign, dscale (16 bits each), then
 *						ndigits digits of base 10000, most significant first
 *	text, varchar, json	the bytes, in the client's encoding (UTF-8 here)
 *	jsonb				a version byte, 1, and the text
 *	bytea, uuid			the bytes
 *	date				days since 2000-01-01, 32 bits
 *	time				microseconds since midnight, 64 bits
 *	timestamp[tz]		microseconds since 2000-01-01, 64 bits
 *
 * (numeric_recv, jsonb_recv, date_recv, timestamp_recv in
 * src/backend/utils/adt.)
 */
#include "copy.h"

#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#define NBASE_DIGITS 4
#define NUMERIC_POSITIVE 0x0000
#define NUMERIC_NEGATIVE 0x4000
#define JSONB_VERSION 1

static const char copy_signature[11] = {'P',  'G',	  'C',	'O',  'P', 'Y',
										'\n', '\377', '\r', '\n', '\0'};

#define COPY_HEADER_SIZE ((size_t) 19) /* signature, flags, extension length */

/* ------------------------------------------------------------------------
 * The buffer
 * ------------------------------------------------------------------------ */

bool
copy_buffer_grow(CopyBuffer *buffer, size_t more)
{
	size_t wanted = buffer->len + more;
	size_t capacity = buffer->capacity ? buffer->capacity : 4096;
	char *data;

	if (buffer->failed || wanted < more)
	{
		buffer->failed = true;
		return false;
	}
	while (capacity < wanted)
	{
		if (capacity > SIZE_MAX / 2)
		{
			buffer->failed = true;
			return false;
		}
		capacity *= 2;
	}
	data = realloc(buffer->data, capacity);
	if (data == NULL)
	{
		buffer->failed = true;
		return false;
	}
	buffer->data = data;
	buffer->capacity = capacity;
	return true;
}

void
copy_buffer_free(CopyBuffer *buffer)
{
	free(buffer->data);
	memset(buffer, 0, sizeof(*buffer));
}

void
copy_put_bytes(CopyBuffer *buffer, const char *data, size_t len)
{
	if (len == 0 || !copy_buffer_reserve(buffer, len))
		return;
	memcpy(buffer->data + buffer->len, data, len);
	buffer->len += len;
}

void
copy_put_header(CopyBuffer *buffer)
{
	static const char zeros[8] = {0};

	copy_put_bytes(buffer, copy_signature, sizeof(copy_signature));
	copy_put_bytes(buffer, zeros, sizeof(zeros));
}

void
copy_put_trailer(CopyBuffer *buffer)
{
	if (!copy_buffer_reserve(buffer, 2))
		return;
	copy_put16(buffer->data + buffer->len, 0xffff);
	buffer->len += 2;
}

/* ------------------------------------------------------------------------
 * Encoders
 * ------------------------------------------------------------------------ */

static void
encode_int32(CopyBuffer *buffer, int64_t value)
{
	if (!copy_buffer_reserve(buffer, 8))
		return;
	copy_put32(buffer->data + buffer->len, 4);
	copy_put32(buffer->data + buffer->len + 4, (uint32_t) (int32_t) value);
	buffer->len += 8;
}

static void
encode_int64(CopyBuffer *buffer, uint64_t value)
{
	if (!copy_buffer_reserve(buffer, 12))
		return;
	copy_put32(buffer->data + buffer->len, 8);
	copy_put64(buffer->data + buffer->len + 4, value);
	buffer->len += 12;
}

static void
encode_BOOL(CopyBuffer *buffer, const LiteScalar *scalar)
{
	if (!copy_buffer_reserve(buffer, 5))
		return;
	copy_put32(buffer->data + buffer->len, 1);
	buffer->data[buffer->len + 4] = scalar->i != 0;
	buffer->len += 5;
}

static void
encode_INT2(CopyBuffer *buffer, const LiteScalar *scalar)
{
	if (!copy_buffer_reserve(buffer, 6))
		return;
	copy_put32(buffer->data + buffer->len, 2);
	copy_put16(buffer->data + buffer->len + 4, (uint16_t) (int16_t) scalar->i);
	buffer->len += 6;
}

static void
encode_INT4(CopyBuffer *buffer, const LiteScalar *scalar)
{
	encode_int32(buffer, scalar->i);
}

static void
encode_INT8(CopyBuffer *buffer, const LiteScalar *scalar)
{
	encode_int64(buffer, (uint64_t) scalar->i);
}

static void
encode_FLOAT8(CopyBuffer *buffer, const LiteScalar *scalar)
{
	uint64_t bits;

	memcpy(&bits, &scalar->r, sizeof(bits));
	encode_int64(buffer, bits);
}

static void
encode_bytes(CopyBuffer *buffer, const char *data, size_t len)
{
	if (!copy_buffer_reserve(buffer, 4 + len))
		return;
	copy_put32(buffer->data + buffer->len, (uint32_t) len);
	if (len > 0)
		memcpy(buffer->data + buffer->len + 4, data, len);
	buffer->len += 4 + len;
}

static void
encode_TEXT(CopyBuffer *buffer, const LiteScalar *scalar)
{
	encode_bytes(buffer, scalar->data, scalar->len);
}

static void
encode_JSONB(CopyBuffer *buffer, const LiteScalar *scalar)
{
	if (!copy_buffer_reserve(buffer, 5 + scalar->len))
		return;
	copy_put32(buffer->data + buffer->len, (uint32_t) scalar->len + 1);
	buffer->data[buffer->len + 4] = JSONB_VERSION;
	if (scalar->len > 0)
		memcpy(buffer->data + buffer->len + 5, scalar->data, scalar->len);
	buffer->len += 5 + scalar->len;
}

static void
encode_UUID(CopyBuffer *buffer, const LiteScalar *scalar)
{
	encode_bytes(buffer, scalar->data, 16);
}

/*
 * One digit of base 10000 from the decimal digits s[from .. from + 3], where
 * what lies outside of 0 .. n - 1 counts as '0'.
 */
static uint16_t
base_digit(const char *s, long n, long from)
{
	uint16_t digit = 0;

	for (long i = from; i < from + NBASE_DIGITS; i++)
		digit = (uint16_t) (digit * 10 + (i >= 0 && i < n ? s[i] - '0' : 0));
	return digit;
}

/*
 * Appends the digits, trimmed at both ends as numeric_recv's own output is,
 * behind a header that is patched once their number is known.
 */
static void
encode_decimal(CopyBuffer *buffer, bool negative, const char *whole,
			   long nwhole, const char *fraction, long nfraction)
{
	long weight = (nwhole + NBASE_DIGITS - 1) / NBASE_DIGITS - 1;
	long groups = weight + 1;
	long total = groups + (nfraction + NBASE_DIGITS - 1) / NBASE_DIGITS;
	long ndigits = 0;
	long kept = 0; /* up to the last one that is not zero */
	char *out;

	if (!copy_buffer_reserve(buffer, 12 + 2 * (size_t) total))
		return;
	out = buffer->data + buffer->len;

	for (long g = 0; g < total; g++)
	{
		uint16_t digit;

		if (g < groups)
			digit = base_digit(whole, nwhole,
							   nwhole - (groups - g) * NBASE_DIGITS);
		else
			digit =
				base_digit(fraction, nfraction, (g - groups) * NBASE_DIGITS);
		if (ndigits == 0 && digit == 0)
		{
			weight--;
			continue;
		}
		copy_put16(out + 12 + 2 * ndigits, digit);
		ndigits++;
		if (digit != 0)
			kept = ndigits;
	}
	if (kept == 0)
	{
		weight = 0;
		negative = false;
	}
	copy_put32(out, (uint32_t) (8 + 2 * kept));
	copy_put16(out + 4, (uint16_t) kept);
	copy_put16(out + 6, (uint16_t) weight);
	copy_put16(out + 8, negative ? NUMERIC_NEGATIVE : NUMERIC_POSITIVE);
	copy_put16(out + 10, (uint16_t) nfraction);
	buffer->len += (size_t) (12 + 2 * kept);
}

static void
encode_NUMERIC(CopyBuffer *buffer, const LiteScalar *scalar)
{
	char digits[24];
	const char *s = scalar->data;
	const char *end;
	const char *point;
	bool negative = false;

	if (s == NULL)
	{
		sqlite3_snprintf(sizeof(digits), digits, "%lld",
						 (sqlite3_int64) scalar->i);
		s = digits;
		end = s + strlen(s);
	}
	else
		end = s + scalar->len;

	if (s < end && (*s == '-' || *s == '+'))
		negative = *s++ == '-';
	point = memchr(s, '.', (size_t) (end - s));
	if (point == NULL)
		encode_decimal(buffer, negative, s, end - s, end, 0);
	else
		encode_decimal(buffer, negative, s, point - s, point + 1,
					   end - point - 1);
}

static void
encode_DATE(CopyBuffer *buffer, const LiteScalar *scalar)
{
	encode_int32(buffer, scalar->i);
}

/* Types that share another's bytes. */
#define encode_VARCHAR encode_TEXT
#define encode_BYTEA encode_TEXT
#define encode_JSON encode_TEXT
#define encode_TIME encode_INT8
#define encode_TIMESTAMP encode_INT8
#define encode_TIMESTAMPTZ encode_INT8

static const CopyEncoder encoders[LITE_NTYPES] = {
	NULL,
#define LITE_TYPE(symbol, name) encode_##symbol,
#include "core/typelist.h"
#undef LITE_TYPE
};

CopyEncoder
copy_encoder(LiteType type)
{
	return encoders[type];
}

/* ------------------------------------------------------------------------
 * Decoders
 * ------------------------------------------------------------------------ */

static uint16_t
get16(const char *data)
{
	const unsigned char *p = (const unsigned char *) data;

	return (uint16_t) (p[0] << 8 | p[1]);
}

static uint32_t
get32(const char *data)
{
	return (uint32_t) get16(data) << 16 | get16(data + 2);
}

static uint64_t
get64(const char *data)
{
	return (uint64_t) get32(data) << 32 | get32(data + 4);
}

static bool
decode_BOOL(CopyBuffer *scratch, const char *data, size_t len,
			LiteScalar *scalar)
{
	(void) scratch;
	if (len != 1)
		return false;
	scalar->i = data[0] != 0;
	return true;
}

static bool
decode_INT2(CopyBuffer *scratch, const char *data, size_t len,
			LiteScalar *scalar)
{
	(void) scratch;
	if (len != 2)
		return false;
	scalar->i = (int16_t) get16(data);
	return true;
}

static bool
decode_INT4(CopyBuffer *scratch, const char *data, size_t len,
			LiteScalar *scalar)
{
	(void) scratch;
	if (len != 4)
		return false;
	scalar->i = (int32_t) get32(data);
	return true;
}

static bool
decode_INT8(CopyBuffer *scratch, const char *data, size_t len,
			LiteScalar *scalar)
{
	(void) scratch;
	if (len != 8)
		return false;
	scalar->i = (int64_t) get64(data);
	return true;
}

static bool
decode_FLOAT8(CopyBuffer *scratch, const char *data, size_t len,
			  LiteScalar *scalar)
{
	uint64_t bits;

	(void) scratch;
	if (len != 8)
		return false;
	bits = get64(data);
	memcpy(&scalar->r, &bits, sizeof(bits));
	return true;
}

static bool
decode_TEXT(CopyBuffer *scratch, const char *data, size_t len,
			LiteScalar *scalar)
{
	(void) scratch;
	scalar->data = data;
	scalar->len = len;
	return true;
}

static bool
decode_JSONB(CopyBuffer *scratch, const char *data, size_t len,
			 LiteScalar *scalar)
{
	(void) scratch;
	if (len < 1 || data[0] != JSONB_VERSION)
		return false;
	scalar->data = data + 1;
	scalar->len = len - 1;
	return true;
}

static bool
decode_UUID(CopyBuffer *scratch, const char *data, size_t len,
			LiteScalar *scalar)
{
	(void) scratch;
	scalar->data = data;
	scalar->len = len;
	return len == 16;
}

static bool
decode_DATE(CopyBuffer *scratch, const char *data, size_t len,
			LiteScalar *scalar)
{
	if (!decode_INT4(scratch, data, len, scalar))
		return false;
	return scalar->i != INT32_MIN && scalar->i != INT32_MAX;
}

static bool
decode_TIMESTAMP(CopyBuffer *scratch, const char *data, size_t len,
				 LiteScalar *scalar)
{
	if (!decode_INT8(scratch, data, len, scalar))
		return false;
	return scalar->i != INT64_MIN && scalar->i != INT64_MAX;
}

/* The value of digit g, counted from the most significant, as 4 decimals. */
static void
put_group(CopyBuffer *out, const char *digits, long ndigits, long g)
{
	uint16_t digit =
		g >= 0 && g < ndigits ? get16(digits + 2 * g) : (uint16_t) 0;
	char *p = out->data + out->len;

	for (int i = NBASE_DIGITS - 1; i >= 0; i--)
	{
		p[i] = (char) ('0' + digit % 10);
		digit /= 10;
	}
	out->len += NBASE_DIGITS;
}

/*
 * The canonical text of lite_parse_decimal(): no leading zeros but the one
 * before the point, no trailing zeros after it.
 */
static bool
decode_NUMERIC(CopyBuffer *scratch, const char *data, size_t len,
			   LiteScalar *scalar)
{
	long ndigits, weight;
	uint16_t sign;
	size_t start;

	if (len < 8)
		return false;
	ndigits = get16(data);
	weight = (int16_t) get16(data + 2);
	sign = get16(data + 4);
	if (len != 8 + 2 * (size_t) ndigits ||
		(sign != NUMERIC_POSITIVE && sign != NUMERIC_NEGATIVE))
		return false;
	data += 8;

	scratch->len = 0;
	if (!copy_buffer_reserve(scratch, (size_t) (labs(weight) + ndigits + 4) *
										  NBASE_DIGITS))
		return false;

	/* whole part */
	if (sign == NUMERIC_NEGATIVE)
		scratch->data[scratch->len++] = '-';
	start = scratch->len;
	for (long g = 0; g <= weight; g++)
		put_group(scratch, data, ndigits, g);
	{
		size_t zeros = 0;

		while (start + zeros < scratch->len &&
			   scratch->data[start + zeros] == '0')
			zeros++;
		memmove(scratch->data + start, scratch->data + start + zeros,
				scratch->len - start - zeros);
		scratch->len -= zeros;
	}
	if (scratch->len == start)
		scratch->data[scratch->len++] = '0';

	/* fraction: the groups after the point, some before the first digit */
	start = scratch->len;
	scratch->data[scratch->len++] = '.';
	for (long g = weight + 1; g < ndigits; g++)
		put_group(scratch, data, ndigits, g);
	while (scratch->len > start && scratch->data[scratch->len - 1] == '0')
		scratch->len--;
	if (scratch->data[scratch->len - 1] == '.')
		scratch->len--;

	scalar->data = scratch->data;
	scalar->len = scratch->len;
	return true;
}

#define decode_VARCHAR decode_TEXT
#define decode_BYTEA decode_TEXT
#define decode_JSON decode_TEXT
#define decode_TIME decode_INT8
#define decode_TIMESTAMPTZ decode_TIMESTAMP

static const CopyDecoder decoders[LITE_NTYPES] = {
	NULL,
#define LITE_TYPE(symbol, name) decode_##symbol,
#include "core/typelist.h"
#undef LITE_TYPE
};

CopyDecoder
copy_decoder(LiteType type)
{
	return decoders[type];
}

/* ------------------------------------------------------------------------
 * The reader
 * ------------------------------------------------------------------------ */

void
copy_reader_init(CopyReader *reader, CopyField *fields, int nfields)
{
	memset(reader, 0, sizeof(*reader));
	reader->fields = fields;
	reader->nfields = nfields;
}

void
copy_reader_free(CopyReader *reader)
{
	copy_buffer_free(&reader->pending);
}

/*
 * The usual case, a server that sends each row as a message of its own, never
 * copies: pending is used only where a border cuts a row.
 */
bool
copy_reader_feed(CopyReader *reader, const char *data, size_t len)
{
	CopyBuffer *pending = &reader->pending;
	size_t left = reader->len - reader->pos;

	if (left == 0)
	{
		reader->data = data;
		reader->len = len;
		reader->pos = 0;
		return true;
	}
	if (reader->data == pending->data)
	{
		memmove(pending->data, pending->data + reader->pos, left);
		pending->len = left;
	}
	else
	{
		pending->len = 0;
		copy_put_bytes(pending, reader->data + reader->pos, left);
	}
	copy_put_bytes(pending, data, len);
	reader->data = pending->data;
	reader->len = pending->len;
	reader->pos = 0;
	return !pending->failed;
}

/*
 * What is left is about to lose its memory: the caller frees the message
 * after copy_reader_row() has said 0, so it moves to pending now.
 */
static int
keep_rest(CopyReader *reader)
{
	CopyBuffer *pending = &reader->pending;
	size_t left = reader->len - reader->pos;

	if (left > 0 && reader->data != pending->data)
	{
		pending->len = 0;
		copy_put_bytes(pending, reader->data + reader->pos, left);
		if (pending->failed)
			return -1;
		reader->data = pending->data;
		reader->len = left;
		reader->pos = 0;
	}
	return 0;
}

static int
skip_header(CopyReader *reader)
{
	const char *p = reader->data + reader->pos;
	size_t left = reader->len - reader->pos;
	size_t extension;

	if (left < COPY_HEADER_SIZE)
		return 0;
	if (memcmp(p, copy_signature, sizeof(copy_signature)) != 0)
		return -1;
	extension = get32(p + 15);
	if (left - COPY_HEADER_SIZE < extension)
		return 0;
	reader->pos += COPY_HEADER_SIZE + extension;
	reader->header_seen = true;
	return 1;
}

int
copy_reader_row(CopyReader *reader)
{
	size_t pos;

	if (reader->done)
		return 0;
	if (!reader->header_seen)
	{
		int r = skip_header(reader);

		if (r <= 0)
			return r < 0 ? -1 : keep_rest(reader);
	}

	pos = reader->pos;
	if (reader->len - pos < 2)
		return keep_rest(reader);
	if (get16(reader->data + pos) == 0xffff)
	{
		reader->pos += 2;
		reader->done = true;
		return 0;
	}
	if (get16(reader->data + pos) != (uint16_t) reader->nfields)
		return -1;
	pos += 2;

	for (int i = 0; i < reader->nfields; i++)
	{
		uint32_t len;

		if (reader->len - pos < 4)
			return keep_rest(reader);
		len = get32(reader->data + pos);
		pos += 4;
		if (len == 0xffffffffU)
		{
			reader->fields[i].data = NULL;
			reader->fields[i].len = 0;
			continue;
		}
		if (len > 0x7fffffffU)
			return -1;
		if (reader->len - pos < len)
			return keep_rest(reader);
		reader->fields[i].data = reader->data + pos;
		reader->fields[i].len = len;
		pos += len;
	}
	reader->pos = pos;
	return 1;
}
