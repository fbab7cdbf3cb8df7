-- sqlite_query: any SELECT of SQLite, typed by the caller.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;

\set app :fixtures '/lib_app.db'
SELECT * FROM sqlite_query(:'app', 'SELECT id, email, settings ->> ''$.theme'' FROM users ORDER BY id') AS q(id int, email text, theme text);
SELECT id, t AT TIME ZONE 'UTC' AS t, s, b FROM sqlite_query(:'app', 'SELECT id, created_at, settings, is_admin FROM users') AS q(id bigint, t timestamptz, s jsonb, b boolean);
SELECT * FROM sqlite_query(:'app', 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x * 2 FROM c WHERE x < 100) SELECT x FROM c') AS q(x int);
SELECT * FROM sqlite_query(:'app', 'VALUES (NULL, 1.5, x''00ff'')') AS q(a text, b numeric, c bytea);
-- views are readable
SELECT * FROM sqlite_query(:'app', 'SELECT email FROM admins') AS q(email text);
-- joined with local rows
SELECT q.title, g.g FROM generate_series(1, 2) g JOIN sqlite_query(:'app', 'SELECT id, title FROM notes') AS q(id int, title text) ON q.id = g.g ORDER BY g.g;
-- more than work_mem
SET work_mem = '64kB';
SELECT count(*), sum(x) FROM sqlite_query(:'app', 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 50000) SELECT x FROM c') AS q(x int);
RESET work_mem;

-- what is refused
SELECT * FROM sqlite_query(:'app', 'SELECT 1, 2') AS q(a int);
SELECT * FROM sqlite_query(:'app', 'SELECT ''x''') AS q(a int);
SELECT * FROM sqlite_query(:'app', 'SELECT 1; SELECT 2') AS q(a int);
SELECT * FROM sqlite_query(:'app', 'SELECT nope FROM users') AS q(a int);
SELECT * FROM sqlite_query(:'app', 'DELETE FROM users') AS q(a int);
SELECT * FROM sqlite_query(:'app', 'DELETE FROM users RETURNING id') AS q(a int);
SELECT * FROM sqlite_query(:'app', 'PRAGMA journal_mode = wal') AS q(a text);
SELECT * FROM sqlite_query(:'app', 'ATTACH ''/tmp/lib_query.db'' AS x') AS q(a int);
SELECT * FROM sqlite_query(:'app', 'SELECT load_extension(''x'')') AS q(a int);
SELECT * FROM sqlite_query(:'app', 'BEGIN') AS q(a int);
SELECT * FROM sqlite_query(:'app', '') AS q(a int);
SELECT * FROM sqlite_query(:'app', NULL) AS q(a int);
SELECT sqlite_query(:'app', 'SELECT 1');
