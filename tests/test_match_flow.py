"""A watchlist that is applied afterwards comes to what it would have come to from the start, over the demo papers."""

from __future__ import annotations

from pathlib import Path

import pytest

from newswatch.demo.__main__ import HERE, write_demo_files
from newswatch.demo.server import DemoServer
from newswatch.store import open_store
from tests.crawling import crawl, scrapy
from tests.dump import dump

WHOLE = (HERE / "watchlist.toml").read_text(encoding="utf-8")
WITHOUT_PERSONS = WHOLE[WHOLE.index("[nordwacht]") :].replace(', "@scheljabin"', "").replace("nordwacht", "nord-wacht")
ANOTHER = (
    WHOLE.replace('weak = ["Sommerfeld"]', "")
    .replace('weak = [{ text = "ZGS", case = "exact", near = ["@zgs", "Denkfabrik*", "Karvonien"] }]', 'names = ["ZGS"]')
    .replace('weak = ["Wellmann"]', 'weak = [{ text = "Wellmann", near = ["@kranich"] }]')
)
RULES = '[rules.beide]\nwhen = "nordwacht and scheljabin within 40"\n[rules.ohne]\nwhen = "tag:lunnemark and not nordwacht"\n'
LISTS = {"few": WITHOUT_PERSONS, "another": ANOTHER, "none": ""}


def walk(folder: Path, before: str, at_last: str) -> dict[str, list[tuple]]:
    """The papers crawled twice, with another watchlist the second time; what is in the database then."""
    folder.mkdir()
    with DemoServer() as papers:
        write_demo_files(folder, papers.port)
        for papers.step, text in enumerate((before, at_last)):
            (folder / "watchlists" / "demo.toml").write_text(text, encoding="utf-8")
            for site in ("morgenbote", "blitzblatt"):
                done = crawl(site, folder)
                assert done.returncode in (0, 1), done.stderr
    return settled(folder)


def settled(folder: Path) -> dict[str, list[tuple]]:
    """The content without addresses' ports and what differs by intent: names once watched, events found afterwards."""
    out = dump(folder / "news.db")
    return {key: rows for key, rows in out.items() if key in ("mentions", "events", "watchlist", "matched")}


@pytest.fixture(scope="module")
def from_the_start(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple]]:
    return walk(tmp_path_factory.mktemp("start") / "x", WHOLE + RULES, WHOLE + RULES)


@pytest.mark.parametrize("before", LISTS)
def test_match_equals_a_crawl_with_the_watchlist_from_the_start(
    before: str, from_the_start: dict[str, list[tuple]], tmp_path: Path
) -> None:
    folder = tmp_path / "x"
    mixed = walk(folder, LISTS[before], WHOLE + RULES if before == "few" else LISTS[before])
    assert mixed != from_the_start
    (folder / "watchlists" / "demo.toml").write_text(WHOLE + RULES, encoding="utf-8")
    done = scrapy("match", "-s", f"DATABASE={folder / 'news.db'}", "-s", f"WATCHLISTS_DIR={folder / 'watchlists'}")
    assert done.returncode == 0, done.stderr
    assert settled(folder) == from_the_start
    db = open_store(folder / "news.db")
    assert db.execute("SELECT count(*) FROM events WHERE past").fetchone()[0]
    db.close()
