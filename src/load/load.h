/*
 * load.h
 *	  The SQL library: look at a file, plan, import, verify.
 *
 *		look.c		sqlite_tables, sqlite_columns, sqlite_plan
 *		report.c	sqlite_report: the plan as a text for people
 *		query.c		sqlite_query
 *		request.c	the options of plan and import, read in one place
 *		file.c		the file of one function call: handle, snapshot, arena
 *		sql.c		our statements, run through SPI in a safe environment
 *		table.c		what is read from one table of the file, and into what
 *		input.c		such a table being read for a relation
 *		heap_writer.c	rows into a relation, in bulk where that is legal
 *		kept.c		a value as bytes in a table of ours, and back
 *		reject.c	values that did not fit, kept whole
 *		import.c	sqlite_import: the plan's statements and rows, in order
 *		rows.c		the rows of one table, from the file into the relation
 *		side.c		both sides of one table, read into sums
 *		sums.c		the sums (digest.h): adding, keeping, comparing them
 *		clash.c		files that bring tables of the same name
 *		differ.c	which rows differ, when the sums do
 *		verify.c	sqlite_verify
 *		reinsert.c	sqlite_reinsert: rejected rows, corrected
 *		import_log.c	the history, in the extension's tables
 *		batch*.c	sqlite_import_batched: see batch.h
 *
 * An import is a single transaction and a single snapshot of the file:
 *
 *	 file --LiteStmt--> rows.c --values[], nulls[]--> heap_writer.c --> heap
 *						  |  \--> reject.c									|
 *						  v													v
 *					  side.c: sums of the file	== ? ==	  side.c: sums of the heap
 *
 * Everything here runs with the rights of the caller, except for the writes
 * to the extension's own log tables (see sql.c).
 */
#ifndef LITE_LOAD_H
#define LITE_LOAD_H

#include "portability/instr_time.h"
#include "pg/compat.h"

#include "access/attnum.h"
#include "executor/spi.h"
#include "fmgr.h"
#include "utils/rel.h"

#include "core/digest.h"
#include "core/plan.h"
#include "pg/connection.h"
#include "pg/convert.h"
#include "pg/row.h"

/* ------------------------------------------------------------------------
 * file.c
 * ------------------------------------------------------------------------ */

/*
 * One function call's view of a file.  The address of the struct is the
 * owner of the connection: all reads of the call see one state of the file.
 */
typedef struct LiteLoadFile
{
	LiteSource *source;
	LiteConnection *connection;
	LiteDb *db;
	LiteArena *arena;	/* freed by a callback on the context of Open */
	LiteSchema *schema; /* NULL until asked for */
} LiteLoadFile;

/* Never opens the file for writing, whatever the server allows. */
extern LiteLoadFile *LiteLoadFileOpen(LiteSource *source);
extern void LiteLoadFileClose(LiteLoadFile *file);
extern LiteSchema *LiteLoadFileSchema(LiteLoadFile *file);

/* A statement that CurrentMemoryContext finalizes at the latest. */
extern LiteStmt *LiteLoadPrepare(LiteLoadFile *file, const char *sql);

/*
 * Text of the file as text of this database: what is not valid UTF-8, or not
 * in the database's encoding, is shown as \xHH.  For people, never for SQL.
 * NULL gives NULL.
 */
extern char *LiteLoadText(const char *text);
extern char *LiteLoadTextLen(const char *text, size_t len);

/* UTF-8 of ours (statements, names of the plan) in the database's encoding;
 * an error where it has no such character. */
extern char *LiteLoadServerText(const char *text);

/* ------------------------------------------------------------------------
 * request.c
 * ------------------------------------------------------------------------ */

/* The arguments of sqlite_plan and sqlite_import, in this order. */
typedef enum LiteLoadArgument
{
	LITE_ARG_SOURCE,
	LITE_ARG_SCHEMA,
	LITE_ARG_TABLES,
	LITE_ARG_EXCLUDE,
	LITE_ARG_TYPES,
	LITE_ARG_INFER,
	LITE_ARG_IDENTIFIERS,
	LITE_ARG_ON_ERROR,
	LITE_ARG_IF_EXISTS,
	LITE_ARG_TIME_ZONE,
	LITE_ARG_SEARCH,
	LITE_ARG_DOCUMENTS,
	LITE_ARG_JOBS,
	LITE_ARG_VERIFY,
	LITE_ARG_SAMPLE,
	LITE_NARGS
} LiteLoadArgument;

typedef struct LiteLoadRequest
{
	char *name;			/* the source as the user wrote it */
	LiteSource *source; /* NULL until resolved */
	LitePlanOptions options;
	int jobs;
	bool verify;
	char *json; /* the options as a JSON object, for the log */
} LiteLoadRequest;

extern LiteLoadRequest *LiteLoadRequestRead(FunctionCallInfo fcinfo);

/* The pieces, for functions that have some of the options. */
extern LiteSource *LiteLoadSourceArg(FunctionCallInfo fcinfo, int arg);
extern char *LiteLoadTextArg(FunctionCallInfo fcinfo, int arg); /* UTF-8 */
extern char *LiteLoadJsonArg(FunctionCallInfo fcinfo, int arg,
							 const char *name);
extern int LiteLoadListArg(FunctionCallInfo fcinfo, int arg, const char *name,
						   const char *const **result);
extern void LiteLoadInferArg(const char *text, LiteInfer *result);
extern void LiteLoadZone(const char *name, LiteZoneFunction *to_utc,
						 void **arg);

/* Builds the plan, and marks what the target schema already has. */
extern LitePlan *LiteLoadPlan(LiteLoadFile *file, LitePlanOptions *options);

/* Is the statement left out, because its table is there already? */
static inline bool
LiteLoadSkipped(const LitePlan *plan, const LiteStatement *statement)
{
	return statement->table >= 0 && plan->tables[statement->table].exists_skip;
}

/* The table of the plan that a finding is about, NULL: none of them. */
extern const LiteTable *LiteLoadFindingTable(const LitePlan *plan,
											 const LiteFinding *finding);

/* The relation a planned table stands for now; InvalidOid: none. */
extern Oid LiteLoadRelid(const char *schema, const char *name);

/* ------------------------------------------------------------------------
 * sql.c
 * ------------------------------------------------------------------------ */

/*
 * The environment of our statements: names resolve to pg_catalog alone, and
 * string literals mean one thing.  Returns the level for Leave; an error
 * leaves by itself.
 */
extern int LiteSqlEnter(void);
extern void LiteSqlLeave(int level);

/* Runs one statement (UTF-8) as the caller. */
extern void LiteSqlRun(const char *sql);

/* Prepares a statement that goes away with CurrentMemoryContext, whatever
 * happens. */
extern SPIPlanPtr LiteSqlPrepare(const char *sql, int nargs, Oid *types);

/*
 * Run in a subtransaction.  NULL: it succeeded; else the error, which
 * has been undone.  Errors that are not about the statement (cancel, no disk
 * space, deadlock ...) are thrown on.
 */
extern ErrorData *LiteSqlTry(const char *sql);

/* Any work in a subtransaction; whatever error it ends with is returned, in
 * the caller's memory context. */
extern ErrorData *LiteSqlAttempt(void (*work)(void *arg), void *arg);

/* A detoasted copy in context of a column (from 1) that SPI has fetched; 0
 * for NULL. */
extern Datum LiteSqlCopyVarlena(HeapTuple tuple, TupleDesc desc, int number,
								MemoryContext context);

/* The extension's own tables: written as their owner, whoever calls. */
typedef struct LiteSqlOwner
{
	Oid userid;
	int context;
} LiteSqlOwner;

extern char *LiteSqlOwnTable(FunctionCallInfo fcinfo, const char *table);
extern Oid LiteSqlOwnRelid(FunctionCallInfo fcinfo, const char *table);
extern void LiteSqlBecomeOwner(Oid relid, LiteSqlOwner *save);
extern void LiteSqlResign(LiteSqlOwner *save);

/* The parameters of one statement, in order.  Texts in our encoding. */
#define LITE_SQL_PARAMS 20

typedef struct LiteSqlParams
{
	int count;
	Oid types[LITE_SQL_PARAMS];
	Datum values[LITE_SQL_PARAMS];
	char nulls[LITE_SQL_PARAMS];
} LiteSqlParams;

extern void LiteSqlAdd(LiteSqlParams *params, Oid type, Datum value,
					   bool null);
extern void LiteSqlAddText(LiteSqlParams *params, const char *text);
extern void LiteSqlAddJson(LiteSqlParams *params, const char *text);
extern void LiteSqlAddInt64(LiteSqlParams *params, int64 value);

/* Runs a statement on the extension's tables as their owner, between the
 * caller's SPI_connect and SPI_finish. */
extern void LiteSqlAsOwner(FunctionCallInfo fcinfo, const char *sql,
						   LiteSqlParams *params);

/* The same with the connection; the first column (bigint) of the first row,
 * 0 if there is none or it is null. */
extern int64 LiteSqlRunAsOwner(FunctionCallInfo fcinfo, const char *sql,
							   LiteSqlParams *params);

/* ------------------------------------------------------------------------
 * table.c
 * ------------------------------------------------------------------------ */

/* A value that is read from the file and written into a column. */
typedef struct LiteLoadColumn
{
	char *name;		   /* of the target's column */
	char *source_name; /* of the file's, for messages */
	LiteColumnType type;
	int field; /* of the statement */
	LiteOnError on_error;
	bool not_null; /* so that the table refused a NULL when it was loaded */
} LiteLoadColumn;

/*
 * All that loading and verifying need to know about one table.  Made from
 * the plan, kept in the log, and made again from there.
 */
typedef struct LiteLoadTable
{
	char *source_name; /* in the file */
	char *schema;
	char *name;
	char *select_sql;
	int rowid_field; /* -1: none */
	int ncolumns;
	LiteLoadColumn *columns;
	char *document; /* the document's column, or NULL */
	int nfields;	/* members of the document */
	LiteLoadColumn *fields;
	int nkey;
	int *key; /* in columns */
	LiteOnError on_error;
	LiteZoneFunction to_utc;
	void *zone_arg;
} LiteLoadTable;

extern LiteLoadTable *LiteLoadTableFromPlan(const LitePlan *plan, int table);
extern char *LiteLoadTableToJson(const LiteLoadTable *table);
extern LiteLoadTable *LiteLoadTableFromJson(Datum jsonb);

/* Throws: what the log has of a table makes no sense. */
pg_noreturn extern void LiteLoadDamaged(void);

/* ------------------------------------------------------------------------
 * input.c
 * ------------------------------------------------------------------------ */

/*
 * A table being read for a relation: converters chosen, positions settled.
 * reader.columns are those of the table, in its order; positions are
 * attribute numbers minus one.  A document's fields are converted, but make no
 * Datums; field_reader stands for them where misfits are handled, with the
 * same meaning of "column".
 */
typedef struct LiteLoadInput
{
	MemoryContext context;
	const LiteLoadTable *table;
	LiteLoadFile *file;
	LiteStmt *stmt;
	LiteRowReader reader;
	LiteRowColumn *columns;
	LiteType *types;  /* per column, for the sums */
	bool *other;	  /* per column: a type the core does not know */
	FmgrInfo *output; /* of those */
	int doc_position; /* attribute of the document, -1: none */
	LiteRowColumn doc_column;
	LiteRowReader doc_reader; /* of doc_column alone, for messages */
	LiteRowReader field_reader;
	LiteRowColumn *fields;
	LiteDocumentField *doc_fields;
	LiteScalar *doc_scalars;
	bool *doc_nulls;
	char *doc_text; /* malloc'd */
	size_t doc_capacity;
	size_t doc_len;
} LiteLoadInput;

/* A column of the table that the relation lacks, or NULL. */
extern const char *LiteLoadMissingColumn(const LiteLoadTable *table,
										 Relation rel);

/* Takes over which columns refuse a NULL now. */
extern void LiteLoadNotNull(LiteLoadTable *table, Relation rel);

/* Throws if the relation lacks a column of the table. */
extern LiteLoadInput *LiteLoadInputBegin(LiteLoadFile *file,
										 const LiteLoadTable *table,
										 Relation rel);
extern void LiteLoadInputEnd(LiteLoadInput *input);

/*
 * Makes the document of the current row, in input->doc_text.  Misfits go to
 * field_reader.misfit; false: that said to pass over the row.
 */
extern bool LiteLoadDocument(LiteLoadInput *input);

/* The document just made, as a Datum of its column. */
extern LiteMisfit LiteLoadDocumentDatum(LiteLoadInput *input, Datum *result);

/* ------------------------------------------------------------------------
 * heap_writer.c
 * ------------------------------------------------------------------------ */

typedef struct LiteHeapWriter LiteHeapWriter;

/*
 * attnums: the nattnums columns that rows will bring.  created: this very
 * call has made the relation, so nobody can have looked at it yet.
 */
extern LiteHeapWriter *LiteHeapWriterBegin(Relation rel, int nattnums,
										   const AttrNumber *attnums,
										   bool created);

/*
 * The same, but each Put is an INSERT of its own, which may fail and be rolled
 * back to the row before; Clear then forgets the row being filled.
 */
extern LiteHeapWriter *LiteHeapWriterBeginInserts(Relation rel, int nattnums,
												  const AttrNumber *attnums);
extern void LiteHeapWriterClear(LiteHeapWriter *writer);

/* Where the next row's values go, by attribute; and the context in which its
 * Datums live until they are written.  Flush writes what was Put, frees the
 * context, and leaves the arrays of the row being filled where they are. */
extern void LiteHeapWriterRow(LiteHeapWriter *writer, Datum **values,
							  bool **nulls);
extern MemoryContext LiteHeapWriterContext(LiteHeapWriter *writer);
extern void LiteHeapWriterFlush(LiteHeapWriter *writer);
extern void LiteHeapWriterPut(LiteHeapWriter *writer);

/* Writes what is buffered.  Returns the rows written. */
extern uint64 LiteHeapWriterEnd(LiteHeapWriter *writer);
extern uint64 LiteHeapWriterBytes(const LiteHeapWriter *writer);

/* ------------------------------------------------------------------------
 * kept.c
 * ------------------------------------------------------------------------ */

/* The bytes that stand for a value; false: it is NULL. */
extern bool LiteKeptBytes(const LiteValue *value, Datum *result);

/* The value again, palloc'd; false: class and bytes (NULL: an SQL null) make
 * no value. */
extern bool LiteKeptValue(const char *cls, const bytea *bytes,
						  LiteValue *result);

/* ------------------------------------------------------------------------
 * reject.c
 * ------------------------------------------------------------------------ */

typedef struct LiteRejects LiteRejects;

struct LiteRejects
{
	int64 import_id;
	Oid relid;			   /* of the table of rejects */
	char *insert;		   /* the INSERT's text */
	SPIPlanPtr plan;	   /* prepared at the first reject */
	uint64 rows;		   /* rejected, of the current table */
	uint64 values;		   /* set to NULL, in the current table */
	MemoryContext life;	   /* of all of this */
	MemoryContext context; /* of one reject */
};

extern LiteRejects *LiteRejectsBegin(FunctionCallInfo fcinfo, int64 import_id);

/* Keeps the row that the input stands on.  column: in reader->columns. */
extern void LiteRejectRow(LiteRejects *rejects, LiteLoadInput *input,
						  const LiteRowColumn *column, const LiteValue *value,
						  const char *reason);
extern void LiteRejectValue(LiteRejects *rejects, LiteLoadInput *input,
							const LiteRowColumn *column,
							const LiteValue *value, const char *reason);
extern void LiteRejectsEnd(LiteRejects *rejects);

/* ------------------------------------------------------------------------
 * side.c, sums.c
 * ------------------------------------------------------------------------ */

typedef struct LiteLoadSums LiteLoadSums;

/* Told of each row: hashes of its key and of all of it. */
typedef void (*LiteLoadEach)(void *arg, const LiteLoadSums *sums,
							 const LiteLoadInput *input, LiteHash key,
							 LiteHash row);

/* The sums of one side of one table; a document is one more column. */
struct LiteLoadSums
{
	LiteDigest digest;
	uint64 rejected;			/* rows that the policy passes over */
	uint64 nulled;				/* values that it sets to NULL */
	const LiteLoadTable *table; /* whose policies; set while a file is read */
	bool as_stored;	   /* exact sums of loaded rows are the heap's, not the
					 * file's: the values were given by a user */
	LiteValue *values; /* of the row being fed */
	LiteScalar *scalars;
	LiteLoadEach each; /* may be NULL */
	void *each_arg;
};

/* Modulo 2^128, as digest.h adds. */
extern LiteHash LiteHashPlus(LiteHash a, LiteHash b);
extern LiteHash LiteHashMinus(LiteHash a, LiteHash b);

extern LiteLoadSums *LiteLoadSumsNew(const LiteLoadTable *table);

/* Feeds the row that the input stands on.  false: the policy rejects it. */
extern bool LiteLoadSumsAddInput(LiteLoadSums *sums, LiteLoadInput *input);

/* The same for a row that was just made for the heap, with these nulls. */
extern void LiteLoadSumsAddLoaded(LiteLoadSums *sums, LiteLoadInput *input,
								  const bool *nulls);

/* Reads the whole file side, or the whole relation as the active snapshot
 * has it. */
extern void LiteLoadSumsOfFile(LiteLoadSums *sums, LiteLoadInput *input);
extern void LiteLoadSumsOfHeap(LiteLoadSums *sums, LiteLoadInput *input,
							   Relation rel);

extern void LiteLoadSumsSubtract(LiteLoadSums *sums, const LiteLoadSums *less);
extern void LiteLoadSumsAdd(LiteLoadSums *sums, const LiteLoadSums *more);
extern char *LiteLoadSumsToJson(const LiteLoadSums *sums,
								const LiteLoadTable *table);
extern void LiteLoadSumsFromJson(LiteLoadSums *sums, Datum jsonb);

/* "1 row", "2 rows". */
extern char *LiteLoadCountOf(uint64 count, const char *one);

/* Are they equal?  *detail says how, in words (palloc'd). */
extern bool LiteLoadSumsCompare(const LiteLoadSums *source,
								const LiteLoadSums *target,
								const LiteLoadTable *table, char **detail);

/* ------------------------------------------------------------------------
 * rows.c
 * ------------------------------------------------------------------------ */

typedef struct LiteLoadCounts
{
	uint64 rows; /* loaded */
	uint64 rejected;
	uint64 nulled; /* values */
	uint64 bytes;
} LiteLoadCounts;

/* The plan's findings, and those of its execution. */
typedef struct LiteLoadFindings
{
	int count;
	int capacity;
	LiteFinding *items;
} LiteLoadFindings;

/* What all tables of one import share. */
typedef struct LiteLoadRun
{
	FunctionCallInfo fcinfo;
	LiteLoadRequest *request;
	LiteLoadFile *file;
	LitePlan *plan;
	LiteLoadFindings findings;
	LiteRejects *rejects;
	int64 import_id;
	bool sampled;		/* types come from a sample, and may not hold */
	bool sample_failed; /* they did not: start again without */
} LiteLoadRun;

/*
 * sums may be NULL.  Throws unless all rows of source were seen; source NULL:
 * the input is a part of the table, and the caller counts (below).
 */
extern void LiteLoadRows(LiteLoadRun *run, LiteLoadInput *input,
						 const LiteTable *source, Relation rel, bool created,
						 LiteLoadSums *sums, LiteLoadCounts *counts);

/* Throws unless the file's table has as many rows as were seen. */
extern void LiteLoadCheckCount(LiteLoadFile *file, const LiteTable *source,
							   uint64 seen);

/* ------------------------------------------------------------------------
 * import.c
 * ------------------------------------------------------------------------ */

/* Wall-clock seconds. */
extern double LiteSecondsSince(instr_time start);

/* Throws if the plan says that a table to be made is there already. */
extern void LiteLoadCheckNew(LiteLoadRun *run);

/* Runs one statement of the plan; failures of optional ones are findings. */
extern void LiteLoadStatement(LiteLoadRun *run,
							  const LiteStatement *statement);

/* UTF-8 SQL that moves the sequence of a column of an existing table forward,
 * never back. */
extern char *LiteLoadAdvanceSql(const LitePlanTable *table, int column);
extern void LiteLoadAddMisfits(LiteLoadRun *run, const LiteLoadTable *table,
							   const LiteLoadCounts *counts);

/* ------------------------------------------------------------------------
 * import_log.c
 * ------------------------------------------------------------------------ */

extern int64 LiteLogBegin(LiteLoadRun *run);
extern char *LiteLoadFindingsToJson(const LiteLoadFindings *findings);
extern void LiteLogEnd(LiteLoadRun *run, const LiteLoadCounts *total,
					   bool verify, bool verified, double seconds);
extern void LiteLogTable(LiteLoadRun *run, const LiteLoadTable *table,
						 bool created, const LiteLoadCounts *counts,
						 const LiteLoadSums *before,
						 const LiteLoadSums *loaded, const bool *verified,
						 const char *detail, double seconds);

/* ------------------------------------------------------------------------
 * verify.c
 * ------------------------------------------------------------------------ */

/* Throws unless the caller may read all rows of rel. */
extern void LiteCheckReadable(Relation rel);

/* ------------------------------------------------------------------------
 * clash.c
 * ------------------------------------------------------------------------ */

/* Which import has made the table that this finding says is there already;
 * NULL: not known.  A sentence. */
extern char *LiteLoadMaker(LiteLoadRun *run, const LiteFinding *finding);

/* Throws if this transaction has brought one of the tables from another file,
 * and it would be replaced or skipped now. */
extern void LiteLoadCheckClash(LiteLoadRun *run);

/* ------------------------------------------------------------------------
 * differ.c
 * ------------------------------------------------------------------------ */

extern char *LiteLoadDiffer(LiteLoadInput *input, Relation rel, int64 rows);

#endif /* LITE_LOAD_H */
