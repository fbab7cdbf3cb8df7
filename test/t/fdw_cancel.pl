# Cancel, statement_timeout and termination act at once, in the middle of one
# long step of SQLite's; a busy file is waited for, and not for ever.

use strict;
use warnings;

use Lite;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

my $node = lite_node();
my $file = copy_fixture('fdw_scan.db');

sqlite($file, q{
	CREATE TABLE large (id INTEGER PRIMARY KEY, s TEXT);
	WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 300000)
	INSERT INTO large SELECT i, hex(randomblob(20)) FROM c;
});
$node->safe_psql('postgres', qq{
	CREATE SERVER s FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database '$file');
	CREATE FOREIGN TABLE many (id bigint, k integer, s text) SERVER s;
	CREATE FOREIGN TABLE counting (n bigint) SERVER s OPTIONS (query
		'WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 10000000000) SELECT max(i) AS n FROM c');
	CREATE FOREIGN TABLE sorting (s text) SERVER s OPTIONS (query
		'SELECT a.s AS s FROM large a, large b ORDER BY a.s, b.s');
	CREATE FOREIGN TABLE joining (n bigint) SERVER s OPTIONS (query
		'SELECT count(*) AS n FROM large a, large b WHERE a.s || b.s = ''x''');
	CREATE FOREIGN TABLE one_function (n bigint) SERVER s OPTIONS (query
		'SELECT count(*) AS n FROM large a WHERE a.s LIKE ''%a%b%c%d%e%f%0%1%2%3%4%5%6%7%8%9%z'' AND a.id IN (SELECT b.id FROM large b, large c)');
});

# How long after its due time (in ms) did the timeout act?  The least of three
# tries, since a busy machine may be late on its own.
sub lateness
{
	my ($table, $timeout) = @_;
	my $least;

	foreach my $try (1 .. 3)
	{
		my ($status, $out, $err) = $node->psql('postgres', qq{
			SET statement_timeout = $timeout;
			DO \$\$
			DECLARE
				began timestamptz := clock_timestamp();
			BEGIN
				PERFORM * FROM $table;
				RAISE NOTICE 'not canceled';
			EXCEPTION WHEN query_canceled THEN
				RAISE NOTICE 'late %', extract(epoch FROM clock_timestamp() - began) * 1000 - $timeout;
			END \$\$;});
		return 1e9 unless $err =~ /late ([-\d.]+)/;
		$least = $1 if !defined $least || $1 < $least;
	}
	return $least;
}

foreach my $table ('counting', 'sorting', 'joining', 'one_function')
{
	cmp_ok(lateness($table, 300), '<', 100, "statement_timeout acts in time: $table");
}

# The session is as good as new after that.
my ($status, $out, $err) = $node->psql('postgres', q{
	SET statement_timeout = '100ms';
	SELECT * FROM counting;
	RESET statement_timeout;
	SELECT count(*) FROM many;}, on_error_stop => 0);
like($err, qr/canceling statement due to statement timeout/, 'with the words of PostgreSQL');
is($out, 1000, 'and the session goes on');

# Cancel and terminate, from another session.
foreach my $way ('cancel', 'terminate')
{
	my ($in, $seen, $errors) = ("SELECT 'begun';\nSELECT * FROM joining;\n", '', '');
	my $session = IPC::Run::start(
		[ 'psql', '-XAtq', '-d', $node->connstr('postgres') ],
		'<', \$in, '>', \$seen, '2>', \$errors, IPC::Run::timeout(60));

	$session->pump until $seen =~ /begun/;
	$node->poll_query_until('postgres',
		q{SELECT count(*) = 1 FROM pg_stat_activity WHERE query LIKE '%joining%' AND pid <> pg_backend_pid() AND state = 'active'});
	sleep(0.3);
	my $began = time;
	$node->safe_psql('postgres',
		qq{SELECT pg_${way}_backend(pid) FROM pg_stat_activity WHERE query LIKE '%joining%' AND pid <> pg_backend_pid()});
	$session->finish;
	like($errors, $way eq 'cancel' ? qr/canceling statement due to user request/
		: qr/terminating connection due to administrator command/, "$way: heard");
	cmp_ok(time - $began, '<', 1, "$way: at once");
}

# A busy file: waited for as long as was asked, interruptibly, then reported.
sub locker
{
	my ($in, $seen) = ("BEGIN EXCLUSIVE;\nSELECT 'locked';\n", '');
	my $shell = IPC::Run::start(
		[ 'sqlite3', '-batch', '-init', '/dev/null', $file ],
		'<', \$in, '>', \$seen, IPC::Run::timeout(60));

	$shell->pump until $seen =~ /locked/;
	return ($shell, \$in);
}

my ($shell, $in) = locker();
foreach my $case ([ '0', 0, 0.5 ], [ '700ms', 0.7, 1.3 ])
{
	my ($timeout, $least, $most) = @$case;

	$node->safe_psql('postgres', "ALTER SERVER s OPTIONS (DROP busy_timeout)")
	  if $least > 0;
	$node->safe_psql('postgres', "ALTER SERVER s OPTIONS (ADD busy_timeout '$timeout')");
	my $began = time;
	($status, $out, $err) = $node->psql('postgres', "\\set VERBOSITY verbose\nSELECT count(*) FROM many");
	my $took = time - $began;
	like($err, qr/55P03.*locked/, "busy_timeout $timeout: lock_not_available");
	like($err, qr/HINT/, "busy_timeout $timeout: with a hint");
	cmp_ok($took, '>=', $least, "busy_timeout $timeout: waited");
	cmp_ok($took, '<', $most, "busy_timeout $timeout: not longer");
}
$node->safe_psql('postgres', "ALTER SERVER s OPTIONS (SET busy_timeout '30s')");
cmp_ok(lateness('many', 300), '<', 100, 'statement_timeout acts while waiting for a lock');

# It goes on as soon as the lock is gone.
{
	my ($query, $seen) = ("SELECT count(*) FROM many;\n", '');
	my $session = IPC::Run::start(
		[ 'psql', '-XAtq', '-d', $node->connstr('postgres') ],
		'<', \$query, '>', \$seen, IPC::Run::timeout(60));

	sleep(0.5);
	$$in .= "COMMIT;\n.quit\n";
	$shell->finish;
	my $began = time;
	$session->finish;
	is($seen, "1000\n", 'a lock that goes away is waited for');
	cmp_ok(time - $began, '<', 2, 'and no longer than it is there');
}

$node->stop;
done_testing();
