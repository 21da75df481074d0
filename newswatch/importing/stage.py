"""Actors on their way into a watchlist, on the disk: a million of them need no memory, and each id is seen once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -16384;
CREATE TABLE elsewhere (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE actors (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, actor TEXT NOT NULL, families TEXT);
CREATE TABLE families (id TEXT PRIMARY KEY, names TEXT NOT NULL) WITHOUT ROWID;
"""


class Stage:
    """A database without a name, which the system takes away with the process."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(_SCHEMA)
        self._db.execute("BEGIN")

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    def reserve(self, ids: Iterable[str]) -> None:
        """Ids that stand in other watchlists."""
        self._db.executemany("INSERT OR IGNORE INTO elsewhere VALUES (?)", ((i,) for i in ids))

    def is_reserved(self, actor_id: str) -> bool:
        """Whether another watchlist has the id."""
        return self._db.execute("SELECT 1 FROM elsewhere WHERE id = ?", [actor_id]).fetchone() is not None

    def add(self, actor: dict[str, Any], families: Sequence[str] = ()) -> bool:
        """False where an actor of that id is there already; the first one stays."""
        row = [actor["id"], json.dumps(actor, ensure_ascii=False), " ".join(families) or None]
        return self._db.execute("INSERT OR IGNORE INTO actors (id, actor, families) VALUES (?, ?, ?)", row).rowcount == 1

    def add_family(self, source_id: str, names: Sequence[str]) -> None:
        """A family name that rows before or after it refer to."""
        self._db.execute("INSERT OR IGNORE INTO families VALUES (?, ?)", [source_id, json.dumps(names)])

    def letters(self) -> int:
        """About as many as the actors need in a file."""
        return int(self._db.execute("SELECT ifnull(sum(length(actor)), 0) FROM actors").fetchone()[0])

    def actors(self) -> Iterator[tuple[dict[str, Any], list[str]]]:
        """Each actor in the order of the file, with its family names."""
        for actor, families in self._db.execute("SELECT actor, families FROM actors ORDER BY number"):
            yield json.loads(actor), [n for f in (families or "").split() for n in self._names(f)]

    def _names(self, source_id: str) -> list[str]:
        row = self._db.execute("SELECT names FROM families WHERE id = ?", [source_id]).fetchone()
        names: list[str] = json.loads(row[0]) if row else []
        return names
