# Random expressions of PostgreSQL over given columns.
#
# A context says what may be used:
#
#	columns		[ { sql, type, values }, ... ]
#	risky		may it fail for some values (overflow, division by zero)?
#	params		list that constants may be moved to, for prepared statements:
#				[ { type, sql }, ... ]; undef: none
#	subqueries	a function that gives a scalar subquery of a type, or undef
#
# Types are families: "int" is any integer type.  Where operators want one
# exact type, there is a cast.  Unless risky, nothing here fails for any value
# that a column can have: so an error on one side alone is a wrong answer.

package Fuzz::Expr;

use strict;
use warnings;
use utf8;

use Exporter 'import';
use Fuzz::Random;

our @EXPORT_OK = qw(family value predicate constant column all_families columns_of grouped plain_predicate);

my %families = (
	bigint => 'int',
	integer => 'int',
	smallint => 'int',
	'double precision' => 'float',
	boolean => 'bool',
	bytea => 'bytea',
	date => 'date',
	'time without time zone' => 'time',
	'timestamp without time zone' => 'timestamp',
	'timestamp with time zone' => 'timestamptz',
	uuid => 'uuid',
	jsonb => 'jsonb',
	json => 'json',
	text => 'text',
);

# How a family is written as a type.
my %type_of = (
	int => 'bigint',
	float => 'float8',
	bool => 'boolean',
	time => 'time',
	map { $_ => $_ } qw(numeric text bytea date timestamp timestamptz uuid jsonb json));

sub family
{
	my ($type) = @_;

	return 'numeric' if $type =~ /^numeric/;
	return 'text' if $type =~ /^character varying/;
	return $families{$type} // 'other';
}

sub all_families
{
	return qw(int float numeric bool text bytea date time timestamp timestamptz uuid jsonb);
}

sub columns_of
{
	my ($context, $family) = @_;
	return grep { family($_->{type}) eq $family } @{ $context->{columns} };
}

# ----------------------------------------------------------------------
# Constants

my %constants = (
	int => [ 0, 1, -1, 2, 5, 10, 127, 32767, 32768, 2147483647, 2147483648, '9007199254740993', '9223372036854775807',
		'-9223372036854775808', '-9223372036854775807' ],
	float => [ 0, '-0', 1, '0.1', '-1.5', '2.5', '1e308', '-1e308', '5e-324', 'Infinity', '-Infinity', 'NaN', '9007199254740992', '1e15',
		'9.2233720368547758e18' ],
	numeric => [ 0, 1, '1.0', '-0.5', '2.50', '9007199254740993', '9007199254740993.5', '1e400', '1e-30', 'NaN', 'Infinity', '-Infinity',
		'9223372036854775807', '9223372036854775808', '0.1', '0.1000000000000000055511151231257827' ],
	bool => [ 'true', 'false' ],
	text => [ '', ' ', 'a', 'A', 'a ', 'ab', 'Ab', 'zebra', 'Zebra', 'ä', 'Äpfel', "e\x{301}", 'é', '日本語', '0', '10', '9', "O'Brien", 'C:\\temp', 'a\\b',
		'%', '_', 'a%', '1.0', 'x-y', 'xy', 'NaN', "\x{ffff}", '😀' ],
	bytea => [ '\\x', '\\x00', '\\x61', '\\xff', '\\x6162', '\\xffff' ],
	date => [ '1970-01-01', '2000-01-01', '2024-02-29', '2024-05-01', '9999-12-31', '0001-01-01', 'infinity', '-infinity', '4713-01-01 BC' ],
	time => [ '00:00', '12:00', '23:59:59', '24:00', '12:00:00.123456' ],
	timestamp => [ '1970-01-01', '2000-01-01 12:00', '2024-02-29 23:59:59.999999', '2024-05-01 10:00:00', 'infinity', '-infinity' ],
	timestamptz => [ '1970-01-01 00:00Z', '2000-01-01 12:00Z', '2024-02-29 23:59:59.999999+00', '2024-05-01 10:00:00', '2024-03-10 02:30:00', '9999-12-31 23:59:59Z',
		'0001-01-01', 'infinity', '-infinity' ],
	uuid => [ '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '9f1c2d3e-4a5b-4c6d-8e7f-0123456789ab' ],
	jsonb => [ '{}', '[]', 'null', '1', '1.0', '"a"', '[1]', '{"a":1}', '{"a":null}', '{"b":[1,2]}', '"1"', 'true', '9007199254740993' ],
);

sub quoted
{
	my ($text) = @_;

	$text =~ s/'/''/g;
	return "'$text'";
}

# A constant of a family: often one that a column holds.
sub constant_literal
{
	my ($context, $family) = @_;
	my @known = map { @{ $_->{values} } } columns_of($context, $family);
	my $text = @known && chance(0.65) ? pick(@known) : pick(@{ $constants{$family} });

	return quoted($text) . "::$type_of{$family}";
}

sub constant
{
	my ($context, $family) = @_;
	my $params = $context->{params};
	my $sql;

	$family = 'jsonb' if $family eq 'json' || $family eq 'other';
	return "NULL::$type_of{$family}" if chance(0.03);
	if ($params && chance(0.6))
	{
		push @$params, { type => $type_of{$family}, values => [ map { chance(0.1) ? 'NULL' : constant_literal($context, $family) } 1 .. 3 ] };
		return '$' . scalar @$params;
	}
	$sql = constant_literal($context, $family);
	# as people write them
	$sql = $1 if $family eq 'int' && $sql =~ /^'(\d+)'/ && chance(0.5);
	return $sql;
}

sub column
{
	my ($context, $family) = @_;
	my @columns = columns_of($context, $family);

	return @columns ? pick(@columns)->{sql} : undef;
}

# Column or constant.
sub leaf
{
	my ($context, $family) = @_;
	my $column = chance(0.75) ? column($context, $family) : undef;

	return $column // constant($context, $family);
}

# ----------------------------------------------------------------------
# Values

# An integer too small to overflow anything.
sub small
{
	my ($context, $depth) = @_;
	return '(' . value($context, 'int', $depth) . ' % ' . pick(7, 10, 100, 1000) . ')';
}

# A double whose sums and products with others like it are finite.
sub tame
{
	my ($context, $depth) = @_;
	my $x = value($context, 'float', 0);
	return "(CASE WHEN abs($x) BETWEEN 1e-50 AND 1e50 THEN $x ELSE 1.5 END)";
}

# numeric without NaN or infinities, and not thousands of digits long
sub plain_numeric
{
	my ($context, $depth) = @_;
	my $x = value($context, 'numeric', 0);
	return "(CASE WHEN abs($x) BETWEEN 1e-20 AND 1e20 THEN $x ELSE 0.25 END)";
}

sub near_time
{
	my ($context, $type) = @_;
	my $x = value($context, $type, 0);
	return "(CASE WHEN $x BETWEEN '1900-01-01' AND '2100-01-01' THEN $x ELSE '2001-02-03' END)";
}

my @patterns = ('a%', 'A%', '%a', '%b%', '_', '%', '', 'a_b', 'a\\_b', 'a\\%', '%\\\\%', 'ab', 'é%', '%日%', '%\\', '_%', '%e%', 'z%', 'Z%', '%1%', '%%a',
	'2024%', '1_', 'a %', '% ');
my @regexes = ('^a', 'a$', '^[a-c]', '\\d', '[[:upper:]]', 'b|z', '^$', '.', '^.$', '\\s', '(a)(b)?', '[^a-z]', 'é', '\\.', '^a.*b$', '\\m[0-9]+');

sub interval
{
	return "interval '" . pick('1 day', '1 month', '1 year', '36 hours', '90 minutes', '1.5 seconds', '-1 month', '1 week', '100 years', '0') . "'";
}

sub zone
{
	return "'" . pick('UTC', 'America/New_York', 'Asia/Kolkata', '+03') . "'";
}

my $json_key = sub { pick("'a'", "'b'", "'ä'", "''", 0, -1, 1) };

# Each makes one expression of its family from a context and a depth.
my %makers = (
	int => [
		sub { small(@_) . pick(' + ', ' - ', ' * ') . small(@_) },
		sub { '(' . value($_[0], 'int', $_[1]) . ' % ' . pick(2, 3, 7, -5, 1) . ')' },
		sub { '(' . value($_[0], 'int', $_[1]) . ' / ' . pick(2, 3, 10, -3) . ')' },
		sub { 'abs(' . small(@_) . ')' },
		sub { 'sign(' . value($_[0], 'int', $_[1]) . ')::int8' },
		sub { '(' . value($_[0], 'int', $_[1]) . pick(' & ', ' | ', ' # ') . value($_[0], 'int', $_[1]) . ')' },
		sub { '(~' . value($_[0], 'int', $_[1]) . ')' },
		sub { '(' . value($_[0], 'int', $_[1]) . '::int8 ' . pick('<<', '>>') . ' ' . between(0, 63) . ')' },
		sub { pick(qw(length octet_length char_length bit_length ascii)) . '(' . value($_[0], 'text', $_[1]) . ')' },
		sub { pick('strpos', 'position') eq 'strpos' ? 'strpos(' . value($_[0], 'text', $_[1]) . ', ' . value($_[0], 'text', 0) . ')'
			  : 'position(' . value($_[0], 'text', 0) . ' in ' . value($_[0], 'text', 0) . ')' },
		sub { 'length(' . value($_[0], 'bytea', $_[1]) . ')' },
		sub { '(' . near_time($_[0], 'date') . ' - ' . near_time($_[0], 'date') . ')' },
		sub { 'extract(' . pick(qw(year month day dow doy week quarter isodow)) . ' from ' . near_time($_[0], pick('date', 'timestamp', 'timestamptz')) . ')::int' },
		sub { 'extract(' . pick(qw(hour minute)) . ' from ' . value($_[0], 'time', 0) . ')::int' },
		sub { '(' . value($_[0], 'bool', $_[1]) . ')::int' },
		sub { my $j = value($_[0], 'jsonb', 0); "(CASE WHEN jsonb_typeof($j) = 'array' THEN jsonb_array_length($j) END)" },
	],
	float => [
		sub { '(' . tame(@_) . pick(' + ', ' - ', ' * ', ' / ') . tame(@_) . ')' },
		sub { pick(qw(abs ceil floor round trunc sign)) . '(' . value($_[0], 'float', $_[1]) . ')' },
		sub { '(-' . value($_[0], 'float', $_[1]) . ')' },
		sub { 'sqrt(abs(' . value($_[0], 'float', 0) . '))' },
		sub { '(' . value($_[0], 'int', $_[1]) . ')::float8' },
		sub { 'power(' . tame(@_) . ', 2)' },
		sub { '(' . small(@_) . ')::float8 / ' . pick(3, 7, 2) },
	],
	numeric => [
		sub { '(' . plain_numeric(@_) . pick(' + ', ' - ', ' * ') . plain_numeric(@_) . ')' },
		sub { '(' . plain_numeric(@_) . ' / nullif(' . plain_numeric(@_) . ', 0))' },
		sub { '(' . plain_numeric(@_) . ' % ' . pick('3', '0.7', '10') . ')' },
		sub { pick(qw(abs ceil floor sign trim_scale)) . '(' . value($_[0], 'numeric', $_[1]) . ')' },
		sub { pick(qw(round trunc)) . '(' . plain_numeric(@_) . ', ' . between(-2, 4) . ')' },
		sub { pick(qw(round trunc)) . '(' . value($_[0], 'numeric', $_[1]) . ')' },
		sub { '(' . value($_[0], 'int', $_[1]) . ')::numeric' },
		sub { '(' . value($_[0], 'int', $_[1]) . '::numeric + ' . value($_[0], 'int', $_[1]) . ')' },
		sub { '(-' . value($_[0], 'numeric', $_[1]) . ')' },
		sub { 'extract(epoch from ' . near_time($_[0], pick('timestamp', 'timestamptz')) . ')' },
	],
	text => [
		sub { pick(qw(lower upper initcap reverse md5 trim ltrim rtrim)) . '(' . value($_[0], 'text', $_[1]) . ')' },
		sub { 'substr(' . value($_[0], 'text', $_[1]) . ', ' . between(-2, 4) . ')' },
		sub { 'substr(' . value($_[0], 'text', $_[1]) . ', ' . between(-2, 4) . ', ' . between(0, 4) . ')' },
		sub { pick(qw(left right)) . '(' . value($_[0], 'text', $_[1]) . ', ' . between(-3, 4) . ')' },
		sub { pick(qw(trim ltrim rtrim)) . '(' . value($_[0], 'text', $_[1]) . ", 'a b')" },
		sub { 'replace(' . value($_[0], 'text', $_[1]) . ', ' . value($_[0], 'text', 0) . ', ' . value($_[0], 'text', 0) . ')' },
		sub { '(' . value($_[0], 'text', $_[1]) . ' || ' . value($_[0], 'text', $_[1]) . ')' },
		sub { '(' . value($_[0], 'text', $_[1]) . ' || ' . value($_[0], pick('int', 'numeric', 'bool', 'float'), 0) . ')' },
		sub { pick('concat(', "concat_ws('-', ") . join(', ', map { value($_[0], pick('text', 'int', 'bool', 'date'), 0) } 1 .. 3) . ')' },
		sub { pick(qw(lpad rpad)) . '(' . value($_[0], 'text', $_[1]) . ', ' . between(0, 6) . ", '*-')" },
		sub { 'split_part(' . value($_[0], 'text', $_[1]) . ", ' ', " . pick(1, 2, -1) . ')' },
		sub { 'translate(' . value($_[0], 'text', $_[1]) . ", 'abc', 'xy')" },
		sub { 'overlay(' . value($_[0], 'text', $_[1]) . " placing 'ZZ' from 2 for 1)" },
		sub { 'repeat(' . value($_[0], 'text', 0) . ', ' . between(-1, 3) . ')' },
		sub { 'regexp_replace(' . value($_[0], 'text', $_[1]) . ", '[aeiou]', '#', 'g')" },
		sub { 'quote_literal(' . value($_[0], 'text', $_[1]) . ')' },
		sub { my $f = pick(qw(int numeric float bool date timestamp timestamptz uuid bytea jsonb)); '(' . value($_[0], $f, 0) . ')::text' },
		sub { '(' . value($_[0], 'jsonb', 0) . pick(' ->> ', ' ->> ') . $json_key->() . ')' },
		sub { '(' . value($_[0], 'jsonb', 0) . " #>> '{a,0}')" },
		sub { 'jsonb_typeof(' . value($_[0], 'jsonb', $_[1]) . ')' },
		sub { 'encode(' . value($_[0], 'bytea', $_[1]) . ', ' . pick("'hex'", "'base64'") . ')' },
		sub { 'to_char(' . near_time($_[0], pick('date', 'timestamp', 'timestamptz')) . ", 'YYYY-MM-DD HH24:MI:SS')" },
		sub { "format('%s-%L', " . value($_[0], 'text', 0) . ', ' . value($_[0], 'text', 0) . ')' },
	],
	bool => [ sub { '(' . predicate($_[0], $_[1]) . ')' } ],
	bytea => [
		sub { '(' . value($_[0], 'bytea', $_[1]) . ' || ' . value($_[0], 'bytea', $_[1]) . ')' },
		sub { 'substr(' . value($_[0], 'bytea', $_[1]) . ', ' . between(-1, 3) . ', ' . between(0, 3) . ')' },
		sub { "convert_to(" . value($_[0], 'text', $_[1]) . ", 'UTF8')" },
		sub { 'sha256(' . value($_[0], 'bytea', $_[1]) . ')' },
		sub { 'trim(' . value($_[0], 'bytea', $_[1]) . ", '\\x61'::bytea)" },
	],
	date => [
		sub { '(' . near_time($_[0], 'date') . pick(' + ', ' - ') . between(-400, 400) . ')' },
		sub { '(' . near_time($_[0], 'date') . ' + ' . small($_[0], 0) . '::int)' },
		sub { '(' . value($_[0], pick('timestamp', 'timestamptz'), 0) . ')::date' },
		sub { '(' . near_time($_[0], 'date') . ' + ' . interval() . ')::date' },
	],
	time => [
		sub { '(' . value($_[0], 'time', $_[1]) . ' + ' . interval() . ')' },
		sub { '(' . near_time($_[0], pick('timestamp', 'timestamptz')) . ')::time' },
	],
	timestamp => [
		sub { '(' . near_time($_[0], 'timestamp') . pick(' + ', ' - ') . interval() . ')' },
		sub { '(' . near_time($_[0], 'timestamptz') . ' AT TIME ZONE ' . zone() . ')' },
		sub { '(' . value($_[0], 'date', 0) . ')::timestamp' },
		sub { "date_trunc('" . pick(qw(year month week day hour minute second)) . "', " . near_time($_[0], 'timestamp') . ')' },
		sub { '(' . near_time($_[0], 'date') . ' + ' . value($_[0], 'time', 0) . ')' },
	],
	timestamptz => [
		sub { '(' . near_time($_[0], 'timestamptz') . pick(' + ', ' - ') . interval() . ')' },
		sub { '(' . near_time($_[0], 'timestamp') . ' AT TIME ZONE ' . zone() . ')' },
		sub { '(' . near_time($_[0], pick('date', 'timestamp')) . ')::timestamptz' },
		sub { "date_trunc('" . pick(qw(year month week day hour)) . "', " . near_time($_[0], 'timestamptz') . pick('', ", 'UTC'") . ')' },
		sub { 'to_timestamp(' . small(@_) . ' * 86400)' },
	],
	uuid => [ sub { 'md5(' . value($_[0], 'text', $_[1]) . ')::uuid' } ],
	jsonb => [
		sub { '(' . value($_[0], 'jsonb', $_[1]) . ' -> ' . $json_key->() . ')' },
		sub { '(' . value($_[0], 'jsonb', $_[1]) . " #> '{" . pick('a', 'b,0', '0', '0,a', '') . "}')" },
		sub { 'to_jsonb(' . value($_[0], pick('int', 'text', 'bool', 'numeric', 'date'), 0) . ')' },
		sub { 'jsonb_strip_nulls(' . value($_[0], 'jsonb', $_[1]) . ')' },
		sub { 'jsonb_build_object(' . pick("'k'", "'a'") . ', ' . value($_[0], pick('int', 'text', 'bool'), 0) . ')' },
		sub { 'jsonb_path_query_first(' . value($_[0], 'jsonb', $_[1]) . ", '" . pick('$.a', '$[0]', '$.*', '$.b[*]') . "')" },
		sub { '(jsonb_build_array(' . value($_[0], 'jsonb', $_[1]) . ') || ' . value($_[0], 'jsonb', $_[1]) . ')' },
		sub { 'jsonb_build_object(\'a\', ' . value($_[0], 'jsonb', 0) . ") - 'a'" },
	],
);

# What may fail for some values.
my %risky = (
	int => [
		sub { '(' . value($_[0], 'int', $_[1]) . pick(' + ', ' - ', ' * ', ' / ', ' % ') . value($_[0], 'int', $_[1]) . ')' },
		sub { pick('abs(', '(-') . value($_[0], 'int', $_[1]) . ')' },
		sub { '(' . value($_[0], pick('numeric', 'float', 'text'), $_[1]) . ')::' . pick('int8', 'int4', 'int2') },
		sub { '(' . value($_[0], 'int', $_[1]) . ')::' . pick('int4', 'int2') },
	],
	float => [
		sub { '(' . value($_[0], 'float', $_[1]) . pick(' + ', ' - ', ' * ', ' / ') . value($_[0], 'float', $_[1]) . ')' },
		sub { pick(qw(sqrt ln exp)) . '(' . value($_[0], 'float', $_[1]) . ')' },
		sub { '(' . value($_[0], pick('numeric', 'text'), $_[1]) . ')::float8' },
	],
	numeric => [
		sub { '(' . plain_numeric(@_) . ' / ' . value($_[0], 'numeric', 0) . ')' },
		sub { '(' . value($_[0], 'text', $_[1]) . ')::numeric' },
		sub { '(' . value($_[0], 'numeric', 0) . ')::numeric(10,2)' },
		sub { '(' . value($_[0], 'float', 0) . ')::numeric' },
	],
	text => [
		sub { 'left(' . value($_[0], 'text', 0) . ', ' . value($_[0], 'int', 0) . '::int)' },
		sub { 'substr(' . value($_[0], 'text', 0) . ', 1, ' . value($_[0], 'int', 0) . '::int)' },
		sub { 'chr(' . value($_[0], 'int', 0) . '::int)' },
	],
	date => [
		sub { '(' . value($_[0], 'text', $_[1]) . ')::date' },
		sub { '(' . value($_[0], 'date', $_[1]) . ' + ' . value($_[0], 'int', $_[1]) . '::int)' },
	],
	timestamptz => [ sub { '(' . value($_[0], 'text', $_[1]) . ')::timestamptz' } ],
	uuid => [ sub { '(' . value($_[0], 'text', $_[1]) . ')::uuid' } ],
	jsonb => [ sub { '(' . value($_[0], 'text', $_[1]) . ')::jsonb' }, sub { '(' . value($_[0], 'jsonb', $_[1]) . " - 'a')" } ],
	bytea => [ sub { "decode(" . value($_[0], 'text', 0) . ", 'hex')" } ],
);

# An expression of a family, nested up to a depth.
sub value
{
	my ($context, $family, $depth) = @_;

	return leaf($context, $family) if $depth <= 0 || chance(0.35);
	if (chance(0.25))
	{
		my $what = between(1, 5);
		my @two = map { value($context, $family, $depth - 1) } 1 .. 2;

		return 'coalesce(' . join(', ', @two) . ')' if $what == 1;
		return "nullif($two[0], $two[1])" if $what == 2;
		return 'CASE WHEN ' . predicate($context, $depth - 1) . " THEN $two[0] ELSE $two[1] END" if $what == 3;
		return pick('greatest', 'least') . '(' . join(', ', @two) . ')' if $what == 4 && $family ne 'jsonb';
		return $context->{subqueries}->($family) if $what == 5 && $context->{subqueries};
	}
	my $list = $context->{risky} && $risky{$family} && chance(0.5) ? $risky{$family} : $makers{$family};
	return pick(@$list)->($context, $depth - 1);
}

# ----------------------------------------------------------------------
# Conditions

my @comparisons = ('=', '=', '=', '<>', '<', '<=', '>', '>=', 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM');

# A family of which there is a column, mostly.
sub some_family
{
	my ($context) = @_;
	my @present = grep { $makers{$_} } map { family($_->{type}) } @{ $context->{columns} };

	return @present && chance(0.92) ? pick(@present) : pick(all_families());
}

sub like
{
	my ($context, $depth) = @_;
	my $x = value($context, 'text', $depth);
	my $pattern = chance(0.8) ? quoted(pick(@patterns)) : value($context, 'text', 0);
	my $operator = pick('LIKE', 'LIKE', 'ILIKE', 'NOT LIKE', 'NOT ILIKE');

	# a pattern from a column may end in a backslash, which is an error
	$pattern = "replace($pattern, '\\', '')" if $pattern !~ /^'/ || $pattern =~ /^'%\\'$/;
	return "$x $operator $pattern" . (chance(0.1) ? " ESCAPE " . pick("'!'", "''") : '');
}

sub collated
{
	my ($sql) = @_;
	return chance(0.12) ? "$sql COLLATE " . pick('"C"', '"C"', '"POSIX"', '"en-x-icu"', '"de-x-icu"') : $sql;
}

sub text_predicate
{
	my ($context, $depth) = @_;
	my $what = between(1, 8);
	my $x = value($context, 'text', $depth);

	return like($context, $depth) if $what <= 4;
	return "$x " . pick('~', '~*', '!~', '!~*') . ' ' . quoted(pick(@regexes)) if $what == 5;
	return "$x " . pick('SIMILAR TO', 'NOT SIMILAR TO') . ' ' . quoted(pick('a%', '%(b|c)%', '[a-c]+', '_{2}', '%')) if $what == 6;
	return "starts_with($x, " . value($context, 'text', 0) . ')' if $what == 7;
	return "$x " . pick('^@', '~<~', '~>=~') . ' ' . value($context, 'text', 0);
}

sub json_predicate
{
	my ($context, $depth) = @_;
	my $x = value($context, 'jsonb', $depth);
	my $what = between(1, 7);

	return "$x @> " . value($context, 'jsonb', 0) if $what == 1;
	return "$x <@ " . value($context, 'jsonb', 0) if $what == 2;
	return "$x ? " . pick("'a'", "'b'", "''", "'1'") if $what == 3;
	return "$x " . pick('?|', '?&') . " ARRAY['a', 'b']" if $what == 4;
	return "$x @" . "? '" . pick('$.a', '$[*] ? (@ > 1)', '$.**') . "'" if $what == 5;
	return "$x ->> " . $json_key->() . ' ' . pick('=', '<', '<>') . ' ' . value($context, 'text', 0) if $what == 6;
	return "$x @" . "@ '" . pick('$.a == 1', '$[0] > 0', 'exists($.b)') . "'";
}

# Comparisons between types.
sub cross_predicate
{
	my ($context, $depth) = @_;
	my ($left, $right) = @{ pick([qw(int numeric)], [qw(int float)], [qw(numeric float)], [qw(numeric int)], [qw(date timestamp)], [qw(date timestamptz)], [qw(timestamp timestamptz)],
		[qw(timestamptz date)], [qw(float int)]) };
	my $x = column($context, $left) // value($context, $left, 0);

	return "$x " . pick(@comparisons[ 0 .. 7 ]) . ' ' . value($context, $right, $depth);
}

# A constant to compare a column with: mostly one of its own values.
sub constant_for
{
	my ($context, $column) = @_;
	my $only = { params => $context->{params}, columns => chance(0.85) ? [$column] : $context->{columns} };

	return constant($only, family($column->{type}));
}

# What applications write: a column beside a constant or another column.
sub plain_predicate
{
	my ($context) = @_;
	my @columns = grep { $makers{ family($_->{type}) } } @{ $context->{columns} };
	return if !@columns;
	my $column = pick(@columns);
	my $family = family($column->{type});
	my $x = $column->{sql};
	my $other = sub { chance(0.12) ? column($context, $family) : constant_for($context, $column) };
	my $what = between(1, 20);

	$x = collated($x) if $family eq 'text' && $what <= 14;
	return "$x " . pick(@comparisons) . ' ' . $other->() if $what <= 9;
	return $other->() . ' ' . pick(@comparisons[ 0 .. 7 ]) . " $x" if $what == 10;
	return "$x " . pick('IN', 'IN', 'NOT IN') . ' (' . join(', ', map { $other->() } 1 .. between(1, 5)) . ')' if $what <= 12;
	return "$x " . pick('', '', 'NOT ') . 'BETWEEN ' . $other->() . ' AND ' . $other->() if $what <= 14;
	return "$x IS " . pick('NOT ', 'NOT ', '') . 'NULL' if $what <= 16;
	return "$x " . pick('= ANY', '= ANY', '<> ALL', '> ANY', '<= ALL') . ' (ARRAY[' . join(', ', map { constant_for($context, $column) } 1 .. between(1, 5)) . "]::$type_of{$family}\[])" if $what == 17;
	return "coalesce($x, " . $other->() . ') ' . pick(@comparisons) . ' ' . $other->() if $what == 18;
	if ($family eq 'text')
	{
		# a pattern made of a value
		my $text = pick(@{ $column->{values} }, 'a');
		my $length = between(0, length $text);
		my $pattern = substr($text, 0, $length) =~ s/([\\%_])/chance(0.7) ? "\\$1" : $1/ger;

		$pattern =~ s/(?<!\\)((?:\\\\)*)\\$/$1/;
		return "$x " . pick('LIKE', 'LIKE', 'NOT LIKE', 'ILIKE') . ' ' . quoted(pick("$pattern%", "$pattern%", "%$pattern", "%$pattern%", $pattern, $pattern . '_'));
	}
	return "$x" . pick('', ' IS NOT TRUE', ' IS TRUE', ' IS NOT FALSE') if $family eq 'bool';
	return "extract(" . pick('year', 'month') . " from $x) " . pick('=', '<', '>') . ' extract(year from ' . constant_for($context, $column) . ')' if $family =~ /^(date|timestamp)/;
	return "$x " . pick(@comparisons[ 0 .. 7 ]) . ' ' . $other->();
}

# One condition without AND and OR.
sub simple_predicate
{
	my ($context, $depth) = @_;
	my $plain = chance(0.6) ? plain_predicate($context) : undef;
	return $plain if defined $plain;
	my $family = some_family($context);
	my $what = between(1, 20);
	my $x = value($context, $family, $depth - 1);
	my $operand = sub { value($context, $family, $depth > 1 ? between(0, $depth - 1) : 0) };

	if ($what <= 8 || ($what <= 10 && !grep { $_ eq $family } qw(text jsonb bool)))
	{
		my $operator = pick(@comparisons);

		$x = collated($x) if $family eq 'text';
		return "$x $operator " . $operand->();
	}
	if ($what <= 10)
	{
		return text_predicate($context, $depth - 1) if $family eq 'text';
		return json_predicate($context, $depth - 1) if $family eq 'jsonb';
		return pick('', 'NOT ') . $x if $family eq 'bool';
	}
	return "$x IS " . pick('', 'NOT ') . 'NULL' if $what == 11;
	return "$x " . pick('IN', 'IN', 'NOT IN') . ' (' . join(', ', map { $operand->() } 1 .. between(1, 4)) . ')' if $what <= 13;
	return "$x " . pick('= ANY', '<> ALL', '< ANY', '>= ALL') . ' (ARRAY[' . join(', ', map { constant($context, $family) } 1 .. between(1, 4)) . "]::$type_of{$family}\[])"
	  if $what <= 14;
	return "$x " . pick('', 'NOT ') . 'BETWEEN ' . pick('', 'SYMMETRIC ') . $operand->() . ' AND ' . $operand->() if $what <= 16;
	return "($x, " . value($context, 'int', 0) . ') ' . pick('=', '<', '<=', '<>') . ' (' . $operand->() . ', ' . value($context, 'int', 0) . ')' if $what == 17;
	return cross_predicate($context, $depth - 1) if $what <= 18;
	return '(' . value($context, 'bool', $depth - 1) . ') IS ' . pick('', 'NOT ') . pick('TRUE', 'FALSE', 'UNKNOWN') if $what == 19;
	return 'CASE WHEN ' . predicate($context, $depth - 1) . ' THEN ' . predicate($context, $depth - 1) . ' ELSE ' . predicate($context, $depth - 1) . ' END';
}

sub predicate
{
	my ($context, $depth) = @_;

	return simple_predicate($context, 1) if $depth <= 0;
	return simple_predicate($context, $depth) if chance(0.55);
	return 'NOT (' . predicate($context, $depth - 1) . ')' if chance(0.2);
	return '(' . join(pick(' AND ', ' OR ', ' OR '), map { predicate($context, $depth - 1) } 1 .. between(2, 3)) . ')';
}

# ----------------------------------------------------------------------

# A value as a group's representative: of equal values that look different
# (1.5 and 1.50, 0 and -0) any may be shown, so that one form is made of them.
sub grouped
{
	my ($sql, $family) = @_;

	return "trim_scale($sql)" if $family eq 'numeric';
	return "($sql + 0)" if $family eq 'float';
	return $sql;
}

1;
