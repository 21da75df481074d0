"""The pages: which path asks for what, and what is read for it."""

from __future__ import annotations

import hashlib
import sqlite3
from datetime import timedelta
from typing import Any

from datasette.utils.asgi import Response

from newswatch.store.unwatched import unwatched
from newswatch.web import FOLDER, actors, operator, reading, searching, story
from newswatch.web.answering import Asked, asked_of, page, problem
from newswatch.web.archiving import archive
from newswatch.web.charts import days_until, sparkline, stacked
from newswatch.web.differing import compared
from newswatch.web.reading import AskedError, Cursor
from newswatch.web.safety import ROOMS

Conn = sqlite3.Connection
Values = dict[str, Any]


def home(conn: Conn, asked: Asked) -> Values:
    """New stories, recent edits, the actors of the last 60 days, the state of the watch."""
    edits = reading.changes(conn, "edits", Cursor(), 12).rows
    sites = operator.sites(conn, asked.now, asked.watched)
    return {
        "stories": reading.new_stories(conn, Cursor(), size=14),
        "edits": edits,
        "events": reading.events(conn, Cursor(), size=6).rows,
        "actors": _busiest(conn, asked)[:15],
        "totals": reading.totals(conn),
        "sites": sites,
        "gaps": [s for s in sites if s["gap"]],
        "faulty": [s for s in sites if s["run"] and s["run"]["counts"]["faults"]],
        "last": max((s["looked_at"] for s in sites if s["looked_at"]), default=None),
    }


def _busiest(conn: Conn, asked: Asked) -> list[reading.Row]:
    """The actors of the last 60 days, each with its line; at most a minute old."""
    today = asked.now.date()
    days = days_until(today, 60)

    def count() -> list[reading.Row]:
        found = actors.busiest(conn, today, count=40)
        return [{**row, "spark": sparkline(days, row["days"], f"{row['stories']} stories in 60 days")} for row in found]

    rows: list[reading.Row] = asked.memory.get(("busiest", today), count)
    return rows


def stories(conn: Conn, asked: Asked) -> Values:
    """All stories, the newest first."""
    return {"page": reading.new_stories(conn, Cursor.parse(asked.args.get("before")))}


def one_story(conn: Conn, asked: Asked) -> Values:
    """A story as it is now, or as one of its revisions was."""
    found = story.story(conn, asked.number("story"))
    number = asked.number("number") if "number" in asked.path else None
    revisions = story.revisions(conn, found["id"])
    values: Values = {
        "story": found,
        "revisions": revisions,
        "has_older": bool(revisions) and revisions[-1]["number"] > 1,
        "events": story.events_of(conn, found["id"]),
        "addresses": story.addresses(conn, found["id"]),
        "number": number,
    }
    if asked.share:
        return {**values, "snippets": story.snippets(conn, found["id"]), "told": None, "edits": []}
    values["told"] = story.told(conn, found, number)
    values["edits"] = _edits(conn, found, values["told"].revision["number"])
    return values


EDITS, MUCH = 5, 200_000
"""Edits whose differences stand below a story; letters of its texts after which no further one does."""


def _edits(conn: Conn, found: reading.Row, newest: int) -> list[Values]:
    """What the edits up to a revision changed, the newest first."""
    out: list[Values] = []
    after, letters = story.texts(conn, found, newest), 0
    for new in range(newest, max(1, newest - EDITS), -1):
        before = story.texts(conn, found, new - 1)
        out.append({"old": new - 1, "new": new, "at": after["seen_at"], "notice": after["notice"], "fields": compared(before, after)})
        letters += len(after["body"])
        if letters > MUCH:
            break
        after = before
    return out


def pair(conn: Conn, asked: Asked) -> Values:
    """What differs between two revisions of a story, whichever is given first."""
    found = story.story(conn, asked.number("story"))
    old, new = asked.number("old"), asked.number("new")
    before, after = story.texts(conn, found, old), story.texts(conn, found, new)
    how = "inline" if asked.args.get("view") == "inline" else "beside"
    revisions = story.revisions(conn, found["id"])
    return {"story": found, "old": old, "new": new, "before": before, "after": after, "how": how, "revisions": revisions} | {
        "fields": compared(before, after)
    }


def actor(conn: Conn, asked: Asked) -> Values:
    """An actor: by day and site, events, companions, stories with the sentences."""
    found = actors.actor(conn, asked.path["actor"])
    if found is None:
        raise AskedError(404, "Nobody of that name is watched here, nor named in any story.")
    span = asked.args.get("days") or "60"
    if span not in {str(n) for n in actors.SPANS}:
        raise AskedError(400, f"days: one of {', '.join(map(str, actors.SPANS))}")
    series = actors.by_site(conn, found["id"], asked.now.date(), int(span))
    named = {asked.names.get(site, site): counts for site, counts in series.items()}
    days = days_until(asked.now.date(), int(span))
    return {
        "who": found,
        "sums": actors.sums(conn, found["id"]),
        "span": int(span),
        "spans": actors.SPANS,
        "chart": stacked(days, named, f"Stories that name {found['name']}, by day and site, the last {span} days"),
        "series": [(site, asked.names.get(site, site), sum(counts.values())) for site, counts in series.items()],
        "by_day": [(d, [c.get(d, 0) for c in series.values()]) for d in days if any(d in c for c in series.values())],
        "events": reading.events(conn, Cursor(), found["id"], 12).rows,
        "companions": actors.companions(conn, found["id"]),
        "page": actors.stories_of(
            conn, found["id"], Cursor.parse(asked.args.get("before")), asked.args.get("site"), sentences_each=1 if asked.share else 3
        ),
    }


def all_actors(conn: Conn, asked: Asked) -> Values:
    """Everybody who is watched, with those named most of late first."""
    rows, more = actors.all_actors(conn, asked.args.get("after", ""))
    busiest = [] if asked.args.get("after") else _busiest(conn, asked)
    return {"actors": rows, "busiest": busiest, "after": more[0] if more else None}


def site(conn: Conn, asked: Asked) -> Values:
    """A site: its sections, its days, which fields its stories have, faults by kind, its stories."""
    name = asked.path["site"]
    sections, last = operator.sections(conn, name), operator.last_run(conn, name)
    page_of = reading.new_stories(conn, Cursor.parse(asked.args.get("before")), name)
    if not sections and last is None and not page_of.rows and name not in asked.watched:
        raise AskedError(404, "There is no such site in this database.")
    looked_at = max((s["last_checked_at"] for s in sections), default=None)
    coverage_days, coverage, drops = operator.coverage(conn, name)
    return {
        **_days(conn, asked, "New stories and edits by day, the last 60 days", name),
        "site": name,
        "sections": sections,
        "run": last,
        "looked_at": looked_at,
        "gap": operator.gap(unwatched(conn, asked.now, [name]), len(sections)),
        "coverage_days": coverage_days,
        "coverage": coverage,
        "drops": drops,
        "faults": operator.faults(conn, asked.now - timedelta(days=7), name),
        "page": page_of,
    }


def _days(conn: Conn, asked: Asked, title: str, site: str | None = None) -> Values:
    """New stories, edits and faults of 60 days, of a site or of all: a chart, and the numbers."""
    days = days_until(asked.now.date(), 60)
    found = {d["day"]: d for d in operator.site_days(conn, days[0].isoformat(), site)}
    counts = {name: {d: found[str(d)][key] for d in days if str(d) in found} for key, name in _COUNTED.items()}
    shown = {name: {d: n for d, n in counts[name].items() if n} for name in ("new stories", "edits")}
    return {
        "chart": stacked(days, shown, title),
        "series": list(shown),
        "columns": list(counts),
        "by_day": [(d, [c[d] for c in counts.values()]) for d in days if str(d) in found],
        "fault_spark": sparkline(days, counts["faults"], f"{sum(counts['faults'].values())} faults in 60 days"),
        "fault_sum": sum(counts["faults"].values()),
    }


_COUNTED = {"new": "new stories", "edits": "edits", "silent": "silent edits", "faults": "faults"}


def changes(conn: Conn, asked: Asked) -> Values:
    """Headline changes, silent edits, actors that came and went; all edits."""
    kind = asked.args.get("kind") or "headlines"
    if kind not in _KINDS:
        raise AskedError(400, f"kind: one of {', '.join(_KINDS)}")
    before = Cursor.parse(asked.args.get("before"))
    found = reading.events(conn, before) if kind == "actors" else reading.changes(conn, kind, before)
    return {"kind": kind, "kinds": _KINDS, "page": found}


_KINDS = {
    "headlines": ("Headlines", "headlines"),
    "silent": ("Silent edits", "silent_edits"),
    "actors": ("Actors that came and went", "what_happened"),
    "edits": ("All edits", "edits"),
}


def runs(conn: Conn, asked: Asked) -> Values:
    """All runs, the newest first."""
    return {"page": operator.runs(conn, Cursor.parse(asked.args.get("before")), asked.args.get("site") or None)}


def one_run(conn: Conn, asked: Asked) -> Values:
    """A run and its faults."""
    found = operator.run(conn, asked.number("run"))
    if found is None:
        raise AskedError(404, "There is no such run.")
    return {"run": found}


def watch(conn: Conn, asked: Asked) -> Values:
    """What is watched, when last, what went wrong of late, what is in the outbox."""
    return {
        **_days(conn, asked, "New stories and edits of all sites by day, the last 60 days"),
        "sites": operator.sites(conn, asked.now, asked.watched),
        "faults": operator.faults(conn, asked.now - timedelta(days=7)),
        "outbox": None if asked.share else operator.outbox(asked.database.with_name("mail.db")),
    }


STYLE = (FOLDER / "static" / "style.css").read_text(encoding="utf-8")
VERSION = hashlib.sha256(STYLE.encode()).hexdigest()[:10]


async def style(datasette: Any, request: Any) -> Response:
    """The style sheet."""
    return Response(STYLE, headers={"Cache-Control": "max-age=86400"}, content_type="text/css; charset=utf-8")


async def nothing(datasette: Any, request: Any) -> Response:
    """Paths of ours that lead nowhere."""
    return await problem(datasette, request, asked_of(datasette, request), 404, "There is no such page.")


_STORY = r"^/story/(?P<story>[0-9]{1,18})"

ROUTES = (
    (r"^/$", page("home", home)),
    (r"^/stories$", page("stories", stories)),
    (_STORY + r"$", page("story", one_story)),
    (_STORY + r"/(?P<number>[0-9]{1,9})$", page("story", one_story, shared=False)),
    (_STORY + r"/(?P<old>[0-9]{1,9})\.\.(?P<new>[0-9]{1,9})$", page("pair", pair, shared=False)),
    (_STORY + r"/archive/(?P<number>[0-9]{1,9})$", archive),
    (r"^/actors$", page("actors", all_actors)),
    (r"^/actor/(?P<actor>[^/]{1,2000})$", page("actor", actor)),
    (r"^/site/(?P<site>[^/]{1,2000})$", page("site", site)),
    (r"^/changes$", page("changes", changes)),
    (r"^/search$", page("search", searching.search)),
    (r"^/search\.(?P<format>json|csv|atom)$", searching.export),
    (r"^/runs$", page("runs", runs)),
    (r"^/run/(?P<run>[0-9]{1,18})$", page("run", one_run)),
    (r"^/operator$", page("operator", watch)),
    (r"^/-/face/style\.css$", style),
    (rf"^/(?P<room>{'|'.join(ROOMS)})([/.].*)?$", nothing),
)
