-- sqlite_verify: it finds whatever was done to a table since.
\getenv fixtures FIXTURES
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS sqlite_fdw_lite;
\set app :fixtures '/lib_app.db'
\set wide :fixtures '/lib_wide.db'

SELECT count(*) FROM sqlite_import(:'app', 'lib_verify');
SELECT count(*) FROM sqlite_import(:'wide', 'lib_verify');
SELECT * FROM sqlite_verify(:'app', 'lib_verify');
SELECT * FROM sqlite_verify(:'wide', 'lib_verify');

\set check 'SELECT table_name, source_rows, target_rows, verified, detail FROM sqlite_verify(:''wide'', ''lib_verify'', ''{wide,bag}'') WHERE NOT verified;'
-- one flipped byte
BEGIN; UPDATE lib_verify.wide SET b = set_byte(b, 3, get_byte(b, 3) # 1) WHERE id = 2500; :check ROLLBACK;
-- one bit of a float
BEGIN; UPDATE lib_verify.wide SET r = r + 1e-13 WHERE id = 17; :check ROLLBACK;
-- a lost row
BEGIN; DELETE FROM lib_verify.wide WHERE id = 1234; :check ROLLBACK;
-- a doubled row (there is a key to drop first)
BEGIN; ALTER TABLE lib_verify.wide DROP CONSTRAINT wide_pkey; INSERT INTO lib_verify.wide SELECT * FROM lib_verify.wide WHERE id = 77; :check ROLLBACK;
-- one row lost, another doubled: the count is right
BEGIN; ALTER TABLE lib_verify.wide DROP CONSTRAINT wide_pkey; DELETE FROM lib_verify.wide WHERE id = 78; INSERT INTO lib_verify.wide SELECT * FROM lib_verify.wide WHERE id = 77; :check ROLLBACK;
-- values exchanged between two rows: every column has its values still
BEGIN; UPDATE lib_verify.wide SET n = CASE id WHEN 1 THEN (SELECT n FROM lib_verify.wide WHERE id = 2) ELSE (SELECT n FROM lib_verify.wide WHERE id = 1) END WHERE id IN (1, 2); :check ROLLBACK;
-- NULL is not the empty value
BEGIN; UPDATE lib_verify.wide SET b = '' WHERE id = 3; :check ROLLBACK;
-- without a key: doubles count
BEGIN; DELETE FROM lib_verify.bag WHERE ctid = (SELECT min(ctid) FROM lib_verify.bag WHERE x = 'twice'); :check ROLLBACK;
BEGIN; UPDATE lib_verify.bag SET x = 'Once' WHERE x = 'once'; :check ROLLBACK;
-- two columns exchanged
BEGIN;
ALTER TABLE lib_verify.notes RENAME title TO x; ALTER TABLE lib_verify.notes RENAME body TO title; ALTER TABLE lib_verify.notes RENAME x TO body;
SELECT table_name, verified, detail FROM sqlite_verify(:'app', 'lib_verify', '{notes}');
ROLLBACK;
-- a spelling that does not count, and one that does
BEGIN;
UPDATE lib_verify.users SET settings = '{"theme":"dark","n":1.0}' WHERE id = 1;
SELECT table_name, verified, detail FROM sqlite_verify(:'app', 'lib_verify', '{users}');
UPDATE lib_verify.users SET settings = '{"theme":"dark","n":"1"}' WHERE id = 1;
SELECT table_name, verified, detail FROM sqlite_verify(:'app', 'lib_verify', '{users}');
ROLLBACK;
-- what is no longer there
BEGIN; DROP TABLE lib_verify.settings;
SELECT * FROM sqlite_verify(:'app', 'lib_verify', '{settings}');
ROLLBACK;
BEGIN; ALTER TABLE lib_verify.settings DROP COLUMN value;
SELECT * FROM sqlite_verify(:'app', 'lib_verify', '{settings}');
ROLLBACK;
-- what was never imported
SELECT * FROM sqlite_verify(:'app', 'nowhere');
SELECT * FROM sqlite_verify(:'app', NULL);
-- all is well after all
SELECT bool_and(verified) FROM sqlite_verify(:'wide', 'lib_verify');
DROP SCHEMA lib_verify CASCADE;
