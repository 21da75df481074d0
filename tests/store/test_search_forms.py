"""Other forms of what is typed that a search looks for: umlauts, hyphens, plurals, numbers, short compounds; and older databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlite_utils import Database

from newswatch.store import open_store, writing
from newswatch.store.indexing import forget_words, unindex
from newswatch.store.search import search
from tests.store.test_search import ids, put

FOUND = [
    ("Haus", "Das Rathaus."),
    ("Gas", "Das Erdgas."),
    ("Öl", "Ein Ölfeld."),
    ("Öl", "Das Heizöl."),
    ("Amt", "Das Bundeskriminalamt."),
    ("Brücke", "Die Autobahnbruecke."),
    ("Haus", "Die Krankenhaeuser."),
    ("Flüchtling", "Die Kriegsfluechtlinge."),
    ("Häuser", "Die Krankenhaeuser."),
    ("Bruecke", "Die Autobahnbrücke."),
    ("müller*", "Frau Muellerin."),
    ("mueller*", "Frau Müllerin."),
    ("übergang*", "Die Uebergangszeit."),
    ("EU-Sanktion", "Die EU-Sanktionen."),
    ("U-Bahn", "Die U-Bahnen."),
    ("E-Auto", "Viele E-Autos."),
    ("Ukraine-Krieg", "Des Ukraine-Krieges."),
    ("Ukraine-Krieg", "Des Ukrainekrieges."),
    ("Ukrainekrieg", "Des Ukraine-Krieges."),
    ("19-jährige", "Ein 19-Jähriger."),
    ("Trinkwasserversorgung", "Die Trinkwasser-Versorgung."),
    ("Covid19", "Wegen Covid-19."),
    ("Firma", "Die Firmen."),
    ("Firmen", "Einer Firma."),
    ("Firma", "Die Tarnfirmen."),
    ("Museum", "Die Museen."),
    ("Bus", "In Bussen."),
    ("Ministerien", "Das Ministerium."),
    ("Innenministerien", "Das Innenministerium."),
    ("Obama", "Obamas Rede."),
    ("Trumps", "Trump sprach."),
    ("1234", "Genau 1.234 Euro."),
    ("1.234", "Genau 1234 Euro."),
    ("北京", "他在北京说"),
    ("서울", "서울에서"),
]

NOT_FOUND = [
    ('"EU-Sanktion"', "Die EU-Sanktionen."),
    ('"Ukrainekrieg"', "Der Ukraine-Krieg."),
    ('"1234"', "Genau 1.234 Euro."),
    ('"Firma"', "Die Firmen."),
    ("Trotz dem", "Trotzdem kam er."),
    ("übernehmen", "Über Nehmen und Geben."),
    ("Eis", "Die Preise."),
    ("Fall", "Ein Zufall."),
    ("Land", "Im Ausland."),
]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Database:
    db = open_store(tmp_path_factory.mktemp("forms") / "news.db")
    for n, (_, text) in enumerate([*FOUND, *NOT_FOUND], 1):
        put(db, n, text, title="xx")
    yield db
    db.close()


def urls(db: Database, typed: str) -> set[str]:
    return {hit.url for hit in search(db, typed, limit=100).rows}


@pytest.mark.parametrize(("typed", "text"), FOUND)
def test_a_word_is_found_however_it_is_written(typed: str, text: str, shelf: Database) -> None:
    assert f"https://www.beispiel.example/politik/{FOUND.index((typed, text)) + 1}/" in urls(shelf, typed)


@pytest.mark.parametrize(("typed", "text"), NOT_FOUND)
def test_what_was_not_meant_is_not_found(typed: str, text: str, shelf: Database) -> None:
    number = len(FOUND) + NOT_FOUND.index((typed, text)) + 1
    assert f"https://www.beispiel.example/politik/{number}/" not in urls(shelf, typed)


def test_a_database_of_an_older_version_has_its_shorter_words_looked_into(tmp_path: Path) -> None:
    db = open_store(tmp_path / "news.db")
    put(db, 1, "Das Rathaus und das Krankenhaus.")
    made = db.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    with db.atomic():
        for sql in (
            "DROP TRIGGER words_into_inside",
            "DROP VIEW long_words",
            "CREATE VIEW long_words AS SELECT id, word FROM words WHERE length(word) >= 8",
            "CREATE TRIGGER words_into_inside AFTER INSERT ON words WHEN length(new.word) >= 8 BEGIN SELECT 1; END",
            "INSERT INTO words_inside (words_inside) VALUES ('rebuild')",
            "DELETE FROM _sqlite_migrations WHERE name = 'shorter_words_are_compounds'",
        ):
            db.execute(sql)
    assert "rathaus" not in search(db, "Haus").also
    db.close()
    db = open_store(tmp_path / "news.db")
    assert {"rathaus", "krankenhaus"} <= set(search(db, "Haus").also)
    assert db.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall() == made
    db.close()


def test_a_short_word_that_is_forgotten_is_forgotten_as_a_compound(tmp_path: Path) -> None:
    db = open_store(tmp_path / "news.db")
    put(db, 1, "Das Rathaus.")
    with writing(db):
        unindex(db, [1])
        forget_words(db, ["rathaus"])
    assert search(db, "Haus").also == () and ids(search(db, "Rathaus")) == []
    db.execute("INSERT INTO words_inside (words_inside, rank) VALUES ('integrity-check', 1)")
    db.close()
