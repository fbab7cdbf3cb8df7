/*
 * views.c
 *	  Views of the file as views of the target.
 *
 *		lite_views_choose()		names, beside the tables'
 *		lite_views_translate()	each one over what it reads, deepest first
 *		lite_views_drop()		of an earlier import, before its tables
 *		lite_views_build()		CREATE VIEW, COMMENT
 *
 * A view may read tables that are carried over and views that translate.  The
 * views are walked from each to what it reads, so plan->views is in the order
 * in which they can be made.  Every statement is optional: what PostgreSQL
 * refuses (a column that is neither grouped nor aggregated, say) becomes a
 * finding, and the views over it too.
 *
 * A comment marks the views that were made here.  Only those are dropped, and
 * without CASCADE: one of the same name may have been written anew by hand.
 */
#include <string.h>

#include "core/planner.h"

/* Of one view, over all of its SELECTs. */
#define MAX_SOURCES 256
/* Views over views: bounds the recursion. */
#define MAX_DEPTH 100

typedef enum ViewState
{
	VIEW_NEW,
	VIEW_OPEN, /* what it reads is being translated */
	VIEW_DONE,
	VIEW_REFUSED
} ViewState;

struct LiteViewWork
{
	const LiteTable *source;
	const char *name; /* in the target */
	const char *qualified;
	ViewState state;
	LiteView view;
};

/* The work of a view that was asked for, or NULL. */
static LiteViewWork *
view_work(LitePlanner *planner, const LiteTable *table)
{
	return planner->view_of[table - planner->schema->tables];
}

/* ------------------------------------------------------------------------
 * Which, and their names
 * ------------------------------------------------------------------------ */

static void
find_triggers(LitePlanner *planner, const LiteTable *table)
{
	for (int i = 0; i < table->ntriggers; i++)
		lite_find(planner, LITE_SEVERITY_WARNING, "trigger", table->name,
				  table->triggers[i].name, "write it anew in PL/pgSQL",
				  "trigger on a view is not carried over: %s",
				  lite_find_clip(planner, table->triggers[i].sql, 400));
}

static bool
name_view(LitePlanner *planner, LiteViewWork *work)
{
	sqlite3_str *str = sqlite3_str_new(NULL);

	work->name = lite_names_take(planner->relations, work->source->name, NULL);
	lite_pg_ident(str, planner->plan->schema);
	sqlite3_str_appendchar(str, 1, '.');
	lite_pg_ident(str, work->name != NULL ? work->name : "");
	work->qualified = lite_arena_finish(planner->arena, str);
	return work->name != NULL && work->qualified != NULL;
}

LiteStatus
lite_views_choose(LitePlanner *planner)
{
	const LiteSchema *schema = planner->schema;

	planner->view_of = lite_arena_newarray(planner->arena, LiteViewWork *,
										   schema->ntables + 1);
	if (planner->view_of == NULL)
		return lite_error_nomem(planner->err);
	for (int i = 0; i < schema->ntables; i++)
	{
		const LiteTable *table = &schema->tables[i];
		LiteViewWork *work;

		if (table->kind != LITE_KIND_VIEW ||
			!lite_planner_wants(planner, table))
			continue;
		work = lite_arena_new(planner->arena, LiteViewWork);
		if (work == NULL)
			return lite_error_nomem(planner->err);
		work->source = table;
		planner->view_of[i] = work;
		if (!name_view(planner, work))
			return lite_error_nomem(planner->err);
		find_triggers(planner, table);
	}
	return LITE_OK;
}

/* ------------------------------------------------------------------------
 * Translation
 * ------------------------------------------------------------------------ */

static LitePlanView *
add_plan_view(LitePlanner *planner, const LiteViewWork *work)
{
	LitePlan *plan = planner->plan;
	LitePlanView *view;

	plan->views =
		lite_arena_grow(planner->arena, plan->views, plan->nviews,
						&planner->views_capacity, sizeof(*plan->views));
	if (plan->views == NULL)
	{
		plan->nviews = 0;
		return NULL;
	}
	view = &plan->views[plan->nviews++];
	memset(view, 0, sizeof(*view));
	view->source = work->source;
	view->name = work->name;
	view->qualified = work->qualified;
	return view;
}

static LiteStatus
refuse(LitePlanner *planner, LiteViewWork *work, const char *reason)
{
	LitePlanView *view = add_plan_view(planner, work);

	if (view == NULL)
		return lite_error_nomem(planner->err);
	view->refused = true;
	work->state = VIEW_REFUSED;
	lite_find(planner, LITE_SEVERITY_WARNING, "view", work->source->name, NULL,
			  "write it anew for PostgreSQL",
			  "view is not carried over: %s (%s)",
			  lite_find_clip(planner, work->source->sql, 1000), reason);
	return LITE_OK;
}

static LiteStatus translate(LitePlanner *planner, LiteViewWork *work,
							int depth);

/*
 * What the planner knows of a table or view that is read; *found is false if
 * it is not carried over.
 */
static LiteStatus
find_source(LitePlanner *planner, const LiteTable *table, int depth,
			LiteViewSource *source, bool *found)
{
	LiteTableWork *work = lite_planner_work(planner, table);
	LiteViewWork *view = view_work(planner, table);
	LiteStatus status;

	*found = false;
	source->name = table->name;
	if (work != NULL)
	{
		source->qualified = planner->plan->tables[work->index].qualified;
		source->ncolumns = work->scope.ncolumns;
		source->columns = work->scope.columns;
		*found = true;
	}
	else if (view != NULL)
	{
		status = translate(planner, view, depth + 1);
		if (status != LITE_OK)
			return status;
		source->qualified = view->qualified;
		source->ncolumns = view->view.ncolumns;
		source->columns = view->view.columns;
		*found = view->state == VIEW_DONE;
	}
	return LITE_OK;
}

static bool
is_document(LitePlanner *planner, const LiteTable *table)
{
	const LiteTableWork *work = lite_planner_work(planner, table);

	return work != NULL && work->document;
}

/* Those of the names in the view's FROMs that are carried over, each once. */
static LiteStatus
find_sources(LitePlanner *planner, LiteViewWork *work, const LiteViewSql *sql,
			 int depth, LiteViewSource *sources, int *nsources)
{
	int count = 0;

	for (const LiteSelectSql *select = &sql->select; select != NULL;
		 select = select->next)
	{
		for (int i = 0; i < select->nsources; i++)
		{
			const LiteTable *table =
				lite_schema_find(planner->schema, select->sources[i].table);
			bool found = false;
			LiteStatus status;

			for (int k = 0; table != NULL && k < *nsources && !found; k++)
				found = strcmp(sources[k].name, table->name) == 0;
			if (table == NULL || found)
				continue;
			if (count++ == MAX_SOURCES)
				return refuse(planner, work, "It reads too many tables.");
			if (is_document(planner, table))
				return refuse(planner, work,
							  "It reads a table that becomes documents.");
			status = find_source(planner, table, depth, &sources[*nsources],
								 &found);
			if (status != LITE_OK)
				return status;
			if (found)
				(*nsources)++;
		}
	}
	return LITE_OK;
}

/* SQLite's names of the columns, and the target's. */
static bool
name_columns(LitePlanner *planner, LiteViewWork *work)
{
	LiteArena *arena = planner->arena;
	LiteView *view = &work->view;
	LiteNames *names =
		lite_names_create(arena, planner->options->keep_identifiers, true);
	const char **wanted =
		lite_arena_newarray(arena, const char *, view->ncolumns + 1);
	const char **targets;

	if (names == NULL || wanted == NULL)
		return false;
	for (int i = 0; i < view->ncolumns; i++)
		wanted[i] = work->source->unreadable == NULL
						? work->source->columns[i].name
						: view->columns[i].name;
	targets = lite_names_assign(names, wanted, view->ncolumns, NULL);
	if (targets == NULL)
		return false;
	for (int i = 0; i < view->ncolumns; i++)
	{
		view->columns[i].name = wanted[i];
		view->columns[i].target = targets[i];
	}
	return true;
}

static void
find_done(LitePlanner *planner, const LiteViewWork *work)
{
	sqlite3_str *str = sqlite3_str_new(NULL);
	char *notes;

	for (int i = 0; i < work->view.nnotes; i++)
		sqlite3_str_appendf(str, "%s%s", i == 0 ? ": " : " ",
							work->view.notes[i]);
	notes = lite_arena_finish(planner->arena, str);
	lite_find(planner, LITE_SEVERITY_INFO, "view", work->source->name, NULL,
			  NULL, "its SELECT is written anew for PostgreSQL%s",
			  notes != NULL ? notes : "");
	if (sqlite3_stricmp(work->name, work->source->name) != 0)
		lite_find(planner, LITE_SEVERITY_WARNING, "rename", work->source->name,
				  NULL, NULL, "view becomes \"%s\"", work->name);
}

/* What is in the target under its name? */
static bool
is_left_alone(LitePlanner *planner, const LiteViewWork *work)
{
	const LitePlanOptions *options = planner->options;

	if (options->if_exists == LITE_IF_EXISTS_REPLACE ||
		options->exists == NULL ||
		!options->exists(options->exists_arg, planner->plan->schema,
						 work->name))
		return false;
	if (options->if_exists == LITE_IF_EXISTS_ERROR)
		lite_find(planner, LITE_SEVERITY_ERROR, "exists", work->source->name,
				  work->name, "if_exists => 'replace', 'append' or 'skip'",
				  "view %s exists already", work->qualified);
	else
		lite_find(planner, LITE_SEVERITY_INFO, "exists", work->source->name,
				  work->name, NULL, "view %s exists already and is left alone",
				  work->qualified);
	return options->if_exists != LITE_IF_EXISTS_ERROR;
}

static LiteStatus
add_view(LitePlanner *planner, LiteViewWork *work)
{
	LitePlanView *view;

	if (!name_columns(planner, work))
		return lite_error_nomem(planner->err);
	view = add_plan_view(planner, work);
	if (view == NULL)
		return lite_error_nomem(planner->err);
	work->state = VIEW_DONE;
	find_done(planner, work);
	view->exists_skip = is_left_alone(planner, work);
	return LITE_OK;
}

/* The view's text over what it reads; everything it reads is there. */
static LiteStatus
translate_over(LitePlanner *planner, LiteViewWork *work,
			   const LiteViewSource *sources, int nsources)
{
	LiteError err;
	LiteStatus status;

	lite_error_clear(&err);
	status = lite_view_translate(planner->arena, work->source->sql, sources,
								 nsources, &work->view, &err);
	if (status == LITE_UNSUPPORTED)
		return refuse(planner, work,
					  lite_arena_strdup(planner->arena, err.detail[0] != '\0'
															? err.detail
															: err.message));
	if (status != LITE_OK)
		return lite_error_nomem(planner->err);
	/* SQLite has read the same text: what it found must be what we found */
	if (work->source->unreadable == NULL &&
		work->view.ncolumns != work->source->ncolumns)
		return refuse(planner, work,
					  "Its columns are not those that SQLite gives it.");
	return add_view(planner, work);
}

/*
 * In SQLite 3.40 an untrusted schema's views cannot call json_extract() and
 * its like.  Such a view is not read here, only its text.
 */
static bool
is_broken(const LiteTable *table)
{
	return table->unreadable != NULL &&
		   strstr(table->unreadable, "unsafe use of") == NULL;
}

static LiteStatus
translate(LitePlanner *planner, LiteViewWork *work, int depth)
{
	const LiteTable *table = work->source;
	LiteViewSource *sources;
	LiteViewSql *sql;
	LiteStatus status;
	LiteError err;
	int nsources = 0;

	if (work->state == VIEW_OPEN)
		return refuse(planner, work, "It reads itself.");
	if (work->state != VIEW_NEW)
		return LITE_OK;
	work->state = VIEW_OPEN;
	if (table->sql == NULL)
		return refuse(planner, work, "It has no text.");
	if (is_broken(table))
		return refuse(planner, work,
					  lite_find_clip(planner, table->unreadable, 200));
	if (depth > MAX_DEPTH)
		return refuse(planner, work, "It stands on too many other views.");
	lite_error_clear(&err);
	status = lite_sql_parse_view(planner->arena, table->sql, &sql, &err);
	if (status == LITE_UNSUPPORTED)
		return refuse(planner, work,
					  lite_arena_strdup(planner->arena, err.detail[0] != '\0'
															? err.detail
															: err.message));
	sources = status == LITE_OK
				  ? lite_arena_newarray(planner->arena, LiteViewSource,
										MAX_SOURCES + 1)
				  : NULL;
	if (sources == NULL)
		return lite_error_nomem(planner->err);
	status = find_sources(planner, work, sql, depth, sources, &nsources);
	if (status != LITE_OK || work->state == VIEW_REFUSED)
		return status;
	return translate_over(planner, work, sources, nsources);
}

LiteStatus
lite_views_translate(LitePlanner *planner)
{
	LiteStatus status = LITE_OK;

	for (int i = 0; i < planner->schema->ntables && status == LITE_OK; i++)
	{
		if (planner->view_of[i] != NULL)
			status = translate(planner, planner->view_of[i], 0);
	}
	return status;
}

/* ------------------------------------------------------------------------
 * Statements
 * ------------------------------------------------------------------------ */

/*
 * In one statement, since views stand on views.  Which of them are there, and
 * ours, is known only when it runs; the body is a literal, so that no name can
 * end it.
 */
void
lite_views_drop(LitePlanner *planner)
{
	const LitePlan *plan = planner->plan;
	sqlite3_str *body, *str;
	char *text;

	if (plan->nviews == 0)
		return;
	body = sqlite3_str_new(NULL);
	sqlite3_str_appendall(
		body, "DECLARE list text := (SELECT string_agg(format('%I.%I', "
			  "n.nspname, c.relname), ', ') FROM pg_class c JOIN pg_namespace "
			  "n ON n.oid = c.relnamespace WHERE c.relkind = 'v' AND "
			  "n.nspname = ");
	lite_pg_literal(body, plan->schema, strlen(plan->schema));
	sqlite3_str_appendall(body, " AND c.relname IN (");
	for (int i = 0; i < plan->nviews; i++)
	{
		sqlite3_str_appendall(body, i > 0 ? ", " : "");
		lite_pg_literal(body, plan->views[i].name,
						strlen(plan->views[i].name));
	}
	sqlite3_str_appendall(
		body, ") AND starts_with(obj_description(c.oid, 'pg_class'), "
			  "'" LITE_VIEW_MARK "')); BEGIN IF list IS NOT NULL THEN "
			  "EXECUTE 'DROP VIEW ' || list; END IF; END");
	text = lite_arena_finish(planner->arena, body);
	if (text == NULL)
		return;
	str = sqlite3_str_new(NULL);
	sqlite3_str_appendall(str, "DO ");
	lite_pg_literal(str, text, strlen(text));
	lite_ddl_add(planner, LITE_PHASE_SCHEMA, -1, NULL, str);
}

static void
add_optional(LitePlanner *planner, const char *object, sqlite3_str *str)
{
	LiteStatement *statement =
		lite_ddl_add(planner, LITE_PHASE_VIEW, -1, object, str);

	if (statement != NULL)
		statement->optional = true;
}

static void
add_create(LitePlanner *planner, const LiteViewWork *work)
{
	const LiteView *view = &work->view;
	sqlite3_str *str = sqlite3_str_new(NULL);

	sqlite3_str_appendf(str, "CREATE VIEW %s (", work->qualified);
	for (int i = 0; i < view->ncolumns; i++)
	{
		sqlite3_str_appendall(str, i > 0 ? ", " : "");
		lite_pg_ident(str, view->columns[i].target);
	}
	sqlite3_str_appendf(str, ") AS\nSELECT %s",
						view->distinct ? "DISTINCT " : "");
	for (int i = 0; i < view->ncolumns; i++)
		sqlite3_str_appendf(str, "%s%s", i > 0 ? ", " : "", view->sql[i]);
	sqlite3_str_appendf(str, "%s%s", view->body[0] != '\0' ? "\n" : "",
						view->body);
	add_optional(planner, work->name, str);
}

static void
add_comment(LitePlanner *planner, const LiteViewWork *work)
{
	const char *name = work->source->name;
	char text[1024];
	size_t mark = strlen(LITE_VIEW_MARK);
	sqlite3_str *str = sqlite3_str_new(NULL);

	memcpy(text, LITE_VIEW_MARK, mark);
	lite_text_clip(text + mark, sizeof(text) - mark, name, strlen(name));
	sqlite3_str_appendf(str, "COMMENT ON VIEW %s IS ", work->qualified);
	lite_pg_literal(str, text, strlen(text));
	add_optional(planner, work->name, str);
}

void
lite_views_build(LitePlanner *planner)
{
	const LitePlan *plan = planner->plan;

	for (int i = 0; i < plan->nviews; i++)
	{
		const LiteViewWork *work = view_work(planner, plan->views[i].source);

		if (plan->views[i].refused || plan->views[i].exists_skip)
			continue;
		add_create(planner, work);
		add_comment(planner, work);
	}
}
