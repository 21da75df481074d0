"""What a reader of a list says of each of its rows."""

from __future__ import annotations

from dataclasses import dataclass

from newswatch.errors import NewswatchError


class Unreadable(NewswatchError):
    """A file as a whole: it breaks off, or is not what it seems to be. What it says follows the file's name."""


@dataclass(frozen=True, slots=True)
class Found:
    """An actor as its source has it; no name is checked yet."""

    source_id: str
    kind: str
    titles: tuple[str, ...]
    """What its source calls it, the preferred one first."""
    others: tuple[str, ...] = ()
    """Its other names."""
    surnames: tuple[str, ...] = ()
    """Of a person, where the source is plain about it."""
    families: tuple[str, ...] = ()
    """Wikidata ids of family names, which other rows may spell."""
    tags: tuple[str, ...] = ()
    wikidata: str | None = None
    where: str = ""
    """`line 17`."""


@dataclass(frozen=True, slots=True)
class FamilyName:
    """A family name that is an entry of its own in Wikidata."""

    source_id: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is read and is no actor for a watchlist."""

    reason: str
    classes: tuple[str, ...] = ()
    """Of Wikidata, where none of them says what kind of actor it is."""
    example: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read."""

    where: str
    why: str


Row = Found | FamilyName | Skipped | BadRow
