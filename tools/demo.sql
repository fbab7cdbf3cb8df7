-- What tools/demo shows of one file: its tables, what they become, the
-- import, the proof, a search and a JSON query if it has such columns, and
-- the file read in place.  psql variables: file, title, schema, live, columns.

\pset footer off
\pset null '-'
\pset format wrapped
\pset columns :columns
\set QUIET on
SET client_min_messages = warning;

\echo
\echo ======================================================================
\echo :title
\echo ======================================================================

\echo
\echo 'What is in the file          sqlite_tables(file)'
CREATE TEMP TABLE demo_tables AS SELECT * FROM sqlite_tables(:'file');
SELECT name, kind, rows, columns, primary_key
FROM demo_tables WHERE kind <> 'shadow'
ORDER BY kind, rows DESC NULLS LAST, name LIMIT 12;
SELECT count(*) - 12 AS hidden FROM demo_tables WHERE kind <> 'shadow' \gset
SELECT :hidden > 0 AS more \gset
\if :more
\echo '... and' :hidden 'more'
\echo
\endif
SELECT coalesce((SELECT name FROM demo_tables WHERE kind = 'table'
				 ORDER BY rows DESC NULLS LAST, name LIMIT 1), '') AS largest \gset
SELECT :'largest' <> '' AS has_table \gset

\if :has_table
\echo 'What the columns of its largest table hold, and become          sqlite_columns(file, table)'
SELECT column_name AS "column", declared_type AS declared, proposed_type AS becomes,
	   stored_as, evidence
FROM sqlite_columns(:'file', :'largest') LIMIT 25;
\endif

\echo 'A dry run: nothing is written          sqlite_plan(file, schema)'
CREATE TEMP TABLE demo_plan AS SELECT * FROM sqlite_plan(:'file', :'schema');
SELECT phase, count(*) FILTER (WHERE statement IS NOT NULL) AS statements,
	   count(*) FILTER (WHERE finding IS NOT NULL) AS findings
FROM demo_plan GROUP BY phase ORDER BY min(step);
SELECT count(*) > 0 AS has_findings FROM demo_plan WHERE finding IS NOT NULL \gset
\if :has_findings
\echo 'What it found and decided'
SELECT severity, object, finding
FROM demo_plan WHERE finding IS NOT NULL
ORDER BY array_position(ARRAY['error', 'warning', 'info'], severity), step LIMIT 15;
SELECT count(*) - 15 AS hidden FROM demo_plan WHERE finding IS NOT NULL \gset
SELECT :hidden > 0 AS more \gset
\if :more
\echo '... and' :hidden 'more findings'
\echo
\endif
\endif

\echo 'The import: native tables, keys, indexes          sqlite_import(file, schema)'
SELECT clock_timestamp() AS began \gset
CREATE TEMP TABLE demo_import AS
	SELECT * FROM sqlite_import(:'file', :'schema', if_exists => 'replace');
SELECT round(extract(epoch FROM clock_timestamp() - :'began')::numeric, 2) AS took \gset
SELECT table_name, rows, rejected, verified, round(seconds::numeric, 3) AS seconds
FROM demo_import ORDER BY rows DESC, table_name LIMIT 12;
SELECT count(*) AS tables, sum(rows) AS rows, sum(rejected) AS rejected,
	   count(*) FILTER (WHERE verified) AS "verified tables", :took AS "seconds in all"
FROM demo_import;

\echo 'The proof, any time again: the file and the tables compared          sqlite_verify(file, schema)'
SELECT count(*) AS tables, count(*) FILTER (WHERE verified) AS verified,
	   sum(source_rows) AS "rows in the file", sum(target_rows) AS "rows in PostgreSQL",
	   string_agg(DISTINCT detail, '; ') FILTER (WHERE NOT verified) AS differences
FROM sqlite_verify(:'file', :'schema');

\if :has_table
\echo 'What the largest table has become'
SELECT a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS type,
	   a.attnotnull AS "not null",
	   (SELECT string_agg(i.indexrelid::regclass::text, ', ' ORDER BY 1) FROM pg_index i
		WHERE i.indrelid = a.attrelid AND a.attnum = ANY (i.indkey)) AS indexes
FROM demo_import d
	JOIN pg_class c ON c.relname = d.table_name
	JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = :'schema'
	JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE lower(d.table_name) = lower(:'largest') ORDER BY a.attnum LIMIT 25;
\endif

-- A column for a search: any tsvector that the import made; the word is the
-- most frequent longer one in it.
SELECT coalesce(min(format('%I.%I', table_schema, table_name)), '') AS search_table,
	   coalesce(min(column_name), '') AS search_column, count(*) > 0 AS has_search
FROM (SELECT * FROM information_schema.columns
	  WHERE table_schema = :'schema' AND data_type = 'tsvector'
	  ORDER BY table_name, ordinal_position LIMIT 1) c \gset
\if :has_search
SELECT word AS word FROM ts_stat(format('SELECT %I FROM %s', :'search_column', :'search_table'))
WHERE length(word) BETWEEN 5 AND 12 AND word ~ '^[a-z]+$'
ORDER BY ndoc DESC, word LIMIT 1 \gset
\echo 'Full-text search: a word that many rows have'
SELECT :'search_table' AS "table", :'word' AS word, count(*) AS rows
FROM :search_table WHERE :"search_column" @@ to_tsquery('simple', :'word');
\endif

-- JSON: the keys of the first jsonb column that the import made.
SELECT coalesce(min(format('%I.%I', table_schema, table_name)), '') AS json_table,
	   coalesce(min(column_name), '') AS json_column, count(*) > 0 AS has_json
FROM (SELECT * FROM information_schema.columns
	  WHERE table_schema = :'schema' AND data_type = 'jsonb'
	  ORDER BY table_name, ordinal_position LIMIT 1) c \gset
\if :has_json
\echo 'JSONB: the keys in' :json_table '.' :json_column
SELECT key, count(*) AS rows, min(value::text) AS "for example"
FROM :json_table, jsonb_each(CASE WHEN jsonb_typeof(:"json_column") = 'object' THEN :"json_column" END)
GROUP BY key ORDER BY 2 DESC, 1 LIMIT 8;
\endif

\echo 'The same file read in place, without an import          IMPORT FOREIGN SCHEMA'
DROP SERVER IF EXISTS :"live" CASCADE;
DROP SCHEMA IF EXISTS :"live" CASCADE;
CREATE SERVER :"live" FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database :'file');
CREATE SCHEMA :"live";
IMPORT FOREIGN SCHEMA main FROM SERVER :"live" INTO :"live";
\if :has_table
SELECT coalesce(min(format('%I.%I', foreign_table_schema, foreign_table_name)), '') AS live_table,
	   count(*) > 0 AS has_live
FROM information_schema.foreign_tables
WHERE foreign_table_schema = :'live' AND lower(foreign_table_name) = lower(:'largest') \gset
\if :has_live
\pset format aligned
\pset tuples_only on
EXPLAIN (VERBOSE, COSTS OFF) SELECT * FROM :live_table;
\pset tuples_only off
\pset format wrapped
SELECT :'live_table' AS "foreign table", count(*) AS rows FROM :live_table;
\endif
\endif
