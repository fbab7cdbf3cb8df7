/*
 * vfs.c
 *	  The door between SQLite and the disk: see vfs.h for the story.
 *
 * Every file SQLite opens through us is a LiteVfsFile with the real VFS's
 * file behind it in the same allocation.  What may pass depends on what the
 * file is (the SQLITE_OPEN_ type bits it is opened with):
 *
 *	temporary files		everything; asked for cancel
 *	database, -wal,		opened READONLY whatever is asked; write, truncate,
 *	journal				locks above SHARED and delete are refused
 *	super-journal		not opened: only writers need one
 *
 * The methods are version 2: without xFetch there is no mmap of the database,
 * whatever the library's default is.
 *
 * The answers to xShmMap and the meaning of the locks follow SQLite's wal.c
 * (walTryBeginRead, walBeginShmUnreliable, walRestartLog, walCheckpoint) and
 * "WAL-mode File Format", 2.3.1, of SQLite's documentation.
 */
#include "core/vfs.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

struct LiteVfsFile
{
	sqlite3_file file; /* SQLite's view: the methods */
	LiteVfs *vfs;
	sqlite3_file *real; /* NULL: an empty file that is not there */
	int type;			/* one SQLITE_OPEN_ type bit */
	bool temporary;
	int level;		  /* lock that SQLite believes to hold */
	int restart_lock; /* the read lock that stops a restart, or -1 */
	const char *path;

	/* of a -wal: where watch_wal() is (see there) */
	uint32_t page_size; /* 0: not watching */
	bool big_endian;
	uint32_t next_frame;
	uint32_t sum[2];
};

#define TYPE_BITS                                                             \
	(SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_TEMP_DB | SQLITE_OPEN_TRANSIENT_DB |   \
	 SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_TEMP_JOURNAL |                    \
	 SQLITE_OPEN_SUBJOURNAL | SQLITE_OPEN_SUPER_JOURNAL | SQLITE_OPEN_WAL)
#define TEMPORARY_BITS                                                        \
	(SQLITE_OPEN_TEMP_DB | SQLITE_OPEN_TRANSIENT_DB |                         \
	 SQLITE_OPEN_TEMP_JOURNAL | SQLITE_OPEN_SUBJOURNAL)

/* Locks of the -shm ("WAL-mode File Format", 2.3): 0 write, 1 checkpoint,
 * 2 recover, 3.. the five read locks. */
#define SHM_READ_LOCK0 3

/* One page holds a page number, so nothing smaller than this is a page. */
#define SMALLEST_PAGE 512

static inline LiteVfs *
vfs_of(sqlite3_vfs *vfs)
{
	return (LiteVfs *) vfs->pAppData;
}

static inline LiteVfsFile *
file_of(sqlite3_file *file)
{
	return (LiteVfsFile *) file;
}

bool
lite_vfs_cancelled(LiteVfs *vfs)
{
	if (vfs->cancelled != NULL && vfs->cancelled(vfs->cancel_arg))
	{
		vfs->interrupted = true;
		return true;
	}
	return false;
}

/*
 * May this file be interrupted?  A temporary one, always.  The database, as
 * long as nobody is writing it through this connection: a failed read must
 * not spoil the rollback of a transaction.
 */
static inline bool
interruptible(const LiteVfsFile *f)
{
	return f->temporary || !f->vfs->writable ||
		   (f->type == SQLITE_OPEN_MAIN_DB && f->level <= SQLITE_LOCK_SHARED);
}

static inline bool protected(const LiteVfsFile *f)
{
	return !f->temporary && !f->vfs->writable;
}

/* ------------------------------------------------------------------------
 * The format of a -wal ("WAL File Format", 4.1 and 4.2)
 * ------------------------------------------------------------------------ */

#define WAL_HEADER 32
#define FRAME_HEADER 24

static uint32_t
get4(const unsigned char *p)
{
	return (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16 |
		   (uint32_t) p[2] << 8 | p[3];
}

static uint32_t
get4_little(const unsigned char *p)
{
	return (uint32_t) p[3] << 24 | (uint32_t) p[2] << 16 |
		   (uint32_t) p[1] << 8 | p[0];
}

/*
 * Adds n bytes, a multiple of 8, to a checksum.
 */
static void
add_to_sum(bool big_endian, const unsigned char *bytes, int n, uint32_t sum[2])
{
	uint32_t s1 = sum[0];
	uint32_t s2 = sum[1];
	int i;

	if (big_endian)
	{
		for (i = 0; i < n; i += 8)
		{
			s1 += get4(bytes + i) + s2;
			s2 += get4(bytes + i + 4) + s1;
		}
	}
	else
	{
		for (i = 0; i < n; i += 8)
		{
			s1 += get4_little(bytes + i) + s2;
			s2 += get4_little(bytes + i + 4) + s1;
		}
	}
	sum[0] = s1;
	sum[1] = s2;
}

static bool
is_wal_header(const unsigned char *header)
{
	const uint32_t magic = get4(header);
	const uint32_t page_size = get4(header + 8);
	uint32_t sum[2] = {0, 0};

	if ((magic & ~UINT32_C(1)) != UINT32_C(0x377f0682) ||
		page_size < SMALLEST_PAGE || page_size > 65536 ||
		(page_size & (page_size - 1)) != 0)
		return false;
	add_to_sum(magic & 1, header, 24, sum);
	return sum[0] == get4(header + 24) && sum[1] == get4(header + 28);
}

/*
 * SQLite does not tell which state of a -wal it has taken; but to build its
 * index it reads all frames in order through here, and takes those that this
 * function takes too: so that two connections can find out whether they see
 * the same state (lite_db_snapshot).
 */
static void
watch_wal(LiteVfsFile *f, const unsigned char *buf, int size, int64_t offset)
{
	LiteWalEnd *end = &f->vfs->wal_end;
	unsigned char header[WAL_HEADER];
	uint32_t sum[2];
	int64_t frame;

	if (offset == WAL_HEADER && size > FRAME_HEADER) /* from the start */
	{
		memset(end, 0, sizeof(*end));
		f->page_size = 0;
		if (f->real->pMethods->xRead(f->real, header, WAL_HEADER, 0) !=
				SQLITE_OK ||
			!is_wal_header(header))
			return;
		f->page_size = get4(header + 8);
		f->big_endian = get4(header) & 1;
		f->next_frame = 1;
		end->salt[0] = get4(header + 16);
		end->salt[1] = get4(header + 20);
		f->sum[0] = get4(header + 24);
		f->sum[1] = get4(header + 28);
	}
	if (f->page_size == 0 || size != (int) f->page_size + FRAME_HEADER)
		return;
	frame = (offset - WAL_HEADER) / size + 1;
	if (frame != f->next_frame || get4(buf) == 0 ||
		get4(buf + 8) != end->salt[0] || get4(buf + 12) != end->salt[1])
		return;
	sum[0] = f->sum[0];
	sum[1] = f->sum[1];
	add_to_sum(f->big_endian, buf, 8, sum);
	add_to_sum(f->big_endian, buf + FRAME_HEADER, (int) f->page_size, sum);
	if (sum[0] != get4(buf + 16) || sum[1] != get4(buf + 20))
		return;
	f->sum[0] = sum[0];
	f->sum[1] = sum[1];
	f->next_frame++;
	if (get4(buf + 4) != 0) /* ends a transaction */
	{
		end->frame = (uint32_t) frame;
		end->checksum[0] = sum[0];
		end->checksum[1] = sum[1];
	}
}

/* ------------------------------------------------------------------------
 * Files
 * ------------------------------------------------------------------------ */

static int
file_close(sqlite3_file *file)
{
	LiteVfsFile *f = file_of(file);
	int rc = SQLITE_OK;

	if (f->vfs->main == f)
		f->vfs->main = NULL;
	if (f->vfs->wal_file == f)
	{
		f->vfs->wal_file = NULL;
		f->vfs->wal = LITE_WAL_NONE;
	}
	if (f->real != NULL && f->real->pMethods != NULL)
		rc = f->real->pMethods->xClose(f->real);
	f->real = NULL;
	return rc;
}

static int
file_read(sqlite3_file *file, void *buf, int size, sqlite3_int64 offset)
{
	LiteVfsFile *f = file_of(file);
	int rc;

	if (f->real == NULL)
	{
		memset(buf, 0, (size_t) size);
		return SQLITE_IOERR_SHORT_READ;
	}
	if (interruptible(f) && lite_vfs_cancelled(f->vfs))
		return SQLITE_INTERRUPT;
	rc = f->real->pMethods->xRead(f->real, buf, size, offset);

	/*
	 * SQLite takes a page that ends beyond the end of the file for zeros,
	 * which are rows that vanish.  Offset 0 is read before the page size is
	 * known.
	 */
	if (rc == SQLITE_IOERR_SHORT_READ && f->type == SQLITE_OPEN_MAIN_DB &&
		protected(f) && offset > 0 && size >= SMALLEST_PAGE)
	{
		f->vfs->truncated = true;
		return SQLITE_CORRUPT;
	}
	if (rc == SQLITE_OK && f->type == SQLITE_OPEN_WAL && protected(f))
		watch_wal(f, buf, size, offset);
	return rc;
}

static int
file_write(sqlite3_file *file, const void *buf, int size, sqlite3_int64 offset)
{
	LiteVfsFile *f = file_of(file);

	if (protected(f))
		return SQLITE_READONLY;
	if (f->temporary && lite_vfs_cancelled(f->vfs))
		return SQLITE_INTERRUPT;
	return f->real->pMethods->xWrite(f->real, buf, size, offset);
}

static int
file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	LiteVfsFile *f = file_of(file);

	if (protected(f))
		return SQLITE_READONLY;
	return f->real->pMethods->xTruncate(f->real, size);
}

static int
file_sync(sqlite3_file *file, int flags)
{
	LiteVfsFile *f = file_of(file);

	if (protected(f))
		return SQLITE_OK; /* nothing of ours can be unwritten */
	return f->real->pMethods->xSync(f->real, flags);
}

/*
 * A -wal whose header is no header (a crash while it was written) has nothing
 * in it; SQLite agrees, but then compares its salt for ever.
 */
static int
file_size(sqlite3_file *file, sqlite3_int64 *size)
{
	LiteVfsFile *f = file_of(file);
	unsigned char header[WAL_HEADER];
	int rc;

	if (f->real == NULL)
	{
		*size = 0;
		return SQLITE_OK;
	}
	rc = f->real->pMethods->xFileSize(f->real, size);
	if (rc == SQLITE_OK && f->type == SQLITE_OPEN_WAL && protected(f) &&
		*size >= WAL_HEADER)
	{
		rc =
			f->real->pMethods->xRead(f->real, header, (int) sizeof(header), 0);
		if (rc == SQLITE_OK && !is_wal_header(header))
			*size = 0;
	}
	if (f->type == SQLITE_OPEN_WAL && protected(f) && rc == SQLITE_OK &&
		*size <= WAL_HEADER)
	{
		memset(&f->vfs->wal_end, 0, sizeof(f->vfs->wal_end));
		f->page_size = 0;
	}
	return rc;
}

/*
 * A file system without locks (some network mounts) answers ENOLCK, which
 * SQLite's VFS reports as BUSY for ever.  Reading goes on without: the
 * fingerprint watches instead.
 */
static int
file_lock(sqlite3_file *file, int level)
{
	LiteVfsFile *f = file_of(file);
	LiteVfs *vfs = f->vfs;
	int rc = SQLITE_OK;

	if (protected(f) && level > SQLITE_LOCK_SHARED)
		return SQLITE_READONLY;
	if (!vfs->nolock)
	{
		errno = 0;
		rc = f->real->pMethods->xLock(f->real, level);
		if (rc != SQLITE_OK && protected(f) &&
			(errno == ENOLCK || (rc & 0xff) == SQLITE_IOERR))
		{
			vfs->nolock = true;
			rc = SQLITE_OK;
		}
	}
	if (rc == SQLITE_OK && level > f->level)
		f->level = level;
	return rc;
}

static int
file_unlock(sqlite3_file *file, int level)
{
	LiteVfsFile *f = file_of(file);
	LiteVfs *vfs = f->vfs;
	int rc = SQLITE_OK;

	if (!vfs->nolock && !vfs->suspended)
		rc = f->real->pMethods->xUnlock(f->real, level);
	if (level < f->level)
		f->level = level;
	if (level == SQLITE_LOCK_NONE)
		vfs->suspended = false;
	return rc;
}

static int
file_check_reserved(sqlite3_file *file, int *result)
{
	LiteVfsFile *f = file_of(file);

	if (f->vfs->nolock)
	{
		*result = 0;
		return SQLITE_OK;
	}
	return f->real->pMethods->xCheckReservedLock(f->real, result);
}

static int
file_control(sqlite3_file *file, int op, void *arg)
{
	LiteVfsFile *f = file_of(file);

	if (f->real == NULL)
		return SQLITE_NOTFOUND;
	return f->real->pMethods->xFileControl(f->real, op, arg);
}

static int
file_sector_size(sqlite3_file *file)
{
	LiteVfsFile *f = file_of(file);

	return f->real ? f->real->pMethods->xSectorSize(f->real) : 4096;
}

static int
file_characteristics(sqlite3_file *file)
{
	LiteVfsFile *f = file_of(file);

	return f->real ? f->real->pMethods->xDeviceCharacteristics(f->real) : 0;
}

/* ------------------------------------------------------------------------
 * The -shm
 * ------------------------------------------------------------------------ */

/*
 * Is there a -shm to take locks in?  The answer holds as long as SQLite's
 * shared lock on the database does: nobody removes a -shm under it.
 */
static int
shm_attach(LiteVfsFile *f)
{
	LiteVfs *vfs = f->vfs;
	char path[PATH_MAX + 8];
	struct stat st;
	volatile void *unused;
	int rc;

	if (vfs->shm == LITE_SHM_FAKE)
		return SQLITE_OK;
	if (vfs->shm == LITE_SHM_NONE)
	{
		sqlite3_snprintf(sizeof(path), path, "%s-shm", f->path);
		if (vfs->nolock || stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		{
			vfs->shm = LITE_SHM_FAKE;
			return SQLITE_OK;
		}
		vfs->shm_device = (uint64_t) st.st_dev;
		vfs->shm_inode = (uint64_t) st.st_ino;
	}

	/*
	 * Opened with readonly_shm=1 (a parameter of the file's URI), so that it
	 * is neither created nor truncated.  This also takes the lock that tells
	 * others that the -shm is in use, if there is a writer to keep it true.
	 * The region may get mapped; it is never touched.
	 */
	rc = f->real->pMethods->xShmMap(f->real, 0, 32768, 0, &unused);
	switch (rc)
	{
		case SQLITE_OK: /* shared with a writing handle of this process */
		case SQLITE_READONLY:
		case SQLITE_READONLY_CANTINIT:
			vfs->shm = LITE_SHM_REAL;
			return SQLITE_OK;
		case SQLITE_BUSY:
		case SQLITE_NOMEM:
			return rc;
		default:
			if (vfs->shm == LITE_SHM_REAL)
				return rc;
			vfs->shm = LITE_SHM_FAKE; /* not readable for us */
			return SQLITE_OK;
	}
}

static int
file_shm_map(sqlite3_file *file, int region, int size, int extend,
			 void volatile **result)
{
	LiteVfsFile *f = file_of(file);
	int rc;

	if (f->vfs->writable)
		return f->real->pMethods->xShmMap(f->real, region, size, extend,
										  result);
	*result = NULL;
	rc = shm_attach(f);
	return rc == SQLITE_OK ? SQLITE_READONLY_CANTINIT : rc;
}

static int
shm_lock_real(LiteVfsFile *f, int offset, int flags)
{
	return f->real->pMethods->xShmLock(f->real, offset, 1,
									   flags | SQLITE_SHM_SHARED);
}

static int
shm_try_snapshot(LiteVfsFile *f)
{
	int rc = shm_lock_real(f, SHM_READ_LOCK0, SQLITE_SHM_LOCK);
	int i;

	if (rc != SQLITE_OK)
		return rc;
	for (i = SHM_READ_LOCK0 + 1; i < SQLITE_SHM_NLOCK; i++)
	{
		rc = shm_lock_real(f, i, SQLITE_SHM_LOCK);
		if (rc == SQLITE_OK)
		{
			f->restart_lock = i;
			return SQLITE_OK;
		}
		if (rc != SQLITE_BUSY)
			break;
	}
	(void) shm_lock_real(f, SHM_READ_LOCK0, SQLITE_SHM_UNLOCK);
	return rc;
}

/*
 * WAL_READ_LOCK(0), and with it any other read lock.  Somebody has them while
 * a checkpoint is at work or the -wal is started over.  SQLite takes BUSY for
 * a race and tries again many times, for seconds; the extended code ends
 * that.
 */
static int
shm_lock_snapshot(LiteVfsFile *f)
{
	LiteVfs *vfs = f->vfs;
	int count = 0;
	int rc;

	while ((rc = shm_try_snapshot(f)) == SQLITE_BUSY && vfs->wait != NULL &&
		   vfs->wait(vfs->wait_arg, count))
		count++;
	return rc == SQLITE_BUSY ? SQLITE_BUSY_TIMEOUT : rc;
}

static int
shm_unlock_snapshot(LiteVfsFile *f)
{
	if (f->restart_lock >= 0)
		(void) shm_lock_real(f, f->restart_lock, SQLITE_SHM_UNLOCK);
	f->restart_lock = -1;
	return shm_lock_real(f, SHM_READ_LOCK0, SQLITE_SHM_UNLOCK);
}

static int
file_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	LiteVfsFile *f = file_of(file);

	if (f->vfs->writable)
		return f->real->pMethods->xShmLock(f->real, offset, n, flags);
	if (!(flags & SQLITE_SHM_SHARED))
		return (flags & SQLITE_SHM_LOCK) ? SQLITE_READONLY : SQLITE_OK;
	if (f->vfs->shm != LITE_SHM_REAL)
		return SQLITE_OK;
	if (offset != SHM_READ_LOCK0)
		return shm_lock_real(f, offset, flags & ~SQLITE_SHM_SHARED);
	if (flags & SQLITE_SHM_LOCK)
		return shm_lock_snapshot(f);
	return shm_unlock_snapshot(f);
}

static void
file_shm_barrier(sqlite3_file *file)
{
	LiteVfsFile *f = file_of(file);

	f->real->pMethods->xShmBarrier(f->real);
}

static int
file_shm_unmap(sqlite3_file *file, int delete_it)
{
	LiteVfsFile *f = file_of(file);

	if (f->vfs->writable)
		return f->real->pMethods->xShmUnmap(f->real, delete_it);

	/*
	 * SQLite comes here to forget what it has seen and start again; the
	 * answer to xShmMap may be another one then.
	 */
	f->restart_lock = -1;
	f->vfs->shm = LITE_SHM_NONE;
	return f->real->pMethods->xShmUnmap(f->real, 0);
}

static const sqlite3_io_methods file_methods = {2,
												file_close,
												file_read,
												file_write,
												file_truncate,
												file_sync,
												file_size,
												file_lock,
												file_unlock,
												file_check_reserved,
												file_control,
												file_sector_size,
												file_characteristics,
												file_shm_map,
												file_shm_lock,
												file_shm_barrier,
												file_shm_unmap,
												NULL,
												NULL};

/* ------------------------------------------------------------------------
 * The VFS
 * ------------------------------------------------------------------------ */

/*
 * The -wal is opened when the header says WAL, whether it exists or not.
 * Called under a shared lock on the database, which keeps it from being
 * removed: what stat() says is what the open finds.
 */
static int
open_wal(LiteVfs *vfs, const char *path, LiteVfsFile *f, int flags)
{
	struct stat st;
	bool there = stat(path, &st) == 0;
	int rc;

	vfs->wal_errno = 0;
	memset(&vfs->wal_end, 0, sizeof(vfs->wal_end));
	if (!there && errno != ENOENT)
	{
		vfs->wal_errno = errno;
		return SQLITE_CANTOPEN;
	}
	if (there && S_ISREG(st.st_mode))
	{
		rc = vfs->real->xOpen(vfs->real, path, f->real, flags, NULL);
		if (rc == SQLITE_OK)
		{
			vfs->wal = LITE_WAL_REAL;
			vfs->wal_device = (uint64_t) st.st_dev;
			vfs->wal_inode = (uint64_t) st.st_ino;
			return SQLITE_OK;
		}
		if (st.st_size > 0)
		{
			vfs->wal_errno = errno ? errno : EIO;
			return rc;
		}
		/* not readable, and nothing in it to be read */
	}
	else if (there)
	{
		vfs->wal_errno = EINVAL;
		return SQLITE_CANTOPEN;
	}
	vfs->wal = LITE_WAL_EMPTY;
	f->real = NULL;
	return SQLITE_OK;
}

static int
vfs_open(sqlite3_vfs *v, const char *path, sqlite3_file *file, int flags,
		 int *flags_out)
{
	LiteVfs *vfs = vfs_of(v);
	LiteVfsFile *f = file_of(file);
	int rc;

	memset(f, 0, sizeof(*f));
	f->vfs = vfs;
	f->path = path;
	f->type = flags & TYPE_BITS;
	f->temporary = (flags & TEMPORARY_BITS) != 0;
	f->restart_lock = -1;
	f->real = (sqlite3_file *) ((char *) f + sizeof(LiteVfsFile));
	memset(f->real, 0, (size_t) vfs->real->szOsFile);

	if (protected(f))
	{
		if (f->type == SQLITE_OPEN_SUPER_JOURNAL)
			return SQLITE_CANTOPEN;
		flags &= ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
				   SQLITE_OPEN_DELETEONCLOSE);
		flags |= SQLITE_OPEN_READONLY;

		/*
		 * As root, SQLite gives a -wal or journal that it opens the owner of
		 * the database; a database it leaves alone.
		 */
		flags = (flags & ~TYPE_BITS) | SQLITE_OPEN_MAIN_DB;
	}
	if (protected(f) && f->type == SQLITE_OPEN_WAL)
	{
		rc = open_wal(vfs, path, f, flags);
		if (flags_out != NULL)
			*flags_out = flags;
	}
	else
		rc = vfs->real->xOpen(vfs->real, path, f->real, flags, flags_out);
	if (rc != SQLITE_OK)
		return rc;

	if (f->type == SQLITE_OPEN_MAIN_DB)
		vfs->main = f;
	if (f->type == SQLITE_OPEN_WAL)
		vfs->wal_file = f;
	f->file.pMethods = &file_methods;
	return SQLITE_OK;
}

static int
vfs_delete(sqlite3_vfs *v, const char *path, int sync)
{
	LiteVfs *vfs = vfs_of(v);

	/* temporary files are unlinked when they are opened */
	if (!vfs->writable)
		return SQLITE_READONLY;
	return vfs->real->xDelete(vfs->real, path, sync);
}

static int
vfs_access(sqlite3_vfs *v, const char *path, int flags, int *result)
{
	LiteVfs *vfs = vfs_of(v);

	return vfs->real->xAccess(vfs->real, path, flags, result);
}

static int
vfs_full_pathname(sqlite3_vfs *v, const char *path, int size, char *result)
{
	LiteVfs *vfs = vfs_of(v);

	return vfs->real->xFullPathname(vfs->real, path, size, result);
}

static void *
vfs_dlopen(sqlite3_vfs *v, const char *path)
{
	(void) v;
	(void) path;
	return NULL;
}

static void
vfs_dlerror(sqlite3_vfs *v, int size, char *message)
{
	(void) v;
	sqlite3_snprintf(size, message, "extensions are not loaded");
}

static void (*vfs_dlsym(sqlite3_vfs *v, void *handle,
						const char *symbol))(void)
{
	(void) v;
	(void) handle;
	(void) symbol;
	return NULL;
}

static void
vfs_dlclose(sqlite3_vfs *v, void *handle)
{
	(void) v;
	(void) handle;
}

static int
vfs_randomness(sqlite3_vfs *v, int size, char *result)
{
	LiteVfs *vfs = vfs_of(v);

	return vfs->real->xRandomness(vfs->real, size, result);
}

/*
 * SQLite sleeps up to a third of a second when it retries to begin a read of
 * a -wal; in slices, so that a cancel is noticed.
 */
static int
vfs_sleep(sqlite3_vfs *v, int microseconds)
{
	const int slice = 10000;
	LiteVfs *vfs = vfs_of(v);
	int left = microseconds;

	while (left > 0 && !lite_vfs_cancelled(vfs))
	{
		vfs->real->xSleep(vfs->real, left < slice ? left : slice);
		left -= slice;
	}
	return microseconds;
}

static int
vfs_current_time(sqlite3_vfs *v, double *result)
{
	LiteVfs *vfs = vfs_of(v);

	return vfs->real->xCurrentTime(vfs->real, result);
}

static int
vfs_last_error(sqlite3_vfs *v, int size, char *message)
{
	LiteVfs *vfs = vfs_of(v);

	return vfs->real->xGetLastError(vfs->real, size, message);
}

static int
vfs_current_time64(sqlite3_vfs *v, sqlite3_int64 *result)
{
	LiteVfs *vfs = vfs_of(v);

	return vfs->real->xCurrentTimeInt64(vfs->real, result);
}

int
lite_vfs_register(LiteVfs *vfs, bool writable, LiteCancelFunction cancelled,
				  void *cancel_arg)
{
	sqlite3_vfs *real = sqlite3_vfs_find("unix");

	if (real == NULL)
		real = sqlite3_vfs_find(NULL);
	if (real == NULL)
		return SQLITE_ERROR;

	memset(vfs, 0, sizeof(*vfs));
	vfs->real = real;
	vfs->writable = writable;
	vfs->cancelled = cancelled;
	vfs->cancel_arg = cancel_arg;
	sqlite3_snprintf(sizeof(vfs->name), vfs->name, "lite-%p", (void *) vfs);

	vfs->vfs.iVersion = 2;
	vfs->vfs.szOsFile = (int) sizeof(LiteVfsFile) + real->szOsFile;
	vfs->vfs.mxPathname = real->mxPathname;
	vfs->vfs.zName = vfs->name;
	vfs->vfs.pAppData = vfs;
	vfs->vfs.xOpen = vfs_open;
	vfs->vfs.xDelete = vfs_delete;
	vfs->vfs.xAccess = vfs_access;
	vfs->vfs.xFullPathname = vfs_full_pathname;
	vfs->vfs.xDlOpen = vfs_dlopen;
	vfs->vfs.xDlError = vfs_dlerror;
	vfs->vfs.xDlSym = vfs_dlsym;
	vfs->vfs.xDlClose = vfs_dlclose;
	vfs->vfs.xRandomness = vfs_randomness;
	vfs->vfs.xSleep = vfs_sleep;
	vfs->vfs.xCurrentTime = vfs_current_time;
	vfs->vfs.xGetLastError = vfs_last_error;
	vfs->vfs.xCurrentTimeInt64 = vfs_current_time64;
	return sqlite3_vfs_register(&vfs->vfs, 0);
}

void
lite_vfs_unregister(LiteVfs *vfs)
{
	(void) sqlite3_vfs_unregister(&vfs->vfs);
}

/* ------------------------------------------------------------------------
 * For db.c
 * ------------------------------------------------------------------------ */

bool
lite_vfs_header(LiteVfs *vfs, unsigned char *buf, int size,
				int64_t *file_size_out)
{
	LiteVfsFile *f = vfs->main;
	sqlite3_int64 bytes = 0;

	if (f == NULL || f->real == NULL)
		return false;
	if (f->real->pMethods->xFileSize(f->real, &bytes) != SQLITE_OK)
		return false;
	*file_size_out = bytes;
	return f->real->pMethods->xRead(f->real, buf, size, 0) == SQLITE_OK;
}

bool
lite_vfs_wal_header(LiteVfs *vfs, unsigned char *buf, int size)
{
	LiteVfsFile *f = vfs->wal_file;

	return f != NULL && f->real != NULL &&
		   f->real->pMethods->xRead(f->real, buf, size, 0) == SQLITE_OK;
}

void
lite_vfs_suspend(LiteVfs *vfs)
{
	LiteVfsFile *f = vfs->main;

	if (f == NULL || vfs->writable || vfs->nolock || vfs->suspended ||
		vfs->wal == LITE_WAL_NONE || f->level != SQLITE_LOCK_SHARED)
		return;
	if (f->real->pMethods->xUnlock(f->real, SQLITE_LOCK_NONE) != SQLITE_OK)
		return;
	vfs->suspended = true;
	(void) file_shm_unmap(&f->file, 0);
}

int
lite_vfs_resume(LiteVfs *vfs)
{
	LiteVfsFile *f = vfs->main;
	int rc;

	if (f == NULL || !vfs->suspended)
		return SQLITE_OK;
	rc = f->real->pMethods->xLock(f->real, SQLITE_LOCK_SHARED);
	if (rc == SQLITE_OK)
	{
		vfs->suspended = false;
		rc = shm_attach(f);
		if (rc != SQLITE_OK)
			lite_vfs_suspend(vfs);
	}
	return rc;
}
