"""Downloader middleware: every whole answer goes into the archive before it is unpacked and read."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Headers, Response

import newswatch
from newswatch import clock
from newswatch.archive.files import archive_folder
from newswatch.archive.records import DESCRIPTION, Exchange
from newswatch.archive.writer import ARCHIVE_STAT, SiteArchive
from newswatch.errors import ArchiveError
from newswatch.faultpoints import fault
from newswatch.politeness.reserving import WITHHELD
from newswatch.spiders.site import ARCHIVED, BEFORE, SiteSpider


class ArchiveMiddleware:
    """Stands between the check that a body is whole and its unpacking. What is a 304 has nothing to keep.

    What is reserved from text and data mining is not kept, unless the user has a legal ground.
    Off for a replay, for sites that say `archive = false` and for spiders that crawl no site. A file that cannot be
    written costs no story: the run says so.
    """

    def __init__(self, crawler: Crawler, spider: SiteSpider) -> None:
        settings = crawler.settings
        assert crawler.stats is not None
        self._stats = crawler.stats
        folder = archive_folder(settings.get("WARC_DIR"), Path(settings["DATABASE"]))
        info = {
            "software": f"newswatch/{newswatch.__version__}",
            "format": "WARC File Format 1.1",
            "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
            "isPartOf": spider.site.name,
            "http-header-user-agent": settings["USER_AGENT"],
            "description": DESCRIPTION,
        }
        self._archive = SiteArchive(folder, spider.site.name, info)
        crawler.signals.connect(self._close, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Reads the settings ARCHIVE, WARC_DIR, DATABASE and REPLAY."""
        spider, settings = crawler.spider, crawler.settings
        if not isinstance(spider, SiteSpider) or not settings.getbool("ARCHIVE") or settings.get("REPLAY") or not spider.site.archive:
            raise NotConfigured
        return cls(crawler, spider)

    def process_response(self, request: Request, response: Response) -> Response:
        """The response as it is; where it was kept stands in the request's meta."""
        request.meta.pop(ARCHIVED, None)
        if response.status != 304 and not request.meta.get(WITHHELD):
            try:
                request.meta[ARCHIVED] = self._archive.keep(_exchange(request, response), request.meta.get(BEFORE))
                fault("archive.kept")
            except ArchiveError as error:
                self._stats.set_value(ARCHIVE_STAT, str(error))
        return response

    def _close(self) -> None:
        self._archive.close()


def _exchange(request: Request, response: Response) -> Exchange:
    return Exchange(
        url=response.url,
        at=clock.now(),
        status=response.status,
        headers=_pairs(response.headers),
        body=response.body,
        asked=_pairs(request.headers),
        ip=str(response.ip_address) if response.ip_address else None,
        is_rendered="playwright" in response.flags,
    )


def _pairs(headers: Headers) -> tuple[tuple[bytes, bytes], ...]:
    return tuple((name, value) for name, values in headers.items() for value in values)
