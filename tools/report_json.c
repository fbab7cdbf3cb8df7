/*
 * report_json.c
 *	  The report as data.
 *
 * Names and texts that are not UTF-8 are written as lite_text_clip() shows
 * them; all else is exact.  Numbers that may pass 2^53 are numbers all the
 * same: JSON sets no limit.
 */
#include "report.h"

#include <string.h>

/* An array or object being written: does it need a comma first? */
static void
separate(sqlite3_str *out)
{
	int len = sqlite3_str_length(out);
	const char *text = sqlite3_str_value(out);

	if (len > 0 && text && strchr("{[:", text[len - 1]) == NULL)
		sqlite3_str_appendall(out, ",");
}

static void
put_string(sqlite3_str *out, const char *text)
{
	char clipped[2048];
	bool nul;

	if (text == NULL)
	{
		sqlite3_str_appendall(out, "null");
		return;
	}
	if (!lite_utf8_valid(text, strlen(text), &nul))
		text = lite_text_clip(clipped, sizeof(clipped), text, strlen(text));
	sqlite3_str_appendall(out, "\"");
	for (; *text; text++)
	{
		unsigned char c = (unsigned char) *text;

		if (c == '"' || c == '\\')
			sqlite3_str_appendf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			sqlite3_str_appendf(out, "\\u%04x", c);
		else
			sqlite3_str_appendchar(out, 1, (char) c);
	}
	sqlite3_str_appendall(out, "\"");
}

static void
key(sqlite3_str *out, const char *name)
{
	separate(out);
	put_string(out, name);
	sqlite3_str_appendall(out, ":");
}

static void
text_field(sqlite3_str *out, const char *name, const char *text)
{
	key(out, name);
	put_string(out, text);
}

static void
int_field(sqlite3_str *out, const char *name, int64_t value)
{
	key(out, name);
	sqlite3_str_appendf(out, "%lld", (sqlite3_int64) value);
}

static void
bool_field(sqlite3_str *out, const char *name, bool value)
{
	key(out, name);
	sqlite3_str_appendall(out, value ? "true" : "false");
}

static void
seconds_field(sqlite3_str *out, const char *name, double seconds)
{
	key(out, name);
	sqlite3_str_appendf(out, "%.6f", seconds);
}

static void
open_field(sqlite3_str *out, const char *name, const char *bracket)
{
	if (name)
		key(out, name);
	else
		separate(out);
	sqlite3_str_appendall(out, bracket);
}

static void
put_column(sqlite3_str *out, const LitePlanTable *table, int i)
{
	const LitePlanColumn *column = &table->columns[i];
	const LiteColumn *source =
		column->column >= 0 ? &table->source->columns[column->column] : NULL;
	char *told;

	open_field(out, NULL, "{");
	text_field(out, "name", column->name);
	text_field(out, "source", source ? source->name : NULL);
	text_field(out, "declared", source ? source->declared : NULL);
	text_field(out, "type", column->type_sql);
	text_field(out, "format", lite_format_name(column->type.format));
	bool_field(out, "not_null", column->not_null);
	text_field(out, "default", column->default_sql);
	text_field(out, "generated", column->generated_sql);
	text_field(out, "evidence", column->evidence);
	told = column->suggestion ? ui_words(column->suggestion, true) : NULL;
	text_field(out, "suggestion", told);
	sqlite3_free(told);
	if (column->profile)
	{
		open_field(out, "stored_as", "{");
		for (int c = 0; c < LITE_NCLASSES; c++)
		{
			if (column->profile->count[c] > 0)
				int_field(out, lite_class_name((LiteClass) c),
						  column->profile->count[c]);
		}
		sqlite3_str_appendall(out, "}");
	}
	sqlite3_str_appendall(out, "}");
}

static void
put_table(Report *report, int i)
{
	sqlite3_str *out = report->out;
	const LitePlanTable *table = &report->loader->plan->tables[i];
	TableRun *run = &report->loader->tables[i];
	char hash[LITE_HASH_TEXT];

	open_field(out, NULL, "{");
	text_field(out, "name", table->name);
	text_field(out, "source", table->source->name);
	bool_field(out, "skipped", run->skip);
	bool_field(out, "document", table->document);
	int_field(out, "rows", atomic_load(&run->rows));
	int_field(out, "rejected", run->rejected);
	int_field(out, "nulled", run->nulled);
	bool_field(out, "verified", run->verified);
	text_field(out, "detail", run->detail[0] ? run->detail : NULL);
	if (run->read_back)
	{
		text_field(out, "source_checksum",
				   lite_hash_text(run->source.row_sum, hash));
		text_field(out, "target_checksum",
				   lite_hash_text(run->target.row_sum, hash));
	}
	seconds_field(out, "load_seconds", run->load_seconds);
	seconds_field(out, "verify_seconds", run->verify_seconds);
	seconds_field(out, "index_seconds", run->index_seconds);
	open_field(out, "columns", "[");
	for (int k = 0; k < table->ncolumns; k++)
		put_column(out, table, k);
	sqlite3_str_appendall(out, "]}");
}

static void
put_findings(Report *report)
{
	sqlite3_str *out = report->out;

	open_field(out, "findings", "[");
	for (int i = 0; i < report->nfindings; i++)
	{
		const ReportFinding *f = &report->findings[i];

		open_field(out, NULL, "{");
		text_field(out, "severity", lite_severity_name(f->severity));
		text_field(out, "code", f->code);
		text_field(out, "table", f->table);
		text_field(out, "object", f->object);
		text_field(out, "text", f->text);
		text_field(out, "advice", f->advice);
		sqlite3_str_appendall(out, "}");
	}
	sqlite3_str_appendall(out, "]");
}

static void
put_error(Report *report)
{
	sqlite3_str *out = report->out;
	const Failure *failure = report->failure;

	if (failure == NULL)
		return;
	open_field(out, "error", "{");
	text_field(out, "message", failure->error.message);
	text_field(out, "detail", failure->error.detail);
	text_field(out, "hint", failure->error.hint);
	text_field(out, "context", failure->error.context);
	text_field(out, "sqlstate",
			   failure->sqlstate[0] ? failure->sqlstate : NULL);
	sqlite3_str_appendall(out, "}");
}

void
report_json(Report *report)
{
	sqlite3_str *out = report->out;
	Loader *loader = report->loader;
	ReportPhase phases[REPORT_PHASES];

	sqlite3_str_appendall(out, "{");
	text_field(out, "program", "sqlite2pg " LOADER_VERSION);
	text_field(out, "file", loader->options->file);
	text_field(out, "schema", loader->options->schema);
	int_field(out, "exit_status", report->exit_code);
	text_field(out, "outcome", report->outcome);
	int_field(out, "rows", report->rows);
	int_field(out, "rejected", report->rejected);
	int_field(out, "nulled", report->nulled);
	int_field(out, "jobs", loader->options->jobs);
	seconds_field(out, "seconds", report->seconds);
	report_phases(loader, phases);
	open_field(out, "phases", "{");
	for (int i = 0; i < REPORT_PHASES; i++)
		seconds_field(out, phases[i].name, phases[i].seconds);
	sqlite3_str_appendall(out, "}");
	put_error(report);
	open_field(out, "tables", "[");
	for (int i = 0; loader->tables && i < loader->plan->ntables; i++)
		put_table(report, i);
	sqlite3_str_appendall(out, "]");
	put_findings(report);
	open_field(out, "statements", "[");
	for (int i = 0; loader->tables && i < loader->plan->nstatements; i++)
	{
		const LiteStatement *s = &loader->plan->statements[i];
		char *told = ui_words(s->sql, true);

		open_field(out, NULL, "{");
		text_field(out, "phase", lite_phase_name(s->phase));
		text_field(out, "object", s->object);
		text_field(out, "sql", told);
		seconds_field(out, "seconds", loader->statement_seconds[i]);
		sqlite3_str_appendall(out, "}");
		sqlite3_free(told);
	}
	sqlite3_str_appendall(out, "]}\n");
}
