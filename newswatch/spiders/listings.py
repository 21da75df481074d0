"""The listings of a section: its page, feeds and sitemaps; what each holds, and what they come to together.

Section -> [Source] -> response -> Found(links | children) -> Gathering -> [Link], once the last of them has answered
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from scrapy.http import Response

from newswatch.errors import NewswatchError, ReadError
from newswatch.extraction import find_links
from newswatch.extraction.feeds import find_feed_links
from newswatch.extraction.links import malformed_links
from newswatch.extraction.shapes import KnownShapes
from newswatch.extraction.sitemaps import read_sitemap
from newswatch.extraction.walls import consent_wall
from newswatch.sites import Section, Site
from newswatch.spiders.answers import check_answer, header_charset, readable
from newswatch.story import Link

MOST_CHILDREN = 3
"""Sitemaps of an index that are read: those for news, and the newest."""


@dataclass(frozen=True, slots=True)
class Source:
    """One listing of a section."""

    section: str
    name: str
    """As the store knows it: `politik`, `politik feed 1`, `politik sitemap 1 part 2`."""
    url: str
    kind: Literal["page", "feed", "sitemap"]
    is_child: bool = False
    """A sitemap that an index led to: it may list no article."""

    @property
    def parent(self) -> str | None:
        """The name of the index that led to it."""
        return self.name.rpartition(" part ")[0] if self.is_child else None


@dataclass(frozen=True, slots=True)
class Found:
    """What a listing holds."""

    links: tuple[Link, ...] = ()
    malformed: tuple[str, ...] = ()
    children: tuple[Source, ...] = ()
    """Of a sitemap index, which has no links of its own."""


@dataclass
class Gathering:
    """What the listings of one section have brought so far."""

    section: Section
    waiting: set[Source]
    """Those that have not answered yet."""
    alone: bool
    """The section has one listing, which is no index."""
    read: dict[Source, tuple[Link, ...]] = field(default_factory=dict)
    is_whole: bool = True
    """All listings of the section are asked for, not only those that are due."""
    before: list[Link] = field(default_factory=list)
    """What the listings that were read held last time."""

    def answered(self, source: Source, children: Sequence[Source] = ()) -> bool:
        """Notes that a listing has answered, and which others it led to; True if it was the last."""
        self.waiting.update(children)
        self.waiting.discard(source)
        self.alone = self.alone and not children
        return not self.waiting

    def forget(self) -> None:
        """Lets the links go when all that they come to is known: a crawl of many sections is long."""
        self.read.clear()
        self.before.clear()

    def least(self, source: Source) -> int:
        """How many links a listing must have, or it is a fault: of several each must have any, all together enough."""
        return self.section.min_links if self.alone else min(self.section.min_links, 0 if source.is_child else 1)

    def links(self, site: Site) -> list[Link]:
        """All links, one a story: the first listing's, with the newest time of update that any of them gives."""
        merged: dict[str, Link] = {}
        for source in sorted(self.read, key=lambda s: s.name):
            for link in self.read[source]:
                identity = site.key_of(link.url) or link.url
                merged[identity] = _both(merged[identity], link) if identity in merged else link
        return [dataclasses.replace(link, place=place) for place, link in enumerate(merged.values())]


def sources_of(name: str, section: Section) -> list[Source]:
    """The listings of a section: its own, then its feeds and sitemaps."""
    out = [Source(name, name, section.url, section.kind)]
    out += [Source(name, f"{name} feed {n}", url, "feed") for n, url in enumerate(section.feeds, 1)]
    out += [Source(name, f"{name} sitemap {n}", url, "sitemap") for n, url in enumerate(section.sitemaps, 1)]
    return out


def chosen_sections(site: Site, names: str | None) -> list[str]:
    """The sections that `-a sections=a,b` picks; those that are on where nothing is said. Raises NewswatchError."""
    if names is None:
        return site.sections_on
    chosen = [n.strip() for n in names.split(",") if n.strip()]
    unknown = [n for n in chosen if n not in site.sections]
    if unknown or not chosen:
        raise NewswatchError(f"{site.name} has no section {', '.join(unknown) or '(none given)'}; it has: {', '.join(site.sections)}")
    return chosen


def listings_of(site: Site, sections: Iterable[str] | None = None) -> dict[str, str]:
    """{name of a listing: its URL} of the sections named, of those that are on where none are: what `newswatch.store.due` asks for."""
    names = [name for name, section in site.sections.items() if section.on] if sections is None else sections
    return {source.name: source.url for name in names for source in sources_of(name, site.sections[name])}


def read_source(response: Response, source: Source, site: Site, known: KnownShapes | None, *, wall_is_fault: bool = True) -> Found:
    """What a listing holds. Raises ReadError: see `readable`, `find_feed_links`, `read_sitemap`; `consent` for a wall without links."""
    if source.kind == "page":
        page = readable(response)
        links = find_links(page, site, known)
        if not links and wall_is_fault and (wall := consent_wall(page)):
            raise ReadError("consent", f'it asks "{wall}"', url=response.url)
        return Found(tuple(links), tuple(malformed_links(page, site)))
    check_answer(response)
    if source.kind == "feed":
        return Found(tuple(find_feed_links(response.body, response.url, site, header_charset(response))))
    sitemap = read_sitemap(response.body, response.url, site)
    if sitemap.children and source.is_child:
        raise ReadError("listing", "a sitemap index within a sitemap index", url=response.url)
    children = [
        Source(source.section, f"{source.name} part {n}", url, "sitemap", is_child=True)
        for n, url in enumerate(sitemap.children[:MOST_CHILDREN], 1)
    ]
    return Found(sitemap.links, children=tuple(children))


def _both(first: Link, second: Link) -> Link:
    stamps = [link.updated for link in (first, second) if link.updated]
    return dataclasses.replace(first, headline=first.headline or second.headline, updated=max(stamps, default=None))
