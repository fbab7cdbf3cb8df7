# Random files, imported and read in place, and random queries over both: see
# test/fuzz.  The seed is fixed, so that a failure comes again; "make
# fuzz-queries" tries others.  FUZZ_SEED and FUZZ_COUNT in the environment
# change it here too.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::RealBin/../fuzz";

use Fuzz::Run;
use Lite;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $seed = $ENV{FUZZ_SEED} || 1;
my $count = $ENV{FUZZ_COUNT} || 6000;
my $node = lite_node('fuzz', 'fsync = off', 'max_parallel_workers_per_gather = 2');
my @databases;

foreach my $made ([ fuzz_c => q{LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'} ], [ fuzz_people => q{LOCALE_PROVIDER icu ICU_LOCALE 'en'} ])
{
	my ($name, $locale) = @$made;
	my ($status, undef, $error) = $node->psql('postgres', "CREATE DATABASE $name TEMPLATE template0 ENCODING 'UTF8' $locale");

  SKIP:
	{
		skip "no database as people sort: $error", 1 if $status != 0;
		$node->command_ok([ 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $name, '-f', "$FindBin::RealBin/../fuzz/setup.sql" ], "$name is made");
		push @databases, $name;
	}
}

$ENV{PGHOST} = $node->host;
$ENV{PGPORT} = $node->port;
my $run = Fuzz::Run->new(
	seed => $seed,
	count => $count,
	dir => scratch_dir(),
	databases => \@databases,
	report => sub {
		my ($name, $good, $detail) = @_;
		ok($good, $name) or diag($detail);
	});
note("seed $seed, $count queries");
$run->all;
note($run->summary);

cmp_ok($run->{queries}, '>=', $count, 'that many queries were run');
# a generator of queries that fail tests nothing
cmp_ok($run->{failed}, '<', 0.05 * $run->{statements}, 'few of them are errors');

$node->stop;
done_testing();
