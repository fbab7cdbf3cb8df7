-- sqlite_report: the plan as a text for people.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;
\pset format unaligned
\pset tuples_only on

-- the time depends on the machine: it is left out here
SELECT line FROM sqlite_report(:'fixtures' || '/lib_app.db', 'lib_report') AS line WHERE line !~ '^(Time  | {11})';
SELECT line FROM sqlite_report(:'fixtures' || '/lib_misfit.db', 'lib_report') AS line WHERE line !~ '^(Time  | {11})';
SELECT line FROM sqlite_report(:'fixtures' || '/lib_names.db', 'lib_report', identifiers => 'keep', documents => '{*}') AS line WHERE line !~ '^(Time  | {11})';
SELECT count(*) FROM sqlite_report(:'fixtures' || '/demo.db', 'lib_report') AS line WHERE length(line) > 100 AND line !~ '^(File|SELECT)';

-- the time: assumed, then measured
DELETE FROM sqlite_import_log WHERE path LIKE '%/lib_wide.db';
SELECT line FROM sqlite_report(:'fixtures' || '/lib_wide.db', 'lib_report') AS line WHERE line ~ '^(Time  | {11})';
SELECT table_name, rows FROM sqlite_import(:'fixtures' || '/lib_wide.db', 'lib_report');
SELECT regexp_replace(line, '[0-9]+\.[0-9]{3} s', '0.123 s') FROM sqlite_report(:'fixtures' || '/lib_wide.db', 'lib_report') AS line WHERE line ~ '^(Time  |Verdict)';
SELECT line FROM sqlite_report(:'fixtures' || '/lib_wide.db', 'lib_report', tables => '{nothing}') AS line;
DROP SCHEMA lib_report CASCADE;
