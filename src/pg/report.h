/*
 * report.h
 *	  From the core's LiteError to PostgreSQL's ereport().
 *
 * Each LiteStatus has one SQLSTATE (the table is in report.c), so that an
 * application can tell a busy file (55P03 lock_not_available) from a missing
 * one (58P01 undefined_file) from a value that does not fit (22xxx).
 */
#ifndef LITE_REPORT_H
#define LITE_REPORT_H

#include "pg/compat.h"

#include "core/status.h"

/* Throws err with its four slots.  LITE_INTERRUPTED first services the
 * interrupt (so that the user reads "canceling statement due to ..."). */
pg_noreturn extern void LiteReport(const LiteError *err);

/* LiteReport unless status is LITE_OK, LITE_ROW or LITE_DONE. */
#define LiteCheck(status, err)                                                \
	do                                                                        \
	{                                                                         \
		LiteStatus _status = (status);                                        \
		if (unlikely(_status > LITE_DONE))                                    \
			LiteReport(err);                                                  \
	} while (0)

/* The same at a lower elevel (WARNING, NOTICE), returning; and with a
 * SQLSTATE finer than the status' own (0: the status' own). */
extern void LiteReportAt(int elevel, const LiteError *err);
extern void LiteReportCode(int elevel, int sqlstate, const LiteError *err);

extern int LiteSqlState(LiteStatus status);

/* The LiteDbOptions.cancelled of every handle in a backend: true when
 * CHECK_FOR_INTERRUPTS() would throw. */
extern bool LiteCancelled(void *arg);

#endif /* LITE_REPORT_H */
