/*
 * clash.c
 *	  Two files that bring a table of the same name into one schema.
 *
 * An application often keeps several files (queue.db, history.db), which are
 * imported into one schema, by one call or one after the other.  Where a
 * table is there already, the log knows which file it came from, so the error
 * can name both.  Within one transaction, "replace" and "skip" are meant for
 * what was there before it: there, two files with a table of the same name
 * are a clash all the same, or the rows of one of them would be lost.
 */
#include "pg/compat.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/builtins.h"

#include "load/load.h"

/*
 * Who has made this table of the target, from another file?  In words, NULL
 * if the log does not say: read with the rights of the caller, who may not
 * see all imports.
 */
static char *
maker_of(LiteLoadRun *run, const char *table, bool here_only)
{
	MemoryContext context = CurrentMemoryContext;
	LiteSqlParams params = {0};
	char *result = NULL;
	char *log = LiteSqlOwnTable(run->fcinfo, "sqlite_import_log");
	char *sql = psprintf(
		"SELECT i.id, i.path, i.seconds IS NULL AND EXISTS (SELECT FROM %s "
		"AS b WHERE b.import_id = i.id), i.path = $3 FROM %s AS i JOIN "
		"(SELECT import_id, table_name FROM %s UNION "
		"SELECT import_id, table_name FROM %s WHERE phase = 'data') AS t "
		"ON t.import_id = i.id WHERE i.schema = $1 AND t.table_name = $2 "
		"AND (NOT $4 OR (i.started_at = now() AND i.path <> $3)) "
		"ORDER BY i.id DESC LIMIT 1",
		LiteSqlOwnTable(run->fcinfo, "sqlite_import_batches"), log,
		LiteSqlOwnTable(run->fcinfo, "sqlite_import_tables"),
		LiteSqlOwnTable(run->fcinfo, "sqlite_import_steps"));

	LiteSqlAddText(&params, LiteLoadServerText(run->plan->schema));
	LiteSqlAddText(&params, LiteLoadServerText(table));
	LiteSqlAddText(&params, run->request->source->path);
	LiteSqlAdd(&params, BOOLOID, BoolGetDatum(here_only), false);
	SPI_connect();
	if (SPI_execute_with_args(sql, params.count, params.types, params.values,
							  params.nulls, false, 1) != SPI_OK_SELECT)
		elog(ERROR, "cannot read the import log");
	if (SPI_processed > 0)
	{
		HeapTuple tuple = SPI_tuptable->vals[0];
		TupleDesc desc = SPI_tuptable->tupdesc;
		bool null;
		bool unfinished = DatumGetBool(SPI_getbinval(tuple, desc, 3, &null));
		bool same = DatumGetBool(SPI_getbinval(tuple, desc, 4, &null));
		char *text =
			psprintf("Import %s, %s, has made it from %s \"%s\".",
					 SPI_getvalue(tuple, desc, 1),
					 unfinished
						 ? "which sqlite_import_batched() has not finished"
						 : "see sqlite_import_log",
					 same ? "this file," : "file",
					 SPI_getvalue(tuple, desc, 2));

		/* that the file itself was imported before is no news */
		if (!same || unfinished)
			result = MemoryContextStrdup(context, text);
	}
	SPI_finish();
	return result;
}

char *
LiteLoadMaker(LiteLoadRun *run, const LiteFinding *finding)
{
	const LiteTable *source = LiteLoadFindingTable(run->plan, finding);

	for (int i = 0; i < run->plan->ntables; i++)
	{
		if (run->plan->tables[i].source == source)
			return maker_of(run, run->plan->tables[i].name, false);
	}
	return NULL;
}

void
LiteLoadCheckClash(LiteLoadRun *run)
{
	const LitePlan *plan = run->plan;

	if (plan->options.if_exists != LITE_IF_EXISTS_REPLACE &&
		plan->options.if_exists != LITE_IF_EXISTS_SKIP)
		return;
	for (int i = 0; i < plan->ntables; i++)
	{
		char *maker;

		if (!OidIsValid(LiteLoadRelid(plan->schema, plan->tables[i].name)))
			continue;
		maker = maker_of(run, plan->tables[i].name, true);
		if (maker == NULL)
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_DUPLICATE_TABLE),
				 errmsg("table \"%s\" of file \"%s\" was brought by another "
						"file in this transaction",
						LiteLoadText(plan->tables[i].name),
						LiteLoadText(run->request->source->path)),
				 errdetail("%s", maker),
				 errhint("Import one of the files into another schema, or "
						 "leave the table out with \"exclude\"; if_exists => "
						 "'append' puts the rows of both together.")));
	}
}
