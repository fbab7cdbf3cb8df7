-- Declarations that stop other tools at the first table.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;
\set f :fixtures '/cases_schema.db'

SELECT severity, object, finding FROM sqlite_plan(:'f', 'cases_schema') WHERE finding IS NOT NULL;
SELECT table_name, rows, rejected, verified FROM sqlite_import(:'f', 'cases_schema', on_error => 'reject');
SELECT attname, format_type(atttypid, atttypmod) AS type, attnotnull, pg_get_expr(adbin, adrelid) AS "default"
  FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
 WHERE attrelid = 'cases_schema.declarations'::regclass AND attnum > 0 ORDER BY attnum;
SELECT id, sum, quoted, text_number, neg, hex, word, dq, concat, any_name, weird, "none", truth, "select", blob
  FROM cases_schema.declarations ORDER BY id;
-- the defaults do what they did
INSERT INTO cases_schema.declarations (id) VALUES (2)
  RETURNING sum, quoted, text_number, neg, hex, word, dq, concat, random IS NOT NULL AS random, truth, "select", blob, "now" IS NOT NULL AS now;
-- an integer, a text and a blob in one column: the blob is no text, and is kept aside
SELECT id, a, i, r, t, b FROM cases_schema.strict_any ORDER BY id;
SELECT row_id, column_name, storage_class, value FROM sqlite_rejects WHERE target LIKE '%strict_any';
-- names alike in their first 63 bytes are told apart, and what refers to them still does
SELECT relname, relkind, obj_description(oid, 'pg_class') FROM pg_class
 WHERE relnamespace = 'cases_schema'::regnamespace AND relname LIKE 'a\_%' AND relkind = 'r' ORDER BY relname;
SELECT indexrelid::regclass FROM pg_index WHERE indexrelid::regclass::text LIKE '%an\_index%' ORDER BY 1;
SELECT conrelid::regclass, confrelid::regclass, convalidated FROM pg_constraint
 WHERE contype = 'f' AND connamespace = 'cases_schema'::regnamespace;
-- upper case and reserved words
SELECT id, "order", username, "user", "group" FROM cases_schema.camelcase;
SELECT rows, verified FROM sqlite_import(:'f', 'cases_schema', tables => '{CamelCase}', identifiers => 'keep');
SELECT "Id", "Order", "userName", "user", "GROUP" FROM cases_schema."CamelCase";
SELECT table_name, verified, detail FROM sqlite_verify(:'f', 'cases_schema', tables => '{declarations,strict_any}');
DROP SCHEMA cases_schema CASCADE;
