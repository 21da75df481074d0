"""Kill -9 at every named point of `scrapy backup`: nothing but a whole copy ever has the name of one, and the next backup clears up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from newswatch.faultpoints import KILL, POINTS
from newswatch.revisions import decide
from newswatch.store import open_store
from newswatch.store.stories import save
from tests.conftest import make_story
from tests.crawling import a_warm
from tests.dump import dump
from tests.warm import Command

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_killed_backup_leaves_no_half_copy(tmp_path: Path) -> None:
    database, copies = tmp_path / "newswatch.db", tmp_path / "copies"
    db = open_store(database)
    save(db, decide(None, make_story()), [])
    db.close()
    points = [point for point in POINTS if point.startswith("backup.")]
    with a_warm() as warm:
        for hour, point in enumerate(points):
            args = ["backup", f"{copies}/", "-s", f"DATABASE={database}"]
            assert warm.run(Command(args, AT + timedelta(hours=hour), {KILL: point}), tmp_path / "output.txt") == -9
            named = list(copies.glob("*.db"))
            assert len(named) == (point == "backup.named")
            assert all(dump(path) == dump(database) for path in named)
        assert warm.run(Command([*args, "--keep", "1"], AT + timedelta(days=1)), tmp_path / "output.txt") == 0
    left = [path.name for path in copies.iterdir() if not path.name.endswith(("-wal", "-shm"))]
    assert left == ["newswatch-20261123T120000Z.db"] and dump(copies / left[0]) == dump(database)
