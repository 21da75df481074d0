"""Stored text on a terminal: nothing in it may command the terminal or move what stands beside it."""

from __future__ import annotations

import unicodedata

_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They reorder what stands around them."""


def plain(text: str) -> str:
    """As many code points: line ends stay, a tab is a space, other control characters show as a replacement character."""
    if text.isprintable():
        return text
    return "".join(" " if c == "\t" else "\ufffd" if _commands(c) else c for c in text)


def _commands(letter: str) -> bool:
    return letter in _DIRECTIONS or (letter != "\n" and unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp"))
