/*
 * value_test.c
 *	  Which values fit which types, what they become, and the way back.
 *
 * Dates and times have a test of their own (moment_test.c), JSON too.
 */
#include "tap.h"
#include "value_help.h"

#include "core/utf8.h"

/* ---- the parsers of text.c ---- */

static void
test_utf8(void)
{
	static const struct
	{
		const char *what;
		const char *s;
		size_t len;
		bool valid;
		bool nul;
	} cases[] = {
#define S(s) s, sizeof(s) - 1
		{"nothing", S(""), true, false},
		{"ASCII", S("hello"), true, false},
		{"DEL", S("\x7F"), true, false},
		{"a NUL", S("a\0b"), true, true},
		{"only a NUL", S("\0"), true, true},
		{"two bytes", S("\xC3\xA9"), true, false},
		{"three", S("\xE2\x82\xAC"), true, false},
		{"four", S("\xF0\x9F\x98\x80"), true, false},
		{"the first of two", S("\xC2\x80"), true, false},
		{"the last of two", S("\xDF\xBF"), true, false},
		{"the first of three", S("\xE0\xA0\x80"), true, false},
		{"before the surrogates", S("\xED\x9F\xBF"), true, false},
		{"after them", S("\xEE\x80\x80"), true, false},
		{"U+FFFF", S("\xEF\xBF\xBF"), true, false},
		{"the first of four", S("\xF0\x90\x80\x80"), true, false},
		{"U+10FFFF", S("\xF4\x8F\xBF\xBF"), true, false},
		{"U+110000", S("\xF4\x90\x80\x80"), false, false},
		{"F5", S("\xF5\x80\x80\x80"), false, false},
		{"FF", S("\xFF"), false, false},
		{"a lone tail", S("\x80"), false, false},
		{"overlong NUL", S("\xC0\x80"), false, false},
		{"overlong slash", S("\xC1\xAF"), false, false},
		{"overlong of three", S("\xE0\x9F\xBF"), false, false},
		{"overlong of four", S("\xF0\x8F\xBF\xBF"), false, false},
		{"a surrogate", S("\xED\xA0\x80"), false, false},
		{"the last surrogate", S("\xED\xBF\xBF"), false, false},
		{"half of two", S("\xC3"), false, false},
		{"two thirds", S("\xE2\x82"), false, false},
		{"three quarters", S("\xF0\x9F\x98"), false, false},
		{"a head for a tail", S("\xE2\xC3\xA9"), false, false},
		{"bad, and a NUL behind", S("\xFF\0"), false, true},
		{"Latin-1", S("caf\xE9 au lait"), false, false},
#undef S
	};

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
	{
		int wrong = 0;

		/* in every position of a text of words, which the fast path reads */
		for (size_t before = 0; before < 40; before++)
		{
			for (size_t after = 0; after < 40; after += 3)
			{
				size_t len = before + cases[k].len + after;
				char *s = malloc(len > 0 ? len : 1);
				bool nul;
				bool valid;

				memset(s, 'x', len);
				memcpy(s + before, cases[k].s, cases[k].len);
				valid = lite_utf8_valid(s, len, &nul);
				if (valid != cases[k].valid || nul != cases[k].nul)
					wrong++;
				free(s);
			}
		}
		is_int(wrong, 0, "UTF-8: %s", cases[k].what);
	}
}

/* Character by character, as the validator must agree with. */
static bool
utf8_slowly(const char *s, size_t len, bool *nul, size_t *length)
{
	const unsigned char *p = (const unsigned char *) s;

	*nul = len > 0 && memchr(s, 0, len) != NULL;
	*length = 0;
	while (len > 0)
	{
		int n = lite_utf8_sequence(p, len);

		if (n == 0)
			return false;
		p += n;
		len -= (size_t) n;
		++*length;
	}
	return true;
}

static void
test_utf8_random(void)
{
	int wrong = 0;
	int valid = 0;
	char text[120];

	for (int k = 0; k < 200000; k++)
	{
		size_t len = 0;
		size_t wanted = random64() % 100;
		bool nul;
		bool slow_nul;
		size_t length;
		char *copy;

		while (len < wanted)
		{
			static const unsigned limits[] = {0x80,	 0x80,	 0x80,	  0x80,
											  0x800, 0xD800, 0x110000};
			unsigned cp =
				(unsigned) (random64() % (limits[random64() % 7] - 1)) + 1;

			if (cp < 0xD800 || cp > 0xDFFF)
				len += (size_t) lite_utf8_encode(cp, text + len);
		}
		if (k % 2)
			len = mutate(text, len, sizeof(text), "a\xC3\xA9\xED\xA0\xF4");
		copy = exact_copy(text, len);
		if (lite_utf8_valid(copy, len, &nul) !=
				utf8_slowly(copy, len, &slow_nul, &length) ||
			nul != slow_nul)
			wrong++;
		else if (utf8_slowly(copy, len, &slow_nul, &length))
		{
			valid++;
			if (lite_utf8_length(copy, len) != length)
				wrong++;
		}
		free(copy);
	}
	is_int(wrong, 0, "200000 random texts, %d of them UTF-8", valid);
}

static void
test_bool(void)
{
	static const char *const yes[] = {"1", "t",	  "true", "TRUE", "True",
									  "y", "yes", "on",	  "Y",	  "ON"};
	static const char *const no[] = {"0", "f",	"false", "FALSE",
									 "n", "no", "off",	 "Off"};
	static const char *const none[] = {"",	 "2",  "00",	  "tru", "truee",
									   "of", "o",  " t",	  "t ",	 "yes!",
									   "-1", "ja", "T\x12UE", "null"};
	bool b;

	for (size_t k = 0; k < sizeof(yes) / sizeof(yes[0]); k++)
		ok(lite_parse_bool(yes[k], strlen(yes[k]), &b) && b, "'%s' is true",
		   yes[k]);
	for (size_t k = 0; k < sizeof(no) / sizeof(no[0]); k++)
		ok(lite_parse_bool(no[k], strlen(no[k]), &b) && !b, "'%s' is false",
		   no[k]);
	for (size_t k = 0; k < sizeof(none) / sizeof(none[0]); k++)
		ok(!lite_parse_bool(none[k], strlen(none[k]), &b),
		   "'%s' is no boolean", none[k]);
}

static void
test_uuid(void)
{
	static const unsigned char bytes[16] = {0xa0, 0xee, 0xbc, 0x99, 0x9c, 0x0b,
											0x4e, 0xf8, 0xbb, 0x6d, 0x6b, 0xb9,
											0xbd, 0x38, 0x0a, 0x11};
	static const char *const good[] = {
		"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
		"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
		"{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
		"a0eebc999c0b4ef8bb6d6bb9bd380a11",
		"a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11",
		"{a0eebc99-9c0b4ef8-bb6d6bb9-bd380a11}"};
	static const char *const bad[] = {
		"",
		"{}",
		"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1",
		"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a111",
		"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g",
		"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11-",
		"-a0eebc999c0b4ef8bb6d6bb9bd380a11",
		"a0eebc99--9c0b-4ef8-bb6d-6bb9bd380a11",
		"a0e-ebc999c0b4ef8bb6d6bb9bd380a11",
		"{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
		"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
		" a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
		"urn:uuid:a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
		"a0eebc99:9c0b:4ef8:bb6d:6bb9bd380a11"};
	unsigned char result[16];

	for (size_t k = 0; k < sizeof(good) / sizeof(good[0]); k++)
	{
		memset(result, 0, 16);
		ok(lite_parse_uuid(good[k], strlen(good[k]), result), "'%s' is a uuid",
		   good[k]);
		is_mem(result, 16, bytes, 16, "the same one");
	}
	for (size_t k = 0; k < sizeof(bad) / sizeof(bad[0]); k++)
	{
		char *copy = exact_copy(bad[k], strlen(bad[k]));

		ok(!lite_parse_uuid(copy, strlen(bad[k]), result), "'%s' is none",
		   bad[k]);
		free(copy);
	}
}

static void
test_int64(void)
{
	static const struct
	{
		const char *s;
		bool good;
		int64_t i;
	} cases[] = {
		{"0", true, 0},
		{"-0", true, 0},
		{"+5", true, 5},
		{"007", true, 7},
		{"-42", true, -42},
		{"9223372036854775807", true, INT64_MAX},
		{"-9223372036854775808", true, INT64_MIN},
		{"00000000000000000000000000001", true, 1},
		{"9223372036854775808", false, 0},
		{"-9223372036854775809", false, 0},
		{"9999999999999999999", false, 0},
		{"18446744073709551617", false, 0},
		{"99999999999999999999", false, 0},
		{"", false, 0},
		{"-", false, 0},
		{"+-1", false, 0},
		{" 1", false, 0},
		{"1 ", false, 0},
		{"1.0", false, 0},
		{"1e3", false, 0},
		{"0x10", false, 0},
		{"x", false, 0},
	};

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++)
	{
		int64_t i = 0;

		is_int(lite_parse_int64(cases[k].s, strlen(cases[k].s), &i),
			   cases[k].good, "integer '%s'", cases[k].s);
		if (cases[k].good)
			is_int(i, cases[k].i, "which one");
	}
}

/* ---- what fits ---- */

/* The value as type, in words: "5", "0.5", "'text'", "x'00ff'", "!range". */
static const char *
as(LiteColumnType type, LiteValue value)
{
	static char text[512];
	LiteConverter converter;
	LiteScalar scalar;
	LiteMisfit misfit;
	char *p = text;

	lite_converter_init(&converter, type);
	misfit = lite_convert(&converter, &value, &scalar);
	if (misfit != LITE_FITS)
		sprintf(text, "!%s", lite_misfit_name(misfit));
	else
		switch (type.type)
		{
			case LITE_TYPE_FLOAT8:
				sprintf(text, "%.17g", scalar.r);
				break;
			case LITE_TYPE_NUMERIC:
				if (scalar.data == NULL)
				{
					sprintf(text, "%lld", (long long) scalar.i);
					break;
				}
				sprintf(text, "%.*s", (int) scalar.len, scalar.data);
				break;
			case LITE_TYPE_TEXT:
			case LITE_TYPE_VARCHAR:
				sprintf(text, "'%.*s'", (int) scalar.len, scalar.data);
				break;
			case LITE_TYPE_BYTEA:
			case LITE_TYPE_UUID:
				p += sprintf(p, "x'");
				for (size_t k = 0; k < scalar.len; k++)
					p += sprintf(p, "%02x",
								 (unsigned) (unsigned char) scalar.data[k]);
				sprintf(p, "'");
				break;
			default:
				sprintf(text, "%lld", (long long) scalar.i);
				break;
		}
	lite_converter_free(&converter);
	return text;
}

#define IS(column_type, value, expected)                                      \
	is_str(as(column_type, value), expected, "%s", #column_type " " #value)

#define NATIVE(type) type_of(LITE_TYPE_##type, LITE_FORMAT_NATIVE)
#define AUTO(type) type_of(LITE_TYPE_##type, LITE_FORMAT_AUTO)
#define BLOB(s) bytes_value(LITE_BLOB, s, sizeof(s) - 1)
#define TEXT(s) bytes_value(LITE_TEXT, s, sizeof(s) - 1)

static void
test_integers(void)
{
	IS(NATIVE(INT2), int_value(32767), "32767");
	IS(NATIVE(INT2), int_value(32768), "!range");
	IS(NATIVE(INT2), int_value(-32768), "-32768");
	IS(NATIVE(INT2), int_value(-32769), "!range");
	IS(NATIVE(INT4), int_value(2147483647), "2147483647");
	IS(NATIVE(INT4), int_value(5000000000), "!range");
	IS(NATIVE(INT8), int_value(5000000000), "5000000000");
	IS(NATIVE(INT8), int_value(INT64_MIN), "-9223372036854775808");
	IS(NATIVE(INT4), real_value(3.0), "3");
	IS(NATIVE(INT4), real_value(-0.0), "0");
	IS(NATIVE(INT4), real_value(2.7), "!fraction");
	IS(NATIVE(INT4), real_value(3e9), "!range");
	IS(NATIVE(INT8), real_value(3e9), "3000000000");
	IS(NATIVE(INT8), real_value(9007199254740992.0), "9007199254740992");
	IS(NATIVE(INT8), real_value(9223372036854775808.0), "!range");
	IS(NATIVE(INT8), real_value(-9223372036854775808.0),
	   "-9223372036854775808");
	IS(NATIVE(INT8), real_value(1e300), "!range");
	IS(NATIVE(INT8), real_value(INFINITY), "!nonfinite");
	IS(NATIVE(INT8), real_value(-INFINITY), "!nonfinite");
	IS(NATIVE(INT8), TEXT("42"), "42");
	IS(NATIVE(INT8), TEXT(""), "!syntax");
	IS(NATIVE(INT8), TEXT("x"), "!syntax");
	IS(NATIVE(INT8), TEXT(" 42"), "!syntax");
	IS(NATIVE(INT8), TEXT("4.0"), "!syntax");
	IS(NATIVE(INT8),
	   TEXT("12\0"
			"3"),
	   "!syntax");
	IS(NATIVE(INT8), TEXT("9223372036854775808"), "!range");
	IS(NATIVE(INT2), TEXT("70000"), "!range");
	IS(NATIVE(INT8), BLOB("42"), "!class");
	IS(NATIVE(INT8), bytes_value(LITE_TEXT, NULL, 0), "!nomem");
	IS(NATIVE(NONE), int_value(1), "!class");
}

static void
test_booleans(void)
{
	IS(NATIVE(BOOL), int_value(0), "0");
	IS(NATIVE(BOOL), int_value(1), "1");
	IS(NATIVE(BOOL), int_value(2), "!range");
	IS(NATIVE(BOOL), int_value(-1), "!range");
	IS(NATIVE(BOOL), real_value(1.0), "1");
	IS(NATIVE(BOOL), real_value(0.5), "!fraction");
	IS(NATIVE(BOOL), TEXT("true"), "!class");
	IS(NATIVE(BOOL), BLOB("\1"), "!class");
	IS(AUTO(BOOL), TEXT("true"), "1");
	IS(AUTO(BOOL), TEXT("F"), "0");
	IS(AUTO(BOOL), TEXT("1"), "1");
	IS(AUTO(BOOL), TEXT("maybe"), "!syntax");
	IS(AUTO(BOOL), int_value(1), "1");
}

static void
test_floats(void)
{
	IS(NATIVE(FLOAT8), real_value(123456789.123), "123456789.123");
	IS(NATIVE(FLOAT8), real_value(INFINITY), "inf");
	IS(NATIVE(FLOAT8), int_value(5), "5");
	IS(NATIVE(FLOAT8), int_value(9007199254740992), "9007199254740992");
	IS(NATIVE(FLOAT8), int_value(9007199254740993), "!precision");
	IS(NATIVE(FLOAT8), int_value(9007199254740994), "9007199254740994");
	IS(NATIVE(FLOAT8), int_value(-9007199254740993), "!precision");
	IS(NATIVE(FLOAT8), int_value(INT64_MAX), "!precision");
	IS(NATIVE(FLOAT8), int_value(INT64_MIN), "-9.2233720368547758e+18");
	IS(NATIVE(FLOAT8), TEXT("0.1"), "0.10000000000000001");
	IS(NATIVE(FLOAT8), TEXT("0.10000000000000001"), "0.10000000000000001");
	IS(NATIVE(FLOAT8), TEXT("0.100000000000000001"), "!precision");
	IS(NATIVE(FLOAT8), TEXT("1.50e2"), "150");
	IS(NATIVE(FLOAT8), TEXT("1e400"), "!precision");
	IS(NATIVE(FLOAT8), TEXT("9007199254740993"), "!precision");
	IS(NATIVE(FLOAT8), TEXT("0"), "0");
	IS(NATIVE(FLOAT8), TEXT("NaN"), "!syntax");
	IS(NATIVE(FLOAT8), TEXT("Infinity"), "!syntax");
	IS(NATIVE(FLOAT8), TEXT(""), "!syntax");
	IS(NATIVE(FLOAT8), BLOB(""), "!class");
}

static LiteColumnType
numeric(int precision, int scale)
{
	LiteColumnType type = {LITE_TYPE_NUMERIC, precision, scale,
						   LITE_FORMAT_NATIVE};

	return type;
}

static void
test_numerics(void)
{
	IS(NATIVE(NUMERIC), int_value(9007199254740993), "9007199254740993");
	IS(NATIVE(NUMERIC), real_value(0.1), "0.1");
	IS(NATIVE(NUMERIC), real_value(0.1 + 0.2), "0.30000000000000004");
	IS(NATIVE(NUMERIC), real_value(-0.0), "0");
	IS(NATIVE(NUMERIC), real_value(1e22), "10000000000000000000000");
	IS(NATIVE(NUMERIC), real_value(4611686018427387904.0),
	   "4611686018427387904");
	IS(NATIVE(NUMERIC), real_value(-1e-7), "-0.0000001");
	IS(NATIVE(NUMERIC), real_value(INFINITY), "!nonfinite");
	IS(NATIVE(NUMERIC), TEXT("1.50"), "1.50");
	IS(NATIVE(NUMERIC), TEXT("12345678901234567890.5"),
	   "12345678901234567890.5");
	IS(NATIVE(NUMERIC), TEXT("1.5e3"), "1500");
	IS(NATIVE(NUMERIC), TEXT("-0.00"), "0.00");
	IS(NATIVE(NUMERIC), TEXT("007"), "7");
	IS(NATIVE(NUMERIC), TEXT("NaN"), "!syntax");
	IS(NATIVE(NUMERIC), TEXT("Infinity"), "!syntax");
	IS(NATIVE(NUMERIC), TEXT("-inf"), "!syntax");
	IS(NATIVE(NUMERIC), TEXT(""), "!syntax");
	IS(NATIVE(NUMERIC), TEXT("1,5"), "!syntax");
	IS(NATIVE(NUMERIC), TEXT("1e200000"), "!range");
	IS(NATIVE(NUMERIC), TEXT("1e-20000"), "!range");
	IS(NATIVE(NUMERIC), TEXT("1e999999999999999999"), "!range");
	IS(NATIVE(NUMERIC), BLOB("1"), "!class");

	IS(numeric(5, 2), int_value(999), "999");
	IS(numeric(5, 2), int_value(1000), "!range");
	IS(numeric(5, 2), int_value(-999), "-999");
	IS(numeric(5, 2), int_value(-1000), "!range");
	IS(numeric(5, 2), int_value(INT64_MIN), "!range");
	IS(numeric(5, 2), real_value(123.45), "123.45");
	IS(numeric(5, 2), real_value(999.99), "999.99");
	IS(numeric(5, 2), real_value(123.456), "!precision");
	IS(numeric(5, 2), real_value(1000.5), "!range");
	IS(numeric(5, 2), TEXT("1.5"), "1.5");
	IS(numeric(5, 2), TEXT("1.500"), "1.50");
	IS(numeric(5, 2), TEXT("1.505"), "!precision");
	IS(numeric(5, 2), TEXT("01000"), "!range");
	IS(numeric(5, 2), int_value(0), "0");
	IS(numeric(2, 2), int_value(0), "0");
	IS(numeric(2, 2), int_value(1), "!range");
	IS(numeric(2, 2), real_value(0.25), "0.25");
	IS(numeric(19, 0), int_value(INT64_MAX), "9223372036854775807");
	IS(numeric(18, 0), int_value(INT64_MAX), "!range");
	IS(numeric(1000, 0), int_value(5), "5");
}

static void
test_text(void)
{
	LiteColumnType varchar3 = {LITE_TYPE_VARCHAR, 3, 0, LITE_FORMAT_NATIVE};

	IS(NATIVE(TEXT), TEXT("caf\xC3\xA9"), "'caf\xC3\xA9'");
	IS(NATIVE(TEXT), TEXT(""), "''");
	IS(NATIVE(TEXT), TEXT("a\0b"), "!nul");
	IS(NATIVE(TEXT), TEXT("caf\xE9"), "!encoding");
	IS(NATIVE(TEXT), TEXT("\xFF\0"), "!encoding");
	IS(NATIVE(TEXT), BLOB("abc"), "!class");
	IS(AUTO(TEXT), BLOB("abc"), "'abc'");
	IS(AUTO(TEXT), BLOB("\xFF"), "!encoding");
	IS(AUTO(TEXT), bytes_value(LITE_BLOB, NULL, 0), "''");
	IS(NATIVE(TEXT), int_value(INT64_MIN), "'-9223372036854775808'");
	IS(NATIVE(TEXT), int_value(0), "'0'");
	IS(NATIVE(TEXT), real_value(1.0), "'1.0'");
	IS(NATIVE(TEXT), real_value(0.1 + 0.2), "'0.30000000000000004'");
	IS(NATIVE(TEXT), real_value(-INFINITY), "'-Inf'");
	IS(NATIVE(TEXT), bytes_value(LITE_TEXT, NULL, 0), "!nomem");
	IS(varchar3, TEXT("abc"), "'abc'");
	IS(varchar3, TEXT("abcd"), "!length");
	IS(varchar3, TEXT("\xC3\xA9\xC3\xA9\xC3\xA9"),
	   "'\xC3\xA9\xC3\xA9\xC3\xA9'");
	IS(varchar3, TEXT("\xC3\xA9\xC3\xA9\xC3\xA9x"), "!length");
	IS(varchar3, int_value(1234), "!length");
	IS(NATIVE(VARCHAR), TEXT("abcd"), "'abcd'");

	IS(NATIVE(BYTEA), BLOB("\0\xFF"), "x'00ff'");
	IS(NATIVE(BYTEA), bytes_value(LITE_BLOB, NULL, 0), "x''");
	IS(NATIVE(BYTEA), TEXT("aGk="), "!class");
	IS(AUTO(BYTEA), TEXT("aGk="), "x'61476b3d'");
	IS(NATIVE(BYTEA), int_value(1), "!class");
	IS(NATIVE(BYTEA), real_value(1), "!class");
	IS(NATIVE(TEXT), bytes_value(LITE_TEXT, "", (size_t) 0x3fffffff),
	   "!length");
	IS(NATIVE(BYTEA), bytes_value(LITE_BLOB, "", (size_t) 0x3fffffff),
	   "!length");
}

static void
test_uuids(void)
{
	LiteColumnType blob = type_of(LITE_TYPE_UUID, LITE_FORMAT_BLOB);

	IS(NATIVE(UUID), TEXT("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
	   "x'a0eebc999c0b4ef8bb6d6bb9bd380a11'");
	IS(NATIVE(UUID), TEXT("nonsense"), "!syntax");
	IS(NATIVE(UUID), BLOB("0123456789abcdef"), "!class");
	IS(AUTO(UUID), BLOB("0123456789abcdef"),
	   "x'30313233343536373839616263646566'");
	IS(AUTO(UUID), BLOB("0123456789abcde"), "!syntax");
	IS(AUTO(UUID), TEXT("a0eebc999c0b4ef8bb6d6bb9bd380a11"),
	   "x'a0eebc999c0b4ef8bb6d6bb9bd380a11'");
	IS(blob, BLOB("0123456789abcdef"), "x'30313233343536373839616263646566'");
	IS(blob, TEXT("a0eebc999c0b4ef8bb6d6bb9bd380a11"), "!class");
	IS(NATIVE(UUID), int_value(1), "!class");
}

/* ---- and back ---- */

/* A random value that a file might hold for a column of this type. */
static LiteValue
random_value(LiteColumnType type, char *buf)
{
	static const char *const texts[] = {"2024-02-29 12:34:56.789",
										"2024-01-01",
										"12:34:56",
										"2024-01-01T00:00:00Z",
										"true",
										"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
										"{\"a\": [1, 2.50, \"\\u0041\"]}",
										"12.50",
										"-0.0",
										"",
										"hello",
										"5",
										"123456789012345678901234567890.123"};
	size_t len;

	switch (random64() % 8)
	{
		case 0:
			return int_value((int64_t) random64() >> (random64() % 64));
		case 1:
			return int_value((int64_t) (random64() % 3));
		case 2:
			return real_value(random_double());
		case 3:
			return real_value((double) random_between(-1000000, 1000000) /
							  100);
		case 4:
			if (type.format == LITE_FORMAT_BLOB ||
				type.type == LITE_TYPE_BYTEA)
				return bytes_value(LITE_BLOB, "0123456789abcdef", 16);
			return int_value(NATIVE(INT8).type == type.type
								 ? (int64_t) random64()
								 : random_between(1000000000, 1900000000));
		case 5:
			len = random64() % 8;
			for (size_t k = 0; k < len; k++)
				buf[k] = (char) random64();
			return bytes_value(random64() % 2 ? LITE_BLOB : LITE_TEXT, buf,
							   len);
		default:
			return text_value(
				texts[random64() % (sizeof(texts) / sizeof(texts[0]))]);
	}
}

/*
 * For every type and format: what fits, converted, stored back and converted
 * again, is the same value.
 */
static void
test_round_trip(void)
{
	for (int t = LITE_TYPE_NONE + 1; t < LITE_NTYPES; t++)
	{
		for (int f = 0; f < LITE_NFORMATS; f++)
		{
			LiteConverter converter;
			LiteConverter reader; /* of what the other gives back */
			int fits = 0;
			int lost = 0;
			int different = 0;

			lite_converter_init(&converter,
								type_of((LiteType) t, (LiteFormat) f));
			reader = converter;
			for (int k = 0; k < 3000; k++)
			{
				char buf[16];
				LiteValue value = random_value(converter.type, buf);
				LiteValue back;
				LiteScalar scalar;
				LiteHash before;
				LiteHash after;

				if (lite_convert(&converter, &value, &scalar) != LITE_FITS)
					continue;
				fits++;
				before = lite_hash_canonical((LiteType) t, 1, &scalar);
				if (lite_convert_back(&converter, &scalar, &back) !=
						LITE_FITS ||
					lite_convert(&reader, &back, &scalar) != LITE_FITS)
				{
					lost++;
					continue;
				}
				after = lite_hash_canonical((LiteType) t, 1, &scalar);
				if (before.lo != after.lo || before.hi != after.hi)
					different++;
			}
			if (fits > 0)
				ok(lost == 0 && different == 0,
				   "%s (%s): of %d values that fit, %d are lost and %d "
				   "differ on the way back",
				   lite_type_name((LiteType) t),
				   lite_format_name((LiteFormat) f), fits, lost, different);
			lite_converter_free(&converter);
			lite_converter_free(&reader);
		}
	}
}

/* A value in its type's native form comes back byte for byte. */
static void
test_exact(void)
{
	static const struct
	{
		LiteType type;
		LiteFormat format;
		const char *text;
	} texts[] = {
		{LITE_TYPE_TEXT, LITE_FORMAT_NATIVE, "caf\xC3\xA9"},
		{LITE_TYPE_DATE, LITE_FORMAT_NATIVE, "2024-02-29"},
		{LITE_TYPE_TIME, LITE_FORMAT_NATIVE, "12:34:56.5"},
		{LITE_TYPE_TIMESTAMPTZ, LITE_FORMAT_NATIVE, "2024-02-29 12:34:56"},
		{LITE_TYPE_TIMESTAMP, LITE_FORMAT_AUTO, "0001-01-01 00:00:00.000001"},
		{LITE_TYPE_UUID, LITE_FORMAT_AUTO,
		 "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
		{LITE_TYPE_JSONB, LITE_FORMAT_NATIVE, "{ \"b\":1,\"a\":1.0}"},
		{LITE_TYPE_NUMERIC, LITE_FORMAT_NATIVE,
		 "123456789012345678901234567890.123"},
		{LITE_TYPE_NUMERIC, LITE_FORMAT_NATIVE, "0.10000000000000001"},
	};
	static const double reals[] = {1.5, 0.1, 1e23, 1e-300, 123456789.123};

	for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++)
	{
		LiteConverter converter;
		LiteValue value = text_value(texts[k].text);
		LiteValue back = {LITE_NULL, 0, 0, NULL, 0};
		LiteScalar scalar;

		lite_converter_init(&converter,
							type_of(texts[k].type, texts[k].format));
		if (lite_convert(&converter, &value, &scalar) == LITE_FITS)
			lite_convert_back(&converter, &scalar, &back);
		is_str(lite_class_name(back.cls), "text", "'%s' comes back as text",
			   texts[k].text);
		is_mem(back.data, back.len, value.data, value.len, "the same");
		lite_converter_free(&converter);
	}
	for (size_t k = 0; k < sizeof(reals) / sizeof(reals[0]); k++)
	{
		for (int t = 0; t < 2; t++)
		{
			LiteConverter converter;
			LiteValue value = real_value(reals[k]);
			LiteValue back = {LITE_NULL, 0, 0, NULL, 0};
			LiteScalar scalar;

			lite_converter_init(&converter,
								t ? NATIVE(NUMERIC) : NATIVE(FLOAT8));
			if (lite_convert(&converter, &value, &scalar) == LITE_FITS)
				lite_convert_back(&converter, &scalar, &back);
			is_int(back.cls, LITE_REAL, "%.17g comes back from %s", reals[k],
				   lite_type_name(converter.type.type));
			is_dbl(back.r, reals[k], "the same");
			lite_converter_free(&converter);
		}
	}
}

/* ---- words ---- */

static void
test_errors(void)
{
	LiteError err;
	LiteValue value = int_value(5000000000);

	is_int(lite_misfit_error(LITE_MISFIT_RANGE, NATIVE(INT4), &value, &err),
		   LITE_MISFIT, "a misfit is a misfit");
	is_str(err.message, "value does not fit type integer", "its message");
	is_str(err.detail,
		   "The integer 5000000000 is beyond the range of this type.",
		   "its detail");
	is_str(err.hint,
		   "Give the column a type that holds the value, as in types => "
		   "'{\"table.column\":\"bigint\"}', or set such rows aside with "
		   "on_error => 'reject'.",
		   "its hint");

	value = TEXT("caf\xE9\n");
	lite_misfit_error(LITE_MISFIT_ENCODING, NATIVE(TEXT), &value, &err);
	is_str(err.detail, "The text \"caf\\xE9\\x0A\" is not valid UTF-8.",
		   "bad bytes are shown, not printed");
	ok(strstr(err.hint, "bytea") != NULL, "bytea holds them");

	value = BLOB("\x01\x02");
	lite_misfit_error(LITE_MISFIT_CLASS, NATIVE(TEXT), &value, &err);
	is_str(err.detail,
		   "The blob of 2 bytes x'0102' is bytes, and this type does not hold "
		   "bytes.",
		   "a blob");
	value = real_value(2.5);
	lite_misfit_error(LITE_MISFIT_FRACTION, NATIVE(INT8), &value, &err);
	is_str(err.detail,
		   "The real 2.5 has a fraction that this type would lose.",
		   "a fraction");
	ok(strstr(err.hint, "\"double precision\"") != NULL, "and its type");
	is_int(lite_misfit_error(LITE_MISFIT_NOMEM, NATIVE(INT8), &value, &err),
		   LITE_NOMEM, "no memory is another error");
	lite_misfit_error(LITE_MISFIT_SYNTAX, NATIVE(INT8), &value, NULL);

	for (int m = LITE_MISFIT_CLASS; m <= LITE_MISFIT_NOMEM; m++)
		ok(strcmp(lite_misfit_name((LiteMisfit) m), "unknown") != 0,
		   "misfit %d has a name", m);
}

/* Any bytes under any type: nothing but a status comes of it. */
static void
test_hostile(void)
{
	for (int k = 0; k < 400000; k++)
	{
		LiteColumnType type =
			type_of((LiteType) (random64() % LITE_NTYPES),
					(LiteFormat) (random64() % LITE_NFORMATS));
		LiteConverter converter;
		size_t len = random64() % 24;
		char *data = malloc(len > 0 ? len : 1);
		static const char likely[] = "0123456789+-.eE:TZ {}[]\",nul\\\xC3\xA9";
		LiteValue value;
		LiteScalar scalar;
		LiteMisfit misfit;
		LiteError err;

		for (size_t j = 0; j < len; j++)
			data[j] = likely[random64() % (sizeof(likely) - 1)];
		type.precision = (int) (random64() % 4) * 5;
		type.scale = type.precision > 0 ? (int) (random64() % 3) : 0;
		lite_converter_init(&converter, type);
		switch (random64() % 4)
		{
			case 0:
				value = bytes_value(LITE_BLOB, data, len);
				break;
			case 1:
				value = real_value(random_double());
				break;
			default:
				value = bytes_value(LITE_TEXT, data, len);
				break;
		}
		misfit = lite_convert(&converter, &value, &scalar);
		if (misfit == LITE_FITS)
		{
			LiteValue back;

			lite_convert_back(&converter, &scalar, &back);
		}
		else if (k % 16 == 0)
			lite_misfit_error(misfit, type, &value, &err);
		lite_converter_free(&converter);
		free(data);
	}
	ok(true, "400000 values of any bytes under any type");
}

int
main(void)
{
	test_utf8();
	test_utf8_random();
	test_bool();
	test_uuid();
	test_int64();
	test_integers();
	test_booleans();
	test_floats();
	test_numerics();
	test_text();
	test_uuids();
	test_round_trip();
	test_exact();
	test_errors();
	test_hostile();
	return done_testing();
}
