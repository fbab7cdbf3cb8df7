/*
 * columns.c
 *	  The columns of a target table: their names and order, what may be NULL,
 *	  where ids go on.
 */
#include <string.h>

#include "core/planner.h"
#include "core/stmt.h"

static bool
column_has_null(const LiteTableWork *work, int column)
{
	return work->profile != NULL &&
		   work->profile->columns[column].count[LITE_NULL] > 0;
}

/*
 * Does a primary key column hold NULL?  SQLite lets it, in tables with a
 * rowid.  A sample cannot tell, so the file is asked (the key's index
 * answers at once).
 */
static LiteStatus
find_key_nulls(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;
	sqlite3_str *names = sqlite3_str_new(NULL);
	int n = 0;
	char *list;

	for (int i = 0; i < table->npk; i++)
	{
		int column = table->pk[i];
		bool has_null = column_has_null(work, column);

		if (column == table->rowid_alias || planner->options->skip_rows)
			continue;
		if (!has_null && work->profile != NULL && !work->profile->whole &&
			!table->without_rowid && !table->columns[column].not_null)
		{
			LiteStmt *stmt;
			LiteStatus status = lite_stmt_preparef(
				planner->db, &stmt, planner->err,
				"SELECT 1 FROM main.\"%w\" WHERE \"%w\" IS NULL LIMIT 1",
				table->name, table->columns[column].name);

			if (status == LITE_OK)
			{
				status = lite_stmt_step(stmt, planner->err);
				lite_stmt_finalize(stmt);
			}
			if (status != LITE_ROW && status != LITE_DONE)
			{
				sqlite3_free(sqlite3_str_finish(names));
				return status;
			}
			has_null = status == LITE_ROW;
		}
		if (has_null)
			sqlite3_str_appendf(names, "%s%s", n++ > 0 ? ", " : "",
								table->columns[column].name);
	}
	list = sqlite3_str_finish(names);
	if (n > 0)
	{
		work->key_has_null = true;
		lite_find(planner, LITE_SEVERITY_WARNING, "primary_key", table->name,
				  NULL, NULL,
				  "the primary key has NULLs (in %s), which PostgreSQL does "
				  "not allow: it becomes a UNIQUE constraint",
				  lite_find_clip(planner, list, 200));
	}
	sqlite3_free(list);
	return LITE_OK;
}

bool
lite_planner_is_key(const LiteTable *table, int column)
{
	return table->columns[column].pk_position > 0;
}

/* The highest rowid, 0 for none. */
static LiteStatus
highest_rowid(LitePlanner *planner, const LiteTable *table, int64_t *result)
{
	LiteStmt *stmt;
	LiteStatus status;

	*result = 0;
	if (planner->options->skip_rows)
		return LITE_OK;
	status = lite_stmt_preparef(
		planner->db, &stmt, planner->err,
		"SELECT %s FROM main.\"%w\" ORDER BY %s DESC LIMIT 1",
		table->rowid_name, table->name, table->rowid_name);
	if (status != LITE_OK)
		return status;
	status = lite_stmt_step(stmt, planner->err);
	if (status == LITE_ROW)
		*result = lite_stmt_int64(stmt, 0);
	lite_stmt_finalize(stmt);
	return status == LITE_ROW || status == LITE_DONE ? LITE_OK : status;
}

static LiteStatus
set_identity(LitePlanner *planner, LiteTableWork *work, LitePlanColumn *column)
{
	const LiteTable *table = work->source;
	int64_t highest = 0;
	LiteStatus status = LITE_OK;

	column->identity = true;
	column->not_null = true;
	if (table->rowid_name != NULL)
		status = highest_rowid(planner, table, &highest);
	if (status != LITE_OK)
		return status;
	if (table->sequence > highest)
		highest = table->sequence;
	if (highest == INT64_MAX)
	{
		column->identity_next = INT64_MAX;
		lite_find(planner, LITE_SEVERITY_WARNING, "sequence", table->name,
				  column->name, NULL,
				  "the highest id there can be is in use: the identity column "
				  "cannot give new ones");
	}
	else
		column->identity_next = highest < 0 ? 1 : highest + 1;
	return LITE_OK;
}

/* Folded names in one line; other changes one by one. */
static void
find_renames(LitePlanner *planner, const LitePlanTable *target, int n,
			 const char *const *wanted, const char *const *names,
			 const int *changes)
{
	const LiteTable *table = target->source;
	bool table_folded = strcmp(target->name, table->name) != 0 &&
						sqlite3_stricmp(target->name, table->name) == 0;
	int folded = 0;

	for (int i = 0; i < n; i++)
	{
		if (changes[i] == LITE_NAME_FOLDED)
			folded++;
		else if (changes[i] != 0)
			lite_find(planner, LITE_SEVERITY_WARNING, "rename", table->name,
					  lite_arena_printf(planner->arena, "%s.%s", table->name,
										wanted[i]),
					  NULL, "column becomes \"%s\"%s", names[i],
					  lite_planner_rename_reason(changes[i]));
	}
	if (folded > 0 || table_folded)
		lite_find(planner, LITE_SEVERITY_INFO, "rename", table->name, NULL,
				  "identifiers => 'keep' keeps upper case",
				  "folded to lower case: %s%d column name%s",
				  table_folded ? "the table's name and " : "", folded,
				  folded == 1 ? "" : "s");
}

static void
fill_column(LitePlanner *planner, LiteTableWork *work, LitePlanColumn *column,
			int source)
{
	const LiteTable *table = work->source;
	const LiteDecision *d = &work->decisions[source];
	char buf[64];

	column->source = LITE_SOURCE_COLUMN;
	column->column = source;
	column->type = d->type;
	column->type_sql =
		lite_arena_strdup(planner->arena,
						  lite_type_format(d->type, buf, sizeof(buf)));
	column->evidence = d->evidence;
	column->suggestion = d->suggestion;
	if (work->profile != NULL)
		column->profile = &work->profile->columns[source];

	column->not_null =
		table->columns[source].not_null ||
		(lite_planner_is_key(table, source) && !work->key_has_null);
	if (column->not_null && column_has_null(work, source))
	{
		column->not_null = false;
		if (!work->key_has_null || !lite_planner_is_key(table, source))
			lite_find(planner, LITE_SEVERITY_WARNING, "not_null", table->name,
					  lite_find_column(planner, table, source), NULL,
					  "declared NOT NULL, yet there are NULLs in it: the "
					  "column becomes nullable");
	}
}

static void
fill_rowid(LitePlanColumn *column)
{
	column->source = LITE_SOURCE_ROWID;
	column->column = -1;
	column->type.type = LITE_TYPE_INT8;
	column->type_sql = "bigint";
	column->not_null = true;
	column->evidence = "the rowid, kept";
}

static void
fill_document(LitePlanColumn *column)
{
	column->source = LITE_SOURCE_DOCUMENT;
	column->column = -1;
	column->type.type = LITE_TYPE_JSONB;
	column->type_sql = "jsonb";
	column->not_null = true;
	column->evidence = "the whole row";
}

/* Source columns of the target, in its order; -1 the rowid, -2 the document. */
static int
choose_columns(LiteTableWork *work, int *chosen)
{
	const LiteTable *table = work->source;
	int n = 0;

	if (work->keep_rowid)
		chosen[n++] = -1;
	for (int i = 0; i < table->ncolumns; i++)
	{
		if (table->columns[i].hidden ||
			(work->document && !lite_planner_is_key(table, i)))
			continue;
		chosen[n++] = i;
	}
	if (work->document)
		chosen[n++] = -2;
	return n;
}

LiteStatus
lite_planner_columns(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;
	LitePlanTable *target = &planner->plan->tables[work->index];
	int room = table->ncolumns + 3 + work->nsearches;
	int *chosen = lite_arena_newarray(planner->arena, int, room);
	const char **wanted =
		lite_arena_newarray(planner->arena, const char *, room);
	int *changes = lite_arena_newarray(planner->arena, int, room);
	const char **names;
	LiteStatus status = find_key_nulls(planner, work);
	int n;

	if (status != LITE_OK)
		return status;
	target->columns =
		lite_arena_newarray(planner->arena, LitePlanColumn, room);
	work->columns =
		lite_names_create(planner->arena, planner->options->keep_identifiers,
						  true);
	work->constraints =
		lite_names_create(planner->arena, planner->options->keep_identifiers,
						  false);
	if (lite_arena_failed(planner->arena))
		return lite_error_nomem(planner->err);
	n = choose_columns(work, chosen);
	for (int i = 0; i < n; i++)
		wanted[i] = chosen[i] == -1	  ? table->rowid_name
					: chosen[i] == -2 ? "doc"
									  : table->columns[chosen[i]].name;
	names = lite_names_assign(work->columns, wanted, n, changes);
	if (names == NULL)
		return lite_error_nomem(planner->err);
	find_renames(planner, target, n, wanted, names, changes);

	for (int i = 0; i < table->ncolumns; i++)
		work->target_of[i] = -1;
	for (int i = 0; i < n; i++)
	{
		LitePlanColumn *column = &target->columns[i];

		column->name = names[i];
		if (chosen[i] == -1)
			fill_rowid(column);
		else if (chosen[i] == -2)
			fill_document(column);
		else
		{
			fill_column(planner, work, column, chosen[i]);
			work->target_of[chosen[i]] = i;
		}
		if ((chosen[i] >= 0 && chosen[i] == table->rowid_alias) ||
			(chosen[i] == -1 && work->rowid_key))
		{
			status = set_identity(planner, work, column);
			if (status != LITE_OK)
				return status;
		}
	}
	target->ncolumns = n;
	target->document = work->document;
	return lite_arena_failed(planner->arena) ? lite_error_nomem(planner->err)
											 : LITE_OK;
}
