"""What needs a person: told to the operator once, and once more when it is mended.

store, disk, outbox -> current troubles -> new, mended -> one mail
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from newswatch.alerts.render import message, message_id, texts, words
from newswatch.alerts.subscriptions import Mail
from newswatch.extraction.dates import to_text
from newswatch.faultpoints import fault
from newswatch.store import outbox
from newswatch.store.unwatched import Unwatched
from newswatch.story import FAULT_KINDS

OF_SECTIONS = ("layout", "listing", "dropped", "robots", "consent", "gated", "redirect")
"""Kinds of faults of a whole section that do not mend themselves."""

OF_SITES = ("silent", "coverage", "store", "archive", "died", "canonical")

LEAST_FREE = 1_000_000_000
"""Bytes."""

LONGEST_QUEUE = timedelta(hours=2)

FAILED_OFTEN = 5
"""Looks in a row, before a section that only times out needs a person."""


def current_troubles(db: Database, out: sqlite3.Connection, folder: Path, now: datetime, not_watched: list[Unwatched]) -> dict[str, str]:
    """What is wrong now: a sentence by key; the key is the same as long as the trouble is."""
    found = {**_sections(db), **_sites(db)}
    for one in not_watched:
        if one.section is None:
            since = f"since {one.since}" if one.since else "never"
            found[f"unwatched|{one.site}"] = f"{one.site}: not watched ({since}): {one.why}. Look at: scrapy doctor"
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        found["disk"] = f"only {free / 1e6:,.0f} MB are free where the databases are: make room"
    oldest = outbox.oldest_queued(out)
    if oldest and now - oldest > LONGEST_QUEUE:
        found["queue"] = f"mails wait since {to_text(oldest)}: look at: scrapy alert --status"
    if dead := outbox.states(out).get("dead", 0):
        found["dead"] = f"{dead} mails could not be delivered and were given up: look at: scrapy alert --status"
    return found


def _sections(db: Database) -> dict[str, str]:
    """A section that cannot be read, by the fault of its last look."""
    sql = (
        "SELECT s.site, s.name, s.failures, s.lost_since, (SELECT f.kind || '|' || f.detail FROM faults f"
        " WHERE f.site = s.site AND f.section = s.name ORDER BY f.id DESC LIMIT 1) FROM sections s"
        " WHERE s.failures > 0 OR s.lost_since IS NOT NULL ORDER BY s.site, s.name"
    )
    out: dict[str, str] = {}
    for site, name, failures, lost, last in db.execute(sql):
        kind, _, detail = (last or "|").partition("|")
        if lost is not None:
            out[f"dropped|{site}|{name}"] = f"{site}, {name}: {FAULT_KINDS['dropped']}"
        elif kind in OF_SECTIONS or failures >= FAILED_OFTEN:
            out[f"section|{site}|{name}|{kind}"] = f"{site}, {name}: {FAULT_KINDS.get(kind, 'cannot be read')}: {detail[:300]}"
    return out


def _sites(db: Database) -> dict[str, str]:
    """What the last run of each site that came to an end found wrong with the whole of it."""
    marks = ", ".join("?" * len(OF_SITES))
    sql = (
        "SELECT f.site, f.kind, min(f.detail) FROM faults f JOIN (SELECT site, max(id) AS id FROM runs WHERE ended_at IS NOT NULL"
        f" GROUP BY site) r ON f.run_id = r.id WHERE f.kind IN ({marks}) GROUP BY f.site, f.kind ORDER BY f.site, f.kind"
    )
    rows = db.execute(sql, OF_SITES)
    return {f"site|{site}|{kind}": f"{site}: {FAULT_KINDS.get(kind, kind)}: {detail[:300]}" for site, kind, detail in rows}


def tell_operator(out: sqlite3.Connection, mail: Mail, current: Mapping[str, str], now: datetime) -> int:
    """Queues one mail on what is new and what is mended, if anything is; returns how many troubles it tells of."""
    if mail.operator is None:
        return 0
    before = outbox.troubles(out)
    new = {key: sentence for key, sentence in current.items() if key not in before}
    mended = {key: sentence for key, (sentence, _) in before.items() if key not in current}
    if not new and not mended:
        return 0
    said = words("en")
    subject = "newswatch: " + (_amount(said, "trouble", len(new)) if new else _amount(said, "mended", len(mended)))
    text, html = texts("troubles", "en", new=list(new.values()), mended=list(mended.values()))
    identity = message_id(mail.sender, "operator", to_text(now) or "", *new, "mended", *mended)
    content = message(
        sender=mail.sender, recipient=mail.operator, subject=subject, text=text, html=html, identity=identity, date=now, subscription=""
    )
    kind = "trouble" if new else "mended"
    with outbox.outbox_writing(out):
        outbox.keep_mail(out, outbox.Draft("", mail.operator, kind, subject, identity, content), now)
        fault("alert.troubles")
        outbox.change_troubles(out, new, mended, now)
    return len(new) + len(mended)


def _amount(said: Mapping[str, str], what: str, n: int) -> str:
    if n == 1:
        return {"trouble": "1 thing needs a look", "mended": "1 thing is mended"}[what]
    return said[{"trouble": "troubles", "mended": "mended_n"}[what]].format(n=n)
