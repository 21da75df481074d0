"""Dates as pages write them, to UTC, with what had to be assumed.

raw -> ISO 8601 | seconds of the epoch | words and numbers in many languages -> local time -> UTC

Where a text leaves a choice, it is made here: a local time that does not exist is moved forward, one that exists twice
is the earlier, numbers with slashes are day first unless the language is American English, and a text that speaks of a
relative time ("vor 3 Stunden") is no date at all. The words stand in dates.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from newswatch.extraction.datewords import date_words, fold
from newswatch.story import Stamp

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Outside of these (before the first news site, or in another century) a date is a mistake of the page."""

LONGEST = 100
"""Characters: a longer text is prose, and no date line."""

_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:(?:T|\s+)(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?\s*(Z|UTC|GMT|[+-]\d{1,2}:\d\d|[+-]\d{4}|[+-]\d\d)?"
    r"(?:\[[\w/+-]+\])?",
    re.I,
)
_EPOCH = re.compile(r"(\d{10})(\d{3}|\.\d+)?")

_YEAR = r"(?P<y>\d{4})(?!\d)"
_NAME = r"(?P<name>[^\W\d_]{3,12})"
_DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        # 22. November 2026 | 22 de noviembre de 2026 | 1er décembre 2026 | 22nd of November, 2026 | 22-Nov-2026
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:\.|st|nd|rd|th|er|[eº°ª])?[\s/-]*(?:de\s|of\s|d['’])?\s*{_NAME}\.?,?[\s/-]*(?:del?\s|of\s)?\s*{_YEAR}",
        # November 22, 2026 | Fri Apr 28 19:20:36 CEST 2023
        rf"(?<![^\W_]){_NAME}\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<inner>\d\d?:\d\d(?::\d\d)?(?:\s+[A-Z]{{1,5}})?\s+)?{_YEAR}",
        # 2026-11-22 | 2026/11/22 | 2026年11月22日
        r"(?<![\d.,:])(?P<y>\d{4})\s?(?P<sep>[./年-])\s?(?P<m>\d{1,2})\s?(?:(?P=sep)|月)\s?(?P<d>\d{1,2})(?!\d)日?",
        # 22.11.2026 | 22/11/2026 | 11/22/2026
        rf"(?<![\d.,:/-])(?P<d>\d{{1,2}})\s?(?P<sep>[./-])\s?(?P<m>\d{{1,2}})\s?(?P=sep)\s?{_YEAR}",
        # 22.11.26: two digits only in this form
        r"(?<![\d.,:/-])(?P<d>\d\d)\.(?P<m>\d\d)\.(?P<y>\d\d)(?!\.?\d|:|\s*Uhr)",
    )
)
_NEAR = 20
"""Characters between a day and its time of day, at most."""

Found = tuple[datetime, tuple[str, ...]] | None
Day = tuple[int, int, int]
Clock = tuple[int, int, int, int]


def parse_stamp(raw: str | None, zone: ZoneInfo, language: str = "de") -> Stamp | None:
    """A machine's or a reader's date as a Stamp; None where it is none, or only relative.

    A time without zone is in `zone`, flagged `zone-assumed`; a day without time is its midnight there, flagged
    `day-only`. A local time that does not exist (DST gap) is moved forward by the gap and flagged `gap`; one that
    exists twice is the earlier and flagged `fold`. `language` ("de", "en-US") decides which of two numbers is the month.
    """
    text = " ".join((raw or "").split())
    if not text or len(text) > LONGEST:
        return None
    found = _iso(text, zone) or _epoch(text)
    if found is None:
        spoken = find_date(text, zone, language)
        return spoken[0] if spoken else None
    return Stamp(found[0], text, found[1]) if _is_believable(found[0], zone) else None


def find_date(text: str, zone: ZoneInfo, language: str = "de") -> tuple[Stamp, int, int] | None:
    """The first date in a line, with where it starts and ends, its time of day included; None where there is none.

    The Stamp's `raw` is the whole line. A line that speaks of a relative time gives None, whatever else it says.
    """
    for day, start, end, inner in _days(text, language):
        clock, zoned, start, end = _clock_near(text, start, end, inner, language)
        found = _stated(day, clock, zoned, zone)
        if found and _is_believable(found[0], zone):
            return None if is_relative(text) else (Stamp(found[0], text, found[1]), start, end)
    return None


def is_relative(text: str) -> bool:
    """Whether the text speaks of a relative time: `vor 3 Stunden`, `an hour ago`."""
    return date_words().relative.search(fold(text)) is not None


def best_stamp(stamps: Iterable[Stamp | None], zone: ZoneInfo) -> Stamp | None:
    """The best of several statements of one date, the most trusted first: the first, unless a later one is the same but sharper.

    A time of day beats a more trusted day without one, if it is of that day in `zone`. A stated zone beats an assumed
    one, if both are the same reading of a clock: the more trusted left out what the other says. Reads no further than it must.
    """
    best: Stamp | None = None
    for stamp in stamps:
        if stamp and (best is None or _is_sharper(stamp, best, zone)):
            best = stamp
        if best and not {"day-only", "zone-assumed"} & set(best.flags):
            break
    return best


def checked(published: Stamp | None, modified: Stamp | None, seen_at: datetime) -> tuple[Stamp | None, Stamp | None]:
    """Both with what cannot be believed flagged: `future` (more than ten minutes after it was seen), `backward`."""
    ahead = seen_at + timedelta(minutes=10)
    if published and published.at > ahead:
        published = _flagged(published, "future")
    if modified and modified.at > ahead:
        modified = _flagged(modified, "future")
    if published and modified and modified.at + _open(modified) < published.at:
        modified = _flagged(modified, "backward")
    return published, modified


def to_text(at: datetime | None) -> str | None:
    """UTC ISO 8601 with Z, in seconds, as it is stored: `2023-07-26T06:02:11Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def from_text(text: str | None) -> datetime | None:
    """The reverse of `to_text`."""
    return datetime.fromisoformat(text) if text else None


def _flagged(stamp: Stamp, flag: str) -> Stamp:
    return replace(stamp, flags=(*stamp.flags, flag))


def _open(stamp: Stamp) -> timedelta:
    """How much later than `at` the stamp may mean."""
    return timedelta(hours=23) if "day-only" in stamp.flags else timedelta(0)


def _is_sharper(stamp: Stamp, than: Stamp, zone: ZoneInfo) -> bool:
    if "day-only" in stamp.flags:
        return False
    if "day-only" in than.flags:
        return stamp.at.astimezone(zone).date() == than.at.astimezone(zone).date()
    if "zone-assumed" not in than.flags or "zone-assumed" in stamp.flags:
        return False
    apart = abs(stamp.at - than.at)
    is_shift = apart % timedelta(minutes=15) < timedelta(seconds=1) and apart <= timedelta(hours=14)
    # Full hours may meet by chance; the same digits, or the same odd second, do not.
    return is_shift and (stamp.at.second != 0 or than.at.astimezone(zone).strftime("%H:%M") in stamp.raw)


def _is_believable(at: datetime, zone: ZoneInfo) -> bool:
    return FIRST_YEAR - 1 <= at.year <= LAST_YEAR + 1 and FIRST_YEAR <= at.astimezone(zone).year <= LAST_YEAR


def _iso(text: str, zone: ZoneInfo) -> Found:
    m = _ISO.fullmatch(text)
    if not m:
        return None
    day = (int(m[1]), int(m[2]), int(m[3]))
    if m[4] is None:
        return _local(zone, day)
    clock = (int(m[4]), int(m[5]), int(m[6] or 0), int((m[7] or "0")[:6].ljust(6, "0")))
    return _stated(day, clock, None if m[8] is None else _offset(m[8]), zone)


def _epoch(text: str) -> Found:
    """Seconds, or milliseconds, since 1970."""
    m = _EPOCH.fullmatch(text)
    return (datetime.fromtimestamp(int(m[1]), UTC), ()) if m else None


def _days(text: str, language: str) -> Iterator[tuple[Day, int, int, str]]:
    """Every (year, month, day) in the text, where it starts and ends, and a time that stands inside of it, in order of place."""
    found = [
        (m.start(), m.end(), day, m.groupdict().get("inner") or "") for p in _DAYS for m in p.finditer(text) if (day := _day(m, language))
    ]
    for start, end, day, inner in sorted(found):
        yield day, start, end, inner


def _day(m: re.Match[str], language: str) -> Day | None:
    groups = m.groupdict()
    year, day = int(groups["y"]), int(groups["d"])
    if name := groups.get("name"):
        month = date_words().month(name, language) or 0
    else:
        month = int(groups["m"])
        english = language[:2].lower() == "en"
        if groups.get("sep") == "/" and english and m.start("m") < m.start("y") and _month_first(day, month, language):
            day, month = month, day
    if len(groups["y"]) == 2:
        year += 1900 if year >= 90 else 2000
    return (year, month, day) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _month_first(first: int, second: int, language: str) -> bool:
    """Whether English `first/second/year` is month/day: where it can be nothing else, and where America writes."""
    return second > 12 or (first <= 12 and language[2:].upper() in ("-US", "_US"))


def _clock_near(text: str, start: int, end: int, inner: str, language: str) -> tuple[Clock | None, timedelta | ZoneInfo | None, int, int]:
    """The time of day that belongs to the day at text[start:end], its zone if it states one, and where the whole starts and ends."""
    if inner and (m := date_words().clock.search(inner)):
        return _clock(m, language), _zone(m["zone"]), start, end
    for m in date_words().clock.finditer(text, end):
        if m.start() - end > _NEAR:
            break
        if _is_clock(m, text[end : m.start()], language):
            return _clock(m, language), _zone(m["zone"]), start, m.end()
    for m in date_words().clock.finditer(text[:start]):
        if start - m.end() <= _NEAR and _is_clock(m, text[m.end() : start], language):
            return _clock(m, language), _zone(m["zone"]), m.start(), end
    return None, None, start, end


def _is_clock(m: re.Match[str], between: str, language: str) -> bool:
    """A colon or `h` makes a time of day; a full stop, or an hour alone, only beside other signs of it."""
    if any(_DAYS[i].search(between) for i in (0, 1, 3)) or len(between) > _NEAR:
        return False
    marked = bool(m["unit"]) or _half(m, language) is not None
    if m["m"] is None:
        return marked
    return m["sep"] != "." or marked or date_words().joined.fullmatch(between) is not None


def _half(m: re.Match[str], language: str) -> str | None:
    """`a` or `p` for am and pm. The German "10:15 am 22.11.2026" means "on"."""
    half = (m["half"] or "").lower()
    return None if not half or (half == "am" and language[:2].lower() == "de") else half[0]


def _clock(m: re.Match[str], language: str) -> Clock:
    hour, half = int(m["h"]), _half(m, language)
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, int(m["m"] or 0), int(m["s"] or 0), 0


def _zone(text: str | None) -> timedelta | ZoneInfo | None:
    """The offset or the zone that stands behind a time of day: `MEZ`, `+0100`, `GMT+1`, `ET`."""
    if not text:
        return None
    sign = re.search(r"[+-].*", text)
    if sign:
        return _offset(sign[0])
    found = date_words().zone(text)
    return timedelta(minutes=found) if isinstance(found, int) else found


def _offset(text: str) -> timedelta | None:
    """`Z`, `+02`, `+2:00`, `-0500` as what the clock is ahead of UTC; None beyond the fourteen hours that exist."""
    if text[0] not in "+-":
        return timedelta(0)
    hours, minutes = text[1:].split(":") if ":" in text else (text[1:-2], text[-2:]) if len(text) > 3 else (text[1:], "0")
    ahead = timedelta(hours=int(hours), minutes=int(minutes))
    if ahead > timedelta(hours=14) or int(minutes) > 59:
        return None
    return -ahead if text[0] == "-" else ahead


def _stated(day: Day, clock: Clock | None, zoned: timedelta | ZoneInfo | None, zone: ZoneInfo) -> Found:
    """The instant of a local time, in the zone that it states or else in `zone`."""
    if clock is None or not isinstance(zoned, timedelta):
        found = _local(zoned if isinstance(zoned, ZoneInfo) else zone, day, clock)
        return (found[0], tuple(f for f in found[1] if f != "zone-assumed")) if found and zoned else found
    try:
        return datetime(*day, *clock, UTC) - zoned, ()
    except (ValueError, OverflowError):
        return None


def _local(zone: ZoneInfo, day: Day, clock: Clock | None = None) -> Found:
    try:
        local = datetime(*day, *(clock or (0, 0, 0, 0)), zone)
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
