-- documents: a table in document shape.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;

SELECT table_name, rows, verified FROM sqlite_import(:'fixtures' || '/lib_app.db', 'lib_documents', documents => '{notes}');
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
 WHERE attrelid = 'lib_documents.notes'::regclass AND attnum > 0 ORDER BY attnum;
-- JSON is nested, not quoted; the whole row is in it
SELECT id, doc FROM lib_documents.notes ORDER BY id;
SELECT id FROM lib_documents.notes WHERE doc @> '{"tags": ["b"]}';
SELECT indexdef FROM pg_indexes WHERE schemaname = 'lib_documents' AND tablename = 'notes' ORDER BY indexname COLLATE "C";

-- all tables; composite keys, and none
SELECT table_name, rows, verified FROM sqlite_import(:'fixtures' || '/lib_app.db', 'lib_documents', documents => '{*}', if_exists => 'replace');
SELECT * FROM lib_documents.settings ORDER BY name, scope;
SELECT table_name, rows, verified FROM sqlite_import(:'fixtures' || '/lib_wide.db', 'lib_documents', tables => '{bag}', documents => '{*}');
SELECT doc FROM lib_documents.bag ORDER BY doc;
SELECT table_name, verified, detail FROM sqlite_verify(:'fixtures' || '/lib_app.db', 'lib_documents');
-- a change in a document is found
UPDATE lib_documents.users SET doc = jsonb_set(doc, '{settings,n}', '2') WHERE id = 1;
SELECT table_name, verified, detail FROM sqlite_verify(:'fixtures' || '/lib_app.db', 'lib_documents', '{users}');

-- a member that does not fit goes by the policy, as a column's value does
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'fixtures' || '/lib_misfit.db', 'lib_documents', documents => '{*}');
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'fixtures' || '/lib_misfit.db', 'lib_documents', documents => '{*}', on_error => 'reject');
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'fixtures' || '/lib_misfit.db', 'lib_documents', documents => '{*}', on_error => 'null', if_exists => 'replace');
SELECT id, doc FROM lib_documents.readings ORDER BY id;
SELECT * FROM sqlite_import(:'fixtures' || '/lib_app.db', 'x', documents => '{nothing}');
DROP SCHEMA lib_documents CASCADE;
