/*
 * kept.c
 *	  A value of the file as bytes in a table of ours, and back.
 *
 *		LiteValue --LiteKeptBytes--> (storage class, bytea) --LiteKeptValue-->
 *
 * Rejects keep values so (reject.c says how each class is written), and so
 * does the position of a batched import: nothing but the storage class and
 * the bytes can be trusted to say all of any value.
 */
#include "pg/compat.h"

#include <math.h>

#include "utils/builtins.h"

#include "load/load.h"

static Datum
bytes_datum(const void *data, size_t len)
{
	bytea *result = palloc(VARHDRSZ + len);

	SET_VARSIZE(result, VARHDRSZ + len);
	if (len > 0)
		memcpy(VARDATA(result), data, len);
	return PointerGetDatum(result);
}

bool
LiteKeptBytes(const LiteValue *value, Datum *result)
{
	char buf[LITE_DOUBLE_TEXT];

	switch (value->cls)
	{
		case LITE_INTEGER:
			snprintf(buf, sizeof(buf), "%lld", (long long) value->i);
			break;
		case LITE_REAL:
			if (isinf(value->r))
				strcpy(buf, value->r > 0 ? "Infinity" : "-Infinity");
			else if (value->r == 0 && signbit(value->r))
				strcpy(buf, "-0.0");
			else
				buf[lite_double_text(value->r, buf)] = '\0';
			break;
		case LITE_TEXT:
		case LITE_BLOB:
			*result = bytes_datum(value->data, value->len);
			return true;
		case LITE_NULL:
		case LITE_NCLASSES:
			return false;
	}
	*result = bytes_datum(buf, strlen(buf));
	return true;
}

static bool
parse_class(const char *name, LiteClass *result)
{
	for (int cls = 0; cls < LITE_NCLASSES; cls++)
	{
		if (strcmp(lite_class_name(cls), name) == 0)
		{
			*result = cls;
			return true;
		}
	}
	return false;
}

/*
 * The bytes are copied, and end with a NUL that is not counted.  A user may
 * have written them, so numbers are read to the last character.
 */
bool
LiteKeptValue(const char *cls, const bytea *bytes, LiteValue *result)
{
	size_t len = bytes ? VARSIZE_ANY_EXHDR(bytes) : 0;
	char *data = palloc(len + 1);
	char *end = data;

	if (!parse_class(cls, &result->cls))
		return false;
	if (result->cls == LITE_NULL || bytes == NULL)
		return (result->cls == LITE_NULL) == (bytes == NULL);
	memcpy(data, VARDATA_ANY(bytes), len);
	data[len] = '\0';
	errno = 0;
	switch (result->cls)
	{
		case LITE_INTEGER:
			result->i = strtoll(data, &end, 10);
			return len > 0 && end == data + len && errno == 0;
		case LITE_REAL:
			result->r = strtod(data, &end);
			return len > 0 && end == data + len && !isnan(result->r);
		case LITE_TEXT:
		case LITE_BLOB:
			result->data = data;
			result->len = len;
			return true;
		case LITE_NULL:
		case LITE_NCLASSES:
			break;
	}
	return false;
}
