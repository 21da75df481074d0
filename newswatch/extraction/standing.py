"""Where the links to one URL stand on a page, as `shapes` weighs it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from newswatch.extraction.shape_words import CHROME
from newswatch.extraction.shapes import Standing, address, plain
from newswatch.story import Link

_HEADINGS = frozenset(["h1", "h2", "h3", "h4"])
_HOLDS_HEADING = "boolean(.//h1 | .//h2 | .//h3 | .//h4)"
_MARKS = re.compile(r"[a-z0-9]+", re.I)
_WORD = re.compile(r"[^\W_]{3,}")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_NEGATIONS = frozenset(["has", "with", "no", "is", "not", "js"])
_ROLES = {"navigation": "chrome", "menu": "chrome", "contentinfo": "chrome", "banner": "chrome", "complementary": "aside", "main": "main"}


def has_main(root: Any) -> bool:
    """Whether a page (its lxml root) marks its main part."""
    return bool(root.xpath("boolean(//main | //*[@role='main'])"))


def standing(link: Link, anchors: Sequence[Any], *, main_marked: bool) -> Standing:
    """How the URL of a link stands on its page: the best of its anchors (lxml elements); `main_marked`: see `has_main`."""
    found = [_places(anchor) for anchor in anchors]
    return Standing(
        url=link.url,
        words=count_words(link.headline or ""),
        shared=len(set(_WORD.findall(plain(link.headline or ""))) & set(_WORD.findall("/".join(address(link.url).names)))),
        in_heading=any("heading" in places for places in found),
        in_article=any("article" in places for places in found),
        in_main=any("main" in places for places in found) if main_marked else None,
        in_aside=all("aside" in places for places in found),
        in_chrome=all("chrome" in places for places in found),
    )


def count_words(text: str) -> int:
    """The words of a text; where no spaces stand between them, three characters are one."""
    unspaced = len(_UNSPACED.findall(text))
    spaced = sum(any(c.isalnum() for c in word) for word in _UNSPACED.sub(" ", text).split())
    return spaced + unspaced // 3


def _places(anchor: Any) -> set[str]:
    """The names of the places that an anchor is in: heading, article, main, aside, chrome."""
    places = {"heading"} if anchor.xpath(_HOLDS_HEADING) else set()
    places |= {"chrome"} if _is_chrome(anchor) else set()
    for element in anchor.iterancestors():
        tag = element.tag
        if tag in ("body", "html"):
            break
        if tag in ("article", "main", "aside"):
            places.add(tag)
        elif tag in _HEADINGS:
            places.add("heading")
        if role := _ROLES.get(element.get("role", "")):
            places.add(role)
        if not places & {"article", "main"} and _is_chrome(element):
            places.add("chrome")
    return places


def _is_chrome(element: Any) -> bool:
    """Whether class or id call it a menu, a footer: `site-footer`, `nav__item`; not `has-menu`."""
    for name in f"{element.get('class', '')} {element.get('id', '')}".split():
        marks = [mark.lower() for mark in _MARKS.findall(name)]
        if marks and marks[0] not in _NEGATIONS and (marks[0] in CHROME or marks[-1] in CHROME):
            return True
    return False
