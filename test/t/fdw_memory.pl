# Memory does not grow with the file, nor with the number of executions.

use strict;
use warnings;

use Lite;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = lite_node('main', 'shared_buffers = 16MB');
my $dir = scratch_dir();

foreach my $size (20000, 200000)
{
	sqlite("$dir/$size.db", qq{
		CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b REAL, c NUMERIC, d TEXT, e BLOB);
		WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < $size)
		INSERT INTO t SELECT i, 'text of row ' || i, i / 7.0, i / 100.0, '{"n": ' || i || '}', randomblob(100) FROM c;
	});
	$node->safe_psql('postgres', qq{
		CREATE SERVER s$size FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database '$dir/$size.db');
		CREATE FOREIGN TABLE t$size (id bigint, a text, b float8, c numeric, d jsonb, e bytea) SERVER s$size OPTIONS ("table" 't');
	});
}

# The peak of the backend's own memory, in kB, after a script.
sub peak
{
	my ($script) = @_;
	my $out = '';
	my $input = qq{
SELECT pg_backend_pid() AS pid \\gset
\\setenv PID :pid
\\o /dev/null
$script
\\o
\\! awk '/^RssAnon/ { print \$2 }' /proc/\$PID/status
};

	IPC::Run::run([ 'psql', '-XAtq', '-d', $node->connstr('postgres') ],
		'<', \$input, '>', \$out);
	chomp $out;
	return $out;
}

sub scan
{
	my ($size) = @_;
	return peak("SELECT count(a), sum(b), max(c), count(d), sum(length(e)) FROM t$size;");
}

my $small = scan(20000);
my $large = scan(200000);
note("anonymous memory after a scan: $small kB, of a file ten times as large: $large kB");
cmp_ok($large - $small, '<', 4000, 'a scan of a 10 times larger file takes the same memory');

# Executions of a prepared lookup, all in one session: by one statement each,
# inside a function, and as statements of the session.
$node->safe_psql('postgres', q{
	CREATE FUNCTION lookups(n integer) RETURNS bigint LANGUAGE plpgsql AS
	$$
	DECLARE
		found text;
		hits bigint := 0;
	BEGIN
		FOR i IN 1 .. n LOOP
			SELECT a INTO found FROM t20000 WHERE id = i % 20000 + 1;
			hits := hits + (found IS NOT NULL)::integer;
		END LOOP;
		RETURN hits;
	END
	$$});
my $few = peak('SET plan_cache_mode = force_generic_plan; SELECT lookups(20000);');
my $many = peak('SET plan_cache_mode = force_generic_plan; SELECT lookups(120000);');
note("after 20,000 lookups: $few kB, after 120,000: $many kB");
cmp_ok($many - $few, '<', 500, '100,000 executions leave nothing behind');

my $prepare = "PREPARE p (bigint) AS SELECT a FROM t20000 WHERE id = \$1;\n";
$few = peak($prepare . "EXECUTE p (7);\n" x 100);
$many = peak($prepare . "EXECUTE p (7);\n" x 10000);
note("after 100 statements: $few kB, after 10,000: $many kB");
cmp_ok($many - $few, '<', 1000, 'nor do 10,000 statements');

# Errors as well: each leaves a statement and a snapshot to clean up.
$few = peak("SELECT 1 / (id - 10) FROM t20000;\n" x 20);
$many = peak("SELECT 1 / (id - 10) FROM t20000;\n" x 2000);
note("after 20 errors: $few kB, after 2,000: $many kB");
cmp_ok($many - $few, '<', 1000, 'nor do 2,000 errors');

$node->stop;
done_testing();
