/*
 * import.c
 *	  sqlite_import: the plan's statements and rows, in order.
 *
 *		open, one snapshot -> plan -> log -> statements ... rows ... -> log
 *
 * All of it is one transaction (the caller's): an error anywhere rolls back
 * everything, the log's entry included.  The plan says what to run and in
 * which order; this file runs it, turns what fails and may fail into
 * findings, and proves each table as soon as its rows are in.
 *
 * If the types were chosen from a sample, the whole import runs in a
 * subtransaction: should a value not fit after all, everything is undone and
 * done again from a whole profile.  All of it, not the one table: types are
 * decided together (a foreign key's column has its parent's type).
 */
#include "pg/compat.h"

#include <math.h>

#include "access/table.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "nodes/bitmapset.h"
#include "portability/instr_time.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/resowner.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"

#include "load/load.h"
#include "pg/report.h"

PG_FUNCTION_INFO_V1(sqlite_import);

/* What came of one table. */
typedef struct TableState
{
	bool created; /* by this import */
	bool done;
	bool has_proof; /* verified means something */
	bool verified;
	LiteLoadCounts counts;
	double seconds;
} TableState;

typedef struct ImportState
{
	LiteLoadRun run;
	TableState *tables;
	Snapshot snapshot; /* what others had done when we began */
	instr_time start;
} ImportState;

/* ------------------------------------------------------------------------
 * Findings
 * ------------------------------------------------------------------------ */

static void
add_finding(LiteLoadRun *run, const LiteFinding *finding)
{
	LiteLoadFindings *findings = &run->findings;

	if (findings->count == findings->capacity)
	{
		findings->capacity = Max(findings->capacity * 2, 16);
		findings->items =
			findings->items ? repalloc(findings->items, sizeof(LiteFinding) *
															findings->capacity)
							: palloc(sizeof(LiteFinding) * findings->capacity);
	}
	findings->items[findings->count++] = *finding;
}

/* A statement that was allowed to fail, and did. */
static void
add_failure(LiteLoadRun *run, const LiteStatement *statement,
			const ErrorData *error)
{
	LiteFinding finding = {0};
	const char *message = error->message ? error->message : "unknown error";

	finding.severity = LITE_SEVERITY_WARNING;
	finding.code = "statement";
	if (statement->table >= 0)
		finding.table = run->plan->tables[statement->table].source->name;
	finding.object = statement->object;
	finding.text = error->detail ? psprintf("not carried over: %s (%s)",
											message, error->detail)
								 : psprintf("not carried over: %s", message);
	finding.advice = psprintf("Run it yourself when the reason is gone: %s",
							  statement->sql);
	add_finding(run, &finding);
}

/* What the policy did: not what the plan foresaw, but what happened. */
void
LiteLoadAddMisfits(LiteLoadRun *run, const LiteLoadTable *table,
				   const LiteLoadCounts *counts)
{
	LiteFinding finding = {0};
	char *where = psprintf("import_id = " INT64_FORMAT, run->import_id);

	finding.severity = LITE_SEVERITY_WARNING;
	finding.table = pstrdup(table->source_name);
	finding.advice = psprintf("They are kept in sqlite_rejects, %s.", where);
	if (counts->rejected > 0)
	{
		finding.code = "rejected";
		finding.text =
			psprintf("%s rejected, kept in sqlite_rejects (%s)",
					 LiteLoadCountOf(counts->rejected, "row"), where);
		add_finding(run, &finding);
	}
	if (counts->nulled > 0)
	{
		finding.code = "nulled";
		finding.text =
			psprintf("%s set to NULL, kept in sqlite_rejects (%s)",
					 LiteLoadCountOf(counts->nulled, "value"), where);
		add_finding(run, &finding);
	}
}

/* ------------------------------------------------------------------------
 * Statements
 * ------------------------------------------------------------------------ */

static void
statement_context(void *arg)
{
	const LiteStatement *statement = arg;

	errcontext("importing from SQLite, phase \"%s\", object \"%s\"",
			   lite_phase_name(statement->phase),
			   statement->object ? LiteLoadText(statement->object) : "");
}

static void
run_optional(LiteLoadRun *run, const LiteStatement *statement)
{
	ErrorData *error = LiteSqlTry(statement->sql);

	if (error == NULL)
		return;
	add_failure(run, statement, error);
	if (statement->fallback == NULL)
		return;
	error = LiteSqlTry(statement->fallback);
	if (error)
		add_failure(run, statement, error);
}

/*
 * The plan starts a sequence after the file's rows.  A table that was there
 * before has rows of its own, and perhaps no sequence, or none of ours to
 * change: so here it is moved forward, never back, and it is no error if that
 * is refused.
 */
char *
LiteLoadAdvanceSql(const LitePlanTable *table, int column)
{
	sqlite3_str *str = sqlite3_str_new(NULL);
	const char *name = table->columns[column].name;
	char *sql;
	char *result;

	sqlite3_str_appendall(str, "SELECT setval(s, m) "
							   "FROM pg_get_serial_sequence(");
	lite_pg_literal(str, table->qualified, strlen(table->qualified));
	sqlite3_str_appendall(str, ", ");
	lite_pg_literal(str, name, strlen(name));
	sqlite3_str_appendall(str, ") AS s, (SELECT max(");
	lite_pg_ident(str, name);
	sqlite3_str_appendf(str,
						") AS m FROM %s) AS t WHERE s IS NOT NULL AND m > "
						"coalesce(pg_sequence_last_value(s::regclass), 0)",
						table->qualified);
	sql = sqlite3_str_finish(str);
	if (sql == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	result = pstrdup(sql);
	sqlite3_free(sql);
	return result;
}

static void
advance_sequence(LiteLoadRun *run, const LiteStatement *statement)
{
	const LitePlanTable *table = &run->plan->tables[statement->table];

	for (int i = 0; i < table->ncolumns; i++)
	{
		ErrorData *error;

		if (!table->columns[i].identity)
			continue;
		error = LiteSqlTry(LiteLoadAdvanceSql(table, i));
		if (error)
			add_failure(run, statement, error);
	}
}

void
LiteLoadStatement(LiteLoadRun *run, const LiteStatement *statement)
{
	ErrorContextCallback callback;

	callback.callback = statement_context;
	callback.arg = (void *) statement;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	if (statement->optional)
		run_optional(run, statement);
	else
		LiteSqlRun(statement->sql);
	error_context_stack = callback.previous;
}

/* ------------------------------------------------------------------------
 * One table's rows, and their proof
 * ------------------------------------------------------------------------ */

/*
 * Others may be writing into a table that we append to.  The sums before and
 * after are taken in one state of the database, of which only our own
 * commands change: the snapshot of our beginning, with a newer command id.
 */
static void
push_snapshot(ImportState *state)
{
	CommandCounterIncrement();
	PushCopiedSnapshot(state->snapshot);
	UpdateActiveSnapshotCommandId();
}

static LiteLoadSums *
heap_sums(ImportState *state, LiteLoadInput *input, Relation rel)
{
	LiteLoadSums *sums = LiteLoadSumsNew(input->table);

	LiteCheckReadable(rel);
	push_snapshot(state);
	LiteLoadSumsOfHeap(sums, input, rel);
	PopActiveSnapshot();
	return sums;
}

static void
notice(const LiteLoadTable *table, const TableState *state, const char *detail)
{
	ereport(NOTICE,
			(errmsg("imported table \"%s\": %s, %llu rejected, %.3f s",
					LiteLoadText(table->name),
					LiteLoadCountOf(state->counts.rows, "row"),
					(unsigned long long) state->counts.rejected,
					state->seconds),
			 detail ? errdetail_internal("Verification: %s.", detail) : 0));
}

/* Can its rows be read back?  A view, say, is only written through. */
static bool
has_heap(Relation rel)
{
	return rel->rd_rel->relkind == RELKIND_RELATION ||
		   rel->rd_rel->relkind == RELKIND_PARTITIONED_TABLE;
}

/* To the millisecond: more digits would only say how busy the machine was. */
static double
round_seconds(double seconds)
{
	return rint(seconds * 1000) / 1000;
}

double
LiteSecondsSince(instr_time start)
{
	instr_time now;

	INSTR_TIME_SET_CURRENT(now);
	INSTR_TIME_SUBTRACT(now, start);
	return INSTR_TIME_GET_DOUBLE(now);
}

static Relation
open_target(const LiteLoadTable *table)
{
	Oid relid = LiteLoadRelid(table->schema, table->name);

	if (!OidIsValid(relid))
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
						errmsg("table \"%s\" has vanished during the import",
							   LiteLoadText(table->name))));
	return table_open(relid, RowExclusiveLock);
}

/* The file's side against what the heap has gained. */
static void
prove(ImportState *state, TableState *table, LiteLoadInput *input,
	  Relation rel, const LiteLoadSums *source, const LiteLoadSums *before,
	  char **detail)
{
	LiteLoadSums *target = heap_sums(state, input, rel);

	if (before)
		LiteLoadSumsSubtract(target, before);
	table->verified =
		LiteLoadSumsCompare(source, target, input->table, detail);
	if (table->verified)
		return;
	if (before == NULL)
	{
		char *examples;

		push_snapshot(state);
		examples = LiteLoadDiffer(input, rel, source->digest.rows);
		PopActiveSnapshot();
		if (examples)
			*detail = psprintf("%s; %s", *detail, examples);
	}
	ereport(WARNING, (errmsg("table \"%s\" does not hold what the file holds",
							 LiteLoadText(input->table->name)),
					  errdetail_internal("%s.", *detail),
					  errhint("A trigger or rule of the table may have "
							  "changed the rows; otherwise please report "
							  "this.")));
}

static void
load_table(ImportState *state, int which, MemoryContext findings)
{
	LiteLoadRun *run = &state->run;
	TableState *result = &state->tables[which];
	LiteLoadTable *table = LiteLoadTableFromPlan(run->plan, which);
	Relation rel = open_target(table);
	LiteLoadInput *input;
	LiteLoadSums *before = NULL;
	LiteLoadSums *source = NULL;
	bool verify = run->request->verify && has_heap(rel);
	char *detail = NULL;
	instr_time start;

	INSTR_TIME_SET_CURRENT(start);
	LiteLoadNotNull(table, rel);
	input = LiteLoadInputBegin(run->file, table, rel);
	if (verify)
		source = LiteLoadSumsNew(table);
	if (verify && !result->created)
		before = heap_sums(state, input, rel);
	LiteLoadRows(run, input, run->plan->tables[which].source, rel,
				 result->created, source, &result->counts);
	if (verify)
		prove(state, result, input, rel, source, before, &detail);
	LiteLoadInputEnd(input);
	table_close(rel, NoLock);

	result->done = true;
	result->has_proof = verify;
	result->seconds += LiteSecondsSince(start);
	LiteLogTable(run, table, result->created, &result->counts, before, source,
				 verify ? &result->verified : NULL, detail,
				 round_seconds(result->seconds));
	notice(table, result, detail);
	MemoryContextSwitchTo(findings);
	LiteLoadAddMisfits(run, table, &result->counts);
}

/* ------------------------------------------------------------------------
 * The import
 * ------------------------------------------------------------------------ */

static void
run_plan(ImportState *state)
{
	LiteLoadRun *run = &state->run;
	LitePlan *plan = run->plan;
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "sqlite import step",
							  ALLOCSET_DEFAULT_SIZES);

	for (int i = 0; i < plan->nstatements; i++)
	{
		const LiteStatement *statement = &plan->statements[i];
		MemoryContext old;
		instr_time start;

		CHECK_FOR_INTERRUPTS();
		if (LiteLoadSkipped(plan, statement))
			continue;
		old = MemoryContextSwitchTo(context);
		INSTR_TIME_SET_CURRENT(start);
		if (statement->phase == LITE_PHASE_DATA)
			load_table(state, statement->table, old);
		else
		{
			MemoryContextSwitchTo(old);
			if (statement->phase == LITE_PHASE_SEQUENCE &&
				!state->tables[statement->table].created)
				advance_sequence(run, statement);
			else
				LiteLoadStatement(run, statement);
			MemoryContextSwitchTo(context);
			if (statement->table >= 0)
			{
				TableState *table = &state->tables[statement->table];

				table->seconds += LiteSecondsSince(start);
				if (statement->phase == LITE_PHASE_TABLE)
					table->created = true;
			}
		}
		MemoryContextSwitchTo(old);
		MemoryContextReset(context);
	}
	MemoryContextDelete(context);
}

/* Before anything is done, and with better advice than CREATE TABLE has. */
void
LiteLoadCheckNew(LiteLoadRun *run)
{
	const LitePlan *plan = run->plan;

	for (int i = 0; i < plan->nfindings; i++)
	{
		const LiteFinding *finding = &plan->findings[i];
		char *maker;

		if (finding->severity != LITE_SEVERITY_ERROR ||
			strcmp(finding->code, "exists") != 0)
			continue;
		maker = LiteLoadMaker(run, finding);
		ereport(ERROR, (errcode(ERRCODE_DUPLICATE_TABLE),
						errmsg("%s", LiteLoadText(finding->text)),
						maker ? errdetail("This is file \"%s\".  %s",
										  run->request->source->path, maker)
							  : 0,
						finding->advice
							? errhint("%s.", LiteLoadText(finding->advice))
							: 0));
	}
	LiteLoadCheckClash(run);
}

static void
import_once(ImportState *state)
{
	LiteLoadRun *run = &state->run;

	memset(&run->findings, 0, sizeof(run->findings));
	run->plan = LiteLoadPlan(run->file, &run->request->options);
	LiteLoadCheckNew(run);
	for (int i = 0; i < run->plan->nfindings; i++)
		add_finding(run, &run->plan->findings[i]);
	state->tables = palloc0(sizeof(TableState) * Max(run->plan->ntables, 1));
	run->import_id = LiteLogBegin(run);
	run->rejects = LiteRejectsBegin(run->fcinfo, run->import_id);
	run_plan(state);
	LiteRejectsEnd(run->rejects);
}

/* With types from a sample; false if they did not hold. */
static bool
import_sampled(ImportState *state)
{
	LiteLoadRun *run = &state->run;
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner resowner = CurrentResourceOwner;

	run->sampled = true;
	run->sample_failed = false;
	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		import_once(state);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		if (!run->sample_failed)
			PG_RE_THROW();
		MemoryContextSwitchTo(context);
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = resowner;
	run->sampled = false;
	return !run->sample_failed;
}

/* ------------------------------------------------------------------------
 * The report
 * ------------------------------------------------------------------------ */

static const char *
finding_object(const LiteFinding *finding)
{
	const char *object = finding->object ? finding->object : finding->table;

	return object ? LiteLoadText(object) : "file";
}

/*
 * What a person has to know of a table (NULL: of the file), as text[]; plain
 * decisions (info) are in the plan and in the log.
 */
static Datum
findings_of(const LiteLoadRun *run, const LiteTable *table, bool *null)
{
	Datum *lines = palloc(sizeof(Datum) * Max(run->findings.count, 1));
	int count = 0;

	for (int i = 0; i < run->findings.count; i++)
	{
		const LiteFinding *finding = &run->findings.items[i];
		StringInfoData line;

		if (finding->severity == LITE_SEVERITY_INFO ||
			LiteLoadFindingTable(run->plan, finding) != table)
			continue;
		initStringInfo(&line);
		appendStringInfo(&line, "%s: ", lite_severity_name(finding->severity));
		if (finding->object || table == NULL)
			appendStringInfo(&line, "%s: ", finding_object(finding));
		appendStringInfoString(&line, LiteLoadText(finding->text));
		lines[count++] = CStringGetTextDatum(line.data);
	}
	*null = (count == 0);
	return PointerGetDatum(
		construct_array(lines, count, TEXTOID, -1, false, TYPALIGN_INT));
}

static void
put_table(ReturnSetInfo *rsinfo, const ImportState *state, int which)
{
	const LitePlanTable *table = &state->run.plan->tables[which];
	const TableState *result = &state->tables[which];
	Datum values[6];
	bool nulls[6] = {false};

	values[0] = CStringGetTextDatum(LiteLoadServerText(table->name));
	values[1] = Int64GetDatum((int64) result->counts.rows);
	values[2] = Int64GetDatum((int64) result->counts.rejected);
	values[3] = BoolGetDatum(result->verified);
	values[4] = Float8GetDatum(round_seconds(result->seconds));
	nulls[1] = nulls[2] = nulls[4] = !result->done;
	nulls[3] = !result->has_proof;
	values[5] = findings_of(&state->run, table->source, &nulls[5]);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

/* What was found about the file, or about things that are no tables of the
 * import: a row without a table. */
static void
put_file(ReturnSetInfo *rsinfo, const ImportState *state)
{
	Datum values[6] = {0};
	bool nulls[6] = {true, true, true, true, true, true};

	values[5] = findings_of(&state->run, NULL, &nulls[5]);
	if (!nulls[5])
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values,
							 nulls);
}

static void
report(ReturnSetInfo *rsinfo, ImportState *state)
{
	LiteLoadRun *run = &state->run;
	LiteLoadCounts total = {0};
	bool verified = true;

	for (int i = 0; i < run->plan->ntables; i++)
	{
		const TableState *table = &state->tables[i];

		put_table(rsinfo, state, i);
		total.rows += table->counts.rows;
		total.rejected += table->counts.rejected;
		total.nulled += table->counts.nulled;
		if (table->has_proof && !table->verified)
			verified = false;
	}
	put_file(rsinfo, state);
	LiteLogEnd(run, &total, run->request->verify, verified,
			   round_seconds(LiteSecondsSince(state->start)));
}

Datum
sqlite_import(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	ImportState *state = palloc0(sizeof(ImportState));
	LiteLoadRun *run = &state->run;
	LiteError err;
	int level;

	PreventCommandIfReadOnly("sqlite_import()");
	PreventCommandDuringRecovery("sqlite_import()");
	INSTR_TIME_SET_CURRENT(state->start);
	InitMaterializedSRF(fcinfo, 0);
	run->fcinfo = fcinfo;
	run->request = LiteLoadRequestRead(fcinfo);
	state->snapshot = GetActiveSnapshot();

	level = LiteSqlEnter();
	run->file = LiteLoadFileOpen(run->request->source);
	if (run->request->options.sample == 0 || !import_sampled(state))
	{
		run->request->options.sample = 0;
		import_once(state);
	}
	/* the file's rows are one state of it, or the import did not happen */
	LiteCheck(lite_db_check(run->file->db, &err), &err);
	report(rsinfo, state);
	LiteLoadFileClose(run->file);
	LiteSqlLeave(level);
	return (Datum) 0;
}
