/*
 * parallel.c
 *	  A scan by several processes: ranges of rowids, claimed one by one.
 *
 *		leader						worker
 *		Begin: snapshot
 *		InitializeDSM: its id --->	InitializeWorker: own snapshot, same id?
 *		claim, read, claim ...		claim, read, claim ...
 *
 * Every process opens the file for itself.  The leader's snapshot stays open
 * until the workers have ended, so lite_db_snapshot() is proof: a worker
 * whose id equals the leader's reads the same state of the file.  One that
 * cannot prove it (somebody has committed in WAL mode between the two
 * snapshots, or waits to do so in rollback mode, or the file cannot be had)
 * reads nothing: the leader then reads what the other workers do not.
 *
 * That is right only if the leader comes by.  So there is no such plan where
 * parallel_leader_participation is off; and below a node whose participants
 * go from phase to phase together (Parallel Hash, Parallel Append) a worker
 * that has nothing to read waits until all is claimed, lest the phase be over
 * before the leader has joined it.  And scans that are not parallel do not
 * run in workers at all (plan.c), since nobody could make up for them there.
 *
 * Claims
 *
 * What is claimed so far is one number, moved on by compare-and-swap.  From
 * there a claim begins with the first rowid that exists, so gaps cost one
 * look into the b-tree however wide they are; and it ends a certain number of
 * rows later (the "stride"), found by stepping over them without reading
 * their columns, which costs about a twelfth of reading them.  Where rowids
 * lie dense, the distance between the two is good for the next claims, too:
 * no more than DENSE times as many rows can ever lie within.  All this is
 * deterministic within one state of the file, so whoever loses a race only
 * looks again.
 *
 * Rowids are any 64-bit integers.  The number is therefore the distance from
 * the first one, unsigned; ALL_CLAIMED stands for the end.
 */
#include "pg/compat.h"

#include "access/parallel.h"
#include "executor/executor.h"
#include "nodes/plannodes.h"
#include "optimizer/optimizer.h"
#include "port/atomics.h"
#include "storage/condition_variable.h"
#include "storage/proc.h"
#include "utils/timestamp.h"
#include "utils/wait_event.h"

#include "fdw/scan.h"
#include "pg/encoding.h"
#include "pg/report.h"

#define ALL_CLAIMED PG_UINT64_MAX

/* Rows of a claim, if there are enough: some milliseconds of reading, against
 * some 10 us for the claim itself. */
#define MAX_STRIDE 8192
#define MIN_STRIDE 64

/* Claims that a table should be good for, to keep all processes busy. */
#define CLAIMS_WANTED 64

/* A stride is dense if it spans at most so many times as many rowids ... */
#define DENSE 4

/* ... and is measured again after so many claims. */
#define LOOK_AGAIN 16

/* How long the leader may be seen waiting for its workers to end before one
 * that waits for the leader gives up. */
#define GIVE_UP_MS 10000

struct LiteShared
{
	LiteSnapshot snapshot; /* of the leader */
	bool all_needed;	   /* below a node that works in phases */
	int64 first;		   /* rowids: none below */
	int64 last;			   /* none above */
	int64 stride;
	pg_atomic_uint64 next;	   /* claimed are all rowids below first + next */
	ConditionVariable claimed; /* all are */
};

bool
liteIsForeignScanParallelSafe(PlannerInfo *root, RelOptInfo *rel,
							  RangeTblEntry *rte)
{
	return true;
}

/* ------------------------------------------------------------------------
 * Claims
 * ------------------------------------------------------------------------ */

static LiteStmt *
claim_statement(ForeignScanState *node, LiteScanState *state,
				const char *format)
{
	MemoryContext old = MemoryContextSwitchTo(node->ss.ps.state->es_query_cxt);
	StringInfoData table;
	LiteStmt *stmt;

	initStringInfo(&table);
	LiteAppendIdent(&table, state->options->table);
	stmt =
		LiteStatementAcquire(state->connection,
							 psprintf("SELECT r1.%s FROM %s r1 NOT INDEXED %s",
									  state->rowid_name, table.data,
									  psprintf(format, state->rowid_name,
											   state->rowid_name)));
	stmt->max_rows = 0;
	MemoryContextSwitchTo(old);
	return stmt;
}

/* The one rowid that a statement answers; false if it answers none. */
static bool
one_rowid(LiteStmt *stmt, int64 *result)
{
	LiteStatus status;
	LiteError err;

	status = lite_stmt_step(stmt, &err);
	if (status == LITE_ROW)
		*result = lite_stmt_int64(stmt, 0);
	else if (status != LITE_DONE)
		LiteReport(&err);
	lite_stmt_reset(stmt);
	return status == LITE_ROW;
}

static void
bind_int64(LiteStmt *stmt, int number, int64 i)
{
	LiteValue value = {.cls = LITE_INTEGER, .i = i};
	LiteError err;

	LiteCheck(lite_stmt_bind(stmt, number, &value, &err), &err);
}

static void
make_claimer(ForeignScanState *node, LiteScanState *state)
{
	LiteClaimer *claimer =
		MemoryContextAllocZero(node->ss.ps.state->es_query_cxt,
							   sizeof(LiteClaimer));

	claimer->seek =
		claim_statement(node, state,
						"WHERE r1.%s >= ?1 ORDER BY r1.%s LIMIT 1");
	claimer->stride =
		claim_statement(node, state,
						"WHERE r1.%s >= ?1 ORDER BY r1.%s LIMIT 1 OFFSET ?2");
	state->claimer = claimer;
}

/* The last rowid of a claim that begins at first. */
static int64
claim_end(LiteClaimer *claimer, const LiteShared *shared, int64 first)
{
	uint64 room = (uint64) shared->last - (uint64) first;
	uint64 span = (uint64) claimer->span;
	int64 after;

	if (span == 0 || ++claimer->looked > LOOK_AGAIN)
	{
		bind_int64(claimer->stride, 1, first);
		bind_int64(claimer->stride, 2, shared->stride);
		if (!one_rowid(claimer->stride, &after) || after <= first)
			return shared->last;
		span = (uint64) after - (uint64) first;
		claimer->span =
			span <= (uint64) shared->stride * DENSE ? (int64) span : 0;
		claimer->looked = 0;
	}
	return span - 1 >= room ? shared->last
							: (int64) ((uint64) first + (span - 1));
}

static bool
claim_all(LiteShared *shared, uint64 next)
{
	bool won =
		pg_atomic_compare_exchange_u64(&shared->next, &next, ALL_CLAIMED);

	if (won && shared->all_needed)
		ConditionVariableBroadcast(&shared->claimed);
	return won;
}

static bool
claim_range(ForeignScanState *node, LiteScanState *state)
{
	LiteShared *shared = state->shared;
	LiteRange *range = &state->range;

	if (state->claimer == NULL)
		make_claimer(node, state);
	for (;;)
	{
		uint64 next = pg_atomic_read_u64(&shared->next);
		uint64 after;
		int64 begin = (int64) ((uint64) shared->first + next);

		CHECK_FOR_INTERRUPTS();
		if (next == ALL_CLAIMED)
			return false;
		bind_int64(state->claimer->seek, 1, begin);
		if (!one_rowid(state->claimer->seek, &range->first))
		{
			(void) claim_all(shared, next);
			continue;
		}

		/* a damaged b-tree may answer anything */
		range->first = Max(range->first, begin);
		range->last = claim_end(state->claimer, shared, range->first);

		/* the next number must not be the end's by chance */
		after = (uint64) range->last - (uint64) shared->first + 1;
		if (range->last >= shared->last || after == ALL_CLAIMED)
		{
			range->last = shared->last;
			if (claim_all(shared, next))
				return true;
		}
		else if (pg_atomic_compare_exchange_u64(&shared->next, &next, after))
			return true;
	}
}

/* ------------------------------------------------------------------------
 * Those who may not read
 * ------------------------------------------------------------------------ */

static void
cannot_go_on(LiteScanState *state)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("a parallel worker does not see the same state of the "
					"SQLite file as its leader"),
			 errdetail("The file was written to while SQLite table \"%s\" was "
					   "read, and the leader did not read it.",
					   LiteTextForMessage(state->options->table)),
			 errhint("Run the statement again, with "
					 "max_parallel_workers_per_gather = 0 if need be.")));
}

/*
 * Until the others have claimed all.  They may have lost interest, and the
 * leader may wait for us to end: where a plan is scanned again before it was
 * at its end, nobody tells the workers.  Waiting for ever is no way out.
 */
static void
wait_for_others(LiteScanState *state)
{
	LiteShared *shared = state->shared;
	PGPROC *leader = MyProc->lockGroupLeader;
	TimestampTz since = 0;

	ConditionVariablePrepareToSleep(&shared->claimed);
	while (pg_atomic_read_u64(&shared->next) != ALL_CLAIMED)
	{
		TimestampTz now;

		(void) ConditionVariableTimedSleep(&shared->claimed, 100,
										   PG_WAIT_EXTENSION);
		now = GetCurrentTimestamp();
		if (leader == NULL || *(volatile uint32 *) &leader->wait_event_info !=
								  WAIT_EVENT_PARALLEL_FINISH)
			since = 0;
		else if (since == 0)
			since = now;
		else if (TimestampDifferenceExceeds(since, now, GIVE_UP_MS))
		{
			ConditionVariableCancelSleep();
			cannot_go_on(state);
		}
	}
	ConditionVariableCancelSleep();
}

bool
LiteParallelClaim(ForeignScanState *node, LiteScanState *state)
{
	LiteShared *shared = state->shared;

	if (shared == NULL)
	{
		state->range.first = PG_INT64_MIN;
		state->range.last = PG_INT64_MAX;
		return !state->bound;
	}
	if (state->unproven)
	{
		if (pg_atomic_read_u64(&shared->next) != ALL_CLAIMED)
		{
			if (!parallel_leader_participation)
				cannot_go_on(state);
			if (shared->all_needed)
				wait_for_others(state);
		}
		return false;
	}

	/* the table has become one without rowids: all or nothing */
	if (state->rowid_name == NULL)
		return pg_atomic_read_u64(&shared->next) == 0 && claim_all(shared, 0);
	return claim_range(node, state);
}

/* ------------------------------------------------------------------------
 * The leader
 * ------------------------------------------------------------------------ */

Size
liteEstimateDSMForeignScan(ForeignScanState *node, ParallelContext *pcxt)
{
	return sizeof(LiteShared);
}

/*
 * Finds the plan node id below plan.  *phases: is there a node on the way
 * down from the Gather whose participants work in phases together?
 */
static bool
find_node(Plan *plan, int id, bool phases, bool *result)
{
	List *children = NIL;
	ListCell *lc;

	if (plan == NULL)
		return false;
	check_stack_depth();
	if (plan->plan_node_id == id)
	{
		*result = phases;
		return true;
	}
	phases = phases || plan->parallel_aware;
	switch (nodeTag(plan))
	{
		case T_Gather:
		case T_GatherMerge:
			phases = false;
			break;
		case T_Append:
			children = ((Append *) plan)->appendplans;
			break;
		case T_MergeAppend:
			children = ((MergeAppend *) plan)->mergeplans;
			break;
		case T_SubqueryScan:
			children = list_make1(((SubqueryScan *) plan)->subplan);
			break;
		case T_CustomScan:
			children = ((CustomScan *) plan)->custom_plans;
			break;
		default:
			break;
	}
	foreach (lc, children)
	{
		if (find_node(lfirst(lc), id, phases, result))
			return true;
	}
	return find_node(plan->lefttree, id, phases, result) ||
		   find_node(plan->righttree, id, phases, result);
}

static bool
works_in_phases(ForeignScanState *node)
{
	PlannedStmt *stmt = node->ss.ps.state->es_plannedstmt;
	int id = node->ss.ps.plan->plan_node_id;
	bool result;
	ListCell *lc;

	if (find_node(stmt->planTree, id, false, &result))
		return result;
	foreach (lc, stmt->subplans)
	{
		if (find_node(lfirst(lc), id, false, &result))
			return result;
	}
	return true;
}

static void
find_bounds(ForeignScanState *node, LiteScanState *state, LiteShared *shared)
{
	LiteStmt *greatest;
	uint64 span;

	if (state->rowid_name == NULL)
		return;
	if (state->claimer == NULL)
		make_claimer(node, state);
	bind_int64(state->claimer->seek, 1, PG_INT64_MIN);
	greatest = claim_statement(node, state, "ORDER BY r1.%s DESC LIMIT 1");
	if (!one_rowid(state->claimer->seek, &shared->first) ||
		!one_rowid(greatest, &shared->last))
		pg_atomic_write_u64(&shared->next, ALL_CLAIMED);
	LiteStatementRelease(state->connection, greatest);

	shared->last = Max(shared->last, shared->first);
	span = (uint64) shared->last - (uint64) shared->first;
	shared->stride =
		(int64) Min(Max(span / CLAIMS_WANTED, MIN_STRIDE), MAX_STRIDE);
}

void
liteInitializeDSMForeignScan(ForeignScanState *node, ParallelContext *pcxt,
							 void *coordinate)
{
	LiteScanState *state = node->fdw_state;
	LiteShared *shared = coordinate;
	LiteError err;

	memset(shared, 0, sizeof(*shared));
	pg_atomic_init_u64(&shared->next, 0);
	ConditionVariableInit(&shared->claimed);
	if (!state->by_range)
		return;
	shared->all_needed = works_in_phases(node);
	LiteCheck(lite_db_snapshot(LiteConnectionDb(state->connection),
							   &shared->snapshot, &err),
			  &err);
	find_bounds(node, state, shared);
	state->shared = shared;
}

void
liteReInitializeDSMForeignScan(ForeignScanState *node, ParallelContext *pcxt,
							   void *coordinate)
{
	LiteScanState *state = node->fdw_state;

	/* of an empty table there is nothing to claim either way */
	if (state->by_range)
		pg_atomic_write_u64(&((LiteShared *) coordinate)->next, 0);
}

/* The shared memory goes away; nobody needs to wait any more. */
static void
leave(LiteScanState *state)
{
	LiteShared *shared = state->shared;

	state->shared = NULL;
	if (shared == NULL || IsParallelWorker())
		return;
	pg_atomic_write_u64(&shared->next, ALL_CLAIMED);
	if (shared->all_needed)
		ConditionVariableBroadcast(&shared->claimed);
}

void
liteShutdownForeignScan(ForeignScanState *node)
{
	if (node->fdw_state != NULL)
		leave(node->fdw_state);
}

void
LiteParallelEnd(LiteScanState *state)
{
	leave(state);
	if (state->claimer == NULL)
		return;
	LiteStatementRelease(state->connection, state->claimer->seek);
	LiteStatementRelease(state->connection, state->claimer->stride);
	state->claimer = NULL;
}

/* ------------------------------------------------------------------------
 * A worker
 * ------------------------------------------------------------------------ */

/*
 * Does not wait for a lock: a writer that has the leader's readers to wait
 * for would not let go of it before they are done.
 */
void
liteInitializeWorkerForeignScan(ForeignScanState *node, shm_toc *toc,
								void *coordinate)
{
	LiteScanState *state = node->fdw_state;
	EState *estate = node->ss.ps.state;
	MemoryContext old = MemoryContextSwitchTo(estate->es_query_cxt);
	Oid relid = RelationGetRelid(node->ss.ss_currentRelation);
	LiteShared *shared = coordinate;
	LiteConnection *connection;
	LiteSnapshot snapshot;
	LiteSource source;
	LiteStatus status;
	LiteError err;

	if (!state->by_range)
		goto done;
	state->shared = shared;
	state->unproven = true;
	source = *LiteSourceForServer(GetForeignTable(relid)->serverid);
	source.busy_timeout_ms = 0;
	status = LiteConnectionTry(&source, estate, &connection, &err);
	if (status == LITE_OK)
	{
		status =
			lite_db_snapshot(LiteConnectionDb(connection), &snapshot, &err);
		if (status == LITE_OK &&
			memcmp(&snapshot, &shared->snapshot, sizeof(snapshot)) == 0)
		{
			state->unproven = false;
			LiteScanOpen(node, state, connection);
			goto done;
		}
		LiteConnectionRelease(connection, estate);
	}
	CHECK_FOR_INTERRUPTS();
	ereport(DEBUG1, (errmsg_internal("parallel worker without the leader's "
									 "state of the SQLite file: %s",
									 status == LITE_OK
										 ? "it has changed"
										 : LiteTextForMessage(err.message))));
done:
	MemoryContextSwitchTo(old);
}
