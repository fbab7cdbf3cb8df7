# Every SQL statement that README.md and the manual show runs as it stands.
#
# The blocks of one document run in order in one database; only the path of
# the file is changed to that of a real one.

use strict;
use warnings;

use Lite;
use PostgreSQL::Test::Utils;
use Test::More;

# Blocks of SQL of a Markdown file: [line number, text].
sub sql_blocks
{
	my ($text) = @_;
	my ($line, $block, $began, @blocks) = (0, undef, 0);

	foreach (split /^/, $text)
	{
		$line++;
		if (!defined $block)
		{
			($block, $began) = ('', $line + 1) if /^```sql\b/;
		}
		elsif (/^```/)
		{
			push @blocks, [ $began, $block ];
			undef $block;
		}
		else
		{
			$block .= $_;
		}
	}
	return @blocks;
}

my $node = lite_node();
my @documents = ('README.md', glob(source_file('doc/*.md')));

foreach my $document (@documents)
{
	my $path = $document =~ m{^/} ? $document : source_file($document);
	my $name = $path =~ s{^\Q$ENV{LITE_SOURCE}\E/}{}r;
	my $database = 'd' . ($name =~ s/\W/_/gr);
	my @blocks = sql_blocks(slurp_file($path));

	ok(@blocks > 0, "README.md shows SQL") if $name eq 'README.md';
	next unless @blocks;

	# What the documents assume: a file /srv/app.db.
	my $file = copy_fixture('readme.db');
	$node->safe_psql('postgres', "CREATE DATABASE \"$database\"");
	$node->safe_psql($database, 'CREATE EXTENSION sqlite_fdw_lite')
	  unless grep { $_->[1] =~ /^CREATE EXTENSION/m } @blocks;

	foreach my $block (@blocks)
	{
		my ($line, $sql) = @$block;
		my ($out, $err) = ('', '');

		$sql =~ s{/srv/app\.db}{$file}g;
		my $status = $node->psql($database, $sql, stdout => \$out,
			stderr => \$err, on_error_stop => 1);
		is($status, 0, "$name: the SQL at line $line runs") or diag($err);
	}
}

$node->stop;
done_testing();
