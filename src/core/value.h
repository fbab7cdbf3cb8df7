/*
 * value.h
 *	  One SQLite value, and what it is as a value of a PostgreSQL type.
 *
 *		LiteValue	what SQLite stores: a storage class and its bytes
 *			|  lite_convert()			^ lite_convert_back()
 *			v							|
 *		LiteScalar	the same fact in the target type's own terms, but
 *					without a byte of PostgreSQL: days and microseconds since
 *					2000-01-01, 16 bytes of uuid, checked UTF-8 text ...
 *
 * A Datum (src/pg/convert.c), a COPY BINARY field (tools/copy.c) and the
 * canonical bytes of a digest (digest.h) are all made from the LiteScalar, so
 * every face agrees on what a value means and on which values do not fit.
 *
 * The converter is chosen once per column and called per value.  A value that
 * does not fit is an expected event (profiling asks exactly that), so it is
 * an enum here; lite_misfit_error() words it for those who report.
 */
#ifndef LITE_VALUE_H
#define LITE_VALUE_H

#include "core/type.h"

/* SQLite's storage classes, in sqlite_columns' order. */
typedef enum LiteClass
{
	LITE_NULL,
	LITE_INTEGER,
	LITE_REAL,
	LITE_TEXT,
	LITE_BLOB,
	LITE_NCLASSES
} LiteClass;

/*
 * i for INTEGER, r for REAL, data/len for TEXT (bytes as stored, in UTF-8 if
 * the file is UTF-16; neither checked nor NUL-terminated nor free of NULs)
 * and BLOB.  The bytes belong to whoever made the value (to SQLite until the
 * next step, for values of a statement).
 */
typedef struct LiteValue
{
	LiteClass cls;
	int64_t i;
	double r;
	const char *data;
	size_t len;
} LiteValue;

/*
 * Which member holds what, by type:
 *
 *	BOOL			i		0 or 1
 *	INT2 INT4 INT8	i
 *	FLOAT8			r
 *	NUMERIC			data	decimal text as numeric_in reads it: no spaces, no
 *							exponent; "NaN" and infinities never.  Zeros at
 *							its end are kept where a text had them ("1.50")
 *					or, when data is NULL, i (an integer, the fast case)
 *	TEXT VARCHAR	data	valid UTF-8 without NUL
 *	BYTEA			data
 *	DATE			i		days since 2000-01-01
 *	TIME			i		microseconds since midnight, 0..86400000000
 *	TIMESTAMP[TZ]	i		microseconds since 2000-01-01 (00:00 UTC for TZ)
 *	UUID			data	16 bytes
 *	JSON JSONB		data	JSON text that jsonb_in accepts
 *
 * data belongs to the LiteValue or to the converter: good until either moves
 * on.
 */
typedef struct LiteScalar
{
	int64_t i;
	double r;
	const char *data;
	size_t len;
} LiteScalar;

/* Why a value does not fit a type. */
typedef enum LiteMisfit
{
	LITE_FITS = 0,
	LITE_MISFIT_CLASS,	   /* this storage class never fits the type */
	LITE_MISFIT_SYNTAX,	   /* the text does not read as the type */
	LITE_MISFIT_RANGE,	   /* beyond the type's range */
	LITE_MISFIT_FRACTION,  /* a fraction would be lost */
	LITE_MISFIT_LENGTH,	   /* longer than varchar(n), or than 1 GB */
	LITE_MISFIT_PRECISION, /* more digits than numeric(p,s) keeps */
	LITE_MISFIT_NONFINITE, /* an infinity where the type has none */
	LITE_MISFIT_ENCODING,  /* text that is not valid UTF-8 */
	LITE_MISFIT_NUL,	   /* text with a NUL in it */
	LITE_MISFIT_JSON,	   /* not JSON, or not as jsonb has it */
	LITE_MISFIT_JSON_NUL,  /* JSON with a \u0000 in it */
	LITE_MISFIT_NOMEM	   /* no memory to find out */
} LiteMisfit;

/*
 * Where text without a zone is: utc_us = to_utc(arg, local_us), both in
 * microseconds since 2000-01-01.  Named zones need a time zone database,
 * which the core has not; NULL means UTC.
 */
typedef int64_t (*LiteZoneFunction)(void *arg, int64_t local_us);

typedef struct LiteConverter LiteConverter;
typedef LiteMisfit (*LiteConvertFunction)(LiteConverter *converter,
										  const LiteValue *in,
										  LiteScalar *out);

struct LiteConverter
{
	LiteConvertFunction convert; /* never called for LITE_NULL */
	LiteColumnType type;
	LiteZoneFunction to_utc;
	void *zone_arg;
	char *scratch; /* malloc'd, grows to the longest value */
	size_t capacity;
};

/*
 * Chooses the function for the type and format.  Needs no memory yet.
 *
 * What fits, beyond the obvious:
 *
 *	integers	REAL without a fraction; TEXT that is an integer (sign, digits)
 *	BOOL		0 and 1; words only in format AUTO
 *	FLOAT8		an INTEGER that some double equals; TEXT whose digits some
 *				double keeps (its shortest text, or that of "%.17g")
 *	NUMERIC		a REAL as its shortest text, or if it is integral within 64
 *				bits, as that integer; decimal TEXT.  Under numeric(p,s), too
 *				many digits behind the point are PRECISION, in front RANGE
 *	TEXT		numbers as SQLite's CAST writes them, with up to 17 digits
 *				where its 15 would not read back as the same number; BLOB
 *				only in format AUTO, if it is text
 *	BYTEA		TEXT only in format AUTO
 *	UUID		16 bytes only in formats AUTO and BLOB
 *	DATE		a timestamp at midnight
 *	TIMESTAMP	text with a zone, as UTC (SQLite's functions do the same)
 *	JSON JSONB	INTEGER and REAL, as numbers (a column declared JSON has
 *				NUMERIC affinity); BLOB in format BLOB if it is binary JSONB,
 *				in AUTO also if it is JSON text
 *
 * Times as numbers.  In the formats UNIX_* .. COCOA, INTEGER, REAL and TEXT
 * that is such a number; a TIME counts from midnight, in UNIX_* only.  INTEGER
 * counts exactly, and a fraction of a microsecond is FRACTION.  REAL is
 * rounded to the microsecond, if that gives the same double back or if doubles
 * lie further apart than 0.1 microseconds there; julian days are rounded to the
 * millisecond as SQLite does, unless they say more.  In format AUTO a number
 * is
 *
 *	seconds			94694400 <= n < 4102444800	(the years 1973..2099)
 *	ms, us, ns		the same times 10^3, 10^6, 10^9
 *	a julian day	1721059.5 <= n < 5373484.5 as REAL, 2441684 <= n < 2488070
 *					if integral (the years 1973..2099 again)
 *
 * and anything else, too small, too large or in between, RANGE.
 */
extern void lite_converter_init(LiteConverter *converter, LiteColumnType type);
extern void lite_converter_free(LiteConverter *converter);

/* in must not be LITE_NULL, nor point into this converter's scratch. */
static inline LiteMisfit
lite_convert(LiteConverter *converter, const LiteValue *in, LiteScalar *out)
{
	return converter->convert(converter, in, out);
}

/*
 * The inverse: the SQLite value that this scalar would be stored as under the
 * column's type and format.  ISO text for times ("YYYY-MM-DD HH:MM:SS", with
 * a fraction only where there is one, in UTC, with a "Z" only if the converter
 * has a to_utc, without which text without a zone is UTC); integers for
 * booleans; lower-case text for uuids; for numeric an INTEGER where 64
 * bits hold it, a REAL where that has the same digits, else text.  Of times as
 * numbers, INTEGER where they are whole, else REAL.  What only PostgreSQL can
 * hold becomes text: "infinity", years beyond 9999 with a sign.  out->data
 * points into the converter's scratch or at the scalar's data, which may
 * itself stand in that scratch.  LITE_MISFIT_NOMEM or LITE_FITS.
 */
extern LiteMisfit lite_convert_back(LiteConverter *converter,
									const LiteScalar *in, LiteValue *out);

/*
 * Words a misfit: message 'value does not fit type "..."', the detail says
 * what the value is (clipped) and why it does not fit, the hint which
 * override or policy helps.  Returns LITE_MISFIT (LITE_NOMEM for
 * LITE_MISFIT_NOMEM).
 */
extern LiteStatus lite_misfit_error(LiteMisfit misfit, LiteColumnType type,
									const LiteValue *value, LiteError *err);

/* One word per misfit, for the rejects table: "encoding", "range" ... */
extern const char *lite_misfit_name(LiteMisfit misfit);
extern const char *lite_class_name(LiteClass cls);

/* ------------------------------------------------------------------------
 * The parsers, pure functions on bytes.  true and *result, or false.
 * ------------------------------------------------------------------------ */

/* What a text says as a date or time. */
typedef struct LiteMoment
{
	bool has_date;
	bool has_time;
	bool has_zone; /* a "Z" or an offset was written */
	int64_t us;	   /* since 2000-01-01 00:00, as written, or in
								 * UTC where has_zone; without a date: since
								 * midnight */
} LiteMoment;

/*
 * ISO 8601 as SQLite's date functions read it and as applications write it:
 * "YYYY-MM-DD", "HH:MM[:SS[.f*]]", both joined by a space or 'T', then an
 * optional "Z", "+HH:MM", "+HHMM", "+HH" (a space before it allowed, up to
 * 14:59).  Fractions beyond microseconds are accepted where the rest is zero,
 * else not: nothing is rounded in silence.  Years 0001..9999, in UTC too.  Real
 * dates only (2023-02-30, which SQLite takes for March 2nd, is none), hours up
 * to 23, seconds up to 59.
 */
extern bool lite_parse_moment(const char *s, size_t len, LiteMoment *result);

/* t, true, y, yes, on, 1 and their opposites, in any case. */
extern bool lite_parse_bool(const char *s, size_t len, bool *result);

/* As uuid_in reads them: hyphens after any four digits, braces, any case.
 * result: 16 bytes. */
extern bool lite_parse_uuid(const char *s, size_t len, unsigned char *result);

/* A sign and digits, nothing else; leading zeros allowed. */
extern bool lite_parse_int64(const char *s, size_t len, int64_t *result);

/*
 * A decimal number as text: sign, digits, point, exponent.  Writes its
 * canonical form (no exponent, no plus, no leading zeros, no trailing zeros
 * after the point, never "-0") into buf; returns its length, or 0 if the text
 * is no number or needs more than size bytes.
 */
extern size_t lite_parse_decimal(const char *s, size_t len, char *buf,
								 size_t size);

/*
 * The shortest decimal text that reads back as exactly r (17 digits at the
 * most), without an exponent (so up to 330 bytes).  r must be finite.
 * Returns the length.  buf: LITE_DOUBLE_TEXT bytes.
 */
#define LITE_DOUBLE_TEXT 344
extern size_t lite_double_text(double r, char *buf);

/* Is this valid UTF-8 as PostgreSQL has it (no surrogates, no overlong, at
 * most U+10FFFF)?  *has_nul says whether there is a NUL byte in it. */
extern bool lite_utf8_valid(const char *s, size_t len, bool *has_nul);
extern size_t lite_utf8_length(const char *s, size_t len);

/* What a text is as JSON. */
typedef enum LiteJsonKind
{
	LITE_JSON_INVALID,
	LITE_JSON_NUL,	/* valid, but has \u0000: jsonb refuses it */
	LITE_JSON_NULL, /* the literal null */
	LITE_JSON_SCALAR,
	LITE_JSON_ARRAY,
	LITE_JSON_OBJECT
} LiteJsonKind;

/*
 * JSON as jsonb_in accepts it: RFC 8259, no NaN, no lone surrogates, valid
 * UTF-8, numbers that numeric can hold, nesting of at most LITE_JSON_DEPTH
 * (below what max_stack_depth of the server allows), and not so large that
 * jsonb's offsets of 28 bits could not address it.
 */
#define LITE_JSON_DEPTH 1000
extern LiteJsonKind lite_json_kind(const char *s, size_t len);

/*
 * SQLite's binary JSONB ("The JSONB Format" of SQLite 3.45) as JSON text, in
 * *buf (malloc'd or NULL, *capacity bytes, grown as needed; what it held is
 * overwritten).  JSON5 forms become plain JSON.  false if the blob is not
 * JSONB, or out of memory.  The text may still have \u0000 in it.
 */
extern bool lite_jsonb_text(const void *blob, size_t len, char **buf,
							size_t *capacity, size_t *result_len);

#endif /* LITE_VALUE_H */
