"""What Datasette's canned lists lack as files: feeds without an entry, feeds that say what they are, tables that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from datasette.utils.asgi import Request, Response

from newswatch.web import DATABASE
from newswatch.web.feeds import TYPE, feed
from newswatch.web.reading import AskedError, Cursor, Row
from newswatch.web.safety import App, Scope, route
from newswatch.web.showing import link, xml

_LIST = re.compile(rf"/{DATABASE}/(?P<name>\w+)(\.(?P<kind>\w+))?")


def add_functions(conn: sqlite3.Connection) -> None:
    """What the SQL of lists calls: a text that XML can carry, an address that is one, the time and the id of a place (`before`)."""
    conn.create_function("nw_text", 1, xml, deterministic=True)
    conn.create_function("nw_link", 1, link, deterministic=True)
    conn.create_function("nw_at", 1, lambda before: _place(before).at, deterministic=True)
    conn.create_function("nw_id", 1, lambda before: _place(before).id, deterministic=True)


def _place(before: str) -> Cursor:
    """Behind all rows where it is none: SQLite can be told of no error but with a traceback. `with_lists` has said so before."""
    try:
        return Cursor.parse(before)
    except AskedError:
        return Cursor("", 0)


def with_lists(app: App, datasette: Any, titles: Mapping[str, str]) -> App:
    """Answers for .csv and .atom of the lists in `titles`, and for a `before` that is no place; for all else Datasette does."""

    async def wrapped(scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Scope], Awaitable[None]]) -> None:
        path = route(scope, datasette.setting("base_url")) if scope["type"] == "http" else ""
        asked = _LIST.fullmatch(path)
        if asked is None or asked["name"] not in titles:
            await app(scope, receive, send)
            return
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        try:
            Cursor.parse(dict(query).get("before"))
        except AskedError as error:
            await Response.text(f"before: {error}\n", status=error.status).asgi_send(send)
            return
        rows = await _rows(datasette, asked["name"], query) if asked["kind"] in ("csv", "atom") else None
        if asked["kind"] == "csv" and rows:
            await table(asked["name"], list(rows[0]), rows).asgi_send(send)
        elif asked["kind"] == "atom" and rows == []:  # datasette-atom fails on it: max of nothing
            await feed(Request(scope, receive).url, titles[asked["name"]], []).asgi_send(send)
        else:
            await app(scope, receive, _called(send) if asked["kind"] == "atom" else send)

    return wrapped


async def _rows(datasette: Any, name: str, query: Sequence[tuple[str, str]]) -> list[Row] | None:
    asked = [(k, v) for k, v in query if not k.startswith("_")]
    answer = await datasette.client.get(f"/{DATABASE}/{name}.json?{urlencode([*asked, ('_shape', 'array')])}")
    found = answer.json() if answer.status_code == 200 else None
    return found if isinstance(found, list) else None


def _called(send: Callable[[Scope], Awaitable[None]]) -> Callable[[Scope], Awaitable[None]]:
    """Says that it is Atom, not just XML."""

    async def called(message: Scope) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            others = [(k, v) for k, v in message["headers"] if k.lower() != b"content-type"]
            message = {**message, "headers": [*others, (b"content-type", TYPE.encode())]}
        await send(message)

    return called


def table(name: str, columns: Sequence[str], rows: Sequence[Row]) -> Response:
    """A CSV file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows({column: cell(row[column]) for column in columns} for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def cell(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula: an apostrophe keeps it text. See OWASP, CSV Injection."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
