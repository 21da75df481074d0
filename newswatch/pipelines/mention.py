"""300: which actors does a new state of a story name?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from scrapy.crawler import Crawler

from newswatch.matching import Watchlist, find_mentions, load_watchlists
from newswatch.revisions import Changed, New, Same
from newswatch.story import Mention


@dataclass(frozen=True, slots=True)
class Flagged:
    """An outcome and the mentions of its story; none are looked for where nothing changed."""

    outcome: New | Changed | Same
    mentions: tuple[Mention, ...]


class MentionPipeline:
    """Adds mentions to outcomes."""

    def __init__(self, watchlist: Watchlist) -> None:
        self._watchlist = watchlist

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Reads the watchlists of the folder WATCHLISTS_DIR."""
        return cls(load_watchlists(Path(crawler.settings["WATCHLISTS_DIR"])))

    def process_item(self, item: Any) -> Any:
        """Flagged in place of the outcome."""
        if isinstance(item, New | Changed):
            return Flagged(item, tuple(find_mentions(item.story, self._watchlist)))
        return Flagged(item, ()) if isinstance(item, Same) else item
