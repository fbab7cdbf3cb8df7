/*
 * readback.c
 *	  What the server holds, digested; and the comparison.
 *
 *		COPY (SELECT ...) TO STDOUT -> fields -> LiteScalar
 *			-> lite_convert_back -> LiteValue -> digest
 *
 * The values make the whole way back to what SQLite would store, so that the
 * comparison tests the conversion, the wire and the server's storage at once.
 * Equality is digest.h's definition, the same as sqlite_verify()'s.
 */
#include "loader.h"

#include <stdlib.h>
#include <string.h>

#define COUNT_ROWS 512

typedef struct Readback
{
	const LitePlanTable *table;
	int nvalues;
	CopyDecoder *decoders;
	LiteConverter *converters;
	CopyField *fields;
	CopyBuffer *scratch;
	LiteColumnDigest *sums;
	LiteDigest digest;
	CopyReader reader;
	int64_t rows;
} Readback;

static bool
readback_init(Readback *r, const Loader *loader, int table)
{
	const LitePlanTable *t = &loader->plan->tables[table];
	size_t n;
	int k = 0;

	memset(r, 0, sizeof(*r));
	r->table = t;
	r->nvalues = plan_table_values(t);
	n = (size_t) r->nvalues + 1;
	r->decoders = calloc(n, sizeof(CopyDecoder));
	r->converters = calloc(n, sizeof(LiteConverter));
	r->fields = calloc(n, sizeof(CopyField));
	r->scratch = calloc(n, sizeof(CopyBuffer));
	r->sums = calloc(n, sizeof(LiteColumnDigest));
	if (!r->decoders || !r->converters || !r->fields || !r->scratch ||
		!r->sums)
		return false;
	for (int i = 0; i < t->ncolumns; i++)
	{
		if (!plan_column_has_value(&t->columns[i]))
			continue;
		lite_converter_init(&r->converters[k], t->columns[i].type);
		r->decoders[k++] = copy_decoder(t->columns[i].type.type);
	}
	lite_digest_init(&r->digest, r->sums, r->nvalues);
	copy_reader_init(&r->reader, r->fields, r->nvalues);
	return true;
}

static void
readback_free(Readback *r)
{
	for (int i = 0; i < r->nvalues; i++)
	{
		if (r->converters)
			lite_converter_free(&r->converters[i]);
		if (r->scratch)
			copy_buffer_free(&r->scratch[i]);
	}
	copy_reader_free(&r->reader);
	free(r->decoders);
	free(r->converters);
	free(r->fields);
	free(r->scratch);
	free(r->sums);
}

static bool
digest_fields(Readback *r, Failure *failure)
{
	lite_digest_row_begin(&r->digest);
	for (int i = 0; i < r->nvalues; i++)
	{
		LiteConverter *converter = &r->converters[i];
		LiteType type = converter->type.type;
		LiteScalar scalar;
		LiteValue value;

		if (r->fields[i].data == NULL)
		{
			lite_digest_value(&r->digest, i, type, NULL, NULL);
			continue;
		}
		memset(&scalar, 0, sizeof(scalar));
		if (!r->decoders[i](&r->scratch[i], r->fields[i].data,
							r->fields[i].len, &scalar))
		{
			/* nothing of ours: it differs from every value of the file */
			value.cls = LITE_BLOB;
			value.data = r->fields[i].data;
			value.len = r->fields[i].len;
			scalar.data = value.data;
			scalar.len = value.len;
			lite_digest_value(&r->digest, i, LITE_TYPE_BYTEA, &value, &scalar);
			continue;
		}
		if (lite_convert_back(converter, &scalar, &value) != LITE_FITS)
			return fail_memory(failure);
		lite_digest_value(&r->digest, i, type, &value, &scalar);
	}
	lite_digest_row_end(&r->digest);
	return true;
}

static char *
readback_sql(const Readback *r, const Unit *unit)
{
	sqlite3_str *str = sqlite3_str_new(NULL);
	const char *separator = "";

	sqlite3_str_appendall(str, "COPY (SELECT ");
	for (int i = 0; i < r->table->ncolumns; i++)
	{
		if (!plan_column_has_value(&r->table->columns[i]))
			continue;
		sqlite3_str_appendall(str, separator);
		lite_pg_ident(str, r->table->columns[i].name);
		separator = ", ";
	}
	sqlite3_str_appendf(str, " FROM %s", r->table->qualified);
	if (unit->ranged)
		sqlite3_str_appendf(str,
							" WHERE ctid >= '(%lld,0)'::tid AND "
							"ctid < '(%lld,0)'::tid",
							(sqlite3_int64) unit->lo,
							(sqlite3_int64) unit->hi + 1);
	sqlite3_str_appendall(str, ") TO STDOUT (FORMAT binary)");
	return sqlite3_str_finish(str);
}

static bool
read_rows(Readback *r, Loader *loader, Target *target, Unit *unit,
		  Failure *failure)
{
	TableRun *run = &loader->tables[unit->table];
	char *message;
	size_t len;

	for (;;)
	{
		int state = 0;

		if (!target_get(target, &message, &len, failure))
			return false;
		if (message == NULL)
			return true;
		if (!copy_reader_feed(&r->reader, message, len))
			state = -2;
		while (state == 0 && (state = copy_reader_row(&r->reader)) > 0)
		{
			state = digest_fields(r, failure) ? 0 : -3;
			if (state == 0 && ++r->rows % COUNT_ROWS == 0)
			{
				atomic_fetch_add(&run->checked, COUNT_ROWS);
				atomic_fetch_add(&loader->rows_done, COUNT_ROWS);
			}
		}
		PQfreemem(message);
		if (state == -1)
			return fail(failure, EXIT_TARGET,
						"the server's COPY stream of table %s is malformed",
						r->table->qualified);
		if (state == -2)
			return fail_memory(failure);
		if (state == -3)
			return false;
	}
}

bool
readback_unit(Loader *loader, Target *target, Unit *unit, Failure *failure)
{
	TableRun *run = &loader->tables[unit->table];
	double started = now_seconds();
	Readback r;
	char *sql = NULL;
	bool ok;

	if (!readback_init(&r, loader, unit->table) ||
		(sql = readback_sql(&r, unit)) == NULL)
	{
		readback_free(&r);
		return fail_memory(failure);
	}
	ok = target_run(target, sql, failure) &&
		 read_rows(&r, loader, target, unit, failure);
	sqlite3_free(sql);
	if (ok)
	{
		atomic_fetch_add(&run->checked, r.rows % COUNT_ROWS);
		atomic_fetch_add(&loader->rows_done, r.rows % COUNT_ROWS);
		pthread_mutex_lock(&loader->lock);
		lite_digest_add(&run->target, &r.digest);
		run->read_back = true;
		run->verify_seconds += now_seconds() - started;
		pthread_mutex_unlock(&loader->lock);
	}
	else
	{
		/* the unit begins again, or not at all */
		int64_t seen = r.rows - r.rows % COUNT_ROWS;

		atomic_fetch_sub(&run->checked, seen);
		atomic_fetch_sub(&loader->rows_done, seen);
	}
	readback_free(&r);
	return ok;
}

/* ------------------------------------------------------------------------
 * The comparison
 * ------------------------------------------------------------------------ */

static bool
same_hash(LiteHash a, LiteHash b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

static const LitePlanColumn *
value_column(const LitePlanTable *table, int value)
{
	for (int i = 0; i < table->ncolumns; i++)
	{
		if (plan_column_has_value(&table->columns[i]) && value-- == 0)
			return &table->columns[i];
	}
	return NULL;
}

static bool
compare_table(const LitePlanTable *table, TableRun *run)
{
	bool exact = true;

	if (run->source_rows >= 0 &&
		run->source_rows != run->source.rows + run->rejected)
	{
		sqlite3_snprintf(sizeof(run->detail), run->detail,
						 "the file has %lld rows, %lld were read and %lld "
						 "rejected",
						 (sqlite3_int64) run->source_rows,
						 (sqlite3_int64) run->source.rows,
						 (sqlite3_int64) run->rejected);
		return false;
	}
	if (run->source.rows != run->target.rows)
	{
		sqlite3_snprintf(sizeof(run->detail), run->detail,
						 "%lld rows in the file, %lld in the target",
						 (sqlite3_int64) run->source.rows,
						 (sqlite3_int64) run->target.rows);
		return false;
	}
	for (int i = 0; i < run->nvalues; i++)
	{
		const LiteColumnDigest *a = &run->source.columns[i];
		const LiteColumnDigest *b = &run->target.columns[i];

		if (a->nulls != b->nulls || a->values != b->values ||
			!same_hash(a->canonical, b->canonical))
		{
			sqlite3_snprintf(sizeof(run->detail), run->detail,
							 "column %s differs%s",
							 value_column(table, i)->name,
							 a->nulls != b->nulls ? " in its NULLs" : "");
			return false;
		}
		if (!same_hash(a->exact, b->exact))
			exact = false;
	}
	if (!same_hash(run->source.row_sum, run->target.row_sum))
	{
		sqlite3_snprintf(sizeof(run->detail), run->detail,
						 "every column is the same, the rows are not");
		return false;
	}
	sqlite3_snprintf(sizeof(run->detail), run->detail, "%s",
					 exact ? "equal" : "equal after normalisation");
	return true;
}

int
compare_digests(Loader *loader)
{
	int differ = 0;

	for (int i = 0; i < loader->plan->ntables; i++)
	{
		TableRun *run = &loader->tables[i];

		if (run->skip || run->detail[0] != '\0')
			continue;
		run->verified = compare_table(&loader->plan->tables[i], run);
		differ += !run->verified;
	}
	return differ;
}
