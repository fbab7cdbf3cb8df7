-- A conversation store: messages, files, full text and events, as Prisma, Rails and hands declare them.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;
SET timezone = 'UTC';
\set f :fixtures '/app_chat.db'

SELECT c.table_name, column_name, declared_type, proposed_type, evidence
  FROM sqlite_columns(:'f') c JOIN sqlite_tables(:'f') t ON t.name = c.table_name
 WHERE kind IN ('table', 'virtual') AND proposed_type IS NOT NULL;
SELECT table_name, column_name, suggestion FROM sqlite_columns(:'f') WHERE suggestion IS NOT NULL;
SELECT severity, object, finding FROM sqlite_plan(:'f', 'app_chat')
 WHERE finding IS NOT NULL AND finding NOT LIKE '%types =>%' AND phase IS DISTINCT FROM 'view' AND object NOT LIKE 'live\_%';
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'f', 'app_chat') WHERE table_name IS NOT NULL;
SELECT table_name, verified, detail FROM sqlite_verify(:'f', 'app_chat');
-- what was predicted is what came, and a second import is the same again
CREATE TEMP TABLE first AS SELECT attrelid::regclass::text AS t, attname, attnum, format_type(atttypid, atttypmod) AS type, attnotnull,
  pg_get_expr(adbin, adrelid) AS expression FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'app_chat'::regnamespace AND attnum > 0;
CREATE TEMP TABLE first_sums AS SELECT t.table_name, loaded FROM sqlite_import_tables t
 WHERE import_id = (SELECT max(id) FROM sqlite_import_log);
SELECT c.table_name, c.column_name, proposed_type FROM sqlite_columns(:'f') c
 WHERE proposed_type IS NOT NULL AND NOT EXISTS (
  SELECT FROM first WHERE attname = lower(c.column_name) AND type = c.proposed_type AND t LIKE '%' || lower(c.table_name) || '%');
SELECT bool_and(verified) AS verified FROM sqlite_import(:'f', 'app_chat', if_exists => 'replace') WHERE table_name IS NOT NULL;
SELECT count(*) AS differences FROM (
  (SELECT attrelid::regclass::text, attname, attnum, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)
     FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'app_chat'::regnamespace AND attnum > 0)
  EXCEPT SELECT * FROM first) AS d;
SELECT count(*) AS tables, count(*) FILTER (WHERE a.loaded = b.loaded) AS same FROM first_sums a
  JOIN sqlite_import_tables b USING (table_name) WHERE import_id = (SELECT max(id) FROM sqlite_import_log);

-- search finds what it found, as a porter tokenizer stems; one message was
-- deleted without telling its full-text index, where it still is
SELECT count(*) FROM app_chat.messages WHERE search @@ websearch_to_tsquery('english', 'run');
SELECT count(*) FROM sqlite_query(:'f', 'SELECT rowid FROM messages_fts WHERE messages_fts MATCH ''run''') AS (id bigint);
-- keys without regard to case stay unique so
INSERT INTO app_chat."user" (id, email) VALUES ('x', 'ADA@EXAMPLE.ORG');
-- ids that are gone are not given again
SELECT max(id) FROM app_chat.messages;
INSERT INTO app_chat.messages (conversation_id, role, content, sent_at) VALUES ('conv_1', 'user', 'x', now()) RETURNING id;
SELECT attname, pg_get_expr(adbin, adrelid) FROM pg_attrdef JOIN pg_attribute ON attrelid = adrelid AND attnum = adnum
 WHERE adrelid = 'app_chat.conversations'::regclass ORDER BY 1;
SET client_min_messages = error;
DROP SCHEMA app_chat CASCADE;
