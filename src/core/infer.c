/*
 * infer.c
 *	  What type a column becomes, and why.
 *
 *		lite_infer_column
 *			-> by_declaration()		the type wished for, if all values fit it
 *			-> by_text_values()		TEXT that is JSON, a moment, a uuid
 *			-> by_integer_values()	INTEGER that is a boolean, an epoch
 *			-> by_classes()			what holds whatever is left
 *
 * Every promotion names its evidence in words.  A promotion that is only
 * likely becomes a suggestion (taken when infer is "eager").  doc/types.md
 * states the rules for users.
 */
#include "core/infer_int.h"

/* ------------------------------------------------------------------------
 * By storage classes alone
 * ------------------------------------------------------------------------ */

static LiteColumnType
number_type(const Inference *inf)
{
	if (inf->reals == 0)
		return make_type(LITE_TYPE_INT8, LITE_FORMAT_NATIVE);
	if (inf->p->real_nonfinite > 0)
		return make_type(inf->p->int_beyond_double ? LITE_TYPE_TEXT
												   : LITE_TYPE_FLOAT8,
						 LITE_FORMAT_NATIVE);
	return make_type(inf->p->int_beyond_double ? LITE_TYPE_NUMERIC
											   : LITE_TYPE_FLOAT8,
					 LITE_FORMAT_NATIVE);
}

/*
 * The type that holds every value as it is.  Text holds numbers (their
 * decimal form) and, in format AUTO, those blobs that are text; bytea holds
 * blobs and, in format AUTO, text.  A blob that is no text next to numbers is
 * held by nothing: text, and the blobs are reported.
 */
static LiteColumnType
class_type(const Inference *inf)
{
	bool numbers = inf->integers + inf->reals > 0;

	if (inf->values == 0)
		return make_type(LITE_TYPE_TEXT, LITE_FORMAT_NATIVE);
	if (inf->texts == 0 && inf->blobs == 0)
		return number_type(inf);
	if (inf->blobs == 0)
		return make_type(LITE_TYPE_TEXT, LITE_FORMAT_NATIVE);
	if (inf->texts == 0 && !numbers)
		return make_type(LITE_TYPE_BYTEA, LITE_FORMAT_NATIVE);
	if (numbers ||
		(inf->p->fits[LITE_FIT_BLOB_TEXT] == inf->blobs && !inf->p->has_bad))
		return make_type(LITE_TYPE_TEXT, LITE_FORMAT_AUTO);
	return make_type(LITE_TYPE_BYTEA, LITE_FORMAT_AUTO);
}

/* The values are not what the declaration says: keep them all, and tell. */
void
lite_infer_by_classes(Inference *inf, const char *why)
{
	LiteDecision *d = inf->d;
	const char *declared = inf->facts->column->declared;

	d->type = class_type(inf);
	set_evidence(inf, "%s%s%s", lite_values_text(inf->arena, inf->p),
				 why != NULL ? "; " : "", why != NULL ? why : "");
	if (d->mixed)
		lite_infer_find(
			inf, LITE_SEVERITY_WARNING, "mixed",
			lite_arena_printf(inf->arena,
							  "the column holds %s%s%s: it becomes %s, which "
							  "keeps them all",
							  lite_values_text(inf->arena, inf->p),
							  why != NULL ? "; " : "", why != NULL ? why : "",
							  lite_infer_type_text(inf->arena, d->type)),
			NULL);
	else if (d->type.type != inf->declared.type && *declared != '\0')
		lite_infer_find(inf, LITE_SEVERITY_INFO, "type",
						lite_arena_printf(
							inf->arena, "declared %s, but %s: becomes %s",
							declared,
							why != NULL ? why
										: lite_values_text(inf->arena, inf->p),
							lite_infer_type_text(inf->arena, d->type)),
						NULL);
}

/* ------------------------------------------------------------------------
 * Integers
 * ------------------------------------------------------------------------ */

static LiteType
integer_width(const Inference *inf)
{
	LiteType wished = inf->declared.type;

	if (wished == LITE_TYPE_INT2 && !inf->p->failed[LITE_FIT_INT2])
		return LITE_TYPE_INT2;
	if ((wished == LITE_TYPE_INT2 || wished == LITE_TYPE_INT4) &&
		!inf->p->failed[LITE_FIT_INT4])
		return LITE_TYPE_INT4;
	return LITE_TYPE_INT8;
}

/*
 * Numbers that are all 0 or 1: a truth value, if more than the values says so.
 */
static bool
try_truth(Inference *inf)
{
	const LiteColumnFacts *facts = inf->facts;
	const LiteColumn *column = facts->column;
	bool by_default = lite_infer_default_is_01(column->default_sql);

	if (facts->key_family || !lite_profile_all(inf->p, LITE_FIT_BOOL_01))
		return false;
	if (facts->check_boolean)
		set_evidence(inf, "%s; CHECK allows 0 and 1 only",
					 lite_values_text(inf->arena, inf->p));
	else if (lite_infer_is_boolean_name(column->name) && !facts->unique &&
			 (column->not_null || by_default))
		set_evidence(inf, "%s; named like a truth value, %s",
					 lite_values_text(inf->arena, inf->p),
					 by_default ? "and its default is one" : "and NOT NULL");
	else
		return false;
	inf->d->type = make_type(LITE_TYPE_BOOL, LITE_FORMAT_NATIVE);
	return true;
}

static void
by_integer_values(Inference *inf)
{
	const LiteColumnFacts *facts = inf->facts;
	const LiteColumn *column = facts->column;
	bool truth = lite_profile_all(inf->p, LITE_FIT_BOOL_01);
	LiteColumnType boolean = make_type(LITE_TYPE_BOOL, LITE_FORMAT_NATIVE);

	inf->d->type = make_type(integer_width(inf), LITE_FORMAT_NATIVE);
	set_evidence(inf, "%s", lite_values_text(inf->arena, inf->p));
	if (inf->d->type.type != inf->declared.type &&
		(inf->declared.type == LITE_TYPE_INT2 ||
		 inf->declared.type == LITE_TYPE_INT4))
		lite_infer_find(
			inf, LITE_SEVERITY_INFO, "type",
			lite_arena_printf(
				inf->arena,
				"declared %s, but values go from %lld to %lld: becomes %s",
				column->declared, (long long) inf->p->int_min,
				(long long) inf->p->int_max,
				lite_infer_type_text(inf->arena, inf->d->type)),
			NULL);
	if (facts->infer == LITE_INFER_DECLARED)
		return;
	if (truth && !facts->key_family)
	{
		if (try_truth(inf))
			return;
		/* a counter may have seen 0 and 1 only: not even the eager take it */
		if (!facts->unique && inf->p->int_min == 0 && inf->p->int_max == 1)
		{
			lite_infer_suggest(inf, boolean, "every value is 0 or 1");
			if (!lite_infer_is_boolean_name(column->name))
				inf->d->suggested.type = LITE_TYPE_NONE;
		}
		return;
	}
	lite_infer_suggest_epoch(inf);
}

/* ------------------------------------------------------------------------
 * By declaration
 * ------------------------------------------------------------------------ */

static void
by_boolean(Inference *inf)
{
	if (lite_profile_all(inf->p, LITE_FIT_BOOL_01))
	{
		inf->d->type = make_type(LITE_TYPE_BOOL, LITE_FORMAT_NATIVE);
		set_evidence(inf, "declared %s; %s", inf->facts->column->declared,
					 lite_values_text(inf->arena, inf->p));
	}
	else if (lite_profile_all(inf->p, LITE_FIT_AUTO) && !inf->facts->unique &&
			 !inf->facts->key_family)
	{
		inf->d->type = make_type(LITE_TYPE_BOOL, LITE_FORMAT_AUTO);
		set_evidence(inf, "declared %s; %s, each of them a truth value",
					 inf->facts->column->declared,
					 lite_values_text(inf->arena, inf->p));
	}
	else
		lite_infer_by_classes(
			inf,
			lite_arena_printf(inf->arena, "not every value is a truth value%s",
							  lite_infer_first_row(inf, LITE_FIT_AUTO)));
}

static void
by_numeric(Inference *inf)
{
	LiteColumnType bare = make_type(LITE_TYPE_NUMERIC, LITE_FORMAT_NATIVE);
	bool numbers = inf->integers + inf->reals == inf->values;

	if (inf->texts > 0 && inf->blobs == 0 && !inf->facts->unique &&
		inf->p->fits[LITE_FIT_DECIMAL_TEXT] == inf->texts &&
		inf->p->real_nonfinite == 0)
	{
		/* more digits than a double has: SQLite kept them as text */
		inf->d->type = bare;
		set_evidence(inf, "declared %s; %s, all of them numbers",
					 inf->facts->column->declared,
					 lite_values_text(inf->arena, inf->p));
		return;
	}
	if (!numbers || inf->p->real_nonfinite > 0)
	{
		lite_infer_by_classes(inf,
							  inf->p->real_nonfinite > 0 && numbers
								  ? "an infinity, which only a double holds"
								  : NULL);
		return;
	}
	/* some ORMs have no BOOLEAN and write NUMERIC (GORM) */
	if (inf->declared.precision == 0 &&
		inf->facts->infer != LITE_INFER_DECLARED && try_truth(inf))
		return;
	if (inf->declared.precision == 0)
	{
		inf->d->type = bare;
		set_evidence(inf, "declared %s; %s", inf->facts->column->declared,
					 lite_values_text(inf->arena, inf->p));
	}
	else if (lite_profile_all(inf->p, LITE_FIT_NUMERIC_PS))
	{
		inf->d->type = inf->declared;
		set_evidence(inf, "declared %s; %s, all within it",
					 inf->facts->column->declared,
					 lite_values_text(inf->arena, inf->p));
	}
	else
	{
		inf->d->type = bare;
		set_evidence(inf, "declared %s; %s, with more digits than that",
					 inf->facts->column->declared,
					 lite_values_text(inf->arena, inf->p));
		lite_infer_find(
			inf, LITE_SEVERITY_INFO, "type",
			lite_arena_printf(inf->arena,
							  "declared %s, but not every value keeps to "
							  "it%s: becomes numeric",
							  inf->facts->column->declared,
							  lite_infer_first_row(inf, LITE_FIT_NUMERIC_PS)),
			NULL);
	}
}

static void
by_real(Inference *inf)
{
	if (inf->integers + inf->reals < inf->values)
	{
		lite_infer_by_classes(inf, NULL);
		return;
	}
	inf->d->type = number_type(inf);
	/* integers in a REAL column: a double all the same, while it is exact */
	if (inf->d->type.type == LITE_TYPE_INT8)
		inf->d->type.type =
			inf->p->int_beyond_double ? LITE_TYPE_NUMERIC : LITE_TYPE_FLOAT8;
	set_evidence(inf, "declared %s; %s", inf->facts->column->declared,
				 lite_values_text(inf->arena, inf->p));
	if (inf->facts->infer != LITE_INFER_DECLARED)
		lite_infer_suggest_epoch(inf);
}

/* No declared type: the values alone. */
static void
by_values(Inference *inf)
{
	if (inf->texts == inf->values)
		lite_infer_by_text_values(inf);
	else if (inf->blobs == inf->values)
		lite_infer_by_bytea(inf);
	else if (inf->integers == inf->values)
		by_integer_values(inf);
	else
		lite_infer_by_classes(inf, NULL);
}

static void
by_declaration(Inference *inf)
{
	if (*inf->facts->column->declared == '\0' ||
		sqlite3_stricmp(inf->facts->column->declared, "ANY") == 0)
	{
		by_values(inf);
		return;
	}
	switch (inf->declared.type)
	{
		case LITE_TYPE_BOOL:
			by_boolean(inf);
			return;
		case LITE_TYPE_INT2:
		case LITE_TYPE_INT4:
		case LITE_TYPE_INT8:
			if (inf->integers == inf->values)
				by_integer_values(inf);
			else
				lite_infer_by_classes(inf, NULL);
			return;
		case LITE_TYPE_FLOAT8:
			by_real(inf);
			return;
		case LITE_TYPE_NUMERIC:
			by_numeric(inf);
			return;
		case LITE_TYPE_DATE:
		case LITE_TYPE_TIME:
		case LITE_TYPE_TIMESTAMP:
		case LITE_TYPE_TIMESTAMPTZ:
			lite_infer_by_time(inf);
			return;
		case LITE_TYPE_UUID:
			lite_infer_by_uuid(inf);
			return;
		case LITE_TYPE_JSON:
		case LITE_TYPE_JSONB:
			lite_infer_by_json(inf);
			return;
		case LITE_TYPE_BYTEA:
			lite_infer_by_bytea(inf);
			return;
		case LITE_TYPE_NONE:
		case LITE_TYPE_TEXT:
		case LITE_TYPE_VARCHAR:
		case LITE_NTYPES:
			break;
	}
	if (inf->texts == inf->values)
	{
		lite_infer_by_text_values(inf);
		lite_infer_find_long_text(inf);
	}
	else
		lite_infer_by_classes(inf, NULL);
}

/* Nothing but NULLs, or nothing at all, or not looked at. */
static void
without_values(Inference *inf)
{
	const LiteColumnFacts *facts = inf->facts;
	const char *seen =
		inf->facts->profile == NULL ? "values not looked at"
		: facts->table_profile != NULL && facts->table_profile->rows == 0
			? "no rows"
			: "NULL in every row";

	inf->d->type = inf->declared;
	inf->d->type.format = LITE_FORMAT_NATIVE;
	if (inf->d->type.type == LITE_TYPE_TEXT)
		inf->d->type.precision = 0;
	set_evidence(inf, "%s%s; %s",
				 *facts->column->declared != '\0' ? "declared "
												  : "no declared type",
				 facts->column->declared, seen);
	if (facts->infer == LITE_INFER_DECLARED)
		return;
	switch (inf->declared.type)
	{
		case LITE_TYPE_DATE:
		case LITE_TYPE_TIMESTAMP:
		case LITE_TYPE_TIMESTAMPTZ:
			if (!lite_infer_default_is_epoch(facts->column->default_sql))
				return;
			inf->d->type = make_type(LITE_TYPE_FLOAT8, LITE_FORMAT_NATIVE);
			if (sqlite3_strlike("%julian%", facts->column->default_sql, 0) !=
				0)
				inf->d->type.type = LITE_TYPE_INT8;
			set_evidence(inf, "declared %s; %s, but its default is a number",
						 facts->column->declared, seen);
			return;
		case LITE_TYPE_INT2:
		case LITE_TYPE_INT4:
		case LITE_TYPE_INT8:
			if (facts->check_boolean && !facts->key_family)
			{
				inf->d->type = make_type(LITE_TYPE_BOOL, LITE_FORMAT_NATIVE);
				set_evidence(inf, "declared %s; %s, CHECK allows 0 and 1 only",
							 facts->column->declared, seen);
			}
			return;
		case LITE_TYPE_TEXT:
			if (facts->check_json && !facts->unique && !facts->key_family)
			{
				inf->d->type = make_type(LITE_TYPE_JSONB, LITE_FORMAT_NATIVE);
				set_evidence(inf, "declared %s; %s, CHECK asks json_valid",
							 facts->column->declared, seen);
			}
			return;
		case LITE_TYPE_NONE:
		case LITE_TYPE_BOOL:
		case LITE_TYPE_FLOAT8:
		case LITE_TYPE_NUMERIC:
		case LITE_TYPE_VARCHAR:
		case LITE_TYPE_BYTEA:
		case LITE_TYPE_TIME:
		case LITE_TYPE_UUID:
		case LITE_TYPE_JSON:
		case LITE_TYPE_JSONB:
		case LITE_NTYPES:
			return;
	}
}

void
lite_infer_column(LiteArena *arena, const LiteColumnFacts *facts,
				  LiteDecision *d)
{
	Inference inf = {.arena = arena, .facts = facts, .d = d};

	memset(d, 0, sizeof(*d));
	inf.declared = lite_type_declared(facts->column->declared);
	if (facts->profile != NULL)
	{
		inf.p = facts->profile;
		inf.integers = inf.p->count[LITE_INTEGER];
		inf.reals = inf.p->count[LITE_REAL];
		inf.texts = inf.p->count[LITE_TEXT];
		inf.blobs = inf.p->count[LITE_BLOB];
		inf.values = lite_profile_values(inf.p);
	}
	d->mixed =
		(inf.integers + inf.reals > 0) + (inf.texts > 0) + (inf.blobs > 0) > 1;

	if (facts->rowid_alias)
	{
		d->type = make_type(LITE_TYPE_INT8, LITE_FORMAT_NATIVE);
		set_evidence(&inf, "INTEGER PRIMARY KEY");
	}
	else if (inf.values == 0)
		without_values(&inf);
	else
		by_declaration(&inf);

	if (inf.values == 0 || facts->rowid_alias)
		d->plain = d->type;
	else
	{
		d->plain = class_type(&inf);
		if (d->plain.type == LITE_TYPE_INT8 &&
			(inf.declared.type == LITE_TYPE_INT2 ||
			 inf.declared.type == LITE_TYPE_INT4))
			d->plain.type = integer_width(&inf);
		if (inf.declared.type == LITE_TYPE_NUMERIC &&
			d->type.type == LITE_TYPE_NUMERIC)
			d->plain = d->type;
	}
	if (facts->table_profile != NULL && !facts->table_profile->whole &&
		!facts->rowid_alias)
		set_evidence(&inf, "%s; seen in a sample of %lld rows", d->evidence,
					 (long long) facts->table_profile->rows);
	/* a lone suggestion is taken by the eager */
	if (facts->infer == LITE_INFER_EAGER &&
		d->suggested.type != LITE_TYPE_NONE)
	{
		d->type = d->suggested;
		d->evidence = lite_arena_printf(arena, "%s; %s", d->evidence,
										"suggested by its values, and infer "
										"is eager");
		d->suggestion = NULL;
		d->suggested.type = LITE_TYPE_NONE;
		d->code = NULL;
	}
}

static int
integer_rank(LiteType type)
{
	return type == LITE_TYPE_INT2	? 1
		   : type == LITE_TYPE_INT4 ? 2
		   : type == LITE_TYPE_INT8 ? 3
									: 0;
}

LiteColumnType
lite_type_join(LiteColumnType a, LiteColumnType b)
{
	int ra = integer_rank(a.type);
	int rb = integer_rank(b.type);

	if (a.type == b.type)
	{
		if (a.precision != b.precision || a.scale != b.scale)
			a.precision = a.scale = 0;
		if (a.format != b.format)
			a.format = LITE_FORMAT_AUTO;
		return a;
	}
	if (ra > 0 && rb > 0)
		return ra > rb ? a : b;
	if ((ra > 0 || a.type == LITE_TYPE_FLOAT8 ||
		 a.type == LITE_TYPE_NUMERIC) &&
		(rb > 0 || b.type == LITE_TYPE_FLOAT8 || b.type == LITE_TYPE_NUMERIC))
		return make_type(LITE_TYPE_NUMERIC, LITE_FORMAT_NATIVE);
	return make_type(LITE_TYPE_TEXT, LITE_FORMAT_NATIVE);
}
