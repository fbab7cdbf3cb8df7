/*
 * shippable.c
 *	  Conditions that SQLite may judge, and how they are put to it.
 *
 * What is pushed is never trusted to be exact: every condition is checked
 * again here, on the converted row.  So the SQL only has to keep *every* row
 * for which the condition is true; it may keep more.  That makes a whitelist
 * easy to get right:
 *
 *	- an AND may drop the parts that cannot be pushed, an OR may not;
 *	- a NOT is pushed inwards to the leaves first, since the complement of
 *	  "more rows" is fewer.
 *
 * Values of another storage class.  SQLite types values, so a column read as
 * bigint may hold the text 'abc'.  Checked here, such a row ends in an error;
 * filtered there, it would vanish.  The rule: a row whose compared value has
 * another storage class than its PostgreSQL type suggests is always kept, so
 * that it is judged here, with whatever comes of it.  The same for integers
 * beyond smallint or integer.  Where the declaration excludes such values
 * (INTEGER PRIMARY KEY, STRICT tables), the condition stays bare and SQLite
 * can use its indexes; so it can with a TEXT column, where the exception is
 * written as a range (blobs sort after all text).  Text that no database can
 * hold (a NUL in it, bad UTF-8) has the right class and equals nothing that
 * can be asked for, so it is passed over like any unequal row.
 *
 * Text is compared by "=" and "<>" only, as bytes: that is what a
 * deterministic collation does.  COLLATE BINARY is spelled out where the
 * column may be NOCASE; an equality with a BINARY column goes without, because
 * SQLite 3.53 finds no index for a term of an OR that has a COLLATE in it.
 *
 * Constants and parameters are bound, never written into the SQL.
 */
#include "pg/compat.h"

#include "catalog/pg_namespace.h"
#include "catalog/pg_operator.h"
#include "catalog/pg_type.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/clauses.h"
#include "optimizer/optimizer.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "fdw/fdw.h"

typedef struct ShipContext
{
	RelOptInfo *baserel;
	const LiteRelInfo *info;
	StringInfo sql;
	List **params;
	bool *by_rowid;
} ShipContext;

/* The six comparisons, and what NOT makes of each. */
typedef enum Comparison
{
	CMP_EQ,
	CMP_NE,
	CMP_LT,
	CMP_LE,
	CMP_GT,
	CMP_GE
} Comparison;

static const struct
{
	const char *name; /* the same in PostgreSQL and in SQLite */
	Comparison negation;
	Comparison commuted;
} comparisons[] = {
	[CMP_EQ] = {"=", CMP_NE, CMP_EQ}, [CMP_NE] = {"<>", CMP_EQ, CMP_NE},
	[CMP_LT] = {"<", CMP_GE, CMP_GT}, [CMP_LE] = {"<=", CMP_GT, CMP_GE},
	[CMP_GT] = {">", CMP_LE, CMP_LT}, [CMP_GE] = {">=", CMP_LT, CMP_LE},
};

static bool ship_condition(ShipContext *context, Node *node, bool negated);

/* ------------------------------------------------------------------------
 * Pieces
 * ------------------------------------------------------------------------ */

static bool
is_integer_type(Oid typid)
{
	return typid == INT2OID || typid == INT4OID || typid == INT8OID;
}

/* varchar reaches text operators through a relabeling that changes nothing. */
static Node *
strip_relabel(Node *node)
{
	while (node && IsA(node, RelabelType) &&
		   ((RelabelType *) node)->resulttype == TEXTOID)
		node = (Node *) ((RelabelType *) node)->arg;
	return node;
}

/* A plain column of the scanned table, or NULL. */
static Var *
as_column(ShipContext *context, Node *node)
{
	Var *var = (Var *) node;

	if (!IsA(node, Var) || var->varno != context->baserel->relid ||
		var->varlevelsup != 0 || var->varattno <= 0)
		return NULL;
	return var;
}

/*
 * Something that has one value for the whole scan: it is computed here, once,
 * as an index scan would compute its key.
 */
static bool
is_bindable(Node *node, Oid typid)
{
	return exprType(node) == typid && !contain_var_clause(node) &&
		   !contain_subplans(node) && !contain_volatile_functions(node);
}

static int
bind_number(ShipContext *context, Node *node)
{
	ListCell *lc;

	foreach (lc, *context->params)
	{
		if (equal(lfirst(lc), node))
			return foreach_current_index(lc) + 1;
	}
	*context->params = lappend(*context->params, copyObject(node));
	return list_length(*context->params);
}

static const LiteFileColumn *
file_column(ShipContext *context, const Var *var, char **written)
{
	LiteColumnOptions *options =
		LiteColumnOptionsGet(context->info->relid, var->varattno);
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoString(&buf, "r1.");
	LiteAppendIdent(&buf, options->column_name);
	*written = buf.data;
	return LiteFileColumnFind(context->info->file, options->column_name);
}

/* One of the comparisons of pg_catalog, by name. */
static bool
as_comparison(Oid opno, Comparison *result)
{
	HeapTuple tuple = SearchSysCache1(OPEROID, ObjectIdGetDatum(opno));
	Form_pg_operator form;
	bool found = false;

	if (!HeapTupleIsValid(tuple))
		return false;
	form = (Form_pg_operator) GETSTRUCT(tuple);
	for (size_t i = 0; i < lengthof(comparisons); i++)
	{
		if (form->oprnamespace == PG_CATALOG_NAMESPACE &&
			strcmp(NameStr(form->oprname), comparisons[i].name) == 0)
		{
			*result = (Comparison) i;
			found = true;
		}
	}
	ReleaseSysCache(tuple);
	return found;
}

/* ------------------------------------------------------------------------
 * Leaves
 * ------------------------------------------------------------------------ */

static void
integer_bounds(Oid typid, int64 *low, int64 *high)
{
	*low = typid == INT2OID ? PG_INT16_MIN : PG_INT32_MIN;
	*high = typid == INT2OID ? PG_INT16_MAX : PG_INT32_MAX;
}

static bool
ship_integers(ShipContext *context, Var *var, Comparison cmp, Node *other)
{
	char *name;
	const LiteFileColumn *column = file_column(context, var, &name);
	StringInfo sql = context->sql;
	int64 low;
	int64 high;
	bool guarded;

	if (column == NULL || !column->comparable)
		return false;

	guarded = !column->integers_only || var->vartype != INT8OID;
	appendStringInfo(sql, "%s%s %s ?%d", guarded ? "(" : "", name,
					 comparisons[cmp].name, bind_number(context, other));
	if (var->vartype != INT8OID)
	{
		integer_bounds(var->vartype, &low, &high);
		appendStringInfo(sql,
						 " OR %s < " INT64_FORMAT " OR %s > " INT64_FORMAT,
						 name, low, name, high);
	}
	if (!column->integers_only)
		appendStringInfo(sql, " OR typeof(%s) NOT IN ('integer', 'null')",
						 name);
	if (guarded)
		appendStringInfoChar(sql, ')');
	if (column->is_rowid && cmp != CMP_NE)
		*context->by_rowid = true;
	return true;
}

static bool
ship_text(ShipContext *context, Var *var, Comparison cmp, Oid collation,
		  Node *other)
{
	char *name;
	const LiteFileColumn *column;

	if (cmp != CMP_EQ && cmp != CMP_NE)
		return false;
	if (!OidIsValid(collation) || !get_collation_isdeterministic(collation))
		return false;
	column = file_column(context, var, &name);
	if (column == NULL || !column->comparable)
		return false;

	appendStringInfo(context->sql, "(%s%s %s ?%d OR ", name,
					 column->binary && cmp == CMP_EQ ? "" : " COLLATE BINARY",
					 comparisons[cmp].name, bind_number(context, other));
	if (column->affinity == LITE_AFFINITY_TEXT)
		appendStringInfo(context->sql, "%s >= x'')", name);
	else
		appendStringInfo(context->sql, "typeof(%s) NOT IN ('text', 'null'))",
						 name);
	return true;
}

static bool
ship_comparison(ShipContext *context, OpExpr *expr, bool negated)
{
	Comparison cmp = CMP_EQ;
	Node *left;
	Node *right;
	Var *var;

	if (list_length(expr->args) != 2 || !as_comparison(expr->opno, &cmp))
		return false;
	left = strip_relabel(linitial(expr->args));
	right = strip_relabel(lsecond(expr->args));
	var = as_column(context, left);
	if (var == NULL)
	{
		Node *swap = left;

		left = right;
		right = swap;
		cmp = comparisons[cmp].commuted;
		var = as_column(context, left);
	}
	if (var == NULL)
		return false;
	if (negated)
		cmp = comparisons[cmp].negation;

	if (is_integer_type(var->vartype) && is_integer_type(exprType(right)) &&
		is_bindable(right, exprType(right)))
		return ship_integers(context, var, cmp, right);
	if ((var->vartype == TEXTOID || var->vartype == VARCHAROID) &&
		(is_bindable(right, TEXTOID) || is_bindable(right, VARCHAROID)))
		return ship_text(context, var, cmp, expr->inputcollid, right);
	return false;
}

/* Whether there is a value at all does not depend on what it is. */
static bool
ship_nulltest(ShipContext *context, NullTest *test, bool negated)
{
	bool is_null = (test->nulltesttype == IS_NULL) != negated;
	Var *var = as_column(context, (Node *) test->arg);
	char *name;

	if (var == NULL || test->argisrow ||
		file_column(context, var, &name) == NULL)
		return false;
	appendStringInfo(context->sql, "%s IS %sNULL", name,
					 is_null ? "" : "NOT ");
	return true;
}

/* ------------------------------------------------------------------------
 * The tree
 * ------------------------------------------------------------------------ */

/* every: all parts are needed (OR, in the sense that counts here). */
static bool
ship_parts(ShipContext *context, List *args, bool negated, bool every)
{
	StringInfo sql = context->sql;
	int start = sql->len;
	bool any = false;
	ListCell *lc;

	appendStringInfoChar(sql, '(');
	foreach (lc, args)
	{
		int before = sql->len;
		int nparams = list_length(*context->params);
		bool by_rowid = *context->by_rowid;

		if (any)
			appendStringInfoString(sql, every ? " OR " : " AND ");
		if (ship_condition(context, lfirst(lc), negated))
			any = true;
		else if (every)
		{
			any = false;
			break;
		}
		else
		{
			sql->len = before;
			sql->data[before] = '\0';
			*context->params = list_truncate(*context->params, nparams);
		}
		if (every)
			*context->by_rowid = by_rowid;
	}
	if (!any)
	{
		sql->len = start;
		sql->data[start] = '\0';
		return false;
	}
	appendStringInfoChar(sql, ')');
	return true;
}

static bool
ship_condition(ShipContext *context, Node *node, bool negated)
{
	BoolExpr *expr = (BoolExpr *) node;

	if (IsA(node, OpExpr))
		return ship_comparison(context, (OpExpr *) node, negated);
	if (IsA(node, NullTest))
		return ship_nulltest(context, (NullTest *) node, negated);
	if (!IsA(node, BoolExpr))
		return false;

	switch (expr->boolop)
	{
		case NOT_EXPR:
			return ship_condition(context, linitial(expr->args), !negated);
		case AND_EXPR:
			return ship_parts(context, expr->args, negated, negated);
		case OR_EXPR:
			return ship_parts(context, expr->args, negated, !negated);
	}
	return false;
}

bool
LiteShipCondition(Node *expr, RelOptInfo *baserel, const LiteRelInfo *info,
				  StringInfo sql, List **params, bool *by_rowid)
{
	ShipContext context = {baserel, info, sql, params, by_rowid};
	StringInfoData scratch;
	List *ignored = NIL;
	int nparams;
	int start;

	/* what a view or a virtual table makes of a value, nobody knows */
	if (info->file == NULL || info->file->kind != LITE_KIND_TABLE)
		return false;

	if (sql == NULL)
	{
		initStringInfo(&scratch);
		context.sql = &scratch;
		context.params = &ignored;
	}
	nparams = list_length(*context.params);
	start = context.sql->len;
	if (ship_condition(&context, expr, false))
		return true;

	context.sql->len = start;
	*context.params = list_truncate(*context.params, nparams);
	return false;
}
