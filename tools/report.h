/*
 * report.h
 *	  What both kinds of report are made of.
 */
#ifndef TOOL_REPORT_H
#define TOOL_REPORT_H

#include "loader.h"

/* One finding of the plan or of the run, in the words of this program. */
typedef struct ReportFinding
{
	int number;
	LiteSeverity severity;
	const char *code;
	const char *table;
	const char *object;
	const char *text;
	const char *advice;
} ReportFinding;

typedef struct Report
{
	Loader *loader;
	int exit_code;
	const char *outcome; /* of the exit code, in words */
	const Failure *failure;
	sqlite3_str *out;
	LiteArena *arena;
	int nfindings;
	ReportFinding *findings; /* by severity and code */
	int64_t rows;
	int64_t rejected;
	int64_t nulled;
	int ntables; /* loaded, not skipped */
	int nverified;
	double seconds;
} Report;

typedef struct ReportPhase
{
	const char *name;
	double seconds;
} ReportPhase;

#define REPORT_PHASES 5

extern void report_phases(const Loader *loader, ReportPhase *phases);

extern void report_json(Report *report);
extern void report_html(Report *report);

#endif /* TOOL_REPORT_H */
