"""The entries of a liveblog, each with its own id, time, headline and text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from parsel import Selector

from newswatch.extraction.dates import parse_stamp
from newswatch.extraction.select import clean, element_text
from newswatch.extraction.structured import Structured, plain
from newswatch.story import Entry

MOST_ENTRIES = 1000
_MARKED = "//*[@data-entry-id or @data-post-id or @data-liveblog-entry-id or @data-entry or contains(@itemtype, 'BlogPosting')]"
_CLASSES = ("liveblog-entry", "live-blog-entry", "liveblog__entry", "ticker-entry", "liveblog-post", "live-post", "ticker__item")
_CALLED = "//*[" + " or ".join(f"contains(@class, '{name}')" for name in _CLASSES) + "]"


def read_entries(page: Selector, data: Structured, zone: ZoneInfo) -> tuple[Entry, ...]:
    """The entries in the order of the page: from `liveBlogUpdate` in JSON-LD, else from marked elements; () where there are none."""
    stated = data.article.get("liveBlogUpdate")
    found = [e for node in _dicts(stated) if (e := _of_node(node, zone))]
    if not found:
        found = [e for element in _elements(page) if (e := _of_element(element, zone))]
    return tuple({entry.id: entry for entry in found}.values())[:MOST_ENTRIES]


def _dicts(value: Any) -> Iterable[dict[str, Any]]:
    values = value if isinstance(value, list) else [value]
    return (v for v in values if isinstance(v, dict))


def _of_node(node: dict[str, Any], zone: ZoneInfo) -> Entry | None:
    text = plain(node.get("articleBody") or node.get("text") or node.get("description"))
    headline = plain(node.get("headline") or node.get("name"))
    if not text and not headline:
        return None
    at = parse_stamp(plain(node.get("datePublished") or node.get("dateCreated")), zone)
    address = plain(node.get("@id") or node.get("url") or node.get("identifier") or "")
    key = (address or "").rsplit("#", 1)[-1].rstrip("/").rsplit("/", 1)[-1] or _made_up(at.raw if at else None, headline, text)
    return Entry(key, at, headline, text or "")


def _elements(page: Selector) -> list[Any]:
    """Marked elements, the outermost where they are nested; where only an anchor is marked, what holds it."""
    marked = page.root.xpath(_MARKED) or page.root.xpath(_CALLED)
    held = [e if len(element_text(e) or "") > 40 or e.getparent() is None else e.getparent() for e in marked]
    chosen: list[Any] = []
    taken: set[Any] = set()
    for element in held:
        if element not in taken and not any(a in taken for a in element.iterancestors()):
            chosen.append(element)
            taken.add(element)
    return chosen


def _of_element(element: Any, zone: ZoneInfo) -> Entry | None:
    time = next(element.iter("time"), None)
    at = parse_stamp(time.get("datetime") or element_text(time), zone) if time is not None else None
    heading = next(element.iter("h2", "h3", "h4", "h5"), None)
    headline = element_text(heading) if heading is not None else None
    paragraphs = [t for p in element.iter("p") if (t := element_text(p))]
    if not paragraphs:
        return None
    return Entry(_id_of(element) or _made_up(at.raw if at else None, headline, paragraphs[0]), at, headline, "\n\n".join(paragraphs))


def _id_of(element: Any) -> str | None:
    for holder in (element, *element.iterdescendants()):
        if isinstance(holder.tag, str):
            for name in ("data-entry-id", "data-post-id", "data-liveblog-entry-id", "data-entry"):
                if value := clean(holder.get(name)):
                    return value
    return clean(element.get("id"))


def _made_up(*parts: str | None) -> str:
    """For entries without an id: their time and headline, which an edit of the text leaves alone."""
    told = [p for p in parts[:2] if p] or [p for p in parts if p]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]
