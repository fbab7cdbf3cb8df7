/*
 * compat.h
 *	  One place for the differences between PostgreSQL 15 and 18.
 *
 * The code is written for the newest API; what an older server lacks or
 * spells otherwise is supplied here, each with the commit that changed it.
 * No other file may look at PG_VERSION_NUM (the layer check sees to that).
 */
#ifndef LITE_COMPAT_H
#define LITE_COMPAT_H

#include "postgres.h"

#if PG_VERSION_NUM < 150000 || PG_VERSION_NUM >= 190000
#error "sqlite_fdw_lite needs PostgreSQL 15, 16, 17 or 18"
#endif

#endif /* LITE_COMPAT_H */
