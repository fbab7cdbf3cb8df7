# A database that is not in UTF-8: what it can hold is converted, what it
# cannot is a value that does not fit, and verification knows the difference.

use strict;
use warnings;

use FindBin;
use Test::More;

use lib $FindBin::Bin;
use Lite;

my $node = lite_node();
my $file = fixture('lib_encoding.db');

$node->safe_psql('postgres', "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
$node->safe_psql('latin', 'CREATE EXTENSION sqlite_fdw_lite');

my ($rc, $out, $err) = $node->psql('latin', "SELECT * FROM sqlite_import('$file', 'a')");
like($err, qr/without an equivalent in the database's encoding LATIN1/, 'stop says why');
like($err, qr/rowid 2 of SQLite table "t"/, 'and where');
is($node->safe_psql('latin', "SELECT count(*) FROM pg_namespace WHERE nspname = 'a'"), '0', 'nothing is left');

sub quiet
{
	my ($sql) = @_;
	return $node->safe_psql('latin', "SET client_min_messages = warning; SET client_encoding = 'UTF8'; $sql");
}

is(quiet("SELECT rows, rejected, verified FROM sqlite_import('$file', 'a', on_error => 'reject')"), '2|1|t', 'reject');
is(quiet('SELECT id, "naïve", j FROM a.t ORDER BY id'), qq(1|Zoë|{"é": "ü"}\n3|ok|["é"]), 'what was loaded');
is(quiet("SELECT source_rows, target_rows, verified FROM sqlite_verify('$file', 'a')"), '3|2|t', 'verified later');
is(quiet('SELECT row_id, reason, column_values[2] FROM sqlite_rejects'), '2|encoding|\xe6bca2e5ad97', 'the value is kept in its bytes');
is(quiet("SELECT rows, rejected, verified FROM sqlite_import('$file', 'b', on_error => 'reject', documents => '{*}')"), '2|1|t', 'documents');
is(quiet("SELECT source_rows, target_rows, verified FROM sqlite_verify('$file', 'b')"), '3|2|t', 'verified later');
quiet("UPDATE a.t SET \"naïve\" = 'Zoe' WHERE id = 1");
is(quiet("SELECT verified FROM sqlite_verify('$file', 'a')"), 'f', 'and a changed letter is found');
is(quiet("SELECT columns, sql LIKE '%naïve%' FROM sqlite_tables('$file')"), '3|t', 'the text of the file is shown');

$node->stop;
done_testing();
