"""Two stored stories that turned out to be one become one.

ids of stories -> join -> the oldest has all revisions (renumbered by when they were seen), mentions, events and addresses

The ids of the others stay good: `current_id` leads on from them. All in the transaction of the caller.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from sqlite_utils import Database

from newswatch.faultpoints import fault
from newswatch.revisions import FIELDS, changed_fields, word_counts
from newswatch.store.counters import recount
from newswatch.store.indexing import index_stories

_SHOWN = (
    "url, canonical_url, kicker, title, lead, section, kind, access, language, published_at, modified_at, date_flags, sort_at,"
    " last_read_at, missing_since, gone_at, gated_since"
)
"""Columns of `stories` that follow the newest page."""


def join(db: Database, ids: Sequence[int]) -> int:
    """Makes one story of several of the same site, and returns its id: the lowest. Once done, doing it again changes nothing.

    No revision, mention, event or address is lost. Validators are forgotten, so that the next look reads the whole page.
    The caller holds the transaction.
    """
    found = [(one,) for one in sorted({current_id(db, story_id) for story_id in ids})]
    keep, others = found[0][0], [one for (one,) in found[1:]]
    for other in others:
        _join(db, keep, other)
    if others:
        recount(db, [keep, *others])
        index_stories(db, [keep, *others])
    return int(keep)


def current_id(db: Database, story_id: int) -> int:
    """The id under which a story stands now: another one where it was joined with an older story."""
    row = db.execute("SELECT new_id FROM story_joined WHERE old_id = ?", [story_id]).fetchone()
    return int(row[0]) if row else story_id


def _join(db: Database, keep: int, other: int) -> None:
    _join_rows(db, keep, other)
    _move_revisions(db, keep, other)
    fault("join.revisions")
    for table in ("mentions", "events", "story_urls"):
        db.execute(f"UPDATE {table} SET story_id = ? WHERE story_id = ?", [keep, other])
    _move_links(db, keep, other)
    fault("join.moved")
    db.execute("DELETE FROM suspects WHERE story_id IN (?, ?)", [keep, other])
    db.execute("UPDATE story_joined SET new_id = ? WHERE new_id = ?", [keep, other])
    db.execute("DELETE FROM stories WHERE id = ?", [other])
    db.execute("INSERT INTO story_joined (old_id, new_id) VALUES (?, ?)", [other, keep])
    fault("join.removed")


def _join_rows(db: Database, keep: int, other: int) -> None:
    """The row of the one that stays: what it shows is that of the page read last."""
    sql = "SELECT id FROM stories WHERE id IN (?, ?) ORDER BY last_read_at DESC, id DESC LIMIT 1"
    newest = db.execute(sql, [keep, other]).fetchone()[0]
    key, claimed = db.execute("SELECT site_key, key_claimed FROM stories WHERE id = ?", [other]).fetchone()
    db.execute("UPDATE stories SET site_key = NULL, key_claimed = 0 WHERE id = ?", [other])
    db.execute(f"UPDATE stories SET ({_SHOWN}) = (SELECT {_SHOWN} FROM stories WHERE id = ?) WHERE id = ?", [newest, keep])
    mine, mine_claimed = db.execute("SELECT site_key, key_claimed FROM stories WHERE id = ?", [keep]).fetchone()
    if key is not None and (mine is None or (mine_claimed and not claimed)):
        db.execute("UPDATE stories SET site_key = ?, key_claimed = ? WHERE id = ?", [key, claimed, keep])
    both = "(SELECT {0}({1}) FROM stories WHERE id IN (:keep, :other))"
    taken = {"first_seen_at": "min", "last_seen_at": "max", "changed_at": "max", "checked_at": "max", "next_check_at": "min"}
    taken |= {"revisions": "sum", "silent_edits": "sum", "empty_updates": "sum"}
    values = ", ".join(f"{column} = {both.format(how, column)}" for column, how in taken.items())
    db.execute(
        f"UPDATE stories SET {values}, etag = NULL, last_modified = NULL, listed_at = NULL, failures = 0 WHERE id = :keep",
        {"keep": keep, "other": other},
    )


def _move_revisions(db: Database, keep: int, other: int) -> None:
    """All of them under one story, numbered by when they were seen."""
    columns = ", ".join(FIELDS)
    sql = f"SELECT id, story_id, {columns} FROM revisions WHERE story_id IN (?, ?) ORDER BY seen_at, id"
    rows = db.execute(sql, [keep, other]).fetchall()
    for number, (revision, *_) in enumerate(rows, 1):
        db.execute("UPDATE revisions SET story_id = ?, number = ? WHERE id = ?", [keep, -number, revision])
    db.execute("UPDATE revisions SET number = -number WHERE story_id = ? AND number < 0", [keep])
    if rows:
        _tell(db, rows[0][0], (), (0, 0), "")
    for before, now in pairwise(rows):
        if before[1] != now[1]:
            _tell_change(db, now[0], _fields(before), _fields(now))


def _tell_change(db: Database, revision: int, before: dict[str, str], now: dict[str, str]) -> None:
    """What a revision changed, where another one stands before it now."""
    changed = changed_fields(before, now)
    counts = word_counts(before, now, changed)
    _tell(db, revision, changed, counts, "undated" if changed else "")


def _tell(db: Database, revision: int, changed: Sequence[str], counts: tuple[int, int], notice: str) -> None:
    db.execute(
        "UPDATE revisions SET changed_fields = ?, words_added = ?, words_removed = ?, notice = ? WHERE id = ?",
        [" ".join(changed), *counts, notice, revision],
    )


def _fields(row: Sequence[Any]) -> dict[str, str]:
    return dict(zip(FIELDS, row[2:], strict=True))


def _move_links(db: Database, keep: int, other: int) -> None:
    db.execute("UPDATE OR IGNORE story_links SET story_id = ? WHERE story_id = ?", [keep, other])
    db.execute("DELETE FROM story_links WHERE story_id = ?", [other])
    db.execute("UPDATE story_links SET other_id = ? WHERE other_id = ?", [keep, other])
    db.execute("DELETE FROM story_links WHERE story_id = other_id")
