/*
 * document_test.c
 *	  A row as one JSON object, in the terms of its columns' types.
 */
#include <stdlib.h>

#include "core/plan.h"
#include "tap.h"

static char *buffer;
static size_t capacity;

static const char *
document(const char *name, LiteType type, const LiteScalar *scalar)
{
	LiteDocumentField field = {name, {type, 0, 0, LITE_FORMAT_NATIVE}};
	LiteScalar none = {0, 0, NULL, 0};
	bool null = scalar == NULL;
	size_t len = 0;

	if (lite_document_text(&field, null ? &none : scalar, &null, 1, &buffer,
						   &capacity, &len) != LITE_FITS)
		return NULL;
	buffer = realloc(buffer, len + 1);
	capacity = len + 1;
	buffer[len] = '\0';
	/* what is written must be JSON as jsonb has it */
	if (lite_json_kind(buffer, len) != LITE_JSON_OBJECT)
		return "not JSON";
	return buffer;
}

static const char *
bytes(LiteType type, const char *data, size_t len)
{
	LiteScalar scalar = {0, 0, data, len};

	return document("a", type, &scalar);
}

static const char *
integer(LiteType type, int64_t i)
{
	LiteScalar scalar = {i, 0, NULL, 0};

	return document("a", type, &scalar);
}

static const char *
real(double r)
{
	LiteScalar scalar = {0, r, NULL, 0};

	return document("a", LITE_TYPE_FLOAT8, &scalar);
}

int
main(void)
{
	LiteDocumentField fields[2] = {
		{"id", {LITE_TYPE_INT8, 0, 0, LITE_FORMAT_NATIVE}},
		{"j", {LITE_TYPE_JSONB, 0, 0, LITE_FORMAT_NATIVE}}};
	LiteScalar scalars[2] = {{7, 0, NULL, 0}, {0, 0, "{\"x\":[]}", 8}};
	bool nulls[2] = {false, false};
	size_t len = 0;

	is_str(document("a", LITE_TYPE_TEXT, NULL), "{\"a\": null}", "NULL");
	is_str(integer(LITE_TYPE_BOOL, 1), "{\"a\": true}", "true");
	is_str(integer(LITE_TYPE_BOOL, 0), "{\"a\": false}", "false");
	is_str(integer(LITE_TYPE_INT8, INT64_MIN), "{\"a\": -9223372036854775808}",
		   "an integer, all its digits");
	is_str(real(0.1), "{\"a\": 0.1}", "a double, no more digits than it has");
	is_str(real(HUGE_VAL), "{\"a\": \"Infinity\"}",
		   "what JSON has no word "
		   "for is a string");
	is_str(real(-HUGE_VAL), "{\"a\": \"-Infinity\"}", "and its negative");
	is_str(bytes(LITE_TYPE_NUMERIC, "12.50", 5), "{\"a\": 12.50}",
		   "a numeric, as it is");
	is_str(integer(LITE_TYPE_NUMERIC, 12), "{\"a\": 12}",
		   "a numeric that is an integer");
	is_str(bytes(LITE_TYPE_TEXT, "q\"\\\n\x01/\xc3\xa9", 8),
		   "{\"a\": \"q\\\"\\\\\\n\\u0001/\xc3\xa9\"}", "text, escaped");
	is_str(bytes(LITE_TYPE_TEXT, "", 0), "{\"a\": \"\"}", "empty text");
	is_str(bytes(LITE_TYPE_BYTEA, "\x00\xff", 2), "{\"a\": \"\\\\x00ff\"}",
		   "bytes, as PostgreSQL prints them");
	is_str(bytes(LITE_TYPE_JSONB, "[1, {\"b\": null}]", 16),
		   "{\"a\": [1, {\"b\": null}]}", "JSON is nested");
	is_str(bytes(LITE_TYPE_UUID,
				 "\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd"
				 "\xee\xff",
				 16),
		   "{\"a\": \"00112233-4455-6677-8899-aabbccddeeff\"}", "a uuid");
	is_str(integer(LITE_TYPE_DATE, 1), "{\"a\": \"2000-01-02\"}", "a date");
	is_str(integer(LITE_TYPE_TIMESTAMPTZ, 1500000),
		   "{\"a\": \"2000-01-01T00:00:01.5Z\"}", "a moment");
	is_str(integer(LITE_TYPE_TIMESTAMP, 0), "{\"a\": \"2000-01-01T00:00:00\"}",
		   "one without a zone");
	is_str(document("n\"\n\xff", LITE_TYPE_TEXT, NULL),
		   "{\"n\\\"\\\\x0A\\\\xFF\": null}", "a name of any bytes");

	is_int(lite_document_text(fields, scalars, nulls, 2, &buffer, &capacity,
							  &len),
		   LITE_FITS, "two columns");
	is_mem(buffer, len, "{\"id\": 7, \"j\": {\"x\":[]}}", 24, "in order");
	is_int(lite_document_text(fields, scalars, nulls, 0, &buffer, &capacity,
							  &len),
		   LITE_FITS, "none");
	is_mem(buffer, len, "{\"id\": 7, \"j\": {\"x\":[]}}{}", 26,
		   "appended to what is there");
	free(buffer);
	return done_testing();
}
