"""Opening the database: ours, whole, writable and of a version we know, or a clear sentence."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database

from newswatch.errors import StoreError
from newswatch.faultpoints import fault
from newswatch.store.filling import fill
from newswatch.store.migrations import APPLICATION_ID, migrations

BUSY_SECONDS = 30
CHECKED_BYTES = 256 * 1024 * 1024
"""Up to this size a file is checked for damage whenever it is opened; larger ones by `scrapy doctor`."""


def open_store(path: Path) -> Database:
    """The database at `path`, made or upgraded if need be, in WAL mode with full synchronisation.

    Raises StoreError where it is not ours, newer than the program, read-only, corrupt or locked: nothing is changed.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = _is_new(path)
        if not is_new:
            _check(path)
        db = Database(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None))
    except OSError as error:
        raise StoreError(f"{path} cannot be opened: {error}") from error
    except sqlite3.Error as error:
        raise StoreError(_sentence(path, error)) from error
    try:
        _prepare(db, path)
    except sqlite3.Error as error:
        db.close()
        raise StoreError(_sentence(path, error)) from error
    except StoreError:
        db.close()
        raise
    return db


def _is_new(path: Path) -> bool:
    """Whether a database is to be made there. Raises StoreError where it cannot be written, or only its log is left.

    SQLite deletes the log of a database that is gone or empty without a word, and with it what stands in there only.
    """
    if os.statvfs(path.parent).f_flag & os.ST_RDONLY:
        raise StoreError(f"{path} is on a read-only file system: choose another DATABASE")
    log = path.with_name(f"{path.name}-wal")
    if not path.exists() or path.stat().st_size == 0:
        if log.exists() and log.stat().st_size:
            raise StoreError(
                f"{path} is {'empty' if path.exists() else 'gone'}, but its log {log.name} is there: restore a backup,"
                f" or move {log.name} away to begin anew; it was left as it is"
            )
        return True
    if not path.stat().st_mode & 0o222:
        raise StoreError(f"{path} is read-only: make it writable (chmod u+w {path}) or choose another DATABASE")
    return False


def _check(path: Path) -> None:
    """Raises StoreError for a database that we must not touch.

    Looked at through a connection that cannot write: another one writes the log into the file when it is closed.
    """
    with closing(Database(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS))) as db:
        _check_content(db, path)


def _check_content(db: Database, path: Path) -> None:
    tables = set(db.table_names()) - {migrations.migrations_table}  # alone it is a database that was killed while it was made
    if db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID and tables:
        raise StoreError(f"{path} is a database of another program: choose another file as DATABASE; it was left as it is")
    if path.stat().st_size <= CHECKED_BYTES:
        verdict = db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise StoreError(f"{path} is damaged ({verdict}): restore a backup; it was left as it is")
    known = {m.name for m in migrations.pending(Database(memory=True))}
    newer = {m.name for m in migrations.applied(db)} - known
    if newer:
        raise StoreError(f"{path} was written by a newer newswatch ({', '.join(sorted(newer))}): upgrade the program")


def _prepare(db: Database, path: Path) -> None:
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA synchronous = FULL")
    if db.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
        raise StoreError(f"{path}: WAL mode is not possible there: keep the database on a local disk")
    migrations.apply(db)
    fault("open.migrated")
    fill(db, writing)
    db.execute("BEGIN IMMEDIATE")  # says now, not after an hour's crawl, that it cannot be written
    db.execute("ROLLBACK")


def _sentence(path: Path, error: sqlite3.Error) -> str:
    text = str(error)
    if "not a database" in text or "malformed" in text:
        return f"{path} is damaged or no SQLite database ({text}): restore a backup; it was left as it is"
    if "readonly" in text or "read-only" in text:
        return f"{path} is read-only: make the file and its folder writable, or choose another DATABASE"
    if "locked" in text or "busy" in text:
        return f"{path} is locked by another program for more than {BUSY_SECONDS} s: end that one first"
    return f"{path} cannot be used: {text}"


@contextmanager
def writing(db: Database) -> Iterator[None]:
    """One `BEGIN IMMEDIATE` transaction; rolled back whole on any error. Raises StoreError for SQLite's own errors."""
    try:
        db.execute("BEGIN IMMEDIATE")
        try:
            fault("write.begun")
            yield
            fault("write.before_commit")
        except BaseException:
            db.rollback()
            raise
        db.execute("COMMIT")
        fault("write.after_commit")
    except sqlite3.Error as error:
        db.rollback()
        raise StoreError(f"could not be saved: {error}{_advice(str(error))}") from error


def _advice(text: str) -> str:
    """What to do where a database fails that could be opened."""
    if "locked" in text or "busy" in text:
        return f" by another program for more than {BUSY_SECONDS} s: end that one, then go on"
    if "full" in text:
        return ": make room there"
    if "I/O" in text:
        return " (full, or failing): look at it and at its free space, then run scrapy doctor"
    if "malformed" in text:
        return ": it is damaged; restore a backup (scrapy doctor says more)"
    return ""
