"""Backups: a whole copy of a database, checked before it gets its name.

database -> VACUUM INTO a part beside the target -> checked -> on the disk -> the target's name

The copy is of one moment, and a crawl may write meanwhile (WAL). A backup that is killed leaves a part, never half a
file under the final name; the next one removes the part. Only a part whose lock nobody holds is one of a dead process.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from newswatch.errors import StoreError
from newswatch.faultpoints import fault
from newswatch.store.opening import BUSY_SECONDS

PART_PREFIX, PART_SUFFIX = ".newswatch-", ".part"

ROOM = 1.05
"""Of the size of the database must be free: a copy is never larger than what it copies, and a file system keeps some for itself."""

_COUNTED = ("stories", "story_urls", "revisions", "mentions", "events", "runs")
"""Tables whose rows are counted on both sides, where they are there."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is done."""

    path: Path
    size: int
    """Bytes."""
    rows: Mapping[str, int]
    """By table."""
    replaced: bool
    """There was a file of this name before."""


def back_up(source: Path, target: Path, *, replace: bool = False) -> Backup:
    """A checked copy of the database `source` as `target`, whose folder is made if need be.

    Raises FileExistsError where `target` is there and `replace` does not say that it may go, StoreError where the
    database is not there, is damaged, or cannot be copied: then nothing stands under the name `target`.
    """
    if target.exists() and (not replace or target.samefile(source)):
        raise FileExistsError(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        remove_stale(target.parent)
        with _reading(source) as db, _part(source, target) as part:
            _check_room(db, source, target.parent)
            rows = _copy(db, source, part)
            fault("backup.copied")
            _check_copy(part, source)
            _to_disk(part)
            fault("backup.checked")
            replaced = _name(part, target, replace=replace)
            fault("backup.named")
        _to_disk(target.parent)
        return Backup(target, target.stat().st_size, rows, replaced)
    except FileExistsError:
        raise
    except sqlite3.Error as error:
        raise StoreError(f"{source} could not be backed up: {error}{_advice(str(error))}") from error
    except OSError as error:
        raise StoreError(f"{target} could not be written: {error.strerror or error}") from error


def backup_name(database: Path, at: datetime) -> str:
    """`newswatch-20261125T031700Z.db`: backups of a database sort by their time."""
    return f"{database.stem}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.db"


def remove_older(folder: Path, database: Path, keep: int) -> list[Path]:
    """Removes all but the newest `keep` backups of `database` in a folder: files of such a name that hold what it holds."""
    name = re.compile(re.escape(database.stem) + r"-\d{8}T\d{6}Z\.db")
    mark = _application_id(database)
    ours = sorted(p for p in folder.iterdir() if name.fullmatch(p.name) and p.is_file() and _application_id(p) == mark)
    gone = ours[: max(len(ours) - keep, 0)]
    for path in gone:
        path.unlink()
    return gone


def newest_backup(folder: Path, database: Path) -> datetime | None:
    """When the newest backup of `database` in a folder was made, by its name; None where there is none."""
    name = re.compile(re.escape(database.stem) + r"-(\d{8}T\d{6})Z\.db")
    stamps = sorted(found[1] for p in folder.glob(f"{database.stem}-*.db") if (found := name.fullmatch(p.name)) and p.stat().st_size)
    return datetime.strptime(stamps[-1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC) if stamps else None


def remove_stale(folder: Path) -> list[Path]:
    """Removes what backups that were killed left in a folder; a part that is being written stays."""
    gone = []
    for path in folder.glob(f"{PART_PREFIX}*{PART_SUFFIX}"):
        with contextlib.suppress(OSError):
            fd = os.open(path, os.O_RDONLY)
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _unlink_with_journal(path)
                gone.append(path)
            finally:
                os.close(fd)
    return gone


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection]:
    """The database, never made where it is not there."""
    if not path.is_file():
        raise StoreError(f"{path} is not there: nothing to back up (DATABASE in settings/local.py says where it is)")
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    try:
        yield db
    finally:
        db.close()


@contextmanager
def _part(source: Path, target: Path) -> Iterator[Path]:
    """An empty, locked file beside the target that only we may read; gone afterwards, unless it got its name."""
    path = target.parent / f"{PART_PREFIX}{target.name}-{os.getpid()}{PART_SUFFIX}"
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield path
    finally:
        _unlink_with_journal(path)
        os.close(fd)


def _unlink_with_journal(path: Path) -> None:
    for suffix in ("", "-journal", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _check_room(db: sqlite3.Connection, source: Path, folder: Path) -> None:
    pages, unused, size = (db.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size"))
    needed, free = int((pages - unused) * size * ROOM), shutil.disk_usage(folder).free
    if free < needed:
        raise StoreError(
            f"{folder}: {free / 1e6:,.1f} MB are free and the copy of {source.name} needs {needed / 1e6:,.1f} MB:"
            " make room, or name a folder on another disk"
        )


def _copy(db: sqlite3.Connection, source: Path, part: Path) -> dict[str, int]:
    """Copies, and compares what was counted: exactly where nobody wrote meanwhile, else no row may be missing."""
    before, version = _counts(db), _version(db)
    db.execute("VACUUM INTO ?", [str(part)])
    after, is_same = _counts(db), _version(db) == version
    copy = sqlite3.connect(f"{part.resolve().as_uri()}?mode=ro", uri=True)
    try:
        rows = _counts(copy)
    finally:
        copy.close()
    for table in before:
        if rows.get(table, -1) < min(before[table], after[table]) or (is_same and rows[table] != before[table]):
            raise StoreError(f"{source}: the copy has {rows.get(table, 0)} of {before[table]} rows of {table}: run the backup again")
    return rows


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA data_version").fetchone()[0])


def _counts(db: sqlite3.Connection) -> dict[str, int]:
    there = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return {table: int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]) for table in _COUNTED if table in there}


def _check_copy(part: Path, source: Path) -> None:
    """Raises StoreError where the copy is not whole: pages, keys that point to nothing, the index of texts, whose it is."""
    if _application_id(part) != _application_id(source):
        raise StoreError(f"{source}: the copy does not say whose it is")
    copy = sqlite3.connect(part, isolation_level=None)
    try:
        verdict = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if verdict != "ok":
            raise StoreError(f"{source} is damaged ({verdict}): scrapy doctor says more; restore an earlier backup")
        if broken := copy.execute("PRAGMA foreign_key_check").fetchone():
            raise StoreError(f"{source}: a row of {broken[0]} points to a row of {broken[2]} that is not there: scrapy doctor says more")
        for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'").fetchall():
            copy.execute(f'INSERT INTO "{name}" ("{name}", rank) VALUES (\'integrity-check\', 1)')
    finally:
        copy.close()
    part.chmod(source.stat().st_mode & 0o777)


def _application_id(path: Path) -> int | None:
    """What the header of a database says of whose it is, at byte 68; None for what is no database."""
    with path.open("rb") as file:
        header = file.read(100)
    return int.from_bytes(header[68:72], "big") if header.startswith(b"SQLite format 3\0") and len(header) == 100 else None


def _to_disk(path: Path) -> None:
    """SQLite does not wait for the disk when it vacuums into a file."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _name(part: Path, target: Path, *, replace: bool) -> bool:
    """Gives the part its final name in one step; True where that replaced a file."""
    if replace and target.exists():
        _unlink_journals(target)
        part.replace(target)
        return True
    try:
        target.hardlink_to(part)  # unlike a rename, it never takes the place of a file that came meanwhile
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK):
            raise
        if target.exists():
            raise FileExistsError(target) from error
        part.rename(target)
    return False


def _unlink_journals(target: Path) -> None:
    """A log of what is replaced must not be taken for one of the new file."""
    for suffix in ("-journal", "-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)


def _advice(text: str) -> str:
    if "malformed" in text or "not a database" in text:
        return ": it is damaged; scrapy doctor says more, an earlier backup is what to go back to"
    if "full" in text:
        return ": make room, or name a folder on another disk"
    return ""
