# The differential tests by hand, against the server that PGHOST and PGPORT
# name:
#
#	perl test/fuzz/fuzz.pl DIR [SEED [COUNT [FILE [QUERY]]]]
#
# DIR is for files that the server's user can read.  FILE and QUERY choose one
# of those that a run has reported.

use strict;
use warnings;

use FindBin;
use lib $FindBin::RealBin;
use Fuzz::Run;

no warnings 'utf8';
binmode STDOUT, ':utf8';
my ($dir, $seed, $count, $file, $query) = @ARGV;
die "usage: fuzz.pl DIR [SEED [COUNT [FILE [QUERY]]]]\n" if !defined $dir;
$seed = time % 1_000_000 if !$seed;
$count ||= 6000;
print "seed $seed, $count queries\n";

# As the server has: one that compares bytes, one that sorts as people do.
my @databases;
sub sql
{
	my ($database, @arguments) = @_;
	return system('psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-d', $database, @arguments);
}

foreach my $made ([ fuzz_c => q{LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'} ], [ fuzz_people => q{LOCALE_PROVIDER icu ICU_LOCALE 'en'} ])
{
	my ($name, $locale) = @$made;
	sql('postgres', '-c', "SET client_min_messages = error", '-c', "DROP DATABASE IF EXISTS $name") == 0 or die "no server\n";
	next if sql('postgres', '-c', "CREATE DATABASE $name TEMPLATE template0 ENCODING 'UTF8' $locale") != 0;
	sql($name, '-c', "SET client_min_messages = error", '-f', "$FindBin::RealBin/setup.sql") == 0 or die "setup.sql failed\n";
	push @databases, $name;
}

my $bad = 0;
my $run = Fuzz::Run->new(
	seed => $seed, count => $count, dir => $dir, databases => \@databases, file => $file, query => $query,
	report => sub {
		my ($name, $good, $detail) = @_;
		return if $good;
		$bad++;
		print "not ok - $name\n$detail\n";
	});
$run->all;
print $run->summary, "\n";
foreach my $state (sort keys %{ $run->{states} })
{
	my @queries = values %{ $run->{states}{$state} };
	print "  SQLSTATE $state on both sides: ", scalar @queries, ", as $queries[0]{shape}: $queries[0]{sql}\n";
}
exit($bad || $run->{wrong} ? 1 : 0);
