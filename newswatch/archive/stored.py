"""One stored page, by file and offset."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from newswatch.errors import ArchiveError
from newswatch.story import Archived


@dataclass(frozen=True, slots=True)
class StoredPage:
    """A response as it was kept; `body` with its content coding."""

    url: str
    at: datetime
    status: int
    headers: list[tuple[str, str]]
    body: bytes
    is_rendered: bool


def read_stored(folder: Path, place: Archived) -> StoredPage:
    """The page at a place of the archive, its digest checked. Raises ArchiveError where there is no whole response."""
    with _record(folder, place, parse_http=False) as record:
        if record.record_type != WarcRecordType.response or not record.verify_block_digest():
            raise ArchiveError(f"{place.file}: no whole response at byte {place.offset}")
    with _record(folder, place, parse_http=True) as record:
        http = record.http_headers
        if http is None or http.status_code is None:
            raise ArchiveError(f"{place.file}: no answer at byte {place.offset}")
        at = record.record_date or datetime.min
        return StoredPage(
            url=record.headers.get("WARC-Target-URI", ""),
            at=at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC),
            status=http.status_code,
            headers=[(str(k), str(v)) for k, v in http.astuples()],
            body=record.reader.read(),
            is_rendered="WARC-X-Note" in record.headers,
        )


def read_headers(folder: Path, place: Archived) -> dict[str, str]:
    """The WARC headers of the record at a place, names in lower case; empty where there is none."""
    try:
        with _record(folder, place, parse_http=False) as record:
            return {str(name).lower(): str(value) for name, value in record.headers.astuples()}
    except ArchiveError:
        return {}


@contextmanager
def _record(folder: Path, place: Archived, *, parse_http: bool) -> Iterator[Any]:
    try:
        with (folder / place.file).open("rb") as stream:
            stream.seek(place.offset)
            record: WarcRecord | None = next(iter(ArchiveIterator(stream, parse_http=parse_http)), None)
            if record is None:
                raise ArchiveError(f"{place.file}: nothing at byte {place.offset}")
            yield record
    except (OSError, ValueError, EOFError) as error:
        raise ArchiveError(f"{place.file}: cannot be read at byte {place.offset}: {error}") from error
