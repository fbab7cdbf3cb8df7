/*
 * value.c
 *	  Converters: a SQLite value into a type's own terms.
 *
 * One small function per type, each a switch over the storage class.  What
 * fits is what keeps all it says: 3.0 fits an integer, 3.5 does not; an
 * integer fits double precision if some double is exactly that integer.
 *
 * Numbers that stand in text columns, and the reverse, are taken where there
 * is one obvious reading: SQLite converts between them by the column's
 * affinity at any time, so which of the two a file holds says little about
 * what its author meant.
 */
#include "core/convert.h"

#include <math.h>
#include <stdlib.h>

#define TWO_53 INT64_C(9007199254740992)
#define TWO_63 9223372036854775808.0

bool
lite_scratch_reserve(LiteConverter *converter, size_t size)
{
	size_t wanted;
	char *grown;

	if (size <= converter->capacity)
		return true;
	wanted = converter->capacity < SIZE_MAX / 4 ? converter->capacity * 2 : 0;
	if (wanted < size)
		wanted = size;
	if (wanted < 64)
		wanted = 64;
	grown = realloc(converter->scratch, wanted);
	if (grown == NULL)
		return false;
	converter->scratch = grown;
	converter->capacity = wanted;
	return true;
}

/* TEXT without data is how lite_stmt_value() says that memory ran out. */
static inline bool
text_missing(const LiteValue *in)
{
	return in->data == NULL && in->cls == LITE_TEXT;
}

/* ---- integers and booleans ---- */

static LiteMisfit
integer_from_real(double r, int64_t *result)
{
	if (isinf(r) || isnan(r))
		return LITE_MISFIT_NONFINITE;
	if (r != floor(r))
		return LITE_MISFIT_FRACTION;
	if (!(r >= -TWO_63 && r < TWO_63))
		return LITE_MISFIT_RANGE;
	*result = (int64_t) r;
	return LITE_FITS;
}

/* A number that reads as an integer, but not as one of 64 bits? */
static LiteMisfit
integer_text_misfit(const LiteValue *in)
{
	LiteDecimal decimal;

	if (!lite_decimal_read(in->data, in->len, &decimal) ||
		memchr(in->data, '.', in->len) != NULL ||
		memchr(in->data, 'e', in->len) != NULL ||
		memchr(in->data, 'E', in->len) != NULL)
		return LITE_MISFIT_SYNTAX;
	return LITE_MISFIT_RANGE;
}

static inline LiteMisfit
to_integer(const LiteValue *in, int64_t min, int64_t max, LiteScalar *out)
{
	int64_t i = 0;
	LiteMisfit misfit;

	switch (in->cls)
	{
		case LITE_INTEGER:
			i = in->i;
			break;
		case LITE_REAL:
			misfit = integer_from_real(in->r, &i);
			if (misfit != LITE_FITS)
				return misfit;
			break;
		case LITE_TEXT:
			if (text_missing(in))
				return LITE_MISFIT_NOMEM;
			if (!lite_parse_int64(in->data, in->len, &i))
				return integer_text_misfit(in);
			break;
		default:
			return LITE_MISFIT_CLASS;
	}
	if (i < min || i > max)
		return LITE_MISFIT_RANGE;
	out->i = i;
	return LITE_FITS;
}

static LiteMisfit
to_int2(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	(void) converter;
	return to_integer(in, INT16_MIN, INT16_MAX, out);
}

static LiteMisfit
to_int4(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	(void) converter;
	return to_integer(in, INT32_MIN, INT32_MAX, out);
}

static LiteMisfit
to_int8(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	(void) converter;
	return to_integer(in, INT64_MIN, INT64_MAX, out);
}

static LiteMisfit
to_bool(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	bool word;

	if (in->cls != LITE_TEXT)
		return to_integer(in, 0, 1, out);
	if (text_missing(in))
		return LITE_MISFIT_NOMEM;
	if (converter->type.format != LITE_FORMAT_AUTO)
		return LITE_MISFIT_CLASS;
	if (!lite_parse_bool(in->data, in->len, &word))
		return LITE_MISFIT_SYNTAX;
	out->i = word;
	return LITE_FITS;
}

/* ---- numbers with fractions ---- */

static LiteMisfit
to_float8(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	LiteDecimal decimal;

	(void) converter;
	switch (in->cls)
	{
		case LITE_REAL:
			out->r = in->r;
			return LITE_FITS;
		case LITE_INTEGER:
			/* Beyond 2^53 only some integers are doubles.  2^63 is none of
			 * ours, and would not convert back. */
			out->r = (double) in->i;
			if (in->i >= -TWO_53 && in->i <= TWO_53)
				return LITE_FITS;
			return out->r < TWO_63 && (int64_t) out->r == in->i
					   ? LITE_FITS
					   : LITE_MISFIT_PRECISION;
		case LITE_TEXT:
			if (text_missing(in))
				return LITE_MISFIT_NOMEM;
			if (!lite_decimal_read(in->data, in->len, &decimal))
				return LITE_MISFIT_SYNTAX;
			return lite_decimal_double(&decimal, &out->r)
					   ? LITE_FITS
					   : LITE_MISFIT_PRECISION;
		default:
			return LITE_MISFIT_CLASS;
	}
}

/* Does a decimal fit the column's numeric(p,s)? */
static LiteMisfit
check_numeric(LiteColumnType type, const LiteDecimal *decimal)
{
	if (type.precision == 0)
		return LITE_FITS;
	if (lite_decimal_needs_scale(decimal) > type.scale)
		return LITE_MISFIT_PRECISION;
	if (decimal->ndigits > 0 && decimal->point > type.precision - type.scale)
		return LITE_MISFIT_RANGE;
	return LITE_FITS;
}

static LiteMisfit
numeric_from_integer(LiteConverter *converter, int64_t i, LiteScalar *out)
{
	int digits = converter->type.precision - converter->type.scale;

	if (converter->type.precision > 0 && digits < 19)
	{
		uint64_t limit = 1;
		uint64_t size = i < 0 ? 0 - (uint64_t) i : (uint64_t) i;

		while (digits-- > 0)
			limit *= 10;
		if (size >= limit)
			return LITE_MISFIT_RANGE;
	}
	out->i = i;
	out->data = NULL;
	out->len = 0;
	return LITE_FITS;
}

/*
 * Integral doubles within 64 bits become that very integer, as SQLite
 * compares them; the others their shortest text.
 */
static LiteMisfit
numeric_from_real(LiteConverter *converter, double r, LiteScalar *out)
{
	char digits[24];
	LiteDecimal decimal;
	LiteMisfit misfit;
	int point;
	int64_t scale;

	if (isinf(r) || isnan(r))
		return LITE_MISFIT_NONFINITE;
	if (r >= -TWO_63 && r < TWO_63 && r == (double) (int64_t) r)
		return numeric_from_integer(converter, (int64_t) r, out);

	decimal.negative = r < 0;
	decimal.first = digits;
	decimal.ndigits = (size_t) lite_double_digits(fabs(r), digits, &point);
	decimal.point = point;
	misfit = check_numeric(converter->type, &decimal);
	if (misfit != LITE_FITS)
		return misfit;
	if (!lite_scratch_reserve(converter, LITE_DOUBLE_TEXT))
		return LITE_MISFIT_NOMEM;
	scale = lite_decimal_needs_scale(&decimal);
	out->len = lite_decimal_write(&decimal, scale, converter->scratch);
	out->data = converter->scratch;
	return LITE_FITS;
}

/* Text keeps the zeros it has behind the point, as numeric does: 1.50. */
static LiteMisfit
numeric_from_text(LiteConverter *converter, const LiteValue *in,
				  LiteScalar *out)
{
	LiteDecimal decimal;
	LiteMisfit misfit;
	int64_t scale;
	int64_t i;

	if (text_missing(in))
		return LITE_MISFIT_NOMEM;
	if (lite_parse_int64(in->data, in->len, &i))
		return numeric_from_integer(converter, i, out);
	if (!lite_decimal_read(in->data, in->len, &decimal))
		return LITE_MISFIT_SYNTAX;
	if (!lite_decimal_fits_numeric(&decimal))
		return LITE_MISFIT_RANGE;
	misfit = check_numeric(converter->type, &decimal);
	if (misfit != LITE_FITS)
		return misfit;
	scale = decimal.scale;
	if (scale < lite_decimal_needs_scale(&decimal))
		scale = lite_decimal_needs_scale(&decimal);
	if (converter->type.precision > 0 && scale > converter->type.scale)
		scale = converter->type.scale;
	if (!lite_scratch_reserve(converter, lite_decimal_length(&decimal, scale)))
		return LITE_MISFIT_NOMEM;
	out->len = lite_decimal_write(&decimal, scale, converter->scratch);
	out->data = converter->scratch;
	return LITE_FITS;
}

static LiteMisfit
to_numeric(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	switch (in->cls)
	{
		case LITE_INTEGER:
			return numeric_from_integer(converter, in->i, out);
		case LITE_REAL:
			return numeric_from_real(converter, in->r, out);
		case LITE_TEXT:
			return numeric_from_text(converter, in, out);
		default:
			return LITE_MISFIT_CLASS;
	}
}

/* ---- text and bytes ---- */

static size_t
integer_text(int64_t i, char *buf)
{
	char reversed[24];
	uint64_t size = i < 0 ? 0 - (uint64_t) i : (uint64_t) i;
	size_t n = 0;
	size_t used = 0;

	do
	{
		reversed[n++] = (char) ('0' + size % 10);
		size /= 10;
	} while (size > 0);
	if (i < 0)
		buf[used++] = '-';
	while (n > 0)
		buf[used++] = reversed[--n];
	return used;
}

/* A number as text, in scratch. */
static LiteMisfit
text_from_number(LiteConverter *converter, const LiteValue *in,
				 LiteScalar *out)
{
	if (!lite_scratch_reserve(converter, 64))
		return LITE_MISFIT_NOMEM;
	out->data = converter->scratch;
	if (in->cls == LITE_INTEGER)
		out->len = integer_text(in->i, converter->scratch);
	else
		out->len = lite_real_text(in->r, converter->scratch);
	return LITE_FITS;
}

static inline LiteMisfit
check_text(const LiteValue *in)
{
	bool has_nul;

	if (text_missing(in))
		return LITE_MISFIT_NOMEM;
	if (in->len > LITE_VALUE_MAX)
		return LITE_MISFIT_LENGTH;
	if (!lite_utf8_valid(in->data, in->len, &has_nul))
		return LITE_MISFIT_ENCODING;
	return has_nul ? LITE_MISFIT_NUL : LITE_FITS;
}

static LiteMisfit
to_text(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	LiteMisfit misfit;

	switch (in->cls)
	{
		case LITE_TEXT:
			break;
		case LITE_INTEGER:
		case LITE_REAL:
			return text_from_number(converter, in, out);
		case LITE_BLOB:
			if (converter->type.format != LITE_FORMAT_AUTO)
				return LITE_MISFIT_CLASS;
			break;
		default:
			return LITE_MISFIT_CLASS;
	}
	misfit = check_text(in);
	if (misfit != LITE_FITS)
		return misfit;
	out->data = in->data == NULL ? "" : in->data;
	out->len = in->len;
	return LITE_FITS;
}

static LiteMisfit
to_varchar(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	size_t limit = (size_t) converter->type.precision;
	LiteMisfit misfit = to_text(converter, in, out);

	if (misfit != LITE_FITS || limit == 0 || out->len <= limit)
		return misfit;
	return lite_utf8_length(out->data, out->len) <= limit ? LITE_FITS
														  : LITE_MISFIT_LENGTH;
}

static LiteMisfit
to_bytea(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	if (in->cls != LITE_BLOB &&
		(in->cls != LITE_TEXT || converter->type.format != LITE_FORMAT_AUTO))
		return LITE_MISFIT_CLASS;
	if (text_missing(in))
		return LITE_MISFIT_NOMEM;
	if (in->len > LITE_VALUE_MAX)
		return LITE_MISFIT_LENGTH;
	out->data = in->data == NULL ? "" : in->data;
	out->len = in->len;
	return LITE_FITS;
}

static LiteMisfit
to_uuid(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	LiteFormat format = converter->type.format;

	if (text_missing(in))
		return LITE_MISFIT_NOMEM;
	if (in->cls == LITE_BLOB &&
		(format == LITE_FORMAT_BLOB || format == LITE_FORMAT_AUTO))
	{
		if (in->len != 16)
			return LITE_MISFIT_SYNTAX;
		out->data = in->data;
		out->len = 16;
		return LITE_FITS;
	}
	if (in->cls != LITE_TEXT || format == LITE_FORMAT_BLOB)
		return LITE_MISFIT_CLASS;
	if (!lite_scratch_reserve(converter, 64))
		return LITE_MISFIT_NOMEM;
	if (!lite_parse_uuid(in->data, in->len,
						 (unsigned char *) converter->scratch))
		return LITE_MISFIT_SYNTAX;
	out->data = converter->scratch;
	out->len = 16;
	return LITE_FITS;
}

/* ---- JSON ---- */

static LiteMisfit
json_from_text(LiteConverter *converter, const char *s, size_t len,
			   LiteScalar *out)
{
	LiteJsonScan scan;
	bool has_nul;

	if (len > LITE_VALUE_MAX)
		return LITE_MISFIT_LENGTH;
	lite_json_scan(s, len, &scan);
	switch (scan.kind)
	{
		case LITE_JSON_INVALID:
			if (!lite_utf8_valid(s, len, &has_nul))
				return LITE_MISFIT_ENCODING;
			return has_nul ? LITE_MISFIT_NUL : LITE_MISFIT_JSON;
		case LITE_JSON_NUL:
			return LITE_MISFIT_JSON_NUL;
		case LITE_JSON_NULL:
		case LITE_JSON_SCALAR:
		case LITE_JSON_ARRAY:
		case LITE_JSON_OBJECT:
			break;
	}
	if (converter->type.type == LITE_TYPE_JSONB &&
		scan.jsonb_size > LITE_JSONB_MAX)
		return LITE_MISFIT_LENGTH;
	out->data = s;
	out->len = len;
	return LITE_FITS;
}

/*
 * Bytes are first tried as binary JSONB, as SQLite's own functions do; both
 * readings are possible only for a few arrays of one short string.
 */
static LiteMisfit
json_from_blob(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	LiteFormat format = converter->type.format;
	size_t len;

	if (format != LITE_FORMAT_BLOB && format != LITE_FORMAT_AUTO)
		return LITE_MISFIT_CLASS;
	if (lite_jsonb_write(in->data, in->len, &converter->scratch,
						 &converter->capacity, &len))
		return json_from_text(converter, converter->scratch, len, out);
	if (format == LITE_FORMAT_BLOB)
		return LITE_MISFIT_JSON;
	return json_from_text(converter, in->data == NULL ? "" : in->data, in->len,
						  out);
}

/*
 * A column declared JSON has NUMERIC affinity, so a JSON number in it has
 * become an INTEGER or a REAL.
 */
static LiteMisfit
to_json(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	if (text_missing(in))
		return LITE_MISFIT_NOMEM;
	switch (in->cls)
	{
		case LITE_TEXT:
			if (converter->type.format == LITE_FORMAT_BLOB)
				return LITE_MISFIT_CLASS;
			return json_from_text(converter, in->data, in->len, out);
		case LITE_BLOB:
			return json_from_blob(converter, in, out);
		case LITE_INTEGER:
			return text_from_number(converter, in, out);
		case LITE_REAL:
			if (isinf(in->r) || isnan(in->r))
				return LITE_MISFIT_NONFINITE;
			return text_from_number(converter, in, out);
		default:
			return LITE_MISFIT_CLASS;
	}
}

/* ---- choosing ---- */

static LiteMisfit
to_nothing(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	(void) converter;
	(void) in;
	(void) out;
	return LITE_MISFIT_CLASS;
}

static LiteConvertFunction
choose(LiteColumnType type)
{
	switch (type.type)
	{
		case LITE_TYPE_BOOL:
			return to_bool;
		case LITE_TYPE_INT2:
			return to_int2;
		case LITE_TYPE_INT4:
			return to_int4;
		case LITE_TYPE_INT8:
			return to_int8;
		case LITE_TYPE_FLOAT8:
			return to_float8;
		case LITE_TYPE_NUMERIC:
			return to_numeric;
		case LITE_TYPE_TEXT:
			return to_text;
		case LITE_TYPE_VARCHAR:
			return to_varchar;
		case LITE_TYPE_BYTEA:
			return to_bytea;
		case LITE_TYPE_DATE:
		case LITE_TYPE_TIME:
		case LITE_TYPE_TIMESTAMP:
		case LITE_TYPE_TIMESTAMPTZ:
			return lite_time_converter(type);
		case LITE_TYPE_UUID:
			return to_uuid;
		case LITE_TYPE_JSON:
		case LITE_TYPE_JSONB:
			return to_json;
		case LITE_TYPE_NONE:
		case LITE_NTYPES:
			break;
	}
	return to_nothing;
}

void
lite_converter_init(LiteConverter *converter, LiteColumnType type)
{
	memset(converter, 0, sizeof(*converter));
	converter->type = type;
	converter->convert = choose(type);
}

void
lite_converter_free(LiteConverter *converter)
{
	free(converter->scratch);
	converter->scratch = NULL;
	converter->capacity = 0;
}
