"""One story as a page shows it: a revision with its marks, all revisions, what happened to its actors."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, replace
from itertools import accumulate

from newswatch.revisions import FIELDS
from newswatch.story import Archived, Mention
from newswatch.web.marks import Paragraph, Piece, marked, paragraphs
from newswatch.web.reading import EVENT, STORY, AskedError, Row, select

MOST_REVISIONS = 200
"""Of a story's revisions the newest so many are listed."""

MOST_MENTIONS = 5000
"""Marks of a page; a liveblog of years may have more."""


@dataclass(frozen=True, slots=True)
class Told:
    """A revision, ready to print."""

    story: Row
    revision: Row
    kicker: tuple[Piece, ...]
    title: tuple[Piece, ...]
    lead: tuple[Piece, ...]
    caption: tuple[Piece, ...]
    sources: tuple[tuple[Piece, ...], ...]
    body: tuple[Paragraph, ...]
    actors: tuple[Row, ...]
    """Those that this revision names: id, name, kind, count, is_ambiguous."""

    @property
    def kinds(self) -> dict[str, str]:
        """Kinds of actors by id."""
        return {a["id"]: a["kind"] or "" for a in self.actors}


def story(conn: sqlite3.Connection, key: int) -> Row:
    """A story's row. Raises AskedError (404)."""
    rows = select(
        conn,
        f"SELECT {STORY}, s.language, s.published_at, s.modified_at, s.last_seen_at, s.last_read_at, s.empty_updates"
        " FROM stories s WHERE s.id = ?",
        [key],
    )
    if not rows:
        raise AskedError(404, f"There is no story {key}.")
    return rows[0]


def told(conn: sqlite3.Connection, found: Row, number: int | None) -> Told:
    """A revision of a story with its marks, the newest where no number is given. Raises AskedError (404)."""
    rows = select(
        conn,
        "SELECT id, number, seen_at, kicker, title, other_titles, lead, body, passages, caption, image_credit, sources, authors,"
        " published_at, published_raw, modified_at, modified_raw, reading_minutes, words, notice, access, unseen, archive_file"
        " FROM revisions WHERE story_id = ? AND number = ?",
        [found["id"], found["revisions"] if number is None else number],
    )
    if not rows:
        raise AskedError(404, f"Story {found['id']} has no revision {number}; it has {found['revisions']}.")
    row = rows[0]
    mentions = _mentions(conn, row["id"])
    by_field = {f: [m for m in mentions if m.field == f] for f in FIELDS}
    row["authors"] = json.loads(row["authors"])
    row["other_titles"] = [t for t in row["other_titles"].split("\n") if t]
    return Told(
        story=found,
        revision=row,
        kicker=marked(row["kicker"], by_field["kicker"]),
        title=marked(row["title"], by_field["title"]),
        lead=marked(row["lead"], by_field["lead"]),
        caption=marked(row["caption"], by_field["caption"]),
        sources=_lines(row["sources"], by_field["sources"]),
        body=tuple(paragraphs(row["body"], json.loads(row["passages"]), by_field["body"])),
        actors=tuple(_actors(conn, row["id"])),
    )


def _mentions(conn: sqlite3.Connection, revision: int) -> list[Mention]:
    rows = conn.execute(
        "SELECT actor, field, start, end, surface, name, rule, snippet, entry, is_ambiguous FROM mentions WHERE revision_id = ? LIMIT ?",
        [revision, MOST_MENTIONS],
    )
    return [Mention(*row) for row in rows]


def _lines(text: str, mentions: list[Mention]) -> tuple[tuple[Piece, ...], ...]:
    """A field that has a line an item."""
    out, start = [], 0
    for line in text.split("\n"):
        end = start + len(line)
        here = [m for m in mentions if start <= m.start and m.end <= end]
        out.append(marked(line, [replace(m, start=m.start - start, end=m.end - start) for m in here]))
        start = end + 1
    return tuple(p for p in out if p)


def _actors(conn: sqlite3.Connection, revision: int) -> list[Row]:
    return select(
        conn,
        "SELECT m.actor AS id, coalesce(a.name, m.actor) AS name, a.kind, count(*) AS count, min(m.is_ambiguous) AS is_ambiguous"
        " FROM mentions m LEFT JOIN actors a ON a.id = m.actor WHERE m.revision_id = ? GROUP BY m.actor"
        " ORDER BY min(m.is_ambiguous), count(*) DESC, m.actor",
        [revision],
    )


def revisions(conn: sqlite3.Connection, key: int) -> list[Row]:
    """A story's revisions, the newest first, without their texts."""
    return select(
        conn,
        "SELECT number, seen_at, words, words_added, words_removed, changed_fields, notice, archive_file IS NOT NULL AS has_page"
        " FROM revisions WHERE story_id = ? ORDER BY number DESC LIMIT ?",
        [key, MOST_REVISIONS],
    )


def texts(conn: sqlite3.Connection, found: Row, number: int) -> Row:
    """The fields of a revision that are compared. Raises AskedError (404)."""
    rows = select(
        conn, f"SELECT seen_at, notice, {', '.join(FIELDS)} FROM revisions WHERE story_id = ? AND number = ?", [found["id"], number]
    )
    if not rows:
        raise AskedError(404, f"Story {found['id']} has no revision {number}; it has {found['revisions']}.")
    return rows[0]


def events_of(conn: sqlite3.Connection, key: int) -> list[Row]:
    """What happened to actors in a story, the newest first."""
    return select(
        conn,
        f"SELECT {EVENT} FROM events e JOIN stories s ON s.id = e.story_id JOIN revisions r ON r.id = e.revision_id"
        " LEFT JOIN actors a ON a.id = e.actor WHERE e.story_id = ? ORDER BY e.id DESC LIMIT 100",
        [key],
    )


def addresses(conn: sqlite3.Connection, key: int) -> list[str]:
    """All addresses a story was seen under."""
    return [row["url"] for row in select(conn, "SELECT url FROM story_urls WHERE story_id = ? ORDER BY first_seen_at LIMIT 50", [key])]


MOST_SHARED = 300
"""Letters of a story's text that others may see on its page, in snippets."""


def snippets(conn: sqlite3.Connection, key: int) -> list[Row]:
    """Where the newest revision names actors, the first of each: what may be shown of a publisher's text to others."""
    rows = select(
        conn,
        "SELECT min(m.id) AS id, m.actor, coalesce(a.name, m.actor) AS name, a.kind, m.field, m.snippet"
        " FROM mentions m LEFT JOIN actors a ON a.id = m.actor"
        " WHERE m.revision_id = (SELECT max(revision_id) FROM mentions WHERE story_id = ?) AND NOT m.is_ambiguous"
        " GROUP BY m.actor ORDER BY 1 LIMIT 20",
        [key],
    )
    lengths = accumulate(len(row["snippet"]) for row in rows)
    return [row for row, length in zip(rows, lengths, strict=True) if length <= MOST_SHARED]


def archived(conn: sqlite3.Connection, key: int, number: int) -> Archived:
    """Where the page of a revision lies. Raises AskedError (404)."""
    rows = select(conn, "SELECT archive_file, archive_offset FROM revisions WHERE story_id = ? AND number = ?", [key, number])
    if not rows or not rows[0]["archive_file"]:
        raise AskedError(404, "The page of that revision was not kept, or is not kept any more.")
    return Archived(rows[0]["archive_file"], rows[0]["archive_offset"])
