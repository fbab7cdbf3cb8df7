# An import that does not come to its end leaves nothing behind, neither in
# PostgreSQL nor beside the file; one that does takes one state of the file.

use strict;
use warnings;

use Digest::SHA;
use FindBin;
use IPC::Run;
use Test::More;
use Time::HiRes;

use lib $FindBin::Bin;
use Lite;
use PostgreSQL::Test::Utils;

# Two tables, so that there is one to be changed while the other is read.
my $rows = 400000;
my $dir = scratch_dir();
my $file = "$dir/big.db";
sqlite($file, <<SQL);
PRAGMA journal_mode = WAL;
CREATE TABLE big (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b REAL, c INTEGER);
CREATE TABLE small (id INTEGER PRIMARY KEY, t TEXT);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < $rows)
INSERT INTO big SELECT i, 'row number ' || i || ' of a table that is not small', i / 4.0, i % 97 FROM s;
INSERT INTO small VALUES (1, 'one'), (2, 'two');
PRAGMA journal_mode = DELETE;
SQL

my $node = lite_node('main', 'shared_buffers = 4MB', 'max_wal_size = 4GB',
	'restart_after_crash = on',
	'maintenance_work_mem = 1MB', 'work_mem = 256kB');
$node->safe_psql('postgres', q{
CREATE FUNCTION hwm() RETURNS bigint LANGUAGE sql AS
$$SELECT (regexp_match(pg_read_file('/proc/self/status'), 'VmHWM:\s+(\d+)'))[1]::bigint$$});

sub digest_of
{
	return Digest::SHA->new(256)->addfile($_[0])->hexdigest;
}

sub files_beside
{
	opendir(my $handle, $dir) or die $!;
	my @names = sort grep { !/^\./ } readdir $handle;
	return "@names";
}

my $digest = digest_of($file);
my $beside = files_beside();

# Nothing of schema $_[0] is there, and the file is as it was.
sub nothing_is_left
{
	my ($schema, $what) = @_;

	is( $node->safe_psql('postgres', "SELECT count(*) FROM pg_namespace WHERE nspname = '$schema'"),
		'0', "$what: no schema");
	is( $node->safe_psql('postgres', "SELECT count(*) FROM sqlite_import_log WHERE schema = '$schema'"),
		'0', "$what: no entry in the log");
	is($node->safe_psql('postgres', 'SELECT count(*) FROM pg_stat_progress_copy'),
		'0', "$what: no progress");
	is(digest_of($file), $digest, "$what: the file is unchanged");
	is(files_beside(), $beside, "$what: nothing beside the file");
}

# Starts an import in a session of its own.
my ($out, $err);

sub start_import
{
	my ($schema, $options) = @_;

	($out, $err) = ('', '');
	return IPC::Run::start(
		[
			'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'),
			'-c', "SET application_name = '$schema'",
			'-c', "SELECT table_name, rows, verified FROM sqlite_import('$file', '$schema'" . ($options // '') . ")"
		],
		'<', \undef, '>', \$out, '2>', \$err);
}

# Waits until rows flow; the pid of the backend.
sub wait_for_rows
{
	for (my $i = 0; $i < 600; $i++)
	{
		my $pid = $node->safe_psql('postgres',
			'SELECT pid FROM pg_stat_progress_copy WHERE tuples_processed > 1000 AND bytes_processed > 0');
		return $pid if $pid ne '';
		Time::HiRes::usleep(20000);
	}
	die 'no rows flow';
}

# ---- cancel
my $import = start_import('cancelled');
my $pid = wait_for_rows();
my $start = Time::HiRes::time();
$node->safe_psql('postgres', "SELECT pg_cancel_backend($pid)");
ok(!$import->finish, 'cancel: the import fails');
cmp_ok(Time::HiRes::time() - $start, '<', 1, 'cancel: soon');
like($err, qr/canceling statement due to user request/, 'cancel: it says why');
nothing_is_left('cancelled', 'cancel');

# ---- a long step inside SQLite obeys the timeout
$start = Time::HiRes::time();
my ($rc, $stdout, $stderr) = $node->psql('postgres', <<SQL);
SET statement_timeout = '300ms';
SELECT * FROM sqlite_query('$file', 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c WHERE x < 0') AS q(x bigint);
SQL
like($stderr, qr/canceling statement due to statement timeout/, 'timeout: in one step of SQLite');
cmp_ok(Time::HiRes::time() - $start, '<', 2, 'timeout: soon');

# ---- a file that cannot grow any more
SKIP:
{
	skip 'no prlimit', 6 if system('prlimit --version >/dev/null 2>&1') != 0;
	my ($in, $o, $e) = ('', '', '');
	my $psql = IPC::Run::start(
		[ 'psql', '-XAtq', '-d', $node->connstr('postgres') ],
		'<', \$in, '>', \$o, '2>', \$e, IPC::Run::timeout(120));
	$in .= "SELECT pg_backend_pid();\n";
	$psql->pump until $o =~ /^(\d+)\n/m;
	my $limited = $1;
	# More than a WAL segment, less than the table.
	system('prlimit', '--fsize=' . 20 * 1024 * 1024, '--pid', $limited) == 0
	  or die 'prlimit failed';
	$in .= "SELECT table_name FROM sqlite_import('$file', 'full');\n\\q\n";
	$psql->finish;
	like($e, qr/could not (extend|write)/, 'no space: the error is the system\'s');
	nothing_is_left('full', 'no space');
}

# ---- a value that stops the import, after much was loaded
my $bad = "$dir/bad.db";
sqlite($bad, <<SQL);
CREATE TABLE first (id INTEGER PRIMARY KEY, t TEXT);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 5000)
INSERT INTO first SELECT i, 'text ' || i FROM s;
CREATE TABLE second (id INTEGER PRIMARY KEY, t TEXT);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 5000)
INSERT INTO second SELECT i, CASE i WHEN 4999 THEN CAST(x'ff' AS TEXT) ELSE 'text' END FROM s;
SQL
$beside = files_beside();
($rc, $stdout, $stderr) = $node->psql('postgres', "SELECT * FROM sqlite_import('$bad', 'stopped')");
like($stderr, qr/column "t", rowid 4999 of SQLite table "second", file "\Q$bad\E"/, 'stop: the error says where');
nothing_is_left('stopped', 'stop');

# ---- a file that no lock protects (in WAL mode, its writer gone) is changed
sqlite($file, 'PRAGMA journal_mode = WAL');
$import = start_import('changed');
wait_for_rows();
sqlite($file, q{UPDATE small SET t = 'changed'; UPDATE big SET c = c + 1});
ok(!$import->finish, 'changed: the import fails');
like($err, qr/changed|damaged/, 'changed: it says so');
$digest = digest_of($file);
$beside = files_beside();
nothing_is_left('changed', 'changed');
sqlite($file, q{UPDATE small SET t = 'one' WHERE id = 1; UPDATE small SET t = 'two' WHERE id = 2});

# ---- writers go on meanwhile; the import has one state of the file
my ($to_writer, $from_writer) = ('', '');
my $writer = IPC::Run::start([ 'sqlite3', '-batch', '-init', '/dev/null', $file ],
	'<', \$to_writer, '>', \$from_writer, '2>&1', IPC::Run::timeout(120));

sub write_more
{
	my ($sql, $mark) = @_;
	$to_writer .= "$sql;\nSELECT '$mark';\n";
	$writer->pump until $from_writer =~ /^$mark$/m;
}
write_more(q{UPDATE small SET t = 'one' WHERE id = 1}, 'ready');
$import = start_import('snapshot');
wait_for_rows();
write_more(q{UPDATE small SET t = 'changed'; INSERT INTO small VALUES (3, 'three'); DELETE FROM big WHERE id > 1000}, 'written');
ok($import->finish, 'snapshot: the import succeeds') or diag $err;
is($out, "big|$rows|t\nsmall|2|t\n", 'snapshot: rows of one state');
is($node->safe_psql('postgres', "SELECT string_agg(t, ',' ORDER BY id) FROM snapshot.small"), 'one,two', 'snapshot: values of one state');
like($node->safe_psql('postgres', "SELECT detail FROM sqlite_verify('$file', 'snapshot', '{small}') WHERE NOT verified"),
	qr/3 rows from the file, 2 in the table/, 'snapshot: verifying later sees what has changed');
write_more('DROP TABLE small', 'dropped');
like($node->safe_psql('postgres', "SELECT string_agg(verified || ' ' || detail, '; ' ORDER BY table_name) FROM sqlite_verify('$file', 'snapshot')"),
	qr/^false 1000 rows from the file.*; false the file has no such table any more: .*small/s, 'snapshot: a table that is gone is said to be gone');
write_more('CREATE TABLE small (id INTEGER PRIMARY KEY, t TEXT)', 'made');
$to_writer .= ".quit\n";
$writer->finish;

# ---- memory does not grow with the file (sorts have settings of their own)
my %hwm;
foreach my $scale (1, 10)
{
	my $n = 40000 * $scale;
	my $path = "$dir/scale$scale.db";
	sqlite($path, <<SQL);
CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, c REAL, d BLOB);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < $n)
INSERT INTO t SELECT i, 'text ' || i, '{"n": ' || i || ', "list": [1, 2, 3]}', i / 3.0, zeroblob(i % 50) FROM s;
SQL
	my $got = $node->safe_psql('postgres', <<SQL);
SET client_min_messages = warning;
SELECT rows, verified FROM sqlite_import('$path', 'scale$scale');
SELECT verified FROM sqlite_verify('$path', 'scale$scale');
SELECT count(*) FROM sqlite_query('$path', 'SELECT id, a FROM t') AS q(id bigint, a text);
SELECT hwm();
SQL
	my @lines = split /\n/, $got;
	is("@lines[0 .. 2]", "$n|t t $n", "memory: $n rows");
	$hwm{$scale} = $lines[3];
}
cmp_ok($hwm{10}, '<', $hwm{1} + 4096, "memory: $hwm{1} kB for one, $hwm{10} kB for ten times the rows");

# rejects as well: all rows
my $rejected = $node->safe_psql('postgres', <<SQL);
SET client_min_messages = warning;
SELECT rows, rejected, verified FROM sqlite_import('$dir/scale1.db', 'rejected', types => '{"t.a": "bigint"}', on_error => 'reject');
SELECT hwm();
SQL
my ($counts, $reject_hwm) = split /\n/, $rejected;
is($counts, '0|40000|t', 'memory: every row is rejected');
cmp_ok($reject_hwm, '<', $hwm{10} + 4096, "memory: $reject_hwm kB for 40000 rejects");

# ---- the history survives a dump
$node->safe_psql('postgres', 'CREATE DATABASE restored');
my $dump = PostgreSQL::Test::Utils::tempdir() . '/dump.sql';
$node->command_ok([ 'pg_dump', '-f', $dump, '-d', $node->connstr('postgres'), '--schema=scale1', '--extension=sqlite_fdw_lite' ], 'dump');
$node->safe_psql('postgres', 'DELETE FROM sqlite_rejects');
$node->command_ok([ 'pg_dump', '-f', $dump, '-d', $node->connstr('postgres') ], 'dump everything');
$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', $dump, '-d', $node->connstr('restored') ], 'restore');
is($node->safe_psql('restored', "SELECT count(*) FROM sqlite_import_log WHERE schema = 'scale1'"), '1', 'the log is there');
is($node->safe_psql('restored', "SELECT verified FROM sqlite_verify('$dir/scale1.db', 'scale1')"), 't', 'and verifies');

# ---- a killed backend (last: the server goes through recovery)
$beside = files_beside();
$digest = digest_of($file);
sqlite($file, "WITH RECURSIVE s(i) AS (SELECT 1001 UNION ALL SELECT i + 1 FROM s WHERE i < $rows) INSERT INTO big SELECT i, 'again ' || i, 1, 1 FROM s");
sqlite($file, 'PRAGMA journal_mode = DELETE');
$digest = digest_of($file);
$beside = files_beside();
$import = start_import('killed');
$pid = wait_for_rows();
kill 'KILL', $pid;
ok(!$import->finish, 'kill: the import fails');
# Until the server has noticed it goes on answering.
Time::HiRes::usleep(1000) while kill(0, $pid);
$node->poll_query_until('postgres', 'SELECT NOT pg_is_in_recovery()') or die 'no recovery';
nothing_is_left('killed', 'kill');

$node->stop;
done_testing();
