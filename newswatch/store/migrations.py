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
