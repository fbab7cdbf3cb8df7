/*
 * stage.h
 *	  What stage.c, state.c and move.c share.
 */
#ifndef TOOL_STAGE_H
#define TOOL_STAGE_H

#include "loader.h"

/* A quoted identifier in the loader's arena, NULL if there is no memory. */
extern const char *stage_ident(Loader *loader, const char *name);

/* A query with one parameter and a boolean answer, on the control
 * connection. */
extern bool stage_query_bool(Loader *loader, const char *sql,
							 const char *param, bool *answer,
							 Failure *failure);

/* Such a query: is there a schema of this name? */
extern const char stage_schema_exists_sql[];

#endif /* TOOL_STAGE_H */
