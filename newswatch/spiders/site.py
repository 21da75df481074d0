"""The spider of every site file.

section -> parse_section -> Listing, and a request a link -> parse_article -> Story | Unchanged | Gone
    any failure on the way -> Fault
"""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Self

from parsel import Selector
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response
from scrapy.settings import BaseSettings
from sqlite_utils import Database
from twisted.python.failure import Failure

from newswatch.errors import NewswatchError, ReadError
from newswatch.extraction import find_links, read_article
from newswatch.extraction.charset import decode
from newswatch.extraction.dates import to_text
from newswatch.extraction.links import canonical, malformed_links
from newswatch.sites import Site
from newswatch.spiders.faults import kind_of
from newswatch.store import open_store
from newswatch.store.runs import SectionState, section_state
from newswatch.store.stories import Known, known, missing_urls
from newswatch.story import Fault, Gone, Link, Listing, Story, Unchanged

Output = Listing | Story | Unchanged | Gone | Fault

TRUSTED_FOR = timedelta(hours=24)
"""How long a listing's word that nothing is newer spares a look at the page."""


class SiteSpider(Spider):
    """Crawls the sections of one site; `site` is set by the loader. `-a sections=a,b` picks some."""

    site: ClassVar[Site]

    def __init__(self, sections: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.section_names = chosen_sections(self.site, sections)
        self._seen: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Opens the store, to ask what is known before fetching."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider._db = open_store(Path(crawler.settings["DATABASE"]))
        return spider

    _db: Database

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """The site's own delay; an honest name with the user's contact; a replay waits for nobody and opens no connection."""
        super().update_settings(settings)
        if cls.site.delay is not None:
            settings.set("DOWNLOAD_DELAY", cls.site.delay, priority="spider")
        if contact := settings.get("CONTACT"):
            settings.set("USER_AGENT", f"{settings['USER_AGENT']} (+{contact})", priority="spider")
        if settings.get("REPLAY"):
            handler = "newswatch.archive.replay.ReplayHandler"
            settings.set("DOWNLOAD_HANDLERS", {**settings.getdict("DOWNLOAD_HANDLERS"), "http": handler, "https": handler}, "cmdline")
            for name, value in (("DOWNLOAD_DELAY", 0), ("AUTOTHROTTLE_ENABLED", False), ("RETRY_ENABLED", False), ("PROXY", None)):
                settings.set(name, value, "cmdline")

    async def start(self) -> AsyncIterator[Any]:
        """A request a section."""
        for name in self.section_names:
            url = self.site.sections[name].url
            state = section_state(self._db, self.site.name, name, url)
            headers = _conditional(state.etag, state.last_modified) if state else {}
            yield Request(
                url,
                self.parse_section,
                headers=headers,
                errback=self.section_failed,
                cb_kwargs={"name": name},
                meta={"section": name},
                dont_filter=True,
                priority=10,
            )
        for url in missing_urls(self._db, self.site.name):
            for request in self._article_request(Link(url), _now()):
                yield request

    def closed(self, reason: str) -> None:
        """Closes the spider's own connection."""
        self._db.close()

    # --- sections

    def parse_section(self, response: Response, name: str) -> Iterator[Output | Request]:
        """A Listing and a request for each of its links, or a Fault."""
        now = _now()
        section = self.site.sections[name]
        state = section_state(self._db, self.site.name, name, section.url)
        if response.status == 304 and state is not None:
            listing = Listing(self.site.name, name, section.url, state.links, now, unchanged=True)
        else:
            try:
                listing = self._read_listing(response, name, now)
            except ReadError as error:
                yield self._fault(error.kind, response.url, str(error), section=name)
                return
        if len(listing.links) < section.min_links:
            detail = f"{len(listing.links)} article links, at least {section.min_links} expected"
            yield self._fault("listing", response.url, detail, section=name)
        yield listing
        for link in (*listing.links, *self._dropped(listing, state)):
            yield from self._article_request(link, now)

    def _dropped(self, listing: Listing, state: SectionState | None) -> Iterator[Link]:
        """Stories that stood in the last listing and no longer do: one more look tells whether they are gone."""
        listed = {self.site.key_of(link.url) or link.url for link in listing.links}
        for link in state.links if state else ():
            key = self.site.key_of(link.url)
            if (key or link.url) not in listed and known(self._db, self.site.name, link.url, key):
                yield dataclasses.replace(link, updated=None)

    def _read_listing(self, response: Response, name: str, now: datetime) -> Listing:
        page = readable(response)
        links = tuple(find_links(page, self.site))
        etag, last_modified = _validators(response)
        bad = tuple(malformed_links(page, self.site))
        return Listing(self.site.name, name, self.site.sections[name].url, links, now, etag, last_modified, malformed=bad)

    def section_failed(self, failure: Failure) -> Iterator[Fault]:
        """The section could not be fetched."""
        request: Request = failure.request  # type: ignore[attr-defined]
        kind, detail = kind_of(failure.value)
        yield self._fault(kind, request.url, detail, section=request.meta["section"])

    # --- articles

    def _article_request(self, link: Link, now: datetime) -> Iterator[Unchanged | Request]:
        """A conditional request, or none where the listing itself says that nothing is newer."""
        key = self.site.key_of(link.url)
        identity = key or link.url
        if identity in self._seen:
            return
        self._seen.add(identity)
        story = known(self._db, self.site.name, link.url, key)
        if story and _is_trusted(story, link, now):
            yield Unchanged(self.site.name, story.url, now, "listed-unchanged")
            return
        headers = _conditional(story.etag, story.last_modified) if story and story.url == link.url else {}
        yield Request(
            link.url, self.parse_article, headers=headers, errback=self.article_failed, cb_kwargs={"link": link}, dont_filter=True
        )

    def parse_article(self, response: Response, link: Link) -> Iterator[Output]:
        """The story of a page, or why there is none."""
        now = _now()
        if response.status == 304:
            yield Unchanged(self.site.name, link.url, now, "not-modified")
        elif response.status in (404, 410):
            yield Gone(self.site.name, link.url, now, response.status)
        else:
            try:
                yield self._read_story(response, link, now)
            except ReadError as error:
                yield self._fault(error.kind, link.url, str(error))

    def _read_story(self, response: Response, link: Link, now: datetime) -> Story:
        story = read_article(readable(response), self.site, now)
        url = canonical(response.url, self.site) or response.url
        reached = [canonical(u, self.site) or u for u in (link.url, *response.meta.get("redirect_urls", []))]
        etag, last_modified = _validators(response)
        return dataclasses.replace(
            story,
            url=url,
            urls=tuple(dict.fromkeys([*story.urls, url, *reached])),
            etag=etag,
            last_modified=last_modified,
            listed=link.updated,
        )

    def article_failed(self, failure: Failure) -> Iterator[Fault]:
        """The page could not be fetched."""
        request: Request = failure.request  # type: ignore[attr-defined]
        kind, detail = kind_of(failure.value)
        yield self._fault(kind, request.cb_kwargs["link"].url, detail)

    def _fault(self, kind: str, url: str, detail: str, section: str | None = None) -> Fault:
        return Fault(self.site.name, kind, url, detail, _now(), section)


def chosen_sections(site: Site, names: str | None) -> list[str]:
    """The sections that `-a sections=a,b` picks; those that are on where nothing is said. Raises NewswatchError."""
    if names is None:
        return [name for name, section in site.sections.items() if section.on]
    chosen = [n.strip() for n in names.split(",") if n.strip()]
    unknown = [n for n in chosen if n not in site.sections]
    if unknown or not chosen:
        raise NewswatchError(f"{site.name} has no section {', '.join(unknown) or '(none given)'}; it has: {', '.join(site.sections)}")
    return chosen


def readable(response: Response) -> Selector:
    """The parsed page of a response that is one. Raises ReadError: `http`, `not_html`, `error_page`, `charset`."""
    if 300 <= response.status < 400:
        target = (response.headers.get(b"Location") or b"nowhere").decode("latin-1")
        raise ReadError("redirect", f"redirected to {target[:200]}", url=response.url)
    if response.status != 200:
        raise ReadError("http", f"status {response.status}", url=response.url)
    body = response.body
    if not body.strip():
        raise ReadError("error_page", "an empty page", url=response.url)
    if not isinstance(response, HtmlResponse) or body.startswith(b"%PDF-") or b"\0" in body[:512].replace(b"\0<", b""):
        kind = (response.headers.get(b"Content-Type") or b"unknown").decode("latin-1")
        raise ReadError("not_html", f"not a web page ({kind})", url=response.url)
    text = decode(body, _header_charset(response))
    return Selector(text=text, base_url=response.url, type="html")


def _is_trusted(story: Known, link: Link, now: datetime) -> bool:
    """Whether the listing says what it said when the page was read, not long ago."""
    if story.listed_at is None or to_text(link.updated) != story.listed_at:
        return False
    return story.last_read_at > (to_text(now - TRUSTED_FOR) or "")


def _header_charset(response: Response) -> str | None:
    kind = (response.headers.get(b"Content-Type") or b"").decode("latin-1").lower()
    return kind.partition("charset=")[2].split(";")[0].strip(" \"'") or None


def _conditional(etag: str | None, last_modified: str | None) -> dict[str, str]:
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {k: v for k, v in headers.items() if v}


def _validators(response: Response) -> tuple[str | None, str | None]:
    etag, last_modified = response.headers.get(b"ETag"), response.headers.get(b"Last-Modified")
    return etag.decode("latin-1") if etag else None, last_modified.decode("latin-1") if last_modified else None


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
