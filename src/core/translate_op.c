/*
 * translate_op.c
 *	  Logic and arithmetic, and a value as a condition, a number, a text.
 *
 * SQLite's booleans are the integers 0 and 1, PostgreSQL's a type of their
 * own.  A piece of type boolean stands for 0 and 1; where a condition is
 * asked for it is used as it is, where a number is asked for it is cast, and
 * a number where a condition is asked for is compared with zero.
 *
 * Integer arithmetic is done in bigint, whatever the column's width, because
 * SQLite's integers have 64 bits.  Beyond that SQLite goes on in floating
 * point, PostgreSQL reports an error: a difference that cannot pass unnoticed.
 */
#include "core/translate_int.h"

#include <string.h>

/* ------------------------------------------------------------------------
 * A piece as a type
 * ------------------------------------------------------------------------ */

bool
lite_tr_truth(Translator *t, const Piece *in, Piece *out)
{
	bool nullable = in->nullable;

	if (in->literal && in->value.cls == LITE_NULL)
	{
		lite_piece_init(out, "NULL::boolean", LITE_TYPE_BOOL);
		out->literal = true;
		out->never_false = true;
		return true;
	}
	if (in->literal &&
		(in->value.cls == LITE_INTEGER || in->value.cls == LITE_REAL))
	{
		lite_piece_truth(out, in->value.cls == LITE_INTEGER
								  ? in->value.i != 0
								  : in->value.r != 0);
		return true;
	}
	if (in->mixed && in->column != NULL)
		return lite_tr_refuse(t,
							  "A column of mixed storage classes is used as "
							  "a condition.");
	if (in->type == LITE_TYPE_BOOL && in->format == LITE_FORMAT_NATIVE)
	{
		*out = *in;
		return true;
	}
	if (in->json_value || !lite_is_number_type(in->type))
		return lite_tr_refuse(t, "A value that is no number is used as a "
								 "condition.");
	lite_piece_init(out, tr_printf(t, "(%s <> 0)", in->sql), LITE_TYPE_BOOL);
	out->nullable = nullable;
	return true;
}

bool
lite_tr_condition(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece piece;

	return lite_tr_expr(t, expr, &piece) && lite_tr_truth(t, &piece, out);
}

/* The piece as a number: its own type, booleans and small integers as bigint,
 * numeric as double precision (SQLite calculates in nothing else). */
static bool
as_number(Translator *t, const Piece *in, Piece *out)
{
	*out = *in;
	out->column = NULL;
	out->affinity = NO_AFFINITY;
	if (in->mixed && in->column != NULL)
		return lite_tr_refuse(t, "A column of mixed storage classes is "
								 "calculated with.");
	if (in->integer_sql != NULL)
	{
		out->sql = tr_printf(t, "%s", in->integer_sql);
		out->type = LITE_TYPE_INT8;
		return true;
	}
	if (in->json_value)
		return lite_tr_refuse(t, "A value out of JSON is calculated with.");
	switch (in->type)
	{
		case LITE_TYPE_NONE:
			out->sql = "NULL::bigint";
			out->type = LITE_TYPE_INT8;
			out->literal = false;
			return true;
		case LITE_TYPE_BOOL:
			if (in->format != LITE_FORMAT_NATIVE)
				break;
			out->sql = tr_printf(t, "%s::integer::bigint", in->sql);
			out->type = LITE_TYPE_INT8;
			out->nonneg = true;
			return true;
		case LITE_TYPE_INT2:
		case LITE_TYPE_INT4:
		case LITE_TYPE_INT8:
			/* integers in a REAL column are reals to SQLite */
			if (in->column != NULL && in->affinity == LITE_AFFINITY_REAL)
			{
				out->sql = tr_printf(t, "%s::double precision", in->sql);
				out->type = LITE_TYPE_FLOAT8;
			}
			else if (in->type != LITE_TYPE_INT8)
				out->sql = tr_printf(t, "%s::bigint", in->sql);
			if (out->type != LITE_TYPE_FLOAT8)
				out->type = LITE_TYPE_INT8;
			return true;
		case LITE_TYPE_FLOAT8:
			out->mixed = in->mixed || (in->column != NULL &&
									   in->affinity != LITE_AFFINITY_REAL);
			return true;
		case LITE_TYPE_NUMERIC:
			out->sql = tr_printf(t, "%s::double precision", in->sql);
			out->type = LITE_TYPE_FLOAT8;
			out->mixed = true;
			lite_tr_note(t, "It is calculated in double precision, as SQLite "
							"does.");
			return true;
		default:
			break;
	}
	return lite_tr_refuse(t, "A value of type %s is calculated with.",
						  lite_type_name(in->type));
}

bool
lite_tr_bigint(Translator *t, const Piece *in, const char **sql)
{
	Piece number;

	*sql = NULL;
	if (!as_number(t, in, &number))
		return false;
	if (number.type != LITE_TYPE_INT8)
		return lite_tr_refuse(t, "A value that need not be an integer is used "
								 "as one.");
	*sql = number.sql;
	return true;
}

/* As SQLite would write it: integers and text do, floating point is written
 * in other ways. */
bool
lite_tr_text(Translator *t, const Piece *in, const char **sql)
{
	LiteValue value;

	*sql = NULL;
	if (in->mixed && in->column != NULL)
		return false;
	if (in->literal)
	{
		value = lite_tr_apply_affinity(t, in->value, LITE_AFFINITY_TEXT);
		if (value.cls == LITE_NULL)
			*sql = "NULL::text";
		else if (value.cls == LITE_TEXT)
			*sql = lite_tr_quote(t, value.data, value.len);
	}
	else if (in->json_value)
	{
		lite_tr_note(t, "JSON true, false, arrays and objects have another "
						"text form in PostgreSQL.");
		*sql = in->text_sql;
	}
	else if (lite_is_text_type(in->type))
		/* the target's collation may be one that LIKE or strpos() refuse */
		*sql =
			in->column != NULL && sqlite3_stricmp(in->collation, "BINARY") != 0
				? tr_printf(t, "(%s COLLATE \"C\")", in->sql)
				: in->sql;
	else if (lite_is_integer_type(in->type) &&
			 !(in->column != NULL && in->affinity == LITE_AFFINITY_REAL))
		*sql = tr_printf(t, "%s::text", in->sql);
	else if (in->type == LITE_TYPE_BOOL && in->format == LITE_FORMAT_NATIVE)
		*sql = tr_printf(t, "%s::integer::text", in->sql);
	else if (in->type == LITE_TYPE_UUID && in->format == LITE_FORMAT_NATIVE)
		*sql = tr_printf(t, "%s::text", in->sql);
	return *sql != NULL;
}

/* ------------------------------------------------------------------------
 * Logic
 * ------------------------------------------------------------------------ */

static bool
tr_not(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece in;

	if (!lite_tr_condition(t, expr->args[0], &in))
		return false;
	if (in.literal && in.value.cls != LITE_NULL)
	{
		lite_piece_truth(out, in.value.i == 0);
		return true;
	}
	lite_piece_init(out, tr_printf(t, "(NOT %s)", in.sql), LITE_TYPE_BOOL);
	out->nullable = in.nullable;
	return true;
}

/* "x OR NOT x": what x = 1 OR x = 0 says of a boolean. */
static bool
is_negation(const Piece *a, const Piece *b)
{
	size_t n;

	if (a->sql == NULL || b->sql == NULL || strncmp(a->sql, "(NOT ", 5) != 0)
		return false;
	n = strlen(b->sql);
	return strncmp(a->sql + 5, b->sql, n) == 0 &&
		   strcmp(a->sql + 5 + n, ")") == 0;
}

static bool
tr_logic(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece left, right;
	bool and = expr->op == LITE_OP_AND;

	if (!lite_tr_condition(t, expr->args[0], &left) ||
		!lite_tr_condition(t, expr->args[1], &right))
		return false;
	lite_piece_init(out,
					tr_printf(t, "(%s %s %s)", left.sql, and? "AND" : "OR",
							  right.sql),
					LITE_TYPE_BOOL);
	out->nullable = left.nullable || right.nullable;
	out->never_false = and? left.never_false && right.never_false
						  : left.never_false || right.never_false ||
								is_negation(&left, &right) ||
								is_negation(&right, &left);
	return true;
}

static bool
tr_is_null(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece in;
	bool is_null = expr->op == LITE_OP_ISNULL;

	if (!lite_tr_expr(t, expr->args[0], &in))
		return false;
	if (in.literal)
	{
		lite_piece_truth(out, (in.value.cls == LITE_NULL) == is_null);
		return true;
	}
	lite_piece_init(out,
					tr_printf(t, "(%s IS %sNULL)",
							  in.instant != NULL ? in.instant : in.sql,
							  is_null ? "" : "NOT "),
					LITE_TYPE_BOOL);
	out->nullable = false;
	out->never_false = !is_null && !in.nullable;
	return true;
}

/* x IS TRUE and its like: SQLite's truth, not equality with 1. */
static bool
tr_is_truth(Translator *t, const LiteExpr *expr, bool truth, Piece *out)
{
	Piece in;

	if (!lite_tr_condition(t, expr->args[0], &in))
		return false;
	lite_piece_init(out,
					tr_printf(t, "(%s IS %s%s)", in.sql,
							  expr->op == LITE_OP_ISNOT ? "NOT " : "",
							  truth ? "TRUE" : "FALSE"),
					LITE_TYPE_BOOL);
	out->nullable = false;
	return true;
}

/* ------------------------------------------------------------------------
 * Arithmetic
 * ------------------------------------------------------------------------ */

static bool
tr_sign(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece in;

	if (!lite_tr_expr(t, expr->args[0], &in))
		return false;
	if (expr->op == LITE_OP_PLUS)
	{
		/* a no-op on the value that takes the column's affinity away */
		*out = in;
		out->affinity = NO_AFFINITY;
		out->truth = false;
		return true;
	}
	if (in.literal && in.value.cls == LITE_INTEGER && in.value.i != INT64_MIN)
	{
		lite_piece_integer(t, out, -in.value.i);
		return true;
	}
	if (!as_number(t, &in, out))
		return false;
	if (in.literal && in.value.cls == LITE_REAL)
	{
		out->value.r = -in.value.r;
		out->sql = tr_printf(t, "'-%s", in.sql + 1);
		return true;
	}
	out->sql = tr_printf(t, "(- %s)", out->sql);
	out->nonneg = false;
	return true;
}

/* Constants are calculated here: as int4 literals PostgreSQL would overflow
 * where SQLite does not.  false: not in 64 bits, or a division by zero. */
static bool
fold(LiteExprOp op, int64_t a, int64_t b, int64_t *result)
{
	switch (op)
	{
		case LITE_OP_ADD:
			return !__builtin_add_overflow(a, b, result);
		case LITE_OP_SUB:
			return !__builtin_sub_overflow(a, b, result);
		case LITE_OP_MUL:
			return !__builtin_mul_overflow(a, b, result);
		case LITE_OP_DIV:
		case LITE_OP_REM:
			if (b == 0 || (a == INT64_MIN && b == -1))
				return false;
			*result = op == LITE_OP_DIV ? a / b : a % b;
			return true;
		case LITE_OP_BITAND:
			*result = a & b;
			return true;
		case LITE_OP_BITOR:
			*result = a | b;
			return true;
		case LITE_OP_LSHIFT:
			if (b < 0 || b > 63)
				return false;
			*result = (int64_t) ((uint64_t) a << b);
			return true;
		case LITE_OP_RSHIFT:
			if (b < 0 || b > 63)
				return false;
			*result = a >> b;
			return true;
		default:
			return false;
	}
}

static const char *
operator_name(LiteExprOp op)
{
	switch (op)
	{
		case LITE_OP_ADD:
			return "+";
		case LITE_OP_SUB:
			return "-";
		case LITE_OP_MUL:
			return "*";
		case LITE_OP_DIV:
			return "/";
		case LITE_OP_REM:
			return "%";
		case LITE_OP_BITAND:
			return "&";
		case LITE_OP_BITOR:
			return "|";
		case LITE_OP_LSHIFT:
			return "<<";
		case LITE_OP_RSHIFT:
			return ">>";
		default:
			return NULL;
	}
}

static bool
is_nonzero_literal(const Piece *piece)
{
	return piece->literal &&
		   ((piece->value.cls == LITE_INTEGER && piece->value.i != 0) ||
			(piece->value.cls == LITE_REAL && piece->value.r != 0));
}

/* x / 0 is NULL in SQLite, an error in PostgreSQL. */
static const char *
divisor(Translator *t, const Piece *piece)
{
	return is_nonzero_literal(piece)
			   ? piece->sql
			   : tr_printf(t, "nullif(%s, 0)", piece->sql);
}

static bool
arithmetic(Translator *t, LiteExprOp op, Piece *left, Piece *right, Piece *out)
{
	LiteType type = LITE_TYPE_INT8;
	bool divides = op == LITE_OP_DIV || op == LITE_OP_REM;

	if (left->type == LITE_TYPE_FLOAT8 || right->type == LITE_TYPE_FLOAT8)
	{
		type = LITE_TYPE_FLOAT8;
		if (op == LITE_OP_REM)
			return lite_tr_refuse(t, "%% of numbers that are not integers is "
									 "not translated.");
		/* a real divisor or dividend makes it a division of reals for sure */
		if (divides && (left->mixed || left->type != LITE_TYPE_FLOAT8) &&
			(right->mixed || right->type != LITE_TYPE_FLOAT8))
			return lite_tr_refuse(t, "Whether a division is one of integers "
									 "depends on the values.");
		if (left->type != type)
			left->sql = tr_printf(t, "%s::double precision", left->sql);
		if (right->type != type)
			right->sql = tr_printf(t, "%s::double precision", right->sql);
	}
	lite_piece_init(out,
					tr_printf(t, "(%s %s %s)", left->sql, operator_name(op),
							  divides ? divisor(t, right) : right->sql),
					type);
	out->mixed = type == LITE_TYPE_FLOAT8 && !divides &&
				 (left->mixed || left->type != type) &&
				 (right->mixed || right->type != type);
	out->nullable = left->nullable || right->nullable ||
					(divides && !is_nonzero_literal(right));
	out->nonneg = left->nonneg && right->nonneg && op != LITE_OP_SUB;
	return true;
}

static bool
tr_arithmetic(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece a, b, left, right;
	int64_t folded;

	if (!lite_tr_expr(t, expr->args[0], &a) ||
		!lite_tr_expr(t, expr->args[1], &b))
		return false;
	if (a.literal && b.literal && a.value.cls == LITE_INTEGER &&
		b.value.cls == LITE_INTEGER &&
		fold(expr->op, a.value.i, b.value.i, &folded))
	{
		lite_piece_integer(t, out, folded);
		return true;
	}
	if (a.literal && b.literal && a.value.cls == LITE_INTEGER &&
		b.value.cls == LITE_INTEGER)
	{
		if ((expr->op == LITE_OP_DIV || expr->op == LITE_OP_REM) &&
			b.value.i == 0)
		{
			lite_piece_null(out);
			return true;
		}
		return lite_tr_refuse(t, "It calculates beyond 64 bits.");
	}
	if (!as_number(t, &a, &left) || !as_number(t, &b, &right))
		return false;
	/* two literals would be int4 to PostgreSQL */
	if (left.literal && left.type == LITE_TYPE_INT8 && right.literal)
		left.sql = tr_printf(t, "%s::bigint", left.sql);
	return arithmetic(t, expr->op, &left, &right, out);
}

/* & | << >>: on integers only, shifts by constants within the word. */
static bool
tr_bits(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece left, right;
	const char *a, *b;
	int64_t folded;

	if (!lite_tr_expr(t, expr->args[0], &left) ||
		!lite_tr_expr(t, expr->args[1], &right))
		return false;
	if (left.literal && right.literal && left.value.cls == LITE_INTEGER &&
		right.value.cls == LITE_INTEGER &&
		fold(expr->op, left.value.i, right.value.i, &folded))
	{
		lite_piece_integer(t, out, folded);
		return true;
	}
	if ((expr->op == LITE_OP_LSHIFT || expr->op == LITE_OP_RSHIFT) &&
		!(right.literal && right.value.cls == LITE_INTEGER &&
		  right.value.i >= 0 && right.value.i <= 63))
		return lite_tr_refuse(t,
							  "A shift by anything but a constant from 0 to "
							  "63 is not translated.");
	if (!lite_tr_bigint(t, &left, &a) || !lite_tr_bigint(t, &right, &b))
		return false;
	if (left.literal)
		a = tr_printf(t, "%s::bigint", a);
	lite_piece_init(out,
					tr_printf(t, "(%s %s %s)", a, operator_name(expr->op), b),
					LITE_TYPE_INT8);
	out->nullable = left.nullable || right.nullable;
	return true;
}

static bool
tr_bitnot(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece in;
	const char *sql;

	if (!lite_tr_expr(t, expr->args[0], &in))
		return false;
	if (in.literal && in.value.cls == LITE_INTEGER)
	{
		lite_piece_integer(t, out, ~in.value.i);
		return true;
	}
	if (!lite_tr_bigint(t, &in, &sql))
		return false;
	lite_piece_init(out, tr_printf(t, "(~ %s)", sql), LITE_TYPE_INT8);
	out->nullable = in.nullable;
	return true;
}

static bool
tr_concat(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece left, right;
	const char *a, *b;

	if (!lite_tr_expr(t, expr->args[0], &left) ||
		!lite_tr_expr(t, expr->args[1], &right))
		return false;
	if (left.literal && right.literal && left.value.cls == LITE_TEXT &&
		right.value.cls == LITE_TEXT)
	{
		char *both =
			lite_arena_alloc(t->arena, left.value.len + right.value.len + 1);

		if (both == NULL)
			return lite_tr_refuse(t, "It is too large.");
		memcpy(both, left.value.data, left.value.len);
		memcpy(both + left.value.len, right.value.data, right.value.len);
		return lite_piece_string(t, out, both,
								 left.value.len + right.value.len);
	}
	if (!lite_tr_text(t, &left, &a) || !lite_tr_text(t, &right, &b))
		return lite_tr_refuse(t, "|| joins a value whose text form is another "
								 "in PostgreSQL.");
	if (left.literal && right.literal)
		a = tr_printf(t, "%s::text", a);
	lite_piece_init(out, tr_printf(t, "(%s || %s)", a, b), LITE_TYPE_TEXT);
	out->nullable = left.nullable || right.nullable;
	return true;
}

/* ------------------------------------------------------------------------
 * Dispatch
 * ------------------------------------------------------------------------ */

bool
lite_tr_unary(Translator *t, const LiteExpr *expr, Piece *out)
{
	switch (expr->op)
	{
		case LITE_OP_NOT:
			return tr_not(t, expr, out);
		case LITE_OP_ISNULL:
		case LITE_OP_NOTNULL:
			return tr_is_null(t, expr, out);
		case LITE_OP_BITNOT:
			return tr_bitnot(t, expr, out);
		default:
			return tr_sign(t, expr, out);
	}
}

static bool
tr_comparison(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece left, right;

	return lite_tr_expr(t, expr->args[0], &left) &&
		   lite_tr_expr(t, expr->args[1], &right) &&
		   lite_tr_compare(t, expr->op, &left, &right, out);
}

bool
lite_tr_binary(Translator *t, const LiteExpr *expr, Piece *out)
{
	bool truth;

	switch (expr->op)
	{
		case LITE_OP_AND:
		case LITE_OP_OR:
			return tr_logic(t, expr, out);
		case LITE_OP_ADD:
		case LITE_OP_SUB:
		case LITE_OP_MUL:
		case LITE_OP_DIV:
		case LITE_OP_REM:
			return tr_arithmetic(t, expr, out);
		case LITE_OP_BITAND:
		case LITE_OP_BITOR:
		case LITE_OP_LSHIFT:
		case LITE_OP_RSHIFT:
			return tr_bits(t, expr, out);
		case LITE_OP_CONCAT:
			return tr_concat(t, expr, out);
		case LITE_OP_ARROW:
		case LITE_OP_ARROW2:
			return lite_tr_arrow(t, expr, out);
		case LITE_OP_IS:
		case LITE_OP_ISNOT:
			if (lite_expr_is_truth(expr->args[1], &truth))
				return tr_is_truth(t, expr, truth, out);
			return tr_comparison(t, expr, out);
		default:
			return tr_comparison(t, expr, out);
	}
}
