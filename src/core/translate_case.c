/*
 * translate_case.c
 *	  CASE and what chooses as it does (coalesce), CAST, COLLATE.
 *
 * A choice has one type in PostgreSQL, in SQLite the type of whatever was
 * chosen.  So the operands must agree: the columns and calls decide, literals
 * beside them become constants of their type (0 and 1 booleans, a text a
 * time) or the expression is refused.
 */
#include "core/translate_int.h"

#include <string.h>

/* ------------------------------------------------------------------------
 * CASE
 * ------------------------------------------------------------------------ */

/* What two types have in common, or NONE. */
static LiteType
common_type(LiteType a, LiteType b)
{
	if (a == b || b == LITE_TYPE_NONE)
		return a;
	if (a == LITE_TYPE_NONE)
		return b;
	if (lite_is_integer_type(a) && lite_is_integer_type(b))
		return LITE_TYPE_INT8;
	if (lite_is_text_type(a) && lite_is_text_type(b))
		return LITE_TYPE_TEXT;
	if ((a == LITE_TYPE_BOOL && lite_is_integer_type(b)) ||
		(b == LITE_TYPE_BOOL && lite_is_integer_type(a)))
		return LITE_TYPE_INT8;
	if (lite_is_number_type(a) && lite_is_number_type(b))
		return a == LITE_TYPE_FLOAT8 || b == LITE_TYPE_FLOAT8
				   ? LITE_TYPE_FLOAT8
				   : LITE_TYPE_NUMERIC;
	return LITE_TYPE_NONE;
}

/* A literal beside typed pieces takes their type, if it is one of its values.
 * Only the type's usual encoding: another would be another value. */
static bool
literal_as(Translator *t, Piece *piece, LiteType type, LiteFormat format)
{
	LiteColumnType wanted = {type, 0, 0, format};
	const char *sql;

	if (piece->value.cls == LITE_NULL)
		return true;
	if (type == LITE_TYPE_BOOL && (piece->value.cls != LITE_INTEGER ||
								   piece->value.i < 0 || piece->value.i > 1))
		return false;
	if (lite_is_number_type(type) && piece->value.cls != LITE_INTEGER &&
		piece->value.cls != LITE_REAL)
		return false;
	if (lite_is_integer_type(type) && piece->value.cls != LITE_INTEGER)
		return false;
	if (lite_is_text_type(type) && piece->value.cls != LITE_TEXT)
		return false;
	sql = lite_tr_constant(t, &piece->value, wanted);
	if (sql != NULL)
	{
		piece->sql = sql;
		piece->type = type;
	}
	return sql != NULL;
}

static void
cast_piece(Translator *t, Piece *piece, LiteType type)
{
	if (piece->literal || piece->type == type || piece->type == LITE_TYPE_NONE)
		return;
	if (piece->type == LITE_TYPE_BOOL)
		piece->sql = tr_printf(t, "%s::integer::bigint", piece->sql);
	else if (type == LITE_TYPE_INT8)
		piece->sql = tr_printf(t, "%s::bigint", piece->sql);
	else if (type == LITE_TYPE_FLOAT8)
		piece->sql = tr_printf(t, "%s::double precision", piece->sql);
}

bool
lite_tr_unify(Translator *t, Piece *pieces, int n, Piece *out)
{
	LiteType type = LITE_TYPE_NONE;
	LiteFormat format = LITE_FORMAT_NATIVE;
	int pass;
	bool typed = false, nullable = false, mixed = false, small = true,
		 nonneg = true;

	/* the typed ones decide; only if there are none the literals do */
	for (pass = 0; pass < 2 && !typed; pass++)
		for (int i = 0; i < n; i++)
		{
			Piece *piece = &pieces[i];

			if (piece->literal ? pass == 0 || piece->value.cls == LITE_NULL
							   : false)
				continue;
			if (piece->json_value)
				return lite_tr_refuse(t, "The values it chooses from are of "
										 "types that only the data tells.");
			if (piece->mixed && piece->column != NULL)
				return lite_tr_refuse(t,
									  "A column of mixed storage classes is "
									  "among the values it chooses from.");
			if (typed &&
				(common_type(type, piece->type) == LITE_TYPE_NONE ||
				 (lite_is_time_type(type) && format != piece->format)))
				return lite_tr_refuse(t, "The values it chooses from have "
										 "different types.");
			type = typed ? common_type(type, piece->type) : piece->type;
			format = piece->format;
			typed = true;
		}
	if (lite_is_integer_type(type))
		type = LITE_TYPE_INT8;
	for (int i = 0; i < n; i++)
	{
		Piece *piece = &pieces[i];

		if (piece->literal && typed)
		{
			if (piece->value.cls == LITE_INTEGER &&
				(piece->value.i > INT32_MAX || piece->value.i < INT32_MIN))
				small = false;
			/* 0 and 1 beside a boolean are booleans, other numbers not */
			if (type == LITE_TYPE_BOOL && piece->value.cls == LITE_INTEGER &&
				(piece->value.i < 0 || piece->value.i > 1))
				return lite_tr_refuse(t, "The values it chooses from have "
										 "different types.");
			if (!literal_as(t, piece, type, format))
				return lite_tr_refuse(t, "The values it chooses from have "
										 "different types.");
		}
		if (type == LITE_TYPE_FLOAT8 &&
			(piece->mixed || piece->type != LITE_TYPE_FLOAT8 ||
			 (piece->literal && piece->value.cls == LITE_INTEGER)))
			mixed = true;
		/* columns whose collations differ in PostgreSQL must not meet */
		if (piece->column != NULL && lite_is_text_type(piece->type) &&
			sqlite3_stricmp(piece->collation, "BINARY") != 0)
			piece->sql = tr_printf(t, "(%s COLLATE \"C\")", piece->sql);
		nonneg = nonneg && piece->nonneg;
		nullable = nullable || piece->nullable;
		cast_piece(t, piece, type);
	}
	/* literals alone are int4 to PostgreSQL if they can be */
	if (type == LITE_TYPE_INT8 && pass == 2 && small)
		type = LITE_TYPE_INT4;
	lite_piece_init(out, NULL, type);
	out->format = format;
	out->nullable = nullable;
	out->mixed = mixed;
	out->nonneg = nonneg && lite_is_integer_type(type);
	return true;
}

/* WHEN of a CASE, as a condition. */
static bool
case_condition(Translator *t, const LiteExpr *expr, const Piece *operand,
			   const LiteExpr *when, Piece *out)
{
	Piece value;

	if (!expr->has_operand)
		return lite_tr_condition(t, when, out);
	return lite_tr_expr(t, when, &value) &&
		   lite_tr_compare(t, LITE_OP_EQ, operand, &value, out);
}

bool
lite_tr_case(Translator *t, const LiteExpr *expr, Piece *out)
{
	int first = expr->has_operand ? 1 : 0, nwhens = (expr->nargs - first) / 2,
		nvalues = nwhens + 1;
	Piece *values = lite_arena_newarray(t->arena, Piece, nvalues);
	const char **conditions =
		lite_arena_newarray(t->arena, const char *, nwhens);
	Piece operand, condition;
	sqlite3_str *str;

	if (values == NULL || conditions == NULL)
		return lite_tr_refuse(t, "It is too large.");
	if (expr->has_operand && !lite_tr_expr(t, expr->args[0], &operand))
		return false;
	for (int i = 0; i < nwhens; i++)
	{
		if (!case_condition(t, expr, &operand, expr->args[first + 2 * i],
							&condition) ||
			!lite_tr_expr(t, expr->args[first + 2 * i + 1], &values[i]))
			return false;
		conditions[i] = condition.sql;
	}
	if (!expr->has_else)
		lite_piece_null(&values[nwhens]);
	else if (!lite_tr_expr(t, expr->args[expr->nargs - 1], &values[nwhens]))
		return false;
	if (!lite_tr_unify(t, values, nvalues, out))
		return false;

	str = sqlite3_str_new(NULL);
	sqlite3_str_appendall(str, "(CASE");
	for (int i = 0; i < nwhens; i++)
		sqlite3_str_appendf(str, " WHEN %s THEN %s", conditions[i],
							values[i].sql);
	if (expr->has_else)
		sqlite3_str_appendf(str, " ELSE %s", values[nwhens].sql);
	sqlite3_str_appendall(str, " END)");
	out->sql = lite_arena_finish(t->arena, str);
	return true;
}

/* ------------------------------------------------------------------------
 * CAST and COLLATE
 * ------------------------------------------------------------------------ */

/*
 * CAST(text AS INTEGER) takes the longest prefix that is an integer, 0 if
 * there is none.
 */
static const char *
text_to_integer(Translator *t, const Piece *in)
{
	const char *digits;

	digits = tr_printf(t,
					   "substring(%s from E'^[ \\\\t\\\\n\\\\v\\\\f\\\\r]*"
					   "([-+]?[0-9]+)')::bigint",
					   in->sql);
	if (!in->nullable)
		return tr_printf(t, "coalesce(%s, 0)", digits);
	return tr_printf(t, "(CASE WHEN %s IS NOT NULL THEN coalesce(%s, 0) END)",
					 in->sql, digits);
}

static bool
cast_integer(Translator *t, const Piece *in, Piece *out)
{
	const char *sql = NULL;

	if (in->integer_sql != NULL)
		sql = in->integer_sql;
	else if (in->json_value)
		sql = lite_tr_json_assign(t, in,
								  (LiteColumnType){LITE_TYPE_INT8, 0, 0,
												   LITE_FORMAT_NATIVE});
	else if (lite_is_integer_type(in->type))
		sql = in->type == LITE_TYPE_INT8 && !in->literal
				  ? in->sql
				  : tr_printf(t, "%s::bigint", in->sql);
	else if (in->type == LITE_TYPE_BOOL && in->format == LITE_FORMAT_NATIVE)
		sql = tr_printf(t, "%s::integer::bigint", in->sql);
	else if (in->type == LITE_TYPE_FLOAT8 || in->type == LITE_TYPE_NUMERIC)
		sql = tr_printf(t, "trunc(%s)::bigint", in->sql);
	else if (lite_is_text_type(in->type))
		sql = text_to_integer(t, in);
	if (sql == NULL)
		return lite_tr_refuse(t,
							  "CAST to an integer of a value of type %s is "
							  "not translated.",
							  lite_type_name(in->type));
	lite_piece_init(out, sql, LITE_TYPE_INT8);
	if (in->integer_sql != NULL && in->instant != NULL)
	{
		/* strftime('%s') stays the moment that it is */
		out->instant = in->instant;
		out->instant_now = in->instant_now;
		out->instant_fresh = in->instant_fresh;
		out->has_date = in->has_date;
		out->has_time = in->has_time;
	}
	return true;
}

static bool
cast_real(Translator *t, const Piece *in, Piece *out)
{
	if (in->json_value || !lite_is_number_type(in->type))
		return lite_tr_refuse(t, "CAST to a real of a value that is no number "
								 "is not translated.");
	lite_piece_init(out,
					in->type == LITE_TYPE_FLOAT8
						? in->sql
						: tr_printf(t, "%s::double precision", in->sql),
					LITE_TYPE_FLOAT8);
	return true;
}

bool
lite_tr_cast(Translator *t, const LiteExpr *expr, Piece *out)
{
	LiteAffinity affinity = lite_type_affinity(expr->text);
	Piece in;
	const char *sql;

	if (!lite_tr_expr(t, expr->args[0], &in))
		return false;
	if (in.mixed && in.column != NULL)
		return lite_tr_refuse(t, "A column of mixed storage classes is cast.");
	if (in.literal && in.value.cls == LITE_NULL)
	{
		*out = in;
		return true;
	}
	switch (affinity)
	{
		case LITE_AFFINITY_INTEGER:
			if (!cast_integer(t, &in, out))
				return false;
			break;
		case LITE_AFFINITY_REAL:
			if (!cast_real(t, &in, out))
				return false;
			break;
		case LITE_AFFINITY_TEXT:
			if (!lite_tr_text(t, &in, &sql))
				return lite_tr_refuse(t, "CAST to text of a value whose text "
										 "form is another in PostgreSQL.");
			lite_piece_init(out, sql, LITE_TYPE_TEXT);
			break;
		case LITE_AFFINITY_NUMERIC:
			if (in.json_value || !lite_is_number_type(in.type))
				return lite_tr_refuse(t, "CAST to numeric of a value that is "
										 "no number is not translated.");
			*out = in;
			out->literal = false;
			out->mixed = in.type == LITE_TYPE_FLOAT8;
			break;
		case LITE_AFFINITY_BLOB:
			return lite_tr_refuse(t, "CAST to a blob is not translated.");
	}
	out->nullable = in.nullable;
	out->affinity = (int) affinity;
	out->collation = in.collation;
	out->column = NULL;
	return true;
}

bool
lite_tr_collate(Translator *t, const LiteExpr *expr, Piece *out)
{
	char name[80];

	if (!lite_tr_expr(t, expr->args[0], out))
		return false;
	if (!lite_name_equal(expr->text, "BINARY") &&
		!lite_name_equal(expr->text, "NOCASE") &&
		!lite_name_equal(expr->text, "RTRIM"))
		return lite_tr_refuse(t, "The collation %s is the application's own.",
							  lite_text_clip(name, sizeof(name), expr->text,
											 expr->length));
	if (!out->collation_explicit)
		out->collation = lite_arena_strdup(t->arena, expr->text);
	out->collation_explicit = true;
	return true;
}
