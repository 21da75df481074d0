"""`scrapy browse`, and the same face by the plain `datasette` command line."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from newswatch.store import open_store
from tests.conftest import ROOT
from tests.crawling import scrapy


@pytest.fixture
def database(tmp_path: Path) -> Path:
    open_store(tmp_path / "newswatch.db").close()
    return tmp_path / "newswatch.db"


@contextmanager
def served(*command: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        yield process
        process.terminate()
        process.wait(30)


def fetch(url: str, host: str | None = None) -> tuple[int, str]:
    request = urllib.request.Request(url, headers={"Host": host} if host else {})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_it_says_where_it_is_and_serves_this_machine_only(database: Path) -> None:
    with served("scrapy", "browse", "--port", "0", "-s", f"DATABASE={database}") as process:
        assert process.stdout
        line = process.stdout.readline()
        url = line.split(" is at ")[1].split()[0]
        assert url.startswith("http://127.0.0.1:")
        assert fetch(url)[0] == 200 and "No story yet" in fetch(url)[1]
        assert fetch(url, "evil.example")[0] == 421
        assert fetch(f"{url}newswatch?sql=select+1")[0] == 403


def test_a_port_that_is_taken_is_told(database: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = scrapy("browse", "--port", str(taken.getsockname()[1]), "-s", f"DATABASE={database}")
    assert done.returncode == 2 and "choose another with --port" in done.stderr


def test_no_database_is_a_sentence_and_none_is_made(tmp_path: Path) -> None:
    done = scrapy("browse", "-s", f"DATABASE={tmp_path / 'news.db'}")
    assert done.returncode == 74 and "crawl a site first" in done.stderr and not (tmp_path / "news.db").exists()
    assert scrapy("browse", "--share", "--sql").returncode == 2


def test_the_plain_command_line_of_datasette_serves_the_same(database: Path) -> None:
    from importlib.metadata import version

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    flag = "-m" if version("datasette").startswith("0.") else "-c"
    web = ROOT / "newswatch" / "web"
    command = (
        "datasette",
        "serve",
        str(database),
        flag,
        str(web / "datasette.yaml"),
        "--plugins-dir",
        str(web / "plugins"),
        "--port",
        port,
    )
    with served(*command):
        for _ in range(150):
            try:
                status, page = fetch(f"http://127.0.0.1:{port}/")
                break
            except OSError:
                time.sleep(0.2)
        assert status == 200 and "No story yet" in page
        assert fetch(f"http://127.0.0.1:{port}/newswatch/events.json")[0] == 200
