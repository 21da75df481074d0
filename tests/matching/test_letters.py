"""How a name may be written, and what only looks like it: each miss with its reason."""

from __future__ import annotations

import pytest

from newswatch.matching import examine
from tests.matching.watching import QUINT, found, misses, watch


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("Der Rat und die BUND der Stadt", ["BUND"]),
        ("Der Rat und die BUNDs der Stadt", ["BUNDs"]),
        ("Die BUND-Frau", ["BUND"]),
        ("Der Rat und der Bund der Stadt", []),
        ("Der Rat und der bund der Stadt", []),
        ("Der Rat und die BUNDTRUPPE der Stadt", []),
    ],
)
def test_an_exact_name_stands_in_its_very_letters(text: str, surfaces: list[str]) -> None:
    one = watch(bund={"name": "Neuer Bund", "kind": "group", "names": [{"text": "BUND", "case": "exact"}]})
    assert [s for _, s in found(text, one)] == surfaces


@pytest.mark.parametrize(
    ("name", "text", "counts"),
    [
        ("Quint", "QUINT", True),
        ("Tamm", "TAMM", False),
        ("Jo Li", "JO LI", False),
        ("Ada Quint", "ADA QUINT", True),
        ("Ada Quint", "Ada QUINT", True),
        ("Ada Quint", "ADA Quint", False),
        ("Römer", "ROEMER", True),
        ("Römer", "ROMER", False),
        ("Groß", "GROSS", False),
        ("Strauß", "STRAUSS", True),
        ("Торлов", "ТОРЛОВ", True),
        ("Торлов", "ТОРЛОВЫМ", True),
    ],
)
def test_capitals_are_read_from_five_letters_on(name: str, text: str, counts: bool) -> None:
    assert bool(found(text, watch(a={"name": name}), None)) is counts


@pytest.mark.parametrize(
    ("name", "text", "counts"),
    [
        ("NORD", "Nord", True),
        ("NORD", "nord", False),
        ("NRD", "Nrd", False),
        ("NORD", "NORD", True),
        ("Nord", "NORD", False),
        ("NORDBUND", "Nordbund", True),
    ],
)
def test_an_acronym_of_four_letters_may_stand_as_a_word(name: str, text: str, counts: bool) -> None:
    assert bool(found(text, watch(a={"name": name, "kind": "organisation"}), None)) is counts


@pytest.mark.parametrize(
    ("name", "text", "counts"),
    [
        ("Jo Römer", "Jo Roemer", True),
        ("Jo Römer", "Jo Romer", False),
        ("Jo Römer", "Jo Ro\u0308mer", True),
        ("Jo Groß", "Jo Gross", True),
        ("Jo Roemer", "Jo Römer", False),
        ("Jo Žitek", "Jo Zitek", True),
        ("Jo Łuka", "Jo Luka", True),
        ("Jo Zitek", "Jo Žitek", False),
        ("Иван Орёл", "Иван Орел", True),
        ("Иван Орел", "Иван Орёл", True),
    ],
)
def test_umlauts_and_accents_may_be_spelt_out_and_left_out(name: str, text: str, counts: bool) -> None:
    assert bool(found(text, watch(a={"name": name}), "de")) is counts


@pytest.mark.parametrize(
    ("text", "surfaces"),
    [
        ("Der Rat und die Quintanhänger der Stadt", ["Quintanhänger"]),
        ("Der Rat und die Quintanhängerinnen der Stadt", ["Quintanhängerinnen"]),
        ("Der Rat und das Quintlager der Stadt", ["Quintlager"]),
        ("Der Rat und die Quintallee der Stadt", []),
        ("Der Rat und die Quintessenz der Stadt", []),
        ("Der Rat und die Quintblubb der Stadt", []),
        ("The Quintlager was what they had in the city", []),
    ],
)
def test_a_closed_compound_counts_where_its_rest_is_known_in_german(text: str, surfaces: list[str]) -> None:
    assert [s for _, s in found(text)] == surfaces


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Die Quint-Allee", "named after: Quint-Allee"),
        ("Die Ada-Quint-Schule", "named after: Ada-Quint-Schule"),
        ("Die Quintallee der Stadt ist in der Nacht", "named after: Quintallee"),
        ("He was in Quint Street at that time", "named after: Quint Street"),
        ("The Ada Quint School was there for all of them", "named after: Ada Quint School"),
        ("Siehe https://quint.example/Quint/rat", "inside an address: https://quint.example/Quint/rat"),
        ("Siehe www.Quint.example", "inside an address: www.Quint.example"),
        ("An Quint@rat.example", "inside an address: Quint@rat.example"),
        ("Die Quintessenz der Sitzung", "inside another word: Quintessenz"),
        ("Die Quint_x", "inside another word: Quint_"),
        ("Da kam Max Quint.", "behind the given name Max"),
        ("Da kam Hans-Rudolf Quint.", "behind the given name Hans-Rudolf"),
        ("Da kam Max von Quint.", "behind the given name Max"),
        ("Da kam M. Quint.", "behind the initial M."),
        ("Da kam Max-Quint.", "behind the given name Max"),
    ],
)
def test_a_miss_says_its_reason(text: str, reason: str) -> None:
    assert found(text) == []
    assert reason in [r for _, r in misses(text)], misses(text)


@pytest.mark.parametrize("text", ["Da kam A. Quint.", "Da kam Ada von Quint.", "Da kam Kanzlerin Quint.", "Da kam Bürgermeister Quint."])
def test_own_names_and_offices_before_a_surname_say_nothing_against_it(text: str) -> None:
    assert found(text)


def test_a_weak_name_that_is_a_given_name_is_not_its_owner_before_a_surname() -> None:
    one = watch(gabriel={"name": "Heimo Gabriel", "weak": ["Gabriel"]})
    assert found("Da kam Gabriel.", one) and not found("Da kam Gabriel Torberg.", one)
    assert misses("Da kam Gabriel Torberg.", one) == [("Gabriel", "a given name before Torberg")]
    assert misses("Da kam Gabriel-Max Torberg.", one) == [("Gabriel", "half of the given name Gabriel-Max")]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Das war der Fischer.", "an ordinary word behind der"),
        ("Da kam Fischer Jr. dazu.", "followed by Jr"),
        ("Da kam Fischer & Tamm dazu.", "part of a firm's name"),
    ],
)
def test_a_surname_that_is_a_word_or_anothers_does_not_count(text: str, reason: str) -> None:
    one = watch(fischer={"name": "Ada Fischer", "weak": ["Fischer"]})
    assert found("Da kam Fischer dazu.", one) == [("fischer", "Fischer")]
    assert found(text, one) == [] and any(r.startswith(reason) for _, r in misses(text, one)), misses(text, one)


def test_misses_are_told_only_where_they_are_asked_for() -> None:
    assert examine({"body": "Da kam Max Quint."}, QUINT).misses == []


def test_misses_of_a_story_stand_in_order() -> None:
    out = examine({"title": "Max Quint", "body": "Quintessenz von M. Quint."}, QUINT, misses=True).misses
    assert [(m.mention.field, m.mention.surface) for m in out] == [("title", "Quint"), ("body", "Quintessenz"), ("body", "Quint")]
