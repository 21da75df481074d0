"""What two sequences have in common, in order, within a budget of steps.

equal ends -> small enough: the longest common subsequence, many comparisons at a time in the bits of a number
           -> else between items that are in both exactly once -> else nothing: the answer is coarse
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

BUDGET = 1 << 28
"""Steps of a comparison of two texts, about a nanosecond each."""

MOST_CELLS = 1 << 26
"""Pairs of items that are compared at once: 8 MB."""

_ROW = 256
"""Steps of a row beside those of its cells."""

_DEPTH = 12

Pair = tuple[int, int]


class Budget:
    """Steps that are left; `is_coarse` once something was left out for want of them."""

    def __init__(self, steps: int = BUDGET) -> None:
        self.left, self.is_coarse = steps, False

    def take(self, steps: int) -> bool:
        """Whether so many were left; then they are spent."""
        if steps > self.left:
            return False
        self.left -= steps
        return True


def align(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Pair]:
    """Places of equal items, rising on both sides: as many as there can be, fewer where the budget does not allow more."""
    pairs: list[Pair] = []
    todo = [(0, len(old), 0, len(new), 0)]
    while todo:
        a, b, c, d, depth = todo.pop()
        while a < b and c < d and old[a] == new[c]:
            pairs.append((a, c))
            a, c = a + 1, c + 1
        while a < b and c < d and old[b - 1] == new[d - 1]:
            b, d = b - 1, d - 1
            pairs.append((b, d))
        if a == b or c == d:
            continue
        n, m = b - a, d - c
        if n * m <= MOST_CELLS and budget.take(max(n, m) * (min(n, m) + _ROW)):
            pairs += ((a + i, c + j) for i, j in longest_common(old[a:b], new[c:d]))
            continue
        anchors = _anchors(old[a:b], new[c:d]) if depth < _DEPTH and budget.take((n + m) * _ROW // 4) else []
        if not anchors:
            budget.is_coarse = True
            continue
        starts = [(a, c), *((a + i + 1, c + j + 1) for i, j in anchors)]
        ends = [*((a + i, c + j) for i, j in anchors), (b, d)]
        pairs += ends[:-1]
        todo += ((s, e, t, f, depth + 1) for (s, t), (e, f) in zip(starts, ends, strict=True))
    return sorted(pairs)


def longest_common(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """A longest common subsequence: places in both, from the last to the first. Bit-parallel (Hyyrö 2004), rows times columns / 64."""
    if len(new) > len(old):
        return [(i, j) for j, i in longest_common(new, old)]
    places: dict[str, int] = {}
    for j, item in enumerate(new):
        places[item] = places.get(item, 0) | 1 << j
    state = full = (1 << len(new)) - 1
    rows = []
    for item in old:
        common = state & places.get(item, 0)
        state = ((state + common) | (state - common)) & full
        rows.append(state)
    out = []
    row, column = len(old), len(new)
    while row and column:
        if rows[row - 1] >> (column - 1) & 1:
            column -= 1
            continue
        row -= 1
        if not row or rows[row - 1] >> (column - 1) & 1:
            column -= 1
            out.append((row, column))
    return out


def rising(pairs: Sequence[Pair]) -> list[Pair]:
    """As many of the pairs as rise on both sides; they are given in the order of the first."""
    ends: list[int] = []
    last: list[int] = []
    before = [-1] * len(pairs)
    for place, (_, j) in enumerate(pairs):
        at = bisect_left(ends, j)
        before[place] = last[at - 1] if at else -1
        if at == len(ends):
            ends.append(j)
            last.append(place)
        else:
            ends[at], last[at] = j, place
    out = []
    place = last[-1] if last else -1
    while place >= 0:
        out.append(pairs[place])
        place = before[place]
    return out[::-1]


def _anchors(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Items that are on both sides exactly once, as many as stand in the same order."""
    counts, others = Counter(old), Counter(new)
    places = {item: j for j, item in enumerate(new) if others[item] == 1}
    return rising([(i, places[item]) for i, item in enumerate(old) if counts[item] == 1 and item in places])
