-- IMPORT FOREIGN SCHEMA: names, types, what is left out and what is refused.
\getenv fixtures FIXTURES
\set db :fixtures '/fdw_import.db'
CREATE EXTENSION sqlite_fdw_lite;
CREATE SERVER imp FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database :'db');
CREATE SCHEMA live;

-- Columns of all foreign tables of a schema.
CREATE FUNCTION columns_of(text) RETURNS TABLE (c text) LANGUAGE sql AS
$$
    SELECT format('%s.%s %s%s%s', relname, attname, format_type(atttypid, atttypmod),
                  CASE WHEN attnotnull THEN ' NOT NULL' END, ' ' || attfdwoptions::text)
      FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
     WHERE relnamespace = $1::regnamespace AND attnum > 0
     ORDER BY relname, attnum
$$;

IMPORT FOREIGN SCHEMA main FROM SERVER imp INTO live;
\pset format unaligned
\pset tuples_only on
SELECT * FROM columns_of('live');
SELECT relname, ftoptions FROM pg_foreign_table JOIN pg_class ON ftrelid = oid ORDER BY 1;
\pset tuples_only off
\pset format aligned
SET timezone = 'UTC';
SET datestyle = 'ISO';
SELECT * FROM live.album;
SELECT * FROM live.events;
SELECT * FROM live.recent;
SELECT * FROM live.boxes;
SELECT * FROM live.nullable;

-- by the file's name, or by ours; the table is named as it was written
CREATE SCHEMA l1;
IMPORT FOREIGN SCHEMA main LIMIT TO ("Album", events, recent) FROM SERVER imp INTO l1;
SELECT relname FROM pg_class WHERE relnamespace = 'l1'::regnamespace ORDER BY 1;
CREATE SCHEMA l2;
IMPORT FOREIGN SCHEMA main LIMIT TO (album) FROM SERVER imp INTO l2;
SELECT relname FROM pg_class WHERE relnamespace = 'l2'::regnamespace ORDER BY 1;
CREATE SCHEMA l3;
IMPORT FOREIGN SCHEMA main EXCEPT ("Album", recent, unreadable, nullable) FROM SERVER imp INTO l3;
SELECT relname FROM pg_class WHERE relnamespace = 'l3'::regnamespace ORDER BY 1;

-- what is not there is an error, and nothing is made
CREATE SCHEMA l4;
IMPORT FOREIGN SCHEMA main LIMIT TO (events, customers_and_more) FROM SERVER imp INTO l4;
IMPORT FOREIGN SCHEMA main EXCEPT (customers_and_more) FROM SERVER imp INTO l4;
IMPORT FOREIGN SCHEMA main LIMIT TO (boxes_node) FROM SERVER imp INTO l4;
IMPORT FOREIGN SCHEMA public FROM SERVER imp INTO l4;
SELECT count(*) FROM pg_class WHERE relnamespace = 'l4'::regnamespace;

-- options
IMPORT FOREIGN SCHEMA main LIMIT TO ("Album") FROM SERVER imp INTO l4 OPTIONS (identifiers 'keep', infer 'declared');
\pset format unaligned
\pset tuples_only on
SELECT * FROM columns_of('l4');
\pset tuples_only off
\pset format aligned
DROP FOREIGN TABLE l4."Album";
IMPORT FOREIGN SCHEMA main LIMIT TO (events, album) FROM SERVER imp INTO l4
    OPTIONS (types '{"events.at": "timestamptz", "Album.Tags": "text"}', sample '10');
\pset format unaligned
\pset tuples_only on
SELECT * FROM columns_of('l4');
\pset tuples_only off
\pset format aligned
SELECT at FROM l4.events ORDER BY 1;
CREATE SCHEMA l5;
IMPORT FOREIGN SCHEMA main EXCEPT (unreadable) FROM SERVER imp INTO l5 OPTIONS (import_views 'false');
IMPORT FOREIGN SCHEMA main FROM SERVER imp INTO l5 OPTIONS (import_views 'false');
SELECT relname FROM pg_class WHERE relnamespace = 'l5'::regnamespace ORDER BY 1;
IMPORT FOREIGN SCHEMA main FROM SERVER imp INTO l5 OPTIONS (infer 'wildly');
IMPORT FOREIGN SCHEMA main FROM SERVER imp INTO l5 OPTIONS (identifiers 'upper');
IMPORT FOREIGN SCHEMA main FROM SERVER imp INTO l5 OPTIONS (sample '-1');
IMPORT FOREIGN SCHEMA main FROM SERVER imp INTO l5 OPTIONS (types '{"events.at": "no_such_type"}');
IMPORT FOREIGN SCHEMA main FROM SERVER imp INTO l5 OPTIONS (no_such_option '1');

SET client_min_messages = warning;
DROP SCHEMA live, l1, l2, l3, l4, l5 CASCADE;
DROP SERVER imp CASCADE;
DROP FUNCTION columns_of;
DROP EXTENSION sqlite_fdw_lite;
