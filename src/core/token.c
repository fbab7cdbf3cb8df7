/*
 * token.c
 *	  Cuts SQL text into tokens, exactly as SQLite does.
 *
 * The text comes out of a file that anybody may have written: no byte of it
 * is trusted, every read is bounded by the length, and one call costs no more
 * than the bytes it moves past.  What SQLite would call an illegal token is
 * one here, so that whatever SQLite could not have parsed is refused.
 *
 * FILTER, OVER and WINDOW are words whose meaning SQLite decides by looking
 * ahead; here they are keywords that may be names, and the parser, which
 * knows whether it has just closed a function's parenthesis, decides.
 */
#include "core/token.h"

#include <string.h>

typedef enum KeywordUse
{
	KEYWORD_N, /* a keyword only */
	KEYWORD_F, /* falls back to a name */
	KEYWORD_J, /* a join's word, may be a name */
	KEYWORD_T  /* CURRENT_xxx */
} KeywordUse;

typedef struct Keyword
{
	const char *word;
	LiteTokenKind kind;
	KeywordUse use;
} Keyword;

#define KEYWORD_ROW(symbol, flags)                                            \
	{#symbol, LITE_KW_##symbol, KEYWORD_##flags},
static const Keyword keywords[] = {LITE_KEYWORDS(KEYWORD_ROW)};
#undef KEYWORD_ROW

#define NKEYWORDS ((int) (sizeof(keywords) / sizeof(keywords[0])))
#define LONGEST_KEYWORD 17 /* CURRENT_TIMESTAMP */

/* Spaces of SQLite: also form feed, not vertical tab. */
static bool
is_space(unsigned char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

static bool
is_digit(unsigned char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_hex(unsigned char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Bytes that may continue a bare name: every byte above ASCII among them. */
static bool
is_name(unsigned char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		   c == '_' || c == '$' || c >= 0x80;
}

/* The byte at i, 0 at and past the end. */
static unsigned char
at(const char *text, int length, int i)
{
	return i < length ? (unsigned char) text[i] : 0;
}

static LiteTokenKind
keyword_kind(const char *word, int length)
{
	char upper[LONGEST_KEYWORD + 1];
	int low = 0, high = NKEYWORDS - 1;

	if (length < 2 || length > LONGEST_KEYWORD)
		return LITE_TK_ID;
	for (int i = 0; i < length; i++)
	{
		char c = word[i];

		if (c >= 'a' && c <= 'z')
			c -= 'a' - 'A';
		upper[i] = c;
	}
	upper[length] = '\0';

	while (low <= high)
	{
		int middle = (low + high) / 2;
		int order = strcmp(upper, keywords[middle].word);

		if (order == 0)
			return keywords[middle].kind;
		if (order < 0)
			high = middle - 1;
		else
			low = middle + 1;
	}
	return LITE_TK_ID;
}

/*
 * Past the spaces and comments that begin at i.  As in SQLite, a comment that
 * the text ends in is closed by the end, and a byte order mark is a space.
 */
static int
skip_space(const char *text, int length, int i)
{
	while (i < length)
	{
		unsigned char c = text[i];

		if (is_space(c))
			i++;
		else if (c == '-' && at(text, length, i + 1) == '-')
		{
			while (i < length && text[i] != '\n')
				i++;
		}
		else if (c == '/' && at(text, length, i + 1) == '*' && i + 2 < length)
		{
			i += 2;
			while (i < length &&
				   !(text[i] == '*' && at(text, length, i + 1) == '/'))
				i++;
			i = i + 2 < length ? i + 2 : length;
		}
		else if (c == 0xef && at(text, length, i + 1) == 0xbb &&
				 at(text, length, i + 2) == 0xbf)
			i += 3;
		else
			break;
	}
	return i;
}

/* 'x', "x" and `x`: the quote doubled is a quote.  Sets the kind; returns
 * the length. */
static int
scan_quoted(const char *text, int length, int start, LiteTokenKind *kind)
{
	char quote = text[start];

	for (int i = start + 1; i < length && text[i] != '\0'; i++)
	{
		if (text[i] != quote)
			continue;
		if (i + 1 < length && text[i + 1] == quote)
			i++;
		else
		{
			*kind = quote == '\'' ? LITE_TK_STRING : LITE_TK_ID;
			return i + 1 - start;
		}
	}
	*kind = LITE_TK_ILLEGAL;
	return length - start;
}

static int
scan_number(const char *text, int length, int start, LiteTokenKind *kind)
{
	int i = start;
	unsigned char c;

	*kind = LITE_TK_INTEGER;
	c = at(text, length, i + 1);
	if (text[i] == '0' && (c == 'x' || c == 'X') &&
		is_hex(at(text, length, i + 2)))
	{
		i += 2;
		while (is_hex(at(text, length, i)))
			i++;
		return i - start;
	}

	while (is_digit(at(text, length, i)))
		i++;
	if (at(text, length, i) == '.')
	{
		*kind = LITE_TK_FLOAT;
		i++;
		while (is_digit(at(text, length, i)))
			i++;
	}
	c = at(text, length, i);
	if (c == 'e' || c == 'E')
	{
		int digits = i + 1;

		c = at(text, length, digits);
		if (c == '+' || c == '-')
			digits++;
		if (is_digit(at(text, length, digits)))
		{
			*kind = LITE_TK_FLOAT;
			i = digits;
			while (is_digit(at(text, length, i)))
				i++;
		}
	}
	while (is_name(at(text, length, i)))
	{
		*kind = LITE_TK_ILLEGAL;
		i++;
	}
	return i - start;
}

/* X'00ff': an even number of hexadecimal digits, nothing else. */
static int
scan_blob(const char *text, int length, int start, LiteTokenKind *kind)
{
	int i = start + 2;

	while (is_hex(at(text, length, i)))
		i++;
	*kind = LITE_TK_BLOB;
	if (at(text, length, i) != '\'' || (i - start) % 2 != 0)
	{
		*kind = LITE_TK_ILLEGAL;
		while (i < length && text[i] != '\0' && text[i] != '\'')
			i++;
	}
	if (i < length)
		i++;
	return i - start;
}

static int
scan_variable(const char *text, int length, int start, LiteTokenKind *kind)
{
	int i = start + 1;

	*kind = LITE_TK_VARIABLE;
	while (is_name(at(text, length, i)) ||
		   (at(text, length, i) == ':' && at(text, length, i + 1) == ':'))
		i += at(text, length, i) == ':' ? 2 : 1;
	if (i == start + 1 && text[start] != '?')
		*kind = LITE_TK_ILLEGAL;
	return i - start;
}

/* Operators and punctuation; the length of what was read. */
static int
scan_operator(const char *text, int length, int start, LiteTokenKind *kind)
{
	unsigned char next = at(text, length, start + 1);

#define ONE(k) (*kind = (k), 1)
#define TWO(k) (*kind = (k), 2)
	switch (text[start])
	{
		case '(':
			return ONE(LITE_TK_LP);
		case ')':
			return ONE(LITE_TK_RP);
		case ';':
			return ONE(LITE_TK_SEMI);
		case ',':
			return ONE(LITE_TK_COMMA);
		case '.':
			return ONE(LITE_TK_DOT);
		case '+':
			return ONE(LITE_TK_PLUS);
		case '*':
			return ONE(LITE_TK_STAR);
		case '/':
			return ONE(LITE_TK_SLASH);
		case '%':
			return ONE(LITE_TK_REM);
		case '&':
			return ONE(LITE_TK_BITAND);
		case '~':
			return ONE(LITE_TK_BITNOT);
		case '-':
			if (next != '>')
				return ONE(LITE_TK_MINUS);
			if (at(text, length, start + 2) != '>')
				return TWO(LITE_TK_PTR);
			*kind = LITE_TK_PTR2;
			return 3;
		case '=':
			return next == '=' ? TWO(LITE_TK_EQ) : ONE(LITE_TK_EQ);
		case '<':
			return next == '='	 ? TWO(LITE_TK_LE)
				   : next == '>' ? TWO(LITE_TK_NE)
				   : next == '<' ? TWO(LITE_TK_LSHIFT)
								 : ONE(LITE_TK_LT);
		case '>':
			return next == '='	 ? TWO(LITE_TK_GE)
				   : next == '>' ? TWO(LITE_TK_RSHIFT)
								 : ONE(LITE_TK_GT);
		case '!':
			return next == '=' ? TWO(LITE_TK_NE) : ONE(LITE_TK_ILLEGAL);
		case '|':
			return next == '|' ? TWO(LITE_TK_CONCAT) : ONE(LITE_TK_BITOR);
	}
	return ONE(LITE_TK_ILLEGAL);
#undef ONE
#undef TWO
}

LiteToken
lite_token_next(const char *text, int length, int offset)
{
	LiteToken token;
	int start = skip_space(text, length, offset);
	unsigned char c = at(text, length, start);

	token.offset = start;
	token.length = 0;
	token.kind = LITE_TK_END;
	if (start >= length)
		return token;

	if (c == '\'' || c == '"' || c == '`')
		token.length = scan_quoted(text, length, start, &token.kind);
	else if (c == '[')
	{
		const char *end = memchr(text + start, ']', (size_t) (length - start));

		token.kind = end != NULL ? LITE_TK_ID : LITE_TK_ILLEGAL;
		token.length =
			end != NULL ? (int) (end - text) + 1 - start : length - start;
		if (memchr(text + start, '\0', (size_t) token.length) != NULL)
			token.kind = LITE_TK_ILLEGAL;
	}
	else if (is_digit(c) ||
			 (c == '.' && is_digit(at(text, length, start + 1))))
		token.length = scan_number(text, length, start, &token.kind);
	else if ((c == 'x' || c == 'X') && at(text, length, start + 1) == '\'')
		token.length = scan_blob(text, length, start, &token.kind);
	else if (c == '?' || c == ':' || c == '@' || c == '#' || c == '$')
		token.length = scan_variable(text, length, start, &token.kind);
	else if (is_name(c))
	{
		int i = start + 1;

		while (is_name(at(text, length, i)))
			i++;
		token.length = i - start;
		token.kind = keyword_kind(text + start, token.length);
	}
	else
		token.length = scan_operator(text, length, start, &token.kind);
	return token;
}

bool
lite_token_is_id(LiteTokenKind kind)
{
	if (kind == LITE_TK_ID)
		return true;
	if (kind < keywords[0].kind)
		return false;
	/* The list is in the order of the enum. */
	switch (keywords[kind - keywords[0].kind].use)
	{
		case KEYWORD_F:
		case KEYWORD_T:
			return true;
		case KEYWORD_N:
		case KEYWORD_J:
			break;
	}
	return false;
}

bool
lite_token_is_name(LiteTokenKind kind)
{
	return lite_token_is_id(kind) || kind == LITE_TK_STRING ||
		   (kind >= keywords[0].kind &&
			keywords[kind - keywords[0].kind].use == KEYWORD_J);
}
