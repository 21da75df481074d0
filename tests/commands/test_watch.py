"""`scrapy watch`, in processes of its own: what is due is crawled, what dies is taken up again, it ends as it is told to."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from newswatch.demo.__main__ import write_demo_files
from newswatch.demo.server import DemoServer
from newswatch.store.locks import site_lock
from tests.conftest import ROOT
from tests.crawling import FAST, crawl_command, folder_settings, scrapy, write_site
from tests.spiders.hostile import Answer, HostileSite
from tests.watching.listener import Listener

PATIENCE = 20
"""Seconds; a test that waits as long has failed."""


class HeldSite(HostileSite):
    """Keeps everybody waiting for its section page until `go` is set; `reached` says that somebody waits."""

    def __init__(self) -> None:
        super().__init__(faults={})
        self.reached, self.go = threading.Event(), threading.Event()

    def answer(self, path: str) -> Answer:
        if path == "/politik/":
            self.reached.set()
            self.go.wait(PATIENCE)
        return super().answer(path)


class Watch:
    """`scrapy watch` under way; `lines` grows with what it prints."""

    def __init__(self, folder: Path, *args: str) -> None:
        command = [sys.executable, "-m", "scrapy", "watch", *args, *folder_settings(folder), *FAST]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def children(self) -> list[int]:
        pid = self.process.pid
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def says(self, words: str) -> bool:
        return self.until(lambda: any(words in line for line in self.lines))

    def until(self, reached: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + PATIENCE
        while not reached() and time.monotonic() < deadline:
            time.sleep(0.02)
        return reached()

    def ends(self) -> int:
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        return code

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.lines.append(line.rstrip("\n"))


@pytest.fixture
def held(tmp_path: Path) -> Iterator[HeldSite]:
    """A site that is on, and holds its answer."""
    with HeldSite() as site:
        write_site(tmp_path, site.url)
        (tmp_path / "watch.toml").write_text('sites = ["beispiel"]\n')
        yield site
        site.go.set()


def outcomes(folder: Path) -> list[str]:
    return [row["outcome"] for row in Database(folder / "news.db").query("SELECT outcome FROM runs ORDER BY id")]


def once(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    return scrapy("watch", "--once", *folder_settings(folder), *FAST, *args, timeout=PATIENCE)


def test_once_does_what_is_due_of_every_site_and_tells_the_gravest_code(tmp_path: Path) -> None:
    with DemoServer() as papers, Listener() as listener:
        write_demo_files(tmp_path, papers.port)
        (tmp_path / "watch.toml").write_text(f'sites = ["morgenbote", "talkurier", "blitzblatt"]\nheartbeat = "{listener.url}"\n')
        first = once(tmp_path)
        assert first.returncode == 1, first.stdout + first.stderr  # the error page of the Morgenbote
        for words in ("morgenbote: 12 fetched, 6 new, 0 changed, ", " 1 faults (1 × error_page); next look ", "talkurier: "):
            assert words in first.stdout
        asked = len(papers.log)
        second = once(tmp_path)
        assert (second.returncode, second.stderr, len(papers.log)) == (0, "", asked)
        assert "nothing is due of morgenbote, talkurier, blitzblatt" in second.stdout
    assert listener.heard == ["/ping/17/start", "/ping/17", "/ping/17/start", "/ping/17"]
    assert sorted(outcomes(tmp_path)) == ["faults", "ok", "ok"]


def test_a_process_that_dies_is_a_fault_and_its_site_is_taken_up_again(tmp_path: Path, held: HeldSite) -> None:
    watch = Watch(tmp_path, "--once")
    assert held.reached.wait(PATIENCE) and watch.until(lambda: bool(watch.children()))
    assert watch.until(lambda: outcomes(tmp_path) == ["running"])
    time.sleep(1.2)  # the process tells the number of its run once a second
    (child,) = watch.children()
    held.go.set()
    subprocess.run(["kill", "-KILL", str(child)], check=True)
    assert watch.ends() == 0, watch.lines
    assert any("beispiel: the process that crawled it died (killed by SIGKILL)" in line for line in watch.lines)
    assert outcomes(tmp_path) == ["interrupted", "ok"]
    kinds = [row["kind"] for row in Database(tmp_path / "news.db")["faults"].rows]
    assert kinds == ["died"]


def test_a_crawl_that_is_stopped_says_that_it_was_not_done(tmp_path: Path, held: HeldSite) -> None:
    crawl = subprocess.Popen(crawl_command("beispiel", tmp_path), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert held.reached.wait(PATIENCE)
    crawl.send_signal(signal.SIGINT)
    time.sleep(0.2)  # the signal, before the answer
    held.go.set()
    said, _ = crawl.communicate(timeout=PATIENCE)
    assert crawl.returncode == 130 and "Stopped before it was done" in said, said
    assert outcomes(tmp_path) == ["interrupted"]


def test_told_to_end_it_finishes_what_it_has(tmp_path: Path, held: HeldSite) -> None:
    watch = Watch(tmp_path)
    assert held.reached.wait(PATIENCE)
    watch.process.send_signal(signal.SIGTERM)
    assert watch.says("ending: crawls under way finish the pages they have")
    held.go.set()
    assert watch.ends() == 0, watch.lines
    assert outcomes(tmp_path) in (["ok"], ["faults"], ["interrupted"])
    assert "/politik/1/gut" not in held.asked


def test_told_twice_it_ends_at_once(tmp_path: Path, held: HeldSite) -> None:
    watch = Watch(tmp_path)
    assert held.reached.wait(PATIENCE)
    watch.process.send_signal(signal.SIGINT)
    assert watch.says("once more ends them at once")
    watch.process.send_signal(signal.SIGINT)
    assert watch.ends() == 130
    with site_lock(tmp_path / "news.db", "beispiel"):
        pass


def test_files_that_become_wrong_are_said_and_what_was_right_stays_in_use(tmp_path: Path, held: HeldSite) -> None:
    (tmp_path / "watchlists").mkdir()
    list_of_actors = tmp_path / "watchlists" / "w.toml"
    list_of_actors.write_text('[ada-quint]\nname = "Ada Quint"\nkind = "person"\nnames = ["Ada Quint"]\n')
    watch = Watch(tmp_path)
    assert held.reached.wait(PATIENCE)
    list_of_actors.write_text("[ada-quint\n")
    (tmp_path / "watch.toml").write_text('sites = ["beispeil"]\n')
    held.go.set()
    assert watch.says('there is no site beispeil, did you mean "beispiel"?') and watch.says("(what was right before stays in use)")
    assert watch.says("w.toml: not valid TOML") and watch.says("(the watchlist that was right stays in use)")
    assert watch.says("beispiel: 6 fetched, 3 new, 0 changed, 3 flagged, 0 faults; next look "), watch.lines
    watch.process.send_signal(signal.SIGTERM)
    assert watch.ends() == 0


def test_when_the_watch_is_killed_its_processes_end_and_hold_no_lock(tmp_path: Path, held: HeldSite) -> None:
    watch = Watch(tmp_path)
    assert held.reached.wait(PATIENCE)
    (child,) = watch.children()
    watch.process.kill()
    held.go.set()
    assert watch.until(lambda: not Path(f"/proc/{child}/stat").exists() or " Z " in Path(f"/proc/{child}/stat").read_text())
    assert watch.ends() == -signal.SIGKILL
    with site_lock(tmp_path / "news.db", "beispiel"):
        pass


def test_a_site_that_somebody_else_crawls_is_left_to_them(tmp_path: Path, held: HeldSite) -> None:
    held.go.set()
    with site_lock(tmp_path / "news.db", "beispiel"):
        done = once(tmp_path)
    assert done.returncode == 75 and "beispiel: another crawl of it is under way" in done.stdout
    assert held.asked == []


def test_a_watch_that_cannot_begin_says_everything_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "news.db").write_bytes(b"no database" * 100)
    done = once(tmp_path, "-s", "CONTACT=")
    assert done.returncode == 78 and done.stdout == ""
    for words in ("settings/local.py: CONTACT: missing", 'watch.toml: not there; write the sites to watch into it, as in: sites = ['):
        assert words in done.stderr
    assert "news.db is damaged or no SQLite" in done.stderr and "Traceback" not in done.stderr


def test_watching_once_ends_with_the_mails_of_what_it_found(tmp_path: Path) -> None:
    with DemoServer() as demo:
        write_demo_files(tmp_path, demo.port)
        (tmp_path / "watch.toml").write_text('sites = ["talkurier"]\n', encoding="utf-8")
        (tmp_path / "alerts.toml").write_text('[subscriptions.desk]\nto = "desk@desk.example"\n', encoding="utf-8")
        assert scrapy("alert", *folder_settings(tmp_path)).returncode == 0, "the subscription begins before the crawl"
        done = scrapy("watch", "--once", *folder_settings(tmp_path), *FAST)
    assert done.returncode in (0, 1) and "alerts: 6 mails on stories" in done.stdout, done.stdout + done.stderr
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 6


def test_a_wrong_alerts_file_costs_no_crawl_and_is_said(tmp_path: Path) -> None:
    with DemoServer() as demo:
        write_demo_files(tmp_path, demo.port)
        (tmp_path / "watch.toml").write_text('sites = ["talkurier"]\n', encoding="utf-8")
        (tmp_path / "alerts.toml").write_text('[subscriptions.desk]\nto = "desk"\n', encoding="utf-8")
        done = scrapy("watch", "--once", *folder_settings(tmp_path), *FAST)
    assert done.returncode in (0, 1) and '"desk" is no mail address' in done.stdout + done.stderr
    assert Database(tmp_path / "news.db")["stories"].count == 6
