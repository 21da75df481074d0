"""How names end in seven languages, and in which language a sentence is written."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import newswatch.matching.inflection as module
from newswatch.matching.inflection import SHORTEST_STEM, inflection
from newswatch.matching.languages import languages_of

ENDINGS = sorted((Path(module.__file__).parent / "endings").glob("*.toml"))
LABELS = {
    *("genitive", "dative", "accusative", "instrumental", "locative", "vocative"),
    *("plural", "masculine", "feminine", "neuter", "other gender"),
    *("adjective", "adjective ending", "possessive", "spelling"),
}
KINDS = {"person", "name", "word", "phrase", "other"}

TABLES = [pytest.param(path, id=path.stem) for path in ENDINGS]


def forms(word: str, language: str, kind: str = "person", slavic: bool = True) -> set[str]:
    """Every form of a word in a language."""
    found = inflection(word, kind, slavic)
    return {found.stem(word) + ending for ending, readings in found.endings.items() if language in dict(readings)}


def test_seven_languages_have_endings() -> None:
    assert [p.stem for p in ENDINGS] == ["be", "cs", "de", "en", "pl", "ru", "uk"]


@pytest.mark.parametrize("path", TABLES)
def test_every_paradigm_is_whole(path: Path) -> None:
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    assert tables["language"] == path.stem
    assert len({p["name"] for p in tables["paradigm"]}) == len(tables["paradigm"])
    for paradigm in tables["paradigm"]:
        where = paradigm["name"]
        assert set(paradigm) == {"name", "kinds", "ends", "cut", "endings"}, where
        assert paradigm["ends"] and paradigm["endings"] and paradigm["kinds"] and set(paradigm["kinds"]) <= KINDS, where
        assert set(paradigm["endings"]) <= LABELS, where
        for suffixes in paradigm["endings"].values():
            assert suffixes and len(set(suffixes)) == len(suffixes), where
            assert all(s == s.lower() and (s or paradigm["cut"]) for s in suffixes), where
        assert len({ends[:1] == "^" for ends in paradigm["ends"]}) == 1, f"{where}: whole words and ends have a table each"


@pytest.mark.parametrize("path", TABLES)
def test_nothing_is_cut_that_ends_does_not_say(path: Path) -> None:
    """But in `sto` of `miasto`, that stands before the vowel, too, which changes."""
    for paradigm in tomllib.loads(path.read_text(encoding="utf-8"))["paradigm"]:
        shortest = min(len(ends.removeprefix("^")) for ends in paradigm["ends"])
        assert paradigm["cut"] <= shortest or paradigm["ends"] == ["sto"], paradigm["name"]


@pytest.mark.parametrize(
    ("language", "kind", "word", "wanted"),
    [
        ("de", "person", "Quint", "Quints Quint's Quintsche"),
        ("de", "person", "Fuchs", "Fuchs' Fuchsens Fuchssche"),
        ("de", "person", "Tusch", "Tuschs Tusche Tuscher"),
        ("de", "name", "Bund", "Bunds Bundes"),
        ("de", "word", "Linke", "Linken Linker Linkes"),
        ("de", "word", "Sitzung", "Sitzungen"),
        ("en", "person", "Quint", "Quint's Quints Quints'"),
        ("en", "person", "Fuchs", "Fuchs' Fuchs's Fuchses"),
        ("ru", "person", "Торлов", "Торлова Торлову Торловым Торлове Торловых"),
        ("ru", "person", "Ельский", "Ельского Ельскому Ельским Ельском"),
        ("ru", "person", "Захарова", "Захаровой Захарову"),
        ("ru", "person", "Коваль", "Коваля Ковалю Ковалем Ковале"),
        ("ru", "name", "Кремль", "Кремля Кремлю Кремлем Кремле"),
        ("uk", "person", "Ельський", "Ельського Ельському Ельським"),
        ("uk", "person", "Торленко", "Торленка Торленку Торленком Торленкові"),
        ("uk", "person", "Коваль", "Коваля Ковалеві Ковалем"),
        ("uk", "person", "Зарова", "Зарової Заровій Зарову Заровою"),
        ("be", "person", "Тарлоў", "Тарлова Тарлову Тарловым Тарловых"),
        ("be", "person", "Тарлашэнка", "Тарлашэнкі Тарлашэнку Тарлашэнкам"),
        ("be", "person", "Тарлоўскі", "Тарлоўскага Тарлоўскаму Тарлоўскім"),
        ("pl", "person", "Nowak", "Nowaka Nowakowi Nowakiem Nowaku Nowaków"),
        ("pl", "person", "Torlicki", "Torlickiego Torlickiemu Torlickim Torlickich"),
        ("pl", "person", "Torlicka", "Torlickiej Torlicką"),
        ("pl", "person", "Kwint", "Kwinta Kwintowi Kwintem Kwincie"),
        ("pl", "name", "Sejm", "Sejmu Sejmowi Sejmem Sejmie"),
        ("cs", "person", "Novák", "Nováka Novákovi Novákem Novákova"),
        ("cs", "person", "Torpek", "Torpka Torpkovi Torpkem Torpkův"),
        ("cs", "person", "Torlová", "Torlové Torlovou"),
        ("cs", "name", "Praha", "Prahy Praze Prahu Prahou"),
    ],
)
def test_a_name_has_the_forms_of_its_language(language: str, kind: str, word: str, wanted: str) -> None:
    assert set(wanted.split()) <= forms(word, language, kind)


@pytest.mark.parametrize(
    ("language", "word", "another"),
    [
        ("cs", "Novák", "Nováková Novákovou Novákové"),
        ("pl", "Torlicki", "Torlicka Torlicką Torlickiej"),
        ("pl", "Nowak", "Nowakowa Nowakówna"),
        ("ru", "Песок", "Песков"),
        ("ru", "Торлов", "Торловой"),
        ("uk", "Коваль", "Ковалів"),
        ("be", "Тарлаш", "Тарлашаў"),
        ("de", "Quint", "Quinte Quinten Quinter Quintin"),
        ("en", "Quint", "Quinted Quinter"),
    ],
)
def test_another_surname_is_no_form(language: str, word: str, another: str) -> None:
    assert forms(word, language).isdisjoint(another.split())


@pytest.mark.parametrize(
    ("language", "word", "form", "longer", "its_form"),
    [("ru", "Лев", "Льва", "Соллев", "Солльва"), ("be", "Павел", "Паўла", "Запавел", "Запаўла")],
)
def test_a_whole_word_has_its_own_forms_and_longer_ones_have_not(language: str, word: str, form: str, longer: str, its_form: str) -> None:
    assert form in forms(word, language)
    assert its_form not in forms(longer, language)


@pytest.mark.parametrize("word", ["Quint", "Linke", "Ó", "Ho", "Лес", "Ян", "Ы", "Torlický", "O'Neil", "X1"])
@pytest.mark.parametrize("kind", ["person", "name", "word"])
def test_a_word_is_a_form_of_itself_and_keeps_a_stem(word: str, kind: str) -> None:
    found = inflection(word, kind)
    assert found.stem(word) + word[len(found.stem(word)) :] == word
    assert found.endings[word[len(found.stem(word)) :].lower()] == ()
    assert len(found.stem(word)) >= min(len(word), SHORTEST_STEM)


def test_letters_say_which_languages_inflect_a_word() -> None:
    assert {of for readings in inflection("Торлов", "person").endings.values() for of, _ in readings} == {"ru", "uk", "be"}
    assert {of for readings in inflection("Torlov", "person").endings.values() for of, _ in readings} == {"de", "en", "pl", "cs"}


def test_without_slavic_only_german_and_english_inflect_latin_letters() -> None:
    assert forms("Torlov", "pl", slavic=False) == forms("Torlov", "cs", slavic=False) == set()
    assert "Torlovs" in forms("Torlov", "de", slavic=False)
    assert "Торлова" in forms("Торлов", "ru", slavic=False)


def test_a_word_with_foreign_accents_has_forms_without_them() -> None:
    assert {"Torlickeho", "Torlického"} & forms("Torlický", "cs")
    assert "Novakova" in {f.replace("á", "a") for f in forms("Novák", "cs")}


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Die Bürgermeisterin sprach am Abend mit dem Rat über das Wasser.", "de"),
        ("The mayor said on Monday that the council would not be moved.", "en"),
        ("Об этом сообщил мэр города, который был в совете уже после ночи.", "ru"),
        ("Про це повідомив мер міста, який був на раді після ночі.", "uk"),
        ("Пра гэта паведаміў мэр горада, які быў на радзе пасля ночы.", "be"),
        ("Burmistrz powiedział, że rada nie będzie się tym zajmować przed świętami.", "pl"),
        ("Starosta řekl, že se rada tím nebude před svátky zabývat, ale že je to jeho věc.", "cs"),
    ],
)
def test_a_sentence_tells_its_language(sentence: str, language: str) -> None:
    assert languages_of(sentence) == {language}


@pytest.mark.parametrize(
    "sentence",
    [
        "Le maire a dit que le conseil ne serait pas là pour les voir dans la rue.",
        "El alcalde dijo que el consejo no se reuniría con los vecinos por la noche.",
        "Il sindaco ha detto che il consiglio non si riunirà con i cittadini della zona.",
        "De burgemeester zei dat de raad niet met het dorp over het water wil spreken.",
        "Belediye başkanı bunun için ne zaman ve nasıl bir karar alınacağını daha sonra söyledi.",
    ],
)
def test_a_sentence_of_another_language_is_none_of_the_seven(sentence: str) -> None:
    assert languages_of(sentence).isdisjoint({"de", "en", "ru", "uk", "be", "pl", "cs"})


@pytest.mark.parametrize("text", ["", " ", "42", "Quint", "🙂", "\u00ad"])
def test_where_nothing_tells_there_is_no_language(text: str) -> None:
    assert languages_of(text) == frozenset()


def test_the_page_decides_between_equals_only() -> None:
    assert {"de", "en"} <= languages_of("in")
    assert languages_of("in", "de") == {"de"}
    assert languages_of("The mayor said that it was not his.", "de") == {"en"}
