/*
 * side.c
 *	  Both sides of one table, read into sums (sums.c).
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
#include "executor/tuptable.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "load/load.h"
#include "pg/report.h"

/* The exact form of every document. */
static const LiteValue document_value = {.cls = LITE_TEXT,
										 .data = "",
										 .len = 0};

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
			if (table->columns[i].on_error != LITE_ON_ERROR_NULL)
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
 * A value that is known to fit, and is its own scalar: most of them.  Spares
 * the second look at it (is this text UTF-8?) that converting would be.
 */
static bool
plain_scalar(LiteType type, const LiteValue *value, LiteScalar *scalar)
{
	switch (type)
	{
		case LITE_TYPE_INT2:
		case LITE_TYPE_INT4:
		case LITE_TYPE_INT8:
			scalar->i = value->i;
			return value->cls == LITE_INTEGER;
		case LITE_TYPE_FLOAT8:
			scalar->r = value->r;
			return value->cls == LITE_REAL;
		case LITE_TYPE_TEXT:
		case LITE_TYPE_VARCHAR:
			scalar->data = value->data;
			scalar->len = value->len;
			return value->cls == LITE_TEXT;
		case LITE_TYPE_BYTEA:
			scalar->data = value->data;
			scalar->len = value->len;
			return value->cls == LITE_BLOB;
		default:
			return false;
	}
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
		else if (!input->other[i] &&
				 plain_scalar(input->types[i], value, &sums->scalars[i]))
			continue;
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
	if (sums->table->fields[column].on_error != LITE_ON_ERROR_NULL)
		return LITE_MISFIT_SKIP_ROW;
	sums->nulled++;
	return LITE_MISFIT_SET_NULL;
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
				LiteHashPlus(result,
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
	row = LiteHashMinus(sums->digest.row_sum, before);
	sums->each(sums->each_arg, sums, input, key_hash(sums, input, row), row);
}

void
LiteLoadSumsOfFile(LiteLoadSums *sums, LiteLoadInput *input)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "sqlite verify file",
							  ALLOCSET_DEFAULT_SIZES);
	LiteError err;

	sums->table = input->table;
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
