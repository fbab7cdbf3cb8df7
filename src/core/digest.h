/*
 * digest.h
 *	  What it means that two tables hold the same rows.
 *
 * This is the *definition* of equality for verification.  Each side feeds
 * its rows, in any order; two sums say how equal they are:
 *
 *	exact		storage class and bytes as SQLite holds them.  The PostgreSQL
 *				side feeds what lite_convert_back() makes of its values.
 *	canonical	the value in its type's terms (the LiteScalar), where a
 *				spelling does not count: '2024-01-01T00:00Z' and
 *				'2024-01-01 00:00:00', {"a":1} and { "a": 1.0 }, -0.0 and 0.
 *
 * canonical equality is what verification demands; where exact differs, the
 * report says "equal after normalisation".  Sums are kept per column (which
 * column differs?) and over whole rows (are the right values together?).
 *
 * A sum adds 128-bit hashes modulo 2^128: independent of order, yet a lost,
 * doubled or changed row changes it.  The hash is not cryptographic: it
 * guards against accidents, not against a forger with access to both sides.
 * Sums of disjoint parts of a table add up, so parts can be read in parallel.
 */
#ifndef LITE_DIGEST_H
#define LITE_DIGEST_H

#include "core/value.h"

typedef struct LiteHash
{
	uint64_t lo;
	uint64_t hi;
} LiteHash;

typedef struct LiteColumnDigest
{
	int64_t values; /* not NULL */
	int64_t nulls;
	LiteHash exact;
	LiteHash canonical;
} LiteColumnDigest;

typedef struct LiteDigest
{
	int ncolumns;
	LiteColumnDigest *columns;
	int64_t rows;
	LiteHash row_sum; /* over rows, of canonical values */
	LiteHash row;	  /* the row being fed */
} LiteDigest;

/* Zeroed, for ncolumns columns; columns is the caller's array. */
extern void lite_digest_init(LiteDigest *digest, LiteColumnDigest *columns,
							 int ncolumns);

/*
 * One row: begin, every column once in any order, end.  value NULL or of
 * class LITE_NULL is a NULL; else scalar is its conversion to type.
 */
extern void lite_digest_row_begin(LiteDigest *digest);
extern void lite_digest_value(LiteDigest *digest, int column, LiteType type,
							  const LiteValue *value,
							  const LiteScalar *scalar);
extern void lite_digest_row_end(LiteDigest *digest);

/* Adds the sums of one part to another's. */
extern void lite_digest_add(LiteDigest *digest, const LiteDigest *part);

/*
 * The hash of one value's canonical form and of one value's exact form;
 * column is mixed in, so that equal values in swapped columns differ.
 */
extern LiteHash lite_hash_canonical(LiteType type, int column,
									const LiteScalar *scalar);
extern LiteHash lite_hash_exact(int column, const LiteValue *value);
extern LiteHash lite_hash_bytes(const void *data, size_t len, uint64_t seed);

/* 32 hex digits and a NUL. */
#define LITE_HASH_TEXT 33
extern char *lite_hash_text(LiteHash hash, char *buf);

#endif /* LITE_DIGEST_H */
