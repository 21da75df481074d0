"""What `scrapy reread` tells."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from newswatch.commands.plain import plain
from newswatch.differences.values import NAMES
from newswatch.rereading.chain import SHOWN
from newswatch.rereading.rereader import Counts
from newswatch.story import FAULT_KINDS


def print_counts(name: str, counts: Counts, console: Console, *, written: bool) -> None:
    """What came of a site: how much is read otherwise, in which fields, for example."""
    say(console, f"{name}: {counts.stories:,} stories, {counts.pages:,} pages read", style="bold")
    if counts.changed:
        verb = "are read otherwise now" if written else "would be read otherwise"
        say(console, f"  {counts.changed:,} revisions of {counts.changed_stories:,} stories {verb}:")
        for column, count in sorted(counts.fields.items(), key=lambda item: (-item[1], list(SHOWN).index(item[0]))):
            say(console, f"    {SHOWN[column]:14} {count:,}")
        for sign, key in (("more", "gained"), ("fewer", "lost")):
            if counts.mentions[key]:
                say(console, f"    mentions: {counts.mentions[key]:,} {sign} (no alert is sent for them)")
    else:
        say(console, "  Today's reader reads them all as they stand.")
    for example in counts.examples:
        say(console, f"  for example story {example.story_id}, revision {example.number}:", style="dim")
        for told in example.changes:
            line = Text(f"    {NAMES[told.field]}: ", style="dim")
            line += Text(f"[-{plain(told.old)}-]", style="red") if told.old else Text("")
            line += Text(" ") if told.old and told.new else Text("")
            line += Text(f"{{+{plain(told.new)}+}}", style="green") if told.new else Text("")
            console.print(line, soft_wrap=True)
    _print_problems(counts, console)


def _print_problems(counts: Counts, console: Console) -> None:
    if counts.unkept:
        say(console, f"  {counts.unkept:,} revisions have no kept page, or several: they stay as they are", style="yellow")
    if counts.missing:
        say(
            console, f"  {counts.missing:,} pages are not in the archive, or broken there: their revisions stay as they are", style="yellow"
        )
    for kind, count in sorted(counts.unreadable.items()):
        what = FAULT_KINDS.get(kind, kind)
        say(console, f"  {count:,} pages are no story to today's reader ({kind}: {what}): they stay as they are", style="yellow")
    for problem in counts.problems:
        say(console, f"    {plain(problem)}", style="dim")


def say(console: Console, sentence: str, style: str | None = None) -> None:
    """A line as it is, nothing in it taken for markup."""
    console.print(sentence, markup=False, soft_wrap=True, style=style)
