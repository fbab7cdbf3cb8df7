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
