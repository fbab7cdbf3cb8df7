/*
 * batch_state.c
 *	  The steps of a batched import and their state, in our own tables.
 *
 *		sqlite_import_batches	one row per batched import: which state of
 *								the file it reads
 *		sqlite_import_steps		the plan: one row per thing to do, while the
 *								import is not finished; of a table's rows
 *								also how far they are, and their sums
 *
 * Whatever is done is marked as done in the same transaction, so after a
 * crash the tables say exactly what is there.  The statements in them were
 * written by the plan; nobody but the tables' owner can change them.
 */
#include "pg/compat.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "mb/pg_wchar.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "load/batch.h"
#include "pg/report.h"

/* ------------------------------------------------------------------------
 * Values of a result, copied out of SPI
 * ------------------------------------------------------------------------ */

static Datum
get(uint64 row, int column, bool *null)
{
	return SPI_getbinval(SPI_tuptable->vals[row], SPI_tuptable->tupdesc,
						 column, null);
}

static int64
get_int64(uint64 row, int column)
{
	bool null;
	Datum value = get(row, column, &null);

	return null ? 0 : DatumGetInt64(value);
}

static bool
get_bool(uint64 row, int column)
{
	bool null;
	Datum value = get(row, column, &null);

	return !null && DatumGetBool(value);
}

static char *
get_text(uint64 row, int column, MemoryContext context)
{
	bool null;
	Datum value = get(row, column, &null);

	return null ? NULL
				: MemoryContextStrdup(context, TextDatumGetCString(value));
}

static Datum
get_varlena(uint64 row, int column, MemoryContext context)
{
	return LiteSqlCopyVarlena(SPI_tuptable->vals[row], SPI_tuptable->tupdesc,
							  column, context);
}

static char *
to_utf8(char *text)
{
	return text ? pg_server_to_any(text, strlen(text), PG_UTF8) : NULL;
}

/* ------------------------------------------------------------------------
 * Positions
 * ------------------------------------------------------------------------ */

static Datum
position_array(const LiteBatchStep *step, Oid type)
{
	int dims[1] = {step->nposition};
	int bounds[1] = {1};
	Datum *elements = palloc(sizeof(Datum) * step->nposition);
	bool *nulls = palloc0(sizeof(bool) * step->nposition);

	for (int i = 0; i < step->nposition; i++)
	{
		const LiteValue *value = &step->position[i];

		if (type == TEXTOID)
			elements[i] = CStringGetTextDatum(lite_class_name(value->cls));
		else
			nulls[i] = !LiteKeptBytes(value, &elements[i]);
	}
	return PointerGetDatum(construct_md_array(elements, nulls, 1, dims, bounds,
											  type, -1, false, TYPALIGN_INT));
}

pg_noreturn static void damaged(void);

static void
damaged(void)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
					errmsg("the state of the import cannot be read")));
}

static void
read_position(LiteBatchStep *step, Datum classes, Datum values)
{
	Datum *class_elements;
	Datum *value_elements;
	bool *nulls;
	int nclasses;
	int nvalues;

	if (classes == (Datum) 0 || values == (Datum) 0)
		return;
	deconstruct_array(DatumGetArrayTypeP(classes), TEXTOID, -1, false,
					  TYPALIGN_INT, &class_elements, NULL, &nclasses);
	deconstruct_array(DatumGetArrayTypeP(values), BYTEAOID, -1, false,
					  TYPALIGN_INT, &value_elements, &nulls, &nvalues);
	if (nclasses != nvalues)
		damaged();
	step->nposition = nvalues;
	step->position = palloc0(sizeof(LiteValue) * Max(nvalues, 1));
	for (int i = 0; i < nvalues; i++)
	{
		if (!LiteKeptValue(TextDatumGetCString(class_elements[i]),
						   nulls[i] ? NULL
									: DatumGetByteaPP(value_elements[i]),
						   &step->position[i]))
			damaged();
	}
}

/* ------------------------------------------------------------------------
 * Imports
 * ------------------------------------------------------------------------ */

#define BATCH_COLUMNS                                                         \
	"SELECT i.id, i.owner::text, i.seconds IS NOT NULL, b.snapshot, "         \
	"coalesce(i.rows, 0), coalesce(i.rejected, 0), i.verified, "              \
	"i.verified IS NOT NULL "

static void
read_batch(LiteBatch *result, MemoryContext context)
{
	bytea *snapshot;

	result->import_id = get_int64(0, 1);
	result->owner = get_text(0, 2, context);
	result->finished = get_bool(0, 3);
	snapshot = DatumGetByteaPP(get_varlena(0, 4, context));
	if (VARSIZE_ANY_EXHDR(snapshot) != sizeof(LiteSnapshot))
		damaged();
	memcpy(&result->snapshot, VARDATA_ANY(snapshot), sizeof(LiteSnapshot));
	result->rows = get_int64(0, 5);
	result->rejected = get_int64(0, 6);
	result->verified = get_bool(0, 7);
	result->has_verified = get_bool(0, 8);
}

/* Where the last import of all was not batched, it does not count. */
bool
LiteBatchFind(LiteLoadRun *run, LiteBatch *result)
{
	MemoryContext context = CurrentMemoryContext;
	LiteSqlParams params = {0};
	char *sql = psprintf(
		BATCH_COLUMNS
		"FROM %s AS i JOIN %s AS b ON b.import_id = i.id "
		"WHERE i.path = $1 AND i.schema = $2 AND i.options = $3 "
		"AND (i.seconds IS NULL OR i.id = (SELECT max(l.id) FROM %s AS l "
		"WHERE l.path = $1 AND l.schema = $2)) "
		"ORDER BY i.seconds IS NULL DESC, i.id DESC LIMIT 1",
		LiteSqlOwnTable(run->fcinfo, "sqlite_import_log"),
		LiteSqlOwnTable(run->fcinfo, "sqlite_import_batches"),
		LiteSqlOwnTable(run->fcinfo, "sqlite_import_log"));
	bool found;

	LiteSqlAddText(&params, run->request->source->path);
	LiteSqlAddText(&params, LiteLoadServerText(run->request->options.schema));
	LiteSqlAddJson(&params, run->request->json);
	SPI_connect();
	LiteSqlAsOwner(run->fcinfo, sql, &params);
	found = (SPI_processed > 0);
	if (found)
		read_batch(result, context);
	SPI_finish();
	return found;
}

void
LiteBatchRead(LiteLoadRun *run, int64 import_id, LiteBatch *result)
{
	MemoryContext context = CurrentMemoryContext;
	LiteSqlParams params = {0};
	char *sql =
		psprintf(BATCH_COLUMNS
				 "FROM %s AS i JOIN %s AS b ON b.import_id = i.id "
				 "WHERE i.id = $1",
				 LiteSqlOwnTable(run->fcinfo, "sqlite_import_log"),
				 LiteSqlOwnTable(run->fcinfo, "sqlite_import_batches"));

	LiteSqlAddInt64(&params, import_id);
	SPI_connect();
	LiteSqlAsOwner(run->fcinfo, sql, &params);
	if (SPI_processed == 0)
		damaged();
	read_batch(result, context);
	SPI_finish();
}

void
LiteBatchBegin(LiteLoadRun *run, const LiteSnapshot *snapshot)
{
	LiteSqlParams batch = {0};
	LiteSqlParams log = {0};
	bytea *bytes = palloc(VARHDRSZ + sizeof(LiteSnapshot));

	SET_VARSIZE(bytes, VARHDRSZ + sizeof(LiteSnapshot));
	memcpy(VARDATA(bytes), snapshot, sizeof(LiteSnapshot));
	LiteSqlAddInt64(&batch, run->import_id);
	LiteSqlAdd(&batch, BYTEAOID, PointerGetDatum(bytes), false);
	LiteSqlRunAsOwner(
		run->fcinfo,
		psprintf("INSERT INTO %s (import_id, snapshot) VALUES ($1, $2)",
				 LiteSqlOwnTable(run->fcinfo, "sqlite_import_batches")),
		&batch);

	LiteSqlAddInt64(&log, run->import_id);
	LiteSqlAddJson(&log, LiteLoadFindingsToJson(&run->findings));
	LiteSqlRunAsOwner(run->fcinfo,
					  psprintf("UPDATE %s SET findings = $2 WHERE id = $1",
							   LiteSqlOwnTable(run->fcinfo,
											   "sqlite_import_log")),
					  &log);
}

/* ------------------------------------------------------------------------
 * Beginning again
 * ------------------------------------------------------------------------ */

/* The tables of an unfinished import go, if nobody else's rows are in them. */
static void
drop_tables(LiteLoadRun *run, int64 import_id)
{
	LiteSqlParams params = {0};
	char *schema = LiteLoadServerText(run->request->options.schema);
	char *sql =
		psprintf("SELECT table_name, created, rows > 0 FROM %s "
				 "WHERE import_id = $1 AND phase = 'data' ORDER BY step DESC",
				 LiteSqlOwnTable(run->fcinfo, "sqlite_import_steps"));
	StringInfoData drop;
	bool any = false;

	initStringInfo(&drop);
	appendStringInfoString(&drop, "DROP TABLE IF EXISTS ");
	LiteSqlAddInt64(&params, import_id);
	SPI_connect();
	LiteSqlAsOwner(run->fcinfo, sql, &params);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		char *name = get_text(i, 1, CurrentMemoryContext);

		if (get_bool(i, 2))
		{
			appendStringInfo(&drop, "%s%s", any ? ", " : "",
							 quote_qualified_identifier(schema, name));
			any = true;
		}
		else if (get_bool(i, 3))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("cannot begin again: rows were appended to table "
							"\"%s\"",
							name),
					 errdetail("Import " INT64_FORMAT " has added rows to a "
							   "table that it did not make.",
							   import_id),
					 errhint("Let it finish with the same options, or remove "
							 "its rows and delete it from "
							 "sqlite_import_log.")));
	}
	if (any)
		LiteSqlRun(to_utf8(drop.data));
	SPI_finish();
}

void
LiteBatchForget(LiteLoadRun *run)
{
	MemoryContext context = CurrentMemoryContext;
	char *log = LiteSqlOwnTable(run->fcinfo, "sqlite_import_log");
	char *sql = psprintf(
		"SELECT i.id, i.owner::text FROM %s AS i WHERE i.path = $1 "
		"AND i.schema = $2 AND i.seconds IS NULL AND EXISTS (SELECT FROM %s "
		"AS b WHERE b.import_id = i.id) ORDER BY i.id DESC FOR UPDATE NOWAIT",
		log, LiteSqlOwnTable(run->fcinfo, "sqlite_import_batches"));
	LiteSqlParams params = {0};
	int64 *ids;
	uint64 count;

	LiteSqlAddText(&params, run->request->source->path);
	LiteSqlAddText(&params, LiteLoadServerText(run->request->options.schema));
	SPI_connect();
	LiteSqlAsOwner(run->fcinfo, sql, &params);
	count = SPI_processed;
	ids = MemoryContextAlloc(context, sizeof(int64) * Max(count, 1));
	for (uint64 i = 0; i < count; i++)
		ids[i] = get_int64(i, 1);
	SPI_finish();
	for (uint64 i = 0; i < count; i++)
	{
		LiteSqlParams one = {0};

		/* DROP TABLE asks whether the tables are the caller's */
		drop_tables(run, ids[i]);
		LiteSqlAddInt64(&one, ids[i]);
		LiteSqlRunAsOwner(run->fcinfo,
						  psprintf("DELETE FROM %s WHERE id = $1", log), &one);
	}
	CommandCounterIncrement();
}

/* ------------------------------------------------------------------------
 * Steps
 * ------------------------------------------------------------------------ */

void
LiteBatchAddStep(LiteLoadRun *run, const LiteBatchStep *step,
				 const LiteLoadSums *before)
{
	LiteSqlParams params = {0};
	char *sql = psprintf(
		"INSERT INTO %s (import_id, step, phase, object, table_name, "
		"source_table, statement, optional, fallback, created, plan, before) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
		LiteSqlOwnTable(run->fcinfo, "sqlite_import_steps"));

	LiteSqlAddInt64(&params, run->import_id);
	LiteSqlAdd(&params, INT4OID, Int32GetDatum(step->step), false);
	LiteSqlAddText(&params, step->phase);
	LiteSqlAddText(&params, step->object);
	LiteSqlAddText(&params, step->table_name);
	LiteSqlAddText(&params, step->source_table);
	LiteSqlAddText(&params, LiteLoadServerText(step->statement));
	LiteSqlAdd(&params, BOOLOID, BoolGetDatum(step->optional), false);
	LiteSqlAddText(&params, LiteLoadServerText(step->fallback));
	LiteSqlAdd(&params, BOOLOID, BoolGetDatum(step->created), false);
	LiteSqlAddJson(&params,
				   step->table ? LiteLoadTableToJson(step->table) : NULL);
	LiteSqlAddJson(&params,
				   before ? LiteLoadSumsToJson(before, step->table) : NULL);
	LiteSqlRunAsOwner(run->fcinfo, sql, &params);
}

static LiteBatchStep *
read_step(LiteLoadRun *run, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	LiteBatchStep *step = palloc0(sizeof(LiteBatchStep));
	Datum plan;

	step->step = (int32) get_int64(0, 1);
	step->phase = get_text(0, 2, context);
	step->object = get_text(0, 3, context);
	step->table_name = get_text(0, 4, context);
	step->source_table = get_text(0, 5, context);
	step->statement = to_utf8(get_text(0, 6, context));
	step->optional = get_bool(0, 7);
	step->fallback = to_utf8(get_text(0, 8, context));
	step->created = get_bool(0, 9);
	step->counts.rows = (uint64) get_int64(0, 10);
	step->counts.rejected = (uint64) get_int64(0, 11);
	step->counts.nulled = (uint64) get_int64(0, 12);
	plan = get_varlena(0, 13, context);
	step->before = get_varlena(0, 14, context);
	step->loaded = get_varlena(0, 15, context);
	read_position(step, get_varlena(0, 16, context),
				  get_varlena(0, 17, context));
	if (plan != (Datum) 0)
	{
		step->table = LiteLoadTableFromJson(plan);
		step->table->to_utc = run->request->options.to_utc;
		step->table->zone_arg = run->request->options.zone_arg;
	}
	MemoryContextSwitchTo(old);
	return step;
}

/* condition: on $1, the import, and $2, a text. */
static LiteBatchStep *
find_step(LiteLoadRun *run, const char *condition, const char *argument)
{
	MemoryContext context = CurrentMemoryContext;
	LiteSqlParams params = {0};
	LiteBatchStep *step = NULL;
	char *sql = psprintf(
		"SELECT step::bigint, phase, object, table_name, source_table, "
		"statement, optional, fallback, created, rows, rejected, nulled, "
		"plan, before, loaded, position_classes, position_values FROM %s "
		"WHERE import_id = $1 AND %s ORDER BY step LIMIT 1",
		LiteSqlOwnTable(run->fcinfo, "sqlite_import_steps"), condition);

	LiteSqlAddInt64(&params, run->import_id);
	LiteSqlAddText(&params, argument);
	SPI_connect();
	LiteSqlAsOwner(run->fcinfo, sql, &params);
	if (SPI_processed > 0)
		step = read_step(run, context);
	SPI_finish();
	return step;
}

LiteBatchStep *
LiteBatchNext(LiteLoadRun *run)
{
	LiteSqlParams params = {0};
	char *sql =
		psprintf("SELECT import_id FROM %s WHERE import_id = $1 FOR UPDATE "
				 "NOWAIT",
				 LiteSqlOwnTable(run->fcinfo, "sqlite_import_batches"));

	LiteSqlAddInt64(&params, run->import_id);
	if (LiteSqlRunAsOwner(run->fcinfo, sql, &params) != run->import_id)
		ereport(ERROR, (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
						errmsg("import " INT64_FORMAT " has been deleted from "
							   "sqlite_import_log while it was running",
							   run->import_id)));
	return find_step(run, "done_at IS NULL AND $2 IS NULL", NULL);
}

LiteBatchStep *
LiteBatchDataStep(LiteLoadRun *run, const char *table_name)
{
	LiteBatchStep *step =
		find_step(run, "phase = 'data' AND table_name = $2", table_name);

	if (step == NULL || step->table == NULL)
		damaged();
	return step;
}

/* What run->findings has gathered in this transaction is the step's. */
void
LiteBatchDone(LiteLoadRun *run, const LiteBatchStep *step, double seconds)
{
	LiteSqlParams params = {0};
	char *sql = psprintf(
		"UPDATE %s SET done_at = clock_timestamp(), seconds = seconds + $3, "
		"findings = $4 WHERE import_id = $1 AND step = $2",
		LiteSqlOwnTable(run->fcinfo, "sqlite_import_steps"));

	LiteSqlAddInt64(&params, run->import_id);
	LiteSqlAdd(&params, INT4OID, Int32GetDatum(step->step), false);
	LiteSqlAdd(&params, FLOAT8OID, Float8GetDatum(seconds), false);
	LiteSqlAddJson(&params, run->findings.count > 0
								? LiteLoadFindingsToJson(&run->findings)
								: NULL);
	LiteSqlRunAsOwner(run->fcinfo, sql, &params);
}

void
LiteBatchLoaded(LiteLoadRun *run, const LiteBatchStep *step,
				const LiteLoadSums *loaded, bool done, double seconds)
{
	bool has_position = step->nposition > 0;
	LiteSqlParams params = {0};
	char *sql = psprintf(
		"UPDATE %s SET seconds = seconds + $3, rows = $4, rejected = $5, "
		"nulled = $6, loaded = $7, position_classes = $8, "
		"position_values = $9, "
		"done_at = CASE WHEN $10 THEN clock_timestamp() END "
		"WHERE import_id = $1 AND step = $2",
		LiteSqlOwnTable(run->fcinfo, "sqlite_import_steps"));

	LiteSqlAddInt64(&params, run->import_id);
	LiteSqlAdd(&params, INT4OID, Int32GetDatum(step->step), false);
	LiteSqlAdd(&params, FLOAT8OID, Float8GetDatum(seconds), false);
	LiteSqlAddInt64(&params, (int64) step->counts.rows);
	LiteSqlAddInt64(&params, (int64) step->counts.rejected);
	LiteSqlAddInt64(&params, (int64) step->counts.nulled);
	LiteSqlAddJson(&params,
				   loaded ? LiteLoadSumsToJson(loaded, step->table) : NULL);
	LiteSqlAdd(&params, TEXTARRAYOID,
			   has_position ? position_array(step, TEXTOID) : (Datum) 0,
			   !has_position);
	LiteSqlAdd(&params, BYTEAARRAYOID,
			   has_position ? position_array(step, BYTEAOID) : (Datum) 0,
			   !has_position);
	LiteSqlAdd(&params, BOOLOID, BoolGetDatum(done), false);
	LiteSqlRunAsOwner(run->fcinfo, sql, &params);
}

/* ------------------------------------------------------------------------
 * The end
 * ------------------------------------------------------------------------ */

double
LiteBatchSeconds(LiteLoadRun *run, const char *table_name)
{
	LiteSqlParams params = {0};
	char *sql = psprintf("SELECT (sum(seconds) * 1000)::bigint FROM %s "
						 "WHERE import_id = $1 AND table_name = $2",
						 LiteSqlOwnTable(run->fcinfo, "sqlite_import_steps"));

	LiteSqlAddInt64(&params, run->import_id);
	LiteSqlAddText(&params, table_name);
	return LiteSqlRunAsOwner(run->fcinfo, sql, &params) / 1000.0;
}

void
LiteBatchFinish(LiteLoadRun *run)
{
	char *log = LiteSqlOwnTable(run->fcinfo, "sqlite_import_log");
	char *steps = LiteSqlOwnTable(run->fcinfo, "sqlite_import_steps");
	char *tables = LiteSqlOwnTable(run->fcinfo, "sqlite_import_tables");
	LiteSqlParams params = {0};
	LiteSqlParams remove = {0};
	char *sql = psprintf(
		"UPDATE %s AS i SET (rows, rejected, nulled) = "
		"(SELECT coalesce(sum(t.rows), 0), coalesce(sum(t.rejected), 0), "
		"coalesce(sum(t.nulled), 0) FROM %s AS t WHERE t.import_id = i.id), "
		"verified = CASE WHEN $2 THEN coalesce((SELECT bool_and(t.verified) "
		"FROM %s AS t WHERE t.import_id = i.id), true) END, "
		"seconds = (SELECT round(coalesce(sum(s.seconds), 0)::numeric, 3) "
		"FROM %s AS s WHERE s.import_id = i.id), "
		"findings = coalesce(i.findings, '[]') || coalesce("
		"(SELECT jsonb_agg(f.item ORDER BY s.step, f.n) FROM %s AS s, "
		"jsonb_array_elements(s.findings) WITH ORDINALITY AS f(item, n) "
		"WHERE s.import_id = i.id), '[]') WHERE i.id = $1",
		log, tables, tables, steps, steps);

	LiteSqlAddInt64(&params, run->import_id);
	LiteSqlAdd(&params, BOOLOID, BoolGetDatum(run->request->verify), false);
	LiteSqlRunAsOwner(run->fcinfo, sql, &params);
	LiteSqlAddInt64(&remove, run->import_id);
	LiteSqlRunAsOwner(run->fcinfo,
					  psprintf("DELETE FROM %s WHERE import_id = $1", steps),
					  &remove);
}
