/*
 * ui.c
 *	  What the program says, and how.
 *
 * Results of a question (--dry-run) go to standard output.  All else is talk
 * about the work and goes to standard error: on a terminal one line that is
 * redrawn every second, in a log a plain line now and then.  Names and values
 * of a file go through ui_words(): a hostile file does not get to write to the
 * terminal.
 */
#include "loader.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Seconds between two lines of progress where there is no terminal. */
#define LOG_INTERVAL 10.0

static int verbosity;
static bool terminal;
static bool line_open; /* a progress line stands without its newline */
static double last_log;
static pthread_mutex_t ui_lock = PTHREAD_MUTEX_INITIALIZER;

double
now_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

void
ui_begin(const Options *options)
{
	const char *term = getenv("TERM");

	verbosity = options->verbosity;
	terminal = isatty(STDERR_FILENO) && !(term && strcmp(term, "dumb") == 0);
	last_log = now_seconds();
}

/* ------------------------------------------------------------------------
 * Words
 * ------------------------------------------------------------------------ */

static const char *staging_name; /* what it says, and what is meant */
static const char *schema_name;

void
ui_names(const char *staging, const char *schema)
{
	staging_name = staging;
	schema_name = schema;
}

/*
 * The core words its advice for SQL: "types => '...'" is "--types='...'"
 * here.  Returns the length of what was read, 0 if this is no option.
 */
static size_t
put_option(sqlite3_str *out, const char *text)
{
	size_t word = strspn(text, "abcdefghijklmnopqrstuvwxyz_");

	if (word == 0 || strncmp(text + word, " => '", 5) != 0)
		return 0;
	sqlite3_str_appendall(out, "--");
	for (size_t i = 0; i < word; i++)
		sqlite3_str_appendchar(out, 1, text[i] == '_' ? '-' : text[i]);
	sqlite3_str_appendall(out, "='");
	return word + 5;
}

/*
 * A text of the core or the server as it is told to people: in the words of
 * this program, without a byte that a
 * terminal would obey.  rename: with the target schema's name instead of the
 * staging schema's.  sqlite3_free() it; NULL if there is no memory.
 */
char *
ui_words(const char *text, bool rename)
{
	sqlite3_str *out = sqlite3_str_new(NULL);
	size_t nstaging = rename && staging_name ? strlen(staging_name) : 0;
	bool fresh = true; /* at the beginning of a word */

	while (*text)
	{
		unsigned char c = (unsigned char) *text;
		size_t len = fresh ? put_option(out, text) : 0;

		if (len == 0 && fresh && nstaging > 0 &&
			strncmp(text, staging_name, nstaging) == 0)
		{
			sqlite3_str_appendall(out, schema_name);
			len = nstaging;
		}
		if (len == 0)
		{
			/* C1 controls are two bytes, the first of them 0xc2 */
			bool c1 = c == 0xc2 && (unsigned char) text[1] >= 0x80 &&
					  (unsigned char) text[1] < 0xa0;

			if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f || c1)
				sqlite3_str_appendf(out, "\\x%02X", c);
			else
				sqlite3_str_appendchar(out, 1, (char) c);
			len = 1;
		}
		text += len;
		c = (unsigned char) text[-1];
		fresh = !(c == '_' || c >= 0x80 || (c >= '0' && c <= '9') ||
				  (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'));
	}
	return sqlite3_str_finish(out);
}

static void
put_words(FILE *file, const char *text)
{
	char *words = ui_words(text, false);

	if (words)
		fputs(words, file);
	sqlite3_free(words);
}

/* ------------------------------------------------------------------------
 * Lines
 * ------------------------------------------------------------------------ */

static void
close_line(void)
{
	if (line_open)
		fputs("\r\033[K", stderr);
	line_open = false;
}

static void say(const char *prefix, const char *fmt, va_list args)
	LITE_PRINTF(2, 0);

static void
say(const char *prefix, const char *fmt, va_list args)
{
	char *text = sqlite3_vmprintf(fmt, args);

	pthread_mutex_lock(&ui_lock);
	close_line();
	fputs(prefix, stderr);
	if (text)
		put_words(stderr, text);
	sqlite3_free(text);
	fputc('\n', stderr);
	fflush(stderr);
	pthread_mutex_unlock(&ui_lock);
}

void
ui_info(const char *fmt, ...)
{
	va_list args;

	if (verbosity < 0)
		return;
	va_start(args, fmt);
	say("", fmt, args);
	va_end(args);
}

void
ui_detail(const char *fmt, ...)
{
	va_list args;

	if (verbosity < 1)
		return;
	va_start(args, fmt);
	say("", fmt, args);
	va_end(args);
}

void
ui_warning(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	say("sqlite2pg: warning: ", fmt, args);
	va_end(args);
}

/* A slot of several lines, each under the label. */
static void
print_slot(const char *label, const char *slot)
{
	char *words = ui_words(slot, false);
	const char *text = words ? words : "";

	while (*text)
	{
		size_t len = strcspn(text, "\n");

		fprintf(stderr, "%s%.*s\n", label, (int) len, text);
		text += len;
		if (*text == '\n')
			text++;
		label = "          ";
	}
	sqlite3_free(words);
}

void
ui_failure(const Failure *failure)
{
	const LiteError *error = &failure->error;

	pthread_mutex_lock(&ui_lock);
	close_line();
	fputs("sqlite2pg: error: ", stderr);
	put_words(stderr, error->message);
	fputc('\n', stderr);
	print_slot("DETAIL:   ", error->detail);
	print_slot("CONTEXT:  ", error->context);
	print_slot("HINT:     ", error->hint);
	fflush(stderr);
	pthread_mutex_unlock(&ui_lock);
}

/* 1234567 as "1,234,567". */
char *
ui_count(char *buf, size_t size, int64_t n)
{
	char digits[32];
	size_t len, out = 0;

	sqlite3_snprintf(sizeof(digits), digits, "%lld", (sqlite3_int64) n);
	len = strlen(digits);
	for (size_t i = 0; i < len && out + 2 < size; i++)
	{
		if (i > 0 && (len - i) % 3 == 0 && digits[i - 1] != '-')
			buf[out++] = ',';
		buf[out++] = digits[i];
	}
	buf[out] = '\0';
	return buf;
}

static void
duration(char *buf, size_t size, double seconds)
{
	long s = lround(seconds);

	if (s >= 3600)
		snprintf(buf, size, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
	else
		snprintf(buf, size, "%ld:%02ld", s / 60, s % 60);
}

/* "loading  41%  1,234,567 rows  523,000 rows/s  61.0 MB/s  eta 0:03" */
static void
progress_text(Loader *loader, char *buf, size_t size)
{
	double elapsed = now_seconds() - loader->stage_started;
	int64_t rows = atomic_load(&loader->rows_done);
	int64_t fresh = rows - loader->rows_resumed;
	double bytes = (double) atomic_load(&loader->bytes_done);
	char count[40], rate[40], eta[32];
	size_t n;

	if (elapsed <= 0)
		elapsed = 1e-3;
	if (loader->rows_expected == 0)
	{
		snprintf(buf, size, "%s  %d of %d", loader->stage,
				 atomic_load(&loader->units_done), loader->units_total);
		return;
	}
	n = (size_t) snprintf(
		buf, size, "%s  %3.0f%%  %s rows  %s rows/s", loader->stage,
		fmin(100.0, 100.0 * (double) rows / (double) loader->rows_expected),
		ui_count(count, sizeof(count), rows),
		ui_count(rate, sizeof(rate), (int64_t) ((double) fresh / elapsed)));
	if (bytes > 0 && n < size)
		n += (size_t) snprintf(buf + n, size - n, "  %.1f MB/s",
							   bytes / elapsed / 1e6);
	if (fresh > 0 && rows < loader->rows_expected && n < size)
	{
		duration(eta, sizeof(eta),
				 (double) (loader->rows_expected - rows) * elapsed /
					 (double) fresh);
		snprintf(buf + n, size - n, "  eta %s", eta);
	}
}

void
ui_progress(Loader *loader)
{
	char text[200];
	double now = now_seconds();

	if (verbosity < 0)
		return;
	if (!terminal && now - last_log < LOG_INTERVAL)
		return;
	last_log = now;
	progress_text(loader, text, sizeof(text));
	pthread_mutex_lock(&ui_lock);
	if (terminal)
	{
		fprintf(stderr, "\r\033[K%.79s", text);
		line_open = true;
	}
	else
		fprintf(stderr, "%s\n", text);
	fflush(stderr);
	pthread_mutex_unlock(&ui_lock);
}

void
ui_progress_end(void)
{
	pthread_mutex_lock(&ui_lock);
	close_line();
	fflush(stderr);
	pthread_mutex_unlock(&ui_lock);
}

/* ------------------------------------------------------------------------
 * The plan and the summary
 * ------------------------------------------------------------------------ */

static void
print_comment(const char *comment)
{
	char *words = comment ? ui_words(comment, true) : NULL;

	for (const char *text = words; text && *text;)
	{
		size_t len = strcspn(text, "\n");

		printf("-- %.*s\n", (int) len, text);
		text += len;
		if (*text == '\n')
			text++;
	}
	sqlite3_free(words);
}

static void
print_finding(LiteSeverity severity, const char *table, const char *object,
			  const char *text, const char *advice)
{
	char *line =
		sqlite3_mprintf("%s: %s%s%s%s%s%s", lite_severity_name(severity),
						table ? table : "", table && object ? ", " : "",
						object ? object : "", table || object ? ": " : "",
						text, "");

	print_comment(line);
	sqlite3_free(line);
	if (advice)
	{
		line = sqlite3_mprintf("    advice: %s", advice);
		print_comment(line);
		sqlite3_free(line);
	}
}

/* The plan as a script with comments: what psql could run, but for rows. */
void
ui_plan(const LitePlan *plan)
{
	LitePhase phase = (LitePhase) -1;

	for (int i = 0; i < plan->nfindings; i++)
	{
		const LiteFinding *f = &plan->findings[i];

		print_finding(f->severity, f->table, f->object, f->text, f->advice);
	}
	for (int i = 0; i < plan->nstatements; i++)
	{
		const LiteStatement *s = &plan->statements[i];

		if (s->phase != phase)
			printf("\n-- %s\n", lite_phase_name(s->phase));
		phase = s->phase;
		if (s->phase == LITE_PHASE_DATA)
		{
			const LitePlanTable *table = &plan->tables[s->table];
			char *line;

			if (table->profile && table->profile->whole)
				line = sqlite3_mprintf("rows of %s: %lld", table->qualified,
									   (sqlite3_int64) table->profile->rows);
			else
				line = sqlite3_mprintf("rows of %s", table->qualified);
			print_comment(line);
			sqlite3_free(line);
			continue;
		}
		/* into a file it goes as it is, to be run */
		if (isatty(STDOUT_FILENO))
			put_words(stdout, s->sql);
		else
			fputs(s->sql, stdout);
		fputs(";\n", stdout);
	}
	fflush(stdout);
}

/* A finding, while or after loading. */
void
ui_finding(LiteSeverity severity, const char *table, const char *object,
		   const char *text)
{
	char *words = ui_words(text, true);

	const char *where = object ? object : table ? table : "the file";

	if (severity == LITE_SEVERITY_INFO)
		ui_detail("%s: %s: %s", lite_severity_name(severity), where,
				  words ? words : text);
	else
		ui_info("%s: %s: %s", lite_severity_name(severity), where,
				words ? words : text);
	sqlite3_free(words);
}

/* Findings of one kind that are told one by one: the rest is a number. */
#define TELL_MAX 3
#define TELL_BYTES 200
#define MAX_KINDS 100

typedef struct FindingKind
{
	LiteSeverity severity;
	const char *code;
	int count;
} FindingKind;

/* The kind's count, which begins at 0; kinds are few, findings may be many. */
static int *
kind_count(FindingKind *kinds, int *nkinds, const LiteFinding *f)
{
	for (int i = 0; i < *nkinds; i++)
	{
		if (kinds[i].severity == f->severity &&
			strcmp(kinds[i].code, f->code) == 0)
			return &kinds[i].count;
	}
	if (*nkinds < MAX_KINDS)
		*nkinds += 1;
	kinds[*nkinds - 1].severity = f->severity;
	kinds[*nkinds - 1].code = f->code;
	kinds[*nkinds - 1].count = 0;
	return &kinds[*nkinds - 1].count;
}

/*
 * The plan's findings before the load.  A file with 396 triggers gets three
 * lines and a number, unless --verbose: the report has them all.
 */
void
ui_findings(const LitePlan *plan)
{
	FindingKind kinds[MAX_KINDS];
	int nkinds = 0;

	for (int i = 0; i < plan->nfindings; i++)
	{
		const LiteFinding *f = &plan->findings[i];
		char clipped[TELL_BYTES];

		if (verbosity > 0)
			ui_finding(f->severity, f->table, f->object, f->text);
		else if (f->severity != LITE_SEVERITY_INFO &&
				 ++*kind_count(kinds, &nkinds, f) <= TELL_MAX)
			ui_finding(f->severity, f->table, f->object,
					   lite_text_clip(clipped, sizeof(clipped), f->text,
									  strlen(f->text)));
	}
	for (int i = 0; i < nkinds; i++)
	{
		if (kinds[i].count > TELL_MAX)
			ui_info("%s: and %d more of \"%s\": --verbose and --report tell "
					"all",
					lite_severity_name(kinds[i].severity),
					kinds[i].count - TELL_MAX, kinds[i].code);
	}
}

static void
say_table(const LitePlanTable *table, const TableRun *run)
{
	char rows[40];
	char name[200];
	char extra[80] = "";

	lite_text_clip(name, sizeof(name), table->name, strlen(table->name));
	if (run->rejected > 0 || run->nulled > 0)
		sqlite3_snprintf(sizeof(extra), extra, ", %lld rejected, %lld nulled",
						 (sqlite3_int64) run->rejected,
						 (sqlite3_int64) run->nulled);
	ui_info("  %-32s %14s rows%s%s%s", name,
			ui_count(rows, sizeof(rows), atomic_load(&run->rows)), extra,
			run->detail[0] ? ", " : "", run->detail);
}

void
ui_summary(Loader *loader)
{
	const LitePlan *plan = loader->plan;
	int64_t rows = 0;
	char count[40];

	for (int i = 0; i < plan->ntables; i++)
	{
		const TableRun *run = &loader->tables[i];

		if (run->skip)
			continue;
		rows += atomic_load(&run->rows);
		say_table(&plan->tables[i], run);
	}
	for (const RunFinding *f = loader->findings; f; f = f->next)
	{
		if (f->severity != LITE_SEVERITY_INFO)
			ui_finding(f->severity, f->table, f->object, f->text);
	}
	ui_info("%s rows in %.1f s (plan %.1f, load %.1f, verify %.1f, indexes "
			"%.1f, move %.1f)",
			ui_count(count, sizeof(count), rows),
			now_seconds() - loader->started, loader->plan_seconds,
			loader->load_seconds, loader->verify_seconds,
			loader->index_seconds, loader->move_seconds);
}
