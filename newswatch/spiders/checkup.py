"""The spider of `scrapy doctor`: one request a host of the sites that are on, for its robots.txt; nothing is stored.

site -> its hosts -> robots.txt -> Answer(status, Date, what is forbidden, when the certificate ends)
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request, Spider
from scrapy.http import Response, TextResponse
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from newswatch.health import Answer
from newswatch.spiders.faults import kind_of
from newswatch.spiders.polite import be_polite

_CERTIFICATES = (
    ("VerificationError", "its certificate is of another host"),
    ("certificate verify failed", "its certificate has ended, or nobody vouches for it"),
)
"""What the libraries say, and what that means."""


class CheckupSpider(Spider):
    """Gives an Answer a host of `sites`: {name: addresses of its listings}."""

    name = "doctor"
    custom_settings = {"ITEM_PIPELINES": {}, "RETRY_ENABLED": False}

    def __init__(self, sites: Mapping[str, Iterable[str]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._sites = sites

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """As polite as a crawl."""
        super().update_settings(settings)
        be_polite(settings)

    async def start(self) -> AsyncIterator[Any]:
        """A request a host."""
        for site, urls in self._sites.items():
            for home, listings in by_host(urls).items():
                yield Request(
                    f"{home}/robots.txt",
                    self.answered,
                    errback=self.failed,
                    cb_kwargs={"site": site, "listings": listings},
                    meta={"dont_obey_robotstxt": True},
                    dont_filter=True,
                )

    def answered(self, response: Response, site: str, listings: list[str]) -> Iterable[Answer]:
        """What the host said."""
        assert response.request is not None
        text = response.text if isinstance(response, TextResponse) else response.body.decode("utf-8", "replace")
        rules = Protego.parse(text if response.status == 200 else "")
        agent = str(self.settings.get("ROBOTSTXT_USER_AGENT") or self.settings["USER_AGENT"])
        date = response.headers.get(b"Date")
        yield Answer(
            site,
            urlsplit(response.request.url).netloc,
            response.status,
            date.decode("latin-1") if date else None,
            tuple(url for url in listings if not rules.can_fetch(url, agent)),
            rules.crawl_delay(agent),
            end_of(response.certificate),
        )

    def failed(self, failure: Failure) -> Iterable[Answer]:
        """The host did not answer, or has no valid certificate."""
        request: Request = failure.request  # type: ignore[attr-defined]
        _, detail = kind_of(failure.value)
        detail = next((said for mark, said in _CERTIFICATES if mark in detail), detail)
        yield Answer(request.cb_kwargs["site"], urlsplit(request.url).netloc, error=detail)


def by_host(urls: Iterable[str]) -> dict[str, list[str]]:
    """The addresses by `scheme://host`, in their order."""
    found: dict[str, list[str]] = {}
    for url in urls:
        parts = urlsplit(url)
        found.setdefault(f"{parts.scheme}://{parts.netloc}", []).append(url)
    return found


def end_of(certificate: Any) -> datetime | None:
    """When a certificate of Twisted ends (aware, UTC); None for none."""
    return certificate.original.to_cryptography().not_valid_after_utc if certificate is not None else None
