"""Pure: a text as the words by which two newsrooms' versions of it are compared.

text -> read_words -> words;    words -> shingles -> three words each

Whatever a desk changes by habit is made the same here: letter case, quotation marks, ß, soft hyphens, numbers spelled out, thousands
separators, and the agency's credit is taken out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

MOST_CHARACTERS = 100_000
"""Of a text that are read: more than any wire story has, so that a page of 5 MB costs no more than this."""

SHINGLE = 3
"""Words beside each other that are compared as one."""

_WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+|[%€]")
_AGENCY = re.compile(r"\b(?:dpa|afp|apa|sda|epd|kna|ots|reuters)(?:[-/]\w+)*\b", re.IGNORECASE)
_CREDIT_WORDS = "mit|material|der|von|und|with|by|and|reporting|foto|photo|text"
_CREDIT = re.compile(rf"\s*(?:©|(?:quellen?|sources?)\s*:)|(?:\W|\d|\b(?:{_CREDIT_WORDS})\b)*$", re.IGNORECASE)
"""What a line that names an agency is without its name, if the line is nothing but the credit."""

_DROPPED = str.maketrans("", "", "\u00ad\u200b")
_UNITS = {"prozent": "%", "percent": "%", "€": "euro", "mio": "millionen", "mrd": "milliarden"}
_COUNTED = {
    **{"zwei": "2", "drei": "3", "vier": "4", "fünf": "5", "sechs": "6", "sieben": "7", "acht": "8", "neun": "9", "zehn": "10"},
    **{"elf": "11", "zwölf": "12", "dreizehn": "13", "vierzehn": "14", "fünfzehn": "15", "sechzehn": "16", "siebzehn": "17"},
    **{"achtzehn": "18", "neunzehn": "19", "zwanzig": "20", "dreissig": "30", "vierzig": "40", "fünfzig": "50", "hundert": "100"},
    **{"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10"},
    **{"eleven": "11", "twelve": "12", "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17"},
    **{"eighteen": "18", "nineteen": "19", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50", "hundred": "100"},
}
_SAME = _UNITS | _COUNTED


def read_words(text: str) -> tuple[str, ...]:
    """A text's words in their order, each as it is compared (`1.900` and `1900`, `zwölf` and `12`, `Prozent` and `%` are the same).

    Lines that only credit an agency are left out, and the agency's name anywhere. No more than MOST_CHARACTERS are read.
    """
    plain = unicodedata.normalize("NFKC", text[:MOST_CHARACTERS]).translate(_DROPPED)
    kept = "\n".join(_without_credit(line) for line in plain.splitlines())
    words = (re.sub("[.,:]", "", word) if word[0].isdigit() else word for word in _WORD.findall(kept.casefold()))
    return tuple(_SAME.get(word, word) for word in words)


def _without_credit(line: str) -> str:
    """The line without an agency's name, or nothing if the line is a credit."""
    if not _AGENCY.search(line):
        return line
    rest = _AGENCY.sub(" ", line)
    return "" if _CREDIT.match(rest) else rest


def shingles(words: Sequence[str]) -> list[str]:
    """Each three words beside each other, by their place; of fewer than three words the one there is, of none none."""
    if len(words) < SHINGLE:
        return [" ".join(words)] if words else []
    return [f"{a} {b} {c}" for a, b, c in zip(words, words[1:], words[2:], strict=False)]
