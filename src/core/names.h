/*
 * names.h
 *	  Names of a file as names of PostgreSQL.
 *
 * A namespace (the columns of a table; the relations of a schema) gives each
 * name once.  PostgreSQL's names are shorter (63 bytes), valid in the
 * server's encoding, never empty, and not those of system columns; by default
 * they are folded to lower case, so that nobody has to quote them.  Names of
 * SQLite differ by more than the case of ASCII letters, so folding alone
 * never makes two names one; shortening does.
 */
#ifndef LITE_NAMES_H
#define LITE_NAMES_H

#include "core/arena.h"

/* NAMEDATALEN - 1 of every packaged PostgreSQL. */
#define LITE_NAME_MAX 63

/* What was done to a name. */
#define LITE_NAME_FOLDED 1	  /* upper case became lower case */
#define LITE_NAME_SHORTENED 2 /* it was longer than 63 bytes */
#define LITE_NAME_SUFFIXED 4  /* another had it already */
#define LITE_NAME_EMPTY 8	  /* there was none */
#define LITE_NAME_ENCODING 16 /* it was not valid UTF-8 */
#define LITE_NAME_SYSTEM 32	  /* a system column of PostgreSQL has it */

typedef struct LiteNames LiteNames;

/* columns: the names of system columns are taken from the start. */
extern LiteNames *lite_names_create(LiteArena *arena, bool keep_case,
									bool columns);

/*
 * The name for "wanted", not given before; from then on it is taken.
 * *changes (may be NULL): the bits above.  Never NULL while there is memory.
 */
extern const char *lite_names_take(LiteNames *names, const char *wanted,
								   int *changes);

/*
 * The same for many at once: names that need no suffix and no cut get
 * theirs first, so that a name made up here never takes a real one's place.
 * An array of n; changes (may be NULL) has room for n.
 */
extern const char **lite_names_assign(LiteNames *names,
									  const char *const *wanted, int n,
									  int *changes);

extern bool lite_names_taken(const LiteNames *names, const char *name);

/* "table_column_key", cut in its longest parts rather than at its end, as
 * PostgreSQL's makeObjectName() does; column may be NULL. */
extern const char *lite_names_make(LiteArena *arena, const char *table,
								   const char *column, const char *label);

#endif /* LITE_NAMES_H */
