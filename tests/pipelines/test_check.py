"""What a reader handed over becomes clean, or a fault."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlite_utils import Database

from newswatch.pipelines.check import LONGEST_TEXT, check
from newswatch.revisions import decide
from newswatch.store.stories import save
from newswatch.story import Fault, Passage, Stamp, Story
from tests.conftest import NOW, make_story


def test_what_no_database_and_no_mail_can_hold_is_cleaned(db: Database) -> None:
    story = check(make_story(title="Rat\x00 stimmt\u2028zu\ud800", body=(Passage("Am\rDeich", ("Ein\u0007 Satz\udfff.",)),)))
    assert isinstance(story, Story)
    assert (story.title, story.body) == ("Rat stimmt zu", (Passage("Am Deich", ("Ein Satz.",)),))
    save(db, decide(None, story), [])
    assert db.execute("SELECT title FROM revisions").fetchone() == ("Rat stimmt zu",)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"title": "\x00\u200b"}, "layout"),
        ({"body": ()}, "layout"),
        ({"body": (Passage(None, ("MÃ¼ller grÃ¼ÃŸt die BÃ¼rger.",)),)}, "charset"),
        ({"body": (Passage(None, ("a " * LONGEST_TEXT,)),)}, "too_large"),
    ],
)
def test_what_is_no_story_becomes_a_fault(changes: dict[str, object], kind: str) -> None:
    outcome = check(make_story(**changes))
    assert isinstance(outcome, Fault) and outcome.kind == kind


def test_a_date_from_the_future_is_never_sorted_first(db: Database) -> None:
    absurd = Stamp(NOW.replace(year=2062), "2062-11-22", ("future",))
    save(db, decide(None, make_story(published=absurd)), [])
    real = Stamp(NOW + timedelta(hours=1), "x")
    later = make_story(site_key="18", url="https://www.beispiel.example/politik/18/", published=real)
    save(db, decide(None, later), [])
    newest_first = "SELECT site_key FROM stories ORDER BY sort_at DESC"
    assert [key for (key,) in db.execute(newest_first)] == ["18", "17"]
