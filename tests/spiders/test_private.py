"""No page and no address that somebody types leads into one's own network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlite_utils import Database

from tests.conftest import ROOT
from tests.crawling import FAST, crawl, folder_settings, scrapy, write_site
from tests.spiders.hostile import HTML, good
from tests.spiders.scripted import needs_browser
from tests.spiders.timed import TimedSite

DENIED = ["-s", "ALLOW_PRIVATE_ADDRESSES=0"]

ONE_IS_PUBLIC = """
from newswatch.politeness import connecting
private = connecting.why_private
connecting.why_private = lambda address: None if address == "127.0.0.1" else private(address)
from scrapy.cmdline import execute
execute(["scrapy", *__import__("sys").argv[1:]])
"""
"""A crawl for which 127.0.0.1 stands for the public internet, and every other loopback address for one's own network."""


def crawl_public(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", ONE_IS_PUBLIC, "crawl", "beispiel", *folder_settings(folder), *FAST, *DENIED, *args]
    environment = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_by_default_nothing_on_this_machine_is_asked(tmp_path: Path) -> None:
    with TimedSite() as site:
        write_site(tmp_path, site.url)
        done = crawl("beispiel", tmp_path, *DENIED)
        assert site.asked == [] and done.returncode == 1
    (fault,) = Database(tmp_path / "news.db")["faults"].rows
    assert fault["kind"] == "private" and "127.0.0.1: this machine" in fault["detail"], fault


def test_the_shipped_settings_deny_it() -> None:
    assert scrapy("settings", "--getbool", "ALLOW_PRIVATE_ADDRESSES").stdout.strip() == "False"
    assert scrapy("settings", "--get", "TDM_GROUND").stdout.strip() == "None"


HOSTS = ["127.0.0.2", "127.2", "0x7f000002", "0177.0.0.2", "2130706434", "localhost", "[::1]", "[::ffff:7f00:2]", "[64:ff9b::7f00:2]"]


def test_a_redirect_to_a_private_address_in_any_spelling_is_refused_at_the_connection(tmp_path: Path) -> None:
    """The site file even names those hosts, so that nothing but the connection is in the way."""
    with TimedSite() as site:
        keys = {f"/politik/{n}/x": host for n, host in enumerate(HOSTS, 1)}
        site.lists(*keys, "/politik/99/gut")
        site.pages |= {path: (302, {"Location": f"http://{host}:{{port}}/geheim/{n}"}, b"") for n, (path, host) in enumerate(keys.items())}
        site.pages["/politik/99/gut"] = (200, HTML, good(99))
        names = [host.strip("[]") for host in HOSTS if host != "localhost"]
        write_site(tmp_path, site.url, more=f"hosts = {names}\n")
        done = crawl_public(tmp_path)
        assert not [path for path in site.paths() if path.startswith("/geheim/")]
        assert {address for *_, address in site.asked} == {"127.0.0.1"}
    db = Database(tmp_path / "news.db")
    kinds = {row["url"].split(str(site.port))[-1]: row["kind"] for row in db["faults"].rows}
    assert set(kinds.values()) <= {"private", "redirect"} and set(kinds) == {p for p, h in keys.items()}, done.stdout
    assert kinds["/politik/6/x"] == "redirect" and list(kinds.values()).count("private") == len(HOSTS) - 1
    assert db["stories"].count == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.2:{port}\\@127.0.0.1:{port}/politik/1/x",
        "http://127.0.0.1:{port}\\@127.0.0.2:{port}/politik/1/x",
        "http://127.0.0.1:{port}@127.0.0.2:{port}/politik/1/x",
        "http://127.0.0.2:{port}#@127.0.0.1:{port}/politik/1/x",
        "http://127.0.0.1:{port}%5C@127.0.0.2:{port}/politik/1/x",
    ],
)
def test_an_address_that_reads_as_two_hosts_is_judged_by_what_is_connected_to(url: str, tmp_path: Path) -> None:
    with TimedSite() as site:
        site.lists("/politik/7/x", "/politik/99/gut")
        site.pages |= {"/politik/7/x": (302, {"Location": url}, b""), "/politik/99/gut": (200, HTML, good(99))}
        write_site(tmp_path, site.url, more='hosts = ["127.0.0.2"]\n')
        crawl_public(tmp_path)
        assert {address for *_, address in site.asked} == {"127.0.0.1"}


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "localhost", "[64:ff9b::7f00:1]"])
def test_commands_that_fetch_what_is_typed_refuse_it_too(host: str, tmp_path: Path) -> None:
    with TimedSite() as site:
        own = ["-s", f"SITES_DIR={tmp_path / 'sites'}", "-s", f"PAGES_DIR={tmp_path / 'pages'}", "-s", "CONTACT=tests", *FAST, *DENIED]
        done = scrapy("addsite", f"http://{host}:{site.port}/", *own)
        assert site.asked == [] and done.returncode != 0
        assert "ALLOW_PRIVATE_ADDRESSES" in done.stdout + done.stderr, done.stdout + done.stderr


@needs_browser
def test_a_browser_is_not_led_there_either(tmp_path: Path) -> None:
    with TimedSite() as site:
        site.lists("/politik/1/x", "/politik/2/x")
        inner = "<script src='http://127.0.0.2:{port}/geheim.js'></script><iframe src='http://localhost:{port}/geheim'></iframe>"
        site.pages["/politik/1/x"] = (200, HTML, good(1).replace(b"</body>", inner.encode() + b"</body>"))
        site.pages["/politik/2/x"] = (200, HTML, b"<script>location = 'http://127.0.0.2:{port}/geheim'</script>")
        write_site(tmp_path, site.url, more='render = true\nhosts = ["127.0.0.2"]\n')
        done = crawl_public(tmp_path)
        assert {address for *_, address in site.asked} == {"127.0.0.1"}
    db = Database(tmp_path / "news.db")
    assert [row["kind"] for row in db["faults"].rows] == ["private"], done.stdout + done.stderr
    assert db["stories"].count == 1
