/*
 * digest.c
 *	  Hashes of values, and sums of them over columns and rows.
 *
 * The hash is made of one operation, "fold": two 64-bit words multiplied to
 * 128 bits, the halves XORed.  A multiplication lets every bit of both words
 * reach the middle of the product, and the fold brings its upper half down.
 * Two lanes with different keys each read all of the input, so that the two
 * halves of a hash fail independently.
 *
 * Sums demand more than tables do: a fold by a constant is nearly linear, and
 * a sum of nearly linear hashes would overlook +1 here and -1 there.  So the
 * last steps multiply words that both depend on the input.
 *
 * Hashes are compared between machines: words are read as little-endian.
 */
#include "core/digest.h"

#include "core/convert.h"
#include "core/hash.h"

#include <math.h>

/* What is hashed, so that integer 1, real 1.0 and text '1' differ. */
typedef enum HashKind
{
	HASH_NULL = 1,
	HASH_EXACT_INTEGER,
	HASH_EXACT_REAL,
	HASH_EXACT_TEXT,
	HASH_EXACT_BLOB,
	HASH_INTEGER,
	HASH_REAL,
	HASH_NUMBER,
	HASH_TEXT,
	HASH_BYTES,
	HASH_TIME,
	HASH_JSON,
	HASH_OTHER
} HashKind;

/* Kind and column as one word with many bits set. */
static inline uint64_t
seed_of(HashKind kind, int column)
{
	return (uint64_t) kind * LITE_HASH_KEY4 +
		   ((uint64_t) (unsigned) column + 1) * LITE_HASH_KEY5;
}

LiteHash
lite_hash_bytes(const void *data, size_t len, uint64_t seed)
{
	return lite_hash_finish(lite_hash_absorb(data, len), seed);
}

/* A decimal number by its value: see lite_hash_number(). */
static LiteHash
hash_numeric(const LiteScalar *scalar, int column)
{
	uint64_t seed = seed_of(HASH_NUMBER, column);
	LiteDecimal decimal;

	if (scalar->data == NULL)
		return lite_hash_finish(lite_hash_integer(scalar->i), seed);
	if (!lite_decimal_read(scalar->data, scalar->len, &decimal))
		return lite_hash_bytes(scalar->data, scalar->len,
							   seed_of(HASH_OTHER, column));
	return lite_hash_finish(lite_hash_number(&decimal), seed);
}

/* -0.0 is 0.0, and there is one NaN. */
static uint64_t
canonical_bits(double r)
{
	uint64_t bits;

	if (r == 0)
		return 0;
	if (isnan(r))
		return UINT64_C(0x7FF8000000000000);
	memcpy(&bits, &r, sizeof(bits));
	return bits;
}

LiteHash
lite_hash_canonical(LiteType type, int column, const LiteScalar *scalar)
{
	LiteHash state;

	switch (type)
	{
		case LITE_TYPE_BOOL:
		case LITE_TYPE_INT2:
		case LITE_TYPE_INT4:
		case LITE_TYPE_INT8:
			return lite_hash_word((uint64_t) scalar->i,
								  seed_of(HASH_INTEGER, column));
		case LITE_TYPE_FLOAT8:
			return lite_hash_word(canonical_bits(scalar->r),
								  seed_of(HASH_REAL, column));
		case LITE_TYPE_NUMERIC:
			return hash_numeric(scalar, column);
		case LITE_TYPE_TEXT:
		case LITE_TYPE_VARCHAR:
			return lite_hash_bytes(scalar->data, scalar->len,
								   seed_of(HASH_TEXT, column));
		case LITE_TYPE_BYTEA:
		case LITE_TYPE_UUID:
			return lite_hash_bytes(scalar->data, scalar->len,
								   seed_of(HASH_BYTES, column));
		case LITE_TYPE_DATE:
		case LITE_TYPE_TIME:
		case LITE_TYPE_TIMESTAMP:
		case LITE_TYPE_TIMESTAMPTZ:
			return lite_hash_word((uint64_t) scalar->i,
								  seed_of(HASH_TIME, column));
		case LITE_TYPE_JSON:
		case LITE_TYPE_JSONB:
			if (lite_hash_json(scalar->data, scalar->len, &state))
				return lite_hash_finish(state, seed_of(HASH_JSON, column));

			/* Not JSON to us, or no memory: equal bytes are equal, and what
			 * differs in spelling is reported rather than overlooked. */
			return lite_hash_bytes(scalar->data, scalar->len,
								   seed_of(HASH_OTHER, column));
		case LITE_TYPE_NONE:
		case LITE_NTYPES:
			break;
	}
	return lite_hash_word(0, seed_of(HASH_OTHER, column));
}

LiteHash
lite_hash_exact(int column, const LiteValue *value)
{
	uint64_t bits;

	switch (value->cls)
	{
		case LITE_INTEGER:
			return lite_hash_word((uint64_t) value->i,
								  seed_of(HASH_EXACT_INTEGER, column));
		case LITE_REAL:
			memcpy(&bits, &value->r, sizeof(bits));
			return lite_hash_word(bits, seed_of(HASH_EXACT_REAL, column));
		case LITE_TEXT:
			return lite_hash_bytes(value->data, value->len,
								   seed_of(HASH_EXACT_TEXT, column));
		case LITE_BLOB:
			return lite_hash_bytes(value->data, value->len,
								   seed_of(HASH_EXACT_BLOB, column));
		case LITE_NULL:
		case LITE_NCLASSES:
			break;
	}
	return lite_hash_word(0, seed_of(HASH_NULL, column));
}

char *
lite_hash_text(LiteHash hash, char *buf)
{
	static const char hex[] = "0123456789abcdef";

	for (int k = 0; k < 16; k++)
	{
		buf[k] = hex[hash.hi >> (60 - 4 * k) & 15];
		buf[16 + k] = hex[hash.lo >> (60 - 4 * k) & 15];
	}
	buf[32] = '\0';
	return buf;
}

/* ---- sums ---- */

static inline void
add(LiteHash *sum, LiteHash hash)
{
	sum->lo += hash.lo;
	sum->hi += hash.hi + (sum->lo < hash.lo ? 1 : 0);
}

void
lite_digest_init(LiteDigest *digest, LiteColumnDigest *columns, int ncolumns)
{
	memset(digest, 0, sizeof(*digest));
	if (ncolumns > 0)
		memset(columns, 0, (size_t) ncolumns * sizeof(*columns));
	digest->columns = columns;
	digest->ncolumns = ncolumns;
}

void
lite_digest_row_begin(LiteDigest *digest)
{
	digest->row.lo = 0;
	digest->row.hi = 0;
}

/*
 * Within a row the columns' hashes are summed too: they may come in any
 * order.
 */
void
lite_digest_value(LiteDigest *digest, int column, LiteType type,
				  const LiteValue *value, const LiteScalar *scalar)
{
	LiteColumnDigest *sums = &digest->columns[column];
	LiteHash exact;
	LiteHash canonical;

	if (value == NULL || value->cls == LITE_NULL)
	{
		sums->nulls++;
		add(&digest->row, lite_hash_word(0, seed_of(HASH_NULL, column)));
		return;
	}
	sums->values++;
	if ((type == LITE_TYPE_TEXT || type == LITE_TYPE_VARCHAR) &&
		value->cls == LITE_TEXT && value->data == scalar->data &&
		value->len == scalar->len)
	{
		/* the same bytes twice: read them once */
		LiteHash state = lite_hash_absorb(value->data, value->len);

		exact = lite_hash_finish(state, seed_of(HASH_EXACT_TEXT, column));
		canonical = lite_hash_finish(state, seed_of(HASH_TEXT, column));
	}
	else
	{
		exact = lite_hash_exact(column, value);
		canonical = lite_hash_canonical(type, column, scalar);
	}
	add(&sums->exact, exact);
	add(&sums->canonical, canonical);
	add(&digest->row, canonical);
}

/*
 * The row's sum is hashed again: otherwise the sum over rows would be the sum
 * over columns, and not notice values that change places between rows.
 */
void
lite_digest_row_end(LiteDigest *digest)
{
	digest->rows++;
	add(&digest->row_sum, lite_hash_finish(digest->row, LITE_HASH_KEY6));
}

void
lite_digest_add(LiteDigest *digest, const LiteDigest *part)
{
	for (int k = 0; k < digest->ncolumns && k < part->ncolumns; k++)
	{
		LiteColumnDigest *to = &digest->columns[k];
		const LiteColumnDigest *from = &part->columns[k];

		to->values += from->values;
		to->nulls += from->nulls;
		add(&to->exact, from->exact);
		add(&to->canonical, from->canonical);
	}
	digest->rows += part->rows;
	add(&digest->row_sum, part->row_sum);
}
