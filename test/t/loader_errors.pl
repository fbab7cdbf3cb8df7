# sqlite2pg fails: with its own exit status, a message, a hint, and nothing
# left behind.

use strict;
use warnings;

use Lite qw(scratch_dir sqlite);
use LiteLoader;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = plain_node();
my ($status, $out, $err);

sub sql
{
	return $node->safe_psql('postgres', $_[0]);
}

sub leftovers
{
	return sql(q{SELECT count(*) FROM pg_namespace WHERE nspname ~ 'sqlite2pg|^app$'});
}

my $file = new_file(q{
	CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, word TEXT NOT NULL);
	INSERT INTO t VALUES (1, 10, 'one'), (2, 'two', 'x'), (3, 30, CAST(x'61ff62' AS TEXT)),
		(4, 5000000000, 'a' || char(0) || 'b'), (5, NULL, '');
	CREATE TABLE fine (id INTEGER PRIMARY KEY);
	INSERT INTO fine VALUES (1), (2);
});

# Usage: 1
foreach my $bad (
	['--no-such-option'], ['--jobs', 'many'], ['--if-exists', 'maybe'],
	['--infer', 'x'], ['--on-error', 'x'], ['--report', 'x.txt'],
	['--schema-only', '--data-only'], ['--sql', '--on-error', 'null'], ['--resume', '--restart'],
	['--tables', 'nowhere'], ['--types', '{"t.n":"no_type"}'],
	['--types', 'not json'], ['--types', '{"t.nowhere":"text"}'],
	['--time-zone', 'Nowhere/Here'])
{
	($status, $out, $err) = load($node, $file, '--schema', 'app', @$bad);
	is($status, 1, "usage: @$bad") or diag($err);
	like($err, qr/^sqlite2pg: /, 'and says why');
}
($status, $out, $err) = load($node, $file, 'one', 'too', 'many');
is($status, 1, 'too many arguments');

# Connection: 2
($status, $out, $err) = load('host=/nowhere/at/all dbname=x', $file);
is($status, 2, 'no server: connection');
like($err, qr/nowhere/, 'says where it looked');
($status, $out, $err) = load($node->connstr('no_database'), $file);
is($status, 2, 'no database');
like($err, qr/does not exist/, 'as the server words it');

# Source: 3
my $dir = scratch_dir();
foreach my $case ([ "$dir/missing.db", undef ], [ $dir, undef ],
	[ "$dir/empty.db", '' ], [ "$dir/text.db", "this is no database\n" x 100 ])
{
	my ($path, $content) = @$case;
	append_to_file($path, $content) if defined $content;
	($status, $out, $err) = load($node, $path, '--schema', 'app');
	is($status, 3, "source: $path") or diag($err);
	like($err, qr/^sqlite2pg: error: \S/, 'one clear message');
}
my $torn = new_file(q{CREATE TABLE t (x TEXT);
	INSERT INTO t WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
	SELECT hex(randomblob(100)) FROM n});
truncate($torn, (-s $torn) / 2 - (-s $torn) / 2 % 4096);
($status, $out, $err) = load($node, $torn, '--schema', 'app');
is($status, 3, 'a file cut in half');
is(leftovers(), 0, 'none of these left anything behind');

# A value that does not fit: 7, and everything needed to find it.
my @types = ('--schema', 'app', '--types', '{"t.n":"integer","t.word":"text"}');
($status, $out, $err) = load($node, $file, @types);
is($status, 7, 'a value that does not fit');
like($err, qr/\Q$file\E/, 'names the file');
like($err, qr/table "t", rowid 2, column "n", text value: two/,
	'the table, the row, the column and the value');
like($err, qr/HINT:.*--types=.*--on-error='reject'/, 'and has a hint in its own words');
is(leftovers(), 0, 'nothing is left behind');

# Rejects: 5, and every row is somewhere.
($status, $out, $err) = load($node, $file, @types, '--on-error', 'reject');
is($status, 5, '--on-error=reject: loaded, but not all') or diag($err);
is(sql('SELECT string_agg(id::text, $$ $$ ORDER BY id) FROM app.t'), '1 5', 'rows that fit');
is( sql(q{SELECT row_key, column_name, storage_class, convert_from(value, 'SQL_ASCII') = 'two', reason
		FROM app.sqlite2pg_rejects WHERE row_key = 'rowid 2'}),
	'rowid 2|n|text|t|' . sql(q{SELECT reason FROM app.sqlite2pg_rejects WHERE row_key = 'rowid 2'}),
	'a reject says what and where');
is(sql(q{SELECT row_data ->> 'n', row_data ->> 'word' FROM app.sqlite2pg_rejects WHERE row_key = 'rowid 2'}),
	'two|x', 'and holds the whole row');
is(sql(q{SELECT value FROM app.sqlite2pg_rejects WHERE row_key = 'rowid 3'}),
	'\x61ff62', 'bytes that are no UTF-8 too');
is(sql(q{SELECT row_data ->> 'n' FROM app.sqlite2pg_rejects WHERE row_key = 'rowid 4'}),
	'5000000000', 'and numbers out of range');
is(sql('SELECT count(*) FROM app.fine'), 2, 'other tables are whole');
sql('DROP SCHEMA app CASCADE');

# NULL in its place, where the column may be NULL; else the row is rejected.
($status, $out, $err) = load($node, $file, @types, '--on-error', 'null');
is($status, 5, '--on-error=null: loaded, but not all') or diag($err);
is(sql('SELECT string_agg(id || coalesce(n::text, $$-$$), $$ $$ ORDER BY id) FROM app.t'),
	'110 2- 5-', 'NULLs have taken the place');
is(sql(q{SELECT string_agg(row_key, ' ' ORDER BY row_key) FROM app.sqlite2pg_rejects WHERE action = 'reject'}),
	'rowid 3 rowid 4', 'where NULL cannot be, the row is kept aside');
is(sql(q{SELECT row_key, column_name, convert_from(value, 'UTF8') FROM app.sqlite2pg_rejects WHERE action = 'null'}),
	'rowid 2|n|two', 'and so is the value where it can');
sql('DROP SCHEMA app CASCADE');

# A sample that lies.
my $late = new_file(q{
	CREATE TABLE late (id INTEGER PRIMARY KEY, n INTEGER, at TEXT);
	INSERT INTO late WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
		SELECT i, i, datetime(i, 'unixepoch') FROM n;
	UPDATE late SET n = 'text at last', at = 'never' WHERE id = 13579;
});
($status, $out, $err) = load($node, $late, '--schema', 'app', '--sample', '20');
is($status, 0, 'a value that surprises the sample') or diag($err);
is( sql(q{SELECT format_type(atttypid, atttypmod) FROM pg_attribute
		WHERE attrelid = 'app.late'::regclass AND attname IN ('n', 'at') ORDER BY attname}),
	"text\ntext", 'types are those that hold every value');
is(sql('SELECT n, at FROM app.late WHERE id = 13579'), 'text at last|never', 'and it is there');
sql('DROP SCHEMA app CASCADE');

# A role that may not create schemas: 4
sql('CREATE ROLE guest LOGIN');
($status, $out, $err) = load($node->connstr('postgres') . ' user=guest', $file, '--schema', 'app',
	'--tables', 'fine');
is($status, 4, 'a role without CREATE');
like($err, qr/permission denied.*HINT:.*CREATE/s, 'and a hint what it needs');
sql('GRANT CREATE ON DATABASE postgres TO guest');
($status, $out, $err) = load($node->connstr('postgres') . ' user=guest', $file, '--schema', 'app',
	'--tables', 'fine');
is($status, 0, 'an ordinary role with it') or diag($err);
sql('DROP SCHEMA app CASCADE');
sql('CREATE SCHEMA app; CREATE TABLE app.fine (id int)');
($status, $out, $err) = load($node->connstr('postgres') . ' user=guest', $file, '--schema', 'app',
	'--tables', 'fine');
is($status, 4, 'a schema of somebody else');
like($err, qr/permission denied for schema.*HINT:/s, 'is known before the load');
sql('GRANT CREATE, USAGE ON SCHEMA app TO guest');
($status, $out, $err) = load($node->connstr('postgres') . ' user=guest', $file, '--schema', 'app',
	'--tables', 'fine', '--if-exists', 'replace');
is($status, 4, 'a table of somebody else');
like($err, qr/only the owner/, 'too');
sql('DROP SCHEMA app CASCADE');

# Fewer connections than asked for.
sql('ALTER ROLE guest CONNECTION LIMIT 3');
($status, $out, $err) = load($node->connstr('postgres') . ' user=guest', $file, '--schema', 'app',
	'--tables', 'fine,t', '--types', '{"t.word":"bytea auto"}', '--jobs', '8');
is($status, 0, 'a connection limit: works with fewer') or diag($err);
sql('DROP SCHEMA IF EXISTS app CASCADE');

# A target that does not keep what it is given: 6
sql(q{
	CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
		$$BEGIN IF NEW.id = 2 THEN NEW.id := 3; END IF; RETURN NEW; END$$;
	CREATE FUNCTION plant() RETURNS event_trigger LANGUAGE plpgsql AS
		$$DECLARE r record; BEGIN
		FOR r IN SELECT * FROM pg_event_trigger_ddl_commands() LOOP
			IF r.object_identity LIKE '%.fine' THEN
				EXECUTE format('CREATE TRIGGER s BEFORE INSERT ON %s FOR EACH ROW
					EXECUTE FUNCTION public.spoil()', r.object_identity);
			END IF;
		END LOOP; END$$;
	CREATE EVENT TRIGGER plant ON ddl_command_end WHEN TAG IN ('CREATE TABLE')
		EXECUTE FUNCTION plant();
});
($status, $out, $err) = load($node, $file, '--schema', 'app', '--tables', 'fine');
is($status, 6, 'a target that changes a value') or diag($err);
like($err, qr/fine.*column id differs/s, 'the table and the column are named');
is(sql(q{SELECT count(*) FROM pg_namespace WHERE nspname = 'app'}), 0, 'nothing is visible');
sql('DROP EVENT TRIGGER plant');
($status, $out, $err) = load($node, $file, '--schema', 'app', '--tables', 'fine', '--restart');
is($status, 0, 'and once it is mended, it loads') or diag($err);
sql('DROP SCHEMA app CASCADE');

# A terminal is not the file's to write to.
my $evil = new_file("CREATE TABLE \"a\e[31mb\" (x INTEGER); INSERT INTO \"a\e[31mb\" VALUES ('\e]0;title\a');");
($status, $out, $err) =
  load($node, $evil, '--schema', 'app', '--types', "{\"a\\u001b[31mb.x\":\"integer\"}", '--verbose');
unlike($out . $err, qr/\e/, 'escape sequences of the file are not printed');

# Help, version, the man page.
foreach my $option ('--help', '--version', '--man-page')
{
	IPC::Run::run([ 'sqlite2pg', $option ], '>', \$out, '2>', \$err);
	is($? >> 8, 0, $option);
	is($err, '', 'says nothing on standard error');
	is($out, slurp_file("$ENV{LITE_SOURCE}/doc/sqlite2pg.1"), 'the manual is what the program says')
	  if $option eq '--man-page';
	cmp_ok(scalar(grep { length > 80 } split /\n/, $out), '==', 0, 'within 80 columns')
	  if $option eq '--help';
}

$node->stop;
done_testing();
