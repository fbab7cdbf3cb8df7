-- who may do what.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;

\set app :fixtures '/lib_app.db'
CREATE ROLE lib_access_plain;
CREATE ROLE lib_access_reader;
GRANT pg_read_server_files TO lib_access_reader;
CREATE SERVER lib_access_server FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database :'app');
CREATE SERVER lib_access_writable FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database :'app', updatable 'true');
GRANT USAGE ON FOREIGN SERVER lib_access_server TO lib_access_plain;
SELECT current_database() AS dbname \gset
GRANT CREATE ON DATABASE :"dbname" TO lib_access_plain, lib_access_reader;

-- a path is for those who may read the server's files
SET ROLE lib_access_plain;
SELECT count(*) FROM sqlite_tables(:'app');
SELECT count(*) FROM sqlite_query(:'app', 'SELECT 1') AS q(a int);
SELECT count(*) FROM sqlite_plan(:'app', 'x');
SELECT count(*) FROM sqlite_import(:'app', 'x');
-- a server is for those who have USAGE on it
SELECT count(*) FROM sqlite_tables('lib_access_server');
SELECT count(*) FROM sqlite_tables('lib_access_writable');
SELECT count(*) FROM sqlite_tables('no_such_server');
SELECT table_name, rows, verified FROM sqlite_import('lib_access_server', 'lib_access', tables => '{users}');
SELECT tableowner FROM pg_tables WHERE schemaname = 'lib_access';
SELECT table_name, verified FROM sqlite_verify('lib_access_server', 'lib_access');
-- the log shows a role its own
SELECT owner, source, schema, rows FROM sqlite_import_log WHERE schema = 'lib_access';
SELECT table_name, rows FROM sqlite_import_tables;
INSERT INTO sqlite_import_log (owner, source, path, schema, options) VALUES (current_user, 'x', 'x', 'x', '{}');
UPDATE sqlite_import_tables SET verified = true;
-- the caller's rights are those that count
RESET ROLE;
CREATE SCHEMA lib_access_2;
CREATE TABLE lib_access_2.notes (id bigint, user_id bigint, title text, body text, tags jsonb);
GRANT USAGE ON SCHEMA lib_access_2 TO lib_access_reader;
SET ROLE lib_access_reader;
SELECT count(*) FROM sqlite_tables(:'app');
SELECT count(*) FROM sqlite_import_log WHERE schema = 'lib_access';
SELECT count(*) FROM sqlite_import_tables WHERE table_name = 'users';
SELECT count(*) FROM sqlite_import(:'app', 'lib_access_2', tables => '{settings}');
SELECT count(*) FROM sqlite_import(:'app', 'lib_access_2', tables => '{notes}', if_exists => 'append');
RESET ROLE;
GRANT INSERT ON lib_access_2.notes TO lib_access_reader;
SET ROLE lib_access_reader;
-- to prove what was loaded, it has to be read
SELECT count(*) FROM sqlite_import(:'app', 'lib_access_2', tables => '{notes}', if_exists => 'append');
SELECT table_name, rows, verified FROM sqlite_import(:'app', 'lib_access_2', tables => '{notes}', if_exists => 'append', verify => false);
RESET ROLE;
GRANT SELECT ON lib_access_2.notes TO lib_access_reader;
ALTER TABLE lib_access_2.notes ENABLE ROW LEVEL SECURITY;
SET ROLE lib_access_reader;
SELECT count(*) FROM sqlite_import(:'app', 'lib_access_2', tables => '{notes}', if_exists => 'append');
RESET ROLE;
-- a writable server is read, and no more
SELECT * FROM sqlite_query('lib_access_writable', 'DELETE FROM users RETURNING id') AS q(a int);

-- names in somebody's schema do not stand in for the system's
CREATE SCHEMA lib_access_trap;
CREATE FUNCTION lib_access_trap.setweight(tsvector, "char") RETURNS tsvector IMMUTABLE LANGUAGE plpgsql AS
  $$BEGIN RAISE EXCEPTION 'trapped'; END$$;
CREATE FUNCTION lib_access_trap.to_tsvector(regconfig, text) RETURNS tsvector IMMUTABLE LANGUAGE plpgsql AS
  $$BEGIN RAISE EXCEPTION 'trapped'; END$$;
SET search_path = lib_access_trap, pg_catalog, public;
SELECT table_name, verified FROM sqlite_import(:'app', 'lib_access_3', tables => '{notes}',
  search => '{"notes": {"columns": ["title:A"], "config": "english"}}');
SHOW search_path;
RESET search_path;

DROP SCHEMA lib_access, lib_access_2, lib_access_3, lib_access_trap CASCADE;
DROP SERVER lib_access_server; DROP SERVER lib_access_writable;
REVOKE CREATE ON DATABASE :"dbname" FROM lib_access_plain, lib_access_reader;
DROP ROLE lib_access_plain; DROP ROLE lib_access_reader;
