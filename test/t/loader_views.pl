# Views through the loader: staged and moved with their tables, replaced,
# left alone, or made over tables that stay.

use strict;
use warnings;

use Lite;
use LiteLoader;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = lite_node();
my ($status, $out, $err);

sub sql
{
	return $node->safe_psql('postgres', $_[0]);
}

my $file = new_file(q{
	CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT);
	INSERT INTO a VALUES (1, 'one'), (2, 'two');
	CREATE TABLE b (id INTEGER PRIMARY KEY, a_id INTEGER REFERENCES a);
	INSERT INTO b VALUES (1, 1), (2, 1), (3, 2);
	CREATE VIEW upon AS SELECT x, n FROM counted WHERE n > 1;
	CREATE VIEW counted AS SELECT a.x, count(b.id) AS n FROM a LEFT JOIN b ON b.a_id = a.id GROUP BY a.id, a.x;
	CREATE VIEW refused AS SELECT quote(x) FROM a;
});

foreach my $schema ('fresh', 'there')
{
	sql("CREATE SCHEMA there") if $schema eq 'there';
	($status, $out, $err) = load($node, $file, '--schema', $schema);
	is($status, 0, "$schema: loads") or diag($err);
	is(sql("SELECT * FROM $schema.upon"), 'one|2', "$schema: a view over a view");
	is(sql("SELECT string_agg(viewname, ' ' ORDER BY viewname) FROM pg_views WHERE schemaname = '$schema'"),
		'counted upon', "$schema: those that translate");
}

($status, $out, $err) = load($node, $file, '--schema', 'there', '--if-exists', 'replace');
is($status, 0, 'replace: views do not hold their tables') or diag($err);
is(sql('SELECT * FROM there.upon'), 'one|2', 'and are there again');

($status, $out, $err) = load($node, $file, '--schema', 'there', '--if-exists', 'replace', '--documents', 'a');
is($status, 0, 'replace: nor do those that do not translate any more') or diag($err);
is(sql("SELECT count(*) FROM pg_views WHERE schemaname = 'there'"), 0, 'they are gone');

sql('CREATE VIEW fresh.refused AS SELECT x FROM fresh.a');
($status, $out, $err) = load($node, $file, '--schema', 'fresh', '--if-exists', 'replace');
isnt($status, 0, 'replace: a view that somebody wrote is not dropped');
like($err, qr/view fresh\.refused depends on/, 'and named');
is(sql('SELECT * FROM fresh.upon'), 'one|2', 'nothing has happened');
sql('DROP VIEW fresh.refused');

sql('DROP VIEW fresh.upon');
($status, $out, $err) = load($node, $file, '--schema', 'fresh', '--if-exists', 'skip');
is($status, 0, 'skip') or diag($err);
is(sql('SELECT * FROM fresh.upon'), 'one|2', 'a view that was not there is made over the tables that are');

sql('DROP VIEW fresh.upon, fresh.counted; DROP TABLE fresh.b; DELETE FROM fresh.a');
($status, $out, $err) = load($node, $file, '--schema', 'fresh', '--if-exists', 'append');
is($status, 0, 'append') or diag($err);
is(sql('SELECT * FROM fresh.upon'), 'one|2', 'over one that was there and one that was not');

sql('CREATE SCHEMA taken; CREATE VIEW taken.upon AS SELECT 1');
($status, $out, $err) = load($node, $file, '--schema', 'taken');
isnt($status, 0, 'a view of that name is refused');
like($err, qr/view taken\.upon exists/, 'before anything is loaded');

$node->stop;
done_testing();
