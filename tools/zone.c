/*
 * zone.c
 *	  Text without a zone, read in a zone the user named.
 *
 * The core has no time zone database; the system has one.  TZ is set once,
 * before any thread is made, and localtime_r() asked for offsets.  What is
 * done with local times that happen twice or never, in the hour of a change,
 * is what PostgreSQL does (DetermineTimeZoneOffset): a time that never was is
 * read with the offset before the change, one that was twice with the one
 * after it, so that the extension and the loader agree.
 */
#include "loader.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* 2000-01-01 00:00 UTC in seconds since 1970. */
#define EPOCH_2000 INT64_C(946684800)
#define US_PER_SECOND INT64_C(1000000)
#define DAY (24 * 60 * 60)

static int64_t
offset_at(int64_t utc)
{
	time_t t = (time_t) utc;
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL)
		return 0;
	return (int64_t) tm.tm_gmtoff;
}

static int64_t
to_utc(void *arg, int64_t local_us)
{
	int64_t seconds = local_us / US_PER_SECOND;
	int64_t rest = local_us % US_PER_SECOND;
	int64_t local, before, after;

	(void) arg;
	if (rest < 0)
	{
		rest += US_PER_SECOND;
		seconds--;
	}
	local = seconds + EPOCH_2000;
	before = offset_at(local - DAY);
	after = offset_at(local + DAY);
	/* it happened twice, or with the later offset alone: after the change;
	 * with the earlier one alone, or never: before it */
	if (before != after && offset_at(local - after) == after)
		before = after;
	return (seconds - before) * US_PER_SECOND + rest;
}

/* A zone's file; the system's own library takes any word for UTC. */
static bool
zone_exists(const char *name)
{
	const char *dir = getenv("TZDIR");
	char *path;
	bool found;

	if (name[0] == '/' || name[0] == '\0' || strstr(name, ".."))
		return false;
	path = sqlite3_mprintf("%s/%s", dir ? dir : "/usr/share/zoneinfo", name);
	found = path && access(path, R_OK) == 0;
	sqlite3_free(path);
	return found;
}

/* "+02:00", "-5", as an offset east of Greenwich: POSIX's TZ counts west, and
 * wants a name of three letters at least. */
static char *
offset_zone(const char *name)
{
	int hours, minutes = 0;
	char sign = name[0];
	char *end;

	if ((sign != '+' && sign != '-') || !isdigit((unsigned char) name[1]))
		return NULL;
	hours = (int) strtol(name + 1, &end, 10);
	if (*end == ':')
		minutes = (int) strtol(end + 1, &end, 10);
	if (*end != '\0' || hours > 15 || minutes > 59)
		return NULL;
	return sqlite3_mprintf("<LCL>%c%d:%02d", sign == '+' ? '-' : '+', hours,
						   minutes);
}

bool
zone_open(const char *name, LiteZoneFunction *function, void **arg,
		  Failure *failure)
{
	char *offset;

	*function = NULL;
	*arg = NULL;
	if (name == NULL || sqlite3_stricmp(name, "UTC") == 0 ||
		sqlite3_stricmp(name, "Z") == 0)
		return true;
	offset = offset_zone(name);
	if (offset == NULL && !zone_exists(name))
	{
		fail(failure, EXIT_USAGE, "there is no time zone \"%s\"", name);
		lite_error_hint(&failure->error,
						"Zones have names like Europe/Vienna, or are "
						"offsets like +02:00.");
		return false;
	}
	setenv("TZ", offset ? offset : name, 1);
	sqlite3_free(offset);
	tzset();
	*function = to_utc;
	return true;
}
