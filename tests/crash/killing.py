"""A command that is killed at a point, killed again while it goes on, and run to its end: held against one that nobody disturbed."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from newswatch.faultpoints import KILL, LOG
from tests.warm import Command, Warm

AT = datetime(2026, 12, 1, 12, tzinfo=UTC)
KILLED = -9


class Killing:
    """`args` of a command upon a folder, and how what it leaves there is looked at. `source` stays as it is."""

    def __init__(self, warm: Warm, source: Path, args: Callable[[Path], list[str]], look: Callable[[Path], Any]) -> None:
        self.source, self._warm, self._args, self._look = source, warm, args, look
        whole = source.with_name("whole")
        shutil.copytree(source, whole)
        assert self._run(whole, {LOG: str(whole / "points")}) == 0, said(whole)
        self.whole = whole
        self._hits = Counter((whole / "points").read_text(encoding="ascii").split())

    def check(self, point: str, folder: Path) -> None:
        """Kills at the first hit of a point, then in the midst of its hits, then at the last of them, as far as it comes."""
        hits = self._hits[point]
        assert hits, "it does not come to this point"
        shutil.copytree(self.source, folder)
        codes = [self._run(folder, {KILL: f"{point}:{hit}"}) for hit in sorted({1, -(-hits * 2 // 3), hits})]
        assert codes[0] == KILLED and set(codes) <= {0, KILLED}, codes
        assert self._run(folder, {}) == 0, said(folder)
        assert self._look(folder) == self._look(self.whole)

    def _run(self, folder: Path, env: dict[str, str]) -> int:
        return self._warm.run(Command(self._args(folder), AT, env), folder / "output.txt")


def said(folder: Path) -> str:
    """What the commands said."""
    return (folder / "output.txt").read_text(encoding="utf-8")
