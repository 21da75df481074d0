"""Kill -9 at every named point of `scrapy match`, and again while it goes on: it ends as one that nobody disturbed."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import rematching
from newswatch.faultpoints import POINTS
from tests.crash.killing import Killing
from tests.crawling import folder_settings
from tests.dump import dump
from tests.warm import Warm

MATCHED = [point for point in POINTS if point.startswith(("match.", "write."))]


@pytest.fixture(scope="module")
def match(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Killing:
    """Upon a store whose stories were matched with 50 actors, with a watchlist of 550."""
    folder = tmp_path_factory.mktemp("to-match") / "before"
    (folder / "watchlists").mkdir(parents=True)
    rematching.fill(folder / "news.db", 1000, 500)
    _, new = rematching.watched(500)
    lines = (a.model_dump_json(by_alias=True, exclude_defaults=True) for a in new.actors.values())
    (folder / "watchlists" / "new.jsonl").write_text("\n".join(lines), encoding="utf-8")
    out = Killing(warm, folder, lambda f: ["match", "--all", *folder_settings(f)], lambda f: dump(f / "news.db"))
    assert dump(folder / "news.db")["mentions"] != dump(out.whole / "news.db")["mentions"]
    return out


@pytest.mark.parametrize("point", MATCHED)
def test_a_killed_match_converges(point: str, match: Killing, tmp_path: Path) -> None:
    match.check(point, tmp_path / "x")
