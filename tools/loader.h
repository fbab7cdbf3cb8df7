/*
 * loader.h
 *	  The parts of sqlite2pg, and what they share.
 *
 *	main.c		the run from end to end, exit codes
 *	options.c	the options: one table gives getopt, --help and the man page
 *	ui.c		lines for people: messages, progress
 *	target.c	connections to the server, statements, errors, cancelling
 *	copy.c		scalars <-> COPY (FORMAT binary)
 *	reader.c	rows of one planned table out of the file, as scalars
 *	transfer.c	reader -> COPY FROM, one unit of rows in one transaction
 *	readback.c	COPY TO -> digest
 *	stage.c		the staging schema
 *	state.c		what has been done of a load, for --resume
 *	move.c		the transaction that makes all of it visible
 *	snapshot.c	readers of one state of the file
 *	jobs.c		units of work, and the workers that do them
 *	script.c	--sql
 *	zone.c		text without a zone -> UTC, through the system's zone files
 *	report*.c	--report
 *
 * One Loader lives as long as the program.  What the plan says is read by
 * all threads and written by none once they run; counters that the progress
 * line reads are atomic; everything else that workers write is under
 * Loader.lock.
 *
 * How the load is made all or nothing: rows go into a *staging schema* of
 * the target database, in units (a table, or a range of its rowids), each in
 * one transaction with a line in the staging schema's state table.  So a
 * killed run knows what is there, and --resume goes on.  Once all is built
 * and verified, one transaction moves the tables to where they belong.
 */
#ifndef TOOL_LOADER_H
#define TOOL_LOADER_H

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>

#include "core/digest.h"
#include "core/plan.h"
#include "core/stmt.h"

#include "copy.h"

#define LOADER_VERSION "1.0"

/* The program's exit status: a promise, printed by --help. */
typedef enum ExitCode
{
	EXIT_LOADED = 0,	   /* every row is in, and verified if asked */
	EXIT_USAGE = 1,		   /* options that make no sense */
	EXIT_CONNECTION = 2,   /* no connection, or lost for good */
	EXIT_SOURCE = 3,	   /* the file cannot be read */
	EXIT_TARGET = 4,	   /* the server refuses */
	EXIT_INCOMPLETE = 5,   /* loaded, without what was rejected or lost */
	EXIT_VERIFICATION = 6, /* the two sides differ */
	EXIT_MISFIT = 7,	   /* a value does not fit, and on_error is stop */
	EXIT_INTERRUPTED = 130 /* SIGINT, SIGTERM */
} ExitCode;

/* ------------------------------------------------------------------------
 * Failures
 * ------------------------------------------------------------------------ */

/* A LiteError that knows what the program makes of it. */
typedef struct Failure
{
	LiteError error;
	ExitCode exit_code;
	char sqlstate[6]; /* of the server's error, or "" */
	bool transient;	  /* trying again may help */
} Failure;

/*
 * Fills a failure; returns false, so that callers write "return fail(...)".
 * The message is clipped to its slot.
 */
extern bool fail(Failure *failure, ExitCode code, const char *fmt, ...)
	LITE_PRINTF(3, 4);

/* After a core function has filled failure->error. */
extern bool fail_core(Failure *failure);
extern bool fail_memory(Failure *failure);

/* ------------------------------------------------------------------------
 * Options (options.c)
 * ------------------------------------------------------------------------ */

typedef struct Options
{
	const char *file; /* absolute path */
	const char *conninfo;
	const char *schema;
	LitePlanOptions plan; /* schema is set by whoever builds the plan */
	bool sample_given;
	int jobs;
	bool verify;	  /* after loading */
	bool verify_only; /* --verify: compare, load nothing */
	bool dry_run;
	bool sql; /* write a script */
	bool schema_only;
	bool data_only;
	bool resume;
	bool restart;
	int busy_timeout_ms;
	int nreports;
	const char *reports[8];
	int verbosity; /* -1 quiet, 0, 1 verbose */
} Options;

typedef enum OptionsOutcome
{
	OPTIONS_RUN,
	OPTIONS_DONE, /* --help and its like have been printed */
	OPTIONS_WRONG /* and said so */
} OptionsOutcome;

extern OptionsOutcome options_parse(Options *options, int argc, char **argv);

/* What --help says of an exit status. */
extern const char *options_exit_words(int code);

/* ------------------------------------------------------------------------
 * The target (target.c)
 * ------------------------------------------------------------------------ */

typedef struct Target
{
	PGconn *conn;
	const char *conninfo;
} Target;

/* Set by the signal handler; every wait looks at it. */
extern atomic_bool interrupted;

/* Must be called once, before any thread is made. */
extern void target_catch_signals(void);

/*
 * Connects and sets the session up.  Tries again while the failure is
 * transient (a server that starts, a full connection limit); patient: also
 * while nobody answers, for a server that was there a moment ago.
 */
extern bool target_connect(Target *target, const char *conninfo, bool patient,
						   Failure *failure);
extern void target_close(Target *target);
extern bool target_alive(const Target *target);

/* One statement, no result wanted. */
extern bool target_run(Target *target, const char *sql, Failure *failure);
extern bool target_runf(Target *target, Failure *failure, const char *fmt, ...)
	LITE_PRINTF(3, 4);

/*
 * A query; parameters are text, NULL for NULL.  The result is the caller's
 * to PQclear.
 */
extern bool target_query(Target *target, const char *sql, int nparams,
						 const char *const *params, PGresult **result,
						 Failure *failure);

/* COPY FROM STDIN: begin, put (takes the bytes and empties the buffer),
 * end.  A false from put or end has ended the COPY. */
extern bool target_copy_in(Target *target, const char *sql, Failure *failure);
extern bool target_put(Target *target, CopyBuffer *buffer, Failure *failure);
extern bool target_copy_end(Target *target, int64_t *rows, Failure *failure);
/* Gives a COPY FROM up, after a failure of our own. */
extern void target_copy_abort(Target *target);

/* COPY TO STDOUT: *data is the next message (PQfreemem it), NULL at the
 * end. */
extern bool target_get(Target *target, char **data, size_t *len,
					   Failure *failure);

/* A connection's transaction, rolled back without complaint. */
extern void target_rollback(Target *target);

/* What the server said, in the four slots; sql may be NULL. */
extern bool target_fail(Target *target, const PGresult *result,
						Failure *failure, const char *sql);

/* ------------------------------------------------------------------------
 * The run
 * ------------------------------------------------------------------------ */

/* What is known of a table while it is loaded.  Under Loader.lock, but for
 * the atomic counters. */
typedef struct TableRun
{
	bool exists;			 /* in the target, before the load */
	bool skip;				 /* not loaded: there already */
	int nvalues;			 /* columns that come from the file */
	LiteDigest source;		 /* of what was sent */
	LiteDigest target;		 /* of what was read back */
	LiteColumnDigest *sums;	 /* of source, then of target */
	_Atomic int64_t rows;	 /* sent */
	_Atomic int64_t bytes;	 /* sent */
	_Atomic int64_t checked; /* rows read back */
	int64_t rejected;
	int64_t nulled;		 /* values, not rows */
	int64_t source_rows; /* SQLite's own count, -1: unknown */
	int units;
	int units_left;
	bool read_back;
	bool verified;
	char detail[256]; /* why not */
	double read_seconds;
	double load_seconds; /* summed over the workers */
	double verify_seconds;
	double index_seconds;
} TableRun;

/* A finding made while running. */
typedef struct RunFinding
{
	struct RunFinding *next;
	LiteSeverity severity;
	const char *code;
	const char *table;
	const char *object;
	char text[512];
} RunFinding;

typedef enum UnitKind
{
	UNIT_ROWS,	   /* rows of a table, all or a range of rowids */
	UNIT_CHECK,	   /* read a table, or a range of its blocks, back */
	UNIT_STATEMENT /* one statement of the plan */
} UnitKind;

typedef struct Unit
{
	UnitKind kind;
	int number;	   /* in its kind: what the state table calls it */
	int table;	   /* in plan->tables, or -1 */
	bool ranged;   /* lo and hi mean something */
	int64_t lo;	   /* first rowid or block */
	int64_t hi;	   /* last one, included */
	int statement; /* in plan->statements */
	bool done;
} Unit;

typedef struct Loader
{
	const Options *options;
	LiteArena *arena;
	LiteDb *db;		  /* the first of the readers */
	LiteDb **readers; /* one for each job, all on one snapshot */
	int nreaders;
	LiteSchema *schema;
	LitePlan *plan; /* for the staging schema */
	LitePlan *late; /* for the target schema itself: see stage.c */
	LiteFingerprint fingerprint;
	const char *staging;	   /* unquoted, as the next */
	const char *state;		   /* the schema beside it that holds our state */
	const char *staging_ident; /* quoted, as all that follow */
	const char *state_ident;
	const char *schema_ident;
	const char *rejects_table; /* with its schema */
	bool connected;			   /* once, at least */
	bool left_behind;		   /* a former run's staging schema is there */
	bool staged;			   /* the staging schema is there, and ours */
	bool moved;				   /* and has been moved */
	bool target_exists;		   /* the target schema */
	bool *view_exists;		   /* of plan->views: in the target, before */
	bool keeps; /* something in the target is appended to or left alone */
	double *statement_seconds;
	Target control;
	TableRun *tables;
	RunFinding *findings;
	int nlost;		 /* findings that mean something is lost */
	bool undigested; /* resumed units that were loaded without --verify */
	pthread_mutex_t lock;

	/* for the progress line */
	const char *stage;
	_Atomic int units_done;
	int units_total;
	int64_t rows_expected; /* 0: unknown */
	_Atomic int64_t rows_done;
	_Atomic int64_t bytes_done;
	int64_t rows_resumed; /* of rows_done, those of a former run */
	double stage_started;
	double started;
	double plan_seconds;
	double load_seconds;
	double verify_seconds;
	double index_seconds;
	double move_seconds;
} Loader;

extern void loader_finding(Loader *loader, LiteSeverity severity,
						   const char *code, const char *table,
						   const char *object, const char *fmt, ...)
	LITE_PRINTF(6, 7);

extern double now_seconds(void);

/* ------------------------------------------------------------------------
 * Rows out of the file (reader.c)
 * ------------------------------------------------------------------------ */

typedef struct RowReader RowReader;

/* The first value of a row that does not fit. */
typedef struct RowMisfit
{
	LiteMisfit misfit; /* LITE_FITS: the row is fine */
	int column;		   /* in table->columns */
	const char *field; /* of a document, else NULL */
	LiteValue value;
} RowMisfit;

/*
 * Rows of a planned table whose rowid is in lo..hi (all if !ranged).  Each
 * next() gives the values and scalars of the columns that come from the
 * file, in their order; nulls[i] tells.  Under LITE_ON_ERROR_NULL a value
 * that does not fit is a NULL (counted).
 */
extern bool reader_open(RowReader **result, LiteDb *db, const LitePlan *plan,
						int table, bool ranged, int64_t lo, int64_t hi,
						Failure *failure);
extern void reader_close(RowReader *reader);

/* 1: a row; 0: no more; -1: failure.  A row with a misfit (policy stop or
 * reject) has misfit->misfit set, and its scalars are incomplete. */
extern int reader_next(RowReader *reader, RowMisfit *misfit, Failure *failure);

extern int reader_nvalues(const RowReader *reader);
extern const LitePlanColumn *reader_column(const RowReader *reader, int i);
extern const LiteValue *reader_values(const RowReader *reader);
extern const LiteScalar *reader_scalars(const RowReader *reader);
extern const bool *reader_nulls(const RowReader *reader);
extern int64_t reader_nulled(const RowReader *reader);

/* The values of the current row that have become NULL: how many, and which. */
extern int reader_row_nulled(const RowReader *reader,
							 const RowMisfit **misfits);

/* Words where the current row is: "rowid 7", "key (a, b) = (1, x)". */
extern void reader_locate(const RowReader *reader, char *buf, size_t size);

/* The current row as JSON, whatever is in it. */
extern void reader_row_json(const RowReader *reader, CopyBuffer *buffer);

/* Makes a failure of a misfit: file, table, row, column and value named. */
extern bool reader_misfit_fail(const RowReader *reader,
							   const RowMisfit *misfit, Failure *failure);

/* The columns of a planned table whose values come from the file. */
extern int plan_table_values(const LitePlanTable *table);
extern bool plan_column_has_value(const LitePlanColumn *column);

/* ------------------------------------------------------------------------
 * One state of the file (snapshot.c)
 * ------------------------------------------------------------------------ */

/* Opens loader->readers, fewer than --jobs if they cannot be shown to see the
 * same state. */
extern bool snapshot_open(Loader *loader, Failure *failure);
extern bool snapshot_check(Loader *loader, Failure *failure);
extern void snapshot_close(Loader *loader);

/* ------------------------------------------------------------------------
 * Rows into the target, and back (transfer.c, readback.c)
 * ------------------------------------------------------------------------ */

extern bool transfer_unit(Loader *loader, Target *target, LiteDb *db,
						  Unit *unit, Failure *failure);

/* Digests "table" as it stands in "qualified", blocks lo..hi if ranged. */
extern bool readback_unit(Loader *loader, Target *target, Unit *unit,
						  Failure *failure);

/* Digests the rows of the file alone, as transfer would send them. */
extern bool digest_unit(Loader *loader, LiteDb *db, Unit *unit,
						Failure *failure);

/* Compares both digests of every table, fills verified and detail; returns
 * the number of tables that differ. */
extern int compare_digests(Loader *loader);

/* ------------------------------------------------------------------------
 * The staging schema (stage.c)
 * ------------------------------------------------------------------------ */

/* Names, advisory lock, what a former run has left: an error, forgotten
 * (--restart) or taken up (--resume). */
extern bool stage_open(Loader *loader, Failure *failure);

/* What is in the target schema already, and what --if-exists makes of it. */
extern bool stage_survey(Loader *loader, Failure *failure);

/* Makes sure that the control connection lives and has its lock. */
extern bool stage_revive(Loader *loader, Failure *failure);

/* Creates the schemas, or checks (--resume) that the run that left them was
 * this one: same file, same plan. */
extern bool stage_begin(Loader *loader, Failure *failure);

/* For resuming: what has this unit done?  Marks units as done. */
extern bool stage_read_units(Loader *loader, Unit *units, int nunits,
							 Failure *failure);

/* Writes down, in the caller's transaction, that a unit is done. */
extern bool stage_mark(Loader *loader, Target *target, const Unit *unit,
					   int64_t rejected, int64_t nulled, int64_t rows,
					   const LiteDigest *digest, const char *note,
					   Failure *failure);

/* Was this unit's transaction committed before the connection went?  Then
 * unit->done, and its sums are taken from the state table. */
extern bool stage_was_marked(Loader *loader, Target *target, Unit *unit,
							 Failure *failure);

/* The one transaction in which everything becomes visible. */
extern bool stage_move(Loader *loader, Failure *failure);
extern bool stage_drop(Loader *loader, Failure *failure);

/* ------------------------------------------------------------------------
 * Workers (jobs.c)
 * ------------------------------------------------------------------------ */

/* Loads the rows of every table. */
extern bool jobs_load(Loader *loader, Failure *failure);

/* Reads them back and compares. */
extern bool jobs_verify(Loader *loader, bool digest_source, Failure *failure);

/* Runs the statements of phases first..last. */
extern bool jobs_statements(Loader *loader, LitePhase first, LitePhase last,
							Failure *failure);

/* One statement of the plan with its fallback, written down as done. */
extern bool run_statement(Loader *loader, Target *target, Unit *unit,
						  Failure *failure);

/* ------------------------------------------------------------------------
 * People (ui.c, report.c), zones (zone.c)
 * ------------------------------------------------------------------------ */

extern void ui_begin(const Options *options);
extern void ui_info(const char *fmt, ...) LITE_PRINTF(1, 2);
extern void ui_detail(const char *fmt, ...) LITE_PRINTF(1, 2); /* --verbose */
extern void ui_warning(const char *fmt, ...) LITE_PRINTF(1, 2);
extern void ui_failure(const Failure *failure);
/* Draws the progress line, if there is a terminal; log lines otherwise. */
extern void ui_progress(Loader *loader);
extern void ui_progress_end(void);
extern void ui_plan(const LitePlan *plan);
extern void ui_summary(Loader *loader);
extern void ui_names(const char *staging, const char *schema);
extern char *ui_words(const char *text, bool rename);
extern void ui_findings(const LitePlan *plan);
extern void ui_finding(LiteSeverity severity, const char *table,
					   const char *object, const char *text);
extern char *ui_count(char *buf, size_t size, int64_t n);

/* --sql: the whole load to standard output (script.c). */
extern bool script_write(Loader *loader, Failure *failure);

extern bool report_write(Loader *loader, const char *path, int exit_code,
						 const Failure *failure, Failure *problem);

/* Uses zone for text without one; NULL to_utc for UTC.  false: no such
 * zone. */
extern bool zone_open(const char *name, LiteZoneFunction *to_utc, void **arg,
					  Failure *failure);

#endif /* TOOL_LOADER_H */
