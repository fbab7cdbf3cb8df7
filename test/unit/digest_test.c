/*
 * digest_test.c
 *	  What counts as equal, and that nothing else does.
 */
#include "tap.h"
#include "value_help.h"

static bool
equal(LiteHash a, LiteHash b)
{
	return a.lo == b.lo && a.hi == b.hi;
}

static LiteHash
json_hash(const char *s)
{
	LiteScalar scalar = {0, 0, s, strlen(s)};

	return lite_hash_canonical(LITE_TYPE_JSONB, 0, &scalar);
}

static void
test_json(void)
{
	static const struct
	{
		const char *a;
		const char *b;
		bool same;
	} cases[] = {
		{"1", "1.0", true},
		{"1", "1e0", true},
		{"1", "10e-1", true},
		{"1", "0.01E2", true},
		{"0", "-0", true},
		{"0", "0.000e10", true},
		{"100", "1e2", true},
		{"1.50", "1.5", true},
		{"-5", "-5.0", true},
		{"123456789012345678901234567890",
		 "1.23456789012345678901234567890e29", true},
		{"1000000000000000000000", "1e21", true},
		{"1", "-1", false},
		{"1", "10", false},
		{"0.1", "0.01", false},
		{"1", "\"1\"", false},
		{"1", "[1]", false},
		{"123456789012345678901234567890", "123456789012345678901234567891",
		 false},
		{"123456789012345678", "1234567890123456780", false},
		{"9007199254740993", "9007199254740992", false},
		{"\"A\"", "\"\\u0041\"", true},
		{"\"a/b\"", "\"a\\/b\"", true},
		{"\"\\n\\t\\b\\f\\r\\\"\\\\\"",
		 "\"\\u000a\\u0009\\u0008\\u000C\\u000D\\u0022\\u005c\"", true},
		{"\"\xC3\xA9\"", "\"\\u00e9\"", true},
		{"\"\xF0\x9F\x98\x80\"", "\"\\ud83d\\uDE00\"", true},
		{"\"a\"", "\"b\"", false},
		{"\"\"", "\" \"", false},
		{"\"ab\"", "\"ba\"", false},
		{"\"null\"", "null", false},
		{"true", "false", false},
		{"null", "false", false},
		{" { \"a\" : 1 } ", "{\"a\":1}", true},
		{"{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", true},
		{"{\"a\":1,\"a\":2}", "{\"a\":2}", true},
		{"{\"a\":1,\"\\u0061\":2}", "{\"a\":2}", true},
		{"{\"a\":1,\"a\":2}", "{\"a\":1}", false},
		{"{\"a\":2,\"a\":1}", "{\"a\":1}", true},
		{"{\"a\":1,\"b\":3,\"a\":2}", "{\"b\":3,\"a\":2}", true},
		{"{\"a\":1,\"b\":2}", "{\"a\":2,\"b\":1}", false},
		{"{\"a\":{\"b\":1}}", "{\"b\":{\"a\":1}}", false},
		{"{\"a\":{\"x\":1,\"y\":2},\"b\":0}",
		 "{\"b\":0,\"a\":{\"y\":2,\"x\":1}}", true},
		{"{\"a\":1}", "{\"a\":1,\"b\":null}", false},
		{"{}", "[]", false},
		{"{}", "null", false},
		{"[]", "[[]]", false},
		{"[1,2]", "[2,1]", false},
		{"[1,2]", "[ 1 , 2.0 ]", true},
		{"[1,[2,3]]", "[[1,2],3]", false},
		{"[1,[2],3]", "[1,2,[3]]", false},
		{"[[],[]]", "[[[]]]", false},
		{"[12]", "[1,2]", false},
		{"[{\"a\":1},{\"b\":2}]", "[{\"a\":1,\"b\":2}]", false},
		{"{\"a\":[]}", "{\"a\":{}}", false},
	};

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
		is_int(equal(json_hash(cases[k].a), json_hash(cases[k].b)),
			   cases[k].same, "%s %s %s", cases[k].a,
			   cases[k].same ? "is" : "is not", cases[k].b);
}

/* More keys than the inline stack and the pairwise comparison take; the same
 * keys shuffled, with some said twice. */
static void
test_many_keys(void)
{
	static char a[400000];
	static char b[400000];
	int counts[] = {1, 2, 23, 24, 25, 26, 47, 48, 49, 50, 100, 5000};

	for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++)
	{
		int n = counts[c];
		char *p = a;
		char *q = b;

		p += sprintf(p, "[{");
		for (int k = 0; k < n; k++)
			p += sprintf(p, "%s\"key%d\":[%d,{\"k\":%d}]", k > 0 ? "," : "", k,
						 k, -k);
		sprintf(p, "},7]");

		q += sprintf(q, "[ {");
		for (int k = 0; k < n; k += 3) /* hidden by what follows */
			q += sprintf(q, "\"key%d\":null,", k);
		for (int k = n - 1; k >= 0; k--)
			q += sprintf(q, "%s\"key%d\":[%d.0,{\"k\" : %de-1}]",
						 k < n - 1 ? "," : "", k, k, -k * 10);
		sprintf(q, "}, 7]");
		ok(equal(json_hash(a), json_hash(b)), "%d keys in another order", n);

		/* the last value of the last key changed */
		strcpy(strstr(b, "7]"), "8]");
		ok(!equal(json_hash(a), json_hash(b)), "and another element");
	}
}

/* Every way in which the text ends early, and depth. */
static void
test_not_json(void)
{
	static const char text[] = "{\"a\":[1,\"\\u0041\\ud83d\\ude00\",true]}";
	LiteScalar scalar = {0, 0, NULL, 0};
	static char deep[2 * LITE_JSON_DEPTH + 8];
	LiteHash first;

	for (size_t len = 0; len < sizeof(text) - 1; len++)
	{
		char *copy = exact_copy(text, len);

		scalar.data = copy;
		scalar.len = len;
		lite_hash_canonical(LITE_TYPE_JSONB, 0, &scalar);
		free(copy);
	}
	ok(true, "no read beyond the end of broken JSON");

	scalar.data = "{broken";
	scalar.len = 7;
	first = lite_hash_canonical(LITE_TYPE_JSONB, 0, &scalar);
	scalar.data = "{ broken";
	scalar.len = 8;
	ok(!equal(first, lite_hash_canonical(LITE_TYPE_JSONB, 0, &scalar)),
	   "what is no JSON counts by its bytes");

	memset(deep, '[', LITE_JSON_DEPTH);
	memset(deep + LITE_JSON_DEPTH, ']', LITE_JSON_DEPTH);
	first = json_hash(deep);
	deep[0] = ' ';
	deep[2 * LITE_JSON_DEPTH - 1] = ' ';
	ok(!equal(first, json_hash(deep)), "depth counts, down to the limit");
}

static LiteHash
canonical(LiteType type, LiteFormat format, LiteValue value)
{
	LiteConverter converter;
	LiteScalar scalar = {0, 0, NULL, 0};
	LiteHash hash = {0, 0};

	lite_converter_init(&converter, type_of(type, format));
	if (lite_convert(&converter, &value, &scalar) == LITE_FITS)
		hash = lite_hash_canonical(type, 3, &scalar);
	lite_converter_free(&converter);
	return hash;
}

#define SAME(type, a, b)                                                      \
	ok(equal(canonical(LITE_TYPE_##type, LITE_FORMAT_AUTO, a),                \
			 canonical(LITE_TYPE_##type, LITE_FORMAT_AUTO, b)),               \
	   "%s", #type ": " #a " is " #b)
#define DIFFERENT(type, a, b)                                                 \
	ok(!equal(canonical(LITE_TYPE_##type, LITE_FORMAT_AUTO, a),               \
			  canonical(LITE_TYPE_##type, LITE_FORMAT_AUTO, b)),              \
	   "%s", #type ": " #a " is not " #b)

static void
test_types(void)
{
	LiteScalar five = {5, 0, NULL, 0};

	SAME(NUMERIC, text_value("1.50"), real_value(1.5));
	SAME(NUMERIC, text_value("5.000"), int_value(5));
	SAME(NUMERIC, text_value("-1e3"), int_value(-1000));
	SAME(NUMERIC, text_value("9223372036854775807.0"), int_value(INT64_MAX));
	SAME(NUMERIC, text_value("-9223372036854775808.00"), int_value(INT64_MIN));
	SAME(NUMERIC, real_value(-0.0), int_value(0));
	SAME(NUMERIC, text_value("1000000000000000000.0"),
		 int_value(1000000000000000000));
	SAME(NUMERIC, text_value("999999999999999999.0"),
		 int_value(999999999999999999));
	DIFFERENT(NUMERIC, int_value(10), int_value(1));
	DIFFERENT(NUMERIC, int_value(10), int_value(-10));
	DIFFERENT(NUMERIC, text_value("0.1"), text_value("0.01"));
	SAME(FLOAT8, real_value(-0.0), real_value(0.0));
	SAME(FLOAT8, int_value(2), real_value(2.0));
	DIFFERENT(FLOAT8, real_value(0.1), real_value(0.1 + 1e-17 * 2));
	SAME(TIMESTAMPTZ, text_value("2024-01-01T00:00Z"),
		 text_value("2024-01-01 00:00:00"));
	SAME(TIMESTAMPTZ, text_value("2024-01-01T02:00+02:00"),
		 int_value(1704067200));
	DIFFERENT(TIMESTAMPTZ, text_value("2024-01-01"), text_value("2024-01-02"));
	SAME(UUID, text_value("{A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11}"),
		 text_value("a0eebc999c0b4ef8bb6d6bb9bd380a11"));
	SAME(UUID, bytes_value(LITE_BLOB, "0123456789abcdef", 16),
		 text_value("30313233-3435-3637-3839-616263646566"));
	SAME(BOOL, text_value("yes"), int_value(1));
	DIFFERENT(BOOL, text_value("no"), int_value(1));
	SAME(JSONB,
		 bytes_value(LITE_BLOB,
					 "\x4C\x17"
					 "a\x13"
					 "1",
					 5),
		 text_value("{ \"a\": 1.0 }"));
	SAME(JSON, text_value("[1,2]"), text_value("[ 1, 2.0 ]"));
	DIFFERENT(TEXT, text_value("a"), text_value("A"));
	DIFFERENT(TEXT, text_value("1.0"), text_value("1"));
	ok(equal(lite_hash_canonical(LITE_TYPE_INT2, 1, &five),
			 lite_hash_canonical(LITE_TYPE_INT8, 1, &five)),
	   "integers of any width are equal");
	ok(!equal(lite_hash_canonical(LITE_TYPE_INT8, 1, &five),
			  lite_hash_canonical(LITE_TYPE_INT8, 2, &five)),
	   "not in another column");
}

static void
test_exact(void)
{
	LiteValue values[] = {
		int_value(1),
		int_value(0),
		int_value(-1),
		real_value(1.0),
		real_value(0.0),
		real_value(-0.0),
		text_value("1"),
		text_value("1.0"),
		text_value(""),
		bytes_value(LITE_BLOB, "1", 1),
		bytes_value(LITE_BLOB, NULL, 0),
		bytes_value(LITE_NULL, NULL, 0),
	};
	size_t n = sizeof(values) / sizeof(values[0]);
	int wrong = 0;

	for (size_t a = 0; a < n; a++)
		for (size_t b = 0; b < n; b++)
			if (equal(lite_hash_exact(0, &values[a]),
					  lite_hash_exact(0, &values[b])) != (a == b))
				wrong++;
	is_int(wrong, 0, "exactly, storage class and sign of zero count");
}

/* Every length, every bit, and no two alike. */
static int
compare_hashes(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(LiteHash));
}

static void
test_bytes(void)
{
	unsigned char data[80];
	LiteHash *hashes = malloc(sizeof(LiteHash) * 80 * 8 * 80);
	int n = 0;
	int same = 0;
	int64_t flips = 0;
	int64_t bits = 0;

	for (size_t k = 0; k < sizeof(data); k++)
		data[k] = (unsigned char) random64();
	for (size_t len = 0; len <= sizeof(data); len++)
	{
		unsigned char *copy = (unsigned char *) exact_copy(data, len);
		LiteHash base = lite_hash_bytes(copy, len, 0);

		hashes[n++] = base;
		for (size_t bit = 0; bit<len * 8; bit += len> 20 ? 7 : 1)
		{
			LiteHash other;

			copy[bit / 8] ^= (unsigned char) (1 << bit % 8);
			other = lite_hash_bytes(copy, len, 0);
			copy[bit / 8] ^= (unsigned char) (1 << bit % 8);
			hashes[n++] = other;
			flips += __builtin_popcountll(base.lo ^ other.lo) +
					 __builtin_popcountll(base.hi ^ other.hi);
			bits += 128;
		}
		free(copy);
	}
	qsort(hashes, (size_t) n, sizeof(LiteHash), compare_hashes);
	for (int k = 1; k < n; k++)
		same += equal(hashes[k], hashes[k - 1]);
	is_int(same, 0, "%d texts that differ in a bit or in length", n);
	ok(flips > bits * 49 / 100 && flips < bits * 51 / 100,
	   "one bit changes half of the others (%.2f%%)",
	   100.0 * (double) flips / (double) bits);
	ok(!equal(lite_hash_bytes("", 0, 1), lite_hash_bytes("", 0, 2)),
	   "the seed counts");
	ok(!equal(lite_hash_bytes("\0", 1, 1), lite_hash_bytes("", 0, 1)),
	   "zero bytes count");
	free(hashes);
}

/*
 * Sums must not let small changes cancel: +1 in one row and -1 in another,
 * values swapped between rows, a row twice for another one.
 */
static void
test_sums(void)
{
	int same = 0;

	for (int k = 0; k < 200000; k++)
	{
		int64_t a = random_between(-1000, 1000000);
		int64_t b = random_between(-1000, 1000000);
		int64_t d = random_between(1, 16);
		LiteScalar s[4] = {{a, 0, NULL, 0},
						   {b, 0, NULL, 0},
						   {a + d, 0, NULL, 0},
						   {b - d, 0, NULL, 0}};
		LiteHash h[4];

		if (a + d == b)
			continue;
		for (int j = 0; j < 4; j++)
			h[j] = lite_hash_canonical(LITE_TYPE_INT8, 0, &s[j]);
		if (h[0].lo + h[1].lo == h[2].lo + h[3].lo ||
			h[0].hi + h[1].hi == h[2].hi + h[3].hi)
			same++;
	}
	is_int(same, 0, "neither half of a sum overlooks +d and -d");
}

typedef struct Row
{
	int64_t id;
	const char *text; /* NULL: a NULL */
} Row;

static void
feed(LiteDigest *digest, const Row *rows, int n)
{
	for (int k = 0; k < n; k++)
	{
		LiteValue id = int_value(rows[k].id);
		LiteScalar id_scalar = {rows[k].id, 0, NULL, 0};
		LiteValue text = {LITE_NULL, 0, 0, NULL, 0};
		LiteScalar text_scalar = {0, 0, NULL, 0};

		if (rows[k].text != NULL)
		{
			text = text_value(rows[k].text);
			text_scalar.data = text.data;
			text_scalar.len = text.len;
		}
		lite_digest_row_begin(digest);
		if (k % 2)
			lite_digest_value(digest, 1, LITE_TYPE_TEXT, &text, &text_scalar);
		lite_digest_value(digest, 0, LITE_TYPE_INT8, &id, &id_scalar);
		if (!(k % 2))
			lite_digest_value(digest, 1, LITE_TYPE_TEXT,
							  rows[k].text ? &text : NULL, &text_scalar);
		lite_digest_row_end(digest);
	}
}

static void
test_digest(void)
{
	static const Row rows[] = {{1, "a"}, {2, "b"}, {3, NULL}, {4, "d"}};
	static const Row shuffled[] = {{4, "d"}, {3, NULL}, {1, "a"}, {2, "b"}};
	static const Row swapped[] = {{1, "b"}, {2, "a"}, {3, NULL}, {4, "d"}};
	static const Row moved_null[] = {{1, "a"}, {2, "b"}, {3, "d"}, {4, NULL}};
	static const Row doubled[] = {{1, "a"}, {1, "a"}, {3, NULL}, {4, "d"}};
	LiteColumnDigest columns[8][2];
	LiteDigest d[8];

	for (int k = 0; k < 8; k++)
		lite_digest_init(&d[k], columns[k], 2);
	feed(&d[0], rows, 4);
	feed(&d[1], shuffled, 4);
	feed(&d[2], swapped, 4);
	feed(&d[3], moved_null, 4);
	feed(&d[4], doubled, 4);
	feed(&d[5], rows, 3);
	feed(&d[6], rows + 3, 1);

	is_int(d[0].rows, 4, "rows");
	is_int(columns[0][1].nulls, 1, "a NULL");
	is_int(columns[0][1].values, 3, "and values");
	ok(equal(d[0].row_sum, d[1].row_sum) &&
		   equal(columns[0][1].exact, columns[1][1].exact),
	   "order of rows and columns does not count");
	ok(equal(columns[0][1].canonical, columns[2][1].canonical) &&
		   !equal(d[0].row_sum, d[2].row_sum),
	   "values swapped between rows: rows differ, columns do not");
	ok(!equal(d[0].row_sum, d[3].row_sum), "a NULL that has moved");
	ok(!equal(columns[0][0].canonical, columns[4][0].canonical) &&
		   !equal(d[0].row_sum, d[4].row_sum),
	   "a row twice, another one lost");
	lite_digest_add(&d[5], &d[6]);
	ok(equal(d[0].row_sum, d[5].row_sum) && d[5].rows == 4 &&
		   equal(columns[0][1].canonical, columns[5][1].canonical) &&
		   equal(columns[0][1].exact, columns[5][1].exact) &&
		   columns[5][1].nulls == 1,
	   "sums of parts add up");
	ok(!equal(columns[0][0].exact, columns[0][0].canonical),
	   "exact and canonical are different hashes");
	lite_digest_init(&d[7], NULL, 0);
	lite_digest_row_begin(&d[7]);
	lite_digest_row_end(&d[7]);
	is_int(d[7].rows, 1, "a table without columns has rows");
}

/* The definition of equality is compared between machines and versions, so it
 * must not change by accident. */
static void
test_fixed(void)
{
	char text[LITE_HASH_TEXT];
	LiteHash hash = {UINT64_C(0x0123456789abcdef),
					 UINT64_C(0xfedcba9876543210)};

	is_str(lite_hash_text(hash, text), "fedcba98765432100123456789abcdef",
		   "a hash as text, high half first");
	is_str(lite_hash_text(lite_hash_bytes("hello, world and all", 20, 7),
						  text),
		   "2b6d9936eac65c7c43202111678f6c3f", "a known hash of bytes");
	is_str(lite_hash_text(json_hash("{\"a\":[1,\"x\",null,-2.50]}"), text),
		   "319de95049e0be6ffff1b12f2995dbcb", "a known hash of JSON");
}

int
main(void)
{
	test_json();
	test_many_keys();
	test_not_json();
	test_types();
	test_exact();
	test_bytes();
	test_sums();
	test_digest();
	test_fixed();
	return done_testing();
}
