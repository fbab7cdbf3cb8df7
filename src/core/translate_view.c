/*
 * translate_view.c
 *	  A view's SELECT, put together from translated expressions.
 *
 * Every table of the FROM is a scope, the scopes a chain; columns are written
 * with their table's alias.  Joins are written from left to right, as SQLite
 * does them, the comma as CROSS JOIN: in PostgreSQL it binds less than JOIN.
 *
 * What orders or groups text goes by bytes, NULL comes first; where a column
 * is NOCASE, DISTINCT and GROUP BY would merge what PostgreSQL keeps apart,
 * so the view is refused.  An ORDER BY that cannot be translated is left out
 * if no LIMIT depends on it: a view promises no order.
 */
#include "core/translate_int.h"

#include <string.h>

#define SCRATCH_LIMIT (32 * 1024 * 1024)
#define MAX_SOURCES 64
#define MAX_COLUMNS 1600 /* PostgreSQL's MaxTupleAttributeNumber is 1664 */

typedef struct ViewTranslator
{
	Translator t;
	const char *text;
	const LiteViewSql *view;
	const LiteSelectSql *select;
	const LiteViewSource *sources;
	int nsources;
	LiteExprScope scopes[MAX_SOURCES];
	const LiteViewSource *used[MAX_SOURCES];
	LiteView *result;
	Piece *pieces; /* the columns of this SELECT */
	int npieces;
	int pieces_capacity;
	const char **names; /* of the first SELECT's columns */
	int names_capacity;
} ViewTranslator;

/* One SELECT, translated. */
typedef struct Arm
{
	Piece *pieces;
	const char *body;
} Arm;

#define MAX_ARMS 100

/* ------------------------------------------------------------------------
 * FROM
 * ------------------------------------------------------------------------ */

static bool
is_simple_alias(const char *alias)
{
	size_t n = strspn(alias, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return n > 0 && n <= 30 && alias[n] == '\0' &&
		   !(alias[0] >= '0' && alias[0] <= '9');
}

/* The aliases as they are if all are plain and different, else t1, t2 ... */
static void
choose_aliases(ViewTranslator *v)
{
	bool plain = true;
	int n = v->select->nsources;

	for (int i = 0; i < n; i++)
	{
		plain = plain && is_simple_alias(v->scopes[i].table);
		for (int j = 0; j < i && plain; j++)
			plain = !lite_name_equal(v->scopes[i].table, v->scopes[j].table);
	}
	for (int i = 0; i < n; i++)
		v->scopes[i].target =
			plain ? v->scopes[i].table : tr_printf(&v->t, "t%d", i + 1);
}

static bool
open_scopes(ViewTranslator *v)
{
	int n = v->select->nsources;

	if (n > MAX_SOURCES)
		return lite_tr_refuse(&v->t, "It joins too many tables.");
	memset(v->scopes, 0, sizeof(v->scopes));
	memset(v->used, 0, sizeof(v->used));
	for (int i = 0; i < n; i++)
	{
		const LiteSelectSource *source = &v->select->sources[i];
		LiteExprScope *scope = &v->scopes[i];
		char name[80];

		for (int j = 0; j < v->nsources && v->used[i] == NULL; j++)
			if (lite_name_equal(v->sources[j].name, source->table))
				v->used[i] = &v->sources[j];
		if (v->used[i] == NULL)
			return lite_tr_refuse(
				&v->t, "It reads \"%s\", which is not carried over.",
				lite_text_clip(name, sizeof(name), source->table,
							   strlen(source->table)));
		scope->table = source->alias != NULL ? source->alias : source->table;
		scope->ncolumns = v->used[i]->ncolumns;
		scope->columns = v->used[i]->columns;
		scope->outer = source->join == LITE_JOIN_LEFT;
		scope->nusing = source->nusing;
		scope->using = source->using;
		scope->next = i + 1 < n ? &v->scopes[i + 1] : NULL;
	}
	choose_aliases(v);
	v->t.scope = n > 0 ? &v->scopes[0] : NULL;
	return true;
}

static bool
has_column(const LiteExprScope *scope, const char *name)
{
	for (int i = 0; i < scope->nusing; i++)
		if (lite_name_equal(scope->using[i], name))
			return false;
	for (int i = 0; i < scope->ncolumns; i++)
		if (lite_name_equal(scope->columns[i].name, name))
			return true;
	return false;
}

/* USING (name): the nearest such column to the left = the joined table's. */
static bool
using_condition(ViewTranslator *v, int right, const char *name,
				const char **sql)
{
	LiteExpr names[2], equal, *operands[2] = {&names[0], &names[1]};
	Piece piece;
	int left = 0;

	while (left < right && !has_column(&v->scopes[left], name))
		left++;
	memset(names, 0, sizeof(names));
	memset(&equal, 0, sizeof(equal));
	for (int i = 0; i < 2; i++)
	{
		names[i].kind = LITE_EXPR_NAME;
		names[i].text = name;
		names[i].length = strlen(name);
		names[i].quoted = true;
		names[i].qualifier = v->scopes[i == 0 ? left : right].table;
	}
	equal.kind = LITE_EXPR_BINARY;
	equal.op = LITE_OP_EQ;
	equal.nargs = 2;
	equal.args = operands;
	if (left == right || !lite_tr_condition(&v->t, &equal, &piece))
		return lite_tr_refuse(&v->t, "USING names a column that is not on "
									 "both sides.");
	*sql = piece.sql;
	return true;
}

static bool
join_condition(ViewTranslator *v, int n, const char **sql)
{
	const LiteSelectSource *source = &v->select->sources[n];
	Piece piece;

	*sql = NULL;
	if (source->on != NULL)
	{
		if (!lite_tr_condition(&v->t, source->on, &piece))
			return false;
		*sql = piece.sql;
	}
	for (int i = 0; i < source->nusing; i++)
	{
		const char *one = NULL;

		if (!using_condition(v, n, source->using[i], &one))
			return false;
		*sql = *sql == NULL ? one : tr_printf(&v->t, "%s AND %s", *sql, one);
	}
	return true;
}

static bool
write_from(ViewTranslator *v, sqlite3_str *body)
{
	for (int i = 0; i < v->select->nsources; i++)
	{
		bool outer = v->select->sources[i].join == LITE_JOIN_LEFT;
		const char *condition;

		if (!join_condition(v, i, &condition))
			return false;
		if (i == 0 && condition != NULL)
			return lite_tr_refuse(&v->t, "Its first table has a condition.");
		sqlite3_str_appendall(body, i == 0				? "FROM "
									: outer				? " LEFT JOIN "
									: condition != NULL ? " JOIN "
														: " CROSS JOIN ");
		sqlite3_str_appendf(body, "%s AS ", v->used[i]->qualified);
		lite_pg_ident(body, v->scopes[i].target);
		if (condition != NULL || outer)
			sqlite3_str_appendf(body, " ON %s",
								condition != NULL ? condition : "true");
	}
	return true;
}

/* ------------------------------------------------------------------------
 * Result columns
 * ------------------------------------------------------------------------ */

static bool
is_nocase(const Piece *piece)
{
	return lite_is_text_type(piece->type) && piece->collation != NULL &&
		   sqlite3_stricmp(piece->collation, "BINARY") != 0;
}

static bool
add_column(ViewTranslator *v, const Piece *piece, const char *name)
{
	LiteArena *arena = v->t.arena;
	int n = v->npieces;

	if (n >= MAX_COLUMNS)
		return lite_tr_refuse(&v->t, "It has too many columns.");
	if (v->select->distinct &&
		(is_nocase(piece) || lite_is_json_type(piece->type) ||
		 piece->json_value))
		return lite_tr_refuse(&v->t,
							  "DISTINCT compares values that PostgreSQL "
							  "compares in another way.");
	v->pieces = lite_arena_grow(arena, v->pieces, n, &v->pieces_capacity,
								sizeof(Piece));
	if (v->select == &v->view->select)
	{
		v->names = lite_arena_grow(arena, (void *) v->names, n,
								   &v->names_capacity, sizeof(char *));
		if (v->names != NULL)
			v->names[n] = name;
	}
	if (v->pieces == NULL || v->names == NULL)
		return lite_tr_refuse(&v->t, "It is too large.");
	v->pieces[n] = *piece;
	/* the text of a value out of JSON, from here on */
	if (piece->json_value)
	{
		v->pieces[n].json_value = false;
		v->pieces[n].sql = piece->text_sql;
		v->pieces[n].type = LITE_TYPE_TEXT;
		lite_tr_note(&v->t, "A value out of JSON is given as text.");
	}
	else if (piece->type == LITE_TYPE_BOOL && piece->column == NULL)
		lite_tr_note(&v->t, "A condition is given as a boolean, not as 0 and "
							"1.");
	v->npieces++;
	return true;
}

/* All columns of a table; with_hidden: also those that USING has merged. */
static bool
add_table(ViewTranslator *v, const LiteExprScope *scope, bool with_merged)
{
	for (int i = 0; i < scope->ncolumns; i++)
	{
		LiteExpr name;
		Piece piece;

		if (!with_merged && !has_column(scope, scope->columns[i].name))
			continue;
		memset(&name, 0, sizeof(name));
		name.kind = LITE_EXPR_NAME;
		name.text = scope->columns[i].name;
		name.length = strlen(name.text);
		name.quoted = true;
		name.qualifier = scope->table;
		if (!lite_tr_expr(&v->t, &name, &piece) ||
			!add_column(v, &piece, name.text))
			return false;
	}
	return true;
}

static bool
add_star(ViewTranslator *v, const char *table)
{
	bool found = false;

	for (int i = 0; i < v->select->nsources; i++)
	{
		if (table != NULL && !lite_name_equal(v->scopes[i].table, table))
			continue;
		found = true;
		if (!add_table(v, &v->scopes[i], table != NULL))
			return false;
	}
	return found ||
		   lite_tr_refuse(&v->t, "It asks for all columns of no table.");
}

static bool
write_columns(ViewTranslator *v)
{
	for (int i = 0; i < v->select->ncolumns; i++)
	{
		const LiteSelectColumn *column = &v->select->columns[i];
		const char *name = column->alias;
		Piece piece;

		if (column->expr == NULL)
		{
			if (!add_star(v, column->table))
				return false;
			continue;
		}
		if (!lite_tr_expr(&v->t, column->expr, &piece))
			return false;
		if (name == NULL && column->expr->kind == LITE_EXPR_NAME)
			name = column->expr->text;
		if (name == NULL)
			name =
				lite_arena_strndup(v->t.arena, v->text + column->text.offset,
								   (size_t) column->text.length);
		if (name == NULL || !add_column(v, &piece, name))
			return lite_tr_refuse(&v->t, "It is too large.");
	}
	return true;
}

/* ------------------------------------------------------------------------
 * GROUP BY, ORDER BY, LIMIT
 * ------------------------------------------------------------------------ */

/*
 * What a term of GROUP BY or ORDER BY means: the number of a result column,
 * its alias, or an expression.  ORDER BY looks for an alias first.
 */
static const LiteExpr *
resolve_term(const LiteSelectSql *select, const LiteExpr *expr)
{
	if (expr->kind == LITE_EXPR_INTEGER)
	{
		for (int i = 0; i < select->ncolumns; i++)
			if (select->columns[i].expr == NULL)
				return NULL; /* numbers beside a star */
		return expr->integer >= 1 && expr->integer <= select->ncolumns
				   ? select->columns[expr->integer - 1].expr
				   : NULL;
	}
	if (expr->kind == LITE_EXPR_NAME && expr->qualifier == NULL)
		for (int i = 0; i < select->ncolumns; i++)
			if (select->columns[i].alias != NULL &&
				select->columns[i].expr != NULL &&
				lite_name_equal(select->columns[i].alias, expr->text))
				return select->columns[i].expr;
	return expr;
}

static bool
write_group(ViewTranslator *v, sqlite3_str *body)
{
	const LiteSelectSql *select = v->select;

	for (int i = 0; i < select->ngroup; i++)
	{
		const LiteExpr *expr = resolve_term(select, select->group[i].expr);
		Piece piece;

		v->t.aggregates = false;
		if (expr == NULL)
			return lite_tr_refuse(&v->t, "GROUP BY has a number that is no "
										 "column.");
		if (!lite_tr_expr(&v->t, expr, &piece))
			return false;
		v->t.aggregates = true;
		if (select->group[i].collation != NULL || is_nocase(&piece) ||
			piece.json_value || piece.literal || lite_is_json_type(piece.type))
			return lite_tr_refuse(&v->t,
								  "GROUP BY compares values that "
								  "PostgreSQL compares in another way.");
		sqlite3_str_appendf(body, "%s%s", i == 0 ? " GROUP BY " : ", ",
							piece.sql);
	}
	return true;
}

static bool
order_term(ViewTranslator *v, const LiteSqlTerm *term, const char **sql)
{
	const LiteExpr *expr = resolve_term(v->select, term->expr);
	const char *collation = term->collation;
	Piece piece;
	bool first = term->nulls_given ? !term->nulls_last : !term->descending;

	if (expr == NULL)
		return lite_tr_refuse(&v->t, "ORDER BY has a number that is no "
									 "column.");
	if (!lite_tr_expr(&v->t, expr, &piece))
		return false;
	if (piece.json_value || lite_is_json_type(piece.type) ||
		(piece.mixed && piece.column != NULL) || piece.literal)
		return lite_tr_refuse(&v->t, "ORDER BY has values that PostgreSQL "
									 "orders in another way.");
	*sql = piece.sql;
	if (lite_is_text_type(piece.type))
	{
		if (collation == NULL)
			collation = piece.collation != NULL ? piece.collation : "BINARY";
		if (sqlite3_stricmp(collation, "NOCASE") == 0)
			*sql = tr_printf(&v->t, "lower(%s COLLATE \"C\")", piece.sql);
		else if (sqlite3_stricmp(collation, "RTRIM") == 0)
			*sql = tr_printf(&v->t, "rtrim(%s, ' ') COLLATE \"C\"", piece.sql);
		else if (sqlite3_stricmp(collation, "BINARY") == 0)
			*sql = tr_printf(&v->t, "%s COLLATE \"C\"", piece.sql);
		else
			return lite_tr_refuse(&v->t, "ORDER BY has a collation of the "
										 "application's own.");
	}
	*sql =
		tr_printf(&v->t, "%s%s NULLS %s", *sql,
				  term->descending ? " DESC" : "", first ? "FIRST" : "LAST");
	return true;
}

static bool
write_order(ViewTranslator *v, sqlite3_str *body)
{
	const LiteSelectSql *select = v->select;
	sqlite3_str *order = sqlite3_str_new(NULL);
	const char *text;
	bool done = true;

	for (int i = 0; i < select->norder && done; i++)
	{
		const char *sql = NULL;

		done = order_term(v, &select->order[i], &sql);
		if (done)
			sqlite3_str_appendf(order, "%s%s", i == 0 ? " ORDER BY " : ", ",
								sql);
	}
	text = lite_arena_finish(v->t.arena, order);
	if (done && !(select->distinct && select->norder > 0))
		sqlite3_str_appendall(body, text != NULL ? text : "");
	else if (select->limit != NULL)
		return lite_tr_refuse(&v->t, "Its LIMIT depends on an order that is "
									 "not translated.");
	else
	{
		v->t.refused = false;
		lite_tr_note(&v->t, "The view's ORDER BY is left out.");
	}
	return true;
}

static bool
write_limit(ViewTranslator *v, sqlite3_str *body)
{
	const LiteExpr *const limits[2] = {v->select->limit, v->select->offset};

	for (int i = 0; i < 2; i++)
	{
		if (limits[i] == NULL)
			continue;
		if (limits[i]->kind != LITE_EXPR_INTEGER || limits[i]->integer < 0)
			return lite_tr_refuse(&v->t, "Its LIMIT is no plain number.");
		sqlite3_str_appendf(body, " %s %lld", i == 0 ? "LIMIT" : "OFFSET",
							(long long) limits[i]->integer);
	}
	return true;
}

/* ------------------------------------------------------------------------
 * One SELECT
 * ------------------------------------------------------------------------ */

static bool
write_body(ViewTranslator *v, sqlite3_str *body)
{
	Piece piece;

	if (!write_from(v, body))
		return false;
	if (v->select->where != NULL)
	{
		if (!lite_tr_condition(&v->t, v->select->where, &piece))
			return false;
		sqlite3_str_appendf(body, " WHERE %s", piece.sql);
	}
	v->t.aggregates = true;
	if (!write_columns(v) || !write_group(v, body))
		return false;
	if (v->select->having != NULL)
	{
		if (!lite_tr_condition(&v->t, v->select->having, &piece))
			return false;
		sqlite3_str_appendf(body, " HAVING %s", piece.sql);
	}
	if (v->view->select.next == NULL &&
		(!write_order(v, body) || !write_limit(v, body)))
		return false;
	v->t.aggregates = false;
	return true;
}

static bool
translate_arm(ViewTranslator *v, const LiteSelectSql *select, Arm *arm)
{
	sqlite3_str *body;
	bool done;

	v->select = select;
	v->pieces = NULL;
	v->npieces = 0;
	v->pieces_capacity = 0;
	if (!open_scopes(v))
		return false;
	body = sqlite3_str_new(NULL);
	done = write_body(v, body);
	arm->body = lite_arena_finish(v->t.arena, body);
	arm->pieces = v->pieces;
	return done && arm->body != NULL;
}

/* ------------------------------------------------------------------------
 * The whole
 * ------------------------------------------------------------------------ */

/* The literal 0 or 1 beside a column that became boolean. */
static bool
is_flag(const Piece *piece)
{
	return piece->literal && piece->type == LITE_TYPE_INT8 &&
		   (piece->value.i == 0 || piece->value.i == 1);
}

static bool
is_number_or_text(const Piece *piece)
{
	return (lite_is_integer_type(piece->type) ||
			lite_is_text_type(piece->type)) &&
		   piece->format == LITE_FORMAT_NATIVE;
}

static bool
has_boolean(const Arm *arms, int narms, int column)
{
	for (int i = 0; i < narms; i++)
	{
		if (arms[i].pieces[column].type == LITE_TYPE_BOOL)
			return true;
	}
	return false;
}

/* What the column is in all SELECTs: the type of those that are not NULL. */
static bool
common_column(ViewTranslator *v, const Arm *arms, int narms, int column,
			  bool compares, LiteExprColumn *result)
{
	const Piece *first = NULL;
	bool flags = !compares && has_boolean(arms, narms, column);

	memset(result, 0, sizeof(*result));
	result->not_null = true;
	for (int i = 0; i < narms; i++)
	{
		const Piece *piece = &arms[i].pieces[column];

		result->not_null = result->not_null && !piece->nullable;
		result->mixed =
			result->mixed || (piece->column != NULL && piece->column->mixed);
		if (compares && (is_nocase(piece) || lite_is_json_type(piece->type)))
			return lite_tr_refuse(&v->t, "UNION and its like compare values "
										 "that PostgreSQL compares in another "
										 "way.");
		if (piece->type == LITE_TYPE_NONE || (flags && is_flag(piece)))
			continue;
		if (first == NULL)
		{
			first = piece;
			result->type.type = piece->type;
			result->type.format = piece->format;
			if (narms == 1 && piece->column != NULL)
				result->type = piece->column->type;
		}
		else if (lite_is_integer_type(first->type) &&
				 lite_is_integer_type(piece->type))
		{
			if (result->type.type != LITE_TYPE_TEXT)
				result->type.type = LITE_TYPE_INT8;
		}
		else if (lite_is_text_type(first->type) &&
				 lite_is_text_type(piece->type))
			result->type.type = LITE_TYPE_TEXT;
		else if (!compares && is_number_or_text(first) &&
				 is_number_or_text(piece))
		{
			/* as a table's column of such values is */
			result->type.type = LITE_TYPE_TEXT;
			result->mixed = true;
			lite_tr_note(&v->t, "Integers and texts in one column are given "
								"as text.");
		}
		else if (first->type != piece->type || first->format != piece->format)
			return lite_tr_refuse(&v->t, "A column has different types in its "
										 "SELECTs.");
	}
	if (first == NULL)
		result->type.type = LITE_TYPE_TEXT;
	result->affinity = first == NULL || first->affinity == NO_AFFINITY
						   ? LITE_AFFINITY_BLOB
						   : (LiteAffinity) first->affinity;
	result->collation =
		lite_arena_strdup(v->t.result_arena,
						  first != NULL && first->collation != NULL
							  ? first->collation
							  : "BINARY");
	return true;
}

/* The piece as an expression with a type of its own. */
static const char *
settle(Translator *t, const Piece *piece, LiteType type)
{
	if (piece->type == LITE_TYPE_NONE)
		return tr_printf(t, "NULL::%s", lite_type_name(type));
	if (type == LITE_TYPE_BOOL && piece->type != LITE_TYPE_BOOL)
		return piece->value.i != 0 ? "true" : "false";
	if (piece->literal && piece->type == LITE_TYPE_TEXT)
		return tr_printf(t, "%s::text", piece->sql);
	if (type == LITE_TYPE_TEXT && lite_is_integer_type(piece->type))
		return tr_printf(t, "(%s)::text", piece->sql);
	if (piece->literal && piece->type == LITE_TYPE_INT8)
		return tr_printf(t, "%s::bigint", piece->sql);
	return piece->sql;
}

static bool
describe_columns(ViewTranslator *v, const Arm *arms, int narms, int ncolumns,
				 bool compares)
{
	LiteArena *arena = v->t.result_arena;
	LiteView *result = v->result;

	result->columns = lite_arena_newarray(arena, LiteExprColumn, ncolumns);
	result->sql = lite_arena_newarray(arena, const char *, ncolumns);
	if (result->columns == NULL || result->sql == NULL)
		return lite_tr_refuse(&v->t, "It is too large.");
	if (v->view->nnames > 0 && v->view->nnames != ncolumns)
		return lite_tr_refuse(&v->t, "Its list of names does not fit its "
									 "columns.");
	for (int i = 0; i < ncolumns; i++)
	{
		LiteExprColumn *column = &result->columns[i];

		if (!common_column(v, arms, narms, i, compares, column))
			return false;
		column->name =
			lite_arena_strdup(arena, v->view->nnames > 0 ? v->view->names[i]
														 : v->names[i]);
		result->sql[i] =
			lite_arena_strdup(arena, settle(&v->t, &arms[0].pieces[i],
											column->type.type));
	}
	result->ncolumns = ncolumns;
	return true;
}

/* The body of the first SELECT, then the others. */
static const char *
join_arms(ViewTranslator *v, const Arm *arms)
{
	static const char *const words[] = {"", "UNION", "UNION ALL", "EXCEPT",
										"INTERSECT"};
	sqlite3_str *str = sqlite3_str_new(NULL);
	const LiteSelectSql *select = v->view->select.next;

	sqlite3_str_appendall(str, arms[0].body);
	for (int n = 1; select != NULL; n++, select = select->next)
	{
		sqlite3_str_appendf(str, " %s SELECT %s", words[select->compound],
							select->distinct ? "DISTINCT " : "");
		for (int i = 0; i < v->result->ncolumns; i++)
			sqlite3_str_appendf(str, "%s%s", i > 0 ? ", " : "",
								settle(&v->t, &arms[n].pieces[i],
									   v->result->columns[i].type.type));
		sqlite3_str_appendf(str, "%s%s", *arms[n].body ? " " : "",
							arms[n].body);
	}
	return lite_arena_finish(v->t.arena, str);
}

static bool
translate_view(ViewTranslator *v)
{
	const LiteSelectSql *first = &v->view->select, *select;
	Arm *arms = lite_arena_newarray(v->t.arena, Arm, MAX_ARMS);
	int narms = 0, ncolumns = 0;
	bool compares = false, intersects = false;

	if (arms == NULL)
		return lite_tr_refuse(&v->t, "It is too large.");
	for (select = first; select != NULL; select = select->next)
	{
		if (narms == MAX_ARMS)
			return lite_tr_refuse(&v->t, "It joins too many SELECTs.");
		if (!translate_arm(v, select, &arms[narms++]))
			return lite_tr_refuse(&v->t, "It is too large.");
		if (narms > 1 && v->npieces != ncolumns)
			return lite_tr_refuse(&v->t, "Its SELECTs differ in the number of "
										 "columns.");
		ncolumns = v->npieces;
		compares = compares || (select->compound != LITE_COMPOUND_NONE &&
								select->compound != LITE_COMPOUND_UNION_ALL);
		intersects = intersects || select->compound == LITE_COMPOUND_INTERSECT;
	}
	/* in PostgreSQL INTERSECT binds more than the others, in SQLite not */
	if (intersects && narms > 2)
		return lite_tr_refuse(&v->t, "It mixes INTERSECT with others.");
	if (first->next != NULL && first->limit != NULL)
		return lite_tr_refuse(&v->t, "It has a LIMIT over several SELECTs.");
	if (first->next != NULL && first->norder > 0)
		lite_tr_note(&v->t, "The view's ORDER BY is left out.");
	if (!describe_columns(v, arms, narms, ncolumns, compares))
		return false;
	v->result->distinct = first->distinct;
	v->result->body = lite_arena_strdup(v->t.result_arena, join_arms(v, arms));
	v->result->nnotes = v->t.nnotes;
	v->result->notes = v->t.notes;
	if (lite_arena_failed(v->t.arena))
		return lite_tr_refuse(&v->t, "It is too large.");
	return true;
}

LiteStatus
lite_view_translate(LiteArena *arena, const char *sql,
					const LiteViewSource *sources, int nsources,
					LiteView *result, LiteError *err)
{
	ViewTranslator v;
	LiteViewSql *view;
	LiteStatus status;
	bool done;

	memset(result, 0, sizeof(*result));
	status = lite_sql_parse_view(arena, sql, &view, err);
	if (status != LITE_OK)
		return status;
	memset(&v, 0, sizeof(v));
	v.text = sql;
	v.view = view;
	v.sources = sources;
	v.nsources = nsources;
	v.result = result;
	v.t.result_arena = arena;
	v.t.purpose = LITE_EXPR_FOR_VIEW;
	v.t.err = err;
	v.t.arena = lite_arena_create(SCRATCH_LIMIT);
	if (v.t.arena == NULL)
		return lite_error_nomem(err);
	done = translate_view(&v);
	lite_arena_free(v.t.arena);
	if (lite_arena_failed(arena))
		return lite_error_nomem(err);
	return done ? LITE_OK : LITE_UNSUPPORTED;
}
