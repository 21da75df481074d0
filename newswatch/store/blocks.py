"""Paragraphs that a site repeats: in how many stories, and what those were about."""

from __future__ import annotations

import json

from sqlite_utils import Database

from newswatch.extraction.dates import to_text
from newswatch.extraction.learned import MOST_SUBJECTS, block_keys, is_learned, subject
from newswatch.story import Story

FORGET_AFTER = "-60 days"
"""A block that stood in one story only is forgotten then: boilerplate comes back within days."""


def learned_blocks(db: Database, site: str) -> frozenset[str]:
    """The keys of the blocks that belong to no story of a site."""
    return frozenset(key for (key,) in db.execute("SELECT hash FROM blocks WHERE site = ? AND learned", [site]))


def learn(db: Database, story: Story) -> None:
    """Counts the paragraphs of a new story; within the transaction that saves it."""
    words = subject(story)
    at = to_text(story.seen_at)
    for key in block_keys(story):
        row = db.execute("SELECT stories, subjects, learned FROM blocks WHERE site = ? AND hash = ?", [story.site, key]).fetchone()
        if row is None:
            db.execute(
                "INSERT INTO blocks (site, hash, stories, subjects, learned, last_at) VALUES (?, ?, 1, ?, 0, ?)",
                [story.site, key, json.dumps([sorted(words)], ensure_ascii=False), at],
            )
            continue
        subjects = json.loads(row[1])
        if len(subjects) < MOST_SUBJECTS:
            subjects.append(sorted(words))
        learned = bool(row[2]) or is_learned(frozenset(s) for s in subjects)
        db.execute(
            "UPDATE blocks SET stories = stories + 1, subjects = ?, learned = ?, last_at = ? WHERE site = ? AND hash = ?",
            [json.dumps(subjects, ensure_ascii=False), learned, at, story.site, key],
        )


def forget(db: Database, site: str, now: str) -> None:
    """Drops blocks that stood in one story only, long ago; within a transaction of the caller."""
    db.execute(
        "DELETE FROM blocks WHERE site = ? AND stories = 1 AND last_at < strftime('%Y-%m-%dT%H:%M:%SZ', ?, ?)", [site, now, FORGET_AFTER]
    )
