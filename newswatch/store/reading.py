"""What people ask of a stored story: found by its address or number, one of its revisions as it was kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from sqlite_utils import Database

from newswatch.revisions import FIELDS, MENTION_FIELDS
from newswatch.store.joining import current_id

MOST_NEAR = 3
"""Addresses that are offered where one is not known."""

LEAST_NEAR = 6
"""Letters of the last part of an address, for it to tell anything."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One revision of a story, with what belongs to it."""

    story_id: int
    site: str
    url: str
    language: str | None
    number: int
    last: int
    """How many revisions the story has."""
    seen_at: str
    fields: dict[str, str]
    """Those of MENTION_FIELDS."""
    entries: tuple[tuple[str, str | None, str | None, str], ...]
    """Of a liveblog: id, time, headline, text."""
    matched_with: str | None
    """The fingerprint of the watchlist that its stored mentions were made with."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One revision in the list of a story's revisions."""

    number: int
    seen_at: str
    title: str
    changed_fields: tuple[str, ...]
    """Names of revisions.FIELDS that differ from the revision before; empty for the first."""
    words_added: int
    words_removed: int
    notice: str
    """What the page said of its edit: see revisions.Changed; empty for the first."""
    reread_at: str | None
    """When its page was read again by a later program."""


def find_story(db: Database, wanted: str) -> int | None:
    """The story with a number, or with an address in any usual way to write it; None where there is none."""
    if wanted.isascii() and wanted.isdigit():
        number = current_id(db, int(wanted)) if len(wanted) < 19 else 0
        row = db.execute("SELECT id FROM stories WHERE id = ?", [number]).fetchone()
        return int(row[0]) if row else None
    for url in _ways_to_write(wanted):
        row = db.execute("SELECT max(story_id) FROM story_urls WHERE url = ?", [url]).fetchone()
        if row[0] is not None:
            return int(row[0])
    return None


def read_revision(db: Database, story_id: int, number: int | None = None) -> Kept | None:
    """A revision of a story, the newest where no number is given."""
    texts = ", ".join(f"r.{f}" for f in MENTION_FIELDS)
    row = db.execute(
        f"SELECT s.site, s.url, s.language, r.number, s.revisions, r.seen_at, w.fingerprint, r.entries, {texts} FROM revisions r"
        " JOIN stories s ON s.id = r.story_id LEFT JOIN matched m ON m.revision_id = r.id"
        " LEFT JOIN watchlists w ON w.number = m.watchlist WHERE s.id = ? AND r.number = coalesce(?, s.revisions)",
        [story_id, number],
    ).fetchone()
    if row is None:
        return None
    site, url, language, found, last, seen_at, matched_with, entries, *fields = row
    return Kept(
        story_id=story_id,
        site=site,
        url=url,
        language=language,
        number=found,
        last=last,
        seen_at=seen_at,
        fields=dict(zip(MENTION_FIELDS, fields, strict=True)),
        entries=tuple(tuple(e) for e in json.loads(entries)),
        matched_with=matched_with,
    )


def list_revisions(db: Database, story_id: int) -> list[Listed]:
    """The revisions of a story, the first first."""
    rows = db.execute(
        "SELECT number, seen_at, title, changed_fields, words_added, words_removed, notice, reread_at FROM revisions"
        " WHERE story_id = ? ORDER BY number",
        [story_id],
    )
    return [Listed(n, at, title, tuple(changed.split()), *more) for n, at, title, changed, *more in rows]


def revision_texts(db: Database, story_id: int, number: int) -> dict[str, str]:
    """The texts of a revision by the names of revisions.FIELDS; all are empty where there is no such revision."""
    row = db.execute(f"SELECT {', '.join(FIELDS)} FROM revisions WHERE story_id = ? AND number = ?", [story_id, number]).fetchone()
    return dict(zip(FIELDS, row or [""] * len(FIELDS), strict=True))


def address(db: Database, story_id: int) -> tuple[str, str]:
    """The site and the address of a story."""
    site, url = db.execute("SELECT site, url FROM stories WHERE id = ?", [story_id]).fetchone()
    return str(site), str(url)


def last_revision_number(db: Database, story_id: int) -> int:
    """How many revisions a story has."""
    return int(db.execute("SELECT revisions FROM stories WHERE id = ?", [story_id]).fetchone()[0])


def near_urls(db: Database, wanted: str) -> list[str]:
    """Known addresses that share their number, or their last part, with one that is not known."""
    path = unquote(urlsplit(wanted).path)
    last = path.rstrip("/").rpartition("/")[2]
    for part in (*sorted(re.findall(r"\d{4,}", path), key=len, reverse=True)[:3], *([last] if len(last) >= LEAST_NEAR else [])):
        rows = db.execute("SELECT DISTINCT url FROM story_urls WHERE instr(url, ?) LIMIT ?", [part, MOST_NEAR])
        if found := [url for (url,) in rows]:
            return found
    return []


def _ways_to_write(url: str) -> Iterator[str]:
    """As it is, and without what browsers and people add or leave out."""
    bare = url.partition("#")[0]
    full = bare if "://" in bare else f"https://{bare}"
    for one in dict.fromkeys([url, bare, full, full.partition("?")[0]]):
        path, mark, query = one.partition("?")
        for other in (path, path.removesuffix("/"), f"{path}/"):
            yield other + mark + query
            scheme, _, rest = other.partition("://")
            yield f"{'http' if scheme == 'https' else 'https'}://{rest}{mark}{query}"
