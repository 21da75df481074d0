"""Pure: charts as SVG, made here: no script, no style attribute, no request. Colours come from the style sheet by class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from markupsafe import Markup, escape

COLOURS = 8
"""Classes c0 to c7 of the style sheet; further sites share the last one."""

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 880, 240, 36, 34, 12


def days_until(last: date, count: int) -> list[date]:
    """So many days, the last one last."""
    return [last - timedelta(days=n) for n in range(count - 1, -1, -1)]


def sparkline(days: Sequence[date], counts: Mapping[date, int], label: str) -> Markup:
    """A small bar a day, as high as its share of the highest."""
    highest = max([counts.get(d, 0) for d in days], default=0) or 1
    bars = [
        Markup('<rect x="{}" y="{:.1f}" width="2" height="{:.1f}"/>').format(2 * n, 20 - h, h)
        for n, d in enumerate(days)
        if (h := max(1.0, 20 * counts[d] / highest) if counts.get(d) else 0)
    ]
    box = f"0 0 {2 * len(days)} 20"
    head = Markup('<svg class="spark" viewBox="{}" width="{}" height="20" role="img" aria-label="{}" preserveAspectRatio="none">')
    return head.format(box, 2 * len(days), label) + Markup("").join(bars) + Markup("</svg>")


def stacked(days: Sequence[date], series: Mapping[str, Mapping[date, int]], label: str) -> Markup:
    """Bars a day, one colour a series; each piece says on hover what it stands for."""
    totals = [sum(s.get(d, 0) for s in series.values()) for d in days]
    top = nice(max(totals, default=0))
    step = (WIDTH - LEFT) / max(1, len(days))
    room = HEIGHT - BOTTOM - TOP
    parts = [_grid(top, room), *(_bar(n, d, step, room / top, series) for n, d in enumerate(days)), *_days(days, step)]
    head = Markup('<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(WIDTH, HEIGHT, label)
    return head + Markup("").join(parts) + Markup("</svg>")


def nice(highest: int) -> int:
    """The next number above that can be halved: 2, 4, 10, 20, 40, 100, ..."""
    top = 2
    for factor in (2, 2, 2.5) * 9:
        if top >= highest:
            break
        top = int(top * factor)
    return max(top, 2)


def _grid(top: int, room: int) -> Markup:
    lines = []
    for value in (0, top // 2, top):
        y = TOP + room - room * value / top
        lines.append(Markup('<line class="grid" x1="{0}" x2="{1}" y1="{2:.1f}" y2="{2:.1f}"/>').format(LEFT, WIDTH, y))
        lines.append(Markup('<text x="{}" y="{:.1f}" text-anchor="end">{}</text>').format(LEFT - 6, y + 4, value))
    return Markup("").join(lines)


def _bar(place: int, day: date, step: float, scale: float, series: Mapping[str, Mapping[date, int]]) -> Markup:
    y = float(HEIGHT - BOTTOM)
    parts = []
    for n, (name, counts) in enumerate(series.items()):
        count = counts.get(day, 0)
        if not count:
            continue
        height = count * scale
        y -= height
        parts.append(
            Markup('<rect class="c{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}</title></rect>').format(
                min(n, COLOURS - 1), LEFT + place * step + 0.5, y, max(1.0, step - 1), height, f"{day.isoformat()} {name}: {count}"
            )
        )
    return Markup("").join(parts)


def _days(days: Sequence[date], step: float) -> list[Markup]:
    """Mondays are named; for long times the first Monday of a month."""
    named = [(n, d) for n, d in enumerate(days) if d.weekday() == 0 and (len(days) <= 92 or d.day <= 7)]
    text = Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>')
    return [text.format(LEFT + (n + 0.5) * step, HEIGHT - BOTTOM + 18, escape(f"{d:%d %b}")) for n, d in named]
