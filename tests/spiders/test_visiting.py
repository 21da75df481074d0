"""Crawls that are told to wait, forbidden, slowed down: by robots.txt and Retry-After, from run to run."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from newswatch.extraction.dates import from_text, to_text
from newswatch.sites import load_sites
from newswatch.spiders.listings import listings_of
from newswatch.store import open_store
from newswatch.store.due import next_due
from tests.crawling import FAST, crawl, folder_settings, scrapy, write_site
from tests.spiders.hostile import HTML, good
from tests.spiders.timed import TimedSite

PAGES = [f"/politik/{n}/gut" for n in range(1, 6)]
TEXT = {"Content-Type": "text/plain"}


def healthy(site: TimedSite, folder: Path, robots: str | None = None) -> None:
    """A section of five stories."""
    site.lists(*PAGES)
    site.pages |= {path: (200, HTML, good(path.split("/")[2])) for path in PAGES}
    if robots is not None:
        site.pages["/robots.txt"] = (200, TEXT, robots.encode())
    write_site(folder, site.url)


def faults(folder: Path) -> list[tuple[str, str]]:
    """(kind, detail) of the last run."""
    rows = Database(folder / "news.db").query("SELECT kind, detail FROM faults WHERE run_id = (SELECT max(id) FROM runs) ORDER BY id")
    return [(row["kind"], row["detail"]) for row in rows]


def rows(folder: Path, sql: str) -> list[Any]:
    return Database(folder / "news.db").execute(sql).fetchall()


def change(folder: Path, sql: str, *values: object) -> None:
    db = Database(folder / "news.db")
    db.execute(sql, values)
    db.conn.commit()
    db.close()


HEADERS = {
    "seconds": lambda: "3600",
    "date": lambda: format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True),
    "absurd": lambda: "99999999999999999999",
}


@pytest.mark.parametrize("which", HEADERS)
def test_a_429_leaves_the_host_alone_from_run_to_run_and_nothing_is_lost(which: str, tmp_path: Path) -> None:
    with TimedSite() as site:
        healthy(site, tmp_path)
        site.pages |= {path: (429, {"Retry-After": HEADERS[which]()}, b"") for path in PAGES}
        began = datetime.now(UTC).replace(microsecond=0)
        done = crawl("beispiel", tmp_path, "-s", "RETRY_ENABLED=1")
        assert done.returncode == 1 and len(set(site.paths()) - {"/politik/"}) == 1 == len(site.paths()) - 1
        until = from_text(rows(tmp_path, "SELECT not_before FROM hosts")[0][0])
        assert until
        wanted = timedelta(hours=24 if which == "absurd" else 1)
        assert wanted - timedelta(seconds=2) <= until - began <= wanted + timedelta(seconds=60)
        assert [kind for kind, _ in faults(tmp_path)] == ["told_to_wait"] and to_text(until) in faults(tmp_path)[0][1]

        asked = len(site.asked)
        assert crawl("beispiel", tmp_path).returncode == 1
        assert len(site.asked) == asked
        assert [kind for kind, _ in faults(tmp_path)] == ["told_to_wait"]
        _assert_due_then(tmp_path, until)

        site.pages |= {path: (200, HTML, good(path.split("/")[2])) for path in PAGES}
        change(tmp_path, "UPDATE hosts SET not_before = '2026-01-01T00:00:00Z'")
        assert crawl("beispiel", tmp_path).returncode == 0
    assert rows(tmp_path, "SELECT count(*) FROM stories")[0][0] == len(PAGES)
    assert rows(tmp_path, "SELECT count(*) FROM frontier")[0][0] == 0


def _assert_due_then(folder: Path, until: datetime) -> None:
    """Links and section wait until then, uncounted as failures; `scrapy watch` begins no crawl before."""
    assert set(rows(folder, "SELECT next_check_at, failures FROM frontier")) == {(to_text(until), 0)}
    assert rows(folder, "SELECT count(*) FROM frontier")[0][0] == len(PAGES)
    assert rows(folder, "SELECT next_check_at, failures FROM sections") == [(to_text(until), 0)]
    site = load_sites(folder / "sites")["beispiel"]
    db = open_store(folder / "news.db")
    (found,) = next_due(db, {"beispiel": listings_of(site)}, datetime.now(UTC).replace(microsecond=0))
    db.close()
    assert (found.at, found.sections, found.links, found.stories) == (until, 0, 0, 0)


@pytest.mark.parametrize("path", ["/robots.txt", "/.well-known/tdmrep.json", "/politik/"])
def test_a_503_with_retry_after_before_any_page_leaves_a_section_that_was_never_read_waiting(path: str, tmp_path: Path) -> None:
    with TimedSite() as site:
        healthy(site, tmp_path)
        site.pages[path] = (503, {"Retry-After": "7200"}, b"")
        assert crawl("beispiel", tmp_path, "-s", "RETRY_ENABLED=1").returncode == 1
        assert [p for p, *_ in site.asked].count(path) == 1 and site.asked[-1][0] == path
    assert [kind for kind, _ in faults(tmp_path)] == ["told_to_wait"]
    assert rows(tmp_path, "SELECT next_check_at FROM sections") == rows(tmp_path, "SELECT not_before FROM hosts")


def test_a_robots_txt_that_fails_forbids_all_and_one_that_is_not_there_allows_all(tmp_path: Path) -> None:
    with TimedSite() as site:
        healthy(site, tmp_path)
        site.pages["/robots.txt"] = (503, TEXT, b"")
        done = crawl("beispiel", tmp_path)
        assert site.paths() == [] and done.returncode == 1 and [k for k, _ in faults(tmp_path)] == ["robots"]
        site.pages["/robots.txt"] = (403, TEXT, b"no")
        assert crawl("beispiel", tmp_path).returncode == 0 and len(site.paths()) == 6


def test_a_robots_txt_is_asked_once_a_day_and_the_last_one_holds_while_there_is_none(tmp_path: Path) -> None:
    with TimedSite() as site:
        healthy(site, tmp_path, "User-agent: newswatch\nDisallow: /politik/2/\n")
        for _ in range(2):
            crawl("beispiel", tmp_path)
        of_the_host = [path for path, *_ in site.asked if path not in site.paths()]
        assert of_the_host == ["/robots.txt", "/.well-known/tdmrep.json"]
        change(tmp_path, "UPDATE hosts SET robots_at = ?", to_text(datetime.now(UTC) - timedelta(days=2)))
        site.pages["/robots.txt"] = (500, TEXT, b"")
        crawl("beispiel", tmp_path)
        assert [path for path, *_ in site.asked].count("/robots.txt") == 2
        assert "/politik/2/gut" not in site.paths() and [k for k, _ in faults(tmp_path)] == ["robots"]
        site.pages["/robots.txt"] = (200, TEXT, b"")
        crawl("beispiel", tmp_path)
        assert "/politik/2/gut" in site.paths() and faults(tmp_path) == []


def test_a_robots_txt_may_stand_on_another_host_five_redirects_away(tmp_path: Path) -> None:
    with TimedSite() as site, TimedSite() as other:
        healthy(site, tmp_path)
        site.pages["/robots.txt"] = (301, {"Location": f"{other.url}1"}, b"")
        other.pages |= {f"/{n}": (302, {"Location": f"/{n + 1}"}, b"") for n in range(1, 10)}
        other.pages["/5"] = (200, TEXT, b"User-agent: *\nDisallow: /politik/3/\n")
        crawl("beispiel", tmp_path)
        assert "/politik/3/gut" not in site.paths() and "/politik/2/gut" in site.paths()
        del other.pages["/5"]
        other.pages["/5"] = (302, {"Location": "/6"}, b"")
        change(tmp_path, "DELETE FROM hosts")
        crawl("beispiel", tmp_path)
        assert "/politik/3/gut" in site.paths() and "/7" not in other.paths()


def test_a_crawl_delay_is_the_least_time_between_two_requests(tmp_path: Path) -> None:
    with TimedSite() as site:
        healthy(site, tmp_path, "User-agent: *\nCrawl-delay: 1\nDisallow: /intern/\n")
        crawl("beispiel", tmp_path, "-s", "AUTOTHROTTLE_ENABLED=1", "-s", "AUTOTHROTTLE_START_DELAY=0")
        times = [at for _, at, _ in site.asked]
    assert len(times) == 8 and min(b - a for a, b in pairwise(times)) > 0.9


def test_the_longest_rule_decides_in_a_crawl_too(tmp_path: Path) -> None:
    with TimedSite() as site:
        healthy(site, tmp_path, "User-agent: *\nDisallow: /\nAllow: /politik/$\nAllow: /politik/*/gut\nDisallow: /politik/4/\n")
        crawl("beispiel", tmp_path)
    run = Database(tmp_path / "news.db")["runs"].get(1)
    assert json.loads(run["counts"])["new"] == 5 and faults(tmp_path) == []


def test_other_commands_leave_a_host_alone_that_asked_a_crawl_for_it(tmp_path: Path) -> None:
    with TimedSite() as site:
        healthy(site, tmp_path)
        site.pages["/politik/"] = (429, {"Retry-After": "7200"}, b"")
        crawl("beispiel", tmp_path)
        asked = len(site.asked)
        for command in (["checksites", "beispiel"], ["addsite", site.url], ["freeze", f"{site.url}politik/1/gut"]):
            done = scrapy(*command, *folder_settings(tmp_path), "-s", f"PAGES_DIR={tmp_path / 'pages'}", *FAST)
            assert "asks to be left alone until" in done.stdout + done.stderr, done.stdout + done.stderr
        assert len(site.asked) == asked
