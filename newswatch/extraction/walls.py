"""Consent walls: pages that ask before they show anything. The words, of eight languages, are in walls.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from parsel import Selector

from newswatch.extraction.select import clean, element_text
from newswatch.extraction.structured import Structured

SENTENCE = 50
"""Characters: shorter blocks are labels, buttons and links."""

FULL = 250
"""Characters of other text from which on a page is no wall, whatever it asks."""

BRIEF = 60
"""The same for a page that is marked as an article: the shortest story is longer."""

_BLOCK = frozenset(["p", "li", "dd", "dt", "td", "blockquote", "div", "section", "article", "main", "form", "dialog", "h1", "h2", "h3"])
_ASIDE = frozenset(["nav", "footer", "header", "aside", "noscript", "script", "style", "template", "svg"])
_PAGE = frozenset(["html", "body", "article", "main"])
_BUTTONS = "//button|//a|//input[@type='button' or @type='submit']|//*[@role='button']"


def consent_wall(page: Selector) -> str | None:
    """What a page says that is nothing but a consent wall; None for every other page, one with a cookie banner among them.

    A wall has a button or a frame of a consent manager, speaks of consent to its reader, and says next to nothing else.
    """
    root = page.root
    if not hasattr(root, "xpath"):
        return None
    blocks = list(_blocks(root))
    asked = _asking(root, [text for text, _ in blocks])
    if asked is None:
        return None
    is_article = _is_article(page, root)
    other = sum(
        len(text) for text, in_banner in blocks if len(text) >= SENTENCE and not in_banner and not _is_about_consent(text, is_article)
    )
    return None if other >= (BRIEF if is_article else FULL) else asked[:120]


@cache
def _finder(name: str) -> re.Pattern[str]:
    """Finds any of the words of a list of walls.toml where a word begins."""
    table = tomllib.loads((Path(__file__).parent / "walls.toml").read_text(encoding="utf-8"))
    return re.compile(r"(?<![^\W_])(?:" + "|".join(re.escape(w) for w in table[name]) + ")")


def _has(text: str, name: str) -> bool:
    return _finder(name).search(text.lower()) is not None


def _asking(root: Any, texts: list[str]) -> str | None:
    """The sentence or the frame by which a page asks for consent; None where it does not."""
    for frame in root.xpath("//iframe"):
        if _has(f"{frame.get('src', '')} {frame.get('id', '')}", "frames"):
            return clean(frame.get("title")) or "a consent manager's frame"
    choice = next((t for t in texts if _has(t, "choices")), None)
    if choice is None and any(_is_action(button) for button in root.xpath(_BUTTONS)):
        return next((t for t in texts if _has(t, "phrases")), None)
    return choice


def _is_action(button: Any) -> bool:
    text = clean("".join(button.itertext()) or button.get("value") or button.get("aria-label")) or ""
    return len(text) < 60 and _has(text, "actions")


def _is_about_consent(text: str, is_article: bool) -> bool:
    return _has(text, "phrases") or _has(text, "choices") or (not is_article and _has(text, "words"))


def _is_article(page: Selector, root: Any) -> bool:
    """Whether the page is marked as an article, or has a headline of its own that is not about consent."""
    data = Structured(page)
    if data.article or data.first_meta("article:published_time") or data.first_meta("og:type") == "article":
        return True
    titles = [t for h in root.xpath("//h1") if not _is_in_banner(h) and (t := element_text(h))]
    return any(len(t) > 15 and not _is_about_consent(t, False) for t in titles)


def _blocks(root: Any) -> Iterator[tuple[str, bool]]:
    """(text, whether it stands in a banner) of every block: what stands in it, but not in a block inside it."""
    stack = [(root, False)]
    while stack:
        node, in_banner = stack.pop()
        in_banner = in_banner or _is_banner(node)
        inner: list[Any] = []
        if text := clean("".join(_own_text(node, inner))):
            yield text, in_banner
        stack.extend((child, in_banner) for child in reversed(inner))


def _own_text(node: Any, inner: list[Any]) -> Iterator[str]:
    """The text of a block with its inline elements and buttons; the blocks in it are added to `inner`."""
    stack: list[Any] = [node]
    while stack:
        at = stack.pop()
        if isinstance(at, str):
            yield at
            continue
        if at is not node and at.tag in _BLOCK:
            inner.append(at)
            continue
        if not isinstance(at.tag, str) or at.tag in _ASIDE:
            continue
        yield " " if at.tag == "br" else at.text or ""
        stack.extend(part for child in reversed(at) for part in (child.tail or "", child))


def _is_in_banner(element: Any) -> bool:
    return any(_is_banner(node) for node in (element, *element.iterancestors()))


def _is_banner(node: Any) -> bool:
    """Whether an element is marked as a consent manager's or as a dialog, and the page itself does not stand in it."""
    if node.tag in _PAGE:
        return False
    is_marked = node.get("role") in ("dialog", "alertdialog") or _has(f"{node.get('id', '')} {node.get('class', '')}", "containers")
    return is_marked and not node.xpath("boolean(.//article|.//main|.//h1)")
