/*
 * convert.h
 *	  Between the core's values and PostgreSQL's Datums, chosen per column.
 *
 *		SQLite value --lite_convert--> LiteScalar --make--> Datum
 *
 * LiteColumnReader holds all that a column's values need: the core's
 * converter, the function that makes the Datum, and the typmod's check.  The
 * common pairs (INTEGER to bigint, REAL to double precision, TEXT to text,
 * BLOB to bytea) take a path of their own without the detour.
 */
#ifndef LITE_CONVERT_H
#define LITE_CONVERT_H

#include "pg/compat.h"

#include "fmgr.h"

#include "core/value.h"

typedef struct LiteColumnReader LiteColumnReader;

struct LiteColumnReader
{
	LiteConverter converter;
	Oid typid; /* a domain's base type */
	int32 typmod;
	LiteMisfit (*make)(LiteColumnReader *reader, const LiteScalar *scalar,
					   Datum *result); /* NULL: by the input function */
	bool (*fast)(LiteColumnReader *reader, const LiteValue *value,
				 Datum *result); /* NULL: none; false: not this value */
	FmgrInfo input;				 /* for types that core has no name for */
	Oid ioparam;
	Oid domain; /* InvalidOid: not a domain */
	void *domain_cache;
	MemoryContext context; /* where the reader lives */
};

/*
 * For a column of PostgreSQL type typid/typmod (domains are looked through,
 * and their constraints checked per value).  Types of the core's list take
 * its converters; any other type is made by its input function from SQLite's
 * text (so enums, inet, arrays ... just work).  The converter's scratch is
 * freed by a callback on CurrentMemoryContext, where the reader must live.
 */
extern void LiteColumnReaderInit(LiteColumnReader *reader, Oid typid,
								 int32 typmod, LiteFormat format);

/*
 * value is not NULL.  The Datum is palloc'd in CurrentMemoryContext where it
 * is by reference.  LITE_FITS, or why not: nothing is thrown for a value
 * that does not fit a type of the core's list.  (Input functions and domain
 * checks do throw.)
 */
extern LiteMisfit LiteColumnRead(LiteColumnReader *reader,
								 const LiteValue *value, Datum *result);

/* A NULL for this column: throws if a domain forbids it. */
extern void LiteColumnReadNull(LiteColumnReader *reader);

/*
 * The inverse, for verification, parameters and writing: *scalar points into
 * detoasted memory of CurrentMemoryContext.  false for types and values that
 * have no scalar (numeric NaN, infinite times), and for text that has no
 * equivalent in UTF-8.
 */
extern bool LiteDatumToScalar(LiteType type, Datum datum, LiteScalar *scalar);

/* The core's type for a PostgreSQL one, LITE_TYPE_NONE if it has none; and
 * back. */
extern LiteType LiteTypeFromOid(Oid typid);
extern Oid LiteTypeOid(LiteType type);

#endif /* LITE_CONVERT_H */
