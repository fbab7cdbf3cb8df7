/*
 * copy_test.c
 *	  COPY (FORMAT binary): fields as the server reads and writes them.
 *
 * The expected bytes were written down from the receive and send functions
 * of PostgreSQL (numeric_send of 12345.678 and so on), not from our code;
 * then every value makes the way there and back.
 */
#include "../../tools/copy.c"

#include "tap.h"

static CopyBuffer buffer;
static CopyBuffer scratch;

static void
encode(LiteType type, const LiteScalar *scalar)
{
	buffer.len = 0;
	copy_encoder(type)(&buffer, scalar);
}

static void
is_field(LiteType type, const LiteScalar *scalar, const char *expected,
		 size_t len, const char *name)
{
	encode(type, scalar);
	is_mem(buffer.data, buffer.len, expected, len, "%s: its bytes", name);
}

static LiteScalar
text_scalar(const char *text)
{
	LiteScalar scalar = {0, 0, text, strlen(text)};

	return scalar;
}

static LiteScalar
int_scalar(int64_t i)
{
	LiteScalar scalar = {i, 0, NULL, 0};

	return scalar;
}

/* There and back: the text must come out as expected. */
static void
numeric_round(const char *in, const char *expected)
{
	LiteScalar scalar = text_scalar(in);
	LiteScalar back = {0, 0, NULL, 0};

	encode(LITE_TYPE_NUMERIC, &scalar);
	ok(copy_decoder(LITE_TYPE_NUMERIC)(&scratch, buffer.data + 4,
									   buffer.len - 4, &back),
	   "%s: decodes", in);
	is_mem(back.data, back.len, expected, strlen(expected),
		   "%s there and back", in);
}

static void
test_numeric(void)
{
	LiteScalar s = text_scalar("12345.678");

	/* 1 2345 . 6780: weight 1, dscale 3 */
	is_field(LITE_TYPE_NUMERIC, &s,
			 "\0\0\0\016\0\003\0\001\0\0\0\003\0\001\011\051\032\174", 18,
			 "12345.678");
	s = text_scalar("-0.00001");
	/* 0.0000 1000: weight -2, dscale 5 */
	is_field(LITE_TYPE_NUMERIC, &s,
			 "\0\0\0\012\0\001\377\376\100\0\0\005\003\350", 14, "-0.00001");
	s = text_scalar("0");
	is_field(LITE_TYPE_NUMERIC, &s, "\0\0\0\010\0\0\0\0\0\0\0\0", 12, "0");
	s = text_scalar("100000000");
	/* 1 0000 0000: trailing zero digits are not sent */
	is_field(LITE_TYPE_NUMERIC, &s, "\0\0\0\012\0\001\0\002\0\0\0\0\0\001", 14,
			 "100000000");
	s = int_scalar(-10002);
	is_field(LITE_TYPE_NUMERIC, &s,
			 "\0\0\0\014\0\002\0\001\100\0\0\0\0\001\0\002", 16,
			 "the integer -10002");
	s = int_scalar(INT64_MIN);
	encode(LITE_TYPE_NUMERIC, &s);
	ok(copy_decoder(LITE_TYPE_NUMERIC)(&scratch, buffer.data + 4,
									   buffer.len - 4, &s),
	   "the smallest integer decodes");
	is_mem(s.data, s.len, "-9223372036854775808", 20, "and is itself");

	numeric_round("9007199254740993", "9007199254740993");
	numeric_round("0.1", "0.1");
	numeric_round("-123.45", "-123.45");
	numeric_round("10000", "10000");
	numeric_round("10000.0001", "10000.0001");
	numeric_round("0.00000000000000000001", "0.00000000000000000001");
	numeric_round("123456789012345678901234567890.12",
				  "123456789012345678901234567890.12");
	numeric_round("1.50", "1.5");
	numeric_round("0.0", "0");
	numeric_round("-0", "0");
}

static void
test_numeric_refused(void)
{
	LiteScalar s;
	CopyDecoder decode = copy_decoder(LITE_TYPE_NUMERIC);

	ok(!decode(&scratch, "\0\0\0\0\300\0\0\0", 8, &s), "NaN is refused");
	ok(!decode(&scratch, "\0\0\0\0\320\0\0\0", 8, &s), "Infinity is refused");
	ok(!decode(&scratch, "\0\001\0\0\0\0\0\0", 8, &s),
	   "fewer digits than said are refused");
	ok(!decode(&scratch, "\0\0", 2, &s), "a stump is refused");
}

static void
int_round(LiteType type, int64_t value)
{
	LiteScalar s = int_scalar(value);
	LiteScalar back = {0, 0, NULL, 0};

	encode(type, &s);
	ok(copy_decoder(type)(&scratch, buffer.data + 4, buffer.len - 4, &back),
	   "%s %lld decodes", lite_type_name(type), (long long) value);
	is_int(back.i, value, "%s %lld there and back", lite_type_name(type),
		   (long long) value);
}

static void
test_fixed(void)
{
	LiteScalar s = int_scalar(-2);

	is_field(LITE_TYPE_INT2, &s, "\0\0\0\002\377\376", 6, "smallint -2");
	is_field(LITE_TYPE_INT4, &s, "\0\0\0\004\377\377\377\376", 8,
			 "integer -2");
	is_field(LITE_TYPE_INT8, &s, "\0\0\0\010\377\377\377\377\377\377\377\376",
			 12, "bigint -2");
	s = int_scalar(1);
	is_field(LITE_TYPE_BOOL, &s, "\0\0\0\001\001", 5, "true");
	s.r = -1.5;
	is_field(LITE_TYPE_FLOAT8, &s, "\0\0\0\010\277\370\0\0\0\0\0\0", 12,
			 "-1.5");

	int_round(LITE_TYPE_BOOL, 0);
	int_round(LITE_TYPE_INT2, -32768);
	int_round(LITE_TYPE_INT4, INT32_MAX);
	int_round(LITE_TYPE_INT8, INT64_MIN);
	int_round(LITE_TYPE_DATE, -730119);
	int_round(LITE_TYPE_TIME, INT64_C(86399999999));
	int_round(LITE_TYPE_TIMESTAMP, INT64_C(-62135596800000000));
	int_round(LITE_TYPE_TIMESTAMPTZ, INT64_C(757382400123456));

	ok(!copy_decoder(LITE_TYPE_DATE)(&scratch, "\177\377\377\377", 4, &s),
	   "the date infinity is refused");
	ok(!copy_decoder(LITE_TYPE_TIMESTAMPTZ)(&scratch,
											"\177\377\377\377\377\377\377\377",
											8, &s),
	   "the time infinity is refused");
	ok(!copy_decoder(LITE_TYPE_INT8)(&scratch, "\0\0\0\0", 4, &s),
	   "a field of another length is refused");
}

static void
test_bytes(void)
{
	LiteScalar s = text_scalar("{\"a\":1}");
	LiteScalar back;
	LiteScalar empty = {0, 0, NULL, 0};

	is_field(LITE_TYPE_JSONB, &s, "\0\0\0\010\001{\"a\":1}", 12, "jsonb");
	is_field(LITE_TYPE_JSON, &s, "\0\0\0\007{\"a\":1}", 11, "json");
	is_field(LITE_TYPE_BYTEA, &empty, "\0\0\0\0", 4, "an empty blob");
	ok(copy_decoder(LITE_TYPE_JSONB)(&scratch, "\001[]", 3, &back) &&
		   back.len == 2,
	   "jsonb without its version byte");
	ok(!copy_decoder(LITE_TYPE_JSONB)(&scratch, "\002[]", 3, &back),
	   "jsonb of another version is refused");
	ok(!copy_decoder(LITE_TYPE_UUID)(&scratch, "abc", 3, &back),
	   "a short uuid is refused");
}

/* Every type of the list has both functions. */
static void
test_tables(void)
{
	for (int i = LITE_TYPE_NONE + 1; i < LITE_NTYPES; i++)
		ok(copy_encoder((LiteType) i) && copy_decoder((LiteType) i),
		   "%s goes and comes", lite_type_name((LiteType) i));
}

/*
 * A stream of three rows, cut at every place into two messages, then into
 * single bytes: always the same rows.
 */
static void
test_reader(void)
{
	CopyBuffer stream = {NULL, 0, 0, false};
	CopyField fields[2];
	LiteScalar s = text_scalar("hello");
	bool all = true;

	copy_put_header(&stream);
	for (int i = 0; i < 3; i++)
	{
		LiteScalar n = int_scalar(i);

		copy_put_row(&stream, 2);
		copy_encoder(LITE_TYPE_INT4)(&stream, &n);
		if (i == 1)
			copy_put_null(&stream);
		else
			copy_encoder(LITE_TYPE_TEXT)(&stream, &s);
	}
	copy_put_trailer(&stream);

	for (size_t step = 1; step <= stream.len; step++)
	{
		CopyReader reader;
		int rows = 0;
		int state = 0;

		copy_reader_init(&reader, fields, 2);
		for (size_t pos = 0; pos < stream.len; pos += step)
		{
			size_t len = stream.len - pos < step ? stream.len - pos : step;
			char *message = malloc(len);

			/* a message's memory goes once it is read */
			memcpy(message, stream.data + pos, len);
			if (!copy_reader_feed(&reader, message, len))
				all = false;
			while ((state = copy_reader_row(&reader)) > 0)
			{
				if (fields[0].len != 4 || fields[0].data[3] != rows)
					all = false;
				if (rows == 1 ? fields[1].data != NULL
							  : (fields[1].len != 5 ||
								 memcmp(fields[1].data, "hello", 5) != 0))
					all = false;
				rows++;
			}
			free(message);
			if (state < 0)
				all = false;
		}
		if (rows != 3 || !reader.done)
			all = false;
		copy_reader_free(&reader);
	}
	ok(all, "a stream cut anywhere gives the same rows");

	{
		CopyReader reader;

		copy_reader_init(&reader, fields, 1);
		ok(copy_reader_feed(&reader, stream.data, stream.len) &&
			   copy_reader_row(&reader) == -1,
		   "rows of another width are refused");
		copy_reader_free(&reader);
		copy_reader_init(&reader, fields, 2);
		ok(copy_reader_feed(&reader, "PGDUMP............................",
							34) &&
			   copy_reader_row(&reader) == -1,
		   "another signature is refused");
		copy_reader_free(&reader);
	}
	copy_buffer_free(&stream);
}

int
main(void)
{
	test_tables();
	test_fixed();
	test_numeric();
	test_numeric_refused();
	test_bytes();
	test_reader();
	copy_buffer_free(&buffer);
	copy_buffer_free(&scratch);
	return done_testing();
}
