-- What tools/demo shows of one file: its tables, what they become, the
-- import, the proof, a search and a JSON query if it has such columns, and
-- the file read in place.  psql variables: file, title, schema, live.

\set QUIET on
\pset footer off
\pset null ''
SET client_min_messages = warning;

-- A text in at most n characters.
CREATE FUNCTION pg_temp.short(t text, n integer) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN length(t) > n THEN left(t, n - 3) || '...' ELSE t END;

-- {"text": 3, "null": 1} as "3 text, 1 null".
CREATE FUNCTION pg_temp.counts(j jsonb) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN (SELECT string_agg(value || ' ' || key, ', ' ORDER BY value::text::bigint DESC)
		FROM jsonb_each_text(j) WHERE value <> '0');

\echo
\echo ======================================================================
\echo :title
\echo ======================================================================

\echo
\echo 'What is in the file: sqlite_tables(file)'
\echo
CREATE TEMP TABLE demo_tables AS SELECT * FROM sqlite_tables(:'file');
SELECT name, kind, rows, columns, array_to_string(primary_key, ', ') AS "primary key"
FROM demo_tables WHERE kind <> 'shadow'
ORDER BY kind = 'view', rows DESC NULLS LAST, name LIMIT 10;
SELECT count(*) - 10 AS hidden, count(*) > 10 AS more,
	   format('%s tables, %s views, %s virtual tables', count(*) FILTER (WHERE kind = 'table'),
			  count(*) FILTER (WHERE kind = 'view'), count(*) FILTER (WHERE kind = 'virtual')) AS all_kinds
FROM demo_tables WHERE kind <> 'shadow' \gset
\if :more
\echo '... and' :hidden 'more; in all' :all_kinds
\echo
\endif
SELECT coalesce((SELECT name FROM demo_tables WHERE kind = 'table'
				 ORDER BY rows DESC NULLS LAST, name LIMIT 1), '') AS largest \gset
SELECT :'largest' <> '' AS has_table \gset

\if :has_table
\echo 'What the columns of' :largest 'hold, and become: sqlite_columns(file, table)'
\echo
SELECT pg_temp.short(column_name, 24) AS "column", pg_temp.short(declared_type, 16) AS declared,
	   replace(proposed_type, 'timestamp with time zone', 'timestamptz') AS becomes,
	   pg_temp.counts(stored_as) AS holds, pg_temp.short(evidence, 64) AS because
FROM sqlite_columns(:'file', :'largest') LIMIT 20;
\endif

\echo 'A dry run, nothing is written: sqlite_plan(file, schema)'
\echo
CREATE TEMP TABLE demo_plan AS SELECT * FROM sqlite_plan(:'file', :'schema', if_exists => 'replace');
SELECT phase, count(*) AS statements
FROM demo_plan WHERE statement IS NOT NULL GROUP BY phase ORDER BY min(step);
\echo 'What was found and decided'
\echo
-- Alike findings (the same but for numbers and names) are one line.
SELECT severity, count(*) AS times, pg_temp.short(min(object), 32) AS "(first) where",
	   pg_temp.short((array_agg(finding ORDER BY object))[1], 90) AS finding
FROM demo_plan WHERE finding IS NOT NULL
GROUP BY severity, regexp_replace(regexp_replace(split_part(finding, ':', 1),
												 '"[^"]*"', '', 'g'), '[0-9]+', '', 'g')
ORDER BY array_position(ARRAY['error', 'warning', 'info'], severity), count(*) DESC LIMIT 14;

\echo 'The import, native tables with keys and indexes: sqlite_import(file, schema)'
\echo
SELECT clock_timestamp() AS began \gset
CREATE TEMP TABLE demo_import AS
	SELECT * FROM sqlite_import(:'file', :'schema', if_exists => 'replace');
SELECT round(extract(epoch FROM clock_timestamp() - :'began')::numeric, 2) AS took \gset
SELECT table_name AS "table", rows, rejected, verified, round(seconds::numeric, 3) AS seconds
FROM demo_import WHERE table_name IS NOT NULL ORDER BY rows DESC, table_name LIMIT 10;
SELECT count(*) AS tables, sum(rows) AS rows, sum(rejected) AS rejected,
	   count(*) FILTER (WHERE verified) AS "tables verified", :took AS "seconds in all"
FROM demo_import WHERE table_name IS NOT NULL;

\echo 'The proof, any time again, both sides read and compared: sqlite_verify(file, schema)'
\echo
SELECT count(*) AS tables, count(*) FILTER (WHERE verified) AS verified,
	   sum(source_rows) AS "rows in the file", sum(target_rows) AS "rows in PostgreSQL",
	   coalesce(string_agg(table_name || ': ' || detail, '; ') FILTER (WHERE NOT verified), 'none') AS differences
FROM sqlite_verify(:'file', :'schema');

\if :has_table
\echo 'What' :largest 'has become'
\echo
SELECT a.attname AS "column",
	   replace(format_type(a.atttypid, a.atttypmod), 'timestamp with time zone', 'timestamptz') AS type,
	   CASE WHEN a.attnotnull THEN 'not null' END AS "null?",
	   CASE WHEN a.attidentity <> '' THEN 'identity' WHEN a.attgenerated <> '' THEN 'generated' END AS filled,
	   (SELECT string_agg(ic.relname || ' (' || am.amname || ')', ', ' ORDER BY ic.relname)
		FROM pg_index i JOIN pg_class ic ON ic.oid = i.indexrelid JOIN pg_am am ON am.oid = ic.relam
		WHERE i.indrelid = a.attrelid AND a.attnum = ANY (i.indkey)) AS indexes
FROM pg_class c
	JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = :'schema'
	JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND lower(c.relname) = lower(:'largest') ORDER BY a.attnum LIMIT 20;
\endif

-- Search: any tsvector that the import made, and the most frequent longer
-- word in it.
SELECT coalesce(min(format('%I.%I', table_schema, table_name)), '') AS search_table,
	   coalesce(min(column_name), '') AS search_column, count(*) > 0 AS has_search
FROM (SELECT * FROM information_schema.columns
	  WHERE table_schema = :'schema' AND data_type = 'tsvector'
	  ORDER BY table_name, ordinal_position LIMIT 1) c \gset
\if :has_search
SELECT coalesce((SELECT word FROM ts_stat(format('SELECT %I FROM %s', :'search_column', :'search_table'))
				 WHERE length(word) BETWEEN 5 AND 12 AND word ~ '^[a-z]+$'
				 ORDER BY ndoc DESC, word LIMIT 1), 'nothing') AS word \gset
\echo 'Full-text search in' :search_table 'for a word that many rows have'
\echo
SELECT :'word' AS word, count(*) AS rows
FROM :search_table WHERE :"search_column" @@ to_tsquery('simple', :'word');
\endif

-- JSON: the keys of the first jsonb column that the import made.
SELECT coalesce(min(format('%I.%I', table_schema, table_name)), '') AS json_table,
	   coalesce(min(column_name), '') AS json_column,
	   coalesce(min(format('%s.%s', table_name, column_name)), '') AS json_name, count(*) > 0 AS has_json
FROM (SELECT * FROM information_schema.columns
	  WHERE table_schema = :'schema' AND data_type = 'jsonb'
	  ORDER BY table_name, ordinal_position LIMIT 1) c \gset
\if :has_json
\echo 'JSONB, the keys in' :json_name
\echo
SELECT key, count(*) AS rows, pg_temp.short(min(value::text), 60) AS "for example"
FROM :json_table, jsonb_each(CASE WHEN jsonb_typeof(:"json_column") = 'object' THEN :"json_column" END)
GROUP BY key ORDER BY 2 DESC, 1 LIMIT 8;
\endif

\echo 'The same file read in place, without an import: IMPORT FOREIGN SCHEMA'
\echo
DROP SERVER IF EXISTS :"live" CASCADE;
DROP SCHEMA IF EXISTS :"live" CASCADE;
CREATE SERVER :"live" FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database :'file');
CREATE SCHEMA :"live";
IMPORT FOREIGN SCHEMA main FROM SERVER :"live" INTO :"live";
\if :has_table
SELECT coalesce(min(format('%I.%I', c.table_schema, c.table_name)), '') AS live_table,
	   coalesce(string_agg(quote_ident(c.column_name), ', ' ORDER BY c.ordinal_position)
				FILTER (WHERE c.ordinal_position <= 3), '') AS live_columns, count(*) > 0 AS has_live
FROM information_schema.foreign_tables f
	JOIN information_schema.columns c ON c.table_schema = f.foreign_table_schema AND c.table_name = f.foreign_table_name
WHERE foreign_table_schema = :'live' AND lower(foreign_table_name) = lower(:'largest') \gset
\if :has_live
\pset tuples_only on
EXPLAIN (VERBOSE, COSTS OFF) SELECT :live_columns FROM :live_table;
\pset tuples_only off
SELECT :'live_table' AS "foreign table", count(*) AS rows FROM :live_table;
\endif
\endif
