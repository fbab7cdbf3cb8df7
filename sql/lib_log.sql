-- The import log.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;

\set app :fixtures '/lib_app.db'
SELECT count(*) FROM sqlite_import(:'app', 'lib_log', infer => 'values', types => '{"notes.tags": "text"}', tables => '{users,notes}');
SELECT max(id) AS import FROM sqlite_import_log \gset
SELECT owner = current_user AS mine, schema, options, rows, rejected, nulled, verified, seconds > 0 AS timed,
       fingerprint ? 'size' AS printed, jsonb_array_length(findings) > 0 AS found
  FROM sqlite_import_log WHERE id = :import;
SELECT table_name, source_table, rows, rejected, verified, detail, before IS NULL AS was_new, loaded -> 'rows' AS loaded
  FROM sqlite_import_tables WHERE import_id = :import ORDER BY table_name;
SELECT f ->> 'severity' AS severity, f ->> 'code' AS code, f ->> 'object' AS object
  FROM sqlite_import_log, jsonb_array_elements(findings) f
 WHERE id = :import AND f ->> 'severity' <> 'info' ORDER BY 2, 3;
-- without verification
SELECT table_name, rows, verified FROM sqlite_import(:'app', 'lib_log', tables => '{settings}', verify => false);
SELECT verified, detail, loaded FROM sqlite_import_tables ORDER BY import_id DESC LIMIT 1;
SELECT verified FROM sqlite_import_log ORDER BY id DESC LIMIT 1;
-- it can be verified later
SELECT verified, detail FROM sqlite_verify(:'app', 'lib_log', '{settings}');
-- pg_dump takes the history along
SELECT c.relname FROM pg_extension e, unnest(extconfig) AS t(oid) JOIN pg_class c USING (oid)
 WHERE extname = 'sqlite_fdw_lite' ORDER BY c.relname COLLATE "C";
DELETE FROM sqlite_import_log WHERE id = :import;
SELECT count(*) FROM sqlite_import_tables WHERE import_id = :import;
DROP SCHEMA lib_log CASCADE;
