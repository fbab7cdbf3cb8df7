/*
 * reinsert.c
 *	  sqlite_reinsert: rows that did not fit, once they do.
 *
 *		sqlite_rejects --> [corrected by the user] --> "SELECT ?1, ?2, ..."
 *			--> the reader, the conversions and the sums of an import --> heap
 *
 * A rejected row was kept whole, with the storage class of each value.  Bound
 * to the parameters of a SELECT without a table, it is a row of SQLite again;
 * so everything that an import does with a row is done here by the same code,
 * documents included.
 *
 * Each row is inserted in a subtransaction of its own: one that still breaks
 * a rule of the table stays where it is, with the reason.  What went in
 * leaves the rejects, and the log's counts go with it, so that "rows in the
 * file = rows + rejected" stays true.  Rows that had to be corrected are not
 * in the file as they are in the table: their sums are kept apart, and
 * sqlite_verify takes them off before it compares.
 */
#include "pg/compat.h"

#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/tuplestore.h"

#include "load/load.h"
#include "pg/report.h"

PG_FUNCTION_INFO_V1(sqlite_reinsert);
PG_FUNCTION_INFO_V1(sqlite_value_text);

/* Rejects that are read at a time. */
#define PAGE_ROWS 100

/* One rejected row. */
typedef struct KeptRow
{
	int64 id;
	bool has_row_id;
	int64 row_id;
	bool corrected;
	Datum classes; /* text[] */
	Datum values;  /* bytea[] */
} KeptRow;

/* One table of the import. */
typedef struct ReinsertTable
{
	FunctionCallInfo fcinfo;
	int64 import_id;
	char *name;
	char *source_name; /* as the rejects have it */
	LiteLoadTable *table;
	Datum loaded; /* jsonb, 0: none */
	Datum corrected_sums;

	LiteLoadInput *input;
	LiteHeapWriter *writer;
	LiteLoadSums *all; /* of what went in */
	LiteLoadSums *corrected;
	const char *reason; /* why the current row does not fit */
	int64 reinserted;
	int64 ncorrected;
	int64 remaining;
} ReinsertTable;

/* ------------------------------------------------------------------------
 * The file that is none
 * ------------------------------------------------------------------------ */

static void
close_memory(void *arg)
{
	lite_db_close(arg);
}

/* SQLite without a file, until CurrentMemoryContext goes. */
static LiteLoadFile *
open_memory(const char *path)
{
	LiteLoadFile *file = palloc0(sizeof(LiteLoadFile));
	MemoryContextCallback *callback = palloc0(sizeof(MemoryContextCallback));
	LiteError err;

	LiteCheck(lite_db_open_memory(&file->db, &err), &err);
	callback->func = close_memory;
	callback->arg = file->db;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, callback);
	file->source = palloc0(sizeof(LiteSource));
	file->source->path = pstrdup(path);
	return file;
}

static int
nparameters(const LiteLoadTable *table)
{
	return table->ncolumns + table->nfields +
		   (table->rowid_field >= 0 ? 1 : 0);
}

static void
select_parameters(LiteLoadTable *table)
{
	StringInfoData sql;
	int count = nparameters(table);

	initStringInfo(&sql);
	for (int i = 0; i < count; i++)
		appendStringInfo(&sql, "%s?%d", i ? ", " : "SELECT ", i + 1);
	table->select_sql = sql.data;
	if (table->rowid_field >= 0)
		table->rowid_field = count - 1;
}

/* ------------------------------------------------------------------------
 * One row
 * ------------------------------------------------------------------------ */

static void
bind(LiteStmt *stmt, int field, const LiteValue *value)
{
	LiteError err;

	LiteCheck(lite_stmt_bind(stmt, field + 1, value, &err), &err);
}

pg_noreturn static void damaged(const KeptRow *row);

static void
damaged(const KeptRow *row)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("reject " INT64_FORMAT " is no row of its table", row->id),
			 errhint("column_values needs a value, or NULL where the storage "
					 "class is \"null\", for each column of column_names; "
					 "sqlite_correct() sees to that.")));
}

static LiteValue *
kept_values(const KeptRow *row, int count)
{
	LiteValue *result = palloc0(sizeof(LiteValue) * Max(count, 1));
	Datum *classes;
	Datum *values;
	bool *class_nulls;
	bool *nulls;
	int nclasses;
	int nvalues;

	deconstruct_array(DatumGetArrayTypeP(row->classes), TEXTOID, -1, false,
					  TYPALIGN_INT, &classes, &class_nulls, &nclasses);
	deconstruct_array(DatumGetArrayTypeP(row->values), BYTEAOID, -1, false,
					  TYPALIGN_INT, &values, &nulls, &nvalues);
	if (nclasses != count || nvalues != count)
		damaged(row);
	for (int i = 0; i < count; i++)
	{
		if (class_nulls[i] ||
			!LiteKeptValue(TextDatumGetCString(classes[i]),
						   nulls[i] ? NULL : DatumGetByteaPP(values[i]),
						   &result[i]))
			damaged(row);
	}
	return result;
}

/* A document's key columns are among its fields; the rowid is apart. */
static void
bind_key_column(const LiteLoadTable *table, LiteStmt *stmt, int column,
				const LiteValue *fields, const LiteValue *rowid)
{
	for (int i = 0; i < table->nfields; i++)
	{
		if (strcmp(table->fields[i].source_name,
				   table->columns[column].source_name) == 0)
		{
			bind(stmt, column, &fields[i]);
			return;
		}
	}
	bind(stmt, column, rowid);
}

static void
bind_row(ReinsertTable *state, const KeptRow *row)
{
	const LiteLoadTable *table = state->table;
	LiteStmt *stmt = state->input->stmt;
	LiteValue rowid = {.cls = LITE_NULL};
	bool document = (table->document != NULL);
	LiteValue *values =
		kept_values(row, document ? table->nfields : table->ncolumns);

	if (row->has_row_id)
	{
		rowid.cls = LITE_INTEGER;
		rowid.i = row->row_id;
	}
	lite_stmt_reset(stmt);
	for (int i = 0; i < table->ncolumns; i++)
	{
		if (document)
			bind_key_column(table, stmt, i, values, &rowid);
		else
			bind(stmt, i, &values[i]);
	}
	for (int i = 0; i < table->nfields; i++)
		bind(stmt, table->ncolumns + i, &values[i]);
	if (table->rowid_field >= 0)
		bind(stmt, table->rowid_field, &rowid);
}

static LiteMisfitAction
on_misfit(LiteRowReader *reader, int column, const LiteValue *value,
		  LiteMisfit why)
{
	ReinsertTable *state = reader->misfit_arg;

	if (why == LITE_MISFIT_NOMEM)
		LiteRowError(reader, column, value, why);
	state->reason = lite_misfit_name(why);
	return LITE_MISFIT_SKIP_ROW;
}

static bool
make_document(ReinsertTable *state, Datum *values, bool *nulls)
{
	LiteLoadInput *input = state->input;
	LiteMisfit misfit;

	if (input->doc_position < 0)
		return true;
	if (!LiteLoadDocument(input))
		return false;
	misfit = LiteLoadDocumentDatum(input, &values[input->doc_position]);
	nulls[input->doc_position] = false;
	if (misfit != LITE_FITS)
		state->reason = lite_misfit_name(misfit);
	return misfit == LITE_FITS;
}

static void
put_row(void *writer)
{
	LiteHeapWriterPut(writer);
}

/* NULL: it is in; else why the table does not take it. */
static const char *
put(LiteHeapWriter *writer)
{
	ErrorData *error = LiteSqlAttempt(put_row, writer);
	int category;

	if (error == NULL)
		return NULL;
	category = ERRCODE_TO_CATEGORY(error->sqlerrcode);
	if (category != ERRCODE_DATA_EXCEPTION &&
		category != ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION &&
		category != ERRCODE_PROGRAM_LIMIT_EXCEEDED)
		ReThrowError(error);
	return error->message ? error->message : "refused by the table";
}

/* true: the row is in the table. */
static bool
reinsert_row(ReinsertTable *state, const KeptRow *row)
{
	LiteLoadInput *input = state->input;
	LiteLoadSums *sums = LiteLoadSumsNew(state->table);
	MemoryContext context = CurrentMemoryContext;
	Datum *values;
	bool *nulls;
	bool fits;

	sums->as_stored = row->corrected;
	bind_row(state, row);
	state->reason = NULL;
	LiteHeapWriterRow(state->writer, &values, &nulls);
	MemoryContextSwitchTo(LiteHeapWriterContext(state->writer));
	fits = LiteRowNext(&input->reader, values, nulls) &&
		   make_document(state, values, nulls);
	if (fits)
	{
		MemoryContextSwitchTo(context);
		LiteLoadSumsAddLoaded(sums, input, nulls);
		state->reason = put(state->writer);
	}
	MemoryContextSwitchTo(context);
	LiteHeapWriterClear(state->writer);
	if (state->reason)
		return false;
	LiteLoadSumsAdd(state->all, sums);
	if (row->corrected)
	{
		LiteLoadSumsAdd(state->corrected, sums);
		state->ncorrected++;
	}
	return true;
}

/* ------------------------------------------------------------------------
 * All rows of one table
 * ------------------------------------------------------------------------ */

static void
settle_reject(ReinsertTable *state, const KeptRow *row, bool done)
{
	char *rejects = LiteSqlOwnTable(state->fcinfo, "sqlite_rejects");
	LiteSqlParams params = {0};

	LiteSqlAddInt64(&params, row->id);
	if (done)
	{
		LiteSqlRunAsOwner(state->fcinfo,
						  psprintf("DELETE FROM %s WHERE id = $1", rejects),
						  &params);
		return;
	}
	LiteSqlAddText(&params, state->reason);
	LiteSqlRunAsOwner(state->fcinfo,
					  psprintf("UPDATE %s SET reason = $2 WHERE id = $1",
							   rejects),
					  &params);
}

static Datum
copy_varlena(uint64 row, int column, MemoryContext context)
{
	return LiteSqlCopyVarlena(SPI_tuptable->vals[row], SPI_tuptable->tupdesc,
							  column, context);
}

/* The next rejects after this id, locked. */
static KeptRow *
next_page(ReinsertTable *state, int64 after, int *count)
{
	MemoryContext context = CurrentMemoryContext;
	LiteSqlParams params = {0};
	KeptRow *rows;
	char *sql = psprintf(
		"SELECT id, row_id, original IS DISTINCT FROM "
		"hash_array_extended(column_values, 0) # "
		"hash_array_extended(storage_classes, 1), "
		"storage_classes, column_values FROM %s "
		"WHERE import_id = $1 AND table_name = $2 AND action = 'reject' "
		"AND id > $3 ORDER BY id LIMIT %d FOR UPDATE",
		LiteSqlOwnTable(state->fcinfo, "sqlite_rejects"), PAGE_ROWS);

	LiteSqlAddInt64(&params, state->import_id);
	LiteSqlAddText(&params, state->source_name);
	LiteSqlAddInt64(&params, after);
	SPI_connect();
	LiteSqlAsOwner(state->fcinfo, sql, &params);
	*count = (int) SPI_processed;
	rows = MemoryContextAllocZero(context, sizeof(KeptRow) * Max(*count, 1));
	for (int i = 0; i < *count; i++)
	{
		HeapTuple tuple = SPI_tuptable->vals[i];
		TupleDesc desc = SPI_tuptable->tupdesc;
		bool null;

		rows[i].id = DatumGetInt64(SPI_getbinval(tuple, desc, 1, &null));
		rows[i].row_id = DatumGetInt64(SPI_getbinval(tuple, desc, 2, &null));
		rows[i].has_row_id = !null;
		rows[i].corrected = DatumGetBool(SPI_getbinval(tuple, desc, 3, &null));
		rows[i].classes = copy_varlena((uint64) i, 4, context);
		rows[i].values = copy_varlena((uint64) i, 5, context);
		if (rows[i].classes == (Datum) 0 || rows[i].values == (Datum) 0)
			damaged(&rows[i]);
	}
	SPI_finish();
	return rows;
}

static void
reinsert_rows(ReinsertTable *state)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "sqlite reinsert",
							  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	int64 after = PG_INT64_MIN;
	int count;

	do
	{
		KeptRow *rows = next_page(state, after, &count);

		for (int i = 0; i < count; i++)
		{
			bool done = reinsert_row(state, &rows[i]);

			CHECK_FOR_INTERRUPTS();
			settle_reject(state, &rows[i], done);
			if (done)
				state->reinserted++;
			else
				state->remaining++;
			after = rows[i].id;
		}
		lite_stmt_reset(state->input->stmt);
		MemoryContextReset(context);
	} while (count == PAGE_ROWS);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

static Datum
sums_with(ReinsertTable *state, Datum json, LiteLoadSums *more)
{
	LiteLoadSums *sums = LiteLoadSumsNew(state->table);

	if (json != (Datum) 0)
		LiteLoadSumsFromJson(sums, json);
	LiteLoadSumsAdd(sums, more);
	return CStringGetDatum(LiteLoadSumsToJson(sums, state->table));
}

/* The log's counts and sums go along. */
static void
settle_log(ReinsertTable *state)
{
	LiteSqlParams table = {0};
	LiteSqlParams log = {0};

	LiteSqlAddInt64(&table, state->import_id);
	LiteSqlAddText(&table, state->name);
	LiteSqlAddInt64(&table, state->reinserted);
	LiteSqlAddInt64(&table, state->ncorrected);
	LiteSqlAddJson(&table,
				   state->loaded == (Datum) 0
					   ? NULL
					   : DatumGetCString(
							 sums_with(state, state->loaded, state->all)));
	LiteSqlAddJson(&table,
				   DatumGetCString(sums_with(state, state->corrected_sums,
											 state->corrected)));
	LiteSqlRunAsOwner(
		state->fcinfo,
		psprintf("UPDATE %s SET rows = rows + $3, rejected = rejected - $3, "
				 "corrected = corrected + $4, loaded = $5, "
				 "corrected_sums = $6 "
				 "WHERE import_id = $1 AND table_name = $2",
				 LiteSqlOwnTable(state->fcinfo, "sqlite_import_tables")),
		&table);
	LiteSqlAddInt64(&log, state->import_id);
	LiteSqlAddInt64(&log, state->reinserted);
	LiteSqlRunAsOwner(
		state->fcinfo,
		psprintf("UPDATE %s SET rows = rows + $2, rejected = rejected - $2 "
				 "WHERE id = $1",
				 LiteSqlOwnTable(state->fcinfo, "sqlite_import_log")),
		&log);
}

static void
reinsert_table(ReinsertTable *state, const char *path)
{
	LiteLoadTable *table = state->table;
	Oid relid = LiteLoadRelid(table->schema, table->name);
	AttrNumber *attnums = palloc(sizeof(AttrNumber) * (table->ncolumns + 1));
	int nattnums = 0;
	Relation rel;

	if (!OidIsValid(relid))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
						errmsg("table \"%s\" does not exist",
							   LiteLoadText(table->name))));
	rel = table_open(relid, RowExclusiveLock);
	select_parameters(table);
	state->input = LiteLoadInputBegin(open_memory(path), table, rel);
	state->input->reader.misfit = on_misfit;
	state->input->reader.misfit_arg = state;
	state->input->field_reader.misfit = on_misfit;
	state->input->field_reader.misfit_arg = state;
	for (int i = 0; i < table->ncolumns; i++)
		attnums[nattnums++] = state->input->columns[i].position + 1;
	if (state->input->doc_position >= 0)
		attnums[nattnums++] = state->input->doc_position + 1;
	state->writer = LiteHeapWriterBeginInserts(rel, nattnums, attnums);
	state->all = LiteLoadSumsNew(table);
	state->corrected = LiteLoadSumsNew(table);
	reinsert_rows(state);
	LiteHeapWriterEnd(state->writer);
	LiteLoadInputEnd(state->input);
	table_close(rel, NoLock);
	if (state->reinserted > 0)
		settle_log(state);
}

/* ------------------------------------------------------------------------
 * The import
 * ------------------------------------------------------------------------ */

/* What the tables of the import have in the log; path and zone of it all. */
static ReinsertTable *
find_tables(FunctionCallInfo fcinfo, int64 import_id, const char *only,
			int *count, char **path)
{
	MemoryContext context = CurrentMemoryContext;
	LiteSqlParams params = {0};
	ReinsertTable *tables;
	char *sql = psprintf(
		"SELECT t.table_name, t.source_table, t.plan, t.loaded, "
		"t.corrected_sums, i.owner::text, i.path, i.options->>'time_zone' "
		"FROM %s AS i JOIN %s AS t ON t.import_id = i.id "
		"WHERE i.id = $1 AND ($2 IS NULL OR t.table_name = $2 "
		"OR t.source_table = $2) ORDER BY t.table_name FOR UPDATE OF t",
		LiteSqlOwnTable(fcinfo, "sqlite_import_log"),
		LiteSqlOwnTable(fcinfo, "sqlite_import_tables"));

	LiteSqlAddInt64(&params, import_id);
	LiteSqlAddText(&params, only);
	SPI_connect();
	LiteSqlAsOwner(fcinfo, sql, &params);
	*count = (int) SPI_processed;
	tables = MemoryContextAllocZero(context,
									sizeof(ReinsertTable) * Max(*count, 1));
	for (int i = 0; i < *count; i++)
	{
		HeapTuple tuple = SPI_tuptable->vals[i];
		TupleDesc desc = SPI_tuptable->tupdesc;
		Oid owner = get_role_oid(SPI_getvalue(tuple, desc, 6), true);
		char *zone = SPI_getvalue(tuple, desc, 8);
		Datum plan = copy_varlena((uint64) i, 3, context);
		MemoryContext old;

		if (!superuser() &&
			(!OidIsValid(owner) || !has_privs_of_role(GetUserId(), owner)))
			ereport(ERROR,
					(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					 errmsg("permission denied for import " INT64_FORMAT,
							import_id)));
		old = MemoryContextSwitchTo(context);
		tables[i].fcinfo = fcinfo;
		tables[i].import_id = import_id;
		tables[i].name = pstrdup(SPI_getvalue(tuple, desc, 1));
		tables[i].source_name = pstrdup(SPI_getvalue(tuple, desc, 2));
		tables[i].table = LiteLoadTableFromJson(plan);
		tables[i].loaded = copy_varlena((uint64) i, 4, context);
		tables[i].corrected_sums = copy_varlena((uint64) i, 5, context);
		*path = pstrdup(SPI_getvalue(tuple, desc, 7));
		LiteLoadZone(zone, &tables[i].table->to_utc,
					 &tables[i].table->zone_arg);
		MemoryContextSwitchTo(old);
	}
	SPI_finish();
	return tables;
}

Datum
sqlite_reinsert(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	ReinsertTable *tables;
	char *path = NULL;
	int count;
	int level;

	if (PG_ARGISNULL(0))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("import_id must not be null")));
	PreventCommandIfReadOnly("sqlite_reinsert()");
	InitMaterializedSRF(fcinfo, 0);
	level = LiteSqlEnter();
	tables =
		find_tables(fcinfo, PG_GETARG_INT64(0),
					PG_ARGISNULL(1) ? NULL
									: text_to_cstring(PG_GETARG_TEXT_PP(1)),
					&count, &path);
	if (count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("there is no such finished import, or no such table "
						"in it"),
				 errhint("See sqlite_import_log and sqlite_import_tables.")));
	for (int i = 0; i < count; i++)
	{
		Datum values[3];
		bool nulls[3] = {false};

		reinsert_table(&tables[i], path);
		values[0] = CStringGetTextDatum(tables[i].name);
		values[1] = Int64GetDatum(tables[i].reinserted);
		values[2] = Int64GetDatum(tables[i].remaining);
		if (tables[i].reinserted > 0 || tables[i].remaining > 0)
			tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values,
								 nulls);
	}
	LiteSqlLeave(level);
	return (Datum) 0;
}

/* sqlite_value_text(storage_class, value): for people, what cannot be shown
 * as text is escaped. */
Datum
sqlite_value_text(PG_FUNCTION_ARGS)
{
	char *cls = text_to_cstring(PG_GETARG_TEXT_PP(0));
	bytea *value = PG_GETARG_BYTEA_PP(1);

	if (strcmp(cls, lite_class_name(LITE_BLOB)) == 0)
		PG_RETURN_DATUM(CStringGetTextDatum(
			psprintf("\\x%s", TextDatumGetCString(DirectFunctionCall2(
								  binary_encode, PointerGetDatum(value),
								  CStringGetTextDatum("hex"))))));
	PG_RETURN_DATUM(CStringGetTextDatum(
		LiteLoadTextLen(VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value))));
}
