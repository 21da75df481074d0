"""Mentions, events and the actors they speak of."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from newswatch.matching import Actor, ActorHistory, Rule
from newswatch.matching.events import HEADLINE, derive_all
from newswatch.store.counters import recount
from newswatch.store.indexing import index_stories
from newswatch.story import Event, Mention


@dataclass(frozen=True, slots=True)
class EventChanges:
    """How the stored events of a story become those of its mentions. An event that is both keeps its row."""

    vanished: list[int]
    """Ids."""
    moved: list[tuple[str | None, int]]
    """Field and id of those that stand in another field now."""
    new: list[tuple[int, str, Event]]
    """Revision, when it was seen, event."""


_COLUMNS = "actor, field, start, end, surface, name, rule, snippet, entry, is_ambiguous"


def history(db: Database, story_id: int) -> ActorHistory:
    """Which actors the revisions of a story named so far; ambiguous mentions name nobody."""
    ever = db.execute("SELECT DISTINCT actor FROM mentions WHERE story_id = ? AND NOT is_ambiguous", [story_id])
    newest = "SELECT id FROM revisions WHERE story_id = ? ORDER BY number DESC LIMIT 1"
    last = db.execute(
        f"SELECT DISTINCT actor, field FROM mentions WHERE revision_id = ({newest}) AND NOT is_ambiguous", [story_id]
    ).fetchall()
    return ActorHistory(
        ever=frozenset(actor for (actor,) in ever),
        last=frozenset(actor for actor, _ in last),
        last_in_title=frozenset(actor for actor, field in last if field in HEADLINE),
    )


def mentions_of(db: Database, revision_id: int) -> list[Mention]:
    """The mentions of one revision, as they were made."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM mentions WHERE revision_id = ? ORDER BY id", [revision_id])
    return [
        Mention(actor, field, start, end, surface, name, rule, snippet, entry, bool(is_ambiguous))
        for actor, field, start, end, surface, name, rule, snippet, entry, is_ambiguous in rows
    ]


def insert_mentions(db: Database, story_id: int, revision_id: int, mentions: Iterable[Mention]) -> None:
    """The mentions of one revision."""
    rows = [
        (revision_id, story_id, m.actor, m.field, m.start, m.end, m.surface, m.name, m.rule, m.snippet, m.entry, m.is_ambiguous)
        for m in mentions
    ]
    db.conn.executemany(f"INSERT INTO mentions (revision_id, story_id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def insert_events(db: Database, story_id: int, revision_id: int, events: Iterable[Event], at: str | None, *, past: bool = False) -> None:
    """The events of one revision; `past` where they were found afterwards."""
    db.conn.executemany(
        "INSERT INTO events (story_id, revision_id, actor, kind, field, at, past) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(story_id, revision_id, e.actor, e.kind, e.field, at, past) for e in events],
    )


def replace_mentions(db: Database, story_id: int, found: Mapping[int, Iterable[Mention]]) -> None:
    """Other mentions for some of a story's revisions; the story is counted anew, and found by whom it names."""
    for revision_id, mentions in found.items():
        db.execute("DELETE FROM mentions WHERE revision_id = ?", [revision_id])
        insert_mentions(db, story_id, revision_id, mentions)
    recount(db, [story_id])
    index_stories(db, [story_id])


def event_changes(db: Database, story_id: int, found: Mapping[int, list[Mention]]) -> EventChanges:
    """What the events of a story are to become where `found` takes the place of the mentions of some revisions."""
    seen_at = dict(db.execute("SELECT id, seen_at FROM revisions WHERE story_id = ? ORDER BY number", [story_id]).fetchall())
    derived = derive_all(found[r] if r in found else mentions_of(db, r) for r in seen_at)
    wanted = {(r, e.actor, e.kind): e for r, events in zip(seen_at, derived, strict=True) for e in events}
    rows = db.execute("SELECT id, revision_id, actor, kind, field FROM events WHERE story_id = ?", [story_id])
    stored = {(revision, actor, kind): (event, field) for event, revision, actor, kind, field in rows}
    return EventChanges(
        vanished=[event for key, (event, _) in stored.items() if key not in wanted],
        moved=[(wanted[key].field, event) for key, (event, field) in stored.items() if key in wanted and wanted[key].field != field],
        new=[(key[0], seen_at[key[0]], event) for key, event in wanted.items() if key not in stored],
    )


def change_events(db: Database, story_id: int, changes: EventChanges) -> None:
    """Writes them; what is new was found afterwards."""
    db.conn.executemany("DELETE FROM events WHERE id = ?", [(event,) for event in changes.vanished])
    db.conn.executemany("UPDATE events SET field = ? WHERE id = ?", changes.moved)
    for revision_id, at, event in changes.new:
        insert_events(db, story_id, revision_id, [event], at, past=True)


def save_actors(db: Database, actors: Iterable[Actor | Rule]) -> None:
    """Names and kinds of actors and rules, so that the database can be read by itself. Those no longer watched stay."""
    db.conn.executemany(
        "INSERT INTO actors (id, name, kind, tags) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET name = excluded.name, kind = excluded.kind, tags = excluded.tags",
        [(a.id, a.name or (a.when if isinstance(a, Rule) else a.id), a.kind, json.dumps(a.tags, ensure_ascii=False)) for a in actors],
    )
