/*
 * fdw.h
 *	  The foreign data wrapper: a table of contents.
 *
 *		plan.c			what a scan fetches, and what SQLite filters for us
 *		file.c			what the planner wants to know of the file
 *		shippable.c		conditions that SQLite may judge, and how
 *		deparse.c		the SELECT
 *		cost.c			numbers of rows, and costs
 *		scan.c			Begin, Iterate, ReScan, End
 *		parallel.c		ranges of rowids, for several processes
 *		explain.c		EXPLAIN
 *		analyze.c		ANALYZE
 *		modify.c		writes, and why not
 *		import_schema.c	IMPORT FOREIGN SCHEMA
 *
 * A foreign table stands for a table, a view or a virtual table of the file,
 * or for a SELECT of the user's (option "query").  In the SELECTs made here
 * it always has the alias r1, and columns are always written r1."name": an
 * unknown name in double quotes without an alias would be a string to SQLite.
 */
#ifndef LITE_FDW_H
#define LITE_FDW_H

#include "pg/compat.h"

#include "access/parallel.h"
#include "commands/explain.h"
#include "foreign/fdwapi.h"
#include "lib/stringinfo.h"
#include "nodes/pathnodes.h"
#include "utils/rel.h"

#include "pg/connection.h"
#include "pg/option.h"
#include "pg/row.h"

/* ------------------------------------------------------------------------
 * What the planner knows (file.c)
 * ------------------------------------------------------------------------ */

/* What a column's declaration promises about its values. */
typedef struct LiteFileColumn
{
	char *name;
	LiteAffinity affinity;
	bool integers_only; /* INTEGER PRIMARY KEY, or INTEGER of a STRICT table:
						 * nothing but integers and, maybe, NULL */
	bool is_rowid;
	bool comparable; /* its collation is one that SQLite has */
	bool binary;	 /* and is certainly BINARY */
} LiteFileColumn;

typedef struct LiteFileTable
{
	LiteTableKind kind;
	char *rowid_name; /* NULL: there is none */
	bool not_indexed; /* an index is sorted in an order nobody here knows */
	uint64 signature; /* tells two definitions apart */
	int ncolumns;
	LiteFileColumn *columns;
} LiteFileTable;

/* One foreign table, as the planner sees it; RelOptInfo.fdw_private. */
typedef struct LiteRelInfo
{
	Oid relid;
	LiteSource *source;
	LiteTableOptions *options;
	LiteFileTable *file; /* NULL: a query, or the file cannot be had now */

	/* the file's numbers; 0: unknown */
	double file_rows;
	double file_pages; /* of BLCKSZ */

	Bitmapset *attrs_used; /* offset by FirstLowInvalidHeapAttributeNumber */
	List *pushed;		   /* of RestrictInfo: SQLite filters by these too */
	bool by_rowid;		   /* one of them finds rows by their rowid */

	double rows; /* that SQLite returns */
} LiteRelInfo;

/*
 * What GetForeignPlan hands to BeginForeignScan, in this order.  Both are
 * written here so that neither can forget an entry.
 */
typedef enum LiteScanPrivate
{
	LITE_SCAN_SQL,		 /* String: the SELECT, in UTF-8 */
	LITE_SCAN_SIGNATURE, /* String: the table's definition it is right for, ""
						  * if it is right for any */
	LITE_SCAN_ATTRS,	 /* IntList: attributes, in the order of the fields */
	LITE_SCAN_ROWID		 /* Integer: field of the rowid, or -1 */
} LiteScanPrivate;

/* file.c */
extern LiteFileTable *LiteFileTableCopy(LiteDb *db, const LiteTable *table);
extern uint64 LiteTableSignature(const LiteTable *table);
extern const LiteFileColumn *LiteFileColumnFind(const LiteFileTable *file,
												const char *name);

/* Can its rows be had by ranges of rowids? */
extern bool LiteFileHasRanges(const LiteFileTable *file);
extern void LiteFileLook(LiteRelInfo *info, void *owner);
extern void LiteFileCheckColumns(const LiteTable *table, Oid relid,
								 List *attrs);
extern const LiteTable *LiteFileTableOpen(LiteConnection *connection,
										  const char *name);
extern int64 LiteFileMaxRows(LiteConnection *connection,
							 const LiteTable *table);

/* deparse.c */
typedef struct LiteSelect
{
	StringInfoData sql;
	List *attrs;	 /* IntList */
	int rowid_field; /* or -1 */
	List *params;	 /* expressions bound to ?1, ?2 ... */
} LiteSelect;

extern void LiteDeparseSelect(LiteSelect *select, Oid relid,
							  const LiteTableOptions *options,
							  const LiteFileTable *file, List *attrs);
extern void LiteDeparseWhere(LiteSelect *select, LiteRelInfo *info,
							 RelOptInfo *baserel);

/* "joint rowid BETWEEN ?n AND ?n+1", after all other conditions. */
extern void LiteDeparseRange(LiteSelect *select, const LiteFileTable *file,
							 const char *joint);
extern void LiteAppendIdent(StringInfo buf, const char *name);
extern List *LiteUsedAttributes(Oid relid, Bitmapset *attrs_used);

/* shippable.c */

/* Is there a condition for SQLite that keeps every row for which expr is
 * true?  Then it is appended to sql (with ?n for what goes into *params), if
 * sql is not NULL.  *by_rowid is set if it finds rows by their rowid. */
extern bool LiteShipCondition(Node *expr, RelOptInfo *baserel,
							  const LiteRelInfo *info, StringInfo sql,
							  List **params, bool *by_rowid);

/* cost.c */
extern void LiteEstimateSize(PlannerInfo *root, RelOptInfo *baserel,
							 LiteRelInfo *info);
extern void LiteEstimateCost(PlannerInfo *root, RelOptInfo *baserel,
							 const LiteRelInfo *info, Cost *startup,
							 Cost *total);

/* The same for one of several processes; *rows is what it returns. */
extern void LiteEstimatePartial(RelOptInfo *baserel, const LiteRelInfo *info,
								int workers, Cost startup, Cost *total,
								double *rows);

/* The workers that a scan of the table is worth; 0: none. */
extern int LiteEstimateWorkers(PlannerInfo *root, RelOptInfo *baserel,
							   const LiteRelInfo *info);
extern void LiteFileNumbers(LiteRelInfo *info, LiteConnection *connection,
							const LiteTable *table);

/* plan.c */
extern void liteGetForeignRelSize(PlannerInfo *root, RelOptInfo *baserel,
								  Oid foreigntableid);
extern void liteGetForeignPaths(PlannerInfo *root, RelOptInfo *baserel,
								Oid foreigntableid);
extern ForeignScan *liteGetForeignPlan(PlannerInfo *root, RelOptInfo *baserel,
									   Oid foreigntableid,
									   ForeignPath *best_path, List *tlist,
									   List *scan_clauses, Plan *outer_plan);

/* scan.c */
extern void liteBeginForeignScan(ForeignScanState *node, int eflags);
extern TupleTableSlot *liteIterateForeignScan(ForeignScanState *node);
extern void liteReScanForeignScan(ForeignScanState *node);
extern void liteEndForeignScan(ForeignScanState *node);

/* parallel.c */
extern bool liteIsForeignScanParallelSafe(PlannerInfo *root, RelOptInfo *rel,
										  RangeTblEntry *rte);
extern Size liteEstimateDSMForeignScan(ForeignScanState *node,
									   ParallelContext *pcxt);
extern void liteInitializeDSMForeignScan(ForeignScanState *node,
										 ParallelContext *pcxt,
										 void *coordinate);
extern void liteReInitializeDSMForeignScan(ForeignScanState *node,
										   ParallelContext *pcxt,
										   void *coordinate);
extern void liteInitializeWorkerForeignScan(ForeignScanState *node,
											shm_toc *toc, void *coordinate);
extern void liteShutdownForeignScan(ForeignScanState *node);

/* Readers for attrs, the n-th from field n; in CurrentMemoryContext. */
extern LiteRowColumn *LiteScanColumns(Relation rel, List *attrs);

/* explain.c */
extern void liteExplainForeignScan(ForeignScanState *node, ExplainState *es);

/* analyze.c */
extern bool liteAnalyzeForeignTable(Relation relation,
									AcquireSampleRowsFunc *func,
									BlockNumber *totalpages);

/* modify.c */
extern int liteIsForeignRelUpdatable(Relation rel);
extern List *litePlanForeignModify(PlannerInfo *root, ModifyTable *plan,
								   Index resultRelation, int subplan_index);

/* import_schema.c */
extern List *liteImportForeignSchema(ImportForeignSchemaStmt *stmt,
									 Oid serverOid);

#endif /* LITE_FDW_H */
