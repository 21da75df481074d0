"""`scrapy crawl SITE`: crawl, then tell what the run found, with an exit code that is true."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.console import Console
from scrapy.commands.crawl import Command as ScrapyCrawl
from scrapy.exceptions import UsageError

from newswatch.commands.ready import code_of, mistakes, not_ready
from newswatch.commands.report import print_run
from newswatch.errors import BusyError, StoreError
from newswatch.matching import load_watchlists
from newswatch.pipelines.save import EXIT_STAT, RUN_STAT
from newswatch.spiders.listings import chosen_sections
from newswatch.spiders.loader import SiteSpiderLoader
from newswatch.spiders.quiet import hush
from newswatch.spiders.render import check_browser
from newswatch.store import open_store
from newswatch.store.locks import site_lock
from newswatch.store.runs import EXIT_BUSY, EXIT_FAULTS, EXIT_OK, EXIT_STORE
from newswatch.written import did_you_mean


class Command(ScrapyCrawl):
    """Scrapy's crawl with checks before it, a summary after it, and a true exit code.

    0 all well, 1 some pages could not be read, 69 the site could not be reached, 74 the database failed,
    75 another crawl of the site is under way, 78 settings, site file or watchlist wrong, 130 stopped before it was done.
    """

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Crawl a site's sections and tell what is new"

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks, crawls, reports."""
        if len(args) != 1:
            raise UsageError("name one site, as in: scrapy crawl t-online (scrapy list shows them)")
        if problems := self._problems(args[0], opts):
            print("\n".join(problems), file=sys.stderr)
            self.exitcode = code_of(problems)
            return
        hush(self.settings)  # type: ignore[arg-type]
        try:
            with site_lock(Path(self.settings["DATABASE"]), args[0]):  # type: ignore[index]
                self._crawl(args[0], opts)
        except BusyError as error:
            print(error, file=sys.stderr)
            self.exitcode = EXIT_BUSY
        except StoreError as error:
            print(f"DATABASE: {error}", file=sys.stderr)
            self.exitcode = EXIT_STORE

    def _crawl(self, name: str, opts: argparse.Namespace) -> None:
        """One crawl, while the site's lock is held, and its summary."""
        crawler = self._create_crawler(name)
        self.crawler_process.crawl(crawler, **opts.spargs)  # type: ignore[union-attr]
        self.crawler_process.start()  # type: ignore[union-attr]
        stats = crawler.stats.get_stats() if crawler.stats else {}
        self.exitcode = stats.get(EXIT_STAT, EXIT_FAULTS)
        if RUN_STAT in stats:
            db = open_store(Path(self.settings["DATABASE"]))  # type: ignore[index]
            print_run(db, stats[RUN_STAT], Console(highlight=False))
            db.close()
            if self.exitcode in (EXIT_OK, EXIT_FAULTS) and not self._follows:
                folder = self.settings["WATCHLISTS_DIR"]  # type: ignore[index]
                print(f"Nobody is flagged: there is no watchlist in {folder}. See docs/write-a-watchlist.md")

    _follows = True
    """Whether the watchlist names anybody; not the list itself, which a long crawl need not hold twice."""

    def _problems(self, name: str, opts: argparse.Namespace) -> list[str]:
        """Everything that is wrong before a packet is sent."""
        settings = self.settings
        assert settings is not None and self.crawler_process is not None
        loader = self.crawler_process.spider_loader
        assert isinstance(loader, SiteSpiderLoader)
        out = list(loader.problems)
        site = loader.sites.get(name)
        if site is None and not any(f"{name}.toml" in p for p in out):
            out.append(f"there is no site {name}{did_you_mean(name, loader.list())} (scrapy list shows them all)")

        def watchlist() -> None:
            self._follows = bool(load_watchlists(Path(settings["WATCHLISTS_DIR"])).actors)

        out += [*_wrong_arguments(opts.spargs), *not_ready(settings)]
        return out + mistakes(
            watchlist,
            lambda: check_browser(site, chosen_sections(site, opts.spargs.get("sections")), settings) if site else None,
            lambda: open_store(Path(settings["DATABASE"])).close(),
        )


def _wrong_arguments(given: Mapping[str, str]) -> Iterator[str]:
    """What `-a` says that no crawl knows."""
    known = ["sections", "due"]
    for name in given:
        if name not in known:
            yield f"-a {name}: a crawl has no such argument{did_you_mean(name, known)}"
    if given.get("due", "1") not in ("0", "1"):
        yield f"-a due={given['due']}: 1 for what is due only, 0 for all"
