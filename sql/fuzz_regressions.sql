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

DROP SCHEMA live, moved CASCADE;
DROP SERVER fuzz;
