"""The files of the archive: one a site and day, how they are named, and how far a file is whole.

WARC_DIR / t-online / t-online-20261125.warc.gz; a file that was written anew without some records: t-online-20261125.1.warc.gz
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

_NAME = re.compile(r"(?P<stem>.+-(?P<day>\d{8}))(?:\.(?P<number>\d+))?\.warc\.gz")
_MEMBER, _WARC = b"\x1f\x8b\x08", b"WARC/1."
_STEP = 1 << 20


def archive_folder(warc_dir: Path | str | None, database: Path) -> Path:
    """Where the archive lies: the setting WARC_DIR, beside the database where it is not set."""
    return Path(warc_dir) if warc_dir else database.parent / "warc"


def file_of(site: str, day: date) -> str:
    """The name of a site's file of a day (UTC), relative to the archive's folder."""
    return f"{site}/{site}-{day:%Y%m%d}.warc.gz"


def day_of(path: Path | str) -> date | None:
    """The day (UTC) that a file's name tells, None for a file that is not ours."""
    found = _NAME.fullmatch(Path(path).name)
    try:
        return date.fromisoformat(found["day"]) if found else None
    except ValueError:
        return None


def next_name(folder: Path, file: str) -> str:
    """A name of the same site and day that no file has yet."""
    found = _NAME.fullmatch(Path(file).name)
    stem = found["stem"] if found else Path(file).name
    number = 1
    while (folder / (name := f"{Path(file).parent.as_posix()}/{stem}.{number}.warc.gz")).exists():
        number += 1
    return name


def files_of(folder: Path, site: str) -> list[str]:
    """A site's files, the oldest day first, relative to the archive's folder; only those that are ours."""
    found = [(day, p.name) for p in (folder / site).glob("*.warc.gz") if (day := day_of(p))]
    return [f"{site}/{name}" for _, name in sorted(found)]


def whole_length(path: Path) -> int:
    """How many bytes of a file of gzip members are whole records: its size, less a last member that a crash cut off.

    Looks at the end only: all before the last member was written, and synced, before it was begun.
    """
    with path.open("rb") as file:
        for start in _members_from_the_end(file):
            end = end_of_record(file, start)
            if end is not None:
                return end
    return 0


def _members_from_the_end(file: BinaryIO) -> Iterator[int]:
    """Places where a gzip member may begin, the last first."""
    end = file.seek(0, 2)
    while end > 0:
        begin = max(0, end - _STEP)
        file.seek(begin)
        block = file.read(end - begin + len(_MEMBER) - 1)
        at = block.rfind(_MEMBER)
        while at >= 0:
            yield begin + at
            at = block.rfind(_MEMBER, 0, at + len(_MEMBER) - 1)
        end = begin


def end_of_record(file: BinaryIO, start: int) -> int | None:
    """Where the record that begins at `start` ends; `start` itself where it is cut off; None where no record begins there."""
    unpacker = zlib.decompressobj(31)
    head, place = b"", start
    try:
        while not unpacker.eof:
            file.seek(place)
            packed = file.read(1 << 16)
            if not packed:
                return start if head == _WARC else None
            place += len(packed)
            while packed and not unpacker.eof:
                text = unpacker.decompress(packed, _STEP)
                head = head or text[: len(_WARC)]
                packed = unpacker.unconsumed_tail
                if head and not _WARC.startswith(head):
                    return None
    except zlib.error:
        return None
    return place - len(unpacker.unused_data) if head == _WARC else None
