"""Kill -9 at every named point of `scrapy export`: nothing but a whole bundle ever has its name, and the next export clears up."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newswatch.exporting.verifying import verify
from newswatch.faultpoints import KILL, POINTS
from newswatch.matching import Actor
from newswatch.revisions import decide
from newswatch.store import open_store, writing
from newswatch.store.mentions import save_actors
from newswatch.store.stories import save
from newswatch.story import Mention
from tests.conftest import make_story
from tests.crawling import a_warm
from tests.warm import Command

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize("name", ["case", "case.zip"])
def test_a_killed_export_leaves_no_half_bundle(name: str, tmp_path: Path) -> None:
    database, target = tmp_path / "newswatch.db", tmp_path / "bundles" / name
    db = open_store(database)
    save(db, decide(None, make_story()), [Mention("quint", "body", 19, 28, "Ada Quint", "Ada Quint", "exact", "Ada Quint")])
    with writing(db):
        save_actors(db, [Actor.model_validate({"id": "quint", "name": "Ada Quint", "kind": "person"})])
    db.close()
    args = ["export", "--actor", "quint", str(target), "-s", f"DATABASE={database}"]
    with a_warm() as warm:
        for point in (point for point in POINTS if point.startswith("export.")):
            assert warm.run(Command(args, AT, {KILL: point}), tmp_path / "output.txt") == -9
            assert target.exists() == (point == "export.named")
        assert verify(target)[0] == []
        target.rename(target.with_name(f"first-{name}"))
        assert warm.run(Command(args, AT, {}), tmp_path / "output.txt") == 0
    assert sorted(p.name for p in target.parent.iterdir()) == sorted([f"first-{name}", name])
    assert verify(target) == verify(target.with_name(f"first-{name}"))
