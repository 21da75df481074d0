"""Dates to UTC, with what had to be assumed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswatch.extraction.dates import best_stamp, checked, find_date, from_text, is_relative, parse_stamp, to_text
from newswatch.extraction.datewords import date_words
from newswatch.story import Stamp

BERLIN = ZoneInfo("Europe/Berlin")


def first_stamp(raws: Iterable[str | None], zone: ZoneInfo) -> Stamp | None:
    """The best of several texts, the most trusted first."""
    return best_stamp((parse_stamp(raw, zone) for raw in raws), zone)


@pytest.mark.parametrize(
    ("raw", "utc", "flags"),
    [
        ("2023-07-26T06:02:11.000Z", "2023-07-26T06:02:11Z", ()),
        ("2023-07-26T08:02:11+02:00", "2023-07-26T06:02:11Z", ()),
        ("2023-07-26T08:02:11+0200", "2023-07-26T06:02:11Z", ()),
        ("2023-07-26 08:02", "2023-07-26T06:02:00Z", ("zone-assumed",)),
        ("20230726", "2023-07-25T22:00:00Z", ("day-only",)),
        ("2023-07-26", "2023-07-25T22:00:00Z", ("day-only",)),
        ("Wed, 26 Jul 2023 08:02:11 +0200", "2023-07-26T06:02:11Z", ()),
        ("Aktualisiert am 07.01.2026 - 18:50 Uhr", "2026-01-07T17:50:00Z", ("zone-assumed",)),
        ("Stand: 22.11.2026, 10:15 Uhr", "2026-11-22T09:15:00Z", ("zone-assumed",)),
        ("22.11.2026", "2026-11-21T23:00:00Z", ("day-only",)),
        ("2026-03-29T02:30:00", "2026-03-29T01:30:00Z", ("zone-assumed", "gap")),
        ("2026-10-25T02:30:00", "2026-10-25T00:30:00Z", ("zone-assumed", "fold")),
        ("25.10.2026, 02:30 Uhr", "2026-10-25T00:30:00Z", ("zone-assumed", "fold")),
        ("25.10.2026, 02:30 Uhr MEZ", "2026-10-25T01:30:00Z", ()),
        ("29.03.2026, 02:30 Uhr MEZ", "2026-03-29T01:30:00Z", ()),
        ("2026-11-22T10:15:00+0100", "2026-11-22T09:15:00Z", ()),
        ("2026-11-22T10:15:00.123456789+01:00", "2026-11-22T09:15:00Z", ()),
        ("2026-11-22T10:15:00+01:00[Europe/Berlin]", "2026-11-22T09:15:00Z", ()),
        ("2026-11-22T10:15:00+99:99", "2026-11-22T09:15:00Z", ("zone-assumed",)),
        ("20261122T1015", "2026-11-22T09:15:00Z", ("zone-assumed",)),
        ("20261122T101500Z", "2026-11-22T10:15:00Z", ()),
        ("1795338900", "2026-11-22T09:15:00Z", ()),
        ("1795338900123", "2026-11-22T09:15:00Z", ()),
        ("Sun, 22 Nov 2026 10:15:00 CET", "2026-11-22T09:15:00Z", ()),
        ("Sun, 22 Nov 2026 09:15:00 GMT", "2026-11-22T09:15:00Z", ()),
        ("Sun, 22 Nov 2026 04:15:00 EST", "2026-11-22T09:15:00Z", ()),
        ("Wed, 22 Jul 2026 10:15:00 MESZ", "2026-07-22T08:15:00Z", ()),
        ("Wed, 22 Jul 2026 10:15:00 BST", "2026-07-22T09:15:00Z", ()),
        ("Wed, 22 Jul 2026 10:15:00 ET", "2026-07-22T14:15:00Z", ()),
        ("Wed, 22 Jul 2026 10:15:00 IST", "2026-07-22T08:15:00Z", ("zone-assumed",)),
        ("Sun Nov 22 10:15:00 CET 2026", "2026-11-22T09:15:00Z", ()),
        ("Sun Nov 22 2026 10:15:00 GMT+0100 (MEZ)", "2026-11-22T09:15:00Z", ()),
        ("22. November 2026, 10.15 Uhr", "2026-11-22T09:15:00Z", ("zone-assumed",)),
        ("So, 22.11.2026 10:15", "2026-11-22T09:15:00Z", ("zone-assumed",)),
        ("22. Jänner 2026, 22 Uhr", "2026-01-22T21:00:00Z", ("zone-assumed",)),
        ("10:15 Uhr, 22.11.2026", "2026-11-22T09:15:00Z", ("zone-assumed",)),
        ("um 12:15 am 22.11.2026", "2026-11-22T11:15:00Z", ("zone-assumed",)),
        ("22.11.26, 22:15", "2026-11-22T21:15:00Z", ("zone-assumed",)),
        ("22.11.2026 | Lesezeit 3.50 Minuten", "2026-11-21T23:00:00Z", ("day-only",)),
        ("22.11.2026, 25:15 Uhr", "2026-11-21T23:00:00Z", ("day-only",)),
        ("22.11.2026 10:15-11:30", "2026-11-22T09:15:00Z", ("zone-assumed",)),
    ],
)
def test_a_date_is_read_with_what_was_assumed(raw: str, utc: str, flags: tuple[str, ...]) -> None:
    stamp = parse_stamp(raw, BERLIN)
    assert stamp and (to_text(stamp.at), stamp.flags, stamp.raw) == (utc, flags, raw)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        "",
        "vor 3 Stunden",
        "gestern",
        "0001-01-01T00:00:00+14:00",
        "2026-13-45",
        "99.99.2026",
        "1970-01-01T00:00:00Z",
        "1989-12-31",
        "2101-01-01",
        "1.2.26",
        "10.11.12 Uhr",
        "11/22/2026",
        "31.02.2026",
        "22. Foo 2026",
        "22.11.",
        "10:15 Uhr",
        "2026",
        "vor einer Stunde (22.11.2026, 10:15)",
        "123.22.11.2026",
        "http://a.example/2026",
        "0",
        "4795338900",
        "22 November 2026 " * 9,
    ],
)
def test_what_is_no_date_is_none(raw: str | None) -> None:
    assert parse_stamp(raw, BERLIN) is None


@pytest.mark.parametrize(
    ("language", "raw", "utc"),
    [
        ("en", "November 22, 2026 10:15 am", "2026-11-22T09:15:00Z"),
        ("en", "Nov. 22, 2026, 12:05 p.m.", "2026-11-22T11:05:00Z"),
        ("en", "12:05 a.m. on 22nd of November, 2026", "2026-11-21T23:05:00Z"),
        ("en", "11/22/2026 10:15 PM", "2026-11-22T21:15:00Z"),
        ("en", "05/06/2026", "2026-06-04T22:00:00Z"),
        ("en-US", "05/06/2026", "2026-05-05T22:00:00Z"),
        ("en-US", "22/11/2026", "2026-11-21T23:00:00Z"),
        ("en-US", "05.06.2026", "2026-06-04T22:00:00Z"),
        ("fr", "22/11/2026 10h15", "2026-11-22T09:15:00Z"),
        ("fr", "22 nov. 2026 à 10h15", "2026-11-22T09:15:00Z"),
        ("fr", "1er décembre 2026 à 10 h", "2026-12-01T09:00:00Z"),
        ("es", "22 de noviembre de 2026, 10:15", "2026-11-22T09:15:00Z"),
        ("es", "22/nov/2026 - 10:15 p. m.", "2026-11-22T21:15:00Z"),
        ("it", "22 novembre 2026, ore 10.15", "2026-11-22T09:15:00Z"),
        ("pl", "22 listopada 2026, 10:15", "2026-11-22T09:15:00Z"),
        ("pl", "22 paź 2026 r. godz. 10.15", "2026-10-22T08:15:00Z"),
        ("cs", "22. listopadu 2026 v 10:15", "2026-11-22T09:15:00Z"),
        ("cs", "22. 9. 2026 v 10.15", "2026-09-22T08:15:00Z"),
        ("nl", "22 november 2026 om 10.15 uur", "2026-11-22T09:15:00Z"),
        ("nl", "22 mrt. 2026", "2026-03-21T23:00:00Z"),
        ("de", "22 AOÛT 2026", "2026-08-21T22:00:00Z"),
    ],
)
def test_a_date_is_read_as_its_language_writes_it(language: str, raw: str, utc: str) -> None:
    stamp = parse_stamp(raw, BERLIN, language)
    assert stamp and to_text(stamp.at) == utc


@pytest.mark.parametrize(
    "raw",
    [
        "vor 3 Stunden",
        "vor etwa einer Minute",
        "an hour ago",
        "3h ago",
        "il y a 2 jours",
        "hace una hora",
        "un'ora fa",
        "godzinę temu",
        "před 5 minutami",
        "3 uur geleden",
        "Vor 2 Std.",
    ],
)
def test_a_relative_time_is_known_for_one(raw: str) -> None:
    assert is_relative(raw) and parse_stamp(raw, BERLIN) is None


@pytest.mark.parametrize(
    "raw", ["Rede vor dem Ministerrat", "vor Ort", "Minuten", "for the first time", "fa caldo", "22.11.2026, 10:15 Uhr"]
)
def test_what_is_not_relative_is_not_taken_for_it(raw: str) -> None:
    assert not is_relative(raw)


def test_where_a_date_stands_in_its_line_is_told() -> None:
    line = "Wasser · 10:15 Uhr, 22.11.2026 · Lesezeit 3 Min"
    found = find_date(line, BERLIN)
    assert found and line[found[1] : found[2]] == "10:15 Uhr, 22.11.2026"


def test_every_month_of_every_language_is_a_month() -> None:
    words = date_words()
    for language, names in words.by_language.items():
        assert sorted(set(names.values())) == list(range(1, 13)), language
        for name, month in names.items():
            stamp = parse_stamp(f"15. {name} 2026", BERLIN, language)
            assert stamp and stamp.at.astimezone(BERLIN).month == month, (language, name)


def test_a_month_that_means_two_things_is_read_in_its_own_language_only() -> None:
    words = replace(date_words(), by_language={"pl": {"listopad": 11}, "hr": {"listopad": 10}}, everywhere={})
    assert [words.month("Listopad", language) for language in ("pl", "hr", "de")] == [11, 10, None]


def test_a_time_of_day_is_better_than_a_more_trusted_day() -> None:
    stamp = first_stamp([None, "2026-11-20", "2026-11-20T10:00:00Z"], BERLIN)
    assert stamp and stamp.at.hour == 10


def test_a_time_of_another_day_is_no_better_than_a_more_trusted_day() -> None:
    stamp = first_stamp(["2026-11-20", "2026-11-21T10:00:00Z", "2026-11-20T23:30:00Z"], BERLIN)
    assert stamp and stamp.flags == ("day-only",)


def test_an_assumed_zone_gives_way_to_a_stated_one_of_the_same_clock() -> None:
    stamp = first_stamp(["2026-11-20 10:15", "2026-11-20T10:15:00Z"], BERLIN)
    assert stamp and stamp.raw == "2026-11-20T10:15:00Z"
    stamp = first_stamp(["2026-11-20 10:15:33", "2026-11-20T11:15:33+01:00"], BERLIN)
    assert stamp and to_text(stamp.at) == "2026-11-20T10:15:33Z"
    for other in ("2026-11-20T12:00:00Z", "2026-11-20T10:07:00Z", "2026-11-21T10:00:00Z", "2026-11-20 12:00"):
        stamp = first_stamp(["2026-11-20 10:00", other], BERLIN)
        assert stamp and stamp.raw == "2026-11-20 10:00", other


def test_no_more_is_read_than_needed() -> None:
    def raws() -> Iterator[str]:
        yield "2026-11-20T10:00:00Z"
        raise AssertionError

    assert first_stamp(raws(), BERLIN)


def test_a_day_is_backward_only_when_all_of_it_is() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    published, day = parse_stamp("2026-11-22T10:15:00Z", BERLIN), parse_stamp("22.11.2026", BERLIN)
    assert checked(published, day, now)[1] == day
    _, before = checked(published, parse_stamp("21.11.2026", BERLIN), now)
    assert before and before.flags == ("day-only", "backward")


def test_what_cannot_be_believed_is_flagged_not_dropped() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    late, early = Stamp(datetime(2062, 1, 1, tzinfo=UTC), "x"), Stamp(datetime(2026, 1, 1, tzinfo=UTC), "y")
    published, modified = checked(late, early, now)
    assert published and published.flags == ("future",) and modified and modified.flags == ("backward",)


PARTS = st.sampled_from(
    ["22", ".", "11", "/", "2026", " ", ":", "10", "15", "am", "pm", "Uhr", "Nov", "vor", "h", "T", "Z", "+", "99", "ET", "年"]
)


@given(st.one_of(st.text(max_size=60), st.lists(PARTS, max_size=14).map("".join)), st.sampled_from(["de", "en", "en-US", "fr", "xx", ""]))
def test_no_text_raises(raw: str, language: str) -> None:
    parse_stamp(raw, BERLIN, language)
    found = find_date(raw, BERLIN, language)
    assert found is None or 0 <= found[1] < found[2] <= len(raw)


@given(st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2100, 1, 1)))
def test_storing_and_reading_back_is_the_same_second(at: datetime) -> None:
    at = at.replace(tzinfo=UTC, microsecond=0)
    assert from_text(to_text(at)) == at
