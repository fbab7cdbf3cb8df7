/* sqlite_fdw_lite--1.0.sql */

-- complain if script is sourced in psql, rather than via CREATE EXTENSION
\echo Use "CREATE EXTENSION sqlite_fdw_lite" to load this file. \quit

--
-- The foreign data wrapper
--
CREATE FUNCTION sqlite_fdw_lite_handler()
RETURNS fdw_handler
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT;

CREATE FUNCTION sqlite_fdw_lite_validator(text[], oid)
RETURNS void
AS 'MODULE_PATHNAME'
LANGUAGE C STRICT;

CREATE FOREIGN DATA WRAPPER sqlite_fdw_lite
  HANDLER sqlite_fdw_lite_handler
  VALIDATOR sqlite_fdw_lite_validator;

--
-- The SQL library: look at a file
--
CREATE FUNCTION sqlite_tables(source text)
RETURNS TABLE (
  name text,
  kind text,
  rows bigint,
  columns integer,
  primary_key text[],
  without_rowid boolean,
  strict boolean,
  sql text,
  unreadable text)
AS 'MODULE_PATHNAME'
LANGUAGE C VOLATILE PARALLEL RESTRICTED
ROWS 50;

COMMENT ON FUNCTION sqlite_tables(text)
IS 'what is in a SQLite file: tables, views, virtual and shadow tables';

-- "table_name" is an argument and a column of the result, which RETURNS TABLE
-- does not allow.
CREATE TYPE sqlite_column AS (
  table_name text,
  column_name text,
  declared_type text,
  proposed_type text,
  not_null boolean,
  default_expr text,
  generated text,
  stored_as jsonb,
  evidence text,
  suggestion text);

CREATE FUNCTION sqlite_columns(
  source text,
  table_name text DEFAULT NULL,
  types jsonb DEFAULT NULL,
  infer text DEFAULT 'values',
  time_zone text DEFAULT NULL,
  sample bigint DEFAULT 0)
RETURNS SETOF sqlite_column
AS 'MODULE_PATHNAME'
LANGUAGE C VOLATILE PARALLEL RESTRICTED
ROWS 100;

COMMENT ON FUNCTION sqlite_columns(text, text, jsonb, text, text, bigint)
IS 'columns of a SQLite file: storage classes found, type proposed, the evidence for it';

CREATE FUNCTION sqlite_query(source text, sql text)
RETURNS SETOF record
AS 'MODULE_PATHNAME'
LANGUAGE C VOLATILE PARALLEL RESTRICTED;

COMMENT ON FUNCTION sqlite_query(text, text)
IS 'rows of a SELECT in SQLite''s dialect, typed by the column definition list';

--
-- Plan, import, verify.  The first two take the same arguments in the same
-- order: src/load/request.c reads them by position.
--
CREATE FUNCTION sqlite_plan(
  source text,
  schema text,
  tables text[] DEFAULT NULL,
  exclude text[] DEFAULT NULL,
  types jsonb DEFAULT NULL,
  infer text DEFAULT 'values',
  identifiers text DEFAULT 'fold',
  on_error text DEFAULT 'stop',
  if_exists text DEFAULT 'error',
  time_zone text DEFAULT NULL,
  search jsonb DEFAULT NULL,
  documents text[] DEFAULT NULL,
  jobs integer DEFAULT NULL,
  verify boolean DEFAULT true,
  sample bigint DEFAULT 0)
RETURNS TABLE (
  step integer,
  phase text,
  object text,
  statement text,
  severity text,
  finding text,
  advice text)
AS 'MODULE_PATHNAME'
LANGUAGE C VOLATILE PARALLEL RESTRICTED;

COMMENT ON FUNCTION sqlite_plan(text, text, text[], text[], jsonb, text, text, text, text, text, jsonb, text[], integer, boolean, bigint)
IS 'dry run of sqlite_import: every statement and every finding, nothing written';

CREATE FUNCTION sqlite_report(
  source text,
  schema text,
  tables text[] DEFAULT NULL,
  exclude text[] DEFAULT NULL,
  types jsonb DEFAULT NULL,
  infer text DEFAULT 'values',
  identifiers text DEFAULT 'fold',
  on_error text DEFAULT 'stop',
  if_exists text DEFAULT 'error',
  time_zone text DEFAULT NULL,
  search jsonb DEFAULT NULL,
  documents text[] DEFAULT NULL,
  jobs integer DEFAULT NULL,
  verify boolean DEFAULT true,
  sample bigint DEFAULT 0)
RETURNS SETOF text
AS 'MODULE_PATHNAME'
LANGUAGE C VOLATILE PARALLEL RESTRICTED
ROWS 100;

COMMENT ON FUNCTION sqlite_report(text, text, text[], text[], jsonb, text, text, text, text, text, jsonb, text[], integer, boolean, bigint)
IS 'sqlite_plan as a text for people, a line per row';

CREATE FUNCTION sqlite_import(
  source text,
  schema text,
  tables text[] DEFAULT NULL,
  exclude text[] DEFAULT NULL,
  types jsonb DEFAULT NULL,
  infer text DEFAULT 'values',
  identifiers text DEFAULT 'fold',
  on_error text DEFAULT 'stop',
  if_exists text DEFAULT 'error',
  time_zone text DEFAULT NULL,
  search jsonb DEFAULT NULL,
  documents text[] DEFAULT NULL,
  jobs integer DEFAULT NULL,
  verify boolean DEFAULT true,
  sample bigint DEFAULT 0)
RETURNS TABLE (
  table_name text,
  rows bigint,
  rejected bigint,
  verified boolean,
  seconds double precision,
  findings text[])
AS 'MODULE_PATHNAME'
LANGUAGE C VOLATILE PARALLEL UNSAFE
ROWS 50;

COMMENT ON FUNCTION sqlite_import(text, text, text[], text[], jsonb, text, text, text, text, text, jsonb, text[], integer, boolean, bigint)
IS 'moves a SQLite file into native tables of a schema, verified';

-- Options that name tables are for one file: give them in a call per file, in
-- one transaction if need be.
CREATE FUNCTION sqlite_import(
  sources text[],
  schema text,
  infer text DEFAULT 'values',
  identifiers text DEFAULT 'fold',
  on_error text DEFAULT 'stop',
  if_exists text DEFAULT 'error',
  time_zone text DEFAULT NULL,
  verify boolean DEFAULT true,
  sample bigint DEFAULT 0)
RETURNS TABLE (
  source text,
  table_name text,
  rows bigint,
  rejected bigint,
  verified boolean,
  seconds double precision,
  findings text[])
LANGUAGE SQL VOLATILE PARALLEL UNSAFE
ROWS 200
BEGIN ATOMIC
  SELECT f.source, i.table_name, i.rows, i.rejected, i.verified, i.seconds, i.findings
  FROM unnest(sources) WITH ORDINALITY AS f(source, number),
    LATERAL sqlite_import(f.source, $2, infer => $3, identifiers => $4,
      on_error => $5, if_exists => $6, time_zone => $7, verify => $8,
      sample => $9) AS i;
END;

COMMENT ON FUNCTION sqlite_import(text[], text, text, text, text, text, text, boolean, bigint)
IS 'moves several SQLite files into one schema, all or none of them';

-- The arguments of sqlite_import, and more behind them.
CREATE PROCEDURE sqlite_import_batched(
  source text,
  schema text,
  tables text[] DEFAULT NULL,
  exclude text[] DEFAULT NULL,
  types jsonb DEFAULT NULL,
  infer text DEFAULT 'values',
  identifiers text DEFAULT 'fold',
  on_error text DEFAULT 'stop',
  if_exists text DEFAULT 'error',
  time_zone text DEFAULT NULL,
  search jsonb DEFAULT NULL,
  documents text[] DEFAULT NULL,
  jobs integer DEFAULT NULL,
  verify boolean DEFAULT true,
  sample bigint DEFAULT 0,
  batch_rows bigint DEFAULT 100000,
  restart boolean DEFAULT false,
  INOUT import_id bigint DEFAULT NULL,
  INOUT rows bigint DEFAULT NULL,
  INOUT rejected bigint DEFAULT NULL,
  INOUT verified boolean DEFAULT NULL)
AS 'MODULE_PATHNAME'
LANGUAGE C;

COMMENT ON PROCEDURE sqlite_import_batched(text, text, text[], text[], jsonb, text, text, text, text, text, jsonb, text[], integer, boolean, bigint, bigint, boolean, bigint, bigint, bigint, boolean)
IS 'sqlite_import in many transactions: called again, it goes on where it was';

CREATE FUNCTION sqlite_verify(
  source text,
  schema text,
  tables text[] DEFAULT NULL)
RETURNS TABLE (
  table_name text,
  source_rows bigint,
  target_rows bigint,
  verified boolean,
  detail text)
AS 'MODULE_PATHNAME'
LANGUAGE C VOLATILE PARALLEL UNSAFE
ROWS 50;

COMMENT ON FUNCTION sqlite_verify(text, text, text[])
IS 'compares what a SQLite file holds with what its import holds now, by counts and checksums';

--
-- The history of imports.  sqlite_import() writes it with the rights of these
-- tables' owner; the policies show every role the imports of the roles that it
-- is a member of, and let it delete them.
--
CREATE TABLE sqlite_import_log (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owner name NOT NULL,
  source text NOT NULL,
  path text NOT NULL,
  schema text NOT NULL,
  options jsonb NOT NULL,
  fingerprint jsonb,
  sqlite_version text,
  started_at timestamptz NOT NULL DEFAULT now(),
  seconds double precision,
  rows bigint,
  rejected bigint,
  nulled bigint,
  verified boolean,
  findings jsonb);

COMMENT ON TABLE sqlite_import_log
IS 'one row per import of a SQLite file';

CREATE TABLE sqlite_import_tables (
  import_id bigint NOT NULL REFERENCES sqlite_import_log ON DELETE CASCADE,
  table_name text NOT NULL,
  source_table text NOT NULL,
  created boolean NOT NULL,
  rows bigint NOT NULL,
  rejected bigint NOT NULL,
  nulled bigint NOT NULL,
  verified boolean,
  seconds double precision,
  detail text,
  plan jsonb NOT NULL,
  before jsonb,
  loaded jsonb,
  corrected bigint NOT NULL DEFAULT 0,
  corrected_sums jsonb,
  PRIMARY KEY (import_id, table_name));

COMMENT ON TABLE sqlite_import_tables
IS 'one row per table of an import: what was read, into what, and its checksums';
COMMENT ON COLUMN sqlite_import_tables.before
IS 'checksums of the table before the import, if it was appended to and verified';
COMMENT ON COLUMN sqlite_import_tables.loaded
IS 'checksums of what the import loaded';
COMMENT ON COLUMN sqlite_import_tables.corrected
IS 'rejected rows that are in the table otherwise than in the file';

CREATE TABLE sqlite_rejects (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  import_id bigint NOT NULL REFERENCES sqlite_import_log ON DELETE CASCADE,
  table_name text NOT NULL,
  target text NOT NULL,
  action text NOT NULL CHECK (action IN ('reject', 'null')),
  reason text NOT NULL,
  row_id bigint,
  column_name text NOT NULL,
  storage_class text NOT NULL,
  value bytea,
  column_names text[],
  storage_classes text[],
  column_values bytea[],
  original bigint);

CREATE INDEX ON sqlite_rejects (import_id, table_name);

-- Of batched imports: which state of the file is read, and, until the import
-- is finished, what there is to do and how far it is.
CREATE TABLE sqlite_import_batches (
  import_id bigint PRIMARY KEY REFERENCES sqlite_import_log ON DELETE CASCADE,
  snapshot bytea NOT NULL);

COMMENT ON TABLE sqlite_import_batches
IS 'one row per batched import: the state of the file that all of it reads';

CREATE TABLE sqlite_import_steps (
  import_id bigint NOT NULL REFERENCES sqlite_import_batches ON DELETE CASCADE,
  step integer NOT NULL,
  phase text NOT NULL,
  object text,
  table_name text,
  source_table text,
  statement text,
  optional boolean NOT NULL,
  fallback text,
  created boolean NOT NULL,
  done_at timestamptz,
  seconds double precision NOT NULL DEFAULT 0,
  rows bigint NOT NULL DEFAULT 0,
  rejected bigint NOT NULL DEFAULT 0,
  nulled bigint NOT NULL DEFAULT 0,
  position_classes text[],
  position_values bytea[],
  plan jsonb,
  before jsonb,
  loaded jsonb,
  findings jsonb,
  PRIMARY KEY (import_id, step));

COMMENT ON TABLE sqlite_import_steps
IS 'what a batched import that is not finished has to do, and how far it is';
COMMENT ON COLUMN sqlite_import_steps.position_values
IS 'the key of the last row read, as sqlite_rejects keeps values';

COMMENT ON TABLE sqlite_rejects
IS 'values that did not fit: rows kept out of an import, and values set to NULL by it';
COMMENT ON COLUMN sqlite_rejects.value
IS 'text and blob as stored; integer and real as decimal text';
COMMENT ON COLUMN sqlite_rejects.column_values
IS 'the whole row, each value as in "value"; null for values set to NULL';
COMMENT ON COLUMN sqlite_rejects.original
IS 'a hash of the row as the file has it: another one now means that it was corrected';

ALTER TABLE sqlite_import_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE sqlite_import_tables ENABLE ROW LEVEL SECURITY;
ALTER TABLE sqlite_rejects ENABLE ROW LEVEL SECURITY;
ALTER TABLE sqlite_import_batches ENABLE ROW LEVEL SECURITY;
ALTER TABLE sqlite_import_steps ENABLE ROW LEVEL SECURITY;

-- pg_has_role() by name would fail for a role that is gone.
CREATE POLICY own_imports ON sqlite_import_log
  USING (EXISTS (SELECT FROM pg_catalog.pg_roles r
                 WHERE r.rolname = owner
                   AND pg_catalog.pg_has_role(r.oid, 'USAGE')));
CREATE POLICY own_imports ON sqlite_import_tables
  USING (import_id IN (SELECT id FROM @extschema@.sqlite_import_log));
CREATE POLICY own_imports ON sqlite_rejects
  USING (import_id IN (SELECT id FROM @extschema@.sqlite_import_log));
CREATE POLICY own_imports ON sqlite_import_batches
  USING (import_id IN (SELECT id FROM @extschema@.sqlite_import_log));
CREATE POLICY own_imports ON sqlite_import_steps
  USING (import_id IN (SELECT id FROM @extschema@.sqlite_import_log));

GRANT SELECT, DELETE ON sqlite_import_log, sqlite_import_tables, sqlite_rejects
  TO PUBLIC;
GRANT UPDATE (storage_classes, column_values) ON sqlite_rejects TO PUBLIC;
GRANT SELECT ON sqlite_import_batches, sqlite_import_steps TO PUBLIC;

SELECT pg_catalog.pg_extension_config_dump('sqlite_import_log', '');
SELECT pg_catalog.pg_extension_config_dump('sqlite_import_log_id_seq', '');
SELECT pg_catalog.pg_extension_config_dump('sqlite_import_tables', '');
SELECT pg_catalog.pg_extension_config_dump('sqlite_rejects', '');
SELECT pg_catalog.pg_extension_config_dump('sqlite_import_batches', '');
SELECT pg_catalog.pg_extension_config_dump('sqlite_import_steps', '');
SELECT pg_catalog.pg_extension_config_dump('sqlite_rejects_id_seq', '');

--
-- Rejected rows: readable, corrected, and back into their table
--
CREATE FUNCTION sqlite_value_text(storage_class text, value bytea)
RETURNS text
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION sqlite_value_text(text, bytea)
IS 'a value of sqlite_rejects for people to read';

CREATE VIEW sqlite_rejected WITH (security_invoker) AS
SELECT r.id, r.import_id, r.target, r.action, r.reason, r.row_id,
  r.column_name, r.storage_class,
  sqlite_value_text(r.storage_class, r.value) AS value,
  (SELECT pg_catalog.jsonb_object_agg(u.name, sqlite_value_text(u.class, u.value))
   FROM unnest(r.column_names, r.storage_classes, r.column_values)
     AS u(name, class, value)) AS whole_row
FROM sqlite_rejects r;

COMMENT ON VIEW sqlite_rejected
IS 'sqlite_rejects with its values as text';

GRANT SELECT ON sqlite_rejected TO PUBLIC;

CREATE FUNCTION sqlite_correct(reject_id bigint, column_name text, value text)
RETURNS boolean
LANGUAGE SQL VOLATILE
BEGIN ATOMIC
  WITH changed AS (
    UPDATE sqlite_rejects r
    SET column_values[array_position(r.column_names, $2)] = convert_to($3, 'UTF8'),
      storage_classes[array_position(r.column_names, $2)] =
        CASE WHEN $3 IS NULL THEN 'null' ELSE 'text' END
    WHERE r.id = $1 AND r.action = 'reject' AND $2 = ANY (r.column_names)
    RETURNING 1)
  SELECT EXISTS (SELECT FROM changed);
END;

COMMENT ON FUNCTION sqlite_correct(bigint, text, text)
IS 'gives a rejected row another value, NULL or text; false: there is no such row or column';

CREATE FUNCTION sqlite_reinsert(import_id bigint, table_name text DEFAULT NULL)
RETURNS TABLE (
  target text,
  reinserted bigint,
  remaining bigint)
AS 'MODULE_PATHNAME'
LANGUAGE C VOLATILE PARALLEL UNSAFE
ROWS 10;

COMMENT ON FUNCTION sqlite_reinsert(bigint, text)
IS 'puts rejected rows that fit by now into their tables';
