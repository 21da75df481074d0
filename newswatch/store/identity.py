"""Which stored story is it that a page shows?

story -> its key, its addresses, what it claims -> candidates -> claims.refusal for those that only a claim leads to -> Identity

Reads only; `stories.save` asks again inside its transaction, and joins what turned out to be one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from sqlite_utils import Database

from newswatch.claims import refusal
from newswatch.extraction.dates import to_text
from newswatch.revisions import FIELDS, content
from newswatch.sites import bare_address
from newswatch.story import Fault, Story


@dataclass(frozen=True, slots=True)
class Identity:
    """A page's story."""

    ids: tuple[int, ...] = ()
    """Stored stories that the page is, the oldest first; more than one: they turned out to be one. None: it is new."""
    site_key: str | None = None
    key_is_claimed: bool = False
    urls: tuple[str, ...] = ()
    """Addresses that are the story's."""
    moved: tuple[str, ...] = ()
    """Those of them that led to another story before, and are not where that one is read."""
    claimed: tuple[str, ...] = ()
    """Addresses that it says are its own, where no other story stands."""
    copy_of: str | None = None
    doubts: tuple[Fault, ...] = ()
    """What was not believed."""

    @property
    def story_id(self) -> int | None:
        """The story that it is, or that its stories become."""
        return self.ids[0] if self.ids else None


@dataclass(frozen=True, slots=True)
class _Row:
    """A stored story that something leads to."""

    story_id: int
    key: str | None
    """Only one that stands in an address it was read under."""
    is_claim: bool
    """What leads there is but a claim of that story's own."""
    is_main: bool = True
    """It is read there; a further address may lead elsewhere one day."""


@dataclass
class _Search:
    """What was found out so far."""

    db: Database
    story: Story
    key: str | None
    ids: set[int] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    doubts: list[Fault] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    answers: dict[tuple[int, str], str | None] = field(default_factory=dict)

    def allows(self, row: _Row) -> bool:
        """Whether the site's keys do not say that these are two."""
        return row.key is None or not (self.keys - {row.key})

    def take(self, row: _Row) -> None:
        self.ids.add(row.story_id)
        self.keys |= {row.key} if row.key else set()

    def refusal(self, row: _Row, said_by: str) -> str | None:
        """Why the page is not that story; None where it is."""
        asked = (row.story_id, said_by)
        if asked not in self.answers:
            self.answers[asked] = refusal(_last_fields(self.db, row.story_id), content(self.story), said_by)
        return self.answers[asked]

    def doubt(self, kind: str, url: str, detail: str) -> None:
        self.doubts.append(Fault(self.story.site, kind, url, detail, self.story.seen_at))


def identify(db: Database, story: Story) -> Identity:
    """The stored story that a page shows: by the site's key, the address it was read under, redirects, and last by its claims.

    A key or an address is certain. A redirect from another story's address, and a canonical address, count where the texts
    agree (claims.py); else they are doubts, and nothing is joined.
    """
    key = None if story.key_is_claimed else story.site_key
    search = _Search(db, story, key, keys={key} if key else set())
    _by_key(search)
    _by_address(search)
    urls = [story.url, *(url for url in story.urls if url != story.url and _by_redirect(search, url))]
    claimed_key = _by_claimed_key(search) if story.key_is_claimed else None
    claimed = [url for url in story.claimed if url not in urls and _by_claim(search, url)]
    copy_of = _copy(search)
    return Identity(
        ids=tuple(sorted(search.ids)),
        site_key=key or claimed_key,
        key_is_claimed=key is None and claimed_key is not None,
        urls=tuple(dict.fromkeys(urls)),
        moved=tuple(dict.fromkeys(search.moved)),
        claimed=tuple(dict.fromkeys(claimed)),
        copy_of=copy_of,
        doubts=tuple(search.doubts),
    )


def _by_key(search: _Search) -> None:
    row = _of_key(search.db, search.story.site, search.key)
    if row and (not row.is_claim or search.refusal(row, "canonical") is None):
        search.take(row)


def _by_address(search: _Search) -> None:
    """The address it was read under; where another story only claimed it, or is read elsewhere, the texts decide."""
    url = search.story.url
    row = _of_url(search.db, search.story.site, url)
    if row is None or not search.allows(row) or row.story_id in search.ids:
        return
    if (row.is_main and not row.is_claim) or search.refusal(row, "canonical" if row.is_claim else "redirect") is None:
        search.take(row)
    else:
        search.moved.append(url)


def _by_redirect(search: _Search, url: str) -> bool:
    """Whether an address that led to the page is the story's: not where another story stands there that reads otherwise."""
    row = _of_url(search.db, search.story.site, url)
    if row is None or row.story_id in search.ids:
        return True
    if not search.allows(row):
        return False
    is_certain = not row.is_claim and not search.ids and bare_address(url) == bare_address(search.story.url)
    why = None if is_certain else search.refusal(row, "canonical" if row.is_claim else "redirect")
    if why is None:
        search.take(row)
    elif row.is_main and not row.is_claim:
        search.doubt("redirect", url, f"leads to another story, {search.story.url[:200]}: {why}")
        return False
    else:
        search.moved.append(url)
    return True


def _by_claimed_key(search: _Search) -> str | None:
    """The key of the canonical address, if no other story has it."""
    key = search.story.site_key
    row = _of_key(search.db, search.story.site, key)
    if row is None or row.story_id in search.ids:
        return key
    if not (search.allows(row) and search.refusal(row, "canonical") is None):
        return None
    search.take(row)
    return key


def _by_claim(search: _Search, url: str) -> bool:
    """Whether an address that the page names as its own is so."""
    row = _of_url(search.db, search.story.site, url)
    if row is None or row.story_id in search.ids:
        return True
    why = search.refusal(row, "canonical")
    if why is None and search.allows(row):
        search.take(row)
        return True
    if why is not None:
        search.doubt("canonical", search.story.url, f"says that it is {url[:200]}: {why}")
    return False


def _copy(search: _Search) -> str | None:
    """The story it says it is a copy of. On its own site the texts must agree."""
    url = search.story.copy_of
    row = _of_url(search.db, search.story.site, url) if url else None
    row = row or (_same_claim(search, url) if url else None)
    if url is None or row is None or row.story_id in search.ids:
        return url
    why = search.refusal(row, "canonical")
    if why is not None:
        search.doubt("canonical", search.story.url, f"says that it is {url[:200]}: {why}")
    return url if why is None else None


def _same_claim(search: _Search, url: str) -> _Row | None:
    """Another story of the site that says it is a copy of the same unknown one: if both are, they agree."""
    row = search.db.execute(
        "SELECT l.story_id FROM story_links l JOIN stories s ON s.id = l.story_id WHERE l.url = ? AND l.kind = 'canonical'"
        " AND l.other_id IS NULL AND s.site = ? AND l.story_id NOT IN (SELECT value FROM json_each(?)) ORDER BY 1 LIMIT 1",
        [url, search.story.site, json.dumps(sorted(search.ids))],
    ).fetchone()
    return _Row(row[0], None, is_claim=True) if row else None


def _of_key(db: Database, site: str, key: str | None) -> _Row | None:
    if key is None:
        return None
    row = db.execute("SELECT id, site_key, key_claimed FROM stories WHERE site = ? AND site_key = ?", [site, key]).fetchone()
    return _Row(row[0], None if row[2] else row[1], bool(row[2])) if row else None


def _of_url(db: Database, site: str, url: str) -> _Row | None:
    row = db.execute(
        "SELECT u.story_id, CASE WHEN s.key_claimed THEN NULL ELSE s.site_key END, u.claimed, s.url"
        " FROM story_urls u JOIN stories s ON s.id = u.story_id WHERE u.site = ? AND u.url = ?",
        [site, url],
    ).fetchone()
    return _Row(row[0], row[1], bool(row[2]), bare_address(row[3]) == bare_address(url)) if row else None


def _last_fields(db: Database, story_id: int) -> dict[str, str]:
    sql = f"SELECT {', '.join(FIELDS)} FROM revisions WHERE story_id = ? ORDER BY number DESC LIMIT 1"
    row = db.execute(sql, [story_id]).fetchone()
    return dict(zip(FIELDS, row, strict=True)) if row else {}


# --- what is written of it


def remember_urls(db: Database, story_id: int, story: Story, identity: Identity) -> None:
    """The story's addresses, within the caller's transaction. One that another story only claimed goes to the one that is read there."""
    site, at = story.site, to_text(story.seen_at)
    for url in identity.urls:
        row = _of_url(db, site, url)
        if row is None or (row.story_id != story_id and (row.is_claim or url in identity.moved)):
            _put(db, site, story_id, url, at, claimed=False)
        elif row.is_claim:
            db.execute("UPDATE story_urls SET claimed = 0 WHERE site = ? AND url = ?", [site, url])
        _lead_links_to(db, story_id, story, url)
    for url in identity.claimed:
        if _of_url(db, site, url) is None:
            _put(db, site, story_id, url, at, claimed=True)


def _lead_links_to(db: Database, story_id: int, story: Story, url: str) -> None:
    """Stories that said they are copies of what stands here now: those of other sites, and of its own where the texts agree."""
    joined = "story_links l JOIN stories s ON s.id = l.story_id"
    sql = f"SELECT l.story_id, s.site FROM {joined} WHERE l.other_id IS NULL AND l.url = ? AND s.id <> ?"
    for copy_id, site in db.execute(sql, [url, story_id]).fetchall():
        if site == story.site and refusal(_last_fields(db, copy_id), content(story), "canonical") is not None:
            db.execute("DELETE FROM story_links WHERE story_id = ? AND url = ?", [copy_id, url])
        else:
            db.execute("UPDATE story_links SET other_id = ? WHERE story_id = ? AND url = ?", [story_id, copy_id, url])


def give_key_back(db: Database, site: str, identity: Identity) -> None:
    """A key that another story only claimed belongs to the story whose address has it; within the caller's transaction."""
    if identity.site_key and not identity.key_is_claimed:
        db.execute(
            "UPDATE stories SET site_key = NULL, key_claimed = 0 WHERE site = ? AND site_key = ? AND key_claimed AND id IS NOT ?",
            [site, identity.site_key, identity.story_id],
        )


def link_copy(db: Database, story_id: int, copy_of: str | None) -> None:
    """Which story of another site it says it is a copy of: a link, no more; within the caller's transaction."""
    db.execute("DELETE FROM story_links WHERE story_id = ? AND kind = 'canonical' AND url IS NOT ?", [story_id, copy_of])
    if copy_of is not None:
        db.execute(
            "INSERT INTO story_links (story_id, url, kind, other_id) VALUES (?, ?, 'canonical',"
            " (SELECT max(story_id) FROM story_urls WHERE url = ? AND NOT claimed AND story_id <> ?)) ON CONFLICT DO NOTHING",
            [story_id, copy_of, copy_of, story_id],
        )


def _put(db: Database, site: str, story_id: int, url: str, at: str | None, *, claimed: bool) -> None:
    db.execute(
        "INSERT INTO story_urls (site, url, story_id, first_seen_at, claimed) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET story_id = excluded.story_id, claimed = excluded.claimed",
        [site, url, story_id, at, claimed],
    )
