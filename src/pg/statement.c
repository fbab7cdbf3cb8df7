/*
 * statement.c
 *	  Prepared statements worth keeping, per connection.
 *
 * A statement is idle, or out with one borrower, never with two.  It comes
 * back by LiteStatementRelease(), when the memory context goes away in which
 * it was borrowed, or when the connection's snapshot ends, whichever is
 * first; then it is reset, so that it holds no lock and no memory of the
 * borrower's.
 */
#include "pg/compat.h"

#include "common/hashfn.h"
#include "utils/memutils.h"

#include "pg/connection_impl.h"
#include "pg/report.h"

/* Statements kept per connection.  Preparing one takes 20 to 50 us. */
#define MAX_IDLE_STATEMENTS 32

typedef struct CachedStatement
{
	dlist_node node;
	LiteConnection *connection;
	LiteStmt *stmt;
	uint32 hash; /* of sql */
	char *sql;
	struct StatementLease *lease; /* while out */
} CachedStatement;

/* Lives in the borrower's context; tells us when that goes away. */
typedef struct StatementLease
{
	CachedStatement *entry; /* NULL once given back */
	MemoryContextCallback callback;
} StatementLease;

static void
statement_free(CachedStatement *entry)
{
	Assert(entry->lease == NULL);
	dlist_delete(&entry->node);
	lite_stmt_finalize(entry->stmt);
	pfree(entry->sql);
	pfree(entry);
}

static bool
statement_current(const CachedStatement *entry)
{
	return entry->stmt->generation ==
		   lite_db_generation(entry->connection->db);
}

static void
statement_give_back(CachedStatement *entry)
{
	LiteConnection *connection = entry->connection;

	entry->lease->entry = NULL;
	entry->lease = NULL;
	lite_stmt_reset(entry->stmt);
	if (!statement_current(entry))
	{
		statement_free(entry);
		return;
	}

	/* what was bound may be large, and belongs to the borrower */
	sqlite3_clear_bindings(entry->stmt->handle);
	dlist_delete(&entry->node);
	dlist_push_head(&connection->idle, &entry->node);
	if (++connection->nidle > MAX_IDLE_STATEMENTS)
	{
		connection->nidle--;
		statement_free(
			dlist_tail_element(CachedStatement, node, &connection->idle));
	}
}

static void
lease_ends(void *arg)
{
	StatementLease *lease = arg;

	if (lease->entry != NULL)
		statement_give_back(lease->entry);
}

/* An idle statement of this text, or NULL; drops those that are out of date
 * on the way. */
static CachedStatement *
statement_find(LiteConnection *connection, const char *sql, uint32 hash)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &connection->idle)
	{
		CachedStatement *entry =
			dlist_container(CachedStatement, node, iter.cur);

		if (!statement_current(entry))
		{
			connection->nidle--;
			statement_free(entry);
		}
		else if (entry->hash == hash && strcmp(entry->sql, sql) == 0)
		{
			connection->nidle--;
			dlist_delete(&entry->node);
			return entry;
		}
	}
	return NULL;
}

LiteStmt *
LiteStatementAcquire(LiteConnection *connection, const char *sql)
{
	uint32 hash = hash_bytes((const unsigned char *) sql, (int) strlen(sql));
	StatementLease *lease = palloc(sizeof(StatementLease));
	CachedStatement *entry = statement_find(connection, sql, hash);

	if (entry == NULL)
	{
		LiteError err;
		LiteStmt *stmt;
		char *copy = MemoryContextStrdup(connection->context, sql);

		entry = MemoryContextAllocZero(connection->context,
									   sizeof(CachedStatement));
		if (lite_stmt_prepare(connection->db, sql, &stmt, &err) != LITE_OK)
		{
			pfree(copy);
			pfree(entry);
			LiteReport(&err);
		}
		entry->connection = connection;
		entry->stmt = stmt;
		entry->hash = hash;
		entry->sql = copy;
	}

	dlist_push_head(&connection->out, &entry->node);
	entry->lease = lease;
	lease->entry = entry;
	lease->callback.func = lease_ends;
	lease->callback.arg = lease;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &lease->callback);
	return entry->stmt;
}

void
LiteStatementRelease(LiteConnection *connection, LiteStmt *stmt)
{
	dlist_iter iter;

	dlist_foreach(iter, &connection->out)
	{
		CachedStatement *entry =
			dlist_container(CachedStatement, node, iter.cur);

		if (entry->stmt == stmt)
		{
			statement_give_back(entry);
			return;
		}
	}
	/* not out: somebody's memory context was faster, which is fine */
}

void
LiteStatementsTakeBack(LiteConnection *connection)
{
	dlist_mutable_iter iter;

	dlist_foreach_modify(iter, &connection->out)
		statement_give_back(dlist_container(CachedStatement, node, iter.cur));
}

void
LiteStatementsFree(LiteConnection *connection)
{
	dlist_mutable_iter iter;

	LiteStatementsTakeBack(connection);
	dlist_foreach_modify(iter, &connection->idle)
		statement_free(dlist_container(CachedStatement, node, iter.cur));
	connection->nidle = 0;
}
