#!/usr/bin/env bash
# Runs every test on SQLite, PostgreSQL and MariaDB; `tests/servers.sh` finds or starts the servers.
# Arguments choose among the tests, as in `tests/run.sh seeds`.
set -euo pipefail
cd "$(dirname "$0")/.."

suite() {
  if cargo nextest --version >/dev/null 2>&1; then
    cargo nextest run --workspace --all-features --no-fail-fast "$@"
    # nextest leaves out the examples in the documentation.
    (($#)) || cargo test --workspace --all-features --no-fail-fast --doc
  else
    cargo test --workspace --all-features --no-fail-fast "$@"
  fi
}

# With SQLite, time zones are those of this system.
if [[ ! -e ${TZDIR:-/usr/share/zoneinfo}/Europe/Berlin ]]; then
  if ((EUID == 0)) && type -P apt-get >/dev/null; then
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y tzdata; } </dev/null >&2
  else
    echo 'run.sh: time zones are missing: install the package tzdata, or set TZDIR' >&2 && exit 1
  fi
fi

export -f suite
exec tests/servers.sh bash -euo pipefail -c 'suite "$@"' - "$@"
