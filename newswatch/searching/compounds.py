"""Whether a word is a compound that another is a part of: `Wasser` of `Trinkwasserversorgung`, not `Orden` of `geworden`.

What stands before and behind the part must be words, too: known ones (`pieces.toml`, and whatever the caller has seen), with the
letters that join them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator
from functools import cache, lru_cache
from pathlib import Path

LANGUAGES = frozenset(["", "de", "nl", "da", "sv", "nb", "nn", "no", "lb", "fi"])
"""Whose compounds are written as one word; empty: not known."""

LEAST_WORD = 6
"""Letters of a word that is taken for a compound; the tables of the search say so, too."""

LEAST_PART = 4
"""Letters of a part; such as stand in pieces.toml may have 3, and two of them 2 (Öl, Ei)."""

LEAST_AFTER_SHORT = 5
"""Letters of a part that only a prefix of two or three letters, or a preposition, stands in front of: Mitschüler, but Mittag."""

_JOINTS = ("s", "es", "n", "en", "er", "e")
_ENDINGS = ("", "e", "n", "en", "s", "es", "er", "ern", "in", "innen")
_FEMALE = ("in", "innen")


@cache
def _lists() -> dict[str, str]:
    """pieces.toml: by kind, words with white space between."""
    return tomllib.loads((Path(__file__).parent / "pieces.toml").read_text(encoding="utf-8"))


@cache
def _words(*kinds: str) -> frozenset[str]:
    """Words of pieces.toml, folded."""
    return frozenset(word for kind in kinds for word in _lists()[kind].split())


def pieces() -> frozenset[str]:
    """Simple words of which many compounds are made, folded."""
    return _words("nouns", "adjectives")


@cache
def _fronts() -> frozenset[str]:
    """What simple words look like in front of others: with the letters that join them, or without their last (Schul-, Hilfs-)."""
    nouns, out = _words("nouns"), set(_words("prefixes", "stems", "adjectives"))
    out.update(noun + joint for noun in nouns for joint in ("", *_JOINTS))
    out.update(noun[:-1] + joint for noun in nouns if noun.endswith("e") and len(noun) > LEAST_PART for joint in ("", "s"))
    out.update(stem + "e" for stem in _words("stems"))
    return frozenset(out)


@cache
def _backs() -> frozenset[str]:
    """What simple words look like behind others: with their endings."""
    return frozenset(piece + ending for piece in pieces() for ending in _ENDINGS) | _words("endings")


def can_be_part(word: str) -> bool:
    """Whether compounds of a folded word are looked for."""
    return word.isalpha() and (len(word) >= LEAST_PART or word in _words("nouns"))


def parts_of(word: str, stems: Collection[str]) -> list[str]:
    """What is looked for inside of others for a folded word: itself and its stems. A `Leiter` is not `leit`, nor a `Kurs` a `kur`."""
    if word in _words("nouns"):
        stems = [stem for stem in stems if len(stem) >= LEAST_PART and not word.endswith("er")]
    return [part for part in dict.fromkeys([word, *stems]) if can_be_part(part)]


def wholes(part: str) -> list[str]:
    """Compounds of a short part at their end that it is not looked for inside of words for: ol -> heizol, rohol."""
    return sorted(word for word in _words("wholes") if word.endswith(part))


def halves(word: str) -> list[tuple[str, str]]:
    """The ways to write a folded word as two, one of them simple: ukrainekrieg -> ukraine krieg. The caller knows which are words."""
    return [
        (head, tail)
        for head, tail in _cuts(word)
        if len(head) >= LEAST_PART <= len(tail) and not {head, tail} & _words("particles") and (head in _fronts() or tail in _backs())
    ]


def rests(word: str, part: str) -> set[str]:
    """What may be a word, so that `word` is a compound of `part` where it is none by pieces.toml alone: to be looked up by the caller."""
    out: set[str] = set()
    for before, behind in _splits(word, part):
        is_begun, is_ended = _begins_well(before, part, ()), _ends_well(before, part, behind, ())
        if (is_begun or len(before) >= LEAST_PART - 1) and (is_ended or len(behind) >= LEAST_PART - 1):
            if not is_begun:
                out.update(_asked(before, _ways_before, _fronts()))
            if not is_ended:
                out.update(way for rest in _unjoined(behind) for way in _asked(rest, _without_ending, _backs()))
    return {way for way in out if len(way) >= LEAST_PART}


def is_compound(word: str, part: str, known: Collection[str]) -> bool:
    """Whether `part`, or a form of it at the end, is a part of `word`; both folded, `known` those of `rests` that are words."""
    return any(_begins_well(before, part, known) and _ends_well(before, part, behind, known) for before, behind in _splits(word, part))


def _splits(word: str, part: str) -> Iterator[tuple[str, str]]:
    at = word.find(part)
    while at >= 0:
        if len(word) > len(part) and not _is_covered(word, part, at):
            yield word[:at], word[at + len(part) :]
        at = word.find(part, at + 1)


@lru_cache(1 << 12)
def _covering(part: str) -> re.Pattern[str] | None:
    """Words of pieces.toml that have the part inside without being compounds of it, wherever they begin; None: there is none."""
    longer = sorted((word for word in _words("opaque") if part in word and word != part), key=len, reverse=True)
    return re.compile(f"(?=({'|'.join(longer)}))") if longer else None


def _is_covered(word: str, part: str, at: int) -> bool:
    longer = _covering(part)
    return longer is not None and any(found.start(1) <= at and at + len(part) <= found.end(1) for found in longer.finditer(word))


def _begins_well(before: str, part: str, known: Collection[str]) -> bool:
    if not before or before + part in _words("wholes"):
        return True
    if before in _words("particles") or (len(before) < LEAST_PART and before in _words("prefixes")):
        return before in _words("prefixes") and len(part) >= LEAST_AFTER_SHORT
    if _is_front(before, known):
        return True
    fronts = _fronts()
    return any((head in fronts and _is_front(tail, known)) or (tail in fronts and _is_front(head, known)) for head, tail in _cuts(before))


def _ends_well(before: str, part: str, behind: str, known: Collection[str]) -> bool:
    if behind in _ENDINGS:
        return bool(before) or (behind in _FEMALE and len(part) >= LEAST_AFTER_SHORT)
    return any(_is_known_behind(rest, known) for rest in _unjoined(behind))


def _is_known_behind(rest: str, known: Collection[str]) -> bool:
    if _is_back(rest, known):
        return True
    fronts, backs = _fronts(), _backs()
    return any(
        (head in fronts and (_is_back(tail, known) or _is_two(tail))) or (tail in backs and _is_front(head, known))
        for head, tail in _cuts(rest)
    )


def _is_front(rest: str, known: Collection[str]) -> bool:
    return rest in _fronts() or (bool(known) and len(rest) >= LEAST_PART and any(_is_in(way, known) for way in _ways_before(rest)))


def _is_back(rest: str, known: Collection[str]) -> bool:
    return rest in _backs() or (bool(known) and any(_is_in(way, known) for way in _without_ending(rest)))


def _is_two(rest: str) -> bool:
    """Whether a rest is two words of pieces.toml."""
    return any(head in _fronts() and tail in _backs() for head, tail in _cuts(rest) if len(head) >= LEAST_PART <= len(tail))


def _is_in(way: str, known: Collection[str]) -> bool:
    return len(way) >= LEAST_PART and way in known and way not in _words("particles")


def _cuts(rest: str) -> Iterator[tuple[str, str]]:
    """A rest in two, neither of them shorter than the shortest part."""
    for at in range(LEAST_PART - 1, len(rest) - LEAST_PART + 2):
        yield rest[:at], rest[at:]


def _asked(rest: str, ways: Callable[[str], list[str]], lasts: frozenset[str]) -> Iterator[str]:
    """What a rest may be, `ways`, and each half of it whose other half is simple; `lasts` are how simple words look at its end."""
    yield from ways(rest)
    for head, tail in _cuts(rest):
        if head in _fronts():
            yield from ways(tail)
        if tail in lasts:
            yield from _ways_before(head)


def _ways_before(rest: str) -> list[str]:
    """What a rest in front of a part may be: as it is, without the letters that join, or a stem (Schul-, Trink-)."""
    if not rest:
        return []
    return [rest, *(rest[: -len(j)] for j in _JOINTS if rest.endswith(j)), f"{rest}e", f"{rest}en"]


def _unjoined(behind: str) -> list[str]:
    """What a rest behind a part may be: as it is, and without the letters that join."""
    return [behind, *(behind[len(j) :] for j in _JOINTS if behind.startswith(j) and len(behind) > len(j))]


def _without_ending(rest: str) -> list[str]:
    return [rest[: len(rest) - len(e)] for e in _ENDINGS if rest.endswith(e)]
