/*
 * token.h
 *	  The words of SQLite's SQL.
 *
 * The tokenizer cuts text as SQLite's own does ("SQL As Understood By
 * SQLite", and tokenize.c): the same classes of characters, the same literal
 * forms, the same keywords, the same rule which keywords may also be names.
 * It never copies: a token is a slice of the text.
 */
#ifndef LITE_TOKEN_H
#define LITE_TOKEN_H

#include "core/status.h"

/*
 * KEYWORD(symbol, flags).  Flags: F a keyword that is a name wherever the
 * grammar has no other use for it (the %fallback list of parse.y), J one of
 * the words of a join, which may be names too, T one of CURRENT_DATE,
 * CURRENT_TIME and CURRENT_TIMESTAMP (fall back to names as well).
 * In alphabetical order: looked up by bisection.
 */
#define LITE_KEYWORDS(KEYWORD)                                                \
	KEYWORD(ABORT, F)                                                         \
	KEYWORD(ACTION, F)                                                        \
	KEYWORD(ADD, N)                                                           \
	KEYWORD(AFTER, F)                                                         \
	KEYWORD(ALL, N)                                                           \
	KEYWORD(ALTER, N)                                                         \
	KEYWORD(ALWAYS, F)                                                        \
	KEYWORD(ANALYZE, F)                                                       \
	KEYWORD(AND, N)                                                           \
	KEYWORD(AS, N)                                                            \
	KEYWORD(ASC, F)                                                           \
	KEYWORD(ATTACH, F)                                                        \
	KEYWORD(AUTOINCREMENT, N)                                                 \
	KEYWORD(BEFORE, F)                                                        \
	KEYWORD(BEGIN, F)                                                         \
	KEYWORD(BETWEEN, N)                                                       \
	KEYWORD(BY, F)                                                            \
	KEYWORD(CASCADE, F)                                                       \
	KEYWORD(CASE, N)                                                          \
	KEYWORD(CAST, F)                                                          \
	KEYWORD(CHECK, N)                                                         \
	KEYWORD(COLLATE, N)                                                       \
	KEYWORD(COLUMN, F)                                                        \
	KEYWORD(COMMIT, N)                                                        \
	KEYWORD(CONFLICT, F)                                                      \
	KEYWORD(CONSTRAINT, N)                                                    \
	KEYWORD(CREATE, N)                                                        \
	KEYWORD(CROSS, J)                                                         \
	KEYWORD(CURRENT, F)                                                       \
	KEYWORD(CURRENT_DATE, T)                                                  \
	KEYWORD(CURRENT_TIME, T)                                                  \
	KEYWORD(CURRENT_TIMESTAMP, T)                                             \
	KEYWORD(DATABASE, F)                                                      \
	KEYWORD(DEFAULT, N)                                                       \
	KEYWORD(DEFERRABLE, N)                                                    \
	KEYWORD(DEFERRED, F)                                                      \
	KEYWORD(DELETE, N)                                                        \
	KEYWORD(DESC, F)                                                          \
	KEYWORD(DETACH, F)                                                        \
	KEYWORD(DISTINCT, N)                                                      \
	KEYWORD(DO, F)                                                            \
	KEYWORD(DROP, N)                                                          \
	KEYWORD(EACH, F)                                                          \
	KEYWORD(ELSE, N)                                                          \
	KEYWORD(END, F)                                                           \
	KEYWORD(ESCAPE, N)                                                        \
	KEYWORD(EXCEPT, N)                                                        \
	KEYWORD(EXCLUDE, F)                                                       \
	KEYWORD(EXCLUSIVE, F)                                                     \
	KEYWORD(EXISTS, N)                                                        \
	KEYWORD(EXPLAIN, F)                                                       \
	KEYWORD(FAIL, F)                                                          \
	KEYWORD(FILTER, F)                                                        \
	KEYWORD(FIRST, F)                                                         \
	KEYWORD(FOLLOWING, F)                                                     \
	KEYWORD(FOR, F)                                                           \
	KEYWORD(FOREIGN, N)                                                       \
	KEYWORD(FROM, N)                                                          \
	KEYWORD(FULL, J)                                                          \
	KEYWORD(GENERATED, F)                                                     \
	KEYWORD(GLOB, F)                                                          \
	KEYWORD(GROUP, N)                                                         \
	KEYWORD(GROUPS, F)                                                        \
	KEYWORD(HAVING, N)                                                        \
	KEYWORD(IF, F)                                                            \
	KEYWORD(IGNORE, F)                                                        \
	KEYWORD(IMMEDIATE, F)                                                     \
	KEYWORD(IN, N)                                                            \
	KEYWORD(INDEX, N)                                                         \
	KEYWORD(INDEXED, F)                                                       \
	KEYWORD(INITIALLY, F)                                                     \
	KEYWORD(INNER, J)                                                         \
	KEYWORD(INSERT, N)                                                        \
	KEYWORD(INSTEAD, F)                                                       \
	KEYWORD(INTERSECT, N)                                                     \
	KEYWORD(INTO, N)                                                          \
	KEYWORD(IS, N)                                                            \
	KEYWORD(ISNULL, N)                                                        \
	KEYWORD(JOIN, N)                                                          \
	KEYWORD(KEY, F)                                                           \
	KEYWORD(LAST, F)                                                          \
	KEYWORD(LEFT, J)                                                          \
	KEYWORD(LIKE, F)                                                          \
	KEYWORD(LIMIT, N)                                                         \
	KEYWORD(MATCH, F)                                                         \
	KEYWORD(MATERIALIZED, F)                                                  \
	KEYWORD(NATURAL, J)                                                       \
	KEYWORD(NO, F)                                                            \
	KEYWORD(NOT, N)                                                           \
	KEYWORD(NOTHING, N)                                                       \
	KEYWORD(NOTNULL, N)                                                       \
	KEYWORD(NULL, N)                                                          \
	KEYWORD(NULLS, F)                                                         \
	KEYWORD(OF, F)                                                            \
	KEYWORD(OFFSET, F)                                                        \
	KEYWORD(ON, N)                                                            \
	KEYWORD(OR, N)                                                            \
	KEYWORD(ORDER, N)                                                         \
	KEYWORD(OTHERS, F)                                                        \
	KEYWORD(OUTER, J)                                                         \
	KEYWORD(OVER, F)                                                          \
	KEYWORD(PARTITION, F)                                                     \
	KEYWORD(PLAN, F)                                                          \
	KEYWORD(PRAGMA, F)                                                        \
	KEYWORD(PRECEDING, F)                                                     \
	KEYWORD(PRIMARY, N)                                                       \
	KEYWORD(QUERY, F)                                                         \
	KEYWORD(RAISE, F)                                                         \
	KEYWORD(RANGE, F)                                                         \
	KEYWORD(RECURSIVE, F)                                                     \
	KEYWORD(REFERENCES, N)                                                    \
	KEYWORD(REGEXP, F)                                                        \
	KEYWORD(REINDEX, F)                                                       \
	KEYWORD(RELEASE, F)                                                       \
	KEYWORD(RENAME, F)                                                        \
	KEYWORD(REPLACE, F)                                                       \
	KEYWORD(RESTRICT, F)                                                      \
	KEYWORD(RETURNING, N)                                                     \
	KEYWORD(RIGHT, J)                                                         \
	KEYWORD(ROLLBACK, F)                                                      \
	KEYWORD(ROW, F)                                                           \
	KEYWORD(ROWS, F)                                                          \
	KEYWORD(SAVEPOINT, F)                                                     \
	KEYWORD(SELECT, N)                                                        \
	KEYWORD(SET, N)                                                           \
	KEYWORD(TABLE, N)                                                         \
	KEYWORD(TEMP, F)                                                          \
	KEYWORD(TEMPORARY, F)                                                     \
	KEYWORD(THEN, N)                                                          \
	KEYWORD(TIES, F)                                                          \
	KEYWORD(TO, N)                                                            \
	KEYWORD(TRANSACTION, N)                                                   \
	KEYWORD(TRIGGER, F)                                                       \
	KEYWORD(UNBOUNDED, F)                                                     \
	KEYWORD(UNION, N)                                                         \
	KEYWORD(UNIQUE, N)                                                        \
	KEYWORD(UPDATE, N)                                                        \
	KEYWORD(USING, N)                                                         \
	KEYWORD(VACUUM, F)                                                        \
	KEYWORD(VALUES, N)                                                        \
	KEYWORD(VIEW, F)                                                          \
	KEYWORD(VIRTUAL, F)                                                       \
	KEYWORD(WHEN, N)                                                          \
	KEYWORD(WHERE, N)                                                         \
	KEYWORD(WINDOW, F)                                                        \
	KEYWORD(WITH, F)                                                          \
	KEYWORD(WITHOUT, F)

typedef enum LiteTokenKind
{
	LITE_TK_END = 0,  /* the end of the text */
	LITE_TK_ILLEGAL,  /* no token of SQL */
	LITE_TK_ID,		  /* a name: bare, "x", `x` or [x] */
	LITE_TK_STRING,	  /* 'x' */
	LITE_TK_BLOB,	  /* X'00ff' */
	LITE_TK_INTEGER,  /* 12, 0xff */
	LITE_TK_FLOAT,	  /* 1.5, .5, 1e5 */
	LITE_TK_VARIABLE, /* ?, ?1, :a, @a, $a */
	LITE_TK_LP,
	LITE_TK_RP,
	LITE_TK_SEMI,
	LITE_TK_COMMA,
	LITE_TK_DOT,
	LITE_TK_PLUS,
	LITE_TK_MINUS,
	LITE_TK_STAR,
	LITE_TK_SLASH,
	LITE_TK_REM,
	LITE_TK_EQ, /* = or == */
	LITE_TK_NE, /* <> or != */
	LITE_TK_LT,
	LITE_TK_LE,
	LITE_TK_GT,
	LITE_TK_GE,
	LITE_TK_LSHIFT,
	LITE_TK_RSHIFT,
	LITE_TK_BITAND,
	LITE_TK_BITOR,
	LITE_TK_BITNOT,
	LITE_TK_CONCAT,
	LITE_TK_PTR,  /* -> */
	LITE_TK_PTR2, /* ->> */
#define LITE_KEYWORD_ENUM(symbol, flags) LITE_KW_##symbol,
	LITE_KEYWORDS(LITE_KEYWORD_ENUM)
#undef LITE_KEYWORD_ENUM
	LITE_NTOKENKINDS
} LiteTokenKind;

typedef struct LiteToken
{
	LiteTokenKind kind;
	int offset; /* of its first byte in the text */
	int length; /* in bytes, quotes included */
} LiteToken;

/* Text longer than this is not looked at (LITE_UNSUPPORTED). */
#define LITE_SQL_MAX_BYTES (4 * 1024 * 1024)

/* The first token at or after "offset"; spaces and comments are skipped.
 * "length" is that of the whole text; it must fit LITE_SQL_MAX_BYTES. */
extern LiteToken lite_token_next(const char *text, int length, int offset);

/* May a token of this kind stand for a name?  (ID and the keywords that fall
 * back to it; for_table_or_column adds strings and the words of joins, as
 * parse.y's "nm" does.) */
extern bool lite_token_is_id(LiteTokenKind kind);
extern bool lite_token_is_name(LiteTokenKind kind);

#endif /* LITE_TOKEN_H */
