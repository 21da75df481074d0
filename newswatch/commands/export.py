"""`scrapy export --actor ID ... BUNDLE`: the stories about an actor with their pages and digests, to be handed to others."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from sqlite_utils import Database

from newswatch import clock
from newswatch.archive.files import archive_folder
from newswatch.commands.match import open_existing
from newswatch.commands.plain import plain
from newswatch.errors import NewswatchError, StoreError
from newswatch.exporting.bundle import Written, write_parts
from newswatch.exporting.packing import parts_of
from newswatch.exporting.verifying import verify
from newswatch.store.evidence import Chosen, chosen_ids, known_actors
from newswatch.store.runs import EXIT_CONFIG, EXIT_FAULTS, EXIT_OK, EXIT_STOPPED, EXIT_STORE
from newswatch.store.unwatched import known_sites
from newswatch.written import did_you_mean


class Command(ScrapyCommand):
    """0 done, 1 nothing to export, BUNDLE is there already, or --verify found a change; 74 cannot be read or written; 78 no such actor."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What follows the command's name."""
        return "--actor ID [options] FOLDER | FILE.zip"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Bundle the stories about an actor as evidence: texts, revisions, web pages, digests"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """--actor, --since, --until, --site, --verify."""
        super().add_options(parser)
        parser.add_argument("--actor", action="append", default=[], metavar="ID", help="whose stories; may be given more than once")
        parser.add_argument("--since", type=_day, metavar="DAY", help="only stories of this day and later, as 2026-01-31 (UTC)")
        parser.add_argument("--until", type=_day, metavar="DAY", help="only stories of this day and earlier")
        parser.add_argument("--site", action="append", default=[], metavar="NAME", help="only of this site; may be given more than once")
        parser.add_argument("--verify", action="store_true", help="instead: tell whether anything in a bundle was changed")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Exports or verifies, and tells what came of it."""
        if len(args) != 1 or (not opts.actor and not opts.verify):
            raise UsageError("name an actor and a folder or file, as in: scrapy export --actor putin putin.zip")
        if opts.since and opts.until and opts.since > opts.until:
            raise UsageError(f"--since {opts.since} is after --until {opts.until}")
        target = Path(args[0])
        try:
            self.exitcode = _verify(target) if opts.verify else self._export(opts, target)
        except FileExistsError as error:
            print(f"{error} is there already: choose another name, or move it away", file=sys.stderr)
            self.exitcode = EXIT_FAULTS
        except (NewswatchError, sqlite3.Error, OSError) as error:
            self.exitcode = EXIT_STORE
            if opts.verify:
                print(error, file=sys.stderr)
                self.exitcode = EXIT_FAULTS if target.exists() else EXIT_STORE
            else:
                print(f"DATABASE: {error}" if isinstance(error, StoreError) else f"{error}. There is no bundle.", file=sys.stderr)
        except KeyboardInterrupt:
            print("Stopped: there is no bundle.", file=sys.stderr)
            self.exitcode = EXIT_STOPPED

    def _export(self, opts: argparse.Namespace, target: Path) -> int:
        settings = self.settings
        assert settings is not None
        database = Path(settings["DATABASE"])
        db = open_existing(database)
        try:
            chosen = Chosen(tuple(dict.fromkeys(opts.actor)), opts.since or "", opts.until or "", tuple(dict.fromkeys(opts.site)))
            code = _check(db, chosen)
            if code != EXIT_OK:
                return code
            with parts_of(target) as parts:
                written = write_parts(db, archive_folder(settings.get("WARC_DIR"), database), chosen, parts, clock.now())
            _tell(target, written)
            return EXIT_OK
        finally:
            db.close()


def _day(text: str) -> str:
    """A day as it is typed."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day: write it as 2026-01-31") from None


def _check(db: Database, chosen: Chosen) -> int:
    """Whether there is anything to export; says so where there is not."""
    known = known_actors(db)
    for actor in chosen.actors:
        if actor not in known:
            near = get_close_matches(actor, known, 3, 0.5)
            hint = f": did you mean {' or '.join(near)}?" if near else ": scrapy watchlist tells who is watched"
            print(f"no actor {plain(actor)} is known{hint}", file=sys.stderr)
            return EXIT_CONFIG
    crawled = known_sites(db)
    for site in chosen.sites:
        if site not in crawled:
            print(f"nothing is kept of a site {plain(site)}{did_you_mean(site, crawled)}", file=sys.stderr)
            return EXIT_CONFIG
    if next(chosen_ids(db, chosen), None) is None:
        print("No story that was read names them there and then: nothing was written.", file=sys.stderr)
        return EXIT_FAULTS
    return EXIT_OK


def _tell(target: Path, written: Written) -> None:
    count = written.counts
    size = sum(f["bytes"] for f in written.files.values())
    print(f"{count['stories']:,} stories, {count['revisions']:,} revisions, {count['archived']:,} pages, {size / 1e6:,.1f} MB: {target}")
    if count["missing"]:
        print(f"Of {count['missing']:,} revisions the page is not in the archive: pages.jsonl says why.")
    print(f"SHA-256 of manifest.json: {written.manifest}")
    print("Note it somewhere else: it proves later that nothing was changed (scrapy export --verify).")


def _verify(bundle: Path) -> int:
    problems, digest = verify(bundle)
    for problem in problems:
        print(plain(problem))
    if problems:
        print(f"{bundle} is NOT as it was made.")
        return EXIT_FAULTS
    print(f"{bundle} is whole: every file and page is as the manifest says.")
    print(f"SHA-256 of manifest.json: {digest}")
    return EXIT_OK
