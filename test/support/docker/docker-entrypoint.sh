#!/usr/bin/env bash
# Starts PostgreSQL as Docker's official image would: the parts of its contract that a user of the image can see.
set -euo pipefail

say() { echo "entrypoint: $*"; }

fail() {
  say "$@" >&2
  exit 1
}

# Exports a variable from its own value, from the file that <name>_FILE names, or from a default.
resolve() {
  local name=$1 file=${1}_FILE value=${2:-}
  [[ -z ${!name:-} || -z ${!file:-} ]] || fail "$name and $file are both set: set one of them"
  [[ -z ${!name:-} ]] || value=${!name}
  [[ -z ${!file:-} ]] || value=$(<"${!file}")
  export "$name=$value"
  unset "$file"
}

# Whether the arguments make postgres print something and end, without any data.
only_informs() {
  local argument
  for argument; do
    case $argument in
      -\? | --help | -V | --version | --describe-config) return 0 ;;
    esac
  done
  return 1
}

sql() {
  PGHOST='' PGHOSTADDR='' psql --no-psqlrc --no-password --quiet \
    --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" "$@"
}

run_scripts() {
  local file
  for file in /docker-entrypoint-initdb.d/*; do
    say "$file"
    case $file in
      *.sql) sql --dbname "$POSTGRES_DB" --file "$file" ;;
      # One that is not executable becomes part of this script, its variables included.
      *.sh) if [[ -x $file ]]; then "$file"; else source "$file"; fi ;;
      *) say "neither .sql nor .sh: ignored" ;;
    esac
  done
}

# Fills an empty data directory; takes the arguments that the server will get.
initialise() {
  local method=${POSTGRES_HOST_AUTH_METHOD:-} arguments
  [[ -n $POSTGRES_PASSWORD || $method == trust ]] ||
    fail "no superuser password: set POSTGRES_PASSWORD or POSTGRES_PASSWORD_FILE"
  # The variable is shell text, so that an argument can be quoted in it.
  eval "arguments=($POSTGRES_INITDB_ARGS)"
  initdb --username "$POSTGRES_USER" --pwfile <(echo "$POSTGRES_PASSWORD") "${arguments[@]}"
  method=${method:-$(postgres -C password_encryption "$@")}
  printf '\nhost all all all %s\n' "$method" >>"$PGDATA/pg_hba.conf"

  # For the scripts only: nobody reaches the server over the network before it is complete.
  pg_ctl start --wait --options "$(printf '%q ' "$@" -c listen_addresses= -p 5432)"
  export PGPASSWORD=${PGPASSWORD:-$POSTGRES_PASSWORD}
  [[ $POSTGRES_DB == postgres ]] ||
    sql --dbname postgres --set "name=$POSTGRES_DB" <<<'create database :"name";'
  run_scripts
  unset PGPASSWORD
  pg_ctl stop --wait --mode fast
}

[[ ${1:-} != -* ]] || set -- postgres "$@"
if [[ $1 != postgres ]] || only_informs "$@"; then exec "$@"; fi

# Before the account is given up: a file may be readable to root alone.
resolve POSTGRES_PASSWORD
resolve POSTGRES_USER postgres
resolve POSTGRES_DB "$POSTGRES_USER"
resolve POSTGRES_INITDB_ARGS

mkdir --parents "$PGDATA"
if ((EUID == 0)); then
  chown --recursive postgres "$PGDATA"
  chmod 700 "$PGDATA"
  export HOME=/var/lib/postgresql
  exec setpriv --reuid postgres --regid postgres --init-groups "${BASH_SOURCE[0]}" "$@"
fi

# It may belong to another account, and PostgreSQL will say so.
chmod 700 "$PGDATA" || true
shopt -s nullglob
if [[ -s $PGDATA/PG_VERSION ]]; then
  say "$PGDATA holds a database: nothing to initialise"
else
  initialise "${@:2}"
  say "the database is initialised"
fi
exec "$@"
