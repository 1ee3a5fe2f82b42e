#!/usr/bin/env python3
"""What the peers cost at compile time; see builds.sh."""

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import crates
import report

PEERS = ["orm", "orm with its commands", "sea-orm", "diesel", "toasty"]
CHECKED = ["orm", "orm without lookups", "plain structs"]
REPEATS = 3


def cargo(place, target, *arguments, **environment):
    """Runs cargo; gives the seconds by the clock, and of the processors."""
    environment = {**os.environ, "CARGO_TARGET_DIR": str(target), **environment}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(["cargo", *arguments, "--quiet"], cwd=place, env=environment, check=True)
    clock, after = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def one_model(place, peer):
    """Clean builds, and the program's size."""
    crate, target = place / "one" / peer.replace(" ", "-"), place / "target-one"
    crates.one(crate, peer)
    cargo(crate, target, "fetch")
    result = {}
    for profile, flags in [("debug", []), ("release", ["--release"])]:
        shutil.rmtree(target, ignore_errors=True)
        result[profile], result[f"{profile} processors"] = cargo(crate, target, "build", *flags)
    program = target / "release/one"
    result["size"] = program.stat().st_size
    subprocess.run(["strip", "-o", target / "stripped", program], check=True)
    result["stripped"] = (target / "stripped").stat().st_size
    shutil.rmtree(target)
    return result


def rebuild(place, peer, count):
    """The build after one model changed."""
    crate, target = place / "many" / peer.replace(" ", "-"), place / "target-many"
    crates.many(crate, peer, count)
    shutil.rmtree(target, ignore_errors=True)
    cargo(crate, target, "build")
    times = []
    for _ in range(REPEATS):
        crates.change(crate, count)
        times.append(cargo(crate, target, "build")[0])
    shutil.rmtree(target)
    return {"incremental": statistics.median(times)}


def check(place, peer, count):
    """A clean check of the models alone, in milliseconds a model: by the clock, and of the processors."""
    crate, target = place / "many" / peer.replace(" ", "-"), place / "target-check"
    crates.many(crate, peer, count)
    cargo(crate, target, "check", "--lib")
    times = []
    for _ in range(REPEATS):
        cargo(crate, target, "clean", "-p", "many")
        times.append(cargo(crate, target, "check", "--lib"))
    shutil.rmtree(target)
    clock, processors = map(min, zip(*times))
    return {"clock": 1000 * clock / count, "processors": 1000 * processors / count}


def main():
    place = Path(sys.argv[1]).resolve()
    chosen = os.environ.get("BENCH_PEERS")
    count = int(os.environ.get("BENCH_MODELS", 200))
    wanted = lambda peer: not chosen or peer.split()[0] in chosen.split() or peer == "plain structs"
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    result = {
        "date": date.today().isoformat(),
        "cpu": report.cpu(),
        "rustc": rustc,
        "models": count,
        "builds": {},
        "check": {},
    }
    for peer in filter(wanted, PEERS):
        print(f"builds.py: {peer}", file=sys.stderr)
        result["builds"][peer] = one_model(place, peer) | rebuild(place, peer, count)
    for peer in filter(wanted, CHECKED):
        print(f"builds.py: checking {peer}", file=sys.stderr)
        result["check"][peer] = check(place, peer, count)
    for rows in report.build_tables(result):
        print(report.terminal(rows), end="\n\n")
    if not chosen and count == 200:
        (report.HERE / "results").mkdir(exist_ok=True)
        (report.HERE / "results/builds.json").write_text(json.dumps(result, indent=2) + "\n")
        report.page()


if __name__ == "__main__":
    main()
