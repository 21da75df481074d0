"""Where a story stands in the index: its number there grows with its time, so that the newest hits are the first that FTS5 reads.

slot = minutes since 1970 * 16 + 0..15; where a minute is full, a story takes the next slot that is free.
What a story is filtered by stands in the index as words that no text has.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

PER_MINUTE = 16
A_DAY = 24 * 60 * PER_MINUTE
"""Slots of a day, UTC: a day begins where this divides a slot."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def first_slot(at: datetime) -> int:
    """The first slot of a minute; `at` is aware."""
    return (at - _EPOCH) // timedelta(minutes=1) * PER_MINUTE


def month_of(slot: int) -> str:
    """The month that a slot stands in, as `2026-11`."""
    return f"{_EPOCH + timedelta(minutes=slot // PER_MINUTE):%Y-%m}"


def month_slots(month: str) -> tuple[int, int] | None:
    """The first and last slot of a month; None for what is no month."""
    try:
        begin = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
        end = begin.replace(year=begin.year + begin.month // 12, month=begin.month % 12 + 1)
    except (ValueError, OverflowError):
        return None
    return first_slot(begin), first_slot(end) - 1


def mark(kind: str, value: str) -> str:
    """A word for the index that says e.g. of which `site` a story is."""
    return f"{kind}0x{value.encode(errors='replace').hex()}"


def section_paths(section: str) -> list[str]:
    """A breadcrumb and all above it: `Politik > Ausland` is in `Politik`, too."""
    parts = [part for part in section.split(" > ") if part]
    return [" > ".join(parts[: n + 1]) for n in range(len(parts))]


def marks(site: str, section: str, kind: str, actors: str) -> str:
    """All that a story is filtered by, as words with spaces between; `actors` has spaces between, too."""
    sections = [mark("section", path) for path in section_paths(section)]
    return " ".join([mark("site", site), mark("kind", kind), *sections, *(mark("actor", actor) for actor in actors.split(" ") if actor)])
