# What happens to a file under a session that has it open: replaced, deleted,
# truncated, given another schema.  Never a stale or a mixed answer.

use strict;
use warnings;

use Lite;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = lite_node();
my $dir = scratch_dir();
my $file = "$dir/app.db";

sqlite($file, q{
	CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT);
	INSERT INTO t VALUES (1, 'old'), (5, 'five');
});
sqlite("$dir/new.db", q{
	CREATE TABLE t (id INTEGER PRIMARY KEY, s TEXT);
	INSERT INTO t VALUES (1, 'new'), (2, 'newer'), (3, 'newest');
});
# the same names, and nothing a condition on the key may rely on
sqlite("$dir/text.db", q{
	CREATE TABLE t (s TEXT, id);
	INSERT INTO t VALUES ('one', 1), ('five', '5');
});
$node->safe_psql('postgres', qq{
	CREATE SERVER s FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database '$file');
	CREATE FOREIGN TABLE t (id bigint, s text) SERVER s;
});
$ENV{DIR} = $dir;

# One session; shell commands in between.  Output and errors in their order.
sub story
{
	my ($script) = @_;
	my $out = '';

	IPC::Run::run(
		[ 'psql', '-XAtq', '-v', 'VERBOSITY=terse', '-d', $node->connstr('postgres') ],
		'<', \$script, '>', \$out, '2>&1');
	$out =~ s/\Q$dir\E/DIR/g;
	return $out;
}

is(story(q{
SELECT s FROM t WHERE id = 1;
\! cp "$DIR/new.db" "$DIR/next.db"; mv "$DIR/next.db" "$DIR/app.db"
SELECT s FROM t WHERE id = 1;
SELECT count(*) FROM t;
}), "old\nnew\n3\n", 'replaced by another file');

is(story(q{
SELECT s FROM t WHERE id = 1;
\! mv "$DIR/app.db" "$DIR/away.db"
SELECT s FROM t WHERE id = 1;
\! mv "$DIR/away.db" "$DIR/app.db"
SELECT s FROM t WHERE id = 1;
}), qq{new\nERROR:  SQLite file "DIR/app.db" does not exist\nnew\n}, 'deleted, and back');

like(story(q{
SELECT count(*) FROM t;
\! cp "$DIR/app.db" "$DIR/away.db"; head -c 5000 "$DIR/away.db" > "$DIR/app.db"
SELECT count(*) FROM t;
\! : > "$DIR/app.db"
SELECT count(*) FROM t;
\! cat "$DIR/away.db" > "$DIR/app.db"
SELECT count(*) FROM t;
}), qr/^3\nERROR: .*\nERROR: .*\n3\n$/, 'truncated in place, and back');

# A cursor over a file that is truncated under it.
sqlite($file, q{
	WITH RECURSIVE c (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM c WHERE i < 20000)
	INSERT INTO t SELECT i, 'row ' || i FROM c;
});
my $cut = story(q{
BEGIN;
DECLARE c CURSOR FOR SELECT s FROM t;
FETCH 1 FROM c;
\! cp "$DIR/app.db" "$DIR/away.db"; head -c 20000 "$DIR/away.db" > "$DIR/app.db"
MOVE ALL FROM c;
ROLLBACK;
\! cat "$DIR/away.db" > "$DIR/app.db"
SELECT count(*) FROM t;
});
like($cut, qr/^new\nERROR: .*\n19994\n$/, 'truncated under an open cursor: an error, no crash');

is(story(q{
PREPARE p AS SELECT s FROM t WHERE id = 1;
SET plan_cache_mode = force_generic_plan;
EXECUTE p;
\! sqlite3 "$DIR/app.db" "ALTER TABLE t ADD COLUMN extra TEXT; UPDATE t SET s = 'altered' WHERE id = 1;"
EXECUTE p;
\! sqlite3 "$DIR/app.db" "ALTER TABLE t RENAME COLUMN s TO text;"
EXECUTE p;
\! sqlite3 "$DIR/app.db" "ALTER TABLE t RENAME COLUMN text TO s;"
EXECUTE p;
\! sqlite3 "$DIR/app.db" "ALTER TABLE t RENAME TO u;"
EXECUTE p;
\! sqlite3 "$DIR/app.db" "ALTER TABLE u RENAME TO t;"
EXECUTE p;
}), qq{new\naltered\nERROR:  SQLite table "t" has no column "s"\naltered\n}
	. qq{ERROR:  SQLite table "t" does not exist\naltered\n}, 'another schema under a prepared statement');

is(story(q{
PREPARE p AS SELECT s FROM t WHERE id = 5;
SET plan_cache_mode = force_generic_plan;
EXECUTE p;
\! cp "$DIR/text.db" "$DIR/next.db"; mv "$DIR/next.db" "$DIR/app.db"
EXECUTE p;
}), "five\n", 'a condition is not pushed to a table it was not made for')
	if sqlite($file, 'INSERT OR REPLACE INTO t (id, s) VALUES (5, NULL); DELETE FROM t WHERE id = 5;') eq '';

# Many files: descriptors do not pile up.
my $script = '';
foreach my $i (1 .. 150)
{
	sqlite("$dir/f$i.db", "CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES ($i);");
	$script .= qq{
		CREATE SERVER f$i FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database '$dir/f$i.db');
		CREATE FOREIGN TABLE f$i (id bigint) SERVER f$i OPTIONS ("table" 't');};
}
$node->safe_psql('postgres', $script);
my $reads = join '', map { "SELECT id FROM f$_;\n" } 1 .. 150;
my $all = 'SELECT sum(id) FROM ('
  . join(' UNION ALL ', map { "SELECT id FROM f$_" } 1 .. 150) . ') x;';
my $open = story(qq{
SELECT pg_backend_pid() AS pid \\gset
\\setenv PID :pid
\\o /dev/null
$reads
\\o
\\! ls -l /proc/\$PID/fd | grep -c "\$DIR/f"
$all
\\! ls -l /proc/\$PID/fd | grep -c "\$DIR/f"
});
my @open = split /\n/, $open;
cmp_ok($open[0], '<=', 32, 'handles of many files are closed again');
is($open[1], 150 * 151 / 2, '150 files in one statement');
cmp_ok($open[2], '<=', 32, '... and closed after it');

$node->stop;
done_testing();
