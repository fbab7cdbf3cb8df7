/*
 * heap_writer.c
 *	  Rows into a relation: in bulk where that is legal, else as INSERTs.
 *
 *		Row -> (caller fills values[], nulls[]) -> Put -> ... -> End
 *
 * bulk		For a table that nothing else looks at while it is filled: no
 *			index, trigger, rule or foreign key.  Rows gather in slots and go
 *			down in batches through table_multi_insert(), which fills whole
 *			pages and writes one WAL record per page.
 * insert	For everything else (appending to a table in use, partitioned
 *			tables, views with INSTEAD OF triggers ...): a prepared INSERT per
 *			row, so that constraints, routing, triggers and row-level rules
 *			are the executor's own.
 *
 * The bulk path does what an INSERT would have done: stored generated columns
 * are computed, NOT NULL and CHECK are enforced, and the caller's right to
 * INSERT is checked.  Datums live in the writer's context until their batch
 * is written; then it is reset, so memory stays flat.
 */
#include "pg/compat.h"

#include "access/heapam.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "executor/executor.h"
#include "executor/nodeModifyTable.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/rls.h"

#include "load/load.h"

/*
 * Both limits are COPY's.  1000 rows make the cost per call negligible, and
 * more would only move rows out of the processor's caches before they are
 * copied into a page; 64 kB of data fill eight pages, and keep wide rows from
 * gathering into a batch of gigabytes.
 */
#define BATCH_ROWS 1000
#define BATCH_BYTES 65535

struct LiteHeapWriter
{
	Relation rel;
	int natts;
	uint64 rows;
	uint64 bytes;		   /* of variable-length values and fixed widths */
	MemoryContext context; /* Datums of the rows not yet written */
	void (*put)(LiteHeapWriter *writer);
	void (*flush)(LiteHeapWriter *writer);

	/* bulk */
	EState *estate;
	ResultRelInfo *result;
	BulkInsertState bistate;
	CommandId cid;
	int options;
	bool generated;
	bool checks;
	TupleTableSlot **slots; /* made as they are first needed */
	int used;
	size_t used_bytes;
	size_t fixed_bytes; /* of one row's fixed-length attributes */
	int nvarlena;
	int *varlena; /* attributes of variable length that rows bring */

	/* insert */
	SPIPlanPtr plan;
	int nparams;
	int *params; /* attributes, in the INSERT's order */
	Datum *values;
	bool *nulls;
	Datum *param_values;
	char *param_nulls;
};

/* ------------------------------------------------------------------------
 * Rights
 * ------------------------------------------------------------------------ */

/* As INSERT would: on the table, or on each column that gets a value. */
static void
check_insert_right(Relation rel, int nattnums, const AttrNumber *attnums)
{
	Oid relid = RelationGetRelid(rel);
	Oid userid = GetUserId();
	AclResult result = pg_class_aclcheck(relid, userid, ACL_INSERT);

	for (int i = 0; result != ACLCHECK_OK && i < nattnums; i++)
	{
		if (pg_attribute_aclcheck(relid, attnums[i], userid, ACL_INSERT) !=
			ACLCHECK_OK)
			break;
		if (i == nattnums - 1)
			result = ACLCHECK_OK;
	}
	if (result != ACLCHECK_OK)
		aclcheck_error(result, get_relkind_objtype(rel->rd_rel->relkind),
					   RelationGetRelationName(rel));

	/* COPY FROM refuses, too: what was loaded could not be read back */
	if (check_enable_rls(relid, InvalidOid, false) == RLS_ENABLED)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot import into table \"%s\" with row-level "
						"security",
						RelationGetRelationName(rel)),
				 errhint("Import into a new table, or as a role that "
						 "bypasses row-level security.")));
}

/* ------------------------------------------------------------------------
 * Bulk
 * ------------------------------------------------------------------------ */

/*
 * A value for every column that would otherwise have a default: the executor
 * fills those in, we do not.
 */
static bool
brings_defaults(Relation rel, int nattnums, const AttrNumber *attnums)
{
	TupleDesc desc = RelationGetDescr(rel);

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);
		bool given = false;

		if (att->attisdropped || att->attgenerated ||
			!(att->atthasdef || att->attidentity))
			continue;
		for (int j = 0; j < nattnums && !given; j++)
			given = (attnums[j] == att->attnum);
		if (!given)
			return false;
	}
	return true;
}

static bool
bulk_is_legal(Relation rel, int nattnums, const AttrNumber *attnums)
{
	/* partitions are routed to, views and foreign tables have no heap */
	if (rel->rd_rel->relkind != RELKIND_RELATION)
		return false;
	/* a partition has a constraint that only the executor knows */
	if (rel->rd_rel->relispartition)
		return false;
	/* a rule may turn the INSERT into something else */
	if (rel->rd_rules != NULL)
		return false;
	/* triggers (foreign keys among them) look at each row */
	if (rel->trigdesc != NULL)
		return false;
	/* index entries, uniqueness and exclusion are the executor's */
	if (RelationGetIndexList(rel) != NIL)
		return false;
	return brings_defaults(rel, nattnums, attnums);
}

/*
 * Frozen rows are visible to every snapshot at once, which is legal only as
 * long as nobody can look: the caller has just made the table, and it must
 * vanish with the subtransaction that we write in (the same rule as COPY
 * FREEZE has).
 */
static int
bulk_options(Relation rel, bool created)
{
	int options = 0;

	if (rel->rd_createSubid != InvalidSubTransactionId ||
		rel->rd_firstRelfilelocatorSubid != InvalidSubTransactionId)
		options |= TABLE_INSERT_SKIP_FSM;
	if (created && rel->rd_createSubid == GetCurrentSubTransactionId())
		options |= TABLE_INSERT_FROZEN;
	return options;
}

static TupleTableSlot *
bulk_slot(LiteHeapWriter *writer)
{
	if (writer->slots[writer->used] == NULL)
	{
		MemoryContext old =
			MemoryContextSwitchTo(writer->estate->es_query_cxt);
		TupleTableSlot *slot = table_slot_create(writer->rel, NULL);

		/* attributes that rows do not bring stay NULL */
		memset(slot->tts_isnull, true, writer->natts * sizeof(bool));
		writer->slots[writer->used] = slot;
		MemoryContextSwitchTo(old);
	}
	return writer->slots[writer->used];
}

static void
bulk_flush(LiteHeapWriter *writer)
{
	MemoryContext old;

	if (writer->used == 0)
		return;
	/* table_multi_insert may leak, so it does it where we clean up */
	old = MemoryContextSwitchTo(writer->context);
	table_multi_insert(writer->rel, writer->slots, writer->used, writer->cid,
					   writer->options, writer->bistate);
	MemoryContextSwitchTo(old);
	for (int i = 0; i < writer->used; i++)
	{
		ExecClearTuple(writer->slots[i]);
		memset(writer->slots[i]->tts_isnull, true,
			   writer->natts * sizeof(bool));
	}
	writer->used = 0;
	writer->used_bytes = 0;
	ResetPerTupleExprContext(writer->estate);
	MemoryContextReset(writer->context);
}

static void
bulk_put(LiteHeapWriter *writer)
{
	TupleTableSlot *slot = writer->slots[writer->used];
	size_t bytes = writer->fixed_bytes;

	for (int i = 0; i < writer->nvarlena; i++)
	{
		int att = writer->varlena[i];

		if (!slot->tts_isnull[att])
			bytes += VARSIZE_ANY(DatumGetPointer(slot->tts_values[att]));
	}
	ExecStoreVirtualTuple(slot);
	if (writer->generated)
		ExecComputeStoredGenerated(writer->result, writer->estate, slot,
								   CMD_INSERT);
	if (writer->checks)
		ExecConstraints(writer->result, slot, writer->estate);
	writer->used++;
	writer->used_bytes += bytes;
	writer->bytes += bytes;
	if (writer->used == BATCH_ROWS || writer->used_bytes >= BATCH_BYTES)
		bulk_flush(writer);
}

/* Which attributes make up the size of a row? */
static void
bulk_measure(LiteHeapWriter *writer, int nattnums, const AttrNumber *attnums)
{
	writer->varlena = palloc(sizeof(int) * Max(nattnums, 1));
	for (int i = 0; i < nattnums; i++)
	{
		Form_pg_attribute att =
			TupleDescAttr(RelationGetDescr(writer->rel), attnums[i] - 1);

		if (att->attlen == -1)
			writer->varlena[writer->nvarlena++] = attnums[i] - 1;
		else if (att->attlen > 0)
			writer->fixed_bytes += att->attlen;
	}
}

static void
bulk_begin(LiteHeapWriter *writer, int nattnums, const AttrNumber *attnums,
		   bool created)
{
	TupleConstr *constr = RelationGetDescr(writer->rel)->constr;

	writer->put = bulk_put;
	writer->flush = bulk_flush;
	writer->estate = CreateExecutorState();
	writer->result = makeNode(ResultRelInfo);
	/* no range table: the permission checks above stand for it */
	InitResultRelInfo(writer->result, writer->rel, 0, NULL, 0);
	writer->generated = constr && constr->has_generated_stored;
	writer->checks = constr && (constr->has_not_null || constr->num_check > 0);
	writer->slots = palloc0(sizeof(TupleTableSlot *) * BATCH_ROWS);
	writer->options = bulk_options(writer->rel, created);
	writer->cid = GetCurrentCommandId(true);
	writer->bistate = GetBulkInsertState();
	bulk_measure(writer, nattnums, attnums);
}

static void
bulk_end(LiteHeapWriter *writer)
{
	FreeBulkInsertState(writer->bistate);
	for (int i = 0; i < BATCH_ROWS; i++)
	{
		if (writer->slots[i])
			ExecDropSingleTupleTableSlot(writer->slots[i]);
	}
	table_finish_bulk_insert(writer->rel, writer->options);
	FreeExecutorState(writer->estate);
}

/* ------------------------------------------------------------------------
 * One INSERT per row
 * ------------------------------------------------------------------------ */

static void
insert_put(LiteHeapWriter *writer)
{
	int result;

	for (int i = 0; i < writer->nparams; i++)
	{
		int att = writer->params[i];

		writer->param_values[i] = writer->values[att];
		writer->param_nulls[i] = writer->nulls[att] ? 'n' : ' ';
		if (!writer->nulls[att])
		{
			Form_pg_attribute form =
				TupleDescAttr(RelationGetDescr(writer->rel), att);

			writer->bytes +=
				form->attlen > 0
					? (uint64) form->attlen
					: VARSIZE_ANY(DatumGetPointer(writer->values[att]));
		}
	}
	SPI_connect();
	result = SPI_execute_plan(writer->plan, writer->param_values,
							  writer->param_nulls, false, 0);
	if (result < 0)
		elog(ERROR, "SPI_execute_plan failed: %s",
			 SPI_result_code_string(result));
	SPI_finish();
	MemoryContextReset(writer->context);
	memset(writer->nulls, true, writer->natts * sizeof(bool));
}

static void
insert_flush(LiteHeapWriter *writer)
{
}

static void
insert_begin(LiteHeapWriter *writer, int nattnums, const AttrNumber *attnums)
{
	TupleDesc desc = RelationGetDescr(writer->rel);
	StringInfoData sql;
	StringInfoData params;
	Oid *types = palloc(sizeof(Oid) * nattnums);

	writer->put = insert_put;
	writer->flush = insert_flush;
	writer->nparams = nattnums;
	writer->params = palloc(sizeof(int) * nattnums);
	writer->param_values = palloc(sizeof(Datum) * nattnums);
	writer->param_nulls = palloc(sizeof(char) * nattnums);
	writer->values = palloc0(sizeof(Datum) * writer->natts);
	writer->nulls = palloc(sizeof(bool) * writer->natts);
	memset(writer->nulls, true, writer->natts * sizeof(bool));

	initStringInfo(&sql);
	initStringInfo(&params);
	appendStringInfo(&sql, "INSERT INTO %s (",
					 quote_qualified_identifier(
						 get_namespace_name(RelationGetNamespace(writer->rel)),
						 RelationGetRelationName(writer->rel)));
	for (int i = 0; i < nattnums; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, attnums[i] - 1);

		writer->params[i] = attnums[i] - 1;
		types[i] = att->atttypid;
		appendStringInfo(&sql, "%s%s", i ? ", " : "",
						 quote_identifier(NameStr(att->attname)));
		appendStringInfo(&params, "%s$%d", i ? ", " : "", i + 1);
	}
	/* ids are kept, also where the column says GENERATED ALWAYS */
	appendStringInfo(&sql, ") OVERRIDING SYSTEM VALUE VALUES (%s)",
					 params.data);

	writer->plan = LiteSqlPrepare(sql.data, nattnums, types);
}

/* ------------------------------------------------------------------------
 * Verbs
 * ------------------------------------------------------------------------ */

static LiteHeapWriter *
new_writer(Relation rel, int nattnums, const AttrNumber *attnums)
{
	LiteHeapWriter *writer = palloc0(sizeof(LiteHeapWriter));

	check_insert_right(rel, nattnums, attnums);
	writer->rel = rel;
	writer->natts = RelationGetDescr(rel)->natts;
	writer->context =
		AllocSetContextCreate(CurrentMemoryContext, "sqlite import rows",
							  ALLOCSET_DEFAULT_SIZES);
	return writer;
}

LiteHeapWriter *
LiteHeapWriterBegin(Relation rel, int nattnums, const AttrNumber *attnums,
					bool created)
{
	LiteHeapWriter *writer = new_writer(rel, nattnums, attnums);

	if (bulk_is_legal(rel, nattnums, attnums))
		bulk_begin(writer, nattnums, attnums, created);
	else
		insert_begin(writer, nattnums, attnums);
	return writer;
}

LiteHeapWriter *
LiteHeapWriterBeginInserts(Relation rel, int nattnums,
						   const AttrNumber *attnums)
{
	LiteHeapWriter *writer = new_writer(rel, nattnums, attnums);

	insert_begin(writer, nattnums, attnums);
	return writer;
}

void
LiteHeapWriterClear(LiteHeapWriter *writer)
{
	memset(writer->nulls, true, writer->natts * sizeof(bool));
	MemoryContextReset(writer->context);
}

void
LiteHeapWriterRow(LiteHeapWriter *writer, Datum **values, bool **nulls)
{
	if (writer->estate)
	{
		TupleTableSlot *slot = bulk_slot(writer);

		*values = slot->tts_values;
		*nulls = slot->tts_isnull;
	}
	else
	{
		*values = writer->values;
		*nulls = writer->nulls;
	}
}

/*
 * The row that is being filled when its predecessors are written keeps its
 * arrays: its slot trades places with the first.
 */
void
LiteHeapWriterFlush(LiteHeapWriter *writer)
{
	int pending = writer->used;

	writer->flush(writer);
	if (writer->estate && pending > 0 && pending < BATCH_ROWS)
	{
		TupleTableSlot *first = writer->slots[0];

		writer->slots[0] = writer->slots[pending];
		writer->slots[pending] = first;
	}
	MemoryContextReset(writer->context);
}

MemoryContext
LiteHeapWriterContext(LiteHeapWriter *writer)
{
	return writer->context;
}

void
LiteHeapWriterPut(LiteHeapWriter *writer)
{
	writer->put(writer);
	writer->rows++;
}

uint64
LiteHeapWriterBytes(const LiteHeapWriter *writer)
{
	return writer->bytes;
}

uint64
LiteHeapWriterEnd(LiteHeapWriter *writer)
{
	uint64 rows = writer->rows;

	writer->flush(writer);
	if (writer->estate)
		bulk_end(writer);
	MemoryContextDelete(writer->context);
	pfree(writer);
	return rows;
}
