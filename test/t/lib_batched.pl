# A batched import that is killed, again and again, ends as one that was not.

use strict;
use warnings;

use FindBin;
use IPC::Run;
use Test::More;
use Time::HiRes;

use lib $FindBin::Bin;
use Lite;
use PostgreSQL::Test::Utils;

my $kills = 16;    # at least 10 of backends, and some of the whole server
my $seed = $ENV{LITE_SEED} // time();
srand($seed);
note "LITE_SEED=$seed";

# Every kind of key that rows are found by, values that are rejected, and
# enough to do after the rows.
my $dir = scratch_dir();
my $file = "$dir/batched.db";
sqlite($file, <<'SQL');
CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, meta TEXT);
CREATE TABLE big (id INTEGER PRIMARY KEY AUTOINCREMENT, parent INTEGER REFERENCES parent(id), t TEXT, r REAL, amount, CHECK (id <> 0));
CREATE TABLE pairs (k TEXT, n INTEGER, v BLOB, PRIMARY KEY (k, n)) WITHOUT ROWID;
CREATE TABLE folded (k TEXT COLLATE NOCASE PRIMARY KEY, v) WITHOUT ROWID;
CREATE TABLE backwards (k INTEGER, v, PRIMARY KEY (k DESC)) WITHOUT ROWID;
CREATE TABLE doubles (a, b);
CREATE TABLE empty (x INT);
CREATE INDEX big_t ON big (t);
CREATE INDEX big_parent ON big (parent, r) WHERE r > 10;
CREATE INDEX doubles_a ON doubles (a);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 500)
INSERT INTO parent SELECT i * 7 - 1000, 'p' || i, json_object('i', i) FROM s;
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 20000)
INSERT INTO big SELECT i * 3 - 30001, ((i % 500) + 1) * 7 - 1000, 'text ' || i, i / 3.0, CASE WHEN i % 1000 = 17 THEN 'bad' ELSE i END FROM s;
INSERT INTO big VALUES (9223372036854775807, NULL, 'last', 0, 0), (-9223372036854775808, NULL, 'first', 0, 0);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 5000)
INSERT INTO pairs SELECT 'k' || (i % 13) || char(i % 9 + 945), i, zeroblob(i % 4) FROM s;
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 2000)
INSERT INTO folded SELECT CASE i % 2 WHEN 0 THEN 'KEY ' ELSE 'key ' END || i, i FROM s;
INSERT INTO backwards SELECT id, t FROM big LIMIT 700;
INSERT INTO doubles SELECT id % 10, 'x' || (id % 5) FROM big LIMIT 5000;
SQL

my $options = q{on_error := 'reject', types := '{"big.amount": "bigint"}'};
my $node = lite_node('main', 'restart_after_crash = on', 'max_wal_size = 1GB');

sub query
{
	my ($sql) = @_;
	return $node->safe_psql('postgres', "SET client_min_messages = warning; $sql");
}

query("SELECT FROM sqlite_import('$file', 'reference', " . ($options =~ s/:=/=>/gr) . ')');
my @tables = split /\n/, query("SELECT relname FROM pg_class WHERE relnamespace = 'reference'::regnamespace AND relkind = 'r' ORDER BY 1");
is(scalar @tables, 7, 'the reference has all tables');

# Is the schema what the uninterrupted import made, and does the log say so?
sub is_reference
{
	my ($schema, $name) = @_;

	foreach my $table (@tables)
	{
		is(query(qq{
			SELECT (SELECT count(*) FROM (TABLE reference.$table EXCEPT ALL TABLE $schema.$table) AS a),
				(SELECT count(*) FROM (TABLE $schema.$table EXCEPT ALL TABLE reference.$table) AS b)}),
			'0|0', "$name: $table has the same rows");
	}
	my @made = map {
		my $in = $_;
		query(qq{
			SELECT replace(pg_get_indexdef(i.indexrelid), '$in.', '') AS def FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = '$in'::regnamespace
			UNION ALL
			SELECT conname || ' ' || convalidated || ' ' || replace(pg_get_constraintdef(oid), '$in.', '') FROM pg_constraint WHERE connamespace = '$in'::regnamespace
			UNION ALL
			SELECT sequencename || ' ' || start_value || ' ' || coalesce(last_value::text, '') FROM pg_sequences WHERE schemaname = '$in'
			ORDER BY 1})
	} 'reference', $schema;
	is($made[1], $made[0], "$name: the same keys, indexes, checks and sequences");
	my @log = map {
		query(qq{
			SELECT t.table_name, t.rows, t.rejected, t.nulled, t.verified, t.detail, t.loaded - 'name'
			FROM sqlite_import_tables t JOIN sqlite_import_log i ON i.id = t.import_id WHERE i.schema = '$_' ORDER BY 1})
	} 'reference', $schema;
	is($log[1], $log[0], "$name: the same in the log, checksums included");
	my @rejects = map {
		query(qq{
			SELECT r.table_name, r.row_id, r.action, r.reason, r.column_name, r.value, r.column_values
			FROM sqlite_rejects r JOIN sqlite_import_log i ON i.id = r.import_id WHERE i.schema = '$_' ORDER BY 1, 2})
	} 'reference', $schema;
	is($rejects[1], $rejects[0], "$name: the same rejects");
	is(query("SELECT count(*), bool_and(verified) FROM sqlite_verify('$file', '$schema')"), '7|t', "$name: verified");
	is(query("SELECT count(*) FROM sqlite_import_steps s JOIN sqlite_import_log i ON i.id = s.import_id WHERE i.schema = '$schema'"),
		'0', "$name: no step is left");
	is(query("SELECT count(*) FROM sqlite_import_log WHERE schema = '$schema'"), '1', "$name: one import");
}

# ---- never interrupted, in batches of any size
foreach my $size (1000, 777, 1000000)
{
	query("CALL sqlite_import_batched('$file', 'whole$size', batch_rows := $size, $options)");
	is_reference("whole$size", "batches of $size");
}

# ---- killed
my ($out, $err);

sub start_import
{
	my ($schema) = @_;

	($out, $err) = ('', '');
	my $run = IPC::Run::start(
		[
			'psql', '-XAtq', '-d', $node->connstr('postgres'),
			'-c', 'SELECT pg_backend_pid()',
			'-c', "CALL sqlite_import_batched('$file', '$schema', batch_rows := 100, $options)"
		],
		'<', \undef, '>', \$out, '2>', \$err, IPC::Run::timeout(120));
	$run->pump until $out =~ /^(\d+)\n/ || !$run->pumpable;
	die $err if $out !~ /^(\d+)\n/;
	return ($run, $1);
}

# How long does it take here, now?
my $began = Time::HiRes::time();
my ($timed) = start_import('timed');
$timed->finish;
my $takes = Time::HiRes::time() - $began;
note "an import takes $takes s";

my %phases;
my ($killed, $round, $at_rows) = (0, 0, 0);
while ($killed < $kills)
{
	my $schema = 'killed' . ++$round;
	my $here = 0;
	die 'the import is too fast to be killed' if $round > 30;

	while (1)
	{
		my ($run, $pid) = start_import($schema);

		if ($killed >= $kills || $here >= 8)
		{
			$run->finish or die "the import failed: $err";
			last;
		}
		Time::HiRes::usleep(int(rand($takes * 600000)));
		if ($killed % 4 == 3)
		{
			# The backend would not notice until it waits for something.
			my $server = $node->{_pid};
			$node->kill9;
			kill 'KILL', $pid;
			eval { $run->finish };
			Time::HiRes::usleep(10000) while kill(0, $server);
			my $tries = 0;
			until ($node->start(fail_ok => 1))
			{
				die 'the server does not start' if ++$tries > 100;
				Time::HiRes::usleep(100000);
			}
		}
		else
		{
			kill 'KILL', $pid;
			eval { $run->finish };
			# Until the server has noticed it goes on answering.
			Time::HiRes::usleep(1000) while kill(0, $pid);
			$node->poll_query_until('postgres', 'SELECT NOT pg_is_in_recovery()') or die 'no recovery';
		}
		my ($step, $rows) = split /\|/, query(qq{
			SELECT coalesce((SELECT phase || ' ' || coalesce(object, '') FROM sqlite_import_steps s
				WHERE s.import_id = i.id AND done_at IS NULL ORDER BY step LIMIT 1), 'done'),
				(SELECT sum(rows) FROM sqlite_import_steps s WHERE s.import_id = i.id)
			FROM sqlite_import_log i WHERE schema = '$schema'}) || 'nothing yet|0';
		last if $step eq 'done';
		$killed++;
		$here++;
		$phases{$step}++;
		$at_rows++ if ($rows || 0) > 0;
		note "killed $schema at: $step, rows " . ($rows // '');
	}
	is_reference($schema, "killed $here times");
}
cmp_ok($killed, '>=', 10, "killed $killed times");
cmp_ok($at_rows, '>=', 5, "of which $at_rows times with rows committed before");
note join(', ', map { "$_: $phases{$_}" } sort keys %phases);

# ---- cancelled: it goes on
my $n = 0;
for (my $i = 0; $i < 200; $i++)
{
	my ($rc, $o, $e) = $node->psql('postgres',
		"SET statement_timeout = '" . int($takes * 300) . "ms'; CALL sqlite_import_batched('$file', 'cancelled', batch_rows := 300, $options)");
	last if $rc == 0;
	like($e, qr/canceling statement due to statement timeout/, 'cancelled') if $n++ == 0;
}
cmp_ok($n, '>', 0, "cancelled $n times");
is_reference('cancelled', 'cancelled');

# ---- called again when all is done
my ($rc, $stdout, $stderr) = $node->psql('postgres', "CALL sqlite_import_batched('$file', 'whole777', $options)");
like($stderr, qr/has done this already/, 'again: it says so');
is_reference('whole777', 'again');

# ---- half done, for what follows: a value that does not fit stops it
sub stop_half_way
{
	my ($path, $schema, $more) = @_;

	sqlite($path, <<'SQL') if !-e $path;
CREATE TABLE t (id INTEGER PRIMARY KEY, v);
WITH RECURSIVE s(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 1000)
INSERT INTO t SELECT i, CASE i WHEN 950 THEN 'bad' ELSE i END FROM s;
SQL
	return $node->psql('postgres',
		qq{CALL sqlite_import_batched('$path', '$schema', batch_rows := 100, types := '{"t.v": "bigint"}' } . ($more // '') . ')');
}
my $half = "$dir/half.db";
($rc, $stdout, $stderr) = stop_half_way($half, 'half');
like($stderr, qr/rowid 950 of SQLite table "t"/, 'stop: the error names the row');
is(query('SELECT count(*) FROM half.t'), '900', 'stop: the batches before it stay');
($rc, $stdout, $stderr) = stop_half_way($half, 'half');
like($stderr, qr/going on with import.*rowid 950/s, 'stop: again at the same row');
is(query('SELECT count(*) FROM half.t'), '900', 'stop: nothing twice');

# ... other options are another import, which finds the tables there
($rc, $stdout, $stderr) = $node->psql('postgres', "CALL sqlite_import_batched('$half', 'half')");
like($stderr, qr/table "?(half\.)?t"? exists|already exists|exists/, 'other options: the tables are there');

# ... two sessions do not work at it at once
my ($in, $o, $e) = ('', '', '');
my $locker = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('postgres') ],
	'<', \$in, '>', \$o, '2>', \$e, IPC::Run::timeout(60));
$in .= "BEGIN;\nSELECT 'locked' FROM sqlite_import_batches FOR UPDATE;\n";
$locker->pump until $o =~ /locked/;
($rc, $stdout, $stderr) = stop_half_way($half, 'half');
like($stderr, qr/could not obtain lock/, 'locked: by another session');
$in .= "ROLLBACK;\n\\q\n";
$locker->finish;

# ... the file has changed
sqlite($half, 'UPDATE t SET v = 950 WHERE id = 950');
($rc, $stdout, $stderr) = stop_half_way($half, 'half');
like($stderr, qr/has changed since import \d+ began/, 'changed: the import stops');
like($stderr, qr/HINT:.*restart => true/, 'changed: and says what to do');
($rc, $stdout, $stderr) = stop_half_way($half, 'half', ', restart := true');
is($stdout =~ s/^\d+//r, '|1000|0|t', 'restart: all of it');
is(query("SELECT count(*), sum(v) FROM half.t"), '1000|500500', 'restart: the new rows');
is(query("SELECT count(*) FROM sqlite_import_log WHERE schema = 'half'"), '1', 'restart: the old import is forgotten');

# ... or changes while it runs
sqlite($file, 'PRAGMA journal_mode = WAL');
my ($to_writer, $from_writer) = ('', '');
my $writer = IPC::Run::start([ 'sqlite3', '-batch', '-init', '/dev/null', $file ],
	'<', \$to_writer, '>', \$from_writer, '2>&1', IPC::Run::timeout(60));
$to_writer .= "SELECT count(*) FROM parent;\nSELECT 'ready';\n";
$writer->pump until $from_writer =~ /ready/;
my ($run, $pid) = start_import('moving');
$node->poll_query_until('postgres',
	"SELECT count(*) > 0 FROM sqlite_import_steps s JOIN sqlite_import_log i ON i.id = s.import_id WHERE schema = 'moving' AND s.rows > 0");
$to_writer .= "DELETE FROM doubles;\nSELECT 'written';\n";
$writer->pump until $from_writer =~ /written/;
$run->finish;
like($err, qr/has changed since import \d+ began/, 'a writer: the import stops');
$to_writer .= ".quit\n";
$writer->finish;

# ---- the state survives a dump
is(query("SELECT count(*) > 0 FROM sqlite_import_steps"), 't', 'dump: there is an unfinished import');
my $dump = "$dir/dump.sql";
$node->safe_psql('postgres', 'CREATE DATABASE restored');
$node->command_ok([ 'pg_dump', '-f', $dump, '-d', $node->connstr('postgres') ], 'dump');
$node->command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-f', $dump, '-d', $node->connstr('restored') ], 'restore');
is($node->safe_psql('restored', 'SELECT count(*) FROM sqlite_import_steps'), query('SELECT count(*) FROM sqlite_import_steps'), 'dump: all steps');

$node->stop;
done_testing();
