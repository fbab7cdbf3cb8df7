# Workers of a parallel scan read the leader's state of the file, or nothing,
# while other programs go on writing.

use strict;
use warnings;

use Lite;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

my $node = lite_node('main',
	'parallel_setup_cost = 0', 'parallel_tuple_cost = 0',
	'min_parallel_table_scan_size = 0', 'max_parallel_workers_per_gather = 2',
	'max_parallel_workers = 8', 'max_worker_processes = 16', 'jit = off');

my $number = 0;
my $shell;

# A file of its own for one story, its foreign tables in a schema of its own,
# and in WAL mode somebody who has it open: the shell's last close would put
# the log away.
sub begin_story
{
	my ($mode) = @_;
	my $file = copy_fixture('fdw_parallel.db');
	my $name = 's' . ++$number;

	sqlite($file, "PRAGMA journal_mode = $mode;");
	$node->safe_psql('postgres', qq{
		CREATE SERVER $name FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database '$file', busy_timeout '60000');
		CREATE SCHEMA $name;
		CREATE FOREIGN TABLE $name.account (id bigint, n bigint, t text) SERVER $name;
		CREATE FOREIGN TABLE $name.dense (id bigint, n bigint, t text) SERVER $name;
	});
	keep_open($file) if $mode eq 'wal';
	return ($file, $name);
}

sub keep_open
{
	my ($file) = @_;
	my ($in, $out) = ("SELECT count(*) FROM account;\n", '');

	$shell = IPC::Run::start(
		[ 'sqlite3', '-batch', '-init', '/dev/null', $file ],
		'<', \$in, '>', \$out, IPC::Run::timeout(120));
	$shell->pump until $out =~ /\d/;
}

# A program that moves amounts between accounts, for half a minute at most.
sub start_writer
{
	my ($file) = @_;
	my $sql = ".timeout 20000\n";

	foreach my $i (1 .. 3000)
	{
		my $from = 1 + ($i * 7919) % 20000;
		my $to = 20001 - $from;

		$sql .= "BEGIN IMMEDIATE;"
		  . "UPDATE account SET n = n - 1 WHERE id = $from;"
		  . "UPDATE account SET n = n + 1 WHERE id = $to;"
		  . "DELETE FROM account WHERE id = 30000 + $i - 1;"
		  . "INSERT INTO account VALUES (30000 + $i, 0, 'step');"
		  . "COMMIT;\n.system sleep 0.005\n";
	}
	append_to_file("$file.sql", $sql);
	return IPC::Run::start(
		[ 'sqlite3', '-batch', '-init', '/dev/null', $file ],
		'<', "$file.sql", '>', '/dev/null', '2>', '/dev/null');
}

# The output of a psql script, on one line.
sub script
{
	my ($name, $sql) = @_;
	my ($out, $err) = ('', '');

	IPC::Run::run(
		[ 'psql', '-XAtq', '-d', $node->connstr('postgres') ],
		'<', \"SET search_path = $name;\n$sql", '>', \$out, '2>', \$err,
		IPC::Run::timeout(120));
	$out .= join '', map { "$_\n" } $err =~ /(ERROR: +.*)/g;
	$out =~ s/\n/ /g;
	$out =~ s/ +$//;
	return $out;
}

my %queries = (
	'an aggregate' => 'SELECT count(*), sum(n) FROM account',
	'a sorted result' => 'SELECT count(*), sum(n) FROM (SELECT n FROM account ORDER BY t LIMIT 30000) s',
	'both sides of a join' => 'SELECT count(*), sum(a.n) FROM account a JOIN dense d USING (id)',
	'a join in batches' => "SET work_mem = '64kB'; SELECT count(*), sum(a.n) FROM account a JOIN dense d USING (id)",
	'an append' => 'SELECT count(*), sum(n) FROM (SELECT n FROM account UNION ALL SELECT n FROM account) u');
my %answers = map { $_ => '20000|2000000' } keys %queries;
$answers{'an append'} = '40000|4000000';

# The transaction's state is older than what a worker can have: in WAL mode
# none may read.
foreach my $mode ('delete', 'wal')
{
	my ($file, $name) = begin_story($mode);

	$ENV{FILE} = $file;
	foreach my $query (sort keys %queries)
	{
		is(script($name, qq{
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT 1 FROM account WHERE id = 1;
\\! sqlite3 -batch -init /dev/null "\$FILE" "UPDATE account SET n = n + 1; DELETE FROM account WHERE id > 15000" 2>/dev/null
$queries{$query};
COMMIT;
}), "1 $answers{$query}", "$mode: repeatable read, $query");
		sqlite($file, 'DELETE FROM account; INSERT INTO account SELECT id, 100, t FROM dense;');
	}

	# nobody waits for those who do not come
	is(script($name, q{
SET statement_timeout = '20s';
SET enable_mergejoin = off;
SET enable_nestloop = off;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT 1 FROM account WHERE id = 1;
\! sqlite3 -batch -init /dev/null "$FILE" "UPDATE account SET n = n + 1" 2>/dev/null
SELECT count(*) FROM (SELECT a.n FROM account a JOIN dense d USING (id) LIMIT 5) l;
SELECT count(*) FROM (SELECT n FROM account LIMIT 5) l;
COMMIT;
}), '1 5 5', "$mode: repeatable read, an early end");

	# a plan of before, where the leader does not read
	like(script($name, q{
SET plan_cache_mode = force_generic_plan;
PREPARE q AS SELECT count(*) FROM account;
EXECUTE q;
SET parallel_leader_participation = off;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT 1 FROM account WHERE id = 1;
\! sqlite3 -batch -init /dev/null "$FILE" "UPDATE account SET n = n + 1" 2>/dev/null
EXECUTE q;
COMMIT;
}), $mode eq 'wal' ? qr/^20000 1 ERROR: +a parallel worker does not see the same state/ : qr/^20000 1 20000$/,
		"$mode: without the leader, all or an error");

	# what a scan has locked, it lets go of
	is(script($name, q{
BEGIN;
SELECT count(*) FROM account;
\! sqlite3 -batch -init /dev/null "$FILE" "UPDATE account SET n = 100 WHERE id = 1; SELECT 'written'" 2>&1
SELECT count(*) FROM account WHERE n / (id - 19999) < 0;
ROLLBACK;
\! sqlite3 -batch -init /dev/null "$FILE" "UPDATE account SET n = 100 WHERE id = 1; SELECT 'written'" 2>&1
}), '20000 written written ERROR:  division by zero', "$mode: locks end with the statement, and with an error");

	undef $shell;
}

# A file in WAL mode that nobody has open is read without locks.
{
	my ($file, $name) = begin_story('wal');

	undef $shell;
	sqlite($file, 'PRAGMA wal_checkpoint(TRUNCATE);');
	is(script($name, 'SELECT count(*), sum(n) FROM account;'), '20000|2000000', 'a file without its log');
}

# Somebody writes all the time.
foreach my $mode ('delete', 'wal')
{
	my ($file, $name) = begin_story($mode);
	my ($runs, $first) = (0, '');
	my $end = time() + 6;
	my $writer;

	# a row that each step takes away and adds again
	sqlite($file, "INSERT INTO account VALUES (30000, 0, 'step');");
	$writer = start_writer($file);
	while (time() < $end)
	{
		foreach my $query (sort keys %queries)
		{
			my $out = script($name, "$queries{$query};");
			my $rows = $query eq 'an append' ? 40002 : 20001;

			$rows = 20000 if $query =~ /join/;
			$runs++;
			next if $out eq $rows . '|' . ($query eq 'an append' ? 4000000 : 2000000);
			$first ||= "$query: $out";
		}
	}
	$writer->kill_kill;
	is($first, '', "$mode: $runs answers under a writer, each of one state");
	cmp_ok($runs, '>', 4, "$mode: there were answers");
	isnt(sqlite($file, 'SELECT max(id) FROM account;'), '30000', "$mode: and it did write");
	undef $shell;
}

# Cancelled in the middle, and the server goes on.
{
	my ($file, $name) = begin_story('delete');

	like(script($name, q{
SET statement_timeout = '100ms';
SELECT count(*) FROM account a, dense d WHERE a.n <> d.n + 1000 AND a.t <> d.t;
RESET statement_timeout;
SELECT count(*) FROM account;
}), qr/^20000 ERROR: +canceling statement due to statement timeout$/, 'a timeout ends the workers');
	is(sqlite($file, "UPDATE account SET n = 0; SELECT 'written'"), 'written', 'no lock is left');
}

$node->stop;
done_testing();
