"""`scrapy watch`: does what is due of all sites that are switched on, once or for good."""

from __future__ import annotations

import argparse
import asyncio
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from rich.console import Console
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from sqlite_utils import Database

from newswatch.commands.ready import code_of, mistakes, not_ready
from newswatch.commands.watchview import WatchView
from newswatch.errors import StoreError
from newswatch.spiders.render import check_browser
from newswatch.store import open_store
from newswatch.store.runs import EXIT_STORE
from newswatch.store.watchlists import watchlist_in_use
from newswatch.watching.chosen import Chosen, Selection
from newswatch.watching.states import SiteState
from newswatch.watching.watcher import Files, Watcher


class Command(ScrapyCommand):
    """--once: the gravest exit code of the sites: 0, 75, 1, 69, 78, 70, 74 in this order. For good: 0 when it was told to end.

    78 before anything is asked where a file is wrong that nothing can go on without, 74 where the database failed,
    130 where it was ended at once, or before a single look was done.
    """

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[--once]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Watch all sites that settings/watch.toml switches on"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """--once."""
        super().add_options(parser)
        parser.add_argument("--once", action="store_true", help="do what is due now, and end: for cron or a timer")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks, watches."""
        if args:
            raise UsageError("watch takes no names: settings/watch.toml switches sites on; for one site: scrapy crawl SITE")
        settings = self.settings
        assert settings is not None
        files = Files(Path(settings["WATCH_FILE"]), _path(settings, "SITES_DIR"), Path(settings["WATCHLISTS_DIR"]), _Usable(settings))
        selection, problems = _check(settings, files)
        if selection is None or problems:
            print("\n".join(problems), file=sys.stderr)
            self.exitcode = code_of(problems)
            return
        try:
            with closing(open_store(Path(settings["DATABASE"]))) as db:
                self.exitcode = asyncio.run(_watch(settings, files, selection, db, once=opts.once))
        except StoreError as error:
            print(f"DATABASE: {error}", file=sys.stderr)
            self.exitcode = EXIT_STORE


@dataclass(frozen=True)
class _Usable:
    """Raises ConfigError for a site that cannot be crawled here."""

    settings: BaseSettings

    def __call__(self, chosen: Chosen) -> None:
        check_browser(chosen.site, chosen.section_names, self.settings)


def _check(settings: BaseSettings, files: Files) -> tuple[Selection | None, list[str]]:
    """What is to be watched, and everything that nothing can go on without; the mistakes of single sites stand in the selection."""
    found: list[Selection] = []

    def watchlist() -> None:
        with closing(open_store(Path(settings["DATABASE"]))) as db:
            watchlist_in_use(files.watchlists, db)

    problems = not_ready(settings) + mistakes(lambda: found.append(files.read()), watchlist)
    return (found[0] if found else None), problems


async def _watch(settings: BaseSettings, files: Files, selection: Selection, db: Database, *, once: bool) -> int:
    """Watches, and shows it; returns the exit code."""
    states: dict[str, SiteState] = {}
    with WatchView(Console(highlight=False), states.values) as view:
        budget = settings.getint("REQUESTS_AN_HOUR")
        alerts = _path(settings, "ALERTS_FILE")
        return await Watcher(db, files, selection, _overrides(settings), view, states, once=once, budget=budget, alerts=alerts).run()


def _overrides(settings: BaseSettings) -> dict[str, Any]:
    """What the command line set: the processes that crawl read all else themselves."""
    return {name: settings[name] for name in settings if settings.getpriority(name) == SETTINGS_PRIORITIES["cmdline"]}


def _path(settings: BaseSettings, name: str) -> Path | None:
    return Path(settings[name]) if settings.get(name) else None
