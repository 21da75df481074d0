"""What a search finds, in which order, and what it says."""

from __future__ import annotations

import random
import sqlite3
import unicodedata
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from newswatch.revisions import decide
from newswatch.searching.marking import BEGIN, END
from newswatch.searching.words import fold, folded, places, tokens
from newswatch.store import open_store, stories, writing
from newswatch.store import search as searching
from newswatch.store.indexing import index_stories, unindex
from newswatch.store.search import Found, search
from newswatch.story import Mention, Passage, Stamp
from tests.conftest import NOW, make_story


def put(db: Database, number: int, text: str, *, title: str = "Rat stimmt zu", named: str = "", days: float = 0, **more: object) -> None:
    values: dict[str, object] = {
        "site_key": str(number),
        "url": f"https://www.beispiel.example/politik/{number}/",
        "title": title,
        "lead": None,
        "body": (Passage(None, (text,)),),
        "language": "de",
        "published": Stamp(NOW + timedelta(days=days), ""),
    }
    story = make_story(**(values | more))
    mentions = [Mention(named, "body", 0, 3, "Ada", "Ada", "exact", "Ada")] if named else []
    stories.save(db, decide(stories.last_revision(db, story), story), mentions)


def ids(found: Found) -> list[int]:
    return [hit.story_id for hit in found.rows]


def shown(text: str) -> str:
    return text.replace(BEGIN, "<").replace(END, ">")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Wasser", "Die Trinkwasserversorgung ist gesichert."),
        ("Wasser", "Das Grundwasser sank."),
        ("Versorgung", "Neue Trinkwasserversorgungen entstehen."),
        ("Häuser", "Das Haus brannte."),
        ("Haus", "Die Häuser brannten."),
        ("Hauses", "Die Haeuser brannten."),
        ("Müller", "Frau Mueller sprach."),
        ("Mueller", "Frau Müller sprach."),
        ("Muller", "Frau Müller sprach."),
        ("Muller", "Frau Mueller sprach."),
        ("Strasse", "Die Straße war frei."),
        ("Straße", "Die Strasse war frei."),
        ("Lodz", "Er kam aus Łódź."),
        ("Łódź", "Er kam aus Lodz."),
        ("Rakete", "Mehrere Raketen fielen."),
        ("Rakete", "Der Raketenangriff begann."),
        ("Rat", "Der Stadtrat tagte."),
        ("Trink-Wasser", "Das Trinkwasser war knapp."),
        ("trink*", "Das Trinkwasser war knapp."),
        ('"war knapp"', "Das Wasser war knapp."),
        ("„war knapp“", "Das Wasser war knapp."),
        ("Trinkwasser", "Das Trink\u00adwasser war knapp."),
        ("knapp Wasser", "Das Wasser war knapp."),
        ("Wasser -Strom", "Das Wasser war knapp."),
        ("2026", "Im Jahr 2026 kam es."),
        ("Elysee", "Im Élysée-Palast."),
    ],
)
def test_it_is_found(typed: str, text: str, db: Database) -> None:
    put(db, 1, text, title="Ein Fall")
    assert ids(search(db, typed)) == [1]
    assert ids(search(db, typed, order="best")) == [1]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Orden", "Es ist anders geworden."),
        ("Rat", "Die Beratung der Demokraten."),
        ("Sport", "Der Transport kam."),
        ('"knapp war"', "Das Wasser war knapp."),
        ('"Wasser"', "Die Trinkwasserversorgung."),
        ("Wasser -knapp", "Das Wasser war knapp."),
        ("Wasser -Strömen", "Das Wasser und der Strom: Ströme."),
        ("Wasser Strom", "Das Wasser war knapp."),
    ],
)
def test_it_is_not_found(typed: str, text: str, db: Database) -> None:
    put(db, 1, text, title="Ein Fall")
    assert ids(search(db, typed)) == []


def test_words_of_other_languages_have_their_own_stems(db: Database) -> None:
    put(db, 1, "The ministers were meeting.", language="en")
    put(db, 2, "Министры обсуждали ракеты.", language="ru")
    assert ids(search(db, "meetings")) == [1]
    assert ids(search(db, "ракета")) == [2]
    assert ids(search(db, "министр")) == [2]


def test_the_newest_come_first_and_best_puts_headlines_and_exact_words_before_others(db: Database) -> None:
    put(db, 1, "Nichts.", title="Wasser steigt", days=-9)
    put(db, 2, "Das Wasser stieg.", title="Ein Fall", days=-8)
    put(db, 3, "Kein Tropfen des Wassers kam.", title="Ein Fall", days=-3)
    put(db, 4, "Das Trinkwasser stieg.", title="Ein Fall", days=-1)
    put(db, 5, "Das Wasser fiel.", title="Ein Fall", days=-2)
    assert ids(search(db, "Wasser")) == [4, 5, 3, 2, 1]
    assert ids(search(db, "Wasser", order="best")) == [1, 5, 2, 3, 4]
    assert ids(search(db, "Wasser", order="best", limit=2, offset=1)) == [5, 2]
    assert ids(search(db, "Wasser", limit=2, offset=3)) == [2, 1]


def test_only_the_newest_revision_is_found(db: Database) -> None:
    put(db, 1, "Das Wasser stieg.")
    put(db, 1, "Der Strom fiel aus.")
    assert ids(search(db, "Wasser")) == [] and ids(search(db, "Strom")) == [1]
    db.execute("INSERT INTO stories_fts (stories_fts) VALUES ('integrity-check')")
    assert db.execute("SELECT count(*) FROM story_slots").fetchone()[0] == 1


def test_filters_and_facets_agree(db: Database) -> None:
    put(db, 1, "Das Wasser stieg.", section=("Politik", "Ausland"), named="quint")
    put(db, 2, "Das Wasser stieg.", section=("Politik",), days=-40, kind="opinion")
    put(db, 3, "Das Wasser stieg.", section=("Sport",), named="quint")
    put(db, 4, "Das Wasser stieg.", site="talkurier")
    put(db, 5, "Nichts.", named="quint")
    found = search(db, "Wasser")
    assert (found.total, found.is_more, found.facets_of) == (4, False, 4)
    assert found.facets == {
        "site": [("beispiel", 3), ("talkurier", 1)],
        "section": [("Politik", 2), ("Politik > Ausland", 1), ("Sport", 1)],
        "kind": [("news", 3), ("opinion", 1)],
        "month": [("2026-11", 3), ("2026-10", 1)],
        "actor": [("quint", 2)],
    }
    for name, values in found.facets.items():
        for value, count in values:
            assert search(db, "Wasser", **{name: value}).total == count, (name, value)


def test_a_story_that_moves_to_another_day_or_section_is_found_there(db: Database) -> None:
    put(db, 1, "Das Wasser stieg.", section=("Sport",))
    put(db, 1, "Das Wasser stieg.", section=("Politik",), days=-40)
    assert search(db, "Wasser", section="Sport").total == 0
    assert search(db, "Wasser", section="Politik", month="2026-10").total == 1


def test_what_was_found_is_marked_in_the_title_and_a_piece_of_the_text(db: Database) -> None:
    before, behind = "Vorher kam nichts. " * 40, " Danach auch nicht." * 40
    put(db, 1, f"{before}Die Trinkwasserversorgung in Łódź steht.{behind}", title="Wasser \ue000hier")
    hit = search(db, "wasser lodz").rows[0]
    assert shown(hit.title) == "<Wasser>  hier"
    assert "Die <Trinkwasserversorgung> in <Łódź> steht." in shown(hit.snippet)
    assert hit.snippet.startswith("… ") and hit.snippet.endswith(" …") and len(hit.snippet) < 280


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Type a word"),
        (" \n", "Type a word"),
        ("?!*", "no letter or digit"), ("-wasser", "that is to be there"), ("qqq", "No story has"),
    ],
)
def test_a_search_for_nothing_says_why(typed: str, says: str, db: Database) -> None:
    put(db, 1, "Das Wasser stieg.")
    found = search(db, typed)
    assert not found.rows and says in (found.message or "")


def test_many_words_and_long_searches_are_read_up_to_a_limit_and_it_is_said(db: Database) -> None:
    put(db, 1, " ".join(f"wort{n}" for n in range(20)))
    found = search(db, " ".join(f"wort{n}" for n in range(20)))
    assert ids(found) == [1] and "Only the first 12" in (found.message or "")
    assert "very long" in (search(db, "wort1 " * 500).message or "")
    assert "2026-13 is no month" in (search(db, "wort1", month="2026-13").message or "")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Database:
    db = open_store(tmp_path_factory.mktemp("search") / "news.db")
    put(db, 1, "Das Wasser AND der Strom* \"stieg\" NOT near: (oder) nicht.", title="Or")
    yield db
    db.close()


ODD = st.lists(
    st.sampled_from(['"', "*", "-", "AND", "NOT", "NEAR(", ":", "(", ")", "^", "wasser", "title:", "ß", "'", "\x00", "\u00ad", "ﬃ", "⑴"])
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=st.text(max_size=60) | ODD.map("".join) | ODD.map(" ".join), order=st.sampled_from(["newest", "best"]))
def test_whatever_is_typed_gives_stories_or_a_sentence(typed: str, order: str, shelf: Database) -> None:
    found = search(shelf, typed, order=order)
    assert found.rows or found.message


def test_a_connection_that_only_reads_is_enough(db: Database, tmp_path: Path) -> None:
    put(db, 1, "Das Trinkwasser stieg.")
    reader = sqlite3.connect(f"file:{tmp_path / 'news.db'}?mode=ro", uri=True)
    reader.row_factory = sqlite3.Row
    assert ids(search(reader, "wasser", order="best")) == [1]
    reader.close()


def test_more_hits_than_are_counted_are_said_to_be_more(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_COUNTED", 3)
    monkeypatch.setattr(searching, "FACETS_OF", 2)
    for n in range(5):
        put(db, n, "Das Wasser stieg.")
    found = search(db, "Wasser")
    assert (found.total, found.is_more, found.facets_of, found.facets["site"]) == (3, True, 2, [("beispiel", 2)])
    pages = [ids(search(db, "Wasser", limit=2, offset=n)) for n in (0, 2, 4)]
    assert [len(page) for page in pages] == [2, 2, 1] and sorted(i for page in pages for i in page) == [1, 2, 3, 4, 5]


def test_more_stories_of_a_minute_than_it_has_slots_are_all_found(db: Database) -> None:
    for n in range(40):
        put(db, n, "Das Wasser stieg.")
    assert search(db, "Wasser", limit=100).total == 40


def test_a_text_that_is_rewritten_in_place_is_found_as_it_is_now(db: Database, tmp_path: Path) -> None:
    put(db, 1, "Das Wasser stieg.")
    put(db, 2, "Das Wasser fiel.")
    with writing(db):
        db.execute("UPDATE revisions SET body = 'Der Strom fiel aus.', content_hash = 'x' WHERE story_id = 1")
        index_stories(db, [1])
    assert ids(search(db, "Wasser")) == [2] and ids(search(db, "Strom")) == [1]
    db.execute("UPDATE revisions SET body = 'Der Regen kam.' WHERE story_id = 1")  # nobody told the index
    again = open_store(tmp_path / "news.db")
    assert ids(search(again, "Regen")) == [1] and ids(search(again, "Strom")) == []
    again.close()


def test_a_story_that_is_removed_leaves_no_word_in_the_index(db: Database) -> None:
    put(db, 1, "Das Wasser stieg.")
    with writing(db):
        unindex(db, [1])
        for table in ("revisions", "story_urls"):
            db.execute(f"DELETE FROM {table} WHERE story_id = 1")
        db.execute("DELETE FROM stories WHERE id = 1")
        index_stories(db, [1])
    assert db.execute("SELECT count(*) FROM stories_fts WHERE stories_fts MATCH 'stieg'").fetchone()[0] == 0
    assert db.execute("SELECT count(*) FROM story_slots").fetchone()[0] == 0


def test_a_database_of_an_older_version_is_indexed_when_it_is_opened(tmp_path: Path) -> None:
    db = open_store(tmp_path / "news.db")
    chance = random.Random(1)
    for n in range(30):
        put(db, n, f"Das Wasser {chance.choice(['stieg', 'fiel'])}.", days=-n)
    before = ids(search(db, "stieg", limit=50))
    for sql in ("INSERT INTO stories_fts (stories_fts) VALUES ('delete-all')", "DELETE FROM story_slots", "DELETE FROM words"):
        db.execute(sql)
    db.execute("INSERT INTO fillings VALUES ('search', 0)")
    db.close()
    db = open_store(tmp_path / "news.db")
    assert ids(search(db, "stieg", limit=50)) == before != []
    db.close()


def test_letters_with_common_accents_are_folded_as_all_others_are() -> None:
    for code in range(0xA1, 0x250):
        letter = chr(code)
        if letter.isalpha() and unicodedata.normalize("NFKD", letter.casefold()).isascii():
            assert fold(f"x{letter}y") == fold(f"x{unicodedata.normalize('NFD', letter)}y"), letter
    text = "Die Bürgerämter (Köln) prüfen 3 Anträge; Łódź, Señor, ß und ½ Straße."
    assert [(t.text, (t.start, t.end)) for t in tokens(text)] == list(zip(folded(text, 99), places(text, 99), strict=True))
    assert folded(text, 3) == ["die", "burgeramter", "koln"]


def test_without_words_the_filters_choose(db: Database) -> None:
    put(db, 1, "Die Flut kommt.", section=("Politik", "Ausland"))
    put(db, 2, "Der Sturm geht.", section=("Sport",), days=1)
    assert ids(search(db, "", section="Politik")) == ids(search(db, " ", section="Politik", order="best")) == [1]
    assert ids(search(db, "", month="2026-11")) == [2, 1]
    assert search(db, "", section="Sport").facets["section"] == [("Sport", 1)] and search(db, "", section="Sport").message is None
    month = {"month": "2026-11"}
    for typed, filters in (("", {}), ("-flut", {}), ("-flut", {"site": "beispiel"}), ("...", month), ("", {"month": "gestern"})):
        found = search(db, typed, **filters)  # type: ignore[arg-type]
        assert not found.rows and found.message, typed
