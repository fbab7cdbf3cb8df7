/*
 * plan.h
 *	  The plan of an import: what each table becomes, every statement, and
 *	  everything that a person should know.
 *
 *		schema + profile + options  ->  tables, columns, types   (plan.c)
 *									->  statements by phase		(ddl.c)
 *									->  findings
 *
 * The extension's dry run prints it, its import and the loader execute it:
 * one plan, so the same file gives the same tables from every face.  Whatever
 * is in the file and not in the target is a finding.  Nothing of the file's
 * SQL text is copied into a statement: identifiers are quoted anew, literals
 * and expressions re-emitted by translate.c from a whitelist.
 */
#ifndef LITE_PLAN_H
#define LITE_PLAN_H

#include "core/profile.h"

typedef enum LiteInfer
{
	LITE_INFER_DECLARED, /* declarations alone (widened to what fits) */
	LITE_INFER_VALUES,
	LITE_INFER_EAGER /* suggestions taken */
} LiteInfer;

typedef enum LiteOnError
{
	LITE_ON_ERROR_STOP,
	LITE_ON_ERROR_REJECT,
	LITE_ON_ERROR_NULL
} LiteOnError;

typedef enum LiteIfExists
{
	LITE_IF_EXISTS_ERROR,
	LITE_IF_EXISTS_REPLACE,
	LITE_IF_EXISTS_APPEND,
	LITE_IF_EXISTS_SKIP
} LiteIfExists;

/*
 * Is there a relation of this name in this schema of the target?  name NULL:
 * is there the schema?  The core cannot look; without such a function nothing
 * is skipped, and appending takes for granted that the tables are there.
 */
typedef bool (*LiteExistsFunction)(void *arg, const char *schema,
								   const char *name);

/*
 * What else the target has that a plan may use.  Returns the schema it is in,
 * as long-lived as the plan, or NULL: it is not there, or not for everybody.
 */
typedef enum LiteTargetKind
{
	LITE_TARGET_EXTENSION,	  /* installed; schema is not looked at */
	LITE_TARGET_CONFIGURATION /* of text search, in this schema */
} LiteTargetKind;

typedef const char *(*LiteTargetFunction)(void *arg, LiteTargetKind kind,
										  const char *schema,
										  const char *name);

typedef struct LitePlanOptions
{
	const char *schema; /* target schema's name */
	int ntables;
	const char *const *tables; /* only these; ntables 0: all */
	int nexclude;
	const char *const *exclude;
	const char *types;	/* JSON object {"table.column":"type"} or NULL; the
						 * type may be followed by a format ("timestamptz
						 * unix_ms") and a policy ("bigint on_error null",
						 * or "on_error null" alone); "table.rowid" keeps the
						 * rowid */
	const char *search; /* JSON or NULL: see search.h */
	int ndocuments;
	const char *const *documents; /* tables in document shape; "*": all */
	LiteInfer infer;
	LiteOnError on_error;
	LiteIfExists if_exists;
	bool keep_identifiers;
	const char *time_zone;	 /* of text without a zone; NULL: UTC */
	LiteZoneFunction to_utc; /* how to apply it; NULL: UTC */
	void *zone_arg;
	int64_t sample;			   /* rows profiled per table; 0: all */
	bool skip_rows;			   /* schema only: no statement depends on data */
	LiteExistsFunction exists; /* may be NULL */
	void *exists_arg;
	LiteTargetFunction target; /* may be NULL: nothing is there */
	void *target_arg;
} LitePlanOptions;

extern void lite_plan_options_init(LitePlanOptions *options);

/* Words of the options; false if there is no such word. */
extern bool lite_infer_parse(const char *text, LiteInfer *result);
extern bool lite_on_error_parse(const char *text, LiteOnError *result);
extern bool lite_if_exists_parse(const char *text, LiteIfExists *result);

typedef enum LiteSeverity
{
	LITE_SEVERITY_INFO,	   /* a decision, explained */
	LITE_SEVERITY_WARNING, /* something is not as it was in the file */
	LITE_SEVERITY_ERROR	   /* the import will stop here, or loses this */
} LiteSeverity;

typedef struct LiteFinding
{
	LiteSeverity severity;
	const char *code;	/* stable word, "trigger", "type", "orphans" */
	const char *table;	/* source name, NULL: the file */
	const char *object; /* "messages.created_at", an index's name ... */
	const char *text;	/* one sentence */
	const char *advice; /* what to do, an override to paste; or NULL */
} LiteFinding;

/* Where the values of a target column come from. */
typedef enum LiteColumnSource
{
	LITE_SOURCE_COLUMN,	  /* a column of the file */
	LITE_SOURCE_ROWID,	  /* the rowid, kept because asked or needed */
	LITE_SOURCE_DOCUMENT, /* "doc": the whole row as JSON */
	LITE_SOURCE_GENERATED /* computed by PostgreSQL: search columns, and
						   * generated columns ("column" says which) */
} LiteColumnSource;

typedef struct LitePlanColumn
{
	LiteColumnSource source;
	int column;		  /* in table->source->columns, or -1 */
	const char *name; /* target name, unquoted */
	LiteColumnType type;
	const char *type_sql; /* as written in DDL: "numeric(10,2)",
								 * "tsvector" */
	bool not_null;
	bool identity;
	int64_t identity_next;	   /* the sequence's next value */
	const char *default_sql;   /* PostgreSQL, or NULL */
	const char *generated_sql; /* PostgreSQL expression, or NULL */
	const char *evidence;	   /* why this type, in words */
	const char *suggestion;	   /* what else it might be, and the override */
	const LiteColumnProfile *profile; /* NULL if not profiled */
	LiteOnError on_error;			  /* for values that do not fit */
} LitePlanColumn;

/* A column of a row as it stands in a document. */
typedef struct LiteDocumentField
{
	const char *name;
	LiteColumnType type;
} LiteDocumentField;

typedef struct LitePlanTable
{
	const LiteTable *source;
	const char *name;	   /* target name, unquoted */
	const char *qualified; /* quoted, with schema */
	int ncolumns;
	LitePlanColumn *columns; /* in target order */
	int nkey;
	int *key; /* target columns that tell rows apart, for
								 * reports and verification; 0: none */
	bool document;
	bool exists_skip; /* left alone, because if_exists => 'skip' */
	const LiteTableProfile *profile;

	/*
	 * The rows: a SELECT of nread values; the first ones are, in order, the
	 * columns whose source is COLUMN or ROWID; a document table reads every
	 * column of the file, in table order, after them.  The last value is the
	 * rowid if has_rowid (for reports; not part of any target column).
	 */
	const char *select_sql;
	int nread;
	bool has_rowid;

	/* A document table: what the document is made of, in the order of the
	 * values that are read for it. */
	int nfields;
	LiteDocumentField *fields;
	LiteOnError *field_on_error; /* as LitePlanColumn's, per field */
} LitePlanTable;

/*
 * A view that was asked for.  Each one that is made gets a comment that begins
 * with the mark: so a later import knows what it may drop.
 */
#define LITE_VIEW_MARK "SQLite view: "

typedef struct LitePlanView
{
	const LiteTable *source;
	const char *name;	   /* target name, unquoted */
	const char *qualified; /* quoted, with schema */
	bool refused;		   /* it does not translate */
	bool exists_skip;	   /* there already, and not to be replaced */
} LitePlanView;

typedef enum LitePhase
{
	LITE_PHASE_SCHEMA, /* CREATE SCHEMA, DROP of what is replaced */
	LITE_PHASE_TABLE,  /* bare tables */
	LITE_PHASE_DATA,   /* one per table: stands for its rows */
	LITE_PHASE_INDEX,  /* primary keys, unique, other indexes */
	LITE_PHASE_CHECK,
	LITE_PHASE_FOREIGN_KEY, /* NOT VALID, then VALIDATE */
	LITE_PHASE_SEQUENCE,
	LITE_PHASE_VIEW,
	LITE_PHASE_COMMENT,
	LITE_PHASE_ANALYZE
} LitePhase;

typedef struct LiteStatement
{
	LitePhase phase;
	int table;			  /* in plan->tables, or -1 */
	const char *object;	  /* name of what it makes */
	const char *sql;	  /* one statement, no semicolon; for PHASE_DATA
								 * the SELECT on the file */
	bool optional;		  /* run it in a subtransaction: if it fails,
								 * that is a finding and the import goes on */
	const char *fallback; /* then run this instead, or NULL */
} LiteStatement;

typedef struct LitePlan
{
	LitePlanOptions options;
	const LiteSchema *source;
	const char *schema; /* target, unquoted */
	int ntables;
	LitePlanTable *tables;
	int nviews;
	LitePlanView *views; /* in the order in which they can be made */
	int nstatements;
	LiteStatement *statements; /* in the order to run them */
	int nfindings;
	LiteFinding *findings;
} LitePlan;

/*
 * Everything: profiles the tables asked for, decides, writes statements and
 * findings.  The handle must be in a snapshot.  schema: lite_schema_load's,
 * same arena or one that lives longer.  Unknown names in tables, exclude,
 * types, search or documents are LITE_INVALID with a hint that lists what
 * there is.
 */
extern LiteStatus lite_plan_build(LiteDb *db, const LiteSchema *schema,
								  const LitePlanOptions *options,
								  LiteArena *arena, LitePlan **result,
								  LiteError *err);

extern const char *lite_severity_name(LiteSeverity severity);
extern const char *lite_phase_name(LitePhase phase);

/* A quoted PostgreSQL identifier (always in double quotes unless it is lower
 * case, safe and no reserved word), as quote_ident() gives. */
extern void lite_pg_ident(sqlite3_str *str, const char *name);

/* A PostgreSQL string literal: '...', or E'...' where it has a backslash. */
extern void lite_pg_literal(sqlite3_str *str, const char *text, size_t len);

/*
 * The document of a row: {"column": value, ...} as JSON text appended to
 * *buf (malloc'd, grown).  JSON columns nested as JSON, numbers as numbers,
 * bytea as "\\x..." text, times as ISO text.  values/types: nvalues of the
 * row's columns in their planned types; NULLs as null.
 */
extern LiteMisfit lite_document_text(const LiteDocumentField *fields,
									 const LiteScalar *scalars,
									 const bool *nulls, int nfields,
									 char **buf, size_t *capacity,
									 size_t *result_len);

#endif /* LITE_PLAN_H */
