/*
 * schema.c
 *	  What is in a file.
 *
 * Three passes over the same snapshot:
 *
 *		list		sqlite_schema in its order, joined to PRAGMA table_list,
 *					which knows kinds, WITHOUT ROWID and STRICT
 *		tables		per table: table_xinfo, index_list and index_xinfo,
 *					foreign_key_list, through four statements prepared once
 *		resolve		what needs the other tables: owners of shadow tables,
 *					keys that foreign keys refer to, sqlite_sequence
 *
 * Names are bound as parameters of the table-valued PRAGMA functions, so
 * nothing depends on what is in them.  A failure that concerns one object
 * (LITE_SQL: unknown function, no such module ...) becomes its "unreadable";
 * a failure that concerns the file (damage, cancel, memory) ends the load.
 */
#include "core/schema.h"

#include <stdlib.h>
#include <string.h>

#include "core/dbimpl.h"

/* A row of sqlite_schema that belongs to a table: an index or a trigger. */
typedef struct Dependent
{
	const char *table;
	const char *name;
	const char *sql;
	bool trigger;
	int order;
} Dependent;

typedef struct Loader
{
	LiteDb *db;
	LiteArena *arena;
	LiteError *err;
	LiteSchema *schema;
	int table_capacity;
	Dependent *dependents; /* sorted by table, then as in the file */
	int ndependents;
	int dependent_capacity;
	bool has_sequence;
	LiteStmt *xinfo;
	LiteStmt *index_list;
	LiteStmt *index_xinfo;
	LiteStmt *foreign_keys;
} Loader;

/* ------------------------------------------------------------------------
 * Names
 * ------------------------------------------------------------------------ */

const char *
lite_kind_name(LiteTableKind kind)
{
	switch (kind)
	{
		case LITE_KIND_TABLE:
			return "table";
		case LITE_KIND_VIEW:
			return "view";
		case LITE_KIND_VIRTUAL:
			return "virtual";
		case LITE_KIND_SHADOW:
			return "shadow";
	}
	return "?";
}

void
lite_sql_ident(sqlite3_str *str, const char *name)
{
	sqlite3_str_appendf(str, "\"%w\"", name);
}

static int
compare_tables(const void *a, const void *b)
{
	const LiteTable *x = *(LiteTable *const *) a;
	const LiteTable *y = *(LiteTable *const *) b;

	return sqlite3_stricmp(x->name, y->name);
}

LiteTable *
lite_schema_find(const LiteSchema *schema, const char *name)
{
	int low = 0;
	int high = schema->ntables;

	while (low < high)
	{
		int middle = low + (high - low) / 2;
		int order = sqlite3_stricmp(schema->by_name[middle]->name, name);

		if (order == 0)
			return schema->by_name[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

int
lite_table_find_column(const LiteTable *table, const char *name)
{
	int i;

	for (i = 0; i < table->ncolumns; i++)
	{
		if (sqlite3_stricmp(table->columns[i].name, name) == 0)
			return i;
	}
	return -1;
}

/* Text of a column in the arena; "" for NULL. */
static const char *
copy_text(Loader *loader, LiteStmt *stmt, int column)
{
	const char *text = lite_stmt_text(stmt, column);

	return lite_arena_strdup(loader->arena, text ? text : "");
}

static const char *
copy_text_or_null(Loader *loader, LiteStmt *stmt, int column)
{
	return lite_stmt_is_null(stmt, column) ? NULL
										   : copy_text(loader, stmt, column);
}

/*
 * After a load over rows: LITE_DONE is success, unless the arena ran dry.
 */
static LiteStatus
finish_rows(Loader *loader, LiteStatus status)
{
	if (lite_arena_failed(loader->arena))
		return lite_error_nomem(loader->err);
	return status == LITE_DONE ? LITE_OK : status;
}

/* Concerns one object, not the file? */
static bool
is_local(LiteStatus status)
{
	return status == LITE_SQL || status == LITE_TOOBIG ||
		   status == LITE_UNSUPPORTED || status == LITE_READONLY;
}

/* ------------------------------------------------------------------------
 * CREATE VIRTUAL TABLE
 * ------------------------------------------------------------------------ */

static const char *
skip_space(const char *s)
{
	for (;;)
	{
		if (*s != '\0' && strchr(" \t\n\f\r", *s) != NULL)
			s++;
		else if (s[0] == '-' && s[1] == '-')
			s += strcspn(s, "\n");
		else if (s[0] == '/' && s[1] == '*')
		{
			const char *end = strstr(s + 2, "*/");

			s = end ? end + 2 : s + strlen(s);
		}
		else
			return s;
	}
}

/*
 * One token of a CREATE statement's head: a quoted name, a word, or a single
 * byte.  Returns its end.
 */
static const char *
skip_token(const char *s)
{
	char close = *s == '[' ? ']' : *s;
	const char *start = s;

	if (*s == '\0')
		return s;
	if (strchr("\"'`[", *s) != NULL)
	{
		for (s++; *s != '\0'; s++)
		{
			if (*s != close)
				continue;
			if (close == ']' || s[1] != close)
				return s + 1;
			s++; /* a doubled quote */
		}
		return s;
	}
	while (*s != '\0' && strchr(" \t\n\f\r\"'`[(),.;-/", *s) == NULL)
		s++;
	return s > start ? s : start + 1;
}

static bool
is_word(const char *start, const char *end, const char *word)
{
	size_t len = strlen(word);

	return (size_t) (end - start) == len &&
		   sqlite3_strnicmp(start, word, (int) len) == 0;
}

/*
 * The word after USING.  Its quotes, if it has any, are taken off; a module
 * with quotes in its name there is not.
 */
static const char *
module_name(LiteArena *arena, const char *sql)
{
	const char *start = skip_space(sql);
	const char *end;

	for (; *start != '\0'; start = skip_space(end))
	{
		end = skip_token(start);
		if (!is_word(start, end, "USING"))
			continue;
		start = skip_space(end);
		end = skip_token(start);
		if (end - start >= 2 && strchr("\"'`[", *start) != NULL)
		{
			start++;
			end--;
		}
		return lite_arena_strndup(arena, start, (size_t) (end - start));
	}
	return lite_arena_strdup(arena, "");
}

/* ------------------------------------------------------------------------
 * The list
 * ------------------------------------------------------------------------ */

static LiteTableKind
parse_kind(const char *text, bool view)
{
	if (text == NULL)
		return view ? LITE_KIND_VIEW : LITE_KIND_TABLE;
	if (strcmp(text, "view") == 0)
		return LITE_KIND_VIEW;
	if (strcmp(text, "virtual") == 0)
		return LITE_KIND_VIRTUAL;
	if (strcmp(text, "shadow") == 0)
		return LITE_KIND_SHADOW;
	return LITE_KIND_TABLE;
}

/*
 * A table that PRAGMA table_list does not know is one whose CREATE statement
 * SQLite could not parse (see read_schema in db.c).
 */
static void
add_table(Loader *loader, LiteStmt *stmt, bool view)
{
	LiteSchema *schema = loader->schema;
	const char *sql;
	const char *kind;
	LiteTable *table;

	table = lite_arena_grow(loader->arena, schema->tables, schema->ntables,
							&loader->table_capacity, sizeof(LiteTable));
	if (table == NULL)
		return;
	schema->tables = table;
	table = &schema->tables[schema->ntables++];
	memset(table, 0, sizeof(*table));
	kind = lite_stmt_text(stmt, 4);
	table->kind = parse_kind(kind, view);
	table->name = copy_text(loader, stmt, 1);
	table->sql = copy_text_or_null(loader, stmt, 3);
	table->without_rowid = lite_stmt_int64(stmt, 5) != 0;
	table->strict = lite_stmt_int64(stmt, 6) != 0;
	table->rowid_alias = -1;

	sql = table->sql ? table->sql : "";
	if (table->kind == LITE_KIND_VIRTUAL ||
		(kind == NULL && sqlite3_strnicmp(sql, "CREATE VIRTUAL", 14) == 0))
	{
		table->kind = LITE_KIND_VIRTUAL;
		table->module = module_name(loader->arena, sql);
	}
	if (kind == NULL)
		table->unreadable =
			lite_arena_printf(loader->arena,
							  "SQLite cannot parse its definition: %s",
							  loader->db->schema_error
								  ? loader->db->schema_error
								  : "it is not in the list of tables");
}

static void
add_dependent(Loader *loader, LiteStmt *stmt, bool trigger)
{
	Dependent *d;

	d = lite_arena_grow(loader->arena, loader->dependents, loader->ndependents,
						&loader->dependent_capacity, sizeof(Dependent));
	if (d == NULL)
		return;
	loader->dependents = d;
	d = &loader->dependents[loader->ndependents];
	d->order = loader->ndependents++;
	d->name = copy_text(loader, stmt, 1);
	d->table = copy_text(loader, stmt, 2);
	d->sql = copy_text_or_null(loader, stmt, 3);
	d->trigger = trigger;
}

static int
compare_dependents(const void *a, const void *b)
{
	const Dependent *x = a;
	const Dependent *y = b;
	int order = sqlite3_stricmp(x->table, y->table);

	if (order != 0)
		return order;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* The first dependent of the table, or the number of all. */
static int
find_dependents(const Loader *loader, const char *table)
{
	int low = 0;
	int high = loader->ndependents;

	while (low < high)
	{
		int middle = low + (high - low) / 2;

		if (sqlite3_stricmp(loader->dependents[middle].table, table) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/*
 * The CTE is materialised so that the join is by an automatic index, not one
 * run of the PRAGMA per row.
 */
static const char list_sql[] =
	"WITH l AS MATERIALIZED (SELECT name AS n, type AS t, wr, strict"
	" FROM pragma_table_list WHERE schema = 'main')"
	" SELECT s.type, s.name, s.tbl_name, s.sql, l.t, l.wr, l.strict"
	" FROM sqlite_schema AS s LEFT JOIN l ON l.n = s.name"
	" AND s.type IN ('table', 'view') ORDER BY s.rowid";

static LiteStatus
load_list(Loader *loader)
{
	LiteStmt *stmt;
	LiteStatus status;

	status = lite_stmt_prepare(loader->db, list_sql, &stmt, loader->err);
	if (status != LITE_OK)
		return status;
	while ((status = lite_stmt_step(stmt, loader->err)) == LITE_ROW)
	{
		const char *type = lite_stmt_text(stmt, 0);
		const char *name = lite_stmt_text(stmt, 1);

		if (type == NULL || name == NULL)
			continue;
		if (sqlite3_stricmp(name, "sqlite_sequence") == 0)
			loader->has_sequence = true;
		if (strcmp(type, "index") == 0 || strcmp(type, "trigger") == 0)
			add_dependent(loader, stmt, *type == 't');
		else if (sqlite3_strnicmp(name, "sqlite_", 7) == 0)
			continue;
		else if (strcmp(type, "table") == 0 || strcmp(type, "view") == 0)
			add_table(loader, stmt, *type == 'v');
	}
	lite_stmt_finalize(stmt);
	status = finish_rows(loader, status);
	if (status == LITE_OK && loader->ndependents > 0)
		qsort(loader->dependents, (size_t) loader->ndependents,
			  sizeof(Dependent), compare_dependents);
	return status;
}

static LiteStatus
sort_tables(Loader *loader)
{
	LiteSchema *schema = loader->schema;
	int i;

	schema->by_name = lite_arena_newarray(loader->arena, LiteTable *,
										  (size_t) schema->ntables + 1);
	if (schema->by_name == NULL)
		return lite_error_nomem(loader->err);
	for (i = 0; i < schema->ntables; i++)
		schema->by_name[i] = &schema->tables[i];
	qsort(schema->by_name, (size_t) schema->ntables, sizeof(LiteTable *),
		  compare_tables);
	return LITE_OK;
}

/* ------------------------------------------------------------------------
 * Columns
 * ------------------------------------------------------------------------ */

static LiteStatus
bind_name(LiteStmt *stmt, const char *name, LiteError *err)
{
	LiteValue value;

	memset(&value, 0, sizeof(value));
	value.cls = LITE_TEXT;
	value.data = name;
	value.len = strlen(name);
	lite_stmt_reset(stmt);
	return lite_stmt_bind(stmt, 1, &value, err);
}

/*
 * ANY of a STRICT table keeps values as they are ("STRICT Tables", 2); by its
 * letters it would be NUMERIC.
 */
static LiteAffinity
column_affinity(const LiteTable *table, const char *declared)
{
	if (table->strict && sqlite3_stricmp(declared, "ANY") == 0)
		return LITE_AFFINITY_BLOB;
	return lite_type_affinity(declared);
}

static void
add_column(Loader *loader, LiteTable *table, int *capacity)
{
	LiteStmt *stmt = loader->xinfo;
	LiteColumn *column;

	column = lite_arena_grow(loader->arena, table->columns, table->ncolumns,
							 capacity, sizeof(LiteColumn));
	if (column == NULL)
		return;
	table->columns = column;
	column = &table->columns[table->ncolumns++];
	memset(column, 0, sizeof(*column));
	column->name = copy_text(loader, stmt, 0);
	column->declared = copy_text(loader, stmt, 1);
	column->affinity =
		column_affinity(table, column->declared ? column->declared : "");
	column->not_null = lite_stmt_int64(stmt, 2) != 0;
	column->default_sql = copy_text_or_null(loader, stmt, 3);
	column->pk_position = (int) lite_stmt_int64(stmt, 4);
	column->collation = table->kind == LITE_KIND_VIEW ? "" : "BINARY";
	switch (lite_stmt_int64(stmt, 5))
	{
		case 1:
			column->hidden = true;
			break;
		case 2:
			column->generated = LITE_GENERATED_VIRTUAL;
			break;
		case 3:
			column->generated = LITE_GENERATED_STORED;
			break;
		default:
			break;
	}
}

/*
 * What the PRAGMA does not tell: collations and AUTOINCREMENT.
 */
static void
read_metadata(Loader *loader, LiteTable *table)
{
	int i;

	for (i = 0; i < table->ncolumns; i++)
	{
		LiteColumn *column = &table->columns[i];
		const char *collation = NULL;
		int autoincrement = 0;

		if (sqlite3_table_column_metadata(loader->db->handle, "main",
										  table->name, column->name, NULL,
										  &collation, NULL, NULL,
										  &autoincrement) != SQLITE_OK)
			continue;
		if (collation != NULL && strcmp(collation, "BINARY") != 0)
			column->collation = lite_arena_strdup(loader->arena, collation);
		if (autoincrement)
			table->autoincrement = true;
	}
}

static LiteStatus
load_columns(Loader *loader, LiteTable *table)
{
	LiteStatus status;
	int capacity = 0;
	int i;

	status = bind_name(loader->xinfo, table->name, loader->err);
	while (status == LITE_OK || status == LITE_ROW)
	{
		status = lite_stmt_step(loader->xinfo, loader->err);
		if (status == LITE_ROW)
			add_column(loader, table, &capacity);
	}
	lite_stmt_reset(loader->xinfo);
	status = finish_rows(loader, status);
	if (status != LITE_OK)
		return status;
	if (table->kind != LITE_KIND_VIEW)
		read_metadata(loader, table);

	table->pk =
		lite_arena_newarray(loader->arena, int, (size_t) table->ncolumns + 1);
	if (table->pk == NULL)
		return lite_error_nomem(loader->err);
	for (i = 0; i < table->ncolumns; i++)
	{
		int position = table->columns[i].pk_position;

		if (position < 1 || position > table->ncolumns)
			continue;
		table->pk[position - 1] = i;
		if (position > table->npk)
			table->npk = position;
	}
	return LITE_OK;
}

/*
 * A sole INTEGER PRIMARY KEY is the rowid, unless an index had to be made for
 * it ("INTEGER PRIMARY KEY DESC", an old bug that is kept: "CREATE TABLE",
 * 5).
 */
static void
find_rowid(LiteTable *table)
{
	static const char *const names[] = {"rowid", "_rowid_", "oid"};
	bool keyed = false;
	size_t n;
	int i;

	if (table->kind == LITE_KIND_VIEW || table->without_rowid)
		return;
	for (n = 0; n < 3 && table->rowid_name == NULL; n++)
	{
		if (lite_table_find_column(table, names[n]) < 0)
			table->rowid_name = names[n];
	}
	for (i = 0; i < table->nindexes; i++)
		keyed = keyed || table->indexes[i].origin == LITE_INDEX_PRIMARY;
	if (table->npk == 1 && !keyed && table->kind != LITE_KIND_VIRTUAL &&
		sqlite3_stricmp(table->columns[table->pk[0]].declared, "INTEGER") == 0)
		table->rowid_alias = table->pk[0];
}

/* ------------------------------------------------------------------------
 * Indexes, foreign keys, triggers
 * ------------------------------------------------------------------------ */

static LiteStatus
load_index_columns(Loader *loader, LiteIndex *index)
{
	LiteStmt *stmt = loader->index_xinfo;
	LiteStatus status = bind_name(stmt, index->name, loader->err);
	int capacity = 0;

	while (status == LITE_OK || status == LITE_ROW)
	{
		LiteIndexColumn *column;

		status = lite_stmt_step(stmt, loader->err);
		if (status != LITE_ROW)
			break;
		column =
			lite_arena_grow(loader->arena, index->columns, index->ncolumns,
							&capacity, sizeof(LiteIndexColumn));
		if (column == NULL)
			break;
		index->columns = column;
		column = &index->columns[index->ncolumns++];
		column->column = (int) lite_stmt_int64(stmt, 0);
		column->descending = lite_stmt_int64(stmt, 1) != 0;
		column->collation = copy_text(loader, stmt, 2);
		if (column->column == -2)
			index->has_expression = true;
	}
	lite_stmt_reset(stmt);
	return finish_rows(loader, status);
}

static const char *
index_sql(const Loader *loader, const LiteTable *table, const char *name)
{
	int i;

	for (i = find_dependents(loader, table->name); i < loader->ndependents;
		 i++)
	{
		const Dependent *d = &loader->dependents[i];

		if (sqlite3_stricmp(d->table, table->name) != 0)
			break;
		if (!d->trigger && sqlite3_stricmp(d->name, name) == 0)
			return d->sql;
	}
	return NULL;
}

static void
add_index(Loader *loader, LiteTable *table, int *capacity)
{
	LiteStmt *stmt = loader->index_list;
	const char *origin = lite_stmt_text(stmt, 2);
	LiteIndex *index;

	index = lite_arena_grow(loader->arena, table->indexes, table->nindexes,
							capacity, sizeof(LiteIndex));
	if (index == NULL)
		return;
	table->indexes = index;
	index = &table->indexes[table->nindexes++];
	memset(index, 0, sizeof(*index));
	index->name = copy_text(loader, stmt, 0);
	index->unique = lite_stmt_int64(stmt, 1) != 0;
	index->partial = lite_stmt_int64(stmt, 3) != 0;
	index->origin = LITE_INDEX_CREATED;
	if (origin != NULL && strcmp(origin, "u") == 0)
		index->origin = LITE_INDEX_UNIQUE;
	else if (origin != NULL && strcmp(origin, "pk") == 0)
		index->origin = LITE_INDEX_PRIMARY;
	if (index->name != NULL)
		index->sql = index_sql(loader, table, index->name);
}

static LiteStatus
load_indexes(Loader *loader, LiteTable *table)
{
	LiteStatus status;
	int capacity = 0;
	int i;

	status = bind_name(loader->index_list, table->name, loader->err);
	while (status == LITE_OK || status == LITE_ROW)
	{
		status = lite_stmt_step(loader->index_list, loader->err);
		if (status == LITE_ROW)
			add_index(loader, table, &capacity);
	}
	lite_stmt_reset(loader->index_list);
	status = finish_rows(loader, status);
	for (i = 0; status == LITE_OK && i < table->nindexes; i++)
		status = load_index_columns(loader, &table->indexes[i]);
	return status;
}

/*
 * A row of foreign_key_list is one column of a key; rows of one key follow
 * each other.
 */
static void
add_foreign_key_column(Loader *loader, LiteTable *table, int *capacity,
					   int *column_capacity)
{
	LiteStmt *stmt = loader->foreign_keys;
	int id = (int) lite_stmt_int64(stmt, 0);
	LiteForeignKey *key;
	const char **names;
	int unused;

	key = table->nforeign_keys > 0
			  ? &table->foreign_keys[table->nforeign_keys - 1]
			  : NULL;
	if (key == NULL || key->id != id)
	{
		key = lite_arena_grow(loader->arena, table->foreign_keys,
							  table->nforeign_keys, capacity,
							  sizeof(LiteForeignKey));
		if (key == NULL)
			return;
		table->foreign_keys = key;
		key = &table->foreign_keys[table->nforeign_keys++];
		memset(key, 0, sizeof(*key));
		key->id = id;
		key->parent = copy_text(loader, stmt, 1);
		key->on_update = copy_text(loader, stmt, 4);
		key->on_delete = copy_text(loader, stmt, 5);
		*column_capacity = 0;
	}
	unused = *column_capacity;
	names = lite_arena_grow(loader->arena, key->columns, key->ncolumns,
							column_capacity, sizeof(char *));
	if (names == NULL)
		return;
	key->columns = names;
	names = lite_arena_grow(loader->arena, key->parent_columns, key->ncolumns,
							&unused, sizeof(char *));
	if (names == NULL)
		return;
	key->parent_columns = names;
	key->columns[key->ncolumns] = copy_text(loader, stmt, 2);
	key->parent_columns[key->ncolumns] = copy_text_or_null(loader, stmt, 3);
	key->ncolumns++;
}

static LiteStatus
load_foreign_keys(Loader *loader, LiteTable *table)
{
	LiteStatus status;
	int capacity = 0;
	int column_capacity = 0;

	status = bind_name(loader->foreign_keys, table->name, loader->err);
	while (status == LITE_OK || status == LITE_ROW)
	{
		status = lite_stmt_step(loader->foreign_keys, loader->err);
		if (status == LITE_ROW)
			add_foreign_key_column(loader, table, &capacity, &column_capacity);
	}
	lite_stmt_reset(loader->foreign_keys);
	return finish_rows(loader, status);
}

static LiteStatus
load_triggers(Loader *loader, LiteTable *table)
{
	int capacity = 0;
	int i;

	for (i = find_dependents(loader, table->name); i < loader->ndependents;
		 i++)
	{
		const Dependent *d = &loader->dependents[i];
		LiteTrigger *triggers;

		if (sqlite3_stricmp(d->table, table->name) != 0)
			break;
		if (!d->trigger)
			continue;
		triggers =
			lite_arena_grow(loader->arena, table->triggers, table->ntriggers,
							&capacity, sizeof(LiteTrigger));
		if (triggers == NULL)
			return lite_error_nomem(loader->err);
		table->triggers = triggers;
		triggers[table->ntriggers].name = d->name;
		triggers[table->ntriggers].sql = d->sql;
		table->ntriggers++;
	}
	return LITE_OK;
}

/* ------------------------------------------------------------------------
 * Tables
 * ------------------------------------------------------------------------ */

static bool
has_generated(const LiteTable *table)
{
	int i;

	for (i = 0; i < table->ncolumns; i++)
	{
		if (table->columns[i].generated != LITE_GENERATED_NOT)
			return true;
	}
	return false;
}

/*
 * Can it be read?  For an ordinary table there is nothing to ask.
 */
static LiteStatus
try_read(Loader *loader, const LiteTable *table)
{
	LiteStmt *stmt;
	LiteStatus status;

	if ((table->kind == LITE_KIND_TABLE || table->kind == LITE_KIND_SHADOW) &&
		!has_generated(table))
		return LITE_OK;
	status = lite_stmt_preparef(loader->db, &stmt, loader->err,
								"SELECT * FROM \"%w\"", table->name);
	lite_stmt_finalize(stmt);
	return status;
}

static LiteStatus
load_table(Loader *loader, LiteTable *table)
{
	LiteStatus status = LITE_OK;

	/* a view first: it may need the old rule for strings (stmt.c) */
	if (table->kind == LITE_KIND_VIEW)
		status = try_read(loader, table);
	if (status == LITE_OK)
		status = load_columns(loader, table);
	if (status == LITE_OK && table->kind != LITE_KIND_VIEW)
		status = load_indexes(loader, table);
	if (status == LITE_OK && table->kind != LITE_KIND_VIEW)
		status = load_foreign_keys(loader, table);
	if (status == LITE_OK)
		status = load_triggers(loader, table);
	if (status == LITE_OK)
		find_rowid(table);
	if (status == LITE_OK && table->kind != LITE_KIND_VIEW)
		status = try_read(loader, table);
	if (!is_local(status))
		return status;

	table->unreadable =
		lite_arena_strdup(loader->arena, loader->err && loader->err->detail[0]
											 ? loader->err->detail
											 : "SQLite refuses to read it");
	lite_error_clear(loader->err);
	return LITE_OK;
}

static LiteStatus
prepare_loader(Loader *loader)
{
	LiteStatus status;

	status = lite_stmt_prepare(
		loader->db,
		"SELECT name, type, \"notnull\", dflt_value, pk, hidden"
		" FROM pragma_table_xinfo(?1, 'main') ORDER BY cid",
		&loader->xinfo, loader->err);
	/* index_list counts from the newest */
	if (status == LITE_OK)
		status = lite_stmt_prepare(
			loader->db,
			"SELECT name, \"unique\", origin, partial"
			" FROM pragma_index_list(?1, 'main') ORDER BY seq DESC",
			&loader->index_list, loader->err);
	if (status == LITE_OK)
		status = lite_stmt_prepare(
			loader->db,
			"SELECT cid, \"desc\", coll FROM pragma_index_xinfo(?1, 'main')"
			" WHERE \"key\" ORDER BY seqno",
			&loader->index_xinfo, loader->err);
	/* so does foreign_key_list */
	if (status == LITE_OK)
		status = lite_stmt_prepare(
			loader->db,
			"SELECT id, \"table\", \"from\", \"to\", on_update, on_delete"
			" FROM pragma_foreign_key_list(?1, 'main') ORDER BY id DESC, seq",
			&loader->foreign_keys, loader->err);
	return status;
}

/* ------------------------------------------------------------------------
 * What needs the other tables
 * ------------------------------------------------------------------------ */

/*
 * The private tables of the modules that come with SQLite, for libraries that
 * lack the module and so do not know them as shadow tables.
 */
static const struct
{
	const char *module; /* a prefix of its name */
	const char *suffix;
} shadows[] = {
	{"fts5", "config"},	 {"fts5", "content"},	{"fts5", "data"},
	{"fts5", "docsize"}, {"fts5", "idx"},		{"fts3", "content"},
	{"fts3", "docsize"}, {"fts3", "segdir"},	{"fts3", "segments"},
	{"fts3", "stat"},	 {"fts4", "content"},	{"fts4", "docsize"},
	{"fts4", "segdir"},	 {"fts4", "segments"},	{"fts4", "stat"},
	{"rtree", "node"},	 {"rtree", "parent"},	{"rtree", "rowid"},
	{"geopoly", "node"}, {"geopoly", "parent"}, {"geopoly", "rowid"},
};

static bool
is_shadow_of(const LiteTable *owner, const char *suffix)
{
	size_t i;

	for (i = 0; i < sizeof(shadows) / sizeof(shadows[0]); i++)
	{
		if (sqlite3_strnicmp(owner->module, shadows[i].module,
							 (int) strlen(shadows[i].module)) == 0 &&
			sqlite3_stricmp(suffix, shadows[i].suffix) == 0)
			return true;
	}
	return false;
}

/*
 * SQLite's rule (sqlite3ShadowTableName): the owner is the virtual table
 * named by what stands before the last underscore.
 */
static LiteStatus
find_owner(Loader *loader, LiteTable *table)
{
	const char *tail = strrchr(table->name, '_');
	LiteTable *owner;
	char *prefix;

	if (tail == NULL ||
		(table->kind != LITE_KIND_SHADOW && table->kind != LITE_KIND_TABLE))
		return LITE_OK;
	prefix = sqlite3_mprintf("%.*s", (int) (tail - table->name), table->name);
	if (prefix == NULL)
		return lite_error_nomem(loader->err);
	owner = lite_schema_find(loader->schema, prefix);
	sqlite3_free(prefix);
	if (owner == NULL || owner->kind != LITE_KIND_VIRTUAL)
		return LITE_OK;
	if (table->kind == LITE_KIND_TABLE && !is_shadow_of(owner, tail + 1))
		return LITE_OK;
	table->kind = LITE_KIND_SHADOW;
	table->owner = owner->name;
	return LITE_OK;
}

/*
 * REFERENCES p, without columns, is the primary key of p.
 */
static void
resolve_key(const LiteSchema *schema, LiteForeignKey *key)
{
	const LiteTable *parent = lite_schema_find(schema, key->parent);
	int i;

	for (i = 0; i < key->ncolumns; i++)
	{
		if (parent == NULL)
			key->parent_columns[i] = NULL;
		else if (key->parent_columns[i] == NULL &&
				 parent->npk == key->ncolumns)
			key->parent_columns[i] = parent->columns[parent->pk[i]].name;
	}
}

static LiteStatus
load_sequences(Loader *loader)
{
	LiteStmt *stmt;
	LiteStatus status;

	if (!loader->has_sequence)
		return LITE_OK;
	status = lite_stmt_prepare(
		loader->db, "SELECT s.name, s.seq FROM main.sqlite_sequence AS s",
		&stmt, loader->err);
	if (status == LITE_OK)
	{
		while ((status = lite_stmt_step(stmt, loader->err)) == LITE_ROW)
		{
			const char *name = lite_stmt_text(stmt, 0);
			LiteTable *table =
				name ? lite_schema_find(loader->schema, name) : NULL;

			if (table != NULL)
				table->sequence = lite_stmt_int64(stmt, 1);
		}
	}
	lite_stmt_finalize(stmt);
	if (is_local(status)) /* a sqlite_sequence that is not SQLite's */
	{
		lite_error_clear(loader->err);
		return LITE_OK;
	}
	return finish_rows(loader, status);
}

static LiteStatus
resolve(Loader *loader)
{
	LiteSchema *schema = loader->schema;
	LiteStatus status = LITE_OK;
	int i;
	int k;

	for (i = 0; status == LITE_OK && i < schema->ntables; i++)
	{
		LiteTable *table = &schema->tables[i];

		status = find_owner(loader, table);
		for (k = 0; k < table->nforeign_keys; k++)
			resolve_key(schema, &table->foreign_keys[k]);
	}
	if (status == LITE_OK)
		status = load_sequences(loader);
	return status;
}

/* ------------------------------------------------------------------------
 * Interface
 * ------------------------------------------------------------------------ */

static LiteStatus
load_versions(Loader *loader)
{
	LiteSchema *schema = loader->schema;
	LiteStatus status;
	int64_t value;

	status =
		lite_db_int64(loader->db, "PRAGMA user_version", &value, loader->err);
	schema->user_version = (int) value;
	if (status == LITE_OK)
		status = lite_db_int64(loader->db, "PRAGMA application_id", &value,
							   loader->err);
	schema->application_id = (int) value;
	schema->utf16 = lite_db_is_utf16(loader->db);
	return status;
}

static LiteStatus
load(Loader *loader)
{
	LiteSchema *schema = loader->schema;
	LiteStatus status = load_versions(loader);
	int i;

	if (status == LITE_OK)
		status = load_list(loader);
	if (status == LITE_OK)
		status = sort_tables(loader);
	if (status == LITE_OK)
		status = prepare_loader(loader);
	for (i = 0; status == LITE_OK && i < schema->ntables; i++)
	{
		if (schema->tables[i].unreadable == NULL)
			status = load_table(loader, &schema->tables[i]);
	}
	if (status == LITE_OK)
		status = resolve(loader);
	if (status == LITE_OK && lite_arena_failed(loader->arena))
		status = lite_error_nomem(loader->err);
	return status;
}

LiteStatus
lite_schema_load(LiteDb *db, LiteArena *arena, LiteSchema **result,
				 LiteError *err)
{
	LiteError local;
	Loader loader;
	LiteStatus status;

	*result = NULL;
	memset(&loader, 0, sizeof(loader));
	loader.db = db;
	loader.arena = arena;
	loader.err = err ? err : &local; /* "unreadable" is made from it */
	lite_error_clear(loader.err);
	loader.schema = lite_arena_new(arena, LiteSchema);
	if (loader.schema == NULL)
		return lite_error_nomem(err);

	status = load(&loader);
	lite_stmt_finalize(loader.xinfo);
	lite_stmt_finalize(loader.index_list);
	lite_stmt_finalize(loader.index_xinfo);
	lite_stmt_finalize(loader.foreign_keys);
	if (status == LITE_OK)
		*result = loader.schema;
	return status;
}

/*
 * Not a plain count(*): SQLite counts that in one instruction, which neither
 * ends nor can be interrupted where pages refer to each other in circles.
 */
LiteStatus
lite_table_count(LiteDb *db, const LiteTable *table, int64_t *result,
				 LiteError *err)
{
	int64_t most = table->kind == LITE_KIND_TABLE ? lite_db_max_rows(db) : 0;
	LiteStmt *stmt;
	LiteStatus status;

	*result = 0;
	if (most > 0)
		status = lite_stmt_preparef(
			db, &stmt, err,
			"SELECT count(*) FROM (SELECT 1 FROM \"%w\" LIMIT %lld)",
			table->name, (long long) most + 1);
	else
		status =
			lite_stmt_preparef(db, &stmt, err, "SELECT count(1) FROM \"%w\"",
							   table->name);
	if (status != LITE_OK)
		return status;
	status = lite_stmt_step(stmt, err);
	if (status == LITE_ROW)
	{
		*result = lite_stmt_int64(stmt, 0);
		status = LITE_OK;
	}
	lite_stmt_finalize(stmt);
	if (status == LITE_OK && most > 0 && *result > most)
	{
		lite_error_set(err, LITE_CORRUPT, "the SQLite file is damaged");
		lite_error_detail(err, "A table has more rows than the file has room "
							   "for: its pages refer to each other in a "
							   "circle.");
		return LITE_CORRUPT;
	}
	return status;
}
