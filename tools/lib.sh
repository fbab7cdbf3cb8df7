# shellcheck shell=sh
# What the scripts here share; sourced, never run.
#
# Two facts shape all of it.  PostgreSQL refuses to run as root, so for root
# everything that touches a server runs as another user.  And that user may
# not be able to read the checkout (/root is 0700), so whatever it needs is
# copied to a scratch directory of its own first.

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
PG_CONFIG=${PG_CONFIG:-pg_config}

say()
{
	printf '%s\n' "$*"
}

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 1
}

have()
{
	command -v "$1" >/dev/null 2>&1
}

is_root()
{
	[ "$(id -u)" -eq 0 ]
}

# The user that servers run as: the caller, or for root the one that the
# server's packages made, else nobody.
server_user()
{
	if ! is_root; then
		id -un
	elif id postgres >/dev/null 2>&1; then
		echo postgres
	else
		echo nobody
	fi
}

# Run a command as the server's user, in a directory that this user can
# enter, without the caller's PG* settings and psqlrc.  Both programs are in
# util-linux, which every Debian has.
as_server()
(
	cd "$as_server_dir" || exit 1
	unset PGDATABASE PGUSER PGSERVICE PGPASSWORD PGOPTIONS PGDATA PGHOSTADDR
	unset PGTZ PGDATESTYLE PGCLIENTENCODING PGAPPNAME PGCONNECT_TIMEOUT
	HOME=$as_server_dir
	PSQLRC=/dev/null
	export HOME PSQLRC
	if ! is_root; then
		exec "$@"
	elif have setpriv; then
		user=$(server_user)
		exec setpriv --reuid="$user" --regid="$(id -gn "$user")" \
			--init-groups -- "$@"
	elif have runuser; then
		exec runuser -u "$(server_user)" -- "$@"
	else
		die "needs setpriv or runuser (util-linux) to run PostgreSQL for root"
	fi
)
as_server_dir=/

# Give a directory to the server's user.
give_to_server()
{
	if is_root; then
		chown -R "$(server_user):" "$1"
	fi
}

# Can the server's user read this path?
server_can_read()
{
	as_server test -r "$1"
}

# A new scratch directory.  A socket's path must stay below 108 bytes
# (sun_path), so a long TMPDIR is not followed.
make_scratch()
{
	base=${TMPDIR:-/tmp}
	if [ ${#base} -gt 60 ] || [ ! -w "$base" ]; then
		base=/tmp
	fi
	scratch=$(mktemp -d "$base/sqlite_fdw_lite.XXXXXX") ||
		die "cannot make a directory in $base"
	chmod 755 "$scratch"
	printf '%s\n' "$scratch"
}

# PostgreSQL's major version.
pg_major()
{
	"$PG_CONFIG" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/'
}

# make, quietly and in parallel, whatever make called us; without the calling
# make's job server, whose file descriptors we do not pass on.
run_make()
(
	unset MAKEFLAGS MFLAGS MAKELEVEL
	exec "${MAKE:-make}" -C "$root" -s -j"$(getconf _NPROCESSORS_ONLN)" \
		PG_CONFIG="$PG_CONFIG" "$@"
)
