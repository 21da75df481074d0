"""Kill -9 at every named point of `scrapy reread`, and again while it goes on: it ends as one that nobody disturbed."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newswatch.faultpoints import KILL, LOG, POINTS
from tests.crash.warm import Command, Warm
from tests.crawling import folder_settings
from tests.dump import dump
from tests.rereading import FIRST, LAST, Kept, write_files

AT = datetime(2026, 12, 1, 12, tzinfo=UTC)
REREAD = [point for point in POINTS if point.startswith(("reread.", "write."))]


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    with Warm() as process:
        yield process


def reread(warm: Warm, folder: Path, env: dict[str, str]) -> int:
    return warm.run(Command(["reread", "--yes", *folder_settings(folder)], AT, env), folder / "output.txt")


@pytest.fixture(scope="module")
def to_reread(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict, Counter[str]]:
    """A store of five stories that an older reader spoilt, two revisions each; what comes of it, how often each point is reached."""
    folder = tmp_path_factory.mktemp("to-reread") / "before"
    folder.mkdir()
    write_files(folder)
    with Kept(folder) as kept:
        for key in range(17, 22):
            kept.save(key, f"Rat stimmt Anleger {key} zu", (*FIRST, LAST), spoilt=True)
            kept.save(key, f"Rat stimmt Anleger {key} zu", (FIRST[0], LAST, FIRST[1]), day=1, spoilt=key % 2 == 0)
    whole = folder.with_name("whole")
    shutil.copytree(folder, whole)
    assert reread(warm, whole, {LOG: str(whole / "points")}) == 0, (whole / "output.txt").read_text(encoding="utf-8")
    assert dump(folder / "news.db")["mentions"] != dump(whole / "news.db")["mentions"]
    return folder, dump(whole / "news.db"), Counter((whole / "points").read_text(encoding="ascii").split())


@pytest.mark.parametrize("point", REREAD)
def test_a_killed_reread_converges(point: str, warm: Warm, to_reread: tuple[Path, dict, Counter[str]], tmp_path: Path) -> None:
    source, expected, hits = to_reread
    assert hits[point], "no reread reaches this point"
    folder = tmp_path / "x"
    shutil.copytree(source, folder)
    done = 0
    for hit in sorted({1, -(-hits[point] * 2 // 3)}):
        code = reread(warm, folder, {KILL: f"{point}:{hit}"})
        done += code == -9
        assert code in (0, -9)
    assert done, "it was never killed"
    assert reread(warm, folder, {}) == 0, (folder / "output.txt").read_text(encoding="utf-8")
    assert dump(folder / "news.db") == expected
