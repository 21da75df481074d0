"""New, changed, or the same."""

from __future__ import annotations

import dataclasses
import unicodedata
from datetime import timedelta

import pytest

from newswatch.revisions import FIELDS, Changed, New, Same, Suspect, content, content_hash, decide
from newswatch.story import Passage, Revision, Stamp, Story
from newswatch.suspicion import SECOND_LOOK, Pending
from tests.conftest import NOW, make_story


def kept(story: Story) -> Revision:
    fields = content(story)
    return Revision(
        1, 1, 1, content_hash(fields), fields, body=story.body, entries=story.entries, access=story.access, modified=story.modified
    )


def text(*paragraphs: str) -> tuple[Passage, ...]:
    return (Passage(None, paragraphs),)


def waiting(suspect: object, **changes: object) -> Pending:
    assert isinstance(suspect, Suspect)
    return dataclasses.replace(Pending(suspect.content_hash, suspect.story.seen_at, content(suspect.story)), **changes)


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


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Der Deich hält.", "Der Teich hält."),
        ("Es waren 31.000 Menschen.", "Es waren 13.000 Menschen."),
        ("Es kostet 1.234,56 Euro.", "Es kostet 1.234,65 Euro."),
        ("Um 10:15 Uhr.", "Um 10.15 Uhr."),
        ("Sie trank in Massen.", "Sie trank in Maßen."),
        ("Das Rathaus in Krahwinden.", "Das Rathaus in Krähwinden."),
        ("Sie sagte es.", "Sie sagte es?"),
        ("Sie sagte: Ja.", "Sie sagte: „Ja.“"),
        ('Sie sagte: "Ja."', "Sie sagte: „Ja.“"),
        ("Der CO2-Preis", "Der CO₂-Preis"),
        ("der Rat", "Der Rat"),
    ],
)
def test_an_edit_of_one_letter_number_or_mark_is_one_revision(before: str, after: str) -> None:
    old = make_story(body=text(before))
    outcome = decide(kept(old), make_story(body=text(after)))
    assert isinstance(outcome, Changed) and outcome.fields == ("body",)
    assert isinstance(decide(kept(outcome.story), outcome.story), Same)


@pytest.mark.parametrize("other", ["Die  Größe\u00a0hält", "Die Gro\u0308ße hält", " Die Größe hält\n"])
def test_white_space_and_the_way_letters_are_composed_are_none(other: str) -> None:
    assert isinstance(decide(kept(make_story(title="Die Größe hält")), make_story(title=other)), Same)


# --- what a page says of its edits


def stamp(hours: float, *flags: str) -> Stamp:
    return Stamp(NOW + timedelta(hours=hours), "x", flags)


@pytest.mark.parametrize(
    ("before", "after", "notice"),
    [
        (stamp(0), stamp(1), "stated"),
        (stamp(1), stamp(0), "stated"),
        (None, stamp(0), "stated"),
        (stamp(0), stamp(0), "silent"),
        (stamp(0), None, "undated"),
        (None, None, "undated"),
        (stamp(0, "day-only"), stamp(0, "day-only"), "undated"),
        (stamp(0, "day-only"), stamp(24, "day-only"), "stated"),
    ],
)
def test_an_edit_is_stated_silent_or_of_a_page_that_states_no_time(before: Stamp | None, after: Stamp | None, notice: str) -> None:
    outcome = decide(kept(make_story(modified=before)), make_story(title="Rat lehnt ab", modified=after))
    assert isinstance(outcome, Changed) and outcome.notice == notice


@pytest.mark.parametrize(
    ("before", "after", "is_empty"),
    [
        (stamp(0), stamp(1), True),
        (stamp(1), stamp(0), True),
        (stamp(0), stamp(0), False),
        (None, stamp(0), False),
        (stamp(0), None, False),
        (stamp(0, "day-only"), stamp(3), False),
        (stamp(0, "day-only"), stamp(24, "day-only"), True),
    ],
)
def test_an_update_without_a_change_is_told_apart(before: Stamp | None, after: Stamp | None, is_empty: bool) -> None:
    outcome = decide(kept(make_story(modified=before)), make_story(modified=after))
    assert isinstance(outcome, Same) and outcome.is_empty_update is is_empty


# --- pages that read worse

LONG = make_story(body=text(*(f"Satz {n} erzählt, was in der Nacht am Deich von Nordhusum geschah." for n in range(12))))
POOR = dataclasses.replace(LONG, body=text("Satz 1 erzählt, was in der Nacht am Deich geschah. Ein Fehler ist aufgetreten."))
LATER = NOW + SECOND_LOOK


def test_a_page_that_lost_half_its_text_is_held() -> None:
    outcome = decide(kept(LONG), POOR)
    assert isinstance(outcome, Suspect) and outcome.why == "130 of 147 words are gone"


def test_a_page_whose_headline_became_the_sites_name_is_held() -> None:
    outcome = decide(kept(LONG), dataclasses.replace(LONG, title="das  Beispiel"), names=frozenset(["Das Beispiel"]))
    assert isinstance(outcome, Suspect) and "the headline is gone" in outcome.why
    named_so = dataclasses.replace(LONG, title="Das Beispiel")
    assert isinstance(decide(kept(named_so), dataclasses.replace(named_so, kicker="Neu"), names=frozenset(["Das Beispiel"])), Changed)


def test_a_lead_that_moves_into_the_text_is_no_loss() -> None:
    lead = " ".join(["Vorspann"] * 40)
    old = make_story(lead=lead, body=text("Wenig Text."))
    assert isinstance(decide(kept(old), make_story(lead=None, body=text(lead, "Wenig Text."))), Changed)


def test_a_third_of_a_text_and_a_short_notice_may_go_at_once() -> None:
    third = dataclasses.replace(LONG, body=text(*LONG.body[0].paragraphs[:8]))
    assert isinstance(decide(kept(LONG), third), Changed)
    assert isinstance(decide(kept(make_story()), make_story(body=text("Kurz."))), Changed)


def test_the_second_look_makes_it_a_revision_and_not_before_its_time() -> None:
    pending = waiting(decide(kept(LONG), POOR))
    assert isinstance(decide(kept(LONG), POOR, pending=pending), Suspect)
    soon = dataclasses.replace(POOR, seen_at=LATER - timedelta(seconds=1))
    assert isinstance(decide(kept(LONG), soon, pending=pending), Suspect)
    outcome = decide(kept(LONG), dataclasses.replace(POOR, seen_at=LATER), pending=pending)
    assert isinstance(outcome, Changed) and outcome.fields == ("body",)


def test_a_second_page_as_poor_and_alike_confirms_too_another_does_not() -> None:
    pending = waiting(decide(kept(LONG), POOR))
    alike = dataclasses.replace(POOR, seen_at=LATER, body=text(POOR.text().replace("Fehler", "Irrtum")))
    assert isinstance(decide(kept(LONG), alike, pending=pending), Changed)
    other = dataclasses.replace(POOR, seen_at=LATER, body=text("Ganz anderes steht nun hier, nämlich ein Formular mit zwei Feldern."))
    assert isinstance(decide(kept(LONG), other, pending=pending), Suspect)


# --- pages behind a paywall

FREE = dataclasses.replace(LONG, caption="Der Deich", sources=("np",))
TEASER = dataclasses.replace(LONG, access="gated", caption=None, body=text(LONG.body[0].paragraphs[0][:-10] + " …"))


def test_a_story_that_moved_behind_a_paywall_keeps_its_text() -> None:
    outcome = decide(kept(FREE), TEASER)
    assert isinstance(outcome, Same) and outcome.unseen == ("body", "caption", "sources")
    assert content(outcome.story) == content(FREE) and outcome.story.access == "gated"


def test_behind_a_paywall_another_headline_is_a_revision_with_the_text_that_is_kept() -> None:
    outcome = decide(kept(FREE), dataclasses.replace(TEASER, title="Rat lehnt ab"))
    assert isinstance(outcome, Changed)
    assert (outcome.fields, outcome.words_added, outcome.unseen) == (("title",), 2, ("body", "caption", "sources"))
    assert outcome.story.body == FREE.body and outcome.story.sources == ("np",)


def test_an_update_time_says_nothing_of_a_text_that_is_not_seen() -> None:
    outcome = decide(kept(dataclasses.replace(FREE, modified=stamp(0))), dataclasses.replace(TEASER, modified=stamp(1)))
    assert isinstance(outcome, Same) and not outcome.is_empty_update


def test_a_gated_page_that_shows_all_is_compared_as_any_other() -> None:
    words = LONG.text().replace("Satz 1 ", "Absatz 1 ")
    outcome = decide(kept(LONG), dataclasses.replace(LONG, access="gated", body=text(*words.split("\n\n"))))
    assert isinstance(outcome, Changed) and outcome.unseen == ()


def test_the_beginning_of_a_text_behind_a_paywall_is_no_edit_however_much_of_it_is_shown() -> None:
    most = dataclasses.replace(LONG, access="gated", body=text(*LONG.body[0].paragraphs[:11]))
    assert isinstance(decide(kept(LONG), most), Same)


def test_a_story_that_was_always_gated_may_change_its_few_sentences() -> None:
    other = dataclasses.replace(TEASER, body=text("Satz 0 erzählt, was in der Nacht am Deich war …"))
    assert isinstance(decide(kept(TEASER), other), Changed)


def test_what_the_site_repeats_is_no_edit_behind_a_paywall_either() -> None:
    from newswatch.extraction.learned import block_key

    learned = frozenset([block_key(LONG.body[0].paragraphs[3])])
    assert isinstance(decide(kept(LONG), TEASER, learned), Same)
