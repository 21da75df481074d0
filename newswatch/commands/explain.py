"""`scrapy explain URL`: why a stored story is flagged, and why not."""

from __future__ import annotations

import argparse
import sqlite3
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar

from rich.console import Console
from rich.text import Text
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from sqlite_utils import Database

from newswatch.commands.match import watchlist_and_store
from newswatch.commands.plain import plain
from newswatch.matching import Examination, Watchlist, examine
from newswatch.matching.events import PLACES
from newswatch.matching.mentions import Miss
from newswatch.revisions import MENTION_FIELDS
from newswatch.store.reading import Kept, find_story, last_revision_number, near_urls, read_revision
from newswatch.store.runs import EXIT_FAULTS, EXIT_OK, EXIT_STORE
from newswatch.store.watchlists import fingerprint
from newswatch.story import Mention

NAMED, AMBIGUOUS, MISSED = "bold green", "bold yellow", "red"
"""How names are marked in the text."""


class Command(ScrapyCommand):
    """0 explained, 1 there is no such story, 74 the database cannot be used, 78 the watchlist is wrong."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[--revision N] <URL or number of a story>"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Tell whom a stored story names and by which rule, and what only looks like a name"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """--revision."""
        super().add_options(parser)
        parser.add_argument("--revision", type=int, metavar="N", help="an earlier revision (default: the newest)")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Finds, examines, tells."""
        if len(args) != 1:
            raise UsageError("name one story, as in: scrapy explain https://www.beispiel.example/politik/17/ein-fall")
        settings = self.settings
        assert settings is not None
        opened = watchlist_and_store(settings)
        if isinstance(opened, int):
            self.exitcode = opened
            return
        watchlist, db = opened
        try:
            wanted = args[0].encode(errors="replace").decode()
            story_id = find_story(db, wanted)
            kept = read_revision(db, story_id, opts.revision) if story_id is not None else None
            if kept is None:
                print(not_there(db, wanted, story_id), file=sys.stderr)
                self.exitcode = EXIT_FAULTS
                return
            print_explanation(kept, watchlist, Console(highlight=False))
            self.exitcode = EXIT_OK
        except sqlite3.Error as error:
            print(f"DATABASE: {error}", file=sys.stderr)
            self.exitcode = EXIT_STORE
        finally:
            db.close()


def print_explanation(kept: Kept, watchlist: Watchlist, console: Console) -> None:
    """The story with its names marked, then each mention, near miss and rule with its reason."""
    entries = [(entry[0], entry[2], entry[3]) for entry in kept.entries]
    examination = examine(kept.fields, watchlist, language=kept.language, entries=entries, misses=True)
    examination.misses = _untold(examination)
    _line(console, Text(plain(kept.fields["title"]), style="bold"))
    _line(console, Text(f"{kept.site}, story {kept.story_id}, revision {kept.number} of {kept.last}, seen {kept.seen_at}", style="dim"))
    _line(console, Text(plain(kept.url), style="dim"))
    if kept.matched_with != fingerprint(watchlist):
        what = "was matched with an earlier watchlist" if kept.matched_with else "was matched by an earlier newswatch"
        _line(console, Text(f"It {what}: run scrapy match. Below stands what the watchlist says now.", style="yellow"))
    console.print()
    for name in MENTION_FIELDS:
        if kept.fields[name]:
            _line(console, Text(f"{PLACES[name]:9} ", style="dim") + _marked(kept.fields[name], name, examination, watchlist))
    console.print()
    _print_mentions([m for m in examination.mentions if m.actor not in watchlist.rules], kept, watchlist, console)
    _print_misses(examination, watchlist, console)
    for mention in examination.mentions:
        if mention.actor in watchlist.rules:
            line = Text("Rule ") + Text(f"{mention.name} ", style="bold") + Text(f"({mention.actor}) holds", style="not bold")
            _line(console, line.append(f"  {plain(mention.rule.removeprefix('rule').lstrip(': '))}", style="dim"))
    if examination.is_cut:
        _line(console, Text("Actors are named more often than is kept: the rest was left out.", style="yellow"))


def _untold(examination: Examination) -> list[Miss]:
    """Near misses that are no part of a name of the same actor that counts: not `Quint` of `Ada Quint`."""
    counting: dict[tuple[str, str], list[Mention]] = {}
    for mention in examination.mentions:
        counting.setdefault((mention.actor, mention.field), []).append(mention)
    return [
        miss
        for miss in examination.misses
        if not any(
            m.start <= miss.mention.start and miss.mention.end <= m.end for m in counting.get((miss.mention.actor, miss.mention.field), ())
        )
    ]


def _marked(text: str, name: str, examination: Examination, watchlist: Watchlist) -> Text:
    """A field with its mentions and near misses marked."""
    out = Text(plain(text), style="not dim")
    for miss in examination.misses:
        if miss.mention.field == name:
            out.stylize(MISSED, miss.mention.start, miss.mention.end)
    for mention in examination.mentions:
        if mention.field == name and mention.actor not in watchlist.rules:
            out.stylize(AMBIGUOUS if mention.is_ambiguous else NAMED, mention.start, mention.end)
    return out


def _print_mentions(mentions: Sequence[Mention], kept: Kept, watchlist: Watchlist, console: Console) -> None:
    if not mentions:
        _line(console, Text("Nobody of the watchlist is named."))
    headlines = {entry[0]: entry[2] or entry[0] for entry in kept.entries}
    for mention in mentions:
        place = PLACES[mention.field] + (f", entry {headlines.get(mention.entry, mention.entry)}" if mention.entry else "")
        line = Text(plain(mention.surface), style=AMBIGUOUS if mention.is_ambiguous else NAMED)
        line.append(f"  {watchlist.actors[mention.actor].name} ({mention.actor})  {plain(place)}", style="not bold default")
        line.append(f"  {plain(mention.rule)}", style="not bold default dim")
        if mention.is_ambiguous:
            line.append("  ambiguous: another actor has as good a claim, it flags neither", style="not bold yellow")
        _line(console, line)


def _print_misses(examination: Examination, watchlist: Watchlist, console: Console) -> None:
    """Near misses, those of one reason together."""
    counts = Counter((m.mention.actor, m.mention.name, m.reason) for m in examination.misses)
    surfaces = {(m.mention.actor, m.mention.name, m.reason): m.mention.surface for m in reversed(examination.misses)}
    if counts:
        _line(console, Text("\nNear misses"))
    for (actor, name, reason), count in counts.items():
        line = Text(f"{plain(surfaces[actor, name, reason])}", style=MISSED)
        line.append(f"  {watchlist.actors[actor].name} ({actor})  {plain(reason)}", style="default")
        if count > 1:
            line.append(f"  ({count} times)", style="default dim")
        _line(console, line)
    if counts:
        console.print()


def not_there(db: Database, wanted: str, story_id: int | None) -> str:
    """What to do where there is no such story, or, with `story_id`, no such revision of it."""
    if story_id is not None:
        return f"Story {story_id} has the revisions 1 to {last_revision_number(db, story_id)}."
    if near := near_urls(db, wanted):
        return f"There is no story {plain(wanted)}. These are near: {', '.join(map(plain, near))}"
    count = db.execute("SELECT count(*) FROM stories").fetchone()[0]
    return f"There is no story {plain(wanted)} among {count:,}: give an address that a crawl has read, or the number of a story."


def _line(console: Console, text: Text) -> None:
    console.print(text, soft_wrap=True)
