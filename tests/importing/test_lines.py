"""Lines of files, plain and packed, each of bounded length."""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from newswatch.errors import ConfigError
from newswatch.importing import lines
from newswatch.importing.lines import opened


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress])
def test_a_line_that_is_too_long_is_passed_over_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]
) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE", 10)
    file = tmp_path / "file"
    data = pack(b"123456789\n" + b"x" * 10 + b"\n" + b"x" * 95 + b"\nlast")
    file.write_bytes(data)
    with opened(file) as source:
        found = [(line.number, line.text) for line in source.lines()]
        assert source.position() == len(data)
    assert found == [(1, b"123456789\n"), (2, None), (3, None), (4, b"last")]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"), opened(tmp_path / "none"):
        pass
