"""What must stand near a short name, and what shows that an organisation is meant."""

from __future__ import annotations

import pytest

from newswatch.matching import examine
from tests.matching.watching import found, misses, rules_of, watch

# ---------------------------------------------------------------- near and within

WACHT = watch(
    wacht={"name": "Nordwacht", "kind": "group", "weak": [{"text": "Wacht", "near": ["Miliz*", "@quint"], "within": 3}]},
    quint={"name": "Ada Quint"},
)


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Die Wacht der Milizionäre", True),
        ("Milizionäre: die Wacht", True),
        ("Die MILIZEN der Wacht", True),
        ("Die Wacht und ihre Chefin Ada Quint", True),
        ("Die Wacht und ihre Chefin Ada Quints", True),
        ("Ada Quint und ihre Wacht", True),
        ("Die Wacht hielt den ganzen langen Tag lang still, sagte eine Miliz", False),
        ("Die Wacht am Deich", False),
        ("Die Wacht und die Bürgermiliz", False),
        ("Eins zwei Miliz eins zwei drei vier Wacht eins zwei drei vier Miliz", False),
        ("Eins zwei Miliz eins zwei drei Wacht eins zwei drei vier Miliz", True),
    ],
)
def test_a_weak_name_with_near_needs_its_company_within_the_words(text: str, counts: bool) -> None:
    assert (("wacht", "Wacht") in found(text, WACHT)) is counts


@pytest.mark.parametrize(("words", "counts"), [(2, True), (3, True), (4, False)])
def test_within_counts_the_words_between(words: int, counts: bool) -> None:
    between = " ".join(["wort"] * words)
    assert (("wacht", "Wacht") in found(f"Wacht {between} Milizen", WACHT)) is counts
    assert (("wacht", "Wacht") in found(f"Milizen {between} Wacht", WACHT)) is counts


@pytest.mark.parametrize("place", ["title", "lead", "caption"])
def test_within_means_the_same_field(place: str) -> None:
    fields = {place: "Die Miliz", "body": "Wacht am Deich"}
    assert examine(fields, WACHT).mentions == []
    free = watch(wacht={"name": "Nordwacht", "kind": "group", "weak": [{"text": "Wacht", "near": ["Miliz"]}]})
    assert [m.actor for m in examine(fields, free).mentions] == ["wacht"]


def test_near_says_which_company_it_found_and_which_was_missing() -> None:
    assert rules_of("Die Wacht der Milizionäre", WACHT) == ["weak name Wacht + near Miliz*"]
    assert misses("Die Wacht am Deich", WACHT) == [("Wacht", "nothing of near within 3 words: Miliz*, @quint")]
    free = watch(wacht={"name": "Nordwacht", "kind": "group", "weak": [{"text": "Wacht", "near": ["Miliz"]}]})
    assert misses("Die Wacht am Deich", free) == [("Wacht", "nothing of near in the story: Miliz")]


def test_a_weak_name_is_no_company_for_another() -> None:
    two = watch(
        a={"name": "Nordwacht", "kind": "group", "weak": [{"text": "Wacht", "near": ["@b"]}]},
        b={"name": "Südbund", "kind": "group", "weak": [{"text": "Bund", "near": ["@a"]}]},
    )
    assert found("Die Wacht und der Bund", two) == []


def test_a_name_that_not_takes_out_is_no_company() -> None:
    one = watch(
        a={"name": "Nordwacht", "kind": "group", "weak": [{"text": "Wacht", "near": ["@b"]}]},
        b={"name": "Ada Quint", "not": ["Ada Quint Platz"]},
    )
    assert found("Die Wacht am Ada Quint Platz", one) == []


def test_the_own_strong_name_is_company_too() -> None:
    one = watch(a={"name": "Nordwacht", "kind": "group", "weak": [{"text": "NW", "case": "exact", "near": ["@name"], "within": 2}]})
    assert found("Nordwacht (NW)", one) == [("a", "Nordwacht"), ("a", "NW")]
    assert found("NW", one) == []


def test_a_weak_name_that_is_switched_off_is_not_looked_for() -> None:
    off = watch(a={"name": "Ada Quint", "weak": [{"text": "Quint", "on": False}]})
    assert found("Da kam Quint.", off) == misses("Da kam Quint.", off) == []


# ---------------------------------------------------------------- organisations need evidence

BUND = watch(
    bund={"name": "Neuer Bund", "kind": "organisation", "weak": ["Bund"]},
    wacht={"name": "Nordwacht", "kind": "group", "weak": ["Wacht"]},
    tamm={"name": "Tamm", "kind": "place", "weak": ["Deich"]},
)


@pytest.mark.parametrize(
    ("text", "surface", "why"),
    [
        ("Der Bund-Chef sprach.", "Bund", "Chef"),
        ("Die Bund-Sprecherin sprach.", "Bund", "Sprecherin"),
        ("Das sagte der „Bund“ dazu.", "Bund", "in quotation marks"),
        ("Das sagte der »Bund« dazu.", "Bund", "in quotation marks"),
        ('Das sagte der "Bund" dazu.', "Bund", "in quotation marks"),
        ("Die Bund AG sprach.", "Bund", "legal form"),
        ("Die Bund GmbH sprach.", "Bund", "legal form"),
        ("Das schrieb @Bund am Tag.", "Bund", "its account"),
        ("Der Bund sprach vom Neuen Bund.", "Bund", "strong name in the story"),
        ("Das sagten der Bund und die Nordwacht.", "Bund", "in a list with Nordwacht"),
        ("Das sagten die Nordwacht, der Bund und andere.", "Bund", "in a list with Nordwacht"),
    ],
)
def test_evidence_shows_that_the_organisation_is_meant(text: str, surface: str, why: str) -> None:
    assert [m.surface for m in examine({"body": text}, BUND).mentions if " + " in m.rule and m.rule.endswith(why)] == [surface], rules_of(
        text, BUND
    )


@pytest.mark.parametrize(
    "text", ["Der Bund sprach.", "Ein Bund-Vertrag", "Der „alte Bund“ lag da.", "Bund und Wacht", "Der Bund. Die Nordwacht."]
)
def test_a_weak_name_of_an_organisation_alone_does_not_count(text: str) -> None:
    assert ("bund", "Bund") not in found(text, BUND)


def test_one_of_a_list_brings_the_next() -> None:
    assert found("Das sagten Wacht, Bund und Nordwacht.", BUND) == [("wacht", "Wacht"), ("bund", "Bund"), ("wacht", "Nordwacht")]


def test_evidence_does_not_replace_the_company_that_somebody_wrote() -> None:
    one = watch(bund={"name": "Neuer Bund", "kind": "organisation", "weak": [{"text": "Bund", "near": ["Partei"]}]})
    assert found("Der „Bund“, der Bund-Chef und die Bund AG", one) == []
    assert found("Der Bund und die Partei", one) == [("bund", "Bund")]


@pytest.mark.parametrize("kind", ["person", "place", "topic"])
def test_the_weak_names_of_others_need_no_company(kind: str) -> None:
    assert found("Da war Quint.", watch(a={"name": "Tamm", "kind": kind, "weak": ["Quint"]})) == [("a", "Quint")]


def test_a_miss_of_an_organisation_says_what_it_lacked() -> None:
    assert misses("Der Bund sprach.", BUND) == [
        ("Bund", "weak name of an organisation, without a strong one in the story or other evidence")
    ]
    assert misses("Die Wacht sprach.", BUND) == [("Wacht", "weak name of a group, without a strong one in the story or other evidence")]
