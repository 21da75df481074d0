"""What stories of a database of an older version lack is filled in when it is opened, some stories in each transaction.

A kill at any moment costs nothing: `fillings` says how far it came. What is saved meanwhile fills in its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlite_utils import Database

from newswatch.store.counters import recount
from newswatch.store.indexing import index_stale, index_stories

BATCH = 500
"""Stories of a transaction."""

_FILL: dict[str, Callable[[Database, list[int]], None]] = {"counters": recount, "search": index_stories}

logger = logging.getLogger(__name__)


def fill(db: Database, writing: Callable[[Database], AbstractContextManager[None]]) -> None:
    """Fills in what `fillings` names; `writing` opens a transaction. Raises StoreError where it cannot be written."""
    for what, after in db.execute("SELECT what, after FROM fillings ORDER BY what").fetchall():
        logger.info("filling in %s of an older version, from story %d on: this is done once", what, after)
        done: int | None = after
        while done is not None:
            with writing(db):
                done = _batch(db, what, done)
    if stale := index_stale(db):
        with writing(db):
            index_stories(db, stale)


def _batch(db: Database, what: str, after: int) -> int | None:
    """Some stories; the last of them, None where there is none left."""
    ids: list[int] = [i for (i,) in db.execute("SELECT id FROM stories WHERE id > ? ORDER BY id LIMIT ?", [after, BATCH])]
    if not ids:
        db.execute("DELETE FROM fillings WHERE what = ?", [what])
        return None
    _FILL[what](db, ids)
    db.execute("UPDATE fillings SET after = ? WHERE what = ?", [ids[-1], what])
    return ids[-1]
