-- Keys and indexes, and rows that break them.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;
\set f :fixtures '/cases_keys.db'

SELECT severity, object, finding, advice FROM sqlite_plan(:'f', 'cases_keys') WHERE finding IS NOT NULL;
SELECT table_name, rows, verified, findings FROM sqlite_import(:'f', 'cases_keys');
-- partial stays partial, DESC DESC, NOCASE folds, the expression stays one
SELECT indexdef FROM pg_indexes WHERE schemaname = 'cases_keys' AND tablename = 'indexed' ORDER BY indexname;
SELECT conrelid::regclass AS "table", conname, convalidated, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'cases_keys'::regnamespace AND contype <> 'n' ORDER BY 1::text, 2;
-- the partial unique index over what became a boolean means what it meant
INSERT INTO cases_keys.indexed (id, email, name, is_deleted) VALUES (10, 'A@x', 'deleted, so allowed', true);
INSERT INTO cases_keys.indexed (id, email, name) VALUES (11, 'A@x', 'refused');
INSERT INTO cases_keys.indexed (id, name) VALUES (12, 'ADA');
-- ids are not given twice: after sqlite_sequence, or after the highest
INSERT INTO cases_keys.gone (s) VALUES ('new') RETURNING id;
INSERT INTO cases_keys.emptied DEFAULT VALUES RETURNING id;
INSERT INTO cases_keys.plain_id (s) VALUES ('new') RETURNING id;
-- actions of foreign keys
DELETE FROM cases_keys.tree WHERE id = 2;
SELECT * FROM cases_keys.tree;
BEGIN;
UPDATE cases_keys.without_rowid SET b = 7 WHERE b = 1 AND a = 'x';
SELECT * FROM cases_keys.composite ORDER BY id;
COMMIT;
-- no key: doubled rows stay doubled, and the rowid can be kept
SELECT * FROM cases_keys.no_key ORDER BY a;
SELECT rows, verified FROM sqlite_import(:'f', 'cases_keys', tables => '{no_key}', if_exists => 'replace', types => '{"no_key.rowid": "bigint"}');
SELECT * FROM cases_keys.no_key ORDER BY 1;
DROP SCHEMA cases_keys CASCADE;
DROP EXTENSION sqlite_fdw_lite CASCADE;
