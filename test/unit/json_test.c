/*
 * json_test.c
 *	  JSON as jsonb has it, SQLite's binary JSONB, and both in converters.
 */
#include "tap.h"
#include "value_help.h"

static const char *
kind_name(LiteJsonKind kind)
{
	static const char *const names[] = {"invalid", "nul",	"null",
										"scalar",  "array", "object"};

	return names[kind];
}

static LiteJsonKind
kind_of(const char *s, size_t len)
{
	char *copy = exact_copy(s, len);
	LiteJsonKind kind = lite_json_kind(copy, len);

	free(copy);
	return kind;
}

static void
test_kinds(void)
{
	static const struct
	{
		const char *text;
		LiteJsonKind kind;
	} cases[] = {
		{"null", LITE_JSON_NULL},
		{" null ", LITE_JSON_NULL},
		{"true", LITE_JSON_SCALAR},
		{"false", LITE_JSON_SCALAR},
		{"0", LITE_JSON_SCALAR},
		{"-0", LITE_JSON_SCALAR},
		{"-0.0e-0", LITE_JSON_SCALAR},
		{"1E+2", LITE_JSON_SCALAR},
		{"123456789012345678901234567890", LITE_JSON_SCALAR},
		{"1e131071", LITE_JSON_SCALAR},
		{"1e-16383", LITE_JSON_SCALAR},
		{"\"\"", LITE_JSON_SCALAR},
		{"\"a\"", LITE_JSON_SCALAR},
		{"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"", LITE_JSON_SCALAR},
		{"\"\\uD83D\\uDE00\"", LITE_JSON_SCALAR},
		{"\"\xF0\x9F\x98\x80\"", LITE_JSON_SCALAR},
		{"\"\x7F\"", LITE_JSON_SCALAR},
		{"[]", LITE_JSON_ARRAY},
		{" [ ] ", LITE_JSON_ARRAY},
		{"[1,[2,[3,{}]],{\"a\":[]}]", LITE_JSON_ARRAY},
		{"\t\r\n [1 , 2]\n", LITE_JSON_ARRAY},
		{"{}", LITE_JSON_OBJECT},
		{"{\"\":0}", LITE_JSON_OBJECT},
		{"{\"a\":1,\"a\":2}", LITE_JSON_OBJECT},
		{"{ \"a\" : { \"b\" : [ null , true , false ] } }", LITE_JSON_OBJECT},
		{"\"\\u0000\"", LITE_JSON_NUL},
		{"{\"a\\u0000b\":1}", LITE_JSON_NUL},
		{"[\"x\",\"\\u0000\"]", LITE_JSON_NUL},
		{"\"\\\\u0000\"", LITE_JSON_SCALAR},
		{"", LITE_JSON_INVALID},
		{" ", LITE_JSON_INVALID},
		{"nul", LITE_JSON_INVALID},
		{"nullx", LITE_JSON_INVALID},
		{"NULL", LITE_JSON_INVALID},
		{"True", LITE_JSON_INVALID},
		{"NaN", LITE_JSON_INVALID},
		{"[NaN]", LITE_JSON_INVALID},
		{"Infinity", LITE_JSON_INVALID},
		{"[-Infinity]", LITE_JSON_INVALID},
		{"undefined", LITE_JSON_INVALID},
		{"01", LITE_JSON_INVALID},
		{"-", LITE_JSON_INVALID},
		{"-01", LITE_JSON_INVALID},
		{"+1", LITE_JSON_INVALID},
		{".5", LITE_JSON_INVALID},
		{"5.", LITE_JSON_INVALID},
		{"1.e5", LITE_JSON_INVALID},
		{"1e", LITE_JSON_INVALID},
		{"1e+", LITE_JSON_INVALID},
		{"0x1F", LITE_JSON_INVALID},
		{"1 2", LITE_JSON_INVALID},
		{"1e131072", LITE_JSON_INVALID},
		{"1e-16384", LITE_JSON_INVALID},
		{"1e999999999999999999999", LITE_JSON_INVALID},
		{"[1e-999999999999999999999]", LITE_JSON_INVALID},
		{"\"", LITE_JSON_INVALID},
		{"\"a", LITE_JSON_INVALID},
		{"\"\\\"", LITE_JSON_INVALID},
		{"\"\\", LITE_JSON_INVALID},
		{"\"\\x41\"", LITE_JSON_INVALID},
		{"\"\\u12\"", LITE_JSON_INVALID},
		{"\"\\u12", LITE_JSON_INVALID},
		{"\"\\u12G4\"", LITE_JSON_INVALID},
		{"\"\\U0041\"", LITE_JSON_INVALID},
		{"\"\\uD800\"", LITE_JSON_INVALID},
		{"\"\\uDC00\"", LITE_JSON_INVALID},
		{"\"\\uD800\\uD800\"", LITE_JSON_INVALID},
		{"\"\\uD800x\"", LITE_JSON_INVALID},
		{"\"\\uD83D\\u", LITE_JSON_INVALID},
		{"\"\\uDE00\\uD83D\"", LITE_JSON_INVALID},
		{"\"\t\"", LITE_JSON_INVALID},
		{"\"line\nbreak\"", LITE_JSON_INVALID},
		{"\"\x1F\"", LITE_JSON_INVALID},
		{"\"\xFF\"", LITE_JSON_INVALID},
		{"\"\xC0\x80\"", LITE_JSON_INVALID},
		{"\"\xED\xA0\x80\"", LITE_JSON_INVALID},
		{"\"\xF4\x90\x80\x80\"", LITE_JSON_INVALID},
		{"\"\xE2\x82\"", LITE_JSON_INVALID},
		{"\xEF\xBB\xBF{}", LITE_JSON_INVALID},
		{"'a'", LITE_JSON_INVALID},
		{"{a:1}", LITE_JSON_INVALID},
		{"{'a':1}", LITE_JSON_INVALID},
		{"{\"a\":1,}", LITE_JSON_INVALID},
		{"{,}", LITE_JSON_INVALID},
		{"{\"a\"}", LITE_JSON_INVALID},
		{"{\"a\":}", LITE_JSON_INVALID},
		{"{\"a\" 1}", LITE_JSON_INVALID},
		{"{1:2}", LITE_JSON_INVALID},
		{"{\"a\":1 \"b\":2}", LITE_JSON_INVALID},
		{"{\"a\":1", LITE_JSON_INVALID},
		{"{\"a\":1]", LITE_JSON_INVALID},
		{"[1,]", LITE_JSON_INVALID},
		{"[,1]", LITE_JSON_INVALID},
		{"[1,,2]", LITE_JSON_INVALID},
		{"[1 2]", LITE_JSON_INVALID},
		{"[1", LITE_JSON_INVALID},
		{"[1}", LITE_JSON_INVALID},
		{"[", LITE_JSON_INVALID},
		{"]", LITE_JSON_INVALID},
		{"[]]", LITE_JSON_INVALID},
		{"[] []", LITE_JSON_INVALID},
		{"{}{}", LITE_JSON_INVALID},
		{"// a\n1", LITE_JSON_INVALID},
		{"[1] /* a */", LITE_JSON_INVALID},
		{"\v1", LITE_JSON_INVALID},
		{"\xC2\xA0"
		 "1",
		 LITE_JSON_INVALID},
	};

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
		is_str(kind_name(kind_of(cases[k].text, strlen(cases[k].text))),
			   kind_name(cases[k].kind), "JSON '%s'", cases[k].text);
	is_int(kind_of("1\0", 2), LITE_JSON_INVALID, "a NUL behind is no space");
	is_int(kind_of("\"a\0b\"", 5), LITE_JSON_INVALID, "nor one in a string");
}

static LiteJsonKind
nested(const char *open, const char *inside, const char *close, int depth)
{
	size_t len = strlen(open) * (size_t) depth + strlen(inside) +
				 strlen(close) * (size_t) depth;
	char *text = malloc(len + 1);
	char *p = text;
	LiteJsonKind kind;

	for (int k = 0; k < depth; k++)
		p += sprintf(p, "%s", open);
	p += sprintf(p, "%s", inside);
	for (int k = 0; k < depth; k++)
		p += sprintf(p, "%s", close);
	kind = kind_of(text, len);
	free(text);
	return kind;
}

static void
test_depth(void)
{
	is_int(nested("[", "", "]", LITE_JSON_DEPTH), LITE_JSON_ARRAY,
		   "arrays as deep as allowed");
	is_int(nested("[", "", "]", LITE_JSON_DEPTH + 1), LITE_JSON_INVALID,
		   "one deeper");
	is_int(nested("{\"a\":", "0", "}", LITE_JSON_DEPTH), LITE_JSON_OBJECT,
		   "objects as deep as allowed");
	is_int(nested("{\"a\":", "0", "}", LITE_JSON_DEPTH + 1), LITE_JSON_INVALID,
		   "one deeper");
	is_int(nested("[", "", "]", 1000000), LITE_JSON_INVALID,
		   "a million levels");
	is_int(nested("[", "1", "}", 500), LITE_JSON_INVALID,
		   "closed by the wrong bracket");
	is_int(nested("[{\"a\":", "1", "}]", LITE_JSON_DEPTH / 2), LITE_JSON_ARRAY,
		   "both in turn");
}

/* Every position of a special byte in a long string: the fast path by words
 * must see it wherever it stands. */
static void
test_long_strings(void)
{
	static const struct
	{
		const char *bytes;
		bool valid;
	} specials[] = {
		{"\xC3\xA9", true}, {"\xE2\x82\xAC", true},
		{"\\n", true},		{"\\u00e9", true},
		{"\xC3", false},	{"\xA9", false},
		{"\n", false},		{"\\q", false},
		{"\"", false},		{"\xF0\x9F\x98", false},
		{"\x80", false},	{"\x7F", true},
		{" ", true},		{"!", true},
		{"#", true},		{"[", true},
		{"]", true},
	};

	for (size_t k = 0; k < sizeof(specials) / sizeof(specials[0]); k++)
	{
		int wrong = 0;

		for (int at = 0; at <= 40; at++)
		{
			char text[128];
			int n =
				sprintf(text, "[\"%.*s%s%.*s\"]", at,
						"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuv",
						specials[k].bytes, 40 - at,
						"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuv");

			if ((kind_of(text, (size_t) n) == LITE_JSON_ARRAY) !=
				specials[k].valid)
				wrong++;
		}
		is_int(wrong, 0, "special string %d at any place", (int) k);
	}
}

/* ---- binary JSONB ---- */

static char *jsonb_buf = NULL;
static size_t jsonb_capacity = 0;

static const char *
jsonb(const void *blob, size_t len)
{
	char *copy = exact_copy(blob, len);
	size_t n;
	bool good = lite_jsonb_text(copy, len, &jsonb_buf, &jsonb_capacity, &n);

	free(copy);
	if (!good)
		return NULL;
	if (n == jsonb_capacity)
		jsonb_buf = realloc(jsonb_buf, ++jsonb_capacity);
	jsonb_buf[n] = '\0';
	return jsonb_buf;
}

static void
test_jsonb(void)
{
	static const struct
	{
		const char *what;
		const char *blob;
		size_t len;
		const char *text; /* NULL: not JSONB */
	} cases[] = {
#define BLOB(s) s, sizeof(s) - 1
		{"null", BLOB("\x00"), "null"},
		{"true", BLOB("\x01"), "true"},
		{"false", BLOB("\x02"), "false"},
		{"int",
		 BLOB("\x33"
			  "123"),
		 "123"},
		{"negative int", BLOB("\x23-5"), "-5"},
		{"int with a size of one byte",
		 BLOB("\xC3\x03"
			  "123"),
		 "123"},
		{"of two",
		 BLOB("\xD3\x00\x03"
			  "123"),
		 "123"},
		{"of four",
		 BLOB("\xE3\x00\x00\x00\x03"
			  "123"),
		 "123"},
		{"of eight",
		 BLOB("\xF3\x00\x00\x00\x00\x00\x00\x00\x03"
			  "123"),
		 "123"},
		{"hexadecimal",
		 BLOB("\x44"
			  "0x1F"),
		 "31"},
		{"negative hexadecimal", BLOB("\x54-0XfF"), "-255"},
		{"64 bits of it",
		 BLOB("\xC4\x12"
			  "0xFFFFFFFFFFFFFFFF"),
		 "18446744073709551615"},
		{"65 bits of it",
		 BLOB("\xC4\x13"
			  "0x1FFFFFFFFFFFFFFFF"),
		 NULL},
		{"hexadecimal without digits",
		 BLOB("\x24"
			  "0x"),
		 NULL},
		{"plus", BLOB("\x24+5"), "5"},
		{"float",
		 BLOB("\x35"
			  "1.5"),
		 "1.5"},
		{"float of an infinity",
		 BLOB("\x55"
			  "9e999"),
		 "9e999"},
		{"point first", BLOB("\x26.5"), "0.5"},
		{"point last",
		 BLOB("\x26"
			  "5."),
		 "5.0"},
		{"both with signs", BLOB("\x46-.5e"), NULL},
		{"point and exponent", BLOB("\x56-.5e2"), "-0.5e2"},
		{"point before exponent",
		 BLOB("\x46"
			  "5.e2"),
		 "5.0e2"},
		{"a lone point", BLOB("\x16."), "0.0"},
		{"text",
		 BLOB("\x37"
			  "abc"),
		 "\"abc\""},
		{"empty text", BLOB("\x07"), "\"\""},
		{"UTF-8", BLOB("\x27\xC3\xA9"), "\"\xC3\xA9\""},
		{"escapes",
		 BLOB("\x48"
			  "a\\nb"),
		 "\"a\\nb\""},
		{"u escape", BLOB("\x68\\u00e9"), "\"\\u00e9\""},
		{"\\x", BLOB("\x49\\x41"), "\"\\u0041\""},
		{"\\v and \\'", BLOB("\x49\\v\\'"), "\"\\u000b'\""},
		{"\\0", BLOB("\x29\\0"), "\"\\u0000\""},
		{"continued line",
		 BLOB("\x69"
			  "a\\\r\nb\""),
		 "\"ab\\\"\""},
		{"continued line",
		 BLOB("\x59"
			  "a\\\r\nb"),
		 "\"ab\""},
		{"continued by LF",
		 BLOB("\x49"
			  "a\\\nb"),
		 "\"ab\""},
		{"continued by U+2028",
		 BLOB("\x69"
			  "a\\\xE2\x80\xA8"
			  "b"),
		 "\"ab\""},
		{"quote in single quotes",
		 BLOB("\x39"
			  "a\"b"),
		 "\"a\\\"b\""},
		{"raw",
		 BLOB("\x5A"
			  "\"\\\n\x01z"),
		 "\"\\\"\\\\\\u000a\\u0001z\""},
		{"raw NUL", BLOB("\x1A\x00"), "\"\\u0000\""},
		{"array",
		 BLOB("\x4B\x13"
			  "1\x00\x01"),
		 "[1,null,true]"},
		{"empty array", BLOB("\x0B"), "[]"},
		{"object",
		 BLOB("\x4C\x17"
			  "a\x13"
			  "1"),
		 "{\"a\":1}"},
		{"empty object", BLOB("\x0C"), "{}"},
		{"two pairs",
		 BLOB("\x7C\x17"
			  "a\x13"
			  "1\x17"
			  "b\x0B"),
		 "{\"a\":1,\"b\":[]}"},
		{"nested",
		 BLOB("\x4B\x3C\x17"
			  "a\x0C"),
		 "[{\"a\":{}}]"},
		{"nothing", BLOB(""), NULL},
		{"two values", BLOB("\x00\x00"), NULL},
		{"reserved type 13", BLOB("\x0D"), NULL},
		{"reserved type 15", BLOB("\x0F"), NULL},
		{"null with a payload", BLOB("\x10x"), NULL},
		{"true with a payload", BLOB("\x11\x00"), NULL},
		{"size beyond the end",
		 BLOB("\x57"
			  "abc"),
		 NULL},
		{"size missing", BLOB("\xC7"), NULL},
		{"half a size", BLOB("\xE7\x00\x00"), NULL},
		{"enormous size",
		 BLOB("\xF7\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
			  "a"),
		 NULL},
		{"size that wraps",
		 BLOB("\xFB\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xF7"
			  "a"),
		 NULL},
		{"child beyond its parent",
		 BLOB("\x2B\x27"
			  "ab"),
		 NULL},
		{"int with a comma",
		 BLOB("\x33"
			  "1,2"),
		 NULL},
		{"int with a bracket",
		 BLOB("\x23"
			  "1]"),
		 NULL},
		{"int with a point",
		 BLOB("\x33"
			  "1.5"),
		 NULL},
		{"int of letters",
		 BLOB("\x33"
			  "abc"),
		 NULL},
		{"empty int", BLOB("\x03"), NULL},
		{"lone minus", BLOB("\x13-"), NULL},
		{"leading zero",
		 BLOB("\x23"
			  "01"),
		 NULL},
		{"float of words", BLOB("\x35NaN"), NULL},
		{"empty float", BLOB("\x05"), NULL},
		{"empty float5", BLOB("\x06"), NULL},
		{"empty int5", BLOB("\x04"), NULL},
		{"text with a quote",
		 BLOB("\x37"
			  "a\"b"),
		 NULL},
		{"text with a backslash",
		 BLOB("\x27"
			  "a\\"),
		 NULL},
		{"text with a control", BLOB("\x17\n"), NULL},
		{"text that is not UTF-8", BLOB("\x17\xFF"), NULL},
		{"escapes with a quote",
		 BLOB("\x38"
			  "a\"b"),
		 NULL},
		{"half an escape", BLOB("\x18\\"), NULL},
		{"unknown escape", BLOB("\x28\\x"), NULL},
		{"half a surrogate", BLOB("\x68\\ud800"), NULL},
		{"half an \\x", BLOB("\x39\\x4"), NULL},
		{"\\x with quotes", BLOB("\x49\\x\"\""), NULL},
		{"\\x of no digits", BLOB("\x49\\xzz"), NULL},
		{"raw that is not UTF-8", BLOB("\x1A\xFF"), NULL},
		{"key that is a number",
		 BLOB("\x4C\x13"
			  "1\x13"
			  "1"),
		 NULL},
		{"key without a value",
		 BLOB("\x2C\x17"
			  "a"),
		 NULL},
		{"key that is an array", BLOB("\x2C\x0B\x00"), NULL},
#undef BLOB
	};

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
		is_str(jsonb(cases[k].blob, cases[k].len), cases[k].text, "JSONB: %s",
			   cases[k].what);
}

/* n arrays in one another, each with a header of nine bytes. */
static bool
nested_jsonb(int n)
{
	size_t len = (size_t) n * 9;
	unsigned char *blob = malloc(len);
	bool good;

	for (int k = 0; k < n; k++)
	{
		size_t size = (size_t) (n - k - 1) * 9;

		blob[k * 9] = 0xFB;
		for (int j = 0; j < 8; j++)
			blob[k * 9 + 1 + j] = (unsigned char) (size >> (56 - 8 * j));
	}
	good = jsonb(blob, len) != NULL;
	free(blob);
	return good;
}

static void
test_jsonb_depth(void)
{
	ok(nested_jsonb(LITE_JSON_DEPTH), "JSONB as deep as allowed");
	ok(!nested_jsonb(LITE_JSON_DEPTH + 1), "one deeper");
	ok(!nested_jsonb(100000), "very deep");
}

static void
test_encode(void)
{
	static const char *const cases[] = {
		"null",
		"true",
		"false",
		"0",
		"-1.5e10",
		"\"\"",
		"\"abc\"",
		"\"a\\nb\\u00e9\"",
		"[]",
		"{}",
		"[1,[2,{}],\"x\"]",
		"{\"a\":{\"b\":[null,true,false]},\"c\":\"\"}",
		"[\"0123456789ab\"]",
		"{\"\\\"\":\"\\\\\"}",
	};
	char *buf = NULL;
	size_t capacity = 0;
	size_t len;
	char longer[1200];

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
	{
		ok(lite_jsonb_encode(cases[k], strlen(cases[k]), &buf, &capacity,
							 &len),
		   "%s as JSONB", cases[k]);
		is_str(jsonb(buf, len), cases[k], "and back");
	}
	memset(longer, 'x', sizeof(longer));
	longer[0] = longer[sizeof(longer) - 1] = '"';
	ok(lite_jsonb_encode(longer, sizeof(longer), &buf, &capacity, &len) &&
		   jsonb(buf, len) != NULL &&
		   memcmp(jsonb_buf, longer, sizeof(longer)) == 0,
	   "a long string too");
	free(buf);
}

/* ---- the converters ---- */

static LiteMisfit
convert(LiteType type, LiteFormat format, LiteValue value, char *text)
{
	LiteConverter converter;
	LiteScalar scalar;
	LiteMisfit misfit;

	lite_converter_init(&converter, type_of(type, format));
	misfit = lite_convert(&converter, &value, &scalar);
	if (misfit == LITE_FITS)
		sprintf(text, "%.*s", (int) scalar.len, scalar.data);
	else
		sprintf(text, "!%s", lite_misfit_name(misfit));
	lite_converter_free(&converter);
	return misfit;
}

static void
test_convert(void)
{
#define IS(type, format, value, expected, what)                               \
	do                                                                        \
	{                                                                         \
		char text[256];                                                       \
		convert(LITE_TYPE_##type, LITE_FORMAT_##format, value, text);         \
		is_str(text, expected, what);                                         \
	} while (0)

	IS(JSONB, NATIVE, text_value(" {\"a\": 1}"), " {\"a\": 1}", "JSON text");
	IS(JSON, NATIVE, text_value("[1 ]"), "[1 ]", "for json too");
	IS(JSONB, NATIVE, text_value("null"), "null", "the literal null");
	IS(JSONB, NATIVE, text_value("5"), "5", "a scalar");
	IS(JSONB, NATIVE, text_value(""), "!json", "empty text");
	IS(JSONB, NATIVE, text_value("{a:1}"), "!json", "JSON5 text");
	IS(JSONB, NATIVE, text_value("[NaN]"), "!json", "NaN");
	IS(JSONB, NATIVE, text_value("\"\\u0000\""), "!json_nul", "\\u0000");
	IS(JSON, NATIVE, text_value("\"\\u0000\""), "!json_nul",
	   "\\u0000 in json");
	IS(JSONB, NATIVE, text_value("\"\xFF\""), "!encoding", "bad UTF-8");
	IS(JSONB, NATIVE, bytes_value(LITE_TEXT, "\"a\0\"", 4), "!nul",
	   "a NUL byte");
	IS(JSONB, NATIVE, bytes_value(LITE_TEXT, NULL, 0), "!nomem",
	   "no memory for the text");
	IS(JSONB, NATIVE, int_value(-7), "-7", "an integer, by affinity");
	IS(JSONB, NATIVE, real_value(1.5), "1.5", "a real, by affinity");
	IS(JSONB, NATIVE, real_value(1e300), "1.0e+300", "a large one");
	IS(JSONB, NATIVE, real_value(INFINITY), "!nonfinite", "an infinity");
	IS(JSONB, NATIVE, bytes_value(LITE_BLOB, "{}", 2), "!class",
	   "bytes where text is native");
	IS(JSONB, AUTO, bytes_value(LITE_BLOB, "{}", 2), "{}",
	   "bytes that are JSON text");
	IS(JSONB, AUTO, bytes_value(LITE_BLOB, "\x0C", 1), "{}",
	   "bytes that are JSONB");
	IS(JSONB, AUTO, bytes_value(LITE_BLOB, "{\"a\":12}", 8), "{\"a\":12}",
	   "text whose first byte could be JSONB's");
	IS(JSONB, AUTO, bytes_value(LITE_BLOB, "\x1A\0", 2), "!json_nul",
	   "JSONB with a NUL");
	IS(JSONB, AUTO, bytes_value(LITE_BLOB, "\x89PNG", 4), "!encoding",
	   "bytes that are neither");
	IS(JSONB, AUTO, bytes_value(LITE_BLOB, NULL, 0), "!json", "no bytes");
	IS(JSONB, BLOB,
	   bytes_value(LITE_BLOB,
				   "\x13"
				   "7",
				   2),
	   "7", "format blob");
	IS(JSONB, BLOB, bytes_value(LITE_BLOB, "7", 1), "!json",
	   "format blob takes JSONB only");
	IS(JSONB, BLOB, text_value("7"), "!class", "and no text");
#undef IS
}

/* Text with 25 million small numbers: far less than 1 GB of text,
 * more than jsonb can address. */
static void
test_too_large(void)
{
	size_t len = 50000001;
	char *text = malloc(len);
	LiteConverter converter;
	LiteScalar scalar;
	LiteValue value;

	if (text == NULL)
	{
		skip("no memory for a large document");
		return;
	}
	for (size_t k = 0; k < len; k++)
		text[k] = k % 2 ? '1' : ',';
	text[0] = '[';
	text[len - 1] = ']';
	value = bytes_value(LITE_TEXT, text, len);
	is_int(lite_json_kind(text, len), LITE_JSON_INVALID,
		   "too large for jsonb");
	lite_converter_init(&converter,
						type_of(LITE_TYPE_JSONB, LITE_FORMAT_NATIVE));
	is_str(lite_misfit_name(lite_convert(&converter, &value, &scalar)),
		   "length", "and the converter says so");
	lite_converter_init(&converter,
						type_of(LITE_TYPE_JSON, LITE_FORMAT_NATIVE));
	is_int(lite_convert(&converter, &value, &scalar), LITE_FITS,
		   "json is text and holds it");
	free(text);
}

/* ---- hostile input ---- */

static void
test_mutations(void)
{
	static const char seed[] =
		"{\"id\": 12, \"text\": \"caf\\u00e9 \xE2\x82\xAC \\uD83D\\uDE00\", "
		"\"list\": [1.5e10, -0.25, true, null, {\"a\": []}], \"x\": \"\"}";
	char text[256];
	int valid = 0;
	int unequal = 0;
	char *buf = NULL;
	size_t capacity = 0;
	LiteHash hash;
	LiteHash again;
	LiteScalar scalar = {0, 0, NULL, 0};

	for (int k = 0; k < 200000; k++)
	{
		size_t len = sizeof(seed) - 1;
		char *copy;
		LiteJsonKind kind;

		memcpy(text, seed, len);
		for (int n = (int) (random64() % 5); n >= 0; n--)
			len = mutate(text, len, sizeof(text), "\"\\{}[]:,0e.-u \xC3\xA9");
		copy = exact_copy(text, len);
		kind = lite_json_kind(copy, len);
		scalar.data = copy;
		scalar.len = len;
		hash = lite_hash_canonical(LITE_TYPE_JSONB, 0, &scalar);
		if (kind > LITE_JSON_NUL)
		{
			size_t encoded;
			char *blob;

			valid++;
			/* text -> JSONB -> text means the same */
			if (lite_jsonb_encode(copy, len, &buf, &capacity, &encoded))
			{
				blob = exact_copy(buf, encoded);
				if (!lite_jsonb_text(blob, encoded, &jsonb_buf,
									 &jsonb_capacity, &scalar.len))
					unequal++;
				else
				{
					scalar.data = jsonb_buf;
					again = lite_hash_canonical(LITE_TYPE_JSONB, 0, &scalar);
					if (hash.lo != again.lo || hash.hi != again.hi)
						unequal++;
				}
				free(blob);
			}
			else
				unequal++;
		}
		free(copy);
	}
	ok(valid > 5000, "200000 mutated texts, %d of them JSON", valid);
	is_int(unequal, 0, "which all mean the same after a trip through JSONB");
	free(buf);
}

static void
test_jsonb_mutations(void)
{
	static const char seed[] =
		"{\"id\":12,\"text\":\"caf\\u00e9\",\"list\":[1.5,true,{\"a\":[]}],"
		"\"long\":\"0123456789012345678901234567890123456789\"}";
	char *buf = NULL;
	size_t capacity = 0;
	size_t seed_len;
	char blob[256];
	int valid = 0;
	int broken = 0;

	lite_jsonb_encode(seed, sizeof(seed) - 1, &buf, &capacity, &seed_len);
	for (int k = 0; k < 200000; k++)
	{
		size_t len = seed_len;
		char *copy;
		size_t n;

		memcpy(blob, buf, len);
		for (int j = (int) (random64() % 4); j >= 0; j--)
			len = mutate(blob, len, sizeof(blob),
						 "\x01\x0B\x0C\x13\x17\x1A\xCB\xDC\xEB\xFB");
		if (k % 2) /* at its start, where it matters more */
			blob[random64() % 8] = (char) random64();
		copy = exact_copy(blob, len);
		if (lite_jsonb_text(copy, len, &jsonb_buf, &jsonb_capacity, &n))
		{
			valid++;
			if (lite_json_kind(jsonb_buf, n) == LITE_JSON_INVALID)
				broken++;
		}
		free(copy);
	}
	ok(valid > 500, "200000 mutated blobs, %d of them JSONB", valid);
	is_int(broken, 0, "and those gave JSON");
	free(buf);
}

int
main(void)
{
	test_kinds();
	test_depth();
	test_long_strings();
	test_jsonb();
	test_jsonb_depth();
	test_encode();
	test_convert();
	test_too_large();
	test_mutations();
	test_jsonb_mutations();
	free(jsonb_buf);
	return done_testing();
}
