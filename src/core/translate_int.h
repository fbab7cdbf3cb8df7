/*
 * translate_int.h
 *	  What the files of the translator share.  Nobody else includes this.
 *
 *		translate.c		entries, names, dispatch, assignment to the
 *						column's type
 *		translate_value.c	literals, affinities, constants of a type
 *		translate_op.c	logic, arithmetic
 *		translate_case.c	CASE, CAST, COLLATE
 *		translate_cmp.c comparisons
 *		translate_like.c	LIKE and GLOB
 *		translate_func.c	the functions, but for
 *		translate_time.c	date and time, and
 *		translate_json.c	JSON
 */
#ifndef LITE_TRANSLATE_INT_H
#define LITE_TRANSLATE_INT_H

#include "core/plan.h"
#include "core/translate.h"
#include "core/value.h"

typedef enum Volatility
{
	VOLATILITY_IMMUTABLE,
	VOLATILITY_STABLE,
	VOLATILITY_VOLATILE
} Volatility;

/* SQLite's "no affinity": what literals and most operators have. */
#define NO_AFFINITY (-1)

/*
 * A translated subexpression.  sql can be put anywhere an operand may stand.
 */
typedef struct Piece
{
	const char *sql;
	LiteType type;		   /* NONE: the literal NULL */
	LiteFormat format;	   /* how SQLite's value encodes the type */
	int affinity;		   /* or NO_AFFINITY */
	const char *collation; /* NULL: BINARY */
	bool collation_explicit;
	bool nullable;
	bool integral;	  /* a float8 without a fraction */
	bool nonneg;	  /* an integer that is never negative */
	bool mixed;		  /* a float8 that may be an integer to SQLite:
								 * not to be divided */
	bool never_false; /* a boolean that is true or NULL */
	bool literal;	  /* value is what SQLite has */
	bool truth;		  /* the literal TRUE or FALSE */
	LiteValue value;
	const LiteExprColumn *column; /* directly a column */

	/*
	 * Alternatives, where SQLite's value is text that stands for something
	 * else: the integer of strftime('%s'), the moment of datetime().
	 */
	const char *integer_sql;
	const char *instant; /* timestamp without time zone, in UTC */
	bool instant_now;	 /* it is now(), unmodified */
	bool instant_fresh;	 /* it is made of now(), with its fraction */
	bool has_date;		 /* what of the instant the text shows */
	bool has_time;

	/*
	 * A value taken out of JSON (json_extract, ->>): its SQLite class is the
	 * JSON's to say.  sql is jsonb then, with JSON null as NULL, and text_sql
	 * its text.
	 */
	bool json_value;
	const char *json_typeof; /* of json_type(): PostgreSQL's name for it */
	const char *text_sql;
} Piece;

typedef struct Translator
{
	LiteArena *arena; /* scratch: dies with the translation */
	LiteArena *result_arena;
	const LiteExprScope *scope;
	LiteExprPurpose purpose;
	const LiteExprColumn *wanted;
	LiteError *err;
	bool refused;
	Volatility volatility;
	int64_t work;	 /* names looked at */
	bool aggregates; /* of a view: they are allowed here */
	int naggregates; /* that were translated */
	int nnotes;
	int notes_capacity;
	const char **notes;
} Translator;

/* translate.c */

/* Notes why; always false, so that callers return it. */
extern bool lite_tr_refuse(Translator *t, const char *fmt, ...)
	LITE_PRINTF(2, 3);
extern void lite_tr_note(Translator *t, const char *text);
extern void lite_tr_volatility(Translator *t, Volatility volatility);
extern bool lite_tr_expr(Translator *t, const LiteExpr *expr, Piece *out);

/* sqlite3_mprintf into the scratch arena. */
#define tr_printf(t, ...) lite_arena_printf((t)->arena, __VA_ARGS__)

/* translate_value.c */
extern bool lite_tr_literal(Translator *t, const LiteExpr *expr, Piece *out);
extern void lite_piece_init(Piece *piece, const char *sql, LiteType type);
extern void lite_piece_integer(Translator *t, Piece *piece, int64_t value);
extern void lite_piece_null(Piece *piece);
extern bool lite_piece_string(Translator *t, Piece *piece, const char *text,
							  size_t length);
extern void lite_piece_truth(Piece *piece, bool value);

/* A literal value as the column's type has it; false: it does not fit. */
extern const char *lite_tr_constant(Translator *t, const LiteValue *value,
									LiteColumnType type);
extern const char *lite_tr_quote(Translator *t, const char *text, size_t len);
extern LiteValue lite_tr_apply_affinity(Translator *t, LiteValue value,
										int affinity);
extern bool lite_is_integer_type(LiteType type);
extern bool lite_is_number_type(LiteType type);
extern bool lite_is_text_type(LiteType type);
extern bool lite_is_time_type(LiteType type);
extern bool lite_is_json_type(LiteType type);

/* translate_op.c */
extern bool lite_tr_unary(Translator *t, const LiteExpr *expr, Piece *out);
extern bool lite_tr_binary(Translator *t, const LiteExpr *expr, Piece *out);

/* The piece as a PostgreSQL boolean, by SQLite's rule of truth. */
extern bool lite_tr_truth(Translator *t, const Piece *in, Piece *out);
extern bool lite_tr_condition(Translator *t, const LiteExpr *expr, Piece *out);

/* As bigint (and nothing else), as text: false if it is neither exactly. */
extern bool lite_tr_bigint(Translator *t, const Piece *in, const char **sql);
extern bool lite_tr_text(Translator *t, const Piece *in, const char **sql);

/* translate_case.c */
extern bool lite_tr_case(Translator *t, const LiteExpr *expr, Piece *out);
extern bool lite_tr_cast(Translator *t, const LiteExpr *expr, Piece *out);
extern bool lite_tr_collate(Translator *t, const LiteExpr *expr, Piece *out);

/* Gives pieces one type (of CASE, coalesce): rewrites their sql. */
extern bool lite_tr_unify(Translator *t, Piece *pieces, int n, Piece *out);

/* translate_cmp.c */

/* left op right, with the rules of affinity and collation. */
extern bool lite_tr_compare(Translator *t, LiteExprOp op, const Piece *left,
							const Piece *right, Piece *out);
extern bool lite_tr_between(Translator *t, const LiteExpr *expr, Piece *out);
extern bool lite_tr_in(Translator *t, const LiteExpr *expr, Piece *out);

/* translate_like.c */
extern bool lite_tr_like(Translator *t, const LiteExpr *expr, Piece *out);

/* translate_func.c */
extern bool lite_tr_function(Translator *t, const LiteExpr *expr, Piece *out);
extern bool lite_tr_makes_uuid(const LiteExpr *expr);

/* translate_agg.c: *is_aggregate says whether it was one at all. */
extern bool lite_tr_aggregate(Translator *t, const LiteExpr *expr,
							  bool *is_aggregate, Piece *out);

/* translate_time.c */
extern bool lite_tr_now(Translator *t, LiteExprOp op, Piece *out);
extern bool lite_tr_time_function(Translator *t, const LiteExpr *expr,
								  Piece *out);
/* The moment of a time function for a column of a time type. */
extern const char *lite_tr_instant(Translator *t, const Piece *piece,
								   LiteType type);

/* translate_json.c */
extern bool lite_tr_json_function(Translator *t, const LiteExpr *expr,
								  Piece *out);
extern bool lite_tr_arrow(Translator *t, const LiteExpr *expr, Piece *out);
extern bool lite_tr_json_compare(Translator *t, LiteExprOp op,
								 const Piece *left, const Piece *right,
								 Piece *out);
/* The taken value as a column's type has it. */
extern const char *lite_tr_json_assign(Translator *t, const Piece *piece,
									   LiteColumnType type);

#endif /* LITE_TRANSLATE_INT_H */
