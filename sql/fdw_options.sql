-- Options: which there are, where they may stand, what they take.
\getenv fixtures FIXTURES
\set db :fixtures '/fdw_scan.db'
CREATE EXTENSION sqlite_fdw_lite;
SELECT fdwname, fdwhandler <> 0 AS handler, fdwvalidator <> 0 AS validator
  FROM pg_foreign_data_wrapper WHERE fdwname = 'sqlite_fdw_lite';

-- a server names one file, by an absolute path
CREATE SERVER s FOREIGN DATA WRAPPER sqlite_fdw_lite;
CREATE SERVER s FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database 'app.db');
CREATE SERVER s FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database ':memory:');
CREATE SERVER s FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database '');
CREATE SERVER s FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database 'file:/tmp/x.db?mode=rwc');
CREATE SERVER s FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database :'db');
ALTER SERVER s OPTIONS (DROP database);

-- every option of a server, with good and bad values
ALTER SERVER s OPTIONS (ADD updatable 'false', ADD truncatable 'off', ADD keep_connections 'on',
                        ADD batch_size '100', ADD busy_timeout '10s');
ALTER SERVER s OPTIONS (SET updatable 'perhaps');
ALTER SERVER s OPTIONS (SET batch_size '0');
ALTER SERVER s OPTIONS (SET batch_size 'many');
ALTER SERVER s OPTIONS (SET busy_timeout '-1');
ALTER SERVER s OPTIONS (SET busy_timeout '250');
ALTER SERVER s OPTIONS (ADD zebra '1');
ALTER SERVER s OPTIONS (ADD "table" 't');
SELECT srvoptions[2:] FROM pg_foreign_server WHERE srvname = 's';

-- tables
CREATE FOREIGN TABLE t (a int) SERVER s OPTIONS ("table" 'plain', updatable 'false', truncatable 'false', batch_size '10');
ALTER FOREIGN TABLE t OPTIONS (ADD query 'SELECT 1');
ALTER FOREIGN TABLE t OPTIONS (DROP "table", ADD query 'SELECT 1 AS a');
SELECT * FROM t;
ALTER FOREIGN TABLE t OPTIONS (ADD database '/etc/passwd');
ALTER FOREIGN TABLE t OPTIONS (ADD nonsense '1');

-- columns; sqlite_fdw's column_type is understood
CREATE FOREIGN TABLE c (
    a timestamptz OPTIONS (column_name 'x', key 'true', format 'unix'),
    b timestamptz OPTIONS (column_name 'x', column_type 'INT'),
    c timestamptz OPTIONS (column_name 'j', column_type 'REAL'),
    d bigint OPTIONS (column_name 'x', column_type 'INT')
) SERVER s OPTIONS (query 'SELECT 1700000000 AS x, 2460000.5 AS j');
SET timezone = 'UTC';
SELECT * FROM c;
RESET timezone;
ALTER FOREIGN TABLE c ALTER a OPTIONS (SET format 'lunar');
ALTER FOREIGN TABLE c ALTER b OPTIONS (SET column_type 'DECIMAL');
ALTER FOREIGN TABLE c ALTER b OPTIONS (ADD key 'x');
ALTER FOREIGN TABLE c ALTER a OPTIONS (ADD name 'x');

-- nowhere else
ALTER FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (ADD database '/etc/passwd');
CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (database '/etc/passwd');
CREATE USER MAPPING FOR CURRENT_USER SERVER s OPTIONS (user 'x');

-- settings
SHOW sqlite_fdw_lite.busy_timeout;
SHOW sqlite_fdw_lite.memory_limit;
SET sqlite_fdw_lite.no_such_setting = 1;

-- changes are seen at once, by prepared statements too
CREATE FOREIGN TABLE plain (id bigint, name text) SERVER s;
SET plan_cache_mode = force_generic_plan;
PREPARE p AS SELECT count(*) FROM plain;
EXECUTE p;
ALTER FOREIGN TABLE plain OPTIONS (ADD "table" 'many');
ALTER FOREIGN TABLE plain ALTER name OPTIONS (ADD column_name 's');
EXECUTE p;
\set other :fixtures '/fdw_types.db'
ALTER SERVER s OPTIONS (SET database :'other');
EXECUTE p;
ALTER SERVER s OPTIONS (SET database :'db');
EXECUTE p;
RESET plan_cache_mode;

DROP SERVER s CASCADE;
DROP EXTENSION sqlite_fdw_lite;
