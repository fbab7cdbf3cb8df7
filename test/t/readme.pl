# Every SQL statement that README.md and the manual show runs as it stands,
# and so does every command line of sqlite2pg.  ("make check" is what runs this
# test, and test/t/demo.pl runs the demo.)
#
# The blocks of one document run in order in one database; only the path of
# the file and the server's address are changed to real ones.

use strict;
use warnings;

use IPC::Run;
use Lite;
use PostgreSQL::Test::Utils;
use Test::More;

# Blocks in a language of a Markdown file: [line number, text].
sub blocks_in
{
	my ($language, $text) = @_;
	my ($line, $block, $began, @blocks) = (0, undef, 0);

	foreach (split /^/, $text)
	{
		$line++;
		if (!defined $block)
		{
			($block, $began) = ('', $line + 1) if /^```$language\b/;
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

sub run_loader
{
	my ($name, $file, $server, $block) = @_;
	my $line = $block->[0] - 1;

	foreach my $command (split /\n/, $block->[1])
	{
		$line++;
		next unless $command =~ /^sqlite2pg /;
		$command =~ s/\s+#.*//;
		my @words = map { $_ eq 'app.db' ? $file : m{^postgresql://} ? $server : $_ }
		  split ' ', $command;
		my ($out, $err) = ('', '');
		IPC::Run::run(\@words, '<', \'', '>', \$out, '2>', \$err);
		is($? >> 8, 0, "$name: the command at line $line runs") or diag($err);
	}
}

my $node = lite_node();
my @documents = ('README.md', glob(source_file('doc/*.md')));

foreach my $document (@documents)
{
	my $path = $document =~ m{^/} ? $document : source_file($document);
	my $name = $path =~ s{^\Q$ENV{LITE_SOURCE}\E/}{}r;
	my $database = 'd' . ($name =~ s/\W/_/gr);
	my $text = slurp_file($path);
	my @blocks = blocks_in('sql', $text);
	my @shell = blocks_in('sh', $text);

	ok(@blocks > 0, "README.md shows SQL") if $name eq 'README.md';
	ok(scalar(grep { $_->[1] =~ /^sqlite2pg/m } @shell), 'README.md shows the loader')
	  if $name eq 'README.md';
	next unless @blocks || @shell;

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
	# the loader into a database of its own, without the extension
	$node->safe_psql('postgres', "CREATE DATABASE \"${database}_loader\"");
	run_loader($name, $file, $node->connstr("${database}_loader"), $_) foreach @shell;
}

$node->stop;
done_testing();
