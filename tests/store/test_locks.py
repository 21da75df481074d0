"""Two crawls never work on one site: RELIABILITY 48."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from newswatch.errors import BusyError, StoreError
from newswatch.store.locks import lock_path, site_lock
from tests.conftest import ROOT
from tests.crawling import crawl, crawl_command, write_site
from tests.spiders.hostile import Answer, HostileSite


class HeldSite(HostileSite):
    """Keeps everybody waiting for its section page until `go` is set."""

    def __init__(self) -> None:
        super().__init__(faults={})
        self.reached, self.go = threading.Event(), threading.Event()

    def answer(self, path: str) -> Answer:
        if path == "/politik/":
            self.reached.set()
            self.go.wait(60)
        return super().answer(path)


def test_a_second_crawl_of_a_site_goes_home_and_the_first_does_the_work(tmp_path: Path) -> None:
    with HeldSite() as site:
        write_site(tmp_path, site.url)
        first = subprocess.Popen(crawl_command("beispiel", tmp_path), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            assert site.reached.wait(60)
            asked = list(site.asked)
            second = crawl("beispiel", tmp_path)
            assert (second.returncode, second.stdout, site.asked) == (75, "", asked)
            assert second.stderr.strip() == (
                f"beispiel: another crawl of it is under way (process {first.pid}): nothing was done here; it will do the work"
            )
        finally:
            site.go.set()
            out, _ = first.communicate(timeout=60)
    assert first.returncode == 0 and "3 new" in out


def test_the_kernel_gives_the_lock_back_when_its_holder_is_killed(tmp_path: Path) -> None:
    hold = (
        "import pathlib, sys, signal; from newswatch.store.locks import site_lock\n"
        "with site_lock(pathlib.Path(sys.argv[1]), 'beispiel'): print('held', flush=True); signal.pause()"
    )
    database = tmp_path / "news.db"
    args = [sys.executable, "-c", hold, str(database)]
    holder = subprocess.Popen(args, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True)
    with holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with pytest.raises(BusyError, match=f"process {holder.pid}"), site_lock(database, "beispiel"):
            pass
        with site_lock(database, "another"):
            pass
        holder.send_signal(signal.SIGKILL)
    with site_lock(database, "beispiel"):
        assert lock_path(database, "beispiel").read_text() == f"{os.getpid()}\n"


def test_one_process_does_not_get_a_lock_twice(tmp_path: Path) -> None:
    with site_lock(tmp_path / "news.db", "beispiel"), pytest.raises(BusyError), site_lock(tmp_path / "news.db", "beispiel"):
        pass


def test_a_lock_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "locks").write_text("a file where the folder belongs")
    with pytest.raises(StoreError, match=r"locks.*make its folder writable"), site_lock(tmp_path / "news.db", "beispiel"):
        pass
