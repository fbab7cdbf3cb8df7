-- What a person would want from the conversation database once it is in
-- PostgreSQL.  psql variables: schema, columns.

\pset footer off
\pset null '-'
\pset format wrapped
\pset columns :columns
\set QUIET on
SET search_path = :"schema", public;

-- The file's FTS5 table became a tsvector column: which?
SELECT coalesce(min(table_name), '') AS search_table, coalesce(min(column_name), '') AS search_column,
	   count(*) > 0 AS has_search
FROM (SELECT * FROM information_schema.columns
	  WHERE table_schema = :'schema' AND data_type = 'tsvector' AND table_name = 'messages' LIMIT 1) c \gset

\echo
\echo ----------------------------------------------------------------------
\echo 'The conversations, now in PostgreSQL'
\echo ----------------------------------------------------------------------
\if :has_search
\echo
\echo 'Search: checksum or snapshot, but not invoice; best first'
SELECT m.id, c.title, round(ts_rank(m.:"search_column", q)::numeric, 3) AS rank,
	   ts_headline('english', m.content, q, 'StartSel=[, StopSel=], MaxWords=12, MinWords=6') AS found
FROM messages m JOIN conversations c ON c.id = m.conversation_id,
	 websearch_to_tsquery('english', 'checksum OR snapshot -invoice') q
WHERE m.:"search_column" @@ q
ORDER BY 3 DESC, m.id LIMIT 5;
\endif

\echo 'JSONB: which tools were called, how often, and how many calls failed'
SELECT metadata ->> 'tool' AS tool, count(*) AS calls,
	   count(*) FILTER (WHERE metadata @> '{"ok": false}') AS failed,
	   round(avg((metadata #>> '{arguments,limit}')::numeric), 1) AS "average limit"
FROM messages WHERE metadata ? 'tool'
GROUP BY 1 ORDER BY 2 DESC, 1;

\echo 'Times are times: messages per week, and how long a conversation lasts'
SELECT date_trunc('week', c.created_at)::date AS week, count(DISTINCT c.id) AS conversations, count(*) AS messages,
	   max(c.updated_at - c.created_at) AS longest
FROM conversations c JOIN messages m ON m.conversation_id = c.id
GROUP BY 1 ORDER BY 1 LIMIT 4;
