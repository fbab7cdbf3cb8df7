# A random SQLite file: what SQLite's shell is told to make it.
#
# Every column has a kind: what it is declared as, and which values are in it.
# The kinds cover the rows of the table of types (declared, inferred from
# values, mixed), and their values the places where databases differ: the ends
# of the integers, 2^53 and its neighbours, infinities, empty strings, trailing
# spaces, letters that differ in case alone, dates in every spelling.  What the
# import refuses under on_error => 'stop' (a NUL in a text) is left out: other
# tests are about that.

package Fuzz::File;

use strict;
use warnings;
use utf8;

use Exporter 'import';
use Fuzz::Random;

our @EXPORT_OK = qw(file_script);

# ----------------------------------------------------------------------
# Literals

sub text
{
	my ($text) = @_;

	$text =~ s/'/''/g;
	return "'$text'";
}

sub blob
{
	return sprintf "x'%s'", unpack 'H*', $_[0];
}

sub random_bytes
{
	my ($n) = @_;
	return join '', map { chr int rand 256 } 1 .. $n;
}

# ----------------------------------------------------------------------
# Values

my @extreme_integers = (
	'-9223372036854775808', '-9223372036854775807', '9223372036854775807', '9223372036854775806',
	'9007199254740991', '9007199254740992', '9007199254740993', '-9007199254740993',
	'4611686018427387904', '2147483647', '2147483648', '-2147483648', '-2147483649',
	'4294967296', '32767', '32768', '-32769', '0', '1', '-1', '1000000000000000000');

my @extreme_doubles = (
	'0.0', '-0.0', '1e308', '-1e308', '1.7976931348623157e308', '4.9e-324', '2.2250738585072014e-308',
	'1e15', '1e16', '123456789012345680.0', '9007199254740992.0', '9007199254740994.0', '-9.2233720368547758e18',
	'9.2233720368547758e18', '1.8446744073709552e19', '0.1', '0.30000000000000004', '2.5', '3.5', '-0.5', '1.5',
	'1e-7', '123456789.123', '1e21', '1e22', '3.0', '100.0');

my @words = (
	'', ' ', 'a', 'A', 'a ', 'a  ', ' a', 'ab', 'Ab', 'AB', 'aB ', 'abc', 'ABC', 'abd', 'b', 'B', 'Zebra', 'zebra',
	'apple', 'Apple', 'äpfel', 'Äpfel', 'zürich', 'ZÜRICH', "e\x{301}", "\x{e9}", 'ß', 'ss', 'SS', 'İ', 'i', 'I', 'ı',
	'日本語', '日本', '😀', "\x{fffd}", "\x{ffff}", "\x{10000}", "\x{e000}", '%', '_', 'a%', 'a_b', 'a\\b', 'C:\\temp', "O'Brien", '"q"',
	"line\nbreak", "tab\there", '0', '1', '01', '10', '9', '-1', '1.0', '1e3', '2024-01-01', '10:00', 'true', 'null', 'NULL',
	'NaN', 'Infinity', 'x-y', 'x_y', 'xy', 'X Y', 'a-b', 'ab-c', 'a.b', '(a)', '[a]', '{}', '$1', 'a*', '+', '?');

sub random_word
{
	return pick(@words) if chance(0.7);
	return join '', map { pick('a' .. 'e', 'A' .. 'C', ' ', 'é', '0', '9', '_', '%') } 1 .. between(0, 12);
}

sub random_double
{
	return pick(@extreme_doubles) if chance(0.3);
	return between(-20, 20) / pick(1, 2, 4, 10) . '' if chance(0.5);
	my $double = sprintf '%.17g', (rand() - 0.5) * 10**between(-20, 20);
	return $double =~ /[.e]/ ? $double : "$double.0";
}

sub random_integer
{
	return pick(@extreme_integers) if chance(0.4);
	return between(-100, 100) if chance(0.5);
	return int((rand() - 0.5) * 2**between(1, 52));
}

# Seconds since 1970, in years that leave no doubt that it is a time.
sub random_epoch
{
	return pick(946684800, 1709208000, 1714557600, 1735689599) if chance(0.4);
	return between(100000000, 2000000000);
}

sub random_date
{
	return pick('2024-02-29', '1970-01-01', '2000-01-01', '1969-12-31', '9999-12-31', '0001-01-01', '2024-05-01')
	  if chance(0.4);
	return sprintf '%04d-%02d-%02d', between(1995, 2030), between(1, 12), between(1, 28);
}

sub random_time
{
	return pick('00:00:00', '23:59:59', '12:00:00') if chance(0.3);
	return sprintf '%02d:%02d:%02d', between(0, 23), between(0, 59), between(0, 59);
}

sub random_datetime
{
	my ($style) = @_;

	return random_date() . pick(' ', 'T') . random_time() . pick('', '', '.5', '.123', '.123456', 'Z', '+02:00', '-0530', ' +01:00')
	  if $style eq 'any';
	return random_date() . 'T' . random_time() . '.' . sprintf('%03d', between(0, 999)) . 'Z' if $style eq 'iso';
	return random_date() . ' ' . random_time();
}

sub random_uuid
{
	my @known = ('00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff',
		'9f1c2d3e-4a5b-4c6d-8e7f-0123456789ab');

	return pick(@known) if chance(0.3);
	return join '-', map { unpack 'H*', random_bytes($_) } 4, 2, 2, 2, 6;
}

sub json_string
{
	my ($text) = @_;

	$text =~ s/(["\\])/\\$1/g;
	$text =~ s/\n/\\n/g;
	$text =~ s/\t/\\t/g;
	return "\"$text\"";
}

sub random_json
{
	my ($depth) = @_;
	my $what = between(0, $depth > 0 ? 9 : 6);

	return pick(0, 1, -1, 10, 2.5, '1e2', '9007199254740993', '1.50', '-0') if $what <= 1;
	return json_string(random_word()) if $what <= 3;
	return pick('true', 'false') if $what <= 4;
	return 'null' if $what == 5;
	return pick('[]', '{}') if $what == 6;
	return '[' . join(pick(',', ', '), map { random_json($depth - 1) } 1 .. between(1, 4)) . ']' if $what <= 8;
	return '{' . join(',', map { json_string(pick('a', 'b', 'c', 'ä', 'A', '')) . ':' . random_json($depth - 1) } 1 .. between(1, 4)) . '}';
}

sub random_document
{
	my $json;

	do { $json = random_json(2) } until $json =~ /^[\[{]/;
	return $json;
}

# ----------------------------------------------------------------------
# Kinds of columns: declarations, the one in a STRICT table (none: not there),
# and a function that makes one value.

my @integer_names = ('INTEGER', 'INT', 'BIGINT', 'INT8', 'UNSIGNED BIG INT', 'TINYINT', 'int', 'Long Integer');
my @text_names = ('TEXT', 'VARCHAR(20)', 'CLOB', 'NVARCHAR(5)', 'CHARACTER(3)', 'TEXT COLLATE NOCASE', 'TEXT COLLATE RTRIM',
	'VARCHAR(10) COLLATE NOCASE', 'TEXT COLLATE BINARY', '');
my @time_names = ('DATETIME', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE');

my %kinds = (
	small_integer => [ \@integer_names, 'INTEGER', sub { between(-3, 12) } ],
	integer => [ \@integer_names, 'INT', \&random_integer ],
	smallint => [ [ 'SMALLINT', 'INT2' ], undef, sub { chance(0.2) ? pick(-32768, 32767) : between(-50, 50) } ],
	int4 => [ [ 'INT4', 'MEDIUMINT' ], undef, sub { chance(0.2) ? pick('-2147483648', 2147483647) : between(-5000, 5000) } ],
	truth => [ [ 'BOOLEAN', 'BOOL' ], undef, sub { pick(0, 1) } ],
	truth_words => [ ['BOOLEAN'], undef, sub { pick(0, 1, "'true'", "'f'", "'yes'", "'FALSE'") } ],
	real => [ [ 'REAL', 'DOUBLE', 'FLOAT', 'DOUBLE PRECISION' ], 'REAL', sub { chance(0.1) ? between(-9, 9) : random_double() } ],
	infinite => [ [ 'REAL', 'NUMERIC', '' ], 'REAL', sub { chance(0.2) ? pick('9e999', '-9e999') : random_double() } ],
	money => [ [ 'DECIMAL(10,2)', 'NUMERIC(12, 3)' ], undef, sub { sprintf '%.2f', between(-100000, 100000) / 100 } ],
	numeric => [ [ 'NUMERIC', 'DECIMAL', 'NUMBER', 'DECIMAL(5,1)' ], undef, sub { chance(0.5) ? random_integer() : random_double() } ],
	word => [ \@text_names, 'TEXT', sub { text(random_word()) } ],
	number_text => [ \@text_names, 'TEXT', sub { text(pick(0, 1, 2, 10, 9, '01', '1.0', '1.50', '-5', '+1', ' 1', '1 ')) } ],
	date => [ ['DATE'], undef, sub { text(random_date()) } ],
	time => [ ['TIME'], undef, sub { text(random_time() . pick('', '', '.25')) } ],
	datetime => [ \@time_names, undef, sub { text(random_datetime('plain')) } ],
	datetime_any => [ [ @time_names, 'TEXT' ], 'TEXT', sub { text(random_datetime('any')) } ],
	datetime_iso => [ [ @time_names, 'TEXT', 'VARCHAR(30)' ], 'TEXT', sub { text(random_datetime('iso')) } ],
	date_text => [ ['TEXT'], 'TEXT', sub { text(random_date()) } ],
	unix => [ \@time_names, undef, sub { random_epoch() } ],
	unix_fraction => [ \@time_names, undef, sub { random_epoch() . pick('.5', '.25', '.125') } ],
	unix_ms => [ \@time_names, undef, sub { random_epoch() . sprintf '%03d', between(0, 999) } ],
	unix_us => [ ['TIMESTAMP'], undef, sub { random_epoch() . sprintf '%06d', between(0, 999999) } ],
	julian => [ \@time_names, undef, sub { between(2441700, 2488000) . pick('.5', '.25', '.75') } ],
	time_mixture => [ ['DATETIME'], undef, sub { pick(random_epoch(), random_epoch() . '000', '2460432.5', text(random_datetime('plain'))) } ],
	epoch_real => [ [ 'REAL', 'INTEGER' ], 'REAL', sub { random_epoch() } ],
	json => [ [ 'JSON', 'TEXT', 'JSONB' ], 'TEXT', sub { text(random_document()) } ],
	json_any => [ ['JSON'], undef, sub { text(random_json(2)) } ],
	uuid => [ [ 'UUID', 'GUID' ], undef, sub { text(random_uuid()) } ],
	uuid_upper => [ ['UUID'], undef, sub { text(chance(0.5) ? uc random_uuid() : random_uuid()) } ],
	uuid_blob => [ ['UUID'], undef, sub { my $u = random_uuid(); $u =~ s/-//g; "x'$u'" } ],
	blob => [ [ 'BLOB', 'BYTEA', '' ], 'BLOB', sub { chance(0.1) ? "x''" : blob(chance(0.4) ? pick('a', 'ab', "\0", "\xff") : random_bytes(between(1, 20))) } ],
	mixture => [ [ '', 'TEXT', 'INTEGER', 'NUMERIC', 'BLOB', 'ANYTHING' ], 'ANY',
		sub { pick(sub { random_integer() }, sub { random_double() }, sub { text(random_word()) }, sub { between(0, 5) }, sub { text(between(0, 5)) })->() } ],
	mixture_bytes => [ [ '', 'TEXT', 'BLOB' ], 'ANY', sub { chance(0.5) ? text(random_word()) : blob(random_bytes(between(0, 5))) } ],
);
my @kind_names = sort keys %kinds;

# What most files hold, so that it comes more often.
push @kind_names, qw(small_integer integer word word real numeric datetime_any json small_integer word);

# ----------------------------------------------------------------------
# Tables

my @odd_names = ('Order', 'group', 'CamelCase', 'with space', 'naïve', 'q"uote', 'a.b', 'user', 'Ünicode', '1st', "o'clock", 'ctid', 'tableoid');

sub name_list
{
	my ($prefix, $n) = @_;
	my @odd = shuffled(@odd_names);

	return map { chance(0.08) && @odd ? shift @odd : "$prefix$_" } 0 .. $n - 1;
}

sub quoted
{
	my ($name) = @_;

	$name =~ s/"/""/g;
	return "\"$name\"";
}

sub make_column
{
	my ($name, $strict) = @_;
	my ($kind, $declared, $value);

	do
	{
		$kind = pick(@kind_names);
		$declared = $strict ? $kinds{$kind}[1] : pick(@{ $kinds{$kind}[0] });
	} until defined $declared;
	$value = $kinds{$kind}[2];

	# A few values that come again and again, or ever new ones.
	if (chance(0.5))
	{
		my @pool = map { $value->() } 1 .. between(1, 12);
		$value = sub { pick(@pool) };
	}
	my $nulls = chance(0.3) ? 0 : chance(0.1) ? 1 : rand 0.4;
	my $inner = $value;
	$value = sub { chance($nulls) ? 'NULL' : $inner->() };
	my $rest = $nulls == 0 && chance(0.5) ? ' NOT NULL' : '';
	return { name => $name, kind => $kind, declared => $declared, sql => quoted($name) . " $declared$rest", value => $value };
}

# The key: columns put first, the constraint, and whether there may be no
# rowid.
sub make_key
{
	my ($number, $rows) = @_;
	my $kind = pick(qw(rowid rowid rowid rowid sparse extreme text pair uuid none none real));
	my $next = 0;

	return { kind => $kind, columns => [], constraint => '' } if $kind eq 'none';
	if ($kind =~ /^(rowid|sparse|extreme)$/)
	{
		my @ids = $kind eq 'rowid' ? (1 .. $rows) : shuffled(map { random_integer() } 1 .. $rows);
		@ids = map { $_ * between(1, 100) } 1 .. $rows if $kind eq 'sparse';
		return {
			kind => $kind,
			columns => [ { name => 'id', kind => 'id', declared => 'INTEGER', sql => 'id INTEGER PRIMARY KEY' . (chance(0.2) ? ' AUTOINCREMENT' : ''),
					value => sub { $ids[ $next++ % @ids ] } } ],
			constraint => ''
		};
	}
	if ($kind eq 'pair')
	{
		return {
			kind => $kind,
			columns => [ { name => 'k1', kind => 'small_integer', declared => 'INTEGER', sql => 'k1 INTEGER', value => sub { between(0, 5) } },
				{ name => 'k2', kind => 'word', declared => 'TEXT', sql => 'k2 TEXT' . pick('', ' COLLATE NOCASE'), value => sub { text(random_word()) } } ],
			constraint => 'PRIMARY KEY (k1, k2' . pick('', ' DESC') . ')'
		};
	}
	my $value = $kind eq 'text' ? $kinds{word}[2] : $kind eq 'uuid' ? $kinds{uuid}[2] : $kinds{real}[2];
	my $declared = $kind eq 'real' ? 'REAL' : 'TEXT';
	return {
		kind => $kind,
		columns => [ { name => 'k', kind => $kind, declared => $declared, sql => "k $declared", value => $value } ],
		constraint => 'PRIMARY KEY (k)'
	};
}

sub generated_column
{
	my ($column) = @_;
	my $name = quoted($column->{name});
	my $expression = $column->{kind} =~ /word/ ? pick("length($name)", "upper($name)", "substr($name, 1, 2)")
	  : $column->{kind} =~ /small_integer|smallint/ ? pick("$name + 1", "$name * 2", "CASE WHEN $name > 3 THEN 'big' ELSE 'small' END")
	  : return;

	return quoted("g_$column->{name}") . ' ' . pick('', 'TEXT', 'INTEGER') . " GENERATED ALWAYS AS ($expression) " . pick('VIRTUAL', 'STORED')
	  if $expression =~ /length|\+|\*/ || $column->{declared} =~ /TEXT|CHAR/;
	return;
}

sub table_script
{
	my ($number) = @_;
	my $name = chance(0.1) ? pick('Messages', 'weird name', 'select', 'Tä') . $number : "t$number";
	my $rows = chance(0.04) ? 0 : chance(0.06) ? 1 : chance(0.1) ? between(100, 400) : between(8, 60);
	my $strict = chance(0.15);
	my $key = make_key($number, $rows);
	my $without_rowid = $key->{constraint} ne '' && chance(0.5);
	my @columns = @{ $key->{columns} };
	my $script = '';

	push @columns, make_column($_, $strict) foreach name_list('c', between(2, 8));
	# something to join with
	push @columns, { name => 'r', kind => 'small_integer', declared => 'INTEGER',
		sql => 'r INTEGER' . ($number > 0 && chance(0.4) ? ' REFERENCES t0' : ''), value => sub { chance(0.15) ? 'NULL' : between(1, 20) } };

	my @items = map { $_->{sql} } @columns;
	if (!$strict && chance(0.3))
	{
		my ($of) = grep { defined } map { generated_column($_) } some(3, @columns);
		push @items, $of if defined $of;
	}
	push @items, $key->{constraint} if $key->{constraint} ne '';
	my @ending = (($without_rowid ? 'WITHOUT ROWID' : ()), ($strict ? 'STRICT' : ()));

	$script .= 'CREATE TABLE ' . quoted($name) . " (\n  " . join(",\n  ", @items) . ')' . (@ending ? ' ' . join(', ', @ending) : '') . ";\n";
	my $names = join ', ', map { quoted($_->{name}) } @columns;
	for (1 .. $rows)
	{
		$script .= 'INSERT OR IGNORE INTO ' . quoted($name) . " ($names) VALUES (" . join(', ', map { $_->{value}->() } @columns) . ");\n";
	}
	foreach my $i (1 .. between(0, 3))
	{
		my $column = pick(@columns);
		my $where = chance(0.2) ? " WHERE r > 5" : '';
		my $also = chance(0.3) ? ', r' . pick('', ' DESC') : '';
		$script .= "CREATE INDEX i${number}_$i ON " . quoted($name) . ' (' . quoted($column->{name}) . pick('', '', ' DESC', ' COLLATE NOCASE') . "$also)$where;\n";
	}
	if (chance(0.4))
	{
		my $list = join ', ', map { quoted($_->{name}) } some(4, @columns);
		$script .= "CREATE VIEW v$number AS SELECT $list FROM " . quoted($name) . pick('', ' WHERE r > 3', ' WHERE r IS NOT NULL') . ";\n";
	}
	return $script;
}

# The script of file number n of a seed.
sub file_script
{
	my ($seed, $n) = @_;

	seed($seed, 'file', $n);
	my $encoding = chance(0.2) ? pick('UTF-16le', 'UTF-16be') : 'UTF-8';
	my $tables = between(2, 3);

	return "PRAGMA encoding = '$encoding';\nBEGIN;\n"
	  . join('', map { table_script($_) } 0 .. $tables - 1)
	  . "COMMIT;\n"
	  . (chance(0.3) ? "ANALYZE;\n" : '');
}

1;
