/*
 * script.c
 *	  --sql: the load as a script for psql, where no connection can be had.
 *
 *		sqlite2pg --sql app.db > app.sql ... psql -f app.sql
 *
 * One transaction; rows as COPY in text format.  What the plan calls optional
 * is run so that its failure is passed over, and its fallback tried (psql's
 * ON_ERROR_ROLLBACK and :ERROR).  A script whose rows came to a bad end closes
 * with ROLLBACK, so that half of a load is never committed.
 */
#include "loader.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FLUSH_SIZE (64 * 1024)

static const char prologue[] = "\\set ON_ERROR_STOP on\n"
							   "SET client_encoding TO 'UTF8';\n"
							   "SET search_path TO '';\n"
							   "SET datestyle TO ISO, YMD;\n"
							   "SET timezone TO 'UTC';\n"
							   "SET standard_conforming_strings TO on;\n"
							   "BEGIN;\n";

/* Text as COPY's text format has it: what would end a field or a row, and
 * the backslash, escaped. */
static void
put_escaped(CopyBuffer *buffer, const char *data, size_t len)
{
	size_t from = 0;

	for (size_t i = 0; i < len; i++)
	{
		const char *escape;

		switch (data[i])
		{
			case '\\':
				escape = "\\\\";
				break;
			case '\t':
				escape = "\\t";
				break;
			case '\n':
				escape = "\\n";
				break;
			case '\r':
				escape = "\\r";
				break;
			default:
				continue;
		}
		copy_put_bytes(buffer, data + from, i - from);
		copy_put_bytes(buffer, escape, 2);
		from = i + 1;
	}
	copy_put_bytes(buffer, data + from, len - from);
}

static void
put_bytea(CopyBuffer *buffer, const char *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	copy_put_bytes(buffer, "\\\\x", 3);
	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) data[i];
		char pair[2] = {digits[c >> 4], digits[c & 15]};

		copy_put_bytes(buffer, pair, 2);
	}
}

static void
put_double(CopyBuffer *buffer, double r)
{
	char text[LITE_DOUBLE_TEXT];

	if (isinf(r))
		copy_put_bytes(buffer, r < 0 ? "-Infinity" : "Infinity",
					   r < 0 ? 9 : 8);
	else
		copy_put_bytes(buffer, text, lite_double_text(r, text));
}

static void
put_int(CopyBuffer *buffer, int64_t i)
{
	char text[24];

	sqlite3_snprintf(sizeof(text), text, "%lld", (sqlite3_int64) i);
	copy_put_bytes(buffer, text, strlen(text));
}

/* converter: of the type in its native format, whose inverse writes times as
 * ISO text and uuids as text. */
static bool
put_scalar(CopyBuffer *buffer, LiteConverter *converter,
		   const LiteScalar *scalar)
{
	LiteValue value;

	switch (converter->type.type)
	{
		case LITE_TYPE_BOOL:
			copy_put_bytes(buffer, scalar->i ? "t" : "f", 1);
			return true;
		case LITE_TYPE_INT2:
		case LITE_TYPE_INT4:
		case LITE_TYPE_INT8:
			put_int(buffer, scalar->i);
			return true;
		case LITE_TYPE_FLOAT8:
			put_double(buffer, scalar->r);
			return true;
		case LITE_TYPE_NUMERIC:
			if (scalar->data == NULL)
				put_int(buffer, scalar->i);
			else
				copy_put_bytes(buffer, scalar->data, scalar->len);
			return true;
		case LITE_TYPE_BYTEA:
			put_bytea(buffer, scalar->data, scalar->len);
			return true;
		case LITE_TYPE_TEXT:
		case LITE_TYPE_VARCHAR:
		case LITE_TYPE_JSON:
		case LITE_TYPE_JSONB:
			put_escaped(buffer, scalar->data, scalar->len);
			return true;
		case LITE_TYPE_DATE:
		case LITE_TYPE_TIME:
		case LITE_TYPE_TIMESTAMP:
		case LITE_TYPE_TIMESTAMPTZ:
		case LITE_TYPE_UUID:
			if (lite_convert_back(converter, scalar, &value) != LITE_FITS)
				return false;
			copy_put_bytes(buffer, value.data, value.len);
			return true;
		case LITE_TYPE_NONE:
		case LITE_NTYPES:
			break;
	}
	return false;
}

static bool
flush(CopyBuffer *buffer, Failure *failure)
{
	bool ok = !buffer->failed &&
			  fwrite(buffer->data, 1, buffer->len, stdout) == buffer->len;

	if (!ok)
		fail(failure, EXIT_TARGET, "could not write the script");
	buffer->len = 0;
	return ok;
}

static bool
write_rows(Loader *loader, int table, RowReader *reader,
		   LiteConverter *converters, CopyBuffer *buffer, Failure *failure)
{
	int n = reader_nvalues(reader);
	RowMisfit misfit;
	int r;

	while ((r = reader_next(reader, &misfit, failure)) > 0)
	{
		if (misfit.misfit != LITE_FITS)
			return reader_misfit_fail(reader, &misfit, failure);
		for (int i = 0; i < n; i++)
		{
			if (i > 0)
				copy_put_bytes(buffer, "\t", 1);
			if (reader_nulls(reader)[i])
				copy_put_bytes(buffer, "\\N", 2);
			else if (!put_scalar(buffer, &converters[i],
								 &reader_scalars(reader)[i]))
				return fail_memory(failure);
		}
		copy_put_bytes(buffer, "\n", 1);
		if (buffer->len >= FLUSH_SIZE && !flush(buffer, failure))
			return false;
		atomic_fetch_add(&loader->tables[table].rows, 1);
	}
	return r == 0 && flush(buffer, failure);
}

static bool
write_table(Loader *loader, int table, Failure *failure)
{
	const LitePlanTable *t = &loader->plan->tables[table];
	CopyBuffer buffer = {NULL, 0, 0, false};
	LiteConverter *converters;
	sqlite3_str *str = sqlite3_str_new(NULL);
	RowReader *reader;
	char *columns;
	bool ok;

	if (!reader_open(&reader, loader->db, loader->plan, table, false, 0, 0,
					 failure))
	{
		sqlite3_free(sqlite3_str_finish(str));
		return false;
	}
	converters =
		calloc((size_t) reader_nvalues(reader) + 1, sizeof(LiteConverter));
	for (int i = 0; converters && i < reader_nvalues(reader); i++)
	{
		LiteColumnType type = reader_column(reader, i)->type;

		type.format = LITE_FORMAT_NATIVE;
		lite_converter_init(&converters[i], type);
		sqlite3_str_appendall(str, i ? ", " : "(");
		lite_pg_ident(str, reader_column(reader, i)->name);
	}
	sqlite3_str_appendall(str, reader_nvalues(reader) ? ")" : "");
	columns = sqlite3_str_finish(str);
	printf("COPY %s %s FROM stdin;\n", t->qualified, columns ? columns : "");
	ok = converters &&
		 write_rows(loader, table, reader, converters, &buffer, failure);
	printf("\\.\n\n");
	for (int i = 0; converters && i < reader_nvalues(reader); i++)
		lite_converter_free(&converters[i]);
	free(converters);
	sqlite3_free(columns);
	copy_buffer_free(&buffer);
	reader_close(reader);
	return ok;
}

static void
write_statement(const LiteStatement *s)
{
	if (!s->optional)
	{
		printf("%s;\n\n", s->sql);
		return;
	}
	printf("\\set ON_ERROR_STOP off\n\\set ON_ERROR_ROLLBACK on\n%s;\n",
		   s->sql);
	if (s->fallback)
		printf("\\if :ERROR\n%s;\n\\endif\n", s->fallback);
	printf("\\set ON_ERROR_ROLLBACK off\n\\set ON_ERROR_STOP on\n\n");
}

bool
script_write(Loader *loader, Failure *failure)
{
	const LitePlan *plan = loader->plan;
	bool ok = true;

	fputs(prologue, stdout);
	for (int i = 0; ok && i < plan->nstatements; i++)
	{
		const LiteStatement *s = &plan->statements[i];

		if (s->phase == LITE_PHASE_DATA)
			ok = write_table(loader, s->table, failure);
		else if (s->phase != LITE_PHASE_ANALYZE)
			write_statement(s);
	}
	puts(ok ? "COMMIT;"
			: "ROLLBACK;\n\\echo the script is incomplete\n\\quit");
	for (int i = 0; ok && i < plan->nstatements; i++)
	{
		if (plan->statements[i].phase == LITE_PHASE_ANALYZE)
			printf("%s;\n", plan->statements[i].sql);
	}
	if (fflush(stdout) != 0 && ok)
		return fail(failure, EXIT_TARGET, "could not write the script");
	return ok && snapshot_check(loader, failure);
}
