"""The nouns of the house. Frozen, so that they can cross every boundary; a stage that changes one returns a copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Stamp:
    """An instant as a page states it."""

    at: datetime
    """Aware, in UTC."""
    raw: str
    """What the page says, to the letter."""
    flags: tuple[str, ...] = ()
    """`day-only`: no time of day, `at` is midnight in the site's zone. `zone-assumed`: no zone, the site's was taken.
    `gap`, `fold`: the local time does not exist, or exists twice (the earlier was taken). `future`: after it was seen.
    `backward`: modified before published."""


@dataclass(frozen=True, slots=True)
class Link:
    """An article's URL as a listing gives it."""

    url: str
    headline: str | None = None
    place: int = 0
    """0 is the first link of the listing."""
    updated: datetime | None = None
    """The listing's own time stamp, UTC."""


@dataclass(frozen=True, slots=True)
class Archived:
    """Where the archive keeps a page."""

    file: str
    """Relative to the archive's folder."""
    offset: int
    """Where its response record begins."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a body: its sub-headline, if it has one, and its paragraphs."""

    headline: str | None
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a liveblog."""

    id: str
    """The site's own, else made of time and headline."""
    at: Stamp | None
    headline: str | None
    text: str
    """Paragraphs with a blank line between two."""


@dataclass(frozen=True, slots=True)
class Story:
    """One article as it was read. What could not be had is None or empty, never a guess."""

    site: str
    url: str
    """Where it was read, after redirects."""
    title: str
    """The headline a reader sees."""
    body: tuple[Passage, ...]
    seen_at: datetime
    site_key: str | None = None
    """The site's own number or name of the story: it survives a new slug."""
    canonical_url: str | None = None
    urls: tuple[str, ...] = ()
    """Further URLs it was reached under (links, redirects)."""
    kicker: str | None = None
    other_titles: tuple[str, ...] = ()
    """Titles in meta tags and structured data that differ from the one shown."""
    lead: str | None = None
    authors: tuple[str, ...] = ()
    published: Stamp | None = None
    modified: Stamp | None = None
    """None: the page states no such date. Many state one for every story: then it may equal `published`."""
    section: tuple[str, ...] = ()
    """The breadcrumb without home and the story itself."""
    keywords: tuple[str, ...] = ()
    caption: str | None = None
    image_credit: str | None = None
    sources: tuple[str, ...] = ()
    """What the story itself names as its sources."""
    reading_minutes: int | None = None
    language: str | None = None
    entries: tuple[Entry, ...] = ()
    """Of a liveblog, in the order of the page; their text stands in the body too."""
    access: str = "free"
    """free | gated"""
    kind: str = "news"
    """news | liveblog | opinion | gallery | video"""
    etag: str | None = None
    last_modified: str | None = None
    """The validators of the response, to ask again with."""
    listed: datetime | None = None
    """What the listing said of its last update when the story was fetched, UTC."""
    archived: Archived | None = None
    """The page it was read from, the first of several; None where no archive is kept."""
    parts: int = 1
    """How many pages its text was read from."""
    claimed: tuple[str, ...] = ()
    """Addresses of its site that the page says are its own (canonical, AMP): believed where the texts agree."""
    key_is_claimed: bool = False
    """`site_key` is not of the address it was read under, but of the canonical one."""
    copy_of: str | None = None
    """The canonical address, where that is a story of another site, or one with another key."""
    doubts: tuple[Fault, ...] = ()
    """What it says of itself and is not believed."""
    reserved: str | None = None
    """The sign by which it is reserved from text and data mining: header | meta | tdmrep.json | robots.txt: crawler."""
    withheld: bool = False
    """It is reserved and the user has no legal ground: what it says is compared and searched, and not kept."""

    def text(self) -> str:
        """The body as one text: sub-headlines and paragraphs, a blank line between two."""
        return "\n\n".join(part for p in self.body for part in ((p.headline,) if p.headline else ()) + p.paragraphs)


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is kept of texts that must not be: enough to tell two states apart."""

    hashes: dict[str, str]
    """By the name of the field."""
    words: int
    """Of all of them together."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A distinct state of a story's content, as it is kept. `fields` maps the names of `revisions.FIELDS` to text."""

    id: int
    story_id: int
    number: int
    content_hash: str
    fields: dict[str, str]
    body: tuple[Passage, ...] = ()
    """The text of `fields["body"]`, in its parts."""
    entries: tuple[Entry, ...] = ()
    access: str = "free"
    """Of the page that the body was read from."""
    modified: Stamp | None = None
    """The update time that the story's newest page stated, be that of this revision or of a later page with the same text."""
    withheld: Withheld | None = None
    """What stands in place of texts that are not kept."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a revision names an actor. `start` and `end` are code points in the stored text of `field`."""

    actor: str
    field: str
    """kicker | title | lead | body | caption | sources"""
    start: int
    end: int
    surface: str
    """The very letters of the text."""
    name: str
    """The name of the watchlist that matched."""
    rule: str
    """Why it counts, for people."""
    snippet: str
    entry: str | None = None
    """The id of the liveblog's entry it stands in."""
    is_ambiguous: bool = False
    """Another actor has as good a claim on it: it flags neither."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to an actor in a story: appeared | headline | left | returned."""

    actor: str
    kind: str
    field: str | None
    """The most prominent field that names the actor now; None for `left`."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event, or an edit of a story that names an actor, as alerts tell it."""

    key: str
    """The same in every copy of the store."""
    revision: int
    story: int
    site: str
    section: tuple[str, ...]
    actor: str
    kind: str
    """appeared | headline | left | returned | changed"""
    field: str | None
    """The most prominent field that names the actor then; None for `left`."""
    at: str
    """When it was seen; UTC, as stored."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A section that was read: its links, and the validators to ask again with."""

    site: str
    section: str
    url: str
    links: tuple[Link, ...]
    seen_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    unchanged: bool = False
    """The site answered 304: the links are those of last time."""
    malformed: tuple[str, ...] = ()
    """Hrefs that are no URLs: each costs only itself."""
    hint: timedelta | None = None
    """How long the site itself says that nothing new is to be expected."""
    parent: str | None = None
    """The sitemap index that led to it."""
    is_index: bool = False
    """A sitemap index: it has no links of its own."""
    archived: Archived | None = None
    """The page it was read from."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A story's page that need not be read: 304, or the listing says that nothing is newer."""

    site: str
    url: str
    seen_at: datetime
    why: str
    """`not-modified` | `listed-unchanged`"""


@dataclass(frozen=True, slots=True)
class Gone:
    """A story's page that answers 404 or 410. Its story is kept, and marked."""

    site: str
    url: str
    seen_at: datetime
    status: int


@dataclass(frozen=True, slots=True)
class Gated:
    """A story's address that leads to a login or a shop instead. Its story is kept, and marked."""

    site: str
    url: str
    seen_at: datetime
    why: str
    """For people."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that could not be read: it is shown to people, and never becomes a revision.

    `kind` is one of KINDS below.
    """

    site: str
    kind: str
    url: str
    detail: str
    seen_at: datetime
    section: str | None = None
    until: datetime | None = None
    """When it may be asked for again, where its host said so."""


FAULT_KINDS = {
    "unreachable": "no answer: no network, no such host, refused, or no trusted certificate",
    "timeout": "the answer took too long",
    "http": "an error status",
    "robots": "robots.txt forbids it, or cannot be read",
    "told_to_wait": "the site asks to be left alone for a while: what is due there waits until then",
    "private": "leads into a private network, where no news site is",
    "redirect": "redirected off the site, to another story, or too often",
    "truncated": "the page ended early",
    "too_large": "larger than the limit",
    "not_html": "not a web page",
    "charset": "the letters cannot be decoded with certainty",
    "nesting": "nested too deeply for a parser to see all of it",
    "error_page": "an error page that calls itself a success",
    "section_page": "a listing instead of a story",
    "layout": "no title or no text where the site's rules expect them",
    "listing": "a section without links, or with fewer than expected",
    "dropped": "a section that lost nearly all of its usual links: its address or layout may have changed",
    "silent": "no new story for longer than is usual for this site: it may have moved, or its sections may be abandoned",
    "consent": "a consent wall instead of the page",
    "suspect": "reads worse than before: held until a second look finds the same",
    "parts": "a page of an article of several pages could not be read: nothing of the others was taken",
    "canonical": "a page says that it is another story, or the home page, and reads otherwise: kept apart",
    "gated": "a login or a shop instead of the page",
    "coverage": "a field that the site's stories had is missing of late: its layout may have changed",
    "not_recorded": "not in the recorded crawl",
    "recording": "the recorded crawl is cut off or broken",
    "cut": "more than fits: the rest was left out",
    "store": "could not be saved",
    "archive": "a page could not be put into the archive",
    "internal": "a mistake of the program",
    "died": "the process that crawled ended before the crawl did",
}
