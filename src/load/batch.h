/*
 * batch.h
 *	  A batched import's parts: where it stands, and which rows come next.
 *
 *		batch.c			sqlite_import_batched: one transaction after another
 *		batch_state.c	the steps and their state, in the extension's tables
 *		batch_range.c	which rows of a table are the next batch
 */
#ifndef LITE_BATCH_H
#define LITE_BATCH_H

#include "load/load.h"

/* The phase of the steps that are not the plan's but ours. */
#define LITE_BATCH_VERIFY "verify"

/* ------------------------------------------------------------------------
 * batch_state.c
 * ------------------------------------------------------------------------ */

/* One row of sqlite_import_steps. */
typedef struct LiteBatchStep
{
	int32 step;
	char *phase;
	char *object;		/* the database's encoding, as all names here */
	char *table_name;	/* in the target; NULL: the step is of no table */
	char *source_table; /* as shown, not as named: for findings */
	char *statement;	/* UTF-8; NULL in data and verify steps */
	bool optional;
	char *fallback;
	bool created; /* by this import */

	/* of data steps */
	LiteLoadTable *table;
	LiteLoadCounts counts;
	Datum before; /* jsonb of sums, 0: none */
	Datum loaded;
	int nposition; /* 0: at the beginning */
	LiteValue *position;
} LiteBatchStep;

/* A batched import as the log has it. */
typedef struct LiteBatch
{
	int64 import_id;
	char *owner;
	bool finished;
	LiteSnapshot snapshot;
	int64 rows;
	int64 rejected;
	bool verified;
	bool has_verified;
} LiteBatch;

/*
 * The batched import to go on with: the unfinished one of this source,
 * schema and options, or else the last import of all if it was batched.
 */
extern bool LiteBatchFind(LiteLoadRun *run, LiteBatch *result);
extern void LiteBatchRead(LiteLoadRun *run, int64 import_id,
						  LiteBatch *result);
extern void LiteBatchBegin(LiteLoadRun *run, const LiteSnapshot *snapshot);

/* Forgets unfinished imports of this source into this schema, and drops the
 * tables that they have made. */
extern void LiteBatchForget(LiteLoadRun *run);

/* Adds a step after the others; the positions and counts are its first. */
extern void LiteBatchAddStep(LiteLoadRun *run, const LiteBatchStep *step,
							 const LiteLoadSums *before);

/*
 * The next step that is not done, with the import locked against other
 * sessions to the end of the transaction; NULL: there is none.
 */
extern LiteBatchStep *LiteBatchNext(LiteLoadRun *run);

/* The data step of a table. */
extern LiteBatchStep *LiteBatchDataStep(LiteLoadRun *run,
										const char *table_name);

/* Both write down what was done, in this transaction. */
extern void LiteBatchDone(LiteLoadRun *run, const LiteBatchStep *step,
						  double seconds);
extern void LiteBatchLoaded(LiteLoadRun *run, const LiteBatchStep *step,
							const LiteLoadSums *loaded, bool done,
							double seconds);

/* Seconds of all steps of a table; completes the log's entry. */
extern double LiteBatchSeconds(LiteLoadRun *run, const char *table_name);
extern void LiteBatchFinish(LiteLoadRun *run);

/* ------------------------------------------------------------------------
 * batch_range.c
 * ------------------------------------------------------------------------ */

/* The columns of the file's own order of a table's rows. */
typedef struct LiteBatchKey
{
	const char *table; /* "t" [NOT INDEXED], as SQL */
	int ncolumns;	   /* 0: there is none, all rows are one batch */
	const char **columns;
} LiteBatchKey;

extern LiteBatchKey *LiteBatchKeyOf(LiteLoadFile *file,
									const LiteTable *table);

/*
 * The key of the last of the next nrows rows after "from" (NULL: from the
 * beginning); NULL: there are fewer.  Values are palloc'd.
 */
extern LiteValue *LiteBatchBound(LiteLoadFile *file, const LiteBatchKey *key,
								 const LiteValue *from, int64 nrows);

/* The table's SELECT for the rows after "from" up to "to" (either may be
 * NULL), and its parameters. */
extern char *LiteBatchSelect(const LiteBatchKey *key, const char *select_sql,
							 const LiteValue *from, const LiteValue *to);
extern void LiteBatchBind(LiteStmt *stmt, const LiteBatchKey *key,
						  const LiteValue *from, const LiteValue *to);

#endif /* LITE_BATCH_H */
