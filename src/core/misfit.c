/*
 * misfit.c
 *	  Words for a value that does not fit, for people.
 *
 * The message names the type, the detail the value and the reason, the hint a
 * type that would hold it.  Whoever calls adds the context: file, table,
 * column and row.
 */
#include "core/convert.h"

#include <stdio.h>

#define SHOWN 72 /* of a value; a message is no place to read documents */

static const char *const class_names[LITE_NCLASSES] = {
	[LITE_NULL] = "null", [LITE_INTEGER] = "integer", [LITE_REAL] = "real",
	[LITE_TEXT] = "text", [LITE_BLOB] = "blob",
};

const char *
lite_class_name(LiteClass cls)
{
	return cls < LITE_NCLASSES ? class_names[cls] : "unknown";
}

const char *
lite_misfit_name(LiteMisfit misfit)
{
	switch (misfit)
	{
		case LITE_FITS:
			return "fits";
		case LITE_MISFIT_CLASS:
			return "class";
		case LITE_MISFIT_SYNTAX:
			return "syntax";
		case LITE_MISFIT_RANGE:
			return "range";
		case LITE_MISFIT_FRACTION:
			return "fraction";
		case LITE_MISFIT_LENGTH:
			return "length";
		case LITE_MISFIT_PRECISION:
			return "precision";
		case LITE_MISFIT_NONFINITE:
			return "nonfinite";
		case LITE_MISFIT_ENCODING:
			return "encoding";
		case LITE_MISFIT_NUL:
			return "nul";
		case LITE_MISFIT_JSON:
			return "json";
		case LITE_MISFIT_JSON_NUL:
			return "json_nul";
		case LITE_MISFIT_NOMEM:
			return "nomem";
	}
	return "unknown";
}

/* "text "abc"", "integer 5", "blob of 3 bytes x'010203'" */
static void
describe(const LiteValue *value, char *buf, size_t size)
{
	char shown[SHOWN + 4];
	size_t used;

	switch (value->cls)
	{
		case LITE_INTEGER:
			snprintf(buf, size, "integer %lld", (long long) value->i);
			break;
		case LITE_REAL:
			shown[lite_real_text(value->r, shown)] = '\0';
			snprintf(buf, size, "real %s", shown);
			break;
		case LITE_TEXT:
			lite_text_clip(shown, sizeof(shown), value->data,
						   value->data == NULL ? 0 : value->len);
			snprintf(buf, size, "text \"%s\"", shown);
			break;
		case LITE_BLOB:
			used = (size_t) snprintf(buf, size, "blob of %zu byte%s",
									 value->len, value->len == 1 ? "" : "s");
			if (value->len > 0 && value->len <= 16 && used + 48 < size)
			{
				used += (size_t) snprintf(buf + used, size - used, " x'");
				for (size_t k = 0; k < value->len; k++)
					used += (size_t)
						snprintf(buf + used, size - used, "%02x",
								 (unsigned) (unsigned char) value->data[k]);
				snprintf(buf + used, size - used, "'");
			}
			break;
		default:
			snprintf(buf, size, "null");
			break;
	}
}

/* How the sentence "The ... " goes on. */
static const char *
reason(LiteMisfit misfit, LiteColumnType type, const LiteValue *value)
{
	switch (misfit)
	{
		case LITE_FITS:
			return "fits";
		case LITE_MISFIT_CLASS:
			return value->cls == LITE_BLOB
					   ? "is bytes, and this type does not hold bytes"
					   : "is of a storage class that this type does not take "
						 "in the column's format";
		case LITE_MISFIT_SYNTAX:
			return "does not read as a value of this type";
		case LITE_MISFIT_RANGE:
			return type.format == LITE_FORMAT_AUTO &&
						   (value->cls == LITE_INTEGER ||
							value->cls == LITE_REAL) &&
						   type.type >= LITE_TYPE_DATE &&
						   type.type <= LITE_TYPE_TIMESTAMPTZ
					   ? "is not certainly a time in any unit"
					   : "is beyond the range of this type";
		case LITE_MISFIT_FRACTION:
			return "has a fraction that this type would lose";
		case LITE_MISFIT_LENGTH:
			return "is longer than this type allows";
		case LITE_MISFIT_PRECISION:
			return "has more digits than this type keeps";
		case LITE_MISFIT_NONFINITE:
			return "is not finite, and this type is";
		case LITE_MISFIT_ENCODING:
			return "is not valid UTF-8";
		case LITE_MISFIT_NUL:
			return "has a NUL byte in it, which PostgreSQL's text cannot hold";
		case LITE_MISFIT_JSON:
			return "is not JSON as PostgreSQL's jsonb has it";
		case LITE_MISFIT_JSON_NUL:
			return "is JSON with a \\u0000 in it, which PostgreSQL's jsonb "
				   "cannot hold";
		case LITE_MISFIT_NOMEM:
			return "needs more memory than there is";
	}
	return "does not fit";
}

/* A type that holds this value (and, as far as one can tell, its column). */
static const char *
wider_type(LiteMisfit misfit, LiteColumnType type, const LiteValue *value)
{
	if (value->cls == LITE_BLOB || misfit == LITE_MISFIT_ENCODING ||
		misfit == LITE_MISFIT_NUL)
		return "bytea";
	switch (type.type)
	{
		case LITE_TYPE_BOOL:
		case LITE_TYPE_INT2:
		case LITE_TYPE_INT4:
			if (misfit == LITE_MISFIT_RANGE && value->cls == LITE_INTEGER)
				return "bigint";
			break;
		case LITE_TYPE_FLOAT8:
			if (misfit == LITE_MISFIT_PRECISION)
				return "numeric";
			break;
		default:
			break;
	}
	if (value->cls == LITE_INTEGER)
		return type.type == LITE_TYPE_NUMERIC ? "numeric" : "bigint";
	if (value->cls == LITE_REAL)
		return "double precision";
	if (type.type == LITE_TYPE_NUMERIC &&
		(misfit == LITE_MISFIT_PRECISION ||
		 (misfit == LITE_MISFIT_RANGE && type.precision > 0)))
		return "numeric";
	return "text";
}

LiteStatus
lite_misfit_error(LiteMisfit misfit, LiteColumnType type,
				  const LiteValue *value, LiteError *err)
{
	char name[64];
	char shown[2 * SHOWN];

	if (misfit == LITE_MISFIT_NOMEM)
		return lite_error_nomem(err);
	describe(value, shown, sizeof(shown));
	lite_error_set(err, LITE_MISFIT, "value does not fit type %s",
				   lite_type_format(type, name, sizeof(name)));
	lite_error_detail(err, "The %s %s.", shown, reason(misfit, type, value));
	if (misfit == LITE_MISFIT_LENGTH && value->len > LITE_VALUE_MAX / 4)
		lite_error_hint(err, "PostgreSQL cannot hold a value of this size; "
							 "set such rows aside with on_error => 'reject'.");
	else
		lite_error_hint(err,
						"Give the column a type that holds the value, as "
						"in types => '{\"table.column\":\"%s\"}', or set "
						"such rows aside with on_error => 'reject'.",
						wider_type(misfit, type, value));
	return LITE_MISFIT;
}
