/*
 * status.h
 *	  What a core function can answer, and what it says about a failure.
 *
 * Every function of the core that can fail returns a LiteStatus and fills the
 * caller's LiteError.  The core never prints, exits, longjmps or throws: the
 * extension turns a LiteError into ereport(), the loader into lines on stderr.
 *
 * The error is a plain struct of fixed buffers, so that reporting a failure
 * (out of memory among them) never needs memory.
 */
#ifndef LITE_STATUS_H
#define LITE_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define LITE_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define LITE_PRINTF(f, a)
#endif

typedef enum LiteStatus
{
	LITE_OK = 0,
	LITE_ROW,  /* lite_stmt_step: a row is there */
	LITE_DONE, /* lite_stmt_step: no more rows */

	LITE_NOMEM,			/* malloc failed, or a limit on memory was hit */
	LITE_MISSING,		/* no such file */
	LITE_DENIED,		/* the operating system refuses access */
	LITE_NOTFILE,		/* a directory, a socket, ... */
	LITE_NOTADB,		/* not a SQLite file, or an encrypted one */
	LITE_CORRUPT,		/* SQLite says the file is malformed */
	LITE_HOTJOURNAL,	/* a crash left a journal: needs a writer first */
	LITE_WALUNREADABLE, /* a -wal is there that cannot be read */
	LITE_BUSY,			/* locked by another program beyond the timeout */
	LITE_INTERRUPTED,	/* the caller's cancel callback said so */
	LITE_CHANGED,		/* the file changed under a read that had no lock */
	LITE_IO,			/* any other operating system error */
	LITE_SQL,			/* SQLite refuses the statement */
	LITE_READONLY,		/* a write was tried on a read-only file */
	LITE_TOOBIG,		/* a value, row or statement beyond a limit */
	LITE_NOTFOUND,		/* no such table, column, ... */
	LITE_INVALID,		/* an option or argument makes no sense */
	LITE_MISFIT,		/* a value does not fit the column's type */
	LITE_UNSUPPORTED,	/* understood, and cannot be done */
	LITE_INTERNAL		/* a bug of ours */
} LiteStatus;

#define LITE_MESSAGE_SIZE 256
#define LITE_DETAIL_SIZE 1024

/*
 * The four slots of a PostgreSQL error.  An empty string is an absent slot.
 * message: short, lower case, no period.  detail, hint: whole sentences.
 * context: where it happened (file, table, rowid, column, value), one line
 * per level, innermost first.
 */
typedef struct LiteError
{
	LiteStatus status;
	int sqlite_code; /* extended result code, 0 if not SQLite's */
	int os_errno;	 /* errno, 0 if not the system's */
	char message[LITE_MESSAGE_SIZE];
	char detail[LITE_DETAIL_SIZE];
	char hint[LITE_DETAIL_SIZE];
	char context[LITE_DETAIL_SIZE];
} LiteError;

/* Forget what is in err. */
extern void lite_error_clear(LiteError *err);

/* Start a new error: clears the other slots; returns status, so that callers
 * write "return lite_error_set(err, LITE_X, ...)".  err may be NULL. */
extern LiteStatus lite_error_set(LiteError *err, LiteStatus status,
								 const char *fmt, ...) LITE_PRINTF(3, 4);

/* Fill (replace) the detail or the hint. */
extern void lite_error_detail(LiteError *err, const char *fmt, ...)
	LITE_PRINTF(2, 3);
extern void lite_error_hint(LiteError *err, const char *fmt, ...)
	LITE_PRINTF(2, 3);

/* Add one line to the context. */
extern void lite_error_context(LiteError *err, const char *fmt, ...)
	LITE_PRINTF(2, 3);

/* Out of memory, said the same way everywhere. */
extern LiteStatus lite_error_nomem(LiteError *err);

/*
 * Copies at most size - 1 bytes of text (len bytes, any bytes) into buf for
 * a message: control characters and bytes that are not UTF-8 become
 * \xHH, what is cut is marked with "..."; never cuts inside a character.
 * Returns buf.
 */
extern char *lite_text_clip(char *buf, size_t size, const char *text,
							size_t len);

#endif /* LITE_STATUS_H */
