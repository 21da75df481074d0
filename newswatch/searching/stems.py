"""Stems of words by Snowball, where there is one for the language; else the word itself."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import Stemmer

from newswatch.searching.words import fold

_NAMES = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish",
    "de": "german", "el": "greek", "en": "english", "es": "spanish", "et": "estonian",
    "eu": "basque", "fa": "persian",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian",
    "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip

LEAST_BEFORE_IRREGULAR = 3
"""Letters in front of an irregular word that a longer one ends with: Baufirma."""

LEAST_BEFORE_S = 4
"""Letters of a word in front of an s that may be its ending."""

_TAKES_S = re.compile("..[acijopuvwy]$")
"""A word that ends so may take an s which the German stemmer leaves: Obamas, Trumps, Kiews, Selenskyjs, Autos."""

_KNOWN = frozenset(Stemmer.algorithms())


def language_of(code: str | None) -> str:
    """The language of a code as pages state it (`de-AT` -> `de`); empty where there is none."""
    return (code or "").replace("_", "-").partition("-")[0].lower()[:3]


def stems(words: Sequence[str], language: str) -> list[str]:
    """The folded stem of each word, given in lower case as it is spelled."""
    name = _NAMES.get(language)
    if name not in _KNOWN:
        return [fold(word) for word in words]
    return [fold(stem) for stem in Stemmer.Stemmer(name).stemWords(list(words))]


def irregular(word: str) -> list[str]:
    """Forms of a folded German word that no stem leads to: firma -> firmen, baufirma -> baufirmen, gremium -> gremien, obama -> obamas.

    What is no word is among them: it is the caller who knows.
    """
    out: list[str] = []
    for at in (0, *range(LEAST_BEFORE_IRREGULAR, len(word) - 2)):
        out += [word[:at] + other for other in _irregular_forms().get(word[at:], ())]
    if len(word) > 2 * LEAST_BEFORE_IRREGULAR - 1:
        out += [word[:-3] + other for ending, other in (("ium", "ien"), ("ien", "ium")) if word.endswith(ending)]
    if _TAKES_S.search(word):
        out.append(word + "s")
    elif len(word) > LEAST_BEFORE_S and _TAKES_S.search(word[:-1]) and word.endswith("s"):
        out.append(word[:-1])
    return list(dict.fromkeys(out))


@cache
def _irregular_forms() -> dict[str, tuple[str, ...]]:
    """The other forms of each word of irregular.toml."""
    lines = tomllib.loads((Path(__file__).parent / "irregular.toml").read_text(encoding="utf-8"))["forms"].splitlines()
    rows = [line.split() for line in lines]
    return {form: tuple(other for other in row if other != form) for row in rows for form in row}
