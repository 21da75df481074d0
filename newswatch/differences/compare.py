"""Texts in, Differences out: paragraphs first, then the words of those that changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from newswatch.differences.alignment import BUDGET, Budget, Pair, align
from newswatch.differences.pairing import Group, pair
from newswatch.differences.tokens import Paragraph, Words, folded, is_word, paragraphs, words_of
from newswatch.differences.values import ADDED, CHANGED, MOVED, NAMES, REMOVED, SAME, Block, Differences, FieldDifference, Piece, Span

_FEW = 2
"""Words that two texts share by chance between what differs."""


def differences(old: Mapping[str, str], new: Mapping[str, str], *, steps: int = BUDGET) -> Differences:
    """What differs between the texts of two revisions, by the names of revisions.FIELDS; a name that is missing is an empty text.

    `steps` bounds the work beyond what grows with the length of the texts: what cannot be afforded is told as changed
    in whole, and `is_coarse` says so. The same texts and steps give the same answer on every machine.
    """
    budget = Budget(steps)
    pairs = ((name, old.get(name, ""), new.get(name, "")) for name in NAMES)
    return Differences(tuple(_field(n, a, b, budget) for n, a, b in pairs if a != b and folded(a) != folded(b)))


def _field(name: str, old: str, new: str, budget: Budget) -> FieldDifference:
    budget.is_coarse = False
    before, after = paragraphs(old, name), paragraphs(new, name)
    blocks = tuple(_block(group, before, after, budget) for group in pair(before, after, budget))
    added, removed = _counted(blocks, old, new)
    return FieldDifference(name, old, new, blocks, added, removed, budget.is_coarse)


def _block(group: Group, old: Sequence[Paragraph], new: Sequence[Paragraph], budget: Budget) -> Block:
    a, b = _span(group.old, old), _span(group.new, new)
    if group.old[0] == group.old[1]:
        return Block(ADDED, a, b, (Piece(ADDED, a, b),))
    if group.new[0] == group.new[1]:
        return Block(REMOVED, a, b, (Piece(REMOVED, a, b),))
    before, after = old[group.old[0] : group.old[1]], new[group.new[0] : group.new[1]]
    if len(before) == len(after) and all(p.key == q.key for p, q in zip(before, after, strict=True)):
        kind = MOVED if group.is_moved else SAME
        return Block(kind, a, b, (Piece(kind, a, b),), group.is_moved)
    first, second = words_of("".join(p.text for p in before), a[0]), words_of("".join(p.text for p in after), b[0])
    return Block(CHANGED, a, b, _pieces(first, second, align(first.keys, second.keys, budget)), group.is_moved)


def _span(group: tuple[int, int], texts: Sequence[Paragraph]) -> Span:
    """From where to where they stand in the field; an empty span before the next paragraph, or at the end."""
    first, last = group
    if first < last:
        return texts[first].span[0], texts[last - 1].span[1]
    at = texts[first].span[0] if first < len(texts) else (texts[-1].span[1] if texts else 0)
    return at, at


def _pieces(old: Words, new: Words, pairs: Sequence[Pair]) -> tuple[Piece, ...]:
    """Runs of words that are the same, and what was removed and added between them."""
    out: list[Piece] = []
    i = j = 0
    for a, b, size in [*_readable(_runs(pairs), old, new), (len(old.keys), len(new.keys), 0)]:
        if i < a:
            out.append(Piece(REMOVED, old.span(i, a), (new.edges[j], new.edges[j])))
        if j < b:
            out.append(Piece(ADDED, (old.edges[a], old.edges[a]), new.span(j, b)))
        if size:
            out.append(Piece(SAME, old.span(a, a + size), new.span(b, b + size)))
        i, j = a + size, b + size
    return tuple(out)


Run = tuple[int, int, int]
"""Where it begins in both, and how many words it has."""


def _runs(pairs: Sequence[Pair]) -> list[Run]:
    out: list[Run] = []
    for i, j in pairs:
        if out and (i, j) == (out[-1][0] + out[-1][2], out[-1][1] + out[-1][2]):
            out[-1] = (*out[-1][:2], out[-1][2] + 1)
        else:
            out.append((i, j, 1))
    return out


def _readable(runs: Sequence[Run], old: Words, new: Words) -> list[Run]:
    """Without the few words that two sentences share by chance: a comma and an article between what differs say nothing."""
    kept: list[Run] = []
    before = (0, 0)
    for place, (i, j, size) in enumerate(runs):
        after = runs[place + 1][:2] if place + 1 < len(runs) else (len(old.keys), len(new.keys))
        words = sum(is_word(key) for key in old.keys[i : i + min(size, 8)])
        changed_before = max(i - before[0], j - before[1])
        changed_after = max(after[0] - i - size, after[1] - j - size)
        around = min(changed_before, changed_after)
        if size < 8 and words <= _FEW and (2 * size <= around or (words < _FEW and around >= 2 and size <= around)):
            continue
        kept.append((i, j, size))
        before = (i + size, j + size)
    return kept


def _counted(blocks: Sequence[Block], old: str, new: str) -> tuple[int, int]:
    """Words that came and went, order aside."""
    pieces = [p for b in blocks for p in b.pieces]
    came: Counter[str] = Counter(w for p in pieces if p.kind == ADDED for w in words_of(new[slice(*p.new)], 0).keys if is_word(w))
    went: Counter[str] = Counter(w for p in pieces if p.kind == REMOVED for w in words_of(old[slice(*p.old)], 0).keys if is_word(w))
    return (came - went).total(), (went - came).total()
