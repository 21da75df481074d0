"""The states of the watchlist: what was watched when a revision was matched, kept as what changed from one to the next.

folder -> Watchlist -> definitions -> register -> number -> matched(revision, number)
                                        last_good <- definitions in use
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError
from sqlite_utils import Database

from newswatch.errors import ConfigError
from newswatch.extraction.dates import to_text
from newswatch.faultpoints import fault
from newswatch.matching import MATCHER_VERSION, Actor, Rule, Watchlist, load_watchlists
from newswatch.store.mentions import save_actors
from newswatch.store.opening import writing

MATCHER = "*"
"""Stands among the actors for the matcher: where it finds other mentions, all stories are to be looked at."""


def definitions(watchlist: Watchlist) -> Iterator[tuple[str, str]]:
    """What each actor and rule is, and the matcher's version: (id, JSON), sorted by id."""
    yield MATCHER, json.dumps(MATCHER_VERSION)
    for key in sorted([*watchlist.actors, *watchlist.rules]):
        value = watchlist.actors.get(key) or watchlist.rules[key]
        yield key, value.model_dump_json(by_alias=True, exclude_defaults=True)


def fingerprint(watchlist: Watchlist) -> str:
    """The same for the same definitions, wherever they were written."""
    digest = hashlib.sha256()
    for key, definition in definitions(watchlist):
        digest.update(f"{key}\t{definition}\n".encode())
    return digest.hexdigest()


def newest(db: Database) -> tuple[int, str]:
    """(number, fingerprint) of the state in use; 0 and "" where there is none yet."""
    row = db.execute("SELECT number, fingerprint FROM watchlists ORDER BY number DESC LIMIT 1").fetchone()
    return row if row else (0, "")


def register(db: Database, watchlist: Watchlist, at: datetime) -> int:
    """The number of the watchlist as it is, a new one if it is not the state in use; its actors are saved with it."""
    digest = fingerprint(watchlist)
    number, known = newest(db)
    if known == digest:
        return number
    current = dict(definitions(watchlist))
    with writing(db):
        number, known = newest(db)
        if known == digest:  # another crawl was faster
            return number
        cursor = db.execute("INSERT INTO watchlists (at, fingerprint) VALUES (?, ?)", [to_text(at), digest])
        assert cursor.lastrowid
        fault("watchlist.numbered")
        changed = changed_in_use(db, current)
        _succeed(db, cursor.lastrowid, {key: current.get(key) for key in changed})
        values = (watchlist.actors.get(key) or watchlist.rules.get(key) for key in sorted(changed))
        save_actors(db, (v for v in values if v))
        return cursor.lastrowid


def changed_in_use(db: Database, current: dict[str, str]) -> set[str]:
    """Whose definition in use is another than in `current`; those that came and went, too."""
    used = dict(db.execute("SELECT actor, definition FROM definitions WHERE until IS NULL"))
    return {key for key, definition in current.items() if used.get(key) != definition} | (used.keys() - current.keys())


def _succeed(db: Database, number: int, changed: dict[str, str | None]) -> None:
    """Ends the definitions of what changed, and begins those that are there now."""
    db.conn.executemany("UPDATE definitions SET until = ? WHERE actor = ? AND until IS NULL", [(number, key) for key in changed])
    db.conn.executemany(
        "INSERT INTO definitions (actor, since, definition) VALUES (?, ?, ?)",
        [(key, number, definition) for key, definition in sorted(changed.items()) if definition is not None],
    )


def parse(definition: str) -> Actor | Rule | None:
    """An actor or rule from its definition; None where this version of newswatch does not understand it."""
    try:
        table = json.loads(definition)
        if "when" not in table:
            return Actor.model_validate(table)
        rule = Rule.model_validate(table)
        _ = rule.condition
        return rule
    except (ValidationError, ValueError, TypeError):
        return None


def last_good(db: Database) -> Watchlist | None:
    """The watchlist in use, rebuilt from its definitions; None where there is none, or not all of it is understood."""
    if not newest(db)[0]:
        return None
    actors: dict[str, Actor] = {}
    rules: dict[str, Rule] = {}
    rows = db.execute("SELECT actor, definition FROM definitions WHERE until IS NULL AND actor <> ? ORDER BY actor", [MATCHER])
    for key, definition in rows:
        match parse(definition):
            case Actor() as actor:
                actors[key] = actor
            case Rule() as rule:
                rules[key] = rule
            case None:
                return None
    return Watchlist(actors, rules)


def watchlist_in_use(folder: Path, db: Database) -> tuple[Watchlist, list[str]]:
    """The folder's watchlist; where it is refused, the last good one and the mistakes, a sentence each.

    Raises ConfigError with the mistakes where there is no good one to go on with.
    """
    try:
        return load_watchlists(folder), []
    except ConfigError as error:
        last = last_good(db)
        if last is None:
            raise
        return last, list(error.problems)


def mark(db: Database, number: int, revision_id: int) -> None:
    """Notes with which watchlist the mentions of a new revision were made; within a transaction of the caller."""
    db.execute("INSERT INTO matched (revision_id, watchlist) VALUES (?, ?)", [revision_id, number])


def mark_again(db: Database, number: int, states: Mapping[int, int | None]) -> None:
    """Notes that revisions were looked at again; `states` is what each was matched with: those that are not so any more stay."""
    db.conn.executemany(
        "INSERT INTO matched (revision_id, watchlist) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(revision, number) for revision, state in states.items() if state is None],
    )
    db.conn.executemany(
        "UPDATE matched SET watchlist = ? WHERE revision_id = ? AND watchlist = ?",
        [(number, revision, state) for revision, state in states.items() if state is not None],
    )
