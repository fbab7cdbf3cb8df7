-- Views: what the import makes of them gives what SQLite's give.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;
\set file :fixtures '/lib_views.db'

-- every view's rows on both sides, as the types of the view here; but SQLite 3.40 lets no view of an untrusted
-- file call json_extract(): that one's SELECT is run by itself
CREATE FUNCTION pg_temp.compare(file text, target regnamespace)
RETURNS TABLE (view_name text, types text, here bigint, there bigint, differ bigint) LANGUAGE plpgsql AS $$
DECLARE
  v record;
  columns text;
BEGIN
  FOR v IN SELECT c.oid, c.relname, substr(obj_description(c.oid, 'pg_class'), 14) AS source
             FROM pg_class c WHERE c.relkind = 'v' AND c.relname <> 'v_json' AND c.relnamespace = target ORDER BY c.relname COLLATE "C"
  LOOP
    SELECT string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' ORDER BY a.attnum)
      INTO columns FROM pg_attribute a WHERE a.attrelid = v.oid AND a.attnum > 0;
    view_name := v.relname;
    types := columns;
    EXECUTE format('WITH s AS MATERIALIZED (SELECT * FROM sqlite_query(%L, %L) AS t(%s)), p AS MATERIALIZED (SELECT * FROM %s)
      SELECT (SELECT count(*) FROM p), (SELECT count(*) FROM s), (SELECT count(*) FROM
        ((TABLE s EXCEPT ALL TABLE p) UNION ALL (TABLE p EXCEPT ALL TABLE s)) AS d)',
      file, format('SELECT * FROM "%s"', replace(v.source, '"', '""')), columns, v.oid::regclass)
      INTO here, there, differ;
    RETURN NEXT;
  END LOOP;
END$$;

SELECT finding FROM sqlite_import(:'file', 'lib_views'), unnest(findings) AS finding WHERE finding LIKE '%x_bare%';
\x
SELECT * FROM pg_temp.compare(:'file', 'lib_views');
\x
TABLE lib_views.v_json ORDER BY id;
SELECT * FROM sqlite_query(:'file', $$SELECT id, json_extract(meta, '$.level') AS level, meta ->> '$.tags[0]' AS tag FROM people$$)
  AS t(id bigint, level text, tag text) ORDER BY id;
SELECT name, score FROM lib_views.v_order;
-- (PostgreSQL 16 names the table before a column only where it must)
SELECT replace(pg_get_viewdef('lib_views.v_upper'::regclass), 'v_lower.n', 'n') AS view;

-- what is said of them; nothing that did not translate was made
SELECT object, severity, finding FROM sqlite_plan(:'file', 'lib_views_2') WHERE phase = 'finding' AND finding ~ 'view|SELECT'
  AND object !~ '^(people|orders)';
SELECT object, statement FROM sqlite_plan(:'file', 'lib_views_2') WHERE phase = 'view' AND object ~ 'drop|quoted|long|upper|lower';
SELECT count(*) FROM pg_class WHERE relnamespace = 'lib_views'::regnamespace AND relkind = 'v' AND relname ~ '^w';

-- if_exists
SELECT count(*) FROM sqlite_import(:'file', 'lib_views');
DROP VIEW lib_views.v_where;
SELECT count(*) FROM sqlite_import(:'file', 'lib_views', if_exists => 'skip');
SELECT * FROM lib_views.v_where;
SELECT count(*) FROM sqlite_import(:'file', 'lib_views', if_exists => 'replace');
SELECT count(*), sum(here), sum(there), sum(differ) FROM pg_temp.compare(:'file', 'lib_views');
-- never over what is not the file's
CREATE VIEW lib_views.of_the_user AS SELECT * FROM lib_views.v_upper;
SELECT count(*) FROM sqlite_import(:'file', 'lib_views', if_exists => 'replace');
SELECT count(*) FROM lib_views.of_the_user;
DROP VIEW lib_views.of_the_user;
CREATE VIEW lib_views.w_with AS SELECT * FROM lib_views.people;
SELECT count(*) FROM sqlite_import(:'file', 'lib_views', if_exists => 'replace');
DROP VIEW lib_views.w_with;
-- append: the rows come in, the views stay
TRUNCATE lib_views.people, lib_views.orders, lib_views.lines, lib_views."select";
SELECT table_name, rows, verified FROM sqlite_import(:'file', 'lib_views', if_exists => 'append');
SELECT count(*), sum(differ) FROM pg_temp.compare(:'file', 'lib_views');

-- a part: what a view reads must come along
SELECT object, severity, finding FROM sqlite_plan(:'file', 'lib_views_3', tables => '{people,v_join,v_where,v_upper}')
  WHERE finding LIKE '%SELECT%' OR finding LIKE '%view%';
SELECT object, statement FROM sqlite_plan(:'file', 'lib_views_3', tables => '{people,v_join,v_where,v_upper}') WHERE phase = 'view';
-- inside a document there are no columns
SELECT severity, finding FROM sqlite_plan(:'file', 'lib_views_3', tables => '{people,v_where}', documents => '{people}') WHERE object = 'v_where';
-- names as they are
SELECT count(*) FROM sqlite_import(:'file', 'lib_views_4', identifiers => 'keep');
SELECT count(*), sum(differ) FROM pg_temp.compare(:'file', 'lib_views_4');
SELECT * FROM lib_views_4."V Quoted ""name""" ORDER BY 1;
DROP SCHEMA lib_views CASCADE; DROP SCHEMA lib_views_4 CASCADE;
