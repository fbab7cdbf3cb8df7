/*
 * planner.h
 *	  What the files of the planner share.  Nobody else includes this.
 *
 *		plan.c		the whole; keys, the reading
 *		choose.c	which tables
 *		declared.c	what their CREATE text says
 *		decide.c	types, and values that do not fit them
 *		columns.c	target columns
 *		computed.c	generated columns, defaults
 *		options.c	the JSON of the options
 *		family.c	columns that foreign keys tie together get one type
 *		fts.c		full-text tables: what they index, and where its text is
 *		search.c	search columns: asked for, or by a full-text table
 *		ddl.c		statements that make tables
 *		keys.c		statements that make keys and indexes
 *		foreign.c	statements that make foreign keys; orphans
 *		views.c		views, where they translate
 *		findings.c	what a person should know
 */
#ifndef LITE_PLANNER_H
#define LITE_PLANNER_H

#include "core/expr.h"
#include "core/infer.h"
#include "core/names.h"
#include "core/plan.h"
#include "core/translate.h"

/* A search column to be made. */
typedef struct LiteSearch
{
	int ncolumns;
	int *columns;		/* of the source table */
	char *weights;		/* 'A'..'D', 0: none */
	const char *config; /* text search configuration */
	const char *name;	/* wanted */
	const char *origin; /* the full-text table that asked, or NULL: the user */
} LiteSearch;

/* What the planner knows of a table beyond its plan. */
typedef struct LiteTableWork
{
	const LiteTable *source;
	int index;		   /* in plan->tables, and in planner->works */
	LiteTableSql *sql; /* NULL: not parsed; a finding says so */
	int *sql_column;   /* source column -> in sql->columns, or -1 */
	LiteTableProfile *profile;
	LiteDecision *decisions; /* of source columns */
	bool *overridden;
	LiteColumnType *override;
	LiteOnError *on_error; /* per column: the option, or its own */
	bool *unique;		   /* column is in a primary key or unique index */
	bool *key_family;	   /* column is in a foreign key */
	bool *check_boolean;
	bool *check_json;
	int *target_of; /* source column -> target column, or -1 */
	bool keep_rowid;
	bool rowid_key;	   /* the rowid is the primary key here */
	bool key_has_null; /* NULL in a PRIMARY KEY column */
	bool document;
	bool existing; /* appended to: no statement makes it */
	bool fulltext; /* a standalone full-text table */
	int nsearches;
	int searches_capacity;
	LiteSearch *searches;
	LiteExprColumn *expr_columns;
	LiteExprScope scope;
	LiteNames *columns; /* namespaces of the target */
	LiteNames *constraints;
	const char **index_names; /* of CREATE INDEX, in the target */
	const char *trigram; /* schema of pg_trgm, if an index of it is made */
	int ntrigrams;
	int *trigrams; /* source columns of that index */
} LiteTableWork;

typedef struct LiteViewWork LiteViewWork; /* views.c's own */

typedef struct LitePlanner
{
	LiteDb *db;
	const LiteSchema *schema;
	const LitePlanOptions *options;
	LiteArena *arena;
	LitePlan *plan;
	LiteError *err;
	int *work_of; /* table in schema -> in works, or -1 */
	int nworks;
	LiteTableWork *works;
	LiteNames *relations;
	LiteViewWork **view_of; /* of the schema's objects; NULL: no view, or
							 * not asked for */
	int views_capacity;
	const char *unaccent; /* schema of that extension, if it is used */
	bool accents[2];	  /* configurations to make: simple, english */
	int findings_capacity;
	int statements_capacity;
} LitePlanner;

/* findings.c */
extern void lite_find(LitePlanner *planner, LiteSeverity severity,
					  const char *code, const char *table, const char *object,
					  const char *advice, const char *fmt, ...);
/* A piece of the file's text for a sentence: clipped, printable. */
extern const char *lite_find_clip(LitePlanner *planner, const char *text,
								  size_t size);
extern const char *lite_find_column(LitePlanner *planner,
									const LiteTable *table, int column);

/* choose.c */
extern bool lite_planner_lists(int n, const char *const *names,
							   const char *name);
extern const char *lite_planner_rename_reason(int changes);
extern LiteStatus lite_planner_choose(LitePlanner *planner);

/* declared.c */
extern LiteStatus lite_planner_declared(LitePlanner *planner,
										LiteTableWork *work);
/* Columns on either side of a foreign key. */
extern void lite_planner_families(LitePlanner *planner);

/* decide.c */
extern LiteStatus lite_planner_profile(LitePlanner *planner,
									   LiteTableWork *work);
/* What the user has said overrules what the values say. */
extern void lite_planner_override(LiteTableWork *work, LiteArena *arena);
extern LiteStatus lite_planner_check(LitePlanner *planner,
									 LiteTableWork *work);

/* columns.c */
extern bool lite_planner_is_key(const LiteTable *table, int column);
extern LiteStatus lite_planner_columns(LitePlanner *planner,
									   LiteTableWork *work);

/* computed.c; scope first: what expressions may name */
extern void lite_planner_scope(LitePlanner *planner, LiteTableWork *work);
extern void lite_planner_generated(LitePlanner *planner, LiteTableWork *work);
extern void lite_planner_defaults(LitePlanner *planner, LiteTableWork *work);

/* options.c */
extern LiteStatus lite_options_types(LitePlanner *planner);
extern LiteStatus lite_options_search(LitePlanner *planner);
extern LiteStatus lite_options_names(LitePlanner *planner, const char *option,
									 int n, const char *const *names);

/* family.c */
extern void lite_families_unify(LitePlanner *planner);

/* search.c */
extern LiteStatus lite_search_add(LitePlanner *planner, LiteTableWork *work,
								  const LiteSearch *search);
extern void lite_search_columns(LitePlanner *planner, LiteTableWork *work);

/* fts.c */
extern bool lite_fts_is(const LiteTable *table);
/* Does this full-text table become a table of its own? */
extern bool lite_fts_standalone(LitePlanner *planner, const LiteTable *table);
extern LiteStatus lite_fts_searches(LitePlanner *planner);
/* Statements that make the text search configurations that were asked for. */
extern void lite_fts_configurations(LitePlanner *planner);

/* ddl.c */
extern LiteStatement *lite_ddl_add(LitePlanner *planner, LitePhase phase,
								   int table, const char *object,
								   sqlite3_str *sql);
extern LiteStatus lite_ddl_build(LitePlanner *planner);
extern void lite_ddl_notes(LitePlanner *planner, const LiteTable *table,
						   const char *object, const char *code,
						   const LiteTranslation *translation);

/* keys.c */
extern LiteStatus lite_keys_build(LitePlanner *planner, LiteTableWork *work);
extern void lite_keys_names(LitePlanner *planner);

/* views.c: the last two add statements */
extern LiteStatus lite_views_choose(LitePlanner *planner);
extern LiteStatus lite_views_translate(LitePlanner *planner);
extern void lite_views_drop(LitePlanner *planner);
extern void lite_views_build(LitePlanner *planner);

/* foreign.c */
extern LiteStatus lite_foreign_keys_build(LitePlanner *planner,
										  LiteTableWork *work);

/* Was this object asked for (or all, and it was not excluded)? */
extern bool lite_planner_wants(const LitePlanner *planner,
							   const LiteTable *table);

/* The work of a table of the schema, or NULL when it is not imported. */
extern LiteTableWork *lite_planner_work(LitePlanner *planner,
										const LiteTable *table);

#endif /* LITE_PLANNER_H */
