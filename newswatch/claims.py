"""Pure: is a story the one that a page, a redirect or an address says it is?

A site may lie without meaning to: each of its pages names the home page as its canonical address, or one and the same
article; addresses that are gone lead to whatever is new. So a word alone joins nothing: the texts must agree.

the stored texts of a story, a page, who says so -> refusal -> None | why it is not believed
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

LEAST = {"canonical": 0.5, "redirect": 0.2}
"""The part of the shorter text that must stand in the other. A site that sends readers on says more than a tag of a template."""

WITH_TITLE = 0.15
"""Of texts under the same headline."""

SHINGLE = 4
"""Words in a row that are compared."""

_WORD = re.compile(r"\w+")


def refusal(stored: Mapping[str, str], page: Mapping[str, str], said_by: str) -> str | None:
    """Why a page is not the story with the `stored` texts, for people; None where it is.

    Both map the names of `revisions.FIELDS` to text. `said_by` is `canonical` or `redirect`.
    """
    titles = {_folded(stored.get("title", "")), *map(_folded, stored.get("other_titles", "").split("\n"))} - {""}
    same_title = _folded(page.get("title", "")) in titles
    shared = likeness(f"{stored.get('lead', '')} {stored.get('body', '')}", f"{page.get('lead', '')} {page.get('body', '')}")
    if shared >= (WITH_TITLE if same_title else LEAST[said_by]):
        return None
    headline = "the same headline" if same_title else "another headline"
    return f"{headline}, and {round(100 * shared)} % of the text are the same"


def likeness(one: str, other: str) -> float:
    """Which part of the shorter text stands in the other, 0 to 1, by the words in a row that both have; 0 where one is empty."""
    first, second = _shingles(one), _shingles(other)
    shorter = min(len(first), len(second))
    return len(first & second) / shorter if shorter else 0.0


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(_folded(text))
    return {tuple(words[n : n + SHINGLE]) for n in range(max(1, len(words) - SHINGLE + 1))} if words else set()


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
