/*
 * stmt.h
 *	  Statements: the only caller of sqlite3_step().
 *
 *		lite_stmt_prepare -> (bind*) -> step* -> reset -> ... -> finalize
 *
 * A statement belongs to its LiteDb; if the handle is closed first, the
 * statement is finalized with it and the LiteStmt only freed later.
 */
#ifndef LITE_STMT_H
#define LITE_STMT_H

#include "core/db.h"
#include "core/value.h"

typedef struct LiteStmt
{
	LiteDb *db;
	sqlite3_stmt *handle;
	unsigned generation; /* of db, when prepared */
	int ncolumns;

	/*
	 * More rows than this are taken for a loop in the file (LITE_CORRUPT); 0
	 * is no limit.  For plain scans of one table: see lite_db_max_rows().
	 */
	int64_t max_rows;
	int64_t rows; /* since the last reset */

	struct LiteStmt *previous; /* of db's */
	struct LiteStmt *next;
} LiteStmt;

/*
 * A column in double quotes that does not exist is an error here, not a
 * string as SQLite has it by default; but once a view has been met whose own
 * text needs the old rule, the handle has it.  Generated SQL must therefore
 * always write "table"."column", which is never taken for a string.
 *
 * Exactly one statement, which must be read-only unless the file was opened
 * writable (sqlite3_stmt_readonly; PRAGMAs only from a whitelist).  Text after
 * it other than space and comments is LITE_SQL.
 */
extern LiteStatus lite_stmt_prepare(LiteDb *db, const char *sql,
									LiteStmt **result, LiteError *err);

/* %w, %Q, %lld as sqlite3_mprintf: for SQL of our own with names in it. */
extern LiteStatus lite_stmt_preparef(LiteDb *db, LiteStmt **result,
									 LiteError *err, const char *fmt, ...);

extern void lite_stmt_finalize(LiteStmt *stmt);
extern void lite_stmt_reset(LiteStmt *stmt);

/* index from 1.  Bytes must stay until the next reset. */
extern LiteStatus lite_stmt_bind(LiteStmt *stmt, int index,
								 const LiteValue *value, LiteError *err);

/* LITE_ROW, LITE_DONE, or an error. */
extern LiteStatus lite_stmt_step(LiteStmt *stmt, LiteError *err);

/*
 * The value of column (from 0) of the current row, without copying.  Good
 * until the next step or reset.  TEXT whose data is NULL means that there was
 * no memory to convert it (converters answer LITE_MISFIT_NOMEM); a BLOB of
 * length 0 has data NULL in good health.
 */
static inline void
lite_stmt_value(LiteStmt *stmt, int column, LiteValue *result)
{
	sqlite3_value *value = sqlite3_column_value(stmt->handle, column);

	switch (sqlite3_value_type(value))
	{
		case SQLITE_INTEGER:
			result->cls = LITE_INTEGER;
			result->i = sqlite3_value_int64(value);
			break;
		case SQLITE_FLOAT:
			result->cls = LITE_REAL;
			result->r = sqlite3_value_double(value);
			break;
		case SQLITE_TEXT:
			result->cls = LITE_TEXT;
			/* text first: it may convert UTF-16, and bytes counts the result */
			result->data = (const char *) sqlite3_value_text(value);
			result->len = (size_t) sqlite3_value_bytes(value);
			break;
		case SQLITE_BLOB:
			result->cls = LITE_BLOB;
			result->data = (const char *) sqlite3_value_blob(value);
			result->len = (size_t) sqlite3_value_bytes(value);
			break;
		default:
			result->cls = LITE_NULL;
			break;
	}
}

/* Small conveniences for catalogue queries of our own. */
extern const char *lite_stmt_text(LiteStmt *stmt, int column); /* NULL: NULL */
extern int64_t lite_stmt_int64(LiteStmt *stmt, int column);
extern bool lite_stmt_is_null(LiteStmt *stmt, int column);

/* SQLite's plan of a SELECT: the rows of EXPLAIN QUERY PLAN as an indented
 * tree, one line per row, malloc'd by sqlite3_malloc (sqlite3_free it). */
extern LiteStatus lite_stmt_explain(LiteDb *db, const char *sql, char **result,
									LiteError *err);

#endif /* LITE_STMT_H */
