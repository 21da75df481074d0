"""Downloader middleware: a site is asked no more than so many times an hour; what would be more waits, and is due as it was.

request -> spent in the last hour < budget -> asked, and noted in the store
                                   else    -> PostponedError, counted
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from newswatch import clock
from newswatch.errors import PostponedError, StoreError
from newswatch.sites import Site
from newswatch.spiders.site import SiteSpider
from newswatch.store.due import spent
from newswatch.store.opening import reconnect, writing
from newswatch.store.timing import spend

POSTPONED_STAT = "newswatch/postponed"

AT_ONCE, SAVED_EVERY = 20, timedelta(minutes=1)
"""Requests are noted so many at a time, at least so often: a crawl that is killed has asked at most so many more than is known."""

logger = logging.getLogger(__name__)


def budget_of(site: Site, usual: int) -> int:
    """Requests an hour: the site file's word, else the setting REQUESTS_AN_HOUR; 0 is without limit."""
    return usual if site.requests_an_hour is None else site.requests_an_hour


class BudgetMiddleware:
    """Stands last before the downloader: retries and redirects count, what robots.txt forbids does not.

    A robots.txt is always asked for: without it nothing may be. What a browser loads besides the page is not counted.
    """

    def __init__(self, crawler: Crawler, spider: SiteSpider, budget: int) -> None:
        assert crawler.stats is not None
        self._stats = crawler.stats
        self._site, self._budget = spider.site.name, budget
        self._db = reconnect(Path(crawler.settings["DATABASE"]))
        self._unsaved, self._saved_at = 0, clock.now()
        crawler.signals.connect(self._close, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Off for a replay, for other spiders than a site's, and without a limit."""
        spider, settings = crawler.spider, crawler.settings
        if not isinstance(spider, SiteSpider) or settings.get("REPLAY"):
            raise NotConfigured
        budget = budget_of(spider.site, settings.getint("REQUESTS_AN_HOUR"))
        if budget <= 0:
            raise NotConfigured
        return cls(crawler, spider, budget)

    def process_request(self, request: Request) -> None:
        """Lets it pass, or raises PostponedError."""
        now = clock.now()
        if not request.meta.get("dont_obey_robotstxt") and spent(self._db, self._site, now) + self._unsaved >= self._budget:
            self._stats.inc_value(POSTPONED_STAT)
            raise PostponedError(f"the budget of {self._budget} requests an hour is spent", site=self._site, url=request.url)
        self._unsaved += 1
        if self._unsaved >= AT_ONCE or not timedelta(0) <= now - self._saved_at < SAVED_EVERY:
            self._save(now)

    def _save(self, now: datetime) -> None:
        try:
            with writing(self._db):
                spend(self._db, self._site, now, self._unsaved)
        except StoreError as error:  # whoever saves stories ends the crawl over it
            logger.error("requests could not be noted: %s", error)
            return
        self._unsaved, self._saved_at = 0, now

    def _close(self) -> None:
        if self._unsaved:
            self._save(clock.now())
        self._db.close()
