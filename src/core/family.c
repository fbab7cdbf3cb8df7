/*
 * family.c
 *	  Columns that foreign keys tie together get one type.
 *
 * A foreign key compares two columns; PostgreSQL wants operators for that,
 * and an application wants to join them.  So all columns that are connected
 * by foreign keys, over any number of tables, are one family, and a family
 * has one type:
 *
 *		what the user asked for, of any member;
 *		else the type all members with values agree on;
 *		else the narrowest type that holds the values of all of them as they
 *		are stored (an INTEGER PRIMARY KEY stays bigint whatever refers to it).
 *
 * Members without values follow the others.
 */
#include <string.h>

#include "core/planner.h"

typedef struct Families
{
	LitePlanner *planner;
	int *offset; /* of each work's first column */
	int *parent; /* union-find */
	int *next;	 /* members of a family, chained from its root */
	int *last;
	int total;
	int *work_of; /* member -> work */
} Families;

static int
find_root(Families *fam, int i)
{
	while (fam->parent[i] != i)
	{
		fam->parent[i] = fam->parent[fam->parent[i]];
		i = fam->parent[i];
	}
	return i;
}

static void
join(Families *fam, int a, int b)
{
	a = find_root(fam, a);
	b = find_root(fam, b);
	if (a == b)
		return;
	if (a > b) /* the first column in the file's order is the root */
	{
		int swap = a;

		a = b;
		b = swap;
	}
	fam->parent[b] = a;
	fam->next[fam->last[a]] = b;
	fam->last[a] = fam->last[b];
}

static void
join_foreign_keys(Families *fam, LiteTableWork *work)
{
	LitePlanner *planner = fam->planner;

	for (int k = 0; k < work->source->nforeign_keys; k++)
	{
		const LiteForeignKey *fk = &work->source->foreign_keys[k];
		const LiteTable *parent =
			lite_schema_find(planner->schema, fk->parent);
		LiteTableWork *other =
			parent != NULL ? lite_planner_work(planner, parent) : NULL;

		if (other == NULL)
			continue;
		for (int c = 0; c < fk->ncolumns; c++)
		{
			int child = lite_table_find_column(work->source, fk->columns[c]);
			int column =
				fk->parent_columns[c] != NULL
					? lite_table_find_column(parent, fk->parent_columns[c])
					: -1;

			if (child >= 0 && column >= 0)
				join(fam, fam->offset[work->index] + child,
					 fam->offset[other->index] + column);
		}
	}
}

static LiteTableWork *
member_work(Families *fam, int member, int *column)
{
	LiteTableWork *work = &fam->planner->works[fam->work_of[member]];

	*column = member - fam->offset[work->index];
	return work;
}

static bool
has_values(const LiteTableWork *work, int column)
{
	return column == work->source->rowid_alias ||
		   (work->profile != NULL &&
			lite_profile_values(&work->profile->columns[column]) > 0);
}

static bool
same_type(LiteColumnType a, LiteColumnType b)
{
	return a.type == b.type && a.precision == b.precision &&
		   a.scale == b.scale;
}

/* Do all values of a family read as integers, stored as such or as text? */
static bool
all_integers(Families *fam, int root)
{
	for (int m = root; m >= 0; m = fam->next[m])
	{
		int column;
		LiteTableWork *work = member_work(fam, m, &column);
		const LiteColumnProfile *p;

		if (work->profile == NULL)
			continue;
		p = &work->profile->columns[column];
		if (p->count[LITE_REAL] > 0 || p->count[LITE_BLOB] > 0 ||
			p->fits[LITE_FIT_INT_TEXT] < p->count[LITE_TEXT] ||
			(p->count[LITE_TEXT] > 0 && work->unique[column]))
			return false;
	}
	return true;
}

/* The type of a family; false if it has no common one. */
static bool
family_type(Families *fam, int root, LiteColumnType *type, bool *asked)
{
	bool any = false;
	bool equal = true;
	bool identity = false;
	bool bytes = false;
	LiteColumnType plain = {LITE_TYPE_NONE, 0, 0, LITE_FORMAT_NATIVE};

	*asked = false;
	for (int pass = 0; pass < 2 && !any; pass++)
	{
		/* first those with values; if there are none, all of them */
		for (int m = root; m >= 0; m = fam->next[m])
		{
			int column;
			LiteTableWork *work = member_work(fam, m, &column);
			const LiteDecision *d = &work->decisions[column];

			if (work->overridden[column])
			{
				*type = d->type;
				*asked = true;
				return true;
			}
			if (pass == 0 && !has_values(work, column))
				continue;
			if (column == work->source->rowid_alias)
				identity = true;
			if (d->plain.type == LITE_TYPE_BYTEA)
				bytes = true;
			if (!any)
			{
				*type = d->type;
				plain = d->plain;
			}
			else
			{
				equal = equal && same_type(*type, d->type);
				plain = lite_type_join(plain, d->plain);
			}
			any = true;
		}
	}
	if (!any || equal)
		return any;
	if (bytes && plain.type != LITE_TYPE_BYTEA)
		return false;
	*type = plain;
	if (!identity || plain.type == LITE_TYPE_INT8)
		return true;
	type->type = LITE_TYPE_INT8;
	type->format = LITE_FORMAT_NATIVE;
	return all_integers(fam, root);
}

static void
unify(Families *fam, int root)
{
	LitePlanner *planner = fam->planner;
	LiteColumnType type = {LITE_TYPE_NONE, 0, 0, LITE_FORMAT_NATIVE};
	bool asked;
	char buf[64];

	if (fam->next[root] < 0)
		return;
	if (!family_type(fam, root, &type, &asked))
		return; /* foreign.c reports each key whose types differ */
	lite_type_format(type, buf, sizeof(buf));
	for (int m = root; m >= 0; m = fam->next[m])
	{
		int column;
		LiteTableWork *work = member_work(fam, m, &column);
		LiteDecision *d = &work->decisions[column];

		if (work->overridden[column] || same_type(d->type, type) ||
			column == work->source->rowid_alias)
			continue;
		d->type = type;
		d->type.format =
			work->profile != NULL
				? lite_infer_format(&work->profile->columns[column], type.type)
				: LITE_FORMAT_NATIVE;
		d->rechecked = true;
		d->suggestion = NULL;
		d->severity = LITE_SEVERITY_INFO;
		d->code = "type";
		d->advice = NULL;
		d->finding = lite_arena_printf(
			planner->arena,
			"becomes %s, %s columns that foreign keys tie to it", buf,
			asked ? "as was asked for" : "to agree with the");
		d->evidence = lite_arena_printf(planner->arena,
										"%s; one type with the columns that "
										"foreign keys tie to it",
										d->evidence);
	}
}

void
lite_families_unify(LitePlanner *planner)
{
	Families fam = {.planner = planner};
	LiteArena *arena = planner->arena;

	fam.offset = lite_arena_newarray(arena, int, planner->nworks + 1);
	if (fam.offset == NULL)
		return;
	for (int i = 0; i < planner->nworks; i++)
	{
		fam.offset[i] = fam.total;
		fam.total += planner->works[i].source->ncolumns;
	}
	fam.parent = lite_arena_newarray(arena, int, fam.total + 1);
	fam.next = lite_arena_newarray(arena, int, fam.total + 1);
	fam.last = lite_arena_newarray(arena, int, fam.total + 1);
	fam.work_of = lite_arena_newarray(arena, int, fam.total + 1);
	if (lite_arena_failed(arena))
		return;
	for (int i = 0; i < planner->nworks; i++)
	{
		for (int c = 0; c < planner->works[i].source->ncolumns; c++)
		{
			int m = fam.offset[i] + c;

			fam.parent[m] = fam.last[m] = m;
			fam.next[m] = -1;
			fam.work_of[m] = i;
		}
	}
	for (int i = 0; i < planner->nworks; i++)
		join_foreign_keys(&fam, &planner->works[i]);
	for (int m = 0; m < fam.total; m++)
	{
		if (find_root(&fam, m) == m)
			unify(&fam, m);
	}
}
