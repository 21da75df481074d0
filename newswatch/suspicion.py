"""Pure: does a page read worse than what is kept of its story?

A layout that changed, a wall nobody knows, a server half down: such pages look like an edit that takes out half the text. They are
held until a second look, some time later, finds the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

SMALLEST = 30
"""Words of lead and text: of less than that, nothing can be said to be missing."""

LOST = 0.5
"""The part of the words that must be left."""

SECOND_LOOK = timedelta(minutes=10)
"""So much later, at least: a server that is half down is so for both of two looks in a row, and a run that was killed and
started again must find what it would have found."""

ALIKE = 0.8
"""The part of the words that two poor pages share, for the second to confirm the first: a date or a box may differ."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A page that read worse than its story, seen once: it waits for a second look."""

    content_hash: str
    seen_at: datetime
    """When it was seen first."""
    fields: dict[str, str]


def reads_worse(before: dict[str, str], now: dict[str, str], names: Iterable[str] = ()) -> str | None:
    """Why a page is not believed at once, for people; None where nothing speaks against it.

    `before` and `now` map the names of `revisions.FIELDS` to text; `names` are the site's own: they are no headline.
    """
    title = _folded(now["title"])
    if _folded(before.get("title", "")) != title and title in {_folded(n) for n in names}:
        return f"the headline is gone: {now['title']} stands in its place"
    old, new = (len(f"{f.get('lead', '')} {f.get('body', '')}".split()) for f in (before, now))
    if old >= SMALLEST and new <= old * LOST:
        return f"{old - new} of {old} words are gone"
    return None


def is_confirmed(pending: Pending | None, content_hash: str, fields: dict[str, str], seen_at: datetime) -> bool:
    """Whether a poor page was seen before, long enough ago: the very same, or one that says nearly the same."""
    if pending is None or seen_at - pending.seen_at < SECOND_LOOK:
        return False
    return is_same(pending, content_hash, fields)


def is_same(pending: Pending, content_hash: str, fields: dict[str, str]) -> bool:
    """Whether two poor pages are one state of a story."""
    if pending.content_hash == content_hash:
        return True
    one, other = (Counter(" ".join(f.values()).split()) for f in (pending.fields, fields))
    most = max(one.total(), other.total())
    return bool(most) and (one & other).total() >= ALIKE * most


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
