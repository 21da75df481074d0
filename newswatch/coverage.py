"""Pure: how much of a site's stories is filled, and which field fell out of late.

Story or stored row -> Reading;  readings, newest first -> find_drops -> [Drop]

A layout that changes takes a field away from one day to the next: no page fails, and nothing is said. So the last
RECENT stories are held against the PAST before them, field by field.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import comb

from newswatch.story import Story

FIELDS = ("title", "lead", "authors", "published", "modified", "section", "keywords", "caption", "text")
"""`text` is a text of the usual length: one of less than a quarter of the median of the past counts as missing."""

RECENT = 20
PAST = 200
LEAST_PAST = 60
"""With fewer stories than this behind the recent ones a site has no past to be held against."""

COMMON = 0.6
"""A field that fewer of the past stories had never alarms: that it is missing says nothing."""

LEAST_FALL = 0.5
"""The share that is filled must have fallen to this part of what it was, or below."""

ALARM = 1e-8
"""Fisher's exact test, one-sided: how unlikely so many gaps must be if nothing has changed. Stories come in runs (a
night of agency stories has no authors), so this is far below what independent ones would need. Measured with nothing
changed (tests/test_coverage.py repeats a part of it): no alarm in 10,000 looks with independent gaps, at most one in 1,000 looks a field
where gaps come in blocks of up to four stories. A field that fell out for good is said for some 70 stories: then its
absence is the usual."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one story gave: the fields that are filled, and how long its text is."""

    url: str
    seen_at: datetime
    filled: frozenset[str]
    """Of FIELDS; `text` only where there is one, whatever its length."""
    words: int


@dataclass(frozen=True, slots=True)
class Drop:
    """A field that fell out."""

    field: str
    missing: int
    of: int
    missing_before: int
    of_before: int
    since: datetime
    """When the oldest of the recent stories without it was read."""
    url: str
    """The newest story without it."""

    def __str__(self) -> str:
        """`lead missing in 18 of 20 stories since 2026-11-22 14:00 UTC (before: 3 of 200)`."""
        what = "text missing or short" if self.field == "text" else f"{self.field} missing"
        since = self.since.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
        return f"{what} in {self.missing} of {self.of} stories since {since} (before: {self.missing_before} of {self.of_before})"


def reading_of(story: Story) -> Reading:
    """What a story that was just read gives."""
    stated = {
        "title": story.title,
        "lead": story.lead,
        "authors": story.authors,
        "published": story.published,
        "modified": story.modified,
        "section": story.section,
        "keywords": story.keywords,
        "caption": story.caption,
        "text": story.body,
    }
    return Reading(story.url, story.seen_at, frozenset(k for k, v in stated.items() if v), len(story.text().split()))


def find_drops(readings: Sequence[Reading]) -> list[Drop]:
    """The fields that fell out, of a site's readings, the newest first. [] where there is too little to tell."""
    recent, past = readings[:RECENT], readings[RECENT : RECENT + PAST]
    if len(recent) < RECENT or len(past) < LEAST_PAST:
        return []
    short = sorted(r.words for r in past)[len(past) // 2] / 4
    drops = []
    for field in FIELDS:
        gaps = [r for r in recent if _is_missing(r, field, short)]
        before = sum(_is_missing(r, field, short) for r in past)
        if fell_out(len(gaps), len(recent), before, len(past)):
            drops.append(Drop(field, len(gaps), len(recent), before, len(past), min(r.seen_at for r in gaps), gaps[0].url))
    return drops


def fell_out(missing: int, of: int, missing_before: int, of_before: int) -> bool:
    """Whether so many gaps are a change: common before, at most half as common now, and hardly by chance."""
    had, has = 1 - missing_before / of_before, 1 - missing / of
    return had >= COMMON and has <= had * LEAST_FALL and chance(missing, of, missing_before, of_before) < ALARM


def chance(missing: int, of: int, missing_before: int, of_before: int) -> float:
    """Fisher's exact test: how likely `missing` gaps or more among the `of` recent are, if gaps fall anywhere alike."""
    gaps, total = missing + missing_before, of + of_before
    ways = sum(comb(of, k) * comb(of_before, gaps - k) for k in range(missing, min(of, gaps) + 1))
    return ways / comb(total, gaps)


def _is_missing(reading: Reading, field: str, short: float) -> bool:
    return field not in reading.filled or (field == "text" and reading.words < short)
