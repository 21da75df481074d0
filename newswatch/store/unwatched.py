"""What was not watched: sites and sections that could not be read, or were not looked at, and since when. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from newswatch.extraction.dates import to_text

OVERDUE = timedelta(hours=26)
"""No section waits longer than a day between two looks."""


@dataclass(frozen=True, slots=True)
class Unwatched:
    """A site or a section of which nothing is known for some time: what happened there is not told."""

    site: str
    section: str | None
    """None: the whole site."""
    since: str | None
    """The last look that told something, UTC; None: there was none ever."""
    why: str


def unwatched(db: Database, now: datetime, on: Mapping[str, object] | None = None) -> list[Unwatched]:
    """Sites first, then sections. `on` are the sites that are switched on; where it is not known, all that were crawled ever."""
    looked = dict(db.execute("SELECT site, max(last_checked_at) FROM sections GROUP BY site").fetchall())
    runs = {site for (site,) in db.execute("SELECT DISTINCT site FROM runs")}
    long_ago = to_text(now - OVERDUE) or ""
    out: list[Unwatched] = []
    for site in sorted(on if on is not None else runs):
        last = looked.get(site)
        if last is None:
            why = "was never read" if site not in runs else _last_fault(db, site)
            out.append(Unwatched(site, None, None, why))
        elif last < long_ago:
            out.append(Unwatched(site, None, last, "was not looked at since" if not _failing(db, site) else _last_fault(db, site)))
        else:
            out += [Unwatched(site, name, read, _last_fault(db, site, name)) for name, read in _failing(db, site)]
    return out


def _failing(db: Database, site: str) -> list[tuple[str, str | None]]:
    sql = "SELECT name, read_at FROM sections WHERE site = ? AND failures > 0 ORDER BY name"
    return db.execute(sql, [site]).fetchall()


def _last_fault(db: Database, site: str, section: str | None = None) -> str:
    row = db.execute(
        "SELECT detail FROM faults WHERE site = ? AND section IS NOT NULL AND (? IS NULL OR section = ?) ORDER BY id DESC LIMIT 1",
        [site, section, section],
    ).fetchone()
    return str(row[0]) if row else "could not be read"
