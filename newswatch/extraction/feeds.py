"""The article links of an RSS or Atom feed.

body -> charset -> prolog (entities refused) -> feedparser -> [Link]
"""

from __future__ import annotations

import html
import io
import re
from typing import Any

import feedparser
from w3lib.html import remove_tags

from newswatch.errors import ReadError
from newswatch.extraction.charset import decode
from newswatch.extraction.dates import parse_stamp
from newswatch.extraction.links import resolve_article
from newswatch.extraction.prolog import FEEDS, declared_encoding, read_prolog
from newswatch.extraction.select import clean
from newswatch.extraction.updates import tells_updates, update_time
from newswatch.sites import Site
from newswatch.story import Link, Stamp

LARGEST = 5 * 2**20
"""Bytes. Feeds hold some dozen entries, and the parser reads a few megabytes a second."""
MOST_TAGS = 100_000
"""Of a feed's own; those inside of escaped texts do not count. Nesting costs the parser more than length."""

_DC_DATE = re.compile(r"<dc:date\b[^>]*>[^<]{0,100}</dc:date\s*>", re.I)
"""When an entry was published: feedparser takes it for an update."""
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def find_feed_links(body: bytes, url: str, site: Site, charset: str | None = None) -> list[Link]:
    """The articles of a feed at `url` (RSS 0.9 to 2.0, Atom), each once, in its order; `charset` is that of the HTTP header.

    Every http(s) link on the site counts that the site's `article` table does not rule out. `updated` is the entry's own
    time of update, UTC; None where it says only when it was published, for that does not move with an edit.
    Raises ReadError: `listing` where it is no whole feed, `too_large`, `charset`.
    """
    entries = _entries(body, url, charset)
    believed = tells_updates((_stamp(e, "updated", site), _stamp(e, "published", site)) for e in entries)
    found: dict[str, Link] = {}
    for entry in entries:
        target = _target(entry, url, site)
        if target is None:
            continue
        headline = _headline(entry)
        identity = site.key_of(target) or target
        if identity not in found:
            updated = update_time(_stamp(entry, "updated", site)) if believed else None
            found[identity] = Link(target, headline, len(found), updated)
    return list(found.values())


def _entries(body: bytes, url: str, charset: str | None) -> list[Any]:
    if len(body) > LARGEST:
        raise ReadError("too_large", f"a feed of more than {LARGEST // 2**20} MiB", url=url)
    text = decode(_marked(body), declared_encoding(body) or charset or _assumed(body))
    prolog = read_prolog(text, FEEDS, "a feed", url)
    if not re.search(rf"</(?:[\w.-]+:)?{prolog.root}\s*>|<[^<>]*/>\s*$", text[-2000:], re.I):
        raise ReadError("listing", "the feed ends early", url=url)
    if text.count("<") > MOST_TAGS:
        raise ReadError("too_large", f"a feed of more than {MOST_TAGS:,} tags", url=url)
    text = _NOT_XML.sub("", _DC_DATE.sub("", text[prolog.start :]))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    # of a stream: feedparser would fetch a string that looks like a URL, or open it as a file
    stream = io.BytesIO(text.encode())
    parsed = feedparser.parse(stream, response_headers=headers, resolve_relative_uris=False, sanitize_html=False)
    return list(parsed.entries)


def _marked(body: bytes) -> bytes:
    """UTF-16 without a byte order mark gets one."""
    marks = {b"<\0?\0": b"\xff\xfe", b"\0<\0?": b"\xfe\xff", b"<\0r\0": b"\xff\xfe", b"\0<\0r": b"\xfe\xff"}
    return marks.get(body[:4], b"") + body


def _assumed(body: bytes) -> str | None:
    """The charset of a feed that declares none and is no UTF-8: what western newsrooms wrote before."""
    return None if re.search(rb"[\xc3-\xf4][\x80-\xbf]", body) else "cp1252"


def _target(entry: Any, url: str, site: Site) -> str | None:
    """The first of the entry's addresses that may be an article of the site: feeds also link through those who count clicks."""
    for href in (entry.get("feedburner_origlink"), entry.get("link"), entry.get("id")):
        target = resolve_article(url, href, site) if isinstance(href, str) and href.strip() else None
        if target and site.may_be_article(target) and not site.is_listing(target):
            return target
    return None


def _headline(entry: Any) -> str | None:
    """The title as a reader sees it: some feeds escape twice, some write tags into it."""
    title = entry.get("title")
    if not isinstance(title, str):
        return None
    return clean(html.unescape(remove_tags(html.unescape(title))))


def _stamp(entry: Any, name: str, site: Site) -> Stamp | None:
    # `in` and `[]` of a feedparser entry look at other keys too
    raw = dict.get(entry, name)
    return parse_stamp(raw, site.tzinfo) if isinstance(raw, str) else None
