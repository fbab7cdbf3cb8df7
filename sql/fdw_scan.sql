-- Reading tables, views and virtual tables in place.
\getenv fixtures FIXTURES
\set db :fixtures '/fdw_scan.db'
CREATE EXTENSION sqlite_fdw_lite;
CREATE SERVER scan FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database :'db');

CREATE FOREIGN TABLE plain (id bigint, name text, n integer, price float8, data bytea) SERVER scan;
SELECT * FROM plain ORDER BY id;

-- only what is needed, in any order of columns
SELECT price, name FROM plain WHERE id = 1;
SELECT count(*) FROM plain;
SELECT 1 FROM plain LIMIT 2;
SELECT max(n), sum(price)::numeric(10,2) FROM plain WHERE price < 100;

-- whole rows, system columns
SELECT plain FROM plain WHERE id = 2;
SELECT tableoid::regclass, id FROM plain WHERE id < 2 ORDER BY id;
SELECT row_to_json(p) FROM plain p WHERE id = 3;

-- other names here than in the file
CREATE FOREIGN TABLE renamed (
    label text OPTIONS (column_name 'Select'),
    key text OPTIONS (column_name 'KEY'),
    quoted text OPTIONS (column_name 'a "b"')
) SERVER scan OPTIONS ("table" 'Mixed Case');
SELECT * FROM renamed ORDER BY key;

-- dropped and added columns
ALTER FOREIGN TABLE plain DROP COLUMN n;
SELECT * FROM plain WHERE id = 1;
ALTER FOREIGN TABLE plain ADD COLUMN n text;
SELECT * FROM plain WHERE id = 1;
SELECT plain FROM plain WHERE id = 1;

-- tables whose columns hide the rowid
CREATE FOREIGN TABLE hidden (rowid text, _rowid_ text, v integer) SERVER scan;
SELECT * FROM hidden;
CREATE FOREIGN TABLE buried (rowid text, _rowid_ text, oid text) SERVER scan;
SELECT * FROM buried;

-- generated columns, an empty table, a view, full-text
CREATE FOREIGN TABLE generated (a integer, b integer, c text) SERVER scan;
SELECT * FROM generated;
CREATE FOREIGN TABLE nobody (a bigint, b text) SERVER scan;
SELECT * FROM nobody;
SELECT count(*), max(a) FROM nobody;
CREATE FOREIGN TABLE big (id bigint, loud text, twice bigint) SERVER scan;
SELECT * FROM big ORDER BY id;
CREATE FOREIGN TABLE notes (title text, body text) SERVER scan;
SELECT * FROM notes;

-- a query instead of a table
CREATE FOREIGN TABLE q (k bigint, n bigint) SERVER scan
    OPTIONS (query 'WITH t AS (SELECT k, count(*) AS n FROM many GROUP BY k) SELECT * FROM t -- the end;  ');
SELECT * FROM q WHERE k IN (1, 3) ORDER BY k;
CREATE FOREIGN TABLE q2 (n bigint) SERVER scan OPTIONS (query 'SELECT 1 AS n; ');
SELECT * FROM q2;

-- a table with no columns at all
CREATE FOREIGN TABLE bare () SERVER scan OPTIONS ("table" 'plain');
SELECT count(*) FROM bare;

-- joins of one file with itself, rescans, correlated subqueries, LATERAL
CREATE FOREIGN TABLE many (id bigint, k integer, s text) SERVER scan;
SELECT a.id, b.s FROM many a JOIN many b ON b.id = a.id + 1 WHERE a.id < 4 ORDER BY 1;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SET enable_material = off;
SELECT p.id, (SELECT count(*) FROM many m WHERE m.k = p.id) FROM plain p WHERE p.id BETWEEN 1 AND 3 ORDER BY 1;
SELECT g, m.s FROM generate_series(1, 3) g, LATERAL (SELECT s FROM many WHERE id = g * 100) m;
SELECT count(*) FROM many a, many b WHERE a.id = b.id AND a.k = 1;
RESET enable_hashjoin;
RESET enable_mergejoin;
RESET enable_material;

-- prepared statements: custom plans, then a generic one
PREPARE by_id (bigint) AS SELECT s FROM many WHERE id = $1;
EXECUTE by_id(1);
EXECUTE by_id(2);
SET plan_cache_mode = force_generic_plan;
EXECUTE by_id(3);
EXECUTE by_id(NULL);
EXECUTE by_id(4);
RESET plan_cache_mode;

-- cursors: forward, backward, held beyond the transaction
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT id FROM many WHERE id <= 5 ORDER BY id;
FETCH 2 FROM c;
FETCH BACKWARD 1 FROM c;
FETCH ALL FROM c;
DECLARE d SCROLL CURSOR FOR SELECT id, s FROM many;
FETCH 3 FROM d;
FETCH BACKWARD 2 FROM d;
DECLARE h CURSOR WITH HOLD FOR SELECT id FROM many WHERE id > 998;
COMMIT;
FETCH ALL FROM h;
CLOSE h;

-- a savepoint undone under an open cursor
BEGIN;
DECLARE c CURSOR FOR SELECT id, s FROM many;
FETCH 1 FROM c;
SAVEPOINT s;
FETCH 1 FROM c;
SELECT count(*) FROM many;
SELECT 1 / (count(*) - 1000) FROM many;
ROLLBACK TO s;
FETCH 1 FROM c;
COMMIT;

-- functions that run queries of their own, per row
CREATE FUNCTION name_of(bigint) RETURNS text LANGUAGE plpgsql AS
$$
DECLARE
    result text;
BEGIN
    SELECT s INTO STRICT result FROM many WHERE id = $1;
    RETURN result;
EXCEPTION WHEN no_data_found THEN
    RETURN 'none';
END
$$;
SELECT id, name_of(id * 500) FROM many WHERE id <= 3 ORDER BY id;

-- row locks, TABLESAMPLE, partitions, inheritance
SELECT id FROM many WHERE id = 7 FOR UPDATE;
SELECT count(*) FROM many TABLESAMPLE SYSTEM (10);
CREATE TABLE parts (id bigint, k integer, s text) PARTITION BY RANGE (id);
CREATE FOREIGN TABLE part1 PARTITION OF parts FOR VALUES FROM (0) TO (2000) SERVER scan OPTIONS ("table" 'many');
CREATE TABLE part2 PARTITION OF parts FOR VALUES FROM (2000) TO (3000);
INSERT INTO parts VALUES (2000, 1, 'native');
SELECT tableoid::regclass, * FROM parts WHERE id IN (5, 2000) ORDER BY id;
SELECT tableoid::regclass, count(*) FROM parts GROUP BY 1 ORDER BY 1;

-- nothing is written
INSERT INTO many VALUES (0, 0, '');
UPDATE many SET s = '';
DELETE FROM many;
INSERT INTO parts VALUES (1, 1, 'x');
TRUNCATE many;
COPY many FROM stdin;
\.
SELECT is_insertable_into FROM information_schema.tables WHERE table_name = 'many';

-- what is not there
CREATE FOREIGN TABLE missing (a integer) SERVER scan OPTIONS ("table" 'nowhere_to_be_found');
SELECT * FROM missing;
CREATE FOREIGN TABLE missing_column (id bigint, nome text) SERVER scan OPTIONS ("table" 'plain');
SELECT * FROM missing_column;
SELECT id FROM missing_column WHERE id = 1;
CREATE FOREIGN TABLE broken (f text) SERVER scan;
SELECT * FROM broken;
CREATE FOREIGN TABLE bad_query (f text) SERVER scan OPTIONS (query 'SELECT nonsense FROM nowhere');
SELECT * FROM bad_query;
CREATE FOREIGN TABLE two_queries (f text) SERVER scan OPTIONS (query 'SELECT 1 AS f; SELECT 2 AS f');
SELECT * FROM two_queries;
CREATE FOREIGN TABLE writing (f text) SERVER scan OPTIONS (query 'DELETE FROM plain RETURNING name AS f');
SELECT * FROM writing;

-- statistics
ANALYZE many;
SELECT reltuples, relpages > 0 AS pages FROM pg_class WHERE relname = 'many';
SELECT attname, null_frac, n_distinct FROM pg_stats WHERE tablename = 'many' ORDER BY 1;
EXPLAIN (COSTS OFF) SELECT * FROM many WHERE id = 1;

DROP SERVER scan CASCADE;
DROP TABLE parts;
DROP FUNCTION name_of;
DROP EXTENSION sqlite_fdw_lite;
