"""What pages count, counted when a story is saved, in the same transaction: who is named in how many stories, and with whom.

mentions of a story -> story_actors -> actor_days, actor_pairs        (here)
revisions, faults   -> site_days; actor_days -> named_by_day          (triggers: see counter_schema)

A day is that of the story's `sort_at`, UTC. Ambiguous mentions name nobody and are not counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import permutations

from sqlite_utils import Database

from newswatch.revisions import MENTION_FIELDS
from newswatch.story import Mention

MOST_PAIRED = 20
"""Actors of a story that are counted as pairs, the most prominent: the pairs of more would cost more than they tell."""

_RANK = {name: rank for rank, name in enumerate(MENTION_FIELDS)}


@dataclass(frozen=True, slots=True)
class Named:
    """How a story names an actor."""

    place: str
    """The most prominent field, in the newest revision that names it."""
    mentions: int
    """In the newest revision that names it."""
    is_named: bool
    """Whether the story's newest revision does."""


@dataclass(frozen=True, slots=True)
class Counted:
    """All that the counters hold of a story."""

    site: str = ""
    sort_at: str = ""
    actors: Mapping[str, Named] = field(default_factory=dict)


def count_revision(db: Database, story_id: int, mentions: Iterable[Mention]) -> None:
    """Counts a story's new newest revision, that has these mentions; within the transaction that saves it."""
    before = _stored(db, story_id)
    older = {actor: Named(n.place, n.mentions, False) for actor, n in before.actors.items()}
    found = [(m.actor, m.field, 1) for m in mentions if not m.is_ambiguous]
    _write(db, story_id, before, _with_story(db, story_id, older | _named(found, is_named=True)))


def count_moved(db: Database, story_id: int) -> None:
    """Counts a story for the day that it has now; within the transaction that saves it."""
    row = db.execute(
        "SELECT 1 FROM story_actors a JOIN stories s ON s.id = a.story_id WHERE a.story_id = ? AND a.sort_at <> s.sort_at LIMIT 1",
        [story_id],
    ).fetchone()
    if row:
        before = _stored(db, story_id)
        _write(db, story_id, before, _with_story(db, story_id, before.actors))


def recount(db: Database, story_ids: Iterable[int]) -> None:
    """Counts stories anew from their mentions as they are stored now; of a story that is gone nothing stays counted.

    For whoever replaces or removes mentions or stories, within the transaction that does it, after it was done.
    """
    for story_id in story_ids:
        newest = db.execute(
            "SELECT actor, field, count(*) FROM mentions WHERE NOT is_ambiguous AND revision_id ="
            " (SELECT id FROM revisions WHERE story_id = ? ORDER BY number DESC LIMIT 1) GROUP BY actor, field",
            [story_id],
        ).fetchall()
        actors = _ever(db, story_id) | _named(newest, is_named=True)
        _write(db, story_id, _stored(db, story_id), _with_story(db, story_id, actors))


def _ever(db: Database, story_id: int) -> dict[str, Named]:
    """Whom a story's revisions name, each as the newest that does has it."""
    rows = db.execute(
        "SELECT m.actor, m.field, count(*) FROM mentions m JOIN (SELECT actor, max(revision_id) AS revision_id FROM mentions"
        " WHERE story_id = :story AND NOT is_ambiguous GROUP BY actor) l ON l.actor = m.actor AND l.revision_id = m.revision_id"
        " WHERE m.story_id = :story AND NOT m.is_ambiguous GROUP BY m.actor, m.field",
        {"story": story_id},
    ).fetchall()
    return _named(rows, is_named=False)


def _named(found: Iterable[tuple[str, str, int]], *, is_named: bool) -> dict[str, Named]:
    """By actor, from (actor, field, number of mentions) of one revision each."""
    places: dict[str, str] = {}
    numbers: Counter[str] = Counter()
    for actor, place, number in found:
        numbers[actor] += number
        if actor not in places or _RANK[place] < _RANK[places[actor]]:
            places[actor] = place
    return {actor: Named(place, numbers[actor], is_named) for actor, place in places.items()}


def _stored(db: Database, story_id: int) -> Counted:
    rows = db.execute("SELECT site, sort_at, actor, place, mentions, is_named FROM story_actors WHERE story_id = ?", [story_id]).fetchall()
    actors = {actor: Named(place, mentions, bool(named)) for _, _, actor, place, mentions, named in rows}
    return Counted(rows[0][0], rows[0][1], actors) if rows else Counted()


def _with_story(db: Database, story_id: int, actors: Mapping[str, Named]) -> Counted:
    row = db.execute("SELECT site, sort_at FROM stories WHERE id = ?", [story_id]).fetchone()
    return Counted(row[0], row[1], actors) if row else Counted()


def _write(db: Database, story_id: int, before: Counted, after: Counted) -> None:
    """Makes the counters of a story those of `after`."""
    if before == after:
        return
    db.conn.executemany(
        "DELETE FROM story_actors WHERE story_id = ? AND actor = ?", [(story_id, actor) for actor in before.actors.keys() - after.actors]
    )
    db.conn.executemany(
        "INSERT INTO story_actors (story_id, actor, site, sort_at, place, mentions, is_named) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (story_id, actor) DO UPDATE SET site = excluded.site, sort_at = excluded.sort_at, place = excluded.place,"
        " mentions = excluded.mentions, is_named = excluded.is_named",
        [(story_id, actor, after.site, after.sort_at, n.place, n.mentions, n.is_named) for actor, n in after.actors.items()],
    )
    _change_days(db, before, after)
    _change_pairs(db, pairs(before), pairs(after))


def _change_days(db: Database, before: Counted, after: Counted) -> None:
    stories: Counter[tuple[str, str, str]] = Counter()
    mentions: Counter[tuple[str, str, str]] = Counter()
    for counted, sign in ((before, -1), (after, 1)):
        for actor, named in counted.actors.items():
            key = (actor, counted.sort_at[:10], counted.site)
            stories[key] += sign
            mentions[key] += sign * named.mentions
    changed = [key for key in stories if stories[key] or mentions[key]]
    db.conn.executemany(
        "INSERT INTO actor_days (actor, day, site, stories, mentions) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
        " SET stories = stories + excluded.stories, mentions = mentions + excluded.mentions",
        [(*key, stories[key], mentions[key]) for key in changed],
    )
    fewer = [key for key in changed if stories[key] < 0]
    db.conn.executemany("DELETE FROM actor_days WHERE actor = ? AND day = ? AND site = ? AND stories <= 0", fewer)


def pairs(counted: Counted) -> set[tuple[str, str]]:
    """Who stands beside whom in a story, either way round; of the most prominent only."""
    ordered = sorted(counted.actors, key=lambda a: (_RANK[counted.actors[a].place], -counted.actors[a].mentions, a))
    return set(permutations(ordered[:MOST_PAIRED], 2))


def _change_pairs(db: Database, before: set[tuple[str, str]], after: set[tuple[str, str]]) -> None:
    db.conn.executemany(
        "INSERT INTO actor_pairs (actor, other, stories) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET stories = stories + 1",
        sorted(after - before),
    )
    db.conn.executemany("UPDATE actor_pairs SET stories = stories - 1 WHERE actor = ? AND other = ?", sorted(before - after))
    db.conn.executemany("DELETE FROM actor_pairs WHERE actor = ? AND other = ? AND stories <= 0", sorted(before - after))
