-- sqlite_tables: what is in a file.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;

SELECT name, kind, rows, columns, primary_key, without_rowid, strict, unreadable
  FROM sqlite_tables(:'fixtures' || '/lib_app.db');
-- the file's own SQL is shown, never run
SELECT sql FROM sqlite_tables(:'fixtures' || '/lib_app.db') WHERE name = 'admins';
-- full-text tables and their storage
SELECT name, kind, rows FROM sqlite_tables(:'fixtures' || '/demo.db')
  WHERE name LIKE '%fts%' ORDER BY name COLLATE "C";
-- hostile names
SELECT name, rows FROM sqlite_tables(:'fixtures' || '/lib_names.db');

-- what is no path, and what is no file
SELECT * FROM sqlite_tables('lib_app.db');
SELECT * FROM sqlite_tables(NULL);
SELECT * FROM sqlite_tables(:'fixtures' || '/missing.db');
SELECT * FROM sqlite_tables('');
