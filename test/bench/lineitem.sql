-- 16 mixed columns in the manner of TPC-H's lineitem; :rows of them.
-- Pseudo-random but the same on every run: multiplicative hashing of the row number.
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE lineitem (
	l_orderkey INTEGER NOT NULL,
	l_partkey INTEGER NOT NULL,
	l_suppkey INTEGER NOT NULL,
	l_linenumber INTEGER NOT NULL,
	l_quantity INTEGER NOT NULL,
	l_extendedprice REAL NOT NULL,
	l_discount REAL NOT NULL,
	l_tax DECIMAL(15,2) NOT NULL,
	l_returnflag CHAR(1) NOT NULL,
	l_linestatus CHAR(1) NOT NULL,
	l_shipdate DATE NOT NULL,
	l_commitdate DATE NOT NULL,
	l_receiptdate DATE NOT NULL,
	l_shipinstruct VARCHAR(25) NOT NULL,
	l_shipmode VARCHAR(10) NOT NULL,
	l_comment VARCHAR(44)
);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :rows),
h(i, a, b) AS (SELECT i, (i * 2654435761) % 4294967296, (i * 40503 + 12345) % 65536 FROM n)
INSERT INTO lineitem
SELECT 1 + i / 4, 1 + a % 200000, 1 + b % 10000, 1 + i % 4, 1 + a % 50,
	round((90000 + a % 10000000) / 100.0, 2), (b % 11) / 100.0, (a % 9) / 100.0,
	substr('ARN', 1 + b % 3, 1), substr('OF', 1 + a % 2, 1),
	date('1992-01-01', '+' || (a % 2500) || ' days'),
	date('1992-02-01', '+' || (b % 2500) || ' days'),
	date('1992-01-15', '+' || (a % 2500) || ' days'),
	CASE a % 4 WHEN 0 THEN 'DELIVER IN PERSON' WHEN 1 THEN 'COLLECT COD' WHEN 2 THEN 'NONE' ELSE 'TAKE BACK RETURN' END,
	CASE b % 7 WHEN 0 THEN 'REG AIR' WHEN 1 THEN 'AIR' WHEN 2 THEN 'RAIL' WHEN 3 THEN 'SHIP' WHEN 4 THEN 'TRUCK'
		WHEN 5 THEN 'MAIL' ELSE 'FOB' END,
	substr('carefully final deposits sleep quickly about the furious packages', 1 + a % 30, 10 + b % 30)
FROM h;
