-- sqlite_reinsert: rejected rows, corrected, go into their table.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
-- imports are numbered from 1
DROP EXTENSION IF EXISTS sqlite_fdw_lite CASCADE;
CREATE EXTENSION sqlite_fdw_lite;

\set types '{"readings.amount": "bigint", "readings.required": "integer"}'
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'fixtures' || '/lib_misfit.db', 'lib_reinsert', types => :'types', on_error => 'reject');
SELECT max(id) AS import FROM sqlite_import_log \gset

-- what was rejected, readable
SELECT row_id, target, reason, column_name, storage_class, value, whole_row FROM sqlite_rejected WHERE import_id = :import ORDER BY id;

-- nothing has changed: nothing fits
SELECT * FROM sqlite_reinsert(:import);

-- corrected: all but one
SELECT row_id, sqlite_correct(id, column_name, CASE row_id WHEN 2 THEN 'a?b' WHEN 4 THEN '44' WHEN 5 THEN 'still bad' WHEN 6 THEN '6' END)
  FROM sqlite_rejects WHERE import_id = :import ORDER BY id;
SELECT sqlite_correct(id, 'no such column', 'x') FROM sqlite_rejects WHERE import_id = :import AND row_id = 5;
SELECT sqlite_correct(0, 'label', 'x');
SELECT * FROM sqlite_reinsert(:import, 'no such table');
SELECT * FROM sqlite_reinsert(:import, 'readings');
SELECT id, label, amount, required FROM lib_reinsert.readings ORDER BY id;
SELECT row_id, reason, whole_row->>'amount' AS amount FROM sqlite_rejected WHERE import_id = :import ORDER BY id;

-- the counts balance, and verification knows which rows are not the file's
SELECT rows, rejected, corrected FROM sqlite_import_tables WHERE import_id = :import;
SELECT rows, rejected FROM sqlite_import_log WHERE id = :import;
SELECT * FROM sqlite_verify(:'fixtures' || '/lib_misfit.db', 'lib_reinsert');
UPDATE lib_reinsert.readings SET amount = 45 WHERE id = 4;
SELECT * FROM sqlite_verify(:'fixtures' || '/lib_misfit.db', 'lib_reinsert');
UPDATE lib_reinsert.readings SET amount = 44 WHERE id = 4;

-- a row that the table refuses stays, with the table's reason
SELECT sqlite_correct(id, 'amount', '5'), sqlite_correct(id, 'id', '1') FROM sqlite_rejects WHERE import_id = :import;
SELECT * FROM sqlite_reinsert(:import);
SELECT row_id, reason FROM sqlite_rejected WHERE import_id = :import;
SELECT sqlite_correct(id, 'id', '5') FROM sqlite_rejects WHERE import_id = :import;
SELECT * FROM sqlite_reinsert(:import);
SELECT * FROM sqlite_reinsert(:import);
SELECT * FROM sqlite_verify(:'fixtures' || '/lib_misfit.db', 'lib_reinsert');
DROP SCHEMA lib_reinsert CASCADE;

-- or the column's type is changed, and the rows fit as they are
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'fixtures' || '/lib_misfit.db', 'lib_reinsert', types => :'types', on_error => 'reject');
SELECT max(id) AS import FROM sqlite_import_log \gset
ALTER TABLE lib_reinsert.readings ALTER COLUMN amount TYPE text, ALTER COLUMN required TYPE text;
SELECT * FROM sqlite_reinsert(:import);
SELECT id, label, amount, required FROM lib_reinsert.readings ORDER BY id;
SELECT rows, rejected, corrected FROM sqlite_import_tables WHERE import_id = :import;
SELECT * FROM sqlite_verify(:'fixtures' || '/lib_misfit.db', 'lib_reinsert');
DROP SCHEMA lib_reinsert CASCADE;

-- documents
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'fixtures' || '/lib_misfit.db', 'lib_reinsert', types => :'types', on_error => 'reject', documents => '{*}');
SELECT max(id) AS import FROM sqlite_import_log \gset
SELECT count(sqlite_correct(id, column_name, '7')) FROM sqlite_rejects WHERE import_id = :import;
SELECT * FROM sqlite_reinsert(:import);
SELECT id, doc FROM lib_reinsert.readings ORDER BY id;
SELECT * FROM sqlite_verify(:'fixtures' || '/lib_misfit.db', 'lib_reinsert');

-- whose import it is not
CREATE ROLE lib_reinsert_other;
SET ROLE lib_reinsert_other;
SELECT count(*) FROM sqlite_rejected;
SELECT * FROM sqlite_reinsert(:import);
RESET ROLE;

-- a role of its own does all of it by itself, in batches too
GRANT pg_read_server_files TO lib_reinsert_other;
GRANT CREATE ON DATABASE :DBNAME TO lib_reinsert_other;
SET ROLE lib_reinsert_other;
CALL sqlite_import_batched(:'fixtures' || '/lib_misfit.db', 'lib_reinsert_own', batch_rows := 2, types := :'types', on_error := 'reject') \gset own_
SELECT :own_rows AS rows, :own_rejected AS rejected, :'own_verified' AS verified;
SELECT count(sqlite_correct(id, column_name, '7')) FROM sqlite_rejected WHERE import_id = :own_import_id;
UPDATE sqlite_rejects SET target = 'another';
SELECT * FROM sqlite_reinsert(:own_import_id);
SELECT verified, detail FROM sqlite_verify(:'fixtures' || '/lib_misfit.db', 'lib_reinsert_own');
SELECT line FROM sqlite_report(:'fixtures' || '/lib_misfit.db', 'lib_reinsert_own', if_exists => 'replace') AS line WHERE line ~ '^Verdict';
DROP SCHEMA lib_reinsert_own CASCADE;
RESET ROLE;
REVOKE CREATE ON DATABASE :DBNAME FROM lib_reinsert_other;
-- values that are none
INSERT INTO sqlite_rejects (import_id, table_name, target, action, reason, row_id, column_name, storage_class, value, column_names, storage_classes, column_values)
  VALUES (:import, 'readings', 'x', 'reject', 'x', 1, 'x', 'text', 'x', '{a}', '{integer}', '{x}');
\set VERBOSITY sqlstate
SELECT * FROM sqlite_reinsert(:import);
\set VERBOSITY default
DROP ROLE lib_reinsert_other;
DROP SCHEMA lib_reinsert CASCADE;
