"""What `scrapy reread` reads of the database and puts into it; how far it came, so that it can go on after a kill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from newswatch.extraction.dates import to_text
from newswatch.faultpoints import fault
from newswatch.store.indexing import index_stories, unindex
from newswatch.store.mentions import change_events, event_changes, replace_mentions
from newswatch.store.opening import writing
from newswatch.story import Mention


def sites_with_pages(db: Database) -> list[str]:
    """Sites that have stories, sorted."""
    return [site for (site,) in db.execute("SELECT DISTINCT site FROM stories ORDER BY site")]


def stories_to_reread(db: Database, site: str, since: str, after: int, story: int | None = None) -> Iterator[int]:
    """Stories of a site with ids above `after` that have a revision seen at or after `since`; only `story` where one is given."""
    while True:
        row = db.execute(
            "SELECT s.id FROM stories s WHERE s.site = ? AND s.id > ? AND (? IS NULL OR s.id = ?)"
            " AND EXISTS (SELECT 1 FROM revisions r WHERE r.story_id = s.id AND r.seen_at >= ?) ORDER BY s.id LIMIT 1",
            [site, after, story, story, since],
        ).fetchone()
        if row is None:
            return
        after = row[0]
        yield after


def revision_rows(db: Database, story_id: int) -> list[dict[str, Any]]:
    """All columns of all revisions of a story, the first first."""
    return list(db.query("SELECT * FROM revisions WHERE story_id = ? ORDER BY number", [story_id]))


def story_row(db: Database, story_id: int) -> dict[str, Any]:
    """All columns of a story."""
    return next(iter(db.query("SELECT * FROM stories WHERE id = ?", [story_id])))


def write_reread(
    db: Database,
    story_id: int,
    at: datetime,
    revisions: Mapping[int, Mapping[str, Any]],
    read: Sequence[int],
    story: Mapping[str, Any],
    found: Mapping[int, list[Mention]],
    watchlist: int,
) -> None:
    """Other columns for some revisions of a story and for its row, and the mentions that they have now: one transaction.

    `read` are the revisions whose own page is read otherwise now; `found` has the mentions of every revision that was looked
    at, made with the state of the watchlist that has this number. Events that are new are past: nobody is told of them.
    Raises StoreError; nothing is written then.
    """
    with writing(db):
        unindex(db, [story_id])
        for revision, columns in revisions.items():
            _update(db, "revisions", revision, columns)
        db.conn.executemany("UPDATE revisions SET reread_at = ? WHERE id = ?", [(to_text(at), r) for r in read])
        fault("reread.texts")
        silent = "(SELECT count(*) FROM revisions WHERE story_id = stories.id AND notice = 'silent')"
        db.execute(f"UPDATE stories SET silent_edits = {silent} WHERE id = ?", [story_id])
        _update(db, "stories", story_id, story)
        fault("reread.story")
        events = event_changes(db, story_id, found)
        replace_mentions(db, story_id, found)
        fault("reread.mentions")
        change_events(db, story_id, events)
        index_stories(db, [story_id])
        db.conn.executemany("INSERT OR REPLACE INTO matched (revision_id, watchlist) VALUES (?, ?)", [(r, watchlist) for r in found])


def begun(db: Database, site: str, state: str) -> int:
    """The last story that an earlier pass with the same `state` had done when it ended early; 0 where there is none."""
    row = db.execute("SELECT story_id FROM rereads WHERE site = ? AND state = ?", [site, state]).fetchone()
    return int(row[0]) if row else 0


def note_progress(db: Database, site: str, state: str, story_id: int | None) -> None:
    """How far a pass came; None: to the end."""
    with writing(db):
        if story_id is None:
            db.execute("DELETE FROM rereads WHERE site = ?", [site])
        else:
            db.execute("INSERT OR REPLACE INTO rereads (site, state, story_id) VALUES (?, ?, ?)", [site, state, story_id])
    fault("reread.noted")


def _update(db: Database, table: str, row_id: int, columns: Mapping[str, Any]) -> None:
    if columns:
        db.execute(f"UPDATE {table} SET {', '.join(f'{c} = ?' for c in columns)} WHERE id = ?", [*columns.values(), row_id])
