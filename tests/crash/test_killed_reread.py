"""Kill -9 at every named point of `scrapy reread`, and again while it goes on: it ends as one that nobody disturbed."""

from __future__ import annotations

from pathlib import Path

import pytest

from newswatch.faultpoints import POINTS
from tests.crash.killing import Killing
from tests.crawling import folder_settings
from tests.dump import dump
from tests.rereading import FIRST, LAST, Kept, write_files
from tests.warm import Warm

REREAD = [point for point in POINTS if point.startswith(("reread.", "write."))]


@pytest.fixture(scope="module")
def reread(warm: Warm, tmp_path_factory: pytest.TempPathFactory) -> Killing:
    """Upon a store of five stories that an older reader spoilt, two revisions each."""
    folder = tmp_path_factory.mktemp("to-reread") / "before"
    folder.mkdir()
    write_files(folder)
    with Kept(folder) as kept:
        for key in range(17, 22):
            kept.save(key, f"Rat stimmt Anleger {key} zu", (*FIRST, LAST), spoilt=True)
            kept.save(key, f"Rat stimmt Anleger {key} zu", (FIRST[0], LAST, FIRST[1]), day=1, spoilt=key % 2 == 0)
    out = Killing(warm, folder, lambda f: ["reread", "--yes", *folder_settings(f)], lambda f: dump(f / "news.db"))
    assert dump(folder / "news.db")["mentions"] != dump(out.whole / "news.db")["mentions"]
    return out


@pytest.mark.parametrize("point", REREAD)
def test_a_killed_reread_converges(point: str, reread: Killing, tmp_path: Path) -> None:
    reread.check(point, tmp_path / "x")
