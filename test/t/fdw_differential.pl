# The same question to a foreign table and to a native copy of it: random
# conditions, whatever of them is pushed down.  A failure prints the seed;
# LITE_SEED asks for one, LITE_QUERIES for more of them.

use strict;
use warnings;

use Lite;
use PostgreSQL::Test::Utils;
use Test::More;

my $seed = $ENV{LITE_SEED} // int(rand(2**31));
my $queries = $ENV{LITE_QUERIES} // 1500;
srand($seed);

my $node = lite_node();
my $file = fixture('fdw_pushdown.db');

$node->safe_psql('postgres', qq{
	CREATE SERVER s FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database '$file');
	CREATE FOREIGN TABLE t (id bigint, small integer, n bigint, s text, nocase text, v varchar, any_ text) SERVER s;
	CREATE TABLE native AS SELECT * FROM t;
});

sub one_of { return $_[ int(rand(@_)) ] }

my @integers = ('-1', '0', '1', '2', '3', '5', '10', '20', '40', '50', 'NULL::bigint',
	'3::smallint', '9223372036854775807', '-2147483649', '(2 + 1)');
my @texts = ("'One'", "'two'", "'Two'", "'abc'", "'ABC'", "'x'", "'5'", "'5.0'", 'NULL::text',
	"'C:\\temp'", "''", "'a' || 'bc'");
my @columns = ('id', 'small', 'n', 's', 'nocase', 'v', 'any_');
my @others = ("upper(s) = 'TWO'", 'length(s) > 3', 'n + 1 > 15', "s LIKE '%o%'", 'true',
	'id IN (1, 3, 5)', 'id BETWEEN 2 AND 4', 'coalesce(n, 0) = 10', 'n = small * 10');

sub leaf
{
	my $kind = rand;

	if ($kind < 0.45)
	{
		my @sides = (one_of('id', 'small', 'n'), one_of(@integers, 'id'));
		@sides = reverse @sides if rand() < 0.3;
		return join ' ', $sides[0], one_of('=', '<>', '<', '<=', '>', '>='), $sides[1];
	}
	return join ' ', one_of('s', 'nocase', 'v', 'any_'), one_of('=', '=', '<>', '<', '>'), one_of(@texts)
	  if $kind < 0.7;
	return one_of(@columns) . ' IS ' . one_of('', 'NOT ') . 'NULL' if $kind < 0.85;
	return one_of(@others);
}

sub condition
{
	my ($depth) = @_;
	my $kind = rand;

	return leaf() if $depth == 0 || $kind < 0.25;
	return 'NOT (' . condition($depth - 1) . ')' if $kind < 0.45;
	return '(' . join(one_of(' AND ', ' OR '),
		map { condition($depth - 1) } 1 .. one_of(2, 2, 3)) . ')';
}

my @conditions = map { condition(3) } 1 .. $queries;
my $script = '';
foreach my $i (0 .. $#conditions)
{
	my ($foreign, $native) = map {
		"(SELECT coalesce(array_agg(id ORDER BY id), '{}') FROM $_ WHERE $conditions[$i])"
	} ('t', 'native');
	$script .= "SELECT $i WHERE $foreign IS DISTINCT FROM $native;\n";
}
my ($status, $out, $err) = $node->psql('postgres', $script);
my @wrong = split /\n/, $out;

is($status, 0, 'all queries run') or diag($err);
is(scalar @wrong, 0, "$queries queries agree (LITE_SEED=$seed)");
diag("differs: $conditions[$_]") foreach @wrong;

my $pushed = $node->safe_psql('postgres', 'EXPLAIN (COSTS OFF) SELECT id FROM t WHERE id = 1');
like($pushed, qr/WHERE r1\."id" = /, 'and conditions are pushed at all');

$node->stop;
done_testing();
