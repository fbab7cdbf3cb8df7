/*
 * db_test.c
 *	  Opening, snapshots, locks and cancelling, in every state that a SQLite
 *	  file can be found in.
 */
#include "tap.h"

#include "core/db.h"
#include "core/stmt.h"
#include "files.h"

#include <sys/socket.h>
#include <sys/un.h>

/* ------------------------------------------------------------------------
 * Helpers
 * ------------------------------------------------------------------------ */

static LiteError err;

/* The file is opened, and what that answers returned. */
static LiteStatus
try_open(const char *path)
{
	LiteDbOptions options = LITE_DB_OPTIONS_DEFAULT;
	LiteStatus status;
	LiteDb *db;

	options.busy_timeout_ms = 100;
	lite_error_clear(&err);
	status = lite_db_open(path, &options, &db, &err);
	lite_db_close(db);
	return status;
}

static LiteDb *
open_with(const char *path, const LiteDbOptions *options)
{
	LiteDb *db;

	lite_error_clear(&err);
	if (lite_db_open(path, options, &db, &err) != LITE_OK)
		note("%s; %s", err.message, err.detail);
	return db;
}

static LiteDb *
open_db(const char *path)
{
	const LiteDbOptions options = LITE_DB_OPTIONS_DEFAULT;

	return open_with(path, &options);
}

static int64_t
get(LiteDb *db, const char *sql)
{
	int64_t result = -1;

	if (db == NULL)
		return -1;
	lite_error_clear(&err);
	if (lite_db_int64(db, sql, &result, &err) != LITE_OK)
	{
		note("%s; %s", err.message, err.detail);
		return -1;
	}
	return result;
}

static bool
begin(LiteDb *db)
{
	lite_error_clear(&err);
	if (db != NULL && lite_db_begin(db, &err) == LITE_OK)
		return true;
	note("begin: %s; %s", err.message, err.detail);
	return false;
}

/* One look in a snapshot of its own; -1 on any failure. */
static int64_t
look(LiteDb *db, const char *sql)
{
	int64_t result;

	if (!begin(db))
		return -1;
	result = get(db, sql);
	if (lite_db_end(db, &err) != LITE_OK)
		return -1;
	return result;
}

static const char small[] = "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);"
							"INSERT INTO t (b) VALUES ('one'), ('two');";

static const char many[] =
	"CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);"
	"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
	"i < 3000) INSERT INTO t SELECT i, hex(randomblob(50)) FROM n;";

static const char *self;

/*
 * Another program that leaves without closing, as a crash does.  Not a mere
 * child: that would inherit what SQLite knows of our handles.
 */
static void
crash_after(const char *path, const char *sql)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	must(pid >= 0, "fork");
	if (pid == 0)
	{
		execl(self, self, path, sql, (char *) NULL);
		_exit(1);
	}
	waitpid(pid, NULL, 0);
}

/* ------------------------------------------------------------------------
 * What is no database
 * ------------------------------------------------------------------------ */

static void
test_missing(void)
{
	LiteFingerprint print;

	is_int(try_open("/nonexistent/lite.db"), LITE_MISSING, "missing file");
	ok(strstr(err.hint, "sqlite2pg") != NULL, "the hint names sqlite2pg");
	is_str(err.message, "SQLite file \"/nonexistent/lite.db\" does not exist",
		   "message");
	is_int(err.os_errno, ENOENT, "errno is kept");
	is_int(try_open("relative.db"), LITE_INVALID, "relative path");
	is_int(lite_db_fingerprint("/nonexistent/x", &print, &err), LITE_MISSING,
		   "fingerprint of a missing file");

	file_write(file_path("plain"), "x", 1);
	is_int(try_open(file_path("plain/below")), LITE_MISSING,
		   "a file where a directory should be");
	must(symlink("/nonexistent/target", file_path("dangling")) == 0,
		 "symlink");
	is_int(try_open(file_path("dangling")), LITE_MISSING, "dangling link");
	must(symlink(file_path("loop"), file_path("loop")) == 0, "symlink");
	is_int(try_open(file_path("loop")), LITE_IO, "a link to itself");
}

static void
test_not_a_file(void)
{
	struct sockaddr_un address;
	int sock;

	is_int(try_open(files_dir), LITE_NOTFILE, "directory");
	is_str(err.detail, "It is a directory.", "says that it is one");
	must(mkfifo(file_path("pipe"), 0600) == 0, "mkfifo");
	is_int(try_open(file_path("pipe")), LITE_NOTFILE, "named pipe");
	is_int(try_open("/dev/zero"), LITE_NOTFILE, "device");

	memset(&address, 0, sizeof(address));
	address.sun_family = AF_UNIX;
	if (strlen(file_path("sock")) < sizeof(address.sun_path))
	{
		strcpy(address.sun_path, file_path("sock"));
		sock = socket(AF_UNIX, SOCK_STREAM, 0);
		must(bind(sock, (struct sockaddr *) &address, sizeof(address)) == 0,
			 "bind");
		is_int(try_open(file_path("sock")), LITE_NOTFILE, "socket");
		close(sock);
	}
}

static void
test_not_a_database(void)
{
	unsigned char noise[4096];
	uint32_t seed = 1;
	size_t i;

	file_write(file_path("empty.db"), "", 0);
	is_int(try_open(file_path("empty.db")), LITE_NOTADB, "empty file");
	is_str(err.detail, "The file is empty.", "says so");

	file_write(file_path("short.db"), "SQLite", 6);
	is_int(try_open(file_path("short.db")), LITE_NOTADB, "6 bytes");

	file_write(file_path("text.db"), "BEGIN;\nCREATE TABLE", 19);
	is_int(try_open(file_path("text.db")), LITE_NOTADB, "a dump");
	ok(strstr(err.detail, "BEGIN;\\x0ACREATE") != NULL, "shows the start: %s",
	   err.detail);

	for (i = 0; i < sizeof(noise); i++)
	{
		seed = seed * 1664525u + 1013904223u;
		noise[i] = (unsigned char) (seed >> 24);
	}
	file_write(file_path("noise.db"), noise, sizeof(noise));
	is_int(try_open(file_path("noise.db")), LITE_NOTADB, "encrypted");
	ok(strstr(err.detail, "encrypted") != NULL, "says so");
	ok(strstr(err.hint, "SQLCipher") != NULL, "the hint names a cipher");

	/* a good start, then nothing good */
	memcpy(noise, "SQLite format 3", 16);
	file_write(file_path("magic.db"), noise, sizeof(noise));
	ok(try_open(file_path("magic.db")) != LITE_OK, "only the magic is right");
	file_write(file_path("magic16.db"), noise, 16);
	ok(try_open(file_path("magic16.db")) != LITE_OK, "the magic alone");
}

static void
test_truncated(void)
{
	const char *path = file_make("whole.db", many);
	const char *cut = file_path("cut.db");
	unsigned char *bytes;
	size_t len;
	LiteDb *db;

	bytes = file_read(path, &len);
	file_write(cut, bytes, len / 2);
	is_int(try_open(cut), LITE_CORRUPT, "half a file");
	ok(strstr(err.detail, "truncated") != NULL, "says so: %s", err.detail);

	/* a part of the last page is missing: SQLite would take it for zeros */
	file_write(cut, bytes, len - 100);
	db = open_db(cut);
	ok(db == NULL || look(db, "SELECT sum(length(t.b)) FROM t") == -1,
	   "a cut in the last page");
	lite_db_close(db);
	is_int(err.status, LITE_CORRUPT, "is damage");
	ok(strstr(err.detail, "truncated") != NULL, "says so: %s", err.detail);
	free(bytes);
}

/* ------------------------------------------------------------------------
 * Permissions: as another user if we are root
 * ------------------------------------------------------------------------ */

/*
 * Opens as a user without rights; the status, or -1 if that cannot be had.
 * kept is the error, passed through a pipe.
 */
static int
open_as_nobody(const char *path, const char *sql, int64_t *value,
			   LiteMode *mode)
{
	struct
	{
		int status;
		int64_t value;
		LiteMode mode;
		LiteError err;
	} answer;
	int fds[2];
	pid_t pid;
	ssize_t n;

	if (geteuid() != 0)
		return -1;
	must(pipe(fds) == 0, "pipe");
	fflush(stdout);
	pid = fork();
	must(pid >= 0, "fork");
	if (pid == 0)
	{
		LiteDb *db = NULL;
		LiteDbOptions options = LITE_DB_OPTIONS_DEFAULT;

		memset(&answer, 0, sizeof(answer));
		if (setgid(65534) != 0 || setuid(65534) != 0)
			_exit(2);
		answer.status = (int) lite_db_open(path, &options, &db, &answer.err);
		answer.value = -1;
		if (db != NULL && lite_db_begin(db, &answer.err) == LITE_OK)
		{
			answer.mode = lite_db_mode(db);
			if (sql != NULL)
				lite_db_int64(db, sql, &answer.value, &answer.err);
			answer.status = (int) lite_db_end(db, &answer.err);
		}
		lite_db_close(db);
		_exit(write(fds[1], &answer, sizeof(answer)) == sizeof(answer) ? 0
																	   : 3);
	}
	close(fds[1]);
	n = read(fds[0], &answer, sizeof(answer));
	close(fds[0]);
	waitpid(pid, NULL, 0);
	if (n != (ssize_t) sizeof(answer))
		return -1;
	err = answer.err;
	if (value != NULL)
		*value = answer.value;
	if (mode != NULL)
		*mode = answer.mode;
	return answer.status;
}

static void
test_denied(void)
{
	const char *path = file_make("denied.db", small);
	const char *dir = file_path("locked");
	char inside[PATH_MAX * 2];
	LiteMode mode = LITE_MODE_LOCKED;
	int64_t value = 0;

	if (geteuid() != 0)
	{
		skip("permission tests need root to become someone without rights");
		return;
	}
	must(chmod(path, 0600) == 0, "chmod");
	is_int(open_as_nobody(path, NULL, NULL, NULL), LITE_DENIED,
		   "a file that is not readable");
	ok(strstr(err.hint, "sqlite2pg") != NULL, "the hint names sqlite2pg");

	must(mkdir(dir, 0700) == 0, "mkdir");
	snprintf(inside, sizeof(inside), "%s", beside(dir, "/a.db"));
	file_copy(path, inside);
	is_int(open_as_nobody(inside, NULL, NULL, NULL), LITE_DENIED,
		   "in a directory that is not searchable");

	/* searchable, but it cannot be listed or written */
	must(chmod(dir, 0711) == 0, "chmod");
	is_int(open_as_nobody(inside, "SELECT count(*) FROM t", &value, NULL),
		   LITE_OK, "in a directory that cannot be listed");
	is_int(value, 2, "it is read");

	/* WAL mode where nothing can be created */
	file_make("ro.db", "PRAGMA journal_mode = WAL; CREATE TABLE t (a);"
					   "INSERT INTO t VALUES (1), (2)");
	snprintf(inside, sizeof(inside), "%s", beside(dir, "/w.db"));
	file_copy(file_path("ro.db"), inside);
	must(chmod(dir, 0755) == 0 && chmod(inside, 0444) == 0, "chmod");
	value = 0;
	is_int(open_as_nobody(inside, "SELECT count(*) FROM t", &value, &mode),
		   LITE_OK, "WAL mode in a directory that cannot be written");
	is_int(value, 2, "it is read");
	is_int(mode, LITE_MODE_IMMUTABLE, "as it is");
}

static void
test_wal_denied(void)
{
	const char *path = file_make("wald.db", "PRAGMA journal_mode = WAL");
	int64_t value = 0;
	LiteMode mode = LITE_MODE_LOCKED;
	uint64_t before;

	crash_after(path, small);
	if (geteuid() != 0)
	{
		skip("permission tests need root to become someone without rights");
		return;
	}
	must(chmod(path, 0644) == 0 && chmod(beside(path, "-wal"), 0600) == 0,
		 "chmod");
	is_int(open_as_nobody(path, NULL, NULL, NULL), LITE_WALUNREADABLE,
		   "a -wal that is not readable");
	ok(strstr(err.hint, "-wal") != NULL, "has a hint");

	/* the locks are in the -shm: without them, the fingerprint watches */
	must(chmod(beside(path, "-wal"), 0644) == 0 &&
			 chmod(beside(path, "-shm"), 0600) == 0,
		 "chmod");
	before = dir_digest(files_dir);
	is_int(open_as_nobody(path, "SELECT count(*) FROM t", &value, &mode),
		   LITE_OK, "a -shm that is not readable");
	is_int(value, 2, "the -wal is read");
	is_int(mode, LITE_MODE_PRIVATE, "without locks");

	must(chmod(beside(path, "-shm"), 0644) == 0, "chmod");
	is_int(open_as_nobody(path, "SELECT count(*) FROM t", &value, &mode),
		   LITE_OK, "a -shm that can only be read");
	is_int(value, 2, "the -wal is read");
	is_int(mode, LITE_MODE_LOCKED, "with locks");
	ok(before == dir_digest(files_dir), "nothing changed beside the file");
}

/* ------------------------------------------------------------------------
 * Journals
 * ------------------------------------------------------------------------ */

/*
 * A journal as a crash leaves it: copied while a transaction has spilled into
 * the database.
 */
static const char *
make_hot(void)
{
	const char *path = file_make("live.db", many);
	const char *hot = file_path("hot.db");
	sqlite3 *db = plain_open(path);

	plain_exec(db, "PRAGMA cache_size = 5; BEGIN;"
				   "UPDATE t SET b = 'changed'; ");
	must(file_exists(beside(path, "-journal")), "journal");
	file_copy(beside(path, "-journal"), beside(hot, "-journal"));
	file_copy(path, hot);
	plain_exec(db, "ROLLBACK");
	sqlite3_close(db);
	return hot;
}

static void
test_hot_journal(void)
{
	const char *path = make_hot();
	uint64_t before = dir_digest(files_dir);

	is_int(try_open(path), LITE_HOTJOURNAL, "hot journal");
	ok(strstr(err.hint, "sqlite3 shell") != NULL, "has a hint");
	is_int(try_open(path), LITE_HOTJOURNAL, "again");
	ok(before == dir_digest(files_dir), "nothing changed");

	if (geteuid() == 0)
	{
		must(chmod(path, 0644) == 0 &&
				 chmod(beside(path, "-journal"), 0600) == 0,
			 "chmod");
		is_int(open_as_nobody(path, NULL, NULL, NULL), LITE_HOTJOURNAL,
			   "a journal that is not readable is taken for hot");
	}
}

static void
test_cold_journal(void)
{
	static const char *const modes[] = {"PERSIST", "TRUNCATE", "DELETE",
										"MEMORY"};
	size_t i;

	for (i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
	{
		char sql[200];
		uint64_t before;
		LiteDb *db;
		const char *path;

		snprintf(sql, sizeof(sql), "PRAGMA journal_mode = %s; %s", modes[i],
				 small);
		path = file_make("cold.db", sql);
		before = dir_digest(files_dir);
		db = open_db(path);
		is_int(look(db, "SELECT count(*) FROM t"), 2, "journal mode %s",
			   modes[i]);
		is_int(lite_db_mode(db), LITE_MODE_LOCKED, "is read under locks");
		lite_db_close(db);
		ok(before == dir_digest(files_dir), "nothing changed");
		unlink(beside(path, "-journal"));
	}
}

/* ------------------------------------------------------------------------
 * The write-ahead log
 * ------------------------------------------------------------------------ */

static void
test_wal_closed(void)
{
	const char *path = file_make("closed.db", "PRAGMA journal_mode = WAL;");
	unsigned generation;
	uint64_t before;
	sqlite3 *writer;
	LiteDb *db;

	writer = plain_open(path);
	plain_exec(writer, small);
	sqlite3_close(writer);
	must(!file_exists(beside(path, "-wal")), "no -wal");

	before = dir_digest(files_dir);
	db = open_db(path);
	ok(begin(db), "WAL mode without a -wal");
	is_int(lite_db_mode(db), LITE_MODE_IMMUTABLE, "is read as it is");
	is_int(get(db, "SELECT count(*) FROM t"), 2, "both rows");
	is_int(lite_db_end(db, &err), LITE_OK, "end");
	generation = lite_db_generation(db);
	is_int(look(db, "SELECT count(*) FROM t"), 2, "again");
	is_int(lite_db_generation(db), generation, "without reopening");
	lite_db_close(db);
	ok(before == dir_digest(files_dir), "nothing was created or changed");

	/* another program changes it under the read */
	db = open_db(path);
	ok(begin(db), "begin");
	is_int(get(db, "SELECT count(*) FROM t"), 2, "two rows");
	sleep_ms(30);
	crash_after(path, "INSERT INTO t (b) VALUES ('x');"
					  "PRAGMA wal_checkpoint(TRUNCATE);");
	is_int(lite_db_check(db, &err), LITE_CHANGED, "the change is noticed");
	is_int(lite_db_end(db, &err), LITE_CHANGED, "at the end too");
	is_int(look(db, "SELECT count(*) FROM t"), 3, "the next read sees it");
	ok(lite_db_generation(db) > 0, "after reopening");
	lite_db_close(db);
}

static void
test_wal_orphan(void)
{
	const char *path = file_make("crash.db", "PRAGMA journal_mode = WAL;");
	const char *copy = file_path("copy.db");
	unsigned generation;
	uint64_t before;
	LiteDb *db;

	crash_after(path, small);
	must(file_exists(beside(path, "-wal")), "-wal");
	must(file_exists(beside(path, "-shm")), "-shm");

	before = dir_digest(files_dir);
	db = open_db(path);
	ok(begin(db), "a crashed writer's -wal and -shm");
	is_int(lite_db_mode(db), LITE_MODE_LOCKED, "locks are taken in its -shm");
	is_int(get(db, "SELECT count(*) FROM t"), 2, "rows of the -wal are seen");
	is_int(lite_db_end(db, &err), LITE_OK, "end");
	lite_db_close(db);
	ok(before == dir_digest(files_dir), "nothing was created or changed");

	file_copy(path, copy);
	file_copy(beside(path, "-wal"), beside(copy, "-wal"));
	before = dir_digest(files_dir);
	db = open_db(copy);
	ok(begin(db), "a copied pair, without -shm");
	is_int(lite_db_mode(db), LITE_MODE_PRIVATE, "is read without locks");
	is_int(get(db, "SELECT count(*) FROM t"), 2, "rows of the -wal are seen");
	is_int(lite_db_end(db, &err), LITE_OK, "end");
	generation = lite_db_generation(db);
	is_int(look(db, "SELECT count(*) FROM t"), 2, "again");
	is_int(lite_db_generation(db), generation, "without reopening");
	lite_db_close(db);
	ok(before == dir_digest(files_dir), "nothing was created or changed");

	/* the application comes back under the read, and checkpoints */
	db = open_db(copy);
	ok(begin(db), "begin");
	sleep_ms(30);
	crash_after(copy, "INSERT INTO t (b) VALUES ('x'); "
					  "PRAGMA wal_checkpoint(FULL)");
	is_int(get(db, "SELECT count(*) FROM t"), 2, "the old state");
	is_int(lite_db_end(db, &err), LITE_CHANGED, "which cannot be trusted");
	ok(begin(db), "begin");
	is_int(lite_db_mode(db), LITE_MODE_LOCKED, "now there is a -shm");
	is_int(get(db, "SELECT count(*) FROM t"), 3, "the new state");
	is_int(lite_db_end(db, &err), LITE_OK, "end");
	lite_db_close(db);
}

static void
test_wal_empty(void)
{
	const char *path = file_make("zerowal.db", "PRAGMA journal_mode = WAL;");
	sqlite3 *writer = plain_open(path);
	uint64_t before;
	LiteDb *db;

	plain_exec(writer, small);
	sqlite3_close(writer);
	file_write(beside(path, "-wal"), "", 0);
	before = dir_digest(files_dir);
	db = open_db(path);
	is_int(look(db, "SELECT count(*) FROM t"), 2, "a zero-length -wal");
	lite_db_close(db);

	/* what is no -wal is ignored, as SQLite has it */
	file_write(beside(path, "-wal"), "this is not a write-ahead log at all",
			   36);
	db = open_db(path);
	is_int(look(db, "SELECT count(*) FROM t"), 2, "a -wal full of nonsense");
	lite_db_close(db);
	is_int(unlink(beside(path, "-wal")), 0, "the -wal is still there");
	file_write(beside(path, "-wal"), "", 0);
	(void) before;
	ok(!file_exists(beside(path, "-shm")), "no -shm was made");

	must(unlink(beside(path, "-wal")) == 0 &&
			 mkdir(beside(path, "-wal"), 0755) == 0,
		 "mkdir");
	is_int(try_open(path), LITE_WALUNREADABLE, "a -wal that is a directory");
	rmdir(beside(path, "-wal"));
}

/*
 * A writer that commits all the time; two rows that always have the same sum
 * tell whether a snapshot is one.
 */
static void
busy_writer(const char *path, Other *self)
{
	sqlite3 *db = plain_open(path);
	int i;

	plain_exec(db, "PRAGMA wal_autocheckpoint = 20; PRAGMA synchronous = OFF");
	fcntl(self->from, F_SETFL, O_NONBLOCK);
	other_says(self);
	for (i = 0;; i++)
	{
		char sql[200];
		char c;

		snprintf(sql, sizeof(sql),
				 "BEGIN; UPDATE t SET b = b + %d WHERE a = 1;"
				 "UPDATE t SET b = b - %d WHERE a = 2;"
				 "INSERT INTO log VALUES (%d, hex(randomblob(200))); COMMIT;",
				 i, i, i);
		if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
			_exit(1);
		if (read(self->from, &c, 1) == 0)
			break;
		sleep_ms(1); /* with a journal, readers need a gap */
		if (i % 500 == 499 &&
			sqlite3_exec(db, "DELETE FROM log", NULL, NULL, NULL))
			_exit(1);
	}
	sqlite3_close(db);
}

static void
test_snapshots(const char *mode)
{
	char sql[400];
	const char *path;
	int64_t first = 0;
	int64_t last = 0;
	int wrong = 0;
	int failed = 0;
	Other writer;
	LiteDb *db;
	int i;

	snprintf(sql, sizeof(sql),
			 "PRAGMA journal_mode = %s; CREATE TABLE t (a INTEGER PRIMARY "
			 "KEY, b); INSERT INTO t VALUES (1, 1000), (2, 1000);"
			 "CREATE TABLE log (i, x)",
			 mode);
	path = file_make("busy.db", sql);
	writer = other_start(busy_writer, path);
	must(other_hears(&writer), "writer");
	db = open_db(path);
	for (i = 0; i < 200; i++)
	{
		int64_t one;
		int64_t two;
		int64_t count;

		if (!begin(db))
		{
			failed++;
			continue;
		}
		one = get(db, "SELECT b FROM t WHERE a = 1");
		count = get(db, "SELECT coalesce(max(i), -1) FROM log");
		if (i % 50 == 0)
			sleep_ms(30);
		two = get(db, "SELECT b FROM t WHERE a = 2");
		if (one + two != 2000 ||
			count != get(db, "SELECT coalesce(max(i), -1) FROM log"))
			wrong++;
		if (lite_db_end(db, &err) != LITE_OK)
			failed++;
		if (i == 0)
			first = one;
		last = one;
	}
	is_int(failed, 0, "%s: every snapshot beside a writer succeeds", mode);
	is_int(wrong, 0, "%s: two statements of a snapshot agree", mode);
	ok(first != last, "%s: snapshots move on", mode);
	lite_db_close(db);
	is_int(other_wait(&writer), 0, "%s: the writer was never disturbed", mode);
}

/*
 * The writer goes on while a snapshot is held, and may leave while none is.
 */
static void
step_writer(const char *path, Other *self)
{
	sqlite3 *db = plain_open(path);

	sqlite3_busy_timeout(db, 0);
	plain_exec(db, "INSERT INTO t (b) VALUES ('three')");
	other_says(self);
	other_hears(self); /* the reader has its snapshot */
	plain_exec(db, "INSERT INTO t (b) VALUES ('four')");
	sqlite3_exec(db, "PRAGMA wal_checkpoint", NULL, NULL, NULL);
	plain_exec(db, "INSERT INTO t (b) VALUES ('five')");
	other_says(self);
	other_hears(self); /* the snapshot has ended, the handle is open */
	sqlite3_close(db);
	other_says(self);
}

static void
test_live_writer(void)
{
	const char *path = file_make("live.db", "PRAGMA journal_mode = WAL;");
	sqlite3 *maker = plain_open(path);
	Other writer;
	uint64_t version;
	LiteDb *db;

	plain_exec(maker, small);
	sqlite3_close(maker);
	writer = other_start(step_writer, path);
	must(other_hears(&writer), "writer");
	db = open_db(path);
	ok(begin(db), "begin beside a live writer");
	version = lite_db_version(db);
	is_int(lite_db_mode(db), LITE_MODE_LOCKED, "under locks");
	is_int(get(db, "SELECT count(*) FROM t"), 3, "its commit is seen");
	other_says(&writer);
	must(other_hears(&writer), "writer");
	is_int(get(db, "SELECT count(*) FROM t"), 3, "its next ones are not");
	is_int(lite_db_end(db, &err), LITE_OK, "end");
	is_int(look(db, "SELECT count(*) FROM t"), 5, "now they are");
	ok(lite_db_version(db) > version, "the version has grown");

	other_says(&writer);
	must(other_hears(&writer), "writer");
	ok(!file_exists(beside(path, "-wal")),
	   "our idle handle does not keep it from cleaning up");
	is_int(look(db, "SELECT count(*) FROM t"), 5, "and still reads");
	is_int(lite_db_mode(db), LITE_MODE_IMMUTABLE, "as it is now");
	lite_db_close(db);
	is_int(other_wait(&writer), 0, "the writer is content");
}

/* ------------------------------------------------------------------------
 * One state in several handles
 * ------------------------------------------------------------------------ */

static bool
same_snapshot(LiteDb *a, LiteDb *b)
{
	LiteSnapshot x;
	LiteSnapshot y;

	if (lite_db_snapshot(a, &x, &err) != LITE_OK ||
		lite_db_snapshot(b, &y, &err) != LITE_OK)
		return false;
	return memcmp(&x, &y, sizeof(x)) == 0;
}

static void
keeper(const char *path, Other *self)
{
	sqlite3 *db = plain_open(path);

	plain_exec(db, "INSERT INTO t (b) VALUES ('kept')");
	other_says(self);
	other_hears(self);
	sqlite3_close(db);
}

static void
test_same(const char *mode, const char *sql)
{
	const char *path = file_make("same.db", sql);
	LiteSnapshot id;
	Other other;
	LiteDb *a;
	LiteDb *b;

	/* with a writer at hand, whose first commit is in the -wal */
	other = other_start(keeper, path);
	must(other_hears(&other), "keeper");
	a = open_db(path);
	b = open_db(path);
	is_int(lite_db_snapshot(a, &id, &err), LITE_INTERNAL, "no snapshot");
	ok(begin(a) && begin(b), "%s: two snapshots", mode);
	ok(same_snapshot(a, b), "%s: of one state", mode);
	is_int(lite_db_end(b, &err), LITE_OK, "%s: end", mode);
	if (strcmp(mode, "WAL") == 0)
	{
		crash_after(path, "INSERT INTO t (b) VALUES ('x')");
		ok(begin(b), "%s: begin", mode);
		ok(!same_snapshot(a, b), "%s: now of two", mode);
		is_int(get(b, "SELECT count(*) FROM t") -
				   get(a, "SELECT count(*) FROM t"),
			   1, "%s: as their rows say", mode);
		is_int(lite_db_end(b, &err), LITE_OK, "%s: end", mode);
		is_int(lite_db_end(a, &err), LITE_OK, "%s: end", mode);
		crash_after(path, "PRAGMA wal_checkpoint(TRUNCATE)");
	}
	else
	{
		lite_db_snapshot(a, &id, &err);
		is_int(lite_db_end(a, &err), LITE_OK, "%s: end", mode);
		crash_after(path, "INSERT INTO t (b) VALUES ('x')");
	}
	ok(begin(a) && begin(b), "%s: two snapshots", mode);
	ok(same_snapshot(a, b), "%s: of one state again", mode);
	if (strcmp(mode, "WAL") != 0)
	{
		LiteSnapshot now;

		lite_db_snapshot(a, &now, &err);
		ok(memcmp(&id, &now, sizeof(id)) != 0, "%s: of another", mode);
	}
	lite_db_close(b);
	b = open_db(path);
	ok(begin(b), "%s: a handle that comes later", mode);
	ok(same_snapshot(a, b), "%s: sees the same", mode);
	lite_db_close(a);
	lite_db_close(b);
	is_int(other_wait(&other), 0, "%s: the writer is content", mode);
}

/* ------------------------------------------------------------------------
 * Writing
 * ------------------------------------------------------------------------ */

static void
test_writable(const char *mode)
{
	LiteDbOptions options = LITE_DB_OPTIONS_DEFAULT;
	char sql[300];
	const char *path;
	LiteStmt *stmt;
	LiteDb *reader;
	LiteDb *db;

	snprintf(sql, sizeof(sql), "PRAGMA journal_mode = %s; %s", mode, small);
	path = file_make("write.db", sql);
	reader = open_db(path);
	is_int(look(reader, "SELECT count(*) FROM t"), 2, "%s: read", mode);
	options.writable = true;
	db = open_with(path, &options);
	ok(begin(db), "%s: begin", mode);
	is_int(lite_stmt_prepare(db, "INSERT INTO t (b) VALUES ('new')", &stmt,
							 &err),
		   LITE_OK, "%s: a writing handle may", mode);
	is_int(lite_stmt_step(stmt, &err), LITE_DONE, "%s: insert", mode);
	lite_stmt_finalize(stmt);
	is_int(lite_stmt_prepare(db, "ATTACH '/tmp/x' AS x", &stmt, &err),
		   LITE_SQL, "%s: but not everything", mode);
	is_int(lite_db_end(db, &err), LITE_OK, "%s: end", mode);
	is_int(look(reader, "SELECT count(*) FROM t"), 3,
		   "%s: committed, beside a reading handle", mode);
	lite_db_close(db);
	is_int(look(reader, "SELECT count(*) FROM t"), 3, "%s: still", mode);
	lite_db_close(reader);
}

/* From one mode to the other and back, under one handle. */
static void
test_mode_changes(void)
{
	const char *path = file_make("modes.db", small);
	LiteDb *db = open_db(path);
	uint64_t version;

	is_int(look(db, "SELECT count(*) FROM t"), 2, "rollback journal");
	version = lite_db_version(db);
	is_int(look(db, "SELECT count(*) FROM t"), 2, "and again");
	is_int(lite_db_version(db), version, "the version stays");
	crash_after(path, "PRAGMA journal_mode = WAL; "
					  "INSERT INTO t (b) VALUES ('x')");
	is_int(look(db, "SELECT count(*) FROM t"), 3, "now a -wal");
	ok(lite_db_version(db) > version, "the version has grown");
	crash_after(path, "PRAGMA journal_mode = DELETE; "
					  "INSERT INTO t (b) VALUES ('x')");
	ok(!file_exists(beside(path, "-wal")), "another program could leave WAL");
	is_int(look(db, "SELECT count(*) FROM t"), 4, "now a journal again");
	is_int(lite_db_mode(db), LITE_MODE_LOCKED, "under locks");
	lite_db_close(db);
}

static void
test_replaced(void)
{
	const char *path = file_make("old.db", small);
	const char *other = file_make("new.db", many);
	LiteDb *db = open_db(path);
	unsigned generation = lite_db_generation(db);
	LiteStmt *stmt;

	is_int(look(db, "SELECT count(*) FROM t"), 2, "the old file");
	ok(begin(db), "begin");
	is_int(lite_stmt_prepare(db, "SELECT 1", &stmt, &err), LITE_OK, "prepare");
	lite_db_end(db, &err);
	must(rename(other, path) == 0, "rename");
	is_int(look(db, "SELECT count(*) FROM t"), 3000, "the new file");
	ok(lite_db_generation(db) > generation, "the generation has grown");
	is_int(lite_stmt_step(stmt, &err), LITE_INTERNAL,
		   "an old statement says so");
	lite_stmt_finalize(stmt);
	must(unlink(path) == 0, "unlink");
	is_int(lite_db_begin(db, &err), LITE_MISSING, "the file is gone");
	is_int(lite_db_begin(db, &err), LITE_MISSING, "still");
	file_make("old.db", small);
	is_int(look(db, "SELECT count(*) FROM t"), 2, "and is back");
	lite_db_close(db);
}

/* ------------------------------------------------------------------------
 * Waiting and cancelling
 * ------------------------------------------------------------------------ */

static void
holder(const char *path, Other *self)
{
	sqlite3 *db = plain_open(path);

	plain_exec(db, "BEGIN EXCLUSIVE; UPDATE t SET b = 'held'");
	other_says(self);
	sleep_ms(400);
	plain_exec(db, "COMMIT");
	other_hears(self);
}

static void
test_busy(void)
{
	const char *path = file_make("locked.db", small);
	LiteDbOptions options = LITE_DB_OPTIONS_DEFAULT;
	Other other;
	int64_t started;
	LiteDb *db;

	other = other_start(holder, path);
	must(other_hears(&other), "holder");
	started = clock_ms();
	is_int(try_open(path), LITE_BUSY, "a file locked beyond the timeout");
	ok(clock_ms() - started >= 90, "is waited for");
	ok(clock_ms() - started < 350, "no longer than asked: %d ms",
	   (int) (clock_ms() - started));
	ok(strstr(err.hint, "fuser") != NULL && strstr(err.hint, path) != NULL,
	   "the hint says how to find who");
	options.busy_timeout_ms = 5000;
	db = open_with(path, &options);
	ok(db != NULL, "with patience it opens");
	is_int(look(db, "SELECT count(*) FROM t WHERE b = 'held'"), 2,
		   "what was committed");
	lite_db_close(db);
	is_int(other_wait(&other), 0, "the holder is content");
}

static int64_t cancel_at;
static int64_t cancel_asked;

static bool
cancel_when(void *arg)
{
	(void) arg;
	cancel_asked++;
	return clock_ms() >= cancel_at;
}

static void
forever_holder(const char *path, Other *self)
{
	sqlite3 *db = plain_open(path);

	plain_exec(db, "BEGIN EXCLUSIVE");
	other_says(self);
	other_hears(self);
}

static void
test_cancel_wait(void)
{
	const char *path = file_make("held.db", small);
	LiteDbOptions options = LITE_DB_OPTIONS_DEFAULT;
	Other other = other_start(forever_holder, path);
	int64_t late;
	LiteDb *db;

	must(other_hears(&other), "holder");
	options.cancelled = cancel_when;
	options.busy_timeout_ms = 60000;
	cancel_at = clock_ms() + 100;
	is_int(lite_db_open(path, &options, &db, &err), LITE_INTERRUPTED,
		   "waiting for a lock is cancelled");
	late = clock_ms() - cancel_at;
	ok(late < 300, "at once: %d ms", (int) late);
	other_wait(&other);
}

static void
test_cancel(const char *name, const char *sql)
{
	const char *path = file_path("big.db");
	LiteDbOptions options = LITE_DB_OPTIONS_DEFAULT;
	LiteStmt *stmt = NULL;
	LiteStatus status;
	int64_t late;
	LiteDb *db;

	options.cancelled = cancel_when;
	cancel_at = INT64_MAX;
	db = open_with(path, &options);
	ok(begin(db), "%s: begin", name);
	is_int(lite_stmt_prepare(db, sql, &stmt, &err), LITE_OK, "%s: prepare",
		   name);
	cancel_at = clock_ms() + 300;
	while ((status = lite_stmt_step(stmt, &err)) == LITE_ROW)
		;
	late = clock_ms() - cancel_at;
	is_int(status, LITE_INTERRUPTED, "%s is cancelled", name);
	ok(late < 300, "%s: at once: %d ms", name, (int) late);
	lite_stmt_finalize(stmt);
	is_int(lite_db_end(db, &err), LITE_OK, "%s: end", name);
	cancel_at = INT64_MAX;
	is_int(look(db, "SELECT 42"), 42, "%s: the handle goes on", name);
	lite_db_close(db);
}

static void
test_cancels(void)
{
	file_make("big.db",
			  "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
			  "CREATE TABLE t (a INTEGER PRIMARY KEY, b, c);"
			  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 "
			  "FROM n WHERE i < 300000) INSERT INTO t SELECT i, "
			  "(i * 7919) % 1000003, printf('%0100d', i) FROM n;");
	test_cancel("a recursive CTE", "WITH RECURSIVE n (i) AS (SELECT 1 UNION "
								   "ALL SELECT i + 1 FROM n) SELECT "
								   "count(*) FROM n");
	test_cancel("a sort", "SELECT x.a FROM t AS x, (SELECT 1 UNION ALL "
						  "SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) "
						  "ORDER BY x.c DESC, x.b");
	test_cancel("a join without an index",
				"SELECT count(*) FROM t AS x, t AS y WHERE x.b + 1 = y.b + 2 "
				"AND x.c > y.c");
	test_cancel("a group by in a temporary b-tree",
				"SELECT DISTINCT x.c || y.a FROM t AS x, t AS y");
}

/* ------------------------------------------------------------------------
 * Read-only, and what a statement may do
 * ------------------------------------------------------------------------ */

static void
test_names(void)
{
	static const char *const names[] = {
		"a b%20c.db",	   "q?x=1.db",	  "h#ash.db",
		"\xc3\xa9\xff.db", "quote'\".db", "tab\tnl\n.db",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
	{
		const char *path = file_make("plain.db", small);
		const char *odd = file_path(names[i]);
		LiteDb *db;

		must(rename(path, odd) == 0, "rename");
		db = open_db(odd);
		is_int(look(db, "SELECT count(*) FROM t"), 2, "odd name %d", (int) i);
		lite_db_close(db);
		must(unlink(odd) == 0, "unlink");
	}
}

static void
test_symlink(void)
{
	const char *path = file_make("target.db", "PRAGMA journal_mode = WAL");
	LiteDb *db;

	crash_after(path, small);
	must(symlink("target.db", file_path("link.db")) == 0, "symlink");
	db = open_db(file_path("link.db"));
	is_int(look(db, "SELECT count(*) FROM t"), 2,
		   "through a link, the -wal is the target's");
	lite_db_close(db);
}

static void
test_versions(void)
{
	const char *path = file_make("version.db", small);
	LiteDb *db = open_db(path);
	uint64_t version;

	look(db, "SELECT 1");
	version = lite_db_version(db);
	crash_after(path, "UPDATE t SET b = 'x'");
	look(db, "SELECT 1");
	ok(lite_db_version(db) > version, "a change of rows");
	version = lite_db_version(db);
	crash_after(path, "CREATE TABLE u (a)");
	is_int(look(db, "SELECT count(*) FROM u"), 0, "a new table is seen");
	ok(lite_db_version(db) > version, "a change of the schema");
	lite_db_close(db);
}

static void
test_utf16(void)
{
	const char *path =
		file_make("utf16.db", "PRAGMA encoding = 'UTF-16be';"
							  "CREATE TABLE t (a); INSERT INTO t VALUES "
							  "('\xc3\xa9');");
	LiteDb *db = open_db(path);

	ok(lite_db_is_utf16(db), "UTF-16");
	is_int(look(db, "SELECT length(CAST(a AS BLOB)) FROM t"), 2, "is read");
	lite_db_close(db);
	db = open_db(file_make("utf8.db", small));
	ok(!lite_db_is_utf16(db), "UTF-8");
	lite_db_close(db);
}

static void
test_memory(void)
{
	LiteDb *db;

	is_int(lite_db_open_memory(&db, &err), LITE_OK, "in memory");
	is_int(get(db, "SELECT json_extract('{\"a\":7}', '$.a')"), 7, "works");
	is_int(lite_db_mode(db), LITE_MODE_LOCKED, "mode");
	lite_db_close(db);
	lite_db_close(NULL);
}

/* Many handles at once, each with its own VFS, one inode. */
static void
test_many_handles(void)
{
	const char *path = file_make("shared.db", "PRAGMA journal_mode = WAL");
	LiteDb *dbs[20];
	int good = 0;
	int i;

	crash_after(path, small);
	for (i = 0; i < 20; i++)
	{
		dbs[i] = open_db(path);
		good += begin(dbs[i]);
	}
	for (i = 0; i < 20; i++)
	{
		good += get(dbs[i], "SELECT count(*) FROM t") == 2;
		good += lite_db_end(dbs[i], &err) == LITE_OK;
		lite_db_close(dbs[i]);
	}
	is_int(good, 60, "twenty handles on one file");
}

int
main(int argc, char **argv)
{
	self = argv[0];
	if (argc == 3)
	{
		plain_exec(plain_open(argv[1]), argv[2]);
		_exit(0);
	}
	files_init();
	test_missing();
	test_not_a_file();
	test_not_a_database();
	test_truncated();
	test_denied();
	test_wal_denied();
	test_hot_journal();
	test_cold_journal();
	test_wal_closed();
	test_wal_orphan();
	test_wal_empty();
	test_snapshots("WAL");
	test_snapshots("DELETE");
	test_live_writer();
	test_same("WAL", "PRAGMA journal_mode = WAL; "
					 "CREATE TABLE t (a INTEGER PRIMARY KEY, b)");
	test_same("DELETE", "CREATE TABLE t (a INTEGER PRIMARY KEY, b)");
	test_writable("WAL");
	test_writable("DELETE");
	test_mode_changes();
	test_replaced();
	test_busy();
	test_cancel_wait();
	test_cancels();
	test_names();
	test_symlink();
	test_versions();
	test_utf16();
	test_memory();
	test_many_handles();
	return done_testing();
}
