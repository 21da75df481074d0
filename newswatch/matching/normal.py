"""One form for what reads the same, with the way back: soft hyphens, apostrophes, hyphens, composed letters.

stored text -> normalise -> Normal.text (searched) -> Normal.original(start, end) -> stored text

White space stays as it is; what looks for names takes any of it for a space.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass

_SAME = {"'": "\u2019\u2018\u02bc\u2032\u00b4`", "-": "\u2010\u2011", "е": "ё", "Е": "Ё"}
"""Letters that are read as another: one for one, so that no offset moves."""

_REPLACED = [(letter, plain) for plain, letters in _SAME.items() for letter in letters]

_READ_AS = dict(_REPLACED)

_HIDDEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufe00-\ufe0f\ufeff"
"""Letters that nobody sees, inside words too."""

_MARKS = "\u0300-\u036f\u0483-\u0487\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe20-\ufe2f"

_OFTEN_UNSEEN = tuple(
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202d\u202e\u2060\u2066\u2067\u2068\ufeff"
    "\u0300\u0301\u0302\u0303\u0306\u0307\u0308\u030a\u030b\u030c\u0326\u0327\u0328"
)
"""A text without any of these is taken for clean: looking for each is ten times as fast as for the whole class."""

_UNSEEN = re.compile(f"[{_HIDDEN}{_MARKS}]+")
_HIDDEN_RUN = re.compile(f"[{_HIDDEN}]+")

_TAKES_ACUTE = "гкГК"
"""Macedonian letters."""

_UNDECOMPOSED = str.maketrans("łŁøØđĐı", "lLoOdDi")

MOST_MARKS = 8
"""Of one letter that are composed with it; sorting many takes long."""

_STRESS = "\u0300\u0301"
"""On a Cyrillic vowel these tell how to say it; they are no part of the letter."""


@dataclass(frozen=True, slots=True)
class Normal:
    """A normalised text and how its places lie in the stored one."""

    text: str
    _starts: tuple[list[int], list[int]] | None = None
    """Where the offset changes, and the place in the stored text from there on."""
    _ends: tuple[list[int], list[int]] = ((), ())  # type: ignore[assignment]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """A span of `text` as a span of the stored text, in code points."""
        if self._starts is None:
            return start, end
        places, stored = self._starts
        i = bisect_right(places, start) - 1
        first = start if i < 0 else stored[i] + start - places[i]
        places, stored = self._ends
        i = bisect_left(places, end) - 1
        return first, end if i < 0 else stored[i] + end - places[i]


def normalise(text: str) -> Normal:
    """A text as it is searched: composed letters, plain apostrophes and hyphens, ё as е, nothing hidden."""
    if text.isascii():
        return Normal(text.replace("`", "'") if "`" in text else text)
    for letter, plain in _REPLACED:
        if letter in text:
            text = text.replace(letter, plain)
    for letter in _OFTEN_UNSEEN:
        if letter in text:
            return _mended(text)
    return Normal(text)


def normal_name(name: str) -> str:
    """A name of a watchlist in the form of the texts that it is looked for in, with single spaces."""
    return " ".join((name if name.isascii() else normalise(name).text).split())


def _mended(text: str) -> Normal:
    parts: list[str] = []
    starts: tuple[list[int], list[int]] = ([], [])
    ends: tuple[list[int], list[int]] = ([], [])
    at = length = 0
    for found in _UNSEEN.finditer(text):
        begin, end = found.span()
        plain = _without_hidden(found[0])
        if plain and begin > at:
            begin -= 1
            plain = _composed(text[begin], plain)
        parts += (text[at:begin], plain)
        length += begin - at + len(plain)
        at = end
        if len(plain) == end - begin:
            continue
        if plain:  # its last letter reaches to the end of what it stands for
            ends[0].append(length - 1)
            ends[1].append(end - 1)
        starts[0].append(length)
        starts[1].append(end)
        if not plain:
            ends[0].append(length)
            ends[1].append(end)
    parts.append(text[at:])
    return Normal("".join(parts), starts, ends)


def _without_hidden(text: str) -> str:
    return _HIDDEN_RUN.sub("", text)


def _composed(letter: str, marks: str) -> str:
    """A letter and its marks as one, where there is one; stress marks of Cyrillic are left out."""
    if "\u0400" <= letter <= "\u052f" and letter not in _TAKES_ACUTE:
        marks = "".join(c for c in marks if c not in _STRESS)
    composed = unicodedata.normalize("NFC", letter + marks[:MOST_MARKS])
    return _READ_AS.get(composed[0], composed[0]) + composed[1:] + marks[MOST_MARKS:]


def unaccented(text: str) -> str:
    """Without the accents of other languages than German; Cyrillic letters stay."""
    out = []
    for letter in text:
        if letter.isascii() or letter in "äöüßÄÖÜẞ" or "\u0400" <= letter <= "\u052f":
            out.append(letter)
        else:
            plain = unicodedata.normalize("NFD", letter.translate(_UNDECOMPOSED))
            out.append("".join(c for c in plain if not unicodedata.combining(c)))
    return "".join(out)
