/*
 * translate.c
 *	  SQLite expressions to PostgreSQL: entries, names, assignment.
 *
 *		tree --> lite_tr_expr() --> Piece: PostgreSQL text and what is known
 *			of the value: its type, how SQLite stores it, its affinity and
 *			collation, whether it can be NULL
 *		Piece --> finish(): as a boolean, or assigned to the wanted column
 *
 * Work is done in an arena of its own, of limited size: templates that name an
 * operand twice make text that doubles with every level, so a small hostile
 * expression could ask for any amount of memory.  At the limit the expression
 * is refused.
 *
 * Assumed of the server: standard_conforming_strings may be anything (strings
 * with a backslash are written as E''), search_path finds pg_catalog first,
 * the database is in UTF-8 or an encoding that can hold the file's text.
 */
#include "core/translate_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Enough for 100 kB of text many levels deep. */
#define SCRATCH_LIMIT (32 * 1024 * 1024)

/* Names looked at to find columns: a fraction of a second. */
#define MAX_WORK 20000000

bool
lite_tr_refuse(Translator *t, const char *fmt, ...)
{
	char reason[LITE_DETAIL_SIZE];
	va_list args;

	if (t->refused)
		return false;
	t->refused = true;
	va_start(args, fmt);
	vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	lite_error_set(t->err, LITE_UNSUPPORTED, "expression is not translated");
	lite_error_detail(t->err, "%s", reason);
	return false;
}

void
lite_tr_note(Translator *t, const char *text)
{
	for (int i = 0; i < t->nnotes; i++)
		if (strcmp(t->notes[i], text) == 0)
			return;
	t->notes = lite_arena_grow(t->result_arena, t->notes, t->nnotes,
							   &t->notes_capacity, sizeof(char *));
	text = lite_arena_strdup(t->result_arena, text);
	if (t->notes != NULL && text != NULL)
		t->notes[t->nnotes++] = text;
}

void
lite_tr_volatility(Translator *t, Volatility volatility)
{
	if (volatility > t->volatility)
		t->volatility = volatility;
}

/* ------------------------------------------------------------------------
 * Names
 * ------------------------------------------------------------------------ */

static const char *
column_sql(Translator *t, const LiteExprScope *scope,
		   const LiteExprColumn *column)
{
	sqlite3_str *str = sqlite3_str_new(NULL);

	if (scope->target != NULL)
	{
		lite_pg_ident(str, scope->target);
		sqlite3_str_appendchar(str, 1, '.');
	}
	lite_pg_ident(str, column->target);
	return lite_arena_finish(t->arena, str);
}

static bool
is_merged(const LiteExprScope *scope, const char *name)
{
	for (int i = 0; i < scope->nusing; i++)
		if (lite_name_equal(scope->using[i], name))
			return true;
	return false;
}

/* The column and the scope that it is of; NULL: none.  *ambiguous: several. */
static const LiteExprColumn *
find_column(Translator *t, const LiteExprScope *scope, const LiteExpr *expr,
			const LiteExprScope **found, bool *ambiguous)
{
	const LiteExprColumn *column = NULL;

	*ambiguous = false;
	for (; scope != NULL; scope = scope->next)
	{
		if (expr->qualifier != NULL &&
			(scope->table == NULL ||
			 !lite_name_equal(expr->qualifier, scope->table)))
			continue;
		if (expr->qualifier == NULL && is_merged(scope, expr->text))
			continue;
		t->work += scope->ncolumns + scope->nusing;
		for (int i = 0; i < scope->ncolumns; i++)
			if (lite_name_equal(scope->columns[i].name, expr->text))
			{
				*ambiguous = column != NULL;
				column = &scope->columns[i];
				*found = scope;
				break;
			}
		if (*ambiguous)
			return NULL;
	}
	return column;
}

static bool
tr_name(Translator *t, const LiteExpr *expr, Piece *out)
{
	const LiteExprScope *scope = NULL;
	bool value, ambiguous;
	const LiteExprColumn *column =
		find_column(t, t->scope, expr, &scope, &ambiguous);
	char name[80];

	if (t->work > MAX_WORK)
		return lite_tr_refuse(t, "It is too large.");
	if (ambiguous)
		return lite_tr_refuse(t, "A column's name is that of several.");
	if (column == NULL && lite_expr_is_truth(expr, &value))
	{
		lite_piece_integer(t, out, value);
		out->truth = true;
		return true;
	}
	if (column == NULL && expr->perhaps_string)
		return lite_piece_string(t, out, expr->text, expr->length);
	lite_text_clip(name, sizeof(name), expr->text, expr->length);
	if (column == NULL)
		return lite_tr_refuse(t, "There is no column \"%s\".", name);
	if (t->purpose == LITE_EXPR_FOR_DEFAULT)
		return lite_tr_refuse(t, "A default cannot refer to a column.");
	if (t->purpose == LITE_EXPR_FOR_GENERATED && column->generated)
		return lite_tr_refuse(t,
							  "PostgreSQL's generated columns cannot refer "
							  "to another generated column (\"%s\").",
							  name);
	lite_piece_init(out, column_sql(t, scope, column), column->type.type);
	out->format = column->type.format;
	out->affinity = column->affinity;
	out->collation = column->collation ? column->collation : "BINARY";
	out->nullable = !column->not_null || scope->outer;
	out->mixed = column->mixed;
	out->column = column;
	return true;
}

/* ------------------------------------------------------------------------
 * Assignment to the wanted column
 * ------------------------------------------------------------------------ */

static bool
refuse_assign(Translator *t, const Piece *piece)
{
	char type[64];

	lite_type_format(t->wanted->type, type, sizeof(type));
	return lite_tr_refuse(t,
						  "Its value, of type %s, is not certain to "
						  "fit type %s.",
						  piece->json_value ? "json"
						  : piece->type == LITE_TYPE_NONE
							  ? "unknown"
							  : lite_type_name(piece->type),
						  type);
}

static bool
assign_literal(Translator *t, const Piece *piece, LiteTranslation *result)
{
	LiteValue value =
		lite_tr_apply_affinity(t, piece->value, t->wanted->affinity);
	char type[64], text[80];
	const char *sql, *value_sql;

	result->constant = true;
	if (value.cls == LITE_NULL)
	{
		result->sql = "NULL";
		result->trivial = t->purpose == LITE_EXPR_FOR_DEFAULT;
		return true;
	}
	sql = lite_tr_constant(t, &value, t->wanted->type);
	if (sql != NULL)
	{
		result->sql = sql;
		return true;
	}
	value_sql = value.cls == LITE_INTEGER
					? tr_printf(t, "%lld", (long long) value.i)
					: tr_printf(t, "%!.15g", value.r);
	if (value_sql == NULL)
		return lite_tr_refuse(t, "It is too large.");
	if (value.cls == LITE_TEXT)
		lite_text_clip(text, sizeof(text), value.data, value.len);
	else if (value.cls == LITE_BLOB)
		snprintf(text, sizeof(text), "(a blob)");
	else
		lite_text_clip(text, sizeof(text), value_sql, strlen(value_sql));
	return lite_tr_refuse(t, "The value \"%s\" does not fit type %s.", text,
						  lite_type_format(t->wanted->type, type,
										   sizeof(type)));
}

/* A number of an epoch format as a moment. */
static const char *
assign_epoch(Translator *t, const Piece *piece)
{
	const char *seconds = NULL;

	if (!lite_is_number_type(piece->type))
		return NULL;
	switch (t->wanted->type.format)
	{
		case LITE_FORMAT_UNIX_S:
			seconds = tr_printf(t, "%s", piece->sql);
			break;
		case LITE_FORMAT_UNIX_MS:
			seconds = tr_printf(t, "%s / 1000.0", piece->sql);
			break;
		case LITE_FORMAT_UNIX_US:
			seconds = tr_printf(t, "%s / 1000000.0", piece->sql);
			break;
		case LITE_FORMAT_JULIAN:
			seconds = tr_printf(t, "(%s - 2440587.5) * 86400.0", piece->sql);
			break;
		default:
			return NULL;
	}
	if (t->wanted->type.type == LITE_TYPE_TIMESTAMPTZ)
		return tr_printf(t, "to_timestamp(%s)", seconds);
	if (t->wanted->type.type == LITE_TYPE_TIMESTAMP)
		return tr_printf(t, "(to_timestamp(%s) AT TIME ZONE 'UTC')", seconds);
	return NULL;
}

static const char *
assign_number(Translator *t, const Piece *piece, LiteType type)
{
	if (piece->type == LITE_TYPE_BOOL)
		return tr_printf(t, "(%s)::integer%s", piece->sql,
						 type == LITE_TYPE_FLOAT8 ? "::double precision" : "");
	if (piece->integer_sql != NULL)
		return piece->integer_sql;
	if (lite_is_integer_type(piece->type))
		return type == LITE_TYPE_FLOAT8
				   ? tr_printf(t, "(%s)::double precision", piece->sql)
				   : piece->sql;
	/* a column of integers makes such a real an integer */
	if (piece->integral && lite_is_integer_type(type))
		return tr_printf(t, "(%s)::bigint", piece->sql);
	if (piece->type == LITE_TYPE_FLOAT8 && type == LITE_TYPE_NUMERIC)
		return tr_printf(t, "(%s)::text::numeric", piece->sql);
	if (piece->type == LITE_TYPE_NUMERIC && type == LITE_TYPE_FLOAT8)
		return tr_printf(t, "(%s)::double precision", piece->sql);
	return piece->type == type ? piece->sql : NULL;
}

/*
 * Does the wanted column, whose type here is text, hold the same text in
 * SQLite?  Under a numeric affinity '01' becomes the number 1, and reads as
 * such.  The text of a moment or a uuid never looks like a number.
 */
static bool
affinity_keeps_text(const Translator *t, const Piece *piece)
{
	switch (t->wanted->affinity)
	{
		case LITE_AFFINITY_TEXT:
		case LITE_AFFINITY_BLOB:
			return true;
		case LITE_AFFINITY_INTEGER:
		case LITE_AFFINITY_NUMERIC:
			if (lite_is_integer_type(piece->type) ||
				piece->type == LITE_TYPE_BOOL)
				return true;
			break;
		case LITE_AFFINITY_REAL:
			break;
	}
	return piece->instant != NULL || piece->type == LITE_TYPE_UUID;
}

/* The piece's value as the wanted column has it, NULL: not certain. */
static const char *
assign_sql(Translator *t, const Piece *piece)
{
	LiteType type = t->wanted->type.type;
	const char *sql = NULL;

	if (piece->column != NULL && piece->mixed)
		return NULL;
	if (lite_is_text_type(type) && !affinity_keeps_text(t, piece))
		return NULL;
	if (piece->json_value)
		return lite_tr_json_assign(t, piece, t->wanted->type);
	if (lite_is_time_type(type))
	{
		if (piece->instant != NULL)
			return lite_tr_instant(t, piece, type);
		if (piece->type == type && piece->format == t->wanted->type.format)
			return piece->sql;
		return assign_epoch(t, piece);
	}
	if (lite_is_number_type(type))
		return assign_number(t, piece, type);
	if (lite_is_text_type(type))
		return lite_tr_text(t, piece, &sql) ? sql : NULL;
	if (type == LITE_TYPE_BOOL)
	{
		if (piece->type == LITE_TYPE_BOOL)
			return piece->sql;
		return lite_is_integer_type(piece->type)
				   ? tr_printf(t, "(%s <> 0)", piece->sql)
				   : NULL;
	}
	if (type == LITE_TYPE_UUID && lite_is_text_type(piece->type))
		return tr_printf(t, "(%s)::uuid", piece->sql);
	if (lite_is_json_type(type) &&
		(lite_is_text_type(piece->type) || lite_is_json_type(piece->type)))
		return tr_printf(t, "(%s)::%s", piece->sql,
						 type == LITE_TYPE_JSON ? "json" : "jsonb");
	return piece->type == type && piece->format == t->wanted->type.format
			   ? piece->sql
			   : NULL;
}

static bool
finish_value(Translator *t, const LiteExpr *expr, const Piece *piece,
			 LiteTranslation *result)
{
	result->type = t->wanted->type.type;
	if (result->type == LITE_TYPE_UUID && lite_tr_makes_uuid(expr))
	{
		lite_tr_note(t, "The default made a random UUID out of randomblob(); "
						"gen_random_uuid() does.");
		result->sql = "gen_random_uuid()";
		return true;
	}
	if (piece->literal)
		return assign_literal(t, piece, result);
	result->sql = assign_sql(t, piece);
	if (result->sql == NULL)
		return refuse_assign(t, piece);
	return true;
}

static bool
finish_boolean(Translator *t, const Piece *piece, LiteTranslation *result)
{
	Piece truth;

	if (!lite_tr_truth(t, piece, &truth))
		return false;
	result->sql = truth.sql;
	result->type = LITE_TYPE_BOOL;
	result->constant = truth.literal;
	result->trivial = t->purpose == LITE_EXPR_FOR_CHECK
						  ? truth.never_false
						  : truth.literal && truth.value.cls != LITE_NULL &&
								truth.value.i != 0;
	return true;
}

/* A term of an index under a collation of SQLite. */
static bool
finish_collated(Translator *t, const Piece *piece, LiteTranslation *result)
{
	if (sqlite3_stricmp(piece->collation, "NOCASE") == 0)
	{
		if (t->purpose == LITE_EXPR_FOR_INDEX)
		{
			lite_tr_note(t, "The index folds case as PostgreSQL's queries do; "
							"SQLite folded ASCII letters only.");
			result->sql = tr_printf(t, "lower(%s)", piece->sql);
		}
		else
			result->sql = tr_printf(t, "lower(%s COLLATE \"C\")", piece->sql);
	}
	else if (sqlite3_stricmp(piece->collation, "RTRIM") == 0)
		result->sql = tr_printf(t, "rtrim(%s, ' ')", piece->sql);
	return true;
}

/* A term of an index. */
static bool
finish_term(Translator *t, const Piece *piece, LiteTranslation *result)
{
	result->sql = piece->sql;
	result->type = piece->type;
	result->constant = piece->literal;
	if (piece->collation_explicit && lite_is_text_type(piece->type) &&
		t->purpose != LITE_EXPR_FOR_VIEW)
		return finish_collated(t, piece, result);
	if (piece->type == LITE_TYPE_NONE && !piece->json_value)
		return lite_tr_refuse(t, "It has no type.");
	if (t->purpose == LITE_EXPR_FOR_VIEW)
		return true;
	if (piece->json_value && t->purpose == LITE_EXPR_FOR_INDEX)
	{
		result->sql = piece->text_sql;
		result->type = LITE_TYPE_TEXT;
		lite_tr_note(t, "The index holds the value's text, as ->> gives it.");
	}
	else if (piece->instant != NULL && piece->integer_sql == NULL &&
			 lite_is_text_type(piece->type))
	{
		result->type = piece->has_time && piece->has_date ? LITE_TYPE_TIMESTAMP
					   : piece->has_date				  ? LITE_TYPE_DATE
														  : LITE_TYPE_TIME;
		result->sql = lite_tr_instant(t, piece, result->type);
		lite_tr_note(t, "The index holds a date or time where SQLite's holds "
						"its text.");
	}
	return true;
}

/* ------------------------------------------------------------------------
 * Dispatch and entries
 * ------------------------------------------------------------------------ */

bool
lite_tr_expr(Translator *t, const LiteExpr *expr, Piece *out)
{
	if (t->refused)
		return false;
	if (lite_arena_failed(t->arena))
		return lite_tr_refuse(t, "It is too large.");

	switch (expr->kind)
	{
		case LITE_EXPR_NULL:
		case LITE_EXPR_INTEGER:
		case LITE_EXPR_REAL:
		case LITE_EXPR_STRING:
		case LITE_EXPR_BLOB:
			return lite_tr_literal(t, expr, out);
		case LITE_EXPR_NOW:
			return lite_tr_now(t, expr->op, out);
		case LITE_EXPR_NAME:
			return tr_name(t, expr, out);
		case LITE_EXPR_UNARY:
			return lite_tr_unary(t, expr, out);
		case LITE_EXPR_BINARY:
			return lite_tr_binary(t, expr, out);
		case LITE_EXPR_LIKE:
			return lite_tr_like(t, expr, out);
		case LITE_EXPR_BETWEEN:
			return lite_tr_between(t, expr, out);
		case LITE_EXPR_IN:
			return lite_tr_in(t, expr, out);
		case LITE_EXPR_CASE:
			return lite_tr_case(t, expr, out);
		case LITE_EXPR_CAST:
			return lite_tr_cast(t, expr, out);
		case LITE_EXPR_COLLATE:
			return lite_tr_collate(t, expr, out);
		case LITE_EXPR_FUNCTION:
			return lite_tr_function(t, expr, out);
		case LITE_EXPR_ROW:
			return lite_tr_refuse(t, "Row values are not translated.");
		case LITE_EXPR_REFUSED:
			return lite_tr_refuse(t,
								  "It has %s in it, which is not "
								  "translated.",
								  expr->text);
	}
	return lite_tr_refuse(t, "It is of an unknown kind.");
}

/* What the purpose asks of functions. */
static bool
check_volatility(Translator *t)
{
	switch (t->purpose)
	{
		case LITE_EXPR_FOR_DEFAULT:
		case LITE_EXPR_FOR_VIEW:
			return true;
		case LITE_EXPR_FOR_CHECK:
			if (t->volatility == VOLATILITY_IMMUTABLE)
				return true;
			return lite_tr_refuse(t, "Its result changes with time or "
									 "settings, which a check must not.");
		case LITE_EXPR_FOR_GENERATED:
		case LITE_EXPR_FOR_PREDICATE:
		case LITE_EXPR_FOR_INDEX:
		case LITE_EXPR_FOR_UNIQUE:
			if (t->volatility == VOLATILITY_IMMUTABLE)
				return true;
			return lite_tr_refuse(t, "PostgreSQL allows only immutable "
									 "functions here.");
	}
	return true;
}

static bool
translate(Translator *t, const LiteExpr *expr, LiteTranslation *result)
{
	Piece piece;

	if (!lite_tr_expr(t, expr, &piece))
		return false;
	if (t->purpose == LITE_EXPR_FOR_CHECK ||
		t->purpose == LITE_EXPR_FOR_PREDICATE)
	{
		if (!finish_boolean(t, &piece, result))
			return false;
	}
	else if (t->wanted != NULL)
	{
		if (!finish_value(t, expr, &piece, result))
			return false;
	}
	else if (!finish_term(t, &piece, result))
		return false;
	if (lite_arena_failed(t->arena))
		return lite_tr_refuse(t, "It is too large.");
	return check_volatility(t);
}

LiteStatus
lite_expr_translate(LiteArena *arena, const LiteExpr *expr,
					const LiteExprScope *scope, LiteExprPurpose purpose,
					const LiteExprColumn *wanted, LiteTranslation *result,
					LiteError *err)
{
	Translator t;
	bool done;

	memset(result, 0, sizeof(*result));
	memset(&t, 0, sizeof(t));
	t.result_arena = arena;
	t.scope = scope;
	t.purpose = purpose;
	t.wanted = wanted;
	t.err = err;
	t.arena = lite_arena_create(SCRATCH_LIMIT);
	if (t.arena == NULL)
		return lite_error_nomem(err);

	done = translate(&t, expr, result);
	if (done)
	{
		result->sql = lite_arena_strdup(arena, result->sql);
		result->nnotes = t.nnotes;
		result->notes = t.notes;
	}
	lite_arena_free(t.arena);
	if (lite_arena_failed(arena))
		return lite_error_nomem(err);
	return done ? LITE_OK : LITE_UNSUPPORTED;
}

LiteStatus
lite_term_translate(LiteArena *arena, const LiteSqlTerm *term,
					const LiteExprScope *scope, bool unique,
					LiteTranslation *result, LiteError *err)
{
	LiteExpr collate;
	LiteExpr *operand = (LiteExpr *) term->expr;
	const LiteExpr *expr = term->expr;

	if (term->collation != NULL)
	{
		memset(&collate, 0, sizeof(collate));
		collate.kind = LITE_EXPR_COLLATE;
		collate.text = term->collation;
		collate.length = strlen(term->collation);
		collate.nargs = 1;
		collate.args = &operand;
		expr = &collate;
	}
	return lite_expr_translate(arena, expr, scope,
							   unique ? LITE_EXPR_FOR_UNIQUE
									  : LITE_EXPR_FOR_INDEX,
							   NULL, result, err);
}

LiteStatus
lite_default_translate(LiteArena *arena, const char *text,
					   const LiteExprColumn *wanted, LiteTranslation *result,
					   LiteError *err)
{
	const LiteExpr *expr;
	LiteStatus status;

	memset(result, 0, sizeof(*result));
	status = lite_expr_parse_default(arena, text, &expr, err);
	if (status != LITE_OK)
		return status;
	return lite_expr_translate(arena, expr, NULL, LITE_EXPR_FOR_DEFAULT,
							   wanted, result, err);
}
