/*
 * keys.c
 *	  Primary keys, unique constraints and indexes.
 *
 * All are built after the rows are there.  What they mean must stay what it
 * was, most of all for the unique ones:
 *
 *	- a partial unique index stays partial, or is not made at all;
 *	- COLLATE NOCASE becomes an index on lower(column COLLATE "C"), which
 *	  folds ASCII letters and nothing else, exactly as NOCASE does; RTRIM one
 *	  on rtrim(column, ' ');
 *	- NULLs stay distinct, as in SQLite and by PostgreSQL's default;
 *	- a unique index over values of several storage classes might find two
 *	  alike that SQLite told apart (1 and '1'): then it is made optional, with
 *	  a plain index to fall back to, and a finding.
 *
 * PostgreSQL's b-tree takes keys of about 2700 bytes; where the profile saw
 * longer ones the index is optional, with a fallback that can hold them.
 */
#include <string.h>

#include "core/planner.h"

/* Below BTMaxItemSize (2704), with room for other columns' headers. */
#define BTREE_KEY_MAX 2600

/* An index as it is to be written. */
typedef struct IndexWork
{
	LiteTableWork *work;
	const LiteIndex *index;
	const LiteIndexSql *sql; /* of CREATE INDEX; NULL for a constraint's */
	const char *name;
	const char *predicate; /* NULL: not partial */
	bool unique;
	bool folded;   /* a term is lower(...) or rtrim(...) */
	bool mixed;	   /* a column of several storage classes */
	bool too_long; /* a key may not fit a b-tree */
	bool expression;
	bool descending;
	bool unordered; /* a column's type has no order: json */
	int single;		/* the target column, if it is the only term; else -1 */
} IndexWork;

/* ------------------------------------------------------------------------
 * Names
 * ------------------------------------------------------------------------ */

/*
 * Indexes that the file names keep their names; they are taken before any
 * that are made up here (constraints, sequences).
 */
void
lite_keys_names(LitePlanner *planner)
{
	for (int i = 0; i < planner->nworks; i++)
	{
		LiteTableWork *work = &planner->works[i];
		const LiteTable *table = work->source;
		const char **wanted = lite_arena_newarray(planner->arena, const char *,
												  table->nindexes + 1);
		int *changes =
			lite_arena_newarray(planner->arena, int, table->nindexes + 1);
		const char **names;
		int n = 0;

		work->index_names = lite_arena_newarray(planner->arena, const char *,
												table->nindexes + 1);
		if (wanted == NULL || changes == NULL || work->index_names == NULL)
			return;
		for (int k = 0; k < table->nindexes; k++)
		{
			if (table->indexes[k].origin == LITE_INDEX_CREATED)
				wanted[n++] = table->indexes[k].name;
		}
		names = lite_names_assign(planner->relations, wanted, n, changes);
		if (names == NULL)
			return;
		for (int k = 0, at = 0; k < table->nindexes; k++)
		{
			if (table->indexes[k].origin != LITE_INDEX_CREATED)
				continue;
			work->index_names[k] = names[at];
			if (changes[at] & ~LITE_NAME_FOLDED)
				lite_find(planner, LITE_SEVERITY_INFO, "rename", table->name,
						  table->indexes[k].name, NULL, "index becomes \"%s\"",
						  names[at]);
			at++;
		}
	}
}

/*
 * The constraint in the CREATE text that a constraint's index stands for:
 * PRIMARY KEY, or the UNIQUE with these columns.  NULL if it is not found.
 */
static const LiteSqlConstraint *
find_constraint(const LiteTableWork *work, LiteConstraintKind kind,
				const LiteIndex *index)
{
	const LiteTableSql *sql = work->sql;

	for (int i = 0; sql != NULL && i < sql->nconstraints; i++)
	{
		const LiteSqlConstraint *c = &sql->constraints[i];
		bool same = true;

		if (c->kind != kind)
			continue;
		if (kind == LITE_CONSTRAINT_PRIMARY_KEY || index == NULL)
			return c;
		if (c->nterms == 0)
			same = index->ncolumns == 1 && index->columns[0].column >= 0 &&
				   c->column >= 0 &&
				   sqlite3_stricmp(
					   work->source->columns[index->columns[0].column].name,
					   sql->columns[c->column].name) == 0;
		else if (c->nterms != index->ncolumns)
			same = false;
		for (int k = 0; same && k < c->nterms; k++)
			same = index->columns[k].column >= 0 &&
				   c->terms[k].expr->text != NULL &&
				   sqlite3_stricmp(
					   work->source->columns[index->columns[k].column].name,
					   c->terms[k].expr->text) == 0;
		if (same)
			return c;
	}
	return NULL;
}

/* A name for a key constraint, free as a relation and as a constraint. */
static const char *
constraint_name(LitePlanner *planner, LiteTableWork *work,
				const LiteSqlConstraint *constraint, const char *column,
				const char *label)
{
	const LitePlanTable *table = &planner->plan->tables[work->index];
	const char *wanted = constraint != NULL ? constraint->name : NULL;
	const char *name;

	if (wanted == NULL)
		wanted = lite_names_make(planner->arena, table->name, column, label);
	if (wanted == NULL)
		return NULL;
	name = lite_names_take(planner->relations, wanted, NULL);
	return name != NULL ? lite_names_take(work->constraints, name, NULL)
						: NULL;
}

/* ------------------------------------------------------------------------
 * Terms
 * ------------------------------------------------------------------------ */

static bool
is_text(LiteType type)
{
	return type == LITE_TYPE_TEXT || type == LITE_TYPE_VARCHAR;
}

/*
 * Could two values that SQLite tells apart become one?  Numbers and text can:
 * 1 and '1'.  But a column with a numeric affinity has no text that reads as
 * a number, since SQLite has made numbers of it.  Blobs and text can always.
 */
static bool
may_collide(const LiteTableWork *work, int column)
{
	const LiteColumn *source = &work->source->columns[column];

	if (!work->decisions[column].mixed || work->profile == NULL)
		return false;
	if (work->profile->columns[column].count[LITE_BLOB] > 0)
		return true;
	return source->affinity == LITE_AFFINITY_BLOB ||
		   source->affinity == LITE_AFFINITY_TEXT ||
		   (work->source->strict &&
			sqlite3_stricmp(source->declared, "ANY") == 0);
}

/* What may be wrong with a column as a key. */
static void
weigh_column(IndexWork *iw, int column)
{
	const LiteTableWork *work = iw->work;
	LiteType type = work->decisions[column].type.type;

	if (may_collide(work, column))
		iw->mixed = true;
	if (type == LITE_TYPE_JSON)
		iw->unordered = true;
	if (work->profile != NULL &&
		work->profile->columns[column].bytes_max > BTREE_KEY_MAX &&
		(is_text(type) || type == LITE_TYPE_BYTEA || type == LITE_TYPE_JSONB ||
		 type == LITE_TYPE_NUMERIC))
		iw->too_long = true;
}

static bool
is_known_collation(const char *collation)
{
	return collation == NULL || sqlite3_stricmp(collation, "BINARY") == 0 ||
		   sqlite3_stricmp(collation, "NOCASE") == 0 ||
		   sqlite3_stricmp(collation, "RTRIM") == 0;
}

static void
append_column(sqlite3_str *str, IndexWork *iw, const char *target,
			  LiteType type, const char *collation)
{
	bool fold = collation != NULL && is_text(type);

	if (fold && sqlite3_stricmp(collation, "NOCASE") == 0)
	{
		iw->folded = true;
		sqlite3_str_appendall(str, "lower(");
		lite_pg_ident(str, target);
		/* "C" folds A-Z alone, as NOCASE does; a plain index serves
		 * queries, which say lower(column) */
		sqlite3_str_appendall(str, iw->unique ? " COLLATE \"C\")" : ")");
	}
	else if (fold && sqlite3_stricmp(collation, "RTRIM") == 0)
	{
		iw->folded = true;
		sqlite3_str_appendall(str, "rtrim(");
		lite_pg_ident(str, target);
		sqlite3_str_appendall(str, ", ' ')");
	}
	else
		lite_pg_ident(str, target);
}

/* One term; false, with a finding, if it cannot be written. */
static bool
append_term(LitePlanner *planner, sqlite3_str *str, IndexWork *iw, int at)
{
	const LiteTableWork *work = iw->work;
	const LitePlanTable *table = &planner->plan->tables[work->index];
	const LiteIndexColumn *term = &iw->index->columns[at];

	if (term->column >= 0)
	{
		int target = work->target_of[term->column];

		if (target < 0)
		{
			lite_find(planner, LITE_SEVERITY_WARNING, "index",
					  work->source->name, iw->index->name,
					  "CREATE INDEX ... ((doc ->> 'column'))",
					  "index is not carried over: its columns are inside the "
					  "document");
			return false;
		}
		weigh_column(iw, term->column);
		if (!is_known_collation(term->collation))
			lite_find(planner, LITE_SEVERITY_WARNING, "collation",
					  work->source->name, iw->index->name, NULL,
					  "COLLATE %s of the index is not known: it compares "
					  "bytes",
					  lite_find_clip(planner, term->collation, 64));
		append_column(str, iw, table->columns[target].name,
					  work->decisions[term->column].type.type,
					  term->collation);
		if (iw->index->ncolumns == 1 && !iw->folded)
			iw->single = target;
	}
	else if (term->column == -1)
	{
		lite_find(planner, LITE_SEVERITY_WARNING, "index", work->source->name,
				  iw->index->name, NULL,
				  "index over the rowid is not carried over");
		return false;
	}
	else
	{
		LiteTranslation translation;
		LiteError err;
		LiteStatus status = LITE_UNSUPPORTED;

		lite_error_clear(&err);
		if (iw->sql != NULL && at < iw->sql->nterms)
			status = lite_term_translate(planner->arena, &iw->sql->terms[at],
										 &work->scope, iw->unique,
										 &translation, &err);
		if (status != LITE_OK)
		{
			lite_find(planner, LITE_SEVERITY_WARNING, "index",
					  work->source->name, iw->index->name, NULL,
					  "index is not carried over: %s (%s)",
					  lite_find_clip(planner, iw->index->sql, 300),
					  err.detail[0] != '\0' ? err.detail
											: "its expression is not known");
			return false;
		}
		iw->expression = true;
		lite_ddl_notes(planner, work->source, iw->index->name, "index",
					   &translation);
		sqlite3_str_appendf(str, "(%s)", translation.sql);
	}
	if (term->descending)
	{
		iw->descending = true;
		sqlite3_str_appendall(str, " DESC");
	}
	return true;
}

/* All terms, joined by commas; NULL if one cannot be written. */
static char *
index_terms(LitePlanner *planner, IndexWork *iw)
{
	sqlite3_str *str = sqlite3_str_new(NULL);

	iw->single = -1;
	for (int i = 0; i < iw->index->ncolumns; i++)
	{
		if (i > 0)
			sqlite3_str_appendall(str, ", ");
		if (!append_term(planner, str, iw, i))
		{
			sqlite3_free(sqlite3_str_finish(str));
			return NULL;
		}
	}
	return lite_arena_finish(planner->arena, str);
}

/* ------------------------------------------------------------------------
 * Indexes
 * ------------------------------------------------------------------------ */

/* The WHERE of a partial index; false, with a finding, if there is no
 * translation. */
static bool
read_predicate(LitePlanner *planner, IndexWork *iw)
{
	LiteTranslation translation;
	LiteError err;
	LiteStatus status = LITE_UNSUPPORTED;

	if (!iw->index->partial)
		return true;
	lite_error_clear(&err);
	if (iw->sql != NULL && iw->sql->where != NULL && !iw->work->document)
		status = lite_expr_translate(planner->arena, iw->sql->where,
									 &iw->work->scope, LITE_EXPR_FOR_PREDICATE,
									 NULL, &translation, &err);
	if (status == LITE_OK)
	{
		iw->predicate = translation.sql;
		lite_ddl_notes(planner, iw->work->source, iw->index->name, "index",
					   &translation);
		return true;
	}
	lite_find(planner, LITE_SEVERITY_WARNING, "index", iw->work->source->name,
			  iw->index->name, NULL,
			  "partial %sindex is not carried over: %s (%s)",
			  iw->unique ? "unique " : "",
			  lite_find_clip(planner, iw->index->sql, 300),
			  err.detail[0] != '\0' ? err.detail
									: "its predicate is not known");
	return false;
}

/* CREATE [UNIQUE] INDEX name ON table [USING method] (terms) [WHERE ...] */
static sqlite3_str *
index_statement(LitePlanner *planner, const IndexWork *iw, bool unique,
				const char *method, const char *terms)
{
	const LitePlanTable *table = &planner->plan->tables[iw->work->index];
	sqlite3_str *str = sqlite3_str_new(NULL);

	sqlite3_str_appendf(str, "CREATE %sINDEX ", unique ? "UNIQUE " : "");
	lite_pg_ident(str, iw->name);
	sqlite3_str_appendf(str, " ON %s%s (%s)", table->qualified, method, terms);
	if (iw->predicate != NULL)
		sqlite3_str_appendf(str, " WHERE %s", iw->predicate);
	return str;
}

/* What to try when an index cannot be built as it is. */
static void
set_fallback(LitePlanner *planner, const IndexWork *iw,
			 LiteStatement *statement, const char *terms)
{
	const LitePlanTable *table = &planner->plan->tables[iw->work->index];
	sqlite3_str *str = NULL;

	if (statement == NULL || (!iw->mixed && !iw->too_long))
		return;
	statement->optional = true;
	if (iw->too_long && iw->single >= 0 &&
		is_text(table->columns[iw->single].type.type))
	{
		sqlite3_str *digest = sqlite3_str_new(NULL);
		char *text;

		sqlite3_str_appendall(digest, iw->unique ? "md5(" : "");
		lite_pg_ident(digest, table->columns[iw->single].name);
		sqlite3_str_appendall(digest, iw->unique ? ")" : "");
		text = sqlite3_str_finish(digest);
		if (text != NULL)
			str = index_statement(planner, iw, iw->unique,
								  iw->unique ? "" : " USING hash", text);
		sqlite3_free(text);
	}
	else if (iw->unique && !iw->too_long)
		str = index_statement(planner, iw, false, "", terms);
	if (str != NULL)
		statement->fallback = lite_arena_finish(planner->arena, str);

	if (iw->unique && iw->mixed)
		lite_find(planner, LITE_SEVERITY_WARNING, "unique",
				  iw->work->source->name, iw->index->name, NULL,
				  "unique over values of several storage classes: if two that "
				  "SQLite told apart become equal, the index will not be "
				  "unique");
	if (iw->too_long)
		lite_find(planner, LITE_SEVERITY_WARNING, "index",
				  iw->work->source->name, iw->index->name, NULL,
				  "there are values longer than a b-tree index of PostgreSQL "
				  "holds: %s",
				  statement->fallback == NULL ? "the index may be missing"
				  : iw->unique ? "the index may be on md5() of the column"
							   : "the index may be a hash index");
}

static bool
is_unordered(LitePlanner *planner, const IndexWork *iw, const char *name)
{
	if (iw->unordered)
		lite_find(planner, LITE_SEVERITY_WARNING, "index",
				  iw->work->source->name, name, "take jsonb in place of json",
				  "it is not carried over: values of type json cannot be "
				  "compared");
	return iw->unordered;
}

static void
add_created_index(LitePlanner *planner, LiteTableWork *work, int at)
{
	const LiteIndex *index = &work->source->indexes[at];
	IndexWork iw = {.work = work, .index = index, .unique = index->unique};
	LiteIndexSql *sql = NULL;
	LiteStatement *statement;
	LiteError err;
	char *terms;

	iw.name = work->index_names != NULL ? work->index_names[at] : NULL;
	if (iw.name == NULL)
		return;
	lite_error_clear(&err);
	if ((index->partial || index->has_expression) && index->sql != NULL &&
		lite_sql_parse_index(planner->arena, index->sql, &sql, &err) ==
			LITE_OK)
		iw.sql = sql;
	if (!read_predicate(planner, &iw))
		return;
	terms = index_terms(planner, &iw);
	if (terms == NULL || is_unordered(planner, &iw, index->name))
		return;
	statement =
		lite_ddl_add(planner, LITE_PHASE_INDEX, work->index, iw.name,
					 index_statement(planner, &iw, iw.unique, "", terms));
	set_fallback(planner, &iw, statement, terms);
	/* an expression may fail on a value (a cast, a JSON path) */
	if (statement != NULL && (iw.expression || iw.predicate != NULL))
		statement->optional = true;
	if (iw.folded)
		lite_find(planner, LITE_SEVERITY_INFO, "collation", work->source->name,
				  index->name, "queries that write lower(column) use it",
				  "the index folds its text in place of COLLATE");
}

/* ------------------------------------------------------------------------
 * Keys
 * ------------------------------------------------------------------------ */

/* Columns of an index as "a, b"; NULL if one is not a target column. */
static char *
plain_columns(LitePlanner *planner, LiteTableWork *work, int n,
			  const int *columns)
{
	const LitePlanTable *table = &planner->plan->tables[work->index];
	sqlite3_str *str = sqlite3_str_new(NULL);

	for (int i = 0; i < n; i++)
	{
		int target = columns[i] >= 0 ? work->target_of[columns[i]] : -1;

		if (target < 0)
		{
			sqlite3_free(sqlite3_str_finish(str));
			return NULL;
		}
		if (i > 0)
			sqlite3_str_appendall(str, ", ");
		lite_pg_ident(str, table->columns[target].name);
	}
	return lite_arena_finish(planner->arena, str);
}

static LiteStatement *
add_constraint(LitePlanner *planner, LiteTableWork *work, const char *name,
			   const char *kind, const char *columns)
{
	const LitePlanTable *table = &planner->plan->tables[work->index];
	sqlite3_str *str = sqlite3_str_new(NULL);

	sqlite3_str_appendf(str, "ALTER TABLE %s ADD CONSTRAINT ",
						table->qualified);
	lite_pg_ident(str, name);
	sqlite3_str_appendf(str, " %s (%s)", kind, columns);
	return lite_ddl_add(planner, LITE_PHASE_INDEX, work->index, name, str);
}

/* Does a column of this index compare otherwise than byte by byte? */
static bool
is_folding(const LiteTableWork *work, const LiteIndex *index)
{
	for (int i = 0; i < index->ncolumns; i++)
	{
		int column = index->columns[i].column;
		const char *collation = index->columns[i].collation;

		if (column >= 0 && collation != NULL &&
			is_text(work->decisions[column].type.type) &&
			(sqlite3_stricmp(collation, "NOCASE") == 0 ||
			 sqlite3_stricmp(collation, "RTRIM") == 0))
			return true;
	}
	return false;
}

/* The unique index that says what COLLATE NOCASE said. */
static void
add_folding_index(LitePlanner *planner, LiteTableWork *work,
				  const LiteIndex *index, const char *name)
{
	IndexWork iw = {.work = work,
					.index = index,
					.name = name,
					.unique = true};
	char *terms = index_terms(planner, &iw);
	LiteStatement *statement;

	if (terms == NULL || name == NULL)
		return;
	statement = lite_ddl_add(planner, LITE_PHASE_INDEX, work->index, name,
							 index_statement(planner, &iw, true, "", terms));
	set_fallback(planner, &iw, statement, terms);
}

static void
add_primary_key(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;
	const LiteSqlConstraint *constraint =
		find_constraint(work, LITE_CONSTRAINT_PRIMARY_KEY, NULL);
	const LiteIndex *index = NULL;
	IndexWork iw = {.work = work, .unique = true, .single = -1};
	LiteStatement *statement;
	const char *name;
	char *columns;

	if (work->rowid_key)
	{
		sqlite3_str *str = sqlite3_str_new(NULL);

		lite_pg_ident(str, planner->plan->tables[work->index].columns[0].name);
		columns = lite_arena_finish(planner->arena, str);
		constraint = NULL;
	}
	else if (table->npk == 0)
		return;
	else
		columns = plain_columns(planner, work, table->npk, table->pk);
	name = constraint_name(planner, work, constraint, NULL,
						   work->key_has_null ? "key" : "pkey");
	if (columns == NULL || name == NULL)
		return;
	for (int i = 0; i < table->npk && !work->rowid_key; i++)
		weigh_column(&iw, table->pk[i]);
	if (is_unordered(planner, &iw, name))
		return;
	statement =
		add_constraint(planner, work, name,
					   work->key_has_null ? "UNIQUE" : "PRIMARY KEY", columns);
	if (work->rowid_key)
		return;
	if (statement != NULL && (iw.mixed || iw.too_long))
	{
		statement->optional = true;
		lite_find(planner, LITE_SEVERITY_WARNING, "primary_key", table->name,
				  name, NULL,
				  iw.too_long
					  ? "there are keys longer than a b-tree index of "
						"PostgreSQL holds: the primary key may be missing"
					  : "key of values of several storage classes: if two "
						"that SQLite told apart become equal, the primary key "
						"will be missing");
	}
	for (int i = 0; i < table->nindexes; i++)
	{
		if (table->indexes[i].origin == LITE_INDEX_PRIMARY)
			index = &table->indexes[i];
	}
	if (index != NULL && is_folding(work, index))
		add_folding_index(planner, work, index,
						  constraint_name(planner, work, NULL, NULL,
										  "folded_key"));
}

static void
add_unique(LitePlanner *planner, LiteTableWork *work, const LiteIndex *index)
{
	const LiteSqlConstraint *constraint =
		find_constraint(work, LITE_CONSTRAINT_UNIQUE, index);
	int *list = lite_arena_newarray(planner->arena, int, index->ncolumns + 1);
	IndexWork iw = {.work = work,
					.index = index,
					.unique = true,
					.single = -1};
	LiteStatement *statement;
	char *columns;
	int first;

	if (list == NULL)
		return;
	for (int i = 0; i < index->ncolumns; i++)
		list[i] = index->columns[i].column;
	columns = plain_columns(planner, work, index->ncolumns, list);
	if (columns == NULL)
	{
		lite_find(planner, LITE_SEVERITY_WARNING, "unique", work->source->name,
				  constraint != NULL ? constraint->name : index->name,
				  "CREATE UNIQUE INDEX ... ((doc ->> 'column'))",
				  "UNIQUE constraint is not carried over: its columns are "
				  "inside the document");
		return;
	}
	first = work->target_of[list[0]];
	iw.name =
		constraint_name(planner, work, constraint,
						planner->plan->tables[work->index].columns[first].name,
						"key");
	if (iw.name == NULL)
		return;
	if (is_folding(work, index))
	{
		add_folding_index(planner, work, index, iw.name);
		return;
	}
	for (int i = 0; i < index->ncolumns; i++)
		weigh_column(&iw, list[i]);
	if (is_unordered(planner, &iw, iw.name))
		return;
	if (index->ncolumns == 1)
		iw.single = first;
	statement = add_constraint(planner, work, iw.name, "UNIQUE", columns);
	set_fallback(planner, &iw, statement, columns);
}

/* ------------------------------------------------------------------------
 * Redundant ones; GIN
 * ------------------------------------------------------------------------ */

static bool
same_terms(const LiteIndex *a, const LiteIndex *b)
{
	if (a->ncolumns != b->ncolumns || a->partial || b->partial ||
		a->has_expression || b->has_expression)
		return false;
	for (int i = 0; i < a->ncolumns; i++)
	{
		const char *ca = a->columns[i].collation;
		const char *cb = b->columns[i].collation;

		if (a->columns[i].column != b->columns[i].column ||
			a->columns[i].descending != b->columns[i].descending ||
			sqlite3_stricmp(ca != NULL ? ca : "BINARY",
							cb != NULL ? cb : "BINARY") != 0)
			return false;
	}
	return true;
}

static bool
repeats_rowid_key(const LiteTable *table, const LiteIndex *index)
{
	return table->rowid_alias >= 0 && index->ncolumns == 1 &&
		   !index->partial && index->columns[0].column == table->rowid_alias;
}

/*
 * An index that another one makes needless is made all the same, since the
 * file has it, and named.  Compared within one table, whose indexes are few.
 */
static void
find_redundant(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;

	for (int i = 0; i < table->nindexes; i++)
	{
		const LiteIndex *index = &table->indexes[i];
		const char *other = NULL;

		if (index->origin != LITE_INDEX_CREATED || work->index_names == NULL ||
			work->index_names[i] == NULL)
			continue;
		if (repeats_rowid_key(table, index))
			other = "the primary key";
		for (int k = 0; k < table->nindexes && other == NULL; k++)
		{
			const LiteIndex *that = &table->indexes[k];

			/* of two created ones the later is redundant, unless it is the
			 * one that is unique */
			if (k == i || !same_terms(index, that) ||
				(index->unique && !that->unique) ||
				(that->origin == LITE_INDEX_CREATED && k > i &&
				 that->unique == index->unique))
				continue;
			other = that->origin == LITE_INDEX_PRIMARY	? "the primary key"
					: that->origin == LITE_INDEX_UNIQUE ? "a UNIQUE constraint"
														: that->name;
		}
		if (other != NULL)
			lite_find(planner, LITE_SEVERITY_INFO, "redundant_index",
					  table->name, index->name,
					  lite_arena_printf(planner->arena,
										"DROP INDEX \"%w\".\"%w\"",
										planner->plan->schema,
										work->index_names[i]),
					  "index repeats %s", other);
	}
}

static void
add_gin(LitePlanner *planner, LiteTableWork *work)
{
	const LitePlanTable *table = &planner->plan->tables[work->index];

	for (int i = 0; i < table->ncolumns; i++)
	{
		const LitePlanColumn *column = &table->columns[i];
		bool document = column->source == LITE_SOURCE_DOCUMENT;
		const char *name;
		sqlite3_str *str;

		if (!document &&
			(column->source != LITE_SOURCE_GENERATED || column->column >= 0))
			continue;
		name =
			lite_names_make(planner->arena, table->name, column->name, "idx");
		if (name != NULL)
			name = lite_names_take(planner->relations, name, NULL);
		if (name == NULL)
			return;
		str = sqlite3_str_new(NULL);
		sqlite3_str_appendall(str, "CREATE INDEX ");
		lite_pg_ident(str, name);
		sqlite3_str_appendf(str, " ON %s USING gin (", table->qualified);
		lite_pg_ident(str, column->name);
		sqlite3_str_appendall(str, document ? " jsonb_path_ops)" : ")");
		lite_ddl_add(planner, LITE_PHASE_INDEX, work->index, name, str);
	}
}

/* What stands for a full-text table with trigrams. */
static void
add_trigrams(LitePlanner *planner, LiteTableWork *work)
{
	const LitePlanTable *table = &planner->plan->tables[work->index];
	const char *name;
	LiteStatement *statement;
	sqlite3_str *str;
	int n = 0;

	if (work->ntrigrams == 0)
		return;
	name = lite_names_make(planner->arena, table->name, "trgm", "idx");
	if (name != NULL)
		name = lite_names_take(planner->relations, name, NULL);
	if (name == NULL)
		return;
	str = sqlite3_str_new(NULL);
	sqlite3_str_appendall(str, "CREATE INDEX ");
	lite_pg_ident(str, name);
	sqlite3_str_appendf(str, " ON %s USING gin (", table->qualified);
	for (int i = 0; i < work->ntrigrams; i++)
	{
		int at = work->target_of[work->trigrams[i]];

		if (at < 0 || table->columns[at].type.type != LITE_TYPE_TEXT)
			continue;
		sqlite3_str_appendall(str, n++ > 0 ? ", " : "");
		lite_pg_ident(str, table->columns[at].name);
		sqlite3_str_appendall(str, " ");
		lite_pg_ident(str, work->trigram);
		sqlite3_str_appendall(str, ".gin_trgm_ops");
	}
	sqlite3_str_appendall(str, ")");
	if (n == 0)
	{
		sqlite3_free(sqlite3_str_finish(str));
		return;
	}
	statement =
		lite_ddl_add(planner, LITE_PHASE_INDEX, work->index, name, str);
	if (statement != NULL)
		statement->optional = true;
}

LiteStatus
lite_keys_build(LitePlanner *planner, LiteTableWork *work)
{
	const LiteTable *table = work->source;

	add_primary_key(planner, work);
	for (int i = 0; i < table->nindexes; i++)
	{
		if (table->indexes[i].origin == LITE_INDEX_UNIQUE)
			add_unique(planner, work, &table->indexes[i]);
	}
	for (int i = 0; i < table->nindexes; i++)
	{
		if (table->indexes[i].origin == LITE_INDEX_CREATED)
			add_created_index(planner, work, i);
	}
	add_gin(planner, work);
	add_trigrams(planner, work);
	find_redundant(planner, work);
	return lite_arena_failed(planner->arena) ? lite_error_nomem(planner->err)
											 : LITE_OK;
}
