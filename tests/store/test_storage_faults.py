"""Faults 43 to 46: a database that is busy, full, corrupt or read-only ends a crawl with a clear sentence, and nothing half done."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from newswatch.errors import StoreError
from newswatch.revisions import decide
from newswatch.store import open_store
from newswatch.store.stories import last_revision, save
from tests.conftest import ROOT, make_story
from tests.crawling import FAST, write_site
from tests.dump import dump
from tests.spiders.served import HTML, ServedSite

STORIES = 6

SCRAPY = "from newswatch.store import opening; {first}; from scrapy.cmdline import execute; execute()"
"""A crawl in a process of its own, with one thing made otherwise first."""


def article(n: int) -> bytes:
    text = "Der Rat der kleinen Stadt hat gestern lange beraten und am Ende zugestimmt, wie die Sprecherin sagte. " * 40
    return f"<html><body><article><h1>Der Rat tagt zum {n}. Mal</h1><p>{n} Mal. {text}</p></article></body></html>".encode()


class Asking(dict):
    """The pages of a site; calls `then` when a page is asked for."""

    def __init__(self, then: Callable[[str], object]) -> None:
        super().__init__()
        self.then = then

    def get(self, path: str, default: object = None) -> object:
        self.then(path)
        return super().get(path, default)


@contextmanager
def paper(folder: Path, then: Callable[[str], object] = lambda _: None) -> Iterator[ServedSite]:
    """A section and its articles, and the site file of it."""
    with ServedSite() as site:
        site.pages = Asking(then)
        items = "".join(f'<li><a href="{{home}}/politik/{n}/ein-fall">Der Rat tagt zum {n}. Mal</a></li>' for n in range(STORIES))
        site.pages["/politik/"] = (200, HTML, f"<html><body><main><ul>{items}</ul></main></body></html>".encode())
        site.pages |= {f"/politik/{n}/ein-fall": (200, HTML, article(n)) for n in range(STORIES)}
        write_site(folder, site.url)
        yield site


def crawl(folder: Path, first: str = "pass", wrap: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    names = {"DATABASE": folder / "data" / "news.db", "SITES_DIR": folder / "sites", "WATCHLISTS_DIR": folder / "watchlists"}
    settings = [arg for key, value in {**names, "CONTACT": "tests"}.items() for arg in ("-s", f"{key}={value}")]
    command = [*wrap, sys.executable, "-c", SCRAPY.format(first=first), "crawl", "beispiel", *settings, *FAST]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def read(database: Path) -> tuple[int, list[int], str]:
    """How many stories are there, how many revisions each has, and how the last run ended."""
    with closing(sqlite3.connect(database)) as db:
        stories = db.execute("SELECT (SELECT count(*) FROM revisions WHERE story_id = s.id) FROM stories s").fetchall()
        outcome = db.execute("SELECT outcome FROM runs ORDER BY id DESC LIMIT 1").fetchone()[0]
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",) and not db.execute("PRAGMA foreign_key_check").fetchall()
    return len(stories), [n for (n,) in stories], outcome


# --- 43


class Holder:
    """Another program, which holds the database from when an article is asked for."""

    def __init__(self, database: Path, seconds: float) -> None:
        self.database, self.seconds, self.let_go = database, seconds, threading.Event()
        self.taken = False

    def __call__(self, path: str) -> None:
        if path.endswith("/3/ein-fall") and not self.taken:
            self.taken = True
            holding = threading.Event()
            threading.Thread(target=self._hold, args=(holding,), daemon=True).start()
            holding.wait(10)

    def _hold(self, holding: threading.Event) -> None:
        with closing(sqlite3.connect(self.database, timeout=10, isolation_level=None)) as db:
            db.execute("BEGIN IMMEDIATE")
            holding.set()
            self.let_go.wait(self.seconds)
            db.execute("ROLLBACK")


def test_a_database_that_is_busy_for_a_while_is_waited_for(tmp_path: Path) -> None:
    holder = Holder(tmp_path / "data" / "news.db", 1)
    with paper(tmp_path, holder):
        done = crawl(tmp_path)
    assert holder.taken and done.returncode == 0, done.stderr
    assert read(holder.database) == (STORIES, [1] * STORIES, "ok")


def test_a_database_that_stays_busy_ends_the_crawl_with_74_and_the_next_one_makes_it_whole(tmp_path: Path) -> None:
    holder = Holder(tmp_path / "data" / "news.db", 60)
    with paper(tmp_path, holder):
        done = crawl(tmp_path, "opening.BUSY_SECONDS = 0.3")
        holder.let_go.set()
        assert done.returncode == 74 and "is locked by another program for more than 0.3 s: end that one" in done.stderr, done.stderr
        assert "Traceback" not in done.stderr
        count, revisions, _ = read(holder.database)
        assert count < STORIES and set(revisions) <= {1}
        assert crawl(tmp_path).returncode == 0
    assert read(holder.database) == (STORIES, [1] * STORIES, "ok")


def test_a_database_that_is_busy_from_the_start_is_said_before_anything_is_fetched(tmp_path: Path) -> None:
    open_store(tmp_path / "data" / "news.db").close()
    with paper(tmp_path) as site, closing(sqlite3.connect(tmp_path / "data" / "news.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = crawl(tmp_path, "opening.BUSY_SECONDS = 0.3")
        assert done.returncode == 74 and "is locked by another program" in done.stderr and site.asked == []


# --- 44

SMALL_DATABASE = (
    "prepare = opening._prepare; opening._prepare = lambda db, path:"
    " (prepare(db, path), db.execute('PRAGMA max_page_count = ' + str(db.execute('PRAGMA page_count').fetchone()[0] + 3)))"
)
SMALL_DISK = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({0}, {0}))"


@pytest.mark.parametrize("limit", ["pages", "disk"])
def test_a_disk_that_fills_up_ends_the_crawl_with_74_and_the_next_one_makes_it_whole(limit: str, tmp_path: Path) -> None:
    database = tmp_path / "data" / "news.db"
    open_store(database).close()
    with paper(tmp_path):
        done = crawl(tmp_path, SMALL_DATABASE if limit == "pages" else SMALL_DISK.format(database.stat().st_size))
        assert done.returncode == 74 and "the store failed, the crawl ends: could not be saved: " in done.stderr, done.stderr
        assert ("disk is full: make room" in done.stderr) or ("disk I/O error (full, or failing)" in done.stderr)
        assert "Traceback" not in done.stderr
        count, revisions, _ = read(database)
        assert count < STORIES and set(revisions) <= {1}
        assert crawl(tmp_path).returncode == 0
    assert read(database) == (STORIES, [1] * STORIES, "ok")


# --- 45


def saved(path: Path, stories: range) -> None:
    db = open_store(path)
    for n in stories:
        story = make_story(site_key=str(n), url=f"https://www.beispiel.example/politik/{n}/ein-fall", title=f"Der Rat tagt zum {n}. Mal")
        save(db, decide(last_revision(db, story), story), [])
    db.close()


def killed(folder: Path) -> Path:
    """A database as kill -9 leaves it: some stories in the file, some in its log only."""
    path = folder / "news.db"
    saved(path, range(5))
    db = open_store(path)
    db.execute("PRAGMA wal_autocheckpoint = 0")
    for n in range(5, 12):
        story = make_story(site_key=str(n), url=f"https://www.beispiel.example/politik/{n}/ein-fall", title=f"Der Rat tagt zum {n}. Mal")
        save(db, decide(None, story), [])
    copy = folder / "copy" / "news.db"
    copy.parent.mkdir()
    for suffix in ("", "-wal"):
        shutil.copy(f"{path}{suffix}", f"{copy}{suffix}")
    db.close()
    return copy


def left_alone(path: Path, words: str) -> None:
    log = path.with_name("news.db-wal")
    before = path.read_bytes() if path.exists() else None, log.read_bytes()
    with pytest.raises(StoreError, match=words):
        open_store(path)
    assert (path.read_bytes() if path.exists() else None, log.read_bytes()) == before


def test_a_log_that_is_whole_is_used(tmp_path: Path) -> None:
    assert len(dump(killed(tmp_path))["stories"]) == 12


@pytest.mark.parametrize("place", [0.02, 0.3, 0.6, 0.95])
def test_a_damaged_log_costs_only_the_last_stories_and_they_are_found_again(place: float, tmp_path: Path) -> None:
    copy = killed(tmp_path)
    log = copy.with_name("news.db-wal")
    data = bytearray(log.read_bytes())
    at = int(len(data) * place)
    data[at : at + 64] = bytes(64 * [0xAA])
    log.write_bytes(data)
    found = dump(copy)
    numbers = sorted(int(row[1]) for row in found["stories"])
    assert 5 <= len(numbers) < 12 and numbers == list(range(len(numbers)))
    assert len(found["revisions"]) == len(found["urls"]) == len(numbers)
    saved(copy, range(12))
    assert dump(copy) == dump(tmp_path / "news.db")


def test_a_truncated_database_is_refused_and_its_log_not_written_into_it(tmp_path: Path) -> None:
    copy = killed(tmp_path)
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    copy.with_name("news.db-wal").write_bytes(copy.with_name("news.db-wal").read_bytes()[:32])
    left_alone(copy, "damaged")


def test_damage_beside_a_log_is_refused_and_the_log_not_written_into_it(tmp_path: Path) -> None:
    copy = killed(tmp_path)
    data = bytearray(copy.read_bytes())
    for start in range(8 * 4096, len(data), 4096):
        data[start : start + 200] = b"\xaa" * 200
    copy.write_bytes(data)
    left_alone(copy, "damaged")


def test_an_empty_database_beside_its_log_is_refused_not_made_anew(tmp_path: Path) -> None:
    copy = killed(tmp_path)
    copy.write_bytes(b"")
    left_alone(copy, "is empty, but its log news.db-wal is there: restore a backup")
    copy.unlink()
    left_alone(copy, "is gone, but its log")


def test_a_corrupt_database_is_said_before_anything_is_fetched(tmp_path: Path) -> None:
    database = tmp_path / "data" / "news.db"
    database.parent.mkdir()
    database.write_bytes(b"SQLite format 3\0" + b"\xaa" * 9000)
    before = database.read_bytes()
    with paper(tmp_path) as site:
        done = crawl(tmp_path)
        assert done.returncode == 74 and "restore a backup; it was left as it is" in done.stderr and site.asked == []
    assert database.read_bytes() == before


# --- 46


def read_only(folder: Path) -> tuple[str, ...]:
    """What a command stands behind to see a folder on a read-only file system; skips the test where that is not allowed."""
    wrap = ("unshare", "-m", "sh", "-c", f'mount --bind "{folder}" "{folder}" && mount -o remount,bind,ro "{folder}" && exec "$@"', "sh")
    if shutil.which("unshare") is None or subprocess.run([*wrap, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no right to mount anything here")
    return wrap


@pytest.mark.parametrize("is_there", [True, False])
def test_a_read_only_disk_is_said_before_anything_is_fetched(is_there: bool, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    if is_there:
        open_store(tmp_path / "data" / "news.db").close()
    with paper(tmp_path) as site:
        done = crawl(tmp_path, wrap=read_only(tmp_path / "data"))
        assert done.returncode == 74 and "is on a read-only file system: choose another DATABASE" in done.stderr, done.stderr
        assert "Traceback" not in done.stderr and site.asked == []
    assert len(list((tmp_path / "data").iterdir())) == is_there


def test_a_read_only_file_is_said_before_anything_is_fetched(tmp_path: Path) -> None:
    open_store(tmp_path / "data" / "news.db").close()
    (tmp_path / "data" / "news.db").chmod(0o444)
    with paper(tmp_path) as site:
        done = crawl(tmp_path)
        assert done.returncode == 74 and "is read-only: make it writable" in done.stderr and site.asked == []
