"""What stands near a name: the words and actors of its `near`."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache

from newswatch.matching.candidates import Candidate, is_second_part
from newswatch.matching.names import Name
from newswatch.matching.normal import normal_name
from newswatch.matching.texts import Texts

_WORD = re.compile(r"\w+")

INFLECTED_FROM = 5
"""A company word of so many letters may have up to two letters more, or a second part of a compound."""


class Company:
    """The places of company words and of strong names in a story, looked for when they are asked for."""

    def __init__(self, texts: Texts, strong: Sequence[Candidate]) -> None:
        self._texts = texts
        self._strong: dict[str, list[Candidate]] = {}
        for candidate in strong:
            self._strong.setdefault(candidate.name.actor.id, []).append(candidate)
        self._by_place = sorted(((c.start, c.end, c.name) for c in strong), key=lambda s: s[:2])
        self._spans = [(start, end) for start, end, _ in self._by_place]
        self._places: dict[str, tuple[list[int], list[int]]] = {}
        self._words: list[int] | None = None

    def names(self, actor: str) -> bool:
        """Whether a strong name of the actor stands in the story."""
        return actor in self._strong

    def strong_around(self, candidate: Candidate) -> Name | None:
        """The longer strong name that a candidate stands in."""
        at = bisect_right(self._spans, (candidate.start, 10**9)) - 1
        for start, end, name in self._by_place[max(0, at - 1) : at + 1]:
            if start <= candidate.start and candidate.end <= end and end - start > candidate.length:
                return name
        return None

    def of(self, candidate: Candidate) -> str | None:
        """The company of a weak name that stands near enough, None where there is none."""
        weak = candidate.name.weak
        assert weak
        return next((word for word in weak.near or () if self._is_near(candidate, word, weak.within)), None)

    def _is_near(self, candidate: Candidate, word: str, within: int | None) -> bool:
        starts, ends = self._of_word(f"@{candidate.name.actor.id}" if word == "@name" else word)
        after = bisect_left(starts, candidate.end)
        before = bisect_left(ends, candidate.start + 1) - 1
        if within is None:
            return after < len(starts) or before >= 0
        if after < len(starts) and self._apart(candidate.end, starts[after]) <= within:
            return True
        return before >= 0 and self._apart(ends[before], candidate.start) <= within

    def _apart(self, start: int, end: int) -> int:
        """Words between two places; more than anybody asks for where they stand in different fields."""
        if self._texts.field(start - 1) != self._texts.field(end):
            return 10**9
        if self._words is None:
            self._words = [m.start() for m in _WORD.finditer(self._texts.letters)]
        return bisect_left(self._words, end) - bisect_left(self._words, start)

    def _of_word(self, word: str) -> tuple[list[int], list[int]]:
        """Where a word or an actor stands: sorted starts, sorted ends."""
        if word not in self._places:
            if word[0] == "@":
                spans = [(c.start, c.end) for c in self._strong.get(word[1:], ())]
            else:
                spans = [m.span() for m in _pattern(word).finditer(self._texts.letters) if word[-1] == "*" or _may_end(m[1])]
            self._places[word] = (sorted(s for s, _ in spans), sorted(e for _, e in spans))
        return self._places[word]


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    stem = normal_name(word.removesuffix("*"))
    ending = "()" if word.endswith("*") else r"(\w*)" if len(stem) >= INFLECTED_FROM else r"()\b"
    return re.compile(rf"(?<!\w){re.escape(stem)}{ending}", re.IGNORECASE)


def _may_end(rest: str) -> bool:
    """Whether a company word may go on so: an ending, or a second part of a compound (Söldnertruppe)."""
    return len(rest) <= 2 or any(is_second_part(rest.lower(), key) for key in ("belongs", "firms"))
