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
	LiteSqlParams params = {0};
	char *sql = psprintf(
		"INSERT INTO %s (owner, source, path, schema, options, fingerprint, "
		"sqlite_version) VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
		LiteSqlOwnTable(run->fcinfo, "sqlite_import_log"));

	LiteSqlAddText(&params, GetUserNameFromId(GetUserId(), false));
	LiteSqlAddText(&params, run->request->name);
	LiteSqlAddText(&params, run->file->source->path);
	LiteSqlAddText(&params, LiteLoadServerText(run->plan->schema));
	LiteSqlAddJson(&params, run->request->json);
	LiteSqlAddJson(&params, fingerprint_json(run->file));
	LiteSqlAddText(&params, sqlite3_libversion());
	return LiteSqlRunAsOwner(run->fcinfo, sql, &params);
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

char *
LiteLoadFindingsToJson(const LiteLoadFindings *findings)
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
	LiteSqlParams params = {0};
	char *sql =
		psprintf("UPDATE %s SET rows = $2, rejected = $3, nulled = $4, "
				 "verified = $5, seconds = $6, findings = $7 WHERE id = $1",
				 LiteSqlOwnTable(run->fcinfo, "sqlite_import_log"));

	LiteSqlAddInt64(&params, run->import_id);
	LiteSqlAddInt64(&params, (int64) total->rows);
	LiteSqlAddInt64(&params, (int64) total->rejected);
	LiteSqlAddInt64(&params, (int64) total->nulled);
	LiteSqlAdd(&params, BOOLOID, BoolGetDatum(verified), !verify);
	LiteSqlAdd(&params, FLOAT8OID, Float8GetDatum(seconds), false);
	LiteSqlAddJson(&params, LiteLoadFindingsToJson(&run->findings));
	LiteSqlRunAsOwner(run->fcinfo, sql, &params);
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
	LiteSqlParams params = {0};
	char *sql = psprintf(
		"INSERT INTO %s (import_id, table_name, source_table, rows, rejected, "
		"nulled, verified, seconds, detail, plan, before, loaded, created) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
		LiteSqlOwnTable(run->fcinfo, "sqlite_import_tables"));

	LiteSqlAddInt64(&params, run->import_id);
	LiteSqlAddText(&params, LiteLoadServerText(table->name));
	LiteSqlAddText(&params, LiteLoadText(table->source_name));
	LiteSqlAddInt64(&params, (int64) counts->rows);
	LiteSqlAddInt64(&params, (int64) counts->rejected);
	LiteSqlAddInt64(&params, (int64) counts->nulled);
	LiteSqlAdd(&params, BOOLOID, BoolGetDatum(verified && *verified),
			   verified == NULL);
	LiteSqlAdd(&params, FLOAT8OID, Float8GetDatum(seconds), false);
	LiteSqlAddText(&params, detail);
	LiteSqlAddJson(&params, LiteLoadTableToJson(table));
	LiteSqlAddJson(&params, before ? LiteLoadSumsToJson(before, table) : NULL);
	LiteSqlAddJson(&params, loaded ? LiteLoadSumsToJson(loaded, table) : NULL);
	LiteSqlAdd(&params, BOOLOID, BoolGetDatum(created), false);
	LiteSqlRunAsOwner(run->fcinfo, sql, &params);
}
