"""Pure: a stored text and where it names actors, as pieces to print.

text, mentions -> marked -> [Piece];  body, passages, mentions -> paragraphs -> [Paragraph]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from newswatch.story import Mention

BREAK = "\n\n"
"""What stands between two paragraphs of a stored text."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `mentions` are empty where it names nobody, several where actors share letters."""

    text: str
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph or a sub-headline."""

    pieces: tuple[Piece, ...]
    is_headline: bool = False


def marked(text: str, mentions: Iterable[Mention]) -> tuple[Piece, ...]:
    """The text in pieces that join to the very text. A mention whose letters do not stand where it says is left out."""
    spans: list[tuple[int, int, list[Mention]]] = []
    fitting = [m for m in mentions if 0 <= m.start < m.end <= len(text) and text[m.start : m.end] == m.surface]
    for mention in sorted(fitting, key=lambda m: (m.start, -m.end)):
        if spans and mention.start < spans[-1][1]:
            start, end, found = spans[-1]
            spans[-1] = (start, max(end, mention.end), [*found, mention])
        else:
            spans.append((mention.start, mention.end, [mention]))
    pieces, at = [], 0
    for start, end, found in spans:
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], tuple(found)))
        at = end
    return (*pieces, Piece(text[at:])) if at < len(text) else tuple(pieces)


def paragraphs(body: str, passages: Sequence[tuple[str | None, int]], mentions: Iterable[Mention]) -> list[Paragraph]:
    """A stored body in its paragraphs; `passages` are (sub-headline, number of paragraphs), offsets count in the body."""
    headlines = set(_headline_places(passages))
    found = sorted(mentions, key=lambda m: m.start)
    out, start = [], 0
    for place, text in enumerate(body.split(BREAK)):
        end = start + len(text)
        here = [replace(m, start=m.start - start, end=m.end - start) for m in found if start <= m.start and m.end <= end]
        out.append(Paragraph(marked(text, here), place in headlines))
        start = end + len(BREAK)
    return [p for p in out if p.pieces]


def _headline_places(passages: Sequence[tuple[str | None, int]]) -> Iterator[int]:
    place = 0
    for headline, count in passages:
        if headline:
            yield place
            place += 1
        place += count
