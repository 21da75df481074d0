"""The text of an article as headed passages.

site rules ----------------------------------------------+
page -> prune -> trafilatura's paragraphs -> container ---+-> blocks -> passages
                 (where the story is)   (all of it, cleaned)
"""

from __future__ import annotations

import copy
import logging
from collections import Counter
from collections.abc import Iterable
from typing import Any

import trafilatura
from parsel import Selector

from newswatch.extraction.boilerplate import is_boilerplate, prune
from newswatch.extraction.learned import belongs
from newswatch.extraction.select import clean, element_text, elements
from newswatch.sites import Site
from newswatch.story import Entry, Passage

HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "head"])
_BLOCKS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "td", "dd", "dt", "div", "section")

MOST_ELEMENTS = 20_000
"""Of a page without its boxes; real articles stay below 5,000. Above it only plain paragraphs are read: time is bounded."""

MOST_TEXT = 500_000
"""Characters; above them too."""

MOST_BLOCKS = 5_000
PARAGRAPH = 80
"""Characters: what is longer is a paragraph by itself."""

Block = tuple[bool, str]
"""Whether it is a sub-headline, and its text."""


def read_body(page: Selector, site: Site, learned: frozenset[str] = frozenset()) -> list[Block]:
    """The blocks of the text in order: by the site's rules if it has any, else what is read without the learned blocks."""
    if site.rules.body:
        return by_rules(page, site)
    return [(is_headline, text) for is_headline, text in by_reading(page) if belongs(text, learned)]


def by_rules(page: Selector, site: Site) -> list[Block]:
    """What the site's rule `body` selects."""
    found = ((e, element_text(e)) for e in elements(page, site.rules.body))
    return [(getattr(e, "tag", None) in HEADINGS, text) for e, text in found if text]


def by_reading(page: Selector) -> list[Block]:
    """What a reader of any site would take for the text: where trafilatura finds it, whole and cleaned."""
    root = copy.deepcopy(page.root)
    length = prune(root)
    if length > MOST_TEXT or sum(1 for _ in root.iter()) > MOST_ELEMENTS:
        return [(False, text) for element, text in _blocks(root) if element.tag == "p" and len(text) > PARAGRAPH][:MOST_BLOCKS]
    seeds = by_trafilatura(copy.deepcopy(root))
    return grown(root, seeds) or seeds


def by_trafilatura(root: Any) -> list[Block]:
    """What trafilatura takes for the text in precision mode; [] where it finds none. Changes the tree."""
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # what cannot be read is our fault to tell
    document = trafilatura.bare_extraction(root, favor_precision=True, include_comments=False, include_tables=True, with_metadata=False)
    if document is None or isinstance(document, dict) or document.body is None:
        return []
    return list(_flat(document.body))


def _flat(body: Any) -> Iterable[Block]:
    for element in body.iterchildren():
        parts = element.findall(".//item") or element.findall(".//p") or [element]
        for part in parts:
            text = clean("".join(part.itertext()))
            if text:
                yield element.tag in HEADINGS, text


def grown(root: Any, seeds: list[Block]) -> list[Block]:
    """All blocks of the container that holds the seeds, and of others of its kind, without boilerplate."""
    blocks = [(element, text, _squeezed(text)) for element, text in _blocks(root)]
    known = {_squeezed(text) for _, text in seeds}
    hits = [(element, len(text)) for element, text, squeezed in blocks if squeezed in known]
    container = _container(hits)
    if container is None:
        return []
    inside = set(container.iter())
    places = _places([(e, n) for e, n in hits if e in inside])
    out: list[Block] = []
    for element, text, squeezed in blocks:
        is_headline = element.tag in HEADINGS
        place = _place(element)
        if element in inside:
            is_text = squeezed in known or is_headline or place in places or (element.tag == "li" and _stands_among(element, places))
        else:
            is_text = not is_headline and (place in places if squeezed not in known else _is_akin(place, places)) and bool(place[1])
        if is_text and not is_boilerplate(text, link_share=_link_share(element, text)):
            out.append((is_headline, text))
    return _without_dangling(out)


def _places(weighted: list[tuple[Any, int]]) -> set[tuple[str, str]]:
    """Where the paragraphs stand: places that hold a tenth of the text or more."""
    weights: Counter[tuple[str, str]] = Counter()
    for element, weight in weighted:
        if element.tag not in HEADINGS:
            weights[_place(element)] += weight
    return {place for place, weight in weights.items() if weight >= 0.1 * weights.total()}


def _is_akin(place: tuple[str, str], places: set[tuple[str, str]]) -> bool:
    """Whether half of the class names or more are those of a place of the text: a part that only looks a little different."""
    names = set(place[1].split())
    others = [set(names_.split()) for tag, names_ in places if tag == place[0] and names_]
    return any(len(names & o) * 2 >= len(names | o) for o in others)


def _stands_among(item: Any, places: set[tuple[str, str]]) -> bool:
    """Whether a list stands among the paragraphs, one wrapping element between at the most."""
    return any(_place(a) in places for _, a in zip(range(3), item.iterancestors(), strict=False))


def _squeezed(text: str) -> str:
    """Without white space: two readers disagree on the space at a line break."""
    return "".join(text.split())


def _without_dangling(blocks: list[Block]) -> list[Block]:
    """Sub-headlines that head nothing at the end are those of something that was taken out."""
    while blocks and blocks[-1][0]:
        blocks.pop()
    return blocks


def _blocks(root: Any) -> Iterable[tuple[Any, str]]:
    """The innermost elements that hold text of their own, in order; a div with text and no block inside is a paragraph."""
    for element in root.iter(*_BLOCKS):
        if element.tag in ("li", "blockquote", "td", "dd", "dt", "div", "section") and _has_block(element):
            continue
        text = element_text(element)
        if text:
            yield element, text


def _has_block(element: Any) -> bool:
    return next(element.iterdescendants(*_BLOCKS), None) is not None


def _place(element: Any) -> tuple[str, str]:
    """What paragraphs of one text share: tag and class of what holds them; for a list item, of what holds its list."""
    parent = element.getparent()
    if element.tag == "li" and parent is not None:
        parent = parent.getparent()
    if parent is None:
        return "", ""
    names = [n for n in (parent.get("class") or "").split() if not any(c.isdigit() for c in n)]
    return str(parent.tag), " ".join(names)


def _container(weighted: list[tuple[Any, int]]) -> Any:
    """The innermost element that holds nine tenths of the weight."""
    weighted = weighted[:: len(weighted) // 1000 + 1]
    total = sum(w for _, w in weighted)
    weights: Counter[Any] = Counter()
    depth: dict[Any, int] = {}
    for element, weight in weighted:
        ancestors = list(element.iterancestors())
        for level, ancestor in enumerate(reversed(ancestors)):
            weights[ancestor] += weight
            depth[ancestor] = level
    enough = [a for a, w in weights.items() if w >= 0.9 * total]
    return max(enough, key=lambda a: depth[a], default=None)


def _link_share(element: Any, text: str) -> float:
    if next(element.iterancestors("a"), None) is not None:
        return 1.0
    linked = sum(len("".join(a.itertext()).strip()) for a in element.iter("a"))
    return linked / max(len(text), 1)


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


def with_entries(body: tuple[Passage, ...], entries: tuple[Entry, ...]) -> tuple[Passage, ...]:
    """A liveblog's text with the entries that do not stand in it: pages that load them later state them in JSON-LD only."""
    text = _squeezed(" ".join(t for p in body for t in (p.headline or "", *p.paragraphs)))
    missing = [e for e in entries if _squeezed(e.text)[:60] not in text]
    return body + tuple(Passage(e.headline, tuple(e.text.split("\n\n"))) for e in missing if e.text)
