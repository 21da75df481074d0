"""The spider of every site file.

section -> its listings -> parse_section -> Listing; after the last, a request a link -> parse_article -> Story | Unchanged | Gone | Gated
    an article of several pages: parse_article -> parse_part -> ... -> Story
    any failure on the way -> Fault
"""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Self

from parsel import Selector
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from sqlite_utils import Database
from twisted.python.failure import Failure

from newswatch import clock
from newswatch.errors import PostponedError, ReadError
from newswatch.extraction import read_article
from newswatch.extraction.dates import from_text, to_text
from newswatch.extraction.identity import instead_of
from newswatch.extraction.links import canonical
from newswatch.extraction.parts import MOST_PAGES, Progress, advance, begin, find_parts, finished, next_part, without_whole
from newswatch.extraction.shapes import KnownShapes
from newswatch.faultpoints import fault
from newswatch.politeness.reserving import RESERVED, WITHHELD
from newswatch.schedule import urgency
from newswatch.sites import Site
from newswatch.sites.variants import ALL
from newswatch.spiders.answers import conditional, is_conditional, readable, validators
from newswatch.spiders.faults import kind_of, until_of
from newswatch.spiders.gates import gate_of
from newswatch.spiders.listings import Found, Gathering, Source, chosen_sections, listings_of, read_source, sources_of
from newswatch.spiders.polite import be_polite
from newswatch.spiders.render import browser_settings, can_render, is_rendered, rendered, tries_again, untried
from newswatch.store import open_store
from newswatch.store.archived import last_archived
from newswatch.store.blocks import learned_blocks
from newswatch.store.due import due_of, link_waits
from newswatch.store.purged import is_purged
from newswatch.store.runs import section_state
from newswatch.store.shapes import known_shapes
from newswatch.store.stories import Known, known, missing_urls
from newswatch.store.timing import says_newer
from newswatch.story import Archived, Fault, Gated, Gone, Link, Listing, Story, Unchanged

Output = Listing | Story | Unchanged | Gone | Gated | Fault

ARCHIVED, BEFORE, INSTEAD = "archived", "archived_before", "instead_of_amp"
"""Keys of a request's meta: where its answer was kept, where an earlier answer is; that it stands for an AMP page."""

_SECTION, _NEW_LINK = 10, 5
"""What is asked for first; then known stories by `schedule.urgency`."""

TRUSTED_FOR = timedelta(hours=24)
"""How long a listing's word that nothing is newer spares a look at the page."""


class SiteSpider(Spider):
    """Crawls the sections of one site; `site` is set by the loader. `-a sections=a,b` picks some; `-a due=1`: only what is due."""

    site: ClassVar[Site]

    def __init__(self, sections: str | None = None, due: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._only_due = due not in (None, "", "0")
        self.section_names = chosen_sections(self.site, sections)
        self._seen: set[str] = set()
        self._gatherings: dict[str, Gathering] = {}
        self._shapes: KnownShapes | None = None

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
        be_polite(settings, delay=cls.site.delay)
        for name, value in browser_settings(cls.site, settings).items():
            settings.set(name, value, "spider")

    async def start(self) -> AsyncIterator[Any]:
        """A request a listing of each section, and for links and stories that are due whatever the listings say."""
        now = clock.now()
        due = due_of(self._db, self.site.name, listings_of(self.site, self.section_names) if self._only_due else {}, now)
        for name in self.section_names:
            for source in self._sources(name, due.sections):
                yield self._listing_request(source)
        missing = () if self._only_due else map(Link, missing_urls(self._db, self.site.name))
        for link in (*due.links, *missing, *due.stories):
            for asked in self._article_request(link, now):
                yield asked

    @property
    def asked_for_sections(self) -> bool:
        """Whether any section is looked at in this crawl."""
        return bool(self._gatherings)

    def _sources(self, name: str, due: Sequence[str]) -> list[Source]:
        """The listings of a section that are asked for, and a gathering for them."""
        section = self.site.sections[name]
        every = sources_of(name, section)
        sources = [s for s in every if s.name in due] if self._only_due else every
        if sources:
            self._gatherings[name] = Gathering(section, set(sources), alone=len(every) == 1, is_whole=len(sources) == len(every))
        return sources

    def closed(self, reason: str) -> None:
        """Closes the spider's own connection."""
        self._db.close()

    # --- sections

    def _listing_request(self, source: Source) -> Request:
        state = section_state(self._db, self.site.name, source.name, source.url)
        request = Request(
            source.url,
            self.parse_section,
            headers=conditional(state.etag, state.last_modified, state.read_at, clock.now()) if state else {},
            errback=self.section_failed,
            cb_kwargs={"name": source.section, "source": source},
            meta={"section": source.name, BEFORE: state.archived if state else None},
            dont_filter=True,
            priority=_SECTION,
        )
        in_browser = source.kind == "page" and is_rendered(self.site, source.section) and can_render(self.settings)
        return rendered(request) if in_browser else request

    def parse_section(self, response: Response, name: str, source: Source) -> Iterator[Output | Request]:
        """A Listing, or a Fault; after the last listing of the section a request for each link of them all."""
        gathering = self._gatherings[name]
        found = Found()
        try:
            listing, found = self._read_listing(response, source)
            few = len(listing.links) < gathering.least(source) and not found.children
            if few and source.kind == "page" and tries_again(self.settings, response, gathering.section):
                yield rendered(response.request)  # type: ignore[arg-type]
                return
            if few:
                detail = f"{len(listing.links)} article links, at least {gathering.least(source)} expected"
                yield self._fault("listing", response.url, detail + self._untried(source), section=source.name)
            fault("listing.read")
            yield listing
        except ReadError as error:
            yield self._fault(error.kind, response.url, str(error), section=source.name)
        except Exception as error:  # one listing must not cost the others
            yield self._fault("internal", response.url, repr(error)[:300], section=source.name)
        for child in found.children:
            yield self._listing_request(child)
        if gathering.answered(source, found.children):
            yield from self._gathered(name)

    def _read_listing(self, response: Response, source: Source) -> tuple[Listing, Found]:
        """The listing, kept for the gathering of its section. Of a sitemap index only what it led to counts there."""
        now, gathering = clock.now(), self._gatherings[source.section]
        state = section_state(self._db, self.site.name, source.name, source.url)
        if response.status == 304 and state is not None:
            found = Found(state.links)
            listing = Listing(self.site.name, source.name, source.url, state.links, now, unchanged=True, parent=source.parent)
        else:
            again = source.kind == "page" and tries_again(self.settings, response, gathering.section)
            found = read_source(response, source, self.site, self._known_shapes(source), wall_is_fault=not again)
            etag, last_modified = validators(response)
            listing = Listing(self.site.name, source.name, source.url, found.links, now, etag, last_modified, malformed=found.malformed)
            listing = dataclasses.replace(listing, archived=_archived(response), parent=source.parent)
            if found.children:  # without validators: its links are not kept, so it must always be answered whole
                listing = dataclasses.replace(listing, etag=None, last_modified=None, is_index=True)
        if not found.children:
            gathering.read[source] = found.links
            gathering.before += state.links if state else ()
        return listing, found

    def _gathered(self, name: str) -> Iterator[Output | Request]:
        """All listings of a section have answered: what they come to."""
        gathering, now = self._gatherings[name], clock.now()
        links = gathering.links(self.site)
        if gathering.read and gathering.is_whole and not gathering.alone and len(links) < gathering.section.min_links:
            detail = f"{len(links)} article links in all its listings, at least {gathering.section.min_links} expected"
            yield self._fault("listing", gathering.section.url, detail, section=name)
        before = {link.url: link for link in gathering.before}
        dropped = [*self._dropped(links, gathering.before)] if gathering.is_whole else []  # of some listings: others may have them
        gathering.forget()
        for link in self.wanted((*links, *dropped)):
            yield from self._article_request(link, now, must=link in dropped or says_newer(link, before.get(link.url)))

    def wanted(self, links: Sequence[Link]) -> Sequence[Link]:
        """The links of a section whose pages are looked at: all."""
        return links

    def _dropped(self, links: Sequence[Link], before: Sequence[Link]) -> Iterator[Link]:
        """Stories that stood in the last listings and no longer do: one more look tells whether they are gone."""
        listed = {self.site.key_of(link.url) or link.url for link in links}
        for link in before:
            key = self.site.key_of(link.url)
            if (key or link.url) not in listed and known(self._db, self.site.name, link.url, key):
                yield dataclasses.replace(link, updated=None)

    def _known_shapes(self, source: Source) -> KnownShapes | None:
        """Only a site without a pattern needs them, for its pages."""
        if source.kind == "page" and self.site.article.pattern is None and self._shapes is None:
            self._shapes = known_shapes(self._db, self.site.name)
        return self._shapes

    def _untried(self, source: Source) -> str:
        return untried(self.settings, self.site.sections[source.section]) if source.kind == "page" else ""

    def section_failed(self, failure: Failure) -> Iterator[Output | Request]:
        """A listing could not be fetched; the others of its section stand."""
        request: Request = failure.request  # type: ignore[attr-defined]
        source: Source = request.cb_kwargs["source"]
        if not isinstance(failure.value, PostponedError):
            kind, detail = kind_of(failure.value)
            yield dataclasses.replace(self._fault(kind, request.url, detail, section=source.name), until=until_of(failure.value))
        if self._gatherings[source.section].answered(source):
            yield from self._gathered(source.section)

    # --- articles

    def _article_request(self, link: Link, now: datetime, *, must: bool = False) -> Iterator[Unchanged | Request]:
        """A conditional request, or none where the listing itself says that nothing is newer.

        Where only what is due is asked for, other links are left alone, unless they `must` be looked at.
        """
        key = self.site.key_of(link.url)
        identity = key or link.url
        if identity in self._seen:
            return
        story = known(self._db, self.site.name, link.url, key)
        if story is None and is_purged(self._db, self.site.name, [link.url], key):
            return
        worth = _NEW_LINK if story is None else urgency(story.next_check_at, story.checked_at, now)
        if self._only_due and not must and (worth < 0 or (story is None and link_waits(self._db, self.site.name, link.url, now))):
            return
        self._seen.add(identity)
        if story and _is_trusted(story, link, now):
            yield Unchanged(self.site.name, story.url, now, "listed-unchanged")
            return
        headers = {}
        if story and story.url == link.url:
            headers = conditional(story.etag, story.last_modified, from_text(story.last_read_at), now)
        request = Request(
            link.url,
            self.parse_article,
            headers=headers,
            errback=self.article_failed,
            cb_kwargs={"link": link},
            dont_filter=True,
            priority=worth,
        )
        request.meta[BEFORE] = last_archived(self._db, story.story_id) if story else None
        yield rendered(request) if is_rendered(self.site) and can_render(self.settings) else request

    def parse_article(self, response: Response, link: Link) -> Iterator[Output | Request]:
        """The story of a page, or why there is none."""
        now = clock.now()
        if response.status == 304 and (not is_conditional(response) or response.meta.get("redirect_urls")):
            yield from self._whole(response, link)
        elif response.status == 304:
            yield Unchanged(self.site.name, link.url, now, "not-modified")
        elif response.status in (404, 410):
            yield Gone(self.site.name, link.url, now, response.status)
        elif gate := gate_of(response, self.site):
            yield Gated(self.site.name, link.url, now, gate)
        else:
            try:
                page = readable(response)
                if instead := self._instead(page, response, link):
                    yield instead
                    return
                parts = find_parts(page, self.site)
                story = self._read_story(page, response, link, now)
                fault("article.read")
                yield from self._go_on(begin(story, parts), link)
            except ReadError as error:
                yield self._fault(error.kind, link.url, str(error))

    def _instead(self, page: Selector, response: Response, link: Link) -> Request | None:
        """The request for the article itself where the page is an AMP page of it."""
        url = None if response.meta.get(INSTEAD) else instead_of(page, self.site)
        if url is None:
            return None
        self._seen.add(self.site.key_of(url) or url)
        return self._page_request(url, self.parse_article, self.article_failed, {"link": link}, {INSTEAD: True})

    def _page_request(self, url: str, callback: Any, errback: Any, kwargs: dict[str, Any], meta: dict[str, Any] | None = None) -> Request:
        request = Request(url, callback, errback=errback, cb_kwargs=kwargs, meta=meta or {}, dont_filter=True)
        return rendered(request) if is_rendered(self.site) and can_render(self.settings) else request

    # --- articles of several pages

    def _go_on(self, progress: Progress, link: Link) -> Iterator[Story | Fault | Request]:
        """The request for the next page of an article, or its story once there is none. Raises ReadError."""
        following = next_part(progress)
        if following is not None:
            kwargs = {"link": link, "progress": progress, "number": following.number}
            yield self._page_request(following.url, self.parse_part, self.part_failed, kwargs)
            return
        story = finished(progress)
        if progress.is_cut:
            yield self._fault("cut", story.url, f"an article of more than {MOST_PAGES} pages: those behind were left out")
        yield story

    def parse_part(self, response: Response, link: Link, progress: Progress, number: int) -> Iterator[Story | Fault | Request]:
        """A further page of an article. One that cannot be read makes a fault of all: half a text is no revision."""
        try:
            if gate := gate_of(response, self.site):
                raise ReadError("parts", gate)
            page = readable(response)
            parts = find_parts(page, self.site)
            story = read_article(page, self.site, progress.story.seen_at, self._learned())
            fault("part.read")
            yield from self._go_on(advance(progress, number, story, parts), link)
        except ReadError as error:
            yield from self._without_part(progress, link, number, str(error))

    def part_failed(self, failure: Failure) -> Iterator[Story | Fault | Request]:
        """A further page of an article could not be fetched."""
        kwargs = failure.request.cb_kwargs  # type: ignore[attr-defined]
        yield from self._without_part(kwargs["progress"], kwargs["link"], kwargs["number"], kind_of(failure.value)[1])

    def _without_part(self, progress: Progress, link: Link, number: int, why: str) -> Iterator[Story | Fault | Request]:
        try:
            if number != ALL:
                raise ReadError("parts", f"page {number} could not be read: {why}")
            yield from self._go_on(without_whole(progress), link)
        except ReadError as error:
            yield self._fault("parts", link.url, str(error))

    def _whole(self, response: Response, link: Link) -> Iterator[Fault | Request]:
        """A 304 to a request without validators, some cache's mistake, or to those of another address. Asked once more, past the caches."""
        request = response.request
        assert request is not None
        if b"Cache-Control" in request.headers:
            yield self._fault("http", link.url, "status 304, though the whole page was asked for")
        else:
            kept = {k: v for k, v in request.headers.items() if k not in (b"If-None-Match", b"If-Modified-Since")}
            yield request.replace(headers={**kept, b"Cache-Control": b"no-cache"}, dont_filter=True)

    def _read_story(self, page: Selector, response: Response, link: Link, now: datetime) -> Story:
        story = read_article(page, self.site, now, self._learned())
        url = canonical(response.url, self.site) or response.url
        reached = [canonical(u, self.site) or u for u in (link.url, *response.meta.get("redirect_urls", []))]
        etag, last_modified = validators(response)
        return dataclasses.replace(
            story,
            url=url,
            urls=tuple(dict.fromkeys([*story.urls, url, *reached])),
            etag=etag,
            last_modified=last_modified,
            listed=link.updated,
            archived=_archived(response),
            reserved=response.meta.get(RESERVED),
            withheld=bool(response.meta.get(WITHHELD)),
        )

    def _learned(self) -> frozenset[str]:
        """What the site repeats; a site with body rules needs it not."""
        return frozenset() if self.site.rules.body else learned_blocks(self._db, self.site.name)

    def article_failed(self, failure: Failure) -> Iterator[Gated | Fault]:
        """The page could not be fetched."""
        if isinstance(failure.value, PostponedError):  # counted where it was postponed, and due as it was
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        kind, detail = kind_of(failure.value)
        url = request.cb_kwargs["link"].url
        if kind == "gated":
            yield Gated(self.site.name, url, clock.now(), detail)
        else:
            yield dataclasses.replace(self._fault(kind, url, detail), until=until_of(failure.value))

    def _fault(self, kind: str, url: str, detail: str, section: str | None = None) -> Fault:
        return Fault(self.site.name, kind, url, detail, clock.now(), section)


def _is_trusted(story: Known, link: Link, now: datetime) -> bool:
    """Whether the listing says what it said when the page was read, not long ago."""
    if story.listed_at is None or to_text(link.updated) != story.listed_at:
        return False
    return story.last_read_at > (to_text(now - TRUSTED_FOR) or "")


def _archived(response: Response) -> Archived | None:
    found: Archived | None = response.meta.get(ARCHIVED)
    return found
