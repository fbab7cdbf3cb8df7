/*
 * copy.h
 *	  Between the core's scalars and the fields of COPY (FORMAT binary).
 *
 *		LiteScalar --copy_encoder(type)--> CopyBuffer ==> PQputCopyData
 *		LiteScalar <--copy_decoder(type)-- CopyReader <== PQgetCopyData
 *
 * The format is that of the PostgreSQL documentation of COPY ("Binary
 * Format") and of the types' send and receive functions.  Both tables are
 * expanded from typelist.h, so that a type added there does not link until
 * it has its pair here.  Pure functions on memory: no server, no file.
 */
#ifndef TOOL_COPY_H
#define TOOL_COPY_H

#include "core/value.h"

/*
 * Bytes on their way to the server.  Grows; never shrinks until freed.
 * Failure is sticky, like an arena's: "failed" is set once memory is out,
 * and what is appended from then on is dropped.
 */
typedef struct CopyBuffer
{
	char *data;
	size_t len;
	size_t capacity;
	bool failed;
} CopyBuffer;

extern void copy_buffer_free(CopyBuffer *buffer);

/* Room for more bytes after len.  false: no memory. */
extern bool copy_buffer_grow(CopyBuffer *buffer, size_t more);

static inline bool
copy_buffer_reserve(CopyBuffer *buffer, size_t more)
{
	if (buffer->capacity - buffer->len >= more)
		return true;
	return copy_buffer_grow(buffer, more);
}

static inline void
copy_put16(char *p, uint16_t v)
{
	p[0] = (char) (v >> 8);
	p[1] = (char) v;
}

static inline void
copy_put32(char *p, uint32_t v)
{
	p[0] = (char) (v >> 24);
	p[1] = (char) (v >> 16);
	p[2] = (char) (v >> 8);
	p[3] = (char) v;
}

static inline void
copy_put64(char *p, uint64_t v)
{
	copy_put32(p, (uint32_t) (v >> 32));
	copy_put32(p + 4, (uint32_t) v);
}

/* The parts of a COPY stream around the fields. */
extern void copy_put_header(CopyBuffer *buffer);
extern void copy_put_trailer(CopyBuffer *buffer);
extern void copy_put_bytes(CopyBuffer *buffer, const char *data, size_t len);

static inline void
copy_put_row(CopyBuffer *buffer, int nfields)
{
	if (!copy_buffer_reserve(buffer, 2))
		return;
	copy_put16(buffer->data + buffer->len, (uint16_t) nfields);
	buffer->len += 2;
}

static inline void
copy_put_null(CopyBuffer *buffer)
{
	if (!copy_buffer_reserve(buffer, 4))
		return;
	copy_put32(buffer->data + buffer->len, 0xffffffffU);
	buffer->len += 4;
}

/* Appends the scalar as one field, its length word first. */
typedef void (*CopyEncoder)(CopyBuffer *buffer, const LiteScalar *scalar);

/* NULL for LITE_TYPE_NONE. */
extern CopyEncoder copy_encoder(LiteType type);

/*
 * The inverse.  data/len: one field.  The scalar points into data or into
 * scratch, and is good until either moves on.  false: these bytes are no
 * value of the type, or one that SQLite cannot hold (an infinite date, a
 * numeric NaN).
 */
typedef bool (*CopyDecoder)(CopyBuffer *scratch, const char *data, size_t len,
							LiteScalar *scalar);

extern CopyDecoder copy_decoder(LiteType type);

/*
 * Takes the stream of a COPY TO apart.  Feed it messages as they come (their
 * borders mean nothing); then each copy_reader_row() gives one row's fields.
 *
 *		while (message)
 *			copy_reader_feed(&reader, message, len);
 *			while ((n = copy_reader_row(&reader)) > 0)
 *				... reader.fields[0 .. nfields - 1]
 */
typedef struct CopyField
{
	const char *data; /* NULL: the field is NULL */
	size_t len;
} CopyField;

typedef struct CopyReader
{
	int nfields; /* of every row */
	CopyField *fields;
	bool header_seen;
	bool done; /* the trailer has come */
	const char *data;
	size_t len;
	size_t pos;
	CopyBuffer pending; /* the beginning of a row cut by a border */
} CopyReader;

/* fields is the caller's array of nfields. */
extern void copy_reader_init(CopyReader *reader, CopyField *fields,
							 int nfields);
extern void copy_reader_free(CopyReader *reader);

/* The bytes must stay until copy_reader_row() has said 0.  false: no
 * memory. */
extern bool copy_reader_feed(CopyReader *reader, const char *data, size_t len);

/* 1: a row; 0: feed more (or done); -1: this is not the format. */
extern int copy_reader_row(CopyReader *reader);

#endif /* TOOL_COPY_H */
