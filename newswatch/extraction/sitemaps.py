"""The article links of a sitemap, and the sitemaps that an index leads to.

body -> (gzip) -> pieces -> a parser that builds no tree -> [_Entry] -> Sitemap
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from newswatch.errors import ReadError
from newswatch.extraction.dates import parse_stamp
from newswatch.extraction.links import resolve, resolve_article
from newswatch.extraction.prolog import SITEMAPS, read_prolog
from newswatch.extraction.select import clean
from newswatch.extraction.shapes import ENOUGH_ALONE, is_never_article, url_score
from newswatch.extraction.updates import tells_updates, update_time
from newswatch.sites import Site
from newswatch.story import Link, Stamp

LARGEST = 50 * 2**20
"""Bytes, unpacked: the protocol's own limit."""
MOST_ENTRIES = 50_000
"""The protocol's limit too."""
MOST_LINKS = 1000
"""The newest; a sitemap may list the archive of twenty years."""

_PIECE = 1 << 18
_MOST_ELEMENTS = 20 * MOST_ENTRIES
_TAIL = 2000
_LONGEST_ENTITY = 40
_BARE = re.compile(rb"&(?!#?\w{1,31};)")
_ENTRIES = frozenset(["url", "sitemap"])
_LONGEST = 4000
"""Characters of a value that are kept."""

_NEWS = re.compile(r"news(?!letter)|aktuell|latest|recent|today|heute", re.I)
_ARTICLES = re.compile(r"article|artikel|post|stor(?:y|ies)|noticia|content|beitr", re.I)
_OTHERS = re.compile(
    r"(?<![a-z])(?:categor|kategor|tags?(?![a-z])|topic|thema|themen|taxonom|auth?or|users?(?![a-z])|pages?(?![a-z])|video|image|bild|galler"
    r"|product|section|ressort|static|event|newsletter)",
    re.I,
)
"""In the name of a sitemap."""
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap lists."""

    links: tuple[Link, ...] = ()
    """Articles, the newest first, 1,000 at most."""
    children: tuple[str, ...] = ()
    """Of an index: sitemaps on the site, those for news first, then the newest; those for tags, authors, ... left out."""


@dataclass(slots=True)
class _Entry:
    """A `url` or `sitemap` element as text."""

    values: dict[str, str] = field(default_factory=dict)
    """By name: loc, lastmod, news:title, news:publication_date."""


def read_sitemap(body: bytes, url: str, site: Site) -> Sitemap:
    """The articles of a sitemap at `url`, or the children of a sitemap index; plain or gzip, with news: elements or without.

    Takes bounded time and memory. Where the site has no article pattern, an entry without news: counts if its URL looks
    like an article's. `updated` is lastmod, UTC, where it has a time of day. Raises ReadError: `too_large` (50 MB
    unpacked, 50,000 entries), `truncated` (a gzip that ends early), `listing` where it is no whole sitemap.
    """
    root, entries = _parsed(body, url)
    if root == "sitemapindex":
        return Sitemap(children=_children(entries, url, site))
    return Sitemap(links=_links(entries, url, site))


def _parsed(body: bytes, url: str) -> tuple[str, list[_Entry]]:
    """The name of the root, and its entries."""
    reader = _Reader(url)
    target: Any = reader
    parser = etree.XMLParser(
        target=target, resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=True
    )
    root, tail = "", b""
    try:
        for piece in _mended(_pieces(body, url)):
            root = root or read_prolog(_head(piece), SITEMAPS, "a sitemap", url).root
            parser.feed(piece)
            tail = (tail + piece)[-_TAIL:]
        if not root:
            read_prolog("", SITEMAPS, "a sitemap", url)
        parser.close()
    except etree.LxmlError as error:
        raise ReadError("listing", f"not XML: {error}"[:200], url=url) from error
    if not reader.complete and not re.search(rf"</(?:[\w.-]+:)?{root}\s*>", _head(tail), re.I):
        raise ReadError("listing", "the sitemap ends early", url=url)
    return root, reader.entries


class _Reader:
    """The target of the parser: keeps the few texts that count, so that memory does not grow with what does not."""

    def __init__(self, url: str) -> None:
        self.entries: list[_Entry] = []
        self.complete = False
        """The root was closed."""
        self._url = url
        self._path: list[str] = []
        self._depth = 0
        """Of the entry that it stands in; deeper than usual behind an entry that nobody closed."""
        self._elements = 0
        self._text: list[str] | None = None
        self._room = 0

    def start(self, tag: str, attributes: Any) -> None:
        """A `url` or `sitemap` begins, or one of its values."""
        self._elements += 1
        if self._elements > _MOST_ELEMENTS:
            raise ReadError("too_large", f"a sitemap of more than {_MOST_ELEMENTS:,} elements", url=self._url)
        self._path.append(tag.rpartition("}")[2].lower())
        if len(self._path) > 1 and self._path[-1] in _ENTRIES:
            if len(self.entries) == MOST_ENTRIES:
                raise ReadError("too_large", f"a sitemap of more than {MOST_ENTRIES:,} entries, the protocol's limit", url=self._url)
            self.entries.append(_Entry())
            self._depth = len(self._path)
        elif self._name():
            self._text, self._room = [], _LONGEST

    def data(self, text: str) -> None:
        """A part of a value."""
        if self._text is not None and self._room > 0:
            self._text.append(text[: self._room])
            self._room -= len(text)

    def end(self, tag: str) -> None:
        """A value is whole."""
        name = self._name()
        if self._text is not None and name:
            self.entries[-1].values.setdefault(name, "".join(self._text).strip())
            self._text = None
        if self._path:
            self._path.pop()
        self.complete = self.complete or not self._path

    def close(self) -> None:
        """The end of the document."""

    def _name(self) -> str:
        """The name of the value that the parser stands in, empty where it is none that counts."""
        below = len(self._path) - self._depth if self.entries else 0
        if below == 1 and self._path[-1] in ("loc", "lastmod"):
            return self._path[-1]
        if below == 2 and self._path[-2] == "news" and self._path[-1] in ("title", "publication_date"):
            return f"news:{self._path[-1]}"
        return ""


def _pieces(body: bytes, url: str) -> Iterator[bytes]:
    """The body, unpacked, a quarter of a megabyte at a time. Raises ReadError (`too_large`, `truncated`)."""
    packed = body.startswith(b"\x1f\x8b")
    stream: Any = gzip.GzipFile(fileobj=io.BytesIO(body)) if packed else io.BytesIO(body)
    size = 0
    while True:
        try:
            piece = stream.read(_PIECE)
        except (EOFError, OSError, zlib.error) as error:
            raise ReadError("truncated", "the gzip file ends early, or is broken", url=url) from error
        if not piece:
            return
        size += len(piece)
        if size > LARGEST:
            raise ReadError("too_large", f"a sitemap of more than {LARGEST // 2**20} MiB", url=url)
        yield piece


def _mended(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces with `&amp;` for every bare `&`: the parser would drop the name of a parameter with it."""
    rest, is_wide = b"", None
    for piece in pieces:
        is_wide = b"\0" in piece[:8] if is_wide is None else is_wide
        if is_wide:  # UTF-16
            yield piece
            continue
        piece = rest + piece
        cut = piece.rfind(b"&", -_LONGEST_ENTITY)
        piece, rest = (piece, b"") if cut < 0 else (piece[:cut], piece[cut:])
        yield _BARE.sub(b"&amp;", piece)
    if rest:
        yield _BARE.sub(b"&amp;", rest)


def _head(piece: bytes) -> str:
    """The beginning as text, whatever the charset: the names of XML are ASCII."""
    if piece.startswith((b"\xff\xfe", b"\xfe\xff")):
        return piece.decode("utf-16", "replace")
    return piece.replace(b"\0", b"").decode("utf-8", "replace")


def _links(entries: list[_Entry], url: str, site: Site) -> tuple[Link, ...]:
    stamped = [(entry, _stamp(entry, "lastmod", site), _stamp(entry, "news:publication_date", site)) for entry in entries]
    believed = tells_updates((modified, published) for _, modified, published in stamped)
    oldest = datetime.min.replace(tzinfo=UTC)
    newest = sorted(stamped, key=lambda s: max(s[1].at if s[1] else oldest, s[2].at if s[2] else oldest), reverse=True)
    found: dict[str, Link] = {}
    for entry, modified, _ in newest:
        target = resolve_article(url, entry.values.get("loc"), site)
        if target is None or not _is_article(entry, target, site):
            continue
        updated = update_time(modified) if believed else None
        headline = clean(entry.values.get("news:title"))
        found.setdefault(site.key_of(target) or target, Link(target, headline, len(found), updated))
        if len(found) == MOST_LINKS:
            break
    return tuple(found.values())


def _is_article(entry: _Entry, url: str, site: Site) -> bool:
    if not site.may_be_article(url) or site.is_listing(url):
        return False
    if site.article.pattern or "news:title" in entry.values or "news:publication_date" in entry.values:
        return True
    return not is_never_article(url) and url_score(url) >= ENOUGH_ALONE


def _stamp(entry: _Entry, name: str, site: Site) -> Stamp | None:
    return parse_stamp(entry.values.get(name), site.tzinfo)


def _children(entries: list[_Entry], url: str, site: Site) -> tuple[str, ...]:
    """The best first. Without lastmod a year and month in the name tell the newest: `sitemap-2026-11.xml`."""
    found: dict[str, tuple[int, float, list[int]]] = {}
    for entry in entries:
        target = resolve(url, entry.values.get("loc"), site)
        if target is None or not site.owns(target) or target in found:
            continue
        stamp = _stamp(entry, "lastmod", site)
        path = target.split("/", 3)[-1]
        found[target] = (_rank(path), stamp.at.timestamp() if stamp else 0.0, [int(n) for n in _NUMBER.findall(path) if len(n) < 9])
    useful = [u for u, (rank, *_) in found.items() if rank > 0] or list(found)
    return tuple(sorted(useful, key=lambda u: found[u], reverse=True))


def _rank(path: str) -> int:
    """3 for news, 2 for articles, 1 for what does not say, 0 for tags, authors, pages, pictures. The file's name says it first."""
    folder, _, name = path.rpartition("/")
    for text in (name, folder):
        if _NEWS.search(text):
            return 3
        if _OTHERS.search(text.replace("sitemap", "")):
            return 0
        if _ARTICLES.search(text):
            return 2
    return 1
