"""The search page, and what it finds as JSON, CSV and Atom."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, fields
from typing import Any

from datasette.utils.asgi import Response

from newswatch.searching.marking import BEGIN, END
from newswatch.store.search import FACETS_OF, MOST_OFFSET, Found, Hit
from newswatch.store.search import search as find
from newswatch.web.answering import Asked, asked_of, check_allowed, problem, read
from newswatch.web.feeds import feed
from newswatch.web.listing import table
from newswatch.web.reading import AskedError, Row, add_actors, select

PAGE, EXPORTED = 20, 500
"""Hits of a page, and of an export."""

FACETS = {"site": "Site", "section": "Section", "actor": "Actor", "kind": "Kind", "month": "Month"}
ORDERS = {"newest": "newest first", "best": "best first"}


def search(conn: sqlite3.Connection, asked: Asked) -> Row:
    """Stories that have all of `q`, by facets, with those facets that can be chosen."""
    chosen, order, offset = _asked(asked)
    if not asked.args.get("q", "").strip() and not chosen:
        return {"found": None, "chosen": chosen, "order": order, "orders": ORDERS}
    found = _find(conn, asked, PAGE, offset)
    rows = [{**asdict(hit), "title": marks(hit.title), "snippet": marks(hit.snippet)} for hit in found.rows]
    add_actors(conn, rows, "story_id")
    facets = {name: _labelled(conn, asked, name, found.facets.get(name, [])) for name in FACETS}
    more = offset + PAGE if offset + PAGE < found.total and offset + PAGE < MOST_OFFSET else None
    return {
        "found": found,
        "rows": rows,
        "facets": facets,
        "labels": FACETS,
        "chosen": chosen,
        "chosen_labels": {k: _labelled(conn, asked, k, [(v, 0)])[0]["label"] for k, v in chosen.items()},
        "order": order,
        "orders": ORDERS,
        "offset": offset,
        "next": more,
        "facets_cut": found.total > FACETS_OF,
        "params": {"q": asked.args.get("q", ""), **chosen, "order": order if order != "newest" else ""},
    }


def _asked(asked: Asked) -> tuple[dict[str, str], str, int]:
    """Facets, order and offset. Raises AskedError (400)."""
    chosen = {name: asked.args[name] for name in FACETS if asked.args.get(name)}
    order, offset = asked.args.get("order") or "newest", asked.args.get("offset") or "0"
    if order not in ORDERS:
        raise AskedError(400, f"order: one of {', '.join(ORDERS)}")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 7 and int(offset) <= MOST_OFFSET):
        raise AskedError(400, f"offset: a number up to {MOST_OFFSET:,}. Narrow the search down instead: by site, actor or month.")
    return chosen, order, int(offset)


def _find(conn: sqlite3.Connection, asked: Asked, limit: int, offset: int) -> Found:
    chosen, order, _ = _asked(asked)
    return find(conn, asked.args.get("q", ""), **chosen, order=order, limit=limit, offset=offset)


def _labelled(conn: sqlite3.Connection, asked: Asked, facet: str, values: list[tuple[str, int]]) -> list[dict[str, Any]]:
    """Values of a facet as people read them."""
    names: dict[str, str] = dict(asked.names) if facet == "site" else {}
    if facet == "actor" and values:
        ids = json.dumps([v for v, _ in values])
        rows = select(conn, "SELECT id, name FROM actors WHERE id IN (SELECT value FROM json_each(?))", [ids])
        names = {row["id"]: row["name"] for row in rows}
    return [{"value": value, "label": names.get(value, value), "n": n} for value, n in values]


def marks(text: str) -> list[tuple[bool, str]]:
    """A marked text in pieces; True for those that are what was looked for."""
    out: list[tuple[bool, str]] = []
    for part in text.split(BEGIN):
        inside, mark, rest = part.partition(END)
        if mark:
            out += [(True, inside), (False, rest)]
        else:
            out.append((False, inside))
    return [(is_marked, piece) for is_marked, piece in out if piece]


def _plain(hit: Hit) -> Row:
    values = asdict(hit)
    return {**values, **{k: values[k].replace(BEGIN, "").replace(END, "") for k in ("title", "snippet")}}


async def export(datasette: Any, request: Any) -> Response:
    """What a search finds, up to EXPORTED stories, by the format of the path."""
    asked = asked_of(datasette, request)
    try:
        await check_allowed(datasette, request, asked, shared=True)
        found = (await read(datasette, lambda conn, a: {"found": _find(conn, a, EXPORTED, _asked(a)[2])}, asked))["found"]
    except AskedError as error:
        return await problem(datasette, request, asked, error.status, str(error))
    rows = [_plain(hit) for hit in found.rows]
    if asked.path["format"] == "atom":
        title = f"newswatch: {asked.args.get('q', '')}"
        entries = ({**r, "id": f"newswatch:story:{r['story_id']}", "at": r["sort_at"], "text": r["snippet"]} for r in rows)
        return feed(request.url, title, entries)
    if asked.path["format"] == "json":
        body = {"total": found.total, "is_more": found.is_more, "message": found.message, "facets": found.facets, "rows": rows}
        return Response(json.dumps(body, ensure_ascii=False), content_type="application/json; charset=utf-8")
    return table("search", [f.name for f in fields(Hit)], rows)
