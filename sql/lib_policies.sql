-- A policy per column, after its type in "types".
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;

-- label may lose values, amount rejects its row, all else stops
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'fixtures' || '/lib_misfit.db', 'lib_policies',
  types => '{"readings.label": "on_error null", "readings.amount": "bigint on_error reject", "readings.required": "text"}');
SELECT id, label, amount, required FROM lib_policies.readings ORDER BY id;
SELECT row_id, action, reason, column_name FROM sqlite_rejects WHERE import_id = (SELECT max(id) FROM sqlite_import_log) ORDER BY id;
SELECT source_rows, target_rows, verified, detail FROM sqlite_verify(:'fixtures' || '/lib_misfit.db', 'lib_policies');
SELECT severity, object, finding FROM sqlite_plan(:'fixtures' || '/lib_misfit.db', 'lib_policies',
  types => '{"readings.label": "on_error null", "readings.amount": "bigint on_error reject", "readings.required": "bigint"}', if_exists => 'replace') WHERE severity IS NOT NULL;
-- the others keep the option's
SELECT * FROM sqlite_import(:'fixtures' || '/lib_misfit.db', 'lib_policies', if_exists => 'replace',
  types => '{"readings.label": "on_error null", "readings.amount": "bigint on_error reject", "readings.required": "bigint"}');
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'fixtures' || '/lib_misfit.db', 'lib_policies', if_exists => 'replace', on_error => 'null',
  types => '{"readings.label": "on_error reject", "readings.amount": "bigint"}');
SELECT source_rows, target_rows, verified, detail FROM sqlite_verify(:'fixtures' || '/lib_misfit.db', 'lib_policies');
DROP SCHEMA lib_policies CASCADE;

-- in documents and in batches
CALL sqlite_import_batched(:'fixtures' || '/lib_misfit.db', 'lib_policies', batch_rows := 2, documents := '{*}',
  types := '{"readings.label": "on_error null", "readings.amount": "bigint on_error reject", "readings.required": "text"}') \gset
SELECT :rows AS rows, :rejected AS rejected, :'verified' AS verified;
SELECT source_rows, target_rows, verified, detail FROM sqlite_verify(:'fixtures' || '/lib_misfit.db', 'lib_policies');
DROP SCHEMA lib_policies CASCADE;
SELECT * FROM sqlite_plan(:'fixtures' || '/lib_misfit.db', 'lib_policies', types => '{"readings.label": "text on_error ignore"}');
