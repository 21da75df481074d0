"""Selections over a page: by the rules of a site file, as clean text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import jmespath
from lxml import etree
from parsel import Selector
from parsel.csstranslator import HTMLTranslator

from newswatch.errors import ReadError, SelectionError
from newswatch.sites import is_xpath

DEEPEST = 500
"""Levels of nesting. Real pages stay below 100; libxml2 drops what lies below 2,048 without a word."""

MOST_ELEMENTS = 40_000
"""Real article pages have 500 to 12,000."""

_SPACE = re.compile(r"\s+")
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff\ud800-\udfff]")
_LINES = re.compile(r"[\x85\u2028\u2029]")
_too_deep = etree.XPath("boolean(" + "/*" * DEEPEST + ")")
_INLINE = frozenset(
    ["a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark"]
) | frozenset(["nobr", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"])
"""Elements that do not end a word."""
_SILENT = frozenset(["script", "style", "noscript", "template", "svg", "iframe", "object", "button", "select", "form"])


def clean(text: str | None) -> str | None:
    """Text as a reader sees it: one line, no invisible characters; None where nothing is left.

    Soft hyphens, zero-width spaces, NUL, controls and lone surrogates go; every run of white space becomes one space.
    """
    if not text:
        return None
    return _SPACE.sub(" ", _UNSEEN.sub("", _LINES.sub(" ", text))).strip() or None


def page_url(page: Selector) -> str:
    """The URL that the page was parsed with."""
    return page.root.getroottree().docinfo.URL or ""


def check_shape(page: Selector) -> None:
    """Raises ReadError: `too_large` for more elements than any article has; `nesting` where the parser may have dropped some."""
    count = int(page.root.xpath("count(//*)"))
    if count > MOST_ELEMENTS:
        raise ReadError("too_large", f"{count} elements, at most {MOST_ELEMENTS} are read", url=page_url(page))
    if _too_deep(page.root.getroottree()):
        raise ReadError("nesting", f"nested more than {DEEPEST} levels deep", url=page_url(page))


def element_text(element: Any) -> str | None:
    """The visible text of an element, an attribute or a text node."""
    if isinstance(element, str):
        return clean(element)
    parts: list[str] = []
    _collect(element, parts)
    return clean("".join(parts))


def _collect(element: Any, parts: list[str]) -> None:
    """Iterative, so that no page can exhaust the stack."""
    stack: list[tuple[Any, bool]] = [(element, False)]
    while stack:
        node, is_tail = stack.pop()
        if is_tail:
            parts.append(node)
            continue
        silent = not isinstance(node.tag, str) or node.tag in _SILENT
        if not silent:
            if node.tag not in _INLINE:
                parts.append(" ")
            parts.append(node.text or "")
        children: list[tuple[Any, bool]] = []
        if not silent:
            for child in node:
                children.append((child, False))
                if child.tail:
                    children.append((child.tail, True))
        stack.extend(reversed(children))


@lru_cache(maxsize=4096)
def _xpath(rule: str) -> etree.XPath:
    return etree.XPath(rule if is_xpath(rule) else HTMLTranslator().css_to_xpath(rule))


def elements(page: Selector, rules: Sequence[str]) -> list[Any]:
    """What the first of the rules that finds something finds, in the order of the page."""
    for rule in rules:
        if rule.startswith("next:"):
            continue
        try:
            found = _xpath(rule)(page.root)
        except etree.XPathError as error:
            raise SelectionError(f"{rule}: {error}", url=page_url(page)) from error
        found = found if isinstance(found, list) else [found] if found else []
        if found:
            return found
    return []


def texts(page: Selector, rules: Sequence[str]) -> list[str]:
    """The texts that the first rule finds which finds any."""
    for rule in rules:
        if rule.startswith("next:"):
            found = _jmes(page, rule.removeprefix("next:"))
        else:
            found = [t for e in elements(page, [rule]) if (t := element_text(e))]
        if found:
            return found
    return []


def first_text(page: Selector, rules: Sequence[str]) -> str | None:
    """The first text that the rules find."""
    found = texts(page, rules)
    return found[0] if found else None


def next_data(page: Selector) -> Any:
    """The JSON of `__NEXT_DATA__`, None where there is none or it is broken."""
    raw = page.root.xpath("string(//script[@id='__NEXT_DATA__'])")
    if not raw:
        return None
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def _jmes(page: Selector, expression: str) -> list[str]:
    found = jmespath.search(expression, next_data(page))
    values = found if isinstance(found, list) else [found]
    return [t for v in values if isinstance(v, str | int) and (t := clean(str(v)))]


def drop(page: Selector, rules: Iterable[str]) -> None:
    """Removes what any of the rules finds from the page, keeping the text that follows it."""
    for rule in rules:
        for element in elements(page, [rule]):
            if isinstance(element, etree._Element) and element.getparent() is not None:
                remove(element)


def remove(element: Any) -> None:
    """Takes the element out of its tree; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)
