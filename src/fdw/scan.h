/*
 * scan.h
 *	  A foreign scan's state: what scan.c and parallel.c share.  Nobody else
 *	  includes this.
 */
#ifndef LITE_SCAN_H
#define LITE_SCAN_H

#include "pg/compat.h"

#include "nodes/execnodes.h"

#include "fdw/fdw.h"

/* What all participants of a parallel scan share; in parallel.c. */
typedef struct LiteShared LiteShared;

/*
 * Rowids from first to last, both included, that nobody else reads.  *There*
 * in a scan that is not parallel: all there are.
 */
typedef struct LiteRange
{
	int64 first;
	int64 last;
} LiteRange;

/* Finds the next range to claim; of one participant. */
typedef struct LiteClaimer
{
	LiteStmt *seek;	  /* the first rowid from ?1 on */
	LiteStmt *stride; /* the rowid some rows after it; see parallel.c */
	int64 span;		  /* rowids to claim without a look; 0: look */
	int looked;		  /* claims since the last look */
} LiteClaimer;

typedef struct LiteScanState
{
	/* the file */
	LiteConnection *connection; /* NULL: not opened */
	LiteStmt *stmt;
	LiteTableOptions *options;

	/* rows */
	LiteRowReader reader;
	bool *blank; /* nulls[] of a row before it is filled */
	int natts;

	/* parameters */
	List *params; /* of ExprState */
	Oid *param_types;
	bool bound;					 /* is the statement ready to be stepped? */
	MemoryContext param_context; /* what is bound, until the next rescan */

	/* ranges of rowids, in a plan for a parallel scan */
	bool by_range;		  /* ... */
	char *rowid_name;	  /* NULL: the table has none any more */
	LiteRange range;	  /* being read */
	bool exhausted;		  /* there are no more, until the next rescan */
	LiteShared *shared;	  /* NULL: all rowids are ours */
	bool unproven;		  /* a worker that may not read */
	LiteClaimer *claimer; /* NULL: nothing claimed yet */
} LiteScanState;

/* scan.c */

/* Opens the file and prepares the statement, in the snapshot of connection,
 * which it takes over. */
extern void LiteScanOpen(ForeignScanState *node, LiteScanState *state,
						 LiteConnection *connection);

/* parallel.c */

/* The next range for state->range; false if there is none. */
extern bool LiteParallelClaim(ForeignScanState *node, LiteScanState *state);

/* The scan ends, or starts again: what it had prepared is given back. */
extern void LiteParallelEnd(LiteScanState *state);

#endif /* LITE_SCAN_H */
