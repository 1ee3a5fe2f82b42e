#!/usr/bin/env bash
# Measures the peers side by side and writes docs/benchmarks.md:
#
#     benches/run.sh [sqlite|postgres|mysql] [--pin]
#
# Without a database: all three. PostgreSQL and MySQL are found in BENCH_POSTGRES_URL and
# BENCH_MYSQL_URL, else in ORM_TEST_POSTGRES_URL and ORM_TEST_MYSQL_URL, else `tests/servers.sh` starts
# them. There the peers use a database `orm_bench`, which this makes.
#
# `--pin` keeps the peers on one core, and the servers on the same: else what counts most is how fast
# an idle core wakes. So it starts servers of its own, unless BENCH_…_URL name some; pin those yourself.
#
# BENCH_PEERS="orm rusqlite"    only these peers      } then the numbers are only shown,
# BENCH_WORKLOADS="get load"    only these workloads  } and nothing is written
# BENCH_ROUNDS=7                rounds, in each of which every peer has a turn
# BENCH_MS=400                  time for each workload in a turn
# CARGO_TARGET_DIR              where the peers are built, each in a folder of its name
set -euo pipefail
cd "$(dirname "$0")"

say() { printf 'run.sh: %s\n' "$*" >&2; }

databases=() mode=unpinned
for argument; do
  case $argument in
    sqlite | postgres | mysql) databases+=("$argument") ;;
    --pin) mode=pinned ;;
    *) say "unknown argument: $argument" && exit 2 ;;
  esac
done
((${#databases[@]})) || databases=(sqlite postgres mysql)

declare -A peers=(
  [sqlite]="raw rusqlite diesel sqlx sea-orm toasty orm"
  [postgres]="sqlx diesel sea-orm toasty orm"
  [mysql]="sqlx diesel sea-orm toasty orm"
)
target=${CARGO_TARGET_DIR:-$PWD/target}
export BENCH_ROUNDS=${BENCH_ROUNDS:-7}
part=${BENCH_PEERS-}${BENCH_WORKLOADS-}

# --- The peers ------------------------------------------------------------------------------------

# wanted DATABASE: its peers, or those of them that the user named.
wanted() {
  local peer
  for peer in ${peers[$1]}; do
    [[ -n ${BENCH_PEERS-} && " $BENCH_PEERS " != *" $peer "* ]] || echo "$peer"
  done
}

# As its documentation advises: docs/performance.md, "SQLite".
unmanaged=LIBSQLITE3_FLAGS=-USQLITE_ENABLE_MEMORY_MANAGEMENT
declare -A flags=([orm]=$unmanaged [raw]=$unmanaged)

# The program of sqlx makes the tables for all.
for peer in $({ echo sqlx; for database in "${databases[@]}"; do wanted "$database"; done; } | sort -u); do
  say "building $peer"
  env ${flags[$peer]-} CARGO_TARGET_DIR="$target/$peer" \
    cargo build --release --quiet --manifest-path "$peer/Cargo.toml"
done

# program PEER
program() { echo "$target/$1/release/bench-$1"; }

# --- The servers ----------------------------------------------------------------------------------

launch=()
if [[ $mode == pinned ]]; then
  launch=(taskset -c "$(($(nproc --all) - 1))")
  export BENCH_PINNED=1
  [[ ${BENCH_SERVERS-} == ours ]] || unset ORM_TEST_POSTGRES_URL ORM_TEST_MYSQL_URL
fi

url_of() {
  local named=BENCH_${1^^}_URL found=ORM_TEST_${1^^}_URL
  echo "${!named:-${!found-}}"
}

for database in "${databases[@]}"; do
  if [[ $database != sqlite && -z $(url_of "$database") ]]; then
    BENCH_SERVERS=ours exec "${launch[@]}" ../tests/servers.sh "$PWD/run.sh" "$@"
  fi
done

# --- The run --------------------------------------------------------------------------------------

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for database in "${databases[@]}"; do
  if [[ $database == sqlite ]]; then
    url=$scratch/bench.db
  else
    url=$("$(program sqlx)" create "$database" "$(url_of "$database")")
  fi
  "$(program sqlx)" seed "$database" "$url"
  BENCH_SERVER=$("$(program sqlx)" version "$database" "$url")
  export BENCH_SERVER
  lines=$scratch/$database.jsonl
  for ((round = 1; round <= BENCH_ROUNDS; round++)); do
    say "$database, $mode, round $round of $BENCH_ROUNDS"
    for peer in $(wanted "$database"); do
      "$(program sqlx)" reset "$database" "$url"
      "${launch[@]}" "$(program "$peer")" "$database" "$url" >>"$lines"
    done
  done
  python3 report.py print "$lines"
  [[ $part ]] || python3 report.py keep "$lines" "results/$database-$mode.json"
done
[[ $part ]] || python3 report.py page
