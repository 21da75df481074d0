"""What was removed for good: known by hashes only, so that no crawl brings it back as long as a site lists it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlite_utils import Database


def hash_of_url(site: str, url: str) -> str:
    """What stands for an address in the table `purged`."""
    return hashlib.sha256(f"{site}\n{url}".encode(errors="replace")).hexdigest()


def hash_of_key(site: str, key: str) -> str:
    """What stands for the site's own number or name of a story."""
    return hashlib.sha256(f"{site}\nkey\n{key}".encode(errors="replace")).hexdigest()


def is_purged(db: Database, site: str, urls: Iterable[str], key: str | None = None) -> bool:
    """Whether a story was removed: one of its addresses is that of a removed story, or its key is."""
    hashes = [hash_of_url(site, url) for url in urls] + ([hash_of_key(site, key)] if key else [])
    marks = ", ".join("?" * len(hashes))
    return db.execute(f"SELECT 1 FROM purged WHERE site = ? AND hash IN ({marks}) LIMIT 1", [site, *hashes]).fetchone() is not None


def forbid(db: Database, site: str, urls: Iterable[str], keys: Iterable[str]) -> None:
    """No crawl reads these any more. Within a transaction of the caller."""
    hashes = {hash_of_url(site, url) for url in urls} | {hash_of_key(site, key) for key in keys}
    db.conn.executemany("INSERT INTO purged (site, hash) VALUES (?, ?) ON CONFLICT DO NOTHING", [(site, h) for h in sorted(hashes)])
