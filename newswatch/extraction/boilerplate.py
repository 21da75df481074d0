"""Which parts of a page and which paragraphs belong to no story, by the words of boilerplate.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from newswatch.extraction.select import remove

_SPLIT = re.compile(r"[^a-z0-9]+|(?<=[a-z])(?=[A-Z])")
_QUOTES = re.compile('[„“”«»"]')
_SENTENCE_END = re.compile('[.!?…][“”»"]?$')
_UTILITY = re.compile(r"[:\[\]!/]|^-")
"""Marks class names of utility frameworks: `print:hidden`, `max-w-[80ch]` say how it looks, not what it is."""
_SKIPPED_TAGS = frozenset(["aside", "nav", "footer", "form", "dialog", "menu", "figcaption", "figure"])
_FOR_EARS = frozenset(
    ["sr-only", "is-sr-only", "visually-hidden", "visuallyhidden", "u-visually-hidden", "screen-reader-text", "screenreader-text"]
)
"""Class names of what only a screen reader says."""
_LISTS = frozenset(["ul", "ol", "table"])
_PAGE = frozenset(["html", "body", "main", "article"])
_LARGE_SHARE = 0.35
"""Of the page's text in paragraphs: what holds more is not removed, whatever it is called."""


@dataclass(frozen=True)
class Boilerplate:
    """The words, ready for use."""

    containers: frozenset[str]
    keep: tuple[str, ...]
    pointers: tuple[str, ...]
    notices: re.Pattern[str]
    addressed: re.Pattern[str]
    to_reader: re.Pattern[str]
    longest_notice: int
    calls: tuple[str, ...]
    labels: frozenset[str]
    signatures: tuple[re.Pattern[str], ...]


@cache
def boilerplate() -> Boilerplate:
    """The words of boilerplate.toml, read once."""
    data = tomllib.loads((Path(__file__).parent / "boilerplate.toml").read_text(encoding="utf-8"))
    notices = [w for key, words in data["notices"].items() if key != "longest" for w in words]
    return Boilerplate(
        containers=frozenset(data["containers"]["words"]),
        keep=tuple(data["containers"]["keep"]),
        pointers=tuple(w for words in data["pointers"].values() for w in words),
        notices=_any_of(notices),
        addressed=_any_of([w for key, words in data["addressed"].items() if key != "to_reader" for w in words]),
        to_reader=re.compile(data["addressed"]["to_reader"]),
        longest_notice=data["notices"]["longest"],
        calls=tuple(data["calls"]["endings"]),
        labels=frozenset(data["labels"]["all"]),
        signatures=tuple(re.compile(p, re.I) for p in data["signatures"]["patterns"]),
    )


def _any_of(words: list[str]) -> re.Pattern[str]:
    """Any of the words where a word begins, the longest first."""
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) + ")")


def is_boilerplate(text: str, *, link_share: float) -> bool:
    """Whether a paragraph is a pointer, a notice, a label or a signature. `link_share`: how much of it is links, 0 to 1."""
    words = boilerplate()
    folded = text.casefold().strip()
    if folded.strip(" :.…") in words.labels or folded in words.labels:
        return True
    if link_share > 0.8 and len(text) < 250:
        return True
    if folded.endswith(("...", "…")) and link_share > 0.5:
        return True
    if folded.startswith(words.pointers) and (link_share > 0.3 or (len(text) < 120 and not _SENTENCE_END.search(text))):
        return True
    if len(text) <= words.longest_notice and _is_notice(text, folded, link_share):
        return True
    if folded.rstrip(" .!:→»>").endswith(words.calls):
        return True
    return any(p.match(folded) for p in words.signatures)


def _is_notice(text: str, folded: str, link_share: float) -> bool:
    """Speaks of the outlet: in words that only outlets use of themselves, or of what a story could be about, to its reader."""
    words = boilerplate()
    if link_share <= 0.1 and (len(text) > 280 or _QUOTES.search(text)):
        return False
    if words.notices.search(folded):
        return True
    return bool(words.addressed.search(folded) and (link_share > 0.5 or words.to_reader.search(text)))


@dataclass(slots=True)
class Weight:
    """Characters under an element: all of them, those in links, those in paragraphs."""

    text: int = 0
    links: int = 0
    paragraphs: int = 0


def weigh(root: Any) -> dict[Any, Weight]:
    """The weights of every element, in one pass from the innermost outwards."""
    weights: dict[Any, Weight] = {}
    for element in reversed(list(root.iter())):
        own = weights.setdefault(element, Weight())
        if isinstance(element.tag, str) and element.tag not in ("script", "style", "noscript"):
            own.text += len((element.text or "").strip())
            if element.tag == "a":
                own.links = own.text
            elif element.tag == "p":
                own.paragraphs = own.text
        else:
            own.text = own.links = own.paragraphs = 0
        parent = element.getparent()
        if parent is not None:
            above = weights.setdefault(parent, Weight())
            above.text += own.text + len((element.tail or "").strip())
            above.links += own.links
            above.paragraphs += own.paragraphs
    return weights


def prune(root: Any) -> int:
    """Removes from the tree what is called or marked as something else than a story: boxes, lists of links, captions.

    Returns how many characters of text the page had before.
    """
    weights = weigh(root)
    total = max(weights[root].paragraphs, 1)
    for element, weight in list(weights.items())[::-1]:
        if element is root or not isinstance(element.tag, str) or element.getparent() is None:
            continue
        is_link_list = element.tag in _LISTS and weight.links > 0.6 * weight.text
        is_box = _is_box(element) and weight.paragraphs <= _LARGE_SHARE * total and element.find(".//h1") is None
        if is_link_list or is_box:
            remove(element)
    return weights[root].text


def _is_box(element: Any) -> bool:
    return element.tag not in _PAGE and (element.tag in _SKIPPED_TAGS or _is_called_boilerplate(element) or _is_hidden(element))


def _is_called_boilerplate(element: Any) -> bool:
    if element.tag in ("p", "h1", "h2", "h3", "html", "body"):
        return False
    given = " ".join(filter(None, (element.get(a) for a in ("class", "id", "data-testid", "data-component"))))
    return bool(given) and _says_boilerplate(given)


@lru_cache(maxsize=16384)
def _says_boilerplate(given: str) -> bool:
    names = " ".join(n for n in given.split() if not _UTILITY.search(n))
    if any(k in names.lower() for k in boilerplate().keep):
        return False
    return not boilerplate().containers.isdisjoint(w.lower() for w in _SPLIT.split(names) if w)


def _is_hidden(element: Any) -> bool:
    style = element.get("style") or ""
    if not _FOR_EARS.isdisjoint((element.get("class") or "").split()):
        return True
    return element.get("hidden") is not None or element.get("aria-hidden") == "true" or "display:none" in style.replace(" ", "")
