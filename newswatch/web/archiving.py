"""A page as it was archived, shown so that it can do nothing: in a sandbox, or as its source."""

from __future__ import annotations

import codecs
import re
import zlib
from typing import Any

import brotli
from datasette.utils.asgi import Response

from newswatch.archive.stored import StoredPage, read_stored
from newswatch.errors import ArchiveError
from newswatch.web.answering import Asked, asked_of, check_allowed, problem, read
from newswatch.web.reading import AskedError
from newswatch.web.safety import ARCHIVED
from newswatch.web.story import archived

MOST_BYTES = 32 * 1024 * 1024
"""Of a page that unpacks to more, no more is shown."""


async def archive(datasette: Any, request: Any) -> Response:
    """The page of a revision; `?source` as plain text."""
    asked = asked_of(datasette, request)
    try:
        await check_allowed(datasette, request, asked, shared=False)
        place = (await read(datasette, lambda conn, a: {"place": archived(conn, a.number("story"), a.number("number"))}, asked))["place"]
        stored = read_stored(asked.archive, place)
        body = unpacked(stored)
    except AskedError as error:
        return await problem(datasette, request, asked, error.status, str(error))
    except ArchiveError:
        return await problem(datasette, request, asked, 404, "The page is not in the archive's folder (any more), or cannot be read there.")
    return shown(asked, stored, body)


def shown(asked: Asked, stored: StoredPage, body: bytes) -> Response:
    """The answer for a page and its unpacked body: HTML without frames, or, asked for or where that cannot be told, plain text."""
    headers = {
        "Content-Security-Policy": ARCHIVED,
        "Cache-Control": "private, no-cache",
        "X-Archived-At": stored.at.isoformat(),
        "X-Archived-Status": str(stored.status),
    }
    kind = next((v for k, v in stored.headers if k.lower() == "content-type"), "text/html")
    charset = kind.partition("charset=")[2].strip("\"' ;") or "utf-8"
    charset = charset if charset.replace("-", "").replace("_", "").isalnum() and charset.isascii() and len(charset) < 40 else "utf-8"
    if "source" in asked.args or not kind.lower().startswith(("text/html", "application/xhtml")) or not _is_like_ascii(charset, body):
        return _Bytes(body, 200, headers, f"text/plain; charset={charset}")
    return _Bytes(_FRAMES.sub(rb"\1x-", body), 200, headers, f"text/html; charset={charset}")


_FRAMES = re.compile(rb"(<)(?=(?:i?frame|fencedframe|portal|embed|object)\b)", re.IGNORECASE)
"""A browser looks up and connects to the host of a frame before it refuses to load it: no policy keeps it from that."""


def _is_like_ascii(charset: str, body: bytes) -> bool:
    """Whether tags can be told in the bytes of a page."""
    try:
        return "<iframe".encode(charset) == b"<iframe" and not body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    except (LookupError, UnicodeError):
        return False


class _Bytes(Response):  # type: ignore[misc]
    """Datasette's Response, for bytes that are not UTF-8: sent as they were kept."""

    async def asgi_send(self, send: Any) -> None:
        """Sends it."""
        headers = {k.lower(): v for k, v in self.headers.items()} | {"content-type": self.content_type}
        raw = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": self.body})


def unpacked(stored: StoredPage) -> bytes:
    """The body without its content coding, at most MOST_BYTES. Raises ArchiveError where it cannot be unpacked."""
    codings = [v.strip().lower() for k, v in stored.headers if k.lower() == "content-encoding" for v in v.split(",")]
    body = stored.body
    try:
        for coding in reversed(codings):
            body = _unpack(coding, body)
    except (zlib.error, brotli.error) as error:
        raise ArchiveError(f"the page cannot be unpacked: {error}") from error
    return body[:MOST_BYTES]


def _unpack(coding: str, body: bytes) -> bytes:
    if coding in ("gzip", "x-gzip"):
        return zlib.decompressobj(47).decompress(body, MOST_BYTES)
    if coding == "deflate":
        try:
            return zlib.decompressobj().decompress(body, MOST_BYTES)
        except zlib.error:
            return zlib.decompressobj(-15).decompress(body, MOST_BYTES)
    if coding == "br":
        return bytes(brotli.Decompressor().process(body, output_buffer_limit=MOST_BYTES))
    if coding in ("", "identity"):
        return body
    raise ArchiveError(f"the page is packed in a way that is not known here: {coding}")
