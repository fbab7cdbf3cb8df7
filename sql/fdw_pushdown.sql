-- What SQLite is asked to judge, and that it never changes an answer.
\getenv fixtures FIXTURES
\set db :fixtures '/fdw_pushdown.db'
CREATE EXTENSION sqlite_fdw_lite;
CREATE SERVER push FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database :'db');
CREATE FOREIGN TABLE t (id bigint, small integer, n bigint, s text, nocase text, v varchar, any_ text) SERVER push;
CREATE FOREIGN TABLE strict (id bigint, n bigint, s text) SERVER push;
CREATE FOREIGN TABLE odd (id bigint, n bigint, i integer, s text) SERVER push;

-- The condition in the SQL that SQLite gets, and how many rows it returned
-- before they were checked again; then the rows.
CREATE FUNCTION pushed(query text) RETURNS SETOF text LANGUAGE plpgsql AS
$$
DECLARE
    plan json;
    node json;
    line text;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, FORMAT JSON) ' || query INTO plan;
    node := plan -> 0 -> 'Plan';
    RETURN NEXT coalesce(substring(node ->> 'SQLite Query' FROM ' WHERE (.*)$'), 'nothing')
        || ' => ' || coalesce((node ->> 'Rows Removed by Filter')::numeric::int, 0) || ' too many';
    FOR line IN EXECUTE query LOOP
        RETURN NEXT '    ' || coalesce(line, 'NULL');
    END LOOP;
END
$$;
\pset format unaligned
\pset tuples_only on

-- the key: bare, so that SQLite uses it
SELECT pushed('SELECT s FROM t WHERE id = 2');
SELECT pushed('SELECT s FROM t WHERE 2 = id');
SELECT pushed('SELECT s FROM t WHERE id > 2::smallint AND id <= 4');
SELECT pushed('SELECT s FROM t WHERE 3 >= id AND NOT id = 1');
SELECT pushed('SELECT s FROM t WHERE id BETWEEN 2 AND 3');
SELECT pushed('SELECT s FROM t WHERE id = 1 OR id = 3');
SELECT pushed('SELECT s FROM t WHERE NOT (id = 1 OR id > 2)');
SELECT pushed('SELECT s FROM t WHERE id = NULL::bigint');
-- other integers
SELECT pushed('SELECT s FROM t WHERE n = 20');
SELECT pushed('SELECT s FROM t WHERE small < 0');
SELECT pushed('SELECT s FROM strict WHERE n > 15');
SELECT pushed('SELECT s FROM t WHERE n IS NULL');
SELECT pushed('SELECT s FROM t WHERE NOT (n IS NULL OR s IS NULL)');
-- text: equality by bytes, whatever the column's collation in SQLite
SELECT pushed('SELECT s FROM t WHERE s = ''Two''');
SELECT pushed('SELECT nocase FROM t WHERE nocase = ''abc''');
SELECT pushed('SELECT nocase FROM t WHERE nocase <> ''abc''');
SELECT pushed('SELECT v FROM t WHERE v = ''x''::varchar');
SELECT pushed('SELECT any_ FROM t WHERE any_ = ''5''');
SELECT pushed('SELECT s FROM t WHERE s = ''C:\temp''');
SELECT pushed('SELECT s FROM t WHERE s = ''it''''s "quoted"''');
SELECT pushed('SELECT s FROM strict WHERE s = ''a''');
-- any expression that is the same for all rows, and is no surprise
SELECT pushed('SELECT s FROM t WHERE id = length(current_setting(''server_version_num'')) - 4');
SELECT pushed('SELECT s FROM t WHERE id = (random() * 0)::bigint + 2');
SELECT pushed('SELECT s FROM t WHERE s = ''T'' || ''wo''');
-- parts: an AND drops what it cannot push, an OR cannot
SELECT pushed('SELECT s FROM t WHERE id > 1 AND (upper(s) = ''TWO'' AND n = 20)');
SELECT pushed('SELECT s FROM t WHERE id = 1 OR upper(s) = ''TWO''');
SELECT pushed('SELECT s FROM t WHERE NOT (id = 1 AND upper(s) = ''TWO'')');
SELECT pushed('SELECT s FROM t WHERE NOT (id = 1 OR upper(s) = ''TWO'')');
-- not pushed: order of text, patterns, other types, other collations
SELECT pushed('SELECT s FROM t WHERE s < ''b''');
SELECT pushed('SELECT s FROM t WHERE s LIKE ''T%''');
SELECT pushed('SELECT s FROM t WHERE n = 20.0');
SELECT pushed('SELECT s FROM t WHERE n + 1 = 21');
SELECT pushed('SELECT s FROM t WHERE s ~ ''^T''');
CREATE COLLATION lite_ignore_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
SELECT pushed('SELECT s FROM t WHERE s = ''TWO'' COLLATE lite_ignore_case');

-- values of another class than the type's are judged here, as if nothing had been pushed
SELECT pushed('SELECT id FROM odd WHERE n = 5');
SELECT pushed('SELECT id FROM odd WHERE n = 5 AND id <> 4');
SELECT pushed('SELECT id FROM odd WHERE n > 100 AND id < 4');
SELECT pushed('SELECT id FROM odd WHERE i = 1 AND id = 1');
SELECT pushed('SELECT id FROM odd WHERE i = 1');
SELECT pushed('SELECT s FROM odd WHERE s = ''7''');
SELECT pushed('SELECT s FROM odd WHERE s <> ''7''');

-- an index in a collation that only the application knows is not used
CREATE FOREIGN TABLE words (id bigint, w text, n bigint) SERVER push;
SELECT pushed('SELECT w FROM words WHERE n = 2');
SELECT pushed('SELECT w FROM words WHERE w = ''B''');
SELECT pushed('SELECT id FROM words WHERE w IS NULL');
SELECT pushed('SELECT s FROM words, LATERAL (SELECT w AS s) x');
EXPLAIN (COSTS OFF) SELECT w FROM words WHERE id = 1 AND w = 'a';

-- parameters, of generic plans and of subqueries
\pset tuples_only off
\pset format aligned
SET plan_cache_mode = force_generic_plan;
PREPARE p (bigint, text) AS SELECT id, s FROM t WHERE id = $1 OR s = $2;
EXPLAIN (COSTS OFF) EXECUTE p (1, 'Two');
EXECUTE p (1, 'Two');
EXECUTE p (3, NULL);
EXECUTE p (NULL, NULL);
RESET plan_cache_mode;
SELECT pushed('SELECT s FROM t WHERE id = (SELECT max(id) FROM strict)');
SELECT s FROM t WHERE id = (SELECT max(id) FROM strict);

-- and SQLite's own plan shows that the key is used
CREATE FUNCTION sqlite_plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS
$$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (VERBOSE, FORMAT JSON) ' || query INTO plan;
    RETURN QUERY SELECT regexp_replace(line, '^(SEARCH|SCAN)( TABLE)? (\w+)( AS r1)?', '\1 \3')
        FROM json_array_elements_text(plan -> 0 -> 'Plan' -> 'SQLite Plan') line;
END
$$;
SELECT sqlite_plan_of('SELECT s FROM t WHERE id = 2');
SELECT sqlite_plan_of('SELECT s FROM t WHERE n = 2');
SELECT sqlite_plan_of('SELECT id FROM t WHERE s = ''x''');

SET client_min_messages = warning;
DROP SERVER push CASCADE;
DROP FUNCTION pushed;
DROP FUNCTION sqlite_plan_of;
DROP COLLATION lite_ignore_case;
DROP EXTENSION sqlite_fdw_lite;
