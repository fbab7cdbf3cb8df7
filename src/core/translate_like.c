/*
 * translate_like.c
 *	  LIKE and GLOB with constant patterns.
 *
 * SQLite's LIKE ignores the case of the 26 letters of ASCII and has no escape
 * character unless one is given; PostgreSQL's minds case and escapes with a
 * backslash.  A pattern with letters becomes a LIKE between
 * lower(x COLLATE "C"), which folds ASCII alone, and the pattern folded here;
 * one without letters needs no folding.  ILIKE is not used: it folds as the
 * locale does.
 *
 * GLOB minds case.  Its * and ? are LIKE's % and _; a pattern with a set
 * [...] becomes a regular expression.
 */
#include "core/translate_int.h"

#include <string.h>

/* SQLite refuses longer ones (SQLITE_MAX_LIKE_PATTERN_LENGTH). */
#define LONGEST_PATTERN 50000

static bool
has_ascii_letter(const char *s)
{
	for (; *s != '\0'; s++)
		if ((*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z'))
			return true;
	return false;
}

static char
fold_ascii(char c)
{
	return c >= 'A' && c <= 'Z' ? (char) (c + 'a' - 'A') : c;
}

/*
 * A LIKE pattern with a backslash as its only escape.  escape: SQLite's, 0 if
 * none (ASCII).  fold: in lower case.  NULL: it ends in its escape.
 */
static const char *
like_pattern(Translator *t, const char *pattern, char escape, bool fold)
{
	sqlite3_str *str = sqlite3_str_new(NULL);

	for (const char *s = pattern; *s != '\0'; s++)
	{
		if (escape != '\0' && *s == escape)
		{
			if (*++s == '\0')
			{
				(void) lite_arena_finish(t->arena, str);
				return NULL;
			}
			if (*s == '%' || *s == '_' || *s == '\\')
				sqlite3_str_appendchar(str, 1, '\\');
		}
		else if (*s == '\\')
			sqlite3_str_appendchar(str, 1, '\\');
		sqlite3_str_appendchar(str, 1, fold ? fold_ascii(*s) : *s);
	}
	return lite_arena_finish(t->arena, str);
}

static bool
make_like(Translator *t, const char *subject, const char *pattern, bool fold,
		  Piece *out)
{
	if (pattern == NULL)
		return lite_tr_refuse(t,
							  "LIKE has a pattern that ends in its escape.");
	lite_piece_init(out,
					tr_printf(t,
							  fold ? "(lower(%s COLLATE \"C\") LIKE %s)"
								   : "(%s LIKE %s)",
							  subject,
							  lite_tr_quote(t, pattern, strlen(pattern))),
					LITE_TYPE_BOOL);
	return true;
}

static bool
tr_like(Translator *t, const char *subject, const char *pattern,
		const Piece *escape, Piece *out)
{
	char escape_char = '\0';
	bool fold = has_ascii_letter(pattern);

	if (escape != NULL)
	{
		if (!escape->literal || escape->value.cls != LITE_TEXT ||
			escape->value.len != 1 || (escape->value.data[0] & 0x80) != 0)
			return lite_tr_refuse(t,
								  "LIKE has an escape that is not one ASCII "
								  "character.");
		escape_char = escape->value.data[0];
	}
	/* an escape that is a letter is compared in its own case */
	return make_like(t, subject, like_pattern(t, pattern, escape_char, fold),
					 fold, out);
}

/* ------------------------------------------------------------------------
 * GLOB
 * ------------------------------------------------------------------------ */

/* One character of the pattern, as the regular expression has it. */
static void
regex_char(sqlite3_str *str, char c)
{
	if (strchr("\\^$.|?*+()[]{}-", c) != NULL)
		sqlite3_str_appendchar(str, 1, '\\');
	sqlite3_str_appendchar(str, 1, c);
}

static int
char_length(const char *s)
{
	int n = 1;

	while ((s[n] & 0xc0) == 0x80)
		n++;
	return n;
}

/*
 * [...] at s (past the bracket): appended as a bracket expression.  Returns
 * the byte after "]", NULL if there is none or the set is one that the two
 * languages read differently (a range that runs backwards).
 */
static const char *
glob_set(sqlite3_str *str, const char *s)
{
	bool first = true;

	sqlite3_str_appendchar(str, 1, '[');
	if (*s == '^')
	{
		sqlite3_str_appendchar(str, 1, '^');
		s++;
	}
	for (; *s != '\0'; first = false)
	{
		int n = char_length(s);

		if (*s == ']' && !first)
		{
			sqlite3_str_appendchar(str, 1, ']');
			return s + 1;
		}
		if (*s == '-' && (first || s[1] == ']' || s[1] == '\0'))
		{
			regex_char(str, '-');
			s++;
			continue;
		}
		if (*s == '-')
			return NULL; /* after a range: an oddity */
		if (n == 1)
			regex_char(str, *s);
		else
			sqlite3_str_append(str, s, n);
		if (s[n] == '-' && s[n + 1] != ']' && s[n + 1] != '\0')
		{
			const char *last = s + n + 1;
			int m = char_length(last);

			/* in UTF-8 the bytes order as the characters do */
			if (strncmp(s, last, (size_t) (n > m ? n : m)) > 0)
				return NULL;
			sqlite3_str_appendchar(str, 1, '-');
			if (m == 1)
				regex_char(str, *last);
			else
				sqlite3_str_append(str, last, m);
			s = last + m;
		}
		else
			s += n;
	}
	return NULL;
}

static const char *
glob_regex(Translator *t, const char *pattern)
{
	sqlite3_str *str = sqlite3_str_new(NULL);
	bool readable = true;

	sqlite3_str_appendchar(str, 1, '^');
	for (const char *s = pattern; readable && *s != '\0';)
	{
		if (*s == '*')
			sqlite3_str_appendall(str, ".*");
		else if (*s == '?')
			sqlite3_str_appendchar(str, 1, '.');
		else if (*s == '[')
		{
			s = glob_set(str, s + 1);
			readable = s != NULL;
			continue;
		}
		else if ((*s & 0x80) != 0)
			sqlite3_str_appendchar(str, 1, *s);
		else
			regex_char(str, *s);
		s++;
	}
	sqlite3_str_appendchar(str, 1, '$');
	pattern = lite_arena_finish(t->arena, str);
	return readable ? pattern : NULL;
}

static bool
tr_glob(Translator *t, const char *subject, const char *pattern, Piece *out)
{
	sqlite3_str *str;

	if (strchr(pattern, '[') != NULL)
	{
		pattern = glob_regex(t, pattern);
		if (pattern == NULL)
			return lite_tr_refuse(t, "GLOB has a set in its pattern that is "
									 "not translated.");
		lite_piece_init(out,
						tr_printf(t, "(%s ~ %s)", subject,
								  lite_tr_quote(t, pattern, strlen(pattern))),
						LITE_TYPE_BOOL);
		return true;
	}
	str = sqlite3_str_new(NULL);
	for (const char *s = pattern; *s != '\0'; s++)
	{
		if (*s == '%' || *s == '_' || *s == '\\')
			sqlite3_str_appendchar(str, 1, '\\');
		sqlite3_str_appendchar(str, 1, *s == '*' ? '%' : *s == '?' ? '_' : *s);
	}
	pattern = lite_arena_finish(t->arena, str);
	return make_like(t, subject, pattern ? pattern : "", false, out);
}

bool
lite_tr_like(Translator *t, const LiteExpr *expr, Piece *out)
{
	Piece subject, pattern, escape;
	const char *sql, *text;

	if (expr->op == LITE_OP_REGEXP || expr->op == LITE_OP_MATCH)
		return lite_tr_refuse(t, "%s is a function of the application.",
							  expr->op == LITE_OP_MATCH ? "MATCH" : "REGEXP");
	if (!lite_tr_expr(t, expr->args[0], &subject) ||
		!lite_tr_expr(t, expr->args[1], &pattern) ||
		(expr->nargs > 2 && !lite_tr_expr(t, expr->args[2], &escape)))
		return false;
	pattern.value =
		lite_tr_apply_affinity(t, pattern.value, LITE_AFFINITY_TEXT);
	if (!pattern.literal || pattern.value.cls != LITE_TEXT)
		return lite_tr_refuse(t, "The pattern of LIKE or GLOB is no constant "
								 "text.");
	if (pattern.value.len > LONGEST_PATTERN)
		return lite_tr_refuse(t, "The pattern of LIKE or GLOB is too long.");
	if (subject.json_value || !lite_tr_text(t, &subject, &sql))
		return lite_tr_refuse(t, "LIKE or GLOB looks at a value whose text "
								 "form is another in PostgreSQL.");
	if (subject.literal)
		sql = tr_printf(t, "%s::text", sql);
	text = lite_arena_strndup(t->arena, pattern.value.data, pattern.value.len);
	if (text == NULL)
		return lite_tr_refuse(t, "It is too large.");
	if (!(expr->op == LITE_OP_LIKE
			  ? tr_like(t, sql, text, expr->nargs > 2 ? &escape : NULL, out)
			  : tr_glob(t, sql, text, out)))
		return false;
	out->nullable = subject.nullable;
	if (expr->negated)
		out->sql = tr_printf(t, "(NOT %s)", out->sql);
	return true;
}
