"""The article links of a section page."""

from __future__ import annotations

import dataclasses
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from parsel import Selector
from w3lib.url import canonicalize_url

from newswatch.extraction.select import check_shape, element_text, elements, page_url
from newswatch.extraction.shapes import (
    ENOUGH,
    KnownShapes,
    article_score,
    folders_of,
    is_folder,
    is_never_article,
    repeated_shapes,
    shape_of,
)
from newswatch.extraction.standing import has_main, standing
from newswatch.sites import Site, bare_address
from newswatch.sites.variants import article_address
from newswatch.story import Link

LONGEST_URL = 2000

TRACKING = (
    "utm_", "wt_", "mtm_", "pk_", "hsa_", "fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "mc_cid", "mc_eid",
    "mktcid", "ns_mchannel", "ns_source", "ns_campaign", "cmpid", "icid", "ito", "xtor", "at_medium", "at_campaign",
    "wtmc", "wtrid", "ref", "referrer", "referer", "source", "src", "from", "share", "smid", "ocid", "cid",
)  # fmt: skip
"""Beginnings of the names of query parameters that say where a reader came from, never which story it is."""


def find_links(page: Selector, site: Site, known_shapes: KnownShapes | None = None) -> list[Link]:
    """The article links of a section page, each once, in the order of the page, with the longest text as headline.

    Where the site has no `article.pattern` they are told by their shape (see shapes.py); `known_shapes` says what became
    of the site's URLs before. A bad href costs only itself. An empty list means that there is none: the caller decides
    whether that may be.
    """
    check_shape(page)
    base = _base(page)
    found: dict[str, tuple[Link, list[Any]]] = {}
    for anchor in _anchors(page, site):
        url = resolve_article(base, anchor.get("href"), site)
        if url is None or not site.may_be_article(url):
            continue
        identity = site.key_of(url) or url
        headline = _headline(anchor)
        link, anchors = found.setdefault(identity, (Link(url, headline, len(found)), []))
        anchors.append(anchor)
        if len(headline or "") > len(link.headline or ""):
            found[identity] = Link(link.url, headline, link.place), anchors
    if site.article.pattern:
        return [link for link, _ in found.values()]
    return _of_article_shape(list(found.values()), page, site, known_shapes)


def malformed_links(page: Selector, site: Site) -> list[str]:
    """Hrefs of a section page that no URL parser takes; `mailto:` and the like are good URLs of another kind."""
    base, bad = _base(page), []
    for anchor in _anchors(page, site):
        try:
            canonical(urljoin(base, anchor.get("href").strip()), site)
        except ValueError:
            bad.append(anchor.get("href").strip()[:200])
    return bad


def resolve(base: str, href: str | None, site: Site) -> str | None:
    """The absolute, canonicalised http(s) URL of an href; None where it has none."""
    try:
        return canonical(urljoin(base, (href or "").strip()), site)
    except ValueError:
        return None


def resolve_article(base: str, href: str | None, site: Site) -> str | None:
    """`resolve` for a link to an article: variants for other devices, and further pages, stand for the article itself."""
    url = resolve(base, href, site)
    return article_address(url, site) if url else None


def canonical(url: str, site: Site) -> str | None:
    """One spelling for one address: no fragment, no tracking parameters, no default port, no user name, sorted query.

    None for what is no http(s) URL or longer than 2,000 characters. Raises ValueError where Python's URL parser does.
    """
    if len(url) > LONGEST_URL:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    default = {"http": 80, "https": 443}[parts.scheme]
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    netloc = host if parts.port in (None, default) else f"{host}:{parts.port}"
    kept = [p for p in parts.query.split("&") if p and not _is_tracking(p.split("=", 1)[0], site)]
    return str(canonicalize_url(urlunsplit((parts.scheme, netloc, parts.path, "&".join(kept), ""))))


def _is_tracking(name: str, site: Site) -> bool:
    name = name.lower()
    if name in {k.lower() for k in site.keep_params}:
        return False
    return any(name.startswith(t) if t.endswith("_") else name == t for t in TRACKING)


def _is_variant(url: str, plain: set[str]) -> bool:
    """Whether the page stands without its parameters among the `plain` ones: to print it, to answer a comment."""
    path, _, query = bare_address(url).partition("?")
    return bool(query) and f"{path}?" in plain


def _of_article_shape(found: list[tuple[Link, list[Any]]], page: Selector, site: Site, known: KnownShapes | None) -> list[Link]:
    """Those of the links that score like articles, numbered anew."""
    here, main_marked = bare_address(page_url(page)), has_main(page.root)
    plain = {here, *(bare_address(link.url) for link, _ in found)}
    folders = folders_of(link.url for link, _ in found)
    possible = [
        (link, standing(link, anchors, main_marked=main_marked))
        for link, anchors in found
        if not (
            bare_address(link.url) == here
            or is_never_article(link.url)
            or is_folder(link.url, folders)
            or site.is_listing(link.url)
            or _is_variant(link.url, plain)
        )
    ]
    repeated = repeated_shapes([stands for _, stands in possible])
    good = [link for link, stands in possible if article_score(stands, repeated.get(shape_of(link.url), 0.0), known) >= ENOUGH]
    return [dataclasses.replace(link, place=place) for place, link in enumerate(good)]


def _base(page: Selector) -> str:
    """The page's own `<base href>`, if it is a good one, else its URL."""
    href = page.root.xpath("string(//base/@href)")
    try:
        return urljoin(page_url(page), str(href))
    except ValueError:
        return page_url(page)


def _anchors(page: Selector, site: Site) -> list[Any]:
    scopes = elements(page, site.links) if site.links else [page.root]
    path = "descendant-or-self::a[@href][not(ancestor::nav or ancestor::footer or ancestor::header[not(ancestor::article)])]"
    return [a for scope in scopes for a in scope.xpath(path)]


def _headline(anchor: Any) -> str | None:
    """The text of the link's own headline element, else of the link, else its title."""
    for tag in ("h1", "h2", "h3", "h4"):
        inner = anchor.find(f".//{tag}")
        if inner is not None and (text := element_text(inner)):
            return text
    return element_text(anchor) or element_text(anchor.get("title") or anchor.get("aria-label") or "")
