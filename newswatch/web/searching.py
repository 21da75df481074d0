"""The search page."""

from __future__ import annotations

import sqlite3
from typing import Any

from newswatch.web.answering import Asked
from newswatch.web.reading import STORY, add_actors, select

MOST = 30


def search(conn: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    """Stories that have all words of `q`."""
    words = [w.replace('"', "") for w in asked.args.get("q", "").replace("\0", " ").split()]
    match = " ".join(f'"{w}"' for w in words if w)
    sql = (
        f"SELECT {STORY}, snippet(revisions_fts, -1, char(57344), char(57345), '…', 24) AS snippet FROM revisions_fts"
        " JOIN revisions r ON r.id = revisions_fts.rowid JOIN stories s ON s.id = r.story_id AND s.revisions = r.number"
        " WHERE revisions_fts MATCH ? ORDER BY rank LIMIT ?"
    )
    rows = select(conn, sql, [match, MOST]) if match else []
    add_actors(conn, rows, "id")
    for row in rows:
        row["snippet"] = [part.partition("\ue001") for part in row["snippet"].split("\ue000")]
    return {"rows": rows, "facets": {}}
