"""The tables as they stand in version 1, one statement an item; every index says which query it serves.

Times are UTC ISO 8601 with Z as TEXT. A JSON column ends in nothing special; its comment says `json`.
"""

TABLES = (
    """
    CREATE TABLE runs (
        id          INTEGER PRIMARY KEY,
        site        TEXT NOT NULL,
        started_at  TEXT NOT NULL,
        ended_at    TEXT,                   -- NULL: under way, or killed
        outcome     TEXT NOT NULL,          -- running | ok | faults | unreachable | postponed | failed | interrupted
        exit_code   INTEGER,
        counts      TEXT NOT NULL,          -- json: sections, links, pages, new, changed, same, gone, mentions, events, faults
        replay      TEXT                    -- the recorded crawl it read from, NULL for the live site
    )
    """,
    """
    CREATE TABLE faults (
        id          INTEGER PRIMARY KEY,
        run_id      INTEGER NOT NULL REFERENCES runs(id),
        site        TEXT NOT NULL,
        kind        TEXT NOT NULL,          -- see story.FAULT_KINDS
        url         TEXT NOT NULL,
        section     TEXT,                   -- set where a whole section could not be read
        detail      TEXT NOT NULL,
        at          TEXT NOT NULL
    )
    """,
    "CREATE INDEX faults_by_run ON faults(run_id)",  # the summary of a run
    """
    CREATE TABLE sections (
        id              INTEGER PRIMARY KEY,
        site            TEXT NOT NULL,
        name            TEXT NOT NULL,
        url             TEXT NOT NULL,
        etag            TEXT,
        last_modified   TEXT,
        links           TEXT NOT NULL,      -- json: the links of the last listing, read again after a 304
        last_checked_at TEXT NOT NULL,
        last_changed_at TEXT NOT NULL,
        next_check_at   TEXT,
        UNIQUE (site, name)
    )
    """,
    """
    CREATE TABLE stories (
        id              INTEGER PRIMARY KEY,
        site            TEXT NOT NULL,
        site_key        TEXT,
        url             TEXT NOT NULL,      -- where it was read last
        canonical_url   TEXT,
        kicker          TEXT,
        title           TEXT NOT NULL,
        lead            TEXT,
        section         TEXT NOT NULL,      -- "Politik > Ausland"
        kind            TEXT NOT NULL,
        access          TEXT NOT NULL,
        language        TEXT,
        published_at    TEXT,
        modified_at     TEXT,
        date_flags      TEXT NOT NULL,      -- "published:day-only modified:future"
        sort_at         TEXT NOT NULL,      -- published, else first seen
        first_seen_at   TEXT NOT NULL,
        last_seen_at    TEXT NOT NULL,
        last_read_at    TEXT NOT NULL,      -- when a whole page was read last, not a 304
        missing_since   TEXT,               -- first 404 in a row
        gone_at         TEXT,               -- 410, or a second 404
        revisions       INTEGER NOT NULL,
        etag            TEXT,
        last_modified   TEXT,
        listed_at       TEXT,               -- the listing's own time stamp when it was read last
        next_check_at   TEXT
    )
    """,
    "CREATE UNIQUE INDEX stories_by_key ON stories(site, site_key) WHERE site_key IS NOT NULL",  # identity
    "CREATE INDEX stories_by_time ON stories(sort_at)",  # newest first
    "CREATE INDEX stories_by_site ON stories(site, sort_at)",  # newest first of a site
    """
    CREATE TABLE story_urls (
        site            TEXT NOT NULL,
        url             TEXT NOT NULL,
        story_id        INTEGER NOT NULL REFERENCES stories(id),
        first_seen_at   TEXT NOT NULL,
        PRIMARY KEY (site, url)             -- identity: one address, one story
    ) WITHOUT ROWID
    """,
    "CREATE INDEX story_urls_by_story ON story_urls(story_id)",  # all addresses of a story
    """
    CREATE TABLE revisions (
        id              INTEGER PRIMARY KEY,
        story_id        INTEGER NOT NULL REFERENCES stories(id),
        number          INTEGER NOT NULL,   -- 1, 2, ...
        run_id          INTEGER REFERENCES runs(id),
        seen_at         TEXT NOT NULL,
        content_hash    TEXT NOT NULL,
        url             TEXT NOT NULL,
        kicker          TEXT NOT NULL,
        title           TEXT NOT NULL,
        other_titles    TEXT NOT NULL,      -- a line a title
        lead            TEXT NOT NULL,
        body            TEXT NOT NULL,      -- paragraphs and sub-headlines, a blank line between two; mentions count in it
        passages        TEXT NOT NULL,      -- json: [sub-headline or null, number of paragraphs] in the order of body
        caption         TEXT NOT NULL,
        image_credit    TEXT,
        sources         TEXT NOT NULL,      -- a line a source
        authors         TEXT NOT NULL,      -- json
        keywords        TEXT NOT NULL,      -- json
        published_at    TEXT,
        published_raw   TEXT,
        modified_at     TEXT,
        modified_raw    TEXT,
        date_flags      TEXT NOT NULL,
        reading_minutes INTEGER,
        words           INTEGER NOT NULL,
        changed_fields  TEXT NOT NULL,      -- "title body", empty for the first
        words_added     INTEGER NOT NULL,
        words_removed   INTEGER NOT NULL,
        UNIQUE (story_id, number)
    )
    """,
    """
    CREATE TABLE actors (
        id      TEXT PRIMARY KEY,
        name    TEXT NOT NULL,
        kind    TEXT NOT NULL,
        tags    TEXT NOT NULL               -- json
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE mentions (
        id          INTEGER PRIMARY KEY,
        revision_id INTEGER NOT NULL REFERENCES revisions(id),
        story_id    INTEGER NOT NULL REFERENCES stories(id),
        actor       TEXT NOT NULL,
        field       TEXT NOT NULL,
        start       INTEGER NOT NULL,       -- code points in the revision's field
        end         INTEGER NOT NULL,
        surface     TEXT NOT NULL,
        name        TEXT NOT NULL,
        rule        TEXT NOT NULL,
        snippet     TEXT NOT NULL
    )
    """,
    "CREATE INDEX mentions_by_revision ON mentions(revision_id)",  # marks of a story's page, history of its actors
    "CREATE INDEX mentions_by_story ON mentions(story_id, actor)",  # actors of a story
    "CREATE INDEX mentions_by_actor ON mentions(actor, story_id)",  # stories of an actor
    """
    CREATE TABLE events (
        id          INTEGER PRIMARY KEY,
        story_id    INTEGER NOT NULL REFERENCES stories(id),
        revision_id INTEGER NOT NULL REFERENCES revisions(id),
        actor       TEXT NOT NULL,
        kind        TEXT NOT NULL,          -- appeared | headline | left | returned
        field       TEXT,
        at          TEXT NOT NULL,
        UNIQUE (revision_id, actor, kind)
    )
    """,
    "CREATE INDEX events_by_actor ON events(actor, at)",  # what happened to an actor, newest first
    "CREATE INDEX events_by_story ON events(story_id)",  # what happened in a story
    """
    CREATE VIRTUAL TABLE revisions_fts USING fts5(
        kicker, title, lead, body, caption, sources,
        content = 'revisions', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
    )
    """,
    """
    CREATE TRIGGER revisions_into_fts AFTER INSERT ON revisions BEGIN
        INSERT INTO revisions_fts (rowid, kicker, title, lead, body, caption, sources)
        VALUES (new.id, new.kicker, new.title, new.lead, new.body, new.caption, new.sources);
    END
    """,
    """
    CREATE TRIGGER revisions_out_of_fts AFTER DELETE ON revisions BEGIN
        INSERT INTO revisions_fts (revisions_fts, rowid, kicker, title, lead, body, caption, sources)
        VALUES ('delete', old.id, old.kicker, old.title, old.lead, old.body, old.caption, old.sources);
    END
    """,
)
