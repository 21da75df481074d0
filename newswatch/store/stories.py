"""Stories and their revisions: found by identity, saved in one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlite_utils import Database

from newswatch.errors import StaleError
from newswatch.extraction.dates import from_text, to_text
from newswatch.faultpoints import fault
from newswatch.matching import derive_events
from newswatch.revisions import FIELDS, Changed, New, Outcome, Same, Suspect, content
from newswatch.store.blocks import learn
from newswatch.store.counters import count_moved, count_revision
from newswatch.store.indexing import index_stories
from newswatch.store.mentions import history, insert_events, insert_mentions
from newswatch.store.opening import writing
from newswatch.store.runs import insert_fault
from newswatch.store.suspects import hold, release
from newswatch.store.timing import after_gone, after_look, out_of_frontier
from newswatch.store.watchlists import mark
from newswatch.story import Entry, Event, Fault, Gated, Gone, Mention, Passage, Revision, Stamp, Story, Unchanged


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a URL before it is fetched."""

    story_id: int
    url: str
    etag: str | None
    last_modified: str | None
    listed_at: str | None
    last_read_at: str


def known(db: Database, site: str, url: str, site_key: str | None) -> Known | None:
    """The story behind a URL of a site, by key or address; None for a new one. Validators belong to `Known.url`."""
    story_id = _story_id(db, site, site_key, [url])
    if story_id is None:
        return None
    row = db.execute("SELECT id, url, etag, last_modified, listed_at, last_read_at FROM stories WHERE id = ?", [story_id])
    return Known(*row.fetchone())


def missing_urls(db: Database, site: str) -> list[str]:
    """Addresses of stories that answered 404 once: a second look decides whether they are gone."""
    rows = db.execute("SELECT url FROM stories WHERE site = ? AND missing_since IS NOT NULL AND gone_at IS NULL ORDER BY id", [site])
    return [url for (url,) in rows]


def last_revision(db: Database, story: Story) -> Revision | None:
    """The newest revision that is kept of a story, None for a new one."""
    story_id = _story_id(db, story.site, story.site_key, _addresses(story))
    if story_id is None:
        return None
    columns = ", ".join(f"r.{f}" for f in FIELDS)
    row = db.execute(
        f"SELECT r.id, r.number, r.content_hash, r.passages, r.entries, r.access, s.modified_at, s.date_flags, {columns}"
        " FROM revisions r JOIN stories s ON s.id = r.story_id WHERE r.story_id = ? ORDER BY r.number DESC LIMIT 1",
        [story_id],
    ).fetchone()
    revision_id, number, digest, passages, entries, access, modified_at, flags, *texts = row
    fields = dict(zip(FIELDS, texts, strict=True))
    return Revision(
        id=revision_id,
        story_id=story_id,
        number=number,
        content_hash=digest,
        fields=fields,
        body=_passages(fields["body"], json.loads(passages)),
        entries=tuple(_entry(*values) for values in json.loads(entries)),
        access=access,
        modified=_stamp(modified_at, flags, "modified"),
    )


def save(
    db: Database,
    outcome: Outcome,
    mentions: list[Mention],
    *,
    run_id: int | None = None,
    watchlist: int | None = None,
    fault: Fault | None = None,
) -> list[Event]:
    """Writes a story, its revision, mentions, events, addresses and validators in one transaction; returns the events.

    Of a Suspect nothing is written but that it waits for a second look.

    `watchlist` is the number of the state that the mentions were made with; without it `scrapy match` looks at the
    revision again. `fault` is what could not be taken of the story: a row of the run.

    Raises StaleError where the story has a newer revision than the one the outcome was decided upon, StoreError where
    the database cannot be written; nothing is written then.
    """
    with writing(db):
        events = save_within(db, outcome, mentions, run_id=run_id, watchlist=watchlist)
        if fault and run_id is not None:
            insert_fault(db, run_id, fault)
        return events


def save_within(db: Database, outcome: Outcome, mentions: list[Mention], *, run_id: int | None, watchlist: int | None) -> list[Event]:
    """`save` inside a transaction that the caller holds."""
    story = outcome.story
    addresses = _addresses(story)
    story_id = _story_id(db, story.site, story.site_key, addresses)
    _check_base(db, story_id, outcome)
    if isinstance(outcome, Suspect):
        hold(db, outcome.last.story_id, outcome)
        return []
    if story_id is None:
        story_id = _insert_story(db, story)
    else:
        _update_story(db, story_id, outcome)
        release(db, story_id)
    fault("save.story")
    _remember_urls(db, story_id, story, addresses)
    fault("save.addresses")
    out_of_frontier(db, story.site, addresses)
    fault("save.waited")
    after_look(db, story_id, story.seen_at, changed=isinstance(outcome, Changed), story=story)
    if isinstance(outcome, Same):
        count_moved(db, story_id)
        index_stories(db, [story_id])
        return []
    if isinstance(outcome, New):
        learn(db, story)
    before = history(db, story_id)
    revision_id = _insert_revision(db, story_id, outcome, run_id)
    fault("save.revision")
    insert_mentions(db, story_id, revision_id, mentions)
    fault("save.mentions")
    events = derive_events(before, mentions)
    insert_events(db, story_id, revision_id, events, to_text(story.seen_at))
    fault("save.events")
    count_revision(db, story_id, mentions)
    fault("save.counted")
    index_stories(db, [story_id])
    fault("save.indexed")
    if watchlist is not None:
        mark(db, watchlist, revision_id)
    return events


def save_unchanged(db: Database, page: Unchanged) -> bool:
    """Notes that a story was seen again; False where the URL is no story's."""
    with writing(db):
        row = db.execute("SELECT story_id FROM story_urls WHERE site = ? AND url = ?", [page.site, page.url]).fetchone()
        if row is None:
            return False
        db.execute(
            "UPDATE stories SET last_seen_at = max(last_seen_at, ?), missing_since = NULL, gone_at = NULL WHERE id = ?",
            [to_text(page.seen_at), row[0]],
        )
        fault("unchanged.written")
        after_look(db, row[0], page.seen_at, changed=False)
    return True


def save_gone(db: Database, page: Gone) -> str | None:
    """Marks a story whose page is missing: gone after a 410 or a second 404. Returns `gone`, `missing`, or None for no story."""
    at = to_text(page.seen_at)
    with writing(db):
        row = db.execute(
            "SELECT s.id, s.missing_since, s.gone_at FROM stories s JOIN story_urls u ON u.story_id = s.id WHERE u.site = ? AND u.url = ?",
            [page.site, page.url],
        ).fetchone()
        if row is None:
            return None
        story_id, missing_since, gone_at = row
        is_gone = page.status == 410 or (missing_since is not None and missing_since != at) or gone_at is not None
        db.execute(
            "UPDATE stories SET missing_since = coalesce(missing_since, ?), gone_at = coalesce(gone_at, ?) WHERE id = ?",
            [at, at if is_gone else None, story_id],
        )
        fault("gone.written")
        after_gone(db, story_id, page.seen_at, is_gone=is_gone)
    return "gone" if is_gone else "missing"


def save_gated(db: Database, page: Gated) -> bool:
    """Notes that a story's address leads to a login: its text stays. False where the URL is no story's."""
    with writing(db):
        row = db.execute("SELECT story_id FROM story_urls WHERE site = ? AND url = ?", [page.site, page.url]).fetchone()
        if row is None:
            return False
        db.execute(
            "UPDATE stories SET access = 'gated', gated_since = coalesce(gated_since, ?), etag = NULL, last_modified = NULL WHERE id = ?",
            [to_text(page.seen_at), row[0]],
        )
        after_look(db, row[0], page.seen_at, changed=False)
    return True


def _addresses(story: Story) -> list[str]:
    return list(dict.fromkeys([*story.urls, story.url]))


def _story_id(db: Database, site: str, site_key: str | None, urls: Iterable[str]) -> int | None:
    """The site's key first, then the addresses in their order."""
    if site_key is not None:
        row = db.execute("SELECT id FROM stories WHERE site = ? AND site_key = ?", [site, site_key]).fetchone()
        if row:
            return int(row[0])
    for url in urls:
        row = db.execute(
            "SELECT u.story_id, s.site_key FROM story_urls u JOIN stories s ON s.id = u.story_id WHERE u.site = ? AND u.url = ?",
            [site, url],
        ).fetchone()
        if row and (site_key is None or row[1] is None):
            return int(row[0])
    return None


def _check_base(db: Database, story_id: int | None, outcome: Outcome) -> None:
    base = None if isinstance(outcome, New) else outcome.last.id
    newest = None
    if story_id is not None:
        newest = db.execute("SELECT id FROM revisions WHERE story_id = ? ORDER BY number DESC LIMIT 1", [story_id]).fetchone()[0]
    if newest != base:
        raise StaleError("another run saved this story at the same moment", site=outcome.story.site, url=outcome.story.url)


def _stamp_columns(story: Story) -> dict[str, Any]:
    def at(stamp: Stamp | None) -> str | None:
        return to_text(stamp.at) if stamp else None

    flags = [f"{name}:{flag}" for name, s in (("published", story.published), ("modified", story.modified)) if s for flag in s.flags]
    return {"published_at": at(story.published), "modified_at": at(story.modified), "date_flags": " ".join(flags)}


def _sort_at(story: Story, first_seen_at: str | None) -> str | None:
    """A date from the future or none at all sorts by when the story was first seen."""
    if story.published and "future" not in story.published.flags:
        return to_text(story.published.at)
    return first_seen_at


def _insert_story(db: Database, story: Story) -> int:
    at = to_text(story.seen_at)
    row = {
        "site": story.site,
        **_shown(story),
        "sort_at": _sort_at(story, at),
        "first_seen_at": at,
        "last_seen_at": at,
        "last_read_at": at,
        "gated_since": at if story.access == "gated" else None,
        "revisions": 1,
    }
    return int(db["stories"].insert(row).last_pk)  # type: ignore[union-attr, arg-type]


def _update_story(db: Database, story_id: int, outcome: Outcome) -> None:
    story, at = outcome.story, to_text(outcome.story.seen_at)
    first_seen_at, old_key = db.execute("SELECT first_seen_at, site_key FROM stories WHERE id = ?", [story_id]).fetchone()
    row = _shown(story)
    row["site_key"] = story.site_key or old_key
    row["sort_at"] = _sort_at(story, first_seen_at)
    row |= {"last_seen_at": at, "last_read_at": at, "missing_since": None, "gone_at": None}
    assignments = ", ".join(f"{column} = ?" for column in row)
    grown = {
        "revisions": isinstance(outcome, Changed),
        "silent_edits": isinstance(outcome, Changed) and outcome.notice == "silent",
        "empty_updates": isinstance(outcome, Same) and outcome.is_empty_update,
    }
    assignments += "".join(f", {column} = {column} + 1" for column, grows in grown.items() if grows)
    assignments += ", gated_since = CASE ? WHEN 'gated' THEN coalesce(gated_since, ?) END"
    db.execute(f"UPDATE stories SET {assignments} WHERE id = ?", [*row.values(), story.access, at, story_id])


def _shown(story: Story) -> dict[str, Any]:
    """The columns of `stories` that follow the newest page."""
    return {
        "site_key": story.site_key,
        "url": story.url,
        "canonical_url": story.canonical_url,
        "kicker": story.kicker,
        "title": story.title,
        "lead": story.lead,
        "section": " > ".join(story.section),
        "kind": story.kind,
        "access": story.access,
        "language": story.language,
        **_stamp_columns(story),
        "etag": story.etag,
        "last_modified": story.last_modified,
        "listed_at": to_text(story.listed),
    }


def _remember_urls(db: Database, story_id: int, story: Story, addresses: list[str]) -> None:
    for url in addresses:
        db.execute(
            "INSERT INTO story_urls (site, url, story_id, first_seen_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [story.site, url, story_id, to_text(story.seen_at)],
        )


def _insert_revision(db: Database, story_id: int, outcome: New | Changed, run_id: int | None) -> int:
    story = outcome.story
    fields = content(story)
    row = {
        "story_id": story_id,
        "number": 1 if isinstance(outcome, New) else outcome.last.number + 1,
        "run_id": run_id,
        "seen_at": to_text(story.seen_at),
        "content_hash": outcome.content_hash,
        "url": story.url,
        **fields,
        "passages": json.dumps([[p.headline, len(p.paragraphs)] for p in story.body], ensure_ascii=False),
        "entries": json.dumps([[e.id, to_text(e.at.at) if e.at else None, e.headline, e.text] for e in story.entries], ensure_ascii=False),
        "image_credit": story.image_credit,
        "authors": json.dumps(story.authors, ensure_ascii=False),
        "keywords": json.dumps(story.keywords, ensure_ascii=False),
        **_stamp_columns(story),
        "published_raw": story.published.raw if story.published else None,
        "modified_raw": story.modified.raw if story.modified else None,
        "reading_minutes": story.reading_minutes,
        "words": len(fields["body"].split()),
        "archive_file": story.archived.file if story.archived else None,
        "archive_offset": story.archived.offset if story.archived else None,
        "changed_fields": " ".join(outcome.fields) if isinstance(outcome, Changed) else "",
        "words_added": outcome.words_added if isinstance(outcome, Changed) else 0,
        "words_removed": outcome.words_removed if isinstance(outcome, Changed) else 0,
        "notice": outcome.notice if isinstance(outcome, Changed) else "",
        "access": outcome.last.access if isinstance(outcome, Changed) and "body" in outcome.unseen else story.access,
        "unseen": " ".join(outcome.unseen) if isinstance(outcome, Changed) else "",
    }
    return int(db["revisions"].insert(row).last_pk)  # type: ignore[union-attr, arg-type]


def _passages(text: str, counts: list[tuple[str | None, int]]) -> tuple[Passage, ...]:
    """The parts of a stored body; all of it in one where a paragraph holds a blank line of its own."""
    parts = text.split("\n\n") if text else []
    if len(parts) != sum(count + bool(headline) for headline, count in counts):
        return (Passage(None, tuple(parts)),)
    rest = iter(parts)
    return tuple(Passage(next(rest) if headline else None, tuple(islice(rest, count))) for headline, count in counts)


def _entry(key: str, at: str | None, headline: str | None, text: str) -> Entry:
    moment = from_text(at)
    return Entry(key, Stamp(moment, at or "") if moment else None, headline, text)


def _stamp(at: str | None, flags: str, name: str) -> Stamp | None:
    """A stored date with its flags; what the page said to the letter stands with the revision only."""
    moment = from_text(at)
    own = tuple(f.partition(":")[2] for f in flags.split() if f.startswith(f"{name}:"))
    return Stamp(moment, at or "", own) if moment else None
