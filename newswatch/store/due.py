"""What is due of a site: sections, links that were never read, stories. Reads only.

`listings` of a site is {name of a listing: its URL}, of those that are on: see `newswatch.spiders.listings.listings_of`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from newswatch import schedule
from newswatch.extraction.dates import from_text, to_text
from newswatch.story import Link

HOUR = timedelta(hours=1)

_STORY_DUE = "site = :site AND next_check_at IS NOT NULL AND (next_check_at <= :now OR checked_at > :now OR next_check_at > :absurd)"
_LINK_DUE = "site = :site AND (next_check_at <= :now OR next_check_at > :tomorrow)"


@dataclass(frozen=True, slots=True)
class Due:
    """What is due of a site now; each in the order in which it is worth a request."""

    sections: tuple[str, ...] = ()
    """Names of listings, the longest overdue first."""
    links: tuple[Link, ...] = ()
    """Found and never read, the newest first."""
    stories: tuple[Link, ...] = ()
    """Read before, the youngest first."""
    next_at: datetime | None = None
    """When something else is due; None: never."""

    def __bool__(self) -> bool:
        return bool(self.sections or self.links or self.stories)


@dataclass(frozen=True, slots=True)
class Next:
    """When a site is to be crawled next."""

    site: str
    at: datetime | None
    """Not after now: something is due. Later: nothing before. None: never, for nothing of it is watched."""
    sections: int
    links: int
    stories: int
    """How many are due now."""
    spent: int
    """Requests in the last hour."""
    out_of_budget: bool = False
    """Something is due and must wait: `at` is when the budget has room again."""


def due_of(db: Database, site: str, listings: Mapping[str, str], now: datetime) -> Due:
    """What is due of a site at `now`. A listing that was never read, or has another URL now, is due."""
    sections, later = _sections(db, site, listings, now)
    values = _values(site, now)
    links = db.execute(f"SELECT url, headline, listed_at FROM frontier WHERE {_LINK_DUE} ORDER BY found_at DESC, url", values)
    found = tuple(Link(url, headline, updated=from_text(listed)) for url, headline, listed in links)
    stories = db.execute(f"SELECT url, title FROM stories WHERE {_STORY_DUE} ORDER BY changed_at DESC, id DESC", values)
    known = tuple(Link(url, title) for url, title in stories)
    return Due(sections, found, known, min([*later, *_later(db, site, now)], default=None))


def next_due(db: Database, sites: Mapping[str, Mapping[str, str]], now: datetime, budgets: Mapping[str, int] | None = None) -> list[Next]:
    """For each site when it is to be crawled next, the most urgent first; `sites` maps a name to its listings.

    `budgets` are requests an hour; 0 or none is without limit.
    """
    out = [_next_of(db, site, listings, now, (budgets or {}).get(site, 0)) for site, listings in sites.items()]
    return sorted(out, key=lambda n: (n.at is None, n.at or now, n.site))


def link_waits(db: Database, site: str, url: str, now: datetime) -> bool:
    """Whether a link that could not be read is to be left alone for a while."""
    row = db.execute("SELECT next_check_at FROM frontier WHERE site = ? AND url = ?", [site, url]).fetchone()
    return row is not None and not schedule.is_due(from_text(row[0]), None, now)


def spent(db: Database, site: str, now: datetime) -> int:
    """Requests to a site in the last hour, in steps of five minutes."""
    return sum(count for _, count in _spent(db, site, now))


def _next_of(db: Database, site: str, listings: Mapping[str, str], now: datetime, budget: int) -> Next:
    sections, later = _sections(db, site, listings, now)
    values = _values(site, now)
    links = db.execute(f"SELECT count(*) FROM frontier WHERE {_LINK_DUE}", values).fetchone()[0]
    stories = db.execute(f"SELECT count(*) FROM stories WHERE {_STORY_DUE}", values).fetchone()[0]
    buckets = _spent(db, site, now)
    used = sum(count for _, count in buckets)
    if not (sections or links or stories):
        return Next(site, min([*later, *_later(db, site, now)], default=None), 0, 0, 0, used)
    is_out = 0 < budget <= used
    at = buckets[0][0] + HOUR if is_out else now
    return Next(site, at, len(sections), links, stories, used, is_out)


def _sections(db: Database, site: str, listings: Mapping[str, str], now: datetime) -> tuple[tuple[str, ...], list[datetime]]:
    """(names that are due, when the others are)."""
    rows = db.execute("SELECT name, url, next_check_at, last_checked_at FROM sections WHERE site = ?", [site])
    known = {(name, url): (from_text(next_at), from_text(checked)) for name, url, next_at, checked in rows}
    due: list[tuple[str, str]] = []
    later: list[datetime] = []
    for name, url in listings.items():
        next_at, checked_at = known.get((name, url), (None, None))
        if next_at is None or schedule.is_due(next_at, checked_at, now):
            due.append((to_text(next_at) or "", name))
        else:
            later.append(next_at)
    return tuple(name for _, name in sorted(due, key=lambda d: d[0])), later


def _later(db: Database, site: str, now: datetime) -> list[datetime]:
    """When the next link and the next story that are not due yet will be."""
    out = []
    for table in ("frontier", "stories"):
        sql = f"SELECT min(next_check_at) FROM {table} WHERE site = ? AND next_check_at > ? AND next_check_at IS NOT NULL"
        out.append(from_text(db.execute(sql, [site, to_text(now)]).fetchone()[0]))
    return [at for at in out if at]


def _spent(db: Database, site: str, now: datetime) -> list[tuple[datetime, int]]:
    sql = "SELECT at, count FROM requests WHERE site = ? AND at > ? AND at <= ? ORDER BY at"
    rows = db.execute(sql, [site, to_text(now - HOUR), to_text(now)])
    return [(at, count) for text, count in rows if (at := from_text(text))]


def _values(site: str, now: datetime) -> dict[str, Any]:
    absurd, tomorrow = now + schedule.LONGEST_OF_STORY, now + schedule.LONGEST
    return {"site": site, "now": to_text(now), "absurd": to_text(absurd), "tomorrow": to_text(tomorrow)}
