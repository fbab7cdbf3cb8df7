/*
 * translate.h
 *	  A SQLite expression as PostgreSQL text that means the same.
 *
 * Everything that is written comes from tables of ours: operators, functions
 * and casts from a whitelist, names from the caller's scope (quoted anew),
 * literals from their parsed values.  No byte of the file's SQL reaches the
 * result.
 *
 * The translation is typed.  SQLite decides what an operator does from the
 * values it meets and from the affinity of columns; PostgreSQL from types.
 * With the type, format and affinity of every column known, most expressions
 * have exactly one meaning, and that is written.  Where it is not certain the
 * expression is refused, with a sentence that says why.  Where something
 * harmless differs a note says what.
 */
#ifndef LITE_TRANSLATE_H
#define LITE_TRANSLATE_H

#include "core/expr.h"
#include "core/type.h"

/*
 * What the text is for.  PostgreSQL wants immutable functions in generated
 * columns and indexes, and no columns in defaults.
 */
typedef enum LiteExprPurpose
{
	LITE_EXPR_FOR_DEFAULT,
	LITE_EXPR_FOR_CHECK, /* boolean; may turn out to be needless */
	LITE_EXPR_FOR_GENERATED,
	LITE_EXPR_FOR_PREDICATE, /* WHERE of a partial index: boolean */
	LITE_EXPR_FOR_INDEX,	 /* a term of an index that is not unique: what
								 * an application would write in its queries
								 * is preferred to what is exact */
	LITE_EXPR_FOR_UNIQUE,	 /* a term of a unique index: exact */
	LITE_EXPR_FOR_VIEW
} LiteExprPurpose;

/* A column that an expression may name, or that it is for. */
typedef struct LiteExprColumn
{
	const char *name;	/* in SQLite */
	const char *target; /* in PostgreSQL, unquoted */
	LiteColumnType type;
	LiteAffinity affinity;
	const char *collation; /* SQLite's; NULL is BINARY */
	bool not_null;
	bool generated; /* may not be named by a generated column */
	bool mixed;		/* values of several storage classes became
								 * this type: only tests for NULL translate */
} LiteExprColumn;

typedef struct LiteExprScope LiteExprScope;
struct LiteExprScope
{
	const char *table;	/* what may qualify a column; NULL: nothing */
	const char *target; /* NULL: columns are written bare; else what
						 * to qualify them with, unquoted */
	int ncolumns;
	const LiteExprColumn *columns;

	/* of views; zero elsewhere */
	const LiteExprScope *next; /* further tables of the FROM */
	bool outer;				   /* a LEFT JOIN may leave it empty */
	int nusing;				   /* columns that another table's stand for */
	const char *const *using;
};

typedef struct LiteTranslation
{
	const char *sql; /* PostgreSQL text, without outer parentheses
								 * only where it is a simple term */
	LiteType type;	 /* of the result; NONE if not known */
	bool trivial;	 /* leave it out: a check that the column's
								 * type implies, DEFAULT NULL */
	bool constant;	 /* a literal */
	int nnotes;
	const char **notes; /* sentences: what is not quite the same */
} LiteTranslation;

/*
 * wanted: the column that the value is for (DEFAULT, GENERATED), else NULL.
 * scope may be NULL: no columns.
 *
 * LITE_OK; LITE_UNSUPPORTED, whose detail is the reason, a sentence; or
 * LITE_NOMEM.  The result lives in the arena.
 */
extern LiteStatus lite_expr_translate(LiteArena *arena, const LiteExpr *expr,
									  const LiteExprScope *scope,
									  LiteExprPurpose purpose,
									  const LiteExprColumn *wanted,
									  LiteTranslation *result, LiteError *err);

/* A term of an index, with its COLLATE: under NOCASE it is lower(). */
extern LiteStatus lite_term_translate(LiteArena *arena,
									  const LiteSqlTerm *term,
									  const LiteExprScope *scope, bool unique,
									  LiteTranslation *result, LiteError *err);

/* The text of a DEFAULT (PRAGMA table_xinfo's), parsed and translated. */
extern LiteStatus lite_default_translate(LiteArena *arena, const char *text,
										 const LiteExprColumn *wanted,
										 LiteTranslation *result,
										 LiteError *err);

/* ------------------------------------------------------------------------
 * Views
 * ------------------------------------------------------------------------ */

/* A table, or a view translated before, that a view may read. */
typedef struct LiteViewSource
{
	const char *name;	   /* in SQLite */
	const char *qualified; /* in PostgreSQL, quoted */
	int ncolumns;
	const LiteExprColumn *columns;
} LiteViewSource;

typedef struct LiteView
{
	int ncolumns;
	LiteExprColumn *columns; /* name: SQLite's; target: NULL, for the caller
							  * to set; then good for a LiteViewSource */
	const char **sql;		 /* each column's expression */
	bool distinct;
	const char *body; /* "FROM ..." and all that follows, or "" */
	int nnotes;
	const char **notes;
} LiteView;

/*
 * A CREATE VIEW: one plain SELECT over tables and views that are among the
 * sources.  The caller writes "CREATE VIEW name (columns) AS SELECT [DISTINCT]
 * sql, ... body".  PostgreSQL may still refuse it (a column that is neither
 * grouped nor aggregated: SQLite takes any row's), so the statement should run
 * as an optional one.  Results as for lite_expr_translate().
 */
extern LiteStatus lite_view_translate(LiteArena *arena, const char *sql,
									  const LiteViewSource *sources,
									  int nsources, LiteView *result,
									  LiteError *err);

#endif /* LITE_TRANSLATE_H */
