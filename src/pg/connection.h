/*
 * connection.h
 *	  Which SQLite handle a query uses, and what state of the file it sees.
 *
 * A LiteConnection is a handle on one file, kept for the session and hung on
 * a memory-context callback from birth.  Promise 3 of the design decides
 * sharing: under READ COMMITTED all that one executor run reads from a file
 * goes through one connection whose snapshot lasts from the first user's
 * LiteConnectionAcquire() to the last one's LiteConnectionRelease() (or the
 * abort); another run that begins meanwhile (an open cursor is still there, a
 * function is called per row) takes another handle.  Under REPEATABLE READ
 * and above there is one snapshot per file and transaction, kept to its end.
 */
#ifndef LITE_CONNECTION_H
#define LITE_CONNECTION_H

#include "pg/compat.h"

#include "core/db.h"
#include "core/schema.h"
#include "core/stmt.h"

typedef struct LiteConnection LiteConnection;

/* What a name or path given by a user stands for. */
typedef struct LiteSource
{
	Oid serverid; /* InvalidOid: a path */
	char *path;	  /* absolute, canonical form */
	bool updatable;
	bool keep_connections;
	int busy_timeout_ms;
} LiteSource;

/*
 * source: an absolute path (anything that begins with '/'), or a foreign
 * server's name.  A path needs superuser or pg_read_server_files; a server
 * needs USAGE on it (and its owner had that right when the path was set: the
 * validator sees to it).  Throws insufficient_privilege, undefined_object,
 * invalid_name for a relative path.
 */
extern LiteSource *LiteSourceResolve(const char *source);
extern LiteSource *LiteSourceForServer(Oid serverid);

/*
 * A handle in a snapshot.  owner: what makes reads belong together: the
 * EState of an executor run, or any other address for a function's own run.
 * The same owner and file give the same connection.  Every Acquire is paired
 * with a Release; if that never comes (an error), the connection is given
 * back when CurrentMemoryContext (the one at Acquire) goes away, or with the
 * (sub)transaction's abort, whichever is first.
 *
 * Release throws LITE_CHANGED if the file moved under a read that had no
 * lock: what was read is not to be trusted then.
 */
extern LiteConnection *LiteConnectionAcquire(const LiteSource *source,
											 void *owner);
extern void LiteConnectionRelease(LiteConnection *connection, void *owner);

/* The same, answering a status instead of throwing; for the planner, which
 * can do without the file. */
extern LiteStatus LiteConnectionTry(const LiteSource *source, void *owner,
									LiteConnection **result, LiteError *err);

extern LiteDb *LiteConnectionDb(LiteConnection *connection);

/*
 * The file's schema, read once per state of it and kept with the connection.
 * Valid until the Release; what is needed longer has to be copied.
 */
extern LiteStatus LiteConnectionSchema(LiteConnection *connection,
									   const LiteSchema **result,
									   LiteError *err);

/*
 * Statements that are worth keeping (LRU per connection, by text); given
 * back reset by LiteStatementRelease, finalized when pushed out or when the
 * generation has changed.  A statement that is out is never given twice.
 * One that is never released comes back when CurrentMemoryContext (the one
 * at Acquire) goes away.
 */
extern LiteStmt *LiteStatementAcquire(LiteConnection *connection,
									  const char *sql);
extern void LiteStatementRelease(LiteConnection *connection, LiteStmt *stmt);

/* Registers the transaction callbacks and cache invalidation; _PG_init. */
extern void LiteConnectionInit(void);

/* The setting sqlite_fdw_lite.memory_limit, in kB; 0 is no limit. */
extern int lite_memory_limit;

#endif /* LITE_CONNECTION_H */
