/*
 * plan.c
 *	  What a scan fetches, and what SQLite filters for us.
 *
 * One path per table, and one for parallel scans: the SELECT of the columns that are needed, with the
 * conditions that SQLite may judge (shippable.c).  All conditions are checked
 * again here, so all of them stay in the plan node as well.
 */
#include "pg/compat.h"

#include "access/sysattr.h"
#include "nodes/makefuncs.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/pathnode.h"
#include "optimizer/planmain.h"
#include "optimizer/restrictinfo.h"

#include "fdw/fdw.h"

/* The columns in the target list, and in all conditions. */
static Bitmapset *
used_attributes(RelOptInfo *baserel)
{
	Bitmapset *used = NULL;
	ListCell *lc;

	pull_varattnos((Node *) baserel->reltarget->exprs, baserel->relid, &used);
	foreach (lc, baserel->baserestrictinfo)
		pull_varattnos((Node *) lfirst_node(RestrictInfo, lc)->clause,
					   baserel->relid, &used);
	return used;
}

static void
choose_pushed(RelOptInfo *baserel, LiteRelInfo *info)
{
	ListCell *lc;

	foreach (lc, baserel->baserestrictinfo)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, lc);

		/* evaluated once, above the scan */
		if (rinfo->pseudoconstant)
			continue;
		if (LiteShipCondition((Node *) rinfo->clause, baserel, info, NULL,
							  NULL, &info->by_rowid))
			info->pushed = lappend(info->pushed, rinfo);
	}
}

void
liteGetForeignRelSize(PlannerInfo *root, RelOptInfo *baserel,
					  Oid foreigntableid)
{
	LiteRelInfo *info = palloc0(sizeof(LiteRelInfo));

	info->relid = foreigntableid;
	info->source = LiteSourceForServer(baserel->serverid);
	info->options = LiteTableOptionsGet(foreigntableid);
	info->attrs_used = used_attributes(baserel);
	baserel->fdw_private = info;

	LiteFileLook(info, root->glob);
	choose_pushed(baserel, info);
	LiteEstimateSize(root, baserel, info);
}

/*
 * One for several processes, which share the rowids among them.  Not where
 * the leader would only wait: it is the one that sees its own snapshot for
 * certain.
 */
static void
add_parallel_path(PlannerInfo *root, RelOptInfo *baserel,
				  const LiteRelInfo *info, Cost startup, Cost total)
{
	ForeignPath *path;
	int workers;
	double rows;

	if (!baserel->consider_parallel || baserel->lateral_relids != NULL ||
		!parallel_leader_participation || info->by_rowid ||
		!LiteFileHasRanges(info->file))
		return;
	workers = LiteEstimateWorkers(root, baserel, info);
	if (workers == 0)
		return;
	LiteEstimatePartial(baserel, info, workers, startup, &total, &rows);
	path = create_foreignscan_path(root, baserel, NULL, rows, 0, startup,
								   total, NIL, NULL, NULL, NIL, NIL);
	path->path.parallel_aware = true;
	path->path.parallel_workers = workers;
	add_partial_path(baserel, (Path *) path);
}

void
liteGetForeignPaths(PlannerInfo *root, RelOptInfo *baserel, Oid foreigntableid)
{
	LiteRelInfo *info = baserel->fdw_private;
	ForeignPath *path;
	Cost startup;
	Cost total;

	LiteEstimateCost(root, baserel, info, &startup, &total);
	path = create_foreignscan_path(root, baserel, NULL, baserel->rows, 0,
								   startup, total, NIL,
								   baserel->lateral_relids, NULL, NIL, NIL);
	/* a worker could not go without it, if it sees another state of the file
	 * than the leader does: see parallel.c */
	path->path.parallel_safe = false;
	add_path(baserel, (Path *) path);

	add_parallel_path(root, baserel, info, startup, total);
}

ForeignScan *
liteGetForeignPlan(PlannerInfo *root, RelOptInfo *baserel, Oid foreigntableid,
				   ForeignPath *best_path, List *tlist, List *scan_clauses,
				   Plan *outer_plan)
{
	LiteRelInfo *info = baserel->fdw_private;
	const LiteFileTable *file = info->file;
	LiteSelect select;
	const char *signature;
	List *private;

	LiteDeparseSelect(&select, foreigntableid, info->options, file,
					  LiteUsedAttributes(foreigntableid, info->attrs_used));
	LiteDeparseWhere(&select, info, baserel);
	if (best_path->path.parallel_aware)
		LiteDeparseRange(&select, file,
						 info->pushed != NIL ? " AND " : " WHERE ");

	/* in the order of LiteScanPrivate */
	signature = file ? psprintf(UINT64_FORMAT, file->signature) : "";
	private =
		list_make4(makeString(select.sql.data), makeString(pstrdup(signature)),
				   select.attrs, makeInteger(select.rowid_field));

	return make_foreignscan(tlist, extract_actual_clauses(scan_clauses, false),
							baserel->relid, select.params, private, NIL, NIL,
							outer_plan);
}
