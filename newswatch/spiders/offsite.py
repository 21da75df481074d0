"""Downloader middleware: a redirect off the site is not followed, and said so.

Scrapy's own drops such a redirect, and one to an address that was asked before, without a word to anybody.
"""

from __future__ import annotations

from typing import Self
from urllib.parse import urljoin

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from newswatch.errors import ReadError
from newswatch.spiders.gates import is_gate
from newswatch.spiders.site import SiteSpider


class OffSiteMiddleware:
    """Refuses redirects to hosts that are not the site's; stands between the downloader and Scrapy's redirects (600)."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For SiteSpiders."""
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        """The response as it is. Raises ReadError (`redirect`, `gated`)."""
        spider = self._crawler.spider
        location = response.headers.get(b"Location")
        is_robots = request.meta.get("dont_obey_robotstxt")  # RFC 9309 lets robots.txt stand elsewhere
        if 300 <= response.status < 400 and location and isinstance(spider, SiteSpider) and not is_robots:
            target = redirect_target(response.url, location.decode("latin-1"))
            if not spider.site.owns(target):
                kind = "gated" if is_gate(target, spider.site) else "redirect"
                raise ReadError(kind, f"redirected off the site, to {target[:200]}", url=response.url)
        return response


def redirect_target(base: str, location: str) -> str:
    """Where a redirect leads; as it stands there where that is no address."""
    try:
        return urljoin(base, location)
    except ValueError:
        return location
