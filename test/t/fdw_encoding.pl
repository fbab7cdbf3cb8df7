# Databases in other encodings than UTF8: text is converted, and what cannot
# be is an error that names the value.

use strict;
use warnings;

use Lite;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = lite_node();
my $dir = scratch_dir();
my $file = "$dir/text.db";

foreach my $name ('utf8', 'utf16')
{
	my $encoding = $name eq 'utf8' ? 'UTF-8' : 'UTF-16';

	sqlite("$dir/$name.db", qq{
		PRAGMA encoding = '$encoding';
		CREATE TABLE t (id INTEGER PRIMARY KEY, "größe" TEXT);
		INSERT INTO t VALUES (1, 'plain'), (2, 'Grüße'), (3, '世界'), (4, '€');
	});
}

sub in_database
{
	my ($encoding, $from, $sql) = @_;
	my ($out, $err) = ('', '');

	$node->safe_psql('postgres', "DROP DATABASE IF EXISTS enc");
	$node->safe_psql('postgres',
		"CREATE DATABASE enc ENCODING '$encoding' LOCALE 'C' TEMPLATE template0");
	my $script = qq{
\\set VERBOSITY verbose
SET client_encoding = UTF8;
CREATE EXTENSION sqlite_fdw_lite;
CREATE SERVER s FOREIGN DATA WRAPPER sqlite_fdw_lite OPTIONS (database '$dir/$from.db');
IMPORT FOREIGN SCHEMA main FROM SERVER s INTO public OPTIONS (identifiers 'keep');
$sql
};
	IPC::Run::run([ 'psql', '-XAtq', '-d', $node->connstr('enc') ],
		'<', \$script, '>', \$out, '2>', \$err);
	return ($out, $err);
}

foreach my $from ('utf8', 'utf16')
{
	my ($out, $err) = in_database('LATIN1', $from, q{
		SELECT "größe", octet_length("größe") FROM t WHERE id < 3 ORDER BY id;
		SELECT id FROM t WHERE "größe" = 'Grüße';
		SELECT * FROM t WHERE id = 3;
	});
	is($out, "plain|5\nGrüße|5\n2\n", "$from in LATIN1: converted, in both directions");
	like($err, qr/22P05.*does not fit type "text"/, "$from in LATIN1: what has no equivalent is an error");
	like($err, qr/rowid 3 of SQLite table "t"/, '... that says where');
	like($err, qr/column "größe"/, '... with the name as the client has it');

	($out, $err) = in_database('LATIN9', $from, q{
		SELECT "größe", octet_length("größe") FROM t WHERE id = 4;
	});
	is($out, "€|1\n", "$from in LATIN9: its own repertoire");

	($out, $err) = in_database('SQL_ASCII', $from, q{
		SELECT octet_length("größe") FROM t ORDER BY id;
		SELECT id FROM t WHERE "größe" = '世界';
	});
	is($out, "5\n7\n6\n3\n3\n", "$from in SQL_ASCII: the bytes pass");

	($out, $err) = in_database('UTF8', $from, q{
		SELECT "größe" FROM t ORDER BY id;
		SELECT id FROM t WHERE "größe" = '世界';
	});
	is($out, "plain\nGrüße\n世界\n€\n3\n", "$from in UTF8");
}

$node->stop;
done_testing();
