# sqlite2pg loads a file whole: contents, keys, indexes, and proof.

use strict;
use warnings;

use Lite qw(sqlite);
use LiteLoader;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = plain_node();
my ($status, $out, $err);

# Every type of the list, with the values at its ends.
my $types = new_file(q{
	CREATE TABLE every (
		id INTEGER PRIMARY KEY, flag BOOLEAN, small SMALLINT, medium INT4,
		big BIGINT, real REAL, price DECIMAL(12,3), any_number NUMERIC,
		name TEXT, code VARCHAR(10), raw BLOB, day DATE, at TIME,
		moment DATETIME, tags JSON, key UUID);
	INSERT INTO every VALUES
		(1, 0, -32768, -2147483648, -9223372036854775808, -0.0,
			-123456789.125, 9007199254740993, '', 'a', x'', '0001-01-01',
			'00:00:00', '0001-01-01 00:00:00', '{}',
			'00000000-0000-0000-0000-000000000000'),
		(2, 1, 32767, 2147483647, 9223372036854775807, 1.7976931348623157e308,
			0.001, 0.1, 'tab	and ''quote'' and \ and
newline', '0123456789', x'00ff5c', '9999-12-31', '23:59:59.999999',
			'2023-06-30 12:34:56.789', '[1, {"a": "b"}, null, 1.50]',
			'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'),
		(3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
			NULL, NULL, NULL, NULL),
		(4, 1, 0, 0, 0, 4.9e-324, 0, 100000000, 'žluťoučký 🐘', 'é', x'5c783030',
			'2000-02-29', '12:30:00', '1999-12-31 23:59:59', '{"k": [true]}',
			'ffffffff-ffff-ffff-ffff-ffffffffffff');
});
($status, $out, $err) = load($node, $types, '--schema', 'types');
is($status, 0, 'a table of every type loads') or diag($err);
like($err, qr/every\s+4 rows, equal/, 'and is verified');
is( $node->safe_psql(
		'postgres', q{
		SELECT string_agg(format_type(atttypid, atttypmod), ', ' ORDER BY attnum)
		FROM pg_attribute WHERE attrelid = 'types.every'::regclass AND attnum > 0
	}),
	'bigint, boolean, smallint, integer, bigint, double precision, '
	  . 'numeric(12,3), numeric, text, text, bytea, date, '
	  . 'time without time zone, timestamp with time zone, jsonb, uuid',
	'with the types of the plan');
is( $node->safe_psql('postgres', 'SELECT * FROM types.every WHERE id = 1'),
	join('|',
		1, 'f', -32768, -2147483648, '-9223372036854775808', '0',
		'-123456789.125', '9007199254740993', '', 'a', '\x', '0001-01-01',
		'00:00:00', '0001-01-01 00:00:00+00', '{}',
		'00000000-0000-0000-0000-000000000000'),
	'the smallest values arrive');
is( $node->safe_psql('postgres', q{
		SELECT big, real, price, any_number, name = E'tab\tand ''quote'' and \\\\ and\nnewline',
			raw, day, at, moment AT TIME ZONE 'UTC', tags
		FROM types.every WHERE id = 2}),
	join('|', '9223372036854775807', '1.7976931348623157e+308', '0.001', '0.1',
		't', '\x00ff5c', '9999-12-31', '23:59:59.999999',
		'2023-06-30 12:34:56.789', '[1, {"a": "b"}, null, 1.50]'),
	'the largest values arrive');

# The same through a script for psql.
my $script = Lite::scratch_dir() . '/load.sql';
IPC::Run::run([ 'sqlite2pg', '--sql', '--schema', 'script', $types ], '>', $script, '2>', \$err);
is($? >> 8, 0, '--sql writes a script') or diag($err);
IPC::Run::run([ 'psql', '-Xq', '-d', $node->connstr('postgres'), '-f', $script ], '>', \$out, '2>', \$err);
is($? >> 8, 0, 'psql runs it') or diag($err);
is($node->safe_psql('postgres', 'SELECT count(*) FROM (TABLE types.every EXCEPT TABLE script.every) x'),
	0, 'with the same values of every type');

# Keys, indexes, foreign keys, defaults, identity, comments.
my $shop = new_file(q{
	CREATE TABLE customer (id INTEGER PRIMARY KEY AUTOINCREMENT,
		email TEXT NOT NULL UNIQUE, score INT DEFAULT (1 + 2) CHECK (score > 0));
	CREATE TABLE "Order" (no INTEGER, line INTEGER, customer INTEGER REFERENCES customer,
		"select" TEXT, PRIMARY KEY (no, line)) WITHOUT ROWID;
	CREATE INDEX order_customer ON "Order" (customer DESC) WHERE customer > 1;
	INSERT INTO customer VALUES (1, 'a@x', 3), (7, 'b@x', 9);
	DELETE FROM customer WHERE id = 7;
	INSERT INTO customer VALUES (5, 'c@x', 9);
	INSERT INTO "Order" VALUES (1, 1, 1, 'x'), (1, 2, 5, NULL);
});
($status, $out, $err) = load($node, $shop, '--schema', "o'dd \"schema%s\"");
is($status, 0, 'a schema whose name needs quotes') or diag($err);
$node->safe_psql('postgres', q{ALTER SCHEMA "o'dd ""schema%s""" RENAME TO shop});
is( $node->safe_psql('postgres',
		"INSERT INTO shop.customer (email) VALUES ('new') RETURNING id, score"),
	'8|3',
	'the sequence goes on after sqlite_sequence, the default counts');
is( $node->safe_psql('postgres', q{
		SELECT conname, contype, convalidated FROM pg_constraint c
		JOIN pg_class r ON r.oid = conrelid
		WHERE connamespace = 'shop'::regnamespace AND contype <> 'n'
		ORDER BY contype, relname}) =~ tr/\n//,
	4,
	'five constraints: check, foreign key, two primary keys, unique');
like($node->safe_psql('postgres', q{SELECT indexdef FROM pg_indexes
	WHERE indexname = 'order_customer'}), qr/customer DESC.*WHERE/,
	'the partial index is partial, and descends');
is( $node->safe_psql('postgres',
		q{SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%sqlite2pg%'}),
	0, 'nothing is left of the staging schema');

# Names that are hostile.
my $names = new_file(q{
	CREATE TABLE "it's ""%s"" \ $1" ("a'b" TEXT, "c""d" TEXT, "%d
x" INTEGER);
	INSERT INTO "it's ""%s"" \ $1" VALUES ('1', '2', 3);
	CREATE TABLE "--" ("" INTEGER, "'; DROP TABLE x; --" INTEGER);
	INSERT INTO "--" VALUES (1, 2);
	CREATE TABLE "sqlite2pg_rejects" (unit INTEGER);
	CREATE TABLE "unit" (run INTEGER);
});
($status, $out, $err) = load($node, $names, '--schema', 'names');
is($status, 0, 'hostile names') or diag($err);
like($err, qr/2 rows/, 'all rows of them');

# A schema that is there already.
$node->safe_psql('postgres', 'CREATE SCHEMA there; CREATE TABLE there.mine (x int)');
($status, $out, $err) = load($node, $shop, '--schema', 'there');
is($status, 0, 'into a schema with other tables') or diag($err);
is( $node->safe_psql('postgres', q{SELECT string_agg(c.relname, ' ' ORDER BY c.relname)
		FROM pg_class c WHERE relnamespace = 'there'::regnamespace AND relkind = 'r'}),
	'customer mine order',
	'the tables are beside them');

# What is there already, and --if-exists.
($status, $out, $err) = load($node, $shop, '--schema', 'there');
is($status, 4, 'a table that exists is an error');
like($err, qr/table "?there"?\.\S+ exists.*HINT:.*--if-exists/s, 'with a hint');
sqlite($shop, q{INSERT INTO customer VALUES (20, 'd@x', 1)});
($status, $out, $err) = load($node, $shop, '--schema', 'there', '--if-exists', 'replace');
is($status, 0, 'replace') or diag($err);
is($node->safe_psql('postgres', 'SELECT count(*) FROM there.customer'), 3,
	'has replaced the rows');
($status, $out, $err) = load($node, $shop, '--schema', 'there', '--if-exists', 'skip');
is($status, 0, 'skip') or diag($err);
is($node->safe_psql('postgres', 'SELECT count(*) FROM there.customer'), 3,
	'has left the rows as they were');
sqlite($shop, q{DELETE FROM "Order"; DELETE FROM customer; INSERT INTO customer VALUES (30, 'e@x', 2);
	INSERT INTO "Order" VALUES (9, 9, 30, 'z')});
($status, $out, $err) = load($node, $shop, '--schema', 'there', '--if-exists', 'append');
is($status, 0, 'append') or diag($err);
is($node->safe_psql('postgres', 'SELECT count(*), max(id) FROM there.customer'), '4|30',
	'has appended');
is( $node->safe_psql('postgres',
		q{INSERT INTO there.customer (email) VALUES ('f@x') RETURNING id}),
	31, 'and moved the sequence on');
($status, $out, $err) = load($node, $shop, '--schema', 'there', '--if-exists', 'append');
is($status, 4, 'appending a key twice fails');
is($node->safe_psql('postgres', 'SELECT count(*) FROM there.customer'), 5,
	'and changes nothing');

# New tables whose foreign keys lead to tables that stay.
foreach my $how ('skip', 'append')
{
	$node->safe_psql('postgres', 'DROP TABLE there."order"; DELETE FROM there.customer');
	$node->safe_psql('postgres', q{INSERT INTO there.customer VALUES (30, 'e@x', 2)})
	  if $how eq 'skip';
	($status, $out, $err) = load($node, $shop, '--schema', 'there', '--if-exists', $how);
	is($status, 0, "$how, with a new child") or diag($err);
	is( $node->safe_psql('postgres', q{SELECT confrelid::regclass, convalidated
			FROM pg_constraint WHERE conrelid = 'there.order'::regclass AND contype = 'f'}),
		'there.customer|t', 'its foreign key leads to the table that stayed');
}

# Schema first, rows later.
($status, $out, $err) = load($node, $shop, '--schema', 'two', '--schema-only');
is($status, 0, '--schema-only') or diag($err);
is($node->safe_psql('postgres', 'SELECT count(*) FROM two.customer'), 0, 'has no rows');
($status, $out, $err) = load($node, $shop, '--schema', 'two', '--data-only');
is($status, 0, '--data-only') or diag($err);
is($node->safe_psql('postgres', 'SELECT count(*) FROM two.customer'), 1, 'brings them');

# Into a partitioned table, one of whose partitions lives elsewhere.
my $events = new_file(q{CREATE TABLE events (id INTEGER, tenant INTEGER, what TEXT);
	INSERT INTO events WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
		SELECT i, i % 7, 'event ' || i FROM n});
my ($host, $port) = ($node->host, $node->port);
$node->safe_psql('postgres', 'CREATE DATABASE shard');
$node->safe_psql('shard', 'CREATE TABLE events_1 (id bigint, tenant bigint, what text)');
$node->safe_psql('postgres', qq{
	CREATE EXTENSION postgres_fdw;
	CREATE SERVER shard FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$host', port '$port', dbname 'shard');
	CREATE USER MAPPING FOR CURRENT_USER SERVER shard;
	CREATE SCHEMA parts;
	CREATE TABLE parts.events (id bigint, tenant bigint, what text) PARTITION BY HASH (tenant);
	CREATE TABLE parts.events_0 PARTITION OF parts.events FOR VALUES WITH (MODULUS 2, REMAINDER 0);
	CREATE FOREIGN TABLE parts.events_1 PARTITION OF parts.events FOR VALUES WITH (MODULUS 2, REMAINDER 1)
		SERVER shard OPTIONS (schema_name 'public')});
($status, $out, $err) = load($node, $events, '--schema', 'parts', '--data-only');
is($status, 0, 'into partitions, one of them on another server') or diag($err);
is($node->safe_psql('postgres', 'SELECT count(*), sum(id) FROM parts.events'), '5000|12502500', 'all rows');
cmp_ok($node->safe_psql('shard', 'SELECT count(*) FROM events_1'), '>', 0, 'some of them there');
($status, $out, $err) = load($node, $events, '--schema', 'parts', '--verify');
is($status, 0, 'verified through it') or diag($err);

# --verify by itself.
($status, $out, $err) = load($node, $shop, '--schema', 'two', '--verify');
is($status, 0, '--verify of an equal schema') or diag($err);
$node->safe_psql('postgres', q{UPDATE two.customer SET email = 'changed'});
($status, $out, $err) = load($node, $shop, '--schema', 'two', '--verify');
is($status, 6, '--verify of a changed one');
like($err, qr/column email differs/, 'names the column');

$node->stop;
done_testing();
