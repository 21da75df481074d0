"""The texts of a story as they are searched: one after the other, each place belonging to a field and a paragraph."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from newswatch.matching.languages import languages_of
from newswatch.matching.normal import normalise
from newswatch.revisions import MENTION_FIELDS

BREAK = "\n\n"
"""Between two paragraphs, and between two fields: no name crosses it."""

_POLISH_AND_CZECH = "łąężśćěřů"
"""No longer text in these languages is without any of these letters."""

_NEITHER = frozenset(
    "der die das und ist von mit für nicht ein eine auf im sich the and of is for with was".split()  # noqa: SIM905
)
"""Words of German and English that Polish and Czech do not have."""

SHORT = 1000
"""Code points of a text whose words are looked at, too."""


class Texts:
    """The fields of a story in one normalised text, `letters`; places are code points in it."""

    def __init__(self, fields: Mapping[str, str], hint: str | None = None) -> None:
        self.fields = [f for f in MENTION_FIELDS if fields.get(f)]
        self._stored = [fields[f] for f in self.fields]
        joined = BREAK.join(self._stored)
        self._normal = normalise(joined)
        self.letters = self._normal.text
        self._begins = [0]
        for text in self._stored[:-1]:
            self._begins.append(self._begins[-1] + len(text) + len(BREAK))
        self._hint = hint
        self._languages: dict[int, frozenset[str]] = {}
        self._whole: frozenset[str] | None = None

    def stored(self, start: int, end: int) -> tuple[int, int, int]:
        """The number of the field that a span stands in, and the span in the field's stored text."""
        first, last = self._normal.original(start, end)
        number = bisect_right(self._begins, first) - 1
        return number, first - self._begins[number], last - self._begins[number]

    def text(self, number: int) -> str:
        """The stored text of a field."""
        return self._stored[number]

    def field(self, at: int) -> int:
        """The number of the field that a place stands in."""
        return self.stored(at, at + 1)[0]

    def is_headline(self, at: int) -> bool:
        """Whether a place stands in headline or kicker."""
        return self.fields[self.field(at)] in ("title", "kicker")

    def may_inflect(self) -> bool:
        """Whether some of it may be Polish or Czech; a short text may be where nothing tells."""
        letters = self.letters
        for letter in _POLISH_AND_CZECH:
            if letter in letters and not self.languages(letters.find(letter)).isdisjoint(("pl", "cs")):
                return True
        if len(letters) >= SHORT or not _NEITHER.isdisjoint(letters.lower().split()):
            return False
        return not (self._of_all() or {"pl"}).isdisjoint(("pl", "cs"))

    def languages(self, at: int) -> frozenset[str]:
        """What the paragraph around a place may be written in; the whole story where the paragraph does not tell."""
        start = self.letters.rfind(BREAK, 0, at) + 1
        known = self._languages.get(start)
        if known is None:
            end = self.letters.find(BREAK, at)
            paragraph = self.letters[start : end if end != -1 else None]
            known = self._languages[start] = languages_of(paragraph) or self._of_all()
        return known

    def _of_all(self) -> frozenset[str]:
        """Of the longest field, else what the page states."""
        if self._whole is None:
            number = max(range(len(self._stored)), key=lambda i: len(self._stored[i]))
            self._whole = languages_of(self.letters[self._begins[number] :], self._hint) or frozenset([self._hint] if self._hint else [])
        return self._whole
