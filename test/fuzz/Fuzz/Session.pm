# Statements run through psql, many in one session: what each returned and its
# SQLSTATE.
#
# The results are told apart by a line after each statement, which begins with
# a byte that no value here has.  Rows end in a NUL byte and fields in a unit
# separator, so that values may have line breaks in them.

package Fuzz::Session;

use strict;
use warnings;

use Exporter 'import';

our @EXPORT_OK = qw(run_statements start_statements finish_statements run_plainly);

my $null = "\x{2400}";

my $settings = <<'SQL';
\set ON_ERROR_STOP 0
\set VERBOSITY terse
\pset format unaligned
\pset tuples_only on
\pset fieldsep '\x1f'
\pset recordsep_zero
SQL

sub psql_command
{
	my ($database) = @_;
	return ('psql', '-X', '-q', '-d', $database);
}

# Start a session with a list of statements.  $base: where its input and
# output are.
sub start_statements
{
	my ($base, $database, @statements) = @_;

	open my $script, '>:utf8', "$base.in" or die "$base.in: $!";
	no warnings 'utf8';
	print $script $settings, "\\pset null '$null'\n";
	foreach my $statement (@statements)
	{
		print $script "$statement;\n\\echo '\x01' :SQLSTATE\n";
	}
	close $script or die "$base.in: $!";

	my $pid = fork // die "fork: $!";
	if ($pid == 0)
	{
		$ENV{PGCLIENTENCODING} = 'UTF8';
		open STDIN, '<', "$base.in" or die "$base.in: $!";
		open STDOUT, '>', "$base.out" or die "$base.out: $!";
		open STDERR, '>', "$base.err" or die "$base.err: $!";
		exec psql_command($database) or die "psql: $!";
	}
	return { pid => $pid, base => $base, count => scalar @statements };
}

# Wait for it.  One result per statement: { state, rows => [ text, ... ] };
# those not reached, because the server or psql broke off, have the state
# "lost".
sub finish_statements
{
	my ($session) = @_;
	my $base = $session->{base};
	my @results;

	waitpid $session->{pid}, 0;
	open my $output, '<:utf8', "$base.out" or die "$base.out: $!";
	local $/ = undef;
	my $all = <$output> // '';
	close $output;
	while ($all =~ /\G(.*?)\x01 (\w{5})\n/gs)
	{
		my ($rows, $state) = ($1, $2);
		push @results, { state => $state, rows => [ rows_of($rows) ] };
	}
	push @results, { state => 'lost', rows => [] } while @results < $session->{count};
	return @results;
}

# Each row ends in a NUL byte, the last one too.
sub rows_of
{
	my @rows = split /\0/, $_[0], -1;

	pop @rows;
	return @rows;
}

sub run_statements
{
	return finish_statements(start_statements(@_));
}

# The same as a person would see it, messages included.
sub run_plainly
{
	my ($base, $database, @statements) = @_;

	open my $script, '>:utf8', "$base.in" or die "$base.in: $!";
	no warnings 'utf8';
	print $script "$_;\n" foreach @statements;
	close $script;
	local $ENV{PGCLIENTENCODING} = 'UTF8';
	my $command = join ' ', map { "'$_'" } psql_command($database);
	open my $pipe, '-|:utf8', "$command -f '$base.in' 2>&1" or die "psql: $!";
	local $/ = undef;
	my $text = <$pipe> // '';
	close $pipe;
	return $text;
}

1;
