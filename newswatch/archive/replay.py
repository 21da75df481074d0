"""Scrapy's download handler for `-s REPLAY=crawl.warc.gz`: answers from the file, opens no connection."""

from __future__ import annotations

from pathlib import Path

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from newswatch.archive.recording import Recording

PROBLEM_STAT = "newswatch/recording_problem"


class ReplayHandler(BaseDownloadHandler):
    """A recorded response for every request; a URL that is not recorded raises NotRecordedError.

    Answers 304 to a request that carries the recorded ETag, as the site would have done.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._recording = Recording(Path(crawler.settings["REPLAY"]))
        if self._recording.problem:
            crawler.stats.set_value(PROBLEM_STAT, self._recording.problem)

    async def download_request(self, request: Request) -> Response:
        """The recorded response."""
        found = self._recording.get(request.url)
        headers = Headers(found.headers)
        etag = headers.get(b"ETag")
        if etag is not None and request.headers.get(b"If-None-Match") == etag:
            return Response(request.url, status=304, headers=headers)
        kind = responsetypes.from_args(headers=headers, url=request.url, body=found.body)
        return kind(url=request.url, status=found.status, headers=headers, body=found.body)
