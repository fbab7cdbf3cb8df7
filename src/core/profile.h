/*
 * profile.h
 *	  What the values of a table's columns really are.
 *
 * One pass over the rows (all of them, or a sample spread over the rowids)
 * counts storage classes and, for each type a column might become, the
 * values that fit it: "every value fits" is the evidence on which plan.c
 * decides.  A test that can no longer succeed for a column is not run again.
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
	LITE_FIT_VARCHAR_N,	   /* TEXT within the declared (n) */
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
	LITE_NFITS
} LiteFit;

#define LITE_PROFILE_EXAMPLES 3

typedef struct LiteColumnProfile
{
	int64_t count[LITE_NCLASSES];
	int64_t fits[LITE_NFITS]; /* exact only while still possible: once
									 * a value has failed a test, "failed" is
									 * set and counting may stop */
	bool failed[LITE_NFITS];  /* some value that the test is about says
									 * no */
	int64_t int_min;
	int64_t int_max;
	double real_min;
	double real_max;
	int64_t real_integral; /* REALs without a fraction */
	int64_t real_nonfinite;
	int64_t text_empty;
	int64_t text_nul;					   /* TEXT with a NUL inside */
	int64_t text_invalid;				   /* TEXT that is not UTF-8 */
	int64_t json_nul;					   /* JSON with \u0000 */
	size_t text_max;					   /* longest, in characters */
	size_t bytes_max;					   /* longest TEXT or BLOB, in bytes */
	char *examples[LITE_PROFILE_EXAMPLES]; /* clipped, distinct */
} LiteColumnProfile;

typedef struct LiteTableProfile
{
	int64_t rows;				/* rows looked at */
	bool whole;					/* all there are */
	LiteColumnProfile *columns; /* as table->columns */
} LiteTableProfile;

typedef struct LiteProfileOptions
{
	int64_t sample;		 /* rows to look at, spread; 0: all */
	const bool *columns; /* which to profile; NULL: all */
} LiteProfileOptions;

/* The handle must be in a snapshot. */
extern LiteStatus lite_profile_table(LiteDb *db, const LiteTable *table,
									 const LiteProfileOptions *options,
									 LiteArena *arena,
									 LiteTableProfile **result,
									 LiteError *err);

/* Does every non-NULL value (of at least one) pass the test? */
extern bool lite_profile_all(const LiteColumnProfile *column, LiteFit fit);

extern int64_t lite_profile_values(const LiteColumnProfile *column);

#endif /* LITE_PROFILE_H */
