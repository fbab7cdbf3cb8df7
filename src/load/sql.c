/*
 * sql.c
 *	  Statements of ours, run through SPI.
 *
 * What an import executes was written by the core from a whitelist, but the
 * names in it ("lower", "bigint", "english") are looked up in the caller's
 * session, where anybody with CREATE on some schema of the search path could
 * have put a better match.  So while we run, names resolve to pg_catalog
 * alone; the target is always written with its schema.
 *
 * Statements run with the caller's rights.  The exception is the extension's
 * own log: a caller may add to it (through us) without having any right on
 * it, so we write there as the owner of the table.
 */
#include "pg/compat.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/resowner.h"
#include "utils/syscache.h"

#include "load/load.h"

static void
set_guc(const char *name, const char *value)
{
	(void) set_config_option(name, value, PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
}

int
LiteSqlEnter(void)
{
	int level = NewGUCNestLevel();

	set_guc("search_path", "pg_catalog, pg_temp");
	set_guc("standard_conforming_strings", "on");
	return level;
}

void
LiteSqlLeave(int level)
{
	AtEOXact_GUC(true, level);
}

/*
 * DROP ... IF EXISTS, or an index that gets the name of its constraint, have
 * notices for a person who typed the statement; nobody did.
 */
void
LiteSqlRun(const char *utf8)
{
	int level = NewGUCNestLevel();
	char *sql = LiteLoadServerText(utf8);
	int result;

	/*
	 * The core writes one statement at a time, from a whitelist.  Should that
	 * ever be outwitted by a file, this is one more wall before it.
	 */
	if (list_length(pg_parse_query(sql)) != 1)
		elog(ERROR, "this is not one statement: %s", sql);

	if (client_min_messages < WARNING)
		set_guc("client_min_messages", "warning");
	SPI_connect();
	result = SPI_execute(sql, false, 0);
	if (result < 0)
		elog(ERROR, "SPI_execute failed: %s", SPI_result_code_string(result));
	SPI_finish();
	AtEOXact_GUC(true, level);
}

static void
free_plan(void *arg)
{
	SPI_freeplan((SPIPlanPtr) arg);
}

SPIPlanPtr
LiteSqlPrepare(const char *sql, int nargs, Oid *types)
{
	MemoryContextCallback *callback = palloc0(sizeof(*callback));
	SPIPlanPtr plan;

	SPI_connect();
	plan = SPI_prepare(sql, nargs, types);
	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s",
			 SPI_result_code_string(SPI_result));
	SPI_keepplan(plan);
	SPI_finish();

	callback->func = free_plan;
	callback->arg = plan;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, callback);
	return plan;
}

/*
 * May the import go on after this error?  Not if the user or the system said
 * stop: the next statement would fail as well, or must not be run.
 */
static bool
is_about_statement(int sqlerrcode)
{
	switch (ERRCODE_TO_CATEGORY(sqlerrcode))
	{
		case ERRCODE_INSUFFICIENT_RESOURCES:
		case ERRCODE_OPERATOR_INTERVENTION:
		case ERRCODE_SYSTEM_ERROR:
		case ERRCODE_INTERNAL_ERROR:
		case ERRCODE_TRANSACTION_ROLLBACK:
			return false;
		default:
			return true;
	}
}

/* In a subtransaction: the error that it ended with, or NULL. */
ErrorData *
LiteSqlAttempt(void (*work)(void *arg), void *arg)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner resowner = CurrentResourceOwner;
	ErrorData *volatile error = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		work(arg);
		ReleaseCurrentSubTransaction();
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		error = CopyErrorData();
		FlushErrorState();
		RollbackAndReleaseCurrentSubTransaction();
	}
	PG_END_TRY();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = resowner;
	return error;
}

static void
run_text(void *sql)
{
	LiteSqlRun(sql);
}

ErrorData *
LiteSqlTry(const char *sql)
{
	ErrorData *error = LiteSqlAttempt(run_text, (void *) sql);

	if (error && !is_about_statement(error->sqlerrcode))
		ReThrowError(error);
	return error;
}

Datum
LiteSqlCopyVarlena(HeapTuple tuple, TupleDesc desc, int number,
				   MemoryContext context)
{
	bool null;
	Datum value = SPI_getbinval(tuple, desc, number, &null);
	MemoryContext old;

	if (null)
		return (Datum) 0;
	old = MemoryContextSwitchTo(context);
	value = PointerGetDatum(PG_DETOAST_DATUM_COPY(value));
	MemoryContextSwitchTo(old);
	return value;
}

/* ------------------------------------------------------------------------
 * The extension's own tables
 * ------------------------------------------------------------------------ */

/*
 * The tables are in the schema of the function that was called: both belong
 * to the extension, which cannot be moved.
 */
char *
LiteSqlOwnTable(FunctionCallInfo fcinfo, const char *table)
{
	Oid nspid = get_func_namespace(fcinfo->flinfo->fn_oid);

	return quote_qualified_identifier(get_namespace_name(nspid), table);
}

Oid
LiteSqlOwnRelid(FunctionCallInfo fcinfo, const char *table)
{
	Oid nspid = get_func_namespace(fcinfo->flinfo->fn_oid);
	Oid relid = get_relname_relid(table, nspid);

	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("table \"%s\" of extension sqlite_fdw_lite is missing",
						table),
				 errhint("Drop the extension and create it again.")));
	return relid;
}

void
LiteSqlBecomeOwner(Oid relid, LiteSqlOwner *save)
{
	HeapTuple tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	Oid owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for relation %u", relid);
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);

	GetUserIdAndSecContext(&save->userid, &save->context);
	SetUserIdAndSecContext(owner,
						   save->context | SECURITY_LOCAL_USERID_CHANGE);
}

/* Not called on errors: the transaction's abort restores both. */
void
LiteSqlResign(LiteSqlOwner *save)
{
	SetUserIdAndSecContext(save->userid, save->context);
}

void
LiteSqlAdd(LiteSqlParams *params, Oid type, Datum value, bool null)
{
	Assert(params->count < LITE_SQL_PARAMS);
	params->types[params->count] = type;
	params->values[params->count] = value;
	params->nulls[params->count] = null ? 'n' : ' ';
	params->count++;
}

void
LiteSqlAddText(LiteSqlParams *params, const char *text)
{
	LiteSqlAdd(params, TEXTOID, text ? CStringGetTextDatum(text) : (Datum) 0,
			   text == NULL);
}

void
LiteSqlAddJson(LiteSqlParams *params, const char *text)
{
	LiteSqlAdd(params, JSONBOID,
			   text ? DirectFunctionCall1(jsonb_in, CStringGetDatum(text))
					: (Datum) 0,
			   text == NULL);
}

void
LiteSqlAddInt64(LiteSqlParams *params, int64 value)
{
	LiteSqlAdd(params, INT8OID, Int64GetDatum(value), false);
}

/*
 * The caller has connected to SPI, and finds the rows in SPI_tuptable.
 */
void
LiteSqlAsOwner(FunctionCallInfo fcinfo, const char *sql, LiteSqlParams *params)
{
	LiteSqlOwner owner;
	int rc;

	LiteSqlBecomeOwner(LiteSqlOwnRelid(fcinfo, "sqlite_import_log"), &owner);
	rc = SPI_execute_with_args(sql, params->count, params->types,
							   params->values, params->nulls, false, 0);
	if (rc < 0)
		elog(ERROR, "cannot use the import log: %s",
			 SPI_result_code_string(rc));
	LiteSqlResign(&owner);
}

int64
LiteSqlRunAsOwner(FunctionCallInfo fcinfo, const char *sql,
				  LiteSqlParams *params)
{
	int64 result = 0;
	bool null = true;

	SPI_connect();
	LiteSqlAsOwner(fcinfo, sql, params);
	if (SPI_tuptable && SPI_processed > 0)
		result = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0],
											 SPI_tuptable->tupdesc, 1, &null));
	SPI_finish();
	return null ? 0 : result;
}
