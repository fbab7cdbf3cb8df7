/*
 * dberror.c
 *	  What SQLite's codes and the system's errors mean, in words.
 *
 * The only place where a SQLite result code is given a meaning.  The detail
 * is SQLite's own sentence, the hint says what to do.
 */
#include "core/dbimpl.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#define HINT_ELSEWHERE                                                        \
	"The path is resolved on the machine and with the rights of the program " \
	"that reads it, for a foreign server the PostgreSQL server; for a file "  \
	"on a client use sqlite2pg."

/* The path as a message can carry it. */
static const char *
clip_path(const char *path, char *buf, size_t size)
{
	return lite_text_clip(buf, size, path ? path : "",
						  path ? strlen(path) : 0);
}

LiteStatus
lite_file_error(LiteError *err, const char *path, int os_errno)
{
	char name[160];
	LiteStatus status;

	clip_path(path, name, sizeof(name));
	switch (os_errno)
	{
		case ENOENT:
		case ENOTDIR:
			status = lite_error_set(err, LITE_MISSING,
									"SQLite file \"%s\" does not exist", name);
			lite_error_hint(err, "%s", HINT_ELSEWHERE);
			break;
		case EACCES:
		case EPERM:
			status =
				lite_error_set(err, LITE_DENIED,
							   "permission denied to read SQLite file \"%s\"",
							   name);
			lite_error_hint(err,
							"The file must be readable, and every directory "
							"above it searchable, for the user that the "
							"program runs as. %s",
							HINT_ELSEWHERE);
			break;
		case ENOMEM:
			return lite_error_nomem(err);
		default:
			status = lite_error_set(err, LITE_IO,
									"could not open SQLite file \"%s\"", name);
			break;
	}
	lite_error_detail(err, "%s.", strerror(os_errno));
	if (err != NULL)
		err->os_errno = os_errno;
	return status;
}

LiteStatus
lite_file_kind_error(LiteError *err, const char *path, const char *kind)
{
	char name[160];

	lite_error_set(err, LITE_NOTFILE, "\"%s\" is not a file",
				   clip_path(path, name, sizeof(name)));
	lite_error_detail(err, "It is a %s.", kind);
	lite_error_hint(err, "Give the path of the SQLite database file itself.");
	return LITE_NOTFILE;
}

/*
 * Bytes of a cipher are spread evenly: 512 of them have about 221 of the 256
 * values.  Text has fewer than 100, headers of other formats repeat zeros.
 */
static bool
looks_random(const unsigned char *bytes, int size)
{
	bool seen[256] = {false};
	int distinct = 0;
	int i;

	for (i = 0; i < size; i++)
	{
		if (!seen[bytes[i]])
			distinct++;
		seen[bytes[i]] = true;
	}
	return size >= 512 && distinct > 180;
}

LiteStatus
lite_notadb_error(LiteError *err, const char *path, const unsigned char *bytes,
				  int size)
{
	char name[160];

	clip_path(path, name, sizeof(name));
	lite_error_set(err, LITE_NOTADB, "\"%s\" is not a SQLite database", name);
	if (size == 0)
	{
		lite_error_detail(err, "The file is empty.");
		lite_error_hint(err, "Check the path: SQLite makes such a file when a "
							 "database is opened under a name that does not "
							 "exist.");
	}
	else if (looks_random(bytes, size))
	{
		lite_error_detail(err, "Its first bytes look random: it is encrypted "
							   "(SQLCipher, SEE), or compressed.");
		lite_error_hint(err, "Decrypt it first with the application that "
							 "wrote it, for example with SQLCipher's "
							 "sqlcipher_export().");
	}
	else
	{
		char start[64];

		lite_error_detail(err,
						  "It should begin with \"SQLite format 3\", but "
						  "begins with \"%s\".",
						  lite_text_clip(start, sizeof(start),
										 (const char *) bytes,
										 size < 16 ? (size_t) size : 16));
		lite_error_hint(err, "Check the path; dumps (SQL text) and SQLite 2 "
							 "files have to be loaded into a SQLite 3 "
							 "database first.");
	}
	return LITE_NOTADB;
}

/* ------------------------------------------------------------------------
 * Result codes
 * ------------------------------------------------------------------------ */

bool
lite_db_was_cancelled(const LiteDb *db)
{
	return db->vfs != NULL && db->vfs->interrupted;
}

static LiteStatus
busy_error(const LiteDb *db, LiteError *err)
{
	char name[400];

	clip_path(db->real, name, sizeof(name));
	lite_error_set(err, LITE_BUSY, "the SQLite file is locked");
	lite_error_detail(err,
					  "Another program has held the lock for more than %d ms.",
					  db->options.busy_timeout_ms);
	lite_error_hint(err,
					"Find the program with \"fuser -v '%s'\" or \"lsof "
					"'%s'\", end its transaction, or raise busy_timeout.",
					name, name);
	return LITE_BUSY;
}

/*
 * Says how much is missing, if the header tells.
 */
static void
damage_detail(const LiteDb *db, const char *message, LiteError *err)
{
	unsigned char header[100];
	int64_t bytes = 0;
	int64_t page_size;
	int64_t pages;

	if (db->vfs != NULL &&
		lite_vfs_header(db->vfs, header, (int) sizeof(header), &bytes))
	{
		page_size = header[16] << 8 | header[17] << 16;
		pages = (int64_t) header[28] << 24 | header[29] << 16 |
				header[30] << 8 | header[31];
		/* the count is only true if written by the last to change the file:
		 * "Database File Format", 1.3.7 */
		if (memcmp(header + 24, header + 92, 4) == 0 &&
			page_size * pages > bytes && db->vfs->wal == LITE_WAL_NONE)
		{
			lite_error_detail(err,
							  "The file is truncated: it should hold %lld "
							  "bytes, but has %lld.",
							  (long long) (page_size * pages),
							  (long long) bytes);
			return;
		}
	}
	if (db->vfs != NULL && db->vfs->truncated)
		lite_error_detail(err, "The file is truncated: a page that is in use "
							   "lies beyond its end.");
	else
		lite_error_detail(err, "SQLite says: %s.", message);
}

static LiteStatus
damage_error(const LiteDb *db, const char *message, LiteError *err)
{
	lite_error_set(err, LITE_CORRUPT, "the SQLite file is damaged");
	damage_detail(db, message, err);
	lite_error_hint(err, "If it was copied, copy it again while no program "
						 "writes it, together with its -wal; or save what can "
						 "be saved with the sqlite3 shell's .recover "
						 "command.");
	return LITE_CORRUPT;
}

static LiteStatus
hot_journal_error(LiteError *err)
{
	lite_error_set(err, LITE_HOTJOURNAL,
				   "the SQLite file has an unfinished transaction");
	lite_error_detail(err, "A program that was writing it crashed and left "
						   "its journal; until that is rolled back the "
						   "content of the file is not consistent.");
	lite_error_hint(err, "Open the file once with its application, or with "
						 "the sqlite3 shell, which rolls the transaction "
						 "back.");
	return LITE_HOTJOURNAL;
}

static LiteStatus
wal_error(const LiteDb *db, LiteError *err)
{
	lite_error_set(err, LITE_WALUNREADABLE,
				   "the write-ahead log of the SQLite file cannot be read");
	lite_error_detail(err,
					  "Without its -wal the content would be out of date: %s.",
					  strerror(db->vfs->wal_errno));
	lite_error_hint(err, "Make the -wal file readable too, or let the "
						 "application close the database, which removes it.");
	if (err != NULL)
		err->os_errno = db->vfs->wal_errno;
	return LITE_WALUNREADABLE;
}

static LiteStatus
io_error(const LiteDb *db, int rc, const char *message, LiteError *err)
{
	int os_errno = sqlite3_system_errno(db->handle);

	if (rc == SQLITE_IOERR_SHORT_READ)
		return damage_error(db, "the file is shorter than it was", err);
	lite_error_set(err, LITE_IO, "could not read the SQLite file");
	if (os_errno != 0)
		lite_error_detail(err, "SQLite says: %s (%s).", message,
						  strerror(os_errno));
	else
		lite_error_detail(err, "SQLite says: %s.", message);
	if (err != NULL)
		err->os_errno = os_errno;
	return LITE_IO;
}

static LiteStatus
plain_error(LiteError *err, LiteStatus status, const char *text,
			const char *message)
{
	lite_error_set(err, status, "%s", text);
	lite_error_detail(err, "SQLite says: %s.", message);
	return status;
}

/*
 * In the order of sqlite3.h.
 */
static LiteStatus
code_error(const LiteDb *db, int rc, const char *message, LiteError *err)
{
	switch (rc & 0xff)
	{
		case SQLITE_PERM:
			return plain_error(err, LITE_DENIED,
							   "permission denied to read the SQLite file",
							   message);
		case SQLITE_BUSY:
		case SQLITE_LOCKED:
		case SQLITE_PROTOCOL:
			return busy_error(db, err);
		case SQLITE_NOMEM:
			return lite_error_nomem(err);
		case SQLITE_READONLY:
			if (rc == SQLITE_READONLY_ROLLBACK)
				return hot_journal_error(err);
			return plain_error(err, LITE_READONLY,
							   "the SQLite file was opened for reading",
							   message);
		case SQLITE_INTERRUPT:
			return lite_error_set(err, LITE_INTERRUPTED,
								  "reading the SQLite file was cancelled");
		case SQLITE_IOERR:
			if (rc == SQLITE_IOERR_NOMEM)
				return lite_error_nomem(err);
			return io_error(db, rc, message, err);
		case SQLITE_CORRUPT:
			return damage_error(db, message, err);
		case SQLITE_FULL:
			plain_error(err, LITE_IO, "no space left for temporary files",
						message);
			lite_error_hint(err, "SQLite sorts in the directory that "
								 "SQLITE_TMPDIR or TMPDIR names, or in "
								 "/var/tmp.");
			return LITE_IO;
		case SQLITE_CANTOPEN:
			if (db->vfs != NULL && db->vfs->wal_errno != 0)
				return wal_error(db, err);
			if (sqlite3_system_errno(db->handle) != 0)
				return lite_file_error(err, db->path,
									   sqlite3_system_errno(db->handle));
			return plain_error(err, LITE_IO, "could not open the SQLite file",
							   message);
		case SQLITE_TOOBIG:
			return plain_error(err, LITE_TOOBIG,
							   "a value or statement is too big", message);
		case SQLITE_AUTH:
			return plain_error(err, LITE_SQL, "the statement is not allowed",
							   message);
		case SQLITE_NOTADB:
			return plain_error(err, LITE_NOTADB, "not a SQLite database",
							   message);
		case SQLITE_MISUSE:
		case SQLITE_RANGE:
			return plain_error(err, LITE_INTERNAL, "SQLite was used wrongly",
							   message);
		default:
			return plain_error(err, LITE_SQL, "SQLite refuses the statement",
							   message);
	}
}

LiteStatus
lite_db_error(LiteDb *db, int rc, LiteError *err, const char *what, ...)
{
	const char *message = db->handle ? sqlite3_errmsg(db->handle) : NULL;
	char doing[200];
	char clipped[600];
	LiteStatus status;
	va_list args;

	if (message == NULL)
		message = sqlite3_errstr(rc);
	lite_text_clip(clipped, sizeof(clipped), message, strlen(message));

	/*
	 * Where the callback has said stop, whatever SQLite made of it (BUSY, an
	 * I/O error) is that stop.
	 */
	if (lite_db_was_cancelled(db) && (rc & 0xff) != SQLITE_NOMEM)
		rc = SQLITE_INTERRUPT;
	status = code_error(db, rc, clipped, err);
	if (err != NULL)
		err->sqlite_code = rc;
	if (db->vfs != NULL)
		db->vfs->interrupted = false;
	db->wait_started_ms = 0;

	va_start(args, what);
	sqlite3_vsnprintf((int) sizeof(doing), doing, what, args);
	va_end(args);
	if (db->path != NULL)
		lite_error_context(err, "SQLite file \"%s\", %s",
						   clip_path(db->path, clipped, 300), doing);
	else
		lite_error_context(err, "%s", doing);
	return status;
}
