# Random queries over the tables of one file.
#
# A query is one or more statements that are run on the foreign tables and on
# the native ones, with the same text and another search_path:
#
#	{ shape, risky, strict, statements => [ { sql, ordered, loose }, ... ] }
#
#	ordered	the order of the rows is fixed (by a total order), so it must agree
#	loose	sums of doubles in it: their last digits depend on the order in
#			which rows come, on native tables too
#	risky	it may end in an error for some row's values.  Which rows are seen
#			before LIMIT is reached or after another condition has held is the
#			planner's business, so one side may succeed
#	strict	risky, but nothing leaves a choice: both sides must fail alike

package Fuzz::Query;

use strict;
use warnings;

use Exporter 'import';
use Fuzz::Expr qw(family value predicate constant column all_families columns_of grouped plain_predicate);
use Fuzz::Random;

our @EXPORT_OK = qw(make_query misfit_types make_misfit_query);

sub ident
{
	my ($name) = @_;

	$name =~ s/"/""/g;
	return "\"$name\"";
}

# ----------------------------------------------------------------------
# Tables in FROM

sub relation
{
	my ($table, $alias) = @_;

	# "b" may be the native one on both sides: a join of both kinds
	return {
		alias => $alias,
		sql => ($alias eq 'b' && $table->{native} && chance(0.1) ? "$table->{native}." : '') . ident($table->{name}) . " $alias",
		columns => [ map { { sql => "$alias." . ident($_->{name}), type => $_->{type}, values => $_->{values} } } @{ $table->{columns} } ],
		total => $table->{key} ? join(', ', map { "$alias." . ident($_) } @{ $table->{key} }) : "$alias\::text COLLATE \"C\""
	};
}

sub context
{
	my ($query, @relations) = @_;

	return {
		columns => [ map { @{ $_->{columns} } } @relations ],
		risky => $query->{risky},
		params => $query->{params},
		subqueries => chance(0.15) ? sub { scalar_subquery($query, $_[0], @relations) } : undef
	};
}

sub where
{
	my ($context, $probability) = @_;
	return chance($probability // 0.85) ? ' WHERE ' . predicate($context, between(0, 2)) : '';
}

sub limit
{
	my ($query) = @_;
	my $n = chance(0.1) ? 0 : between(1, 15);
	my $sql = '';

	$sql .= " LIMIT $n" if chance(0.85);
	$sql .= ' OFFSET ' . between(0, 10) if chance(0.3);
	return $sql;
}

sub order_by
{
	my ($context, @relations) = @_;
	my @keys = map { $_->{sql} . (family($_->{type}) eq 'text' && chance(0.2) ? ' COLLATE "C"' : '') . pick('', '', ' DESC', ' ASC NULLS FIRST', ' DESC NULLS LAST') }
	  some(between(0, 2), @{ $context->{columns} });

	push @keys, value($context, pick(qw(int text numeric)), 1) if chance(0.15);
	# a bare number would be a position
	@keys = grep { !/^\d+$/ && !/^\$\d+$/ } @keys;
	return ' ORDER BY ' . join(', ', @keys, map { $_->{total} } @relations);
}

sub any_family
{
	my ($context) = @_;
	my @present = grep { $_ ne 'other' && $_ ne 'json' } map { family($_->{type}) } @{ $context->{columns} };
	return @present && chance(0.85) ? pick(@present) : pick(all_families());
}

sub outputs
{
	my ($context, $n) = @_;
	return join ', ', map { chance(0.5) ? pick(@{ $context->{columns} })->{sql} : value($context, any_family($context), between(0, 2)) } 1 .. $n;
}

# Columns of one type in both, to join on: ( left, right ).
sub joinable
{
	my ($left, $right) = @_;
	my @pairs;

	foreach my $a (@{ $left->{columns} })
	{
		foreach my $b (@{ $right->{columns} })
		{
			my $family = family($a->{type});
			next if $family eq 'bool' || $family eq 'other' || $family eq 'json';
			push @pairs, [ $a->{sql}, $b->{sql}, $family ] if $family eq family($b->{type});
		}
	}
	return @pairs ? @{ pick(@pairs) } : ('1', '1', 'int');
}

sub join_condition
{
	my ($query, $left, $right) = @_;
	my ($a, $b, $family) = joinable($left, $right);
	my $sql = "$a = $b";

	$sql = "$a IS NOT DISTINCT FROM $b" if chance(0.05);
	$sql = "upper($a) = upper($b)" if $family eq 'text' && chance(0.1);
	$sql = "$a % 5 = $b % 5 AND $a <= $b" if $family eq 'int' && $a ne '1' && chance(0.1);
	$sql .= ' AND ' . predicate(context($query, $left, $right), between(0, 1)) if chance(0.35);
	return $sql;
}

# ----------------------------------------------------------------------
# Aggregates

# An aggregate whose result does not depend on the order of the rows; $order
# gives those that need one their order.
sub aggregate
{
	my ($query, $context, $order) = @_;
	my $what = between(1, 16);
	my $family = any_family($context);
	my $x = value($context, $family, between(0, 1));
	my $sql;

	if ($what <= 2) { $sql = 'count(*)'; }
	elsif ($what == 3) { $sql = "count($x)"; }
	elsif ($what == 4) { $sql = "count(DISTINCT $x)"; }
	elsif ($what <= 7)
	{
		# what has no min() is counted
		$sql = $family =~ /^(bool|bytea|uuid|jsonb)$/ ? "count($x)" : grouped(pick('min', 'max') . "($x)", $family);
	}
	elsif ($what <= 9)
	{
		my $number = pick(qw(int int numeric float));
		my $argument = value($context, $number, between(0, 1));
		my $function = pick('sum', 'sum', 'avg');

		if ($number eq 'float')
		{
			# without cancellation, so that only the last digits are loose
			$query->{loose} = 1;
			$argument = "CASE WHEN $argument BETWEEN 1e-3 AND 1e6 THEN $argument END";
		}
		# sums of the numbers at the ends are numeric: no overflow
		$argument = "($argument)::int8" if $number eq 'int';
		$sql = "$function($argument)";
	}
	elsif ($what == 10) { $sql = pick('bool_and', 'bool_or', 'every') . '(' . value($context, 'bool', 1) . ')'; }
	elsif ($what == 11) { $sql = pick('bit_and', 'bit_or', 'bit_xor') . '((' . value($context, 'int', 1) . ')::int8)'; }
	elsif ($what == 12) { $sql = "array_agg($x ORDER BY $order)"; }
	elsif ($what == 13) { $sql = 'string_agg(' . value($context, 'text', 1) . ", '|' ORDER BY $order)"; }
	elsif ($what == 14) { $sql = "jsonb_agg($x ORDER BY $order)"; $sql = "count(*)" if $family eq 'float' || $family eq 'bytea'; }
	elsif ($what == 15) { $sql = 'sum(DISTINCT ' . value($context, 'int', 0) . '::int8)'; }
	else { $sql = "percentile_disc(0.5) WITHIN GROUP (ORDER BY ($x))"; $sql = grouped($sql, $family); $sql = "count(*)" if $family eq 'jsonb'; }

	$sql .= ' FILTER (WHERE ' . predicate($context, 0) . ')' if chance(0.15) && $sql =~ /^(count|sum|avg|bool_|bit_|array_agg|string_agg)/;
	return $sql;
}

# ----------------------------------------------------------------------
# Shapes: each returns the text of a query, and whether it is ordered.

sub scan
{
	my ($query, @tables) = @_;
	my $a = relation(pick(@tables), 'a');
	my $context = context($query, $a);
	my $list = chance(0.15) ? '*' : outputs($context, between(1, 4));
	my $sql = "SELECT $list FROM $a->{sql}" . where($context, 0.9);

	return ($sql . pick(' FOR UPDATE', ' FOR SHARE'), 0) if chance(0.04);
	return ($sql, 0) if chance(0.5);
	$sql .= order_by($context, $a);
	$sql .= limit($query) if chance(0.5);
	return ($sql, 1);
}

# Nothing but one condition, so that every row has it judged.
sub strict_scan
{
	my ($query, @tables) = @_;
	my $a = relation(pick(@tables), 'a');
	my $context = context($query, $a);
	my $family = pick(qw(int float numeric text date));
	my $x = value($context, $family, 1);

	$context->{subqueries} = undef;
	return ("SELECT count(*) FROM $a->{sql} WHERE $x " . pick('=', '<>', '<', '>=') . ' ' . constant($context, $family), 0) if chance(0.5);
	return ("SELECT $x FROM $a->{sql}", 0);
}

sub whole_aggregate
{
	my ($query, @tables) = @_;
	my $a = relation(pick(@tables), 'a');
	my $context = context($query, $a);

	return ('SELECT ' . join(', ', map { aggregate($query, $context, $a->{total}) } 1 .. between(1, 4)) . " FROM $a->{sql}" . where($context), 0);
}

# Rows counted only, since which ones there are is open.
sub unordered_limit
{
	my ($query, @tables) = @_;
	my $a = relation(pick(@tables), 'a');
	my $b = relation(pick(@tables), 'b');
	my $context = context($query, $a);
	my $inner = "SELECT 1 FROM $a->{sql}" . where($context);

	$inner .= " UNION ALL SELECT 1 FROM $b->{sql}" . where(context($query, $b)) if chance(0.3);
	return ("SELECT count(*) FROM ($inner" . limit($query) . ') s', 0);
}

sub grouping
{
	my ($query, @tables) = @_;
	my $a = relation(pick(@tables), 'a');
	my $context = context($query, $a);
	my (@keys, @shown);

	foreach (1 .. between(1, 2))
	{
		my $column = chance(0.7) ? pick(@{ $context->{columns} }) : undef;
		my $family = $column ? family($column->{type}) : pick(qw(int text bool date numeric));
		my $key = $column ? $column->{sql} : value($context, $family, between(1, 2));

		next if $family =~ /^(jsonb|json|other)$/;
		# a bare number would be a position, a bare constant is no key
		$key = "coalesce($key, $key)" if $key !~ /\ba\./;
		push @keys, $key;
		push @shown, grouped($key, $family);
	}
	return whole_aggregate($query, @tables) if !@keys;
	my $form = @keys == 2 && chance(0.1);
	my $group = $form ? pick('ROLLUP', 'CUBE', 'GROUPING SETS') . "($keys[0], $keys[1])" : join(', ', @keys);
	my $sql = 'SELECT ' . join(', ', @shown, map { aggregate($query, $context, $a->{total}) } 1 .. between(1, 3)) . " FROM $a->{sql}" . where($context, 0.6) . " GROUP BY $group";

	$sql .= ' HAVING ' . pick('count(*) > 1', 'count(*) < 3', 'min(' . pick(map { $_->{sql} } grep { family($_->{type}) =~ /^(int|text|float|date)$/ } @{ $context->{columns} }, { sql => '1', type => 'integer' }) . ') IS NOT NULL')
	  if chance(0.3);
	if (chance(0.4) && !$form)
	{
		$sql .= ' ORDER BY ' . join(', ', map { $_ . pick('', ' DESC', ' NULLS FIRST') } @keys);
		$sql .= limit($query) if chance(0.5);
		return ($sql, 1);
	}
	return ($sql, 0);
}

sub distinct
{
	my ($query, @tables) = @_;
	my $a = relation(pick(@tables), 'a');
	my $context = context($query, $a);
	my @columns = grep { family($_->{type}) !~ /^(jsonb|json|other)$/ } some(between(1, 3), @{ $context->{columns} });

	return scan($query, @tables) if !@columns;
	if (chance(0.3))
	{
		my $column = $columns[0]{sql};
		return ("SELECT DISTINCT ON ($column) " . outputs($context, 2) . " FROM $a->{sql}" . where($context, 0.5) . " ORDER BY $column, $a->{total}", 0);
	}
	my @list = map { grouped($_->{sql}, family($_->{type})) } @columns;
	my $sql = 'SELECT DISTINCT ' . join(', ', @list) . " FROM $a->{sql}" . where($context, 0.6);
	return ($sql, 0) if chance(0.5);
	$sql .= ' ORDER BY ' . join(', ', map { $_ . pick('', ' DESC') } 1 .. @list);
	$sql .= limit($query) if chance(0.5);
	return ($sql, 1);
}

sub joining
{
	my ($query, @tables) = @_;
	my $a = relation(pick(@tables), 'a');
	my $b = relation(pick(@tables), 'b');
	my $kind = pick('JOIN', 'JOIN', 'LEFT JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN');
	my ($left, $right) = joinable($a, $b);
	my $on = $kind eq 'FULL JOIN' ? "$left = $right" : join_condition($query, $a, $b);
	my $from = "$a->{sql} $kind $b->{sql} ON $on";
	my @relations = ($a, $b);

	if (chance(0.2))
	{
		my $c = relation(pick(@tables), 'c');
		$from .= ' ' . pick('JOIN', 'LEFT JOIN') . " $c->{sql} ON " . join_condition($query, pick($a, $b), $c);
		push @relations, $c;
	}
	my $context = context($query, @relations);
	my $total = join ', ', map { $_->{total} } @relations;

	return ('SELECT ' . join(', ', map { aggregate($query, $context, $total) } 1 .. 2) . " FROM $from" . where($context, 0.6), 0) if chance(0.35) || @relations == 3;
	my $sql = 'SELECT ' . (chance(0.1) ? pick('a.*', 'b.*', 'a', '*') : outputs($context, between(1, 4))) . " FROM $from" . where($context, 0.7);
	return ($sql, 0) if chance(0.5);
	$sql .= order_by($context, @relations);
	$sql .= limit($query) if chance(0.6);
	return ($sql, 1);
}

sub semijoin
{
	my ($query, @tables) = @_;
	my $a = relation(pick(@tables), 'a');
	my $b = relation(pick(@tables), 'b');
	my $context = context($query, $a);
	my ($left, $right) = joinable($a, $b);
	my $not = pick('', '', 'NOT ');
	my $inner = context($query, $b);
	my $condition = chance(0.5)
	  ? "${not}EXISTS (SELECT 1 FROM $b->{sql} WHERE " . join_condition($query, $a, $b) . ')'
	  : "$left ${not}IN (SELECT $right FROM $b->{sql}" . where($inner, 0.7) . ')';

	$condition = "$left " . pick('> ALL', '<= ANY', '= ANY') . " (SELECT $right FROM $b->{sql}" . where($inner, 0.7) . ')' if chance(0.1);
	$condition .= ' AND ' . predicate($context, 1) if chance(0.5);
	return ('SELECT ' . outputs($context, 2) . " FROM $a->{sql} WHERE $condition", 0) if chance(0.5);
	return ('SELECT ' . outputs($context, 2) . " FROM $a->{sql} WHERE $condition" . order_by($context, $a) . limit($query), 1);
}

sub lateral
{
	my ($query, @tables) = @_;
	my $a = relation(pick(@tables), 'a');
	my $b = relation(pick(@tables), 'b');
	my $inner = context($query, $a, $b);
	my $context = context($query, $a);
	my $sub = 'SELECT ' . outputs($inner, 1) . " AS x FROM $b->{sql} WHERE " . join_condition($query, $a, $b) . " ORDER BY $b->{total}" . limit($query);

	$sub = 'SELECT ' . aggregate($query, context($query, $b), $b->{total}) . " AS x FROM $b->{sql} WHERE " . join_condition($query, $a, $b) if chance(0.4);
	my $kind = pick('CROSS', 'LEFT');
	return ('SELECT ' . outputs($context, 2) . ", s.x FROM $a->{sql} $kind JOIN LATERAL ($sub) s" . ($kind eq 'LEFT' ? ' ON true' : '') . where($context, 0.4), 0);
}

sub set_operation
{
	my ($query, @tables) = @_;
	my $operator = pick('UNION', 'UNION ALL', 'UNION ALL', 'INTERSECT', 'EXCEPT', 'INTERSECT ALL', 'EXCEPT ALL');
	my @families = map { pick(qw(int text numeric date bool)) } 1 .. between(1, 2);
	my @sides;

	foreach my $alias ('a', 'b')
	{
		my $r = relation(pick(@tables), $alias);
		my $context = context($query, $r);
		my @list = map { grouped(value($context, $_, between(0, 1)), $_) } @families;
		push @sides, 'SELECT ' . join(', ', map { "$list[$_] AS x$_" } 0 .. $#list) . " FROM $r->{sql}" . where($context, 0.7);
	}
	my $sql = "$sides[0] $operator $sides[1]";
	return ($sql, 0) if chance(0.6);
	$sql .= ' ORDER BY ' . join(', ', map { $_ . pick('', ' DESC') } 1 .. @families) . limit($query);
	return ($sql, 1);
}

sub window
{
	my ($query, @tables) = @_;
	my $a = relation(pick(@tables), 'a');
	my $context = context($query, $a);
	my @partition = map { $_->{sql} } grep { family($_->{type}) !~ /^(json|other)$/ } some(1, @{ $context->{columns} });
	my $over = 'OVER (' . (@partition && chance(0.6) ? "PARTITION BY $partition[0]" : '') . order_by($context, $a);
	my $frame = pick('', '', ' ROWS BETWEEN 2 PRECEDING AND CURRENT ROW', ' ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING') . ')';
	my $x = pick(@{ $context->{columns} })->{sql};
	my $number = value($context, 'int', 1);
	my $function = pick("row_number() $over)", "rank() $over)", "ntile(3) $over)", "lag($x) $over)", "lead($x, 2) $over)", "first_value($x) $over$frame", "last_value($x) $over$frame",
		"sum(($number)::int8) $over$frame", "count(*) $over$frame", "percent_rank() $over)");
	my $sql = 'SELECT ' . outputs($context, 1) . ", $function FROM $a->{sql}" . where($context, 0.5);

	return ($sql, 0);
}

sub nested
{
	my ($query, @tables) = @_;
	my ($inner, $ordered) = pick(\&scan, \&grouping, \&joining, \&distinct)->($query, @tables);
	my $what = between(1, 4);

	# no parameter of unknown use, names or two columns of one
	return ("SELECT count(*) FROM ($inner) s", 0) if $what == 1 && $inner !~ /^SELECT \*/;
	return ("WITH s AS " . pick('', 'MATERIALIZED ', 'NOT MATERIALIZED ') . "($inner) SELECT * FROM s", 0) if $what == 2;
	return ("SELECT s::text FROM ($inner OFFSET 0) s", 0) if $what == 3 && $inner !~ /OFFSET/;
	return ($inner, $ordered);
}

sub scalar_subquery
{
	my ($query, $family, @outer) = @_;
	my $a = relation(pick(@{ $query->{tables} }), 'q' . ++$query->{aliases});
	my $inner = context($query, $a);
	my $both = context($query, $a, @outer);

	$inner->{subqueries} = undef;
	$both->{subqueries} = undef;
	my $x = value($inner, $family, 0);
	return "(SELECT count(*) FROM $a->{sql} WHERE " . predicate($both, 0) . ')' if $family eq 'int' && chance(0.5);
	return '(SELECT ' . grouped(pick('min', 'max') . "($x)", $family) . " FROM $a->{sql} WHERE " . predicate($both, 0) . ')' if $family =~ /^(int|text|numeric|float|date|timestamptz)$/ && chance(0.5);
	return "(SELECT $x FROM $a->{sql} WHERE " . predicate($both, 0) . " ORDER BY $a->{total} LIMIT 1)";
}

my @shapes = (
	(['scan', \&scan]) x 8, (['aggregate', \&whole_aggregate]) x 2, ['limit', \&unordered_limit], (['group', \&grouping]) x 4, (['distinct', \&distinct]) x 2,
	(['join', \&joining]) x 5, (['semijoin', \&semijoin]) x 2, ['lateral', \&lateral], ['set', \&set_operation], ['window', \&window], ['nested', \&nested]);

# ----------------------------------------------------------------------
# How they are run

sub prepared
{
	my ($query, $sql, $ordered) = @_;
	my @params = @{ $query->{params} };
	my $types = @params ? '(' . join(', ', map { $_->{type} } @params) . ')' : '';
	my @statements = ({ sql => 'SET plan_cache_mode = ' . pick('force_generic_plan', 'force_generic_plan', 'force_custom_plan') }, { sql => "PREPARE p$types AS $sql" });

	foreach my $i (0 .. 2)
	{
		my $values = @params ? '(' . join(', ', map { $_->{values}[$i] } @params) . ')' : '';
		push @statements, { sql => "EXECUTE p$values", ordered => $ordered, loose => $query->{loose} };
	}
	return (@statements, { sql => 'DEALLOCATE ALL' }, { sql => 'RESET plan_cache_mode' });
}

sub cursor
{
	my ($query, $sql, $ordered) = @_;
	my $hold = chance(0.3);
	my @fetches = $ordered ? ('FETCH 3', 'FETCH BACKWARD 2', 'FETCH FORWARD 4', 'MOVE LAST', 'FETCH PRIOR', 'FETCH FIRST', 'FETCH ABSOLUTE 2', 'MOVE FIRST', 'FETCH ALL') : ('FETCH ALL');

	@fetches = ((some(3, @fetches)), 'MOVE ABSOLUTE 0', 'FETCH ALL') if $ordered && chance(0.5);
	return (
		{ sql => 'BEGIN' },
		{ sql => 'DECLARE c SCROLL CURSOR ' . ($hold ? 'WITH HOLD ' : '') . "FOR $sql" },
		($hold ? { sql => 'COMMIT' } : ()),
		(map { { sql => "$_ FROM c", ordered => $ordered, loose => $query->{loose} } } @fetches),
		($hold ? { sql => 'CLOSE c' } : { sql => 'COMMIT' }),
		# if the declaration failed, and with it the transaction
		{ sql => 'ROLLBACK' });
}

sub make_query
{
	my ($seed, $file, $number) = @_;
	my %query = (tables => $file->{tables}, aliases => 0, number => $number);

	seed($seed, 'query', $file->{n}, $number);
	$query{risky} = chance(0.12);
	$query{strict} = $query{risky} && chance(0.5);
	my $how = $query{strict} ? 'plain' : chance(0.12) ? 'prepared' : chance(0.06) ? 'cursor' : 'plain';
	$query{params} = [] if $how eq 'prepared';

	my ($name, $shape) = $query{strict} ? ('strict', \&strict_scan) : @{ pick(@shapes) };
	my ($sql, $ordered) = $shape->(\%query, @{ $file->{tables} });

	$query{shape} = "$name, $how";
	$query{sql} = $sql;
	$query{statements} = $how eq 'prepared' ? [ prepared(\%query, $sql, $ordered) ]
	  : $how eq 'cursor' ? [ cursor(\%query, $sql, $ordered) ]
	  : [ { sql => $sql, ordered => $ordered, loose => $query{loose} } ];
	return \%query;
}

# ----------------------------------------------------------------------
# Values that do not fit: foreign tables whose columns have types that the
# file knows nothing of.  There is no native table to compare with; but
# whether a condition is judged in SQLite or here must make no difference, and
# a row that cannot be read is an error either way, never a row less.

# Which columns of a file get which type: [ table, column, type ], ...
sub misfit_types
{
	my ($seed, $file) = @_;
	my @changes;

	seed($seed, 'misfit', $file->{n});
	foreach my $table (grep { !$_->{view} } @{ $file->{tables} })
	{
		foreach my $column (@{ $table->{columns} })
		{
			push @changes, [ $table->{name}, $column->{name},
				pick('bigint', 'integer', 'smallint', 'double precision', 'numeric', 'text', 'boolean', 'date', 'timestamp with time zone', 'time without time zone', 'uuid', 'bytea', 'jsonb', 'varchar(3)', 'numeric(5,2)') ]
			  if chance(0.6);
		}
	}
	return @changes;
}

# A query with a single condition, pushed where it can be, and behind OFFSET 0,
# where it cannot.
sub make_misfit_query
{
	my ($seed, $file, $number) = @_;
	my %changed = map { ("$_->[0]\0$_->[1]" => $_->[2]) } misfit_types($seed, $file);

	seed($seed, 'misfit query', $file->{n}, $number);
	my $table = pick(grep { !$_->{view} } @{ $file->{tables} });
	my @columns;
	foreach my $column (@{ $table->{columns} })
	{
		my $type = $changed{"$table->{name}\0$column->{name}"};
		my @values = !defined $type ? @{ $column->{values} }
		  : $type =~ /int/ ? grep { /^-?\d{1,18}$/ } @{ $column->{values} }
		  : $type =~ /double|^numeric/ ? grep { /^-?\d{1,30}(\.\d+)?$/ } @{ $column->{values} }
		  : $type =~ /text|varchar/ ? @{ $column->{values} } : ();
		push @columns, { sql => 'a.' . ident($column->{name}), type => $type // $column->{type}, values => \@values };
	}
	# One column, since others would not be read for a row that is left out.
	my $column = pick(@columns);
	my $condition;
	# Whether there is a value does not depend on what it is, so that SQLite
	# may judge that alone, also of what cannot be read.
	do { $condition = plain_predicate({ columns => [$column], risky => 1 }) // 'true'; } while $condition =~ /NULL/;
	my $name = ident($table->{name});
	my $list = chance(0.7) ? 'count(*)' : $column->{sql};

	return {
		shape => 'misfit, plain', number => "m$number", risky => 1, strict => 1,
		sql => "SELECT $list FROM $name a WHERE $condition",
		statements => [ { sql => "SELECT $list FROM $name a WHERE $condition", other => "SELECT $list FROM (SELECT * FROM $name OFFSET 0) a WHERE $condition" } ]
	};
}

1;
