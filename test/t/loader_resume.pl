# sqlite2pg is killed, cut off and interrupted, and goes on; nobody ever sees
# half of a load.

use strict;
use warnings;

use Lite qw(sqlite);
use LiteLoader;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

my $node = plain_node();
my ($status, $out, $err);

my $rows = 700_000;
my $file = new_file(qq{
	CREATE TABLE big (id INTEGER PRIMARY KEY, body TEXT, n REAL, at DATETIME);
	INSERT INTO big WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $rows)
		SELECT i, 'row ' || i || hex(i * 7919), i / 8.0,
			datetime(1600000000 + i, 'unixepoch') FROM n;
	CREATE INDEX big_body ON big (body);
	CREATE TABLE small (id INTEGER PRIMARY KEY, big INTEGER REFERENCES big);
	INSERT INTO small SELECT id, id FROM big WHERE id <= 1000;
	CREATE TABLE empty (x TEXT);
});

sub sql
{
	return $node->safe_psql('postgres', $_[0]);
}

# The loader's connections on the server: all but this one.
my $others = q{FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()};

sub forget
{
	sql("SET client_min_messages TO warning; DROP SCHEMA IF EXISTS app CASCADE");
}

# What a reader sees of the target: nothing, or all.
sub seen
{
	return sql(q{SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class
		WHERE relnamespace = to_regnamespace('app') AND relkind = 'r'});
}

# Hold every run of the loader where it begins to build indexes, with all rows
# in and nothing visible yet; a machine's speed has no say in that.
sub hold
{
	sql(q{
		CREATE FUNCTION public.hold() RETURNS event_trigger LANGUAGE plpgsql
			AS $$BEGIN PERFORM pg_sleep(600); END$$;
		CREATE EVENT TRIGGER hold ON ddl_command_start
			WHEN TAG IN ('CREATE INDEX') EXECUTE FUNCTION public.hold()});
}

sub let_go
{
	sql('DROP EVENT TRIGGER hold; DROP FUNCTION public.hold()');
}

sub wait_until_held
{
	$node->poll_query_until('postgres', "SELECT count(*) > 0 $others AND wait_event = 'PgSleep'")
	  or die 'the loader never came to its indexes';
}

# How long a whole run takes here.
my $begun = time;
($status, $out, $err) = load($node, $file, '--schema', 'app');
my $whole = time - $begun;
is($status, 0, 'a run without trouble') or diag($err);
is(seen(), 'big empty small', 'makes the tables visible');

# kill -9 at many points: tenths of that time, and with all rows in.
my ($went_on, $units) = (0, 0);
foreach my $point ((map { "$_/10" } 1 .. 9), 'all rows')
{
	forget();
	hold() if $point eq 'all rows';
	my ($handle, $errors) = load_start($node, $file, '--schema', 'app', '--restart');
	if ($point eq 'all rows')
	{
		wait_until_held();
	}
	else
	{
		sleep($whole * $1 / 10) if $point =~ m{^(\d)/};
	}
	my $half = seen();
	$handle->signal('KILL');
	eval { $handle->finish };
	if ($point eq 'all rows')
	{
		sql("SELECT pg_terminate_backend(pid, 10000) $others");
		let_go();
	}
	my $after = seen();
	next if $after eq 'big empty small';    # it was faster than we
	is("$half$after", '', "killed after $point: nothing is visible");

	# Without --resume it says what it found.
	if (sql(q{SELECT count(*) FROM pg_namespace WHERE nspname = 'app__sqlite2pg'}) > 0)
	{
		($status, $out, $err) = load($node, $file, '--schema', 'app');
		is($status, 4, 'a second run does not begin');
		like($err, qr/interrupted before.*HINT:.*--resume.*--restart/s, 'and says how to go on');
		$went_on++;
	}
	($status, $out, $err) = load($node, $file, '--schema', 'app', '--resume', '--jobs', 2);
	is($status, 0, 'resumed') or diag($err);
	$units += $1 if $err =~ /going on: (\d+) of \d+ units/;
	is(seen(), 'big empty small', 'all is visible');
	($status, $out, $err) = load($node, $file, '--schema', 'app', '--verify');
	is($status, 0, 'and equal to the file') or diag($err);
}
cmp_ok($went_on, '>', 0, 'a run left something to go on with');
cmp_ok($units, '>', 0, 'and not all was loaded again');
is(sql('SELECT count(*), count(DISTINCT id) FROM app.big'), "$rows|$rows", 'no row twice');
# (from PostgreSQL 18 on, NOT NULL is listed there too)
is( sql(q{SELECT count(*) FROM pg_constraint
		WHERE connamespace = 'app'::regnamespace AND contype <> 'n'}),
	3, 'keys and foreign key are there');

# Ctrl-C.
forget();
hold();
my ($handle, $errors) = load_start($node, $file, '--schema', 'app', '--jobs', 2);
wait_until_held();
my $interrupted = time;
$handle->signal('INT');
eval { $handle->finish };
is($handle->full_result(0) >> 8, 130, 'SIGINT: exit status 130');
cmp_ok(time - $interrupted, '<', 2, 'at once');
like($$errors, qr/interrupted.*--resume/s, 'it says how to go on');
is(seen(), '', 'nothing is visible');
is( sql("SELECT count(*) $others AND state = 'active'"),
	0, 'nothing goes on running on the server');
let_go();

# The file changes between the runs.
sqlite($file, q{INSERT INTO small VALUES (1001, 1)});
($status, $out, $err) = load($node, $file, '--schema', 'app', '--resume');
is($status, 4, 'a file that has changed is not resumed');
like($err, qr/file has changed/, 'and it says why');
($status, $out, $err) = load($node, $file, '--schema', 'app', '--restart');
is($status, 0, '--restart begins anew') or diag($err);
is(sql('SELECT count(*) FROM app.small'), 1001, 'with what the file holds now');

# Connections are cut on the server: the loader goes on by itself.
forget();
($handle, $errors) = load_start($node, $file, '--schema', 'app', '--jobs', 2);
my $cuts = 0;
for (1 .. 6)
{
	sleep($whole * 0.15);
	$cuts += sql("SELECT count(pg_terminate_backend(pid)) $others");
}
eval { $handle->finish };
is($handle->full_result(0), 0, 'connections cut: the load ends well') or diag($$errors);
cmp_ok($cuts, '>', 0, "($cuts were cut)");
($status, $out, $err) = load($node, $file, '--schema', 'app', '--verify');
is($status, 0, 'and equal to the file') or diag($err);

# The server dies, and comes back.
forget();
($handle, $errors) = load_start($node, $file, '--schema', 'app');
sleep($whole * 0.4);
$node->stop('immediate');
$node->start;
eval { $handle->finish };
($status, $out, $err) = (0, '', '');
($status, $out, $err) = load($node, $file, '--schema', 'app', '--resume')
  if $handle->full_result(0) != 0;
is($status, 0, 'the server died: the load ends, or is resumed') or diag($$errors, $err);
($status, $out, $err) = load($node, $file, '--schema', 'app', '--verify');
is($status, 0, 'and equal to the file') or diag($err);

# A replacement is seen whole: the old rows or the new ones.
sqlite($file, 'UPDATE big SET body = upper(body)');
my %saw;
($handle, $errors) = load_start($node, $file, '--schema', 'app', '--if-exists', 'replace');
while ($handle->pumpable)
{
	$saw{ sql(q{SELECT count(*) FILTER (WHERE body LIKE 'row%'), count(*) FILTER (WHERE body LIKE 'ROW%') FROM app.big}) }++;
	$handle->pump_nb;
}
$handle->finish;
$saw{ sql(q{SELECT count(*) FILTER (WHERE body LIKE 'row%'), count(*) FILTER (WHERE body LIKE 'ROW%') FROM app.big}) }++;
is_deeply([ sort keys %saw ], [ "0|$rows", "$rows|0" ], 'readers saw all old, then all new');

$node->stop;
done_testing();
