/*
 * query.c
 *	  sqlite_query(source, sql): the rows of any SELECT in SQLite's dialect,
 *	  typed by the caller's column list.
 *
 *		SELECT * FROM sqlite_query('/srv/app.db', 'SELECT id, name FROM t')
 *			AS q(id bigint, name text);
 *
 * Columns are matched by position.  Values are read with the format "auto":
 * nothing is known of the expressions, so each value may be in any form that
 * can be recognised without doubt.  The rows go into a tuplestore, which
 * moves to disk beyond work_mem: memory does not grow with the result.
 */
#include "pg/compat.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "load/load.h"
#include "pg/report.h"

PG_FUNCTION_INFO_V1(sqlite_query);

static LiteRowColumn *
make_columns(TupleDesc desc, LiteStmt *stmt)
{
	LiteRowColumn *columns;

	if (desc->natts != stmt->ncolumns)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("the query gives %d columns, the column definition "
						"list has %d",
						stmt->ncolumns, desc->natts)));
	columns = palloc0(sizeof(LiteRowColumn) * desc->natts);
	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		const char *name = sqlite3_column_name(stmt->handle, i);

		columns[i].position = i;
		columns[i].field = i;
		columns[i].name = name ? pstrdup(name) : "";
		LiteColumnReaderInit(&columns[i].reader, att->atttypid, att->atttypmod,
							 LITE_FORMAT_AUTO);
	}
	return columns;
}

static void
fetch_rows(ReturnSetInfo *rsinfo, LiteLoadFile *file, LiteStmt *stmt)
{
	TupleDesc desc = rsinfo->setDesc;
	Datum *values = palloc0(sizeof(Datum) * desc->natts);
	bool *nulls = palloc0(sizeof(bool) * desc->natts);
	LiteRowReader reader;

	LiteRowBegin(&reader, stmt, make_columns(desc, stmt), desc->natts);
	reader.path = file->source->path;
	reader.hint = "Give the column a type that holds every value in the "
				  "column definition list, or CAST it in the SELECT.";
	reader.row_context =
		AllocSetContextCreate(CurrentMemoryContext, "sqlite_query row",
							  ALLOCSET_DEFAULT_SIZES);
	while (LiteRowNext(&reader, values, nulls))
	{
		CHECK_FOR_INTERRUPTS();
		tuplestore_putvalues(rsinfo->setResult, desc, values, nulls);
	}
	LiteRowEnd(&reader);
}

Datum
sqlite_query(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	LiteSource *source = LiteLoadSourceArg(fcinfo, 0);
	char *sql = LiteLoadTextArg(fcinfo, 1);
	LiteLoadFile *file;
	LiteStmt *stmt;

	if (sql == NULL)
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("query must not be null")));
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	file = LiteLoadFileOpen(source);
	stmt = LiteLoadPrepare(file, sql);
	if (stmt->ncolumns == 0)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("the statement returns no rows"),
				 errhint("sqlite_query takes a SELECT, VALUES or WITH.")));
	fetch_rows(rsinfo, file, stmt);
	lite_stmt_reset(stmt);
	LiteLoadFileClose(file);
	return (Datum) 0;
}
