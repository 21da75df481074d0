"""One crawl a site: a lock that the kernel holds, and gives back however its holder ends.

site -> data/locks/SITE.lock, next to the database -> flock -> crawl
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from newswatch.errors import BusyError, StoreError


def lock_path(database: Path, site: str) -> Path:
    """Where the lock of a site lies: beside the database that the crawl writes."""
    return database.parent / "locks" / f"{site}.lock"


@contextmanager
def site_lock(database: Path, site: str) -> Iterator[None]:
    """Holds the site for as long as the block lasts. Raises BusyError where another crawl holds it, StoreError where no lock can be made.

    The file stays when the lock goes: to remove it would let two processes hold two files of one name. Child processes
    do not inherit the lock (PEP 446), so a browser that outlives its crawl holds nothing.
    """
    path = lock_path(database, site)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(f"{path} cannot be made ({error.strerror}): make its folder writable") from error
    try:
        _take(handle, path, site)
        yield
    finally:
        os.close(handle)


def _take(handle: int, path: Path, site: str) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(handle, 32, 0).decode("ascii", "replace").strip()
        by = f" (process {holder})" if holder.isdecimal() else ""
        raise BusyError(f"{site}: another crawl of it is under way{by}: nothing was done here; it will do the work", site=site) from error
    except OSError as error:
        raise StoreError(f"{path} cannot be locked ({error.strerror}): keep the database on a local disk") from error
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
