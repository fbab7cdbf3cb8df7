# A whole run: files, their imports, queries on both sides, what differs.
#
#	my $run = Fuzz::Run->new(seed => 1, count => 2400, dir => $scratch,
#		databases => [ 'c', 'people' ], report => sub { my ($name, $good, $detail) = @_; ... });
#	$run->all;
#
# Each file belongs to one of the databases, which exist and have run
# setup.sql.  report is called once per property of an import and once per
# file for its queries.

package Fuzz::Run;

use strict;
use warnings;

use Fuzz::Query qw(make_query misfit_types make_misfit_query);
use Fuzz::Random;
use Fuzz::Session qw(run_statements start_statements finish_statements run_plainly);
use Fuzz::Tables qw(make_file load_statements check_loaded);
use Time::HiRes qw(time);

my $per_file = 120;
my $misfits_per_file = 20;

sub new
{
	my ($class, %self) = @_;

	$self{$_} = 0 foreach qw(queries statements failed one_sided wrong);
	return bless \%self, $class;
}

sub all
{
	my ($self) = @_;
	my @databases = @{ $self->{databases} };
	my $files = int(($self->{count} + $per_file - 1) / $per_file);
	my %files;

	$files = @databases if $files < @databases;
	foreach my $n (1 .. $files)
	{
		next if $self->{file} && $n != $self->{file};
		push @{ $files{ $databases[ $n % @databases ] } }, make_file($self->{dir}, $self->{seed}, $n);
	}
	foreach my $database (grep { $files{$_} } @databases)
	{
		$self->load($database, @{ $files{$database} });
		$self->make_parents($database, @{ $files{$database} });
		$self->compare($database, @{ $files{$database} });
	}
	return;
}

# ----------------------------------------------------------------------

sub load
{
	my ($self, $database, @files) = @_;
	my (@statements, @names, %results);
	my $began = time;

	foreach my $file (@files)
	{
		my @named = load_statements($file);
		while (my ($name, $sql) = splice @named, 0, 2)
		{
			push @statements, $sql;
			push @names, [ $file->{n}, $name ];
		}
	}
	my @done = run_statements("$self->{dir}/load-$database", $database, @statements);
	foreach my $i (0 .. $#names)
	{
		$results{ $names[$i][0] }{ $names[$i][1] } = $done[$i];
	}
	foreach my $file (@files)
	{
		foreach my $property (check_loaded($file, %{ $results{ $file->{n} } }))
		{
			my ($name, $good, $detail) = @$property;
			$self->{report}->("file $file->{n}: $name", $good, "seed $self->{seed}, database $database, infer $file->{infer}, identifiers $file->{identifiers}\n$detail\n$file->{script}");
		}
	}
	$self->{load_seconds} += time - $began;
	return;
}

# ----------------------------------------------------------------------

# Before the queries of a file.  What only changes plans is changed on the
# foreign side alone.
sub settings
{
	my ($self, $file, $side) = @_;

	seed($self->{seed}, 'settings', $file->{n});
	my @common = ('RESET ALL', "SET statement_timeout = '30s'", 'SET jit = off', "SET TimeZone = '" . pick('UTC', 'America/New_York', 'Asia/Kolkata', 'Europe/Vienna') . "'");
	my @plans = map { "SET $_ = off" } some(between(0, 2), qw(enable_hashjoin enable_mergejoin enable_nestloop enable_hashagg enable_material enable_memoize));
	my @parallel = chance(0.25) ? ('SET min_parallel_table_scan_size = 0', 'SET parallel_setup_cost = 0', 'SET parallel_tuple_cost = 0') : ();
	my @analyze = chance(0.5) ? map { "ANALYZE f$file->{n}.\"" . ($_->{name} =~ s/"/""/gr) . '"' } grep { !$_->{view} } @{ $file->{tables} } : ();

	return (@common, "SET search_path = n$file->{n}") if $side eq 'native';
	return (@common, @plans, @parallel, @analyze, "SET search_path = f$file->{n}");
}

# In every second file a table becomes the child of another, which has rows of
# its own, and part of a view.
sub make_parents
{
	my ($self, $database, @files) = @_;
	my (@statements, @made);

	foreach my $file (@files)
	{
		my $n = $file->{n};
		my ($table) = grep { !$_->{view} } @{ $file->{tables} };

		seed($self->{seed}, 'parent', $n);
		next if !$table || chance(0.5);
		my $name = '"' . $table->{name} =~ s/"/""/gr . '"';
		foreach my $schema ("f$n", "n$n")
		{
			push @statements, "CREATE TABLE $schema.parent AS SELECT * FROM n$n.$name WITH NO DATA",
			  "INSERT INTO $schema.parent SELECT * FROM n$n.$name t ORDER BY t::text COLLATE \"C\" LIMIT 5",
			  'ALTER ' . ($schema =~ /^f/ ? 'FOREIGN ' : '') . "TABLE $schema.$name INHERIT $schema.parent",
			  "CREATE VIEW $schema.twice AS SELECT * FROM $schema.$name UNION ALL SELECT * FROM n$n.$name";
		}
		push @made, [ $file, $table ];
	}
	my @results = run_statements("$self->{dir}/parents-$database", $database, @statements);
	foreach my $made (@made)
	{
		my ($file, $table) = @$made;
		my @of_this = splice @results, 0, 8;

		# generated columns cannot be inherited as others
		push @{ $file->{tables} }, map { { name => $_, columns => $table->{columns}, view => 1 } } grep { $_ eq 'twice' || !grep { $_->{state} ne '00000' } @of_this } 'parent', 'twice';
	}
	return;
}

sub misfit_settings
{
	my ($self, $file) = @_;
	return "SET search_path = m$file->{n}", "SET TimeZone = 'UTC'";
}

# The tables of misfit queries, made when the types of the others are known.
sub make_misfits
{
	my ($self, $database, @files) = @_;
	my @statements;

	foreach my $file (grep { @{ $_->{tables} } } @files)
	{
		my $n = $file->{n};
		push @statements, "CREATE SCHEMA m$n", "IMPORT FOREIGN SCHEMA main FROM SERVER s$n INTO m$n OPTIONS (infer '$file->{infer}', identifiers '$file->{identifiers}')", "SET search_path = m$n",
		  map { sprintf 'ALTER FOREIGN TABLE "%s" ALTER COLUMN "%s" TYPE %s', (map { s/"/""/gr } @$_[ 0, 1 ]), $_->[2] } misfit_types($self->{seed}, $file);
	}
	my @failed = grep { $_->{state} ne '00000' } run_statements("$self->{dir}/misfits-$database", $database, @statements);
	$self->{report}->("$database: tables of other types", !@failed, join "\n", map { "SQLSTATE $_->{state}" } @failed) if @statements;
	return;
}

sub compare
{
	my ($self, $database, @files) = @_;
	my (%sql, %skip, @queries);
	my $began = time;

	$self->make_misfits($database, @files);
	foreach my $file (@files)
	{
		next if !@{ $file->{tables} };
		foreach my $side ('foreign', 'native')
		{
			my @settings = $self->settings($file, $side);
			push @{ $sql{$side} }, @settings;
			$file->{skip}{$side} = @settings;
		}
		my @numbers = $self->{query} ? ($self->{query}) : (1 .. $per_file);
		my @queries = map { make_query($self->{seed}, $file, $_) } grep { !/^m/ } @numbers;
		my @misfits = map { make_misfit_query($self->{seed}, $file, s/^m//r) } $self->{query} ? grep { /^m/ } @numbers : (1 .. $misfits_per_file);

		# the first of them moves on to other tables
		unshift @{ $misfits[0]{statements} }, map { { sql => $_ } } $self->misfit_settings($file) if @misfits;
		$file->{queries} = [ @queries, @misfits ];
		foreach my $statement (map { @{ $_->{statements} } } @queries, @misfits)
		{
			push @{ $sql{foreign} }, $statement->{sql};
			push @{ $sql{native} }, $statement->{other} // $statement->{sql};
		}
	}
	my @sessions = map { start_statements("$self->{dir}/$_-$database", $database, @{ $sql{$_} }) } 'foreign', 'native';
	my ($foreign, $native) = map { [ finish_statements($_) ] } @sessions;

	foreach my $file (@files)
	{
		next if !@{ $file->{tables} };
		splice @$foreign, 0, $file->{skip}{foreign};
		splice @$native, 0, $file->{skip}{native};
		$self->judge($database, $file, $foreign, $native);
	}
	$self->{query_seconds} += time - $began;
	return;
}

sub judge
{
	my ($self, $database, $file, $foreign, $native) = @_;
	my @reports;

	foreach my $query (@{ $file->{queries} })
	{
		my $n = @{ $query->{statements} };
		my @left = splice @$foreign, 0, $n;
		my @right = splice @$native, 0, $n;

		$self->{queries}++;
		foreach my $i (0 .. $n - 1)
		{
			my $verdict = verdict($query, $query->{statements}[$i], $left[$i], $right[$i]);
			$self->{statements}++;
			$self->{failed}++ if $right[$i]{state} ne '00000';
			$self->{states}{ $right[$i]{state} }{"$file->{n} $query->{number}"} = $query if $right[$i]{state} !~ /^(00|22)/;
			next if $verdict eq 'same';
			if ($verdict eq 'one-sided') { $self->{one_sided}++; }
			else
			{
				$self->{wrong}++;
				push @reports, $self->describe($database, $file, $query, $i, $left[$i], $right[$i]) if @reports < 5;
			}
			last;
		}
	}
	my $count = @{ $file->{queries} };
	$self->{report}->("file $file->{n}: $count queries ($database)", !@reports, join "\n", @reports, @reports ? "The file:\n$file->{script}" : ());
	return;
}

# An error that a value is the reason for: "data exception", "program limit
# exceeded" (chr), "feature not supported" (NaN as an integer).
sub value_error
{
	my ($result) = @_;
	return $result->{state} =~ /^(22|54|0A)/;
}

# same, one-sided (allowed), or different
sub verdict
{
	my ($query, $statement, $left, $right) = @_;

	if ($left->{state} ne '00000' || $right->{state} ne '00000')
	{
		return 'different' if $left->{state} eq 'lost' || $right->{state} eq 'lost';
		return 'same' if $left->{state} eq $right->{state};
		# the first of several failures, whichever it is
		return 'one-sided' if $query->{risky} && value_error($left) && value_error($right);
		return 'one-sided' if $query->{risky} && !$query->{strict} && (value_error($left) || $left->{state} eq '00000') && (value_error($right) || $right->{state} eq '00000');
		return 'different';
	}
	my @left = @{ $left->{rows} };
	my @right = @{ $right->{rows} };
	return 'different' if @left != @right;
	if (!$statement->{ordered})
	{
		@left = sort @left;
		@right = sort @right;
	}
	foreach my $i (0 .. $#left)
	{
		next if $left[$i] eq $right[$i];
		return 'different' if !$statement->{loose} || !nearly($left[$i], $right[$i]);
	}
	return 'same';
}

# Rows that differ only in the last digits of numbers with a fraction, which may
# stand inside a record or an array.
sub nearly
{
	my @left = split /(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)/, $_[0], -1;
	my @right = split /(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)/, $_[1], -1;

	return 0 if @left != @right;
	foreach my $i (0 .. $#left)
	{
		my ($a, $b) = ($left[$i], $right[$i]);
		next if $a eq $b;
		# the numbers are what stands between the others; integers are exact
		return 0 if $i % 2 == 0 || "$a$b" !~ /[.e]/;
		return 0 if abs($a - $b) > 1e-9 * abs $a;
	}
	return 1;
}

# ----------------------------------------------------------------------

sub rows_text
{
	my ($result, $other) = @_;
	my %there;

	return "SQLSTATE $result->{state}" if $result->{state} ne '00000';
	$there{$_}++ foreach @{ $other->{rows} };
	my @odd = grep { !$there{$_} || $there{$_}-- < 1 } @{ $result->{rows} };
	my $text = scalar(@{ $result->{rows} }) . ' rows';

	$text .= @odd ? ', only here: ' . scalar @odd : ', in another order' if $other->{state} eq '00000';
	@odd = @{ $result->{rows} } if !@odd;
	splice @odd, 8 if @odd > 8;
	s/\x1f/ | /g foreach @odd;
	return join "\n    ", $text, map { length > 400 ? substr($_, 0, 400) . '...' : $_ } @odd;
}

# Everything to see and to repeat a disagreement.
sub describe
{
	my ($self, $database, $file, $query, $i, $left, $right) = @_;
	my @also = $query->{number} =~ /^m/ ? $self->misfit_settings($file) : ();
	my $again = run_plainly("$self->{dir}/again", $database, $self->settings($file, 'foreign'), @also, 'EXPLAIN (VERBOSE, COSTS OFF) ' . $query->{sql})
	  if !$query->{params};
	my $messages = join '', map {
		"$_: " . join "\n    ", grep { /ERROR|DETAIL|CONTEXT/ } split /\n/,
		  run_plainly("$self->{dir}/again", $database, $self->settings($file, $_), @also, map { $_->{sql} } @{ $query->{statements} })
	  } grep { ($_ eq 'foreign' ? $left : $right)->{state} ne '00000' } 'foreign', 'native';

	return join "\n", "seed $self->{seed}, file $file->{n}, query $query->{number} ($query->{shape}), database $database:",
	  (map { ("  $_->{sql};", defined $_->{other} ? "  beside: $_->{other};" : ()) } @{ $query->{statements} }), "statement " . ($i + 1) . ":", "  foreign: " . rows_text($left, $right), "  native: " . rows_text($right, $left), $messages,
	  $again // ();
}

# One line about the run.
sub summary
{
	my ($self) = @_;

	return sprintf 'seed %s: %d queries (%d statements, %d of them with the same error on both sides, %d with an error that one side did not come to), %d disagreements; %.1f s to load, %.1f s to query',
	  $self->{seed}, $self->{queries}, $self->{statements}, $self->{failed}, $self->{one_sided}, $self->{wrong}, $self->{load_seconds} // 0, $self->{query_seconds} // 0;
}

1;
