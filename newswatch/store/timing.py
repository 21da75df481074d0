"""What a look leaves behind for the schedule: written inside the transaction of what it follows from.

listing | story | unchanged | gone | fault -> what was learned, failures, next_check_at
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from newswatch import schedule
from newswatch.extraction.dates import from_text, to_text
from newswatch.schedule import Habit, Rhythm, Watched
from newswatch.store.purged import is_purged
from newswatch.story import Fault, Link, Listing, Story

OF_NO_PAGE = frozenset(["canonical", "coverage", "cut", "died", "dropped", "recording", "silent", "store"])
"""Faults that name a page and do not say that it could not be read."""
OLDEST_START = timedelta(days=30)
"""A story that was old when it was found is looked at a few times all the same: dates may be wrong."""
GIVEN_UP = 8
"""Failures in a row, after which a link is forgotten when it is two weeks old."""


def after_listing(db: Database, listing: Listing, before: Sequence[Link]) -> None:
    """A section was read: its new links wait in the frontier, what it says is newer is due, its rhythm learns.

    `before` are the links of last time. The row of `sections` must be there.
    """
    at = to_text(listing.seen_at)
    came = 0
    if not listing.unchanged:
        came = _put_into_frontier(db, listing) + _mark_newer(db, listing, before)
    row = db.execute("SELECT rhythm FROM sections WHERE site = ? AND name = ?", [listing.site, listing.section]).fetchone()
    rhythm = rhythm_from(row[0])
    learned, next_at = rhythm, listing.seen_at + schedule.INDEX_AGAIN
    if not listing.is_index:
        learned = schedule.looked(rhythm, listing.seen_at, came)
        next_at = schedule.section_due(learned, listing.seen_at, hint=listing.hint)
        if rhythm.at is not None:
            _learn_hours(db, listing.site, rhythm.at, listing.seen_at, came)
    db.execute(
        "UPDATE sections SET rhythm = ?, failures = 0, next_check_at = ?, read_at = CASE WHEN ? THEN read_at ELSE ? END, parent = ?"
        " WHERE site = ? AND name = ?",
        [rhythm_text(learned), to_text(next_at), listing.unchanged or listing.is_index, at, listing.parent, listing.site, listing.section],
    )
    _hurry_parent(db, listing.site, listing.section)


def after_section_fault(db: Database, fault: Fault) -> None:
    """A section could not be read, or not as it should be: later, and later each time; no failure where its host said when."""
    row = db.execute("SELECT failures, next_check_at FROM sections WHERE site = ? AND name = ?", [fault.site, fault.section]).fetchone()
    if row is None:
        db.execute(
            "INSERT INTO sections (site, name, url, links, last_checked_at, last_changed_at) VALUES (?, ?, ?, '[]', ?, ?)",
            [fault.site, fault.section, fault.url, to_text(fault.seen_at), to_text(fault.seen_at)],
        )
    failures, waits = (row[0], row[1] or "") if row else (0, "")
    failures += fault.until is None
    next_at = max(to_text(fault.until or schedule.retry_due(failures, fault.seen_at)) or "", waits)
    db.execute(
        "UPDATE sections SET failures = ?, next_check_at = ? WHERE site = ? AND name = ?", [failures, next_at, fault.site, fault.section]
    )
    _hurry_parent(db, fault.site, fault.section or "")


def after_fault(db: Database, fault: Fault) -> None:
    """A page could not be read: the story or link behind it is tried again later; nothing where the fault is of no page."""
    if fault.kind in OF_NO_PAGE:
        return
    if fault.section:
        after_section_fault(db, fault)
        return
    for table, where, values in (
        ("stories", "id = (SELECT story_id FROM story_urls WHERE site = ? AND url = ? AND NOT claimed)", [fault.site, fault.url]),
        ("frontier", "site = ? AND url = ?", [fault.site, fault.url]),
    ):
        row = db.execute(f"SELECT failures FROM {table} WHERE {where}", values).fetchone()
        if row:
            failures = row[0] + (fault.until is None)
            next_at = fault.until or schedule.retry_due(failures, fault.seen_at)
            db.execute(f"UPDATE {table} SET failures = ?, next_check_at = ? WHERE {where}", [failures, to_text(next_at), *values])


def after_look(db: Database, story_id: int, at: datetime, *, changed: bool, story: Story | None = None) -> None:
    """A story was looked at, and its content is new or not. `story` is given where the page was read.

    The row of `stories` must hold what was read.
    """
    columns = "site, changed_at, checked_at, revisions, kind"
    site, changed_at, checked_at, revisions, kind = db.execute(f"SELECT {columns} FROM stories WHERE id = ?", [story_id]).fetchone()
    rhythm, habit = _learned_of(db, site)
    known = from_text(checked_at)
    if known is None or changed_at is None:
        begun = _begun(story, at)
    else:
        begun = at if changed else from_text(changed_at) or at
        before = Watched(from_text(changed_at) or known, known, revisions - changed, kind == "liveblog")
        _keep_habit(db, site, schedule.reread(habit, before, at, rhythm, edited=changed))
    next_at = schedule.story_due(habit, Watched(begun, at, revisions, kind == "liveblog"), at, rhythm)
    db.execute(
        "UPDATE stories SET checked_at = ?, changed_at = ?, failures = 0, next_check_at = ? WHERE id = ?",
        [to_text(at), to_text(begun), to_text(next_at), story_id],
    )


def after_gone(db: Database, story_id: int, at: datetime, *, is_gone: bool) -> None:
    """A story's page is missing: a second look soon; a story that is gone is looked at now and then, some come back."""
    next_at: datetime | None = at + (schedule.GONE_AGAIN if is_gone else schedule.MISSING_AGAIN)
    changed_at = from_text(db.execute("SELECT coalesce(changed_at, first_seen_at) FROM stories WHERE id = ?", [story_id]).fetchone()[0])
    if is_gone and changed_at and at - changed_at > schedule.WATCHED_FOR:
        next_at = None
    db.execute("UPDATE stories SET checked_at = ?, failures = 0, next_check_at = ? WHERE id = ?", [to_text(at), to_text(next_at), story_id])


def out_of_frontier(db: Database, site: str, urls: Iterable[str]) -> None:
    """The story behind these addresses is saved."""
    for url in urls:
        db.execute("DELETE FROM frontier WHERE site = ? AND url = ?", [site, url])


def tidy(db: Database, site: str, now: datetime) -> None:
    """Forgets links that could never be read, and what was spent long ago."""
    old = to_text(now - timedelta(days=14))
    db.execute("DELETE FROM frontier WHERE site = ? AND failures >= ? AND found_at < ?", [site, GIVEN_UP, old])
    db.execute("DELETE FROM requests WHERE site = ? AND (at < ? OR at > ?)", [site, to_text(now - timedelta(hours=2)), to_text(now)])


def spend(db: Database, site: str, now: datetime, count: int) -> None:
    """Notes so many requests to a site. The caller holds the transaction."""
    start = now - timedelta(minutes=now.minute % 5, seconds=now.second)
    db.execute(
        "INSERT INTO requests (site, at, count) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET count = count + excluded.count",
        [site, to_text(start), count],
    )


def rhythm_text(rhythm: Rhythm) -> str:
    """As it is stored."""
    numbers = [[round(x, 4) for x in part] for part in (rhythm.new, rhythm.hours, (rhythm.seen, rhythm.expected))]
    return json.dumps([to_text(rhythm.at), *numbers], separators=(",", ":"))


def rhythm_from(text: str | None) -> Rhythm:
    """As it was stored; a new one where there is none."""
    if not text:
        return Rhythm()
    at, new, hours, (seen, expected) = json.loads(text)
    return Rhythm(from_text(at), tuple(new), tuple(hours), seen, expected)


def _put_into_frontier(db: Database, listing: Listing) -> int:
    """How many links are of no story that is known, and were not found before."""
    came = 0
    for link in listing.links:
        if is_purged(db, listing.site, [link.url]):
            continue
        cursor = db.execute(
            "INSERT INTO frontier (site, url, section, headline, listed_at, found_at, next_check_at)"
            " SELECT :site, :url, :section, :headline, :listed, :at, :at"
            " WHERE NOT EXISTS (SELECT 1 FROM story_urls WHERE site = :site AND url = :url AND NOT claimed) ON CONFLICT DO NOTHING",
            {
                "site": listing.site,
                "url": link.url,
                "section": listing.section,
                "headline": link.headline,
                "listed": to_text(link.updated),
                "at": to_text(listing.seen_at),
            },
        )
        came += max(0, cursor.rowcount)
    return came


def _mark_newer(db: Database, listing: Listing, before: Sequence[Link]) -> int:
    """How many known stories the listing says are newer than when they were read: they are due at once."""
    old = {link.url: link for link in before}
    newer = 0
    for link in listing.links:
        if not says_newer(link, old.get(link.url)):
            continue
        cursor = db.execute(
            "UPDATE stories SET next_check_at = min(coalesce(next_check_at, :at), :at)"
            " WHERE id = (SELECT story_id FROM story_urls WHERE site = :site AND url = :url AND NOT claimed) AND checked_at < :at",
            {"at": to_text(listing.seen_at), "site": listing.site, "url": link.url},
        )
        newer += max(0, cursor.rowcount)
    return newer


def says_newer(link: Link, before: Link | None) -> bool:
    """Whether a listing gives a link another stamp or headline than last time."""
    if before is None:
        return False
    return (link.updated is not None and link.updated != before.updated) or (
        None not in (link.headline, before.headline) and link.headline != before.headline
    )


def _hurry_parent(db: Database, site: str, name: str) -> None:
    """A sitemap index is due as soon as the first of those it leads to."""
    db.execute(
        "UPDATE sections SET next_check_at ="
        " (SELECT min(c.next_check_at) FROM sections c WHERE c.site = :site AND c.parent = sections.name)"
        " WHERE site = :site AND name = (SELECT parent FROM sections WHERE site = :site AND name = :name) AND failures = 0",
        {"site": site, "name": name},
    )


def _learn_hours(db: Database, site: str, since: datetime, now: datetime, came: int) -> None:
    """The newsroom's hours, from all listings of a site."""
    row = db.execute("SELECT rhythm FROM habits WHERE site = ?", [site]).fetchone()
    rhythm = schedule.looked(replace(rhythm_from(row[0] if row else None), at=since), now, came)
    _upsert_habit(db, site, rhythm=rhythm_text(rhythm), activity=json.dumps(rhythm.activity(), separators=(",", ":")))


def _learned_of(db: Database, site: str) -> tuple[Sequence[float], Habit]:
    """(activity, habit) of a site."""
    row = db.execute("SELECT activity, habit FROM habits WHERE site = ?", [site]).fetchone()
    activity = json.loads(row[0]) if row and row[0] else schedule.STEADY
    if not row or not row[1]:
        return activity, Habit()
    edits, hours = json.loads(row[1])
    return activity, Habit(tuple(map(tuple, edits)), tuple(map(tuple, hours)))


def _keep_habit(db: Database, site: str, habit: Habit) -> None:
    numbers = [[[round(x, 4) for x in ladder] for ladder in part] for part in (habit.edits, habit.hours)]
    _upsert_habit(db, site, habit=json.dumps(numbers, separators=(",", ":")))


def _upsert_habit(db: Database, site: str, **columns: Any) -> None:
    names = list(columns)
    db.execute(
        f"INSERT INTO habits (site, {', '.join(names)}) VALUES (?{', ?' * len(names)})"
        f" ON CONFLICT DO UPDATE SET {', '.join(f'{n} = excluded.{n}' for n in names)}",
        [site, *columns.values()],
    )


def _begun(story: Story | None, at: datetime) -> datetime:
    """Where the ladder of a new story begins: at what the page says of its age, if that is believable."""
    stamps = [s.at for s in (story.published, story.modified) if s] if story else []
    told = max(stamps, default=at)
    return min(at, max(told, at - OLDEST_START))
