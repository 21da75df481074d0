"""Kill -9 anywhere in a crawl or a match, run it again: the database ends as if nothing had happened."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks import rematching
from newswatch.demo.__main__ import write_demo_files
from newswatch.demo.server import DemoServer
from tests.conftest import ROOT
from tests.crawling import FAST
from tests.dump import dump


def command(folder: Path, papers: DemoServer, database: Path) -> list[str]:
    names = write_demo_files(folder, papers.port)
    settings = [arg for key, value in {**names, "DATABASE": database}.items() for arg in ("-s", f"{key}={value}")]
    return [sys.executable, "-m", "scrapy", "crawl", "morgenbote", *settings, *FAST]


def crawl(args: list[str]) -> None:
    done = subprocess.run(args, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr  # the error page


def crawl_and_kill(args: list[str], papers: DemoServer, served: int) -> bool:
    """Kills the crawl when it was served so many answers; False where it ended before."""
    before = len(papers.log)
    process = subprocess.Popen(args, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while len(papers.log) - before < served and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[DemoServer, dict]:
    folder = tmp_path_factory.mktemp("undisturbed")
    with DemoServer() as papers:
        for papers.step in (0, 1):
            crawl(command(folder, papers, folder / "news.db"))
        yield papers, dump(folder / "news.db")


@pytest.mark.parametrize("served", [2, 4, 6, 8, 10])
def test_a_killed_crawl_converges(served: int, undisturbed: tuple[DemoServer, dict], tmp_path: Path) -> None:
    papers, expected = undisturbed
    args = command(tmp_path, papers, tmp_path / "news.db")
    papers.step = 0
    was_killed = crawl_and_kill(args, papers, served)
    crawl(args)
    papers.step = 1
    was_killed |= crawl_and_kill(args, papers, served)
    crawl(args)
    assert was_killed
    assert dump(tmp_path / "news.db") == expected


def test_a_run_that_was_killed_is_marked(undisturbed: tuple[DemoServer, dict], tmp_path: Path) -> None:
    papers, _ = undisturbed
    args = command(tmp_path, papers, tmp_path / "news.db")
    assert crawl_and_kill(args, papers, 4)
    crawl(args)
    from sqlite_utils import Database

    outcomes = [row["outcome"] for row in Database(tmp_path / "news.db").query("SELECT outcome FROM runs ORDER BY id")]
    assert outcomes == ["interrupted", "faults"]


def match_command(folder: Path) -> list[str]:
    settings = [f"DATABASE={folder / 'news.db'}", f"WATCHLISTS_DIR={folder / 'watchlists'}"]
    return [sys.executable, "-m", "scrapy", "match", *(arg for s in settings for arg in ("-s", s))]


def match_and_kill(folder: Path, marked: int) -> bool:
    """Kills `scrapy match` when it has marked so many revisions; False where it ended before."""
    process = subprocess.Popen(match_command(folder), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    db = sqlite3.connect(folder / "news.db")
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if db.execute("SELECT count(*) FROM matched WHERE watchlist = 2").fetchone()[0] >= marked:
            break
    process.send_signal(signal.SIGKILL)
    db.close()
    return process.wait() == -signal.SIGKILL


def matched(folder: Path) -> dict:
    done = subprocess.run(match_command(folder), cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return dump(folder / "news.db")


@pytest.fixture(scope="module")
def to_match(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    """A store whose stories were matched with 50 actors, a watchlist of 2,050, and what comes of it."""
    folder = tmp_path_factory.mktemp("to-match")
    rematching.fill(folder / "news.db", 3000, 2000)
    (folder / "watchlists").mkdir()
    _, new = rematching.watched(2000)
    lines = (a.model_dump_json(by_alias=True, exclude_defaults=True) for a in new.actors.values())
    (folder / "watchlists" / "new.jsonl").write_text("\n".join(lines), encoding="utf-8")
    whole = folder / "whole"
    shutil.copytree(folder, whole)
    return folder, matched(whole)


@pytest.mark.parametrize("marked", [1, 200, 1000, 1800])
def test_a_killed_match_converges(marked: int, to_match: tuple[Path, dict], tmp_path: Path) -> None:
    source, expected = to_match
    folder = tmp_path / "x"
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("whole"))
    assert match_and_kill(folder, marked)
    half = dump(folder / "news.db")
    assert half["mentions"] != expected["mentions"] and half["matched"] != expected["matched"]
    assert matched(folder) == expected
