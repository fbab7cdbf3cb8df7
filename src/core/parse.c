/*
 * parse.c
 *	  What the parsers of expressions and of statements stand on: the two
 *	  tokens in sight, the one failure, nodes, names, literals.
 *
 * The first thing that does not parse is put into the error with its
 * position; from then on the current token is the end of the text, so that
 * every loop of the parsers comes to its end.
 */
#include "core/parse_int.h"

#include <stdlib.h>
#include <string.h>

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
void
lite_parser_fail(LiteParser *p, const char *what)
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
		lite_parser_fail(p, "There are too many tokens");
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
	lite_parser_fail(p, what);
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
		lite_parser_fail(p, "Out of memory");
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
		lite_parser_fail(p, "Out of memory");
		return false;
	}
	parent->args[parent->nargs++] = child;
	if (child->height + 1 > parent->height)
		parent->height = child->height + 1;
	if (parent->height > LITE_EXPR_MAX_HEIGHT)
	{
		lite_parser_fail(p, "The expression is nested too deeply");
		return false;
	}
	parent->end = p->previous_end;
	return true;
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
LiteExpr *
lite_parser_take(LiteParser *p, LiteExpr *node)
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
		lite_parser_fail(p, what);
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
			lite_parser_fail(p, "The hexadecimal number is beyond 64 bits");
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
		return lite_parser_take(p, lite_parser_node(p, LITE_EXPR_STRING,
													LITE_OP_NONE, offset));
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
