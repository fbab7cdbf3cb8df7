/*
 * import_schema.c
 *	  IMPORT FOREIGN SCHEMA main FROM SERVER ... INTO ...
 *
 * Every table, view and readable virtual table of the file becomes a foreign
 * table; the shadow tables of virtual tables are theirs alone and left out.
 * One object that cannot be read is a warning and does not keep the others
 * away.
 *
 * Names.  A name in LIMIT TO or EXCEPT may be the file's ("Album") or the one
 * that would be made of it (album).  PostgreSQL itself drops every statement
 * whose table is not named as the list says, so with LIMIT TO the table is
 * named as the user wrote it.  A name that is neither is an error: what is
 * asked for and not there should not go unnoticed.
 */
#include "pg/compat.h"

#include "catalog/pg_type.h"
#include "commands/defrem.h"
#include "nodes/parsenodes.h"
#include "utils/builtins.h"

#include "core/names.h"
#include "fdw/import_schema.h"
#include "pg/encoding.h"
#include "pg/memory.h"
#include "pg/report.h"

/* The schema and the profiles of a file with hundreds of wide tables take
 * some ten megabytes. */
#define IMPORT_MEMORY_LIMIT ((size_t) 512 * 1024 * 1024)

/* One foreign table to be made. */
typedef struct ImportTable
{
	const LiteTable *source;
	const char *name; /* local, in UTF-8 */
} ImportTable;

/* ------------------------------------------------------------------------
 * Options
 * ------------------------------------------------------------------------ */

static void
invalid_import_option(DefElem *def, const char *valid)
{
	ereport(ERROR, (errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
					errmsg("invalid value for option \"%s\": \"%s\"",
						   def->defname, defGetString(def)),
					errhint("Valid values are: %s.", valid)));
}

static void
read_import_option(LiteSchemaImport *import, DefElem *def)
{
	const char *name = def->defname;

	if (strcmp(name, "infer") == 0)
	{
		if (!lite_infer_parse(defGetString(def), &import->infer))
			invalid_import_option(def, "declared, values, eager");
	}
	else if (strcmp(name, "identifiers") == 0)
	{
		import->keep_identifiers = strcmp(defGetString(def), "keep") == 0;
		if (!import->keep_identifiers &&
			strcmp(defGetString(def), "fold") != 0)
			invalid_import_option(def, "fold, keep");
	}
	else if (strcmp(name, "types") == 0)
		import->types = LiteNameFromServer(defGetString(def));
	else if (strcmp(name, "import_views") == 0)
		import->import_views = defGetBoolean(def);
	else if (strcmp(name, "sample") == 0)
	{
		char *end;

		import->sample = strtoll(defGetString(def), &end, 10);
		if (*end != '\0' || end == defGetString(def) || import->sample < 0)
			invalid_import_option(def, "a number of rows, 0 for all");
	}
	else
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
				 errmsg("invalid option \"%s\"", name),
				 errhint("Valid options in this context are: infer, types, "
						 "identifiers, sample, import_views.")));
}

static void
begin_import(LiteSchemaImport *import, ImportForeignSchemaStmt *stmt,
			 Oid serverid)
{
	LiteError err;
	ListCell *lc;

	memset(import, 0, sizeof(*import));
	import->infer = LITE_INFER_VALUES;
	import->import_views = true;
	foreach (lc, stmt->options)
		read_import_option(import, lfirst_node(DefElem, lc));

	/* SQLite's name of the one schema that a file is */
	if (strcmp(stmt->remote_schema, "main") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_SCHEMA_NOT_FOUND),
				 errmsg("schema \"%s\" does not exist in the file",
						stmt->remote_schema),
				 errhint("A SQLite file has one schema: IMPORT FOREIGN SCHEMA "
						 "main FROM SERVER ...")));

	import->arena = LiteArenaCreate(IMPORT_MEMORY_LIMIT);
	import->connection =
		LiteConnectionAcquire(LiteSourceForServer(serverid), import);
	import->db = LiteConnectionDb(import->connection);
	LiteCheck(LiteConnectionSchema(import->connection, &import->schema, &err),
			  &err);
}

/* ------------------------------------------------------------------------
 * Which tables
 * ------------------------------------------------------------------------ */

/* What can be had of the file at all, with names that do not clash. */
static int
list_importable(const LiteSchemaImport *import, ImportTable *tables)
{
	const LiteSchema *schema = import->schema;
	LiteNames *names =
		lite_names_create(import->arena, import->keep_identifiers, false);
	const char **wanted = palloc(sizeof(char *) * Max(schema->ntables, 1));
	const char **given;
	int n = 0;

	for (int i = 0; i < schema->ntables; i++)
	{
		const LiteTable *table = &schema->tables[i];

		if (table->kind == LITE_KIND_SHADOW ||
			(table->kind == LITE_KIND_VIEW && !import->import_views))
			continue;
		tables[n].source = table;
		wanted[n++] = table->name;
	}
	given = names ? lite_names_assign(names, wanted, n, NULL) : NULL;
	if (given == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	for (int i = 0; i < n; i++)
		tables[i].name = given[i];
	return n;
}

/* The table that the user means: the file's name, exactly or but for case,
 * or the name made of it. */
static int
find_importable(const ImportTable *tables, int n, const char *name)
{
	for (int i = 0; i < n; i++)
	{
		if (strcmp(tables[i].source->name, name) == 0)
			return i;
	}
	for (int i = 0; i < n; i++)
	{
		if (strcmp(tables[i].name, name) == 0)
			return i;
	}
	for (int i = 0; i < n; i++)
	{
		if (sqlite3_stricmp(tables[i].source->name, name) == 0)
			return i;
	}
	return -1;
}

static void
unknown_table(const LiteSchemaImport *import, const ImportTable *tables, int n,
			  const char *name)
{
	ClosestMatchState match;
	const LiteTable *hidden = lite_schema_find(import->schema, name);
	const char *closest;

	initClosestMatch(&match, name, 4);
	for (int i = 0; i < n; i++)
		updateClosestMatch(&match, tables[i].source->name);
	closest = getClosestMatch(&match);

	ereport(ERROR,
			(errcode(ERRCODE_FDW_TABLE_NOT_FOUND),
			 errmsg("table \"%s\" does not exist in the file",
					LiteTextForMessage(name)),
			 hidden && hidden->kind == LITE_KIND_SHADOW
				 ? errdetail("It is the private storage of virtual table "
							 "\"%s\".",
							 LiteTextForMessage(hidden->owner))
				 : 0,
			 closest ? errhint("Perhaps you meant \"%s\".",
							   LiteTextForMessage(closest))
					 : errhint("sqlite_tables() lists what is in the "
							   "file.")));
}

/* Applies LIMIT TO or EXCEPT; returns how many are left. */
static int
apply_table_list(const LiteSchemaImport *import, ImportForeignSchemaStmt *stmt,
				 ImportTable *tables, int n, ImportTable *chosen)
{
	bool *excepted = palloc0(sizeof(bool) * Max(n, 1));
	int nchosen = 0;
	ListCell *lc;

	foreach (lc, stmt->table_list)
	{
		const char *name =
			LiteNameFromServer(lfirst_node(RangeVar, lc)->relname);
		int found = find_importable(tables, n, name);

		if (found < 0)
		{
			/* a view that is not wanted anyway may be excepted too */
			if (stmt->list_type == FDW_IMPORT_SCHEMA_EXCEPT &&
				lite_schema_find(import->schema, name) != NULL)
				continue;
			unknown_table(import, tables, n, name);
		}
		excepted[found] = true;
		if (stmt->list_type == FDW_IMPORT_SCHEMA_LIMIT_TO)
		{
			chosen[nchosen].source = tables[found].source;
			chosen[nchosen++].name = name;
		}
	}
	if (stmt->list_type == FDW_IMPORT_SCHEMA_LIMIT_TO)
		return nchosen;
	for (int i = 0; i < n; i++)
	{
		if (!excepted[i])
			chosen[nchosen++] = tables[i];
	}
	return nchosen;
}

static void
mention_shadows(const LiteSchema *schema)
{
	int n = 0;

	for (int i = 0; i < schema->ntables; i++)
		n += schema->tables[i].kind == LITE_KIND_SHADOW ? 1 : 0;
	if (n > 0)
		ereport(NOTICE,
				(errmsg_plural("%d shadow table of virtual tables is left out",
							   "%d shadow tables of virtual tables are left "
							   "out",
							   n, n)));
}

/* ------------------------------------------------------------------------
 * Statements
 * ------------------------------------------------------------------------ */

/* Times always say how they are written; other types where it is not plain. */
static bool
needs_format(LiteColumnType type)
{
	switch (type.type)
	{
		case LITE_TYPE_DATE:
		case LITE_TYPE_TIME:
		case LITE_TYPE_TIMESTAMP:
		case LITE_TYPE_TIMESTAMPTZ:
			return type.format != LITE_FORMAT_AUTO;
		default:
			return type.format != LITE_FORMAT_AUTO &&
				   type.format != LITE_FORMAT_NATIVE;
	}
}

static void
append_option(StringInfo buf, bool *first, const char *option,
			  const char *value)
{
	appendStringInfo(buf, "%s%s %s", *first ? " OPTIONS (" : ", ", option,
					 quote_literal_cstr(value));
	*first = false;
}

static void
append_column(StringInfo buf, const LiteTable *table,
			  const LiteImportColumn *column, const char *name)
{
	const LiteColumn *source = &table->columns[column->column];
	char *local = LiteNameToServer(name, "column name");
	char *original = LiteNameToServer(source->name, "column name");
	bool first = true;

	appendStringInfo(buf, "%s %s", quote_identifier(local), column->type_sql);
	if (strcmp(local, original) != 0)
		append_option(buf, &first, "column_name", original);
	if (source->pk_position > 0)
		append_option(buf, &first, "key", "true");
	if (needs_format(column->type))
		append_option(buf, &first, "format",
					  lite_format_name(column->type.format));
	if (!first)
		appendStringInfoChar(buf, ')');
	if (column->not_null)
		appendStringInfoString(buf, " NOT NULL");
}

static char *
create_statement(LiteSchemaImport *import, const ImportTable *table,
				 const LiteImportColumn *columns, int n,
				 ImportForeignSchemaStmt *stmt)
{
	LiteNames *names =
		lite_names_create(import->arena, import->keep_identifiers, true);
	const char **wanted = palloc(sizeof(char *) * Max(n, 1));
	char *local = LiteNameToServer(table->name, "table name");
	char *original = LiteNameToServer(table->source->name, "table name");
	const char **given;
	StringInfoData buf;

	for (int i = 0; i < n; i++)
		wanted[i] = table->source->columns[columns[i].column].name;
	given = names ? lite_names_assign(names, wanted, n, NULL) : NULL;
	if (given == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));

	initStringInfo(&buf);
	appendStringInfo(&buf, "CREATE FOREIGN TABLE %s (\n  ",
					 quote_identifier(local));
	for (int i = 0; i < n; i++)
	{
		if (i > 0)
			appendStringInfoString(&buf, ",\n  ");
		append_column(&buf, table->source, &columns[i], given[i]);
	}
	appendStringInfo(&buf, "\n) SERVER %s",
					 quote_identifier(stmt->server_name));
	if (strcmp(local, original) != 0)
		appendStringInfo(&buf, "\nOPTIONS (\"table\" %s)",
						 quote_literal_cstr(original));
	return buf.data;
}

/* Its columns, or a warning with the reason why there are none. */
static bool
columns_or_warning(LiteSchemaImport *import, const LiteTable *table,
				   LiteImportColumn **columns, int *n)
{
	LiteError err;
	LiteStatus status;

	lite_error_clear(&err);
	if (table->unreadable != NULL)
	{
		status = lite_error_set(&err, LITE_SQL, "%s", table->unreadable);
	}
	else
		status = LiteImportColumns(import, table, columns, n, &err);

	if (status == LITE_OK)
		return true;
	if (status == LITE_INTERRUPTED || status == LITE_NOMEM ||
		status == LITE_CHANGED)
		LiteReport(&err);
	ereport(WARNING,
			(errmsg("%s \"%s\" cannot be read and is left out",
					table->kind == LITE_KIND_VIEW	   ? "view"
					: table->kind == LITE_KIND_VIRTUAL ? "virtual table"
													   : "table",
					LiteTextForMessage(table->name)),
			 errdetail("%s", LiteTextForMessage(err.message))));
	return false;
}

List *
liteImportForeignSchema(ImportForeignSchemaStmt *stmt, Oid serverOid)
{
	LiteSchemaImport import;
	ImportTable *tables;
	ImportTable *chosen;
	const LiteTable **sources;
	List *result = NIL;
	int room;
	int n;

	begin_import(&import, stmt, serverOid);
	room = Max(import.schema->ntables, list_length(stmt->table_list)) + 1;
	tables = palloc0(sizeof(ImportTable) * room);
	chosen = palloc0(sizeof(ImportTable) * room);
	n = list_importable(&import, tables);
	n = apply_table_list(&import, stmt, tables, n, chosen);

	sources = palloc(sizeof(LiteTable *) * room);
	for (int i = 0; i < n; i++)
		sources[i] = chosen[i].source;
	LiteImportPlan(&import, n, sources);

	for (int i = 0; i < n; i++)
	{
		LiteImportColumn *columns;
		int ncolumns;

		if (columns_or_warning(&import, chosen[i].source, &columns, &ncolumns))
			result =
				lappend(result, create_statement(&import, &chosen[i], columns,
												 ncolumns, stmt));
	}
	if (stmt->list_type != FDW_IMPORT_SCHEMA_LIMIT_TO)
		mention_shadows(import.schema);

	LiteConnectionRelease(import.connection, &import);
	return result;
}
