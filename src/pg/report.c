/*
 * report.c
 *	  From the core's LiteError to PostgreSQL's ereport().
 *
 * The core answers with a status and four strings; this file adds what only
 * a server knows: the SQLSTATE, the server's encoding, and how to stop when
 * the user wants to.
 *
 * The strings may quote a file that is not to be trusted.  The core clips
 * them to valid UTF-8; here they are brought into the server's encoding
 * without ever throwing (an error about an error would hide the first one).
 */
#include "pg/compat.h"

#include "pg/encoding.h"
#include "pg/report.h"

/*
 * One SQLSTATE per status.  No default: the compiler names a status that is
 * missing here.
 */
int
LiteSqlState(LiteStatus status)
{
	switch (status)
	{
		case LITE_OK:
		case LITE_ROW:
		case LITE_DONE:
			return ERRCODE_SUCCESSFUL_COMPLETION;
		case LITE_NOMEM:
			return ERRCODE_OUT_OF_MEMORY;
		case LITE_MISSING:
			return ERRCODE_UNDEFINED_FILE;
		case LITE_DENIED:
			return ERRCODE_INSUFFICIENT_PRIVILEGE;
		case LITE_NOTFILE:
		case LITE_NOTADB:
			return ERRCODE_WRONG_OBJECT_TYPE;
		case LITE_CORRUPT:
			return ERRCODE_DATA_CORRUPTED;
		case LITE_HOTJOURNAL:
		case LITE_WALUNREADABLE:
		case LITE_READONLY:
			return ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE;
		case LITE_BUSY:
			return ERRCODE_LOCK_NOT_AVAILABLE;
		case LITE_INTERRUPTED:
			return ERRCODE_QUERY_CANCELED;
		case LITE_CHANGED:
			/* running the transaction again is the right answer to it */
			return ERRCODE_T_R_SERIALIZATION_FAILURE;
		case LITE_IO:
			return ERRCODE_IO_ERROR;
		case LITE_SQL:
			return ERRCODE_FDW_UNABLE_TO_CREATE_EXECUTION;
		case LITE_TOOBIG:
			return ERRCODE_PROGRAM_LIMIT_EXCEEDED;
		case LITE_NOTFOUND:
			return ERRCODE_UNDEFINED_OBJECT;
		case LITE_INVALID:
			return ERRCODE_INVALID_PARAMETER_VALUE;
		case LITE_MISFIT:
			return ERRCODE_DATA_EXCEPTION;
		case LITE_UNSUPPORTED:
			return ERRCODE_FEATURE_NOT_SUPPORTED;
		case LITE_INTERNAL:
			return ERRCODE_INTERNAL_ERROR;
	}
	return ERRCODE_INTERNAL_ERROR;
}

/*
 * Context lines are set through the error itself, not through a callback:
 * the error may be thrown long after the place it tells of has been left.
 */
void
LiteReportCode(int elevel, int sqlstate, const LiteError *err)
{
	const char *detail = LiteTextForMessage(err->detail);
	const char *hint = LiteTextForMessage(err->hint);
	const char *context = LiteTextForMessage(err->context);

	if (sqlstate == 0)
		sqlstate = LiteSqlState(err->status);

	if (err->status == LITE_NOMEM && hint[0] == '\0')
		hint = "Raise sqlite_fdw_lite.memory_limit if the file really needs "
			   "more.";

	ereport(elevel, (errcode(sqlstate),
					 errmsg_internal("%s", LiteTextForMessage(err->message)),
					 detail[0] ? errdetail_internal("%s", detail) : 0,
					 hint[0] ? errhint("%s", hint) : 0,
					 context[0] ? errcontext("%s", context) : 0));
}

void
LiteReportAt(int elevel, const LiteError *err)
{
	Assert(elevel < ERROR);
	LiteReportCode(elevel, 0, err);
}

void
LiteReport(const LiteError *err)
{
	/*
	 * The user asked to stop, and the core has: what the user reads is
	 * PostgreSQL's own message (cancel, statement_timeout, shutdown ...).
	 */
	if (err->status == LITE_INTERRUPTED)
		CHECK_FOR_INTERRUPTS();

	LiteReportCode(ERROR, 0, err);
	pg_unreachable();
}

/*
 * The core calls this from inside SQLite every few hundred microseconds, so
 * it only reads flags.  It has to say true exactly when a following
 * CHECK_FOR_INTERRUPTS() would throw: were it true for an interrupt that is
 * merely serviced (a catalogue invalidation, a request to log memory), the
 * query would fail for nothing, because a stopped sqlite3_step() cannot be
 * resumed.
 */
bool
LiteCancelled(void *arg)
{
	(void) arg;

	if (likely(!InterruptPending))
		return false;
	if (InterruptHoldoffCount != 0 || CritSectionCount != 0)
		return false;
	if (ProcDiePending || ClientConnectionLost || LITE_TRANSACTION_TIMED_OUT())
		return true;
	return QueryCancelPending && QueryCancelHoldoffCount == 0;
}
