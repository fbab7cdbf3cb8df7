/*
 * search.h
 *	  The option "search": which tables get a search column.
 *
 * A JSON object.  Its keys are tables, a value is one of
 *
 *		true							every text column
 *		"english"						the same, with this configuration
 *		["title", "content:B"]			these columns, weights after a colon
 *		{"columns": [...],				the same, with
 *		 "config": "english",			a text search configuration
 *		 "name": "search"}				and the new column's name
 *
 * The configuration is 'simple' unless it is named: it neither stems nor
 * leaves out words, as SQLite's own tokenizers do not.
 */
#ifndef LITE_SEARCH_H
#define LITE_SEARCH_H

#define LITE_SEARCH_CONFIG "simple"
#define LITE_SEARCH_NAME "search"

/* tsvector holds 1 MB of lexemes (MAXSTRPOS); text beyond this many bytes in
 * one row may not fit, and is cut for searching. */
#define LITE_SEARCH_BYTES 500000

#endif /* LITE_SEARCH_H */
