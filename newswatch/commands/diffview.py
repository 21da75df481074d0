"""How differences look: coloured where there are colours, [-marked-] {+so+} where there are none; as JSON for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from newswatch.commands.plain import plain
from newswatch.differences import Block, Differences, FieldDifference
from newswatch.differences.values import NAMES
from newswatch.store.reading import Listed

STYLES = {"added": "green", "removed": "red strike", "moved": "cyan", "same": ""}
MARKS = {"added": ("{+", "+}"), "removed": ("[-", "-]"), "moved": ("{>", "<}"), "same": ("", "")}
"""Where there are no colours; those of wdiff."""

NOTICES = {"stated": "", "silent": "silent edit: the page states the old update time", "undated": ""}


def print_revisions(site: str, url: str, story: int, revisions: Sequence[Listed], chosen: tuple[int, int], console: Console) -> None:
    """The story, and a line a revision; those that are compared are marked."""
    _line(console, Text(plain(f"{site}, story {story}: {revisions[-1].title}"), style="bold"))
    _line(console, Text(plain(url), style="dim"))
    for one in revisions:
        line = Text("* " if one.number in chosen else "  ") + Text(f"{one.number:>3}  {one.seen_at[:16].replace('T', ' ')}  ")
        line.append(", ".join(NAMES.get(f, f) for f in one.changed_fields) or "first seen")
        if one.changed_fields:
            line.append(f"  +{one.words_added:,} −{one.words_removed:,} words", style="dim")
        for remark in filter(None, (NOTICES.get(one.notice), f"read again {one.reread_at[:10]}" if one.reread_at else "")):
            line.append(f"  {remark}", style="yellow")
        _line(console, line)
    if len(revisions) == 1:
        _line(console, Text("It has one revision: there is nothing to compare."))


def print_differences(found: Differences, console: Console) -> None:
    """Field by field, the headline first; paragraphs that are the same are counted only."""
    if not found.fields:
        _line(console, Text("\nThe two read alike."))
    for field in found.fields:
        _line(
            console, Text(f"\n{NAMES[field.field]}", style="bold") + Text(f"  +{field.words_added:,} −{field.words_removed:,}", style="dim")
        )
        same = 0
        for block in field.blocks:
            if block.kind == "same":
                same += 1
                continue
            _print_same(same, console)
            same = 0
            _line(console, _shown(block, field, has_colours=console.color_system is not None))
        _print_same(same, console)
        if field.is_coarse:
            _line(console, Text("  Too long to be compared in full: more is marked than need be.", style="yellow"))


def as_json(found: Differences, revisions: Sequence[Listed], old: int, new: int) -> dict[str, Any]:
    """All of it as JSON values; spans are code points."""
    return {
        "old": old,
        "new": new,
        "words_added": found.words_added,
        "words_removed": found.words_removed,
        "is_coarse": found.is_coarse,
        "revisions": [
            {
                "number": r.number,
                "seen_at": r.seen_at,
                "title": r.title,
                "changed_fields": list(r.changed_fields),
                "words_added": r.words_added,
                "words_removed": r.words_removed,
                "notice": r.notice,
                "reread_at": r.reread_at,
            }
            for r in revisions
        ],
        "fields": [
            {
                "field": f.field,
                "old": f.old,
                "new": f.new,
                "words_added": f.words_added,
                "words_removed": f.words_removed,
                "is_coarse": f.is_coarse,
                "blocks": [_block_as_json(b) for b in f.blocks],
            }
            for f in found.fields
        ],
    }


def _block_as_json(block: Block) -> dict[str, Any]:
    pieces = [{"kind": p.kind, "old": list(p.old), "new": list(p.new)} for p in block.pieces]
    return {"kind": block.kind, "is_moved": block.is_moved, "old": list(block.old), "new": list(block.new), "pieces": pieces}


def _shown(block: Block, field: FieldDifference, *, has_colours: bool) -> Text:
    """A paragraph that is not the same, on one line."""
    out = Text("  moved: " if block.is_moved else "  ", style="")
    for piece, following in zip(block.pieces, (*block.pieces[1:], None), strict=True):
        text = plain(field.old[slice(*piece.old)] if piece.kind == "removed" else field.new[slice(*piece.new)])
        words = " ".join(text.split())
        before, after = ("", "") if has_colours else MARKS[piece.kind]
        out.append(before + words + after, style=STYLES[piece.kind])
        is_replaced = piece.kind == "removed" and following is not None and following.kind == "added"
        out.append(" " if text[-1:].isspace() or is_replaced else "")
    out.rstrip()
    return out


def _print_same(count: int, console: Console) -> None:
    if count:
        _line(console, Text(f"  … {count:,} {'paragraph' if count == 1 else 'paragraphs'} unchanged", style="dim"))


def _line(console: Console, text: Text) -> None:
    console.print(text, soft_wrap=True)
