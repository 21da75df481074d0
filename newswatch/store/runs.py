"""Runs, their faults, and the sections they looked at."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from newswatch import faultpoints
from newswatch.extraction.dates import from_text, to_text
from newswatch.silence import LinkState
from newswatch.store.blocks import forget
from newswatch.store.opening import writing
from newswatch.store.purged import is_purged
from newswatch.store.silence import link_state, note_links
from newswatch.store.timing import after_fault, after_listing, tidy
from newswatch.story import Archived, Fault, Link, Listing

EXIT_OK, EXIT_FAULTS, EXIT_UNREACHABLE, EXIT_STORE, EXIT_CONFIG = 0, 1, 69, 74, 78
EXIT_DIED, EXIT_BUSY, EXIT_STOPPED = 70, 75, 130
"""As in sysexits.h: 69 EX_UNAVAILABLE, 70 EX_SOFTWARE, 74 EX_IOERR, 75 EX_TEMPFAIL, 78 EX_CONFIG; 130 as the shell has it after Ctrl-C."""

_NO_ANSWER = frozenset(["unreachable", "timeout", "not_recorded"])


@dataclass(frozen=True, slots=True)
class SectionState:
    """What is known of a section before it is fetched."""

    etag: str | None
    last_modified: str | None
    links: tuple[Link, ...]
    read_at: datetime | None = None
    """The last whole answer, not a 304."""
    archived: Archived | None = None
    """The page that they stood in."""


def begin_run(db: Database, site: str, at: datetime, replay: str | None) -> int:
    """A new row of `runs`; a run of the site that never ended is marked as interrupted. Returns its id.

    What was learned of the site from one story only, long ago, is forgotten.
    """
    with writing(db):
        forget(db, site, to_text(at) or "")
        tidy(db, site, at)
        db.execute("UPDATE runs SET outcome = 'interrupted' WHERE site = ? AND outcome = 'running'", [site])
        row = {"site": site, "started_at": to_text(at), "outcome": "running", "counts": "{}", "replay": replay}
        return int(db["runs"].insert(row).last_pk)  # type: ignore[union-attr, arg-type]


def end_run(db: Database, run_id: int, at: datetime, counts: Counter[str], outcome: str, exit_code: int) -> None:
    """Closes the row with what was counted."""
    with writing(db):
        db.execute(
            "UPDATE runs SET ended_at = ?, outcome = ?, exit_code = ?, counts = ? WHERE id = ?",
            [to_text(at), outcome, exit_code, json.dumps(dict(sorted(counts.items()))), run_id],
        )


_LOOKED = ("sections", "pages", "not_modified", "gone", "missing", "gated", "faults")


def verdict(
    counts: Counter[str], section_faults: Iterable[str], *, store_failed: bool, asked: bool = True, is_stopped: bool = False
) -> tuple[str, int]:
    """(outcome, exit code) of a run, from its counts and the kinds of the faults of whole sections.

    `asked`: a section was to be read. Where the budget let nothing be looked at, the run did nothing: 75, later again.
    `is_stopped`: it was told to end before it was done.
    """
    kinds = set(section_faults)
    if store_failed:
        return "failed", EXIT_STORE
    if is_stopped:
        return "interrupted", EXIT_STOPPED
    if not counts["sections"] and kinds and kinds <= _NO_ANSWER:
        return "unreachable", EXIT_UNREACHABLE
    if counts["postponed"] and not any(counts[k] for k in _LOOKED):
        return "postponed", EXIT_BUSY
    if counts["faults"] or (asked and not counts["sections"] and not counts["postponed"]):
        return "faults", EXIT_FAULTS
    return "ok", EXIT_OK


def end_died(db: Database, run_id: int, site: str, at: datetime, detail: str) -> None:
    """A run whose process died: interrupted, with a fault that says so. A run that was closed already stays as it is."""
    with writing(db):
        row = db.execute("UPDATE runs SET outcome = 'interrupted' WHERE id = ? AND outcome = 'running' RETURNING id", [run_id]).fetchone()
        if row:
            insert_fault(db, run_id, Fault(site, "died", "", detail, at))


def save_fault(db: Database, run_id: int, fault: Fault, *, is_told: bool = False) -> None:
    """A row of `faults`, unless the run has told it; what could not be read is due again later."""
    with writing(db):
        if not is_told:
            insert_fault(db, run_id, fault)
        faultpoints.fault("fault.written")
        after_fault(db, fault)


def insert_fault(db: Database, run_id: int, fault: Fault) -> None:
    """`save_fault` inside a transaction that the caller holds."""
    db.execute(
        "INSERT INTO faults (run_id, site, kind, url, section, detail, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [run_id, fault.site, fault.kind, fault.url, fault.section, fault.detail, to_text(fault.seen_at)],
    )


def section_state(db: Database, site: str, name: str, url: str) -> SectionState | None:
    """Validators and last links of a section; None where it is new or its URL was changed."""
    row = db.execute(
        "SELECT etag, last_modified, links, read_at, archive_file, archive_offset FROM sections WHERE site = ? AND name = ? AND url = ?",
        [site, name, url],
    ).fetchone()
    if row is None:
        return None
    return SectionState(row[0], row[1], _links(row[2]), from_text(row[3]), Archived(row[4], row[5]) if row[4] else None)


def save_listing(db: Database, listing: Listing) -> LinkState:
    """A section's links and validators, after a 304 only when it was checked; its new links wait to be read.

    Returns what its links usually are.
    """
    with writing(db):
        usual = link_state(db, listing)
        row = db.execute("SELECT links FROM sections WHERE site = ? AND name = ?", [listing.site, listing.section]).fetchone()
        _write_section(db, listing)
        faultpoints.fault("listing.written")
        after_listing(db, listing, _links(row[0]) if row else ())
        return note_links(db, listing, usual)


def _write_section(db: Database, listing: Listing) -> None:
    at = to_text(listing.seen_at)
    if listing.unchanged:
        db.execute("UPDATE sections SET last_checked_at = ? WHERE site = ? AND name = ?", [at, listing.site, listing.section])
        return
    links = json.dumps([_plain(link) for link in listing.links if not is_purged(db, listing.site, [link.url])], ensure_ascii=False)
    _make_dropped_due(db, listing)
    db.execute(
        "INSERT INTO sections (site, name, url, etag, last_modified, links, last_checked_at, last_changed_at,"
        " archive_file, archive_offset)"
        " VALUES (:site, :section, :url, :etag, :last_modified, :links, :at, :at, :file, :offset)"
        " ON CONFLICT (site, name) DO UPDATE SET url = :url, etag = :etag, last_modified = :last_modified, last_checked_at = :at,"
        " archive_file = :file, archive_offset = :offset,"
        " last_changed_at = CASE WHEN links = :links THEN last_changed_at ELSE :at END, links = :links",
        {
            "site": listing.site,
            "section": listing.section,
            "url": listing.url,
            "etag": listing.etag,
            "last_modified": listing.last_modified,
            "links": links,
            "at": at,
            "file": listing.archived.file if listing.archived else None,
            "offset": listing.archived.offset if listing.archived else None,
        },
    )


def _make_dropped_due(db: Database, listing: Listing) -> None:
    """Stories that the listing no longer has are due at once: whoever ends before they were looked at, the next run does it."""
    row = db.execute("SELECT links FROM sections WHERE site = ? AND name = ?", [listing.site, listing.section]).fetchone()
    dropped = {d["url"] for d in json.loads(row[0])} - {link.url for link in listing.links} if row else set()
    db.conn.executemany(
        "UPDATE stories SET next_check_at = ? WHERE id = (SELECT story_id FROM story_urls WHERE site = ? AND url = ? AND NOT claimed)",
        [(to_text(listing.seen_at), listing.site, url) for url in sorted(dropped)],
    )


def _links(text: str) -> tuple[Link, ...]:
    return tuple(Link(d["url"], d["headline"], d["place"], from_text(d["updated"])) for d in json.loads(text))


def _plain(link: Link) -> dict[str, Any]:
    return {"url": link.url, "headline": link.headline, "place": link.place, "updated": to_text(link.updated)}
