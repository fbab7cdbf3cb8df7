/*
 * state.c
 *	  What has been done, unit by unit, in the staging database itself.
 *
 * A line of the table "unit" is written in the transaction that does what it
 * says, with the digest of the rows it brought: so a resumed load knows which
 * rows are there, and can prove at the end that all are, without reading them
 * from the file again.
 */
#include "stage.h"

#include <stdlib.h>
#include <string.h>

static const char *
kind_letter(UnitKind kind)
{
	switch (kind)
	{
		case UNIT_ROWS:
			return "r";
		case UNIT_CHECK:
			return "c";
		case UNIT_STATEMENT:
			return "s";
	}
	return "?";
}

/* rows, the rows' sum, and each column's counts and sums, in hex words. */
static char *
digest_text(const LiteDigest *digest)
{
	sqlite3_str *str = sqlite3_str_new(NULL);

	sqlite3_str_appendf(str, "%llx %llx %llx", (sqlite3_uint64) digest->rows,
						(sqlite3_uint64) digest->row_sum.lo,
						(sqlite3_uint64) digest->row_sum.hi);
	for (int i = 0; i < digest->ncolumns; i++)
	{
		const LiteColumnDigest *c = &digest->columns[i];

		sqlite3_str_appendf(str, " %llx %llx %llx %llx %llx %llx",
							(sqlite3_uint64) c->values,
							(sqlite3_uint64) c->nulls,
							(sqlite3_uint64) c->exact.lo,
							(sqlite3_uint64) c->exact.hi,
							(sqlite3_uint64) c->canonical.lo,
							(sqlite3_uint64) c->canonical.hi);
	}
	return sqlite3_str_finish(str);
}

static uint64_t
next_word(const char **text)
{
	char *end;
	uint64_t word = strtoull(*text, &end, 16);

	*text = end;
	return word;
}

static bool
add_digest_text(LiteDigest *sum, const char *text)
{
	LiteDigest part;
	LiteColumnDigest *columns =
		calloc((size_t) sum->ncolumns + 1, sizeof(LiteColumnDigest));

	if (columns == NULL)
		return false;
	lite_digest_init(&part, columns, sum->ncolumns);
	part.rows = (int64_t) next_word(&text);
	part.row_sum.lo = next_word(&text);
	part.row_sum.hi = next_word(&text);
	for (int i = 0; i < sum->ncolumns; i++)
	{
		columns[i].values = (int64_t) next_word(&text);
		columns[i].nulls = (int64_t) next_word(&text);
		columns[i].exact.lo = next_word(&text);
		columns[i].exact.hi = next_word(&text);
		columns[i].canonical.lo = next_word(&text);
		columns[i].canonical.hi = next_word(&text);
	}
	lite_digest_add(sum, &part);
	free(columns);
	return true;
}

bool
stage_mark(Loader *loader, Target *target, const Unit *unit, int64_t rejected,
		   int64_t nulled, int64_t rows, const LiteDigest *digest,
		   const char *note, Failure *failure)
{
	char numbers[6][24];
	const char *params[9] = {kind_letter(unit->kind)};
	char *text = digest ? digest_text(digest) : NULL;
	char *sql = sqlite3_mprintf("INSERT INTO %s.unit VALUES "
								"($1, $2, $3, $4, $5, $6, $7, $8, $9)",
								loader->state_ident);
	int64_t values[6] = {unit->number, unit->lo, unit->hi,
						 rows,		   rejected, nulled};
	PGresult *result = NULL;
	bool ok;

	for (int i = 0; i < 6; i++)
	{
		sqlite3_snprintf(sizeof(numbers[i]), numbers[i], "%lld",
						 (sqlite3_int64) values[i]);
		params[i + 1] = numbers[i];
	}
	params[7] = text;
	params[8] = note;
	ok = sql != NULL && (digest == NULL || text != NULL);
	if (!ok)
		fail_memory(failure);
	else
		ok = target_query(target, sql, 9, params, &result, failure);
	PQclear(result);
	sqlite3_free(sql);
	sqlite3_free(text);
	return ok;
}

/* Row k of the answer is about this unit: take over what it says. */
static bool
take_over(Loader *loader, Unit *unit, const PGresult *result, int k,
		  Failure *failure)
{
	TableRun *run;

	unit->done = true;
	if (unit->kind == UNIT_STATEMENT)
	{
		if (!PQgetisnull(result, k, 7))
			loader_finding(loader, LITE_SEVERITY_WARNING, "statement", NULL,
						   NULL, "%s", PQgetvalue(result, k, 7));
		return true;
	}
	if (unit->lo != strtoll(PQgetvalue(result, k, 1), NULL, 10) ||
		unit->hi != strtoll(PQgetvalue(result, k, 2), NULL, 10))
		return fail(failure, EXIT_TARGET,
					"cannot resume: the units of the load have changed");
	run = &loader->tables[unit->table];
	pthread_mutex_lock(&loader->lock);
	run->rejected += strtoll(PQgetvalue(result, k, 4), NULL, 10);
	run->nulled += strtoll(PQgetvalue(result, k, 5), NULL, 10);
	if (!PQgetisnull(result, k, 6))
		unit->done = add_digest_text(&run->source, PQgetvalue(result, k, 6));
	else if (loader->options->verify)
		loader->undigested = true;
	pthread_mutex_unlock(&loader->lock);
	if (!unit->done)
		return fail_memory(failure);
	atomic_fetch_add(&run->rows, strtoll(PQgetvalue(result, k, 3), NULL, 10));
	return true;
}

static bool
read_units(Loader *loader, Target *target, Unit *units, int nunits,
		   Failure *failure)
{
	const char *kind = kind_letter(units[0].kind);
	char *sql = sqlite3_mprintf("SELECT number, lo, hi, read, rejected, "
								"nulled, digest, note FROM %s.unit "
								"WHERE kind = $1",
								loader->state_ident);
	PGresult *result;
	bool ok;

	if (sql == NULL)
		return fail_memory(failure);
	ok = target_query(target, sql, 1, &kind, &result, failure);
	sqlite3_free(sql);
	if (!ok)
		return false;
	for (int k = 0; ok && k < PQntuples(result); k++)
	{
		int number = atoi(PQgetvalue(result, k, 0));

		for (int i = 0; ok && i < nunits; i++)
		{
			if (units[i].number == number && !units[i].done)
				ok = take_over(loader, &units[i], result, k, failure);
		}
	}
	PQclear(result);
	return ok;
}

bool
stage_read_units(Loader *loader, Unit *units, int nunits, Failure *failure)
{
	if (!loader->left_behind || nunits == 0)
		return true;
	return read_units(loader, &loader->control, units, nunits, failure);
}

bool
stage_was_marked(Loader *loader, Target *target, Unit *unit, Failure *failure)
{
	unit->done = false;
	if (unit->kind == UNIT_CHECK)
		return true;
	return read_units(loader, target, unit, 1, failure);
}
