/*
 * report_html.c
 *	  The report as one page: no script, no font, no picture from elsewhere.
 *
 * From top to bottom: how it ended; the numbers; where the time went; the
 * tables; what is to be known, by severity and kind; the columns with the
 * reasons for their types; the statements.  All text of the file goes through put(), which
 * leaves nothing that HTML would obey.
 */
#include "report.h"

#include <string.h>

/* Findings of one kind that are shown without asking. */
#define OPEN_MAX 3

static const char style[] =
	":root{--ink:#1c2330;--soft:#5d6778;--line:#e2e6ec;--paper:#fff;"
	"--tint:#f5f7fa;--ok:#1a7f4b;--warn:#a15c00;--bad:#b3261e;"
	"--p0:#8da2c0;--p1:#2f6fde;--p2:#1a9e77;--p3:#e0912f;--p4:#a05fc0}"
	"@media(prefers-color-scheme:dark){:root{--ink:#e4e8ef;--soft:#98a3b5;"
	"--line:#2e3644;--paper:#161b24;--tint:#1e2531;--ok:#52c58b;"
	"--warn:#e3a24c;--bad:#f2867f}}"
	"*{box-sizing:border-box}"
	"body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 "
	"system-ui,sans-serif}"
	"main{max-width:66rem;margin:0 auto;padding:2rem 1.25rem 4rem}"
	"h1{font-size:1.5rem;margin:0;overflow-wrap:anywhere}"
	"h2{font-size:1.1rem;margin:2.5rem 0 .75rem}"
	"p{margin:.35rem 0}.soft{color:var(--soft)}"
	".state{display:inline-block;margin:1rem 0 .25rem;padding:.3rem .8rem;"
	"border-radius:1rem;font-weight:600;color:#fff}"
	".good{background:#1a7f4b}.half{background:#a15c00}.fail{background:#"
	"b3261e}"
	".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr"
	"));gap:.75rem;margin:1.25rem 0}"
	".tile{background:var(--tint);border-radius:.5rem;padding:.7rem .9rem}"
	".tile "
	"b{display:block;font-size:1.35rem;font-variant-numeric:tabular-nums}"
	".bar{display:flex;height:1.5rem;border-radius:.4rem;overflow:hidden;"
	"background:var(--tint)}.bar i{display:block;min-width:1px}"
	".key{display:flex;flex-wrap:wrap;gap:.2rem 1.25rem;margin-top:.5rem}"
	".key "
	"i{display:inline-block;width:.75rem;height:.75rem;border-radius:.2rem"
	";margin-right:.4rem}"
	".c0{background:var(--p0)}.c1{background:var(--p1)}.c2{background:var(--"
	"p2)}"
	".c3{background:var(--p3)}.c4{background:var(--p4)}"
	".scroll{overflow-x:auto}"
	"table{border-collapse:collapse;width:100%}"
	"th,td{text-align:left;padding:.35rem .75rem .35rem 0;vertical-align:top;"
	"border-bottom:1px solid var(--line)}"
	"th{font-weight:600;color:var(--soft);font-size:.85rem}"
	".n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
	".w{width:30%;min-width:8rem}"
	"code{font:13px/1.45 ui-monospace,monospace;overflow-wrap:anywhere}"
	"pre{background:var(--tint);padding:.8rem 1rem;border-radius:.5rem;"
	"white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.45 "
	"ui-monospace,monospace;margin:.4rem 0}"
	"details{border-bottom:1px solid var(--line);padding:.45rem 0}"
	"summary{cursor:pointer}"
	"summary span{float:right;font-variant-numeric:tabular-nums}"
	".finding{padding:.4rem 0 .4rem .8rem;border-left:3px solid var(--line);"
	"margin:.4rem 0;overflow-wrap:anywhere}"
	".error{border-color:var(--bad)}.warning{border-color:var(--warn)}"
	".tag{font-size:.8rem;color:var(--soft)}"
	".yes{color:var(--ok)}.no{color:var(--bad);font-weight:600}";

/* Text, as text.  What is not UTF-8 is shown as lite_text_clip() does. */
static void
put(sqlite3_str *out, const char *text)
{
	char clipped[2048];
	bool nul;

	if (text == NULL)
		return;
	if (!lite_utf8_valid(text, strlen(text), &nul))
		text = lite_text_clip(clipped, sizeof(clipped), text, strlen(text));
	for (; *text; text++)
	{
		unsigned char c = (unsigned char) *text;

		if (c == '&')
			sqlite3_str_appendall(out, "&amp;");
		else if (c == '<')
			sqlite3_str_appendall(out, "&lt;");
		else if (c == '>')
			sqlite3_str_appendall(out, "&gt;");
		else if (c == '"')
			sqlite3_str_appendall(out, "&quot;");
		else if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
			sqlite3_str_appendf(out, "\\x%02X", c);
		else
			sqlite3_str_appendchar(out, 1, (char) c);
	}
}

static void
raw(sqlite3_str *out, const char *html)
{
	sqlite3_str_appendall(out, html);
}

static void
element(sqlite3_str *out, const char *open, const char *text,
		const char *close)
{
	raw(out, open);
	put(out, text);
	raw(out, close);
}

static void
tile(sqlite3_str *out, const char *value, const char *label)
{
	element(out, "<div class=tile><b>", value, "</b>");
	element(out, "<span class=soft>", label, "</span></div>");
}

static void
put_state(Report *report)
{
	sqlite3_str *out = report->out;
	const Failure *failure = report->failure;
	const char *class_name = "fail";

	if (report->exit_code == EXIT_LOADED)
		class_name = "good";
	else if (report->exit_code == EXIT_INCOMPLETE)
		class_name = "half";
	sqlite3_str_appendf(out, "<div class=\"state %s\">", class_name);
	if (report->exit_code == EXIT_LOADED && report->loader->options->verify &&
		report->nverified == report->ntables && report->ntables > 0)
		put(out, "Every row is in, and verified");
	else
		put(out, report->outcome);
	raw(out, "</div>");
	if (failure)
	{
		element(out, "<pre>", failure->error.message, "");
		if (failure->error.detail[0])
			element(out, "\n", failure->error.detail, "");
		if (failure->error.context[0])
			element(out, "\n", failure->error.context, "");
		raw(out, "</pre>");
		if (failure->error.hint[0])
			element(out, "<p>", failure->error.hint, "</p>");
	}
}

static void
put_tiles(Report *report)
{
	sqlite3_str *out = report->out;
	Loader *loader = report->loader;
	double moving = loader->load_seconds;
	char text[64];
	char count[40];

	raw(out, "<div class=tiles>");
	tile(out, ui_count(count, sizeof(count), report->rows), "rows loaded");
	tile(out, ui_count(count, sizeof(count), report->ntables), "tables");
	sqlite3_snprintf(sizeof(text), text, "%.1f s", report->seconds);
	tile(out, text, "in all");
	if (moving > 0 && report->rows > 0)
		tile(out,
			 ui_count(count, sizeof(count),
					  (int64_t) ((double) report->rows / moving)),
			 "rows a second while loading");
	if (loader->options->verify)
	{
		sqlite3_snprintf(sizeof(text), text, "%d of %d", report->nverified,
						 report->ntables);
		tile(out, text, "tables verified");
	}
	tile(out, ui_count(count, sizeof(count), report->rejected),
		 "rows rejected");
	if (report->nulled > 0)
		tile(out, ui_count(count, sizeof(count), report->nulled),
			 "values made NULL");
	raw(out, "</div>");
}

static void
put_time(Report *report)
{
	sqlite3_str *out = report->out;
	ReportPhase phases[REPORT_PHASES];
	double total = 0;

	report_phases(report->loader, phases);
	for (int i = 0; i < REPORT_PHASES; i++)
		total += phases[i].seconds;
	if (total <= 0)
		return;
	raw(out, "<h2>Where the time went</h2><div class=bar>");
	for (int i = 0; i < REPORT_PHASES; i++)
		sqlite3_str_appendf(out,
							"<i class=c%d style=\"width:%.2f%%\" "
							"title=\"%s %.2f s\"></i>",
							i, 100 * phases[i].seconds / total, phases[i].name,
							phases[i].seconds);
	raw(out, "</div><div class=key>");
	for (int i = 0; i < REPORT_PHASES; i++)
		sqlite3_str_appendf(out,
							"<span><i class=c%d></i>%s <b>%.2f s</b></span>",
							i, phases[i].name, phases[i].seconds);
	raw(out, "</div>");
}

static void
put_finding(sqlite3_str *out, const ReportFinding *f)
{
	element(out, "<div class=\"finding ", lite_severity_name(f->severity),
			"\"><div class=tag>");
	put(out, f->object ? f->object : f->table ? f->table : "the file");
	element(out, "</div><div>", f->text, "</div>");
	if (f->advice)
		element(out, "<code>", f->advice, "</code>");
	raw(out, "</div>");
}

static const char *
severity_title(LiteSeverity severity)
{
	switch (severity)
	{
		case LITE_SEVERITY_ERROR:
			return "Lost or failed";
		case LITE_SEVERITY_WARNING:
			return "Not as it was in the file";
		case LITE_SEVERITY_INFO:
			return "Decisions and suggestions";
	}
	return "";
}

static bool
same_kind(const ReportFinding *a, const ReportFinding *b)
{
	return a->severity == b->severity && strcmp(a->code, b->code) == 0;
}

/* They come sorted: a run of one kind is one list to open. */
static void
put_findings(Report *report)
{
	sqlite3_str *out = report->out;
	const ReportFinding *all = report->findings;
	int next;

	for (int i = 0; i < report->nfindings; i = next)
	{
		for (next = i;
			 next < report->nfindings && same_kind(&all[i], &all[next]);)
			next++;
		if (i == 0 || all[i - 1].severity != all[i].severity)
			element(out, "<h2>", severity_title(all[i].severity), "</h2>");
		raw(out, all[i].severity != LITE_SEVERITY_INFO && next - i <= OPEN_MAX
					 ? "<details open><summary>"
					 : "<details><summary>");
		put(out, all[i].code);
		sqlite3_str_appendf(out, "<span class=soft>%d</span></summary>",
							next - i);
		for (int k = i; k < next; k++)
			put_finding(out, &all[k]);
		raw(out, "</details>");
	}
}

/* The table's seconds as a part of the slowest one's. */
static void
put_table_bar(sqlite3_str *out, const TableRun *run, double slowest)
{
	const double parts[3] = {run->load_seconds, run->verify_seconds,
							 run->index_seconds};

	raw(out, "<div class=bar style=\"height:.8rem;margin-top:.35rem\">");
	for (int i = 0; i < 3 && slowest > 0; i++)
		sqlite3_str_appendf(out,
							"<i class=c%d style=\"width:%.2f%%\" "
							"title=\"%.2f s\"></i>",
							i + 1, 100 * parts[i] / slowest, parts[i]);
	raw(out, "</div>");
}

static void
put_tables(Report *report)
{
	sqlite3_str *out = report->out;
	Loader *loader = report->loader;
	double slowest = 0;
	char count[40];

	raw(out, "<h2>Tables</h2><div class=scroll><table><tr><th>table<th "
			 "class=n>rows<th class=n>rejected<th>verification<th "
			 "class=w>load, verify, indexes</tr>");
	for (int i = 0; i < loader->plan->ntables; i++)
	{
		const TableRun *run = &loader->tables[i];
		double sum =
			run->load_seconds + run->verify_seconds + run->index_seconds;

		if (sum > slowest)
			slowest = sum;
	}
	for (int i = 0; i < loader->plan->ntables; i++)
	{
		TableRun *run = &loader->tables[i];

		element(out, "<tr><td>", loader->plan->tables[i].name, "<td class=n>");
		raw(out, ui_count(count, sizeof(count), atomic_load(&run->rows)));
		raw(out, "<td class=n>");
		raw(out, ui_count(count, sizeof(count), run->rejected));
		if (run->skip)
			raw(out, "<td class=soft>left as it was");
		else if (run->detail[0])
			element(out,
					run->verified ? "<td class=yes>✓ " : "<td class=no>✗ ",
					run->detail, "");
		else
			raw(out, "<td class=soft>not asked for");
		raw(out, "<td>");
		put_table_bar(out, run, slowest);
		raw(out, "</tr>");
	}
	raw(out, "</table></div>");
}

static void
put_stored(sqlite3_str *out, const LitePlanColumn *column)
{
	const char *comma = "";
	char count[40];

	for (int c = 0; column->profile && c < LITE_NCLASSES; c++)
	{
		if (column->profile->count[c] == 0)
			continue;
		sqlite3_str_appendf(out, "%s%s %s", comma,
							ui_count(count, sizeof(count),
									 column->profile->count[c]),
							lite_class_name((LiteClass) c));
		comma = ", ";
	}
}

static void
put_columns(Report *report)
{
	sqlite3_str *out = report->out;
	const LitePlan *plan = report->loader->plan;
	char count[40];

	raw(out, "<h2>Columns, and why</h2>");
	for (int i = 0; i < plan->ntables; i++)
	{
		const LitePlanTable *table = &plan->tables[i];

		element(out, "<details><summary>", table->name, "<span class=soft>");
		raw(out, ui_count(count, sizeof(count), table->ncolumns));
		raw(out, " columns</span></summary><div class=scroll><table><tr><th>"
				 "column<th>declared<th>stored as<th>type<th>why</tr>");
		for (int k = 0; k < table->ncolumns; k++)
		{
			const LitePlanColumn *column = &table->columns[k];
			char *told;

			element(out, "<tr><td>", column->name, "<td class=soft>");
			if (column->column >= 0)
				put(out, table->source->columns[column->column].declared);
			raw(out, "<td class=soft>");
			put_stored(out, column);
			element(out, "<td><code>", column->type_sql, "</code><td>");
			put(out, column->evidence);
			told =
				column->suggestion ? ui_words(column->suggestion, true) : NULL;
			if (told)
				element(out, "<div class=tag>", told, "</div>");
			sqlite3_free(told);
			raw(out, "</tr>");
		}
		raw(out, "</table></div></details>");
	}
}

static void
put_statements(Report *report)
{
	sqlite3_str *out = report->out;
	const Loader *loader = report->loader;
	const LitePlan *plan = loader->plan;
	LitePhase phase = (LitePhase) -1;

	raw(out, "<h2>Statements</h2><details><summary>What was run on the "
			 "server");
	sqlite3_str_appendf(out, "<span class=soft>%d</span></summary>",
						plan->nstatements);
	for (int i = 0; i < plan->nstatements; i++)
	{
		const LiteStatement *s = &plan->statements[i];
		char *told;

		if (s->phase == LITE_PHASE_DATA)
			continue;
		if (s->phase != phase)
			element(out, "<p class=tag>", lite_phase_name(s->phase), "</p>");
		phase = s->phase;
		told = ui_words(s->sql, true);
		element(out, "<pre>", told, "");
		if (loader->statement_seconds[i] >= 0.01)
			sqlite3_str_appendf(out, "\n<span class=tag>%.2f s</span>",
								loader->statement_seconds[i]);
		raw(out, "</pre>");
		sqlite3_free(told);
	}
	raw(out, "</details>");
}

void
report_html(Report *report)
{
	sqlite3_str *out = report->out;
	const Loader *loader = report->loader;
	const char *base = strrchr(loader->options->file, '/');

	base = base ? base + 1 : loader->options->file;
	raw(out, "<!DOCTYPE html>\n<html lang=en><meta charset=utf-8><meta "
			 "name=viewport content=\"width=device-width,initial-scale=1\">");
	element(out, "<title>", base, " into PostgreSQL</title><style>");
	raw(out, style);
	element(out, "</style><main><h1>", base, " → ");
	element(out, "schema ", loader->options->schema, "</h1>");
	element(out, "<p class=soft>", loader->options->file, "</p>");
	put_state(report);
	put_tiles(report);
	put_time(report);
	if (loader->plan && loader->tables)
	{
		put_tables(report);
		put_findings(report);
		put_columns(report);
		put_statements(report);
	}
	raw(out,
		"<p class=soft style=\"margin-top:3rem\">sqlite2pg " LOADER_VERSION
		"</p></main></html>\n");
}
