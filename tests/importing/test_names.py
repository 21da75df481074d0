"""Which names are strong, which are weak and off, which is shown."""

from __future__ import annotations

from newswatch.importing.found import Found
from newswatch.importing.names import MOST_NAMES, Names, names_of

LATIN = frozenset(["latin"])


def names(*titles: str, others: tuple[str, ...] = (), kind: str = "organisation", surnames: tuple[str, ...] = ()) -> Names:
    return names_of(Found("X1", kind, titles, others, surnames), LATIN)


def test_full_names_are_strong_and_single_words_weak_and_off() -> None:
    found = names("Ada Quint", others=("Ada Maria Quint", "Quinta"), kind="person", surnames=("Quint",))
    assert (found.name, found.strong) == ("Ada Quint", ["Ada Maria Quint"])
    assert found.weak == [{"text": "Quinta", "on": False}, {"text": "Quint", "on": False}]


def test_a_person_is_never_found_by_a_single_word_alone() -> None:
    found = names("Quintella", others=("Ada Quint",), kind="person")
    assert found.name == "Ada Quint" and found.weak == [{"text": "Quintella", "on": False}]
    assert names("Quintella", kind="person").name is None
    assert names("Quintella", kind="person").why == "names of one word only"


def test_what_an_organisation_is_called_stays_its_name_even_of_one_word() -> None:
    found = names("Deichwacht", "Deichwatch", "DW", others=("Wacht", "DWNH", "Nordhusumer Deichwacht"))
    assert (found.name, found.strong) == ("Deichwacht", ["Deichwatch", "Nordhusumer Deichwacht"])
    assert found.weak == [
        {"text": "DW", "case": "exact", "on": False},
        {"text": "Wacht", "on": False},
        {"text": "DWNH", "case": "exact", "on": False},
    ]


def test_a_name_in_other_letters_gives_way_to_a_full_one_in_the_right_ones() -> None:
    found = names("Дамбовая стража", others=("Dike Watch",))
    assert found.name == "Dike Watch" and found.dropped == {"in letters of other languages": 1}
    assert names("Дамбовая стража").why == "no name in the letters of these languages"


def test_a_name_stands_once_and_not_in_capitals_too() -> None:
    assert names("Dike Watch", others=("DIKE WATCH", "Dike Watch", "dike watch")).strong == ["dike watch"]
    assert names("ADA QUINT", others=("Quint, Ada",), kind="person").strong == []


def test_an_actor_has_so_many_names_and_no_more() -> None:
    found = names("Dike Watch", others=tuple(f"Dike Watch {i}" for i in range(5000)))
    assert len(found.strong) == MOST_NAMES and found.dropped == {f"beyond the first {MOST_NAMES} of an actor": 4800}
