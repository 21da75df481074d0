"""`scrapy match`: a changed watchlist is applied to everything that is stored."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from pathlib import Path
from typing import Any, ClassVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings
from sqlite_utils import Database

from newswatch import clock
from newswatch.commands.plain import plain
from newswatch.errors import ConfigError, StoreError
from newswatch.matching import Watchlist, load_watchlists
from newswatch.matching.events import PLACES
from newswatch.store import open_store
from newswatch.store.effects import Effect, Effects
from newswatch.store.rematching import Rematch
from newswatch.store.runs import EXIT_CONFIG, EXIT_OK, EXIT_STOPPED, EXIT_STORE
from newswatch.story import Mention

MOST_ACTORS = 20
"""Actors that are shown; the rest is counted."""


class Command(ScrapyCommand):
    """0 done or nothing to do, 74 the database cannot be used, 78 the watchlist is wrong, 130 stopped by Ctrl-C."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[--dry-run] [--all]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Apply a changed watchlist to all stored stories"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """--dry-run, --all."""
        super().add_options(parser)
        parser.add_argument("--dry-run", action="store_true", help="only tell what would change; nothing is written")
        parser.add_argument("--all", action="store_true", help="look at every revision, not only at what the changes may concern")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Checks, matches, reports."""
        if args:
            raise UsageError("match takes no names: it applies the whole watchlist")
        settings = self.settings
        assert settings is not None
        opened = watchlist_and_store(settings)
        if isinstance(opened, int):
            self.exitcode = opened
            return
        watchlist, db = opened
        try:
            self.exitcode = match(db, watchlist, write=not opts.dry_run, everything=opts.all, folder=settings["WATCHLISTS_DIR"])
        except (StoreError, sqlite3.Error) as error:
            print(f"DATABASE: {error}. What was done stays; scrapy match goes on from there.", file=sys.stderr)
            self.exitcode = EXIT_STORE
        except KeyboardInterrupt:
            print("Stopped. What was done stays; scrapy match goes on from there.", file=sys.stderr)
            self.exitcode = EXIT_STOPPED
        finally:
            db.close()


def watchlist_and_store(settings: BaseSettings) -> tuple[Watchlist, Database] | int:
    """The watchlist and the database that the settings name; where one cannot be had, says so and gives the exit code."""
    try:
        return load_watchlists(Path(settings["WATCHLISTS_DIR"])), open_existing(Path(settings["DATABASE"]))
    except ConfigError as error:
        print(error, file=sys.stderr)
        return EXIT_CONFIG
    except StoreError as error:
        print(f"DATABASE: {error}", file=sys.stderr)
        return EXIT_STORE


def open_existing(path: Path) -> Database:
    """The database at `path`. Raises StoreError, where there is none, too."""
    if not path.exists():
        raise StoreError(f"{path} is not there: scrapy crawl makes it")
    return open_store(path)


def match(db: Database, watchlist: Watchlist, *, write: bool, everything: bool, folder: str | Path) -> int:
    """Applies the watchlist with a progress bar on stderr, and tells what came of it; returns the exit code."""
    console = Console(highlight=False)
    if not watchlist.actors and not everything and db.execute("SELECT 1 FROM mentions LIMIT 1").fetchone():
        print(f"{folder}: no actors there, and stories are stored with mentions; to drop them all, add --all", file=sys.stderr)
        return EXIT_CONFIG
    rematch = Rematch(db, watchlist, clock.now(), write=write, everything=everything)
    if not rematch.pending:
        _say(console, f"Nothing to do: all {rematch.revisions:,} revisions were matched with this watchlist.")
        return EXIT_OK
    errors = Console(stderr=True)
    columns = (TextColumn("matching"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as progress:
        bar = progress.add_task("", total=rematch.pending)
        for done in rematch.run():
            progress.update(bar, completed=done)
    print_effects(rematch.effects, _names(db, watchlist), console, written=write)
    return EXIT_OK


def print_effects(effects: Effects, names: dict[str, str], console: Console, *, written: bool) -> None:
    """What changed, or would: in all, and for whom most."""
    _say(console, f"{_count(effects.revisions, 'revision')} looked at, {effects.examined:,} of them in full.")
    if effects.cut:
        _say(console, f"{effects.cut:,} of them name actors more often than is kept: the rest was left out.")
    if effects.changed:
        _say(console, _sum(effects, written=written))
    else:
        _say(console, "Nobody is named anywhere else than before.")
    for key, effect in effects.largest(MOST_ACTORS):
        _print_effect(names.get(key, key), effect, console)
    if (more := effects.totals()["actors"] - MOST_ACTORS) > 0:
        console.print(Text(f"  and {more:,} more", style="dim"))
    if not written:
        _say(console, "Nothing was written: without --dry-run this is done.")


def _sum(effects: Effects, *, written: bool) -> str:
    """All of it in a sentence."""
    total = effects.totals()
    mentions = [f"{n:,} {word}" for n, word in ((total["mentions_gained"], "more"), (total["mentions_lost"], "fewer")) if n]
    parts = [f"mentions of {_count(total['actors'], 'actor')}: {', '.join(mentions)}"] if mentions else []
    if effects.events_gained:
        parts.append(f"{_count(effects.events_gained, 'event')} found afterwards (no alert is sent for them)")
    if effects.events_lost:
        parts.append(f"{_count(effects.events_lost, 'event')} taken back")
    concerned = f"{effects.stories:,} {'story' if effects.stories == 1 else 'stories'}"
    return f"{concerned} {'changed' if written else 'would change'}" + (f"; {'; '.join(parts)}." if parts else ".")


def _print_effect(name: str, effect: Effect, console: Console) -> None:
    stories, mentions = _signed(effect.stories_gained, effect.stories_lost), _signed(effect.mentions_gained, effect.mentions_lost)
    line = Text(f"  {plain(name)}", style="bold") + Text(f"  stories {stories}, mentions {mentions}", style="not bold")
    console.print(line, soft_wrap=True)
    for sign, style, examples in (("+", "green", effect.gained), ("−", "red", effect.lost)):
        for mention in examples:
            console.print(Text(f"    {sign} ", style=style) + _example(mention), soft_wrap=True)


def _example(mention: Mention) -> Text:
    return Text(f"{PLACES[mention.field]}: {plain(mention.snippet)}", style="dim")


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _signed(gained: int, lost: int) -> str:
    return " ".join([f"+{gained:,}"] * bool(gained) + [f"−{lost:,}"] * bool(lost)) or "±0"


def _names(db: Database, watchlist: Watchlist) -> dict[str, str]:
    """Names of the actors and rules, those no longer watched, too."""
    stored = dict(db.execute("SELECT id, name FROM actors").fetchall())
    return stored | {a.id: a.name for a in watchlist.actors.values()} | {r.id: r.name or r.when for r in watchlist.rules.values()}


def _say(console: Console, sentence: str) -> None:
    console.print(sentence, markup=False, soft_wrap=True)
