/*
 * dbimpl.h
 *	  What db.c and stmt.c know of each other, and nobody else.
 */
#ifndef LITE_DBIMPL_H
#define LITE_DBIMPL_H

#include "core/stmt.h"
#include "core/vfs.h"

struct LiteDb
{
	char *path; /* as given, for messages */
	char *real; /* without symbolic links; SQLite's name */
	LiteDbOptions options;

	sqlite3 *handle; /* NULL only inside a failed reopen */
	LiteVfs *vfs;	 /* NULL for memory */
	unsigned generation;
	bool utf16;

	/* snapshot */
	bool in_snapshot;
	LiteFingerprint opened; /* the file this handle is open on */
	LiteFingerprint begun;	/* as it was when the snapshot was taken */
	unsigned char wal_header[32];
	int64_t data_version;
	int64_t schema_version;
	uint64_t version;
	LiteStmt *begin;
	LiteStmt *commit;
	LiteStmt *read_data_version;
	LiteStmt *read_schema_version;

	/* statements that live on this handle */
	LiteStmt *statements;

	/* waiting for a lock */
	int64_t wait_started_ms; /* 0: not waiting */

	/* what the file has that SQLite does not know */
	int ncollations;
	char **collations;
	bool collation_used; /* a stand-in has compared */
	char *schema_error;	 /* SQLite cannot read all of the schema */

	bool own_statement; /* BEGIN, COMMIT: ours alone */
	bool forbidden;		/* the authorizer said no */
};

/* in dbguard.c */

/* Settings, before anything is read; a SQLite code. */
extern int lite_guard_configure(LiteDb *db);
/* The size of the page cache, once the schema has been read. */
extern LiteStatus lite_guard_cache(LiteDb *db, LiteError *err);
/* Authorizer, collations, busy and progress handlers. */
extern void lite_guard_install(LiteDb *db);
/* Waits a moment for the count-th time; false: no longer. */
extern bool lite_guard_wait(LiteDb *db, int count);
extern int64_t lite_clock_ms(void);

/* in dberror.c */

/* Did the cancel callback end this? */
extern bool lite_db_was_cancelled(const LiteDb *db);
extern LiteStatus lite_file_error(LiteError *err, const char *path,
								  int os_errno);
extern LiteStatus lite_file_kind_error(LiteError *err, const char *path,
									   const char *kind);
/* bytes: the first ones of the file, size of them; 0: it is empty */
extern LiteStatus lite_notadb_error(LiteError *err, const char *path,
									const unsigned char *bytes, int size);

#endif /* LITE_DBIMPL_H */
