"""Who wrote a story: persons and agencies, never the outlet by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from parsel import Selector

from newswatch.extraction.select import element_text, texts
from newswatch.extraction.structured import Structured, plain
from newswatch.sites import Site

AGENCIES = frozenset(
    ["afp", "ansa", "ap", "apa", "ats", "ctk", "čtk", "dapd", "dpa", "dpa-afx", "dts", "efe", "epd", "itar-tass", "keystone-sda", "kna"]
) | frozenset(["pap", "reuters", "rtr", "sda", "sid", "tass"])
"""News agencies by their signature, in small letters."""

_BY = re.compile(
    r"^(?:von|by|de|par|por|di|da|autor(?:in)?|autoren|text|protokoll|interview|ein (?:artikel|gastbeitrag|kommentar) von)\b[:\s]+(?=\S)",
    re.I,
)
_SIGN = re.compile(r"\s*\((?:[a-zäöü.]{2,6}|[A-Z]{2,4})\)$")
_PARTS = re.compile(r"\s*(?:;|\||•|·|/|\s(?:und|and|og|och|et|y|e|en|i|a|&)\s)\s*")
_SLUG = re.compile(r"^[a-z]{3,}(?:-[a-z]{3,}){1,3}$")
_NOBODY = re.compile(
    r"@|https?://|www\.|^\d|^(?:redaktion|admin|editor|staff|newsroom|online|news|team|author|autor|gast|none|null|unknown)$",
    re.I,
)
LONG_PARAGRAPH = 100
"""Characters: where one stands, the text has begun."""

_CALLED = " or ".join(f"contains(concat(' ', normalize-space(@class), ' '), ' {word} ')" for word in ("author", "byline"))
_PROFILES = " or ".join(f"contains(@href, '/{word}/')" for word in ("autor", "autoren", "author", "authors"))
_BYLINES = (
    "//article//*[@rel='author' or @itemprop='author' or contains(@class, 'author-name') or contains(@class, 'authorName')]",
    "//*[@rel='author']",
    "//*[@itemprop='author']//*[@itemprop='name']",
    "//*[@itemprop='author']",
    f"//*[{_CALLED}]//a",
    f"//header//a[{_PROFILES}]",
    f"//main//a[{_PROFILES}]",
    f"//*[{_CALLED}]",
)
"""Where pages show who wrote them, the most certain first."""


def read_authors(page: Selector, site: Site, data: Structured) -> tuple[str, ...]:
    """Names in the order of the page, each once: the site's rule, JSON-LD, meta tags, then the visible byline.

    `A und B, dpa` is three. The outlet of a site file counts beside a person; alone it is no author. E-mail
    addresses, web addresses and desks are none.
    """
    own = {site.name.casefold(), site.title.casefold()}
    readers: tuple[Callable[[], list[str]], ...] = (
        lambda: texts(page, site.rules.authors),
        lambda: _stated(data),
        lambda: data.meta.get("author", []),
        lambda: _visible(page),
    )
    for read in readers:
        names = list(dict.fromkeys(n for raw in read() for n in split_names(raw)))
        if any(n.casefold() not in own for n in names):
            return tuple(names)
    return ()


def split_names(raw: str) -> list[str]:
    """The names in a byline: `Von Ada Quint und Bo Rahn, dpa` -> Ada Quint, Bo Rahn, dpa."""
    if "://" in raw:
        return []
    text = _BY.sub("", raw.strip(" ,;|·•"))
    out: list[str] = []
    for part in _PARTS.split(text):
        out += _at_commas(part)
    names = [_SIGN.sub("", n).strip(" ,;.|") if not n.endswith(".") else _SIGN.sub("", n).strip(" ,;|") for n in out]
    return [_from_slug(n) for n in names if n and not _NOBODY.search(n) and 2 <= len(n) <= 60 and len(n.split()) <= 6]


def _at_commas(part: str) -> list[str]:
    """Two names or a name and an agency are split at the comma; `Quint, Ada` and `Ada Quint, Harmünde` are one name."""
    pieces = [p.strip() for p in part.split(",") if p.strip()]
    if len(pieces) < 2:
        return pieces
    whole = [p for p in pieces if " " in p or p.casefold() in AGENCIES]
    return whole if whole else [part]


def _from_slug(name: str) -> str:
    return name.replace("-", " ").title() if _SLUG.match(name) and name not in AGENCIES else name


def _stated(data: Structured) -> list[str]:
    """The authors of JSON-LD; a bare @id is looked up among the page's other nodes."""
    value = data.article.get("author") or data.article.get("creator")
    nodes = [_resolved(v, data) for v in (value if isinstance(value, list) else [value])]
    names = (plain(n.get("name") or n.get("byline")) if isinstance(n, dict) else plain(n) for n in nodes)
    return [name for name in names if name]


def _resolved(value: Any, data: Structured) -> Any:
    if isinstance(value, dict) and value.get("@id") and not value.get("name"):
        return next((n for n in data.ld if n.get("@id") == value["@id"] and n.get("name")), value)
    return value


def _visible(page: Selector) -> list[str]:
    """The byline before the text begins: behind it stand the authors of other stories."""
    places = {e: place for place, e in enumerate(page.root.iter())}
    start = next((places[p] for p in page.root.iter("p") if len(p.text_content()) > LONG_PARAGRAPH), len(places))
    for path in _BYLINES:
        found = [(places[e], t) for e in page.root.xpath(path) if (t := element_text(e)) and len(t) <= 120]
        if before := [t for place, t in found if place < start]:
            return before[:6]
        if found:
            return [found[0][1]]
    return []
