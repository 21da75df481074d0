"""data/mail.db: who was told what, and the mails that are on their way. Never served, never joined with the store.

A mail and the happenings it tells of commit together; what has no row here is still pending. So nothing is lost and nothing is
told twice, wherever the process ends.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from newswatch.errors import StoreError
from newswatch.extraction.dates import from_text, to_text
from newswatch.store.happenings import Mark

APPLICATION_ID = 0x6E776D6C
VERSION = 1

LONGEST_WAIT = timedelta(days=2)
"""No mail waits longer between two tries."""

_TABLES = (
    """
    CREATE TABLE subscriptions (
        id          TEXT PRIMARY KEY,
        begun_at    TEXT NOT NULL,
        mark        TEXT NOT NULL       -- json: happenings.Mark or null; what came up to here is past
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE mails (
        id              INTEGER PRIMARY KEY,
        subscription    TEXT NOT NULL,      -- empty: to the operator
        recipient       TEXT NOT NULL,
        kind            TEXT NOT NULL,      -- story | digest | also | trouble | mended
        story           INTEGER,            -- whose thread it belongs to
        message_id      TEXT NOT NULL UNIQUE,
        subject         TEXT NOT NULL,
        content         BLOB,               -- the mail as it is sent; NULL once it is sent
        made_at         TEXT NOT NULL,
        state           TEXT NOT NULL,      -- queued | sent | dead
        attempts        INTEGER NOT NULL DEFAULT 0,
        next_try_at     TEXT,
        settled_at      TEXT,               -- sent or dead since
        why             TEXT                -- the last failure, without addresses
    )
    """,
    "CREATE INDEX mails_queued ON mails(next_try_at) WHERE state = 'queued'",  # what is to be sent
    "CREATE INDEX mails_of_thread ON mails(subscription, recipient, story)",  # the first mail of a thread
    "CREATE INDEX mails_by_time ON mails(subscription, recipient, made_at)",  # of the last hour; the last digest
    """
    CREATE TABLE told (
        subscription    TEXT NOT NULL,
        recipient       TEXT NOT NULL,
        happening       TEXT NOT NULL,      -- Happening.key
        story           INTEGER NOT NULL,
        actor           TEXT NOT NULL,
        revision        INTEGER NOT NULL,
        at              TEXT NOT NULL,
        mail            INTEGER,            -- NULL: taken for told by --mark-sent-before
        PRIMARY KEY (subscription, recipient, happening)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX told_by_story ON told(subscription, recipient, story)",  # cooldown, what the last mail knew
    """
    CREATE TABLE troubles (
        key         TEXT PRIMARY KEY,   -- what is wrong, of which site
        sentence    TEXT NOT NULL,
        since       TEXT NOT NULL       -- when a mail told of it
    ) WITHOUT ROWID
    """,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail to be kept."""

    subscription: str
    recipient: str
    kind: str
    subject: str
    message_id: str
    content: bytes
    story: int | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """A mail that is to be sent now."""

    id: int
    recipient: str
    subject: str
    message_id: str
    content: bytes
    attempts: int
    made_at: datetime


Entry = tuple[str, int, str, int]
"""Of `told`: happening, story, actor, revision."""


def open_outbox(path: Path) -> sqlite3.Connection:
    """mail.db, made for its owner alone if need be. Raises StoreError where it is not ours, damaged or cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        db = sqlite3.connect(path, timeout=30, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{path} cannot be opened: {error}") from error
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        with outbox_writing(db):
            tables = db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
            ours = db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
            if tables and not ours:
                raise StoreError(f"{path} is a database of another program: name another file as MAIL_DATABASE; it was left as it is")
            if db.execute("PRAGMA user_version").fetchone()[0] > VERSION:
                raise StoreError(f"{path} was written by a newer newswatch: upgrade the program")
            if not tables:
                db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                db.execute(f"PRAGMA user_version = {VERSION}")
                for table in _TABLES:
                    db.execute(table)
    except sqlite3.Error as error:
        db.close()
        raise StoreError(f"{path} cannot be used: {error}; restore a backup, or move it away to begin anew") from error
    except StoreError:
        db.close()
        raise
    return db


@contextmanager
def outbox_writing(db: sqlite3.Connection) -> Iterator[None]:
    """One `BEGIN IMMEDIATE` transaction, rolled back whole on any error."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.rollback()
        raise
    db.execute("COMMIT")


def begun(db: sqlite3.Connection, subscription: str) -> tuple[datetime, Mark | None] | None:
    """When a subscription began, and up to which revision all is past for it; None for one that is new."""
    row = db.execute("SELECT begun_at, mark FROM subscriptions WHERE id = ?", [subscription]).fetchone()
    if row is None:
        return None
    mark = json.loads(row[1])
    return datetime.fromisoformat(row[0]), Mark(*mark) if mark else None


def begin(db: sqlite3.Connection, subscription: str, at: datetime, mark: Mark | None) -> None:
    """Notes that a subscription begins; one that began before stays as it is."""
    text = json.dumps([mark.revision, mark.url, mark.seen_at] if mark else None)
    db.execute("INSERT OR IGNORE INTO subscriptions VALUES (?, ?, ?)", [subscription, to_text(at), text])


def move_mark(db: sqlite3.Connection, subscription: str, mark: Mark) -> None:
    """All up to there is told, or not wanted: it need not be looked through again."""
    db.execute("UPDATE subscriptions SET mark = ? WHERE id = ?", [json.dumps([mark.revision, mark.url, mark.seen_at]), subscription])


def is_told(db: sqlite3.Connection, subscription: str, recipient: str, keys: Iterable[str]) -> set[str]:
    """Which of the happenings the recipient was told."""
    wanted = list(keys)
    found: set[str] = set()
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        marks = ", ".join("?" * len(part))
        sql = f"SELECT happening FROM told WHERE subscription = ? AND recipient = ? AND happening IN ({marks})"
        found.update(key for (key,) in db.execute(sql, [subscription, recipient, *part]))
    return found


def last_told(db: sqlite3.Connection, subscription: str, recipient: str, stories: Iterable[int]) -> dict[tuple[int, str], datetime]:
    """When the recipient was told last of each actor in each of the stories."""
    sql = (
        "SELECT t.story, t.actor, max(t.at) FROM json_each(?) j JOIN told t ON t.subscription = ? AND t.recipient = ? AND t.story = j.value"
        " WHERE t.mail IS NOT NULL GROUP BY t.story, t.actor"
    )
    rows = db.execute(sql, [json.dumps(sorted(set(stories))), subscription, recipient])
    return {(story, actor): datetime.fromisoformat(at) for story, actor, at in rows}


def told_revisions(db: sqlite3.Connection, subscription: str, recipient: str, stories: Iterable[int]) -> dict[int, int]:
    """The newest revision of each of the stories that the recipient was told of; of the others nothing."""
    sql = (
        "SELECT t.story, max(t.revision) FROM json_each(?) j JOIN told t ON t.subscription = ? AND t.recipient = ? AND t.story = j.value"
        " WHERE t.mail IS NOT NULL GROUP BY t.story"
    )
    return dict(db.execute(sql, [json.dumps(sorted(set(stories))), subscription, recipient]).fetchall())


def stories_told(db: sqlite3.Connection, subscription: str, recipient: str, since: datetime) -> list[int]:
    """Stories that the recipient was told of since then, the oldest first."""
    sql = (
        "SELECT story, min(at) AS first FROM told WHERE subscription = ? AND recipient = ? AND at >= ? AND mail IS NOT NULL"
        " GROUP BY story ORDER BY first, story"
    )
    return [story for story, _ in db.execute(sql, [subscription, recipient, to_text(since)])]


def recent_mails(db: sqlite3.Connection, subscription: str, recipient: str, since: datetime) -> tuple[datetime, ...]:
    """When mails to the recipient were made since then."""
    sql = "SELECT made_at FROM mails WHERE subscription = ? AND recipient = ? AND made_at > ?"
    return tuple(datetime.fromisoformat(at) for (at,) in db.execute(sql, [subscription, recipient, to_text(since)]))


def last_digest(db: sqlite3.Connection, subscription: str, recipient: str) -> datetime | None:
    """When the newest digest was made, by its row: the clock may have been wrong."""
    sql = "SELECT made_at FROM mails WHERE subscription = ? AND recipient = ? AND kind = 'digest' ORDER BY id DESC LIMIT 1"
    row = db.execute(sql, [subscription, recipient]).fetchone()
    return from_text(row[0]) if row else None


def thread(db: sqlite3.Connection, subscription: str, recipient: str, story: int) -> list[str]:
    """Message-IDs of the first and the last mail of a story's thread, if there are any."""
    sql = "SELECT message_id FROM mails WHERE subscription = ? AND recipient = ? AND story = ? ORDER BY id"
    ids = [i for (i,) in db.execute(sql, [subscription, recipient, story])]
    return list(dict.fromkeys([ids[0], ids[-1]])) if ids else []


def keep_mail(db: sqlite3.Connection, draft: Draft, at: datetime) -> int:
    """Queues a mail; returns its number."""
    sql = (
        "INSERT INTO mails (subscription, recipient, kind, story, message_id, subject, content, made_at, state, next_try_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?)"
    )
    d, when = draft, to_text(at)
    row = db.execute(sql, [d.subscription, d.recipient, d.kind, d.story, d.message_id, d.subject, d.content, when, when])
    assert row.lastrowid is not None
    return row.lastrowid


def mark_told(db: sqlite3.Connection, subscription: str, recipient: str, told: Iterable[Entry], at: datetime, mail: int | None) -> None:
    """Notes what a mail tells of; None: nothing was sent, and nothing shall be."""
    when = to_text(at)
    rows = [(subscription, recipient, key, story, actor, revision, when, mail) for key, story, actor, revision in told]
    db.executemany("INSERT OR IGNORE INTO told VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)


def queued(db: sqlite3.Connection, now: datetime) -> list[Queued]:
    """The mails whose time has come, the oldest first; a time beyond all measure was dated by a wrong clock."""
    sql = (
        "SELECT id, recipient, subject, message_id, content, attempts, made_at FROM mails"
        " WHERE state = 'queued' AND (next_try_at <= ? OR next_try_at > ?) ORDER BY id"
    )
    rows = db.execute(sql, [to_text(now), to_text(now + LONGEST_WAIT)])
    return [Queued(i, to, subject, mid, content, tries, datetime.fromisoformat(at)) for i, to, subject, mid, content, tries, at in rows]


def mark_sent(db: sqlite3.Connection, mail: int, at: datetime) -> None:
    """A mail is with its server, or in its file."""
    with outbox_writing(db):
        db.execute("UPDATE mails SET state = 'sent', settled_at = ?, content = NULL, why = NULL WHERE id = ?", [to_text(at), mail])


def mark_failed(db: sqlite3.Connection, mail: int, why: str, at: datetime, next_try: datetime | None) -> None:
    """A mail could not be sent; without a next time it is dead, and kept."""
    state = "dead" if next_try is None else "queued"
    with outbox_writing(db):
        db.execute(
            "UPDATE mails SET state = ?, attempts = attempts + 1, why = ?, next_try_at = ?, settled_at = ? WHERE id = ?",
            [state, why, to_text(next_try), to_text(at) if next_try is None else None, mail],
        )


def retry_dead(db: sqlite3.Connection, at: datetime) -> int:
    """Queues all dead mails again; returns how many."""
    with outbox_writing(db):
        return db.execute(
            "UPDATE mails SET state = 'queued', attempts = 0, made_at = ?, next_try_at = ?, settled_at = NULL WHERE state = 'dead'",
            [to_text(at), to_text(at)],
        ).rowcount


def states(db: sqlite3.Connection) -> dict[str, int]:
    """How many mails are queued, sent, dead. No address."""
    return dict(db.execute("SELECT state, count(*) FROM mails GROUP BY state ORDER BY state").fetchall())


def oldest_queued(db: sqlite3.Connection) -> datetime | None:
    """When the mail was made that waits longest."""
    return from_text(db.execute("SELECT min(made_at) FROM mails WHERE state = 'queued'").fetchone()[0])


def dead_letters(db: sqlite3.Connection) -> list[Mapping[str, str]]:
    """Mails that are given up: subscription, subject, since when and why. No address."""
    sql = "SELECT subscription, subject, settled_at, why FROM mails WHERE state = 'dead' ORDER BY settled_at DESC, id DESC LIMIT 200"
    return [dict(zip(("subscription", "subject", "since", "why"), row, strict=True)) for row in db.execute(sql)]


def waiting(db: sqlite3.Connection) -> list[Mapping[str, str]]:
    """Mails that failed and are tried again: subscription, subject, why, and when. No address."""
    sql = "SELECT subscription, subject, why, next_try_at FROM mails WHERE state = 'queued' AND why IS NOT NULL ORDER BY id LIMIT 200"
    return [dict(zip(("subscription", "subject", "why", "next"), row, strict=True)) for row in db.execute(sql)]


def troubles(db: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """What the operator was told of and is not mended: sentence and since when, by key."""
    return {key: (sentence, since) for key, sentence, since in db.execute("SELECT key, sentence, since FROM troubles")}


def change_troubles(db: sqlite3.Connection, new: Mapping[str, str], mended: Iterable[str], at: datetime) -> None:
    """Notes what the operator is told of: new troubles (sentence by key), and those that are mended."""
    db.executemany("INSERT OR REPLACE INTO troubles VALUES (?, ?, ?)", [(k, s, to_text(at)) for k, s in new.items()])
    db.executemany("DELETE FROM troubles WHERE key = ?", [(k,) for k in mended])
