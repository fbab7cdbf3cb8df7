/*
 * compat.h
 *	  One place for the differences between PostgreSQL 15 and 18.
 *
 * The code is written for the newest API; what an older server lacks or
 * spells otherwise is supplied here, each with the release that changed it.
 * No other file may look at PG_VERSION_NUM (the layer check sees to that).
 */
#ifndef LITE_COMPAT_H
#define LITE_COMPAT_H

#include "postgres.h"

#if PG_VERSION_NUM < 150000 || PG_VERSION_NUM >= 190000
#error "sqlite_fdw_lite needs PostgreSQL 15, 16, 17 or 18"
#endif

#include "commands/explain.h"
#include "fmgr.h"
#include "foreign/foreign.h"
#include "miscadmin.h"
#include "optimizer/pathnode.h"
#include "utils/acl.h"
#include "utils/varlena.h"

/* 16 took VARDATA_ANY() and its kin out of postgres.h. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* 18 split what an FDW needs of EXPLAIN out of commands/explain.h. */
#if PG_VERSION_NUM >= 180000
#include "commands/explain_format.h"
#include "commands/explain_state.h"
#endif

/* 18 put "does not return" before a declaration, where it was behind it. */
#if PG_VERSION_NUM < 180000
#define pg_noreturn __attribute__((noreturn))
#endif

/* 18 lets a module say its name and version. */
#if PG_VERSION_NUM >= 180000
#define LITE_MODULE_MAGIC(module, release)                                    \
	PG_MODULE_MAGIC_EXT(.name = module, .version = release)
#else
#define LITE_MODULE_MAGIC(module, release) PG_MODULE_MAGIC
#endif

/*
 * 16 builds modules with hidden symbols, and marks those that the server
 * looks up; the Makefile asks the same of 15.
 */
#if PG_VERSION_NUM < 160000
#undef PGDLLEXPORT
#define PGDLLEXPORT __attribute__((visibility("default")))
#undef PG_FUNCTION_INFO_V1
#define PG_FUNCTION_INFO_V1(name)                                             \
	extern PGDLLEXPORT Datum name(PG_FUNCTION_ARGS);                          \
	extern PGDLLEXPORT const Pg_finfo_record *CppConcat(pg_finfo_,            \
														name)(void);          \
	const Pg_finfo_record *CppConcat(pg_finfo_, name)(void)                   \
	{                                                                         \
		static const Pg_finfo_record info = {1};                              \
		return &info;                                                         \
	}                                                                         \
	extern int no_such_variable
#endif

/* 16 replaced the per-catalogue permission checks by generic ones. */
#if PG_VERSION_NUM < 160000
#include "catalog/pg_foreign_server.h"
#define object_aclcheck(classid, objectid, roleid, mode)                      \
	(AssertMacro((classid) == ForeignServerRelationId),                       \
	 pg_foreign_server_aclcheck(objectid, roleid, mode))
#endif

/*
 * 17 added fdw_restrictinfo, 18 added disabled_nodes (an FDW path is never
 * disabled, so older servers lose nothing).
 */
#if PG_VERSION_NUM < 170000
#define create_foreignscan_path(root, rel, target, rows, disabled, startup,   \
								total, pathkeys, outer, outerpath,            \
								restrictinfo, private)                        \
	((void) (disabled), (void) (restrictinfo),                                \
	 (create_foreignscan_path) (root, rel, target, rows, startup, total,      \
								pathkeys, outer, outerpath, private))
#elif PG_VERSION_NUM < 180000
#define create_foreignscan_path(root, rel, target, rows, disabled, startup,   \
								total, pathkeys, outer, outerpath,            \
								restrictinfo, private)                        \
	((void) (disabled),                                                       \
	 (create_foreignscan_path) (root, rel, target, rows, startup, total,      \
								pathkeys, outer, outerpath, restrictinfo,     \
								private))
#endif

/* 16 renamed relfilenodes; a library may ask whose storage is new. */
#if PG_VERSION_NUM < 160000
#define rd_firstRelfilelocatorSubid rd_firstRelfilenodeSubid
#endif

/* 17 brought transaction_timeout, whose interrupt ends the session. */
#if PG_VERSION_NUM >= 170000
#define LITE_TRANSACTION_TIMED_OUT() (TransactionTimeoutPending != 0)
#else
#define LITE_TRANSACTION_TIMED_OUT() (false)
#endif

/* 18 tells the cost-based delay whether ANALYZE is asking. */
#if PG_VERSION_NUM >= 180000
#define lite_analyze_delay_point() vacuum_delay_point(true)
#else
#define lite_analyze_delay_point() vacuum_delay_point()
#endif

/*
 * 16 brought the search for the name the user may have meant.  Without it
 * there is no suggestion; hints still list what is valid.
 */
#if PG_VERSION_NUM < 160000
typedef struct ClosestMatchState
{
	const char *source;
} ClosestMatchState;

static inline void
initClosestMatch(ClosestMatchState *state, const char *source, int max_d)
{
	state->source = source;
	(void) max_d;
}

static inline void
updateClosestMatch(ClosestMatchState *state, const char *candidate)
{
	(void) state;
	(void) candidate;
}

static inline const char *
getClosestMatch(ClosestMatchState *state)
{
	(void) state;
	return NULL;
}
#endif

#endif /* LITE_COMPAT_H */
