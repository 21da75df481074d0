"""What became of a site's URLs, by their shape: for sites without an article pattern."""

from __future__ import annotations

from collections import Counter

from sqlite_utils import Database

from newswatch.extraction.shapes import KnownShapes, shape_of

NEWEST = 2000
"""Stories, and faults, that are looked at: a site that is built anew has new addresses."""

_NO_STORY = ("layout", "section_page", "not_html")
"""Faults of pages that were there and were no story."""


def known_shapes(db: Database, site: str) -> KnownShapes:
    """The shapes of the newest stories' addresses, and of those that only ever brought a page without a story."""
    stories = db.execute(
        "SELECT u.url FROM (SELECT id FROM stories WHERE site = ? ORDER BY sort_at DESC LIMIT ?) s JOIN story_urls u ON u.story_id = s.id",
        [site, NEWEST],
    )
    articles = Counter(shape_of(url) for (url,) in stories)
    marks = ", ".join("?" for _ in _NO_STORY)
    faults = db.execute(
        f"SELECT url FROM faults f WHERE site = ? AND section IS NULL AND kind IN ({marks})"
        " AND NOT EXISTS (SELECT 1 FROM story_urls u WHERE u.site = f.site AND u.url = f.url)"
        " GROUP BY url ORDER BY max(id) DESC LIMIT ?",
        [site, *_NO_STORY, NEWEST],
    )
    others = Counter(shape_of(url) for (url,) in faults)
    return KnownShapes(dict(articles), dict(others))
