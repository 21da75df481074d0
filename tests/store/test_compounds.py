"""Which words are compounds of which: everyday pairs, half of which nothing was ever tuned on."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from newswatch.searching import compounds
from newswatch.searching.stems import irregular, stems
from newswatch.searching.words import fold, grouped, plain

PAIRS = {
    name: [tuple(pair.split(">")) for pair in pairs.split()]
    for name, pairs in tomllib.loads((Path(__file__).parent / "compounds.toml").read_text(encoding="utf-8")).items()
}
EVERY_WORD = frozenset(fold(word) for pairs in PAIRS.values() for pair in pairs for word in pair)


def is_found(typed: str, word: str, known: frozenset[str]) -> bool:
    parts = compounds.parts_of(fold(typed), stems([typed.lower()], "de"))
    return any(compounds.is_compound(fold(word), part, known & compounds.rests(fold(word), part)) for part in parts)


@pytest.mark.parametrize("known", [frozenset(), EVERY_WORD], ids=["pieces.toml alone", "all words of the pairs"])
@pytest.mark.parametrize("half", [0, 1], ids=["tuned on", "held out"])
def test_nine_of_ten_everyday_compounds_are_found_and_hardly_a_wrong_word(half: int, known: frozenset[str]) -> None:
    right, wrong = (PAIRS[name][half::2] for name in ("compounds", "others"))
    missed = [pair for pair in right if not is_found(*pair, known)]
    false = [pair for pair in wrong if is_found(*pair, known)]
    found = len(right) - len(missed)
    assert len(right) >= 200 and len(wrong) >= 100
    assert found / len(right) >= 0.9, missed
    assert found / (found + len(false)) >= 0.98, false


def test_the_pairs_are_what_they_say() -> None:
    for name, pairs in PAIRS.items():
        assert len(set(pairs)) == len(pairs), name
    for typed, word in PAIRS["others"]:
        parts = {fold(typed), *stems([typed.lower()], "de")}
        assert any(part in fold(word) for part in parts), (typed, word)


def test_words_of_pieces_toml_are_folded() -> None:
    found = tomllib.loads((Path(compounds.__file__).parent / "pieces.toml").read_text(encoding="utf-8"))
    words = [word for words in found.values() for word in words.split()]
    assert [word for word in words if not (word.isascii() and word.islower() and word.isalpha())] == []


@pytest.mark.parametrize(
    ("word", "forms"),
    [("firma", {"firmen"}), ("baufirmen", {"baufirma"}), ("gremium", {"gremien"}), ("obama", {"obamas"}), ("haus", set())],
)
def test_forms_that_no_stem_leads_to(word: str, forms: set[str]) -> None:
    assert forms <= set(irregular(word)) and (forms or not irregular(word))


@pytest.mark.parametrize(
    ("word", "ways"), [("1234567", ["1 234 567"]), ("123", []), ("0815", []), ("covid19", ["covid 19"]), ("g7", ["g 7"]), ("a1b2", [])]
)
def test_numbers_and_letters_are_written_together_or_apart(word: str, ways: list[str]) -> None:
    assert grouped(word) == ways


def test_a_word_is_cut_in_two_where_one_half_is_simple() -> None:
    assert ("ukraine", "krieg") in compounds.halves("ukrainekrieg")
    assert compounds.halves(plain("ubernehmen")) == []
