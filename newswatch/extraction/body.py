"""The text of an article as headed passages: by the site's rules, else what trafilatura finds in precision mode."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

import trafilatura
from parsel import Selector

from newswatch.extraction.select import clean, element_text, elements
from newswatch.sites import Site
from newswatch.story import Passage

HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "head"])

Block = tuple[bool, str]
"""Whether it is a sub-headline, and its text."""


def read_body(page: Selector, site: Site) -> list[Block]:
    """The blocks of the text in order; by the site's rules if it has any, never both."""
    if site.rules.body:
        return by_rules(page, site)
    return by_trafilatura(page)


def by_rules(page: Selector, site: Site) -> list[Block]:
    """What the site's rule `body` selects."""
    found = ((e, element_text(e)) for e in elements(page, site.rules.body))
    return [(getattr(e, "tag", None) in HEADINGS, text) for e, text in found if text]


def by_trafilatura(page: Selector) -> list[Block]:
    """What trafilatura takes for the text; [] where it finds none."""
    document = trafilatura.bare_extraction(
        copy.deepcopy(page.root),
        favor_precision=True,
        include_comments=False,
        include_tables=True,
        with_metadata=False,
    )
    if document is None or isinstance(document, dict) or document.body is None:
        return []
    return list(_blocks(document.body))


def _blocks(body: Any) -> Iterable[Block]:
    for element in body.iterchildren():
        parts = element.findall(".//item") or element.findall(".//p") or [element]
        for part in parts:
            text = clean("".join(part.itertext()))
            if text:
                yield element.tag in HEADINGS, text


def passages(blocks: Iterable[Block], *, without: Iterable[str | None] = ()) -> tuple[Passage, ...]:
    """Blocks gathered under their sub-headlines.

    `without` are texts that stand elsewhere (title, lead): the first block that equals one is left out. A
    sub-headline without a paragraph is kept: a reader reads it.
    """
    left_out = [t for t in without if t]
    out: list[tuple[str | None, list[str]]] = []
    for is_headline, text in blocks:
        if text in left_out:
            left_out.remove(text)
        elif is_headline:
            out.append((text, []))
        elif out:
            out[-1][1].append(text)
        else:
            out.append((None, [text]))
    return tuple(Passage(headline, tuple(paragraphs)) for headline, paragraphs in out)
