/*
 * reject.c
 *	  Values that did not fit, kept whole.
 *
 * With on_error => 'reject' the row stays out of the target and is written
 * here; with 'null' the row goes in without the value, and the value is
 * written here.  Either way nothing is lost:
 *
 *	row_id			the rowid, where the table has one
 *	column_name		the column that did not fit, its storage_class and value
 *	column_names, storage_classes, column_values	the whole row ('reject')
 *
 * Values are bytes, because that is all that can be said of any of them:
 * TEXT and BLOB as they stand in the file (TEXT in UTF-8; not checked, so
 * invalid bytes and NULs survive); INTEGER as its decimal digits; REAL as the
 * shortest decimal text that reads back as the same double, or "Infinity",
 * "-Infinity", "-0.0".  NULL is NULL.  With the storage class beside it,
 * each can be read back without loss.
 *
 * The rows are written with the rights of the table's owner (sql.c).
 */
#include "pg/compat.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "load/load.h"

#define NPARAMS 12

LiteRejects *
LiteRejectsBegin(FunctionCallInfo fcinfo, int64 import_id)
{
	MemoryContext life =
		AllocSetContextCreate(CurrentMemoryContext, "sqlite rejects",
							  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(life);
	LiteRejects *rejects = palloc0(sizeof(LiteRejects));

	rejects->life = life;
	rejects->import_id = import_id;
	rejects->relid = LiteSqlOwnRelid(fcinfo, "sqlite_rejects");
	rejects->insert = psprintf(
		"INSERT INTO %s (import_id, table_name, target, action, reason, "
		"row_id, column_name, storage_class, value, column_names, "
		"storage_classes, column_values, original) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, "
		"hash_array_extended($12, 0) # hash_array_extended($11, 1))",
		LiteSqlOwnTable(fcinfo, "sqlite_rejects"));
	rejects->context =
		AllocSetContextCreate(CurrentMemoryContext, "sqlite reject",
							  ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(old);
	return rejects;
}

static Datum
array_of(Datum *elements, bool *nulls, int count, Oid type)
{
	int dims[1] = {count};
	int bounds[1] = {1};

	return PointerGetDatum(construct_md_array(elements, nulls, 1, dims, bounds,
											  type, -1, false, TYPALIGN_INT));
}

/* The three arrays that hold the row the statement stands on. */
static void
row_arrays(LiteLoadInput *input, Datum *result)
{
	const LiteLoadTable *table = input->table;
	bool document = (table->document != NULL);
	int count = document ? table->nfields : table->ncolumns;
	const LiteRowColumn *columns = document ? input->fields : input->columns;
	Datum *names = palloc(sizeof(Datum) * Max(count, 1));
	Datum *classes = palloc(sizeof(Datum) * Max(count, 1));
	Datum *values = palloc(sizeof(Datum) * Max(count, 1));
	bool *nulls = palloc0(sizeof(bool) * Max(count, 1));

	for (int i = 0; i < count; i++)
	{
		LiteValue value;

		lite_stmt_value(input->stmt, columns[i].field, &value);
		names[i] = CStringGetTextDatum(LiteLoadText(columns[i].name));
		classes[i] = CStringGetTextDatum(lite_class_name(value.cls));
		nulls[i] = !LiteKeptBytes(&value, &values[i]);
	}
	result[0] = array_of(names, NULL, count, TEXTOID);
	result[1] = array_of(classes, NULL, count, TEXTOID);
	result[2] = array_of(values, nulls, count, BYTEAOID);
}

static void
prepare(LiteRejects *rejects)
{
	Oid types[NPARAMS] = {INT8OID,	TEXTOID,	  TEXTOID,		TEXTOID,
						  TEXTOID,	INT8OID,	  TEXTOID,		TEXTOID,
						  BYTEAOID, TEXTARRAYOID, TEXTARRAYOID, BYTEAARRAYOID};

	MemoryContext old;

	if (rejects->plan)
		return;
	old = MemoryContextSwitchTo(rejects->life);
	rejects->plan = LiteSqlPrepare(rejects->insert, NPARAMS, types);
	MemoryContextSwitchTo(old);
}

static void
write_reject(LiteRejects *rejects, LiteLoadInput *input,
			 const LiteRowColumn *column, const LiteValue *value,
			 const char *reason, bool whole_row)
{
	MemoryContext old = MemoryContextSwitchTo(rejects->context);
	Datum values[NPARAMS] = {0};
	char nulls[NPARAMS + 1] = "            ";
	LiteSqlOwner owner;
	LiteValue rowid;

	values[0] = Int64GetDatum(rejects->import_id);
	values[1] = CStringGetTextDatum(LiteLoadText(input->table->source_name));
	values[2] = CStringGetTextDatum(
		quote_qualified_identifier(LiteLoadServerText(input->table->schema),
								   LiteLoadServerText(input->table->name)));
	values[3] = CStringGetTextDatum(whole_row ? "reject" : "null");
	values[4] = CStringGetTextDatum(reason);
	nulls[5] = 'n';
	if (input->table->rowid_field >= 0)
	{
		lite_stmt_value(input->stmt, input->table->rowid_field, &rowid);
		if (rowid.cls == LITE_INTEGER)
		{
			values[5] = Int64GetDatum(rowid.i);
			nulls[5] = ' ';
		}
	}
	values[6] = CStringGetTextDatum(LiteLoadText(column->name));
	values[7] = CStringGetTextDatum(lite_class_name(value->cls));
	if (!LiteKeptBytes(value, &values[8]))
		nulls[8] = 'n';
	if (whole_row)
		row_arrays(input, &values[9]);
	else
		memset(nulls + 9, 'n', 3);

	LiteSqlBecomeOwner(rejects->relid, &owner);
	prepare(rejects);
	SPI_connect();
	if (SPI_execute_plan(rejects->plan, values, nulls, false, 0) < 0)
		elog(ERROR, "cannot write to the table of rejects");
	SPI_finish();
	LiteSqlResign(&owner);
	MemoryContextSwitchTo(old);
	MemoryContextReset(rejects->context);
}

void
LiteRejectRow(LiteRejects *rejects, LiteLoadInput *input,
			  const LiteRowColumn *column, const LiteValue *value,
			  const char *reason)
{
	write_reject(rejects, input, column, value, reason, true);
	rejects->rows++;
}

void
LiteRejectValue(LiteRejects *rejects, LiteLoadInput *input,
				const LiteRowColumn *column, const LiteValue *value,
				const char *reason)
{
	write_reject(rejects, input, column, value, reason, false);
	rejects->values++;
}

void
LiteRejectsEnd(LiteRejects *rejects)
{
	MemoryContextDelete(rejects->life);
}
