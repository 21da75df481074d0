"""Pure: signs by which a site reserves its texts from text and data mining (§ 44b UrhG, Art. 4 of Directive 2019/790).

    header `tdm-reservation: 1` | meta tag of that name | /.well-known/tdmrep.json | robots.txt that shuts out AI crawlers

Any of them counts; a `0` takes none of the others back. What follows from a sign is decided elsewhere.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from html import unescape
from typing import Any

import brotli

from newswatch.politeness.robots import Robots, comparable, matches, pattern

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

HEADER, META, FILE, ROBOTS = "header", "meta", "tdmrep.json", "robots.txt"
"""What a sign is called where it is kept; that of robots.txt names the crawler too: `robots.txt: GPTBot`."""

PATH = "/.well-known/tdmrep.json"
LARGEST_FILE = 256 * 1024
"""Characters of a tdmrep.json that are kept."""

LOOKED_AT = 512 * 1024
"""Bytes of a page, unpacked, in which its meta tag is looked for."""

_META = re.compile(rb"<meta\b[^>]{0,1000}>", re.I)
_ATTRIBUTE = re.compile(r"""([a-z-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.I)


def of_page(header: str | None, body: bytes, encoding: str) -> str | None:
    """HEADER or META where an answer reserves itself. `body` is packed as `encoding` (Content-Encoding) says."""
    if header is not None and header.strip() == "1":
        return HEADER
    return META if _has_meta(unpacked(body, encoding)) else None


def of_host(url: str, robots: Robots, declared: str | None) -> str | None:
    """FILE or ROBOTS with the crawler's name, where the host reserves the URL. `declared` is the text of its tdmrep.json."""
    if declared and _declares(declared, url):
        return FILE
    crawler = robots.reserved_by(url)
    return f"{ROBOTS}: {crawler}" if crawler else None


def unpacked(body: bytes, encoding: str) -> bytes:
    """The first LOOKED_AT bytes of a page; what cannot be unpacked is empty, for it is refused elsewhere."""
    try:
        if encoding in ("gzip", "x-gzip", "deflate"):
            return zlib.decompressobj(47 if encoding != "deflate" else 15).decompress(body, LOOKED_AT)
        if encoding == "br":
            return bytes(brotli.Decompressor().process(body, output_buffer_limit=LOOKED_AT))
        if encoding == "zstd":
            return _of_zstd(body)
    except (zlib.error, brotli.error, ValueError, EOFError):
        return b""
    return body[:LOOKED_AT]


def _of_zstd(body: bytes) -> bytes:
    try:
        return bytes(zstd.ZstdDecompressor().decompress(body, LOOKED_AT))
    except zstd.ZstdError:
        return b""


def _has_meta(page: bytes) -> bool:
    if b"tdm-reservation" not in page.lower():
        return False
    for tag in _META.findall(page):
        values = {k.lower(): unescape(v.strip("\"'")).strip() for k, v in _ATTRIBUTE.findall(tag.decode("latin-1"))}
        if "tdm-reservation" in (values.get("name", "").lower(), values.get("http-equiv", "").lower()) and values.get("content") == "1":
            return True
    return False


def _declares(text: str, url: str) -> bool:
    """Whether the first rule of a tdmrep.json that fits the URL reserves it. A file that is no such thing says nothing."""
    try:
        rules = json.loads(text)
    except (ValueError, RecursionError):
        return False
    path = comparable(url)
    for rule in rules if isinstance(rules, list) else [rules]:
        if isinstance(rule, dict) and isinstance(rule.get("location"), str) and _fits(rule["location"], path):
            return _is_one(rule.get("tdm-reservation"))
    return False


def _fits(location: str, path: str) -> bool:
    """A location is written like a pattern of robots.txt."""
    return matches(pattern(location), path)


def _is_one(value: Any) -> bool:
    return str(value) == "1"
