# Choices that a seed repeats.  Perl's own generator is the same everywhere
# since 5.20, whatever the C library.

package Fuzz::Random;

use strict;
use warnings;

use Digest::MD5 qw(md5);
use Exporter 'import';

our @EXPORT = qw(seed chance pick some between shuffled);

# Numbers and words that together are a seed of their own, so that one file or
# one query can be made again without all before it.
sub seed
{
	srand unpack 'N', md5(join ':', @_);
	return;
}

sub chance
{
	my ($probability) = @_;
	return rand() < $probability;
}

sub pick
{
	return $_[ int rand @_ ];
}

# An integer, both ends possible.
sub between
{
	my ($low, $high) = @_;
	return $low + int rand($high - $low + 1);
}

sub shuffled
{
	my @list = @_;

	for (my $i = @list; --$i > 0;)
	{
		my $j = int rand($i + 1);
		@list[ $i, $j ] = @list[ $j, $i ];
	}
	return @list;
}

# n different ones of a list, or all.
sub some
{
	my ($n, @list) = @_;

	@list = shuffled(@list);
	return @list if $n >= @list;
	return @list[ 0 .. $n - 1 ];
}

1;
