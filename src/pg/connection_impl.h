/*
 * connection_impl.h
 *	  What connection.c and statement.c share.  Nobody else includes this.
 */
#ifndef LITE_CONNECTION_IMPL_H
#define LITE_CONNECTION_IMPL_H

#include "lib/ilist.h"

#include "pg/connection.h"

struct LiteConnection
{
	dlist_node node; /* in connections, most recently used first */
	MemoryContext context;
	MemoryContextCallback closer;

	char *path; /* what makes a handle fit for a source */
	LiteDb *db;
	bool in_snapshot;
	bool pinned; /* to the end of the transaction */
	bool keep;	 /* server option keep_connections */
	bool stale;	 /* a server changed: close when idle */
	dlist_head holds;
	dlist_head idle; /* CachedStatement, most recent first */
	dlist_head out;
	int nidle;

	LiteArena *schema_arena;
	LiteSchema *schema;
	uint64 schema_cookie;  /* what it is good for */
	uint64 schema_version; /* when that was last looked at */
};

/* Finalizes all statements, wherever they are: the handle goes away. */
extern void LiteStatementsFree(LiteConnection *connection);

/* Takes back all that are out: the snapshot ends. */
extern void LiteStatementsTakeBack(LiteConnection *connection);

#endif /* LITE_CONNECTION_IMPL_H */
