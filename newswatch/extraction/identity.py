"""Pure: what a page says of its own address: canonical, AMP, and the key in them."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from parsel import Selector

from newswatch.extraction.links import resolve
from newswatch.extraction.select import elements, page_url
from newswatch.sites import Site, bare_address
from newswatch.sites.variants import article_address


@dataclass(frozen=True, slots=True)
class Said:
    """Which story a page says that it is."""

    url: str
    """Where the page stands."""
    key: str | None = None
    key_is_claimed: bool = False
    """The key is that of the canonical address only."""
    canonical: str | None = None
    claimed: tuple[str, ...] = ()
    """Further addresses of its own site."""
    copy_of: str | None = None
    """A story of another site, or one with another key."""
    is_listing: bool = False
    """The canonical address is the home page, or a listing."""


def read_identity(page: Selector, site: Site) -> Said:
    """What the page says. A canonical address of another site, or with another key, is no address of the page."""
    url = page_url(page)
    key, canonical = site.key_of(url), canonical_url(page, site)
    amp = tuple(u for u in (_amp_url(page, site),) if u)
    if canonical is None:
        return Said(url, key, claimed=amp)
    if not site.owns(canonical):
        return Said(url, key, canonical=canonical, claimed=amp, copy_of=canonical)
    if site.is_listing(canonical) or urlsplit(canonical).path in ("", "/"):
        return Said(url, key, canonical=canonical, claimed=amp, is_listing=not site.is_listing(url))
    if site.article.pattern and not site.is_article(canonical):
        return Said(url, key, canonical=canonical, claimed=amp)
    other = site.key_of(canonical)
    if key and other and key != other:
        return Said(url, key, canonical=canonical, claimed=amp, copy_of=canonical)
    return Said(url, key or other, key is None and other is not None, canonical, (canonical, *amp))


def canonical_url(page: Selector, site: Site) -> str | None:
    """The page's canonical address, without what makes it a variant; that of another site as it is. None where it has none."""
    hrefs = elements(page, ["//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"])
    url = resolve(page_url(page), hrefs[0], site) if hrefs else None
    plain = article_address(url, site) if url else None
    return plain if plain and site.owns(plain) else url


def instead_of(page: Selector, site: Site) -> str | None:
    """The address of the article itself where the page is an AMP page, told by its own mark; None where it is none."""
    root = page.root
    if root.tag != "html" or not any(mark in root.attrib for mark in ("amp", "\u26a1", "\u26a1\ufe0f")):
        return None
    canonical = canonical_url(page, site)
    if canonical is None or not site.may_be_article(canonical) or site.is_listing(canonical):
        return None
    return None if bare_address(canonical) == bare_address(page_url(page)) else canonical


def _amp_url(page: Selector, site: Site) -> str | None:
    hrefs = elements(page, ["//link[@rel='amphtml']/@href"])
    url = resolve(page_url(page), hrefs[0], site) if hrefs else None
    return url if url and site.owns(url) and bare_address(url) != bare_address(page_url(page)) else None
