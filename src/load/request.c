/*
 * request.c
 *	  What a caller asks for: the options of sqlite_plan and sqlite_import.
 *
 * Both functions have the same arguments in the same order, so a dry run and
 * the import differ in the function's name alone.  They are read here, once,
 * into the core's LitePlanOptions; the core checks the names in them against
 * the file.  Text goes to the core in UTF-8, whatever the database's encoding.
 *
 * The same facts as a JSON object are kept in the import log.
 */
#include "pg/compat.h"

#include "access/genam.h"
#include "access/table.h"
#include "catalog/namespace.h"
#include "catalog/pg_extension.h"
#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "pgtime.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/json.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/fmgroids.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#include "load/load.h"
#include "pg/report.h"

char *
LiteLoadTextArg(FunctionCallInfo fcinfo, int arg)
{
	char *string;

	if (PG_ARGISNULL(arg))
		return NULL;
	string = text_to_cstring(PG_GETARG_TEXT_PP(arg));
	return pg_server_to_any(string, strlen(string), PG_UTF8);
}

LiteSource *
LiteLoadSourceArg(FunctionCallInfo fcinfo, int arg)
{
	if (PG_ARGISNULL(arg))
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("source must not be null"),
						errhint("Give the absolute path of a SQLite file, or "
								"the name of a foreign server.")));
	return LiteSourceResolve(text_to_cstring(PG_GETARG_TEXT_PP(arg)));
}

/* An array of names without NULLs; a NULL array is empty. */
int
LiteLoadListArg(FunctionCallInfo fcinfo, int arg, const char *name,
				const char *const **result)
{
	Datum *elements;
	bool *nulls;
	int count;
	const char **list;

	*result = NULL;
	if (PG_ARGISNULL(arg))
		return 0;
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(arg), TEXTOID, -1, false,
					  TYPALIGN_INT, &elements, &nulls, &count);
	list = palloc(sizeof(char *) * Max(count, 1));
	for (int i = 0; i < count; i++)
	{
		char *string;

		if (nulls[i])
			ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
							errmsg("%s must not contain nulls", name)));
		string = TextDatumGetCString(elements[i]);
		list[i] = pg_server_to_any(string, strlen(string), PG_UTF8);
	}
	*result = (const char *const *) list;
	return count;
}

pg_noreturn static void bad_word(const char *option, const char *word,
								 const char *words);

static void
bad_word(const char *option, const char *word, const char *words)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("invalid value for \"%s\": \"%s\"", option, word),
					errhint("Valid values are %s.", words)));
}

void
LiteLoadInferArg(const char *text, LiteInfer *result)
{
	if (text && !lite_infer_parse(text, result))
		bad_word("infer", text, "declared, values, eager");
}

/* ------------------------------------------------------------------------
 * Time zones
 * ------------------------------------------------------------------------ */

/* LiteZoneFunction over a pg_tz; never throws. */
static int64_t
local_to_utc(void *arg, int64_t local_us)
{
	pg_tz *zone = arg;
	struct pg_tm tm;
	fsec_t fsec;

	if (timestamp2tm(local_us, NULL, &tm, &fsec, NULL, NULL) != 0)
		return local_us;
	return local_us +
		   (int64_t) DetermineTimeZoneOffset(&tm, zone) * USECS_PER_SEC;
}

void
LiteLoadZone(const char *name, LiteZoneFunction *to_utc, void **arg)
{
	pg_tz *zone;

	*to_utc = NULL;
	*arg = NULL;
	if (name == NULL)
		return;
	zone = pg_tzset(name);
	if (zone == NULL || !pg_tz_acceptable(zone))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("time zone \"%s\" not recognized", name),
				 errhint("See pg_timezone_names for the names there are.")));
	*to_utc = local_to_utc;
	*arg = zone;
}

/* ------------------------------------------------------------------------
 * All options
 * ------------------------------------------------------------------------ */

char *
LiteLoadJsonArg(FunctionCallInfo fcinfo, int arg, const char *name)
{
	Jsonb *json;
	char *text;

	if (PG_ARGISNULL(arg))
		return NULL;
	json = PG_GETARG_JSONB_P(arg);
	if (!JB_ROOT_IS_OBJECT(json))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("\"%s\" must be a JSON object", name)));
	text = JsonbToCString(NULL, &json->root, VARSIZE(json));
	return pg_server_to_any(text, strlen(text), PG_UTF8);
}

static void
read_words(FunctionCallInfo fcinfo, LitePlanOptions *options)
{
	char *word;

	LiteLoadInferArg(LiteLoadTextArg(fcinfo, LITE_ARG_INFER), &options->infer);

	word = LiteLoadTextArg(fcinfo, LITE_ARG_IDENTIFIERS);
	if (word && strcmp(word, "keep") == 0)
		options->keep_identifiers = true;
	else if (word && strcmp(word, "fold") != 0)
		bad_word("identifiers", word, "fold, keep");

	word = LiteLoadTextArg(fcinfo, LITE_ARG_ON_ERROR);
	if (word && !lite_on_error_parse(word, &options->on_error))
		bad_word("on_error", word, "stop, reject, null");

	word = LiteLoadTextArg(fcinfo, LITE_ARG_IF_EXISTS);
	if (word && !lite_if_exists_parse(word, &options->if_exists))
		bad_word("if_exists", word, "error, replace, append, skip");
}

static void
read_numbers(FunctionCallInfo fcinfo, LiteLoadRequest *request)
{
	if (!PG_ARGISNULL(LITE_ARG_JOBS))
		request->jobs = PG_GETARG_INT32(LITE_ARG_JOBS);
	if (request->jobs < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("\"jobs\" must not be negative")));
	if (request->jobs > 1)
		ereport(NOTICE,
				(errmsg("this version reads a file with one process"),
				 errdetail("\"jobs\" is accepted, and has no effect.")));
	request->verify =
		PG_ARGISNULL(LITE_ARG_VERIFY) || PG_GETARG_BOOL(LITE_ARG_VERIFY);
	if (!PG_ARGISNULL(LITE_ARG_SAMPLE))
		request->options.sample = PG_GETARG_INT64(LITE_ARG_SAMPLE);
	if (request->options.sample < 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("\"sample\" must not be negative"),
						errhint("0 looks at every row.")));
}

static void
json_member(StringInfo buf, const char *name)
{
	if (buf->data[buf->len - 1] != '{')
		appendStringInfoString(buf, ", ");
	escape_json(buf, name);
	appendStringInfoString(buf, ": ");
}

static void
json_text(StringInfo buf, const char *name, const char *text)
{
	if (text == NULL)
		return;
	json_member(buf, name);
	escape_json(buf, text);
}

static void
json_list(FunctionCallInfo fcinfo, StringInfo buf, int arg, const char *name)
{
	const char *const *list;
	int count = LiteLoadListArg(fcinfo, arg, name, &list);

	if (PG_ARGISNULL(arg))
		return;
	json_member(buf, name);
	appendStringInfoChar(buf, '[');
	for (int i = 0; i < count; i++)
	{
		if (i > 0)
			appendStringInfoString(buf, ", ");
		escape_json(buf, LiteLoadText(list[i]));
	}
	appendStringInfoChar(buf, ']');
}

/* Everything that was not left to its default, in the database's encoding. */
static char *
options_to_json(FunctionCallInfo fcinfo)
{
	static const struct
	{
		LiteLoadArgument arg;
		const char *name;
	} words[] = {{LITE_ARG_INFER, "infer"},
				 {LITE_ARG_IDENTIFIERS, "identifiers"},
				 {LITE_ARG_ON_ERROR, "on_error"},
				 {LITE_ARG_IF_EXISTS, "if_exists"},
				 {LITE_ARG_TIME_ZONE, "time_zone"}};
	StringInfoData buf;

	initStringInfo(&buf);
	appendStringInfoChar(&buf, '{');
	for (int i = 0; i < (int) lengthof(words); i++)
	{
		char *text = LiteLoadTextArg(fcinfo, words[i].arg);

		json_text(&buf, words[i].name, LiteLoadText(text));
	}
	json_list(fcinfo, &buf, LITE_ARG_TABLES, "tables");
	json_list(fcinfo, &buf, LITE_ARG_EXCLUDE, "exclude");
	json_list(fcinfo, &buf, LITE_ARG_DOCUMENTS, "documents");
	for (int arg = LITE_ARG_TYPES; arg <= LITE_ARG_SEARCH;
		 arg += LITE_ARG_SEARCH - LITE_ARG_TYPES)
	{
		Jsonb *json;

		if (PG_ARGISNULL(arg))
			continue;
		json = PG_GETARG_JSONB_P(arg);
		json_member(&buf, arg == LITE_ARG_TYPES ? "types" : "search");
		JsonbToCString(&buf, &json->root, VARSIZE(json));
	}
	if (!PG_ARGISNULL(LITE_ARG_JOBS))
	{
		json_member(&buf, "jobs");
		appendStringInfo(&buf, "%d", PG_GETARG_INT32(LITE_ARG_JOBS));
	}
	if (!PG_ARGISNULL(LITE_ARG_VERIFY))
	{
		json_member(&buf, "verify");
		appendStringInfoString(&buf, PG_GETARG_BOOL(LITE_ARG_VERIFY)
										 ? "true"
										 : "false");
	}
	if (!PG_ARGISNULL(LITE_ARG_SAMPLE))
	{
		json_member(&buf, "sample");
		appendStringInfo(&buf, INT64_FORMAT, PG_GETARG_INT64(LITE_ARG_SAMPLE));
	}
	appendStringInfoChar(&buf, '}');
	return buf.data;
}

LiteLoadRequest *
LiteLoadRequestRead(FunctionCallInfo fcinfo)
{
	LiteLoadRequest *request = palloc0(sizeof(LiteLoadRequest));
	LitePlanOptions *options = &request->options;

	Assert(PG_NARGS() >= LITE_NARGS);
	request->source = LiteLoadSourceArg(fcinfo, LITE_ARG_SOURCE);
	request->name = text_to_cstring(PG_GETARG_TEXT_PP(LITE_ARG_SOURCE));

	lite_plan_options_init(options);
	options->schema = LiteLoadTextArg(fcinfo, LITE_ARG_SCHEMA);
	if (options->schema == NULL)
		ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
						errmsg("schema must not be null")));
	if (options->schema[0] == '\0' || strlen(options->schema) >= NAMEDATALEN)
		ereport(ERROR, (errcode(ERRCODE_INVALID_NAME),
						errmsg("invalid schema name \"%s\"",
							   LiteLoadText(options->schema)),
						errhint("A name has between 1 and %d bytes.",
								NAMEDATALEN - 1)));

	options->ntables =
		LiteLoadListArg(fcinfo, LITE_ARG_TABLES, "tables", &options->tables);
	options->nexclude = LiteLoadListArg(fcinfo, LITE_ARG_EXCLUDE, "exclude",
										&options->exclude);
	options->ndocuments = LiteLoadListArg(fcinfo, LITE_ARG_DOCUMENTS,
										  "documents", &options->documents);
	options->types = LiteLoadJsonArg(fcinfo, LITE_ARG_TYPES, "types");
	options->search = LiteLoadJsonArg(fcinfo, LITE_ARG_SEARCH, "search");
	read_words(fcinfo, options);
	options->time_zone = LiteLoadTextArg(fcinfo, LITE_ARG_TIME_ZONE);
	LiteLoadZone(options->time_zone, &options->to_utc, &options->zone_arg);
	read_numbers(fcinfo, request);
	request->json = options_to_json(fcinfo);
	return request;
}

/* ------------------------------------------------------------------------
 * The plan, and what is there already
 * ------------------------------------------------------------------------ */

Oid
LiteLoadRelid(const char *schema, const char *name)
{
	Oid nspid = get_namespace_oid(LiteLoadServerText(schema), true);

	if (!OidIsValid(nspid))
		return InvalidOid;
	return get_relname_relid(LiteLoadServerText(name), nspid);
}

const LiteTable *
LiteLoadFindingTable(const LitePlan *plan, const LiteFinding *finding)
{
	if (finding->table == NULL)
		return NULL;
	for (int i = 0; i < plan->ntables; i++)
	{
		if (strcmp(plan->tables[i].source->name, finding->table) == 0)
			return plan->tables[i].source;
	}
	return NULL;
}

/* LiteExistsFunction: what the target schema has. */
static bool
target_exists(void *arg, const char *schema, const char *name)
{
	if (name == NULL)
		return OidIsValid(get_namespace_oid(LiteLoadServerText(schema), true));
	return OidIsValid(LiteLoadRelid(schema, name));
}

/* The schema that an installed extension's objects are in, or NULL. */
static const char *
extension_schema(const char *name)
{
	Relation rel = table_open(ExtensionRelationId, AccessShareLock);
	const char *result = NULL;
	ScanKeyData key;
	SysScanDesc scan;
	HeapTuple tuple;

	ScanKeyInit(&key, Anum_pg_extension_extname, BTEqualStrategyNumber,
				F_NAMEEQ, CStringGetDatum(name));
	scan = systable_beginscan(rel, ExtensionNameIndexId, true, NULL, 1, &key);
	tuple = systable_getnext(scan);
	if (HeapTupleIsValid(tuple))
	{
		Oid schema = ((Form_pg_extension) GETSTRUCT(tuple))->extnamespace;
		char *text = get_namespace_name(schema);

		if (text)
			result = pg_server_to_any(text, strlen(text), PG_UTF8);
	}
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return result;
}

/* LiteTargetFunction. */
static const char *
target_has(void *arg, LiteTargetKind kind, const char *schema,
		   const char *name)
{
	Oid namespace;

	switch (kind)
	{
		case LITE_TARGET_EXTENSION:
			return extension_schema(name);
		case LITE_TARGET_CONFIGURATION:
			namespace
			= get_namespace_oid(LiteLoadServerText(schema), true);
			if (OidIsValid(namespace) &&
				SearchSysCacheExists2(TSCONFIGNAMENSP, CStringGetDatum(name),
									  ObjectIdGetDatum(namespace)))
				return schema;
			return NULL;
	}
	return NULL;
}

/*
 * An empty "tables" list asks for no table, but the core takes none named
 * for all of them; so it is refused rather than turned into its opposite.
 */
LitePlan *
LiteLoadPlan(LiteLoadFile *file, LitePlanOptions *options)
{
	LitePlan *plan;
	LiteError err;

	if (options->tables != NULL && options->ntables == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("\"tables\" must not be empty"),
						errhint("Leave it out to take all tables.")));
	options->exists = target_exists;
	options->target = target_has;
	LiteCheck(lite_plan_build(file->db, LiteLoadFileSchema(file), options,
							  file->arena, &plan, &err),
			  &err);
	return plan;
}
