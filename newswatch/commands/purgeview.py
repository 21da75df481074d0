"""What `scrapy purge` tells."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from newswatch.archive.purging import Plan
from newswatch.commands.plain import plain
from newswatch.commands.rereadview import say
from newswatch.store.purging import Doomed, Selection

MOST_BACKUPS = 5


def print_doomed(doomed: Doomed, plans: Sequence[Plan], console: Console, *, written: bool) -> None:
    """How much goes."""
    count = sum(doomed.stories.values())
    verb = "To be removed" if written else "Would be removed"
    say(
        console,
        f"{verb}: {count:,} stories, {doomed.revisions:,} revisions, {doomed.mentions:,} mentions, {doomed.events:,} events",
        style="bold",
    )
    if count:
        say(console, f"  first seen from {doomed.since[:10]} to {doomed.until[:10]}")
    for site, number in doomed.stories.items():
        say(console, f"  {plain(site)}: {number:,} stories")
    anew = [plan for plan in plans if plan.kept]
    if anew:
        say(console, f"  archive: {sum(p.removed for p in anew):,} records of {len(anew):,} files, which are written anew without them")
    if len(plans) > len(anew):
        say(console, f"  archive: {len(plans) - len(anew):,} whole files")


def print_done(console: Console) -> None:
    """It is gone."""
    say(console, "Removed, and the database was written anew: nothing of it is left in its file, its log or its index of words.")


def print_untouched(database: Path, selection: Selection, console: Console, *, written: bool) -> None:
    """What may hold the same texts and was left alone."""
    folder = database.parent / "backups"
    backups = sorted(folder.glob("*.db")) if folder.is_dir() else []
    for path in backups[:MOST_BACKUPS]:
        say(console, f"Not touched: the backup {plain(str(path))}", style="yellow")
    if len(backups) > MOST_BACKUPS:
        say(console, f"Not touched: {len(backups) - MOST_BACKUPS:,} more backups in {plain(str(folder))}", style="yellow")
    if (mail := database.with_name("mail.db")).is_file():
        say(console, f"Not touched: {plain(str(mail))}, which remembers the mails that were sent", style="yellow")
    say(console, "Not touched: backups kept elsewhere, mails that were sent, and copies that others made.", style="yellow")
    if selection.actor is not None:
        say(console, f"The watchlist still names {plain(selection.actor)}: new stories are flagged as before.")
    if not written:
        say(console, "Nothing was removed: add --yes to do it.")
