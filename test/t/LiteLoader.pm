# What the tests of sqlite2pg share: running it, and a server without the
# extension, since the loader must not need it.

package LiteLoader;

use strict;
use warnings;

use Exporter 'import';
use IPC::Run;
use Lite qw(scratch_dir sqlite);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(plain_node new_file load load_start);

# A started server.  Arguments: name, lines for postgresql.conf.
sub plain_node
{
	my ($name, @settings) = @_;
	my $node = PostgreSQL::Test::Cluster->new($name // 'main');

	$node->init(extra => [ '--locale=C.UTF-8', '--encoding=UTF8' ]);
	$node->append_conf('postgresql.conf', "$_\n") foreach @settings;
	$node->start;
	return $node;
}

# A SQLite file of its own, made by this SQL.
sub new_file
{
	my ($sql) = @_;
	my $path = scratch_dir() . '/source.db';

	sqlite($path, $sql);
	return $path;
}

# Runs the loader to its end: (exit status, output, errors).  Status is
# 128 + n after signal n.
sub load
{
	my ($node, $file, @options) = @_;
	my ($out, $err) = ('', '');
	my @connection = ref $node ? ($node->connstr('postgres')) : ($node);

	IPC::Run::run([ 'sqlite2pg', @options, $file, @connection ],
		'<', \'', '>', \$out, '2>', \$err);
	my $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
	return ($status, $out, $err);
}

# Starts the loader: the IPC::Run handle and a reference to its errors.
sub load_start
{
	my ($node, $file, @options) = @_;
	my $err = '';
	my $handle = IPC::Run::start(
		[ 'sqlite2pg', @options, $file, $node->connstr('postgres') ],
		'<', \'', '>', \my $out, '2>', \$err);
	return ($handle, \$err);
}

1;
