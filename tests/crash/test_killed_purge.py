"""Kill -9 at every named point of `scrapy purge`, and again while it goes on: all of it is gone in the end, and nothing else."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from newswatch.archive.stored import read_stored
from newswatch.faultpoints import KILL, LOG, POINTS
from newswatch.story import Archived
from tests.crash.warm import Command, Warm
from tests.crawling import folder_settings
from tests.dump import dump
from tests.purging import fill, traces

AT = datetime(2026, 12, 1, 12, tzinfo=UTC)
PURGED = [point for point in POINTS if point.startswith(("purge.", "write."))]


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    with Warm() as process:
        yield process


def purge(warm: Warm, folder: Path, env: dict[str, str]) -> int:
    return warm.run(Command(["purge", "--actor", "harmsen", "--yes", *folder_settings(folder)], AT, env), folder / "output.txt")


def whole(folder: Path) -> dict:
    """The rows, and what of the archive they point to; every pointer leads to a whole page."""
    with closing(Database(folder / "news.db")) as db:
        rows = list(db.query("SELECT url, archive_file, archive_offset FROM revisions WHERE archive_file IS NOT NULL"))
        assert db.execute("SELECT count(*) FROM removals").fetchone()[0] == 0
        forbidden = db.execute("SELECT * FROM purged ORDER BY hash").fetchall()
    for row in rows:
        assert read_stored(folder / "warc", Archived(row["archive_file"], row["archive_offset"])).url == row["url"]
    sizes = sorted(p.stat().st_size for p in (folder / "warc").rglob("*.gz"))
    return {**dump(folder / "news.db"), "purged": forbidden, "pages": sorted(row["url"] for row in rows), "sizes": sizes}


@pytest.fixture(scope="module")
def to_purge(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict, Counter[str]]:
    """A store and archive with what is to go; what is left, and how often each point is reached."""
    folder = tmp_path_factory.mktemp("to-purge") / "before"
    folder.mkdir()
    fill(folder)
    done = folder.with_name("whole")
    shutil.copytree(folder, done)
    assert purge(warm, done, {LOG: str(done / "points.txt")}) == 0, (done / "output.txt").read_text(encoding="utf-8")
    assert traces(folder) and not traces(done)
    return folder, whole(done), Counter((done / "points.txt").read_text(encoding="ascii").split())


@pytest.mark.parametrize("point", PURGED)
def test_a_killed_purge_converges(point: str, warm: Warm, to_purge: tuple[Path, dict, Counter[str]], tmp_path: Path) -> None:
    source, expected, hits = to_purge
    assert hits[point], "no purge reaches this point"
    folder = tmp_path / "x"
    shutil.copytree(source, folder)
    done = 0
    for hit in sorted({1, -(-hits[point] * 2 // 3), hits[point]}):
        code = purge(warm, folder, {KILL: f"{point}:{hit}"})
        done += code == -9
        assert code in (0, -9)
    assert done, "it was never killed"
    assert purge(warm, folder, {}) == 0, (folder / "output.txt").read_text(encoding="utf-8")
    assert whole(folder) == expected and traces(folder) == []
