-- What the differential tests need in their database.
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;
CREATE SCHEMA IF NOT EXISTS fuzz;

-- A schema's columns, without what only native tables can have.
CREATE OR REPLACE FUNCTION fuzz.columns(schema text)
RETURNS TABLE (relname name, attname name, type text, collation_name text, kind "char")
LANGUAGE sql AS
$$
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
           CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text ELSE '' END,
           c.relkind
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = schema)
      AND c.relkind IN ('r', 'f', 'v') AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname COLLATE "C", a.attnum
$$;

CREATE OR REPLACE FUNCTION fuzz.keys(schema text)
RETURNS TABLE (relname name, attname name)
LANGUAGE sql AS
$$
    SELECT c.relname, a.attname
    FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
    WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = schema) AND i.indisprimary
    ORDER BY c.relname COLLATE "C", a.attnum
$$;

-- Every table's rows as one digest.
CREATE OR REPLACE FUNCTION fuzz.contents(schema text)
RETURNS TABLE (relname name, digest text)
LANGUAGE plpgsql AS
$$
DECLARE
    rel oid;
BEGIN
    FOR rel, relname IN SELECT c.oid, c.relname FROM pg_class c
        WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = schema) AND c.relkind = 'r'
        ORDER BY c.relname COLLATE "C"
    LOOP
        EXECUTE format('SELECT count(*) || '' '' || coalesce(md5(string_agg(d, '''' ORDER BY d COLLATE "C")), '''')
            FROM (SELECT md5(t::text) AS d FROM %s t) s', rel::regclass) INTO digest;
        RETURN NEXT;
    END LOOP;
END
$$;

-- Some values of every column, to compare with.
CREATE OR REPLACE FUNCTION fuzz.samples(schema text)
RETURNS TABLE (relname name, attname name, value text)
LANGUAGE plpgsql AS
$$
DECLARE
    rel oid;
BEGIN
    FOR rel, relname, attname IN SELECT c.oid, c.relname, a.attname
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = schema)
          AND c.relkind IN ('r', 'v') AND a.attnum > 0
        ORDER BY c.relname COLLATE "C", a.attnum
    LOOP
        RETURN QUERY EXECUTE format('SELECT %L::name, %L::name, v FROM (SELECT DISTINCT %I::text AS v FROM %s) s
            WHERE octet_length(v) < 200 ORDER BY md5(v) COLLATE "C" LIMIT 12', relname, attname, attname, rel::regclass);
    END LOOP;
END
$$;

-- The tables of a plan, made from its statements alone.
CREATE OR REPLACE FUNCTION fuzz.make_planned(source text, target text, how text, names text)
RETURNS void
LANGUAGE plpgsql AS
$$
DECLARE
    planned text;
BEGIN
    FOR planned IN SELECT p.statement FROM sqlite_plan(source, target, infer => how, identifiers => names) p
        WHERE p.phase IN ('schema', 'table') AND p.statement IS NOT NULL ORDER BY p.step
    LOOP
        EXECUTE planned;
    END LOOP;
END
$$;
