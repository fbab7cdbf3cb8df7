-- Names made to break things, and very many of them.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;
\set f :fixtures '/cases_names.db'

SELECT table_name, rows, verified FROM sqlite_import(:'f', 'cases_names');
SELECT severity, left(object, 40) AS object, left(finding, 90) AS finding, advice FROM sqlite_plan(:'f', 'cases_names', if_exists => 'replace')
 WHERE finding IS NOT NULL;
SELECT relname, array_agg(attname ORDER BY attnum) FROM pg_class c JOIN pg_attribute a ON attrelid = c.oid
 WHERE relnamespace = 'cases_names'::regnamespace AND relkind = 'r' AND attnum > 0 GROUP BY 1 ORDER BY relname COLLATE "C";
SELECT * FROM cases_names."''";
SELECT * FROM cases_names."a.b";
SELECT * FROM cases_names."say ""hi""";
-- the whole of a name that was shortened is in a comment
SELECT length(col_description('cases_names.long_names'::regclass, 1));
SELECT count(*) FILTER (WHERE verified) AS verified, count(*) FROM sqlite_verify(:'f', 'cases_names');

-- 368 tables, one of 201 columns; 396 triggers, each of them told
SELECT count(*), sum(rows), bool_and(verified) AS verified FROM sqlite_import(:'fixtures' || '/cases_many.db', 'cases_many') WHERE table_name IS NOT NULL;
SELECT count(*) FROM sqlite_plan(:'fixtures' || '/cases_many.db', 'cases_many', if_exists => 'replace') WHERE finding LIKE 'trigger is not carried over%';
SELECT count(*) FROM pg_attribute WHERE attrelid = 'cases_many.wide'::regclass AND attnum > 0;
DROP VIEW cases_many.wide_view;
DO $$
DECLARE
	t text;
BEGIN
	FOR t IN SELECT relname FROM pg_class WHERE relnamespace = 'cases_many'::regnamespace AND relkind = 'r' LOOP
		EXECUTE format('DROP TABLE cases_many.%I CASCADE', t);
	END LOOP;
END
$$;
DROP SCHEMA cases_many;
SET client_min_messages = error;
DROP SCHEMA cases_names CASCADE;
DROP EXTENSION sqlite_fdw_lite CASCADE;
