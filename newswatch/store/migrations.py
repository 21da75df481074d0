"""Migrations: small named functions, each in a transaction; a database of any earlier version upgrades by itself."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from newswatch.store.schema import TABLES

APPLICATION_ID = 0x6E777463
"""`nwtc` in the file's header: how a database says that it is ours."""

migrations = Migrations("newswatch")


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
