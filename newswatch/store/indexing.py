"""Stories in the search index: each with the text of its newest revision, within the transaction that saves it.

The index keeps no text of its own: what is to be taken out of it is made again from the revision that went in. Where that text is
no more as it was, its slot is given up, so that what is left there is nobody's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlite_utils import Database

from newswatch.extraction.dates import from_text
from newswatch.searching.slots import first_slot, marks
from newswatch.searching.stems import language_of, stems
from newswatch.searching.words import indexed, plain, spellings

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)

_COLUMNS = (("kicker", "title", "other_titles"), ("lead",), ("body",), ("caption", "sources"))
_FIELDS = [field for column in _COLUMNS for field in column]
_TEXTS = f"SELECT {', '.join(_FIELDS)} FROM revisions WHERE id = ? AND content_hash = ?"

_NOW = (
    "SELECT r.id, r.content_hash, s.sort_at, s.site, s.section, s.kind,"
    " coalesce((SELECT group_concat(actor, ' ') FROM (SELECT actor FROM story_actors WHERE story_id = s.id ORDER BY actor)), ''),"
    " s.language FROM stories s JOIN revisions r ON r.story_id = s.id"
    " WHERE s.id = ? ORDER BY r.number DESC LIMIT 1"
)
_THEN = "SELECT slot, revision_id, content_hash, sort_at, site, section, kind, actors FROM story_slots WHERE story_id = ?"

_INSERT = "INSERT INTO stories_fts (rowid, headline, lead, body, notes, marks) VALUES (?, ?, ?, ?, ?, ?)"
_DELETE = "INSERT INTO stories_fts (stories_fts, rowid, headline, lead, body, notes, marks) VALUES ('delete', ?, ?, ?, ?, ?, ?)"


def index_stories(db: Database, story_ids: Iterable[int]) -> None:
    """Makes the index tell what stories are now; nothing is done where it does, and one that is gone is taken out.

    Within the transaction of whoever changed them. Raises sqlite3.Error.
    """
    for story_id in story_ids:
        now, then = db.execute(_NOW, [story_id]).fetchone(), db.execute(_THEN, [story_id]).fetchone()
        if then and now and tuple(then[1:]) == tuple(now[:7]):
            continue
        if then and now and tuple(then[1:4]) == tuple(now[:3]):
            _mark_anew(db, tuple(then), now[3:7])
            continue
        if then:
            _take_out(db, tuple(then))
        if now:
            _put_in(db, story_id, tuple(now))


def unindex(db: Database, story_ids: Iterable[int]) -> None:
    """Takes stories out of the index; for whoever removes or rewrites their text, in the same transaction, before it is done.

    Their words stay in the vocabulary: `forget_words` takes them out.
    """
    for story_id in story_ids:
        if then := db.execute(_THEN, [story_id]).fetchone():
            _take_out(db, tuple(then))


def words_of_stories(db: Database, story_ids: Iterable[int]) -> set[str]:
    """The words of all revisions of some stories, as they stand in the vocabulary."""
    out: set[str] = set()
    for story_id in story_ids:
        for texts in db.execute(f"SELECT {', '.join(_FIELDS)} FROM revisions WHERE story_id = ?", [story_id]):
            out.update(word for word in spellings("\n".join(texts)) if word.isalpha() and len(word) > 1)
    return out


def forget_words(db: Database, words: Iterable[str]) -> None:
    """Takes those words out of the vocabulary that stand in no story of the index any more."""
    db.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.terms USING fts5vocab('main', 'stories_fts', 'row')")
    for word in words:
        if db.execute("SELECT 1 FROM temp.terms WHERE term = ?", [word]).fetchone():
            continue
        long = db.execute("SELECT id, word FROM long_words WHERE word = ?", [word]).fetchall()
        db.conn.executemany("INSERT INTO words_inside (words_inside, rowid, word) VALUES ('delete', ?, ?)", long)
        db.execute("DELETE FROM words WHERE word = ?", [word])


def index_stale(db: Database) -> list[int]:
    """Stories whose text was rewritten since they were indexed."""
    rows = db.execute("SELECT story_id FROM story_slots WHERE content_hash = '' AND story_id IS NOT NULL")
    return [story_id for (story_id,) in rows]


def _mark_anew(db: Database, then: tuple[Any, ...], marked: Sequence[str]) -> None:
    """The same text at the same place, with other marks."""
    slot, revision_id, content_hash, _, *before = then
    columns = _columns(db.execute(_TEXTS, [revision_id, content_hash]).fetchone())
    db.execute(_DELETE, [slot, *columns, marks(*before)])
    db.execute(_INSERT, [slot, *columns, marks(*marked)])
    db.execute("UPDATE story_slots SET site = ?, section = ?, kind = ?, actors = ? WHERE slot = ?", [*marked, slot])


def _take_out(db: Database, then: tuple[Any, ...]) -> None:
    slot, revision_id, content_hash, _, *marked = then
    texts = db.execute(_TEXTS, [revision_id, content_hash]).fetchone()
    if texts is None:
        db.execute("UPDATE story_slots SET story_id = NULL WHERE slot = ?", [slot])
        return
    db.execute(_DELETE, [slot, *_columns(texts), marks(*marked)])
    db.execute("DELETE FROM story_slots WHERE slot = ?", [slot])


def _put_in(db: Database, story_id: int, now: tuple[Any, ...]) -> None:
    revision_id, content_hash, sort_at, *marked, language = now
    texts = db.execute(_TEXTS, [revision_id, content_hash]).fetchone()
    slot = _free_slot(db, sort_at)
    db.execute(_INSERT, [slot, *_columns(texts), marks(*marked)])
    db.execute(
        "INSERT INTO story_slots (slot, story_id, revision_id, content_hash, sort_at, site, section, kind, actors)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [slot, story_id, revision_id, content_hash, sort_at, *marked],
    )
    _learn_words(db, texts, language_of(language))


def _columns(texts: Iterable[str]) -> list[str]:
    """The texts of a revision as they stand in the index, a column each."""
    by_field = dict(zip(_FIELDS, texts, strict=True))
    return [indexed("\n".join(by_field[field] for field in column)) for column in _COLUMNS]


def _free_slot(db: Database, sort_at: str) -> int:
    """The first slot of a minute, else the next that is free. What is no time stands before all that is."""
    try:
        at = from_text(sort_at) or _NEVER
    except ValueError:
        at = _NEVER
    first = first_slot(at.replace(tzinfo=at.tzinfo or UTC))
    if not db.execute("SELECT 1 FROM story_slots WHERE slot = ?", [first]).fetchone():
        return first
    row = db.execute(
        "SELECT t.slot + 1 FROM story_slots t WHERE t.slot >= ?"
        " AND NOT EXISTS (SELECT 1 FROM story_slots n WHERE n.slot = t.slot + 1) ORDER BY t.slot LIMIT 1",
        [first],
    ).fetchone()
    return int(row[0])


def _learn_words(db: Database, texts: Iterable[str], language: str) -> None:
    """Words that were never seen in the language. Such with digits stand for themselves only."""
    raw = {word: spelled for word, spelled in spellings("\n".join(texts)).items() if word.isalpha() and len(word) > 1}
    new = [
        word
        for (word,) in db.execute(
            "SELECT value FROM json_each(?) WHERE NOT EXISTS (SELECT 1 FROM words WHERE word = value AND language = ?)",
            [json.dumps(list(raw), ensure_ascii=False), language],
        )
    ]
    if not new:
        return
    db.execute("INSERT INTO word_languages (language) VALUES (?) ON CONFLICT DO NOTHING", [language])
    rows = []
    for word, stem in zip(new, stems([raw[w] for w in new], language), strict=True):
        simple = plain(word)
        rows.append((word, language, stem or word, None if simple == word else simple))
    db.conn.executemany("INSERT INTO words (word, language, stem, plain) VALUES (?, ?, ?, ?)", rows)
