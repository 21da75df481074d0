"""Invented newsrooms for `benchmarks.schedule`: when their stories come, and when each is edited.

Rates go with the hour and the weekday; now and then breaking news brings many times as much for some hours. Edits follow a
hazard that falls with the age since the last change, k / (age + half an hour): a heavy tail, for a story that was edited
is edited again, and corrections come days later. Newsrooms that sleep edit little. The shapes are not those that the schedule assumes.
"""

from __future__ import annotations

import math
import random
from bisect import bisect_right
from dataclasses import dataclass, field

HOURS_OF_WEEK = 168
HALF = 0.5
"""Hours: how long a change is fresh."""
WATCHED = 45 * 24.0
MOST_AWAKE = 1.4
TYPES = ("quiet", "touched", "busy", "live")


@dataclass(frozen=True)
class Kind:
    """A kind of newsroom."""

    name: str
    a_day: float
    """Stories on a weekday."""
    begins: float
    ends: float
    """Of its day, UTC."""
    night: float
    """What comes at night, against the day."""
    weekend: float
    """What comes on Saturday and Sunday, against a weekday."""
    bursts: float = 0.7
    """Breaking news a week."""
    shares: tuple[float, float, float, float] = (0.45, 0.4, 0.13, 0.02)
    """Of TYPES."""

    def activity(self, hour: int) -> float:
        """How awake the newsroom is in an hour of the week, without breaking news; 1 in the middle of a weekday."""
        day, at = divmod(hour, 24)
        middle = (self.begins + self.ends) / 2
        span = (self.ends - self.begins) / 2
        away = min(abs(at + 0.5 - middle), 24 - abs(at + 0.5 - middle)) / span
        awake = 1.0 if away < 0.6 else max(0.0, 1 - (away - 0.6) / 0.6)
        morning = 1.35 if self.begins + 1 <= at < self.begins + 4 else 1.0
        return max(self.night, awake * morning) * (self.weekend if day >= 5 else 1.0)


KINDS = (
    Kind("village paper", 3, 7, 18, 0.02, 0.25, bursts=0.2, shares=(0.7, 0.25, 0.05, 0.0)),
    Kind("weekly", 8, 8, 18, 0.03, 0.15, bursts=0.2, shares=(0.6, 0.3, 0.1, 0.0)),
    Kind("regional paper", 40, 6, 21, 0.05, 0.5),
    Kind("broadcaster", 90, 5, 22, 0.12, 0.65, shares=(0.4, 0.4, 0.16, 0.04)),
    Kind("national paper", 180, 5, 23, 0.1, 0.6),
    Kind("agency", 300, 4, 22, 0.3, 0.6, bursts=1.5, shares=(0.35, 0.45, 0.17, 0.03)),
)


@dataclass
class Newsroom:
    """Some weeks of a newsroom. Times are hours since a Monday, 0:00 UTC."""

    kind: Kind
    weeks: int
    chance: random.Random
    heat: list[float] = field(default_factory=list)
    """By hour: what breaking news makes of the usual."""
    rates: list[float] = field(default_factory=list)
    """Stories an hour, in each hour."""
    stories: list[float] = field(default_factory=list)

    @classmethod
    def made(cls, kind: Kind, weeks: int, seed: int) -> Newsroom:
        """The newsroom of a seed."""
        room = cls(kind, weeks, random.Random(f"{kind.name} {seed}"))
        hours = weeks * HOURS_OF_WEEK
        room.heat = [1.0] * hours
        for _ in range(weeks):
            for _ in range(room._count(kind.bursts)):
                start, length = room.chance.randrange(hours), room.chance.choice((2, 3, 5, 8))
                for h in range(start, min(hours, start + length)):
                    room.heat[h] = max(room.heat[h], room.chance.uniform(3, 8) * 0.75 ** (h - start))
        weekday = sum(kind.activity(h) for h in range(24))
        room.rates = [kind.a_day * kind.activity(h % HOURS_OF_WEEK) / weekday * room.heat[h] for h in range(hours)]
        room.stories = sorted(h + room.chance.random() for h in range(hours) for _ in range(room._count(room.rates[h])))
        return room

    def edits(self, came: float, until: float) -> tuple[str, float, list[float]]:
        """(type, hours that a liveblog lasts, times of its edits) of a story that came then."""
        kind = self.chance.choices(TYPES, self.kind.shares)[0]
        at, out = came, list[float]()
        lasts = self.chance.uniform(4, 12)
        changed = came
        end = min(until, came + WATCHED)
        while at < end:
            top = hazard(kind, at - changed, at - came, lasts) * MOST_AWAKE  # it only falls until the next change
            at += self.chance.expovariate(top)
            if at < end and self.chance.random() < hazard(kind, at - changed, at - came, lasts) * self.awake(at) / top:
                out.append(at)
                changed = at
        return kind, lasts, out

    def awake(self, at: float) -> float:
        """How much the newsroom edits at a time."""
        return max(0.05, self.kind.activity(int(at) % HOURS_OF_WEEK))

    def _count(self, mean: float) -> int:
        """A Poisson number."""
        limit, product, count = math.exp(-mean), self.chance.random(), 0
        while product > limit:
            product *= self.chance.random()
            count += 1
        return count


def hazard(kind: str, since: float, age: float, lasts: float) -> float:
    """Edits an hour of a story of a type, so long since its last change, at such an age; `lasts` is of a liveblog."""
    if kind == "live" and age < lasts:
        return 5.0
    strength = {"quiet": 0.012, "touched": 0.13, "busy": 0.3, "live": 0.05}[kind]
    return strength / (since + HALF)


def delays(events: list[float], looks: list[float], end: float) -> list[float]:
    """Hours from each event to the first look that is not before it; to the end where there is none."""
    out = []
    for event in events:
        n = bisect_right(looks, event)
        out.append((looks[n] if n < len(looks) else end) - event)
    return out


def least_delay(events: list[list[float]], requests: int) -> list[float]:
    """The delays of the best looks in hindsight: so many, freely spread over sorted lists of events, each look sees one list.

    A look is best placed at an event. For a price a look the least sum of delay and price is a walk through each list (lines
    and their lower hull); the price is searched for that buys the looks.
    """
    low, high = 0.0, 1e4
    if requests >= sum(map(len, events)):
        return [0.0] * sum(map(len, events))
    for _ in range(50):
        price = (low + high) / 2
        low, high = (price, high) if sum(len(_best_looks(e, price)) for e in events) > requests else (low, price)
    return [d for e in events for d in delays([t - 1e-9 for t in e], _best_looks(e, high), math.inf)]


def _best_looks(times: list[float], price: float) -> list[float]:
    """The looks that cost least in delay and price, every event seen by one."""
    hull: list[tuple[float, float, int]] = [(0.0, 0.0, 0)]
    came_from, total, first = [0], 0.0, 0
    for j, t in enumerate(times, 1):
        total += t
        while len(hull) - first > 1 and hull[first + 1][0] * t + hull[first + 1][1] <= hull[first][0] * t + hull[first][1]:
            first += 1
        slope, height, i = hull[first]
        came_from.append(i)
        line = (-float(j), price + j * t - total + slope * t + height + total, j)
        while len(hull) - first > 1 and _is_above(hull[-2], hull[-1], line):
            hull.pop()
        hull.append(line)
    looks, at = [], len(times)
    while at:
        looks.append(times[at - 1])
        at = came_from[at]
    return looks[::-1]


def _is_above(a: tuple[float, float, int], b: tuple[float, float, int], c: tuple[float, float, int]) -> bool:
    """Whether the middle of three lines of falling slope is nowhere the least."""
    return (c[1] - a[1]) * (a[0] - b[0]) <= (b[1] - a[1]) * (a[0] - c[0])
