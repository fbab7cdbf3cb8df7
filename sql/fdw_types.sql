-- Values: what each type takes, and what it says of the others.
\getenv fixtures FIXTURES
\set db :fixtures '/fdw_types.db'
CREATE EXTENSION sqlite_fdw_lite;
CREATE SERVER types FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database :'db');
SET timezone = 'UTC';
SET datestyle = 'ISO';

CREATE FOREIGN TABLE good (
    id bigint, b boolean, i2 smallint, i4 integer, i8 bigint, f8 double precision, nu numeric,
    tx text, vc varchar(10), by bytea, da date, ti time, ts timestamp, tz timestamptz,
    uu uuid, js json, jb jsonb) SERVER types;
\x on
SELECT * FROM good ORDER BY id;
\x off
SELECT length(tx), octet_length(by), da - date '2024-01-01' AS days, jb -> 'b' AS b FROM good WHERE id < 3 ORDER BY id;

-- One value as one type: the value, or the error's code and detail.
CREATE FUNCTION as_type(what text, type text, format text DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS
$$
DECLARE
    result text;
    detail text;
BEGIN
    EXECUTE 'DROP FOREIGN TABLE IF EXISTS one';
    EXECUTE format('CREATE FOREIGN TABLE one (v %s %s) SERVER types OPTIONS (query %L)', type,
                   'OPTIONS (format ' || quote_literal(format) || ')',
                   'SELECT v FROM odd WHERE what = ' || quote_literal(what));
    EXECUTE 'SELECT v::text FROM one' INTO result;
    RETURN coalesce(result, 'NULL');
EXCEPTION WHEN others THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
    RETURN sqlstate || ': ' || sqlerrm || coalesce(': ' || nullif(detail, ''), '');
END
$$;
SET client_min_messages = warning;

\pset format unaligned
\pset fieldsep ' | '
\pset footer off
\pset tuples_only on
SELECT w, as_type(w, 'bigint') FROM unnest(ARRAY['integer', 'big', 'whole real', 'real', 'huge real', 'infinity',
    'text', 'number text', 'empty', 'NaN', 'blob']) w;
SELECT w, as_type(w, 'integer') FROM unnest(ARRAY['integer', 'big', 'whole real', 'true']) w;
SELECT w, as_type(w, 'smallint') FROM unnest(ARRAY['integer', 'big', 'epoch']) w;
SELECT w, as_type(w, 'boolean') FROM unnest(ARRAY['zero', 'one', 'integer', 'true', 'text', 'empty']) w;
SELECT w, as_type(w, 'double precision') FROM unnest(ARRAY['integer', 'big', '2^53+1', 'real', 'infinity',
    'negative zero', 'text', 'NaN', 'Infinity', 'number text', 'blob']) w;
SELECT w, as_type(w, 'numeric') FROM unnest(ARRAY['integer', '2^53+1', 'real', 'huge real', 'infinity', 'NaN',
    'Infinity', 'number text', 'text', 'empty']) w;
SELECT w, as_type(w, 'text') FROM unnest(ARRAY['integer', 'real', 'whole real', 'text', 'nul inside', 'bad utf8',
    'surrogate', 'blob', 'text blob', 'infinity']) w;
SELECT w, as_type(w, 'bytea') FROM unnest(ARRAY['blob', 'text', 'nul inside', 'bad utf8', 'integer']) w;
SELECT w, as_type(w, 'date') FROM unnest(ARRAY['date', 'bad date', 'datetime', 'time', 'epoch', 'text', 'empty']) w;
SELECT w, as_type(w, 'time') FROM unnest(ARRAY['time', 'date', 'datetime']) w;
SELECT w, as_type(w, 'timestamptz') FROM unnest(ARRAY['datetime', 'date', 'time', 'bad date', 'epoch', 'epoch ms',
    'epoch us', 'julian', 'integer', 'infinity', 'huge real']) w;
SELECT f, w, as_type(w, 'timestamptz', f) FROM unnest(ARRAY['native', 'unix', 'unix_ms', 'julian', 'webkit', 'cocoa']) f,
    unnest(ARRAY['epoch', 'datetime']) w;
SELECT w, as_type(w, 'uuid') FROM unnest(ARRAY['uuid', 'uuid blob', 'blob', 'text']) w;
SELECT w, as_type(w, 'jsonb') FROM unnest(ARRAY['json', 'json nul', 'bad json', 'integer', 'text', 'empty', 'NaN']) w;
SELECT w, as_type(w, 'json') FROM unnest(ARRAY['json', 'json nul', 'bad json']) w;

-- modifiers never lose anything in silence
SELECT t, w, as_type(w, t) FROM unnest(ARRAY['numeric(10,2)', 'numeric(5,1)', 'numeric(3)', 'numeric(2,-1)', 'numeric(3,5)']) t,
    unnest(ARRAY['number text', 'integer', 'real']) w;
SELECT t, w, as_type(w, t) FROM unnest(ARRAY['varchar(3)', 'varchar(2)', 'char(5)', 'char(2)']) t,
    unnest(ARRAY['text', 'umlaut', 'empty']) w;
SELECT t, as_type('epoch us', t, 'unix_us') FROM unnest(ARRAY['timestamptz', 'timestamp(6)', 'timestamptz(3)', 'timestamp(0)']) t;
SELECT w, as_type(w, 'name') FROM unnest(ARRAY['text', 'long']) w;
SELECT w, as_type(w, '"char"') FROM unnest(ARRAY['one', 'text']) w;

-- any other type, by its input function; domains and enums
CREATE DOMAIN positive AS bigint CHECK (VALUE > 0);
CREATE DOMAIN needed AS text NOT NULL;
CREATE TYPE mood AS ENUM ('happy', 'sad');
SELECT w, as_type(w, 'positive') FROM unnest(ARRAY['integer', 'negative', 'text']) w;
SELECT w, as_type(w, 'mood') FROM unnest(ARRAY['label', 'text']) w;
SELECT as_type('array', 'integer[]'), as_type('inet', 'inet'), as_type('integer', 'oid'), as_type('real', 'real'),
    as_type('blob', 'inet'), as_type('nul inside', 'inet'), as_type('real', 'money');
\pset format aligned
\pset tuples_only off
\pset footer on
CREATE FOREIGN TABLE needs (tx needed) SERVER types OPTIONS ("table" 'good');
SELECT count(tx) FROM needs;

-- where it happened: file, table, rowid, column
CREATE FOREIGN TABLE odd (what text, v bigint) SERVER types;
SELECT count(v) FROM odd;
SELECT what FROM odd WHERE what = 'text';
CREATE FOREIGN TABLE odd_mood (what text, v mood) SERVER types OPTIONS ("table" 'odd');
SELECT * FROM odd_mood;
CREATE FOREIGN TABLE odd_query (v date) SERVER types OPTIONS (query 'SELECT v FROM odd ORDER BY rowid DESC');
SELECT * FROM odd_query;

-- ANALYZE samples what can be read
ANALYZE odd;

DROP SERVER types CASCADE;
DROP FUNCTION as_type;
DROP DOMAIN positive;
DROP DOMAIN needed;
DROP TYPE mood;
DROP EXTENSION sqlite_fdw_lite;
