"""Bars on a logarithmic scale, as SVG."""

import math
from html import escape

COLORS = {
    "raw": "#9aa0a6",
    "rusqlite": "#5f6b7a",
    "diesel": "#c0792a",
    "sqlx": "#4a7fb5",
    "sqlx-pool": "#9dbbd8",
    "sea-orm": "#5b9a8b",
    "toasty": "#b0637a",
    "orm": "#7a3fb0",
}
BAR, GAP, GROUP, LEFT, WIDTH, RIGHT = 13, 2, 34, 78, 560, 130


def bars(title, base, peers, workloads, medians, time):
    """A group of bars for each workload, a bar for each peer: its ratio to the base, labelled with its time."""
    ratios = {
        workload: {peer: row[peer] / row[base] for peer in peers if peer in row}
        for workload, row in medians.items()
        if base in row
    }
    values = [ratio for row in ratios.values() for ratio in row.values()]
    low = min(0.5, 0.9 * min(values))
    high = 1.1 * max(values)

    def x(ratio):
        return LEFT + WIDTH * math.log(ratio / low) / math.log(high / low)

    parts, y = [], 46
    for workload, row in ratios.items():
        parts.append(text(8, y + 12, workloads[workload], weight="bold"))
        y += 20
        for peer, ratio in row.items():
            label = f"{time(medians[workload][peer])}  ({ratio:.2g} ×)" if ratio < 100 else (
                f"{time(medians[workload][peer])}  ({ratio:.0f} ×)"
            )
            weight = "bold" if peer == "orm" else "normal"
            parts.append(text(LEFT - 6, y + BAR - 3, peer, anchor="end", weight=weight))
            width = max(x(ratio) - LEFT, 1)
            parts.append(f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR}" fill="{COLORS[peer]}"/>')
            parts.append(text(LEFT + width + 5, y + BAR - 3, label, weight=weight))
            y += BAR + GAP
        y += GROUP - 20
    grid = []
    for ratio in (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500):
        if low <= ratio <= high:
            at = x(ratio)
            color = "#666" if ratio == 1 else "#ddd"
            grid.append(f'<line x1="{at:.1f}" y1="42" x2="{at:.1f}" y2="{y}" stroke="{color}"/>')
            grid.append(text(at, 38, f"{ratio:g} ×", anchor="middle", color="#666"))
    head = text(8, 18, f"{title}: median time, as a multiple of {base} (logarithmic, shorter is faster)", weight="bold")
    width, height = LEFT + WIDTH + RIGHT, y + 4
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            ' font-family="sans-serif" font-size="11">',
            f'<rect width="{width}" height="{height}" fill="white"/>',
            head,
            *grid,
            *parts,
            "</svg>\n",
        ]
    )


def text(x, y, words, anchor="start", weight="normal", color="#222"):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" fill="{color}">'
        f"{escape(words)}</text>"
    )
