"""What edits say of themselves, pages that are held, and paywalls, as they are stored."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path

from sqlite_utils import Database

from newswatch.extraction.dates import to_text
from newswatch.revisions import Changed, Outcome, Same, Suspect, content, decide
from newswatch.store import open_store, stories
from newswatch.store.migrations import migrations
from newswatch.store.suspects import SOON, pending_suspect
from newswatch.story import Entry, Gated, Gone, Passage, Stamp, Story
from newswatch.suspicion import SECOND_LOOK
from tests.conftest import NOW, make_story
from tests.test_revisions import FREE, LONG, POOR, TEASER, text

HOUR = timedelta(hours=1)


def see(db: Database, story: Story) -> Outcome:
    last = stories.last_revision(db, story)
    outcome = decide(last, story, pending=pending_suspect(db, last.story_id) if last else None)
    stories.save(db, outcome, [])
    return outcome


def row(db: Database, columns: str, table: str = "stories") -> tuple:
    return db.execute(f"SELECT {columns} FROM {table} ORDER BY id DESC LIMIT 1").fetchone()


def test_silent_edits_and_empty_updates_are_counted(db: Database) -> None:
    def look(title: str, hours: int | None) -> None:
        see(db, make_story(title=title, modified=None if hours is None else Stamp(NOW + hours * HOUR, "x")))

    look("A eins", 0)
    look("B zwei", 1)
    look("C drei", 1)  # silent
    look("C drei", 2)  # empty
    look("C drei", 2)
    look("D vier", 2)  # silent: the time moved before, without a change
    look("E fünf", None)
    notices = [n for (n,) in db.execute("SELECT notice FROM revisions ORDER BY number")]
    assert notices == ["", "stated", "silent", "silent", "undated"]
    assert row(db, "silent_edits, empty_updates, revisions") == (2, 1, 5)


def test_what_is_kept_is_read_back_as_it_was(db: Database) -> None:
    body = (Passage("Die Nacht", ("Eins.", "Zwei.")), Passage(None, ("Drei.",)), Passage("Der Tag", ()))
    story = make_story(body=body, entries=(Entry("e1", Stamp(NOW, "12 Uhr"), "Um zwölf", "Drei."),), access="gated")
    see(db, story)
    last = stories.last_revision(db, story)
    assert last and (last.body, last.access, last.entries[0].text, last.fields) == (body, "gated", "Drei.", content(story))


def test_a_poor_page_is_held_without_a_trace_in_the_story(db: Database) -> None:
    see(db, dataclasses.replace(LONG, etag='"a"', last_modified="Sun", listed=NOW))
    before = row(db, "title, revisions, last_seen_at, last_read_at, modified_at")
    assert isinstance(see(db, dataclasses.replace(POOR, seen_at=NOW + HOUR, etag='"b"')), Suspect)
    assert row(db, "title, revisions, last_seen_at, last_read_at, modified_at") == before
    assert row(db, "etag, last_modified, listed_at") == (None, None, None)
    assert row(db, "next_check_at")[0] == to_text(NOW + HOUR + SOON)


def test_seen_twice_it_is_a_revision(db: Database) -> None:
    see(db, LONG)
    see(db, POOR)
    see(db, dataclasses.replace(POOR, seen_at=NOW + SECOND_LOOK / 2))  # too soon; the first time stays
    assert isinstance(see(db, dataclasses.replace(POOR, seen_at=NOW + SECOND_LOOK)), Changed)
    assert pending_suspect(db, 1) is None
    assert isinstance(see(db, dataclasses.replace(LONG, seen_at=NOW + 2 * HOUR)), Changed)
    assert row(db, "revisions") == (3,)


def test_a_good_page_between_two_poor_ones_clears_it(db: Database) -> None:
    for story, hours in ((LONG, 0), (POOR, 1), (LONG, 2), (POOR, 3)):
        outcome = see(db, dataclasses.replace(story, seen_at=NOW + hours * HOUR))
    assert isinstance(outcome, Suspect) and row(db, "revisions") == (1,)
    assert pending_suspect(db, 1).seen_at == NOW + 3 * HOUR  # type: ignore[union-attr]


def test_a_story_behind_a_paywall_says_since_when_and_comes_back(db: Database) -> None:
    def look(story: Story, hours: int) -> Outcome:
        return see(db, dataclasses.replace(story, seen_at=NOW + hours * HOUR))

    look(FREE, 0)
    assert row(db, "access, gated_since") == ("free", None)
    assert isinstance(look(TEASER, 1), Same)
    look(TEASER, 2)
    assert row(db, "access, gated_since, revisions, empty_updates") == ("gated", "2026-11-22T13:00:00Z", 1, 0)
    assert isinstance(look(dataclasses.replace(TEASER, title="Rat lehnt ab"), 3), Changed)
    assert row(db, "title, body, access, unseen", "revisions") == ("Rat lehnt ab", FREE.text(), "free", "body caption sources")
    assert isinstance(look(dataclasses.replace(TEASER, title="Rat lehnt ab"), 4), Same)
    longer = dataclasses.replace(FREE, title="Rat lehnt ab", body=text(*FREE.body[0].paragraphs, "Und mehr."))
    assert isinstance(look(longer, 5), Changed)
    assert row(db, "access, gated_since, revisions") == ("free", None, 3)


def test_an_address_that_leads_to_a_login_marks_its_story(db: Database) -> None:
    see(db, FREE)
    assert stories.save_gated(db, Gated(FREE.site, FREE.url, NOW + HOUR, "redirected"))
    assert stories.save_gated(db, Gated(FREE.site, FREE.url, NOW + 2 * HOUR, "redirected"))
    assert row(db, "access, gated_since, revisions") == ("gated", "2026-11-22T13:00:00Z", 1)
    assert not stories.save_gated(db, Gated(FREE.site, FREE.url + "x", NOW, "redirected"))
    see(db, FREE)
    assert row(db, "access, gated_since, revisions") == ("free", None, 1)


def test_a_story_that_is_gone_keeps_its_text_and_says_since_when(db: Database) -> None:
    see(db, LONG)
    for hours in (1, 2, 3):
        stories.save_gone(db, Gone(LONG.site, LONG.url, NOW + hours * HOUR, 404))
    assert row(db, "missing_since, gone_at") == ("2026-11-22T13:00:00Z", "2026-11-22T14:00:00Z")
    assert row(db, "body", "revisions") == (LONG.text(),)


def test_an_old_database_learns_which_edits_were_silent(tmp_path: Path) -> None:
    db = Database(tmp_path / "old.db")
    migrations.apply(db, stop_before="what_edits_say_of_themselves")
    empty = "'', '', '', '', '', '[]', '', NULL, '', '[]', '[]'"
    db.execute(
        "INSERT INTO stories (id, site, url, title, section, kind, access, date_flags, sort_at, first_seen_at, last_seen_at, last_read_at,"
        " revisions) VALUES (1, 'x', 'u', 't', '', 'news', 'gated', '', '1', '1', '1', '2026-11-01T00:00:00Z', 4)"
    )
    for number, modified, flags in ((1, "1", ""), (2, "1", ""), (3, "2", ""), (4, "2", "modified:day-only")):
        db.execute(
            "INSERT INTO revisions (story_id, number, seen_at, content_hash, url, kicker, title, other_titles, lead, body, passages,"
            " caption, image_credit, sources, authors, keywords, modified_at, date_flags, words, changed_fields, words_added,"
            f" words_removed) VALUES (1, ?, '1', 'h', 'u', {empty}, ?, ?, 0, '', 0, 0)",
            [number, modified, flags],
        )
    db.conn.commit()
    db.close()
    db = open_store(tmp_path / "old.db")
    assert [tuple(r) for r in db.execute("SELECT notice, access, unseen FROM revisions ORDER BY number")] == [
        ("", "gated", ""),
        ("silent", "gated", ""),
        ("stated", "gated", ""),
        ("undated", "gated", ""),
    ]
    assert row(db, "silent_edits, empty_updates, gated_since") == (1, 0, "2026-11-01T00:00:00Z")
    db.close()
