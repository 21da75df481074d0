"""What a page states of its dates for machines in its head: JSON-LD, then meta tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from newswatch.extraction.datewords import date_words
from newswatch.extraction.structured import Structured, plain, types

Field = Literal["published", "modified"]

_KEYS: dict[Field, tuple[str, ...]] = {"published": ("datePublished", "dateCreated"), "modified": ("dateModified",)}
_PAGE_TYPES = frozenset(["WebPage", "ItemPage", "ClaimReview", "Review"])
"""What stands for the story where no article does. A video is none of them: it is often older than the text around it."""


def stated_dates(data: Structured, field: Field) -> Iterator[str]:
    """The raw statements of one date, the most trusted first: the article's JSON-LD, the page's, the meta tags by name."""
    pages = (node for node in data.ld if types(node) & _PAGE_TYPES)
    for node in (data.article, *pages):
        yield from _of_node(node, _KEYS[field])
    for name in date_words().meta[field]:
        yield from data.meta.get(name, ())


def _of_node(node: dict[str, Any], keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        value = node.get(key)
        for part in value if isinstance(value, list) else [value]:
            if text := plain(part):
                yield text
