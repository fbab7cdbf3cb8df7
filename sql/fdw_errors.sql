-- Files that cannot be read: each has its own message and hint.
\getenv fixtures FIXTURES
CREATE EXTENSION sqlite_fdw_lite;

-- Reads table t of a file; the count, or the error with all its parts.
CREATE FUNCTION read_file(dir text, file text) RETURNS SETOF text LANGUAGE plpgsql AS
$$
DECLARE
    n bigint;
    detail text;
    hint text;
BEGIN
    EXECUTE format('CREATE SERVER bad FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database %L, busy_timeout %L)',
                   dir || '/fdw_bad/' || file, '0');
    CREATE FOREIGN TABLE t (id bigint, s text) SERVER bad;
    BEGIN
        SELECT count(s) INTO n FROM t;
        RETURN NEXT n || ' rows';
    EXCEPTION WHEN others THEN
        GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
        RETURN NEXT sqlstate || ': ' || sqlerrm;
        RETURN NEXT 'DETAIL: ' || detail;
        RETURN NEXT 'HINT: ' || hint;
    END;
    DROP SERVER bad CASCADE;
END
$$;
SET client_min_messages = warning;
\pset tuples_only on
\pset format unaligned
SELECT read_file(:'fixtures', 'missing.db');
SELECT read_file(:'fixtures', 'no/such/directory.db');
SELECT read_file(:'fixtures', 'directory.db');
SELECT read_file(:'fixtures', 'empty.db');
SELECT read_file(:'fixtures', 'tiny.db');
SELECT read_file(:'fixtures', 'text.db');
SELECT read_file(:'fixtures', 'dump.db');
SELECT read_file(:'fixtures', 'encrypted.db');
SELECT read_file(:'fixtures', 'truncated.db');
SELECT read_file(:'fixtures', 'cut_at_page.db');
SELECT read_file(:'fixtures', 'damaged.db');
SELECT read_file(:'fixtures', 'schema.db');
SELECT read_file(:'fixtures', 'hot.db');
SELECT read_file(:'fixtures', 'secret.db');
SELECT read_file(:'fixtures', 'wal_secret.db');
SELECT read_file('/dev/null', '');

-- WAL mode: closed, crashed, in a directory that is read-only
SELECT read_file(:'fixtures', 'wal_closed.db');
SELECT read_file(:'fixtures', 'wal_crashed.db');
SELECT read_file(:'fixtures', 'readonly/closed.db');
SELECT read_file(:'fixtures', 'readonly/crashed.db');
\pset tuples_only off
\pset format aligned

-- the planner does without the file, and so does EXPLAIN
\set missing :fixtures '/fdw_bad/missing.db'
CREATE SERVER bad FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database :'missing');
CREATE FOREIGN TABLE t (id bigint, s text) SERVER bad;
CREATE VIEW v AS SELECT s FROM t WHERE id = 1;
EXPLAIN (COSTS OFF) SELECT * FROM v;
EXPLAIN (COSTS OFF, VERBOSE) SELECT * FROM v;
SELECT * FROM v;
ANALYZE t;
IMPORT FOREIGN SCHEMA main FROM SERVER bad INTO public;

-- memory has a limit, and an error that says which
\set whole :fixtures '/fdw_bad/whole.db'
ALTER SERVER bad OPTIONS (SET database :'whole');
CREATE FOREIGN TABLE huge (n bigint) SERVER bad
    OPTIONS (query 'SELECT length(hex(zeroblob(20000000))) AS n');
SET sqlite_fdw_lite.memory_limit = '10MB';
SELECT * FROM huge;
RESET sqlite_fdw_lite.memory_limit;
SELECT count(*) FROM t;

DROP SERVER bad CASCADE;
DROP FUNCTION read_file;
DROP EXTENSION sqlite_fdw_lite;
