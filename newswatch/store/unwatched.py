"""What is not watched: sites and sections that could not be read, or were not looked at, and since when. Reads only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from newswatch.extraction.dates import to_text

OVERDUE = timedelta(hours=26)
"""No section waits longer than a day between two looks; a night's run may take two hours."""


@dataclass(frozen=True, slots=True)
class Unwatched:
    """A site or a section of which nothing is known for some time: what happened there is not told."""

    site: str
    section: str | None
    """None: the whole site."""
    since: str | None
    """The last look that told something, UTC; None: there was none ever."""
    why: str


def unwatched(db: Database | sqlite3.Connection, now: datetime, on: Iterable[str] | None = None) -> list[Unwatched]:
    """Sites first to last by name, each as a whole or its sections. `on` are the sites that are switched on; None: all that are known."""
    looked = dict(db.execute("SELECT site, max(last_checked_at) FROM sections GROUP BY site").fetchall())
    long_ago = to_text(now - OVERDUE) or ""
    out: list[Unwatched] = []
    for site in sorted(on if on is not None else known_sites(db)):
        last, failing = looked.get(site), _failing(db, site)
        if last is None:
            was_run = db.execute("SELECT 1 FROM runs WHERE site = ? LIMIT 1", [site]).fetchone()
            out.append(Unwatched(site, None, None, _last_fault(db, site) if was_run else "was never read"))
        elif last < long_ago:
            out.append(Unwatched(site, None, last, _last_fault(db, site) if failing else "was not looked at since"))
        else:
            out += [Unwatched(site, name, read, _last_fault(db, site, name)) for name, read in failing]
    return out


def known_sites(db: Database | sqlite3.Connection) -> list[str]:
    """All sites that were crawled, by name. Each is found behind the one before, so that no table is read as a whole."""
    names = {site for (site,) in db.execute("SELECT DISTINCT site FROM sections")}
    for table in ("site_days", "runs"):
        last = ""
        while (row := db.execute(f"SELECT site FROM {table} WHERE site > ? ORDER BY site LIMIT 1", [last]).fetchone()) is not None:
            last = row[0]
            names.add(last)
    return sorted(names)


def _failing(db: Database | sqlite3.Connection, site: str) -> list[tuple[str, str | None]]:
    """Sections whose last look failed, each with the last that did not; one that never was read has no rhythm."""
    never = "read_at IS NULL AND rhythm IS NULL"
    sql = f"SELECT name, CASE WHEN {never} THEN NULL ELSE last_checked_at END FROM sections WHERE site = ? AND failures > 0 ORDER BY name"
    return db.execute(sql, [site]).fetchall()


def _last_fault(db: Database | sqlite3.Connection, site: str, section: str | None = None) -> str:
    row = db.execute(
        "SELECT detail FROM faults WHERE site = ? AND section IS NOT NULL AND (? IS NULL OR section = ?) ORDER BY at DESC, id DESC LIMIT 1",
        [site, section, section],
    ).fetchone()
    return str(row[0]) if row else "could not be read"
