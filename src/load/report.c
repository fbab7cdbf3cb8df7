/*
 * report.c
 *	  sqlite_report: what an import would do, as a text for people.
 *
 *		the file	its size, what is in it, how long an import may take
 *		tables		rows, key, what becomes of each
 *		types		columns whose type is not just the declared one, and why
 *		findings	by severity; those of one kind together, the advice once
 *		next		what to run
 *
 * It is made from the same plan that sqlite_plan() shows as rows and that
 * sqlite_import() runs.  Lines are at most 100 columns wide, unless a single
 * word is wider.
 */
#include "pg/compat.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "load/load.h"
#include "pg/report.h"

PG_FUNCTION_INFO_V1(sqlite_report);

#define WIDTH 100

/*
 * What an import does in a second, in bytes of the file and in rows, where
 * nothing has been measured: each value read twice (to choose types, and to
 * load), written, read back, indexed, on one processor.  Rounded down from
 * what plain tables of 5 to 16 columns took.
 */
#define ASSUMED_BYTES (10 * 1024 * 1024.0)
#define ASSUMED_ROWS 150000.0

typedef struct Report
{
	ReturnSetInfo *rsinfo;
	LiteLoadRequest *request;
	LiteLoadFile *file;
	LitePlan *plan;
	int64 rows; /* of all tables of the plan */
	const char *schema;
} Report;

/* ------------------------------------------------------------------------
 * Lines
 * ------------------------------------------------------------------------ */

static void
put_line(Report *report, const char *text)
{
	Datum values[1] = {CStringGetTextDatum(text)};
	bool nulls[1] = {false};

	tuplestore_putvalues(report->rsinfo->setResult, report->rsinfo->setDesc,
						 values, nulls);
}

static int
width_of(const char *text)
{
	return pg_mbstrlen(text);
}

static void
append_spaces(StringInfo buf, int count)
{
	appendStringInfoSpaces(buf, Max(count, 0));
}

/*
 * Text broken at spaces: label, then the words, the lines after the first
 * indented.  Line feeds of the text are spaces: SQL of the file has them.
 */
static void
put_wrapped(Report *report, const char *label, int indent, const char *text)
{
	StringInfoData line;
	int width = width_of(label);
	bool empty = true;

	initStringInfo(&line);
	appendStringInfoString(&line, label);
	while (*text != '\0')
	{
		size_t space = strspn(text, " \t\r\n");
		size_t word;
		char *copy;
		int wide;

		text += space;
		word = strcspn(text, " \t\r\n");
		if (word == 0)
			break;
		copy = pnstrdup(text, word);
		wide = width_of(copy);
		if (!empty && width + 1 + wide > WIDTH)
		{
			put_line(report, line.data);
			resetStringInfo(&line);
			append_spaces(&line, indent);
			width = indent;
			empty = true;
		}
		if (!empty)
		{
			appendStringInfoChar(&line, ' ');
			width++;
		}
		appendStringInfoString(&line, copy);
		width += wide;
		empty = false;
		text += word;
	}
	put_line(report, line.data);
}

static void
put_heading(Report *report, const char *text)
{
	StringInfoData line;
	int width = width_of(text);

	put_line(report, "");
	put_line(report, text);
	initStringInfo(&line);
	for (int i = 0; i < width; i++)
		appendStringInfoChar(&line, '-');
	put_line(report, line.data);
}

/* "name", at least as wide as given. */
static void
append_padded(StringInfo buf, const char *text, int width)
{
	appendStringInfoString(buf, text);
	append_spaces(buf, width - width_of(text));
}

/* 33182 as "33,182". */
static char *
grouped(int64 number)
{
	char digits[32];
	StringInfoData buf;
	int len;

	snprintf(digits, sizeof(digits), INT64_FORMAT, number);
	len = (int) strlen(digits);
	initStringInfo(&buf);
	for (int i = 0; i < len; i++)
	{
		if (i > 0 && digits[i - 1] != '-' && (len - i) % 3 == 0)
			appendStringInfoChar(&buf, ',');
		appendStringInfoChar(&buf, digits[i]);
	}
	return buf.data;
}

static char *
count_of(int64 number, const char *one, const char *many)
{
	return psprintf("%s %s", grouped(number), number == 1 ? one : many);
}

static char *
size_text(double bytes)
{
	static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB"};
	int unit = 0;

	while (bytes >= 1024 && unit + 1 < (int) lengthof(units))
	{
		bytes /= 1024;
		unit++;
	}
	return psprintf(unit == 0 || bytes >= 10 ? "%.0f %s" : "%.1f %s", bytes,
					units[unit]);
}

static char *
time_text(double seconds)
{
	if (seconds < 1)
		return pstrdup("less than a second");
	if (seconds < 90)
		return psprintf("about %.0f s", seconds);
	if (seconds < 5400)
		return psprintf("about %.0f min", seconds / 60);
	return psprintf("about %.1f h", seconds / 3600);
}

/* A name of the file or the plan, on one line. */
static char *
shown_name(const char *name)
{
	char *text = LiteLoadText(name[0] ? name : "\"\"");

	for (char *c = text; *c; c++)
	{
		if (*c == '\n' || *c == '\r' || *c == '\t')
			*c = ' ';
	}
	return text;
}

/* ------------------------------------------------------------------------
 * The file
 * ------------------------------------------------------------------------ */

static int64
count_rows(Report *report)
{
	int64 total = 0;

	for (int i = 0; i < report->plan->ntables; i++)
	{
		const LitePlanTable *table = &report->plan->tables[i];

		if (table->profile && table->profile->whole)
			total += table->profile->rows;
		else
		{
			LiteError err;
			int64_t rows = 0;

			if (lite_table_count(report->file->db, table->source, &rows,
								 &err) == LITE_OK)
				total += rows;
		}
	}
	return total;
}

/* The last import of this file that is in the log of the caller; false if
 * there is none. */
static bool
find_measured(Report *report, FunctionCallInfo fcinfo, double *seconds,
			  int64 *rows)
{
	Oid types[1] = {TEXTOID};
	Datum values[1] = {CStringGetTextDatum(report->file->source->path)};
	bool found;
	char *sql =
		psprintf("SELECT seconds, rows + rejected FROM %s WHERE path = $1 "
				 "AND seconds IS NOT NULL AND rows > 0 "
				 "ORDER BY id DESC LIMIT 1",
				 LiteSqlOwnTable(fcinfo, "sqlite_import_log"));

	SPI_connect();
	if (SPI_execute_with_args(sql, 1, types, values, NULL, true, 1) !=
		SPI_OK_SELECT)
		elog(ERROR, "cannot read the import log");
	found = (SPI_processed > 0);
	if (found)
	{
		bool null;
		HeapTuple tuple = SPI_tuptable->vals[0];

		*seconds = DatumGetFloat8(
			SPI_getbinval(tuple, SPI_tuptable->tupdesc, 1, &null));
		*rows = DatumGetInt64(
			SPI_getbinval(tuple, SPI_tuptable->tupdesc, 2, &null));
	}
	SPI_finish();
	return found;
}

static void
put_time(Report *report, FunctionCallInfo fcinfo, double bytes)
{
	double seconds = Max(bytes / ASSUMED_BYTES, report->rows / ASSUMED_ROWS);
	double measured;
	int64 rows;

	if (find_measured(report, fcinfo, &measured, &rows))
		put_wrapped(report, "Time       ", 11,
					psprintf("%s: an earlier import of this file took "
							 "%.3f s for %s",
							 time_text(measured * report->rows / rows),
							 measured, count_of(rows, "row", "rows")));
	else
		put_wrapped(
			report, "Time       ", 11,
			psprintf("%s, if an import manages %s and %s rows a second; "
					 "it has not been measured here yet",
					 time_text(seconds), size_text(ASSUMED_BYTES),
					 grouped((int64) ASSUMED_ROWS)));
}

static void
append_count(StringInfo buf, int64 count, const char *one, const char *many)
{
	if (count > 0)
		appendStringInfo(buf, "%s%s", buf->len > 0 ? ", " : "",
						 count_of(count, one, many));
}

static void
put_contents(Report *report)
{
	StringInfoData buf;
	const LiteSchema *schema = LiteLoadFileSchema(report->file);
	int64 kinds[LITE_KIND_SHADOW + 1] = {0};
	int64 indexes = 0;
	int64 triggers = 0;

	for (int i = 0; i < schema->ntables; i++)
	{
		kinds[schema->tables[i].kind]++;
		indexes += schema->tables[i].nindexes;
		triggers += schema->tables[i].ntriggers;
	}
	initStringInfo(&buf);
	append_count(&buf, kinds[LITE_KIND_TABLE], "table", "tables");
	append_count(&buf, kinds[LITE_KIND_VIRTUAL], "virtual table",
				 "virtual tables");
	append_count(&buf, kinds[LITE_KIND_VIEW], "view", "views");
	append_count(&buf, indexes, "index", "indexes");
	append_count(&buf, triggers, "trigger", "triggers");
	put_wrapped(report, "Contents   ", 11, buf.len > 0 ? buf.data : "nothing");
}

static int
count_severity(const Report *report, LiteSeverity severity)
{
	int count = 0;

	for (int i = 0; i < report->plan->nfindings; i++)
		count += (report->plan->findings[i].severity == severity);
	return count;
}

static void
put_verdict(Report *report)
{
	int errors = count_severity(report, LITE_SEVERITY_ERROR);
	int warnings = count_severity(report, LITE_SEVERITY_WARNING);

	if (errors > 0)
		put_wrapped(report, "Verdict    ", 11,
					psprintf("the import would stop: settle the %s below "
							 "first",
							 count_of(errors, "error", "errors")));
	else if (warnings > 0)
		put_wrapped(report, "Verdict    ", 11,
					psprintf("the import runs; read %s first",
							 count_of(warnings, "warning", "warnings")));
	else
		put_line(report, "Verdict    the import runs, and carries everything "
						 "over");
}

static void
put_file(Report *report, FunctionCallInfo fcinfo)
{
	LiteFingerprint print;
	LiteError err;
	double bytes;

	LiteCheck(lite_db_fingerprint(report->file->source->path, &print, &err),
			  &err);
	bytes = (double) print.size + Max(print.wal_size, 0);
	put_line(report, psprintf("File       %s",
							  LiteLoadText(report->file->source->path)));
	put_line(report, psprintf("Schema     %s", report->schema));
	put_line(report, psprintf("Size       %s, %s", size_text(bytes),
							  count_of(report->rows, "row", "rows")));
	put_contents(report);
	put_time(report, fcinfo, bytes);
	put_verdict(report);
}

/* ------------------------------------------------------------------------
 * Tables and types
 * ------------------------------------------------------------------------ */

static char *
key_text(const LitePlanTable *table)
{
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < table->nkey; i++)
		appendStringInfo(&buf, "%s%s", i ? ", " : "",
						 shown_name(table->columns[table->key[i]].name));
	return table->nkey > 0 ? buf.data : "(none)";
}

static void
put_tables(Report *report)
{
	const LitePlan *plan = report->plan;
	int width = width_of("table");

	put_heading(report, "Tables");
	for (int i = 0; i < plan->ntables; i++)
		width = Max(width, width_of(shown_name(plan->tables[i].name)));
	width = Min(width, NAMEDATALEN - 1);
	for (int i = -1; i < plan->ntables; i++)
	{
		const LitePlanTable *table = i < 0 ? NULL : &plan->tables[i];
		StringInfoData line;
		char *rows = "?";

		initStringInfo(&line);
		append_padded(&line, table ? shown_name(table->name) : "table", width);
		if (table && table->profile && table->profile->whole)
			rows = grouped(table->profile->rows);
		appendStringInfo(&line, "  %12s  %7s  ", table ? rows : "rows",
						 table ? grouped(table->ncolumns) : "columns");
		appendStringInfoString(&line, table ? key_text(table) : "key");
		if (table && table->document)
			appendStringInfoString(&line, "  (document)");
		if (table && table->exists_skip)
			appendStringInfoString(&line, "  (exists: skipped)");
		put_wrapped(report, line.data, 0, "");
	}
}

/* The declared type says as much as the new one: no news. */
static bool
is_news(const LitePlanTable *table, const LitePlanColumn *column)
{
	const char *declared;

	if (column->source == LITE_SOURCE_DOCUMENT ||
		column->source == LITE_SOURCE_GENERATED || column->column < 0)
		return false; /* nothing was declared */
	declared = table->source->columns[column->column].declared;
	return pg_strcasecmp(declared, column->type_sql) != 0 &&
		   !(column->type.type == LITE_TYPE_INT8 &&
			 pg_strcasecmp(declared, "INTEGER") == 0) &&
		   !(column->type.type == LITE_TYPE_FLOAT8 &&
			 pg_strcasecmp(declared, "REAL") == 0) &&
		   !(column->type.type == LITE_TYPE_BYTEA &&
			 pg_strcasecmp(declared, "BLOB") == 0);
}

static void
put_type(Report *report, const LitePlanTable *table,
		 const LitePlanColumn *column)
{
	const char *declared =
		column->column >= 0 ? table->source->columns[column->column].declared
							: "";

	put_wrapped(report, "", 4,
				psprintf("%s.%s: %s -> %s", shown_name(table->name),
						 shown_name(column->name),
						 declared[0] ? shown_name(declared) : "(no type)",
						 LiteLoadText(column->type_sql)));
	if (column->evidence)
		put_wrapped(report, "    ", 4, LiteLoadText(column->evidence));
}

static void
put_types(Report *report)
{
	const LitePlan *plan = report->plan;
	bool any = false;

	for (int i = 0; i < plan->ntables; i++)
	{
		const LitePlanTable *table = &plan->tables[i];

		for (int k = 0; k < table->ncolumns; k++)
		{
			if (!is_news(table, &table->columns[k]))
				continue;
			if (!any)
				put_heading(report, "Types that were decided");
			any = true;
			put_type(report, table, &table->columns[k]);
		}
	}
}

static void
put_suggestions(Report *report)
{
	const LitePlan *plan = report->plan;
	bool any = false;

	for (int i = 0; i < plan->ntables; i++)
	{
		const LitePlanTable *table = &plan->tables[i];

		for (int k = 0; k < table->ncolumns; k++)
		{
			const LitePlanColumn *column = &table->columns[k];

			if (column->suggestion == NULL)
				continue;
			if (!any)
				put_heading(report, "Suggestions (infer => 'eager' takes them "
									"all)");
			any = true;
			put_wrapped(report,
						psprintf("%s.%s: ", shown_name(table->name),
								 shown_name(column->name)),
						4, LiteLoadText(column->suggestion));
		}
	}
}

/* ------------------------------------------------------------------------
 * Findings
 * ------------------------------------------------------------------------ */

static const char *
title_of(const char *code)
{
	static const struct
	{
		const char *code;
		const char *title;
	} titles[] = {
		{"trigger", "Triggers"},
		{"view", "Views"},
		{"check", "CHECK constraints"},
		{"default", "Defaults"},
		{"index", "Indexes"},
		{"redundant_index", "Indexes that others make superfluous"},
		{"unique", "Unique keys"},
		{"primary_key", "Primary keys"},
		{"foreign_key", "Foreign keys"},
		{"orphans", "Foreign keys with rows that have no parent"},
		{"generated", "Generated columns"},
		{"collation", "Collations"},
		{"conflict", "ON CONFLICT clauses"},
		{"fts", "Full-text tables"},
		{"search", "Search columns"},
		{"virtual", "Virtual tables"},
		{"shadow", "Shadow tables"},
		{"unreadable", "What cannot be read"},
		{"unparsed", "What cannot be parsed"},
		{"exists", "Tables that exist already"},
		{"rename", "New names"},
		{"sequence", "Sequences"},
		{"misfit", "Values that do not fit their column"},
		{"mixed", "Columns of mixed types"},
		{"type", "Types"},
		{"no_key", "Tables without a key"},
		{"not_null", "NOT NULL"},
		{"suggestion", "Suggestions"},
	};
	char *title;

	for (int i = 0; i < (int) lengthof(titles); i++)
	{
		if (strcmp(titles[i].code, code) == 0)
			return titles[i].title;
	}
	title = pstrdup(code);
	for (char *c = title; *c; c++)
	{
		if (*c == '_')
			*c = ' ';
	}
	title[0] = (char) pg_toupper((unsigned char) title[0]);
	return title;
}

static bool
same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool
belongs(const LiteFinding *finding, const LiteFinding *first)
{
	return finding->severity == first->severity &&
		   same_text(finding->code, first->code);
}

/* All findings of the kind of this one, and their advice. */
static void
put_group(Report *report, const LiteFinding *first, const LiteFinding *end)
{
	bool same_advice = true;
	int count = 0;

	for (const LiteFinding *f = first; f < end; f++)
	{
		if (!belongs(f, first))
			continue;
		count++;
		if (!same_text(f->advice, first->advice))
			same_advice = false;
	}
	put_line(report, psprintf("%s (%d)", title_of(first->code), count));
	for (const LiteFinding *f = first; f < end; f++)
	{
		const char *object = f->object ? f->object : f->table;

		if (!belongs(f, first))
			continue;
		put_wrapped(report,
					psprintf("  - %s",
							 object ? psprintf("%s: ", shown_name(object))
									: ""),
					4, LiteLoadText(f->text));
		if (!same_advice && f->advice)
			put_wrapped(report, "    => ", 7, LiteLoadText(f->advice));
	}
	if (same_advice && first->advice)
		put_wrapped(report, "  => ", 5, LiteLoadText(first->advice));
}

static void
put_findings(Report *report, LiteSeverity severity, const char *heading)
{
	const LiteFinding *items = report->plan->findings;
	const LiteFinding *end = items + report->plan->nfindings;

	if (count_severity(report, severity) == 0)
		return;
	put_heading(report, heading);
	for (const LiteFinding *f = items; f < end; f++)
	{
		bool first = (f->severity == severity);

		for (const LiteFinding *g = items; g < f && first; g++)
			first = !belongs(g, f);
		if (first)
			put_group(report, f, end);
	}
}

/* ------------------------------------------------------------------------
 * All of it
 * ------------------------------------------------------------------------ */

static void
put_next(Report *report)
{
	char *source = quote_literal_cstr(report->request->name);
	char *schema = quote_literal_cstr(report->schema);

	put_heading(report, "What to run, with the options of this report");
	put_line(report, psprintf("SELECT * FROM sqlite_plan(%s, %s);    -- every "
							  "statement",
							  source, schema));
	put_line(report,
			 psprintf("SELECT * FROM sqlite_import(%s, %s);", source, schema));
	put_line(report, psprintf("SELECT * FROM sqlite_verify(%s, %s);  -- the "
							  "proof, any time later",
							  source, schema));
}

Datum
sqlite_report(PG_FUNCTION_ARGS)
{
	Report report = {0};
	int level;

	report.rsinfo = (ReturnSetInfo *) fcinfo->resultinfo;
	report.request = LiteLoadRequestRead(fcinfo);
	InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
	level = LiteSqlEnter();
	report.file = LiteLoadFileOpen(report.request->source);
	report.plan = LiteLoadPlan(report.file, &report.request->options);
	report.schema = LiteLoadServerText(report.plan->schema);
	report.rows = count_rows(&report);
	put_file(&report, fcinfo);
	put_findings(&report, LITE_SEVERITY_ERROR, "Errors: the import stops");
	put_findings(&report, LITE_SEVERITY_WARNING,
				 "Warnings: not as it was in the file");
	put_tables(&report);
	put_types(&report);
	put_suggestions(&report);
	put_findings(&report, LITE_SEVERITY_INFO, "For your information");
	put_next(&report);
	LiteLoadFileClose(report.file);
	LiteSqlLeave(level);
	return (Datum) 0;
}
