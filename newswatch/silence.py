"""Pure: a site that brings nothing new for longer than it usually does, and a section that lost its links.

when stories came -> find_silence -> Silence | None;    counts of a section's last listings -> judge_links -> LinkState

No page fails when a section page is abandoned, a feed is frozen or a site has moved: only the new stories stay away.
So what is usual is learned from the site itself, on its own weekdays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from math import ceil
from statistics import median
from typing import TypeVar

WINDOW = timedelta(days=90)
"""How long before its last story a site is learned from: a weekly paper is seen thirteen times."""

Wait = TypeVar("Wait", float, timedelta)

LEAST_DAYS = 21
"""Each weekday must have been seen three times before a silence is told from a weekend."""

LEAST_GAPS = 8
"""With fewer waits than this none is usual."""

SHARE = 0.99
"""Of the waits are no longer than the usual one."""

FACTOR = 3
"""Times the usual wait: where stories come at random, one wait in a million is as long."""

EVERY_DAY = 0.9
"""A weekday brings stories for sure if it did so in this share of the weeks."""

LEAST_WAIT, LEAST_WAIT_WITH_DAYS_OFF = 1.0, 3.0
"""Never said before so many days that bring stories: a site that knows days off also has holidays, and a holiday beside
a weekend, or two at Easter and Christmas, are two more of them at most."""

KEPT_COUNTS = 20
"""Listings of a section that are remembered."""

LEAST_LISTINGS = 5
LEAST_LINKS = 5
"""With fewer listings or usual links than this nothing is usual: two links of three may well go."""

LOST = 0.2
"""A listing with this share of its usual links, or fewer, and less than half of the fewest it ever had, lost them."""

ACCEPTED_AFTER = timedelta(days=14)
"""A section that became small is the usual one then; one without any link never is."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A site brings nothing new."""

    since: datetime
    """When its last story was first seen."""
    until: datetime
    """When it was looked at last."""
    usual: timedelta
    """99 of 100 stories came within that time of the one before."""
    days: tuple[int, ...]
    """The weekdays that bring stories for sure, 0 is Monday."""
    gaps: int
    """How many waits that was learned from."""

    def __str__(self) -> str:
        """`no new story since 2026-11-20 17:00 UTC (5 days); usually the next one comes within 16 hours, every day (...)`."""
        names = "every day" if len(self.days) == 7 else "on " + (", ".join(_NAMES[d] for d in self.days) or "no certain day")
        since = self.since.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
        return (
            f"no new story since {since} ({_length(self.until - self.since)}); usually the next one comes within"
            f" {_length(self.usual)}, {names} (learned from {self.gaps} waits)"
        )


_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def find_silence(seen: Sequence[datetime], last: datetime, looked: datetime, zone: tzinfo) -> Silence | None:
    """Whether a site has been silent for too long.

    `seen` are the hours (aware) in which stories were first seen within WINDOW before `last`, in their order: stories
    of one crawl are one. `last` is when the newest was first seen, `looked` when the site was looked at last. None
    where all is as usual, or too little is known.

    Days count as much as their weekday usually brings something in the site's own `zone`: a Sunday on which nothing ever
    comes counts nothing. A silence is longer than FACTOR times the usual wait and than the least wait.
    """
    gaps = [(a, b) for a, b in pairwise(seen) if b > a]
    if len(gaps) < LEAST_GAPS or seen[-1] - seen[0] < timedelta(days=LEAST_DAYS):
        return None
    weights = _weights(seen, zone)
    sure = tuple(d for d in range(7) if weights[d] >= EVERY_DAY)
    usual = _usual([_days(a, b, weights, zone) for a, b in gaps])
    least = LEAST_WAIT if len(sure) == 7 else LEAST_WAIT_WITH_DAYS_OFF
    if _days(last, looked, weights, zone) <= max(FACTOR * usual, least):
        return None
    return Silence(last, looked, _usual([b - a for a, b in gaps]), sure, len(gaps))


def _usual(waits: Sequence[Wait]) -> Wait:
    return sorted(waits)[ceil(SHARE * len(waits)) - 1]


def _weights(seen: Sequence[datetime], zone: tzinfo) -> list[float]:
    """By weekday: in which share of the weeks it brought a story."""
    days = {at.astimezone(zone).date() for at in seen}
    there, brought = [0] * 7, [0] * 7
    first, last = min(days), max(days)
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        there[day.weekday()] += 1
        brought[day.weekday()] += day in days
    return [b / t for b, t in zip(brought, there, strict=True)]


def _days(start: datetime, end: datetime, weights: Sequence[float], zone: tzinfo) -> float:
    """How many days that bring stories lie between two instants."""
    total, day = 0.0, start.astimezone(zone).date()
    while (begin := _midnight(day, zone)) < end:
        following = _midnight(day + timedelta(days=1), zone)
        within = min(end, following) - max(start, begin)
        total += weights[day.weekday()] * max(within / (following - begin), 0.0)
        day += timedelta(days=1)
    return total


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _length(span: timedelta) -> str:
    hours = max(round(span / timedelta(hours=1)), 1)
    if hours < 48:
        return f"{hours} hour{'s' if hours > 1 else ''}"
    return f"{round(hours / 24)} days"


@dataclass(frozen=True, slots=True)
class LinkState:
    """What is remembered of a section's listings."""

    counts: tuple[int, ...] = ()
    """Links of the last KEPT_COUNTS listings that were as usual, the newest last."""
    lost_since: datetime | None = None
    """When it lost its links; None: all is as usual."""


def judge_links(state: LinkState, count: int, at: datetime) -> LinkState:
    """What is remembered after a listing with `count` links, read at `at`. What is lost is not learned from.

    Said for as long as it lasts; where some links are left, for ACCEPTED_AFTER: then it is the usual.
    """
    if not has_lost(state.counts, count):
        return LinkState((*state.counts, count)[-KEPT_COUNTS:])
    since = state.lost_since or at
    if count and at - since > ACCEPTED_AFTER:
        return LinkState((count,))
    return LinkState(state.counts, since)


def has_lost(counts: Sequence[int], count: int) -> bool:
    """Whether a listing with `count` links lost nearly all that those before it had."""
    if len(counts) < LEAST_LISTINGS or median(counts) < LEAST_LINKS:
        return False
    return count <= LOST * median(counts) and count < min(counts) / 2


def lost_sentence(state: LinkState, count: int) -> str:
    """`2 article links since 2026-11-20 17:00 UTC, usually 40`; only for a state that lost them."""
    assert state.lost_since is not None
    since = state.lost_since.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return f"{count or 'no'} article link{'s' if count != 1 else ''} since {since}, usually {round(median(state.counts))}"
