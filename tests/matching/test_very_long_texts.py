"""However long a text, however many its names: the work is bounded."""

from __future__ import annotations

import pytest

from newswatch.matching import examine
from newswatch.matching.mentions import MOST_MENTIONS
from tests.matching.watching import MANY, QUINT, watch

MB = 1_000_000


def filled(piece: str, length: int = 5 * MB) -> str:
    return (piece * (length // len(piece) + 1))[:length]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(filled("Da kam Ada Quint aus dem Rat. ")[: 5 * MB], id="5 MB in one line"),
        pytest.param("Quint " * 200_000, id="200,000 weak names"),
        pytest.param("Ada Quint " * 200_000, id="200,000 strong names"),
        pytest.param("Quint\n" * 200_000, id="200,000 lines"),
        pytest.param("Quint\n\n" * 200_000, id="200,000 paragraphs"),
        pytest.param("Bund, " * 200_000 + "Neuer Bund", id="a list of 200,000"),
    ],
)
def test_of_very_many_mentions_five_thousand_are_kept(text: str) -> None:
    out = examine({"title": "Der Neue Bund", "body": text}, MANY, language="de")
    assert len(out.mentions) == MOST_MENTIONS and out.is_cut


def test_five_thousand_are_not_cut() -> None:
    one = watch(quint={"name": "Ada Quint"})
    assert not examine({"body": "Ada Quint " * MOST_MENTIONS}, one).is_cut
    assert examine({"body": "Ada Quint " * (MOST_MENTIONS + 1)}, one).is_cut


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(filled("Quintessenz"), id="no space"),
        pytest.param(filled("Quint"), id="names without a space"),
        pytest.param(filled("q"), id="one letter"),
        pytest.param(filled("Я"), id="one Cyrillic letter"),
        pytest.param(filled("-"), id="hyphens"),
        pytest.param(filled("'"), id="apostrophes"),
        pytest.param(filled("’"), id="typographic apostrophes"),
        pytest.param(filled("\u00ad"), id="soft hyphens"),
        pytest.param(filled("\u0301"), id="combining marks"),
        pytest.param(filled("e\u0301", MB), id="decomposed letters"),
        pytest.param(filled("\u202b"), id="RTL marks"),
        pytest.param(filled("🙂"), id="emoji"),
        pytest.param("\n" * MB, id="newlines"),
        pytest.param(filled(" "), id="spaces"),
        pytest.param("Ada" + filled(" ") + "und nichts", id="half a name and spaces"),
        pytest.param("Quint" + filled("versteher"), id="an endless compound"),
        pytest.param(filled("wort-") + "x", id="an endless chain"),
    ],
)
def test_a_text_without_a_name_comes_to_an_end(text: str) -> None:
    out = examine({"title": "Nichts", "body": text}, MANY, language="de")
    assert out.mentions == [] and not out.is_cut


@pytest.mark.parametrize("text", ["Max Quint ", "Bo Bund und ", "NB ", "Ein Wort und Max "])
def test_two_hundred_thousand_places_that_do_not_count_come_to_an_end(text: str) -> None:
    watchlist = watch(
        quint={"name": "Ada Quint", "weak": ["Quint"]},
        bund={"name": "Neuer Bund", "kind": "group", "weak": [{"text": "Bund", "near": ["@quint", "Miliz*", "Rat"], "within": 30}]},
        nb={"name": "Alter Bund", "kind": "group", "weak": [{"text": "NB", "near": ["@name"]}, {"text": "Max", "near": ["@nb", "@bund"]}]},
    )
    for misses in (False, True):
        out = examine({"body": text * 200_000}, watchlist, language="de", misses=misses)
        assert out.mentions == [] and out.is_cut


@pytest.mark.parametrize(
    "before", ["von der ", "von ", "M. ", "M. N. ", "Petrowitsch Iwanowitsch ", "von M. ", "Quint-", "Ada-", "Rat, ", "(", "@", "„"]
)
@pytest.mark.parametrize("start", ["", "x", "Da kam "])
def test_whatever_stands_before_a_name_is_looked_at_so_far_only(start: str, before: str) -> None:
    out = examine({"body": start + before * 3000 + "Quint"}, QUINT, language="de", misses=True)
    assert len(out.mentions) + len(out.misses) >= 1


def test_a_chain_of_names_comes_to_an_end() -> None:
    out = examine({"body": filled("Quint-")}, QUINT, language="de")
    assert len(out.mentions) == MOST_MENTIONS and out.is_cut
