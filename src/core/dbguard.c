/*
 * dbguard.c
 *	  What a connection may do: limits, authorizer, collations, waiting.
 *
 * The settings follow "Defense Against The Dark Arts" of SQLite's
 * documentation (the list for untrusted database files), and go further: the
 * authorizer refuses everything that is not reading.
 */
#include "core/dbimpl.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static int authorize(void *arg, int action, const char *arg1, const char *arg2,
					 const char *schema, const char *trigger);

/* ------------------------------------------------------------------------
 * Settings
 * ------------------------------------------------------------------------ */

/*
 * Limits on what a file's own SQL text (views, generated columns) can ask of
 * us.  SQLite's defaults where it has sane ones.
 */
static const struct
{
	int id;
	int value;
} limits[] = {
	{SQLITE_LIMIT_LENGTH, 1000000000}, /* more than PostgreSQL takes */
	{SQLITE_LIMIT_SQL_LENGTH, 10000000},
	{SQLITE_LIMIT_COLUMN, 2000},	 /* SQLite's default */
	{SQLITE_LIMIT_EXPR_DEPTH, 1000}, /* recursion on our stack */
	{SQLITE_LIMIT_COMPOUND_SELECT, 500},
	{SQLITE_LIMIT_VDBE_OP, 25000000},
	{SQLITE_LIMIT_FUNCTION_ARG, 127},
	{SQLITE_LIMIT_ATTACHED, 0},
	{SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1000},
	{SQLITE_LIMIT_VARIABLE_NUMBER, 32766},
	{SQLITE_LIMIT_TRIGGER_DEPTH, 10},
	{SQLITE_LIMIT_WORKER_THREADS, 0}, /* a backend has one thread */
};

/*
 * DQS_DML is off: a column that is gone would silently become its own name as
 * a string, for every row.  stmt.c turns it on for views that need it.
 */
static const struct
{
	int id;
	int value;
} settings[] = {
	{SQLITE_DBCONFIG_DEFENSIVE, 1},
	{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
	{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
	{SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
	{SQLITE_DBCONFIG_ENABLE_VIEW, 1},
	{SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1},
	{SQLITE_DBCONFIG_DQS_DDL, 1},
	{SQLITE_DBCONFIG_DQS_DML, 0},
};

/*
 * Does this library take its own JSON functions for unsafe in a schema?
 * Before 3.41 json.c sets the bit of SQLITE_INNOCUOUS in its built-in
 * functions, where that bit means the opposite (SQLITE_FUNC_UNSAFE).  With an
 * untrusted schema, views with JSON in them then fail, and a generated column
 * with JSON in it reads as NULL without a word.  Asked of the library itself,
 * once: a distribution may have mended it.
 */
static bool
json_is_unsafe(void)
{
	static int answer = -1; /* a race would only ask twice */
	sqlite3 *handle = NULL;

	if (answer >= 0)
		return answer > 0;
	if (sqlite3_open_v2(":memory:", &handle,
						SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX,
						NULL) != SQLITE_OK)
	{
		(void) sqlite3_close(handle);
		return false;
	}
	(void) sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	answer = sqlite3_exec(handle,
						  "CREATE TABLE t (a, b AS (json_array(a)));"
						  "SELECT b FROM t",
						  NULL, NULL, NULL) != SQLITE_OK;
	(void) sqlite3_close(handle);
	return answer > 0;
}

int
lite_guard_configure(LiteDb *db)
{
	size_t i;
	int rc = SQLITE_OK;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		(void) sqlite3_limit(db->handle, limits[i].id, limits[i].value);
	for (i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
	{
		/* a writer checkpoints as the application would */
		if (settings[i].id == SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE &&
			db->options.writable)
			continue;
		rc = sqlite3_db_config(db->handle, settings[i].id, settings[i].value,
							   NULL);
		if (rc != SQLITE_OK)
			return rc;
	}
	/* what else would be kept from a schema, the authorizer refuses, and
	 * SQLITE_DIRECTONLY stays in force */
	if (json_is_unsafe())
		rc = sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1,
							   NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_TRIGGER,
							   db->options.writable ? 1 : 0, NULL);
	if (rc != SQLITE_OK)
		return rc;

	/*
	 * Temporary files, not memory, so that a sort of a big table does not
	 * grow us.  A damaged page is found when it is read, not when it is used.
	 */
	rc = sqlite3_exec(db->handle,
					  "PRAGMA temp_store=FILE;"
					  "PRAGMA cell_size_check=ON;"
					  "PRAGMA mmap_size=0;",
					  NULL, NULL, NULL);
	return rc;
}

/*
 * SQLite sorts as much at once in memory as the cache may hold, without asking
 * anybody: 8 MB take up to 80 ms, 32 MB 170 ms.
 */
#define MOST_CACHE_KB 8192

/*
 * SQLite reads the schema to set the size of the cache, so this comes later.
 */
LiteStatus
lite_guard_cache(LiteDb *db, LiteError *err)
{
	char sql[64];
	int rc;

	if (db->options.cache_kb <= 0)
		return LITE_OK;
	sqlite3_snprintf(sizeof(sql), sql, "PRAGMA cache_size=-%d",
					 db->options.cache_kb < MOST_CACHE_KB
						 ? db->options.cache_kb
						 : MOST_CACHE_KB);
	(void) sqlite3_set_authorizer(db->handle, NULL, NULL);
	rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	(void) sqlite3_set_authorizer(db->handle, authorize, db);
	if (rc != SQLITE_OK)
		return lite_db_error(db, rc, err, "set the size of the cache");
	return LITE_OK;
}

/* ------------------------------------------------------------------------
 * Authorizer
 * ------------------------------------------------------------------------ */

/* PRAGMAs that only tell.  The second list only without an argument, for
 * with one they set. */
static const char *const telling_pragmas[] = {
	"collation_list", "compile_options",   "database_list",
	"data_version",	  "foreign_key_check", "foreign_key_list",
	"freelist_count", "function_list",	   "index_info",
	"index_list",	  "index_xinfo",	   "integrity_check",
	"module_list",	  "page_count",		   "pragma_list",
	"quick_check",	  "table_info",		   "table_list",
	"table_xinfo",
};
static const char *const setting_pragmas[] = {
	"application_id", "auto_vacuum",	"encoding",		"journal_mode",
	"page_size",	  "schema_version", "user_version",
};

/* Functions that reach outside of the database. */
static const char *const bad_functions[] = {
	"load_extension", "fts3_tokenizer", "edit",
	"readfile",		  "writefile",		"fsdir",
};

static bool
is_in(const char *name, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
	{
		if (sqlite3_stricmp(name, list[i]) == 0)
			return true;
	}
	return false;
}

#define IS_IN(name, list) is_in(name, list, sizeof(list) / sizeof(list[0]))

static bool
allows(const LiteDb *db, int action, const char *arg1, const char *arg2)
{
	switch (action)
	{
		case SQLITE_SELECT:
		case SQLITE_READ:
		case SQLITE_RECURSIVE:
			return true;

		case SQLITE_FUNCTION:
			return arg2 != NULL && !IS_IN(arg2, bad_functions);

		case SQLITE_PRAGMA:
			if (arg1 == NULL)
				return false;
			return IS_IN(arg1, telling_pragmas) ||
				   (arg2 == NULL && IS_IN(arg1, setting_pragmas));

		case SQLITE_TRANSACTION:
			return db->own_statement;

			/*
			 * R*Tree and FTS prepare their writes when a table is opened for
			 * reading, so these must pass here.  They cannot run: the
			 * database is read-only for SQLite, and again for the VFS.
			 */
		case SQLITE_INSERT:
		case SQLITE_UPDATE:
		case SQLITE_DELETE:
			return true;

		case SQLITE_SAVEPOINT:
			return db->options.writable;

			/* everything that defines, attaches, analyses ... */
		default:
			return false;
	}
}

static int
authorize(void *arg, int action, const char *arg1, const char *arg2,
		  const char *schema, const char *trigger)
{
	LiteDb *db = arg;

	(void) schema;
	(void) trigger;
	if (allows(db, action, arg1, arg2))
		return SQLITE_OK;
	db->forbidden = true;
	return SQLITE_DENY;
}

/* ------------------------------------------------------------------------
 * Collations
 * ------------------------------------------------------------------------ */

static int
compare_standin(void *arg, int len1, const void *data1, int len2,
				const void *data2)
{
	LiteDb *db = arg;
	int n = len1 < len2 ? len1 : len2;
	int result = n > 0 ? memcmp(data1, data2, (size_t) n) : 0;

	db->collation_used = true;
	return result != 0 ? result : len1 - len2;
}

/*
 * SQLite asks for its own NOCASE and RTRIM too, where the file is UTF-16 and
 * they are there for UTF-8 alone; it goes on with those if nobody answers.
 */
static void
need_collation(void *arg, sqlite3 *handle, int encoding, const char *name)
{
	LiteDb *db = arg;
	char **grown;
	int i;

	(void) encoding;
	if (lite_db_knows_collation(db, name))
		return;
	if (sqlite3_create_collation_v2(handle, name, SQLITE_UTF8, db,
									compare_standin, NULL) != SQLITE_OK)
		return;
	for (i = 0; i < db->ncollations; i++)
	{
		if (sqlite3_stricmp(db->collations[i], name) == 0)
			return;
	}

	/* without memory the statement fails soon enough; the list is advice */
	grown = realloc(db->collations,
					(size_t) (db->ncollations + 1) * sizeof(char *));
	if (grown == NULL)
		return;
	db->collations = grown;
	grown[db->ncollations] = strdup(name);
	if (grown[db->ncollations] != NULL)
		db->ncollations++;
}

bool
lite_db_knows_collation(const LiteDb *db, const char *name)
{
	static const char *const own[] = {"BINARY", "NOCASE", "RTRIM"};

	(void) db;
	return IS_IN(name, own);
}

/* ------------------------------------------------------------------------
 * Waiting and cancelling
 * ------------------------------------------------------------------------ */

int64_t
lite_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool
lite_guard_wait(LiteDb *db, int count)
{
	static const int delays_ms[] = {1, 1, 2, 2, 5, 5, 10, 10, 20};
	const int n = (int) (sizeof(delays_ms) / sizeof(delays_ms[0]));
	int64_t now = lite_clock_ms();
	int delay = delays_ms[count < n ? count : n - 1];
	struct timespec slice;
	int64_t left;

	if (db->wait_started_ms == 0)
		db->wait_started_ms = now;
	left = db->wait_started_ms + db->options.busy_timeout_ms - now;
	if (left <= 0 || (db->vfs != NULL && lite_vfs_cancelled(db->vfs)))
		return false;
	if (delay > left)
		delay = (int) left;
	slice.tv_sec = 0;
	slice.tv_nsec = (long) delay * 1000000;
	(void) nanosleep(&slice, NULL); /* a signal only ends it early */
	return true;
}

static int
busy(void *arg, int count)
{
	LiteDb *db = arg;

	/* for reading, one deadline covers all that begin waits for */
	if (count == 0 && db->options.writable)
		db->wait_started_ms = 0;
	return lite_guard_wait(db, count) ? 1 : 0;
}

static int
progress(void *arg)
{
	LiteDb *db = arg;

	return db->vfs != NULL && lite_vfs_cancelled(db->vfs) ? 1 : 0;
}

/*
 * So many instructions of SQLite's virtual machine take 10 to 100
 * microseconds when they scan; the call costs a few nanoseconds.
 */
#define PROGRESS_INSTRUCTIONS 1000

void
lite_guard_install(LiteDb *db)
{
	(void) sqlite3_set_authorizer(db->handle, authorize, db);
	(void) sqlite3_collation_needed(db->handle, db, need_collation);
	(void) sqlite3_busy_handler(db->handle, busy, db);
	if (db->options.cancelled != NULL)
		sqlite3_progress_handler(db->handle, PROGRESS_INSTRUCTIONS, progress,
								 db);
}
