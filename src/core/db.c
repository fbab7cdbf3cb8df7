/*
 * db.c
 *	  A SQLite file, opened so that neither it nor we can come to harm.
 *
 * Opening looks first with stat(), for the mistakes users make (no such file,
 * a directory, an empty file), then lets SQLite open the file through the VFS
 * of vfs.c, reads the header, applies the settings of dbguard.c, and takes a
 * first snapshot to see that the content can be had at all.
 *
 * The database is never opened here by other means than SQLite's: closing any
 * descriptor of a file drops all POSIX locks that the process has on it, those
 * of SQLite included.  (stat() opens nothing.)
 *
 * Begin and end
 *
 *	begin	resume the lock that was suspended; is this still the file, and
 *			the -wal, that we have open?  If not, reopen; BEGIN, and a read of
 *			the schema cookie, which takes the snapshot.
 *	end		reset what still runs, COMMIT, suspend; in the modes without
 *			locks, compare fingerprints.
 *
 * XXX a path that is a regular file for stat() and a FIFO for SQLite's open()
 * a moment later would block the open.
 */
#include "core/dbimpl.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/*
 * A file that was written a moment ago can be written again without its
 * mtime moving on: kernels take it from a clock that ticks every 1 to 10 ms.
 * Where fingerprints are all we have, begin waits until the last write is
 * older than this (see lite_db_begin).
 */
#define TICK_NS INT64_C(20000000)

/* ------------------------------------------------------------------------
 * Fingerprints
 * ------------------------------------------------------------------------ */

#if defined(__APPLE__)
#define MTIME(st) ((st).st_mtimespec)
#define CTIME(st) ((st).st_ctimespec)
#else
#define MTIME(st) ((st).st_mtim)
#define CTIME(st) ((st).st_ctim)
#endif

static int64_t
nanoseconds(struct timespec t)
{
	return (int64_t) t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

/*
 * path without symbolic links, as SQLite names the -wal after it.  0 or
 * errno.
 */
static int
take_fingerprint(const char *path, LiteFingerprint *result)
{
	char wal[PATH_MAX + 8];
	struct stat st;

	memset(result, 0, sizeof(*result));
	if (stat(path, &st) != 0)
		return errno;
	result->device = (uint64_t) st.st_dev;
	result->inode = (uint64_t) st.st_ino;
	result->size = st.st_size;
	result->mtime_ns = nanoseconds(MTIME(st));
	result->ctime_ns = nanoseconds(CTIME(st));
	result->wal_size = -1;

	sqlite3_snprintf(sizeof(wal), wal, "%s-wal", path);
	if (stat(wal, &st) == 0)
	{
		result->wal_size = st.st_size;
		result->wal_mtime_ns = nanoseconds(MTIME(st));
	}
	return 0;
}

LiteStatus
lite_db_fingerprint(const char *path, LiteFingerprint *result, LiteError *err)
{
	char real[PATH_MAX];

	if (realpath(path, real) == NULL)
		return lite_file_error(err, path, errno);
	if (take_fingerprint(real, result) != 0)
		return lite_file_error(err, path, errno);
	return LITE_OK;
}

static bool
same_file(const LiteFingerprint *a, const LiteFingerprint *b)
{
	return a->device == b->device && a->inode == b->inode;
}

static bool
same_content(const LiteFingerprint *a, const LiteFingerprint *b)
{
	return same_file(a, b) && a->size == b->size &&
		   a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns;
}

static bool
same_wal(const LiteFingerprint *a, const LiteFingerprint *b)
{
	return a->wal_size == b->wal_size && a->wal_mtime_ns == b->wal_mtime_ns;
}

static bool
just_written(const LiteFingerprint *f)
{
	struct timespec now;
	int64_t age;
	int64_t wal_age;

	clock_gettime(CLOCK_REALTIME, &now);
	age = nanoseconds(now) - f->mtime_ns;
	wal_age = nanoseconds(now) - f->wal_mtime_ns;
	return (age >= 0 && age < TICK_NS) ||
		   (f->wal_size >= 0 && wal_age >= 0 && wal_age < TICK_NS);
}

/* ------------------------------------------------------------------------
 * Open
 * ------------------------------------------------------------------------ */

static const char *
kind_name(mode_t mode)
{
	if (S_ISDIR(mode))
		return "directory";
	if (S_ISFIFO(mode))
		return "named pipe";
	if (S_ISSOCK(mode))
		return "socket";
	if (S_ISCHR(mode) || S_ISBLK(mode))
		return "device";
	return NULL;
}

/*
 * What can be said without opening the file.
 */
static LiteStatus
look(LiteDb *db, LiteError *err)
{
	char real[PATH_MAX];
	struct stat st;

	if (db->path[0] != '/')
	{
		lite_error_set(err, LITE_INVALID,
					   "the path of a SQLite file must be "
					   "absolute");
		return LITE_INVALID;
	}
	if (realpath(db->path, real) == NULL || stat(real, &st) != 0)
		return lite_file_error(err, db->path, errno);
	if (!S_ISREG(st.st_mode))
	{
		const char *kind = kind_name(st.st_mode);

		return lite_file_kind_error(err, db->path,
									kind ? kind : "special file");
	}
	if (st.st_size == 0)
		return lite_notadb_error(err, db->path, NULL, 0);
	if (access(real, R_OK) != 0)
		return lite_file_error(err, db->path, errno);

	free(db->real);
	db->real = strdup(real);
	return db->real ? LITE_OK : lite_error_nomem(err);
}

/*
 * "file://" + path with the parameters of vfs.c.  Everything that means
 * something in a URI, or is not printable, is written as %XX ("Uniform
 * Resource Identifiers" of SQLite's documentation, 3.1).
 */
static char *
make_uri(const char *path)
{
	sqlite3_str *str = sqlite3_str_new(NULL);

	sqlite3_str_appendall(str, "file://");
	for (; *path != '\0'; path++)
	{
		unsigned char c = (unsigned char) *path;

		if (c <= ' ' || c >= 127 || strchr("%?#", c) != NULL)
			sqlite3_str_appendf(str, "%%%02X", c);
		else
			sqlite3_str_appendchar(str, 1, *path);
	}
	sqlite3_str_appendall(str, "?readonly_shm=1");
	return sqlite3_str_finish(str);
}

/*
 * The header, before SQLite judges it: what begins differently is no
 * database, and SQLite would say no more than that.
 */
static LiteStatus
check_header(LiteDb *db, LiteError *err)
{
	static const char magic[16] = "SQLite format 3";
	unsigned char header[512];
	int size = (int) sizeof(header);
	int64_t bytes = 0;

	(void) lite_vfs_header(db->vfs, header, 1, &bytes);
	if (bytes < size)
		size = (int) bytes;
	if (size == 0)
		return lite_notadb_error(err, db->path, NULL, 0);
	if (!lite_vfs_header(db->vfs, header, size, &bytes))
	{
		lite_error_set(err, LITE_IO, "could not read SQLite file \"%s\"",
					   db->path);
		lite_error_detail(err, "%s.", strerror(errno));
		return LITE_IO;
	}
	if (size < (int) sizeof(magic) || memcmp(header, magic, sizeof(magic)))
		return lite_notadb_error(err, db->path, header, size);
	return LITE_OK;
}

static void
disconnect(LiteDb *db)
{
	LiteStmt *stmt;

	while ((stmt = db->statements) != NULL)
	{
		db->statements = stmt->next;
		(void) sqlite3_finalize(stmt->handle);
		stmt->handle = NULL;
		stmt->previous = stmt->next = NULL;
	}
	lite_stmt_finalize(db->begin);
	lite_stmt_finalize(db->commit);
	lite_stmt_finalize(db->read_data_version);
	lite_stmt_finalize(db->read_schema_version);
	db->begin = db->commit = NULL;
	db->read_data_version = db->read_schema_version = NULL;

	if (db->handle != NULL)
		(void) sqlite3_close_v2(db->handle);
	db->handle = NULL;
	free(db->vfs);
	db->vfs = NULL;
	db->in_snapshot = false;
}

static bool
wait_for_lock(void *arg, int count)
{
	return lite_guard_wait(arg, count);
}

/*
 * The connection, configured; nothing of the schema has been read.
 */
static LiteStatus
connect_file(LiteDb *db, LiteError *err)
{
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
				SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_URI;
	char *uri;
	int fault;
	int rc;

	db->vfs = calloc(1, sizeof(LiteVfs));
	uri = db->options.writable ? sqlite3_mprintf("%s", db->real)
							   : make_uri(db->real);
	if (db->vfs == NULL || uri == NULL)
	{
		sqlite3_free(uri);
		return lite_error_nomem(err);
	}
	if (db->options.writable)
		flags = (flags & ~SQLITE_OPEN_URI) | SQLITE_OPEN_READWRITE;
	else
		flags |= SQLITE_OPEN_READONLY;

	fault = take_fingerprint(db->real, &db->opened);
	if (fault != 0)
	{
		sqlite3_free(uri);
		return lite_file_error(err, db->path, fault);
	}
	rc = lite_vfs_register(db->vfs, db->options.writable,
						   db->options.cancelled, db->options.cancel_arg);
	db->vfs->wait = wait_for_lock;
	db->vfs->wait_arg = db;
	if (rc == SQLITE_OK)
	{
		rc = sqlite3_open_v2(uri, &db->handle, flags, db->vfs->name);
		lite_vfs_unregister(db->vfs);
	}
	sqlite3_free(uri);
	if (rc != SQLITE_OK)
		return lite_db_error(db, rc, err, "open");
	return check_header(db, err);
}

static LiteStatus
prepare_own(LiteDb *db, LiteError *err)
{
	LiteStatus status;

	db->own_statement = true;
	status = lite_stmt_prepare(db, "BEGIN", &db->begin, err);
	if (status == LITE_OK)
		status = lite_stmt_prepare(db, "COMMIT", &db->commit, err);
	db->own_statement = false;
	return status;
}

static LiteStatus
connect(LiteDb *db, LiteError *err)
{
	LiteStatus status = connect_file(db, err);
	int rc;

	if (status != LITE_OK)
		return status;
	rc = lite_guard_configure(db);
	if (rc != SQLITE_OK)
		return lite_db_error(db, rc, err, "configure");
	lite_guard_install(db);
	return LITE_OK;
}

/* ------------------------------------------------------------------------
 * Snapshots
 * ------------------------------------------------------------------------ */

LiteMode
lite_db_mode(const LiteDb *db)
{
	if (db->vfs == NULL || db->vfs->writable)
		return LITE_MODE_LOCKED;
	if (db->vfs->nolock || db->vfs->wal == LITE_WAL_EMPTY)
		return LITE_MODE_IMMUTABLE;
	if (db->vfs->wal == LITE_WAL_REAL && db->vfs->shm != LITE_SHM_REAL)
		return LITE_MODE_PRIVATE;
	return LITE_MODE_LOCKED;
}

/* Steps once and resets; *value is the first column, if there is a row. */
static LiteStatus
run(LiteStmt *stmt, int64_t *value, LiteError *err)
{
	LiteStatus status = lite_stmt_step(stmt, err);

	if (status == LITE_ROW)
	{
		if (value != NULL)
			*value = lite_stmt_int64(stmt, 0);
		status = LITE_OK;
	}
	else if (status == LITE_DONE)
		status = LITE_OK;
	lite_stmt_reset(stmt);
	return status;
}

/* SQLite may have to prepare them again, and asks the authorizer then. */
static LiteStatus
run_own(LiteDb *db, LiteStmt *stmt, LiteError *err)
{
	LiteStatus status;

	db->own_statement = true;
	status = run(stmt, NULL, err);
	db->own_statement = false;
	return status;
}

/*
 * SQLite parses the schema when the first statement needs it.  If one object
 * of it cannot be parsed, nothing can be prepared; with writable_schema (which
 * in defensive mode lets nobody write it) SQLite goes on without the bad ones.
 */
static LiteStatus
read_schema(LiteDb *db, LiteError *err)
{
	const char *message;
	LiteStmt *stmt;
	LiteStatus status;

	status = lite_stmt_prepare(db, "SELECT 1 FROM sqlite_schema LIMIT 1",
							   &stmt, err);
	if (status == LITE_CORRUPT && db->schema_error == NULL)
	{
		message = sqlite3_errmsg(db->handle);
		if (strncmp(message, "malformed database schema", 25) != 0)
			return status;
		db->schema_error = strdup(message);
		(void) sqlite3_db_config(db->handle, SQLITE_DBCONFIG_WRITABLE_SCHEMA,
								 1, NULL);
		status = lite_stmt_prepare(db, "SELECT 1 FROM sqlite_schema LIMIT 1",
								   &stmt, err);
	}
	if (status != LITE_OK)
		return status;
	status = run(stmt, NULL, err);
	lite_stmt_finalize(stmt);
	return status;
}

static LiteStatus
read_encoding(LiteDb *db, LiteError *err)
{
	LiteStmt *stmt;
	LiteStatus status;

	status = lite_stmt_prepare(db, "PRAGMA encoding", &stmt, err);
	if (status != LITE_OK)
		return status;
	status = lite_stmt_step(stmt, err);
	if (status == LITE_ROW)
	{
		const char *name = lite_stmt_text(stmt, 0);

		db->utf16 = name != NULL && strncmp(name, "UTF-16", 6) == 0;
		status = LITE_OK;
	}
	lite_stmt_finalize(stmt);
	return status == LITE_DONE ? LITE_OK : status;
}

/*
 * BEGIN alone takes no lock; the read of the cookie does.
 */
static LiteStatus
take_snapshot(LiteDb *db, LiteError *err)
{
	bool first = db->begin == NULL;
	int64_t data_version = db->data_version;
	int64_t schema_version = db->schema_version;
	LiteStatus status = LITE_OK;

	if (first)
		status = prepare_own(db, err);
	if (status == LITE_OK)
		status = run_own(db, db->begin, err);
	if (status != LITE_OK)
		return status;
	db->in_snapshot = true;

	if (first)
	{
		status = read_schema(db, err);
		if (status == LITE_OK)
			status = read_encoding(db, err);
		if (status == LITE_OK)
			status = lite_guard_cache(db, err);
		if (status == LITE_OK)
			status = lite_stmt_prepare(db, "PRAGMA schema_version",
									   &db->read_schema_version, err);
		if (status == LITE_OK)
			status = lite_stmt_prepare(db, "PRAGMA data_version",
									   &db->read_data_version, err);
	}
	if (status == LITE_OK)
		status = run(db->read_schema_version, &schema_version, err);
	if (status == LITE_OK)
		status = run(db->read_data_version, &data_version, err);
	if (status != LITE_OK)
		return status;

	if (first || schema_version != db->schema_version ||
		data_version != db->data_version)
		db->version++;
	db->schema_version = schema_version;
	db->data_version = data_version;
	return LITE_OK;
}

/*
 * After the lock has been resumed: is what we have open still what is there?
 */
static bool
still_valid(LiteDb *db, const LiteFingerprint *now)
{
	LiteVfs *vfs = db->vfs;
	char path[PATH_MAX + 8];
	struct stat st;
	bool there;

	if (!same_file(now, &db->opened))
		return false;
	if (vfs->nolock)
		return same_content(now, &db->opened) && same_wal(now, &db->opened);
	switch (vfs->wal)
	{
		case LITE_WAL_NONE:

			/*
			 * SQLite notices what SQLite writes.  A file that was cut short
			 * by something else would be answered from its cache.
			 */
			return now->size >= db->opened.size;
		case LITE_WAL_EMPTY:
			return now->wal_size < 0 && same_content(now, &db->opened);
		case LITE_WAL_REAL:
			break;
	}
	sqlite3_snprintf(sizeof(path), path, "%s-wal", db->real);
	if (stat(path, &st) != 0 || (uint64_t) st.st_dev != vfs->wal_device ||
		(uint64_t) st.st_ino != vfs->wal_inode)
		return false;
	sqlite3_snprintf(sizeof(path), path, "%s-shm", db->real);
	there = stat(path, &st) == 0;
	if (vfs->shm == LITE_SHM_REAL)
		return there && (uint64_t) st.st_dev == vfs->shm_device &&
			   (uint64_t) st.st_ino == vfs->shm_inode;
	return same_content(now, &db->opened) && same_wal(now, &db->opened) &&
		   !there;
}

/*
 * Takes the lock back, waiting if need be.
 */
static LiteStatus
resume(LiteDb *db, LiteError *err)
{
	int count = 0;
	int rc;

	while ((rc = lite_vfs_resume(db->vfs)) == SQLITE_BUSY &&
		   lite_guard_wait(db, count))
		count++;
	if (rc != SQLITE_OK)
		return lite_db_error(db, rc, err, "begin to read");
	return LITE_OK;
}

static LiteStatus
reopen(LiteDb *db, LiteError *err)
{
	LiteStatus status;

	disconnect(db);
	db->generation++;
	free(db->schema_error);
	db->schema_error = NULL;
	status = look(db, err);
	if (status == LITE_OK)
		status = connect(db, err);
	if (status != LITE_OK)
		disconnect(db);
	return status;
}

/*
 * Back to no transaction, whatever state a failure has left.  Only a writing
 * handle's COMMIT can fail.
 */
static LiteStatus
abandon(LiteDb *db, LiteError *err)
{
	LiteStatus status = LITE_OK;
	LiteStmt *stmt;

	for (stmt = db->statements; stmt != NULL; stmt = stmt->next)
		(void) sqlite3_reset(stmt->handle);
	if (db->handle != NULL && !sqlite3_get_autocommit(db->handle) &&
		db->commit != NULL)
		status = run_own(db, db->commit, err);
	db->in_snapshot = false;
	if (db->vfs != NULL)
	{
		lite_vfs_suspend(db->vfs);
		db->vfs->interrupted = false;
	}
	return status;
}

static bool
unlocked(const LiteDb *db)
{
	return db->vfs != NULL && lite_db_mode(db) != LITE_MODE_LOCKED;
}

static LiteStatus
changed_error(const LiteDb *db, LiteError *err)
{
	lite_error_set(err, LITE_CHANGED,
				   "the SQLite file changed while it was read");
	lite_error_detail(err,
					  "It was read without a lock, because %s; what has been "
					  "read may belong to two different states.",
					  db->vfs->nolock
						  ? "its file system has none"
						  : "its write-ahead log was not in use when the read "
							"began");
	lite_error_hint(err, "Run the statement again.");
	return LITE_CHANGED;
}

static LiteStatus
attempt(LiteDb *db, bool reuse, LiteError *err)
{
	LiteStatus status = LITE_OK;

	db->begun = db->opened;
	if (reuse && db->vfs != NULL && db->begin != NULL)
	{
		status = resume(db, err);
		if (status != LITE_OK)
			return status;
		reuse = take_fingerprint(db->real, &db->begun) == 0 &&
				still_valid(db, &db->begun);
		if (reuse && db->vfs->wal == LITE_WAL_NONE && !db->vfs->nolock)
			db->opened.size = db->begun.size;
	}
	if (!reuse)
	{
		status = reopen(db, err);
		db->begun = db->opened;
	}
	if (status == LITE_OK)
		status = take_snapshot(db, err);
	if (status != LITE_OK)
		(void) abandon(db, NULL);
	return status;
}

/*
 * Without a lock, fingerprints taken before the first read and after the last
 * are what protects the read: so the first must be one that every later write
 * changes.  A file written within the last tick is opened again after it;
 * once opened, it has to stay as it was anyway (still_valid).
 */
LiteStatus
lite_db_begin(LiteDb *db, LiteError *err)
{
	const struct timespec tick = {0, TICK_NS};
	LiteStatus status;
	int tries;

	if (db->in_snapshot)
		return lite_error_set(err, LITE_INTERNAL, "snapshots do not nest");
	db->wait_started_ms = 0;
	status = attempt(db, db->handle != NULL, err);
	for (tries = 0;
		 status == LITE_OK && unlocked(db) && just_written(&db->begun);
		 tries++)
	{
		(void) abandon(db, NULL);
		if (tries == 3)
			return changed_error(db, err);
		(void) nanosleep(&tick, NULL);
		status = attempt(db, false, err);
	}
	if (status == LITE_OK && unlocked(db))
	{
		memset(db->wal_header, 0, sizeof(db->wal_header));
		(void) lite_vfs_wal_header(db->vfs, db->wal_header,
								   (int) sizeof(db->wal_header));
	}
	return status;
}

LiteStatus
lite_db_check(LiteDb *db, LiteError *err)
{
	unsigned char header[sizeof(db->wal_header)];
	LiteFingerprint now;
	bool same;

	if (!db->in_snapshot || !unlocked(db))
		return LITE_OK;
	same = take_fingerprint(db->real, &now) == 0 &&
		   same_content(&now, &db->begun);

	/*
	 * A -wal that grows does no harm: our frames are where they were.  One
	 * that was started over has another salt in its header.
	 */
	if (same && db->vfs->wal == LITE_WAL_REAL)
	{
		memset(header, 0, sizeof(header));
		(void) lite_vfs_wal_header(db->vfs, header, (int) sizeof(header));
		same = now.wal_size >= db->begun.wal_size &&
			   memcmp(header, db->wal_header, sizeof(header)) == 0;
	}
	if (same)
		return LITE_OK;
	return changed_error(db, err);
}

LiteStatus
lite_db_end(LiteDb *db, LiteError *err)
{
	LiteStatus status;

	if (!db->in_snapshot)
		return LITE_OK;
	status = lite_db_check(db, err);
	if (status != LITE_OK)
		(void) abandon(db, NULL);
	else
		status = abandon(db, err);
	return status;
}

/*
 * With a -wal the database itself may be read in a state that is only made
 * whole by the -wal: which frames are in use says all.  What is in the
 * database cannot change while a snapshot holds its locks.
 */
LiteStatus
lite_db_snapshot(LiteDb *db, LiteSnapshot *result, LiteError *err)
{
	unsigned char header[100];
	int64_t bytes = 0;

	memset(result, 0, sizeof(*result));
	if (!db->in_snapshot || db->vfs == NULL)
		return lite_error_set(err, LITE_INTERNAL, "there is no snapshot");
	if (!lite_vfs_header(db->vfs, header, (int) sizeof(header), &bytes))
		return lite_error_set(err, LITE_IO, "could not read the SQLite file");
	result->device = db->begun.device;
	result->inode = db->begun.inode;
	result->mode = (uint32_t) lite_db_mode(db);
	if (db->vfs->wal == LITE_WAL_REAL)
	{
		const LiteWalEnd *end = &db->vfs->wal_end;

		memcpy(result->wal_salt, end->salt, sizeof(end->salt));
		result->wal_frame = end->frame;
		memcpy(result->wal_checksum, end->checksum, sizeof(end->checksum));
	}
	if (db->vfs->wal != LITE_WAL_REAL || unlocked(db))
	{
		result->size = bytes;
		result->mtime_ns = db->begun.mtime_ns;
		memcpy(&result->change_counter, header + 24, 4);
	}
	return LITE_OK;
}

bool
lite_db_in_snapshot(const LiteDb *db)
{
	return db->in_snapshot;
}

/* ------------------------------------------------------------------------
 * The handle
 * ------------------------------------------------------------------------ */

LiteStatus
lite_db_open(const char *path, const LiteDbOptions *options, LiteDb **result,
			 LiteError *err)
{
	LiteDb *db = calloc(1, sizeof(*db));
	LiteStatus status;

	*result = NULL;
	if (db == NULL || (db->path = strdup(path)) == NULL)
	{
		free(db);
		return lite_error_nomem(err);
	}
	db->options = *options;
	status = look(db, err);
	if (status == LITE_OK)
		status = connect(db, err);

	/* can its content be had? */
	if (status == LITE_OK)
		status = lite_db_begin(db, err);
	if (status == LITE_OK)
		status = lite_db_end(db, err);
	if (status != LITE_OK)
	{
		lite_db_close(db);
		return status;
	}
	*result = db;
	return LITE_OK;
}

LiteStatus
lite_db_open_memory(LiteDb **result, LiteError *err)
{
	const LiteDbOptions options = LITE_DB_OPTIONS_DEFAULT;
	LiteDb *db = calloc(1, sizeof(*db));
	LiteStatus status = LITE_OK;
	int rc;

	*result = NULL;
	if (db == NULL)
		return lite_error_nomem(err);
	db->options = options;
	rc = sqlite3_open_v2(":memory:", &db->handle,
						 SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
							 SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
							 SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_MEMORY,
						 NULL);
	if (rc == SQLITE_OK)
		rc = lite_guard_configure(db);
	if (rc != SQLITE_OK)
		status = lite_db_error(db, rc, err, "open a database in memory");
	if (status != LITE_OK)
	{
		lite_db_close(db);
		return status;
	}
	lite_guard_install(db);
	*result = db;
	return LITE_OK;
}

void
lite_db_close(LiteDb *db)
{
	int i;

	if (db == NULL)
		return;
	disconnect(db);
	for (i = 0; i < db->ncollations; i++)
		free(db->collations[i]);
	free(db->collations);
	free(db->schema_error);
	free(db->real);
	free(db->path);
	free(db);
}

sqlite3 *
lite_db_handle(LiteDb *db)
{
	return db->handle;
}

const char *
lite_db_path(const LiteDb *db)
{
	return db->path;
}

void
lite_db_set_busy_timeout(LiteDb *db, int milliseconds)
{
	db->options.busy_timeout_ms = milliseconds;
}

bool
lite_db_is_utf16(const LiteDb *db)
{
	return db->utf16;
}

unsigned
lite_db_generation(const LiteDb *db)
{
	return db->generation;
}

uint64_t
lite_db_version(const LiteDb *db)
{
	return db->version;
}

const char *
lite_db_schema_error(const LiteDb *db)
{
	return db->schema_error;
}

/*
 * The smallest cell has four bytes ("Database File Format", 1.6), its pointer
 * two.  Pages that are only in a -wal count too.
 */
int64_t
lite_db_max_rows(LiteDb *db)
{
	int64_t pages;
	int64_t page_size;

	if (lite_db_int64(db, "PRAGMA page_count", &pages, NULL) != LITE_OK ||
		lite_db_int64(db, "PRAGMA page_size", &page_size, NULL) != LITE_OK)
		return 0;
	return pages * page_size / 6 + 1;
}

LiteStatus
lite_db_int64(LiteDb *db, const char *sql, int64_t *result, LiteError *err)
{
	LiteStmt *stmt;
	LiteStatus status;

	*result = 0;
	status = lite_stmt_prepare(db, sql, &stmt, err);
	if (status != LITE_OK)
		return status;
	status = run(stmt, result, err);
	lite_stmt_finalize(stmt);
	return status;
}
