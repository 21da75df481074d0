"""What is known of hosts: their robots.txt, until when they want to be left alone, what they say of text and data mining.

A host is known by its origin: `https://www.beispiel.example`, with the port where it is not the usual one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from newswatch.extraction.dates import from_text, to_text
from newswatch.store.opening import writing

LONGEST_WAIT = timedelta(days=1)
"""A wait beyond that comes from a clock that was set back."""


@dataclass(frozen=True, slots=True)
class Host:
    """One row of `hosts`; all None where nothing is known."""

    origin: str
    robots_text: str | None = None
    """None where the answer was no success: everything is allowed."""
    robots_status: int | None = None
    robots_at: datetime | None = None
    not_before: datetime | None = None
    tdm_text: str | None = None
    tdm_at: datetime | None = None


def host_of(db: Database, origin: str) -> Host:
    """What is known of an origin."""
    columns = "robots_text, robots_status, robots_at, not_before, tdm_text, tdm_at"
    row = db.execute(f"SELECT {columns} FROM hosts WHERE origin = ?", [origin]).fetchone()
    if row is None:
        return Host(origin)
    return Host(origin, row[0], row[1], from_text(row[2]), from_text(row[3]), row[4], from_text(row[5]))


def keep_robots(db: Database, origin: str, text: str | None, status: int, at: datetime) -> None:
    """The robots.txt that was answered with at `at`. Raises StoreError."""
    _keep(db, origin, {"robots_text": text, "robots_status": status, "robots_at": to_text(at)})


def keep_tdm(db: Database, origin: str, text: str | None, at: datetime) -> None:
    """The tdmrep.json, None where there is none. Raises StoreError."""
    _keep(db, origin, {"tdm_text": text, "tdm_at": to_text(at)})


def keep_wait(db: Database, origin: str, until: datetime) -> None:
    """The host is not asked before `until`. Raises StoreError."""
    _keep(db, origin, {"not_before": to_text(until)})


def postpone(db: Database, site: str, now: datetime) -> None:
    """What is due of a site at hosts that want to be left alone is due when they no longer do. Raises StoreError."""
    sql = "SELECT origin, not_before FROM hosts WHERE not_before > ? AND not_before <= ?"
    waiting = db.execute(sql, [to_text(now), to_text(now + LONGEST_WAIT)]).fetchall()
    if not waiting:
        return
    with writing(db):
        for origin, until in waiting:
            for table in ("sections", "frontier", "stories"):
                db.execute(
                    f"UPDATE {table} SET next_check_at = :until WHERE site = :site AND next_check_at < :until"
                    " AND substr(url, 1, length(:prefix)) = :prefix",
                    {"until": until, "site": site, "prefix": f"{origin}/"},
                )


def _keep(db: Database, origin: str, columns: dict[str, str | int | None]) -> None:
    names = list(columns)
    with writing(db):
        db.execute(
            f"INSERT INTO hosts (origin, {', '.join(names)}) VALUES (?{', ?' * len(names)})"
            f" ON CONFLICT (origin) DO UPDATE SET {', '.join(f'{n} = excluded.{n}' for n in names)}",
            [origin, *columns.values()],
        )
