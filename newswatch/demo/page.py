"""The value that every paper answers with, and the small helpers that write its HTML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from html import escape

HTML = "text/html; charset=utf-8"

# The demo plays in one week of November: no summer time, so no need for a zone database.
LOCAL = timezone(timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a paper, before the server compresses it or turns it into a 304."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """The value of the header `name` in any case, or an empty string."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


def html_page(text: str, status: int = 200, content_type: str = HTML) -> Page:
    """A page of UTF-8 text."""
    return Page(status, (("Content-Type", content_type),), text.encode())


def redirect(url: str) -> Page:
    """A permanent redirect to the absolute `url`."""
    body = f'<!DOCTYPE html><title>301</title><a href="{esc(url)}">Verschoben</a>'
    return Page(301, (("Content-Type", HTML), ("Location", url)), body.encode())


def esc(text: str) -> str:
    """`text` for an HTML attribute or element."""
    return escape(text, quote=True)


def lines(parts: Iterable[str]) -> str:
    """The parts that are not empty, one under the other."""
    return "\n".join(part for part in parts if part)


def utc(at: datetime) -> str:
    """2026-11-17T19:12:05.000Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def local(at: datetime) -> str:
    """2026-11-17T20:12:05.000+01:00."""
    return at.astimezone(LOCAL).isoformat(timespec="milliseconds")


def spoken(at: datetime, between: str = ", ") -> str:
    """17.11.2026, 20:12 Uhr; local time."""
    return at.astimezone(LOCAL).strftime(f"%d.%m.%Y{between}%H:%M Uhr")
