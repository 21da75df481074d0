"""A database that is not ours, not whole or not writable is left as it is, with a clear sentence."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from newswatch.errors import StoreError
from newswatch.store import open_store


def test_a_new_database_has_all_tables_and_wal(tmp_path: Path) -> None:
    db = open_store(tmp_path / "deep" / "news.db")
    assert {"stories", "story_urls", "revisions", "mentions", "events", "runs", "faults", "sections"} <= set(db.table_names())
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert db.execute("PRAGMA synchronous").fetchone()[0] == 2
    db.close()
    open_store(tmp_path / "deep" / "news.db").close()


def refused(path: Path, words: str) -> None:
    before = path.read_bytes()
    with pytest.raises(StoreError, match=words):
        open_store(path)
    assert path.read_bytes() == before


def test_a_foreign_database_is_refused(tmp_path: Path) -> None:
    conn = sqlite3.connect(tmp_path / "x.db")
    conn.execute("CREATE TABLE bookmarks (id)")
    conn.commit()
    conn.close()
    refused(tmp_path / "x.db", "another program")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"not a database at all" * 100)
    refused(tmp_path / "x.db", "no SQLite database")


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    db = open_store(path)
    with db.atomic():
        for n in range(3000):
            db.execute("INSERT INTO actors VALUES (?, 'x', 'person', '[]')", [f"actor {n} " + "y" * 200])
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    data = bytearray(path.read_bytes())
    data[40 * 4096 : 60 * 4096] = b"\xaa" * (20 * 4096)
    path.write_bytes(data)
    refused(path, "damaged")


def test_a_read_only_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    open_store(path).close()
    path.chmod(0o444)
    refused(path, "read-only")


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    db = open_store(path)
    db.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('newswatch', 'of_the_future', 'x')")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    refused(path, "newer newswatch .*of_the_future")
