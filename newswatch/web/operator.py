"""Sites, runs and faults: what is watched, when last, and what went wrong. What nobody looked at is said."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from sqlite_utils import Database

from newswatch.coverage import FIELDS, Reading, find_drops
from newswatch.extraction.dates import to_text
from newswatch.store.coverage import last_readings
from newswatch.store.outbox import dead_letters, states
from newswatch.store.unwatched import Unwatched, known_sites, unwatched
from newswatch.web.reading import Cursor, Page, Row, paged, select


def sites(conn: sqlite3.Connection, now: datetime, watched: Iterable[str] = ()) -> list[Row]:
    """Every site that is `watched` or known, by name: last look, what is not watched, last run, what the last 7 days brought."""
    week = (now - timedelta(days=6)).date().isoformat()
    rows = select(
        conn,
        "SELECT site, max(last_checked_at) AS looked_at, count(*) AS sections, count(lost_since) AS lost FROM sections GROUP BY site",
    )
    found = {row["site"]: row for row in rows}
    names = sorted({*known_sites(conn), *watched})
    gaps = {site: list(found) for site, found in groupby(unwatched(conn, now, names), attrgetter("site"))}
    for name in names:
        row = found.setdefault(name, {"site": name, "looked_at": None, "sections": 0, "lost": 0})
        row["run"] = last_run(conn, name)
        row["gap"] = gap(gaps.get(name, ()), row["sections"])
        row |= select(
            conn,
            "SELECT coalesce(sum(new_stories), 0) AS new, coalesce(sum(edits), 0) AS edits, coalesce(sum(silent_edits), 0) AS silent,"
            " coalesce(sum(faults), 0) AS faults FROM site_days WHERE site = ? AND day >= ?",
            [name, week],
        )[0]
    return [found[name] for name in names]


def gap(gaps: Sequence[Unwatched], sections: int) -> Row | None:
    """What of a site is not watched: `part` of it, since when, and why; None where all is."""
    if not gaps:
        return None
    part = f"{len(gaps)} of {sections} sections" if gaps[0].section is not None and len(gaps) < sections else ""
    return {"part": part, "since": min((g.since for g in gaps), key=lambda at: at or ""), "why": gaps[0].why}


def last_run(conn: sqlite3.Connection, site: str) -> Row | None:
    """The newest run of a site."""
    return next(_runs(select(conn, f"{_RUN} WHERE site = ? ORDER BY id DESC LIMIT 1", [site])), None)


_RUN = "SELECT id, site, started_at, ended_at, outcome, exit_code, counts, replay FROM runs"


def _runs(rows: list[Row]) -> Iterator[Row]:
    for row in rows:
        counts = Counter(json.loads(row["counts"] or "{}"))
        kinds = {k.removeprefix("fault:"): n for k, n in sorted(counts.items()) if k.startswith("fault:")}
        yield {**row, "counts": counts, "kinds": kinds}


def runs(conn: sqlite3.Connection, before: Cursor, site: str | None = None) -> Page:
    """Runs, the newest first; of one site where it is given."""
    of_site = "site = :site AND " if site is not None else ""
    sql = f"{_RUN} WHERE {of_site}id < :id AND :at <> '' ORDER BY id DESC LIMIT :size"
    page = paged(conn, sql, {"site": site}, before, by="started_at", key="id")
    return Page(list(_runs(page.rows)), page.next)


def run(conn: sqlite3.Connection, key: int) -> Row | None:
    """One run with its faults, up to 500 of them."""
    found = next(_runs(select(conn, f"{_RUN} WHERE id = ?", [key])), None)
    if found is not None:
        sql = "SELECT id, kind, url, section, detail, at FROM faults WHERE run_id = ? ORDER BY id LIMIT 500"
        found["faults"] = select(conn, sql, [key])
    return found


def sections(conn: sqlite3.Connection, site: str) -> list[Row]:
    """A site's sections: when each was looked at, and when the next look is due."""
    return select(
        conn,
        "SELECT name, url, last_checked_at, last_changed_at, next_check_at, failures, lost_since FROM sections"
        " WHERE site = ? ORDER BY name LIMIT 500",
        [site],
    )


def faults(conn: sqlite3.Connection, since: datetime, site: str | None = None) -> list[Row]:
    """Faults by kind since then, the most first, each with its newest address."""
    of_site = "site = :site AND " if site is not None else ""
    return select(
        conn,
        f"SELECT kind, count(*) AS n, count(DISTINCT site) AS sites, max(at) AS last_at, url, detail FROM faults"
        f" WHERE {of_site}at >= :since GROUP BY kind ORDER BY n DESC, kind",
        {"site": site, "since": to_text(since)},
    )


def site_days(conn: sqlite3.Connection, since: str, site: str | None = None) -> list[Row]:
    """What the days since then brought, the oldest first, of one site or of all."""
    of_site = "site = :site AND " if site is not None else ""
    return select(
        conn,
        "SELECT day, sum(new_stories) AS new, sum(edits) AS edits, sum(silent_edits) AS silent, sum(faults) AS faults FROM site_days"
        f" WHERE {of_site}day >= :since GROUP BY day ORDER BY day",
        {"site": site, "since": since},
    )


def coverage(conn: sqlite3.Connection, site: str) -> tuple[list[str], list[tuple[str, list[int | None]]], list[str]]:
    """Which fields a site's last stories have: days, (field, percent of each day), and fields that fell out, a sentence each."""
    readings = last_readings(Database(conn, execute_plugins=False), site)
    by_day: dict[str, list[Reading]] = {}
    for reading in readings:
        by_day.setdefault(f"{reading.seen_at:%Y-%m-%d}", []).append(reading)
    days = sorted(by_day)[-14:]
    table = [(f, [round(100 * sum(f in r.filled for r in by_day[d]) / len(by_day[d])) for d in days]) for f in FIELDS]
    return days, [(f, list(values)) for f, values in table], [str(drop) for drop in find_drops(readings)]


def outbox(mail: Path) -> Row | None:
    """How many mails wait, are sent or are dead, and which were given up, without addresses; None where no mail is sent from here."""
    if not mail.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"{mail.resolve().as_uri()}?mode=ro", uri=True)) as db:
            return {"states": states(db), "dead": dead_letters(db), "problem": ""}
    except sqlite3.Error as error:
        return {"states": {}, "dead": [], "problem": f"mail.db cannot be read: {error}"}
