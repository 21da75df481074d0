"""A page of the archive, as a crawl would read it today."""

from __future__ import annotations

from datetime import datetime

from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from newswatch.archive.stored import StoredPage
from newswatch.archive.unpacking import unpacked
from newswatch.errors import ArchiveError, ReadError
from newswatch.extraction import read_article
from newswatch.pipelines.check import check
from newswatch.sites import Site
from newswatch.spiders.answers import readable
from newswatch.story import Fault, Story


class PageReader:
    """Reads pages of one site with what is known of it today."""

    def __init__(self, site: Site, learned: frozenset[str], largest: int) -> None:
        """`learned` are the blocks that the site repeats; a site with body rules needs them not. A page of more bytes is refused."""
        self._site = site
        self._learned = frozenset() if site.rules.body else learned
        self._largest = largest

    def read(self, page: StoredPage, seen_at: datetime) -> Story:
        """The story of a page that was seen at `seen_at`. Raises ReadError where today's reader takes it for none."""
        story = check(read_article(readable(self._response(page)), self._site, seen_at, self._learned))
        if isinstance(story, Fault):
            raise ReadError(story.kind, story.detail, site=self._site.name, url=page.url)
        return story

    def _response(self, page: StoredPage) -> Response:
        try:
            body = unpacked(page.headers, page.body, self._largest)
        except ArchiveError as error:
            raise ReadError("truncated", str(error), site=self._site.name, url=page.url) from error
        headers = Headers([(name, value) for name, value in page.headers if name.lower() != "content-encoding"])
        kind = responsetypes.from_args(headers=headers, url=page.url, body=body)
        return kind(url=page.url, status=page.status, headers=headers, body=body)
