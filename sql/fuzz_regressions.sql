-- What random queries (test/fuzz) found to differ between foreign tables and
-- the same file imported: each stays here.  The answer to every question is
-- the same on both.
\getenv fixtures FIXTURES
\set db :fixtures '/fuzz_regressions.db'
SET client_min_messages = warning;
CREATE EXTENSION sqlite_fdw_lite;
CREATE SERVER fuzz FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database :'db');
CREATE SCHEMA live;
IMPORT FOREIGN SCHEMA main FROM SERVER fuzz INTO live;
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'db', 'moved') WHERE table_name IS NOT NULL ORDER BY 1;

-- Generated columns whose affinity changes what the expression gives: '01' in
-- an INTEGER column is 1.
SELECT * FROM live.generated ORDER BY id;
TABLE live.generated EXCEPT TABLE moved.generated;
TABLE moved.generated EXCEPT TABLE live.generated;
SELECT attname, format_type(atttypid, atttypmod), attgenerated FROM pg_attribute
WHERE attrelid = 'moved.generated'::regclass AND attnum > 0 ORDER BY attnum;

-- NOCASE in a UTF-16 file was taken for a collation that is not known.
\set db :fixtures '/fuzz_utf16.db'
CREATE SERVER utf16 FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database :'db');
IMPORT FOREIGN SCHEMA main FROM SERVER utf16 INTO live;
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'db', 'moved') WHERE table_name IS NOT NULL ORDER BY 1;
SELECT n, t, v FROM live.keyed WHERE n <= 1 ORDER BY n, t COLLATE "C";
SELECT n, t, v FROM live.keyed WHERE n = 1 AND t = 'b';
SELECT n, t, v FROM live.keyed WHERE v = 'x';
SELECT n, t, v FROM live.keyed WHERE n NOT BETWEEN 1 AND 1 ORDER BY n;
SELECT count(*) FROM (TABLE live.keyed INTERSECT TABLE moved.keyed) both_sides;

DROP SCHEMA live, moved CASCADE;
DROP SERVER fuzz;
DROP SERVER utf16;
