/*
 * explain.c
 *	  EXPLAIN: the SELECT, and with VERBOSE what SQLite makes of it.
 *
 * SQLite's plan needs the file.  Where it cannot be had, EXPLAIN says so in
 * its place instead of failing: the rest of the plan is still worth reading.
 */
#include "pg/compat.h"

#include "commands/explain.h"
#include "foreign/foreign.h"
#include "nodes/execnodes.h"
#include "utils/rel.h"

#include "fdw/fdw.h"
#include "pg/encoding.h"

/* SQLite's plan as a list of lines; or why there is none. */
static List *
sqlite_plan_lines(const LiteSource *source, const char *sql, void *owner)
{
	LiteConnection *connection;
	List *lines = NIL;
	LiteError err;
	char *text = NULL;

	if (LiteConnectionTry(source, owner, &connection, &err) != LITE_OK)
		return list_make1(
			psprintf("unavailable: %s", LiteTextForMessage(err.message)));

	if (lite_stmt_explain(LiteConnectionDb(connection), sql, &text, &err) !=
		LITE_OK)
		lines = list_make1(
			psprintf("unavailable: %s", LiteTextForMessage(err.message)));
	else
	{
		char *copy = pstrdup(LiteTextForMessage(text));
		char *rest = copy;

		sqlite3_free(text);
		while (rest != NULL && *rest)
		{
			char *line = strsep(&rest, "\n");

			if (*line)
				lines = lappend(lines, line);
		}
	}
	LiteConnectionRelease(connection, owner);
	return lines;
}

static void
explain_lines(const char *label, List *lines, ExplainState *es)
{
	ListCell *lc;

	if (es->format != EXPLAIN_FORMAT_TEXT)
	{
		ExplainPropertyList(label, lines, es);
		return;
	}
	foreach (lc, lines)
		ExplainPropertyText(label, lfirst(lc), es);
}

void
liteExplainForeignScan(ForeignScanState *node, ExplainState *es)
{
	ForeignScan *plan = (ForeignScan *) node->ss.ps.plan;
	const char *sql = strVal(list_nth(plan->fdw_private, LITE_SCAN_SQL));
	Oid relid = RelationGetRelid(node->ss.ss_currentRelation);
	LiteSource *source;

	ExplainPropertyText("SQLite Query", LiteTextForMessage(sql), es);
	if (!es->verbose)
		return;
	source = LiteSourceForServer(GetForeignTable(relid)->serverid);
	explain_lines("SQLite Plan",
				  sqlite_plan_lines(source, sql, node->ss.ps.state), es);
}
