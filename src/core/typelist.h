/*
 * typelist.h
 *	  The list of PostgreSQL types that a SQLite value can become.
 *
 * The one list: expanded here into the enum, in type.c into names, in
 * src/pg/convert.c into the table of Datum converters, in tools/copy.c into
 * the table of COPY BINARY encoders.  Whoever adds a type adds a line here,
 * and the compiler names the tables that lack it.
 *
 * LITE_TYPE(symbol, SQL name as PostgreSQL prints it)
 *
 * This file is included several times on purpose: no include guard.
 */
LITE_TYPE(BOOL, "boolean")
LITE_TYPE(INT2, "smallint")
LITE_TYPE(INT4, "integer")
LITE_TYPE(INT8, "bigint")
LITE_TYPE(FLOAT8, "double precision")
LITE_TYPE(NUMERIC, "numeric")
LITE_TYPE(TEXT, "text")
LITE_TYPE(VARCHAR, "character varying")
LITE_TYPE(BYTEA, "bytea")
LITE_TYPE(DATE, "date")
LITE_TYPE(TIME, "time without time zone")
LITE_TYPE(TIMESTAMP, "timestamp without time zone")
LITE_TYPE(TIMESTAMPTZ, "timestamp with time zone")
LITE_TYPE(UUID, "uuid")
LITE_TYPE(JSON, "json")
LITE_TYPE(JSONB, "jsonb")
