/*
 * source.c
 *	  What a path or a server's name given by a user stands for.
 *
 * The two rights are different on purpose.  Naming a path is reading any file
 * of the server's, so it takes pg_read_server_files.  A server stands for one
 * file, chosen by somebody who had that right (option.c sees to it), so
 * USAGE on the server is enough.  That holds only for servers of this
 * wrapper: another wrapper lets anyone write anything into an option of the
 * same name.
 */
#include "pg/compat.h"

#include "access/htup_details.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_foreign_server.h"
#include "catalog/pg_language.h"
#include "catalog/pg_proc.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/syscache.h"

#include "pg/connection.h"
#include "pg/option.h"

#define HANDLER_SYMBOL "sqlite_fdw_lite_handler"

/*
 * Is this wrapper ours?  Known by the C symbol of its handler and validator:
 * only a superuser can make functions in C, whatever they are named in SQL.
 */
static bool
is_our_wrapper(Oid fdwid)
{
	ForeignDataWrapper *fdw = GetForeignDataWrapper(fdwid);
	HeapTuple tuple;
	bool result = false;

	if (!OidIsValid(fdw->fdwhandler) || !OidIsValid(fdw->fdwvalidator))
		return false;
	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(fdw->fdwhandler));
	if (HeapTupleIsValid(tuple))
	{
		Datum symbol;
		bool isnull;

		symbol = SysCacheGetAttr(PROCOID, tuple, Anum_pg_proc_prosrc, &isnull);
		result = ((Form_pg_proc) GETSTRUCT(tuple))->prolang == ClanguageId &&
				 !isnull &&
				 strcmp(TextDatumGetCString(symbol), HANDLER_SYMBOL) == 0;
		ReleaseSysCache(tuple);
	}
	return result;
}

LiteSource *
LiteSourceForServer(Oid serverid)
{
	LiteSource *source = palloc0(sizeof(LiteSource));
	LiteServerOptions *options = LiteServerOptionsGet(serverid);

	source->serverid = serverid;
	source->path = options->database;
	source->updatable = options->updatable;
	source->keep_connections = options->keep_connections;
	source->busy_timeout_ms = options->busy_timeout_ms;
	return source;
}

static LiteSource *
source_for_path(const char *path)
{
	LiteSource *source;

	if (!has_privs_of_role(GetUserId(), ROLE_PG_READ_SERVER_FILES))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to read a file of the server"),
				 errdetail("Only roles with privileges of the "
						   "\"pg_read_server_files\" role may name a path."),
				 errhint(
					 "Use the name of a foreign server you may use, or "
					 "sqlite2pg, which reads the file on your own machine.")));

	source = palloc0(sizeof(LiteSource));
	source->serverid = InvalidOid;
	source->path = pstrdup(path);
	source->keep_connections = true;
	source->busy_timeout_ms = lite_busy_timeout;
	return source;
}

LiteSource *
LiteSourceResolve(const char *source)
{
	ForeignServer *server;
	AclResult acl;

	if (is_absolute_path(source))
		return source_for_path(source);

	server = GetForeignServerByName(source, true);
	if (server == NULL && strpbrk(source, "/\\.:~") != NULL)
		ereport(ERROR, (errcode(ERRCODE_INVALID_NAME),
						errmsg("path \"%s\" is not absolute", source),
						errhint("Write the path from the root, as the "
								"database server sees it, or the name of a "
								"foreign server.")));
	if (server == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("server \"%s\" does not exist", source),
				 errhint("A source is an absolute path or the name of a "
						 "foreign server of sqlite_fdw_lite.")));

	acl = object_aclcheck(ForeignServerRelationId, server->serverid,
						  GetUserId(), ACL_USAGE);
	if (acl != ACLCHECK_OK)
		aclcheck_error(acl, OBJECT_FOREIGN_SERVER, server->servername);

	if (!is_our_wrapper(server->fdwid))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("server \"%s\" is not one of sqlite_fdw_lite", source),
				 errhint("CREATE SERVER ... FOREIGN DATA WRAPPER "
						 "sqlite_fdw_lite OPTIONS (database "
						 "'/path/to/file.db').")));

	return LiteSourceForServer(server->serverid);
}
