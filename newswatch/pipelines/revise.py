"""200: is the story new, changed, or the same as what is kept?"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from scrapy.crawler import Crawler

from newswatch.faultpoints import fault
from newswatch.revisions import decide
from newswatch.store import open_store
from newswatch.store.blocks import learned_blocks
from newswatch.store.stories import last_revision
from newswatch.story import Story


class RevisePipeline:
    """Turns a Story into New, Changed or Same."""

    def __init__(self, database: Path) -> None:
        self._db = open_store(database)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Reads the setting DATABASE."""
        return cls(Path(crawler.settings["DATABASE"]))

    def process_item(self, item: Any) -> Any:
        """The outcome in place of the story."""
        if not isinstance(item, Story):
            return item
        outcome = decide(last_revision(self._db, item), item, learned_blocks(self._db, item.site))
        fault("revise.decided")
        return outcome

    def close_spider(self) -> None:
        """Closes the connection."""
        self._db.close()
