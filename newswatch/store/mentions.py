"""Mentions, events and the actors they speak of."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlite_utils import Database

from newswatch.matching import Actor, ActorHistory
from newswatch.story import Event, Mention


def history(db: Database, story_id: int) -> ActorHistory:
    """Which actors the revisions of a story named so far."""
    ever = db.execute("SELECT DISTINCT actor FROM mentions WHERE story_id = ?", [story_id])
    newest = "SELECT id FROM revisions WHERE story_id = ? ORDER BY number DESC LIMIT 1"
    last = db.execute(f"SELECT DISTINCT actor, field FROM mentions WHERE revision_id = ({newest})", [story_id]).fetchall()
    return ActorHistory(
        ever=frozenset(actor for (actor,) in ever),
        last=frozenset(actor for actor, _ in last),
        last_in_title=frozenset(actor for actor, field in last if field in ("title", "kicker")),
    )


def insert_mentions(db: Database, story_id: int, revision_id: int, mentions: Iterable[Mention]) -> None:
    """The mentions of one revision."""
    rows = [(revision_id, story_id, m.actor, m.field, m.start, m.end, m.surface, m.name, m.rule, m.snippet) for m in mentions]
    db.conn.executemany(
        "INSERT INTO mentions (revision_id, story_id, actor, field, start, end, surface, name, rule, snippet)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def insert_events(db: Database, story_id: int, revision_id: int, events: Iterable[Event], at: str | None) -> None:
    """The events of one revision."""
    db.conn.executemany(
        "INSERT INTO events (story_id, revision_id, actor, kind, field, at) VALUES (?, ?, ?, ?, ?, ?)",
        [(story_id, revision_id, e.actor, e.kind, e.field, at) for e in events],
    )


def save_actors(db: Database, actors: Iterable[Actor]) -> None:
    """Names and kinds of the actors, so that the database can be read by itself. Actors no longer watched stay."""
    db.conn.executemany(
        "INSERT INTO actors (id, name, kind, tags) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, tags = excluded.tags",
        [(a.id, a.name, a.kind, json.dumps(a.tags, ensure_ascii=False)) for a in actors],
    )
