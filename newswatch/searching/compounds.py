"""Whether a word is a compound that another is a part of: `Wasser` of `Trinkwasserversorgung`, not `Orden` of `geworden`.

What stands before and behind the part must be words, too: known ones (`pieces.toml`, and whatever the caller has seen), with the
letters that join them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

LANGUAGES = frozenset(["", "de", "nl", "da", "sv", "nb", "nn", "no", "lb", "fi"])
"""Whose compounds are written as one word; empty: not known."""

LEAST_WORD = 8
"""Letters of a word that is taken for a compound."""

LEAST_PART = 4
"""Letters of a part; such as stand in pieces.toml may have 3."""

_JOINTS = ("s", "es", "n", "en", "er", "e")
_ENDINGS = ("", "e", "n", "en", "s", "es", "er", "ern", "in", "innen")


@cache
def pieces() -> frozenset[str]:
    """Simple words of which many compounds are made, folded."""
    text = (Path(__file__).parent / "pieces.toml").read_text(encoding="utf-8")
    return frozenset(word for words in tomllib.loads(text).values() for word in words.split())


def can_be_part(word: str) -> bool:
    """Whether compounds of a folded word are looked for."""
    return word.isalpha() and (len(word) >= LEAST_PART or (len(word) == LEAST_PART - 1 and word in pieces()))


def rests(word: str, part: str) -> set[str]:
    """All that must be known to tell whether `word` is a compound of `part`: to be looked up by the caller."""
    return {
        way for before, behind in _splits(word, part) for way in (*_ways_before(before), *_ways_behind(behind)) if len(way) >= LEAST_PART
    }


def is_compound(word: str, part: str, known: Collection[str]) -> bool:
    """Whether `part`, or a form of it at the end, is a part of `word`; both folded, `known` those of `rests` that are words."""
    return any(_is_known(before, known, _ways_before) and _ends_well(behind, known) for before, behind in _splits(word, part))


def _splits(word: str, part: str) -> Iterator[tuple[str, str]]:
    at = word.find(part)
    while at >= 0:
        if len(word) > len(part):
            yield word[:at], word[at + len(part) :]
        at = word.find(part, at + 1)


def _ends_well(behind: str, known: Collection[str]) -> bool:
    return behind in _ENDINGS or _is_known(behind, known, _ways_behind)


def _is_known(rest: str, known: Collection[str], ways: object) -> bool:
    """A rest that is no word, a word, or two of pieces.toml."""
    assert callable(ways)
    if not rest or any(way in pieces() or (len(way) >= LEAST_PART and way in known) for way in ways(rest)):
        return True
    return any(
        any(way in pieces() or way in known for way in _ways_before(rest[:at]) if len(way) >= LEAST_PART - 1)
        and any(way in pieces() for way in ways(rest[at:]))
        for at in range(LEAST_PART - 1, len(rest) - LEAST_PART + 2)
    )


def _ways_before(rest: str) -> list[str]:
    """What a rest in front of a part may be: as it is, without the letters that join, or a stem (Schul-, Trink-)."""
    if not rest:
        return []
    return [rest, *(rest[: -len(j)] for j in _JOINTS if rest.endswith(j)), f"{rest}e", f"{rest}en"]


def _ways_behind(rest: str) -> list[str]:
    """What a rest behind a part may be: without the letters that join, and without an ending."""
    if not rest:
        return []
    heads = [rest, *(rest[len(j) :] for j in _JOINTS if rest.startswith(j))]
    return [head[: len(head) - len(e)] for head in heads for e in _ENDINGS if head.endswith(e)]
