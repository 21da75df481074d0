"""200: is the story new, changed, the same as what is kept, or not to be believed yet?"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy.crawler import Crawler

from newswatch.faultpoints import fault
from newswatch.revisions import decide
from newswatch.sites import Site
from newswatch.store import open_store
from newswatch.store.blocks import learned_blocks
from newswatch.store.identity import identify
from newswatch.store.stories import newest_revision
from newswatch.store.suspects import pending_suspect
from newswatch.story import Fault, Story


class RevisePipeline:
    """Turns a Story into New, Changed, Same or Suspect."""

    def __init__(self, database: Path, names: frozenset[str] = frozenset()) -> None:
        self._db = open_store(database)
        self._names = names
        self._told: set[tuple[str, str]] = set()

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
        identity = identify(self._db, item)
        item = dataclasses.replace(item, doubts=self._untold((*item.doubts, *identity.doubts)))
        last = newest_revision(self._db, identity.ids)
        pending = pending_suspect(self._db, last.story_id) if last else None
        outcome = decide(last, item, learned_blocks(self._db, item.site), pending=pending, names=self._names)
        fault("revise.decided")
        return outcome

    def _untold(self, doubts: tuple[Fault, ...]) -> tuple[Fault, ...]:
        """Those that the run has not had yet: a template that lies does so on every page."""
        new = {(d.kind, d.url if d.kind == "redirect" else d.detail.partition(": ")[0]): d for d in doubts}
        out = tuple(doubt for key, doubt in new.items() if key not in self._told)
        self._told |= new.keys()
        return out

    def close_spider(self) -> None:
        """Closes the connection."""
        self._db.close()
