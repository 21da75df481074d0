"""What the store knows of the archive: which page a revision was read from, which files are about to go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlite_utils import Database

from newswatch.store.opening import writing
from newswatch.story import Archived

_POINTING = ("revisions", "sections")


def last_archived(db: Database, story_id: int) -> Archived | None:
    """The page of a story's newest revision, None where none is kept."""
    row = db.execute(
        "SELECT archive_file, archive_offset FROM revisions WHERE story_id = ? ORDER BY number DESC LIMIT 1", [story_id]
    ).fetchone()
    return Archived(*row) if row and row[0] is not None else None


def removals(db: Database) -> list[str]:
    """Files of the archive whose removal was begun, perhaps by a run that died."""
    return [what for (what,) in db.execute("SELECT what FROM removals WHERE what <> 'database' ORDER BY what")]


def forget_pages(db: Database, files: Iterable[str]) -> None:
    """Nothing points to these files any more, and they are noted as to be removed: one transaction."""
    with writing(db):
        for file in files:
            for table in _POINTING:
                db.execute(f"UPDATE {table} SET archive_file = NULL, archive_offset = NULL WHERE archive_file = ?", [file])
            _note(db, file)


def note_removal(db: Database, file: str) -> None:
    """A file that must not stay where the next step does not come to be."""
    with writing(db):
        _note(db, file)


def move_pages(db: Database, old: str, new: str, offsets: Mapping[int, int]) -> None:
    """All that pointed into one file points into another; what is not in `offsets` to nothing. The old one is to be removed now."""
    with writing(db):
        for table in _POINTING:
            rows = db.execute(f"SELECT rowid, archive_offset FROM {table} WHERE archive_file = ?", [old]).fetchall()
            moved = [(new, offsets[at], row) if at in offsets else (None, None, row) for row, at in rows]
            db.conn.executemany(f"UPDATE {table} SET archive_file = ?, archive_offset = ? WHERE rowid = ?", moved)
        _note(db, old)
        db.execute("DELETE FROM removals WHERE what = ?", [new])


def removed(db: Database, file: str) -> None:
    """The file is gone."""
    with writing(db):
        db.execute("DELETE FROM removals WHERE what = ?", [file])


def _note(db: Database, file: str) -> None:
    db.execute("INSERT INTO removals (what) VALUES (?) ON CONFLICT DO NOTHING", [file])
