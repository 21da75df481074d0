"""Kill -9 at every named point of `scrapy purge`, and again while it goes on: all of it is gone in the end, and nothing else."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from newswatch.archive.stored import read_stored
from newswatch.faultpoints import POINTS
from newswatch.story import Archived
from tests.crash.killing import Killing
from tests.crawling import folder_settings
from tests.dump import dump
from tests.purging import fill, traces
from tests.warm import Warm

PURGED = [point for point in POINTS if point.startswith(("purge.", "write."))]


def left(folder: Path) -> dict:
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
def purge(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Killing:
    """Upon a store and archive with what is to go."""
    folder = tmp_path_factory.mktemp("to-purge") / "before"
    folder.mkdir()
    fill(folder)
    out = Killing(warm, folder, lambda f: ["purge", "--actor", "harmsen", "--yes", *folder_settings(f)], left)
    assert traces(folder) and not traces(out.whole)
    return out


@pytest.mark.parametrize("point", PURGED)
def test_a_killed_purge_converges(point: str, purge: Killing, tmp_path: Path) -> None:
    purge.check(point, tmp_path / "x")
    assert traces(tmp_path / "x") == []
