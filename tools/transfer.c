/*
 * transfer.c
 *	  One unit of rows, from the file into the staging table.
 *
 * A unit is one transaction:
 *
 *		BEGIN
 *		COPY staging.table FROM STDIN (FORMAT binary)	the rows that fit
 *		COPY staging.rejects FROM STDIN ...				those that do not
 *		INSERT INTO staging.state ...					the unit is done
 *		COMMIT
 *
 * so that after any kill the state table says exactly which rows are there.
 * Rejected rows wait in a temporary file until the table's COPY has ended
 * (a connection can do one COPY at a time), so memory stays flat however many
 * there are.  The digest is taken of what is sent, on the way.
 */
#include "loader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What goes into one CopyData message.  Big enough that calls cost nothing
 * per row, small enough to stay in the cache between encoding and sending.
 */
#define SEND_SIZE (128 * 1024)

/* Rows between two looks at the counters that others read. */
#define COUNT_ROWS 512

#define REJECT_FIELDS 8

typedef struct Transfer
{
	Loader *loader;
	Target *target; /* NULL: digest only */
	Unit *unit;
	const LitePlanTable *table;
	RowReader *reader;
	CopyEncoder *encoders;
	LiteType *types;
	int nvalues;
	CopyBuffer buffer;
	LiteDigest digest;
	LiteColumnDigest *sums;
	bool digesting;
	int64_t rows;
	int64_t bytes;
	int64_t counted_rows; /* already in the loader's counters */
	int64_t counted_bytes;
	int64_t rejected;
	int64_t spooled;
	FILE *spool; /* what did not fit, as COPY has it */
	CopyBuffer reject;
} Transfer;

static bool
transfer_init(Transfer *t, Loader *loader, Target *target, LiteDb *db,
			  Unit *unit, Failure *failure)
{
	memset(t, 0, sizeof(*t));
	t->loader = loader;
	t->target = target;
	t->unit = unit;
	t->table = &loader->plan->tables[unit->table];
	t->digesting = loader->options->verify || target == NULL;
	if (!reader_open(&t->reader, db, loader->plan, unit->table, unit->ranged,
					 unit->lo, unit->hi, failure))
		return false;
	t->nvalues = reader_nvalues(t->reader);
	t->encoders = calloc((size_t) t->nvalues + 1, sizeof(CopyEncoder));
	t->types = calloc((size_t) t->nvalues + 1, sizeof(LiteType));
	t->sums = calloc((size_t) t->nvalues + 1, sizeof(LiteColumnDigest));
	if (!t->encoders || !t->types || !t->sums)
		return fail_memory(failure);
	for (int i = 0; i < t->nvalues; i++)
	{
		t->types[i] = reader_column(t->reader, i)->type.type;
		t->encoders[i] = copy_encoder(t->types[i]);
	}
	lite_digest_init(&t->digest, t->sums, t->nvalues);
	return true;
}

static void
transfer_free(Transfer *t)
{
	reader_close(t->reader);
	copy_buffer_free(&t->buffer);
	copy_buffer_free(&t->reject);
	free(t->encoders);
	free(t->types);
	free(t->sums);
	if (t->spool)
		fclose(t->spool);
}

/* Brings the counters of the progress line up to date. */
static void
count(Transfer *t)
{
	TableRun *run = &t->loader->tables[t->unit->table];
	int64_t rows = t->rows - t->counted_rows;
	int64_t bytes = t->bytes - t->counted_bytes;

	atomic_fetch_add(&run->rows, rows);
	atomic_fetch_add(&run->bytes, bytes);
	atomic_fetch_add(&t->loader->rows_done, rows);
	atomic_fetch_add(&t->loader->bytes_done, bytes);
	t->counted_rows += rows;
	t->counted_bytes += bytes;
}

/* The transaction did not happen: neither did what it counted. */
static void
uncount(Transfer *t)
{
	t->rows = 0;
	t->bytes = 0;
	count(t);
}

static void
digest_row(Transfer *t)
{
	const LiteValue *values = reader_values(t->reader);
	const LiteScalar *scalars = reader_scalars(t->reader);
	const bool *nulls = reader_nulls(t->reader);

	lite_digest_row_begin(&t->digest);
	for (int i = 0; i < t->nvalues; i++)
		lite_digest_value(&t->digest, i, t->types[i],
						  nulls[i] ? NULL : &values[i], &scalars[i]);
	lite_digest_row_end(&t->digest);
}

static void
encode_row(Transfer *t)
{
	const LiteScalar *scalars = reader_scalars(t->reader);
	const bool *nulls = reader_nulls(t->reader);

	copy_put_row(&t->buffer, t->nvalues);
	for (int i = 0; i < t->nvalues; i++)
	{
		if (nulls[i])
			copy_put_null(&t->buffer);
		else
			t->encoders[i](&t->buffer, &scalars[i]);
	}
}

static void
put_field(CopyBuffer *buffer, const char *data, size_t len)
{
	LiteScalar scalar = {0, 0, data, len};

	copy_encoder(LITE_TYPE_BYTEA)(buffer, &scalar);
}

/* A name from the file need not be UTF-8. */
static void
put_name(CopyBuffer *buffer, const char *name)
{
	char clipped[1024];
	bool nul;
	size_t len = strlen(name);

	if (lite_utf8_valid(name, len, &nul))
		put_field(buffer, name, len);
	else
	{
		lite_text_clip(clipped, sizeof(clipped), name, len);
		put_field(buffer, clipped, strlen(clipped));
	}
}

static void
put_misfit_value(CopyBuffer *buffer, const LiteValue *value)
{
	char word[64];

	if (value->cls == LITE_TEXT || value->cls == LITE_BLOB)
	{
		put_field(buffer, value->data, value->len);
		return;
	}
	if (value->cls == LITE_INTEGER)
		sqlite3_snprintf(sizeof(word), word, "%lld", (sqlite3_int64) value->i);
	else
		sqlite3_snprintf(sizeof(word), word, "%!.17g", value->r);
	put_field(buffer, word, strlen(word));
}

/*
 * table, key, column, action, reason, storage class, value, row: the row is
 * kept whole where it is not loaded.
 */
static bool
spool(Transfer *t, const RowMisfit *misfit, bool whole, Failure *failure)
{
	CopyBuffer *b = &t->reject;
	CopyBuffer json = {NULL, 0, 0, false};
	char where[300];
	const LitePlanColumn *column = &t->table->columns[misfit->column];
	LiteScalar scalar;

	if (t->spool == NULL)
		t->spool = tmpfile();
	if (t->spool == NULL)
		return fail(failure, EXIT_TARGET,
					"could not create a temporary file for rejected rows");
	b->len = 0;
	reader_locate(t->reader, where, sizeof(where));
	copy_put_row(b, REJECT_FIELDS);
	put_name(b, t->table->source->name);
	put_name(b, where);
	put_name(b, misfit->field ? misfit->field : column->name);
	put_name(b, whole ? "reject" : "null");
	put_name(b, lite_misfit_name(misfit->misfit));
	put_name(b, lite_class_name(misfit->value.cls));
	put_misfit_value(b, &misfit->value);
	if (whole)
	{
		reader_row_json(t->reader, &json);
		memset(&scalar, 0, sizeof(scalar));
		scalar.data = json.data;
		scalar.len = json.len;
		copy_encoder(LITE_TYPE_JSONB)(b, &scalar);
	}
	else
		copy_put_null(b);
	if (json.failed || b->failed)
	{
		copy_buffer_free(&json);
		return fail_memory(failure);
	}
	copy_buffer_free(&json);
	if (fwrite(b->data, 1, b->len, t->spool) != b->len)
		return fail(failure, EXIT_TARGET,
					"could not write rejected rows to a temporary file");
	t->spooled++;
	return true;
}

/* Values that NULL has taken the place of: kept aside, for somebody to see. */
static bool
spool_nulled(Transfer *t, Failure *failure)
{
	const RowMisfit *misfits;
	int n = reader_row_nulled(t->reader, &misfits);

	for (int i = 0; i < n; i++)
	{
		if (!spool(t, &misfits[i], false, failure))
			return false;
	}
	return true;
}

static bool
send_full(Transfer *t, Failure *failure)
{
	t->bytes += (int64_t) t->buffer.len;
	count(t);
	return target_put(t->target, &t->buffer, failure);
}

/* All rows of the unit.  After a failure *copying says whether the COPY is
 * still to be given up. */
static bool
send_rows(Transfer *t, bool *copying, Failure *failure)
{
	RowMisfit misfit;
	int r;

	while ((r = reader_next(t->reader, &misfit, failure)) > 0)
	{
		if (misfit.misfit != LITE_FITS)
		{
			if (t->loader->options->plan.on_error == LITE_ON_ERROR_STOP ||
				!t->loader->plan->tables[t->unit->table].profile ||
				!t->loader->plan->tables[t->unit->table].profile->whole)
				return reader_misfit_fail(t->reader, &misfit, failure);
			if (!spool(t, &misfit, true, failure))
				return false;
			t->rejected++;
			continue;
		}
		if (!spool_nulled(t, failure))
			return false;
		if (t->digesting)
			digest_row(t);
		t->rows++;
		if (t->target == NULL)
		{
			if (t->rows % COUNT_ROWS == 0)
				count(t);
			continue;
		}
		encode_row(t);
		if (t->buffer.len >= SEND_SIZE && !send_full(t, failure))
		{
			*copying = false;
			return false;
		}
	}
	return r == 0;
}

static bool
begin_copy(Transfer *t, Failure *failure)
{
	sqlite3_str *str = sqlite3_str_new(NULL);
	const char *separator = " (";
	char *sql;
	bool ok;

	sqlite3_str_appendf(str, "COPY %s", t->table->qualified);
	for (int i = 0; i < t->nvalues; i++)
	{
		sqlite3_str_appendall(str, separator);
		lite_pg_ident(str, reader_column(t->reader, i)->name);
		separator = ", ";
	}
	sqlite3_str_appendf(str, "%s FROM STDIN (FORMAT binary)",
						t->nvalues ? ")" : "");
	sql = sqlite3_str_finish(str);
	if (sql == NULL)
		return fail_memory(failure);
	ok = target_copy_in(t->target, sql, failure);
	sqlite3_free(sql);
	return ok;
}

static bool
copy_rows(Transfer *t, Failure *failure)
{
	bool copying = true;
	int64_t arrived = 0;

	if (!begin_copy(t, failure))
		return false;
	copy_put_header(&t->buffer);
	if (!send_rows(t, &copying, failure))
	{
		if (copying)
			target_copy_abort(t->target);
		return false;
	}
	copy_put_trailer(&t->buffer);
	if (!send_full(t, failure) ||
		!target_copy_end(t->target, &arrived, failure))
		return false;
	if (arrived != t->rows)
		return fail(failure, EXIT_VERIFICATION,
					"%lld rows were sent into table %s, the server counts "
					"%lld",
					(long long) t->rows, t->table->qualified,
					(long long) arrived);
	return true;
}

static bool
copy_rejects(Transfer *t, Failure *failure)
{
	CopyBuffer *b = &t->reject;
	int64_t arrived = 0;
	size_t n;
	char *sql;
	bool ok;

	if (t->spooled == 0)
		return true;
	sql = sqlite3_mprintf("COPY %s FROM STDIN (FORMAT binary)",
						  t->loader->rejects_table);
	if (sql == NULL)
		return fail_memory(failure);
	ok = target_copy_in(t->target, sql, failure);
	sqlite3_free(sql);
	if (!ok)
		return false;

	rewind(t->spool);
	b->len = 0;
	copy_put_header(b);
	do
	{
		if (!copy_buffer_reserve(b, SEND_SIZE))
		{
			target_copy_abort(t->target);
			return fail_memory(failure);
		}
		n = fread(b->data + b->len, 1, SEND_SIZE, t->spool);
		b->len += n;
		if (n < SEND_SIZE)
			copy_put_trailer(b);
		if (!target_put(t->target, b, failure))
			return false;
	} while (n == SEND_SIZE);
	if (!target_copy_end(t->target, &arrived, failure))
		return false;
	if (arrived != t->spooled)
		return fail(failure, EXIT_VERIFICATION,
					"%lld rejects were sent, the server counts %lld",
					(long long) t->spooled, (long long) arrived);
	return true;
}

static void
add_up(Transfer *t, double seconds)
{
	Loader *loader = t->loader;
	TableRun *run = &loader->tables[t->unit->table];

	pthread_mutex_lock(&loader->lock);
	if (t->digesting)
		lite_digest_add(&run->source, &t->digest);
	run->rejected += t->rejected;
	run->nulled += reader_nulled(t->reader);
	run->load_seconds += seconds;
	pthread_mutex_unlock(&loader->lock);
}

bool
transfer_unit(Loader *loader, Target *target, LiteDb *db, Unit *unit,
			  Failure *failure)
{
	double started = now_seconds();
	Transfer t;
	bool ok;

	ok = transfer_init(&t, loader, target, db, unit, failure) &&
		 target_run(target, "BEGIN", failure) && copy_rows(&t, failure) &&
		 copy_rejects(&t, failure) &&
		 stage_mark(loader, target, unit, t.rejected, reader_nulled(t.reader),
					t.rows, t.digesting ? &t.digest : NULL, NULL, failure) &&
		 target_run(target, "COMMIT", failure);
	if (ok)
	{
		count(&t);
		add_up(&t, now_seconds() - started);
	}
	else
	{
		uncount(&t);
		target_rollback(target);
	}
	transfer_free(&t);
	return ok;
}

bool
digest_unit(Loader *loader, LiteDb *db, Unit *unit, Failure *failure)
{
	double started = now_seconds();
	bool copying = false;
	Transfer t;
	bool ok;

	ok = transfer_init(&t, loader, NULL, db, unit, failure) &&
		 send_rows(&t, &copying, failure);
	if (ok)
	{
		count(&t);
		add_up(&t, now_seconds() - started);
	}
	transfer_free(&t);
	return ok;
}
