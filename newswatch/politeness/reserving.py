"""Downloader middleware: marks answers whose text is reserved from text and data mining, before anything of them is kept."""

from __future__ import annotations

from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from newswatch.politeness.reservations import of_page
from newswatch.politeness.visiting import HOST_SIGN, OWN

RESERVED, WITHHELD = "reserved", "withheld"
"""Keys of a request's meta: the sign by which the answer is reserved; whether its text must not be kept."""


class ReservingMiddleware:
    """Stands before the archive. The text is not kept where a sign is found and no legal ground is recorded."""

    def __init__(self, ground: str | None) -> None:
        self._ground = ground

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """For spiders of a site. Reads the setting TDM_GROUND and the site file's `legal_ground`."""
        site = getattr(crawler.spider, "site", None)
        if site is None:
            raise NotConfigured
        return cls(site.legal_ground or crawler.settings.get("TDM_GROUND") or None)

    def process_response(self, request: Request, response: Response) -> Response:
        """The answer as it is."""
        header = response.headers.get(b"tdm-reservation")
        encoding = (response.headers.get(b"Content-Encoding") or b"").decode("latin-1").strip().lower()
        own = bool(request.meta.get(OWN))
        sign = None if own else of_page(header.decode("latin-1") if header else None, response.body, encoding)
        sign = sign or (None if own else request.meta.get(HOST_SIGN))
        request.meta[RESERVED] = sign
        request.meta[WITHHELD] = sign is not None and self._ground is None
        return response
