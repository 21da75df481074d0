"""What differs, in a few words: for a mail, or a line of a list."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from newswatch.differences.values import ADDED, CHANGED, MOVED, REMOVED, SAME, Block, Differences, FieldDifference

WHOLE = ("title", "kicker")
"""Fields that are short enough to be told in whole."""

LONGEST = 160
"""Letters of a quotation."""


class Told(NamedTuple):
    """One change: the words that went and those that came in their place."""

    kind: str
    """changed | added | removed | moved"""
    old: str
    """On one line; empty for `added`."""
    new: str
    """Empty for `removed`; for `moved` the same as `old`."""
    field: str
    """One of revisions.FIELDS."""


def in_words(found: Differences, limit: int = 10, longest: int = LONGEST) -> list[Told]:
    """The first `limit` changes, the headline's first; quotations of at most `longest` letters, cut between words, with an ellipsis."""
    every = (told for field in found.fields for told in _of_field(field))
    return [Told(t.kind, shortened(t.old, longest), shortened(t.new, longest), t.field) for t in islice(every, limit)]


def shortened(text: str, longest: int) -> str:
    """The text on one line, at most `longest` code points (2 or more)."""
    text = " ".join(text[: 4 * longest].split())
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return (cut.rpartition(" ")[0] if " " in cut[longest // 2 :] else cut) + "…"


def _of_field(field: FieldDifference) -> Iterator[Told]:
    if field.field in WHOLE:
        kind = CHANGED if field.old.strip() and field.new.strip() else ADDED if field.new.strip() else REMOVED
        yield Told(kind, field.old, field.new, field.field)
        return
    for block in field.blocks:
        if block.kind == CHANGED:
            yield from _of_words(block, field)
        elif block.kind != SAME:
            yield Told(block.kind, field.old[slice(*block.old)], field.new[slice(*block.new)], field.field)


def _of_words(block: Block, field: FieldDifference) -> Iterator[Told]:
    """The changes within a paragraph; that it moved is told once."""
    if block.is_moved:
        yield Told(MOVED, field.old[slice(*block.old)], field.new[slice(*block.new)], field.field)
    old = ""
    for piece in (*block.pieces, None):
        if piece and piece.kind == ADDED:
            yield Told(CHANGED if old else ADDED, old, field.new[slice(*piece.new)], field.field)
            old = ""
            continue
        if old:
            yield Told(REMOVED, old, "", field.field)
        old = field.old[slice(*piece.old)] if piece and piece.kind == REMOVED else ""
