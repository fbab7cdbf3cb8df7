/*
 * type.c
 *	  Names of types: SQLite's declarations read, PostgreSQL's written.
 *
 * SQLite takes any words for a type.  Two readings are made of them here:
 * the affinity, by SQLite's own rules, and the type that the author probably
 * wished for, by a table of the names in use.  Both work on the words as
 * SQLite stores them: it has already joined the tokens by single spaces, but
 * a file can be made by anybody, so nothing is assumed about them.
 */
#include "core/type.h"

#include <stdio.h>
#include <string.h>

/* Longer words than any type known to us are only looked at for affinity. */
#define NAME_SIZE 64

/* PostgreSQL's limits: NUMERIC_MAX_PRECISION, MaxAttrSize. */
#define NUMERIC_PRECISION_MAX 1000
#define VARCHAR_LENGTH_MAX 10485760

static const char *const type_names[LITE_NTYPES] = {
	[LITE_TYPE_NONE] = "none",
#define LITE_TYPE(symbol, name) [LITE_TYPE_##symbol] = name,
#include "core/typelist.h"
#undef LITE_TYPE
};

static const char *const format_names[LITE_NFORMATS] = {
	[LITE_FORMAT_NATIVE] = "native",   [LITE_FORMAT_AUTO] = "auto",
	[LITE_FORMAT_UNIX_S] = "unix",	   [LITE_FORMAT_UNIX_MS] = "unix_ms",
	[LITE_FORMAT_UNIX_US] = "unix_us", [LITE_FORMAT_UNIX_NS] = "unix_ns",
	[LITE_FORMAT_JULIAN] = "julian",   [LITE_FORMAT_WEBKIT] = "webkit",
	[LITE_FORMAT_COCOA] = "cocoa",	   [LITE_FORMAT_BLOB] = "blob",
};

typedef struct NamedType
{
	const char *name; /* upper case, single spaces, no modifiers */
	LiteType type;
} NamedType;

/*
 * Declarations that mean more, or something else, than their affinity.  The
 * rest falls to the affinity: BIGINT, DOUBLE PRECISION, LONGTEXT ...
 */
static const NamedType declared_types[] = {
	{"BOOL", LITE_TYPE_BOOL},
	{"BOOLEAN", LITE_TYPE_BOOL},
	{"BIT", LITE_TYPE_BOOL},
	{"LOGICAL", LITE_TYPE_BOOL},
	{"INT2", LITE_TYPE_INT2},
	{"SMALLINT", LITE_TYPE_INT2},
	{"TINYINT", LITE_TYPE_INT2},
	{"INT4", LITE_TYPE_INT4},
	{"MEDIUMINT", LITE_TYPE_INT4},
	{"STRING", LITE_TYPE_TEXT},
	{"ANY", LITE_TYPE_TEXT},
	{"XML", LITE_TYPE_TEXT},
	{"ENUM", LITE_TYPE_TEXT},
	{"BYTEA", LITE_TYPE_BYTEA},
	{"BINARY", LITE_TYPE_BYTEA},
	{"BINARY VARYING", LITE_TYPE_BYTEA},
	{"VARBINARY", LITE_TYPE_BYTEA},
	{"IMAGE", LITE_TYPE_BYTEA},
	{"DATE", LITE_TYPE_DATE},
	{"TIME", LITE_TYPE_TIME},
	{"TIME WITHOUT TIME ZONE", LITE_TYPE_TIME},
	{"DATETIME", LITE_TYPE_TIMESTAMPTZ},
	{"DATETIME2", LITE_TYPE_TIMESTAMPTZ},
	{"SMALLDATETIME", LITE_TYPE_TIMESTAMPTZ},
	{"DATETIMEOFFSET", LITE_TYPE_TIMESTAMPTZ},
	{"DATE_TIME", LITE_TYPE_TIMESTAMPTZ},
	{"TIMESTAMP", LITE_TYPE_TIMESTAMPTZ},
	{"TIMESTAMPTZ", LITE_TYPE_TIMESTAMPTZ},
	{"TIMESTAMP WITH TIME ZONE", LITE_TYPE_TIMESTAMPTZ},
	{"TIMESTAMP WITH LOCAL TIME ZONE", LITE_TYPE_TIMESTAMPTZ},
	{"TIMESTAMP WITHOUT TIME ZONE", LITE_TYPE_TIMESTAMP},
	{"UUID", LITE_TYPE_UUID},
	{"GUID", LITE_TYPE_UUID},
	{"UNIQUEIDENTIFIER", LITE_TYPE_UUID},
	{"JSON", LITE_TYPE_JSONB},
	{"JSONB", LITE_TYPE_JSONB},
};

/* Spellings that PostgreSQL takes for the types of typelist.h. */
static const NamedType postgres_types[] = {
	{"BOOL", LITE_TYPE_BOOL},
	{"BOOLEAN", LITE_TYPE_BOOL},
	{"INT2", LITE_TYPE_INT2},
	{"SMALLINT", LITE_TYPE_INT2},
	{"INT", LITE_TYPE_INT4},
	{"INT4", LITE_TYPE_INT4},
	{"INTEGER", LITE_TYPE_INT4},
	{"INT8", LITE_TYPE_INT8},
	{"BIGINT", LITE_TYPE_INT8},
	{"FLOAT", LITE_TYPE_FLOAT8},
	{"FLOAT8", LITE_TYPE_FLOAT8},
	{"DOUBLE PRECISION", LITE_TYPE_FLOAT8},
	{"NUMERIC", LITE_TYPE_NUMERIC},
	{"DECIMAL", LITE_TYPE_NUMERIC},
	{"DEC", LITE_TYPE_NUMERIC},
	{"TEXT", LITE_TYPE_TEXT},
	{"VARCHAR", LITE_TYPE_VARCHAR},
	{"CHARACTER VARYING", LITE_TYPE_VARCHAR},
	{"CHAR VARYING", LITE_TYPE_VARCHAR},
	{"BYTEA", LITE_TYPE_BYTEA},
	{"DATE", LITE_TYPE_DATE},
	{"TIME", LITE_TYPE_TIME},
	{"TIME WITHOUT TIME ZONE", LITE_TYPE_TIME},
	{"TIMESTAMP", LITE_TYPE_TIMESTAMP},
	{"TIMESTAMP WITHOUT TIME ZONE", LITE_TYPE_TIMESTAMP},
	{"TIMESTAMPTZ", LITE_TYPE_TIMESTAMPTZ},
	{"TIMESTAMP WITH TIME ZONE", LITE_TYPE_TIMESTAMPTZ},
	{"UUID", LITE_TYPE_UUID},
	{"JSON", LITE_TYPE_JSON},
	{"JSONB", LITE_TYPE_JSONB},
};

#define lengthof(array) (sizeof(array) / sizeof((array)[0]))

/* A type's words and what was written in parentheses behind them. */
typedef struct TypeWords
{
	char name[NAME_SIZE]; /* upper case, single spaces; "" if too long */
	int nmodifiers;		  /* 0..2; -1: something else in the parentheses */
	int modifiers[2];
} TypeWords;

/* ASCII only, whatever the locale: SQLite's names are compared so. */
static char
to_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Reads "10,2)" after the parenthesis; returns what follows it. */
static const char *
read_modifiers(const char *s, TypeWords *words)
{
	for (;;)
	{
		int value = 0;
		bool negative;
		const char *digits;

		while (is_space(*s))
			s++;
		negative = *s == '-';
		if (negative || *s == '+')
			s++;
		for (digits = s; *s >= '0' && *s <= '9'; s++)
		{
			if (value < 100000000)
				value = value * 10 + (*s - '0');
		}
		while (is_space(*s))
			s++;
		if (s == digits || words->nmodifiers == 2 || (*s != ',' && *s != ')'))
			break;
		words->modifiers[words->nmodifiers++] = negative ? -value : value;
		if (*s++ == ')')
			return s;
	}
	words->nmodifiers = -1;
	s = strchr(s, ')');
	return s == NULL ? "" : s + 1;
}

/*
 * "timestamp (3) with time zone" gives TIMESTAMP WITH TIME ZONE and 3.  Only
 * the first parentheses count; false if there is more than one pair.
 */
static bool
read_words(const char *s, TypeWords *words)
{
	size_t used = 0;
	bool seen = false;

	memset(words, 0, sizeof(*words));
	while (*s != '\0')
	{
		if (*s == '(')
		{
			if (seen)
				return false;
			seen = true;
			s = read_modifiers(s + 1, words);
			continue;
		}
		if (is_space(*s))
		{
			s++;
			continue;
		}
		if (used > 0 && (is_space(s[-1]) || s[-1] == ')'))
		{
			if (used + 1 < NAME_SIZE)
				words->name[used++] = ' ';
		}
		if (used + 1 >= NAME_SIZE)
		{
			words->name[0] = '\0';
			return false;
		}
		words->name[used++] = to_upper(*s++);
	}
	words->name[used] = '\0';
	return true;
}

static LiteType
find_name(const NamedType *types, size_t n, const char *name)
{
	for (size_t k = 0; k < n; k++)
	{
		if (strcmp(types[k].name, name) == 0)
			return types[k].type;
	}
	return LITE_TYPE_NONE;
}

/*
 * A window of the last four characters slides over the name, as in SQLite's
 * rules: "INT" anywhere wins over all, then CHAR, CLOB and TEXT, then BLOB,
 * then REAL, FLOA and DOUB.
 */
LiteAffinity
lite_type_affinity(const char *declared)
{
#define WINDOW(a, b, c, d)                                                    \
	(((uint32_t) (a) << 24) | ((uint32_t) (b) << 16) |                        \
	 ((uint32_t) (c) << 8) | (uint32_t) (d))
	LiteAffinity result = LITE_AFFINITY_NUMERIC;
	uint32_t window = 0;

	if (declared == NULL || declared[0] == '\0')
		return LITE_AFFINITY_BLOB;
	for (const char *s = declared; *s != '\0'; s++)
	{
		window = (window << 8) | (unsigned char) to_upper(*s);
		switch (window)
		{
			case WINDOW('C', 'H', 'A', 'R'):
			case WINDOW('C', 'L', 'O', 'B'):
			case WINDOW('T', 'E', 'X', 'T'):
				result = LITE_AFFINITY_TEXT;
				break;
			case WINDOW('B', 'L', 'O', 'B'):
				if (result == LITE_AFFINITY_NUMERIC ||
					result == LITE_AFFINITY_REAL)
					result = LITE_AFFINITY_BLOB;
				break;
			case WINDOW('R', 'E', 'A', 'L'):
			case WINDOW('F', 'L', 'O', 'A'):
			case WINDOW('D', 'O', 'U', 'B'):
				if (result == LITE_AFFINITY_NUMERIC)
					result = LITE_AFFINITY_REAL;
				break;
			default:
				if ((window & 0x00FFFFFF) == WINDOW(0, 'I', 'N', 'T'))
					return LITE_AFFINITY_INTEGER;
				break;
		}
	}
	return result;
#undef WINDOW
}

static LiteType
affinity_type(LiteAffinity affinity)
{
	switch (affinity)
	{
		case LITE_AFFINITY_BLOB:
			return LITE_TYPE_BYTEA;
		case LITE_AFFINITY_TEXT:
			return LITE_TYPE_TEXT;
		case LITE_AFFINITY_NUMERIC:
			return LITE_TYPE_NUMERIC;
		case LITE_AFFINITY_INTEGER:
			return LITE_TYPE_INT8;
		case LITE_AFFINITY_REAL:
			return LITE_TYPE_FLOAT8;
	}
	return LITE_TYPE_TEXT;
}

/* Modifiers as PostgreSQL could take them; others are as if not written. */
static void
set_modifiers(LiteColumnType *type, const TypeWords *words)
{
	int p = words->modifiers[0];
	int s = words->nmodifiers == 2 ? words->modifiers[1] : 0;

	if (type->type == LITE_TYPE_NUMERIC)
	{
		if (words->nmodifiers >= 1 && p >= 1 && p <= NUMERIC_PRECISION_MAX &&
			s >= 0 && s <= p)
		{
			type->precision = p;
			type->scale = s;
		}
	}
	else if (type->type == LITE_TYPE_TEXT || type->type == LITE_TYPE_VARCHAR)
	{
		if (words->nmodifiers == 1 && p >= 1 && p <= VARCHAR_LENGTH_MAX)
			type->precision = p;
	}
}

LiteColumnType
lite_type_declared(const char *declared)
{
	LiteColumnType result = {LITE_TYPE_TEXT, 0, 0, LITE_FORMAT_NATIVE};
	TypeWords words;
	bool whole;

	/* No type at all says nothing about the values: mostly they are text. */
	if (declared == NULL || declared[0] == '\0')
		return result;

	whole = read_words(declared, &words);
	result.type =
		whole ? find_name(declared_types, lengthof(declared_types), words.name)
			  : LITE_TYPE_NONE;
	if (result.type == LITE_TYPE_NONE)
		result.type = affinity_type(lite_type_affinity(declared));

	/* MySQL's spelling of a boolean, and bit strings that are none. */
	if (words.nmodifiers == 1)
	{
		if (strcmp(words.name, "TINYINT") == 0 && words.modifiers[0] == 1)
			result.type = LITE_TYPE_BOOL;
		if (strcmp(words.name, "BIT") == 0 && words.modifiers[0] != 1)
			result.type = LITE_TYPE_NUMERIC;
	}
	if (whole && strcmp(words.name, "BIT") != 0)
		set_modifiers(&result, &words);
	return result;
}

const char *
lite_type_name(LiteType type)
{
	return type < LITE_NTYPES ? type_names[type] : "unknown";
}

char *
lite_type_format(LiteColumnType type, char *buf, size_t size)
{
	if (type.type == LITE_TYPE_NUMERIC && type.precision > 0)
		snprintf(buf, size, "numeric(%d,%d)", type.precision, type.scale);
	else if (type.type == LITE_TYPE_VARCHAR && type.precision > 0)
		snprintf(buf, size, "character varying(%d)", type.precision);
	else
		snprintf(buf, size, "%s", lite_type_name(type.type));
	return buf;
}

static LiteStatus
parse_error(const char *text, const char *why, LiteError *err)
{
	char clipped[80];

	lite_text_clip(clipped, sizeof(clipped), text, strlen(text));
	lite_error_set(err, LITE_INVALID, "unknown type \"%s\"", clipped);
	if (why != NULL)
		lite_error_detail(err, "%s", why);
	lite_error_hint(err, "The types are boolean, smallint, integer, bigint, "
						 "double precision, numeric(p,s), text, varchar(n), "
						 "bytea, date, time, timestamp, timestamptz, uuid, "
						 "json and jsonb.");
	return LITE_INVALID;
}

LiteStatus
lite_type_parse(const char *text, LiteColumnType *result, LiteError *err)
{
	TypeWords words;
	LiteColumnType type = {LITE_TYPE_NONE, 0, 0, LITE_FORMAT_NATIVE};

	if (read_words(text, &words))
		type.type =
			find_name(postgres_types, lengthof(postgres_types), words.name);
	if (type.type == LITE_TYPE_NONE)
		return parse_error(text, NULL, err);
	set_modifiers(&type, &words);

	/* What set_modifiers() passed over in a declaration is an error here. */
	if (words.nmodifiers != 0 && type.precision == 0)
	{
		if (type.type == LITE_TYPE_NUMERIC)
			return parse_error(text,
							   "A precision is 1 to 1000, a scale 0 to the "
							   "precision.",
							   err);
		if (type.type == LITE_TYPE_VARCHAR)
			return parse_error(text, "A length is 1 to 10485760.", err);
	}
	if (words.nmodifiers != 0 && type.type != LITE_TYPE_NUMERIC &&
		type.type != LITE_TYPE_VARCHAR)
		return parse_error(text, "This type takes no modifiers here.", err);
	*result = type;
	return LITE_OK;
}

const char *
lite_format_name(LiteFormat format)
{
	return format < LITE_NFORMATS ? format_names[format] : "unknown";
}

bool
lite_format_parse(const char *text, LiteFormat *result)
{
	for (int k = 0; k < LITE_NFORMATS; k++)
	{
		const char *s = text;
		const char *name = format_names[k];

		while (*s != '\0' && to_upper(*s) == to_upper(*name))
		{
			s++;
			name++;
		}
		if (*s == '\0' && *name == '\0')
		{
			*result = (LiteFormat) k;
			return true;
		}
	}
	return false;
}
