"""Atom where datasette-atom has no way: a feed without entries, and the feed of a search."""

from __future__ import annotations

from collections.abc import Iterable

from datasette.utils.asgi import Response
from markupsafe import Markup

from newswatch.web.reading import Row
from newswatch.web.showing import link, xml

NEVER = "1970-01-01T00:00:00Z"

TYPE = "application/atom+xml; charset=utf-8"

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
    return Response(str(body), content_type=TYPE, headers={"Cache-Control": "private, no-cache"})
