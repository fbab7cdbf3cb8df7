-- sqlite_import_batched: the same import in many transactions.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;
\set file :fixtures '/lib_app.db'

SELECT table_name, rows, rejected, verified FROM sqlite_import(:'file', 'lib_batched_ref');
\set VERBOSITY terse
CALL sqlite_import_batched(:'file', 'lib_batched', batch_rows := 2) \gset
\set VERBOSITY default
SELECT :rows > 0 AS has_rows, :rejected AS rejected, :'verified' AS verified;

-- the same tables, types, keys, defaults, rows
SELECT count(*) FROM information_schema.columns WHERE table_schema = 'lib_batched';
SELECT table_name, column_name, data_type, is_nullable, is_identity, generation_expression, replace(column_default, 'lib_batched_ref', 'lib_batched')
  FROM information_schema.columns WHERE table_schema = 'lib_batched_ref'
EXCEPT
SELECT table_name, column_name, data_type, is_nullable, is_identity, generation_expression, column_default
  FROM information_schema.columns WHERE table_schema = 'lib_batched';
SELECT replace(pg_get_indexdef(indexrelid), 'lib_batched_ref', 'lib_batched') FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE relnamespace = 'lib_batched_ref'::regnamespace
EXCEPT
SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE relnamespace = 'lib_batched'::regnamespace;
SELECT conname, convalidated, replace(pg_get_constraintdef(oid), 'lib_batched_ref', 'lib_batched') FROM pg_constraint WHERE connamespace = 'lib_batched_ref'::regnamespace
EXCEPT
SELECT conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'lib_batched'::regnamespace;
SELECT a.table_name, a.rows = b.rows, a.loaded = b.loaded, a.detail = b.detail, a.verified
  FROM sqlite_import_tables a JOIN sqlite_import_log i ON i.id = a.import_id AND i.schema = 'lib_batched_ref'
  FULL JOIN (sqlite_import_tables b JOIN sqlite_import_log j ON j.id = b.import_id AND j.schema = 'lib_batched') USING (table_name) ORDER BY 1;
SELECT replace(f::text, 'lib_batched_ref', 'lib_batched') FROM sqlite_import_log, jsonb_array_elements(findings) AS f WHERE schema = 'lib_batched_ref'
EXCEPT
SELECT f::text FROM sqlite_import_log, jsonb_array_elements(findings) AS f WHERE schema = 'lib_batched';
SELECT count(*) AS differ FROM sqlite_verify(:'file', 'lib_batched') WHERE NOT verified;
SELECT count(*) AS left_over FROM sqlite_import_steps;

-- again: nothing to do; replaced: all anew; appended: twice; skipped: nothing
CALL sqlite_import_batched(:'file', 'lib_batched') \gset again_
SELECT :again_import_id = :import_id AS same;
CALL sqlite_import_batched(:'file', 'lib_batched', if_exists := 'replace', batch_rows := 3) \gset more_
SELECT :more_import_id > :import_id AS another, :more_rows = :rows AS same_rows;
CALL sqlite_import_batched(:'file', 'lib_batched', if_exists := 'skip') \gset skip_
SELECT :skip_rows AS rows;
DROP SCHEMA lib_batched CASCADE;
DROP SCHEMA lib_batched_ref CASCADE;

-- documents and search columns
CALL sqlite_import_batched(:'fixtures' || '/lib_misfit.db', 'lib_batched', batch_rows := 3, documents := '{*}', types := '{"readings.amount": "bigint"}', on_error := 'null') \gset
SELECT :rows AS rows, :rejected AS rejected, :'verified' AS verified;
SELECT count(*) FROM lib_batched.readings;
-- appending to a table that has indexes by now
CREATE TABLE lib_batched.kept AS TABLE lib_batched.readings;
TRUNCATE lib_batched.readings;
CALL sqlite_import_batched(:'fixtures' || '/lib_misfit.db', 'lib_batched', batch_rows := 2, documents := '{*}', types := '{"readings.amount": "bigint"}', on_error := 'null', if_exists := 'append') \gset
SELECT :rows AS rows, :'verified' AS verified;
TABLE lib_batched.readings EXCEPT ALL TABLE lib_batched.kept;
DROP SCHEMA lib_batched CASCADE;

-- names of any kind, wide tables
CALL sqlite_import_batched(:'fixtures' || '/lib_names.db', 'lib_batched', batch_rows := 1) \gset
SELECT :'verified' AS verified;
CALL sqlite_import_batched(:'fixtures' || '/lib_wide.db', 'lib_batched', batch_rows := 1) \gset
SELECT :'verified' AS verified;
DROP SCHEMA lib_batched CASCADE;

-- what it cannot do
BEGIN;
CALL sqlite_import_batched(:'file', 'lib_batched');
ROLLBACK;
CALL sqlite_import_batched(:'file', 'lib_batched', sample := 10);
CALL sqlite_import_batched(:'file', 'lib_batched', batch_rows := 0);
CALL sqlite_import_batched(:'file', NULL);
SELECT count(*) FROM pg_namespace WHERE nspname = 'lib_batched';
-- from a DO block; but nothing can be committed where an error may be caught
SELECT set_config('lite.file', :'file', false) <> '' AS set;
DO $$
DECLARE i bigint; n bigint; r bigint; v boolean;
BEGIN
  BEGIN
    CALL sqlite_import_batched(current_setting('lite.file'), 'lib_batched', batch_rows := 1, import_id := i, rows := n, rejected := r, verified := v);
  EXCEPTION WHEN others THEN RAISE WARNING '%', SQLERRM;
  END;
  CALL sqlite_import_batched(current_setting('lite.file'), 'lib_batched', batch_rows := 1, import_id := i, rows := n, rejected := r, verified := v);
  RAISE WARNING '% rows, verified %', n, v;
END $$;
DROP SCHEMA lib_batched CASCADE;
-- whoever may not read files
CREATE ROLE lib_batched_user;
SET ROLE lib_batched_user;
CALL sqlite_import_batched(:'file', 'lib_batched');
SELECT count(*) FROM sqlite_import_batches;
UPDATE sqlite_import_steps SET statement = 'x';
RESET ROLE;
DROP ROLE lib_batched_user;
