/*
 * report.c
 *	  --report: what was loaded, decided, found and proven, in one file.
 *
 * This file gathers; report_json.c and report_html.c write.  The file is
 * written beside its name and then renamed, so that a report is whole or not
 * there.
 */
#include "report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
report_phases(const Loader *loader, ReportPhase *phases)
{
	const ReportPhase all[REPORT_PHASES] = {
		{"plan", loader->plan_seconds},		{"load", loader->load_seconds},
		{"verify", loader->verify_seconds}, {"indexes", loader->index_seconds},
		{"move", loader->move_seconds},
	};

	memcpy(phases, all, sizeof(all));
}

/* In the program's words, in the arena. */
static const char *
words(Report *report, const char *text)
{
	char *told = text ? ui_words(text, true) : NULL;
	const char *kept = told ? lite_arena_strdup(report->arena, told) : NULL;

	sqlite3_free(told);
	return kept;
}

static void
add_finding(Report *report, LiteSeverity severity, const char *code,
			const char *table, const char *object, const char *text,
			const char *advice)
{
	ReportFinding *f = &report->findings[report->nfindings++];

	f->number = report->nfindings;
	f->severity = severity;
	f->code = code;
	f->table = table;
	f->object = object;
	f->text = words(report, text);
	f->advice = words(report, advice);
}

/* By severity, the worst first, then by kind; else as they were made. */
static int
compare_findings(const void *a, const void *b)
{
	const ReportFinding *x = a;
	const ReportFinding *y = b;
	int order;

	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	order = strcmp(x->code, y->code);
	return order != 0 ? order : x->number - y->number;
}

static bool
gather(Report *report)
{
	const Loader *loader = report->loader;
	const LitePlan *plan = loader->plan;
	int n = 0;

	if (plan == NULL)
		return true;
	for (const RunFinding *f = loader->findings; f; f = f->next)
		n++;
	report->findings = lite_arena_newarray(report->arena, ReportFinding,
										   (size_t) (n + plan->nfindings + 1));
	if (report->findings == NULL)
		return false;
	for (const RunFinding *f = loader->findings; f; f = f->next)
		add_finding(report, f->severity, f->code, f->table, f->object, f->text,
					NULL);
	for (int i = 0; i < plan->nfindings; i++)
	{
		const LiteFinding *f = &plan->findings[i];

		add_finding(report, f->severity, f->code, f->table, f->object, f->text,
					f->advice);
	}
	qsort(report->findings, (size_t) report->nfindings, sizeof(ReportFinding),
		  compare_findings);
	for (int i = 0; i < plan->ntables && loader->tables; i++)
	{
		TableRun *run = &loader->tables[i];

		if (run->skip)
			continue;
		report->ntables++;
		report->nverified += run->verified;
		report->rows += atomic_load(&run->rows);
		report->rejected += run->rejected;
		report->nulled += run->nulled;
	}
	report->seconds = now_seconds() - loader->started;
	return !lite_arena_failed(report->arena);
}

static bool
write_file(const char *path, const char *text, size_t len, Failure *problem)
{
	char *name = sqlite3_mprintf("%s.tmp%d", path, (int) getpid());
	FILE *file = name ? fopen(name, "wb") : NULL;
	bool ok = false;

	if (file)
	{
		ok = fwrite(text, 1, len, file) == len;
		ok = fclose(file) == 0 && ok;
		ok = ok && rename(name, path) == 0;
	}
	if (!ok)
	{
		fail(problem, EXIT_USAGE, "could not write the report %s: %s", path,
			 strerror(errno));
		if (name)
			unlink(name);
	}
	sqlite3_free(name);
	return ok;
}

bool
report_write(Loader *loader, const char *path, int exit_code,
			 const Failure *failure, Failure *problem)
{
	Report report;
	const char *dot = strrchr(path, '.');
	char *text;
	size_t len;
	bool ok;

	memset(&report, 0, sizeof(report));
	report.loader = loader;
	report.exit_code = exit_code;
	report.outcome = options_exit_words(exit_code);
	report.failure = failure;
	report.arena = lite_arena_create(0);
	if (report.arena == NULL || !gather(&report))
	{
		lite_arena_free(report.arena);
		return fail_memory(problem);
	}
	report.out = sqlite3_str_new(NULL);
	if (dot && strcmp(dot, ".html") == 0)
		report_html(&report);
	else
		report_json(&report);
	len = (size_t) sqlite3_str_length(report.out);
	text = sqlite3_str_finish(report.out);
	ok = text ? write_file(path, text, len, problem) : fail_memory(problem);
	sqlite3_free(text);
	lite_arena_free(report.arena);
	return ok;
}
