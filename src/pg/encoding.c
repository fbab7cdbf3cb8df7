/*
 * encoding.c
 *	  Text between SQLite (UTF-8) and the server's encoding.
 *
 * In a UTF8 database, and for ASCII in any, nothing is copied.  SQL_ASCII
 * means "bytes, whoever wrote them", so there the bytes pass in both
 * directions.  For any other encoding PostgreSQL's conversion procedures do
 * the work, asked not to throw: a character without an equivalent is an
 * expected event for a value, and the caller knows how to name it.
 */
#include "pg/compat.h"

#include "catalog/namespace.h"
#include "mb/pg_wchar.h"
#include "utils/memutils.h"

#include "core/status.h"
#include "core/value.h"
#include "pg/encoding.h"

static bool
is_ascii(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
	{
		if (IS_HIGHBIT_SET(s[i]))
			return false;
	}
	return true;
}

/* Does UTF-8 text stay as it is in this database? */
static bool
passes(const char *s, size_t len)
{
	int encoding = GetDatabaseEncoding();

	return encoding == PG_UTF8 || encoding == PG_SQL_ASCII || is_ascii(s, len);
}

/*
 * Converts as much as possible; returns how many bytes of text that was.
 * The procedure is looked up per call (a syscache hit): a database in
 * another encoding is rare, and a cached OID could be dropped.
 */
static size_t
convert(const char *text, size_t len, char **result)
{
	int encoding = GetDatabaseEncoding();
	Oid proc = FindDefaultConversionProc(PG_UTF8, encoding);
	Size room;
	int done;

	if (!OidIsValid(proc))
		return 0;
	if (len >= MaxAllocHugeSize / MAX_CONVERSION_GROWTH)
		return 0;

	room = len * MAX_CONVERSION_GROWTH + 1;
	*result = MemoryContextAllocHuge(CurrentMemoryContext, room);
	done = pg_do_encoding_conversion_buf(
		proc, PG_UTF8, encoding, (unsigned char *) unconstify(char *, text),
		(int) len, (unsigned char *) *result, (int) Min(room, INT_MAX), true);
	return done < 0 ? 0 : (size_t) done;
}

bool
LiteTextToServer(const char *text, size_t len, const char **result,
				 size_t *result_len)
{
	char *converted = NULL;

	if (passes(text, len))
	{
		*result = text;
		*result_len = len;
		return true;
	}
	if (convert(text, len, &converted) != len)
		return false;
	*result = converted;
	*result_len = strlen(converted);
	return true;
}

char *
LiteNameToServer(const char *name, const char *what)
{
	size_t len = strlen(name);
	const char *result;
	size_t result_len;
	bool has_nul;

	if (lite_utf8_valid(name, len, &has_nul) &&
		LiteTextToServer(name, len, &result, &result_len))
		return pnstrdup(result, result_len);

	ereport(
		ERROR,
		(errcode(ERRCODE_UNTRANSLATABLE_CHARACTER),
		 errmsg("%s cannot be written in the database's encoding", what),
		 errdetail("The name \"%s\" of the SQLite file has no equivalent in "
				   "encoding %s.",
				   LiteTextForMessage(name), GetDatabaseEncodingName())));
}

const char *
LiteTextFromServer(const char *s, size_t len, size_t *result_len)
{
	const char *result;

	if (passes(s, len))
	{
		*result_len = len;
		return s;
	}
	result = (const char *)
		pg_do_encoding_conversion((unsigned char *) unconstify(char *, s),
								  (int) len, GetDatabaseEncoding(), PG_UTF8);
	*result_len = strlen(result);
	return result;
}

const char *
LiteNameFromServer(const char *s)
{
	size_t len;

	return LiteTextFromServer(s, strlen(s), &len);
}

/*
 * Character by character once something is wrong: messages are short, and
 * wrong ones rarer still.
 */
const char *
LiteTextForMessage(const char *text)
{
	size_t len = strlen(text);
	StringInfoData buf;
	bool has_nul;

	if (is_ascii(text, len) || (GetDatabaseEncoding() == PG_UTF8 &&
								lite_utf8_valid(text, len, &has_nul)))
		return text;

	initStringInfo(&buf);
	while (*text)
	{
		int n = pg_utf_mblen((const unsigned char *) text);
		const char *piece;
		size_t piece_len;

		if (strnlen(text, n) < (size_t) n ||
			!lite_utf8_valid(text, n, &has_nul))
			n = 1, piece = "?", piece_len = 1;
		else if (!LiteTextToServer(text, n, &piece, &piece_len))
			piece = "?", piece_len = 1;
		appendBinaryStringInfo(&buf, piece, piece_len);
		text += n;
	}
	return buf.data;
}
