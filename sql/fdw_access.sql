-- Who may read which file.
\getenv fixtures FIXTURES
\set db :fixtures '/fdw_scan.db'
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;
RESET client_min_messages;
CREATE ROLE lite_alice;
CREATE ROLE lite_reader;
GRANT pg_read_server_files TO lite_reader;
CREATE SCHEMA lite_work;
GRANT ALL ON SCHEMA lite_work TO lite_alice, lite_reader;
SET search_path = lite_work, public;

-- USAGE on the wrapper is not enough to name a file
GRANT USAGE ON FOREIGN DATA WRAPPER sqlite_fdw_lite TO lite_alice, lite_reader;
SET ROLE lite_alice;
CREATE SERVER alices FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database '/etc/passwd');
CREATE SERVER alices FOREIGN DATA WRAPPER sqlite_fdw_lite;
RESET ROLE;

-- with pg_read_server_files it is
SET ROLE lite_reader;
CREATE SERVER readers FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database :'db');
RESET ROLE;

-- another role needs USAGE on the server, and then reads that file alone
SET ROLE lite_alice;
CREATE FOREIGN TABLE plain (id bigint, name text) SERVER readers;
RESET ROLE;
GRANT USAGE ON FOREIGN SERVER readers TO lite_alice;
SET ROLE lite_alice;
CREATE FOREIGN TABLE plain (id bigint, name text) SERVER readers;
SELECT count(*) FROM plain;
CREATE FOREIGN TABLE other (id bigint) SERVER readers OPTIONS (database '/etc/passwd');
CREATE FOREIGN TABLE attached (x text) SERVER readers OPTIONS (query 'ATTACH ''/etc/passwd'' AS p');
CREATE FOREIGN TABLE attached2 (x text) SERVER readers
    OPTIONS (query 'SELECT load_extension(''/tmp/x'') AS x');
SELECT * FROM attached2;
CREATE FOREIGN TABLE attached3 (x text) SERVER readers
    OPTIONS (query 'SELECT readfile(''/etc/passwd'') AS x');
SELECT * FROM attached3;
ALTER SERVER readers OPTIONS (SET database '/etc/passwd');
RESET ROLE;

-- a server's new owner cannot point it elsewhere, nor make it writable
ALTER SERVER readers OWNER TO lite_alice;
SET ROLE lite_alice;
ALTER SERVER readers OPTIONS (SET database '/etc/passwd');
ALTER SERVER readers OPTIONS (ADD updatable 'true');
ALTER SERVER readers OPTIONS (DROP database);
IMPORT FOREIGN SCHEMA main LIMIT TO (many) FROM SERVER readers INTO lite_work;
SELECT count(*) FROM many;
RESET ROLE;

-- rights on the table are PostgreSQL's own
REVOKE ALL ON many FROM PUBLIC;
SET ROLE lite_reader;
SELECT count(*) FROM many;
RESET ROLE;

-- only the memory limit is for superusers
SET ROLE lite_alice;
SET sqlite_fdw_lite.busy_timeout = '1s';
SET sqlite_fdw_lite.memory_limit = '1GB';
RESET ROLE;

DROP SERVER readers CASCADE;
DROP SCHEMA lite_work CASCADE;
DROP EXTENSION sqlite_fdw_lite CASCADE;
DROP ROLE lite_alice;
DROP ROLE lite_reader;
