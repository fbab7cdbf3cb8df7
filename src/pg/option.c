/*
 * option.c
 *	  The options of servers, tables and columns: one table of them.
 *
 * lite_options[] says for each option where it may stand, how its text is
 * read, and into which field it goes.  The validator and the readers walk
 * that table; neither knows an option by name, but for one: who may set
 * "database".
 *
 * Who may set it.  Reading a file of the server's is what
 * pg_read_server_files is about, so the validator asks for that role (or a
 * superuser) whenever a server's options contain "database".  ALTER SERVER
 * hands over the whole list, so a role without the right cannot change any
 * other option of such a server either: "updatable" is out of its reach too.
 * No other object takes the option, and a wrapper takes none at all, so it
 * cannot be smuggled in from the side.  Handing a server to another owner, or
 * granting USAGE on it, is how access to that one file is meant to be given.
 */
#include "pg/compat.h"

#include "access/htup_details.h"
#include "access/reloptions.h"
#include "catalog/pg_attribute.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_foreign_data_wrapper.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_foreign_table.h"
#include "catalog/pg_user_mapping.h"
#include "commands/defrem.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"

#include "pg/convert.h"
#include "pg/encoding.h"
#include "pg/option.h"

typedef enum OptionKind
{
	OPTION_PATH,		/* char *: absolute, in the server's encoding */
	OPTION_NAME,		/* char *: of the file, kept in UTF-8 */
	OPTION_BOOL,		/* bool */
	OPTION_COUNT,		/* int from 1 */
	OPTION_MSEC,		/* int from 0 */
	OPTION_FORMAT,		/* LiteFormat, and has_format */
	OPTION_COLUMN_TYPE, /* sqlite_fdw's word for a format */
} OptionKind;

typedef struct OptionEntry
{
	const char *name;
	Oid context; /* catalogue of the object it may stand on */
	OptionKind kind;
	size_t offset; /* in the struct of that context */
} OptionEntry;

#define SERVER(name, kind, field)                                             \
	{                                                                         \
		name, ForeignServerRelationId, kind,                                  \
			offsetof(LiteServerOptions, field)                                \
	}
#define TABLE(name, kind, field)                                              \
	{                                                                         \
		name, ForeignTableRelationId, kind, offsetof(LiteTableOptions, field) \
	}
#define COLUMN(name, kind, field)                                             \
	{                                                                         \
		name, AttributeRelationId, kind, offsetof(LiteColumnOptions, field)   \
	}

static const OptionEntry lite_options[] = {
	SERVER("database", OPTION_PATH, database),
	SERVER("updatable", OPTION_BOOL, updatable),
	SERVER("truncatable", OPTION_BOOL, truncatable),
	SERVER("keep_connections", OPTION_BOOL, keep_connections),
	SERVER("batch_size", OPTION_COUNT, batch_size),
	SERVER("busy_timeout", OPTION_MSEC, busy_timeout_ms),

	TABLE("table", OPTION_NAME, table),
	TABLE("query", OPTION_NAME, query),
	TABLE("updatable", OPTION_BOOL, updatable),
	TABLE("truncatable", OPTION_BOOL, truncatable),
	TABLE("batch_size", OPTION_COUNT, batch_size),

	COLUMN("column_name", OPTION_NAME, column_name),
	COLUMN("key", OPTION_BOOL, key),
	COLUMN("format", OPTION_FORMAT, format),
	COLUMN("column_type", OPTION_COLUMN_TYPE, format),
};

/* sqlite_fdw's column_type names the storage class that values have. */
static const struct
{
	const char *name;
	LiteFormat moment; /* what it means for dates and times */
	LiteFormat other;  /* ... and for any other type */
} column_types[] = {
	{"INT", LITE_FORMAT_UNIX_S, LITE_FORMAT_AUTO},
	{"INTEGER", LITE_FORMAT_UNIX_S, LITE_FORMAT_AUTO},
	{"BIGINT", LITE_FORMAT_UNIX_S, LITE_FORMAT_AUTO},
	{"REAL", LITE_FORMAT_JULIAN, LITE_FORMAT_AUTO},
	{"TEXT", LITE_FORMAT_NATIVE, LITE_FORMAT_NATIVE},
	{"BLOB", LITE_FORMAT_AUTO, LITE_FORMAT_BLOB},
};

int lite_busy_timeout = 5000;

PG_FUNCTION_INFO_V1(sqlite_fdw_lite_validator);

/* ------------------------------------------------------------------------
 * Finding and complaining
 * ------------------------------------------------------------------------ */

static const OptionEntry *
find_option(const char *name, Oid context)
{
	for (size_t i = 0; i < lengthof(lite_options); i++)
	{
		if (lite_options[i].context == context &&
			strcmp(lite_options[i].name, name) == 0)
			return &lite_options[i];
	}
	return NULL;
}

static void
unknown_option(const char *name, Oid context)
{
	ClosestMatchState match;
	StringInfoData valid;
	const char *closest;

	initStringInfo(&valid);
	initClosestMatch(&match, name, 2);
	for (size_t i = 0; i < lengthof(lite_options); i++)
	{
		if (lite_options[i].context != context)
			continue;
		appendStringInfo(&valid, "%s%s", valid.len > 0 ? ", " : "",
						 lite_options[i].name);
		updateClosestMatch(&match, lite_options[i].name);
	}
	closest = getClosestMatch(&match);

	ereport(
		ERROR,
		(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
		 errmsg("invalid option \"%s\"", name),
		 closest ? errdetail("Perhaps you meant the option \"%s\".", closest)
				 : 0,
		 valid.len > 0
			 ? errhint("Valid options in this context are: %s.", valid.data)
			 : errhint("There are no valid options in this context.")));
}

static void
invalid_value(const DefElem *def, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_FDW_INVALID_ATTRIBUTE_VALUE),
			 errmsg("invalid value for option \"%s\": \"%s\"", def->defname,
					defGetString(unconstify(DefElem *, def))),
			 errhint("%s", hint)));
}

/* ------------------------------------------------------------------------
 * Reading one value, by kind
 * ------------------------------------------------------------------------ */

static int
read_integer(DefElem *def, int least, int flags, const char *hint)
{
	int value;

	if (!parse_int(defGetString(def), &value, flags, NULL) || value < least)
		invalid_value(def, hint);
	return value;
}

static char *
read_path(DefElem *def)
{
	char *path = defGetString(def);

	/* ":memory:", "" and "file:" URIs are SQLite's, and no files of a user */
	if (!is_absolute_path(path))
		ereport(ERROR, (errcode(ERRCODE_INVALID_NAME),
						errmsg("option \"%s\" must be an absolute path",
							   def->defname),
						errdetail("The path is \"%s\".", path),
						errhint("Write the path from the root, as the "
								"database server sees it.")));
	return path;
}

static LiteFormat
read_format(DefElem *def)
{
	StringInfoData names;
	LiteFormat format;

	if (lite_format_parse(defGetString(def), &format))
		return format;

	initStringInfo(&names);
	for (int i = 0; i < LITE_NFORMATS; i++)
		appendStringInfo(&names, "%s%s", i > 0 ? ", " : "",
						 lite_format_name((LiteFormat) i));
	invalid_value(def, psprintf("Formats are: %s.", names.data));
	return LITE_FORMAT_NATIVE;
}

static bool
is_moment(LiteType type)
{
	return type == LITE_TYPE_DATE || type == LITE_TYPE_TIME ||
		   type == LITE_TYPE_TIMESTAMP || type == LITE_TYPE_TIMESTAMPTZ;
}

static LiteFormat
read_column_type(DefElem *def, LiteType type)
{
	for (size_t i = 0; i < lengthof(column_types); i++)
	{
		if (pg_strcasecmp(defGetString(def), column_types[i].name) == 0)
			return is_moment(type) ? column_types[i].moment
								   : column_types[i].other;
	}
	invalid_value(def, "Column types are: INT, REAL, TEXT, BLOB. The option "
					   "\"format\" says it better.");
	return LITE_FORMAT_NATIVE;
}

/*
 * Reads def into its field of the struct at options; throws if it makes no
 * sense.  type matters for COLUMN_TYPE only.
 */
static void
read_option(const OptionEntry *entry, DefElem *def, void *options,
			LiteType type)
{
	void *field = (char *) options + entry->offset;

	switch (entry->kind)
	{
		case OPTION_PATH:
			*(char **) field = read_path(def);
			break;
		case OPTION_NAME:
			*(char **) field = pstrdup(LiteNameFromServer(defGetString(def)));
			break;
		case OPTION_BOOL:
			*(bool *) field = defGetBoolean(def);
			break;
		case OPTION_COUNT:
			*(int *) field =
				read_integer(def, 1, 0, "Write a whole number from 1 on.");
			break;
		case OPTION_MSEC:
			*(int *) field = read_integer(
				def, 0, GUC_UNIT_MS,
				"Write milliseconds, or a number with a unit such as '10s'.");
			break;
		case OPTION_FORMAT:
			*(LiteFormat *) field = read_format(def);
			((LiteColumnOptions *) options)->has_format = true;
			break;
		case OPTION_COLUMN_TYPE:
			*(LiteFormat *) field = read_column_type(def, type);
			((LiteColumnOptions *) options)->has_format = true;
			break;
	}
}

static void
read_options(List *defs, Oid context, void *options, LiteType type)
{
	ListCell *lc;

	foreach (lc, defs)
	{
		DefElem *def = lfirst_node(DefElem, lc);
		const OptionEntry *entry = find_option(def->defname, context);

		/* a wrapper made without our validator may have let others in */
		if (entry != NULL)
			read_option(entry, def, options, type);
	}
}

/* ------------------------------------------------------------------------
 * The validator
 * ------------------------------------------------------------------------ */

static void
check_file_access(void)
{
	if (!has_privs_of_role(GetUserId(), ROLE_PG_READ_SERVER_FILES))
		ereport(
			ERROR,
			(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
			 errmsg("permission denied to set the file of a foreign server"),
			 errdetail("Only roles with privileges of the "
					   "\"pg_read_server_files\" role may create or change a "
					   "server with the option \"database\"."),
			 errhint("Ask such a role to create the server and to grant USAGE "
					 "on it. A file on your own machine is moved by "
					 "sqlite2pg, without any of this.")));
}

static void
check_together(Oid context, const LiteTableOptions *table, bool has_table,
			   bool has_database)
{
	if (context == ForeignServerRelationId && !has_database)
		ereport(ERROR, (errcode(ERRCODE_FDW_DYNAMIC_PARAMETER_VALUE_NEEDED),
						errmsg("option \"database\" is required"),
						errhint("Name the SQLite file: OPTIONS (database "
								"'/path/to/file.db').")));

	if (context == ForeignTableRelationId && has_table && table->query)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_INVALID_OPTION_NAME),
				 errmsg(
					 "options \"table\" and \"query\" exclude each other")));
}

Datum
sqlite_fdw_lite_validator(PG_FUNCTION_ARGS)
{
	List *defs = untransformRelOptions(PG_GETARG_DATUM(0));
	Oid context = PG_GETARG_OID(1);
	bool has_database = false;
	LiteServerOptions server = {0};
	LiteTableOptions table = {0};
	LiteColumnOptions column = {0};
	ListCell *lc;

	foreach (lc, defs)
	{
		DefElem *def = lfirst_node(DefElem, lc);
		const OptionEntry *entry = find_option(def->defname, context);
		void *options = context == ForeignServerRelationId	? (void *) &server
						: context == ForeignTableRelationId ? (void *) &table
															: (void *) &column;

		if (entry == NULL)
			unknown_option(def->defname, context);
		else
		{
			read_option(entry, def, options, LITE_TYPE_TEXT);
			if (entry->kind == OPTION_PATH)
				has_database = true;
		}
	}

	if (has_database)
		check_file_access();
	check_together(context, &table, table.table != NULL, has_database);
	PG_RETURN_VOID();
}

/* ------------------------------------------------------------------------
 * The readers
 * ------------------------------------------------------------------------ */

LiteServerOptions *
LiteServerOptionsGet(Oid serverid)
{
	LiteServerOptions *options = palloc0(sizeof(LiteServerOptions));
	ForeignServer *server = GetForeignServer(serverid);

	options->keep_connections = true;
	options->batch_size = 1;
	options->busy_timeout_ms = lite_busy_timeout;
	read_options(server->options, ForeignServerRelationId, options,
				 LITE_TYPE_NONE);

	if (options->database == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_FDW_DYNAMIC_PARAMETER_VALUE_NEEDED),
				 errmsg("server \"%s\" names no file", server->servername),
				 errhint("ALTER SERVER %s OPTIONS (ADD database "
						 "'/path/to/file.db').",
						 quote_identifier(server->servername))));
	return options;
}

LiteTableOptions *
LiteTableOptionsGet(Oid relid)
{
	LiteTableOptions *options = palloc0(sizeof(LiteTableOptions));
	ForeignTable *table = GetForeignTable(relid);
	LiteServerOptions *server = LiteServerOptionsGet(table->serverid);

	options->updatable = server->updatable;
	options->truncatable = server->truncatable;
	options->batch_size = server->batch_size;
	read_options(table->options, ForeignTableRelationId, options,
				 LITE_TYPE_NONE);

	if (options->table == NULL && options->query == NULL)
		options->table = pstrdup(LiteNameFromServer(get_rel_name(relid)));
	return options;
}

/*
 * Without a format, the types that have several spellings in the wild take
 * each value as what it can be recognised to be (LITE_FORMAT_AUTO).
 */
LiteColumnOptions *
LiteColumnOptionsGet(Oid relid, AttrNumber attnum)
{
	LiteColumnOptions *options = palloc0(sizeof(LiteColumnOptions));
	LiteType type;
	Oid typid;
	int32 typmod;
	Oid collation;

	get_atttypetypmodcoll(relid, attnum, &typid, &typmod, &collation);
	type = LiteTypeFromOid(getBaseType(typid));
	options->format = LITE_FORMAT_AUTO;
	read_options(GetForeignColumnOptions(relid, attnum), AttributeRelationId,
				 options, type);

	if (options->column_name == NULL)
		options->column_name =
			pstrdup(LiteNameFromServer(get_attname(relid, attnum, false)));
	return options;
}
