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

export -f suite
exec tests/servers.sh bash -euo pipefail -c 'suite "$@"' - "$@"
