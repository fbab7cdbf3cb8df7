/*
 * deparse.c
 *	  The SELECT that a scan sends to SQLite.
 *
 *		SELECT r1."id", r1."body", r1.rowid FROM "messages" r1 WHERE ...
 *
 * Only the columns that the query needs.  The rowid comes along where the
 * table has one, so that an error can say which row it is about; it costs
 * nothing, as SQLite has it at hand.
 */
#include "pg/compat.h"

#include "access/sysattr.h"
#include "access/table.h"
#include "nodes/makefuncs.h"

#include "fdw/fdw.h"

void
LiteAppendIdent(StringInfo buf, const char *name)
{
	appendStringInfoChar(buf, '"');
	for (const char *p = name; *p; p++)
	{
		if (*p == '"')
			appendStringInfoChar(buf, '"');
		appendStringInfoChar(buf, *p);
	}
	appendStringInfoChar(buf, '"');
}

/*
 * The attributes of attrs_used (members offset as PostgreSQL does it), in
 * the table's order.  A whole-row reference means all of them.
 */
List *
LiteUsedAttributes(Oid relid, Bitmapset *attrs_used)
{
	Relation rel = table_open(relid, NoLock);
	TupleDesc desc = RelationGetDescr(rel);
	bool whole_row =
		bms_is_member(0 - FirstLowInvalidHeapAttributeNumber, attrs_used);
	List *result = NIL;

	for (int i = 1; i <= desc->natts; i++)
	{
		if (TupleDescAttr(desc, i - 1)->attisdropped)
			continue;
		if (whole_row ||
			bms_is_member(i - FirstLowInvalidHeapAttributeNumber, attrs_used))
			result = lappend_int(result, i);
	}
	table_close(rel, NoLock);
	return result;
}

/*
 * A user's SELECT becomes a subquery.  A line of its own for the parenthesis,
 * in case the text ends in a comment; no semicolon.
 */
static void
append_query(StringInfo sql, const char *query)
{
	int len = (int) strlen(query);

	while (len > 0 && strchr(" \t\r\n;", query[len - 1]) != NULL)
		len--;
	appendStringInfo(sql, "(%.*s\n)", len, query);
}

void
LiteDeparseSelect(LiteSelect *select, Oid relid,
				  const LiteTableOptions *options, const LiteFileTable *file,
				  List *attrs)
{
	StringInfo sql = &select->sql;
	ListCell *lc;

	initStringInfo(sql);
	select->attrs = attrs;
	select->rowid_field = -1;
	select->params = NIL;

	appendStringInfoString(sql, "SELECT ");
	foreach (lc, attrs)
	{
		LiteColumnOptions *column =
			LiteColumnOptionsGet(relid, (AttrNumber) lfirst_int(lc));

		appendStringInfoString(sql, foreach_current_index(lc) > 0 ? ", r1."
																  : "r1.");
		LiteAppendIdent(sql, column->column_name);
	}
	if (attrs == NIL)
		appendStringInfoString(sql, "NULL");
	else if (file != NULL && file->rowid_name != NULL)
	{
		appendStringInfo(sql, ", r1.%s", file->rowid_name);
		select->rowid_field = list_length(attrs);
	}

	appendStringInfoString(sql, " FROM ");
	if (options->query != NULL)
		append_query(sql, options->query);
	else
		LiteAppendIdent(sql, options->table);
	appendStringInfoString(sql, " r1");
	if (file != NULL && file->not_indexed)
		appendStringInfoString(sql, " NOT INDEXED");
}

void
LiteDeparseWhere(LiteSelect *select, LiteRelInfo *info, RelOptInfo *baserel)
{
	const char *joint = " WHERE ";
	ListCell *lc;

	foreach (lc, info->pushed)
	{
		RestrictInfo *rinfo = lfirst_node(RestrictInfo, lc);
		bool by_rowid = false;

		appendStringInfoString(&select->sql, joint);
		if (!LiteShipCondition((Node *) rinfo->clause, baserel, info,
							   &select->sql, &select->params, &by_rowid))
			elog(ERROR, "condition was shippable, and is no longer");
		joint = " AND ";
	}
}

void
LiteDeparseRange(LiteSelect *select, const LiteFileTable *file,
				 const char *joint)
{
	int nparams = list_length(select->params);

	appendStringInfo(&select->sql, "%sr1.%s BETWEEN ?%d AND ?%d", joint,
					 file->rowid_name, nparams + 1, nparams + 2);
}
