/*
 * findings.c
 *	  What a person should know about an import.
 *
 * A finding is one sentence about one object, with a word that programs can
 * rely on.  Values of the file are clipped and made printable before they
 * come into a sentence.
 */
#include <stdarg.h>
#include <string.h>

#include "core/planner.h"

/* Names of a file may be any bytes; what is shown is UTF-8. */
static const char *
printable(LitePlanner *planner, const char *text)
{
	bool has_nul;

	if (text == NULL || lite_utf8_valid(text, strlen(text), &has_nul))
		return text;
	return lite_find_clip(planner, text, 1024);
}

void
lite_find(LitePlanner *planner, LiteSeverity severity, const char *code,
		  const char *table, const char *object, const char *advice,
		  const char *fmt, ...)
{
	LitePlan *plan = planner->plan;
	LiteFinding *finding;
	va_list args;
	char *text;

	plan->findings =
		lite_arena_grow(planner->arena, plan->findings, plan->nfindings,
						&planner->findings_capacity, sizeof(*plan->findings));
	if (plan->findings == NULL)
	{
		plan->nfindings = 0;
		return;
	}
	va_start(args, fmt);
	text = sqlite3_vmprintf(fmt, args);
	va_end(args);
	finding = &plan->findings[plan->nfindings++];
	memset(finding, 0, sizeof(*finding));
	finding->severity = severity;
	finding->code = code;
	finding->table = printable(planner, table);
	finding->object = printable(planner, object);
	finding->advice = printable(planner, advice);
	finding->text =
		printable(planner,
				  lite_arena_strdup(planner->arena, text != NULL ? text : ""));
	sqlite3_free(text);
}

const char *
lite_find_clip(LitePlanner *planner, const char *text, size_t size)
{
	char line[1024];
	char buf[1024];
	size_t used = 0;
	bool space = false;

	if (text == NULL)
		return "";
	if (size > sizeof(buf))
		size = sizeof(buf);
	/* one line: what is SQL may have been written on many */
	for (; *text != '\0' && used + 2 < sizeof(line); text++)
	{
		if (*text == ' ' || (*text >= '\t' && *text <= '\r'))
		{
			space = used > 0;
			continue;
		}
		if (space)
			line[used++] = ' ';
		space = false;
		line[used++] = *text;
	}
	return lite_arena_strdup(planner->arena,
							 lite_text_clip(buf, size, line, used));
}

const char *
lite_find_column(LitePlanner *planner, const LiteTable *table, int column)
{
	return lite_arena_printf(planner->arena, "%s.%s", table->name,
							 table->columns[column].name);
}

const char *
lite_severity_name(LiteSeverity severity)
{
	switch (severity)
	{
		case LITE_SEVERITY_INFO:
			return "info";
		case LITE_SEVERITY_WARNING:
			return "warning";
		case LITE_SEVERITY_ERROR:
			return "error";
	}
	return "unknown";
}

const char *
lite_phase_name(LitePhase phase)
{
	switch (phase)
	{
		case LITE_PHASE_SCHEMA:
			return "schema";
		case LITE_PHASE_TABLE:
			return "table";
		case LITE_PHASE_DATA:
			return "data";
		case LITE_PHASE_INDEX:
			return "index";
		case LITE_PHASE_CHECK:
			return "check";
		case LITE_PHASE_FOREIGN_KEY:
			return "foreign key";
		case LITE_PHASE_SEQUENCE:
			return "sequence";
		case LITE_PHASE_VIEW:
			return "view";
		case LITE_PHASE_COMMENT:
			return "comment";
		case LITE_PHASE_ANALYZE:
			return "analyze";
	}
	return "unknown";
}
