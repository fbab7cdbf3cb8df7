/*
 * file.c
 *	  The file of one function call, and text out of it.
 *
 * Every function of the library reads within one snapshot of its file, from
 * Open to Close.  The struct's address is the owner of the connection, so a
 * function that calls another, or two calls in one query, never share a
 * snapshot by accident.
 *
 * Whatever goes wrong: the connection is given back by connection.c's
 * transaction callbacks, the arena and the statements are malloc'd and hang
 * on callbacks of the memory context in which they were made.
 */
#include "pg/compat.h"

#include "catalog/namespace.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/memutils.h"

#include "load/load.h"
#include "pg/report.h"

/*
 * A schema and a plan are small beside any file worth importing; a file made
 * so that they are not must not take the server's memory.
 */
#define LOAD_ARENA_LIMIT ((size_t) 512 * 1024 * 1024)

static void
free_arena(void *arg)
{
	lite_arena_free(arg);
}

static void
free_stmt(void *arg)
{
	LiteStmt **stmt = arg;

	if (*stmt)
		lite_stmt_finalize(*stmt);
	*stmt = NULL;
}

static void
on_reset(MemoryContextCallbackFunction func, void *arg)
{
	MemoryContextCallback *callback = palloc0(sizeof(*callback));

	callback->func = func;
	callback->arg = arg;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, callback);
}

LiteLoadFile *
LiteLoadFileOpen(LiteSource *source)
{
	LiteLoadFile *file = palloc0(sizeof(LiteLoadFile));

	file->source = palloc(sizeof(LiteSource));
	*file->source = *source;
	file->source->updatable = false;

	file->arena = lite_arena_create(LOAD_ARENA_LIMIT);
	if (file->arena == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	on_reset(free_arena, file->arena);

	file->connection = LiteConnectionAcquire(file->source, file);
	file->db = LiteConnectionDb(file->connection);
	return file;
}

LiteSchema *
LiteLoadFileSchema(LiteLoadFile *file)
{
	LiteError err;

	if (file->schema == NULL)
		LiteCheck(lite_schema_load(file->db, file->arena, &file->schema, &err),
				  &err);
	return file->schema;
}

void
LiteLoadFileClose(LiteLoadFile *file)
{
	LiteConnectionRelease(file->connection, file);
	file->connection = NULL;
	file->db = NULL;
}

LiteStmt *
LiteLoadPrepare(LiteLoadFile *file, const char *sql)
{
	LiteStmt **holder = palloc0(sizeof(LiteStmt *));
	LiteError err;

	on_reset(free_stmt, holder);
	LiteCheck(lite_stmt_prepare(file->db, sql, holder, &err), &err);
	return *holder;
}

/* ------------------------------------------------------------------------
 * Text
 * ------------------------------------------------------------------------ */

/*
 * Appends one character of len bytes, valid UTF-8, in the database's
 * encoding; false if that has no such character.
 */
static bool
append_character(StringInfo buf, Oid conversion, const char *s, int len)
{
	unsigned char out[MAX_CONVERSION_GROWTH * 4 + 1];

	if (len == 1 || !OidIsValid(conversion))
	{
		appendBinaryStringInfo(buf, s, len);
		return true;
	}
	if (pg_do_encoding_conversion_buf(conversion, PG_UTF8,
									  GetDatabaseEncoding(),
									  (unsigned char *) s, len, out,
									  sizeof(out), true) != len)
		return false;
	appendStringInfoString(buf, (char *) out);
	return true;
}

/* The conversion from UTF-8, InvalidOid if there is nothing to do. */
static Oid
conversion_from_utf8(void)
{
	int encoding = GetDatabaseEncoding();

	if (encoding == PG_UTF8 || encoding == PG_SQL_ASCII)
		return InvalidOid;
	return FindDefaultConversionProc(PG_UTF8, encoding);
}

char *
LiteLoadTextLen(const char *text, size_t len)
{
	StringInfoData buf;
	Oid conversion = conversion_from_utf8();
	size_t at = 0;

	initStringInfo(&buf);
	while (at < len)
	{
		const unsigned char *s = (const unsigned char *) text + at;
		int n = pg_utf_mblen(s);

		if (*s != '\0' && (size_t) n <= len - at && pg_utf8_islegal(s, n) &&
			append_character(&buf, conversion, (const char *) s, n))
		{
			at += n;
			continue;
		}
		appendStringInfo(&buf, "\\x%02x", *s);
		at++;
	}
	return buf.data;
}

char *
LiteLoadText(const char *text)
{
	return text ? LiteLoadTextLen(text, strlen(text)) : NULL;
}

char *
LiteLoadServerText(const char *text)
{
	if (text == NULL)
		return NULL;
	return pg_any_to_server(text, strlen(text), PG_UTF8);
}
