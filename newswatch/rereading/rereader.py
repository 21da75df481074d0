"""One pass over the kept pages of a site.

story -> its pages, read -> read_again -> mentions of what changed -> written in one transaction (or only counted)
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlite_utils import Database

import newswatch
from newswatch.archive.stored import read_stored
from newswatch.differences import Told, differences, in_words
from newswatch.errors import ArchiveError, ReadError
from newswatch.extraction.dates import from_text
from newswatch.faultpoints import fault
from newswatch.matching import Watchlist, examine
from newswatch.rereading.chain import Again, read_again
from newswatch.rereading.reading import PageReader
from newswatch.revisions import FIELDS, MENTION_FIELDS
from newswatch.sites import Site
from newswatch.store.blocks import learned_blocks
from newswatch.store.mentions import mentions_of
from newswatch.store.rereading import begun, note_progress, revision_rows, stories_to_reread, story_row, write_reread
from newswatch.store.stories import story_columns
from newswatch.story import Archived, Mention, Story

MOST_EXAMPLES = 3
NOTED_EACH = 100
"""Stories after which it is noted how far a pass came."""

ALWAYS = ""
"""A `since` before every time."""


@dataclass(frozen=True, slots=True)
class Example:
    """What one revision would become."""

    story_id: int
    number: int
    changes: tuple[Told, ...]


@dataclass
class Counts:
    """What a pass over a site came to."""

    stories: int = 0
    pages: int = 0
    """Read by today's reader."""
    changed: int = 0
    """Revisions whose page is read otherwise."""
    changed_stories: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    """What is read otherwise, by column."""
    mentions: Counter[str] = field(default_factory=Counter)
    """`gained` and `lost`."""
    unkept: int = 0
    """Revisions whose page was never kept, or is not kept any more."""
    missing: int = 0
    """Pages that should be in the archive, and are not there or broken."""
    unreadable: Counter[str] = field(default_factory=Counter)
    """Pages that today's reader takes for no story, by the kind of the fault."""
    problems: list[str] = field(default_factory=list)
    """The first of those that are missing or unreadable, for people."""
    examples: list[Example] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Scope:
    """What is read again, and with what."""

    site: Site
    folder: Path
    """Of the archive."""
    watchlist: Watchlist
    number: int
    """Of the watchlist's state."""
    at: datetime
    largest: int = 10 << 20
    """Bytes of an unpacked page, the setting DOWNLOAD_MAXSIZE."""
    since: str = ALWAYS
    """Only revisions that were seen at or after this time, UTC ISO 8601."""
    story: int | None = None
    """Only this story."""

    def state(self) -> str:
        """The same for passes that would read the same alike: only then one goes on where another ended."""
        text = json.dumps([newswatch.__version__, self.site.model_dump_json(), self.since])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


class Rereader:
    """Reads the kept pages of a site again; without `write` it only counts. The caller holds the site's lock where it writes.

    Killed at any moment, the next pass of the same scope goes on where it stood.
    """

    def __init__(self, db: Database, scope: Scope, *, write: bool) -> None:
        self._db, self._scope, self._write = db, scope, write
        self._reader = PageReader(scope.site, learned_blocks(db, scope.site.name), scope.largest)
        self.counts = Counts()
        self._is_resumable = write and scope.story is None
        self.begun_after = begun(db, scope.site.name, scope.state()) if self._is_resumable else 0
        """The last story that an earlier pass had done; 0: this one begins at the beginning."""

    def run(self) -> Iterator[int]:
        """Does it; yields how many stories were looked at so far. Raises StoreError where the database fails."""
        scope = self._scope
        for story_id in stories_to_reread(self._db, scope.site.name, scope.since, self.begun_after, scope.story):
            self._reread(story_id)
            self.counts.stories += 1
            if self._is_resumable and self.counts.stories % NOTED_EACH == 0:
                note_progress(self._db, scope.site.name, scope.state(), story_id)
            yield self.counts.stories
        if self._is_resumable:
            note_progress(self._db, scope.site.name, scope.state(), None)

    def _reread(self, story_id: int) -> None:
        rows = revision_rows(self._db, story_id)
        read = self._read(rows)
        again = read_again(rows, read)
        newest = read.get(rows[-1]["id"])
        story = self._story_changes(story_id, rows[-1], newest, again)
        if not again and not story:
            return
        self._count(story_id, again)
        found = self._found(story_id, rows, again, story)
        if self._write:
            otherwise = [a.id for a in again if a.is_read_otherwise]
            columns = {a.id: a.after for a in again}
            write_reread(self._db, story_id, self._scope.at, columns, otherwise, story, found, self._scope.number)
            fault("reread.settled")

    def _read(self, rows: Sequence[Mapping[str, Any]]) -> dict[int, Story]:
        """What today's reader makes of the pages that are there."""
        out = {}
        for row in rows:
            if row["seen_at"] < self._scope.since:
                continue
            if row["archive_file"] is None or row["parts"] > 1:  # of an article of several pages only the first is pointed to
                self.counts.unkept += 1
                continue
            seen_at = from_text(row["seen_at"])
            assert seen_at is not None
            try:
                out[row["id"]] = self._reader.read(
                    read_stored(self._scope.folder, Archived(row["archive_file"], row["archive_offset"])), seen_at
                )
                self.counts.pages += 1
            except ArchiveError as error:
                self.counts.missing += 1
                self._note(row, str(error))
            except ReadError as error:
                self.counts.unreadable[error.kind] += 1
                self._note(row, f"{error} ({error.kind})")
        return out

    def _note(self, row: Mapping[str, Any], problem: str) -> None:
        if len(self.counts.problems) < MOST_EXAMPLES:
            self.counts.problems.append(f"story {row['story_id']}, revision {row['number']}: {problem}")

    def _story_changes(self, story_id: int, row: Mapping[str, Any], newest: Story | None, again: Sequence[Again]) -> dict[str, Any]:
        """Columns of the story's row that follow its newest page, where that is the page of its newest revision.

        A later look at the same text may have said other dates, another section or language: those stay.
        """
        if newest is None:
            return {}
        before = story_row(self._db, story_id)
        after = {a.id: a.after for a in again}.get(row["id"], {})
        now = story_columns(newest, before["first_seen_at"])
        texts = {c: after[c] or None for c in ("kicker", "lead") if c in after} | {c: after[c] for c in ("title",) if c in after}
        others = {c: now[c] for c in ("section", "kind", "language") if before["last_read_at"] == row["seen_at"]}
        dates = {
            c: now[c] for c in ("published_at", "sort_at") if "published_at" in after and before["published_at"] == row["published_at"]
        }
        if {"modified_at", "date_flags"} & after.keys() and before["modified_at"] == row["modified_at"]:
            dates |= {c: now[c] for c in ("modified_at", "date_flags")}
        return {c: value for c, value in {**texts, **others, **dates}.items() if before[c] != value}

    def _found(
        self, story_id: int, rows: Sequence[Mapping[str, Any]], again: Sequence[Again], story: Mapping[str, Any]
    ) -> dict[int, list[Mention]]:
        """The mentions of the revisions whose texts, entries or language are others now."""
        after = {a.id: a.after for a in again}
        language = story["language"] if "language" in story else story_row(self._db, story_id)["language"]
        out = {}
        for row in rows:
            if "language" in story or any(c in after.get(row["id"], {}) for c in (*MENTION_FIELDS, "entries")):
                now = {**row, **after.get(row["id"], {})}
                entries = [(entry[0], entry[2], entry[3]) for entry in json.loads(now["entries"])]
                fields = {f: now[f] for f in MENTION_FIELDS}
                out[row["id"]] = examine(fields, self._scope.watchlist, language=language, entries=entries).mentions
                gained, lost = _gained_and_lost(mentions_of(self._db, row["id"]), out[row["id"]])
                self.counts.mentions.update({"gained": gained, "lost": lost})
        return out

    def _count(self, story_id: int, again: Sequence[Again]) -> None:
        counts = self.counts
        otherwise = [a for a in again if a.is_read_otherwise]
        counts.changed += len(otherwise)
        counts.changed_stories += bool(otherwise)
        for one in otherwise:
            counts.fields.update(one.fields)
            if len(counts.examples) < MOST_EXAMPLES:
                old, new = ({f: texts.get(f, "") for f in FIELDS} for texts in (one.before, one.after))
                if told := in_words(differences(old, new), 2):
                    counts.examples.append(Example(story_id, one.number, tuple(told)))


def _gained_and_lost(before: Sequence[Mention], after: Sequence[Mention]) -> tuple[int, int]:
    """How many more and fewer mentions there are, wherever they stand in their field."""
    old, new = (Counter((m.actor, m.field, m.surface) for m in mentions) for mentions in (before, after))
    return (new - old).total(), (old - new).total()
