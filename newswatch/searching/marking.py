"""Where in a text the words stand that were looked for: marks around them, and the piece of the text that has most of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newswatch.searching.words import folded, places

BEGIN, END = "\ue000", "\ue001"
"""Around what is marked: letters that no text has (they are taken out of it). Whoever shows it makes `<mark>` of them after escaping."""

MOST_READ = 20_000
"""Words of a text that are looked at."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is marked."""

    phrases: frozenset[tuple[str, ...]] = frozenset()
    """Folded words, one or more in a row."""
    prefixes: tuple[str, ...] = ()

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where it stands in a text, in code points, none inside another."""
        firsts = {p[0] for p in self.phrases if p}
        words = folded(text, MOST_READ)
        if firsts.isdisjoint(words) and not (self.prefixes and any(w.startswith(self.prefixes) for w in words)):
            return []  # of most texts: where their words stand is dear to know
        found = [(word, place) for word, place in zip(words, places(text, MOST_READ), strict=True) if word]
        words = [word for word, _ in found]
        longest = max((len(p) for p in self.phrases), default=1)
        out: list[tuple[int, int]] = []
        for n, word in enumerate(words):
            if word in firsts or (self.prefixes and word.startswith(self.prefixes)):
                begin = found[n][1][0]
                if (length := self._length_at(words, n, longest)) and (not out or begin >= out[-1][1]):
                    out.append((begin, found[n + length - 1][1][1]))
        return out

    def _length_at(self, words: list[str], place: int, longest: int) -> int:
        for length in range(min(longest, len(words) - place), 0, -1):
            if tuple(words[place : place + length]) in self.phrases:
                return length
        return int(bool(self.prefixes) and words[place].startswith(self.prefixes))


def mark(text: str, wanted: Wanted) -> str:
    """The whole text with marks."""
    text = _unmarked(text)
    return "".join(_marked(text, 0, len(text), wanted.spans(text)))


def snippet(texts: Iterable[str], wanted: Wanted, most: int = 240) -> str:
    """Of the first text that has any, about `most` letters with the most marks, `…` where it is cut; else the beginning of a text.

    A word that is longer is cut at twice as many.
    """
    fallback = ""
    for given in texts:
        text = " ".join(_unmarked(given).split())
        spans = wanted.spans(text)
        if spans:
            return _cut(text, spans, most)
        fallback = fallback or text
    return fallback if len(fallback) <= most else fallback[:most].rsplit(" ", 1)[0] + " …"


def _unmarked(text: str) -> str:
    """A text without letters that marks are made of; `translate` would take ten times as long."""
    return text.replace(BEGIN, " ").replace(END, " ")


def _cut(text: str, spans: list[tuple[int, int]], most: int) -> str:
    best = max(range(len(spans)), key=lambda n: (sum(s[1] <= spans[n][0] + most * 3 // 4 for s in spans[n : n + 50]), -n))
    begin = max(0, spans[best][0] - most // 4)
    end = min(len(text), max(begin + most, spans[best][1]), begin + 2 * most)
    if begin:
        begin = min(text.find(" ", begin) + 1 or begin, spans[best][0])
    if end < len(text):
        end = min(max(text.rfind(" ", begin, end), spans[best][1]), begin + 2 * most)
    inside = [s for s in spans if begin <= s[0] and s[1] <= end]
    return "… " * (begin > 0) + "".join(_marked(text, begin, end, inside)) + " …" * (end < len(text))


def _marked(text: str, begin: int, end: int, spans: list[tuple[int, int]]) -> Iterator[str]:
    at = begin
    for first, last in spans:
        yield from (text[at:first], BEGIN, text[first:last], END)
        at = last
    yield text[at:end]
