/*
 * infer.h
 *	  What type a column becomes, and why.
 *
 * One column at a time, from what its declaration, its constraints, its name
 * and its values say.  The rule of evidence: a type is chosen only if every
 * value converts to it, and if it is what the column is declared as, or if
 * the values leave no doubt and nothing that tells two values apart in SQLite
 * makes them one in PostgreSQL (unique columns).  What is likely but not
 * certain is a suggestion, with the override to paste.
 */
#ifndef LITE_INFER_H
#define LITE_INFER_H

#include "core/plan.h"

typedef struct LiteColumnFacts
{
	const LiteTable *table;
	const LiteColumn *column;
	const LiteTableProfile *table_profile; /* NULL: not profiled */
	const LiteColumnProfile *profile;	   /* NULL: not profiled */
	LiteInfer infer;
	bool rowid_alias;	   /* INTEGER PRIMARY KEY */
	bool unique;		   /* in a primary key or unique index */
	bool key_family;	   /* in a foreign key, on either side */
	bool check_boolean;	   /* CHECK (c IN (0, 1)) */
	bool check_json;	   /* CHECK (json_valid(c)) */
	const char *time_zone; /* of text without a zone; NULL: UTC */
} LiteColumnFacts;

typedef struct LiteDecision
{
	LiteColumnType type;
	LiteColumnType plain;	  /* by storage classes alone: what is left when
							   * a foreign key's two sides must agree */
	LiteColumnType suggested; /* NONE: no suggestion */
	bool mixed;				  /* values of several classes */
	bool rechecked;			  /* decided otherwise: values must be tried */
	const char *evidence;
	const char *suggestion;
	LiteSeverity severity; /* of the finding */
	const char *code;	   /* of the finding; NULL: there is none */
	const char *finding;
	const char *advice;
} LiteDecision;

/* Out of memory shows in the arena. */
extern void lite_infer_column(LiteArena *arena, const LiteColumnFacts *facts,
							  LiteDecision *decision);

/*
 * The format under which all of a column's values are of this type, for a
 * type that the user has named ("timestamptz" over epoch seconds): AUTO if
 * there is no single one.
 */
extern LiteFormat lite_infer_format(const LiteColumnProfile *profile,
									LiteType type);

/* types => '{"table.column":"type"}', to paste. */
extern const char *lite_override_text(LiteArena *arena, const char *table,
									  const char *column, LiteColumnType type);

/* "12 values: 10 integers (1 to 9), 2 texts" */
extern const char *lite_values_text(LiteArena *arena,
									const LiteColumnProfile *profile);

/* The narrowest type that holds two columns' values in one spelling. */
extern LiteColumnType lite_type_join(LiteColumnType a, LiteColumnType b);

#endif /* LITE_INFER_H */
