"""Dates as pages write them, to UTC, with what had to be assumed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from newswatch.story import Stamp

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Before the first news site: such a date is a mistake of the page."""

_ISO = re.compile(
    r"^(\d{4})-?(\d\d)-?(\d\d)(?:[T ]+(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?\s*(Z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?$", re.I
)
_DAY = re.compile(r"\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b")
_TIME = re.compile(r"\b(\d{1,2})[:.](\d{2})(?::(\d{2}))?\b")
_RELATIVE = re.compile(r"\b(vor|ago|il y a|hace|fa|temu|před|geleden)\b", re.I)


def parse_stamp(raw: str | None, zone: ZoneInfo) -> Stamp | None:
    """A machine's or a German reader's date as a Stamp; None where it is none, or only relative.

    A time without zone is in `zone`, flagged `zone-assumed`. A local time that does not exist (DST gap) is moved
    forward by the gap and flagged `gap`; one that exists twice is the earlier and flagged `fold`.
    """
    text = " ".join((raw or "").split())
    if not text or len(text) > 100:
        return None
    at, flags = _iso(text, zone) or _rfc822(text, zone) or _visible(text, zone) or (None, ())
    if at is None or at < EARLIEST:
        return None
    return Stamp(at, text, flags)


def first_stamp(raws: Iterable[str | None], zone: ZoneInfo) -> Stamp | None:
    """The best of several statements of one date, the most trusted first: the first with a time of day, else a day."""
    day = None
    for raw in raws:
        stamp = parse_stamp(raw, zone)
        if stamp and "day-only" not in stamp.flags:
            return stamp
        day = day or stamp
    return day


def checked(published: Stamp | None, modified: Stamp | None, seen_at: datetime) -> tuple[Stamp | None, Stamp | None]:
    """Both with what cannot be believed flagged: `future` (more than ten minutes after it was seen), `backward`."""
    ahead = seen_at + timedelta(minutes=10)
    if published and published.at > ahead:
        published = _flagged(published, "future")
    if modified and modified.at > ahead:
        modified = _flagged(modified, "future")
    if published and modified and modified.at < published.at and "day-only" not in published.flags + modified.flags:
        modified = _flagged(modified, "backward")
    return published, modified


def _flagged(stamp: Stamp, flag: str) -> Stamp:
    return replace(stamp, flags=(*stamp.flags, flag))


def to_text(at: datetime | None) -> str | None:
    """UTC ISO 8601 with Z, in seconds, as it is stored: `2023-07-26T06:02:11Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def from_text(text: str | None) -> datetime | None:
    """The reverse of `to_text`."""
    return datetime.fromisoformat(text) if text else None


Found = tuple[datetime, tuple[str, ...]] | None


def _iso(text: str, zone: ZoneInfo) -> Found:
    m = _ISO.match(text)
    if not m:
        return None
    year, month, day = (int(g) for g in m.groups()[:3])
    if m.group(4) is None:
        return _local(zone, year, month, day)
    micro = int((m.group(7) or "0")[:6].ljust(6, "0"))
    clock = (int(m.group(4)), int(m.group(5)), int(m.group(6) or 0), micro)
    offset = m.group(8)
    if offset is None:
        return _local(zone, year, month, day, clock)
    try:
        return datetime(year, month, day, *clock, UTC) - _offset(offset), ()
    except (ValueError, OverflowError):
        return None


def _offset(text: str) -> timedelta:
    if text[0] not in "+-":
        return timedelta(0)
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timedelta(minutes=-minutes if text[0] == "-" else minutes)


def _rfc822(text: str, zone: ZoneInfo) -> Found:
    """As feeds and headers write it: `Wed, 26 Jul 2023 08:02:11 +0200`."""
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if at.tzinfo is None:
        return _local(zone, at.year, at.month, at.day, (at.hour, at.minute, at.second, 0))
    return at.astimezone(UTC), ()


def _visible(text: str, zone: ZoneInfo) -> Found:
    """`Aktualisiert am 07.01.2026 - 18:50 Uhr`, `Stand: 22.11.2026, 10:15 Uhr`."""
    day = _DAY.search(text)
    if not day or _RELATIVE.search(text):
        return None
    numbers = (int(day.group(3)), int(day.group(2)), int(day.group(1)))
    clock = _TIME.search(text, day.end()) or _TIME.search(text[: day.start()])
    if not clock:
        return _local(zone, *numbers)
    return _local(zone, *numbers, (int(clock.group(1)), int(clock.group(2)), int(clock.group(3) or 0), 0))


def _local(zone: ZoneInfo, year: int, month: int, day: int, clock: tuple[int, int, int, int] | None = None) -> Found:
    try:
        hour, minute, second, micro = clock or (0, 0, 0, 0)
        local = datetime(year, month, day, hour, minute, second, micro, zone)
        at = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if clock is None:
        return at, ("day-only",)
    flags = ["zone-assumed"]
    if at.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        flags.append("gap")
    elif local.replace(fold=1).utcoffset() != local.utcoffset():
        flags.append("fold")
    return at, tuple(flags)
