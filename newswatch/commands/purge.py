"""`scrapy purge --before DATE | --actor ID | --site SITE`: stories and all that is kept of them go for good."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from rich.console import Console
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from sqlite_utils import Database

from newswatch.archive.files import archive_folder
from newswatch.archive.purging import Plan, Unwanted, carry_out, paths_of, plan_to_remove, plans_of
from newswatch.archive.retention import finish_removals
from newswatch.commands.match import open_existing
from newswatch.commands.purgeview import print_done, print_doomed, print_untouched
from newswatch.commands.rereadview import say
from newswatch.errors import ArchiveError, BusyError, StoreError
from newswatch.extraction.links import canonical
from newswatch.faultpoints import fault
from newswatch.sites import Site
from newswatch.spiders.loader import SiteSpiderLoader
from newswatch.store.archived import removals
from newswatch.store.locks import site_lock
from newswatch.store.purging import Doomed, Selection, addresses_of, compact, delete, is_to_be_compacted, select, staying_pages, unmatched
from newswatch.store.runs import EXIT_BUSY, EXIT_FAULTS, EXIT_OK, EXIT_STOPPED, EXIT_STORE
from newswatch.written import did_you_mean


class Command(ScrapyCommand):
    """0 done, or told what would go; 1 there is no such actor or site; 74 it could not be done to its end; 75 a site is being crawled.

    130 stopped by Ctrl-C: the same command once more ends what was begun.
    """

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What follows the command's name."""
        return "--before DATE | --actor ID | --site SITE [--yes]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Remove stories for good, from database and archive; tells first how much, --yes does it"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """--before, --actor, --site, --yes."""
        super().add_options(parser)
        parser.add_argument("--before", metavar="DATE", help="stories of which nothing new was seen since this day (UTC)")
        parser.add_argument("--actor", metavar="ID", help="stories of which any revision names this actor of the watchlist")
        parser.add_argument("--site", metavar="SITE", help="everything that is known of a site")
        parser.add_argument("--yes", action="store_true", help="do it; alone: end what an earlier purge had begun")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks, counts, tells, and with --yes removes."""
        chosen = [name for name in ("before", "actor", "site") if getattr(opts, name) is not None]
        if args or len(chosen) > 1 or not (chosen or opts.yes):
            raise UsageError("say what is to go: one of --before DATE, --actor ID, --site SITE")
        selection = Selection(before=_day(opts.before), actor=opts.actor, site=opts.site)
        settings = self.settings
        assert settings is not None
        try:
            db = open_existing(Path(settings["DATABASE"]))
        except StoreError as error:
            print(f"DATABASE: {error}", file=sys.stderr)
            self.exitcode = EXIT_STORE
            return
        try:
            self.exitcode = Purge(db, settings, selection, write=opts.yes).run()
        except BusyError as error:
            print(f"{error}. Nothing was removed: run it again when that one is done.", file=sys.stderr)
            self.exitcode = EXIT_BUSY
        except (StoreError, ArchiveError, sqlite3.Error) as error:
            print(f"{error}. Not all of it is gone yet: run the same command again.", file=sys.stderr)
            self.exitcode = EXIT_STORE
        except KeyboardInterrupt:
            print("Stopped. Not all of it is gone yet: run the same command again.", file=sys.stderr)
            self.exitcode = EXIT_STOPPED
        finally:
            db.close()


class Purge:
    """One purge: first the archive, as long as the database still knows what belongs to the stories, then the database, then its file."""

    def __init__(self, db: Database, settings: BaseSettings, selection: Selection, *, write: bool) -> None:
        self._db, self._selection, self._write = db, selection, write
        self._database = Path(settings["DATABASE"])
        self._folder = archive_folder(settings.get("WARC_DIR"), self._database)
        self._sites: dict[str, Site] = SiteSpiderLoader.from_settings(settings).sites
        self._console = Console(highlight=False)

    def run(self) -> int:
        """Returns the exit code. Raises BusyError, StoreError, ArchiveError."""
        if problem := self._unknown():
            print(problem, file=sys.stderr)
            return EXIT_FAULTS
        with ExitStack() as locks:
            concerned = self._concerned(select(self._db, self._selection))
            if self._write:
                for site in concerned:
                    locks.enter_context(site_lock(self._database, site))
                for site in concerned:
                    finish_removals(self._db, self._folder, site)
            doomed = select(self._db, self._selection)  # as it is now that nobody else writes
            plans = [plan for site in concerned for plan in self._plans(site)]
            print_doomed(doomed, plans, self._console, written=self._write)
            if self._selection.actor is not None and (count := unmatched(self._db)):
                say(self._console, f"{count:,} revisions were not searched with today's watchlist: scrapy match first finds all of them.")
            if self._write:
                self._remove(doomed, plans)
        print_untouched(self._database, self._selection, self._console, written=self._write)
        return EXIT_OK

    def _remove(self, doomed: Doomed, plans: list[Plan]) -> None:
        for plan in plans:
            carry_out(self._db, self._folder, plan)
        fault("purge.archived")
        if doomed.stories or self._selection.site is not None:
            delete(self._db, self._selection)
            fault("purge.deleted")
        if is_to_be_compacted(self._db):
            compact(self._db)
        print_done(self._console)

    def _unknown(self) -> str | None:
        """What is wrong with the actor or the site that was named."""
        actor, site = self._selection.actor, self._selection.site
        if actor is not None:
            known = [a for (a,) in self._db.execute("SELECT id FROM actors UNION SELECT DISTINCT actor FROM mentions")]
            return None if actor in known else f"no story was ever searched for an actor {actor}{did_you_mean(actor, known)}"
        if site is not None and not self._is_known(site):
            known = [s for (s,) in self._db.execute("SELECT DISTINCT site FROM stories")]
            return f"nothing is kept of a site {site}{did_you_mean(site, known)}"
        return None

    def _is_known(self, site: str) -> bool:
        """Whether anything of a site is there, if only what a purge that died left in the archive."""
        tables = ("stories", "runs", "sections")
        rows = (self._db.execute(f"SELECT 1 FROM {table} WHERE site = ? LIMIT 1", [site]).fetchone() for table in tables)
        return any(rows) or bool(plan_to_remove(self._folder, site)) or is_to_be_compacted(self._db)

    def _concerned(self, doomed: Doomed) -> list[str]:
        """The sites whose files or stories change."""
        names = {*doomed.stories, *(file.partition("/")[0] for file in removals(self._db))}
        if self._selection.site is not None:
            names.add(self._selection.site)
        if self._selection.before is not None and self._folder.is_dir():
            names |= {path.name for path in self._folder.iterdir() if path.is_dir()}
        return sorted(names)

    def _plans(self, site: str) -> list[Plan]:
        """What of a site's files goes."""
        if self._selection.site is not None:
            return plan_to_remove(self._folder, site) if site == self._selection.site else []
        urls, keys = addresses_of(self._db, site)
        before = date.fromisoformat(self._selection.before[:10]) if self._selection.before else None
        if not urls and before is None:
            return []
        is_story = _StoryAddresses(self._sites.get(site), frozenset(urls), frozenset(keys))
        return plans_of(self._folder, site, Unwanted(is_story, paths_of(urls), staying_pages(self._db, site), before))


class _StoryAddresses:
    """Whether an address, however it is written, is that of a story that goes."""

    def __init__(self, site: Site | None, urls: frozenset[str], keys: frozenset[str]) -> None:
        self._site, self._urls, self._keys = site, urls, keys

    def __call__(self, url: str) -> bool:
        if url in self._urls or url.partition("#")[0].partition("?")[0] in self._urls:
            return True
        if self._site is None:
            return False
        try:
            return canonical(url, self._site) in self._urls or self._site.key_of(url) in self._keys
        except ValueError:
            return False


def _day(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        return f"{date.fromisoformat(text).isoformat()}T00:00:00Z"
    except ValueError as error:
        raise UsageError(f"--before {text}: write a day, as in --before 2026-01-01") from error
