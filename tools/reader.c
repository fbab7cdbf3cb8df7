/*
 * reader.c
 *	  Rows of one planned table, out of the file and into scalars.
 *
 *		SELECT of the plan -> LiteValue -> converter -> LiteScalar
 *
 * All that a column needs is chosen when the reader is opened; per value
 * there is one call.  What to do with a value that fits nowhere is decided
 * here too: a NULL in its place (policy null, where the column may be NULL),
 * else the row is handed over as a misfit.
 */
#include "loader.h"

#include <stdlib.h>
#include <string.h>

struct RowReader
{
	LiteDb *db;
	const LitePlanTable *table;
	LiteStmt *stmt;
	bool nulls_misfits;
	int nvalues;
	int *plan_columns; /* of each value: its index in table->columns */
	int *positions;	   /* of each value: its place in the row read */
	LiteConverter *converters;
	LiteValue *values;
	LiteScalar *scalars;
	bool *nulls;
	int64_t nulled;
	RowMisfit *misfits; /* of the row read, that have become NULL */
	int nmisfits;

	/* document tables: the fields that make the document */
	int document;	 /* the value that is the document, or -1 */
	int first_field; /* place in the row read */
	LiteConverter *field_converters;
	LiteScalar *field_scalars;
	bool *field_nulls;
	char *text;
	size_t text_capacity;
};

bool
plan_column_has_value(const LitePlanColumn *column)
{
	return column->source != LITE_SOURCE_GENERATED;
}

int
plan_table_values(const LitePlanTable *table)
{
	int n = 0;

	for (int i = 0; i < table->ncolumns; i++)
		n += plan_column_has_value(&table->columns[i]);
	return n;
}

static void
init_converter(LiteConverter *converter, LiteColumnType type,
			   const LitePlan *plan)
{
	lite_converter_init(converter, type);
	converter->to_utc = plan->options.to_utc;
	converter->zone_arg = plan->options.zone_arg;
}

static bool
allocate(RowReader *reader)
{
	size_t n = (size_t) reader->nvalues + 1;
	size_t f = (size_t) reader->table->nfields + 1;

	reader->plan_columns = calloc(n, sizeof(int));
	reader->positions = calloc(n, sizeof(int));
	reader->converters = calloc(n, sizeof(LiteConverter));
	reader->values = calloc(n, sizeof(LiteValue));
	reader->scalars = calloc(n, sizeof(LiteScalar));
	reader->nulls = calloc(n, sizeof(bool));
	reader->misfits = calloc(n + f, sizeof(RowMisfit));
	reader->field_converters = calloc(f, sizeof(LiteConverter));
	reader->field_scalars = calloc(f, sizeof(LiteScalar));
	reader->field_nulls = calloc(f, sizeof(bool));
	return reader->plan_columns && reader->positions && reader->converters &&
		   reader->values && reader->scalars && reader->nulls &&
		   reader->misfits && reader->field_converters &&
		   reader->field_scalars && reader->field_nulls;
}

static void
choose(RowReader *reader, const LitePlan *plan)
{
	const LitePlanTable *table = reader->table;
	int position = 0;
	int n = 0;

	reader->document = -1;
	for (int i = 0; i < table->ncolumns; i++)
	{
		const LitePlanColumn *column = &table->columns[i];

		if (!plan_column_has_value(column))
			continue;
		reader->plan_columns[n] = i;
		init_converter(&reader->converters[n], column->type, plan);
		if (column->source == LITE_SOURCE_DOCUMENT)
		{
			reader->document = n;
			reader->positions[n] = -1;
		}
		else
			reader->positions[n] = position++;
		n++;
	}
	reader->first_field = position;
	for (int i = 0; i < table->nfields; i++)
		init_converter(&reader->field_converters[i], table->fields[i].type,
					   plan);
}

static bool
prepare(RowReader *reader, bool ranged, int64_t lo, int64_t hi,
		Failure *failure)
{
	const LitePlanTable *table = reader->table;
	LiteStatus status;

	if (ranged)
		status =
			lite_stmt_preparef(reader->db, &reader->stmt, &failure->error,
							   "%s WHERE %s BETWEEN %lld AND %lld",
							   table->select_sql, table->source->rowid_name,
							   (sqlite3_int64) lo, (sqlite3_int64) hi);
	else
		status = lite_stmt_prepare(reader->db, table->select_sql,
								   &reader->stmt, &failure->error);
	return status == LITE_OK || fail_core(failure);
}

bool
reader_open(RowReader **result, LiteDb *db, const LitePlan *plan, int table,
			bool ranged, int64_t lo, int64_t hi, Failure *failure)
{
	RowReader *reader = calloc(1, sizeof(*reader));

	*result = NULL;
	if (reader == NULL)
		return fail_memory(failure);
	reader->db = db;
	reader->table = &plan->tables[table];
	reader->nvalues = plan_table_values(reader->table);
	reader->nulls_misfits = plan->options.on_error == LITE_ON_ERROR_NULL;
	if (!allocate(reader))
	{
		reader_close(reader);
		return fail_memory(failure);
	}
	choose(reader, plan);
	if (!prepare(reader, ranged, lo, hi, failure))
	{
		reader_close(reader);
		return false;
	}
	*result = reader;
	return true;
}

void
reader_close(RowReader *reader)
{
	if (reader == NULL)
		return;
	lite_stmt_finalize(reader->stmt);
	for (int i = 0; reader->converters && i < reader->nvalues; i++)
		lite_converter_free(&reader->converters[i]);
	for (int i = 0; reader->field_converters && i < reader->table->nfields;
		 i++)
		lite_converter_free(&reader->field_converters[i]);
	free(reader->plan_columns);
	free(reader->positions);
	free(reader->converters);
	free(reader->values);
	free(reader->scalars);
	free(reader->nulls);
	free(reader->misfits);
	free(reader->field_converters);
	free(reader->field_scalars);
	free(reader->field_nulls);
	free(reader->text);
	free(reader);
}

/*
 * A NULL may take the place of a value only where the column may be NULL;
 * elsewhere the row is a misfit under every policy.
 */
static bool
may_null(const RowReader *reader, int i)
{
	return reader->nulls_misfits &&
		   !reader->table->columns[reader->plan_columns[i]].not_null;
}

/* Remembers what a NULL is about to take the place of. */
static void
note_null(RowReader *reader, LiteMisfit m, int column, const char *field,
		  const LiteValue *value)
{
	RowMisfit *misfit = &reader->misfits[reader->nmisfits++];

	misfit->misfit = m;
	misfit->column = column;
	misfit->field = field;
	misfit->value = *value;
}

/*
 * The document of the row read.  A field that fits no type of its own makes
 * the row a misfit, or is null in the document, as any other value.
 */
static LiteMisfit
make_document(RowReader *reader, RowMisfit *misfit)
{
	const LitePlanTable *table = reader->table;
	int d = reader->document;
	LiteMisfit m;
	size_t len = 0;

	for (int i = 0; i < table->nfields; i++)
	{
		LiteValue value;

		lite_stmt_value(reader->stmt, reader->first_field + i, &value);
		reader->field_nulls[i] = value.cls == LITE_NULL;
		if (reader->field_nulls[i])
			continue;
		m = lite_convert(&reader->field_converters[i], &value,
						 &reader->field_scalars[i]);
		if (m == LITE_FITS)
			continue;
		if (m == LITE_MISFIT_NOMEM)
			return m;
		if (reader->nulls_misfits)
		{
			reader->field_nulls[i] = true;
			note_null(reader, m, reader->plan_columns[d],
					  table->fields[i].name, &value);
		}
		else if (misfit->misfit == LITE_FITS)
		{
			misfit->misfit = m;
			misfit->column = reader->plan_columns[d];
			misfit->field = table->fields[i].name;
			misfit->value = value;
		}
	}
	if (misfit->misfit != LITE_FITS)
		return LITE_FITS;
	m = lite_document_text(table->fields, reader->field_scalars,
						   reader->field_nulls, table->nfields, &reader->text,
						   &reader->text_capacity, &len);
	if (m == LITE_MISFIT_NOMEM)
		return m;
	reader->values[d].cls = LITE_TEXT;
	reader->values[d].data = reader->text;
	reader->values[d].len = len;
	reader->scalars[d].data = reader->text;
	reader->scalars[d].len = len;
	reader->nulls[d] = false;
	if (m != LITE_FITS)
	{
		misfit->misfit = m;
		misfit->column = reader->plan_columns[d];
		misfit->value = reader->values[d];
	}
	return LITE_FITS;
}

int
reader_next(RowReader *reader, RowMisfit *misfit, Failure *failure)
{
	LiteStatus status = lite_stmt_step(reader->stmt, &failure->error);

	misfit->misfit = LITE_FITS;
	misfit->field = NULL;
	reader->nmisfits = 0;
	if (status == LITE_DONE)
		return 0;
	if (status != LITE_ROW)
	{
		fail_core(failure);
		lite_error_context(&failure->error, "table \"%s\" of %s",
						   reader->table->source->name,
						   lite_db_path(reader->db));
		return -1;
	}

	for (int i = 0; i < reader->nvalues; i++)
	{
		LiteValue *value = &reader->values[i];
		LiteMisfit m;

		if (reader->positions[i] < 0)
			continue;
		lite_stmt_value(reader->stmt, reader->positions[i], value);
		reader->nulls[i] = value->cls == LITE_NULL;
		if (reader->nulls[i])
			continue;
		m = lite_convert(&reader->converters[i], value, &reader->scalars[i]);
		if (m == LITE_FITS)
			continue;
		if (m == LITE_MISFIT_NOMEM)
		{
			fail_memory(failure);
			return -1;
		}
		if (may_null(reader, i))
		{
			note_null(reader, m, reader->plan_columns[i], NULL, value);
			reader->nulls[i] = true;
			value->cls = LITE_NULL;
		}
		else if (misfit->misfit == LITE_FITS)
		{
			misfit->misfit = m;
			misfit->column = reader->plan_columns[i];
			misfit->value = *value;
		}
	}
	if (reader->document >= 0 && make_document(reader, misfit) != LITE_FITS)
	{
		fail_memory(failure);
		return -1;
	}
	/* a row that is rejected whole has nothing nulled in it */
	if (misfit->misfit != LITE_FITS)
		reader->nmisfits = 0;
	reader->nulled += reader->nmisfits;
	return 1;
}

int
reader_nvalues(const RowReader *reader)
{
	return reader->nvalues;
}

const LitePlanColumn *
reader_column(const RowReader *reader, int i)
{
	return &reader->table->columns[reader->plan_columns[i]];
}

const LiteValue *
reader_values(const RowReader *reader)
{
	return reader->values;
}

const LiteScalar *
reader_scalars(const RowReader *reader)
{
	return reader->scalars;
}

const bool *
reader_nulls(const RowReader *reader)
{
	return reader->nulls;
}

int64_t
reader_nulled(const RowReader *reader)
{
	return reader->nulled;
}

int
reader_row_nulled(const RowReader *reader, const RowMisfit **misfits)
{
	*misfits = reader->misfits;
	return reader->nmisfits;
}

/* ------------------------------------------------------------------------
 * Saying where and what
 * ------------------------------------------------------------------------ */

static char *
value_words(char *buf, size_t size, const LiteValue *value)
{
	switch (value->cls)
	{
		case LITE_NULL:
			sqlite3_snprintf((int) size, buf, "NULL");
			break;
		case LITE_INTEGER:
			sqlite3_snprintf((int) size, buf, "%lld",
							 (sqlite3_int64) value->i);
			break;
		case LITE_REAL:
			sqlite3_snprintf((int) size, buf, "%!.17g", value->r);
			break;
		case LITE_TEXT:
			lite_text_clip(buf, size, value->data, value->len);
			break;
		case LITE_BLOB:
			sqlite3_snprintf((int) size, buf, "blob of %llu bytes",
							 (sqlite3_uint64) value->len);
			break;
		case LITE_NCLASSES:
			break;
	}
	return buf;
}

void
reader_locate(const RowReader *reader, char *buf, size_t size)
{
	const LitePlanTable *table = reader->table;
	char word[100];
	size_t len = 0;

	if (table->has_rowid)
	{
		LiteValue rowid;

		lite_stmt_value(reader->stmt, table->nread - 1, &rowid);
		if (rowid.cls == LITE_INTEGER)
		{
			sqlite3_snprintf((int) size, buf, "rowid %lld",
							 (sqlite3_int64) rowid.i);
			return;
		}
	}
	sqlite3_snprintf((int) size, buf, table->nkey ? "key" : "a row");
	for (int k = 0; k < table->nkey; k++)
	{
		for (int i = 0; i < reader->nvalues; i++)
		{
			if (reader->plan_columns[i] != table->key[k])
				continue;
			len = strlen(buf);
			sqlite3_snprintf((int) (size - len), buf + len, "%s%s = %s",
							 k ? ", " : " ",
							 table->columns[table->key[k]].name,
							 value_words(word, sizeof(word),
										 &reader->values[i]));
		}
	}
}

static void
put_text(CopyBuffer *buffer, const char *text)
{
	copy_put_bytes(buffer, text, strlen(text));
}

static void
put_hex(CopyBuffer *buffer, const char *label, const char *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	put_text(buffer, "{\"");
	put_text(buffer, label);
	put_text(buffer, "\":\"");
	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) data[i];
		char pair[2] = {digits[c >> 4], digits[c & 15]};

		copy_put_bytes(buffer, pair, 2);
	}
	put_text(buffer, "\"}");
}

static void
put_json_string(CopyBuffer *buffer, const char *data, size_t len)
{
	char clipped[1024];
	bool nul;

	/* values have been looked at, names have not */
	if (!lite_utf8_valid(data, len, &nul))
	{
		data = lite_text_clip(clipped, sizeof(clipped), data, len);
		len = strlen(data);
	}
	put_text(buffer, "\"");
	for (size_t i = 0; i < len; i++)
	{
		unsigned char c = (unsigned char) data[i];
		char escape[8];

		if (c == '"' || c == '\\' || c < 0x20)
		{
			sqlite3_snprintf(sizeof(escape), escape,
							 c < 0x20 ? "\\u%04x" : "\\%c", c);
			put_text(buffer, escape);
		}
		else
			copy_put_bytes(buffer, data + i, 1);
	}
	put_text(buffer, "\"");
}

static void
put_json_value(CopyBuffer *buffer, const LiteValue *value)
{
	char word[64];
	bool nul;

	switch (value->cls)
	{
		case LITE_INTEGER:
			put_text(buffer, value_words(word, sizeof(word), value));
			break;
		case LITE_REAL:
			/* JSON has no infinities: those go as a string */
			value_words(word, sizeof(word), value);
			if (strstr(word, "Inf"))
				put_json_string(buffer, word, strlen(word));
			else
				put_text(buffer, word);
			break;
		case LITE_TEXT:
			if (lite_utf8_valid(value->data, value->len, &nul) && !nul)
				put_json_string(buffer, value->data, value->len);
			else
				put_hex(buffer, "text", value->data, value->len);
			break;
		case LITE_BLOB:
			put_hex(buffer, "blob", value->data, value->len);
			break;
		case LITE_NULL:
		case LITE_NCLASSES:
			put_text(buffer, "null");
			break;
	}
}

/*
 * {"column": value, ...}.  Text that JSON cannot carry (not UTF-8, or with a
 * NUL in it) is {"text": "hex"}, a blob is {"blob": "hex"}: nothing of the
 * row is lost.
 */
void
reader_row_json(const RowReader *reader, CopyBuffer *buffer)
{
	const LitePlanTable *table = reader->table;
	const char *separator = "{";
	LiteValue value;

	for (int i = 0; i < reader->nvalues; i++)
	{
		const LitePlanColumn *column = reader_column(reader, i);
		const char *name = column->name;

		if (reader->positions[i] < 0)
			continue;
		put_text(buffer, separator);
		put_json_string(buffer, name, strlen(name));
		put_text(buffer, ":");
		/* read again: a NULL may have taken the value's place */
		lite_stmt_value(reader->stmt, reader->positions[i], &value);
		put_json_value(buffer, &value);
		separator = ",";
	}
	for (int i = 0; i < table->nfields; i++)
	{
		const char *name = table->fields[i].name;

		put_text(buffer, separator);
		put_json_string(buffer, name, strlen(name));
		put_text(buffer, ":");
		lite_stmt_value(reader->stmt, reader->first_field + i, &value);
		put_json_value(buffer, &value);
		separator = ",";
	}
	put_text(buffer, separator[0] == '{' ? "{}" : "}");
}

bool
reader_misfit_fail(const RowReader *reader, const RowMisfit *misfit,
				   Failure *failure)
{
	const LitePlanColumn *column = &reader->table->columns[misfit->column];
	const LiteTable *source = reader->table->source;
	char where[300];
	char value[200];

	lite_misfit_error(misfit->misfit, column->type, &misfit->value,
					  &failure->error);
	reader_locate(reader, where, sizeof(where));
	lite_error_context(&failure->error, "file %s", lite_db_path(reader->db));
	lite_error_context(&failure->error,
					   "table \"%s\", %s, column \"%s\", %s value: %s",
					   source->name, where,
					   column->column >= 0
						   ? source->columns[column->column].name
						   : column->name,
					   lite_class_name(misfit->value.cls),
					   value_words(value, sizeof(value), &misfit->value));
	fail_core(failure);
	failure->exit_code = EXIT_MISFIT;
	return false;
}
