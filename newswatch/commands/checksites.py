"""`scrapy checksites [NAME ...]`: a little of each site is read, and what came of it is told. Nothing is stored."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text
from scrapy import signals
from scrapy.commands import ScrapyCommand
from scrapy.http import Response
from twisted.python.failure import Failure

from newswatch import clock
from newswatch.commands.ready import not_ready
from newswatch.coverage import reading_of
from newswatch.sites import Site
from newswatch.spiders.loader import SiteSpiderLoader
from newswatch.spiders.probe import ARTICLES, probe_of
from newswatch.spiders.quiet import hush
from newswatch.store.runs import EXIT_CONFIG, EXIT_FAULTS, EXIT_OK, EXIT_UNREACHABLE
from newswatch.story import Fault, Gated, Gone, Listing, Story
from newswatch.written import did_you_mean

AT_ONCE = 24
"""Sites that are looked at beside each other."""

FIELDS: dict[str, Callable[[Story], object]] = {
    "title": lambda s: "title" in reading_of(s).filled,
    "lead": lambda s: "lead" in reading_of(s).filled,
    "authors": lambda s: "authors" in reading_of(s).filled,
    "published": lambda s: s.published and "day-only" not in s.published.flags,
    "modified": lambda s: "modified" in reading_of(s).filled,
    "section": lambda s: "section" in reading_of(s).filled,
    "keywords": lambda s: "keywords" in reading_of(s).filled,
    "canonical": lambda s: s.canonical_url,
}
"""What is counted, in the order of the table. `published` counts with a time of day only."""

_NO_ANSWER = frozenset(["unreachable", "timeout", "not_recorded"])


@dataclass
class Health:
    """What came of a look at one site."""

    site: str
    sections: list[str] = field(default_factory=list)
    links: int = 0
    stories: list[Story] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def add(self, item: Any) -> None:
        """Counts an item of the crawl."""
        if isinstance(item, Listing):
            self.sections.append(item.section)
            self.links += len(item.links)
        elif isinstance(item, Story):
            self.stories.append(item)
        elif isinstance(item, Gone):
            self.faults.append(Fault(item.site, "http", item.url, f"status {item.status}", item.seen_at))
        elif isinstance(item, Gated):
            self.faults.append(Fault(item.site, "gated", item.url, item.why, item.seen_at))
        elif isinstance(item, Fault):
            self.faults.append(item)

    @property
    def failed_sections(self) -> list[str]:
        """Sections of which nothing could be read."""
        return list(dict.fromkeys(f.section for f in self.faults if f.section and f.section not in self.sections))

    def state(self) -> tuple[str, str]:
        """(`ok` | `broken` | `unreachable`, why)."""
        if not self.sections:
            kinds = {f.kind for f in self.faults}
            why = self.faults[0].detail if self.faults else "nothing was answered"
            return ("unreachable" if kinds <= _NO_ANSWER else "broken"), why
        if not self.links:
            return "broken", "no article links in any section"
        if not self.stories:
            return "broken", f"no article could be read: {self.faults[0].detail}" if self.faults else "no article could be read"
        pages = len(self.sections) + len(self.stories) + len(self.faults)
        if 2 * len(self.faults) > pages:
            return "broken", f"{len(self.faults)} faults in {pages} pages"
        return "ok", ""

    def shares(self) -> dict[str, int | None]:
        """Per cent of the articles that have each of FIELDS; None where no article was read."""
        count = len(self.stories)
        return {name: round(100 * sum(bool(has(s)) for s in self.stories) / count) if count else None for name, has in FIELDS.items()}

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        state, why = self.state()
        return {
            "site": self.site,
            "state": state,
            "why": why,
            "sections_read": self.sections,
            "sections_failed": self.failed_sections,
            "links": self.links,
            "articles": len(self.stories),
            "filled_percent": self.shares(),
            "faults": dict(Counter(f.kind for f in self.faults)),
            "fault_details": [{"kind": f.kind, "url": f.url, "section": f.section, "detail": f.detail} for f in self.faults],
        }


def exit_code(states: Iterable[str]) -> int:
    """0 all well; 69 none could be reached; 1 one is broken, or cannot be reached while others can."""
    found = set(states)
    if found == {"unreachable"}:
        return EXIT_UNREACHABLE
    return EXIT_FAULTS if found - {"ok"} else EXIT_OK


class Command(ScrapyCommand):
    """0 all well, 1 a site is broken, 69 none could be reached, 78 settings or site files wrong."""

    requires_project = True

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[options] [site ...]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Read a little of each site (or of those named) and tell what is read well"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """--json."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="print what was found as JSON")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks, looks, tells."""
        sites, problems = self._sites(args)
        if problems:
            print("\n".join(problems), file=sys.stderr)
            self.exitcode = EXIT_CONFIG
            return
        hush(self.settings)  # type: ignore[arg-type]
        found = self._look(sites)
        if opts.json:
            print(json.dumps([h.plain() for h in found], ensure_ascii=False, indent=1))
        else:
            print_health(found, Console(highlight=False))
        self.exitcode = exit_code(h.state()[0] for h in found)

    def _sites(self, names: Sequence[str]) -> tuple[list[Site], list[str]]:
        """The sites that are named, or all, and what is wrong."""
        assert self.settings is not None and self.crawler_process is not None
        loader = self.crawler_process.spider_loader
        assert isinstance(loader, SiteSpiderLoader)
        problems = [*loader.problems, *not_ready(self.settings)]
        problems += [f"there is no site {n}{did_you_mean(n, loader.list())}" for n in names if n not in loader.sites]
        wanted = dict.fromkeys(names or loader.list())
        return [loader.sites[n] for n in wanted if n in loader.sites], problems

    def _look(self, sites: Sequence[Site]) -> list[Health]:
        """Crawls a little of each, AT_ONCE beside each other."""
        assert self.crawler_process is not None
        healths = {site.name: Health(site.name) for site in sites}
        console = Console(stderr=True)
        with tempfile.TemporaryDirectory() as folder, Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task(f"{ARTICLES} articles a section", total=len(sites))
            waiting = list(sites)

            def start_next(*_: object) -> None:
                if waiting:
                    site = waiting.pop(0)
                    self._start(site, Path(folder), healths[site.name], lambda: bar.advance(task), start_next)

            for _ in range(min(AT_ONCE, len(sites))):
                start_next()
            self.crawler_process.start()
        return list(healths.values())

    def _start(self, site: Site, folder: Path, health: Health, closed: Callable[[], None], then: Callable[..., None]) -> None:
        assert self.crawler_process is not None

        def scraped(item: Any) -> None:
            health.add(item)

        def failed(failure: Failure, response: Response) -> None:
            health.add(Fault(site.name, "internal", response.url, repr(failure.value)[:300], clock.now()))

        def done() -> None:
            closed()

        crawler = self.crawler_process.create_crawler(probe_of(site, folder / f"{site.name}.db"))
        crawler.signals.connect(scraped, signal=signals.item_scraped, weak=False)
        crawler.signals.connect(failed, signal=signals.spider_error, weak=False)
        crawler.signals.connect(done, signal=signals.spider_closed, weak=False)
        asyncio.ensure_future(self.crawler_process.crawl(crawler)).add_done_callback(then)


WIDE = 160
"""Columns of a table that goes into a file or a pipe."""


def print_health(found: Sequence[Health], console: Console) -> None:
    """A row a site, then what is wrong with those that are not well."""
    table = Table(box=None, padding=(0, 1), header_style="dim")
    for name in ("site", "", "sections", "links", "articles", *FIELDS, "faults"):
        table.add_column(name, no_wrap=name != "faults")
    for health in found:
        state, _ = health.state()
        failed = len(health.failed_sections)
        shares = [Text("-" if v is None else f"{v}", style="red" if v == 0 else "") for v in health.shares().values()]
        kinds = Counter(f.kind for f in health.faults)
        table.add_row(
            health.site,
            Text(state, style="green" if state == "ok" else "red"),
            f"{len(health.sections)}/{len(health.sections) + failed}",
            str(health.links),
            str(len(health.stories)),
            *shares,
            ", ".join(f"{n} {kind}" for kind, n in kinds.most_common()),
        )
    console.print(table, crop=False, width=None if console.is_terminal else max(console.width, WIDE))
    for health in found:
        state, why = health.state()
        if state != "ok":
            console.print(Text(f"  {state:12}", style="red") + Text(f"{health.site}: {why}"), soft_wrap=True)
    wrong = sum(h.state()[0] != "ok" for h in found)
    console.print(f"{len(found)} sites, {len(found) - wrong} well, {wrong} not. Fields in % of the articles read.")
