/*
 * verify.c
 *	  sqlite_verify: does the schema still hold what the file holds?
 *
 * The log remembers what each import read and into what, so both sides can be
 * read again, any time later, exactly as they were then: by the import's
 * types, formats and policies, not by those a new plan would choose.
 *
 * A table may have got its rows from several imports (if_exists => 'append').
 * The log has the sums of the table before each import, and of what each
 * loaded; sums add up, so what the table should hold is
 *
 *		before + the file as it is now + what later imports added
 *
 * Whoever may read the file and the table may compare them, so the log is
 * looked up with its owner's rights.
 */
#include "pg/compat.h"

#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"
#include "utils/tuplestore.h"

#include "load/load.h"
#include "pg/report.h"

PG_FUNCTION_INFO_V1(sqlite_verify);

/* One table as the log has it. */
typedef struct LogEntry
{
	int64 import_id;
	char *table_name;
	LiteLoadTable *table;
	bool created; /* by the import */
	Datum before; /* jsonb, 0: there was nothing, or it is not known */
	int64 rejected;
	int64 corrected;	  /* rejected rows that are in the table otherwise */
	Datum corrected_sums; /* of those, 0: none */
	char *time_zone;
	int nlater;
	Datum *later;	/* sums of imports that appended after this one */
	char *replaced; /* a later import made the table anew: which */
} LogEntry;

void
LiteCheckReadable(Relation rel)
{
	Oid relid = RelationGetRelid(rel);
	AclResult result = pg_class_aclcheck(relid, GetUserId(), ACL_SELECT);

	if (result != ACLCHECK_OK)
		result = pg_attribute_aclcheck_all(relid, GetUserId(), ACL_SELECT,
										   ACLMASK_ALL);
	if (result != ACLCHECK_OK)
		aclcheck_error(result, get_relkind_objtype(rel->rd_rel->relkind),
					   RelationGetRelationName(rel));
	if (check_enable_rls(relid, InvalidOid, false) == RLS_ENABLED)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("cannot verify table \"%s\" with row-level security",
						RelationGetRelationName(rel)),
				 errdetail("Its policies would hide rows.")));
}

/* ------------------------------------------------------------------------
 * The log
 * ------------------------------------------------------------------------ */

static Datum
column(HeapTuple tuple, TupleDesc desc, int number, bool *null)
{
	return SPI_getbinval(tuple, desc, number, null);
}

static char *
keep_text(HeapTuple tuple, TupleDesc desc, int number, MemoryContext context)
{
	bool null;
	Datum value = column(tuple, desc, number, &null);

	return null ? NULL
				: MemoryContextStrdup(context, TextDatumGetCString(value));
}

static void
read_entry(LogEntry *entry, HeapTuple tuple, TupleDesc desc,
		   MemoryContext context)
{
	bool null;
	Datum plan;
	MemoryContext old;

	entry->import_id = DatumGetInt64(column(tuple, desc, 1, &null));
	entry->table_name = keep_text(tuple, desc, 2, context);
	plan = LiteSqlCopyVarlena(tuple, desc, 3, context);
	entry->before = LiteSqlCopyVarlena(tuple, desc, 4, context);
	entry->rejected = DatumGetInt64(column(tuple, desc, 5, &null));
	entry->time_zone = keep_text(tuple, desc, 6, context);
	entry->created = DatumGetBool(column(tuple, desc, 7, &null));
	entry->corrected = DatumGetInt64(column(tuple, desc, 8, &null));
	entry->corrected_sums = LiteSqlCopyVarlena(tuple, desc, 9, context);

	old = MemoryContextSwitchTo(context);
	entry->table = LiteLoadTableFromJson(plan);
	LiteLoadZone(entry->time_zone, &entry->table->to_utc,
				 &entry->table->zone_arg);
	MemoryContextSwitchTo(old);
}

/* The last import of this file into each of the tables. */
static LogEntry *
find_entries(FunctionCallInfo fcinfo, const char *path, const char *schema,
			 int *count)
{
	MemoryContext context = CurrentMemoryContext;
	Oid types[3] = {TEXTOID, TEXTOID, TEXTARRAYOID};
	Datum values[3];
	char nulls[3] = {' ', ' ', ' '};
	LogEntry *entries;
	char *sql = psprintf(
		"SELECT DISTINCT ON (t.table_name) i.id, t.table_name, t.plan, "
		"t.before, t.rejected, i.options->>'time_zone', t.created, "
		"t.corrected, t.corrected_sums "
		"FROM %s AS i JOIN %s AS t ON t.import_id = i.id "
		"WHERE i.path = $1 AND i.schema = $2 "
		"AND ($3 IS NULL OR t.table_name = ANY ($3) "
		"OR t.source_table = ANY ($3)) "
		"ORDER BY t.table_name, i.id DESC",
		LiteSqlOwnTable(fcinfo, "sqlite_import_log"),
		LiteSqlOwnTable(fcinfo, "sqlite_import_tables"));

	values[0] = CStringGetTextDatum(path);
	values[1] = CStringGetTextDatum(schema);
	values[2] = PG_ARGISNULL(2) ? (Datum) 0 : PG_GETARG_DATUM(2);
	nulls[2] = PG_ARGISNULL(2) ? 'n' : ' ';
	SPI_connect();
	if (SPI_execute_with_args(sql, 3, types, values, nulls, true, 0) !=
		SPI_OK_SELECT)
		elog(ERROR, "cannot read the import log");
	*count = (int) SPI_processed;
	entries =
		MemoryContextAllocZero(context, sizeof(LogEntry) * Max(*count, 1));
	for (int i = 0; i < *count; i++)
		read_entry(&entries[i], SPI_tuptable->vals[i], SPI_tuptable->tupdesc,
				   context);
	SPI_finish();
	return entries;
}

/* What was done to the entry's table after it. */
static void
find_later(FunctionCallInfo fcinfo, LogEntry *entry)
{
	MemoryContext context = CurrentMemoryContext;
	Oid types[3] = {TEXTOID, TEXTOID, INT8OID};
	Datum values[3];
	char *sql = psprintf("SELECT t.loaded, t.created, i.id, i.source "
						 "FROM %s AS i JOIN %s AS t ON t.import_id = i.id "
						 "WHERE i.schema = $1 AND t.table_name = $2 "
						 "AND i.id > $3 ORDER BY i.id",
						 LiteSqlOwnTable(fcinfo, "sqlite_import_log"),
						 LiteSqlOwnTable(fcinfo, "sqlite_import_tables"));

	values[0] = CStringGetTextDatum(LiteLoadServerText(entry->table->schema));
	values[1] = CStringGetTextDatum(entry->table_name);
	values[2] = Int64GetDatum(entry->import_id);
	SPI_connect();
	if (SPI_execute_with_args(sql, 3, types, values, NULL, true, 0) !=
		SPI_OK_SELECT)
		elog(ERROR, "cannot read the import log");
	entry->later =
		MemoryContextAllocZero(context, sizeof(Datum) * Max(SPI_processed, 1));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		HeapTuple tuple = SPI_tuptable->vals[i];
		TupleDesc desc = SPI_tuptable->tupdesc;
		bool null;
		Datum loaded = LiteSqlCopyVarlena(tuple, desc, 1, context);

		if (loaded != (Datum) 0 &&
			!DatumGetBool(column(tuple, desc, 2, &null)))
			entry->later[entry->nlater++] = loaded;
		else
			entry->replaced = MemoryContextStrdup(
				context,
				psprintf("import " INT64_FORMAT " has written to the table "
						 "since, from %s",
						 DatumGetInt64(column(tuple, desc, 3, &null)),
						 keep_text(tuple, desc, 4, context)));
	}
	SPI_finish();
}

/* ------------------------------------------------------------------------
 * One table
 * ------------------------------------------------------------------------ */

static void
put_result(ReturnSetInfo *rsinfo, const LogEntry *entry, const int64 *source,
		   const int64 *target, bool verified, const char *detail)
{
	Datum values[5] = {0};
	bool nulls[5] = {false};

	values[0] = CStringGetTextDatum(entry->table_name);
	nulls[1] = (source == NULL);
	values[1] = Int64GetDatum(source ? *source : 0);
	nulls[2] = (target == NULL);
	values[2] = Int64GetDatum(target ? *target : 0);
	values[3] = BoolGetDatum(verified);
	values[4] = CStringGetTextDatum(detail);
	tuplestore_putvalues(rsinfo->setResult, rsinfo->setDesc, values, nulls);
}

static char *
add_sentence(char *detail, const char *more)
{
	return more ? psprintf("%s; %s", detail, more) : detail;
}

static void
compare_table(ReturnSetInfo *rsinfo, LiteLoadFile *file, LogEntry *entry,
			  Relation rel)
{
	const LiteLoadTable *table = entry->table;
	LiteLoadInput *input = LiteLoadInputBegin(file, table, rel);
	LiteLoadSums *source = LiteLoadSumsNew(table);
	LiteLoadSums *target = LiteLoadSumsNew(table);
	LiteLoadSums *part = LiteLoadSumsNew(table);
	int64 source_rows;
	int64 target_rows;
	char *detail;
	bool verified;

	LiteLoadSumsOfFile(source, input);
	source_rows = source->digest.rows + (int64) source->rejected;
	LiteLoadSumsOfHeap(target, input, rel);
	target_rows = target->digest.rows;

	/* what others have loaded is no business of this file's */
	if (entry->before != (Datum) 0)
	{
		LiteLoadSumsFromJson(part, entry->before);
		LiteLoadSumsSubtract(target, part);
	}
	for (int i = 0; i < entry->nlater; i++)
	{
		LiteLoadSumsFromJson(part, entry->later[i]);
		LiteLoadSumsSubtract(target, part);
	}
	/* nor are rows that were corrected before they were let in */
	if (entry->corrected_sums != (Datum) 0)
	{
		LiteLoadSumsFromJson(part, entry->corrected_sums);
		LiteLoadSumsSubtract(target, part);
	}
	verified = LiteLoadSumsCompare(source, target, table, &detail);
	if (entry->corrected > 0)
		detail =
			add_sentence(detail,
						 psprintf("%lld of these corrected and reinserted",
								  (long long) entry->corrected));
	if (!verified && entry->before == (Datum) 0 && entry->nlater == 0 &&
		entry->corrected == 0)
		detail = add_sentence(detail,
							  LiteLoadDiffer(input, rel,
											 Max(source_rows, target_rows)));
	if ((int64) source->rejected != entry->rejected + entry->corrected)
	{
		verified = false;
		detail =
			add_sentence(detail,
						 psprintf("the import rejected %s",
								  LiteLoadCountOf((uint64) entry->rejected,
												  "row")));
	}
	put_result(rsinfo, entry, &source_rows, &target_rows, verified, detail);
	LiteLoadInputEnd(input);
}

/* The relation, if it is one that can be read; else *why not. */
static Relation
open_readable(const LiteLoadTable *table, const char **why)
{
	Oid relid = LiteLoadRelid(table->schema, table->name);
	Relation rel;

	if (!OidIsValid(relid))
	{
		*why = "the table does not exist";
		return NULL;
	}
	rel = table_open(relid, AccessShareLock);
	if (rel->rd_rel->relkind != RELKIND_RELATION &&
		rel->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
	{
		table_close(rel, AccessShareLock);
		*why = "this is no ordinary table";
		return NULL;
	}
	LiteCheckReadable(rel);
	return rel;
}

/*
 * Does the file still have what the import read?  NULL if so, else why not;
 * one table that is gone is no reason to say nothing of the others.
 */
static char *
unreadable(LiteLoadFile *file, const LiteLoadTable *table)
{
	LiteStmt *stmt = NULL;
	LiteError err;
	LiteStatus status =
		lite_stmt_prepare(file->db, table->select_sql, &stmt, &err);

	if (status == LITE_OK)
	{
		lite_stmt_finalize(stmt);
		return NULL;
	}
	if (status != LITE_SQL)
		LiteReport(&err);
	return psprintf("the file has no such table any more: %s",
					LiteLoadText(err.detail[0] ? err.detail : err.message));
}

static void
verify_table(ReturnSetInfo *rsinfo, LiteLoadFile *file, LogEntry *entry)
{
	const char *why = entry->replaced;
	Relation rel;

	if (why == NULL && !entry->created && entry->before == (Datum) 0)
		why = "it was appended to without verification, so what it held "
			  "before is not known";
	if (why == NULL)
		why = unreadable(file, entry->table);
	rel = why ? NULL : open_readable(entry->table, &why);

	if (rel == NULL)
	{
		put_result(rsinfo, entry, NULL, NULL, false, why);
		return;
	}
	why = LiteLoadMissingColumn(entry->table, rel);
	if (why)
		put_result(rsinfo, entry, NULL, NULL, false,
				   psprintf("column \"%s\" is missing", LiteLoadText(why)));
	else
		compare_table(rsinfo, file, entry, rel);
	table_close(rel, AccessShareLock);
}

/* ------------------------------------------------------------------------
 * All
 * ------------------------------------------------------------------------ */

static LogEntry *
look_up(FunctionCallInfo fcinfo, const LiteSource *source, const char *schema,
		int *count)
{
	LiteSqlOwner owner;
	LogEntry *entries;

	LiteSqlBecomeOwner(LiteSqlOwnRelid(fcinfo, "sqlite_import_log"), &owner);
	entries = find_entries(fcinfo, source->path, schema, count);
	for (int i = 0; i < *count; i++)
		find_later(fcinfo, &entries[i]);
	LiteSqlResign(&owner);
	if (*count == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("no import of \"%s\" into schema \"%s\" is known",
						source->path, schema),
				 errhint("sqlite_verify() compares what sqlite_import() has "
						 "loaded; see table sqlite_import_log.")));
	return entries;
}

Datum
sqlite_verify(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	LiteSource *source = LiteLoadSourceArg(fcinfo, 0);
	MemoryContext context;
	LiteLoadFile *file;
	LogEntry *entries;
	char *schema;
	int count;
	int level;

	if (PG_ARGISNULL(1))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("schema must not be null")));
	schema = text_to_cstring(PG_GETARG_TEXT_PP(1));
	InitMaterializedSRF(fcinfo, 0);
	level = LiteSqlEnter();
	entries = look_up(fcinfo, source, schema, &count);
	file = LiteLoadFileOpen(source);
	context = AllocSetContextCreate(CurrentMemoryContext, "sqlite_verify",
									ALLOCSET_DEFAULT_SIZES);
	PushActiveSnapshot(GetTransactionSnapshot());
	for (int i = 0; i < count; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(context);

		verify_table(rsinfo, file, &entries[i]);
		MemoryContextSwitchTo(old);
		MemoryContextReset(context);
	}
	PopActiveSnapshot();
	LiteLoadFileClose(file);
	LiteSqlLeave(level);
	return (Datum) 0;
}
