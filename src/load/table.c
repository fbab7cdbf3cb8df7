/*
 * table.c
 *	  What is read from one table of the file, and into what.
 *
 * LiteLoadTable is the part of a plan that loading and verifying need: the
 * SELECT, and the column, type and format of each value.  An import makes it
 * from the plan and keeps it in the log as JSON; sqlite_verify makes it again
 * from there, so that it reads the file exactly as the import did, even if a
 * plan made today would decide otherwise.
 */
#include "pg/compat.h"

#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/jsonb.h"

#include "load/load.h"
#include "pg/report.h"

/* ------------------------------------------------------------------------
 * From the plan
 * ------------------------------------------------------------------------ */

static void
add_columns(LiteLoadTable *result, const LitePlanTable *table)
{
	int *where = palloc(sizeof(int) * Max(table->ncolumns, 1));

	result->columns =
		palloc0(sizeof(LiteLoadColumn) * Max(table->ncolumns, 1));
	for (int i = 0; i < table->ncolumns; i++)
	{
		const LitePlanColumn *column = &table->columns[i];
		LiteLoadColumn *to = &result->columns[result->ncolumns];

		where[i] = -1;
		if (column->source == LITE_SOURCE_DOCUMENT)
			result->document = pstrdup(column->name);
		if (column->source != LITE_SOURCE_COLUMN &&
			column->source != LITE_SOURCE_ROWID)
			continue;
		to->name = pstrdup(column->name);
		to->source_name =
			pstrdup(column->source == LITE_SOURCE_ROWID
						? "rowid"
						: table->source->columns[column->column].name);
		to->type = column->type;
		to->on_error = column->on_error;
		to->field = result->ncolumns;
		where[i] = result->ncolumns++;
	}

	result->key = palloc(sizeof(int) * Max(table->nkey, 1));
	for (int i = 0; i < table->nkey; i++)
	{
		if (where[table->key[i]] < 0)
		{
			/* a key that is not read cannot tell rows apart */
			result->nkey = 0;
			break;
		}
		result->key[result->nkey++] = where[table->key[i]];
	}
	pfree(where);
}

static void
add_fields(LiteLoadTable *result, const LitePlanTable *table)
{
	if (result->document == NULL)
		return;
	result->nfields = table->nfields;
	result->fields = palloc0(sizeof(LiteLoadColumn) * Max(table->nfields, 1));
	for (int i = 0; i < table->nfields; i++)
	{
		LiteLoadColumn *to = &result->fields[i];

		to->name = pstrdup(table->fields[i].name);
		to->source_name = to->name;
		to->type = table->fields[i].type;
		to->on_error = table->field_on_error[i];
		to->field = result->ncolumns + i;
	}
}

LiteLoadTable *
LiteLoadTableFromPlan(const LitePlan *plan, int table)
{
	const LitePlanTable *from = &plan->tables[table];
	LiteLoadTable *result = palloc0(sizeof(LiteLoadTable));

	result->source_name = pstrdup(from->source->name);
	result->schema = pstrdup(plan->schema);
	result->name = pstrdup(from->name);
	result->select_sql = pstrdup(from->select_sql);
	result->rowid_field = from->has_rowid ? from->nread - 1 : -1;
	result->on_error = plan->options.on_error;
	result->to_utc = plan->options.to_utc;
	result->zone_arg = plan->options.zone_arg;
	add_columns(result, from);
	add_fields(result, from);
	return result;
}

/* ------------------------------------------------------------------------
 * To JSON and back
 * ------------------------------------------------------------------------ */

/*
 * Names in a file need not be valid text.  What a JSON string cannot hold is
 * kept as hex digits, under the same name with "_hex" after it.
 */
static void
put_text(StringInfo buf, const char *name, const char *text)
{
	size_t len = strlen(text);
	bool plain = pg_verify_mbstr(GetDatabaseEncoding(), text, len, true);

	for (size_t i = 0; i < len && plain; i++)
	{
		if (IS_HIGHBIT_SET(text[i]) && GetDatabaseEncoding() != PG_UTF8)
			plain = false;
	}
	if (plain)
	{
		escape_json(buf, name);
		appendStringInfoString(buf, ": ");
		escape_json(buf, text);
		return;
	}
	appendStringInfo(buf, "\"%s_hex\": \"", name);
	enlargeStringInfo(buf, len * 2 + 1);
	buf->len += hex_encode(text, len, buf->data + buf->len);
	buf->data[buf->len] = '\0';
	appendStringInfoChar(buf, '"');
}

static void
put_columns(StringInfo buf, const char *name, const LiteLoadColumn *columns,
			int ncolumns)
{
	appendStringInfo(buf, ", \"%s\": [", name);
	for (int i = 0; i < ncolumns; i++)
	{
		const LiteLoadColumn *column = &columns[i];

		appendStringInfoString(buf, i ? ", {" : "{");
		put_text(buf, "name", column->name);
		appendStringInfoString(buf, ", ");
		put_text(buf, "source", column->source_name);
		appendStringInfo(buf,
						 ", \"type\": \"%s\", \"format\": \"%s\", "
						 "\"precision\": %d, \"scale\": %d, \"field\": %d, "
						 "\"not_null\": %d, \"on_error\": %d}",
						 lite_type_name(column->type.type),
						 lite_format_name(column->type.format),
						 column->type.precision, column->type.scale,
						 column->field, column->not_null,
						 (int) column->on_error);
	}
	appendStringInfoChar(buf, ']');
}

char *
LiteLoadTableToJson(const LiteLoadTable *table)
{
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoChar(&buf, '{');
	put_text(&buf, "source", table->source_name);
	appendStringInfoString(&buf, ", ");
	put_text(&buf, "schema", table->schema);
	appendStringInfoString(&buf, ", ");
	put_text(&buf, "name", table->name);
	appendStringInfoString(&buf, ", ");
	put_text(&buf, "select", table->select_sql);
	appendStringInfo(&buf, ", \"rowid_field\": %d, \"on_error\": %d",
					 table->rowid_field, (int) table->on_error);
	put_columns(&buf, "columns", table->columns, table->ncolumns);
	if (table->document)
	{
		appendStringInfoString(&buf, ", ");
		put_text(&buf, "document", table->document);
		put_columns(&buf, "fields", table->fields, table->nfields);
	}
	appendStringInfoString(&buf, ", \"key\": [");
	for (int i = 0; i < table->nkey; i++)
		appendStringInfo(&buf, "%s%d", i ? ", " : "", table->key[i]);
	appendStringInfoString(&buf, "]}");
	return buf.data;
}

static JsonbValue *
get(JsonbContainer *object, const char *name)
{
	return getKeyJsonValueFromContainer(object, name, strlen(name), NULL);
}

static char *
get_text(JsonbContainer *object, const char *name)
{
	JsonbValue *value = get(object, name);
	char hex_name[NAMEDATALEN];
	char *result;
	uint64 len;

	if (value && value->type == jbvString)
		return pnstrdup(value->val.string.val, value->val.string.len);
	snprintf(hex_name, sizeof(hex_name), "%s_hex", name);
	value = get(object, hex_name);
	if (value == NULL || value->type != jbvString)
		return NULL;
	result = palloc(value->val.string.len / 2 + 1);
	len = hex_decode(value->val.string.val, value->val.string.len, result);
	result[len] = '\0';
	return result;
}

static int
number_of(const JsonbValue *value)
{
	if (value == NULL || value->type != jbvNumeric)
		return 0;
	return DatumGetInt32(
		DirectFunctionCall1(numeric_int4,
							NumericGetDatum(value->val.numeric)));
}

void
LiteLoadDamaged(void)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED),
					errmsg("the import log's entry cannot be read")));
}

static char *
need_text(JsonbContainer *object, const char *name)
{
	char *text = get_text(object, name);

	if (text == NULL)
		LiteLoadDamaged();
	return text;
}

static void
get_column(JsonbContainer *object, LiteLoadColumn *column)
{
	char *format = need_text(object, "format");
	LiteError err;

	column->name = need_text(object, "name");
	column->source_name = need_text(object, "source");
	LiteCheck(lite_type_parse(need_text(object, "type"), &column->type, &err),
			  &err);
	if (!lite_format_parse(format, &column->type.format))
		LiteLoadDamaged();
	column->type.precision = number_of(get(object, "precision"));
	column->type.scale = number_of(get(object, "scale"));
	column->field = number_of(get(object, "field"));
	column->not_null = number_of(get(object, "not_null")) != 0;
	column->on_error = number_of(get(object, "on_error"));
}

static LiteLoadColumn *
get_columns(JsonbContainer *object, const char *name, int *ncolumns)
{
	JsonbValue *array = get(object, name);
	LiteLoadColumn *columns;

	if (array == NULL || array->type != jbvBinary ||
		!JsonContainerIsArray(array->val.binary.data))
		LiteLoadDamaged();
	*ncolumns = JsonContainerSize(array->val.binary.data);
	columns = palloc0(sizeof(LiteLoadColumn) * Max(*ncolumns, 1));
	for (int i = 0; i < *ncolumns; i++)
	{
		JsonbValue *item =
			getIthJsonbValueFromContainer(array->val.binary.data, i);

		if (item == NULL || item->type != jbvBinary)
			LiteLoadDamaged();
		get_column(item->val.binary.data, &columns[i]);
	}
	return columns;
}

/* to_utc is for the caller to set: it is an option of the whole import. */
LiteLoadTable *
LiteLoadTableFromJson(Datum jsonb)
{
	JsonbContainer *root = &DatumGetJsonbP(jsonb)->root;
	LiteLoadTable *table = palloc0(sizeof(LiteLoadTable));
	JsonbValue *key = get(root, "key");

	table->source_name = need_text(root, "source");
	table->schema = need_text(root, "schema");
	table->name = need_text(root, "name");
	table->select_sql = need_text(root, "select");
	table->rowid_field = number_of(get(root, "rowid_field"));
	table->on_error = number_of(get(root, "on_error"));
	table->columns = get_columns(root, "columns", &table->ncolumns);
	table->document = get_text(root, "document");
	if (table->document)
		table->fields = get_columns(root, "fields", &table->nfields);
	if (key && key->type == jbvBinary)
	{
		int count = JsonContainerSize(key->val.binary.data);

		table->key = palloc(sizeof(int) * Max(count, 1));
		for (int i = 0; i < count; i++)
		{
			int column = number_of(
				getIthJsonbValueFromContainer(key->val.binary.data, i));

			if (column < 0 || column >= table->ncolumns)
				LiteLoadDamaged();
			table->key[table->nkey++] = column;
		}
	}
	return table;
}
