"""The lists of the face, read from the store: each is a page of rows behind a cursor, by an index, and no row has a body in it."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]

PAGE = 30
"""Rows of a page."""

_CURSOR = re.compile(r"(?P<at>[0-9TZ:.+-]{4,32})(_(?P<id>[0-9]{1,18}))?")


class AskedError(Exception):
    """Something that nobody can answer. `status` is 400 or 404; the text is for people."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page: the next one begins behind it."""

    at: str = "9999"
    id: int = 2**62

    @classmethod
    def parse(cls, text: str | None) -> Cursor:
        """From a query string; the beginning where there is none, of a time alone what is older. Raises AskedError (400)."""
        if not text:
            return cls()
        found = _CURSOR.fullmatch(text)
        if found is None:
            raise AskedError(400, "That is no place in this list.")
        return cls(found["at"], int(found["id"] or 0))

    def __str__(self) -> str:
        """As `parse` understands it."""
        return f"{self.at}_{self.id}"


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, and where the next page begins; None at the end."""

    rows: list[Row]
    next: str | None = None


def select(conn: sqlite3.Connection, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[Row]:
    """All rows, as dictionaries."""
    cursor = conn.execute(sql, values)
    names = [d[0] for d in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def paged(conn: sqlite3.Connection, sql: str, values: Mapping[str, Any], before: Cursor, *, by: str, key: str, size: int = PAGE) -> Page:
    """One page of a query that takes :at, :id and :size; `by` and `key` are the columns it is sorted by."""
    rows = select(conn, sql, {**values, "at": before.at, "id": before.id, "size": size + 1})
    if len(rows) <= size:
        return Page(rows)
    rows.pop()
    return Page(rows, str(Cursor(rows[-1][by], rows[-1][key])))


STORY = (
    "s.id, s.site, s.url, s.kicker, s.title, s.section, s.kind, s.access, s.sort_at, s.date_flags, s.revisions, s.first_seen_at,"
    " s.missing_since, s.gone_at, s.gated_since, s.silent_edits"
)


def new_stories(conn: sqlite3.Connection, before: Cursor, site: str | None = None, size: int = PAGE) -> Page:
    """Stories, the newest first, with the actors they name; of one site where it is given."""
    of_site = "s.site = :site AND " if site is not None else ""
    sql = f"SELECT {STORY} FROM stories s WHERE {of_site}(s.sort_at, s.id) < (:at, :id) ORDER BY s.sort_at DESC, s.id DESC LIMIT :size"
    page = paged(conn, sql, {"site": site}, before, by="sort_at", key="id", size=size)
    add_actors(conn, page.rows, "id")
    return page


def add_actors(conn: sqlite3.Connection, rows: Iterable[Row], key: str) -> None:
    """Puts `actors` into each row: those its story names now, the most prominent first."""
    found = list(rows)
    ids = sorted({row[key] for row in found})
    actors: dict[int, list[Row]] = {}
    marks = ",".join("?" * len(ids))
    sql = (
        "SELECT t.story_id, t.actor AS id, coalesce(a.name, t.actor) AS name, a.kind, t.mentions FROM story_actors t"
        f" LEFT JOIN actors a ON a.id = t.actor WHERE t.story_id IN ({marks}) AND t.is_named ORDER BY t.story_id, t.mentions DESC, t.actor"
    )
    for row in select(conn, sql, ids) if ids else []:
        actors.setdefault(row["story_id"], []).append(row)
    for row in found:
        row["actors"] = actors.get(row[key], [])


CHANGE = (
    "r.id AS change, r.story_id, r.number, r.seen_at, r.words_added, r.words_removed, r.changed_fields, r.notice, s.title, s.site,"
    " s.section, s.url"
)

_CHANGES = {
    "edits": "r.number > 1",
    "headlines": "r.number > 1 AND instr(' ' || r.changed_fields || ' ', ' title ')",
    "silent": "r.notice = 'silent'",
}
"""Each is the condition of an index: see migrations.what_the_face_lists."""


def changes(conn: sqlite3.Connection, kind: str, before: Cursor, size: int = PAGE) -> Page:
    """Edits, the newest first: all (`edits`), of headlines with both of them (`headlines`), or silent ones (`silent`)."""
    titles = (
        ", r.title AS title_after,"
        " (SELECT p.title FROM revisions p WHERE p.story_id = r.story_id AND p.number = r.number - 1) AS title_before"
        if kind == "headlines"
        else ""
    )
    sql = (
        f"SELECT {CHANGE}{titles} FROM revisions r JOIN stories s ON s.id = r.story_id"
        f" WHERE {_CHANGES[kind]} AND (r.seen_at, r.id) < (:at, :id) ORDER BY r.seen_at DESC, r.id DESC LIMIT :size"
    )
    return paged(conn, sql, {}, before, by="seen_at", key="change", size=size)


_SNIPPET = (
    "(SELECT m.snippet FROM mentions m WHERE m.story_id = e.story_id AND m.revision_id = e.revision_id AND m.actor = e.actor"
    " AND NOT m.is_ambiguous AND m.field = e.field LIMIT 1) AS snippet"
)
"""With the story, though the revision says it all: else SQLite reads every mention that the actor ever had."""

EVENT = (
    "e.id, e.story_id, e.actor, coalesce(a.name, e.actor) AS name, a.kind AS actor_kind, e.kind, e.field, e.at, e.past, r.number,"
    f" s.title, s.site, s.url, {_SNIPPET}"
)


def events(conn: sqlite3.Connection, before: Cursor, actor: str | None = None, size: int = PAGE) -> Page:
    """What happened to actors, or to one, the newest first."""
    of_actor = "e.actor = :actor AND " if actor is not None else ""
    sql = (
        f"SELECT {EVENT} FROM events e JOIN stories s ON s.id = e.story_id JOIN revisions r ON r.id = e.revision_id"
        f" LEFT JOIN actors a ON a.id = e.actor WHERE {of_actor}(e.at, e.id) < (:at, :id) ORDER BY e.at DESC, e.id DESC LIMIT :size"
    )
    return paged(conn, sql, {"actor": actor}, before, by="at", key="id", size=size)


def totals(conn: sqlite3.Connection) -> Row:
    """What the database holds, from the days that are counted already."""
    return select(conn, "SELECT coalesce(sum(new_stories), 0) AS stories, coalesce(sum(edits), 0) AS edits FROM site_days")[0]
