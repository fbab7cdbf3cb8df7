/*
 * sqlite_fdw_lite.c
 *	  Entry: what PostgreSQL finds when it loads the library.
 *
 * The handler below is an index of the foreign data wrapper; src/README.md is
 * the map of the rest.
 */
#include "pg/compat.h"

#include <limits.h>

#include "fmgr.h"
#include "utils/guc.h"

#include "fdw/fdw.h"

LITE_MODULE_MAGIC("sqlite_fdw_lite", "1.0");

PG_FUNCTION_INFO_V1(sqlite_fdw_lite_handler);

extern PGDLLEXPORT void _PG_init(void);

void
_PG_init(void)
{
	DefineCustomIntVariable(
		"sqlite_fdw_lite.busy_timeout",
		"Sets how long to wait for a SQLite file that is locked.",
		"Zero means not at all. A server's option \"busy_timeout\" overrides "
		"it.",
		&lite_busy_timeout, 5000, 0, INT_MAX, PGC_USERSET, GUC_UNIT_MS, NULL,
		NULL, NULL);

	/* the whole session shares one SQLite, so who sets it is trusted */
	DefineCustomIntVariable(
		"sqlite_fdw_lite.memory_limit",
		"Sets how much memory SQLite may use in a session.",
		"Zero means no limit. What needs more fails with an out-of-memory "
		"error, and the session goes on.",
		&lite_memory_limit, 262144, 0, INT_MAX, PGC_SUSET, GUC_UNIT_KB, NULL,
		NULL, NULL);

	MarkGUCPrefixReserved("sqlite_fdw_lite");
	LiteConnectionInit();
}

Datum
sqlite_fdw_lite_handler(PG_FUNCTION_ARGS)
{
	FdwRoutine *routine = makeNode(FdwRoutine);

	/* planning */
	routine->GetForeignRelSize = liteGetForeignRelSize;
	routine->GetForeignPaths = liteGetForeignPaths;
	routine->GetForeignPlan = liteGetForeignPlan;

	/* reading */
	routine->BeginForeignScan = liteBeginForeignScan;
	routine->IterateForeignScan = liteIterateForeignScan;
	routine->ReScanForeignScan = liteReScanForeignScan;
	routine->EndForeignScan = liteEndForeignScan;

	/* reading with several processes */
	routine->IsForeignScanParallelSafe = liteIsForeignScanParallelSafe;
	routine->EstimateDSMForeignScan = liteEstimateDSMForeignScan;
	routine->InitializeDSMForeignScan = liteInitializeDSMForeignScan;
	routine->ReInitializeDSMForeignScan = liteReInitializeDSMForeignScan;
	routine->InitializeWorkerForeignScan = liteInitializeWorkerForeignScan;
	routine->ShutdownForeignScan = liteShutdownForeignScan;

	/* writing: refused with a reason */
	routine->IsForeignRelUpdatable = liteIsForeignRelUpdatable;
	routine->PlanForeignModify = litePlanForeignModify;

	/* telling */
	routine->ExplainForeignScan = liteExplainForeignScan;
	routine->AnalyzeForeignTable = liteAnalyzeForeignTable;
	routine->ImportForeignSchema = liteImportForeignSchema;

	PG_RETURN_POINTER(routine);
}
