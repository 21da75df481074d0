"""What reads the same is one text, and every place of it leads back to the stored one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newswatch.matching.normal import Normal, normal_name, normalise, unaccented

SOFT = "\u00ad"

ODD = st.text(alphabet="abÄqеиёЁгЙ'’-‑ \n\x00\u00ad\u200b\u200d\u202b\ufe0f\u0300\u0301\u0306\u0308\u0323🙂𝒜", max_size=30)


def slice_of(text: str, normal: Normal, start: int, end: int) -> str:
    first, last = normal.original(start, end)
    return text[first:last]


def is_letter(c: str) -> bool:
    return unicodedata.category(c)[0] in "LN"


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("Quint", "Quint"),
        ("Ren\u0065\u0301", "René"),
        ("Мои\u0306", "Мой"),
        ("Пу\u0301тин", "Путин"),
        ("Ёлкин и Орёл", "Елкин и Орел"),
        ("Ре\u0308пин", "Репин"),
        ("Ќосев и Ѓорѓи", "Ќосев и Ѓорѓи"),
        ("К\u0301осев", "Ќосев"),
        ("Quint\u200bs", "Quints"),
        ("Mit\u00adtel\u00adtal", "Mitteltal"),
        ("Quint’s ‘Rat‘ Quint`s O\u02bcNeill", "Quint's 'Rat' Quint's O'Neill"),
        ("Rhein‑Quint‐Bund", "Rhein-Quint-Bund"),
        ("A–B—C", "A–B—C"),
        ("\u202bQuint\u202c \ufeff", "Quint "),
        ("i\u00ad\u0308", "ï"),
        ("e\u0301\u00ad", "é"),
        ("\u0301Quint", "\u0301Quint"),
        ("q\u0308", "q\u0308"),
        ("👩\u200d🚀", "👩🚀"),
        ("Ada\u00a0Quint\u2009\n\x00", "Ada\u00a0Quint\u2009\n\x00"),
        ("", ""),
    ],
)
def test_what_reads_the_same_is_one_text(stored: str, read: str) -> None:
    assert normalise(stored).text == read


@pytest.mark.parametrize(
    ("stored", "read", "surface"),
    [
        ("Am Tag sah Rene\u0301 Ro\u0308mer zu.", "René Römer", "Rene\u0301 Ro\u0308mer"),
        ("Мои\u0306 тракторист", "тракторист", "тракторист"),
        ("А Пу\u0301тин был", "Путин", "Пу\u0301тин"),
        ("А Пути\u0301н был", "Путин", "Пути\u0301н"),
        ("die Quint\u200b\u00ad\u200bPartei", "QuintPartei", "Quint\u200b\u00ad\u200bPartei"),
        (f"{SOFT * 3}Quint{SOFT}", "Quint", "Quint"),
        (f"Mit{SOFT}tel{SOFT}tal", "Mitteltal", f"Mit{SOFT}tel{SOFT}tal"),
        ("🙂🙂 Quint’s Rat", "Quint's", "Quint’s"),
        (f"𝒜{SOFT} Орёл е\u0308ж", "Орел еж", "Орёл е\u0308ж"),
        ("Cafe\u0301", "Café", "Cafe\u0301"),
        ("Ro\u0308mer", "Rö", "Ro\u0308"),
        ("Ro\u0308mer", "mer", "mer"),
        (f"Qu{SOFT}int", "Qu", "Qu"),
        (f"Qu{SOFT}int", "int", "int"),
    ],
)
def test_a_place_leads_back_to_the_stored_letters(stored: str, read: str, surface: str) -> None:
    normal = normalise(stored)
    start = normal.text.index(read)
    assert slice_of(stored, normal, start, start + len(read)) == surface


@given(st.one_of(st.text(), ODD))
@example("q\u0308\u00ad\u0301x")
@example(f"{SOFT}e\u0301{SOFT}\u0301b")
def test_every_span_lies_in_the_stored_text_in_the_same_order(text: str) -> None:
    normal = normalise(text)
    last = 0
    for place in range(len(normal.text)):
        start, end = normal.original(place, place + 1)
        assert last <= start < end <= len(text)
        last = end
    for start in range(0, len(normal.text), 3):
        for end in range(start + 1, len(normal.text) + 1):
            assert normal.original(start, end) == (normal.original(start, start + 1)[0], normal.original(end - 1, end)[1])


@given(st.one_of(st.text(), ODD), st.data())
def test_what_is_cut_at_letters_reads_as_it_read(text: str, data: st.DataObject) -> None:
    text += SOFT  # so that the cut text is looked at as closely as the whole
    normal = normalise(text)
    letters = [i for i, c in enumerate(normal.text) if is_letter(c)]
    if not letters:
        return
    start, end = sorted((data.draw(st.sampled_from(letters)), data.draw(st.sampled_from(letters))))
    while end + 1 < len(normal.text) and unicodedata.combining(normal.text[end + 1]):
        end += 1
    assert normalise(slice_of(text, normal, start, end + 1) + SOFT).text == normal.text[start : end + 1]


@given(st.text())
def test_what_nobody_sees_makes_no_difference(text: str) -> None:
    plain = normalise(text + SOFT).text
    assert normalise("\u200b" + text + SOFT).text == plain


@given(st.text(alphabet="Aäöüeéиеёйł -'", max_size=20))
def test_composed_and_decomposed_letters_are_one(text: str) -> None:
    assert normalise(unicodedata.normalize("NFD", text)).text == normalise(unicodedata.normalize("NFC", text)).text


def test_a_name_has_single_spaces() -> None:
    assert normal_name(" Ada\u00a0 \n Quint‑Ро\u0301зе") == "Ada Quint-Розе"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Łukasz Žižka", "Lukasz Zizka"),
        ("Özil", "Özil"),
        ("Groß", "Groß"),
        ("Йосипів", "Йосипів"),
        ("Đoković", "Dokovic"),
        ("Işık", "Isik"),
    ],
)
def test_foreign_accents_go_and_german_and_cyrillic_letters_stay(name: str, plain: str) -> None:
    assert unaccented(name) == plain
