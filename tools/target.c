/*
 * target.c
 *	  Connections to the server.
 *
 * Connections are non-blocking, and every wait is a poll() on the socket and
 * on a pipe that the signal handler writes to: an interrupt is seen at once
 * by every thread, whatever it is doing.  The statement that is running is
 * then cancelled on the server (PQcancel) and its end waited for, so that the
 * connection stays usable for cleaning up.
 *
 * A COPY FROM keeps one buffer in flight: while the server takes it, the next
 * is filled.
 */
#include "loader.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CONNECT_TRIES 6
#define MESSAGE_MAX ((size_t) 8 << 20)
#define FIRST_DELAY_MS 250 /* doubled with each try: 8 s in all */

atomic_bool interrupted;
static int wake_pipe[2] = {-1, -1};

static void
on_signal(int number)
{
	int saved = errno;

	(void) number;
	if (atomic_exchange(&interrupted, true))
	{
		/* asked twice: whoever waits has waited enough */
		_exit(EXIT_INTERRUPTED);
	}
	if (write(wake_pipe[1], "x", 1) < 0)
	{
		/* the pipe is full of wake-ups: fine */
	}
	errno = saved;
}

void
target_catch_signals(void)
{
	struct sigaction action;

	if (pipe(wake_pipe) == 0)
	{
		fcntl(wake_pipe[0], F_SETFL, O_NONBLOCK);
		fcntl(wake_pipe[1], F_SETFL, O_NONBLOCK);
	}
	memset(&action, 0, sizeof(action));
	action.sa_handler = on_signal;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* Sleeps, unless interrupted. */
static void
pause_ms(int ms)
{
	struct pollfd fd = {wake_pipe[0], POLLIN, 0};

	poll(&fd, 1, ms);
}

/* ------------------------------------------------------------------------
 * Errors
 * ------------------------------------------------------------------------ */

static bool
is_transient(const char *sqlstate)
{
	static const char *const states[] = {"40001", "40P01", "53300", "55P03",
										 "57P01", "57P02", "57P03", NULL};

	if (strncmp(sqlstate, "08", 2) == 0)
		return true;
	for (int i = 0; states[i]; i++)
	{
		if (strcmp(sqlstate, states[i]) == 0)
			return true;
	}
	return false;
}

static const char *
hint_for(const char *sqlstate)
{
	if (strcmp(sqlstate, "42501") == 0)
		return "Grant the role CREATE on the database (the load needs a "
			   "schema of its own), or connect as its owner.";
	if (strcmp(sqlstate, "53100") == 0)
		return "The server's disk is full. Make room, then run again with "
			   "--resume.";
	if (strcmp(sqlstate, "53300") == 0)
		return "Try fewer --jobs, or wait until others have left.";
	if (strcmp(sqlstate, "25006") == 0)
		return "The server is read-only: is it a standby?";
	return NULL;
}

static void
copy_slot(char *slot, size_t size, const char *text)
{
	size_t len = text ? strlen(text) : 0;

	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == ' '))
		len--;
	if (len == 0)
		return;
	if (len >= size)
	{
		len = size - 1;
		/* not in the middle of a character */
		while (len > 0 && ((unsigned char) text[len] & 0xc0) == 0x80)
			len--;
	}
	memcpy(slot, text, len);
	slot[len] = '\0';
}

bool
target_fail(Target *target, const PGresult *result, Failure *failure,
			const char *sql)
{
	const char *state =
		result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
	const char *text = NULL;
	LiteError *error = &failure->error;

	if (atomic_load(&interrupted))
		return fail(failure, EXIT_INTERRUPTED, "interrupted");

	if (state == NULL)
	{
		char first[LITE_MESSAGE_SIZE] = "";
		const char *said = target->conn ? PQerrorMessage(target->conn) : "";

		copy_slot(first, sizeof(first), said);
		fail(failure, EXIT_CONNECTION, "%s",
			 first[0] ? first : "the connection to the server is lost");
		if (!target_alive(target))
		{
			failure->transient = true;
			lite_error_hint(error, "What is loaded so far is kept: run "
								   "again with --resume.");
		}
		return false;
	}

	fail(failure, EXIT_TARGET, "server error");
	memcpy(failure->sqlstate, state, 5);
	failure->sqlstate[5] = '\0';
	failure->transient = is_transient(state);
	text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	if (text)
		copy_slot(error->message, sizeof(error->message), text);
	copy_slot(error->detail, sizeof(error->detail),
			  PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
	text = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
	copy_slot(error->hint, sizeof(error->hint), text ? text : hint_for(state));
	copy_slot(error->context, sizeof(error->context),
			  PQresultErrorField(result, PG_DIAG_CONTEXT));
	if (sql)
	{
		char clipped[400];

		lite_error_context(error, "statement: %s",
						   lite_text_clip(clipped, sizeof(clipped), sql,
										  strlen(sql)));
	}
	return false;
}

/* ------------------------------------------------------------------------
 * Waiting
 * ------------------------------------------------------------------------ */

static void
cancel(Target *target)
{
	char text[256];
	PGcancel *handle = PQgetCancel(target->conn);

	if (handle == NULL)
		return;
	PQcancel(handle, text, sizeof(text));
	PQfreeCancel(handle);
}

/* Waits until the socket can do what is asked, or the program is
 * interrupted. */
static void
wait_socket(Target *target, short events, bool mind_signals)
{
	struct pollfd fds[2] = {{PQsocket(target->conn), events, 0},
							{wake_pipe[0], POLLIN, 0}};

	poll(fds, mind_signals ? 2 : 1, -1);
}

/* Sends all that libpq has buffered. */
static bool
flush(Target *target)
{
	bool cancelled = false;
	int r;

	while ((r = PQflush(target->conn)) == 1)
	{
		if (atomic_load(&interrupted) && !cancelled)
		{
			cancelled = true;
			cancel(target);
		}
		wait_socket(target, POLLIN | POLLOUT, !cancelled);
		if (!PQconsumeInput(target->conn))
			return false;
	}
	return r == 0;
}

/* The next result, NULL when there is none; the interrupt becomes a
 * cancel. */
static PGresult *
next_result(Target *target)
{
	bool cancelled = false;

	if (!flush(target))
		return PQgetResult(target->conn);
	while (PQisBusy(target->conn))
	{
		if (atomic_load(&interrupted) && !cancelled)
		{
			cancelled = true;
			cancel(target);
		}
		wait_socket(target, POLLIN, !cancelled);
		if (!PQconsumeInput(target->conn))
			break;
	}
	return PQgetResult(target->conn);
}

/* All results; the last one that matters is returned: an error, else the
 * first. */
static PGresult *
drain(Target *target)
{
	PGresult *kept = NULL;
	PGresult *result;

	while ((result = next_result(target)) != NULL)
	{
		ExecStatusType status = PQresultStatus(result);

		if (kept == NULL || status == PGRES_FATAL_ERROR)
		{
			PQclear(kept);
			kept = result;
		}
		else
			PQclear(result);
		if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT)
			break;
		if (PQstatus(target->conn) == CONNECTION_BAD)
			break;
	}
	return kept;
}

/* ------------------------------------------------------------------------
 * Connections
 * ------------------------------------------------------------------------ */

static void
ignore_notice(void *arg, const PGresult *result)
{
	(void) arg;
	(void) result;
}

/*
 * Nothing of the role's or the database's settings may change what our
 * statements mean, or end them half-way.
 */
static const char session_sql[] =
	"SET search_path TO ''; SET datestyle TO ISO, YMD; "
	"SET timezone TO 'UTC'; SET standard_conforming_strings TO on; "
	"SET statement_timeout TO 0; SET lock_timeout TO 0; "
	"SET idle_in_transaction_session_timeout TO 0; "
	"SET synchronous_commit TO off; SET client_min_messages TO warning";

static bool
connect_once(Target *target, Failure *failure)
{
	const char *keys[] = {"dbname", "client_encoding",
						  "fallback_application_name", NULL};
	const char *values[] = {target->conninfo, "UTF8", "sqlite2pg", NULL};

	target->conn = PQconnectdbParams(keys, values, 1);
	if (PQstatus(target->conn) != CONNECTION_OK)
	{
		const char *text = PQerrorMessage(target->conn);

		target_fail(target, NULL, failure, NULL);
		failure->error.hint[0] = '\0';
		/* libpq tells no SQLSTATE of a connection that was refused */
		failure->transient =
			strstr(text, "starting up") || strstr(text, "shutting down") ||
			strstr(text, "recovery") || strstr(text, "too many") ||
			strstr(text, "remaining connection slots") ||
			strstr(text, "refused") || strstr(text, "No such file");
		if (PQconnectionNeedsPassword(target->conn))
			lite_error_hint(&failure->error,
							"Give the password in CONNINFO, in PGPASSWORD or "
							"in the file ~/.pgpass.");
		else if (strstr(text, "too many") ||
				 strstr(text, "remaining connection"))
			lite_error_hint(&failure->error, "%s", hint_for("53300"));
		else if (strstr(text, "no pg_hba.conf entry") &&
				 strstr(text, "no encryption"))
			lite_error_hint(&failure->error,
							"The server wants SSL: add sslmode=require.");
		return false;
	}
	PQsetnonblocking(target->conn, 1);
	PQsetNoticeReceiver(target->conn, ignore_notice, NULL);
	return target_run(target, session_sql, failure);
}

bool
target_connect(Target *target, const char *conninfo, bool patient,
			   Failure *failure)
{
	int delay = FIRST_DELAY_MS;
	bool refused;

	target->conninfo = conninfo;
	for (int i = 0;; i++, delay *= 2)
	{
		target_close(target);
		if (connect_once(target, failure))
			return true;
		if (atomic_load(&interrupted))
			return fail(failure, EXIT_INTERRUPTED, "interrupted");
		/*
		 * A server that is not there is retried briefly: it may be
		 * restarting, but more likely the address is wrong.
		 */
		refused = !patient && (strstr(failure->error.message, "refused") ||
							   strstr(failure->error.message, "No such file"));
		if (!failure->transient || i >= (refused ? 2 : CONNECT_TRIES - 1))
			return false;
		pause_ms(delay);
	}
}

void
target_close(Target *target)
{
	if (target->conn)
		PQfinish(target->conn);
	target->conn = NULL;
}

bool
target_alive(const Target *target)
{
	return target->conn && PQstatus(target->conn) == CONNECTION_OK;
}

void
target_rollback(Target *target)
{
	/* after an interrupt this must still go through */
	if (target_alive(target) &&
		PQtransactionStatus(target->conn) != PQTRANS_IDLE &&
		PQsendQuery(target->conn, "ROLLBACK"))
		PQclear(drain(target));
}

/* ------------------------------------------------------------------------
 * Statements
 * ------------------------------------------------------------------------ */

static bool
check(Target *target, PGresult *result, const char *sql, Failure *failure)
{
	ExecStatusType status = PQresultStatus(result);

	if (result != NULL &&
		(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
		 status == PGRES_EMPTY_QUERY || status == PGRES_COPY_IN ||
		 status == PGRES_COPY_OUT))
		return true;
	return target_fail(target, result, failure, sql);
}

bool
target_run(Target *target, const char *sql, Failure *failure)
{
	PGresult *result;
	bool ok;

	if (target->conn == NULL || !PQsendQuery(target->conn, sql))
		return target_fail(target, NULL, failure, sql);
	result = drain(target);
	ok = check(target, result, sql == session_sql ? NULL : sql, failure);
	PQclear(result);
	return ok;
}

bool
target_runf(Target *target, Failure *failure, const char *fmt, ...)
{
	va_list args;
	char *sql;
	bool ok;

	va_start(args, fmt);
	sql = sqlite3_vmprintf(fmt, args);
	va_end(args);
	if (sql == NULL)
		return fail_memory(failure);
	ok = target_run(target, sql, failure);
	sqlite3_free(sql);
	return ok;
}

bool
target_query(Target *target, const char *sql, int nparams,
			 const char *const *params, PGresult **result, Failure *failure)
{
	*result = NULL;
	if (target->conn == NULL ||
		!PQsendQueryParams(target->conn, sql, nparams, NULL, params, NULL,
						   NULL, 0))
		return target_fail(target, NULL, failure, sql);
	*result = drain(target);
	if (check(target, *result, sql, failure))
		return true;
	PQclear(*result);
	*result = NULL;
	return false;
}

/* ------------------------------------------------------------------------
 * COPY
 * ------------------------------------------------------------------------ */

bool
target_copy_in(Target *target, const char *sql, Failure *failure)
{
	return target_run(target, sql, failure);
}

/* What went wrong with a COPY that has stopped taking data. */
static bool
copy_failed(Target *target, Failure *failure)
{
	PGresult *result;

	if (target_alive(target))
		PQputCopyEnd(target->conn, "gave up");
	result = drain(target);
	target_fail(target, result, failure, NULL);
	PQclear(result);
	return false;
}

bool
target_put(Target *target, CopyBuffer *buffer, Failure *failure)
{
	if (buffer->failed)
	{
		target_copy_abort(target);
		return fail_memory(failure);
	}
	for (size_t sent = 0; sent < buffer->len;)
	{
		size_t len = buffer->len - sent;

		/* a row of gigabytes is more than one message may hold */
		if (len > MESSAGE_MAX)
			len = MESSAGE_MAX;
		/* what was put before must be out: one message is in flight */
		if (!flush(target) || atomic_load(&interrupted) ||
			PQputCopyData(target->conn, buffer->data + sent, (int) len) != 1)
			return copy_failed(target, failure);
		sent += len;
	}
	buffer->len = 0;
	if (PQflush(target->conn) < 0)
		return copy_failed(target, failure);
	return true;
}

bool
target_copy_end(Target *target, int64_t *rows, Failure *failure)
{
	PGresult *result;
	bool ok;

	if (!flush(target) || PQputCopyEnd(target->conn, NULL) != 1)
		return copy_failed(target, failure);
	result = drain(target);
	ok = check(target, result, NULL, failure);
	if (ok)
		*rows = strtoll(PQcmdTuples(result), NULL, 10);
	PQclear(result);
	return ok;
}

void
target_copy_abort(Target *target)
{
	if (!target_alive(target))
		return;
	PQputCopyEnd(target->conn, "gave up");
	PQclear(drain(target));
}

bool
target_get(Target *target, char **data, size_t *len, Failure *failure)
{
	bool cancelled = false;
	PGresult *result;
	bool ok;
	int n;

	while ((n = PQgetCopyData(target->conn, data, 1)) == 0)
	{
		if (atomic_load(&interrupted) && !cancelled)
		{
			cancelled = true;
			cancel(target);
		}
		wait_socket(target, POLLIN, !cancelled);
		if (!PQconsumeInput(target->conn))
			return target_fail(target, NULL, failure, NULL);
	}
	if (n > 0)
	{
		*len = (size_t) n;
		return true;
	}
	*data = NULL;
	*len = 0;
	result = drain(target);
	ok = check(target, result, NULL, failure);
	PQclear(result);
	return ok;
}
