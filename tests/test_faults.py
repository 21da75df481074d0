"""The table of faults names tests that are there."""

from __future__ import annotations

import re

from tests.conftest import ROOT

ROWS = re.findall(r"^\| (\d+) \|(.+)\|$", (ROOT / "tests" / "FAULTS.md").read_text(encoding="utf-8"), re.M)
NOT_YET: set[int] = set()
"""Whoever writes such a test names it in the table and takes the number away here."""


def test_every_fault_has_its_line() -> None:
    assert [int(number) for number, _ in ROWS] == list(range(1, 56))


def test_every_test_that_is_named_is_there() -> None:
    for number, row in ROWS:
        named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row)
        for path, name in named:
            assert re.search(rf"^\s*(?:def|class) {name}\b", (ROOT / path).read_text(encoding="utf-8"), re.M), f"{number}: {path}::{name}"
        assert named or "the same" in row or int(number) in NOT_YET, number


def test_what_is_not_shown_yet_says_so() -> None:
    assert {int(number) for number, row in ROWS if row.rstrip().endswith("not yet")} == NOT_YET
