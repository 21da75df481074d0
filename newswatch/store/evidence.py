"""What is stored of the stories about some actors, row by row, for `scrapy export`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

_SCHEDULE = frozenset(["next_check_at", "checked_at", "changed_at", "failures"])
"""Columns of `stories` that say when it is looked at again: nothing of the story."""

_JSON = frozenset(["authors", "keywords", "passages", "entries"])


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which stories: those that name any of the actors in any revision, and whose `sort_at` is in the time."""

    actors: tuple[str, ...]
    since: str = ""
    """The first day, `2026-01-01`, UTC; empty: from the beginning."""
    until: str = ""
    """The last day; empty: to the end."""
    sites: tuple[str, ...] = ()
    """Empty: all."""


@contextmanager
def one_state(db: Database) -> Iterator[None]:
    """All that is read within is of one moment, whatever crawls write meanwhile."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("ROLLBACK")


def known_actors(db: Database) -> dict[str, str]:
    """Names of all actors that were ever watched, by id."""
    return dict(db.execute("SELECT id, name FROM actors ORDER BY id").fetchall())


def chosen_ids(db: Database, chosen: Chosen) -> Iterator[int]:
    """The stories, the oldest first."""
    sites = " AND site IN (SELECT value FROM json_each(:sites))" if chosen.sites else ""
    rows = db.execute(
        "SELECT DISTINCT story_id, sort_at FROM story_actors WHERE actor IN (SELECT value FROM json_each(:actors))"
        f" AND sort_at >= :since AND sort_at < :end{sites} ORDER BY sort_at, story_id",
        {
            "actors": json.dumps(chosen.actors),
            "sites": json.dumps(chosen.sites),
            "since": chosen.since,
            "end": f"{chosen.until}U" if chosen.until else "~",  # behind any time of that day, that has a T there
        },
    )
    for story_id, _ in rows:
        yield int(story_id)


def story_row(db: Database, story_id: int, actors: tuple[str, ...]) -> dict[str, Any]:
    """A story: its columns, all its addresses, and those of the actors that it names."""
    row = next(_rows(db, "SELECT * FROM stories WHERE id = ?", [story_id]))
    urls = db.execute("SELECT url, first_seen_at FROM story_urls WHERE story_id = ? ORDER BY first_seen_at, url", [story_id])
    named = db.execute("SELECT actor, place, mentions, is_named FROM story_actors WHERE story_id = ? ORDER BY actor", [story_id])
    return {
        **{name: value for name, value in row.items() if name not in _SCHEDULE},
        "urls": [{"url": url, "first_seen_at": at} for url, at in urls],
        "actors": [
            {"actor": a, "place": place, "mentions": count, "is_named": bool(now)} for a, place, count, now in named if a in actors
        ],
    }


def revision_rows(db: Database, story_id: int) -> Iterator[dict[str, Any]]:
    """Its revisions, the first one first."""
    for row in _rows(db, "SELECT * FROM revisions WHERE story_id = ? ORDER BY number", [story_id]):
        yield {name: json.loads(value) if name in _JSON and value else value for name, value in row.items()}


def mention_rows(db: Database, story_id: int, actors: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Mentions of the actors in a story, by revision and place."""
    sql = (
        "SELECT r.number AS revision, m.* FROM mentions m JOIN revisions r ON r.id = m.revision_id"
        " WHERE m.story_id = ? AND m.actor IN (SELECT value FROM json_each(?)) ORDER BY r.number, m.id"
    )
    return _rows(db, sql, [story_id, json.dumps(actors)])


def event_rows(db: Database, story_id: int, actors: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """What happened to the actors in a story."""
    sql = (
        "SELECT r.number AS revision, e.* FROM events e JOIN revisions r ON r.id = e.revision_id"
        " WHERE e.story_id = ? AND e.actor IN (SELECT value FROM json_each(?)) ORDER BY r.number, e.id"
    )
    return _rows(db, sql, [story_id, json.dumps(actors)])


def _rows(db: Database, sql: str, parameters: list[Any]) -> Iterator[dict[str, Any]]:
    cursor = db.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))
