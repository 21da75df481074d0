"""Rules: which actors a story must name together.

    putin and wagner-gruppe within 30        both in one field, at most 30 words between them
    lukaschenko and not topic:sport          a kind may stand before an id, so that a reader knows
    (putin or lawrow) and tag:belarus        any actor with that tag

`not` binds before `and`, `and` before `or`; `within` belongs to the `and`s before it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newswatch.story import Mention
from newswatch.written import did_you_mean

if TYPE_CHECKING:
    from newswatch.matching.watchlist import Watchlist

KINDS = ("person", "organisation", "group", "place", "topic")
MOST_TERMS = 50
DEEPEST = 20

_TOKEN = re.compile(r"\s*([()]|[^\s()]+)")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Term:
    """An actor, or all with a tag."""

    id: str
    kind: str | None = None
    """A kind of actor, or `tag`."""

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.kind else self.id


@dataclass(frozen=True, slots=True)
class Not:
    """Not named."""

    part: Condition


@dataclass(frozen=True, slots=True)
class And:
    """All of them; `within`: those that are no `not` in one field, so many words apart at most."""

    parts: tuple[Condition, ...]
    within: int | None = None


@dataclass(frozen=True, slots=True)
class Or:
    """One of them at least."""

    parts: tuple[Condition, ...]


Condition = Term | Not | And | Or


def parse(text: str) -> Condition:
    """`when` of a rule. Raises ValueError with a sentence that says what is wrong and what may stand there."""
    parser = _Parser(_TOKEN.findall(text))
    condition = parser.alternatives()
    if parser.tokens:
        raise ValueError(f'"{parser.tokens[0]}" is out of place; a rule reads like `putin and wagner-gruppe within 30`')
    if not _names_somebody(condition):
        raise ValueError("somebody must be named for a rule to flag; `not` alone is true of most of the world's stories")
    return condition


def terms(condition: Condition) -> list[Term]:
    """All terms, those below `not` too."""
    if isinstance(condition, Term):
        return [condition]
    parts = (condition.part,) if isinstance(condition, Not) else condition.parts
    return [t for p in parts for t in terms(p)]


def actors_of(term: Term, watchlist: Watchlist) -> list[str]:
    """The ids of the actors a term means."""
    return watchlist.tagged(term.id) if term.kind == "tag" else [term.id]


def check(watchlist: Watchlist) -> list[str]:
    """Terms that mean nobody, or another kind than they say: a sentence each."""
    out = []
    for rule in watchlist.rules.values():
        for term in terms(rule.condition):
            if problem := _problem(term, watchlist):
                out.append(f"{watchlist.where(rule.id)}: when: {problem}")
    return out


def holds(condition: Condition, spots: Callable[[Term], Sequence[Mention]], words: Mapping[str, Sequence[int]]) -> list[Mention] | None:
    """The places that make a condition true, the terms' first ones; None where it is not.

    `spots` are the places that name a term's actors; `words` where the words of each field begin.
    """
    match condition:
        case Term():
            found = spots(condition)
            return [found[0]] if found else None
        case Not():
            return None if holds(condition.part, spots, words) is not None else []
        case Or():
            found_parts = [f for p in condition.parts if (f := holds(p, spots, words)) is not None]
            return min(found_parts, key=len, default=None) if found_parts else None
        case And(parts, within):
            results = [holds(p, spots, words) for p in parts]
            if any(r is None for r in results):
                return None
            if within is None:
                return [s for r in results if r for s in r]
            return _together([_places(p, spots) for p in parts if not isinstance(p, Not)], within, words)


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        if len(tokens) > MOST_TERMS * 4:
            raise ValueError(f"too long: at most {MOST_TERMS} names")
        self.tokens = tokens
        self._depth = 0

    def alternatives(self) -> Condition:
        parts = [self._chain()]
        while self._take("or"):
            parts.append(self._chain())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _chain(self) -> Condition:
        parts = [self._factor()]
        while self._take("and"):
            parts.append(self._factor())
        within = self._within() if self._take("within") else None
        if within and sum(not isinstance(p, Not) for p in parts) < 2:
            raise ValueError("`within` needs two names joined by `and` before it")
        if within and not all(isinstance(p, Not) or _is_a_name(p) for p in parts):
            raise ValueError("`within` joins names, or names joined by `or` in brackets: write what is more as a rule of its own")
        return parts[0] if len(parts) == 1 else And(tuple(parts), within)

    def _within(self) -> int:
        number = self.tokens.pop(0) if self.tokens else ""
        if not (number.isascii() and number.isdigit()) or not 1 <= int(number) <= 1000:
            raise ValueError("`within` is followed by a number of words from 1 to 1000")
        return int(number)

    def _factor(self) -> Condition:
        self._depth += 1
        if self._depth > DEEPEST:
            raise ValueError(f"nested more than {DEEPEST} deep")
        try:
            if self._take("not"):
                return Not(self._factor())
            if self._take("("):
                inner = self.alternatives()
                if not self._take(")"):
                    raise ValueError("a bracket is not closed")
                return inner
            return self._term()
        finally:
            self._depth -= 1

    def _term(self) -> Term:
        if not self.tokens:
            raise ValueError("ends where a name should stand")
        word = self.tokens.pop(0)
        if word.lower() in ("and", "or", "not", "within", ")"):
            raise ValueError(f'"{word}" stands where a name should stand')
        kind, colon, name = word.rpartition(":")
        if colon and kind not in (*KINDS, "tag"):
            raise ValueError(f'"{word}": before the colon stands {", ".join(KINDS)} or tag')
        return Term(name, kind or None)

    def _take(self, word: str) -> bool:
        if self.tokens and self.tokens[0].lower() == word:
            self.tokens.pop(0)
            return True
        return False


def _is_a_name(condition: Condition) -> bool:
    """A term, or one of several terms."""
    return isinstance(condition, Term) or (isinstance(condition, Or) and all(isinstance(p, Term) for p in condition.parts))


def _names_somebody(condition: Condition) -> bool:
    match condition:
        case Term():
            return True
        case Not():
            return False
        case Or(parts):
            return all(_names_somebody(p) for p in parts)
        case And(parts):
            return any(_names_somebody(p) for p in parts)


def _problem(term: Term, watchlist: Watchlist) -> str | None:
    if term.kind == "tag":
        return None if watchlist.tagged(term.id) else f'no actor has the tag "{term.id}"'
    if term.id in watchlist.rules:
        return f"{term.id} is a rule: a rule combines actors"
    actor = watchlist.actors.get(term.id)
    if actor is None:
        # An actor whose own table is wrong has its own sentence.
        return (
            None
            if term.id in watchlist.origins
            else f"{term} is no actor of these watchlists{did_you_mean(term.id, list(watchlist.actors))}"
        )
    return f"{term.id} is of the kind {actor.kind}, not {term.kind}" if term.kind not in (None, actor.kind) else None


def _places(condition: Condition, spots: Callable[[Term], Sequence[Mention]]) -> list[Mention]:
    """Every place that may stand for a part of an `and`."""
    if isinstance(condition, Term):
        return list(spots(condition))
    if isinstance(condition, Not):
        return []
    return [s for p in condition.parts for s in _places(p, spots)]


def _together(parts: Sequence[Sequence[Mention]], within: int, words: Mapping[str, Sequence[int]]) -> list[Mention] | None:
    """A place of each part, all in one field, with `within` words at most between the first and the last."""
    by_field: dict[str, list[list[Mention]]] = {}
    for number, places in enumerate(parts):
        for spot in places:
            by_field.setdefault(spot.field, [[] for _ in parts])[number].append(spot)
    for field, lists in by_field.items():
        if all(lists) and (found := _window(field, [sorted(p, key=lambda s: s.start) for p in lists], within, words)):
            return found
    return None


def _window(field: str, lists: list[list[Mention]], within: int, words: Mapping[str, Sequence[int]]) -> list[Mention] | None:
    """From each place on, the next one of every other part: the nearest that follow."""
    starts = [[s.start for s in places] for places in lists]
    for first in sorted((s for places in lists for s in places), key=lambda s: s.start):
        chosen = []
        for places, at in zip(lists, starts, strict=True):
            i = bisect_left(at, first.start)
            if i == len(places):
                break
            chosen.append(places[i])
        else:
            last = max(chosen, key=lambda s: s.start)
            if bisect_left(words[field], last.start) - bisect_left(words[field], first.end) <= within:
                return chosen
    return None


def word_starts(text: str) -> list[int]:
    """Where the words of a text begin."""
    return [m.start() for m in _WORD.finditer(text)]
