"""How a word may end: the case endings of endings/*.toml, checked behind a stem.

word -> the paradigms that fit it -> Inflection(stem, what may follow it)
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from newswatch.matching.normal import unaccented

SHORTEST_STEM = 2
"""Letters; a paradigm that leaves fewer is not used."""

_KINDS = {"other": ("name", "word", "phrase"), "word": ("word", "phrase")}
"""Kinds of the files that are several here."""

Readings = tuple[tuple[str, str], ...]
"""What an ending may be: (language, "genitive")."""


@dataclass(frozen=True, slots=True, eq=False)
class Inflection:
    """How words with the same last letters are inflected."""

    cut: int
    """Letters that go from the word for its stem."""
    endings: Mapping[str, Readings]
    """What may follow the stem, in small letters; the uninflected word's own letters have no reading."""

    def stem(self, word: str) -> str:
        """What every form of the word begins with."""
        return word[: len(word) - self.cut] if self.cut else word


@dataclass(frozen=True, slots=True, eq=False)
class _Paradigm:
    language: str
    cut: int
    endings: tuple[tuple[str, str], ...]
    """(suffix, label)"""
    is_of_words: bool
    """Its `ends` begin with ^: they are whole words."""


@lru_cache(maxsize=16384)
def inflection(word: str, kind: str, slavic: bool = True) -> Inflection:
    """How a word of a name is inflected, in every language that has a paradigm for it.

    `kind` is `person`; `name` for the one word of another actor's name; `word` for one of several; `phrase`
    for those of a topic. Without `slavic` a word in Latin letters has German and English endings only, and so a longer stem.
    """
    longest = _longest_ends()
    return _inflection(("^" + word)[-longest:].lower(), kind, min(len(word), longest + SHORTEST_STEM), slavic)


@lru_cache(maxsize=16384)
def _inflection(tail: str, kind: str, length: int, slavic: bool) -> Inflection:
    """By the last letters, ^ before the first of a word; `length` says how many the word has, as far as that matters for the stem."""
    chosen = tuple(p for p in _fitting(tail, kind, slavic) if length - p.cut >= SHORTEST_STEM or not p.cut or p.is_of_words)
    cut = max((p.cut for p in chosen), default=0)
    return _inflected(chosen, cut, tail[len(tail) - cut :])


@lru_cache(maxsize=16384)
def _inflected(chosen: tuple[_Paradigm, ...], cut: int, last: str) -> Inflection:
    """The endings of some paradigms for words that end in `last`, the letters that are cut."""
    endings: dict[str, Readings] = {last: (), unaccented(last): ()}
    for paradigm in chosen:
        kept = last[: cut - paradigm.cut]
        for suffix, label in paradigm.endings:
            for ending in {kept + suffix, unaccented(kept) + suffix}:
                known = endings.get(ending)
                if known is None or (known and (paradigm.language, label) not in known):
                    endings[ending] = (*(known or ()), (paradigm.language, label))
    return Inflection(cut, endings)


def _fitting(tail: str, kind: str, slavic: bool) -> list[_Paradigm]:
    """The paradigms with the longest fit, of each language with these letters."""
    by_ends = _paradigms()[kind]
    found: list[_Paradigm] = []
    is_cyrillic = "\u0400" <= tail[-1] <= "\u052f"
    settled = {"de", "en", "pl", "cs"} if is_cyrillic else {"ru", "uk", "be"} if slavic else {"ru", "uk", "be", "pl", "cs"}
    for length in range(len(tail), -1, -1):
        fits = [p for p in by_ends.get(tail[len(tail) - length :], ()) if p.language not in settled]
        found += fits
        settled |= {p.language for p in fits}
    return found


@cache
def _longest_ends() -> int:
    return max(len(ends) for by_ends in _paradigms().values() for ends in by_ends)


@cache
def _paradigms() -> dict[str, dict[str, list[_Paradigm]]]:
    """By kind and by the letters in which a word ends."""
    out: dict[str, dict[str, list[_Paradigm]]] = {"person": {}, "name": {}, "word": {}, "phrase": {}}
    for path in sorted((Path(__file__).parent / "endings").glob("*.toml")):
        tables: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
        for table in tables["paradigm"]:
            endings = tuple((suffix, label) for label, suffixes in table["endings"].items() for suffix in suffixes)
            paradigm = _Paradigm(tables["language"], table["cut"], endings, table["ends"][0][:1] == "^")
            for kind in (k for given in table["kinds"] for k in _KINDS.get(given, (given,))):
                for ends in table["ends"]:
                    out[kind].setdefault(ends.lower(), []).append(paradigm)
    return out
