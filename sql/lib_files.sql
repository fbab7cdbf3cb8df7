-- Several files into one schema.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
-- imports are numbered from 1
DROP EXTENSION IF EXISTS sqlite_fdw_lite CASCADE;
CREATE EXTENSION sqlite_fdw_lite;

-- in one call
SELECT regexp_replace(source, '.*/', '') AS source, table_name, rows, rejected, verified
  FROM sqlite_import(ARRAY[:'fixtures' || '/lib_app.db', :'fixtures' || '/lib_wide.db'], 'lib_files');
SELECT count(*) FROM sqlite_import_log WHERE schema = 'lib_files';
SELECT bool_and(verified) FROM sqlite_verify(:'fixtures' || '/lib_app.db', 'lib_files');
SELECT bool_and(verified) FROM sqlite_verify(:'fixtures' || '/lib_wide.db', 'lib_files');

-- one after the other
SELECT table_name, rows, verified FROM sqlite_import(:'fixtures' || '/lib_misfit.db', 'lib_files', on_error => 'null');

-- a table that another file has brought: both are named
SELECT table_name, rows FROM sqlite_import(:'fixtures' || '/readme.db', 'lib_files_2');
SELECT * FROM sqlite_import(ARRAY[:'fixtures' || '/readme.db', :'fixtures' || '/demo.db'], 'lib_files_3');
SELECT * FROM sqlite_import(:'fixtures' || '/demo.db', 'lib_files_2');

-- all or none; and replacing does not mean each other
SELECT count(*) FROM pg_namespace WHERE nspname = 'lib_files_3';
SELECT * FROM sqlite_import(ARRAY[:'fixtures' || '/readme.db', :'fixtures' || '/demo.db'], 'lib_files_2', if_exists => 'replace');
SELECT * FROM sqlite_import(ARRAY[:'fixtures' || '/readme.db', :'fixtures' || '/demo.db'], 'lib_files_3', if_exists => 'skip');
SELECT count(*) > 0 AS replaced FROM sqlite_import(ARRAY[:'fixtures' || '/readme.db'], 'lib_files_2', if_exists => 'replace');
SELECT bool_and(verified) FROM sqlite_verify(:'fixtures' || '/readme.db', 'lib_files_2');

-- a batched import that was not finished has made it
DROP SCHEMA lib_files CASCADE;
CALL sqlite_import_batched(:'fixtures' || '/lib_misfit.db', 'lib_files', batch_rows := 1);
SELECT * FROM sqlite_import(:'fixtures' || '/lib_misfit.db', 'lib_files');
CALL sqlite_import_batched(:'fixtures' || '/lib_misfit.db', 'lib_files', batch_rows := 1, restart := true, on_error := 'reject') \gset
SELECT :rows AS rows, :rejected AS rejected;
DROP SCHEMA lib_files CASCADE;
DROP SCHEMA lib_files_2 CASCADE;
