/*
 * quote.c
 *	  Names and texts as PostgreSQL reads them back unchanged.
 *
 * The names and texts of a file are hostile.  They reach a statement through
 * these two functions only, and both are total: whatever bytes come in, what
 * goes out is one identifier, or one literal, under every setting of
 * standard_conforming_strings.  (That the bytes are valid in the server's
 * encoding is names.c's and translate.c's to see to.)
 */
#include <stdlib.h>
#include <string.h>

#include "core/plan.h"

/*
 * Every keyword that some release from 15 on does not take as a bare column
 * name or function name everywhere: those that kwlist.h does not call
 * UNRESERVED.  quote_ident() quotes exactly those of its own release; one
 * more quoted does no harm.  In strcmp order.
 */
/* clang-format off */
static const char *const keywords[] = {
	"all", "analyse", "analyze", "and", "any", "array", "as", "asc",
	"asymmetric", "authorization", "between", "bigint", "binary", "bit",
	"boolean", "both", "case", "cast", "char", "character", "check",
	"coalesce", "collate", "collation", "column", "concurrently",
	"constraint", "create", "cross", "current_catalog", "current_date",
	"current_role", "current_schema", "current_time", "current_timestamp",
	"current_user", "dec", "decimal", "default", "deferrable", "desc",
	"distinct", "do", "else", "end", "except", "exists", "extract", "false",
	"fetch", "float", "for", "foreign", "freeze", "from", "full", "grant",
	"greatest", "group", "grouping", "having", "ilike", "in", "initially",
	"inner", "inout", "int", "integer", "intersect", "interval", "into", "is",
	"isnull", "join", "json", "json_array", "json_arrayagg", "json_exists",
	"json_object", "json_objectagg", "json_query", "json_scalar",
	"json_serialize", "json_table", "json_value", "lateral", "leading",
	"least", "left", "like", "limit", "localtime", "localtimestamp",
	"merge_action", "national", "natural", "nchar", "none", "normalize",
	"not", "notnull", "null", "nullif", "numeric", "offset", "on", "only",
	"or", "order", "out", "outer", "overlaps", "overlay", "placing",
	"position", "precision", "primary", "real", "references", "returning",
	"right", "row", "select", "session_user", "setof", "similar", "smallint",
	"some", "substring", "symmetric", "system_user", "table", "tablesample",
	"then", "time", "timestamp", "to", "trailing", "treat", "trim", "true",
	"union", "unique", "user", "using", "values", "varchar", "variadic",
	"verbose", "when", "where", "window", "with", "xmlattributes",
	"xmlconcat", "xmlelement", "xmlexists", "xmlforest", "xmlnamespaces",
	"xmlparse", "xmlpi", "xmlroot", "xmlserialize", "xmltable"
};
/* clang-format on */

static int
compare_word(const void *key, const void *element)
{
	return strcmp((const char *) key, *(const char *const *) element);
}

static bool
is_safe(const char *name)
{
	if (!((*name >= 'a' && *name <= 'z') || *name == '_'))
		return false;
	for (const char *c = name + 1; *c != '\0'; c++)
	{
		if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') ||
			  *c == '_'))
			return false;
	}
	return bsearch(name, keywords, sizeof(keywords) / sizeof(keywords[0]),
				   sizeof(keywords[0]), compare_word) == NULL;
}

void
lite_pg_ident(sqlite3_str *str, const char *name)
{
	if (is_safe(name))
		sqlite3_str_appendall(str, name);
	else
		sqlite3_str_appendf(str, "\"%w\"", name);
}

void
lite_pg_literal(sqlite3_str *str, const char *text, size_t len)
{
	bool escape = len > 0 && memchr(text, '\\', len) != NULL;
	size_t from = 0;

	sqlite3_str_appendall(str, escape ? "E'" : "'");
	for (size_t i = 0; i < len; i++)
	{
		if (text[i] != '\'' && text[i] != '\\')
			continue;
		/* up to and with the special byte, which then comes once more */
		sqlite3_str_append(str, text + from, (int) (i - from + 1));
		from = i;
	}
	if (len > from)
		sqlite3_str_append(str, text + from, (int) (len - from));
	sqlite3_str_appendchar(str, 1, '\'');
}
