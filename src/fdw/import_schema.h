/*
 * import_schema.h
 *	  What import_schema.c and import_types.c share.
 */
#ifndef LITE_IMPORT_SCHEMA_H
#define LITE_IMPORT_SCHEMA_H

#include "fdw/fdw.h"

#include "core/infer.h"

/* The options of IMPORT FOREIGN SCHEMA, and what is in the file. */
typedef struct LiteSchemaImport
{
	LiteConnection *connection;
	LiteDb *db;
	const LiteSchema *schema;
	LiteArena *arena;

	LiteInfer infer;
	const char *types; /* JSON, or NULL */
	bool keep_identifiers;
	bool import_views;
	int64 sample; /* rows looked at per table, 0: all */

	LitePlan *plan; /* of the tables; NULL: none of them is wanted */
} LiteSchemaImport;

typedef struct LiteImportColumn
{
	int column; /* in the table's */
	LiteColumnType type;
	const char *type_sql;
	bool not_null; /* and SQLite will see that it stays so */
} LiteImportColumn;

/* Plans the tables among the n wanted ones. */
extern void LiteImportPlan(LiteSchemaImport *import, int n,
						   const LiteTable *const *wanted);

/*
 * The columns of one table, view or virtual table: LITE_OK with *columns and
 * *n, or why it cannot be read.
 */
extern LiteStatus LiteImportColumns(LiteSchemaImport *import,
									const LiteTable *table,
									LiteImportColumn **columns, int *n,
									LiteError *err);

#endif /* LITE_IMPORT_SCHEMA_H */
