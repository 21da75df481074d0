"""Pure: one address for what AMP, mobile, print and tracking make of it, and for the pages that a long article is cut into.

URL, Site -> plain_address -> the address that people are sent to
URL -> part_of -> Part(the article's address, which of its pages)

Only what is certain is changed: a slug may end in the word amp, and `/print/` may be a section of the site. Where the
site file has a pattern for articles it has the last word: an address that fits it is never exchanged for one that does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from newswatch.sites import Site, bare_address

MOST_PARTS = 99
"""A larger number is no page of an article: it is the number of a story, or a year."""

ALL = 0
"""The number of the page that has the whole text."""

_HOSTS = ("amp", "m", "mobile", "mobil", "wap")
"""First names of a host that shows the same pages to other devices."""

_FLAGS = frozenset(["amp", "_amp", "print", "printview", "drucken", "mobile", "noamp"])
"""Parameters that ask for a variant: `?amp`, `?print=1`."""

_SWITCHES = frozenset(["outputtype", "output", "format", "layout", "view", "viewmode", "mode", "service", "type", "version"])
"""Parameters that choose one: `?outputType=amp`."""

_VARIANTS = frozenset(["amp", "ampv", "amphtml", "print", "printview", "druckversion", "drucken", "mobile"])
_FOLDERS = frozenset(["amp", "print", "drucken", "druckversion", "m", "mobile"])
_TELLING_ENDING = re.compile(r"(?P<rest>.*\d)[-_.]amp(?P<end>\.s?html?|\.php)?$|(?P<dotted>.*)\.amp(?P<more>\.s?html?)?$", re.I)
_ENDING = re.compile(r"(?P<rest>.+)[-_.](?:amp|print|druck)(?P<end>\.s?html?|\.php)?$", re.I)
_CACHE = re.compile(r"^/(?:c|v|i|amp)/(?P<secure>s/)?(?P<rest>[^/]+\.[^/]+/.*)$")

_PAGE_PARAMS = frozenset(["page", "pagenumber", "pageno", "seite", "pagina", "strona", "stranka", "page_no", "artpage", "articlepage"])
_ALL_PARAMS = frozenset(["singlepage", "onepage", "showall", "fullpage", "komplettansicht", "all_pages", "allpages"])
_ALL_WORDS = frozenset(["all", "alle", "full", "komplett", "gesamt", "complete", "todas", "wszystkie", "single"])
_PAGE = r"(?:seite|page|pagina|strona|stranka)"
_PAGE_FOLDER = re.compile(rf"^(?P<base>.*)/{_PAGE}[-_/]?(?P<number>\d{{1,2}})/?$", re.I)
_ALL_FOLDER = re.compile(rf"^(?P<base>.*)/(?:komplettansicht|{_PAGE}[-_/]?(?:all|alle)|all-pages|alle-seiten|single-?page)/?$", re.I)
_PAGE_ENDING = re.compile(rf"^(?P<base>.*[^/])[-_,.]{_PAGE}[-_,]?(?P<number>\d{{1,2}})(?P<end>\.s?html?|\.php)?/?$", re.I)
_NUMBER_FOLDER = re.compile(r"^(?P<base>.*[^/])/(?P<number>\d{1,2})/?$")


@dataclass(frozen=True, slots=True)
class Part:
    """A page of an article by its address."""

    base: str
    """The article's address, which is that of its first page."""
    number: int
    """1, 2, ...; ALL for the page that has the whole text."""


def plain_address(url: str, site: Site) -> str:
    """The address of the page that `url`, a good http(s) URL, is an AMP, mobile or print variant of; `url` itself where it is none."""
    found = _out_of_cache(url)
    for step in (_plain_host, _plain_query, _plain_path):
        found = _chosen(found, step(found, site), site)
    return found


def article_address(url: str, site: Site) -> str:
    """The one address that stands for an article in a listing: plain, and of its first page."""
    plain = plain_address(url, site)
    part = part_of(plain)
    return _chosen(plain, part.base, site) if part else plain


def part_of(url: str, *, of: str | None = None) -> Part | None:
    """Which page of an article a URL is; None where the address does not say.

    `of` is the address of an article whose pages are looked for: then `-seite-2.html` and a bare number behind it tell as
    well, which alone might be the slug or number of a story of its own.
    """
    parts = urlsplit(url)
    found = _by_query(parts) or _by_folder(parts)
    if of is None:
        return found
    for one in (found, _by_ending(parts), _by_number(parts)):
        if one and bare_address(one.base) == bare_address(of):
            return one
    return None


def _chosen(before: str, after: str, site: Site) -> str:
    """The second address, if the site file has nothing against it."""
    if after == before:
        return before
    if site.is_listing(after) or (site.is_article(before) and not site.is_article(after)) or not urlsplit(after).path.strip("/"):
        return before
    return after


def _out_of_cache(url: str) -> str:
    """Out of the caches that serve AMP pages of others: `https://x.cdn.ampproject.org/c/s/www.b.example/a` is `https://www.b.example/a`."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    is_cache = host.endswith(".cdn.ampproject.org") or (host.startswith("www.google.") and parts.path.startswith("/amp/"))
    found = _CACHE.match(parts.path) if is_cache else None
    return f"http{'s' if found['secure'] else ''}://{found['rest']}" + (f"?{parts.query}" if parts.query else "") if found else url


def _plain_host(url: str, site: Site) -> str:
    """`amp.` and `m.` before a host of the site; a site that lives on such a host keeps it."""
    parts = urlsplit(url)
    first, _, rest = (parts.hostname or "").partition(".")
    home = urlsplit(site.home)
    if first not in _HOSTS or rest not in site.all_hosts or parts.hostname == home.hostname:
        return url
    is_home = rest.removeprefix("www.") == (home.hostname or "").removeprefix("www.")
    netloc = home.netloc if is_home else rest
    return urlunsplit(parts._replace(netloc=netloc, scheme=home.scheme if is_home else parts.scheme))


def _plain_query(url: str, site: Site) -> str:
    parts = urlsplit(url)
    kept = {name.lower() for name in site.keep_params}
    pairs = [pair for pair in parts.query.split("&") if pair]
    plain = [pair for pair in pairs if pair.partition("=")[0].lower() in kept or not _asks_for_variant(pair)]
    return urlunsplit(parts._replace(query="&".join(plain))) if len(plain) < len(pairs) else url


def _asks_for_variant(pair: str) -> bool:
    name, _, value = unquote(pair).lower().partition("=")
    if name in _FLAGS:
        return value in ("", "0", "1", "true", "false", "yes", "no", "ja", name)
    return name in _SWITCHES and value in _VARIANTS


def _plain_path(url: str, site: Site) -> str:
    """Without a folder or an ending that says amp or print, where that can be nothing else."""
    parts = urlsplit(url)
    names = parts.path.split("/")
    while len(names) > 2 and not names[-1]:
        names.pop()
    end = "/" if parts.path.endswith("/") else ""
    if len(names) > 2 and names[-1].lower() in _FOLDERS and _is_slug(names[-2]):
        return urlunsplit(parts._replace(path="/".join(names[:-1]) + end))
    if found := _TELLING_ENDING.match(names[-1]):
        last = f"{found['rest']}{found['end'] or ''}" if found["rest"] else f"{found['dotted']}{found['more'] or ''}"
        return urlunsplit(parts._replace(path="/".join([*names[:-1], last]) + end))
    for path in _possible_paths(names):
        other = urlunsplit(parts._replace(path=path + end))
        if not site.is_article(url) and site.is_article(other):
            return other
    is_amp_folder = len(names) > 2 and names[1].lower() == "amp" and _is_slug(names[-1]) and not site.article.pattern
    if is_amp_folder and not any(urlsplit(listing).path.lower().startswith("/amp") for listing in _listings(site)):
        return urlunsplit(parts._replace(path="/" + "/".join(names[2:]) + end))
    return url


def _possible_paths(names: list[str]) -> list[str]:
    """What a path may be a variant of, if the site file says that an article stands there."""
    out = ["/".join([*names[:place], *names[place + 1 :]]) for place, name in enumerate(names) if place and name.lower() in _FOLDERS]
    if found := _ENDING.match(names[-1]):
        out.append("/".join([*names[:-1], found["rest"] + (found["end"] or "")]))
    return out


def _is_slug(name: str) -> bool:
    """Whether a part of a path is an article's, not a section's: many words, or a number."""
    return name.count("-") >= 2 or bool(re.search(r"\d{4,}|\.s?html?$", name))


def _listings(site: Site) -> list[str]:
    return [url for section in site.sections.values() for url in section.urls]


# --- pages of an article


def _by_query(parts: SplitResult) -> Part | None:
    pairs = [pair for pair in parts.query.split("&") if pair]
    for place, pair in enumerate(pairs):
        name, _, value = unquote(pair).lower().partition("=")
        number = _number(value)
        if name in _PAGE_PARAMS and (number is not None or value in _ALL_WORDS):
            return _part(parts, number if number is not None else ALL, query="&".join(pairs[:place] + pairs[place + 1 :]))
        if name in _ALL_PARAMS and value not in ("0", "false", "no"):
            return _part(parts, ALL, query="&".join(pairs[:place] + pairs[place + 1 :]))
    return None


def _by_folder(parts: SplitResult) -> Part | None:
    if found := _ALL_FOLDER.match(parts.path):
        return _part(parts, ALL, path=found["base"])
    found = _PAGE_FOLDER.match(parts.path)
    number = _number(found["number"]) if found else None
    return _part(parts, number, path=found["base"]) if found and number is not None else None


def _by_ending(parts: SplitResult) -> Part | None:
    found = _PAGE_ENDING.match(parts.path)
    number = _number(found["number"]) if found else None
    return _part(parts, number, path=found["base"] + (found["end"] or "")) if found and number is not None else None


def _by_number(parts: SplitResult) -> Part | None:
    found = _NUMBER_FOLDER.match(parts.path)
    number = _number(found["number"]) if found else None
    return _part(parts, number, path=found["base"]) if found and number is not None else None


def _part(parts: SplitResult, number: int, **changes: str) -> Part:
    return Part(urlunsplit(parts._replace(fragment="", **changes)), number)


def _number(text: str) -> int | None:
    """Of a page; None for what is none."""
    return int(text) if re.fullmatch(r"[0-9]{1,2}", text) and 1 <= int(text) <= MOST_PARTS else None
