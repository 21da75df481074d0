"""What is known of hosts: by origin, from run to run, and what waits for them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from scrapy.settings import Settings
from sqlite_utils import Database

from newswatch.extraction.dates import to_text
from newswatch.politeness.hosts import Hosts, hosts_for, origin_of
from newswatch.revisions import decide
from newswatch.store import open_store
from newswatch.store.hosts import Host, host_of, keep_wait, postpone
from newswatch.store.runs import save_listing
from newswatch.store.stories import save
from newswatch.story import Link, Listing
from tests.conftest import NOW, make_story

HOUR = timedelta(hours=1)
ORIGIN = "https://www.beispiel.example"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://www.Beispiel.example/politik/?a=b", ORIGIN),
        ("https://www.beispiel.example:443", ORIGIN),
        ("http://www.beispiel.example:8080/", "http://www.beispiel.example:8080"),
        ("http://ada@[::1]:80/", "http://[::1]"),
        ("http://[::1", None),
        ("http://www.beispiel.example:99999/", None),
        ("file:///etc/hostname", None),
        ("https:///x", None),
    ],
)
def test_a_host_is_known_by_its_origin(url: str, expected: str | None) -> None:
    assert origin_of(url) == expected


def test_what_a_host_says_is_there_in_the_next_run(tmp_path: Path) -> None:
    open_store(tmp_path / "news.db").close()
    settings = Settings({"DATABASE": tmp_path / "news.db"})
    hosts = hosts_for(settings)
    hosts.keep_robots(ORIGIN, "Disallow: /x", 200, NOW)
    hosts.keep_tdm(ORIGIN, None, NOW)
    hosts.keep_wait(ORIGIN, NOW + HOUR)
    hosts.close()
    again = hosts_for(settings)
    assert again.get(ORIGIN) == Host(ORIGIN, "Disallow: /x", 200, NOW, NOW + HOUR, None, NOW)
    again.close()


def test_a_replay_and_a_database_that_is_not_there_keep_nothing(tmp_path: Path) -> None:
    for settings in ({"DATABASE": tmp_path / "none.db"}, {"DATABASE": tmp_path / "none.db", "REPLAY": "x.warc"}):
        hosts = hosts_for(Settings(settings))
        hosts.keep_wait(ORIGIN, NOW + HOUR)
        assert hosts.waits_until(ORIGIN, NOW) == NOW + HOUR
    assert not (tmp_path / "none.db").exists()


def test_a_host_that_waits_does_so_by_http_and_https_and_not_on_another_port() -> None:
    hosts = Hosts(None)
    hosts.keep_wait("http://www.beispiel.example", NOW + HOUR)
    asked = [ORIGIN, "http://www.beispiel.example", "http://www.beispiel.example:8080", "https://beispiel.example"]
    assert [hosts.waits_until(o, NOW) for o in asked] == [NOW + HOUR, NOW + HOUR, None, None]
    assert hosts.waits_until(ORIGIN, NOW + HOUR) is None


def test_a_wait_that_a_clock_set_back_makes_endless_is_none() -> None:
    hosts = Hosts(None)
    hosts.keep_wait(ORIGIN, NOW + timedelta(days=40))
    assert hosts.waits_until(ORIGIN, NOW) is None


def test_a_store_that_fails_costs_only_the_memory_of_the_next_run(db: Database) -> None:
    hosts = Hosts(db)
    db.execute("DROP TABLE hosts")
    db.execute(
        "CREATE TABLE hosts (origin TEXT PRIMARY KEY, robots_text, robots_status, robots_at, not_before, tdm_text, tdm_at,"
        " CHECK (not_before IS NULL))"
    )
    hosts.keep_wait(ORIGIN, NOW + HOUR)
    assert hosts.waits_until(ORIGIN, NOW) == NOW + HOUR and host_of(db, ORIGIN).not_before is None


def test_what_is_due_at_a_host_that_waits_is_due_when_it_no_longer_does(db: Database) -> None:
    mine, other = f"{ORIGIN}/politik/", "https://feeds.beispiel.example/politik.rss"
    links = (Link(f"{ORIGIN}/politik/18/x"), Link("https://www.beispiel.example.evil.example/19"))
    for name, url in (("politik", mine), ("politik feed 1", other)):
        save_listing(db, Listing("beispiel", name, url, links, NOW))
    save(db, decide(None, make_story()), [])
    keep_wait(db, ORIGIN, NOW + 20 * HOUR)
    postpone(db, "anderes", NOW)
    postpone(db, "beispiel", NOW + timedelta(minutes=1))
    until = to_text(NOW + 20 * HOUR)
    rows = db.execute(
        "SELECT url, next_check_at = ? FROM sections UNION SELECT url, next_check_at = ? FROM frontier"
        " UNION SELECT url, next_check_at = ? FROM stories",
        [until] * 3,
    ).fetchall()
    assert dict(rows) == {
        mine: 1,
        other: 0,
        links[0].url: 1,
        links[1].url: 0,
        make_story().url: 1,
    }
