/*
 * modify.c
 *	  Writes, and why not.
 *
 * Foreign tables are read-only as yet.  PostgreSQL would say so by itself,
 * with a message that leaves open whether some option would help; the planner
 * asks here first, so the user reads what can be done instead.
 */
#include "pg/compat.h"

#include "parser/parsetree.h"
#include "utils/lsyscache.h"

#include "fdw/fdw.h"

int
liteIsForeignRelUpdatable(Relation rel)
{
	return 0;
}

List *
litePlanForeignModify(PlannerInfo *root, ModifyTable *plan,
					  Index resultRelation, int subplan_index)
{
	RangeTblEntry *rte = planner_rt_fetch(resultRelation, root);

	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("foreign table \"%s\" is read-only",
					get_rel_name(rte->relid)),
			 errdetail("This version of sqlite_fdw_lite does not write to "
					   "SQLite files."),
			 errhint("Write to a native copy of the table, as sqlite_import() "
					 "makes it.")));
	return NIL;
}
