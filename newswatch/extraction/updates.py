"""What a listing says of an entry's last update, and whether that can be trusted to move with an edit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from newswatch.story import Stamp

ENOUGH_TO_TELL = 5


def update_time(stamp: Stamp | None) -> datetime | None:
    """A time of update, UTC, in seconds; None for a mere day: a second edit on the same day would not move it."""
    if stamp is None or "day-only" in stamp.flags or stamp.raw.partition("T")[2].startswith("00:00:00"):
        return None
    return stamp.at.astimezone(UTC).replace(microsecond=0)


def tells_updates(pairs: Iterable[tuple[Stamp | None, Stamp | None]]) -> bool:
    """Whether the (modified, published) of a listing's entries tell of edits.

    Where all of five or more equal each other, modified is published under another name, and stands still when a story
    is edited. True where fewer have both: too few to tell.
    """
    both = [(modified.at, published.at) for modified, published in pairs if modified and published]
    return len(both) < ENOUGH_TO_TELL or any(modified != published for modified, published in both)
