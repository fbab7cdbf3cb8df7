/*
 * vfs.h
 *	  The door between SQLite and the disk.
 *
 * SQLite opened with SQLITE_OPEN_READONLY still writes beside a file: it
 * creates a -shm, truncates and rebuilds one that a crash left, deletes a
 * stale journal or -wal, checkpoints when it closes.  This VFS is where "the
 * source is never written" is enforced: it wraps SQLite's own unix VFS and
 * hands it nothing that could change the database, its journal or its -wal,
 * or create a file beside them.  Temporary files (big sorts) pass.
 *
 * It also asks the cancel callback at every read, write of a temporary file
 * and sleep, so that one long step of SQLite can be cancelled.
 *
 * The write-ahead log
 *
 *	SQLite reads a -wal through an index in the -shm, which it maps.  A
 *	mapped file that somebody truncates is a SIGBUS, and its content is not
 *	checked while it is used; so the -shm is never read.  Instead the VFS
 *	answers xShmMap() with SQLITE_READONLY_CANTINIT ("read-only WAL",
 *	SQLite 3.22): SQLite then builds a private index from the -wal, and
 *	verifies on every new snapshot that the -wal has not moved on.  For that
 *	it takes the lock WAL_READ_LOCK(0), which keeps checkpoints from changing
 *	the database.  It does not keep a live writer, who may have checkpointed
 *	everything before, from starting the -wal over; so the VFS takes one more
 *	read lock with it: a writer restarts the -wal only if it can have all of
 *	WAL_READ_LOCK(1..4).  With both held the database and the -wal up to our
 *	last frame are frozen, while the writer goes on appending.
 *
 *	Three things can be there, and decide the mode (db.h):
 *
 *		-wal and -shm	the locks are real				LITE_MODE_LOCKED
 *		-wal, no -shm	nobody to lock against			LITE_MODE_PRIVATE
 *		no -wal			SQLite is shown an empty one	LITE_MODE_IMMUTABLE
 *
 *	One trace is left, by root alone: SQLite sets the owner of the -shm to that
 *	of the database, as it does in every program.
 *
 * A LiteVfs belongs to one connection (its pAppData), so it is registered
 * under a name of its own only while that connection is opened; SQLite's
 * mutex makes that safe among threads.
 */
#ifndef LITE_VFS_H
#define LITE_VFS_H

#include "core/db.h"

typedef struct LiteVfsFile LiteVfsFile;

/* What SQLite was given when it asked for the -wal. */
typedef enum LiteWalState
{
	LITE_WAL_NONE, /* it has not asked: rollback journal */
	LITE_WAL_REAL,
	LITE_WAL_EMPTY /* there is none: an empty stand-in */
} LiteWalState;

typedef enum LiteShmState
{
	LITE_SHM_NONE, /* not asked for */
	LITE_SHM_REAL, /* locks are taken in the -shm */
	LITE_SHM_FAKE  /* no -shm (or no access to it): no locks */
} LiteShmState;

/*
 * How far SQLite's private index of the -wal goes: the last frame that ends a
 * transaction, and the checksum up to there, which covers every byte of the
 * -wal before it.  frame 0: nothing in the -wal is in use.
 */
typedef struct LiteWalEnd
{
	uint32_t salt[2];
	uint32_t frame;
	uint32_t checksum[2];
} LiteWalEnd;

typedef struct LiteVfs
{
	sqlite3_vfs vfs;   /* what SQLite sees */
	sqlite3_vfs *real; /* SQLite's own */
	char name[48];	   /* while registered */
	bool writable;	   /* pass everything through */
	LiteCancelFunction cancelled;
	void *cancel_arg;
	bool (*wait)(void *arg, int count); /* for a lock; false: give up */
	void *wait_arg;

	/* what happened, for whoever words the error */
	bool interrupted; /* the cancel callback said so */
	bool truncated;	  /* a page lies beyond the end of the file */
	int wal_errno;	  /* why the -wal could not be opened, or 0 */

	bool nolock;	/* the file system has no locks */
	bool suspended; /* see lite_vfs_suspend */
	LiteWalState wal;
	LiteShmState shm;
	uint64_t wal_device; /* of the -wal that is open */
	uint64_t wal_inode;
	LiteWalEnd wal_end;
	uint64_t shm_device; /* of the -shm the locks are in */
	uint64_t shm_inode;
	LiteVfsFile *main; /* the database, while open */
	LiteVfsFile *wal_file;
} LiteVfs;

/*
 * Fills vfs and registers it under vfs->name.  The struct must stay where it
 * is until the connection is closed.  Returns a SQLite code.
 */
extern int lite_vfs_register(LiteVfs *vfs, bool writable,
							 LiteCancelFunction cancelled, void *cancel_arg);
extern void lite_vfs_unregister(LiteVfs *vfs);

/* Asks the callback, and remembers a yes in vfs->interrupted. */
extern bool lite_vfs_cancelled(LiteVfs *vfs);

/* The first bytes of the database, past any cache; false on short or error. */
extern bool lite_vfs_header(LiteVfs *vfs, unsigned char *buf, int size,
							int64_t *file_size);
/* The first bytes of the open -wal. */
extern bool lite_vfs_wal_header(LiteVfs *vfs, unsigned char *buf, int size);

/*
 * In WAL mode SQLite keeps a shared lock on the database for as long as the
 * connection is open, which keeps an application from cleaning up after
 * itself or changing the journal mode.  suspend drops it between snapshots
 * without SQLite's knowledge, and lets go of the -shm (SQLite shares one among
 * all connections of a process, and ours would make it read-only for a
 * writing one); resume takes both back (SQLITE_OK or SQLITE_BUSY).  After
 * resume the caller must verify that the -wal at the
 * path is the one that is open (wal_device, wal_inode), else reopen.
 */
extern void lite_vfs_suspend(LiteVfs *vfs);
extern int lite_vfs_resume(LiteVfs *vfs);

#endif /* LITE_VFS_H */
