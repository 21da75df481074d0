"""Words as they are indexed and looked for: lower case, without accents and hidden letters.

Two forms of a word: `fold` (Müller -> muller, Mueller -> mueller, Straße -> strasse, Łódź -> lodz) is what the index holds;
`plain` takes one step more (mueller -> muller), so that a word is found however its umlauts are written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

MOST_LETTERS = 64
"""Of a word; what is longer is cut, in the index and in the query alike."""

_HIDDEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
_MARKS = "\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"
_WORD = re.compile(f"[^\\W_]+(?:[{_HIDDEN}{_MARKS}]+[^\\W_]+)*")
_SPELLED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h"})
_ACCENTS = str.maketrans("äöüáàâéèêëíîïóôúùûçñåšžčćń", "aouaaaeeeeiiioouuucnaszccn")  # the commonest: what follows says the same
_UNSPACED = re.compile("[\u0e00-\u11ff\u1780-\u17ff\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]")
_NUMBER_OR_LETTERS = re.compile(r"\d+|[^\W\d_]+")
_UMLAUT = re.compile(r"(?<![aeiouqy])([aou])e")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text."""

    text: str
    """Folded."""
    raw: str
    """Lower case, as it is spelled: what a stemmer needs."""
    start: int
    end: int
    """Code points in the text."""


@lru_cache(1 << 14)
def fold(word: str) -> str:
    """A single word as the index holds it; ASCII and other letters and digits only, at most MOST_LETTERS."""
    if word.isascii() and word.isalnum():
        return word.lower()[:MOST_LETTERS]
    word = word.casefold().translate(_ACCENTS)
    if word.isascii() and word.isalnum():
        return word[:MOST_LETTERS]
    word = word.translate(_SPELLED)
    word = unicodedata.normalize("NFKD", word).casefold()
    return (word if word.isalnum() else "".join(c for c in word if c.isalnum()))[:MOST_LETTERS]


def plain(word: str) -> str:
    """A folded word with ae, oe, ue as a, o, u where they may be umlauts: the same for every way to write these."""
    return _UMLAUT.sub(r"\1", word)


def tokens(text: str) -> Iterator[Token]:
    """The words of a text, in their order."""
    for found in _WORD.finditer(text):
        if word := fold(found[0]):
            yield Token(word, found[0].lower(), found.start(), found.end())


def folded(text: str, most: int) -> list[str]:
    """The first words of a text, in their order; empty where nothing is left of one. What `tokens` says, many times faster."""
    return list(map(fold, _WORD.findall(text)[:most]))


def places(text: str, most: int) -> list[tuple[int, int]]:
    """Where the words that `folded` gives begin and end, in code points."""
    return [found.span() for found in islice(_WORD.finditer(text), most)]


def spellings(text: str) -> dict[str, str]:
    """The words of a text without repeats: how each is spelled, in lower case, by its folded form."""
    return {fold(word): word.lower() for word in set(_WORD.findall(text))}


def indexed(text: str) -> str:
    """A text as it goes into the index: its folded words with spaces between."""
    return " ".join(filter(None, map(fold, _WORD.findall(text))))


def is_unspaced(word: str) -> bool:
    """Whether a folded word is of a script that writes words without spaces, or their endings as words: Chinese, Thai, Korean."""
    return bool(_UNSPACED.search(word))


def grouped(word: str) -> list[str]:
    """A folded word with digits as others write it, with spaces between: covid19 -> covid 19, 1234567 -> 1 234 567 (which is 1.234.567)."""
    if word.isdecimal():
        groups = [word[max(0, end - 3) : end] for end in range(len(word), 0, -3)]
        return [" ".join(reversed(groups))] if len(groups) > 1 and not word.startswith("0") else []
    parts = _NUMBER_OR_LETTERS.findall(word)
    return [" ".join(parts)] if len(parts) == 2 and "".join(parts) == word else []
