"""Dates to UTC, with what had to be assumed."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswatch.extraction.dates import checked, first_stamp, from_text, parse_stamp, to_text
from newswatch.story import Stamp

BERLIN = ZoneInfo("Europe/Berlin")


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
    ],
)
def test_a_date_is_read_with_what_was_assumed(raw: str, utc: str, flags: tuple[str, ...]) -> None:
    stamp = parse_stamp(raw, BERLIN)
    assert stamp and (to_text(stamp.at), stamp.flags, stamp.raw) == (utc, flags, raw)


@pytest.mark.parametrize(
    "raw", [None, "", "vor 3 Stunden", "gestern", "0001-01-01T00:00:00+14:00", "2026-13-45", "99.99.2026", "1970-01-01T00:00:00Z"]
)
def test_what_is_no_date_is_none(raw: str | None) -> None:
    assert parse_stamp(raw, BERLIN) is None


def test_a_time_of_day_is_better_than_a_more_trusted_day() -> None:
    stamp = first_stamp([None, "2026-11-20", "2026-11-20T10:00:00Z"], BERLIN)
    assert stamp and stamp.at.hour == 10


def test_what_cannot_be_believed_is_flagged_not_dropped() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    late, early = Stamp(datetime(2062, 1, 1, tzinfo=UTC), "x"), Stamp(datetime(2026, 1, 1, tzinfo=UTC), "y")
    published, modified = checked(late, early, now)
    assert published and published.flags == ("future",) and modified and modified.flags == ("backward",)


@given(st.text(max_size=60))
def test_no_text_raises(raw: str) -> None:
    parse_stamp(raw, BERLIN)


@given(st.datetimes(min_value=datetime(1990, 1, 2), max_value=datetime(2100, 1, 1)))
def test_storing_and_reading_back_is_the_same_second(at: datetime) -> None:
    at = at.replace(tzinfo=UTC, microsecond=0)
    assert from_text(to_text(at)) == at
