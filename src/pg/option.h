/*
 * option.h
 *	  The options of servers, tables and columns: one table of them.
 *
 * The same table validates (with the list of valid names in the hint),
 * reads, and says which context an option belongs to.  Names are those of
 * sqlite_fdw, so that its users' DDL runs here with the wrapper's name
 * changed.
 */
#ifndef LITE_OPTION_H
#define LITE_OPTION_H

#include "pg/compat.h"

#include "foreign/foreign.h"

#include "core/type.h"

typedef struct LiteServerOptions
{
	char *database;
	bool updatable;
	bool truncatable;
	bool keep_connections;
	int batch_size;
	int busy_timeout_ms; /* the setting's value if the server has none */
} LiteServerOptions;

typedef struct LiteTableOptions
{
	char *table; /* SQLite's name; default: the relation's */
	char *query; /* a SELECT instead of a table, or NULL */
	bool updatable;
	bool truncatable;
	int batch_size;
} LiteTableOptions;

typedef struct LiteColumnOptions
{
	char *column_name; /* SQLite's name; default: the attribute's */
	bool key;
	LiteFormat format; /* "format"; sqlite_fdw's column_type maps; AUTO for
						* the types that have several spellings */
	bool has_format;
} LiteColumnOptions;

/* Each reads the catalogue once; results are palloc'd, names of the file in
 * UTF-8.  Table options fall back on the server's where both have one. */
extern LiteServerOptions *LiteServerOptionsGet(Oid serverid);
extern LiteTableOptions *LiteTableOptionsGet(Oid relid);
extern LiteColumnOptions *LiteColumnOptionsGet(Oid relid, AttrNumber attnum);

/* The setting sqlite_fdw_lite.busy_timeout, in milliseconds. */
extern int lite_busy_timeout;

#endif /* LITE_OPTION_H */
