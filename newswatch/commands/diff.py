"""`scrapy diff STORY [A] [B]`: the revisions of a story, and what differs between two of them."""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from pathlib import Path
from typing import Any, ClassVar

from rich.console import Console
from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError
from sqlite_utils import Database

from newswatch.commands.diffview import as_json, print_differences, print_revisions
from newswatch.commands.explain import not_there
from newswatch.commands.match import open_existing
from newswatch.differences import differences
from newswatch.errors import StoreError
from newswatch.store.reading import address, find_story, list_revisions, revision_texts
from newswatch.store.runs import EXIT_FAULTS, EXIT_OK, EXIT_STORE


class Command(ScrapyCommand):
    """0 shown, 1 there is no such story or revision, 74 the database cannot be used."""

    requires_project = True
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_ENABLED": False}

    def syntax(self) -> str:
        """What follows the command's name."""
        return "[--json] <URL or number of a story> [A] [B]"

    def short_desc(self) -> str:
        """One line for `scrapy --help`."""
        return "Show the revisions of a story, and what differs between two of them (default: the last two)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """--json."""
        super().add_options(parser)
        parser.add_argument("--json", action="store_true", help="for programs: all of it as one JSON object")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Finds, compares, shows."""
        if not 1 <= len(args) <= 3 or not all(a.isascii() and a.isdigit() and len(a) < 10 for a in args[1:]):
            raise UsageError("name one story, and one or two of its revisions, as in: scrapy diff 17 1 3")
        settings = self.settings
        assert settings is not None
        try:
            db = open_existing(Path(settings["DATABASE"]))
        except StoreError as error:
            print(f"DATABASE: {error}", file=sys.stderr)
            self.exitcode = EXIT_STORE
            return
        try:
            self.exitcode = show(db, args[0].encode(errors="replace").decode(), [int(a) for a in args[1:]], is_json=opts.json)
        except sqlite3.Error as error:
            print(f"DATABASE: {error}", file=sys.stderr)
            self.exitcode = EXIT_STORE
        finally:
            db.close()


def show(db: Database, wanted: str, numbers: list[int], *, is_json: bool) -> int:
    """Prints the revisions of a story and what differs between two; returns the exit code."""
    story_id = find_story(db, wanted)
    if story_id is None:
        print(not_there(db, wanted, None), file=sys.stderr)
        return EXIT_FAULTS
    revisions = list_revisions(db, story_id)
    old, new = chosen(numbers, len(revisions))
    if numbers and not (1 <= old <= len(revisions) and 1 <= new <= len(revisions)):
        print(not_there(db, wanted, story_id), file=sys.stderr)
        return EXIT_FAULTS
    found = differences(revision_texts(db, story_id, old), revision_texts(db, story_id, new)) if old != new else differences({}, {})
    site, url = address(db, story_id)
    if is_json:
        print(json.dumps({"story": story_id, "site": site, "url": url, **as_json(found, revisions, old, new)}))
        return EXIT_OK
    console = Console(highlight=False)
    print_revisions(site, url, story_id, revisions, (old, new), console)
    if old != new:
        print_differences(found, console)
    return EXIT_OK


def chosen(numbers: list[int], last: int) -> tuple[int, int]:
    """Which two revisions are compared: two that are named; one and the one before it; the last two."""
    if len(numbers) == 2:
        return numbers[0], numbers[1]
    new = numbers[0] if numbers else last
    return (new - 1 if new > 1 else new), new
