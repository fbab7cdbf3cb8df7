/*
 * planfile.h
 *	  A plan of a database written in SQL, and questions to it.
 */
#ifndef PLANFILE_H
#define PLANFILE_H

#include "core/plan.h"
#include "files.h"
#include "tap.h"

typedef struct PlanFile
{
	LiteDb *db;
	LiteArena *arena;
	LiteSchema *schema;
	LitePlan *plan; /* NULL: it failed, err says why */
	LiteStatus status;
	LiteError err;
} PlanFile;

static UNUSED void
plan_begin(PlanFile *file, const char *sql)
{
	LiteDbOptions options = LITE_DB_OPTIONS_DEFAULT;
	const char *path = file_path("plan.db");
	sqlite3 *db;

	memset(file, 0, sizeof(*file));
	unlink(path);
	db = plain_open(path);
	/* a file of no length is no database */
	plain_exec(db, "PRAGMA user_version = 1; PRAGMA synchronous = OFF;"
				   "PRAGMA journal_mode = OFF; BEGIN");
	plain_exec(db, sql);
	plain_exec(db, "COMMIT");
	sqlite3_close(db);
	file->arena = lite_arena_create(0);
	if (lite_db_open(path, &options, &file->db, &file->err) != LITE_OK ||
		lite_db_begin(file->db, &file->err) != LITE_OK ||
		lite_schema_load(file->db, file->arena, &file->schema, &file->err) !=
			LITE_OK)
	{
		printf("Bail out! %s: %s\n", file->err.message, file->err.detail);
		exit(1);
	}
}

static UNUSED void
plan_make(PlanFile *file, LitePlanOptions *options)
{
	if (options->schema == NULL)
		options->schema = "app";
	file->plan = NULL;
	file->status = lite_plan_build(file->db, file->schema, options,
								   file->arena, &file->plan, &file->err);
}

/* The plan of this database, which must succeed. */
static UNUSED void
plan_of(PlanFile *file, const char *sql, LitePlanOptions *options)
{
	LitePlanOptions defaults;

	if (options == NULL)
	{
		lite_plan_options_init(&defaults);
		options = &defaults;
	}
	plan_begin(file, sql);
	plan_make(file, options);
	if (file->plan == NULL)
	{
		printf("Bail out! no plan: %s: %s\n", file->err.message,
			   file->err.detail);
		exit(1);
	}
}

static UNUSED void
plan_end(PlanFile *file)
{
	lite_db_close(file->db);
	lite_arena_free(file->arena);
}

static UNUSED LitePlanTable *
plan_table(PlanFile *file, const char *source)
{
	for (int i = 0; i < file->plan->ntables; i++)
	{
		if (strcmp(file->plan->tables[i].source->name, source) == 0)
			return &file->plan->tables[i];
	}
	return NULL;
}

/* By source table and target name. */
static UNUSED LitePlanColumn *
plan_column(PlanFile *file, const char *source, const char *name)
{
	LitePlanTable *table = plan_table(file, source);

	for (int i = 0; table != NULL && i < table->ncolumns; i++)
	{
		if (strcmp(table->columns[i].name, name) == 0)
			return &table->columns[i];
	}
	return NULL;
}

static UNUSED const char *
plan_type(PlanFile *file, const char *source, const char *name)
{
	LitePlanColumn *column = plan_column(file, source, name);

	return column != NULL ? column->type_sql : NULL;
}

/* The first statement with this piece in it. */
static UNUSED LiteStatement *
plan_statement(PlanFile *file, const char *piece)
{
	for (int i = 0; i < file->plan->nstatements; i++)
	{
		if (strstr(file->plan->statements[i].sql, piece) != NULL)
			return &file->plan->statements[i];
	}
	return NULL;
}

/* The first finding of this code; table and piece of its text, or NULL. */
static UNUSED LiteFinding *
plan_finding(PlanFile *file, const char *code, const char *table,
			 const char *piece)
{
	for (int i = 0; i < file->plan->nfindings; i++)
	{
		LiteFinding *f = &file->plan->findings[i];

		if (strcmp(f->code, code) == 0 &&
			(table == NULL ||
			 (f->table != NULL && strcmp(f->table, table) == 0)) &&
			(piece == NULL || strstr(f->text, piece) != NULL))
			return f;
	}
	return NULL;
}

static UNUSED void
plan_note(PlanFile *file)
{
	for (int i = 0; i < file->plan->nstatements; i++)
		note("%s", file->plan->statements[i].sql);
	for (int i = 0; i < file->plan->nfindings; i++)
		note("%s %s: %s", file->plan->findings[i].code,
			 file->plan->findings[i].object ? file->plan->findings[i].object
											: "",
			 file->plan->findings[i].text);
}

#define has_statement(file, piece, ...)                                       \
	do                                                                        \
	{                                                                         \
		if (!ok(plan_statement(file, piece) != NULL, __VA_ARGS__))            \
			plan_note(file);                                                  \
	} while (0)

#define has_finding(file, code, table, piece, ...)                            \
	do                                                                        \
	{                                                                         \
		if (!ok(plan_finding(file, code, table, piece) != NULL, __VA_ARGS__)) \
			plan_note(file);                                                  \
	} while (0)

#endif /* PLANFILE_H */
