"""What the last stories of a site gave, field by field."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlite_utils import Database

from newswatch.coverage import PAST, RECENT, Reading
from newswatch.extraction.dates import from_text

_NEWEST = """
    SELECT r.url, r.seen_at, r.words, r.title <> '', r.lead <> '', r.authors <> '[]', r.published_at IS NOT NULL,
           r.modified_at IS NOT NULL, s.section <> '', r.keywords <> '[]', r.caption <> ''
    FROM (SELECT id, section, revisions FROM stories WHERE site = :site ORDER BY sort_at DESC LIMIT :looked_at) s
    JOIN revisions r ON r.story_id = s.id AND r.number = s.revisions
    ORDER BY r.seen_at DESC, r.id DESC LIMIT :wanted
"""
"""The newest revision of each of the newest stories (so that one liveblog is one story): by the index stories_by_site."""

_FLAGS = ("title", "lead", "authors", "published", "modified", "section", "keywords", "caption")


def last_readings(db: Database, site: str) -> list[Reading]:
    """A site's last stories as they were read, the newest first, as many as `coverage.find_drops` looks at."""
    wanted = RECENT + PAST
    rows = db.execute(_NEWEST, {"site": site, "wanted": wanted, "looked_at": 2 * wanted})
    return [_reading(*row) for row in rows]


def _reading(url: str, seen_at: str, words: int, *flags: int) -> Reading:
    filled = {name for name, flag in zip(_FLAGS, flags, strict=True) if flag}
    return Reading(url, from_text(seen_at) or datetime.min.replace(tzinfo=UTC), frozenset(filled | ({"text"} if words else set())), words)
