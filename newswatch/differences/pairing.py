"""Which paragraph of the old text is which of the new one.

paragraphs -> equal ones in order -> what is left: equal ones elsewhere, then similar ones, the most similar first
           -> what a paragraph was split into, or merged of, joins it -> Group by Group in the order of the new text
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from newswatch.differences.alignment import Budget, Pair, align, rising
from newswatch.differences.tokens import Paragraph

SIMILAR, NEAR = 0.5, 0.35
"""The part of their words that two paragraphs share, to be one that was changed: anywhere, and between the same neighbours."""

PART = 0.7
"""The part of a paragraph's words that come from another one's rest, to have been split off it."""

_ALL_PAIRS = 1500
"""Up to so many pairs all are looked at; of more only those that share rare words."""
_RARE_WORDS, _MOST_PLACES, _MOST_CANDIDATES = 8, 8, 3


@dataclass(frozen=True, slots=True)
class Group:
    """Paragraphs of both sides that belong together: from, up to but not including."""

    old: tuple[int, int]
    new: tuple[int, int]
    is_moved: bool = False


def pair(old: Sequence[Paragraph], new: Sequence[Paragraph], budget: Budget) -> list[Group]:
    """All paragraphs in groups; what was removed stands where it stood, all else in the order of the new text."""
    if len(old) == len(new) == 1:
        return [Group((0, 1), (0, 1))]
    spine = align([p.key for p in old], [p.key for p in new], budget)
    gaps = _Gaps(spine, len(old), len(new))
    pairs = _equal_elsewhere(old, new, gaps)
    gaps.leave(pairs)
    pairs += _similar(old, new, gaps, budget)
    staying = {p for gap in gaps.by_gap(pairs) for p in rising(sorted(gap))}
    moved = {j: i for i, j in pairs if (i, j) not in staying}
    return list(_ordered(sorted([*spine, *staying]), moved, old, new))


class _Gaps:
    """What the spine of equal paragraphs leaves, and between which two of the spine it stands."""

    def __init__(self, spine: Sequence[Pair], old: int, new: int) -> None:
        self.old, self.new = _numbered([i for i, _ in spine], old), _numbered([j for _, j in spine], new)
        self._of_old, self._of_new = dict(self.old), dict(self.new)

    def leave(self, pairs: Iterable[Pair]) -> None:
        """What is paired is not looked at any more."""
        for i, j in pairs:
            self.old.pop(i, None)
            self.new.pop(j, None)

    def by_gap(self, pairs: Iterable[Pair]) -> Iterable[list[Pair]]:
        """The pairs whose two sides stand in the same gap, gap by gap."""
        out: dict[int, list[Pair]] = defaultdict(list)
        for i, j in pairs:
            if self._of_old[i] == self._of_new[j]:
                out[self._of_old[i]].append((i, j))
        return out.values()


def _numbered(taken: Sequence[int], count: int) -> dict[int, int]:
    """Place -> number of its gap, for all that are not taken."""
    edges = [-1, *taken, count]
    return {place: gap for gap, (a, b) in enumerate(itertools.pairwise(edges)) for place in range(a + 1, b)}


def _equal_elsewhere(old: Sequence[Paragraph], new: Sequence[Paragraph], gaps: _Gaps) -> list[Pair]:
    places: dict[str, list[int]] = defaultdict(list)
    for i in reversed(gaps.old):
        places[old[i].key].append(i)
    return [(left.pop(), j) for j in gaps.new if (left := places.get(new[j].key))]


def _similar(old: Sequence[Paragraph], new: Sequence[Paragraph], gaps: _Gaps, budget: Budget) -> list[Pair]:
    """The most similar pairs first, each paragraph once."""
    if not gaps.old or not gaps.new:
        return []
    if not budget.take(100 * (sum(len(old[i].text) for i in gaps.old) + sum(len(new[j].text) for j in gaps.new))):
        budget.is_coarse = True
        return []
    words = {i: Counter(old[i].words) for i in gaps.old}, {j: Counter(new[j].words) for j in gaps.new}
    scored = []
    for i, j in _candidates(*words, budget):
        share = _share(words[0][i], words[1][j])
        if share >= (NEAR if gaps.old[i] == gaps.new[j] else SIMILAR):
            scored.append((-share, abs(i - j), i, j))
    out, taken_old, taken_new = [], set(), set()
    for *_, i, j in sorted(scored):
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            out.append((i, j))
    return out


def _candidates(old: dict[int, Counter[str]], new: dict[int, Counter[str]], budget: Budget) -> Iterator[Pair]:
    """Pairs that may be similar."""
    sizes = sum(map(len, old.values())), sum(map(len, new.values()))
    if len(old) * len(new) <= _ALL_PAIRS and budget.take(100 * (len(new) * sizes[0] + len(old) * sizes[1])):
        yield from ((i, j) for j in new for i in old)
        return
    places: dict[str, list[int]] = defaultdict(list)
    for i, words in old.items():
        for word in words:
            if len(listed := places[word]) <= _MOST_PLACES:
                listed.append(i)
    for j, words in new.items():
        rare = sorted((len(places[w]), w) for w in words if w in places and len(places[w]) <= _MOST_PLACES)[:_RARE_WORDS]
        votes = Counter(i for _, word in rare for i in places[word])
        yield from ((i, j) for i, _ in sorted(votes.items(), key=lambda v: (-v[1], v[0]))[:_MOST_CANDIDATES])


def _share(a: Counter[str], b: Counter[str]) -> float:
    """The part of both that is in both."""
    return 2 * (a & b).total() / max(a.total() + b.total(), 1)


def _ordered(spine: Sequence[Pair], moved: dict[int, int], old: Sequence[Paragraph], new: Sequence[Paragraph]) -> Iterator[Group]:
    """The groups in their order; beside a changed paragraph of the spine what was split off it, or merged into it, joins it."""
    gone = set(range(len(old))) - {i for i, _ in spine} - set(moved.values())
    come = set(range(len(new))) - {j for _, j in spine} - moved.keys()
    groups = [_joined(i, j, gone, come, old, new) for i, j in spine]
    at_old = at_new = 0
    for group in [*groups, Group((len(old), len(old)), (len(new), len(new)))]:
        yield from (Group((i, i + 1), (at_new, at_new)) for i in range(at_old, group.old[0]) if i in gone)
        for j in range(at_new, group.new[0]):
            if j in moved:
                yield Group((moved[j], moved[j] + 1), (j, j + 1), is_moved=True)
            elif j in come:
                yield Group((group.old[0], group.old[0]), (j, j + 1))
        at_old, at_new = group.old[1], group.new[1]
        if group.old[0] < group.old[1]:
            yield group


def _joined(i: int, j: int, gone: set[int], come: set[int], old: Sequence[Paragraph], new: Sequence[Paragraph]) -> Group:
    """The pair with its neighbours whose words are those that it lacks on the other side."""
    if old[i].key == new[j].key or not (gone or come):
        return Group((i, i + 1), (j, j + 1))
    first, last = _stretched(j, come, new, Counter(old[i].words) - Counter(new[j].words))
    if last - first > 1:
        return Group((i, i + 1), (first, last))
    first, last = _stretched(i, gone, old, Counter(new[j].words) - Counter(old[i].words))
    return Group((first, last), (j, j + 1))


def _stretched(place: int, free: set[int], paragraphs: Sequence[Paragraph], lacking: Counter[str]) -> tuple[int, int]:
    """From where to where the paragraphs around one hold what is lacking; they are free no more."""
    ends = [place, place]
    for side, step in ((1, 1), (0, -1)):
        while (at := ends[side] + step) in free and lacking:
            words = Counter(paragraphs[at].words)
            if not words or (words & lacking).total() < PART * words.total():
                break
            lacking -= words
            ends[side] = at
            free.discard(at)
    return ends[0], ends[1] + 1
