"""Kill -9 at every named point of `scrapy match`, and again while it goes on: it ends as one that nobody disturbed."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from benchmarks import rematching
from newswatch.faultpoints import KILL, LOG, POINTS
from tests.crash.warm import Command, Warm
from tests.dump import dump

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
MATCHED = [point for point in POINTS if point.startswith(("match.", "write."))]


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    with Warm() as process:
        yield process


def match(warm: Warm, folder: Path, env: dict[str, str]) -> int:
    args = ["match", "--all", "-s", f"DATABASE={folder / 'news.db'}", "-s", f"WATCHLISTS_DIR={folder / 'watchlists'}"]
    return warm.run(Command(args, AT, env), folder / "output.txt")


@pytest.fixture(scope="module")
def to_match(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict, Counter[str]]:
    """A store whose stories were matched with 50 actors, a watchlist of 550; what comes of it, and how often each point is reached."""
    folder = tmp_path_factory.mktemp("to-match")
    rematching.fill(folder / "news.db", 1000, 500)
    (folder / "watchlists").mkdir()
    _, new = rematching.watched(500)
    lines = (a.model_dump_json(by_alias=True, exclude_defaults=True) for a in new.actors.values())
    (folder / "watchlists" / "new.jsonl").write_text("\n".join(lines), encoding="utf-8")
    whole = folder / "whole"
    shutil.copytree(folder, whole)
    assert match(warm, whole, {LOG: str(whole / "points")}) == 0, (whole / "output.txt").read_text(encoding="utf-8")
    assert dump(folder / "news.db")["mentions"] != dump(whole / "news.db")["mentions"]
    return folder, dump(whole / "news.db"), Counter((whole / "points").read_text(encoding="ascii").split())


@pytest.mark.parametrize("point", MATCHED)
def test_a_killed_match_converges(point: str, warm: Warm, to_match: tuple[Path, dict, Counter[str]], tmp_path: Path) -> None:
    source, expected, hits = to_match
    assert hits[point], "no match reaches this point"
    folder = tmp_path / "x"
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("whole"))
    for hit in sorted({1, -(-hits[point] * 2 // 3)}):
        assert match(warm, folder, {KILL: f"{point}:{hit}"}) == -9
    assert match(warm, folder, {}) == 0
    assert dump(folder / "news.db") == expected
