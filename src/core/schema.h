/*
 * schema.h
 *	  What is in a file: tables, columns, keys, indexes, views, triggers.
 *
 * Read once through SQLite's PRAGMAs (table_list, table_xinfo, index_list,
 * index_xinfo, foreign_key_list) and sqlite_schema, into plain structs in an
 * arena.  Names are the file's own bytes: nothing is assumed about them, not
 * even that they are valid UTF-8 or not empty.
 *
 * What cannot be read (a view over an unknown function, a virtual table whose
 * module is not there) is still listed, with the reason in "unreadable", so
 * that one bad object does not hide the others.
 */
#ifndef LITE_SCHEMA_H
#define LITE_SCHEMA_H

#include "core/arena.h"
#include "core/db.h"
#include "core/type.h"

typedef enum LiteTableKind
{
	LITE_KIND_TABLE,
	LITE_KIND_VIEW,
	LITE_KIND_VIRTUAL, /* readable if its module is there */
	LITE_KIND_SHADOW   /* the private storage of a virtual table */
} LiteTableKind;

typedef enum LiteGenerated
{
	LITE_GENERATED_NOT,
	LITE_GENERATED_VIRTUAL,
	LITE_GENERATED_STORED
} LiteGenerated;

typedef struct LiteColumn
{
	const char *name;
	const char *declared; /* type as written; "" if none */
	LiteAffinity affinity;
	bool not_null;
	const char *default_sql; /* text of the DEFAULT, NULL if none */
	LiteGenerated generated;
	bool hidden;		   /* of a virtual table */
	const char *collation; /* "BINARY", "NOCASE", "RTRIM", or another; "" of
							* a view's column, where nobody can tell */
	int pk_position;	   /* from 1; 0: not in the primary key */
} LiteColumn;

typedef struct LiteIndexColumn
{
	int column; /* in table->columns; -1: rowid; -2: expr */
	const char *collation;
	bool descending;
} LiteIndexColumn;

typedef enum LiteIndexOrigin
{
	LITE_INDEX_CREATED, /* CREATE INDEX */
	LITE_INDEX_UNIQUE,	/* a UNIQUE constraint */
	LITE_INDEX_PRIMARY	/* a PRIMARY KEY */
} LiteIndexOrigin;

typedef struct LiteIndex
{
	const char *name;
	LiteIndexOrigin origin;
	bool unique;
	bool partial;
	bool has_expression;
	int ncolumns; /* key columns only */
	LiteIndexColumn *columns;
	const char *sql; /* NULL for a constraint's index */
} LiteIndex;

typedef struct LiteForeignKey
{
	int id;				/* as PRAGMA foreign_key_list numbers them */
	const char *parent; /* table name as written */
	int ncolumns;
	const char **columns;		 /* of the child, as written */
	const char **parent_columns; /* resolved; the parent's primary key where
								 * the text names none; NULL entries if the
								 * parent does not exist */
	const char *on_update;		 /* "NO ACTION", "CASCADE" ... */
	const char *on_delete;
} LiteForeignKey;

typedef struct LiteTrigger
{
	const char *name;
	const char *sql;
} LiteTrigger;

typedef struct LiteTable
{
	const char *name;
	LiteTableKind kind;
	const char *sql;		/* CREATE text, NULL for a few internal ones */
	const char *module;		/* of a virtual table: "fts5", "rtree" ... */
	const char *owner;		/* of a shadow table: its virtual table */
	const char *unreadable; /* why it cannot be read; NULL: it can */
	bool without_rowid;
	bool strict;
	bool autoincrement;
	int rowid_alias;		/* INTEGER PRIMARY KEY's column, or -1 */
	const char *rowid_name; /* "rowid", "_rowid_" or "oid", whichever no
								 * column has taken; NULL if there is none */
	int ncolumns;
	LiteColumn *columns; /* generated and hidden ones too */
	int npk;
	int *pk; /* columns of the primary key, in its order */
	int nindexes;
	LiteIndex *indexes;
	int nforeign_keys;
	LiteForeignKey *foreign_keys;
	int ntriggers;
	LiteTrigger *triggers;
	int64_t sequence; /* sqlite_sequence's value; 0: none */
} LiteTable;

typedef struct LiteSchema
{
	int ntables;
	LiteTable *tables;	 /* in the order of sqlite_schema; without
								 * SQLite's own sqlite_% tables */
	LiteTable **by_name; /* the same, sorted: lite_schema_find() */
	int user_version;
	int application_id;
	bool utf16;
} LiteSchema;

/* Everything, or one table.  The handle must be in a snapshot. */
extern LiteStatus lite_schema_load(LiteDb *db, LiteArena *arena,
								   LiteSchema **result, LiteError *err);

/* By name, case-insensitively in ASCII as SQLite does; NULL if not there. */
extern LiteTable *lite_schema_find(const LiteSchema *schema, const char *name);
extern int lite_table_find_column(const LiteTable *table, const char *name);

/* SELECT count(*), through whatever SQLite finds cheapest. */
extern LiteStatus lite_table_count(LiteDb *db, const LiteTable *table,
								   int64_t *result, LiteError *err);

extern const char *lite_kind_name(LiteTableKind kind);

/*
 * Appends name as a quoted SQLite identifier ("%w" in double quotes).
 * Names with a NUL cannot come here: SQLite has none.
 */
extern void lite_sql_ident(sqlite3_str *str, const char *name);

#endif /* LITE_SCHEMA_H */
