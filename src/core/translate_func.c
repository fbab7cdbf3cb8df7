/*
 * translate_func.c
 *	  The functions of SQLite that have a translation, but for those of time
 *	  and JSON.
 *
 * One table: name, least and most arguments, and the function that writes the
 * call.  What is not in it is refused by name: it may be anything, SQLite lets
 * every application define functions of its own.
 *
 * lower() and upper() fold ASCII alone in SQLite; under COLLATE "C" so do
 * PostgreSQL's.  Only in an index that enforces nothing are they written
 * bare, as the queries will have them.
 *
 * randomblob() is made of SHA-2 over random UUIDs, as the server has no other
 * source of random bytes without an extension.
 */
#include "core/translate_int.h"

#include <string.h>

typedef bool (*FunctionWriter)(Translator *t, const LiteExpr *expr,
							   Piece *args, Piece *out);

typedef struct Function
{
	const char *name;
	int least;
	int most;			  /* -1: any number */
	FunctionWriter write; /* NULL: its file reads the arguments */
} Function;

static bool
refuse_argument(Translator *t, const LiteExpr *expr)
{
	char name[40];

	return lite_tr_refuse(t,
						  "%s() has an argument of a type that it is not "
						  "translated for.",
						  lite_text_clip(name, sizeof(name), expr->text,
										 expr->length));
}

/* An argument as text; literals get a type, so that the call has one. */
static bool
text_argument(Translator *t, const LiteExpr *expr, const Piece *arg,
			  const char **sql)
{
	if (arg->json_value || !lite_tr_text(t, arg, sql))
		return refuse_argument(t, expr);
	return true;
}

static void
make(Piece *out, const char *sql, LiteType type, const Piece *arg)
{
	bool nullable = arg != NULL && arg->nullable;

	lite_piece_init(out, sql, type);
	out->nullable = nullable;
}

/* ------------------------------------------------------------------------
 * Text
 * ------------------------------------------------------------------------ */

static bool
write_length(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	const char *sql;

	if (args[0].type == LITE_TYPE_BYTEA && !args[0].mixed &&
		args[0].format == LITE_FORMAT_NATIVE)
		make(out, tr_printf(t, "octet_length(%s)", args[0].sql),
			 LITE_TYPE_INT4, &args[0]);
	else
	{
		if (!text_argument(t, expr, &args[0], &sql))
			return false;
		make(out, tr_printf(t, "char_length(%s)", sql), LITE_TYPE_INT4,
			 &args[0]);
	}
	out->nonneg = true;
	return true;
}

static bool
write_fold(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	bool lower = (expr->text[0] | 0x20) == 'l';
	const char *name = lower ? "lower" : "upper", *sql;

	/* lower(hex(x)): what PostgreSQL writes by itself */
	if (lower && args[0].type == LITE_TYPE_TEXT &&
		strncmp(args[0].sql, "upper(encode(", 13) == 0 &&
		strcmp(args[0].sql + strlen(args[0].sql) - 9, ", 'hex'))") == 0)
	{
		make(out,
			 tr_printf(t, "%.*s", (int) strlen(args[0].sql) - 7,
					   args[0].sql + 6),
			 LITE_TYPE_TEXT, &args[0]);
		return true;
	}
	if (!text_argument(t, expr, &args[0], &sql))
		return false;
	if (!args[0].literal && lite_is_text_type(args[0].type))
		sql = args[0].sql;
	if (t->purpose == LITE_EXPR_FOR_INDEX)
	{
		lite_tr_note(t, "The index folds case as PostgreSQL's queries do; "
						"SQLite folded ASCII letters only.");
		make(out, tr_printf(t, "%s(%s)", name, sql), LITE_TYPE_TEXT, &args[0]);
	}
	else
		make(out, tr_printf(t, "%s(%s COLLATE \"C\")", name, sql),
			 LITE_TYPE_TEXT, &args[0]);
	return true;
}

static bool
write_trim(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	const char *name = lite_name_equal(expr->text, "ltrim")	  ? "ltrim"
					   : lite_name_equal(expr->text, "rtrim") ? "rtrim"
															  : "btrim",
			   *sql, *characters = "' '";

	if (!text_argument(t, expr, &args[0], &sql) ||
		(expr->nargs > 1 && !text_argument(t, expr, &args[1], &characters)))
		return false;
	make(out, tr_printf(t, "%s(%s, %s)", name, sql, characters),
		 LITE_TYPE_TEXT, &args[0]);
	out->nullable = args[0].nullable || (expr->nargs > 1 && args[1].nullable);
	return true;
}

static bool
write_replace(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	const char *sql[3];

	for (int i = 0; i < 3; i++)
		if (!text_argument(t, expr, &args[i], &sql[i]))
			return false;
	make(out, tr_printf(t, "replace(%s, %s, %s)", sql[0], sql[1], sql[2]),
		 LITE_TYPE_TEXT, &args[0]);
	out->nullable = args[0].nullable || args[1].nullable || args[2].nullable;
	return true;
}

static bool
write_instr(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	const char *sql[2];

	for (int i = 0; i < 2; i++)
		if (!text_argument(t, expr, &args[i], &sql[i]))
			return false;
	make(out, tr_printf(t, "strpos(%s, %s)", sql[0], sql[1]), LITE_TYPE_INT4,
		 &args[0]);
	out->nullable = args[0].nullable || args[1].nullable;
	out->nonneg = true;
	return true;
}

/* An int4 for substr(); its name for the refusal. */
static bool
position_argument(Translator *t, const LiteExpr *expr, const Piece *arg,
				  const char **sql)
{
	if (arg->literal && arg->value.cls == LITE_INTEGER &&
		arg->value.i > -1000000000 && arg->value.i < 1000000000)
		*sql = arg->sql;
	else if (arg->literal || arg->json_value ||
			 (arg->mixed && arg->column != NULL) ||
			 !lite_is_integer_type(arg->type))
		return refuse_argument(t, expr);
	else
		*sql = tr_printf(t, "%s::integer", arg->sql);
	return true;
}

/*
 * SQLite counts a negative start from the end: -3 is the third last.  As
 * PostgreSQL's start it is char_length + 1 - 3, and both cut what lies
 * before the first character off the length, which is a billion if none is
 * given (SQLITE_MAX_LENGTH).
 */
static bool
write_substr(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	const char *sql, *start, *length = NULL;
	bool bytes = args[0].type == LITE_TYPE_BYTEA && !args[0].mixed;
	const char *measure = bytes ? "octet_length" : "char_length";

	/* of no bytes SQLite gives NULL */
	if (bytes)
		sql = args[0].column == NULL
				  ? args[0].sql
				  : tr_printf(t, "nullif(%s, ''::bytea)", args[0].sql);
	else if (!text_argument(t, expr, &args[0], &sql))
		return false;
	if (!position_argument(t, expr, &args[1], &start))
		return false;
	if (args[1].literal && args[1].value.i < 0)
		start = tr_printf(t, "%s(%s) - %lld", measure, sql,
						  (long long) -args[1].value.i - 1);
	else if (!args[1].nonneg)
		start = tr_printf(t,
						  "CASE WHEN %s < 0 THEN %s(%s) + 1 + %s ELSE %s "
						  "END",
						  start, measure, sql, start, start);
	if (expr->nargs > 2)
	{
		if (!position_argument(t, expr, &args[2], &length))
			return false;
		if (!args[2].nonneg)
			return lite_tr_refuse(t, "substr() with a length that may be "
									 "negative is not translated.");
	}
	else if (!args[1].literal && !args[1].nonneg)
		length = "1000000000";
	make(out,
		 length == NULL
			 ? tr_printf(t, "substr(%s, %s)", sql, start)
			 : tr_printf(t, "substr(%s, %s, %s)", sql, start, length),
		 bytes ? LITE_TYPE_BYTEA : LITE_TYPE_TEXT, &args[0]);
	out->nullable = bytes || args[0].nullable || args[1].nullable ||
					(expr->nargs > 2 && args[2].nullable);
	return true;
}

static bool
write_hex(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	const char *sql;

	if (args[0].type == LITE_TYPE_BYTEA && !args[0].mixed)
		sql = args[0].sql;
	else
	{
		if (!text_argument(t, expr, &args[0], &sql))
			return false;
		sql = tr_printf(t, "convert_to(%s, 'UTF8')", sql);
		lite_tr_volatility(t, VOLATILITY_STABLE);
	}
	/* hex(NULL) is '' */
	if (args[0].nullable)
		return lite_tr_refuse(t, "hex() of a value that may be NULL is not "
								 "translated.");
	make(out, tr_printf(t, "upper(encode(%s, 'hex'))", sql), LITE_TYPE_TEXT,
		 NULL);
	return true;
}

/* ------------------------------------------------------------------------
 * printf
 * ------------------------------------------------------------------------ */

/* "%05d": digits with zeros or spaces in front; the sign counts. */
static const char *
padded_integer(Translator *t, const char *sql, bool zeros, int width)
{
	const char *digits;

	if (width == 0)
		return tr_printf(t, "%s::text", sql);
	if (!zeros)
		return tr_printf(t,
						 "lpad(%s::text, greatest(%d, "
						 "char_length(%s::text)))",
						 sql, width, sql);
	digits = tr_printf(t, "abs(%s)::text", sql);
	return tr_printf(t,
					 "CASE WHEN %s < 0 THEN '-' ELSE '' END || lpad(%s, "
					 "greatest(%d - (%s < 0)::integer, char_length(%s)), "
					 "'0')",
					 sql, digits, width, sql, digits);
}

/* One conversion of the format, at *s past the "%"; moves *s past it. */
static const char *
printf_part(Translator *t, const LiteExpr *expr, const char **s,
			const Piece *args, int *used)
{
	const char *sql = NULL;
	bool zeros = **s == '0';
	int width = 0;
	const Piece *arg;

	while (**s >= '0' && **s <= '9' && width < 1000)
		width = width * 10 + *(*s)++ - '0';
	if (*used >= expr->nargs)
		return NULL;
	arg = &args[(*used)++];
	switch (*(*s)++)
	{
		case 's':
			if (width != 0 || arg->json_value || !lite_tr_text(t, arg, &sql))
				return NULL;
			return arg->nullable ? tr_printf(t, "coalesce(%s, '')", sql) : sql;
		case 'd':
		case 'i':
			if (arg->literal || arg->mixed || arg->json_value ||
				!(lite_is_integer_type(arg->type) ||
				  arg->integer_sql != NULL) ||
				!lite_tr_bigint(t, arg, &sql))
				return NULL;
			if (arg->nullable)
				sql = tr_printf(t, "coalesce(%s, 0)", sql);
			return padded_integer(t, sql, zeros, width);
		default:
			return NULL;
	}
}

static bool
write_printf(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	const char *s, *part;
	sqlite3_str *str;
	int used = 1;
	bool done = true;

	if (!args[0].literal || args[0].value.cls != LITE_TEXT)
		return lite_tr_refuse(t, "printf() has a format that is no constant "
								 "text.");
	s = lite_arena_strndup(t->arena, args[0].value.data, args[0].value.len);
	if (s == NULL)
		return lite_tr_refuse(t, "It is too large.");
	str = sqlite3_str_new(NULL);
	sqlite3_str_appendall(str, "(''");
	while (*s != '\0' && done)
	{
		size_t plain = strcspn(s, "%");

		if (plain > 0 || (s[0] == '%' && s[1] == '%'))
		{
			if (plain == 0)
				s++;
			part = lite_tr_quote(t, s, plain > 0 ? plain : 1);
			s += plain > 0 ? plain : 1;
		}
		else
		{
			s++;
			part = printf_part(t, expr, &s, args, &used);
		}
		done = part != NULL;
		if (done)
			sqlite3_str_appendf(str, " || %s", part);
	}
	sqlite3_str_appendall(str, ")");
	lite_piece_init(out, lite_arena_finish(t->arena, str), LITE_TYPE_TEXT);
	out->nullable = false;
	if (!done)
		return lite_tr_refuse(t, "printf() has a part in its format that is "
								 "not translated for its argument.");
	return true;
}

/* ------------------------------------------------------------------------
 * Choice
 * ------------------------------------------------------------------------ */

static const char *
list_sql(Translator *t, const char *open, const Piece *args, int n)
{
	sqlite3_str *str = sqlite3_str_new(NULL);

	sqlite3_str_appendall(str, open);
	for (int i = 0; i < n; i++)
		sqlite3_str_appendf(str, "%s%s", i > 0 ? ", " : "", args[i].sql);
	sqlite3_str_appendchar(str, 1, ')');
	return lite_arena_finish(t->arena, str);
}

static bool
write_coalesce(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	bool nullable = true;

	if (!lite_tr_unify(t, args, expr->nargs, out))
		return false;
	for (int i = 0; i < expr->nargs; i++)
		nullable = nullable && args[i].nullable;
	out->nullable = nullable;
	out->sql = list_sql(t, "coalesce(", args, expr->nargs);
	return true;
}

static bool
write_iif(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	Piece condition, values[2];

	if (!lite_tr_truth(t, &args[0], &condition))
		return false;
	values[0] = args[1];
	if (expr->nargs > 2)
		values[1] = args[2];
	else
		lite_piece_null(&values[1]);
	if (!lite_tr_unify(t, values, 2, out))
		return false;
	out->sql = tr_printf(t, "(CASE WHEN %s THEN %s ELSE %s END)",
						 condition.sql, values[0].sql, values[1].sql);
	return true;
}

static bool
write_nullif(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	Piece left = args[0], right = args[1], equal;

	(void) expr;
	if (left.literal || left.json_value || right.json_value)
		return lite_tr_refuse(t, "nullif() of this value is not translated.");
	/* it compares without affinity, under the first collation there is */
	if (left.affinity == LITE_AFFINITY_TEXT && right.literal &&
		right.value.cls != LITE_TEXT && right.value.cls != LITE_NULL)
		return lite_tr_refuse(t,
							  "nullif() of a text and something else is not "
							  "translated.");
	if (!lite_is_text_type(left.type))
		left.affinity = NO_AFFINITY;
	if (!lite_is_text_type(right.type))
		right.affinity = NO_AFFINITY;
	if (left.collation != NULL)
	{
		right.collation = NULL;
		right.collation_explicit = false;
	}
	if (!lite_tr_compare(t, LITE_OP_EQ, &left, &right, &equal))
		return false;
	*out = args[0];
	out->column = NULL;
	out->affinity = NO_AFFINITY;
	out->collation = NULL;
	out->collation_explicit = false;
	out->nullable = true;
	out->instant = NULL;
	out->integer_sql = NULL;
	out->json_typeof = NULL;
	out->sql = tr_printf(t, "(CASE WHEN %s THEN NULL ELSE %s END)", equal.sql,
						 args[0].sql);
	return true;
}

/* max(a, b) is NULL if one of them is, greatest() only if all are. */
static bool
write_minmax(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	const char *name = (expr->text[1] | 0x20) == 'a' ? "greatest" : "least",
			   *call, *nulls;
	const char *collation = NULL;
	sqlite3_str *str;

	if (!lite_tr_unify(t, args, expr->nargs, out))
		return false;
	if (!lite_is_number_type(out->type) && !lite_is_text_type(out->type) &&
		out->type != LITE_TYPE_BOOL)
		return refuse_argument(t, expr);
	/* they compare under the first collation that an argument has */
	for (int i = 0; i < expr->nargs && collation == NULL; i++)
		collation = args[i].collation;
	if (lite_is_text_type(out->type) && collation != NULL &&
		sqlite3_stricmp(collation, "BINARY") != 0)
		return lite_tr_refuse(t,
							  "%s of text under NOCASE or RTRIM is not "
							  "translated.",
							  name);
	if (out->mixed)
		return lite_tr_refuse(t, "%s of integers and reals is not translated.",
							  name);
	if (lite_is_text_type(out->type))
		args[0].sql = tr_printf(t, "%s COLLATE \"C\"", args[0].sql);
	call = list_sql(t, tr_printf(t, "%s(", name), args, expr->nargs);
	str = sqlite3_str_new(NULL);
	for (int i = 0; i < expr->nargs; i++)
		if (args[i].nullable)
			sqlite3_str_appendf(str, "%s%s IS NULL",
								sqlite3_str_length(str) > 0 ? " OR " : "",
								args[i].sql);
	nulls = lite_arena_finish(t->arena, str);
	out->sql = nulls == NULL || *nulls == '\0'
				   ? call
				   : tr_printf(t, "(CASE WHEN %s THEN NULL ELSE %s END)",
							   nulls, call);
	return true;
}

/* ------------------------------------------------------------------------
 * Numbers
 * ------------------------------------------------------------------------ */

static bool
write_abs(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	const char *sql;

	if (args[0].json_value || (args[0].mixed && args[0].column != NULL) ||
		!lite_is_number_type(args[0].type))
		return refuse_argument(t, expr);
	if (lite_is_integer_type(args[0].type))
	{
		if (!lite_tr_bigint(t, &args[0], &sql))
			return refuse_argument(t, expr);
		make(out, tr_printf(t, "abs(%s)", sql), LITE_TYPE_INT8, &args[0]);
		out->nonneg = true;
		return true;
	}
	make(out, tr_printf(t, "abs(%s)", args[0].sql), args[0].type, &args[0]);
	out->mixed = args[0].mixed ||
				 (args[0].type == LITE_TYPE_FLOAT8 && args[0].column != NULL &&
				  args[0].affinity != LITE_AFFINITY_REAL);
	return true;
}

/*
 * Half away from zero, where PostgreSQL's round(double precision) goes to the
 * even number.  With digits SQLite rounds the binary value written in
 * decimal, which nothing here does alike; a numeric is decimal already.
 */
static bool
write_round(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	int64_t digits = 0;
	const char *sql = args[0].sql;

	if (args[0].json_value || (args[0].mixed && args[0].column != NULL))
		return refuse_argument(t, expr);
	if (expr->nargs > 1)
	{
		if (!args[1].literal || args[1].value.cls != LITE_INTEGER ||
			args[1].value.i > 30)
			return refuse_argument(t, expr);
		digits = args[1].value.i < 0 ? 0 : args[1].value.i;
	}
	if (lite_is_integer_type(args[0].type))
		sql = tr_printf(t, "%s::double precision", sql);
	else if (args[0].type == LITE_TYPE_NUMERIC)
	{
		lite_tr_note(t, "round() rounds the decimal number; SQLite rounded "
						"its binary form.");
		sql =
			tr_printf(t, "round(%s, %d)::double precision", sql, (int) digits);
	}
	else if (args[0].type == LITE_TYPE_FLOAT8 && digits == 0)
		sql = tr_printf(t,
						"trunc(%s + CASE WHEN %s < 0 THEN -0.5 ELSE 0.5 "
						"END)",
						sql, sql);
	else
		return lite_tr_refuse(t,
							  "round() of a double precision number to "
							  "digits rounds in another way in PostgreSQL.");
	make(out, sql, LITE_TYPE_FLOAT8, &args[0]);
	out->integral = digits == 0;
	return true;
}

static bool
write_random(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	(void) expr;
	(void) args;
	lite_tr_volatility(t, VOLATILITY_VOLATILE);
	make(out,
		 "((floor(random() * 4294967296)::bigint << 32) | "
		 "floor(random() * 4294967296)::bigint)",
		 LITE_TYPE_INT8, NULL);
	return true;
}

static bool
write_randomblob(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	int64_t n;

	if (!args[0].literal || args[0].value.cls != LITE_INTEGER ||
		args[0].value.i > 64)
		return refuse_argument(t, expr);
	n = args[0].value.i < 1 ? 1 : args[0].value.i;
	lite_tr_volatility(t, VOLATILITY_VOLATILE);
	if (n <= 32)
		make(out,
			 tr_printf(t,
					   "substr(sha256(uuid_send(gen_random_uuid()) || "
					   "uuid_send(gen_random_uuid())), 1, %d)",
					   (int) n),
			 LITE_TYPE_BYTEA, NULL);
	else
		make(out,
			 tr_printf(t,
					   "substr(sha512(uuid_send(gen_random_uuid()) || "
					   "uuid_send(gen_random_uuid()) || "
					   "uuid_send(gen_random_uuid()) || "
					   "uuid_send(gen_random_uuid())), 1, %d)",
					   (int) n),
			 LITE_TYPE_BYTEA, NULL);
	return true;
}

/* ------------------------------------------------------------------------
 * Types
 * ------------------------------------------------------------------------ */

/* The one storage class of the values that are not NULL; NULL: not one. */
static const char *
storage_class(const Piece *piece)
{
	if (piece->json_value || (piece->mixed && piece->column != NULL))
		return NULL;
	switch (piece->type)
	{
		case LITE_TYPE_BOOL:
			return piece->format == LITE_FORMAT_NATIVE ? "integer" : NULL;
		case LITE_TYPE_INT2:
		case LITE_TYPE_INT4:
		case LITE_TYPE_INT8:
			return piece->column == NULL ||
						   piece->affinity == LITE_AFFINITY_INTEGER ||
						   piece->affinity == LITE_AFFINITY_NUMERIC
					   ? "integer"
				   : piece->affinity == LITE_AFFINITY_REAL ? "real"
				   : piece->affinity == LITE_AFFINITY_TEXT ? "text"
														   : NULL;
		case LITE_TYPE_FLOAT8:
			return !piece->mixed && (piece->column == NULL ||
									 piece->affinity == LITE_AFFINITY_REAL)
					   ? "real"
					   : NULL;
		case LITE_TYPE_TEXT:
		case LITE_TYPE_VARCHAR:
			return "text";
		case LITE_TYPE_BYTEA:
			return "blob";
		case LITE_TYPE_DATE:
		case LITE_TYPE_TIME:
		case LITE_TYPE_TIMESTAMP:
		case LITE_TYPE_TIMESTAMPTZ:
		case LITE_TYPE_UUID:
		case LITE_TYPE_JSON:
		case LITE_TYPE_JSONB:
			return piece->format == LITE_FORMAT_NATIVE ? "text"
				   : piece->format == LITE_FORMAT_BLOB ? "blob"
													   : NULL;
		default:
			return NULL;
	}
}

static bool
write_typeof(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	const char *class = storage_class(&args[0]);

	if (args[0].literal && args[0].value.cls == LITE_NULL)
		return lite_piece_string(t, out, "null", 4);
	if (class == NULL)
		return refuse_argument(t, expr);
	if (!args[0].nullable)
		return lite_piece_string(t, out, class, strlen(class));
	make(out,
		 tr_printf(t, "(CASE WHEN %s IS NULL THEN 'null' ELSE '%s' END)",
				   args[0].sql, class),
		 LITE_TYPE_TEXT, NULL);
	return true;
}

/* Hints to SQLite's planner. */
static bool
write_first(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	(void) t;
	(void) expr;
	*out = args[0];
	return true;
}

static bool
write_like(Translator *t, const LiteExpr *expr, Piece *args, Piece *out)
{
	LiteExpr like, *operands[3];

	(void) args;
	/* like(pattern, text) is text LIKE pattern */
	memset(&like, 0, sizeof(like));
	like.kind = LITE_EXPR_LIKE;
	like.op =
		lite_name_equal(expr->text, "like") ? LITE_OP_LIKE : LITE_OP_GLOB;
	like.nargs = like.op == LITE_OP_LIKE ? expr->nargs : 2;
	like.args = operands;
	operands[0] = expr->args[1];
	operands[1] = expr->args[0];
	operands[2] = expr->nargs > 2 ? expr->args[2] : NULL;
	return lite_tr_like(t, &like, out);
}

/* ------------------------------------------------------------------------
 * The table
 * ------------------------------------------------------------------------ */

static const Function functions[] = {
	{"abs", 1, 1, write_abs},
	{"coalesce", 2, -1, write_coalesce},
	{"format", 1, -1, write_printf},
	{"glob", 2, 2, write_like},
	{"hex", 1, 1, write_hex},
	{"ifnull", 2, 2, write_coalesce},
	{"iif", 2, 3, write_iif},
	{"if", 2, 3, write_iif},
	{"instr", 2, 2, write_instr},
	{"length", 1, 1, write_length},
	{"like", 2, 3, write_like},
	{"likely", 1, 1, write_first},
	{"likelihood", 2, 2, write_first},
	{"lower", 1, 1, write_fold},
	{"ltrim", 1, 2, write_trim},
	{"max", 2, -1, write_minmax},
	{"min", 2, -1, write_minmax},
	{"nullif", 2, 2, write_nullif},
	{"printf", 1, -1, write_printf},
	{"random", 0, 0, write_random},
	{"randomblob", 1, 1, write_randomblob},
	{"replace", 3, 3, write_replace},
	{"round", 1, 2, write_round},
	{"rtrim", 1, 2, write_trim},
	{"substr", 2, 3, write_substr},
	{"substring", 2, 3, write_substr},
	{"trim", 1, 2, write_trim},
	{"typeof", 1, 1, write_typeof},
	{"unlikely", 1, 1, write_first},
	{"upper", 1, 1, write_fold},
};

static bool
is_one_of(const char *name, const char *const *names)
{
	for (; *names != NULL; names++)
		if (lite_name_equal(name, *names))
			return true;
	return false;
}

static void
count_random(const LiteExpr *expr, int *random_bytes, bool *version)
{
	for (int i = 0; i < expr->nargs; i++)
		count_random(expr->args[i], random_bytes, version);
	if (expr->kind == LITE_EXPR_FUNCTION && expr->nargs == 1 &&
		lite_name_equal(expr->text, "randomblob") &&
		expr->args[0]->kind == LITE_EXPR_INTEGER)
		*random_bytes += expr->args[0]->integer > 16 || *random_bytes > 16
							 ? 100
							 : (int) expr->args[0]->integer;
	if (expr->kind == LITE_EXPR_STRING && expr->length <= 3 &&
		strchr(expr->text, '4') != NULL)
		*version = true;
}

/* lower(hex(randomblob(4))) || '-' || ... '-4' ...: a random UUID is made. */
bool
lite_tr_makes_uuid(const LiteExpr *expr)
{
	int random_bytes = 0;
	bool version = false;

	count_random(expr, &random_bytes, &version);
	return version && random_bytes >= 15 && random_bytes <= 17;
}

static bool
write_call(Translator *t, const Function *function, const LiteExpr *expr,
		   Piece *out)
{
	Piece *args = lite_arena_newarray(t->arena, Piece, expr->nargs + 1);
	char name[40];

	lite_text_clip(name, sizeof(name), expr->text, expr->length);
	if (args == NULL)
		return lite_tr_refuse(t, "It is too large.");
	if (expr->nargs < function->least ||
		(function->most >= 0 && expr->nargs > function->most))
		return lite_tr_refuse(t, "%s() has the wrong number of arguments.",
							  name);
	for (int i = 0; i < expr->nargs; i++)
		if (!lite_tr_expr(t, expr->args[i], &args[i]))
			return false;
	return function->write(t, expr, args, out);
}

bool
lite_tr_function(Translator *t, const LiteExpr *expr, Piece *out)
{
	static const char *const times[] = {"date",		 "time",	  "datetime",
										"julianday", "unixepoch", "strftime",
										NULL};
	static const char *const jsons[] = {
		"json",		   "json_array", "json_array_length", "json_extract",
		"json_object", "json_type",	 "json_valid",		  NULL};
	char name[80];

	bool is_aggregate;
	bool done = lite_tr_aggregate(t, expr, &is_aggregate, out);

	if (is_aggregate)
		return done;
	if (is_one_of(expr->text, times))
		return lite_tr_time_function(t, expr, out);
	if (is_one_of(expr->text, jsons))
		return lite_tr_json_function(t, expr, out);
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
		if (lite_name_equal(expr->text, functions[i].name))
			return write_call(t, &functions[i], expr, out);
	return lite_tr_refuse(t, "The function %s() is not translated.",
						  lite_text_clip(name, sizeof(name), expr->text,
										 expr->length));
}
