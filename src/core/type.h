/*
 * type.h
 *	  Types of columns: what SQLite declares, what PostgreSQL gets, and how
 *	  the values are written in the file.
 *
 * A column of the target is described by three facts that belong together
 * (LiteColumnType): the PostgreSQL type, its modifiers, and the *format*, the
 * way the column's values encode that type in SQLite (a timestamp may be ISO
 * text, seconds or microseconds since 1970, a julian day ...).
 */
#ifndef LITE_TYPE_H
#define LITE_TYPE_H

#include "core/status.h"

typedef enum LiteType
{
	LITE_TYPE_NONE = 0,
#define LITE_TYPE(symbol, name) LITE_TYPE_##symbol,
#include "core/typelist.h"
#undef LITE_TYPE
	LITE_NTYPES
} LiteType;

/*
 * SQLite's type affinities ("Datatypes In SQLite", section 3.1).
 */
typedef enum LiteAffinity
{
	LITE_AFFINITY_BLOB, /* "BLOB", or no declared type */
	LITE_AFFINITY_TEXT,
	LITE_AFFINITY_NUMERIC,
	LITE_AFFINITY_INTEGER,
	LITE_AFFINITY_REAL
} LiteAffinity;

/*
 * How values of a column encode its type.  NATIVE is the storage class that
 * the type suggests: integers for integers and booleans (0/1), text for text,
 * JSON and uuids, ISO-8601 text for dates and times, blobs for bytea.
 *
 * AUTO accepts, value by value, whatever can be recognised without doubt:
 * for dates and times ISO text, and numbers by their magnitude (see value.h);
 * for booleans 0/1 and the words PostgreSQL knows; for uuids text and
 * 16-byte blobs; for JSON text and SQLite's binary JSONB.
 */
typedef enum LiteFormat
{
	LITE_FORMAT_NATIVE = 0,
	LITE_FORMAT_AUTO,
	LITE_FORMAT_UNIX_S, /* seconds since 1970-01-01 UTC */
	LITE_FORMAT_UNIX_MS,
	LITE_FORMAT_UNIX_US,
	LITE_FORMAT_UNIX_NS,
	LITE_FORMAT_JULIAN, /* days since noon, -4713-11-24 Gregorian */
	LITE_FORMAT_WEBKIT, /* microseconds since 1601 (Chrome) */
	LITE_FORMAT_COCOA,	/* seconds since 2001 (Apple) */
	LITE_FORMAT_BLOB,	/* uuid as 16 bytes, JSON as binary JSONB */
	LITE_NFORMATS
} LiteFormat;

typedef struct LiteColumnType
{
	LiteType type;
	int precision; /* numeric(p,s), varchar(n); 0: none */
	int scale;
	LiteFormat format;
} LiteColumnType;

/* The affinity of a declared type; declared may be NULL or "".
 * ("Datatypes In SQLite", 3.1: the five rules, in their order.) */
extern LiteAffinity lite_type_affinity(const char *declared);

/*
 * What a declaration alone says: "VARCHAR(20)" is TEXT, "BOOLEAN" is BOOL,
 * "DATETIME" is TIMESTAMPTZ.  Never fails: a type nobody knows is decided by
 * its affinity.  This is the type wished for; whether the values fit is the
 * profile's to say.  precision/scale are those written (of DECIMAL(10,2),
 * VARCHAR(20)), 0 otherwise.
 */
extern LiteColumnType lite_type_declared(const char *declared);

/* The name PostgreSQL prints ("bigint"), without modifiers. */
extern const char *lite_type_name(LiteType type);

/* The name with modifiers ("numeric(10,2)"), into buf; returns buf. */
extern char *lite_type_format(LiteColumnType type, char *buf, size_t size);

/*
 * Reads a type the user wrote in an override or an option: any of
 * PostgreSQL's usual spellings ("int8", "timestamptz", "varchar(20)",
 * "numeric(10,2)"), any case.  The format is left NATIVE.
 * LITE_INVALID with a hint that lists the types.
 */
extern LiteStatus lite_type_parse(const char *text, LiteColumnType *result,
								  LiteError *err);

/*
 * Names of formats, as the column option "format" and the reports have them:
 * "native", "auto", "unix", "unix_ms", "unix_us", "unix_ns", "julian",
 * "webkit", "cocoa", "blob".  sqlite_fdw users write column_type 'INT' for
 * epochs; the option code maps that.  false if there is no such name.
 */
extern const char *lite_format_name(LiteFormat format);
extern bool lite_format_parse(const char *text, LiteFormat *result);

#endif /* LITE_TYPE_H */
