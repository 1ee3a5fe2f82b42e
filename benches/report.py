#!/usr/bin/env python3
"""The numbers of benches/run.sh as tables.

report.py print LINES           shows the numbers of a run
report.py keep LINES RESULT     keeps them as results/DATABASE-MODE.json
report.py page                  writes docs/benchmarks.md and its plots from what is kept
"""

import json
import os
import platform
import statistics
import sys
import tomllib
from datetime import date
from pathlib import Path

import plot

HERE = Path(__file__).resolve().parent
DOCS = HERE.parent / "docs"

WORKLOADS = {
    "get": "one row by key",
    "load": "load 10,000 rows of 3 columns",
    "join": "10,000 rows joined into pairs",
    "tree": "100 users, 1,000 posts, 10,000 comments",
    "insert_each": "1,000 inserts with ids in one transaction",
    "insert_bulk": "one insert of 1,000 rows",
    "insert_bulk_ids": "one insert of 1,000 rows, with their ids",
}
PEERS = ["raw", "rusqlite", "diesel", "sqlx", "sqlx-pool", "sea-orm", "toasty", "orm"]
DATABASES = {"sqlite": "SQLite", "postgres": "PostgreSQL", "mysql": "MariaDB"}
MODES = {"pinned": "Pinned to one core", "unpinned": "Unpinned"}
# What each peer is made of, as its lock file names it.
CRATES = {
    "raw": ["libsqlite3-sys"],
    "rusqlite": ["rusqlite", "libsqlite3-sys"],
    "diesel": ["diesel", "diesel-async", "libsqlite3-sys"],
    "sqlx": ["sqlx", "libsqlite3-sys"],
    "sea-orm": ["sea-orm", "sqlx", "libsqlite3-sys"],
    "toasty": ["toasty", "libsqlite3-sys"],
    "orm": ["orm", "sqlx", "libsqlite3-sys"],
}


def read_lines(path):
    """Medians over the rounds, by workload and peer; peers that disagree end it."""
    times, checksums = {}, {}
    for line in Path(path).read_text().splitlines():
        line = json.loads(line)
        workload, peer = line["workload"], line["peer"]
        times.setdefault(workload, {}).setdefault(peer, []).append(line["median_ns"])
        checksums.setdefault(workload, {}).setdefault(line["checksum"], set()).add(peer)
    wrong = {workload: sums for workload, sums in checksums.items() if len(sums) > 1}
    for workload, sums in wrong.items():
        groups = "; ".join(f"{', '.join(sorted(peers))}: {checksum}" for checksum, peers in sums.items())
        print(f"report.py: the peers disagree about `{workload}`: {groups}", file=sys.stderr)
    if wrong:
        sys.exit(1)
    return {
        workload: {peer: int(statistics.median(times[workload][peer])) for peer in PEERS if peer in times[workload]}
        for workload in WORKLOADS
        if workload in times
    }


def baseline(medians):
    """The peer that ratios are told against."""
    return next((peer for peer in ["rusqlite", "sqlx"] if any(peer in row for row in medians.values())), None)


def time(nanoseconds):
    for unit, size in [("ns", 1), ("µs", 1e3), ("ms", 1e6)]:
        value = nanoseconds / size
        if value < 999.5 or unit == "ms":
            return f"{value:.3g} {unit}" if value < 1000 else f"{value:.0f} {unit}"


def ratio(value):
    return f"{value:.2f}" if value < 10 else f"{value:.0f}"


def tables(medians):
    """Times, and ratios to the baseline."""
    peers = [peer for peer in PEERS if any(peer in row for row in medians.values())]
    base = baseline(medians)

    def table(title, cell):
        rows = [[title, *peers]]
        for workload, row in medians.items():
            rows.append([WORKLOADS[workload], *(cell(row, peer) if peer in row else "–" for peer in peers)])
        return rows

    times = table("median", lambda row, peer: time(row[peer]))
    if base is None:
        return times, None
    return times, table(f"ratio to {base}", lambda row, peer: ratio(row[peer] / row[base]) if base in row else "–")


def markdown(rows):
    head, *body = rows
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in body])


def terminal(rows):
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join(
        "  ".join(cell.ljust(width) if at == 0 else cell.rjust(width) for at, (cell, width) in enumerate(zip(row, widths)))
        for row in rows
    )


def cpu():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        name = platform.processor() or platform.machine()
    return f"{name}, {os.cpu_count()} cores"


def versions(peer):
    lock = tomllib.loads((HERE / peer / "Cargo.lock").read_text())
    found = {package["name"]: package["version"] for package in lock["package"]}
    return {crate: found[crate] for crate in CRATES[peer] if crate in found}


def keep(lines, result):
    medians = read_lines(lines)
    names = {"sqlx" if peer == "sqlx-pool" else peer for row in medians.values() for peer in row}
    kept = {
        "date": date.today().isoformat(),
        "cpu": cpu(),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "server": os.environ.get("BENCH_SERVER") or None,
        "rounds": int(os.environ["BENCH_ROUNDS"]),
        "versions": {peer: versions(peer) for peer in CRATES if peer in names},
        "median_ns": medians,
    }
    Path(result).parent.mkdir(exist_ok=True)
    Path(result).write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n")


def results(database):
    """What is kept of a database, by mode."""
    kept = {}
    for mode in MODES:
        path = HERE / "results" / f"{database}-{mode}.json"
        if path.exists():
            kept[mode] = json.loads(path.read_text())
    return kept


def section(database):
    """The tables of a database."""
    kept = results(database)
    if not kept:
        return "Not measured yet."
    parts = [f"![{DATABASES[database]}](benchmarks-{database}.svg)"]
    for mode, result in kept.items():
        server = f", {result['server']}" if result["server"] else ""
        parts.append(f"### {MODES[mode]}")
        parts.append(f"{result['date']}, {result['rounds']} rounds, {result['cpu']}, {result['system']}{server}.")
        times, ratios = tables(result["median_ns"])
        parts.extend([markdown(times), markdown(ratios)])
    return "\n\n".join(parts)


def version_table():
    found = {}
    for database in DATABASES:
        for result in results(database).values():
            found |= result["versions"]
    rows = [["peer", "crates"]]
    for peer in CRATES:
        if peer in found:
            rows.append([peer, ", ".join(f"{crate} {version}" for crate, version in found[peer].items())])
    return markdown(rows).replace("---:", "---")


def page():
    text = (HERE / "page.md").read_text()
    for database in DATABASES:
        kept = results(database)
        text = text.replace(f"<!-- {database} -->", section(database))
        if kept:
            mode, result = next(iter(kept.items()))
            title = f"{DATABASES[database]}, {MODES[mode].lower()}"
            base = baseline(result["median_ns"])
            svg = plot.bars(title, base, PEERS, WORKLOADS, result["median_ns"], time)
            (DOCS / f"benchmarks-{database}.svg").write_text(svg)
    text = text.replace("<!-- versions -->", version_table())
    text = text.replace("<!-- builds -->", builds())
    (DOCS / "benchmarks.md").write_text(text)


def build_tables(result):
    """What builds.py measured."""
    models = result["models"]
    rebuilt = f"rebuild, 1 of {models} models changed"
    builds = [["", "debug", "of processor time", "release", "of processor time", "size", "stripped", rebuilt]]
    for peer, row in result["builds"].items():
        builds.append(
            [
                peer,
                *(f"{row[kind]:.1f} s" for kind in ("debug", "debug processors", "release", "release processors")),
                *(f"{row[kind] / 1e6:.1f} MB" for kind in ("size", "stripped")),
                f"{row['incremental']:.2f} s" if "incremental" in row else "–",
            ]
        )
    check = [[f"`cargo check`, {models} models", "ms a model", "of processor time"]]
    for peer, row in result["check"].items():
        check.append([peer, f"{row['clock']:.1f}", f"{row['processors']:.1f}"])
    return builds, check


def builds():
    path = HERE / "results/builds.json"
    if not path.exists():
        return "Not measured yet."
    result = json.loads(path.read_text())
    about = f"{result['date']}, {result['cpu']}, {result['rustc']}."
    return "\n\n".join([about, *map(markdown, build_tables(result))])


def main():
    match sys.argv[1:]:
        case ["print", lines]:
            for rows in tables(read_lines(lines)):
                if rows:
                    print(terminal(rows), end="\n\n")
        case ["keep", lines, result]:
            keep(lines, result)
        case ["page"]:
            page()
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
