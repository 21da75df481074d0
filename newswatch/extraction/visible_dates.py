"""The dates that a reader sees around the headline, for pages that do not state them in their head.

page -> headline -> short lines around it -> pieces (text, <time>) -> labels -> statements -> published, modified

The order of trust: microdata, <time>, visible text; in each, what a label or a class names before what stands alone.
A line counts if it is short, near the headline, outside of comments, teasers, footers and prose, and if it has a mark of
a date (<time>, a class, an attribute) or begins with a label ("Stand:"). The words stand in dates.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from parsel import Selector

from newswatch.extraction.dates import best_stamp, find_date, is_relative, parse_stamp
from newswatch.extraction.datewords import date_words
from newswatch.extraction.select import clean, element_text
from newswatch.story import Stamp

_LONGEST_LINE = 200
"""Characters: what shows more is no date line; its parts may be."""
_PROSE = 80
"""Characters: a paragraph of this length is text, and the third of them ends the header of a story."""
_PARAGRAPHS = 3
_FARTHEST = 400
"""Elements after the headline."""
_HIGHEST = 4
"""Levels above the headline from which a line before it may hang."""
_RESIDUE = 18
"""Letters that a line without any mark may hold beside its label and date: a weekday and some small words."""
_BYLINE_RESIDUE = 60
"""The same for a byline: it holds names."""
_TITLE = 15
"""Letters: a shorter title of a page may stand in any heading."""
_LABEL_REACH = 20
"""Letters between a label and its date, at most: farther away it is another word."""

_APART_TAGS = frozenset(["nav", "footer", "form", "figure", "table", "blockquote", "dialog", "menu", "button", "select"])
_SILENT = frozenset(["script", "style", "noscript", "template", "svg", "iframe", "object", "head"])
_SPLIT = re.compile(r"[^A-Za-z]+|(?<=[a-z])(?=[A-Z])")
_STATE = re.compile(r"(?:has|is|no|with|without)(?=[-_A-Z])")
_SENTENCE = re.compile(r"(?<!\bUhr)(?<!\buur)(?<!\bhod)(?<!\d)(?<=[^\W\d_]{3})[.!?][\"”“»’']?$")
_LETTERS = re.compile(r"[^\W\d_]")

_MICRODATA = {"datepublished": "published", "datecreated": "published", "datemodified": "modified"}


@dataclass(frozen=True)
class _Statement:
    role: str | None
    """`published`, `modified`, or None where nothing says what the date is of."""
    stamp: Stamp
    tier: int
    """0 microdata, 1 <time> or an attribute, 2 text."""


@dataclass(frozen=True)
class _Piece:
    """A run of a line: text, with the attributes of the element if it carries a date for machines."""

    text: str
    attributes: tuple[str, ...]
    role: str | None
    """What the classes around it say."""


@dataclass(frozen=True)
class _Line:
    element: Any
    """None for text that stands loose between elements."""
    pieces: list[_Piece]
    prose: int
    """Paragraphs of the text that stand before it."""


def published_and_modified(page: Selector, zone: ZoneInfo, language: str | None = None) -> tuple[Stamp | None, Stamp | None]:
    """When a story was published and when it was modified, as the visible part of its page says; None where it does not.

    Times without a zone are in `zone`. `language` ("de", "en-US") is the page's own where it is None. Relative times
    ("vor 3 Stunden") are never a date. Changes nothing in the page.
    """
    language = language or page_language(page)
    statements = [*_microdata(page.root, zone, language)]
    for line in _lines(page.root, zone):
        statements += _statements(line, zone, language)
    ordered = sorted(statements, key=lambda s: (s.tier, s.role is None))
    published = best_stamp((s.stamp for s in ordered if s.role != "modified"), zone)
    modified = best_stamp((s.stamp for s in ordered if s.role == "modified"), zone)
    return published, modified


def page_language(page: Selector, expected: str | None = None, zone: str = "") -> str:
    """The page's language with its region ("en-US"), from its `lang` or og:locale; "de" where it states none.

    `expected` is the site's language: a page that states another one is a template in a foreign language, and is not
    believed. English without a region is American where the name of the site's zone is.
    """
    stated = page.root.xpath("string(/html/@lang)") or page.root.xpath("string(//meta[@property='og:locale']/@content)") or ""
    found = re.fullmatch(r"([a-z]{2,3})(?:[-_]([a-z]{2}))?.*", stated.strip(), re.I | re.S)
    language, region = (found[1].lower(), (found[2] or "").upper()) if found else (expected or "de", "")
    if expected and language != expected:
        language, region = expected, ""
    if language == "en" and not region and zone in date_words().month_first_zones:
        region = "US"
    return f"{language}-{region}" if region else language


def _words(element: Any) -> set[str]:
    """The parts of its class, id, role and the names of its data attributes, in lower case."""
    named = " ".join(element.get(k) or "" for k in ("class", "id", "itemprop", "role", "data-testid"))
    tokens = [t for t in named.split() if not _STATE.match(t)] + [k for k in element.attrib if k.startswith("data-")]
    return {w.lower() for token in tokens for w in _SPLIT.split(token) if w}


def _is_apart(element: Any) -> bool:
    """Whether no date within the element is the story's own. A short <aside> may be its byline, set beside the text."""
    if element.tag == "aside" and (_length(element) > _LONGEST_LINE or next(element.iter("article", "h2", "h3", "h4"), None) is not None):
        return True
    return element.tag in _APART_TAGS or bool(_words(element) & date_words().marks["apart"])


def _role(element: Any) -> str | None:
    """What its classes say that its date is of; `published updated` and `entry-date updated` are how blogs write published."""
    words, marks = _words(element), date_words().marks
    if words & marks["published"]:
        return "published"
    return "modified" if words & marks["modified"] and not {"entry", "updated"} <= words else None


def _microdata(root: Any, zone: ZoneInfo, language: str) -> Iterator[_Statement]:
    """`itemprop` datePublished and dateModified of the story itself, in the head or the body."""
    headline = _headline(root)
    story = set(headline.iterancestors()) if headline is not None else set()
    for element in root.xpath("//*[@itemprop or @property or (self::meta and @name)]"):
        name = (element.get("itemprop") or element.get("property") or element.get("name")).rsplit(":", 1)[-1].rsplit("/", 1)[-1]
        role = _MICRODATA.get(name.lower())
        if role is None or not _is_of_story(element, story):
            continue
        for raw in (element.get("content"), element.get("datetime"), clean(element.text_content())):
            if stamp := parse_stamp(raw, zone, language):
                yield _Statement(role, stamp, 0)
                break


def _is_of_story(element: Any, story: set[Any]) -> bool:
    """Whether nothing between the element and what holds the headline belongs to something else."""
    for step in (element, *element.iterancestors()):
        if step in story or step.tag == "head":
            return True
        if _is_apart(step) or (step.tag == "article" and story):
            return False
    return not story


def _headline(root: Any) -> Any:
    """The element that the lines stand around: the story's h1, else where the story begins; None where there is neither.

    The h1 that says what og:title or <title> says, before others; one within an article or main, before others.
    """
    stated = [_squeezed(t) for t in root.xpath("//meta[@property='og:title']/@content | //head/title/text()")]
    shown = [h for h in root.iter("h1", "h2") if not _is_listed(h) and _squeezed(element_text(h))]
    said = [h for h in shown if _says(h, stated)]
    first = [h for h in shown if h.tag == "h1"]
    for pool in ([h for h in said if h.tag == "h1"] or first, said):
        for tag in ("article", "main", "body"):
            if inside := [h for h in pool if next(h.iterancestors(tag), None) is not None]:
                return inside[0]
    within = root.xpath("(//article | //main | //*[@role='main'])[1]/*[1]")
    return within[0] if within else None


def _says(heading: Any, stated: list[str]) -> bool:
    text = _squeezed(element_text(heading))
    return any(text in s or (len(s) > _TITLE and s in text) for s in stated)


def _squeezed(text: str | None) -> str:
    return "".join(c for c in (text or "").casefold() if c.isalnum())


def _is_listed(heading: Any) -> bool:
    """Whether a heading is a part of a list, a menu or a breadcrumb."""
    if any(_is_apart(e) or e.tag == "li" for e in islice(heading.iterancestors(), 3)):
        return True
    return any(e.tag in ("nav", "footer", "aside", "dialog") for e in heading.iterancestors())


def _lines(root: Any, zone: ZoneInfo) -> Iterator[_Line]:
    """The short elements and texts around the headline, in the order of the page, until the story's text is well under way."""
    headline = _headline(root)
    if headline is None:
        return
    story = {element: level for level, element in enumerate(headline.iterancestors(), 1)}
    stack: list[Any] = [root]
    passed, entered, seen, prose = False, any(e.tag == "article" for e in story), 0, 0
    while stack and seen < _FARTHEST and prose < _PARAGRAPHS:
        item = stack.pop()
        seen += passed
        passed = passed or item is headline
        if isinstance(item, str):
            if len(item) <= _LONGEST_LINE:
                yield _Line(None, [_Piece(item, (), None)], prose)
            prose += passed and len(item) >= _PROSE
        elif item in story:
            stack += reversed(_near(item, story))
        elif item.tag == "article" and passed and not entered and _is_text(item):
            entered = True
            stack += reversed(_parts(item))
        elif item.tag in ("h1", "article") or item.tag in _SILENT or _is_apart(item):
            continue
        elif (length := _length(item)) <= _LONGEST_LINE:
            if length or next(item.iter("time"), None) is not None:
                yield _Line(item, _pieces(item, zone), prose)
            prose += passed and item.tag == "p" and length >= _PROSE
        elif item.tag == "p":
            prose += passed
        else:
            stack += reversed(_parts(item))


def _is_text(article: Any) -> bool:
    """Whether it holds a story, not a teaser of one: two paragraphs."""
    return len(list(islice((p for p in article.iter("p") if _length(p) >= _PROSE), 2))) == 2


def _parts(element: Any) -> list[Any]:
    """Its texts and elements in the order of the page, without comments and empty texts."""
    parts: list[Any] = [element.text]
    for child in element:
        parts += [child if isinstance(child.tag, str) else None, child.tail]
    return [p for p in (clean(p) if isinstance(p, str) else p for p in parts) if p is not None]


def _near(element: Any, story: dict[Any, int]) -> list[Any]:
    """The parts of an element that holds the headline: what stands before it counts only where the element is the story's own."""
    parts = _parts(element)
    own = element.tag in ("article", "main", "header") or (story[element] <= _HIGHEST and element.tag != "body")
    if own:
        return parts
    at = next((i for i, p in enumerate(parts) if not isinstance(p, str) and (p in story or (story[element] == 1 and p.tag == "h1"))), 0)
    return parts[at:]


def _length(element: Any) -> int:
    """Characters that the element shows, counted no further than a line may be."""
    length = 0
    for node in element.iter():
        silent = not isinstance(node.tag, str) or node.tag in _SILENT
        for text in (None if silent else node.text, None if node is element else node.tail):
            length += len(text.strip()) if text else 0
        if length > _LONGEST_LINE:
            break
    return length


def _pieces(line: Any, zone: ZoneInfo) -> list[_Piece]:
    """The runs of a line: an element that carries a date for machines is one, and what stands between two of them."""
    pieces: list[_Piece] = []
    stack: list[tuple[Any, str | None]] = [(line, None)]
    while stack:
        item, role = stack.pop()
        if isinstance(item, str):
            if pieces and not pieces[-1].attributes and pieces[-1].role == role:
                item = f"{pieces.pop().text} {item}"
            pieces.append(_Piece(item, (), role))
        elif item.tag not in _SILENT and (item is line or not _is_apart(item)):
            role = _role(item) or role
            attributes = _machine_dates(item, zone)
            if attributes:
                pieces.append(_Piece(element_text(item) or "", attributes, role))
            else:
                stack += [(part, role) for part in reversed(_parts(item))]
    return pieces


def _machine_dates(element: Any, zone: ZoneInfo) -> tuple[str, ...]:
    """The attributes of an element that are dates: `datetime`, `title`, `data-published`, best first; () for what holds a <time>."""
    if element.find(".//time") is not None:
        return ()
    marks = date_words().marks["date"]
    names = [k for k in element.attrib if k.startswith("data-") and {w.lower() for w in _SPLIT.split(k)} & marks]
    if element.tag in ("time", "abbr") or _words(element) & marks:
        names += ["content", "title"]
    values = (element.get(k) for k in ("datetime", *names))
    return tuple(v for v in values if v and parse_stamp(v, zone))


def _statements(line: _Line, zone: ZoneInfo, language: str) -> Iterator[_Statement]:
    """The dates of a line, each with what it is of: its own label, the label before it, or its class."""
    accepted = _accepted(line, zone, language)
    if accepted == "none":
        return
    pending: str | None = None
    for piece in line.pieces:
        if piece.attributes:
            label, text = next(((r, t) for r, t, _ in _labelled(piece.text) if r), (None, piece.text))
            found = find_date(text, zone, language)
            stamps = [*(parse_stamp(a, zone, language) for a in piece.attributes), found[0] if found else None]
            if stamp := best_stamp(stamps, zone):
                yield _Statement(label or pending or piece.role, stamp, 1)
            pending = None
            continue
        for label, text, length in _labelled(piece.text):
            found = find_date(text, zone, language)
            reaches = len(_LETTERS.findall(text[length : found[1] if found else None])) <= _LABEL_REACH
            role = (label if reaches else None) or pending
            if found and (accepted == "all" or role):
                raw = text[0 if length else found[1] : found[2]].strip()
                yield _Statement(role or piece.role, replace(found[0], raw=raw), 2)
            pending = None if found or is_relative(text) else role


def _labelled(text: str) -> Iterator[tuple[str | None, str, int]]:
    """The parts of a text, each with what its label says and how long that is; the first has none."""
    role, at, length = None, 0, 0
    for m in date_words().labels.finditer(text):
        if text[at : m.start()].strip():
            yield role, text[at : m.start()], length
        role, at, length = m.lastgroup, m.start(), m.end() - m.start()
    yield role, text[at:], length


def _accepted(line: _Line, zone: ZoneInfo, language: str) -> str:
    """Which dates of a line count: `all` where it is marked as a date line or is nothing but a date, `labelled`, or `none`."""
    text = " ".join(p.text for p in line.pieces)
    inside = [e for e in line.element.iter() if isinstance(e.tag, str)] if line.element is not None else []
    words = {w for e in inside for w in _words(e)}
    is_marked = bool(words & date_words().marks["date"]) or any(e.tag == "time" for e in inside)
    is_prose = _SENTENCE.search(text) and (not inside or inside[0].tag == "p")
    if is_prose and not (inside and _words(inside[0]) & date_words().marks["date"]):
        return "none"
    if is_marked:
        return "all"
    parts = [(part, length) for _, part, length in _labelled(text)]
    rest = sum(len(_LETTERS.findall(_without_date(part, zone, language)[length:])) for part, length in parts)
    first = next(iter(date_words().labels.finditer(text)), None)
    is_byline = bool(words & date_words().marks["byline"])
    if is_byline and rest <= _BYLINE_RESIDUE:
        return "all"
    if rest > _RESIDUE:
        return "none"
    if first and not _LETTERS.search(text[: first.start()]):
        return "labelled"
    is_heading = bool(inside) and inside[0].tag in ("h2", "h3", "h4", "h5", "h6")
    return "all" if line.prose <= 1 and not is_heading and not first else "none"


def _without_date(text: str, zone: ZoneInfo, language: str) -> str:
    found = find_date(text, zone, language)
    return text[: found[1]] + text[found[2] :] if found else text
