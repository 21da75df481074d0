"""Writes what a site answered into its file of the day, before anybody reads it.

Exchange -> exchange_members -> appended, synced -> Archived(file, offset)
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from newswatch.archive.files import file_of, whole_length
from newswatch.archive.records import Exchange, Kept, exchange_members, info_member, payload_digest
from newswatch.archive.stored import read_headers
from newswatch.errors import ArchiveError
from newswatch.faultpoints import fault
from newswatch.story import Archived

ARCHIVE_STAT = "newswatch/archive_problem"
"""The statistic of a crawl that tells why its last page could not be kept."""


class SiteArchive:
    """The one writer of a site's files: who has one holds the site's lock.

    What `keep` gives has reached the disk when it returns, so that no revision ever points to what is not there. A file
    that a crash left in the middle of a record is cut back to its last whole one before anything is added.
    """

    def __init__(self, folder: Path, site: str, info: Mapping[str, str]) -> None:
        self.folder, self._site, self._info = folder, site, info
        self._day: date | None = None
        self._file = ""
        self._handle = -1
        self._length = 0

    def keep(self, exchange: Exchange, before: Archived | None = None) -> Archived:
        """Where the answer is kept now: a full response, for a body that today's file holds already at `before` that one.

        Raises ArchiveError where it cannot be written; the file is left as it was.
        """
        try:
            self._open(exchange)
            same = self._same(exchange, before)
            offset = self._append(exchange_members(exchange, same))
        except OSError as error:
            raise ArchiveError(f"{self.folder / self._file} cannot be written: {error.strerror or error}", url=exchange.url) from error
        if same is not None and before is not None:
            return before
        return Archived(self._file, offset)

    def close(self) -> None:
        """Closes the file."""
        if self._handle >= 0:
            os.close(self._handle)
        self._handle, self._day = -1, None

    def _open(self, exchange: Exchange) -> None:
        """The file of the exchange's day, whole to its end."""
        if self._day == exchange.at.date():
            return
        self.close()
        self._file = file_of(self._site, exchange.at.date())
        path = self.folder / self._file
        path.parent.mkdir(parents=True, exist_ok=True)
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        size = os.fstat(self._handle).st_size
        self._length = whole_length(path) if size else 0
        if self._length < size:
            os.ftruncate(self._handle, self._length)
        if not self._length:
            _sync_folder(path.parent)
            self._append(info_member(self._file, exchange.at, self._info))
        self._day = exchange.at.date()

    def _append(self, data: bytes) -> int:
        """The offset at which it stands."""
        offset = self._length
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._handle, rest) :]
            fault("archive.written")
            os.fdatasync(self._handle)
        except OSError:
            os.ftruncate(self._handle, offset)
            raise
        self._length += len(data)
        return offset

    def _same(self, exchange: Exchange, before: Archived | None) -> Kept | None:
        """The record in today's file that holds the very same body of the same address. Of other days none: a file stands alone."""
        if before is None or before.file != self._file or exchange.status != 200:
            return None
        found = read_headers(self.folder, before)
        if found.get("warc-target-uri") == exchange.url and found.get("warc-payload-digest") == payload_digest(exchange.body):
            return Kept(found["warc-record-id"], found["warc-date"])
        return None


def _sync_folder(folder: Path) -> None:
    """So that the file's name survives a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
