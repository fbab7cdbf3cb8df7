-- Chat messages of 10 to 80 words with JSON columns and timestamps; :rows of them.
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TEMP TABLE word (k INTEGER PRIMARY KEY, w TEXT);
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1999)
INSERT INTO word
SELECT i, substr('bcdfghklmnprstvw', 1 + i % 16, 1) || substr('aeiou', 1 + i % 5, 1) ||
	substr('lmnrst', 1 + i % 6, 1) || substr('aeiou', 1 + (i / 7) % 5, 1) ||
	CASE i % 9 WHEN 0 THEN 'ing' WHEN 1 THEN 'tion' WHEN 2 THEN 'ed' WHEN 3 THEN 's' WHEN 4 THEN 'ly' ELSE '' END ||
	CASE i % 4 WHEN 0 THEN substr('bcdfghklmnprstvw', 1 + (i / 16) % 16, 1) ELSE '' END
FROM n;
CREATE TABLE messages (
	id INTEGER PRIMARY KEY,
	conversation_id INTEGER NOT NULL,
	role TEXT NOT NULL,
	content TEXT NOT NULL,
	metadata TEXT NOT NULL DEFAULT '{}',
	tags TEXT NOT NULL DEFAULT '[]',
	created_at TEXT NOT NULL,
	edited_at TEXT
);
CREATE TEMP TABLE sentence AS
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4999)
SELECT i AS k, (SELECT group_concat(w, ' ') FROM
	(SELECT w FROM word WHERE k IN (
		(i * 7) % 2000, (i * 13 + 5) % 2000, (i * 31 + 11) % 2000, (i * 101 + 3) % 2000, (i * 211) % 2000,
		(i * 307 + 1) % 2000, (i * 401 + 9) % 2000, (i * 503 + 2) % 2000, (i * 601 + 8) % 2000, (i * 701) % 2000))) AS s
FROM n;
CREATE INDEX temp.sentence_k ON sentence (k);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows)
INSERT INTO messages
SELECT i, 1 + i / 20, CASE i % 3 WHEN 0 THEN 'assistant' ELSE 'user' END,
	(SELECT group_concat(s, '. ') FROM sentence WHERE k IN (
		(i * 17) % 5000,
		CASE WHEN i % 8 > 0 THEN (i * 29 + 1) % 5000 END, CASE WHEN i % 8 > 1 THEN (i * 37 + 2) % 5000 END,
		CASE WHEN i % 8 > 2 THEN (i * 43 + 3) % 5000 END, CASE WHEN i % 8 > 3 THEN (i * 53 + 4) % 5000 END,
		CASE WHEN i % 8 > 4 THEN (i * 59 + 5) % 5000 END, CASE WHEN i % 8 > 5 THEN (i * 61 + 6) % 5000 END,
		CASE WHEN i % 8 > 6 THEN (i * 67 + 7) % 5000 END)),
	json_object('model', 'm' || (i % 5), 'tokens', i % 4096, 'pinned', json(CASE i % 50 WHEN 0 THEN 'true' ELSE 'false' END)),
	json_array('t' || (i % 20), 't' || (i % 7)),
	strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + i * 13.25, 'unixepoch'),
	CASE i % 10 WHEN 0 THEN strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + i * 13.25 + 60, 'unixepoch') END
FROM n;
