# SQLite's expressions mean the same in PostgreSQL: those of
# test/unit/expr_diff.h, evaluated in both over the same rows, in a database of
# C collation and in one that sorts as people do, and under settings that
# change how PostgreSQL reads and writes strings and times.  Then conditions
# put together at random.

use strict;
use warnings;

use Lite;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;

my $program = source_file('build/unit/expr_test');
my ($script, $error) = ('', '');

IPC::Run::run([ $program, '--sql' ], '>', \$script, '2>', \$error)
  or BAIL_OUT("$program --sql: $script$error");
like($script, qr/SELECT '1\.\.\d+';\n\z/, 'the script is whole');

my $node = PostgreSQL::Test::Cluster->new('expressions');
$node->init(extra => [ '--locale=C.UTF-8', '--encoding=UTF8' ]);
$node->start;

# Run the script; each of its lines of TAP is a test of ours.
sub compare
{
	my ($title, $database, $settings) = @_;
	my ($out, $err) = ('', '');
	my $count = 0;

	IPC::Run::run(
		[
			'psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=0',
			'-d', $node->connstr($database)
		],
		'<', \"$settings$script", '>', \$out, '2>', \$err);
	is($err, '', "$title: no error");
	foreach my $answer (split /^(?=ok|not ok)/m, $out)
	{
		next if $answer !~ /^(not ok|ok) \d+ - (.*?)\|?$/m;
		my ($result, $name) = ($1, $2);

		$count++;
		ok($result eq 'ok', "$title: $name")
		  or diag(join "\n", (split /\n/, $answer)[ 1 .. 5 ]);
	}
	my ($planned) = $script =~ /SELECT '1\.\.(\d+)';\n\z/;
	is($count, $planned, "$title: every expression was compared");
	return;
}

compare('C', 'postgres', '');

my ($status) = $node->psql('postgres',
	q{CREATE DATABASE people TEMPLATE template0 LOCALE_PROVIDER icu
	  ICU_LOCALE 'en-US-u-kn-true'});
my $people = $status == 0 ? 'people' : 'postgres';

SKIP:
{
	skip 'no ICU in this server', 1 if $status != 0;
	compare('ICU', $people, '');
}

compare('settings', 'postgres', <<'SQL');
SET TimeZone = 'America/New_York';
SET DateStyle = 'German';
SET IntervalStyle = 'sql_standard';
SET standard_conforming_strings = off;
SET escape_string_warning = off;
SET bytea_output = 'escape';
SET lc_time = 'C';
SQL

# Where SQLite goes on in floating point, or counts characters by the
# billion, PostgreSQL reports an integer out of range: an error, not another
# answer.
my ($out, $err) = ('', '');
my $wanted = 2000;

IPC::Run::run([ $program, '--random', $ENV{LITE_SEED} // 20, $wanted ],
	'>', \$script);
IPC::Run::run([ 'psql', '-X', '-q', '-A', '-t', '-d', $node->connstr($people) ],
	'<', \$script, '>', \$out, '2>', \$err);
my @same = $out =~ /^ok /mg;
my @errors = grep { /ERROR/ } split /\n/, $err;

is(join('', grep { !/out of range/ } @errors), '', 'random: no other error');
is($out =~ /^(not ok .*\n(?:# .*\n?)*)/m ? $1 : '', '',
	'random: no difference');
is(@same + @errors, $wanted, 'random: each was compared');
cmp_ok(scalar @same, '>', 0.98 * $wanted, 'random: nearly all have an answer');

$node->stop;
done_testing();
