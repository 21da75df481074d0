"""What the database tells of its own health, whatever state it is in."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from newswatch.revisions import decide
from newswatch.store import health, open_store, runs, stories
from newswatch.store.health import StoreState, read_store
from newswatch.story import Archived, Link, Listing
from tests.conftest import NOW, make_site, make_story

SITE = make_site()
LISTINGS = {"politik": SITE.sections["politik"].url}
HOUR = timedelta(hours=1)


def look(path: Path, at: timedelta = timedelta(0)) -> StoreState:
    return read_store(path, {"beispiel": SITE}, {"beispiel": LISTINGS}, NOW + at)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database after one crawl: a story, a link that waits, a section."""
    path = tmp_path / "news.db"
    db = open_store(path)
    run = runs.begin_run(db, "beispiel", NOW, None)
    runs.save_listing(db, Listing("beispiel", "politik", LISTINGS["politik"], (Link(LISTINGS["politik"] + "9/x"),), NOW))
    stories.save(db, decide(None, make_story(archived=Archived("beispiel/beispiel-20261122.warc.gz", 77))), [], run_id=run)
    runs.end_run(db, run, NOW, Counter(sections=1, pages=1), "ok", 0)
    runs.begin_run(db, "beispiel", NOW + HOUR, None)
    db.close()
    return path


def test_what_is_well_is_read(path: Path) -> None:
    state = look(path, 2 * HOUR)
    assert (state.error, state.verdict, state.stories, state.pending) == ("", ["ok"], 1, [])
    assert state.newest == NOW + HOUR and list(state.archived or ()) == ["beispiel/beispiel-20261122.warc.gz"]
    site = state.sites["beispiel"]
    assert (site.succeeded_at, site.begun_at, len(site.readings)) == (NOW, NOW + HOUR, 1)
    assert (site.silence, site.lost) == (None, [])
    assert site.overdue.pages >= 1 and site.overdue.longest == 2 * HOUR


def test_looking_changes_nothing(path: Path) -> None:
    before = path.read_bytes()
    look(path)
    assert path.read_bytes() == before


def test_a_database_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    state = look(tmp_path / "news.db")
    assert not state.is_there and not state.error and not list(tmp_path.iterdir())


def test_a_log_without_its_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "news.db-wal").write_bytes(b"x" * 100)
    assert "its log news.db-wal is there" in look(tmp_path / "news.db").error


@pytest.mark.parametrize("content", [b"no database" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_what_is_no_database_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "news.db").write_bytes(content)
    state = look(tmp_path / "news.db")
    assert "damaged or no SQLite database" in state.error and state.stories is None


def test_a_damaged_page_is_found(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(path.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 60] = b"\xde" * 60
    path.write_bytes(bytes(content))
    state = look(path)
    assert state.error or (state.verdict and state.verdict != ["ok"])


def test_a_database_of_another_program_is_told(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "news.db")) as db:
        db.execute("CREATE TABLE recipes (name TEXT)")
    assert "of another program" in look(tmp_path / "news.db").error


def test_a_newer_and_an_older_database_are_told(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'schedules'")
    state = look(path)
    assert state.pending == ["schedules"] and not state.error and state.stories is None
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("UPDATE _sqlite_migrations SET name = 'of_tomorrow' WHERE name = 'blocks_and_entries'")
    assert "newer newswatch (of_tomorrow)" in look(path).error


def test_a_locked_database_is_a_sentence(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "PATIENCE", 0.1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("UPDATE stories SET title = title")
        assert "locked by another program" in look(path).error


def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "news.db").mkdir()
    (tmp_path / "news.db" / "x").write_bytes(b"")
    assert "news.db cannot be used" in look(tmp_path / "news.db").error
