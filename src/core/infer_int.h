/*
 * infer_int.h
 *	  What the files of infer share.  Nobody else includes this.
 *
 *		infer.c			the order of the questions; numbers; storage classes
 *		infer_time.c	columns that hold times, or may
 *		infer_text.c	text, JSON, UUIDs, bytes
 *		infer_words.c	evidence in words; names and defaults that say something
 */
#ifndef LITE_INFER_INT_H
#define LITE_INFER_INT_H

#include <string.h>

#include "core/infer.h"

typedef struct Inference
{
	LiteArena *arena;
	const LiteColumnFacts *facts;
	const LiteColumnProfile *p; /* NULL when there are no values */
	int64_t values;
	int64_t integers;
	int64_t reals;
	int64_t texts;
	int64_t blobs;
	LiteColumnType declared;
	LiteDecision *d;
} Inference;

static inline LiteColumnType
make_type(LiteType type, LiteFormat format)
{
	LiteColumnType result = {type, 0, 0, format};

	return result;
}

#define set_evidence(inf, ...)                                                \
	((inf)->d->evidence = lite_arena_printf((inf)->arena, __VA_ARGS__))

/* infer.c: the values are not what the declaration says: keep them all, and
 * tell why. */
extern void lite_infer_by_classes(Inference *inf, const char *why);

/* infer_time.c */
extern void lite_infer_by_time(Inference *inf);
extern void lite_infer_suggest_epoch(Inference *inf);

/* infer_text.c */
extern void lite_infer_by_text_values(Inference *inf);
extern void lite_infer_find_long_text(Inference *inf);
extern void lite_infer_by_uuid(Inference *inf);
extern void lite_infer_by_json(Inference *inf);
extern void lite_infer_by_bytea(Inference *inf);

/* infer_words.c */
extern bool lite_infer_moments_distinct(const Inference *inf);
extern const char *lite_infer_type_text(LiteArena *arena, LiteColumnType type);
extern void lite_infer_suggest(Inference *inf, LiteColumnType type,
							   const char *why);
extern void lite_infer_find(Inference *inf, LiteSeverity severity,
							const char *code, const char *finding,
							const char *advice);
/* "the first in row 17" */
extern const char *lite_infer_first_row(Inference *inf, LiteFit fit);
extern bool lite_infer_is_boolean_name(const char *name);
extern bool lite_infer_ends_with(const char *name, const char *end);
extern bool lite_infer_is_time_name(const char *name);
extern bool lite_infer_default_is_epoch(const char *text);
extern bool lite_infer_default_is_01(const char *text);

#endif /* LITE_INFER_INT_H */
