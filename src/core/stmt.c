/*
 * stmt.c
 *	  Statements: the only caller of sqlite3_step().
 *
 * What may run at all is decided in two places: the authorizer (db.c) sees
 * what a statement touches, and prepare() demands that it be one statement
 * that reads.  Neither trusts the other, and the VFS (vfs.c) trusts none.
 */
#include "core/dbimpl.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------
 * Prepare
 * ------------------------------------------------------------------------ */

/*
 * Is there nothing but space, comments and semicolons in sql?
 */
static bool
nothing_left(const char *sql)
{
	while (*sql != '\0')
	{
		if (strchr(" \t\n\f\r;", *sql) != NULL)
			sql++;
		else if (sql[0] == '-' && sql[1] == '-')
			sql += strcspn(sql, "\n");
		else if (sql[0] == '/' && sql[1] == '*')
		{
			const char *end = strstr(sql + 2, "*/");

			sql = end ? end + 2 : sql + strlen(sql);
		}
		else
			return false;
	}
	return true;
}

/*
 * "no such column: x", where our SQL does not have "x": then the text of a
 * view has it, written when SQLite took such a thing for a string.
 */
static bool
views_old_string(LiteDb *db, const char *sql)
{
	static const char prefix[] = "no such column: ";
	const char *message = sqlite3_errmsg(db->handle);
	char *quoted;
	bool result;
	size_t len;

	if (strncmp(message, prefix, sizeof(prefix) - 1) != 0)
		return false;
	message += sizeof(prefix) - 1;
	/* newer releases quote the name and add advice */
	if (message[0] == '"')
		message++;
	len = strcspn(message, "\"");
	quoted = sqlite3_mprintf("%.*s", (int) len, message);
	if (quoted == NULL)
		return false;
	result = strstr(sql, quoted) == NULL;
	sqlite3_free(quoted);
	return result;
}

static int
prepare_handle(LiteDb *db, const char *sql, sqlite3_stmt **result,
			   const char **tail)
{
	int rc;

	db->forbidden = false;
	rc = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
							result, tail);
	if (rc == SQLITE_ERROR && !db->forbidden && views_old_string(db, sql))
	{
		/*
		 * For good: SQLite prepares every statement again when this changes,
		 * so it cannot be had for one of them alone.
		 */
		(void) sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 1, NULL);
		rc = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT,
								result, tail);
	}
	db->collation_used = false;
	return rc;
}

static LiteStatus
refuse(sqlite3_stmt *handle, LiteError *err, LiteStatus status,
	   const char *message, const char *detail)
{
	(void) sqlite3_finalize(handle);
	lite_error_set(err, status, "%s", message);
	lite_error_detail(err, "%s", detail);
	return status;
}

LiteStatus
lite_stmt_prepare(LiteDb *db, const char *sql, LiteStmt **result,
				  LiteError *err)
{
	sqlite3_stmt *handle = NULL;
	const char *tail = "";
	LiteStmt *stmt;
	int rc;

	*result = NULL;
	if (db->handle == NULL)
		return lite_error_set(err, LITE_INTERNAL, "the file is not open");
	if (strlen(sql) > (size_t) INT_MAX - 1)
		return lite_error_set(err, LITE_TOOBIG, "SQL text is too long");

	rc = prepare_handle(db, sql, &handle, &tail);
	if (rc != SQLITE_OK)
		return lite_db_error(db, rc, err, "prepare a statement");
	if (handle == NULL)
		return refuse(NULL, err, LITE_SQL, "there is no statement",
					  "The SQL text is empty, or a comment.");
	if (!nothing_left(tail))
		return refuse(handle, err, LITE_SQL, "more than one statement",
					  "Only the first of several statements would run.");
	if (!db->options.writable && db->vfs != NULL &&
		!sqlite3_stmt_readonly(handle))
		return refuse(handle, err, LITE_READONLY,
					  "the statement is not read-only",
					  "The SQLite file was opened for reading.");

	stmt = calloc(1, sizeof(*stmt));
	if (stmt == NULL)
	{
		(void) sqlite3_finalize(handle);
		return lite_error_nomem(err);
	}
	stmt->db = db;
	stmt->handle = handle;
	stmt->generation = db->generation;
	stmt->ncolumns = sqlite3_column_count(handle);
	stmt->next = db->statements;
	if (stmt->next != NULL)
		stmt->next->previous = stmt;
	db->statements = stmt;
	*result = stmt;
	return LITE_OK;
}

LiteStatus
lite_stmt_preparef(LiteDb *db, LiteStmt **result, LiteError *err,
				   const char *fmt, ...)
{
	va_list args;
	char *sql;
	LiteStatus status;

	*result = NULL;
	va_start(args, fmt);
	sql = sqlite3_vmprintf(fmt, args);
	va_end(args);
	if (sql == NULL)
		return lite_error_nomem(err);
	status = lite_stmt_prepare(db, sql, result, err);
	sqlite3_free(sql);
	return status;
}

void
lite_stmt_finalize(LiteStmt *stmt)
{
	if (stmt == NULL)
		return;
	if (stmt->handle != NULL)
	{
		if (stmt->previous != NULL)
			stmt->previous->next = stmt->next;
		else
			stmt->db->statements = stmt->next;
		if (stmt->next != NULL)
			stmt->next->previous = stmt->previous;
		(void) sqlite3_finalize(stmt->handle);
	}
	free(stmt);
}

void
lite_stmt_reset(LiteStmt *stmt)
{
	stmt->rows = 0;
	if (stmt->handle != NULL)
		(void) sqlite3_reset(stmt->handle);
}

/* ------------------------------------------------------------------------
 * Run
 * ------------------------------------------------------------------------ */

/*
 * A statement outlives its handle when the file had to be reopened.
 */
static LiteStatus
gone(LiteError *err)
{
	lite_error_set(err, LITE_INTERNAL, "the statement is no longer valid");
	lite_error_detail(err, "The SQLite file was reopened after the statement "
						   "was prepared.");
	return LITE_INTERNAL;
}

LiteStatus
lite_stmt_bind(LiteStmt *stmt, int index, const LiteValue *value,
			   LiteError *err)
{
	/* a NULL pointer would bind NULL where an empty value is meant */
	const char *data = value->data ? value->data : "";
	int rc = SQLITE_MISUSE;

	if (stmt->handle == NULL)
		return gone(err);
	switch (value->cls)
	{
		case LITE_NULL:
			rc = sqlite3_bind_null(stmt->handle, index);
			break;
		case LITE_INTEGER:
			rc = sqlite3_bind_int64(stmt->handle, index, value->i);
			break;
		case LITE_REAL:
			rc = sqlite3_bind_double(stmt->handle, index, value->r);
			break;
		case LITE_TEXT:
			rc = sqlite3_bind_text64(stmt->handle, index, data, value->len,
									 SQLITE_STATIC, SQLITE_UTF8);
			break;
		case LITE_BLOB:
			rc = sqlite3_bind_blob64(stmt->handle, index, data, value->len,
									 SQLITE_STATIC);
			break;
		case LITE_NCLASSES:
			break;
	}
	if (rc != SQLITE_OK)
		return lite_db_error(stmt->db, rc, err, "bind parameter %d", index);
	return LITE_OK;
}

/*
 * Not every failure comes as a code: see LiteDb.collation_used.
 */
static LiteStatus
unknown_order(LiteStmt *stmt, LiteError *err)
{
	stmt->db->collation_used = false;
	(void) sqlite3_reset(stmt->handle);
	lite_error_set(err, LITE_UNSUPPORTED,
				   "the statement compares in a collation that is not known");
	lite_error_detail(err, "The SQLite file uses a collation that the "
						   "application that wrote it has defined; its order "
						   "is not known here.");
	lite_error_hint(err, "Compare with COLLATE BINARY and NOT INDEXED.");
	return LITE_UNSUPPORTED;
}

LiteStatus
lite_stmt_step(LiteStmt *stmt, LiteError *err)
{
	LiteDb *db = stmt->db;
	int rc;

	if (stmt->handle == NULL)
		return gone(err);
	rc = sqlite3_step(stmt->handle);
	if (db->collation_used)
		return unknown_order(stmt, err);
	if (rc == SQLITE_ROW)
	{
		if (stmt->max_rows == 0 || ++stmt->rows <= stmt->max_rows)
			return LITE_ROW;
		(void) sqlite3_reset(stmt->handle);
		lite_error_set(err, LITE_CORRUPT, "the SQLite file is damaged");
		lite_error_detail(err, "A table has more rows than the file has room "
							   "for: its pages refer to each other in a "
							   "circle.");
		return LITE_CORRUPT;
	}
	if (rc == SQLITE_DONE)
		return LITE_DONE;
	return lite_db_error(db, rc, err, "read");
}

const char *
lite_stmt_text(LiteStmt *stmt, int column)
{
	return (const char *) sqlite3_column_text(stmt->handle, column);
}

int64_t
lite_stmt_int64(LiteStmt *stmt, int column)
{
	return sqlite3_column_int64(stmt->handle, column);
}

bool
lite_stmt_is_null(LiteStmt *stmt, int column)
{
	return sqlite3_column_type(stmt->handle, column) == SQLITE_NULL;
}

/* ------------------------------------------------------------------------
 * Explain
 * ------------------------------------------------------------------------ */

/*
 * EXPLAIN QUERY PLAN answers (id, parent, unused, text), parents first and in
 * the order to be printed; so the depth of a row is its parent's plus one.
 */
#define MAX_PLAN_ROWS 1000

LiteStatus
lite_stmt_explain(LiteDb *db, const char *sql, char **result, LiteError *err)
{
	static const char rows_cut[] = "...";
	int64_t ids[MAX_PLAN_ROWS];
	int depths[MAX_PLAN_ROWS];
	int n = 0;
	sqlite3_str *str;
	LiteStmt *stmt;
	LiteStatus status;

	*result = NULL;
	status = lite_stmt_preparef(db, &stmt, err, "EXPLAIN QUERY PLAN %s", sql);
	if (status != LITE_OK)
		return status;
	str = sqlite3_str_new(db->handle);
	while ((status = lite_stmt_step(stmt, err)) == LITE_ROW)
	{
		int64_t parent = lite_stmt_int64(stmt, 1);
		const char *text = lite_stmt_text(stmt, 3);
		int depth = 0;
		int i;

		if (n == MAX_PLAN_ROWS)
		{
			sqlite3_str_appendall(str, "\n");
			sqlite3_str_appendall(str, rows_cut);
			status = LITE_DONE;
			break;
		}
		for (i = n - 1; i >= 0 && parent != 0; i--)
		{
			if (ids[i] == parent)
			{
				depth = depths[i] + 1;
				break;
			}
		}
		ids[n] = lite_stmt_int64(stmt, 0);
		depths[n] = depth;
		if (n++ > 0)
			sqlite3_str_appendall(str, "\n");
		sqlite3_str_appendchar(str, 2 * depth, ' ');
		sqlite3_str_appendall(str, text ? text : "");
	}
	lite_stmt_finalize(stmt);
	*result = sqlite3_str_finish(str);
	if (status != LITE_DONE)
	{
		sqlite3_free(*result);
		*result = NULL;
		return status;
	}
	if (*result == NULL && n > 0)
		return lite_error_nomem(err);
	if (*result == NULL)
		*result = sqlite3_mprintf("");
	return *result ? LITE_OK : lite_error_nomem(err);
}
