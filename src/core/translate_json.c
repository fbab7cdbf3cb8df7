/*
 * translate_json.c
 *	  SQLite's JSON functions to jsonb.
 *
 * A value taken out of JSON (json_extract(), ->>) has the SQL class that the
 * JSON has: text, integer, real, 0 and 1 for false and true, the JSON's text
 * for objects and arrays, NULL for null.  Its PostgreSQL type is therefore
 * not known, and it stays jsonb (JSON null as NULL) until something asks
 * for more: comparing with a constant compares jsonb with jsonb, exactly;
 * assigning to a column casts as the column's type asks.
 *
 * The paths that translate are $.key, $."key", $[3], $[#-1] and their
 * chains.
 */
#include "core/translate_int.h"

#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------------------------------
 * Paths
 * ------------------------------------------------------------------------ */

typedef struct Path
{
	int nsteps;
	const char *step_sql[32];  /* each as -> takes it: 'key' or 3 */
	const char *step_text[32]; /* each as a text[] has it, unquoted */
} Path;

#define MAX_STEPS 32

static bool
add_step(Translator *t, Path *path, const char *text, size_t length,
		 bool index)
{
	const char *copy = lite_arena_strndup(t->arena, text, length);
	bool has_nul;

	if (path->nsteps == MAX_STEPS || copy == NULL ||
		!lite_utf8_valid(text, length, &has_nul) || has_nul)
		return false;
	path->step_text[path->nsteps] = copy;
	path->step_sql[path->nsteps++] =
		index ? tr_printf(t, *copy == '-' ? "(%s)" : "%s", copy)
			  : lite_tr_quote(t, copy, length);
	return true;
}

/* "[3]" or "[#-1]" at s; returns the byte after it, NULL if it is not. */
static const char *
index_step(Translator *t, Path *path, const char *s)
{
	bool from_end = s[1] == '#' && s[2] == '-';
	const char *digits = s + (from_end ? 3 : 1);
	size_t n = strspn(digits, "0123456789");

	if (n == 0 || n > 9 || digits[n] != ']')
		return NULL;
	if (from_end && digits[0] == '0')
		return NULL;
	/* no leading zeros: a text[] step would be a key in another spelling */
	if (n > 1 && digits[0] == '0')
		return NULL;
	if (!add_step(t, path, from_end ? digits - 1 : digits,
				  n + (from_end ? 1 : 0), true))
		return NULL;
	return digits + n + 1;
}

/* ".key" or '."key"' at s; returns the byte after it, NULL if it is not. */
static const char *
key_step(Translator *t, Path *path, const char *s)
{
	size_t n;

	if (s[1] == '"')
	{
		n = strcspn(s + 2, "\"");
		if (s[2 + n] != '"' || memchr(s + 2, '\\', n) != NULL)
			return NULL;
		return add_step(t, path, s + 2, n, false) ? s + 3 + n : NULL;
	}
	n = strcspn(s + 1, ".[");
	if (n == 0 || memchr(s + 1, '"', n) != NULL ||
		memchr(s + 1, '\\', n) != NULL)
		return NULL;
	return add_step(t, path, s + 1, n, false) ? s + 1 + n : NULL;
}

static bool
read_path(Translator *t, const Piece *piece, Path *path)
{
	const char *s;

	path->nsteps = 0;
	if (!piece->literal || piece->value.cls != LITE_TEXT)
		return lite_tr_refuse(t, "A JSON path is no constant text.");
	s = lite_arena_strndup(t->arena, piece->value.data, piece->value.len);
	if (s == NULL)
		return lite_tr_refuse(t, "It is too large.");
	if (*s == '$')
	{
		s++;
		while (s != NULL && *s != '\0')
			s = *s == '.'	? key_step(t, path, s)
				: *s == '[' ? index_step(t, path, s)
							: NULL;
		if (s != NULL)
			return true;
	}
	return lite_tr_refuse(t, "A JSON path is of a form that is not "
							 "translated.");
}

/* The right side of -> and ->>: a path, a key or an index. */
static bool
read_arrow_path(Translator *t, const Piece *piece, Path *path)
{
	const char *text;
	size_t n;

	path->nsteps = 0;
	if (piece->literal && piece->value.cls == LITE_INTEGER &&
		piece->value.i >= 0 && piece->value.i <= INT32_MAX)
		return add_step(t, path, piece->sql, strlen(piece->sql), true) ||
			   lite_tr_refuse(t, "It is too large.");
	if (!piece->literal || piece->value.cls != LITE_TEXT)
		return lite_tr_refuse(t, "A JSON path is no constant.");
	text = piece->value.data;
	n = piece->value.len;
	if (n > 0 && text[0] == '$')
		return read_path(t, piece, path);
	/* a label: what looks like a number or a path has meanings of its own */
	for (size_t i = 0; i < n; i++)
		if (strchr("[]\"\\.", text[i]) != NULL)
			n = 0;
	if (n == 0 || (text[0] >= '0' && text[0] <= '9'))
		return lite_tr_refuse(t, "A JSON label is of a form that is not "
								 "translated.");
	return add_step(t, path, text, n, false) ||
		   lite_tr_refuse(t, "A JSON label is of a form that is not "
							 "translated.");
}

/* document -> path, or ->> as text. */
static const char *
walk(Translator *t, const char *document, const Path *path, bool text)
{
	sqlite3_str *str;

	if (path->nsteps == 0)
		return text ? tr_printf(t, "(%s #>> '{}')", document) : document;
	if (path->nsteps == 1)
		return tr_printf(t, "(%s %s %s)", document, text ? "->>" : "->",
						 path->step_sql[0]);
	str = sqlite3_str_new(NULL);
	for (int i = 0; i < path->nsteps; i++)
		sqlite3_str_appendf(str, "%s%s", i > 0 ? ", " : "",
							lite_tr_quote(t, path->step_text[i],
										  strlen(path->step_text[i])));
	return tr_printf(t, "(%s %s ARRAY[%s])", document, text ? "#>>" : "#>",
					 lite_arena_finish(t->arena, str));
}

/* ------------------------------------------------------------------------
 * Documents
 * ------------------------------------------------------------------------ */

/* The piece as jsonb. */
static bool
as_jsonb(Translator *t, const Piece *piece, const char **sql)
{
	LiteColumnType type = {LITE_TYPE_JSONB, 0, 0, LITE_FORMAT_NATIVE};

	if (piece->literal && piece->value.cls == LITE_TEXT)
	{
		*sql = lite_tr_constant(t, &piece->value, type);
		if (*sql != NULL)
			return true;
	}
	else if (!piece->literal && !piece->json_value &&
			 !(piece->mixed && piece->column != NULL))
	{
		if (piece->type == LITE_TYPE_JSONB)
		{
			*sql = piece->sql;
			return true;
		}
		if (piece->type == LITE_TYPE_JSON || lite_is_text_type(piece->type))
		{
			*sql = tr_printf(t, "%s::jsonb", piece->sql);
			return true;
		}
	}
	return lite_tr_refuse(t, "A JSON function reads a value that is not "
							 "certain to be JSON.");
}

static void
make_value(Translator *t, const char *document, const Path *path, Piece *out)
{
	lite_piece_init(out,
					tr_printf(t, "nullif(%s, 'null'::jsonb)",
							  walk(t, document, path, false)),
					LITE_TYPE_JSONB);
	out->json_value = true;
	out->text_sql = walk(t, document, path, true);
}

bool
lite_tr_arrow(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece left, right;
	Path path;
	const char *document;

	if (!lite_tr_expr(t, expr->args[0], &left) ||
		!lite_tr_expr(t, expr->args[1], &right) ||
		!as_jsonb(t, &left, &document) || !read_arrow_path(t, &right, &path))
		return false;
	if (expr->op == LITE_OP_ARROW2)
		make_value(t, document, &path, out);
	else
		lite_piece_init(out, walk(t, document, &path, false), LITE_TYPE_JSONB);
	return true;
}

/* ------------------------------------------------------------------------
 * Values taken out
 * ------------------------------------------------------------------------ */

const char *
lite_tr_json_assign(Translator *t, const Piece *piece, LiteColumnType type)
{
	const char *text = piece->text_sql;

	switch (type.type)
	{
		case LITE_TYPE_TEXT:
		case LITE_TYPE_VARCHAR:
			lite_tr_note(t, "JSON true, false, arrays and objects have "
							"another text form in PostgreSQL.");
			return text;
		case LITE_TYPE_INT2:
		case LITE_TYPE_INT4:
		case LITE_TYPE_INT8:
			return tr_printf(t,
							 "(CASE %s WHEN 'true' THEN 1 WHEN 'false' THEN "
							 "0 ELSE %s::bigint END)",
							 text, text);
		case LITE_TYPE_FLOAT8:
			return tr_printf(t, "%s::double precision", text);
		case LITE_TYPE_NUMERIC:
			return tr_printf(t, "%s::numeric", text);
		case LITE_TYPE_BOOL:
			return tr_printf(t, "%s::boolean", text);
		case LITE_TYPE_UUID:
			return tr_printf(t, "%s::uuid", text);
		case LITE_TYPE_JSON:
		case LITE_TYPE_JSONB:
			/* the text of a string is not JSON: only what the column has */
			return type.type == LITE_TYPE_JSONB
					   ? piece->sql
					   : tr_printf(t, "%s::json", piece->sql);
		default:
			/* text to a time type is not immutable, and depends on settings */
			return NULL;
	}
}

/* A JSON string literal of a text. */
static const char *
json_string(Translator *t, const char *text, size_t length)
{
	sqlite3_str *str = sqlite3_str_new(NULL);

	sqlite3_str_appendchar(str, 1, '"');
	for (size_t i = 0; i < length; i++)
	{
		unsigned char c = (unsigned char) text[i];

		if (c == '"' || c == '\\')
			sqlite3_str_appendf(str, "\\%c", c);
		else if (c < 0x20)
			sqlite3_str_appendf(str, "\\u%04x", c);
		else
			sqlite3_str_appendchar(str, 1, (char) c);
	}
	sqlite3_str_appendchar(str, 1, '"');
	return lite_arena_finish(t->arena, str);
}

/* A literal as jsonb; NULL: no form of JSON. */
static const char *
json_literal(Translator *t, const LiteValue *value)
{
	char buf[LITE_DOUBLE_TEXT + 1];
	const char *json;

	switch (value->cls)
	{
		case LITE_INTEGER:
			return tr_printf(t, "'%lld'::jsonb", (long long) value->i);
		case LITE_REAL:
			buf[lite_double_text(value->r, buf)] = '\0';
			return tr_printf(t, "'%s'::jsonb", buf);
		case LITE_TEXT:
			json = json_string(t, value->data, value->len);
			if (json == NULL)
				return NULL;
			return tr_printf(t, "%s::jsonb",
							 lite_tr_quote(t, json, strlen(json)));
		default:
			return NULL;
	}
}

/*
 * A taken value = a constant.  A JSON string equals a text, a JSON number a
 * number, and true and false are 1 and 0.  A text could also be that of an
 * object or array: refused.
 */
bool
lite_tr_json_compare(Translator *t, LiteExprOp op, const Piece *left,
					 const Piece *right, Piece *out)
{
	const Piece *taken = left->json_value ? left : right,
				*other = left->json_value ? right : left;
	const LiteValue *value = &other->value;
	bool negated = op == LITE_OP_NE || op == LITE_OP_ISNOT,
		 is = op == LITE_OP_IS || op == LITE_OP_ISNOT;
	const char *json = other->literal ? json_literal(t, value) : NULL, *test;

	if (json == NULL || (op != LITE_OP_EQ && op != LITE_OP_NE && !is))
		return lite_tr_refuse(t, "It compares a value out of JSON, whose type "
								 "only the data tells.");
	if (value->cls == LITE_TEXT && value->len > 0 &&
		(value->data[0] == '{' || value->data[0] == '['))
		return lite_tr_refuse(t, "It compares the text of JSON in a way that "
								 "is not translated.");
	if (value->cls == LITE_INTEGER && (value->i == 0 || value->i == 1))
	{
		const char *truth = value->i ? "true" : "false";

		test = tr_printf(t, "%s %sIN (%s, '%s'::jsonb)", taken->sql,
						 negated ? "NOT " : "", json, truth);
		if (is)
			test = tr_printf(t, "(%s) IS %sTRUE",
							 tr_printf(t, "%s IN (%s, '%s'::jsonb)",
									   taken->sql, json, truth),
							 negated ? "NOT " : "");
	}
	else
		test = tr_printf(t, "%s %s %s", taken->sql,
						 is ? (negated ? "IS DISTINCT FROM"
									   : "IS NOT DISTINCT FROM")
							: (negated ? "<>" : "="),
						 json);
	lite_piece_init(out, tr_printf(t, "(%s)", test), LITE_TYPE_BOOL);
	out->nullable = !is;
	return true;
}

/* ------------------------------------------------------------------------
 * Functions
 * ------------------------------------------------------------------------ */

/* args[0] is the document, args[at], if there is one, the path. */
static bool
read_document(Translator *t, const LiteExpr *expr, Piece *arg,
			  const char **document, Path *path)
{
	Piece path_piece;

	path->nsteps = 0;
	if (expr->nargs < 1 || expr->nargs > 2)
		return lite_tr_refuse(t, "A JSON function has more than one path.");
	if (!lite_tr_expr(t, expr->args[0], arg) || !as_jsonb(t, arg, document))
		return false;
	if (expr->nargs == 1)
		return true;
	return lite_tr_expr(t, expr->args[1], &path_piece) &&
		   read_path(t, &path_piece, path);
}

static bool
tr_json_extract(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece arg;
	const char *document;
	Path path;

	if (expr->nargs != 2)
		return lite_tr_refuse(t, "json_extract() has more than one path.");
	if (!read_document(t, expr, &arg, &document, &path))
		return false;
	make_value(t, document, &path, out);
	return true;
}

/* 0 for what is no array, NULL where there is nothing. */
static bool
tr_json_array_length(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece arg;
	const char *document, *part;
	Path path;

	if (!read_document(t, expr, &arg, &document, &path))
		return false;
	part = walk(t, document, &path, false);
	lite_piece_init(out,
					tr_printf(t,
							  "(CASE jsonb_typeof(%s) WHEN 'array' "
							  "THEN jsonb_array_length(%s) ELSE "
							  "nullif(%s IS NULL, true)::integer END)",
							  part, part, part),
					LITE_TYPE_INT4);
	out->nonneg = true;
	out->nullable = arg.nullable || path.nsteps > 0;
	return true;
}

static bool
tr_json_type(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece arg;
	const char *document, *part;
	Path path;

	if (!read_document(t, expr, &arg, &document, &path))
		return false;
	part = walk(t, document, &path, false);
	lite_piece_init(out,
					tr_printf(t,
							  "(CASE jsonb_typeof(%s) WHEN 'string' THEN "
							  "'text' WHEN 'boolean' THEN %s::text WHEN "
							  "'number' THEN CASE WHEN %s::text ~ '[.]' THEN "
							  "'real' ELSE 'integer' END ELSE "
							  "jsonb_typeof(%s) END)",
							  part, part, part, part),
					LITE_TYPE_TEXT);
	out->nullable = arg.nullable || path.nsteps > 0;
	out->json_typeof = tr_printf(t, "jsonb_typeof(%s)", part);
	return true;
}

/*
 * In a column of JSON every value is valid; of a text no function of
 * PostgreSQL before 16 can say without an error.  Of NULL it is NULL, as new
 * versions of SQLite have it; to old ones it was 0.
 */
static bool
tr_json_valid(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece arg;

	if (expr->nargs != 1)
		return lite_tr_refuse(t, "json_valid() with flags is not translated.");
	if (!lite_tr_expr(t, expr->args[0], &arg))
		return false;
	if (arg.literal || !lite_is_json_type(arg.type) || arg.json_value ||
		(arg.mixed && arg.column != NULL) || arg.format == LITE_FORMAT_BLOB)
		return lite_tr_refuse(t,
							  "json_valid() of a column that has not become "
							  "jsonb is not translated.");
	if (!arg.nullable)
	{
		lite_piece_truth(out, true);
		return true;
	}
	lite_piece_init(out,
					tr_printf(t, "nullif(%s IS NOT NULL, false)", arg.sql),
					LITE_TYPE_BOOL);
	out->never_false = true;
	return true;
}

static bool
tr_json(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece arg;
	const char *sql;

	if (expr->nargs != 1)
		return lite_tr_refuse(t, "json() has one argument.");
	if (!lite_tr_expr(t, expr->args[0], &arg))
		return false;
	if (arg.literal && arg.value.cls == LITE_NULL)
	{
		*out = arg;
		return true;
	}
	if (!as_jsonb(t, &arg, &sql))
		return false;
	/* without spaces its text is minimal already */
	if (arg.literal && arg.value.len == strcspn(arg.value.data, " \t\r\n"))
	{
		*out = arg;
		return true;
	}
	lite_piece_init(out, sql, LITE_TYPE_JSONB);
	out->nullable = arg.nullable;
	return true;
}

/* json_array() and json_object() of constants: a constant, as SQLite's
 * minimal JSON text. */
static bool
tr_json_build(Translator *t, const LiteExpr *expr, bool object, Piece *out)
{
	sqlite3_str *str;
	Piece arg;
	const char *text;
	bool done = true;

	if (object && expr->nargs % 2 != 0)
		return lite_tr_refuse(t, "json_object() has a label without a value.");
	str = sqlite3_str_new(NULL);
	sqlite3_str_appendchar(str, 1, object ? '{' : '[');
	for (int i = 0; i < expr->nargs && done; i++)
	{
		done = lite_tr_expr(t, expr->args[i], &arg) && arg.literal &&
			   (!object || i % 2 != 0 || arg.value.cls == LITE_TEXT);
		if (!done)
			break;
		if (i > 0)
			sqlite3_str_appendchar(str, 1, object && i % 2 != 0 ? ':' : ',');
		if (arg.value.cls == LITE_NULL)
			sqlite3_str_appendall(str, "null");
		else if (arg.value.cls == LITE_INTEGER)
			sqlite3_str_appendf(str, "%lld", (long long) arg.value.i);
		else if (arg.value.cls == LITE_TEXT)
			sqlite3_str_appendall(str, json_string(t, arg.value.data,
												   arg.value.len));
		else
			done = false;
	}
	sqlite3_str_appendchar(str, 1, object ? '}' : ']');
	text = lite_arena_finish(t->arena, str);
	if (!done || text == NULL)
		return lite_tr_refuse(t, "A JSON value is built of something that is "
								 "no plain constant.");
	return lite_piece_string(t, out, text, strlen(text));
}

bool
lite_tr_json_function(Translator *t, const LiteExpr *expr, Piece *out)
{
	const char *name = expr->text;

	if (lite_name_equal(name, "json_extract"))
		return tr_json_extract(t, expr, out);
	if (lite_name_equal(name, "json_array_length"))
		return tr_json_array_length(t, expr, out);
	if (lite_name_equal(name, "json_type"))
		return tr_json_type(t, expr, out);
	if (lite_name_equal(name, "json_valid"))
		return tr_json_valid(t, expr, out);
	if (lite_name_equal(name, "json"))
		return tr_json(t, expr, out);
	return tr_json_build(t, expr, lite_name_equal(name, "json_object"), out);
}
