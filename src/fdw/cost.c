/*
 * cost.c
 *	  Numbers of rows, and costs.
 *
 * The row count comes from the first of these that there is:
 *
 *	- the foreign table's own statistics (ANALYZE), scaled by how much the
 *	  file has grown since, as PostgreSQL does for heaps;
 *	- sqlite_stat1, which SQLite's ANALYZE leaves in the file;
 *	- the span of the rowids, an upper bound that is exact for tables nothing
 *	  was deleted from, but not more rows than the file has room for, judging
 *	  by the first few.
 *
 * None of it reads more than a few pages.  What was found is kept for the
 * session per file and table, for as long as the file's size is about the
 * same.
 */
#include "pg/compat.h"

#include <math.h>

#include "common/hashfn.h"
#include "optimizer/cost.h"
#include "optimizer/optimizer.h"
#include "optimizer/paths.h"
#include "optimizer/plancat.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "fdw/fdw.h"

/* Rows looked at for the average size of one. */
#define WIDTH_SAMPLE 50

/* What a row takes on a page beyond its values: cell pointer, header. */
#define ROW_OVERHEAD 8

/* Rows of what nobody can count cheaply: views, virtual tables, queries. */
#define UNKNOWN_ROWS 1000

/* Beginning a snapshot and binding: some 50 us, in units of a page read. */
#define STARTUP_COST 5.0

/* One value out of SQLite and into a Datum, in units of cpu_operator_cost. */
#define VALUE_COST 4.0

typedef struct CachedNumbers
{
	uint64 key;
	double rows;
	double file_size;
} CachedNumbers;

static HTAB *numbers = NULL;

/* ------------------------------------------------------------------------
 * The file's numbers
 * ------------------------------------------------------------------------ */

static CachedNumbers *
numbers_entry(const char *path, const char *table, bool *found)
{
	uint64 key;

	if (numbers == NULL)
	{
		HASHCTL control = {.keysize = sizeof(uint64),
						   .entrysize = sizeof(CachedNumbers),
						   .hcxt = CacheMemoryContext};

		numbers = hash_create("SQLite row counts", 64, &control,
							  HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	key =
		hash_bytes_extended((const unsigned char *) table, (int) strlen(table),
							hash_bytes_extended((const unsigned char *) path,
												(int) strlen(path), 0));
	return hash_search(numbers, &key, HASH_ENTER, found);
}

/* The one integer of a statement's first row; false if there is none. */
static bool
first_integer(LiteStmt *stmt, double *result)
{
	LiteError err;

	if (lite_stmt_step(stmt, &err) != LITE_ROW || lite_stmt_is_null(stmt, 0))
		return false;
	*result = (double) lite_stmt_int64(stmt, 0);
	return true;
}

/*
 * sqlite_stat1.stat begins with the number of rows of the index, or of the
 * table where idx is NULL; partial indexes have fewer, so the largest counts.
 */
static bool
rows_from_stat1(LiteDb *db, const char *table, double *result)
{
	LiteStmt *stmt;
	LiteError err;
	bool found;

	if (lite_stmt_preparef(db, &stmt, &err,
						   "SELECT max(CAST(stat AS INTEGER)) FROM "
						   "sqlite_stat1 WHERE tbl = %Q COLLATE NOCASE",
						   table) != LITE_OK)
		return false;
	found = first_integer(stmt, result);
	lite_stmt_finalize(stmt);
	return found && *result >= 0;
}

/* min and max are two probes of the b-tree, each in a SELECT of its own. */
static bool
rows_from_span(LiteDb *db, const LiteTable *table, double *result)
{
	LiteStmt *stmt;
	LiteError err;
	bool found;

	if (table->rowid_name == NULL ||
		lite_stmt_preparef(db, &stmt, &err,
						   "SELECT (SELECT max(%s) FROM \"%w\") / 2 - "
						   "(SELECT min(%s) FROM \"%w\") / 2",
						   table->rowid_name, table->name, table->rowid_name,
						   table->name) != LITE_OK)
		return false;
	found = first_integer(stmt, result);
	lite_stmt_finalize(stmt);
	*result = found ? *result * 2 + 1 : 0;
	return true;
}

/* The average size of a row, by the first few; 0 if there are none. */
static double
row_size(LiteDb *db, const char *table)
{
	LiteStmt *stmt;
	LiteError err;
	double bytes = 0;
	int rows = 0;

	if (lite_stmt_preparef(db, &stmt, &err, "SELECT * FROM \"%w\" LIMIT %d",
						   table, WIDTH_SAMPLE) != LITE_OK)
		return 0;
	while (lite_stmt_step(stmt, &err) == LITE_ROW)
	{
		for (int i = 0; i < stmt->ncolumns; i++)
		{
			LiteValue value;

			lite_stmt_value(stmt, i, &value);
			bytes += 1;
			if (value.cls == LITE_TEXT || value.cls == LITE_BLOB)
				bytes += (double) value.len;
			else if (value.cls != LITE_NULL)
				bytes += 4;
		}
		rows++;
	}
	lite_stmt_finalize(stmt);
	return rows > 0 ? bytes / rows + ROW_OVERHEAD : 0;
}

static double
count_rows(LiteDb *db, const LiteTable *table, double file_size)
{
	double rows;
	double size;

	if (table->kind != LITE_KIND_TABLE && table->kind != LITE_KIND_SHADOW)
		return UNKNOWN_ROWS;
	if (rows_from_stat1(db, table->name, &rows))
		return rows;

	size = row_size(db, table->name);
	if (size == 0)
		return 0;
	if (!rows_from_span(db, table, &rows))
		return file_size / size;
	return Min(rows, file_size / size);
}

void
LiteFileNumbers(LiteRelInfo *info, LiteConnection *connection,
				const LiteTable *table)
{
	LiteDb *db = LiteConnectionDb(connection);
	LiteFingerprint print;
	CachedNumbers *entry;
	LiteError err;
	double size;
	bool found;

	if (lite_db_fingerprint(info->source->path, &print, &err) != LITE_OK)
		return;
	size = (double) print.size + (double) Max(print.wal_size, 0);
	entry = numbers_entry(info->source->path, table->name, &found);
	if (!found || fabs(entry->file_size - size) > 0.1 * size)
	{
		entry->file_size = size;
		entry->rows = count_rows(db, table, size);
	}
	info->file_rows = Max(entry->rows, 1);
	info->file_pages = Max(ceil(size / BLCKSZ), 1);
}

/* ------------------------------------------------------------------------
 * Estimates
 * ------------------------------------------------------------------------ */

/* How many rows SQLite will hand over: those that what is pushed keeps. */
static double
rows_returned(PlannerInfo *root, RelOptInfo *baserel, const LiteRelInfo *info)
{
	Selectivity kept =
		clauselist_selectivity(root, info->pushed, baserel->relid, JOIN_INNER,
							   NULL);

	return clamp_row_est(baserel->tuples * kept);
}

void
LiteEstimateSize(PlannerInfo *root, RelOptInfo *baserel, LiteRelInfo *info)
{
	if (baserel->tuples > 0 && baserel->pages > 0)
	{
		if (info->file_pages > 0)
			baserel->tuples *= info->file_pages / baserel->pages;
	}
	else
		baserel->tuples = info->file_rows > 0 ? info->file_rows : UNKNOWN_ROWS;

	if (info->file_pages == 0)
		info->file_pages = Max(baserel->pages, 10);
	set_baserel_size_estimates(root, baserel);
	info->rows = rows_returned(root, baserel, info);
}

/*
 * A condition on the rowid is answered by walking down one b-tree; any other
 * one makes SQLite read the table.  XXX the pages are the file's, not the
 * table's: which share is this table's would cost a read of all of it.
 */
void
LiteEstimateCost(PlannerInfo *root, RelOptInfo *baserel,
				 const LiteRelInfo *info, Cost *startup, Cost *total)
{
	double visited = info->by_rowid ? info->rows : baserel->tuples;
	double share = baserel->tuples > 0 ? visited / baserel->tuples : 1;
	double width = Max(bms_num_members(info->attrs_used), 1);
	Cost per_row;

	*startup = STARTUP_COST + baserel->baserestrictcost.startup;
	per_row = cpu_tuple_cost + baserel->baserestrictcost.per_tuple +
			  width * VALUE_COST * cpu_operator_cost;
	*total = *startup + Max(info->file_pages * share, 1) * seq_page_cost +
			 visited * cpu_tuple_cost + info->rows * per_row;
}

/* ------------------------------------------------------------------------
 * Several processes
 * ------------------------------------------------------------------------ */

/*
 * As many as for a native table of that size.  Below a join one at least:
 * since a scan that is not parallel never runs in a worker, a parallel join
 * needs a parallel scan of its small tables, too.
 */
int
LiteEstimateWorkers(PlannerInfo *root, RelOptInfo *baserel,
					const LiteRelInfo *info)
{
	double width = get_relation_data_width(info->relid, NULL) + ROW_OVERHEAD;
	double pages = Min(info->file_pages, baserel->tuples * width / BLCKSZ);
	int workers = compute_parallel_worker(baserel, pages, -1,
										  max_parallel_workers_per_gather);

	if (workers == 0 && bms_membership(root->all_baserels) == BMS_MULTIPLE)
		workers = Min(1, max_parallel_workers_per_gather);
	return workers;
}

/*
 * The leader helps the less, the more workers it has to attend to; PostgreSQL
 * counts so for its own scans (get_parallel_divisor() in costsize.c).  What
 * is spent on pages is not divided, as it is not there.
 */
void
LiteEstimatePartial(RelOptInfo *baserel, const LiteRelInfo *info, int workers,
					Cost startup, Cost *total, double *rows)
{
	double divisor = workers + Max(1.0 - 0.3 * workers, 0.0);
	Cost pages = Max(info->file_pages, 1) * seq_page_cost;
	Cost cpu = Max(*total - startup - pages, 0);

	*rows = clamp_row_est(baserel->rows / divisor);
	*total = startup + pages + cpu / divisor;
}
