"""Migrations: small named functions, each in a transaction; a database of any earlier version upgrades by itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from sqlite_utils import Database, Migrations

from newswatch.faultpoints import fault
from newswatch.store.counter_schema import COUNTER_TABLES, NAMED_BY_DAY
from newswatch.store.schema import TABLES
from newswatch.store.search_schema import SEARCH_TABLES, SHORTER_WORDS_INSIDE

APPLICATION_ID = 0x6E777463
"""`nwtc` in the file's header: how a database says that it is ours."""


class _Steps(Migrations):
    """Migrations with a point before and after each, where a test can kill it."""

    def __call__(self, *, name: str | None = None, transactional: bool = True) -> Callable[[Any], Any]:
        """Registers the function it decorates."""
        register = super().__call__(name=name, transactional=transactional)

        def inner(function: Callable[[Database], None]) -> Callable[[Database], None]:
            @wraps(function)
            def step(db: Database) -> None:
                fault("migration.begun")
                function(db)
                fault("migration.written")

            register(step)
            return function

        return inner


migrations = _Steps("newswatch")


@migrations()
def tables_of_version_1(db: Database) -> None:
    """Everything of the first version."""
    for statement in TABLES:
        db.execute(statement)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")


@migrations()
def blocks_and_entries(db: Database) -> None:
    """Paragraphs that a site repeats, and the entries of liveblogs."""
    db.execute(
        """
        CREATE TABLE blocks (
            site        TEXT NOT NULL,
            hash        TEXT NOT NULL,
            stories     INTEGER NOT NULL,       -- in how many it stood
            subjects    TEXT NOT NULL,          -- json: the subject words of the first of them
            learned     INTEGER NOT NULL,       -- 1: stands in unrelated stories, so belongs to none
            last_at     TEXT NOT NULL,
            PRIMARY KEY (site, hash)
        ) WITHOUT ROWID
        """
    )
    db.execute("CREATE INDEX blocks_learned ON blocks(site) WHERE learned")  # what a crawl leaves out
    db.execute("ALTER TABLE revisions ADD COLUMN entries TEXT NOT NULL DEFAULT '[]'")  # json: id, at, headline, text


@migrations()
def watchlists_and_matched(db: Database) -> None:
    """Which watchlist the mentions of a revision were made with; liveblog entries; what is ambiguous or was found afterwards."""
    db.execute("ALTER TABLE mentions ADD COLUMN entry TEXT")  # the id of the liveblog's entry it stands in
    db.execute("ALTER TABLE mentions ADD COLUMN is_ambiguous INTEGER NOT NULL DEFAULT 0")  # 1: two actors claim it; no event, no history
    db.execute("ALTER TABLE events ADD COLUMN past INTEGER NOT NULL DEFAULT 0")  # 1: found afterwards by `scrapy match`
    db.execute(
        """
        CREATE TABLE watchlists (
            number      INTEGER PRIMARY KEY,    -- 1, 2, ...: the states of the watchlist, in their order
            at          TEXT NOT NULL,          -- when it was first used
            fingerprint TEXT NOT NULL           -- of its definitions; a state that comes back has a number of its own
        )
        """
    )
    db.execute(
        """
        CREATE TABLE definitions (
            id          INTEGER PRIMARY KEY,
            actor       TEXT NOT NULL,          -- an actor, a rule, or * for the matcher itself
            since       INTEGER NOT NULL,       -- the first watchlist that has it
            until       INTEGER,                -- the first that has it no more; NULL: it is in use
            definition  TEXT NOT NULL,          -- json
            UNIQUE (actor, since)               -- what an actor was in a state
        )
        """
    )
    db.execute("CREATE INDEX definitions_by_since ON definitions(since)")  # what came after a state
    db.execute("CREATE INDEX definitions_by_until ON definitions(until)")  # what went after a state; what is in use
    db.execute(
        """
        CREATE TABLE matched (
            revision_id INTEGER PRIMARY KEY REFERENCES revisions(id),
            watchlist   INTEGER NOT NULL        -- its mentions were made with it; no row: must be looked at
        )
        """
    )


@migrations()
def rhythm_of_sites_and_usual_links(db: Database) -> None:
    """What tells a silent site, and a section that lost its links."""
    db.execute("CREATE INDEX stories_by_first_seen ON stories(site, first_seen_at)")  # when a site's stories came
    db.execute(
        "ALTER TABLE sections ADD COLUMN link_counts TEXT NOT NULL DEFAULT '[]'"
    )  # json: of its last usual listings, the newest last
    db.execute("ALTER TABLE sections ADD COLUMN lost_since TEXT")  # when it lost nearly all of them; NULL: as usual


@migrations()
def schedules(db: Database) -> None:
    """When sections, links and stories are due; what was learned of a site's hours and edits; requests spent."""
    db.execute("ALTER TABLE sections ADD COLUMN failures INTEGER NOT NULL DEFAULT 0")  # in a row
    db.execute("ALTER TABLE sections ADD COLUMN read_at TEXT")  # the last whole answer, not a 304
    db.execute("ALTER TABLE sections ADD COLUMN rhythm TEXT")  # json: schedule.Rhythm
    db.execute("ALTER TABLE sections ADD COLUMN parent TEXT")  # the sitemap index that leads to it: due together
    db.execute("ALTER TABLE stories ADD COLUMN checked_at TEXT")  # the last look that told something
    db.execute("ALTER TABLE stories ADD COLUMN changed_at TEXT")  # where its ladder begins: it came, or changed last
    db.execute("ALTER TABLE stories ADD COLUMN failures INTEGER NOT NULL DEFAULT 0")  # in a row
    db.execute("UPDATE stories SET checked_at = last_seen_at, changed_at = first_seen_at")
    db.execute(
        "UPDATE stories SET next_check_at = last_seen_at WHERE gone_at IS NULL"
        " AND last_seen_at > (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', max(last_seen_at), '-45 days') FROM stories)"
    )
    # which stories of a site are due, and when the next one is
    db.execute("CREATE INDEX stories_due ON stories(site, next_check_at, checked_at) WHERE next_check_at IS NOT NULL")
    db.execute(
        """
        CREATE TABLE frontier (
            site            TEXT NOT NULL,
            url             TEXT NOT NULL,      -- a link that a listing gave, until its story is saved
            section         TEXT NOT NULL,
            headline        TEXT,
            listed_at       TEXT,               -- the listing's own time stamp
            found_at        TEXT NOT NULL,
            failures        INTEGER NOT NULL DEFAULT 0,
            next_check_at   TEXT NOT NULL,
            PRIMARY KEY (site, url)
        ) WITHOUT ROWID
        """
    )
    db.execute("CREATE INDEX frontier_due ON frontier(site, next_check_at)")  # which links of a site are due
    db.execute(
        """
        CREATE TABLE habits (
            site        TEXT PRIMARY KEY,
            rhythm      TEXT,                   -- json: schedule.Rhythm of all its listings together
            activity    TEXT,                   -- json: made of the rhythm; 168 hours of the week
            habit       TEXT                    -- json: schedule.Habit
        ) WITHOUT ROWID
        """
    )
    db.execute(
        """
        CREATE TABLE requests (
            site        TEXT NOT NULL,
            at          TEXT NOT NULL,          -- five minutes that begin here
            count       INTEGER NOT NULL,
            PRIMARY KEY (site, at)              -- what was spent of the hour
        ) WITHOUT ROWID
        """
    )


@migrations()
def archived_pages(db: Database) -> None:
    """Where the archive keeps the page of a revision and of a section; what of the archive is being removed."""
    for table in ("revisions", "sections"):
        db.execute(f"ALTER TABLE {table} ADD COLUMN archive_file TEXT")  # relative to WARC_DIR; NULL: not kept, or not any more
        db.execute(f"ALTER TABLE {table} ADD COLUMN archive_offset INTEGER")  # of its response record
    db.execute("CREATE INDEX revisions_by_page ON revisions(archive_file, archive_offset)")  # which pages of a file are pointed to
    db.execute("ALTER TABLE revisions ADD COLUMN reread_at TEXT")  # when `scrapy reread` put another reading of the same page there
    db.execute(
        """
        CREATE TABLE removals (
            what    TEXT PRIMARY KEY    -- a file of the archive that is to be removed; `database`: it is to be compacted
        ) WITHOUT ROWID
        """
    )
    db.execute(
        """
        CREATE TRIGGER revisions_again_in_fts AFTER UPDATE OF kicker, title, lead, body, caption, sources ON revisions BEGIN
            INSERT INTO revisions_fts (revisions_fts, rowid, kicker, title, lead, body, caption, sources)
            VALUES ('delete', old.id, old.kicker, old.title, old.lead, old.body, old.caption, old.sources);
            INSERT INTO revisions_fts (rowid, kicker, title, lead, body, caption, sources)
            VALUES (new.id, new.kicker, new.title, new.lead, new.body, new.caption, new.sources);
        END
        """
    )


@migrations()
def what_edits_say_of_themselves(db: Database) -> None:
    """Silent edits, empty updates, stories behind a paywall, pages that wait for a second look."""
    db.execute("ALTER TABLE revisions ADD COLUMN notice TEXT NOT NULL DEFAULT ''")  # stated | silent | undated; empty for the first
    db.execute("ALTER TABLE revisions ADD COLUMN access TEXT NOT NULL DEFAULT 'free'")  # of the page that the body was read from
    db.execute("ALTER TABLE revisions ADD COLUMN unseen TEXT NOT NULL DEFAULT ''")  # fields that a paywall hid: those of the last one
    db.execute("ALTER TABLE stories ADD COLUMN gated_since TEXT")  # the first look in a row that found a paywall
    db.execute("ALTER TABLE stories ADD COLUMN silent_edits INTEGER NOT NULL DEFAULT 0")  # text changed, the stated update time did not
    db.execute("ALTER TABLE stories ADD COLUMN empty_updates INTEGER NOT NULL DEFAULT 0")  # the other way round
    db.execute(
        """
        CREATE TABLE suspects (
            story_id        INTEGER PRIMARY KEY REFERENCES stories(id),
            content_hash    TEXT NOT NULL,
            seen_at         TEXT NOT NULL,      -- when it was seen first
            why             TEXT NOT NULL,      -- for people
            fields          TEXT NOT NULL       -- json: what was read, by field
        )
        """
    )
    db.execute(
        "UPDATE revisions SET notice = CASE WHEN modified_at IS NULL THEN 'undated'"
        " WHEN modified_at IS NOT (SELECT p.modified_at FROM revisions p"
        " WHERE p.story_id = revisions.story_id AND p.number = revisions.number - 1) THEN 'stated'"
        " WHEN instr(date_flags, 'modified:day-only') THEN 'undated' ELSE 'silent' END WHERE number > 1"
    )
    db.execute("UPDATE revisions SET access = 'gated' WHERE story_id IN (SELECT id FROM stories WHERE access = 'gated')")
    db.execute("UPDATE stories SET gated_since = last_read_at WHERE access = 'gated'")
    db.execute(
        "UPDATE stories SET silent_edits = (SELECT count(*) FROM revisions r WHERE r.story_id = stories.id AND r.notice = 'silent')"
        " WHERE revisions > 1"
    )


@migrations()
def rereads_and_purged(db: Database) -> None:
    """How far `scrapy reread` came with a site; what `scrapy purge` removed and no crawl may bring back."""
    db.execute(
        """
        CREATE TABLE rereads (
            site        TEXT PRIMARY KEY,
            state       TEXT NOT NULL,          -- of program and site file: what another one began is begun anew
            story_id    INTEGER NOT NULL        -- the last that is done
        ) WITHOUT ROWID
        """
    )
    db.execute(
        """
        CREATE TABLE purged (
            site        TEXT NOT NULL,
            hash        TEXT NOT NULL,          -- SHA-256 of an address, or of the site's own key, of a story that was removed
            PRIMARY KEY (site, hash)            -- may this link be fetched?
        ) WITHOUT ROWID
        """
    )


@migrations()
def one_story_whatever_its_urls(db: Database) -> None:
    """What a page only says of itself, links between stories, stories that were joined, texts of several pages."""
    db.execute("ALTER TABLE story_urls ADD COLUMN claimed INTEGER NOT NULL DEFAULT 0")  # 1: a page said so, nothing was read there
    db.execute("ALTER TABLE stories ADD COLUMN key_claimed INTEGER NOT NULL DEFAULT 0")  # 1: the key of the canonical address only
    db.execute("ALTER TABLE revisions ADD COLUMN parts INTEGER NOT NULL DEFAULT 1")  # pages its text was read from
    db.execute(
        """
        CREATE TABLE story_links (
            story_id    INTEGER NOT NULL REFERENCES stories(id),
            url         TEXT NOT NULL,
            kind        TEXT NOT NULL,      -- canonical: it says that it is a copy of the story there
            other_id    INTEGER REFERENCES stories(id),     -- NULL: not a story that is known
            PRIMARY KEY (story_id, kind, url)               -- the links of a story
        ) WITHOUT ROWID
        """
    )
    db.execute("CREATE INDEX story_links_by_other ON story_links(other_id) WHERE other_id IS NOT NULL")  # the copies of a story
    db.execute("CREATE INDEX story_links_open ON story_links(url) WHERE other_id IS NULL")  # whether a new story was linked before
    db.execute(
        """
        CREATE TABLE story_joined (
            old_id  INTEGER PRIMARY KEY,    -- an id that was given out and has no row in stories any more
            new_id  INTEGER NOT NULL REFERENCES stories(id)
        )
        """
    )
    db.execute("CREATE INDEX story_joined_by_new ON story_joined(new_id)")  # what a story was joined of


@migrations()
def counters(db: Database) -> None:
    """What pages count: see counters.py. Stories that are there already are counted when the database is opened, some at a time."""
    for statement in COUNTER_TABLES:
        db.execute(statement)
    db.execute("INSERT INTO fillings SELECT 'counters', 0 WHERE EXISTS (SELECT 1 FROM stories)")


@migrations()
def search_of_stories(db: Database) -> None:
    """One row a story in the index, in the order of time, with the vocabulary; filled when the database is opened, some at a time."""
    for statement in SEARCH_TABLES:
        db.execute(statement)


@migrations()
def hosts_and_reservations(db: Database) -> None:
    """What hosts say of how they want to be visited; stories whose text is reserved from text and data mining."""
    db.execute(
        """
        CREATE TABLE hosts (
            origin          TEXT PRIMARY KEY,   -- scheme, host, and the port where it is not the usual one
            robots_text     TEXT,               -- NULL: there is none, everything is allowed
            robots_status   INTEGER,
            robots_at       TEXT,               -- when it was asked for: it holds for a day
            not_before      TEXT,               -- a Retry-After: no request before then
            tdm_text        TEXT,               -- /.well-known/tdmrep.json; NULL: there is none
            tdm_at          TEXT
        ) WITHOUT ROWID
        """
    )
    db.execute("ALTER TABLE stories ADD COLUMN reserved TEXT")  # header | meta | tdmrep.json | robots.txt: crawler; NULL: no sign
    db.execute("ALTER TABLE revisions ADD COLUMN withheld TEXT")  # json: hashes of fields whose text is not kept, and their words


@migrations()
def what_the_face_lists(db: Database) -> None:
    """An index for each list of changes, events, runs and faults that the face shows, newest first."""
    # recent edits; it holds what a list shows, for those columns lie behind the body
    db.execute(
        "CREATE INDEX revisions_edits ON revisions(seen_at, story_id, number, words_added, words_removed, changed_fields, notice)"
        " WHERE number > 1"
    )
    db.execute("CREATE INDEX revisions_headlines ON revisions(seen_at) WHERE number > 1 AND instr(changed_fields, 'title')")
    db.execute("CREATE INDEX revisions_silent ON revisions(seen_at) WHERE notice = 'silent'")
    db.execute("CREATE INDEX events_by_time ON events(at)")  # what happened to anybody
    db.execute("CREATE INDEX runs_by_site ON runs(site)")  # a site's last run, its runs
    db.execute("CREATE INDEX faults_by_time ON faults(at, site, kind)")  # faults of late, by kind
    db.execute("CREATE INDEX faults_by_site ON faults(site, at)")  # and of a site


@migrations()
def who_is_named_by_day(db: Database) -> None:
    """Stories by day and actor, whatever their sites: who is named most of late, without a look at each site's count."""
    for statement in NAMED_BY_DAY:
        db.execute(statement)


@migrations()
def headlines_that_changed(db: Database) -> None:
    """`other_titles` has `title` in it, too: an edit of these alone changed no headline."""
    db.execute("DROP INDEX revisions_headlines")
    db.execute(
        "CREATE INDEX revisions_headlines ON revisions(seen_at) WHERE number > 1 AND instr(' ' || changed_fields || ' ', ' title ')"
    )


@migrations()
def shorter_words_are_compounds(db: Database) -> None:
    """Words of six and seven letters are looked into as well: their pieces are made anew, some seconds for 100,000 words."""
    for statement in SHORTER_WORDS_INSIDE:
        db.execute(statement)
