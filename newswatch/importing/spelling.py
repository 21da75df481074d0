"""Names as lists spell them, made into names as papers print them; what is no name is told why."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from functools import lru_cache

from newswatch.matching.watchlist import LONGEST_NAME

PARTICLES = frozenset(
    "von van vom zu zum zur der den de del della di da do dos das du la le el al bin ibn bint abu ben ter ten af av und e y i".split()  # noqa: SIM905
)
"""Small words inside names. In capitals, nobody knows whether they are written small."""

_BREAKS = re.compile("[\n\r\t\v\f\x00-\x1f\x7f\x85\u2028\u2029]")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"))
_TWO_SIGNS = re.compile(r"[^\W_].*[^\W_]")
_SUFFIX = re.compile(r"(jr|sr|junior|senior|[ivx]+|ph\.?d|m\.?d|esq|dr|prof)\.?", re.I)
_CAPITALS = re.compile(r"[^\W\d_]{3,}(-[^\W\d_]{3,})*")
_ROMAN = re.compile(r"[IVX]+")


def tidy(text: str) -> tuple[str, str]:
    """(the name, "") or ("", why it is none): composed letters, single spaces, no invisible marks."""
    if text.isascii() and text.isprintable():
        name = " ".join(text.split())
    else:
        if _BREAKS.search(text):
            return "", "a line break or control character in it"
        if any("\ud800" <= c <= "\udfff" for c in text):
            return "", "half a letter in it"
        name = " ".join(unicodedata.normalize("NFC", text.translate(_INVISIBLE)).split())
    if len(name) > LONGEST_NAME:
        return "", "too long"
    if not _TWO_SIGNS.search(name) or not any(c.isalpha() for c in name):
        return "", "too short"
    return name, ""


def is_in(name: str, scripts: Set[str]) -> bool:
    """Whether all letters are of these scripts. The apostrophe that is a letter (ʼ) is of all."""
    if name.isascii():
        return "latin" in scripts
    return all(script(c) in scripts or script(c) == "modifier" for c in name if c.isalpha())


@lru_cache(maxsize=8192)
def script(char: str) -> str:
    """`latin`, `cyrillic`: the first word of a letter's Unicode name."""
    return unicodedata.name(char, "").partition(" ")[0].lower()


def turned(name: str) -> str:
    """`Quint, Ada` is Ada Quint; `Ada Quint, Jr.` and what may be no person's name stay as they are."""
    last, comma, first = name.partition(",")
    last, first = last.strip(), first.strip()
    if not comma or not last or not first or "," in first or _SUFFIX.fullmatch(first):
        return name
    words = first.split()
    if len(words) > 4 or not all(w[0].isupper() or w.lower() in PARTICLES or w.lower().startswith(("al-", "el-")) for w in words):
        return name
    return f"{first} {last}"


def ordinary(name: str) -> str:
    """A person's name with ordinary capitals: `ADA QUINT` is Ada Quint. One that has a word in capitals of which that is
    not sure (VON, III, O'NEILL, MCDONALD, LI) stays as it is.
    """
    words = name.split()
    out = []
    for word in words:
        if not word.isupper() or sum(c.isalpha() for c in word) < 2:
            out.append(word)
            continue
        unsafe = word.lower() in PARTICLES or word.startswith(("MC", "MAC")) or _ROMAN.fullmatch(word)
        if unsafe or not _CAPITALS.fullmatch(word) or len(word.lower()) != len(word):
            return name
        out.append("-".join(part.capitalize() for part in word.split("-")))
    return " ".join(out)
