# One random file in the database twice: as foreign tables in the schema f<n>
# and, imported, as native ones in n<n>.  And the properties that every import
# must have.

package Fuzz::Tables;

use strict;
use warnings;

use Exporter 'import';
use Fuzz::File qw(file_script);
use Fuzz::Random;

our @EXPORT_OK = qw(make_file load_statements check_loaded);

# Make file number n in a directory.  Returns { n, path, script, infer,
# identifiers }; the last two are how it is to be imported.
sub make_file
{
	my ($dir, $seed, $n) = @_;
	my $path = "$dir/file$n.db";
	my $script = file_script($seed, $n);

	unlink $path;
	open my $out, '>:utf8', "$dir/file$n.sql" or die "$dir/file$n.sql: $!";
	no warnings 'utf8';
	print $out $script;
	close $out;
	system("sqlite3 -batch -bail -init /dev/null '$path' <'$dir/file$n.sql' >'$dir/file$n.log' 2>&1") == 0
	  or die "sqlite3 could not make file $n of seed $seed: see $dir/file$n.log\n";
	chmod 0644, $path;
	return {
		n => $n, path => $path, script => $script,
		# as the script left the generator of random numbers
		infer => pick('values', 'values', 'values', 'eager', 'declared'),
		identifiers => pick('fold', 'fold', 'keep')
	};
}

# Named statements: name => SQL, in order.
sub load_statements
{
	my ($file) = @_;
	my ($n, $path) = @$file{qw(n path)};
	my ($infer, $identifiers) = @$file{qw(infer identifiers)};
	my $options = "infer => '$infer', identifiers => '$identifiers'";

	return (
		server => "CREATE SERVER s$n FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database '$path')",
		schema => "CREATE SCHEMA f$n",
		foreign => "IMPORT FOREIGN SCHEMA main FROM SERVER s$n INTO f$n OPTIONS (infer '$infer', identifiers '$identifiers')",
		planned => "SELECT fuzz.make_planned('$path', 'p$n', '$infer', '$identifiers')",
		import => "SELECT table_name, rows, rejected, verified FROM sqlite_import('$path', 'n$n', $options)
  WHERE table_name IS NOT NULL ORDER BY 1",
		counts => "SELECT name, rows FROM sqlite_tables('$path') WHERE kind = 'table' ORDER BY 1",
		verify => "SELECT table_name, source_rows, target_rows, verified, detail FROM sqlite_verify('$path', 'n$n') ORDER BY 1",
		contents => "SELECT * FROM fuzz.contents('n$n')",
		again => "SELECT table_name, rows, rejected, verified FROM sqlite_import('$path', 'n$n', if_exists => 'replace', jobs => 2, $options)
  WHERE table_name IS NOT NULL ORDER BY 1",
		contents_again => "SELECT * FROM fuzz.contents('n$n')",
		planned_columns => "SELECT relname, attname, type, collation_name FROM fuzz.columns('p$n')",
		native_columns => "SELECT relname, attname, type, collation_name FROM fuzz.columns('n$n') WHERE kind = 'r'",
		foreign_columns => "SELECT relname, attname, type, collation_name FROM fuzz.columns('f$n')",
		view_columns => "SELECT relname, attname, type, collation_name FROM fuzz.columns('n$n') WHERE kind = 'v'",
		keys => "SELECT * FROM fuzz.keys('n$n')",
		samples => "SELECT * FROM fuzz.samples('n$n')");
}

# What the statements returned, as properties: [ name, holds, detail ], ...
# Adds to the file what queries need: its tables and their columns.
sub check_loaded
{
	my ($file, %result) = @_;
	my @properties;
	my $rows = sub { map { [ split /\x1f/, $_, -1 ] } @{ $result{ $_[0] }{rows} } };
	my $text = sub { join "\n", map { join ' | ', @$_ } $rows->($_[0]) };
	my $check = sub { push @properties, [@_] };

	my @failed = grep { $result{$_}{state} ne '00000' } sort keys %result;
	$check->('every step succeeds', !@failed, join "\n", map { "$_: SQLSTATE $result{$_}{state}" } @failed);
	$check->('every table is imported and verified, none rejected',
		!(grep { $_->[2] ne '0' || $_->[3] ne 't' } $rows->('import')), $text->('import'));
	$check->('rows in the file = rows loaded + rows rejected',
		join(' ', sort map { $_->[1] } $rows->('counts')) eq join(' ', sort map { $_->[1] + $_->[2] } $rows->('import')),
		$text->('counts') . "\nimported:\n" . $text->('import'));
	$check->('sqlite_verify agrees', !(grep { $_->[3] ne 't' || $_->[1] ne $_->[2] } $rows->('verify')), $text->('verify'));
	$check->('importing again reports the same', $text->('import') eq $text->('again'), $text->('again'));
	$check->('importing again gives the same rows', $text->('contents') eq $text->('contents_again'), $text->('contents_again'));
	$check->('the plan has the types of the import', $text->('planned_columns') eq $text->('native_columns'),
		"planned:\n" . $text->('planned_columns') . "\nimported:\n" . $text->('native_columns'));

	my %foreign = map { (join(' | ', @$_) => 1) } $rows->('foreign_columns');
	my @missing = grep { !$foreign{$_} } map { join ' | ', @$_ } $rows->('native_columns');
	$check->('foreign tables have the types of the import', !@missing, join "\n", @missing, 'foreign:', $text->('foreign_columns'));

	add_tables($file, \%foreign, $rows);
	return @properties;
}

# Tables, and those views that have one type on both sides.
sub add_tables
{
	my ($file, $foreign, $rows) = @_;
	my (%tables, %values, %differs);

	foreach my $sample ($rows->('samples'))
	{
		push @{ $values{ $sample->[0] }{ $sample->[1] } }, $sample->[2] if $sample->[2] ne "\x{2400}";
	}
	foreach my $column ($rows->('native_columns'), $rows->('view_columns'))
	{
		my ($table, $name, $type) = @$column;
		my $known = $foreign->{ join ' | ', @$column };

		$differs{$table} = 1 if !$known;
		push @{ $tables{$table}{columns} }, { name => $name, type => $type, values => $values{$table}{$name} // [] };
	}
	$tables{ $_->[0] }{view} = 1 foreach $rows->('view_columns');
	push @{ $tables{ $_->[0] }{key} }, $_->[1] foreach $rows->('keys');
	$file->{tables} = [ map { { name => $_, native => "n$file->{n}", %{ $tables{$_} } } } grep { !$differs{$_} } sort keys %tables ];
	$file->{views_left_out} = scalar keys %differs;
	return;
}

1;
