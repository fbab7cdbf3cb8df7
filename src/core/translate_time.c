/*
 * translate_time.c
 *	  SQLite's date and time functions to PostgreSQL.
 *
 * SQLite has no time type: date(), time(), datetime() and strftime() give
 * text in UTC, unixepoch() and julianday() numbers.  So a translated call
 * keeps both forms: the text or number as SQLite has it, and the *instant*, a
 * timestamp without time zone in UTC, for columns that have become a date or
 * time.  Who consumes the piece takes the form that it needs.
 *
 * "Now" is now(), the start of the transaction.  SQLite's is the start of the
 * statement; most of its statements are transactions, and now() is what a
 * PostgreSQL table is expected to have.  The fraction of the second, which
 * SQLite cuts off, is kept in columns of a time type.
 *
 * to_char() of a time is only STABLE (it knows locales), so where PostgreSQL
 * asks for immutable functions the text is put together from extract().
 *
 * Months and years are added as SQLite does: January 31 and a month is March
 * 3 (or 2), where PostgreSQL's interval arithmetic says February 28.
 */
#include "core/translate_int.h"

#include <stdlib.h>
#include <string.h>

#define NOW_UTC "(now() AT TIME ZONE 'UTC')"

/* A time value with its modifiers applied. */
typedef struct Moment
{
	const char *sql; /* timestamp without time zone */
	bool now;		 /* nothing but 'now' */
	bool from_now;
	bool subsecond; /* the modifier 'subsec' */
	bool nullable;
	bool has_date;
} Moment;

static bool
needs_immutable(const Translator *t)
{
	return t->purpose != LITE_EXPR_FOR_DEFAULT &&
		   t->purpose != LITE_EXPR_FOR_VIEW;
}

static bool
text_is(const Piece *piece, const char *word)
{
	return piece->literal && piece->value.cls == LITE_TEXT &&
		   piece->value.len == strlen(word) &&
		   sqlite3_strnicmp(piece->value.data, word, (int) strlen(word)) == 0;
}

static void
moment_now(Translator *t, Moment *moment)
{
	memset(moment, 0, sizeof(*moment));
	moment->sql = NOW_UTC;
	moment->now = true;
	moment->from_now = true;
	moment->has_date = true;
	lite_tr_volatility(t, VOLATILITY_STABLE);
}

/* ------------------------------------------------------------------------
 * Time values
 * ------------------------------------------------------------------------ */

static bool
base_column(Translator *t, const Piece *piece, bool unixepoch, Moment *moment)
{
	LiteFormat expected = unixepoch ? LITE_FORMAT_UNIX_S : LITE_FORMAT_NATIVE;

	if (piece->mixed || (piece->format != expected &&
						 !(piece->format == LITE_FORMAT_JULIAN && !unixepoch)))
		return lite_tr_refuse(t, "A date function reads a column whose values "
								 "are not certain to be dates to SQLite.");
	switch (piece->type)
	{
		case LITE_TYPE_TIMESTAMPTZ:
			moment->sql = tr_printf(t, "(%s AT TIME ZONE 'UTC')", piece->sql);
			return true;
		case LITE_TYPE_TIMESTAMP:
			moment->sql = piece->sql;
			return true;
		case LITE_TYPE_DATE:
			moment->sql = tr_printf(t, "%s::timestamp", piece->sql);
			return true;
		default:
			return lite_tr_refuse(t, "A date function reads a time without a "
									 "date.");
	}
}

static bool
base_literal(Translator *t, const Piece *piece, Moment *moment)
{
	LiteColumnType type = {LITE_TYPE_TIMESTAMP, 0, 0, LITE_FORMAT_NATIVE};
	LiteMoment read;

	if (text_is(piece, "now"))
	{
		moment_now(t, moment);
		return true;
	}
	if (piece->value.cls == LITE_TEXT &&
		lite_parse_moment(piece->value.data, piece->value.len, &read) &&
		read.has_date)
	{
		moment->sql = lite_tr_constant(t, &piece->value, type);
		if (moment->sql != NULL)
			return true;
	}
	return lite_tr_refuse(t, "A date function reads a text that is not a "
							 "plain date.");
}

static bool
moment_base(Translator *t, const Piece *piece, bool unixepoch, Moment *moment)
{
	memset(moment, 0, sizeof(*moment));
	moment->nullable = piece->nullable;
	moment->has_date = true;
	if (piece->literal)
	{
		if (piece->value.cls == LITE_INTEGER && unixepoch)
		{
			moment->sql = tr_printf(t, "(to_timestamp(%s) AT TIME ZONE 'UTC')",
									piece->sql);
			return true;
		}
		return base_literal(t, piece, moment);
	}
	if (piece->instant != NULL && !unixepoch &&
		lite_is_text_type(piece->type) && piece->has_date)
	{
		moment->sql = lite_tr_instant(t, piece, LITE_TYPE_TIMESTAMP);
		moment->from_now = piece->instant_fresh;
		return true;
	}
	if (lite_is_time_type(piece->type))
		return base_column(t, piece, unixepoch, moment);
	if (unixepoch && !piece->mixed &&
		(lite_is_integer_type(piece->type) || piece->type == LITE_TYPE_FLOAT8))
	{
		moment->sql =
			tr_printf(t, "(to_timestamp(%s) AT TIME ZONE 'UTC')", piece->sql);
		return true;
	}
	return lite_tr_refuse(t, "A date function reads a value that is not "
							 "certain to be a date.");
}

/* ------------------------------------------------------------------------
 * Modifiers
 * ------------------------------------------------------------------------ */

/* An amount of months, counted from the first of the month, days after. */
static const char *
add_months(Translator *t, const char *base, const char *interval)
{
	return tr_printf(t,
					 "(date_trunc('month', %s) + interval '%s' + "
					 "(%s - date_trunc('month', %s)))",
					 base, interval, base, base);
}

/* "+7 days", "-1 month" */
static bool
modify_amount(Translator *t, const char *text, Moment *moment)
{
	static const char *const units[] = {"second", "minute", "hour",
										"day",	  "month",	"year"};
	char *end;
	long amount;
	size_t length;

	if (*text != '+' && *text != '-' && (*text < '0' || *text > '9'))
		return false;
	amount = strtol(text, &end, 10);
	if (*end != ' ' || amount > 1000000000L || amount < -1000000000L)
		return false;
	while (*end == ' ')
		end++;
	length = strlen(end);
	if (length > 1 && (end[length - 1] | 0x20) == 's')
		length--;
	for (int i = 0; i < 6; i++)
	{
		const char *interval;

		if (strlen(units[i]) != length ||
			sqlite3_strnicmp(units[i], end, (int) length) != 0)
			continue;
		interval =
			tr_printf(t, "%ld %s%s", amount, units[i], amount == 1 ? "" : "s");
		moment->sql =
			i < 4 ? tr_printf(t, "(%s + interval '%s')", moment->sql, interval)
				  : add_months(t, moment->sql, interval);
		return true;
	}
	return false;
}

static bool
modify(Translator *t, const char *text, Moment *moment)
{
	static const char *const starts[] = {"day", "month", "year"};

	if (sqlite3_stricmp(text, "subsec") == 0 ||
		sqlite3_stricmp(text, "subsecond") == 0)
	{
		moment->subsecond = true;
		return true;
	}
	moment->now = false;
	if (sqlite3_stricmp(text, "localtime") == 0 ||
		sqlite3_stricmp(text, "utc") == 0)
		return lite_tr_refuse(t,
							  "The modifier '%s' depends on the time zone "
							  "of the machine.",
							  text);
	for (int i = 0; i < 3; i++)
		if (sqlite3_strnicmp(text, "start of ", 9) == 0 &&
			sqlite3_stricmp(text + 9, starts[i]) == 0)
		{
			moment->sql =
				tr_printf(t, "date_trunc('%s', %s)", starts[i], moment->sql);
			return true;
		}
	if (sqlite3_strnicmp(text, "weekday ", 8) == 0 && text[8] >= '0' &&
		text[8] <= '6' && text[9] == '\0')
	{
		moment->sql = tr_printf(t,
								"(%s + (%c - extract(dow from %s)::integer "
								"+ 7) %% 7 * interval '1 day')",
								moment->sql, text[8], moment->sql);
		return true;
	}
	if (modify_amount(t, text, moment))
		return true;
	return lite_tr_refuse(t, "A date function has a modifier that is not "
							 "translated.");
}

/* The time value args[first] and its modifiers; none: 'now'. */
static bool
read_moment(Translator *t, const LiteExpr *expr, int first, Moment *moment)
{
	Piece base, modifier;
	bool unixepoch = false;

	if (expr->nargs <= first)
	{
		moment_now(t, moment);
		return true;
	}
	if (!lite_tr_expr(t, expr->args[first], &base))
		return false;
	if (expr->nargs > first + 1)
	{
		if (!lite_tr_expr(t, expr->args[first + 1], &modifier))
			return false;
		unixepoch = text_is(&modifier, "unixepoch");
	}
	/* date('subsec') is date('now', 'subsec') */
	if (text_is(&base, "subsec") || text_is(&base, "subsecond"))
	{
		moment_now(t, moment);
		moment->subsecond = true;
	}
	else if (!moment_base(t, &base, unixepoch, moment))
		return false;

	for (int i = first + 1 + unixepoch; i < expr->nargs; i++)
	{
		if (!lite_tr_expr(t, expr->args[i], &modifier))
			return false;
		if (!modifier.literal || modifier.value.cls != LITE_TEXT)
			return lite_tr_refuse(t, "A date function has a modifier that is "
									 "no constant text.");
		if (!modify(t,
					lite_arena_strndup(t->arena, modifier.value.data,
									   modifier.value.len),
					moment))
			return false;
	}
	return true;
}

/* ------------------------------------------------------------------------
 * Text of a moment
 * ------------------------------------------------------------------------ */

/* What a letter of strftime() is: in to_char(), and of extract(). */
typedef struct Field
{
	char letter;
	const char *to_char;
	const char *extract;
	int digits;
} Field;

static const Field fields[] = {
	{'Y', "YYYY", "year", 4}, {'m', "MM", "month", 2},
	{'d', "DD", "day", 2},	  {'H', "HH24", "hour", 2},
	{'M', "MI", "minute", 2}, {'S', "SS", "second", 2},
	{'j', "DDD", "doy", 3},	  {'w', NULL, "dow", 1},
};

static const Field *
find_field(char letter)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].letter == letter)
			return &fields[i];
	return NULL;
}

static const char *
field_number(Translator *t, const Field *field, const Moment *moment)
{
	return tr_printf(t,
					 field->letter == 'S'
						 ? "trunc(extract(%s from %s))::bigint"
						 : "extract(%s from %s)::bigint",
					 field->extract, moment->sql);
}

/* to_char(): the format's own letters need double quotes around text. */
static bool
format_to_char(Translator *t, const char *format, const Moment *moment,
			   const char **sql)
{
	sqlite3_str *str = sqlite3_str_new(NULL);
	const char *pattern;

	for (const char *s = format; *s != '\0'; s++)
	{
		if (*s == '%')
		{
			const Field *field = find_field(*++s);

			if (*s == 'f')
				sqlite3_str_appendall(str, "SS.MS");
			else if (*s == '%')
				sqlite3_str_appendchar(str, 1, '%');
			else
				sqlite3_str_appendall(str, field->to_char);
		}
		else if (strchr("-: ./", *s) != NULL)
			sqlite3_str_appendchar(str, 1, *s);
		else
			sqlite3_str_appendf(str, "\"%c\"", *s);
	}
	pattern = lite_arena_finish(t->arena, str);
	*sql = tr_printf(t, "to_char(%s, %s)", moment->sql,
					 lite_tr_quote(t, pattern, pattern ? strlen(pattern) : 0));
	return true;
}

/* lpad(extract(...)) || '-' || ... */
static bool
format_extract(Translator *t, const char *format, const Moment *moment,
			   const char **sql)
{
	sqlite3_str *str = sqlite3_str_new(NULL);
	const char *separator = "(";

	for (const char *s = format; *s != '\0'; s++)
	{
		sqlite3_str_appendall(str, separator);
		separator = " || ";
		if (*s == '%' && s[1] != '%')
		{
			const Field *field = find_field(*++s);

			if (field->digits == 1)
				sqlite3_str_appendf(str, "%s::text",
									field_number(t, field, moment));
			else
				sqlite3_str_appendf(str, "lpad(%s::text, %d, '0')",
									field_number(t, field, moment),
									field->digits);
		}
		else
		{
			const char *end = s + (*s == '%' ? 2 : strcspn(s, "%"));

			if (*s == '%')
				s++;
			sqlite3_str_appendall(str,
								  lite_tr_quote(t, s, (size_t) (end - s)));
			s = end - 1;
		}
	}
	sqlite3_str_appendall(str, ")");
	*sql = lite_arena_finish(t->arena, str);
	return true;
}

static bool
format_text(Translator *t, const char *format, const Moment *moment,
			const char **sql)
{
	bool extract = needs_immutable(t);

	if (*format == '\0')
	{
		*sql = "''::text";
		return true;
	}
	for (const char *s = format; *s != '\0'; s++)
	{
		if (*s == '"' || *s == '\\' || (unsigned char) *s < ' ' ||
			(unsigned char) *s > '~')
			return lite_tr_refuse(t,
								  "strftime() has a character in its format "
								  "that is not translated.");
		if (*s != '%')
			continue;
		s++;
		if (*s == '%' || (*s == 'f' && moment->from_now && !extract))
			continue;
		if (*s == '\0' || find_field(*s) == NULL)
			return lite_tr_refuse(t,
								  "strftime() has a part in its format that "
								  "is not translated.");
		if (find_field(*s)->to_char == NULL)
			extract = true;
	}
	if (extract && strstr(format, "%f") != NULL)
		return lite_tr_refuse(t, "strftime() has parts in its format that are "
								 "not translated together.");
	return extract ? format_extract(t, format, moment, sql)
				   : format_to_char(t, format, moment, sql);
}

/* Does the format write a date, a time of day, or both, as ISO 8601? */
static void
format_shape(const char *format, Piece *out)
{
	static const char *const times[] = {"%H:%M:%S", "%H:%M:%f", "%H:%M"};
	bool has_date = strncmp(format, "%Y-%m-%d", 8) == 0;
	const char *s = format + (has_date ? 8 : 0);
	bool has_time = false;

	if (has_date && (*s == ' ' || *s == 'T'))
		s++;
	else if (has_date && *s != '\0')
		return;
	for (int i = 0; i < 3 && !has_time && *s != '\0'; i++)
		if (strncmp(s, times[i], strlen(times[i])) == 0)
		{
			has_time = true;
			s += strlen(times[i]);
		}
	if (has_time && (strcmp(s, "Z") == 0 || strcmp(s, "+00:00") == 0))
		s = "";
	if (*s != '\0')
		return;
	out->has_date = has_date;
	out->has_time = has_time;
}

static void
set_instant(Piece *out, const Moment *moment)
{
	out->instant = moment->sql;
	out->instant_now = moment->now;
	out->instant_fresh = moment->from_now;
}

static bool
make_text(Translator *t, const char *format, const Moment *moment, Piece *out)
{
	const char *sql = NULL;

	if (!format_text(t, format, moment, &sql))
		return false;
	lite_piece_init(out, sql, LITE_TYPE_TEXT);
	out->nullable = moment->nullable;
	format_shape(format, out);
	if (out->has_date || out->has_time)
		set_instant(out, moment);
	return true;
}

bool
lite_tr_now(Translator *t, LiteExprOp op, Piece *out)
{
	Moment moment;

	moment_now(t, &moment);
	return make_text(t,
					 op == LITE_OP_DATE	  ? "%Y-%m-%d"
					 : op == LITE_OP_TIME ? "%H:%M:%S"
										  : "%Y-%m-%d %H:%M:%S",
					 &moment, out);
}

/*
 * SQLite's text has whole seconds (but for %f and 'subsec'), and the column
 * must not know more than that; only now() keeps its fraction.
 */
const char *
lite_tr_instant(Translator *t, const Piece *piece, LiteType type)
{
	const char *sql = piece->instant;

	if (type == LITE_TYPE_TIME)
		return piece->has_time
				   ? tr_printf(t, "date_trunc('second', %s)::time", sql)
				   : NULL;
	if (!piece->has_date)
		return NULL;
	if (type == LITE_TYPE_DATE)
	{
		if (piece->has_time)
			lite_tr_note(t, "Only the date is kept.");
		return tr_printf(t, "%s::date", sql);
	}
	if (piece->has_time && piece->instant_now)
		return type == LITE_TYPE_TIMESTAMPTZ ? "now()" : sql;
	if (!piece->has_time || !piece->instant_fresh)
		sql = tr_printf(t, "date_trunc('%s', %s)",
						piece->has_time ? "second" : "day", sql);
	return type == LITE_TYPE_TIMESTAMPTZ
			   ? tr_printf(t, "(%s AT TIME ZONE 'UTC')", sql)
			   : sql;
}

/* ------------------------------------------------------------------------
 * Functions
 * ------------------------------------------------------------------------ */

static const char *
epoch_sql(Translator *t, const Moment *moment)
{
	return tr_printf(t, "extract(epoch from %s)",
					 moment->now ? "now()" : moment->sql);
}

static bool
make_epoch(Translator *t, const Moment *moment, Piece *out)
{
	if (moment->subsecond)
		lite_piece_init(out,
						tr_printf(t, "%s::double precision",
								  epoch_sql(t, moment)),
						LITE_TYPE_FLOAT8);
	else
		lite_piece_init(out,
						tr_printf(t, "floor(%s)::bigint",
								  epoch_sql(t, moment)),
						LITE_TYPE_INT8);
	out->nullable = moment->nullable;
	out->has_date = true;
	out->has_time = true;
	set_instant(out, moment);
	return true;
}

static bool
make_julian(Translator *t, const Moment *moment, Piece *out)
{
	lite_piece_init(out,
					tr_printf(t,
							  "(%s / 86400.0 + 2440587.5)"
							  "::double precision",
							  epoch_sql(t, moment)),
					LITE_TYPE_FLOAT8);
	out->nullable = moment->nullable;
	out->has_date = true;
	out->has_time = true;
	set_instant(out, moment);
	return true;
}

static bool
tr_strftime(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece format;
	Moment moment;
	const char *text;

	if (expr->nargs < 1)
		return lite_tr_refuse(t, "strftime() has no format.");
	if (!lite_tr_expr(t, expr->args[0], &format) ||
		!read_moment(t, expr, 1, &moment))
		return false;
	if (!format.literal || format.value.cls != LITE_TEXT)
		return lite_tr_refuse(t, "strftime() has a format that is no constant "
								 "text.");
	text = lite_arena_strndup(t->arena, format.value.data, format.value.len);
	if (text == NULL)
		return lite_tr_refuse(t, "It is too large.");

	if (strcmp(text, "%s") == 0)
	{
		moment.subsecond = false;
		make_epoch(t, &moment, out);
		out->integer_sql = out->sql;
		out->sql = tr_printf(t, "%s::text", out->sql);
		out->type = LITE_TYPE_TEXT;
		return true;
	}
	if (!make_text(t, text, &moment, out))
		return false;
	if (text[0] == '%' && text[1] != '\0' && text[2] == '\0' &&
		find_field(text[1]) != NULL)
		out->integer_sql = field_number(t, find_field(text[1]), &moment);
	return true;
}

bool
lite_tr_time_function(Translator *t, const LiteExpr *expr, Piece *out)
{
	Moment moment;
	bool date = lite_name_equal(expr->text, "date");
	bool time = lite_name_equal(expr->text, "time");
	const char *format;

	if (lite_name_equal(expr->text, "strftime"))
		return tr_strftime(t, expr, out);
	if (!read_moment(t, expr, 0, &moment))
		return false;
	if (lite_name_equal(expr->text, "unixepoch"))
		return make_epoch(t, &moment, out);
	if (lite_name_equal(expr->text, "julianday"))
		return make_julian(t, &moment, out);

	if (moment.subsecond && !date)
		format = time ? "%H:%M:%f" : "%Y-%m-%d %H:%M:%f";
	else
		format = date ? "%Y-%m-%d" : time ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S";
	return make_text(t, format, &moment, out);
}
