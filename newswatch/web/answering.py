"""How every page of the face is made: what is asked, read in one look at the database, printed by a template.

request -> Asked -> reader(conn, Asked) in a thread -> values -> template -> Response
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from datasette.utils.asgi import Forbidden, Response

from newswatch import clock
from newswatch.errors import NewswatchError
from newswatch.sites import check_sites
from newswatch.web import DATABASE
from newswatch.web.reading import AskedError
from newswatch.web.remembering import Memory
from newswatch.web.safety import OURS
from newswatch.web.serving import PLUGIN

SECONDS = 5.0
"""After so long a page gives up; its reader is told so."""

LONGEST = 2000
"""Characters of a value in a query string: more nobody types."""

View = Callable[[Any, Any], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks for."""

    path: Mapping[str, str]
    """The named parts of the path, decoded."""
    args: Mapping[str, str]
    """The query string, each name's first value."""
    share: bool
    archive: Path
    database: Path
    now: datetime
    names: Mapping[str, str] = field(default_factory=dict)
    """Titles of sites by their names."""
    watched: tuple[str, ...] = ()
    """Sites that are switched on."""
    memory: Memory = field(default_factory=Memory)
    """Of this database, from one request to the next."""

    def number(self, name: str) -> int:
        """A number of the path, that its route has checked."""
        return int(self.path[name])


Reader = Callable[[sqlite3.Connection, Asked], dict[str, Any]]


def page(template: str, reader: Reader, *, shared: bool = True) -> View:
    """A view: `reader` gives the values of `template`. Not `shared`: refused where the face is for others' eyes."""

    async def view(datasette: Any, request: Any) -> Response:
        asked = asked_of(datasette, request)
        try:
            await check_allowed(datasette, request, asked, shared=shared)
            values = await read(datasette, reader, asked)
        except AskedError as error:
            return await problem(datasette, request, asked, error.status, str(error))
        return await printed(datasette, request, asked, template, values)

    return view


def asked_of(datasette: Any, request: Any) -> Asked:
    """A request's question."""
    config = datasette.plugin_config(PLUGIN) or {}
    database = Path(datasette.get_database(DATABASE).path or ".")
    return Asked(
        path={k: unquote(v) for k, v in request.url_vars.items()},
        args={k: request.args.get(k) or "" for k in request.args},
        share=bool(config.get("share")),
        archive=Path(config.get("archive") or database.parent / "warc"),
        database=database,
        now=clock.now(),
        names=_names(config.get("sites")),
        watched=tuple(config.get("watched") or ()),
        memory=_memory(database),
    )


@cache
def _memory(database: Path) -> Memory:
    return Memory()


@cache
def _names(folder: str | None) -> dict[str, str]:
    try:
        return {name: site.title for name, site in check_sites(Path(folder) if folder else None)[0].items()}
    except NewswatchError:
        return {}


async def check_allowed(datasette: Any, request: Any, asked: Asked, *, shared: bool) -> None:
    """Raises AskedError where a query string is too long, a page is not for others' eyes; Forbidden as Datasette has it."""
    if any(len(v) > LONGEST for v in asked.args.values()):
        raise AskedError(400, f"That is too long: {LONGEST:,} characters at most.")
    if asked.share and not shared:
        raise AskedError(403, "This is not shown here: the text belongs to its publisher. Read it there.")
    for action in ("view-instance",) if asked.share else ("view-instance", "view-database"):
        if not await _may(datasette, request.actor, action):
            raise Forbidden(action)


async def _may(datasette: Any, actor: Any, action: str) -> bool:
    """Datasette 1.0 asks with `allowed`, 0.65 with `permission_allowed`."""
    if hasattr(datasette, "allowed"):
        from datasette.resources import DatabaseResource

        resource = DatabaseResource(database=DATABASE) if action == "view-database" else None
        return bool(await datasette.allowed(action=action, resource=resource, actor=actor))
    return bool(await datasette.permission_allowed(actor, action, resource=DATABASE if action == "view-database" else None, default=True))


async def read(datasette: Any, reader: Reader, asked: Asked) -> dict[str, Any]:
    """What a reader finds, all of it at one moment of the database. Raises AskedError (503) where it takes too long."""

    def run(conn: sqlite3.Connection) -> dict[str, Any]:
        end = time.monotonic() + SECONDS
        conn.set_progress_handler(lambda: time.monotonic() > end, 10_000)
        try:
            conn.execute("BEGIN")
            return reader(conn, asked)
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise AskedError(503, "That took too long. Ask for less: a site, a month, a rarer word.") from error
            if "no such" in str(error):
                raise AskedError(503, "This database is of another version: `scrapy browse`, or any crawl, upgrades it.") from error
            raise
        finally:
            conn.set_progress_handler(None, 0)
            if conn.in_transaction:
                conn.rollback()

    found: dict[str, Any] = await datasette.get_database(DATABASE).execute_fn(run)
    return found


async def printed(datasette: Any, request: Any, asked: Asked, template: str, values: Mapping[str, Any], *, status: int = 200) -> Response:
    """A page."""
    common = {
        "share": asked.share,
        "names": asked.names,
        "q": asked.args.get("q", ""),
        "args": asked.args,
        "now": asked.now,
        "database": DATABASE,
    }
    html = await datasette.render_template(f"face_{template}.html", {**common, **values}, request=request)
    return Response.html(html, status=status, headers={"Content-Security-Policy": OURS, "Cache-Control": "private, no-cache"})


async def problem(datasette: Any, request: Any, asked: Asked, status: int, text: str) -> Response:
    """A page that says why there is none."""
    return await printed(datasette, request, asked, "problem", {"status": status, "text": text}, status=status)
