-- The library inside transactions, savepoints, cursors and functions.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;
\set app :fixtures '/lib_app.db'
\set wide :fixtures '/lib_wide.db'
\set misfit :fixtures '/lib_misfit.db'

BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT table_name, rows, verified FROM sqlite_import(:'app', 'lib_transactions', tables => '{users}');
-- rows are there at once, also for the snapshot of the transaction
SELECT count(*) FROM lib_transactions.users;
SELECT table_name, rows, verified FROM sqlite_import(:'app', 'lib_transactions', tables => '{users}', if_exists => 'replace');
SAVEPOINT a;
SELECT table_name FROM sqlite_import(:'misfit', 'lib_transactions');
ROLLBACK TO a;
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'misfit', 'lib_transactions', on_error => 'reject', sample => 2);
-- a cursor that is open meanwhile sees what it saw
DECLARE c CURSOR FOR SELECT id FROM lib_transactions.users ORDER BY id;
FETCH 1 FROM c;
DELETE FROM lib_transactions.users WHERE id = 2;
SELECT table_name, rows, verified FROM sqlite_import(:'wide', 'lib_transactions', tables => '{bag}');
FETCH ALL FROM c;
SELECT table_name, verified, detail FROM sqlite_verify(:'app', 'lib_transactions');
ROLLBACK TO a;
SELECT table_name, verified FROM sqlite_verify(:'app', 'lib_transactions');
COMMIT;
SELECT relname FROM pg_class WHERE relnamespace = 'lib_transactions'::regnamespace AND relkind = 'r';

-- two imports in one query
SELECT a.table_name, b.table_name FROM sqlite_import(:'app', 'lib_transactions_2', tables => '{users}') a,
  sqlite_import(:'wide', 'lib_transactions_3', tables => '{bag}') b;
-- errors that are caught; a failed one and a good one in one function
CREATE FUNCTION lib_transactions_try(misfit text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    BEGIN
        PERFORM sqlite_import(misfit, 'lib_transactions_4');
    EXCEPTION WHEN character_not_in_repertoire THEN
        RETURN NEXT SQLERRM;
    END;
    RETURN QUERY SELECT t.table_name || ' ' || t.rows FROM sqlite_import(misfit, 'lib_transactions_4', on_error => 'reject') t;
END $$;
SELECT lib_transactions_try(:'misfit');
SELECT count(*) FROM lib_transactions_4.readings;

-- the extension may be in any schema
SELECT current_database() AS dbname \gset
CREATE DATABASE lib_transactions_db;
\c lib_transactions_db
SET client_min_messages = warning;
CREATE SCHEMA "li te";
CREATE EXTENSION sqlite_fdw_lite SCHEMA "li te";
SELECT table_name, rows, verified FROM "li te".sqlite_import(:'app', 'x', tables => '{users}');
SELECT table_name, verified FROM "li te".sqlite_verify(:'app', 'x');
SELECT owner = current_user AS mine, rows FROM "li te".sqlite_import_log;
\c :dbname
DROP DATABASE lib_transactions_db;
SET client_min_messages = warning;
DROP FUNCTION lib_transactions_try(text);
DROP SCHEMA lib_transactions, lib_transactions_2, lib_transactions_3, lib_transactions_4 CASCADE;
