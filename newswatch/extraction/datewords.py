"""The words of dates.toml, ready for use: months, labels, relative times, zones, and the marks of a page."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

_TABLES = frozenset(["clock", "zones", "meta", "marks"])
"""The tables that are no language."""


@dataclass(frozen=True)
class DateWords:
    """What dates.toml says, by what is asked of it."""

    by_language: Mapping[str, Mapping[str, int]]
    """Months of each language by their folded name."""
    everywhere: Mapping[str, int]
    """Months of all languages, without the names that mean different ones."""
    labels: re.Pattern[str]
    """A label; the group that matched is its meaning: `published` or `modified`."""
    relative: re.Pattern[str]
    """A relative time in folded text: `vor 3 stunden`, `an hour ago`."""
    clock: re.Pattern[str]
    """A time of day, or a number that may be the hour of one: groups h, sep, m, s, half (am, pm), unit, zone."""
    joined: re.Pattern[str]
    """What may stand between a day and a time of day that is written with a full stop."""
    zones: Mapping[str, int | str]
    """Minutes east of Greenwich, or the name of the zone whose clock is meant."""
    month_first_zones: frozenset[str]
    """Where English without a region puts the month first."""
    meta: Mapping[str, tuple[str, ...]]
    """Names of meta tags for `published` and `modified`, the most trusted first."""
    marks: Mapping[str, frozenset[str]]
    """Parts of class names by what they speak of: date, published, modified, byline, apart."""

    def month(self, name: str, language: str) -> int | None:
        """1 to 12 for the name of a month, in the language or else in any; None where it is none."""
        key = fold(name).strip(".")
        return self.by_language.get(language[:2].lower(), {}).get(key) or self.everywhere.get(key)

    def zone(self, name: str) -> int | ZoneInfo | None:
        """Minutes east of Greenwich, or a zone with summer time, for an abbreviation in capitals; None where it is not known."""
        found = self.zones.get(name)
        return ZoneInfo(found) if isinstance(found, str) else found


def fold(text: str) -> str:
    """Lower case without accents: two spellings of one word are equal."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


@cache
def date_words() -> DateWords:
    """The words of dates.toml, read once, when first needed."""
    data = tomllib.loads((Path(__file__).parent / "dates.toml").read_text(encoding="utf-8"))
    languages: dict[str, Any] = {name: table for name, table in data.items() if name not in _TABLES}
    by_language = {name: _months(table["months"]) for name, table in languages.items()}
    return DateWords(
        by_language=by_language,
        everywhere=_agreed(by_language.values()),
        labels=_labels(languages.values()),
        relative=_relative(languages.values()),
        clock=_clock(data["clock"]["behind"]),
        joined=re.compile(rf"(?:[\s,;|/·•–—-]|\b(?:{_any_of(data['clock']['before'])})\b\.?)*", re.I),
        zones=data["zones"],
        month_first_zones=frozenset(languages["en"]["month_first_zones"]),
        meta={key: tuple(names) for key, names in data["meta"].items()},
        marks={key: frozenset(names) for key, names in data["marks"].items()},
    )


def _months(lists: list[list[str]]) -> dict[str, int]:
    return {fold(name): number for number, names in enumerate(lists, 1) for name in names}


def _agreed(tables: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Names that mean one month only, whatever the language (Croatian listopad is October, Czech and Polish listopad November)."""
    numbers: dict[str, set[int]] = {}
    for table in tables:
        for name, number in table.items():
            numbers.setdefault(name, set()).add(number)
    return {name: found.pop() for name, found in numbers.items() if len(found) == 1}


def _any_of(words: Iterable[str]) -> str:
    """The words as one pattern, the longest first, with any white space between their parts."""
    return "|".join(r"\s+".join(map(re.escape, w.split())) for w in sorted(set(words), key=lambda w: (-len(w), w)))


def _clock(units: Iterable[str]) -> re.Pattern[str]:
    """`10:15:30`, `10.15 Uhr`, `10h15`, `10 am`, `10:15 MEZ`, `10:15:00 GMT+0100`; zones are in capitals."""
    hour = r"(?<![\d:+])(?P<h>2[0-3]|[01]?\d)(?!\d)"
    minutes = r"(?:\s?(?P<sep>[:.h])\s?(?P<m>[0-5]\d)(?!\d)(?::(?P<s>[0-5]\d)(?!\d)(?:[.,]\d+)?)?(?:min\b)?)?"
    half = r"(?:\s?(?P<half>[ap]\.?\s?m\b\.?))?"
    unit = rf"(?:\s*(?P<unit>{_any_of(units)})\b\.?)?"
    offset = r"(?:GMT|UTC)\s?[+-]\d{1,2}(?::?\d\d)?\b|[+-]\d{4}\b|\+\d\d:\d\d\b"
    return re.compile(rf"{hour}{minutes}{half}{unit}(?:\s*[(\[]?(?P<zone>(?-i:{offset}|[A-Z]{{1,5}}\b)))?", re.I)


def _labels(tables: Iterable[Mapping[str, Any]]) -> re.Pattern[str]:
    tables = list(tables)
    published = _any_of(w for t in tables for w in t["published"])
    modified = _any_of(w for t in tables for w in t["modified"])
    return re.compile(rf"(?<![\w-])(?:(?P<modified>{modified})|(?P<published>{published}))(?![\w-])", re.I)


def _relative(tables: Iterable[Mapping[str, Any]]) -> re.Pattern[str]:
    """Each language with its own units: the Danish `for` is no relative time before an English minute."""
    parts = []
    for table in tables:
        units = rf"(?:(?:{_any_of(map(fold, table['units']))})\w{{0,2}}|(?<=\d)[hdm]|(?<=\d )[hdm])\b"
        if table["before"]:
            parts.append(rf"\b(?:{_any_of(map(fold, table['before']))})(?:\s+[^\s.:,]+){{0,3}}?\s+\d*{units}")
        if table["after"]:
            parts.append(rf"(?:\b|(?<=\d)){units}\.?\s+(?:{_any_of(map(fold, table['after']))})\b")
    return re.compile("|".join(parts))
