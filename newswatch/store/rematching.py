"""The watchlist as it is now, applied to what is stored: `scrapy match`.

pending revisions, some stories at a time
    -> does any name of what changed stand there?  no -> marked as matched
    -> examined with the whole watchlist -> Work: what a story names now in place of what is stored
    -> mentions, events and marks of a story in one transaction, a few stories in each
"""

from __future__ import annotations

import json
import time
from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlite_utils import Database

from newswatch.faultpoints import fault
from newswatch.matching import Watchlist, examine, is_touched
from newswatch.revisions import MENTION_FIELDS, WITHHELD
from newswatch.store.changes import changes_since
from newswatch.store.effects import Effects
from newswatch.store.mentions import change_events, event_changes, mentions_of, replace_mentions
from newswatch.store.opening import writing
from newswatch.store.watchlists import fingerprint, mark_again, newest, register
from newswatch.story import Mention

WINDOW = 200
"""Stories that are read at a time."""

MOST_HELD = 20_000
"""Mentions that are held in memory before they are written."""

LONGEST_WRITE = 0.5
"""Seconds that a transaction of several stories may take: a crawl beside it waits as long."""

_PENDING = "(m.watchlist IS NULL OR m.watchlist < :number)"
"""A newer state than ours is another's work."""

_COUNT = f"SELECT count(*) FROM revisions r LEFT JOIN matched m ON m.revision_id = r.id WHERE {_PENDING}"

_STORIES = f"""
    SELECT DISTINCT r.story_id FROM revisions r LEFT JOIN matched m ON m.revision_id = r.id
    WHERE r.story_id > :after AND {_PENDING} ORDER BY r.story_id LIMIT {WINDOW}
"""

_REVISIONS = f"""
    SELECT r.story_id, r.id, m.watchlist, s.language, r.entries, r.withheld IS NOT NULL, {", ".join(f"r.{f}" for f in MENTION_FIELDS)}
    FROM revisions r JOIN stories s ON s.id = r.story_id LEFT JOIN matched m ON m.revision_id = r.id
    WHERE r.story_id BETWEEN :first AND :last AND {_PENDING} ORDER BY r.story_id, r.number
"""


@dataclass(slots=True)
class Work:
    """What was found out about the pending revisions of a story."""

    story_id: int
    states: dict[int, int | None] = field(default_factory=dict)
    """The state that each was matched with before."""
    found: dict[int, list[Mention]] = field(default_factory=dict)
    """Of those that name others than is stored: whom."""
    stored: dict[int, list[Mention]] = field(default_factory=dict)
    """And what is stored."""


class Rematch:
    """One pass over everything that was matched with another watchlist than this one.

    Without `write` nothing is written, and `effects` tells what would be. After a kill at any moment the next pass goes on.
    """

    def __init__(self, db: Database, watchlist: Watchlist, at: datetime, *, write: bool, everything: bool = False) -> None:
        self._db, self._watchlist, self._write, self._everything = db, watchlist, write, everything
        if write:
            self._number = register(db, watchlist, at)
            if everything:
                with writing(db):
                    db.execute("DELETE FROM matched")
                fault("match.cleared")
        else:
            number, known = newest(db)
            self._number = number if known == fingerprint(watchlist) and not everything else number + 1
        self.revisions: int = db.execute("SELECT count(*) FROM revisions").fetchone()[0]
        self.pending: int = db.execute(_COUNT, {"number": self._number}).fetchone()[0]
        states = [n for (n,) in db.execute("SELECT DISTINCT watchlist FROM matched WHERE watchlist < ?", [self._number])]
        self._changes = changes_since(db, [] if everything else states, watchlist)
        self.effects = Effects()
        self.seconds = {"reading": 0.0, "scanning": 0.0, "writing": 0.0}

    def run(self) -> Iterator[int]:
        """Does it; yields how many revisions were looked at so far."""
        after = 0
        while ids := self._stories(after):
            works: list[Work] = []
            held = 0
            looking = self._look(ids[0], ids[-1])
            for work in looking:
                works.append(work)
                held += sum(len(m) for m in work.found.values())
                if held > MOST_HELD:
                    break
            looking.close()  # no reading is open while it is written
            after = works[-1].story_id if held > MOST_HELD else ids[-1]
            self._settle(works)
            yield self.effects.revisions

    def _stories(self, after: int) -> list[int]:
        begin = time.perf_counter()
        ids = [story for (story,) in self._db.execute(_STORIES, {"after": after, "number": self._number})]
        self.seconds["reading"] += time.perf_counter() - begin
        return ids

    def _look(self, first: int, last: int) -> Generator[Work]:
        """The work of each story of a range that has pending revisions."""
        suspects = self._naming_changed(first, last)
        for story_id, group in groupby(self._read(first, last), key=lambda row: row[0]):
            work = Work(story_id)
            for _, revision, state, language, entries, is_withheld, *texts in group:
                begin = time.perf_counter()
                fields = dict(zip(MENTION_FIELDS, texts, strict=True))
                work.states[revision] = state
                if revision in suspects or self._is_affected(state, fields, language):
                    self._examine(work, revision, fields, language, [] if is_withheld else json.loads(entries), is_withheld=is_withheld)
                self.effects.revisions += 1
                self.seconds["scanning"] += time.perf_counter() - begin
            yield work

    def _read(self, first: int, last: int) -> Iterator[tuple[Any, ...]]:
        begin = time.perf_counter()
        for row in self._db.execute(_REVISIONS, {"first": first, "last": last, "number": self._number}):
            self.seconds["reading"] += time.perf_counter() - begin
            yield row
            begin = time.perf_counter()

    def _naming_changed(self, first: int, last: int) -> set[int]:
        """Revisions with stored mentions of what changed."""
        if not self._changes.keys:
            return set()
        rows = self._db.execute("SELECT DISTINCT revision_id, actor FROM mentions WHERE story_id BETWEEN ? AND ?", [first, last])
        return {revision for revision, actor in rows if actor in self._changes.keys}

    def _is_affected(self, state: int | None, fields: dict[str, str], language: str | None) -> bool:
        """Whether a revision that was matched with a state may name others now."""
        if state is None or state not in self._changes.states or state in self._changes.outdated:
            return True
        return bool(self._changes.names.actors) and is_touched(fields, self._changes.names, language)

    def _examine(
        self, work: Work, revision: int, fields: dict[str, str], language: str | None, entries: list[list[str]], *, is_withheld: bool
    ) -> None:
        of_liveblog = [(entry[0], entry[2], entry[3]) for entry in entries]
        examination = examine(fields, self._watchlist, language=language, entries=of_liveblog)
        stored = mentions_of(self._db, revision)
        if is_withheld:
            examination.mentions = self._with_withheld(examination.mentions, stored)
        self.effects.examined += 1
        self.effects.cut += examination.is_cut
        if examination.mentions != stored:
            work.found[revision], work.stored[revision] = examination.mentions, stored

    def _with_withheld(self, found: list[Mention], stored: list[Mention]) -> list[Mention]:
        """Mentions in texts that are not kept stay as they were made, for actors that are still watched."""
        watched = self._watchlist.actors.keys() | self._watchlist.rules.keys()
        both = [*(m for m in found if m.field not in WITHHELD), *(m for m in stored if m.field in WITHHELD and m.actor in watched)]
        return stored if Counter(both) == Counter(stored) else both

    def _settle(self, works: Iterable[Work]) -> None:
        """Writes what was found out, a few stories in each transaction; counts what it comes to."""
        begin = time.perf_counter()
        todo = deque(works)
        while todo:
            with writing(self._db) if self._write else nullcontext():
                until = time.perf_counter() + LONGEST_WRITE
                self._settle_story(todo.popleft())
                while todo and time.perf_counter() < until:
                    self._settle_story(todo.popleft())
            fault("match.settled")
        self.seconds["writing"] += time.perf_counter() - begin

    def _settle_story(self, work: Work) -> None:
        if self._write:
            self._leave_moved(work)
        if work.found or self._everything:
            self.effects.count_mentions(work.stored, work.found, self._named(work.story_id))
            events = event_changes(self._db, work.story_id, work.found)
            self.effects.count_events(events)
            if self._write:
                replace_mentions(self._db, work.story_id, work.found)
                fault("match.mentions")
                change_events(self._db, work.story_id, events)
                fault("match.events")
        if self._write:
            mark_again(self._db, self._number, work.states)

    def _leave_moved(self, work: Work) -> None:
        """Leaves out what another pass settled since it was read."""
        for revision in list(work.found):
            row = self._db.execute("SELECT watchlist FROM matched WHERE revision_id = ?", [revision]).fetchone()
            if (row[0] if row else None) != work.states[revision]:
                del work.found[revision], work.stored[revision], work.states[revision]

    def _named(self, story_id: int) -> dict[int, set[str]]:
        """Whom each revision of a story names, as it is stored."""
        out: dict[int, set[str]] = {}
        rows = self._db.execute("SELECT DISTINCT revision_id, actor FROM mentions WHERE story_id = ? AND NOT is_ambiguous", [story_id])
        for revision, actor in rows:
            out.setdefault(revision, set()).add(actor)
        return out
