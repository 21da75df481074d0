"""Files that are hashed while they are written."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class HashedFile:
    """A new file; `sha256` and `size` of what was written so far. When it is closed it has reached the disk. Raises OSError."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.size = 0
        self.lines = 0
        self._hash = hashlib.sha256()
        self._file = path.open("xb")

    def write(self, data: bytes) -> None:
        """Adds bytes."""
        self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    def write_line(self, row: Mapping[str, Any]) -> None:
        """Adds a line of JSON."""
        self.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass") + b"\n")
        self.lines += 1

    @property
    def sha256(self) -> str:
        """In hexadecimal digits."""
        return self._hash.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is None:
            self._file.flush()
            os.fsync(self._file.fileno())
        self._file.close()
