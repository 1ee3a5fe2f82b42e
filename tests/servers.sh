#!/usr/bin/env bash
# Runs a command with PostgreSQL and MariaDB (or MySQL) at hand:
#
#     tests/servers.sh COMMAND ARGS…    starts both, runs COMMAND, stops both, returns its status
#     tests/servers.sh                  starts both, prints `export` lines, stops both on Ctrl-C
#
# COMMAND finds the servers in ORM_TEST_POSTGRES_URL and ORM_TEST_MYSQL_URL. One that is set already
# is left as it is. For the others a throwaway server starts on a free loopback port, from the newest
# binaries installed; where there are none, root gets Debian's packages.
set -euo pipefail

declare -A name=([postgres]=PostgreSQL [mysql]=MariaDB/MySQL)
declare -A package=([postgres]=postgresql [mysql]=mariadb-server)
declare -A program=() port=() pid=() # of the servers that are ours
directory='' command=''

say() { printf 'servers.sh: %s\n' "$*" >&2; }
fail() { say "$@" && exit 1; }

# --- How each server is found and started ---------------------------------------------------------

# Debian keeps PostgreSQL's programs out of PATH, in a folder for each version.
find_postgres() {
  local newest
  newest=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)
  [[ -x $newest ]] || newest=$(type -P postgres) || return
  readlink -f "$newest"
}

# The PATH of a plain user may lack sbin.
find_mysql() {
  local PATH=$PATH:/usr/local/sbin:/usr/sbin
  type -P mariadbd || type -P mysqld
}

url_postgres() { echo "postgres://postgres@127.0.0.1:$1/postgres"; }
url_mysql() { echo "mysql://root@127.0.0.1:$1/mysql"; }

# start_… PROGRAM PORT: called in an empty folder, becomes the server. The data need not outlive a
# crash, so nothing waits for the disk.
start_postgres() {
  "${1%/*}/initdb" -D data -U postgres --auth=trust --locale=C.UTF-8 --encoding=UTF8 --no-sync
  exec "$1" -D data -p "$2" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
    -c max_connections=500 -c shared_buffers=64MB -c autovacuum=off \
    -c wal_level=minimal -c max_wal_senders=0 -c max_wal_size=256MB \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off
}

start_mysql() {
  export TMPDIR=$PWD
  local data=(--no-defaults "--datadir=$PWD/data" --loose-innodb-log-file-size=16M)
  if [[ $("$1" --version) == *MariaDB* ]]; then
    "$(type -P mariadb-install-db || type -P mysql_install_db)" "${data[@]}" \
      --auth-root-authentication-method=normal --skip-test-db
  else
    "$1" "${data[@]}" --initialize-insecure
  fi
  exec "$1" "${data[@]}" --bind-address=127.0.0.1 --port="$2" --loose-mysqlx=OFF \
    --socket="$PWD/socket" --pid-file="$PWD/pid" --secure-file-priv="$PWD" \
    --character-set-server=utf8mb4 --collation-server=utf8mb4_bin \
    --max-connections=500 --innodb-buffer-pool-size=64M --performance-schema=OFF \
    --skip-log-bin --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 \
    --loose-innodb-flush-method=nosync
}

# stop_… PROCESS: it may still be at the preparations. PostgreSQL is left to tidy up its shared
# memory: TERM keeps `start_postgres` from going on after initdb, QUIT ends the server at once.
stop_postgres() { kill -s TERM "$1" && kill -s QUIT "$1"; }
stop_mysql() { kill -s KILL "$1" "-$1"; }

# --- Steps ----------------------------------------------------------------------------------------

# listens HOST PORT
listens() { timeout 5 bash -c ': <>"/dev/tcp/$0/$1"' "$1" "$2" 2>/dev/null; }

# free_port FROM: below those that the system hands out for outgoing connections.
free_port() {
  local port
  while port=$(($1 + RANDOM % 6000)) && listens 127.0.0.1 "$port"; do :; done
  echo "$port"
}

# check_given KIND URL: a server that we were told about must be there.
check_given() {
  # Only the plain form is judged: a URL with parameters may name a socket.
  [[ $2 =~ ^[a-z]+://([^/@]*@)?([^][/:?@]+)(:([0-9]+))?(/[^?]*)?$ ]] || return 0
  local host=${BASH_REMATCH[2]} port=${BASH_REMATCH[4]}
  [[ $port ]] || { [[ $1 == postgres ]] && port=5432 || port=3306; }
  listens "$host" "$port" || fail "ORM_TEST_${1^^}_URL is set, but nothing listens at $host:$port."
}

# find_or_install KIND…: fills `program`.
find_or_install() {
  local kind wanted=()
  for kind; do program[$kind]=$(find_"$kind") || wanted+=("${package[$kind]}"); done
  ((${#wanted[@]})) || return 0

  if ((EUID == 0)) && type -P apt-get >/dev/null; then
    say "installing ${wanted[*]}"
    # Whether the packages' own services start is all the same: only the binaries count.
    { apt-get -qq update &&
      DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${wanted[@]}"; } \
      </dev/null >&2 || say "apt-get failed"
  fi
  for kind; do
    program[$kind]=$(find_"$kind") || fail "${name[$kind]} is missing. Install it (as root:" \
      "apt-get install ${package[$kind]}; this script does so itself when root runs it), or start" \
      "one where you like and set ORM_TEST_${kind^^}_URL=${kind}://USER:PASSWORD@HOST:PORT/DATABASE," \
      "with a user that may create databases."
  done
}

# launch KIND: starts the server in the background, in a session of its own so that Ctrl-C does not
# reach it, as a system user when we are root (servers refuse root), never outliving this script.
launch() {
  local user=$1 drop=() place=$directory/$1
  mkdir "$place"
  if ((EUID == 0)); then
    id -u "$user" >/dev/null 2>&1 || user=nobody
    drop=("--reuid=$user" "--regid=$(id -g "$user")" --init-groups)
    chown "$user" "$place"
  fi
  setpriv "${drop[@]}" --pdeathsig=KILL setsid \
    bash -euo pipefail -c 'cd "$1"; "$2" "$3" "$4"' \
    - "$place" "start_$1" "${program[$1]}" "${port[$1]}" \
    </dev/null >"$place.log" 2>&1 &
  pid[$1]=$!
}

# await KIND: until the server itself says that it is ready; another could answer on its port.
await() {
  local deadline=$((SECONDS + 60))
  until grep -qs 'ready \(to accept\|for\) connections' "$directory/$1.log"; do
    kill -0 "${pid[$1]}" 2>/dev/null || exit 1 # `stop` shows why
    ((SECONDS < deadline)) || fail "${name[$1]} was not ready after 60 s."
    sleep 0.05
  done
}

# At exit, whatever the reason and however far we came.
stop() {
  set +e
  trap '' INT TERM HUP
  disown -a # bash need not report how they end
  local kind tries
  for kind in "${!pid[@]}"; do
    if ! kill -0 "${pid[$kind]}" 2>/dev/null; then
      say "${name[$kind]} ended by itself. Its last words:"
      tail -n 20 "$directory/$kind.log" >&2
    fi
    "stop_$kind" "${pid[$kind]}" 2>/dev/null
  done
  for kind in "${!pid[@]}"; do
    for ((tries = 200; tries; tries--)); do
      kill -0 -- "${pid[$kind]}" 2>/dev/null || kill -0 -- "-${pid[$kind]}" 2>/dev/null || break
      sleep 0.05
    done
  done
  rm -rf "$directory"
}

# interrupt SIGNAL STATUS: the command decides what a signal means; without one, we end.
interrupt() {
  [[ $command ]] || exit "$2"
  kill -s "$1" "$command" 2>/dev/null || true
}

# --- The run --------------------------------------------------------------------------------------

ours=()
for kind in postgres mysql; do
  variable=ORM_TEST_${kind^^}_URL
  if [[ ${!variable-} ]]; then check_given "$kind" "${!variable}"; else ours+=("$kind"); fi
done

if ((${#ours[@]})); then
  find_or_install "${ours[@]}"
  trap stop EXIT
  trap 'interrupt INT 130' INT
  trap 'interrupt TERM 143' TERM
  trap 'interrupt HUP 129' HUP

  # In memory, where there is room for the databases of a whole test run.
  room=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1) || room=0
  place=/tmp
  ((room < 2 * 1024 * 1024)) || place=/dev/shm
  directory=$(mktemp -d "$place/orm-servers.XXXXXX")
  chmod 711 "$directory"

  export -f start_postgres start_mysql
  port=([postgres]=$(free_port 20000) [mysql]=$(free_port 26000))
  for kind in "${ours[@]}"; do launch "$kind"; done
  for kind in "${ours[@]}"; do
    await "$kind"
    export "ORM_TEST_${kind^^}_URL=$("url_$kind" "${port[$kind]}")"
  done
fi

if (($# == 0)); then
  printf 'export %s=%q\n' ORM_TEST_POSTGRES_URL "$ORM_TEST_POSTGRES_URL" \
    ORM_TEST_MYSQL_URL "$ORM_TEST_MYSQL_URL"
  ((${#ours[@]})) || exit 0
  say "running until Ctrl-C"
  set -- sleep infinity
fi
((${#ours[@]})) || exec "$@"

# In the background, so that signals reach us at once; in all else as if it ran in our place.
[[ -e /dev/fd/0 ]] || exec </dev/null
env --default-signal=INT,QUIT -- "$@" <&0 &
command=$!
# Not by `wait`: a signal that arrives just as the command ends makes bash lose its status.
while kill -0 "$command" 2>/dev/null; do sleep 0.1 || true; done
trap '' INT TERM HUP
wait "$command"
