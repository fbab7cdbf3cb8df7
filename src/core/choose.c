/*
 * choose.c
 *	  Which tables of a file become tables of the target, and what they are
 *	  called there.
 *
 * Whatever is not carried over (virtual tables of unknown modules, what cannot
 * be read, the shadow tables of full-text and R*Tree tables) is a finding.
 */
#include <string.h>

#include "core/planner.h"

bool
lite_planner_lists(int n, const char *const *names, const char *name)
{
	for (int i = 0; i < n; i++)
	{
		if (strcmp(names[i], "*") == 0 || sqlite3_stricmp(names[i], name) == 0)
			return true;
	}
	return false;
}

static bool
is_wanted(const LitePlanner *planner, const LiteTable *table)
{
	const LitePlanOptions *options = planner->options;

	if (options->ntables > 0 &&
		!lite_planner_lists(options->ntables, options->tables, table->name))
		return false;
	return !lite_planner_lists(options->nexclude, options->exclude,
							   table->name);
}

bool
lite_planner_wants(const LitePlanner *planner, const LiteTable *table)
{
	return is_wanted(planner, table);
}

static bool
is_rtree(const LiteTable *table)
{
	return table->module != NULL &&
		   (sqlite3_strnicmp(table->module, "rtree", 5) == 0 ||
			sqlite3_stricmp(table->module, "geopoly") == 0);
}

/* A virtual table: do its rows come along? */
static bool
choose_virtual(LitePlanner *planner, const LiteTable *table)
{
	const char *module = table->module != NULL ? table->module : "?";

	if (table->unreadable != NULL)
	{
		lite_find(planner, LITE_SEVERITY_WARNING, "virtual", table->name, NULL,
				  NULL,
				  "virtual table of module \"%s\" cannot be read (%s): it is "
				  "not carried over",
				  lite_find_clip(planner, module, 64),
				  lite_find_clip(planner, table->unreadable, 200));
		return false;
	}
	if (lite_fts_is(table))
		return lite_fts_standalone(planner, table);
	if (is_rtree(table))
	{
		lite_find(planner, LITE_SEVERITY_INFO, "virtual", table->name, NULL,
				  "CREATE INDEX ... USING gist over box() or range "
				  "expressions of its columns",
				  "R*Tree: its rows become a plain table, without a spatial "
				  "index");
		return true;
	}
	lite_find(planner, LITE_SEVERITY_WARNING, "virtual", table->name, NULL,
			  NULL, "virtual table of module \"%s\" is not carried over",
			  lite_find_clip(planner, module, 64));
	return false;
}

static bool
choose_table(LitePlanner *planner, const LiteTable *table)
{
	switch (table->kind)
	{
		case LITE_KIND_TABLE:
			if (table->unreadable == NULL)
				return true;
			lite_find(planner, LITE_SEVERITY_ERROR, "unreadable", table->name,
					  NULL, "exclude it, or repair the file with .recover",
					  "table cannot be read (%s): its rows are not carried "
					  "over",
					  lite_find_clip(planner, table->unreadable, 200));
			return false;
		case LITE_KIND_VIRTUAL:
			return choose_virtual(planner, table);
		case LITE_KIND_VIEW: /* lite_views_choose() */
		case LITE_KIND_SHADOW:
			return false;
	}
	return false;
}

/* One line for all of a virtual table's shadow tables. */
static void
find_shadows(LitePlanner *planner)
{
	const LiteSchema *schema = planner->schema;

	for (int i = 0; i < schema->ntables; i++)
	{
		const LiteTable *owner = &schema->tables[i];
		sqlite3_str *str;
		int n = 0;
		char *list;

		if (owner->kind != LITE_KIND_VIRTUAL || !is_wanted(planner, owner))
			continue;
		str = sqlite3_str_new(NULL);
		for (int k = 0; k < schema->ntables; k++)
		{
			const LiteTable *shadow = &schema->tables[k];

			if (shadow->kind != LITE_KIND_SHADOW || shadow->owner == NULL ||
				sqlite3_stricmp(shadow->owner, owner->name) != 0)
				continue;
			sqlite3_str_appendf(str, "%s%s", n++ > 0 ? ", " : "",
								shadow->name);
		}
		list = sqlite3_str_finish(str);
		if (n > 0)
			lite_find(planner, LITE_SEVERITY_INFO, "shadow", owner->name, NULL,
					  NULL, "its private storage is not copied as tables: %s",
					  lite_find_clip(planner, list, 400));
		sqlite3_free(list);
	}
}

const char *
lite_planner_rename_reason(int changes)
{
	return changes & LITE_NAME_SYSTEM
			   ? ": PostgreSQL has a system column of its name"
		   : changes & LITE_NAME_EMPTY	   ? ": its name is empty"
		   : changes & LITE_NAME_ENCODING  ? ": its name is not valid UTF-8"
		   : changes & LITE_NAME_SHORTENED ? ": names have 63 bytes at the "
											 "most in PostgreSQL"
										   : ": the name is taken";
}

LiteStatus
lite_planner_choose(LitePlanner *planner)
{
	const LiteSchema *schema = planner->schema;
	LitePlan *plan = planner->plan;
	const char **wanted =
		lite_arena_newarray(planner->arena, const char *, schema->ntables + 1);
	int *changes =
		lite_arena_newarray(planner->arena, int, schema->ntables + 1);
	const char **names;
	int n = 0;

	planner->work_of =
		lite_arena_newarray(planner->arena, int, schema->ntables + 1);
	planner->works = lite_arena_newarray(planner->arena, LiteTableWork,
										 schema->ntables + 1);
	plan->tables = lite_arena_newarray(planner->arena, LitePlanTable,
									   schema->ntables + 1);
	if (wanted == NULL || changes == NULL || planner->work_of == NULL ||
		planner->works == NULL || plan->tables == NULL)
		return lite_error_nomem(planner->err);

	for (int i = 0; i < schema->ntables; i++)
	{
		const LiteTable *table = &schema->tables[i];

		planner->work_of[i] = -1;
		if (!is_wanted(planner, table) || !choose_table(planner, table))
			continue;
		planner->work_of[i] = n;
		planner->works[n].source = table;
		planner->works[n].index = n;
		plan->tables[n].source = table;
		wanted[n++] = table->name;
	}
	planner->nworks = plan->ntables = n;
	find_shadows(planner);

	planner->relations =
		lite_names_create(planner->arena, planner->options->keep_identifiers,
						  false);
	if (planner->relations == NULL)
		return lite_error_nomem(planner->err);
	names = lite_names_assign(planner->relations, wanted, n, changes);
	if (names == NULL)
		return lite_error_nomem(planner->err);
	for (int i = 0; i < n; i++)
	{
		LitePlanTable *table = &plan->tables[i];
		sqlite3_str *str = sqlite3_str_new(NULL);

		table->name = names[i];
		lite_pg_ident(str, plan->schema);
		sqlite3_str_appendchar(str, 1, '.');
		lite_pg_ident(str, table->name);
		table->qualified = lite_arena_finish(planner->arena, str);
		if (changes[i] & ~LITE_NAME_FOLDED)
			lite_find(planner, LITE_SEVERITY_WARNING, "rename",
					  table->source->name, NULL, NULL,
					  "table becomes \"%s\"%s", table->name,
					  lite_planner_rename_reason(changes[i]));
	}
	return lite_views_choose(planner);
}
