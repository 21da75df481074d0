"""A text as paragraphs, a paragraph as words. Every letter of a text is in exactly one of them, white space in what it follows."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from newswatch.differences.values import Span

_MARKS = "\u00ad\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200d\u2060\u20d0-\u20ff\ufe20-\ufe2f\ufeff"
_LETTER = rf"[\w{_MARKS}]"
_HYPHEN = "[-\u2010\u2011]"
_JOINT = rf"(?:(?:{_HYPHEN}|['\u2019\u02bc`\u00b4&])(?=\w)|(?<=\d)[.,:/](?=\d)|[*:/](?=in(?:nen)?\b))"
_TOKEN = re.compile(
    rf"(?:(?<!\S){_HYPHEN}(?=\w))?{_LETTER}+(?:{_JOINT}{_LETTER}+)*(?:{_HYPHEN}(?=[\s,/]|$))?"  # a word: Ukraine-Krieg, 1.234,5, Vor-
    r"|(\S)\1*"  # punctuation by itself
)
_WORDY = re.compile(r"[^\W_]")
_BLANK_LINE = re.compile(r"\n\s+")
_LINE = re.compile(r"\n+")
LISTS = ("other_titles", "sources")
"""Fields with a line an item."""


@dataclass(frozen=True)
class Words:
    """The words and punctuation marks of a stretch of text: equal words have equal keys, `edges` are where each begins, and the end."""

    keys: list[str]
    edges: list[int]

    def span(self, first: int, last: int) -> Span:
        """Where the words from `first` up to, but not including, `last` stand."""
        return self.edges[first], self.edges[last]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with the line ends behind it."""

    text: str
    span: Span

    @cached_property
    def key(self) -> str:
        """The same for paragraphs that read alike: white space and composed letters aside."""
        return folded(self.text)

    @cached_property
    def words(self) -> list[str]:
        """Its words, without punctuation."""
        return [key for key in words_of(self.text, 0).keys if is_word(key)]


def folded(text: str) -> str:
    """As texts are compared: composed and decomposed letters and white space are one."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def is_word(key: str) -> bool:
    """Whether it is no mere punctuation."""
    return bool(_WORDY.search(key))


def paragraphs(text: str, field: str) -> list[Paragraph]:
    """The paragraphs of a field, the items of a list."""
    pattern, least = (_LINE, 1) if field in LISTS else (_BLANK_LINE, 2)
    edges = [0, *(m.end() for m in pattern.finditer(text) if m[0].count("\n") >= least and m.end() < len(text)), len(text)]
    return [Paragraph(text[a:b], (a, b)) for a, b in itertools.pairwise(edges) if a < b]


def words_of(text: str, begin: int) -> Words:
    """The words of a stretch that begins at code point `begin` of its field; white space before the first belongs to it."""
    keys, edges = [], []
    for found in _TOKEN.finditer(text):
        word = found[0]
        keys.append(word if word.isascii() else unicodedata.normalize("NFC", word))
        edges.append(begin + found.start())
    if edges:
        edges[0] = begin
    elif text:
        keys, edges = [""], [begin]  # white space alone is a word of its own: nothing of a text is lost
    edges.append(begin + len(text))
    return Words(keys, edges)


def word_counts(old: str, new: str) -> tuple[int, int]:
    """How many words came and went from one text to the next, order aside."""
    before, after = (Counter(filter(is_word, words_of(text, 0).keys)) for text in (old, new))
    return (after - before).total(), (before - after).total()
