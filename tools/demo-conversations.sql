-- What a person would want from the conversation database once it is in
-- PostgreSQL.  psql variable: schema.

\set QUIET on
\pset footer off
\pset null ''
SET search_path = :"schema", public;

-- The file's FTS5 table became a tsvector column of the table it indexed.
SELECT coalesce(min(column_name), '') AS search_column, count(*) > 0 AS has_search
FROM (SELECT column_name FROM information_schema.columns
	  WHERE table_schema = :'schema' AND table_name = 'messages' AND data_type = 'tsvector' LIMIT 1) c \gset

\echo
\echo ----------------------------------------------------------------------
\echo 'The conversations, now in PostgreSQL'
\echo ----------------------------------------------------------------------
\if :has_search
\echo
\echo 'Search: index or snapshot, but not invoice; the best message of each topic'
\echo
SELECT * FROM (
	SELECT DISTINCT ON (split_part(c.title, ' (', 1))
		   m.id, split_part(c.title, ' (', 1) AS topic, round(ts_rank(m.:"search_column", q)::numeric, 3) AS rank,
		   ts_headline('english', m.content, q, 'StartSel=[, StopSel=], MaxWords=14, MinWords=8') AS found
	FROM messages m JOIN conversations c ON c.id = m.conversation_id,
		 websearch_to_tsquery('english', 'index OR snapshot -invoice') q
	WHERE m.:"search_column" @@ q
	ORDER BY 2, 3 DESC, m.id) best
ORDER BY rank DESC, id LIMIT 5;
\endif

\echo 'JSONB: which tools were called, how often, and how many calls failed'
\echo
SELECT metadata ->> 'tool' AS tool, count(*) AS calls,
	   count(*) FILTER (WHERE metadata @> '{"ok": false}') AS failed,
	   round(avg((metadata #>> '{arguments,limit}')::numeric), 1) AS "average limit"
FROM messages WHERE metadata ? 'tool'
GROUP BY 1 ORDER BY 2 DESC, 1;

\echo 'Times are times: messages per week, and how long the longest conversation took'
\echo
SELECT date_trunc('week', c.created_at)::date AS week, count(DISTINCT c.id) AS conversations, count(*) AS messages,
	   max(c.updated_at - c.created_at) AS longest
FROM conversations c JOIN messages m ON m.conversation_id = c.id
GROUP BY 1 ORDER BY 1 LIMIT 4;
