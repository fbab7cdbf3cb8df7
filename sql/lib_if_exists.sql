-- if_exists: error, replace, append, skip.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;

\set app :fixtures '/lib_app.db'
SELECT table_name, rows, verified FROM sqlite_import(:'app', 'lib_if_exists');
-- error
SELECT table_name, rows FROM sqlite_import(:'app', 'lib_if_exists');
-- replace gives the same again
DELETE FROM lib_if_exists.notes;
SELECT table_name, rows, verified FROM sqlite_import(:'app', 'lib_if_exists', if_exists => 'replace');
SELECT count(*) FROM lib_if_exists.notes;
-- skip leaves alone what is there
DROP TABLE lib_if_exists.settings;
DELETE FROM lib_if_exists.notes;
SELECT table_name, rows, verified FROM sqlite_import(:'app', 'lib_if_exists', if_exists => 'skip');
SELECT count(*) FROM lib_if_exists.notes;
-- append: through keys, checks, foreign keys and triggers
DELETE FROM lib_if_exists.users; DELETE FROM lib_if_exists.settings;
CREATE TABLE lib_if_exists.seen (what text);
CREATE FUNCTION lib_if_exists.see() RETURNS trigger LANGUAGE plpgsql AS
  $$BEGIN INSERT INTO lib_if_exists.seen VALUES (TG_TABLE_NAME || ' ' || NEW.id); RETURN NEW; END$$;
CREATE TRIGGER see AFTER INSERT ON lib_if_exists.users FOR EACH ROW EXECUTE FUNCTION lib_if_exists.see();
ALTER TABLE lib_if_exists.users ADD extra text DEFAULT 'default', ADD CHECK (id < 100);
SELECT table_name, rows, verified FROM sqlite_import(:'app', 'lib_if_exists', if_exists => 'append', exclude => '{notes}');
SELECT id, email, extra FROM lib_if_exists.users ORDER BY id;
SELECT * FROM lib_if_exists.seen;
-- the sequence moves forward, never back
SELECT nextval('lib_if_exists.users_id_seq');
SELECT setval('lib_if_exists.users_id_seq', 50);
DELETE FROM lib_if_exists.users;
SELECT table_name, findings FROM sqlite_import(:'app', 'lib_if_exists', if_exists => 'append', tables => '{users}');
SELECT nextval('lib_if_exists.users_id_seq');
SELECT table_name, verified, detail FROM sqlite_verify(:'app', 'lib_if_exists', '{users,settings}');
-- what the table forbids is an error, whatever the policy, and nothing is appended
SELECT table_name FROM sqlite_import(:'app', 'lib_if_exists', tables => '{users}', if_exists => 'append');
ALTER TABLE lib_if_exists.users ADD CHECK (id <> 7) NOT VALID;
DELETE FROM lib_if_exists.users;
SELECT table_name FROM sqlite_import(:'app', 'lib_if_exists', tables => '{users}', if_exists => 'append', on_error => 'reject');
SELECT count(*) FROM lib_if_exists.users;
-- a trigger that changes rows is found out
CREATE FUNCTION lib_if_exists.change() RETURNS trigger LANGUAGE plpgsql AS
  $$BEGIN NEW.email := upper(NEW.email); RETURN NEW; END$$;
ALTER TABLE lib_if_exists.users DROP CONSTRAINT users_id_check1;
CREATE TRIGGER change BEFORE INSERT ON lib_if_exists.users FOR EACH ROW EXECUTE FUNCTION lib_if_exists.change();
SELECT table_name, rows, verified FROM sqlite_import(:'app', 'lib_if_exists', tables => '{users}', if_exists => 'append');
-- two files into one table: each is verified for itself
CREATE TABLE lib_if_exists.bag (x text);
INSERT INTO lib_if_exists.bag VALUES ('before');
SELECT table_name, rows, verified FROM sqlite_import(:'fixtures' || '/lib_wide.db', 'lib_if_exists', tables => '{bag}', if_exists => 'append');
SELECT table_name, rows, verified FROM sqlite_import(:'fixtures' || '/lib_wide.db', 'lib_if_exists', tables => '{bag}', if_exists => 'append');
SELECT * FROM sqlite_verify(:'fixtures' || '/lib_wide.db', 'lib_if_exists');
INSERT INTO lib_if_exists.bag VALUES ('after');
SELECT * FROM sqlite_verify(:'fixtures' || '/lib_wide.db', 'lib_if_exists');
-- partitioned, and of types that the file does not know
CREATE TYPE lib_if_exists.mood AS ENUM ('red', '10', '2.5');
CREATE TABLE lib_if_exists.p (name varchar(10), scope text, value lib_if_exists.mood) PARTITION BY LIST (scope);
CREATE TABLE lib_if_exists.p_app PARTITION OF lib_if_exists.p FOR VALUES IN ('app');
CREATE TABLE lib_if_exists.p_user PARTITION OF lib_if_exists.p DEFAULT;
DROP TABLE lib_if_exists.settings;
ALTER TABLE lib_if_exists.p RENAME TO settings;
SELECT table_name, rows, verified FROM sqlite_import(:'app', 'lib_if_exists', tables => '{settings}', if_exists => 'append');
SELECT tableoid::regclass, * FROM lib_if_exists.settings ORDER BY 1, 2;
SELECT verified, detail FROM sqlite_verify(:'app', 'lib_if_exists', '{settings}');
-- a table that lacks a column
CREATE TABLE lib_if_exists.wide (id bigint);
SELECT table_name FROM sqlite_import(:'fixtures' || '/lib_wide.db', 'lib_if_exists', tables => '{wide}', if_exists => 'append');
DROP SCHEMA lib_if_exists CASCADE;
