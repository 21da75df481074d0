"""What stands between two words of a name: a space, a hyphen, a line end, an opening quotation mark."""

from __future__ import annotations

_OPENING = ("«", "„", "“", '"')
"""A quotation mark that may stand between two words of a name: ЧВК «Вагнер»."""

LONGEST_GAP = 4
"""Spaces, and one line end among them, that may stand between two words of a name."""


def gap_behind(letters: str, at: int, separator: str) -> int | None:
    """How long the separator between two words is at a place; a space may be a hyphen and the other way round."""
    if separator in (" ", "-", ". "):
        if letters[at : at + 1] == "-":
            return 1
        first = at + (separator == ". " and letters[at : at + 1] == ".")
        end = first
        while letters[end : end + 1].isspace() and end - first < LONGEST_GAP:
            end += 1
        if end == first or letters.count("\n", first, end) > 1:
            return None
        return end - at + (letters[end : end + 1] in _OPENING)
    return len(separator) if letters.startswith(separator, at) else None


def gap_before(letters: str, at: int, separator: str) -> int | None:
    """How long the separator before a place is."""
    if separator in (" ", "-", ". "):
        if letters[at - 1 : at] == "-":
            return 1
        first = begin = at - (letters[at - 1 : at] in _OPENING)
        while letters[begin - 1 : begin].isspace() and first - begin < LONGEST_GAP:
            begin -= 1
        if begin == first or letters.count("\n", begin, first) > 1:
            return None
        return at - begin + (separator == ". " and letters[begin - 1 : begin] == ".")
    return len(separator) if letters.endswith(separator, 0, at) else None


def word_before(letters: str, at: int) -> int:
    """Where the word that ends at a place begins."""
    begin = at
    while begin > 0 and letters[begin - 1].isalnum():
        begin -= 1
    return begin
