-- Files as crashes, other encodings and bad discs leave them.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;
\set d :fixtures '/cases_files/'

-- UTF-16, of both ends
SELECT table_name, rows, verified FROM sqlite_import(:'d' || 'UTF-16le.db', 'cases_files');
SELECT * FROM cases_files.größe ORDER BY id;
SELECT table_name, rows, verified FROM sqlite_import(:'d' || 'UTF-16be.db', 'cases_files', if_exists => 'replace');
SELECT * FROM cases_files.größe ORDER BY id;
SET client_min_messages = error;
DROP SCHEMA cases_files CASCADE;
SET client_min_messages = warning;

-- content in the -wal alone; the cut end of a -wal does not count; no -wal at all
SELECT table_name, rows, verified FROM sqlite_import(:'d' || 'only.db', 'cases_only');
SELECT * FROM cases_only.t;
SELECT table_name, rows, verified FROM sqlite_import(:'d' || 'cut.db', 'cases_cut');
SELECT * FROM cases_cut.t;
SELECT table_name, rows, verified FROM sqlite_import(:'d' || 'wal_gone.db', 'cases_gone');
-- a journal to be rolled back: what is in the file was never committed
SELECT * FROM sqlite_import(:'d' || 'hot.db', 'cases_hot');
SELECT * FROM sqlite_tables(:'d' || 'zero.db');

-- a page that is its own child, a serial type that there is not: an error, no loop, and what is sound can be had
SELECT name, rows, unreadable FROM sqlite_tables(:'d' || 'page_loop.db');
SELECT * FROM sqlite_import(:'d' || 'page_loop.db', 'cases_loop');
SELECT table_name, rows, verified FROM sqlite_import(:'d' || 'page_loop.db', 'cases_loop', exclude => '{t}');
SELECT * FROM sqlite_import(:'d' || 'serial_type.db', 'cases_serial');
SELECT table_name, rows, verified FROM sqlite_import(:'d' || 'serial_type.db', 'cases_serial', tables => '{long}');
-- an overflow chain that bites its tail ends where the record does
SELECT table_name, rows, verified FROM sqlite_import(:'d' || 'overflow_loop.db', 'cases_overflow', tables => '{long}');
SELECT length(s) FROM cases_overflow.long;
SET client_min_messages = error;
DROP SCHEMA cases_only, cases_cut, cases_gone, cases_loop, cases_serial, cases_overflow CASCADE;
