/*
 * row.h
 *	  Rows of a SQLite statement as Datums: Begin, Next, End.
 *
 * The one reader that scan, ANALYZE, import and sqlite_query use.  Which
 * column of the statement goes to which position is settled at Begin; Next
 * steps the statement and fills values[] and nulls[].
 *
 * A value that does not fit ends in an error that names file, table, rowid,
 * column and value (LiteRowError), unless the caller has a policy: then
 * Next calls it, and it says whether the value becomes NULL or the row is
 * passed over.
 */
#ifndef LITE_ROW_H
#define LITE_ROW_H

#include "pg/connection.h"
#include "pg/convert.h"

typedef enum LiteMisfitAction
{
	LITE_MISFIT_SET_NULL,
	LITE_MISFIT_SKIP_ROW
} LiteMisfitAction;

typedef struct LiteRowColumn
{
	int position;	  /* in values[]/nulls[] */
	int field;		  /* column of the statement, from 0 */
	const char *name; /* SQLite's, for messages */
	LiteColumnReader reader;
} LiteRowColumn;

typedef struct LiteRowReader LiteRowReader;

struct LiteRowReader
{
	LiteStmt *stmt;
	const char *table; /* SQLite's name, for messages; NULL: a query */
	const char *path;
	int ncolumns;
	LiteRowColumn *columns;
	int rowid_field;		   /* field holding the rowid, or -1 */
	MemoryContext row_context; /* Datums of a row; reset by Next.  NULL: the
								 * caller's CurrentMemoryContext */
	LiteMisfitAction (*misfit)(LiteRowReader *reader, int column,
							   const LiteValue *value, LiteMisfit why);
	void *misfit_arg;
	const char *hint; /* what to do about a misfit; NULL: the core's words,
					   * which are an import's */
	uint64 rows;	  /* returned so far */
	int current;	  /* column being converted, for messages; -1: none */
};

/*
 * Sets every field: what the caller wants otherwise (table, path,
 * rowid_field, row_context, misfit) is set after it.  columns: ncolumns
 * entries, readers initialised; stays the caller's.
 */
extern void LiteRowBegin(LiteRowReader *reader, LiteStmt *stmt,
						 LiteRowColumn *columns, int ncolumns);

/* false at the end.  Positions that no column fills are left alone. */
extern bool LiteRowNext(LiteRowReader *reader, Datum *values, bool *nulls);

/*
 * Next in two halves, for those who need not convert every row: Step goes to
 * the next row (false: no more), Fill converts it (false: the policy says to
 * pass it over).
 */
extern bool LiteRowStep(LiteRowReader *reader);
extern bool LiteRowFill(LiteRowReader *reader, Datum *values, bool *nulls);

extern void LiteRowEnd(LiteRowReader *reader);

/* Throws the error for a value that does not fit. */
pg_noreturn extern void LiteRowError(LiteRowReader *reader, int column,
									 const LiteValue *value, LiteMisfit why);

/* "column ..., rowid 7 of SQLite table ..., file ...", for an error's context,
 * in the server's encoding. */
extern const char *LiteRowWhere(LiteRowReader *reader, int column);

#endif /* LITE_ROW_H */
