"""What a home page tells of its site, for a site file to be drafted from; and the links of a listing, unsorted."""

from __future__ import annotations

from typing import Any

from parsel import Selector

from newswatch.extraction.links import resolve
from newswatch.extraction.select import clean, element_text, elements, page_url
from newswatch.sites import Site
from newswatch.sites.draft import Front
from newswatch.story import Link

_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml")
_CHROME = "ancestor::nav or ancestor::footer or ancestor::header[not(ancestor::article)]"
_MENU_WORDS = 3
"""Words of a link to a section, at most."""

ENOUGH_TEXT = 20_000


def read_front(page: Selector, site: Site) -> Front:
    """Title, language, navigation and feeds of a home page. `site` need only have the host."""
    title = clean(page.root.xpath("string(//meta[@property='og:site_name']/@content)")) or _short_title(page)
    language = clean(page.root.xpath("string(/html/@lang)")) or clean(page.root.xpath("string(/html/@xml:lang)"))
    types = " or ".join(f"@type='{t}'" for t in _FEED_TYPES)
    hrefs = elements(page, [f"//link[contains(concat(' ', @rel, ' '), ' alternate ')][{types}]/@href"])
    feeds = (resolve(page_url(page), str(h), site) for h in hrefs)
    return Front(
        url=page_url(page),
        title=title or site.title,
        language=language,
        text=(element_text(page.root) or "")[:ENOUGH_TEXT],
        menu=tuple(_menu(page, site)),
        feeds=tuple(dict.fromkeys(f for f in feeds if f)),
    )


def listing_links(page: Selector, site: Site) -> tuple[Link, ...]:
    """Every link of the main part of a page, each once, with the longest of its texts; boxes beside the text left out."""
    anchors = page.root.xpath(f"//a[@href][not({_CHROME} or ancestor::aside)]")
    return tuple(_links(page, site, anchors))


def _short_title(page: Selector) -> str | None:
    """`Nachrichten - Das Blatt` is Das Blatt."""
    title = clean(page.root.xpath("string(//title)")) or ""
    for mark in (" | ", " – ", " — ", " - ", ": "):
        parts = title.split(mark)
        if len(parts) > 1:
            return min(parts[0], parts[-1], key=len) if mark == ": " else parts[-1]
    return title or None


def _menu(page: Selector, site: Site) -> list[Link]:
    """The navigation's links, then those that are as short as a navigation's, then the footer's."""
    inside = _links(page, site, page.root.xpath("//nav[not(ancestor::footer)]//a[@href] | //header[not(ancestor::article)]//a[@href]"))
    other = [link for link in _links(page, site, page.root.xpath(f"//a[@href][not({_CHROME})]")) if _is_label(link)]
    footer = _links(page, site, page.root.xpath("//footer//a[@href]"))
    return _each_once(inside, other, footer)


def _each_once(*groups: list[Link]) -> list[Link]:
    found: dict[str, Link] = {}
    for group in groups:
        for link in group:
            found.setdefault(link.url, link)
    return list(found.values())


def _is_label(link: Link) -> bool:
    return 1 <= len((link.headline or "").split()) <= _MENU_WORDS


def _links(page: Selector, site: Site, anchors: list[Any]) -> list[Link]:
    found: dict[str, Link] = {}
    for anchor in anchors:
        url = resolve(page_url(page), anchor.get("href"), site)
        if url is None or not site.owns(url):
            continue
        text = element_text(anchor) or clean(anchor.get("title")) or clean(anchor.get("aria-label"))
        before = found.get(url)
        if before is None or len(text or "") > len(before.headline or ""):
            found[url] = Link(url, text, before.place if before else len(found))
    return list(found.values())
