/*
 * look.c
 *	  sqlite_tables, sqlite_columns, sqlite_plan: what is in a file, what it
 *	  would become, and how.  Nothing is written anywhere.
 *
 * All three fill a tuplestore from what the core found.  Text of the file is
 * shown through LiteLoadText(), which escapes what this database cannot hold;
 * it is data for people here, never SQL.
 */
#include "pg/compat.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/tuplestore.h"

#include "load/load.h"
#include "pg/report.h"

PG_FUNCTION_INFO_V1(sqlite_tables);
PG_FUNCTION_INFO_V1(sqlite_columns);
PG_FUNCTION_INFO_V1(sqlite_plan);

static void
set_text(Datum *value, bool *null, const char *text)
{
	*null = (text == NULL);
	*value = text ? CStringGetTextDatum(text) : (Datum) 0;
}

/* ------------------------------------------------------------------------
 * sqlite_tables
 * ------------------------------------------------------------------------ */

/*
 * The count of a view would run the view, which may take any time; it is left
 * out.  One that cannot be counted (its module is missing, its pages are
 * broken) is NULL here, with the reason in "unreadable".
 */
static void
set_rows(LiteLoadFile *file, const LiteTable *table, Datum *value, bool *null,
		 const char **unreadable)
{
	int64_t rows = 0;
	LiteError err;
	LiteStatus status;

	*null = true;
	if (table->kind == LITE_KIND_VIEW || table->unreadable)
		return;
	status = lite_table_count(file->db, table, &rows, &err);
	if (status == LITE_OK)
	{
		*null = false;
		*value = Int64GetDatum(rows);
	}
	else if (status == LITE_SQL || status == LITE_CORRUPT)
		*unreadable = pstrdup(err.message);
	else
		LiteReport(&err);
}

static void
set_primary_key(const LiteTable *table, Datum *value, bool *null)
{
	Datum *names;

	*null = (table->npk == 0);
	if (*null)
		return;
	names = palloc(sizeof(Datum) * table->npk);
	for (int i = 0; i < table->npk; i++)
		names[i] = CStringGetTextDatum(
			LiteLoadText(table->columns[table->pk[i]].name));
	*value = PointerGetDatum(
		construct_array(names, table->npk, TEXTOID, -1, false, TYPALIGN_INT));
}

Datum
sqlite_tables(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	LiteSource *source = LiteLoadSourceArg(fcinfo, 0);
	LiteLoadFile *file;
	LiteSchema *schema;

	InitMaterializedSRF(fcinfo, 0);
	file = LiteLoadFileOpen(source);
	schema = LiteLoadFileSchema(file);
	for (int i = 0; i < schema->ntables; i++)
	{
		const LiteTable *table = &schema->tables[i];
		const char *unreadable = table->unreadable;
		Datum values[9];
		bool nulls[9] = {false};

		set_text(&values[0], &nulls[0], LiteLoadText(table->name));
		set_text(&values[1], &nulls[1], lite_kind_name(table->kind));
		set_rows(file, table, &values[2], &nulls[2], &unreadable);
		values[3] = Int32GetDatum(table->ncolumns);
		set_primary_key(table, &values[4], &nulls[4]);
		values[5] = BoolGetDatum(table->without_rowid);
		values[6] = BoolGetDatum(table->strict);
		set_text(&values[7], &nulls[7], LiteLoadText(table->sql));
		set_text(&values[8], &nulls[8], LiteLoadText(unreadable));
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values,
							 nulls);
	}
	LiteLoadFileClose(file);
	return (Datum) 0;
}

/* ------------------------------------------------------------------------
 * sqlite_columns
 * ------------------------------------------------------------------------ */

/* {"integer": 12, "null": 1}: the classes that occur, in the core's order. */
static void
set_classes(const LiteColumnProfile *profile, Datum *value, bool *null)
{
	StringInfoData buf;

	*null = (profile == NULL);
	if (*null)
		return;
	initStringInfo(&buf);
	appendStringInfoChar(&buf, '{');
	for (int cls = 0; cls < LITE_NCLASSES; cls++)
	{
		if (profile->count[cls] == 0)
			continue;
		if (buf.len > 1)
			appendStringInfoString(&buf, ", ");
		escape_json(&buf, lite_class_name(cls));
		appendStringInfo(&buf, ": %lld", (long long) profile->count[cls]);
	}
	appendStringInfoChar(&buf, '}');
	*value = DirectFunctionCall1(jsonb_in, CStringGetDatum(buf.data));
}

static const LitePlanTable *
find_plan_table(const LitePlan *plan, const LiteTable *table)
{
	for (int i = 0; plan && i < plan->ntables; i++)
	{
		if (plan->tables[i].source == table)
			return &plan->tables[i];
	}
	return NULL;
}

static const LitePlanColumn *
find_plan_column(const LitePlanTable *table, int column)
{
	for (int i = 0; table && i < table->ncolumns; i++)
	{
		if (table->columns[i].column == column)
			return &table->columns[i];
	}
	return NULL;
}

static const char *
generated_name(LiteGenerated generated)
{
	switch (generated)
	{
		case LITE_GENERATED_NOT:
			return NULL;
		case LITE_GENERATED_VIRTUAL:
			return "virtual";
		case LITE_GENERATED_STORED:
			return "stored";
	}
	return NULL;
}

static void
put_columns(ReturnSetInfo *rsinfo, const LiteTable *table,
			const LitePlanTable *planned)
{
	for (int i = 0; i < table->ncolumns; i++)
	{
		const LiteColumn *column = &table->columns[i];
		const LitePlanColumn *plan = find_plan_column(planned, i);
		const LiteColumnProfile *profile = NULL;
		Datum values[10];
		bool nulls[10] = {false};

		if (plan && plan->profile)
			profile = plan->profile;
		else if (planned && planned->profile)
			profile = &planned->profile->columns[i];

		set_text(&values[0], &nulls[0], LiteLoadText(table->name));
		set_text(&values[1], &nulls[1], LiteLoadText(column->name));
		set_text(&values[2], &nulls[2], LiteLoadText(column->declared));
		set_text(&values[3], &nulls[3],
				 plan ? LiteLoadText(plan->type_sql) : NULL);
		values[4] = BoolGetDatum(column->not_null);
		set_text(&values[5], &nulls[5], LiteLoadText(column->default_sql));
		set_text(&values[6], &nulls[6], generated_name(column->generated));
		set_classes(profile, &values[7], &nulls[7]);
		set_text(&values[8], &nulls[8],
				 plan ? LiteLoadText(plan->evidence) : NULL);
		set_text(&values[9], &nulls[9],
				 plan ? LiteLoadText(plan->suggestion) : NULL);
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values,
							 nulls);
	}
}

/*
 * sqlite_columns(source, table_name, types, infer, time_zone, sample)
 *
 * The types are those of a plan with the same options.  Views have columns,
 * too, but no place in a plan: theirs are shown as declared.
 */
Datum
sqlite_columns(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	LiteSource *source = LiteLoadSourceArg(fcinfo, 0);
	char *name = LiteLoadTextArg(fcinfo, 1);
	const char *names[1] = {name};
	const LiteTable *only = NULL;
	LitePlanOptions options;
	LiteLoadFile *file;
	LiteSchema *schema;
	LitePlan *plan = NULL;

	lite_plan_options_init(&options);
	options.schema = "public";
	options.types =
		PG_ARGISNULL(2) ? NULL : LiteLoadJsonArg(fcinfo, 2, "types");
	LiteLoadInferArg(LiteLoadTextArg(fcinfo, 3), &options.infer);
	options.time_zone = LiteLoadTextArg(fcinfo, 4);
	LiteLoadZone(options.time_zone, &options.to_utc, &options.zone_arg);
	options.sample = PG_ARGISNULL(5) ? 0 : PG_GETARG_INT64(5);

	InitMaterializedSRF(fcinfo, 0);
	file = LiteLoadFileOpen(source);
	schema = LiteLoadFileSchema(file);
	if (name)
	{
		only = lite_schema_find(schema, name);
		if (only)
			names[0] = only->name;
		options.ntables = 1;
		options.tables = names;
	}
	if (only == NULL || only->kind == LITE_KIND_TABLE ||
		only->kind == LITE_KIND_VIRTUAL)
		plan = LiteLoadPlan(file, &options);
	for (int i = 0; i < schema->ntables; i++)
	{
		const LiteTable *table = &schema->tables[i];

		if (only == NULL || only == table)
			put_columns(rsinfo, table, find_plan_table(plan, table));
	}
	LiteLoadFileClose(file);
	return (Datum) 0;
}

/* ------------------------------------------------------------------------
 * sqlite_plan
 * ------------------------------------------------------------------------ */

static void
put_statements(ReturnSetInfo *rsinfo, const LitePlan *plan, int *step)
{
	for (int i = 0; i < plan->nstatements; i++)
	{
		const LiteStatement *statement = &plan->statements[i];
		Datum values[7];
		bool nulls[7] = {false};

		if (LiteLoadSkipped(plan, statement))
			continue;
		values[0] = Int32GetDatum(++*step);
		set_text(&values[1], &nulls[1], lite_phase_name(statement->phase));
		set_text(&values[2], &nulls[2], LiteLoadText(statement->object));
		set_text(&values[3], &nulls[3], LiteLoadText(statement->sql));
		nulls[4] = nulls[5] = nulls[6] = true;
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values,
							 nulls);
	}
}

static void
put_findings(ReturnSetInfo *rsinfo, const LitePlan *plan, int *step)
{
	for (int i = 0; i < plan->nfindings; i++)
	{
		const LiteFinding *finding = &plan->findings[i];
		const char *object =
			finding->object ? finding->object : finding->table;
		Datum values[7];
		bool nulls[7] = {false};

		values[0] = Int32GetDatum(++*step);
		set_text(&values[1], &nulls[1], "finding");
		set_text(&values[2], &nulls[2], LiteLoadText(object));
		nulls[3] = true;
		set_text(&values[4], &nulls[4], lite_severity_name(finding->severity));
		set_text(&values[5], &nulls[5], LiteLoadText(finding->text));
		set_text(&values[6], &nulls[6], LiteLoadText(finding->advice));
		tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values,
							 nulls);
	}
}

Datum
sqlite_plan(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	LiteLoadRequest *request = LiteLoadRequestRead(fcinfo);
	LiteLoadFile *file;
	LitePlan *plan;
	int step = 0;

	InitMaterializedSRF(fcinfo, 0);
	file = LiteLoadFileOpen(request->source);
	plan = LiteLoadPlan(file, &request->options);
	put_statements(rsinfo, plan, &step);
	put_findings(rsinfo, plan, &step);
	LiteLoadFileClose(file);
	return (Datum) 0;
}
