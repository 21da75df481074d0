"""Stems of words by Snowball, where there is one for the language; else the word itself."""

from __future__ import annotations

from collections.abc import Sequence

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
