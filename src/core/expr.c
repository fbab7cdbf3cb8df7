/*
 * expr.c
 *	  The parser of SQLite expressions.
 *
 * Recursive descent over SQLite's grammar (parse.y), with its precedences,
 * lowest first:
 *
 *		OR
 *		AND
 *		NOT									(prefix)
 *		= == <> != IS IN LIKE GLOB MATCH REGEXP BETWEEN ISNULL NOTNULL
 *		< <= > >=
 *		& | << >>
 *		+ -
 *		* / %
 *		|| -> ->>
 *		COLLATE								(postfix)
 *		~ + -								(prefix)
 *
 * What is SQL but is never translated (subselects, window functions, bind
 * parameters, RAISE) becomes a REFUSED node: its parentheses are stepped
 * over, so that the rest of a table's definition is still read.
 *
 * Cost: every token is read once and never again; the depth of the recursion
 * and the height of the tree are bounded by LITE_EXPR_MAX_HEIGHT, the number
 * of tokens by LITE_SQL_MAX_TOKENS.
 */
#include "core/parse_int.h"

#include <stdlib.h>
#include <string.h>

/* Precedences, as parse.y orders them. */
enum
{
	PREC_OR = 1,
	PREC_AND,
	PREC_NOT,
	PREC_EQUALITY,
	PREC_ORDER,
	PREC_BITS,
	PREC_SUM,
	PREC_PRODUCT,
	PREC_CONCAT,
	PREC_COLLATE
};

static LiteExpr *parse_binary(LiteParser *p, int lowest);

/* A node over one, two or three others (NULL: not there). */
static LiteExpr *
make_node(LiteParser *p, LiteExprKind kind, LiteExprOp op, int offset,
		  LiteExpr *a, LiteExpr *b, LiteExpr *c)
{
	LiteExpr *node = lite_parser_node(p, kind, op, offset);
	int capacity = 0;

	if (!lite_parser_add(p, node, &capacity, a))
		return NULL;
	if (b != NULL && !lite_parser_add(p, node, &capacity, b))
		return NULL;
	if (c != NULL && !lite_parser_add(p, node, &capacity, c))
		return NULL;
	return p->failed ? NULL : node;
}

/* what: a noun with its article, for "... is not translated". */
static LiteExpr *
make_refused(LiteParser *p, int offset, const char *what)
{
	LiteExpr *node =
		lite_parser_node(p, LITE_EXPR_REFUSED, LITE_OP_NONE, offset);

	if (node != NULL)
	{
		node->text = what;
		node->length = strlen(what);
	}
	return node;
}

/* ------------------------------------------------------------------------
 * Primaries
 * ------------------------------------------------------------------------ */

/* Past the parenthesis that is the current token, and all within. */
static void
skip_parentheses(LiteParser *p)
{
	int open = 0;

	do
	{
		if (p->token.kind == LITE_TK_LP)
			open++;
		else if (p->token.kind == LITE_TK_RP)
			open--;
		else if (p->token.kind == LITE_TK_END ||
				 p->token.kind == LITE_TK_ILLEGAL)
			lite_parser_fail(p, "A parenthesis is not closed");
		lite_parser_advance(p);
	} while (open > 0 && !p->failed);
}

static bool
starts_select(LiteTokenKind kind)
{
	return kind == LITE_KW_SELECT || kind == LITE_KW_VALUES ||
		   kind == LITE_KW_WITH;
}

/* "(" is the current token. */
static LiteExpr *
parse_parenthesis(LiteParser *p)
{
	int offset = p->token.offset;
	LiteExpr *first, *row;
	int capacity = 0;

	if (starts_select(p->ahead.kind))
	{
		skip_parentheses(p);
		return make_refused(p, offset, "a subselect");
	}
	lite_parser_advance(p);
	first = parse_binary(p, PREC_OR);
	if (p->token.kind != LITE_TK_COMMA)
	{
		lite_parser_expect(p, LITE_TK_RP, "A parenthesis is not closed");
		return p->failed ? NULL : first;
	}
	row = lite_parser_node(p, LITE_EXPR_ROW, LITE_OP_NONE, offset);
	lite_parser_add(p, row, &capacity, first);
	while (lite_parser_accept(p, LITE_TK_COMMA))
		lite_parser_add(p, row, &capacity, parse_binary(p, PREC_OR));
	lite_parser_expect(p, LITE_TK_RP, "A parenthesis is not closed");
	return p->failed ? NULL : row;
}

static LiteExpr *
parse_case(LiteParser *p)
{
	LiteExpr *node =
		lite_parser_node(p, LITE_EXPR_CASE, LITE_OP_NONE, p->token.offset);
	int capacity = 0;

	lite_parser_advance(p);
	if (node == NULL)
		return NULL;
	if (p->token.kind != LITE_KW_WHEN)
	{
		node->has_operand = true;
		lite_parser_add(p, node, &capacity, parse_binary(p, PREC_OR));
	}
	if (p->token.kind != LITE_KW_WHEN)
		lite_parser_fail(p, "CASE has no WHEN");
	while (lite_parser_accept(p, LITE_KW_WHEN))
	{
		lite_parser_add(p, node, &capacity, parse_binary(p, PREC_OR));
		lite_parser_expect(p, LITE_KW_THEN, "CASE has no THEN");
		lite_parser_add(p, node, &capacity, parse_binary(p, PREC_OR));
	}
	if (lite_parser_accept(p, LITE_KW_ELSE))
	{
		node->has_else = true;
		lite_parser_add(p, node, &capacity, parse_binary(p, PREC_OR));
	}
	lite_parser_expect(p, LITE_KW_END, "CASE has no END");
	node->end = p->previous_end;
	return p->failed ? NULL : node;
}

/* The tokens of a type as they stand, one space between words. */
const char *
lite_parser_type(LiteParser *p)
{
	int start = p->token.offset, end = start;

	while (!p->failed && (lite_token_is_id(p->token.kind) ||
						  p->token.kind == LITE_TK_STRING))
	{
		/* A column's GENERATED ALWAYS is no part of its type. */
		if (p->token.kind == LITE_KW_GENERATED)
			break;
		lite_parser_advance(p);
		end = p->previous_end;
	}
	if (end > start && lite_parser_accept(p, LITE_TK_LP))
	{
		do
		{
			if (!lite_parser_accept(p, LITE_TK_PLUS))
				(void) lite_parser_accept(p, LITE_TK_MINUS);
			if (!lite_parser_accept(p, LITE_TK_INTEGER))
				lite_parser_expect(p, LITE_TK_FLOAT,
								   "A type's size is no number");
		} while (lite_parser_accept(p, LITE_TK_COMMA));
		lite_parser_expect(p, LITE_TK_RP, "A type's size is not closed");
		end = p->previous_end;
	}
	if (p->failed)
		return NULL;
	return lite_arena_strndup(p->arena, p->text + start,
							  (size_t) (end - start));
}

static LiteExpr *
parse_cast(LiteParser *p)
{
	LiteExpr *node =
		lite_parser_node(p, LITE_EXPR_CAST, LITE_OP_NONE, p->token.offset);
	int capacity = 0;

	lite_parser_advance(p);
	lite_parser_advance(p);
	lite_parser_add(p, node, &capacity, parse_binary(p, PREC_OR));
	lite_parser_expect(p, LITE_KW_AS, "CAST has no AS");
	if (p->failed)
		return NULL;
	node->text = lite_parser_type(p);
	lite_parser_expect(p, LITE_TK_RP, "CAST is not closed");
	if (p->failed || node->text == NULL)
		return NULL;
	node->length = strlen(node->text);
	node->end = p->previous_end;
	return node;
}

/* FILTER and OVER are keywords only here, after a function's parenthesis. */
static LiteExpr *
parse_window(LiteParser *p, LiteExpr *call, int offset)
{
	bool window = false;

	if (p->token.kind == LITE_KW_FILTER && p->ahead.kind == LITE_TK_LP)
	{
		window = true;
		lite_parser_advance(p);
		skip_parentheses(p);
	}
	if (p->token.kind == LITE_KW_OVER &&
		(p->ahead.kind == LITE_TK_LP || lite_token_is_name(p->ahead.kind)))
	{
		window = true;
		lite_parser_advance(p);
		if (p->token.kind == LITE_TK_LP)
			skip_parentheses(p);
		else
			lite_parser_advance(p);
	}
	return window ? make_refused(p, offset, "a window function") : call;
}

/* A name and "(" are the current tokens. */
static LiteExpr *
parse_function(LiteParser *p)
{
	int offset = p->token.offset;
	LiteExpr *node =
		lite_parser_node(p, LITE_EXPR_FUNCTION, LITE_OP_NONE, offset);
	int capacity = 0;

	if (p->token.kind == LITE_KW_RAISE)
	{
		lite_parser_advance(p);
		skip_parentheses(p);
		return make_refused(p, offset, "RAISE");
	}
	node = lite_parser_take(p, node);
	lite_parser_advance(p);
	if (node == NULL)
		return NULL;
	if (lite_parser_accept(p, LITE_TK_STAR))
		node->star = true;
	else if (p->token.kind != LITE_TK_RP)
	{
		if (lite_parser_accept(p, LITE_KW_DISTINCT))
			node->distinct = true;
		else
			(void) lite_parser_accept(p, LITE_KW_ALL);
		do
			lite_parser_add(p, node, &capacity, parse_binary(p, PREC_OR));
		while (lite_parser_accept(p, LITE_TK_COMMA));
		if (p->token.kind == LITE_KW_ORDER)
		{
			lite_parser_fail(p, "An aggregate's ORDER BY is not supported");
			return NULL;
		}
	}
	lite_parser_expect(p, LITE_TK_RP,
					   "A function's parenthesis is not closed");
	node->end = p->previous_end;
	return parse_window(p, node, offset);
}

/* name, table.name or schema.table.name */
static LiteExpr *
parse_name(LiteParser *p)
{
	LiteExpr *node =
		lite_parser_node(p, LITE_EXPR_NAME, LITE_OP_NONE, p->token.offset);
	char quote = p->text[p->token.offset];

	node = lite_parser_take(p, node);
	if (node == NULL)
		return NULL;
	node->perhaps_string = quote == '"';
	node->quoted =
		quote == '"' || quote == '`' || quote == '[' || quote == '\'';
	for (int part = 1; part < 3 && lite_parser_accept(p, LITE_TK_DOT); part++)
	{
		node->qualifier = node->text;
		node->perhaps_string = false;
		if (!lite_token_is_name(p->token.kind))
			lite_parser_fail(p, "A name is missing after the dot");
		if (lite_parser_take(p, node) == NULL)
			return NULL;
	}
	return node;
}

static LiteExpr *
parse_primary(LiteParser *p)
{
	LiteTokenKind kind = p->token.kind;
	int offset = p->token.offset;
	bool call = p->ahead.kind == LITE_TK_LP;
	LiteExpr *node;

	if (kind == LITE_TK_LP)
		return parse_parenthesis(p);
	if (kind == LITE_KW_CASE)
		return parse_case(p);
	if (kind == LITE_KW_CAST && call)
		return parse_cast(p);
	if (kind == LITE_KW_EXISTS && call)
	{
		lite_parser_advance(p);
		skip_parentheses(p);
		return make_refused(p, offset, "a subselect");
	}
	if (kind == LITE_TK_VARIABLE)
	{
		lite_parser_advance(p);
		return make_refused(p, offset, "a bind parameter");
	}
	if (lite_token_is_name(kind) && p->ahead.kind == LITE_TK_DOT)
		return parse_name(p);
	if (lite_token_is_id(kind) && call)
		return parse_function(p);
	node = lite_parser_term(p);
	if (node != NULL || p->failed)
		return node;
	if (lite_token_is_name(kind))
		return parse_name(p);
	lite_parser_fail(p, kind == LITE_TK_ILLEGAL ? "This is no token of SQL"
												: "An expression is missing");
	return NULL;
}

/*
 * Called where the recursion enters a level; leave_level() where it returns.
 * What nests passes through parse_binary() or a prefix operator.
 */
static bool
enter_level(LiteParser *p)
{
	if (p->failed)
		return false;
	if (p->depth >= 2 * LITE_EXPR_MAX_HEIGHT)
	{
		lite_parser_fail(p, "The expression is nested too deeply");
		return false;
	}
	p->depth++;
	return true;
}

static LiteExpr *
leave_level(LiteParser *p, LiteExpr *node)
{
	p->depth--;
	return p->failed ? NULL : node;
}

/* Prefix operators. */
static LiteExpr *
parse_unary(LiteParser *p)
{
	int offset = p->token.offset;
	LiteExprOp op = LITE_OP_NONE;
	LiteExpr *node;

	if (p->failed)
		return NULL;
	if (p->token.kind == LITE_KW_NOT)
		op = LITE_OP_NOT;
	else if (p->token.kind == LITE_TK_PLUS)
		op = LITE_OP_PLUS;
	else if (p->token.kind == LITE_TK_MINUS)
		op = LITE_OP_MINUS;
	else if (p->token.kind == LITE_TK_BITNOT)
		op = LITE_OP_BITNOT;

	if (op == LITE_OP_NONE)
		return parse_primary(p);
	if (!enter_level(p))
		return NULL;
	lite_parser_advance(p);
	node = op == LITE_OP_NOT ? parse_binary(p, PREC_EQUALITY) : parse_unary(p);
	if (op == LITE_OP_MINUS && node != NULL && node->kind == LITE_EXPR_REAL &&
		strcmp(node->text, "9223372036854775808") == 0)
	{
		node->kind = LITE_EXPR_INTEGER;
		node->integer = INT64_MIN;
	}
	else
		node = make_node(p, LITE_EXPR_UNARY, op, offset, node, NULL, NULL);
	return leave_level(p, node);
}

/* ------------------------------------------------------------------------
 * Infix and postfix
 * ------------------------------------------------------------------------ */

typedef struct Infix
{
	LiteTokenKind token;
	LiteExprOp op;
	int precedence;
} Infix;

static const Infix infixes[] = {
	{LITE_KW_OR, LITE_OP_OR, PREC_OR},
	{LITE_KW_AND, LITE_OP_AND, PREC_AND},
	{LITE_TK_EQ, LITE_OP_EQ, PREC_EQUALITY},
	{LITE_TK_NE, LITE_OP_NE, PREC_EQUALITY},
	{LITE_TK_LT, LITE_OP_LT, PREC_ORDER},
	{LITE_TK_LE, LITE_OP_LE, PREC_ORDER},
	{LITE_TK_GT, LITE_OP_GT, PREC_ORDER},
	{LITE_TK_GE, LITE_OP_GE, PREC_ORDER},
	{LITE_TK_BITAND, LITE_OP_BITAND, PREC_BITS},
	{LITE_TK_BITOR, LITE_OP_BITOR, PREC_BITS},
	{LITE_TK_LSHIFT, LITE_OP_LSHIFT, PREC_BITS},
	{LITE_TK_RSHIFT, LITE_OP_RSHIFT, PREC_BITS},
	{LITE_TK_PLUS, LITE_OP_ADD, PREC_SUM},
	{LITE_TK_MINUS, LITE_OP_SUB, PREC_SUM},
	{LITE_TK_STAR, LITE_OP_MUL, PREC_PRODUCT},
	{LITE_TK_SLASH, LITE_OP_DIV, PREC_PRODUCT},
	{LITE_TK_REM, LITE_OP_REM, PREC_PRODUCT},
	{LITE_TK_CONCAT, LITE_OP_CONCAT, PREC_CONCAT},
	{LITE_TK_PTR, LITE_OP_ARROW, PREC_CONCAT},
	{LITE_TK_PTR2, LITE_OP_ARROW2, PREC_CONCAT},
};

static const Infix *
find_infix(LiteTokenKind kind)
{
	for (size_t i = 0; i < sizeof(infixes) / sizeof(infixes[0]); i++)
		if (infixes[i].token == kind)
			return &infixes[i];
	return NULL;
}

static LiteExprOp
like_op(LiteTokenKind kind)
{
	return kind == LITE_KW_LIKE		? LITE_OP_LIKE
		   : kind == LITE_KW_GLOB	? LITE_OP_GLOB
		   : kind == LITE_KW_REGEXP ? LITE_OP_REGEXP
		   : kind == LITE_KW_MATCH	? LITE_OP_MATCH
									: LITE_OP_NONE;
}

static LiteExpr *
parse_like(LiteParser *p, LiteExpr *left, bool negated)
{
	LiteExprOp op = like_op(p->token.kind);
	LiteExpr *pattern, *escape = NULL, *node;

	lite_parser_advance(p);
	pattern = parse_binary(p, PREC_ORDER);
	if (lite_parser_accept(p, LITE_KW_ESCAPE))
		escape = parse_binary(p, PREC_ORDER);
	if (pattern == NULL || p->failed)
		return NULL;
	node =
		make_node(p, LITE_EXPR_LIKE, op, left->offset, left, pattern, escape);
	if (node != NULL)
		node->negated = negated;
	return node;
}

/* The lower bound reaches up to its AND. */
static LiteExpr *
parse_between(LiteParser *p, LiteExpr *left, bool negated)
{
	LiteExpr *low, *high, *node;

	lite_parser_advance(p);
	low = parse_binary(p, PREC_NOT);
	lite_parser_expect(p, LITE_KW_AND, "BETWEEN has no AND");
	high = parse_binary(p, PREC_ORDER);
	if (low == NULL || high == NULL || p->failed)
		return NULL;
	node = make_node(p, LITE_EXPR_BETWEEN, LITE_OP_NONE, left->offset, left,
					 low, high);
	if (node != NULL)
		node->negated = negated;
	return node;
}

static LiteExpr *
parse_in(LiteParser *p, LiteExpr *left, bool negated)
{
	LiteExpr *node =
		lite_parser_node(p, LITE_EXPR_IN, LITE_OP_NONE, left->offset);
	int capacity = 0;

	lite_parser_advance(p);
	if (node == NULL)
		return NULL;
	if (p->token.kind != LITE_TK_LP)
	{
		/* a table, perhaps of another schema, perhaps a function */
		(void) lite_parser_name(p, "IN has no list");
		if (lite_parser_accept(p, LITE_TK_DOT))
			(void) lite_parser_name(p, "A name is missing after the dot");
		if (p->token.kind == LITE_TK_LP)
			skip_parentheses(p);
		return make_refused(p, left->offset, "a subselect");
	}
	if (starts_select(p->ahead.kind))
	{
		skip_parentheses(p);
		return make_refused(p, left->offset, "a subselect");
	}
	node->negated = negated;
	lite_parser_add(p, node, &capacity, left);
	lite_parser_advance(p);
	if (p->token.kind != LITE_TK_RP)
	{
		do
			lite_parser_add(p, node, &capacity, parse_binary(p, PREC_OR));
		while (lite_parser_accept(p, LITE_TK_COMMA));
	}
	lite_parser_expect(p, LITE_TK_RP, "The list of IN is not closed");
	node->end = p->previous_end;
	return p->failed ? NULL : node;
}

/* IS [NOT] [DISTINCT FROM]: "IS NOT DISTINCT FROM" is IS. */
static LiteExpr *
parse_is(LiteParser *p, LiteExpr *left)
{
	bool negated;
	LiteExpr *right;

	lite_parser_advance(p);
	negated = lite_parser_accept(p, LITE_KW_NOT);
	if (lite_parser_accept(p, LITE_KW_DISTINCT))
	{
		lite_parser_expect(p, LITE_KW_FROM, "IS DISTINCT has no FROM");
		negated = !negated;
	}
	right = parse_binary(p, PREC_ORDER);
	if (right == NULL)
		return NULL;
	if (right->kind == LITE_EXPR_NULL)
		return make_node(p, LITE_EXPR_UNARY,
						 negated ? LITE_OP_NOTNULL : LITE_OP_ISNULL,
						 left->offset, left, NULL, NULL);
	return make_node(p, LITE_EXPR_BINARY, negated ? LITE_OP_ISNOT : LITE_OP_IS,
					 left->offset, left, right, NULL);
}

/*
 * The operators of the level of "=" that are no plain infix.  Sets *done if
 * the current token is none of them.
 */
static LiteExpr *
parse_predicate(LiteParser *p, LiteExpr *left, bool *done)
{
	bool negated = false;
	LiteTokenKind kind = p->token.kind;

	*done = false;
	if (kind == LITE_KW_ISNULL || kind == LITE_KW_NOTNULL)
	{
		lite_parser_advance(p);
		return make_node(p, LITE_EXPR_UNARY,
						 kind == LITE_KW_ISNULL ? LITE_OP_ISNULL
												: LITE_OP_NOTNULL,
						 left->offset, left, NULL, NULL);
	}
	if (kind == LITE_KW_IS)
		return parse_is(p, left);
	if (kind == LITE_KW_NOT)
	{
		kind = p->ahead.kind;
		if (kind == LITE_KW_NULL)
		{
			lite_parser_advance(p);
			lite_parser_advance(p);
			return make_node(p, LITE_EXPR_UNARY, LITE_OP_NOTNULL, left->offset,
							 left, NULL, NULL);
		}
		if (kind != LITE_KW_BETWEEN && kind != LITE_KW_IN &&
			like_op(kind) == LITE_OP_NONE)
		{
			*done = true;
			return left;
		}
		negated = true;
		lite_parser_advance(p);
	}
	if (like_op(kind) != LITE_OP_NONE)
		return parse_like(p, left, negated);
	if (kind == LITE_KW_BETWEEN)
		return parse_between(p, left, negated);
	if (kind == LITE_KW_IN)
		return parse_in(p, left, negated);
	*done = true;
	return left;
}

static LiteExpr *
parse_collate(LiteParser *p, LiteExpr *left)
{
	LiteExpr *node;

	lite_parser_advance(p);
	node = make_node(p, LITE_EXPR_COLLATE, LITE_OP_NONE, left->offset, left,
					 NULL, NULL);
	if (!p->failed && !lite_token_is_id(p->token.kind) &&
		p->token.kind != LITE_TK_STRING)
		lite_parser_fail(p, "COLLATE has no name");
	return lite_parser_take(p, node);
}

/* An expression of operators that bind at least as strongly as lowest. */
static LiteExpr *
parse_binary(LiteParser *p, int lowest)
{
	LiteExpr *left;

	if (!enter_level(p))
		return NULL;
	left = parse_unary(p);
	while (left != NULL && !p->failed)
	{
		const Infix *infix = find_infix(p->token.kind);
		bool done = true;

		if (infix != NULL)
		{
			LiteExpr *right;

			if (infix->precedence < lowest)
				break;
			lite_parser_advance(p);
			right = parse_binary(p, infix->precedence + 1);
			if (right == NULL)
				break;
			left = make_node(p, LITE_EXPR_BINARY, infix->op, left->offset,
							 left, right, NULL);
			continue;
		}
		if (p->token.kind == LITE_KW_COLLATE && lowest <= PREC_COLLATE)
		{
			left = parse_collate(p, left);
			continue;
		}
		if (lowest <= PREC_EQUALITY)
			left = parse_predicate(p, left, &done);
		if (done)
			break;
	}
	return leave_level(p, left);
}

LiteExpr *
lite_parser_signed(LiteParser *p)
{
	return parse_unary(p);
}

LiteExpr *
lite_parser_bare_name(LiteParser *p)
{
	return parse_name(p);
}

LiteExpr *
lite_parser_expr(LiteParser *p)
{
	return parse_binary(p, PREC_OR);
}

/* ------------------------------------------------------------------------
 * Entries
 * ------------------------------------------------------------------------ */

LiteStatus
lite_expr_parse(LiteArena *arena, const char *text, const LiteExpr **result,
				LiteError *err)
{
	LiteParser p;

	*result = NULL;
	if (lite_parser_init(&p, arena, text, err))
	{
		*result = lite_parser_expr(&p);
		if (!p.failed && p.token.kind != LITE_TK_END)
			lite_parser_fail(&p, "The expression goes on unexpectedly");
	}
	return lite_parser_status(&p);
}

LiteStatus
lite_expr_parse_default(LiteArena *arena, const char *text,
						const LiteExpr **result, LiteError *err)
{
	LiteExpr *node;
	LiteStatus status;
	bool truth;

	status = lite_expr_parse(arena, text, (const LiteExpr **) &node, err);
	*result = node;
	if (status == LITE_OK && node->kind == LITE_EXPR_NAME &&
		node->qualifier == NULL && !lite_expr_is_truth(node, &truth))
		node->kind = LITE_EXPR_STRING;
	return status;
}

bool
lite_expr_is_truth(const LiteExpr *expr, bool *value)
{
	if (expr->kind != LITE_EXPR_NAME || expr->qualifier != NULL ||
		expr->quoted)
		return false;
	*value = lite_name_equal(expr->text, "true");
	return *value || lite_name_equal(expr->text, "false");
}
