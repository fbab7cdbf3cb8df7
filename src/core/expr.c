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

bool
lite_name_equal(const char *a, const char *b)
{
	return sqlite3_stricmp(a, b) == 0;
}

bool
lite_parser_init(LiteParser *p, LiteArena *arena, const char *text,
				 LiteError *err)
{
	size_t length = strlen(text);

	memset(p, 0, sizeof(*p));
	p->arena = arena;
	p->text = text;
	p->err = err;
	p->status = LITE_OK;
	if (length > LITE_SQL_MAX_BYTES)
	{
		p->failed = true;
		p->status = lite_error_set(err, LITE_UNSUPPORTED,
								   "SQL text is too long to be parsed");
		lite_error_detail(err, "It has %zu bytes; the limit is %d.", length,
						  LITE_SQL_MAX_BYTES);
		return false;
	}
	p->length = (int) length;
	p->token = lite_token_next(text, p->length, 0);
	p->ahead =
		lite_token_next(text, p->length, p->token.offset + p->token.length);
	return true;
}

/* The text from the token on, clipped for a message. */
static void
fail_at(LiteParser *p, const char *what)
{
	char near[64];
	int offset = p->token.offset;

	if (p->failed)
		return;
	p->failed = true;
	p->token.kind = LITE_TK_END; /* nothing more is read */
	p->ahead.kind = LITE_TK_END;
	if (lite_arena_failed(p->arena))
	{
		p->status = lite_error_nomem(p->err);
		return;
	}
	p->status =
		lite_error_set(p->err, LITE_UNSUPPORTED, "SQL text does not parse");
	if (offset >= p->length)
		lite_error_detail(p->err, "%s, at the end of the text.", what);
	else
		lite_error_detail(p->err, "%s, at byte %d, near \"%s\".", what, offset,
						  lite_text_clip(near, sizeof(near), p->text + offset,
										 (size_t) (p->length - offset)));
}

void
lite_parser_fail(LiteParser *p, const char *what)
{
	fail_at(p, what);
}

LiteStatus
lite_parser_status(LiteParser *p)
{
	if (p->status == LITE_OK && lite_arena_failed(p->arena))
		p->status = lite_error_nomem(p->err);
	return p->status;
}

void
lite_parser_advance(LiteParser *p)
{
	if (p->failed)
		return;
	if (++p->ntokens > LITE_SQL_MAX_TOKENS)
	{
		fail_at(p, "There are too many tokens");
		return;
	}
	p->previous_end = p->token.offset + p->token.length;
	p->token = p->ahead;
	if (p->ahead.kind != LITE_TK_END)
		p->ahead = lite_token_next(p->text, p->length,
								   p->ahead.offset + p->ahead.length);
}

bool
lite_parser_accept(LiteParser *p, LiteTokenKind kind)
{
	if (p->failed || p->token.kind != kind)
		return false;
	lite_parser_advance(p);
	return true;
}

bool
lite_parser_expect(LiteParser *p, LiteTokenKind kind, const char *what)
{
	if (lite_parser_accept(p, kind))
		return true;
	fail_at(p, what);
	return false;
}

/* ------------------------------------------------------------------------
 * Nodes
 * ------------------------------------------------------------------------ */

LiteExpr *
lite_parser_node(LiteParser *p, LiteExprKind kind, LiteExprOp op, int offset)
{
	LiteExpr *node;

	if (p->failed)
		return NULL;
	node = lite_arena_new(p->arena, LiteExpr);
	if (node == NULL)
	{
		fail_at(p, "Out of memory");
		return NULL;
	}
	node->kind = kind;
	node->op = op;
	node->offset = offset;
	node->end = p->previous_end;
	node->height = 1;
	return node;
}

/* Appends child; false (failed) if there is none, or the tree gets too high.
 * *capacity starts as 0 with the first child. */
bool
lite_parser_add(LiteParser *p, LiteExpr *parent, int *capacity,
				LiteExpr *child)
{
	if (parent == NULL || child == NULL || p->failed)
		return false;
	parent->args = lite_arena_grow(p->arena, parent->args, parent->nargs,
								   capacity, sizeof(LiteExpr *));
	if (parent->args == NULL)
	{
		fail_at(p, "Out of memory");
		return false;
	}
	parent->args[parent->nargs++] = child;
	if (child->height + 1 > parent->height)
		parent->height = child->height + 1;
	if (parent->height > LITE_EXPR_MAX_HEIGHT)
	{
		fail_at(p, "The expression is nested too deeply");
		return false;
	}
	parent->end = p->previous_end;
	return true;
}

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

const char *
lite_parser_unquote(LiteParser *p, LiteToken token, size_t *length)
{
	const char *s = p->text + token.offset;
	size_t n = (size_t) token.length, used = 0;
	char quote = s[0];
	char *result;

	if (quote == '[')
	{
		*length = n - 2;
		return lite_arena_strndup(p->arena, s + 1, n - 2);
	}
	if (quote != '\'' && quote != '"' && quote != '`')
	{
		*length = n;
		return lite_arena_strndup(p->arena, s, n);
	}
	result = lite_arena_alloc(p->arena, n);
	if (result == NULL)
		return NULL;
	for (size_t i = 1; i < n - 1; i++)
	{
		if (s[i] == quote)
			i++;
		result[used++] = s[i];
	}
	result[used] = '\0';
	*length = used;
	return result;
}

/* Reads the current token's content into the node. */
static LiteExpr *
take_text(LiteParser *p, LiteExpr *node)
{
	if (node == NULL)
		return NULL;
	node->text = lite_parser_unquote(p, p->token, &node->length);
	lite_parser_advance(p);
	node->end = p->previous_end;
	return p->failed ? NULL : node;
}

const char *
lite_parser_name(LiteParser *p, const char *what)
{
	const char *name;
	size_t length;

	if (p->failed || !lite_token_is_name(p->token.kind))
	{
		fail_at(p, what);
		return NULL;
	}
	name = lite_parser_unquote(p, p->token, &length);
	lite_parser_advance(p);
	return name;
}

/* ------------------------------------------------------------------------
 * Literals
 * ------------------------------------------------------------------------ */

static int
hex_value(char c)
{
	return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

static LiteExpr *
parse_hex(LiteParser *p)
{
	LiteExpr *node =
		lite_parser_node(p, LITE_EXPR_INTEGER, LITE_OP_NONE, p->token.offset);
	const char *s = p->text + p->token.offset;
	uint64_t value = 0;

	for (int i = 2; i < p->token.length; i++)
	{
		if (value >> 60 != 0)
		{
			fail_at(p, "The hexadecimal number is beyond 64 bits");
			return NULL;
		}
		value = value << 4 | (uint64_t) hex_value(s[i]);
	}
	if (node != NULL)
		node->integer = (int64_t) value;
	lite_parser_advance(p);
	return node;
}

/* Integers beyond 64 bits are reals, as in SQLite; the text stays with the
 * node because a minus before 9223372036854775808 makes it an integer. */
static LiteExpr *
parse_number(LiteParser *p)
{
	const char *s = p->text + p->token.offset;
	char *copy;
	LiteExpr *node;
	int64_t value = 0;
	bool fits = p->token.kind == LITE_TK_INTEGER;

	if (fits && p->token.length > 2 && (s[1] | 0x20) == 'x')
		return parse_hex(p);

	for (int i = 0; fits && i < p->token.length; i++)
	{
		int digit = s[i] - '0';

		if (value > (INT64_MAX - digit) / 10)
			fits = false;
		else
			value = value * 10 + digit;
	}
	node = lite_parser_node(p, fits ? LITE_EXPR_INTEGER : LITE_EXPR_REAL,
							LITE_OP_NONE, p->token.offset);
	copy = lite_arena_strndup(p->arena, s, (size_t) p->token.length);
	if (node == NULL || copy == NULL)
		return NULL;
	node->text = copy;
	node->length = (size_t) p->token.length;
	if (fits)
		node->integer = value;
	else
		node->real = strtod(copy, NULL);
	lite_parser_advance(p);
	node->end = p->previous_end;
	return node;
}

static LiteExpr *
parse_blob(LiteParser *p)
{
	LiteExpr *node =
		lite_parser_node(p, LITE_EXPR_BLOB, LITE_OP_NONE, p->token.offset);
	const char *s = p->text + p->token.offset + 2;
	size_t n = (size_t) (p->token.length - 3) / 2;
	char *bytes = lite_arena_alloc(p->arena, n + 1);

	if (node == NULL || bytes == NULL)
		return NULL;
	for (size_t i = 0; i < n; i++)
		bytes[i] = (char) (hex_value(s[2 * i]) << 4 | hex_value(s[2 * i + 1]));
	node->text = bytes;
	node->length = n;
	lite_parser_advance(p);
	node->end = p->previous_end;
	return node;
}

static LiteExprOp
now_op(LiteTokenKind kind)
{
	return kind == LITE_KW_CURRENT_DATE	  ? LITE_OP_DATE
		   : kind == LITE_KW_CURRENT_TIME ? LITE_OP_TIME
										  : LITE_OP_TIMESTAMP;
}

LiteExpr *
lite_parser_term(LiteParser *p)
{
	LiteExpr *node;
	int offset = p->token.offset;

	if (p->failed)
		return NULL;
	if (p->token.kind == LITE_TK_INTEGER || p->token.kind == LITE_TK_FLOAT)
		return parse_number(p);
	if (p->token.kind == LITE_TK_BLOB)
		return parse_blob(p);
	if (p->token.kind == LITE_TK_STRING)
		return take_text(p, lite_parser_node(p, LITE_EXPR_STRING, LITE_OP_NONE,
											 offset));
	if (p->token.kind == LITE_KW_NULL)
		node = lite_parser_node(p, LITE_EXPR_NULL, LITE_OP_NONE, offset);
	else if (p->token.kind == LITE_KW_CURRENT_DATE ||
			 p->token.kind == LITE_KW_CURRENT_TIME ||
			 p->token.kind == LITE_KW_CURRENT_TIMESTAMP)
		node =
			lite_parser_node(p, LITE_EXPR_NOW, now_op(p->token.kind), offset);
	else
		return NULL;
	lite_parser_advance(p);
	if (node != NULL)
		node->end = p->previous_end;
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
			fail_at(p, "A parenthesis is not closed");
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
		fail_at(p, "CASE has no WHEN");
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
	bool aggregate = false;
	int capacity = 0;

	if (p->token.kind == LITE_KW_RAISE)
	{
		lite_parser_advance(p);
		skip_parentheses(p);
		return make_refused(p, offset, "RAISE");
	}
	node = take_text(p, node);
	lite_parser_advance(p);
	if (node == NULL)
		return NULL;
	if (lite_parser_accept(p, LITE_TK_STAR))
		aggregate = true;
	else if (p->token.kind != LITE_TK_RP)
	{
		if (lite_parser_accept(p, LITE_KW_DISTINCT))
			aggregate = true;
		else
			(void) lite_parser_accept(p, LITE_KW_ALL);
		do
			lite_parser_add(p, node, &capacity, parse_binary(p, PREC_OR));
		while (lite_parser_accept(p, LITE_TK_COMMA));
		if (p->token.kind == LITE_KW_ORDER)
		{
			fail_at(p, "An aggregate's ORDER BY is not supported");
			return NULL;
		}
	}
	lite_parser_expect(p, LITE_TK_RP,
					   "A function's parenthesis is not closed");
	node->end = p->previous_end;
	if (aggregate)
		node = make_refused(p, offset, "an aggregate");
	return parse_window(p, node, offset);
}

/* name, table.name or schema.table.name */
static LiteExpr *
parse_name(LiteParser *p)
{
	LiteExpr *node =
		lite_parser_node(p, LITE_EXPR_NAME, LITE_OP_NONE, p->token.offset);
	char quote = p->text[p->token.offset];

	node = take_text(p, node);
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
			fail_at(p, "A name is missing after the dot");
		if (take_text(p, node) == NULL)
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
	fail_at(p, kind == LITE_TK_ILLEGAL ? "This is no token of SQL"
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
		fail_at(p, "The expression is nested too deeply");
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
		fail_at(p, "COLLATE has no name");
	return take_text(p, node);
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
			fail_at(&p, "The expression goes on unexpectedly");
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
