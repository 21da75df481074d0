"""Records of the archive, copied byte for byte: the answer, the request that it answers, and what their file says of itself."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from newswatch.archive.stored import read_headers
from newswatch.errors import ArchiveError
from newswatch.exporting.hashed import HashedFile
from newswatch.story import Archived

_STEP = 1 << 16


class PageCopier:
    """Copies pages of an archive into one WARC file; each file's own `warcinfo` record before its first page."""

    def __init__(self, folder: Path, target: HashedFile) -> None:
        self._folder, self._target = folder, target
        self._begun: set[str] = set()
        self.count = 0

    def copy(self, place: Archived) -> int:
        """Copies a page; where its answer begins in the new file. Raises ArchiveError where it is not there any more, OSError."""
        headers = read_headers(self._folder, place)
        if headers.get("warc-type") != "response":
            raise ArchiveError(self._why(place))
        path = self._folder / place.file
        lengths = [_whole_member(path, place.offset)]
        after = Archived(place.file, place.offset + lengths[0])
        asked = read_headers(self._folder, after) if after.offset < path.stat().st_size else {}
        if asked.get("warc-type") == "request" and asked.get("warc-concurrent-to") == headers.get("warc-record-id"):
            lengths.append(_whole_member(path, after.offset))
        if place.file not in self._begun:
            self._begun.add(place.file)
            first = Archived(place.file, 0)
            if read_headers(self._folder, first).get("warc-type") == "warcinfo":
                self._copy_bytes(path, 0, _whole_member(path, 0))
        begin = self._target.size
        self._copy_bytes(path, place.offset, sum(lengths))
        self.count += 1
        return begin

    def _why(self, place: Archived) -> str:
        if not (self._folder / place.file).exists():
            return f"{place.file} is not in the archive any more"
        return f"{place.file} has no page at byte {place.offset}"

    def _copy_bytes(self, path: Path, offset: int, length: int) -> None:
        with path.open("rb") as file:
            file.seek(offset)
            while length:
                data = file.read(min(_STEP, length))
                if not data:
                    raise ArchiveError(f"{path.name} became shorter while it was read")
                self._target.write(data)
                length -= len(data)


def _whole_member(path: Path, offset: int) -> int:
    """How many bytes the gzip member that begins at `offset` has. Raises ArchiveError where it is not whole."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            return sum(_packed(file))
    except (OSError, zlib.error) as error:
        raise ArchiveError(f"{path.name} cannot be read at byte {offset}: {error}") from error


def _packed(file: BinaryIO) -> Iterator[int]:
    """Bytes of a member, as they are unpacked; the text is let go."""
    unpacker = zlib.decompressobj(31)
    while not unpacker.eof:
        data = file.read(_STEP)
        if not data:
            raise zlib.error("it is cut off")
        length = len(data)
        while data and not unpacker.eof:
            unpacker.decompress(data, 1 << 20)
            data = unpacker.unconsumed_tail
        yield length - len(unpacker.unused_data)
