"""The last stories of a site as the store gives them, and the fault of the run that they make."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

from sqlite_utils import Database

from newswatch.coverage import LEAST_PAST, RECENT, find_drops, reading_of
from newswatch.revisions import decide
from newswatch.store import open_store
from newswatch.store.coverage import last_readings
from newswatch.store.stories import last_revision, save
from newswatch.story import Stamp, Story
from tests.conftest import NOW, make_story
from tests.crawling import crawl, write_site
from tests.spiders.hostile import HostileSite


def put(db: Database, story: Story) -> None:
    save(db, decide(last_revision(db, story), story), [])


def story(n: int, **changes: object) -> Story:
    """Story `n`, read `n` minutes ago."""
    at = NOW - timedelta(minutes=n)
    values = {"url": f"https://www.beispiel.example/politik/{n}/", "site_key": str(n), "published": Stamp(at, "x"), "seen_at": at}
    return make_story(**(values | changes))


def test_a_reading_of_the_store_is_that_of_the_story(db: Database) -> None:
    full = story(1, authors=("Ada Quint",), section=("Politik",), keywords=("Deich",), caption="Der Deich", modified=Stamp(NOW, "x"))
    bare = story(2, lead=None, published=None)
    put(db, bare)
    put(db, full)
    assert last_readings(db, "beispiel") == [reading_of(full), reading_of(bare)]
    assert last_readings(db, "another") == []


def test_a_story_that_is_edited_twenty_times_is_one_story(db: Database) -> None:
    for n in range(LEAST_PAST + RECENT, 1, -1):
        put(db, story(n))
    for edit in range(RECENT):
        put(db, story(1, title=f"Ticker {edit}", lead=None, seen_at=NOW + timedelta(minutes=edit)))
    found = last_readings(db, "beispiel")
    assert len(found) == LEAST_PAST + RECENT and "lead" not in found[0].filled
    assert find_drops(found) == []


def test_a_crawl_says_which_field_fell_out(tmp_path: Path) -> None:
    with HostileSite(faults={}) as site:
        write_site(tmp_path, site.url)
        site.pages = 30
        db = open_store(tmp_path / "news.db")
        for n in range(1000, 1100):
            url = f"{site.url}politik/{n}/gut"
            put(db, dataclasses.replace(story(n), url=url, urls=(url,)))
        db.execute("UPDATE stories SET next_check_at = NULL")  # looked at for the last time
        db.close()
        done = crawl("beispiel", tmp_path)
    assert done.returncode == 1
    assert "2 × coverage" in done.stdout
    assert "published missing in 20 of 20" in done.stdout
    assert "lead missing in 20 of 20 stories since" in done.stdout and "(before: 10 of 110)" in done.stdout
