# One statement sees one state of a file, and an idle transaction locks nobody
# out.  While a session reads, SQLite's shell writes, run by psql in between.

use strict;
use warnings;

use Lite;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = lite_node();

# A file of its own for one story, and a foreign table for it.
my $number = 0;

sub begin_story
{
	my ($mode) = @_;
	my $file = copy_fixture('fdw_scan.db');
	my $server = 's' . ++$number;

	sqlite($file, "PRAGMA journal_mode = $mode;");
	$node->safe_psql('postgres', qq{
		CREATE SERVER $server FOREIGN DATA WRAPPER sqlite_fdw_lite
			OPTIONS (database '$file', busy_timeout '0');
		DROP FOREIGN TABLE IF EXISTS many;
		CREATE FOREIGN TABLE many (id bigint, k integer, s text) SERVER $server;
	});
	$ENV{FILE} = $file;
	return $file;
}

# In WAL mode somebody has to have the file open, or the shell's last close
# would put it away.
sub keep_open
{
	my ($file) = @_;
	my ($in, $out, $err) = ("SELECT count(*) FROM many;\n", '', '');
	my $shell = IPC::Run::start(
		[ 'sqlite3', '-batch', '-init', '/dev/null', $file ],
		'<', \$in, '>', \$out, '2>', \$err,
		IPC::Run::timeout(60));

	$shell->pump until $out =~ /\d/;
	return $shell;
}

# Every line of output of a psql script; "INSERT;" in it stands for a row
# inserted by SQLite's shell, which answers "locked" where it may not.
sub story
{
	my ($script) = @_;
	my ($out, $err) = ('', '');

	$script =~ s{^INSERT;$}{\\! sqlite3 -batch -init /dev/null "\$FILE" "INSERT INTO many (s) VALUES ('new')" 2>&1 | sed 's/.*locked.*/locked/'}mg;
	IPC::Run::run(
		[ 'psql', '-XAtq', '-d', $node->connstr('postgres') ],
		'<', \$script, '>', \$out, '2>', \$err);
	$out .= join '', map { "$_\n" } $err =~ /(ERROR: +.*)/g;
	$out =~ s/\n/ /g;
	$out =~ s/ +$//;
	return $out;
}

foreach my $mode ('delete', 'wal')
{
	my $locked = $mode eq 'wal' ? '' : 'locked ';
	my $after = $mode eq 'wal' ? 1001 : 1000;
	my $file = begin_story($mode);
	my $other = $mode eq 'wal' ? keep_open($file) : undef;

	is(story(q{
BEGIN;
SELECT count(*) FROM many;
INSERT;
SELECT count(*) FROM many;
COMMIT;
}), '1000 1001', "$mode: read committed sees what was committed, and locks nobody out in between");

	$file = begin_story($mode);
	$other = $mode eq 'wal' ? keep_open($file) : undef;
	is(story(q{
BEGIN;
DECLARE c CURSOR FOR SELECT s FROM many WHERE id IN (1, 2) OR s = 'new';
FETCH 1 FROM c;
INSERT;
FETCH ALL FROM c;
CLOSE c;
INSERT;
SELECT count(*) FROM many;
COMMIT;
}), "row 1 ${locked}row 2 " . ($mode eq 'wal' ? 1002 : 1001),
		"$mode: a cursor sees the state it was opened on, and lets go when closed");

	# Closing one handle of a file must not drop the locks of another.
	$file = begin_story($mode);
	$other = $mode eq 'wal' ? keep_open($file) : undef;
	is(story(q{
BEGIN;
DECLARE c CURSOR FOR SELECT s FROM many WHERE id IN (1, 2) OR s = 'new';
FETCH 1 FROM c;
SELECT count(*) FROM many;
INSERT;
SELECT count(*) FROM many;
FETCH ALL FROM c;
COMMIT;
}), "row 1 1000 ${locked}$after row 2",
		"$mode: another statement under an open cursor has a state of its own");

	$file = begin_story($mode);
	$other = $mode eq 'wal' ? keep_open($file) : undef;
	is(story(q{
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM many;
INSERT;
SELECT count(*) FROM many;
COMMIT;
INSERT;
SELECT count(*) FROM many;
}), "1000 ${locked}1000 " . ($after + 1),
		"$mode: repeatable read keeps one state to its end");

	$file = begin_story($mode);
	$other = $mode eq 'wal' ? keep_open($file) : undef;
	is(story(q{
BEGIN;
SELECT 1 / (count(*) - 1000) FROM many;
INSERT;
ROLLBACK;
SELECT count(*) FROM many;
}), '1001 ERROR:  division by zero',
		"$mode: a failed statement lets go, though the transaction is still there");

	$file = begin_story($mode);
	$other = $mode eq 'wal' ? keep_open($file) : undef;
	is(story(q{
BEGIN;
DO $$ BEGIN PERFORM 1 / (id - 500) FROM many; EXCEPTION WHEN division_by_zero THEN NULL; END $$;
INSERT;
SAVEPOINT s;
DECLARE c CURSOR FOR SELECT s FROM many;
FETCH 1 FROM c;
ROLLBACK TO s;
INSERT;
SELECT count(*) FROM many;
COMMIT;
}), 'row 1 1002', "$mode: so does a failed subtransaction");

	$file = begin_story($mode);
	$other = $mode eq 'wal' ? keep_open($file) : undef;
	is(story(q{
BEGIN;
DECLARE h CURSOR WITH HOLD FOR SELECT s FROM many WHERE id = 1 OR s = 'new';
COMMIT;
INSERT;
FETCH ALL FROM h;
SELECT count(*) FROM many;
}), 'row 1 1001', "$mode: a held cursor keeps its rows, not its lock");
}

# Handles that are not kept are closed under an open cursor, which must not
# lose its lock by that.
{
	begin_story('delete');
	$node->safe_psql('postgres', "ALTER SERVER s$number OPTIONS (ADD keep_connections 'false')");
	is(story(q{
BEGIN;
DECLARE c CURSOR FOR SELECT s FROM many WHERE id IN (1, 2) OR s = 'new';
FETCH 1 FROM c;
SELECT count(*) FROM many;
SELECT max(id) FROM many;
INSERT;
FETCH ALL FROM c;
CLOSE c;
INSERT;
COMMIT;
}), 'row 1 1000 1000 locked row 2', 'closing a handle leaves the locks of others alone');
}

# Within one statement: a function writes between two reads of it.
my $file = begin_story('wal');
my $other = keep_open($file);
$node->safe_psql('postgres', qq{
	CREATE FUNCTION insert_row() RETURNS integer LANGUAGE plpgsql AS \$\$
	BEGIN
		COPY (SELECT 1) TO PROGRAM 'cat >/dev/null; sqlite3 -batch -init /dev/null $file "INSERT INTO many (s) VALUES (1)"';
		RETURN 0;
	END \$\$});
is(story(q{
SELECT (SELECT count(*) FROM many), insert_row(), (SELECT count(*) FROM many m);
SELECT count(*) FROM many;
}), '1000|0|1000 1001', 'two scans in one statement see one state');

# A WAL file that its writer has closed is read without a lock on its -wal.  A
# commit leaves what we read alone; a checkpoint does not, and that is noticed.
foreach my $checkpoint ('', 'PRAGMA wal_checkpoint;')
{
	$file = begin_story('wal');
	my $seen = story(qq{
\\set VERBOSITY sqlstate
BEGIN;
DECLARE c CURSOR FOR SELECT s FROM many WHERE id = 1 OR s = 'new';
FETCH 1 FROM c;
\\! sqlite3 -batch -init /dev/null "\$FILE" "INSERT INTO many (s) VALUES ('new'); $checkpoint" >/dev/null
FETCH ALL FROM c;
COMMIT;
SELECT count(*) FROM many;
});
	is($seen, 'row 1 1001' . ($checkpoint ? ' ERROR:  40001' : ''),
		$checkpoint ? 'a read without a lock fails when the file moves'
		: 'a commit behind a read without a lock does not disturb it');
}

$node->stop;
done_testing();
