"""Atom where datasette-atom has no way: a feed without entries, and the feed of a search."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from datasette.utils.asgi import Response
from markupsafe import Markup

from newswatch.web import DATABASE
from newswatch.web.reading import Row
from newswatch.web.safety import App, Scope, route
from newswatch.web.showing import link, xml

NEVER = "1970-01-01T00:00:00Z"

_FEED = Markup(
    '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><id>{}</id><title>{}</title><updated>{}</updated>'
    '<link rel="self" href="{}"/>{}</feed>\n'
)
_ENTRY = Markup(
    "<entry><id>{}</id><title>{}</title><updated>{}</updated><author><name>{}</name></author>"
    '<link href="{}"/><content type="text">{}</content></entry>'
)


def feed(url: str, title: str, entries: Iterable[Row]) -> Response:
    """An Atom feed; entries have id, title, at, site, url, text."""
    found = list(entries)
    parts = [_ENTRY.format(xml(e["id"]), xml(e["title"]), e["at"], xml(e["site"]), link(e["url"]), xml(e["text"])) for e in found]
    newest = max((e["at"] for e in found), default=NEVER)
    body = _FEED.format(xml(url), xml(title), newest, xml(url), Markup("").join(parts))
    return Response(str(body), content_type="application/atom+xml; charset=utf-8", headers={"Cache-Control": "private, no-cache"})


def with_empty_feeds(app: App, datasette: Any) -> App:
    """Answers for a canned query's feed that nothing stands in yet: datasette-atom fails on it (max of nothing)."""

    async def wrapped(scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Scope], Awaitable[None]]) -> None:
        path = route(scope, datasette.setting("base_url")) if scope["type"] == "http" else ""
        if path.startswith(f"/{DATABASE}/") and path.endswith(".atom"):
            asked = scope.get("query_string", b"").decode("latin-1")
            rows = await datasette.client.get(f"{path.removesuffix('.atom')}.json?{asked}{'&' if asked else ''}_shape=array")
            if rows.status_code == 200 and rows.json() == []:
                await feed(f"http://localhost{path}", "newswatch", []).asgi_send(send)
                return
        await app(scope, receive, send)

    return wrapped
