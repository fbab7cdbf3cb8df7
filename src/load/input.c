/*
 * input.c
 *	  A table of the file being read for a relation.
 *
 * Everything that is the same for all rows is settled here, once: which
 * attribute a value goes to, how it is converted, in which type's terms it is
 * compared.  rows.c and side.c then only go through rows.
 *
 * A document is made of fields.  They are converted like columns, but into
 * the text of the document instead of Datums.
 */
#include "pg/compat.h"

#include "access/tupdesc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

#include "load/load.h"
#include "pg/report.h"

static void
free_input(void *arg)
{
	LiteLoadInput *input = arg;

	for (int i = 0; input->fields && i < input->table->nfields; i++)
		lite_converter_free(&input->fields[i].reader.converter);
	free(input->doc_text);
	input->doc_text = NULL;
}

static Form_pg_attribute
look_up_attribute(Relation rel, const char *name)
{
	TupleDesc desc = RelationGetDescr(rel);
	char *wanted = LiteLoadServerText(name);

	for (int i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute att = TupleDescAttr(desc, i);

		if (!att->attisdropped && strcmp(NameStr(att->attname), wanted) == 0)
			return att;
	}
	return NULL;
}

static Form_pg_attribute
find_attribute(Relation rel, const char *name)
{
	Form_pg_attribute att = look_up_attribute(rel, name);

	if (att == NULL)
		ereport(ERROR, (errcode(ERRCODE_UNDEFINED_COLUMN),
						errmsg("table \"%s\" has no column \"%s\"",
							   RelationGetRelationName(rel),
							   LiteLoadServerText(name)),
						errhint("The columns of a table to append to have "
								"the names that sqlite_plan() shows.")));
	return att;
}

const char *
LiteLoadMissingColumn(const LiteLoadTable *table, Relation rel)
{
	for (int i = 0; i < table->ncolumns; i++)
	{
		if (look_up_attribute(rel, table->columns[i].name) == NULL)
			return table->columns[i].name;
	}
	if (table->document && look_up_attribute(rel, table->document) == NULL)
		return table->document;
	return NULL;
}

void
LiteLoadNotNull(LiteLoadTable *table, Relation rel)
{
	for (int i = 0; i < table->ncolumns; i++)
		table->columns[i].not_null =
			find_attribute(rel, table->columns[i].name)->attnotnull;
}

/* In which type's terms are the values of this column compared? */
static void
begin_sum(LiteLoadInput *input, int column, Oid typid)
{
	Oid output;
	bool varlena;

	input->types[column] = LiteTypeFromOid(getBaseType(typid));
	if (input->types[column] != LITE_TYPE_NONE)
		return;
	input->other[column] = true;
	input->types[column] = LITE_TYPE_TEXT;
	getTypeOutputInfo(typid, &output, &varlena);
	fmgr_info(output, &input->output[column]);
}

static void
begin_columns(LiteLoadInput *input, Relation rel)
{
	const LiteLoadTable *table = input->table;

	input->columns = palloc0(sizeof(LiteRowColumn) * Max(table->ncolumns, 1));
	input->types = palloc0(sizeof(LiteType) * Max(table->ncolumns, 1));
	input->other = palloc0(sizeof(bool) * Max(table->ncolumns, 1));
	input->output = palloc0(sizeof(FmgrInfo) * Max(table->ncolumns, 1));
	for (int i = 0; i < table->ncolumns; i++)
	{
		const LiteLoadColumn *from = &table->columns[i];
		LiteRowColumn *to = &input->columns[i];
		Form_pg_attribute att = find_attribute(rel, from->name);

		to->position = att->attnum - 1;
		to->field = from->field;
		to->name = from->source_name;
		LiteColumnReaderInit(&to->reader, att->atttypid, att->atttypmod,
							 from->type.format);
		to->reader.converter.to_utc = table->to_utc;
		to->reader.converter.zone_arg = table->zone_arg;
		begin_sum(input, i, att->atttypid);
	}
}

static void
begin_fields(LiteLoadInput *input, Relation rel)
{
	const LiteLoadTable *table = input->table;
	Form_pg_attribute att;
	int n = Max(table->nfields, 1);

	input->doc_position = -1;
	if (table->document == NULL)
		return;
	att = find_attribute(rel, table->document);
	input->doc_position = att->attnum - 1;
	input->doc_column.position = input->doc_position;
	input->doc_column.name = table->document;
	LiteColumnReaderInit(&input->doc_column.reader, att->atttypid,
						 att->atttypmod, LITE_FORMAT_NATIVE);
	input->fields = palloc0(sizeof(LiteRowColumn) * n);
	input->doc_fields = palloc0(sizeof(LiteDocumentField) * n);
	input->doc_scalars = palloc0(sizeof(LiteScalar) * n);
	input->doc_nulls = palloc0(sizeof(bool) * n);
	for (int i = 0; i < table->nfields; i++)
	{
		const LiteLoadColumn *from = &table->fields[i];
		LiteRowColumn *to = &input->fields[i];

		to->position = i;
		to->field = from->field;
		to->name = from->source_name;
		lite_converter_init(&to->reader.converter, from->type);
		to->reader.converter.to_utc = table->to_utc;
		to->reader.converter.zone_arg = table->zone_arg;
		input->doc_fields[i].name = from->name;
		input->doc_fields[i].type = from->type;
	}
}

static void
begin_reader(LiteLoadInput *input, LiteRowReader *reader,
			 LiteRowColumn *columns, int ncolumns)
{
	LiteRowBegin(reader, input->stmt, columns, ncolumns);
	reader->table = input->table->source_name;
	reader->path = input->file->source->path;
	reader->rowid_field = input->table->rowid_field;
}

LiteLoadInput *
LiteLoadInputBegin(LiteLoadFile *file, const LiteLoadTable *table,
				   Relation rel)
{
	MemoryContext context =
		AllocSetContextCreate(CurrentMemoryContext, "sqlite table",
							  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	LiteLoadInput *input = palloc0(sizeof(LiteLoadInput));
	MemoryContextCallback *callback = palloc0(sizeof(MemoryContextCallback));

	input->context = context;
	input->table = table;
	input->file = file;
	callback->func = free_input;
	callback->arg = input;
	MemoryContextRegisterResetCallback(context, callback);

	input->stmt = LiteLoadPrepare(file, table->select_sql);
	if (table->rowid_field >= input->stmt->ncolumns ||
		table->ncolumns + table->nfields > input->stmt->ncolumns)
		LiteLoadDamaged();
	begin_columns(input, rel);
	begin_fields(input, rel);

	begin_reader(input, &input->reader, input->columns, table->ncolumns);
	begin_reader(input, &input->field_reader, input->fields, table->nfields);
	begin_reader(input, &input->doc_reader, &input->doc_column, 1);
	MemoryContextSwitchTo(old);
	return input;
}

void
LiteLoadInputEnd(LiteLoadInput *input)
{
	LiteRowEnd(&input->reader);
	MemoryContextDelete(input->context);
}

/*
 * All fields are converted before the text is made: a scalar may point into
 * its converter's scratch, of which every field has its own.
 */
bool
LiteLoadDocument(LiteLoadInput *input)
{
	const LiteLoadTable *table = input->table;
	LiteMisfit misfit;

	for (int i = 0; i < table->nfields; i++)
	{
		LiteValue value;

		lite_stmt_value(input->stmt, input->fields[i].field, &value);
		input->doc_nulls[i] = (value.cls == LITE_NULL);
		if (input->doc_nulls[i])
			continue;
		misfit = lite_convert(&input->fields[i].reader.converter, &value,
							  &input->doc_scalars[i]);
		if (misfit == LITE_FITS)
			continue;
		if (input->field_reader.misfit(&input->field_reader, i, &value,
									   misfit) == LITE_MISFIT_SKIP_ROW)
			return false;
		input->doc_nulls[i] = true;
	}
	input->doc_len = 0;
	misfit =
		lite_document_text(input->doc_fields, input->doc_scalars,
						   input->doc_nulls, table->nfields, &input->doc_text,
						   &input->doc_capacity, &input->doc_len);
	if (misfit != LITE_FITS)
		ereport(ERROR, (errcode(misfit == LITE_MISFIT_NOMEM
									? ERRCODE_OUT_OF_MEMORY
									: ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("cannot make the document of a row of \"%s\"",
							   LiteLoadText(table->source_name))));
	return true;
}

LiteMisfit
LiteLoadDocumentDatum(LiteLoadInput *input, Datum *result)
{
	LiteColumnReader *reader = &input->doc_column.reader;
	LiteScalar scalar = {0};

	scalar.data = input->doc_text;
	scalar.len = input->doc_len;
	return reader->make(reader, &scalar, result);
}
