/*
 * files.h
 *	  Databases for tests, made on the spot in a directory of their own.
 *
 * They are made with plain SQLite, in a child process where it matters: what
 * the code under test meets is what another program has left or is doing.
 */
#ifndef FILES_H
#define FILES_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define UNUSED __attribute__((unused))

static char files_dir[PATH_MAX];

static UNUSED void
files_remove(const char *dir)
{
	char path[PATH_MAX * 2];
	struct dirent *entry;
	DIR *d = opendir(dir);

	while (d != NULL && (entry = readdir(d)) != NULL)
	{
		if (strcmp(entry->d_name, ".") == 0 ||
			strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		if (unlink(path) != 0)
			files_remove(path);
	}
	if (d != NULL)
		closedir(d);
	rmdir(dir);
}

static void
files_cleanup(void)
{
	files_remove(files_dir);
}

/* A new directory below TMPDIR, removed at exit of this process. */
static UNUSED void
files_init(void)
{
	const char *base = getenv("TMPDIR");

	snprintf(files_dir, sizeof(files_dir), "%s/lite-test-XXXXXX",
			 base && *base ? base : "/tmp");
	if (mkdtemp(files_dir) == NULL)
	{
		printf("Bail out! cannot make %s\n", files_dir);
		exit(1);
	}
	/* other users take part in some tests */
	chmod(files_dir, 0755);
	atexit(files_cleanup);
}

/* The path of a file there; 32 can be in use at a time. */
static UNUSED const char *
file_path(const char *name)
{
	static char paths[32][PATH_MAX + 256];
	static int next = 0;
	char *path = paths[next++ % 32];

	snprintf(path, sizeof(paths[0]), "%s/%s", files_dir, name);
	return path;
}

static UNUSED void
must(bool what, const char *doing)
{
	if (!what)
	{
		printf("Bail out! %s: %s\n", doing, strerror(errno));
		fflush(stdout);
		_exit(1);
	}
}

static UNUSED sqlite3 *
plain_open(const char *path)
{
	sqlite3 *db;

	must(sqlite3_open(path, &db) == SQLITE_OK, "sqlite3_open");
	sqlite3_busy_timeout(db, 10000);
	return db;
}

static UNUSED void
plain_exec(sqlite3 *db, const char *sql)
{
	char *message = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
	{
		printf("Bail out! %s: %s\n", sql, message);
		fflush(stdout);
		_exit(1);
	}
}

/* A new database at the name, with this in it. */
static UNUSED const char *
file_make(const char *name, const char *sql)
{
	const char *path = file_path(name);
	sqlite3 *db;

	unlink(path);
	db = plain_open(path);
	plain_exec(db, sql);
	sqlite3_close(db);
	return path;
}

static UNUSED unsigned char *
file_read(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	unsigned char *bytes;

	must(f != NULL, path);
	fseek(f, 0, SEEK_END);
	*len = (size_t) ftell(f);
	rewind(f);
	bytes = malloc(*len + 1);
	must(bytes != NULL && fread(bytes, 1, *len, f) == *len, "read");
	fclose(f);
	return bytes;
}

static UNUSED void
file_write(const char *path, const void *bytes, size_t len)
{
	FILE *f = fopen(path, "wb");

	must(f != NULL && fwrite(bytes, 1, len, f) == len, path);
	fclose(f);
}

static UNUSED void
file_copy(const char *from, const char *to)
{
	size_t len;
	unsigned char *bytes = file_read(from, &len);

	file_write(to, bytes, len);
	free(bytes);
}

static UNUSED bool
file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

static UNUSED const char *
beside(const char *path, const char *suffix)
{
	static char paths[16][PATH_MAX + 256];
	static int next = 0;
	char *result = paths[next++ % 16];

	snprintf(result, sizeof(paths[0]), "%s%s", path, suffix);
	return result;
}

/*
 * All that is in a directory: names, sizes, times of change, content.  Not
 * while a database there is open in this process: closing a file drops the
 * process's locks on it.
 */
static UNUSED uint64_t
dir_digest(const char *dir)
{
	uint64_t sum = 0;
	struct dirent *entry;
	DIR *d = opendir(dir);

	must(d != NULL, dir);
	while ((entry = readdir(d)) != NULL)
	{
		char path[PATH_MAX * 2];
		uint64_t hash = UINT64_C(14695981039346656037);
		struct stat st;
		const char *p;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		must(lstat(path, &st) == 0, path);
		for (p = entry->d_name; *p; p++)
			hash = (hash ^ (unsigned char) *p) * UINT64_C(1099511628211);
		hash ^= (uint64_t) st.st_size << 20;
		hash ^= (uint64_t) st.st_mtim.tv_sec * 1000000007u +
				(uint64_t) st.st_mtim.tv_nsec;
		if (S_ISREG(st.st_mode) && access(path, R_OK) == 0)
		{
			size_t len;
			unsigned char *bytes = file_read(path, &len);
			size_t i;

			for (i = 0; i < len; i++)
				hash = (hash ^ bytes[i]) * UINT64_C(1099511628211);
			free(bytes);
		}
		sum += hash;
	}
	closedir(d);
	return sum;
}

static UNUSED int64_t
clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static UNUSED void
sleep_ms(int ms)
{
	struct timespec t = {ms / 1000, (long) (ms % 1000) * 1000000};

	while (nanosleep(&t, &t) != 0 && errno == EINTR)
		;
}

/*
 * Another process that runs function(path) until it is told to go on; two
 * pipes carry one byte per step.
 */
typedef struct Other
{
	pid_t pid;
	int to;	  /* we write, it waits */
	int from; /* it writes, we wait */
} Other;

static UNUSED bool
other_says(const Other *other)
{
	char c = 'x';

	return write(other->to, &c, 1) == 1;
}

static UNUSED bool
other_hears(const Other *other)
{
	char c;

	return read(other->from, &c, 1) == 1;
}

static UNUSED Other
other_start(void (*function)(const char *path, Other *self), const char *path)
{
	Other other;
	Other self;
	int down[2];
	int up[2];

	must(pipe(down) == 0 && pipe(up) == 0, "pipe");
	fflush(stdout);
	other.pid = fork();
	must(other.pid >= 0, "fork");
	if (other.pid == 0)
	{
		close(down[1]);
		close(up[0]);
		self.pid = 0;
		self.to = up[1];
		self.from = down[0];
		function(path, &self);
		_exit(0);
	}
	close(down[0]);
	close(up[1]);
	other.to = down[1];
	other.from = up[0];
	return other;
}

/* Lets it run to its end; its exit status. */
static UNUSED int
other_wait(Other *other)
{
	int status = -1;

	close(other->to);
	close(other->from);
	waitpid(other->pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#endif /* FILES_H */
