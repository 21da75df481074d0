"""A crawl keeps every page it reads; what is kept can be crawled again, without a packet, to the same end."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest
from sqlite_utils import Database

from newswatch.archive.stored import read_stored
from newswatch.demo.__main__ import write_demo_files
from newswatch.demo.server import DemoServer
from newswatch.story import Archived
from tests.crawling import FAST, scrapy
from tests.dump import dump


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two crawls of a paper that was edited between them."""
    folder = tmp_path_factory.mktemp("archived")
    with DemoServer() as papers:
        for papers.step in (0, 1):
            done = run(folder, papers)
            assert done.returncode == 1, done.stderr  # the error page
    return folder


def run(folder: Path, papers: DemoServer, *more: str):
    settings = {**write_demo_files(folder, papers.port), "DATABASE": folder / "news.db"}
    args = [arg for key, value in settings.items() for arg in ("-s", f"{key}={value}")]
    return scrapy("crawl", "morgenbote", *args, *FAST, *more)


def test_every_revision_points_to_the_page_it_was_read_from(crawled: Path) -> None:
    db = Database(crawled / "news.db")
    rows = list(db.query("SELECT url, title, archive_file, archive_offset FROM revisions"))
    assert len(rows) > 6
    for row in rows:
        page = read_stored(crawled / "warc", Archived(row["archive_file"], row["archive_offset"]))
        assert page.status == 200 and page.url.partition("?")[0] == row["url"]
        assert row["title"].split()[0].encode() in gzip.decompress(page.body)
    assert all(row["archive_file"] for row in db.query("SELECT archive_file FROM sections"))
    db.close()


def test_what_was_kept_is_crawled_again_to_the_same_end(crawled: Path, tmp_path: Path) -> None:
    with DemoServer() as nobody:
        pass
    nobody.port = sites_port(crawled)
    done = run(tmp_path, nobody, "-s", f"REPLAY={crawled / 'warc'}")
    assert done.returncode == 1 and "not_recorded" not in done.stdout + done.stderr
    newest = dump(tmp_path / "news.db")
    assert {(s[1], s[4]) for s in newest["stories"]} == {(s[1], s[4]) for s in dump(crawled / "news.db")["stories"]}
    assert not (tmp_path / "warc").exists()


def sites_port(folder: Path) -> int:
    text = (folder / "sites" / "morgenbote.toml").read_text(encoding="utf-8")
    return int(text.split("127.0.0.1:")[1].split("/")[0])


def test_a_disk_on_which_nothing_can_be_kept_costs_no_story(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with DemoServer() as papers:
        done = run(tmp_path, papers, "-s", f"WARC_DIR={tmp_path / 'file'}")
        assert "archive" in done.stdout and "cannot be written" in done.stdout
    db = sqlite3.connect(tmp_path / "news.db")
    assert db.execute("SELECT count(*), count(archive_file) FROM revisions").fetchone()[1] == 0
    assert db.execute("SELECT count(*) FROM faults WHERE kind = 'archive'").fetchone()[0] == 1
    db.close()
