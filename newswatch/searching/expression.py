"""A query and the words it may stand for, as an expression of FTS5."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from newswatch.searching.query import Clause, Query

EXACT, INFLECTED, PART = 0, 1, 2
"""How freely a word is taken: as it is typed, in another form, as a part of a compound."""

_TEXT = "{headline lead body notes}"


@dataclass(frozen=True, slots=True)
class Forms:
    """What a clause may stand for; each a word, or a phrase as words with spaces between."""

    exact: tuple[str, ...]
    """As it is typed, however its umlauts are written."""
    inflected: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    """Words that it is a part of."""
    is_native: bool = False
    """FTS5 itself looks for what begins with `exact`."""
    is_cut: bool = False
    """There are more of them than are looked for."""

    def upto(self, level: int) -> tuple[str, ...]:
        """All forms of a level and those below it."""
        return tuple(dict.fromkeys(self.exact + self.inflected * (level >= INFLECTED) + self.parts * (level >= PART)))


def expression(query: Query, forms: Mapping[Clause, Forms], marks: Iterable[str] = (), *, level: int = PART, headline: bool = False) -> str:
    """The MATCH expression; `marks` are words that a story must be marked with, `headline`: all of it must stand there.

    What is unwanted is so in any form but as a part of a word. Empty where nothing is wanted, by words or marks.
    """
    columns = "headline" if headline else _TEXT
    wanted = [f"{columns} : {_any(forms[c], level)}" for c in query.wanted]
    out = " AND ".join([*wanted, *(f'marks : "{mark}"' for mark in marks)])
    unwanted = [f"{_TEXT} : {_any(forms[c], INFLECTED)}" for c in query.clauses if c.is_unwanted]
    return f"({out}) NOT ({' OR '.join(unwanted)})" if unwanted else out


def _any(forms: Forms, level: int) -> str:
    star = " *" if forms.is_native else ""
    return "(" + " OR ".join(f'"{text}"{star}' for text in forms.upto(level)) + ")"
