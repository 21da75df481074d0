"""A file's lines, one at a time and of bounded length, plain or packed (gz, bz2)."""

from __future__ import annotations

import bz2
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from newswatch.errors import ConfigError
from newswatch.importing.found import Unreadable

LONGEST_LINE = 16 * 1024 * 1024
"""Bytes, unpacked."""


@dataclass(frozen=True, slots=True)
class Line:
    """`number` counts from 1. `text` is None where the line is longer than LONGEST_LINE; the next one is read all the same."""

    number: int
    text: bytes | None

    @property
    def where(self) -> str:
        """`line 17`."""
        return f"line {self.number}"


class Source:
    """An open file."""

    def __init__(self, raw: BinaryIO, unpacked: BinaryIO) -> None:
        self._raw = raw
        self._unpacked = unpacked

    def position(self) -> int:
        """Bytes of the file that are read, as it lies on the disk; 0 of a pipe."""
        return self._raw.tell() if self._raw.seekable() else 0

    def lines(self) -> Iterator[Line]:
        """All lines, with their ends. Raises Unreadable where the file breaks off."""
        number = 0
        try:
            while text := self._unpacked.readline(LONGEST_LINE + 1):
                number += 1
                if len(text) <= LONGEST_LINE:
                    yield Line(number, text)
                    continue
                while text and not text.endswith(b"\n"):
                    text = self._unpacked.readline(LONGEST_LINE)
                yield Line(number, None)
        except (OSError, EOFError, zlib.error) as error:
            raise Unreadable(f"breaks off after line {number}: {error}") from error


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """The file, unpacked where its first bytes say that it is packed. Raises ConfigError where it cannot be opened."""
    try:
        raw = path.open("rb")
    except OSError as error:
        raise ConfigError([f"{path}: cannot be read: {error.strerror}"]) from error
    with raw:
        magic = raw.peek(3)[:3]
        unpacked: BinaryIO = raw
        if magic.startswith(b"\x1f\x8b"):
            unpacked = gzip.GzipFile(fileobj=raw)  # type: ignore[assignment]
        elif magic == b"BZh":
            unpacked = bz2.BZ2File(raw)  # type: ignore[assignment]
        yield Source(raw, unpacked)
