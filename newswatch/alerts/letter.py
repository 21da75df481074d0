"""What a mail says, as values: the templates only set it. All times are in the recipient's zone; all texts are the publisher's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LONGEST_SNIPPET = 160
"""Letters of the publisher's text in a snippet."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A sentence in pieces; the marked ones are the name."""

    pieces: tuple[tuple[str, bool], ...]

    def text(self) -> str:
        """As one."""
        return "".join(piece for piece, _ in self.pieces)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A mention."""

    actor: str
    """The name people know."""
    place: str
    """title | kicker | lead | body | caption | sources"""
    snippet: Snippet
    rule: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something that is another between two revisions."""

    field: str
    kind: str
    """added | removed | changed"""
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """Another story, in one line."""

    site: str
    title: str
    url: str | None
    """http(s) only; None where the address is none."""
    actor: str = ""
    """Whom it names, for people."""


@dataclass(frozen=True, slots=True)
class Item:
    """A story, and all that happened in it."""

    story: int
    site: str
    section: str
    title: str
    url: str | None
    browse: str
    """The story in Datasette."""
    archived: str | None
    """The page as it came."""
    published: datetime | None
    seen: datetime
    events: tuple[tuple[str, str, str | None], ...]
    """(actor's name, kind, field), the weightiest first."""
    sentences: tuple[Sentence, ...]
    more_sentences: int
    changes: tuple[Change, ...]
    more_changes: int
    notes: tuple[str, ...]
    """gone | gated | silent"""
    also: tuple[Line, ...]
    """Where the same text stands, too."""
    others: tuple[Line, ...] = ()
    """What else happened to the actors today."""
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Group:
    """An actor's stories in a digest."""

    actor: str
    items: tuple[Item, ...]
    elsewhere: tuple[Line, ...] = ()
    """Stories of this actor that stand in full under another one."""


@dataclass(frozen=True, slots=True)
class NotWatched:
    """A site or section that could not be read, since when, and why."""

    name: str
    since: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Page:
    """A whole mail."""

    kind: str
    """story | digest | also"""
    subscription: str
    made: datetime
    groups: tuple[Group, ...]
    """A story mail has one, with one item."""
    also: tuple[Line, ...] = ()
    not_watched: tuple[NotWatched, ...] = ()
    more_groups: int = 0
    """Stories beyond what a mail holds: they stand in Datasette."""
