-- A document service: users, collections, documents, chunks, as Django, GORM and Entity Framework declare them.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;
SET timezone = 'UTC';
\set f :fixtures '/app_docs.db'

SELECT c.table_name, column_name, declared_type, proposed_type, evidence
  FROM sqlite_columns(:'f') c JOIN sqlite_tables(:'f') t ON t.name = c.table_name
 WHERE kind IN ('table', 'virtual') AND proposed_type IS NOT NULL;
SELECT table_name, column_name, suggestion FROM sqlite_columns(:'f') WHERE suggestion IS NOT NULL;
SELECT severity, object, finding FROM sqlite_plan(:'f', 'app_docs')
 WHERE finding IS NOT NULL AND finding NOT LIKE '%types =>%' AND phase IS DISTINCT FROM 'view' AND object NOT LIKE 'live\_%';
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'f', 'app_docs') WHERE table_name IS NOT NULL;
SELECT table_name, verified, detail FROM sqlite_verify(:'f', 'app_docs');
-- what was predicted is what came, and a second import is the same again
CREATE TEMP TABLE first AS SELECT attrelid::regclass::text AS t, attname, attnum, format_type(atttypid, atttypmod) AS type, attnotnull,
  pg_get_expr(adbin, adrelid) AS expression FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'app_docs'::regnamespace AND attnum > 0;
CREATE TEMP TABLE first_sums AS SELECT t.table_name, loaded FROM sqlite_import_tables t
 WHERE import_id = (SELECT max(id) FROM sqlite_import_log);
SELECT c.table_name, c.column_name, proposed_type FROM sqlite_columns(:'f') c
 WHERE proposed_type IS NOT NULL AND NOT EXISTS (
  SELECT FROM first WHERE attname = lower(c.column_name) AND type = c.proposed_type AND t LIKE '%' || lower(c.table_name) || '%');
SELECT bool_and(verified) AS verified FROM sqlite_import(:'f', 'app_docs', if_exists => 'replace') WHERE table_name IS NOT NULL;
SELECT count(*) AS differences FROM (
  (SELECT attrelid::regclass::text, attname, attnum, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)
     FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'app_docs'::regnamespace AND attnum > 0)
  EXCEPT SELECT * FROM first) AS d;
SELECT count(*) AS tables, count(*) FILTER (WHERE a.loaded = b.loaded) AS same FROM first_sums a
  JOIN sqlite_import_tables b USING (table_name) WHERE import_id = (SELECT max(id) FROM sqlite_import_log);

SELECT indexdef FROM pg_indexes WHERE schemaname = 'app_docs' ORDER BY indexname;
SELECT conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE connamespace = 'app_docs'::regnamespace AND contype NOT IN ('p', 'n') ORDER BY 1::text, 2;
-- UNIQUE over NULLs stays so
INSERT INTO app_docs.auth_user (password, is_superuser, username, is_active, date_joined, quota) VALUES ('!', false, 'eve', true, now(), 1) RETURNING id;
-- one switch for a whole family of keys
SELECT column_name, proposed_type FROM sqlite_columns(:'f', types => '{"documents.id": "uuid", "Chunks.DocumentId": "uuid"}')
 WHERE table_name || '.' || column_name IN ('documents.id', 'Chunks.DocumentId');
SELECT table_name || '.' || column_name AS column, proposed_type FROM sqlite_columns(:'f', infer => 'eager')
 WHERE table_name || '.' || column_name IN ('documents.id', 'Chunks.DocumentId', 'Chunks.Id');
SET client_min_messages = error;
DROP SCHEMA app_docs CASCADE;
DROP EXTENSION sqlite_fdw_lite CASCADE;
