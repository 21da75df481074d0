"""Pages that read worse than their story: held beside it until a second look."""

from __future__ import annotations

import json
from datetime import timedelta

from sqlite_utils import Database

from newswatch.extraction.dates import from_text, to_text
from newswatch.revisions import Suspect, kept
from newswatch.suspicion import SECOND_LOOK, Pending, is_same

SOON = SECOND_LOOK + timedelta(minutes=5)
"""When a suspect page is due again."""


def pending_suspect(db: Database, story_id: int) -> Pending | None:
    """The page of a story that waits for a second look."""
    row = db.execute("SELECT content_hash, seen_at, fields FROM suspects WHERE story_id = ?", [story_id]).fetchone()
    if row is None:
        return None
    seen_at = from_text(row[1])
    assert seen_at is not None
    return Pending(row[0], seen_at, json.loads(row[2]))


def hold(db: Database, story_id: int, suspect: Suspect) -> None:
    """Keeps a page that is not believed, within the caller's transaction; one that is as poor and alike keeps its first time.

    The next look is soon and asks for the whole page: no 304 and no listing may hide what stands there.
    """
    story, fields = suspect.story, kept(suspect.story)
    before = pending_suspect(db, story_id)
    if before is None or not is_same(before, suspect.content_hash, fields):
        db.execute(
            "INSERT OR REPLACE INTO suspects (story_id, content_hash, seen_at, why, fields) VALUES (?, ?, ?, ?, ?)",
            [story_id, suspect.content_hash, to_text(story.seen_at), suspect.why, json.dumps(fields, ensure_ascii=False)],
        )
    db.execute(
        "UPDATE stories SET etag = NULL, last_modified = NULL, listed_at = NULL, failures = 0, next_check_at = ? WHERE id = ?",
        [to_text(story.seen_at + SOON), story_id],
    )


def release(db: Database, story_id: int) -> None:
    """The story was read well again, or what was held is a revision now."""
    db.execute("DELETE FROM suspects WHERE story_id = ?", [story_id])
