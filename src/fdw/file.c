/*
 * file.c
 *	  What the planner wants to know of the file.
 *
 * The planner looks into the file, briefly: which kind of thing the table is,
 * what its columns promise, how large it is.  It can do without.  A file that
 * is missing, busy or broken makes a plan that pushes nothing down, and the
 * error comes when the plan is executed; so EXPLAIN works for any file, and
 * so does creating a view over a foreign table before the file is there.
 *
 * A plan may outlive what it was made for: another file may be moved into
 * place, a column's type may change.  So a plan that relies on the table's
 * definition carries a signature of it, which the executor compares.
 */
#include "pg/compat.h"

#include "common/hashfn.h"
#include "utils/lsyscache.h"

#include "fdw/fdw.h"
#include "pg/encoding.h"
#include "pg/report.h"

/* The text of CREATE TABLE says all that pushing down relies on. */
uint64
LiteTableSignature(const LiteTable *table)
{
	const char *sql = table->sql ? table->sql : "";
	uint64 hash = hash_bytes_extended((const unsigned char *) sql,
									  (int) strlen(sql), table->kind);

	return hash == 0 ? 1 : hash;
}

static bool
integers_only(const LiteTable *table, int column)
{
	if (column == table->rowid_alias)
		return true;
	return table->strict &&
		   table->columns[column].affinity == LITE_AFFINITY_INTEGER;
}

/*
 * An index in a collation of the application's own: whatever SQLite looks up
 * there, it looks up in the wrong order.
 */
static bool
has_foreign_index(LiteDb *db, const LiteTable *table)
{
	for (int i = 0; i < table->nindexes; i++)
	{
		const LiteIndex *index = &table->indexes[i];

		for (int k = 0; k < index->ncolumns; k++)
		{
			if (!lite_db_knows_collation(db, index->columns[k].collation))
				return true;
		}
	}
	return false;
}

LiteFileTable *
LiteFileTableCopy(LiteDb *db, const LiteTable *table)
{
	LiteFileTable *file = palloc0(sizeof(LiteFileTable));

	file->kind = table->kind;
	file->rowid_name = table->rowid_name ? pstrdup(table->rowid_name) : NULL;
	file->not_indexed =
		table->kind == LITE_KIND_TABLE && has_foreign_index(db, table);
	file->signature = LiteTableSignature(table);
	file->ncolumns = table->ncolumns;
	file->columns = palloc0(sizeof(LiteFileColumn) * Max(table->ncolumns, 1));
	for (int i = 0; i < table->ncolumns; i++)
	{
		file->columns[i].name = pstrdup(table->columns[i].name);
		file->columns[i].affinity = table->columns[i].affinity;
		file->columns[i].integers_only = integers_only(table, i);
		file->columns[i].is_rowid = i == table->rowid_alias;
		file->columns[i].comparable =
			lite_db_knows_collation(db, table->columns[i].collation);
		file->columns[i].binary =
			table->kind == LITE_KIND_TABLE &&
			sqlite3_stricmp(table->columns[i].collation, "BINARY") == 0;
	}
	return file;
}

bool
LiteFileHasRanges(const LiteFileTable *file)
{
	return file != NULL && file->kind == LITE_KIND_TABLE &&
		   file->rowid_name != NULL;
}

/* Names of columns are the same for SQLite whatever the case of ASCII. */
const LiteFileColumn *
LiteFileColumnFind(const LiteFileTable *file, const char *name)
{
	for (int i = 0; file != NULL && i < file->ncolumns; i++)
	{
		if (sqlite3_stricmp(file->columns[i].name, name) == 0)
			return &file->columns[i];
	}
	return NULL;
}

/*
 * Fills what the file has to say into info.  No error leaves this function
 * but a cancel: what the planner cannot have, it does without.
 */
void
LiteFileLook(LiteRelInfo *info, void *owner)
{
	LiteSource source = *info->source;
	LiteConnection *connection;
	const LiteSchema *schema;
	const LiteTable *table;
	LiteStatus status;
	LiteError err;

	if (info->options->query != NULL)
		return;

	/* the executor will wait; to wait twice would be too long */
	source.busy_timeout_ms = 0;
	status = LiteConnectionTry(&source, owner, &connection, &err);
	if (status == LITE_OK)
	{
		status = LiteConnectionSchema(connection, &schema, &err);
		if (status == LITE_OK)
		{
			table = lite_schema_find(schema, info->options->table);
			if (table != NULL && table->unreadable == NULL)
			{
				info->file =
					LiteFileTableCopy(LiteConnectionDb(connection), table);
				LiteFileNumbers(info, connection, table);
			}
		}
		LiteConnectionRelease(connection, owner);
	}
	if (status != LITE_OK)
	{
		CHECK_FOR_INTERRUPTS();
		ereport(DEBUG1,
				(errmsg_internal("planning without the SQLite file: %s",
								 LiteTextForMessage(err.message))));
	}
}

/* ------------------------------------------------------------------------
 * The executor's look
 * ------------------------------------------------------------------------ */

/* The table of this name; throws where it is not, or cannot be read. */
const LiteTable *
LiteFileTableOpen(LiteConnection *connection, const char *name)
{
	const LiteSchema *schema;
	const LiteTable *table;
	ClosestMatchState match;
	const char *closest;
	LiteError err;

	LiteCheck(LiteConnectionSchema(connection, &schema, &err), &err);
	table = lite_schema_find(schema, name);
	if (table == NULL)
	{
		initClosestMatch(&match, name, 4);
		for (int i = 0; i < schema->ntables; i++)
			updateClosestMatch(&match, schema->tables[i].name);
		closest = getClosestMatch(&match);
		ereport(ERROR,
				(errcode(ERRCODE_FDW_TABLE_NOT_FOUND),
				 errmsg("SQLite table \"%s\" does not exist",
						LiteTextForMessage(name)),
				 errdetail("The file is \"%s\".",
						   lite_db_path(LiteConnectionDb(connection))),
				 closest ? errhint("Perhaps the table is \"%s\": see the "
								   "foreign table's option \"table\".",
								   LiteTextForMessage(closest))
						 : errhint("The foreign table's option \"table\" "
								   "names the table in the file.")));
	}
	if (table->unreadable != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_UNABLE_TO_CREATE_EXECUTION),
				 errmsg("SQLite table \"%s\" cannot be read",
						LiteTextForMessage(name)),
				 errdetail("%s", LiteTextForMessage(table->unreadable)),
				 errcontext("file \"%s\"",
							lite_db_path(LiteConnectionDb(connection)))));
	return table;
}

/* For LiteStmt.max_rows: a table that returns more goes in circles. */
int64
LiteFileMaxRows(LiteConnection *connection, const LiteTable *table)
{
	if (table == NULL || table->kind != LITE_KIND_TABLE)
		return 0;
	return lite_db_max_rows(LiteConnectionDb(connection));
}

/*
 * Throws if a column is not there: SQLite's own message would not tell
 * which foreign table it is about, nor what else there is.
 */
void
LiteFileCheckColumns(const LiteTable *table, Oid relid, List *attrs)
{
	ListCell *lc;

	foreach (lc, attrs)
	{
		AttrNumber attnum = (AttrNumber) lfirst_int(lc);
		char *name = LiteColumnOptionsGet(relid, attnum)->column_name;
		StringInfoData names;

		if (lite_table_find_column(table, name) >= 0)
			continue;

		initStringInfo(&names);
		for (int i = 0; i < table->ncolumns && names.len < 500; i++)
			appendStringInfo(&names, "%s%s", i > 0 ? ", " : "",
							 table->columns[i].name);
		ereport(
			ERROR,
			(errcode(ERRCODE_FDW_COLUMN_NAME_NOT_FOUND),
			 errmsg("SQLite table \"%s\" has no column \"%s\"",
					LiteTextForMessage(table->name), LiteTextForMessage(name)),
			 errdetail("Its columns are: %s.", LiteTextForMessage(names.data)),
			 errhint("The option \"column_name\" of column \"%s\" of "
					 "foreign table \"%s\" names the column in the file.",
					 get_attname(relid, attnum, false), get_rel_name(relid))));
	}
}
