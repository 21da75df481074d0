"""Against the live site: `pytest -m live tests/live`, by hand, with a network and your own contact in settings/local.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.crawling import scrapy

pytestmark = pytest.mark.live


def test_a_section_of_the_live_site_is_read(tmp_path: Path) -> None:
    database = tmp_path / "live.db"
    done = scrapy("crawl", "t-online", "-a", "sections=ausland", "-s", f"DATABASE={database}", "-s", "CLOSESPIDER_ITEMCOUNT=8", timeout=300)
    assert done.returncode in (0, 1), done.stderr
    rows = list(Database(database).query("SELECT title, body, published_at FROM revisions"))
    assert len(rows) >= 3
    assert all(r["title"] and len(r["body"]) > 200 and r["published_at"] for r in rows)
