/*
 * db.h
 *	  A SQLite file, opened so that neither it nor we can come to harm.
 *
 * The file is hostile and is never written: defensive mode, untrusted schema,
 * no extensions, no ATTACH, limits set, no mmap, NOMUTEX (a handle belongs to
 * one thread), and a VFS of ours that refuses every write to the database,
 * its journal and its -wal, creates no side files, and asks the cancel
 * callback while it does I/O.
 *
 * How a file is opened depends on what lies beside it:
 *
 *	LITE_MODE_LOCKED	rollback journal, or WAL with a live -wal and -shm:
 *						SQLite's own locks give a snapshot that writers
 *						respect.
 *	LITE_MODE_PRIVATE	a -wal with content but no -shm (a crashed writer, a
 *						copied pair): the -wal is read into a private index;
 *						nothing is created beside the file.
 *	LITE_MODE_IMMUTABLE	a WAL-mode file without a -wal (its writer has closed
 *						it), or a file in a place where no lock can be had.
 *
 * In the last two no lock protects the read, so lite_db_end() (and
 * lite_db_check() at any time) compares the file's fingerprint with the one
 * taken at the start and answers LITE_CHANGED if it moved.  The mode is
 * decided again whenever a snapshot is begun without one open.
 */
#ifndef LITE_DB_H
#define LITE_DB_H

#include <sqlite3.h>

#include "core/status.h"

typedef struct LiteDb LiteDb;

typedef enum LiteMode
{
	LITE_MODE_LOCKED,
	LITE_MODE_PRIVATE,
	LITE_MODE_IMMUTABLE
} LiteMode;

/* Asked every few hundred microseconds of SQLite's work and while waiting for
 * a lock; true means stop: the operation ends with LITE_INTERRUPTED.  Must
 * not longjmp. */
typedef bool (*LiteCancelFunction)(void *arg);

typedef struct LiteDbOptions
{
	bool writable; /* server option updatable */
	int busy_timeout_ms;
	int cache_kb; /* page cache; 0: SQLite's default (2 MB).  At most 8 MB
				   * are used, so that a sort can be cancelled in time */
	LiteCancelFunction cancelled; /* may be NULL */
	void *cancel_arg;
} LiteDbOptions;

#define LITE_DB_OPTIONS_DEFAULT                                               \
	{                                                                         \
		false, 5000, 0, NULL, NULL                                            \
	}

/*
 * What tells two states of a file apart without reading it: which file it is
 * (device, inode), its size and times, and those of its -wal.
 */
typedef struct LiteFingerprint
{
	uint64_t device;
	uint64_t inode;
	int64_t size;
	int64_t mtime_ns;
	int64_t ctime_ns;
	int64_t wal_size; /* -1: no -wal */
	int64_t wal_mtime_ns;
} LiteFingerprint;

/*
 * Opens path (absolute) and reads its header.  Each way this can fail has its
 * own status, message and hint: LITE_MISSING, _DENIED, _NOTFILE, _NOTADB (not
 * SQLite, empty, encrypted-looking), _CORRUPT (truncated), _HOTJOURNAL,
 * _WALUNREADABLE, _BUSY, _IO.  A zero-length file is LITE_NOTADB: SQLite
 * takes it for an empty database, a user has picked the wrong file.
 */
extern LiteStatus lite_db_open(const char *path, const LiteDbOptions *options,
							   LiteDb **result, LiteError *err);

/* ":memory:", for our own use (JSON of options).  Never a user's path. */
extern LiteStatus lite_db_open_memory(LiteDb **result, LiteError *err);

/* Finalizes every statement still open.  NULL is fine. */
extern void lite_db_close(LiteDb *db);

extern sqlite3 *lite_db_handle(LiteDb *db);
extern const char *lite_db_path(const LiteDb *db);
extern LiteMode lite_db_mode(const LiteDb *db);
extern bool lite_db_is_utf16(const LiteDb *db);

/* From now on; what waits already goes on as it began. */
extern void lite_db_set_busy_timeout(LiteDb *db, int milliseconds);

/*
 * One snapshot: between begin and end every statement on this handle sees one
 * state of the file.  begin takes it at once (not at the first read).  If the
 * file was replaced (another inode at the path) since the handle was opened,
 * or its mode has to change, begin reopens it: prepared statements are then
 * gone (see lite_db_generation).  Not nested.
 */
extern LiteStatus lite_db_begin(LiteDb *db, LiteError *err);
extern LiteStatus lite_db_end(LiteDb *db, LiteError *err);
extern bool lite_db_in_snapshot(const LiteDb *db);

/*
 * Which state of the file a snapshot is.  Plain bytes, to be passed to other
 * processes and compared with memcmp(): equal ids of two handles, both taken
 * while both snapshots were open, mean that both see the same state.  (So a
 * parallel worker begins while the leader's snapshot is open, and works only
 * if the ids are equal.)
 */
typedef struct LiteSnapshot
{
	uint64_t device;
	uint64_t inode;
	int64_t size;
	int64_t mtime_ns; /* 0 in LITE_MODE_LOCKED with a -wal */
	uint32_t mode;
	uint32_t change_counter;
	uint32_t wal_salt[2];
	uint32_t wal_frame;
	uint32_t wal_checksum[2];
	uint32_t zero;
} LiteSnapshot;

extern LiteStatus lite_db_snapshot(LiteDb *db, LiteSnapshot *result,
								   LiteError *err);

/* LITE_CHANGED if an unlocked read can no longer be trusted. */
extern LiteStatus lite_db_check(LiteDb *db, LiteError *err);

/* Grows by one whenever statements prepared before have become invalid. */
extern unsigned lite_db_generation(const LiteDb *db);

/* Grows whenever the file's content may have changed (for caches of schema
 * and statistics): PRAGMA data_version and schema_version, taken in begin. */
extern uint64_t lite_db_version(const LiteDb *db);

extern LiteStatus lite_db_fingerprint(const char *path,
									  LiteFingerprint *result, LiteError *err);

/*
 * Is this a collation that SQLite itself has?  Others (an application's own,
 * "unicase") get a stand-in so that their tables can be read at all.  An
 * index in such a collation is sorted in an order nobody here knows, so SQL
 * that reads such a table must say NOT INDEXED and must not compare, sort or
 * group by such a column.  That is also enforced: a statement in which the
 * stand-in is asked to compare fails with LITE_UNSUPPORTED.
 */
extern bool lite_db_knows_collation(const LiteDb *db, const char *name);

/*
 * More rows than any table or index of this file can have: its size over the
 * smallest row.  A b-tree whose pages refer to each other in circles returns
 * more.  0 if not known.
 */
extern int64_t lite_db_max_rows(LiteDb *db);

/* Why SQLite cannot parse all of the schema; NULL: it can.  The objects that
 * it can parse are there. */
extern const char *lite_db_schema_error(const LiteDb *db);

/*
 * Turns the handle's current error into a LiteError: rc is the extended code
 * just returned.  what: the thing being done, for the message ("read table
 * \"t\"").  The only place where SQLite's codes are given a meaning.
 */
extern LiteStatus lite_db_error(LiteDb *db, int rc, LiteError *err,
								const char *what, ...) LITE_PRINTF(4, 5);

/* Text of a PRAGMA or expression that yields one integer. */
extern LiteStatus lite_db_int64(LiteDb *db, const char *sql, int64_t *result,
								LiteError *err);

#endif /* LITE_DB_H */
