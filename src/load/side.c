/*
 * side.c
 *	  The sums of both sides of one table, and what they say.
 *
 *	file	LiteStmt -> LiteValue -> lite_convert -> LiteScalar --> digest
 *	heap	table scan -> Datum -> LiteDatumToScalar -> LiteScalar -> digest
 *											\-> lite_convert_back -> LiteValue
 *
 * What equality means is digest.h's; here both sides are brought to its
 * terms.  The heap is always read back, never assumed: so the conversion,
 * the writer, and PostgreSQL's own storage are all under test.
 *
 * Two columns need a word.  A document is compared as the JSON of the row; a
 * document has no spelling in the file, so its exact form is a constant.  A
 * column of a type that the core does not know (an enum, inet, an array; when
 * appending to a table made by others) is compared by the text that its output
 * function gives for both sides.
 */
#include "pg/compat.h"

#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_class.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "executor/tuptable.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "load/load.h"
#include "pg/report.h"

/* The exact form of every document. */
static const LiteValue document_value = {.cls = LITE_TEXT,
										 .data = "",
										 .len = 0};

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

/* ------------------------------------------------------------------------
 * One row
 * ------------------------------------------------------------------------ */

static void
feed_row(LiteLoadSums *sums, const LiteLoadInput *input)
{
	const LiteLoadTable *table = input->table;
	LiteDigest *digest = &sums->digest;

	lite_digest_row_begin(digest);
	for (int i = 0; i < table->ncolumns; i++)
		lite_digest_value(digest, i, input->types[i], &sums->values[i],
						  &sums->scalars[i]);
	if (table->document)
		lite_digest_value(digest, table->ncolumns, LITE_TYPE_JSONB,
						  &sums->values[table->ncolumns],
						  &sums->scalars[table->ncolumns]);
	lite_digest_row_end(digest);
}

static void
scalar_of_text(LiteScalar *scalar, const char *text)
{
	scalar->data = text;
	scalar->len = strlen(text);
}

/* The text of a Datum whose type the core does not know. */
static void
scalar_of_other(LiteLoadInput *input, int column, Datum datum,
				LiteScalar *scalar)
{
	scalar_of_text(scalar, OutputFunctionCall(&input->output[column], datum));
}

/* One value of the file; LITE_FITS, or why not. */
static LiteMisfit
file_value(LiteLoadSums *sums, LiteLoadInput *input, int column)
{
	LiteColumnReader *reader = &input->columns[column].reader;
	LiteMisfit misfit = LITE_FITS;
	Datum datum;

	/* in another encoding a text may fit the type, and not the database */
	if (input->other[column] || GetDatabaseEncoding() != PG_UTF8)
		misfit = LiteColumnRead(reader, &sums->values[column], &datum);
	if (misfit == LITE_FITS && !input->other[column])
		return lite_convert(&reader->converter, &sums->values[column],
							&sums->scalars[column]);
	if (misfit == LITE_FITS)
		scalar_of_other(input, column, datum, &sums->scalars[column]);
	return misfit;
}

/*
 * The policies, as rows.c has them: a value that does not fit, or a NULL that
 * the table did not take, rejects the row, unless it may become NULL.  "stop"
 * did not reject, but then the table's type has changed since: a difference
 * to be counted and reported, as any other.
 */
bool
LiteLoadSumsAddInput(LiteLoadSums *sums, LiteLoadInput *input)
{
	const LiteLoadTable *table = input->table;

	for (int i = 0; i < table->ncolumns; i++)
	{
		LiteValue *value = &sums->values[i];

		lite_stmt_value(input->stmt, input->columns[i].field, value);
		if (value->cls != LITE_NULL)
		{
			LiteMisfit misfit = file_value(sums, input, i);

			if (misfit == LITE_MISFIT_NOMEM)
				LiteRowError(&input->reader, i, value, misfit);
			if (misfit == LITE_FITS)
				continue;
			if (table->on_error != LITE_ON_ERROR_NULL)
				return false;
			value->cls = LITE_NULL;
			if (!table->columns[i].not_null)
				sums->nulled++;
		}
		if (table->columns[i].not_null)
			return false;
	}
	if (table->document)
	{
		Datum datum;

		if (!LiteLoadDocument(input))
			return false;
		if (GetDatabaseEncoding() != PG_UTF8 &&
			LiteLoadDocumentDatum(input, &datum) != LITE_FITS)
			return false;
		sums->values[table->ncolumns] = document_value;
		sums->scalars[table->ncolumns].data = input->doc_text;
		sums->scalars[table->ncolumns].len = input->doc_len;
	}
	feed_row(sums, input);
	return true;
}

/*
 * The same for a row that has just been made for the heap: the policies have
 * spoken, what they set to NULL is NULL, and the document is there.
 */
void
LiteLoadSumsAddLoaded(LiteLoadSums *sums, LiteLoadInput *input,
					  const bool *nulls)
{
	const LiteLoadTable *table = input->table;

	for (int i = 0; i < table->ncolumns; i++)
	{
		LiteValue *value = &sums->values[i];

		lite_stmt_value(input->stmt, input->columns[i].field, value);
		if (nulls[input->columns[i].position])
			value->cls = LITE_NULL;
		else if (file_value(sums, input, i) != LITE_FITS)
			elog(ERROR, "a value that was loaded does not fit");
		else if (sums->as_stored && !input->other[i] &&
				 lite_convert_back(&input->columns[i].reader.converter,
								   &sums->scalars[i], value) != LITE_FITS)
			ereport(ERROR,
					(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	}
	if (table->document)
	{
		sums->values[table->ncolumns] = document_value;
		sums->scalars[table->ncolumns].data = input->doc_text;
		sums->scalars[table->ncolumns].len = input->doc_len;
	}
	feed_row(sums, input);
}

static void
heap_value(LiteLoadSums *sums, LiteLoadInput *input, int column, Datum datum)
{
	LiteValue *value = &sums->values[column];
	LiteScalar *scalar = &sums->scalars[column];

	if (input->other[column])
	{
		scalar_of_other(input, column, datum, scalar);
		value->cls = LITE_TEXT;
		value->data = scalar->data;
		value->len = scalar->len;
		return;
	}
	if (!LiteDatumToScalar(input->types[column], datum, scalar))
		elog(ERROR, "column type has no scalar");
	if (lite_convert_back(&input->columns[column].reader.converter, scalar,
						  value) != LITE_FITS)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
}

static void
add_heap_row(LiteLoadSums *sums, LiteLoadInput *input, TupleTableSlot *slot)
{
	const LiteLoadTable *table = input->table;

	slot_getallattrs(slot);
	for (int i = 0; i < table->ncolumns; i++)
	{
		int at = input->columns[i].position;

		if (slot->tts_isnull[at])
			sums->values[i].cls = LITE_NULL;
		else
			heap_value(sums, input, i, slot->tts_values[at]);
	}
	if (table->document)
	{
		LiteValue *value = &sums->values[table->ncolumns];
		LiteScalar *scalar = &sums->scalars[table->ncolumns];
		Datum doc = slot->tts_values[input->doc_position];

		*value = document_value;
		if (slot->tts_isnull[input->doc_position])
			value->cls = LITE_NULL;
		else if (!LiteDatumToScalar(LITE_TYPE_JSONB, doc, scalar))
			elog(ERROR, "document has no scalar");
	}
	feed_row(sums, input);
}

/* ------------------------------------------------------------------------
 * All rows
 * ------------------------------------------------------------------------ */

/* The policy when nothing is loaded: the same decisions, and no record. */
static LiteMisfitAction
count_misfit(LiteRowReader *reader, int column, const LiteValue *value,
			 LiteMisfit why)
{
	LiteLoadSums *sums = reader->misfit_arg;

	if (why == LITE_MISFIT_NOMEM)
		LiteRowError(reader, column, value, why);
	if (sums->on_error != LITE_ON_ERROR_NULL)
		return LITE_MISFIT_SKIP_ROW;
	sums->nulled++;
	return LITE_MISFIT_SET_NULL;
}

/* The contribution of the row just fed to the sum of rows. */
static LiteHash
hash_minus(LiteHash a, LiteHash b)
{
	LiteHash result;

	result.lo = a.lo - b.lo;
	result.hi = a.hi - b.hi - (a.lo < b.lo ? 1 : 0);
	return result;
}

static LiteHash
hash_plus(LiteHash a, LiteHash b)
{
	LiteHash result;

	result.lo = a.lo + b.lo;
	result.hi = a.hi + b.hi + (result.lo < a.lo ? 1 : 0);
	return result;
}

/* Where the key has no columns, the row is its own key. */
static LiteHash
key_hash(const LiteLoadSums *sums, const LiteLoadInput *input, LiteHash row)
{
	const LiteLoadTable *table = input->table;
	LiteHash result = {0, 0};

	if (table->nkey == 0)
		return row;
	for (int i = 0; i < table->nkey; i++)
	{
		int column = table->key[i];

		if (sums->values[column].cls != LITE_NULL)
			result =
				hash_plus(result,
						  lite_hash_canonical(input->types[column], column,
											  &sums->scalars[column]));
	}
	return result;
}

static void
tell(LiteLoadSums *sums, LiteLoadInput *input, LiteHash before)
{
	LiteHash row;

	if (sums->each == NULL)
		return;
	row = hash_minus(sums->digest.row_sum, before);
	sums->each(sums->each_arg, sums, input, key_hash(sums, input, row), row);
}

void
LiteLoadSumsOfFile(LiteLoadSums *sums, LiteLoadInput *input)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "sqlite verify file",
							  ALLOCSET_DEFAULT_SIZES);
	LiteError err;

	sums->on_error = input->table->on_error;
	input->field_reader.misfit = count_misfit;
	input->field_reader.misfit_arg = sums;
	for (;;)
	{
		LiteHash before = sums->digest.row_sum;
		LiteStatus status = lite_stmt_step(input->stmt, &err);
		MemoryContext old;

		LiteCheck(status, &err);
		if (status == LITE_DONE)
			break;
		CHECK_FOR_INTERRUPTS();
		old = MemoryContextSwitchTo(context);
		if (LiteLoadSumsAddInput(sums, input))
			tell(sums, input, before);
		else
			sums->rejected++;
		MemoryContextSwitchTo(old);
		MemoryContextReset(context);
	}
	lite_stmt_reset(input->stmt);
	MemoryContextDelete(context);
}

static void
sums_of_one(LiteLoadSums *sums, LiteLoadInput *input, Relation rel)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "sqlite verify heap",
							  ALLOCSET_DEFAULT_SIZES);
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	TableScanDesc scan = table_beginscan(rel, GetActiveSnapshot(), 0, NULL);

	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		LiteHash before = sums->digest.row_sum;
		MemoryContext old = MemoryContextSwitchTo(context);

		CHECK_FOR_INTERRUPTS();
		add_heap_row(sums, input, slot);
		tell(sums, input, before);
		MemoryContextSwitchTo(old);
		MemoryContextReset(context);
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	MemoryContextDelete(context);
}

/*
 * Rows of a partitioned table are in its leaves, where columns may stand in
 * another order: each leaf has an input of its own.
 */
void
LiteLoadSumsOfHeap(LiteLoadSums *sums, LiteLoadInput *input, Relation rel)
{
	List *relids;
	ListCell *cell;

	if (rel->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
	{
		sums_of_one(sums, input, rel);
		return;
	}
	relids = find_all_inheritors(RelationGetRelid(rel), AccessShareLock, NULL);
	foreach (cell, relids)
	{
		Relation leaf = table_open(lfirst_oid(cell), NoLock);

		if (leaf->rd_rel->relkind == RELKIND_RELATION)
		{
			LiteLoadInput *part =
				LiteLoadInputBegin(input->file, input->table, leaf);

			sums_of_one(sums, part, leaf);
			LiteLoadInputEnd(part);
		}
		else if (leaf->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
			ereport(ERROR,
					(errcode(ERRCODE_WRONG_OBJECT_TYPE),
					 errmsg("cannot verify \"%s\": partition \"%s\" is no "
							"ordinary table",
							RelationGetRelationName(rel),
							RelationGetRelationName(leaf)),
					 errhint("Import with verify => false.")));
		table_close(leaf, NoLock);
	}
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
	digest->row_sum = hash_minus(digest->row_sum, less->digest.row_sum);
	for (int i = 0; i < digest->ncolumns; i++)
	{
		LiteColumnDigest *to = &digest->columns[i];
		const LiteColumnDigest *from = &less->digest.columns[i];

		to->values -= from->values;
		to->nulls -= from->nulls;
		to->exact = hash_minus(to->exact, from->exact);
		to->canonical = hash_minus(to->canonical, from->canonical);
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
