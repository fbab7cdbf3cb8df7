/*
 * analyze.c
 *	  ANALYZE: a sample of the rows.
 *
 * A reservoir over one scan of all rows (Vitter's algorithm Z, as
 * PostgreSQL's own): every row is stepped over, only those that enter the
 * sample are converted.  A row with a value that does not fit its column's
 * type is left out of the sample and said so: statistics are estimates, and
 * one odd value should not leave the planner without any.
 */
#include "pg/compat.h"

#include <math.h>

#include "access/htup_details.h"
#include "commands/vacuum.h"
#include "foreign/foreign.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/sampling.h"

#include "fdw/fdw.h"
#include "pg/report.h"

typedef struct Sample
{
	TupleDesc desc;
	HeapTuple *rows;
	int target; /* room in rows */
	int filled;
	double seen;   /* rows stepped over */
	double misfit; /* rows passed over */
	double skip;   /* rows to pass before the next enters */
	ReservoirStateData reservoir;

	/* a row at work */
	Datum *values;
	bool *nulls;
} Sample;

static LiteMisfitAction
skip_row(LiteRowReader *reader, int column, const LiteValue *value,
		 LiteMisfit why)
{
	return LITE_MISFIT_SKIP_ROW;
}

/* Where the current row goes in the sample: -1, it does not. */
static int
place_in_sample(Sample *sample)
{
	if (sample->filled < sample->target)
		return sample->filled;
	if (sample->skip < 0)
		sample->skip = reservoir_get_next_S(&sample->reservoir, sample->seen,
											sample->target);
	if (sample->skip-- > 0)
		return -1;
	return (int) (sample->target *
				  sampler_random_fract(&sample->reservoir.randstate));
}

static void
take_row(Sample *sample, LiteRowReader *reader, int place)
{
	memset(sample->nulls, true, sizeof(bool) * sample->desc->natts);
	if (!LiteRowFill(reader, sample->values, sample->nulls))
	{
		sample->misfit++;
		return;
	}
	if (place < sample->filled)
		heap_freetuple(sample->rows[place]);
	else
		sample->filled++;
	sample->rows[place] =
		heap_form_tuple(sample->desc, sample->values, sample->nulls);
}

static int
acquire_sample(Relation rel, int elevel, HeapTuple *rows, int target,
			   double *total_rows, double *total_dead_rows)
{
	Oid relid = RelationGetRelid(rel);
	LiteTableOptions *options = LiteTableOptionsGet(relid);
	LiteSource *source = LiteSourceForServer(GetForeignTable(relid)->serverid);
	Sample sample = {.desc = RelationGetDescr(rel),
					 .rows = rows,
					 .target = target};
	LiteConnection *connection = LiteConnectionAcquire(source, &sample);
	const LiteTable *table = NULL;
	LiteFileTable *file = NULL;
	LiteRowReader reader;
	LiteSelect select;
	LiteStmt *stmt;
	List *attrs = NIL;

	for (int i = 1; i <= sample.desc->natts; i++)
	{
		if (!TupleDescAttr(sample.desc, i - 1)->attisdropped)
			attrs = lappend_int(attrs, i);
	}
	if (options->query == NULL)
	{
		table = LiteFileTableOpen(connection, options->table);
		file = LiteFileTableCopy(LiteConnectionDb(connection), table);
		LiteFileCheckColumns(table, relid, attrs);
	}
	LiteDeparseSelect(&select, relid, options, file, attrs);
	stmt = LiteStatementAcquire(connection, select.sql.data);
	stmt->max_rows = LiteFileMaxRows(connection, table);
	LiteRowBegin(&reader, stmt, LiteScanColumns(rel, attrs),
				 list_length(attrs));
	reader.table = options->table;
	reader.rowid_field = select.rowid_field;
	reader.misfit = skip_row;
	reader.row_context =
		AllocSetContextCreate(CurrentMemoryContext, "SQLite row",
							  ALLOCSET_DEFAULT_SIZES);

	sample.values = palloc0(sizeof(Datum) * Max(sample.desc->natts, 1));
	sample.nulls = palloc(sizeof(bool) * Max(sample.desc->natts, 1));
	sample.skip = -1;
	reservoir_init_selection_state(&sample.reservoir, target);

	while (LiteRowStep(&reader))
	{
		int place = place_in_sample(&sample);

		lite_analyze_delay_point();
		sample.seen++;
		if (place >= 0)
			take_row(&sample, &reader, place);
	}

	LiteRowEnd(&reader);
	LiteStatementRelease(connection, stmt);
	LiteConnectionRelease(connection, &sample);

	if (sample.misfit > 0)
		ereport(WARNING,
				(errmsg("%.0f sampled rows of foreign table \"%s\" have a "
						"value that does not fit its column's type",
						sample.misfit, RelationGetRelationName(rel)),
				 errhint("Reading such a row is an error; sqlite_columns() "
						 "shows which types fit.")));
	ereport(elevel, (errmsg("\"%s\": file holds %.0f rows; %d rows in sample",
							RelationGetRelationName(rel), sample.seen,
							sample.filled)));
	*total_rows = sample.seen;
	*total_dead_rows = 0;
	return sample.filled;
}

bool
liteAnalyzeForeignTable(Relation relation, AcquireSampleRowsFunc *func,
						BlockNumber *totalpages)
{
	LiteSource *source = LiteSourceForServer(
		GetForeignTable(RelationGetRelid(relation))->serverid);
	LiteFingerprint print;
	LiteError err;
	double pages;

	LiteCheck(lite_db_fingerprint(source->path, &print, &err), &err);
	pages = ((double) print.size + (double) Max(print.wal_size, 0)) / BLCKSZ;
	*totalpages = (BlockNumber) Min(Max(ceil(pages), 1), MaxBlockNumber);
	*func = acquire_sample;
	return true;
}
