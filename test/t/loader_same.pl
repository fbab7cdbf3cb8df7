# sqlite2pg and sqlite_import() make the same of a file: catalogs and contents.

use strict;
use warnings;

use Lite;
use LiteLoader;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = lite_node();
my ($status, $out, $err);

sub sql
{
	return $node->safe_psql('postgres', $_[0]);
}

# Everything the catalogs say of a schema, with its name left out.
sub catalog
{
	my ($schema) = @_;
	my $text = sql(qq{
		SELECT 'column', c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
			a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)
		FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
		LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
		WHERE c.relnamespace = '$schema'::regnamespace AND c.relkind IN ('r', 'v', 'm', 'p') AND a.attnum > 0
		ORDER BY 2, 3;
		SELECT 'index', indexname, indexdef FROM pg_indexes WHERE schemaname = '$schema' ORDER BY 2;
		SELECT 'constraint', conrelid::regclass, conname, contype, convalidated, pg_get_constraintdef(oid)
		FROM pg_constraint WHERE connamespace = '$schema'::regnamespace ORDER BY conrelid::regclass::text, 3;
		SELECT 'comment', c.relname, d.objsubid, d.description
		FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
		WHERE c.relnamespace = '$schema'::regnamespace ORDER BY 2, 3;
		SELECT 'sequence', sequencename, last_value, start_value FROM pg_sequences
		WHERE schemaname = '$schema' ORDER BY 2;
		SELECT 'view', viewname, definition FROM pg_views WHERE schemaname = '$schema' ORDER BY 2});
	$text =~ s/\b$schema\b/S/g;
	return $text;
}

my %file = map { $_ => fixture("$_.db") } ('demo', 'readme');
$file{odd} = new_file(q{
	CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(5) UNIQUE COLLATE NOCASE,
		"Flag" BOOLEAN DEFAULT 1, price DECIMAL(8,2) CHECK (price >= 0), at DATETIME DEFAULT CURRENT_TIMESTAMP,
		twice GENERATED ALWAYS AS (price * 2) VIRTUAL);
	INSERT INTO p (name, "Flag", price, at) VALUES ('a', 1, 1.50, '2024-01-02 03:04:05'),
		('too long for it', 0, 2, '2024-01-02T03:04:05Z');
	CREATE TABLE c (a INTEGER, b TEXT, p INTEGER REFERENCES p ON DELETE CASCADE, data JSON, id UUID, PRIMARY KEY (a, b));
	INSERT INTO c VALUES (1, 'x', 1, '{"a": [1, 2.50]}', '123e4567-e89b-12d3-a456-426614174000'), (2, NULL, 99, 'null', NULL);
	CREATE INDEX c_data ON c (b DESC, p) WHERE p IS NOT NULL;
	CREATE UNIQUE INDEX c_expr ON c (lower(b));
	CREATE VIEW v AS SELECT name, price FROM p WHERE price > 1;
	CREATE TABLE mixed (x, y INT, z BLOB);
	INSERT INTO mixed VALUES (1, 'one', 'text'), ('a', 2, 'b'), (NULL, 3.5, 7);
});

foreach my $name (sort keys %file)
{
	my ($mine, $theirs) = ("${name}_loader", "${name}_import");

	sql("SELECT * FROM sqlite_import('$file{$name}', '$theirs')");
	($status, $out, $err) = load($node, $file{$name}, '--schema', $mine, '--jobs', 2);
	is($status, 0, "$name: loads") or diag($err);
	is(catalog($mine), catalog($theirs), "$name: the same catalogs");

	# The same as a script.
	my $script = Lite::scratch_dir() . '/load.sql';
	IPC::Run::run([ 'sqlite2pg', '--sql', '--quiet', '--schema', "${name}_script", $file{$name} ],
		'>', $script, '2>', \$err);
	is($? >> 8, 0, "$name: --sql") or diag($err);
	IPC::Run::run([ 'psql', '-Xq', '-d', $node->connstr('postgres'), '-f', $script ],
		'>', \$out, '2>', \$err);
	is($? >> 8, 0, "$name: psql runs it") or diag($err);
	is(catalog("${name}_script"), catalog($theirs), "$name: the same catalogs");
	($status, $out, $err) = load($node, $file{$name}, '--schema', "${name}_script", '--verify');
	is($status, 0, "$name: the same rows") or diag($err);

	foreach my $table (split /\n/, sql("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = '$theirs'"))
	{
		is( sql("SELECT count(*) FROM ((TABLE $mine.$table EXCEPT ALL TABLE $theirs.$table)
			UNION ALL (TABLE $theirs.$table EXCEPT ALL TABLE $mine.$table)) x"),
			0, "$name.$table: the same rows")
		  unless sql("SELECT count(*) FROM pg_attribute WHERE attrelid = '$theirs.$table'::regclass AND atttypid = 'json'::regtype");
	}
}

# Times without a zone, through the hours that never were and that were twice.
my $times = new_file(q{CREATE TABLE times (id INTEGER PRIMARY KEY, at DATETIME);
	INSERT INTO times (at) WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 4 * 24 * 4)
		SELECT datetime('2024-03-30', (i * 15) || ' minutes') FROM n
		UNION ALL SELECT datetime('2024-10-26', (i * 15) || ' minutes') FROM n
		UNION ALL SELECT datetime('1900-01-01', (i * 40) || ' days') FROM n
		UNION ALL SELECT datetime('2024-06-01', (i * 400) || ' days') FROM n;
	INSERT INTO times (at) VALUES ('2024-10-27T02:30:00+02:00'), ('2024-10-27 02:30:00Z')});
foreach my $zone ('Europe/Vienna', 'America/New_York', 'Australia/Lord_Howe', '+05:30', 'Asia/Kathmandu')
{
	sql("DROP SCHEMA IF EXISTS zone_mine, zone_theirs CASCADE");
	my $theirs = $zone =~ /^\+/ ? '<+0530>-05:30' : $zone;
	sql("SELECT * FROM sqlite_import('$times', 'zone_theirs', time_zone => '$theirs')");
	($status, $out, $err) = load($node, $times, '--schema', 'zone_mine', '--time-zone', $zone);
	is($status, 0, "$zone: loads") or diag($err);
	is(sql('SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = $$zone_mine.times$$::regclass AND attname = $$at$$'),
		'timestamp with time zone', "$zone: as times");
	is(sql(q{SELECT count(*), min(format('%s: %s not %s', id, a.at, b.at)) FROM zone_mine.times a JOIN zone_theirs.times b USING (id) WHERE a.at <> b.at}),
		'0|', "$zone: the same moments");
}

$node->stop;
done_testing();
