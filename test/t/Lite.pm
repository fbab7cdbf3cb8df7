# What the TAP tests share: a server with the extension, and SQLite files.
#
#   use Lite;
#   my $node = lite_node();                    # started, extension created
#   my $file = fixture('demo.db');             # the shared one: read only
#   my $mine = copy_fixture('demo.db');        # one of the test's own
#   sqlite($mine, 'DELETE FROM messages');     # SQLite's shell; its output
#
# A test's own files are made where the server's user may write: the test runs
# as that user.

package Lite;

use strict;
use warnings;

use Exporter 'import';
use File::Copy ();
use File::Temp ();
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(lite_node fixture copy_fixture scratch_dir source_file sqlite kill_backend);

# A started server whose database "postgres" has the extension.  Arguments:
# name, lines for postgresql.conf.
sub lite_node
{
	my ($name, @settings) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name // 'main');

	$node->init(extra => [ '--locale=C.UTF-8', '--encoding=UTF8' ]);
	$node->append_conf('postgresql.conf', "$_\n") foreach @settings;
	$node->start;
	$node->safe_psql('postgres', 'CREATE EXTENSION sqlite_fdw_lite');
	return $node;
}

# Kills a backend with SIGKILL, and waits until the server has gone through
# its recovery.  A server that has not noticed yet still answers, and then cuts
# the connection: so what is waited for is a checkpointer that was not there
# before.
sub kill_backend
{
	my ($node, $pid) = @_;
	my $of = "FROM pg_stat_activity WHERE backend_type = 'checkpointer'";
	my $before = $node->safe_psql('postgres', "SELECT pid $of");

	return unless kill 'KILL', $pid;    # it has come to its end by itself
	$node->poll_query_until('postgres', "SELECT NOT pg_is_in_recovery() AND pid <> $before $of")
	  or die 'no recovery';
	return;
}

# The path of a file that tools/fixtures made.
sub fixture
{
	my ($name) = @_;
	my $path = "$ENV{FIXTURES}/$name";

	-e $path or die "no fixture $name";
	return $path;
}

# A directory of the test's own, removed at its end.
sub scratch_dir
{
	return File::Temp::tempdir('liteXXXXXX', TMPDIR => 1, CLEANUP => 1);
}

# A fixture's copy that the test may write to.
sub copy_fixture
{
	my ($name) = @_;
	my $path = scratch_dir() . "/$name";

	File::Copy::copy(fixture($name), $path) or die "cannot copy $name: $!";
	return $path;
}

# The path of a file in the sources (README.md, tools/*.sql, ...).
sub source_file
{
	my ($name) = @_;
	return "$ENV{LITE_SOURCE}/$name";
}

# Run SQL in SQLite's shell, as another program would; returns its output.
sub sqlite
{
	my ($file, $sql) = @_;
	my ($out, $err) = ('', '');

	IPC::Run::run([ 'sqlite3', '-batch', '-bail', '-init', '/dev/null', $file ],
		'<', \$sql, '>', \$out, '2>', \$err)
	  or die "sqlite3 $file: $err";
	chomp $out;
	return $out;
}

1;
