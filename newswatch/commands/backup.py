"""`scrapy backup [FILE | FOLDER]`: a whole, checked copy of the databases, while crawls go on."""

from __future__ import annotations

import argparse
import shlex
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newswatch import clock
from newswatch.errors import StoreError
from newswatch.store.backup import Backup, back_up, backup_name, remove_older
from newswatch.store.runs import EXIT_FAULTS, EXIT_STORE

MAIL = "mail.db"
"""Recipients and deliveries, beside the database."""


class Command(ScrapyCommand):
    """0 done, 1 the file is there already, 74 it could not be done: nothing stands under the name then."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[options] [FILE | FOLDER]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Copy the databases, checked, while crawls go on; into data/backups/ where nothing else is said"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """--keep, --force."""
        super().add_options(parser)
        parser.add_argument("--keep", type=int, metavar="N", help="then remove all but the newest N backups of that folder")
        parser.add_argument("--force", action="store_true", help="replace FILE if it is there")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Copies each database, then tells how to go back to the copy."""
        if len(args) > 1:
            raise UsageError("name one file or folder, as in: scrapy backup /mnt/disk/newswatch/")
        if opts.keep is not None and opts.keep < 1:
            raise UsageError("--keep needs a number of 1 or more")
        database = Path(self.settings["DATABASE"])  # type: ignore[index]
        given = args[0] if args else str(database.parent / "backups") + "/"
        file = None if given.endswith("/") or Path(given).is_dir() else Path(given)
        if file and opts.keep is not None:
            raise UsageError("--keep is for folders: name a folder instead of a file (end it with /)")
        databases = [database] + [m for m in [database.with_name(MAIL)] if m.is_file()]
        try:
            for source, target in zip(databases, _targets(databases, file, Path(given), clock.now()), strict=True):
                _tell(source, back_up(source, target, replace=opts.force))
                for old in remove_older(target.parent, source, opts.keep) if opts.keep else ():
                    print(f"  removed {old.name}")
        except FileExistsError as error:
            print(f"{error} is there already: name another file, or --force to replace it", file=sys.stderr)
            self.exitcode = EXIT_FAULTS
        except StoreError as error:
            print(error, file=sys.stderr)
            self.exitcode = EXIT_STORE


def _targets(databases: list[Path], file: Path | None, folder: Path, at: datetime) -> list[Path]:
    """Where each database goes: the first under the name that was given, another beside it under its own."""
    if file is None:
        return [folder / backup_name(database, at) for database in databases]
    return [file, *(file.with_name(f"{file.stem}-{other.name}") for other in databases[1:])]


def _tell(source: Path, backup: Backup) -> None:
    rows = f"{backup.rows.get('stories', 0):,} stories, {backup.rows.get('revisions', 0):,} revisions, " if "stories" in backup.rows else ""
    print(f"{source.name}: {rows}{backup.size / 1e6:,.1f} MB, checked: {backup.path}{' (replaced)' if backup.replaced else ''}")
    old = source.with_name(source.name + ".old")
    here, log, index, copy, away, away_log = (
        shlex.quote(str(p)) for p in (source, _beside(source, "-wal"), _beside(source, "-shm"), backup.path, old, _beside(old, "-wal"))
    )
    print(
        f"  to go back to it: stop all crawls, then  mv {here} {away}; [ -e {log} ] && mv {log} {away_log}; rm -f {index}; cp {copy} {here}"
    )


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
