"""Until when a server wants to be left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from newswatch.politeness.waits import wait_until
from tests.conftest import NOW

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("status", "header", "expected"),
    [
        (429, "120", timedelta(minutes=2)),
        (503, " 3600 ", timedelta(hours=1)),
        (429, "90.5", timedelta(seconds=90.5)),
        (429, "Sun, 22 Nov 2026 13:00:00 GMT", timedelta(hours=1)),
        (429, "Sunday, 22-Nov-26 13:00:00 GMT", timedelta(hours=1)),
        (429, "Sun Nov 22 13:00:00 2026", timedelta(hours=1)),
        (429, "Sun, 22 Nov 2026 14:00:00 +0100", timedelta(hours=1)),
        (429, "864000", DAY),
        (429, "9" * 5000, DAY),
        (503, "Fri, 31 Dec 9999 23:59:59 GMT", DAY),
        (429, "0", timedelta(minutes=1)),
        (429, "Sun, 22 Nov 2026 11:00:00 GMT", timedelta(minutes=1)),
        (429, None, timedelta(minutes=10)),
        (429, "later", timedelta(minutes=10)),
        (429, "-5", timedelta(minutes=10)),
        (429, "Sun, 99 Nov 99999999999999 13:00:00 GMT", timedelta(minutes=10)),
        (503, None, None),
        (503, "later", None),
        (200, "120", None),
        (301, "120", None),
        (500, "120", None),
    ],
)
def test_seconds_dates_and_absurd_values(status: int, header: str | None, expected: timedelta | None) -> None:
    assert wait_until(status, header, NOW) == (NOW + expected if expected is not None else None)
