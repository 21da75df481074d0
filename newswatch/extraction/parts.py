"""Pure: the pages that a long article is cut into, and their text as one.

page -> find_parts -> Parts -> begin -> Progress -> next_part -> (fetch) -> advance -> Progress -> ... -> finished -> Story

"All on one page" is tried first; where there is no such page, or it cannot be read, page after page.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from typing import Any

from parsel import Selector

from newswatch.errors import ReadError
from newswatch.extraction.learned import SHORTEST, block_key
from newswatch.extraction.links import resolve
from newswatch.extraction.select import elements, page_url
from newswatch.sites import Site, bare_address
from newswatch.sites.variants import ALL, article_address, part_of, plain_address
from newswatch.story import Passage, Story

MOST_PAGES = 20
"""Pages of one article that are read; what stands behind them is left out, and said so."""

_COMMENTS = re.compile(
    r"\b(?:comments?|kommentare?|diskussion|forum|replies|leserbriefe?|disqus|commentaires?)\b|(?:comment|kommentar)[-_]?(?:s|e|list|page)"
)
"""Names of boxes whose pager leads through what readers wrote."""

_ALL_TEXTS = frozenset(
    [
        "auf einer seite lesen",
        "alles auf einer seite",
        "auf einer seite",
        "artikel auf einer seite lesen",
        "komplettansicht",
        "alle seiten",
        "single page",
        "view as single page",
        "all on one page",
        "view all",
        "read on one page",
        "show full article",
    ]
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a page says of the pages of its article."""

    number: int = 1
    """Which of them it is; ALL for the whole text."""
    pages: dict[int, str] = field(default_factory=dict)
    """Addresses of the others, as the page links them."""
    whole: str | None = None
    """The page with the whole text."""


@dataclass(frozen=True, slots=True)
class Next:
    """The page to be read next."""

    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Progress:
    """An article of several pages while they are read."""

    story: Story
    """With the text of the pages so far."""
    pages: dict[int, str]
    whole: str | None
    read: int = 1
    """The last page that was read."""
    is_done: bool = False
    """The pages that follow add no text, or that was the whole."""

    @property
    def is_cut(self) -> bool:
        """Whether there are more pages than are read."""
        return not self.is_done and self.read >= MOST_PAGES and any(n > self.read for n in self.pages)


def find_parts(page: Selector, site: Site) -> Parts:
    """The pages of the article that a page belongs to, by its own links; call it before anything is dropped from the page.

    A link counts where its address without the page's number is the article's own: a `rel=next` to the next story, or
    the pager of a section, does not.
    """
    here = plain_address(page_url(page), site)
    base = article_address(here, site)
    own = part_of(here, of=base)
    pages: dict[int, str] = {}
    whole = None
    for element in elements(page, ["//link[@rel='next'][@href] | //a[@href]"]):
        url = resolve(page_url(page), element.get("href"), site)
        if url is None or not site.owns(url):
            continue
        part = part_of(plain_address(url, site), of=base)
        if (part and part.number == ALL) or (part is None and _is_whole(element, url, base)):
            whole = whole or url
        elif part is None or _COMMENTS.search(_surroundings(element)):
            continue
        elif part.number > 1 and _is_pager(element, url, base):
            pages.setdefault(part.number, url)
    return Parts(own.number if own else 1, pages, whole)


def _surroundings(element: Any) -> str:
    """What the elements around a link are called."""
    return " ".join(f"{e.get('class') or ''} {e.get('id') or ''}" for e in element.iterancestors()).lower()


def _is_whole(element: Any, url: str, base: str) -> bool:
    """A link that says that it shows the article on one page, and leads to an address that begins like the article's."""
    text = " ".join("".join(element.itertext()).split()).casefold().strip(" .:›»>")
    here, there = bare_address(base).rstrip("?"), bare_address(url)
    return text in _ALL_TEXTS and there.startswith(here) and there.rstrip("?") != here


def _is_pager(element: Any, url: str, base: str) -> bool:
    """A bare number behind an address (`/a-story/2`) needs `rel=next`, or a link whose text is that number."""
    if part_of(url) is not None or part_of(url, of=base) is None:
        return True
    if not url.rstrip("/").rpartition("/")[2].isdigit():
        return True
    rel = (element.get("rel") or "").lower().split()
    text = " ".join("".join(element.itertext()).split())
    return "next" in rel or text == url.rstrip("/").rpartition("/")[2]


def begin(story: Story, parts: Parts) -> Progress:
    """The first page of an article was read."""
    return Progress(story, dict(parts.pages), parts.whole)


def next_part(progress: Progress) -> Next | None:
    """What is to be read next; None where nothing is. Raises ReadError (`parts`) where a page between two is not linked."""
    if progress.is_done:
        return None
    if progress.whole is not None:
        return Next(ALL, progress.whole)
    wanted = progress.read + 1
    if wanted > MOST_PAGES or all(n < wanted for n in progress.pages):
        return None
    if wanted not in progress.pages:
        raise ReadError("parts", f"page {wanted} of {max(progress.pages)} is linked nowhere", url=progress.story.url)
    return Next(wanted, progress.pages[wanted])


def advance(progress: Progress, number: int, story: Story, parts: Parts) -> Progress:
    """Another page was read. Raises ReadError (`parts`) where it is not the page that was asked for."""
    if number == ALL:
        return _with_whole(progress, story)
    if parts.number != number:
        raise ReadError("parts", f"page {number} leads to page {parts.number}", url=progress.story.url)
    pages = {**parts.pages, **progress.pages}
    more = _unread(progress.story, story)
    if not more:  # a pager of the comments: the article is the same on each page
        return dataclasses.replace(progress, is_done=True)
    joined = dataclasses.replace(
        progress.story,
        body=progress.story.body + more,
        entries=progress.story.entries + tuple(e for e in story.entries if e not in progress.story.entries),
        sources=tuple(dict.fromkeys(progress.story.sources + story.sources)),
        parts=progress.story.parts + 1,
    )
    return dataclasses.replace(progress, story=joined, pages=pages, read=number)


def without_whole(progress: Progress) -> Progress:
    """The page with the whole text could not be read: page by page then. Raises ReadError (`parts`) where there are none."""
    if not progress.pages:
        raise ReadError("parts", "the page with the whole text could not be read", url=progress.story.url)
    return dataclasses.replace(progress, whole=None)


def finished(progress: Progress) -> Story:
    """The story with its whole text. It keeps no validators where it has several pages: those of the first know nothing of the others."""
    story = progress.story
    if story.parts == 1:
        return story
    return dataclasses.replace(story, etag=None, last_modified=None)


def _with_whole(progress: Progress, story: Story) -> Progress:
    """The text of the page that has it all, if it has: one that does not hold the first page's text is another thing."""
    first, all_of_it = _keys(progress.story), _keys(story)
    if len(first & all_of_it) < 0.8 * len(first):
        return without_whole(progress)
    if len(all_of_it) <= len(first) and progress.pages:
        return without_whole(progress)
    joined = dataclasses.replace(progress.story, body=story.body, entries=story.entries, parts=2 if all_of_it - first else 1)
    return dataclasses.replace(progress, story=joined, is_done=True)


def _keys(story: Story) -> set[str]:
    return {block_key(t) for p in story.body for t in p.paragraphs}


def _unread(before: Story, story: Story) -> tuple[Passage, ...]:
    """What a page adds: without the paragraphs, sub-headlines and lead that stood on a page before."""
    known = _keys(before) | {block_key(t) for t in (before.title, before.lead or "", before.kicker or "")}
    out = []
    for passage in story.body:
        paragraphs = tuple(t for t in passage.paragraphs if len(t) < SHORTEST or block_key(t) not in known)
        headline = passage.headline if passage.headline and block_key(passage.headline) not in known else None
        if paragraphs:
            out.append(Passage(headline, paragraphs))
    return tuple(out) if any(len(t) >= SHORTEST for p in out for t in p.paragraphs) else ()
