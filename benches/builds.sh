#!/usr/bin/env bash
# Measures what the peers cost at compile time, and writes docs/benchmarks.md anew:
#
#     benches/builds.sh
#
# Clean builds of a program with one model, the size of that program, the rebuild after one of 200
# models changed, and a clean `cargo check` of 200 models. That takes long; nothing else should run.
#
# BENCH_PEERS="orm diesel"       only these peers  } then the numbers are only shown,
# BENCH_MODELS=20                so many models    } and nothing is written
# CARGO_TARGET_DIR               where it builds, in a folder `builds`
set -euo pipefail
cd "$(dirname "$0")"
exec python3 builds.py "${CARGO_TARGET_DIR:-$PWD/target}/builds"
