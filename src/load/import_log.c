/*
 * import_log.c
 *	  The history of imports, in the extension's own tables.
 *
 *		sqlite_import_log		one row per import
 *		sqlite_import_tables	one per table of it: what was read and into
 *								what ("plan"), and the checksums of both sides
 *		sqlite_rejects			what did not fit (reject.c)
 *
 * A row of the log is written before the first table, because rejects refer
 * to it, and completed after the last.  It commits or vanishes with the
 * import.  The tables' policies show each role its own imports; the writes
 * here go through the owner's rights (sql.c).
 */
#include "pg/compat.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/jsonb.h"

#include "load/load.h"
#include "pg/report.h"

#define MAX_PARAMS 13

/* The parameters of one statement, in order. */
typedef struct Params
{
	int count;
	Oid types[MAX_PARAMS];
	Datum values[MAX_PARAMS];
	char nulls[MAX_PARAMS];
} Params;

static void
add(Params *params, Oid type, Datum value, bool null)
{
	Assert(params->count < MAX_PARAMS);
	params->types[params->count] = type;
	params->values[params->count] = value;
	params->nulls[params->count] = null ? 'n' : ' ';
	params->count++;
}

static void
add_text(Params *params, const char *text)
{
	add(params, TEXTOID, text ? CStringGetTextDatum(text) : (Datum) 0,
		text == NULL);
}

static void
add_json(Params *params, const char *text)
{
	add(params, JSONBOID,
		text ? DirectFunctionCall1(jsonb_in, CStringGetDatum(text))
			 : (Datum) 0,
		text == NULL);
}

static void
add_int64(Params *params, int64 value)
{
	add(params, INT8OID, Int64GetDatum(value), false);
}

/* As the log's owner; returns the first column of the first row, if any. */
static int64
run_as_owner(FunctionCallInfo fcinfo, const char *sql, Params *params)
{
	LiteSqlOwner owner;
	int64 result = 0;
	int rc;

	LiteSqlBecomeOwner(LiteSqlOwnRelid(fcinfo, "sqlite_import_log"), &owner);
	SPI_connect();
	rc = SPI_execute_with_args(sql, params->count, params->types,
							   params->values, params->nulls, false, 0);
	if (rc < 0)
		elog(ERROR, "cannot write to the import log: %s",
			 SPI_result_code_string(rc));
	if (rc == SPI_OK_INSERT_RETURNING && SPI_processed == 1)
	{
		bool null;

		result = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0],
											 SPI_tuptable->tupdesc, 1, &null));
	}
	SPI_finish();
	LiteSqlResign(&owner);
	return result;
}

/* ------------------------------------------------------------------------
 * One import
 * ------------------------------------------------------------------------ */

static char *
fingerprint_json(LiteLoadFile *file)
{
	LiteFingerprint print;
	LiteError err;

	LiteCheck(lite_db_fingerprint(file->source->path, &print, &err), &err);
	return psprintf("{\"size\": %lld, \"mtime_ns\": %lld, \"device\": %llu, "
					"\"inode\": %llu, \"wal_size\": %lld}",
					(long long) print.size, (long long) print.mtime_ns,
					(unsigned long long) print.device,
					(unsigned long long) print.inode,
					(long long) print.wal_size);
}

int64
LiteLogBegin(LiteLoadRun *run)
{
	Params params = {0};
	char *sql = psprintf(
		"INSERT INTO %s (owner, source, path, schema, options, fingerprint, "
		"sqlite_version) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
		LiteSqlOwnTable(run->fcinfo, "sqlite_import_log"));

	add_text(&params, GetUserNameFromId(GetUserId(), false));
	add_text(&params, run->request->name);
	add_text(&params, run->file->source->path);
	add_text(&params, LiteLoadServerText(run->plan->schema));
	add_json(&params, run->request->json);
	add_json(&params, fingerprint_json(run->file));
	add_text(&params, sqlite3_libversion());
	return run_as_owner(run->fcinfo, sql, &params);
}

static void
put_member(StringInfo buf, const char *name, const char *text)
{
	if (text == NULL)
		return;
	if (buf->data[buf->len - 1] != '{')
		appendStringInfoString(buf, ", ");
	escape_json(buf, name);
	appendStringInfoString(buf, ": ");
	escape_json(buf, LiteLoadText(text));
}

static char *
findings_json(const LiteLoadFindings *findings)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoChar(&buf, '[');
	for (int i = 0; i < findings->count; i++)
	{
		const LiteFinding *finding = &findings->items[i];

		appendStringInfoString(&buf, i ? ", {" : "{");
		put_member(&buf, "severity", lite_severity_name(finding->severity));
		put_member(&buf, "code", finding->code);
		put_member(&buf, "table", finding->table);
		put_member(&buf, "object", finding->object);
		put_member(&buf, "text", finding->text);
		put_member(&buf, "advice", finding->advice);
		appendStringInfoChar(&buf, '}');
	}
	appendStringInfoChar(&buf, ']');
	return buf.data;
}

void
LiteLogEnd(LiteLoadRun *run, const LiteLoadCounts *total, bool verify,
		   bool verified, double seconds)
{
	Params params = {0};
	char *sql =
		psprintf("UPDATE %s SET rows = $2, rejected = $3, nulled = $4, "
				 "verified = $5, seconds = $6, findings = $7 WHERE id = $1",
				 LiteSqlOwnTable(run->fcinfo, "sqlite_import_log"));

	add_int64(&params, run->import_id);
	add_int64(&params, (int64) total->rows);
	add_int64(&params, (int64) total->rejected);
	add_int64(&params, (int64) total->nulled);
	add(&params, BOOLOID, BoolGetDatum(verified), !verify);
	add(&params, FLOAT8OID, Float8GetDatum(seconds), false);
	add_json(&params, findings_json(&run->findings));
	run_as_owner(run->fcinfo, sql, &params);
}

/* ------------------------------------------------------------------------
 * One table of it
 * ------------------------------------------------------------------------ */

/* before, loaded, verified: NULL where there was no verification. */
void
LiteLogTable(LiteLoadRun *run, const LiteLoadTable *table, bool created,
			 const LiteLoadCounts *counts, const LiteLoadSums *before,
			 const LiteLoadSums *loaded, const bool *verified,
			 const char *detail, double seconds)
{
	Params params = {0};
	char *sql = psprintf(
		"INSERT INTO %s (import_id, table_name, source_table, rows, rejected, "
		"nulled, verified, seconds, detail, plan, before, loaded, created) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
		LiteSqlOwnTable(run->fcinfo, "sqlite_import_tables"));

	add_int64(&params, run->import_id);
	add_text(&params, LiteLoadServerText(table->name));
	add_text(&params, LiteLoadText(table->source_name));
	add_int64(&params, (int64) counts->rows);
	add_int64(&params, (int64) counts->rejected);
	add_int64(&params, (int64) counts->nulled);
	add(&params, BOOLOID, BoolGetDatum(verified && *verified),
		verified == NULL);
	add(&params, FLOAT8OID, Float8GetDatum(seconds), false);
	add_text(&params, detail);
	add_json(&params, LiteLoadTableToJson(table));
	add_json(&params, before ? LiteLoadSumsToJson(before, table) : NULL);
	add_json(&params, loaded ? LiteLoadSumsToJson(loaded, table) : NULL);
	add(&params, BOOLOID, BoolGetDatum(created), false);
	run_as_owner(run->fcinfo, sql, &params);
}
