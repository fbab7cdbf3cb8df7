# Files as they are in the wild, through sqlite2pg.

use strict;
use warnings;

use Lite qw(sqlite);
use LiteLoader;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = plain_node();
my ($status, $out, $err);

sub sql
{
	return $node->safe_psql('postgres', $_[0]);
}

# Loads a file, verified, and says how many rows there are.
sub loads
{
	my ($schema, $sql, $rows, @options) = @_;
	my $file = new_file($sql);

	($status, $out, $err) = load($node, $file, '--schema', $schema, @options);
	is($status, 0, "$schema: loads") or diag($err);
	like($err, qr/^$rows rows in/m, "$schema: $rows rows");
	unlike($err, qr/differ/, "$schema: equal");
	return $file;
}

loads('utf16', q{PRAGMA encoding = 'UTF-16le';
	CREATE TABLE "přehled 🐘" ("jméno" TEXT, n INTEGER);
	INSERT INTO "přehled 🐘" VALUES ('žluťoučký kůň 🐎', 1), ('', 2), (NULL, 3);}, 3);
is(sql(q{SELECT "jméno" FROM utf16."přehled 🐘" WHERE n = 1}), 'žluťoučký kůň 🐎', 'UTF-16 is text');

loads('many', join('', map { "CREATE TABLE t$_ (id INTEGER PRIMARY KEY, x TEXT); INSERT INTO t$_ VALUES ($_, 'x');" } 1 .. 400),
	400, '--jobs', 3);

my @names = map { sprintf('"%s%03d"', 'long ' x 70, $_) } 1 .. 201;
loads('wide', 'CREATE TABLE wide (' . join(', ', map { "$_ INTEGER" } @names) . '); INSERT INTO wide VALUES ('
	  . join(', ', 1 .. 201) . ')', 1);
is(sql(q{SELECT count(*), max(length(attname)) <= 63 FROM pg_attribute WHERE attrelid = 'wide.wide'::regclass AND attnum > 0}),
	'201|t', 'names longer than 63 bytes do not clash');

loads('names', q{CREATE TABLE "" ("" TEXT); INSERT INTO "" VALUES ('a');
	CREATE TABLE "''" ("%s%n" TEXT, "a.b" TEXT, "select" TEXT, "SELECT 2" TEXT);
	INSERT INTO "''" VALUES ('%s', '%n', '', NULL);
	CREATE TABLE "%s%s" (x); INSERT INTO "%s%s" VALUES (1)}, 3);

loads('cases', q{
	CREATE TABLE nokey (a, b); INSERT INTO nokey VALUES (1, 'x'), (1, 'x'), (NULL, NULL);
	CREATE TABLE nullkey (k TEXT PRIMARY KEY, v); INSERT INTO nullkey VALUES (NULL, 1), (NULL, 2), ('a', 3);
	CREATE TABLE cycle_a (id INTEGER PRIMARY KEY, b INTEGER REFERENCES cycle_b);
	CREATE TABLE cycle_b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES cycle_a);
	INSERT INTO cycle_a VALUES (1, 1), (2, 99); INSERT INTO cycle_b VALUES (1, 1);
	CREATE TABLE self (id INTEGER PRIMARY KEY, up INTEGER REFERENCES self); INSERT INTO self VALUES (1, NULL), (2, 1);
	CREATE TABLE strict_one (a INT, b ANY, c BLOB) STRICT; INSERT INTO strict_one VALUES (1, 'x', x'00'), (2, 3.5, NULL);
	CREATE TABLE odd_types (a INTEGER_OR_TEXT, b UNSIGNED BIG INT, c FLOATING POINT, d STRING);
	INSERT INTO odd_types VALUES (1, 5000000000, 0.1, 'x'), ('a', 1, 123456789.123, 7);
	CREATE TABLE years (y INTEGER); INSERT INTO years VALUES (1990), ('unknown'), ('');
	CREATE TABLE numbers (n NUMERIC, r REAL); INSERT INTO numbers VALUES (9007199254740993, 9e999), (-9e999, -9e999), (0.1, 0.1);
	CREATE TABLE generated (a INT, b INT GENERATED ALWAYS AS (a * 2) STORED, c INT AS (a + 1)); INSERT INTO generated VALUES (1), (2);
	CREATE TABLE empty_table (a INTEGER PRIMARY KEY, b TEXT DEFAULT ('x' || 'y'));
	CREATE TABLE ids (id INTEGER PRIMARY KEY); INSERT INTO ids VALUES (-9223372036854775808), (0), (9223372036854775807);
	CREATE VIRTUAL TABLE notes USING fts5(title, body); INSERT INTO notes VALUES ('one', 'the quick fox');
	CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1); INSERT INTO boxes VALUES (1, 0.5, 1.5);
}, '\d+', '--jobs', 2);
is(sql('SELECT count(*) FROM cases.nokey'), 3, 'rows that are alike are all there');
is(sql('SELECT n::text FROM cases.numbers WHERE n = 9007199254740993'), '9007199254740993', '2^53 + 1 is itself')
  if sql(q{SELECT atttypid = 'numeric'::regtype FROM pg_attribute WHERE attrelid = 'cases.numbers'::regclass AND attname = 'n'}) eq 't';
is(sql('SELECT count(*) FROM pg_constraint WHERE connamespace = $$cases$$::regnamespace AND contype = $$f$$ AND NOT convalidated'),
	1, 'the foreign key with an orphan stays not valid');
is(sql(q{INSERT INTO cases.self (up) VALUES (1) RETURNING id}), 3, 'a key without AUTOINCREMENT goes on');

# A key that has come to its end: the load says so, or its sequence does, but it loads.
is(sql('SELECT max(id) FROM cases.ids'), '9223372036854775807', 'the largest rowid');

# Corrupt on purpose: every outcome but a crash or a hang will do.
my $corrupt = new_file(q{CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT);
	INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) SELECT i, hex(randomblob(40)) FROM n;
	CREATE INDEX tx ON t (x)});
my $whole = slurp_file($corrupt);
srand(42);
my %seen;
for my $round (1 .. 25)
{
	my $bytes = $whole;
	substr($bytes, 100 + int(rand(length($bytes) - 100)), 1) = chr(int(rand(256))) for 1 .. 40;
	open(my $fh, '>:raw', $corrupt) or die;
	print $fh $bytes;
	close($fh);
	($status, $out, $err) = load($node, $corrupt, '--schema', 'corrupt', '--if-exists', 'replace', '--jobs', 2,
		'--on-error', 'reject');
	$seen{$status}++;
	ok($status == 0 || $status == 3 || $status == 4 || $status == 5 || $status == 6,
		"corrupt file $round: exit status $status") or diag($err);
}
note(join(', ', map { "$_: $seen{$_}" } sort keys %seen));
is(sql(q{SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'corrupt\_\_%'}), 0, 'nothing is left behind')
  unless $seen{6};

$node->stop;
done_testing();
