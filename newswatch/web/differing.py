"""Pure: differences of two revisions as a page prints them, side by side or inline; unchanged paragraphs are folded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newswatch.differences import Block, FieldDifference, differences
from newswatch.differences.values import NAMES

Run = tuple[str, str]
"""same | added | removed | moved, and a text."""


@dataclass(frozen=True, slots=True)
class Row:
    """A paragraph, or several that are the same (`folded` of them)."""

    kind: str
    """same | added | removed | moved | changed"""
    inline: tuple[Run, ...]
    old: tuple[Run, ...]
    new: tuple[Run, ...]
    is_moved: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """One field."""

    field: str
    name: str
    words_added: int
    words_removed: int
    groups: tuple[tuple[bool, tuple[Row, ...]], ...]
    """Rows in their order; True before those that are the same, which are folded."""
    is_coarse: bool


def compared(old: Mapping[str, str], new: Mapping[str, str]) -> list[Compared]:
    """Fields whose words differ, the headline first."""
    found = differences(old, new)
    return [
        Compared(f.field, NAMES[f.field], f.words_added, f.words_removed, _groups([_row(b, f) for b in f.blocks]), f.is_coarse)
        for f in found.fields
    ]


def _groups(rows: list[Row]) -> tuple[tuple[bool, tuple[Row, ...]], ...]:
    out: list[tuple[bool, list[Row]]] = []
    for row in rows:
        is_same = row.kind == "same"
        if out and out[-1][0] == is_same:
            out[-1][1].append(row)
        else:
            out.append((is_same, [row]))
    return tuple((same, tuple(found)) for same, found in out)


def _row(block: Block, field: FieldDifference) -> Row:
    inline, old, new = [], [], []
    for piece in block.pieces:
        before, after = field.old[slice(*piece.old)], field.new[slice(*piece.new)]
        inline.append((piece.kind, after or before))
        if before:
            old.append((piece.kind, before))
        if after:
            new.append((piece.kind, after))
    is_moved = block.is_moved or block.kind == "moved"
    return Row(block.kind, _bare(_spaced(inline)), _bare(old), _bare(new), is_moved)


def _bare(runs: list[Run]) -> tuple[Run, ...]:
    """Without line ends behind the paragraph; the space behind words that came or went is no part of them: it would be underlined."""
    out: list[Run] = []
    for kind, text in runs:
        words = text.rstrip()
        if kind == "same" or words in ("", text):
            out.append((kind, text))
        else:
            out += [(kind, words), ("same", text[len(words) :])]
    return (*out[:-1], (out[-1][0], out[-1][1].rstrip("\n"))) if out else ()


def _spaced(runs: list[Run]) -> list[Run]:
    """A space between what went and what came in its place, where neither has one."""
    out: list[Run] = []
    for kind, text in runs:
        if out and out[-1][0] == "removed" and kind == "added" and not out[-1][1][-1:].isspace():
            out.append(("same", " "))
        out.append((kind, text))
    return out
