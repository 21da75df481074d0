"""Pure: the revisions of a story and other readings of some of their pages in, what is to be written out.

A revision is compared with the one before it, so that what changes in one shows in the next one, too. Texts that a paywall
hid are taken over from the revision before, as a crawl does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newswatch.revisions import FIELDS, changed_fields, content_hash, notice_of, with_hidden, word_counts
from newswatch.store.stories import revision_columns, revision_of
from newswatch.story import Revision, Story

SHOWN = {
    "title": "headline",
    "kicker": "kicker",
    "other_titles": "other titles",
    "lead": "lead",
    "body": "text",
    "caption": "caption",
    "sources": "sources",
    "image_credit": "image credit",
    "authors": "authors",
    "keywords": "keywords",
    "published_at": "published",
    "modified_at": "modified",
    "entries": "entries",
    "access": "access",
}
"""Columns that people are told of, as they call them."""


@dataclass(frozen=True, slots=True)
class Again:
    """What is to be written of a revision: columns of its row that become others, and what they were."""

    id: int
    number: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    is_read_otherwise: bool
    """Its own page is; else only what is said of its difference from the revision before."""

    @property
    def fields(self) -> list[str]:
        """What people are told of."""
        return [column for column in SHOWN if column in self.after]


def read_again(rows: Sequence[Mapping[str, Any]], read: Mapping[int, Story]) -> list[Again]:
    """What is to be written. `rows` are all revisions of a story, the first first; `read` are new readings by the revisions' ids."""
    out: list[Again] = []
    last: tuple[Revision, bool, bool] | None = None  # the one before, whether its texts and its update time are others now
    for row in rows:
        own = _page_columns(row, read.get(row["id"]), last[0] if last else None)
        new = {**row, **own}
        texts, times = _differ(row, new, FIELDS), _differ(row, new, ("modified_at", "date_flags"))
        if texts:
            own["content_hash"] = new["content_hash"] = content_hash({f: new[f] for f in FIELDS})
        now = revision_of(new)
        if last and (texts or last[1]):
            own |= _difference(last[0], now)
        if last and (times or last[2]):
            own["notice"] = notice_of(last[0].modified, now.modified)
        after = {column: value for column, value in own.items() if row[column] != value}
        if after:
            is_otherwise = any(c in after for c in _OF_PAGE)
            out.append(Again(row["id"], row["number"], {c: row[c] for c in after}, after, is_otherwise))
        last = now, texts, times
    return out


_OF_PAGE = (*SHOWN, "passages", "date_flags", "published_raw", "modified_raw", "reading_minutes", "unseen")


def _differ(row: Mapping[str, Any], new: Mapping[str, Any], columns: Sequence[str]) -> bool:
    return any(row[c] != new[c] for c in columns)


def _page_columns(row: Mapping[str, Any], story: Story | None, last: Revision | None) -> dict[str, Any]:
    """What a new reading of its page makes of a row; nothing where there is none."""
    if story is None:
        return {}
    unseen: tuple[str, ...] = ()
    if last is not None:
        story, unseen = with_hidden(last, story)
    access = last.access if last is not None and "body" in unseen else story.access
    return {**revision_columns(story), "access": access, "unseen": " ".join(unseen)}


def _difference(last: Revision, now: Revision) -> dict[str, Any]:
    """What is said of the difference between two revisions; nothing where today's reader sees none."""
    changed = changed_fields(last.fields, now.fields)
    added, removed = word_counts(last.fields, now.fields, changed)
    return {"changed_fields": " ".join(changed), "words_added": added, "words_removed": removed}
