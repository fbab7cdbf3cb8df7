/*
 * expr.h
 *	  SQLite expressions, and the CREATE statements around them, as trees.
 *
 * The file's SQL text is the only place that tells a CHECK, a generated
 * column, a constraint's name or the predicate of a partial index: no PRAGMA
 * does.  It is parsed here by SQLite's own grammar (parse.y) into trees, and
 * translate.h makes PostgreSQL text from a tree.  The text itself goes no
 * further than into messages.
 *
 * Trees live in the caller's arena; so do all their strings.
 */
#ifndef LITE_EXPR_H
#define LITE_EXPR_H

#include "core/arena.h"

typedef enum LiteExprKind
{
	LITE_EXPR_NULL,
	LITE_EXPR_INTEGER,	/* integer */
	LITE_EXPR_REAL,		/* real; also integers beyond 64 bits */
	LITE_EXPR_STRING,	/* text, length: 'x' */
	LITE_EXPR_BLOB,		/* text, length: X'00' */
	LITE_EXPR_NOW,		/* CURRENT_DATE, _TIME, _TIMESTAMP: op */
	LITE_EXPR_NAME,		/* a column, or whatever a name may mean */
	LITE_EXPR_UNARY,	/* op args[0] */
	LITE_EXPR_BINARY,	/* args[0] op args[1] */
	LITE_EXPR_LIKE,		/* args[0] [NOT] op args[1] [ESCAPE args[2]] */
	LITE_EXPR_BETWEEN,	/* args[0] [NOT] BETWEEN args[1] AND args[2] */
	LITE_EXPR_IN,		/* args[0] [NOT] IN (args[1] ...) */
	LITE_EXPR_CASE,		/* args: [operand] (when, then)* [else] */
	LITE_EXPR_CAST,		/* CAST(args[0] AS text) */
	LITE_EXPR_COLLATE,	/* args[0] COLLATE text */
	LITE_EXPR_FUNCTION, /* text(args ...) */
	LITE_EXPR_ROW,		/* (args[0], args[1] ...) */
	LITE_EXPR_REFUSED	/* parsed over, never translated: text says
								 * what it is ("a subselect") */
} LiteExprKind;

typedef enum LiteExprOp
{
	LITE_OP_NONE,
	/* NOW */
	LITE_OP_DATE,
	LITE_OP_TIME,
	LITE_OP_TIMESTAMP,
	/* UNARY */
	LITE_OP_NOT,
	LITE_OP_PLUS,
	LITE_OP_MINUS,
	LITE_OP_BITNOT,
	LITE_OP_ISNULL,
	LITE_OP_NOTNULL,
	/* BINARY */
	LITE_OP_OR,
	LITE_OP_AND,
	LITE_OP_EQ,
	LITE_OP_NE,
	LITE_OP_LT,
	LITE_OP_LE,
	LITE_OP_GT,
	LITE_OP_GE,
	LITE_OP_IS,
	LITE_OP_ISNOT,
	LITE_OP_BITAND,
	LITE_OP_BITOR,
	LITE_OP_LSHIFT,
	LITE_OP_RSHIFT,
	LITE_OP_ADD,
	LITE_OP_SUB,
	LITE_OP_MUL,
	LITE_OP_DIV,
	LITE_OP_REM,
	LITE_OP_CONCAT,
	LITE_OP_ARROW,	/* -> */
	LITE_OP_ARROW2, /* ->> */
	/* LIKE */
	LITE_OP_LIKE,
	LITE_OP_GLOB,
	LITE_OP_REGEXP,
	LITE_OP_MATCH
} LiteExprOp;

typedef struct LiteExpr LiteExpr;
struct LiteExpr
{
	LiteExprKind kind;
	LiteExprOp op;
	int offset;			 /* where it stands in the parsed text */
	int end;			 /* the byte after it */
	int height;			 /* of the tree below, leaves have 1 */
	bool negated;		 /* LIKE, BETWEEN, IN */
	bool quoted;		 /* NAME: written "x", `x` or [x] */
	bool perhaps_string; /* NAME: written "x": a string if no column
								 * has that name */
	bool star;			 /* FUNCTION: f(*) */
	bool distinct;		 /* FUNCTION: f(DISTINCT ...) */
	bool has_operand;	 /* CASE */
	bool has_else;		 /* CASE */
	int64_t integer;
	double real;
	const char *text; /* NUL-terminated as well */
	size_t length;
	const char *qualifier; /* NAME: the table it was qualified with */
	int nargs;
	LiteExpr **args;
};

/*
 * Limits.  A tree is walked by recursion, so its height is bounded; SQLite's
 * own limit is 1000 (SQLITE_MAX_EXPR_DEPTH), and what people write is below
 * 50.  Tokens bound the memory: about 100 bytes each.
 */
#define LITE_EXPR_MAX_HEIGHT 500
#define LITE_SQL_MAX_TOKENS 200000

/* A piece of the parsed text, for messages. */
typedef struct LiteSlice
{
	int offset;
	int length;
} LiteSlice;

typedef enum LiteConflict
{
	LITE_CONFLICT_NONE, /* no ON CONFLICT clause */
	LITE_CONFLICT_ROLLBACK,
	LITE_CONFLICT_ABORT,
	LITE_CONFLICT_FAIL,
	LITE_CONFLICT_IGNORE,
	LITE_CONFLICT_REPLACE
} LiteConflict;

typedef enum LiteConstraintKind
{
	LITE_CONSTRAINT_PRIMARY_KEY,
	LITE_CONSTRAINT_UNIQUE,
	LITE_CONSTRAINT_CHECK,
	LITE_CONSTRAINT_FOREIGN_KEY,
	LITE_CONSTRAINT_NOT_NULL
} LiteConstraintKind;

/* A term of a key or of an index. */
typedef struct LiteSqlTerm
{
	const LiteExpr *expr;  /* a NAME for a column; no COLLATE around it */
	const char *collation; /* as written, NULL: the column's */
	bool nulls_given;	   /* NULLS FIRST or LAST is written */
	bool nulls_last;
	bool descending;
} LiteSqlTerm;

typedef struct LiteSqlConstraint
{
	LiteConstraintKind kind;
	const char *name; /* NULL: unnamed */
	int column;		  /* in LiteTableSql.columns, -1: of the table */
	const LiteExpr *check;
	LiteSlice text; /* CHECK: the expression as written */
	int nterms;		/* PRIMARY KEY, UNIQUE; FOREIGN KEY's columns.
								 * 0 for a column's own constraint */
	LiteSqlTerm *terms;
	LiteConflict conflict;
	const char *parent; /* FOREIGN KEY */
	int nparent_columns;
	const char **parent_columns;
	bool deferrable;
	bool initially_deferred;
	bool autoincrement;
} LiteSqlConstraint;

typedef struct LiteSqlColumn
{
	const char *name;
	const char *declared;		  /* type, its tokens as written; "" if none */
	const LiteExpr *default_expr; /* NULL: none */
	LiteSlice default_text;
	const LiteExpr *generated; /* NULL: an ordinary column */
	LiteSlice generated_text;
	bool stored;		   /* generated: STORED, else VIRTUAL */
	const char *collation; /* as written; NULL: none */
} LiteSqlColumn;

typedef struct LiteTableSql
{
	const char *name;
	int ncolumns;
	LiteSqlColumn *columns;
	int nconstraints; /* of columns and of the table, as written */
	LiteSqlConstraint *constraints;
	bool without_rowid;
	bool strict;
	bool autoincrement;
} LiteTableSql;

typedef struct LiteIndexSql
{
	const char *name;
	const char *table;
	bool unique;
	int nterms;
	LiteSqlTerm *terms;
	LiteSlice *term_text;  /* each term's expression as written */
	const LiteExpr *where; /* NULL: not partial */
	LiteSlice where_text;
} LiteIndexSql;

typedef struct LiteSelectColumn
{
	const LiteExpr *expr; /* NULL: * or table.* */
	const char *table;	  /* of table.*; NULL: all */
	const char *alias;	  /* NULL: none */
	LiteSlice text;
} LiteSelectColumn;

typedef enum LiteJoin
{
	LITE_JOIN_INNER, /* also a comma, CROSS */
	LITE_JOIN_LEFT
} LiteJoin;

typedef struct LiteSelectSource
{
	const char *table;
	const char *alias;	/* NULL: none */
	LiteJoin join;		/* with what stands before */
	const LiteExpr *on; /* NULL: none */
	int nusing;
	const char **using;
} LiteSelectSource;

typedef enum LiteCompound
{
	LITE_COMPOUND_NONE, /* the first */
	LITE_COMPOUND_UNION,
	LITE_COMPOUND_UNION_ALL,
	LITE_COMPOUND_EXCEPT,
	LITE_COMPOUND_INTERSECT
} LiteCompound;

/*
 * A SELECT without WITH, subselects, windows.  Of a compound the first: the
 * others follow by "next"; ORDER BY and LIMIT, with the first, are the
 * whole's.
 */
typedef struct LiteSelectSql LiteSelectSql;
struct LiteSelectSql
{
	LiteCompound compound; /* with what stands before */
	LiteSelectSql *next;
	bool distinct;
	int ncolumns;
	LiteSelectColumn *columns;
	int nsources;
	LiteSelectSource *sources;
	const LiteExpr *where;
	int ngroup;
	LiteSqlTerm *group;
	const LiteExpr *having;
	int norder;
	LiteSqlTerm *order;
	const LiteExpr *limit;
	const LiteExpr *offset;
};

typedef struct LiteViewSql
{
	const char *name;
	int nnames; /* columns named in the header; 0: none */
	const char **names;
	LiteSelectSql select;
} LiteViewSql;

/*
 * All of these: LITE_OK; LITE_UNSUPPORTED when the text is not what it should
 * be or beyond a limit, with the position in the detail; LITE_NOMEM.  text is
 * NUL-terminated.
 */

/* An expression, wholly. */
extern LiteStatus lite_expr_parse(LiteArena *arena, const char *text,
								  const LiteExpr **result, LiteError *err);

/*
 * The text that PRAGMA table_xinfo gives for a DEFAULT: an expression, except
 * that a bare or quoted name by itself is a string (DEFAULT "x", DEFAULT x),
 * unless it is TRUE or FALSE.
 */
extern LiteStatus lite_expr_parse_default(LiteArena *arena, const char *text,
										  const LiteExpr **result,
										  LiteError *err);

/* CREATE TABLE with a list of columns; CREATE [UNIQUE] INDEX. */
extern LiteStatus lite_sql_parse_table(LiteArena *arena, const char *sql,
									   LiteTableSql **result, LiteError *err);
extern LiteStatus lite_sql_parse_index(LiteArena *arena, const char *sql,
									   LiteIndexSql **result, LiteError *err);

extern LiteStatus lite_sql_parse_view(LiteArena *arena, const char *sql,
									  LiteViewSql **result, LiteError *err);

/* Is expr the unquoted name TRUE or FALSE?  (Only where no column has it.) */
extern bool lite_expr_is_truth(const LiteExpr *expr, bool *value);

/* Two names are the same to SQLite: ASCII letters without case. */
extern bool lite_name_equal(const char *a, const char *b);

#endif /* LITE_EXPR_H */
