"""The spider of `scrapy addsite`: looks at a site that nothing is known of, politely and not for long.

home -> robots.txt, feeds, sitemaps, navigation -> draft_site -> Draft -> five articles -> Story | Fault
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from urllib.parse import urljoin

from parsel import Selector
from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.python.failure import Failure

from newswatch import clock
from newswatch.errors import ReadError
from newswatch.extraction import find_links, read_article
from newswatch.extraction.feeds import find_feed_links
from newswatch.extraction.front import listing_links, read_front
from newswatch.extraction.sitemaps import read_sitemap
from newswatch.sites import Site
from newswatch.sites.draft import Draft, Front, Seen, draft_site, menu_of
from newswatch.spiders.answers import readable
from newswatch.spiders.faults import kind_of
from newswatch.spiders.polite import be_polite
from newswatch.story import Fault

MOST_REQUESTS = 25
FEEDS, SITEMAPS = 3, 5
_USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap.xml")

Output = Request | Front | Draft | Fault | Any


class SurveySpider(Spider):
    """`provisional` is a Site with name and host; everything else is found out. Gives Front, Seen, Draft, Story, Fault."""

    name = "survey"
    custom_settings = {"ITEM_PIPELINES": {}}

    def __init__(self, provisional: Site, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._site = provisional
        self._front: Front | None = None
        self._seen: list[Seen] = []
        self._asked: set[str] = set()
        self._open = 0
        self._sitemaps_left = SITEMAPS

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """As polite as a crawl."""
        super().update_settings(settings)
        be_polite(settings)

    async def start(self) -> AsyncIterator[Any]:
        """The home page."""
        yield Request(self._site.home, self._home, errback=self._home_failed, dont_filter=True)

    # --- home

    def _home(self, response: Response) -> Iterator[Output]:
        """What the home page says, and a request for each listing that it leads to."""
        try:
            page = readable(response)
        except ReadError as error:
            yield self._fault(error.kind, response.url, str(error))
            return
        known = self._site.model_dump(exclude_defaults=True)
        self._site = Site.model_validate({**known, "home": response.url, "sections": {"home": response.url}})
        self._front = read_front(page, self._site)
        yield self._front
        self._seen.append(self._listed(page, response.url))
        self._asked.add(response.url)
        requests = [*self._ask(urljoin(response.url, "/robots.txt"), self._robots, is_robots=True)]
        for url in self._front.feeds[:FEEDS]:
            requests += self._ask(url, self._feed)
        for link in menu_of(self._front, self._site):
            requests += self._ask(link.url, self._page)
        yield from requests

    def _home_failed(self, failure: Failure) -> Iterator[Fault]:
        kind, detail = kind_of(failure.value)
        yield self._fault(kind, self._site.home, detail)

    # --- listings

    def _robots(self, response: Response) -> Iterator[Output]:
        """Requests for the sitemaps it names, those for news first; for the usual ones where it names none."""
        lines = response.body[:500_000].decode("utf-8", "replace").splitlines() if response.status == 200 else []
        named = [line.partition(":")[2].strip() for line in lines if line.lower().startswith("sitemap:")]
        urls = sorted(named, key=lambda u: "news" not in u.lower()) or [urljoin(response.url, p) for p in _USUAL_SITEMAPS]
        yield from self._ask_sitemaps(urls)

    def _ask_sitemaps(self, urls: list[str]) -> Iterator[Request]:
        for url in urls:
            if self._sitemaps_left > 0:
                requests = list(self._ask(url, self._sitemap))
                self._sitemaps_left -= len(requests)
                yield from requests

    def _sitemap(self, response: Response) -> Iterator[Output]:
        """A sitemap whose name says news is a section; an index leads to its children, those for news first."""
        if response.status != 200:
            return
        found = read_sitemap(response.body, response.url, self._site)
        links = tuple(found.links)
        if links and ("news" in response.url.lower() or b"sitemap-news" in response.body[:4000]):
            self._seen.append(Seen(response.url, "sitemap", links))
        yield from self._ask_sitemaps([u for u in found.children if "news" in u.lower()][:2])

    def _feed(self, response: Response) -> Iterator[Output]:
        if response.status == 200:
            self._seen.append(Seen(response.url, "feed", tuple(find_feed_links(response.body, response.url, self._site))))
        yield from ()

    def _page(self, response: Response) -> Iterator[Output]:
        if self._site.owns(response.url):
            self._seen.append(self._listed(readable(response), response.url))
        yield from ()

    def _listed(self, page: Selector, url: str) -> Seen:
        likely = frozenset(link.url for link in find_links(page, self._site))
        return Seen(url, "page", listing_links(page, self._site), likely)

    # --- articles

    def _drafted(self) -> Iterator[Output]:
        """All listings are in: the draft, and a request for each of its examples."""
        draft = draft_site(self._site, self._front, self._ordered()) if self._front else None
        if draft is not None:
            yield draft
            for url in draft.examples:
                yield Request(url, self._article, errback=self._article_failed, cb_kwargs={"draft": draft}, dont_filter=True)

    def _ordered(self) -> list[Seen]:
        """Pages as the navigation has them, then feeds, then sitemaps; each listing once."""
        places = {link.url: place for place, link in enumerate(self._front.menu)} if self._front else {}
        kinds = ("page", "feed", "sitemap")
        once = {s.url.rstrip("/"): s for s in reversed(self._seen)}.values()
        return sorted(once, key=lambda s: (kinds.index(s.kind), places.get(s.url, len(places))))

    def _article(self, response: Response, draft: Draft) -> Iterator[Output]:
        try:
            yield read_article(readable(response), draft.site, clock.now())
        except ReadError as error:
            yield self._fault(error.kind, response.url, str(error))

    def _article_failed(self, failure: Failure) -> Iterator[Fault]:
        request: Request = failure.request  # type: ignore[attr-defined]
        kind, detail = kind_of(failure.value)
        yield self._fault(kind, request.url, detail)

    # --- asking

    def _ask(self, url: str, read: Callable[[Response], Iterator[Output]], *, is_robots: bool = False) -> Iterator[Request]:
        """A request for a listing on the site, unless it was asked for or enough were. The last answer brings the draft."""
        if url in self._asked or len(self._asked) >= MOST_REQUESTS - 5 or not self._site.owns(url):
            return
        self._asked.add(url)
        self._open += 1
        meta = {"dont_obey_robotstxt": True} if is_robots else {}
        yield Request(url, self._answered, errback=self._refused, cb_kwargs={"read": read}, meta=meta, dont_filter=True)

    def _answered(self, response: Response, read: Callable[[Response], Iterator[Output]]) -> Iterator[Output]:
        try:
            yield from read(response)
        except ReadError as error:
            if read != self._sitemap:  # most of those are only guessed
                yield self._fault(error.kind, response.url, str(error))
        except Exception as error:  # one listing must not cost the draft
            yield self._fault("internal", response.url, repr(error)[:300])
        yield from self._one_less()

    def _refused(self, failure: Failure) -> Iterator[Output]:
        """A listing that cannot be had is a hint fewer, no more: many that are asked for are guesses."""
        request: Request = failure.request  # type: ignore[attr-defined]
        if request.cb_kwargs["read"] == self._page:
            kind, detail = kind_of(failure.value)
            yield self._fault(kind, request.url, detail)
        yield from self._one_less()

    def _one_less(self) -> Iterator[Output]:
        self._open -= 1
        if self._open == 0:
            yield from self._drafted()

    def _fault(self, kind: str, url: str, detail: str) -> Fault:
        return Fault(self._site.name, kind, url, detail, clock.now())
