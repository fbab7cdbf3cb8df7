# sqlite2pg --jobs: many readers, one state of the file, every row once.

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

# Rowids that are negative, sparse, and at the very ends.
my $wide = new_file(q{
	CREATE TABLE wide (id INTEGER PRIMARY KEY, n INTEGER);
	INSERT INTO wide WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450000)
		SELECT CASE i % 3 WHEN 0 THEN -i * 1000 WHEN 1 THEN i ELSE i * 1000000007 END, i FROM n;
	INSERT INTO wide VALUES (9223372036854775807, -1), (-9223372036854775808, -2);
	CREATE TABLE dense (x TEXT);
	INSERT INTO dense SELECT 'row ' || n FROM wide;
	CREATE TABLE keyed (a TEXT, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID;
	INSERT INTO keyed SELECT 'k' || n, n FROM wide WHERE n % 4 = 0;
});
($status, $out, $err) = load($node, $wide, '--schema', 'wide', '--jobs', 4);
is($status, 0, 'rowids from end to end') or diag($err);
is(sql('SELECT count(*), count(DISTINCT id), sum(n) FROM wide.wide'),
	'450002|450002|101250224997', 'every row once');
is(sql('SELECT count(*), count(DISTINCT x) FROM wide.dense'), '450002|450002', 'in each table');
is(sql('SELECT count(*) FROM wide.keyed'), sqlite($wide, 'SELECT count(*) FROM keyed'),
	'without rowids too');

# A program that moves money all the time: no reader may see it in two places.
foreach my $mode ('wal', 'delete')
{
	my $file = new_file(qq{
		PRAGMA journal_mode = $mode;
		CREATE TABLE a (id INTEGER PRIMARY KEY, money INTEGER, pad TEXT);
		INSERT INTO a WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 420000)
			SELECT i, 10, 'some padding ' || i FROM n;
		CREATE TABLE b (id INTEGER PRIMARY KEY, money INTEGER);
		INSERT INTO b SELECT id, 10 FROM a WHERE id <= 1000;
	});
	my $moves = '.timeout 10000' . "\n";
	for my $i (1 .. 4000)
	{
		my ($from, $to) = (1 + $i * 7919 % 420000, 1 + $i % 1000);
		$moves .= "BEGIN IMMEDIATE; UPDATE a SET money = money - 1 WHERE id = $from;"
		  . " UPDATE b SET money = money + 1 WHERE id = $to; COMMIT;\n";
	}
	my ($said, $moved) = ('', $moves);
	my $writer = IPC::Run::start([ 'sqlite3', '-batch', '-init', '/dev/null', $file ],
		'<', \$moved, '>', \$said, '2>&1');
	for my $round (1 .. 3)
	{
		($status, $out, $err) = load($node, $file, '--schema', "money_$mode", '--jobs', 3,
			'--if-exists', 'replace', '--busy-timeout', '20000');
		is($status, 0, "$mode: loaded while it is written") or diag($err);
		is( sql("SELECT (SELECT sum(money) FROM money_$mode.a) + (SELECT sum(money) FROM money_$mode.b)"),
			4210000, 'one state of the file');
	}
	$writer->kill_kill;

	# Nobody writes, though somebody has it open: all readers may read.
	my ($hold, $held) = ("SELECT count(*) FROM a;\n", '');
	my $holder = IPC::Run::start([ 'sqlite3', '-batch', '-init', '/dev/null', $file ],
		'<', \$hold, '>', \$held);
	$holder->pump until $held =~ /\n/;
	($status, $out, $err) = load($node, $file, '--schema', "money_$mode", '--jobs', 3,
		'--if-exists', 'replace', '--verbose');
	is($status, 0, "$mode: loaded while it is open elsewhere") or diag($err);
	like($err, qr/3 readers of one state/, 'with all readers');
	$holder->kill_kill;
}

# A file that is left with its -wal, and no -shm.
my $crashed = new_file(q{
	PRAGMA journal_mode = wal;
	CREATE TABLE t (id INTEGER PRIMARY KEY);
	INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 420000) SELECT i FROM n;
});
my ($in, $said) = ("INSERT INTO t VALUES (-1), (-2);\n.shell kill -9 \$PPID\n", '');
IPC::Run::run([ 'sqlite3', '-batch', '-init', '/dev/null', $crashed ], '<', \$in, '>', \$said, '2>&1');
unlink("$crashed-shm");
SKIP:
{
	skip 'the -wal did not survive', 2 unless -s "$crashed-wal";
	($status, $out, $err) = load($node, $crashed, '--schema', 'crashed', '--jobs', 3);
	is($status, 0, 'a -wal without its -shm') or diag($err);
	is(sql('SELECT count(*), min(id) FROM crashed.t'), '420002|-2', 'is read');
}

# Documents and search columns, over several connections.
my $mail = new_file(q{
	CREATE TABLE messages (id INTEGER PRIMARY KEY, title TEXT, content TEXT, tags JSON, at DATETIME, raw BLOB);
	INSERT INTO messages VALUES (1, 'Hello', 'The quick foxes', '["a", {"b": null}]', '2024-05-06 07:08:09', x'0102'),
		(2, NULL, 'jumped', NULL, NULL, NULL), (3, 'quote "', 'back\slash', '{}', '2024-05-06T07:08:09Z', x'');
});
($status, $out, $err) = load($node, $mail, '--schema', 'doc', '--documents', 'messages');
is($status, 0, 'documents') or diag($err);
is(sql(q{SELECT doc -> 'tags' -> 1, doc ->> 'title' FROM doc.messages WHERE id = 1}),
	'{"b": null}|Hello', 'hold the row, JSON nested as JSON');
($status, $out, $err) = load($node, $mail, '--schema', 'fts', '--jobs', 2,
	'--search', '{"messages": {"columns": ["title:A", "content:B"], "config": "english"}}');
is($status, 0, 'a search column') or diag($err);
is(sql(q{SELECT id FROM fts.messages m WHERE m.search @@ to_tsquery('english', 'fox')}), 1,
	'finds');

# The reports.
my $dir = Lite::scratch_dir();
my $evil = new_file(q{CREATE TABLE "<b>&""x" (x TEXT CHECK (x <> '<script>'));
	INSERT INTO "<b>&""x" VALUES ('a'); CREATE TRIGGER "</main>" AFTER INSERT ON "<b>&""x" BEGIN SELECT 1; END});
($status, $out, $err) = load($node, $evil, '--schema', 'report',
	'--report', "$dir/r.html", '--report', "$dir/r.json");
is($status, 0, 'reports') or diag($err);
my $json = slurp_file("$dir/r.json");
my $page = slurp_file("$dir/r.html");
is( $node->safe_psql('postgres',
		"SELECT j ->> 'rows', j -> 'tables' -> 0 ->> 'source', j -> 'tables' -> 0 ->> 'verified',
		 (j -> 'tables' -> 0 ->> 'source_checksum') = (j -> 'tables' -> 0 ->> 'target_checksum')
		 FROM (SELECT \$r\$$json\$r\$::jsonb AS j) x"),
	'1|<b>&"x|true|t', 'the JSON is JSON, and says what happened');
unlike($page, qr/<b>&"x|<script|<\/main>.*<\/main>/s, 'names of the file are text in the page');
like($page, qr/&lt;b&gt;&amp;&quot;x/, 'and readable');
unlike($page, qr/(?:src|href)=/, 'nothing is fetched from elsewhere');

$node->stop;
done_testing();
