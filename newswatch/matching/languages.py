"""In which language a paragraph is written: its function words, and letters that only some languages have."""

from __future__ import annotations

import re
from functools import cache

from newswatch.matching.words import particles, tables

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")

LOOKED_AT = 400
"""Code points of a paragraph that are looked at: some sixty words tell as much as all."""

CLEAR = 3
"""Function words from which on their letters are not needed."""

CYRILLIC = frozenset(["ru", "uk", "be"])


def languages_of(paragraph: str, hint: str | None = None) -> frozenset[str]:
    """The languages that a paragraph may be written in: `{"de"}`; several where they are level, none where nothing tells.

    Each function word is a vote. A letter or pair of letters that only few languages have is half a vote in a word in small
    letters, less in others: the letters of a name tell little of the text around it. `hint` decides between equals.
    """
    text = paragraph[:LOOKED_AT]
    words, letters = _data()
    votes = dict.fromkeys(letters, 0.0)
    for word in set(text.lower().split()):
        for language in words.get(word, ()):
            votes[language] += 1
    first, second = sorted(votes.values())[:-3:-1]
    if first < CLEAR or first == second:
        first = _look_closer(text, votes)
    if not first:
        return frozenset()
    slack = 0.1 if first > 1 else 0.6
    ahead = frozenset(language for language, n in votes.items() if n > max(0, first - slack))
    return frozenset([hint]) if hint in ahead else ahead


def _look_closer(text: str, votes: dict[str, float]) -> float:
    """Votes again, words without their punctuation, and by letters; the most that one has."""
    words, letters = _data()
    seen = set(_WORD.findall(text))
    small = "".join(w for w in seen if w.islower())
    other = "".join(w for w in seen if not w.islower()).lower()
    for language, own in letters.items():
        votes[language] = sum(0.5 if c in small else 0.2 * (c in other) for c in own if len(c) == 1 or c in small)
    for word in {w.lower() for w in seen}:
        for language in words.get(word, ()):
            votes[language] += 1
    return max(votes.values())


@cache
def _data() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """The languages of each function word; the letters and pairs of letters of each language."""
    found = tables("languages")
    words: dict[str, list[str]] = {}
    for language, table in found.items():
        for word in table["words"]:
            if word not in particles():
                words.setdefault(word, []).append(language)
    return words, {k: [*t.get("letters", ""), *t.get("pairs", ())] for k, t in found.items()}
