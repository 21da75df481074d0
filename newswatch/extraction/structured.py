"""What a page says of itself for machines: JSON-LD block by block, and meta tags."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from parsel import Selector

from newswatch.extraction.select import clean

_ARTICLES = ["", "News", "ReportageNews", "AnalysisNews", "AskPublicNews", "BackgroundNews", "OpinionNews", "ReviewNews", "Tech"]
ARTICLE_TYPES = frozenset(
    [f"{kind}Article" for kind in _ARTICLES]
    + ["AdvertiserContentArticle", "ScholarlyArticle", "LiveBlogPosting", "BlogPosting", "SocialMediaPosting", "Report"]
)
"""schema.org/Article and its children, without those that are no text to read."""

_COMMENT = re.compile(r"^\s*(?:<!--|//<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*$")
_TRAILING_COMMA = re.compile(r'("(?:[^"\\]|\\.|\\\Z)*+(?:"|\Z))|,(?=\s*+[}\]])', re.S)
_LINE_COMMENT = re.compile(r'("(?:[^"\\]|\\.|\\\Z)*+(?:"|\Z))|(?<![:\\])//[^\n]*|/\*.*?(?:\*/|\Z)', re.S)
_BLOCK_LIMIT = 4 * 1024 * 1024
_MOST_NODES = 20_000
_MOST_BRACKETS = 200


def parse_blocks(raw: str) -> list[Any]:
    """The JSON values of one script element: usually one; two objects in a row are two; [] where nothing parses.

    Byte order marks, comments, CDATA, trailing commas and raw control characters are forgiven.
    """
    text = raw.replace("\ufeff", "").strip()[:_BLOCK_LIMIT]
    if not text or _nests_too_deeply(text):
        return []
    for candidate in (text, _mended(text)):
        values = _decode_all(candidate)
        if values:
            return values
    return []


def _nests_too_deeply(text: str) -> bool:
    """Cheap guard against 100,000 brackets: they come in runs."""
    return "[" * _MOST_BRACKETS in text or '{"a":' * _MOST_BRACKETS in text


def _mended(text: str) -> str:
    text = _COMMENT.sub("", _COMMENT.sub("", text))
    text = _LINE_COMMENT.sub(lambda m: m.group(1) or "", text)
    return _TRAILING_COMMA.sub(lambda m: m.group(1) or "", text).strip()


def _decode_all(text: str) -> list[Any]:
    decoder, values, at = json.JSONDecoder(strict=False), [], 0
    while at < len(text):
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        values.append(value)
        while at < len(text) and text[at] in " \t\r\n;,":
            at += 1
    return values


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a JSON-LD value, outermost first: arrays and @graph opened, at most 20,000."""
    queue, seen = [value], 0
    while queue and seen < _MOST_NODES:
        item = queue.pop(0)
        seen += 1
        if isinstance(item, list):
            queue[:0] = item
        elif isinstance(item, dict):
            yield item
            for key in ("@graph", "mainEntity", "mainEntityOfPage", "hasPart"):
                if isinstance(item.get(key), dict | list):
                    queue.append(item[key])


def types(node: dict[str, Any]) -> set[str]:
    """The types of a node without their vocabulary: `https://schema.org/NewsArticle` is NewsArticle."""
    raw = node.get("@type")
    return {str(t).rsplit("/", 1)[-1].rsplit(":", 1)[-1] for t in (raw if isinstance(raw, list) else [raw]) if t}


def plain(value: Any) -> str | None:
    """A string of JSON-LD as a reader sees it: entities resolved once, tags taken out."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    text = str(value)
    return clean(html.unescape(text) if "&" in text else text)


@dataclass(frozen=True)
class Structured:
    """The structured data of a page, read when it is asked for."""

    page: Selector

    @cached_property
    def ld(self) -> list[dict[str, Any]]:
        """Every JSON-LD node of the page; a broken block costs only itself."""
        raw = self.page.root.xpath("//script[contains(translate(@type, 'LDJSON', 'ldjson'), 'ld+json')]")
        values = [
            v for script in raw for v in parse_blocks(script.text_content() if hasattr(script, "text_content") else script.text or "")
        ]
        return list(nodes(values))

    @cached_property
    def article(self) -> dict[str, Any]:
        """The node of the article: the one that says most, {} where there is none."""
        found = [n for n in self.ld if types(n) & ARTICLE_TYPES]
        keys = ("headline", "datePublished", "dateModified", "author", "articleBody", "description")
        return max(found, key=lambda n: sum(bool(n.get(k)) for k in keys), default={})

    @cached_property
    def meta(self) -> dict[str, list[str]]:
        """Contents of the meta tags by lower-case name, property or itemprop, in the order of the page."""
        out: dict[str, list[str]] = {}
        for element in self.page.root.iter("meta"):
            content = clean(element.get("content"))
            name = element.get("property") or element.get("name") or element.get("itemprop")
            if name and content:
                out.setdefault(name.strip().lower(), []).append(content)
        return out

    def first_meta(self, *names: str) -> str | None:
        """The first content of the first of the names that the page has."""
        return next((self.meta[n][0] for n in names if n in self.meta), None)

    @cached_property
    def breadcrumb(self) -> list[tuple[str, str | None]]:
        """(name, URL) of the longest BreadcrumbList, in order."""
        best: list[tuple[str, str | None]] = []
        for node in self.ld:
            if "BreadcrumbList" not in types(node) or not isinstance(node.get("itemListElement"), list):
                continue
            items = [i for i in node["itemListElement"] if isinstance(i, dict)]
            crumbs = [_crumb(i) for i in sorted(items, key=_position)]
            named = [(name, url) for name, url in crumbs if name]
            best = named if len(named) > len(best) else best
        return best


def _position(item: dict[str, Any]) -> float:
    try:
        return float(item.get("position") or 0)
    except (TypeError, ValueError):
        return 0.0


def _crumb(item: dict[str, Any]) -> tuple[str, str | None]:
    target = item.get("item")
    url = target.get("@id") or target.get("url") if isinstance(target, dict) else target
    return plain(item.get("name")) or plain(target if isinstance(target, dict) else None) or "", url if isinstance(url, str) else None
