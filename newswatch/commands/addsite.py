"""`scrapy addsite URL`: looks at a site, drafts its file, and shows what is read of five articles."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy import signals
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newswatch.commands.ready import not_ready
from newswatch.errors import NewswatchError
from newswatch.sites import Site, check_sites
from newswatch.sites.draft import Draft, Front
from newswatch.sites.generic import generic_site
from newswatch.spiders.quiet import hush
from newswatch.spiders.survey import SurveySpider
from newswatch.store.runs import EXIT_CONFIG, EXIT_FAULTS, EXIT_OK, EXIT_UNREACHABLE
from newswatch.story import Fault, Stamp, Story

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
_SECOND_LEVEL = frozenset(["co", "com", "org", "gv", "gov", "ac", "or", "net"])
_SHOWN_WORDS = 7
_CHECKS: dict[str, Callable[[Story], object]] = {
    "author": lambda s: s.authors,
    "lead": lambda s: s.lead,
    "date of publication": lambda s: s.published,
    "time of day": lambda s: s.published is None or "day-only" not in s.published.flags,
    "section": lambda s: s.section,
    "text of more than 80 words": lambda s: len(s.text().split()) > 80,
}


class Command(ScrapyCommand):
    """0 the file was written, 1 no articles were found, 69 the site could not be reached, 78 wrong input or the name is taken."""

    requires_project = True

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[options] <URL of a site's home page>"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Look at a news site, draft its site file, show what is read of five articles"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """--name, --force."""
        super().add_options(parser)
        parser.add_argument("--name", help="the site's name (default: from its host)")
        parser.add_argument("--force", action="store_true", help="overwrite a site file of that name")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks, looks, shows, writes."""
        if len(args) != 1:
            raise UsageError("name one site, as in: scrapy addsite https://www.beispiel.example/")
        assert self.settings is not None
        site, problems = _provisional(args[0], opts.name)
        path = Path(self.settings["SITES_DIR"]) / f"{site.name}.toml" if site else None
        if site and path and not opts.force:
            problems += _taken(site, path)
        problems += not_ready(self.settings)
        if problems or site is None or path is None:
            print("\n".join(problems), file=sys.stderr)
            self.exitcode = EXIT_CONFIG
            return
        hush(self.settings)
        console = Console(highlight=False)
        console.print(f"Looking at {site.home} (at most 25 requests, {self.settings['DOWNLOAD_DELAY']} s between two) ...", markup=False)
        self.exitcode = report(self._survey(site), site, path, console)

    def _survey(self, site: Site) -> list[Any]:
        """What the spider gives, in order."""
        assert self.crawler_process is not None
        found: list[Any] = []

        def scraped(item: Any) -> None:
            found.append(item)

        crawler = self.crawler_process.create_crawler(SurveySpider)
        crawler.signals.connect(scraped, signal=signals.item_scraped)
        self.crawler_process.crawl(crawler, provisional=site)
        self.crawler_process.start()
        return found


def name_of(host: str) -> str:
    """A site's name from its host: `www.tages-anzeiger.ch` is tages-anzeiger, `news.bbc.co.uk` is news-bbc."""
    host = host.lower().removeprefix("www.")
    if re.fullmatch(r"[\d.:]+", host):
        return re.sub(r"[.:]+", "-", host).strip("-")
    parts = host.split(".")
    kept = parts[:-2] if len(parts) > 2 and parts[-2] in _SECOND_LEVEL else parts[:-1]
    return re.sub(r"[^a-z0-9]+", "-", "-".join(kept or parts)).strip("-") or "site"


def report(found: list[Any], site: Site, path: Path, console: Console) -> int:
    """Tells what was found and writes the file if there is one to write; returns the exit code."""
    draft = next((i for i in found if isinstance(i, Draft)), None)
    faults = [i for i in found if isinstance(i, Fault)]
    if not any(isinstance(i, Front) for i in found):
        fault = faults[0] if faults else None
        console.print(
            f"{site.home} could not be read: {fault.detail.rstrip('.') if fault else 'no answer'}. Nothing was written.", markup=False
        )
        return EXIT_UNREACHABLE if fault is None or fault.kind in ("unreachable", "timeout", "not_recorded") else EXIT_FAULTS
    if draft is None:
        console.print("No articles were found: no pattern that several links of its pages, feeds and sitemaps share. Nothing was written.")
        console.print("Is its news listed elsewhere? Name that page. Is it made by scripts? Write the file by hand (docs/add-a-site.md).")
        print_faults(faults, console)
        return EXIT_FAULTS
    stories = [i for i in found if isinstance(i, Story)]
    tried = [f for f in faults if f.url in draft.examples]
    print_draft(draft, console)
    console.print(stories_table(stories))
    print_faults(faults, console)
    for note in (*doubts(stories, tried), *draft.notes):
        console.print(Text("  look at  ", style="yellow") + Text(note))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(draft.toml(datetime.now(UTC).date()), encoding="utf-8")
    console.print(f"\nWritten: {path}", markup=False, soft_wrap=True)
    console.print(f"Next: scrapy crawl {draft.site.name}; once you have looked at what it reads, take out checked = false.", markup=False)
    return EXIT_OK


def print_draft(draft: Draft, console: Console) -> None:
    """The site in a few lines: its sections and its pattern."""
    site = draft.site
    console.print(Text(site.title, style="bold") + Text(f"  {site.name}, {site.language}, {site.zone}", style="not bold"))
    for name, section in site.sections.items():
        where = section.url if section.on else f"{section.url}  (off)"
        console.print(Text(f"  {section.kind:8} ", style="dim") + Text(name) + Text(f"  {where}", style="dim"), soft_wrap=True)
    console.print(Text("  pattern  ", style="dim") + Text(site.article.pattern or "none"), soft_wrap=True)
    for pattern in site.article.exclude:
        console.print(Text("  exclude  ", style="dim") + Text(pattern), soft_wrap=True)


def stories_table(stories: list[Story]) -> Table:
    """A row an article: what was understood of it."""
    table = Table("title, authors", "published, modified", "words", "text begins ... ends", "kind, access", header_style="dim")
    for story in stories:
        table.add_row(
            Text(f"{story.title}\n") + Text(", ".join(story.authors) or "no authors", style="dim"),
            Text(f"{_when(story.published)}\n{_when(story.modified)}"),
            str(len(story.text().split())),
            Text(_ends(story.text())),
            Text(f"{story.kind}\n{story.access}"),
        )
    return table


def doubts(stories: list[Story], faults: list[Fault]) -> list[str]:
    """What the articles that were tried lack, a sentence each."""
    out = []
    if faults:
        out.append(f"{len(faults)} of {len(faults) + len(stories)} articles could not be read.")
    lacking: dict[str, list[str]] = {}
    for what, has in _CHECKS.items():
        if count := sum(not has(s) for s in stories):
            lacking.setdefault("No article has" if count == len(stories) else f"{count} of {len(stories)} lack", []).append(what)
    out += [f"{who}: {', '.join(what)}." for who, what in lacking.items()]
    if len({s.title for s in stories}) < len(stories):
        out.append("Articles share a title: a rule for title may be needed.")
    return out


def print_faults(faults: list[Fault], console: Console) -> None:
    """What could not be read, a line each."""
    for fault in faults:
        console.print(Text("  fault    ", style="red") + Text(f"{fault.kind}  {fault.url}: {fault.detail}", style="dim"), soft_wrap=True)


def _provisional(url: str, name: str | None) -> tuple[Site | None, list[str]]:
    """A Site with name and host only, and what is wrong with the input."""
    full = url if "://" in url else f"https://{url}"
    try:
        if any(c.isspace() or c == "@" for c in url):
            raise NewswatchError(f"{url} is no URL")
        generic = generic_site(full)
        port = urlsplit(full).port
    except (NewswatchError, ValueError) as error:
        return None, [f"{error}; write the address of a home page, as in https://www.beispiel.example/"]
    name = name or name_of(urlsplit(full).hostname or "")
    if not _NAME.fullmatch(name):
        return None, [f"--name {name}: small letters, digits and hyphens only"]
    home = full if urlsplit(full).path or port is None else f"{full}/"
    return Site.model_validate({**generic.model_dump(exclude_defaults=True), "name": name, "home": home, "sections": {"home": home}}), []


def _taken(site: Site, path: Path) -> list[str]:
    """Why the name cannot be had without --force."""
    if path.exists():
        return [f"{path} exists: choose another --name, or --force to overwrite it"]
    shipped, _ = check_sites()
    host = urlsplit(site.home).hostname or ""
    name = site.name if site.name in shipped else next((n for n, s in shipped.items() if host in s.all_hosts), None)
    if name is None:
        return []
    return [f"{name} comes with newswatch: scrapy crawl {name}; or choose another --name, or --force to override its file by your own"]


def _when(stamp: Stamp | None) -> str:
    if stamp is None:
        return "-"
    day_only = "day-only" in stamp.flags
    return stamp.at.strftime("%Y-%m-%d") if day_only else stamp.at.strftime("%Y-%m-%d %H:%M") + "Z"


def _ends(text: str) -> str:
    words = text.split()
    if len(words) <= 2 * _SHOWN_WORDS:
        return " ".join(words)
    return f"{' '.join(words[:_SHOWN_WORDS])} ... {' '.join(words[-_SHOWN_WORDS:])}"
