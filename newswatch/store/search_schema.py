"""The tables of the search: one row a story in the index, where it stands there, and the words that the stories know."""

SEARCH_TABLES = (
    "DROP TRIGGER IF EXISTS revisions_into_fts",
    "DROP TRIGGER IF EXISTS revisions_out_of_fts",
    "DROP TRIGGER IF EXISTS revisions_again_in_fts",
    "DROP TABLE IF EXISTS revisions_fts",  # had every revision, by row: neither one row a story nor the newest first
    """
    CREATE VIRTUAL TABLE stories_fts USING fts5(
        headline,       -- kicker, title, other titles: each as searching.words.indexed makes it; rowid: the slot
        lead, body,
        notes,          -- caption, sources
        marks,          -- see searching.slots
        content = '', tokenize = 'ascii'
    )
    """,
    """
    CREATE TABLE story_slots (
        slot            INTEGER PRIMARY KEY,    -- see searching.slots: the newest have the highest
        story_id        INTEGER UNIQUE,         -- of stories; NULL: what stands in the index here is nobody's any more
        revision_id     INTEGER NOT NULL,       -- whose text stands in the index
        content_hash    TEXT NOT NULL,          -- of that text; empty: another text stands in the revision now
        sort_at         TEXT NOT NULL,
        site            TEXT NOT NULL,          -- site, section, kind and actors as they stand in the index
        section         TEXT NOT NULL,
        kind            TEXT NOT NULL,
        actors          TEXT NOT NULL           -- those of story_actors, with spaces between
    )
    """,
    "CREATE INDEX story_slots_stale ON story_slots(story_id) WHERE content_hash = ''",  # what must be indexed anew
    """
    CREATE TRIGGER revisions_stale_in_index
    AFTER UPDATE OF kicker, title, other_titles, lead, body, caption, sources ON revisions BEGIN
        UPDATE story_slots SET content_hash = '' WHERE story_id = new.story_id AND revision_id = new.id;
    END
    """,
    """
    CREATE TABLE words (
        id          INTEGER PRIMARY KEY,        -- the commonest words come early, so have low ones
        word        TEXT NOT NULL,              -- folded: see searching.words
        language    TEXT NOT NULL,              -- of the story that it was first seen in; empty: not known
        stem        TEXT NOT NULL,              -- folded
        plain       TEXT,                       -- NULL: as word
        UNIQUE (word, language)
    )
    """,
    "CREATE INDEX words_by_stem ON words(stem)",  # inflected forms
    "CREATE INDEX words_by_plain ON words(plain) WHERE plain IS NOT NULL",  # umlauts written in two letters
    "CREATE VIEW long_words AS SELECT id, word FROM words WHERE length(word) >= 8",
    """
    CREATE VIRTUAL TABLE words_inside USING fts5(
        word, content = 'long_words', content_rowid = 'id', tokenize = 'trigram', detail = 'none', columnsize = 0
    )
    """,  # words that others are a part of
    """
    CREATE TRIGGER words_into_inside AFTER INSERT ON words WHEN length(new.word) >= 8 BEGIN
        INSERT INTO words_inside (rowid, word) VALUES (new.id, new.word);
    END
    """,
    "CREATE TABLE word_languages (language TEXT PRIMARY KEY) WITHOUT ROWID",  # those of words
    "INSERT INTO fillings SELECT 'search', 0 WHERE EXISTS (SELECT 1 FROM stories)",
)

SHORTER_WORDS_INSIDE = (
    "DROP TRIGGER words_into_inside",
    "DROP VIEW long_words",
    "CREATE VIEW long_words AS SELECT id, word FROM words WHERE length(word) >= 6",  # see compounds.LEAST_WORD
    """
    CREATE TRIGGER words_into_inside AFTER INSERT ON words WHEN length(new.word) >= 6 BEGIN
        INSERT INTO words_inside (rowid, word) VALUES (new.id, new.word);
    END
    """,
    "INSERT INTO words_inside (words_inside) VALUES ('rebuild')",
)
"""Words of six letters may be compounds, too: Erdgas, Radweg."""
