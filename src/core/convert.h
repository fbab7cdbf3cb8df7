/*
 * convert.h
 *	  What the files behind value.h and digest.h share with each other, and
 *	  with nobody else.
 *
 *		value.c			picks the converters; numbers, text, bytes
 *		back.c			the inverse of all converters
 *		timeconv.c		dates and times, from text and from numbers
 *		moment.c		ISO text <-> microseconds
 *		decimal.c		decimal text <-> digits <-> double
 *		text.c			UTF-8, uuids, booleans, integers
 *		json.c			JSON, validated
 *		jsonb.c			SQLite's binary JSONB <-> JSON text
 *		misfit.c		words for what does not fit
 *		digest.c		hashes and sums
 *		jsonhash.c		the hash of what a JSON text means
 */
#ifndef LITE_CONVERT_H
#define LITE_CONVERT_H

#include <string.h>

#include "core/value.h"

#define LITE_US_PER_SECOND INT64_C(1000000)
#define LITE_US_PER_DAY INT64_C(86400000000)

/* Days and seconds from 1970-01-01 to 2000-01-01. */
#define LITE_EPOCH_DAYS INT64_C(10957)
#define LITE_EPOCH_SECONDS INT64_C(946684800)
#define LITE_EPOCH_US (LITE_EPOCH_SECONDS * LITE_US_PER_SECOND)

/*
 * PostgreSQL's MaxAllocSize, less the header of a varlena and something to
 * spare for an escape or a terminator.
 */
#define LITE_VALUE_MAX ((size_t) 0x3fffffff - 64)

/* In value.c: room for size bytes in converter->scratch; false: no memory. */
extern bool lite_scratch_reserve(LiteConverter *converter, size_t size);

/* In timeconv.c. */
extern LiteConvertFunction lite_time_converter(LiteColumnType type);
extern LiteMisfit lite_time_back(LiteConverter *converter,
								 const LiteScalar *in, LiteValue *out);

/* ---- moment.c ---- */

typedef struct LiteCivil
{
	int64_t year; /* astronomical: 0 is 1 BC */
	int month;
	int day;
} LiteCivil;

/* days since 2000-01-01, any number PostgreSQL's date can hold */
extern LiteCivil lite_civil_from_days(int64_t days);

/* "YYYY-MM-DD", "HH:MM:SS[.ffffff]", both; the length.  No NUL at the end. */
#define LITE_MOMENT_TEXT 48
extern size_t lite_date_text(int64_t days, char *buf);
extern size_t lite_time_text(int64_t us, char *buf);
extern size_t lite_timestamp_text(int64_t us, char *buf);

/* ---- decimal.c ---- */

/*
 * A decimal number found in a text: value = [-] 0.D1 D2 ... Dn * 10^point,
 * D1..Dn the significant digits, which stand from "first" on in the text,
 * with perhaps a point between them.  ndigits 0 is zero.
 */
typedef struct LiteDecimal
{
	bool negative; /* never for zero */
	const char *first;
	size_t ndigits; /* without leading and trailing zeros */
	int64_t point;
	int64_t scale; /* digits after the point as written, the exponent
					* counted in; at least 0 */
} LiteDecimal;

/* false: not a number.  Exponents are clamped at about +-10^9. */
extern bool lite_decimal_read(const char *s, size_t len, LiteDecimal *result);

/* Can PostgreSQL's numeric hold it (as it is written)? */
extern bool lite_decimal_fits_numeric(const LiteDecimal *decimal);

/* Length of the text without exponent, with "scale" digits after the point
 * (never fewer than the number has), and that text. */
extern size_t lite_decimal_length(const LiteDecimal *decimal, int64_t scale);
extern size_t lite_decimal_write(const LiteDecimal *decimal, int64_t scale,
								 char *buf);

/* Digits after the point that the number needs. */
static inline int64_t
lite_decimal_needs_scale(const LiteDecimal *decimal)
{
	int64_t after = (int64_t) decimal->ndigits - decimal->point;

	return after > 0 ? after : 0;
}

/* The double that reads and writes as this decimal; false if there is none
 * that keeps every digit. */
extern bool lite_decimal_double(const LiteDecimal *decimal, double *result);

/* Digits (at most 17, no trailing zero, at least one) of the shortest decimal
 * that reads back as r, finite and positive: 0.DDD * 10^*point. */
extern int lite_double_digits(double r, char *digits, int *point);

/* r as SQLite's CAST to TEXT gives it, or with more digits where those do not
 * read back as r. */
#define LITE_REAL_TEXT 40
extern size_t lite_real_text(double r, char *buf);

/* ---- json.c ---- */

typedef struct LiteJsonScan
{
	LiteJsonKind kind;
	size_t jsonb_size; /* no less than what PostgreSQL's jsonb needs */
} LiteJsonScan;

/* The largest container that PostgreSQL's jsonb can hold (JENTRY_OFFLENMASK,
 * less a header). */
#define LITE_JSONB_MAX ((size_t) 0x0FFFFFFF - 64)

extern void lite_json_scan(const char *s, size_t len, LiteJsonScan *result);

/* One JSON number and nothing else? */
extern bool lite_json_is_number(const char *s, size_t len);

/* ---- jsonb.c ---- */

/*
 * lite_jsonb_text() without its last check: the text has the structure of the
 * blob, but its strings are not yet known to be UTF-8 with proper escapes.
 */
extern bool lite_jsonb_write(const void *blob, size_t len, char **buf,
							 size_t *capacity, size_t *result_len);

/* The inverse of lite_jsonb_text(), for JSON that lite_json_kind() knows. */
extern bool lite_jsonb_encode(const char *s, size_t len, char **buf,
							  size_t *capacity, size_t *result_len);

/* ---- for hashing and searching eight bytes at a time ---- */

#define LITE_ONES UINT64_C(0x0101010101010101)
#define LITE_HIGHS UINT64_C(0x8080808080808080)

static inline uint64_t
lite_load8(const void *p)
{
	uint64_t w;

	memcpy(&w, p, 8);
	return w;
}

/* Nonzero if some byte of w is zero (exact for "is there one"). */
static inline uint64_t
lite_has_zero(uint64_t w)
{
	return (w - LITE_ONES) & ~w & LITE_HIGHS;
}

#endif /* LITE_CONVERT_H */
