"""Kill -9 while two stories become one, and while an article of several pages is read: it ends as if nothing had happened."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newswatch.faultpoints import KILL, POINTS
from tests.crawling import FAST, a_warm, folder_settings
from tests.dump import dump
from tests.spiders.hostile import HTML
from tests.spiders.served import ServedSite
from tests.spiders.test_identity import FAIR, FLOOD, Paper, article, pager, to
from tests.warm import Command, Warm

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
OLD, NEW, LONG = "/politik/die-flut-steigt", "/politik/die-flut-sinkt", "/politik/die-messe-beginnt"
JOINED = [point for point in POINTS if point.startswith(("join.", "part.", "save.", "write."))]


def visit(warm: Warm, folder: Path, hours: int, kill: str = "") -> int:
    args = ["crawl", "beispiel", "-a", "due=0", *folder_settings(folder), *FAST]
    return warm.run(Command(args, AT + timedelta(hours=hours), {KILL: kill} if kill else {}), folder / "output.txt")


@pytest.fixture(scope="module")
def joining(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Warm, Path, dict]]:
    """A store with two stories that are one from now on, and a long one that changes; what a crawl makes of it."""
    folder = tmp_path_factory.mktemp("joining")
    with ServedSite() as site, a_warm() as warm:
        Paper(folder, site)
        (folder / "watchlists").mkdir()
        (folder / "watchlists" / "a.toml").write_text('[quint]\nname = "Ada Quint"\nkind = "person"\n', encoding="utf-8")
        links = "".join(f'<p><a href="{path}">Eine Meldung aus der Stadt</a></p>' for path in (OLD, NEW, LONG))
        site.pages |= {
            "/politik/": (200, HTML, f"<main>{links}</main>".encode()),
            OLD: article("Die Flut", FLOOD),
            NEW: article("Die Flut", FLOOD[:5]),
            LONG: article("Die Messe", FAIR[:3], more=pager(LONG, 2)),
            f"{LONG}?seite=2": article("Die Messe", FAIR[3:]),
        }
        assert visit(warm, folder, 0) == 0, (folder / "output.txt").read_text(encoding="utf-8")
        site.pages |= {OLD: to(NEW), NEW: article("Die Flut sinkt", FLOOD), f"{LONG}?seite=2": article("Die Messe", FAIR[2:])}
        whole = folder / "whole"
        shutil.copytree(folder, whole)
        assert visit(warm, whole, 1) == 0
        expected = dump(whole / "news.db")
        assert len(expected["stories"]) == 2 and len(expected["joined"]) == 1 and len(expected["revisions"]) == 4
        yield warm, folder, expected


@pytest.mark.parametrize("point", JOINED)
def test_a_killed_join_converges(point: str, joining: tuple[Warm, Path, dict], tmp_path: Path) -> None:
    warm, source, expected = joining
    folder = tmp_path / "x"
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("whole"))
    assert visit(warm, folder, 1, f"{point}:1") == -9, "it was not killed there"
    visit(warm, folder, 1)
    assert dump(folder / "news.db") == expected
