/*
 * sums.c
 *	  Sums of a table's rows: adding, keeping, comparing them.
 *
 * What the sums mean is digest.h's to say; side.c fills them.  Here they are
 * added and subtracted (sums of disjoint sets of rows add up, so a table that
 * got its rows from several imports can be checked for each of them), written
 * to and read from the log, and put into words for people.
 */
#include "pg/compat.h"

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/jsonb.h"

#include "load/load.h"

LiteLoadSums *
LiteLoadSumsNew(const LiteLoadTable *table)
{
	LiteLoadSums *sums = palloc0(sizeof(LiteLoadSums));
	int ncolumns = table->ncolumns + (table->document ? 1 : 0);

	lite_digest_init(&sums->digest,
					 palloc0(sizeof(LiteColumnDigest) * Max(ncolumns, 1)),
					 ncolumns);
	sums->scalars = palloc0(sizeof(LiteScalar) * Max(ncolumns, 1));
	sums->values = palloc0(sizeof(LiteValue) * Max(ncolumns, 1));
	return sums;
}

LiteHash
LiteHashMinus(LiteHash a, LiteHash b)
{
	LiteHash result;

	result.lo = a.lo - b.lo;
	result.hi = a.hi - b.hi - (a.lo < b.lo ? 1 : 0);
	return result;
}

LiteHash
LiteHashPlus(LiteHash a, LiteHash b)
{
	LiteHash result;

	result.lo = a.lo + b.lo;
	result.hi = a.hi + b.hi + (result.lo < a.lo ? 1 : 0);
	return result;
}

/* ------------------------------------------------------------------------
 * Arithmetic, for tables that got their rows in several imports
 * ------------------------------------------------------------------------ */

void
LiteLoadSumsAdd(LiteLoadSums *sums, const LiteLoadSums *more)
{
	lite_digest_add(&sums->digest, &more->digest);
	sums->rejected += more->rejected;
	sums->nulled += more->nulled;
}

void
LiteLoadSumsSubtract(LiteLoadSums *sums, const LiteLoadSums *less)
{
	LiteDigest *digest = &sums->digest;

	digest->rows -= less->digest.rows;
	digest->row_sum = LiteHashMinus(digest->row_sum, less->digest.row_sum);
	for (int i = 0; i < digest->ncolumns; i++)
	{
		LiteColumnDigest *to = &digest->columns[i];
		const LiteColumnDigest *from = &less->digest.columns[i];

		to->values -= from->values;
		to->nulls -= from->nulls;
		to->exact = LiteHashMinus(to->exact, from->exact);
		to->canonical = LiteHashMinus(to->canonical, from->canonical);
	}
}

static void
put_hash(StringInfo buf, const char *name, LiteHash hash)
{
	char text[LITE_HASH_TEXT];

	appendStringInfo(buf, ", \"%s\": \"%s\"", name,
					 lite_hash_text(hash, text));
}

char *
LiteLoadSumsToJson(const LiteLoadSums *sums, const LiteLoadTable *table)
{
	const LiteDigest *digest = &sums->digest;
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfo(&buf, "{\"rows\": %lld", (long long) digest->rows);
	put_hash(&buf, "row_sum", digest->row_sum);
	appendStringInfoString(&buf, ", \"columns\": [");
	for (int i = 0; i < digest->ncolumns; i++)
	{
		const LiteColumnDigest *column = &digest->columns[i];
		const char *name =
			i < table->ncolumns ? table->columns[i].name : table->document;

		appendStringInfoString(&buf, i ? ", {\"name\": " : "{\"name\": ");
		escape_json(&buf, LiteLoadText(name));
		appendStringInfo(&buf, ", \"values\": %lld, \"nulls\": %lld",
						 (long long) column->values,
						 (long long) column->nulls);
		put_hash(&buf, "exact", column->exact);
		put_hash(&buf, "canonical", column->canonical);
		appendStringInfoChar(&buf, '}');
	}
	appendStringInfoString(&buf, "]}");
	return buf.data;
}

static bool
get_int64(JsonbContainer *object, const char *name, int64_t *result)
{
	JsonbValue *value =
		getKeyJsonValueFromContainer(object, name, strlen(name), NULL);

	if (value == NULL || value->type != jbvNumeric)
		return false;
	*result = DatumGetInt64(
		DirectFunctionCall1(numeric_int8,
							NumericGetDatum(value->val.numeric)));
	return true;
}

/* Reads what lite_hash_text() writes: the high half first. */
static bool
get_hash(JsonbContainer *object, const char *name, LiteHash *result)
{
	JsonbValue *value =
		getKeyJsonValueFromContainer(object, name, strlen(name), NULL);
	char text[LITE_HASH_TEXT];
	char again[LITE_HASH_TEXT];

	if (value == NULL || value->type != jbvString ||
		value->val.string.len != LITE_HASH_TEXT - 1)
		return false;
	memcpy(text, value->val.string.val, LITE_HASH_TEXT - 1);
	text[LITE_HASH_TEXT - 1] = '\0';
	result->lo = strtoull(text + 16, NULL, 16);
	text[16] = '\0';
	result->hi = strtoull(text, NULL, 16);
	lite_hash_text(*result, again);
	return memcmp(again, value->val.string.val, LITE_HASH_TEXT - 1) == 0;
}

void
LiteLoadSumsFromJson(LiteLoadSums *sums, Datum jsonb)
{
	JsonbContainer *root = &DatumGetJsonbP(jsonb)->root;
	LiteDigest *digest = &sums->digest;
	JsonbValue *array = getKeyJsonValueFromContainer(root, "columns", 7, NULL);
	bool good = get_int64(root, "rows", &digest->rows) &&
				get_hash(root, "row_sum", &digest->row_sum) && array &&
				array->type == jbvBinary &&
				JsonContainerSize(array->val.binary.data) == digest->ncolumns;

	for (int i = 0; good && i < digest->ncolumns; i++)
	{
		JsonbValue *item =
			getIthJsonbValueFromContainer(array->val.binary.data, i);
		LiteColumnDigest *column = &digest->columns[i];
		JsonbContainer *object;

		good = item && item->type == jbvBinary;
		if (!good)
			break;
		object = item->val.binary.data;
		good = get_int64(object, "values", &column->values) &&
			   get_int64(object, "nulls", &column->nulls) &&
			   get_hash(object, "exact", &column->exact) &&
			   get_hash(object, "canonical", &column->canonical);
	}
	if (!good)
		ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
						errmsg("checksums in the import log cannot be read")));
}

/* ------------------------------------------------------------------------
 * Comparing
 * ------------------------------------------------------------------------ */

static bool
same(LiteHash a, LiteHash b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

/* What spelling may have changed, for the type in which it can. */
static const char *
spelling(LiteType type)
{
	switch (type)
	{
		case LITE_TYPE_DATE:
		case LITE_TYPE_TIME:
		case LITE_TYPE_TIMESTAMP:
		case LITE_TYPE_TIMESTAMPTZ:
			return "written form of times";
		case LITE_TYPE_JSON:
		case LITE_TYPE_JSONB:
			return "spacing and key order of JSON";
		case LITE_TYPE_NUMERIC:
			return "written form of numbers";
		case LITE_TYPE_FLOAT8:
			return "sign of zero, or integers stored as such";
		case LITE_TYPE_BOOL:
			return "spelling of booleans";
		case LITE_TYPE_UUID:
			return "spelling of UUIDs";
		case LITE_TYPE_INT2:
		case LITE_TYPE_INT4:
		case LITE_TYPE_INT8:
		case LITE_TYPE_TEXT:
		case LITE_TYPE_VARCHAR:
		case LITE_TYPE_BYTEA:
			return "storage class";
		case LITE_TYPE_NONE:
		case LITE_NTYPES:
			break;
	}
	return "written form";
}

static const char *
column_name(const LiteLoadTable *table, int column)
{
	return LiteLoadText(column < table->ncolumns ? table->columns[column].name
												 : table->document);
}

static void say(StringInfo buf, const char *fmt, ...) LITE_PRINTF(2, 3);

static void
say(StringInfo buf, const char *fmt, ...)
{
	int need;

	if (buf->len > 0)
		appendStringInfoString(buf, "; ");
	for (;;)
	{
		va_list args;

		va_start(args, fmt);
		need = appendStringInfoVA(buf, fmt, args);
		va_end(args);
		if (need == 0)
			break;
		enlargeStringInfo(buf, need);
	}
}

char *
LiteLoadCountOf(uint64 count, const char *one)
{
	return psprintf("%llu %s%s", (unsigned long long) count, one,
					count == 1 ? "" : "s");
}

/* Says what differs; false if nothing does. */
static bool
say_differences(StringInfo buf, const LiteDigest *source,
				const LiteDigest *target, const LiteLoadTable *table)
{
	bool columns = false;

	if (source->rows != target->rows)
		say(buf, "%s from the file, %lld in the table",
			LiteLoadCountOf((uint64) source->rows, "row"),
			(long long) target->rows);
	/* a row more or less is a difference in every column: nothing to say */
	for (int i = 0; i < source->ncolumns && source->rows == target->rows; i++)
	{
		const LiteColumnDigest *a = &source->columns[i];
		const LiteColumnDigest *b = &target->columns[i];

		if (a->nulls == b->nulls && a->values == b->values &&
			same(a->canonical, b->canonical))
			continue;
		columns = true;
		if (a->nulls != b->nulls)
			say(buf,
				"column \"%s\" differs: %s from the file, %lld in the "
				"table",
				column_name(table, i),
				LiteLoadCountOf((uint64) a->nulls, "null"),
				(long long) b->nulls);
		else
			say(buf, "column \"%s\" differs", column_name(table, i));
	}
	if (!columns && source->rows == target->rows &&
		!same(source->row_sum, target->row_sum))
		say(buf, "every column has the same values, but not in the same rows");
	return buf->len > 0;
}

static void
say_normalised(StringInfo buf, const LiteDigest *source,
			   const LiteDigest *target, const LiteLoadTable *table)
{
	StringInfoData names;

	initStringInfo(&names);
	for (int i = 0; i < source->ncolumns; i++)
	{
		LiteType type = i < table->ncolumns ? table->columns[i].type.type
											: LITE_TYPE_JSONB;

		if (same(source->columns[i].exact, target->columns[i].exact))
			continue;
		appendStringInfo(&names, "%s%s (%s)", names.len ? ", " : "",
						 column_name(table, i), spelling(type));
	}
	if (names.len > 0)
		say(buf, "equal after normalisation: %s", names.data);
	else
		say(buf, "identical");
}

bool
LiteLoadSumsCompare(const LiteLoadSums *source, const LiteLoadSums *target,
					const LiteLoadTable *table, char **detail)
{
	StringInfoData buf;
	bool equal;

	initStringInfo(&buf);
	equal = !say_differences(&buf, &source->digest, &target->digest, table);
	if (equal)
		say_normalised(&buf, &source->digest, &target->digest, table);
	if (source->rejected > 0)
		say(&buf, "%s rejected", LiteLoadCountOf(source->rejected, "row"));
	if (source->nulled > 0)
		say(&buf, "%s set to NULL", LiteLoadCountOf(source->nulled, "value"));
	*detail = buf.data;
	return equal;
}
