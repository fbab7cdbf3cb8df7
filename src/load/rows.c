/*
 * rows.c
 *	  The rows of one table, from the file into its relation.
 *
 *		LiteRowNext -> [document] -> NOT NULL -> writer -> sums -> progress
 *
 * One pass: the sums of the file's side are taken from the rows as they go
 * by, so that verification reads the file no second time.
 *
 * Every row that SQLite gives is either written or rejected; both are
 * counted, and LiteLoadCheckCount() compares their number with SQLite's own count
 * of the table.  Another number is an error: the import rolls back.
 */
#include "pg/compat.h"

#include "commands/progress.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "utils/backend_progress.h"

#include "load/load.h"
#include "pg/report.h"

/* Often enough for the eye, too seldom to cost anything. */
#define PROGRESS_EVERY 1024

typedef struct RowsState
{
	LiteLoadInput *input;
	LiteRejects *rejects;
	LiteLoadRun *run;
	LiteHeapWriter *writer;
	bool writing; /* an error now is about the row, and not yet says so */
} RowsState;

/*
 * What a rejected row left in the rows' context goes with the next batch; but
 * if there are nothing but rejects, no batch ever fills up.
 */
#define REJECT_BYTES (1024 * 1024)

static void
after_reject(RowsState *state)
{
	MemoryContext context = LiteHeapWriterContext(state->writer);

	if (MemoryContextMemAllocated(context, false) > REJECT_BYTES)
		LiteHeapWriterFlush(state->writer);
}

/* ------------------------------------------------------------------------
 * Policies
 * ------------------------------------------------------------------------ */

/*
 * The type was chosen from a sample and does not hold: that is no fault of
 * the value.  The import starts again from a whole profile (import.c).
 */
pg_noreturn static void sample_failed(LiteLoadRun *run);

static void
sample_failed(LiteLoadRun *run)
{
	run->sample_failed = true;
	ereport(ERROR,
			(errcode(ERRCODE_DATA_EXCEPTION),
			 errmsg("a value does not fit the type chosen from a sample")));
}

static LiteOnError
policy_of(const LiteLoadInput *input, const LiteRowReader *reader, int column)
{
	if (reader == &input->reader)
		return input->table->columns[column].on_error;
	if (reader == &input->field_reader)
		return input->table->fields[column].on_error;
	return input->table->on_error;
}

static LiteMisfitAction
on_misfit(LiteRowReader *reader, int column, const LiteValue *value,
		  LiteMisfit why)
{
	RowsState *state = reader->misfit_arg;
	LiteLoadInput *input = state->input;
	bool may_be_null =
		reader == &input->field_reader ||
		(reader == &input->reader && !input->table->columns[column].not_null);
	const LiteRowColumn *of = &reader->columns[column];

	if (why == LITE_MISFIT_NOMEM)
		LiteRowError(reader, column, value, why);
	if (state->run->sampled)
		sample_failed(state->run);
	switch (policy_of(input, reader, column))
	{
		case LITE_ON_ERROR_STOP:
			LiteRowError(reader, column, value, why);
			break;
		case LITE_ON_ERROR_NULL:
			if (may_be_null)
			{
				LiteRejectValue(state->rejects, input, of, value,
								lite_misfit_name(why));
				return LITE_MISFIT_SET_NULL;
			}
			break;
		case LITE_ON_ERROR_REJECT:
			break;
	}
	LiteRejectRow(state->rejects, input, of, value, lite_misfit_name(why));
	after_reject(state);
	return LITE_MISFIT_SKIP_ROW;
}

/*
 * A NULL that the target does not take.  The file says NOT NULL as well (or
 * the plan would not), so it broke its own rule; or the target existed.
 */
static bool
nulls_allowed(RowsState *state, const bool *nulls)
{
	LiteLoadInput *input = state->input;
	LiteValue null = {.cls = LITE_NULL};

	for (int i = 0; i < input->table->ncolumns; i++)
	{
		const LiteRowColumn *column = &input->columns[i];

		if (!input->table->columns[i].not_null || !nulls[column->position])
			continue;
		if (input->table->columns[i].on_error == LITE_ON_ERROR_STOP)
			ereport(ERROR,
					(errcode(ERRCODE_NOT_NULL_VIOLATION),
					 errmsg("null value in a column that is NOT NULL"),
					 errdetail("Table \"%s\" of \"%s\" has a NULL in column "
							   "\"%s\".",
							   LiteLoadText(input->table->source_name),
							   input->reader.path, LiteLoadText(column->name)),
					 errhint("on_error => 'reject' keeps such rows apart.")));
		LiteRejectRow(state->rejects, input, column, &null, "null");
		after_reject(state);
		return false;
	}
	return true;
}

/* ------------------------------------------------------------------------
 * Progress
 * ------------------------------------------------------------------------ */

static void
progress_begin(Oid relid)
{
	const int index[] = {PROGRESS_COPY_COMMAND, PROGRESS_COPY_TYPE};
	const int64 value[] = {PROGRESS_COPY_COMMAND_FROM,
						   PROGRESS_COPY_TYPE_FILE};

	pgstat_progress_start_command(PROGRESS_COMMAND_COPY, relid);
	pgstat_progress_update_multi_param(2, index, value);
}

static void
progress_update(uint64 rows, uint64 rejected, uint64 bytes)
{
	const int index[] = {PROGRESS_COPY_TUPLES_PROCESSED,
						 PROGRESS_COPY_TUPLES_EXCLUDED,
						 PROGRESS_COPY_BYTES_PROCESSED};
	const int64 value[] = {(int64) rows, (int64) rejected, (int64) bytes};

	pgstat_progress_update_multi_param(3, index, value);
}

/* ------------------------------------------------------------------------
 * The loop
 * ------------------------------------------------------------------------ */

static AttrNumber *
written_attributes(const LiteLoadInput *input, int *count)
{
	int ncolumns = input->table->ncolumns;
	AttrNumber *result = palloc(sizeof(AttrNumber) * (ncolumns + 1));

	for (int i = 0; i < ncolumns; i++)
		result[i] = input->columns[i].position + 1;
	*count = ncolumns;
	if (input->doc_position >= 0)
		result[(*count)++] = input->doc_position + 1;
	return result;
}

/*
 * The document of the row; false: the row is rejected.  What fits as a text
 * may still be no document here: it can be too large for jsonb, or have
 * characters that the database's encoding lacks.
 */
static bool
add_document(LiteLoadInput *input, Datum *values, bool *nulls)
{
	LiteValue value = {.cls = LITE_TEXT};
	LiteMisfit misfit;

	if (input->doc_position < 0)
		return true;
	if (!LiteLoadDocument(input))
		return false;
	misfit = LiteLoadDocumentDatum(input, &values[input->doc_position]);
	nulls[input->doc_position] = false;
	if (misfit == LITE_FITS)
		return true;
	value.data = input->doc_text;
	value.len = input->doc_len;
	(void) input->doc_reader.misfit(&input->doc_reader, 0, &value, misfit);
	return false;
}

/*
 * What PostgreSQL throws while it takes the row: a CHECK, a generated column
 * (a text too long for a tsvector).  If it comes from a row written earlier,
 * with the batch, this at least says how far the import has come.
 */
static void
row_context(void *arg)
{
	RowsState *state = arg;

	if (state->writing)
		errcontext("%s", LiteRowWhere(&state->input->reader, -1));
}

static void
load_rows(RowsState *state, LiteLoadSums *sums)
{
	LiteLoadInput *input = state->input;
	LiteHeapWriter *writer = state->writer;
	MemoryContext context = LiteHeapWriterContext(writer);
	MemoryContext old = MemoryContextSwitchTo(context);
	uint64 rows = 0;
	ErrorContextCallback callback;

	callback.callback = row_context;
	callback.arg = state;
	callback.previous = error_context_stack;
	error_context_stack = &callback;
	for (;;)
	{
		Datum *values;
		bool *nulls;

		LiteHeapWriterRow(writer, &values, &nulls);
		if (!LiteRowNext(&input->reader, values, nulls))
			break;
		CHECK_FOR_INTERRUPTS();
		if (!nulls_allowed(state, nulls) ||
			!add_document(input, values, nulls))
			continue;
		/* before Put: that may reset the context */
		if (sums)
			LiteLoadSumsAddLoaded(sums, input, nulls);
		state->writing = true;
		LiteHeapWriterPut(writer);
		state->writing = false;
		if (++rows % PROGRESS_EVERY == 0)
			progress_update(rows, state->rejects->rows,
							LiteHeapWriterBytes(writer));
	}
	error_context_stack = callback.previous;
	progress_update(rows, state->rejects->rows, LiteHeapWriterBytes(writer));
	MemoryContextSwitchTo(old);
}

/*
 * The proof that every row was seen.  count(*) may be answered from an index;
 * where an index disagrees with its table, the table is right.
 */
void
LiteLoadCheckCount(LiteLoadFile *file, const LiteTable *source, uint64 seen)
{
	LiteError err;
	int64_t count = 0;
	char *sql;

	LiteCheck(lite_table_count(file->db, source, &count, &err), &err);
	if ((uint64) count == seen)
		return;
	if (source->kind == LITE_KIND_TABLE)
	{
		sql = sqlite3_mprintf("SELECT count(*) FROM \"%w\" NOT INDEXED",
							  source->name);
		if (sql == NULL ||
			lite_db_int64(file->db, sql, &count, &err) != LITE_OK)
			count = -1;
		sqlite3_free(sql);
	}
	if (count < 0 || (uint64) count != seen)
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("the rows of table \"%s\" do not add up",
						LiteLoadText(source->name)),
				 errdetail("SQLite counts %lld rows, but gave %llu.",
						   (long long) count, (unsigned long long) seen),
				 errhint("Run PRAGMA integrity_check on the file.")));
}

void
LiteLoadRows(LiteLoadRun *run, LiteLoadInput *input, const LiteTable *source,
			 Relation rel, bool created, LiteLoadSums *sums,
			 LiteLoadCounts *counts)
{
	RowsState state = {input, run->rejects, run, NULL, false};
	AttrNumber *attnums;
	int nattnums;

	run->rejects->rows = 0;
	run->rejects->values = 0;
	input->reader.misfit = on_misfit;
	input->reader.misfit_arg = &state;
	input->field_reader.misfit = on_misfit;
	input->field_reader.misfit_arg = &state;
	input->doc_reader.misfit = on_misfit;
	input->doc_reader.misfit_arg = &state;

	attnums = written_attributes(input, &nattnums);
	state.writer = LiteHeapWriterBegin(rel, nattnums, attnums, created);
	progress_begin(RelationGetRelid(rel));
	load_rows(&state, sums);
	counts->bytes = LiteHeapWriterBytes(state.writer);
	counts->rows = LiteHeapWriterEnd(state.writer);
	pgstat_progress_end_command();
	counts->rejected = run->rejects->rows;
	counts->nulled = run->rejects->values;
	if (sums)
	{
		sums->rejected = counts->rejected;
		sums->nulled = counts->nulled;
	}
	if (source)
		LiteLoadCheckCount(input->file, source,
						   counts->rows + counts->rejected);
}
