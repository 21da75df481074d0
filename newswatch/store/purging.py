"""Stories that go for good: which, how much hangs on them, and their removal from every table and from the file itself.

Selection -> select -> the temporary table `purging` -> counted -> delete (one transaction) -> compact
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils import Database

from newswatch.errors import StoreError
from newswatch.extraction.learned import SHORTEST, block_key, subject
from newswatch.faultpoints import fault
from newswatch.store.counters import recount
from newswatch.store.indexing import forget_words, unindex, words_of_stories
from newswatch.store.opening import writing
from newswatch.store.purged import forbid, is_purged
from newswatch.store.stories import revision_of
from newswatch.story import Story

COMPACTION = "database"
"""The row of `removals` that says that texts were deleted and may still be in the file."""

_NEVER = datetime.min
_DOOMED = "SELECT id FROM purging"
_FTS = re.compile(r"USING\s+fts5\s*\(", re.I)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which stories: one of the three."""

    before: str | None = None
    """Those of which nothing new was seen since this time, UTC ISO 8601."""
    actor: str | None = None
    """Those of which any revision names this actor."""
    site: str | None = None
    """All of a site, and all else that is known of it."""


@dataclass(frozen=True, slots=True)
class Doomed:
    """How much goes."""

    stories: dict[str, int]
    """By site."""
    revisions: int
    mentions: int
    events: int
    since: str
    """When the first of the stories was seen; empty where there is none."""
    until: str
    """When the last of them was."""


def select(db: Database, selection: Selection) -> Doomed:
    """Notes which stories are meant, for this connection only, and counts what hangs on them."""
    db.execute("PRAGMA temp_store = MEMORY")
    db.execute("DROP TABLE IF EXISTS temp.purging")
    db.execute("CREATE TEMP TABLE purging (id INTEGER PRIMARY KEY)")
    db.execute(
        "INSERT INTO purging SELECT id FROM stories WHERE site = :site"
        " OR id IN (SELECT story_id FROM mentions WHERE actor = :actor)"
        " OR id IN (SELECT story_id FROM revisions WHERE :before IS NOT NULL GROUP BY story_id HAVING max(seen_at) < :before)",
        {"site": selection.site, "actor": selection.actor, "before": selection.before},
    )
    stories = db.execute(f"SELECT site, count(*) FROM stories WHERE id IN ({_DOOMED}) GROUP BY site ORDER BY site").fetchall()
    counts = [
        db.execute(f"SELECT count(*) FROM {table} WHERE story_id IN ({_DOOMED})").fetchone()[0]
        for table in ("revisions", "mentions", "events")
    ]
    since, until = db.execute(f"SELECT min(first_seen_at), max(first_seen_at) FROM stories WHERE id IN ({_DOOMED})").fetchone()
    return Doomed(dict(stories), counts[0], counts[1], counts[2], since or "", until or "")


def addresses_of(db: Database, site: str) -> tuple[list[str], list[str]]:
    """(addresses, keys) of the selected stories of a site."""
    urls = db.execute(
        f"SELECT url FROM story_urls WHERE site = :site AND story_id IN ({_DOOMED})"
        f" UNION SELECT url FROM stories WHERE site = :site AND id IN ({_DOOMED})",
        {"site": site},
    )
    keys = db.execute(f"SELECT site_key FROM stories WHERE site = ? AND id IN ({_DOOMED}) AND site_key IS NOT NULL", [site])
    return [url for (url,) in urls], [key for (key,) in keys]


def staying_pages(db: Database, site: str) -> dict[str, set[int]]:
    """The pages of the archive that revisions of a site point to which stay: offsets by file."""
    out: dict[str, set[int]] = {}
    rows = db.execute(
        "SELECT r.archive_file, r.archive_offset FROM revisions r JOIN stories s ON s.id = r.story_id"
        f" WHERE s.site = ? AND r.archive_file IS NOT NULL AND s.id NOT IN ({_DOOMED})",
        [site],
    )
    for file, offset in rows:
        out.setdefault(file, set()).add(offset)
    return out


def unmatched(db: Database) -> int:
    """Revisions that were not searched with the watchlist in use: whom they name is not known."""
    sql = "SELECT count(*) FROM revisions r LEFT JOIN matched m ON m.revision_id = r.id WHERE coalesce(m.watchlist, 0) < (SELECT"
    return int(db.execute(f"{sql} coalesce(max(number), 0) FROM watchlists)").fetchone()[0])


def delete(db: Database, selection: Selection) -> None:
    """Removes the selected stories and all that hangs on them, and notes that the file is to be compacted: one transaction.

    Of single stories the hashes of their addresses stay, so that no crawl reads them again; a site that is removed whole
    may be crawled again from its beginning. Raises StoreError; nothing is removed then.
    """
    db.execute("PRAGMA secure_delete = ON")
    with writing(db):
        db.execute("PRAGMA defer_foreign_keys = ON")
        sites = [site for (site,) in db.execute(f"SELECT DISTINCT site FROM stories WHERE id IN ({_DOOMED})").fetchall()]
        for site in sites:
            if selection.site is None:
                forbid(db, site, *addresses_of(db, site))
            _forget_blocks(db, site)
            _forget_links(db, site)
        doomed = [story_id for (story_id,) in db.execute(_DOOMED).fetchall()]
        words = words_of_stories(db, doomed)
        unindex(db, doomed)
        forget_words(db, words)
        fault("purge.forbidden")
        for table, where in _hanging(db):
            db.execute(f'DELETE FROM "{table}" WHERE {where}')
        fault("purge.texts")
        db.execute(f"DELETE FROM stories WHERE id IN ({_DOOMED})")
        recount(db, doomed)
        if selection.site is not None:
            for table in _tables_of_sites(db):
                db.execute(f'DELETE FROM "{table}" WHERE site = ?', [selection.site])
        db.execute("INSERT INTO removals (what) VALUES (?) ON CONFLICT DO NOTHING", [COMPACTION])


def is_to_be_compacted(db: Database) -> bool:
    """Whether texts were deleted that may still be in the file: a purge did not come to its end."""
    return db.execute("SELECT 1 FROM removals WHERE what = ?", [COMPACTION]).fetchone() is not None


def compact(db: Database) -> None:
    """Writes the file anew without anything that was deleted: the indexes of texts, the pages, the log.

    Needs as much room on the disk as the database has, and no other program in it for the moment. Raises StoreError
    where that cannot be had: it is still noted then, and the next purge does it.
    """
    try:
        db.execute("PRAGMA secure_delete = ON")
        for name, how in _text_indexes(db).items():
            with writing(db):
                db.execute(f'INSERT INTO "{name}" ("{name}") VALUES (?)', [how])
        fault("purge.indexed")
        db.execute("VACUUM")
        fault("purge.vacuumed")
        _empty_log(db)
        fault("purge.compacted")
        with writing(db):
            db.execute("DELETE FROM removals WHERE what = ?", [COMPACTION])
        _empty_log(db)
    except sqlite3.Error as error:
        raise StoreError(f"it could not be compacted: {error}") from error


def _empty_log(db: Database) -> None:
    """Raises StoreError where another program reads the database and so keeps its log."""
    if db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        raise StoreError("another program has the database open, and its log still holds what was removed")


def _text_indexes(db: Database) -> dict[str, str]:
    """Each with what writes it without what was deleted; one that keeps no text cannot be built anew."""
    rows = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL").fetchall()
    return {name: "optimize" if re.search(r"content\s*=\s*''", sql) else "rebuild" for name, sql in rows if _FTS.search(sql)}


def _tables(db: Database) -> list[str]:
    return [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'")]


def _hanging(db: Database) -> Iterator[tuple[str, str]]:
    """(table, which rows) of all that points to the selected stories, directly or by way of others: what points last comes first."""
    found: list[tuple[str, str]] = []
    todo = [("stories", f"id IN ({_DOOMED})", 0)]
    while todo:
        parent, where, depth = todo.pop(0)
        for table in _tables(db):
            for _, _, target, column, to, *_ in db.execute(f'PRAGMA foreign_key_list("{table}")').fetchall():
                if target == parent and table != parent and depth < 4:
                    mine = f'"{column}" IN (SELECT "{to or "id"}" FROM "{parent}" WHERE {where})'
                    found.append((table, mine))
                    todo.append((table, mine, depth + 1))
    yield from reversed(found)


def _tables_of_sites(db: Database) -> list[str]:
    """Tables with a column `site`; what was removed before stays forbidden."""
    return [t for t in _tables(db) if t != "purged" and any(c[1] == "site" for c in db.execute(f'PRAGMA table_info("{t}")').fetchall())]


def _forget_links(db: Database, site: str) -> None:
    """Headlines and addresses of the selected stories in what listings gave, and in faults."""
    urls, _ = addresses_of(db, site)
    gone = set(urls)
    for row, links in db.execute("SELECT id, links FROM sections WHERE site = ?", [site]).fetchall():
        items = json.loads(links)
        if len(kept := [i for i in items if i["url"] not in gone and not is_purged(db, site, [i["url"]])]) < len(items):
            db.execute("UPDATE sections SET links = ? WHERE id = ?", [json.dumps(kept, ensure_ascii=False), row])
    for table in ("frontier", "faults"):
        db.conn.executemany(f"DELETE FROM {table} WHERE site = ? AND url = ?", [(site, url) for url in urls])


def _forget_blocks(db: Database, site: str) -> None:
    """What was counted of the stories' paragraphs: hashes that stand in them only, and the words that say what they are about."""
    ids = db.execute(f"SELECT id FROM stories WHERE site = ? AND id IN ({_DOOMED})", [site]).fetchall()
    for (story_id,) in ids:
        for row in db.query("SELECT * FROM revisions WHERE story_id = ?", [story_id]):
            revision = revision_of(row)
            words = sorted(subject(_as_story(site, row)))
            for key in {block_key(t) for p in revision.body for t in p.paragraphs if len(t) >= SHORTEST}:
                _forget_block(db, site, key, words)


def _as_story(site: str, row: dict[str, object]) -> Story:
    """As much of a story as says what it is about."""
    revision = revision_of(row)
    fields = revision.fields
    keywords = tuple(json.loads(str(row["keywords"])))
    return Story(site, "", fields["title"], revision.body, _NEVER, kicker=fields["kicker"], lead=fields["lead"], keywords=keywords)


def _forget_block(db: Database, site: str, key: str, words: list[str]) -> None:
    row = db.execute("SELECT stories, subjects, learned FROM blocks WHERE site = ? AND hash = ?", [site, key]).fetchone()
    if row is None:
        return
    stories, subjects, learned = row
    left = [s for s in json.loads(subjects) if s != words]
    if learned:
        db.execute("UPDATE blocks SET subjects = '[]' WHERE site = ? AND hash = ?", [site, key])
    elif stories > 1 and left:
        values = [json.dumps(left, ensure_ascii=False), site, key]
        db.execute("UPDATE blocks SET stories = stories - 1, subjects = ? WHERE site = ? AND hash = ?", values)
    else:
        db.execute("DELETE FROM blocks WHERE site = ? AND hash = ?", [site, key])
