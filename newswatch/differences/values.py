"""What a comparison of two revisions comes to. Spans are code points, (start, end), as those of mentions are."""

from __future__ import annotations

from dataclasses import dataclass

Span = tuple[int, int]

SAME, ADDED, REMOVED, MOVED, CHANGED = "same", "added", "removed", "moved", "changed"

NAMES = {
    "title": "headline",
    "kicker": "kicker",
    "other_titles": "other titles",
    "lead": "lead",
    "body": "text",
    "caption": "caption",
    "sources": "sources",
}
"""The fields as people call them, in the order in which they are told: the headline first."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words with the white space behind them. The words of both sides of a piece that is the same are equal, their white
    space need not be."""

    kind: str
    """same | added | removed | moved"""
    old: Span
    """In the old text; empty for `added`."""
    new: Span
    """In the new text; empty for `removed`."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or several that were one or became one, with the line ends behind them."""

    kind: str
    """same | added | removed | moved | changed"""
    old: Span
    new: Span
    pieces: tuple[Piece, ...]
    """In reading order, what was removed before what was added in its place."""
    is_moved: bool = False
    """It stands in another place than before; `changed` blocks can be moved, too."""


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field whose words differ."""

    field: str
    """One of revisions.FIELDS."""
    old: str
    new: str
    blocks: tuple[Block, ...]
    """In the order of the new text, what was removed where it stood. What moved stands at its new place only."""
    words_added: int
    """Words that are in the new text more often than in the old one: what moved is neither added nor removed."""
    words_removed: int
    is_coarse: bool = False
    """The texts were too long to be compared in full: more is shown as changed than need be."""

    def old_pieces(self) -> list[Piece]:
        """The pieces of the old text in its order: joined they give it to the letter."""
        return sorted((p for b in self.blocks for p in b.pieces if p.old[0] < p.old[1]), key=lambda p: p.old)

    def new_pieces(self) -> list[Piece]:
        """The pieces of the new text in its order: joined they give it to the letter."""
        return sorted((p for b in self.blocks for p in b.pieces if p.new[0] < p.new[1]), key=lambda p: p.new)


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between two revisions; `fields` are those that do, the headline first."""

    fields: tuple[FieldDifference, ...]

    @property
    def words_added(self) -> int:
        """Of all fields."""
        return sum(f.words_added for f in self.fields)

    @property
    def words_removed(self) -> int:
        """Of all fields."""
        return sum(f.words_removed for f in self.fields)

    @property
    def is_coarse(self) -> bool:
        """Whether any field was too long to be compared in full."""
        return any(f.is_coarse for f in self.fields)
