"""New, changed, or the same."""

from __future__ import annotations

import dataclasses
import unicodedata

import pytest

from newswatch.revisions import FIELDS, Changed, New, Same, content, content_hash, decide
from newswatch.story import Passage, Revision, Stamp, Story
from tests.conftest import NOW, make_story


def kept(story: Story) -> Revision:
    fields = content(story)
    return Revision(1, 1, 1, content_hash(fields), fields)


def test_a_story_that_was_never_seen_is_new() -> None:
    assert isinstance(decide(None, make_story()), New)


def test_the_same_content_is_the_same_whatever_its_times_and_keywords() -> None:
    later = make_story(modified=Stamp(NOW, "x"), keywords=("neu",), authors=("Wer Anders",), reading_minutes=9)
    assert isinstance(decide(kept(make_story()), later), Same)


def test_composed_letters_and_white_space_are_no_edit() -> None:
    story = make_story(lead="Größe  und Höhe")
    other = make_story(lead=unicodedata.normalize("NFD", "Größe und Höhe"))
    assert isinstance(decide(kept(story), other), Same)


@pytest.mark.parametrize(
    ("change", "fields", "added", "removed"),
    [
        ({"title": "Rat stimmt nicht zu"}, ("title",), 1, 0),
        ({"kicker": "Neu"}, ("kicker",), 1, 0),
        ({"other_titles": ("SEO",)}, ("other_titles",), 1, 0),
        ({"sources": ("np",)}, ("sources",), 1, 0),
        ({"caption": "Ein Bild"}, ("caption",), 2, 0),
        ({"lead": "Nach langer Nächt."}, ("lead",), 1, 1),
        ({"body": (Passage(None, ("Die Bürgermeisterin Ada Quint sprach.", "Danach sprach jemand.")),)}, ("body",), 1, 1),
    ],
)
def test_an_edit_of_what_a_reader_reads_is_a_change(change: dict, fields: tuple[str, ...], added: int, removed: int) -> None:
    outcome = decide(kept(make_story()), make_story(**change))
    assert isinstance(outcome, Changed)
    assert (outcome.fields, outcome.words_added, outcome.words_removed) == (fields, added, removed)


def test_a_hash_of_another_version_compares_by_the_fields() -> None:
    old = dataclasses.replace(kept(make_story()), content_hash="0:abc")
    assert isinstance(decide(old, make_story()), Same)


def test_every_field_of_the_content_is_stored() -> None:
    assert set(content(make_story())) == set(FIELDS)
