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

#include "fdw/fdw.h"
#include "pg/report.h"

/* An import has other ways out than a foreign table. */
#define MISFIT_HINT                                                           \
	"Give the foreign table's column a type that holds every value, such as " \
	"text or bytea; sqlite_columns() shows which types fit."

typedef struct LiteScanState
{
	/* the file */
	LiteConnection *connection;
	LiteStmt *stmt;
	LiteTableOptions *options;

	/* rows */
	LiteRowReader reader;
	bool *blank; /* nulls[] of a row before it is filled */
	int natts;

	/* parameters */
	List *params; /* of ExprState */
	Oid *param_types;
	bool bound;					 /* is the statement ready to be stepped? */
	MemoryContext param_context; /* what is bound, until the next rescan */
} LiteScanState;

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
		LiteDeparseSelect(
			select, relid, state->options,
			LiteFileTableCopy(LiteConnectionDb(state->connection), table),
			select->attrs);
		return table;
	}
	initStringInfo(&select->sql);
	appendStringInfoString(&select->sql,
						   strVal(list_nth(private, LITE_SCAN_SQL)));
	select->rowid_field = intVal(list_nth(private, LITE_SCAN_ROWID));
	select->params = plan->fdw_exprs;
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
liteBeginForeignScan(ForeignScanState *node, int eflags)
{
	Relation rel = node->ss.ss_currentRelation;
	LiteScanState *state;
	LiteSource *source;
	const LiteTable *table;
	LiteSelect select;

	/* EXPLAIN alone: the file is nobody's business yet */
	if (eflags & EXEC_FLAG_EXPLAIN_ONLY)
		return;

	state = palloc0(sizeof(LiteScanState));
	state->options = LiteTableOptionsGet(RelationGetRelid(rel));
	source =
		LiteSourceForServer(GetForeignTable(RelationGetRelid(rel))->serverid);
	state->connection = LiteConnectionAcquire(source, node->ss.ps.state);

	table = choose_select(node, state, &select);
	state->stmt = LiteStatementAcquire(state->connection, select.sql.data);
	state->stmt->max_rows = LiteFileMaxRows(state->connection, table);

	LiteRowBegin(&state->reader, state->stmt,
				 LiteScanColumns(rel, select.attrs),
				 list_length(select.attrs));
	state->reader.table = state->options->table;
	state->reader.hint = MISFIT_HINT;
	state->reader.rowid_field = select.rowid_field;
	state->reader.row_context =
		AllocSetContextCreate(CurrentMemoryContext, "SQLite row",
							  ALLOCSET_DEFAULT_SIZES);

	state->natts = RelationGetDescr(rel)->natts;
	state->blank = palloc(sizeof(bool) * Max(state->natts, 1));
	memset(state->blank, true, sizeof(bool) * state->natts);
	begin_params(node, state, select.params);
	node->fdw_state = state;
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

TupleTableSlot *
liteIterateForeignScan(ForeignScanState *node)
{
	LiteScanState *state = node->fdw_state;
	TupleTableSlot *slot = node->ss.ss_ScanTupleSlot;

	if (unlikely(!state->bound))
		bind_params(node, state);

	ExecClearTuple(slot);
	memcpy(slot->tts_isnull, state->blank, sizeof(bool) * state->natts);
	if (LiteRowNext(&state->reader, slot->tts_values, slot->tts_isnull))
		ExecStoreVirtualTuple(slot);
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

	LiteRowEnd(&state->reader);
	state->bound = false;
}

void
liteEndForeignScan(ForeignScanState *node)
{
	LiteScanState *state = node->fdw_state;

	if (state == NULL)
		return;
	LiteRowEnd(&state->reader);
	LiteStatementRelease(state->connection, state->stmt);
	LiteConnectionRelease(state->connection, node->ss.ps.state);
}
