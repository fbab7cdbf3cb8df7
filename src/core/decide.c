/*
 * decide.c
 *	  Each column's type: from its values, or as the user wants it; and the
 *	  values that will not convert to it.
 *
 * infer.c decides of one column; here are the profile that it decides from,
 * the options that overrule it, and the check of types that no profile has
 * proved.
 */
#include <string.h>

#include "core/planner.h"

static void
infer_table(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;

	for (int i = 0; i < table->ncolumns; i++)
	{
		LiteColumnFacts facts = {.table = table,
								 .column = &table->columns[i],
								 .table_profile = work->profile,
								 .infer = planner->options->infer};

		if (work->profile != NULL)
			facts.profile = &work->profile->columns[i];
		facts.rowid_alias = i == table->rowid_alias;
		facts.unique = work->unique[i];
		facts.key_family = work->key_family[i];
		facts.check_boolean = work->check_boolean[i];
		facts.check_json = work->check_json[i];
		facts.time_zone = planner->options->to_utc != NULL
							  ? planner->options->time_zone
							  : NULL;
		lite_infer_column(planner->arena, &facts, &work->decisions[i]);
	}
}

LiteStatus
lite_planner_profile(LitePlanner *planner, LiteTableWork *work)
{
	LiteProfileOptions options = {.sample = planner->options->sample};
	LiteStatus status;

	options.times = planner->options->infer == LITE_INFER_EAGER;
	if (!planner->options->skip_rows)
	{
		status =
			lite_profile_table(planner->db, work->source, &options,
							   planner->arena, &work->profile, planner->err);
		if (status == LITE_SQL || status == LITE_UNSUPPORTED)
		{
			/* one table's trouble (a function that is not there, in a
			 * generated column): the others can be read all the same */
			work->profile = NULL;
			lite_find(planner, LITE_SEVERITY_ERROR, "unreadable",
					  work->source->name, NULL, "exclude it",
					  "its rows cannot be read: %s",
					  lite_find_clip(planner, planner->err->message, 200));
			lite_error_clear(planner->err);
		}
		else if (status != LITE_OK)
			return status;
	}
	planner->plan->tables[work->index].profile = work->profile;
	infer_table(planner, work);
	return lite_arena_failed(planner->arena) ? lite_error_nomem(planner->err)
											 : LITE_OK;
}

/* What the user has said overrules what the values say. */
void
lite_planner_override(LiteTableWork *work, LiteArena *arena)
{
	for (int i = 0; i < work->source->ncolumns; i++)
	{
		LiteDecision *d = &work->decisions[i];

		if (!work->overridden[i])
			continue;
		d->type = work->override[i];
		if (d->type.format == LITE_NFORMATS)
			d->type.format = lite_infer_format(work->profile != NULL
												   ? &work->profile->columns[i]
												   : NULL,
											   d->type.type);
		d->evidence = lite_arena_printf(arena, "asked for; %s", d->evidence);
		d->suggestion = NULL;
		d->code = NULL;
	}
}

/* ------------------------------------------------------------------------
 * Values that will not convert
 * ------------------------------------------------------------------------ */

static const char *
row_words(LitePlanner *planner, const LiteTableWork *work, int64_t row)
{
	return lite_arena_printf(planner->arena, "%s %lld",
							 work->profile != NULL && work->profile->by_rowid
								 ? "rowid"
								 : "row",
							 (long long) row);
}

static void
find_misfits(LitePlanner *planner, LiteTableWork *work, int column,
			 int64_t count, int64_t row, const char *what)
{
	LiteOnError on_error = work->on_error[column];
	const LiteColumnProfile *p = &work->profile->columns[column];
	bool bytes = p->count[LITE_INTEGER] + p->count[LITE_REAL] == 0;
	const char *fate =
		on_error == LITE_ON_ERROR_STOP	 ? "the import will stop there"
		: on_error == LITE_ON_ERROR_NULL ? "they become NULL"
										 : "their rows go to the rejects";

	lite_find(planner,
			  on_error == LITE_ON_ERROR_STOP ? LITE_SEVERITY_ERROR
											 : LITE_SEVERITY_WARNING,
			  "misfit", work->source->name,
			  lite_find_column(planner, work->source, column),
			  on_error != LITE_ON_ERROR_STOP ? NULL
			  : bytes
				  ? "on_error => 'reject' keeps such rows aside, on_error => "
					"'null' loads them without the value; a type of bytea "
					"keeps any bytes"
				  : "on_error => 'reject' keeps such rows aside, on_error => "
					"'null' loads them without the value",
			  "%lld value%s %s, the first in %s: %s", (long long) count,
			  count == 1 ? "" : "s", what, row_words(planner, work, row),
			  fate);
}

static LiteStatus
check_column(LitePlanner *planner, LiteTableWork *work, int column)
{
	const LiteColumnProfile *p = &work->profile->columns[column];
	const LiteDecision *d = &work->decisions[column];
	bool textual = d->type.type == LITE_TYPE_TEXT;
	int64_t misfits;
	int64_t row;
	LiteMisfit why;
	LiteStatus status;

	if (!work->overridden[column] && !d->rechecked)
	{
		/* decided by the profile: only text can fail, by its bytes */
		if (textual && p->has_bad)
			find_misfits(planner, work, column, p->text_nul + p->text_invalid,
						 p->bad_row,
						 p->text_invalid == 0 ? "with a NUL byte inside"
						 : p->text_nul == 0
							 ? "of invalid UTF-8"
							 : "of invalid UTF-8 or with a NUL byte inside");
		if (textual && p->count[LITE_BLOB] > p->fits[LITE_FIT_BLOB_TEXT])
			find_misfits(planner, work, column,
						 p->count[LITE_BLOB] - p->fits[LITE_FIT_BLOB_TEXT],
						 p->failed_row[LITE_FIT_BLOB_TEXT],
						 "stored as a blob that is no text, among other "
						 "values");
		return LITE_OK;
	}
	if (lite_profile_values(p) == 0)
		return LITE_OK;
	status = lite_profile_check(planner->db, work->source, column, d->type,
								&misfits, &row, &why, planner->err);
	if (status != LITE_OK)
		return status;
	if (misfits > 0)
	{
		char name[64];

		find_misfits(
			planner, work, column, misfits, row,
			lite_arena_printf(planner->arena, "do%s not fit type %s (%s)",
							  misfits == 1 ? "es" : "",
							  lite_type_format(d->type, name, sizeof(name)),
							  lite_misfit_name(why)));
	}
	return LITE_OK;
}

LiteStatus
lite_planner_check(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;

	for (int i = 0; i < table->ncolumns; i++)
	{
		const LiteDecision *d = &work->decisions[i];
		LiteStatus status;

		if (table->columns[i].hidden)
			continue;
		if (d->code != NULL)
			lite_find(planner, d->severity, d->code, table->name,
					  lite_find_column(planner, table, i), d->advice, "%s",
					  d->finding);
		if (d->suggestion != NULL)
			lite_find(planner, LITE_SEVERITY_INFO, "suggestion", table->name,
					  lite_find_column(planner, table, i), NULL, "%s",
					  d->suggestion);
		if (work->profile == NULL)
			continue;
		status = check_column(planner, work, i);
		if (status != LITE_OK)
			return status;
	}
	return LITE_OK;
}
