# The demo's SQL runs on files of several shapes, and shows what it promises.

use strict;
use warnings;

use Lite;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = lite_node();

# Run a script of the demo as tools/demo does; returns status, output, errors.
sub run_script
{
	my ($script, %variable) = @_;
	my ($out, $err);
	my @set = map { ('-v', "$_=$variable{$_}") } sort keys %variable;

	my $status = IPC::Run::run(
		[
			'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1',
			@set, '-d', $node->connstr('postgres'), '-f', source_file($script)
		],
		'>', \$out, '2>', \$err);
	return ($status, $out, $err);
}

foreach my $name ('demo', 'readme')
{
	my ($status, $out, $err) = run_script('tools/demo.sql',
		file => fixture("$name.db"), title => $name, schema => $name,
		live => "${name}_live");

	ok($status, "$name: the demo runs to its end") or diag($err);
	is($err, '', "$name: without a warning");
	like($out, qr/verified/, "$name: shows the proof");
	like($out, qr/Foreign Scan/, "$name: reads the file in place");
}

my ($status, $out, $err) =
  run_script('tools/demo-conversations.sql', schema => 'demo');
ok($status, 'the queries on conversations run') or diag($err);
like($out, qr/calculator/, 'and find what is in the JSON');
like($out, qr/\[snapshot\]/, 'and what is in the text');

# Twice: the import replaces what it made.
($status, $out, $err) = run_script('tools/demo.sql',
	file => fixture('demo.db'), title => 'demo', schema => 'demo',
	live => 'demo_live');
ok($status, 'the demo runs again over its own result') or diag($err);

$node->stop;
done_testing();
