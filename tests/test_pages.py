"""What is read of the frozen pages is what was read of them when they were frozen (scrapy freeze, scrapy freeze --again)."""

from __future__ import annotations

from pathlib import Path

import pytest

from newswatch.frozen import differences, load, pages, read_frozen, site_of
from tests.conftest import ROOT

PAGES = pages(ROOT / "tests" / "pages")


def test_there_are_frozen_pages() -> None:
    assert PAGES


@pytest.mark.parametrize("page", PAGES, ids=lambda p: f"{p.parent.name}/{p.name.removesuffix('.html.gz')}")
def test_a_frozen_page_reads_as_it_did(page: Path) -> None:
    frozen, expected = load(page)
    lines = differences(expected, read_frozen(frozen, site_of(page)))
    assert not lines, "read otherwise now (scrapy freeze --again keeps it so):\n" + "\n".join(lines)


def test_differences_name_the_value_that_differs() -> None:
    old = {"title": "A", "lead": "Nach langer Nacht.", "body": [{"headline": None, "paragraphs": ["eins", "zwei"]}]}
    new = {"title": "A", "lead": None, "body": [{"headline": None, "paragraphs": ["eins", "drei", "vier"]}]}
    assert differences(old, new) == [
        'lead: "Nach langer Nacht." -> null',
        'body[0].paragraphs[1]: "zwei" -> "drei"',
        'body[0].paragraphs[2]: null -> "vier"',
    ]
    assert differences(old, old) == []
