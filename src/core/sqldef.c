/*
 * sqldef.c
 *	  CREATE TABLE and CREATE INDEX, as far as no PRAGMA tells them.
 *
 * The grammar is parse.y's, with its liberties: a column's constraints in any
 * order and number, table constraints with or without commas between them, a
 * constraint's name that belongs to whatever comes next.  A name given to
 * something that takes none (DEFAULT, COLLATE) is dropped, as SQLite drops it.
 *
 * CREATE TABLE ... AS SELECT is never stored: SQLite writes the columns out.
 * Virtual tables and views are not for here.
 */
#include "core/parse_int.h"

#include <string.h>

typedef struct TableParser
{
	LiteParser p;
	LiteTableSql *table;
	int columns_capacity;
	int constraints_capacity;
	const char *constraint_name; /* of the next constraint */
} TableParser;

/* ------------------------------------------------------------------------
 * Pieces of both statements
 * ------------------------------------------------------------------------ */

/* [schema.]name */
const char *
lite_parser_object_name(LiteParser *p, const char *what)
{
	const char *name = lite_parser_name(p, what);

	if (lite_parser_accept(p, LITE_TK_DOT))
		name = lite_parser_name(p, what);
	return name;
}

void
lite_parser_if_not_exists(LiteParser *p)
{
	if (p->token.kind == LITE_KW_IF && p->ahead.kind == LITE_KW_NOT)
	{
		lite_parser_advance(p);
		lite_parser_advance(p);
		lite_parser_expect(p, LITE_KW_EXISTS, "IF NOT has no EXISTS");
	}
}

/* The words of a type or collation: a name or a string. */
static const char *
parse_collation(LiteParser *p)
{
	if (!lite_token_is_id(p->token.kind) && p->token.kind != LITE_TK_STRING)
		lite_parser_fail(p, "COLLATE has no name");
	return lite_parser_name(p, "COLLATE has no name");
}

/* "(" expr ")": the expression and its text without the parentheses. */
static const LiteExpr *
parse_parenthesised(LiteParser *p, LiteSlice *text)
{
	const LiteExpr *expr;

	lite_parser_expect(p, LITE_TK_LP,
					   "An expression's parenthesis is missing");
	text->offset = p->token.offset;
	expr = lite_parser_expr(p);
	text->length = p->previous_end - text->offset;
	lite_parser_expect(p, LITE_TK_RP,
					   "An expression's parenthesis is not closed");
	return p->failed ? NULL : expr;
}

/* expr [COLLATE name] [ASC|DESC] [NULLS FIRST|LAST] */
static bool
parse_term(LiteParser *p, LiteSqlTerm *term, LiteSlice *text)
{
	int start = p->token.offset;
	const LiteExpr *expr = lite_parser_expr(p);

	if (expr == NULL)
		return false;
	text->offset = start;
	text->length = p->previous_end - start;
	if (expr->kind == LITE_EXPR_COLLATE)
	{
		term->collation = expr->text;
		expr = expr->args[0];
	}
	term->expr = expr;
	if (lite_parser_accept(p, LITE_KW_DESC))
		term->descending = true;
	else
		(void) lite_parser_accept(p, LITE_KW_ASC);
	if (lite_parser_accept(p, LITE_KW_NULLS))
	{
		term->nulls_given = true;
		term->nulls_last = !lite_parser_accept(p, LITE_KW_FIRST);
		if (term->nulls_last)
			lite_parser_expect(p, LITE_KW_LAST, "NULLS has no FIRST or LAST");
	}
	return !p->failed;
}

/* term, ... up to what ends the list.  slices may be NULL. */
void
lite_parser_terms(LiteParser *p, LiteSqlTerm **terms, LiteSlice **slices,
				  int *n)
{
	int capacity = 0, slices_capacity = 0;
	LiteSlice slice;

	do
	{
		*terms = lite_arena_grow(p->arena, *terms, *n, &capacity,
								 sizeof(LiteSqlTerm));
		if (slices != NULL)
			*slices = lite_arena_grow(p->arena, *slices, *n, &slices_capacity,
									  sizeof(LiteSlice));
		if (*terms == NULL || (slices != NULL && *slices == NULL))
		{
			lite_parser_fail(p, "Out of memory");
			return;
		}
		memset(&(*terms)[*n], 0, sizeof(LiteSqlTerm));
		if (!parse_term(p, &(*terms)[*n], &slice))
			return;
		if (slices != NULL)
			(*slices)[*n] = slice;
		(*n)++;
	} while (lite_parser_accept(p, LITE_TK_COMMA));
}

/* [ON CONFLICT resolution] */
static LiteConflict
parse_conflict(LiteParser *p)
{
	static const struct
	{
		LiteTokenKind kind;
		LiteConflict conflict;
	} words[] = {
		{LITE_KW_ROLLBACK, LITE_CONFLICT_ROLLBACK},
		{LITE_KW_ABORT, LITE_CONFLICT_ABORT},
		{LITE_KW_FAIL, LITE_CONFLICT_FAIL},
		{LITE_KW_IGNORE, LITE_CONFLICT_IGNORE},
		{LITE_KW_REPLACE, LITE_CONFLICT_REPLACE},
	};

	if (p->token.kind != LITE_KW_ON || p->ahead.kind != LITE_KW_CONFLICT)
		return LITE_CONFLICT_NONE;
	lite_parser_advance(p);
	lite_parser_advance(p);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (lite_parser_accept(p, words[i].kind))
			return words[i].conflict;
	lite_parser_fail(p, "ON CONFLICT has no resolution");
	return LITE_CONFLICT_NONE;
}

/* ------------------------------------------------------------------------
 * Constraints
 * ------------------------------------------------------------------------ */

/* A new constraint with the name that was given.  Valid until the next. */
static LiteSqlConstraint *
add_constraint(TableParser *tp, LiteConstraintKind kind, int column)
{
	LiteTableSql *table = tp->table;
	LiteSqlConstraint *constraint;

	table->constraints =
		lite_arena_grow(tp->p.arena, table->constraints, table->nconstraints,
						&tp->constraints_capacity, sizeof(LiteSqlConstraint));
	if (table->constraints == NULL)
	{
		lite_parser_fail(&tp->p, "Out of memory");
		return NULL;
	}
	constraint = &table->constraints[table->nconstraints++];
	memset(constraint, 0, sizeof(*constraint));
	constraint->kind = kind;
	constraint->column = column;
	constraint->name = tp->constraint_name;
	tp->constraint_name = NULL;
	return constraint;
}

/* [NOT] DEFERRABLE [INITIALLY DEFERRED|IMMEDIATE]; false: not there. */
static bool
parse_deferrable(TableParser *tp, LiteSqlConstraint *constraint)
{
	LiteParser *p = &tp->p;
	bool deferrable = true, deferred = false;

	if (p->token.kind == LITE_KW_NOT && p->ahead.kind == LITE_KW_DEFERRABLE)
	{
		deferrable = false;
		lite_parser_advance(p);
	}
	if (!lite_parser_accept(p, LITE_KW_DEFERRABLE))
		return false;
	if (lite_parser_accept(p, LITE_KW_INITIALLY))
	{
		deferred = lite_parser_accept(p, LITE_KW_DEFERRED);
		if (!deferred)
			lite_parser_expect(p, LITE_KW_IMMEDIATE,
							   "INITIALLY has no DEFERRED or IMMEDIATE");
	}
	if (constraint != NULL)
	{
		constraint->deferrable = deferrable;
		constraint->initially_deferred = deferrable && deferred;
	}
	return true;
}

static void
parse_action(LiteParser *p)
{
	if (lite_parser_accept(p, LITE_KW_SET))
	{
		if (!lite_parser_accept(p, LITE_KW_NULL))
			lite_parser_expect(p, LITE_KW_DEFAULT, "SET has no action");
	}
	else if (lite_parser_accept(p, LITE_KW_NO))
		lite_parser_expect(p, LITE_KW_ACTION, "NO has no ACTION");
	else if (!lite_parser_accept(p, LITE_KW_CASCADE))
		lite_parser_expect(p, LITE_KW_RESTRICT, "A foreign key has no action");
}

/* REFERENCES is read: parent [(columns)] [ON ... | MATCH ...]* */
static void
parse_references(TableParser *tp, LiteSqlConstraint *constraint)
{
	LiteParser *p = &tp->p;
	int capacity = 0;

	constraint->parent = lite_parser_name(p, "REFERENCES has no table");
	if (lite_parser_accept(p, LITE_TK_LP))
	{
		do
		{
			constraint->parent_columns =
				lite_arena_grow(p->arena, (void *) constraint->parent_columns,
								constraint->nparent_columns, &capacity,
								sizeof(char *));
			if (constraint->parent_columns == NULL)
			{
				lite_parser_fail(p, "Out of memory");
				return;
			}
			constraint->parent_columns[constraint->nparent_columns++] =
				lite_parser_name(p, "A column of the parent is missing");
		} while (lite_parser_accept(p, LITE_TK_COMMA));
		lite_parser_expect(p, LITE_TK_RP, "A list of columns is not closed");
	}
	while (!p->failed)
	{
		if (lite_parser_accept(p, LITE_KW_MATCH))
			(void) lite_parser_name(p, "MATCH has no name");
		else if (p->token.kind == LITE_KW_ON &&
				 (p->ahead.kind == LITE_KW_DELETE ||
				  p->ahead.kind == LITE_KW_UPDATE ||
				  p->ahead.kind == LITE_KW_INSERT))
		{
			lite_parser_advance(p);
			lite_parser_advance(p);
			parse_action(p);
		}
		else
			break;
	}
}

/* What a table and a column have in common: CHECK (expr). */
static void
parse_check(TableParser *tp, int column)
{
	LiteSqlConstraint *constraint;

	constraint = add_constraint(tp, LITE_CONSTRAINT_CHECK, column);
	if (constraint != NULL)
		constraint->check = parse_parenthesised(&tp->p, &constraint->text);
}

/* ------------------------------------------------------------------------
 * Columns
 * ------------------------------------------------------------------------ */

/* DEFAULT is read. */
static void
parse_default(LiteParser *p, LiteSqlColumn *column)
{
	LiteExpr *expr;
	int start = p->token.offset;
	int sign = 0;

	if (p->token.kind == LITE_TK_LP)
	{
		column->default_expr = parse_parenthesised(p, &column->default_text);
		return;
	}
	if (p->token.kind == LITE_TK_PLUS || p->token.kind == LITE_TK_MINUS)
		sign = 1;
	if (sign != 0)
		expr = lite_parser_signed(p);
	else
		expr = lite_parser_term(p);
	if (expr == NULL && sign == 0 && !p->failed &&
		lite_token_is_id(p->token.kind))
	{
		/* a name alone is a string, unless it is TRUE or FALSE */
		bool truth;

		expr = lite_parser_bare_name(p);
		if (expr != NULL && !lite_expr_is_truth(expr, &truth))
			expr->kind = LITE_EXPR_STRING;
	}
	if (expr == NULL)
		lite_parser_fail(p, "DEFAULT has no value");
	column->default_expr = expr;
	column->default_text.offset = start;
	column->default_text.length = p->previous_end - start;
}

/* AS is read: (expr) [STORED|VIRTUAL] */
static void
parse_generated(LiteParser *p, LiteSqlColumn *column)
{
	column->generated = parse_parenthesised(p, &column->generated_text);
	if (lite_parser_accept(p, LITE_KW_VIRTUAL))
		return;
	if (p->token.kind == LITE_TK_ID && p->token.length == 6 &&
		sqlite3_strnicmp(p->text + p->token.offset, "stored", 6) == 0)
	{
		column->stored = true;
		lite_parser_advance(p);
	}
}

static void
parse_column_key(TableParser *tp, int column)
{
	LiteParser *p = &tp->p;
	LiteSqlConstraint *constraint;

	lite_parser_expect(p, LITE_KW_KEY, "PRIMARY has no KEY");
	constraint = add_constraint(tp, LITE_CONSTRAINT_PRIMARY_KEY, column);
	if (constraint == NULL)
		return;
	if (!lite_parser_accept(p, LITE_KW_DESC))
		(void) lite_parser_accept(p, LITE_KW_ASC);
	constraint->conflict = parse_conflict(p);
	constraint->autoincrement = lite_parser_accept(p, LITE_KW_AUTOINCREMENT);
	tp->table->autoincrement |= constraint->autoincrement;
}

/* One constraint of a column; false: there is none. */
static bool
parse_column_constraint(TableParser *tp, int n)
{
	LiteParser *p = &tp->p;
	LiteSqlColumn *column = &tp->table->columns[n];
	LiteSqlConstraint *constraint;

	if (lite_parser_accept(p, LITE_KW_CONSTRAINT))
	{
		tp->constraint_name = lite_parser_name(p, "CONSTRAINT has no name");
		return !p->failed;
	}
	if (lite_parser_accept(p, LITE_KW_DEFAULT))
		parse_default(p, column);
	else if (lite_parser_accept(p, LITE_KW_NULL))
		(void) parse_conflict(p);
	else if (p->token.kind == LITE_KW_NOT && p->ahead.kind == LITE_KW_NULL)
	{
		lite_parser_advance(p);
		lite_parser_advance(p);
		constraint = add_constraint(tp, LITE_CONSTRAINT_NOT_NULL, n);
		if (constraint != NULL)
			constraint->conflict = parse_conflict(p);
	}
	else if (lite_parser_accept(p, LITE_KW_PRIMARY))
		parse_column_key(tp, n);
	else if (lite_parser_accept(p, LITE_KW_UNIQUE))
	{
		constraint = add_constraint(tp, LITE_CONSTRAINT_UNIQUE, n);
		if (constraint != NULL)
			constraint->conflict = parse_conflict(p);
	}
	else if (lite_parser_accept(p, LITE_KW_CHECK))
		parse_check(tp, n);
	else if (lite_parser_accept(p, LITE_KW_REFERENCES))
	{
		constraint = add_constraint(tp, LITE_CONSTRAINT_FOREIGN_KEY, n);
		if (constraint != NULL)
			parse_references(tp, constraint);
	}
	else if (lite_parser_accept(p, LITE_KW_COLLATE))
		column->collation = parse_collation(p);
	else if (p->token.kind == LITE_KW_GENERATED || p->token.kind == LITE_KW_AS)
	{
		if (lite_parser_accept(p, LITE_KW_GENERATED))
			lite_parser_expect(p, LITE_KW_ALWAYS, "GENERATED has no ALWAYS");
		lite_parser_expect(p, LITE_KW_AS, "GENERATED ALWAYS has no AS");
		parse_generated(p, column);
	}
	else
	{
		/* belongs to the last foreign key, wherever it stands */
		constraint = NULL;
		for (int i = tp->table->nconstraints - 1; i >= 0 && constraint == NULL;
			 i--)
			if (tp->table->constraints[i].kind == LITE_CONSTRAINT_FOREIGN_KEY)
				constraint = &tp->table->constraints[i];
		return parse_deferrable(tp, constraint);
	}
	tp->constraint_name = NULL;
	return !p->failed;
}

static void
parse_column(TableParser *tp)
{
	LiteParser *p = &tp->p;
	LiteTableSql *table = tp->table;
	LiteSqlColumn *column;

	table->columns =
		lite_arena_grow(p->arena, table->columns, table->ncolumns,
						&tp->columns_capacity, sizeof(LiteSqlColumn));
	if (table->columns == NULL)
	{
		lite_parser_fail(p, "Out of memory");
		return;
	}
	column = &table->columns[table->ncolumns++];
	memset(column, 0, sizeof(*column));
	column->name = lite_parser_name(p, "A column's name is missing");
	column->declared = lite_parser_type(p);
	tp->constraint_name = NULL;
	while (!p->failed && parse_column_constraint(tp, table->ncolumns - 1))
		;
}

/* ------------------------------------------------------------------------
 * Tables
 * ------------------------------------------------------------------------ */

/* PRIMARY KEY (...) or UNIQUE (...): the keyword is read. */
static void
parse_table_key(TableParser *tp, LiteConstraintKind kind)
{
	LiteParser *p = &tp->p;
	LiteSqlConstraint *constraint = add_constraint(tp, kind, -1);

	if (constraint == NULL)
		return;
	lite_parser_expect(p, LITE_TK_LP, "A list of columns is missing");
	lite_parser_terms(p, &constraint->terms, NULL, &constraint->nterms);
	if (kind == LITE_CONSTRAINT_PRIMARY_KEY)
	{
		constraint->autoincrement =
			lite_parser_accept(p, LITE_KW_AUTOINCREMENT);
		tp->table->autoincrement |= constraint->autoincrement;
	}
	lite_parser_expect(p, LITE_TK_RP, "A key's list is not closed");
	constraint->conflict = parse_conflict(p);
}

static void
parse_table_foreign_key(TableParser *tp)
{
	LiteParser *p = &tp->p;
	LiteSqlConstraint *constraint;

	lite_parser_expect(p, LITE_KW_KEY, "FOREIGN has no KEY");
	constraint = add_constraint(tp, LITE_CONSTRAINT_FOREIGN_KEY, -1);
	if (constraint == NULL)
		return;
	lite_parser_expect(p, LITE_TK_LP, "A list of columns is missing");
	lite_parser_terms(p, &constraint->terms, NULL, &constraint->nterms);
	lite_parser_expect(p, LITE_TK_RP, "A key's list is not closed");
	lite_parser_expect(p, LITE_KW_REFERENCES,
					   "A foreign key has no REFERENCES");
	if (!p->failed)
		parse_references(tp, constraint);
	(void) parse_deferrable(tp, constraint);
}

static bool
starts_constraint(LiteTokenKind kind)
{
	return kind == LITE_KW_CONSTRAINT || kind == LITE_KW_PRIMARY ||
		   kind == LITE_KW_UNIQUE || kind == LITE_KW_CHECK ||
		   kind == LITE_KW_FOREIGN;
}

static void
parse_table_constraint(TableParser *tp)
{
	LiteParser *p = &tp->p;

	if (lite_parser_accept(p, LITE_KW_CONSTRAINT))
	{
		tp->constraint_name = lite_parser_name(p, "CONSTRAINT has no name");
		return;
	}
	if (lite_parser_accept(p, LITE_KW_PRIMARY))
	{
		lite_parser_expect(p, LITE_KW_KEY, "PRIMARY has no KEY");
		parse_table_key(tp, LITE_CONSTRAINT_PRIMARY_KEY);
	}
	else if (lite_parser_accept(p, LITE_KW_UNIQUE))
		parse_table_key(tp, LITE_CONSTRAINT_UNIQUE);
	else if (lite_parser_accept(p, LITE_KW_CHECK))
	{
		LiteSqlConstraint *constraint;

		parse_check(tp, -1);
		if (p->failed)
			return;
		constraint = &tp->table->constraints[tp->table->nconstraints - 1];
		constraint->conflict = parse_conflict(p);
	}
	else if (lite_parser_accept(p, LITE_KW_FOREIGN))
		parse_table_foreign_key(tp);
	else
		lite_parser_fail(p, "A constraint is missing");
	tp->constraint_name = NULL;
}

/* WITHOUT ROWID, STRICT */
static void
parse_table_options(TableParser *tp)
{
	LiteParser *p = &tp->p;
	const char *option;

	while (!p->failed && p->token.kind != LITE_TK_END &&
		   p->token.kind != LITE_TK_SEMI)
	{
		bool without = lite_parser_accept(p, LITE_KW_WITHOUT);

		option = lite_parser_name(p, "A table's option is missing");
		if (option == NULL)
			return;
		if (without && lite_name_equal(option, "rowid"))
			tp->table->without_rowid = true;
		else if (!without && lite_name_equal(option, "strict"))
			tp->table->strict = true;
		else
			lite_parser_fail(p, "A table's option is unknown");
		if (!lite_parser_accept(p, LITE_TK_COMMA))
			break;
	}
}

void
lite_parser_finish(LiteParser *p)
{
	(void) lite_parser_accept(p, LITE_TK_SEMI);
	if (!p->failed && p->token.kind != LITE_TK_END)
		lite_parser_fail(p, "The statement goes on unexpectedly");
}

LiteStatus
lite_sql_parse_table(LiteArena *arena, const char *sql, LiteTableSql **result,
					 LiteError *err)
{
	TableParser tp;
	LiteParser *p = &tp.p;

	*result = NULL;
	memset(&tp, 0, sizeof(tp));
	if (!lite_parser_init(p, arena, sql, err))
		return lite_parser_status(p);
	tp.table = lite_arena_new(arena, LiteTableSql);
	if (tp.table == NULL)
		return lite_error_nomem(err);

	lite_parser_expect(p, LITE_KW_CREATE, "This is no CREATE TABLE");
	if (!lite_parser_accept(p, LITE_KW_TEMP))
		(void) lite_parser_accept(p, LITE_KW_TEMPORARY);
	lite_parser_expect(p, LITE_KW_TABLE, "This is no CREATE TABLE");
	lite_parser_if_not_exists(p);
	tp.table->name = lite_parser_object_name(p, "The table's name is missing");
	lite_parser_expect(p, LITE_TK_LP, "The table's columns are missing");
	do
		parse_column(&tp);
	while (lite_parser_accept(p, LITE_TK_COMMA) &&
		   !starts_constraint(p->token.kind));
	while (!p->failed && p->token.kind != LITE_TK_RP)
	{
		parse_table_constraint(&tp);
		if (lite_parser_accept(p, LITE_TK_COMMA))
			tp.constraint_name = NULL;
	}
	lite_parser_expect(p, LITE_TK_RP, "The table's columns are not closed");
	parse_table_options(&tp);
	lite_parser_finish(p);
	if (!p->failed)
		*result = tp.table;
	return lite_parser_status(p);
}

/* ------------------------------------------------------------------------
 * Indexes
 * ------------------------------------------------------------------------ */

LiteStatus
lite_sql_parse_index(LiteArena *arena, const char *sql, LiteIndexSql **result,
					 LiteError *err)
{
	LiteParser parser, *p = &parser;
	LiteIndexSql *index;

	*result = NULL;
	if (!lite_parser_init(p, arena, sql, err))
		return lite_parser_status(p);
	index = lite_arena_new(arena, LiteIndexSql);
	if (index == NULL)
		return lite_error_nomem(err);

	lite_parser_expect(p, LITE_KW_CREATE, "This is no CREATE INDEX");
	index->unique = lite_parser_accept(p, LITE_KW_UNIQUE);
	lite_parser_expect(p, LITE_KW_INDEX, "This is no CREATE INDEX");
	lite_parser_if_not_exists(p);
	index->name = lite_parser_object_name(p, "The index's name is missing");
	lite_parser_expect(p, LITE_KW_ON, "The index has no table");
	index->table = lite_parser_name(p, "The index has no table");
	lite_parser_expect(p, LITE_TK_LP, "A list of columns is missing");
	lite_parser_terms(p, &index->terms, &index->term_text, &index->nterms);
	lite_parser_expect(p, LITE_TK_RP, "The index's list is not closed");
	if (lite_parser_accept(p, LITE_KW_WHERE))
	{
		index->where_text.offset = p->token.offset;
		index->where = lite_parser_expr(p);
		index->where_text.length = p->previous_end - index->where_text.offset;
	}
	lite_parser_finish(p);
	if (!p->failed)
		*result = index;
	return lite_parser_status(p);
}
