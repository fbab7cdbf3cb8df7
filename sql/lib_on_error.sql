-- on_error: stop, reject, null.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;

\set types '{"readings.amount": "bigint", "readings.required": "integer"}'
-- stop: the error names everything, and nothing is left behind
SELECT * FROM sqlite_import(:'fixtures' || '/lib_misfit.db', 'lib_on_error', types => :'types');
SELECT count(*) FROM pg_namespace WHERE nspname = 'lib_on_error';
SELECT count(*) FROM sqlite_import_log WHERE schema = 'lib_on_error';

-- reject: the row is kept, whole
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'fixtures' || '/lib_misfit.db', 'lib_on_error', types => :'types', on_error => 'reject');
SELECT id, label, amount, required FROM lib_on_error.readings ORDER BY id;
SELECT row_id, action, reason, column_name, storage_class, value FROM sqlite_rejects
 WHERE import_id = (SELECT max(id) FROM sqlite_import_log) ORDER BY id;
SELECT row_id, n, c, v FROM sqlite_rejects r, unnest(column_names, storage_classes, column_values) AS u(n, c, v)
 WHERE import_id = (SELECT max(id) FROM sqlite_import_log) AND row_id IN (3, 5) ORDER BY r.id;
SELECT source_rows, target_rows, verified, detail FROM sqlite_verify(:'fixtures' || '/lib_misfit.db', 'lib_on_error');

-- null: the row is there, the value is kept; where NULL is not allowed, the row is rejected
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'fixtures' || '/lib_misfit.db', 'lib_on_error', types => :'types', on_error => 'null', if_exists => 'replace');
SELECT id, label, amount, required FROM lib_on_error.readings ORDER BY id;
SELECT row_id, action, reason, column_name, storage_class, value, column_values IS NULL AS value_only FROM sqlite_rejects
 WHERE import_id = (SELECT max(id) FROM sqlite_import_log) ORDER BY id;
SELECT source_rows, target_rows, verified, detail FROM sqlite_verify(:'fixtures' || '/lib_misfit.db', 'lib_on_error');
SELECT rows, rejected, nulled, verified FROM sqlite_import_log ORDER BY id DESC LIMIT 1;
DROP SCHEMA lib_on_error CASCADE;
