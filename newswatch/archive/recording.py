"""A recorded crawl: an index over WARC files, and their responses by URL."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from dataclasses import dataclass
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType
from w3lib.url import canonicalize_url

from newswatch.errors import NewswatchError

_FILE_BITS = 20
"""Of a place in the index: the number of the file; the offset stands above it."""


class NotRecordedError(NewswatchError):
    """The recorded crawl has no response for a URL."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded response. `body` is as it came over the wire, transfer coding undone, content coding kept."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Recording:
    """The responses of a WARC file (plain or gzip), or of all in a folder. `problem` says what is wrong with them; what is whole is used.

    Where a URL was recorded more than once the last response counts, files taken in the order of their names; a revisit
    record counts as the response that it refers to. Of each URL a number is held in memory. Raises NewswatchError
    where a file cannot be read at all or none has a response.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.problem: str | None = None
        self._places: dict[int, int] = {}
        self._files = sorted(p for p in path.rglob("*") if p.name.endswith((".warc", ".warc.gz"))) if path.is_dir() else [path]
        for number, file in enumerate(self._files):
            try:
                self._index(file, number)
            except OSError as error:
                raise NewswatchError(f"{file}: the recorded crawl cannot be read: {error.strerror or error}") from error
        if not self._places:
            raise NewswatchError(f"{path}: no recorded response in it: is it a WARC file?")

    def get(self, url: str) -> Recorded:
        """The response that was recorded for a URL. Raises NotRecordedError."""
        place = self._places.get(_number(canonicalize_url(url)))
        if place is None:
            raise NotRecordedError(f"not in {self.path.name}", url=url)
        with self._files[place & ((1 << _FILE_BITS) - 1)].open("rb") as stream:
            stream.seek(place >> _FILE_BITS)
            for record in ArchiveIterator(stream, record_types=WarcRecordType.response, auto_decode="transfer"):
                http = record.http_headers
                if http is not None and http.status_code is not None:
                    headers = [(str(k), str(v)) for k, v in http.astuples() if str(k).lower() != "transfer-encoding"]
                    return Recorded(http.status_code, headers, record.reader.read())
                break
        raise NotRecordedError(f"the record in {self.path.name} is broken", url=url)

    def _index(self, file: Path, number: int) -> None:
        """Places of the whole responses. A file that is cut off ends the index there, and is said so in `problem`."""
        problem: str | None = None
        responses: dict[int, int] = {}
        with file.open("rb") as stream:
            try:
                for record in ArchiveIterator(stream, parse_http=False, record_types=WarcRecordType.any_type):
                    if not _is_whole(record):
                        problem = f"{file.name} is cut off or broken at byte {record.stream_pos}: what follows is missing"
                        break
                    self._note(record, number, responses)
            except (OSError, ValueError, EOFError) as error:
                problem = f"{file.name} is broken: {error}"
        if problem is None and not _ends_cleanly(file):
            problem = f"{file.name} is cut off: what follows the last whole record is missing"
        self.problem = self.problem or problem

    def _note(self, record: WarcRecord, file: int, responses: dict[int, int]) -> None:
        """`responses` are the places of the file's records by their ids, for its revisits."""
        url, record_id = record.headers.get("WARC-Target-URI"), record.headers.get("WARC-Record-ID")
        place = record.stream_pos << _FILE_BITS | file
        if record.record_type == WarcRecordType.response and url:
            self._places[_number(canonicalize_url(url.strip("<>")))] = place
            if record_id:
                responses[_number(record_id)] = place
        elif record.record_type == WarcRecordType.revisit and url:
            known = responses.get(_number(record.headers.get("WARC-Refers-To") or ""))
            if known is not None:
                self._places[_number(canonicalize_url(url.strip("<>")))] = known


def _number(text: str) -> int:
    """Of 64 bits; two of a million texts share one with a chance of 1 in 40 million."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def _ends_cleanly(file: Path) -> bool:
    """Whether a gzip file ends where a member ends (a plain one ends where its last record did)."""
    with file.open("rb") as raw:
        if raw.read(2) != b"\x1f\x8b":
            return True
    try:
        with gzip.open(file) as stream:
            while stream.read(1 << 20):
                pass
    except (EOFError, OSError, zlib.error):
        return False
    return True


def _is_whole(record: WarcRecord) -> bool:
    return len(record.reader.read()) == record.content_length
