"""Stories are found by identity and saved whole or not at all."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlite_utils import Database

from newswatch.errors import StaleError
from newswatch.matching import find_mentions
from newswatch.revisions import Changed, New, Same, decide
from newswatch.store import stories
from newswatch.story import Gone, Passage, Story, Unchanged
from tests.conftest import NOW, make_story
from tests.matching.test_mentions import QUINT

URL = make_story().url


def see(db: Database, story: Story) -> New | Changed | Same:
    outcome = decide(stories.last_revision(db, story), story)
    mentions = [] if isinstance(outcome, Same) else find_mentions(story, QUINT)
    stories.save(db, outcome, mentions)
    return outcome


def column(db: Database, sql: str) -> list:
    return [row[0] for row in db.execute(sql)]


def test_an_edit_makes_one_revision(db: Database) -> None:
    assert isinstance(see(db, make_story()), New)
    assert isinstance(see(db, make_story()), Same)
    assert isinstance(see(db, make_story(title="Rat lehnt ab")), Changed)
    assert column(db, "SELECT title FROM revisions ORDER BY number") == ["Rat stimmt zu", "Rat lehnt ab"]
    assert column(db, "SELECT revisions FROM stories") == [2]


def test_there_and_back_again_is_three_revisions(db: Database) -> None:
    for title in ("A eins", "B zwei", "A eins"):
        see(db, make_story(title=title))
    assert column(db, "SELECT number FROM revisions ORDER BY number") == [1, 2, 3]


def test_a_new_slug_is_the_same_story_under_both_addresses(db: Database) -> None:
    see(db, make_story())
    see(db, make_story(url=URL + "-neu", title="Anders"))
    assert column(db, "SELECT count(*) FROM stories") == [1]
    assert set(column(db, "SELECT url FROM story_urls")) == {URL, URL + "-neu"}


def test_without_a_key_a_shared_address_tells_the_story(db: Database) -> None:
    see(db, make_story(site_key=None, urls=("https://www.beispiel.example/kanonisch",)))
    see(db, make_story(site_key=None, url=URL + "?seite=2", urls=("https://www.beispiel.example/kanonisch",), title="Anders"))
    see(db, make_story(site_key=None, url=URL + "-ganz-anders"))
    assert column(db, "SELECT revisions FROM stories ORDER BY id") == [2, 1]


def test_the_same_text_on_two_sites_is_two_stories(db: Database) -> None:
    see(db, make_story())
    see(db, make_story(site="anderes"))
    assert column(db, "SELECT count(*) FROM stories") == [2]


def test_an_unchanged_page_adds_nothing_but_when_it_was_seen(db: Database) -> None:
    see(db, make_story())
    stories.save_unchanged(db, Unchanged("beispiel", URL, NOW + timedelta(hours=1), "not-modified"))
    assert column(db, "SELECT last_seen_at FROM stories") == ["2026-11-22T13:00:00Z"]
    assert column(db, "SELECT last_read_at FROM stories") == ["2026-11-22T12:00:00Z"]
    assert column(db, "SELECT count(*) FROM revisions") == [1]


def test_a_410_is_gone_at_once_a_404_after_two_looks_and_the_text_stays(db: Database) -> None:
    see(db, make_story())
    assert stories.save_gone(db, Gone("beispiel", URL, NOW, 404)) == "missing"
    assert stories.missing_urls(db, "beispiel") == [URL]
    assert stories.save_gone(db, Gone("beispiel", URL, NOW + timedelta(hours=1), 404)) == "gone"
    assert column(db, "SELECT count(*) FROM revisions") == [1]
    see(db, make_story(site_key="18", url=URL + "8"))
    assert stories.save_gone(db, Gone("beispiel", URL + "8", NOW, 410)) == "gone"
    assert stories.save_gone(db, Gone("beispiel", URL + "unbekannt", NOW, 410)) is None


def test_a_story_that_comes_back_is_no_longer_gone(db: Database) -> None:
    see(db, make_story())
    stories.save_gone(db, Gone("beispiel", URL, NOW, 410))
    see(db, make_story())
    assert column(db, "SELECT gone_at FROM stories") == [None]


def test_events_follow_the_revisions(db: Database) -> None:
    quiet = (Passage(None, ("Niemand sprach.",)),)
    see(db, make_story())
    see(db, make_story(title="Quint geht"))
    see(db, make_story(body=quiet))
    see(db, make_story())
    assert column(db, "SELECT kind FROM events ORDER BY id") == ["appeared", "headline", "left", "returned"]


def test_the_text_can_be_searched(db: Database) -> None:
    see(db, make_story())
    sql = "SELECT t.story_id FROM stories_fts f JOIN story_slots t ON t.slot = f.rowid WHERE stories_fts MATCH 'burgermeisterin'"
    assert column(db, sql) == [1]


def test_what_was_decided_on_an_older_revision_is_not_saved(db: Database) -> None:
    outcome = decide(None, make_story())
    stories.save(db, outcome, [])
    with pytest.raises(StaleError):
        stories.save(db, outcome, [])
    assert column(db, "SELECT count(*) FROM revisions") == [1]


def test_a_failure_in_the_middle_leaves_nothing(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr(stories, "insert_events", fail)
    with pytest.raises(RuntimeError):
        see(db, make_story())
    assert [column(db, f"SELECT count(*) FROM {t}") for t in ("stories", "story_urls", "revisions", "mentions")] == [[0]] * 4


def test_a_story_without_a_date_sorts_by_when_it_was_first_seen(db: Database) -> None:
    see(db, make_story())
    see(db, make_story(title="Später", seen_at=NOW + timedelta(days=1)))
    assert column(db, "SELECT sort_at FROM stories") == ["2026-11-22T12:00:00Z"]
