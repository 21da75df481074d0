"""What a person wants to know of a run, printed."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlite_utils import Database

from newswatch.matching.events import PLACES
from newswatch.story import FAULT_KINDS

MOST_SHOWN = 8
"""Rows of a kind; the rest is counted."""


def print_run(db: Database, run_id: int, console: Console) -> None:
    """The summary of a run: what it looked at, what is new, who is named, what could not be read and why."""
    run = next(iter(db["runs"].rows_where("id = ?", [run_id])))
    counts: Counter[str] = Counter(json.loads(run["counts"]))
    if run["outcome"] == "unreachable":
        fault = next(iter(db["faults"].rows_where("run_id = ?", [run_id])))
        console.print(
            f"{run['site']}: the site could not be reached, nothing was looked at: {fault['detail']}", markup=False, soft_wrap=True
        )
        return
    console.print(_headline(run, counts), soft_wrap=True)
    if run["outcome"] == "interrupted":
        console.print("Stopped before it was done: the rest was not looked at, and is due at the next crawl.", soft_wrap=True)
    _print_stories(db, run_id, console)
    _print_gone(db, run, counts, console)
    _print_faults(db, run_id, console)


_FURTHER = {
    "gone": "gone",
    "missing": "missing",
    "gated": "behind a paywall",
    "suspect": "held as suspect",
    "silent_edits": "changed silently",
    "empty_updates": "updated without a change",
    "postponed": "postponed, as the hour's budget of requests is spent",
    "withheld": "reserved from data mining: text not kept",
}
"""Counts that are said where there are any."""


def _headline(run: dict[str, Any], counts: Counter[str]) -> Text:
    looked = f"{counts['sections']} sections, {counts['links']} links"
    parts = [
        f"{counts['new']} new",
        f"{counts['changed']} changed",
        f"{counts['same'] + counts['not_modified'] + counts['listed_unchanged']} unchanged",
    ]
    parts += [f"{counts[k]} {name}" for k, name in _FURTHER.items() if counts[k]]
    parts += [f"{counts['events']} events of tracked actors", f"{counts['faults']} faults"]
    text = Text(f"{run['site']}: ", style="bold")
    return text.append(f"{looked} · {' · '.join(parts)}", style="not bold")


def _print_stories(db: Database, run_id: int, console: Console) -> None:
    """New and changed stories with what happened to actors in them."""
    rows = db.query(
        "SELECT r.id, r.number, r.title, r.changed_fields, r.words_added, r.words_removed, s.access, s.kind, r.notice,"
        " r.unseen FROM revisions r JOIN stories s ON s.id = r.story_id"
        " WHERE r.run_id = ? ORDER BY r.number > 1 DESC, r.id",
        [run_id],
    )
    hidden = 0
    for place, row in enumerate(rows):
        events = _events(db, row["id"])
        if place >= MOST_SHOWN and row["number"] == 1 and not events:
            hidden += 1
            continue
        console.print(_story_line(row), soft_wrap=True)
        for event in events:
            console.print(Text("             ") + event, soft_wrap=True)
    if hidden:
        console.print(Text(f"             and {hidden} more new stories that name no tracked actor", style="dim"))


def _story_line(row: dict[str, Any]) -> Text:
    """`new Title (gated)`, `changed Title (body: +1 −1 words, silently)`."""
    notes = [n for n in (row["kind"], row["access"]) if n not in ("news", "free")]
    if row["number"] > 1:
        notes.append(f"{row['changed_fields'].replace(' ', ', ')}: +{row['words_added']} −{row['words_removed']} words")
        if row["notice"] == "silent":
            notes.append("the page does not say so")
        if row["unseen"]:
            notes.append("the text is kept as it was")
    mark = Text("  new      ", style="green") if row["number"] == 1 else Text("  changed  ", style="yellow")
    line = mark + Text(row["title"], style="not bold")
    return line.append(f"  ({', '.join(notes)})", style="dim") if notes else line


_SAID = {
    "appeared": "is named in the {field}",
    "headline": "moved into the {field}",
    "returned": "is named again, in the {field}",
    "left": "is no longer named",
}


def _events(db: Database, revision_id: int) -> list[Text]:
    """A line an event: who, what happened, and the sentence."""
    rows = db.query(
        "SELECT e.actor, coalesce(a.name, e.actor) AS name, e.kind, e.field, m.snippet FROM events e LEFT JOIN actors a ON a.id = e.actor"
        " LEFT JOIN mentions m ON m.id = (SELECT min(id) FROM mentions"
        " WHERE revision_id = e.revision_id AND actor = e.actor AND field = e.field AND NOT is_ambiguous)"
        " WHERE e.revision_id = ? ORDER BY e.id",
        [revision_id],
    )
    out = []
    for row in rows:
        line = Text(row["name"], style="bold") + Text(" " + _SAID[row["kind"]].format(field=PLACES.get(row["field"], "")), style="not bold")
        if row["snippet"] and row["field"] not in ("title", "kicker"):
            line.append(f": {row['snippet']}", style="dim")
        out.append(line)
    return out


def _print_gone(db: Database, run: dict[str, Any], counts: Counter[str], console: Console) -> None:
    """Stories that are gone, or stand behind a paywall, since this run."""
    if not counts["gone"] and not counts["gated"]:
        return
    rows = db.query(
        "SELECT title, gone_at >= :from AS gone FROM stories WHERE site = :site"
        " AND (gone_at >= :from OR (gated_since >= :from AND first_seen_at < gated_since)) ORDER BY gone DESC, id",
        {"site": run["site"], "from": run["started_at"]},
    )
    for row in rows:
        mark = "gone     " if row["gone"] else "gated    "
        console.print(Text(f"  {mark}", style="red") + Text(row["title"]) + Text("  (its text is kept)", style="dim"), soft_wrap=True)


def _print_faults(db: Database, run_id: int, console: Console) -> None:
    """What could not be read, by kind."""
    kinds = list(db.query("SELECT kind, count(*) AS n FROM faults WHERE run_id = ? GROUP BY kind ORDER BY n DESC, kind", [run_id]))
    if not kinds:
        return
    for kind in kinds:
        line = Text("  fault    ", style="red") + Text(f"{kind['n']} × {kind['kind']}", style="bold")
        console.print(line.append(f"  {FAULT_KINDS.get(kind['kind'], '')}", style="not bold dim"), soft_wrap=True)
        rows = db.query("SELECT url, section, detail FROM faults WHERE run_id = ? AND kind = ? ORDER BY id LIMIT 3", [run_id, kind["kind"]])
        for row in rows:
            where = f"section {row['section']}, " if row["section"] else ""
            console.print(Text(f"             {where}{row['url']}: {row['detail']}", style="dim"), soft_wrap=True)
        if kind["n"] > 3:
            console.print(Text(f"             and {kind['n'] - 3} more", style="dim"))


def print_total(db: Database, console: Console) -> None:
    """What the whole database knows: stories and revisions by site, and which actors are named where."""
    sites = Table("site", "stories", "revisions", "silent", "gone", "missing", "gated", box=None, padding=(0, 2, 0, 0), header_style="dim")
    for row in db.query(
        "SELECT site, count(*) AS n, sum(revisions) AS r, sum(silent_edits) AS e, count(gone_at) AS g,"
        " count(missing_since) - count(gone_at) AS m, count(gated_since) AS p"
        " FROM stories GROUP BY site"
    ):
        sites.add_row(row["site"], str(row["n"]), str(row["r"]), str(row["e"]), str(row["g"]), str(row["m"]), str(row["p"]))
    console.print(sites)
    actors = Table("actor", "stories", "in the headline", "named in", box=None, padding=(0, 2, 0, 0), header_style="dim")
    for row in db.query(
        "SELECT a.name, count(DISTINCT m.story_id) AS n, count(DISTINCT CASE WHEN m.field = 'title' THEN m.story_id END) AS h,"
        " group_concat(DISTINCT s.site) AS sites FROM mentions m JOIN actors a ON a.id = m.actor JOIN stories s ON s.id = m.story_id"
        " WHERE NOT m.is_ambiguous GROUP BY a.id ORDER BY n DESC, a.name"
    ):
        actors.add_row(Text(row["name"]), str(row["n"]), str(row["h"]), row["sites"].replace(",", ", "))
    console.print()
    console.print(actors)
