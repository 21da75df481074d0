"""Sites are hostile: a fault each, the crawl goes on, memory stays bounded."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from newswatch.store import open_store
from tests.crawling import MemoryWatch, crawl, write_site
from tests.spiders.hostile import FAULTS, GOOD_PAGES, HTML, HostileSite, good

ALL: tuple[str, ...] = ()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], dict[str, int], CompletedProcess[str], HostileSite, int]:
    """Fault kinds by path, counts of the run, the finished process, the site, and the largest memory in bytes."""
    folder = tmp_path_factory.mktemp("hostile")
    with HostileSite() as site, MemoryWatch() as memory:
        write_site(folder, site.url)
        done = crawl("beispiel", folder, is_fresh=True)
    db = open_store(folder / "news.db")
    kinds = {row["url"].rsplit("/", 1)[-1]: row["kind"] for row in db["faults"].rows}
    counts = json.loads(next(iter(db["runs"].rows))["counts"])
    db.close()
    return kinds, counts, done, site, memory.largest


@pytest.mark.parametrize("name", FAULTS)
def test_a_page_that_cannot_be_read_is_a_fault_of_its_kind(name: str, crawled: tuple) -> None:
    assert crawled[0].get(name) == FAULTS[name][0]


def test_the_crawl_goes_on_and_reads_the_good_pages(crawled: tuple) -> None:
    _, counts, done, *_ = crawled
    assert counts["new"] == GOOD_PAGES
    assert counts["faults"] == len(FAULTS)
    assert done.returncode == 1


def test_a_bad_href_costs_only_itself_and_is_counted(crawled: tuple) -> None:
    assert crawled[1]["malformed_links"] == 1


def test_memory_stays_below_300_megabytes(crawled: tuple) -> None:
    assert 30 * 2**20 < crawled[4] < 300 * 2**20


def test_what_stood_there_before_stays_when_a_page_goes_bad(tmp_path: Path) -> None:
    """An error page, a soft 404, a consent wall, letters that are garbled: faults, and the text that is kept stays."""
    bad = {name: FAULTS[name] for name in ("soft-404", "consent-wall", "garbled", "empty", "no-text", "server-error")}
    healthy = {name: ("", lambda: (200, HTML, good())) for name in bad}
    with HostileSite(faults=healthy) as site:
        write_site(tmp_path, site.url)
        assert crawl("beispiel", tmp_path).returncode == 0
        db = open_store(tmp_path / "news.db")
        kept = list(db.query("SELECT story_id, number, title, body FROM revisions ORDER BY id"))
        site.faults = bad
        assert crawl("beispiel", tmp_path, *ALL).returncode == 1
    assert list(db.query("SELECT story_id, number, title, body FROM revisions ORDER BY id")) == kept
    assert len(kept) == len(bad) + GOOD_PAGES
    assert {row["url"].rsplit("/", 1)[-1]: row["kind"] for row in db["faults"].rows} == {name: kind for name, (kind, _) in bad.items()}
    assert not db.execute("SELECT count(*) FROM stories WHERE gone_at IS NOT NULL").fetchone()[0]
    db.close()


def test_robots_txt_is_asked_first(crawled: tuple) -> None:
    assert crawled[3].asked[0] == "/robots.txt"
