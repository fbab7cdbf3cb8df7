/*
 * scalar.c
 *	  PostgreSQL's Datums as the core's scalars: convert.c's inverse.
 *
 * For verification, which compares what the heap holds with what the file
 * holds in the core's terms; for parameters of pushed conditions; for
 * writing.
 */
#include "pg/compat.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/jsonb.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "pg/convert.h"
#include "pg/encoding.h"

/*
 * numeric_out() shows the scale (1.50), the core's canonical form has no
 * trailing zeros and is an integer where it can be.
 */
static bool
scalar_from_numeric(Datum datum, LiteScalar *scalar)
{
	Numeric number = DatumGetNumeric(datum);
	char *text;
	size_t len;

	if (numeric_is_nan(number) || numeric_is_inf(number))
		return false;
	text = DatumGetCString(
		DirectFunctionCall1(numeric_out, NumericGetDatum(number)));
	len = strlen(text);
	if (strchr(text, '.') != NULL)
	{
		while (text[len - 1] == '0')
			len--;
		if (text[len - 1] == '.')
			len--;
		text[len] = '\0';
	}
	scalar->data = text;
	scalar->len = len;
	if (lite_parse_int64(text, len, &scalar->i))
		scalar->data = NULL;
	return true;
}

static bool
scalar_from_text(const char *text, size_t len, LiteScalar *scalar)
{
	scalar->data = LiteTextFromServer(text, len, &scalar->len);
	return true;
}

bool
LiteDatumToScalar(LiteType type, Datum datum, LiteScalar *scalar)
{
	struct varlena *bytes;
	char *text;

	scalar->data = NULL;
	scalar->len = 0;
	switch (type)
	{
		case LITE_TYPE_NONE:
		case LITE_NTYPES:
			return false;
		case LITE_TYPE_BOOL:
			scalar->i = DatumGetBool(datum) ? 1 : 0;
			return true;
		case LITE_TYPE_INT2:
			scalar->i = DatumGetInt16(datum);
			return true;
		case LITE_TYPE_INT4:
			scalar->i = DatumGetInt32(datum);
			return true;
		case LITE_TYPE_INT8:
			scalar->i = DatumGetInt64(datum);
			return true;
		case LITE_TYPE_FLOAT8:
			scalar->r = DatumGetFloat8(datum);
			return true;
		case LITE_TYPE_NUMERIC:
			return scalar_from_numeric(datum, scalar);
		case LITE_TYPE_TEXT:
		case LITE_TYPE_VARCHAR:
		case LITE_TYPE_JSON:
			bytes = PG_DETOAST_DATUM_PACKED(datum);
			return scalar_from_text(VARDATA_ANY(bytes),
									VARSIZE_ANY_EXHDR(bytes), scalar);
		case LITE_TYPE_BYTEA:
			bytes = PG_DETOAST_DATUM_PACKED(datum);
			scalar->data = VARDATA_ANY(bytes);
			scalar->len = VARSIZE_ANY_EXHDR(bytes);
			return true;
		case LITE_TYPE_DATE:
			scalar->i = DatumGetDateADT(datum);
			return !DATE_NOT_FINITE(scalar->i);
		case LITE_TYPE_TIME:
			scalar->i = DatumGetTimeADT(datum);
			return true;
		case LITE_TYPE_TIMESTAMP:
		case LITE_TYPE_TIMESTAMPTZ:
			scalar->i = DatumGetTimestamp(datum);
			return !TIMESTAMP_NOT_FINITE(scalar->i);
		case LITE_TYPE_UUID:
			scalar->data = (const char *) DatumGetUUIDP(datum)->data;
			scalar->len = UUID_LEN;
			return true;
		case LITE_TYPE_JSONB:
			bytes = (struct varlena *) DatumGetJsonbP(datum);
			text =
				JsonbToCString(NULL, &((Jsonb *) bytes)->root, VARSIZE(bytes));
			return scalar_from_text(text, strlen(text), scalar);
	}
	return false;
}
