-- Times in every form that applications store.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;
\set f :fixtures '/cases_times.db'
SET timezone = 'UTC';
SET datestyle = 'ISO';

SELECT table_name, column_name, declared_type, proposed_type, suggestion
  FROM sqlite_columns(:'f') WHERE column_name <> 'id';
SELECT severity, object, finding FROM sqlite_plan(:'f', 'cases_times') WHERE finding IS NOT NULL AND finding NOT LIKE '%types =>%';
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'f', 'cases_times');
-- seconds, milliseconds, julian days and ISO text in one column
SELECT * FROM cases_times.mixed ORDER BY id;
-- numbers are times where a column is declared as one; elsewhere they are what they look like, until asked
SELECT id, s, ms, us, julian FROM cases_times.units ORDER BY id;
SELECT id, ns_time, webkit_time, cocoa_time, apple, s_at, ms_at, us_at FROM cases_times.units ORDER BY id;
SELECT * FROM cases_times.iso WHERE id IN (1, 2, 7) ORDER BY id;
-- 30 February is kept as it is written
SELECT * FROM cases_times.impossible ORDER BY id;
SELECT table_name, verified, detail FROM sqlite_verify(:'f', 'cases_times');

-- each as its suggestion says
SELECT table_name, rows, verified FROM sqlite_import(:'f', 'cases_times', tables => '{units}', if_exists => 'replace',
  types => '{"units.ns_time": "timestamptz unix_ns", "units.webkit_time": "timestamptz webkit", "units.cocoa_time": "timestamptz cocoa",
             "units.apple": "timestamptz cocoa", "units.s_at": "timestamptz unix", "units.ms_at": "timestamptz unix_ms",
             "units.us_at": "timestamptz unix_us"}', on_error => 'reject');
SELECT webkit_time, cocoa_time, apple, s_at, ms_at, us_at FROM cases_times.units ORDER BY id;
-- not even the eager guess whether seconds are Apple's
SELECT column_name, proposed_type FROM sqlite_columns(:'f', 'units', infer => 'eager') WHERE column_name IN ('apple', 'cocoa_time', 's_at');
-- text without a zone is UTC, unless it is said whose time it is
SELECT verified FROM sqlite_import(:'f', 'cases_times', tables => '{iso}', if_exists => 'replace', time_zone => 'Europe/Vienna');
SELECT plain, z FROM cases_times.iso WHERE id = 1;
DROP SCHEMA cases_times CASCADE;
