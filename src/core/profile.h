/*
 * profile.h
 *	  What the values of a table's columns really are.
 *
 * One pass over the rows (all of them, or a sample spread over the rowids)
 * counts storage classes and, for each type a column might become, the
 * values that fit it: "every value fits" is the evidence on which plan.c
 * decides.  A test that can no longer succeed for a column is not run again.
 *
 * Cheap first: integers and floats cost a comparison with the extremes, and
 * what the extremes can tell is worked out once at the end; text is looked at
 * by its first byte and its length before any parser sees it.  A test that
 * only some declarations make sense of (booleans in words, julian days) runs
 * only for those.
 */
#ifndef LITE_PROFILE_H
#define LITE_PROFILE_H

#include "core/schema.h"
#include "core/value.h"

/* The questions asked of each value.  A value may answer yes to several. */
typedef enum LiteFit
{
	LITE_FIT_BOOL_01,	/* INTEGER 0 or 1 */
	LITE_FIT_BOOL_WORD, /* TEXT true/false/t/f/yes/no/on/off/0/1 */
	LITE_FIT_INT2,		/* INTEGER within smallint */
	LITE_FIT_INT4,
	LITE_FIT_INT_TEXT,	   /* TEXT that is a 64-bit integer */
	LITE_FIT_DECIMAL_TEXT, /* TEXT that is a decimal number */
	LITE_FIT_NUMERIC_PS,   /* a number within the declared (p,s) */
	LITE_FIT_DATE,		   /* TEXT, date only */
	LITE_FIT_TIME,		   /* TEXT, time only */
	LITE_FIT_MOMENT,	   /* TEXT, date with time */
	LITE_FIT_MOMENT_ZONE,  /* ... and with a zone written */
	LITE_FIT_UNIX_S,	   /* a number, plausible as such (1990..2100) */
	LITE_FIT_UNIX_MS,
	LITE_FIT_UNIX_US,
	LITE_FIT_UNIX_NS,
	LITE_FIT_JULIAN,
	LITE_FIT_WEBKIT,
	LITE_FIT_COCOA,
	LITE_FIT_UUID_TEXT,		 /* canonical: 8-4-4-4-12 */
	LITE_FIT_UUID_BLOB,		 /* 16 bytes */
	LITE_FIT_JSON_CONTAINER, /* TEXT: object or array, as jsonb has it */
	LITE_FIT_JSON_NULL,		 /* TEXT: the literal null */
	LITE_FIT_JSON_SCALAR,	 /* TEXT: any other JSON scalar */
	LITE_FIT_JSONB_BLOB,	 /* SQLite's binary JSONB */
	LITE_FIT_JSON_BLOB,		 /* JSON text stored as BLOB */
	LITE_FIT_TEXT,			 /* TEXT that PostgreSQL can hold */
	LITE_FIT_BLOB_TEXT,		 /* a BLOB whose bytes are such TEXT */
	LITE_FIT_AUTO,			 /* what the declared type's AUTO format takes */
	LITE_FIT_EPOCH_S,		 /* a number that converts as UNIX_S does ... */
	LITE_FIT_EPOCH_MS,
	LITE_FIT_EPOCH_US,
	LITE_FIT_EPOCH_JULIAN,
	LITE_NFITS
} LiteFit;

#define LITE_PROFILE_EXAMPLES 3

typedef struct LiteColumnProfile
{
	int64_t count[LITE_NCLASSES];
	int64_t fits[LITE_NFITS];		/* exact only while still possible: once
									 * a value has failed a test, "failed" is
									 * set and counting may stop */
	bool failed[LITE_NFITS];		/* some value that the test is about says
									 * no, or the test was not run */
	int64_t failed_row[LITE_NFITS]; /* the first of those: its rowid, or its
									 * number from 1 (LiteTableProfile's
									 * by_rowid) */
	int64_t int_min;
	int64_t int_max;
	double real_min;
	double real_max;
	int64_t real_integral; /* REALs without a fraction */
	int64_t real_nonfinite;
	int64_t text_empty;
	int64_t text_nul;	  /* TEXT with a NUL inside */
	int64_t text_invalid; /* TEXT that is not UTF-8 */
	int64_t json_nul;	  /* JSON with \u0000 */
	int64_t bad_row;	  /* the first TEXT with a NUL or not UTF-8 */
	bool has_bad;
	bool int_beyond_double;	 /* an INTEGER that no double holds exactly */
	bool moments_uniform;	 /* dates and times are all spelled alike, so
									 * that no two spellings are one moment */
	bool uuids_uniform;		 /* no upper case, or no lower case in them */
	int64_t blob_containers; /* BLOBs that start as a JSONB array or
									 * object does, and their bytes */
	int64_t blob_container_bytes;
	size_t text_max;					   /* longest, in characters */
	size_t bytes_max;					   /* longest TEXT or BLOB, in bytes */
	char *examples[LITE_PROFILE_EXAMPLES]; /* clipped, distinct */
} LiteColumnProfile;

typedef struct LiteTableProfile
{
	int64_t rows;				/* rows looked at */
	bool whole;					/* all there are */
	bool by_rowid;				/* rows are told by rowid, else by number */
	LiteColumnProfile *columns; /* as table->columns */
} LiteTableProfile;

typedef struct LiteProfileOptions
{
	int64_t sample;		 /* rows to look at, spread; 0: all */
	const bool *columns; /* which to profile; NULL: all */
	bool times;			 /* test every number for a time, not only those in
						  * columns declared or named so */
} LiteProfileOptions;

/* The handle must be in a snapshot. */
extern LiteStatus lite_profile_table(LiteDb *db, const LiteTable *table,
									 const LiteProfileOptions *options,
									 LiteArena *arena,
									 LiteTableProfile **result,
									 LiteError *err);

/*
 * Do all values fit this type?  For a type that a user has asked for: one more
 * pass, over one column.  *misfits: how many do not; *row: the first of them,
 * as failed_row; *why: what is wrong with it.
 */
extern LiteStatus lite_profile_check(LiteDb *db, const LiteTable *table,
									 int column, LiteColumnType type,
									 int64_t *misfits, int64_t *row,
									 LiteMisfit *why, LiteError *err);

/* Does every non-NULL value (of at least one) pass the test? */
extern bool lite_profile_all(const LiteColumnProfile *column, LiteFit fit);

extern int64_t lite_profile_values(const LiteColumnProfile *column);

#endif /* LITE_PROFILE_H */
