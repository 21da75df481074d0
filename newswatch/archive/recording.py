"""A recorded crawl: an index over a WARC file, and its responses by URL."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from w3lib.url import canonicalize_url

from newswatch.errors import NewswatchError


class NotRecordedError(NewswatchError):
    """The recorded crawl has no response for a URL."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded response. `body` is as it came over the wire, transfer coding undone, content coding kept."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Recording:
    """The responses of a WARC file (plain or gzip). `problem` says what is wrong with it; what is whole is used.

    Where a URL was recorded more than once the last response counts. Raises NewswatchError where the file cannot be
    read at all or has no response.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem: str | None = None
        self._offsets: dict[str, int] = {}
        try:
            self._index()
        except OSError as error:
            raise NewswatchError(f"{path}: the recorded crawl cannot be read: {error.strerror or error}") from error
        if not self._offsets:
            raise NewswatchError(f"{path}: no recorded response in it: is it a WARC file?")

    def get(self, url: str) -> Recorded:
        """The response that was recorded for a URL. Raises NotRecordedError."""
        offset = self._offsets.get(canonicalize_url(url))
        if offset is None:
            raise NotRecordedError(f"not in {self.path.name}", url=url)
        with self.path.open("rb") as stream:
            stream.seek(offset)
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response, auto_decode="transfer"):
                http = record.http_headers
                if http is not None and http.status_code is not None:
                    headers = [(str(k), str(v)) for k, v in http.astuples() if str(k).lower() != "transfer-encoding"]
                    return Recorded(http.status_code, headers, record.reader.read())
                break
        raise NotRecordedError(f"the record in {self.path.name} is broken", url=url)

    def _index(self) -> None:
        """Offsets of the whole responses. A file that is cut off ends the index there, and is said so in `problem`."""
        with self.path.open("rb") as stream:
            try:
                for record in ArchiveIterator(stream, parse_http=False, record_types=WarcRecordType.any_type):
                    if not _is_whole(record):
                        self.problem = f"{self.path.name} is cut off or broken at byte {record.stream_pos}: what follows is missing"
                        return
                    url = record.headers.get("WARC-Target-URI")
                    if record.record_type == WarcRecordType.response and url:
                        self._offsets[canonicalize_url(url.strip("<>"))] = record.stream_pos
            except (OSError, ValueError, EOFError) as error:
                self.problem = f"{self.path.name} is broken: {error}"
        if self.problem is None and not self._ends_cleanly():
            self.problem = f"{self.path.name} is cut off: what follows the last whole record is missing"

    def _ends_cleanly(self) -> bool:
        """Whether a gzip file ends where a member ends (a plain one ends where its last record did)."""
        with self.path.open("rb") as raw:
            if raw.read(2) != b"\x1f\x8b":
                return True
        try:
            with gzip.open(self.path) as stream:
                while stream.read(1 << 20):
                    pass
        except (EOFError, OSError, zlib.error):
            return False
        return True


def _is_whole(record: WarcRecord) -> bool:
    return len(record.reader.read()) == record.content_length
