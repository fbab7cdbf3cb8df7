-- sqlite_plan: every statement and every finding, and nothing written.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;

SELECT step, phase, object, statement
  FROM sqlite_plan(:'fixtures' || '/lib_app.db', 'lib_plan') WHERE statement IS NOT NULL;
SELECT object, severity, finding IS NOT NULL AS said
  FROM sqlite_plan(:'fixtures' || '/lib_app.db', 'lib_plan')
  WHERE severity <> 'info' ORDER BY object COLLATE "C";
SELECT count(*) FROM pg_namespace WHERE nspname = 'lib_plan';

-- what is planned is what is done
CREATE TEMP TABLE planned AS
  SELECT column_name, proposed_type FROM sqlite_columns(:'fixtures' || '/lib_app.db', 'users');
SELECT count(*) FROM sqlite_import(:'fixtures' || '/lib_app.db', 'lib_plan');
SELECT p.column_name, p.proposed_type, format_type(a.atttypid, a.atttypmod) AS got
  FROM planned p LEFT JOIN pg_attribute a
    ON a.attrelid = 'lib_plan.users'::regclass AND a.attname = p.column_name
 WHERE p.proposed_type IS DISTINCT FROM format_type(a.atttypid, a.atttypmod);

-- a plan for what exists
SELECT severity, finding, advice FROM sqlite_plan(:'fixtures' || '/lib_app.db', 'lib_plan')
  WHERE finding LIKE '%exists%' ORDER BY finding COLLATE "C" LIMIT 1;
SELECT DISTINCT phase FROM sqlite_plan(:'fixtures' || '/lib_app.db', 'lib_plan', if_exists => 'skip')
  WHERE statement IS NOT NULL ORDER BY phase;

-- options that make no sense, each with what would
SELECT * FROM sqlite_plan(:'fixtures' || '/lib_app.db', 'x', infer => 'wild');
SELECT * FROM sqlite_plan(:'fixtures' || '/lib_app.db', 'x', identifiers => 'upper');
SELECT * FROM sqlite_plan(:'fixtures' || '/lib_app.db', 'x', on_error => 'ignore');
SELECT * FROM sqlite_plan(:'fixtures' || '/lib_app.db', 'x', if_exists => 'merge');
SELECT * FROM sqlite_plan(:'fixtures' || '/lib_app.db', 'x', time_zone => 'Mars/Olympus');
SELECT * FROM sqlite_plan(:'fixtures' || '/lib_app.db', 'x', tables => '{nothing}');
SELECT * FROM sqlite_plan(:'fixtures' || '/lib_app.db', 'x', tables => '{}');
SELECT * FROM sqlite_plan(:'fixtures' || '/lib_app.db', 'x', tables => '{NULL}');
SELECT * FROM sqlite_plan(:'fixtures' || '/lib_app.db', 'x', types => '{"users.nothing": "text"}');
SELECT * FROM sqlite_plan(:'fixtures' || '/lib_app.db', 'x', types => '["users"]');
SELECT * FROM sqlite_plan(:'fixtures' || '/lib_app.db', 'x', sample => -1);
SELECT * FROM sqlite_plan(:'fixtures' || '/lib_app.db', 'x', jobs => -1);
SELECT * FROM sqlite_plan(:'fixtures' || '/lib_app.db', '');
SELECT * FROM sqlite_plan(:'fixtures' || '/lib_app.db', NULL);
DROP SCHEMA lib_plan CASCADE;
