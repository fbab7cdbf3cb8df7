-- Full text: each tokenizer finds in PostgreSQL what it found in SQLite.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;
\set f :fixtures '/cases_fts.db'

-- without unaccent and pg_trgm the import does what it can, and says what is missing; it installs nothing
SELECT severity, object, finding, advice FROM sqlite_plan(:'f', 'cases_fts') WHERE finding IS NOT NULL AND severity <> 'info';
SELECT table_name, rows, verified FROM sqlite_import(:'f', 'cases_fts') WHERE table_name IS NOT NULL;
SELECT id, search @@ websearch_to_tsquery('simple', 'secwepemc') AS found FROM cases_fts.pages ORDER BY id;
SELECT count(*) FROM pg_extension WHERE extname IN ('unaccent', 'pg_trgm');
DROP SCHEMA cases_fts CASCADE;

-- with them, the same words find the same rows; they come with the server's contrib, which need not be there
SELECT count(*) = 2 AS contrib FROM pg_available_extensions WHERE name IN ('unaccent', 'pg_trgm') \gset
\if :contrib
\else
\echo 'skipped: no unaccent or no pg_trgm on this server'
\quit
\endif
CREATE SCHEMA cases_ext;
CREATE EXTENSION unaccent SCHEMA cases_ext;
CREATE EXTENSION pg_trgm SCHEMA cases_ext;
SELECT phase, statement FROM sqlite_plan(:'f', 'cases_fts')
 WHERE statement ~ 'TEXT SEARCH|trgm' OR statement LIKE '%tsvector%' OR statement LIKE '%gin%';
SELECT severity, object, finding FROM sqlite_plan(:'f', 'cases_fts') WHERE finding IS NOT NULL;
SELECT table_name, rows, verified FROM sqlite_import(:'f', 'cases_fts') WHERE table_name IS NOT NULL;

CREATE FUNCTION found_by(word text) RETURNS TABLE (engine text, rows text) LANGUAGE sql AS $$
	SELECT 'SQLite', string_agg(id::text, ' ' ORDER BY id) FROM
	  sqlite_query(current_setting('cases.f'), format('SELECT rowid FROM pages_fts WHERE pages_fts MATCH %L', word)) AS (id bigint)
	UNION ALL
	SELECT 'PostgreSQL', string_agg(id::text, ' ' ORDER BY id) FROM cases_fts.pages
	 WHERE search @@ websearch_to_tsquery('cases_fts.sqlite_simple', word);
$$;
SELECT set_config('cases.f', :'f', false) IS NULL AS failed;
SELECT * FROM found_by('secwepemc');
SELECT * FROM found_by('Secwépemc');
SELECT * FROM found_by('secwepemctsin');
SELECT * FROM found_by('running');
SELECT * FROM found_by('run');
-- porter stems, and folds accents as well
SELECT body FROM cases_fts.stemmed WHERE search @@ websearch_to_tsquery('cases_fts.sqlite_english', 'run secwepemc');
SELECT body FROM cases_fts.stemmed WHERE search @@ websearch_to_tsquery('cases_fts.sqlite_english', 'resume');
-- told to keep accents apart, it does
SELECT body FROM cases_fts.exact WHERE search @@ websearch_to_tsquery('simple', 'resume');
-- parts of words, by an index
SET enable_seqscan = off;
SELECT body FROM cases_fts.parts WHERE body ILIKE '%eedl%';
EXPLAIN (COSTS OFF) SELECT body FROM cases_fts.parts WHERE body ILIKE '%eedl%';
RESET enable_seqscan;
-- once more into the same schema: the configurations are there already
SELECT bool_and(verified) FROM sqlite_import(:'f', 'cases_fts', if_exists => 'replace') WHERE table_name IS NOT NULL;
SELECT cfgname FROM pg_ts_config WHERE cfgnamespace = 'cases_fts'::regnamespace ORDER BY 1;
-- new rows are found without a trigger
INSERT INTO cases_fts.pages (title) VALUES ('Nouvelle Écosse') RETURNING id, search @@ websearch_to_tsquery('cases_fts.sqlite_simple', 'ecosse') AS found;
DROP FUNCTION found_by;
SET client_min_messages = error;
DROP SCHEMA cases_fts CASCADE;
DROP SCHEMA cases_ext CASCADE;
