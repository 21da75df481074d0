"""`scrapy freeze URL`: keeps a page and what is read of it, so that a change of the reader shows itself."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newswatch import clock
from newswatch.commands.ready import not_ready
from newswatch.errors import ConfigError, NewswatchError, ReadError
from newswatch.frozen import Frozen, differences, keep, pages, refreeze
from newswatch.sites import Site
from newswatch.spiders.fetch import FetchSpider
from newswatch.spiders.loader import SiteSpiderLoader
from newswatch.spiders.quiet import hush
from newswatch.store.runs import EXIT_CONFIG, EXIT_FAULTS, EXIT_UNREACHABLE
from newswatch.story import Fault

WARNING = "Keep only pages there that you may keep and pass on: your own, invented ones, or with their publisher's leave."


class Command(ScrapyCommand):
    """0 kept, 1 the page is no story, 69 it could not be reached, 78 wrong input."""

    requires_project = True

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[options] <URL of an article> | --again"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Keep an article's page and what is read of it as a test"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """--name, --file, --site, --again."""
        super().add_options(parser)
        parser.add_argument("--name", help="name of the files (default: the last part of the address)")
        parser.add_argument("--file", type=Path, help="take the page from this file; the URL is where it was")
        parser.add_argument("--site", help="the site whose file reads it (default: the one that the host belongs to)")
        parser.add_argument("--again", action="store_true", help="read all frozen pages again, and keep what is read now")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Freezes one page, or reads all again."""
        assert self.settings is not None
        folder = Path(self.settings["PAGES_DIR"])
        try:
            if opts.again:
                self.exitcode = _all_again(folder)
                return
            if len(args) != 1:
                raise UsageError("name one article, as in: scrapy freeze https://www.beispiel.example/politik/17/ein-fall")
            site, name = self._site_of(args[0], opts.site), opts.name or name_of(args[0])
            if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
                raise ConfigError([f"--name {name}: letters, digits, dots, hyphens and underscores only"])
            found = _from_file(args[0], opts.file) if opts.file else self._fetched(args[0])
        except ConfigError as error:
            print(error, file=sys.stderr)
            self.exitcode = EXIT_CONFIG
            return
        self.exitcode = _keep(found, site, name, folder)

    def _site_of(self, url: str, name: str | None) -> Site:
        """The site that reads the page. Raises ConfigError."""
        assert self.crawler_process is not None
        loader = self.crawler_process.spider_loader
        assert isinstance(loader, SiteSpiderLoader)
        if name and name not in loader.sites:
            raise ConfigError([f"there is no site {name} (scrapy list shows them all)"])
        owners = [name] if name else [n for n, site in sorted(loader.sites.items()) if site.owns(url)]
        if not owners:
            raise ConfigError([*loader.problems, f"no site has the host of {url}: scrapy addsite makes one, --site names one"])
        return loader.sites[owners[0]]

    def _fetched(self, url: str) -> Frozen | Fault:
        """The page, or why it cannot be had. Raises ConfigError."""
        assert self.settings is not None and self.crawler_process is not None
        if problems := not_ready(self.settings):
            raise ConfigError(problems)
        hush(self.settings)
        found: list[Any] = []

        def scraped(item: Any) -> None:
            found.append(item)

        crawler = self.crawler_process.create_crawler(FetchSpider)
        crawler.signals.connect(scraped, signal=signals.item_scraped)
        self.crawler_process.crawl(crawler, url=url)
        self.crawler_process.start()
        return found[0] if found else Fault("fetch", "internal", url, "no answer and no error", clock.now())


def name_of(url: str) -> str:
    """A file's name from an address: its last part that says something, without ending."""
    parts = [p for p in urlsplit(url).path.split("/") if p]
    stem = re.sub(r"\.[a-z]{2,5}$", "", parts[-1]) if parts else "home"
    return re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-.")[:80] or "page"


def _from_file(url: str, path: Path) -> Frozen:
    try:
        return Frozen(url, None, clock.now(), path.read_bytes())
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror}"]) from error


def _keep(found: Frozen | Fault, site: Site, name: str, folder: Path) -> int:
    """Writes the files and says so; returns the exit code."""
    if isinstance(found, Fault):
        print(f"{found.url} could not be read: {found.detail} ({found.kind}). Nothing was kept.")
        return EXIT_UNREACHABLE if found.kind in ("unreachable", "timeout", "not_recorded") else EXIT_FAULTS
    try:
        page = keep(folder, name, found, site)
    except ReadError as error:
        print(f"{found.url} is no story: {error} ({error.kind}). Nothing was kept.")
        return EXIT_FAULTS
    print(f"Kept: {page} and what is read of it in {name}.json beside it. Look at that: it is what the test expects from now on.")
    print(WARNING)
    return 0


def _all_again(folder: Path) -> int:
    """Reads every frozen page again and says what is read otherwise now; returns the exit code."""
    broken = 0
    for page in pages(folder):
        try:
            lines = differences(*refreeze(page))
        except (NewswatchError, OSError, ValueError, KeyError) as error:
            broken += 1
            lines = [f"cannot be read: {error}"]
        print(f"{page.parent.name}/{page.name}: {'unchanged' if not lines else ''}".rstrip())
        print("".join(f"  {line[:300]}\n" for line in lines), end="")
    return EXIT_FAULTS if broken else 0
