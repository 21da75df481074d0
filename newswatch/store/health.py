"""What the database tells of its own health. Only reads, through a connection that cannot write, and never makes or upgrades one.

path -> read_store -> StoreState(what could be read, why the rest could not)
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sqlite_utils import Database

from newswatch.coverage import Reading
from newswatch.errors import StoreError
from newswatch.extraction.dates import from_text, to_text
from newswatch.health import Overdue
from newswatch.silence import Silence, lost_sentence
from newswatch.sites import Site
from newswatch.store.coverage import last_readings
from newswatch.store.migrations import APPLICATION_ID, migrations
from newswatch.store.opening import sentence
from newswatch.store.silence import lost_links, silence_of
from newswatch.story import Archived

PATIENCE = 5.0
"""Seconds that a locked database is waited for."""

MOST_DAMAGES = 20

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class SiteState:
    """What is stored of a site. A part that could not be read is None, and `errors` says why."""

    succeeded_at: datetime | None
    """The begin of the last run that read a section."""
    begun_at: datetime | None
    """Of the last run."""
    readings: list[Reading]
    silence: Silence | None
    lost: list[str]
    """A sentence for each listing that lost its links."""
    overdue: Overdue


@dataclass(slots=True)
class StoreState:
    """What could be read of a database."""

    is_there: bool = False
    size: int = 0
    log: int = 0
    """Bytes of its write-ahead log."""
    verdict: list[str] | None = None
    """Of the check of its pages: `ok`, or a line a damage."""
    pending: list[str] = field(default_factory=list)
    """Migrations that the next command will apply."""
    stories: int | None = None
    newest: datetime | None = None
    """The newest time that was stored of anything that was done."""
    archived: dict[str, Archived] | None = None
    """The files of the archive that rows point to, each with the last page of it; the newest is last."""
    sites: dict[str, SiteState] = field(default_factory=dict)
    error: str = ""
    """Why nothing more could be read."""


def read_store(path: Path, sites: Mapping[str, Site], sections: Mapping[str, Mapping[str, str]], now: datetime) -> StoreState:
    """What the database at `path` tells of the whole and of each of `sites`; `sections` are their listings that are on.

    Raises nothing: what cannot be read is told in `error`.
    """
    state = StoreState()
    try:
        state.is_there = path.exists() and path.stat().st_size > 0
        state.size = path.stat().st_size if state.is_there else 0
        log = path.with_name(f"{path.name}-wal")
        state.log = log.stat().st_size if log.exists() else 0
        if not state.is_there:
            state.error = _missing(path, log) if state.log else ""
            return state
        with closing(Database(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=PATIENCE))) as db:
            _read(db, path, state, sites, sections, now)
    except sqlite3.Error as error:
        state.error = sentence(path, error, PATIENCE)
    except StoreError as error:
        state.error = str(error)
    except OSError as error:
        state.error = f"{path} cannot be read: {error.strerror}"
    return state


def _missing(path: Path, log: Path) -> str:
    return f"{path} is gone or empty, but its log {log.name} is there: restore a backup, and move the log away"


def _read(
    db: Database, path: Path, state: StoreState, sites: Mapping[str, Site], sections: Mapping[str, Mapping[str, str]], now: datetime
) -> None:
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID and db.table_names():
        raise StoreError(f"{path} is a database of another program: choose another file as DATABASE")
    state.verdict = [str(row[0]) for row in db.execute(f"PRAGMA quick_check({MOST_DAMAGES})")]
    known = {m.name for m in migrations.pending(Database(memory=True))}
    applied = {m.name for m in migrations.applied(db)} if migrations.migrations_table in db.table_names() else set()
    state.pending = sorted(known - applied)
    if newer := sorted(applied - known):
        raise StoreError(f"{path} was written by a newer newswatch ({', '.join(newer)}): upgrade the program")
    if state.pending:
        return
    state.stories = _one(db, "SELECT count(*) FROM stories")
    state.newest = _newest(db)
    state.archived = _archived(db)
    for name, site in sites.items():
        state.sites[name] = _site_state(db, site, sections.get(name, {}), now)


def _newest(db: Database) -> datetime | None:
    """Of when things were done, not of what pages say."""
    columns = (("runs", "started_at"), ("runs", "ended_at"), ("sections", "last_checked_at"), ("stories", "last_seen_at"))
    times = [_one(db, f"SELECT max({column}) FROM {table}", str) for table, column in columns]
    return from_text(max((t for t in times if t), default=None))


def _archived(db: Database) -> dict[str, Archived]:
    rows = db.execute(
        "SELECT archive_file, max(archive_offset) FROM revisions WHERE archive_file IS NOT NULL GROUP BY archive_file ORDER BY max(id)"
    )
    return {file: Archived(file, offset) for file, offset in rows}


def _site_state(db: Database, site: Site, listings: Mapping[str, str], now: datetime) -> SiteState:
    name = site.name
    success = db.execute(
        "SELECT max(started_at) FROM runs WHERE site = ? AND replay IS NULL AND json_extract(counts, '$.sections') > 0", [name]
    ).fetchone()[0]
    begun = db.execute("SELECT max(started_at) FROM runs WHERE site = ? AND replay IS NULL", [name]).fetchone()[0]
    return SiteState(
        from_text(success),
        from_text(begun),
        last_readings(db, name),
        silence_of(db, name, _sections_on(site, listings), site.tzinfo),
        [f"section {lost.section}: {lost_sentence(lost.state, lost.links)}" for lost in lost_links(db, name)],
        _overdue(db, name, listings, now),
    )


def _sections_on(site: Site, listings: Mapping[str, str]) -> list[str]:
    return [name for name in site.sections if name in listings]


def _overdue(db: Database, site: str, listings: Mapping[str, str], now: datetime) -> Overdue:
    """How many listings that are on, links and stories should have been looked at, and since when the first of them waits."""
    at = to_text(now)
    rows = db.execute("SELECT name, next_check_at FROM sections WHERE site = ? AND next_check_at < ?", [site, at])
    due = [(name, from_text(text)) for name, text in rows if name in listings]
    pages, since = 0, [when for _, when in due if when]
    for table in ("frontier", "stories"):
        sql = f"SELECT count(*), min(next_check_at) FROM {table} WHERE site = ? AND next_check_at < ?"
        count, first = db.execute(sql, [site, at]).fetchone()
        pages += count
        since += [when] if (when := from_text(first)) else []
    return Overdue(len(due), pages, now - min(since) if since else timedelta(0))


def _one(db: Database, sql: str, kind: Callable[[object], Found] = int) -> Found | None:  # type: ignore[assignment]
    value = db.execute(sql).fetchone()[0]
    return None if value is None else kind(value)
