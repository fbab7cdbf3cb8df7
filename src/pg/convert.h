/*
 * convert.h
 *	  Between the core's values and PostgreSQL's Datums, chosen per column.
 *
 *		SQLite value --lite_convert--> LiteScalar --from_scalar--> Datum
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
	Oid typid;
	int32 typmod;
	Datum (*make)(LiteColumnReader *reader, const LiteScalar *scalar);
	bool (*fast)(LiteColumnReader *reader, const LiteValue *value,
				 Datum *result); /* may be NULL; false: not fast */
	FmgrInfo input;				 /* for types that core has no name for */
	Oid ioparam;
};

/*
 * For a column of PostgreSQL type typid/typmod (domains are looked through
 * and their constraints checked by the input function's path).  Types of the
 * core's list take its converters; any other type is made by its input
 * function from SQLite's text (so enums, inet, arrays ... just work).
 * The converter's scratch is freed by a callback on CurrentMemoryContext.
 */
extern void LiteColumnReaderInit(LiteColumnReader *reader, Oid typid,
								 int32 typmod, LiteFormat format);

/*
 * value is not NULL.  The Datum is palloc'd in CurrentMemoryContext where it
 * is by reference.  LITE_FITS, or why not: nothing is thrown for a value
 * that does not fit a type of the core's list.
 */
extern LiteMisfit LiteColumnRead(LiteColumnReader *reader,
								 const LiteValue *value, Datum *result);

/*
 * The inverse, for verification, parameters and writing: *scalar points into
 * detoasted memory of CurrentMemoryContext.  false for types that have no
 * scalar.
 */
extern bool LiteDatumToScalar(LiteType type, Datum datum, LiteScalar *scalar);

/* The core's type for a PostgreSQL one, LITE_TYPE_NONE if it has none; and
 * back. */
extern LiteType LiteTypeFromOid(Oid typid);
extern Oid LiteTypeOid(LiteType type);

#endif /* LITE_CONVERT_H */
