"""What is due, as the store knows it."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from newswatch import schedule
from newswatch.revisions import Same, decide
from newswatch.store import due, open_store, runs, stories
from newswatch.store.opening import writing
from newswatch.store.timing import rhythm_from, rhythm_text, spend
from newswatch.story import Fault, Gone, Link, Listing, Stamp, Unchanged
from tests.conftest import NOW, make_story

URL = "https://www.beispiel.example/politik/17/ein-fall"
SECTION = "https://www.beispiel.example/politik/"
LISTINGS = {"politik": SECTION}
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def listing(at: datetime, *links: str | Link, **changes: object) -> Listing:
    found = tuple(link if isinstance(link, Link) else Link(link) for link in links)
    values: dict[str, object] = {"site": "beispiel", "section": "politik", "url": SECTION, "links": found, "seen_at": at}
    return Listing(**(values | changes))  # type: ignore[arg-type]


def save(db: Database, at: datetime, **changes: object) -> object:
    story = make_story(seen_at=at, **changes)
    outcome = decide(stories.last_revision(db, story), story)
    stories.save(db, outcome, [])
    return outcome


def due_at(db: Database, at: datetime) -> due.Due:
    return due.due_of(db, "beispiel", LISTINGS, at)


def story_next(db: Database) -> str | None:
    return db.execute("SELECT next_check_at FROM stories").fetchone()[0]


def fault(at: datetime, **changes: object) -> Fault:
    values: dict[str, object] = {"site": "beispiel", "kind": "timeout", "url": URL, "detail": "slow", "seen_at": at}
    return Fault(**(values | changes))  # type: ignore[arg-type]


def test_a_section_that_was_never_read_is_due(db: Database) -> None:
    assert due_at(db, NOW).sections == ("politik",)


def test_a_section_that_was_read_waits_and_one_whose_address_changed_does_not(db: Database) -> None:
    runs.save_listing(db, listing(NOW))
    found = due_at(db, NOW)
    assert not found and found.next_at and NOW + schedule.SHORTEST <= found.next_at <= NOW + schedule.LONGEST
    assert due_at(db, found.next_at).sections == ("politik",)
    assert due.due_of(db, "beispiel", {"politik": SECTION + "neu/"}, NOW).sections == ("politik",)


def test_links_wait_from_the_listing_until_their_story_is_saved(db: Database) -> None:
    runs.save_listing(db, listing(NOW, URL))
    assert [link.url for link in due_at(db, NOW).links] == [URL]
    save(db, NOW)
    assert due_at(db, NOW).links == ()
    runs.save_listing(db, listing(NOW + HOUR, URL))
    assert due_at(db, NOW + HOUR).links == (), "its story is known"


def test_a_link_that_cannot_be_read_backs_off_and_is_not_lost_when_the_section_drops_it(db: Database) -> None:
    runs.save_listing(db, listing(NOW, URL))
    run = runs.begin_run(db, "beispiel", NOW, None)
    runs.save_fault(db, run, fault(NOW))
    assert due_at(db, NOW + 9 * MINUTE).links == ()
    runs.save_listing(db, listing(NOW + 9 * MINUTE))
    assert len(due_at(db, NOW + 10 * MINUTE).links) == 1
    runs.save_fault(db, run, fault(NOW + 10 * MINUTE))
    assert due_at(db, NOW + 29 * MINUTE).links == ()
    assert len(due_at(db, NOW + 30 * MINUTE).links) == 1


def test_a_link_that_could_never_be_read_is_forgotten_after_two_weeks(db: Database) -> None:
    runs.save_listing(db, listing(NOW, URL))
    run = runs.begin_run(db, "beispiel", NOW, None)
    for n in range(8):
        runs.save_fault(db, run, fault(NOW + n * HOUR))
    runs.begin_run(db, "beispiel", NOW + 13 * DAY, None)
    assert db["frontier"].count == 1
    runs.begin_run(db, "beispiel", NOW + 15 * DAY, None)
    assert db["frontier"].count == 0


def test_a_section_that_fails_backs_off_and_comes_back(db: Database) -> None:
    run = runs.begin_run(db, "beispiel", NOW, None)
    at = NOW
    waits = []
    for _ in range(9):
        runs.save_fault(db, run, fault(at, section="politik", url=SECTION))
        next_at = due_at(db, at).next_at
        assert next_at
        waits.append((next_at - at) / MINUTE)
        at = next_at
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 1440]
    runs.save_listing(db, listing(at))
    runs.save_fault(db, run, fault(at, section="politik", url=SECTION, kind="listing"))
    assert due_at(db, at + DAY).sections == ("politik",)


def test_a_fault_that_is_of_no_page_delays_nothing(db: Database) -> None:
    save(db, NOW)
    before = story_next(db)
    runs.save_fault(db, runs.begin_run(db, "beispiel", NOW, None), fault(NOW, kind="coverage"))
    assert story_next(db) == before


def test_a_new_story_is_due_within_hours_and_fewer_times_as_it_ages(db: Database) -> None:
    save(db, NOW)
    gaps, at = [], NOW
    while (found := due_at(db, at)).stories or found.next_at:
        if found.stories:
            stories.save_unchanged(db, Unchanged("beispiel", URL, at, "not-modified"))
        next_at = due.due_of(db, "beispiel", {}, at).next_at
        if next_at is None:
            break
        gaps.append(next_at - at)
        at = next_at
    assert gaps[0] < 6 * HOUR and gaps[-1] > 2 * DAY and at - NOW > schedule.WATCHED_FOR - schedule.LONGEST_OF_STORY
    assert story_next(db) is None


def test_an_edit_begins_the_ladder_anew(db: Database) -> None:
    save(db, NOW)
    stories.save_unchanged(db, Unchanged("beispiel", URL, NOW + 20 * DAY, "not-modified"))
    slow = story_next(db)
    save(db, NOW + 20 * DAY + HOUR, lead="Nach kurzer Nacht.")
    fast = story_next(db)
    assert slow and fast and fast < slow


def test_what_the_listing_says_is_newer_is_due_at_once_and_survives_a_kill(db: Database) -> None:
    save(db, NOW)
    later = NOW + 10 * MINUTE
    runs.save_listing(db, listing(NOW, Link(URL, "Alt", updated=NOW)))
    runs.save_listing(db, listing(later, Link(URL, "Alt", updated=NOW)))
    assert due_at(db, later).stories == ()
    runs.save_listing(db, listing(later + MINUTE, Link(URL, "Alt", updated=later)))
    assert [s.url for s in due_at(db, later + MINUTE).stories] == [URL]
    assert isinstance(save(db, later + 2 * MINUTE), Same)
    assert due_at(db, later + 2 * MINUTE).stories == ()
    runs.save_listing(db, listing(later + 9 * MINUTE, Link(URL, "Neu", updated=later)))
    assert len(due_at(db, later + 9 * MINUTE).stories) == 1


def test_a_missing_story_is_looked_at_again_soon_and_a_gone_one_now_and_then(db: Database) -> None:
    save(db, NOW)
    at = NOW + HOUR
    stories.save_gone(db, Gone("beispiel", URL, at, 404))
    assert due_at(db, at + schedule.MISSING_AGAIN).stories
    stories.save_gone(db, Gone("beispiel", URL, at + schedule.MISSING_AGAIN, 404))
    assert not due_at(db, at + DAY).stories and due_at(db, at + 8 * DAY).stories


def test_a_clock_that_jumps_makes_each_thing_due_once(db: Database) -> None:
    ahead = NOW + 20 * HOUR
    save(db, ahead)
    runs.save_listing(db, listing(ahead, URL))
    found = due_at(db, NOW)
    assert found.sections and found.stories
    stories.save_unchanged(db, Unchanged("beispiel", URL, NOW, "not-modified"))
    runs.save_listing(db, listing(NOW, URL, unchanged=True))
    assert not due_at(db, NOW + MINUTE)


def test_a_time_beyond_all_measure_counts_as_due(db: Database) -> None:
    save(db, NOW)
    runs.save_listing(db, listing(NOW, URL + "-2"))
    for table in ("sections", "stories", "frontier"):
        db.execute(f"UPDATE {table} SET next_check_at = '2062-01-01T00:00:00Z'")
    found = due_at(db, NOW)
    assert found.sections and found.stories and found.links


def test_an_index_is_due_with_the_first_of_those_it_leads_to(db: Database) -> None:
    runs.save_listing(db, listing(NOW, is_index=True))
    for n in (1, 2):
        runs.save_listing(db, listing(NOW, section=f"politik part {n}", url=f"{SECTION}{n}", parent="politik"))
    db.execute("UPDATE sections SET next_check_at = '2026-11-22T12:07:00Z' WHERE name = 'politik part 1'")
    runs.save_listing(db, listing(NOW, section="politik part 2", url=f"{SECTION}2", parent="politik"))
    assert due_at(db, NOW + 7 * MINUTE).sections == ("politik",)


def test_what_is_next_of_several_sites(db: Database) -> None:
    runs.save_listing(db, listing(NOW, URL))
    first, second = due.next_due(db, {"beispiel": LISTINGS, "anders": {"alles": "https://anders.example/"}}, NOW)
    assert (first.site, first.at, first.sections, first.links) == ("anders", NOW, 1, 0)
    assert (second.site, second.at, second.sections, second.links) == ("beispiel", NOW, 0, 1)
    save(db, NOW)
    (only,) = due.next_due(db, {"beispiel": LISTINGS}, NOW)
    assert only.at and only.at > NOW and (only.sections, only.links, only.stories) == (0, 0, 0)
    (nothing,) = due.next_due(db, {"leer": {}}, NOW)
    assert nothing.at is None


def test_a_budget_that_is_used_up_waits_for_the_hour_to_pass(db: Database) -> None:
    with writing(db):
        spend(db, "beispiel", NOW + 2 * MINUTE, 3)
        spend(db, "beispiel", NOW + 7 * MINUTE, 4)
    now = NOW + 10 * MINUTE
    assert due.spent(db, "beispiel", now) == 7
    (site,) = due.next_due(db, {"beispiel": LISTINGS}, now, {"beispiel": 7})
    assert site.out_of_budget and site.at == NOW + HOUR and site.sections == 1
    (site,) = due.next_due(db, {"beispiel": LISTINGS}, NOW + HOUR, {"beispiel": 7})
    assert not site.out_of_budget and site.spent == 4
    assert due.spent(db, "beispiel", NOW - HOUR) == 0, "a clock that was set back"


def test_what_was_learned_is_stored_and_read_back(db: Database) -> None:
    at = NOW
    for new in (3, 0, 5):
        at += HOUR
        runs.save_listing(db, listing(at, *[f"{URL}-{at.hour}-{n}" for n in range(new)]))
    text = db.execute("SELECT rhythm FROM sections").fetchone()[0]
    rhythm = rhythm_from(text)
    assert rhythm.at == at and round(sum(rhythm.new), 3) == 5 and round(sum(rhythm.hours), 3) == 2
    assert rhythm_text(rhythm) == text
    assert db.execute("SELECT json_array_length(activity) FROM habits").fetchone()[0] == schedule.SLOTS


def test_an_old_database_gets_a_schedule_and_old_stories_stay_at_rest(tmp_path: Path) -> None:
    db = open_store(tmp_path / "x.db")
    save(db, NOW - 100 * DAY)
    save(db, NOW, url=URL.replace("17", "18"), site_key="18")
    later = [m for m in ("schedules",) if db.execute("SELECT 1 FROM _sqlite_migrations WHERE name = ?", [m]).fetchone()]
    assert later == ["schedules"]
    for statement in ("DROP INDEX stories_due", *(f"DROP TABLE {t}" for t in ("frontier", "habits", "requests"))):
        db.execute(statement)
    for table, columns in {"sections": "failures read_at rhythm parent", "stories": "checked_at changed_at failures"}.items():
        for column in columns.split():
            db.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    db.execute("UPDATE stories SET next_check_at = NULL")
    db.execute("DELETE FROM _sqlite_migrations WHERE name = 'schedules'")
    db.close()
    db = open_store(tmp_path / "x.db")
    assert [s.url for s in due_at(db, NOW).stories] == [URL.replace("17", "18")]
    db.close()


def test_the_queries_of_the_schedule_use_their_indexes(db: Database) -> None:
    values = due._values("beispiel", NOW)
    for sql, index in (
        (f"SELECT count(*) FROM stories WHERE {due._STORY_DUE}", "stories_due"),
        (f"SELECT count(*) FROM frontier WHERE {due._LINK_DUE}", "frontier_due"),
    ):
        plan = " ".join(row[3] for row in db.execute("EXPLAIN QUERY PLAN " + sql, values))
        assert index in plan and "SCAN" not in plan, plan


def test_a_story_that_was_old_when_it_was_found_is_not_looked_at_like_a_new_one(db: Database) -> None:
    save(db, NOW, published=Stamp(NOW - 900 * DAY, "x"))
    next_at = story_next(db)
    assert next_at and next_at > (NOW + DAY).strftime("%Y-%m-%dT")
