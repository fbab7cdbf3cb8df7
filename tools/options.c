/*
 * options.c
 *	  The command line: one table for getopt, --help and the man page.
 *
 * The words are those of sqlite_import()'s arguments, with dashes.  Each
 * option is one line of option_table; its number is what parse_one()
 * switches on.  The man page (doc/sqlite2pg.1) is the output of the hidden
 * option --man-page, and a test holds the two together.
 */
#include "loader.h"

#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <stdio.h>

typedef enum OptionId
{
	OPTION_SCHEMA = 256,
	OPTION_TABLES,
	OPTION_EXCLUDE,
	OPTION_IF_EXISTS,
	OPTION_SCHEMA_ONLY,
	OPTION_DATA_ONLY,
	OPTION_TYPES,
	OPTION_INFER,
	OPTION_SAMPLE,
	OPTION_IDENTIFIERS,
	OPTION_TIME_ZONE,
	OPTION_ON_ERROR,
	OPTION_SEARCH,
	OPTION_DOCUMENTS,
	OPTION_JOBS,
	OPTION_BUSY_TIMEOUT,
	OPTION_NO_VERIFY,
	OPTION_VERIFY,
	OPTION_RESUME,
	OPTION_RESTART,
	OPTION_DRY_RUN,
	OPTION_SQL,
	OPTION_REPORT,
	OPTION_QUIET,
	OPTION_VERBOSE,
	OPTION_HELP,
	OPTION_VERSION,
	OPTION_MAN_PAGE
} OptionId;

typedef struct OptionRow
{
	const char *group; /* opens a group, if not NULL */
	int id;
	char letter; /* 0: none */
	const char *name;
	const char *argument; /* NULL: none */
	const char *help;	  /* lines separated by newlines */
} OptionRow;

static const OptionRow option_table[] = {
	{"What to load", OPTION_SCHEMA, 'n', "schema", "NAME",
	 "target schema (default: the file's name)"},
	{NULL, OPTION_TABLES, 't', "tables", "LIST",
	 "only these tables, separated by commas; repeatable"},
	{NULL, OPTION_EXCLUDE, 'T', "exclude", "LIST",
	 "all tables but these; repeatable"},
	{NULL, OPTION_IF_EXISTS, 0, "if-exists", "WHAT",
	 "of a table that is there already: error (default),\n"
	 "replace, append or skip"},
	{NULL, OPTION_SCHEMA_ONLY, 's', "schema-only", NULL,
	 "tables, keys, indexes and views, but no rows"},
	{NULL, OPTION_DATA_ONLY, 'a', "data-only", NULL,
	 "rows only, into tables that exist"},

	{"What becomes of it", OPTION_TYPES, 0, "types", "JSON",
	 "types that you decide:\n"
	 "'{\"messages.tags\":\"jsonb\",\"docs.secret\":\"boolean\"}'"},
	{NULL, OPTION_INFER, 0, "infer", "HOW",
	 "decide types by what is declared, by the values\n"
	 "(default), or eager: take every suggestion"},
	{NULL, OPTION_SAMPLE, 0, "sample", "ROWS",
	 "look at this many rows of each table to decide types;\n"
	 "0 (default): at all; a value that surprises makes the\n"
	 "load begin again and look at all"},
	{NULL, OPTION_IDENTIFIERS, 0, "identifiers", "HOW",
	 "fold names to lower case (default), or keep them"},
	{NULL, OPTION_TIME_ZONE, 0, "time-zone", "ZONE",
	 "zone of times written without one (default: UTC)"},
	{NULL, OPTION_ON_ERROR, 0, "on-error", "WHAT",
	 "of a value that fits no type: stop (default), reject\n"
	 "its row into a table of rejects, or load null"},
	{NULL, OPTION_SEARCH, 0, "search", "JSON",
	 "full-text search columns:\n"
	 "'{\"messages\":{\"columns\":[\"title:A\",\"content:B\"],\n"
	 "\"config\":\"english\"}}'"},
	{NULL, OPTION_DOCUMENTS, 0, "documents", "LIST",
	 "tables to load as a key and a jsonb document; *: all"},

	{"How to load it", OPTION_JOBS, 'j', "jobs", "N",
	 "connections to load over (default: 1)"},
	{NULL, OPTION_BUSY_TIMEOUT, 0, "busy-timeout", "MS",
	 "wait this long for a locked file (default: 5000)"},
	{NULL, OPTION_NO_VERIFY, 0, "no-verify", NULL,
	 "do not read the rows back to compare checksums"},
	{NULL, OPTION_RESUME, 0, "resume", NULL,
	 "go on with a load that was interrupted"},
	{NULL, OPTION_RESTART, 0, "restart", NULL,
	 "forget a load that was interrupted, begin anew"},

	{"Instead of loading", OPTION_DRY_RUN, 0, "dry-run", NULL,
	 "print the plan and the findings; writes nothing, and\n"
	 "needs no server"},
	{NULL, OPTION_SQL, 0, "sql", NULL,
	 "write the load as a script for psql to standard\n"
	 "output; needs no server"},
	{NULL, OPTION_VERIFY, 0, "verify", NULL,
	 "compare the file with the schema as it is now"},

	{"What to say", OPTION_REPORT, 0, "report", "FILE",
	 "write a report; FILE.html is a page, FILE.json data;\n"
	 "repeatable"},
	{NULL, OPTION_QUIET, 'q', "quiet", NULL, "say nothing but errors"},
	{NULL, OPTION_VERBOSE, 'v', "verbose", NULL,
	 "say every statement and every finding"},
	{NULL, OPTION_HELP, '?', "help", NULL, "show this help, then exit"},
	{NULL, OPTION_VERSION, 'V', "version", NULL,
	 "show the version, then exit"},
	{NULL, OPTION_MAN_PAGE, 0, "man-page", NULL, NULL},
};

#define NOPTIONS ((int) (sizeof(option_table) / sizeof(option_table[0])))

typedef struct ExitRow
{
	ExitCode code;
	const char *help;
} ExitRow;

static const ExitRow exit_table[] = {
	{EXIT_LOADED, "every row is in, and verified unless --no-verify"},
	{EXIT_USAGE, "the options make no sense"},
	{EXIT_CONNECTION, "the server cannot be reached, or was lost"},
	{EXIT_SOURCE, "the file cannot be read"},
	{EXIT_TARGET, "the server refused a statement"},
	{EXIT_INCOMPLETE, "loaded, but for what was rejected, nulled or lost"},
	{EXIT_VERIFICATION, "file and target differ"},
	{EXIT_MISFIT, "a value does not fit its type; nothing was loaded"},
	{EXIT_INTERRUPTED, "interrupted"},
};

#define NEXITS ((int) (sizeof(exit_table) / sizeof(exit_table[0])))

const char *
options_exit_words(int code)
{
	for (int i = 0; i < NEXITS; i++)
	{
		if ((int) exit_table[i].code == code)
			return exit_table[i].help;
	}
	return "";
}

/* ------------------------------------------------------------------------
 * --help and the man page
 * ------------------------------------------------------------------------ */

static void
print_option(const OptionRow *row)
{
	char left[64];
	const char *line = row->help;

	snprintf(left, sizeof(left), "  %c%c%s --%s%s%s", row->letter ? '-' : ' ',
			 row->letter ? row->letter : ' ', row->letter ? "," : " ",
			 row->name, row->argument ? "=" : "",
			 row->argument ? row->argument : "");
	printf("%-26s", left);
	for (;;)
	{
		size_t len = strcspn(line, "\n");

		printf("%s%.*s\n",
			   line == row->help ? " " : "                           ",
			   (int) len, line);
		if (line[len] == '\0')
			break;
		line += len + 1;
	}
}

static void
print_help(void)
{
	printf("sqlite2pg loads a SQLite file into a PostgreSQL database: its "
		   "tables with their\nkeys, indexes, JSON and full-text search, "
		   "all or nothing, and proves it.\n\n"
		   "Usage:\n  sqlite2pg [OPTION]... FILE [CONNINFO]\n\n"
		   "CONNINFO is a libpq connection string or URI; what it leaves "
		   "open comes from\nPGHOST, PGDATABASE and the other PG* "
		   "variables, or a service file.\n");
	for (int i = 0; i < NOPTIONS; i++)
	{
		if (option_table[i].help == NULL)
			continue;
		if (option_table[i].group)
			printf("\n%s:\n", option_table[i].group);
		print_option(&option_table[i]);
	}
	printf("\nExit status:\n");
	for (int i = 0; i < NEXITS; i++)
		printf("  %3d  %s\n", (int) exit_table[i].code, exit_table[i].help);
	printf("\nExamples:\n"
		   "  sqlite2pg app.db postgresql://host/db --schema app --jobs 4\n"
		   "  sqlite2pg app.db --dry-run\n"
		   "  sqlite2pg app.db service=prod --schema app --verify\n");
}

/* Text for roff: backslashes, and the characters that begin a request. */
static void
print_roff(const char *text)
{
	bool fresh = true;

	for (const char *c = text; *c; c++)
	{
		if (*c == '\\')
			fputs("\\e", stdout);
		else if (*c == '-')
			fputs("\\-", stdout);
		else if ((*c == '.' || *c == '\'') && fresh)
			printf("\\&%c", *c);
		else if (*c == '"')
			fputs("\\(dq", stdout);
		else
			putchar(*c);
		fresh = *c == '\n';
	}
}

static void
print_man_page(void)
{
	printf(".\\\" Written by sqlite2pg --man-page; change tools/options.c.\n"
		   ".TH SQLITE2PG 1 \"\" \"sqlite_fdw_lite " LOADER_VERSION "\"\n"
		   ".SH NAME\nsqlite2pg \\- load a SQLite file into PostgreSQL\n"
		   ".SH SYNOPSIS\n.B sqlite2pg\n"
		   "[\\fIOPTION\\fR]... \\fIFILE\\fR [\\fICONNINFO\\fR]\n"
		   ".SH DESCRIPTION\n"
		   "Loads the tables of a SQLite file into a PostgreSQL database, "
		   "with their keys, indexes, checks, views, JSON and full\\-text "
		   "search.\nThe file is read in one snapshot and never written.\n"
		   "\\fICONNINFO\\fR is a libpq connection string or URI; what it "
		   "leaves open comes from the \\fBPG*\\fR variables or a service "
		   "file.\n.PP\n"
		   "Rows go into a staging schema, \\fISCHEMA\\fR__sqlite2pg, "
		   "first.  When all is built and verified, one transaction moves "
		   "the tables to their place, so that readers see all or "
		   "nothing.\nA load that was interrupted leaves the staging "
		   "schema behind: \\fB\\-\\-resume\\fR goes on with it, "
		   "\\fB\\-\\-restart\\fR forgets it.\n"
		   ".PP\nThe role needs the right to create a schema in the "
		   "database, or to create tables where it loads.\n"
		   ".SH OPTIONS\n");
	for (int i = 0; i < NOPTIONS; i++)
	{
		const OptionRow *row = &option_table[i];

		if (row->help == NULL)
			continue;
		if (row->group)
			printf(".SS %s\n", row->group);
		printf(".TP\n");
		if (row->letter)
			printf("\\fB\\-%c\\fR, ", row->letter);
		printf("\\fB\\-\\-");
		print_roff(row->name);
		printf("\\fR%s%s%s\n", row->argument ? "=\\fI" : "",
			   row->argument ? row->argument : "",
			   row->argument ? "\\fR" : "");
		print_roff(row->help);
		putchar('\n');
	}
	printf(".SH EXIT STATUS\n");
	for (int i = 0; i < NEXITS; i++)
	{
		printf(".TP\n\\fB%d\\fR\n", (int) exit_table[i].code);
		print_roff(exit_table[i].help);
		putchar('\n');
	}
	printf(".SH SEE ALSO\n.BR psql (1),\n.BR sqlite3 (1)\n");
}

/* ------------------------------------------------------------------------
 * Parsing
 * ------------------------------------------------------------------------ */

static bool
wrong(const char *fmt, const char *a, const char *b)
{
	fputs("sqlite2pg: ", stderr);
	fprintf(stderr, fmt, a, b);
	fputs("\nsqlite2pg: try --help\n", stderr);
	return false;
}

static void *
need(void *p)
{
	if (p == NULL)
	{
		fputs("sqlite2pg: out of memory\n", stderr);
		exit(EXIT_SOURCE);
	}
	return p;
}

/* Adds "a,b\,c" to a list: a backslash keeps a comma in a name. */
static void
add_names(const char *text, const char *const **list, int *count)
{
	const char **names = (const char **) *list;

	for (const char *c = text;; c++)
	{
		char *name = need(malloc(strlen(c) + 1));
		size_t len = 0;

		for (; *c != '\0' && *c != ','; c++)
		{
			if (c[0] == '\\' && (c[1] == ',' || c[1] == '\\'))
				c++;
			name[len++] = *c;
		}
		name[len] = '\0';
		names = need(realloc(names, sizeof(*names) * (size_t) (*count + 1)));
		names[(*count)++] = name;
		if (*c == '\0')
			break;
	}
	*list = names;
}

static bool
parse_number(const char *name, const char *text, long long min, long long max,
			 long long *result)
{
	char *end;

	*result = strtoll(text, &end, 10);
	if (end == text || *end != '\0' || *result < min || *result > max)
		return wrong("--%s: \"%s\" is no number that it can be", name, text);
	return true;
}

static bool
parse_one(Options *o, int id, const char *arg)
{
	long long n;

	switch (id)
	{
		case OPTION_SCHEMA:
			o->schema = arg;
			return arg[0] != '\0' ||
				   wrong("--schema needs a name%s%s", "", "");
		case OPTION_TABLES:
			add_names(arg, &o->plan.tables, &o->plan.ntables);
			return true;
		case OPTION_EXCLUDE:
			add_names(arg, &o->plan.exclude, &o->plan.nexclude);
			return true;
		case OPTION_DOCUMENTS:
			add_names(arg, &o->plan.documents, &o->plan.ndocuments);
			return true;
		case OPTION_IF_EXISTS:
			return lite_if_exists_parse(arg, &o->plan.if_exists) ||
				   wrong("--if-exists: \"%s\" is none of error, replace, "
						 "append, skip%s",
						 arg, "");
		case OPTION_INFER:
			return lite_infer_parse(arg, &o->plan.infer) ||
				   wrong("--infer: \"%s\" is none of declared, values, "
						 "eager%s",
						 arg, "");
		case OPTION_ON_ERROR:
			return lite_on_error_parse(arg, &o->plan.on_error) ||
				   wrong("--on-error: \"%s\" is none of stop, reject, "
						 "null%s",
						 arg, "");
		case OPTION_IDENTIFIERS:
			o->plan.keep_identifiers = strcmp(arg, "keep") == 0;
			return o->plan.keep_identifiers || strcmp(arg, "fold") == 0 ||
				   wrong("--identifiers: \"%s\" is none of fold, keep%s", arg,
						 "");
		case OPTION_TYPES:
			o->plan.types = arg;
			return true;
		case OPTION_SEARCH:
			o->plan.search = arg;
			return true;
		case OPTION_TIME_ZONE:
			o->plan.time_zone = arg;
			return true;
		case OPTION_SAMPLE:
			if (!parse_number("sample", arg, 0, LLONG_MAX, &n))
				return false;
			o->plan.sample = n;
			o->sample_given = true;
			return true;
		case OPTION_JOBS:
			if (!parse_number("jobs", arg, 1, 64, &n))
				return false;
			o->jobs = (int) n;
			return true;
		case OPTION_BUSY_TIMEOUT:
			if (!parse_number("busy-timeout", arg, 0, INT_MAX, &n))
				return false;
			o->busy_timeout_ms = (int) n;
			return true;
		case OPTION_REPORT:
			if (o->nreports == (int) (sizeof(o->reports) / sizeof(char *)))
				return wrong("too many reports%s%s", "", "");
			{
				const char *dot = strrchr(arg, '.');

				if (dot == NULL ||
					(strcmp(dot, ".html") != 0 && strcmp(dot, ".json") != 0))
					return wrong("--report: \"%s\" ends neither in .html "
								 "nor in .json%s",
								 arg, "");
			}
			o->reports[o->nreports++] = arg;
			return true;
		case OPTION_SCHEMA_ONLY:
			o->schema_only = true;
			return true;
		case OPTION_DATA_ONLY:
			o->data_only = true;
			return true;
		case OPTION_NO_VERIFY:
			o->verify = false;
			return true;
		case OPTION_VERIFY:
			o->verify_only = true;
			return true;
		case OPTION_RESUME:
			o->resume = true;
			return true;
		case OPTION_RESTART:
			o->restart = true;
			return true;
		case OPTION_DRY_RUN:
			o->dry_run = true;
			return true;
		case OPTION_SQL:
			o->sql = true;
			return true;
		case OPTION_QUIET:
			o->verbosity = -1;
			return true;
		case OPTION_VERBOSE:
			o->verbosity = 1;
			return true;
		default:
			return false;
	}
}

/* The path as the core wants it.  What does not exist is its to report. */
static const char *
absolute_path(const char *path)
{
	char cwd[PATH_MAX];
	char *result = realpath(path, NULL);

	if (result)
		return result;
	if (path[0] == '/' || getcwd(cwd, sizeof(cwd)) == NULL)
		return path;
	result = need(malloc(strlen(cwd) + strlen(path) + 2));
	sprintf(result, "%s/%s", cwd, path);
	return result;
}

/* "/srv/My App.db" -> "my_app": the schema if none is named. */
static const char *
schema_of_file(const char *path)
{
	const char *base = strrchr(path, '/');
	char *name = need(strdup(base ? base + 1 : path));
	char *dot = strrchr(name, '.');

	if (dot && dot != name)
		*dot = '\0';
	for (char *c = name; *c; c++)
	{
		if (*c >= 'A' && *c <= 'Z')
			*c = (char) (*c - 'A' + 'a');
		else if (!((*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9')))
			*c = '_';
	}
	if (strlen(name) > 50)
		name[50] = '\0';
	return name[0] ? name : "sqlite";
}

static bool
check_together(const Options *o)
{
	if (o->schema_only && o->data_only)
		return wrong("%s and %s exclude each other", "--schema-only",
					 "--data-only");
	if (o->resume && o->restart)
		return wrong("%s and %s exclude each other", "--resume", "--restart");
	if (o->plan.ntables > 0 && o->plan.nexclude > 0)
		return wrong("%s and %s exclude each other", "--tables", "--exclude");
	if (o->dry_run && o->verify_only)
		return wrong("%s and %s exclude each other", "--dry-run", "--verify");
	if (o->sql && (o->dry_run || o->verify_only))
		return wrong("%s excludes %s", "--sql",
					 o->dry_run ? "--dry-run" : "--verify");
	if (o->sql && o->plan.on_error != LITE_ON_ERROR_STOP)
		return wrong("%s knows no other --on-error than stop%s", "--sql", "");
	if (strlen(o->schema) > 63)
		return wrong("the schema's name is longer than 63 bytes: %s%s",
					 o->schema, "");
	return true;
}

/* What getopt wants to know, out of our table. */
static void
describe_options(struct option *longs, char *shorts)
{
	size_t n = 0;

	/* getopt's own complaints are switched off by the leading ':' */
	shorts[n++] = ':';
	for (int i = 0; i < NOPTIONS; i++)
	{
		const OptionRow *row = &option_table[i];

		longs[i].name = row->name;
		longs[i].has_arg = row->argument ? required_argument : no_argument;
		longs[i].val = row->id;
		if (row->letter && row->letter != '?')
		{
			shorts[n++] = row->letter;
			if (row->argument)
				shorts[n++] = ':';
		}
	}
	shorts[n] = '\0';
}

/* getopt has said '?' or ':'. */
static OptionsOutcome
not_an_option(int c, const char *word)
{
	char letter[2] = {(char) optopt, '\0'};

	if (c == ':')
		wrong("option %s needs an argument%s", word, "");
	else if (optopt == '?')
	{
		print_help();
		return OPTIONS_DONE;
	}
	else if (optopt == 0)
		wrong("unknown or ambiguous option %s%s", word, "");
	else if (optopt > 255)
		wrong("option %s takes no argument%s", word, "");
	else
		wrong("unknown option -%s%s", letter, "");
	return OPTIONS_WRONG;
}

static OptionsOutcome
apply_option(Options *o, int c, const char *arg)
{
	for (int i = 0; c < 256 && i < NOPTIONS; i++)
	{
		if (option_table[i].letter == c)
			c = option_table[i].id;
	}
	switch (c)
	{
		case OPTION_HELP:
			print_help();
			return OPTIONS_DONE;
		case OPTION_MAN_PAGE:
			print_man_page();
			return OPTIONS_DONE;
		case OPTION_VERSION:
			printf("sqlite2pg (sqlite_fdw_lite) %s, SQLite %s, libpq %d\n",
				   LOADER_VERSION, sqlite3_libversion(), PQlibVersion());
			return OPTIONS_DONE;
		default:
			return parse_one(o, c, arg) ? OPTIONS_RUN : OPTIONS_WRONG;
	}
}

OptionsOutcome
options_parse(Options *o, int argc, char **argv)
{
	struct option longs[NOPTIONS + 1];
	char shorts[2 * NOPTIONS + 2];
	int c;

	memset(o, 0, sizeof(*o));
	memset(longs, 0, sizeof(longs));
	lite_plan_options_init(&o->plan);
	o->jobs = 1;
	o->verify = true;
	o->busy_timeout_ms = 5000;

	describe_options(longs, shorts);
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1)
	{
		OptionsOutcome outcome = c == '?' || c == ':'
									 ? not_an_option(c, argv[optind - 1])
									 : apply_option(o, c, optarg);

		if (outcome != OPTIONS_RUN)
			return outcome;
	}

	if (argc - optind < 1 || argc - optind > 2)
	{
		wrong(argc - optind < 1 ? "which file?%s%s"
								: "too many arguments, the first is \"%s\"%s",
			  argc - optind < 1 ? "" : argv[optind + 2], "");
		return OPTIONS_WRONG;
	}
	o->file = absolute_path(argv[optind]);
	o->conninfo = argc - optind == 2 ? argv[optind + 1] : "";
	if (o->schema == NULL)
		o->schema = schema_of_file(o->file);
	return check_together(o) ? OPTIONS_RUN : OPTIONS_WRONG;
}
