-- search: tsvector columns with their indexes.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;

SELECT table_name, rows, verified FROM sqlite_import(:'fixtures' || '/lib_app.db', 'lib_search',
  search => '{"notes": {"columns": ["title:A", "body:B"], "config": "english"}}');
SELECT id, search FROM lib_search.notes ORDER BY id;
SELECT id FROM lib_search.notes WHERE search @@ to_tsquery('english', 'dog & jump');
SELECT indexdef FROM pg_indexes WHERE schemaname = 'lib_search' AND indexdef LIKE '%gin%';
-- it stays in step
UPDATE lib_search.notes SET body = 'cats' WHERE id = 3;
SELECT id FROM lib_search.notes WHERE search @@ to_tsquery('english', 'cat');
-- and verification is not confused by it
SELECT table_name, verified, detail FROM sqlite_verify(:'fixtures' || '/lib_app.db', 'lib_search', '{notes}');

-- a file's own full-text tables say it by themselves
SELECT table_name, verified FROM sqlite_import(:'fixtures' || '/demo.db', 'lib_search_2');
SELECT table_name, column_name FROM information_schema.columns
 WHERE table_schema = 'lib_search_2' AND data_type = 'tsvector' ORDER BY table_name COLLATE "C";
SELECT bool_and(verified) FROM sqlite_verify(:'fixtures' || '/demo.db', 'lib_search_2');

SELECT * FROM sqlite_import(:'fixtures' || '/lib_app.db', 'x', search => '{"nothing": {"columns": ["a"]}}');
SELECT * FROM sqlite_import(:'fixtures' || '/lib_app.db', 'x', search => '{"notes": {"columns": ["nothing"]}}');
DROP SCHEMA lib_search, lib_search_2 CASCADE;
