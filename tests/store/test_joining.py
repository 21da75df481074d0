"""Two stories that turn out to be one become one, and nothing of either is lost."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

from sqlite_utils import Database

from newswatch.matching import find_mentions
from newswatch.pipelines.revise import RevisePipeline
from newswatch.revisions import Same, decide
from newswatch.store import stories
from newswatch.store.identity import identify
from newswatch.store.joining import current_id, join
from newswatch.store.opening import writing
from newswatch.store.reading import find_story
from newswatch.story import Fault, Gone, Passage, Story
from tests.conftest import NOW, make_story
from tests.matching.test_mentions import QUINT

HOME = "https://www.beispiel.example/"
FLOOD, FAIR = "Das Wasser stand bis an die Kante des alten Deichs, sagte Ada Quint am Abend.", "Auf der Messe der Stadt drehen sich Räder."
HOUR = timedelta(hours=1)


def of(slug: str, text: str = FLOOD, hours: int = 0, **more: object) -> Story:
    values: dict[str, object] = {"site_key": None, "title": "Die Flut", "lead": None}
    return make_story(url=HOME + slug, body=(Passage(None, (text,)),), seen_at=NOW + hours * HOUR, **(values | more))


def see(db: Database, story: Story, run_id: int | None = None) -> tuple[Fault, ...]:
    """Saves a story; returns what of it was not believed."""
    doubts = identify(db, story).doubts
    outcome = decide(stories.last_revision(db, story), story)
    stories.save(db, outcome, [] if isinstance(outcome, Same) else find_mentions(story, QUINT))
    return doubts


def rows(db: Database, sql: str) -> list[tuple]:
    return db.execute(sql).fetchall()


def count(db: Database, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def two(db: Database) -> None:
    """One text under two addresses, each edited once."""
    see(db, of("alt"))
    see(db, of("neu", hours=1, title="Die Flut kommt"))
    see(db, of("alt", FLOOD + " Mehr nicht.", hours=2))
    see(db, of("neu", FLOOD + " Und sonst nichts.", hours=3, title="Die Flut kommt"))
    assert count(db, "stories") == 2


def test_a_canonical_that_comes_later_joins_two_stories(db: Database) -> None:
    two(db)
    before = {table: count(db, table) for table in ("revisions", "mentions", "events", "story_urls")}
    see(db, of("alt", FLOOD + " Und sonst nichts.", hours=4, title="Die Flut kommt", claimed=(HOME + "neu",)))
    assert {table: count(db, table) for table in before} == before
    assert rows(db, "SELECT id, revisions, first_seen_at FROM stories") == [(1, 4, "2026-11-22T12:00:00Z")]
    assert rows(db, "SELECT number, seen_at, changed_fields FROM revisions ORDER BY number") == [
        (1, "2026-11-22T12:00:00Z", ""),
        (2, "2026-11-22T13:00:00Z", "title"),
        (3, "2026-11-22T14:00:00Z", "title body"),
        (4, "2026-11-22T15:00:00Z", "title body"),
    ]
    for table in before:
        assert rows(db, f"SELECT DISTINCT story_id FROM {table}") == [(1,)]


def test_a_redirect_from_one_to_the_other_joins_them_too(db: Database) -> None:
    two(db)
    see(db, of("neu", FLOOD + " Und sonst nichts.", hours=4, title="Die Flut kommt", urls=(HOME + "alt", HOME + "neu")))
    assert rows(db, "SELECT id, url, revisions FROM stories") == [(1, HOME + "neu", 4)]


def test_an_edit_that_joins_is_the_newest_revision(db: Database) -> None:
    two(db)
    see(db, of("neu", FLOOD + " Neues am Morgen.", hours=4, urls=(HOME + "alt",)))
    assert rows(db, "SELECT max(number), count(*) FROM revisions") == [(5, 5)]


def test_the_old_id_stays_good(db: Database) -> None:
    two(db)
    see(db, of("alt", hours=4, claimed=(HOME + "neu",)))
    assert rows(db, "SELECT old_id, new_id FROM story_joined") == [(2, 1)]
    assert current_id(db, 2) == 1 and current_id(db, 1) == 1
    assert find_story(db, "2") == 1 and find_story(db, HOME + "neu") == 1 and find_story(db, "3") is None


def test_joining_again_changes_nothing_and_three_become_one_in_any_order(db: Database) -> None:
    for slug in ("a", "b", "c"):
        see(db, of(slug))
    with writing(db):
        assert join(db, [3, 2]) == 2
        assert join(db, [2, 3]) == 2
        assert join(db, [1, 2]) == 1
        assert join(db, [3, 1, 2]) == 1
    assert rows(db, "SELECT old_id, new_id FROM story_joined ORDER BY 1") == [(2, 1), (3, 1)]
    assert [n for (n,) in rows(db, "SELECT number FROM revisions ORDER BY id")] == [1, 2, 3]
    assert rows(db, "SELECT revisions FROM stories") == [(3,)]


def test_a_canonical_to_a_story_that_reads_otherwise_joins_nothing(db: Database) -> None:
    see(db, of("flut"))
    (doubt,) = see(db, of("messe", FAIR, title="Die Messe", claimed=(HOME + "flut",)))
    assert (doubt.kind, doubt.url) == ("canonical", HOME + "messe") and "another headline" in doubt.detail
    assert count(db, "stories") == 2


def test_an_address_that_was_only_claimed_goes_to_the_story_that_is_read_there(db: Database) -> None:
    see(db, of("messe", FAIR, title="Die Messe", claimed=(HOME + "flut",)))
    assert rows(db, "SELECT url, claimed FROM story_urls ORDER BY 1") == [(HOME + "flut", 1), (HOME + "messe", 0)]
    assert stories.save_gone(db, Gone("beispiel", HOME + "flut", NOW, 410)) is None  # nothing was ever read there
    see(db, of("flut"))
    assert count(db, "stories") == 2
    assert rows(db, "SELECT url, story_id, claimed FROM story_urls ORDER BY 1") == [(HOME + "flut", 2, 0), (HOME + "messe", 1, 0)]
    assert see(db, of("messe", FAIR, title="Die Messe", claimed=(HOME + "flut",)))  # now it is doubted


def test_a_claim_that_is_true_makes_one_story_in_either_order(db: Database) -> None:
    see(db, of("flut?x=1", claimed=(HOME + "flut",)))
    see(db, of("flut", hours=1))
    assert rows(db, "SELECT revisions FROM stories") == [(1,)]
    assert rows(db, "SELECT url, claimed FROM story_urls ORDER BY 1") == [(HOME + "flut", 0), (HOME + "flut?x=1", 0)]


def test_an_old_slug_that_leads_to_another_story_leaves_both(db: Database) -> None:
    see(db, of("flut"))
    see(db, of("messe", FAIR, title="Die Messe"))
    (doubt,) = see(db, of("messe", FAIR, title="Die Messe", urls=(HOME + "flut",), hours=1))
    assert (doubt.kind, doubt.url) == ("redirect", HOME + "flut")
    assert count(db, "stories") == 2


def test_the_sites_keys_keep_two_stories_apart_whatever_a_page_says(db: Database) -> None:
    see(db, of("17/flut", site_key="17"))
    see(db, of("18/flut", site_key="18", claimed=(HOME + "17/flut",)))
    see(db, of("18/flut", site_key="18", urls=(HOME + "17/flut",)))
    assert rows(db, "SELECT site_key, revisions FROM stories ORDER BY id") == [("17", 1), ("18", 1)]


def test_a_key_that_was_only_claimed_goes_to_the_story_that_has_it(db: Database) -> None:
    see(db, of("messe", FAIR, title="Die Messe", site_key="17", key_is_claimed=True))
    assert rows(db, "SELECT site_key, key_claimed FROM stories") == [("17", 1)]
    see(db, of("17/flut", site_key="17"))
    assert rows(db, "SELECT site_key, key_claimed FROM stories ORDER BY id") == [(None, 0), ("17", 0)]
    see(db, of("messe", FAIR, title="Die Messe", site_key="17", key_is_claimed=True, hours=1))
    assert rows(db, "SELECT site_key, key_claimed FROM stories ORDER BY id") == [(None, 0), ("17", 0)]


def test_a_canonical_on_another_site_links_two_stories_and_joins_none(db: Database) -> None:
    other = "https://anderes.example/flut"
    see(db, of("flut", copy_of=other))
    assert rows(db, "SELECT story_id, url, kind, other_id FROM story_links") == [(1, other, "canonical", None)]
    see(db, dataclasses.replace(of("x", site="anderes"), url=other))
    assert rows(db, "SELECT story_id, url, kind, other_id FROM story_links") == [(1, other, "canonical", 2)]
    assert count(db, "stories") == 2
    see(db, of("flut", hours=1))
    assert count(db, "story_links") == 0


def test_one_text_on_two_sites_of_a_publisher_is_two_stories(db: Database) -> None:
    see(db, of("flut"))
    see(db, of("flut", site="schwester", copy_of=HOME + "flut"))
    assert rows(db, "SELECT site FROM stories ORDER BY id") == [("beispiel",), ("schwester",)]
    assert rows(db, "SELECT story_id, other_id FROM story_links") == [(2, 1)]


def test_links_move_with_a_story_that_is_joined(db: Database) -> None:
    see(db, of("flut", site="schwester", copy_of=HOME + "b"))
    see(db, of("a"))
    see(db, of("b", hours=1))
    assert rows(db, "SELECT other_id FROM story_links") == [(3,)]
    with writing(db):
        join(db, [2, 3])
    assert rows(db, "SELECT story_id, other_id FROM story_links") == [(1, 2)]


def test_a_template_that_lies_is_told_once_a_run(db: Database, tmp_path: Path) -> None:
    see(db, of("flut"))
    stage = RevisePipeline(tmp_path / "news.db")
    told = [
        stage.process_item(of(f"nummer-{n}", f"{FAIR} Zum {n}. Mal.", title=f"Messe {n}", claimed=(HOME + "flut",))).story.doubts
        for n in range(3)
    ]
    stage.close_spider()
    assert [len(doubts) for doubts in told] == [1, 0, 0]


def test_an_address_that_leads_to_the_newest_of_many_moves_on(db: Database) -> None:
    """`/wetter` leads to the weather of the day."""
    see(db, of("wetter-am-montag", FLOOD, urls=(HOME + "wetter",)))
    assert not see(db, of("wetter-am-dienstag", FAIR, title="Sonne", hours=24, urls=(HOME + "wetter",)))
    assert rows(db, "SELECT id, revisions FROM stories") == [(1, 1), (2, 1)]
    assert rows(db, f"SELECT story_id FROM story_urls WHERE url = '{HOME}wetter'") == [(2,)]
    see(db, of("wetter", "Nun steht hier selbst eine Meldung, und von ganz anderem ist die Rede.", title="Wind", hours=48))
    assert rows(db, "SELECT id, title, revisions FROM stories") == [(1, "Die Flut", 1), (2, "Sonne", 1), (3, "Wind", 1)]
    see(db, of("wetter", FAIR, title="Alles neu", hours=72))  # its own address needs no agreement
    assert rows(db, "SELECT revisions FROM stories WHERE id = 3") == [(2,)]


def test_copies_of_one_unknown_story_that_do_not_agree_are_doubted(db: Database) -> None:
    see(db, of("17/flut", site_key="17", copy_of=HOME + "1/x"))
    (doubt,) = see(db, of("18/messe", FAIR, title="Die Messe", site_key="18", copy_of=HOME + "1/x"))
    assert doubt.kind == "canonical" and rows(db, "SELECT story_id, other_id FROM story_links") == [(1, None)]
    see(db, of("1/x", "Der Markt ist zu, sagt das Amt der Stadt.", title="Der Markt", site_key="1"))
    assert rows(db, "SELECT story_id, other_id FROM story_links") == []
    see(db, of("19/markt", "Der Markt ist zu, sagt das Amt der Stadt.", title="Der Markt", site_key="19", copy_of=HOME + "1/x"))
    assert rows(db, "SELECT story_id, other_id FROM story_links") == [(4, 3)] and count(db, "stories") == 4
