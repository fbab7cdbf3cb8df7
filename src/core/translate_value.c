/*
 * translate_value.c
 *	  Literals of the translator: as pieces, under SQLite's affinities, and as
 *	  the constants of a PostgreSQL type.
 *
 * A constant is made from the value, never from its text in the file: it goes
 * through the same converter as the values of the column's rows (value.h),
 * and what comes out is written by type.
 */
#include "core/translate_int.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------
 * Types
 * ------------------------------------------------------------------------ */

bool
lite_is_integer_type(LiteType type)
{
	return type == LITE_TYPE_INT2 || type == LITE_TYPE_INT4 ||
		   type == LITE_TYPE_INT8;
}

bool
lite_is_number_type(LiteType type)
{
	return lite_is_integer_type(type) || type == LITE_TYPE_FLOAT8 ||
		   type == LITE_TYPE_NUMERIC;
}

bool
lite_is_text_type(LiteType type)
{
	return type == LITE_TYPE_TEXT || type == LITE_TYPE_VARCHAR;
}

bool
lite_is_time_type(LiteType type)
{
	return type == LITE_TYPE_DATE || type == LITE_TYPE_TIME ||
		   type == LITE_TYPE_TIMESTAMP || type == LITE_TYPE_TIMESTAMPTZ;
}

bool
lite_is_json_type(LiteType type)
{
	return type == LITE_TYPE_JSON || type == LITE_TYPE_JSONB;
}

/* ------------------------------------------------------------------------
 * Pieces
 * ------------------------------------------------------------------------ */

void
lite_piece_init(Piece *piece, const char *sql, LiteType type)
{
	memset(piece, 0, sizeof(*piece));
	piece->sql = sql;
	piece->type = type;
	piece->affinity = NO_AFFINITY;
	piece->nullable = true;
}

void
lite_piece_null(Piece *piece)
{
	lite_piece_init(piece, "NULL", LITE_TYPE_NONE);
	piece->literal = true;
	piece->value.cls = LITE_NULL;
}

/* Negative numbers in parentheses: "- -5" would be a comment without. */
void
lite_piece_integer(Translator *t, Piece *piece, int64_t value)
{
	const char *sql;

	if (value == INT64_MIN)
		sql = "'-9223372036854775808'::bigint";
	else if (value < 0)
		sql = tr_printf(t, "(%lld)", (long long) value);
	else
		sql = tr_printf(t, "%lld", (long long) value);
	lite_piece_init(piece, sql, LITE_TYPE_INT8);
	piece->literal = true;
	piece->nullable = false;
	piece->nonneg = value >= 0;
	piece->value.cls = LITE_INTEGER;
	piece->value.i = value;
}

void
lite_piece_truth(Piece *piece, bool value)
{
	lite_piece_init(piece, value ? "true" : "false", LITE_TYPE_BOOL);
	piece->literal = true;
	piece->truth = true;
	piece->nullable = false;
	piece->never_false = value;
	piece->value.cls = LITE_INTEGER;
	piece->value.i = value;
}

static bool
piece_real(Translator *t, Piece *piece, double value)
{
	char buf[LITE_DOUBLE_TEXT + 1];
	size_t length;

	if (!isfinite(value))
		return lite_tr_refuse(t, "A number is beyond the range of double "
								 "precision.");
	length = lite_double_text(value, buf);
	buf[length] = '\0';
	lite_piece_init(piece, tr_printf(t, "'%s'::double precision", buf),
					LITE_TYPE_FLOAT8);
	piece->literal = true;
	piece->nullable = false;
	piece->value.cls = LITE_REAL;
	piece->value.r = value;
	return true;
}

const char *
lite_tr_quote(Translator *t, const char *text, size_t len)
{
	sqlite3_str *str = sqlite3_str_new(NULL);

	lite_pg_literal(str, text, len);
	return lite_arena_finish(t->arena, str);
}

bool
lite_piece_string(Translator *t, Piece *piece, const char *text, size_t length)
{
	bool has_nul;

	if (!lite_utf8_valid(text, length, &has_nul) || has_nul)
		return lite_tr_refuse(t, "A string in it is no text to PostgreSQL: it "
								 "is not valid UTF-8, or has a NUL in it.");
	lite_piece_init(piece, lite_tr_quote(t, text, length), LITE_TYPE_TEXT);
	piece->literal = true;
	piece->nullable = false;
	piece->value.cls = LITE_TEXT;
	piece->value.data = text;
	piece->value.len = length;
	return true;
}

static const char *
bytea_sql(Translator *t, const char *data, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	sqlite3_str *str = sqlite3_str_new(NULL);

	sqlite3_str_appendall(str, "E'\\\\x");
	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = (unsigned char) data[i];

		sqlite3_str_appendchar(str, 1, digits[c >> 4]);
		sqlite3_str_appendchar(str, 1, digits[c & 15]);
	}
	sqlite3_str_appendall(str, "'::bytea");
	return lite_arena_finish(t->arena, str);
}

bool
lite_tr_literal(Translator *t, const LiteExpr *expr, Piece *out)
{
	switch (expr->kind)
	{
		case LITE_EXPR_NULL:
			lite_piece_null(out);
			return true;
		case LITE_EXPR_INTEGER:
			lite_piece_integer(t, out, expr->integer);
			return true;
		case LITE_EXPR_REAL:
			return piece_real(t, out, expr->real);
		case LITE_EXPR_STRING:
			return lite_piece_string(t, out, expr->text, expr->length);
		default:
			lite_piece_init(out, bytea_sql(t, expr->text, expr->length),
							LITE_TYPE_BYTEA);
			out->literal = true;
			out->nullable = false;
			out->value.cls = LITE_BLOB;
			out->value.data = expr->text;
			out->value.len = expr->length;
			return true;
	}
}

/* ------------------------------------------------------------------------
 * Literal values as a type has them
 * ------------------------------------------------------------------------ */

/* Is the text a number wholly, as sqlite3AtoF() has it (spaces around it
 * allowed)?  *integer: it has neither point nor exponent. */
static bool
number_text(const char *s, size_t len, bool *integer)
{
	size_t i = 0, digits = 0;

#define SPACE(c) ((c) == ' ' || ((c) >= '\t' && (c) <= '\r'))
#define DIGIT(c) ((c) >= '0' && (c) <= '9')
	while (len > 0 && SPACE(s[len - 1]))
		len--;
	while (i < len && SPACE(s[i]))
		i++;
	*integer = true;
	if (i < len && (s[i] == '-' || s[i] == '+'))
		i++;
	for (; i < len && DIGIT(s[i]); i++)
		digits++;
	if (i < len && s[i] == '.')
	{
		*integer = false;
		for (i++; i < len && DIGIT(s[i]); i++)
			digits++;
	}
	if (digits == 0)
		return false;
	if (i < len && (s[i] == 'e' || s[i] == 'E'))
	{
		*integer = false;
		i++;
		if (i < len && (s[i] == '-' || s[i] == '+'))
			i++;
		if (i >= len || !DIGIT(s[i]))
			return false;
		while (i < len && DIGIT(s[i]))
			i++;
	}
	return i == len;
#undef SPACE
#undef DIGIT
}

/* Text that is a number becomes one: "Datatypes In SQLite", section 3. */
static LiteValue
numeric_affinity(Translator *t, LiteValue value)
{
	bool integer;
	const char *copy;

	if (value.cls == LITE_TEXT && number_text(value.data, value.len, &integer))
	{
		copy = lite_arena_strndup(t->arena, value.data, value.len);
		if (copy == NULL)
			return value;
		while (*copy == ' ' || (*copy >= '\t' && *copy <= '\r'))
			copy++;
		if (integer &&
			lite_parse_int64(copy, strcspn(copy, " \t\n\v\f\r"), &value.i))
			value.cls = LITE_INTEGER;
		else
		{
			value.cls = LITE_REAL;
			value.r = strtod(copy, NULL);
		}
	}
	return value;
}

LiteValue
lite_tr_apply_affinity(Translator *t, LiteValue value, int affinity)
{
	char *text = NULL;

	switch (affinity)
	{
		case LITE_AFFINITY_TEXT:
			if (value.cls == LITE_INTEGER)
				text = tr_printf(t, "%lld", (long long) value.i);
			else if (value.cls == LITE_REAL)
				text = tr_printf(t, "%!.15g", value.r);
			if (text != NULL)
			{
				value.cls = LITE_TEXT;
				value.data = text;
				value.len = strlen(text);
			}
			break;
		case LITE_AFFINITY_INTEGER:
		case LITE_AFFINITY_NUMERIC:
			value = numeric_affinity(t, value);
			/* the bounds are those of sqlite3VdbeIntegerAffinity() */
			if (value.cls == LITE_REAL && value.r > -9223372036854774784.0 &&
				value.r < 9223372036854774784.0 &&
				value.r == (double) (int64_t) value.r)
			{
				value.cls = LITE_INTEGER;
				value.i = (int64_t) value.r;
			}
			break;
		case LITE_AFFINITY_REAL:
			value = numeric_affinity(t, value);
			if (value.cls == LITE_INTEGER)
			{
				value.cls = LITE_REAL;
				value.r = (double) value.i;
			}
			break;
		default:
			break;
	}
	return value;
}

/* The SQL of a value already converted. */
static const char *
scalar_sql(Translator *t, LiteColumnType type, const LiteScalar *scalar)
{
	char buf[LITE_DOUBLE_TEXT + 1];
	LiteConverter back;
	LiteValue text;
	const char *sql = NULL;
	const unsigned char *u = (const unsigned char *) scalar->data;
	size_t length;

	switch (type.type)
	{
		case LITE_TYPE_BOOL:
			return scalar->i ? "true" : "false";
		case LITE_TYPE_INT2:
		case LITE_TYPE_INT4:
		case LITE_TYPE_INT8:
			if (scalar->i == INT64_MIN)
				return "'-9223372036854775808'::bigint";
			return tr_printf(t, "%lld", (long long) scalar->i);
		case LITE_TYPE_FLOAT8:
			if (!isfinite(scalar->r))
				return scalar->r > 0 ? "'Infinity'::double precision"
									 : "'-Infinity'::double precision";
			length = lite_double_text(scalar->r, buf);
			return tr_printf(t,
							 t->purpose == LITE_EXPR_FOR_DEFAULT && length < 20
								 ? "%.*s"
								 : "'%.*s'::double precision",
							 (int) length, buf);
		case LITE_TYPE_NUMERIC:
			if (scalar->data == NULL)
				return tr_printf(t, "%lld", (long long) scalar->i);
			return tr_printf(t, "%.*s", (int) scalar->len, scalar->data);
		case LITE_TYPE_TEXT:
		case LITE_TYPE_VARCHAR:
			return tr_printf(t, "%s",
							 lite_tr_quote(t, scalar->data, scalar->len));
		case LITE_TYPE_BYTEA:
			return bytea_sql(t, scalar->data, scalar->len);
		case LITE_TYPE_UUID:
			return tr_printf(t,
							 "'%02x%02x%02x%02x-%02x%02x-%02x%02x-"
							 "%02x%02x-%02x%02x%02x%02x%02x%02x'::uuid",
							 u[0], u[1], u[2], u[3], u[4], u[5], u[6], u[7],
							 u[8], u[9], u[10], u[11], u[12], u[13], u[14],
							 u[15]);
		case LITE_TYPE_JSON:
		case LITE_TYPE_JSONB:
			return tr_printf(t, "%s::%s",
							 lite_tr_quote(t, scalar->data, scalar->len),
							 type.type == LITE_TYPE_JSON ? "json" : "jsonb");
		case LITE_TYPE_DATE:
		case LITE_TYPE_TIME:
		case LITE_TYPE_TIMESTAMP:
		case LITE_TYPE_TIMESTAMPTZ:
			type.format = LITE_FORMAT_NATIVE;
			lite_converter_init(&back, type);
			if (lite_convert_back(&back, scalar, &text) == LITE_FITS)
				sql =
					tr_printf(t, "'%.*s%s'::%s", (int) text.len, text.data,
							  type.type == LITE_TYPE_TIMESTAMPTZ ? "+00" : "",
							  type.type == LITE_TYPE_DATE	? "date"
							  : type.type == LITE_TYPE_TIME ? "time"
							  : type.type == LITE_TYPE_TIMESTAMP
								  ? "timestamp"
								  : "timestamptz");
			lite_converter_free(&back);
			return sql;
		case LITE_TYPE_NONE:
		case LITE_NTYPES:
			break;
	}
	return NULL;
}

const char *
lite_tr_constant(Translator *t, const LiteValue *value, LiteColumnType type)
{
	LiteConverter converter;
	LiteScalar scalar;
	const char *sql = NULL;

	memset(&scalar, 0, sizeof(scalar));
	lite_converter_init(&converter, type);
	if (lite_convert(&converter, value, &scalar) == LITE_FITS)
		sql = scalar_sql(t, type, &scalar);
	lite_converter_free(&converter);
	return sql;
}
