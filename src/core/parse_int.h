/*
 * parse_int.h
 *	  The state and the tools (parse.c) that the parser of expressions (expr.c)
 *	  shares with the parser of the statements around them (sqldef.c).  Nobody
 *	  else includes this.
 *
 * Recursive descent with two tokens in sight.  Failure is sticky: the first
 * thing that does not parse is noted in the error, every function returns
 * NULL or false from then on, and callers just return.
 */
#ifndef LITE_PARSE_INT_H
#define LITE_PARSE_INT_H

#include "core/expr.h"
#include "core/token.h"

typedef struct LiteParser
{
	LiteArena *arena;
	const char *text;
	int length;
	LiteToken token;  /* the one to be read */
	LiteToken ahead;  /* the one after it */
	int previous_end; /* the byte after the last one read */
	int ntokens;
	int depth; /* of the recursion */
	bool failed;
	LiteError *err;
	LiteStatus status;
} LiteParser;

/* false: too long (the error is filled). */
extern bool lite_parser_init(LiteParser *p, LiteArena *arena, const char *text,
							 LiteError *err);
extern void lite_parser_advance(LiteParser *p);
extern bool lite_parser_accept(LiteParser *p, LiteTokenKind kind);
extern bool lite_parser_expect(LiteParser *p, LiteTokenKind kind,
							   const char *what);

/* Notes the failure at the current token. */
extern void lite_parser_fail(LiteParser *p, const char *what);

/* A name of any form, in the arena, unquoted; NULL after failing. */
extern const char *lite_parser_name(LiteParser *p, const char *what);

/* The content of a quoted (or bare) token. */
extern const char *lite_parser_unquote(LiteParser *p, LiteToken token,
									   size_t *length);

/* The type after a column's name or in a CAST: "" if there is none. */
extern const char *lite_parser_type(LiteParser *p);

/* Reads the current token's content into the node; NULL if there is none. */
extern LiteExpr *lite_parser_take(LiteParser *p, LiteExpr *node);

extern LiteExpr *lite_parser_expr(LiteParser *p);

/* DEFAULT takes these without parentheses: a literal or CURRENT_xxx.  NULL
 * without failing if the token begins neither. */
extern LiteExpr *lite_parser_term(LiteParser *p);

/* ... or one of these with a sign before it, or a name. */
extern LiteExpr *lite_parser_signed(LiteParser *p);
extern LiteExpr *lite_parser_bare_name(LiteParser *p);
extern LiteExpr *lite_parser_node(LiteParser *p, LiteExprKind kind,
								  LiteExprOp op, int offset);
extern bool lite_parser_add(LiteParser *p, LiteExpr *parent, int *capacity,
							LiteExpr *child);

/* sqldef.c: [schema.]name; IF NOT EXISTS; a list of terms; the end. */
extern const char *lite_parser_object_name(LiteParser *p, const char *what);
extern void lite_parser_if_not_exists(LiteParser *p);
extern void lite_parser_terms(LiteParser *p, LiteSqlTerm **terms,
							  LiteSlice **slices, int *n);
extern void lite_parser_finish(LiteParser *p);

/* What the caller returns. */
extern LiteStatus lite_parser_status(LiteParser *p);

#endif /* LITE_PARSE_INT_H */
