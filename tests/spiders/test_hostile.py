"""Sites are hostile: a fault each, the crawl goes on, memory stays bounded."""

from __future__ import annotations

import json
import re

import pytest

from newswatch.store import open_store
from tests.crawling import crawl, write_site
from tests.spiders.hostile import FAULTS, GOOD_PAGES, HostileSite


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], dict[str, int], object, HostileSite]:
    """Fault kinds by path, counts of the run, the finished process and the site."""
    folder = tmp_path_factory.mktemp("hostile")
    with HostileSite() as site:
        write_site(folder, site.url)
        # the stats of Scrapy tell the largest memory the process had
        done = crawl("beispiel", folder, "-s", "MEMUSAGE_ENABLED=1", "-L", "INFO")
    db = open_store(folder / "news.db")
    kinds = {row["url"].rsplit("/", 1)[-1]: row["kind"] for row in db["faults"].rows}
    counts = json.loads(next(iter(db["runs"].rows))["counts"])
    db.close()
    return kinds, counts, done, site


@pytest.mark.parametrize("name", FAULTS)
def test_a_page_that_cannot_be_read_is_a_fault_of_its_kind(name: str, crawled: tuple) -> None:
    assert crawled[0].get(name) == FAULTS[name][0]


def test_the_crawl_goes_on_and_reads_the_good_pages(crawled: tuple) -> None:
    _, counts, done, _ = crawled
    assert counts["new"] == GOOD_PAGES
    assert counts["faults"] == len(FAULTS)
    assert done.returncode == 1


def test_a_bad_href_costs_only_itself_and_is_counted(crawled: tuple) -> None:
    assert crawled[1]["malformed_links"] == 1


def test_memory_stays_below_300_megabytes(crawled: tuple) -> None:
    largest = re.search(r"'memusage/max': (\d+)", crawled[2].stderr)
    assert largest and int(largest.group(1)) < 300 * 2**20


def test_robots_txt_is_asked_first(crawled: tuple) -> None:
    assert crawled[3].asked[0] == "/robots.txt"
