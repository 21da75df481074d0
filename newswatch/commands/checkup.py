"""What `scrapy doctor` looks at on this machine: files, folders, the disk, the database; a finding each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings

from newswatch import health
from newswatch.archive.files import archive_folder
from newswatch.archive.stored import read_stored
from newswatch.commands.backup import MAIL
from newswatch.coverage import find_drops
from newswatch.errors import ArchiveError
from newswatch.health import ALARM, OK, UNSEEN, Finding
from newswatch.store.backup import newest_backup
from newswatch.store.health import SiteState, StoreState
from newswatch.written import read_toml

PER_SITE = ("last read", "fields", "silent", "due")
"""What is looked at of each site in the database."""


def look_at_store(state: StoreState, path: Path, now: datetime, version: tuple[int, ...]) -> Iterator[Finding]:
    """The database, by what could be read of it."""
    yield health.judge_engine(version)
    if state.error:
        yield Finding("database", ALARM, state.error, "nothing can be crawled until it is usable again")
    elif not state.is_there:
        yield Finding("database", health.NOTE, f"there is no database yet: {path}", "scrapy crawl makes it")
    elif state.pending:
        yield Finding("database", health.NOTE, f"it waits for {len(state.pending)} upgrades", "the next command that opens it applies them")
    else:
        yield Finding("database", OK, f"{state.stories or 0:,} stories, {health.size(state.size)}")
    if state.verdict is not None:
        yield health.judge_integrity(state.verdict)
    elif state.is_there:
        yield Finding("integrity", UNSEEN, "the database could not be read")
    if state.is_there:
        yield health.judge_log(state.log, state.size)
    yield health.judge_clock(now, state.newest)


def look_at_site(name: str, state: SiteState | None, now: datetime, *, is_new: bool = False) -> Iterator[Finding]:
    """One site, by what is stored of it; `is_new`: there is no database yet."""
    if state is None and is_new:
        yield health.judge_success(name, now, None, None)
    if state is None:
        for what in PER_SITE[is_new:]:
            yield Finding(what, UNSEEN, "the database could not be asked", "", name)
        return
    yield health.judge_success(name, now, state.succeeded_at, state.begun_at)
    yield from health.judge_fields(name, state.readings, find_drops(state.readings))
    yield from health.judge_silence(name, state.silence, state.lost)
    yield health.judge_overdue(name, state.overdue)


def look_at_machine(settings: BaseSettings, state: StoreState, now: datetime) -> Iterator[Finding]:
    """The disk, who may read what, the backups, the archive."""
    database = Path(settings["DATABASE"])
    folder = archive_folder(settings.get("WARC_DIR"), database)
    try:
        yield health.judge_disk(shutil.disk_usage(_existing(database.parent)).free, state.size)
    except OSError as error:
        yield Finding("disk", UNSEEN, f"the disk cannot be asked: {error.strerror}")
    yield from _permissions(settings, database, folder)
    stories = 0 if not state.is_there and not state.error else state.stories
    yield health.judge_backup(now, newest_backup(database.parent / "backups", database), stories)
    yield _archive(state, folder, is_on=settings.getbool("ARCHIVE"))


def _permissions(settings: BaseSettings, database: Path, archive: Path) -> Iterator[Finding]:
    """Who may read and write what; one finding that all is well where all is."""
    secret = [database.with_name(MAIL), *_passwords(settings), *(database.parent / "backups").glob(f"{Path(MAIL).stem}-*.db")]
    shared = [database.parent, database, archive, Path(settings["WATCHLISTS_DIR"]), Path(settings["WATCH_FILE"])]
    found = []
    for path in (*secret, *shared):
        try:
            mode = path.stat().st_mode
        except FileNotFoundError:
            continue
        except OSError as error:
            found.append(Finding("permissions", health.WARNING, f"{path} cannot be looked at: {error.strerror}", "whose is it?"))
            continue
        if one := health.judge_mode(str(path), mode, secret=path in secret, folder=path.is_dir()):
            found.append(one)
    for path in (database.parent, database, archive):
        if path.exists() and not os.access(path, os.R_OK | os.W_OK):
            says = f"{path} cannot be read and written by this user"
            found.append(Finding("permissions", ALARM, says, f"run as the user that owns it, or chmod u+rw {path}"))
    yield from found or [Finding("permissions", OK, "nobody else can read what is private, or write what is ours")]


def _passwords(settings: BaseSettings) -> Iterator[Path]:
    """The files of passwords that alerts.toml names, beside watch.toml."""
    file = Path(settings.get("ALERTS_FILE") or Path(settings["WATCH_FILE"]).with_name("alerts.toml"))
    table = read_toml(file)[0] if file.is_file() else {}
    yield from ((file.parent / name).expanduser() for name in _named(table, "password_file"))


def _named(table: Mapping[str, Any], key: str) -> Iterator[str]:
    for name, value in table.items():
        if name == key and isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            yield from _named(value, key)


def _archive(state: StoreState, folder: Path, *, is_on: bool) -> Finding:
    """Whether the files that the database points to are there, and the newest page can be read."""
    kept = state.archived
    if kept is None and not state.is_there and not state.error:
        kept = {}
    missing = [file for file in kept or () if not (folder / file).exists()]
    error = ""
    if kept and not missing:
        try:
            read_stored(folder, list(kept.values())[-1])
        except ArchiveError as caught:
            error = str(caught)
    return health.judge_archive(None if kept is None else len(kept), missing, error, is_on=is_on)


def _existing(path: Path) -> Path:
    return next((p for p in (path, *path.parents) if p.exists()), Path())
