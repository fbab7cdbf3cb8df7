-- What is more than rows: generated columns, checks, views, triggers, and what only the application has.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;
\set f :fixtures '/cases_objects.db'

-- views are another story (expressions, views); these cannot be had at all
SELECT severity, object, finding, advice FROM sqlite_plan(:'f', 'cases_objects')
 WHERE finding IS NOT NULL AND object NOT IN ('good', 'json_view');
SELECT table_name, rows, verified FROM sqlite_import(:'f', 'cases_objects') WHERE table_name IS NOT NULL;
SELECT name, kind, rows, unreadable FROM sqlite_tables(:'f') WHERE name NOT LIKE 'sqlite%' ORDER BY name;

SELECT attname, pg_get_expr(adbin, adrelid) AS expression, attgenerated
  FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
 WHERE attrelid = 'cases_objects.generated'::regclass AND attnum > 0 ORDER BY attnum;
-- every column has the values that SQLite shows
SELECT * FROM cases_objects.generated ORDER BY id;
SELECT * FROM sqlite_query(:'f', 'SELECT id, total, label, kind, odd, json_odd FROM generated')
  AS (id int, total float8, label text, kind text, odd text, json_odd text);
SELECT * FROM sqlite_query(:'f', 'SELECT * FROM json_view') AS (id int, kind text);
-- a row that breaks a CHECK is loaded, and the CHECK stays NOT VALID
SELECT conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE conrelid = 'cases_objects.checked'::regclass AND contype = 'c' ORDER BY 1;
-- a collation that nobody knows keeps no row back
SELECT * FROM cases_objects.cards ORDER BY id;
SELECT * FROM cases_objects.tags ORDER BY name;
SELECT table_name, verified, detail FROM sqlite_verify(:'f', 'cases_objects');
SET client_min_messages = error;
DROP SCHEMA cases_objects CASCADE;
