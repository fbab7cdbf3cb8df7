/*
 * batch_range.c
 *	  Which rows of a table are the next batch.
 *
 *		from < key <= to		to: the key of the batch's last row
 *
 * A snapshot of the file ends with the transaction, so a batch must be found
 * again by value: by the key in whose order the rows lie in the file.  That
 * is the rowid, or the primary key of a WITHOUT ROWID table; the seek costs
 * as much as one row.
 *
 * "to" is looked up before the rows are read, so that the rows themselves
 * are a plain scan between two bounds, and what is written down as the
 * position does not depend on what became of the last row.
 *
 * There is no such key in views and virtual tables, nor where SQLite's order
 * of the key is not ours to repeat: a collation that only the application
 * has, a descending or differently collated key, text that changes when it
 * goes from UTF-16 to UTF-8 and back (lone surrogates).  Then all rows are
 * one batch.
 */
#include "pg/compat.h"

#include "lib/stringinfo.h"

#include "load/batch.h"
#include "pg/report.h"

static char *
quoted(const char *format, const char *first, const char *second)
{
	char *text = sqlite3_mprintf(format, first, second);
	char *result;

	if (text == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory")));
	result = pstrdup(text);
	sqlite3_free(text);
	return result;
}

static const LiteIndex *
primary_index(const LiteTable *table)
{
	for (int i = 0; i < table->nindexes; i++)
	{
		if (table->indexes[i].origin == LITE_INDEX_PRIMARY)
			return &table->indexes[i];
	}
	return NULL;
}

/* Does "a > ?" on the table's columns mean what the key's order means? */
static bool
is_plain_key(LiteLoadFile *file, const LiteTable *table)
{
	const LiteIndex *index = primary_index(table);

	if (index == NULL || index->ncolumns != table->npk || file->schema->utf16)
		return false;
	for (int i = 0; i < table->npk; i++)
	{
		const LiteColumn *column = &table->columns[table->pk[i]];
		const LiteIndexColumn *in_index = &index->columns[i];

		if (in_index->column != table->pk[i] || in_index->descending ||
			sqlite3_stricmp(in_index->collation, column->collation) != 0 ||
			!lite_db_knows_collation(file->db, column->collation))
			return false;
	}
	return true;
}

LiteBatchKey *
LiteBatchKeyOf(LiteLoadFile *file, const LiteTable *table)
{
	LiteBatchKey *key = palloc0(sizeof(LiteBatchKey));

	if (table->kind != LITE_KIND_TABLE)
		return key;
	key->table = quoted("main.\"%w\" NOT INDEXED", table->name, NULL);
	if (!table->without_rowid && table->rowid_name != NULL)
	{
		key->columns = palloc(sizeof(char *));
		key->columns[key->ncolumns++] =
			quoted("\"%w\".%s", table->name, table->rowid_name);
	}
	else if (table->without_rowid && is_plain_key(file, table))
	{
		key->columns = palloc(sizeof(char *) * table->npk);
		for (int i = 0; i < table->npk; i++)
			key->columns[key->ncolumns++] =
				quoted("\"%w\".\"%w\"", table->name,
					   table->columns[table->pk[i]].name);
	}
	return key;
}

/* (a, b) > (?1, ?2) */
static void
append_condition(StringInfo sql, const LiteBatchKey *key, const char *op,
				 int first_parameter)
{
	appendStringInfoChar(sql, '(');
	for (int i = 0; i < key->ncolumns; i++)
		appendStringInfo(sql, "%s%s", i ? ", " : "", key->columns[i]);
	appendStringInfo(sql, ") %s (", op);
	for (int i = 0; i < key->ncolumns; i++)
		appendStringInfo(sql, "%s?%d", i ? ", " : "", first_parameter + i);
	appendStringInfoChar(sql, ')');
}

static void
append_order(StringInfo sql, const LiteBatchKey *key)
{
	for (int i = 0; i < key->ncolumns; i++)
		appendStringInfo(sql, "%s%s", i ? ", " : " ORDER BY ",
						 key->columns[i]);
}

static void
bind_values(LiteStmt *stmt, int first_parameter, const LiteValue *values,
			int nvalues)
{
	LiteError err;

	for (int i = 0; i < nvalues; i++)
		LiteCheck(lite_stmt_bind(stmt, first_parameter + i, &values[i], &err),
				  &err);
}

static void
copy_value(LiteValue *to, const LiteValue *from)
{
	*to = *from;
	if ((from->cls == LITE_TEXT || from->cls == LITE_BLOB) &&
		from->data != NULL)
	{
		char *data = palloc(from->len + 1);

		memcpy(data, from->data, from->len);
		to->data = data;
	}
}

LiteValue *
LiteBatchBound(LiteLoadFile *file, const LiteBatchKey *key,
			   const LiteValue *from, int64 nrows)
{
	StringInfoData sql;
	LiteValue *result = NULL;
	LiteStmt *stmt;
	LiteStatus status;
	LiteError err;

	if (key->ncolumns == 0)
		return NULL;
	initStringInfo(&sql);
	for (int i = 0; i < key->ncolumns; i++)
		appendStringInfo(&sql, "%s%s", i ? ", " : "SELECT ", key->columns[i]);
	appendStringInfo(&sql, " FROM %s", key->table);
	if (from)
	{
		appendStringInfoString(&sql, " WHERE ");
		append_condition(&sql, key, ">", 1);
	}
	append_order(&sql, key);
	appendStringInfo(&sql, " LIMIT 1 OFFSET " INT64_FORMAT, nrows - 1);
	stmt = LiteLoadPrepare(file, sql.data);
	if (from)
		bind_values(stmt, 1, from, key->ncolumns);
	status = lite_stmt_step(stmt, &err);
	LiteCheck(status, &err);
	if (status == LITE_ROW)
	{
		result = palloc0(sizeof(LiteValue) * key->ncolumns);
		for (int i = 0; i < key->ncolumns; i++)
		{
			LiteValue value;

			lite_stmt_value(stmt, i, &value);
			copy_value(&result[i], &value);
		}
	}
	lite_stmt_reset(stmt);
	return result;
}

char *
LiteBatchSelect(const LiteBatchKey *key, const char *select_sql,
				const LiteValue *from, const LiteValue *to)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfoString(&sql, select_sql);
	if (from)
	{
		appendStringInfoString(&sql, " WHERE ");
		append_condition(&sql, key, ">", 1);
	}
	if (to)
	{
		appendStringInfoString(&sql, from ? " AND " : " WHERE ");
		append_condition(&sql, key, "<=", 1 + key->ncolumns);
	}
	append_order(&sql, key);
	return sql.data;
}

void
LiteBatchBind(LiteStmt *stmt, const LiteBatchKey *key, const LiteValue *from,
			  const LiteValue *to)
{
	if (from)
		bind_values(stmt, 1, from, key->ncolumns);
	if (to)
		bind_values(stmt, 1 + key->ncolumns, to, key->ncolumns);
}
