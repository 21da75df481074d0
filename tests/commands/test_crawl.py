"""`scrapy crawl`, `scrapy list`: what people see, and exit codes that are true."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.conftest import SHARED
from tests.crawling import FAST, crawl, scrapy, write_site
from tests.spiders.hostile import HostileSite


def test_list_shows_the_sites() -> None:
    done = scrapy("list")
    assert done.returncode == 0 and "t-online" in done.stdout.split()


def test_a_crawl_without_faults_ends_with_0_and_a_row_of_runs(tmp_path: Path) -> None:
    with HostileSite(faults={}) as site:
        write_site(tmp_path, site.url)
        done = crawl("beispiel", tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 new" in done.stdout
    run = next(iter(Database(tmp_path / "news.db")["runs"].rows))
    assert (run["outcome"], run["exit_code"], json.loads(run["counts"])["new"]) == ("ok", 0, 3)


def test_no_network_is_one_line_and_69(tmp_path: Path) -> None:
    write_site(tmp_path, "http://no-such-host.invalid/")
    done = crawl("beispiel", tmp_path)
    assert done.returncode == 69
    assert len(done.stdout.strip().splitlines()) == 1 and "could not be reached" in done.stdout
    assert done.stderr == ""


def test_a_site_that_refuses_connections_is_69_too(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        write_site(tmp_path, f"http://127.0.0.1:{taken.getsockname()[1]}/")
        assert crawl("beispiel", tmp_path).returncode == 69


def test_without_a_contact_no_live_site_is_asked(tmp_path: Path) -> None:
    with HostileSite(faults={}) as site:
        write_site(tmp_path, site.url)
        done = crawl("beispiel", tmp_path, contact="")
        assert done.returncode == 78 and "settings/local.py: CONTACT" in done.stderr
        assert site.asked == []


def test_the_contact_stands_in_the_user_agent(tmp_path: Path) -> None:
    with HostileSite(faults={}) as site:
        write_site(tmp_path, site.url)
        crawl("beispiel", tmp_path, contact="desk@example.org")
        assert site.agents == {"newswatch/0.1 (+desk@example.org)"}


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_crawled(tmp_path: Path) -> None:
    with HostileSite(faults={}) as site:
        write_site(tmp_path, site.url, more="langauge = 'de'\n")
        (tmp_path / "watchlists").mkdir()
        (tmp_path / "watchlists" / "w.toml").write_text('[a]\nname = "x"\n')
        (tmp_path / "news.db").write_bytes(b"no database" * 100)
        done = crawl("beispiel", tmp_path)
        assert done.returncode == 78 and site.asked == []
    for words in (
        "beispiel.toml: langauge: unknown key",
        "w.toml: a: name:",
        "w.toml: a: kind: missing",
        "news.db is damaged or no SQLite",
    ):
        assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_site_or_section_gets_a_suggestion(tmp_path: Path) -> None:
    done = crawl("t-onlien", tmp_path)
    assert done.returncode == 78 and 'did you mean "t-online"?' in done.stderr
    done = crawl("t-online", tmp_path, "-a", "sections=ausland,inland")
    assert done.returncode == 78 and "t-online has no section inland; it has: ausland" in done.stderr


def test_robots_txt_is_obeyed_and_said(tmp_path: Path) -> None:
    with HostileSite(faults={}) as site:
        site.robots = b"User-agent: *\nDisallow: /politik/2/\n"
        write_site(tmp_path, site.url)
        done = crawl("beispiel", tmp_path)
        assert "/politik/2/gut" not in site.asked
    assert done.returncode == 1 and "robots" in done.stdout


def test_an_unknown_recording_is_said(tmp_path: Path) -> None:
    done = crawl("t-online", tmp_path, "-s", f"REPLAY={tmp_path / 'no.warc.gz'}")
    assert done.returncode == 78 and "no.warc.gz: the recorded crawl cannot be read" in done.stderr


def test_a_disk_that_is_full_ends_the_crawl_with_74(tmp_path: Path) -> None:
    with HostileSite(faults={}) as site:
        write_site(tmp_path, site.url)
        crawl("beispiel", tmp_path)
        db = Database(tmp_path / "news.db")
        db.execute("CREATE TRIGGER full BEFORE INSERT ON revisions BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END")
        db.execute("DELETE FROM mentions")
        db.conn.commit()
        site.pages = 5
        done = crawl("beispiel", tmp_path)
    assert done.returncode == 74 and "disk is full" in done.stderr
    assert next(iter(db.query("SELECT outcome FROM runs ORDER BY id DESC")))["outcome"] == "failed"


@pytest.mark.skipif(not (SHARED / "replay").is_dir(), reason="../shared is not at hand")
class TestReplay:
    """The recorded visits to t-online."""

    def replay(self, folder: Path, visit: int) -> tuple[int, Database]:
        recording = SHARED / "replay" / f"t-online-{visit}.warc.gz"
        done = scrapy("crawl", "t-online", "-s", f"REPLAY={recording}", "-s", f"DATABASE={folder / 'news.db'}", *FAST)
        return done.returncode, Database(folder / "news.db")

    def counts(self, db: Database) -> list[int]:
        return [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("stories", "revisions", "mentions", "events")]

    def faults(self, db: Database) -> dict[str, int]:
        newest = "SELECT kind, count(*) AS n FROM faults WHERE run_id = (SELECT max(id) FROM runs) GROUP BY kind"
        return {row["kind"]: row["n"] for row in db.query(newest)}

    def test_two_visits_and_a_repeated_one(self, tmp_path: Path) -> None:
        code, db = self.replay(tmp_path, 1)
        first = self.counts(db)
        assert (code, first[:2], self.faults(db)) == (1, [2, 2], {"not_recorded": 8, "error_page": 1})
        code, db = self.replay(tmp_path, 1)
        assert (code, self.counts(db), self.faults(db)) == (1, first, {"not_recorded": 8, "error_page": 1})
        code, db = self.replay(tmp_path, 2)
        assert (code, self.counts(db)[:2], self.faults(db)) == (1, [2, 3], {"not_recorded": 8, "error_page": 1})
        newest = "SELECT e.actor, e.kind FROM events e JOIN revisions r ON r.id = e.revision_id WHERE r.number = 2"
        assert list(db.query(newest)) == [{"actor": "lawrow", "kind": "appeared"}]
        seed = "SELECT count(*) AS n FROM story_urls u JOIN stories s ON s.id = u.story_id WHERE s.site_key = '100213822'"
        assert next(iter(db.query(seed)))["n"] == 2
        gone = list(db.query("SELECT s.site_key, r.body FROM stories s JOIN revisions r ON r.story_id = s.id WHERE s.gone_at IS NOT NULL"))
        assert len(gone) == 1 and gone[0]["site_key"] == "101211148" and gone[0]["body"]

    def test_a_recording_that_is_cut_off_is_used_as_far_as_it_goes(self, tmp_path: Path) -> None:
        whole = (SHARED / "replay" / "t-online-1.warc.gz").read_bytes()
        (tmp_path / "cut.warc.gz").write_bytes(whole[: int(len(whole) * 0.7)])
        done = scrapy("crawl", "t-online", "-s", f"REPLAY={tmp_path / 'cut.warc.gz'}", "-s", f"DATABASE={tmp_path / 'news.db'}", *FAST)
        assert done.returncode == 1 and "1 × recording" in done.stdout and "1 new" in done.stdout
