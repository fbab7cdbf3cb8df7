-- sqlite_columns: what is stored, and what it would become.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;

SELECT column_name, declared_type, proposed_type, not_null, default_expr, stored_as
  FROM sqlite_columns(:'fixtures' || '/lib_app.db', 'users');
SELECT table_name, column_name, proposed_type, stored_as
  FROM sqlite_columns(:'fixtures' || '/lib_app.db') WHERE table_name <> 'users';
-- the evidence is a sentence
SELECT column_name FROM sqlite_columns(:'fixtures' || '/lib_app.db', 'users')
  WHERE evidence IS NULL OR evidence = '';
-- a view has columns, but no place in an import
SELECT column_name, proposed_type IS NULL AS no_proposal, stored_as
  FROM sqlite_columns(:'fixtures' || '/lib_app.db', table_name => 'admins') LIMIT 2;
-- options are those of a plan
SELECT column_name, proposed_type FROM sqlite_columns(:'fixtures' || '/lib_app.db', 'notes', infer => 'declared');
SELECT column_name, proposed_type FROM sqlite_columns(:'fixtures' || '/lib_app.db', 'notes',
  types => '{"notes.tags": "text", "notes.user_id": "integer"}');

SELECT * FROM sqlite_columns(:'fixtures' || '/lib_app.db', 'nothing');
SELECT * FROM sqlite_columns(:'fixtures' || '/lib_app.db', infer => 'wildly');
