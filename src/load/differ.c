/*
 * differ.c
 *	  Which rows differ, when the sums of two sides do.
 *
 * Neither side is in memory, and neither needs to be in any order.  Both are
 * read twice:
 *
 *	1. Rows are dealt into buckets by the hash of their key; each bucket keeps
 *	   the sum of its rows, per side.  A bucket whose two sums are equal holds
 *	   the same rows on both sides, and is done with.
 *	2. Of a few buckets that differ, the rows are remembered, sorted by key,
 *	   and matched: a key on one side only is a row that is lost or has come
 *	   from elsewhere, a key on both sides with another sum is a changed row.
 *
 * With as many buckets as make a few hundred rows each, the second pass
 * remembers little, however large the table is.
 */
#include "pg/compat.h"

#include "lib/stringinfo.h"
#include "utils/memutils.h"

#include "load/load.h"

#define ROWS_PER_BUCKET 256
#define MIN_BUCKETS 1024
#define MAX_BUCKETS (1024 * 1024)

/* Enough to start looking; the whole list may be the whole table. */
#define EXAMPLES 5

/* A table of which every row has one key must not fill the memory. */
#define MAX_ENTRIES 100000

#define LABEL_SIZE 80

typedef enum Side
{
	SIDE_FILE,
	SIDE_HEAP
} Side;

typedef struct Entry
{
	LiteHash key;
	LiteHash row;
	Side side;
	bool both; /* the other side has the row, too, but less often */
	char *label;
} Entry;

typedef struct Differ
{
	Side side; /* being read */
	int nbuckets;
	LiteHash *buckets[2];
	bool *wanted;
	Entry *entries;
	int nentries;
	MemoryContext context; /* of the labels */
} Differ;

static void
deal(void *arg, const LiteLoadSums *sums, const LiteLoadInput *input,
	 LiteHash key, LiteHash row)
{
	Differ *differ = arg;
	LiteHash *bucket =
		&differ->buckets[differ->side][key.lo % differ->nbuckets];

	*bucket = LiteHashPlus(*bucket, row);
}

static void
append_value(StringInfo buf, const LiteValue *value)
{
	char text[40];

	switch (value->cls)
	{
		case LITE_NULL:
			appendStringInfoString(buf, "NULL");
			break;
		case LITE_INTEGER:
			appendStringInfo(buf, "%lld", (long long) value->i);
			break;
		case LITE_REAL:
			appendStringInfo(buf, "%.17g", value->r);
			break;
		case LITE_TEXT:
			appendStringInfo(buf, "'%s'",
							 LiteLoadText(lite_text_clip(text, sizeof(text),
														 value->data,
														 value->len)));
			break;
		case LITE_BLOB:
			appendStringInfo(buf, "a blob of %zu bytes", value->len);
			break;
		case LITE_NCLASSES:
			break;
	}
}

/* The key of a row for people; of a table without one, its first columns. */
static char *
label_of(const LiteLoadSums *sums, const LiteLoadInput *input)
{
	const LiteLoadTable *table = input->table;
	int count = table->nkey > 0 ? table->nkey : Min(table->ncolumns, 3);
	StringInfoData buf;

	initStringInfo(&buf);
	for (int i = 0; i < count; i++)
	{
		int column = table->nkey > 0 ? table->key[i] : i;

		appendStringInfo(&buf, "%s%s = ", i ? ", " : "",
						 LiteLoadText(table->columns[column].name));
		append_value(&buf, &sums->values[column]);
	}
	return buf.data;
}

static void
remember(void *arg, const LiteLoadSums *sums, const LiteLoadInput *input,
		 LiteHash key, LiteHash row)
{
	Differ *differ = arg;
	Entry *entry;
	MemoryContext old;

	if (!differ->wanted[key.lo % differ->nbuckets] ||
		differ->nentries >= MAX_ENTRIES)
		return;
	old = MemoryContextSwitchTo(differ->context);
	entry = &differ->entries[differ->nentries++];
	entry->key = key;
	entry->row = row;
	entry->side = differ->side;
	entry->label = label_of(sums, input);
	MemoryContextSwitchTo(old);
}

static void
read_both(Differ *differ, LiteLoadInput *input, Relation rel,
		  LiteLoadEach each)
{
	for (differ->side = SIDE_FILE; differ->side <= SIDE_HEAP; differ->side++)
	{
		LiteLoadSums *sums = LiteLoadSumsNew(input->table);

		sums->each = each;
		sums->each_arg = differ;
		if (differ->side == SIDE_FILE)
			LiteLoadSumsOfFile(sums, input);
		else
			LiteLoadSumsOfHeap(sums, input, rel);
	}
}

static int
compare_hash(LiteHash a, LiteHash b)
{
	if (a.hi != b.hi)
		return a.hi < b.hi ? -1 : 1;
	if (a.lo != b.lo)
		return a.lo < b.lo ? -1 : 1;
	return 0;
}

/* By key, then by row, then the file's side first. */
static int
compare_entry(const void *a, const void *b)
{
	const Entry *x = a;
	const Entry *y = b;
	int result = compare_hash(x->key, y->key);

	if (result == 0)
		result = compare_hash(x->row, y->row);
	return result ? result : (int) x->side - (int) y->side;
}

/* Strikes out the rows that both sides have; the rest stays, sorted. */
static int
strike_equal(Entry *entries, int count)
{
	int kept = 0;

	for (int from = 0; from < count;)
	{
		int to = from;
		int balance = 0;
		int count_of_file = 0;

		while (to < count &&
			   compare_hash(entries[to].key, entries[from].key) == 0 &&
			   compare_hash(entries[to].row, entries[from].row) == 0)
		{
			if (entries[to].side == SIDE_FILE)
				count_of_file++;
			balance += entries[to++].side == SIDE_FILE ? 1 : -1;
		}
		for (int i = 0; i < abs(balance); i++)
		{
			entries[kept] = entries[from];
			entries[kept].side = balance > 0 ? SIDE_FILE : SIDE_HEAP;
			entries[kept].both =
				count_of_file > 0 && count_of_file < to - from;
			kept++;
		}
		from = to;
	}
	return kept;
}

static const char *
say_where(const Entry *entry)
{
	if (entry->both)
		return entry->side == SIDE_FILE ? "more often in the file"
										: "more often in the table";
	return entry->side == SIDE_FILE ? "only in the file" : "only in the table";
}

static char *
say_examples(const Entry *entries, int count)
{
	StringInfoData buf;
	int said = 0;

	initStringInfo(&buf);
	for (int i = 0; i < count && said < EXAMPLES; i++)
	{
		bool pair = i + 1 < count &&
					compare_hash(entries[i].key, entries[i + 1].key) == 0 &&
					entries[i].side != entries[i + 1].side &&
					!entries[i].both && !entries[i + 1].both;

		appendStringInfo(&buf, "%s%s (%s)", said++ ? "; " : "",
						 entries[i].label,
						 pair ? "changed" : say_where(&entries[i]));
		if (pair)
			i++;
	}
	return buf.len > 0 ? buf.data : NULL;
}

/*
 * Examples of the rows that differ, NULL if none can be named.  rows: about
 * how many there are.  The active snapshot is what the heap is read by.
 */
char *
LiteLoadDiffer(LiteLoadInput *input, Relation rel, int64 rows)
{
	Differ differ = {0};
	int found = 0;

	differ.nbuckets =
		Min(Max(rows / ROWS_PER_BUCKET, MIN_BUCKETS), MAX_BUCKETS);
	for (int side = 0; side < 2; side++)
		differ.buckets[side] = palloc0(sizeof(LiteHash) * differ.nbuckets);
	differ.wanted = palloc0(sizeof(bool) * differ.nbuckets);
	differ.context = CurrentMemoryContext;
	read_both(&differ, input, rel, deal);

	for (int i = 0; i < differ.nbuckets && found < EXAMPLES; i++)
	{
		differ.wanted[i] = compare_hash(differ.buckets[SIDE_FILE][i],
										differ.buckets[SIDE_HEAP][i]) != 0;
		if (differ.wanted[i])
			found++;
	}
	if (found == 0)
		return NULL;
	differ.entries = palloc(sizeof(Entry) * MAX_ENTRIES);
	read_both(&differ, input, rel, remember);
	qsort(differ.entries, differ.nentries, sizeof(Entry), compare_entry);
	return say_examples(differ.entries,
						strike_equal(differ.entries, differ.nentries));
}
