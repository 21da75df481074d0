"""`scrapy doctor`: is all well, here and with the sites that are on? What is not, and what to do, in sentences."""

from __future__ import annotations

import argparse
import json
import logging
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar

from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy import signals
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newswatch import clock, health
from newswatch.commands.checkup import look_at_machine, look_at_site, look_at_store
from newswatch.commands.plain import plain
from newswatch.commands.ready import mistakes, not_ready
from newswatch.extraction.dates import to_text
from newswatch.health import ALARM, NOTE, OK, UNSEEN, WARNING, Answer, Finding
from newswatch.matching import Watchlist, load_watchlists
from newswatch.sites import Site
from newswatch.spiders.checkup import CheckupSpider
from newswatch.spiders.listings import listings_of
from newswatch.spiders.loader import SiteSpiderLoader
from newswatch.spiders.quiet import hush
from newswatch.store.health import read_store
from newswatch.watching.chosen import Selection, read_selection

_STYLES = {OK: "green", UNSEEN: "dim", NOTE: "cyan", WARNING: "yellow", ALARM: "bold red"}
_OF_SITES = ("last read", "fields", "silent", "due", "robots", "certificate")
"""Columns of the table of sites; `links` stands with `silent`."""


class Command(ScrapyCommand):
    """0 no alarm, 1 an alarm."""

    requires_project = True
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[--json] [--offline]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Tell whether all is well, on this machine and with the sites that are on, and what to do"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """--json, --offline."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")
        parser.add_argument("--offline", action="store_true", help="ask no site for anything")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Looks, judges, tells."""
        if args:
            raise UsageError("doctor takes no names: it looks at the sites that settings/watch.toml switches on")
        hush(self.settings)  # type: ignore[arg-type]
        found = list(self._findings(offline=opts.offline))
        if opts.json:
            told = {"level": health.worst(found), "at": to_text(clock.now()), "findings": [asdict(f) for f in found]}
            print(json.dumps(told, ensure_ascii=False, indent=1))
        else:
            print_findings(found, Console(highlight=False))
        self.exitcode = health.exit_code(found)

    def _findings(self, *, offline: bool) -> Iterator[Finding]:
        settings, now = self.settings, clock.now()
        assert settings is not None
        selection, loader = self._selection(), self._loader()
        unready = not_ready(settings)
        yield from health.problems("settings", unready, "who is crawled can reach you", "correct settings/local.py")
        well = "site files, watch.toml and watchlists are right"
        folder = Path(settings["WATCHLISTS_DIR"])
        watched: list[Watchlist] = []
        wrong = [*self._mistakes(selection), *mistakes(lambda: watched.append(load_watchlists(folder)))]
        yield from health.problems("files", list(dict.fromkeys(wrong)), well, "correct that file")
        if watched and not watched[0].actors:
            yield Finding("watchlist", WARNING, f"nobody is followed: no watchlist is in {folder}", "write one: docs/write-a-watchlist.md")
        sites = {n: c.site for n, c in selection.sites.items()} if selection else loader.sites
        listings = {n: listings_of(s, selection.sites[n].section_names if selection else None) for n, s in sites.items()}
        database = Path(settings["DATABASE"])
        state = read_store(database, sites, listings, now)
        if selection is None:  # nothing is switched on: those that are crawled all the same
            sites = {n: s for n, s in sites.items() if n in state.sites and state.sites[n].begun_at}
        yield from look_at_store(state, database, now, sqlite3.sqlite_version_info)
        yield from look_at_machine(settings, state, now)
        for name in sites:
            yield from look_at_site(name, state.sites.get(name), now, is_new=not (state.is_there or state.error))
        why = "--offline" if offline else "REPLAY is set" if settings.get("REPLAY") else unready[0] if unready else ""
        yield from self._online(sites, listings, why)

    def _online(self, sites: Mapping[str, Site], listings: Mapping[str, Mapping[str, str]], why_not: str) -> Iterator[Finding]:
        """robots.txt, certificates and clocks of the sites; `why_not` says why they are not asked."""
        if why_not:
            yield Finding("clock of sites", UNSEEN, f"no site was asked: {why_not}")
            for name in sites:
                yield Finding("robots", UNSEEN, f"not asked: {why_not}", "", name)
                yield Finding("certificate", UNSEEN, f"not asked: {why_not}", "", name)
            return
        answers = self._ask({name: list(listings[name].values()) for name in sites})
        now = clock.now()
        yield health.judge_dates(now, answers)
        for answer in answers:
            yield from health.judge_answer(answer, now)
        for name in sites.keys() - {a.site for a in answers}:
            yield Finding("robots", UNSEEN, "it was not asked: the look was ended before", "", name)

    def _ask(self, sites: Mapping[str, Sequence[str]]) -> list[Answer]:
        """Asks each host for its robots.txt, all beside each other."""
        assert self.crawler_process is not None
        answers: list[Answer] = []
        if not any(sites.values()):
            return answers
        logging.getLogger("twisted").propagate = False  # it prints a traceback for a certificate of another host; we tell that
        crawler = self.crawler_process.create_crawler(CheckupSpider)

        def scraped(item: Any) -> None:
            answers.append(item)

        crawler.signals.connect(scraped, signal=signals.item_scraped, weak=False)
        self.crawler_process.crawl(crawler, sites=sites)
        self.crawler_process.start()
        return sorted(answers, key=lambda a: (a.site, a.host))

    def _loader(self) -> SiteSpiderLoader:
        assert self.crawler_process is not None
        loader = self.crawler_process.spider_loader
        assert isinstance(loader, SiteSpiderLoader)
        return loader

    def _selection(self) -> Selection | None:
        """The sites that are on; None where watch.toml cannot be used."""
        out: list[Selection] = []
        mistakes(lambda: out.append(self._read_selection()))
        return out[0] if out else None

    def _read_selection(self) -> Selection:
        assert self.settings is not None
        own = self.settings.get("SITES_DIR")
        return read_selection(Path(self.settings["WATCH_FILE"]), Path(own) if own else None)

    def _mistakes(self, selection: Selection | None) -> list[str]:
        """What is wrong in site files and watch.toml."""
        return [*self._loader().problems, *(selection.problems if selection else ()), *mistakes(self._read_selection)]


def print_findings(found: Sequence[Finding], console: Console) -> None:
    """A line a thing of the whole, a line a site, then what is not well, with what to do."""
    table = Table("", "", "", box=None, padding=(0, 2, 0, 0), show_header=False)
    for finding in (f for f in found if f.site is None):
        table.add_row(_level(finding.level), finding.what, Text(plain(finding.says), overflow="fold"))
    console.print(table)
    _print_sites(found, console)
    for finding in sorted(found, key=lambda f: -health.LEVELS.index(f.level)):
        if finding.level in (ALARM, WARNING, NOTE):
            where = f"{finding.site}: " if finding.site else ""
            line = Text.assemble(_level(finding.level), f"  {where}{finding.what}: {plain(finding.says)}")
            console.print(line, soft_wrap=True)
            if finding.do:
                console.print(Text(f"         do: {plain(finding.do)}", style="dim"), soft_wrap=True)
    counts = [f"{sum(f.level == level for f in found)} {level}" for level in reversed(health.LEVELS)]
    console.print(", ".join(counts))


def _print_sites(found: Sequence[Finding], console: Console) -> None:
    by_site: dict[str, list[Finding]] = {}
    for finding in found:
        if finding.site is not None:
            by_site.setdefault(finding.site, []).append(finding)
    if not by_site:
        return
    table = Table("site", "", *_OF_SITES, box=None, padding=(0, 2, 0, 0), header_style="dim")
    for site, findings in sorted(by_site.items()):
        seen = [f for f in findings if f.level != UNSEEN]
        table.add_row(site, _level(health.worst(seen) if seen else UNSEEN), *(_cell(column, findings) for column in _OF_SITES))
    console.print()
    console.print(table)
    console.print(Text("? not looked at, or too little to tell", style="dim"))
    console.print()


def _cell(column: str, findings: Sequence[Finding]) -> Text:
    """The gravest of a column; when it was read last, in words."""
    those = [f for f in findings if f.what == column or (column, f.what) == ("silent", "links")]
    if not those:
        return Text("-", style="dim")
    level = health.worst(those)
    if level == UNSEEN:
        return Text("?", style="dim")
    return Text(those[0].says, style=_STYLES[level]) if column == "last read" else _level(level)


def _level(level: str) -> Text:
    return Text(level, style=_STYLES[level])
