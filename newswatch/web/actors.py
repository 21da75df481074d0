"""What the face tells of actors: how often, where, beside whom, in which sentences."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from newswatch.web.charts import COLOURS
from newswatch.web.reading import PAGE, Cursor, Page, Row, paged, select

SPANS = (30, 60, 365)
"""Days that a chart can show."""

OTHERS = "other sites"


def busiest(conn: sqlite3.Connection, last: date, days: int = 60, count: int = 15) -> list[Row]:
    """The actors that most stories of the last days name, each with `days`: stories by day."""
    first = (last - timedelta(days=days - 1)).isoformat()
    rows = select(
        conn,
        "SELECT b.actor AS id, coalesce(a.name, b.actor) AS name, a.kind, b.stories FROM"
        " (SELECT actor, sum(stories) AS stories FROM named_by_day WHERE day >= ? GROUP BY actor ORDER BY 2 DESC, actor LIMIT ?) b"
        " LEFT JOIN actors a ON a.id = b.actor ORDER BY b.stories DESC, b.actor",
        [first, count],
    )
    for row in rows:
        found = select(conn, "SELECT day, sum(stories) AS n FROM actor_days WHERE actor = ? AND day >= ? GROUP BY day", [row["id"], first])
        row["days"] = {date.fromisoformat(d["day"]): d["n"] for d in found}
    return rows


def actor(conn: sqlite3.Connection, key: str) -> Row | None:
    """Name, kind and tags of an actor that is or was watched, or that some story names; None where nobody knows it."""
    rows = select(conn, "SELECT id, name, kind, tags FROM actors WHERE id = ?", [key])
    if rows:
        return {**rows[0], "tags": json.loads(rows[0]["tags"])}
    if select(conn, "SELECT 1 FROM story_actors WHERE actor = ? LIMIT 1", [key]):
        return {"id": key, "name": key, "kind": "", "tags": []}
    return None


def sums(conn: sqlite3.Connection, key: str) -> Row:
    """Stories, mentions, first and last day of an actor."""
    return select(
        conn,
        "SELECT coalesce(sum(stories), 0) AS stories, coalesce(sum(mentions), 0) AS mentions, min(day) AS first, max(day) AS last"
        " FROM actor_days WHERE actor = ?",
        [key],
    )[0]


def by_site(conn: sqlite3.Connection, key: str, last: date, days: int) -> dict[str, dict[date, int]]:
    """Stories by site and day, the site with most first; more than the chart has colours for are one."""
    first = (last - timedelta(days=days - 1)).isoformat()
    rows = select(conn, "SELECT site, day, stories FROM actor_days WHERE actor = ? AND day >= ? ORDER BY day", [key, first])
    found: dict[str, dict[date, int]] = {}
    for row in rows:
        found.setdefault(row["site"], {})[date.fromisoformat(row["day"])] = row["stories"]
    ordered = sorted(found, key=lambda s: (-sum(found[s].values()), s))
    out = {site: found[site] for site in ordered[: COLOURS - 1]}
    if rest := ordered[COLOURS - 1 :]:
        out[OTHERS] = added(found[site] for site in rest)
    return out


def added(many: Iterable[Mapping[date, int]]) -> dict[date, int]:
    """Counts by day, added up."""
    out: dict[date, int] = {}
    for counts in many:
        for day, n in counts.items():
            out[day] = out.get(day, 0) + n
    return out


def companions(conn: sqlite3.Connection, key: str, count: int = 12) -> list[Row]:
    """Beside whom an actor stands most, in how many stories."""
    return select(
        conn,
        "SELECT p.other AS id, coalesce(a.name, p.other) AS name, a.kind, p.stories FROM actor_pairs p LEFT JOIN actors a ON a.id = p.other"
        " WHERE p.actor = ? ORDER BY p.stories DESC LIMIT ?",
        [key, count],
    )


def stories_of(
    conn: sqlite3.Connection, key: str, before: Cursor, site: str | None = None, *, size: int = PAGE, sentences_each: int = 3
) -> Page:
    """The stories that name an actor, the newest first, each with some sentences of its newest revision that does."""
    of_site = "AND t.site = :site " if site else ""
    page = paged(
        conn,
        "SELECT s.id, s.site, s.url, s.kicker, s.title, s.section, s.kind, t.sort_at, t.place, t.mentions, t.is_named, s.revisions"
        " FROM story_actors t CROSS JOIN stories s ON s.id = t.story_id"
        f" WHERE t.actor = :actor {of_site}AND (t.sort_at, t.story_id) < (:at, :id) ORDER BY t.sort_at DESC, t.story_id DESC LIMIT :size",
        {"actor": key, "site": site},
        before,
        by="sort_at",
        key="id",
        size=size,
    )
    for row in page.rows:
        row["sentences"] = sentences(conn, key, row["id"], sentences_each)
    return page


def sentences(conn: sqlite3.Connection, key: str, story: int, count: int) -> list[Row]:
    """Some sentences of the newest revision of a story that names an actor; outside the headline where there are any."""
    return select(
        conn,
        "SELECT field, surface, snippet, rule FROM mentions WHERE actor = :actor AND story_id = :story AND NOT is_ambiguous"
        " AND revision_id = (SELECT max(revision_id) FROM mentions WHERE actor = :actor AND story_id = :story AND NOT is_ambiguous)"
        " GROUP BY snippet ORDER BY field IN ('title', 'kicker'), min(id) LIMIT :count",
        {"actor": key, "story": story, "count": count},
    )


def all_actors(conn: sqlite3.Connection, after: str, size: int = 200) -> tuple[list[Row], Sequence[str]]:
    """Actors by id, behind one; and the id to go on behind, none at the end."""
    rows = select(conn, "SELECT id, name, kind FROM actors WHERE id > ? ORDER BY id LIMIT ?", [after, size + 1])
    if len(rows) > size:
        rows.pop()
        return rows, [rows[-1]["id"]]
    return rows, []
