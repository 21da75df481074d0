"""`scrapy reread [SITE ...]`: kept pages are read again by today's readers; nothing is asked of any site."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from rich.console import Console
from rich.progress import Progress, TextColumn
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from sqlite_utils import Database

from newswatch import clock
from newswatch.archive.files import archive_folder
from newswatch.commands.explain import not_there
from newswatch.commands.match import watchlist_and_store
from newswatch.commands.rereadview import print_counts, say
from newswatch.errors import BusyError, ConfigError, StoreError
from newswatch.matching import Watchlist
from newswatch.rereading.rereader import ALWAYS, Counts, Rereader, Scope
from newswatch.spiders.loader import SiteSpiderLoader
from newswatch.store.locks import site_lock
from newswatch.store.reading import address, find_story
from newswatch.store.rereading import sites_with_pages
from newswatch.store.runs import EXIT_BUSY, EXIT_CONFIG, EXIT_FAULTS, EXIT_OK, EXIT_STOPPED, EXIT_STORE
from newswatch.store.watchlists import newest, register
from newswatch.written import did_you_mean


class Command(ScrapyCommand):
    """0 done or nothing to do, 1 some pages are missing or read as no story, 74 the database failed, 75 a site is being crawled.

    78 watchlist or site file wrong, 130 stopped by Ctrl-C: what was done stays, the next one goes on there.
    """

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[--since DATE] [--story STORY] [--yes] [SITE ...]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Read kept pages again with today's readers, without any network; tells first, --yes writes"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """--since, --story, --yes."""
        super().add_options(parser)
        parser.add_argument("--since", metavar="DATE", help="only revisions that were seen on this day (UTC) or later")
        parser.add_argument("--story", metavar="STORY", help="only this story: its address or number")
        parser.add_argument("--yes", action="store_true", help="write what is read otherwise; without it nothing is written")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks, reads, tells."""
        settings = self.settings
        assert settings is not None
        since = _since(opts.since)
        if args and opts.story:
            raise UsageError("name sites, or one --story")
        opened = watchlist_and_store(settings)
        if isinstance(opened, int):
            self.exitcode = opened
            return
        watchlist, db = opened
        try:
            self.exitcode = reread(db, watchlist, settings, args, since=since, story=opts.story, write=opts.yes)
        except ConfigError as error:
            print(error, file=sys.stderr)
            self.exitcode = EXIT_CONFIG
        except StoreError as error:
            print(f"DATABASE: {error}. What was done stays; run it again to go on.", file=sys.stderr)
            self.exitcode = EXIT_STORE
        except KeyboardInterrupt:
            print("Stopped. What was done stays; run it again to go on.", file=sys.stderr)
            self.exitcode = EXIT_STOPPED
        finally:
            db.close()


def reread(
    db: Database, watchlist: Watchlist, settings: BaseSettings, names: list[str], *, since: str, story: str | None, write: bool
) -> int:
    """One site after the other; returns the exit code. Raises ConfigError, StoreError."""
    if write and not watchlist.actors and db.execute("SELECT 1 FROM mentions LIMIT 1").fetchone():
        raise ConfigError([f"{settings['WATCHLISTS_DIR']}: no actors there, and stories are stored with mentions: they would be lost"])
    story_id = None
    if story is not None:
        story_id = find_story(db, story)
        if story_id is None:
            print(not_there(db, story, None), file=sys.stderr)
            return EXIT_FAULTS
        names = [address(db, story_id)[0]]
    loader = SiteSpiderLoader.from_settings(settings)
    known = sites_with_pages(db)
    if unknown := [n for n in names if n not in known]:
        raise ConfigError([f"there are no stories of {n}{did_you_mean(n, known)}" for n in unknown])
    now = clock.now()
    number = register(db, watchlist, now) if write else newest(db)[0]
    database, largest = Path(settings["DATABASE"]), settings.getint("DOWNLOAD_MAXSIZE")
    folder = archive_folder(settings.get("WARC_DIR"), database)
    console, codes = Console(highlight=False), [EXIT_OK]
    for name in names or known:
        if name not in loader.sites:
            print(f"{name}: no site file reads it any more: its pages stay as they were read", file=sys.stderr)
            codes.append(EXIT_FAULTS)
            continue
        scope = Scope(loader.sites[name], folder, watchlist, number, now, largest, since, story_id)
        try:
            with site_lock(database, name) if write else nullcontext():
                counts = _pass(Rereader(db, scope, write=write), name, console)
        except BusyError as error:
            print(f"{error}. Run it again when that one is done.", file=sys.stderr)
            codes.append(EXIT_BUSY)
            continue
        print_counts(name, counts, console, written=write)
        codes.append(EXIT_FAULTS if counts.missing or counts.unreadable else EXIT_OK)
    if not write:
        say(console, "Nothing was written: scrapy reread --yes does it.")
    return max(codes)


def _pass(rereader: Rereader, name: str, console: Console) -> Counts:
    """Runs it with a count on stderr."""
    if rereader.begun_after:
        say(console, f"{name}: goes on after story {rereader.begun_after}, where an earlier reread ended.")
    with _progress(name) as update:
        for done in rereader.run():
            update(done)
    return rereader.counts


@contextmanager
def _progress(name: str) -> Iterator[Any]:
    errors = Console(stderr=True)
    columns = TextColumn("reading {task.description}: {task.completed} stories")
    with Progress(columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        bar = progress.add_task(name)
        yield lambda done: progress.update(bar, completed=done)


def _since(text: str | None) -> str:
    if text is None:
        return ALWAYS
    try:
        return f"{date.fromisoformat(text).isoformat()}T00:00:00Z"
    except ValueError as error:
        raise UsageError(f"--since {text}: write a day, as in --since 2026-11-01") from error
