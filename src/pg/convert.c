/*
 * convert.c
 *	  SQLite's values as PostgreSQL's Datums.
 *
 * Three ways from a value to a Datum, picked once per column:
 *
 *	fast	the storage class is the one that the type suggests: the Datum is
 *			made from the value as it is
 *	scalar	the core's converter makes of it the type's own terms, a function
 *			of the table here makes the Datum
 *	input	the core does not know the type: its input function reads the
 *			value's text
 *
 * A type modifier never loses digits in silence.  Where PostgreSQL's own
 * coercion would round (numeric(p,s), timestamp(p) ...), the value does not
 * fit; where it only changes how the value is shown (1.5 as 1.50), it is
 * applied.
 */
#include "pg/compat.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datum.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "pg/convert.h"
#include "pg/encoding.h"

/* numeric_in() takes at most this many digits before the point. */
#define NUMERIC_TEXT_MAX 131072

/* jsonb holds no string longer than this (JENTRY_OFFLENMASK). */
#define JSONB_STRING_MAX 0x0FFFFFFF

/* ------------------------------------------------------------------------
 * From the scalar to the Datum, one function per type of the core's list
 * ------------------------------------------------------------------------ */

static LiteMisfit
make_BOOL(LiteColumnReader *reader, const LiteScalar *scalar, Datum *result)
{
	*result = BoolGetDatum(scalar->i != 0);
	return LITE_FITS;
}

static LiteMisfit
make_INT2(LiteColumnReader *reader, const LiteScalar *scalar, Datum *result)
{
	*result = Int16GetDatum((int16) scalar->i);
	return LITE_FITS;
}

static LiteMisfit
make_INT4(LiteColumnReader *reader, const LiteScalar *scalar, Datum *result)
{
	*result = Int32GetDatum((int32) scalar->i);
	return LITE_FITS;
}

static LiteMisfit
make_INT8(LiteColumnReader *reader, const LiteScalar *scalar, Datum *result)
{
	*result = Int64GetDatum(scalar->i);
	return LITE_FITS;
}

static LiteMisfit
make_FLOAT8(LiteColumnReader *reader, const LiteScalar *scalar, Datum *result)
{
	*result = Float8GetDatum(scalar->r);
	return LITE_FITS;
}

/*
 * The typmod is applied to the exact number, then compared with it: equal
 * means that only the display scale changed.  The core has seen to it that
 * the digits before the point fit, so numeric() does not throw; for the odd
 * modifiers that the core does not know (a negative scale, a scale above the
 * precision) it may, and its message is a good one.
 */
static LiteMisfit
make_NUMERIC(LiteColumnReader *reader, const LiteScalar *scalar, Datum *result)
{
	Datum exact;

	if (scalar->data == NULL)
		exact = NumericGetDatum(int64_to_numeric(scalar->i));
	else
	{
		char *text;

		if (scalar->len > NUMERIC_TEXT_MAX)
			return LITE_MISFIT_RANGE;
		text = pnstrdup(scalar->data, scalar->len);
		exact = DirectFunctionCall3(numeric_in, CStringGetDatum(text),
									ObjectIdGetDatum(InvalidOid),
									Int32GetDatum(-1));
		pfree(text);
	}
	*result = exact;
	if (reader->typmod >= (int32) VARHDRSZ)
	{
		*result =
			DirectFunctionCall2(numeric, exact, Int32GetDatum(reader->typmod));
		if (!DatumGetBool(DirectFunctionCall2(numeric_eq, exact, *result)))
			return LITE_MISFIT_PRECISION;
	}
	return LITE_FITS;
}

static LiteMisfit
make_TEXT(LiteColumnReader *reader, const LiteScalar *scalar, Datum *result)
{
	const char *text;
	size_t len;

	if (!LiteTextToServer(scalar->data, scalar->len, &text, &len))
		return LITE_MISFIT_ENCODING;
	if (len > MaxAllocSize - VARHDRSZ)
		return LITE_MISFIT_LENGTH;
	*result = PointerGetDatum(cstring_to_text_with_len(text, (int) len));
	return LITE_FITS;
}

/* The length was checked by the core, in characters as varchar(n) counts. */
#define make_VARCHAR make_TEXT

static LiteMisfit
make_BYTEA(LiteColumnReader *reader, const LiteScalar *scalar, Datum *result)
{
	bytea *bytes;

	if (scalar->len > MaxAllocSize - VARHDRSZ)
		return LITE_MISFIT_LENGTH;
	bytes = palloc(scalar->len + VARHDRSZ);
	SET_VARSIZE(bytes, scalar->len + VARHDRSZ);
	if (scalar->len > 0)
		memcpy(VARDATA(bytes), scalar->data, scalar->len);
	*result = PointerGetDatum(bytes);
	return LITE_FITS;
}

/* Would type(p) round these microseconds? */
static bool
loses_fraction(int32 typmod, int64 us)
{
	static const int64 unit[MAX_TIMESTAMP_PRECISION + 1] = {1000000, 100000,
															10000,	 1000,
															100,	 10,
															1};

	return typmod >= 0 && typmod <= MAX_TIMESTAMP_PRECISION &&
		   us % unit[typmod] != 0;
}

static LiteMisfit
make_DATE(LiteColumnReader *reader, const LiteScalar *scalar, Datum *result)
{
	if (scalar->i < PG_INT32_MIN || scalar->i > PG_INT32_MAX ||
		!IS_VALID_DATE(scalar->i))
		return LITE_MISFIT_RANGE;
	*result = DateADTGetDatum((DateADT) scalar->i);
	return LITE_FITS;
}

static LiteMisfit
make_TIME(LiteColumnReader *reader, const LiteScalar *scalar, Datum *result)
{
	if (scalar->i < 0 || scalar->i > USECS_PER_DAY)
		return LITE_MISFIT_RANGE;
	if (loses_fraction(reader->typmod, scalar->i))
		return LITE_MISFIT_FRACTION;
	*result = TimeADTGetDatum(scalar->i);
	return LITE_FITS;
}

static LiteMisfit
make_TIMESTAMP(LiteColumnReader *reader, const LiteScalar *scalar,
			   Datum *result)
{
	if (!IS_VALID_TIMESTAMP(scalar->i))
		return LITE_MISFIT_RANGE;
	if (loses_fraction(reader->typmod, scalar->i))
		return LITE_MISFIT_FRACTION;
	*result = TimestampGetDatum(scalar->i);
	return LITE_FITS;
}

#define make_TIMESTAMPTZ make_TIMESTAMP

static LiteMisfit
make_UUID(LiteColumnReader *reader, const LiteScalar *scalar, Datum *result)
{
	pg_uuid_t *uuid = palloc(sizeof(pg_uuid_t));

	memcpy(uuid->data, scalar->data, UUID_LEN);
	*result = UUIDPGetDatum(uuid);
	return LITE_FITS;
}

/* Checked by the core as strictly as jsonb would, so it is valid as json. */
#define make_JSON make_TEXT

static LiteMisfit
make_JSONB(LiteColumnReader *reader, const LiteScalar *scalar, Datum *result)
{
	const char *text;
	size_t len;
	char *copy;

	if (!LiteTextToServer(scalar->data, scalar->len, &text, &len))
		return LITE_MISFIT_ENCODING;
	if (len > JSONB_STRING_MAX)
		return LITE_MISFIT_LENGTH;
	copy = pnstrdup(text, len);
	*result = DirectFunctionCall1(jsonb_in, CStringGetDatum(copy));
	pfree(copy);
	return LITE_FITS;
}

/* ------------------------------------------------------------------------
 * The fast pairs
 * ------------------------------------------------------------------------ */

static bool
fast_int2(LiteColumnReader *reader, const LiteValue *value, Datum *result)
{
	if (value->cls != LITE_INTEGER || value->i != (int16) value->i)
		return false;
	*result = Int16GetDatum((int16) value->i);
	return true;
}

static bool
fast_int4(LiteColumnReader *reader, const LiteValue *value, Datum *result)
{
	if (value->cls != LITE_INTEGER || value->i != (int32) value->i)
		return false;
	*result = Int32GetDatum((int32) value->i);
	return true;
}

static bool
fast_int8(LiteColumnReader *reader, const LiteValue *value, Datum *result)
{
	if (value->cls != LITE_INTEGER)
		return false;
	*result = Int64GetDatum(value->i);
	return true;
}

static bool
fast_float8(LiteColumnReader *reader, const LiteValue *value, Datum *result)
{
	if (value->cls != LITE_REAL || !isfinite(value->r))
		return false;
	*result = Float8GetDatum(value->r);
	return true;
}

/* In a UTF8 database only: the bytes are the text, once they are checked. */
static bool
fast_text(LiteColumnReader *reader, const LiteValue *value, Datum *result)
{
	bool has_nul;

	if (value->cls != LITE_TEXT || value->data == NULL ||
		value->len > MaxAllocSize - VARHDRSZ ||
		!lite_utf8_valid(value->data, value->len, &has_nul) || has_nul)
		return false;
	*result = PointerGetDatum(
		cstring_to_text_with_len(value->data, (int) value->len));
	return true;
}

static bool
fast_bytea(LiteColumnReader *reader, const LiteValue *value, Datum *result)
{
	LiteScalar scalar;

	if (value->cls != LITE_BLOB)
		return false;
	scalar.data = value->data;
	scalar.len = value->len;
	return make_BYTEA(reader, &scalar, result) == LITE_FITS;
}

/* ------------------------------------------------------------------------
 * The table of types
 * ------------------------------------------------------------------------ */

#define OID_BOOL BOOLOID
#define OID_INT2 INT2OID
#define OID_INT4 INT4OID
#define OID_INT8 INT8OID
#define OID_FLOAT8 FLOAT8OID
#define OID_NUMERIC NUMERICOID
#define OID_TEXT TEXTOID
#define OID_VARCHAR VARCHAROID
#define OID_BYTEA BYTEAOID
#define OID_DATE DATEOID
#define OID_TIME TIMEOID
#define OID_TIMESTAMP TIMESTAMPOID
#define OID_TIMESTAMPTZ TIMESTAMPTZOID
#define OID_UUID UUIDOID
#define OID_JSON JSONOID
#define OID_JSONB JSONBOID

static const struct
{
	Oid oid;
	LiteMisfit (*make)(LiteColumnReader *, const LiteScalar *, Datum *);
} type_table[LITE_NTYPES] = {
#define LITE_TYPE(symbol, name)                                               \
	[LITE_TYPE_##symbol] = {OID_##symbol, make_##symbol},
#include "core/typelist.h"
#undef LITE_TYPE
};

LiteType
LiteTypeFromOid(Oid typid)
{
	for (int type = LITE_TYPE_NONE + 1; type < LITE_NTYPES; type++)
	{
		if (type_table[type].oid == typid)
			return (LiteType) type;
	}
	return LITE_TYPE_NONE;
}

Oid
LiteTypeOid(LiteType type)
{
	return type_table[type].oid;
}

/* ------------------------------------------------------------------------
 * The reader of a column
 * ------------------------------------------------------------------------ */

static void
free_converter(void *arg)
{
	lite_converter_free(arg);
}

static bool (*choose_fast(LiteType type, int32 typmod))(LiteColumnReader *,
														const LiteValue *,
														Datum *)
{
	switch (type)
	{
		case LITE_TYPE_INT2:
			return fast_int2;
		case LITE_TYPE_INT4:
			return fast_int4;
		case LITE_TYPE_INT8:
			return fast_int8;
		case LITE_TYPE_FLOAT8:
			return fast_float8;
		case LITE_TYPE_TEXT:
		case LITE_TYPE_VARCHAR:
			if (GetDatabaseEncoding() == PG_UTF8 && typmod < 0)
				return fast_text;
			return NULL;
		case LITE_TYPE_BYTEA:
			return fast_bytea;
		default:
			return NULL;
	}
}

/* The modifiers in the core's terms; 0 where there are none, or odd ones. */
static LiteColumnType
core_type(LiteType type, int32 typmod, LiteFormat format)
{
	LiteColumnType result = {.type = type, .format = format};

	if (typmod < (int32) VARHDRSZ)
		return result;
	if (type == LITE_TYPE_VARCHAR)
		result.precision = typmod - VARHDRSZ;
	if (type == LITE_TYPE_NUMERIC)
	{
		int precision = ((typmod - VARHDRSZ) >> 16) & 0xffff;
		/* eleven bits, two's complement, since PostgreSQL 15 */
		int scale = (((typmod - VARHDRSZ) & 0x7ff) ^ 1024) - 1024;

		if (scale >= 0 && scale <= precision)
		{
			result.precision = precision;
			result.scale = scale;
		}
	}
	return result;
}

void
LiteColumnReaderInit(LiteColumnReader *reader, Oid typid, int32 typmod,
					 LiteFormat format)
{
	MemoryContextCallback *callback;
	LiteType type;

	memset(reader, 0, sizeof(*reader));
	reader->context = CurrentMemoryContext;
	reader->typmod = typmod;
	reader->typid = getBaseTypeAndTypmod(typid, &reader->typmod);
	reader->domain = reader->typid != typid ? typid : InvalidOid;

	type = LiteTypeFromOid(reader->typid);
	if (type == LITE_TYPE_NONE)
	{
		Oid function;

		getTypeInputInfo(reader->typid, &function, &reader->ioparam);
		fmgr_info(function, &reader->input);
		return;
	}

	reader->make = type_table[type].make;
	if (!OidIsValid(reader->domain))
		reader->fast = choose_fast(type, reader->typmod);
	callback = palloc(sizeof(MemoryContextCallback));
	lite_converter_init(&reader->converter,
						core_type(type, reader->typmod, format));
	callback->func = free_converter;
	callback->arg = &reader->converter;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, callback);
}

/*
 * Types whose input functions lose something without a word: name and "char"
 * cut, interval(p) and timetz(p) round.
 */
static LiteMisfit
check_quiet_loss(LiteColumnReader *reader, char *text, Datum datum)
{
	switch (reader->typid)
	{
		case NAMEOID:
			return strlen(text) < NAMEDATALEN ? LITE_FITS : LITE_MISFIT_LENGTH;
		case CHAROID:
			return strlen(text) <= 1 ? LITE_FITS : LITE_MISFIT_LENGTH;
		case INTERVALOID:
		case TIMETZOID:
			if (reader->typmod >= 0)
			{
				Datum exact = InputFunctionCall(&reader->input, text,
												reader->ioparam, -1);
				int16 typlen = get_typlen(reader->typid);

				if (!datum_image_eq(exact, datum, false, typlen))
					return LITE_MISFIT_FRACTION;
			}
			return LITE_FITS;
		default:
			return LITE_FITS;
	}
}

static LiteMisfit
read_by_input(LiteColumnReader *reader, const LiteValue *value, Datum *result)
{
	char number[LITE_DOUBLE_TEXT + 1];
	const char *text = number;
	size_t len;
	char *copy;
	bool has_nul;

	switch (value->cls)
	{
		case LITE_INTEGER:
			len = snprintf(number, sizeof(number), INT64_FORMAT, value->i);
			break;
		case LITE_REAL:
			if (!isfinite(value->r))
				return LITE_MISFIT_NONFINITE;
			len = lite_double_text(value->r, number);
			break;
		case LITE_TEXT:
			if (value->data == NULL)
				return LITE_MISFIT_NOMEM;
			if (!lite_utf8_valid(value->data, value->len, &has_nul))
				return LITE_MISFIT_ENCODING;
			if (has_nul)
				return LITE_MISFIT_NUL;
			if (!LiteTextToServer(value->data, value->len, &text, &len))
				return LITE_MISFIT_ENCODING;
			break;
		default:
			return LITE_MISFIT_CLASS;
	}
	if (len >= MaxAllocSize)
		return LITE_MISFIT_LENGTH;

	copy = pnstrdup(text, len);
	*result = InputFunctionCall(&reader->input, copy, reader->ioparam,
								reader->typmod);
	return check_quiet_loss(reader, copy, *result);
}

LiteMisfit
LiteColumnRead(LiteColumnReader *reader, const LiteValue *value, Datum *result)
{
	LiteMisfit misfit;

	if (reader->fast == NULL || !reader->fast(reader, value, result))
	{
		if (reader->make == NULL)
			misfit = read_by_input(reader, value, result);
		else
		{
			LiteScalar scalar = {0};

			misfit = lite_convert(&reader->converter, value, &scalar);
			if (misfit == LITE_FITS)
				misfit = reader->make(reader, &scalar, result);
		}
		if (misfit != LITE_FITS)
			return misfit;
	}
	if (OidIsValid(reader->domain))
		domain_check(*result, false, reader->domain, &reader->domain_cache,
					 reader->context);
	return LITE_FITS;
}

void
LiteColumnReadNull(LiteColumnReader *reader)
{
	if (OidIsValid(reader->domain))
		domain_check((Datum) 0, true, reader->domain, &reader->domain_cache,
					 reader->context);
}
