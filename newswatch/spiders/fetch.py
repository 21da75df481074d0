"""The spider of `scrapy freeze`: one page, as politely as any, and what came of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from newswatch import clock
from newswatch.errors import ReadError
from newswatch.frozen import Frozen
from newswatch.spiders.answers import readable
from newswatch.spiders.faults import kind_of
from newswatch.spiders.polite import be_polite
from newswatch.story import Fault


class FetchSpider(Spider):
    """Gives the page at `url` as a Frozen, or a Fault."""

    name = "fetch"
    custom_settings = {"ITEM_PIPELINES": {}}

    def __init__(self, url: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._url = url

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """As polite as a crawl."""
        super().update_settings(settings)
        be_polite(settings)

    async def start(self) -> AsyncIterator[Any]:
        """The one request."""
        yield Request(self._url, self._fetched, errback=self._failed, dont_filter=True)

    def _fetched(self, response: Response) -> Iterator[Frozen | Fault]:
        now = clock.now()
        try:
            readable(response)
        except ReadError as error:
            yield Fault(self.name, error.kind, response.url, str(error), now)
            return
        kind = (response.headers.get(b"Content-Type") or b"").decode("latin-1").lower()
        charset = kind.partition("charset=")[2].split(";")[0].strip(" \"'") or None
        yield Frozen(response.url, charset, now, response.body)

    def _failed(self, failure: Failure) -> Iterator[Fault]:
        kind, detail = kind_of(failure.value)
        yield Fault(self.name, kind, self._url, detail, clock.now())
