-- Values that other tools lose, cut or change: each arrives, or is kept aside whole.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;
\set f :fixtures '/cases_values.db'

SELECT table_name, column_name, declared_type, proposed_type, suggestion
  FROM sqlite_columns(:'f') WHERE column_name <> 'id';
SELECT severity, object, finding FROM sqlite_plan(:'f', 'cases_values') WHERE finding IS NOT NULL;

-- text with a NUL or with bytes that are no UTF-8: by default nothing is imported, and the error says which
SELECT * FROM sqlite_import(:'f', 'cases_values');
SELECT count(*) FROM pg_namespace WHERE nspname = 'cases_values';
-- rejected rows are kept with all their bytes, and the rows around them arrive
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'f', 'cases_values', on_error => 'reject');
SELECT * FROM cases_values.bytes ORDER BY id;
SELECT row_id, storage_class, value FROM sqlite_rejects WHERE target LIKE '%bytes' ORDER BY row_id;

-- no digit is lost: REAL stays a double, 2^53 + 1 itself, 5000000000 is no 2147483647
SELECT * FROM cases_values.numbers ORDER BY id;
SELECT * FROM cases_values.infinities ORDER BY id;
-- '' and 'x' in an integer column are neither 0 nor a lost row
SELECT * FROM cases_values.lax ORDER BY id;
SELECT * FROM cases_values.words ORDER BY id;
-- text in a BLOB column is not taken for base64
SELECT id, pure, CASE WHEN id <> 2 THEN convert_from(mixed, 'UTF8') END AS mixed, all_text, both_text
  FROM cases_values.blobs ORDER BY id;
-- VARCHAR(n) was not enforced, so nothing is cut
SELECT id, code, length(name) FROM cases_values.varchars ORDER BY id;
SELECT * FROM cases_values.truths ORDER BY id;
-- the JSON literal null is not SQL NULL; numbers keep their zeros
SELECT id, sound, broken, nul, nulls, nulls IS NULL AS sql_null, declared, declared_nul, in_blob, length(deep::text) > 1000 AS deep
  FROM cases_values.json ORDER BY id;
SELECT id, doc, doc ->> 'name' AS name FROM cases_values.jsonb ORDER BY id;
-- rowids at both ends; new ids go on at the top
SELECT * FROM cases_values.rowids ORDER BY id;
INSERT INTO cases_values.rowids_big (s) VALUES ('next') RETURNING id;
DELETE FROM cases_values.rowids_big WHERE s = 'next';

SELECT table_name, source_rows, target_rows, verified, detail FROM sqlite_verify(:'f', 'cases_values');
DROP SCHEMA cases_values CASCADE;
