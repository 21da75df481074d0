"""What happened to the actors, as alerts tell it: events, and edits of stories that name an actor. Reads only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from newswatch.revisions import MENTION_FIELDS
from newswatch.store.mentions import mentions_of
from newswatch.story import Happening, Mention

_EVENTS = """
    SELECT v.id, v.story_id, e.actor, e.kind, e.field, v.seen_at, v.url
    FROM revisions v JOIN events e ON e.revision_id = v.id WHERE NOT e.past AND {which}
"""

_EDITS = """
    SELECT v.id, v.story_id, m.actor, 'changed' AS kind, min({order}) AS field, v.seen_at, v.url
    FROM revisions v JOIN mentions m ON m.revision_id = v.id
    WHERE v.number > 1 AND NOT m.is_ambiguous AND {which}
      AND NOT EXISTS (SELECT 1 FROM events e WHERE e.revision_id = v.id AND e.actor = m.actor)
    GROUP BY v.id, m.actor
"""

_BY_PLACE = "CASE m.field " + " ".join(f"WHEN '{f}' THEN {i}" for i, f in enumerate(MENTION_FIELDS)) + " ELSE 9 END"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the revisions were looked through; the address and time tell whether it is still the same row."""

    revision: int
    url: str
    seen_at: str


def newest_mark(db: Database) -> Mark | None:
    """The newest revision; None in an empty store."""
    row = db.execute("SELECT id, url, seen_at FROM revisions ORDER BY id DESC LIMIT 1").fetchone()
    return Mark(*row) if row else None


def mark_before(db: Database, revision: int) -> Mark | None:
    """The newest revision before another one."""
    row = db.execute("SELECT id, url, seen_at FROM revisions WHERE id < ? ORDER BY id DESC LIMIT 1", [revision]).fetchone()
    return Mark(*row) if row else None


def still_there(db: Database, mark: Mark) -> bool:
    """Whether the store is the one that was marked: another one was restored from a backup, or begun anew."""
    row = db.execute("SELECT url, seen_at FROM revisions WHERE id = ?", [mark.revision]).fetchone()
    return row is not None and tuple(row) == (mark.url, mark.seen_at)


def happenings(db: Database, *, after: int = 0, since: str = "", until: str | None = None) -> Iterator[Happening]:
    """What happened in revisions with a larger number than `after` that were seen since then (UTC, as stored), the oldest first.

    What a changed watchlist found afterwards in old stories is no news and is left out.
    """
    which = "v.id > :after AND v.seen_at >= :since AND (:until IS NULL OR v.seen_at < :until)"
    inner = f"{_EVENTS.format(which=which)} UNION ALL {_EDITS.format(which=which, order=_BY_PLACE)}"
    sql = "SELECT r.*, s.site, s.section FROM (" + inner + ") r JOIN stories s ON s.id = r.story_id ORDER BY r.id, r.actor, r.kind"
    rows = db.execute(sql, {"after": after, "since": since, "until": until})
    for revision, story, actor, kind, field, seen_at, url, site, section in rows:
        place = MENTION_FIELDS[int(field)] if kind == "changed" and int(field) < len(MENTION_FIELDS) else field
        key = _key(site, url, seen_at, actor, kind)
        yield Happening(key, revision, story, site, tuple(section.split(" > ")) if section else (), actor, kind, place, seen_at)


def _key(*parts: str) -> str:
    """The same for the same happening in every copy of the store, whatever its row's number is."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Told:
    """A story as mails tell of it."""

    id: int
    site: str
    url: str
    title: str
    section: str
    published_at: str | None
    gone_at: str | None
    gated_since: str | None


def told_story(db: Database, story: int) -> Told | None:
    """A story by its number; None where it was removed meanwhile."""
    sql = "SELECT id, site, url, title, section, published_at, gone_at, gated_since FROM stories WHERE id = ?"
    row = db.execute(sql, [story]).fetchone()
    return Told(*row) if row else None


@dataclass(frozen=True, slots=True)
class Text:
    """A revision's words."""

    revision: int
    number: int
    seen_at: str
    fields: dict[str, str]
    is_archived: bool


def text_of(db: Database, revision: int) -> Text | None:
    """The words of a revision."""
    names = ("kicker", "title", "other_titles", "lead", "body", "caption", "sources")
    row = db.execute(
        f"SELECT number, seen_at, archive_file IS NOT NULL, {', '.join(names)} FROM revisions WHERE id = ?", [revision]
    ).fetchone()
    return Text(revision, row[0], row[1], dict(zip(names, row[3:], strict=True)), bool(row[2])) if row else None


def revision_before(db: Database, story: int, revision: int) -> int | None:
    """The revision of a story that came before another one."""
    row = db.execute(
        "SELECT id FROM revisions WHERE story_id = ? AND number < (SELECT number FROM revisions WHERE id = ?) ORDER BY number DESC LIMIT 1",
        [story, revision],
    ).fetchone()
    return int(row[0]) if row else None


def sentences_of(db: Database, revision: int, actors: Iterable[str]) -> list[Mention]:
    """The mentions of these actors in a revision, the most prominent first."""
    wanted = set(actors)
    found = [m for m in mentions_of(db, revision) if m.actor in wanted and not m.is_ambiguous]
    return sorted(found, key=lambda m: (MENTION_FIELDS.index(m.field), m.start))


def actor_names(db: Database) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Name, kind and tags of every actor and rule that was ever watched, by id."""
    return {i: (name, kind, tuple(json.loads(tags))) for i, name, kind, tags in db.execute("SELECT id, name, kind, tags FROM actors")}


def others_today(db: Database, actors: Iterable[str], told: Iterable[int], since: str, until: str) -> list[tuple[str, int, str, str, str]]:
    """What else happened to the actors: (actor, story, site, title, kind), the newest first, a few; `told` are stories to leave out."""
    names, left_out = list(actors), list(told)
    marks, others = ", ".join("?" * len(names)), ", ".join("?" * len(left_out))
    return db.execute(
        "SELECT e.actor, s.id, s.site, s.title, e.kind FROM events e JOIN stories s ON s.id = e.story_id"
        f" WHERE e.actor IN ({marks}) AND e.at >= ? AND e.at < ? AND e.story_id NOT IN ({others}) AND NOT e.past"
        " GROUP BY e.actor, s.id ORDER BY e.at DESC, s.id LIMIT 20",
        [*names, since, until, *left_out],
    ).fetchall()
