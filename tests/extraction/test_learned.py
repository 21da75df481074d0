"""Learning a site by watching it: what unrelated stories share is the site's; what related ones share is theirs."""

from __future__ import annotations

import dataclasses

from sqlite_utils import Database

from newswatch.extraction import read_article
from newswatch.extraction.learned import block_key, is_learned, subject, without
from newswatch.revisions import New, Same, decide
from newswatch.store import stories
from newswatch.store.blocks import forget, learned_blocks
from newswatch.story import Passage, Story
from tests.conftest import NOW, make_site, make_story, page

BOX = "Die Redaktion in Nordhusum freut sich über Hinweise, Lob und Kuchen unter der bekannten Nummer."
SUBJECTS = [
    ("Deich hält stand", "Die Deichgräfin Quint gab Entwarnung für Nordhusum."),
    ("Kirmes beginnt früher", "Die Schausteller bauen schon am Dienstag ihre Buden auf."),
    ("Orgel wird geputzt", "Der Küster Jansen steigt selbst zwischen die Pfeifen."),
    ("Fähre bekommt Motor", "Die Werft Petersen liefert das Aggregat im Frühling."),
]


def story(n: int, *extra: str, title: str | None = None) -> Story:
    own_title, text = SUBJECTS[n % len(SUBJECTS)]
    return make_story(
        site_key=str(n),
        url=f"https://www.beispiel.example/politik/{n}/x",
        title=title or own_title,
        lead=None,
        body=(Passage(None, (text, *extra)),),
    )


def keep(db: Database, *seen: Story) -> frozenset[str]:
    for s in seen:
        stories.save(db, decide(None, s), [])
    return learned_blocks(db, "beispiel")


def test_a_block_of_three_unrelated_stories_is_the_sites(db: Database) -> None:
    assert keep(db, story(0, BOX), story(1, BOX)) == frozenset()
    assert keep(db, story(2, BOX)) == {block_key(BOX)}


def test_a_quotation_in_stories_about_the_same_stays(db: Database) -> None:
    quote = "„Wir haben die Lage unterschätzt, und das tut mir leid“, sagte Bürgermeister Rahn vor dem Rathaus."
    related = [story(n, quote, title=f"Rathaus: Rahn entschuldigt sich, Teil {n}") for n in range(8)]
    assert keep(db, *related) == frozenset()


def test_a_wire_copy_stays(db: Database) -> None:
    assert keep(db, *(dataclasses.replace(story(0, BOX), site_key=str(k), url=f"https://b.example/{k}") for k in range(6))) == frozenset()


def test_a_background_paragraph_of_a_running_story_stays(db: Database) -> None:
    background = "Die Flut hatte Nordhusum im November drei Tage lang vom Festland abgeschnitten und zwei Höfe zerstört."
    seen = [story(n, background, title=f"Flut: {SUBJECTS[n][0]}") for n in range(4)]
    assert keep(db, *seen) == frozenset()


def test_a_short_sentence_is_never_learned(db: Database) -> None:
    assert keep(db, *(story(n, "Die Polizei ermittelt.") for n in range(4))) == frozenset()


def test_another_sites_blocks_are_its_own(db: Database) -> None:
    keep(db, *(story(n, BOX) for n in range(3)))
    assert learned_blocks(db, "anderes") == frozenset()


def test_what_is_learned_is_left_out_and_that_is_no_edit(db: Database) -> None:
    first = story(0, BOX)
    learned = keep(db, first, story(1, BOX), story(2, BOX))
    last = stories.last_revision(db, first)
    assert last is not None and BOX in last.fields["body"]
    assert isinstance(decide(last, story(0), learned), Same)
    assert isinstance(decide(None, story(3), learned), New)
    assert BOX not in without(last.fields["body"], learned)


def test_reading_leaves_learned_blocks_out() -> None:
    paragraphs = [
        f"Am {n}. Tag stieg das Wasser in Nordhusum noch einmal um eine Handbreit, und die Pumpen liefen weiter." for n in range(4)
    ]
    html = (
        "<html><body><main><article><h1>Deich</h1>" + "".join(f"<p>{t}</p>" for t in [*paragraphs, BOX]) + "</article></main></body></html>"
    )
    read = read_article(page(html), make_site(), NOW, frozenset([block_key(BOX)]))
    assert [t for p in read.body for t in p.paragraphs] == paragraphs


def test_stories_without_words_teach_nothing() -> None:
    assert not is_learned([frozenset()] * 9)
    assert subject(story(0)).isdisjoint(subject(story(1)))


def test_what_one_story_said_long_ago_is_forgotten(db: Database) -> None:
    keep(db, story(0, BOX), story(1, BOX), story(2))
    forget(db, "beispiel", "2027-03-01T00:00:00Z")
    assert [row["hash"] for row in db.query("SELECT hash FROM blocks")] == [block_key(BOX)]
