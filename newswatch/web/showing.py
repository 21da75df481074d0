"""How stored values look on a page: the filters of the templates. All pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from newswatch.matching.events import PLACES
from newswatch.story import FAULT_KINDS

EVENTS = {"appeared": "appeared", "headline": "moved into the headline", "left": "left", "returned": "returned"}

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn round what stands beside them, over the end of an element too where it is not isolated."""


def when(value: str | None) -> str:
    """`2026-11-22T12:00:00Z` as `2026-11-22 12:00`; nothing for None."""
    return value[:16].replace("T", " ") if value else ""


def day(value: str | None) -> str:
    """The day of an instant."""
    return (value or "")[:10]


def link(url: str | None) -> str:
    """An address as it may stand in href; empty where it is none of http(s)."""
    try:
        parts = urlsplit(url or "")
        return (url or "") if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def clean(text: str | None) -> str:
    """A stored text without letters that command: control characters show as a replacement, direction marks are left out."""
    if not text or text.isprintable():
        return text or ""
    return "".join("" if c in _TURNING else "\ufffd" if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cs") else c for c in text)


def xml(text: str | None) -> str:
    """A text without the letters that XML has no way to write."""
    return _NOT_XML.sub("\ufffd", clean(str(text or "")))


def place(field: str | None) -> str:
    """What people call a field."""
    return PLACES.get(field or "", clean(field))


def fields(names: str | None) -> str:
    """`title body` as `headline, text`."""
    return ", ".join(dict.fromkeys({"other_titles": "other headlines"}.get(n) or place(n) for n in (names or "").split()))


def event(kind: str) -> str:
    """What happened, in words."""
    return EVENTS.get(kind, clean(kind))


def fault(kind: str) -> str:
    """What a kind of fault means."""
    return FAULT_KINDS.get(kind, "")


def segment(text: object) -> str:
    """A text as one part of a path."""
    return quote(str(text or ""), safe="")


def query(values: Mapping[str, Any]) -> str:
    """A query string of what is not empty, with its question mark."""
    found = [(k, v) for k, v in values.items() if v not in (None, "")]
    return f"?{urlencode(found)}" if found else ""


def number(value: int | None) -> str:
    """With separators of thousands."""
    return f"{value or 0:,}"


FILTERS = {
    "when": when,
    "day": day,
    "href": link,
    "clean": clean,
    "xml": xml,
    "place": place,
    "fields": fields,
    "event": event,
    "fault": fault,
    "segment": segment,
    "query": query,
    "number": number,
}
