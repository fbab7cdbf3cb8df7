/*
 * import_types.c
 *	  The types of imported foreign tables' columns.
 *
 * Tables get theirs from the plan of an import, so a foreign table and the
 * native one made by sqlite_import() agree, foreign keys' families and
 * overrides included.  Views and virtual tables have no place in that plan;
 * their values are profiled and judged by the same rules, one by one.
 */
#include "pg/compat.h"

#include "fdw/import_schema.h"
#include "pg/encoding.h"
#include "pg/report.h"

void
LiteImportPlan(LiteSchemaImport *import, int n, const LiteTable *const *wanted)
{
	LitePlanOptions options;
	const char **names = palloc(sizeof(char *) * Max(n, 1));
	int ntables = 0;
	LiteError err;

	for (int i = 0; i < n; i++)
	{
		if (wanted[i]->kind == LITE_KIND_TABLE)
			names[ntables++] = wanted[i]->name;
	}
	if (ntables == 0)
		return;

	lite_plan_options_init(&options);
	options.schema = "public";
	options.ntables = ntables;
	options.tables = names;
	options.types = import->types;
	options.infer = import->infer;
	options.keep_identifiers = import->keep_identifiers;
	options.sample = import->sample;
	LiteCheck(lite_plan_build(import->db, import->schema, &options,
							  import->arena, &import->plan, &err),
			  &err);
}

/*
 * NOT NULL as SQLite enforces it.  The plan also knows of keys that happen to
 * have no NULL, but the next INSERT may bring one, and PostgreSQL relies on a
 * foreign table's NOT NULL.
 */
static bool
stays_not_null(const LiteTable *table, int column)
{
	return table->columns[column].not_null || column == table->rowid_alias ||
		   (table->without_rowid && table->columns[column].pk_position > 0);
}

static const LitePlanTable *
planned(const LiteSchemaImport *import, const LiteTable *table)
{
	for (int i = 0; import->plan != NULL && i < import->plan->ntables; i++)
	{
		if (import->plan->tables[i].source == table)
			return &import->plan->tables[i];
	}
	return NULL;
}

static int
columns_from_plan(const LitePlanTable *plan, LiteImportColumn *columns)
{
	int n = 0;

	for (int i = 0; i < plan->ncolumns; i++)
	{
		const LitePlanColumn *from = &plan->columns[i];

		/* the rowid and search columns are the native table's own; what the
		 * file generates, it hands out like any other column */
		if (from->column < 0)
			continue;
		columns[n].column = from->column;
		columns[n].type = from->type;
		columns[n].type_sql = from->type_sql;
		columns[n].not_null =
			from->not_null && stays_not_null(plan->source, from->column);
		n++;
	}
	return n;
}

static int
columns_from_values(LiteSchemaImport *import, const LiteTable *table,
					const LiteTableProfile *profile, LiteImportColumn *columns)
{
	int n = 0;

	for (int i = 0; i < table->ncolumns; i++)
	{
		LiteColumnFacts facts = {.table = table,
								 .column = &table->columns[i],
								 .table_profile = profile,
								 .infer = import->infer};
		LiteDecision decision = {.severity = LITE_SEVERITY_INFO};
		char buf[64];

		if (table->columns[i].hidden)
			continue;
		if (profile != NULL)
			facts.profile = &profile->columns[i];
		lite_infer_column(import->arena, &facts, &decision);
		columns[n].column = i;
		columns[n].type = decision.type;
		columns[n].type_sql =
			pstrdup(lite_type_format(decision.type, buf, sizeof(buf)));
		columns[n].not_null = false;
		n++;
	}
	return n;
}

LiteStatus
LiteImportColumns(LiteSchemaImport *import, const LiteTable *table,
				  LiteImportColumn **columns, int *n, LiteError *err)
{
	const LitePlanTable *plan = planned(import, table);
	LiteProfileOptions options = {.sample = import->sample};
	LiteTableProfile *profile;
	LiteStatus status;

	*columns = palloc0(sizeof(LiteImportColumn) * Max(table->ncolumns, 1));
	if (plan != NULL)
	{
		*n = columns_from_plan(plan, *columns);
		return LITE_OK;
	}

	options.times = import->infer == LITE_INFER_EAGER;
	status = lite_profile_table(import->db, table, &options, import->arena,
								&profile, err);
	if (status != LITE_OK)
		return status;
	*n = columns_from_values(import, table, profile, *columns);
	if (lite_arena_failed(import->arena))
		return lite_error_nomem(err);
	return LITE_OK;
}
