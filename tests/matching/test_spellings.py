"""Candidate spellings of names in the other script: known persons, by every system, both ways."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newswatch.matching.spellings import CYRILLIC, LATIN, MOST_SPELLINGS, SCRIPTS, Spelling, script_of, spellings, tables


def texts(name: str) -> list[str]:
    return [s.text for s in spellings(name, SCRIPTS)]


def first(name: str, system: str) -> str | None:
    """The likeliest spelling of a system; None where a likelier system spells the name alike."""
    return next((s.text for s in spellings(name, SCRIPTS) if s.system == system), None)


# Name, then how newspapers and reference works of the language spell it.
TO_LATIN = [
    ("Александр Лукашенко", ["Alexander Lukaschenko", "Alexander Lukashenko", "Łukaszenko", "Lukašenko"]),
    ("Лукашенко", ["Lukaschenko", "Lukashenko", "Łukaszenko", "Lukašenko"]),
    ("Сергей Лавров", ["Sergej Lawrow", "Sergei Lawrow", "Sergey Lavrov", "Sergei Lavrov", "Siergiej Ławrow", "Sergej Lavrov"]),
    ("Евгений Пригожин", ["Jewgeni Prigoschin", "Jewgenij Prigoschin", "Yevgeny Prigozhin", "Evgeny Prigozhin", "Jewgienij Prigożyn"]),
    ("Евгений Пригожин", ["Jevgenij Prigožin", "Evgenij Prigožin"]),
    ("Володимир Зеленський", ["Wolodymyr Selenskyj", "Wolodymyr Selenski", "Wolodymyr Selenskij", "Wołodymyr Zełenski"]),
    (
        "Володимир Зеленський",
        ["Volodymyr Zelensky", "Volodymyr Zelenskyy", "Volodymyr Zelenskiy", "Volodymyr Zelenskyi", "Volodymyr Zelenskyj"],
    ),
    ("Владимир Зеленский", ["Wladimir Selenski", "Vladimir Zelensky", "Wolodymyr Selenskyj", "Volodymyr Zelensky"]),
    ("Владимир Путин", ["Wladimir Putin", "Vladimir Putin", "Władimir Putin"]),
    (
        "Дмитрий Медведев",
        ["Dmitri Medwedew", "Dmitrij Medwedew", "Dmitry Medvedev", "Dmitrij Miedwiediew", "Dmitrij Medveděv", "Dmitrij Medvedev"],
    ),
    ("Дмитрий Песков", ["Dmitri Peskow", "Dmitry Peskov", "Dmitrij Pieskow", "Dmitrij Peskov"]),
    ("Никита Хрущёв", ["Nikita Chruschtschow", "Nikita Khrushchev", "Nikita Chruszczow", "Nikita Chruščov", "Nikita Chruščev"]),
    ("Михаил Горбачёв", ["Michail Gorbatschow", "Mikhail Gorbachev", "Michaił Gorbaczow", "Michail Gorbačov"]),
    ("Михаил Горбачев", ["Michail Gorbatschow", "Mikhail Gorbachev"]),
    ("Борис Ельцин", ["Boris Jelzin", "Boris Yeltsin", "Borys Jelcyn", "Boris Jelcin"]),
    ("Алексей Навальный", ["Alexei Nawalny", "Alexej Nawalny", "Alexei Navalny", "Alexey Navalny", "Aleksiej Nawalny", "Alexej Navalnyj"]),
    ("Мария Захарова", ["Maria Sacharowa", "Maria Zakharova", "Marija Sacharowa", "Marija Zacharovová"]),
    ("Фёдор Достоевский", ["Fjodor Dostojewski", "Fyodor Dostoevsky", "Fiodor Dostojewski", "Fjodor Dostojevskij", "Fëdor Dostoevskij"]),
    ("Михаил Ходорковский", ["Michail Chodorkowski", "Mikhail Khodorkovsky", "Michaił Chodorkowski", "Michail Chodorkovskij"]),
    ("Юлия Навальная", ["Julia Nawalnaja", "Yulia Navalnaya", "Julija Nawalnaja"]),
    ("Аляксандр Лукашэнка", ["Aljaksandr Lukaschenka", "Alaksandr Łukaszenka", "Aliaksandr Lukashenka"]),
    ("Святлана Ціханоўская", ["Swjatlana Zichanouskaja", "Sviatlana Tsikhanouskaya", "Swiatłana Cichanouska"]),
    ("Святлана Ціханоўская", ["Svjatlana Cichanouská", "Svjatlana Cichanoŭskaja"]),
    ("Юлія Тимошенко", ["Julija Tymoschenko", "Julia Timoschenko", "Yulia Tymoshenko", "Julia Tymoszenko", "Julija Tymošenko"]),
    ("Віталій Кличко", ["Vitali Klitschko", "Witali Klitschko", "Witalij Kłyczko"]),
    ("Валерій Залужний", ["Walerij Saluschnyj", "Valerii Zaluzhnyi", "Valeriy Zaluzhny", "Wałerij Załużny", "Valerij Zalužnyj"]),
    ("Андрій Єрмак", ["Andrij Jermak", "Andriy Yermak", "Andrii Yermak"]),
    ("Петро Порошенко", ["Petro Poroschenko", "Petro Poroshenko", "Petro Poroszenko", "Petro Porošenko"]),
    ("Сергій Жадан", ["Serhij Schadan", "Serhiy Zhadan", "Serhij Żadan", "Serhij Žadan"]),
    ("Щербак", ["Schtscherbak", "Shcherbak", "Szczerbak", "Ščerbak"]),
    ("Олаф Шольц", ["Olaf Scholz"]),
    ("Фридрих Мерц", ["Friedrich Merz"]),
    ("Ангела Меркель", ["Angela Merkel"]),
]

TO_CYRILLIC = [
    ("Alexander Lukaschenko", ["Александр Лукашенко", "Олександр Лукашенко"]),
    ("Alexander Lukashenko", ["Александр Лукашенко", "Олександр Лукашенко"]),
    ("Aljaksandr Lukaschenka", ["Аляксандр Лукашэнка"]),
    ("Alaksandr Łukaszenka", ["Аляксандр Лукашэнка"]),
    ("Wladimir Putin", ["Владимир Путин", "Володимир Путін"]),
    ("Władimir Putin", ["Владимир Путин", "Володимир Путін"]),
    ("Sergej Lawrow", ["Сергей Лавров", "Сергій Лавров"]),
    ("Siergiej Ławrow", ["Сергей Лавров"]),
    ("Sergey Lavrov", ["Сергей Лавров", "Сергій Лавров"]),
    ("Jewgeni Prigoschin", ["Евгений Пригожин", "Євген Пригожин"]),
    ("Yevgeny Prigozhin", ["Евгений Пригожин", "Євген Пригожин"]),
    ("Jewgienij Prigożyn", ["Евгений Пригожин"]),
    ("Jevgenij Prigožin", ["Евгений Пригожин"]),
    ("Wolodymyr Selenskyj", ["Володимир Зеленський", "Владимир Зеленский"]),
    ("Volodymyr Zelensky", ["Володимир Зеленський", "Владимир Зеленский"]),
    ("Volodymyr Zelenskyj", ["Володимир Зеленський", "Владимир Зеленский"]),
    ("Wołodymyr Zełenski", ["Володимир Зеленський", "Владимир Зеленский"]),
    ("Michail Gorbatschow", ["Михаил Горбачев", "Михаил Горбачёв", "Михайло Горбачов"]),
    ("Michail Gorbačov", ["Михаил Горбачев", "Михаил Горбачёв"]),
    ("Nikita Chruschtschow", ["Никита Хрущев", "Никита Хрущёв", "Микита Хрущов"]),
    ("Nikita Khrushchev", ["Никита Хрущев"]),
    ("Alexej Nawalny", ["Алексей Навальный", "Олексій Навальний"]),
    ("Dmitrij Medveděv", ["Дмитрий Медведев", "Дмитро Медведєв"]),
    ("Dmitrij Miedwiediew", ["Дмитрий Медведев", "Дмитро Медведєв"]),
    ("Marija Zacharovová", ["Мария Захарова", "Марія Захарова"]),
    ("Jurij Ščerbak", ["Юрий Щербак", "Юрій Щербак"]),
    ("Anatolij Solowjow", ["Анатолий Соловьев", "Анатолий Соловьёв", "Анатолій Соловйов"]),
    ("Vitali Klitschko", ["Виталий Кличко", "Віталій Кличко"]),
    ("Mateusz Morawiecki", ["Матеуш Моравецкий", "Матеуш Моравецький"]),
    ("Lech Wałęsa", ["Лех Валенса"]),
    ("Aleksandar Vučić", ["Александар Вучич"]),
    ("Donald Trump", ["Дональд Трамп"]),
    ("Joe Biden", ["Джо Биден"]),  # by letters; it is Байден: what lies beyond letters is not guessed
    ("Olaf Scholz", ["Олаф Шольц"]),
    ("Friedrich Merz", ["Фридрих Мерц", "Фрідріх Мерц"]),
    ("Frank-Walter Steinmeier", ["Франк-Вальтер Штайнмайер", "Франк-Вальтер Штайнмайєр"]),
    ("Angela Merkel", ["Ангела Меркель"]),
    ("Robert Habeck", ["Роберт Хабек"]),
    ("Gerhard Schröder", ["Герхард Шрёдер", "Герхард Шредер"]),
    ("Viktor Orbán", ["Виктор Орбан", "Віктор Орбан"]),
    ("Recep Tayyip Erdoğan", ["Реджеп Тайип Эрдоган"]),
]


@pytest.mark.parametrize(("name", "known"), TO_LATIN)
def test_a_cyrillic_name_has_its_known_latin_spellings(name: str, known: list[str]) -> None:
    found = texts(name)
    words = {w for text in found for w in text.split()}
    assert [k for k in known if k not in found and k not in words] == []


@pytest.mark.parametrize(("name", "known"), TO_CYRILLIC)
def test_a_latin_name_has_its_known_cyrillic_spellings(name: str, known: list[str]) -> None:
    assert [k for k in known if k not in texts(name)] == []


@pytest.mark.parametrize(
    ("system", "spelled"),
    [
        ("German", "Sergei Lawrow"),
        ("English", "Sergey Lavrov"),
        ("Polish", "Siergiej Ławrow"),
        ("Czech", "Sergej Lavrov"),
    ],
)
def test_each_system_has_its_likeliest_spelling_first(system: str, spelled: str) -> None:
    assert first("Сергей Лавров", system) == spelled


def test_the_systems_stand_in_their_order() -> None:
    found = [s.system for s in spellings("Щербачёв", SCRIPTS)]
    assert found[:5] == ["German", "English", "Polish", "Czech", "scholarly"]
    assert list((LATIN + CYRILLIC)[:5]) == found[:5]


@pytest.mark.parametrize(
    ("name", "system", "spelled"),
    [
        ("Григорій", "German", "Hryhorij"),  # і: Ukrainian
        ("Галушка", "German", "Galuschka"),  # nothing decides: Russian first
        ("Воўк", "German", "Wouk"),  # ў: Belarusian
        ("Рыгор Галушка", "German", "Ryhor Haluschka"),  # no letter decides, the given name does
        ("Дмитро Галушка", "German", "Dmytro Haluschka"),
    ],
)
def test_the_language_is_told_by_letters_and_given_names(name: str, system: str, spelled: str) -> None:
    assert first(name, system) == spelled


def test_what_nothing_decides_is_read_as_ukrainian_too() -> None:
    assert {"Galuschka", "Haluschka"} <= set(texts("Галушка"))


def test_a_given_name_of_one_language_brings_that_language_first() -> None:
    assert spellings("Wolodymyr Petrenko", SCRIPTS)[0] == Spelling("Володимир Петренко", "Ukrainian")
    assert spellings("Wladimir Petrenko", SCRIPTS)[0] == Spelling("Владимир Петренко", "Russian")


def test_only_belarusian_given_names_bring_belarusian() -> None:
    assert {s.system for s in spellings("Siarhei Petrenka", SCRIPTS)} >= {"Belarusian"}
    assert "Belarusian" not in {s.system for s in spellings("Sergei Petrenko", SCRIPTS)}


@pytest.mark.parametrize("spelled", ["Ławrow", "Lavrov", "Lawrow"])
def test_the_surname_alone_is_read_in_every_system(spelled: str) -> None:
    assert texts(spelled)[0] == "Лавров"


def test_a_known_given_name_is_not_spelled_by_letters() -> None:
    assert texts("Michael Wagner")[0] == "Михаэль Вагнер" and "Михаел Вагнер" not in texts("Michael Wagner")
    assert "Джеймс Вагнер" in texts("James Wagner")
    assert texts("Wagner")[0] == "Вагнер"


def test_names_that_german_and_english_people_spell_themselves() -> None:
    assert texts("Helmut Kohl")[0] == "Гельмут Коль"
    assert "Билл Клинтон" in texts("Bill Clinton")
    assert "Борис Джонсон" in texts("Boris Johnson")


def test_the_tables_name_only_systems_that_there_are() -> None:
    known = tables()
    assert {source.name for source in known.sources} == {*LATIN, "German names", "English names"}
    assert set(known.to_latin) == {(language, system) for language in CYRILLIC for system in LATIN}
    assert set(known.alphabets) == set(CYRILLIC)
    assert {s for g in known.given.values() for s in g.sources} <= {source.name for source in known.sources}


def test_every_letter_of_every_language_has_a_latin_spelling_in_every_system() -> None:
    known = tables()
    for (language, system), rules in known.to_latin.items():
        assert [c for c in known.alphabets[language] if not rules.readings(c)] == [], (language, system)


def test_every_plain_letter_that_a_source_has_can_be_read_in_every_language() -> None:
    for source in tables().sources:
        for language, rules in source.rules.items():
            for letter in "abcdefghijklmnopqrstuvwxyz":
                foreign = source.never is not None and source.never.search(letter)
                assert foreign or any(text for _, text in rules.readings(letter)), (source.name, language, letter)


def test_a_cyrillic_spelling_has_only_letters_of_its_language() -> None:
    for source in tables().sources:
        for language, rules in source.rules.items():
            spelled = {text for _, rule in rules.by_letter.values() for options in rule for text in options}
            assert set("".join(spelled)) <= tables().alphabets[language] | {"'"}, (source.name, language)


def test_a_spelling_is_read_only_in_systems_that_have_it() -> None:
    assert texts("Szczerbak") == ["Щербак"]
    assert texts("Shcherbak") == ["Щербак"]
    assert texts("Ščerbak") == ["Щербак"]


def test_particles_initials_hyphens_and_capitals_stay() -> None:
    assert "Урсула фон дер Лейен" in texts("Ursula von der Leyen")
    assert "Je. W. Prigoschin" in texts("Е. В. Пригожин")
    assert "Салтыков-Щедрин" in texts("Saltykow-Schtschedrin")
    assert texts("ЛАВРОВ") == [t.upper() for t in texts("Лавров")]


def test_apostrophes_and_stress_marks_are_understood() -> None:
    assert texts("Лук'яненко") == texts("Лук’яненко") == texts("Лукʼяненко")
    assert "Lukjanenko" in texts("Лук’яненко") and "Lukyanenko" in texts("Лук’яненко")
    assert texts("Пу\u0301тин") == texts("Путин")
    assert {"Igor' Sečin", "Igor Sečin"} <= set(texts("Игорь Сечин"))


def test_decomposed_letters_are_the_same_letters() -> None:
    assert texts("Андрей") == texts("Андрей".replace("й", "и\u0306"))
    assert texts("Lukašenko") == texts("Lukas\u030cenko")


@pytest.mark.parametrize(
    ("name", "script"),
    [
        ("Putin", "latin"),
        ("Erdoğan", "latin"),
        ("O’Neill", "latin"),
        ("Путин", "cyrillic"),
        ("Лук’яненко", "cyrillic"),
        ("В. Путин 2", "cyrillic"),
        ("Рutin", None),
        ("Putin Путин", None),
        ("مصطفى", None),
        ("習近平", None),
        ("Παπανδρέου", None),
        ("2024", None),
        ("", None),
    ],
)
def test_the_script_of_a_name(name: str, script: str | None) -> None:
    assert script_of(name) == script


@pytest.mark.parametrize("name", ["", " ", "習近平", "Рutin", "42", "’", "Ь", "Қасым-Жомарт Тоқаев", "a " * 30, "q" * 200])
def test_what_cannot_be_read_has_no_spellings(name: str) -> None:
    assert spellings(name, SCRIPTS) == []


def test_only_the_scripts_that_are_asked_for() -> None:
    assert spellings("Putin", ["latin"]) == [] and spellings("Путин", ["cyrillic"]) == []
    assert spellings("Putin", []) == []
    assert spellings("Putin", ["cyrillic"]) == spellings("Putin", SCRIPTS) != []
    with pytest.raises(ValueError, match="greek"):
        spellings("Putin", ["greek"])


ROUND_TRIP = [
    "Сергей Лавров",
    "Владимир Путин",
    "Александр Лукашенко",
    "Дмитрий Песков",
    "Дмитрий Медведев",
    "Мария Захарова",
    "Рамзан Кадыров",
    "Михаил Ходорковский",
    "Фёдор Достоевский",
    "Юрий Щербак",
    "Володимир Зеленський",
    "Петро Порошенко",
    "Сергій Жадан",
    "Андрій Єрмак",
    "Аляксандр Лукашэнка",
]


@pytest.mark.parametrize("system", ["German", "English", "Polish", "Czech"])
@pytest.mark.parametrize("name", ROUND_TRIP)
def test_the_likeliest_spelling_of_a_system_leads_back(name: str, system: str) -> None:
    there = first(name, system) or texts(name)[1]  # the same in two systems: it stands under the first of them
    assert name in texts(there)


NAMES = st.text(st.sampled_from("АаБбВвГгЕеЖжЗзИиЙйКкЛлСсХхЩщЫыЬьЮюЯяЁёЄєІіЇїЎў' -.’"), max_size=60)
LATIN_NAMES = st.text(st.sampled_from("ABCDEabcdefghijklmnopqrstuvwxyzäöüßšžčřłńęąóëğ' -.’"), max_size=60)


@given(st.one_of(st.text(max_size=80), NAMES, LATIN_NAMES))
@example("ʼn")
@example("ŉ ǅ ﬁ")
@example("İstanbul")
@example("ь'ъ")
def test_any_text_has_few_other_spellings(name: str) -> None:
    found = spellings(name, SCRIPTS)
    script = script_of(name)
    assert len(found) <= MOST_SPELLINGS
    assert len({s.text for s in found}) == len(found)
    assert all(s.system in LATIN + CYRILLIC and s.text != name for s in found)
    assert all(script_of(s.text) not in (None, script) for s in found)
    assert found == [] or script is not None
