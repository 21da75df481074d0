"""The pure parts of the face: marks, charts, differences, how values look."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from lxml import etree

from newswatch.story import Mention
from newswatch.web.charts import days_until, nice, sparkline, stacked
from newswatch.web.differing import compared
from newswatch.web.marks import marked, paragraphs
from newswatch.web.reading import AskedError, Cursor
from newswatch.web.remembering import Memory
from newswatch.web.searching import marks
from newswatch.web.showing import clean, link, query, segment, when, xml

ADA = Mention("ada", "body", 0, 3, "Ada", "Ada", "exact", "Ada sprach")


def test_a_text_in_pieces_is_the_very_text() -> None:
    text = "Ada und Ada Quint 🏳️‍🌈 sprachen."
    found = [replace(ADA, start=8, end=17, surface="Ada Quint"), ADA, replace(ADA, start=8, end=11)]
    pieces = marked(text, found)
    assert "".join(p.text for p in pieces) == text
    assert [len(p.mentions) for p in pieces] == [1, 0, 2, 0]


def test_a_mention_that_does_not_stand_where_it_says_is_no_mark() -> None:
    assert all(not p.mentions for p in marked("Bob sprach.", [ADA, replace(ADA, start=90, end=93), replace(ADA, start=-1)]))


def test_any_mentions_leave_any_text_whole() -> None:
    chance = random.Random(3)
    for _ in range(200):
        text = "".join(chance.choice("aß🏳\n ") for _ in range(chance.randrange(40)))
        spans = [sorted((chance.randrange(42), chance.randrange(42))) for _ in range(6)]
        found = [replace(ADA, start=a, end=b, surface=text[a:b]) for a, b in spans]
        assert "".join(p.text for p in marked(text, found)) == text


def test_paragraphs_know_their_headlines_and_marks() -> None:
    body = "Ada sprach.\n\nWie es weitergeht\n\nDann sprach Ada."
    at = body.rindex("Ada")
    out = paragraphs(body, [(None, 1), ("Wie es weitergeht", 1)], [ADA, replace(ADA, start=at, end=at + 3)])
    assert [p.is_headline for p in out] == [False, True, False]
    assert [[x.text for x in p.pieces if x.mentions] for p in out] == [["Ada"], [], ["Ada"]]


def test_differences_fold_what_is_the_same_and_keep_words_apart() -> None:
    old = {"title": "Rat stimmt zu", "body": "Eins.\n\nZwei drei.\n\nVier."}
    fields = compared(old, {**old, "title": "Rat lehnt ab", "body": "Eins.\n\nZwei neun.\n\nVier."})
    assert [f.field for f in fields] == ["title", "body"]
    assert [is_same for is_same, _ in fields[1].groups] == [True, False, True]
    inline = "".join(text for _, text in fields[1].groups[1][1][0].inline)
    assert "drei" in inline and "neun" in inline and "dreineun" not in inline


def test_no_space_is_underlined_behind_words_that_came_or_went() -> None:
    [field] = compared({"title": "Rat sperrt eine Brücke über die Sorva"}, {"title": "Rat sperrt zwei Brücken über die Sorva"})
    row = field.groups[0][1][0]
    for runs in (row.inline, row.old, row.new):
        assert [text for kind, text in runs if kind != "same" and text != text.strip()] == []
    assert "".join(text for _, text in row.new) == "Rat sperrt zwei Brücken über die Sorva"


def test_charts_are_whole_svg_whatever_they_are_called() -> None:
    days = days_until(date(2026, 11, 22), 60)
    for chart in (
        stacked(days, {'<b>"&': {days[3]: 5}, "b": {days[3]: 1}}, 'A "chart" <of>'),
        stacked(days, {}, "nothing"),
        sparkline(days, {days[0]: 3, days[59]: 1}, "<few>"),
        sparkline([], {}, "none"),
    ):
        assert "style=" not in chart
        etree.fromstring(str(chart))
    assert stacked(days, {"a": {days[3]: 5}}, "x").count("<title>") == 1


@pytest.mark.parametrize(("highest", "top"), [(0, 2), (2, 2), (3, 4), (4, 4), (7, 8), (9, 20), (100, 200), (12_345, 20_000)])
def test_the_scale_of_a_chart_can_be_halved(highest: int, top: int) -> None:
    assert nice(highest) == top and top % 2 == 0


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "//evil.example", "http:", "https://[", "", None]
)
def test_only_addresses_of_the_web_lead_out(url: str | None) -> None:
    assert link(url) == ""
    assert link("https://a.example/ü?b=1") == "https://a.example/ü?b=1"


def test_letters_that_command_do_not_get_through() -> None:
    assert clean("a\u202eb\x00c\nd\u2066") == "ab\ufffdc\nd"
    assert xml("a\x0b\ufffe") == "a\ufffd\ufffd" and when(None) == "" and when("2026-11-22T12:00:00Z") == "2026-11-22 12:00"
    assert segment("a/b?ü") == "a%2Fb%3F%C3%BC" and query({"a": "x&y", "b": "", "c": None}) == "?a=x%26y"


def test_a_cursor_is_read_as_it_was_written_and_nothing_else() -> None:
    assert Cursor.parse(str(Cursor("2026-11-22T12:00:00Z", 7))) == Cursor("2026-11-22T12:00:00Z", 7)
    for text in ("7", "x_7", "2026_", "2026-11-22T12:00:00Z_" + "9" * 30, "' OR 1=1 --_1"):
        with pytest.raises(AskedError):
            Cursor.parse(text)


def test_what_is_remembered_is_made_again_after_a_minute() -> None:
    now = [0.0]
    memory = Memory(lambda: now[0])
    made: list[float] = []

    def make() -> float:
        made.append(now[0])
        return now[0]

    assert [memory.get("a", make), memory.get("a", make)] == [0, 0] and made == [0]
    now[0] = 61
    assert memory.get("a", make) == 61
    for n in range(100):
        memory.get(n, make)
    assert len(memory._kept) <= 32


def test_marks_of_a_search_are_taken_apart() -> None:
    assert marks("a \ue000b\ue001 c \ue000d\ue001") == [(False, "a "), (True, "b"), (False, " c "), (True, "d")]
    assert marks("\ue001a\ue000") == [(True, ""), (False, "a")][1:] or marks("\ue001a\ue000")
