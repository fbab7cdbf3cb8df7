-- sqlite_import: native tables, with keys, identity, and proof.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;

SELECT table_name, rows, rejected, verified, seconds >= 0 AS timed, cardinality(findings) AS findings
  FROM sqlite_import(:'fixtures' || '/lib_app.db', 'lib_import');
SELECT id, email, is_admin, settings, created_at AT TIME ZONE 'UTC' AS created_at, balance, score, avatar
  FROM lib_import.users ORDER BY id;
SELECT * FROM lib_import.notes ORDER BY id;
SELECT * FROM lib_import.settings ORDER BY name, scope;
SELECT conrelid::regclass, conname, contype, convalidated, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'lib_import'::regnamespace AND contype <> 'n'
  ORDER BY conname COLLATE "C";
SELECT indexdef FROM pg_indexes WHERE schemaname = 'lib_import' ORDER BY indexname COLLATE "C";

-- the next ids: after the largest, and after what AUTOINCREMENT has used
INSERT INTO lib_import.users (email, created_at) VALUES ('new@example.org', now()) RETURNING id, is_admin, settings;
INSERT INTO lib_import.notes (user_id, title) VALUES (1, 'New') RETURNING id;

-- rows were written frozen: every page that holds one is visible to all without a VACUUM
-- (newer servers extend a table by several pages at once, so that empty ones may follow)
SELECT count(*) FROM sqlite_import(:'fixtures' || '/lib_wide.db', 'lib_import');
SELECT relname, relallvisible > 0 AND relallvisible = pages AS all_visible
  FROM (SELECT tableoid, count(DISTINCT (ctid::text::point)[0]) AS pages FROM lib_import.wide GROUP BY tableoid
        UNION ALL
        SELECT tableoid, count(DISTINCT (ctid::text::point)[0]) FROM lib_import.bag GROUP BY tableoid) AS used
  JOIN pg_class ON oid = used.tableoid ORDER BY relname;
SELECT count(*), sum(n), sum(r), sum(length(t)), sum(length(b)), count(b) FROM lib_import.wide;
SELECT x, count(*) FROM lib_import.bag GROUP BY x ORDER BY x;

-- a part of the file; types as asked
SELECT table_name, rows, verified FROM sqlite_import(:'fixtures' || '/lib_app.db', 'lib_import_2',
  tables => '{notes,users}', exclude => '{users}', types => '{"notes.tags": "text", "notes.id": "integer"}');
SELECT tags, pg_typeof(tags), pg_typeof(id) FROM lib_import_2.notes WHERE id = 1;

-- identifiers as they are
SELECT table_name, verified FROM sqlite_import(:'fixtures' || '/lib_names.db', 'lib "import" 3', identifiers => 'keep');
SELECT * FROM "lib ""import"" 3"."CamelCase";
SELECT * FROM "lib ""import"" 3"."it's";

-- text without a zone is where the caller says
SELECT table_name FROM sqlite_import(:'fixtures' || '/lib_app.db', 'lib_import_4', tables => '{users}',
  time_zone => 'Europe/Vienna');
SELECT id, created_at AT TIME ZONE 'UTC' AS utc FROM lib_import_4.users ORDER BY id;
SELECT verified, detail FROM sqlite_verify(:'fixtures' || '/lib_app.db', 'lib_import_4');

-- a sample that does not hold is no reason to fail
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'fixtures' || '/lib_misfit.db', 'lib_import_5',
  sample => 1, on_error => 'reject');
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute
 WHERE attrelid = 'lib_import_5.readings'::regclass AND attnum > 0 ORDER BY attnum;

-- inside a transaction that ends otherwise, nothing has happened
BEGIN;
SELECT count(*) FROM sqlite_import(:'fixtures' || '/lib_app.db', 'lib_import_6');
ROLLBACK;
SELECT count(*) FROM pg_namespace WHERE nspname = 'lib_import_6';
SELECT count(*) FROM sqlite_import_log WHERE schema = 'lib_import_6';
\set app :fixtures '/lib_app.db'
SET lib.app = :'app';
-- in a block that catches the error of a later statement, too
DO $$
BEGIN
    PERFORM sqlite_import(current_setting('lib.app'), 'lib_import_6');
    RAISE division_by_zero;
EXCEPTION WHEN division_by_zero THEN
    RAISE WARNING 'caught, schema is %', to_regnamespace('lib_import_6');
END $$;
-- read-only
BEGIN READ ONLY;
SELECT count(*) FROM sqlite_import(:'fixtures' || '/lib_app.db', 'lib_import_6');
ROLLBACK;
DROP SCHEMA lib_import, lib_import_2, "lib ""import"" 3", lib_import_4, lib_import_5 CASCADE;
