/*
 * viewdef.c
 *	  CREATE VIEW, where its SELECT is a plain one.
 *
 * Tables joined by commas, JOIN and LEFT JOIN, conditions, GROUP BY, ORDER BY,
 * LIMIT, and compounds of those.  WITH, VALUES, subselects in FROM, NATURAL,
 * RIGHT and FULL joins and windows do not parse: the view is then reported, not
 * translated.
 */
#include "core/parse_int.h"

#include <string.h>

/* alias of a result column or a table: [AS] name */
static const char *
parse_alias(LiteParser *p)
{
	if (lite_parser_accept(p, LITE_KW_AS))
		return lite_parser_name(p, "AS has no name");
	if (p->token.kind == LITE_KW_INDEXED || p->token.kind == LITE_KW_WINDOW)
		return NULL;
	if (lite_token_is_id(p->token.kind) || p->token.kind == LITE_TK_STRING)
		return lite_parser_name(p, "A name is missing");
	return NULL;
}

static void
parse_result_column(LiteParser *p, LiteSelectColumn *column)
{
	int start = p->token.offset;

	if (lite_parser_accept(p, LITE_TK_STAR))
		return;
	if (lite_token_is_name(p->token.kind) && p->ahead.kind == LITE_TK_DOT)
	{
		/* table.* or the beginning of an expression: a third token tells */
		LiteToken third = lite_token_next(p->text, p->length,
										  p->ahead.offset + p->ahead.length);

		if (third.kind == LITE_TK_STAR)
		{
			column->table = lite_parser_name(p, "A table's name is missing");
			lite_parser_advance(p);
			lite_parser_advance(p);
			return;
		}
	}
	column->expr = lite_parser_expr(p);
	column->text.offset = start;
	column->text.length = p->previous_end - start;
	column->alias = parse_alias(p);
}

static void
parse_result_columns(LiteParser *p, LiteSelectSql *select)
{
	int capacity = 0;

	do
	{
		select->columns =
			lite_arena_grow(p->arena, select->columns, select->ncolumns,
							&capacity, sizeof(LiteSelectColumn));
		if (select->columns == NULL)
		{
			lite_parser_fail(p, "Out of memory");
			return;
		}
		memset(&select->columns[select->ncolumns], 0,
			   sizeof(LiteSelectColumn));
		parse_result_column(p, &select->columns[select->ncolumns++]);
	} while (lite_parser_accept(p, LITE_TK_COMMA));
}

/* ", JOIN, LEFT [OUTER] JOIN, INNER JOIN, CROSS JOIN"; false: none of them. */
static bool
parse_join(LiteParser *p, LiteJoin *join)
{
	*join = LITE_JOIN_INNER;
	if (lite_parser_accept(p, LITE_TK_COMMA) ||
		lite_parser_accept(p, LITE_KW_JOIN))
		return true;
	if (lite_parser_accept(p, LITE_KW_LEFT))
	{
		*join = LITE_JOIN_LEFT;
		(void) lite_parser_accept(p, LITE_KW_OUTER);
	}
	else if (!lite_parser_accept(p, LITE_KW_INNER) &&
			 !lite_parser_accept(p, LITE_KW_CROSS))
		return false;
	return lite_parser_expect(p, LITE_KW_JOIN, "A join has no JOIN");
}

static void
parse_using(LiteParser *p, LiteSelectSource *source)
{
	int capacity = 0;

	lite_parser_expect(p, LITE_TK_LP, "USING has no list");
	do
	{
		source->using =
			lite_arena_grow(p->arena, (void *) source->using, source->nusing,
							&capacity, sizeof(char *));
		if (source->using == NULL)
		{
			lite_parser_fail(p, "Out of memory");
			return;
		}
		source->using[source->nusing++] =
			lite_parser_name(p, "A column's name is missing");
	} while (lite_parser_accept(p, LITE_TK_COMMA));
	lite_parser_expect(p, LITE_TK_RP, "The list of USING is not closed");
}

static void
parse_source(LiteParser *p, LiteSelectSource *source)
{
	source->table = lite_parser_object_name(p, "A table is missing");
	source->alias = parse_alias(p);
	if (p->token.kind == LITE_KW_INDEXED && p->ahead.kind == LITE_KW_BY)
	{
		lite_parser_advance(p);
		lite_parser_advance(p);
		(void) lite_parser_name(p, "INDEXED BY has no name");
	}
	else if (p->token.kind == LITE_KW_NOT && p->ahead.kind == LITE_KW_INDEXED)
	{
		lite_parser_advance(p);
		lite_parser_advance(p);
	}
	if (lite_parser_accept(p, LITE_KW_ON))
		source->on = lite_parser_expr(p);
	else if (lite_parser_accept(p, LITE_KW_USING))
		parse_using(p, source);
}

static void
parse_sources(LiteParser *p, LiteSelectSql *select)
{
	int capacity = 0;
	LiteJoin join = LITE_JOIN_INNER;

	do
	{
		LiteSelectSource *source;

		select->sources =
			lite_arena_grow(p->arena, select->sources, select->nsources,
							&capacity, sizeof(LiteSelectSource));
		if (select->sources == NULL)
		{
			lite_parser_fail(p, "Out of memory");
			return;
		}
		source = &select->sources[select->nsources++];
		memset(source, 0, sizeof(*source));
		source->join = join;
		parse_source(p, source);
	} while (parse_join(p, &join));
}

/* SELECT up to HAVING. */
static void
parse_core(LiteParser *p, LiteSelectSql *select)
{
	lite_parser_expect(p, LITE_KW_SELECT, "This is no plain SELECT");
	select->distinct = lite_parser_accept(p, LITE_KW_DISTINCT);
	if (!select->distinct)
		(void) lite_parser_accept(p, LITE_KW_ALL);
	parse_result_columns(p, select);
	if (lite_parser_accept(p, LITE_KW_FROM))
		parse_sources(p, select);
	if (lite_parser_accept(p, LITE_KW_WHERE))
		select->where = lite_parser_expr(p);
	if (lite_parser_accept(p, LITE_KW_GROUP))
	{
		lite_parser_expect(p, LITE_KW_BY, "GROUP has no BY");
		lite_parser_terms(p, &select->group, NULL, &select->ngroup);
	}
	if (lite_parser_accept(p, LITE_KW_HAVING))
		select->having = lite_parser_expr(p);
}

/* UNION [ALL], EXCEPT, INTERSECT; NONE if it is none of them. */
static LiteCompound
parse_compound(LiteParser *p)
{
	if (lite_parser_accept(p, LITE_KW_UNION))
		return lite_parser_accept(p, LITE_KW_ALL) ? LITE_COMPOUND_UNION_ALL
												  : LITE_COMPOUND_UNION;
	if (lite_parser_accept(p, LITE_KW_EXCEPT))
		return LITE_COMPOUND_EXCEPT;
	if (lite_parser_accept(p, LITE_KW_INTERSECT))
		return LITE_COMPOUND_INTERSECT;
	return LITE_COMPOUND_NONE;
}

static void
parse_select(LiteParser *p, LiteSelectSql *select)
{
	LiteSelectSql *last = select;
	LiteCompound compound;

	parse_core(p, select);
	while ((compound = parse_compound(p)) != LITE_COMPOUND_NONE)
	{
		last->next = lite_arena_new(p->arena, LiteSelectSql);
		if (last->next == NULL)
		{
			lite_parser_fail(p, "Out of memory");
			return;
		}
		last = last->next;
		last->compound = compound;
		parse_core(p, last);
	}
	if (lite_parser_accept(p, LITE_KW_ORDER))
	{
		lite_parser_expect(p, LITE_KW_BY, "ORDER has no BY");
		lite_parser_terms(p, &select->order, NULL, &select->norder);
	}
	if (lite_parser_accept(p, LITE_KW_LIMIT))
	{
		select->limit = lite_parser_expr(p);
		if (lite_parser_accept(p, LITE_KW_OFFSET))
			select->offset = lite_parser_expr(p);
		else if (lite_parser_accept(p, LITE_TK_COMMA))
		{
			/* LIMIT offset, count */
			select->offset = select->limit;
			select->limit = lite_parser_expr(p);
		}
	}
}

static void
parse_names(LiteParser *p, LiteViewSql *view)
{
	int capacity = 0;

	do
	{
		view->names = lite_arena_grow(p->arena, (void *) view->names,
									  view->nnames, &capacity, sizeof(char *));
		if (view->names == NULL)
		{
			lite_parser_fail(p, "Out of memory");
			return;
		}
		view->names[view->nnames++] =
			lite_parser_name(p, "A column's name is missing");
	} while (lite_parser_accept(p, LITE_TK_COMMA));
	lite_parser_expect(p, LITE_TK_RP, "The view's columns are not closed");
}

LiteStatus
lite_sql_parse_view(LiteArena *arena, const char *sql, LiteViewSql **result,
					LiteError *err)
{
	LiteParser parser, *p = &parser;
	LiteViewSql *view;

	*result = NULL;
	if (!lite_parser_init(p, arena, sql, err))
		return lite_parser_status(p);
	view = lite_arena_new(arena, LiteViewSql);
	if (view == NULL)
		return lite_error_nomem(err);

	lite_parser_expect(p, LITE_KW_CREATE, "This is no CREATE VIEW");
	if (!lite_parser_accept(p, LITE_KW_TEMP))
		(void) lite_parser_accept(p, LITE_KW_TEMPORARY);
	lite_parser_expect(p, LITE_KW_VIEW, "This is no CREATE VIEW");
	lite_parser_if_not_exists(p);
	view->name = lite_parser_object_name(p, "The view's name is missing");
	if (lite_parser_accept(p, LITE_TK_LP))
		parse_names(p, view);
	lite_parser_expect(p, LITE_KW_AS, "The view has no AS");
	parse_select(p, &view->select);
	lite_parser_finish(p);
	if (!p->failed)
		*result = view;
	return lite_parser_status(p);
}
