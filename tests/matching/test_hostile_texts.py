"""What was once slow, endless or wrong on texts that nobody writes: it ends, and says what it did."""

from __future__ import annotations

import pytest

from newswatch.matching import examine
from newswatch.matching.mentions import SNIPPET
from tests.matching.watching import watch

LIST = watch(
    quint={"name": "Ada Quint", "weak": ["Quint"]},
    bund={"name": "Neuer Bund", "kind": "organisation", "weak": ["Bund"]},
    wort={"name": "Wort", "kind": "topic", "phrases": ["wort*"]},
)


def test_a_story_without_text_names_nobody() -> None:
    assert examine({}, LIST).mentions == examine({"title": "", "body": ""}, LIST).mentions == []


CHAINS = ["Bund-" * 100_000, "q" + "\u0316\u0301\u0323" * 100_000, "M. " * 100_000 + "Quint", "von der " * 100_000 + "Quint"]


@pytest.mark.parametrize("text", CHAINS, ids=["hyphens", "marks", "initials", "particles"])
def test_chains_end(text: str) -> None:
    assert len(examine({"body": text}, LIST).mentions) <= 1


def test_a_snippet_is_short_however_long_the_name_is_written() -> None:
    long = examine({"body": "Qui" + "\u00ad" * 5000 + "nt kam."}, LIST).mentions
    assert [len(m.surface) for m in long] == [5005] and len(long[0].snippet) <= SNIPPET
    assert examine({"body": "wort" + "x" * 1000}, LIST).mentions == []


def test_many_entries_are_told_apart_though_they_read_the_same() -> None:
    entries = [(f"e{n}", None, "Quint kam.") for n in range(3)]
    found = examine({"body": "\n\n".join(text for _, _, text in entries)}, LIST, entries=entries).mentions
    assert [m.entry for m in found] == ["e0", "e1", "e2"]


def test_an_initial_behind_a_sentence_is_an_initial() -> None:
    assert examine({"body": "Das war in Berlin. M. Quint kam."}, LIST).mentions == []


def test_brackets_and_markup_hide_no_name() -> None:
    assert [m.surface for m in examine({"body": "[bold]Ada Quint[/bold]"}, LIST).mentions] == ["Ada Quint"]
