/*
 * back.c
 *	  The inverse of the converters: a type's value as SQLite would store it.
 *
 * Each type has one native form in a file, and times, uuids and JSON have
 * another where the column's format says so.  What comes back here converts to
 * the same value again; where the file held that value in its native form,
 * it is the very same bytes.
 */
#include "core/convert.h"

#include <math.h>
#include <stdlib.h>

static void
set_bytes(LiteValue *out, LiteClass cls, const char *data, size_t len)
{
	out->cls = cls;
	out->data = data;
	out->len = len;
}

/*
 * An integer where 64 bits hold it, a REAL where its shortest text is the
 * number, else text: what SQLite's NUMERIC affinity would store, but for
 * numbers that it would cut to 15 digits.
 */
static LiteMisfit
numeric_back(const LiteScalar *in, LiteValue *out)
{
	LiteDecimal decimal;

	if (in->data == NULL)
	{
		out->cls = LITE_INTEGER;
		out->i = in->i;
		return LITE_FITS;
	}
	set_bytes(out, LITE_TEXT, in->data, in->len);
	if (!lite_decimal_read(in->data, in->len, &decimal))
		return LITE_FITS; /* PostgreSQL's NaN and infinities */
	if (decimal.ndigits == 0 ||
		(lite_decimal_needs_scale(&decimal) == 0 && decimal.point <= 19))
	{
		char digits[24];
		size_t n = lite_decimal_write(&decimal, 0, digits);

		if (lite_parse_int64(digits, n, &out->i))
		{
			out->cls = LITE_INTEGER;
			return LITE_FITS;
		}
	}
	if (decimal.ndigits <= 17 && lite_decimal_double(&decimal, &out->r))
	{
		char digits[24];
		int point;

		/* Text that is not the shortest of its double would come back as
		 * other text, so it stays what it is. */
		if (lite_double_digits(fabs(out->r), digits, &point) ==
			(int) decimal.ndigits)
			out->cls = LITE_REAL;
	}
	return LITE_FITS;
}

static LiteMisfit
uuid_back(LiteConverter *converter, const LiteScalar *in, LiteValue *out)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char bytes[16];
	char *s;

	if (converter->type.format == LITE_FORMAT_BLOB)
	{
		set_bytes(out, LITE_BLOB, in->data, in->len);
		return LITE_FITS;
	}
	memcpy(bytes, in->data, 16); /* they may stand in scratch */
	if (!lite_scratch_reserve(converter, 64))
		return LITE_MISFIT_NOMEM;
	s = converter->scratch;
	for (int k = 0; k < 16; k++)
	{
		if (k == 4 || k == 6 || k == 8 || k == 10)
			*s++ = '-';
		*s++ = hex[bytes[k] >> 4];
		*s++ = hex[bytes[k] & 15];
	}
	set_bytes(out, LITE_TEXT, converter->scratch, 36);
	return LITE_FITS;
}

static LiteMisfit
json_back(LiteConverter *converter, const LiteScalar *in, LiteValue *out)
{
	char *encoded = NULL;
	size_t capacity = 0;
	size_t len;

	set_bytes(out, LITE_TEXT, in->data, in->len);
	if (converter->type.format != LITE_FORMAT_BLOB)
		return LITE_FITS;

	/* The text may itself stand in scratch: encode beside it, then swap. */
	if (!lite_jsonb_encode(in->data, in->len, &encoded, &capacity, &len))
	{
		free(encoded);
		return LITE_MISFIT_NOMEM;
	}
	free(converter->scratch);
	converter->scratch = encoded;
	converter->capacity = capacity;
	set_bytes(out, LITE_BLOB, encoded, len);
	return LITE_FITS;
}

LiteMisfit
lite_convert_back(LiteConverter *converter, const LiteScalar *in,
				  LiteValue *out)
{
	switch (converter->type.type)
	{
		case LITE_TYPE_BOOL:
		case LITE_TYPE_INT2:
		case LITE_TYPE_INT4:
		case LITE_TYPE_INT8:
			out->cls = LITE_INTEGER;
			out->i = in->i;
			return LITE_FITS;
		case LITE_TYPE_FLOAT8:
			out->cls = LITE_REAL;
			out->r = in->r;
			return LITE_FITS;
		case LITE_TYPE_NUMERIC:
			return numeric_back(in, out);
		case LITE_TYPE_TEXT:
		case LITE_TYPE_VARCHAR:
			set_bytes(out, LITE_TEXT, in->data, in->len);
			return LITE_FITS;
		case LITE_TYPE_BYTEA:
			set_bytes(out, LITE_BLOB, in->data, in->len);
			return LITE_FITS;
		case LITE_TYPE_DATE:
		case LITE_TYPE_TIME:
		case LITE_TYPE_TIMESTAMP:
		case LITE_TYPE_TIMESTAMPTZ:
			return lite_time_back(converter, in, out);
		case LITE_TYPE_UUID:
			return uuid_back(converter, in, out);
		case LITE_TYPE_JSON:
		case LITE_TYPE_JSONB:
			return json_back(converter, in, out);
		case LITE_TYPE_NONE:
		case LITE_NTYPES:
			break;
	}
	out->cls = LITE_NULL;
	return LITE_FITS;
}
