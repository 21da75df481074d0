"""300: which actors does a new state of a story name?"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from scrapy.crawler import Crawler

from newswatch.matching import Watchlist, examine_story, load_watchlists
from newswatch.revisions import Changed, New, Outcome, Same, Suspect
from newswatch.store import open_store
from newswatch.store.watchlists import watchlist_in_use
from newswatch.story import Mention


@dataclass(frozen=True, slots=True)
class Flagged:
    """An outcome and the mentions of its story; none are looked for where nothing changed."""

    outcome: Outcome
    mentions: tuple[Mention, ...]
    is_cut: bool = False
    """The story names actors more often than is kept."""


class MentionPipeline:
    """Adds mentions to outcomes."""

    def __init__(self, watchlist: Watchlist) -> None:
        self.watchlist = watchlist
        """What the run watches: one state from its beginning to its end."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Reads the watchlists of the folder WATCHLISTS_DIR.

        Raises ConfigError where they are wrong; with WATCHLIST_LAST_GOOD (scrapy watch) the last good ones stay in use.
        """
        folder = Path(crawler.settings["WATCHLISTS_DIR"])
        if not crawler.settings.getbool("WATCHLIST_LAST_GOOD"):
            return cls(load_watchlists(folder))
        with closing(open_store(Path(crawler.settings["DATABASE"]))) as db:
            return cls(watchlist_in_use(folder, db)[0])

    def process_item(self, item: Any) -> Any:
        """Flagged in place of the outcome."""
        if isinstance(item, New | Changed):
            examination = examine_story(item.story, self.watchlist)
            return Flagged(item, tuple(examination.mentions), examination.is_cut)
        return Flagged(item, ()) if isinstance(item, Same | Suspect) else item
