/*
 * translate_cmp.c
 *	  Comparisons: = <> < <= > >= IS IN BETWEEN.
 *
 * What SQLite compares depends on affinity ("Datatypes In SQLite", section
 * 4.2): a column's numeric affinity turns a text that is a number into one,
 * a column's TEXT affinity turns a number beside it into text, and values
 * of different classes compare by class (numbers below text below blobs).
 * Here one operand is usually a column whose type is known and the other a
 * literal: the affinity is applied to the literal now, and what remains is a
 * comparison within one PostgreSQL type, or one whose result does not depend
 * on the value at all.
 *
 * Text.  BINARY compares bytes: "=" of any deterministic collation does that,
 * "<" needs COLLATE "C".  NOCASE folds the 26 letters of ASCII and nothing
 * else: lower(x COLLATE "C") folds exactly those.  RTRIM ignores spaces at the
 * end: rtrim(x, ' ').
 */
#include "core/translate_int.h"

#include <math.h>
#include <string.h>

/* left op right; or whole, if the comparison has another form. */
typedef struct Comparison
{
	LiteExprOp op;
	const char *left;
	const char *right;
	const char *whole;
	bool never_false;
	bool never_null;
} Comparison;

static LiteExprOp
flip(LiteExprOp op)
{
	switch (op)
	{
		case LITE_OP_LT:
			return LITE_OP_GT;
		case LITE_OP_LE:
			return LITE_OP_GE;
		case LITE_OP_GT:
			return LITE_OP_LT;
		case LITE_OP_GE:
			return LITE_OP_LE;
		default:
			return op;
	}
}

static bool
is_order(LiteExprOp op)
{
	return op == LITE_OP_LT || op == LITE_OP_LE || op == LITE_OP_GT ||
		   op == LITE_OP_GE;
}

static bool
is_is(LiteExprOp op)
{
	return op == LITE_OP_IS || op == LITE_OP_ISNOT;
}

static const char *
op_sql(LiteExprOp op)
{
	switch (op)
	{
		case LITE_OP_EQ:
			return "=";
		case LITE_OP_NE:
			return "<>";
		case LITE_OP_LT:
			return "<";
		case LITE_OP_LE:
			return "<=";
		case LITE_OP_GT:
			return ">";
		case LITE_OP_GE:
			return ">=";
		case LITE_OP_IS:
			return "IS NOT DISTINCT FROM";
		default:
			return "IS DISTINCT FROM";
	}
}

/* What op says of two values, given their order (-1, 0, 1). */
static bool
holds(LiteExprOp op, int order)
{
	switch (op)
	{
		case LITE_OP_EQ:
		case LITE_OP_IS:
			return order == 0;
		case LITE_OP_LT:
			return order < 0;
		case LITE_OP_LE:
			return order <= 0;
		case LITE_OP_GT:
			return order > 0;
		case LITE_OP_GE:
			return order >= 0;
		default:
			return order != 0;
	}
}

/* The comparison is "result" for every value of left that is not NULL. */
static bool
always(Translator *t, const Piece *left, bool result, Comparison *c)
{
	if (is_is(c->op) || !left->nullable)
	{
		c->whole = result ? "true" : "false";
		c->never_null = true;
	}
	else
		c->whole = tr_printf(t,
							 result ? "nullif(%s IS NOT NULL, false)"
									: "nullif(%s IS NULL, true)",
							 left->sql);
	c->never_false = result;
	return true;
}

/* ------------------------------------------------------------------------
 * With a literal on the right
 * ------------------------------------------------------------------------ */

static const char *
number_literal(Translator *t, const LiteValue *value)
{
	char buf[LITE_DOUBLE_TEXT + 1];
	Piece integer;

	if (value->cls == LITE_REAL && fabs(value->r) < 9e18 &&
		value->r == (double) (int64_t) value->r)
	{
		lite_piece_integer(t, &integer, (int64_t) value->r);
		return integer.sql;
	}
	if (value->cls == LITE_INTEGER)
	{
		lite_piece_integer(t, &integer, value->i);
		return integer.sql;
	}
	if (!isfinite(value->r))
		return value->r > 0 ? "'Infinity'::double precision"
							: "'-Infinity'::double precision";
	buf[lite_double_text(value->r, buf)] = '\0';
	return tr_printf(t, value->r < 0 ? "(%s)" : "%s", buf);
}

static bool
number_with_literal(Translator *t, const Piece *left, const LiteValue *value,
					Comparison *c)
{
	/* a number is less than any text or blob */
	if (value->cls != LITE_INTEGER && value->cls != LITE_REAL)
		return always(t, left, holds(c->op, -1), c);
	if (value->cls == LITE_REAL && !isfinite(value->r) &&
		left->type != LITE_TYPE_FLOAT8)
		return always(t, left, holds(c->op, value->r > 0 ? -1 : 1), c);
	c->left = left->sql;
	c->right = number_literal(t, value);
	return true;
}

/* 0 and 1 are false and true; any other number is compared with as one. */
static bool
bool_with_literal(Translator *t, const Piece *left, const LiteValue *value,
				  Comparison *c)
{
	bool zero, one;
	double number;

	if (value->cls != LITE_INTEGER && value->cls != LITE_REAL)
		return always(t, left, holds(c->op, -1), c);
	number = value->cls == LITE_INTEGER ? (double) value->i : value->r;
	zero = holds(c->op, number > 0 ? -1 : number < 0 ? 1 : 0);
	one = holds(c->op, number > 1 ? -1 : number < 1 ? 1 : 0);
	if (zero == one)
		return always(t, left, zero, c);
	if (is_is(c->op))
	{
		/* true of one of the two, so number is 0 or 1 */
		c->whole = tr_printf(t, "(%s IS %s%s)", left->sql,
							 c->op == LITE_OP_ISNOT ? "NOT " : "",
							 number == 1 ? "TRUE" : "FALSE");
		c->never_null = true;
		return true;
	}
	c->whole = one ? left->sql : tr_printf(t, "(NOT %s)", left->sql);
	c->left = left->sql;
	c->right = number == 1 ? "true" : "false";
	return true;
}

/* Both operands as text under SQLite's collation. */
static bool
text_operand(Translator *t, const Piece *piece, const char *sql,
			 const char *collation, bool order, const char **result)
{
	if (sqlite3_stricmp(collation, "NOCASE") == 0)
		*result = tr_printf(t, "lower(%s COLLATE \"C\")", sql);
	else if (sqlite3_stricmp(collation, "RTRIM") == 0)
		*result = order ? tr_printf(t, "rtrim(%s, ' ') COLLATE \"C\"", sql)
						: tr_printf(t, "rtrim(%s, ' ')", sql);
	else if (sqlite3_stricmp(collation, "BINARY") != 0)
		return lite_tr_refuse(t, "It compares text under a collation of the "
								 "application's own.");
	else if (order || (piece->column != NULL && piece->collation != NULL &&
					   sqlite3_stricmp(piece->collation, "BINARY") != 0))
		*result = tr_printf(t, "%s COLLATE \"C\"", sql);
	else
		*result = sql;
	return true;
}

static const char *
choose_collation(const Piece *left, const Piece *right)
{
	if (left->collation_explicit)
		return left->collation;
	if (right->collation_explicit)
		return right->collation;
	if (left->collation != NULL)
		return left->collation;
	return right->collation != NULL ? right->collation : "BINARY";
}

static bool
text_compare(Translator *t, const Piece *left, const Piece *right,
			 const char *collation, Comparison *c)
{
	bool order = is_order(c->op);
	Piece literal;

	if (!text_operand(t, left, left->sql, collation, order, &c->left))
		return false;
	if (right->literal && right->value.cls == LITE_TEXT)
	{
		char *folded =
			lite_arena_strndup(t->arena, right->value.data, right->value.len);

		if (folded == NULL)
			return lite_tr_refuse(t, "It is too large.");
		if (sqlite3_stricmp(collation, "NOCASE") == 0)
			for (char *s = folded; *s != '\0'; s++)
				if (*s >= 'A' && *s <= 'Z')
					*s += 'a' - 'A';
		if (sqlite3_stricmp(collation, "RTRIM") == 0)
			for (size_t n = strlen(folded); n > 0 && folded[n - 1] == ' ';)
				folded[--n] = '\0';
		if (!lite_piece_string(t, &literal, folded, strlen(folded)))
			return false;
		c->right = literal.sql;
		return true;
	}
	return text_operand(t, right, right->sql, collation, false, &c->right);
}

static bool
text_with_literal(Translator *t, const Piece *left, const Piece *right,
				  const LiteValue *value, Comparison *c)
{
	Piece literal = *right;

	if (value->cls == LITE_BLOB)
		return always(t, left, holds(c->op, -1), c);
	if (value->cls != LITE_TEXT)
		/* text without affinity beside a number: text is greater */
		return always(t, left, holds(c->op, 1), c);
	literal.value = *value;
	return text_compare(t, left, &literal, choose_collation(left, right), c);
}

static bool
is_plain_moment(const LiteMoment *m, LiteType type)
{
	if (m->has_zone)
		return false;
	switch (type)
	{
		case LITE_TYPE_DATE:
			return m->has_date && !m->has_time;
		case LITE_TYPE_TIME:
			return !m->has_date && m->has_time;
		default:
			return m->has_date;
	}
}

/*
 * The column's values are text to SQLite, so this is a comparison of texts.
 * It orders as the times do if both are written the same way.  A date beside
 * times is a proper prefix of the text of any time of its day, thus less than
 * all of them, midnight included: > is >=, and <= is <.
 */
static bool
time_with_text(Translator *t, const Piece *left, const LiteValue *value,
			   LiteColumnType type, Comparison *c)
{
	LiteMoment moment;

	if (!lite_parse_moment(value->data, value->len, &moment))
	{
		if (is_order(c->op))
			return lite_tr_refuse(t,
								  "It compares times with a text that is no "
								  "time.");
		return always(t, left, holds(c->op, 1), c);
	}
	if (!is_plain_moment(&moment, type.type))
		return lite_tr_refuse(t, "It compares times as text, with a text that "
								 "is written in another way.");
	if (!moment.has_time && type.type != LITE_TYPE_DATE)
	{
		if (!is_order(c->op))
			return always(t, left, holds(c->op, 1), c);
		if (c->op == LITE_OP_GT)
			c->op = LITE_OP_GE;
		else if (c->op == LITE_OP_LE)
			c->op = LITE_OP_LT;
	}
	if (type.type != LITE_TYPE_DATE)
		lite_tr_note(t, "SQLite compared these times as text; now they are "
						"compared as times.");
	c->left = left->sql;
	c->right = lite_tr_constant(t, value, type);
	return c->right != NULL ||
		   lite_tr_refuse(t, "It compares times with a text that is no time.");
}

static bool
time_with_literal(Translator *t, const Piece *left, const LiteValue *value,
				  Comparison *c)
{
	LiteColumnType type = {left->type, 0, 0, left->format};

	if (left->format == LITE_FORMAT_AUTO || left->column == NULL)
		return lite_tr_refuse(t, "It compares times that are written in "
								 "several ways.");
	if (left->format == LITE_FORMAT_NATIVE)
	{
		if (value->cls == LITE_TEXT)
			return time_with_text(t, left, value, type, c);
		return always(t, left, holds(c->op, value->cls == LITE_BLOB ? -1 : 1),
					  c);
	}
	if (value->cls == LITE_TEXT || value->cls == LITE_BLOB)
		return always(t, left, holds(c->op, -1), c);
	c->left = left->sql;
	c->right = lite_tr_constant(t, value, type);
	return c->right != NULL ||
		   lite_tr_refuse(t, "It compares times with a number that is none.");
}

static bool
uuid_with_literal(Translator *t, const Piece *left, const LiteValue *value,
				  Comparison *c)
{
	LiteColumnType type = {LITE_TYPE_UUID, 0, 0, left->format};

	if (is_order(c->op) || left->format == LITE_FORMAT_AUTO)
		return lite_tr_refuse(t, "It compares the order of UUIDs, or UUIDs "
								 "written in several ways.");
	/* only the canonical form is equal to what is stored */
	for (size_t i = 0; value->cls == LITE_TEXT && i < value->len; i++)
		if (value->data[i] >= 'A' && value->data[i] <= 'Z')
			return lite_tr_refuse(t, "It compares UUIDs with a text in upper "
									 "case.");
	if (value->cls == LITE_TEXT && value->len != 36)
		return always(t, left, holds(c->op, 1), c);
	c->left = left->sql;
	c->right = lite_tr_constant(t, value, type);
	return c->right != NULL || always(t, left, holds(c->op, 1), c);
}

static bool
json_with_literal(Translator *t, const Piece *left, const LiteValue *value,
				  Comparison *c)
{
	LiteColumnType type = {LITE_TYPE_JSONB, 0, 0, LITE_FORMAT_NATIVE};

	if (is_order(c->op) || left->format != LITE_FORMAT_NATIVE ||
		value->cls != LITE_TEXT)
		return lite_tr_refuse(t, "It compares the text of JSON in a way that "
								 "is not translated.");
	c->right = lite_tr_constant(t, value, type);
	if (c->right == NULL)
		return always(t, left, holds(c->op, 1), c);
	c->left = left->type == LITE_TYPE_JSON
				  ? tr_printf(t, "%s::jsonb", left->sql)
				  : left->sql;
	lite_tr_note(t, "SQLite compared the text of JSON; now JSON values are "
					"compared.");
	return true;
}

static bool
with_literal(Translator *t, const Piece *left, const Piece *right,
			 Comparison *c)
{
	LiteValue value = right->value;

	if (left->affinity == LITE_AFFINITY_TEXT ||
		left->affinity == LITE_AFFINITY_NUMERIC ||
		left->affinity == LITE_AFFINITY_INTEGER ||
		left->affinity == LITE_AFFINITY_REAL)
		value = lite_tr_apply_affinity(t, value, left->affinity);
	/* affinity of a comparison makes numbers, it does not force reals */

	if (lite_is_number_type(left->type))
		return number_with_literal(t, left, &value, c);
	if (left->type == LITE_TYPE_BOOL)
	{
		if (left->format == LITE_FORMAT_NATIVE)
			return bool_with_literal(t, left, &value, c);
		return lite_tr_refuse(t, "It compares booleans that are written in "
								 "several ways.");
	}
	if (lite_is_text_type(left->type))
	{
		if (left->column != NULL && left->affinity != LITE_AFFINITY_TEXT &&
			left->affinity != LITE_AFFINITY_BLOB)
			return lite_tr_refuse(t, "It compares text in a column that is "
									 "declared for numbers.");
		return text_with_literal(t, left, right, &value, c);
	}
	if (lite_is_time_type(left->type))
		return time_with_literal(t, left, &value, c);
	if (left->type == LITE_TYPE_UUID)
		return uuid_with_literal(t, left, &value, c);
	if (lite_is_json_type(left->type))
		return json_with_literal(t, left, &value, c);
	if (left->type == LITE_TYPE_BYTEA && left->format == LITE_FORMAT_NATIVE)
	{
		if (value.cls != LITE_BLOB)
			return always(t, left, holds(c->op, 1), c);
		c->left = left->sql;
		c->right = right->sql;
		return true;
	}
	return lite_tr_refuse(t, "It compares values of different types.");
}

/* ------------------------------------------------------------------------
 * With an expression on the right
 * ------------------------------------------------------------------------ */

static bool
numbers(Translator *t, const Piece *left, const Piece *right, Comparison *c)
{
	const char *l = left->sql, *r = right->sql;

	if (left->type == LITE_TYPE_BOOL && right->type != LITE_TYPE_BOOL)
		l = tr_printf(t, "%s::integer", l);
	if (right->type == LITE_TYPE_BOOL && left->type != LITE_TYPE_BOOL)
		r = tr_printf(t, "%s::integer", r);
	if ((left->type == LITE_TYPE_INT8 && right->type == LITE_TYPE_FLOAT8) ||
		(left->type == LITE_TYPE_FLOAT8 && right->type == LITE_TYPE_INT8))
		lite_tr_note(t, "Integers are compared with reals in double "
						"precision.");
	c->left = l;
	c->right = r;
	return true;
}

static bool
is_numeric(const Piece *piece)
{
	return lite_is_number_type(piece->type) ||
		   (piece->type == LITE_TYPE_BOOL &&
			piece->format == LITE_FORMAT_NATIVE);
}

/* A column of times beside datetime() and its like. */
static bool
time_with_instant(Translator *t, const Piece *left, const Piece *right,
				  Comparison *c)
{
	bool dated = left->type == LITE_TYPE_DATE;

	/* seconds beside unixepoch() */
	if (left->format == LITE_FORMAT_UNIX_S && right->instant != NULL &&
		(lite_is_integer_type(right->type) || right->integer_sql != NULL))
	{
		c->left = left->sql;
		c->right = lite_tr_instant(t, right, left->type);
		return c->right != NULL ||
			   lite_tr_refuse(t, "It compares times that are written in "
								 "different ways.");
	}
	if (left->format != LITE_FORMAT_NATIVE || left->type == LITE_TYPE_TIME ||
		!right->has_date || !lite_is_text_type(right->type) ||
		dated == right->has_time)
		return lite_tr_refuse(t, "It compares times that are written in "
								 "different ways.");
	c->left = left->sql;
	c->right = lite_tr_instant(t, right, left->type);
	lite_tr_note(t, "SQLite compared these times as text; now they are "
					"compared as times.");
	return c->right != NULL;
}

static bool
with_expression(Translator *t, const Piece *left, const Piece *right,
				Comparison *c)
{
	if (is_numeric(left) && is_numeric(right))
		return numbers(t, left, right, c);
	if (lite_is_time_type(left->type) && right->instant != NULL)
		return time_with_instant(t, left, right, c);
	if (lite_is_time_type(right->type) && left->instant != NULL)
	{
		c->op = flip(c->op);
		return time_with_instant(t, right, left, c);
	}
	if (lite_is_text_type(left->type) && lite_is_text_type(right->type))
	{
		const Piece *sides[2] = {left, right};

		for (int i = 0; i < 2; i++)
			if (sides[i]->column != NULL &&
				sides[i]->affinity != LITE_AFFINITY_TEXT &&
				sides[i]->affinity != LITE_AFFINITY_BLOB)
				return lite_tr_refuse(t,
									  "It compares text in a column that is "
									  "declared for numbers.");
		return text_compare(t, left, right, choose_collation(left, right), c);
	}
	if (left->type != right->type || left->format != right->format ||
		left->format == LITE_FORMAT_AUTO)
		return lite_tr_refuse(t, "It compares values of different types.");
	if (lite_is_time_type(left->type) && left->format == LITE_FORMAT_NATIVE &&
		left->type != LITE_TYPE_DATE)
		lite_tr_note(t, "SQLite compared these times as text; now they are "
						"compared as times.");
	if (left->type == LITE_TYPE_JSON ||
		(lite_is_json_type(left->type) && is_order(c->op)))
		return lite_tr_refuse(t, "It compares the text of JSON in a way that "
								 "is not translated.");
	if (left->type == LITE_TYPE_JSONB)
		lite_tr_note(t,
					 "SQLite compared the text of JSON; now JSON values are "
					 "compared.");
	c->left = left->sql;
	c->right = right->sql;
	return true;
}

/* ------------------------------------------------------------------------
 * Entries
 * ------------------------------------------------------------------------ */

/* Two literals: decided now. */
static bool
literals(Translator *t, const Piece *left, const Piece *right, Comparison *c)
{
	const LiteValue *a = &left->value, *b = &right->value;
	int order;

	if (a->cls == LITE_INTEGER && b->cls == LITE_INTEGER)
		order = a->i < b->i ? -1 : a->i > b->i;
	else if (a->cls == LITE_TEXT && b->cls == LITE_TEXT &&
			 sqlite3_stricmp(choose_collation(left, right), "BINARY") == 0)
	{
		size_t n = a->len < b->len ? a->len : b->len;

		order = memcmp(a->data, b->data, n);
		if (order == 0)
			order = a->len < b->len ? -1 : a->len > b->len;
	}
	else
		return lite_tr_refuse(t, "It compares two constants.");
	return always(t, left, holds(c->op, order), c);
}

/* Text to SQLite, a number here: '10' < '9' there. */
static bool
is_text_number(const Piece *piece)
{
	return piece->column != NULL && piece->affinity == LITE_AFFINITY_TEXT &&
		   (lite_is_number_type(piece->type) ||
			piece->type == LITE_TYPE_BOOL ||
			(lite_is_time_type(piece->type) &&
			 piece->format != LITE_FORMAT_NATIVE));
}

/* Names of json_type() that are one name of jsonb_typeof(). */
static const char *const json_types[][2] = {{"array", "'array'"},
											{"object", "'object'"},
											{"text", "'string'"},
											{"null", "'null'"}};

static bool
compare(Translator *t, LiteExprOp op, const Piece *left, const Piece *right,
		Comparison *c)
{
	memset(c, 0, sizeof(*c));
	c->op = op;
	if ((left->literal && left->value.cls == LITE_NULL) ||
		(right->literal && right->value.cls == LITE_NULL))
	{
		const Piece *other =
			left->literal && left->value.cls == LITE_NULL ? right : left;

		if (!is_is(op))
			c->whole = "NULL::boolean";
		else
			c->whole = tr_printf(t, "(%s IS %sNULL)", other->sql,
								 op == LITE_OP_IS ? "" : "NOT ");
		c->right = "NULL";
		c->left = NULL;
		return true;
	}
	if ((left->mixed && left->column != NULL) ||
		(right->mixed && right->column != NULL))
		return lite_tr_refuse(t, "It compares a column of mixed storage "
								 "classes.");
	if (is_text_number(left) || is_text_number(right))
		return lite_tr_refuse(t, "It compares numbers that SQLite holds as "
								 "text.");
	if (left->json_typeof != NULL && right->literal &&
		right->value.cls == LITE_TEXT)
		for (int i = 0; i < 4; i++)
			if (right->value.len == strlen(json_types[i][0]) &&
				memcmp(right->value.data, json_types[i][0],
					   right->value.len) == 0)
			{
				c->left = left->json_typeof;
				c->right = json_types[i][1];
				return true;
			}
	if (left->literal && right->literal)
		return literals(t, left, right, c);
	if (left->literal)
	{
		const Piece *swap = left;

		left = right;
		right = swap;
		c->op = flip(op);
	}
	return right->literal ? with_literal(t, left, right, c)
						  : with_expression(t, left, right, c);
}

bool
lite_tr_compare(Translator *t, LiteExprOp op, const Piece *left,
				const Piece *right, Piece *out)
{
	Comparison c;

	if (left->json_value || right->json_value)
		return lite_tr_json_compare(t, op, left, right, out);
	if (!compare(t, op, left, right, &c))
		return false;
	if (c.whole != NULL && c.never_null &&
		(strcmp(c.whole, "true") == 0 || strcmp(c.whole, "false") == 0))
	{
		lite_piece_truth(out, c.never_false);
		return true;
	}
	lite_piece_init(out,
					c.whole != NULL ? c.whole
									: tr_printf(t, "(%s %s %s)", c.left,
												op_sql(c.op), c.right),
					LITE_TYPE_BOOL);
	out->nullable = !is_is(op) && (left->nullable || right->nullable);
	out->never_false = c.never_false;
	return true;
}

bool
lite_tr_between(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece value, low, high, above, below;

	if (!lite_tr_expr(t, expr->args[0], &value) ||
		!lite_tr_expr(t, expr->args[1], &low) ||
		!lite_tr_expr(t, expr->args[2], &high) ||
		!lite_tr_compare(t, LITE_OP_GE, &value, &low, &above) ||
		!lite_tr_compare(t, LITE_OP_LE, &value, &high, &below))
		return false;
	lite_piece_init(out,
					tr_printf(t,
							  expr->negated ? "(NOT (%s AND %s))"
											: "(%s AND %s)",
							  above.sql, below.sql),
					LITE_TYPE_BOOL);
	out->nullable = above.nullable || below.nullable;
	out->never_false =
		!expr->negated && above.never_false && below.never_false;
	return true;
}

/* Is every value of the type among the members?  Only booleans are so few. */
static bool
covers_booleans(const Piece *value, const Piece *members, int n)
{
	bool zero = false, one = false;

	if (value->type != LITE_TYPE_BOOL)
		return false;
	for (int i = 0; i < n; i++)
		if (members[i].literal && members[i].value.cls == LITE_INTEGER)
		{
			zero = zero || members[i].value.i == 0;
			one = one || members[i].value.i == 1;
		}
	return zero && one;
}

/* "left IN (...)" if all members compare alike, else a chain of OR. */
static bool
in_list(Translator *t, const Piece *value, const Piece *members, int n,
		Piece *out)
{
	sqlite3_str *list = sqlite3_str_new(NULL), *chain = sqlite3_str_new(NULL);
	const char *left = NULL, *list_sql, *chain_sql;
	bool alike = true, done = true;

	for (int i = 0; i < n && done; i++)
	{
		Comparison c;
		Piece equal;

		done = lite_tr_compare(t, LITE_OP_EQ, value, &members[i], &equal);
		if (!done)
			break;
		sqlite3_str_appendf(chain, "%s%s", i > 0 ? " OR " : "", equal.sql);
		if (value->json_value || members[i].json_value || !alike)
		{
			alike = false;
			continue;
		}
		done = compare(t, LITE_OP_EQ, value, &members[i], &c);
		if (c.right == NULL || c.op != LITE_OP_EQ)
			alike = false;
		else if (c.left != NULL)
		{
			alike = left == NULL || strcmp(left, c.left) == 0;
			left = c.left;
		}
		sqlite3_str_appendf(list, "%s%s", i > 0 ? ", " : "", c.right);
	}
	list_sql = lite_arena_finish(t->arena, list);
	chain_sql = lite_arena_finish(t->arena, chain);
	if (!done)
		return false;
	lite_piece_init(out,
					alike && left != NULL && !value->literal
						? tr_printf(t, "(%s IN (%s))", left, list_sql)
						: tr_printf(t, "(%s)", chain_sql),
					LITE_TYPE_BOOL);
	return true;
}

bool
lite_tr_in(Translator *t, const LiteExpr *expr, Piece *out)
{
	int n = expr->nargs - 1;
	Piece *members = lite_arena_newarray(t->arena, Piece, n + 1);
	Piece value;
	bool nullable;

	if (members == NULL)
		return lite_tr_refuse(t, "It is too large.");
	if (n == 0)
	{
		lite_piece_truth(out, expr->negated);
		return true;
	}
	if (!lite_tr_expr(t, expr->args[0], &value))
		return false;
	nullable = value.nullable;
	for (int i = 0; i < n; i++)
	{
		if (!lite_tr_expr(t, expr->args[i + 1], &members[i]))
			return false;
		/* the members have neither affinity nor collation: "a = +b" */
		members[i].affinity = NO_AFFINITY;
		members[i].collation = NULL;
		members[i].collation_explicit = false;
		nullable = nullable || members[i].nullable;
	}
	if (!in_list(t, &value, members, n, out))
		return false;
	out->nullable = nullable;
	out->never_false = !expr->negated && covers_booleans(&value, members, n);
	if (expr->negated)
		out->sql = tr_printf(t, "(NOT %s)", out->sql);
	return true;
}
