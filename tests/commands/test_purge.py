"""`scrapy purge`: what goes is gone from every byte, what stays is as it was, and what went does not come back."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator

from newswatch.archive.stored import read_stored
from newswatch.errors import StoreError
from newswatch.store import open_store
from newswatch.store.locks import site_lock
from newswatch.store.purging import Selection, compact, delete, select
from newswatch.story import Archived
from tests.crawling import crawl, folder_settings, scrapy, write_site
from tests.dump import dump
from tests.purging import SECRET, TITLE, URL, fill, traces
from tests.rereading import FIRST, HOME, WATCHLIST, Kept, html
from tests.spiders.hostile import HTML
from tests.spiders.served import ServedSite

DAY = "warc/beispiel/beispiel-202611{}.warc.gz"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    fill(tmp_path)
    return tmp_path


def purge(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return scrapy("purge", *folder_settings(folder), *args)


def rows(folder: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(folder / "news.db")) as db:
        return db.execute(sql).fetchall()


def pages_are_whole(folder: Path) -> int:
    """How many revisions point to a page; each is read, and is that of its story."""
    pointing = rows(folder, "SELECT url, archive_file, archive_offset FROM revisions WHERE archive_file IS NOT NULL")
    for url, file, offset in pointing:
        assert read_stored(folder / "warc", Archived(file, offset)).url == url
    return len(pointing)


def test_it_counts_first_and_removes_nothing(folder: Path) -> None:
    before, files = dump(folder / "news.db"), {p: p.read_bytes() for p in (folder / "warc").rglob("*.gz")}
    (folder / "backups").mkdir()
    (folder / "backups" / "news-20261101T000000Z.db").write_bytes(b"")
    (folder / "mail.db").write_bytes(b"")
    told = purge(folder, "--actor", "harmsen")
    assert (told.returncode, told.stderr) == (0, "")
    for words in (
        "Would be removed: 1 stories, 2 revisions, 4 mentions, 2 events",
        "first seen from 2026-11-22 to 2026-11-22",
        "beispiel: 1 stories",
        "archive: 8 records of 2 files, which are written anew without them",
        "Not touched: the backup",
        "mail.db",
        "The watchlist still names harmsen",
        "Nothing was removed: add --yes to do it.",
    ):
        assert words in told.stdout, told.stdout
    assert dump(folder / "news.db") == before and {p: p.read_bytes() for p in (folder / "warc").rglob("*.gz")} == files


def test_what_an_actor_is_named_in_is_gone_from_every_byte(folder: Path) -> None:
    assert len(traces(folder)) >= 3
    others = [row for row in dump(folder / "news.db")["revisions"] if row[1] != "17"]
    done = purge(folder, "--actor", "harmsen", "--yes")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "Removed, and the database was written anew" in done.stdout
    assert traces(folder) == []
    found = dump(folder / "news.db")
    assert found["revisions"] == others and {row[1] for row in found["stories"]} == {"18", "19", "20"}
    assert rows(folder, "SELECT count(*) FROM suspects") == rows(folder, "SELECT count(*) FROM faults") == [(0,)]
    assert rows(folder, "SELECT links, archive_file FROM sections") == [("[]", None)]
    assert rows(folder, "SELECT count(*) FROM removals") == [(0,)]
    assert rows(folder, "PRAGMA foreign_key_check") == [] and rows(folder, "PRAGMA integrity_check") == [("ok",)]
    assert URL not in str(rows(folder, "SELECT * FROM purged")) and rows(folder, "SELECT count(*) FROM purged") == [(2,)]
    assert pages_are_whole(folder) == 3
    assert not (folder / "news.db-wal").exists() or not (folder / "news.db-wal").stat().st_size


def test_the_archive_is_written_anew_without_the_records_and_stays_readable(folder: Path) -> None:
    assert purge(folder, "--actor", "harmsen", "--yes").returncode == 0
    files = sorted(str(p.relative_to(folder)) for p in (folder / "warc").rglob("*.gz"))
    assert files == [DAY.format("22.1"), DAY.format("23.1"), DAY.format("25")]
    with (folder / files[0]).open("rb") as stream:
        records = [(r.headers["WARC-Type"], r.headers.get("WARC-Target-URI")) for r in ArchiveIterator(stream, parse_http=False)]
    kept_urls = (f"{HOME}politik/18/ein-fall", f"{HOME}politik/alt/")
    assert records == [("warcinfo", None), *((kind, url) for url in kept_urls for kind in ("response", "request"))]
    with Kept(folder) as kept:  # the next crawl of the day begins a file of its own
        kept.save(21, "Neues vom Tage aus dem Rat", FIRST)
    assert (folder / DAY.format("22")).exists() and pages_are_whole(folder) == 4


def test_what_is_old_goes_with_all_pages_of_its_days(folder: Path) -> None:
    done = purge(folder, "--before", "2026-11-23", "--yes")
    assert done.returncode == 0 and "1 stories, 1 revisions" in done.stdout, done.stdout + done.stderr
    assert {row[1] for row in dump(folder / "news.db")["stories"]} == {"17", "19", "20"}  # 17 was edited after that
    assert pages_are_whole(folder) == 4
    with (folder / DAY.format("22.1")).open("rb") as stream:
        assert [r.headers.get("WARC-Target-URI") for r in ArchiveIterator(stream, parse_http=False)] == [None, URL, URL]
    assert purge(folder, "--before", "2026-12-24", "--yes").returncode == 0
    assert dump(folder / "news.db")["stories"] == [] and list((folder / "warc").rglob("*.gz")) == [] and traces(folder) == []


def test_a_site_goes_with_all_that_is_known_of_it_and_may_begin_anew(folder: Path) -> None:
    done = purge(folder, "--site", "beispiel", "--yes")
    assert done.returncode == 0, done.stderr
    for table in ("stories", "revisions", "sections", "runs", "faults", "blocks", "habits", "frontier", "requests", "purged"):
        assert rows(folder, f"SELECT count(*) FROM {table}") == [(0,)], table
    assert traces(folder) == [] and list((folder / "warc").rglob("*.gz")) == []
    with Kept(folder) as kept:
        kept.save(17, TITLE, FIRST)
    assert rows(folder, "SELECT count(*) FROM stories") == [(1,)]
    done = purge(folder, "--site", "beispeil")
    assert done.returncode == 1 and 'did you mean "beispiel"' in done.stderr


def test_a_story_that_was_purged_is_not_saved_again_under_any_of_its_names(folder: Path) -> None:
    assert purge(folder, "--actor", "harmsen", "--yes").returncode == 0
    with Kept(folder) as kept:
        kept.save(17, TITLE, FIRST, kept=False)
    assert rows(folder, "SELECT count(*) FROM stories") == [(3,)]


def test_the_next_crawl_asks_for_no_page_that_was_purged(tmp_path: Path) -> None:
    with ServedSite() as site:
        write_site(tmp_path, site.url)
        (tmp_path / "watchlists").mkdir()
        (tmp_path / "watchlists" / "w.toml").write_text(WATCHLIST, encoding="utf-8")
        for key in range(17, 24):
            text = f"Ole Harmsen und der {SECRET}." if key == 17 else "Danach war lange nichts zu hören von allen."
            site.pages[f"/politik/{key}/fall"] = (200, HTML, html(f"Meldung {key} vom Tage in der Stadt", (FIRST[0], text)))
        links = "".join(f"<li><a href='/politik/{key}/fall'>Meldung {key} vom Tage in der Stadt</a>" for key in range(17, 24))
        site.pages["/politik/"] = (200, HTML, f"<html><body><ul>{links}</ul></body></html>".encode())
        assert crawl("beispiel", tmp_path).returncode == 0
        assert rows(tmp_path, "SELECT count(*) FROM stories") == [(7,)]
        assert purge(tmp_path, "--actor", "harmsen", "--yes").returncode == 0
        assert traces(tmp_path) == []
        site.pages["/politik/"] = (200, HTML, f"<html><body><ul>{links}</ul><p>anders</p></body></html>".encode())
        site.asked.clear()
        done = crawl("beispiel", tmp_path)
        assert done.returncode == 0, done.stdout
        assert "/politik/17/fall" not in site.paths() and "/politik/18/fall" in site.paths()
        assert rows(tmp_path, "SELECT count(*) FROM stories") == [(6,)]
        assert rows(tmp_path, "SELECT count(*) FROM frontier") == [(0,)]
        assert "/17/" not in rows(tmp_path, "SELECT links FROM sections")[0][0]


def test_a_site_that_is_being_crawled_stops_it_before_anything_is_removed(folder: Path) -> None:
    before = dump(folder / "news.db")
    with site_lock(folder / "news.db", "beispiel"):
        done = purge(folder, "--actor", "harmsen", "--yes")
        assert done.returncode == 75 and "Nothing was removed" in done.stderr
        assert purge(folder, "--actor", "harmsen").returncode == 0
    assert dump(folder / "news.db") == before and len(list((folder / "warc").rglob("*.gz"))) == 3


def test_who_reads_the_database_delays_the_end_and_the_next_purge_reaches_it(folder: Path) -> None:
    db = open_store(folder / "news.db")
    db.execute("PRAGMA busy_timeout = 100")
    select(db, Selection(actor="harmsen"))
    with closing(sqlite3.connect(folder / "news.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM stories").fetchone()
        delete(db, Selection(actor="harmsen"))
        with pytest.raises(StoreError, match="another program has the database open"):
            compact(db)
    db.close()
    assert rows(folder, "SELECT what FROM removals") == [("database",)]
    assert purge(folder, "--yes").returncode == 0
    assert "news.db" not in traces(folder) and rows(folder, "SELECT count(*) FROM removals") == [(0,)]


@pytest.mark.parametrize("place", [0.3, 0.6, 0.95])
def test_a_file_that_is_damaged_is_said_before_anything_is_removed(folder: Path, place: float) -> None:
    path = folder / DAY.format("22")
    data = path.read_bytes()
    at = int(len(data) * place)
    path.write_bytes(data[:at] + b"x" * 40 + data[at + 40 :])
    before = dump(folder / "news.db")
    done = purge(folder, "--actor", "harmsen", "--yes")
    assert done.returncode == 74 and "beispiel-20261122.warc.gz is damaged" in done.stderr and "Traceback" not in done.stderr
    assert dump(folder / "news.db") == before


def test_a_record_that_a_crash_cut_off_goes_too(folder: Path) -> None:
    path = folder / DAY.format("25")
    whole = path.read_bytes()
    path.write_bytes(whole + whole[whole.rfind(b"\x1f\x8b\x08") : -20])
    assert purge(folder, "--actor", "harmsen", "--yes").returncode == 0
    assert (folder / DAY.format("25.1")).read_bytes() == whole and pages_are_whole(folder) == 3


def test_what_hangs_on_stories_in_tables_of_later_versions_goes_too(folder: Path) -> None:
    db = open_store(folder / "news.db")
    db.execute("CREATE TABLE later (id INTEGER PRIMARY KEY, story INTEGER NOT NULL REFERENCES stories(id), text TEXT)")
    db.execute("CREATE TABLE later_still (event INTEGER NOT NULL REFERENCES events(id), later INTEGER REFERENCES later(id), text TEXT)")
    db.execute("INSERT INTO later (story, text) VALUES (1, ?), (2, 'bleibt')", [SECRET])
    db.execute("INSERT INTO later_still SELECT id, 1, ? FROM events WHERE story_id = 1", [SECRET])
    db.close()
    assert purge(folder, "--actor", "harmsen", "--yes").returncode == 0
    assert rows(folder, "SELECT text FROM later") == [("bleibt",)] and rows(folder, "SELECT * FROM later_still") == []
    assert traces(folder) == []


def test_what_is_wrong_is_said(folder: Path) -> None:
    for args in ((), ("--actor", "a", "--site", "b"), ("--before", "gestern")):
        assert purge(folder, *args).returncode == 2
    done = purge(folder, "--actor", "harmsn")
    assert done.returncode == 1 and 'did you mean "harmsen"' in done.stderr
    assert purge(folder, "--yes").returncode == 0
    (folder / "news.db").unlink()
    assert purge(folder, "--site", "beispiel").returncode == 74
