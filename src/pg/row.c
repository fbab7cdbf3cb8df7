/*
 * row.c
 *	  Rows of a SQLite statement as Datums: Begin, Next, End.
 *
 * The inner loop of everything that reads: per row one step, per value one
 * fetch and one call of the column's reader.  Errors are thrown with the
 * place in their context, also those of PostgreSQL's own input functions:
 * an error-context callback knows which column is at work.
 */
#include "pg/compat.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "pg/encoding.h"
#include "pg/report.h"
#include "pg/row.h"

/* Bytes of a name or path that a message shows. */
#define SHOWN 200

void
LiteRowBegin(LiteRowReader *reader, LiteStmt *stmt, LiteRowColumn *columns,
			 int ncolumns)
{
	memset(reader, 0, sizeof(*reader));
	reader->stmt = stmt;
	reader->path = lite_db_path(stmt->db);
	reader->columns = columns;
	reader->ncolumns = ncolumns;
	reader->rowid_field = -1;
	reader->current = -1;
}

void
LiteRowEnd(LiteRowReader *reader)
{
	if (reader->row_context != NULL)
		MemoryContextReset(reader->row_context);
	lite_stmt_reset(reader->stmt);
}

/* ------------------------------------------------------------------------
 * Where an error happened
 * ------------------------------------------------------------------------ */

static const char *
shown(const char *name)
{
	char buf[SHOWN];

	return pstrdup(lite_text_clip(buf, sizeof(buf), name, strlen(name)));
}

/*
 * In UTF-8, as a LiteError has it.  Innermost first: column, row, table,
 * file.  Rows without a rowid are counted instead, which is right for as long
 * as the order is.
 */
static char *
where(LiteRowReader *reader, int column)
{
	StringInfoData buf;

	initStringInfo(&buf);
	if (column >= 0)
		appendStringInfo(&buf, "column \"%s\", ",
						 shown(reader->columns[column].name));
	if (reader->rowid_field >= 0 &&
		!lite_stmt_is_null(reader->stmt, reader->rowid_field))
		appendStringInfo(&buf, "rowid %lld of ",
						 (long long) lite_stmt_int64(reader->stmt,
													 reader->rowid_field));
	else if (column >= 0)
		appendStringInfo(&buf, "row %llu of ",
						 (unsigned long long) reader->rows + 1);
	if (reader->table != NULL)
		appendStringInfo(&buf, "SQLite table \"%s\"", shown(reader->table));
	else
		appendStringInfoString(&buf, "SQLite query");
	appendStringInfo(&buf, ", file \"%s\"", shown(reader->path));
	return buf.data;
}

const char *
LiteRowWhere(LiteRowReader *reader, int column)
{
	return LiteTextForMessage(where(reader, column));
}

/* For what PostgreSQL throws while a value is converted. */
static void
row_context_callback(void *arg)
{
	LiteRowReader *reader = arg;

	if (reader->current >= 0)
		errcontext("%s", LiteRowWhere(reader, reader->current));
}

static int
misfit_sqlstate(LiteMisfit why)
{
	switch (why)
	{
		case LITE_FITS:
			break;
		case LITE_MISFIT_CLASS:
			return ERRCODE_DATATYPE_MISMATCH;
		case LITE_MISFIT_SYNTAX:
		case LITE_MISFIT_JSON:
		case LITE_MISFIT_JSON_NUL:
			return ERRCODE_INVALID_TEXT_REPRESENTATION;
		case LITE_MISFIT_RANGE:
		case LITE_MISFIT_FRACTION:
		case LITE_MISFIT_PRECISION:
		case LITE_MISFIT_NONFINITE:
			return ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE;
		case LITE_MISFIT_LENGTH:
			return ERRCODE_STRING_DATA_RIGHT_TRUNCATION;
		case LITE_MISFIT_ENCODING:
		case LITE_MISFIT_NUL:
			return ERRCODE_CHARACTER_NOT_IN_REPERTOIRE;
		case LITE_MISFIT_NOMEM:
			return ERRCODE_OUT_OF_MEMORY;
	}
	return ERRCODE_DATA_EXCEPTION;
}

/* Text that is good UTF-8, and cannot be written in this database. */
static bool
is_untranslatable(const LiteValue *value, LiteMisfit why)
{
	bool has_nul;

	return why == LITE_MISFIT_ENCODING && GetDatabaseEncoding() != PG_UTF8 &&
		   value->data != NULL &&
		   lite_utf8_valid(value->data, value->len, &has_nul);
}

void
LiteRowError(LiteRowReader *reader, int column, const LiteValue *value,
			 LiteMisfit why)
{
	LiteColumnReader *of = &reader->columns[column].reader;
	LiteColumnType type = of->converter.type;
	LiteError err;
	int sqlstate = misfit_sqlstate(why);

	/* types that the core has no name for are read as text */
	if (type.type == LITE_TYPE_NONE)
		type.type = LITE_TYPE_TEXT;
	(void) lite_misfit_error(why, type, value, &err);
	if (OidIsValid(of->typid))
	{
		char *name = format_type_with_typemod(of->typid, of->typmod);

		snprintf(err.message, sizeof(err.message),
				 "value does not fit type \"%s\"", LiteNameFromServer(name));
	}
	if (reader->hint != NULL)
		lite_error_hint(&err, "%s", reader->hint);
	if (is_untranslatable(value, why))
	{
		sqlstate = ERRCODE_UNTRANSLATABLE_CHARACTER;
		lite_error_detail(&err,
						  "The text has a character without an equivalent in "
						  "the database's encoding %s.",
						  GetDatabaseEncodingName());
		lite_error_hint(&err, "Use a database with encoding UTF8, or declare "
							  "the column as bytea.");
	}
	reader->current = -1; /* one context line is enough */
	lite_error_context(&err, "%s", where(reader, column));
	LiteReportCode(ERROR, sqlstate, &err);
	pg_unreachable();
}

/* ------------------------------------------------------------------------
 * The loop
 * ------------------------------------------------------------------------ */

/*
 * What looks like damage in a read that had no lock may be another program at
 * work: then that is the news, not the damage.
 */
static void
step_failed(LiteRowReader *reader, LiteError *err)
{
	LiteError changed;

	if ((err->status == LITE_CORRUPT || err->status == LITE_NOTADB ||
		 err->status == LITE_IO) &&
		lite_db_mode(reader->stmt->db) != LITE_MODE_LOCKED &&
		lite_db_check(reader->stmt->db, &changed) == LITE_CHANGED)
		*err = changed;
	if (err->status != LITE_INTERRUPTED && err->context[0] == '\0')
		lite_error_context(err, "%s", where(reader, -1));
	LiteReport(err);
}

/*
 * At the end, a read that had no lock asks whether it can be trusted: better
 * now than after its rows have been used.
 */
static void
check_unmoved(LiteRowReader *reader)
{
	LiteError err;

	if (lite_db_mode(reader->stmt->db) == LITE_MODE_LOCKED)
		return;
	if (lite_db_check(reader->stmt->db, &err) != LITE_OK)
		step_failed(reader, &err);
}

bool
LiteRowStep(LiteRowReader *reader)
{
	LiteStatus status;
	LiteError err;

	CHECK_FOR_INTERRUPTS();
	status = lite_stmt_step(reader->stmt, &err);
	if (likely(status == LITE_ROW))
		return true;
	if (status != LITE_DONE)
		step_failed(reader, &err);
	check_unmoved(reader);
	return false;
}

static bool
fill_columns(LiteRowReader *reader, Datum *values, bool *nulls)
{
	LiteRowColumn *column = reader->columns;

	for (int i = 0; i < reader->ncolumns; i++, column++)
	{
		LiteColumnReader *of = &column->reader;
		LiteValue value;
		LiteMisfit misfit;

		lite_stmt_value(reader->stmt, column->field, &value);
		if (likely(of->fast != NULL &&
				   of->fast(of, &value, &values[column->position])))
		{
			nulls[column->position] = false;
			continue;
		}
		reader->current = i;
		if (value.cls == LITE_NULL)
		{
			if (unlikely(OidIsValid(of->domain)))
				LiteColumnReadNull(of);
			values[column->position] = (Datum) 0;
			nulls[column->position] = true;
			continue;
		}
		misfit =
			LiteColumnRead(&column->reader, &value, &values[column->position]);
		nulls[column->position] = false;
		if (likely(misfit == LITE_FITS))
			continue;

		if (reader->misfit == NULL || misfit == LITE_MISFIT_NOMEM)
			LiteRowError(reader, i, &value, misfit);
		if (reader->misfit(reader, i, &value, misfit) == LITE_MISFIT_SKIP_ROW)
			return false;
		values[column->position] = (Datum) 0;
		nulls[column->position] = true;
	}
	return true;
}

bool
LiteRowFill(LiteRowReader *reader, Datum *values, bool *nulls)
{
	ErrorContextCallback context;
	MemoryContext old = CurrentMemoryContext;
	bool filled;

	if (reader->row_context != NULL)
	{
		MemoryContextReset(reader->row_context);
		MemoryContextSwitchTo(reader->row_context);
	}
	context.callback = row_context_callback;
	context.arg = reader;
	context.previous = error_context_stack;
	error_context_stack = &context;

	filled = fill_columns(reader, values, nulls);

	reader->current = -1;
	error_context_stack = context.previous;
	MemoryContextSwitchTo(old);
	if (filled)
		reader->rows++;
	return filled;
}

bool
LiteRowNext(LiteRowReader *reader, Datum *values, bool *nulls)
{
	while (LiteRowStep(reader))
	{
		if (LiteRowFill(reader, values, nulls))
			return true;
	}
	return false;
}
