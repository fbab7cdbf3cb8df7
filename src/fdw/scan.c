/*
 * scan.c
 *	  A foreign scan: Begin, Iterate, ReScan, End.
 *
 * Begin takes the connection, and with it the snapshot, for the whole run of
 * the executor (its EState is the owner, so all scans of one statement share
 * one state of a file).  It is taken at Begin and not at the first row: a
 * cursor's rows are those of the moment it was opened.
 *
 * Everything of the scan lives in the executor's per-query memory, so an
 * error gives it all back; End does the same in good order.
 */
#include "pg/compat.h"

#include "executor/executor.h"
#include "foreign/foreign.h"
#include "nodes/execnodes.h"
#include "nodes/nodeFuncs.h"
#include "nodes/plannodes.h"
#include "parser/parsetree.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "fdw/scan.h"
#include "pg/report.h"

/* An import has other ways out than a foreign table. */
#define MISFIT_HINT                                                           \
	"Give the foreign table's column a type that holds every value, such as " \
	"text or bytea; sqlite_columns() shows which types fit."

/* ------------------------------------------------------------------------
 * Columns
 * ------------------------------------------------------------------------ */

LiteRowColumn *
LiteScanColumns(Relation rel, List *attrs)
{
	TupleDesc desc = RelationGetDescr(rel);
	LiteRowColumn *columns =
		palloc0(sizeof(LiteRowColumn) * Max(list_length(attrs), 1));
	ListCell *lc;

	foreach (lc, attrs)
	{
		int field = foreach_current_index(lc);
		AttrNumber attnum = (AttrNumber) lfirst_int(lc);
		Form_pg_attribute attr = TupleDescAttr(desc, attnum - 1);
		LiteColumnOptions *options =
			LiteColumnOptionsGet(RelationGetRelid(rel), attnum);

		columns[field].position = attnum - 1;
		columns[field].field = field;
		columns[field].name = options->column_name;
		LiteColumnReaderInit(&columns[field].reader, attr->atttypid,
							 attr->atttypmod, options->format);
	}
	return columns;
}

/* ------------------------------------------------------------------------
 * Begin
 * ------------------------------------------------------------------------ */

static Oid
scanned_relation(ForeignScanState *node)
{
	ForeignScan *plan = (ForeignScan *) node->ss.ps.plan;

	return exec_rt_fetch(plan->scan.scanrelid, node->ss.ps.state)->relid;
}

/*
 * The SELECT to run; returns the table it is of, if it is of one.  It is the
 * plan's, unless the table is not what it was when the plan was made: then
 * the same columns without any condition, which is right whatever the table
 * is, since all conditions are checked here.
 */
static const LiteTable *
choose_select(ForeignScanState *node, LiteScanState *state, LiteSelect *select)
{
	ForeignScan *plan = (ForeignScan *) node->ss.ps.plan;
	List *private = plan->fdw_private;
	const char *signature = strVal(list_nth(private, LITE_SCAN_SIGNATURE));
	const LiteTable *table = NULL;
	Oid relid = scanned_relation(node);

	select->attrs = list_nth(private, LITE_SCAN_ATTRS);
	if (state->options->query == NULL)
	{
		table = LiteFileTableOpen(state->connection, state->options->table);
		LiteFileCheckColumns(table, relid, select->attrs);
	}

	if (table != NULL &&
		strcmp(psprintf(UINT64_FORMAT, LiteTableSignature(table)),
			   signature) != 0)
	{
		LiteFileTable *file =
			LiteFileTableCopy(LiteConnectionDb(state->connection), table);

		LiteDeparseSelect(select, relid, state->options, file, select->attrs);
		if (state->by_range && LiteFileHasRanges(file))
		{
			LiteDeparseRange(select, file, " WHERE ");
			state->rowid_name = file->rowid_name;
		}
		return table;
	}
	initStringInfo(&select->sql);
	appendStringInfoString(&select->sql,
						   strVal(list_nth(private, LITE_SCAN_SQL)));
	select->rowid_field = intVal(list_nth(private, LITE_SCAN_ROWID));
	select->params = plan->fdw_exprs;
	if (state->by_range)
		state->rowid_name = pstrdup(table->rowid_name);
	return table;
}

static void
begin_params(ForeignScanState *node, LiteScanState *state, List *params)
{
	ListCell *lc;

	state->params = ExecInitExprList(params, (PlanState *) node);
	state->param_types = palloc(sizeof(Oid) * Max(list_length(params), 1));
	foreach (lc, params)
		state->param_types[foreach_current_index(lc)] = exprType(lfirst(lc));
	state->param_context =
		AllocSetContextCreate(CurrentMemoryContext, "SQLite parameters",
							  ALLOCSET_SMALL_SIZES);
}

void
LiteScanOpen(ForeignScanState *node, LiteScanState *state,
			 LiteConnection *connection)
{
	MemoryContext old = MemoryContextSwitchTo(node->ss.ps.state->es_query_cxt);
	Relation rel = node->ss.ss_currentRelation;
	const LiteTable *table;
	LiteSelect select;

	state->connection = connection;
	table = choose_select(node, state, &select);
	state->stmt = LiteStatementAcquire(connection, select.sql.data);
	state->stmt->max_rows = LiteFileMaxRows(connection, table);

	LiteRowBegin(&state->reader, state->stmt,
				 LiteScanColumns(rel, select.attrs),
				 list_length(select.attrs));
	state->reader.table = state->options->table;
	state->reader.hint = MISFIT_HINT;
	state->reader.rowid_field = select.rowid_field;
	state->reader.row_context =
		AllocSetContextCreate(CurrentMemoryContext, "SQLite row",
							  ALLOCSET_DEFAULT_SIZES);
	begin_params(node, state, select.params);
	MemoryContextSwitchTo(old);
}

static void
open_own(ForeignScanState *node, LiteScanState *state)
{
	Oid relid = RelationGetRelid(node->ss.ss_currentRelation);
	LiteSource *source = LiteSourceForServer(GetForeignTable(relid)->serverid);
	MemoryContext old = MemoryContextSwitchTo(node->ss.ps.state->es_query_cxt);
	LiteConnection *connection =
		LiteConnectionAcquire(source, node->ss.ps.state);

	MemoryContextSwitchTo(old);
	LiteScanOpen(node, state, connection);
}

void
liteBeginForeignScan(ForeignScanState *node, int eflags)
{
	Relation rel = node->ss.ss_currentRelation;
	LiteScanState *state;

	/* EXPLAIN alone: the file is nobody's business yet */
	if (eflags & EXEC_FLAG_EXPLAIN_ONLY)
		return;

	state = palloc0(sizeof(LiteScanState));
	state->options = LiteTableOptionsGet(RelationGetRelid(rel));
	state->by_range = node->ss.ps.plan->parallel_aware;
	state->natts = RelationGetDescr(rel)->natts;
	state->blank = palloc(sizeof(bool) * Max(state->natts, 1));
	memset(state->blank, true, sizeof(bool) * state->natts);
	node->fdw_state = state;

	/* a worker has to prove first what it sees: see parallel.c */
	if (!(IsParallelWorker() && state->by_range))
		open_own(node, state);
}

/* ------------------------------------------------------------------------
 * Iterate
 * ------------------------------------------------------------------------ */

static void
bind_param(LiteScanState *state, int number, Datum datum, bool isnull,
		   Oid typid)
{
	LiteValue value = {.cls = LITE_NULL};
	LiteScalar scalar = {0};
	LiteType type = LiteTypeFromOid(typid);
	LiteError err;

	if (!isnull)
	{
		/* shippable.c lets integers and text pass, nothing else */
		if (!LiteDatumToScalar(type, datum, &scalar))
			elog(ERROR, "cannot bind a parameter of type %u", typid);
		if (type == LITE_TYPE_TEXT || type == LITE_TYPE_VARCHAR)
		{
			value.cls = LITE_TEXT;
			value.data = scalar.data;
			value.len = scalar.len;
		}
		else
		{
			value.cls = LITE_INTEGER;
			value.i = scalar.i;
		}
	}
	LiteCheck(lite_stmt_bind(state->stmt, number, &value, &err), &err);
}

static void
bind_params(ForeignScanState *node, LiteScanState *state)
{
	ExprContext *econtext = node->ss.ps.ps_ExprContext;
	MemoryContext old;
	ListCell *lc;

	if (state->params != NIL)
	{
		MemoryContextReset(state->param_context);
		old = MemoryContextSwitchTo(state->param_context);
		foreach (lc, state->params)
		{
			int i = foreach_current_index(lc);
			bool isnull;
			Datum datum = ExecEvalExpr(lfirst(lc), econtext, &isnull);

			bind_param(state, i + 1, datum, isnull, state->param_types[i]);
		}
		MemoryContextSwitchTo(old);
	}
	state->bound = true;
}

/*
 * In a plan for a parallel scan: goes to the next range.  false if there is
 * none.
 */
static bool
next_range(ForeignScanState *node, LiteScanState *state)
{
	LiteValue value = {.cls = LITE_INTEGER};
	int nparams = list_length(state->params);
	LiteError err;

	if (state->exhausted)
		return false;
	if (state->connection == NULL && state->shared == NULL)
		open_own(node, state);
	if (!LiteParallelClaim(node, state))
	{
		state->exhausted = true;
		return false;
	}
	LiteRowEnd(&state->reader);
	if (state->rowid_name == NULL)
		return true;
	value.i = state->range.first;
	LiteCheck(lite_stmt_bind(state->stmt, nparams + 1, &value, &err), &err);
	value.i = state->range.last;
	LiteCheck(lite_stmt_bind(state->stmt, nparams + 2, &value, &err), &err);
	return true;
}

TupleTableSlot *
liteIterateForeignScan(ForeignScanState *node)
{
	LiteScanState *state = node->fdw_state;
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;

	ExecClearTuple(slot);
	if (unlikely(!state->bound))
	{
		if (state->by_range && !next_range(node, state))
			return slot;
		bind_params(node, state);
	}
	do
	{
		memcpy(slot->tts_isnull, state->blank, sizeof(bool) * state->natts);
		if (LiteRowNext(&state->reader, slot->tts_values, slot->tts_isnull))
			return ExecStoreVirtualTuple(slot);
	} while (state->by_range && next_range(node, state));
	return slot;
}

/* ------------------------------------------------------------------------
 * ReScan, End
 * ------------------------------------------------------------------------ */

/* The parameters may be other ones: they are evaluated at the next row. */
void
liteReScanForeignScan(ForeignScanState *node)
{
	LiteScanState *state = node->fdw_state;

	if (state->connection != NULL)
		LiteRowEnd(&state->reader);
	state->bound = false;
	state->exhausted = false;
}

void
liteEndForeignScan(ForeignScanState *node)
{
	LiteScanState *state = node->fdw_state;

	if (state == NULL)
		return;
	LiteParallelEnd(state);
	if (state->connection == NULL)
		return;
	LiteRowEnd(&state->reader);
	LiteStatementRelease(state->connection, state->stmt);
	LiteConnectionRelease(state->connection, node->ss.ps.state);
}
