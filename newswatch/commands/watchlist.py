"""`scrapy watchlist check | show ID | import FILE`: looks at watchlists, and makes them from lists that others keep."""

from __future__ import annotations

import argparse
import re
import sqlite3
import sys
from collections import Counter
from pathlib import Path
from typing import Any, ClassVar

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text
from scrapy.commands import ScrapyCommand

from newswatch.commands.plain import plain
from newswatch.errors import ConfigError
from newswatch.importing import Report, import_file, wanted
from newswatch.matching import Watchlist, load_watchlists
from newswatch.matching.advice import warnings
from newswatch.matching.shown import shown
from newswatch.store.runs import EXIT_CONFIG, EXIT_FAULTS, EXIT_OK, EXIT_STORE
from newswatch.written import did_you_mean

LANGUAGES = "de,en"
MOST_SHOWN = 8
"""Reasons or classes; the rest is counted."""

FEW = 200
"""Ids from which a mistyped one is guessed."""

INTERRUPTED = 130

_HOW = "as in: scrapy watchlist check, scrapy watchlist show ID, scrapy watchlist import FILE"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_PACKED = re.compile(r"(\.(csv|jsonl?|ndjson|gz|bz2|txt))+$", re.I)


class Command(ScrapyCommand):
    """0 fine, 1 rows could not be read or nothing was imported, 74 no file could be written, 78 wrong arguments, file or watchlists."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What follows the command's name."""
        return "check | show <id> | import [options] <file>"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Check the watchlists, show an actor, import a list from Wikidata or OpenSanctions"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Of import: --languages, --kinds, --name, --tag, --replace."""
        super().add_options(parser)
        group = parser.add_argument_group("of import")
        group.add_argument("--languages", metavar="de,en", help=f"whose labels and letters are taken (default: {LANGUAGES})")
        group.add_argument("--kinds", metavar="person,organisation", help="person, organisation, group, place (default: all)")
        group.add_argument("--name", help="name of the watchlist (default: the file's)")
        group.add_argument("--tag", action="append", help="a tag for each actor; may be given again")
        group.add_argument("--replace", action="store_true", help="write over a watchlist of that name")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Does what the first argument says."""
        assert self.settings is not None
        folder = Path(self.settings["WATCHLISTS_DIR"])
        try:
            self.exitcode = self._do(args, opts, folder)
        except ConfigError as error:
            print(plain(str(error)), file=sys.stderr)
            self.exitcode = EXIT_CONFIG
        except (OSError, sqlite3.Error) as error:
            print(f"The watchlist could not be written: {error}. What was there is as it was.", file=sys.stderr)
            self.exitcode = EXIT_STORE
        except KeyboardInterrupt:
            print("Stopped. What was there is as it was.", file=sys.stderr)
            self.exitcode = INTERRUPTED

    def _do(self, args: list[str], opts: argparse.Namespace, folder: Path) -> int:
        console = Console(highlight=False)
        match args:
            case ["import", file]:
                return import_(Path(file), folder, opts, console)
            case _ if opts.languages or opts.kinds or opts.name or opts.tag or opts.replace:
                raise ConfigError([f"--languages, --kinds, --name, --tag and --replace go with one file to import, {_HOW}"])
            case ["check"]:
                return check(folder, console)
            case ["show", key]:
                return show(key, folder, console)
        raise ConfigError([f"Say what to do, {_HOW}"])


def check(folder: Path, console: Console) -> int:
    """Loads all watchlists and says what will flag too much or never. Raises ConfigError with every mistake."""
    watchlist = load_watchlists(folder)
    if not watchlist.actors:
        raise ConfigError([f"{folder}: no actors there, so nobody is followed: write a watchlist (docs/write-a-watchlist.md)"])
    for sentence in warnings(watchlist):
        console.print(Text("  look at  ", style="yellow") + Text(sentence), soft_wrap=True)
    kinds = Counter(actor.kind for actor in watchlist.actors.values())
    counted = ", ".join(f"{n:,} {kind}" for kind, n in kinds.most_common()) or "none"
    console.print(f"{len(watchlist.actors):,} actors ({counted}), {len(watchlist.rules):,} rules: no mistakes.")
    return EXIT_OK


def show(key: str, folder: Path, console: Console) -> int:
    """An actor with all that is looked for. Raises ConfigError where there is none of that id."""
    watchlist = load_watchlists(folder)
    actor = watchlist.actors.get(key)
    if actor is None:
        raise ConfigError([_unknown(key, watchlist)])
    for line in shown(actor):
        console.print(line, markup=False, soft_wrap=True)
    return EXIT_OK


def _unknown(key: str, watchlist: Watchlist) -> str:
    if key in watchlist.rules:
        return f"{watchlist.where(key)} is a rule: {watchlist.rules[key].when}"
    near = did_you_mean(key, list(watchlist.actors)) if len(watchlist.actors) <= FEW else ""
    return f"there is no actor {key} in these watchlists{near}"


def import_(path: Path, folder: Path, opts: argparse.Namespace, console: Console) -> int:
    """Reads the file and tells what came of it; returns the exit code. Raises ConfigError where nothing can be read."""
    want = wanted(opts.languages or LANGUAGES, opts.kinds or "", opts.tag or ())
    name = opts.name or name_of(path)
    if not _NAME.fullmatch(name):
        raise ConfigError([f"--name {name}: letters, digits, dots, hyphens and underscores only"])
    size = path.stat().st_size if path.is_file() else None
    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    bar_console = Console(stderr=True)
    with Progress(*columns, console=bar_console, transient=True, disable=not bar_console.is_terminal) as bar:
        task = bar.add_task(f"reading {plain(path.name)}", total=size)
        report = import_file(path, folder, name, want, replace=opts.replace, tick=lambda n: bar.update(task, completed=n))
    print_report(report, console)
    return EXIT_FAULTS if report.bad or not report.actors else EXIT_OK


def name_of(path: Path) -> str:
    """A watchlist's name from a file's: `targets.simple.csv.gz` is targets-simple."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", _PACKED.sub("", path.name)).strip("-_") or "imported"


def print_report(report: Report, console: Console) -> None:
    """What was imported, what was not and why, and what to do next."""
    kinds = ", ".join(f"{n:,} {kind}" for kind, n in report.kinds.most_common())
    _say(console, f"{report.actors:,} actors" + (f": {kinds}" if kinds else ""), "bold")
    if report.actors:
        _say(console, f"  {report.strong:,} strong names, {report.weak:,} weak names that are off")
    _counts(console, "skipped", report.skipped, "rows")
    classes = Counter({f"instances of {c}, as {report.examples[c]}": n for c, n in report.unknown.items() if c in report.examples})
    _counts(console, "unknown", classes, "rows")
    if classes:
        _say(console, "           (newswatch/importing/classes.toml says what kind of actor the instances of a class are)", "dim")
    _counts(console, "left out", report.dropped, "names")
    if report.bad:
        _say(console, f"  unread   {report.bad:,} rows that could not be read", "red")
        for row in report.bad_rows:
            _say(console, f"             {row.where} {row.why}", "dim")
        if report.bad > len(report.bad_rows):
            _say(console, f"             and {report.bad - len(report.bad_rows):,} more", "dim")
    if report.path is None:
        _say(console, "Nothing was written.")
        return
    _say(console, f"\nWritten: {report.path}")
    if report.path.suffix == ".jsonl":
        _say(console, "It is JSON, a line an actor: so long a list loads several times slower as TOML.")
    _say(console, "Next: `scrapy watchlist check`. To switch a weak name on, write `on = true` there, best in a watchlist of your own:")
    _say(console, "move the actor's table into it, and the next import leaves that actor to you.")
    if report.one_word:
        _say(console, f"{report.one_word:,} actors have a name of one word, which flags by itself: look at them.", "yellow")


def _counts(console: Console, title: str, counts: Counter[str], unit: str) -> None:
    """A line a reason, the most frequent first."""
    for reason, number in counts.most_common(MOST_SHOWN):
        _say(console, f"  {title:8} {number:,} {unit}: {reason}", "dim")
    if len(counts) > MOST_SHOWN:
        rest = counts.total() - sum(n for _, n in counts.most_common(MOST_SHOWN))
        _say(console, f"  {title:8} {rest:,} more {unit}, of {len(counts) - MOST_SHOWN} others", "dim")


def _say(console: Console, line: str, style: str = "") -> None:
    console.print(Text(plain(line), style=style), soft_wrap=True)
