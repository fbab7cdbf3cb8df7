-- A scan by several processes gives what a scan by one gives.
\getenv fixtures FIXTURES
\set db :fixtures '/fdw_parallel.db'
CREATE EXTENSION sqlite_fdw_lite;
CREATE SERVER par FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database :'db');
CREATE FOREIGN TABLE dense (id bigint, n bigint, t text) SERVER par;
CREATE FOREIGN TABLE holes (n bigint, t text) SERVER par;
CREATE FOREIGN TABLE sparse (id bigint, n bigint, t text) SERVER par;
CREATE FOREIGN TABLE negative (id bigint, n bigint, t text) SERVER par;
CREATE FOREIGN TABLE giant (id bigint, n bigint, t text) SERVER par;
CREATE FOREIGN TABLE upper_end (id bigint, n bigint, t text) SERVER par OPTIONS ("table" 'upper');
CREATE FOREIGN TABLE single (id bigint, n bigint, t text) SERVER par;
CREATE FOREIGN TABLE vacant (id bigint, n bigint, t text) SERVER par;
CREATE FOREIGN TABLE named (rowid bigint, n bigint, t text) SERVER par;
CREATE FOREIGN TABLE keyed (id bigint, n bigint, t text) SERVER par;
CREATE FOREIGN TABLE seen (id bigint, n bigint, t text) SERVER par;
CREATE FOREIGN TABLE odd (id bigint, n bigint, t text) SERVER par;
CREATE FOREIGN TABLE asked (id bigint, n bigint) SERVER par OPTIONS (query 'SELECT id, n FROM dense');

-- small tables are not worth it
EXPLAIN (COSTS OFF) SELECT count(*) FROM dense;

SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
SET max_parallel_workers_per_gather = 2;
SET jit = off;

-- conditions and aggregates go to the workers
EXPLAIN (COSTS OFF) SELECT count(*) FROM dense;
EXPLAIN (COSTS OFF) SELECT n, sum(id) FROM dense WHERE n IN (1, 2) AND t > 'text 5' GROUP BY n;
EXPLAIN (COSTS OFF) SELECT id FROM dense WHERE t LIKE '%99' ORDER BY id;

-- what has no rowids to share, or is found by one, is read by one process
EXPLAIN (COSTS OFF) SELECT count(*) FROM keyed;
EXPLAIN (COSTS OFF) SELECT count(*) FROM seen;
EXPLAIN (COSTS OFF) SELECT count(*) FROM asked;
EXPLAIN (COSTS OFF) SELECT count(*) FROM dense WHERE id = 7;
SET parallel_leader_participation = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM dense;
RESET parallel_leader_participation;

-- every row once, wherever the rowids are
CREATE VIEW summary AS
SELECT 'dense' AS of, count(*), count(DISTINCT id) AS ids, sum(id), sum(n) AS n, max(t) FROM dense
UNION ALL SELECT 'holes', count(*), count(DISTINCT t), sum(length(t)), sum(n), max(t) FROM holes
UNION ALL SELECT 'sparse', count(*), count(DISTINCT id), sum(id), sum(n), max(t) FROM sparse
UNION ALL SELECT 'negative', count(*), count(DISTINCT id), sum(id), sum(n), max(t) FROM negative
UNION ALL SELECT 'giant', count(*), count(DISTINCT id), sum(id), sum(n), max(t) FROM giant
UNION ALL SELECT 'upper', count(*), count(DISTINCT id), sum(id), sum(n), max(t) FROM upper_end
UNION ALL SELECT 'single', count(*), count(DISTINCT id), sum(id), sum(n), max(t) FROM single
UNION ALL SELECT 'vacant', count(*), count(DISTINCT id), sum(id), sum(n), max(t) FROM vacant
UNION ALL SELECT 'named', count(*), count(DISTINCT t), sum(rowid), sum(n), max(t) FROM named
UNION ALL SELECT 'some', count(*), count(DISTINCT t), sum(rowid), sum(n), max(t) FROM named WHERE n = 3;
CREATE TEMPORARY TABLE parallel AS SELECT * FROM summary;
SET max_parallel_workers_per_gather = 0;
CREATE TEMPORARY TABLE serial AS SELECT * FROM summary;
SET max_parallel_workers_per_gather = 2;
SELECT * FROM parallel;
SELECT count(*) AS unlike FROM (TABLE parallel EXCEPT ALL TABLE serial) d;

-- workers have read their part: each claim is a loop of its own
CREATE FUNCTION launched(query text) RETURNS text LANGUAGE plpgsql AS
$$
DECLARE
    line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || query
    LOOP
        IF line ~ 'Workers Launched' THEN
            RETURN trim(line);
        END IF;
    END LOOP;
    RETURN 'none';
END
$$;
SELECT launched('SELECT sum(n) FROM giant');

-- joins, in phases and not
SET enable_mergejoin = off;
SET enable_nestloop = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM dense d JOIN giant g USING (id);
SELECT count(*), sum(d.id + g.n) FROM dense d JOIN giant g USING (id);
SET enable_parallel_hash = off;
SELECT count(*), sum(d.id + g.n) FROM dense d JOIN giant g USING (id);
RESET enable_parallel_hash;
SET work_mem = '64kB';
SELECT count(*), sum(d.id + g.n) FROM dense d JOIN giant g USING (id);
RESET work_mem;
RESET enable_mergejoin;
RESET enable_nestloop;
SELECT count(*), sum(id) FROM (SELECT id FROM dense UNION ALL SELECT id FROM negative UNION ALL SELECT id FROM sparse) u;

-- early ends, rescans, parameters
SELECT count(*) FROM (SELECT id FROM giant WHERE n = 1 LIMIT 10) l;
SELECT x, (SELECT count(*) FROM dense WHERE n = x) FROM generate_series(5, 7) x;
SELECT x, c FROM generate_series(5, 7) x, LATERAL (SELECT count(*) AS c FROM dense WHERE n = x) l;
SET enable_material = off;
SET enable_hashjoin = off;
SET enable_mergejoin = off;
SELECT count(*) FROM (VALUES (1), (2), (3)) v (x), (SELECT id FROM sparse WHERE n = 2 OFFSET 0) s WHERE s.id > v.x;
SELECT count(*) FROM (VALUES (1), (2), (3)) v (x) WHERE EXISTS (SELECT 1 FROM dense WHERE dense.n >= v.x);
RESET enable_material;
RESET enable_hashjoin;
RESET enable_mergejoin;
SET plan_cache_mode = force_generic_plan;
PREPARE part (bigint, text) AS SELECT count(*), max(t) FROM dense WHERE n = $1 AND t < $2;
EXECUTE part (3, 'text 5');
EXECUTE part (4, 'text 5');
EXECUTE part (NULL, 'text 5');
EXPLAIN (COSTS OFF) EXECUTE part (3, 'text 5');

-- a plan made for a parallel scan, run by one process
BEGIN;
DECLARE c CURSOR FOR SELECT count(*) FROM dense;
FETCH c;
COMMIT;
SET max_parallel_workers = 0;
EXECUTE part (3, 'text 5');
SELECT count(*) FROM giant;
RESET max_parallel_workers;

-- an error in a worker, or in the leader, says which row it is about
\set VERBOSITY terse
SELECT sum(n) FROM odd;
\set VERBOSITY default
SELECT count(t) FROM odd;

SET client_min_messages = warning;
DROP SERVER par CASCADE;
DROP FUNCTION launched;
DROP EXTENSION sqlite_fdw_lite;
