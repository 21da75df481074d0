"""What every answer carries, so that stored text can do nothing in a browser, and no other page can ask for it.

scope -> Host is ours? -> Datasette -> the headers
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Container, Iterable, MutableMapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import datasette

from newswatch.web import DATABASE

Scope = MutableMapping[str, Any]
App = Callable[[Scope, Callable[[], Awaitable[Any]], Callable[[Scope], Awaitable[None]]], Awaitable[None]]

_COMMON = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

OURS = f"{_COMMON}; script-src 'none'"
"""Pages of the face: no script at all, style from our own file only."""

ARCHIVED = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'"
"""An archived page: no script, no form, no origin, and nothing is fetched from anywhere."""

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)

LOOPBACK = frozenset(["localhost", "127.0.0.1", "::1"])

SHARED = ("/-/static", "/-/face/")
"""Of the paths that begin with `/-/` those that others need: the rest tells of files, settings and plugins."""

ROOMS = ("story", "actor", "site", "run", "stories", "actors", "changes", "search", "runs", "operator")
"""How paths of the face begin."""


def is_shown(path: str, lists: Container[str]) -> bool:
    """Whether others may see a path: a page of the face, or one of its lists; no table, and nothing of what Datasette tells of itself."""
    room, _, rest = path.strip("/").partition("/")
    if room == "-":
        return path.startswith(SHARED)
    if room == DATABASE:
        return rest.partition(".")[0] in lists
    return path == "/" or room.partition(".")[0] in ROOMS or path == "/favicon.ico"


def route(scope: Scope, base: str) -> str:
    """The path behind `base`, the prefix that a proxy has left in place: as Datasette routes it."""
    path: str = scope["path"]
    return "/" + path.removeprefix(base) if base != "/" and path.startswith(base) else path


def safe(app: App, hosts: Iterable[str] = (), *, may_see: Callable[[Scope], bool] = lambda scope: True) -> App:
    """An ASGI app around Datasette's. `hosts` are further names that a server on loopback answers to (a proxy's).

    On loopback every other name is refused with 421: else a page elsewhere could have its own name lead here, and read.
    What nobody `may_see` is refused with 403, what would write with 405.
    """
    named = LOOPBACK | {h.lower() for h in hosts}

    async def wrapped(scope: Scope, receive: Callable[[], Awaitable[Any]], send: Callable[[Scope], Awaitable[None]]) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        if not _is_ours(scope, named):
            await _refuse(send, 421, b"This server does not answer to that name.\n")
            return
        if scope["method"] not in ("GET", "HEAD"):
            await _refuse(send, 405, b"Nothing can be written here.\n")
            return
        if not may_see(scope):
            await _refuse(send, 403, b"This is not shown here.\n")
            return
        is_refused = False

        async def with_headers(message: Scope) -> None:
            nonlocal is_refused
            if message["type"] == "http.response.start":
                is_refused = message["status"] == 500 and bool(scope.get("query_string"))
                if is_refused:  # Datasette, of an option that no table has or that is no number
                    await _refuse(send, 400, b"That cannot be answered: look at what stands behind the question mark.\n")
                message = {**message, "headers": _completed(message.get("headers", []))}
            if not is_refused:
                await send(message)

        await app(scope, receive, with_headers)

    return wrapped


def _is_ours(scope: Scope, named: frozenset[str]) -> bool:
    server = (scope.get("server") or ("",))[0]
    if server not in LOOPBACK:
        return True
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name.lower() == b"host"), "")
    try:
        return (urlsplit(f"//{host}").hostname or "") in named
    except ValueError:
        return False


async def _refuse(send: Callable[[Scope], Awaitable[None]], status: int, text: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", b"text/plain; charset=utf-8"), *HEADERS]})
    await send({"type": "http.response.body", "body": text})


def _completed(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    found = list(headers)
    there = {name.lower() for name, _ in found}
    more = [*HEADERS, (b"content-security-policy", policy_of_datasette().encode())]
    return found + [(name, value) for name, value in more if name not in there]


@cache
def policy_of_datasette() -> str:
    """For Datasette's own pages: its own scripts, and those inline ones that stand in its templates to the letter."""
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in sorted(_inline_scripts()))
    return f"{_COMMON}; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'"


def _inline_scripts() -> set[str]:
    """Inline scripts of Datasette's templates that no stored text can get into."""
    known = {f"DATASETTE_ALLOW_FACET = {word};" for word in ("true", "false")} | {
        f"window.datasetteVersion = '{v}';" for v in ("", datasette.__version__)
    }
    for template in (Path(datasette.__file__).parent / "templates").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        known |= {s for s in re.findall(r"<script>(.*?)</script>", text, re.S) if s.strip() and "{{" not in s and "{%" not in s}
    return known
