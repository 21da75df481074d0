"""A database of many invented stories, written in bulk: the same rows that a crawl would have come to, without its care.

Press -> rows of each table -> executemany, some thousand stories a transaction -> counters by SQL -> indices, triggers
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from benchmarks.inventing import KINDS, SECTIONS, Draft, Press, Said
from newswatch.extraction.dates import to_text
from newswatch.revisions import MENTION_FIELDS
from newswatch.searching.slots import first_slot, marks
from newswatch.searching.stems import stems
from newswatch.searching.words import fold, plain
from newswatch.store import open_store

BATCH = 4_000
"""Stories of a transaction."""

A_DAY, LEAST_DAYS, HOURS = 5_000, 60, 4
"""Stories a day of all sites; the time they spread over at least; hours between two runs of a site."""

ACTORS, SITES = 5_000, 200

_RANK = {name: rank for rank, name in enumerate(MENTION_FIELDS)}
_COLUMNS = (("kicker", "title", "other_titles"), ("lead",), ("body",), ("caption", "sources"))

_ROWS = {
    "stories": "id site site_key url canonical_url kicker title lead section kind access language published_at modified_at date_flags"
    " sort_at first_seen_at last_seen_at last_read_at revisions silent_edits checked_at changed_at",
    "revisions": "id story_id number run_id seen_at content_hash url kicker title other_titles lead body passages caption sources authors"
    " keywords published_at published_raw modified_at modified_raw date_flags words changed_fields words_added words_removed notice"
    " archive_file archive_offset",
    "mentions": "revision_id story_id actor field start end surface name rule snippet",
    "events": "story_id revision_id actor kind field at",
    "matched": "revision_id watchlist",
    "story_actors": "story_id actor site sort_at place mentions is_named",
    "story_slots": "slot story_id revision_id content_hash sort_at site section kind actors",
    "stories_fts": "rowid headline lead body notes marks",
    "words": "word language stem plain",
    "runs": "id site started_at ended_at outcome exit_code counts",
    "faults": "run_id site kind url detail at",
    "sections": "site name url links last_checked_at last_changed_at",
    "actors": "id name kind tags",
}

_COUNTED = (
    "INSERT INTO story_urls (site, url, story_id, first_seen_at) SELECT site, url, id, first_seen_at FROM stories ORDER BY site, url",
    "INSERT INTO actor_days SELECT actor, substr(sort_at, 1, 10), site, count(*), sum(mentions) FROM story_actors GROUP BY 1, 2, 3",
    "INSERT INTO named_by_day SELECT day, actor, sum(stories) FROM actor_days GROUP BY 1, 2",
    "INSERT INTO actor_pairs SELECT a.actor, b.actor, count(*) FROM story_actors a JOIN story_actors b"
    " ON b.story_id = a.story_id AND b.actor <> a.actor GROUP BY 1, 2",
    "INSERT INTO site_days SELECT site, day, sum(n), sum(e), sum(q), sum(f) FROM ("
    "SELECT s.site AS site, substr(r.seen_at, 1, 10) AS day, r.number = 1 AS n, r.number > 1 AS e, r.notice = 'silent' AS q, 0 AS f"
    " FROM revisions r JOIN stories s ON s.id = r.story_id"
    " UNION ALL SELECT site, substr(at, 1, 10), 0, 0, 0, 1 FROM faults) GROUP BY site, day",
)
"""What a crawl counts story by story; no story here names more actors than are counted as pairs."""


def fill_database(path: Path, stories: int, end: datetime, *, seed: int = 7, tell: Callable[[int], None] = lambda n: None) -> None:
    """Makes a database of so many stories, the newest of them at `end`; `tell` hears how many are there. It must not exist yet."""
    db = open_store(path)
    for pragma in ("journal_mode = DELETE", "journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -400000"):
        db.execute(f"PRAGMA {pragma}")
    aside = _put_aside(db)
    db.execute("INSERT INTO stories_fts (stories_fts, rank) VALUES ('hashsize', 67108864)")
    filling = _Filling(random.Random(seed), stories, end)
    _write(db, filling.frame())
    for first in range(0, stories, BATCH):
        last = min(first + BATCH, stories)
        _write(db, filling.batch(range(first, last)))
        tell(last)
    db.execute("BEGIN")
    for statement in (*_COUNTED, *aside):
        db.execute(statement)
    db.execute("DELETE FROM stories_fts_config WHERE k = 'hashsize'")
    db.execute("COMMIT")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA journal_mode = WAL")
    db.close()


def _put_aside(db: Database) -> list[str]:
    """Drops indices and triggers, but for those of the words; the statements that make them again."""
    found = db.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
        " AND tbl_name NOT LIKE '\\_%' ESCAPE '\\' AND tbl_name <> 'words' ORDER BY rowid"
    ).fetchall()
    for kind, name, _ in found:
        db.execute(f"DROP {kind} {name}")
    return [sql for _, _, sql in found]


def _write(db: Database, rows: dict[str, list[tuple[Any, ...]]]) -> None:
    db.execute("BEGIN")
    for table, found in rows.items():
        columns = _ROWS[table].split()
        db.conn.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})", found)
    db.execute("INSERT INTO word_languages (language) VALUES ('de') ON CONFLICT DO NOTHING")
    db.execute("COMMIT")


def site_name(number: int) -> str:
    """The name of a site: zeitung000, zeitung001, ..."""
    return f"zeitung{number:03}"


class _Filling:
    """The rows of a database, and what of them is remembered from story to story."""

    def __init__(self, chance: random.Random, stories: int, end: datetime) -> None:
        self._chance, self._stories, self._end = chance, stories, end
        self._days = max(LEAST_DAYS, -(-stories // A_DAY))
        self._begin = end - timedelta(days=self._days)
        self._press = Press(chance, ACTORS)
        self._ids = [f"akteur-{n:04}" for n in range(ACTORS)]
        self._known: set[str] = set()  # as they are written
        self._learned: set[str] = set()  # folded
        self._revision = self._slot = 0
        self._rows: dict[str, list[tuple[Any, ...]]] = {}

    def frame(self) -> dict[str, list[tuple[Any, ...]]]:
        """Actors, sections, runs, faults."""
        kinds = ("person", "organisation", "group")
        rows: dict[str, list[tuple[Any, ...]]] = {"runs": [], "faults": [], "sections": []}
        rows["actors"] = [(key, self._press.names[n], kinds[n % 3], '["beobachtet"]') for n, key in enumerate(self._ids)]
        counts = json.dumps({"sections": 3, "links": 90, "pages": 12, "new": 5, "changed": 2, "same": 5, "faults": 0})
        now = to_text(self._end)
        for site in map(site_name, range(SITES)):
            rows["sections"] += [(site, n, f"https://www.{site}.example/{n}/", "[]", now, now) for n in ("politik", "sport", "kultur")]
        for slot in range(self._days * 24 // HOURS + 1):
            at = self._begin + timedelta(hours=slot * HOURS)
            for number in range(SITES):
                run = self._run(at, number)
                rows["runs"].append((run, site_name(number), to_text(at), to_text(at + timedelta(minutes=4)), "ok", 0, counts))
                if run % 6 == 0:
                    url = f"https://www.{site_name(number)}.example/politik/"
                    rows["faults"].append((run, site_name(number), ("timeout", "layout")[run % 4 // 2], url, "after 30 s", to_text(at)))
        return rows

    def batch(self, numbers: Iterable[int]) -> dict[str, list[tuple[Any, ...]]]:
        """The rows of some stories, each table's in the order of its key."""
        self._rows = {table: [] for table in _ROWS}
        for number in numbers:
            self._story(number)
        return self._rows

    def _run(self, at: datetime, site: int) -> int:
        return (at - self._begin) // timedelta(hours=HOURS) * SITES + site + 1

    def _story(self, number: int) -> None:
        """A story, three of ten with a second revision."""
        at = (self._begin + (self._end - self._begin) * (number + 1) / self._stories).replace(second=0, microsecond=0)
        site_number = self._chance.randrange(SITES)
        site = site_name(site_number)
        story, stamp = number + 1, to_text(at)
        section, kind = self._chance.choice(SECTIONS), self._chance.choice(KINDS)
        first = self._press.story()
        drafts = [first, self._press.edit(first)] if self._chance.random() < 0.3 else [first]
        seen = [min(at + timedelta(minutes=m), self._end) for m in (10, self._chance.randint(60, 600))][: len(drafts)]
        url = f"https://www.{site}.example/{section.split()[0].lower()}/{first.said['title'][-1].text.replace(' ', '-')}-{story}.html"
        notice = self._chance.choice(("silent", "stated", "stated"))
        draft, last = drafts[-1], to_text(seen[-1])
        self._rows["stories"].append(
            (story, site, f"{site}-{story}", url, url, draft.texts["kicker"], draft.texts["title"], draft.texts["lead"], section, kind,
             "free", "de", stamp, stamp, "", stamp, to_text(seen[0]), last, last, len(drafts), int(len(drafts) > 1 and notice == "silent"),
             last, last)
        )  # fmt: skip
        for n, draft in enumerate(drafts):
            edit = ("title body" if draft.texts["title"] != first.texts["title"] else "body", draft.added, notice) if n else ("", 0, "")
            run = self._run(seen[n], site_number)
            self._revised(story, n, run, to_text(seen[n]) or "", url, draft, stamp, edit, site)
            self._named(story, draft, drafts[n - 1] if n else None, to_text(seen[n]) or "")
        self._indexed(story, at, (site, section, kind), draft)

    def _revised(
        self, story: int, n: int, run: int, seen: str, url: str, draft: Draft, stamp: str | None, edit: tuple[str, int, str], site: str
    ) -> None:
        self._revision += 1
        texts = [draft.texts[f] for f in ("kicker", "title", "other_titles", "lead", "body")]
        words = sum(len(said.words) for parts in draft.said.values() for said in parts)
        keywords = json.dumps(draft.said["title"][-1].words[:4], ensure_ascii=False)
        self._rows["revisions"].append(
            (self._revision, story, n + 1, run, seen, _hash(draft), url, *texts, json.dumps(draft.passages, ensure_ascii=False),
             draft.texts["caption"], draft.texts["sources"], '["Redaktion"]', keywords, stamp, stamp, stamp, stamp, "", words,
             edit[0], edit[1], 0, edit[2], f"{site}/{seen[:10]}.warc.gz", self._revision * 20_011)
        )  # fmt: skip
        self._rows["matched"].append((self._revision, 1))

    def _named(self, story: int, draft: Draft, before: Draft | None, seen: str) -> None:
        """Mentions and events of a revision."""
        known = {place.actor for place in before.places} if before else set()
        for place in draft.places:
            name, actor = self._press.names[place.actor], self._ids[place.actor]
            self._rows["mentions"].append(
                (self._revision, story, actor, place.field, place.start, place.end, name, name, "name", place.sentence)
            )
            if place.actor not in known:
                known.add(place.actor)
                self._rows["events"].append((story, self._revision, actor, "appeared", place.field, seen))

    def _indexed(self, story: int, at: datetime, filed: tuple[str, str, str], draft: Draft) -> None:
        """A story's place in the index, its words there, and whom its newest revision names."""
        stamp = to_text(at)
        actors: dict[str, tuple[str, int]] = {}
        for place in draft.places:
            field, count = actors.get(self._ids[place.actor], (place.field, 0))
            actors[self._ids[place.actor]] = (min(field, place.field, key=_RANK.__getitem__), count + 1)
        named = sorted(actors.items())
        self._rows["story_actors"] += [(story, actor, filed[0], stamp, field, count, 1) for actor, (field, count) in named]
        self._slot = max(self._slot + 1, first_slot(at))
        ids = " ".join(actor for actor, _ in named)
        self._rows["story_slots"].append((self._slot, story, self._revision, _hash(draft), stamp, *filed, ids))
        columns = [self._column([said for f in column for said in draft.said[f]]) for column in _COLUMNS]
        self._rows["stories_fts"].append((self._slot, *columns, marks(*filed, ids)))

    def _column(self, parts: list[Said]) -> str:
        """Sentences as they stand in the index; words that were never seen are learned."""
        for said in parts:
            if not said.is_known:
                said.is_known = True
                self._learn(said.words)
        return " ".join([said.folded for said in parts])

    def _learn(self, words: list[str]) -> None:
        for word in set(words) - self._known:
            self._known.add(word)
            low = fold(word)
            if low not in self._learned and len(low) > 1:
                self._learned.add(low)
                simple = plain(low)
                self._rows["words"].append((low, "de", stems([word.lower()], "de")[0] or low, None if simple == low else simple))


def _hash(draft: Draft) -> str:
    return "2:" + hashlib.sha256("\0".join(draft.texts.values()).encode()).hexdigest()
