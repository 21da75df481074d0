"""What people type, read: words, "phrases", prefix*, -not. Nothing that is typed is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newswatch.searching.words import tokens

MOST_CLAUSES = 12
"""Of a query; what stands behind them is left out, and said."""

MOST_TYPED = 1000
"""Letters of a query that are read."""

_PIECE = re.compile(r"""(?P<minus>(?<!\S)[-−–])?(?:["“”„«»](?P<phrase>[^"“”„«»]*)["“”„«»]?|(?P<word>[^\s"“”„«»]+))""")


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that is looked for."""

    words: tuple[str, ...]
    """Folded; more than one is a phrase."""
    raw: tuple[str, ...]
    """Lower case, as they were typed."""
    is_prefix: bool = False
    """The last word may go on."""
    is_quoted: bool = False
    """Only as it is written: neither inflected nor as a part of a word."""
    is_unwanted: bool = False


@dataclass(frozen=True, slots=True)
class Query:
    """All of it."""

    clauses: tuple[Clause, ...] = ()
    message: str | None = None
    """For people: why nothing can be looked for, or what was left out."""

    @property
    def wanted(self) -> tuple[Clause, ...]:
        """What must be there."""
        return tuple(c for c in self.clauses if not c.is_unwanted)


def parse(typed: str) -> Query:
    """A query of any text; without anything to look for it has no clauses, and a message."""
    clauses: dict[Clause, None] = {}
    for piece in _PIECE.finditer(typed[:MOST_TYPED]):
        text = piece["word"] if piece["phrase"] is None else piece["phrase"]
        found = list(tokens(text))
        if found:
            clause = Clause(
                words=tuple(t.text for t in found),
                raw=tuple(t.raw for t in found),
                is_prefix=text.rstrip().endswith("*"),
                is_quoted=piece["phrase"] is not None,
                is_unwanted=piece["minus"] is not None,
            )
            clauses[clause] = None
    kept = tuple(clauses)[:MOST_CLAUSES]
    if all(c.is_unwanted for c in kept):
        return Query((), "A search needs a word that is to be there, not only such as are not." if kept else _nothing(typed))
    if len(clauses) > MOST_CLAUSES:
        return Query(kept, f"Only the first {MOST_CLAUSES} words were looked for: a search takes no more.")
    return Query(kept, "Only the beginning of the search was read: it is very long." if len(typed) > MOST_TYPED else None)


def _nothing(typed: str) -> str:
    return "There is no letter or digit to look for." if typed.strip() else "Type a word to look for."
