"""What tells a silent site and a section that lost its links: when stories came, how many links there were."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlite_utils import Database

from newswatch.extraction.dates import from_text, to_text
from newswatch.silence import WINDOW, LinkState, Silence, find_silence, judge_links
from newswatch.story import Listing


@dataclass(frozen=True, slots=True)
class LostLinks:
    """A listing that lost its links, as it is kept."""

    section: str
    url: str
    links: int
    state: LinkState


def silence_of(db: Database, site: str, sections: Collection[str], zone: tzinfo) -> Silence | None:
    """Whether a site is silent; `sections` are those that are on.

    A silence lasts until half of their listings were looked at: what nobody looked at is not silent.
    """
    last = from_text(db.execute("SELECT max(first_seen_at) FROM stories WHERE site = ?", [site]).fetchone()[0])
    looked = _looked(db, site, sections)
    if last is None or looked is None or looked <= last:
        return None
    hours = db.execute(
        "SELECT DISTINCT substr(first_seen_at, 1, 13) FROM stories WHERE site = ? AND first_seen_at >= ? ORDER BY 1",
        [site, to_text(last - WINDOW)],
    )
    seen = [at for (hour,) in hours if (at := from_text(f"{hour}:00:00Z"))]
    return find_silence(seen, last, looked, zone)


def _looked(db: Database, site: str, sections: Collection[str]) -> datetime | None:
    """When half of the listings of the sections had been looked at."""
    rows = db.execute("SELECT name, last_checked_at FROM sections WHERE site = ?", [site]).fetchall()
    times = sorted(at for name, at in rows if any(name == s or name.startswith((f"{s} feed ", f"{s} sitemap ")) for s in sections))
    return from_text(times[(len(times) - 1) // 2]) if times else None


def link_state(db: Database, listing: Listing) -> LinkState:
    """What is remembered of a listing; nothing where its address is another than last time."""
    row = db.execute(
        "SELECT link_counts, lost_since FROM sections WHERE site = ? AND name = ? AND url = ?", [listing.site, listing.section, listing.url]
    ).fetchone()
    return _state(*row) if row else LinkState()


def note_links(db: Database, listing: Listing, before: LinkState) -> LinkState:
    """Remembers how many links a listing has; within the transaction that saves it.

    After a 304 they are those of last time, and nothing is learned.
    """
    if listing.unchanged and before.lost_since is None:
        return before
    after = judge_links(before, len(listing.links), listing.seen_at)
    db.execute(
        "UPDATE sections SET link_counts = ?, lost_since = ? WHERE site = ? AND name = ?",
        [json.dumps(after.counts), to_text(after.lost_since), listing.site, listing.section],
    )
    return after


def lost_links(db: Database, site: str) -> list[LostLinks]:
    """The listings of a site that have lost their links and not come back."""
    rows = db.execute("SELECT name, url, links, link_counts, lost_since FROM sections WHERE site = ? AND lost_since IS NOT NULL", [site])
    return [LostLinks(name, url, len(json.loads(links)), _state(counts, since)) for name, url, links, counts, since in rows]


def _state(counts: str, since: str | None) -> LinkState:
    return LinkState(tuple(json.loads(counts)), from_text(since))
