"""Names as lists spell them, and as papers print them."""

from __future__ import annotations

import pytest

from newswatch.importing.spelling import is_in, ordinary, tidy, turned
from newswatch.importing.surnames import surnames


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Ada   Quint ", "Ada Quint"),
        ("Ada\u00a0Quint\u200f", "Ada Quint"),
        ("\u202bАда Квинт\u202c", "Ада Квинт"),
        ("Zoe\u0308 Quint", "Zoë Quint"),
        ("Quint\u00adhausen", "Quinthausen"),
        ("3M", "3M"),
    ],
)
def test_a_name_is_composed_and_has_no_invisible_marks(text: str, name: str) -> None:
    assert tidy(text) == (name, "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Ada\nQuint", "line break"),
        ("Ada\u2028Quïnt", "line break"),
        ("Ada\x1b[31m Quint", "control character"),
        ("Q", "too short"),
        ("", "too short"),
        ("007", "too short"),
        ("--", "too short"),
        ("Quint " * 60, "too long"),
        ("Ada \ud800Quint", "half a letter"),
    ],
)
def test_what_is_no_name_is_told_why(text: str, why: str) -> None:
    name, reason = tidy(text)
    assert not name and why in reason


def test_letters_must_be_of_the_languages_asked_for() -> None:
    assert is_in("Ada Quint-Łoś 3", {"latin"}) and not is_in("Ада Квинт", {"latin"})
    assert is_in("Ада Квинт", {"cyrillic"}) and not is_in("Ada Квинт", {"cyrillic"})
    assert is_in("Солов\u02bcян", {"cyrillic"})
    assert not is_in("Рutin Quint", {"latin"}), "a Cyrillic letter among Latin ones"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Quint, Ada", "Ada Quint"),
        ("QUINT, Ada Maria", "Ada Maria QUINT"),
        ("bin Quint, Ada", "Ada bin Quint"),
        ("Ada Quint, Jr.", "Ada Quint, Jr."),
        ("Ada Quint, III", "Ada Quint, III"),
        ("Ada Quint, minister of water", "Ada Quint, minister of water"),
        ("Quint, Ada, Dr.", "Quint, Ada, Dr."),
        ("Ada Quint", "Ada Quint"),
        (", Ada", ", Ada"),
    ],
)
def test_surnames_that_stand_first_are_turned(text: str, name: str) -> None:
    assert turned(text) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ADA QUINT", "Ada Quint"),
        ("Ada QUINT-TORWALD", "Ada Quint-Torwald"),
        ("ЕЛЕНА КВИНТ", "Елена Квинт"),
        ("ADA VON QUINT", "ADA VON QUINT"),
        ("ADA QUINT III", "ADA QUINT III"),
        ("ADA O'QUINT", "ADA O'QUINT"),
        ("ADA MCQUINT", "ADA MCQUINT"),
        ("LI Quint", "LI Quint"),
        ("İDA QUINT", "İDA QUINT"),
        ("A. Quint", "A. Quint"),
    ],
)
def test_capitals_become_ordinary_where_that_is_safe(text: str, name: str) -> None:
    assert ordinary(text) == name


@pytest.mark.parametrize(
    ("name", "aliases", "countries", "found"),
    [
        ("Ada Quint", [], ["de"], ("Quint",)),
        ("Ada Maria Quint", [], [], ("Quint",)),
        ("QUINT, Ada", [], ["cn"], ("Quint",)),
        ("Ada QUINT", [], ["kr"], ("Quint",)),
        ("Ada Quint", ["TORWALD, Ada"], [], ("Torwald", "Quint")),
        ("Quint Ada", [], ["hu"], ()),
        ("Quint Ada Borisovich", [], ["ru"], ()),
        ("Ada bin Quint", [], [], ()),
        ("Ada Maria Torwald Quint", [], [], ()),
        ("Ada", [], [], ()),
        ("Ada Q.", [], [], ()),
        ("Ada Quint, Jr.", [], [], ()),
    ],
)
def test_a_surname_is_taken_only_where_it_is_certain(name: str, aliases: list[str], countries: list[str], found: tuple[str, ...]) -> None:
    assert surnames(name, aliases, countries) == found
