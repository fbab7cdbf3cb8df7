-- EXPLAIN shows what SQLite is asked, and with VERBOSE how it will answer.
\getenv fixtures FIXTURES
\set db :fixtures '/fdw_scan.db'
CREATE EXTENSION sqlite_fdw_lite;
CREATE SERVER exp FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database :'db');
CREATE FOREIGN TABLE many (id bigint, k integer, s text) SERVER exp;
CREATE FOREIGN TABLE plain (id bigint, name text, n integer, price float8, data bytea) SERVER exp;

EXPLAIN (COSTS OFF) SELECT * FROM many;
EXPLAIN (COSTS OFF) SELECT s FROM many WHERE k = 3;
EXPLAIN (COSTS OFF) SELECT count(*) FROM many;
EXPLAIN (COSTS OFF) SELECT many FROM many;
EXPLAIN (COSTS OFF) SELECT a.s, b.name FROM many a JOIN plain b ON a.id = b.id WHERE b.n > 10;
EXPLAIN (COSTS OFF, VERBOSE) SELECT s FROM many WHERE id = 3;
-- machines read it too
CREATE FUNCTION property(query text, name text) RETURNS json LANGUAGE plpgsql AS
$$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, VERBOSE, FORMAT JSON) ' || query INTO plan;
    RETURN plan -> 0 -> 'Plan' -> name;
END
$$;
SELECT property(q, 'SQLite Query'), property(q, 'SQLite Plan') FROM (VALUES ('SELECT s FROM many WHERE id = 3')) v (q);

-- rows are estimated from the file, before any ANALYZE
CREATE FUNCTION estimate(query text) RETURNS bigint LANGUAGE plpgsql AS
$$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT JSON) ' || query INTO plan;
    RETURN plan -> 0 -> 'Plan' ->> 'Plan Rows';
END
$$;
SELECT estimate('SELECT * FROM many') BETWEEN 800 AND 1200 AS about_right;
ANALYZE many;
SELECT estimate('SELECT * FROM many') BETWEEN 950 AND 1050 AS about_right;
SELECT estimate('SELECT * FROM many WHERE k = 3') BETWEEN 50 AND 200 AS about_right;
SELECT estimate('SELECT * FROM many WHERE id = 3') AS one;

-- a lookup by key makes the small table drive, whatever the statistics
EXPLAIN (COSTS OFF) SELECT count(*) FROM plain, many WHERE many.id = 5 AND plain.n = many.k;

SET client_min_messages = warning;
DROP SERVER exp CASCADE;
DROP FUNCTION estimate;
DROP FUNCTION property;
DROP EXTENSION sqlite_fdw_lite;
