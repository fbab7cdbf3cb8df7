/*
 * batch.c
 *	  sqlite_import_batched: an import in many transactions.
 *
 *		first transaction	plan, schema, bare tables, the list of steps
 *		then, until there is no step left, one transaction each:
 *			lock the import; read the next step and its state from the
 *			extension's tables; do it, or a batch of it; write down what was
 *			done; commit
 *
 * A transaction begins from what is written down, never from what the one
 * before it had in memory.  So it makes no difference whether the two ran in
 * one call, or the server was killed between them: a run that was resumed and
 * one that was not execute the same transactions.
 *
 * The plan is made once and kept, so types cannot change between two runs.
 * It is made from all rows (sample => 0), since a batch that is committed
 * cannot be loaded again in wider types.  What must not change either is the
 * file: each batch has a snapshot of its own, and all of them must be of the
 * state of the file that the plan was made from, or the import stops.
 *
 * Verification compares the sums of the batches with the heap at the very
 * end, each table in one transaction.
 */
#include "pg/compat.h"

#include <math.h>

#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "portability/instr_time.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "load/batch.h"
#include "pg/report.h"

PG_FUNCTION_INFO_V1(sqlite_import_batched);

/* Arguments behind those of sqlite_import; the last four are its result. */
enum
{
	ARG_BATCH_ROWS = LITE_NARGS,
	ARG_RESTART
};

typedef struct BatchState
{
	LiteLoadRun run;
	LiteSnapshot snapshot;
	int64 batch_rows;
	MemoryContext step_context; /* reset after each transaction */
	instr_time start;			/* of the transaction */
	int level;
} BatchState;

/* ------------------------------------------------------------------------
 * One transaction
 * ------------------------------------------------------------------------ */

static void
transaction_begin(BatchState *state)
{
	CHECK_FOR_INTERRUPTS();
	MemoryContextSwitchTo(state->step_context);
	memset(&state->run.findings, 0, sizeof(state->run.findings));
	INSTR_TIME_SET_CURRENT(state->start);
	state->level = LiteSqlEnter();
	PushActiveSnapshot(GetTransactionSnapshot());
}

/* Leaves CurrentMemoryContext where it was before the begin. */
static void
transaction_commit(BatchState *state, MemoryContext outer)
{
	PopActiveSnapshot();
	LiteSqlLeave(state->level);
	MemoryContextSwitchTo(outer);
	MemoryContextReset(state->step_context);
	SPI_commit();
}

/* ------------------------------------------------------------------------
 * The file
 * ------------------------------------------------------------------------ */

static void
take_snapshot(LiteLoadFile *file, LiteSnapshot *result)
{
	LiteError err;

	LiteCheck(lite_db_snapshot(file->db, result, &err), &err);
}

static void
check_unchanged(const LiteSource *source, const LiteSnapshot *snapshot,
				const LiteSnapshot *now, int64 import_id)
{
	if (memcmp(snapshot, now, sizeof(*now)) == 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("file \"%s\" has changed since import " INT64_FORMAT
					" began",
					LiteLoadText(source->path), import_id),
			 errdetail("Its rows would be a mixture of two states."),
			 errhint("Import a copy made with SQLite's VACUUM INTO, which no "
					 "application writes to.  restart => true drops the "
					 "tables made so far and begins again.")));
}

static void
open_file(BatchState *state)
{
	LiteLoadRun *run = &state->run;
	LiteSnapshot now;

	run->file = LiteLoadFileOpen(run->request->source);
	take_snapshot(run->file, &now);
	check_unchanged(run->request->source, &state->snapshot, &now,
					run->import_id);
}

/* Once the rows are read: were they of one state, where no lock saw to it? */
static void
close_file(BatchState *state)
{
	LiteLoadFile *file = state->run.file;
	LiteError err;

	LiteCheck(lite_db_check(file->db, &err), &err);
	LiteLoadFileClose(file);
	state->run.file = NULL;
}

/* ------------------------------------------------------------------------
 * The first transaction
 * ------------------------------------------------------------------------ */

static Relation
open_target(const LiteLoadTable *table, LOCKMODE lockmode)
{
	Oid relid = LiteLoadRelid(table->schema, table->name);

	if (!OidIsValid(relid))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
						errmsg("table \"%s\" has vanished during the import",
							   LiteLoadText(table->name)),
						errhint("restart => true begins again.")));
	return table_open(relid, lockmode);
}

/* Can its rows be read back?  A view, say, is only written through. */
static bool
has_heap(Relation rel)
{
	return rel->rd_rel->relkind == RELKIND_RELATION ||
		   rel->rd_rel->relkind == RELKIND_PARTITIONED_TABLE;
}

static LiteLoadSums *
heap_sums(LiteLoadInput *input, Relation rel)
{
	LiteLoadSums *sums = LiteLoadSumsNew(input->table);

	LiteCheckReadable(rel);
	CommandCounterIncrement();
	PushCopiedSnapshot(GetActiveSnapshot());
	UpdateActiveSnapshotCommandId();
	LiteLoadSumsOfHeap(sums, input, rel);
	PopActiveSnapshot();
	return sums;
}

static void
add_data_step(LiteLoadRun *run, LiteBatchStep *step, int which)
{
	LiteLoadTable *table = LiteLoadTableFromPlan(run->plan, which);
	Relation rel = open_target(table, RowExclusiveLock);
	LiteLoadSums *before = NULL;

	LiteLoadNotNull(table, rel);
	if (!step->created && run->request->verify && has_heap(rel))
	{
		LiteLoadInput *input = LiteLoadInputBegin(run->file, table, rel);

		before = heap_sums(input, rel);
		LiteLoadInputEnd(input);
	}
	table_close(rel, NoLock);
	step->table = table;
	LiteBatchAddStep(run, step, before);
}

/* See advance_sequence() in import.c. */
static char *
advance_sql(const LitePlanTable *table, const char *column)
{
	for (int i = 0; i < table->ncolumns; i++)
	{
		if (table->columns[i].identity &&
			strcmp(table->columns[i].name, column) == 0)
			return LiteLoadAdvanceSql(table, i);
	}
	elog(ERROR, "sequence without a column");
}

static void
add_step(LiteLoadRun *run, const LiteStatement *statement, const bool *created,
		 int number)
{
	LiteBatchStep step = {0};

	step.step = number;
	step.phase = (char *) lite_phase_name(statement->phase);
	step.object = LiteLoadText(statement->object);
	step.statement = (char *) statement->sql;
	step.optional = statement->optional;
	step.fallback = (char *) statement->fallback;
	if (statement->table >= 0)
	{
		const LitePlanTable *table = &run->plan->tables[statement->table];

		step.created = created[statement->table];
		step.table_name = LiteLoadServerText(table->name);
		step.source_table = LiteLoadText(table->source->name);
		if (statement->phase == LITE_PHASE_DATA)
		{
			step.statement = NULL;
			add_data_step(run, &step, statement->table);
			return;
		}
		if (statement->phase == LITE_PHASE_SEQUENCE && !step.created)
		{
			step.statement = advance_sql(table, statement->object);
			step.optional = true;
		}
	}
	LiteBatchAddStep(run, &step, NULL);
}

/* Tables are made at once, all else is a step. */
static void
add_steps(LiteLoadRun *run)
{
	const LitePlan *plan = run->plan;
	bool *created = palloc0(sizeof(bool) * Max(plan->ntables, 1));
	int number = 0;

	for (int i = 0; i < plan->nstatements; i++)
	{
		const LiteStatement *statement = &plan->statements[i];

		CHECK_FOR_INTERRUPTS();
		if (LiteLoadSkipped(plan, statement))
			continue;
		if (statement->phase == LITE_PHASE_SCHEMA ||
			statement->phase == LITE_PHASE_TABLE)
		{
			LiteLoadStatement(run, statement);
			if (statement->phase == LITE_PHASE_TABLE)
				created[statement->table] = true;
		}
		else
			add_step(run, statement, created, ++number);
	}
	for (int i = 0; i < plan->ntables; i++)
	{
		LiteBatchStep step = {0};

		if (plan->tables[i].exists_skip)
			continue;
		step.step = ++number;
		step.phase = LITE_BATCH_VERIFY;
		step.table_name = LiteLoadServerText(plan->tables[i].name);
		step.object = step.table_name;
		step.source_table = LiteLoadText(plan->tables[i].source->name);
		step.created = created[i];
		LiteBatchAddStep(run, &step, NULL);
	}
}

static void
set_up(BatchState *state)
{
	LiteLoadRun *run = &state->run;

	run->file = LiteLoadFileOpen(run->request->source);
	take_snapshot(run->file, &state->snapshot);
	run->plan = LiteLoadPlan(run->file, &run->request->options);
	LiteLoadCheckNew(run);
	run->findings.count = run->plan->nfindings;
	run->findings.items = run->plan->findings;
	run->import_id = LiteLogBegin(run);
	LiteBatchBegin(run, &state->snapshot);
	memset(&run->findings, 0, sizeof(run->findings));
	add_steps(run);
	close_file(state);
	run->plan = NULL;
}

/* ------------------------------------------------------------------------
 * A batch of rows
 * ------------------------------------------------------------------------ */

pg_noreturn static void do_not_add_up(const LiteLoadTable *table);

static void
do_not_add_up(const LiteLoadTable *table)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
					errmsg("the rows of table \"%s\" do not add up",
						   LiteLoadText(table->source_name)),
					errdetail("A range of its keys has another number of rows "
							  "each time it is read."),
					errhint("Run PRAGMA integrity_check on the file.")));
}

/*
 * A damaged b-tree must not keep us here for ever: a batch that is not the
 * last has as many rows as were asked for, and all batches together no more
 * than the file has room for.
 */
static void
check_batch(BatchState *state, const LiteBatchStep *step,
			const LiteTable *source, const LiteLoadCounts *batch, bool last)
{
	LiteLoadFile *file = state->run.file;
	int64 seen = (int64) (step->counts.rows + step->counts.rejected);
	int64 most = lite_db_max_rows(file->db);

	if (last)
		LiteLoadCheckCount(file, source, (uint64) seen);
	else if ((int64) (batch->rows + batch->rejected) != state->batch_rows ||
			 (most > 0 && source->kind == LITE_KIND_TABLE && seen > most))
		do_not_add_up(step->table);
}

static void
load_range(BatchState *state, LiteBatchStep *step, const LiteBatchKey *key,
		   const LiteValue *to, LiteLoadSums *sums, LiteLoadCounts *batch)
{
	LiteLoadRun *run = &state->run;
	const LiteValue *from = step->nposition > 0 ? step->position : NULL;
	Relation rel = open_target(step->table, RowExclusiveLock);
	char *whole = step->table->select_sql;
	LiteLoadInput *input;

	step->table->select_sql = LiteBatchSelect(key, whole, from, to);
	input = LiteLoadInputBegin(run->file, step->table, rel);
	LiteBatchBind(input->stmt, key, from, to);
	run->rejects = LiteRejectsBegin(run->fcinfo, run->import_id);
	LiteLoadRows(run, input, NULL, rel, false, has_heap(rel) ? sums : NULL,
				 batch);
	LiteRejectsEnd(run->rejects);
	LiteLoadInputEnd(input);
	step->table->select_sql = whole;
	table_close(rel, NoLock);
}

static void
load_batch(BatchState *state, LiteBatchStep *step)
{
	LiteLoadRun *run = &state->run;
	const LiteTable *source;
	LiteBatchKey *key;
	LiteValue *to;
	LiteLoadSums *sums = NULL;
	LiteLoadCounts batch = {0};

	open_file(state);
	source = lite_schema_find(LiteLoadFileSchema(run->file),
							  step->table->source_name);
	if (source == NULL)
		elog(ERROR, "table has vanished from an unchanged file");
	key = LiteBatchKeyOf(run->file, source);
	if (step->nposition != 0 && step->nposition != key->ncolumns)
		elog(ERROR, "position has another number of columns than the key");
	to = LiteBatchBound(run->file, key,
						step->nposition > 0 ? step->position : NULL,
						state->batch_rows);
	if (run->request->verify)
		sums = LiteLoadSumsNew(step->table);
	load_range(state, step, key, to, sums, &batch);
	if (sums && step->loaded != (Datum) 0)
	{
		LiteLoadSums *earlier = LiteLoadSumsNew(step->table);

		LiteLoadSumsFromJson(earlier, step->loaded);
		LiteLoadSumsAdd(sums, earlier);
	}
	step->counts.rows += batch.rows;
	step->counts.rejected += batch.rejected;
	step->counts.nulled += batch.nulled;
	check_batch(state, step, source, &batch, to == NULL);
	close_file(state);
	step->nposition = to ? key->ncolumns : 0;
	step->position = to;
	LiteBatchLoaded(run, step, sums, to == NULL,
					LiteSecondsSince(state->start));
}

/* ------------------------------------------------------------------------
 * Everything else
 * ------------------------------------------------------------------------ */

static void
run_step(BatchState *state, LiteBatchStep *step)
{
	LiteLoadRun *run = &state->run;
	LiteStatement statement = {0};

	/* the object is UTF-8 for the statement's context */
	statement.phase = LITE_PHASE_INDEX;
	for (int phase = LITE_PHASE_SCHEMA; phase <= LITE_PHASE_ANALYZE; phase++)
	{
		if (strcmp(lite_phase_name(phase), step->phase) == 0)
			statement.phase = phase;
	}
	statement.table = -1;
	statement.object = step->object;
	statement.sql = step->statement;
	statement.optional = step->optional;
	statement.fallback = step->fallback;
	LiteLoadStatement(run, &statement);
	for (int i = 0; i < run->findings.count; i++)
		run->findings.items[i].table = step->source_table;
	LiteBatchDone(run, step, LiteSecondsSince(state->start));
}

static bool
prove(BatchState *state, LiteBatchStep *data, LiteLoadSums *source,
	  LiteLoadSums *before, Relation rel, char **detail)
{
	const LiteLoadTable *table = data->table;
	LiteLoadInput *input;
	LiteLoadSums *target;
	bool equal;

	open_file(state);
	input = LiteLoadInputBegin(state->run.file, table, rel);
	target = heap_sums(input, rel);
	if (before)
		LiteLoadSumsSubtract(target, before);
	equal = LiteLoadSumsCompare(source, target, table, detail);
	if (!equal && before == NULL)
	{
		char *examples = LiteLoadDiffer(input, rel, source->digest.rows);

		if (examples)
			*detail = psprintf("%s; %s", *detail, examples);
	}
	LiteLoadInputEnd(input);
	close_file(state);
	if (!equal)
		ereport(WARNING,
				(errmsg("table \"%s\" does not hold what the file holds",
						LiteLoadText(table->name)),
				 errdetail_internal("%s.", *detail),
				 errhint("Somebody, or a trigger or rule of the table, may "
						 "have changed the rows since they were "
						 "committed.")));
	return equal;
}

static LiteLoadSums *
sums_of_json(const LiteBatchStep *data, Datum json)
{
	LiteLoadSums *sums;

	if (json == (Datum) 0)
		return NULL;
	sums = LiteLoadSumsNew(data->table);
	LiteLoadSumsFromJson(sums, json);
	sums->rejected = data->counts.rejected;
	sums->nulled = data->counts.nulled;
	return sums;
}

/* The end of a table: its proof, and its row in the log. */
static void
finish_table(BatchState *state, LiteBatchStep *step)
{
	LiteLoadRun *run = &state->run;
	LiteBatchStep *data = LiteBatchDataStep(run, step->table_name);
	LiteLoadSums *source = sums_of_json(data, data->loaded);
	LiteLoadSums *before = sums_of_json(data, data->before);
	Relation rel = open_target(data->table, AccessShareLock);
	bool verify = source != NULL && has_heap(rel);
	bool verified = false;
	char *detail = NULL;
	double seconds;

	if (verify)
		verified = prove(state, data, source, before, rel, &detail);
	table_close(rel, NoLock);
	LiteLoadAddMisfits(run, data->table, &data->counts);
	LiteBatchDone(run, step, LiteSecondsSince(state->start));
	seconds = LiteBatchSeconds(run, step->table_name);
	LiteLogTable(run, data->table, data->created, &data->counts, before,
				 source, verify ? &verified : NULL, detail, seconds);
	ereport(NOTICE,
			(errmsg("imported table \"%s\": %s, %llu rejected, %.3f s",
					step->table_name,
					LiteLoadCountOf(data->counts.rows, "row"),
					(unsigned long long) data->counts.rejected, seconds),
			 detail ? errdetail_internal("Verification: %s.", detail) : 0));
}

/* false: nothing was left to do. */
static bool
do_next(BatchState *state)
{
	LiteLoadRun *run = &state->run;
	LiteBatchStep *step = LiteBatchNext(run);

	if (step == NULL)
	{
		LiteBatchFinish(run);
		return false;
	}
	if (strcmp(step->phase, LITE_BATCH_VERIFY) == 0)
		finish_table(state, step);
	else if (step->table)
		load_batch(state, step);
	else
		run_step(state, step);
	return true;
}

/* ------------------------------------------------------------------------
 * Beginning, or going on
 * ------------------------------------------------------------------------ */

static void
check_owner(const LiteBatch *batch)
{
	if (superuser() ||
		strcmp(batch->owner, GetUserNameFromId(GetUserId(), false)) == 0)
		return;
	ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
					errmsg("import " INT64_FORMAT " was begun by role \"%s\"",
						   batch->import_id, batch->owner),
					errhint("SET ROLE to go on with it.")));
}

/* Is what a finished import has made still there? */
static bool
is_in_place(LiteLoadRun *run, const LiteBatch *batch)
{
	LiteSqlParams params = {0};
	char *sql = psprintf("SELECT count(*) FROM %s AS t WHERE t.import_id = $1 "
						 "AND NOT EXISTS (SELECT FROM pg_class AS c "
						 "JOIN pg_namespace AS n ON n.oid = c.relnamespace "
						 "WHERE n.nspname = $2 AND c.relname = t.table_name)",
						 LiteSqlOwnTable(run->fcinfo, "sqlite_import_tables"));

	LiteSqlAddInt64(&params, batch->import_id);
	LiteSqlAddText(&params, LiteLoadServerText(run->request->options.schema));
	return LiteSqlRunAsOwner(run->fcinfo, sql, &params) == 0;
}

/*
 * The call after one whose answer was lost: all is done.  Only where tables
 * that exist would be an error; to replace them, or to append to them, is to
 * be done again.
 */
static bool
is_done(BatchState *state, const LiteBatch *batch)
{
	LiteLoadRun *run = &state->run;
	LiteSnapshot now;
	bool same;

	if (run->request->options.if_exists != LITE_IF_EXISTS_ERROR)
		return false;
	run->file = LiteLoadFileOpen(run->request->source);
	take_snapshot(run->file, &now);
	close_file(state);
	same = memcmp(&now, &batch->snapshot, sizeof(now)) == 0 &&
		   is_in_place(run, batch);
	if (same)
		ereport(NOTICE,
				(errmsg("import " INT64_FORMAT " has done this already",
						batch->import_id)));
	return same;
}

/* false: it is finished. */
static bool
begin_or_go_on(BatchState *state, bool restart)
{
	LiteLoadRun *run = &state->run;
	LiteBatch batch;

	if (restart)
		LiteBatchForget(run);
	else if (LiteBatchFind(run, &batch))
	{
		if (!batch.finished)
		{
			check_owner(&batch);
			run->import_id = batch.import_id;
			state->snapshot = batch.snapshot;
			ereport(NOTICE, (errmsg("going on with import " INT64_FORMAT,
									batch.import_id)));
			return true;
		}
		if (is_done(state, &batch))
		{
			run->import_id = batch.import_id;
			return false;
		}
	}
	set_up(state);
	return true;
}

static void
read_request(BatchState *state, FunctionCallInfo fcinfo)
{
	LiteLoadRun *run = &state->run;

	run->fcinfo = fcinfo;
	run->request = LiteLoadRequestRead(fcinfo);
	if (run->request->options.sample != 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("a batched import cannot choose types from a sample"),
				 errdetail("Rows that are committed could not be loaded again "
						   "in wider types.")));
	state->batch_rows = PG_ARGISNULL(ARG_BATCH_ROWS)
							? 100000
							: PG_GETARG_INT64(ARG_BATCH_ROWS);
	if (state->batch_rows < 1)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("\"batch_rows\" must be positive")));
}

static void
require_no_transaction(FunctionCallInfo fcinfo)
{
	if (fcinfo->context && IsA(fcinfo->context, CallContext) &&
		!castNode(CallContext, fcinfo->context)->atomic)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
			 errmsg("sqlite_import_batched cannot run inside a transaction "
					"block"),
			 errhint("CALL it outside of BEGIN ... COMMIT and of functions; "
					 "sqlite_import() imports in one transaction.")));
}

static Datum
result_of(FunctionCallInfo fcinfo, const LiteBatch *batch)
{
	TupleDesc desc;
	Datum values[4];
	bool nulls[4] = {false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	values[0] = Int64GetDatum(batch->import_id);
	values[1] = Int64GetDatum(batch->rows);
	values[2] = Int64GetDatum(batch->rejected);
	values[3] = BoolGetDatum(batch->verified);
	nulls[3] = !batch->has_verified;
	return HeapTupleGetDatum(
		heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

Datum
sqlite_import_batched(PG_FUNCTION_ARGS)
{
	BatchState *state;
	LiteBatch batch;
	MemoryContext outer;
	bool more;

	require_no_transaction(fcinfo);
	PreventCommandIfReadOnly("sqlite_import_batched()");
	PreventCommandDuringRecovery("sqlite_import_batched()");
	SPI_connect_ext(SPI_OPT_NONATOMIC);
	outer = CurrentMemoryContext;
	state = palloc0(sizeof(BatchState));
	state->step_context = AllocSetContextCreate(outer, "sqlite import batch",
												ALLOCSET_DEFAULT_SIZES);
	read_request(state, fcinfo);

	transaction_begin(state);
	more = begin_or_go_on(state, !PG_ARGISNULL(ARG_RESTART) &&
									 PG_GETARG_BOOL(ARG_RESTART));
	transaction_commit(state, outer);
	while (more)
	{
		transaction_begin(state);
		more = do_next(state);
		transaction_commit(state, outer);
	}
	transaction_begin(state);
	LiteBatchRead(&state->run, state->run.import_id, &batch);
	transaction_commit(state, outer);
	SPI_finish();
	return result_of(fcinfo, &batch);
}
