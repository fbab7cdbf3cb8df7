/*
 * connection.c
 *	  Which SQLite handle a query uses, and what state of the file it sees.
 *
 *		hold 1 --+
 *		hold 2 --+--> connection --> LiteDb, in a snapshot while held
 *		             |
 *		             +--> statements, idle or out
 *
 * A *hold* is one Acquire without its Release.  A connection with holds is in
 * a snapshot; when the last one goes, the snapshot ends and with it every
 * lock on the file.  Under REPEATABLE READ the connection is *pinned* besides:
 * its snapshot outlives its holds, to the end of the transaction.
 *
 * Holds and statements that are out are taken back from three sides, since an
 * error may skip any of them: by Release, by the memory context they were
 * acquired in (executor state dies there even while the user's failed
 * transaction block idles), and by the end of the (sub)transaction.
 *
 * Nothing is thrown from those callbacks.
 */
#include "pg/compat.h"

#include "access/xact.h"
#include "foreign/foreign.h"
#include "utils/inval.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "pg/connection_impl.h"
#include "pg/report.h"

/* Idle handles kept at the end of a transaction, over all files: each costs a
 * file descriptor and a page cache, each saves an open of about 100 us. */
#define MAX_IDLE_CONNECTIONS 32

/* ... and of one file: nested runs (a function per row) use two or three. */
#define MAX_IDLE_PER_FILE 4

/* A file's schema may take this much memory: 100 times the largest of the
 * real ones. */
#define SCHEMA_MEMORY_LIMIT ((size_t) 256 * 1024 * 1024)

typedef struct ConnectionHold
{
	dlist_node node;
	LiteConnection *connection; /* NULL once released */
	void *owner;
	SubTransactionId subid;
	MemoryContextCallback callback;
} ConnectionHold;

int lite_memory_limit = 262144;

static dlist_head connections = DLIST_STATIC_INIT(connections);

/* ------------------------------------------------------------------------
 * Handles: birth and death
 * ------------------------------------------------------------------------ */

/* The context's callback: whatever way the connection goes, SQLite's side of
 * it goes too. */
static void
connection_closing(void *arg)
{
	LiteConnection *connection = arg;
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &connection->holds)
	{
		ConnectionHold *hold = dlist_container(ConnectionHold, node, iter.cur);

		dlist_delete(&hold->node);
		hold->connection = NULL;
	}
	LiteStatementsFree(connection);
	dlist_delete(&connection->node);
	lite_arena_free(connection->schema_arena);
	lite_db_close(connection->db);
}

static void
connection_close(LiteConnection *connection)
{
	MemoryContextDelete(connection->context);
}

/*
 * SQLite's allocator belongs to the process, so its limit does too: it
 * bounds all handles of the session together.  Set here and not when the
 * setting changes, so that loading the library does not start SQLite.
 */
static void
apply_memory_limit(void)
{
	static int applied = 0;

	if (applied == lite_memory_limit)
		return;
	(void) sqlite3_hard_heap_limit64((sqlite3_int64) lite_memory_limit * 1024);
	applied = lite_memory_limit;
}

static LiteStatus
connection_open(const LiteSource *source, LiteConnection **result,
				LiteError *err)
{
	LiteDbOptions options = LITE_DB_OPTIONS_DEFAULT;
	MemoryContext context;
	LiteConnection *connection;
	LiteStatus status;

	context = AllocSetContextCreate(CacheMemoryContext, "SQLite connection",
									ALLOCSET_SMALL_SIZES);
	connection = MemoryContextAllocZero(context, sizeof(LiteConnection));
	connection->context = context;
	connection->path = MemoryContextStrdup(context, source->path);
	connection->keep = source->keep_connections;
	dlist_init(&connection->holds);
	dlist_init(&connection->idle);
	dlist_init(&connection->out);
	dlist_push_head(&connections, &connection->node);
	connection->closer.func = connection_closing;
	connection->closer.arg = connection;
	MemoryContextRegisterResetCallback(context, &connection->closer);
	MemoryContextSetIdentifier(context, connection->path);

	/* Never writable: no way of this extension writes the file yet. */
	options.writable = false;
	options.busy_timeout_ms = source->busy_timeout_ms;
	options.cancelled = LiteCancelled;
	apply_memory_limit();
	status = lite_db_open(connection->path, &options, &connection->db, err);
	if (status != LITE_OK)
	{
		connection_close(connection);
		return status;
	}
	*result = connection;
	return LITE_OK;
}

/* ------------------------------------------------------------------------
 * Snapshots and holds
 * ------------------------------------------------------------------------ */

static LiteStatus
snapshot_end(LiteConnection *connection, LiteError *err)
{
	LiteStatementsTakeBack(connection);

	connection->pinned = false;
	if (!connection->in_snapshot)
		return LITE_OK;
	connection->in_snapshot = false;
	return lite_db_end(connection->db, err);
}

/* The last hold has gone. */
static LiteStatus
connection_idle(LiteConnection *connection, LiteError *err)
{
	LiteStatus status;

	if (connection->pinned)
		return LITE_OK;
	status = snapshot_end(connection, err);
	if (!connection->keep || connection->stale)
		connection_close(connection);
	return status;
}

static LiteStatus
hold_release(ConnectionHold *hold, LiteError *err)
{
	LiteConnection *connection = hold->connection;

	hold->connection = NULL;
	dlist_delete(&hold->node);
	if (!dlist_is_empty(&connection->holds))
		return LITE_OK;
	return connection_idle(connection, err);
}

static void
hold_ends(void *arg)
{
	ConnectionHold *hold = arg;
	LiteError err;

	if (hold->connection != NULL)
		(void) hold_release(hold, &err);
}

static ConnectionHold *
hold_find(LiteConnection *connection, void *owner)
{
	dlist_iter iter;

	dlist_foreach(iter, &connection->holds)
	{
		ConnectionHold *hold = dlist_container(ConnectionHold, node, iter.cur);

		if (hold->owner == owner)
			return hold;
	}
	return NULL;
}

/* The connection that this owner has to use, or else one that is free. */
static LiteConnection *
connection_find(const LiteSource *source, void *owner)
{
	LiteConnection *idle = NULL;
	dlist_iter iter;

	dlist_foreach(iter, &connections)
	{
		LiteConnection *connection =
			dlist_container(LiteConnection, node, iter.cur);

		if (strcmp(connection->path, source->path) != 0)
			continue;
		if (connection->pinned || hold_find(connection, owner) != NULL)
			return connection;
		if (idle == NULL && dlist_is_empty(&connection->holds) &&
			!connection->stale)
			idle = connection;
	}
	return idle;
}

LiteStatus
LiteConnectionTry(const LiteSource *source, void *owner,
				  LiteConnection **result, LiteError *err)
{
	ConnectionHold *hold = palloc(sizeof(ConnectionHold));
	LiteConnection *connection = connection_find(source, owner);
	LiteStatus status;

	if (connection == NULL)
	{
		status = connection_open(source, &connection, err);
		if (status != LITE_OK)
			return status;
	}
	if (!connection->in_snapshot)
	{
		apply_memory_limit();
		lite_db_set_busy_timeout(connection->db, source->busy_timeout_ms);
		status = lite_db_begin(connection->db, err);
		if (status != LITE_OK)
		{
			/* whatever is wrong, the next one starts with a fresh handle */
			connection_close(connection);
			return status;
		}
		connection->in_snapshot = true;
		connection->pinned = IsolationUsesXactSnapshot();
		connection->keep = source->keep_connections;
	}
	dlist_move_head(&connections, &connection->node);

	hold->connection = connection;
	hold->owner = owner;
	hold->subid = GetCurrentSubTransactionId();
	hold->callback.func = hold_ends;
	hold->callback.arg = hold;
	dlist_push_head(&connection->holds, &hold->node);
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &hold->callback);
	*result = connection;
	return LITE_OK;
}

LiteConnection *
LiteConnectionAcquire(const LiteSource *source, void *owner)
{
	LiteConnection *connection;
	LiteError err;

	LiteCheck(LiteConnectionTry(source, owner, &connection, &err), &err);
	return connection;
}

void
LiteConnectionRelease(LiteConnection *connection, void *owner)
{
	ConnectionHold *hold = hold_find(connection, owner);
	LiteError err;

	if (hold != NULL)
		LiteCheck(hold_release(hold, &err), &err);
}

LiteDb *
LiteConnectionDb(LiteConnection *connection)
{
	return connection->db;
}

/* ------------------------------------------------------------------------
 * Schema
 * ------------------------------------------------------------------------ */

static LiteStatus
schema_load(LiteConnection *connection, LiteError *err)
{
	LiteArena *arena = lite_arena_create(SCHEMA_MEMORY_LIMIT);
	LiteStatus status;

	if (arena == NULL)
		return lite_error_nomem(err);
	lite_arena_free(connection->schema_arena);
	connection->schema = NULL;
	connection->schema_arena = arena;
	status = lite_schema_load(connection->db, arena, &connection->schema, err);
	if (status != LITE_OK)
		connection->schema = NULL;
	return status;
}

/*
 * A schema is good for as long as SQLite's own schema cookie says so, in the
 * same opening of the file.  lite_db_version() alone would do as a key, but it
 * moves with every commit of the application; while it does not move, the
 * cookie need not be looked at.
 */
LiteStatus
LiteConnectionSchema(LiteConnection *connection, const LiteSchema **result,
					 LiteError *err)
{
	LiteDb *db = connection->db;
	uint64 version = lite_db_version(db);
	int64_t number;
	uint64 cookie;
	LiteStatus status;

	if (connection->schema == NULL || connection->schema_version != version)
	{
		status = lite_db_int64(db, "PRAGMA schema_version", &number, err);
		if (status != LITE_OK)
			return status;
		cookie = ((uint64) lite_db_generation(db) << 32) | (uint32) number;
		if (connection->schema == NULL || connection->schema_cookie != cookie)
		{
			status = schema_load(connection, err);
			if (status != LITE_OK)
				return status;
		}
		connection->schema_cookie = cookie;
		connection->schema_version = version;
	}
	*result = connection->schema;
	return LITE_OK;
}

/* ------------------------------------------------------------------------
 * Ends of transactions, changes of servers
 * ------------------------------------------------------------------------ */

/* Lets go of everything; an error of the first file that moved is told. */
static LiteStatus
release_all(LiteError *err)
{
	LiteStatus result = LITE_OK;
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &connections)
	{
		LiteConnection *connection =
			dlist_container(LiteConnection, node, iter.cur);
		LiteStatus status;
		LiteError failure;

		while (!dlist_is_empty(&connection->holds))
		{
			ConnectionHold *hold =
				dlist_head_element(ConnectionHold, node, &connection->holds);

			dlist_delete(&hold->node);
			hold->connection = NULL;
		}
		status = snapshot_end(connection, &failure);
		if (status != LITE_OK && result == LITE_OK)
		{
			result = status;
			*err = failure;
		}
	}
	return result;
}

/* How many of the more recently used ones are on the same file? */
static int
rank_in_file(const LiteConnection *connection)
{
	int rank = 0;
	dlist_iter iter;

	dlist_foreach(iter, &connections)
	{
		const LiteConnection *other =
			dlist_container(LiteConnection, node, iter.cur);

		if (other == connection)
			break;
		if (strcmp(other->path, connection->path) == 0)
			rank++;
	}
	return rank;
}

static void
trim(void)
{
	dlist_mutable_iter iter;
	int count = 0;

	dlist_foreach_modify(iter, &connections)
	{
		LiteConnection *connection =
			dlist_container(LiteConnection, node, iter.cur);

		if (!connection->keep || connection->stale ||
			count >= MAX_IDLE_CONNECTIONS ||
			rank_in_file(connection) >= MAX_IDLE_PER_FILE)
			connection_close(connection);
		else
			count++;
	}
}

static void
xact_callback(XactEvent event, void *arg)
{
	LiteError err;

	if (dlist_is_empty(&connections))
		return;
	switch (event)
	{
		case XACT_EVENT_PRE_COMMIT:
		case XACT_EVENT_PARALLEL_PRE_COMMIT:
		case XACT_EVENT_PRE_PREPARE:
			/* the last moment at which an error still undoes everything */
			LiteCheck(release_all(&err), &err);
			break;
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_PARALLEL_COMMIT:
		case XACT_EVENT_PREPARE:
		case XACT_EVENT_ABORT:
		case XACT_EVENT_PARALLEL_ABORT:
			(void) release_all(&err);
			trim();
			break;
	}
}

/*
 * A committed subtransaction's holds become its parent's; an aborted one's
 * are let go of.  A snapshot pinned in it stays: it is the transaction's.
 */
static void
subxact_callback(SubXactEvent event, SubTransactionId subid,
				 SubTransactionId parent, void *arg)
{
	dlist_mutable_iter iter;

	if (event != SUBXACT_EVENT_COMMIT_SUB && event != SUBXACT_EVENT_ABORT_SUB)
		return;

	dlist_foreach_modify(iter, &connections)
	{
		LiteConnection *connection =
			dlist_container(LiteConnection, node, iter.cur);
		dlist_mutable_iter inner;
		bool released = false;
		LiteError err;

		dlist_foreach_modify(inner, &connection->holds)
		{
			ConnectionHold *hold =
				dlist_container(ConnectionHold, node, inner.cur);

			if (hold->subid != subid)
				continue;
			if (event == SUBXACT_EVENT_COMMIT_SUB)
				hold->subid = parent;
			else
			{
				dlist_delete(&hold->node);
				hold->connection = NULL;
				released = true;
			}
		}
		if (released && dlist_is_empty(&connection->holds))
			(void) connection_idle(connection, &err);
	}
}

/*
 * Some server was altered or dropped.  Which handle was opened for it is not
 * worth knowing: idle ones are cheap to make anew, those in use go on to
 * their snapshot's end and are closed then.
 */
static void
server_changed(Datum arg, int cacheid, uint32 hashvalue)
{
	dlist_iter iter;

	dlist_foreach(iter, &connections)
	{
		dlist_container(LiteConnection, node, iter.cur)->stale = true;
	}
}

void
LiteConnectionInit(void)
{
	RegisterXactCallback(xact_callback, NULL);
	RegisterSubXactCallback(subxact_callback, NULL);
	CacheRegisterSyscacheCallback(FOREIGNSERVEROID, server_changed, (Datum) 0);
}
