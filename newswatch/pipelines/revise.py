"""200: is the story new, changed, the same as what is kept, or not to be believed yet?"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler

from newswatch.faultpoints import fault
from newswatch.revisions import decide
from newswatch.sites import Site
from newswatch.store import open_store
from newswatch.store.blocks import learned_blocks
from newswatch.store.stories import last_revision
from newswatch.store.suspects import pending_suspect
from newswatch.story import Story


class RevisePipeline:
    """Turns a Story into New, Changed, Same or Suspect."""

    def __init__(self, database: Path, names: frozenset[str] = frozenset()) -> None:
        self._db = open_store(database)
        self._names = names

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Reads the setting DATABASE, and of the spider's site how it calls itself."""
        site: Site | None = getattr(crawler.spider, "site", None)
        names = {site.title, site.name, urlsplit(site.home).hostname or site.name} if site else ()
        return cls(Path(crawler.settings["DATABASE"]), frozenset(names))

    def process_item(self, item: Any) -> Any:
        """The outcome in place of the story."""
        if not isinstance(item, Story):
            return item
        last = last_revision(self._db, item)
        pending = pending_suspect(self._db, last.story_id) if last else None
        outcome = decide(last, item, learned_blocks(self._db, item.site), pending=pending, names=self._names)
        fault("revise.decided")
        return outcome

    def close_spider(self) -> None:
        """Closes the connection."""
        self._db.close()
