"""What stands before the root of an XML document, looked at before any parser does: nothing is expanded, nothing fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newswatch.errors import ReadError

_SKIPPED = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.S)
_ENCODING = re.compile(r"<\?xml[^>]{0,200}?\sencoding\s*=\s*[\"']([\w.:-]{2,40})[\"']", re.I)
_DOCTYPE = re.compile(r"<!DOCTYPE(?:[^\[>\"']|\"[^\"]*\"|'[^']*')*+(?P<end>[\[>]?)", re.I)
_ROOT = re.compile(r"<(?:(?P<prefix>[A-Za-z_][\w.-]*):)?(?P<name>[A-Za-z_][\w.-]*)(?=[\s/>])")

FEEDS = frozenset(["rss", "rdf", "feed"])
SITEMAPS = frozenset(["urlset", "sitemapindex"])


@dataclass(frozen=True, slots=True)
class Prolog:
    """The beginning of a document."""

    root: str
    """The name of the root, in lower case, without prefix."""
    start: int
    """Where the root begins."""


def read_prolog(text: str, wanted: frozenset[str], what: str, url: str) -> Prolog:
    """The root of an XML document whose name is `wanted`; `text` may be its beginning only.

    Raises ReadError (`listing`) where it is empty, a web page, no XML, of another kind, or has declarations of its own
    (entities could grow without end, or read other files).
    """

    def refused(why: str) -> ReadError:
        return ReadError("listing", why, url=url)

    at = 1 if text.startswith("\ufeff") else 0
    if not text[at:].strip():
        raise refused(f"empty, where {what} should be")
    while skipped := _SKIPPED.match(text, at):
        at = skipped.end()
    if doctype := _DOCTYPE.match(text, at):
        if doctype["end"] != ">":
            raise refused(f"{what} with declarations of its own (DOCTYPE with entities): refused")
        at = doctype.end()
    while skipped := _SKIPPED.match(text, at):
        at = skipped.end()
    root = _ROOT.match(text, at)
    if root is None:
        raise refused(f"not XML, where {what} should be: {_begins(text)}")
    name = root["name"].lower()
    if name not in wanted:
        raise refused(f"{_kind(name)}, where {what} should be")
    return Prolog(name, at)


def declared_encoding(body: bytes) -> str | None:
    """What the XML declaration says, None where it says nothing."""
    found = _ENCODING.match(body[:400].lstrip().decode("latin-1"))
    return found[1] if found else None


def _kind(root: str) -> str:
    if root == "html":
        return "a web page"
    if root in FEEDS:
        return 'a feed (kind = "feed")'
    return 'a sitemap (kind = "sitemap")' if root in SITEMAPS else f"XML of another kind (<{root[:40]}>)"


def _begins(text: str) -> str:
    return "it begins with " + repr(" ".join(text[:200].split())[:40])
