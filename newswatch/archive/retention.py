"""Files of the archive that have to go: nothing points to a file any more when it is removed.

noted as to be removed and pointers gone, one transaction -> unlink -> note gone; after a kill the next one goes on there
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from sqlite_utils import Database

from newswatch.archive.files import day_of, files_of
from newswatch.store.archived import forget_pages, removals, removed


def keep_days(db: Database, folder: Path, site: str, days: int, today: date) -> int:
    """Removes a site's files that are older than so many days; returns how many. The caller holds the site's lock.

    Raises ValueError for fewer than one: pages of today would go.
    """
    if days < 1:
        raise ValueError(f"pages are kept for a day at least, not for {days}")
    finish_removals(db, folder, site)
    return remove_files(db, folder, old_files(folder, site, today - timedelta(days=days)))


def old_files(folder: Path, site: str, before: date) -> list[str]:
    """The files of a site with pages of days before `before` only."""
    return [f for f in files_of(folder, site) if (day := day_of(f)) and day < before]


def remove_files(db: Database, folder: Path, files: list[str]) -> int:
    """Removes them, their pointers first; returns how many."""
    if files:
        forget_pages(db, files)
        for file in files:
            _remove(db, folder, file)
    return len(files)


def finish_removals(db: Database, folder: Path, site: str) -> None:
    """Removes what an earlier process had begun to remove of a site when it died."""
    for file in removals(db):
        if file.startswith(f"{site}/"):
            _remove(db, folder, file)


def _remove(db: Database, folder: Path, file: str) -> None:
    (folder / file).unlink(missing_ok=True)
    removed(db, file)
